"""What must not be forgotten beside the open payments: what a manager has to settle, refunds on their way, slips due.

It keeps pictures only; whatever it knows is in the journal too, and is taken from there at start.
"""

import asyncio
from collections.abc import Iterable

from pos_app.checkout.records import record_view
from pos_app.checkout.slips import earns_slip
from pos_app.checkout.views import PaymentView, RefundStage, Stage
from pos_app.journal.store import Journal
from pos_app.newest import Newest

_OPEN_REFUNDS = (RefundStage.SENDING, RefundStage.PROCESSING, RefundStage.UNKNOWN)
_UNKNOWN = (Stage.UNKNOWN, Stage.MISMATCH)
WITHOUT_SLIP_MAX = 5_000
"""How many payments without a slip are kept in mind; one of longer ago that turns out paid is printed by hand."""
OWN_SLIP = ""
"""Stands for the payment's own slip where a refund's id stands for the slip of that refund."""


class InSight:
    """Watches the pictures of payments as they are told."""

    def __init__(self) -> None:
        self._payments: dict[str, PaymentView] = {}
        self._seen_without_slip = Newest[str, bool](WITHOUT_SLIP_MAX)
        self._refunds_running: set[str] = set()

    async def take_up(self, journal: Journal, now_ms: int) -> None:
        """At start: what a manager still has to settle, however old, and the refunds on their way."""
        for records in (journal.late_money(), journal.in_conflict()):
            for record in await asyncio.wrap_future(records):
                self._keep(record_view(record))
        running = await asyncio.wrap_future(journal.open_refunds(now_ms))
        self._refunds_running.update(one.refund.m_refund_id for one in running)
        for payment_id in {one.refund.app_trans_id for one in running}:
            found = await asyncio.wrap_future(journal.payment(payment_id))
            if found is not None:
                self._keep(record_view(found))

    def see(self, payment: PaymentView) -> tuple[str, ...]:
        """A payment changed. Returns the slips that are due: `OWN_SLIP`, or the ids of refunds that are done now.

        A slip is due for what became paid, or refunded, before the eyes of this run, and once: what settled before
        may have its slip already.
        """
        self._keep(payment)
        due = []
        if not earns_slip(payment):
            self._seen_without_slip[payment.payment_id] = True
        elif self._seen_without_slip.pop(payment.payment_id, False) and payment.copies == 0:
            due.append(OWN_SLIP)
        for refund in payment.refunds:
            if refund.stage is not RefundStage.DONE:
                self._refunds_running.add(refund.m_refund_id)
            elif refund.m_refund_id in self._refunds_running:
                self._refunds_running.discard(refund.m_refund_id)
                if refund.copies == 0:
                    due.append(refund.m_refund_id)
        return tuple(due)

    def _keep(self, payment: PaymentView) -> None:
        if payment.work is not None or any(one.stage in _OPEN_REFUNDS for one in payment.refunds):
            self._payments[payment.payment_id] = payment
        else:
            self._payments.pop(payment.payment_id, None)

    def views(self, open_now: Iterable[PaymentView]) -> tuple[PaymentView, ...]:
        """All that is not over, oldest first; of the open ones those that nobody knows of: the others have a stage."""
        views = self._payments | {view.payment_id: view for view in open_now if view.stage in _UNKNOWN}
        return tuple(sorted(views.values(), key=lambda view: view.scanned_at_ms))
