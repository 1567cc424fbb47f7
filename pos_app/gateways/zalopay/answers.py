"""From a reply on the wire to an `Answer`: strict about types, silent about bodies.

Whatever is odd becomes UNUSABLE with a short word. Nothing here raises, whatever the gateway wrote.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from pos_app.gateways.gateway import Created
from pos_app.gateways.strict_json import NotStrictJsonError, read_object
from pos_app.gateways.transport import Reply
from pos_app.payments.answer import (
    Answer,
    AnswerClass,
    Call,
    classify,
    classify_cancel,
    classify_created,
    classify_refund,
)

_OK = 200
_REDIRECTS = range(300, 400)
_INT64 = range(-(2**63), 2**63)
_ID_TEXT = re.compile(r"[A-Za-z0-9_-]{0,64}")


Translate = Callable[[dict[str, object]], dict[str, object]]
"""An answer's members as v2 would have named them."""


def _as_they_are(members: dict[str, object]) -> dict[str, object]:
    return members


class _WrongTypeError(ValueError):
    """A known field has a type that the API does not give it."""


@dataclass(frozen=True, slots=True)
class _Fields:
    return_code: int | None
    sub_return_code: int | None
    is_processing: bool | None
    zp_trans_id: str
    """The gateway's number of what was asked about: of a refund its `refund_id`."""
    amount: int | None
    app_trans_id: str
    app_id: int | None


def read_answer(call: Call, reply: Reply, in_v2_words: Translate = _as_they_are) -> Answer:
    """What the gateway answered to `call`, as evidence."""
    answer = _read(call, reply, in_v2_words)
    if not reply.body:
        return answer
    return replace(answer, body_size=len(reply.body), body_hash=hashlib.sha256(reply.body).hexdigest()[:16])


def read_created(reply: Reply, in_v2_words: Translate = _as_they_are) -> Created:
    """What the gateway answered to an order that the customer shall scan; its codes as they came."""
    answer = read_answer(Call.CREATE_ORDER, reply, in_v2_words)
    if answer.meaning is not AnswerClass.PROCESSING:
        return Created(answer)
    members = in_v2_words(read_object(reply.body))
    codes = [members.get(name) for name in ("qr_code", "order_url")]
    qr_code, order_url = (code if isinstance(code, str) else "" for code in codes)
    return Created(answer, qr_code, order_url)


def _read(call: Call, reply: Reply, in_v2_words: Translate) -> Answer:
    if reply.fault:
        return _unusable(reply.fault)
    if reply.status in _REDIRECTS:
        return _unusable("redirect")
    if reply.status != _OK:
        return _unusable(f"http_{reply.status}")
    try:
        number = "refund_id" if call in (Call.REFUND, Call.QUERY_REFUND) else "zp_trans_id"
        fields = _fields(in_v2_words(read_object(reply.body)), number)
    except NotStrictJsonError:
        return _unusable("not_json")
    except _WrongTypeError:
        return _unusable("wrong_type")
    return _judge(call, fields)


def _judge(call: Call, fields: _Fields) -> Answer:
    meaning = _meaning(call, fields)
    fault = "no_verdict" if meaning is AnswerClass.UNUSABLE else ""
    if meaning is AnswerClass.PAID:
        fault = _missing_proof(call, fields)
    return Answer(
        meaning=AnswerClass.UNUSABLE if fault else meaning,
        return_code=fields.return_code,
        sub_return_code=fields.sub_return_code,
        zp_trans_id=fields.zp_trans_id,
        amount=fields.amount,
        app_trans_id=fields.app_trans_id,
        app_id=fields.app_id,
        fault=fault,
    )


def _meaning(call: Call, fields: _Fields) -> AnswerClass:
    match call:
        case Call.CREATE_ORDER:
            return classify_created(fields.return_code, fields.sub_return_code)
        case Call.CANCEL:
            return classify_cancel(fields.return_code, fields.sub_return_code)
        case Call.REFUND | Call.QUERY_REFUND:
            return classify_refund(call, fields.return_code, fields.sub_return_code)
        case Call.CREATE | Call.QUERY:
            return classify(call, fields.return_code, fields.is_processing, fields.sub_return_code)


def _missing_proof(call: Call, fields: _Fields) -> str:
    """What a claim of payment lacks: the gateway's number always, the amount too when it answers a query."""
    if call not in (Call.CREATE, Call.QUERY):
        return ""  # answers about cancels and refunds have the four standard fields only
    if not fields.zp_trans_id:
        return "no_zp_trans_id"
    if call is Call.QUERY and fields.amount is None:
        return "no_amount"
    return ""


def _fields(members: dict[str, object], number: str) -> _Fields:
    """The fields we know; keys we do not know are of no interest."""
    is_processing = members.get("is_processing")
    if "is_processing" in members and not isinstance(is_processing, bool):
        raise _WrongTypeError
    return _Fields(
        return_code=_int(members, "return_code"),
        sub_return_code=_int(members, "sub_return_code"),
        is_processing=is_processing if isinstance(is_processing, bool) else None,
        zp_trans_id=_id(members, number),
        amount=_int(members, "amount"),
        app_trans_id=_id(members, "app_trans_id"),
        app_id=_int(members, "app_id"),
    )


def _int(members: dict[str, object], key: str) -> int | None:
    """A JSON integer of 64 bits; None only when the key is absent."""
    if key not in members:
        return None
    value = members[key]
    if type(value) is not int or value not in _INT64:
        raise _WrongTypeError
    return value


def _id(members: dict[str, object], key: str) -> str:
    """An id, which ZaloPay sends as integer or text; 0 means that there is none."""
    value = members.get(key, "")
    if type(value) is int and value in range(2**63):
        value = str(value)
    if not isinstance(value, str) or not _ID_TEXT.fullmatch(value):
        raise _WrongTypeError
    return value if value.strip("0") else ""


def _unusable(fault: str) -> Answer:
    return Answer(AnswerClass.UNUSABLE, fault=fault)
