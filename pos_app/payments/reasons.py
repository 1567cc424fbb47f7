"""Why a payment stands as it does, in plain words, and what the cashier does now.

One table per API, because the same number means different things in different calls of ZaloPay. What a code means
for the money is not decided here but in `answer.py`; here are only words.
"""

from dataclasses import dataclass
from enum import StrEnum

from pos_app.money import MINUS
from pos_app.payments.answer import (
    FAILURE,
    IN_PROGRESS,
    SUCCESS,
    Answer,
    AnswerClass,
    NotSentCause,
    deciding_code,
)
from pos_app.words import Text


class Api(StrEnum):
    """Whose code table counts."""

    PAYMENT = "payment"
    """create, quick_pay and the order query, which share one table."""
    REFUND = "refund"
    REFUND_STATUS = "refund_status"
    AGREEMENT = "agreement"


class ReasonKind(StrEnum):
    """Who or what can change it."""

    PAID = "paid"
    IN_PROGRESS = "in_progress"
    CUSTOMER = "customer"
    """The customer must do something in the wallet."""
    NEW_CODE = "new_code"
    OTHER_MEANS = "other_means"
    WAIT = "wait"
    """The gateway or a bank is busy or in maintenance."""
    SHOP = "shop"
    """The shop's keys or contract."""
    PROGRAM = "program"
    """Our bug: for support."""
    NETWORK = "network"
    CLOCK = "clock"
    UNKNOWN = "unknown"
    """Nobody knows yet: never charge again."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in a title of a few words, and one short sentence of advice for the cashier."""

    kind: ReasonKind
    title: Text
    advice: Text


_NOTHING_TO_DO = Text("Giao hàng và đưa phiếu cho khách.", "Hand over the goods and the slip.")
_ON_THE_PHONE = Text("Mời khách làm tiếp trên điện thoại.", "Ask the customer to go on with the phone.")
_WAIT_HERE = Text("Chờ thêm; máy đang hỏi ZaloPay.", "Wait; the till is asking ZaloPay.")
_DO_NOT_CHARGE = Text("ĐỪNG thu lại; máy đang hỏi ZaloPay.", "Do NOT charge again; the till is asking ZaloPay.")
_NEW_CODE = Text("Mời khách mở mã mới, rồi quét lại.", "Ask the customer for a new code, then scan it.")
_NEW_CODE_OR_KEY = Text(
    "Mời khách mở mã mới. Mã nào cũng vậy thì nhờ quản lý xem khóa công khai.",
    "Ask for a new code. If every code fails, have a manager check the public key.",
)
_CONFIRM = Text(
    "Mời khách đưa mã mới và xác nhận trên điện thoại.",
    "Ask the customer for a new code and to confirm it on the phone.",
)
_OTHER_SOURCE = Text(
    "Mời khách chọn nguồn tiền khác, rồi đưa mã mới.",
    "Ask the customer to pick another source of money, then show a new code.",
)
_OTHER_MEANS = Text("Mời khách trả bằng cách khác.", "Ask the customer to pay another way.")
_LATER = Text("Đợi vài phút rồi thử lại, hoặc thu cách khác.", "Try again in a few minutes, or take another payment.")
_KEYS = Text("Nhờ quản lý kiểm tra khóa ZaloPay.", "Ask the manager to check the ZaloPay keys.")
_CONTRACT = Text("Nhờ quản lý liên hệ ZaloPay.", "Ask the manager to contact ZaloPay.")
_SUPPORT = Text("Báo người hỗ trợ, kèm mã này.", "Tell support, with this code.")
_SET_CLOCK = Text("Chỉnh giờ máy cho đúng, rồi thử lại.", "Set this computer's clock right, then try again.")
_CHECK_AMOUNT = Text("Kiểm tra số tiền, hoặc thu cách khác.", "Check the amount, or take another payment.")
_CHECK_NETWORK = Text("Kiểm tra mạng, rồi quét lại.", "Check the network, then scan again.")
_ASK_REFUND = Text("Chưa hoàn thêm; máy đang hỏi ZaloPay.", "Do not refund again; the till is asking ZaloPay.")
_CHECK_REFUND = Text("Nhờ quản lý xem lại giao dịch gốc.", "Ask the manager to look at the original payment.")

