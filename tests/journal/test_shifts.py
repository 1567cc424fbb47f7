"""Shifts in the journal: what each report says, by which range, and that nothing can change it afterwards (I13)."""

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event

from pos_app.journal import shift_facts
from pos_app.journal.entries import Entry, OpenAtClose, PaymentPrepared, ShiftOpened
from pos_app.journal.errors import LawlessEntryError
from pos_app.journal.store import Journal
from pos_app.journal.verify import verified
from pos_app.payments.ledger import Account
from pos_app.payments.payment import Source
from pos_app.vietnam_day import day_bounds_ms, day_of
from tests.journal.migrating import first
from tests.journal.power_cut import MEMORY
from tests.journal.shifts import ACTS, PROCESSING, Till, closed
from tests.journal.stories import NOW, an_attempt, answered, journal_in, opened, sending, sqlite_in


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal that was begun, to be copied."""
    folder = tmp_path_factory.mktemp("empty") / "journal"
    opened(folder).close()
    return folder


def wallet(folder: Path) -> dict[int, int]:
    """What the ledger says of the wallet, by shift."""
    with sqlite_in(folder) as tool:
        return dict(tool.execute("SELECT shift, sum(amount) FROM posting WHERE account = 'wallet' GROUP BY shift"))


steps = st.lists(st.tuples(st.sampled_from((None, *ACTS)), st.integers(0, 99)), min_size=5, max_size=40)


@given(steps=steps)
@settings(max_examples=40, deadline=None)
def test_figures_agree_with_the_ledger_and_a_pencil_whatever_happens(empty: Path, steps: list) -> None:
    """Any interleaving of payments, refunds, decisions, late money and closings; every range folds to its report."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as place:
        folder = Path(place) / "journal"
        shutil.copytree(empty, folder)
        with journal_in(folder) as journal:
            till = Till(journal)
            till.begin()
            for act, pick in steps:
                if act is None:
                    till.begin()
                else:
                    act(till, pick)
            reports = [till.look(number) for number in range(1, till.shift + 1)]
            assert journal.verify().result().problems == ()
        for report in reports:
            assert report.disagreements == {}
            assert report.totals.net == till.confirmed[report.number]
            assert report.totals.decided == till.by_hand[report.number]
            assert report.totals.cash.expected == till.drawer[report.number]
        assert reports[-1].totals.grand_total == sum(till.confirmed.values()) == sum(wallet(folder).values())
        assert {one.number for one in reports[-1].totals.open} == {one.app_trans_id for one in till.open}
        assert [one.z_number for one in reports] == [*range(1, till.shift), None]
        with sqlite_in(folder) as tool:
            ranges = tool.execute("SELECT from_n, to_n FROM shift ORDER BY number").fetchall()
            last = tool.execute("SELECT max(n) FROM entry").fetchone()[0]
        begins, ends = [one for one, _ in ranges], [one for _, one in ranges[:-1]]
        assert begins == [1, *(end + 1 for end in ends)]
        assert all(end <= last for end in ends)


@pytest.fixture
def till(empty: Path, tmp_path: Path) -> Iterator[Till]:
    folder = tmp_path / "journal"
    shutil.copytree(empty, folder)
    with journal_in(folder) as journal:
        yield Till(journal)


def problems(journal: Journal) -> list[str]:
    return [one.en for one in journal.verify().result().problems]


def lawless(till: Till, entry: Entry) -> str:
    with pytest.raises(LawlessEntryError) as caught:
        till.journal.write(entry, at_ms=till.later()).result()
    return str(caught.value)


# --- the range -------------------------------------------------------------------------------------------------------


def test_what_settles_after_its_shift_is_an_adjustment_that_names_it(till: Till) -> None:
    """F78: the closed report stays as it is, the running one tells what came of it; nothing is lost or doubled."""
    till.begin()
    till.begin()
    till.pay(0)
    left = till.open[0]
    till.close()
    before = till.look(1).totals
    assert [(one.number, one.amount, one.shift) for one in before.open] == [(left.app_trans_id, left.amount, 1)]
    assert (before.moves.suspense, before.open_amount) == (left.amount, left.amount)
    till.pay(0)
    now, again = till.look().totals, till.look(1).totals
    assert again == before
    (told,) = now.adjustments
    assert (told.shift, told.slip_number, told.amount) == (1, left.slip_number, left.amount)
    assert (told.was, told.now) == ("processing", "paid")
    assert (now.net, now.moves.wallet, now.moves.suspense) == (left.amount, left.amount, -left.amount)
    assert now.first_slip == ""
    assert problems(till.journal) == []


