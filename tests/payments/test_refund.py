"""Refunds: what proves what, in any order; the cap; ids; every code of the two calls."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.payments.answer import Answer, AnswerClass, Call, classify_cancel, classify_refund
from pos_app.payments.payment import AGREE_AFTER_MS, NOT_FOUND_APART_MS, STATUS_VALID_MS, Evidence, Source
from pos_app.payments.refund import (
    NOT_REFUNDED,
    OPEN,
    REFUND_ID_LENGTH_MAX,
    REFUND_TRANSITIONS,
    Refund,
    RefundState,
    fold_refund,
    left_to_refund,
    refund_fence_ms,
    refund_number,
    still_asked,
)
from tests.payments.attempts import APP_ID, ID, NOT_SENT, SENDING, T0, S

REFUND = Refund("261122_2553_02k7qx000149", "02-000149", ID, "z1", 25_000, APP_ID, T0, "press-1", "hoàn")
FENCE = refund_fence_ms(REFUND) - T0
LATE = FENCE + NOT_FOUND_APART_MS
PAID, PROCESSING, NEGATIVE = AnswerClass.PAID, AnswerClass.PROCESSING, AnswerClass.NEGATIVE
REFUSED, DUPLICATE = AnswerClass.REFUSED, AnswerClass.DUPLICATE
NOT_FOUND, UNUSABLE = AnswerClass.NOT_FOUND, AnswerClass.UNUSABLE


def asked(meaning: AnswerClass, at: int = 300) -> Evidence:
    """The answer to the refund itself, received `at` ms after it was sent."""
    return Evidence(Source.CREATE, T0, T0 + at, Answer(meaning))


def query(meaning: AnswerClass, at: int) -> Evidence:
    return Evidence(Source.QUERY, T0 + at, T0 + at + 100, Answer(meaning))


ROWS: dict[str, tuple[list[Evidence], RefundState]] = {
    "sent, no answer yet": ([], RefundState.SENDING),
    "no usable answer": ([asked(UNUSABLE)], RefundState.UNKNOWN),
    "1 may only mean accepted": ([asked(PAID)], RefundState.PROCESSING),
    "processing": ([asked(PROCESSING)], RefundState.PROCESSING),
    "confirmed": ([asked(PROCESSING), query(PAID, S)], RefundState.DONE),
    "confirmed, though the answer was lost": ([asked(UNUSABLE), query(PAID, S)], RefundState.DONE),
    "refused is one word only": ([asked(REFUSED)], RefundState.PROCESSING),
    "refused, and no such refund": ([asked(REFUSED), query(NOT_FOUND, 300 + AGREE_AFTER_MS)], RefundState.FAILED),
    "refused, the question too": (
        [asked(REFUSED), Evidence(Source.QUERY, T0 + S, T0 + S, Answer(UNUSABLE, 2, -402))],
        RefundState.FAILED,
    ),
    "refused, yet done": ([asked(REFUSED), query(PAID, S)], RefundState.DONE),
    "one negative is no proof": ([asked(NEGATIVE)], RefundState.PROCESSING),
    "negative, and the question refused": (
        [asked(NEGATIVE), Evidence(Source.QUERY, T0 + S, T0 + S, Answer(UNUSABLE, 2, -402))],
        RefundState.PROCESSING,
    ),
    "two negatives": ([asked(NEGATIVE), query(NEGATIVE, S)], RefundState.FAILED),
    "negative, asked before the answer": ([asked(NEGATIVE, 2 * S), query(NEGATIVE, S)], RefundState.PROCESSING),
    "negative, then no such refund": ([asked(NEGATIVE), query(NOT_FOUND, 300 + AGREE_AFTER_MS)], RefundState.FAILED),
    "negative, then no such refund at once": ([asked(NEGATIVE), query(NOT_FOUND, S)], RefundState.PROCESSING),
    "accepted, later failed once": ([asked(PAID), query(NEGATIVE, S)], RefundState.PROCESSING),
    "accepted, later failed twice": (
        [asked(PAID), query(NEGATIVE, S), query(NEGATIVE, S + AGREE_AFTER_MS)],
        RefundState.FAILED,
    ),
    "failed twice without an answer to the refund": (
        [asked(UNUSABLE), query(NEGATIVE, S), query(NEGATIVE, S + AGREE_AFTER_MS)],
        RefundState.FAILED,
    ),
    "failed twice too close": ([asked(UNUSABLE), query(NEGATIVE, S), query(NEGATIVE, 2 * S)], RefundState.UNKNOWN),
    "not found before the fence": (
        [asked(UNUSABLE), query(NOT_FOUND, S), query(NOT_FOUND, FENCE - 1)],
        RefundState.UNKNOWN,
    ),
    "not found once after it": ([asked(UNUSABLE), query(NOT_FOUND, LATE)], RefundState.UNKNOWN),
    "not found twice after it": (
        [asked(UNUSABLE), query(NOT_FOUND, FENCE), query(NOT_FOUND, LATE)],
        RefundState.NOT_CREATED,
    ),
    "not found, but the gateway had it": (
        [asked(DUPLICATE), query(NOT_FOUND, FENCE), query(NOT_FOUND, LATE)],
        RefundState.PROCESSING,
    ),
    "failed, later done": ([asked(NEGATIVE), query(NEGATIVE, S), query(PAID, LATE)], RefundState.DONE),
    "a duplicate is asked about": ([asked(DUPLICATE)], RefundState.PROCESSING),
}


@pytest.mark.parametrize("row", ROWS)
def test_rows(row: str) -> None:
    came, state = ROWS[row]
    assert fold_refund(REFUND, [SENDING, *came]).state is state


def test_before_anything_left() -> None:
    assert fold_refund(REFUND, []).state is RefundState.REQUESTED
    assert fold_refund(REFUND, [NOT_SENT]).state is RefundState.NOT_SENT
    assert fold_refund(REFUND, [NOT_SENT, SENDING]).state is RefundState.SENDING


ANY = st.builds(
    lambda source, at, took, meaning: Evidence(source, T0 + at, T0 + at + took, Answer(meaning)),
    st.sampled_from([Source.SENDING, Source.NOT_SENT, Source.CREATE, Source.QUERY]),
    st.sampled_from([0, S, 5 * S, 6 * S, 11 * S, FENCE - 1, FENCE, LATE]),
    st.sampled_from([0, 100, 5 * S, FENCE]),
    st.sampled_from(AnswerClass),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(ANY, max_size=8), st.data())
def test_order_and_repetition_do_not_matter(evidence: list[Evidence], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(evidence), max_size=5)) if evidence else []
    shuffled = data.draw(st.permutations([*evidence, *again]))
    assert fold_refund(REFUND, shuffled) == fold_refund(REFUND, evidence)


@settings(max_examples=400, deadline=None)
@given(st.lists(ANY, max_size=8))
def test_done_is_the_word_of_a_question_and_not_refunded_has_its_proof(evidence: list[Evidence]) -> None:
    state = fold_refund(REFUND, evidence).state
    done = any(one.source is Source.QUERY and one.answer and one.answer.meaning is PAID for one in evidence)
    assert (state is RefundState.DONE) == done
    if state is RefundState.FAILED:
        assert {one.answer.meaning for one in evidence if one.answer} & {REFUSED, NEGATIVE}


@st.composite
def arrivals(draw: st.DrawFn) -> list[Evidence]:
    """As it really comes: the refund, then questions one after another."""
    first = asked(draw(st.sampled_from(AnswerClass)), draw(st.sampled_from([0, 300, 5 * S])))
    questions, now = [], first.received_at_ms - T0
    for meaning in draw(st.lists(st.sampled_from(AnswerClass), max_size=7)):
        now += draw(st.sampled_from([0, 1, 2 * S, 5 * S, 30 * S, FENCE]))
        questions.append(query(meaning, now))
    return [SENDING, *draw(st.sampled_from([[], [first]])), *questions]


@settings(max_examples=300, deadline=None)
@given(arrivals())
def test_evidence_moves_a_refund_only_along_the_table(came: list[Evidence]) -> None:
    assert lawless_move(came) is None


def lawless_move(came: Sequence[Evidence]) -> tuple[RefundState, RefundState] | None:
    state = RefundState.REQUESTED
    for count in range(1, len(came) + 1):
        after = fold_refund(REFUND, came[:count]).state
        if after is not state and after not in REFUND_TRANSITIONS[state]:
            return state, after
        state = after
    return None


def test_the_states_are_open_not_refunded_or_done() -> None:
    assert OPEN | NOT_REFUNDED | {RefundState.DONE} == set(RefundState)
    assert not OPEN & NOT_REFUNDED
    assert REFUND_TRANSITIONS.keys() == set(RefundState)


@pytest.mark.parametrize("state", RefundState)
def test_what_is_asked_for_counts_until_it_is_proven_not_to_happen(state: RefundState) -> None:
    assert left_to_refund(100, [(60, state)]) == (100 if state in NOT_REFUNDED else 40)


@pytest.mark.parametrize("state", RefundState)
def test_what_was_refused_is_asked_about_until_an_answer_of_after_the_fence(state: RefundState) -> None:
    refused = state in (RefundState.FAILED, RefundState.NOT_CREATED)
    sooner, answered = [query(NEGATIVE, FENCE - 1), query(UNUSABLE, FENCE)], [query(NEGATIVE, FENCE)]
    assert still_asked(REFUND, state, answered, T0 + FENCE - 1) is (refused or state in OPEN)
    assert still_asked(REFUND, state, answered, T0 + FENCE) is (state in OPEN)
    assert still_asked(REFUND, state, sooner, T0 + STATUS_VALID_MS - 1) is (refused or state in OPEN)
    assert still_asked(REFUND, state, sooner, T0 + STATUS_VALID_MS) is (state in OPEN)


def test_refund_ids_begin_with_day_and_app_and_fit() -> None:
    number = refund_number(T0, APP_ID, "02", 149, "k7qx")
    assert number.split("_")[1] == str(APP_ID)
    assert number.split("_")[0] == ID[:6]
    assert len(refund_number(T0, 2**31, "ABCDEFGH", 10**9, "k7qx")) <= REFUND_ID_LENGTH_MAX
    with pytest.raises(ValueError, match="45"):
        refund_number(T0, 2**63, "ABCDEFGH", 10**12, "k7qx")


# ZaloPay API, "refund status codes": (sub_return_code, the refund's answer, the question's answer)
CODES = [
    (None, NEGATIVE, NEGATIVE),
    (-1, PROCESSING, PROCESSING),
    (2, PROCESSING, PROCESSING),
    (0, NEGATIVE, NEGATIVE),
    *[(code, NEGATIVE, NEGATIVE) for code in (-2, -4, -5, -6, -8, -9, -11, -14, -18, -22, -28, -29, -31, -32)],
    *[(code, REFUSED, UNUSABLE) for code in (-3, -10, -12, -13, -24, -25, -26, -27, -401, -402, -403, -405)],
    *[(code, UNUSABLE, UNUSABLE) for code in (-15, -16, -17, -19, -20, -30, -429, -500, -503, -999)],
    (-21, NEGATIVE, NOT_FOUND),
    (-23, DUPLICATE, DUPLICATE),
    (-101, NEGATIVE, NOT_FOUND),
    (-9_999, NEGATIVE, NEGATIVE),
]


@pytest.mark.parametrize(("sub", "refund", "status"), CODES)
def test_every_code_of_both_calls(sub: int | None, refund: AnswerClass, status: AnswerClass) -> None:
    assert classify_refund(Call.REFUND, 2, sub) is refund
    assert classify_refund(Call.QUERY_REFUND, 2, sub) is status


@pytest.mark.parametrize("call", [Call.REFUND, Call.QUERY_REFUND])
def test_return_codes(call: Call) -> None:
    assert classify_refund(call, 1, None) is PAID
    assert classify_refund(call, 1, 1) is PAID
    assert classify_refund(call, 1, -14) is PROCESSING, "a contradiction is no success"
    assert classify_refund(call, 3, 2) is PROCESSING
    assert classify_refund(call, 3, -1) is PROCESSING
    assert classify_refund(call, None, None) is UNUSABLE
    assert classify_refund(call, 7, None) is UNUSABLE


def test_only_a_clear_yes_means_that_a_cancel_was_taken() -> None:
    assert classify_cancel(1, None) is PAID
    assert classify_cancel(1, 1) is PAID
    for codes in ((1, -1), (2, None), (2, -68), (3, None), (None, None), (0, 0)):
        assert classify_cancel(*codes) is UNUSABLE
