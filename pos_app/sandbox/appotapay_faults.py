"""How AppotaPay's orders and refunds can go, chosen by amount or armed for the next one by name.

Here is the list only; `appotapay_orders` lets it happen.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from pos_app.sandbox.scenario import SOME_WIRES, Family, Scenario, Wire
from pos_app.words import Text

PREFIX = "appota_"
PAID, WAITING = 0, 35
UNDETERMINED = frozenset({37, 73})
"""Ends that are none."""
_ORDER, _REFUND = Family(PREFIX, 30_000), Family(f"{PREFIX}refund_", 32_000)
_NOT_HERE = {Wire.WRONG_TYPES, Wire.DUPLICATE_KEYS}
"""Wires that spoil members which only ZaloPay's answers have."""


class Lie(StrEnum):
    """What an answer says that is not so."""

    NONE = "none"
    WRONG_SIGNATURE = "wrong_signature"
    UNSIGNED = "unsigned"
    OTHER_AMOUNT = "other_amount"
    OTHER_ORDER = "other_order"
    PICTURE = "picture"
    """The QR comes as the address of a picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One way an order or a refund can go.

    Attributes:
        name: how a control call names it.
        text: what it does, for people.
        amount: the dong that choose it, 0 when only a control call does.
        code: the error code that it ends with: 0 paid, None nobody knows: the customer pays, refuses, or does nothing.
        refused: the error code with which it is turned away at once; nothing comes to exist then.
        wait_ms: how long until `code` holds, or until a spoiled answer leaves.
        later_ms: that much later still it is paid all the same, 0 for never.
        stuck: waiting for ever, whatever the customer does.
        wire: how the answer to the creation leaves.
        lie_created, lie_told: what the answers to the creation and to questions say that is not so.
    """

    name: str
    text: Text
    amount: int = 0
    code: int | None = None
    refused: int = 0
    wait_ms: int = 0
    later_ms: int = 0
    stuck: bool = False
    wire: Wire = Wire.PLAIN
    lie_created: Lie = Lie.NONE
    lie_told: Lie = Lie.NONE

    def lasting(self, wait_ms: int | None) -> "Course":
        """The same course with another waiting time, or itself for None."""
        return self if wait_ms is None else replace(self, wait_ms=wait_ms)


def _course(name: str, amount: int, vi: str, en: str) -> Course:
    return Course(name=f"{PREFIX}{name}", amount=amount, text=Text(vi, en))


def _of(scenario: Scenario) -> Course:
    return Course(name=scenario.name, amount=scenario.amount, text=scenario.text)


def _declined(code: int, name: str, vi: str, en: str) -> Course:
    return replace(_of(_ORDER.declined(code, name, vi, en)), code=code, wait_ms=1_000)


def _refused(code: int, name: str, vi: str, en: str) -> Course:
    return replace(_of(_ORDER.refused(code, name, vi, en)), refused=code)


def _no_refund(code: int, name: str, vi: str, en: str) -> Course:
    return replace(_of(_REFUND.refused(code, name, vi, en)), refused=code)


def _lying(number: int, lie: Lie, vi: str, en: str, *, created: bool = False) -> Course:
    told = Lie.NONE if created else lie
    course = _course(f"{'created' if created else 'told'}_{lie.value}", 31_700 + number, vi, en)
    return replace(course, lie_created=lie if created else Lie.NONE, lie_told=told, code=None if created else PAID)


WAITS_TO_BE_PAID = _course(
    "waits", 0, "Chờ khách trả trên trang mẫu (mọi số tiền khác)",
    "Waits for the customer to pay on the demo page (every other amount)",
)  # fmt: skip
REFUNDED = Course(
    name=f"{PREFIX}refunded", code=PAID, text=Text("Hoàn ngay (mọi số tiền khác)", "Refunded at once (every other)")
)

_COURSES = (
    WAITS_TO_BE_PAID,
    replace(_course("paid", 31_001, "Trả ngay", "Paid at once"), code=PAID),
    replace(_course("paid_later", 31_002, "3 giây sau thì trả", "Paid after 3 seconds"), code=PAID, wait_ms=3_000),
    replace(_course("stuck", 31_003, "Chờ mãi không xong (35)", "Waiting for ever (35)"), stuck=True),
    replace(_course("undetermined", 30_037, "Không rõ kết quả (37)", "Undetermined (37)"), code=37),
    replace(_course("bank_silent", 30_073, "Ngân hàng không trả lời (73)", "The bank is silent (73)"), code=73),
    replace(_course("undetermined_then_paid", 31_037, "Không rõ (37), 3 giây sau thì trả",
                    "Undetermined (37), paid after 3 seconds"), code=37, later_ms=3_000),
    replace(_course("failed_then_paid", 31_033, "Báo hỏng (33), 3 giây sau lại trả",
                    "Claims a failure (33), paid after 3 seconds"), code=33, later_ms=3_000),
)  # fmt: skip

