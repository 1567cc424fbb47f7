"""The payment attempt: its states, its append-only evidence, and the one fold that says what is true.

How a state comes about
    Nothing ever sets a state. What happened is kept as a set of `Evidence`; `fold` reads the whole set and says
    which state it proves. The set has no order and no repetition, so a late, doubled or reordered message cannot
    change what is true: it is either in the set or not. An answer counts as of the moment its question was *asked*
    (`asked_at_ms`): a "not found" asked early and received late says nothing about now.

What proves what (`RULES`, the first that holds wins)
    Paid is the gateway's word to a question of ours, about this order and exactly this amount. It beats everything.
    Not paid needs proof too: two negatives that agree, a refusal before anything was executed, or twice "no such
    order" asked after the fence, the moment from which the gateway cannot accept our request any more.
    All the rest is live: the till goes on asking and neither says paid nor not paid.

Why a double charge cannot happen
    A code is put on the wire once (`PaymentCode.take`), a sale has one live attempt (the journal's constraint), and
    a new attempt needs the old one final: which a negative only is with its proof.

`TRANSITIONS` lists every move that new evidence can cause; a property test holds the fold to it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from pos_app.payments.answer import SYSTEM_ERRORS, Answer, AnswerClass, deciding_code

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS

GATEWAY_WINDOW_MS = 15 * MINUTE_MS
"""ZaloPay refuses a request whose `app_time` is further than this from its clock."""
CLOCK_MARGIN_MS = 2 * MINUTE_MS
"""Room for the error of our corrected clock."""
STATUS_VALID_MS = 48 * HOUR_MS
"""How long ZaloPay answers for an order; "not found" after that says nothing."""
AGREE_AFTER_MS = 5_000
"""A negative counts as a second opinion when asked this long after the first one was given."""
NOT_FOUND_APART_MS = 30_000
"""The two "not found" that close an attempt are at least this far apart."""


class State(StrEnum):
    """What is true of an attempt."""

    PREPARED = "prepared"
    """Written down, nothing sent."""
    SENDING = "sending"
    """Bytes may have left."""
    UNKNOWN = "unknown"
    """No usable answer yet; being asked."""
    PROCESSING = "processing"
    """The gateway has it and has not finished, or its claim is being confirmed."""
    MISMATCH = "mismatch"
    """Money was taken but amount or ids do not fit: a manager's case."""
    PAID = "paid"
    FAILED = "failed"
    """Not paid, proven by the gateway's agreeing words."""
    NOT_SENT = "not_sent"
    """Not paid: provably never left."""
    NOT_CREATED = "not_created"
    """Not paid: the gateway never had it, asked when it could not come any more."""


LIVE = frozenset({State.PREPARED, State.SENDING, State.UNKNOWN, State.PROCESSING, State.MISMATCH})
"""States in which the sale is not free for another attempt."""
NEGATIVE = frozenset({State.FAILED, State.NOT_SENT, State.NOT_CREATED})

_MONEY_MAY_COME = frozenset({State.PAID, State.MISMATCH})
_ASKED = frozenset({State.UNKNOWN, State.PROCESSING, State.FAILED, State.NOT_CREATED}) | _MONEY_MAY_COME

TRANSITIONS: dict[State, frozenset[State]] = {
    State.PREPARED: frozenset({State.NOT_SENT, State.SENDING}),
    State.SENDING: _ASKED,
    State.UNKNOWN: _ASKED - {State.UNKNOWN},
    State.PROCESSING: _ASKED - {State.PROCESSING, State.UNKNOWN},
    State.NOT_SENT: frozenset({State.SENDING}),  # only should bytes have left after all
    State.FAILED: _MONEY_MAY_COME,
    State.NOT_CREATED: _MONEY_MAY_COME | {State.FAILED},
    State.MISMATCH: frozenset({State.PAID}),
    State.PAID: frozenset(),
}
"""Where each state can go when evidence is added as it happens."""


