"""Slips: printed after a result is durable, never on the way to it. A printer in trouble never holds up a payment."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from pos_app.checkout.events import PrintState, PrintView
from pos_app.checkout.how_paid import how_paid
from pos_app.checkout.views import Health, HealthView, Light, PaymentView, RefundStage, RefundView, Stage
from pos_app.clock import Clock
from pos_app.gateways.own_vietqr import reference_of
from pos_app.journal.entries import SlipPrinted
from pos_app.journal.errors import JournalError
from pos_app.journal.store import Journal
from pos_app.payments.gateway_names import asks_nobody
from pos_app.receipts.content import Slip, SlipKind
from pos_app.receipts.printers.printer import Printer, PrinterError
from pos_app.words import Text

log = logging.getLogger(__name__)

UNPRINTED = Text("{n} phiếu chưa in", "{n} slips not printed")
UNPRINTED_REMEDY = Text("F3, chọn giao dịch, bấm F9 rồi Enter.", "F3, choose the payment, press F9, then Enter.")
_FILE = "file"
_OWED = (SlipKind.PAID, SlipKind.BY_HAND)
"""What the customer takes along."""


@dataclass(frozen=True, slots=True)
class SlipHead:
    """What every slip of the shop says of the shop."""

    store: str
    address: str
    phone: str
    tax_code: str
    till: str
    cashier: str


_KINDS = {Stage.PAID: SlipKind.PAID, Stage.DECLINED: SlipKind.DECLINED, Stage.NOT_SENT: SlipKind.DECLINED}


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
        cashier=head.cashier,
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
        copy_number=refund.copies,
        refunded=0,
    )


class Slips:
    """Prints slips one after another and journals each that came out.

    Args:
        printer: where they go.
        tell: gets `PrintView`s and the printer's `HealthView`.
    """

    def __init__(
        self,
        printer: Printer,
        *,
        journal: Journal,
        clock: Clock,
        head: SlipHead,
        tell: Callable[[object], None],
    ) -> None:
        self._printer = printer
        self._journal = journal
        self._clock = clock
        self._head = head
        self._tell = tell
        self._one_at_a_time = asyncio.Lock()
        self._owed: set[str] = set()
        self._printed: dict[str, int] = {}

    def owe(self, payment_ids: Iterable[str]) -> None:
        """These paid payments have no slip: the light counts them until each has one."""
        self._owed.update(payment_ids)
        self._light()

    def _light(self) -> None:
        if self._owed:
            cause = UNPRINTED.fill(n=len(self._owed))
            self._tell(HealthView(Light.PRINTER, Health.WARN, cause, UNPRINTED_REMEDY))
        else:
            self._tell(HealthView(Light.PRINTER, Health.OK))

    async def print(self, payment: PaymentView, *, decided_by: str = "") -> PrintState:
        """Print the slip of a payment as it stands, see `slip_of`; a copy is marked as one."""
        async with self._one_at_a_time:
            payment = replace(payment, copies=self._copies(payment.payment_id, payment.copies))
            slip = slip_of(payment, self._head, decided_by=decided_by)
            if not await self._came_out(payment.payment_id, slip):
                if is_owed(payment):
                    self._owed.add(payment.payment_id)
                return PrintState.WAITING
            if _kind(payment) is not SlipKind.WAITING:  # it proves nothing, and makes no later slip a copy
                await self._journal_it(SlipPrinted(payment.payment_id, payment.copies, self._printer.name))
            self._owed.discard(payment.payment_id)
            self._light()
            return self._done(payment.payment_id)

    async def print_refund(self, payment: PaymentView, refund: RefundView) -> PrintState:
        """Print the slip of a refund that is done; a copy is marked as one. Told under the refund's id."""
        async with self._one_at_a_time:
            refund = replace(refund, copies=self._copies(refund.m_refund_id, refund.copies))
            if not await self._came_out(refund.m_refund_id, refund_slip_of(payment, refund, self._head)):
                return PrintState.WAITING
            where, m_refund_id = self._printer.name, refund.m_refund_id
            await self._journal_it(SlipPrinted(payment.payment_id, refund.copies, where, m_refund_id))
            self._light()
            return self._done(refund.m_refund_id)

    def _copies(self, slip_id: str, known: int) -> int:
        """How many came out: also what was printed since somebody looked."""
        return max(known, self._printed.get(slip_id, 0))

    async def _came_out(self, slip_id: str, slip: Slip) -> bool:
        self._tell(PrintView(slip_id, PrintState.PRINTING))
        try:
            await asyncio.to_thread(self._printer.print, slip)
        except PrinterError as error:
            log.warning("slip not printed", extra={"slip": slip_id})
            self._tell(HealthView(Light.PRINTER, Health.BAD, error.cause, error.remedy))
            self._tell(PrintView(slip_id, PrintState.WAITING))
            return False
        return True

    def _done(self, slip_id: str) -> PrintState:
        done = PrintState.SAVED if self._printer.name == _FILE else PrintState.PRINTED
        self._tell(PrintView(slip_id, done))
        return done

    async def _journal_it(self, printed: SlipPrinted) -> None:
        self._printed[printed.m_refund_id or printed.app_trans_id] = printed.copy + 1
        try:
            await asyncio.wrap_future(self._journal.write(printed, at_ms=self._clock.wall_ms()))
        except JournalError:
            log.exception("a printed slip could not be journalled", extra={"payment": printed.app_trans_id})