def test_what_stays_open_stands_in_every_report(till: Till) -> None:
    till.begin()
    for _ in range(3):
        till.close()
    assert [[one.shift for one in till.look(number).totals.open] for number in (1, 2, 3)] == [[1], [1], [1]]
    till.decline(0)
    till.close()
    assert till.look(4).totals.open == ()
    assert [(one.was, one.now, one.shift) for one in till.look(4).totals.adjustments] == [("processing", "failed", 1)]
    assert problems(till.journal) == []


def test_a_refund_of_an_earlier_shift_counts_where_it_is_done(till: Till) -> None:
    till.begin()
    till.pay(0)
    till.ask_back(0)
    till.close()
    closed_one = till.look(1).totals
    assert (closed_one.refunded, len(closed_one.open_refunds)) == (0, 1)
    till.give_back(0)
    now = till.look().totals
    assert [(one.was, one.now, one.shift) for one in now.adjustments] == [("requested", "done", 1)]
    assert (now.refunded, now.net, [one.by for one in now.refunds]) == (-now.net, -now.refunded, ["Lan"])
    assert till.look().disagreements == {}
    till.close()
    assert problems(till.journal) == []


def test_a_day_without_sales_closes(till: Till) -> None:
    till.close()
    report = till.look(1)
    assert (report.z_number, report.opened_at_ms, report.totals.net, report.totals.confirmed) == (1, None, 0, ())
    till.open_shift()
    till.close()
    assert (till.look(2).z_number, till.look(2).opened_by) == (2, "An")
    assert problems(till.journal) == []


def test_midnight_is_no_boundary(till: Till) -> None:
    """A shift is a range of entries: Vietnam's midnight inside it changes nothing, and neither does a clock."""
    midnight = day_bounds_ms(day_of(NOW))[1]
    till.at_ms = midnight - 3_000
    till.begin()
    till.pay(0)
    assert till.at_ms >= midnight - 1_000
    till.at_ms = midnight + 60_000
    till.begin()
    till.pay(0)
    till.at_ms = midnight - 3_600_000  # set back
    till.begin()
    till.pay(0)
    report = till.look()
    assert (report.totals.count, report.totals.net) == (3, till.confirmed[1])
    till.close()
    assert problems(till.journal) == []


# --- the law ---------------------------------------------------------------------------------------------------------


def test_of_two_closings_at_once_one_is_refused(till: Till) -> None:
    till.begin()
    till.pay(0)
    first = closed(till.look())
    second = closed(till.look())
    till.journal.write(first, at_ms=till.later()).result()
    assert "another one" in lawless(till, second)
    assert [till.look(1).z_number, till.look().number] == [1, 2]


def test_no_shift_closes_while_something_is_being_sent(till: Till) -> None:
    attempt = an_attempt(till.journal)
    till.journal.write(PaymentPrepared(attempt), at_ms=till.later()).result()
    assert "being sent" in lawless(till, closed(till.look()))
    till.journal.write(sending(attempt), at_ms=till.later()).result()
    assert "being sent" in lawless(till, closed(till.look()))
    till.journal.write(answered(attempt, Source.CREATE, PROCESSING, 300), at_ms=till.later()).result()
    till.close()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"z_number": 2}, "no gap"),
        ({"number": 7}, "another one"),
        ({"signed_off": ()}, "not what the books say"),
        ({"signed_off": (OpenAtClose("somebody's", 1_000),)}, "not what the books say"),
        ({"totals": "{}"}, "not what the books say"),
    ],
)
def test_a_report_is_what_the_books_say(till: Till, change: dict[str, Any], why: str) -> None:
    till.begin()
    assert why in lawless(till, replace(closed(till.look()), **change))
    till.close()