class Source(StrEnum):
    """Where a piece of evidence comes from."""

    NOT_SENT = "not_sent"
    """The connection failed before a byte could leave."""
    SENDING = "sending"
    """Durable before the first byte: from now on it may have left."""
    CREATE = "create"
    """What came back for the charge, also when that was nothing usable."""
    QUERY = "query"
    """What came back for a question."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that happened to an attempt. Never changed, never removed.

    Attributes:
        source: what it is.
        asked_at_ms: corrected wall clock when we asked, for SENDING and NOT_SENT when it happened.
        received_at_ms: corrected wall clock when the answer was complete.
        answer: for CREATE and QUERY.
        cause: for NOT_SENT, why (a `NotSentCause`).
    """

    source: Source
    asked_at_ms: int
    received_at_ms: int
    answer: Answer | None = None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The facts of one attempt to charge a code: fixed before anything is sent.

    Attributes:
        app_trans_id: the order's id at the gateway.
        sale_id: the sale it belongs to; a sale has one live attempt at most.
        attempt: which try of the sale, from 1.
        slip_number: printed number, unique.
        amount: dong.
        app_id: our id at the gateway.
        app_time_ms: corrected wall clock of the request.
        fence_at_ms: from this moment on (corrected wall clock) the gateway cannot accept the request any more.
        scanned_at_ms: when the code was read.
        source: how the code was read (a `ScanSource`).
        note: bill number or note the cashier typed.
        gateway: which gateway ("zalopay_v2", "demo").
    """

    app_trans_id: str
    sale_id: str
    attempt: int
    slip_number: str
    amount: int
    app_id: int
    app_time_ms: int
    fence_at_ms: int
    scanned_at_ms: int
    source: str
    note: str
    gateway: str


def fence_ms(app_time_ms: int, code_life_ms: int) -> int:
    """When a request can surely not be accepted any more: its window is over, or its code is dead if sooner."""
    return app_time_ms + min(GATEWAY_WINDOW_MS, code_life_ms) + CLOCK_MARGIN_MS


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the evidence proves.

    Attributes:
        state: the state.
        zp_trans_id: the gateway's number, "" while unknown.
        because: the answer that explains the state best; None when no answer did.
        conflict: some evidence speaks against a final state: an alarm, never an undoing.
    """

    state: State
    zp_trans_id: str = ""
    because: Answer | None = None
    conflict: bool = False


@dataclass(frozen=True)
class _Facts:
    """The evidence, sorted by what it says."""

    attempt: Attempt
    create: tuple[Evidence, ...]
    queries: tuple[Evidence, ...]
    sending: bool
    not_sent: bool
    agreed: tuple[Evidence, ...] = field(default=())

    @classmethod
    def of(cls, attempt: Attempt, evidence: Iterable[Evidence]) -> "_Facts":
        ordered = sorted(frozenset(evidence), key=_key)
        return cls(
            attempt,
            create=tuple(one for one in ordered if one.source is Source.CREATE),
            queries=tuple(one for one in ordered if one.source is Source.QUERY),
            sending=any(one.source is Source.SENDING for one in ordered),
            not_sent=any(one.source is Source.NOT_SENT for one in ordered),
        )

    def created(self, *meanings: AnswerClass) -> tuple[Evidence, ...]:
        return tuple(one for one in self.create if _meaning(one) in meanings)

    def asked(self, *meanings: AnswerClass) -> tuple[Evidence, ...]:
        return tuple(one for one in self.queries if _meaning(one) in meanings)


def _key(one: Evidence) -> tuple[int, int, str, str]:
    return one.asked_at_ms, one.received_at_ms, one.source, repr(one.answer)


def _meaning(one: Evidence) -> AnswerClass:
    return one.answer.meaning if one.answer else AnswerClass.UNUSABLE


# --- what proves what ----------------------------------------------------------------------------------------------


def _fits(facts: _Facts, one: Evidence) -> bool:
    """The answer names this order, this app, this amount, and the number that the create answer named."""
    answer, attempt = one.answer, facts.attempt
    if answer is None or not answer.zp_trans_id:
        return False
    # Not by time: the clock is corrected between two answers, and the create's always comes first.
    named = {one.answer.zp_trans_id for one in facts.create if one.answer and one.answer.zp_trans_id}
    return (
        answer.amount == attempt.amount
        and answer.app_trans_id in ("", attempt.app_trans_id)
        and answer.app_id in (None, attempt.app_id)
        and named <= {answer.zp_trans_id}
    )


def _paid(facts: _Facts) -> tuple[Evidence, ...]:
    return tuple(one for one in facts.asked(AnswerClass.PAID) if _fits(facts, one))


def _mismatch(facts: _Facts) -> tuple[Evidence, ...]:
    wrong = facts.asked(AnswerClass.PAID)
    claimed = facts.created(AnswerClass.PAID)
    # The gateway took the charge for paid, then denies it: neither may be believed without a person.
    denied = _agreeing_negatives(facts) or _not_found_twice(facts)
    return wrong or (denied if claimed else ())


def _failed(facts: _Facts) -> tuple[Evidence, ...]:
    return facts.created(AnswerClass.REFUSED) or _agreeing_negatives(facts)