_DECLINES = (
    _declined(21, "wrong_otp", "Khách nhập sai OTP", "The OTP was wrong"),
    _declined(33, "failed", "Không trả được", "The payment failed"),
    _declined(38, "cancelled", "Khách hủy", "The customer cancelled"),
    _declined(62, "bank_maintenance", "Ngân hàng đang bảo trì", "The bank is in maintenance"),
    _declined(65, "wrong_card", "Thông tin thẻ sai", "The card's data are wrong"),
    _declined(69, "card_expired", "Thẻ hết hạn", "The card has expired"),
    _declined(70, "over_day_limit", "Vượt hạn mức ngày", "Over the daily limit"),
    _declined(75, "balance_too_low", "Số dư không đủ", "Not enough balance"),
    _declined(77, "timed_out", "Quá giờ thanh toán", "The payment timed out"),
    _declined(78, "bank_error", "Ngân hàng báo lỗi", "The bank reports an error"),
    _declined(82, "declined", "Giao dịch bị từ chối", "The payment was declined"),
    _refused(1, "request_refused", "Yêu cầu bị coi là sai", "The request counts as malformed"),
    _refused(2, "signature_refused", "Chữ ký bị coi là sai", "The signature counts as wrong"),
    _refused(13, "partner_locked", "Tiệm bị khóa", "The shop is locked"),
    _refused(30, "duplicate_claimed", "Báo trùng mã đơn", "Claims a duplicate order ID"),
    _refused(32, "amount_refused", "Số tiền không được nhận", "The amount is not accepted"),
    _refused(91, "busy", "AppotaPay đang bận", "AppotaPay is busy"),
    _refused(92, "address_refused", "IP không được phép", "The IP address is not allowed"),
    _refused(94, "maintenance", "AppotaPay đang bảo trì", "AppotaPay is in maintenance"),
    _refused(140, "method_refused", "Cách trả không được phép", "The method is not allowed"),
    _refused(401, "not_authorised", "Không có quyền", "Not authorised"),
    _refused(500, "system_error", "Lỗi hệ thống", "System error"),
    _refused(777, "undocumented_code", "Mã lỗi không có trong tài liệu", "A code that no document names"),
)

_WIRES = tuple(
    replace(_of(scenario), wire=scenario.wire, wait_ms=scenario.wait_ms)
    for scenario in _ORDER.spoiled(
        (wire for wire in SOME_WIRES if wire not in _NOT_HERE), done=Text("Đã nhận đơn", "The order is taken")
    )
)

_LIES = (
    _lying(1, Lie.WRONG_SIGNATURE, "Tạo đơn: chữ ký sai", "Created with a wrong signature", created=True),
    _lying(2, Lie.UNSIGNED, "Tạo đơn: không có chữ ký", "Created without a signature", created=True),
    _lying(3, Lie.OTHER_AMOUNT, "Tạo đơn: số tiền khác", "Created with another amount", created=True),
    _lying(4, Lie.OTHER_ORDER, "Tạo đơn: kể đơn khác", "Created, but names another order", created=True),
    _lying(5, Lie.PICTURE, "Tạo đơn: QR là ảnh", "Created, the QR is a picture", created=True),
    _lying(11, Lie.WRONG_SIGNATURE, "Đã trả, chữ ký sai", "Paid, the signature is wrong"),
    _lying(12, Lie.UNSIGNED, "Đã trả, không có chữ ký", "Paid, without a signature"),
    _lying(13, Lie.OTHER_AMOUNT, "Đã trả, số tiền khác", "Paid, tells another amount"),
    _lying(14, Lie.OTHER_ORDER, "Đã trả, kể đơn khác", "Paid, names another order"),
)

_REFUNDS = (
    REFUNDED,
    Course(name="appota_refund_later", amount=32_001, code=PAID, wait_ms=3_000,
           text=Text("3 giây sau thì hoàn", "Refunded after 3 seconds")),
    Course(name="appota_refund_stuck", amount=32_003, stuck=True, text=Text("Chờ mãi", "Pending for ever")),
    Course(name="appota_refund_fails", amount=32_033, code=33, wait_ms=1_000,
           text=Text("1 giây sau báo hỏng", "Fails after 1 second")),
    Course(name="appota_refund_answer_lost", amount=32_601, code=PAID, wire=Wire.LOST,
           text=Text("Đã hoàn, trả lời bị mất", "Refunded, the answer is lost")),
    _no_refund(102, "state", "Trạng thái không cho hoàn", "Its state allows no refund"),
    _no_refund(106, "partial", "Không hoàn một phần", "No partial refund"),
    _no_refund(125, "too_late", "Quá hạn hoàn", "Too late for a refund"),
    _no_refund(129, "wait", "Chờ rồi mới hoàn tiếp", "Wait before another refund"),
    _no_refund(135, "not_supported", "Không hỗ trợ hoàn", "Refunds are not supported"),
    _no_refund(99, "unknown", "Lỗi không rõ", "An unknown error"),
)  # fmt: skip

COURSES = {course.name: course for course in (*_COURSES, *_DECLINES, *_WIRES, *_LIES)}
REFUND_COURSES = {course.name: course for course in _REFUNDS}
