"""A payment told to people: its stage, its cause, what to do now. Made from the journal's facts alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from pos_app.checkout.views import PaymentView, RefundStage, RefundView, ScanSource, ShownCode, Stage, Work
from pos_app.checkout.wording import CLOSED_WORDS, code_of, declined, not_sent
from pos_app.payments.answer import AnswerClass
from pos_app.payments.gateway_names import asks_nobody, is_demo, named
from pos_app.payments.payment import (
    CLOCK_MARGIN_MS,
    GATEWAY_WINDOW_MS,
    LIVE,
    Attempt,
    Evidence,
    Source,
    State,
    Verdict,
    certain_from_ms,
    fold,
)
from pos_app.payments.reasons import Reason, ReasonKind
from pos_app.payments.refund import NOT_REFUNDED
from pos_app.payments.schedule import AROUND_FENCE_MS
from pos_app.words import Text

_NOT_REFUNDED = frozenset(state.value for state in NOT_REFUNDED)

_STAGES = {
    State.PREPARED: Stage.SENDING,
    State.SENDING: Stage.SENDING,
    State.UNKNOWN: Stage.UNKNOWN,
    State.PROCESSING: Stage.PROCESSING,
    State.MISMATCH: Stage.MISMATCH,
    State.PAID: Stage.PAID,
    State.FAILED: Stage.DECLINED,
    State.NOT_SENT: Stage.NOT_SENT,
    State.NOT_CREATED: Stage.DECLINED,
    State.CANCELLED: Stage.DECLINED,
    State.EXPIRED: Stage.DECLINED,
    State.MANUAL_PAID: Stage.DECIDED_PAID,
    State.MANUAL_UNPAID: Stage.DECIDED_UNPAID,
}

_MISMATCH = Text("Cần quản lý xem", "A manager must look")
_CAUSES = {
    Stage.PAID: Reason(
        ReasonKind.PAID,
        Text("Đã thanh toán", "Paid"),
        Text("Giao hàng và đưa phiếu cho khách.", "Hand over the goods and the slip."),
    ),
    Stage.UNKNOWN: Reason(
        ReasonKind.UNKNOWN,
        Text("Chưa rõ kết quả", "No result yet"),
        Text("ĐỪNG thu lại. Máy đang tự hỏi ZaloPay.", "Do NOT charge again. The till is asking ZaloPay."),
    ),
    Stage.SENDING: Reason(
        ReasonKind.UNKNOWN,
        Text("Đang gửi ZaloPay", "Sending to ZaloPay"),
        Text("Giữ nguyên, vài giây thôi.", "Hold on, only a few seconds."),
    ),
    Stage.PROCESSING: Reason(
        ReasonKind.UNKNOWN,
        Text("Chờ khách xác nhận", "Waiting for the customer"),
        Text("Khách bấm xác nhận trên điện thoại.", "The customer confirms on the phone."),
    ),
    Stage.SHOWN: Reason(
        ReasonKind.UNKNOWN,
        Text("Chờ khách quét mã", "Waiting for the customer to scan"),
        Text("Mời khách quét mã trên màn hình.", "Ask the customer to scan the code on the screen."),
    ),
    Stage.MISMATCH: Reason(
        ReasonKind.UNKNOWN,
        _MISMATCH,
        Text(
            "ZaloPay báo đã nhận tiền nhưng số tiền hoặc mã không khớp. Đừng giao hàng, ĐỪNG thu lại.",
            "ZaloPay reports money, but the amount or an id differs. Do not hand over, do NOT charge again.",
        ),
    ),
    Stage.DECIDED_PAID: Reason(
        ReasonKind.PAID,
        Text("Quản lý xác nhận đã trả", "A manager took it for paid"),
        Text("ZaloPay chưa xác nhận khoản này.", "ZaloPay has not confirmed it."),
    ),
    Stage.DECIDED_UNPAID: Reason(
        ReasonKind.OTHER_MEANS,
        Text("Quản lý xác nhận chưa trả", "A manager took it for not paid"),
        Text("ZaloPay chưa xác nhận khoản này.", "ZaloPay has not confirmed it."),
    ),
}
_AWAY = Reason(
    ReasonKind.UNKNOWN,
    Text("Chờ khách trả qua liên kết", "Waiting for the customer to pay by the link"),
    Text("Gửi liên kết cho khách; máy tự báo khi có tiền.", "Send the link; the till tells when it is paid."),
)
_SEE_ACCOUNT = Text(
    "Xem tiền vào tài khoản của tiệm, rồi quản lý xác nhận bằng PIN.",
    "Look at the shop's account, then a manager confirms with the PIN.",
)
_OWN = {
    Stage.SENDING: Reason(ReasonKind.UNKNOWN, Text("Đang chuẩn bị mã", "Preparing the code"), _SEE_ACCOUNT),
    Stage.SHOWN: Reason(ReasonKind.UNKNOWN, Text("Chờ khách chuyển khoản", "Waiting for the transfer"), _SEE_ACCOUNT),
    Stage.UNKNOWN: Reason(ReasonKind.UNKNOWN, Text("Chưa ai xác nhận", "Nobody has confirmed it"), _SEE_ACCOUNT),
    Stage.DECIDED_PAID: Reason(
        ReasonKind.PAID,
        Text("Quản lý đã thấy tiền", "A manager saw the money"),
        Text("Không qua cổng thanh toán.", "Not confirmed by a gateway."),
    ),
    Stage.DECIDED_UNPAID: Reason(
        ReasonKind.OTHER_MEANS,
        Text("Quản lý không thấy tiền", "A manager saw no money"),
        Text("Không qua cổng thanh toán.", "Not confirmed by a gateway."),
    ),
    Stage.DECLINED: Reason(
        ReasonKind.NEW_CODE,
        Text("Đã hủy, không ai xác nhận tiền vào", "Cancelled, nobody confirmed a transfer"),
        Text("Nếu khách đã chuyển, xem lại tài khoản.", "If the customer did transfer, look at the account again."),
    ),
}
"""The shop's own code: there is no gateway that could say anything."""
_OWN_TO_CUSTOMER = Text(
    "Dạ để quản lý xem tiền vào tài khoản đã.", "A manager will look whether the transfer has arrived."
)
_NEW_CODE = Text("Chưa thu tiền. Mời khách đưa mã mới.", "Nothing was charged. Ask for a new code.")
_CLOSED = {
    State.NOT_CREATED: Reason(ReasonKind.UNKNOWN, CLOSED_WORDS[State.NOT_CREATED], _NEW_CODE),
    State.CANCELLED: Reason(ReasonKind.NEW_CODE, CLOSED_WORDS[State.CANCELLED], _NEW_CODE),
    State.EXPIRED: Reason(ReasonKind.NEW_CODE, CLOSED_WORDS[State.EXPIRED], _NEW_CODE),
}
_TOO_OLD = Reason(
    ReasonKind.UNKNOWN,
    Text("ZaloPay không trả lời nữa", "ZaloPay answers no more"),
    Text("Quản lý xem trên trang ZaloPay của tiệm rồi quyết định.", "A manager looks it up in the portal and decides."),
)
_ASKING = Reason(
    ReasonKind.UNKNOWN,
    Text("Đang hỏi ZaloPay", "Asking ZaloPay"),
    Text("Giữ nguyên, vài giây thôi.", "Hold on, only a few seconds."),
)
_TOLD_PAID = Reason(
    ReasonKind.UNKNOWN,
    Text("ZaloPay báo đã trả", "ZaloPay says it is paid"),
    Text("Máy đang kiểm tra lại. ĐỪNG thu lại.", "The till is checking. Do NOT charge again."),
)
"""It told so by itself: only a question says what is so."""
_LATE_MONEY = Reason(
    ReasonKind.PAID,
    Text("Tiền về muộn", "Late money"),
    Text("Quản lý hoàn lại cho khách, hoặc giữ nếu đã giao hàng.", "A manager refunds it, or keeps it for the goods."),
)
_REFUNDED = Reason(
    ReasonKind.PAID,
    Text("Đã hoàn hết", "Refunded in full"),
    Text("Không còn gì phải làm.", "Nothing is left to do."),
)
_WORK_TO_CUSTOMER = {
    Work.LATE_MONEY: Text(
        "Dạ khoản này về muộn, quản lý sẽ hoàn lại hoặc xác nhận với anh chị.",
        "This payment came late; a manager will refund it or settle it with you.",
    ),
    Work.CONFLICT: Text(
        "Dạ ZaloPay trả lời chưa khớp, để quản lý xem ngay.", "ZaloPay's answers do not fit; a manager will look."
    ),
}
_REFUNDED_TO_CUSTOMER = Text("Dạ khoản này đã được hoàn lại.", "This payment has been refunded.")
_TO_CUSTOMER = {
    Stage.PAID: Text("Dạ tiền đã vào rồi, cảm ơn anh chị.", "Your payment has arrived, thank you."),
    Stage.DECLINED: Text(
        "Dạ lần này chưa thu được, anh chị chưa bị trừ tiền.", "It did not go through; you were not charged."
    ),
    Stage.NOT_SENT: Text("Dạ máy chưa gửi đi, anh chị chưa bị trừ tiền.", "Nothing was sent; you were not charged."),
    Stage.MISMATCH: _WORK_TO_CUSTOMER[Work.CONFLICT],
    Stage.DECIDED_PAID: Text("Dạ quản lý đã xác nhận khoản này.", "A manager has confirmed this payment."),
    Stage.DECIDED_UNPAID: Text(
        "Dạ quản lý đã xác nhận khoản này chưa thu.", "A manager has confirmed that this was not paid."
    ),
}
_TO_CUSTOMER_SHOWN = Text("Dạ mời anh chị quét mã để trả.", "Please scan the code to pay.")
_TO_CUSTOMER_AWAY = Text("Dạ khoản này đang chờ trả qua liên kết.", "This one waits to be paid by its link.")
_TO_CUSTOMER_TOLD = Text(
    "Dạ ZaloPay báo đã trả, máy đang kiểm tra, anh chị đừng trả lần nữa.",
    "ZaloPay says it is paid; the till is checking. Please do not pay again.",
)
_TO_CUSTOMER_UNKNOWN = Text(
    "Dạ chưa biết kết quả, anh chị đừng trả lần nữa, máy đang hỏi ZaloPay.",
    "We do not know yet. Please do not pay again; the till is asking ZaloPay.",
)


