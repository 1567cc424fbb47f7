"""Each result's sign: icon, word and colours. One table, so that head, lists, panel and stage agree."""

from dataclasses import dataclass

from pos_app.checkout.views import ScanSource, Stage
from pos_app.words import Text


@dataclass(frozen=True, slots=True)
class Sign:
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
    Stage.PAID: Sign("tick", "green_text", "pill_green", Text("Đã thanh toán", "Paid"), Text("Đã thu", "Received")),
    Stage.DECLINED: Sign("cross", "red_text", "pill_red", Text("Không thành công", "Declined"), _NOT_CHARGED),
    Stage.NOT_SENT: Sign("cross", "red_text", "pill_red", Text("Chưa gửi đi", "Not sent"), _NOT_CHARGED),
    Stage.UNKNOWN: Sign("hourglass", "amber_text", "pill_amber", Text("Chưa rõ", "Not known yet"),
                        Text("Chưa rõ", "Not known yet")),
    Stage.MISMATCH: Sign("triangle", "amber_text", "pill_amber", Text("Cần quản lý xem", "Needs the manager"),
                         Text("Cần quản lý xem", "Needs the manager")),
}  # fmt: skip

SOURCES = {
    ScanSource.CAMERA: Text("Camera", "Camera"),
    ScanSource.SCANNER: Text("Máy quét", "Scanner"),
    ScanSource.FILE: Text("Tệp ảnh", "Picture file"),
    ScanSource.STDIN: Text("Dòng lệnh", "Command line"),
    ScanSource.DEMO: Text("Khách mẫu", "Demo customer"),
}
