"""Writing and reading the journal, on real files."""

import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from pos_app.journal.entries import Entry, EvidenceAdded, PaymentPrepared, PaymentSettled, SlipPrinted
from pos_app.journal.errors import (
    CannotStoreError,
    JournalError,
    LawlessEntryError,
    LiveAttemptError,
    StorageFullError,
)
from pos_app.journal.projections import PaymentRecord
from pos_app.journal.store import Journal
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment import HOUR_MS, MINUTE_MS, STATUS_VALID_MS, Attempt, Evidence, Source, State, fold
from tests.journal.power_cut import MEMORY
from tests.journal.stories import (
    AMOUNT,
    NOW,
    a_day,
    an_attempt,
    answered,
    failed,
    journal_in,
    number_of,
    opened,
    paid,
    paid_answer,
    sending,
    tell,
)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with journal_in(tmp_path / "journal") as journal:
        yield journal


def record(journal: Journal, app_trans_id: str) -> PaymentRecord:
    found = journal.payment(app_trans_id).result()
    assert found is not None
    return found


# --- one payment ---------------------------------------------------------------------------------------------------


def test_a_payment_from_beginning_to_slip(journal: Journal) -> None:
    attempt = an_attempt(journal)
    proof = paid(attempt)
    tell(journal, attempt, *proof)
    for copy in (1, 2):
        journal.write(SlipPrinted(attempt.app_trans_id, copy, "58 mm"), at_ms=NOW + 2_000).result()
    it = record(journal, attempt.app_trans_id)
    assert (it.attempt, it.state, it.zp_trans_id) == (attempt, State.PAID, number_of(attempt))
    assert (it.settled_at_ms, it.copies) == (NOW + 1_100, 2)
    assert it.evidence == tuple(one.evidence for one in (sending(attempt), proof[0]) if isinstance(one, EvidenceAdded))
    assert it.entries == (
        (NOW, PaymentPrepared(attempt)),
        (NOW + 100, sending(attempt)),
        (NOW + 1_100, proof[0]),
        (NOW + 1_100, proof[1]),
        (NOW + 2_000, SlipPrinted(attempt.app_trans_id, 1, "58 mm")),
        (NOW + 2_000, SlipPrinted(attempt.app_trans_id, 2, "58 mm")),
    )


def test_nobody_of_that_id(journal: Journal) -> None:
    assert journal.payment("261122_02-999999-zzzz").result() is None


def test_late_paid_after_failed_is_settled_again(journal: Journal) -> None:
    attempt = an_attempt(journal)
    tell(journal, attempt, *failed(attempt))
    assert record(journal, attempt.app_trans_id).settled_at_ms == NOW + 1_100
    journal.write(*paid(attempt), at_ms=NOW + 60_000).result()
    it = record(journal, attempt.app_trans_id)
    assert (it.state, it.settled_at_ms) == (State.PAID, NOW + 60_000)


def test_evidence_after_paid_changes_nothing_but_is_kept(journal: Journal) -> None:
    attempt = an_attempt(journal)
    tell(journal, attempt, *paid(attempt))
    for _ in range(2):
        no = answered(attempt, Source.QUERY, Answer(AnswerClass.NEGATIVE), 20_000)
        journal.write(no, at_ms=NOW + 20_000).result()
    it = record(journal, attempt.app_trans_id)
    assert (it.state, len(it.evidence)) == (State.PAID, 4)


# --- refusals: nothing of the write is kept --------------------------------------------------------------------------


def refused(journal: Journal, *entries: Entry) -> JournalError:
    before = journal.verify().result()
    with pytest.raises(JournalError) as caught:
        journal.write(*entries, at_ms=NOW + 5_000).result()
    after = journal.verify().result()
    assert after.ok
    assert (after.entries, after.head) == (before.entries, before.head), "rolled back whole"
    assert caught.value.title.vi
    assert caught.value.advice.en
    return caught.value


def test_a_sale_has_one_live_attempt(journal: Journal) -> None:
    first, second = an_attempt(journal, sale="s"), an_attempt(journal, sale="s")
    tell(journal, first)
    assert isinstance(refused(journal, PaymentPrepared(second)), LiveAttemptError)
    journal.write(*failed(first), at_ms=NOW).result()
    journal.write(PaymentPrepared(second), at_ms=NOW).result()
    assert [one.attempt for one in journal.sale_attempts("s").result()] == [first, second]


