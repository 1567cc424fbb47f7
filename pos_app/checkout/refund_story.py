"""A refund told to people: its stage, its cause, its lines in the payment's story. Made from the journal's facts."""

from collections.abc import Iterable
from typing import TypeGuard

from pos_app.checkout.views import RefundStage, RefundView, StoryLine
from pos_app.checkout.wording import code_of, refund_declined, refund_unusable
from pos_app.journal.entries import (
    Entry,
    ManagerActed,
    PaymentPrepared,
    RefundEvidenceAdded,
    RefundRequested,
    RefundSettled,
)
from pos_app.journal.projections import RefundRecord, refunds_of
from pos_app.money import with_sign
from pos_app.payments.acts import REASON_WORDS, Act, Reason
from pos_app.payments.answer import AnswerClass, NotSentCause
from pos_app.payments.gateway_names import named
from pos_app.payments.payment import Evidence, Source
from pos_app.payments.reasons import reason_not_sent
from pos_app.payments.refund import RefundState, RefundVerdict, fold_refund
from pos_app.words import Text

_STAGES = {
    RefundState.REQUESTED: RefundStage.SENDING,
    RefundState.SENDING: RefundStage.SENDING,
    RefundState.UNKNOWN: RefundStage.UNKNOWN,
    RefundState.PROCESSING: RefundStage.PROCESSING,
    RefundState.DONE: RefundStage.DONE,
    RefundState.FAILED: RefundStage.DECLINED,
    RefundState.NOT_CREATED: RefundStage.DECLINED,
    RefundState.NOT_SENT: RefundStage.NOT_SENT,
}
_ASKING = Text("Chưa hoàn thêm; máy đang hỏi ZaloPay.", "Do not refund again; the till is asking ZaloPay.")
_WORDS = {
    RefundStage.SENDING: (Text("Đang gửi lệnh hoàn", "Sending the refund"), _ASKING),
    RefundStage.UNKNOWN: (Text("Chưa rõ đã hoàn chưa", "Not known yet whether it was refunded"), _ASKING),
    RefundStage.PROCESSING: (Text("ZaloPay đang hoàn tiền", "ZaloPay is refunding"), _ASKING),
    RefundStage.DONE: (
        Text("Đã hoàn tiền", "Refunded"),
        Text("Đưa phiếu hoàn cho khách.", "Hand over the refund slip."),
    ),
}
_NOT_CREATED = (
    Text("ZaloPay không nhận được lệnh hoàn", "ZaloPay never got the refund"),
    Text("Chưa hoàn tiền. Có thể hoàn lại.", "Nothing was refunded. It can be asked for again."),
)
_AGAIN = Text("Chưa hoàn tiền. Kiểm tra mạng rồi hoàn lại.", "Nothing was refunded. Check the network, then try again.")


def refund_view(record: RefundRecord, entries: Iterable[tuple[int, Entry]]) -> RefundView:
    """The refund as it stands; `entries` are its payment's."""
    refund, verdict, happened = record.refund, fold_refund(record.refund, record.evidence), tuple(entries)
    stage, gateway = _STAGES[verdict.state], _gateway(happened)
    cause, advice = _words(gateway, stage, verdict, record.evidence)
    acted = next((one for _, one in happened if _allows(one, refund.m_refund_id)), None)
    because = verdict.because if stage is RefundStage.DECLINED else None
    return RefundView(
        m_refund_id=refund.m_refund_id,
        payment_id=refund.app_trans_id,
        slip_number=refund.slip_number,
        amount=refund.amount,
        stage=stage,
        state=verdict.state.value,
        cause=named(cause, gateway),
        advice=named(advice, gateway),
        cause_code=code_of(gateway, because) if because else "",
        refund_id=verdict.refund_id,
        by=acted.by if isinstance(acted, ManagerActed) else "",
        reason=reason_words(acted.reason) if isinstance(acted, ManagerActed) else Text("", ""),
        requested_at_ms=refund.requested_at_ms,
        settled_at_ms=record.settled_at_ms,
        copies=record.copies,
        cashier=next((one.cashier for _, one in happened if _asks_for(one, refund.m_refund_id)), ""),
    )


def refund_views(entries: tuple[tuple[int, Entry], ...]) -> tuple[RefundView, ...]:
    """All refunds of one payment's entries, oldest first."""
    return tuple(refund_view(record, entries) for record in refunds_of(entries))


def reason_words(name: str) -> Text:
    """The words of a reason, also of one that a newer version wrote."""
    return REASON_WORDS[Reason(name)] if name in list(Reason) else Text(name, name)


def _gateway(entries: tuple[tuple[int, Entry], ...]) -> str:
    """Who took the payment, and gives it back."""
    return next((one.attempt.gateway for _, one in entries if isinstance(one, PaymentPrepared)), "")


def _allows(one: Entry, m_refund_id: str) -> bool:
    return isinstance(one, ManagerActed) and one.act is Act.REFUND and one.number == m_refund_id


