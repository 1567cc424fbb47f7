"""AppotaPay's API v1 as a `Gateway`: an order for AppotaPay's page or for a QR, its status, refunds."""

from pos_app.gateways.appotapay.base import AppotaPay
from pos_app.gateways.appotapay.requests import (
    QR_METHODS,
    V1_REFUND_PATH,
    V1_STATUS_PATH,
    v1_order,
    v1_refund,
    v1_refund_path,
    v1_status,
)
from pos_app.gateways.appotapay.v1_answers import read_created, read_refund, read_status
from pos_app.gateways.gateway import AboutToSend, Created, Order, PayMethod
from pos_app.payments.answer import Answer, Call
from pos_app.payments.refund import Refund


class AppotaPayV1(AppotaPay):
    """A `Gateway`; see `AppotaPay`."""

    bearer = True

    async def create(self, order: Order, life_s: int, method: PayMethod, about_to_send: AboutToSend) -> Created:
        """See `Gateway`; POST /orders/payment/bank or /orders/payment/qr. AppotaPay ends no order after `life_s`.

        Raises:
            NotSentError: no byte has left.
            ValueError: the order breaks a rule of the API, or there is no such method; nothing was sent.
        """
        path, body = v1_order(self._account, order, method)
        reply = await self._charge(path, body, about_to_send)
        return read_created(reply, order, self._account.secret, qr=method in QR_METHODS)

    async def query(self, app_trans_id: str) -> Answer:
        """See `Gateway`; POST /orders/transaction/bank/status."""
        reply = await self._ask(V1_STATUS_PATH, v1_status(self._account, app_trans_id))
        return read_status(reply, app_trans_id, self._account.secret)

    async def refund(self, refund: Refund, about_to_send: AboutToSend) -> Answer:
        """See `Gateway`; POST /transaction/refund.

        Raises:
            NotSentError: no byte has left.
            ValueError: the refund breaks a rule of the API; nothing was sent.
        """
        reply = await self._charge(V1_REFUND_PATH, v1_refund(self._account, refund), about_to_send)
        return read_refund(Call.REFUND, reply, refund.m_refund_id, self._account.secret)

    async def query_refund(self, m_refund_id: str) -> Answer:
        """See `Gateway`; GET /transaction/refund/{refundId}."""
        reply = await self._ask(v1_refund_path(m_refund_id))
        return read_refund(Call.QUERY_REFUND, reply, m_refund_id, self._account.secret)
