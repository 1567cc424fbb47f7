"""The power goes at any moment (T4): what was acknowledged is there, and the journal opens.

`make test` makes a few hundred images, POS_APP_SOAK=1 a hundred thousand.
"""

import multiprocessing
import os
import random
import sys
from pathlib import Path
from typing import Any

import pytest

from pos_app.journal.installation import INSTALL_NAME
from pos_app.journal.sqlite_file import FILE_NAME, MARKER_NAME
from tests.figures import note
from tests.journal.disk import Op
from tests.journal.power_cut import Disk, Record, faults, put, recorded

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the shim knows the files of Linux")
SOAK = bool(os.environ.get("POS_APP_SOAK"))
IMAGES = 100_000 if SOAK else 330
ROUND = 500 if SOAK else 55
CHANCE = random.Random(20_261_122)


def lives(place: Path, **how: Any) -> list[Record]:
    """One with rare checkpoints, one with frequent ones, and one that begins after a power cut."""
    rare = recorded(place / "rare", **how)
    often = recorded(place / "often", checkpoint_pages=12, **how)
    disk = Disk(rare.before)
    for op in rare.log[: len(rare.log) // 3]:
        disk.do(op, random.Random(0))
    put(disk.image(random.Random(0)), place / "again")
    return [rare, often, recorded(place / "again", **how)]


def some_faults(record: Record, seed: int) -> list[str]:
    return faults(record, images=ROUND, seed=seed)


@pytest.mark.timeout(36_000 if SOAK else 120)
def test_nothing_acknowledged_is_lost_when_the_power_goes(tmp_path: Path) -> None:
    recordings = lives(tmp_path)
    rounds = [(recordings[seed % len(recordings)], seed) for seed in range(IMAGES // ROUND)]
    if SOAK:
        with multiprocessing.get_context("forkserver").Pool(2) as pool:
            found = pool.starmap(some_faults, rounds, chunksize=1)
    else:
        found = [some_faults(*one) for one in rounds]
    assert [line for lines in found for line in lines][:5] == []
    operations = sum(len(one.log) for one in recordings)
    note("images", images=len(rounds) * ROUND, recorded_operations=operations, bad=0, seeds=f"0 to {len(rounds) - 1}")


def test_an_open_journal_has_left_its_marks(tmp_path: Path) -> None:
    """Without them a file that vanishes later would look like a new shop, and a copy like the journal itself."""
    record, disk = recorded(tmp_path / "journal"), Disk({})
    for op in record.log[: next(n for n, op in enumerate(record.log) if op.kind == "stored")]:
        disk.do(op, CHANCE)
    assert all({FILE_NAME, MARKER_NAME, INSTALL_NAME} <= disk.image(CHANCE).keys() for _ in range(50))


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_control_without_a_sync_at_each_commit_entries_are_lost(tmp_path: Path, synchronous: str) -> None:
    found = faults(recorded(tmp_path / "journal", synchronous=synchronous), images=30, seed=1)
    assert [one for one in found if "lost" in one]


# --- the disk of this test is as bad as it should be ------------------------------------------------------------------


def images_of(*ops: Op, before: dict[str, bytes] | None = None) -> list[dict[str, bytes]]:
    disk = Disk(before or {})
    for op in ops:
        disk.do(op, CHANCE)
    return [disk.image(CHANCE) for _ in range(300)]


def test_what_was_synced_stays() -> None:
    made = (Op("create", "a"), Op("write", "a", 0, b"x" * 700), Op("sync", "a"), Op("sync folder"))
    assert all(image == {"a": b"x" * 700} for image in images_of(*made))


def test_what_was_not_synced_may_be_anything() -> None:
    contents = {image["a"] for image in images_of(Op("write", "a", 500, b"x" * 1000), before={"a": b"-" * 600})}
    assert b"-" * 600 in contents, "nothing of it"
    assert b"-" * 500 + b"x" * 1000 in contents, "all of it"
    assert b"-" * 500 + b"x" * 12 + b"-" * 88 in contents, "its first sector only"
    assert b"-" * 600 + bytes(900) in contents, "its length only"
    two = images_of(Op("write", "a", 0, b"1"), Op("write", "a", 0, b"2"), before={"a": b"0"})
    assert {image["a"] for image in two} == {b"0", b"1", b"2"}, "and in any order"


def test_a_name_is_there_when_its_folder_was_synced() -> None:
    made = (Op("create", "a"), Op("write", "a", 0, b"x"), Op("sync", "a"))
    assert {tuple(image) for image in images_of(*made)} == {(), ("a",)}
    assert {tuple(image) for image in images_of(*made, Op("sync folder"))} == {("a",)}
    gone = images_of(Op("delete", "a"), before={"a": b""})
    assert {tuple(image) for image in gone} == {(), ("a",)}


def test_a_sync_that_failed_is_not_made_good_by_the_next() -> None:
    images = images_of(Op("write", "a", 0, b"x"), Op("failed sync", "a"), Op("sync", "a"), before={"a": b"-"})
    assert len({image["a"] for image in images}) == 1, "it is settled at that moment"
