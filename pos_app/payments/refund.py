"""A refund: asked for once, sent under one id for good, and done only by the gateway's word.

It has the same unknown state as a payment, and the same rule: what may have left is asked about, under its own
`m_refund_id`, and never sent under another one. `fold_refund` says what the evidence proves, for any order and any
repetition of it. `left_to_refund` is the cap: what is asked for counts from the moment it is asked for, until it is
proven that it will not happen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment import (
    AGREE_AFTER_MS,
    CLOCK_MARGIN_MS,
    GATEWAY_WINDOW_MS,
    NOT_FOUND_APART_MS,
    STATUS_VALID_MS,
    Evidence,
    Source,
    answered_since,
    apart,
    refused_request,
)
from pos_app.vietnam_day import yymmdd

REFUND_ID_LENGTH_MAX = 45


class RefundState(StrEnum):
    """What is true of a refund."""

    REQUESTED = "requested"
    """Written down and its amount reserved; nothing sent."""
    SENDING = "sending"
    UNKNOWN = "unknown"
    PROCESSING = "processing"
    """The gateway has it and has not finished, or its claim is being confirmed; this can take days."""
    DONE = "done"
    FAILED = "failed"
    """Not refunded, by the gateway's agreeing words."""
    NOT_SENT = "not_sent"
    """Not refunded: provably never left."""
    NOT_CREATED = "not_created"
    """Not refunded: the gateway never had it, asked when it could not come any more."""


OPEN = frozenset({RefundState.REQUESTED, RefundState.SENDING, RefundState.UNKNOWN, RefundState.PROCESSING})
"""States whose end is not known."""
NOT_REFUNDED = frozenset({RefundState.FAILED, RefundState.NOT_SENT, RefundState.NOT_CREATED})
"""States that free the reserved amount."""

_ASKED = frozenset(RefundState) - {RefundState.REQUESTED, RefundState.SENDING, RefundState.NOT_SENT}
REFUND_TRANSITIONS: dict[RefundState, frozenset[RefundState]] = {
    RefundState.REQUESTED: frozenset({RefundState.NOT_SENT, RefundState.SENDING}),
    RefundState.SENDING: _ASKED,
    RefundState.UNKNOWN: _ASKED - {RefundState.UNKNOWN},
    RefundState.PROCESSING: _ASKED - {RefundState.PROCESSING, RefundState.UNKNOWN},
    RefundState.NOT_SENT: frozenset({RefundState.SENDING}),  # only should bytes have left after all
    RefundState.FAILED: frozenset({RefundState.DONE}),
    RefundState.NOT_CREATED: frozenset({RefundState.DONE, RefundState.FAILED, RefundState.PROCESSING}),
    RefundState.DONE: frozenset(),
}
"""Where each state can go when evidence is added as it happens."""


@dataclass(frozen=True, slots=True)
class Refund:
    """The facts of one refund: fixed before anything is sent.

    Attributes:
        m_refund_id: its id at the gateway, for good.
        slip_number: printed number, unique.
        app_trans_id: the payment it gives back.
        zp_trans_id: the gateway's number of that payment.
        amount: dong, 1 or more.
        app_id: our id at the gateway.
        requested_at_ms: corrected wall clock, sent as `timestamp`.
        intent: what was pressed once: the same press asked for twice is one refund.
        description: shown to the payer, at most 100 characters.
    """

    m_refund_id: str
    slip_number: str
    app_trans_id: str
    zp_trans_id: str
    amount: int
    app_id: int
    requested_at_ms: int
    intent: str
    description: str


@dataclass(frozen=True, slots=True)
class RefundVerdict:
    """What the evidence proves.

    Attributes:
        state: the state.
        refund_id: the gateway's number, "" while unknown.
        because: the answer that explains the state best; None when no answer did.
        conflict: some evidence speaks against a final state.
    """

    state: RefundState
    refund_id: str = ""
    because: Answer | None = None
    conflict: bool = False


def refund_number(requested_at_ms: int, app_id: int, till: str, running: int, epoch: str) -> str:
    """`261122_2553_02k7qx000148`: the Vietnamese day and the app id, as ZaloPay asks for; never given twice.

    Raises:
        ValueError: longer than 45 characters.
    """
    number = f"{yymmdd(requested_at_ms)}_{app_id}_{till}{epoch}{running:06d}"
    if len(number) > REFUND_ID_LENGTH_MAX:
        message = "the refund id is longer than 45 characters"
        raise ValueError(message)
    return number


def refund_fence_ms(refund: Refund) -> int:
    """From this moment on (corrected wall clock) the gateway cannot accept the request any more."""
    return refund.requested_at_ms + GATEWAY_WINDOW_MS + CLOCK_MARGIN_MS