def _asks_for(one: Entry, m_refund_id: str) -> TypeGuard[RefundRequested]:
    return isinstance(one, RefundRequested) and one.refund.m_refund_id == m_refund_id


def _words(
    gateway: str, stage: RefundStage, verdict: RefundVerdict, evidence: tuple[Evidence, ...]
) -> tuple[Text, Text]:
    if stage in _WORDS:
        return _WORDS[stage]
    if stage is RefundStage.NOT_SENT:
        cause = next(one.cause for one in evidence if one.source is Source.NOT_SENT)
        return reason_not_sent(NotSentCause(cause)).title, _AGAIN
    if verdict.state is RefundState.NOT_CREATED or verdict.because is None:
        return _NOT_CREATED
    why = refund_declined(gateway, verdict.because)
    return why.title, why.advice


# --- the time line -------------------------------------------------------------------------------------------------

_ACTS = {
    Act.RELEASE: Text("{by} cho đơn đi tiếp: {why}", "{by} let the sale go on: {why}"),
    Act.DECIDE_PAID: Text("{by} xác nhận đã trả: {why}", "{by} took it for paid: {why}"),
    Act.DECIDE_UNPAID: Text("{by} xác nhận chưa trả: {why}", "{by} took it for not paid: {why}"),
    Act.REFUND: Text("{by} cho hoàn tiền: {why}", "{by} allowed a refund: {why}"),
    Act.KEEP: Text("{by} giữ tiền cho đơn: {why}", "{by} kept the money for the sale: {why}"),
}
_ANSWERED = {
    AnswerClass.PAID: Text("ZaloPay báo đã hoàn xong", "ZaloPay says refunded"),
    AnswerClass.PROCESSING: Text("ZaloPay đang hoàn", "ZaloPay is refunding"),
    AnswerClass.DUPLICATE: Text("ZaloPay đã có lệnh hoàn này, hỏi lại", "ZaloPay knows this refund already, asking"),
    AnswerClass.NOT_FOUND: Text("ZaloPay chưa thấy lệnh hoàn", "ZaloPay does not see the refund"),
}
_SETTLED = {
    RefundState.DONE: ("tick", Text("Đã hoàn tiền", "Refunded")),
    RefundState.FAILED: ("cross", Text("Không hoàn được", "Not refunded")),
    RefundState.NOT_SENT: ("cross", Text("Lệnh hoàn chưa gửi đi", "The refund was never sent")),
    RefundState.NOT_CREATED: ("cross", Text("ZaloPay không có lệnh hoàn này", "ZaloPay never had the refund")),
}


def acted_line(at_ms: int, acted: ManagerActed) -> StoryLine:
    """What a manager allowed, and why."""
    why = reason_words(acted.reason)
    said = Text(
        f"{why.vi} – {acted.note}" if acted.note else why.vi, f"{why.en} – {acted.note}" if acted.note else why.en
    )
    return StoryLine(at_ms, "person", _ACTS[acted.act].fill(by=acted.by, why=said))


def refund_line(
    at_ms: int, entry: RefundRequested | RefundEvidenceAdded | RefundSettled, gateway: str = ""
) -> StoryLine:
    """What one entry about a refund says; `gateway` gives the money back, see `payments.gateway_names`."""
    match entry:
        case RefundRequested(refund):
            text = Text("Hoàn {amount}, phiếu {slip}", "Refund of {amount}, slip {slip}")
            return StoryLine(at_ms, "refund", text.fill(amount=with_sign(refund.amount), slip=refund.slip_number))
        case RefundSettled():
            icon, words = _SETTLED[entry.state]
            return StoryLine(at_ms, icon, words, strong=True)
        case RefundEvidenceAdded():
            return StoryLine(at_ms, "refresh", _evidence_words(gateway, entry.evidence))


def _evidence_words(gateway: str, one: Evidence) -> Text:
    if one.source is Source.SENDING:
        return Text("Gửi lệnh hoàn cho ZaloPay", "The refund was sent to ZaloPay")
    if one.source is Source.NOT_SENT or one.answer is None:
        return reason_not_sent(NotSentCause(one.cause)).title
    answer = one.answer
    if answer.meaning is AnswerClass.UNUSABLE:
        return Text("Chưa có câu trả lời: {why}", "No answer yet: {why}").fill(
            why=refund_unusable(gateway, answer).title
        )
    if answer.meaning is AnswerClass.PAID and one.source is Source.CREATE:  # it may only have accepted it
        return Text("ZaloPay đã nhận lệnh hoàn, hỏi lại cho chắc", "ZaloPay took the refund, asking to be sure")
    if answer.meaning in _ANSWERED:
        return _ANSWERED[answer.meaning]
    why = refund_declined(gateway, answer).title
    return Text("ZaloPay báo không hoàn: {why}", "ZaloPay says not refunded: {why}").fill(why=why)