@dataclass(frozen=True, slots=True)
class Progress:
    """What only the running program knows of a payment: the plan, and whether the cashier still waits for it.

    Attributes:
        next_ask_at_ms: wall clock of the next question, None when none is planned.
        waited_long: the customer has waited a minute: the till can go on.
        late: settled after the till had gone on to another customer.
        settled_at_ms: when it became final, None before.
        copies: slips printed or saved.
        asking_ended: the gateway does not answer for it any more.
        cancel_wished: somebody asked to cancel it.
        released: a manager let the sale go on without a result.
        late_money: it was paid when the sale no longer waited for it, and nobody has settled that.
        refunds: of this payment, oldest first.
        shown: what the customer scans, while it is shown.
        cashier: who stood at the till.
        shift: which one it was begun in; 0 where that is not looked up.
    """

    next_ask_at_ms: int | None = None
    waited_long: bool = False
    late: bool = False
    settled_at_ms: int | None = None
    copies: int = 0
    asking_ended: bool = False
    cancel_wished: bool = False
    released: bool = False
    late_money: bool = False
    refunds: tuple[RefundView, ...] = ()
    shown: ShownCode | None = None
    cashier: str = ""
    shift: int = 0


class _Course(NamedTuple):
    """How it went, by the wall clock; None for what did not happen."""

    sent_at_ms: int | None
    accepted_at_ms: int | None
    asked: int
    last_asked_at_ms: int | None
    told_paid: bool

    @classmethod
    def of(cls, happened: tuple[Evidence, ...]) -> "_Course":
        """Read in one go: what is asked about for two days is told anew with each of some hundred answers."""
        sent: int | None = None
        accepted: int | None = None
        asked, last, told_paid = 0, None, False
        for one in happened:
            source, answer = one.source, one.answer
            if source is Source.QUERY:
                asked += 1
                if last is None or one.asked_at_ms > last:
                    last = one.asked_at_ms
            elif source is Source.SENDING and (sent is None or one.asked_at_ms < sent):
                sent = one.asked_at_ms
            elif source is Source.NOTIFIED:
                told_paid = told_paid or (answer is not None and answer.meaning is AnswerClass.PAID)
            if answer is not None and answer.meaning is not AnswerClass.UNUSABLE:
                received = one.received_at_ms
                if accepted is None or received < accepted:
                    accepted = received
        return cls(sent, accepted, asked, last, told_paid)


