"""ZaloPay's API v1 as a `Gateway`: QuickPay, shown orders, the order query, refunds. It has no cancel.

v1's pages want a query only after a callback or a quarter of an hour. Asked sooner it may say -49 ("no information"),
of an order that waits for its customer too: NOT_FOUND proves nothing until the 15 minutes that an order lives are over,
and of one that customers scan not before the rules have given a payment of its last second as long again to be told.
"""

from pos_app.gateways.gateway import AboutToSend, Created, NotSentError, Order, PayMethod
from pos_app.gateways.zalopay.client import ZaloPayClient
from pos_app.gateways.zalopay.public_key import CodeTooLongError
from pos_app.gateways.zalopay.v1_answers import read_answer, read_created
from pos_app.gateways.zalopay.v1_requests import (
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
from pos_app.payments.answer import Answer, AnswerClass, Call, NotSentCause
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.refund import Refund


class ZaloPayV1(ZaloPayClient):
    """A `Gateway`, made as `ZaloPayClient`."""

    async def submit(self, order: Order, code: PaymentCode, about_to_send: AboutToSend) -> Answer:
        """See `Gateway`; POST /v001/tpe/submitqrcodepay.

        Raises:
            NotSentError: no byte has left.
            CodeUsedError: the code was used before; nothing was sent.
            ValueError: the order breaks a rule of the API; nothing was sent.
        """
        try:
            body = quick_pay_body(self._credentials, order, code.take())
        except CodeTooLongError:
            raise NotSentError(NotSentCause.KEY) from None
        return read_answer(Call.CREATE, await self._transport.charge(QUICK_PAY_PATH, body, about_to_send))

    async def create(self, order: Order, life_s: int, method: PayMethod, about_to_send: AboutToSend) -> Created:
        """See `Gateway`; POST /v001/tpe/createorder. `life_s` is 900, `method` one of `v1_requests.METHODS`.

        Raises:
            NotSentError: no byte has left.
            ValueError: another life or way to pay, or the order breaks a rule of the API; nothing was sent.
        """
        body = create_body(self._credentials, order, life_s, method)
        return read_created(await self._transport.charge(CREATE_PATH, body, about_to_send))

    async def query(self, app_trans_id: str) -> Answer:
        """See `Gateway`; POST /v001/tpe/getstatusbyapptransid."""
        return read_answer(Call.QUERY, await self._ask(QUERY_PATH, query_body(self._credentials, app_trans_id)))

    async def cancel(self, app_trans_id: str) -> Answer:
        """See `Gateway`: v1 has no such call, nothing is sent. The order can be paid until its time is over."""
        return Answer(AnswerClass.UNUSABLE, fault="no_such_call")

    async def refund(self, refund: Refund, about_to_send: AboutToSend) -> Answer:
        """See `Gateway`; POST /v001/tpe/partialrefund.

        Raises:
            NotSentError: no byte has left.
            ValueError: the refund breaks a rule of the API; nothing was sent.
        """
        body = refund_body(self._credentials, refund)
        return read_answer(Call.REFUND, await self._transport.charge(REFUND_PATH, body, about_to_send))

    async def query_refund(self, m_refund_id: str) -> Answer:
        """See `Gateway`; POST /v001/tpe/getpartialrefundstatus."""
        body = query_refund_body(self._credentials, m_refund_id, self._offset.corrected_ms())
        return read_answer(Call.QUERY_REFUND, await self._ask(QUERY_REFUND_PATH, body))
