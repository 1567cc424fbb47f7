"""ZaloPay's API v2 as a `Gateway`: QuickPay, the order query, cancel, refunds."""

from pos_app.gateways.gateway import AboutToSend, Created, NotSentError, Order, PayMethod
from pos_app.gateways.zalopay.answers import read_answer, read_created
from pos_app.gateways.zalopay.client import ZaloPayClient
from pos_app.gateways.zalopay.public_key import CodeTooLongError
from pos_app.gateways.zalopay.requests import (
    CANCEL_PATH,
    CREATE_PATH,
    QUERY_PATH,
    QUERY_REFUND_PATH,
    QUICK_PAY_PATH,
    REFUND_PATH,
    create_body,
    query_body,
    query_refund_body,
    quick_pay_body,
    refund_body,
)
from pos_app.payments.answer import Answer, Call, NotSentCause
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.refund import Refund


class ZaloPayV2(ZaloPayClient):
    """A `Gateway`, made as `ZaloPayClient`."""

    async def submit(self, order: Order, code: PaymentCode, about_to_send: AboutToSend) -> Answer:
        """See `Gateway`; POST /v2/quick_pay.

        Raises:
            NotSentError: no byte has left.
            CodeUsedError: the code was used before; nothing was sent.
            ValueError: the order breaks a rule of the API; nothing was sent.
        """
        body = self._quick_pay_body(order, code.take())
        return read_answer(Call.CREATE, await self._transport.charge(QUICK_PAY_PATH, body, about_to_send))

    async def create(self, order: Order, life_s: int, method: PayMethod, about_to_send: AboutToSend) -> Created:
        """See `Gateway`; POST /v2/create.

        Raises:
            NotSentError: no byte has left.
            ValueError: the order breaks a rule of the API; nothing was sent.
        """
        body = create_body(self._credentials, order, life_s, method)
        return read_created(await self._transport.charge(CREATE_PATH, body, about_to_send))

    async def query(self, app_trans_id: str) -> Answer:
        """See `Gateway`; POST /v2/query."""
        return read_answer(Call.QUERY, await self._ask(QUERY_PATH, query_body(self._credentials, app_trans_id)))

    async def cancel(self, app_trans_id: str) -> Answer:
        """See `Gateway`; POST /v2/cancel."""
        return read_answer(Call.CANCEL, await self._ask(CANCEL_PATH, query_body(self._credentials, app_trans_id)))

    async def refund(self, refund: Refund, about_to_send: AboutToSend) -> Answer:
        """See `Gateway`; POST /v2/refund.

        Raises:
            NotSentError: no byte has left.
            ValueError: the refund breaks a rule of the API; nothing was sent.
        """
        body = refund_body(self._credentials, refund)
        return read_answer(Call.REFUND, await self._transport.charge(REFUND_PATH, body, about_to_send))

    async def query_refund(self, m_refund_id: str) -> Answer:
        """See `Gateway`; POST /v2/query_refund."""
        body = query_refund_body(self._credentials, m_refund_id, self._offset.corrected_ms())
        return read_answer(Call.QUERY_REFUND, await self._ask(QUERY_REFUND_PATH, body))

    def _quick_pay_body(self, order: Order, code: bytes) -> bytes:
        try:
            return quick_pay_body(self._credentials, order, code)
        except CodeTooLongError:
            raise NotSentError(NotSentCause.KEY) from None
