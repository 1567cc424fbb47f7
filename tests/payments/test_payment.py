"""The fold: what proves what, and that no order, repetition or lateness of the evidence can change it."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.payments import payment
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment import (
    AGREE_AFTER_MS,
    CLOCK_MARGIN_MS,
    DECIDED,
    GATEWAY_WINDOW_MS,
    HOUR_MS,
    LIVE,
    MINUTE_MS,
    NEGATIVE,
    NOT_FOUND_APART_MS,
    RULES,
    TRANSITIONS,
    Attempt,
    Evidence,
    Source,
    State,
    Verdict,
    came_late,
    certain_from_ms,
    fence_ms,
    fold,
    shown_fence_ms,
    watched,
)
from tests.payments.attempts import (
    AMOUNT,
    APP_ID,
    ATTEMPT,
    DAYS_2,
    FENCE,
    ID,
    NOT_SENT,
    SENDING,
    T0,
    S,
    cancel,
    create,
    decided,
    notified,
    paid_answer,
    query,
)

PAID, PROCESSING, NEGATIVE_, REFUSED = (
    AnswerClass.PAID,
    AnswerClass.PROCESSING,
    AnswerClass.NEGATIVE,
    AnswerClass.REFUSED,
)
DUPLICATE, NOT_FOUND, UNUSABLE = AnswerClass.DUPLICATE, AnswerClass.NOT_FOUND, AnswerClass.UNUSABLE
LATE = FENCE + NOT_FOUND_APART_MS

# Every row of the reliability tables 3.3 and 3.4 that the core knows: what happened after SENDING → the state.
ROWS: dict[str, tuple[list[Evidence], State]] = {
    "no answer yet": ([], State.SENDING),
    "create: no answer at all": ([create(None)], State.UNKNOWN),
    "create: unusable": ([create(UNUSABLE)], State.UNKNOWN),
    "create: paid is a claim to confirm": ([create(PAID, zp="z1")], State.PROCESSING),
    "create: processing": ([create(PROCESSING, zp="z1")], State.PROCESSING),
    "create: duplicate id is asked about": ([create(DUPLICATE)], State.PROCESSING),
    "create: refused is one word only": ([create(REFUSED, sub=-401)], State.PROCESSING),
    "create: refused, the question too": (
        [create(REFUSED, sub=-402), query(Answer(UNUSABLE, 2, -402), S)],
        State.FAILED,
    ),
    "create: refused, the question too, but before": (
        [create(REFUSED, sub=-402, received=2 * S), query(Answer(UNUSABLE, 2, -402), S)],
        State.PROCESSING,
    ),
    "create: refused, no such order": (
        [create(REFUSED, sub=-401), query(NOT_FOUND, 300 + AGREE_AFTER_MS)],
        State.FAILED,
    ),
    "create: refused, yet the gateway has it": ([create(REFUSED, sub=-401), query(PROCESSING, S)], State.PROCESSING),
    "create: one negative is no proof": ([create(NEGATIVE_, sub=-63)], State.PROCESSING),
    "create: not found is no answer to a charge": ([create(NOT_FOUND)], State.UNKNOWN),
    "query: paid": ([create(PROCESSING, zp="z1"), query(paid_answer(), S)], State.PAID),
    "query: paid, no create answer": ([create(None), query(paid_answer(), S)], State.PAID),
    "query: paid before the create answer": (
        [query(paid_answer(), S), create(PAID, zp="z1", received=2 * S)],
        State.PAID,
    ),
    "query: paid after a refusal": ([create(REFUSED), query(paid_answer(), S)], State.PAID),
    "query: other amount": ([query(paid_answer(amount=200), S)], State.MISMATCH),
    "query: no amount": ([query(paid_answer(amount=None), S)], State.MISMATCH),
    "query: other order": ([query(paid_answer(app_trans_id="261122_x"), S)], State.MISMATCH),
    "query: other app": ([query(paid_answer(app_id=1), S)], State.MISMATCH),
    "query: no number": ([query(paid_answer(zp=""), S)], State.MISMATCH),
    "query: number changed": ([create(PAID, zp="z2"), query(paid_answer("z1"), S)], State.MISMATCH),
    "query: names neither order nor app": ([query(paid_answer(app_trans_id="", app_id=None), S)], State.PAID),
    "query: wrong, then right": ([query(paid_answer(amount=1), S), query(paid_answer(), 3 * S)], State.PAID),
    "query: processing": ([create(None), query(PROCESSING, S)], State.PROCESSING),
    "query: unusable": ([create(None), query(UNUSABLE, S)], State.UNKNOWN),
    "query: unusable only": ([query(UNUSABLE, S)], State.UNKNOWN),
    "told: paid is a reason to ask, no proof": ([create(None), notified(S)], State.PROCESSING),
    "told, and asked: paid": ([notified(S), query(paid_answer(), 2 * S)], State.PAID),
    "told: other amount": ([create(PROCESSING), notified(S, amount=1)], State.MISMATCH),
    "told: other app": ([create(PROCESSING), notified(S, app_id=1)], State.MISMATCH),
    "told: another number than at the create": ([create(PROCESSING, zp="z2"), notified(S)], State.MISMATCH),
    "told: nothing closes as not paid": ([create(NEGATIVE_), query(NEGATIVE_, S), notified(2 * S)], State.PROCESSING),
    "told: not found proves nothing": (
        [create(None), notified(S), query(NOT_FOUND, FENCE), query(NOT_FOUND, LATE)],
        State.PROCESSING,
    ),
    "told: a cancel that was taken proves nothing": (
        [create(PROCESSING), cancel(PAID, S), query(NEGATIVE_, 2 * S), notified(3 * S)],
        State.PROCESSING,
    ),
    "told: a person may still decide": ([create(None), notified(S), decided(paid=False)], State.MANUAL_UNPAID),
    "query: not found twice by a clock that was behind": (
        [create(None), query(NOT_FOUND, LATE, LATE + S), query(NOT_FOUND, FENCE, LATE + 7 * S)],
        State.UNKNOWN,
    ),
    "query: failed twice by a clock that was behind": (
        [create(None), query(NEGATIVE_, 60 * S, 61 * S), query(NEGATIVE_, 0, 62 * S)],
        State.UNKNOWN,
    ),
    "query: -49 may mean not paid yet": (
        [create(NEGATIVE_, sub=-63), query(Answer(NOT_FOUND, 2, -49), 60 * S)],
        State.PROCESSING,
    ),
    "query: -49 after the fence": (
        [create(NEGATIVE_, sub=-63), query(Answer(NOT_FOUND, 2, -49), FENCE)],
        State.FAILED,
    ),
    "query: failed agrees with create": ([create(NEGATIVE_, sub=-63), query(NEGATIVE_, S)], State.FAILED),
    "query: failed, asked before create's answer": (
        [create(NEGATIVE_, received=2 * S), query(NEGATIVE_, S)],
        State.PROCESSING,
    ),
    "query: failed 5 s after create": ([create(PROCESSING), query(NEGATIVE_, 300 + AGREE_AFTER_MS)], State.FAILED),
    "query: failed sooner": ([create(PROCESSING), query(NEGATIVE_, 299 + AGREE_AFTER_MS)], State.PROCESSING),
    "query: failed 5 s after nothing usable": ([create(UNUSABLE), query(NEGATIVE_, 9 * S)], State.UNKNOWN),
    "query: failed twice": ([create(None), query(NEGATIVE_, S), query(NEGATIVE_, S + AGREE_AFTER_MS)], State.FAILED),
    "query: failed twice too close": ([create(None), query(NEGATIVE_, S), query(NEGATIVE_, 3 * S)], State.UNKNOWN),
    "query: the same failed twice": ([create(None), query(NEGATIVE_, S), query(NEGATIVE_, S)], State.UNKNOWN),
    "query: not found after create failed": ([create(NEGATIVE_), query(NOT_FOUND, 300 + AGREE_AFTER_MS)], State.FAILED),
    "query: not found just after create failed": ([create(NEGATIVE_), query(NOT_FOUND, S)], State.PROCESSING),
    "query: not found before the fence": (
        [create(None), query(NOT_FOUND, S), query(NOT_FOUND, FENCE - 1)],
        State.UNKNOWN,
    ),
    "query: not found once": ([create(None), query(NOT_FOUND, LATE)], State.UNKNOWN),
    "query: not found twice": ([create(None), query(NOT_FOUND, FENCE), query(NOT_FOUND, LATE)], State.NOT_CREATED),
    "query: not found twice too close": (
        [create(None), query(NOT_FOUND, FENCE + 1), query(NOT_FOUND, LATE)],
        State.UNKNOWN,
    ),
    "query: one early, one late": ([create(None), query(NOT_FOUND, FENCE - 1), query(NOT_FOUND, LATE)], State.UNKNOWN),
    "F37: asked early, came late": (
        [create(None), query(NOT_FOUND, FENCE - 1, LATE), query(NOT_FOUND, FENCE - 2, LATE + 60 * S)],
        State.UNKNOWN,
    ),
    "query: not found after 48 h": (
        [create(None), query(NOT_FOUND, DAYS_2), query(NOT_FOUND, DAYS_2 + 60 * S)],
        State.UNKNOWN,
    ),
    "query: not found around 48 h": (
        [create(None), query(NOT_FOUND, DAYS_2 - 1), query(NOT_FOUND, DAYS_2 + 60 * S)],
        State.UNKNOWN,
    ),
    "claimed, then gone": ([create(PAID, zp="z1"), query(NOT_FOUND, FENCE), query(NOT_FOUND, LATE)], State.MISMATCH),
    "claimed, then failed": ([create(PAID, zp="z1"), query(NEGATIVE_, 9 * S)], State.MISMATCH),
    "F33: failed, later paid": ([create(NEGATIVE_), query(NEGATIVE_, S), query(paid_answer(), MINUTE_MS)], State.PAID),
    "not created, later paid": (
        [create(None), query(NOT_FOUND, FENCE), query(NOT_FOUND, LATE), query(paid_answer(), LATE + S)],
        State.PAID,
    ),
    "failed, later wrong money": (
        [create(NEGATIVE_), query(NEGATIVE_, S), query(paid_answer(amount=1), 9 * S)],
        State.MISMATCH,
    ),
    "F42: paid, later failed": (
        [create(PAID, zp="z1"), query(paid_answer(), S), query(NEGATIVE_, 20 * S), query(NEGATIVE_, 30 * S)],
        State.PAID,
    ),
    "not found, but the gateway had it": (
        [create(PROCESSING), query(NOT_FOUND, FENCE), query(NOT_FOUND, LATE)],
        State.PROCESSING,
    ),
    "not found, then the gateway has it": (
        [create(None), query(NOT_FOUND, FENCE), query(NOT_FOUND, LATE), query(PROCESSING, LATE + S)],
        State.PROCESSING,
    ),
    "cancel taken": ([create(PROCESSING), cancel(PAID, 2 * S)], State.PROCESSING),
    "cancel taken, a question agrees": (
        [create(PROCESSING), cancel(PAID, 2 * S), query(NEGATIVE_, 2 * S + 100)],
        State.CANCELLED,
    ),
    "cancel taken, the order is gone": (
        [create(PROCESSING), query(PROCESSING, S), cancel(PAID, 2 * S), query(NOT_FOUND, 2 * S + 100)],
        State.CANCELLED,
    ),
    "cancel taken, not found in books that never had it": (
        [create(PROCESSING), cancel(PAID, 2 * S), query(NOT_FOUND, 2 * S + 100), query(NOT_FOUND, FENCE - 1)],
        State.PROCESSING,
    ),
    "cancel taken, not found before it was": (
        [create(PROCESSING), cancel(PAID, 2 * S), query(NOT_FOUND, 3 * S), query(PROCESSING, 4 * S)],
        State.PROCESSING,
    ),
    "cancel taken, never found, its time is over": (
        [create(PROCESSING), cancel(PAID, 2 * S), query(NOT_FOUND, FENCE)],
        State.CANCELLED,
    ),
    "cancel taken, asked before its answer": (
        [create(PROCESSING), cancel(PAID, 2 * S), query(NEGATIVE_, 2 * S + 99)],
        State.PROCESSING,
    ),
    "cancel taken, the charge may still come": (
        [create(UNUSABLE), cancel(PAID, 3 * S), query(NOT_FOUND, 4 * S)],
        State.UNKNOWN,
    ),
    "cancel taken, it cannot come any more": (
        [create(UNUSABLE), cancel(PAID, 3 * S), query(NOT_FOUND, FENCE)],
        State.CANCELLED,
    ),
    "cancel taken, though claimed paid": (
        [create(PAID, zp="z1"), cancel(PAID, S), query(NOT_FOUND, 2 * S)],
        State.PROCESSING,
    ),
    "cancel not taken": ([create(PROCESSING), cancel(UNUSABLE, 2 * S), query(NOT_FOUND, 9 * S)], State.PROCESSING),
    "cancel taken, paid all the same": (
        [create(PROCESSING), cancel(PAID, 2 * S), query(NEGATIVE_, 3 * S), query(paid_answer(), 9 * S)],
        State.PAID,
    ),
    "decided paid": ([create(None), decided(paid=True)], State.MANUAL_PAID),
    "decided not paid": ([create(None), decided(paid=False)], State.MANUAL_UNPAID),
    "decided twice: the later counts": (
        [create(None), decided(paid=True), decided(paid=False, at=DAYS_2)],
        State.MANUAL_UNPAID,
    ),
    "decided about wrong money": ([query(paid_answer(amount=200), S), decided(paid=False)], State.MANUAL_UNPAID),
    "decided paid, denied": (
        [create(None), decided(paid=True), query(NEGATIVE_, LATE), query(NEGATIVE_, LATE + 9 * S)],
        State.MANUAL_PAID,
    ),
    "decided not paid, paid": ([create(None), decided(paid=False), query(paid_answer(), LATE)], State.PAID),
    "processing for an hour": ([create(PROCESSING), query(PROCESSING, 60 * MINUTE_MS)], State.PROCESSING),
}


@pytest.mark.parametrize("row", ROWS)
def test_each_row_of_the_tables_gives_its_state_in_every_order(row: str) -> None:
    evidence, state = ROWS[row]
    for order in itertools.permutations([SENDING, *evidence]):
        assert fold(ATTEMPT, order).state is state


def test_before_anything_left() -> None:
    assert fold(ATTEMPT, []).state is State.PREPARED
    assert fold(ATTEMPT, [NOT_SENT]).state is State.NOT_SENT
    assert fold(ATTEMPT, [NOT_SENT, SENDING]).state is State.SENDING, "bytes may have left: no longer provable"


def test_paid_keeps_its_number_and_raises_the_alarm_on_a_conflict() -> None:
    paid = [SENDING, create(PAID, zp="z1"), query(paid_answer(), S)]
    assert fold(ATTEMPT, paid) == Verdict(State.PAID, "z1", paid_answer(), conflict=False)
    denied = fold(ATTEMPT, [*paid, query(NEGATIVE_, 20 * S)])
    assert (denied.state, denied.zp_trans_id, denied.conflict) == (State.PAID, "z1", True)
    other = fold(ATTEMPT, [*paid, query(paid_answer("z2"), 20 * S)])
    assert (other.state, other.zp_trans_id, other.conflict) == (State.PAID, "z1", True)
    wrong = fold(ATTEMPT, [*paid, query(paid_answer(amount=1), 20 * S)])
    assert (wrong.state, wrong.conflict) == (State.PAID, True)


def test_failed_says_why_and_flags_a_later_processing() -> None:
    failed = [SENDING, create(NEGATIVE_, sub=-63), query(NEGATIVE_, S)]
    verdict = fold(ATTEMPT, failed)
    assert verdict.because is not None
    assert verdict.because.sub_return_code == -63
    assert not verdict.conflict
    assert fold(ATTEMPT, [*failed, query(PROCESSING, 2 * S)]).conflict


SHOWN = replace(ATTEMPT, expires_at_ms=T0 + 60 * S)


@pytest.mark.parametrize(
    ("came", "state"),
    [
        ([query(NEGATIVE_, 65 * S)], State.EXPIRED),
        ([query(NEGATIVE_, 64 * S)], State.PROCESSING),
        ([query(NEGATIVE_, 20 * S), query(NEGATIVE_, 59 * S)], State.PROCESSING),  # the customer may try again
        ([query(NEGATIVE_, 65 * S), query(NEGATIVE_, 59 * S)], State.EXPIRED),
        ([query(PROCESSING, 66 * S)], State.PROCESSING),
        ([query(NEGATIVE_, 65 * S), query(paid_answer(), 70 * S)], State.PAID),
        ([cancel(PAID, 60 * S), query(NEGATIVE_, 61 * S)], State.CANCELLED),
    ],
)
def test_a_shown_order_expires_by_the_gateways_word_after_its_time(came: list[Evidence], state: State) -> None:
    assert fold(SHOWN, [SENDING, create(PROCESSING), *came]).state is state


SILENT = Answer(NOT_FOUND, -49)
"""ZaloPay v1 of an order that nobody has paid: before its end, and after it."""
SURE = 60 * S + CLOCK_MARGIN_MS + GATEWAY_WINDOW_MS


@pytest.mark.parametrize(
    ("came", "state"),
    [
        ([query(SILENT, SURE), query(SILENT, SURE + 30 * S)], State.EXPIRED),
        ([query(SILENT, SURE - 1), query(SILENT, SURE + 30 * S)], State.PROCESSING),
        ([query(SILENT, SURE), query(SILENT, SURE + 29 * S)], State.PROCESSING),
        ([query(SILENT, DAYS_2), query(SILENT, DAYS_2 + 30 * S)], State.PROCESSING),
        ([query(NOT_FOUND, SURE), query(NOT_FOUND, SURE + 30 * S)], State.PROCESSING),
        ([query(PROCESSING, 59 * S), query(SILENT, SURE), query(SILENT, SURE + 30 * S)], State.EXPIRED),
        ([query(PROCESSING, 60 * S), query(SILENT, SURE), query(SILENT, SURE + 30 * S)], State.PROCESSING),
        ([query(SILENT, SURE), query(SILENT, SURE + 30 * S), notified(HOUR_MS)], State.PROCESSING),
        ([query(SILENT, SURE), query(SILENT, SURE + 30 * S), query(paid_answer(), HOUR_MS)], State.PAID),
    ],
)
def test_a_shown_order_of_which_the_gateway_tells_nothing_ends_when_nobody_can_be_paying(
    came: list[Evidence], state: State
) -> None:
    shown = replace(SHOWN, fence_at_ms=shown_fence_ms(T0 + 60 * S))
    for order in itertools.permutations([SENDING, create(PROCESSING), *came]):
        assert fold(shown, order).state is state
    scanned = replace(shown, expires_at_ms=None)
    assert fold(scanned, [SENDING, create(PROCESSING), *came]).state is not State.EXPIRED


def test_silence_is_certain_later_than_the_fence() -> None:
    shown = replace(SHOWN, fence_at_ms=shown_fence_ms(T0 + 60 * S))
    assert certain_from_ms(shown, [query(PROCESSING, S)]) == shown.fence_at_ms
    assert certain_from_ms(shown, [query(SILENT, S)]) == T0 + SURE
    assert certain_from_ms(ATTEMPT, [query(SILENT, S)]) == ATTEMPT.fence_at_ms


@pytest.mark.parametrize(
    "story",
    [
        [
            create(PROCESSING),
            *(query(SILENT, 320 * S + GATEWAY_WINDOW_MS + at * S) for at in (100, 140)),
            query(PROCESSING, HOUR_MS),
        ],
        [create(UNUSABLE), query(NOT_FOUND, 430 * S), query(NOT_FOUND, 470 * S), query(NEGATIVE_, 900 * S)],
        [create(NEGATIVE_, sub=-63), query(NOT_FOUND, 9 * S), query(NEGATIVE_, 310 * S)],
        [create(REFUSED), query(NEGATIVE_, 310 * S)],
    ],
)
def test_every_move_of_a_shown_order_is_lawful(story: list[Evidence]) -> None:
    end = T0 + 5 * MINUTE_MS
    shown = replace(ATTEMPT, expires_at_ms=end, fence_at_ms=shown_fence_ms(end))
    state = State.SENDING
    for count in range(1, len(story) + 1):
        now = fold(shown, [SENDING, *story[:count]]).state
        assert now is state or now in TRANSITIONS[state], f"{state} -> {now}"
        state = now


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("released", [False, True])
def test_money_is_late_when_the_sale_no_longer_waited(before: State, released: bool) -> None:
    waited = before in LIVE or before is State.MANUAL_PAID
    assert came_late(before, State.PAID, released=released) is (released or not waited)
    assert not came_late(before, State.FAILED, released=released)


def test_what_is_told_of_a_charge_that_never_left_proves_nothing() -> None:
    assert fold(ATTEMPT, [NOT_SENT, notified(S)]).state is State.NOT_SENT
    assert fold(ATTEMPT, [notified(S)]).state is State.PREPARED


def test_what_is_told_and_does_not_fit_is_an_alarm() -> None:
    paid = [SENDING, query(paid_answer(), S)]
    assert not fold(ATTEMPT, [*paid, notified(S)]).conflict
    for odd in (notified(S, amount=1), notified(S, zp="z2"), notified(S, app_id=1)):
        verdict = fold(ATTEMPT, [*paid, odd])
        assert (verdict.state, verdict.zp_trans_id, verdict.conflict) == (State.PAID, "z1", True)
    unpaid = [SENDING, create(None), decided(paid=False, at=S)]
    assert fold(ATTEMPT, [*unpaid, notified(2 * S)]).conflict
    assert not fold(ATTEMPT, [SENDING, create(None), decided(paid=True, at=S), notified(2 * S)]).conflict


def test_a_decision_that_the_gateway_contradicts_is_an_alarm() -> None:
    paid = [SENDING, create(None), decided(paid=True)]
    assert not fold(ATTEMPT, paid).conflict
    assert fold(ATTEMPT, [*paid, query(NOT_FOUND, FENCE), query(NOT_FOUND, LATE)]).conflict
    unpaid = [SENDING, query(paid_answer(amount=200), S), decided(paid=False)]
    assert not fold(ATTEMPT, unpaid).conflict, "it was decided knowing that"
    assert fold(ATTEMPT, [*unpaid, query(paid_answer(amount=200), LATE)]).conflict


@pytest.mark.parametrize("created_at", [0, S, 2 * S])
def test_numbers_that_differ_are_a_mismatch_whatever_the_clock_said(created_at: int) -> None:
    """The clock is corrected between two answers, so their stamps may stand in the wrong order."""
    answered = [SENDING, query(paid_answer("z1"), S, S), create(PROCESSING, zp="z2", received=created_at)]
    assert fold(ATTEMPT, answered).state is State.MISMATCH


def test_the_fence_is_the_sooner_of_window_and_code_life() -> None:
    assert fence_ms(T0, 5 * MINUTE_MS) == T0 + 5 * MINUTE_MS + CLOCK_MARGIN_MS
    assert fence_ms(T0, 99 * MINUTE_MS) == T0 + GATEWAY_WINDOW_MS + CLOCK_MARGIN_MS


@pytest.mark.parametrize("state", State)
def test_negatives_are_watched_until_the_gateway_cannot_take_the_request(state: State) -> None:
    end = T0 + GATEWAY_WINDOW_MS + CLOCK_MARGIN_MS
    is_watched = state in DECIDED or state in NEGATIVE - {State.NOT_SENT}
    answered = [query(NEGATIVE_, GATEWAY_WINDOW_MS + CLOCK_MARGIN_MS)]
    assert watched(ATTEMPT, state, answered, T0) is is_watched
    assert watched(ATTEMPT, state, answered, end - 1) is is_watched
    as_long_as_there_are_answers = state in DECIDED
    assert watched(ATTEMPT, state, answered, end) is as_long_as_there_are_answers
    assert not watched(ATTEMPT, state, answered, T0 + DAYS_2)


@pytest.mark.parametrize(
    ("asked", "goes_on"),
    [
        ([], True),
        ([query(NEGATIVE_, GATEWAY_WINDOW_MS + CLOCK_MARGIN_MS - 1)], True),
        ([query(UNUSABLE, HOUR_MS)], True),
        ([query(NEGATIVE_, HOUR_MS)], False),
        ([query(NOT_FOUND, HOUR_MS)], False),
        ([create(NEGATIVE_), query(Answer(UNUSABLE, 2, -402), HOUR_MS)], True),
        ([create(REFUSED), query(Answer(UNUSABLE, 2, -402), HOUR_MS)], False),
    ],
)
def test_what_was_declined_is_watched_until_a_question_of_after_the_window_is_answered(
    asked: list[Evidence], goes_on: bool
) -> None:
    """A network that fails during the window must not end the watch: the customer may have been charged meanwhile."""
    assert watched(ATTEMPT, State.FAILED, asked, T0 + HOUR_MS) is goes_on
    assert watched(ATTEMPT, State.FAILED, asked, T0 + DAYS_2 - 1) is goes_on
    assert not watched(ATTEMPT, State.FAILED, asked, T0 + DAYS_2)


def test_every_state_is_live_negative_decided_or_paid_and_has_its_row() -> None:
    groups = (LIVE, NEGATIVE, DECIDED, {State.PAID})
    assert sorted(state for group in groups for state in group) == sorted(State)
    assert TRANSITIONS.keys() == set(State)
    assert TRANSITIONS[State.PAID] == frozenset()
    assert all(state not in targets for state, targets in TRANSITIONS.items())


# --- any evidence, any order ---------------------------------------------------------------------------------------

ANSWERS = st.builds(
    Answer,
    meaning=st.sampled_from(AnswerClass),
    sub_return_code=st.sampled_from([None, -63, -401]),
    zp_trans_id=st.sampled_from(["z1", "z1", "z2", ""]),
    amount=st.sampled_from([AMOUNT, AMOUNT, 200, None]),
    app_trans_id=st.sampled_from([ID, ID, "", "other"]),
    app_id=st.sampled_from([APP_ID, APP_ID, None, 1]),
)
MOMENTS = st.sampled_from(
    [0, 1, S, 5 * S, 6 * S, 11 * S, FENCE - 1, FENCE, LATE, LATE + 1, DAYS_2 - 1, DAYS_2, DAYS_2 + S]
)
ANY_EVIDENCE = st.builds(
    lambda source, asked, took, answer: Evidence(source, T0 + asked, T0 + asked + took, answer),
    st.sampled_from(Source),
    MOMENTS,
    MOMENTS,
    st.none() | ANSWERS,
)


def _times(draw: st.DrawFn, end: int) -> list[int]:
    return [T0 + at for at in draw(st.lists(st.integers(0, end + 60 * S), max_size=2))]


def until_settled_by_the_gateway(came: list[Evidence]) -> list[Evidence]:
    """No manager decides what the gateway has settled: `acts.forbidden` sees to that."""
    lawful: list[Evidence] = []
    for one in came:
        settled = fold(ATTEMPT, [SENDING, *lawful]).state in NEGATIVE | {State.PAID}
        if one.source not in (Source.DECIDED_PAID, Source.DECIDED_UNPAID) or not settled:
            lawful.append(one)
    return lawful


@st.composite
def arrivals(draw: st.DrawFn) -> list[Evidence]:
    """Evidence as it really comes: the charge, then questions one after another, each answer when it is complete."""
    charge = Evidence(Source.CREATE, T0, T0 + draw(MOMENTS), draw(st.none() | ANSWERS))
    charged = draw(st.sampled_from([[], [charge]]))
    # Nobody asks before the charge was answered or given up: the desk's own order.
    queries, now = [], charge.received_at_ms - T0
    for answer in draw(st.lists(st.none() | ANSWERS, max_size=6)):
        asked = now
        now += draw(st.sampled_from([0, 1, 100, 5 * S, FENCE]))
        queries.append(Evidence(Source.QUERY, T0 + asked, T0 + now, answer))
        now += draw(st.sampled_from([0, 1, 2 * S, 5 * S, 30 * S, FENCE]))
    wishes = [Evidence(Source.CANCEL, at, at, draw(st.none() | ANSWERS)) for at in _times(draw, now)]
    decisions = [
        Evidence(draw(st.sampled_from([Source.DECIDED_PAID, Source.DECIDED_UNPAID])), at, at)
        for at in _times(draw, now)
    ]
    told = [Evidence(Source.NOTIFIED, at, at, replace(draw(ANSWERS), meaning=PAID)) for at in _times(draw, now)]
    came = [*charged, *sorted([*queries, *wishes, *decisions, *told], key=lambda one: one.received_at_ms)]
    came = until_settled_by_the_gateway(came)
    start = draw(st.sampled_from([[SENDING], [SENDING], [NOT_SENT], [NOT_SENT, SENDING]]))
    return start if start == [NOT_SENT] else [*start, *came]


@settings(max_examples=400, deadline=None)
@given(st.lists(ANY_EVIDENCE, max_size=8), st.data())
def test_order_and_repetition_do_not_matter(evidence: list[Evidence], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(evidence), max_size=5)) if evidence else []
    shuffled = data.draw(st.permutations([*evidence, *again]))
    assert fold(ATTEMPT, shuffled) == fold(ATTEMPT, evidence)


@settings(max_examples=400, deadline=None)
@given(arrivals())
def test_evidence_moves_a_payment_only_along_the_table(came: list[Evidence]) -> None:
    assert lawless_move(fold, came) is None


@settings(max_examples=400, deadline=None)
@given(st.lists(ANY_EVIDENCE, max_size=8))
def test_paid_needs_our_question_our_order_our_amount(evidence: list[Evidence]) -> None:
    verdict = fold(ATTEMPT, evidence)
    proofs = [
        one
        for one in evidence
        if one.source is Source.QUERY
        and one.answer
        and one.answer.meaning is PAID
        and one.answer.amount == AMOUNT
        and one.answer.app_trans_id in (ID, "")
        and one.answer.app_id in (APP_ID, None)
        and one.answer.zp_trans_id
    ]
    if verdict.state is State.PAID:
        assert proofs
        assert verdict.zp_trans_id in {one.answer.zp_trans_id for one in proofs if one.answer}
    decided = any(one.source in (Source.DECIDED_PAID, Source.DECIDED_UNPAID) for one in evidence)
    if proofs and not decided:
        assert verdict.state in (State.PAID, State.MISMATCH), "positive evidence beats every negative"


@settings(max_examples=400, deadline=None)
@given(st.lists(ANY_EVIDENCE, max_size=8))
def test_not_paid_needs_its_proof(evidence: list[Evidence]) -> None:
    state = fold(ATTEMPT, evidence).state
    said = {one.answer.meaning for one in evidence if one.answer}
    if state is State.FAILED:
        assert said & {REFUSED, NEGATIVE_}
    if state is State.NOT_CREATED:
        asked = [one.asked_at_ms for one in evidence if one.answer and one.answer.meaning is NOT_FOUND]
        fresh = [at for at in asked if ATTEMPT.fence_at_ms <= at < T0 + DAYS_2]
        assert max(fresh) - min(fresh) >= NOT_FOUND_APART_MS
    if state in NEGATIVE:
        assert not any(one.source is Source.QUERY and one.answer and one.answer.meaning is PAID for one in evidence)
        if state is State.NOT_SENT:
            assert not any(one.source is Source.SENDING for one in evidence)


# --- controls: the tests above can fail ----------------------------------------------------------------------------

Fold = Callable[[Attempt, Iterable[Evidence]], Verdict]


def lawless_move(rules: Fold, came: Sequence[Evidence]) -> tuple[State, State] | None:
    state = State.PREPARED
    for count in range(1, len(came) + 1):
        after = rules(ATTEMPT, came[:count]).state
        if after is not state and after not in TRANSITIONS[state]:
            return state, after
        state = after
    return None


def counts_when_received(attempt: Attempt, evidence: Iterable[Evidence]) -> Verdict:
    """The fault of the prototype: an answer counts as of its arrival."""
    return fold(attempt, [replace(one, asked_at_ms=one.received_at_ms) for one in evidence])


def last_word_wins(attempt: Attempt, evidence: Iterable[Evidence]) -> Verdict:
    return fold(attempt, list(evidence)[-1:])


def counts_every_copy(attempt: Attempt, evidence: Iterable[Evidence]) -> Verdict:
    """Takes a doubled "failed" for a second opinion."""
    seen: dict[Evidence, int] = {}
    for one in evidence:
        seen[one] = seen.get(one, 0) + 1
    doubled = [
        replace(
            one,
            asked_at_ms=one.asked_at_ms + n * AGREE_AFTER_MS,
            received_at_ms=one.received_at_ms + n * AGREE_AFTER_MS,
        )
        for one, times in seen.items()
        for n in range(times)
    ]
    return fold(attempt, doubled)


def test_control_counting_arrivals_is_found_by_the_stale_not_found_row() -> None:
    evidence, state = ROWS["F37: asked early, came late"]
    assert counts_when_received(ATTEMPT, [SENDING, *evidence]).state is State.NOT_CREATED is not state


def test_control_the_last_word_is_found_by_order_and_by_the_table() -> None:
    evidence, state = ROWS["F42: paid, later failed"]
    came = [SENDING, *evidence]
    assert last_word_wins(ATTEMPT, came).state is not state
    assert last_word_wins(ATTEMPT, came) != last_word_wins(ATTEMPT, came[::-1])
    assert lawless_move(last_word_wins, came) is not None


def test_control_counting_copies_is_found_by_repetition() -> None:
    one = [SENDING, create(None), query(NEGATIVE_, S)]
    assert (
        counts_every_copy(ATTEMPT, [*one, one[-1]]).state is State.FAILED is not counts_every_copy(ATTEMPT, one).state
    )


@pytest.mark.parametrize("dropped", [State.MISMATCH, State.NOT_CREATED, State.PROCESSING, State.PAID, State.FAILED])
def test_control_a_fold_without_one_rule_fails_some_row(dropped: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payment, "RULES", tuple(rule for rule in RULES if rule[0] is not dropped))
    assert any(fold(ATTEMPT, [SENDING, *evidence]).state is not state for evidence, state in ROWS.values())


def test_control_negatives_before_positives_fail_some_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        payment, "RULES", tuple(sorted(RULES, key=lambda rule: rule[0] in (State.PAID, State.MISMATCH)))
    )
    assert any(fold(ATTEMPT, [SENDING, *evidence]).state is not state for evidence, state in ROWS.values())
