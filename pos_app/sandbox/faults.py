"""The scenarios of payments (QuickPay), and all scenarios in words.

A scenario is chosen by the payment's amount or armed for the next payment by name; refunds and shown orders have lists
of their own. Here is the list only; `orders` lets the truth happen, `untruths` the lies, `wire` sends the bytes.
"""

from pos_app.sandbox.order_faults import ORDER_SCENARIOS
from pos_app.sandbox.refund_faults import REFUND_SCENARIOS
from pos_app.sandbox.scenario import Family, Scenario, Truth, Twist, Waits, Wire
from pos_app.words import Text

_QUICK_PAY = Family("", 10_000)
_declined, _refused = _QUICK_PAY.declined, _QUICK_PAY.refused

PAID_AT_ONCE = Scenario(name="paid", text=Text("Trả ngay (mọi số tiền khác)", "Paid at once (every other amount)"))
WAITS_FOR_CUSTOMER = Scenario(
    name="waits_for_customer", amount=10_002, truth=Truth.WAITING,
    text=Text("Chờ khách bấm trên ví mẫu", "Waits for the customer to tap on the demo wallet"),
)  # fmt: skip

_COURSES = (
    PAID_AT_ONCE,
    Scenario(name="paid_later", amount=10_001, wait_ms=3_000,
             text=Text("Đang xử lý, 3 giây sau thì trả", "Processing, paid after 3 seconds")),
    WAITS_FOR_CUSTOMER,
    Scenario(name="stuck", amount=10_003, truth=Truth.STUCK,
             text=Text("Đang xử lý mãi không xong", "Stuck in processing")),
    Scenario(name="paid_much_later", amount=10_004, wait_ms=30_000,
             text=Text("Đang xử lý, 30 giây sau thì trả", "Processing, paid after 30 seconds")),
    Scenario(name="fails_later", amount=10_007, truth=Truth.FAILED, code=-59, wait_ms=3_000,
             text=Text("Đang xử lý, 3 giây sau thì từ chối (-59)", "Processing, declined after 3 seconds (-59)")),
)  # fmt: skip

_DECLINES = (
    _declined(-36, "over_payment_limit", "Vượt hạn mức một lần trả", "Over the limit of one payment"),
    _declined(-43, "bank_maintenance", "Ngân hàng đang bảo trì", "The bank is in maintenance"),
    _declined(-54, "order_expired", "Đơn đã hết hạn", "The order has expired"),
    _declined(-59, "purchase_failed", "Không trả được", "The purchase failed"),
    _declined(-61, "wallet_locked", "Ví của khách đang bị khóa", "The customer's wallet is locked"),
    _declined(-63, "balance_too_low", "Số dư không đủ", "Not enough balance", after_ms=2_000),
    _declined(-65, "wrong_pin", "Khách nhập sai mật khẩu", "The customer's PIN was wrong", after_ms=2_000),
    _declined(-217, "bank_error", "Ngân hàng từ chối", "The bank declined", after_ms=1_000),
    _declined(-244, "fraud_suspected", "Nghi gian lận", "Fraud suspected"),
    _declined(-290, "code_used", "Mã thanh toán đã dùng", "The payment code was used before"),
    _declined(-291, "amount_refused", "Số tiền không được chấp nhận", "The amount is not accepted"),
    _declined(-292, "code_invalid", "Mã thanh toán không đúng", "The payment code is not valid"),
    _declined(-293, "payment_mismatch", "Giao dịch không khớp", "The payment does not match"),
    _declined(-296, "customer_silent", "Khách không xác nhận", "The customer did not confirm", after_ms=3_000),
    _declined(-322, "code_expired", "Mã thanh toán hết hạn", "The payment code has expired"),
    _declined(-329, "customer_declined", "Khách từ chối", "The customer declined", after_ms=2_000),
    _declined(-332, "promotion_failed", "Khuyến mãi không áp dụng được", "A promotion rule failed"),
    _declined(-1330, "over_day_limit", "Vượt hạn mức ngày", "Over the daily limit"),
    _declined(-1340, "over_month_limit", "Vượt hạn mức tháng", "Over the monthly limit"),
    _declined(-1777, "undocumented_code", "Mã lỗi không có trong tài liệu", "A code that no document names"),
    _refused(-429, "too_many_requests", "Gửi quá nhiều yêu cầu", "Too many requests"),
    _refused(-999, "maintenance", "ZaloPay đang bảo trì", "The gateway is in maintenance"),
    _refused(-401, "request_refused", "Yêu cầu bị coi là sai", "The request counts as malformed"),
    _refused(-402, "signature_refused", "Chữ ký bị coi là sai", "The signature counts as wrong"),
    _refused(-403, "signature_refused_403", "Chữ ký bị coi là sai", "The signature counts as wrong"),
    _refused(-405, "client_refused", "Cửa hàng không được phép", "The client is not allowed"),
    _refused(406, "status_refused", "Trạng thái không hợp lệ, mã dương", "Illegal status, a positive code"),
    Scenario(name="duplicate_claimed", amount=10_068, claim=-68,
             text=Text("Báo trùng mã đơn (-68) nhưng đã trả", "Claims a duplicate order ID (-68), yet paid")),
    Scenario(name="system_error", amount=10_505, claim=-500, wait_ms=2_000,
             text=Text("Báo lỗi hệ thống (-500), 2 giây sau lại trả",
                       "Claims a system error (-500), paid after 2 seconds all the same")),
    Scenario(name="code_as_return_code", amount=10_801, truth=Truth.UNRECORDED, claim=-402,
             twist=Twist.CODE_AS_RETURN_CODE,
             text=Text("Mã -402 nằm ngay ở return_code", "Code -402 stands in return_code itself")),
    Scenario(name="maintenance_as_return_code", amount=10_802, truth=Truth.UNRECORDED, claim=-999,
             twist=Twist.CODE_AS_RETURN_CODE,
             text=Text("Mã -999 nằm ngay ở return_code", "Code -999 stands in return_code itself")),
)  # fmt: skip

