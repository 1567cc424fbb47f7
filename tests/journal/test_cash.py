"""Cash in the journal: what contradicts the rules is not stored, and whatever is changed behind its back is found."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import IntegrityError

from pos_app.journal import cash_finding, cash_rows
from pos_app.journal.canonical import from_json, to_json
from pos_app.journal.cash_entries import CashCounted, CashEntry, CashGivenBack, CashMoved, CashSlipPrinted, CashTaken
from pos_app.journal.cash_figures import cash_figures
from pos_app.journal.entries import PaymentPrepared, ShiftOpened
from pos_app.journal.errors import JournalError, LawlessCashError, LawlessEntryError
from pos_app.journal.store import Journal
from pos_app.journal.wanted import Wanted
from pos_app.payments.cash import CashKind
from tests.journal.shifts import Till, closed
from tests.journal.stories import NOW, journal_in, sqlite_in

EXTRA = """
    INSERT INTO cash SELECT 77, 'opened', at_ms, 1, 0, NULL, NULL, NULL, NULL, NULL, '', '', '', '', '', ''
    FROM cash WHERE kind = 'sale'
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def journal(folder: Path) -> Iterator[Journal]:
    with journal_in(folder) as made:
        yield made


def taken(slip: str = "02-000001", amount: int = 185_000, given: int = 200_000, intent: str = "") -> CashTaken:
    return CashTaken(slip, amount, given, "bàn 5", intent or slip, "Thu Hà", "p1")


def back(slip: str, amount: int, of: str = "02-000001") -> CashGivenBack:
    return CashGivenBack(slip, of, amount, "goods_returned", "", "Lan", "p2", slip, "Thu Hà", "p1")


def store(journal: Journal, *entries: CashEntry) -> None:
    for one in entries:
        journal.write(one, at_ms=NOW).result()


def test_what_is_stored_reads_back(journal: Journal) -> None:
    store(journal, taken(), back("02-000002", 85_000), back("02-000003", 100_000))
    (sale,) = journal.read(cash_rows.sales).result()
    assert (sale.amount, sale.given, sale.note, sale.cashier, sale.shift) == (185_000, 200_000, "bàn 5", "Thu Hà", 1)
    assert [(one.amount, one.by, one.reason) for one in sale.refunds] == [
        (85_000, "Lan", "goods_returned"), (100_000, "Lan", "goods_returned"),
    ]  # fmt: skip
    assert journal.verify().result().ok


@pytest.mark.parametrize(
    "lawless",
    [
        taken("02-000009", given=184_999),
        taken("02-000009", amount=0, given=0),
        taken("02-000009", amount=-5, given=0),
        taken("02-000009", given=10**10),
        taken("no slip"),
        back("02-000009", 185_001),
        back("02-000009", 0),
        back("02-000009", 1, of="02-000077"),
        back("02-000009", 1, of="02-000002"),
        CashMoved(CashKind.PAY_OUT, 0, "mua đá lạnh", "Lan", "", "An", ""),
        CashMoved(CashKind.PAY_IN, 5, "đá", "Lan", "", "An", ""),
        CashMoved(CashKind.OPENED, 5, "khách đổi tiền", "Lan", "", "An", ""),
        CashMoved(CashKind.SALE, 5, "khách đổi tiền", "Lan", "", "An", ""),
        CashCounted(-1, "An", ""),
    ],
)
def test_what_contradicts_the_rules_is_not_stored(journal: Journal, lawless: CashEntry) -> None:
    store(journal, taken(), back("02-000002", 5))
    before = journal.read(lambda connection: list(cash_rows.facts(connection, 1))).result()
    with pytest.raises(LawlessEntryError):
        store(journal, lawless)
    assert journal.read(lambda connection: list(cash_rows.facts(connection, 1))).result() == before
    assert journal.verify().result().ok


