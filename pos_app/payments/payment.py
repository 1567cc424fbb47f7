"""The payment attempt: its states, its append-only evidence, and the one fold that says what is true.

How a state comes about
    Nothing ever sets a state. What happened is kept as a set of `Evidence`; `fold` reads the whole set and says
    which state it proves. The set has no order and no repetition, so a late, doubled or reordered message cannot
    change what is true: it is either in the set or not. An answer counts as of the moment its question was *asked*
    (`asked_at_ms`): a "not found" asked early and received late says nothing about now.

What proves what (`RULES`, the first that holds wins)
    Paid is the gateway's word to a question of ours, about this order and exactly this amount. It beats everything.
    Not paid needs proof too: two negatives that agree (a refusal is one of them), a cancel that a later question
    confirms, or twice "no such order" asked after the fence, the moment from which the gateway cannot accept
    our request any more. A shown order ends by the gateway's word about its time, see `_expired`.
    A manager's decision closes what the gateway does not: it is a state of its own, never taken for the gateway's word,
    and only that word ("paid") takes it back.
    All the rest is live: the till goes on asking and neither says paid nor not paid.

Why a double charge cannot happen
    A code is put on the wire once (`PaymentCode.take`), a sale has one live attempt (the journal's constraint), and
    a new attempt needs the old one final: which a negative only is with its proof.

`TRANSITIONS` lists every move that new evidence can cause; a property test holds the fold to it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pos_app.payments.answer import REQUEST_REFUSED, SYSTEM_ERRORS, Answer, AnswerClass, deciding_code
from pos_app.payments.gateway_names import asks_nobody

RULES_VERSION = 2
"""A payment is judged for good by the rules that it was begun under: no update of the program changes a result, or
makes an old journal look damaged. Who changes what some evidence proves counts up here, and keeps the older judgement.

1   After a cancel, "no such order" agreed also where only the answer to the charge had told of the order.
2   It must have been found by a question, or its fence be over. A shown order whose gateway tells nothing of it ends.
"""

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
    CANCELLED = "cancelled"
    """Not paid: the gateway confirmed our cancel, and a later question agrees."""
    EXPIRED = "expired"
    """Not paid: a shown order outlived its time, and a question asked after that says so."""
    MANUAL_PAID = "manual_paid"
    """A manager decided that it was paid: not the gateway's word, apart in every total."""
    MANUAL_UNPAID = "manual_unpaid"
    """A manager decided that it was not paid."""


LIVE = frozenset({State.PREPARED, State.SENDING, State.UNKNOWN, State.PROCESSING, State.MISMATCH})
"""States in which the sale is not free for another attempt."""
NEGATIVE = frozenset({State.FAILED, State.NOT_SENT, State.NOT_CREATED, State.CANCELLED, State.EXPIRED})
DECIDED = frozenset({State.MANUAL_PAID, State.MANUAL_UNPAID})
TAKEN = frozenset({State.PAID, State.MANUAL_PAID})
"""States in which the sale has its money."""

_MONEY_MAY_COME = frozenset({State.PAID, State.MISMATCH})
_GONE = frozenset({State.FAILED, State.NOT_CREATED, State.CANCELLED, State.EXPIRED})
_ASKED = frozenset({State.UNKNOWN, State.PROCESSING}) | _GONE | _MONEY_MAY_COME | DECIDED

