"""A disk that is really full, and a disk that is really broken in one place."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.journal.entries import PaymentPrepared
from pos_app.journal.errors import JournalDamagedError, JournalError, StorageFullError
from pos_app.journal.opening import THOROUGH_EVERY_MS
from pos_app.journal.sqlite_file import FILE_NAME
from tests.journal.migrating import first
from tests.journal.small_disk import disk_of, fill
from tests.journal.stories import NOW, a_day, an_attempt, journal_in, opened, sqlite_in


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with disk_of(tmp_path / "disk", "1200k") as place:
        yield place


def test_a_full_disk_loses_nothing_and_stops_cleanly(small_disk: Path) -> None:
    journal = opened(small_disk)
    before = a_day(journal)
    assert not journal.room_left()
    fill(small_disk / "film")
    kept: list[str] = []
    while (error := journal.write(PaymentPrepared(attempt := an_attempt(journal)), at_ms=NOW).exception()) is None:
        kept.append(attempt.app_trans_id)
        assert len(kept) < 1000
    assert isinstance(error, StorageFullError)
    assert len(journal.recent(9999).result()) == len(before) + len(kept), "reading goes on"
    journal.close()
    (small_disk / "film").unlink()
    with journal_in(small_disk) as again:
        assert {one.attempt.app_trans_id for one in again.recent(9999).result()} >= set(kept)
        assert len(again.recent(9999).result()) == len(before) + len(kept)
        assert again.verify().result().ok
        a_day(again, 1)


def test_a_disk_too_full_to_begin_with(small_disk: Path) -> None:
    fill(small_disk / "film")
    with pytest.raises(JournalError) as caught:
        opened(small_disk / "journal")
    assert caught.value.title.vi
    (small_disk / "film").unlink()
    with journal_in(small_disk / "journal") as journal:
        a_day(journal, 1)


def test_an_index_that_lies_is_found_by_the_weekly_check(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal, 5)
    with sqlite_in(tmp_path) as tool:
        tool.execute("PRAGMA writable_schema = ON")
        tool.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'prepared_at_ms', 'amount') WHERE name = 'payment_by_time'"
        )
    opened(tmp_path).close()
    with pytest.raises(JournalDamagedError, match="faults"):
        opened(tmp_path, now_ms=NOW + THOROUGH_EVERY_MS)


def test_a_disk_too_full_for_the_copy_before_a_new_schema(small_disk: Path) -> None:
    folder = first(small_disk / "journal")
    with sqlite_in(folder) as tool:
        before = list(tool.iterdump())
    film, size = small_disk / "film", (folder / FILE_NAME).stat().st_size
    fill(film)
    os.truncate(film, film.stat().st_size - size // 2)  # it opens, and then half a copy fits
    with pytest.raises(StorageFullError):
        opened(folder)
    left = {one.name for one in folder.iterdir() if one.name.startswith("journal.schema-")}
    assert left == set(), "half a copy would hold the last of the disk"
    with sqlite_in(folder) as tool:
        assert list(tool.iterdump()) == before
    film.unlink()
    with journal_in(folder) as journal:
        assert journal.verify().result().ok
