"""Each write, sync, open and truncate of a payment fails once, and then for good (T5): nothing is lost, nobody lies.

A disk that fails says so: the write's future fails in plain words, and what was acknowledged before stays. A write that
failed may still turn up after a power cut (the disk took it and then complained): whole, and never as anything else.
"""

import os
import random
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pos_app.journal.canonical import to_json
from pos_app.journal.entries import Entry, JournalOpened, PaymentPrepared, SlipPrinted
from pos_app.journal.errors import JournalError
from pos_app.journal.store import Journal
from pos_app.payments.payment import State
from tests.figures import note
from tests.journal.disk import SQLITE_OK, SWALLOW, Op, shimmed
from tests.journal.power_cut import MEMORY, Disk, Image, files_of, put
from tests.journal.stories import NOW, a_day, an_attempt, journal_in, opened, paid, sending

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the shim knows the files of Linux")
SOAK = bool(os.environ.get("POS_APP_SOAK"))
OPERATIONS = {
    "open": sqlite3.SQLITE_CANTOPEN,
    "write": sqlite3.SQLITE_IOERR_WRITE,
    "sync": sqlite3.SQLITE_IOERR_FSYNC,
    "truncate": sqlite3.SQLITE_IOERR_TRUNCATE,
    "delete": sqlite3.SQLITE_IOERR_DELETE,
}


class Nth:
    """A disk whose n-th operation fails, and with `always` every one from there on."""

    def __init__(self, n: int, code: int | None, *, always: bool) -> None:
        self.n, self.code, self.always = n, code, always
        self.count = 0

    def __call__(self, kind: str, _name: str) -> int:
        self.count += 1
        if self.count == self.n or (self.always and self.count > self.n > 0):
            return OPERATIONS[kind] if self.code is None else self.code
        return SQLITE_OK


@dataclass
class Lived:
    """What one run told its caller."""

    stored: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[JournalError] = field(default_factory=list)
    log: list[Op] = field(default_factory=list)
    before: Image = field(default_factory=dict)


def one_payment(folder: Path, fault: Callable[[str, str], int]) -> Lived:
    """Open, pay, print, close; each write that failed is tried once more, as the till does."""
    lived = Lived(before=files_of(folder))
    with shimmed(folder, fault) as shim:
        lived.log = shim.log
        try:
            journal = opened(folder)
        except JournalError as error:
            lived.errors.append(error)
            return lived
        attempt = an_attempt(journal)
        steps: list[tuple[Entry, ...]] = [(PaymentPrepared(attempt),), (sending(attempt),), paid(attempt)]
        for entries in [*steps, (SlipPrinted(attempt.app_trans_id, 1, "58 mm"),)]:
            texts = [to_json(one) for one in entries]
            for _ in range(2):
                failed = journal.write(*entries, at_ms=NOW).exception()
                if failed is None:
                    lived.stored += texts
                    break
                assert isinstance(failed, JournalError)
                lived.errors.append(failed)
            else:
                lived.failed += texts
                break
        try:
            now = journal.payment(attempt.app_trans_id).result()
            told = now.state if now else None
        except JournalError as error:
            lived.errors.append(error)
        else:
            assert (told is State.PAID) == any('"payment_settled"' in text for text in lived.stored), "no lie"
        journal.close()
    return lived


def texts_in(folder: Path) -> list[str]:
    with journal_in(folder) as journal:
        report = journal.verify().result()
        assert report.ok, report.problems
        rows = journal._in_transaction(
            lambda it: it.exec_driver_sql("SELECT kind, payload FROM entry ORDER BY n").all()
        ).result()
    return [payload for kind, payload in rows if kind != JournalOpened.kind]


def wrong(folder: Path, before: list[str], lived: Lived) -> str:
    """What does not fit between what the run told and what stands in the folder; "" when all does."""
    for error in lived.errors:
        assert error.title.vi
        assert error.advice.en
    there = texts_in(folder)
    must = before + lived.stored
    if there[: len(must)] != must:
        return "lost"
    return "" if there[len(must) :] == lived.failed[: len(there) - len(must)] else "invented"