def test_one_press_of_the_button_and_one_number_are_one_sale(journal: Journal) -> None:
    store(journal, taken(intent="a"))
    for again in (taken("02-000002", intent="a"), taken(intent="b")):
        with pytest.raises((JournalError, IntegrityError)):
            store(journal, again)
    done = journal.read(lambda connection: cash_rows.with_intent(connection, "a")).result()
    assert done is not None
    assert done.slip_number == "02-000001"


def test_one_press_moves_once_and_an_older_journal_keeps_its_spelling(journal: Journal) -> None:
    moved = CashMoved(CashKind.PAY_OUT, 9_000, "mua đá lạnh", "Lan", "", "An", "")
    assert "intent" not in to_json(moved)
    store(journal, moved, moved, replace(moved, intent="a"))
    with pytest.raises(LawlessEntryError):
        store(journal, replace(moved, intent="a"))
    assert len(journal.read(lambda connection: list(cash_rows.facts(connection, 1))).result()) == 3
    assert journal.verify().result().ok


@pytest.mark.parametrize(
    ("lawless", "title", "advice"),
    [
        (back("02-000009", 185_001), "Not more than is left can be given back", "Only 185.000\u00a0₫ can be refunded."),
        (back("02-000009", 1, of="02-000077"), "Not more than is left can be given back",
         "Only 0\u00a0₫ can be refunded."),
        (taken("02-000009", given=184_999), "Not enough was given", "1\u00a0₫ is missing."),
        (CashMoved(CashKind.PAY_IN, 5, "đá", "Lan", "", "An", ""), "A reason is missing",
         "Write at least 5 characters."),
    ],
)  # fmt: skip
def test_a_refusal_says_which_rule_it_is(journal: Journal, lawless: CashEntry, title: str, advice: str) -> None:
    store(journal, taken())
    with pytest.raises(LawlessCashError) as refused:
        store(journal, lawless)
    assert (refused.value.title.en, refused.value.advice.en) == (title, advice)


