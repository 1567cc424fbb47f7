"""The scenarios of orders that are shown to the customer, chosen by amount or armed for the next such order by name.

Here is the list only; `orders` lets the truth happen, `callbacks` posts the callbacks.
"""

from pos_app.sandbox.scenario import SOME_WIRES, Callback, Family, Scenario, Truth, Twist, Waits, Wire
from pos_app.words import Text

_ORDER = Family("order_", 13_000)
_refused = _ORDER.refused


def _calling(number: int, callback: Callback, vi: str, en: str, *, wait_ms: int = 0) -> Scenario:
    name = "late" if wait_ms else callback.value
    return Scenario(
        name=f"order_callback_{name}", amount=_ORDER.base + 900 + number, text=Text(vi, en), waits=Waits.CALLBACK,
        wait_ms=wait_ms, callback=callback, truth=Truth.WAITING if callback is Callback.FORGED else Truth.DONE,
    )  # fmt: skip


WAITS_TO_BE_PAID = Scenario(
    name="order_waits", truth=Truth.WAITING,
    text=Text("Chờ khách trả trên ví mẫu (mọi số tiền khác)",
              "Waits for the customer to pay on the demo wallet (every other amount)"),
)  # fmt: skip

_COURSES = (
    WAITS_TO_BE_PAID,
    Scenario(name="order_paid", amount=13_001, text=Text("Trả ngay", "Paid at once")),
    Scenario(name="order_paid_later", amount=13_002, wait_ms=3_000,
             text=Text("3 giây sau thì trả", "Paid after 3 seconds")),
    Scenario(name="order_stuck", amount=13_003, truth=Truth.STUCK,
             text=Text("Không ai trả, cũng không hết hạn", "Never paid, never expired")),
    Scenario(name="order_paid_much_later", amount=13_004, wait_ms=30_000,
             text=Text("30 giây sau thì trả", "Paid after 30 seconds")),
    Scenario(name="order_expires", amount=13_005, truth=Truth.FAILED, code=-54, wait_ms=5_000,
             text=Text("Không ai trả, 5 giây sau hết hạn (-54)", "Never paid, expires after 5 seconds (-54)")),
    Scenario(name="order_paid_late", amount=13_006, truth=Truth.FAILED, code=-54, wait_ms=5_000, late_ms=5_000,
             text=Text("5 giây sau hết hạn (-54), thêm 5 giây nữa lại có tiền; hủy rồi cũng vậy",
                       "Expires after 5 seconds (-54) and is paid 5 seconds later all the same; cancelled too")),
    Scenario(name="order_fails_later", amount=13_007, truth=Truth.FAILED, code=-59, wait_ms=3_000,
             text=Text("3 giây sau báo không trả được (-59)", "The purchase fails after 3 seconds (-59)")),
    Scenario(name="order_underpaid", amount=13_011, wait_ms=2_000, off_by=-5_000,
             text=Text("2 giây sau khách trả thiếu 5.000 ₫", "Paid 5,000 dong too little after 2 seconds")),
    Scenario(name="order_overpaid", amount=13_012, wait_ms=2_000, off_by=5_000,
             text=Text("2 giây sau khách trả thừa 5.000 ₫", "Paid 5,000 dong too much after 2 seconds")),
    Scenario(name="order_not_found_at_first", amount=13_101, truth=Truth.WAITING, waits=Waits.FOUND, wait_ms=5_000,
             text=Text("Hỏi lại thì 5 giây đầu báo không thấy (-101)",
                       "Queries do not find it for 5 seconds (-101)")),
)  # fmt: skip

