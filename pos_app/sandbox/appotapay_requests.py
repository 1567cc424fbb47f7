"""What AppotaPay's requests have in common: members and their types, and what a refusal looks like.

A refusal is an HTTP error with a code, unsigned: so the pages show it.
"""

import json
from ipaddress import ip_address
from urllib.parse import urlsplit

from pos_app.sandbox.appotapay_faults import Lie
from pos_app.sandbox.appotapay_orders import CodedError
from pos_app.sandbox.wire import Request, Response, json_response

WRONG, WRONG_SIGNATURE, WRONG_AMOUNT, NOT_OURS = 1, 2, 32, 401
AMOUNT_MAX = 500_000_000
_STATUS_OF = {36: 404, 92: 403, 401: 401, 500: 500}
_OTHER_BY = 1_000
MESSAGES = {
    0: "Thành công", 1: "Thông tin yêu cầu thiếu hoặc không hợp lệ", 2: "Signature không đúng",
    30: "Mã đơn hàng đã bị trùng", 31: "Mã giao dịch bị trùng", 32: "Số tiền không hợp lệ",
    33: "Giao dịch thất bại", 34: "Giao dịch đang chờ xử lý", 35: "Giao dịch đang xử lý",
    36: "Giao dịch không tồn tại", 38: "Người dùng hủy giao dịch", 401: "Lỗi xác thực",
    500: "Hệ thống gặp lỗi, vui lòng thử lại sau",
}  # fmt: skip

Members = dict[str, object]


def read_members(body: bytes) -> Members:
    """The members of a JSON body.

    Raises:
        CodedError: it is none (1).
    """
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        raise CodedError(WRONG) from None
    if not isinstance(members, dict):
        raise CodedError(WRONG)
    return members


def text(members: Members, name: str, *, length_max: int, needed: bool = True) -> str:
    """A member that is a text of 1 to so many characters; may be missing or empty when it is not needed. Else (1)."""
    value = members.get(name, "")
    if not isinstance(value, str) or len(value) > length_max or (needed and not value):
        raise CodedError(WRONG)
    return value


def url(members: Members, name: str, *, length_max: int) -> str:
    """A member that is a web address. Else (1)."""
    value = text(members, name, length_max=length_max)
    if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname:
        raise CodedError(WRONG)
    return value


def address(members: Members, name: str) -> str:
    """A member that is an IP address. Else (1)."""
    value = text(members, name, length_max=45)
    try:
        ip_address(value)
    except ValueError:
        raise CodedError(WRONG) from None
    return value


def part(members: Members, name: str) -> Members:
    """A member that is an object. Else (1)."""
    value = members.get(name)
    if not isinstance(value, dict):
        raise CodedError(WRONG)
    return value


def amount(members: Members, *, least: int) -> int:
    """The amount: an integer (1), of dong that are taken (32)."""
    value = members.get("amount")
    if not isinstance(value, int) or isinstance(value, bool):
        raise CodedError(WRONG)
    if not least <= value <= AMOUNT_MAX:
        raise CodedError(WRONG_AMOUNT)
    return value


def last_part(request: Request) -> str:
    """What stands after the last slash of the path."""
    return request.url.path.rpartition("/")[2]


def message_of(code: int) -> str:
    """What an answer says beside its code."""
    return MESSAGES.get(code, "Giao dịch không thành công")


def refusal(code: int) -> Response:
    """The answer to a request that is not accepted (v1, v2)."""
    return json_response({"errorCode": code, "message": message_of(code)}, status=_STATUS_OF.get(code, 400))


def pos_refusal(code: int) -> Response:
    """The same in the POS API, where codes are texts."""
    body = {"error_code": str(code), "error_message": message_of(code)}
    return json_response(body, status=_STATUS_OF.get(code, 400))


def lied(lie: Lie, members: Members, *, amount_in: str, order_in: str) -> Members:
    """The members with another amount or order in them, where the lie is about that."""
    if lie is Lie.OTHER_AMOUNT:
        right = members[amount_in]
        return {**members, amount_in: right + _OTHER_BY if isinstance(right, int) else 0}
    if lie is Lie.OTHER_ORDER:
        return {**members, order_in: f"{str(members[order_in])[:40]}X"}
    return members


def sealed(lie: Lie, members: Members, signature: str) -> Members:
    """The members with their signature: a right one, a wrong one or none."""
    if lie is Lie.UNSIGNED:
        return members
    wrong = lie is Lie.WRONG_SIGNATURE
    return {**members, "signature": signature[:-1] + f"{int(signature[-1], 16) ^ wrong:x}"}
