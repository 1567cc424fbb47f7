"""Finding by any field, and counting: held to a plain fold over all records; and the start of a large journal."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, event

from pos_app.checkout.reporting import SCANNED, WORDING, facts_of, list_rows, report_for
from pos_app.journal import sqlite_file
from pos_app.journal.entries import GestureTimed, ManagerActed
from pos_app.journal.errors import JournalDamagedError
from pos_app.journal.finding import choices, found, sums
from pos_app.journal.listed import listed_found
from pos_app.journal.plain_text import plain
from pos_app.journal.projections import PaymentRecord
from pos_app.journal.store import Journal
from pos_app.journal.wanted import Sums, Wanted
from pos_app.payments.acts import Act
from pos_app.payments.cause import cause_of
from pos_app.payments.payment import LIVE, NEGATIVE, State, fold
from pos_app.payments.refund import RefundState
from pos_app.reports.facts import ActFact, Cell, Facts, Method, Part, RefundFact, Timed, Wait, hour_of, together
from pos_app.reports.ranges import Days
from pos_app.reports.report import Choice, Report, report_of
from pos_app.vietnam_day import day_of
from tests.bench.filled import BASE, fill
from tests.journal.stories import an_attempt, journal_in, sqlite_in, tell

TODAY = day_of(BASE)
DAYS = Days(day_of(BASE - 3 * 86_400_000), TODAY)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled") / "journal"
    fill(folder, 240, days=4, seed=5)
    return folder


@pytest.fixture(scope="module")
def records(place: Path) -> tuple[PaymentRecord, ...]:
    with journal_in(place, now_ms=BASE) as journal:
        return journal.between(0, 2**53).result()


# --- counting: the database's sums against a fold over every record ------------------------------------------------


def spans_ms(timed: GestureTimed) -> list[int | None]:
    """From the scan to the sending, from there to the answer, from the proof to the screen."""
    pairs = ((0, timed.sent_us), (timed.sent_us, timed.answered_us), (timed.known_us, timed.shown_us))
    return [None if began is None or end is None else (end - began + 500) // 1000 for began, end in pairs]


def told_one_by_one(records: tuple[PaymentRecord, ...], days: Days, till: str) -> Facts:
    """The same facts, worked out from the entries of each payment alone."""
    start, end = days.bounds_ms
    parts = []
    for one in records:
        method = Method(one.attempt.gateway, one.attempt.source)
        begun = one.entries[0][0]
        counts = begun if one.state in LIVE else one.settled_at_ms or begun
        where = till, one.cashier, method
        if start <= counts < end:
            cause = cause_of(fold(one.attempt, one.evidence), one.evidence)
            parts.append(Facts((Cell(hour_of(counts), *where, one.state, cause, 1, one.attempt.amount),)))
            if one.state is State.PAID and one.attempt.source in SCANNED:
                assert one.settled_at_ms is not None
                seconds = max(0, one.settled_at_ms - one.attempt.scanned_at_ms + 500) // 1000
                parts.append(Facts(waits=(Wait(seconds, *where, 1),)))
        acts = [(at_ms, act) for at_ms, act in one.entries if isinstance(act, ManagerActed)]
        for at_ms, timed in one.entries:
            if isinstance(timed, GestureTimed) and start <= at_ms < end:
                spans = zip(Part, spans_ms(timed), strict=True)
                day = hour_of(at_ms) // 24
                parts += [Facts(timed=(Timed(day, span, *where, (ms,)),)) for span, ms in spans if ms is not None]
        for refund in one.refunds:
            if refund.state is RefundState.DONE and refund.settled_at_ms and start <= refund.settled_at_ms < end:
                act = next(act for _, act in acts if act.number == refund.refund.m_refund_id)
                it = refund.refund
                parts.append(Facts(refunds=(RefundFact(
                    refund.settled_at_ms, it.slip_number, one.attempt.slip_number, it.app_trans_id, it.m_refund_id,
                    it.amount, act.by, act.reason, *where),)))  # fmt: skip
        parts += [
            Facts(acts=(ActFact(at_ms, act.act, act.by, act.reason, act.note, act.app_trans_id, one.attempt.slip_number,
                                one.attempt.amount, *where),))
            for at_ms, act in acts if act.act is not Act.REFUND and start <= at_ms < end
        ]  # fmt: skip
    Random(3).shuffle(parts)
    return together(parts)


@pytest.mark.parametrize("days", [DAYS, Days(TODAY, TODAY), Days(day_of(0), day_of(0))])
def test_what_the_database_counts_is_what_the_entries_come_to(
    place: Path, records: tuple[PaymentRecord, ...], days: Days
) -> None:
    with journal_in(place, now_ms=BASE) as journal:
        told = report_for(journal, days)
        assert told == report_of(told_one_by_one(records, days, journal.till), days, WORDING)
        chosen = Choice(cashier="Thu Hà")
        assert report_for(journal, days, chosen) == report_of(
            told_one_by_one(records, days, journal.till), days, WORDING, chosen
        )
    if days == DAYS:
        assert told.total.count > 100
        assert told.total.refunds
        assert told.refused.count
        assert [list(one.parts) for one in told.timed] == 4 * [[Part.SENT, Part.ANSWERED, Part.SHOWN]]
        assert [[pace.median_ms for pace in one.parts.values()] for one in told.timed] == [
            [18, 583, 11], [17, 648, 11], [18, 609, 11], [17, 635, 10],
        ]  # fmt: skip


def test_the_report_of_a_range_is_that_of_its_days_together(place: Path) -> None:
    with journal_in(place, now_ms=BASE) as journal:
        parts = together([facts_of(journal, Days(day, day)) for day in DAYS])
        assert report_of(parts, DAYS, WORDING) == report_for(journal, DAYS)


def test_a_report_agrees_with_the_ledger(place: Path) -> None:
    with journal_in(place, now_ms=BASE) as journal:
        told: Report = report_for(journal, DAYS)
        wallet = journal.read(_wallet).result()
    assert told.total.net == wallet
    assert sum(money.net for _, money in told.by_day) == wallet
    assert sum(money.net for _, money in told.by_method) == wallet
    assert sum(money.net for _, money in told.by_cashier) == wallet


def _wallet(connection: object) -> int:
    rows = connection.exec_driver_sql("SELECT sum(amount) FROM posting WHERE account = 'wallet'")  # type: ignore[attr-defined]
    return int(rows.scalar())


def test_a_list_has_every_payment_once(place: Path, records: tuple[PaymentRecord, ...]) -> None:
    with journal_in(place, now_ms=BASE) as journal:
        rows = [row for some in list_rows(journal, report_for(journal, DAYS)) for row in some.rows]
    assert sorted(str(row[3]) for row in rows) == sorted(one.attempt.app_trans_id for one in records)
    assert sum(int(str(row[11])) for row in rows) == sum(one.attempt.amount for one in records)
    by_id = {one.attempt.app_trans_id: one.attempt.note for one in records}
    assert all(row[8] == by_id[str(row[3])] for row in rows)


# --- finding: each field against a plain look at every record -------------------------------------------------------


def looked_through(records: tuple[PaymentRecord, ...], wanted: Wanted) -> list[str]:
    return [one.attempt.app_trans_id for one in reversed(records) if fits(one, wanted)]


def fits(one: PaymentRecord, wanted: Wanted) -> bool:
    it, begun = one.attempt, one.entries[0][0]
    text = "".join(wanted.text.lower().split())
    ids = (it.app_trans_id, it.app_trans_id[:-5], it.slip_number)
    refunds = [key for back in one.refunds for key in (back.refund.slip_number, back.refund_id)]
    return (
        (wanted.start_ms is None or wanted.end_ms is None or wanted.start_ms <= begun < wanted.end_ms)
        and wanted.shift in (None, one.shift)
        and wanted.cashier in (None, one.cashier)
        and (not wanted.methods or (it.gateway, it.source) in wanted.methods)
        and (not wanted.states or one.state in wanted.states)
        and (not wanted.refunded or any(back.state is RefundState.DONE for back in one.refunds))
        and wanted.amount in (None, it.amount)
        and (
            not text
            or text.replace(".", "") == str(it.amount)
            or (len(text) >= 3 and any(key.lower().endswith(text) for key in (*ids, *refunds)))
            or (len(text) >= 4 and one.zp_trans_id.lower().endswith(text))
            or plain(wanted.text) in plain(it.note)
        )
    )


def searches(records: tuple[PaymentRecord, ...]) -> list[Wanted]:
    """Each field alone, fields together, and every kind of key there is."""
    start, end = Days(TODAY, TODAY).bounds_ms
    some = [Random(4).choice(records) for _ in range(6)]
    noted = next(one for one in records if one.attempt.note)
    back = next(one for one in records if one.refunds)
    texts = ["148", "0001", "bàn 5", "BAN 1", "zzz", "5", back.refunds[0].refund.slip_number, noted.attempt.note]
    for one in some:
        it = one.attempt
        texts += [it.app_trans_id, it.app_trans_id[:-5], it.slip_number, it.slip_number[-3:], it.slip_number[-5:],
                  one.zp_trans_id[-4:], one.zp_trans_id, f"{it.amount:,}".replace(",", "."),
                  it.app_trans_id[-9:]]  # fmt: skip
    return [
        Wanted(), Wanted(start, end), Wanted(shift=2), Wanted(cashier="Ngọc Lan"), Wanted(cashier="Nobody"),
        Wanted(methods=(("demo", "shown"), ("demo_appotapay_v1", "shown"))), Wanted(states=tuple(NEGATIVE)),
        Wanted(states=(State.MANUAL_PAID,)), Wanted(refunded=True), Wanted(amount=some[0].attempt.amount),
        Wanted(start, end, cashier="Thu Hà", states=(State.PAID,), text="ban"), Wanted(text="   "),
        *(Wanted(text=text) for text in texts if text), *(Wanted(start, end, text=text) for text in texts if text),
    ]  # fmt: skip


def test_what_is_found_is_what_is_there(place: Path, records: tuple[PaymentRecord, ...]) -> None:
    by_running = {int(one.attempt.slip_number[-6:]): one.attempt.app_trans_id for one in records}
    with journal_in(place, now_ms=BASE) as journal:
        hits = 0
        for wanted in searches(records):
            numbers = journal.read(lambda connection: found(connection, wanted, 1_000)).result()  # noqa: B023 - at once
            assert [by_running[number] for number in numbers] == looked_through(records, wanted), wanted
            few = journal.read(lambda connection: found(connection, wanted, 3)).result()  # noqa: B023 - at once
            assert few == numbers[:3]
            assert journal.read(lambda connection: sums(connection, wanted)).result() == added(records, wanted)  # noqa: B023
            hits += bool(numbers)
    assert hits > 40


def added(records: tuple[PaymentRecord, ...], wanted: Wanted) -> Sums:
    these = [one for one in records if fits(one, wanted)]
    amounts: Counter[str] = Counter()
    for one in these:
        amounts[one.state] += one.attempt.amount
    back = sum(it.refund.amount for one in these for it in one.refunds if it.state is RefundState.DONE)
    still = sum(amounts[state] for state in LIVE)
    return Sums(len(these), amounts[State.PAID], back, amounts[State.MANUAL_PAID], still)


def test_what_can_be_chosen_is_what_there_is(place: Path, records: tuple[PaymentRecord, ...]) -> None:
    with journal_in(place, now_ms=BASE) as journal:
        told = journal.read(lambda connection: choices(connection, 2)).result()
    assert told.cashiers == tuple(sorted({one.cashier for one in records}))
    assert set(told.methods) == {(one.attempt.gateway, one.attempt.source) for one in records}
    assert told.shifts == (4, 3)


def test_each_field_is_found_by_an_index(place: Path) -> None:
    """No branch looks at every payment: the table is never walked through from end to end by its rows."""
    with journal_in(place, now_ms=BASE) as journal:

        def plans(connection: object) -> list[str]:
            run = connection.exec_driver_sql  # type: ignore[attr-defined]
            asked = {
                "payment_by_cashier": "cashier = 'x'",
                "payment_by_method": "gateway = 'x' AND source = 'y'",
                "payment_by_state": "state = 'paid'",
                "payment_by_amount": "amount = 5",
                "payment_by_slip_end": "substr(payment.slip_number, -3) = '148'",
                "payment_by_number_end": "zp_trans_id <> '' AND substr(payment.zp_trans_id, -4) = '4821'",
                "payment_by_note": "plain_note <> '' AND instr(plain_note, 'x') > 0",
            }
            return [
                index
                for index, where in asked.items()
                if index
                not in str(
                    run(
                        f"EXPLAIN QUERY PLAN SELECT running FROM payment WHERE {where} ORDER BY running DESC LIMIT 9"
                    ).fetchall()
                )
            ]

        assert journal.read(plans).result() == []


@pytest.mark.parametrize("many", [sums, lambda connection, wanted: listed_found(connection, wanted, None, 9)])
def test_what_was_given_back_is_looked_up_by_its_payment(place: Path, many: Callable[..., object]) -> None:
    """Not among all refunds there are, once for each payment: the till would wait meanwhile."""
    plans: list[str] = []

    def explain(connection: Connection) -> None:
        def note(*told: Any) -> None:
            if told[2].startswith("SELECT"):
                plans.append(str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {told[2]}", told[3]).fetchall()))

        event.listen(connection, "before_cursor_execute", note)
        many(connection, Wanted(start_ms=0, end_ms=BASE))
        event.remove(connection, "before_cursor_execute", note)

    with journal_in(place, now_ms=BASE) as journal:
        journal.read(explain).result()
    assert "SEARCH refund USING INDEX refund_by_payment" in plans[-1]


def test_a_filled_journal_is_sound(place: Path) -> None:
    with journal_in(place, now_ms=BASE) as journal:
        report = journal.verify().result()
    assert report.problems == ()


def test_notes_are_found_without_marks() -> None:
    assert plain("  Bàn  5,\tĐỗ Hữu\0 ") == "ban 5, do huu"


# --- a journal that has grown ---------------------------------------------------------------------------------------


@pytest.fixture
def large(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy that counts as large, with its mark of where it is at home."""
    monkeypatch.setattr(sqlite_file, "LARGE_BYTES", 1)
    folder = tmp_path / "large"
    shutil.copytree(place, folder)
    Journal.open(folder, till="02", now_ms=BASE, entropy=b"some random bytes", take_over=True).close()
    return folder


