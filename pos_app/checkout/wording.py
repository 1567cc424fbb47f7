"""What an answer says in words: of ZaloPay by its tables, of AppotaPay by its own, of the others in their own name.

What it means for the money was decided where it was read; nothing here decides. And what the machine itself lacks.
"""

from functools import lru_cache

from pos_app.payments import appotapay_reasons, reasons
from pos_app.payments.answer import FAILURE, Answer, AnswerClass, NotSentCause
from pos_app.payments.gateway_names import APPOTAPAY_POS, is_appotapay, named
from pos_app.payments.payment import Evidence, State
from pos_app.payments.reasons import Reason, ReasonKind
from pos_app.words import Text

CLOCK_REMEDY = Text("Chỉnh giờ máy tự động theo mạng.", "Set the computer's clock from the network.")
DISK_NEARLY_FULL = Text("Ổ đĩa gần đầy – tạm dừng thu", "The disk is nearly full – charging is paused")
MAKE_ROOM = Text("Dọn chỗ trống rồi thử lại.", "Free some space, then try again.")
_APPOTAPAY_PLAIN = {None, 0}
"""What says nothing more than the result: AppotaPay has no code for a plain "no"."""


def explained(gateway: str, answer: Answer) -> Reason:
    """What one answer about a payment says; an unusable one says only that nothing is known yet."""
    if is_appotapay(gateway):
        return appotapay_reasons.explain(_appotapay_api(gateway), answer)
    return _of(gateway, reasons.explain(answer))


def declined(gateway: str, because: Answer | None) -> Reason:
    """Why it was not paid, once that is proven: then no answer may say that nothing is known."""
    answer = because or Answer(AnswerClass.NEGATIVE)
    if is_appotapay(gateway):
        return appotapay_reasons.explain(_appotapay_api(gateway), _as_no(answer))
    why = reasons.reason(reasons.Api.PAYMENT, answer.return_code, answer.sub_return_code)
    if why.kind is ReasonKind.UNKNOWN:  # the one answer knew nothing, all of them together do: it was not paid
        why = Reason(why.kind, why.title, reasons.reason(reasons.Api.PAYMENT, FAILURE, None).advice)
    return _of(gateway, why)


def not_sent(one: Evidence) -> Reason:
    """Why the request never left."""
    return reasons.reason_not_sent(NotSentCause(one.cause))


def refund_declined(gateway: str, answer: Answer) -> Reason:
    """Why it was not refunded."""
    if is_appotapay(gateway):
        return appotapay_reasons.explain(appotapay_reasons.Api.REFUND, _as_no(answer))
    return _of(gateway, reasons.reason(reasons.Api.REFUND, answer.return_code, answer.sub_return_code))


def refund_unusable(gateway: str, answer: Answer) -> Reason:
    """Why an answer about a refund cannot be used."""
    if is_appotapay(gateway):
        return appotapay_reasons.explain(appotapay_reasons.Api.REFUND, answer)
    return _of(gateway, reasons.reason_unusable(answer.fault))


def code_of(gateway: str, answer: Answer) -> str:
    """The code of a "no" as people read it; "" where it says no more than "no"."""
    if is_appotapay(gateway):
        return "" if answer.return_code in _APPOTAPAY_PLAIN else str(answer.return_code)
    return reasons.shown_code(answer.return_code, answer.sub_return_code)


def _as_no(answer: Answer) -> Answer:
    return Answer(AnswerClass.NEGATIVE, return_code=answer.return_code)


def _appotapay_api(gateway: str) -> appotapay_reasons.Api:
    pos = gateway.endswith(APPOTAPAY_POS)
    return appotapay_reasons.Api.POS if pos else appotapay_reasons.Api.PAYMENT


def _of(gateway: str, said: Reason) -> Reason:
    return Reason(said.kind, named(said.title, gateway), named(said.advice, gateway))


@lru_cache(maxsize=512)  # a month's report asks for the same few thousands of times
def closed_words(gateway: str, state: State, cause: str) -> Text:
    """Why a payment did not come about, by the cause that the journal notes (`payments.cause`)."""
    if state is State.NOT_SENT:
        known = cause in set(NotSentCause)
        return reasons.reason_not_sent(NotSentCause(cause)).title if known else _NEVER_SENT
    if state in CLOSED_WORDS:
        return named(CLOSED_WORDS[state], gateway)
    code = int(cause) if cause.lstrip("-").isdecimal() else None
    return declined(gateway, Answer(AnswerClass.NEGATIVE, return_code=code)).title


_NEVER_SENT = Text("Chưa gửi đi", "Never sent")
CLOSED_WORDS = {
    State.NOT_CREATED: Text("ZaloPay không có đơn này", "ZaloPay has no such order"),
    State.CANCELLED: Text("Đã hủy, chưa thu tiền", "Cancelled, not charged"),
    State.EXPIRED: Text("Hết giờ, chưa thu tiền", "Timed out, not charged"),
}