_Table = dict[int, Reason]


def _same(codes: tuple[int, ...], kind: ReasonKind, vi: str, en: str, advice: Text) -> _Table:
    return dict.fromkeys(codes, Reason(kind, Text(vi, en), advice))


_K = ReasonKind
_UNKNOWN = Reason(_K.UNKNOWN, Text("Chưa rõ kết quả", "Not known yet"), _DO_NOT_CHARGE)
_PROCESSING = Reason(_K.IN_PROGRESS, Text("ZaloPay đang xử lý", "ZaloPay is working on it"), _WAIT_HERE)
_DECLINED = Reason(
    _K.OTHER_MEANS,
    Text("ZaloPay không chấp nhận", "ZaloPay declined it"),
    Text("Mời khách thử mã mới, hoặc trả cách khác.", "Ask for a new code, or for another way to pay."),
)
_NOT_REFUNDED = Reason(_K.SHOP, Text("ZaloPay không hoàn được", "ZaloPay did not refund it"), _CHECK_REFUND)

_REQUEST: _Table = {
    **_same((-401, 406), _K.PROGRAM, "Yêu cầu chưa đúng mẫu", "The request was malformed", _SUPPORT),
    **_same((-402, -403), _K.SHOP, "Khóa ZaloPay chưa đúng", "The ZaloPay keys are wrong", _KEYS),
    **_same((-405,), _K.SHOP, "ZaloPay chưa nhận tiệm này", "ZaloPay does not accept this shop", _CONTRACT),
    **_same((-429,), _K.WAIT, "ZaloPay đang bận", "ZaloPay is busy", _LATER),
    **_same((-500,), _K.UNKNOWN, "ZaloPay đang trục trặc", "ZaloPay has a problem", _DO_NOT_CHARGE),
    **_same((-503, -999), _K.WAIT, "ZaloPay đang bảo trì", "ZaloPay is in maintenance", _LATER),
}
"""Request-level codes, the same in every API."""