def test_a_large_journal_is_not_read_whole_when_it_starts(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = sqlite_file.JournalFile.pragma

    def pragma(file: sqlite_file.JournalFile, text: str) -> list[tuple[object, ...]]:
        read.append(text)
        return real(file, text)

    monkeypatch.setattr(sqlite_file.JournalFile, "pragma", pragma)
    with journal_in(large, now_ms=BASE):
        assert not [text for text in read if text in ("quick_check", "integrity_check")]
    monkeypatch.setattr(sqlite_file, "LARGE_BYTES", 1 << 40)
    with journal_in(large, now_ms=BASE):
        assert "quick_check" in read, "control: a small one is"


@pytest.mark.parametrize(("newest", "found"), [(True, True), (False, False)])
def test_of_a_large_one_that_was_not_stopped_what_is_new_is_checked_first(
    large: Path, newest: bool, found: bool
) -> None:
    """What was checked before is left to the daily check, which reads all of it."""
    with journal_in(large, now_ms=BASE) as journal:
        assert journal.verify().result().ok
        tell(journal, an_attempt(journal, at_ms=BASE + 1), at_ms=BASE + 1)
    with sqlite_in(large) as tool:
        tool.execute("DROP TRIGGER entry_never_changes")
        last = "n = (SELECT max(n) FROM entry WHERE kind = 'payment_prepared')"
        tool.execute(f"UPDATE entry SET at_ms = at_ms + 1 WHERE {last if newest else 'n = 5'}")
        tool.execute("UPDATE journal SET clean_stop = 0")
        trigger = (
            "CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
        tool.execute(trigger)
    (large / "journal.sqlite3-wal").touch()
    if found:
        with pytest.raises(JournalDamagedError), journal_in(large, now_ms=BASE):
            pass
    else:
        with journal_in(large, now_ms=BASE) as journal:
            assert not journal.verify().result().ok
