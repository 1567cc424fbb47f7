"""What people are told of a payment: every state has its stage and words, and the time line says what happened."""

import asyncio
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from pos_app.checkout.records import record_story
from pos_app.checkout.story import Progress, view_of
from pos_app.checkout.story_lines import evidence_line, printed_line, settled_line
from pos_app.checkout.views import RefundStage, RefundView, ScanSource, ShownCode, Stage, StoryLine, Work
from pos_app.payments.answer import Answer, AnswerClass, NotSentCause
from pos_app.payments.payment import LIVE, Attempt, Evidence, Source, State, fold
from pos_app.words import NOTHING, Language
from tests.checkout.scripted import NEGATIVE, PROCESSING, counter, paid
from tests.payments.attempts import ATTEMPT, NOT_SENT, SENDING, T0, cancel, create, decided, paid_answer, query

STORIES = {
    State.PREPARED: [],
    State.SENDING: [SENDING],
    State.UNKNOWN: [SENDING, create(AnswerClass.UNUSABLE)],
    State.PROCESSING: [SENDING, create(AnswerClass.PROCESSING)],
    State.MISMATCH: [SENDING, create(AnswerClass.PAID, zp="z1"), query(paid_answer("z2"), 1_000)],
    State.PAID: [SENDING, create(AnswerClass.PAID, zp="z1"), query(paid_answer(), 1_000)],
    State.FAILED: [SENDING, Evidence(Source.CREATE, T0, T0 + 300, NEGATIVE), query(AnswerClass.NEGATIVE, 1_000)],
    State.NOT_SENT: [NOT_SENT],
    State.NOT_CREATED: [
        SENDING,
        query(AnswerClass.NOT_FOUND, ATTEMPT.fence_at_ms - T0),
        query(AnswerClass.NOT_FOUND, ATTEMPT.fence_at_ms - T0 + 40_000),
    ],
    State.CANCELLED: [
        SENDING,
        create(AnswerClass.PROCESSING),
        cancel(AnswerClass.PAID, 2_000),
        query(AnswerClass.NEGATIVE, 3_000),
    ],
    State.EXPIRED: [SENDING, create(AnswerClass.PROCESSING), query(AnswerClass.NEGATIVE, 65_000)],
    State.MANUAL_PAID: [SENDING, create(None), decided(paid=True)],
    State.MANUAL_UNPAID: [SENDING, create(None), decided(paid=False)],
}


def attempt_of(state: State) -> Attempt:
    return replace(ATTEMPT, expires_at_ms=T0 + 60_000) if state is State.EXPIRED else ATTEMPT


def whole(text_of: StoryLine) -> bool:
    return all(words and "{" not in words for words in (text_of.text.say(language) for language in Language))


@pytest.mark.parametrize("state", State)
def test_every_state_is_told_with_cause_and_advice(state: State) -> None:
    evidence = STORIES[state]
    assert fold(attempt_of(state), evidence).state is state
    view = view_of(attempt_of(state), evidence, Progress())
    assert view.state == state.value
    assert view.cause.vi
    assert view.cause.en
    assert view.advice.vi
    assert view.advice.en
    assert (view.stage is Stage.PAID) == (state is State.PAID)
    assert (view.known_by_ms is None) == (state not in LIVE or state is State.MISMATCH)


@pytest.mark.parametrize("state", sorted(LIVE - {State.MISMATCH}))
def test_after_a_minute_it_is_simply_not_known_yet(state: State) -> None:
    view = view_of(ATTEMPT, STORIES[state], Progress(waited_long=True))
    assert view.stage is Stage.UNKNOWN
    assert "ĐỪNG thu lại" in view.advice.vi


def test_the_gateways_code_stands_by_a_decline_only() -> None:
    codes = {state: view_of(attempt_of(state), evidence, Progress()).cause_code for state, evidence in STORIES.items()}
    assert {state for state, code in codes.items() if code} == {State.FAILED}
    assert codes[State.FAILED] == "−63"


