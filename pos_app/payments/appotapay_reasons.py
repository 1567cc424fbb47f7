"""AppotaPay's codes in plain words, and what the cashier does now; as `reasons.py` has ZaloPay's.

The codes are those of AppotaPay's payment and POS pages. What a code means for the money is decided where answers are
read; here are only words. So an answer is explained by its class first, and by its code within that.
"""

from enum import StrEnum

from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.reasons import Reason, ReasonKind
from pos_app.words import Text


class Api(StrEnum):
    """Whose code table counts."""

    PAYMENT = "payment"
    """Orders and the questions about them, v1 and v2."""
    REFUND = "refund"
    POS = "pos"


_WAIT_HERE = Text("Chờ thêm; máy đang hỏi AppotaPay.", "Wait; the till is asking AppotaPay.")
_DO_NOT_CHARGE = Text("ĐỪNG thu lại; máy đang hỏi AppotaPay.", "Do NOT charge again; the till is asking AppotaPay.")
_AGAIN = Text("Tạo đơn mới, rồi mời khách trả lại.", "Make a new order, then ask the customer to pay again.")
_OTHER_CARD = Text("Mời khách dùng thẻ khác, hoặc trả cách khác.", "Ask for another card, or for another way to pay.")
_CHECK_CARD = Text(
    "Mời khách xem lại thẻ, rồi tạo đơn mới.", "Ask the customer to check the card, then make a new order."
)
_OTHER_MEANS = Text("Mời khách trả bằng cách khác.", "Ask the customer to pay another way.")
_LATER = Text("Đợi vài phút rồi thử lại, hoặc thu cách khác.", "Try again in a few minutes, or take another payment.")
_CALL_BANK = Text(
    "Mời khách hỏi ngân hàng, hoặc trả cách khác.", "Ask the customer to call the bank or pay another way."
)
_KEYS = Text("Nhờ quản lý kiểm tra khóa AppotaPay.", "Ask the manager to check the AppotaPay keys.")
_CONTRACT = Text("Nhờ quản lý liên hệ AppotaPay.", "Ask the manager to contact AppotaPay.")
_SUPPORT = Text("Báo người hỗ trợ, kèm mã này.", "Tell support, with this code.")
_CHECK_AMOUNT = Text("Kiểm tra số tiền, hoặc thu cách khác.", "Check the amount, or take another payment.")
_SETTLE = Text("Kết toán máy POS trước, rồi thử lại.", "Settle the terminal first, then try again.")
_ASK_REFUND = Text("Chưa hoàn thêm; máy đang hỏi AppotaPay.", "Do not refund again; the till is asking AppotaPay.")
_CHECK_REFUND = Text("Nhờ quản lý xem lại giao dịch gốc.", "Ask the manager to look at the original payment.")

_Table = dict[int, Reason]
_K = ReasonKind


def _same(codes: tuple[int, ...], kind: ReasonKind, vi: str, en: str, advice: Text) -> _Table:
    return dict.fromkeys(codes, Reason(kind, Text(vi, en), advice))


_UNKNOWN = Reason(_K.UNKNOWN, Text("Chưa rõ kết quả", "Not known yet"), _DO_NOT_CHARGE)
_PROCESSING = Reason(_K.IN_PROGRESS, Text("Chờ khách trả", "Waiting for the customer to pay"), _WAIT_HERE)
_DECLINED = Reason(_K.OTHER_MEANS, Text("AppotaPay không chấp nhận", "AppotaPay declined it"), _OTHER_MEANS)
_REFUND_UNKNOWN = Reason(_K.UNKNOWN, _UNKNOWN.title, _ASK_REFUND)
_REFUNDING = Reason(_K.IN_PROGRESS, Text("AppotaPay đang hoàn tiền", "AppotaPay is refunding"), _ASK_REFUND)
_NOT_REFUNDED = Reason(_K.SHOP, Text("AppotaPay không hoàn được", "AppotaPay did not refund it"), _CHECK_REFUND)

_REQUEST: _Table = {
    **_same((1,), _K.PROGRAM, "Yêu cầu chưa đúng mẫu", "The request was malformed", _SUPPORT),
    **_same((2, 14, 401), _K.SHOP, "Khóa AppotaPay chưa đúng", "The AppotaPay keys are wrong", _KEYS),
    **_same((11,), _K.SHOP, "AppotaPay chưa biết tiệm này", "AppotaPay does not know this shop", _KEYS),
    **_same((13,), _K.SHOP, "Tài khoản của tiệm bị khóa", "The shop's account is locked", _CONTRACT),
    **_same((15,), _K.SHOP, "Khóa AppotaPay chưa được mở", "The AppotaPay key is not active", _CONTRACT),
    **_same((90,), _K.SHOP, "Tài khoản phụ chưa đúng", "The sub-account is wrong", _CONTRACT),
    **_same((92,), _K.SHOP, "Mạng của tiệm chưa được phép", "The shop's network is not allowed", _CONTRACT),
    **_same((32,), _K.OTHER_MEANS, "Số tiền không được nhận", "This amount is not accepted", _CHECK_AMOUNT),
    **_same((37, 99), _K.UNKNOWN, "Chưa rõ kết quả", "Not known yet", _DO_NOT_CHARGE),
    **_same((73,), _K.UNKNOWN, "Ngân hàng chưa trả lời", "The bank has not answered", _DO_NOT_CHARGE),
    **_same((91,), _K.UNKNOWN, "AppotaPay đang bận", "AppotaPay is busy", _DO_NOT_CHARGE),
    **_same((94,), _K.UNKNOWN, "AppotaPay đang bảo trì", "AppotaPay is in maintenance", _DO_NOT_CHARGE),
    **_same((500,), _K.UNKNOWN, "AppotaPay đang trục trặc", "AppotaPay has a problem", _DO_NOT_CHARGE),
}
"""What a request, the keys or AppotaPay itself is told about, in all calls."""