_PAYMENT: _Table = _REQUEST | {
    SUCCESS: Reason(_K.PAID, Text("Đã thanh toán", "Paid"), _NOTHING_TO_DO),
    0: _UNKNOWN,
    **dict.fromkeys((2, 3, 4, 5, 9, 10, *range(12, 16), 18, 19, *range(26, 30), *range(46, 49)), _PROCESSING),
    **_same((16, 17, 23, 24, 35, 36), _K.CUSTOMER, "Chờ khách xác nhận", "Waiting for the customer", _ON_THE_PHONE),
    **_same((-2, -3, -32), _K.SHOP, "ZaloPay chưa mở cho tiệm", "ZaloPay is off for this shop", _CONTRACT),
    **_same((-33,), _K.SHOP, "Cổng của tiệm đang bảo trì", "The shop's gateway is in maintenance", _LATER),
    **_same((-4,), _K.CLOCK, "Giờ máy không khớp", "This computer's clock is off", _SET_CLOCK),
    **_same((-54,), _K.NEW_CODE, "Đơn đã hết hạn", "The order expired", _NEW_CODE),
    **_same((-5, -94, -291), _K.OTHER_MEANS, "Số tiền không được nhận", "This amount is not accepted", _CHECK_AMOUNT),
    **_same((-9, -10, -34, -35, -289), _K.OTHER_MEANS, "Nguồn tiền chưa dùng được",
            "This source of money is unavailable", _OTHER_SOURCE),
    **_same((-36, -133, -165, -166), _K.CUSTOMER, "Khách vượt hạn mức", "Over the customer's limit", _OTHER_SOURCE),
    **_same((-1330, -1331, -1332, -1333), _K.CUSTOMER, "Vượt hạn mức trong ngày", "Over the daily limit",
            _OTHER_SOURCE),
    **_same((-1340, -1341, -1342, -1343), _K.CUSTOMER, "Vượt hạn mức trong tháng", "Over the monthly limit",
            _OTHER_SOURCE),
    **_same((-43,), _K.WAIT, "Ngân hàng đang bảo trì", "The bank is in maintenance", _OTHER_SOURCE),
    **_same((-88, -135), _K.WAIT, "ZaloPay đang bảo trì", "ZaloPay is in maintenance", _LATER),
    **_same((-49, -101), _K.UNKNOWN, "ZaloPay chưa thấy đơn", "ZaloPay does not see the order", _DO_NOT_CHARGE),
    **_same((-52, -57, -92), _K.PROGRAM, "Yêu cầu chưa đúng mẫu", "The request was malformed", _SUPPORT),
    **_same((-53,), _K.SHOP, "Khóa ZaloPay chưa đúng", "The ZaloPay keys are wrong", _KEYS),
    **_same((-59,), _K.OTHER_MEANS, "ZaloPay không thu được", "ZaloPay could not charge it", _OTHER_SOURCE),
    **_same((-61, -124), _K.CUSTOMER, "Ví đang tạm khóa", "The wallet is locked", _OTHER_MEANS),
    **_same((-62, -66), _K.OTHER_MEANS, "Ví không hợp lệ", "The wallet is not valid", _OTHER_MEANS),
    **_same((-63,), _K.CUSTOMER, "Số dư không đủ", "Not enough balance", _OTHER_SOURCE),
    **_same((-65, -117, -122, -125, -161), _K.CUSTOMER, "PIN chưa đúng", "Wrong PIN", _CONFIRM),
    **_same((-68, -70, -89), _K.UNKNOWN, "Đơn này đã gửi rồi", "This order was sent before", _DO_NOT_CHARGE),
    **_same((-217,), _K.OTHER_MEANS, "Ngân hàng không chấp nhận", "The bank declined it", _OTHER_SOURCE),
    **_same((-244,), _K.OTHER_MEANS, "ZaloPay đã chặn", "ZaloPay blocked it", _OTHER_MEANS),
    **_same((-290,), _K.NEW_CODE, "Mã này đã dùng rồi", "This code was used before", _NEW_CODE),
    **_same((-292,), _K.NEW_CODE, "Mã không hợp lệ", "The code is not valid", _NEW_CODE_OR_KEY),
    **_same((-293,), _K.NEW_CODE, "Mã không khớp đơn", "The code does not match", _NEW_CODE),
    **_same((-296,), _K.CUSTOMER, "Khách chưa xác nhận", "The customer did not confirm", _CONFIRM),
    **_same((-301,), _K.UNKNOWN, "ZaloPay đang trục trặc", "ZaloPay has a problem", _DO_NOT_CHARGE),
    **_same((-322,), _K.NEW_CODE, "Mã đã hết hạn", "The code expired", _NEW_CODE),
    **_same((-329,), _K.CUSTOMER, "Khách đã hủy", "The customer cancelled", _CONFIRM),
    **_same((-332, -333), _K.CUSTOMER, "Ưu đãi không áp dụng được", "The promotion does not apply",
            Text("Mời khách bỏ ưu đãi, rồi đưa mã mới.", "Ask for a new code without the promotion.")),
}  # fmt: skip

