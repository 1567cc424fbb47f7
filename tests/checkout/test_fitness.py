"""The daily check of a journal that is too large to be read whole at the start: what it finds stops new payments."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pos_app.checkout.events import Refused
from pos_app.checkout.fitness import AUDIT_AFTER_MS, AUDIT_AGAIN_MS, AUDIT_EVERY_MS, Fitness
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.standing import Health, HealthView, Light
from pos_app.clock import MachineClock
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.journal import sqlite_file
from pos_app.journal.entries import PaymentPrepared
from pos_app.journal.errors import JournalDamagedError
from pos_app.journal.store import Journal
from tests.journal.small_disk import disk_of, fill
from tests.journal.stories import NOW, a_day, an_attempt, journal_in

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
            light, refused = told
            assert isinstance(light, HealthView)
            assert (light.light, light.health) == (Light.JOURNAL, Health.BAD)
            assert refused == Refused(JournalDamagedError.title, JournalDamagedError.advice)
        else:
            fitness.refuse_when_unfit()
            assert told == [HealthView(Light.JOURNAL, Health.OK)]


class Hours(MachineClock):
    """Waits for nothing, and does something meanwhile; ends with the day after a check that was made."""

    def __init__(self, meanwhile: dict[int, Callable[[], object]]) -> None:
        self._meanwhile = meanwhile

    async def sleep(self, ms: int) -> None:
        if ms == AUDIT_EVERY_MS:
            raise TheNextDayError
        self._meanwhile[ms]()


def test_a_check_that_could_not_be_made_is_shown_and_made_again(tmp_path: Path) -> None:
    """The disk is full to the last byte when the check wants to note how far it came."""
    told: list[object] = []
    with disk_of(tmp_path / "disk", "4m") as small, journal_in(small) as journal:
        a_day(journal, 5)
        film = small / "film"
        hours = Hours({AUDIT_AFTER_MS: lambda: fill_up(journal, film), AUDIT_AGAIN_MS: film.unlink})
        fitness = Fitness(journal, hours, ClockOffset(MachineClock()), told.append)
        with pytest.raises(TheNextDayError):
            asyncio.run(fitness.audit_daily())
    assert [one.health for one in told if isinstance(one, HealthView)] == [Health.WARN, Health.OK]
    assert not any(isinstance(one, Refused) for one in told), "nothing speaks against the journal"


def fill_up(journal: Journal, film: Path) -> None:
    """Until not one more entry is taken: the log has some room of its own."""
    fill(film)
    while journal.write(PaymentPrepared(an_attempt(journal)), at_ms=NOW).exception() is None:
        pass