def view_of(
    attempt: Attempt, evidence: Iterable[Evidence], progress: Progress, verdict: Verdict | None = None
) -> PaymentView:
    """The payment as it stands; `verdict` when it was folded already."""
    happened = tuple(evidence)
    verdict = verdict or fold(attempt, happened)
    stage = _STAGES[verdict.state]
    away = attempt.source == ScanSource.LINK
    if stage in (Stage.PROCESSING, Stage.SENDING) and progress.waited_long and not away:
        stage = Stage.UNKNOWN
    went = _Course.of(happened)
    told_paid = went.told_paid and verdict.state is State.PROCESSING
    shown = (progress.shown is not None or away) and not progress.cancel_wished and not told_paid
    if stage is Stage.PROCESSING and shown:
        stage = Stage.SHOWN
    cause = _AWAY if away and stage is Stage.SHOWN else _cause(attempt, verdict, stage, happened)
    to_customer = _TO_CUSTOMER.get(stage, _TO_CUSTOMER_UNKNOWN)
    if stage is Stage.SHOWN:
        to_customer = _TO_CUSTOMER_AWAY if away else _TO_CUSTOMER_SHOWN
    refunded = sum(one.amount for one in progress.refunds if one.state not in _NOT_REFUNDED)
    refundable = attempt.amount - refunded if stage is Stage.PAID else 0
    work = _work(attempt, verdict, progress, refundable)
    if stage is Stage.UNKNOWN and progress.asking_ended:
        cause = _TOO_OLD
    elif stage is Stage.PROCESSING and told_paid:
        cause, to_customer = _TOLD_PAID, _TO_CUSTOMER_TOLD
    elif stage is Stage.PROCESSING and not _customer_is_asked(happened):
        cause = _ASKING
    elif stage is Stage.PAID and _given_back(progress) >= attempt.amount:
        cause, to_customer = _REFUNDED, _REFUNDED_TO_CUSTOMER
    elif work in _WORK_TO_CUSTOMER:
        cause, to_customer = _LATE_MONEY if work is Work.LATE_MONEY else cause, _WORK_TO_CUSTOMER[work]
    if asks_nobody(attempt.gateway):
        cause = _OWN.get(stage, cause)
        to_customer = to_customer if stage is Stage.DECIDED_PAID else _OWN_TO_CUSTOMER
    asked = not asks_nobody(attempt.gateway)
    live = stage in (Stage.SENDING, Stage.PROCESSING, Stage.SHOWN, Stage.UNKNOWN)
    return PaymentView(
        payment_id=attempt.app_trans_id,
        slip_number=attempt.slip_number,
        amount=attempt.amount,
        note=attempt.note,
        source=ScanSource(attempt.source),
        stage=stage,
        state=str(verdict.state),
        cause=named(cause.title, attempt.gateway),
        advice=named(cause.advice, attempt.gateway),
        cause_code=_cause_code(attempt, verdict, stage),
        scanned_at_ms=attempt.scanned_at_ms,
        sent_at_ms=went.sent_at_ms,
        accepted_at_ms=went.accepted_at_ms,
        settled_at_ms=progress.settled_at_ms,
        zp_trans_id=verdict.zp_trans_id,
        asked=went.asked,
        last_asked_at_ms=went.last_asked_at_ms,
        next_ask_at_ms=progress.next_ask_at_ms,
        known_by_ms=_known_by(attempt, verdict.state, happened, went.last_asked_at_ms) if live and asked else None,
        attempt=attempt.attempt,
        demo=is_demo(attempt.gateway),
        copies=progress.copies,
        late=progress.late,
        cancel_wished=progress.cancel_wished,
        released=progress.released,
        told_paid=told_paid,
        refunds=progress.refunds,
        refundable=refundable,
        work=work,
        expires_at_ms=attempt.expires_at_ms,
        shown=progress.shown if stage is Stage.SHOWN else None,
        to_customer=named(to_customer, attempt.gateway),
        gateway=attempt.gateway,
        cashier=progress.cashier,
        shift=progress.shift,
    )


