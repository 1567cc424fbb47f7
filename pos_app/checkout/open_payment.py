"""A payment that is being worked on, and how its evidence becomes durable before anybody sees it."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from weakref import WeakValueDictionary

from pos_app.checkout.durable import what_is_left, when_stored
from pos_app.checkout.moments import Moments
from pos_app.checkout.refund_story import refund_views
from pos_app.checkout.story import Progress, view_of
from pos_app.checkout.views import PaymentView, RefundView, ShownCode
from pos_app.clock import Clock
from pos_app.journal.bookkeeping import NumberTakenError
from pos_app.journal.entries import Entry, EvidenceAdded, PaymentSettled
from pos_app.journal.projections import PaymentRecord
from pos_app.journal.store import Journal
from pos_app.payments.payment import (
    LIVE,
    NUMBER_TAKEN,
    Attempt,
    Evidence,
    Source,
    State,
    Verdict,
    came_late,
    fold,
    freed,
)

log = logging.getLogger(__name__)


@dataclass(eq=False)
class OpenPayment:
    """Its facts as far as the journal has them, and what only the running program knows.

    Attributes:
        attempt: the facts.
        evidence: what happened, as stored.
        since_ms: monotonic time of the send (after a restart: as if it had been sent then).
        unstored: what became of the charge itself, while the journal could not take it: goes in with the next.
        settled_at_ms: wall clock of the last settling.
        next_ask_at_ms: wall clock of the next question.
        waited_long: the customer has waited a minute.
        late: it settled after the counter had gone on.
        asked: at least one question was asked in this run.
        asking_ended: the gateway would not answer any more.
        pushed_back: how many answers in a row were "too many requests".
        cancel_wished, cancel_sent: somebody wants it cancelled; the gateway was told.
        let_go: a manager let the sale go on.
        released: the sale did not wait for it any more: let go by a manager, or it was over once.
        refunds: of this payment, for its view.
        shown: what the customer scans.
        cashier: who stood at the till when it was begun.
        late_money: it was paid when the sale no longer waited for it; kept: a manager said that it stays.
        moments: when it reached its steps.
        being_noted: a decision and an answer that come together are noted one after the other.
    """

    attempt: Attempt
    evidence: list[Evidence]
    since_ms: int
    unstored: list[Evidence] = field(default_factory=list)
    settled_at_ms: int | None = None
    next_ask_at_ms: int | None = None
    waited_long: bool = False
    late: bool = False
    asked: bool = False
    asking_ended: bool = False
    pushed_back: int = 0
    cancel_wished: bool = False
    cancel_sent: bool = False
    let_go: bool = False
    released: bool = False
    kept: bool = False
    late_money: bool = False
    refunds: tuple[RefundView, ...] = ()
    shown: ShownCode | None = None
    cashier: str = ""
    moments: Moments = field(default_factory=Moments)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    being_noted: asyncio.Lock = field(default_factory=asyncio.Lock)
    verdict: Verdict = field(init=False)

    def __post_init__(self) -> None:
        self.verdict = fold(self.attempt, self.evidence)

    @property
    def id(self) -> str:
        """The order id."""
        return self.attempt.app_trans_id

    @property
    def state(self) -> State:
        """What the stored evidence proves."""
        return self.verdict.state

    @property
    def live(self) -> bool:
        """Whether its result is open."""
        return self.state in LIVE

    @property
    def to_cancel(self) -> bool:
        """Whether the gateway has still to be told that it is not wanted."""
        return self.cancel_wished and not self.cancel_sent and self.live and self.state is not State.PREPARED

    def view(self) -> PaymentView:
        """The payment as it is shown."""
        progress = Progress(
            next_ask_at_ms=self.next_ask_at_ms,
            waited_long=self.waited_long,
            late=self.late,
            settled_at_ms=self.settled_at_ms,
            asking_ended=self.asking_ended,
            cancel_wished=self.cancel_wished,
            released=self.let_go,
            late_money=self.late_money and not self.kept,
            refunds=self.refunds,
            shown=self.shown,
            cashier=self.cashier,
        )
        return view_of(self.attempt, self.evidence, progress, self.verdict)


class Books:
    """Writes evidence into the journal with the result that it proves, and only then lets it be seen.

    Args:
        journal: where everything is written first.
        now_ms: corrected wall clock.
        tell: called with each new picture of a payment.
    """

    def __init__(self, journal: Journal, now_ms: Callable[[], int], tell: Callable[[PaymentView], None]) -> None:
        self.journal = journal
        self.now_ms = now_ms
        self._tell_outside = tell
        self.at_counter = ""
        self._pictures: WeakValueDictionary[str, OpenPayment] = WeakValueDictionary()

    def begun(self, attempt: Attempt, clock: Clock, *, cashier: str, moments: Moments) -> OpenPayment:
        """A payment that begins now."""
        return self._only(OpenPayment(attempt, [], clock.monotonic_ms(), cashier=cashier, moments=moments))

    def _only(self, payment: OpenPayment) -> OpenPayment:
        """While anybody has one, there is one picture of it: of two, each would lack what is noted in the other."""
        return self._pictures.setdefault(payment.id, payment)

    def opened(self, record: PaymentRecord, clock: Clock) -> OpenPayment:
        """The payment as somebody has it already; else as the journal has it, its age by the monotonic clock."""
        age_ms = max(0, self.now_ms() - record.attempt.app_time_ms)
        return self._only(
            OpenPayment(
                record.attempt,
                list(record.evidence),
                clock.monotonic_ms() - age_ms,
                settled_at_ms=record.settled_at_ms,
                waited_long=True,
                let_go=record.let_go,
                released=record.released_at_ms is not None,
                kept=record.kept,
                late_money=record.late,
                refunds=refund_views(record.entries),
                cashier=record.cashier,
                cancel_wished=record.cancel_wished,
                cancel_sent=any(one.source is Source.CANCEL for one in record.evidence),
            )
        )

    async def write(self, *entries: Entry, take_in: Callable[[], None] = lambda: None) -> None:
        """Make entries durable, then take them in, even where a stop comes meanwhile.

        Raises:
            JournalError: nothing of them is stored.
        """
        await when_stored(self.journal.write(*entries, at_ms=self.now_ms()), take_in)

    async def note(
        self, payment: OpenPayment, *evidence: Evidence, before: tuple[Entry, ...] = (), tell: bool = True
    ) -> None:
        """Make evidence durable, with the result when it proves one, and only then let it be seen.

        Args:
            payment: whose evidence it is.
            evidence: what happened.
            before: entries that go in front of it, in the same transaction.
            tell: whether it is told at once; else whoever notes it tells it.

        Raises:
            JournalError: the journal could not; nothing is believed that is not stored.
        """
        async with payment.being_noted:
            await self._note(payment, evidence, before, tell=tell)

    async def _note(
        self, payment: OpenPayment, evidence: tuple[Evidence, ...], before: tuple[Entry, ...], *, tell: bool
    ) -> None:
        now = self.now_ms()
        was = payment.state
        together = [*payment.evidence, *evidence]
        verdict = fold(payment.attempt, together)
        settles = verdict.state is not was and verdict.state not in LIVE
        entries: list[Entry] = [*before, *(EvidenceAdded(payment.id, one) for one in evidence)]
        if settles:
            entries.append(PaymentSettled(payment.id, verdict.state, verdict.zp_trans_id))

        def take_in() -> None:
            payment.evidence, payment.verdict = together, verdict
            if verdict.state is not was:
                payment.late_money = payment.late_money or came_late(was, verdict.state, released=payment.released)
            payment.released = payment.released or freed(was, verdict.state)
            if settles:
                payment.settled_at_ms = now
                payment.late = self.at_counter != payment.id
                if evidence[-1].answer is not None:  # else it is a person's word
                    payment.moments.settled()
                log.info("payment settled", extra={"payment": payment.id, "state": verdict.state.value})
            if tell:
                self.tell(payment)

        await when_stored(self.journal.write(*entries, at_ms=now), take_in)

    async def note_or_keep_asking(self, payment: OpenPayment, *evidence: Evidence) -> None:
        """As `note`, but a journal that cannot store leaves the payment open: the asking goes on.

        What became of the charge itself is said once only: it is kept, and stored with the next that can be.
        """
        together = (*payment.unstored, *evidence)
        payment.unstored = []
        stored = len(payment.evidence)
        payment.unstored += await what_is_left(partial(self._note_as_it_is, payment), together, payment=payment.id)
        if len(payment.evidence) < stored + len(together):
            self.tell(payment)

    async def _note_as_it_is(self, payment: OpenPayment, *evidence: Evidence) -> None:
        """As `note`; a number that is another payment's is noted as that, and proves nothing."""
        try:
            await self.note(payment, *evidence)
        except NumberTakenError:
            if len(evidence) > 1 or evidence[0].cause:
                raise
            log.warning("the gateway names another payment's number", extra={"payment": payment.id})
            await self.note(payment, replace(evidence[0], cause=NUMBER_TAKEN))

    def tell(self, payment: OpenPayment) -> None:
        """Tell it to whoever watches; trouble there is no trouble of the payment."""
        try:
            self._tell_outside(payment.view())
        except Exception:
            log.exception("a view could not be told", extra={"payment": payment.id})
