"""What a disk may hold after the power went: made from a record of what was written, and opened by the real journal.

Everything that was synced is there. Of what was not, anything may be: each write whole, in part (sectors of 512 bytes,
any of them) or not at all, in any order; a file longer than what reached it, filled with zeros; names in the folder as
they were or as they became. A sync that failed leaves some of what it should have brought, and no later one brings the
rest.
"""

import random
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pos_app.journal import sqlite_file
from pos_app.journal.errors import JournalError
from pos_app.journal.opening import THOROUGH_EVERY_MS
from pos_app.journal.store import Journal
from tests.journal.disk import Op, shimmed
from tests.journal.stories import NOW, opened, payments_of_all_kinds, sqlite_in

SECTOR = 512
MEMORY = next((path for path in (Path("/dev/shm"),) if path.is_dir()), Path(tempfile.gettempdir()))
Image = dict[str, bytes]
Row = tuple[object, ...]


# --- the disk ------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class _File:
    """What is surely on the disk, and what may be."""

    sure: bytearray = field(default_factory=bytearray)
    maybe: list[Op] = field(default_factory=list)


def _do(content: bytearray, op: Op) -> None:
    if op.kind == "truncate":
        del content[op.at :]
        content.extend(bytes(op.at - len(content)))
        return
    content.extend(bytes(max(0, op.at - len(content))))
    content[op.at : op.at + len(op.data)] = op.data


def _torn(op: Op, chance: random.Random) -> Iterator[Op]:
    """The sectors of a write, each of which stands or falls by itself."""
    start = 0
    while start < len(op.data):
        end = min(len(op.data), start + SECTOR - (op.at + start) % SECTOR)
        if chance.random() < 0.5:
            yield Op("write", op.name, op.at + start, op.data[start:end])
        start = end


class Disk:
    """A folder on a disk that has a cache."""

    def __init__(self, files: Image) -> None:
        self._names = {name: _File(bytearray(content)) for name, content in files.items()}
        self._sure_names = dict(self._names)
        self._moves: list[tuple[str, _File | None]] = []

    def do(self, op: Op, chance: random.Random) -> None:
        match op.kind:
            case "create":
                self._move(op.name, _File())
            case "delete":
                self._move(op.name, None)
            case "rename":
                self._move(op.data.decode(), self._names[op.name])
                self._move(op.name, None)
            case "write" | "truncate":
                self._names[op.name].maybe.append(op)
            case "sync":
                it = self._names[op.name]
                for one in it.maybe:
                    _do(it.sure, one)
                it.maybe.clear()
            case "failed sync":
                it = self._names[op.name]
                it.sure = self._content(it, chance)
                it.maybe.clear()
            case "sync folder":
                self._sure_names = dict(self._names)
                self._moves.clear()
            case _:
                pass  # a note

    def _move(self, name: str, file: _File | None) -> None:
        self._moves.append((name, file))
        if file is None:
            self._names.pop(name, None)
        else:
            self._names[name] = file

    def image(self, chance: random.Random) -> Image:
        """One of the things that may be left if the power goes now."""
        names = dict(self._sure_names)
        keep = chance.choice([0.0, 0.5, 1.0])
        for name, file in self._moves:
            if chance.random() < keep:
                names.pop(name, None)
                if file is not None:
                    names[name] = file
        return {name: bytes(self._content(file, chance)) for name, file in names.items()}

    @staticmethod
    def _content(file: _File, chance: random.Random) -> bytearray:
        content = bytearray(file.sure)
        maybe = list(file.maybe)
        way = chance.choice(["none", "all", "some", "some", "first", "shuffled", "torn"])
        if way == "none" or not maybe:
            return content
        if way == "first":
            *maybe, last = maybe[: chance.randrange(len(maybe)) + 1]
            maybe += _torn(last, chance) if last.kind == "write" else []
        if way in ("some", "shuffled", "torn"):
            share = chance.choice([0.1, 0.5, 0.9])
            maybe = [one for one in maybe if chance.random() < share]
        if way == "shuffled":
            chance.shuffle(maybe)
        if way == "torn":
            maybe = [part for one in maybe for part in (_torn(one, chance) if one.kind == "write" else [one])]
        for one in maybe:
            _do(content, one)
        if chance.random() < 0.2:  # the new length reached the disk, the content did not
            longest = max((one.at + len(one.data) for one in file.maybe if one.kind == "write"), default=0)
            content.extend(bytes(max(0, longest - len(content))))
        return content