_REFUND: _Table = _REQUEST | {
    SUCCESS: Reason(_K.PAID, Text("Đã hoàn tiền", "Refunded"),
                    Text("Đưa phiếu hoàn cho khách.", "Hand over the refund slip.")),
    **_same((2, 3), _K.IN_PROGRESS, "ZaloPay đang hoàn tiền", "ZaloPay is refunding", _ASK_REFUND),
    **_same((-1,), _K.IN_PROGRESS, "Chờ ZaloPay duyệt", "Waiting for ZaloPay's approval", _CONTRACT),
    0: _NOT_REFUNDED,
    **_same((-2, -24, -25, -26), _K.PROGRAM, "Yêu cầu chưa đúng mẫu", "The request was malformed", _SUPPORT),
    **_same((-3, -10, -12, -27), _K.SHOP, "Khóa ZaloPay chưa đúng", "The ZaloPay keys are wrong", _KEYS),
    **_same((-4, -9, -18), _K.SHOP, "Không hoàn được nguồn này", "This source cannot be refunded", _CHECK_REFUND),
    **_same((-5, -6, -8, -28), _K.SHOP, "Giao dịch chưa trả tiền", "The payment is not complete", _CHECK_REFUND),
    **_same((-11,), _K.SHOP, "Đã hoàn trước đó", "Refunded before", _CHECK_REFUND),
    **_same((-13,), _K.CLOCK, "Giờ máy không khớp", "This computer's clock is off", _SET_CLOCK),
    **_same((-14,), _K.SHOP, "Số tiền hoàn chưa đúng", "The refund amount is wrong",
            Text("Kiểm tra số tiền còn được hoàn.", "Check how much may still be refunded.")),
    **_same((-15, -16, -17, -19, -20, -30), _K.UNKNOWN, "Chưa rõ kết quả", "Not known yet", _ASK_REFUND),
    **_same((-21, -22), _K.SHOP, "Không thấy lệnh hoàn", "The refund was not found", _CHECK_REFUND),
    **_same((-23,), _K.UNKNOWN, "Lệnh hoàn đã gửi rồi", "This refund was sent before", _ASK_REFUND),
    **_same((-29, -31), _K.SHOP, "Đã quá hạn hoàn", "Too late to refund", _CONTRACT),
    **_same((-32,), _K.SHOP, "Không hoàn một phần được", "No partial refund here",
            Text("Hoàn toàn bộ số tiền.", "Refund the whole amount.")),
    **_same((-101,), _K.PROGRAM, "Không thấy giao dịch gốc", "The payment was not found", _CHECK_REFUND),
}  # fmt: skip

_REFUND_STATUS: _Table = _REFUND | {
    **_same((-13,), _K.SHOP, "Đã quá hạn hỏi", "Too late to ask", _CONTRACT),
    **_same((-101,), _K.UNKNOWN, "ZaloPay chưa thấy lệnh hoàn", "ZaloPay does not see the refund", _ASK_REFUND),
}

_AGREEMENT: _Table = _REQUEST | {
    SUCCESS: _PAYMENT[SUCCESS],
    **_same((-1007,), _K.CUSTOMER, "Liên kết đã hết hạn", "The wallet link expired", _OTHER_MEANS),
    **_same((-1009,), _K.CUSTOMER, "Ví đang tạm khóa", "The wallet is locked", _OTHER_MEANS),
    **_same((-1011,), _K.SHOP, "Tiệm chưa được phép", "The shop is not permitted", _CONTRACT),
    **_same((-7041, -7202), _K.CUSTOMER, "Liên kết không hợp lệ", "The wallet link is not valid", _OTHER_MEANS),
    **_same((-7217,), _K.CUSTOMER, "Liên kết chưa sẵn sàng", "The wallet link is not ready", _OTHER_MEANS),
}

TABLES = {
    Api.PAYMENT: _PAYMENT,
    Api.REFUND: _REFUND,
    Api.REFUND_STATUS: _REFUND_STATUS,
    Api.AGREEMENT: _AGREEMENT,
}

NOT_SENT = {
    NotSentCause.NO_NETWORK: Reason(_K.NETWORK, Text("Mất mạng", "No network"), _CHECK_NETWORK),
    NotSentCause.NAME_NOT_FOUND: Reason(
        _K.NETWORK, Text("Không tìm thấy ZaloPay", "ZaloPay was not found"), _CHECK_NETWORK
    ),
    NotSentCause.REFUSED: Reason(
        _K.NETWORK, Text("ZaloPay không nhận kết nối", "ZaloPay refused the connection"), _CHECK_NETWORK
    ),
    NotSentCause.TIMEOUT: Reason(_K.NETWORK, Text("Mạng quá chậm", "The network is too slow"), _CHECK_NETWORK),
    NotSentCause.NOT_TRUSTED: Reason(
        _K.NETWORK,
        Text("Kết nối không tin cậy", "The connection is not trusted"),
        Text("Kiểm tra xem mạng có cần đăng nhập không.", "Check whether the network wants a log-in."),
    ),
    NotSentCause.CLOCK: Reason(_K.CLOCK, Text("Giờ máy sai", "This computer's clock is wrong"), _SET_CLOCK),
    NotSentCause.HOST_NOT_ALLOWED: Reason(
        _K.SHOP,
        Text("Địa chỉ cổng không đúng", "The gateway's address is wrong"),
        Text("Nhờ quản lý kiểm tra cài đặt.", "Ask the manager to check the settings."),
    ),
    NotSentCause.KEY: Reason(_K.SHOP, Text("Khóa ZaloPay chưa dùng được", "The ZaloPay keys do not work"), _KEYS),
    NotSentCause.NO_ORDER: Reason(
        _K.OTHER_MEANS,
        Text("ZaloPay không lập được đơn", "ZaloPay did not make the order"),
        Text("Chưa thu tiền. Thu bằng mã của khách.", "Nothing was charged. Scan the customer's code."),
    ),
    NotSentCause.NOT_OFFERED: Reason(
        _K.OTHER_MEANS,
        Text("Cách trả này không làm được", "This way to pay cannot do that"),
        Text("Chưa gửi gì. Dùng cách khác.", "Nothing was sent. Use another way."),
    ),
    NotSentCause.STOPPED: Reason(
        _K.NEW_CODE,
        Text("Dừng trước khi gửi", "Stopped before sending"),
        Text("Có thể quét lại ngay.", "You can scan again now."),
    ),
}
"""Why nothing left: no money can have moved."""