_CUSTOMER: _Table = {
    **_same((21,), _K.CUSTOMER, "OTP chưa đúng", "Wrong OTP", _AGAIN),
    **_same((22,), _K.CUSTOMER, "OTP đã hết hạn", "The OTP expired", _AGAIN),
    **_same((39,), _K.CUSTOMER, "Nhập OTP quá nhiều lần", "Too many OTPs", _AGAIN),
    **_same((33, 61), _K.OTHER_MEANS, "AppotaPay không thu được", "AppotaPay could not charge it", _OTHER_MEANS),
    **_same((38,), _K.CUSTOMER, "Khách đã hủy", "The customer cancelled", _AGAIN),
    **_same((62,), _K.WAIT, "Ngân hàng đang bảo trì", "The bank is in maintenance", _OTHER_MEANS),
    **_same((63,), _K.CUSTOMER, "Thẻ chưa mở thanh toán", "The card is not active", _CALL_BANK),
    **_same((64,), _K.CUSTOMER, "Loại thẻ không dùng được", "This type of card does not work", _OTHER_CARD),
    **_same((65, 71, 72, 76, 80), _K.CUSTOMER, "Thông tin thẻ chưa đúng", "The card's data are wrong", _CHECK_CARD),
    **_same((66,), _K.CUSTOMER, "Thẻ đang bị hạn chế", "The card is restricted", _CALL_BANK),
    **_same((67,), _K.CUSTOMER, "Ngày phát hành chưa đúng", "The card's issue date is wrong", _CHECK_CARD),
    **_same((68,), _K.CUSTOMER, "Thẻ đang bị khóa", "The card is blocked", _OTHER_CARD),
    **_same((69,), _K.CUSTOMER, "Thẻ đã hết hạn", "The card expired", _OTHER_CARD),
    **_same((70,), _K.CUSTOMER, "Vượt hạn mức trong ngày", "Over the daily limit", _OTHER_CARD),
    **_same((74, 84), _K.CUSTOMER, "Khách vượt hạn mức", "Over the customer's limit", _OTHER_CARD),
    **_same((75,), _K.CUSTOMER, "Số dư không đủ", "Not enough balance", _OTHER_CARD),
    **_same((77,), _K.CUSTOMER, "Khách trả quá giờ", "The time to pay is over", _AGAIN),
    **_same((78,), _K.OTHER_MEANS, "Ngân hàng báo lỗi", "The bank reports an error", _OTHER_MEANS),
    **_same((79, 82), _K.OTHER_MEANS, "Ngân hàng không chấp nhận", "The bank declined it", _OTHER_CARD),
}

_PAYMENT: _Table = _REQUEST | _CUSTOMER | {
    0: Reason(_K.PAID, Text("Đã thanh toán", "Paid"),
              Text("Giao hàng và đưa phiếu cho khách.", "Hand over the goods and the slip.")),
    **dict.fromkeys((34, 35), _PROCESSING),
    **_same((30, 31), _K.UNKNOWN, "Đơn này đã gửi rồi", "This order was sent before", _DO_NOT_CHARGE),
    **_same((36,), _K.UNKNOWN, "AppotaPay chưa thấy đơn", "AppotaPay does not see the order", _DO_NOT_CHARGE),
    **_same((40,), _K.UNKNOWN, "Đơn này đã được hoàn tiền", "This order was refunded", _DO_NOT_CHARGE),
    **_same((41, 132), _K.UNKNOWN, "Đơn này đã được trả", "This order was paid before", _DO_NOT_CHARGE),
    **_same((51, 52, 140, 141), _K.SHOP, "Cách trả này chưa mở", "This way to pay is not open", _CONTRACT),
    **_same((102, 103, 106, 110, 125, 129, 135), _K.PROGRAM, "Yêu cầu chưa đúng mẫu", "The request was malformed",
            _SUPPORT),
}  # fmt: skip

