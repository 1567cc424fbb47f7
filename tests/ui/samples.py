"""Fixed sample views and a till that only writes down what it was asked."""

from dataclasses import replace
from datetime import datetime

from pos_app.checkout.views import Health, HealthView, Light, PaymentView, ScanSource, Stage, StoryLine
from pos_app.payments.payment_code import PaymentCode
from pos_app.ui.main_window import Place
from pos_app.vietnam_day import VIETNAM
from pos_app.words import Text

PLACE = Place("Tạp hóa Minh Anh", "2", "Thu Hà")
DEMO = Place("Tạp hóa Minh Anh", "2", "Thu Hà", demo=True, phone_address="http://127.0.0.1:8765/phone")
CODE = "1234567890123456789"


def at(text: str) -> int:
    """Milliseconds of a clock time on the sample day."""
    hour, minute, second = (int(part) for part in text.split(":"))
    return int(datetime(2026, 11, 21, hour, minute, second, tzinfo=VIETNAM).timestamp()) * 1000


class FixedClock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now_ms = at("14:32:18")
        self.ticks_ms = 1_000_000

    def wall_ms(self) -> int:
        return self.now_ms

    def monotonic_ms(self) -> int:
        return self.ticks_ms

    async def sleep(self, ms: int) -> None:
        self.ticks_ms += ms


class WrittenDown:
    """Commands that keep what they were asked."""

    def __init__(self) -> None:
        self.charges: list[tuple[int, str, ScanSource, str]] = []
        self.calls: list[str] = []

    def amount_stands(self, amount: int) -> None:
        self.calls.append(f"stands {amount}")

    def charge(
        self, *, amount: int, note: str, code: PaymentCode, source: ScanSource, scanned_at_ns: int, retry_of: str
    ) -> None:
        code.take()
        self.charges.append((amount, note, source, retry_of))

    def ask_now(self, payment_id: str) -> None:
        self.calls.append(f"ask {payment_id}")

    def next_customer(self) -> None:
        self.calls.append("next")

    def slip(self, payment_id: str) -> None:
        self.calls.append(f"slip {payment_id}")

    def reprint(self, payment_id: str) -> None:
        self.calls.append(f"reprint {payment_id}")

    def scanned(self, text: str, scanned_at_ns: int) -> None:
        self.calls.append(f"scanned {len(text)} {scanned_at_ns}")

    def demo_customer_pays(self) -> None:
        self.calls.append("demo")

    def recent(self) -> None:
        self.calls.append("recent")

    def story(self, payment_id: str) -> None:
        self.calls.append(f"story {payment_id}")

    def look_at_camera(self, *, on: bool) -> None:
        self.calls.append(f"camera {on}")

    def preferences(self, *, language: str, theme: str) -> None:
        self.calls.append(f"prefer {language} {theme}")

    def stop(self) -> None:
        self.calls.append("stop")


SENDING = PaymentView(
    payment_id="261121_02_000148", slip_number="02-000148", amount=185_000, note="Bàn 5", source=ScanSource.CAMERA,
    stage=Stage.SENDING, state="sending",
    cause=Text("Đang gửi", "Sending"), advice=Text("Chờ một chút.", "One moment."),
    cause_code="", scanned_at_ms=at("14:32:05"), sent_at_ms=at("14:32:06"), accepted_at_ms=None, settled_at_ms=None,
    zp_trans_id="", asked=0, last_asked_at_ms=None, next_ask_at_ms=None, known_by_ms=at("14:47:00"),
    attempt=1, demo=False,
)  # fmt: skip
PROCESSING = replace(SENDING, stage=Stage.PROCESSING, accepted_at_ms=at("14:32:06"))
PAID = replace(PROCESSING, stage=Stage.PAID, settled_at_ms=at("14:32:18"), zp_trans_id="261121000004821",
               cause=Text("Đã thanh toán", "Paid"))  # fmt: skip