def _customer_is_asked(happened: tuple[Evidence, ...]) -> bool:
    """Whether the gateway said that it waits for the customer; else it is us who wait for its word."""
    return any(one.answer is not None and one.answer.meaning is AnswerClass.PROCESSING for one in happened)


def _given_back(progress: Progress) -> int:
    return sum(one.amount for one in progress.refunds if one.stage is RefundStage.DONE)


def _work(attempt: Attempt, verdict: Verdict, progress: Progress, refundable: int) -> Work | None:
    if verdict.state is State.MISMATCH:
        return Work.MISMATCH
    if verdict.state is State.PAID and progress.late_money and refundable:
        return Work.LATE_MONEY
    if verdict.conflict or _given_back(progress) > attempt.amount:
        return Work.CONFLICT
    return Work.TOO_OLD if verdict.state in LIVE and progress.asking_ended else None


def _known_by(
    attempt: Attempt, state: State, happened: tuple[Evidence, ...], last_asked_at_ms: int | None
) -> int | None:
    """When it will be known at the latest, if the gateway can be asked; None once that has passed all the same.

    What the gateway has ends with its order's life; what it may never have got is certain after the fence.
    """
    by = certain_from_ms(attempt, happened) + AROUND_FENCE_MS
    if state is State.PROCESSING and attempt.expires_at_ms is None:
        by = attempt.app_time_ms + GATEWAY_WINDOW_MS + CLOCK_MARGIN_MS
    return by if last_asked_at_ms is None or last_asked_at_ms < by else None


def _cause(attempt: Attempt, verdict: Verdict, stage: Stage, happened: tuple[Evidence, ...]) -> Reason:
    if stage in _CAUSES:
        return _CAUSES[stage]
    if stage is Stage.NOT_SENT:
        return next(not_sent(one) for one in happened if one.source is Source.NOT_SENT)
    if verdict.state in _CLOSED:
        return _CLOSED[verdict.state]
    return declined(attempt.gateway, verdict.because)


def _cause_code(attempt: Attempt, verdict: Verdict, stage: Stage) -> str:
    if stage is not Stage.DECLINED or verdict.because is None or verdict.state is not State.FAILED:
        return ""
    return code_of(attempt.gateway, verdict.because)
