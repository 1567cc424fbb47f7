"""The daily check of a journal that is too large to be read whole at the start: what it finds stops new payments."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pos_app.checkout.events import Refused
from pos_app.checkout.fitness import AUDIT_AFTER_MS, Fitness
from pos_app.checkout.refused import RefusedError
from pos_app.clock import MachineClock
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.journal import sqlite_file
from pos_app.journal.errors import JournalDamagedError
from tests.journal.stories import a_day, journal_in

PAGE = 4096


class TheNextDayError(Exception):
    """The check of the first day is over."""


class OneDay(MachineClock):
    """Waits for nothing; ends with the first day."""

    async def sleep(self, ms: int) -> None:
        if ms != AUDIT_AFTER_MS:
            raise TheNextDayError


def in_the_middle(content: bytearray) -> int:
    """Where an entry begins that no start of the till reads."""
    places = [found.start() for found in re.finditer(rb'{"attempt":', content)]
    return places[len(places) // 2]


def no_page(content: bytearray) -> None:
    """The head of a page is overwritten."""
    start = in_the_middle(content) // PAGE * PAGE
    content[start : start + 100] = b"\x77" * 100


def no_text(content: bytearray) -> None:
    """The page holds, but what stands in an entry is no text any more."""
    content[in_the_middle(content)] = 0xFF


@pytest.mark.parametrize("harm", [None, no_page, no_text])
def test_what_nobody_could_read_is_no_sound_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: Callable[[bytearray], None] | None
) -> None:
    monkeypatch.setattr(sqlite_file, "LARGE_BYTES", 1)
    with journal_in(tmp_path) as journal:
        a_day(journal, 20)
    if harm:
        content = bytearray((tmp_path / sqlite_file.FILE_NAME).read_bytes())
        harm(content)
        (tmp_path / sqlite_file.FILE_NAME).write_bytes(content)
    told: list[object] = []
    with journal_in(tmp_path) as journal:
        fitness = Fitness(journal, OneDay(), ClockOffset(MachineClock()), told.append)
        monkeypatch.setattr(journal, "room_left", lambda: True)
        fitness.refuse_when_unfit()
        with pytest.raises(TheNextDayError):
            asyncio.run(fitness.audit_daily())
        if harm:
            with pytest.raises(RefusedError):
                fitness.refuse_when_unfit()
            assert told == [Refused(JournalDamagedError.title, JournalDamagedError.advice)]
        else:
            fitness.refuse_when_unfit()
            assert told == []
