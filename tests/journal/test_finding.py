"""Finding payments without reading them all: by their keys, by their slip, by what a manager has to settle."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from pos_app.journal.projections import PaymentKeys
from pos_app.journal.sqlite_file import FILE_NAME
from pos_app.journal.store import Journal
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment import Source
from tests.journal.stories import AMOUNT, NOW, an_attempt, answered, journal_in, paid, sqlite_in, tell


def test_only_what_is_wanted_comes_newest_first_and_no_more_than_asked_for(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        attempts = [an_attempt(journal, at_ms=NOW + n, amount=AMOUNT + n) for n in range(6)]
        for n, attempt in enumerate(attempts):
            tell(journal, attempt, *paid(attempt), at_ms=NOW + n)
        looked: list[PaymentKeys] = []

        def odd(keys: PaymentKeys) -> bool:
            looked.append(keys)
            return bool(keys.amount % 2)

        found = journal.find(NOW, NOW + 6, odd, 2).result()
        assert [one.attempt for one in found] == [attempts[5], attempts[3]]
        assert len(looked) == 3, "it stops when it has enough"
        assert journal.find(NOW, NOW + 5, odd, 9).result()[0].attempt == attempts[3], "before the end"
        assert journal.find(NOW + 2, NOW + 6, odd, 9).result()[-1].attempt == attempts[3], "from the start on"
        keys = looked[0]
        assert keys.payment_id == attempts[5].app_trans_id
        assert (keys.slip_number, keys.amount) == (attempts[5].slip_number, attempts[5].amount)
        assert keys.zp_trans_id == found[0].zp_trans_id


def test_a_slip_has_one_payment(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        attempts = [an_attempt(journal) for _ in range(3)]
        for attempt in attempts:
            tell(journal, attempt, *paid(attempt))
        found = journal.with_slip(attempts[1].slip_number).result()
        assert found is not None
        assert found.attempt == attempts[1]
        assert journal.with_slip("02-999999").result() is None


def test_a_conflict_is_kept_and_cannot_be_hidden(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        good, bad = an_attempt(journal), an_attempt(journal)
        for attempt in (good, bad):
            tell(journal, attempt, *paid(attempt))
        assert journal.in_conflict().result() == ()
        other = Answer(AnswerClass.PAID, 1, 1, "zpX", bad.amount + 1)
        journal.write(answered(bad, Source.QUERY, other, 9_000), at_ms=NOW + 9_000).result()
        assert [one.attempt for one in journal.in_conflict().result()] == [bad]
        assert journal.verify().result().ok
    with sqlite_in(tmp_path) as tool:
        tool.execute("UPDATE payment SET conflict = 0")
    with journal_in(tmp_path) as journal:
        assert "its times, number or marks" in journal.verify().result().problems[0].en


@pytest.mark.parametrize(
    ("look", "index"),
    [
        (Journal.live, "payment_by_state"),
        (lambda journal: journal.watched(NOW), "payment_by_time"),
        (Journal.late_money, "late_money"),
        (Journal.in_conflict, "payment_in_conflict"),
        (lambda journal: journal.recent(100), "payment_by_time"),
    ],
    ids=["live", "watched", "late", "conflict", "recent"],
)
def test_what_a_start_looks_at_is_found_by_its_index(
    tmp_path: Path, look: Callable[[Journal], Future[object]], index: str
) -> None:
    """Else it would go through all payments, and a start would take longer each year."""
    asked: list[tuple[str, tuple[object, ...]]] = []

    def note(_connection: object, _cursor: object, statement: str, given: tuple[object, ...], *_: object) -> None:
        asked.append((statement, given))

    with journal_in(tmp_path) as journal:
        event.listen(Engine, "before_cursor_execute", note)
        try:
            look(journal).result()
        finally:
            event.remove(Engine, "before_cursor_execute", note)
    statement, given = next(one for one in asked if "FROM payment" in one[0])
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as tool:
        steps = [row[-1] for row in tool.execute(f"EXPLAIN QUERY PLAN {statement}", given)]
    assert f" USING INDEX {index}" in steps[0], steps