_WIRES = (
    *_QUICK_PAY.spoiled((wire for wire in Wire if wire not in {Wire.PLAIN, Wire.TWICE}), done=Text("Đã trả", "Paid")),
    Scenario(name="answer_twice", amount=10_615, wire=Wire.TWICE,
             text=Text("Yêu cầu tới hai lần, câu sau báo -68", "Delivered twice, the second answer is -68")),
    Scenario(name="never_arrived", amount=10_616, truth=Truth.UNRECORDED, wire=Wire.LOST,
             text=Text("Yêu cầu thất lạc, không có đơn", "The request goes astray, there is no order")),
    Scenario(name="arrives_late", amount=10_617, wire=Wire.LOST, waits=Waits.FOUND, wait_ms=8_000,
             text=Text("Không trả lời, 8 giây sau mới có đơn và đã trả",
                       "No answer, the order shows up paid after 8 seconds")),
)  # fmt: skip

_TWISTS = (
    Scenario(name="not_found_at_first", amount=10_101, waits=Waits.FOUND, wait_ms=5_000,
             text=Text("Đã trả, hỏi lại thì 5 giây đầu báo không thấy (-101)",
                       "Paid, queries do not find it for 5 seconds (-101)")),
    Scenario(name="other_amount", amount=10_701, twist=Twist.OTHER_AMOUNT,
             text=Text("Hỏi lại thì số tiền khác", "The query tells another amount")),
    Scenario(name="other_zp_trans_id", amount=10_702, twist=Twist.OTHER_NUMBER,
             text=Text("Hỏi lại thì mã giao dịch khác", "The query tells another transaction ID")),
    Scenario(name="no_zp_trans_id", amount=10_703, twist=Twist.NO_NUMBER,
             text=Text("Báo đã trả nhưng thiếu mã giao dịch", "Success without a transaction ID")),
    Scenario(name="zero_zp_trans_id", amount=10_704, twist=Twist.ZERO_NUMBER,
             text=Text("Báo đã trả nhưng mã giao dịch là 0", "Success with transaction ID 0")),
    Scenario(name="failed_then_paid", amount=10_706, claim=-217, wait_ms=3_000,
             text=Text("Báo từ chối (-217), 3 giây sau lại trả", "Claims a decline (-217), paid after 3 seconds")),
    Scenario(name="other_app_trans_id", amount=10_707, twist=Twist.OTHER_ORDER,
             text=Text("Hỏi lại thì kể đơn khác", "The query names another order")),
    Scenario(name="other_app_id", amount=10_708, twist=Twist.OTHER_APP,
             text=Text("Hỏi lại thì kể cửa hàng khác", "The query names another app")),
    Scenario(name="paid_yet_processing", amount=10_709, wait_ms=3_000, twist=Twist.PAID_YET_PROCESSING,
             text=Text("3 giây đầu: vừa đã trả vừa đang xử lý", "For 3 seconds: paid and processing at once")),
    Scenario(name="failed_yet_processing", amount=10_712, wait_ms=3_000, twist=Twist.FAILED_YET_PROCESSING,
             text=Text("3 giây đầu: vừa từ chối vừa đang xử lý, rồi trả",
                       "For 3 seconds: declined and processing at once, then paid")),
    Scenario(name="query_limit", amount=10_711, wait_ms=1_000, twist=Twist.QUERY_LIMIT,
             text=Text("Ba lần hỏi đầu bị chặn (-429), rồi trả", "The first three queries get -429, then paid")),
    Scenario(name="paid_then_failed", amount=10_713, twist=Twist.PAID_THEN_FAILED,
             text=Text("Hỏi lần đầu đã trả, các lần sau báo từ chối",
                       "The first query says paid, later ones say declined")),
)  # fmt: skip

SCENARIOS = {scenario.name: scenario for scenario in (*_COURSES, *_DECLINES, *_WIRES, *_TWISTS)}


def describe_scenarios(of: str = "payments") -> list[tuple[int, str, Text]]:
    """All scenarios as (amount in dong, name, what it does), by amount; amount 0 is "every other amount".

    Args:
        of: "payments", "refunds" (by the amount given back), or "orders" (shown to the customer).

    Raises:
        KeyError: of something else.
    """
    lists = {"payments": SCENARIOS, "refunds": REFUND_SCENARIOS, "orders": ORDER_SCENARIOS}
    rows = [(scenario.amount, scenario.name, scenario.text) for scenario in lists[of].values()]
    return sorted(rows, key=lambda row: (row[0], row[1]))
