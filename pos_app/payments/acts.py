"""What a cashier may not do alone: each act needs a manager, with a reason, and has its own rule."""

from enum import StrEnum

from pos_app.payments.gateway_names import asks_nobody
from pos_app.payments.payment import DECIDED, LIVE, MINUTE_MS, NEGATIVE, Attempt, State
from pos_app.words import Text

DECIDE_AFTER_MS = 3 * MINUTE_MS
"""Before that the gateway is asked, not a person."""
NOTE_LENGTH_MIN = 10


class Act(StrEnum):
    """An act that needs a manager."""

    RELEASE = "release"
    """Let the sale go on while nobody knows whether it is paid: another try or another means."""
    DECIDE_PAID = "decide_paid"
    """Take it for paid on other proof than the gateway's word to us."""
    DECIDE_UNPAID = "decide_unpaid"
    """Take it for not paid on other proof."""
    REFUND = "refund"
    KEEP = "keep"
    """Late money belongs to the sale after all: the goods were given on trust."""


class Reason(StrEnum):
    """Why a manager allowed it."""

    CUSTOMER_LEFT = "customer_left"
    PAID_ANOTHER_WAY = "paid_another_way"
    PORTAL_SAYS_SO = "portal_says_so"
    SEEN_IN_BANK = "seen_in_bank"
    GOODS_RETURNED = "goods_returned"
    WRONG_AMOUNT = "wrong_amount"
    PAID_TWICE = "paid_twice"
    ON_TRUST = "on_trust"
    OTHER = "other"


REASON_WORDS = {
    Reason.CUSTOMER_LEFT: Text("Khách bỏ đi, không lấy hàng", "The customer left without the goods"),
    Reason.PAID_ANOTHER_WAY: Text("Khách trả bằng cách khác", "The customer pays another way"),
    Reason.PORTAL_SAYS_SO: Text("Đã xem trên trang ZaloPay của tiệm", "Seen in the shop's ZaloPay portal"),
    Reason.SEEN_IN_BANK: Text("Đã thấy tiền vào tài khoản của tiệm", "The money is seen in the shop's account"),
    Reason.GOODS_RETURNED: Text("Khách trả lại hàng", "Goods returned"),
    Reason.WRONG_AMOUNT: Text("Thu nhầm số tiền", "Wrong amount charged"),
    Reason.PAID_TWICE: Text("Khách trả hai lần", "The customer paid twice"),
    Reason.ON_TRUST: Text("Đã giao hàng trước", "The goods were given on trust"),
    Reason.OTHER: Text("Lý do khác", "Another reason"),
}
REASONS = {
    Act.RELEASE: (Reason.PAID_ANOTHER_WAY, Reason.CUSTOMER_LEFT, Reason.ON_TRUST, Reason.OTHER),
    Act.DECIDE_PAID: (Reason.PORTAL_SAYS_SO, Reason.OTHER),
    Act.DECIDE_UNPAID: (Reason.PORTAL_SAYS_SO, Reason.CUSTOMER_LEFT, Reason.OTHER),
    Act.REFUND: (Reason.GOODS_RETURNED, Reason.WRONG_AMOUNT, Reason.PAID_TWICE, Reason.OTHER),
    Act.KEEP: (Reason.ON_TRUST, Reason.OTHER),
}
_WITHOUT_A_GATEWAY = {
    Act.DECIDE_PAID: (Reason.SEEN_IN_BANK,),
    Act.DECIDE_UNPAID: (Reason.CUSTOMER_LEFT, Reason.PAID_ANOTHER_WAY, Reason.OTHER),
}


def reasons(act: Act, gateway: str) -> tuple[Reason, ...]:
    """The reasons to choose from, by act and by who could have been asked."""
    return _WITHOUT_A_GATEWAY.get(act, REASONS[act]) if asks_nobody(gateway) else REASONS[act]


def wants_proof(act: Act, gateway: str) -> bool:
    """Whether a decision also wants a note, because it is made against a gateway's silence."""
    return act in (Act.DECIDE_PAID, Act.DECIDE_UNPAID) and not asks_nobody(gateway)


def seen_after_all(act: Act, attempt: Attempt, state: State) -> bool:
    """Whether a manager says that a transfer came, of which nobody knew when the code was taken back."""
    was_over = state in (State.CANCELLED, State.MANUAL_UNPAID)
    return act is Act.DECIDE_PAID and asks_nobody(attempt.gateway) and was_over


def forbidden(act: Act, attempt: Attempt, state: State, *, released: bool, late: bool, now_ms: int) -> Text | None:
    """Why this act is not to be had now, in plain words; None when it is.

    Args:
        act: what the manager wants.
        attempt: the payment.
        state: its state.
        released: the sale was let go on already.
        late: it was paid when the sale no longer waited for it, and nobody has settled that yet.
        now_ms: corrected wall clock.
    """
    decides = act in (Act.DECIDE_PAID, Act.DECIDE_UNPAID) and not seen_after_all(act, attempt, state)
    at_once = state is State.MISMATCH or asks_nobody(attempt.gateway)
    too_soon = not at_once and now_ms < attempt.app_time_ms + DECIDE_AFTER_MS
    rows = (
        (act is Act.RELEASE and state not in LIVE, _HAS_RESULT),
        (act is Act.RELEASE and released, Text("Khoản này đã được cho đi tiếp.", "This sale was let go on already.")),
        (decides and (state is State.PAID or state in NEGATIVE), _HAS_RESULT),
        (decides and (state in DECIDED or state is State.PREPARED), _NOTHING_TO_DECIDE),
        (
            decides and too_soon,
            Text("Chờ đủ 3 phút, máy còn đang hỏi ZaloPay.", "Wait 3 minutes: the till still asks."),
        ),
        (act is Act.REFUND and state is not State.PAID, _NOT_REFUNDABLE),
        (act is Act.KEEP and not (state is State.PAID and late), _NOT_LATE),
    )
    return next((why for forbids, why in rows if forbids), None)


_HAS_RESULT = Text("Khoản này đã có kết quả.", "This payment has its result.")
_NOTHING_TO_DECIDE = Text("Khoản này không cần quyết định.", "This payment needs no decision.")
_NOT_LATE = Text("Khoản này không phải tiền về muộn.", "This is no late money.")
_NOT_REFUNDABLE = Text(
    "Chỉ hoàn được khoản mà ZaloPay xác nhận đã thu.", "Only what ZaloPay confirms as paid can be refunded."
)
