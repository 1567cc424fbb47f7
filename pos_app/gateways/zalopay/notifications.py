"""What ZaloPay sends us, verified: callbacks and redirects (ZaloPay API: "callback", "redirect"). No network here.

Both are signed with key2; several keys may be valid while one replaces another. A callback's MAC covers its `data` as
the text that came: it is compared before that text is read, and the text is never written anew.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pos_app.gateways.notification import Kind, Notification, Redirect, Rejected
from pos_app.gateways.received import ID, UnreadableError, read_id, read_message, read_query
from pos_app.gateways.strict_json import NotStrictJsonError, read_object
from pos_app.gateways.zalopay.signing import callback_mac, same_mac

GATEWAY = "zalopay"
_ORDER, _AGREEMENT = 1, 2
_AGREEMENT_CONFIRMED, _AGREEMENT_STATES = 1, (1, 3, 4)
_INT64_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Names:
    """How a version of the API calls the members of a callback's data.

    Attributes:
        has_type: whether a callback says what it is about; without it is about an order.
    """

    app_id: str
    app_trans_id: str
    zp_trans_id: str
    has_type: bool


V2 = Names("app_id", "app_trans_id", "zp_trans_id", has_type=True)
V1 = Names("appid", "apptransid", "zptransid", has_type=False)


def read_callback(
    body: bytes, keys: Sequence[str], app_ids: Collection[int], names: Names = V2
) -> Notification | Rejected:
    """What a callback says, if ZaloPay sent it.

    Args:
        body: as it came.
        keys: each key2 that is valid now.
        app_ids: the apps that are ours.
        names: of API v2 or v1.

    Raises:
        ValueError: a key is empty: our own mistake, since anyone could sign with it.
    """
    outer = _outer(body, names)
    if outer is None:
        return Rejected.MALFORMED
    data, mac, about = outer
    try:
        signed = is_signed(data, mac, keys)
    except UnicodeEncodeError:
        return Rejected.MALFORMED
    if not signed:
        return Rejected.WRONG_SIGNATURE
    try:
        told = _told(read_object(data.encode()), names, about)
    except (NotStrictJsonError, UnreadableError):
        return Rejected.UNREADABLE
    return told if told.app_id in app_ids else Rejected.OTHER_ACCOUNT


def is_signed(text: str, mac: str, keys: Sequence[str]) -> bool:
    """Whether one of the keys made this MAC: exactly 64 digits of lower-case hex, compared in constant time.

    Raises:
        ValueError: a key is empty.
        UnicodeEncodeError: the text holds half a character (a kind of ValueError).
    """
    if not all(keys):
        raise ValueError("an empty key signs for everybody")
    return any(same_mac(callback_mac(key, text), mac) for key in keys)


def _outer(body: bytes, names: Names) -> tuple[str, str, int] | None:
    """Data, MAC and type of a callback, None when it is none. Members that are not documented make it none."""
    members = read_message(body)
    if members is None:
        return None
    if not names.has_type:
        members.setdefault("type", _ORDER)
    data, mac, about = members.get("data"), members.get("mac"), members.get("type")
    if len(members) != 3 or not isinstance(data, str) or not isinstance(mac, str):  # noqa: PLR2004 - data, mac, type
        return None
    if type(about) is not int or about not in (_ORDER, _AGREEMENT):
        return None
    return data, mac, about


def _told(members: dict[str, object], names: Names, about: int) -> Notification:
    """The facts of signed data. The type stands outside of the signature: what the data holds must bear it out."""
    app_id, app_trans_id = _positive(members.get(names.app_id)), read_id(members.get(names.app_trans_id))
    if about == _AGREEMENT:
        status = members.get("status")
        if type(status) is not int or status not in _AGREEMENT_STATES or names.zp_trans_id in members:
            raise UnreadableError
        binding = read_id(members.get("binding_id"))
        confirmed = status == _AGREEMENT_CONFIRMED
        return Notification(GATEWAY, app_trans_id, binding, 0, app_id, Kind.AGREEMENT, says_paid=confirmed)
    zp_trans_id, amount = _number(members.get(names.zp_trans_id)), _positive(members.get("amount"))
    return Notification(GATEWAY, app_trans_id, zp_trans_id, amount, app_id, Kind.ORDER)


def _positive(value: object) -> int:
    """A JSON integer of 64 bits, 1 or more."""
    if type(value) is not int or not 1 <= value <= _INT64_MAX:
        raise UnreadableError
    return value


def _number(value: object) -> str:
    """ZaloPay's own number, an integer or a text; kept as text. 0 is none."""
    text = read_id(value) if isinstance(value, str) else str(_positive(value))
    if not text.strip("0"):
        raise UnreadableError
    return text


_SIGNED_IN_REDIRECT = {
    "appid": re.compile(r"[1-9][0-9]{0,18}"),
    "apptransid": ID,
    "pmcid": re.compile(r"[0-9]{0,9}"),
    "bankcode": re.compile(r"[A-Za-z0-9_-]{0,20}"),
    "amount": re.compile(r"[0-9]{1,18}"),
    "discountamount": re.compile(r"[0-9]{0,18}"),
    "status": re.compile(r"-?[0-9]{1,9}"),
}
"""What the checksum covers, in its order. None of them can hold the `|` between them, so no text reads in two ways."""


def read_redirect(query: str, keys: Sequence[str], app_ids: Collection[int]) -> Redirect | Rejected:
    """Which order a customer comes back from, if ZaloPay sent them. The same for API v1 and v2.

    Args:
        query: what stands behind the `?`, still encoded.
        keys: each key2 that is valid now.
        app_ids: the apps that are ours.

    Raises:
        ValueError: a key is empty: our own mistake.
    """
    fields = read_query(query)
    if fields is None:
        return Rejected.MALFORMED
    if not _SIGNED_IN_REDIRECT.keys() | {"checksum"} <= fields.keys():
        return Rejected.MALFORMED
    if not all(shape.fullmatch(fields[name]) for name, shape in _SIGNED_IN_REDIRECT.items()):
        return Rejected.MALFORMED
    if not is_signed("|".join(fields[name] for name in _SIGNED_IN_REDIRECT), fields["checksum"], keys):
        return Rejected.WRONG_SIGNATURE
    if int(fields["appid"]) not in app_ids:
        return Rejected.OTHER_ACCOUNT
    return Redirect(GATEWAY, fields["apptransid"])
