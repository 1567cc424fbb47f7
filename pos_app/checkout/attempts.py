"""A try to be paid, written down before anything leaves: its numbers, its fence, and whether its sale may be tried.

A sale may have many tries, one after the other: the next waits until the last is over, and there is none once one paid.
"""

import asyncio
from collections.abc import Callable

from pos_app.checkout.open_payment import Books
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.shop import Charge, Shop, Show
from pos_app.checkout.views import ScanSource
from pos_app.checkout.ways import Way
from pos_app.journal.entries import PaymentPrepared
from pos_app.journal.errors import JournalError
from pos_app.payments.order_number import order_number, slip_number
from pos_app.payments.payment import GATEWAY_WINDOW_MS, LIVE, TAKEN, Attempt, shown_fence_ms
from pos_app.words import Text


class Attempts:
    """Makes them for one till.

    Args:
        books: where they are written.
        shop: the shop's facts.
        cashier: name and id of whoever asks for it.
    """

    def __init__(self, books: Books, shop: Shop, cashier: Callable[[], tuple[str, str]]) -> None:
        self._books, self._shop, self._cashier = books, shop, cashier
        self._journal = books.journal

    def life_s(self, request: Show, way: Way) -> int:
        """How long what is shown can be paid."""
        return way.life_s or request.life_s or self._shop.shown_life_s

    async def prepare(self, request: Charge | Show, way: Way) -> Attempt:
        """Make the next one, durable: C1.

        Raises:
            RefusedError: another try of the sale stands against it, or it cannot be stored.
        """
        sale_id, number = "", 1
        if request.retry_of:
            sale_id, number = await self._sale_of(request.retry_of)
        running = self._journal.next_running()
        app_time = self._books.now_ms()
        slip = slip_number(self._journal.till, running)
        expires, scanned_at_ms = None, app_time
        if isinstance(request, Show):
            expires = app_time + self.life_s(request, way) * 1000
            source = ScanSource.LINK if request.link else ScanSource.SHOWN
        else:
            source, scanned_at_ms = request.source, request.scanned_at_ms
        attempt = Attempt(
            app_trans_id=order_number(app_time, self._journal.till, running, self._journal.epoch),
            sale_id=sale_id or f"{slip}-{self._journal.epoch}",
            attempt=number,
            slip_number=slip,
            amount=request.amount,
            app_id=way.app_id,
            app_time_ms=app_time,
            fence_at_ms=shown_fence_ms(expires) if expires else way.fence_ms(app_time, self._code_life_ms(source)),
            scanned_at_ms=scanned_at_ms,
            source=source.value,
            note=request.note,
            gateway=way.name,
            expires_at_ms=expires,
        )
        try:
            await self._books.write(PaymentPrepared(attempt, *self._cashier()))
        except JournalError as error:
            raise RefusedError(error.title, error.advice) from error
        return attempt

    def _code_life_ms(self, source: ScanSource) -> int:
        """How long what is charged lives: a linked wallet's token outlives every request."""
        return GATEWAY_WINDOW_MS if source is ScanSource.REGULAR else self._shop.code_life_ms

    async def must_wait(self, attempt: Attempt) -> bool:
        """A try that was over may turn out paid, or open again, while the connection for this one was being made."""
        attempts = await asyncio.wrap_future(self._journal.sale_attempts(attempt.sale_id))
        others = [one for one in attempts if one.attempt.app_trans_id != attempt.app_trans_id]
        return any(one.state in TAKEN or (one.state in LIVE and not one.let_go) for one in others)

    async def _sale_of(self, payment_id: str) -> tuple[str, int]:
        record = await asyncio.wrap_future(self._journal.payment(payment_id))
        sale_id = record.attempt.sale_id if record else ""
        attempts = await asyncio.wrap_future(self._journal.sale_attempts(sale_id))
        # Any try of the sale counts: one may have been paid by another try, or by a late answer.
        if any(one.state in TAKEN for one in attempts):
            raise RefusedError(
                Text("Khoản này đã thu rồi", "This sale is paid already"),
                Text("ĐỪNG thu lại.", "Do NOT charge again."),
            )
        # What was over once and is open again frees nothing: only a manager does.
        if not attempts or any(one.state in LIVE and not one.let_go for one in attempts):
            raise RefusedError(
                Text("Lần thu trước chưa xong", "The last try is not finished"),
                Text("Đợi kết quả, ĐỪNG thu lại.", "Wait for its result, do NOT charge again."),
            )
        return sale_id, len(attempts) + 1