def test_any_number_of_sales_is_read_at_once(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement holds only so many values: here seven, else some ten thousand."""
    store(journal, *(taken(f"02-{n:06}") for n in range(1, 21)))
    store(journal, *(back(f"02-{n + 20:06}", n, of=f"02-{n:06}") for n in range(1, 21)))
    monkeypatch.setattr(cash_rows, "_AT_ONCE", 6)

    def read(connection: Connection) -> list[int]:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        before = raw.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 7)
        try:
            return [sum(it.amount for it in one.refunds) for one in cash_rows.sales(connection)]
        finally:
            raw.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, before)

    assert journal.read(read).result() == list(range(20, 0, -1))


def test_more_than_was_taken_never_goes_back_whoever_writes_it(folder: Path) -> None:
    """The cap is held by the table itself."""
    with journal_in(folder) as journal:
        store(journal, taken(), back("02-000002", 185_000))
    with sqlite_in(folder) as tool, pytest.raises(Exception, match="over the sold amount"):
        tool.execute(
            "INSERT INTO cash SELECT 99, kind, at_ms, shift, 1, given, '02-000099', 99, of_slip, 'x', cashier,"
            " cashier_id, allowed_by, reason, note, plain_note FROM cash WHERE kind = 'refund'"
        )


def test_numbers_go_on_after_those_of_cash(folder: Path) -> None:
    with journal_in(folder) as journal:
        store(journal, taken("02-000041"))
    with journal_in(folder) as journal:
        assert journal.next_running() == 42


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE cash SET amount = 185001 WHERE kind = 'sale'", "the table of cash is not what the entry says"),
        ("UPDATE cash SET given = 300000 WHERE kind = 'sale'", "the table of cash is not what the entry says"),
        ("UPDATE cash SET shift = 2 WHERE kind = 'refund'", "the table of cash is not what the entry says"),
        ("UPDATE cash SET reason = '' WHERE kind = 'pay_out'", "the table of cash is not what the entry says"),
        ("DELETE FROM cash WHERE kind = 'counted'", "the table of cash is not what the entry says"),
        ("DELETE FROM cash_posting WHERE account = 'cash'", "the ledger of cash does not fit"),
        ("UPDATE cash_posting SET amount = amount + 1 WHERE account = 'sales_due'", "the ledger of cash does not fit"),
        (EXTRA, "a row of cash has no entry"),
    ],
)  # fmt: skip
def test_what_is_changed_in_the_tables_is_found(folder: Path, change: str, said: str) -> None:
    moved = CashMoved(CashKind.PAY_OUT, 9_000, "mua đá lạnh", "Lan", "", "An", "")
    with journal_in(folder) as journal:
        store(journal, taken(), back("02-000002", 5_000), moved, CashCounted(171_000, "An", ""))
        assert journal.verify().result().ok
    with sqlite_in(folder) as tool:
        guards = tool.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'cash%'"
        ).fetchall()
        for name, _ in guards:
            tool.execute(f"DROP TRIGGER {name}")
        tool.execute(change)
        for _, sql in guards:
            tool.execute(sql)
        tool.commit()
    with journal_in(folder) as found:
        problems = [one.en for one in found.verify().result().problems]
    assert any(said in one for one in problems), problems


def test_a_z_that_was_changed_is_found(folder: Path) -> None:
    with journal_in(folder) as journal:
        till = Till(journal)
        till.open_shift(500)
        till.sell_for_cash(40)
        till.count(500)
        till.close()
        assert journal.verify().result().ok
        assert till.look(1).totals.cash.over == 500_000 - 541_000
        assert (till.look(1).disagreements, till.look(1).ledger["cash"]) == ({}, 41_000)


def test_a_shift_whose_cash_differs_is_not_closed_without_a_word(journal: Journal) -> None:
    till = Till(journal)
    till.sell_for_cash(40)
    till.count(1)
    for wrong in ({"difference_reason": ""}, {"counted_dong": 999}, {"counted_dong": None}):
        with pytest.raises(LawlessEntryError):
            journal.close_shift(lambda now, sending, w=wrong: replace(closed(now, sending), **w), at_ms=NOW).result()  # type: ignore[misc]


def test_every_fact_of_the_drawer_opens_the_shift(journal: Journal) -> None:
    till = Till(journal)
    assert till.look().opened_at_ms is None
    till.count(0)
    assert till.look().opened_by == "An"
    with pytest.raises(LawlessEntryError):
        journal.write(ShiftOpened(1, "An", "", 5), at_ms=NOW).result()


def test_each_entry_has_one_spelling() -> None:
    for one in (taken(), back("02-000002", 5), CashMoved(CashKind.PAY_IN, 5, "đổi tiền lẻ", "L", "", "", ""),
                CashCounted(0, "An", "")):  # fmt: skip
        assert from_json(to_json(one)) == one
    assert PaymentPrepared.kind not in {"cash_taken", "cash_given_back"}


def test_no_figure_of_cash_is_read_beyond_its_range(journal: Journal) -> None:
    """However large the journal is: each statement walks along an index."""
    store(journal, taken(), back("02-000002", 5_000))
    journal.write(CashSlipPrinted("02-000001", 0, "58 mm"), at_ms=NOW).result()
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        asked.append((statement, parameters))

    def read(connection: Connection) -> list[str]:
        wanted = Wanted(NOW - 1, NOW + 1)
        event.listen(connection, "before_cursor_execute", note)
        try:
            cash_figures(connection, NOW - 1, NOW + 1)
            assert cash_rows.sale(connection, "02-000001") is not None
            assert len(cash_finding.listed(connection, wanted, None, 5)) == len(
                cash_finding.found(connection, wanted, 5)
            )
            cash_finding.sums(connection, wanted)
        finally:
            event.remove(connection, "before_cursor_execute", note)
        plans = (connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given).all() for text, given in asked)
        return [str(row[-1]) for plan in plans for row in plan]

    plan = journal.read(read).result()
    assert len(asked) >= 10
    assert [step for step in plan if step.startswith("SCAN")] == []
    assert all(any(name in step for step in plan) for name in ("cash_slips", "shift_by_closing", "cash_by_time"))
