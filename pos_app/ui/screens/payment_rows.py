"""Which details of a payment stand at the left, state by state, and the picture shown until the till answers."""

from pos_app.checkout.events import PrintState
from pos_app.checkout.views import PaymentView, ScanSource, Stage
from pos_app.money import with_sign
from pos_app.payments.gateway_names import CASH, ZALOPAY, asks_nobody, brand
from pos_app.ui.signs import SOURCES
from pos_app.ui.widgets.details import Row
from pos_app.vietnam_day import clock_time
from pos_app.words import Text

_PRINT = {
    PrintState.PRINTING: Text("Đang in", "Printing"),
    PrintState.PRINTED: Text("Đã in", "Printed"),
    PrintState.SENT: Text("Đã gửi máy in", "Sent"),
    PrintState.SAVED: Text("Đã lưu", "Saved"),
    PrintState.WAITING: Text("Chưa in được", "Not printed"),
    PrintState.OFF: Text("Chưa in", "Not printed"),
}
_ORDER_TAIL = 6
_MINUTES_FROM_S = 120
_CODE_FROM, _METHOD = Text("Nguồn mã", "Code from"), Text("Cách thu", "Method")
_SCAN_TO_PAID, _CODE_TO_PAID = Text("Từ quét đến trả", "Scan to paid"), Text("Từ tạo mã đến trả", "Code to paid")


_TO_PAID = {ScanSource.SHOWN: _CODE_TO_PAID, ScanSource.LINK: Text("Từ gửi đến trả", "Link to paid")}
_NOT_SCANNED = {ScanSource.SHOWN, ScanSource.LINK, ScanSource.REGULAR, ScanSource.CASH}


def provisional(amount: int, source: ScanSource, note: str, now_ms: int, *, demo: bool) -> PaymentView:
    """What is shown for the moment until the till has given the payment its number."""
    return PaymentView(
        payment_id="", slip_number="", amount=amount, note=note, source=source, stage=Stage.SENDING,
        state="", cause=Text("", ""), advice=Text("", ""), cause_code="", scanned_at_ms=now_ms, sent_at_ms=None,
        accepted_at_ms=None, settled_at_ms=None, zp_trans_id="", asked=0, last_asked_at_ms=None,
        next_ask_at_ms=None, known_by_ms=None, attempt=1, demo=demo,
    )  # fmt: skip


def paid_words(view: PaymentView) -> Text:
    """What the amount of a payment that is refunded is: "paid" is a gateway's word, and never said of cash."""
    return Text("Đã thu tiền mặt", "Taken in cash") if view.gateway == CASH else Text("Đã thanh toán", "Paid")


def payment_rows(view: PaymentView, printing: PrintState) -> tuple[Row, ...]:
    """The rows for the left card; what is not there is left out."""
    first: tuple[Row, ...] = (
        (Text("Số phiếu", "Slip number"), view.slip_number, True),
        (Text("Ghi chú", "Note"), view.note, False),
        (_METHOD if view.source in _NOT_SCANNED else _CODE_FROM, SOURCES[view.source], False),
        (
            Text("Qua", "By"),
            brand(view.gateway) if brand(view.gateway).vi != ZALOPAY and view.gateway != CASH else "",
            False,
        ),
    )
    return tuple(row for row in (*first, *_more(view, printing)) if row[1])


def _more(view: PaymentView, printing: PrintState) -> tuple[Row, ...]:
    sent: Row = (Text("Gửi lúc", "Sent at"), "" if asks_nobody(view.gateway) else _time(view.sent_at_ms), True)
    if view.stage is Stage.PAID:
        return (
            (_TO_PAID.get(view.source, _SCAN_TO_PAID), _seconds(view), False),
            (Text("Phiếu", "Slip"), _PRINT[printing], False),
        )
    if view.stage is Stage.CASH:
        return (
            (Text("Khách đưa", "Given"), with_sign(view.given), True),
            (Text("Thối lại", "Change"), with_sign(view.given - view.amount), True),
            (Text("Phiếu", "Slip"), _PRINT[printing], False),
        )
    if view.stage in {Stage.DECLINED, Stage.NOT_SENT}:
        return ((Text("Lần thử", "Attempt"), str(view.attempt), True),)
    if view.stage in {Stage.UNKNOWN, Stage.MISMATCH}:
        return (
            (Text("Mã đơn", "Order ID"), f"…{view.payment_id[-_ORDER_TAIL:]}", True),
            sent,
            (Text("Hỏi lần cuối", "Last asked"), _time(view.last_asked_at_ms), True),
        )
    return (sent,)


def _time(at_ms: int | None) -> str:
    return "" if at_ms is None else clock_time(at_ms)


def _seconds(view: PaymentView) -> Text | str:
    if view.settled_at_ms is None:
        return ""
    seconds = max(0, view.settled_at_ms - view.scanned_at_ms + 500) // 1000
    if seconds >= _MINUTES_FROM_S:
        return Text("{m} phút {s} giây", "{m} min {s} s").fill(m=seconds // 60, s=seconds % 60)
    return Text("{n} giây", "{n} seconds").fill(n=seconds)
