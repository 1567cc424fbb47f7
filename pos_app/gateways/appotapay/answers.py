"""What all of AppotaPay's answers have in common: from a reply on the wire to members that can be believed.

Strict about types, silent about bodies: whatever is odd becomes UNUSABLE with a short word, and nothing raises.
What the members of each version mean stands in `v1_answers`, `v2_answers` and `pos_answers`.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from pos_app.gateways.strict_json import NotStrictJsonError, read_object
from pos_app.gateways.transport import Reply
from pos_app.payments.answer import Answer, AnswerClass

_OK = 200
_REDIRECTS, _CLIENT_ERRORS = range(300, 400), range(400, 500)
_DIGITS = re.compile(r"[0-9]{1,18}")
_INT64 = range(-(2**63), 2**63)
_ID_TEXT = re.compile(r"[A-Za-z0-9_-]{0,64}")
_EMV_BEGINS = "000201"

Members = dict[str, object]


class UnusableError(Exception):
    """The reply is no answer to what was asked; `fault` is the word for it."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Told:
    """A whole reply.

    Attributes:
        members: of its JSON object, as they came.
        refused: whether HTTP says that the request was wrong (4xx): then nothing in it is good news.
    """

    members: Members
    refused: bool


def judged(reply: Reply, judge: Callable[[Told], Answer]) -> Answer:
    """The judge's answer about a whole reply, with its size and hash; UNUSABLE about anything else."""
    try:
        answer = judge(_told(reply))
    except UnusableError as error:
        answer = Answer(AnswerClass.UNUSABLE, fault=error.fault)
    if not reply.body:
        return answer
    return replace(answer, body_size=len(reply.body), body_hash=hashlib.sha256(reply.body).hexdigest()[:16])


def _told(reply: Reply) -> Told:
    if reply.fault:
        raise UnusableError(reply.fault)
    if reply.status in _REDIRECTS:
        raise UnusableError("redirect")
    refused = reply.status in _CLIENT_ERRORS
    if reply.status != _OK and not refused:
        raise UnusableError(f"http_{reply.status}")
    try:
        return Told(read_object(reply.body), refused)
    except NotStrictJsonError:
        raise UnusableError(f"http_{reply.status}" if refused else "not_json") from None


def claim(meaning: AnswerClass, told: Told) -> AnswerClass:
    """The class of an answer, when HTTP does not contradict it."""
    good_news = meaning in (AnswerClass.PAID, AnswerClass.PROCESSING)
    return AnswerClass.UNUSABLE if told.refused and good_news else meaning


def without_proof(answer: Answer) -> str:
    """What a claim of payment lacks: the gateway's number, or the amount; "" for nothing."""
    if answer.meaning is not AnswerClass.PAID:
        return "no_verdict" if answer.meaning is AnswerClass.UNUSABLE else ""
    if not answer.zp_trans_id:
        return "no_zp_trans_id"
    return "no_amount" if answer.amount is None else ""


def proven(answer: Answer) -> Answer:
    """The answer, or UNUSABLE in place of a claim that lacks its proof; always with the word for it."""
    fault = without_proof(answer)
    return replace(answer, meaning=AnswerClass.UNUSABLE, fault=fault) if fault else answer


def part(members: Members, name: str) -> Members:
    """A member that is an object; empty when it is missing or null.

    Raises:
        UnusableError: it is something else.
    """
    value = members.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise UnusableError("wrong_type")
    return value


def number(members: Members, name: str) -> int | None:
    """A member that is an integer, or one written in plain digits; None when it is missing, null or "".

    Raises:
        UnusableError: it is something else.
    """
    value = members.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    if type(value) is not int or value not in _INT64:
        raise UnusableError("wrong_type")
    return value


def code(members: Members, name: str) -> int:
    """A member that is an error code.

    Raises:
        UnusableError: it is missing, or no number.
    """
    value = number(members, name)
    if value is None:
        raise UnusableError("no_code")
    return value


def text(members: Members, name: str) -> str:
    """A member that is a text; "" when it is missing or null.

    Raises:
        UnusableError: it is something else.
    """
    value = members.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UnusableError("wrong_type")
    return value


def name_of(members: Members, name: str) -> str:
    """A member that is an id: a text of plain signs or a number; "" when it is missing, null, "" or zeros.

    Raises:
        UnusableError: it is something else.
    """
    value = members.get(name)
    if type(value) is int and value in range(2**63):
        value = str(value)
    if value is None:
        return ""
    if not isinstance(value, str) or not _ID_TEXT.fullmatch(value):
        raise UnusableError("wrong_type")
    return value if value.strip("0") else ""


def check_dong(members: Members) -> None:
    """Money is counted in dong, where a currency is told.

    Raises:
        UnusableError: it is another one.
    """
    if text(members, "currency") not in ("", "VND"):
        raise UnusableError("other_currency")


def emv_code(written: str) -> str:
    """The text when it is a QR's, "" when it is a picture's address or anything else."""
    return written if written.startswith(_EMV_BEGINS) else ""