@pytest.mark.parametrize(("source", "meaning"), list(product((Source.CREATE, Source.QUERY), AnswerClass)))
def test_every_answer_has_a_line(source: Source, meaning: AnswerClass) -> None:
    line = evidence_line(ATTEMPT, Evidence(source, T0, T0 + 300, Answer(meaning, fault="timeout")))
    assert whole(line)
    assert line.at_ms == T0 + 300


@pytest.mark.parametrize("cause", NotSentCause)
def test_every_reason_for_not_sending_has_a_line(cause: NotSentCause) -> None:
    assert whole(evidence_line(ATTEMPT, Evidence(Source.NOT_SENT, T0, T0, cause=cause.value)))
    assert view_of(ATTEMPT, [Evidence(Source.NOT_SENT, T0, T0, cause=cause.value)], Progress()).advice.vi


@pytest.mark.parametrize("state", sorted(set(State) - LIVE | {State.MISMATCH}))
def test_every_result_has_a_line(state: State) -> None:
    line = settled_line(T0, state, "123")
    assert whole(line)
    assert line.strong


def test_slips_are_lines_too() -> None:
    assert printed_line(T0, 0, "192.0.2.10").text.vi == "In phiếu"
    assert "2" in printed_line(T0, 2, "192.0.2.10").text.vi
    assert printed_line(T0, 0, "file").text.vi == "Lưu phiếu thành tệp"
    assert "In" not in printed_line(T0, 2, "file").text.vi


def test_the_time_line_tells_it_once_and_in_order(tmp_path: Path) -> None:
    async def run() -> None:
        async with counter(tmp_path, PROCESSING, PROCESSING, PROCESSING, PROCESSING, paid()) as world:
            view = await world.charge()
            await world.clock.move(20_000)
            record = await asyncio.wrap_future(world.journal.payment(view.payment_id))
            assert record is not None
            lines = record_story(record)
            assert [line.icon for line in lines] == ["scan", "send", "chat", "refresh", "tick", "tick"]
            assert [line.at_ms for line in lines] == sorted(line.at_ms for line in lines)
            assert [line.strong for line in lines] == [False] * 5 + [True]
            assert ScanSource(record.attempt.source) is ScanSource.CAMERA

    asyncio.run(run())


def test_known_by_is_promised_only_while_it_can_hold() -> None:
    """Unknown ends after the fence, processing with the order's life; a promise that has passed is not repeated."""
    sending = Evidence(Source.SENDING, 1_000, 1_000)
    processing = Evidence(Source.CREATE, 1_000, 1_100, Answer(AnswerClass.PROCESSING, 3))
    asked_late = Evidence(Source.QUERY, 30 * 60_000, 30 * 60_000, Answer(AnswerClass.PROCESSING, 3))
    attempt = replace(ATTEMPT, app_time_ms=1_000, fence_at_ms=421_000)
    assert view_of(attempt, [sending], Progress()).known_by_ms == 421_000 + 120_000
    assert view_of(attempt, [sending, processing], Progress()).known_by_ms == 1_000 + 17 * 60_000
    assert view_of(attempt, [sending, processing, asked_late], Progress()).known_by_ms is None
    shown = replace(attempt, expires_at_ms=301_000)
    assert view_of(shown, [sending, processing], Progress()).known_by_ms == 421_000 + 120_000
    silent = Evidence(Source.QUERY, 5_000, 5_100, Answer(AnswerClass.NOT_FOUND, -49))
    assert view_of(shown, [sending, processing, silent], Progress()).known_by_ms == 421_000 + 17 * 60_000


def test_late_money_and_money_given_back_are_no_goods_to_hand_over() -> None:
    evidence = [SENDING, query(paid_answer(), 1_200_000)]
    late = view_of(ATTEMPT, evidence, Progress(released=True, late_money=True))
    assert late.work is Work.LATE_MONEY
    assert "Giao hàng" not in late.advice.vi
    assert "cảm ơn" not in late.to_customer.vi
    back = RefundView(
        "m1", ATTEMPT.app_trans_id, "02-000149", ATTEMPT.amount, RefundStage.DONE, "done",
        NOTHING, NOTHING, "", "r1", "Lan", NOTHING, T0, T0,
    )  # fmt: skip
    given = view_of(ATTEMPT, evidence, Progress(refunds=(back,)))
    assert (given.cause.en, given.refundable) == ("Refunded in full", 0)
    assert "hoàn lại" in given.to_customer.vi


