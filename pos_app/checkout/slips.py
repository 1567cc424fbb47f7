"""Slips: printed after a result is durable, never on the way to it. A printer in trouble never holds up a payment."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from pos_app.checkout.events import PrintState, PrintView
from pos_app.checkout.views import Health, HealthView, Light, PaymentView, Stage
from pos_app.clock import Clock
from pos_app.journal.entries import SlipPrinted
from pos_app.journal.errors import JournalError
from pos_app.journal.store import Journal
from pos_app.receipts.content import Slip, SlipKind
from pos_app.receipts.printers.printer import Printer, PrinterError
from pos_app.words import Text

log = logging.getLogger(__name__)

_FILE = "file"
_METHOD = Text("ZaloPay, quét mã khách", "ZaloPay, customer's code")


@dataclass(frozen=True, slots=True)
class SlipHead:
    """What every slip of the shop says of the shop."""

    store: str
    address: str
    phone: str
    tax_code: str
    till: str
    cashier: str


def slip_of(payment: PaymentView, head: SlipHead) -> Slip:
    """The payment's slip: what is not proven paid is a waiting slip and never looks paid."""
    kinds = {Stage.PAID: SlipKind.PAID, Stage.DECLINED: SlipKind.DECLINED, Stage.NOT_SENT: SlipKind.DECLINED}
    return Slip(
        kind=kinds.get(payment.stage, SlipKind.WAITING),
        store_name=head.store,
        store_address=head.address,
        store_phone=head.phone,
        tax_code=head.tax_code,
        till=head.till,
        cashier=head.cashier,
        slip_number=payment.slip_number,
        at_ms=payment.settled_at_ms or payment.scanned_at_ms,
        amount=payment.amount,
        method=_METHOD,
        note=payment.note,
        zp_trans_id=payment.zp_trans_id,
        app_trans_id=payment.payment_id,
        copy_number=payment.copies,
        demo=payment.demo,
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

    async def print(self, payment: PaymentView) -> PrintState:
        """Print the slip of a payment as it stands; a copy is marked as one."""
        async with self._one_at_a_time:
            self._tell(PrintView(payment.payment_id, PrintState.PRINTING))
            try:
                await asyncio.to_thread(self._printer.print, slip_of(payment, self._head))
            except PrinterError as error:
                log.warning("slip not printed", extra={"payment": payment.payment_id})
                self._tell(HealthView(Light.PRINTER, Health.BAD, error.cause, error.remedy))
                self._tell(PrintView(payment.payment_id, PrintState.WAITING))
                return PrintState.WAITING
            await self._journal_it(payment)
            self._tell(HealthView(Light.PRINTER, Health.OK))
            done = PrintState.SAVED if self._printer.name == _FILE else PrintState.PRINTED
            self._tell(PrintView(payment.payment_id, done))
            return done

    async def _journal_it(self, payment: PaymentView) -> None:
        """Count the slip; one that only says "not known yet" proves nothing and makes no later slip a copy."""
        if slip_of(payment, self._head).kind is SlipKind.WAITING:
            return
        printed = SlipPrinted(payment.payment_id, payment.copies, self._printer.name)
        try:
            await asyncio.wrap_future(self._journal.write(printed, at_ms=self._clock.wall_ms()))
        except JournalError:
            log.exception("a printed slip could not be journalled", extra={"payment": payment.payment_id})