_FAULTS = {
    "timeout": Text("ZaloPay chưa trả lời", "ZaloPay has not answered"),
    "reset": Text("Kết nối bị đứt", "The connection broke"),
    "cut": Text("Kết nối bị đứt", "The connection broke"),
    "redirect": Text("Mạng đổi hướng kết nối", "The network redirected us"),
}
_DEFAULTS = {Api.REFUND: _NOT_REFUNDED, Api.REFUND_STATUS: _NOT_REFUNDED}


def reason(api: Api, return_code: int | None, sub_return_code: int | None) -> Reason:
    """What a gateway's codes say. Codes that nobody documented get a sensible reason of their class."""
    code = deciding_code(return_code, sub_return_code)
    declined = _DEFAULTS.get(api, _DECLINED)
    if return_code == FAILURE and sub_return_code is None:
        return declined
    if return_code == IN_PROGRESS:
        return _reason_in_progress(api, sub_return_code)
    if code is None:
        return _UNKNOWN
    known = TABLES[api].get(code)
    if known is not None:
        return known
    return declined if code < 0 else _UNKNOWN


def _reason_in_progress(api: Api, detail: int | None) -> Reason:
    """Under "in progress" a detail may say what is waited for, never that it ended."""
    known = TABLES[api].get(detail) if detail is not None else None
    waits = known is not None and (
        known.kind is ReasonKind.IN_PROGRESS or (known.kind is ReasonKind.CUSTOMER and detail in range(1, 100))
    )
    default = TABLES[api].get(IN_PROGRESS, _PROCESSING)
    return known if known is not None and waits else default


def reason_not_sent(cause: NotSentCause) -> Reason:
    """Why the request never left."""
    return NOT_SENT[cause]


def reason_unusable(fault: str) -> Reason:
    """Why there was no usable answer; `fault` as in `Answer`. The result is not known."""
    if fault.startswith("http_5"):
        return Reason(ReasonKind.UNKNOWN, Text("ZaloPay đang trục trặc", "ZaloPay has a problem"), _DO_NOT_CHARGE)
    return Reason(ReasonKind.UNKNOWN, _FAULTS.get(fault, _UNKNOWN.title), _DO_NOT_CHARGE)


def explain(answer: Answer) -> Reason:
    """What one answer about a payment says; an unusable one says only that nothing is known yet."""
    if answer.meaning is AnswerClass.UNUSABLE:
        return reason_unusable(answer.fault)
    if answer.meaning is AnswerClass.PROCESSING:
        return _reason_in_progress(Api.PAYMENT, answer.sub_return_code)
    return reason(Api.PAYMENT, answer.return_code, answer.sub_return_code)


def shown_code(return_code: int | None, sub_return_code: int | None) -> str:
    """The code that decides, as people read it: `−63`; "" for plain success, failure and processing."""
    code = deciding_code(return_code, sub_return_code)
    if code is None or (code == return_code and code in {SUCCESS, FAILURE, IN_PROGRESS}):
        return ""
    return f"{MINUS}{-code}" if code < 0 else str(code)
