"""Fixed sample views and a till that only writes down what it was asked."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import NamedTuple

from pos_app.checkout.events import StoryView
from pos_app.checkout.staffing import StaffWish
from pos_app.checkout.views import (
    Health,
    HealthView,
    Light,
    PaymentView,
    RefundStage,
    RefundView,
    ScanSource,
    ShownCode,
    Stage,
    StoryLine,
    Work,
)
from pos_app.gateways.gateway import PayMethod
from pos_app.journal.wanted import Wanted
from pos_app.payments.acts import Act
from pos_app.payments.cash import CashKind
from pos_app.payments.payment_code import PaymentCode
from pos_app.qr.vietqr import Receiver, write_vietqr
from pos_app.reports.ranges import Days
from pos_app.reports.report import Choice
from pos_app.reports.statement import Form
from pos_app.sandbox.order_code import new_ticket, qr_code
from pos_app.scanning import trouble
from pos_app.shifts.totals import Open
from pos_app.staff.permissions import Right
from pos_app.ui.place import Place
from pos_app.vietnam_day import VIETNAM
from pos_app.words import Text, same

PLACE = Place("Tạp hóa Minh Anh", "2", "Thu Hà")
DEMO = Place("Tạp hóa Minh Anh", "2", "Thu Hà", demo=True, phone_address="http://127.0.0.1:8765/phone")
SANDBOX = Place("Tạp hóa Minh Anh", "2", "Thu Hà", sandbox=True)
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


class Approved(NamedTuple):
    """What an approval handed to the till."""

    act: Act
    payment_id: str
    pin: str
    by: str
    reason: str
    note: str
    number: str
    amount: int
    intent: str


class WrittenDown:
    """Commands that keep what they were asked."""

    def __init__(self) -> None:
        self.shows: list[tuple[int, str, str]] = []
        self.methods: list[PayMethod] = []
        self.links: list[tuple[int, str]] = []
        self.charges: list[tuple[int, str, ScanSource, str]] = []
        self.calls: list[str] = []
        self.shown: list[str] = []
        self.acts: list[Approved] = []
        self.pins: list[tuple[str, str]] = []
        self.searches: list[Wanted] = []
        self.exports: list[tuple[object, ...]] = []
        self.reports: list[tuple[Days, Choice]] = []
        self.comparisons: list[tuple[Path, Form, Days | None]] = []
        self.sign_ins: list[tuple[str, str]] = []
        self.permits: list[tuple[Right, str, str]] = []
        self.wishes: list[tuple[StaffWish, str, str]] = []
        self.closings: list[tuple[int, tuple[str, ...], str, str, str]] = []
        self.differences: list[str] = []
        self.cash: list[tuple[int, int, str, str]] = []
        self.moves: list[tuple[CashKind, int, str, str, str]] = []
        self.intents: list[str] = []

    def amount_stands(self, amount: int) -> None:
        self.calls.append(f"stands {amount}")

    def charge(
        self, *, amount: int, note: str, code: PaymentCode, source: ScanSource, scanned_at_ns: int, retry_of: str,
        decoded_at_ns: int = 0,
    ) -> None:  # fmt: skip
        code.take()
        self.charges.append((amount, note, source, retry_of))

    def result_shown(self, payment_id: str, *, shown_at_ns: int) -> None:
        self.shown.append(payment_id)

    def show(self, *, amount: int, note: str, method: PayMethod, retry_of: str) -> None:
        self.shows.append((amount, note, retry_of))
        self.methods.append(method)

    def link(self, *, amount: int, note: str) -> None:
        self.links.append((amount, note))

    def demo_customer_scans(self, payment_id: str) -> None:
        self.calls.append(f"scans {payment_id}")

    def demo_customer_agrees(self, binding_id: str) -> None:
        self.calls.append(f"agrees {binding_id}")

    def examine(self) -> None:
        self.calls.append("examines")

    def write_support_report(self) -> None:
        self.calls.append("writes the report")

    def back_up(self, path: Path, passphrase: str) -> None:
        self.exports.append((path, passphrase))

    def save_support_report(self, path: Path) -> None:
        self.exports.append((path,))

    def look_at_shift(self, number: int | None = None) -> None:
        self.calls.append(f"shift {number}")

    def open_shift(self, *, float_dong: int = 0) -> None:
        self.calls.append(f"opens the shift with {float_dong}" if float_dong else "opens the shift")

    def close_shift(
        self, number: int, seen: tuple[Open, ...], *, reason: str, by: str, pin: str, difference_reason: str = ""
    ) -> None:
        self.closings.append((number, tuple(one.slip_number for one in seen), reason, by, pin))
        self.differences.append(difference_reason)

    def take_cash(self, *, amount: int, given: int, note: str, intent: str) -> None:
        self.cash.append((amount, given, note, intent))

    def count_cash(self, counted: int) -> None:
        self.calls.append(f"counts {counted}")

    def move_cash(self, what: CashKind, amount: int, *, reason: str, intent: str, by: str, pin: str) -> None:
        self.moves.append((what, amount, reason, by, pin))
        self.intents.append(intent)

    def print_shift(self, number: int | None = None) -> None:
        self.calls.append(f"prints shift {number}")

    def save_shift(self, number: int | None = None) -> None:
        self.calls.append(f"saves shift {number}")

    def customers(self) -> None:
        self.calls.append("customers")

    def bind(self, *, name: str, max_amount: int = 0) -> None:
        self.calls.append(f"bind {name} {max_amount}")

    def drop_binding(self, binding_id: str) -> None:
        self.calls.append(f"drop {binding_id}")

    def charge_customer(self, number: str, *, amount: int, note: str, retry_of: str = "") -> None:
        self.calls.append(f"charge {number} {amount} {note} {retry_of}")

    def unbind(self, number: str) -> None:
        self.calls.append(f"unbind {number}")

    def ask_now(self, payment_id: str) -> None:
        self.calls.append(f"ask {payment_id}")

    def cancel(self, payment_id: str) -> None:
        self.calls.append(f"cancel {payment_id}")

    def act(
        self, act: Act, payment_id: str, *, pin: str, by: str, reason: str, note: str = "", number: str = "",
        amount: int = 0, intent: str = "",
    ) -> None:  # fmt: skip
        self.acts.append(Approved(act, payment_id, pin, by, reason, note, number, amount, intent))

    def sign_in(self, person_id: str, *, pin: str) -> None:
        self.sign_ins.append((person_id, pin))

    def lock(self) -> None:
        self.calls.append("lock")

    def permit(self, right: Right, *, by: str, pin: str) -> None:
        self.permits.append((right, by, pin))

    def give_back(self) -> None:
        self.calls.append("give back")

    def change_staff(self, wish: StaffWish, *, by: str, pin: str) -> None:
        self.wishes.append((wish, by, pin))

    def set_first_pin(self, pin: str) -> None:
        self.pins.append(("", pin))

    def recover_pin(self, recovery_code: str, pin: str) -> None:
        self.pins.append((recovery_code, pin))

    def list_payments(self, wanted: Wanted) -> None:
        self.searches.append(wanted)

    def export_payments(self, path: Path, wanted: Wanted) -> None:
        self.exports.append((path, wanted))

    def report(self, days: Days, choice: Choice) -> None:
        self.reports.append((days, choice))

    def export_report(self, path: Path, days: Days, choice: Choice) -> None:
        self.exports.append((path, days, choice))

    def open_statement(self, path: Path) -> None:
        self.calls.append(f"statement {path}")

    def reconcile(self, path: Path, form: Form, days: Days | None = None) -> None:
        self.comparisons.append((path, form, days))

    def latest(self) -> None:
        self.calls.append("latest")

    def find(self, text: str) -> None:
        self.calls.append(f"find {text}")

    def next_customer(self) -> None:
        self.calls.append("next")

    def slip(self, payment_id: str, *, refund: str = "") -> None:
        self.calls.append(f"slip {refund or payment_id}")

    def reprint(self, payment_id: str, *, refund: str = "") -> None:
        self.calls.append(f"reprint {refund or payment_id}")

    def scanned(self, text: str, scanned_at_ns: int) -> None:
        self.calls.append(f"scanned {len(text)} {scanned_at_ns}")

    def demo_customer_pays(self) -> None:
        self.calls.append("demo")

    def recent(self) -> None:
        self.calls.append("recent")

    def story(self, payment_id: str) -> None:
        self.calls.append(f"story {payment_id}")

    def look_at_camera(self, *, on: bool, awaited: bool = False) -> None:
        self.calls.append(f"camera {on}" + " awaited" * awaited)

    def open_settings(self) -> None:
        self.calls.append("settings")

    def preferences(self, *, language: str, theme: str, text: int) -> None:
        self.calls.append(f"prefer {language} {theme} {text}")

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


_WAIT = Text("Dạ chưa biết kết quả, anh chị đừng trả lần nữa, máy đang hỏi ZaloPay.",
             "We do not know yet. Please do not pay again; the till is asking ZaloPay.")  # fmt: skip
_LATE = Text("Dạ khoản này về muộn, quản lý sẽ hoàn lại hoặc xác nhận với anh chị.",
             "This payment came late; a manager will refund it or settle it with you.")  # fmt: skip
_DO_NOT_FIT = Text("Dạ ZaloPay trả lời chưa khớp, để quản lý xem ngay.",
                   "ZaloPay's answers do not fit; a manager will look.")  # fmt: skip
_THANKS = Text("Dạ tiền đã vào rồi, cảm ơn anh chị.", "Your payment has arrived, thank you.")
_TO_CUSTOMER = {
    Stage.PAID: _THANKS,
    Stage.NOT_SENT: Text("Dạ máy chưa gửi đi, anh chị chưa bị trừ tiền.", "Nothing was sent; you were not charged."),
    Stage.DECLINED: Text("Dạ lần này chưa thu được, anh chị chưa bị trừ tiền.",
                         "It did not go through; you were not charged."),
}  # fmt: skip
CANCELLING = replace(PROCESSING, cancel_wished=True)
WATCHED = replace(UNKNOWN, to_customer=_WAIT)
RELEASED = replace(WATCHED, payment_id="261121_02_000140", slip_number="02-000140", amount=320_000, note="Chị Lan",
                   scanned_at_ms=at("14:20:00"), released=True)  # fmt: skip
LATE_MONEY = replace(
    PAID, payment_id="261121_02_000131", slip_number="02-000131", amount=96_000, scanned_at_ms=at("13:47:00"),
    refundable=96_000, work=Work.LATE_MONEY, to_customer=_LATE,
)  # fmt: skip
CONFLICT = replace(
    PAID, payment_id="261121_02_000122", slip_number="02-000122", amount=41_000, scanned_at_ms=at("11:05:00"),
    refundable=41_000, work=Work.CONFLICT, to_customer=_DO_NOT_FIT,
)  # fmt: skip
TOO_OLD = replace(
    WATCHED, payment_id="261119_02_000088", slip_number="02-000088", amount=57_000,
    scanned_at_ms=at("09:12:00") - 2 * 86_400_000, known_by_ms=None, next_ask_at_ms=None, work=Work.TOO_OLD,
    cause=Text("ZaloPay không trả lời nữa", "ZaloPay answers no more"),
    advice=Text("Quản lý xem trên trang ZaloPay của tiệm rồi quyết định.",
                "A manager looks it up in the portal and decides."),
)  # fmt: skip
OPEN = (TOO_OLD, CONFLICT, LATE_MONEY, RELEASED, replace(MISMATCH, payment_id="261121_02_000145", work=Work.MISMATCH,
        scanned_at_ms=at("14:29:00"), to_customer=_WAIT), WATCHED)  # fmt: skip
DECIDED_PAID = replace(
    UNKNOWN, stage=Stage.DECIDED_PAID, cause=Text("Quản lý xác nhận đã trả", "A manager took it for paid"),
    advice=Text("ZaloPay chưa xác nhận; máy vẫn hỏi.", "ZaloPay has not confirmed it; the till keeps asking."),
    to_customer=Text("Dạ quản lý đã xác nhận khoản này.", "A manager has confirmed this payment."),
)  # fmt: skip
DECIDED_UNPAID = replace(
    DECIDED_PAID, stage=Stage.DECIDED_UNPAID,
    cause=Text("Quản lý xác nhận chưa trả", "A manager took it for not paid"),
)  # fmt: skip

REFUND_SENDING = RefundView(
    m_refund_id="261121_2553_02000149k7qx", payment_id=PAID.payment_id, slip_number="02-000149", amount=45_000,
    stage=RefundStage.SENDING, state="sending", cause=Text("Đang gửi lệnh hoàn", "Sending the refund"),
    advice=Text("Chưa hoàn thêm; máy đang hỏi ZaloPay.", "Do not refund again; the till is asking ZaloPay."),
    cause_code="", refund_id="", by="Ngọc Lan", reason=Text("Khách trả lại hàng", "Goods returned"),
    requested_at_ms=at("14:50:41"), settled_at_ms=None,
)  # fmt: skip
REFUND_PROCESSING = replace(REFUND_SENDING, stage=RefundStage.PROCESSING, state="processing",
                            cause=Text("ZaloPay đang hoàn tiền", "ZaloPay is refunding"))  # fmt: skip
REFUND_UNKNOWN = replace(REFUND_SENDING, stage=RefundStage.UNKNOWN, state="unknown",
                         cause=Text("Chưa rõ đã hoàn chưa", "Not known yet whether it was refunded"))  # fmt: skip
REFUND_DONE = replace(
    REFUND_SENDING, stage=RefundStage.DONE, state="done", refund_id="261121000007712", settled_at_ms=at("14:50:46"),
    cause=Text("Đã hoàn tiền", "Refunded"), advice=Text("Đưa phiếu hoàn cho khách.", "Hand over the refund slip."),
)  # fmt: skip
REFUND_DECLINED = replace(
    REFUND_SENDING, stage=RefundStage.DECLINED, state="failed", settled_at_ms=at("14:50:46"), cause_code="−25",
    cause=Text("Quá hạn hoàn tiền", "Too late for a refund"),
    advice=Text("Trả tiền mặt cho khách, ghi lại vào sổ của tiệm.", "Give cash back and note it in the shop's book."),
)  # fmt: skip
REFUNDABLE = replace(PAID, refundable=185_000, to_customer=_THANKS)
PARTLY = replace(REFUNDABLE, refundable=140_000, refunds=(REFUND_DONE,))

ORDER = qr_code(new_ticket(Random(7), now_ms=at("14:32:05")), 185_000)
CREATING = replace(SENDING, source=ScanSource.SHOWN, expires_at_ms=SENDING.scanned_at_ms + 300_000)
SHOWN = replace(
    CREATING, stage=Stage.SHOWN, accepted_at_ms=at("14:32:06"), shown=ShownCode(ORDER, any_bank=True, link="")
)
LINK = f"https://qcgateway.zalopay.vn/openinapp?order={'x' * 88}"
SHOWN_WALLET = replace(SHOWN, shown=ShownCode(LINK, any_bank=False, link=LINK))
NO_CODE = replace(SHOWN, stage=Stage.PROCESSING, shown=None)
STOPPING = replace(NO_CODE, cancel_wished=True)
CANCELLED = replace(
    STOPPING, stage=Stage.DECLINED, state="cancelled", settled_at_ms=at("14:33:02"),
    cause=Text("Đã hủy, chưa thu tiền", "Cancelled, not charged"),
    advice=Text("Chưa thu tiền. Mời khách đưa mã mới.", "Nothing was charged. Ask for a new code."),
)  # fmt: skip
TIMED_OUT = replace(
    CANCELLED, state="expired", cancel_wished=False, settled_at_ms=at("14:37:09"),
    cause=Text("Hết giờ, chưa thu tiền", "Timed out, not charged"),
)  # fmt: skip
_CHECKING = (Text("ZaloPay báo đã trả", "ZaloPay says it is paid"),
             Text("Máy đang kiểm tra lại. ĐỪNG thu lại.", "The till is checking. Do NOT charge again."))  # fmt: skip
TOLD_PAID = replace(NO_CODE, told_paid=True, cause=_CHECKING[0], advice=_CHECKING[1])
SCANNED_TOLD_PAID = replace(PROCESSING, told_paid=True, cause=_CHECKING[0], advice=_CHECKING[1])
SHOWN_PAID = replace(PAID, source=ScanSource.SHOWN, expires_at_ms=SHOWN.expires_at_ms)


CARD_PAGE = "https://payment.appotapay.com/pay/b0a1c2d3e4f5a6b7c8d9e0f1a2b3c4d5"
CARD = replace(SHOWN, gateway="appotapay_v1", shown=ShownCode(CARD_PAGE, any_bank=False, link=CARD_PAGE))
BANK_QR = replace(
    CARD,
    shown=ShownCode(write_vietqr(Receiver("970432", "MQ0000000148"), amount=185_000), any_bank=True, link=CARD_PAGE),
)
CARD_STOPPING = replace(CARD, stage=Stage.PROCESSING, shown=None, cancel_wished=True)
CARD_UNKNOWN = replace(
    CARD_STOPPING, stage=Stage.UNKNOWN, asked=3, next_ask_at_ms=at("14:32:24"), known_by_ms=at("14:38:00"),
    cause=Text("Chưa rõ kết quả", "No result yet"), to_customer=_WAIT,
)  # fmt: skip
_LOOK = Text("Xem tiền vào tài khoản của tiệm, rồi quản lý xác nhận bằng PIN.",
             "Look at the shop's account, then a manager confirms with the PIN.")  # fmt: skip
_OWN_WAIT = Text("Dạ để quản lý xem tiền vào tài khoản đã.", "A manager will look whether the transfer has arrived.")
OWN = replace(
    SHOWN, gateway="own_vietqr", cause=Text("Chờ khách chuyển khoản", "Waiting for the transfer"), advice=_LOOK,
    to_customer=_OWN_WAIT, known_by_ms=None,
    shown=ShownCode(write_vietqr(Receiver("970436", "0071000123456"), amount=185_000, reference="02000148K7QX"),
                    any_bank=True, link=""),
)  # fmt: skip
OWN_UNKNOWN = replace(OWN, stage=Stage.UNKNOWN, cause=Text("Chưa ai xác nhận", "Nobody has confirmed it"))
OWN_STOPPING = replace(OWN, stage=Stage.PROCESSING, cancel_wished=True)
OWN_SEEN = replace(
    OWN, stage=Stage.DECIDED_PAID, state="manual_paid", settled_at_ms=at("14:33:02"),
    cause=Text("Quản lý đã thấy tiền", "A manager saw the money"),
    advice=Text("Không qua cổng thanh toán.", "Not confirmed by a gateway."),
)  # fmt: skip
OWN_CANCELLED = replace(
    OWN, stage=Stage.DECLINED, state="cancelled", settled_at_ms=at("14:33:02"),
    cause=Text("Đã hủy, không ai xác nhận tiền vào", "Cancelled, nobody confirmed a transfer"),
    advice=Text("Nếu khách đã chuyển, xem lại tài khoản.",
                "If the customer did transfer, look at the account again."),
)  # fmt: skip
LINK_MAKING = replace(SENDING, payment_id="261121_02_000149", slip_number="02-000149", source=ScanSource.LINK,
                      expires_at_ms=SENDING.scanned_at_ms + 7_200_000)  # fmt: skip
LINK_WAITS = replace(LINK_MAKING, stage=Stage.SHOWN, accepted_at_ms=at("14:32:06"), next_ask_at_ms=at("14:32:24"),
                     shown=ShownCode(LINK, any_bank=False, link=LINK))  # fmt: skip
LINK_PAID = replace(
    LINK_WAITS, stage=Stage.PAID, shown=None, late=True, settled_at_ms=at("14:41:00"), zp_trans_id="261121000004830",
    cause=Text("Đã thanh toán", "Paid"), to_customer=_THANKS,
)  # fmt: skip
LINK_TOLD_PAID = replace(LINK_WAITS, stage=Stage.PROCESSING, shown=None, told_paid=True, cause=_CHECKING[0],
                         advice=_CHECKING[1])  # fmt: skip
OTHER_LINK = replace(LINK_WAITS, payment_id="261121_02_000150", slip_number="02-000150", amount=70_000, note="Cô Tám")


def _done(time: str, amount: int, number: int, stage: Stage = Stage.PAID) -> PaymentView:
    return replace(PAID, payment_id=f"261121_02_{number:06}", slip_number=f"02-{number:06}", amount=amount, note="",
                   scanned_at_ms=at(time), stage=stage,
                   refundable=amount if stage is Stage.PAID else 0,
                   to_customer=_TO_CUSTOMER.get(stage, _WAIT))  # fmt: skip


RECENT = (
    _done("14:27:00", 92_000, 147), _done("14:21:00", 1_250_000, 146),
    _done("14:18:00", 36_500, 145, Stage.DECLINED),
)  # fmt: skip
TODAY = (
    _done("15:02:00", 58_000, 153), _done("14:58:00", 215_000, 152), _done("14:55:00", 68_000, 151, Stage.UNKNOWN),
    _done("14:49:00", 124_500, 150), _done("14:40:00", 47_000, 149, Stage.NOT_SENT), REFUNDABLE,
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
    StoryLine(at("14:32:20"), "clock",
              Text("Thời gian: từ lúc quét đến lúc gửi 18 ms, ZaloPay trả lời sau 420 ms, "
                   "kết quả lên màn hình sau 9 ms",
                   "Timing: sent 18 ms after the scan, ZaloPay answered after 420 ms, "
                   "the result was on screen 9 ms later")),
)  # fmt: skip
LATEST = tuple(
    StoryView(view, STORY if view.stage is Stage.PAID else STORY[:4])
    for view in (*TODAY, _done("14:02:00", 74_000, 144))
)
HEALTHY = tuple(HealthView(light, Health.OK) for light in Light)
SLOW = HealthView(
    Light.GATEWAY,
    Health.WARN,
    Text("chậm", "slow"),
    Text("Bán tiếp được, kết quả đến chậm hơn.", "Go on selling; results come later."),
)
APPOTAPAY_DOWN = HealthView(
    Light.GATEWAY,
    Health.BAD,
    Text("AppotaPay chưa trả lời", "AppotaPay has not answered"),
    Text("ĐỪNG thu lại; máy đang hỏi AppotaPay.", "Do NOT charge again; the till is asking AppotaPay."),
    same("AppotaPay"),
)
CAMERA_GONE = HealthView(Light.SCANNER, Health.WARN, *trouble.CAMERA_GONE)
NO_PAPER = HealthView(
    Light.PRINTER,
    Health.BAD,
    Text("hết giấy", "no paper"),
    Text("Thay cuộn giấy, rồi bấm F9 để in phiếu.", "Put in a new roll, then press F9 to print the slip."),
)
