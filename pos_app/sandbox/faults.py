"""The scenarios of the built-in gateway: what becomes of an order, and what its answers look like on the wire.

A scenario is chosen by the order's amount (`SCENARIOS`, a frozen table) or armed for the next order by name.
Here is the list only; `zalopay` lets the truth happen, `wire` sends the bytes.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from pos_app.words import Text


class Truth(StrEnum):
    """What really becomes of an order."""

    PAID = "paid"
    FAILED = "failed"
    WAITING = "waiting"
    """The customer's phone asks; confirm or decline decides."""
    STUCK = "stuck"
    """In processing for ever."""
    UNRECORDED = "unrecorded"
    """The order never comes to exist."""


class Waits(StrEnum):
    """What a scenario's waiting time is for."""

    TRUTH = "truth"
    """The order is in processing until then."""
    ANSWER = "answer"
    """The answer leaves only then (for a drip: the time between two bytes)."""
    FOUND = "found"
    """Queries do not find the order until then."""


class Wire(StrEnum):
    """How the answer leaves the gateway."""

    PLAIN = "plain"
    LOST = "lost"
    LATE = "late"
    CLOSED = "closed"
    RESET = "reset"
    CUT = "cut"
    DRIP = "drip"
    TWICE = "twice"
    EMPTY = "empty"
    GARBAGE = "garbage"
    HTML = "html"
    HUGE = "huge"
    BOMB = "bomb"
    REDIRECT = "redirect"
    WRONG_TYPES = "wrong_types"
    DUPLICATE_KEYS = "duplicate_keys"
    NOT_A_NUMBER = "not_a_number"
    DEEP = "deep"
    HTTP_500 = "http_500"
    HTTP_502 = "http_502"
    HTTP_503 = "http_503"
    HTTP_504 = "http_504"


