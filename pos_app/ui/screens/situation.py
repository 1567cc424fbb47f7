"""An open or unsettled payment in words: what the till does now, when it will know, and which acts are to be had.

The rules are in `payments.acts`; what is offered here is what they allow, as far as a picture of the payment tells.
"""

from typing import NamedTuple

from pos_app.checkout.views import PaymentView, RefundStage, RefundView, Stage, Work
from pos_app.money import with_sign
from pos_app.payments.acts import DECIDE_AFTER_MS, Act
from pos_app.payments.gateway_names import CASH, asks_nobody, named
from pos_app.ui.signs import waits_away
from pos_app.ui.time_left import seconds_left
from pos_app.ui.ways_to_pay import cannot_be_cancelled
from pos_app.vietnam_day import clock_time, day_text
from pos_app.words import NOTHING, Text

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
OPEN_REFUNDS = {RefundStage.SENDING, RefundStage.PROCESSING, RefundStage.UNKNOWN}
_OPEN = {Stage.SENDING, Stage.SHOWN, Stage.PROCESSING, Stage.UNKNOWN, Stage.MISMATCH}
_CANCELLABLE = {Stage.SENDING, Stage.SHOWN, Stage.PROCESSING, Stage.UNKNOWN}


class Fact(NamedTuple):
    """One row: an icon, a strong line, a line of detail."""

    icon: str
    title: Text
    detail: Text


class ActWords(NamedTuple):
    """How an act is named: on its button, over its approval, on the button that does it."""

    button: Text
    title: Text
    do: Text
    after: Text


ACTS = {
    Act.RELEASE: ActWords(
        Text("Cho đi tiếp", "Let the sale go on"),
        Text("Mời quản lý cho đi tiếp", "Manager lets the sale go on"), Text("Cho đi tiếp", "Let it go on"),
        Text("Tiền có thể về muộn: máy vẫn hỏi ZaloPay và sẽ báo.",
             "Money may still come late: the till keeps asking and will tell."),
    ),
    Act.DECIDE_PAID: ActWords(
        Text("Coi là đã trả", "Take it for paid"),
        Text("Quản lý xác nhận đã trả", "Manager takes it for paid"), Text("Coi là đã trả", "Take it for paid"),
        Text("Chỉ khi đã thấy giao dịch trên trang ZaloPay của tiệm.",
             "Only when the payment is seen in the shop’s ZaloPay portal."),
    ),
    Act.DECIDE_UNPAID: ActWords(
        Text("Coi là chưa trả", "Take it for not paid"),
        Text("Quản lý xác nhận chưa trả", "Manager takes it for not paid"),
        Text("Coi là chưa trả", "Take it for not paid"),
        Text("Chỉ khi trang ZaloPay của tiệm không có giao dịch này.",
             "Only when the shop’s ZaloPay portal does not have it."),
    ),
    Act.REFUND: ActWords(
        Text("Hoàn tiền", "Refund"),
        Text("Mời quản lý duyệt hoàn tiền", "Manager approves the refund"), Text("Hoàn {amount}", "Refund {amount}"),
        Text("Tiền hoàn về ZaloPay của khách.", "The money goes back to the customer’s ZaloPay."),
    ),
    Act.KEEP: ActWords(
        Text("Giữ cho đơn này", "Keep for this sale"),
        Text("Quản lý giữ tiền cho đơn", "Manager keeps the money"), Text("Giữ cho đơn này", "Keep it"),
        Text("Chỉ khi hàng đã giao trước cho khách.", "Only when the goods were given on trust."),
    ),
}  # fmt: skip


_SEEN = ActWords(
    Text("Đã thấy tiền", "Money is seen"),
    Text("Quản lý xác nhận đã thấy tiền", "Manager confirms the transfer"), Text("Đã thấy tiền", "Money is seen"),
    Text("Không qua cổng: chỉ khi đã thấy tiền vào tài khoản của tiệm.",
         "No gateway confirms it: only when the money is in the shop’s account."),
)  # fmt: skip
_NOT_SEEN = ActWords(
    Text("Không thấy tiền", "No money seen"),
    Text("Quản lý xác nhận không thấy tiền", "Manager saw no transfer"), Text("Không thấy tiền", "No money seen"),
    Text("Chỉ khi đã xem tài khoản của tiệm.", "Only after a look at the shop’s account."),
)  # fmt: skip
_WITHOUT_A_GATEWAY = {Act.DECIDE_PAID: _SEEN, Act.DECIDE_UNPAID: _NOT_SEEN}


_CASH_BACK = ActWords(
    ACTS[Act.REFUND].button, ACTS[Act.REFUND].title, ACTS[Act.REFUND].do,
    Text("Trả tiền mặt cho khách. Ngăn kéo mở khi duyệt xong.",
         "Cash goes back to the customer. The drawer opens once it is approved."),
)  # fmt: skip