def test_a_report_that_leaves_a_dong_out_is_refused(till: Till) -> None:
    till.begin()
    till.pay(0)
    good = closed(till.look())
    figures = json.loads(good.totals)
    figures["confirmed"][0]["amount"] -= 1
    wrong = json.dumps(figures, sort_keys=True, separators=(",", ":"))
    assert "not what the books say" in lawless(till, replace(good, totals=wrong))


def test_a_shift_opens_once_and_under_its_own_number(till: Till) -> None:
    assert "another one" in lawless(till, ShiftOpened(2, "An", "", 0))
    till.open_shift()
    assert "is open" in lawless(till, ShiftOpened(1, "An", "", 0))
    till.close()
    till.begin()  # opens the next one by itself
    assert "is open" in lawless(till, ShiftOpened(2, "An", "", 0))


# --- nothing can change it -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two_shifts(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two closed shifts with something of everything, and a third one."""
    folder = tmp_path_factory.mktemp("two") / "journal"
    shutil.copytree(empty, folder)
    with journal_in(folder) as journal:
        till = Till(journal)
        for _ in range(5):
            till.begin()
        for act in (Till.pay, Till.pay, Till.decide, Till.decline, Till.ask_back, Till.reprint, Till.close):
            act(till, 0)
        till.begin()
        for act in (Till.pay, Till.overrule, Till.turn, Till.give_back, Till.decline):
            act(till, 0)
        till.begin()
        till.close()
        till.pay(0)
        assert problems(journal) == []
    return folder


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE shift SET grand_total = 1 WHERE number = 1",
        "UPDATE shift SET z_number = NULL WHERE number = 2",
        "UPDATE shift SET to_n = to_n + 1 WHERE number = 1",
        "DELETE FROM shift WHERE number = 2",
        "INSERT OR REPLACE INTO shift (number, from_n) VALUES (1, 1)",
        "INSERT INTO shift (number, from_n) VALUES (9, 1)",
        "UPDATE shift SET to_n = 99, grand_total = 1, z_number = 4 WHERE number = 3",
        "UPDATE carried SET state = 'failed'",
        "DELETE FROM carried",
        "INSERT OR REPLACE INTO carried SELECT shift, app_trans_id, 'failed', late, kept, refunded FROM carried",
    ],
)
def test_the_database_itself_refuses(two_shifts: Path, sql: str) -> None:
    with sqlite_in(two_shifts) as tool, pytest.raises(sqlite3.IntegrityError):
        tool.execute(sql)


_TAMPERINGS = {
    "payment put into another shift": (
        "UPDATE payment SET shift = 2 WHERE shift = 1 AND in_shift = 2",
        "another shift",
    ),
    "cashier changed": ("UPDATE payment SET cashier = 'Hà' WHERE shift = 1", "another shift"),
    "refund put into another shift": ("UPDATE refund SET settled_shift = 1", "another shift"),
    "who allowed it": ("UPDATE refund SET allowed_by = 'Hà'", "another shift"),
    "cause": ("UPDATE payment SET cause = '-1' WHERE state = 'failed'", "cause"),
    "report's number": ("UPDATE shift SET grand_total = grand_total + 1 WHERE number = 1", "Z report no. 1"),
    "shift closed earlier": ("UPDATE shift SET from_n = from_n - 1 WHERE number = 2", "follow each other"),
    "opened by somebody else": ("UPDATE shift SET opened_by = 'Hà' WHERE number = 1", "opened otherwise"),
    "opened at another time": ("UPDATE shift SET opened_at_ms = 5 WHERE number = 3", "opened otherwise"),
    "what stood before": ("DELETE FROM carried", "another shift"),
    "a shift too many": ("UPDATE shift SET z_number = 3 WHERE number = 2", "follow each other"),
}


