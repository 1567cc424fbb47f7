"""Slips: printed after a result is durable, never on the way to it. A printer in trouble never holds up a payment."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace

from pos_app.checkout.durable import when_stored
from pos_app.checkout.events import PrintState, PrintView
from pos_app.checkout.how_paid import how_paid
from pos_app.checkout.views import Health, HealthView, Light, PaymentView, RefundStage, RefundView, Stage
from pos_app.clock import Clock
from pos_app.gateways.own_vietqr import reference_of
from pos_app.journal.cash_entries import CashSlipPrinted
from pos_app.journal.entries import ReportPrinted, SlipPrinted
from pos_app.journal.errors import JournalError
from pos_app.journal.projections import PaymentRecord
from pos_app.journal.store import Journal
from pos_app.newest import Newest
from pos_app.payments.gateway_names import asks_nobody
from pos_app.receipts.content import Slip, SlipKind, slip_document
from pos_app.receipts.document import Document
from pos_app.receipts.printers.printer import PrinterState
from pos_app.receipts.spool import UNPRINTED, Job, JobState, SlipLedger, Spool
from pos_app.words import Language, Text

log = logging.getLogger(__name__)

UNPRINTED_REMEDY = Text("F3, chọn giao dịch, bấm F9 rồi Enter.", "F3, choose the payment, press F9, then Enter.")
WATCH_AFTER_MS = 10_000
WATCH_EVERY_MS = 60_000
"""How often a printer that rests is asked how it is: an empty roll is said before the next customer pays."""
OWED_FOR_MS = 24 * 60 * 60 * 1000
"""How old a result may be for its missing slip to be counted again at a start. It can be printed later too."""
COPIES_MAX = 500
"""How many slips it is kept of how often they came out: what is told of a payment may be from just before."""
_STOP_SECONDS = 3
_OF = "/"
"""Between a payment's order id and its refund's id, in the ledger's key of a refund's slip."""
_WAITING = "/waiting"
_ENDS = {JobState.PRINTED: PrintState.PRINTED, JobState.SENT: PrintState.SENT, JobState.SAVED: PrintState.SAVED}
_OWED = (SlipKind.PAID, SlipKind.BY_HAND)
"""What the customer takes along."""
_Printed = SlipPrinted | CashSlipPrinted | ReportPrinted


@dataclass(frozen=True, slots=True)
class SlipHead:
    """What every slip of the shop says of the shop."""

    store: str
    address: str
    phone: str
    tax_code: str
    till: str
    cashier: str


_KINDS = {
    Stage.PAID: SlipKind.PAID,
    Stage.CASH: SlipKind.CASH,
    Stage.DECLINED: SlipKind.DECLINED,
    Stage.NOT_SENT: SlipKind.DECLINED,
}


def _kind(payment: PaymentView) -> SlipKind:
    """A manager's word is the last one only where no gateway could be asked."""
    if payment.stage is Stage.DECIDED_PAID and asks_nobody(payment.gateway):
        return SlipKind.BY_HAND
    return _KINDS.get(payment.stage, SlipKind.WAITING)


def earns_slip(payment: PaymentView) -> bool:
    """Whether the customer is to take a slip along."""
    return _kind(payment) in _OWED


def is_owed(payment: PaymentView) -> bool:
    """Whether the customer is to take a slip along that has not come out yet."""
    return payment.copies == 0 and earns_slip(payment)


def slip_of(payment: PaymentView, head: SlipHead, *, decided_by: str = "") -> Slip:
    """The payment's slip: what is not proven paid is a waiting slip and never looks paid.

    Args:
        payment: as it stands.
        head: what it says of the shop.
        decided_by: the manager who took it for paid, "" for nobody.
    """
    kind = _kind(payment)
    return Slip(
        kind=kind,
        store_name=head.store,
        store_address=head.address,
        store_phone=head.phone,
        tax_code=head.tax_code,
        till=head.till,
        cashier=payment.cashier or head.cashier,
        shift=str(payment.shift) if payment.shift else "",
        slip_number=payment.slip_number,
        at_ms=payment.settled_at_ms or payment.scanned_at_ms,
        amount=payment.amount,
        method=how_paid(payment),
        note=payment.note,
        zp_trans_id=payment.zp_trans_id,
        app_trans_id=payment.payment_id,
        copy_number=payment.copies,
        demo=payment.demo,
        refunded=sum(one.amount for one in payment.refunds if one.stage is RefundStage.DONE),
        gateway=payment.gateway,
        reference=reference_of(payment.payment_id) if asks_nobody(payment.gateway) else "",
        approved_by=decided_by if kind is SlipKind.BY_HAND else "",
        given=payment.given,
    )


