"""AppotaPay's API v2 as a `Gateway`: an order for AppotaPay's page or with a QR, its status, refunds."""

from pos_app.gateways.appotapay.base import AppotaPay
from pos_app.gateways.appotapay.requests import (
    V2_AMOUNTS,
    V2_CREATE_PATH,
    V2_REFUND_PATH,
    v2_order,
    v2_refund,
    v2_refund_id,
    v2_refund_path,
    v2_status_path,
)
from pos_app.gateways.appotapay.v2_answers import read_created, read_refund, read_status
from pos_app.gateways.gateway import AboutToSend, Created, Order, PayMethod
from pos_app.payments.answer import Answer, Call
from pos_app.payments.refund import Refund


class AppotaPayV2(AppotaPay):
    """A `Gateway`; see `AppotaPay`."""

    amounts = V2_AMOUNTS

    async def create(self, order: Order, life_s: int, method: PayMethod, about_to_send: AboutToSend) -> Created:
        """See `Gateway`; POST /orders/payment. AppotaPay ends no order after `life_s`.

        Raises:
            NotSentError: no byte has left.
            ValueError: the order breaks a rule of the API, or there is no such method; nothing was sent.
        """
        body = v2_order(self._account, order, method)
        return read_created(await self._charge(V2_CREATE_PATH, body, about_to_send), order)

    async def query(self, app_trans_id: str) -> Answer:
        """See `Gateway`; GET /orders/transaction."""
        return read_status(await self._ask(v2_status_path(app_trans_id)), app_trans_id)

    async def refund(self, refund: Refund, about_to_send: AboutToSend) -> Answer:
        """See `Gateway`; POST /transaction/refund.

        Raises:
            NotSentError: no byte has left.
            ValueError: the refund breaks a rule of the API; nothing was sent.
        """
        reply = await self._charge(V2_REFUND_PATH, v2_refund(refund), about_to_send)
        return read_refund(Call.REFUND, reply, v2_refund_id(refund.m_refund_id))

    async def query_refund(self, m_refund_id: str) -> Answer:
        """See `Gateway`; GET /transaction/refund/{refundRefId}."""
        reply = await self._ask(v2_refund_path(m_refund_id))
        return read_refund(Call.QUERY_REFUND, reply, v2_refund_id(m_refund_id))
