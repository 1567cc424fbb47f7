"""ZaloPay's API v2 as a `Gateway`: QuickPay, the order query, cancel, refunds."""

from pos_app.clock import Clock
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import AboutToSend, Created, NotSentError, Order, PayMethod
from pos_app.gateways.transport import Limits, Transport
from pos_app.gateways.trust import Site
from pos_app.gateways.zalopay.answers import read_answer, read_created
from pos_app.gateways.zalopay.public_key import CodeTooLongError
from pos_app.gateways.zalopay.requests import (
    CANCEL_PATH,
    CREATE_PATH,
    QUERY_PATH,
    QUERY_REFUND_PATH,
    QUICK_PAY_PATH,
    REFUND_PATH,
    Credentials,
    create_body,
    query_body,
    query_refund_body,
    quick_pay_body,
    refund_body,
)
from pos_app.payments.answer import Answer, AnswerClass, Call, NotSentCause
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.refund import Refund


class ZaloPayV2:
    """A `Gateway`. Belongs to the event loop that first uses it.

    Args:
        site: live, sandbox, or the built-in gateway.
        credentials: what the shop got from ZaloPay.
        clock: this machine's clocks.
        offset: where measurements of the gateway's clock go.
        limits: how long each step may take.
    """

    def __init__(
        self, site: Site, credentials: Credentials, *, clock: Clock, offset: ClockOffset, limits: Limits | None = None
    ) -> None:
        self._credentials = credentials
        self._offset = offset
        self._transport = Transport(site, clock=clock, offset=offset, limits=limits)

    async def open_ahead(self) -> None:
        """See `Gateway`."""
        await self._transport.open_ahead()

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
        return await self._ask(Call.QUERY, QUERY_PATH, query_body(self._credentials, app_trans_id))

    async def cancel(self, app_trans_id: str) -> Answer:
        """See `Gateway`; POST /v2/cancel."""
        return await self._ask(Call.CANCEL, CANCEL_PATH, query_body(self._credentials, app_trans_id))

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
        return await self._ask(Call.QUERY_REFUND, QUERY_REFUND_PATH, body)

    async def _ask(self, call: Call, path: str, body: bytes) -> Answer:
        try:
            reply = await self._transport.ask(path, body)
        except NotSentError as error:
            return Answer(AnswerClass.UNUSABLE, fault=error.cause.value)
        return read_answer(call, reply)

    async def close(self) -> None:
        """See `Gateway`."""
        await self._transport.close()

    def _quick_pay_body(self, order: Order, code: bytes) -> bytes:
        try:
            return quick_pay_body(self._credentials, order, code)
        except CodeTooLongError:
            raise NotSentError(NotSentCause.KEY) from None