def refund_slip_of(payment: PaymentView, refund: RefundView, head: SlipHead) -> Slip:
    """The slip of a refund that is done; one that is not has none, so that no paper says it is."""
    given_back = sum(
        one.amount
        for one in payment.refunds
        if one.stage is RefundStage.DONE and one.requested_at_ms <= refund.requested_at_ms
    )
    return replace(
        slip_of(payment, head),
        kind=SlipKind.REFUND,
        slip_number=refund.slip_number,
        original=payment.slip_number,
        at_ms=refund.settled_at_ms or refund.requested_at_ms,
        amount=refund.amount,
        refund_id=refund.refund_id,
        left=payment.amount - given_back,
        reason=refund.reason,
        approved_by=refund.by,
        cashier=refund.cashier or head.cashier,
        copy_number=refund.copies,
        refunded=0,
    )


class Slips:
    """Hands slips to the spool, and journals each that came out.

    Pressing again while a slip is on its way adds nothing: an impatient finger at a dead printer makes no ten copies.

    Args:
        spool: prints them.
        language: what they are written in.
        tell: gets `PrintView`s and the printer's `HealthView`.
    """

    def __init__(
        self,
        spool: Spool,
        *,
        journal: Journal,
        clock: Clock,
        head: SlipHead,
        language: Language,
        tell: Callable[[object], None],
    ) -> None:
        self._spool = spool
        self._journal = journal
        self._clock = clock
        self._head = head
        self._language = language
        self._tell = tell
        self._under_way: dict[str, asyncio.Future[None]] = {}
        self._copies = Newest[str, int](COPIES_MAX)
        """What came out since the start, for a view that was made before."""

    async def owe(self, payment_ids: Iterable[str]) -> None:
        """At start: these paid payments have no slip, and what the ledger knows may have come out all the same.

        The light counts them until each has one. Nothing is printed by itself: the customer may be gone, or have it.
        """
        for payment_id in payment_ids:
            await asyncio.to_thread(self._ledger.owe, payment_id)
        for key in self._ledger.owed():
            await self._settle(key)
        self._light()

    async def _settle(self, key: str) -> None:
        """The journal has the last word on what came out before a crash. After a day nobody waits for paper."""
        payment_id, _, m_refund_id = key.partition(_OF)
        record = await asyncio.wrap_future(self._journal.payment(payment_id))
        printed = [one for _, one in record.entries if isinstance(one, SlipPrinted)] if record else []
        too_old_ms = self._clock.wall_ms() - OWED_FOR_MS
        if record is None or _settled_at_ms(record, m_refund_id) <= too_old_ms:
            await asyncio.to_thread(self._ledger.drop, key)
        elif any(one.m_refund_id == m_refund_id for one in printed):
            await asyncio.to_thread(self._ledger.done, key)

    async def watch(self) -> None:
        """Ask the printer how it is, now and then, for as long as the till runs."""
        await self._clock.sleep(WATCH_AFTER_MS)
        while True:
            if not self._under_way:
                await self._look()
            await self._clock.sleep(WATCH_EVERY_MS)

    async def _look(self) -> None:
        status = await asyncio.wrap_future(self._spool.status())
        if status.state is PrinterState.TROUBLE:
            self._tell(HealthView(Light.PRINTER, Health.BAD, status.cause, status.remedy))
        elif status.state is PrinterState.PAPER_LOW and not self._ledger.owed():
            self._tell(HealthView(Light.PRINTER, Health.WARN, status.cause, status.remedy))
        else:
            self._light()

    async def stop(self) -> None:
        """Let what is being printed end, and be journalled, if it does so soon."""
        if self._under_way:
            await asyncio.wait(self._under_way.values(), timeout=_STOP_SECONDS)

    @property
    def _ledger(self) -> SlipLedger:
        return self._spool.ledger

    def _light(self) -> None:
        owed = len(self._ledger.owed())
        if owed:
            self._tell(HealthView(Light.PRINTER, Health.WARN, UNPRINTED.fill(n=owed), UNPRINTED_REMEDY))
        else:
            self._tell(HealthView(Light.PRINTER, Health.OK))

    async def print(self, payment: PaymentView, *, decided_by: str = "") -> PrintState:
        """Print the slip of a payment as it stands, see `slip_of`; a copy is marked as one.

        A slip that only says "not known yet" proves nothing: it is neither owed nor counted, and makes no later slip
        a copy.
        """
        key = payment.payment_id
        slip = slip_of(payment, self._head, decided_by=decided_by)
        if slip.kind is SlipKind.WAITING:
            document = slip_document(replace(slip, copy_number=0), self._language)
            return await self.print_document(key + _WAITING, document, told_as=key)
        copies = max(payment.copies, self._copies.get(key, 0))
        printed = SlipPrinted(payment.payment_id, copies, self._spool.printer_name)
        owed = is_owed(payment) and not copies
        return await self._once(key, lambda: self._counted(key, key, self._paper(slip), printed, owed=owed))

    async def print_refund(self, payment: PaymentView, refund: RefundView) -> PrintState:
        """Print the slip of a refund that is done; a copy is marked as one. Told under the refund's id."""
        key = payment.payment_id + _OF + refund.m_refund_id
        slip = refund_slip_of(payment, refund, self._head)
        copies = max(refund.copies, self._copies.get(key, 0))
        printed = SlipPrinted(payment.payment_id, copies, self._spool.printer_name, refund.m_refund_id)
        told_as, paper = refund.m_refund_id, self._paper(slip)
        return await self._once(key, lambda: self._counted(told_as, key, paper, printed, owed=not copies))

    async def print_cash(self, sale: PaymentView, refund: RefundView | None = None) -> PrintState:
        """Print the slip of a cash sale, or of its refund; a copy is marked as one. Told under the slip's number."""
        slip = slip_of(sale, self._head) if refund is None else refund_slip_of(sale, refund, self._head)
        key, before = slip.slip_number, (sale.copies if refund is None else refund.copies)
        copies = max(before, self._copies.get(key, 0))
        printed = CashSlipPrinted(key, copies, self._spool.printer_name)
        return await self._once(
            key, lambda: self._counted(key, key, self._paper(slip), printed, owed=not copies)
        )  # fmt: skip

    async def print_report(self, key: str, figures: str, copies: int, paper: Callable[[int], Document]) -> PrintState:
        """Print a shift's report; one with the same figures that came out before is marked as a copy.

        Args:
            key: its name; it is told under it.
            figures: what tells these figures from others of the same shift.
            copies: how often it came out.
            paper: the document, by the number of the copy.
        """
        counted_as = f"{key}{_OF}{figures}"
        number = max(copies, self._copies.get(counted_as, 0))
        printed = ReportPrinted(key, figures, number, self._spool.printer_name)
        return await self._once(counted_as, lambda: self._counted(key, counted_as, paper, printed, owed=False))

    def _paper(self, slip: Slip) -> Callable[[int], Document]:
        return lambda copy: slip_document(replace(slip, copy_number=copy), self._language)

    async def print_document(self, key: str, document: Document, *, told_as: str = "") -> PrintState:
        """Print what nobody is owed, such as a report. Told under its key; neither counted nor journalled here."""

        async def work() -> PrintState:
            job = await self._printed(told_as or key, key, document)
            await asyncio.to_thread(self._ledger.done, key)
            return self._ended(told_as or key, job)

        return await self._once(key, work)

    async def _once(self, key: str, work: Callable[[], Awaitable[PrintState]]) -> PrintState:
        """Do it, unless the same is under way."""
        if key in self._under_way:
            return PrintState.PRINTING
        over = self._under_way[key] = asyncio.get_running_loop().create_future()
        try:
            return await work()
        finally:
            del self._under_way[key]
            over.set_result(None)

    async def _counted(
        self, told_as: str, key: str, paper: Callable[[int], Document], printed: _Printed, *, owed: bool
    ) -> PrintState:
        """Print something of which the journal counts how often it came out; a try of unknown end counts too."""
        if owed:
            await asyncio.to_thread(self._ledger.owe, key)
        copies = printed.copy
        printed = replace(printed, copy=copies + self._ledger.tries(key))
        job = await self._printed(told_as, key, paper(printed.copy))
        if job.came_out:
            self._copies[key] = copies + 1
            if await self._is_journalled(printed):
                await asyncio.to_thread(self._ledger.done, key)
        return self._ended(told_as, job)

    async def _printed(self, told_as: str, key: str, document: Document) -> Job:
        self._tell(PrintView(told_as, PrintState.PRINTING))
        return await asyncio.wrap_future(self._spool.print(key, document))

    def _ended(self, told_as: str, job: Job) -> PrintState:
        """Say what became of a job, and of the printer."""
        if job.came_out:
            self._light()
        else:
            log.warning("slip not printed", extra={"slip": told_as, "cause": job.cause.en})
            self._tell(HealthView(Light.PRINTER, Health.BAD, job.cause, job.remedy))
        state = _ENDS.get(job.state, PrintState.WAITING)
        self._tell(PrintView(told_as, state))
        return state

    async def _is_journalled(self, printed: _Printed) -> bool:
        try:
            await when_stored(self._journal.write(printed, at_ms=self._clock.wall_ms()))
        except JournalError:
            log.exception("a printed slip could not be journalled", extra={"printed": printed.kind})
            return False
        return True


def _settled_at_ms(record: PaymentRecord, m_refund_id: str) -> int:
    """When what a slip tells of was settled, 0 for never."""
    if not m_refund_id:
        return record.settled_at_ms or 0
    found = (one.settled_at_ms for one in record.refunds if one.refund.m_refund_id == m_refund_id)
    return next(found, None) or 0
