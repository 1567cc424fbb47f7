"""A gateway whose keys are being replaced: all that moves money is signed with the new ones, and once only.

A question that is refused for its signature is asked again with the old keys, while they still count: the gateway may
not have changed over yet. A question can do no harm twice.
"""

from collections.abc import Awaitable, Callable

from pos_app.gateways.gateway import AboutToSend, Created, Gateway, Order, PayMethod
from pos_app.payments.answer import Answer, deciding_code
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.refund import Refund

WRONG_SIGNATURE = frozenset({-402, -403})
"""The app id, key1, or both (ZaloPay API, table of codes)."""


class WhileKeysChange:
    """A `Gateway`.

    Args:
        new: with the new keys.
        old: the same account with the keys before.
        old_counts: whether the old keys are accepted now.
    """

    def __init__(self, new: Gateway, old: Gateway, old_counts: Callable[[], bool]) -> None:
        self._new, self._old, self._old_counts = new, old, old_counts

    async def open_ahead(self) -> None:
        """See `Gateway`."""
        await self._new.open_ahead()

    async def submit(self, order: Order, code: PaymentCode, about_to_send: AboutToSend) -> Answer:
        """See `Gateway`."""
        return await self._new.submit(order, code, about_to_send)

    async def create(self, order: Order, life_s: int, method: PayMethod, about_to_send: AboutToSend) -> Created:
        """See `Gateway`."""
        return await self._new.create(order, life_s, method, about_to_send)

    async def query(self, app_trans_id: str) -> Answer:
        """See `Gateway`."""
        return await self._asked(lambda gateway: gateway.query(app_trans_id))

    async def cancel(self, app_trans_id: str) -> Answer:
        """See `Gateway`."""
        return await self._asked(lambda gateway: gateway.cancel(app_trans_id))

    async def refund(self, refund: Refund, about_to_send: AboutToSend) -> Answer:
        """See `Gateway`."""
        return await self._new.refund(refund, about_to_send)

    async def query_refund(self, m_refund_id: str) -> Answer:
        """See `Gateway`."""
        return await self._asked(lambda gateway: gateway.query_refund(m_refund_id))

    async def close(self) -> None:
        """See `Gateway`."""
        await self._new.close()
        await self._old.close()

    async def _asked(self, ask: Callable[[Gateway], Awaitable[Answer]]) -> Answer:
        answer = await ask(self._new)
        if deciding_code(answer.return_code, answer.sub_return_code) in WRONG_SIGNATURE and self._old_counts():
            return await ask(self._old)
        return answer
