"""What AppotaPay sends us, verified: notifications (IPN) of each API, redirects of v1 and v2. No network here.

v1 signs its members as `name=value` joined by `&`, in the order of their names; v2 and POS sign the base64 text that
holds everything. Several secret keys may be valid while one replaces another.
"""

import base64
import re
from collections.abc import Callable, Mapping, Sequence

from pos_app.gateways.appotapay.signing import body_signature, same_signature, signature
from pos_app.gateways.notification import Kind, Notification, Redirect, Rejected
from pos_app.gateways.received import ID, UnreadableError, read_id, read_message, read_query
from pos_app.gateways.strict_json import read_object

GATEWAY = "appotapay"
_DONG = "VND"
_AMOUNT_MAX = 10**15
_CODE = re.compile(r"[A-Za-z0-9_.-]{0,64}")
_NUMBER = re.compile(r"-?[0-9]{1,19}")
_FREE = re.compile(r".{0,4096}", re.DOTALL)
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")

_SIGNED_IN_V1 = {
    "amount": _NUMBER,
    "apiKey": _CODE,
    "appotapayTransId": ID,
    "bankCode": _CODE,
    "currency": _CODE,
    "errorCode": _NUMBER,
    "extraData": _FREE,
    "message": _FREE,
    "orderId": ID,
    "partnerCode": _CODE,
    "paymentMethod": _CODE,
    "paymentType": _CODE,
    "transactionTs": _NUMBER,
}
"""What the signature covers, in its order. Only `extraData` and `message` can hold the `&` between them, and they stand
side by side: all that counts is read from one text in one way only."""
_INTEGERS = ("amount", "errorCode", "transactionTs")
_ENDS = ("success", "void", "error")
"""How a payment of the POS API ends."""


def read_ipn_v1(body: bytes, secrets: Sequence[str], partner_code: str) -> Notification | Rejected:
    """What a notification of API v1 says, if AppotaPay sent it.

    Args:
        body: as it came.
        secrets: each secret key that is valid now.
        partner_code: ours.

    Raises:
        ValueError: a key is empty: our own mistake, since anyone could sign with it.
    """
    members = read_message(body)
    if members is None:
        return Rejected.MALFORMED
    fields: dict[str, str] = {}
    for name in (*_SIGNED_IN_V1, "signature"):
        value = members.get(name)
        if type(value) is int and name in _INTEGERS:
            fields[name] = str(value)
        elif isinstance(value, str) and name not in _INTEGERS:
            fields[name] = value
        else:
            return Rejected.MALFORMED
    return _read_v1(fields, secrets, partner_code)


def read_ipn_v2(body: bytes, secrets: Sequence[str], partner_code: str) -> Notification | Rejected:
    """What a notification of API v2 says, if AppotaPay sent it. As `read_ipn_v1`; its `time` is not signed."""
    members = read_message(body)
    if members is None:
        return Rejected.MALFORMED
    return _read_v2(members.get("data"), members.get("signature"), secrets, partner_code)


def read_ipn_pos(body: bytes, secrets: Sequence[str]) -> Notification | Rejected:
    """What a notification of the POS API says, if AppotaPay sent it. It names no partner: the key tells whose it is.

    It tells a payment's end, whatever that is: all but "success" says not paid, "void" that it was given back.

    Args:
        body: as it came.
        secrets: each secret key that is valid now.

    Raises:
        ValueError: a key is empty: our own mistake.
    """
    members = read_message(body)
    if members is None:
        return Rejected.MALFORMED
    told = _read_signed(members.get("data"), members.get("signature"), secrets)
    if isinstance(told, Rejected):
        return told
    try:
        transaction = _member(told, "transaction")
        amount, status = transaction.get("amount"), transaction.get("status")
        if type(amount) is not int or not 1 <= amount <= _AMOUNT_MAX or status not in _ENDS:
            return Rejected.UNREADABLE
        order_id, number = read_id(transaction.get("partner_ref_id")), read_id(transaction.get("transaction_id"))
    except UnreadableError:
        return Rejected.UNREADABLE
    return _notification(order_id, number, amount, says_paid=status == "success")