TRANSITIONS: dict[State, frozenset[State]] = {
    State.PREPARED: frozenset({State.NOT_SENT, State.SENDING}),
    State.SENDING: _ASKED,
    State.UNKNOWN: _ASKED - {State.UNKNOWN},
    State.PROCESSING: _ASKED - {State.PROCESSING, State.UNKNOWN},
    State.NOT_SENT: frozenset({State.SENDING}),  # only should bytes have left after all
    # The gateway says after all that it has the order, or tells by itself that it was paid: then nothing is proven.
    State.FAILED: _MONEY_MAY_COME | {State.CANCELLED, State.EXPIRED, State.PROCESSING},
    State.NOT_CREATED: _MONEY_MAY_COME | {State.FAILED, State.CANCELLED, State.EXPIRED, State.PROCESSING},
    State.CANCELLED: _MONEY_MAY_COME | {State.PROCESSING, State.MANUAL_PAID},  # decided: of the shop's own code only
    State.EXPIRED: _MONEY_MAY_COME | {State.FAILED, State.CANCELLED, State.PROCESSING},
    State.MISMATCH: frozenset({State.PAID}) | DECIDED,
    State.MANUAL_PAID: frozenset({State.PAID, State.MANUAL_UNPAID}),
    State.MANUAL_UNPAID: frozenset({State.PAID, State.MANUAL_PAID}),
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
    CANCEL = "cancel"
    """What came back for our wish to cancel."""
    NOTIFIED = "notified"
    """The gateway told us by itself, verified: a reason to ask, never a proof; with it nothing closes as not paid."""
    DECIDED_PAID = "decided_paid"
    """A manager's decision, with reason and PIN."""
    DECIDED_UNPAID = "decided_unpaid"


NUMBER_TAKEN = "number_taken"
"""The journal knows the gateway's number as another payment's: it proves nothing about this one."""
_ANSWERED = frozenset({Source.CREATE, Source.QUERY, Source.CANCEL, Source.NOTIFIED})


_NOTHING_HEARD = frozenset({Source.NOT_SENT, Source.SENDING})
"""What we did ourselves: no rule reads it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that happened to an attempt. Never changed, never removed.

    Attributes:
        source: what it is.
        asked_at_ms: corrected wall clock when we asked, for what nobody was asked when it happened.
        received_at_ms: corrected wall clock when the answer was complete.
        answer: for CREATE, QUERY, CANCEL and NOTIFIED.
        cause: for NOT_SENT, why (a `NotSentCause`); for QUERY `NUMBER_TAKEN` where that is so.
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
        gateway: which gateway; see `gateway_names`.
        expires_at_ms: end of a shown order's life (corrected wall clock); None for a scanned code.
        rules: the version of the rules that judge it; see `RULES_VERSION`.
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
    expires_at_ms: int | None = None
    rules: int = RULES_VERSION


def fence_ms(app_time_ms: int, code_life_ms: int) -> int:
    """When a request can surely not be accepted any more: its window is over, or its code is dead if sooner."""
    return app_time_ms + min(GATEWAY_WINDOW_MS, code_life_ms) + CLOCK_MARGIN_MS


def shown_fence_ms(expires_at_ms: int) -> int:
    """The same for an order that is shown: it can be paid until it expires."""
    return expires_at_ms + CLOCK_MARGIN_MS


def certain_from_ms(attempt: Attempt, evidence: Iterable["Evidence"]) -> int:
    """From when on (corrected wall clock) two questions can prove that it was not paid, if the gateway never says so.

    The fence; later for a shown order of which the gateway tells nothing as long as nobody has paid.
    """
    asked = (one for one in evidence if one.source is Source.QUERY)
    silent = attempt.expires_at_ms is not None and any(_says_not_paid_yet(one) for one in asked)
    return _silence_counts_from_ms(attempt) if silent else attempt.fence_at_ms


def _silence_counts_from_ms(attempt: Attempt) -> int:
    """What was begun in the last second of the order's life, and its callback, have their quarter of an hour too."""
    return attempt.fence_at_ms + GATEWAY_WINDOW_MS


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


class _Facts:
    """The evidence, laid out by what it says. Nothing in it depends on the order or the repetition of the evidence."""

    def __init__(self, attempt: Attempt, evidence: Iterable[Evidence]) -> None:
        self.attempt = attempt
        said: dict[tuple[Source, AnswerClass], list[Evidence]] = {}
        self._said = said
        for one in evidence:
            source, answer = one.source, one.answer
            what = source, answer.meaning if answer is not None and source in _ANSWERED else AnswerClass.UNUSABLE
            if what in said:
                said[what].append(one)
            else:
                said[what] = [one]
        self.heard = any(source not in _NOTHING_HEARD for source, _ in said)
        self.create = [one for (source, _), these in said.items() if source is Source.CREATE for one in these]

    @property
    def queries(self) -> list[Evidence]:
        return [one for (source, _), these in self._said.items() if source is Source.QUERY for one in these]

    def created(self, *meanings: AnswerClass) -> list[Evidence]:
        said = self._said
        return [one for meaning in meanings for one in said.get((Source.CREATE, meaning), ())]

    def asked(self, meaning: AnswerClass) -> list[Evidence]:
        return self._said.get((Source.QUERY, meaning), [])

    def happened(self, source: Source, meaning: AnswerClass = AnswerClass.UNUSABLE) -> list[Evidence]:
        return self._said.get((source, meaning), [])

    def notified(self) -> list[Evidence]:
        """What the gateway told by itself; of an order that never left it proves nothing."""
        return self.happened(Source.NOTIFIED, AnswerClass.PAID) if self.happened(Source.SENDING) else []


def _asked_at(one: Evidence) -> int:
    return one.asked_at_ms


def _first(evidence: Sequence[Evidence]) -> Evidence:
    """The earliest; of several at the same time always the same one."""
    if len(evidence) == 1:
        return evidence[0]
    earliest = min(one.asked_at_ms for one in evidence)
    ties = [one for one in evidence if one.asked_at_ms == earliest]
    return ties[0] if all(one == ties[0] for one in ties) else min(ties, key=repr)


# --- what proves what ----------------------------------------------------------------------------------------------


def _fits(facts: _Facts, one: Evidence) -> bool:
    """The answer names this order, this app, this amount, and the number that the create answer named."""
    answer, attempt = one.answer, facts.attempt
    if answer is None or not answer.zp_trans_id or one.cause == NUMBER_TAKEN:
        return False
    # Not by time: the clock is corrected between two answers, and the create's always comes first.
    named = {one.answer.zp_trans_id for one in facts.create if one.answer and one.answer.zp_trans_id}
    return (
        answer.amount == attempt.amount
        and answer.app_trans_id in ("", attempt.app_trans_id)
        and answer.app_id in (None, attempt.app_id)
        and named <= {answer.zp_trans_id}
    )


def _paid(facts: _Facts) -> list[Evidence]:
    return [one for one in facts.asked(AnswerClass.PAID) if _fits(facts, one)]


def _decided(facts: _Facts) -> Evidence | None:
    """The manager's last decision; of two at the same time the one that charges the customer nothing again."""
    decisions = facts.happened(Source.DECIDED_PAID) + facts.happened(Source.DECIDED_UNPAID)
    if not decisions:
        return None
    return max(decisions, key=lambda one: (one.asked_at_ms, one.source is Source.DECIDED_PAID))


def _manual_paid(facts: _Facts) -> list[Evidence]:
    decision = _decided(facts)
    return [decision] if decision and decision.source is Source.DECIDED_PAID else []


def _manual_unpaid(facts: _Facts) -> list[Evidence]:
    decision = _decided(facts)
    return [decision] if decision and decision.source is Source.DECIDED_UNPAID else []


def _mismatch(facts: _Facts) -> list[Evidence]:
    wrong = facts.asked(AnswerClass.PAID) + [one for one in facts.notified() if not _fits(facts, one)]
    if wrong or not facts.created(AnswerClass.PAID):
        return wrong
    # The gateway took the charge for paid, then denies it: neither may be believed without a person.
    return _agreeing_negatives(facts) or _not_found_twice(facts)


def _cancelled(facts: _Facts) -> list[Evidence]:
    """The gateway took the cancel, and a question asked after that finds nothing paid.

    "No such order" agrees only where an earlier question had found it, or where it cannot come any more: else the books
    that were asked may not have it yet, however surely it was made, and know nothing of what became of the cancel.
    """
    taken = facts.happened(Source.CANCEL, AnswerClass.PAID)
    if not taken or facts.notified() or facts.created(AnswerClass.PAID):
        return []
    since = min(one.received_at_ms for one in taken)
    gone_since = max(since, _in_the_books_from_ms(facts))
    gone = [one for one in facts.asked(AnswerClass.NOT_FOUND) if one.asked_at_ms >= gone_since]
    return [one for one in facts.asked(AnswerClass.NEGATIVE) if one.asked_at_ms >= since] + gone


def _in_the_books_from_ms(facts: _Facts) -> int:
    """From when on a question that does not find the order means that it is gone."""
    fence = facts.attempt.fence_at_ms
    if facts.attempt.rules < 2:  # noqa: PLR2004 - see `RULES_VERSION`
        return 0 if _seen_there(facts) else fence
    return min([fence, *(one.received_at_ms for one in facts.asked(AnswerClass.PROCESSING))])


def _expired(facts: _Facts) -> list[Evidence]:
    """A shown order, said to be over when its time was over. Sooner it says nothing: the customer may try again."""
    end = facts.attempt.expires_at_ms
    if end is None or facts.notified():
        return []
    over = [one for one in facts.asked(AnswerClass.NEGATIVE) if one.asked_at_ms >= end + AGREE_AFTER_MS]
    return over or _silent_to_the_end(facts, end)


def _silent_to_the_end(facts: _Facts, end: int) -> list[Evidence]:
    """ZaloPay's -49, twice, when nobody can be paying any more: v1 says no more of an order that nobody paid.

    Not where it was still being paid after its time. AppotaPay ends no order, and "no such order" of a gateway that
    tells of unpaid ones contradicts itself: both stay with the question.
    """
    attempt = facts.attempt
    still_paying = any(one.asked_at_ms >= end for one in facts.asked(AnswerClass.PROCESSING))
    if attempt.rules < 2 or still_paying or not _seen_there(facts):  # noqa: PLR2004 - see `RULES_VERSION`
        return []
    since, until = _silence_counts_from_ms(attempt), attempt.app_time_ms + STATUS_VALID_MS
    asked = [one for one in facts.asked(AnswerClass.NOT_FOUND) if since <= one.asked_at_ms < until]
    return apart([one for one in asked if _says_not_paid_yet(one)], NOT_FOUND_APART_MS)


def _failed(facts: _Facts) -> list[Evidence]:
    """The gateway's negatives agree; where it told by itself that it was paid, only a person may say otherwise."""
    return [] if facts.notified() else _agreeing_negatives(facts)


def _agreeing_negatives(facts: _Facts) -> list[Evidence]:
    """A query's "failed" together with a second opinion: the create answer's, its own age, or an earlier query's.

    One answer is never enough, a refusal neither: what came back first may have been the answer to something else.
    """
    said = facts.created(AnswerClass.NEGATIVE, AnswerClass.REFUSED)
    shown = facts.attempt.expires_at_ms is not None
    queried = facts.asked(AnswerClass.NEGATIVE)
    if not said and not queried:
        return []
    usable = [one for one in facts.create if one.answer and one.answer.meaning is not AnswerClass.UNUSABLE]
    for one in sorted(queried, key=_asked_at):
        agrees = any(created.received_at_ms <= one.asked_at_ms for created in said)
        # What the customer could not pay at one try can be paid at the next, as long as the order is shown.
        settled = not shown and any(created.received_at_ms + AGREE_AFTER_MS <= one.asked_at_ms for created in usable)
        twice = not shown and any(are_apart(earlier, one, AGREE_AFTER_MS) for earlier in queried)
        if agrees or settled or twice:
            return [*said, one]
    # A charge that was turned away may have left no order behind: then "not found" is the agreeing word. A system error
    # turned nothing away: the order may still come, so only the fence makes its "not found" count.
    turned_away = [created for created in said if not _broke_down(created)]
    for one in sorted(facts.asked(AnswerClass.NOT_FOUND), key=_asked_at) if turned_away else ():
        if _says_not_paid_yet(one) and one.asked_at_ms < facts.attempt.fence_at_ms:
            continue
        if any(created.received_at_ms + AGREE_AFTER_MS <= one.asked_at_ms for created in turned_away):
            return [*said, one]
    # With a wrong key or app id the question is refused just as the charge was: nothing was executed.
    refused = facts.created(AnswerClass.REFUSED)
    for one in sorted(facts.asked(AnswerClass.UNUSABLE), key=_asked_at) if refused else ():
        if refused_request(one) and any(created.received_at_ms <= one.asked_at_ms for created in refused):
            return [*refused, one]
    return []


_NO_INFORMATION = -49


def _says_not_paid_yet(one: Evidence) -> bool:
    """ZaloPay's -49 is "no such order" and "not paid yet" in one: only after the fence they mean the same."""
    return one.answer is not None and _NO_INFORMATION in (one.answer.return_code, one.answer.sub_return_code)


_APPOTAPAY_REFUSED = {11, 12, 13, 14, 15, 90, 92, 139, 250, 251, 252, 253, 401}
"""Partner, key, address, terminal or token were wrong."""


def refused_request(one: Evidence) -> bool:
    """Whether the answer says that the request itself was wrong."""
    answer = one.answer
    code = deciding_code(answer.return_code, answer.sub_return_code) if answer else None
    return code in REQUEST_REFUSED or code in _APPOTAPAY_REFUSED


def _broke_down(one: Evidence) -> bool:
    answer = one.answer
    return answer is not None and deciding_code(answer.return_code, answer.sub_return_code) in SYSTEM_ERRORS


def _not_found_twice(facts: _Facts) -> list[Evidence]:
    attempt = facts.attempt
    valid = [
        one
        for one in facts.asked(AnswerClass.NOT_FOUND)
        if attempt.fence_at_ms <= one.asked_at_ms < attempt.app_time_ms + STATUS_VALID_MS
    ]
    return apart(valid, NOT_FOUND_APART_MS)


def apart(evidence: Iterable[Evidence], ms: int) -> list[Evidence]:
    """The first two that were asked so far apart; none when no two were."""
    happened = sorted(evidence, key=lambda one: (one.asked_at_ms, one.received_at_ms))
    pairs = ((earlier, later) for later in happened for earlier in happened)
    return next(([earlier, later] for earlier, later in pairs if are_apart(earlier, later, ms)), [])


def are_apart(earlier: Evidence, later: Evidence, ms: int) -> bool:
    """Whether they were asked so far apart, by both stamps.

    Until the gateway has answered, a clock that is behind dates a question too early. That is safe for what must come
    after a fence, but makes two questions of the same moment look far apart; their answers are dated rightly.
    """
    asked, received = later.asked_at_ms - earlier.asked_at_ms, later.received_at_ms - earlier.received_at_ms
    return asked >= ms and received >= ms


def _not_created(facts: _Facts) -> list[Evidence]:
    """The gateway does not find it, and never said that it has it."""
    return [] if _seen_there(facts) else _not_found_twice(facts)


def _seen_there(facts: _Facts) -> bool:
    """Whether the gateway ever said that it has the order."""
    told = facts.asked(AnswerClass.PROCESSING) or facts.created(AnswerClass.PROCESSING, AnswerClass.DUPLICATE)
    return bool(told or facts.notified())


def _processing(facts: _Facts) -> list[Evidence]:
    candidates = (
        AnswerClass.PAID,
        AnswerClass.NEGATIVE,
        AnswerClass.REFUSED,
        AnswerClass.PROCESSING,
        AnswerClass.DUPLICATE,
    )
    return facts.created(*candidates) + facts.asked(AnswerClass.PROCESSING) + facts.notified()


def _unknown(facts: _Facts) -> list[Evidence]:
    return facts.create + facts.queries


RULES: tuple[tuple[State, Callable[[_Facts], list[Evidence]]], ...] = (
    (State.PAID, _paid),
    (State.MANUAL_PAID, _manual_paid),
    (State.MANUAL_UNPAID, _manual_unpaid),
    (State.MISMATCH, _mismatch),
    (State.CANCELLED, _cancelled),
    (State.EXPIRED, _expired),
    (State.FAILED, _failed),
    (State.NOT_CREATED, _not_created),
    (State.PROCESSING, _processing),
    (State.UNKNOWN, _unknown),
)
"""Each state with what proves it; the first with a proof is the state."""


def fold(attempt: Attempt, evidence: Iterable[Evidence]) -> Verdict:
    """What the evidence proves: the same for any order and any repetition of it."""
    facts = _Facts(attempt, evidence)
    for state, proof in RULES if facts.heard else ():
        proven = proof(facts)
        if proven:
            return _verdict(state, facts, proven)
    if facts.happened(Source.SENDING):
        return Verdict(State.SENDING)
    return Verdict(State.NOT_SENT if facts.happened(Source.NOT_SENT) else State.PREPARED)


def _verdict(state: State, facts: _Facts, proven: list[Evidence]) -> Verdict:
    answers = [one for one in proven if one.source in _ANSWERED]
    numbers = [one for one in (*answers, *facts.create) if one.answer and one.answer.zp_trans_id]
    named = {one.answer.zp_trans_id for one in numbers if one.answer}
    number = _first(numbers).answer if numbers else None
    # The create answer says why ("not enough balance"); a query often only says that it failed.
    telling = [one for one in answers if one.answer and one.answer.sub_return_code] or answers
    return Verdict(
        state,
        zp_trans_id=number.zp_trans_id if number else "",
        because=_first(telling).answer if telling else None,
        conflict=_conflict(state, facts, proven) or (state is State.PAID and len(named) > 1),
    )


def _conflict(state: State, facts: _Facts, proven: list[Evidence]) -> bool:
    """Whether some evidence speaks against the state that stands."""
    match state:
        case State.PAID:
            told = facts.asked(AnswerClass.PAID) + facts.notified()
            numbers = {one.answer.zp_trans_id for one in told if one.answer}
            return bool(_agreeing_negatives(facts)) or len(numbers) > 1 or not all(_fits(facts, one) for one in told)
        case State.MANUAL_PAID | State.MANUAL_UNPAID:
            decided = proven[0].asked_at_ms
            told = [one for one in facts.notified() if state is State.MANUAL_UNPAID or not _fits(facts, one)]
            paid_otherwise = any(one.asked_at_ms > decided for one in facts.asked(AnswerClass.PAID) + told)
            denied = state is State.MANUAL_PAID and bool(_agreeing_negatives(facts) or _not_created(facts))
            return paid_otherwise or denied
        case State.FAILED | State.CANCELLED | State.EXPIRED:
            settled = max(one.asked_at_ms for one in proven)
            return any(one.asked_at_ms > settled for one in facts.asked(AnswerClass.PROCESSING))
        case _:
            return False


def freed(before: State, now: State) -> bool:
    """Whether a sale that was over is open again: it was free meanwhile, and may have been paid another way."""
    return before in NEGATIVE and now in LIVE


def came_late(before: State, now: State, *, released: bool) -> bool:
    """Whether money came when the sale no longer waited for it: after a negative result, or after it was let go on."""
    if now is not State.PAID:
        return False
    return released or (before not in LIVE and before is not State.MANUAL_PAID)


def watched(attempt: Attempt, state: State, evidence: Iterable[Evidence], now_ms: int) -> bool:
    """Whether what is closed is still asked about in the background.

    A negative until the gateway cannot take the request any more and has answered a question asked after that; a
    manager's decision as long as the gateway answers.
    """
    known = now_ms < attempt.app_time_ms + STATUS_VALID_MS and not asks_nobody(attempt.gateway)
    if state not in _GONE | DECIDED or not known:
        return False
    end = max(attempt.fence_at_ms, attempt.app_time_ms + GATEWAY_WINDOW_MS + CLOCK_MARGIN_MS)
    return state in DECIDED or now_ms < end or not answered_since(evidence, end)


def answered_since(evidence: Iterable[Evidence], since_ms: int) -> bool:
    """Whether the gateway answered a question that was asked from `since_ms` on.

    That a question was refused is an answer only where the charge was refused in the same way.
    """
    happened = tuple(evidence)
    refused = any(
        one.source is Source.CREATE and one.answer and one.answer.meaning is AnswerClass.REFUSED for one in happened
    )
    asked = (one for one in happened if one.source is Source.QUERY and one.asked_at_ms >= since_ms and one.answer)
    return any(
        (one.answer and one.answer.meaning is not AnswerClass.UNUSABLE) or (refused and refused_request(one))
        for one in asked
    )