def act_words(act: Act, gateway: str) -> ActWords:
    """How an act on a payment of that gateway is named."""
    if gateway == CASH:
        return _CASH_BACK
    if asks_nobody(gateway):
        return _WITHOUT_A_GATEWAY.get(act, ACTS[act])
    return ActWords(*(named(text, gateway) for text in ACTS[act]))


def is_open(view: PaymentView) -> bool:
    """Whether its result is not known."""
    return view.stage in _OPEN


def asks(view: PaymentView) -> bool:
    """Whether the gateway can be asked about it now."""
    open_now = is_open(view) and not asks_nobody(view.gateway)
    return open_now or any(one.stage in OPEN_REFUNDS for one in view.refunds)


def can_refund(view: PaymentView) -> bool:
    """Whether something can be given back; not while it is not known whether a refund got through."""
    unknown = any(one.stage in (RefundStage.SENDING, RefundStage.UNKNOWN) for one in view.refunds)
    return view.refundable > 0 and not unknown


def can_cancel(view: PaymentView) -> bool:
    """Whether a wish to cancel can still be noted."""
    dropped = view.cancel_wished or view.told_paid
    return view.stage in _CANCELLABLE and not dropped and view.work is None


def counts(view: PaymentView) -> bool:
    """Whether it stands in the counter of the head: a refund that ZaloPay is working on only stands in the list."""
    unknown_refund = any(one.stage is RefundStage.UNKNOWN for one in view.refunds)
    return is_open(view) or view.work is not None or unknown_refund


def possible_acts(view: PaymentView, now_ms: int) -> tuple[Act, ...]:
    """What a manager can do about it now, the most likely first."""
    if waits_away(view):
        return ()
    acts = []
    if can_refund(view):
        acts.append(Act.REFUND)
    if view.work is Work.LATE_MONEY:
        acts.append(Act.KEEP)
    if is_open(view) and not view.released:
        acts.append(Act.RELEASE)
    if is_open(view) and decide_from_ms(view) <= now_ms:
        decisions = [Act.DECIDE_PAID, Act.DECIDE_UNPAID]
        acts = decisions + acts if asks_nobody(view.gateway) else acts + decisions
    return tuple(acts)


def decide_from_ms(view: PaymentView) -> int:
    """From when on a manager may decide, wall clock: before, the gateway is asked and not a person."""
    at_once = view.stage is Stage.MISMATCH or asks_nobody(view.gateway)
    return view.scanned_at_ms if at_once else view.scanned_at_ms + DECIDE_AFTER_MS


def age(since_ms: int, now_ms: int) -> Text:
    """How long ago, in one unit."""
    ms = max(0, now_ms - since_ms)
    for unit_ms, vi, en in ((DAY_MS, "ngày", "d"), (HOUR_MS, "giờ", "h"), (MINUTE_MS, "phút", "min")):
        if ms >= unit_ms:
            return Text(f"{ms // unit_ms} {vi}", f"{ms // unit_ms} {en}")
    return Text(f"{ms // 1000} giây", f"{ms // 1000} s")


def when(at_ms: int, now_ms: int) -> str:
    """A clock time today, with the day before it where it was another day."""
    time = clock_time(at_ms, seconds=False)
    return time if day_text(at_ms) == day_text(now_ms) else f"{day_text(at_ms)[:5]} {time}"


def facts(view: PaymentView, now_ms: int) -> tuple[Fact, ...]:
    """What is to be known about it now, the most important first."""
    rows: list[Fact] = []
    if waits_away(view):
        return (_away(view, now_ms), asking(view, now_ms))
    if view.work is Work.LATE_MONEY:
        rows.append(_said_of(LATE_MONEY, view))
    elif view.work in (Work.CONFLICT, Work.TOO_OLD) or view.stage is Stage.MISMATCH:
        rows.append(_odd(view))
    elif is_open(view) and asks_nobody(view.gateway):
        rows.append(Fact("person", view.cause, view.advice))
    elif is_open(view):
        rows += [asking(view, now_ms), _known_by(view, now_ms)]
    if view.released and is_open(view):
        rows.append(RELEASED)
    if view.cancel_wished and is_open(view) and cannot_be_cancelled(view):
        rows.append(no_cancel(view, now_ms))
    rows += [refund_fact(one, now_ms) for one in view.refunds if one.stage in OPEN_REFUNDS]
    rows.append(Fact("chat", Text("Nói với khách", "Tell the customer"), quoted(view.to_customer)))
    return tuple(rows)


def quoted(text: Text) -> Text:
    """As it is said."""
    return Text(f"“{text.vi}”", f"“{text.en}”") if text.vi else NOTHING