_REFUND: _Table = {
    **{code: Reason(said.kind, said.title, _ASK_REFUND if said.kind is _K.UNKNOWN else said.advice)
       for code, said in _REQUEST.items()},
    **dict.fromkeys(_CUSTOMER, _NOT_REFUNDED),
    0: Reason(_K.PAID, Text("Đã hoàn tiền", "Refunded"),
              Text("Đưa phiếu hoàn cho khách.", "Hand over the refund slip.")),
    **dict.fromkeys((34, 35), _REFUNDING),
    **_same((30, 31, 41, 132), _K.UNKNOWN, "Lệnh hoàn đã gửi rồi", "This refund was sent before", _ASK_REFUND),
    **_same((32,), _K.SHOP, "Số tiền hoàn chưa đúng", "The refund amount is wrong",
            Text("Kiểm tra số tiền còn được hoàn.", "Check how much may still be refunded.")),
    **_same((36,), _K.PROGRAM, "Không thấy giao dịch gốc", "The payment was not found", _CHECK_REFUND),
    **_same((40,), _K.SHOP, "Đã hoàn trước đó", "Refunded before", _CHECK_REFUND),
    **_same((51, 52, 135, 140, 141), _K.SHOP, "Không hoàn được nguồn này", "This source cannot be refunded",
            _CHECK_REFUND),
    **_same((102,), _K.SHOP, "Giao dịch chưa trả tiền", "The payment is not complete", _CHECK_REFUND),
    **_same((103, 110), _K.SHOP, "Hoàn quá số tiền đã trả", "More than was paid",
            Text("Kiểm tra số tiền còn được hoàn.", "Check how much may still be refunded.")),
    **_same((106,), _K.SHOP, "Không hoàn một phần được", "No partial refund here",
            Text("Hoàn toàn bộ số tiền.", "Refund the whole amount.")),
    **_same((125,), _K.SHOP, "Đã quá hạn hoàn", "Too late to refund", _CONTRACT),
    **_same((129,), _K.WAIT, "Chưa tới lúc hoàn tiếp", "Too soon for another refund",
            Text("Đợi một lúc rồi hoàn lại.", "Wait a while, then refund again.")),
}  # fmt: skip

_POS: _Table = _PAYMENT | {
    **_same((12, 13, 22), _K.SHOP, "Máy POS cần đăng nhập lại", "The terminal must log in again", _CONTRACT),
    **_same((31,), _K.OTHER_MEANS, "Giao dịch đã bị hủy", "The payment was voided", _AGAIN),
    **_same((37,), _K.UNKNOWN, "Đơn này đã được trả", "This order was paid before", _DO_NOT_CHARGE),
    **_same((40,), _K.SHOP, "Cách trả này chưa mở", "This way to pay is not open", _CONTRACT),
    **_same((42, 93, 95), _K.UNKNOWN, "AppotaPay đang trục trặc", "AppotaPay has a problem", _DO_NOT_CHARGE),
    **_same((67,), _K.CUSTOMER, "Khách trả quá giờ", "The time to pay is over", _AGAIN),
    **_same((139,), _K.PROGRAM, "Yêu cầu chưa đúng mẫu", "The request was malformed", _SUPPORT),
    **_same((207,), _K.OTHER_MEANS, "AppotaPay đã chặn", "AppotaPay blocked it", _OTHER_MEANS),
    **_same((250, 251, 252, 253, 3140), _K.SHOP, "Máy POS cần kết toán", "The terminal must settle", _SETTLE),
}

TABLES = {Api.PAYMENT: _PAYMENT, Api.REFUND: _REFUND, Api.POS: _POS}

_FAULTS = {
    "timeout": Text("AppotaPay chưa trả lời", "AppotaPay has not answered"),
    "reset": Text("Kết nối bị đứt", "The connection broke"),
    "cut": Text("Kết nối bị đứt", "The connection broke"),
    "redirect": Text("Mạng đổi hướng kết nối", "The network redirected us"),
    "bad_signature": Text("Trả lời không tin cậy", "The answer is not trusted"),
    "other_order": Text("Trả lời của đơn khác", "The answer is about another order"),
}


def reason(api: Api, code: int | None) -> Reason:
    """What a code says. None and codes that nobody documented say that nothing is known."""
    unknown = _REFUND_UNKNOWN if api is Api.REFUND else _UNKNOWN
    return TABLES[api].get(code, unknown) if code is not None else unknown


def explain(api: Api, answer: Answer) -> Reason:
    """What one answer says: only a paid one is explained as paid, only a "no" as a "no"."""
    refund = api is Api.REFUND
    said = reason(api, answer.return_code)
    match answer.meaning:
        case AnswerClass.PAID:
            return TABLES[api][0]
        case AnswerClass.PROCESSING:
            return _REFUNDING if refund else _PROCESSING
        case AnswerClass.UNUSABLE | AnswerClass.DUPLICATE | AnswerClass.NOT_FOUND:
            unknown = _REFUND_UNKNOWN if refund else _UNKNOWN
            told = said if said.kind is ReasonKind.UNKNOWN else unknown
            return Reason(told.kind, _FAULTS.get(answer.fault, told.title), told.advice)
        case AnswerClass.NEGATIVE | AnswerClass.REFUSED:
            negative = _NOT_REFUNDED if refund else _DECLINED
            says_no = said.kind not in (ReasonKind.PAID, ReasonKind.IN_PROGRESS, ReasonKind.UNKNOWN)
            return said if says_no else negative