def read_redirect(query: str, secrets: Sequence[str], partner_code: str) -> Redirect | Rejected:
    """Which order a customer comes back from, if AppotaPay sent them; API v1, and v2 where there is `data`.

    Args:
        query: what stands behind the `?`, still encoded.
        secrets: each secret key that is valid now.
        partner_code: ours.

    Raises:
        ValueError: a key is empty: our own mistake.
    """
    fields = read_query(query)
    if fields is None:
        return Rejected.MALFORMED
    if "data" in fields:
        data = fields["data"].replace(" ", "+")  # a bare + of base64 reads as a blank in a query
        told = _read_v2(data, fields.get("signature"), secrets, partner_code)
    elif all(name in fields for name in (*_SIGNED_IN_V1, "signature")):
        told = _read_v1(fields, secrets, partner_code)
    else:
        return Rejected.MALFORMED
    return told if isinstance(told, Rejected) else Redirect(GATEWAY, told.app_trans_id)


def _read_v1(fields: Mapping[str, str], secrets: Sequence[str], partner_code: str) -> Notification | Rejected:
    if not all(shape.fullmatch(fields[name]) for name, shape in _SIGNED_IN_V1.items()):
        return Rejected.MALFORMED
    signed = {name: fields[name] for name in _SIGNED_IN_V1}
    if not _is_signed(lambda secret: signature(secret, signed), fields["signature"], secrets):
        return Rejected.WRONG_SIGNATURE
    if fields["partnerCode"] != partner_code:
        return Rejected.OTHER_ACCOUNT
    amount = int(fields["amount"])
    if fields["currency"] != _DONG or not 1 <= amount <= _AMOUNT_MAX:
        return Rejected.UNREADABLE
    return _notification(fields["orderId"], fields["appotapayTransId"], amount, says_paid=int(fields["errorCode"]) == 0)


def _read_v2(data: object, received: object, secrets: Sequence[str], partner_code: str) -> Notification | Rejected:
    members = _read_signed(data, received, secrets)
    if isinstance(members, Rejected):
        return members
    try:
        transaction = _member(members, "transaction")
        if transaction.get("partnerCode", partner_code) != partner_code:
            return Rejected.OTHER_ACCOUNT
        return _told(members, transaction)
    except UnreadableError:
        return Rejected.UNREADABLE


def _read_signed(data: object, received: object, secrets: Sequence[str]) -> dict[str, object] | Rejected:
    """What stands in the base64 text, if one of the keys signed it."""
    if not isinstance(data, str) or not isinstance(received, str) or not _BASE64.fullmatch(data):
        return Rejected.MALFORMED
    if not _is_signed(lambda secret: body_signature(secret, data.encode()), received, secrets):
        return Rejected.WRONG_SIGNATURE
    try:
        return read_object(base64.b64decode(data, validate=True))
    except ValueError:  # no base64, or no strict JSON
        return Rejected.UNREADABLE


def _told(members: dict[str, object], transaction: dict[str, object]) -> Notification | Rejected:
    """The facts of v2. A redirect calls its order and number by v1's names, inside of the transaction."""
    if "partnerReference" in members:
        order_id = _member(_member(members, "partnerReference"), "order").get("id")
    else:
        order_id = transaction.get("orderId")
    number = transaction.get("transactionId", transaction.get("appotapayTransId"))
    amount, error = transaction.get("orderAmount"), transaction.get("errorCode")
    status = transaction.get("status")
    if type(amount) is not int or type(error) is not int or not isinstance(status, str):
        raise UnreadableError
    if not 1 <= amount <= _AMOUNT_MAX or transaction.get("currency") != _DONG:
        raise UnreadableError
    return _notification(read_id(order_id), read_id(number), amount, says_paid=status == "success" and error == 0)


def _notification(order_id: str, number: str, amount: int, *, says_paid: bool) -> Notification | Rejected:
    if not number.strip("0"):
        return Rejected.UNREADABLE
    return Notification(GATEWAY, order_id, number, amount, None, Kind.ORDER, says_paid)


def _is_signed(sign: Callable[[str], str], received: str, secrets: Sequence[str]) -> bool:
    """Whether one of the keys made this signature: exactly 64 digits of lower-case hex, compared in constant time."""
    if not all(secrets):
        raise ValueError("an empty key signs for everybody")
    return any(same_signature(sign(secret), received) for secret in secrets)


def _member(members: dict[str, object], name: str) -> dict[str, object]:
    value = members.get(name)
    if not isinstance(value, dict):
        raise UnreadableError
    return value