def after_a_power_cut(lived: Lived, before: list[str], chance: random.Random) -> str:
    disk = Disk(lived.before)
    for op in lived.log:
        disk.do(op, chance)
    place = Path(tempfile.mkdtemp(dir=MEMORY))
    try:
        put(disk.image(chance), place / "journal")
        return wrong(place / "journal", before, lived)
    finally:
        shutil.rmtree(place)


@pytest.fixture
def place() -> Iterator[Path]:
    """In memory: nothing here asks whether the disk keeps its word, only whether it is heard."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        yield Path(name)


@pytest.fixture
def shop(tmp_path: Path) -> tuple[Path, list[str]]:
    """A journal with a day in it, and its entries."""
    with journal_in(tmp_path / "shop") as journal:
        a_day(journal, 2)
    return tmp_path / "shop", texts_in(tmp_path / "shop")


def runs(shop: Path, place: Path, faults: list[Nth]) -> Iterator[tuple[Nth, Path, Lived]]:
    for number, fault in enumerate(faults):
        folder = place / str(number)
        if shop.exists():
            shutil.copytree(shop, folder)
        yield fault, folder, one_payment(folder, fault)
        shutil.rmtree(folder, ignore_errors=True)


def how_many(shop: Path, place: Path) -> int:
    counter = Nth(0, None, always=False)
    ((_, _, lived),) = runs(shop, place / "counted", [counter])
    assert not lived.errors
    return counter.count


def every_fault(count: int, step: int) -> list[Nth]:
    return [
        Nth(n, code, always=always)
        for n in range(1, count + 1, step)
        for code in (None, sqlite3.SQLITE_FULL)
        for always in (False, True)
    ]


@pytest.mark.timeout(3_600 if SOAK else 120)
def test_every_operation_of_a_payment_fails(shop: tuple[Path, list[str]], place: Path) -> None:
    folder, before = shop
    chance = random.Random(20_261_122)
    count, complained = how_many(folder, place), 0
    for fault, at, lived in runs(folder, place / "runs", every_fault(count, 1 if SOAK else 7)):
        complained += bool(lived.errors)
        assert wrong(at, before, lived) == "", (fault.n, fault.code, fault.always)
        assert after_a_power_cut(lived, before, chance) == "", (fault.n, fault.code, fault.always)
    assert complained > count // 4, "most of these were noticed by the caller"
    note("faults of a payment", operations=count, noticed_by_the_caller=complained, lies=0)


@pytest.mark.timeout(3_600 if SOAK else 120)
def test_every_operation_of_the_making_fails(place: Path) -> None:
    nowhere = place / "nothing yet"
    count = how_many(nowhere, place)
    for fault, at, lived in runs(nowhere, place / "runs", every_fault(count, 1 if SOAK else 29)):
        assert wrong(at, [], lived) == "", (fault.n, fault.code, fault.always)
    note("faults of the making", operations=count, lies=0)


def test_control_a_disk_that_swallows_an_error_is_found(shop: tuple[Path, list[str]], place: Path) -> None:
    folder, before = shop
    silent = [Nth(n, SWALLOW, always=True) for n in range(how_many(folder, place) // 2, 0, -3)]
    found = (wrong(at, before, lived) for _, at, lived in runs(folder, place / "runs", silent))
    assert "lost" in found, "what the disk dropped in silence was acknowledged, and is missing"


def test_control_a_till_that_swallows_an_error_is_found(
    shop: tuple[Path, list[str]], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = shop
    real = Journal.write

    def careless(self: Journal, *entries: Entry, at_ms: int) -> Future[None]:
        done = real(self, *entries, at_ms=at_ms)
        fine: Future[None] = Future()
        done.exception()
        fine.set_result(None)
        return fine

    count = how_many(folder, place)
    monkeypatch.setattr(Journal, "write", careless)
    with pytest.raises(AssertionError, match="no lie"):
        list(runs(folder, place / "runs", [Nth(count // 2, None, always=True)]))