def test_a_late_mismatch_is_stored_though_the_sale_has_gone_on(journal: Journal) -> None:
    first, second = an_attempt(journal, sale="s"), an_attempt(journal, sale="s")
    tell(journal, first, *failed(first))
    tell(journal, second)
    wrong = Answer(AnswerClass.PAID, zp_trans_id="zp-late", amount=AMOUNT - 1)
    journal.write(answered(first, Source.QUERY, wrong, 60_000), at_ms=NOW + 60_000).result()
    assert record(journal, first.app_trans_id).state is State.MISMATCH
    assert [one.attempt for one in journal.live().result()] == [first, second]
    assert journal.verify().result().ok
    third = an_attempt(journal, sale="s")
    assert isinstance(refused(journal, PaymentPrepared(third)), LiveAttemptError)


def test_paid_needs_its_settling_in_the_same_write(journal: Journal) -> None:
    attempt = an_attempt(journal)
    tell(journal, attempt)
    assert isinstance(refused(journal, paid(attempt)[0]), LawlessEntryError)
    tell_late = failed(attempt)
    journal.write(*tell_late, at_ms=NOW).result()
    assert isinstance(refused(journal, paid(attempt)[0]), LawlessEntryError), "the settling of FAILED does not count"


@pytest.mark.parametrize("case", ["live", "other state", "other number", "no proof"])
def test_a_settling_says_what_the_evidence_proves(journal: Journal, case: str) -> None:
    attempt = an_attempt(journal)
    tell(journal, attempt)
    proof = {"no proof": ()}.get(case, paid(attempt)[:1])
    state = {"live": State.SENDING, "other state": State.FAILED}.get(case, State.PAID)
    number = "another" if case == "other number" else number_of(attempt)
    entries = (*proof, PaymentSettled(attempt.app_trans_id, state, number))
    assert isinstance(refused(journal, *entries), LawlessEntryError)


def test_an_answer_without_sending_is_lawless(journal: Journal) -> None:
    attempt = an_attempt(journal)
    journal.write(PaymentPrepared(attempt), at_ms=NOW).result()
    answer = answered(attempt, Source.CREATE, Answer(AnswerClass.PROCESSING), 300)
    assert isinstance(refused(journal, answer), LawlessEntryError)


@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_is_positive(journal: Journal, amount: int) -> None:
    assert isinstance(refused(journal, PaymentPrepared(an_attempt(journal, amount=amount))), LawlessEntryError)


def test_numbers_are_unique(journal: Journal) -> None:
    first, second = a_day(journal, 2)
    assert isinstance(refused(journal, PaymentPrepared(first)), LawlessEntryError)
    stranger = an_attempt(journal)
    tell(journal, stranger)
    answer = Answer(AnswerClass.PAID, zp_trans_id=number_of(second), amount=AMOUNT)
    proof = answered(stranger, Source.QUERY, answer, 1_000)
    settled = PaymentSettled(stranger.app_trans_id, State.PAID, number_of(second))
    assert isinstance(refused(journal, proof, settled), LawlessEntryError)


def test_entries_belong_to_a_payment(journal: Journal) -> None:
    stranger = an_attempt(journal)
    for entry in (sending(stranger), SlipPrinted(stranger.app_trans_id, 1, "pdf"), paid(stranger)[1]):
        assert isinstance(refused(journal, entry), LawlessEntryError)


def test_a_slip_number_has_its_running_number(journal: Journal) -> None:
    odd = replace(an_attempt(journal), slip_number="no number")
    assert isinstance(refused(journal, PaymentPrepared(odd)), LawlessEntryError)


def test_a_good_entry_goes_with_its_bad_neighbour(journal: Journal) -> None:
    good, bad = an_attempt(journal), an_attempt(journal, amount=0)
    refused(journal, PaymentPrepared(good), PaymentPrepared(bad))
    assert journal.payment(good.app_trans_id).result() is None


def test_a_value_that_cannot_be_written_down(journal: Journal) -> None:
    attempt = an_attempt(journal)
    journal.write(PaymentPrepared(attempt), at_ms=NOW).result()
    refused(journal, SlipPrinted(attempt.app_trans_id, 1, "\ud800"))
    refused(journal, SlipPrinted(attempt.app_trans_id, True, "pdf"))