_REFUSALS = (
    _refused(-33, "app_in_maintenance", "Ứng dụng đang bảo trì", "The app is in maintenance"),
    _refused(-401, "request_refused", "Yêu cầu bị coi là sai", "The request counts as malformed"),
    _refused(-402, "signature_refused", "Chữ ký bị coi là sai", "The signature counts as wrong"),
    _refused(-429, "too_many_requests", "Gửi quá nhiều yêu cầu", "Too many requests"),
    _refused(-999, "maintenance", "ZaloPay đang bảo trì", "The gateway is in maintenance"),
    Scenario(name="order_duplicate_claimed", amount=13_068, truth=Truth.WAITING, claim=-68,
             text=Text("Báo trùng mã đơn (-68), đơn vẫn có", "Claims a duplicate order ID (-68), the order is there")),
    Scenario(name="order_system_error", amount=13_505, truth=Truth.WAITING, claim=-500,
             text=Text("Báo lỗi hệ thống (-500), đơn vẫn có", "Claims a system error (-500), the order is there")),
    Scenario(name="order_code_as_return_code", amount=13_801, truth=Truth.UNRECORDED, claim=-402,
             twist=Twist.CODE_AS_RETURN_CODE,
             text=Text("Mã -402 nằm ngay ở return_code", "Code -402 stands in return_code itself")),
)  # fmt: skip

_WIRES = (
    *_ORDER.spoiled(SOME_WIRES, done=Text("Đã tạo đơn", "Created"), truth=Truth.WAITING),
    Scenario(name="order_answer_twice", amount=13_615, truth=Truth.WAITING, wire=Wire.TWICE,
             text=Text("Yêu cầu tới hai lần, câu sau báo -68", "Delivered twice, the second answer is -68")),
    Scenario(name="order_never_arrived", amount=13_616, truth=Truth.UNRECORDED, wire=Wire.LOST,
             text=Text("Yêu cầu thất lạc, không có đơn", "The request goes astray, there is no order")),
)  # fmt: skip

_TWISTS = (
    Scenario(name="order_query_lies", amount=13_701, twist=Twist.OTHER_AMOUNT,
             text=Text("Trả ngay, hỏi lại thì số tiền khác", "Paid at once, the query tells another amount")),
    Scenario(name="order_unpaid_not_processing", amount=13_709, wait_ms=3_000, twist=Twist.UNPAID_NOT_PROCESSING,
             text=Text("Chưa trả thì is_processing là false, 3 giây sau trả",
                       "While unpaid is_processing is false, paid after 3 seconds")),
    Scenario(name="order_qr_other_amount", amount=13_711, truth=Truth.WAITING, twist=Twist.QR_OTHER_AMOUNT,
             text=Text("qr_code thừa 1.000 ₫ so với đơn", "The qr_code is for 1,000 dong more")),
    Scenario(name="order_qr_wrong_crc", amount=13_712, truth=Truth.WAITING, twist=Twist.QR_WRONG_CRC,
             text=Text("qr_code sai mã kiểm tra CRC", "The qr_code has a wrong CRC")),
    Scenario(name="order_without_qr", amount=13_713, truth=Truth.WAITING, twist=Twist.NO_QR,
             text=Text("Không có qr_code", "There is no qr_code")),
)  # fmt: skip

_CALLBACKS = (
    _calling(1, Callback.LOST, "Trả ngay, callback thất lạc", "Paid at once, the callback is lost"),
    _calling(2, Callback.TWICE, "Trả ngay, callback tới hai lần", "Paid at once, the callback comes twice"),
    _calling(3, Callback.RIGHT, "Trả ngay, 10 giây sau mới có callback", "Paid at once, the callback 10 seconds later",
             wait_ms=10_000),
    _calling(4, Callback.FORGED, "Chưa trả, callback giả sai chữ ký",
             "Not paid, a forged callback with a wrong signature"),
    _calling(5, Callback.WRONG_MAC, "Trả ngay, callback sai chữ ký", "Paid at once, the callback's signature is wrong"),
    _calling(6, Callback.OTHER_AMOUNT, "Trả ngay, callback kể số tiền khác",
             "Paid at once, the callback tells another amount"),
)  # fmt: skip

ORDER_SCENARIOS = {
    scenario.name: scenario for scenario in (*_COURSES, *_REFUSALS, *_WIRES, *_TWISTS, *_CALLBACKS)
}  # fmt: skip