def _agreeing_negatives(facts: _Facts) -> tuple[Evidence, ...]:
    """A query's "failed" together with a second opinion: the create answer's, its own age, or an earlier query's."""
    said = facts.created(AnswerClass.NEGATIVE)
    queried = facts.asked(AnswerClass.NEGATIVE)
    for one in queried:
        after_create = [created for created in facts.create if _meaning(created) is not AnswerClass.UNUSABLE]
        agrees = any(created.received_at_ms <= one.asked_at_ms for created in said)
        settled = any(created.received_at_ms + AGREE_AFTER_MS <= one.asked_at_ms for created in after_create)
        twice = any(earlier.asked_at_ms + AGREE_AFTER_MS <= one.asked_at_ms for earlier in queried)
        if agrees or settled or twice:
            return (*said, one)
    # A charge that was turned away may have left no order behind: then "not found" is the agreeing word. A system error
    # turned nothing away: the order may still come, so only the fence makes its "not found" count.
    turned_away = [created for created in said if not _broke_down(created)]
    for one in facts.asked(AnswerClass.NOT_FOUND):
        if any(created.received_at_ms + AGREE_AFTER_MS <= one.asked_at_ms for created in turned_away):
            return (*said, one)
    return ()


def _broke_down(one: Evidence) -> bool:
    answer = one.answer
    return answer is not None and deciding_code(answer.return_code, answer.sub_return_code) in SYSTEM_ERRORS


def _not_found_twice(facts: _Facts) -> tuple[Evidence, ...]:
    attempt = facts.attempt
    valid = [
        one
        for one in facts.asked(AnswerClass.NOT_FOUND)
        if attempt.fence_at_ms <= one.asked_at_ms < attempt.app_time_ms + STATUS_VALID_MS
    ]
    far_apart = valid and valid[-1].asked_at_ms - valid[0].asked_at_ms >= NOT_FOUND_APART_MS
    return (valid[0], valid[-1]) if far_apart else ()


def _processing(facts: _Facts) -> tuple[Evidence, ...]:
    candidates = (
        AnswerClass.PAID,
        AnswerClass.NEGATIVE,
        AnswerClass.PROCESSING,
        AnswerClass.DUPLICATE,
    )
    return facts.created(*candidates) + facts.asked(AnswerClass.PROCESSING)


def _unknown(facts: _Facts) -> tuple[Evidence, ...]:
    return facts.create + facts.queries


RULES: tuple[tuple[State, Callable[[_Facts], tuple[Evidence, ...]]], ...] = (
    (State.PAID, _paid),
    (State.MISMATCH, _mismatch),
    (State.FAILED, _failed),
    (State.NOT_CREATED, _not_found_twice),
    (State.PROCESSING, _processing),
    (State.UNKNOWN, _unknown),
)
"""Each state with what proves it; the first with a proof is the state."""


def fold(attempt: Attempt, evidence: Iterable[Evidence]) -> Verdict:
    """What the evidence proves: the same for any order and any repetition of it."""
    facts = _Facts.of(attempt, evidence)
    for state, proof in RULES:
        proven = proof(facts)
        if proven:
            return _verdict(state, facts, proven)
    if facts.sending:
        return Verdict(State.SENDING)
    return Verdict(State.NOT_SENT if facts.not_sent else State.PREPARED)


def _verdict(state: State, facts: _Facts, proven: tuple[Evidence, ...]) -> Verdict:
    numbers = [one.answer.zp_trans_id for one in (*proven, *facts.create) if one.answer and one.answer.zp_trans_id]
    against = {
        State.PAID: bool(_agreeing_negatives(facts)) or len(facts.asked(AnswerClass.PAID)) > len(_paid(facts)),
        State.FAILED: any(one.asked_at_ms > proven[-1].asked_at_ms for one in facts.asked(AnswerClass.PROCESSING)),
    }
    # The create answer says why ("not enough balance"); a query often only says that it failed.
    because = next(
        (one.answer for one in proven if one.answer and one.answer.sub_return_code),
        proven[0].answer,
    )
    return Verdict(
        state,
        zp_trans_id=numbers[0] if numbers else "",
        because=because,
        conflict=against.get(state, False) or (state is State.PAID and len(set(numbers)) > 1),
    )


def watched(attempt: Attempt, state: State, now_ms: int) -> bool:
    """Whether a negative is still asked about in the background: until the gateway cannot take the request any more."""
    return (
        state in (State.FAILED, State.NOT_CREATED)
        and now_ms < attempt.app_time_ms + GATEWAY_WINDOW_MS + CLOCK_MARGIN_MS
    )