def test_a_full_disk_stops_new_entries_and_nothing_else(journal: Journal) -> None:
    before = a_day(journal)
    pages = journal._writer.do(lambda: journal._file.pragma("page_count")).result()[0][0]
    journal._writer.do(lambda: journal._file.pragma(f"max_page_count = {pages}")).result()
    attempt, kept = an_attempt(journal), 0
    while (error := journal.write(PaymentPrepared(attempt), at_ms=NOW).exception()) is None:
        attempt, kept = an_attempt(journal), kept + 1
        assert kept < 200
    assert isinstance(error, StorageFullError)
    assert error.title.vi == "Không lưu được – tạm dừng thu"
    assert journal.payment(attempt.app_trans_id).result() is None
    assert len(journal.recent(999).result()) == len(before) + kept, "reading goes on"
    assert journal.verify().result().ok
    journal._writer.do(lambda: journal._file.pragma("max_page_count = 1000000")).result()
    journal.write(PaymentPrepared(attempt), at_ms=NOW).result()
    assert journal.payment(attempt.app_trans_id).result() is not None


def test_room_left(journal: Journal) -> None:
    assert journal.room_left(1)
    assert not journal.room_left(10**18)
    shutil.rmtree(journal._folder)
    assert not journal.room_left(1), "a folder that is gone has no room"


# --- lists ---------------------------------------------------------------------------------------------------------


def test_lists(journal: Journal) -> None:
    attempts = [an_attempt(journal, at_ms=NOW + minute * MINUTE_MS) for minute in range(6)]
    ends: dict[int, tuple[Entry, ...]] = {1: paid(attempts[1]), 3: failed(attempts[3]), 4: paid(attempts[4])}
    for n, attempt in enumerate(attempts):
        tell(journal, attempt, *ends.get(n, ()), at_ms=NOW + n * MINUTE_MS)

    def told(records: tuple[PaymentRecord, ...]) -> list[int]:
        return [attempts.index(one.attempt) for one in records]

    assert told(journal.live().result()) == [0, 2, 5]
    assert told(journal.recent(3).result()) == [5, 4, 3]
    assert told(journal.recent(0).result()) == []
    assert told(journal.between(NOW + MINUTE_MS, NOW + 4 * MINUTE_MS).result()) == [1, 2, 3]
    assert told(journal.between(0, NOW).result()) == []
    assert told(journal.sale_attempts(attempts[2].sale_id).result()) == [2]
    assert told(journal.watched(NOW + 3 * MINUTE_MS).result()) == [3]
    assert told(journal.watched(NOW + HOUR_MS).result()) == [3], "nobody has answered since the window was over"
    assert told(journal.watched(NOW + STATUS_VALID_MS + HOUR_MS).result()) == []


def test_lists_take_two_queries_however_long(journal: Journal) -> None:
    a_day(journal, 12)
    asked: list[str] = []

    def note(*about: object) -> None:
        asked.append(str(about[2]))

    event.listen(journal._file.connection.engine, "before_cursor_execute", note)
    works: list[Callable[[], Future[tuple[PaymentRecord, ...]]]] = [
        lambda: journal.recent(10),
        lambda: journal.between(0, NOW * 2),
        lambda: journal.sale_attempts("sale-1"),
    ]
    for work in works:
        asked.clear()
        work().result()
        assert len([one for one in asked if one.startswith("SELECT")]) == 2


@pytest.mark.parametrize(
    "select",
    [
        "payment WHERE prepared_at_ms >= 1 AND prepared_at_ms < 2 ORDER BY prepared_at_ms",
        "payment WHERE sale_id = 's'",
        "payment WHERE state IN ('sending', 'unknown')",
        "entry WHERE app_trans_id = 'x' ORDER BY n",
    ],
)
def test_lists_use_an_index(journal: Journal, select: str) -> None:
    plan = journal._in_transaction(
        lambda connection: str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN SELECT * FROM {select}").all())
    ).result()
    assert "USING INDEX" in plan
    assert "TEMP B-TREE" not in plan


# --- threads -------------------------------------------------------------------------------------------------------


