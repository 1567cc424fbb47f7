"""Whose words a payment is told in: ZaloPay's codes are ZaloPay's, AppotaPay's are AppotaPay's own."""

from dataclasses import replace

import pytest

from pos_app.checkout.refund_story import refund_line, refund_view
from pos_app.checkout.story import Progress, view_of
from pos_app.checkout.story_lines import evidence_line
from pos_app.checkout.views import Stage
from pos_app.checkout.wording import code_of, declined, explained, refund_declined
from pos_app.journal.entries import PaymentPrepared, RefundEvidenceAdded
from pos_app.journal.projections import RefundRecord
from pos_app.payments import appotapay_reasons, reasons
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment import Evidence, Source, State
from pos_app.payments.refund import Refund, RefundState
from tests.payments.attempts import ATTEMPT, SENDING, T0, query

APPOTAPAY = ("appotapay_v1", "appotapay_v2", "appotapay_pos", "demo_appotapay_v2")
BOTH = pytest.mark.parametrize("gateway", ["demo", "zalopay_v1", *APPOTAPAY])
EMPTY_HANDED = Answer(AnswerClass.NEGATIVE, return_code=75)


def declined_view(gateway: str, answer: Answer) -> tuple[str, str, str]:
    attempt = replace(ATTEMPT, gateway=gateway)
    evidence = [SENDING, Evidence(Source.CREATE, T0, T0 + 300, answer), query(answer, 1_000)]
    view = view_of(attempt, evidence, Progress())
    assert view.stage is Stage.DECLINED
    return view.cause.vi, view.advice.vi, view.cause_code


def test_the_same_number_says_what_its_gateway_means_by_it() -> None:
    assert declined_view("appotapay_v2", EMPTY_HANDED)[0] == "Số dư không đủ"
    assert declined_view("appotapay_v2", EMPTY_HANDED)[2] == "75"
    zalopay = Answer(AnswerClass.NEGATIVE, return_code=2, sub_return_code=-63)
    assert declined_view("zalopay_v2", zalopay)[0] == "Số dư không đủ"
    assert declined_view("zalopay_v2", zalopay)[2] == "−63"
    assert (
        declined("appotapay_pos", Answer(AnswerClass.NEGATIVE, return_code=250)).title.en == "The terminal must settle"
    )
    assert declined("appotapay_v2", Answer(AnswerClass.NEGATIVE, return_code=250)).title.en == "AppotaPay declined it"


@BOTH
@pytest.mark.parametrize("meaning", AnswerClass)
def test_no_sentence_names_another_gateway(gateway: str, meaning: AnswerClass) -> None:
    other = "ZaloPay" if gateway in APPOTAPAY else "AppotaPay"
    codes = (
        *appotapay_reasons.TABLES[appotapay_reasons.Api.PAYMENT],
        *reasons.TABLES[reasons.Api.PAYMENT],
        None,
        12345,
    )
    for code in codes:
        answer = Answer(meaning, return_code=code, fault="timeout" if meaning is AnswerClass.UNUSABLE else "")
        said = (explained(gateway, answer), declined(gateway, answer), refund_declined(gateway, answer))
        words = [text for one in said for text in (*one.title, *one.advice)]
        assert not [text for text in words if other in text]


@pytest.mark.parametrize("gateway", APPOTAPAY)
@pytest.mark.parametrize("code", [*appotapay_reasons.TABLES[appotapay_reasons.Api.PAYMENT], 12345, None])
def test_a_proven_decline_never_says_do_not_charge(gateway: str, code: int | None) -> None:
    why = declined(gateway, Answer(AnswerClass.NEGATIVE, return_code=code))
    assert why.kind not in (reasons.ReasonKind.UNKNOWN, reasons.ReasonKind.PAID, reasons.ReasonKind.IN_PROGRESS)
    assert "ĐỪNG thu" not in why.advice.vi
    assert "NOT charge" not in why.advice.en
    assert declined(gateway, None).title.vi == "AppotaPay không chấp nhận"


def test_an_open_answer_of_appotapay_is_told_as_one() -> None:
    line = evidence_line(
        replace(ATTEMPT, gateway="appotapay_v2"),
        Evidence(Source.QUERY, T0, T0 + 300, Answer(AnswerClass.UNUSABLE, fault="timeout")),
    )
    assert line.text.vi == "Hỏi lại: Chưa có câu trả lời: AppotaPay chưa trả lời"


@pytest.mark.parametrize(("code", "shown"), [(0, ""), (None, ""), (75, "75"), (2, "2")])
def test_the_code_of_appotapay_is_shown_as_it_is(code: int | None, shown: str) -> None:
    assert code_of("appotapay_v2", Answer(AnswerClass.NEGATIVE, return_code=code)) == shown


REFUND = Refund(
    m_refund_id="261122_1_02000149k7qx", slip_number="02-000149", app_trans_id=ATTEMPT.app_trans_id, zp_trans_id="AP1",
    amount=10_000, app_id=0, requested_at_ms=T0, intent="once", description="",
)  # fmt: skip


def test_a_refund_is_told_by_who_gives_it_back() -> None:
    refused = Evidence(Source.CREATE, T0, T0 + 300, Answer(AnswerClass.NEGATIVE, return_code=125))
    again = Evidence(Source.QUERY, T0 + 60_000, T0 + 60_300, Answer(AnswerClass.NEGATIVE, return_code=125))
    sending = Evidence(Source.SENDING, T0, T0)
    record = RefundRecord(REFUND, (sending, refused, again), RefundState.FAILED, "", T0 + 300)
    for gateway, title, code in (("appotapay_v2", "Đã quá hạn hoàn", "125"), ("zalopay_v2", None, None)):
        prepared = (T0, PaymentPrepared(replace(ATTEMPT, gateway=gateway)))
        view = refund_view(record, (prepared,))
        line = refund_line(T0, RefundEvidenceAdded(ATTEMPT.app_trans_id, REFUND.m_refund_id, refused), gateway)
        if title is not None:
            assert (view.cause.vi, view.cause_code) == (title, code)
            assert title in line.text.vi
        else:
            assert "Đã quá hạn hoàn" not in view.cause.vi


@pytest.mark.parametrize("gateway", APPOTAPAY)
def test_every_state_of_a_payment_of_appotapay_is_told_without_zalopay(gateway: str) -> None:
    from tests.checkout.test_story import STORIES, attempt_of  # noqa: PLC0415 - the samples of that test

    for state in State:
        view = view_of(replace(attempt_of(state), gateway=gateway), STORIES[state], Progress())
        for text in (view.cause, view.advice, view.to_customer):
            assert "ZaloPay" not in text.vi + text.en