@pytest.mark.parametrize("name", _TAMPERINGS)
def test_tampering_with_a_shift_is_found(two_shifts: Path, tmp_path: Path, name: str) -> None:
    sql, fault = _TAMPERINGS[name]
    folder = tmp_path / "journal"
    shutil.copytree(two_shifts, folder)
    with sqlite_in(folder) as tool:
        guards = tool.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for guard, _ in guards:
            tool.execute(f"DROP TRIGGER {guard}")
        assert tool.execute(sql).rowcount > 0 or sql.startswith("DELETE")
        for _, made in guards:
            tool.execute(made)
    with journal_in(folder) as journal:
        found = problems(journal)
    assert any(fault in one for one in found), found


def test_a_posting_in_another_shift_is_found(two_shifts: Path, tmp_path: Path) -> None:
    """The ledger by shift: what was moved between shifts changes no sum of all."""
    folder = tmp_path / "journal"
    shutil.copytree(two_shifts, folder)
    with sqlite_in(folder) as tool:
        tool.execute("DROP TRIGGER posting_never_changes")
        tool.execute("UPDATE posting SET shift = 2 WHERE shift = 1 AND account = 'wallet'")
    with journal_in(folder) as journal:
        report = Till(journal).look(1)
        assert Account.WALLET in report.disagreements
        assert any("another shift" in one for one in problems(journal))


def test_a_check_of_what_is_new_folds_new_reports_too(till: Till) -> None:
    """Only what came since an anchor is read, and what is open from before stands in the newer reports all the same."""
    till.begin()
    till.close()
    anchor = till.journal.verify().result().anchor
    till.begin()
    till.pay(1)
    till.close()
    report = till.journal.read(lambda connection: verified(connection, None, since=anchor, noted=anchor)).result()
    assert report.problems == ()


def test_a_journal_from_before_there_were_shifts(tmp_path: Path) -> None:
    """What was there counts as shift 0: the first report begins with the next entry, and the grand total goes on."""
    folder = first(tmp_path / "journal")
    before = wallet_without_shifts(folder)
    with journal_in(folder) as journal:
        till = Till(journal)
        assert (till.look().number, till.look().totals.grand_total, till.look().totals.net) == (1, before, 0)
        assert {one.shift for one in till.look().totals.open} == {0}
        till.begin()
        till.pay(0)
        assert till.look().totals.grand_total == before + till.confirmed[1]
        assert problems(journal) == []


def wallet_without_shifts(folder: Path) -> int:
    with sqlite_in(folder) as tool:
        return int(tool.execute("SELECT coalesce(sum(amount), 0) FROM payment WHERE state = 'paid'").fetchone()[0])


def test_a_report_is_read_by_indexes_however_much_is_stored(two_shifts: Path) -> None:
    """Nothing is looked through but what is of the shift, or open."""
    statements: list[str] = []

    def look(connection: Connection) -> None:
        def note(*told: Any) -> None:
            statements.append(told[2] if not told[3] else _filled(told[2], told[3]))

        event.listen(connection, "before_cursor_execute", note)
        shift_facts.running(connection)
        event.remove(connection, "before_cursor_execute", note)

    with journal_in(two_shifts) as journal:
        journal.read(look).result()
    with sqlite_in(two_shifts) as tool:
        plans = [row[3] for one in statements for row in tool.execute(f"EXPLAIN QUERY PLAN {one}")]
    assert len(statements) > 8
    of_the_one_running = "USING INDEX one_running_shift"
    assert [plan for plan in plans if plan.startswith("SCAN") and of_the_one_running not in plan] == []


def _filled(sql: str, values: tuple[Any, ...]) -> str:
    for value in values:
        sql = sql.replace("?", repr(value), 1)
    return sql


# --- kills -----------------------------------------------------------------------------------------------------------


def killed(*arguments: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=MEMORY) as place:
        command = [sys.executable, "-m", "tests.journal.closing", place, *arguments]
        found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks are things of Unix")
def test_killed_while_closing_leaves_no_gap_and_no_half_report() -> None:
    """Kill -9 at statements all through a closing: it is closed with its report, or still running; Z goes on."""
    told = killed("3")
    assert told["bad"] == []
    assert told["seen"][0] == 1
    assert told["statements"] > 20


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks are things of Unix")
def test_control_a_closing_in_two_transactions_is_found() -> None:
    assert killed("2", "careless")["bad"]