def test_more_given_back_than_was_paid_is_a_managers_case() -> None:
    evidence = [SENDING, create(AnswerClass.PAID, zp="z1"), query(paid_answer(), 1_000)]
    twice = tuple(
        RefundView(
            number, ATTEMPT.app_trans_id, number, ATTEMPT.amount, RefundStage.DONE, "done",
            NOTHING, NOTHING, "", number, "Lan", NOTHING, T0, T0,
        )
        for number in ("m1", "m2")
    )  # fmt: skip
    assert view_of(ATTEMPT, evidence, Progress(refunds=twice[:1])).work is None
    assert view_of(ATTEMPT, evidence, Progress(refunds=twice)).work is Work.CONFLICT


def test_of_a_contradiction_nobody_is_told_that_the_money_is_there_or_is_not() -> None:
    evidence = [*STORIES[State.PAID], query(AnswerClass.NEGATIVE, 9_000)]
    view = view_of(ATTEMPT, evidence, Progress())
    assert (view.stage, view.work) == (Stage.PAID, Work.CONFLICT)
    assert view.to_customer.en == "ZaloPay's answers do not fit; a manager will look."


def test_the_customer_is_waited_for_only_when_the_gateway_says_so() -> None:
    claimed = view_of(ATTEMPT, [SENDING, create(AnswerClass.PAID, zp="z1")], Progress())
    assert (claimed.stage, claimed.cause.en) == (Stage.PROCESSING, "Asking ZaloPay")
    waiting = view_of(ATTEMPT, [SENDING, create(AnswerClass.PROCESSING)], Progress())
    assert waiting.cause.en == "Waiting for the customer"


def told(answer: Answer, at_ms: int = 2_000) -> Evidence:
    return Evidence(Source.NOTIFIED, T0 + at_ms, T0 + at_ms, answer)


SHOWN_HERE = replace(ATTEMPT, source=ScanSource.SHOWN.value, expires_at_ms=T0 + 300_000)
CODE = ShownCode("000201", any_bank=True, link="")


@pytest.mark.parametrize("source", [ScanSource.SHOWN, ScanSource.LINK, ScanSource.SCANNER])
def test_what_the_gateway_told_takes_the_code_away_and_is_not_yet_paid(source: ScanSource) -> None:
    """Nobody pays twice while the till asks; and nobody takes what was told for the gateway's word."""
    attempt = replace(SHOWN_HERE, source=source.value)
    begun = [SENDING, create(AnswerClass.PROCESSING)]
    before = view_of(attempt, begun, Progress(shown=CODE))
    assert (before.shown, before.told_paid) == (CODE, False)
    view = view_of(attempt, [*begun, told(paid_answer())], Progress(shown=CODE))
    assert view.state == State.PROCESSING.value
    assert (view.stage, view.shown, view.told_paid) == (Stage.PROCESSING, None, True)
    assert view.cause.vi == "ZaloPay báo đã trả"
    assert "ĐỪNG thu lại" in view.advice.vi
    asked = [*begun, told(paid_answer()), query(paid_answer(), 3_000)]
    assert view_of(attempt, asked, Progress()).stage is Stage.PAID
    assert not view_of(attempt, asked, Progress()).told_paid


def test_what_was_told_does_not_fit_or_says_no_is_not_told_as_paid() -> None:
    begun = [SENDING, create(AnswerClass.PROCESSING)]
    declined = view_of(SHOWN_HERE, [*begun, told(NEGATIVE)], Progress(shown=CODE))
    assert (declined.stage, declined.told_paid) == (Stage.SHOWN, False)
    other = told(replace(paid_answer(), amount=ATTEMPT.amount + 1))
    mismatch = view_of(SHOWN_HERE, [*begun, other], Progress(shown=CODE))
    assert (mismatch.stage, mismatch.shown, mismatch.told_paid) == (Stage.MISMATCH, None, False)
