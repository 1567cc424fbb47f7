"""Each result's sign: icon, word and colours. One table, so that head, lists, panel and stage agree."""

from typing import TYPE_CHECKING, NamedTuple

from pos_app.checkout.standing import RefundStage, ScanSource, Stage, Work
from pos_app.payments.gateway_names import asks_nobody
from pos_app.words import Text

if TYPE_CHECKING:
    from pos_app.checkout.views import PaymentView


class Sign(NamedTuple):
    """How a stage is shown in a line: icon, colour token, word; `tally` is the word beside the amount."""

    icon: str
    token: str
    pill: str
    word: Text
    tally: Text


_CHARGING = Text("Đang thu", "Charging")
_NOT_CHARGED = Text("Chưa thu", "Not charged")

SIGNS = {
    Stage.SENDING: Sign("lock", "text2", "pill_none", _CHARGING, _CHARGING),
    Stage.PROCESSING: Sign("lock", "text2", "pill_none", _CHARGING, _CHARGING),
    Stage.SHOWN: Sign("phone", "text2", "pill_none", Text("Chờ khách quét", "Customer scans"),
                      Text("Chờ khách quét", "Customer scans")),
    Stage.PAID: Sign("tick", "green_text", "pill_green", Text("Đã thanh toán", "Paid"), Text("Đã thu", "Received")),
    Stage.DECLINED: Sign("cross", "red_text", "pill_red", Text("Không thành công", "Declined"), _NOT_CHARGED),
    Stage.NOT_SENT: Sign("cross", "red_text", "pill_red", Text("Chưa gửi đi", "Not sent"), _NOT_CHARGED),
    Stage.UNKNOWN: Sign("hourglass", "amber_text", "pill_amber", Text("Chưa rõ", "Not known yet"),
                        Text("Chưa rõ", "Not known yet")),
    Stage.MISMATCH: Sign("triangle", "amber_text", "pill_amber", Text("Cần quản lý xem", "Needs the manager"),
                         Text("Cần quản lý xem", "Needs the manager")),
    Stage.DECIDED_PAID: Sign("person", "text2", "pill_none", Text("Quản lý: đã trả", "Manager: paid"),
                             Text("Quản lý: đã trả", "Manager: paid")),
    Stage.DECIDED_UNPAID: Sign("person", "text2", "pill_none", Text("Quản lý: chưa trả", "Manager: not paid"),
                               Text("Quản lý: chưa trả", "Manager: not paid")),
    Stage.CASH: Sign("money", "text", "pill_none", Text("Tiền mặt", "Cash"), Text("Tiền mặt", "Cash")),
}  # fmt: skip

_LATE = Text("Tiền về muộn", "Late money")
_CONFLICT = Text("Có mâu thuẫn", "Contradiction")
_TOO_OLD = Text("Chưa rõ, đã lâu", "Not known, too old")
WORK_SIGNS = {
    Work.LATE_MONEY: Sign("triangle", "amber_text", "pill_amber", _LATE, _LATE),
    Work.MISMATCH: SIGNS[Stage.MISMATCH],
    Work.CONFLICT: Sign("triangle", "amber_text", "pill_amber", _CONFLICT, _CONFLICT),
    Work.TOO_OLD: Sign("hourglass", "amber_text", "pill_amber", _TOO_OLD, _TOO_OLD),
}
_REFUNDING = Text("Đang hoàn", "Refunding")
_REFUND_UNKNOWN = Text("Chưa rõ đã hoàn", "Refund not known")
_REFUNDED = Text("Đã hoàn hết", "Refunded")
_PARTLY = Text("Hoàn một phần", "Partly refunded")


_AWAY = Sign(
    "send", "text2", "pill_none", Text("Chờ qua liên kết", "Link waits"), Text("Chờ qua liên kết", "Link waits")
)
_SAW_IT = Text("Quản lý đã thấy", "Manager saw it")
_SEEN = Sign("person", "text2", "pill_none", _SAW_IT, _SAW_IT)
_CANCELLED_CODE = Text("Đã hủy mã", "Code cancelled")
_TAKEN_BACK = Sign("cross", "text2", "pill_none", _CANCELLED_CODE, _CANCELLED_CODE)
"""That nothing was charged is more than anybody knows of the shop's own code."""
_OWN = {Stage.DECIDED_PAID: _SEEN, Stage.DECLINED: _TAKEN_BACK}


def waits_away(view: "PaymentView") -> bool:
    """Whether it is a link that a customer who is not here can still pay."""
    return view.source is ScanSource.LINK and view.stage in {Stage.SENDING, Stage.PROCESSING, Stage.SHOWN}


def sign_of(view: "PaymentView") -> Sign:
    """How a payment is shown in a line: what a manager must settle first, then its refunds, then its stage."""
    if view.work is not None:
        return WORK_SIGNS[view.work]
    stages = {one.stage for one in view.refunds}
    if RefundStage.UNKNOWN in stages:
        return Sign("hourglass", "amber_text", "pill_amber", _REFUND_UNKNOWN, _REFUND_UNKNOWN)
    if stages & {RefundStage.SENDING, RefundStage.PROCESSING}:
        return Sign("refund", "text2", "pill_none", _REFUNDING, _REFUNDING)
    if RefundStage.DONE in stages:
        word = _PARTLY if view.refundable else _REFUNDED
        return Sign("refund", "accent_text", "pill_accent", word, word)
    if waits_away(view):
        return _AWAY
    return _OWN.get(view.stage, SIGNS[view.stage]) if asks_nobody(view.gateway) else SIGNS[view.stage]


SOURCES = {
    ScanSource.CAMERA: Text("Camera", "Camera"),
    ScanSource.SCANNER: Text("Máy quét", "Scanner"),
    ScanSource.FILE: Text("Tệp ảnh", "Picture file"),
    ScanSource.STDIN: Text("Dòng lệnh", "Command line"),
    ScanSource.DEMO: Text("Khách mẫu", "Demo customer"),
    ScanSource.SHOWN: Text("Khách quét QR", "Customer scans"),
    ScanSource.LINK: Text("Liên kết", "Link"),
    ScanSource.REGULAR: Text("Khách quen", "Regular customer"),
    ScanSource.RESTORED: Text("Khôi phục", "Restored"),
    ScanSource.CASH: Text("Tiền mặt", "Cash"),
}