def still_asked(refund: Refund, state: RefundState, evidence: Iterable[Evidence], now_ms: int) -> bool:
    """Whether questions about it go on: it is open, or refused and the gateway may take it after all."""
    if state not in (RefundState.FAILED, RefundState.NOT_CREATED):
        return state in OPEN
    end = refund_fence_ms(refund)
    known = now_ms < refund.requested_at_ms + STATUS_VALID_MS
    return now_ms < end or (known and not answered_since(evidence, end))


def left_to_refund(paid: int, refunds: Iterable[tuple[int, RefundState]]) -> int:
    """How many dong of a payment can still be given back, from each refund's amount and state."""
    return paid - sum(amount for amount, state in refunds if state not in NOT_REFUNDED)


def fold_refund(refund: Refund, evidence: Iterable[Evidence]) -> RefundVerdict:
    """What the evidence proves: the same for any order and any repetition of it."""
    happened = sorted(evidence, key=lambda one: (one.asked_at_ms, one.received_at_ms, one.source, repr(one.answer)))
    answered = [one for one in happened if one.source in (Source.CREATE, Source.QUERY)]
    numbers = [one.answer.zp_trans_id for one in answered if one.answer and one.answer.zp_trans_id]
    number = numbers[0] if numbers else ""
    for state, proof in _RULES:
        proven = proof(refund, answered)
        if proven:
            told = [one.answer for one in proven if one.answer]
            because = next((answer for answer in told if answer.sub_return_code), told[0] if told else None)
            against = state is RefundState.DONE and bool(_failed(refund, answered))
            return RefundVerdict(state, number, because, conflict=against)
    sources = {one.source for one in happened}
    if Source.SENDING in sources:
        return RefundVerdict(RefundState.SENDING)
    return RefundVerdict(RefundState.NOT_SENT if Source.NOT_SENT in sources else RefundState.REQUESTED)


# --- what proves what ----------------------------------------------------------------------------------------------


def _said(answered: Iterable[Evidence], source: Source, *meanings: AnswerClass) -> list[Evidence]:
    return [one for one in answered if one.source is source and one.answer and one.answer.meaning in meanings]


def _done(_: Refund, answered: list[Evidence]) -> list[Evidence]:
    """Only a question's answer: "1" to the request itself may mean no more than "accepted"."""
    return _said(answered, Source.QUERY, AnswerClass.PAID)


def _failed(_: Refund, answered: list[Evidence]) -> list[Evidence]:
    """Two negatives that agree, a refusal being one of them; a claim of success asks for two questions' word."""
    if _said(answered, Source.CREATE, AnswerClass.PAID):
        queried = _said(answered, Source.QUERY, AnswerClass.NEGATIVE)
        return apart(queried, AGREE_AFTER_MS)
    said = _said(answered, Source.CREATE, AnswerClass.NEGATIVE, AnswerClass.REFUSED)
    for one in _said(answered, Source.QUERY, AnswerClass.NEGATIVE):
        if any(first.received_at_ms <= one.asked_at_ms for first in said):
            return [*said, one]
    for one in _said(answered, Source.QUERY, AnswerClass.NOT_FOUND):
        if any(first.received_at_ms + AGREE_AFTER_MS <= one.asked_at_ms for first in said):
            return [*said, one]
    refused = _said(answered, Source.CREATE, AnswerClass.REFUSED)
    for one in _said(answered, Source.QUERY, AnswerClass.UNUSABLE):  # a wrong key: the question is refused just so
        if refused_request(one) and any(first.received_at_ms <= one.asked_at_ms for first in refused):
            return [*refused, one]
    queried = _said(answered, Source.QUERY, AnswerClass.NEGATIVE)
    return apart(queried, AGREE_AFTER_MS)


def _not_created(refund: Refund, answered: list[Evidence]) -> list[Evidence]:
    seen_there = _said(answered, Source.CREATE, AnswerClass.PAID, AnswerClass.PROCESSING, AnswerClass.DUPLICATE)
    if seen_there or _said(answered, Source.QUERY, AnswerClass.PROCESSING):
        return []
    fence = refund_fence_ms(refund)
    missing = [one for one in _said(answered, Source.QUERY, AnswerClass.NOT_FOUND) if one.asked_at_ms >= fence]
    return apart(missing, NOT_FOUND_APART_MS)


def _processing(_: Refund, answered: list[Evidence]) -> list[Evidence]:
    claims = (
        AnswerClass.PAID,
        AnswerClass.PROCESSING,
        AnswerClass.NEGATIVE,
        AnswerClass.REFUSED,
        AnswerClass.DUPLICATE,
    )
    return _said(answered, Source.CREATE, *claims) + _said(answered, Source.QUERY, AnswerClass.PROCESSING)


def _unknown(_: Refund, answered: list[Evidence]) -> list[Evidence]:
    return answered


_RULES = (
    (RefundState.DONE, _done),
    (RefundState.FAILED, _failed),
    (RefundState.NOT_CREATED, _not_created),
    (RefundState.PROCESSING, _processing),
    (RefundState.UNKNOWN, _unknown),
)
"""Each state with what proves it; the first with a proof is the state."""