def refund_fact(refund: RefundView, now_ms: int) -> Fact:
    """How a refund on its way stands."""
    title = Text("{cause}: {amount}", "{cause}: {amount}").fill(cause=refund.cause, amount=with_sign(refund.amount))
    since = Text("Từ {at}. {advice}", "Since {at}. {advice}")
    icon = "hourglass" if refund.stage is RefundStage.UNKNOWN else "refund"
    return Fact(icon, title, since.fill(at=when(refund.requested_at_ms, now_ms), advice=refund.advice))


LATE_MONEY = Fact(
    "triangle", Text("Tiền về muộn – cần xử lý", "Late money – to be settled"),
    Text("ZaloPay báo đã thu khi đơn đã đi tiếp. Hoàn lại cho khách, hoặc giữ cho đơn.",
         "It was paid after the sale had gone on. Refund it, or keep it for the sale."),
)  # fmt: skip
RELEASED = Fact(
    "person", Text("Quản lý đã cho đi tiếp", "A manager let the sale go on"),
    Text("Thu lại bằng mã mới hoặc cách khác được. Tiền về muộn thì máy báo.",
         "A new code or another means may be taken. The till tells if money comes late."),
)  # fmt: skip
KNOWN_SOME_DAY = Text("Máy hỏi tiếp đến khi có kết quả", "The till asks until there is a result")
_CONFLICT = Text(
    "Có câu trả lời của ZaloPay trái với kết quả này. Đối chiếu trên trang ZaloPay của tiệm.",
    "An answer of ZaloPay contradicts this result. Compare it in the shop’s ZaloPay portal.",
)


def _odd(view: PaymentView) -> Fact:
    if view.work is Work.CONFLICT:
        compare = Text("Cần quản lý đối chiếu", "A manager must compare")
        return Fact("triangle", compare, named(_CONFLICT, view.gateway))
    return Fact("triangle", view.cause, view.advice)


def _said_of(fact: Fact, view: PaymentView) -> Fact:
    return Fact(fact.icon, named(fact.title, view.gateway), named(fact.detail, view.gateway))


def _away(view: PaymentView, now_ms: int) -> Fact:
    if view.told_paid:
        return Fact("info", view.cause, view.advice)
    until = Text("Khách trả được đến {t}.", "It can be paid until {t}.")
    at = when(view.expires_at_ms or view.scanned_at_ms, now_ms)
    return Fact("send", Text("Chờ khách trả qua liên kết", "Waiting for the link to be paid"), until.fill(t=at))


def no_cancel(view: PaymentView, now_ms: int) -> Fact:
    """That its gateway has no cancel, and until when what was shown can be paid."""
    until = Text("Mã đã cất, nhưng khách vẫn trả được đến {t}.", "The code is put away, but can be paid until {t}.")
    at = when(view.expires_at_ms or view.scanned_at_ms, now_ms)
    return _said_of(Fact("clock", Text("ZaloPay không có lệnh hủy", "ZaloPay has no cancel"), until.fill(t=at)), view)


def asking(view: PaymentView, now_ms: int) -> Fact:
    """That the till goes on asking, how often it has, and when it will again."""
    asked = Text("Đã hỏi {n} lần.", "Asked {n} times.").fill(n=view.asked)
    if not view.asked:
        asked = Text("Chưa hỏi lần nào.", "Not asked yet.")
    if view.next_ask_at_ms is not None:
        left_s = seconds_left(view.next_ask_at_ms, now_ms)
        soon = Text("{asked} Lần tới sau {s} giây.", "{asked} Next in {s} seconds.")
        soon = soon if left_s else Text("{asked} Đang hỏi.", "{asked} Asking now.")
        asked = soon.fill(asked=asked, s=left_s)
    title = Text("Máy đang tự hỏi ZaloPay", "The till keeps asking ZaloPay")
    if view.cancel_wished:
        title = Text("Đã ghi nhận hủy, đang hỏi ZaloPay", "Cancel noted, asking ZaloPay")
    return Fact("refresh", named(title, view.gateway), asked)


def _known_by(view: PaymentView, now_ms: int) -> Fact:
    known = KNOWN_SOME_DAY
    if view.known_by_ms is not None and view.known_by_ms > now_ms:
        known = Text("Biết kết quả chậm nhất lúc {t}", "Known by {t} at the latest").fill(
            t=when(view.known_by_ms, now_ms)
        )
    manager = Text("Quản lý có thể quyết định ngay.", "A manager may decide now.")
    if decide_from_ms(view) > now_ms:
        later = Text("Quản lý quyết định được từ {t}.", "A manager may decide from {t}.")
        manager = later.fill(t=clock_time(decide_from_ms(view)))
    return Fact("clock", known, manager)
