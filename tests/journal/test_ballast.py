"""A full disk in the middle of a payment: the ballast makes the room to finish it, and nothing new is begun (F56)."""

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.journal import ballast
from pos_app.journal.ballast import NAME, Ballast
from pos_app.journal.entries import PaymentPrepared, SlipPrinted
from pos_app.journal.errors import StorageFullError
from pos_app.journal.store import Journal
from pos_app.payments.payment import Attempt, State
from tests.journal.disk import SQLITE_OK, shimmed
from tests.journal.stories import NOW, an_attempt, journal_in, opened, paid, sending, tell

shim_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the shim knows the files of Linux")


class FullDisk:
    """Every write of SQLite finds the disk full, once `full` is set, unless the ballast has gone."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.full, self.hopeless = folder, False, False

    def __call__(self, kind: str, _name: str) -> int:
        taken = self.hopeless or (self.folder / NAME).exists()
        return sqlite3.SQLITE_FULL if kind == "write" and self.full and taken else SQLITE_OK


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Journal, FullDisk, Attempt]]:
    """A journal with a payment on its way, on a disk that fills up next."""
    folder = tmp_path / "journal"
    disk = FullDisk(folder)
    with shimmed(folder, disk):
        journal = opened(folder)
        attempt = an_attempt(journal)
        journal.write(PaymentPrepared(attempt), at_ms=NOW).result()
        assert journal.room_left(1)
        disk.full = True
        yield journal, disk, attempt
        disk.full = False
        journal.close()
    with journal_in(folder) as again:
        assert again.verify().result().ok


@shim_only
def test_a_running_payment_is_finished_on_a_full_disk(running: tuple[Journal, FullDisk, Attempt]) -> None:
    journal, disk, attempt = running
    for entries in ((sending(attempt),), paid(attempt), (SlipPrinted(attempt.app_trans_id, 1, "58 mm"),)):
        journal.write(*entries, at_ms=NOW).result()
    found = journal.payment(attempt.app_trans_id).result()
    assert found
    assert (found.state, found.copies) == (State.PAID, 1)
    assert not (disk.folder / NAME).exists()


@shim_only
def test_a_new_payment_does_not_get_the_ballast(running: tuple[Journal, FullDisk, Attempt]) -> None:
    journal, disk, attempt = running
    error = journal.write(PaymentPrepared(an_attempt(journal)), at_ms=NOW).exception()
    assert isinstance(error, StorageFullError)
    assert (disk.folder / NAME).exists(), "it is kept for the running one"
    journal.write(sending(attempt), at_ms=NOW).result()


@shim_only
def test_no_room_until_the_ballast_is_taken_again(
    running: tuple[Journal, FullDisk, Attempt], monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, disk, attempt = running
    journal.write(sending(attempt), at_ms=NOW).result()
    with monkeypatch.context() as patch:
        patch.setattr(ballast, "BYTES", 10**18)  # so little is free
        for _ in range(2):
            assert not journal.room_left(1)
            journal.live().result()
    disk.full = False
    assert not journal.room_left(1), "it is being taken"
    journal.live().result()
    assert (disk.folder / NAME).stat().st_size == ballast.BYTES
    assert journal.room_left(1)


@shim_only
def test_when_even_the_ballast_does_not_help_it_is_said(running: tuple[Journal, FullDisk, Attempt]) -> None:
    journal, disk, attempt = running
    disk.hopeless = True
    error = journal.write(sending(attempt), at_ms=NOW).exception()
    assert isinstance(error, StorageFullError)
    assert error.advice.vi == "Ổ đĩa đầy: dọn chỗ trống rồi thử lại."
    assert journal.payment(attempt.app_trans_id).result() is not None, "reading goes on"


@shim_only
def test_a_till_that_starts_on_a_full_disk_can_ask_about_its_payments(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    with journal_in(folder) as journal:
        tell(journal, an_attempt(journal))
    disk = FullDisk(folder)
    with shimmed(folder, disk):
        disk.full = True
        journal = opened(folder)
        (one,) = journal.live().result()
        journal.write(*paid(one.attempt), at_ms=NOW + 5_000).result()
        assert not journal.room_left(1)
        journal.close()
    with journal_in(folder) as again:
        assert again.live().result() == ()
        assert again.room_left(1)


def test_control_without_a_ballast_the_payment_cannot_be_finished(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    attempt = an_attempt(journal)
    tell(journal, attempt)
    (tmp_path / NAME).unlink()
    pages = journal._writer.do(lambda: journal._file.pragma("page_count")).result()[0][0]
    journal._writer.do(lambda: journal._file.pragma(f"max_page_count = {pages}")).result()
    errors = [journal.write(SlipPrinted(attempt.app_trans_id, n, "x" * 900), at_ms=NOW).exception() for n in range(40)]
    assert any(isinstance(error, StorageFullError) for error in errors)
    journal.close()


def test_a_small_disk_keeps_its_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballast, "BYTES", 10**18)
    it = Ballast(tmp_path)
    it.take()
    assert list(tmp_path.iterdir()) == []
    assert not it.release()
    assert not it.given_back


def test_it_takes_up_what_it_says(tmp_path: Path) -> None:
    it = Ballast(tmp_path)
    for _ in range(2):
        it.take()
        assert (tmp_path / NAME).stat().st_size == ballast.BYTES
        if sys.platform != "win32":
            assert (tmp_path / NAME).stat().st_blocks * 512 >= ballast.BYTES, "no hole"
            assert (tmp_path / NAME).stat().st_mode & 0o077 == 0
    assert it.release()
    assert it.given_back
    (tmp_path / NAME).write_bytes(b"half")
    it.take()
    assert (tmp_path / NAME).stat().st_size == ballast.BYTES
    assert not it.given_back