class Twist(StrEnum):
    """What an answer's members say that is not so."""

    NONE = "none"
    OTHER_AMOUNT = "other_amount"
    OTHER_NUMBER = "other_number"
    OTHER_ORDER = "other_order"
    OTHER_APP = "other_app"
    NO_NUMBER = "no_number"
    ZERO_NUMBER = "zero_number"
    PAID_YET_PROCESSING = "paid_yet_processing"
    FAILED_YET_PROCESSING = "failed_yet_processing"
    PAID_THEN_FAILED = "paid_then_failed"
    CODE_AS_RETURN_CODE = "code_as_return_code"
    QUERY_LIMIT = "query_limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One way an order can go.

    Attributes:
        name: how a control call names it.
        text: what it does, for people.
        amount: the dong that choose it, 0 when only a control call does.
        truth: what becomes of the order.
        code: the `sub_return_code` of a failure, negative or 406.
        claim: the `sub_return_code` of a failure that the first answer claims, whatever the truth is; 0 for none.
        waits: what `wait_ms` is for.
        wire: how the answer to the payment leaves.
        twist: what the answers say that is not so.
    """

    name: str
    text: Text
    amount: int = 0
    truth: Truth = Truth.PAID
    code: int = 0
    claim: int = 0
    waits: Waits = Waits.TRUTH
    wait_ms: int = 0
    wire: Wire = Wire.PLAIN
    twist: Twist = Twist.NONE

    def lasting(self, wait_ms: int | None) -> "Scenario":
        """The same scenario with another waiting time, or itself for None."""
        return self if wait_ms is None else replace(self, wait_ms=wait_ms)


def _decline(code: int, name: str, vi: str, en: str, *, after_ms: int = 0) -> Scenario:
    return Scenario(
        name=name, amount=10_000 + abs(code), text=Text(f"{vi} ({code})", f"{en} ({code})"),
        truth=Truth.FAILED, code=code, wait_ms=after_ms,
    )  # fmt: skip


def _refusal(code: int, name: str, vi: str, en: str, *, amount: int = 0) -> Scenario:
    return Scenario(
        name=name, amount=amount or 10_000 + abs(code), text=Text(f"{vi} ({code})", f"{en} ({code})"),
        truth=Truth.UNRECORDED, claim=code,
    )  # fmt: skip


def _wire(amount: int, wire: Wire, vi: str, en: str, *, wait_ms: int = 0) -> Scenario:
    return Scenario(
        name=f"answer_{wire.value}", amount=amount, text=Text(vi, en), wire=wire, waits=Waits.ANSWER, wait_ms=wait_ms
    )


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
    _decline(-36, "over_payment_limit", "Vượt hạn mức một lần trả", "Over the limit of one payment"),
    _decline(-43, "bank_maintenance", "Ngân hàng đang bảo trì", "The bank is in maintenance"),
    _decline(-54, "order_expired", "Đơn đã hết hạn", "The order has expired"),
    _decline(-59, "purchase_failed", "Không trả được", "The purchase failed"),
    _decline(-61, "wallet_locked", "Ví của khách đang bị khóa", "The customer's wallet is locked"),
    _decline(-63, "balance_too_low", "Số dư không đủ", "Not enough balance", after_ms=2_000),
    _decline(-65, "wrong_pin", "Khách nhập sai mật khẩu", "The customer's PIN was wrong", after_ms=2_000),
    _decline(-217, "bank_error", "Ngân hàng từ chối", "The bank declined", after_ms=1_000),
    _decline(-244, "fraud_suspected", "Nghi gian lận", "Fraud suspected"),
    _decline(-290, "code_used", "Mã thanh toán đã dùng", "The payment code was used before"),
    _decline(-291, "amount_refused", "Số tiền không được chấp nhận", "The amount is not accepted"),
    _decline(-292, "code_invalid", "Mã thanh toán không đúng", "The payment code is not valid"),
    _decline(-293, "payment_mismatch", "Giao dịch không khớp", "The payment does not match"),
    _decline(-296, "customer_silent", "Khách không xác nhận", "The customer did not confirm", after_ms=3_000),
    _decline(-322, "code_expired", "Mã thanh toán hết hạn", "The payment code has expired"),
    _decline(-329, "customer_declined", "Khách từ chối", "The customer declined", after_ms=2_000),
    _decline(-332, "promotion_failed", "Khuyến mãi không áp dụng được", "A promotion rule failed"),
    _decline(-1330, "over_day_limit", "Vượt hạn mức ngày", "Over the daily limit"),
    _decline(-1340, "over_month_limit", "Vượt hạn mức tháng", "Over the monthly limit"),
    _decline(-1777, "undocumented_code", "Mã lỗi không có trong tài liệu", "A code that no document names"),
    _refusal(-429, "too_many_requests", "Gửi quá nhiều yêu cầu", "Too many requests"),
    _refusal(-999, "maintenance", "ZaloPay đang bảo trì", "The gateway is in maintenance"),
    _refusal(-401, "request_refused", "Yêu cầu bị coi là sai", "The request counts as malformed"),
    _refusal(-402, "signature_refused", "Chữ ký bị coi là sai", "The signature counts as wrong"),
    _refusal(-403, "signature_refused_403", "Chữ ký bị coi là sai", "The signature counts as wrong"),
    _refusal(-405, "client_refused", "Cửa hàng không được phép", "The client is not allowed"),
    _refusal(406, "status_refused", "Trạng thái không hợp lệ, mã dương", "Illegal status, a positive code"),
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
    _wire(10_501, Wire.HTTP_500, "Đã trả, trả lời là HTTP 500", "Paid, the answer is HTTP 500"),
    _wire(10_502, Wire.HTTP_502, "Đã trả, trả lời là HTTP 502", "Paid, the answer is HTTP 502"),
    _wire(10_503, Wire.HTTP_503, "Đã trả, trả lời là HTTP 503", "Paid, the answer is HTTP 503"),
    _wire(10_504, Wire.HTTP_504, "Đã trả, trả lời là HTTP 504", "Paid, the answer is HTTP 504"),
    _wire(10_601, Wire.LOST, "Đã trả, trả lời bị mất", "Paid, the answer is lost"),
    _wire(10_602, Wire.LATE, "Đã trả, 20 giây sau mới trả lời", "Paid, answered after 20 seconds", wait_ms=20_000),
    _wire(10_603, Wire.RESET, "Đã trả, đường truyền đứt đột ngột", "Paid, the connection is reset"),
    _wire(10_604, Wire.CUT, "Đã trả, trả lời chỉ có một nửa", "Paid, half an answer"),
    _wire(10_605, Wire.DRIP, "Đã trả, mỗi giây một byte", "Paid, one byte per second", wait_ms=1_000),
    _wire(10_606, Wire.GARBAGE, "Đã trả, trả lời vô nghĩa", "Paid, the answer is garbage"),
    _wire(10_607, Wire.HTML, "Đã trả, trả lời là trang web", "Paid, the answer is a web page"),
    _wire(10_608, Wire.HUGE, "Đã trả, trả lời 8 MiB", "Paid, an answer of 8 MiB"),
    _wire(10_609, Wire.BOMB, "Đã trả, trả lời nén phình ra 8 MiB", "Paid, a packed answer that unfolds to 8 MiB"),
    _wire(10_610, Wire.REDIRECT, "Đã trả, bị chuyển sang nơi khác", "Paid, redirected to another host"),
    _wire(10_611, Wire.WRONG_TYPES, "Đã trả, kiểu dữ liệu sai", "Paid, members of wrong types"),
    _wire(10_612, Wire.DUPLICATE_KEYS, "Đã trả, tên bị lặp", "Paid, members named twice"),
    _wire(10_613, Wire.NOT_A_NUMBER, "Đã trả, có NaN", "Paid, with NaN in the answer"),
    _wire(10_614, Wire.DEEP, "Đã trả, lồng 10.000 tầng", "Paid, nested 10,000 deep"),
    _wire(10_615, Wire.TWICE, "Yêu cầu tới hai lần, câu sau báo -68", "Delivered twice, the second answer is -68"),
    _wire(10_618, Wire.EMPTY, "Đã trả, trả lời trống", "Paid, an empty answer"),
    _wire(10_619, Wire.CLOSED, "Đã trả, đóng kết nối không trả lời", "Paid, closed without an answer"),
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
BY_AMOUNT = {scenario.amount: scenario for scenario in SCENARIOS.values() if scenario.amount}


def describe_scenarios() -> list[tuple[int, str, Text]]:
    """All scenarios as (amount in dong, name, what it does), by amount; amount 0 is "every other amount"."""
    rows = [(scenario.amount, scenario.name, scenario.text) for scenario in SCENARIOS.values()]
    return sorted(rows, key=lambda row: (row[0], row[1]))


def twisted(
    twist: Twist, answer: dict[str, object], *, queries: int, app_id: int, app_trans_id: str
) -> dict[str, object]:
    """The answer with the scenario's untruth in it.

    Args:
        twist: which untruth.
        answer: the true answer.
        queries: which query this answers, from 1; 0 for the answer to the payment itself.
        app_id: the shop's app.
        app_trans_id: the order that was asked for.
    """
    lie: dict[str, object] = {}
    number, amount = answer.get("zp_trans_id"), answer.get("amount")
    paid, processing = answer["return_code"] == 1, answer["return_code"] == 3  # noqa: PLR2004 - documented codes
    if twist is Twist.CODE_AS_RETURN_CODE and answer["return_code"] == 2:  # noqa: PLR2004
        lie = {"return_code": answer["sub_return_code"]}
    elif twist is Twist.PAID_YET_PROCESSING and processing:
        lie = {"return_code": 1}
    elif twist is Twist.FAILED_YET_PROCESSING and processing:
        lie = {"return_code": 2, "sub_return_code": -217}
    elif twist is Twist.QUERY_LIMIT and 1 <= queries <= 3:  # noqa: PLR2004 - the first three
        lie = {"return_code": 2, "sub_return_code": -429, "is_processing": False, "amount": 0, "zp_trans_id": 0}
    elif twist is Twist.NO_NUMBER and paid and not queries:
        return {member: value for member, value in answer.items() if member != "zp_trans_id"}
    elif twist is Twist.ZERO_NUMBER and paid and not queries:
        lie = {"zp_trans_id": 0}
    elif queries and paid:
        lie = _lie_of_query(twist, number=number, amount=amount, queries=queries, named=(app_id, app_trans_id))
    return {**answer, **lie}


def _lie_of_query(
    twist: Twist, *, number: object, amount: object, queries: int, named: tuple[int, str]
) -> dict[str, object]:
    app_id, app_trans_id = named
    lies: dict[Twist, dict[str, object]] = {
        Twist.OTHER_AMOUNT: {"amount": amount - 1_000 if isinstance(amount, int) else 0},
        Twist.OTHER_NUMBER: {"zp_trans_id": number + queries if isinstance(number, int) else 0},
        Twist.OTHER_ORDER: {"app_id": app_id, "app_trans_id": f"{app_trans_id[:39]}X"},
        Twist.OTHER_APP: {"app_id": app_id + 1, "app_trans_id": app_trans_id},
    }
    if twist is Twist.PAID_THEN_FAILED and queries > 1:
        return {"return_code": 2, "sub_return_code": -59, "amount": 0, "zp_trans_id": 0}
    return lies.get(twist, {})
