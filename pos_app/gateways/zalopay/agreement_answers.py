"""From a reply of an agreement call to what it says: strict about types, silent about bodies.

Whatever is odd becomes UNUSABLE or UNKNOWN with a short word. Nothing here raises, whatever the gateway wrote.
"""

import re
from dataclasses import replace

from pos_app.gateways.agreement import Balance, Binding, BindingStatus, Bound, Channel, Owner
from pos_app.gateways.strict_json import read_object
from pos_app.gateways.transport import Reply
from pos_app.gateways.zalopay.answers import read_answer
from pos_app.payments.answer import IN_PROGRESS, Answer, AnswerClass, Call
from pos_app.payments.pay_token import PayToken

_LINK_LENGTH_MAX = 1_024
_LINKS = ("short_link", "binding_url", "binding_qr_link")
"""What a QR may say: the link to make one's own QR of, its name in the OpenAPI file, a page that shows a QR."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ORDER_TOKEN = re.compile(r"[A-Za-z0-9_=+/.-]{1,256}")
_MASKED = re.compile(r"[0-9*xX +-]{1,24}")
_STATUSES = {1: BindingStatus.CONFIRMED, 3: BindingStatus.CANCELLED, 4: BindingStatus.DISABLED}

Members = dict[str, object]


def read_bound(reply: Reply) -> Bound:
    """What came of a wish to bind; both forms of the answer that are known (ZaloPay API: agreement)."""
    answer, members = _read(reply)
    if answer.meaning is not AnswerClass.PROCESSING:
        return Bound(answer)
    links = [link for name in _LINKS if (link := _link(members.get(name), "https://"))]
    deep_link = _link(members.get("deep_link"), "zalopay://") or _link(members.get("deep_link"), "https://")
    link = next(iter(links), deep_link)
    if not link:
        return Bound(_unusable(answer, "no_link"))
    named = _NAME.fullmatch(str(members.get("binding_token", members.get("binding_id", ""))))
    return Bound(answer, link, deep_link, named[0] if named else "")


def read_binding(reply: Reply, *, app_id: int, app_trans_id: str) -> Binding:
    """What became of the wish `app_trans_id` of our app; what speaks of another one says nothing."""
    answer, members = _read(reply)
    if answer.meaning is not AnswerClass.PROCESSING:
        return Binding(answer, BindingStatus.UNKNOWN)
    data = members.get("data")
    if not isinstance(data, dict):
        known = answer.return_code == IN_PROGRESS
        return Binding(answer, BindingStatus.WAITING) if known else _no_binding(answer, "no_data")
    if data.get("app_trans_id") != app_trans_id or data.get("app_id") != app_id:
        return _no_binding(answer, "other_binding")
    status = data.get("status", 0)
    if type(status) is not int:
        return _no_binding(answer, "wrong_type")
    found = Binding(answer, _STATUSES.get(status, BindingStatus.WAITING), phone=_phone(data.get("masked_user_phone")))
    return _confirmed(found, data) if found.status is BindingStatus.CONFIRMED else found


def _confirmed(found: Binding, data: Members) -> Binding:
    """The binding with its token; without one it cannot be used, so it is none."""
    binding_id, expires_at_ms = data.get("binding_id"), data.get("expiry_timestamp_in_ms", 0)
    token = _token(data.get("pay_token"))
    if token is None or not isinstance(binding_id, str) or not _NAME.fullmatch(binding_id):
        return _no_binding(found.answer, "no_token")
    if type(expires_at_ms) is not int:
        return _no_binding(found.answer, "wrong_type")
    # The year 1, which is below 0, stands for "never".
    ends = expires_at_ms if expires_at_ms > 0 else None
    return replace(found, pay_token=token, binding_id=binding_id, expires_at_ms=ends)


def read_balance(reply: Reply) -> Balance:
    """Which channels can pay."""
    answer, members = _read(reply)
    if answer.meaning is not AnswerClass.PROCESSING:
        return Balance(answer)
    data, discount_amount = members.get("data"), members.get("discount_amount", 0)
    channels = [_channel(one) for one in data] if isinstance(data, list) else [None]
    known = tuple(channel for channel in channels if channel is not None)
    if len(known) != len(channels) or type(discount_amount) is not int or discount_amount < 0:
        return Balance(_unusable(answer, "wrong_type"))
    return Balance(answer, known, discount_amount)


def read_owner(reply: Reply) -> Owner:
    """Whose wallet a token stands for."""
    answer, members = _read(reply)
    return Owner(answer, _phone(members.get("phone")))


def read_order_token(reply: Reply) -> tuple[Answer, str]:
    """What the gateway said to the order that a token shall pay, and its `zp_trans_token`; "" for none."""
    answer, members = _read(reply)
    token = members.get("zp_trans_token")
    if answer.meaning is not AnswerClass.PROCESSING:
        return answer, ""
    if not isinstance(token, str) or not _ORDER_TOKEN.fullmatch(token):
        return _unusable(answer, "no_order_token"), ""
    return answer, token


def _read(reply: Reply) -> tuple[Answer, Members]:
    """The answer, in which PROCESSING means "taken", and then its members too."""
    answer = read_answer(Call.CREATE_ORDER, reply)
    return answer, read_object(reply.body) if answer.meaning is AnswerClass.PROCESSING else {}


def _channel(told: object) -> Channel | None:
    if not isinstance(told, dict):
        return None
    number, payable, bank_code = told.get("channel"), told.get("payable"), told.get("bank_code", "")
    if type(number) is not int or not isinstance(payable, bool) or not isinstance(bank_code, str):
        return None
    return Channel(number, payable, bank_code)


def _link(told: object, start: str) -> str:
    if not isinstance(told, str) or not told.startswith(start) or len(told) > _LINK_LENGTH_MAX:
        return ""
    return told if told.isascii() and told.isprintable() and " " not in told else ""


def _phone(told: object) -> str:
    return told if isinstance(told, str) and _MASKED.fullmatch(told) else ""


def _token(told: object) -> PayToken | None:
    try:
        return PayToken(told) if isinstance(told, str) else None
    except ValueError:
        return None


def _no_binding(answer: Answer, fault: str) -> Binding:
    return Binding(_unusable(answer, fault), BindingStatus.UNKNOWN)


def _unusable(answer: Answer, fault: str) -> Answer:
    return replace(answer, meaning=AnswerClass.UNUSABLE, fault=fault)
