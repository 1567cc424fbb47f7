"""Slips by their payment's number: shown as a picture, printed once more, and at the start those that are still owed.

What stands on a slip, and what becomes of it in the printer, is in `checkout.slips`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from pos_app.checkout.cash import CashDesk
from pos_app.checkout.events import SlipView
from pos_app.checkout.records import decided_by, record_view
from pos_app.checkout.slips import SlipHead, Slips, is_owed, refund_slip_of, slip_of
from pos_app.checkout.views import PaymentView, RefundStage, RefundView
from pos_app.journal.store import Journal
from pos_app.receipts.content import Slip
from pos_app.words import Language

LOOKED_BACK = 100
"""How many of the newest payments are looked through at the start for one whose slip is owed."""


class SlipDesk:
    """Finds what a slip is of, in the journal or in the drawer's. Lives on the desk's loop.

    Args:
        journal: what is read.
        cash: the sales in cash.
        slips: prints them.
        head: what a slip says of the shop.
        language: what it is written in.
        tell: gets each `SlipView`.
    """

    def __init__(
        self,
        journal: Journal,
        cash: CashDesk,
        slips: Slips,
        *,
        head: SlipHead,
        language: Callable[[], Language],
        tell: Callable[[object], None],
    ) -> None:
        self._journal, self._cash, self._slips = journal, cash, slips
        self._head, self._language, self._tell = head, language, tell

    async def show(self, payment_id: str, m_refund_id: str = "") -> None:
        """The picture of a payment's slip, or of its refund of that id. Told as `SlipView`."""
        record = await asyncio.wrap_future(self._journal.payment(payment_id))
        if record is None and await self._cash.record(payment_id) is None:
            return
        view = record_view(record) if record is not None else await self._cash.view(payment_id)
        refund = _done(view, m_refund_id)
        if refund:
            slip = refund_slip_of(view, replace(refund, copies=0), self._head)
        else:
            slip = slip_of(view, self._head, decided_by=decided_by(record) if record is not None else "")
        picture = await asyncio.to_thread(_png, slip, self._language())
        self._tell(SlipView(m_refund_id or payment_id, picture))

    async def print(self, payment_id: str, m_refund_id: str = "") -> None:
        """Print it; what came out before is marked as a copy. Told as `PrintView`."""
        record = await asyncio.wrap_future(self._journal.payment(payment_id))
        if record is None:
            if await self._cash.record(payment_id) is not None:
                sale = await self._cash.view(payment_id)
                await self._slips.print_cash(sale, _done(sale, m_refund_id))
            return
        view = record_view(record)
        if not m_refund_id:
            await self._slips.print(view, decided_by=decided_by(record))
        elif refund := _done(view, m_refund_id):
            await self._slips.print_refund(view, refund)

    async def owe(self) -> None:
        """A stop between the result and its slip: offered, not printed by itself, since it may have come out."""
        records = await asyncio.wrap_future(self._journal.recent(LOOKED_BACK))
        views = (record_view(record) for record in records if record.copies == 0)
        await self._slips.owe(view.payment_id for view in views if is_owed(view))


def _done(payment: PaymentView, m_refund_id: str) -> RefundView | None:
    """A refund that has a slip: one that is done."""
    done = (one for one in payment.refunds if one.stage is RefundStage.DONE)
    return next((one for one in done if one.m_refund_id == m_refund_id), None)


def _png(slip: Slip, language: Language) -> bytes:
    """A slip as the screen shows it."""
    from pos_app.receipts.content import slip_blocks  # noqa: PLC0415 - dear to import
    from pos_app.receipts.layout import PAPERS, lay_out  # noqa: PLC0415
    from pos_app.receipts.raster import png  # noqa: PLC0415

    return png(lay_out(slip_blocks(slip, language), PAPERS["80"]))