# --- the record ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Record:
    """A journal's life as the disk saw it.

    Attributes:
        before: the folder at the beginning.
        log: what was done to it; "stored" notes how many entries were acknowledged by then.
        rows: the entries at the end, as they stand in the file.
    """

    before: Image
    log: list[Op]
    rows: list[Row]


def files_of(folder: Path) -> Image:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def put(image: Image, folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, content in image.items():
        (folder / name).write_bytes(content)


def rows_in(folder: Path) -> list[Row]:
    with sqlite_in(folder) as tool:
        return list(tool.execute("SELECT * FROM entry ORDER BY n"))


def recorded(folder: Path, *, synchronous: str = "FULL", checkpoint_pages: int = 1000) -> Record:
    """Lead a journal through two openings and payments of every kind; the folder may have one already."""
    before = files_of(folder)
    settings = list(sqlite_file._SETTINGS)
    sqlite_file._SETTINGS[:] = [f"synchronous = {synchronous}" if "synchronous" in one else one for one in settings]
    try:
        with shimmed(folder) as shim:
            for _ in range(2):
                journal = opened(folder)
                journal._writer.do(lambda: journal._file.pragma(f"wal_autocheckpoint = {checkpoint_pages}")).result()  # noqa: B023
                stored = _last(journal)
                shim.note("stored", stored)
                for entries, at_ms in payments_of_all_kinds(journal):
                    journal.write(*entries, at_ms=at_ms).result()
                    stored += len(entries)
                    shim.note("stored", stored)
                journal.close()
    finally:
        sqlite_file._SETTINGS[:] = settings
    return Record(before, shim.log, rows_in(folder))


def _last(journal: Journal) -> int:
    return int(journal._in_transaction(lambda it: it.exec_driver_sql("SELECT max(n) FROM entry").scalar_one()).result())


# --- the trial -----------------------------------------------------------------------------------------------------


def fault_of(image: Image, stored: int, rows: list[Row], *, write_more: bool) -> str:
    """Open what the power cut left; "" when all is as it must be, else what is wrong."""
    place = Path(tempfile.mkdtemp(dir=MEMORY))
    folder = place / "journal"
    try:
        put(image, folder)
        # So late that everything is checked, also when the stop looks clean.
        journal = opened(folder, now_ms=NOW + 2 * THOROUGH_EVERY_MS)
        try:
            if write_more:
                for entries, at_ms in payments_of_all_kinds(journal):
                    journal.write(*entries, at_ms=at_ms).result()
            last_before = journal._in_transaction(_rows).result()
        finally:
            journal.close()
    except JournalError as error:
        return f"refused: {type(error).__name__} {error}"
    finally:
        shutil.rmtree(place)
    there = [row for row in last_before if row[:1] <= (len(rows),)]
    found = next((n for n, (is_, was) in enumerate(zip(there, rows, strict=False)) if is_ != was), len(there))
    if found < stored:
        return f"lost: {stored} entries were acknowledged, {found} are there"
    if last_before[found][2] != "journal_opened":
        return f"invented: entry {found + 1}"
    return ""


def _rows(connection: object) -> list[Row]:
    return [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM entry ORDER BY n")]  # type: ignore[attr-defined]


def faults(record: Record, *, images: int, seed: int) -> list[str]:
    """What is wrong after power cuts at random moments of the record, one line each."""
    chance = random.Random(seed)
    moments = sorted(chance.randrange(len(record.log) + 1) for _ in range(images))
    disk, stored, done, found = Disk(record.before), 0, 0, []
    for moment in moments:
        for op in record.log[done:moment]:
            stored = op.at if op.kind == "stored" else stored
            disk.do(op, chance)
        done = moment
        fault = fault_of(disk.image(chance), stored, record.rows, write_more=chance.random() < 0.05)
        if fault:
            found.append(f"seed {seed}, moment {moment}: {fault}")
    return found
