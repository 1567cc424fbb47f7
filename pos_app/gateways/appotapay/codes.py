"""What AppotaPay's error codes mean for the money, call by call. A table; words for people stand elsewhere.

Codes are AppotaPay's own ("error codes" of the payment and POS pages): 0 is success, and the same number can mean
something else on the POS pages. A code that nobody documented proves nothing.
"""

from enum import StrEnum

from pos_app.payments.answer import AnswerClass, Call

SUCCESS = 0


class Kind(StrEnum):
    """What a code speaks of."""

    DONE = "done"
    WAITING = "waiting"
    REQUEST = "request"
    """The request, the keys or the shop's settings: turned away before anything was executed."""
    ORDER = "order"
    """What was asked for is not accepted: amount, bank or method."""
    KNOWN = "known"
    """The number was used before, or is done already: ask, never conclude."""
    MISSING = "missing"
    OPEN = "open"
    """Nobody knows: bank silent, gateway busy, in maintenance or broken."""
    FAILED = "failed"
    GIVEN_BACK = "given_back"
    """It was paid once, and given back."""
    NOT_REFUNDABLE = "not_refundable"


_CODES: dict[Kind, tuple[int, ...]] = {
    Kind.DONE: (SUCCESS,),
    Kind.WAITING: (34, 35),
    Kind.REQUEST: (1, 2, 11, 13, 14, 15, 90, 92, 401),
    Kind.ORDER: (32, 51, 52, 140, 141),
    Kind.KNOWN: (30, 31, 41, 132),
    Kind.MISSING: (36,),
    Kind.OPEN: (37, 73, 91, 94, 99, 500),
    Kind.FAILED: (21, 22, 33, 38, 39, *range(61, 73), 74, 75, 76, 77, 78, 79, 80, 82, 84),
    Kind.GIVEN_BACK: (40,),
    Kind.NOT_REFUNDABLE: (102, 103, 106, 110, 125, 129, 135),
}
_POS_CODES: dict[Kind, tuple[int, ...]] = {
    Kind.REQUEST: (12, 13, 22, 139, 250, 251, 252, 253, 3140),
    Kind.ORDER: (40,),
    Kind.OPEN: (42, 93, 95),
    Kind.FAILED: (31, 207),
}
"""Where the POS API differs. 31 there: the payment was voided, the money is back; 37: paid, so not to be cancelled."""


def _by_code(kinds: dict[Kind, tuple[int, ...]]) -> dict[int, Kind]:
    return {code: kind for kind, codes in kinds.items() for code in codes}


KINDS = _by_code(_CODES)
POS_KINDS = KINDS | _by_code(_POS_CODES)

_A, _K = AnswerClass, Kind
_MEANINGS: dict[Call, dict[Kind, AnswerClass]] = {
    Call.CREATE_ORDER: {
        _K.DONE: _A.PROCESSING,  # created is not paid
        _K.WAITING: _A.PROCESSING,
        _K.REQUEST: _A.REFUSED,
        _K.ORDER: _A.REFUSED,
        _K.KNOWN: _A.DUPLICATE,
        _K.FAILED: _A.NEGATIVE,
    },
    Call.QUERY: {
        _K.DONE: _A.PAID,
        _K.WAITING: _A.PROCESSING,
        _K.ORDER: _A.NEGATIVE,
        _K.MISSING: _A.NOT_FOUND,
        _K.FAILED: _A.NEGATIVE,
    },
    Call.REFUND: {
        _K.DONE: _A.PAID,
        _K.WAITING: _A.PROCESSING,
        _K.REQUEST: _A.REFUSED,
        _K.ORDER: _A.REFUSED,
        _K.KNOWN: _A.DUPLICATE,
        _K.MISSING: _A.NEGATIVE,  # no such payment
        _K.FAILED: _A.NEGATIVE,
        _K.GIVEN_BACK: _A.NEGATIVE,
        _K.NOT_REFUNDABLE: _A.NEGATIVE,
    },
    Call.QUERY_REFUND: {
        _K.DONE: _A.PAID,
        _K.WAITING: _A.PROCESSING,
        _K.ORDER: _A.NEGATIVE,
        _K.MISSING: _A.NOT_FOUND,
        _K.FAILED: _A.NEGATIVE,
        _K.NOT_REFUNDABLE: _A.NEGATIVE,
    },
}
"""What is not in a row is UNUSABLE there. In a question, codes about the request speak of the question alone."""


def classify(call: Call, code: int, *, pos: bool = False) -> AnswerClass:
    """What a code claims in an answer to `call`; AppotaPay has no QuickPay and no cancel.

    Whether a claim carries the proof it needs is checked where the answer is read.
    """
    kind = (POS_KINDS if pos else KINDS).get(code)
    return _MEANINGS.get(call, {}).get(kind, _A.UNUSABLE) if kind else _A.UNUSABLE


class Status(StrEnum):
    """The word for where a transaction is (v2, POS) or a refund (v1, v2)."""

    PENDING = "pending"
    PROCESSING = "processing"
    SUCCESS = "success"
    ERROR = "error"
    VOID = "void"
    """Paid, then taken back on the terminal (POS)."""


STATUSES = {status.value: status for status in Status}


def classify_status(call: Call, status: Status, code: int | None, *, pos: bool = False) -> AnswerClass:
    """What a status claims together with its code (None: none was told); a contradiction is UNUSABLE."""
    if call is Call.CREATE_ORDER and status is Status.SUCCESS:
        return _A.UNUSABLE  # nobody can have paid yet
    match status:
        case Status.PENDING | Status.PROCESSING:
            return _A.PROCESSING
        case Status.SUCCESS:
            return _A.PAID if code in (None, SUCCESS) else _A.UNUSABLE
        case Status.VOID:
            return _A.NEGATIVE
        case Status.ERROR:
            meaning = _A.NEGATIVE if code is None else classify(call, code, pos=pos)
            return _A.UNUSABLE if meaning in (_A.PAID, _A.PROCESSING) else meaning
