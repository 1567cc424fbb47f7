"""Twelve kinds of tampering under a database tool, each in many places (T16): with an anchor every one is found.

Whoever tampers here has time and skill: guards off and on again, and in half of the kinds the whole chain hashed anew.
What no chain can show is listed too: a tail that was cut before anybody noted it.
"""

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from pos_app.journal import chain
from pos_app.journal.chain import START, Anchor, Link
from pos_app.journal.sqlite_file import FILE_NAME
from pos_app.journal.verify import VerifyReport, verified
from tests.journal.stories import journal_in, payments_of_all_kinds, sqlite_in
from tests.journal.test_verify import rehash, without_guards

EACH = 1_000 if os.environ.get("POS_APP_SOAK") else 8
Tampering = Callable[[sqlite3.Connection, int, int], object]
"""Told the last entry and one in between."""


def _set(column: str, value: str) -> Tampering:
    return lambda tool, _, n: tool.execute(f"UPDATE entry SET {column} = {value} WHERE n = ?", (n,))


def _digit(tool: sqlite3.Connection, _: int, n: int) -> None:
    """Another digit somewhere in the text: an amount, a time, a number."""
    (text,) = tool.execute("SELECT payload FROM entry WHERE n = ?", (n,)).fetchone()
    places = [place for place, letter in enumerate(text) if letter.isdigit()]
    place = places[n % len(places)]
    other = text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]
    tool.execute("UPDATE entry SET payload = ? WHERE n = ?", (other, n))


def _close_gap(tool: sqlite3.Connection, last: int, n: int) -> None:
    for later in range(n + 1, last + 1):
        tool.execute("UPDATE entry SET n = ? WHERE n = ?", (later - 1, later))


def _delete(tool: sqlite3.Connection, _: int, n: int) -> None:
    tool.execute("DELETE FROM entry WHERE n = ?", (n,))


def _delete_and_close(tool: sqlite3.Connection, last: int, n: int) -> None:
    _delete(tool, last, n)
    _close_gap(tool, last, n)


def _swap(tool: sqlite3.Connection, _: int, n: int) -> None:
    for old, new in ((n, -1), (n - 1, n), (-1, n - 1)):
        tool.execute("UPDATE entry SET n = ? WHERE n = ?", (new, old))


def _insert(tool: sqlite3.Connection, last: int, n: int) -> None:
    for later in range(last, n - 1, -1):
        tool.execute("UPDATE entry SET n = ? WHERE n = ?", (later + 1, later))
    tool.execute(
        "INSERT INTO entry SELECT ?, at_ms, kind, app_trans_id, payload, hash FROM entry WHERE n = ?", (n, n + 1)
    )


def _cut(tool: sqlite3.Connection, _: int, n: int) -> None:
    tool.execute("DELETE FROM entry WHERE n >= ?", (n,))


def _cut_and_forge(tool: sqlite3.Connection, last: int, n: int) -> None:
    """The last entries replaced by copies of another one, hashed as they should be."""
    tool.execute(
        "UPDATE entry SET (at_ms, kind, app_trans_id, payload) ="
        " (SELECT at_ms, kind, app_trans_id, payload FROM entry WHERE n = 1) WHERE n = ?",
        (last if n % 2 else n,),
    )
    rehash(tool)


def _and_rehash(tampering: Tampering) -> Tampering:
    def both(tool: sqlite3.Connection, last: int, n: int) -> None:
        tampering(tool, last, n)
        rehash(tool)

    return both


KINDS: dict[str, Tampering] = {
    "a digit of the text": _digit,
    "the time": _set("at_ms", "at_ms + 1"),
    "the hash": _set("hash", "randomblob(32)"),
    "deleted": _delete,
    "deleted, gap closed": _delete_and_close,
    "swapped": _swap,
    "inserted": _insert,
    "a digit, chain made to fit": _and_rehash(_digit),
    "the time, chain made to fit": _and_rehash(_set("at_ms", "at_ms + 1")),
    "deleted, gap closed, chain made to fit": _and_rehash(_delete_and_close),
    "tail cut": _cut,
    "end forged, chain made to fit": _cut_and_forge,
}


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Anchor]:
    """A journal's file, and its head as somebody noted it elsewhere."""
    folder = tmp_path_factory.mktemp("month")
    with journal_in(folder) as journal:
        for _ in range(3):
            for entries, at_ms in payments_of_all_kinds(journal):
                journal.write(*entries, at_ms=at_ms).result()
        anchor = journal.verify().result().anchor
    return folder / FILE_NAME, anchor


def audited(file: Path, anchor: Anchor) -> VerifyReport:
    """The audit of the file as it lies there, with what was noted elsewhere."""
    engine = create_engine(f"sqlite:///{file}")
    try:
        with engine.connect() as connection:
            return verified(connection, None, noted=anchor)
    finally:
        engine.dispose()


def tampered(month: Path, place: Path, tampering: Tampering, chance: random.Random) -> Path:
    place.mkdir()
    shutil.copy(month, place / FILE_NAME)
    with sqlite_in(place) as tool:
        (last,) = tool.execute("SELECT max(n) FROM entry").fetchone()
        tool.execute("PRAGMA foreign_keys = OFF")
        n = chance.randrange(2, last)
        without_guards(tool, lambda it: tampering(it, last, n))
    return place / FILE_NAME


@pytest.mark.timeout(7_200 if EACH > 100 else 120)
@pytest.mark.parametrize("kind", KINDS)
def test_every_tampering_is_found_with_an_anchor(month: tuple[Path, Anchor], tmp_path: Path, kind: str) -> None:
    file, anchor = month
    chance = random.Random(kind)
    for number in range(EACH):
        found = audited(tampered(file, tmp_path / str(number), KINDS[kind], chance), anchor)
        assert not found.ok
        shutil.rmtree(tmp_path / str(number))


def test_untouched_it_is_sound(month: tuple[Path, Anchor]) -> None:
    assert audited(*month).ok
    assert audited(month[0], START).ok


def test_a_cut_tail_without_an_anchor_is_what_cannot_be_found(month: tuple[Path, Anchor], tmp_path: Path) -> None:
    """Listed as not found: the newest entry of a journal, when it proves nothing that stands in a table."""
    tampering: Tampering = lambda tool, last, _: _cut(tool, last, last)  # noqa: E731 - the shape of a tampering
    with journal_in(tmp_path / "journal") as journal:
        for entries, at_ms in payments_of_all_kinds(journal):
            journal.write(*entries, at_ms=at_ms).result()
    with journal_in(tmp_path / "journal"):
        pass  # its last entry is "opened"
    file = tampered(tmp_path / "journal" / FILE_NAME, tmp_path / "cut", tampering, random.Random(1))
    assert audited(file, START).ok


def test_control_a_check_that_skips_a_link_is_noticed() -> None:
    links, previous = [], chain.GENESIS
    for n in range(1, 6):
        previous = chain.link_hash(n, previous, n, "x")
        links.append(Link(n, n, "x", previous))
    links[2] = Link(3, 3, "y", links[2].hash)
    assert chain.broken_at(links) == 3
    skipping = [link for link in links if link.n != 3]
    assert chain.broken_at(skipping) == 3, "a link that is left out breaks the chain by itself"
