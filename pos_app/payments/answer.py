"""What a gateway's answer means for the money: the answer classes, and the one table that gives them.

An `Answer` keeps numbers only, never a body: what a gateway wrote may hold anything. How answers are read from the
wire belongs to `gateways`; what several answers together prove belongs to `payment.py`.
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
    CREATE_ORDER = "create_order"
    """An order that the customer scans: created is not paid."""
    QUERY = "query"
    CANCEL = "cancel"
    REFUND = "refund"
    QUERY_REFUND = "query_refund"


class NotSentCause(StrEnum):
    """Why a request provably never left."""

    NO_NETWORK = "no_network"
    NAME_NOT_FOUND = "name_not_found"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    NOT_TRUSTED = "not_trusted"
    CLOCK = "clock"
    HOST_NOT_ALLOWED = "host_not_allowed"
    KEY = "key"
    NO_ORDER = "no_order"
    """The gateway did not make the order that was to be charged."""
    NOT_OFFERED = "not_offered"
    """This gateway has no such call, or the till no longer has an account there."""
    STOPPED = "stopped"


SUCCESS, FAILURE, IN_PROGRESS = 1, 2, 3
"""`return_code` of the ZaloPay API."""

REQUEST_REFUSED = {-401, -402, -403, -405, 406}
"""A field, the app id or the signature was wrong: turned away before anything was executed."""

_ID_KNOWN = {-68, -70, -89}
"""An order with this `app_trans_id` exists there already."""

_ABOUT_THE_QUESTION = REQUEST_REFUSED | _ID_KNOWN | {-429, -500, -503, -999, -301} | {-2, -3, -32, -33, -53, -92}
"""In a query these speak of the question (busy, maintenance, app id, signature), never of the order: an order that had
been refused for one of them would not exist."""

_NO_SUCH_ORDER = {-101, -49}

SYSTEM_ERRORS = frozenset({-500, -301})
"""The gateway broke down over the charge: what it had begun may still be finished."""


def deciding_code(return_code: int | None, sub_return_code: int | None) -> int | None:
    """The number that decides, whichever field holds it: request-level errors come in both.

    That is `return_code`, unless it only says "failed" and `sub_return_code` says how.
    """
    if return_code == FAILURE and sub_return_code is not None:
        return sub_return_code
    return return_code


def classify(
    call: Call,
    return_code: int | None,
    is_processing: bool | None,  # noqa: FBT001 - a field of the answer, not a flag
    sub_return_code: int | None,
) -> AnswerClass:
    """What the three fields of an answer claim; the first row that fits counts.

    Whether a claim of success carries the numbers it needs is checked where the answer is read. An absent
    `is_processing` leaves the decision to `return_code` (the newest query answers lack it).
    """
    code = deciding_code(return_code, sub_return_code)
    query = call is Call.QUERY
    contradiction = return_code == SUCCESS and (bool(is_processing) or (sub_return_code or 0) < 0)
    if code is None:
        return AnswerClass.UNUSABLE
    rows = (
        (return_code == IN_PROGRESS or contradiction, AnswerClass.PROCESSING),
        (return_code == SUCCESS, AnswerClass.PAID),
        (return_code != FAILURE and code >= 0 and code not in REQUEST_REFUSED, AnswerClass.UNUSABLE),
        (query and code in _ABOUT_THE_QUESTION, AnswerClass.UNUSABLE),
        (bool(is_processing), AnswerClass.PROCESSING),
        (query and code in _NO_SUCH_ORDER, AnswerClass.NOT_FOUND),
        (code in REQUEST_REFUSED, AnswerClass.REFUSED),
        (code in _ID_KNOWN, AnswerClass.DUPLICATE),
        (code < 0 or sub_return_code is None, AnswerClass.NEGATIVE),
        (code == 0, AnswerClass.UNUSABLE),  # "exception" in one list, "pending" in another
        (True, AnswerClass.PROCESSING),  # the positive details: queued, PIN or OTP wanted, bank at work …
    )
    return next(meaning for fits, meaning in rows if fits)


def classify_created(return_code: int | None, sub_return_code: int | None) -> AnswerClass:
    """What an answer to the creation of a shown order claims: at best that the order is there and unpaid."""
    meaning = classify(Call.CREATE, return_code, None, sub_return_code)
    return AnswerClass.PROCESSING if meaning is AnswerClass.PAID else meaning


_REFUND_REFUSED = REQUEST_REFUSED | {-3, -10, -12, -13, -24, -25, -26, -27}
"""The request for a refund was wrong in itself: nothing was executed."""
_REFUND_AT_WORK = {-1, 2}
"""Waiting for ZaloPay's approval, or being worked on."""
_REFUND_OPEN = {-15, -16, -17, -19, -20, -30}
"""ZaloPay's own bookkeeping went wrong half way: only a later question tells."""
_BUSY = {-429, -500, -503, -999}
_NO_SUCH_REFUND = {-101, -21}
_REFUND_ID_KNOWN = {-23}


def classify_refund(call: Call, return_code: int | None, sub_return_code: int | None) -> AnswerClass:
    """What an answer to `refund` or `query_refund` claims; the first row that fits counts.

    PAID means refunded. From `refund` that is a claim to confirm: ZaloPay may only have accepted it.
    """
    code = deciding_code(return_code, sub_return_code)
    query = call is Call.QUERY_REFUND
    contradiction = return_code == SUCCESS and (sub_return_code or 0) < 0
    if code is None:
        return AnswerClass.UNUSABLE
    rows = (
        (return_code == IN_PROGRESS or contradiction or sub_return_code in _REFUND_AT_WORK, AnswerClass.PROCESSING),
        (return_code == SUCCESS, AnswerClass.PAID),
        (return_code != FAILURE and code >= 0 and code not in REQUEST_REFUSED, AnswerClass.UNUSABLE),
        (code in _BUSY | _REFUND_OPEN, AnswerClass.UNUSABLE),
        (query and code in _REFUND_REFUSED, AnswerClass.UNUSABLE),
        (query and code in _NO_SUCH_REFUND, AnswerClass.NOT_FOUND),
        (code in _REFUND_REFUSED, AnswerClass.REFUSED),
        (code in _REFUND_ID_KNOWN, AnswerClass.DUPLICATE),
        (True, AnswerClass.NEGATIVE),
    )
    return next(meaning for fits, meaning in rows if fits)


def classify_cancel(return_code: int | None, sub_return_code: int | None) -> AnswerClass:
    """What an answer to `cancel` claims: PAID means that the cancel was taken; everything else promises nothing."""
    taken = return_code == SUCCESS and (sub_return_code is None or sub_return_code >= 0)
    return AnswerClass.PAID if taken else AnswerClass.UNUSABLE