DECLINED = replace(
    PROCESSING, stage=Stage.DECLINED, settled_at_ms=at("14:32:18"), cause_code="−63",
    cause=Text("Số dư không đủ", "Not enough money"),
    advice=Text("Mời khách chọn nguồn tiền khác, rồi đưa mã mới.",
                "Ask the customer to choose another source of money, then show a new code."),
)  # fmt: skip
NOT_SENT = replace(
    SENDING,
    stage=Stage.NOT_SENT,
    sent_at_ms=None,
    settled_at_ms=at("14:32:18"),
    cause=Text("Không có mạng", "No network"),
    advice=Text("Chưa gửi gì đi. Kiểm tra mạng rồi thử lại.", "Nothing was sent. Check the network, then try again."),
)
UNKNOWN = replace(
    PROCESSING,
    stage=Stage.UNKNOWN,
    asked=9,
    last_asked_at_ms=at("14:33:10"),
    next_ask_at_ms=at("14:33:15"),
    cause=Text("Chưa rõ kết quả", "Result not known yet"),
    advice=Text("ĐỪNG thu lại.", "Do NOT charge again."),
)
MISMATCH = replace(
    UNKNOWN, stage=Stage.MISMATCH, cause=Text("Số tiền không khớp", "The amounts differ"),
    advice=Text("ZaloPay báo một số tiền khác. Để quản lý đối chiếu trước khi thu tiếp.",
                "ZaloPay reports another amount. Let the manager compare before charging again."),
)  # fmt: skip


def _done(time: str, amount: int, number: int, stage: Stage = Stage.PAID) -> PaymentView:
    return replace(PAID, payment_id=f"261121_02_{number:06}", slip_number=f"02-{number:06}", amount=amount, note="",
                   scanned_at_ms=at(time), stage=stage)  # fmt: skip


RECENT = (
    _done("14:27:00", 92_000, 147), _done("14:21:00", 1_250_000, 146),
    _done("14:18:00", 36_500, 145, Stage.DECLINED),
)  # fmt: skip
TODAY = (
    _done("15:02:00", 58_000, 153), _done("14:58:00", 215_000, 152), _done("14:55:00", 68_000, 151, Stage.UNKNOWN),
    _done("14:49:00", 124_500, 150), _done("14:40:00", 47_000, 149, Stage.NOT_SENT), replace(PAID, note="Bàn 5"),
    *RECENT,
)  # fmt: skip
STORY = (
    StoryLine(at("14:32:05"), "scan", Text("Quét mã bằng camera", "Code scanned by camera")),
    StoryLine(at("14:32:06"), "send", Text("Gửi ZaloPay, mã đơn …000148", "Sent to ZaloPay, order …000148")),
    StoryLine(at("14:32:07"), "chat",
              Text("ZaloPay đã nhận, chờ khách xác nhận", "ZaloPay has it, waiting for the customer")),
    StoryLine(at("14:32:12"), "refresh", Text("Hỏi lại: khách chưa xác nhận", "Asked again: not confirmed yet")),
    StoryLine(at("14:32:18"), "tick", Text("Đã thanh toán, giao dịch …4821", "Paid, transaction …4821"), strong=True),
    StoryLine(at("14:32:20"), "printer", Text("In phiếu", "Slip printed")),
)  # fmt: skip
HEALTHY = tuple(HealthView(light, Health.OK) for light in Light)
SLOW = HealthView(
    Light.GATEWAY,
    Health.WARN,
    Text("chậm", "slow"),
    Text("Bán tiếp được, kết quả đến chậm hơn.", "Go on selling; results come later."),
)
NO_PAPER = HealthView(
    Light.PRINTER,
    Health.BAD,
    Text("hết giấy", "no paper"),
    Text("Thay cuộn giấy, phiếu chờ sẽ tự in.", "Put in a new roll; waiting slips print by themselves."),
)