def test_running_numbers_never_repeat(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        with ThreadPoolExecutor(8) as pool:
            given_out = list(pool.map(lambda _: journal.next_running(), range(2_000)))
        assert sorted(given_out) == list(range(1, 2_001))
        attempt = an_attempt(journal)
        journal.write(PaymentPrepared(attempt), at_ms=NOW).result()
    with journal_in(tmp_path) as journal:
        assert journal.next_running() == 2_002


def test_the_writer_thread_cannot_wait_for_itself(journal: Journal) -> None:
    with pytest.raises(RuntimeError, match="wait for itself"):
        journal._writer.do(lambda: journal.recent(1).result()).result()


def test_what_was_handed_over_is_written_though_nobody_waits(journal: Journal) -> None:
    hold = threading.Event()
    journal._writer.do(hold.wait)
    attempt = an_attempt(journal)
    future = journal.write(PaymentPrepared(attempt), at_ms=NOW)
    assert not future.cancel()
    hold.set()
    assert journal.payment(attempt.app_trans_id).result() is not None


def test_many_threads_write_at_once(journal: Journal) -> None:
    with ThreadPoolExecutor(8) as pool:
        attempts = list(pool.map(lambda _: a_day(journal, 1)[0], range(24)))
    assert {one.attempt.slip_number for one in journal.recent(99).result()} == {one.slip_number for one in attempts}
    assert journal.verify().result().ok


def test_closing_finishes_the_work_and_may_be_repeated(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    attempts = [an_attempt(journal) for _ in range(20)]
    futures = [journal.write(PaymentPrepared(attempt), at_ms=NOW) for attempt in attempts]
    journal.close()
    journal.close()
    assert all(future.done() and future.exception() is None for future in futures)
    with pytest.raises(CannotStoreError):
        journal.write(SlipPrinted(attempts[0].app_trans_id, 1, "pdf"), at_ms=NOW).result()
    with journal_in(tmp_path) as again:
        assert len(again.recent(99).result()) == 20


# --- any story -----------------------------------------------------------------------------------------------------

ANSWERS = [
    None,
    Answer(AnswerClass.PROCESSING),
    Answer(AnswerClass.NEGATIVE, 2, sub_return_code=-63),
    Answer(AnswerClass.REFUSED, 2, sub_return_code=-401),
    Answer(AnswerClass.NOT_FOUND),
    Answer(AnswerClass.UNUSABLE, fault="cut"),
    Answer(AnswerClass.PAID, zp_trans_id="zp-wrong", amount=1),
]
STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["prepare", "not_sent", "sending", "create", "query", "query", "paid", "settle", "slip"]),
        st.sampled_from(ANSWERS),
        st.sampled_from([300, 1_000, 6_000, 7 * MINUTE_MS, 8 * MINUTE_MS]),
    ),
    max_size=25,
)


def story_entries(attempt: Attempt, what: str, answer: Answer | None, after_ms: int) -> tuple[Entry, ...]:
    number = attempt.app_trans_id
    proof = answered(attempt, Source.QUERY, paid_answer(attempt), after_ms)
    entries: dict[str, tuple[Entry, ...]] = {
        "prepare": (PaymentPrepared(attempt),),
        "not_sent": (EvidenceAdded(number, Evidence(Source.NOT_SENT, NOW, NOW, cause="refused")),),
        "sending": (sending(attempt),),
        "create": (answered(attempt, Source.CREATE, answer, after_ms),),
        "query": (answered(attempt, Source.QUERY, answer, after_ms),),
        "paid": (proof, PaymentSettled(number, State.PAID, number_of(attempt))),
        "settle": (PaymentSettled(number, State.FAILED, ""),),
        "slip": (SlipPrinted(number, 1, "58 mm"),),
    }
    return entries[what]


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_any_story_reads_the_same_after_reopening(steps: list[tuple[int, str, Answer | None, int]]) -> None:
    with TemporaryDirectory(dir=MEMORY) as place:
        folder = Path(place)
        kept: dict[str, list[tuple[int, Entry]]] = {}
        with journal_in(folder) as journal:
            attempts = [an_attempt(journal, sale=f"sale-{n % 2}") for n in range(4)]
            for at_ms, (which, what, answer, after_ms) in enumerate(steps, start=NOW):
                entries = story_entries(attempts[which], what, answer, after_ms)
                try:
                    journal.write(*entries, at_ms=at_ms).result()
                except (LawlessEntryError, LiveAttemptError):
                    continue
                kept.setdefault(attempts[which].app_trans_id, []).extend((at_ms, one) for one in entries)
            before = journal.recent(99).result()
            report = journal.verify().result()
        with journal_in(folder) as journal:
            assert journal.recent(99).result() == before
            assert journal.verify().result().ok
    assert report.ok, report.problems
    assert {one.attempt.app_trans_id: list(one.entries) for one in before} == kept
    for one in before:
        verdict = fold(one.attempt, reversed(one.evidence))
        assert (one.state, one.zp_trans_id) == (verdict.state, verdict.zp_trans_id)
        assert [at_ms for at_ms, _ in one.entries] == sorted(at_ms for at_ms, _ in one.entries)
