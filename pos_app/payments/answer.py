"""What a gateway's answer means for the money: the answer classes (reliability table 3.3).

An `Answer` keeps numbers only, never a body: what a gateway wrote may hold anything.
"""

from dataclasses import dataclass
from enum import StrEnum


class AnswerClass(StrEnum):
    """What one answer claims. Only a fold over all evidence decides what is true."""

    PAID = "paid"
    """Claims success. From a create it is a claim to confirm; from a query it is proof when all numbers fit."""
    PROCESSING = "processing"
    """The gateway has the order and has not finished."""
    NEGATIVE = "negative"
    """Claims failure. Proof only together with another negative."""
    REFUSED = "refused"
    """The request itself was refused before anything was executed (bad signature, bad field)."""
    DUPLICATE = "duplicate"
    """Our order id is known there already (-68): ask, never conclude."""
    NOT_FOUND = "not_found"
    """A query says that no such order exists. Means something only after the fence."""
    UNUSABLE = "unusable"
    """Not an answer: cut, garbage, wrong types, HTTP error, too late, rate limit. Nothing may be concluded."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a gateway, reduced to what the rules need.

    Attributes:
        meaning: its class.
        return_code: the gateway's first code, None when there was none.
        sub_return_code: the gateway's detail code, None when there was none.
        zp_trans_id: the gateway's transaction number as text, "" when absent or 0.
        amount: dong the gateway says were paid, None when the answer does not say.
        app_trans_id: the order id that the answer names, "" when it names none.
        app_id: the app id that the answer names, None when it names none.
        fault: for UNUSABLE, what was wrong, as a short fixed word ("cut", "too_large", "http_502", "not_json" …).
        body_size: bytes received.
        body_hash: first 16 hex digits of the body's SHA-256, to tell two odd answers apart; never the body.
    """

    meaning: AnswerClass
    return_code: int | None = None
    sub_return_code: int | None = None
    zp_trans_id: str = ""
    amount: int | None = None
    app_trans_id: str = ""
    app_id: int | None = None
    fault: str = ""
    body_size: int = 0
    body_hash: str = ""


class Call(StrEnum):
    """Which call an answer belongs to: a code's meaning differs from call to call."""

    CREATE = "create"
    QUERY = "query"
