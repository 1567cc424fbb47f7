"""ZaloPay's API v2 as a `Gateway`: QuickPay and the order query."""

from pos_app.clock import Clock
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import AboutToSend, NotSentError, Order
from pos_app.gateways.transport import Limits, Transport
from pos_app.gateways.trust import Site
from pos_app.gateways.zalopay.answers import read_answer
from pos_app.gateways.zalopay.public_key import CodeTooLongError
from pos_app.gateways.zalopay.requests import (
    QUERY_PATH,
    QUICK_PAY_PATH,
    Credentials,
    query_body,
    quick_pay_body,
)
from pos_app.payments.answer import Answer, AnswerClass, Call, NotSentCause
from pos_app.payments.payment_code import PaymentCode


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

    async def query(self, app_trans_id: str) -> Answer:
        """See `Gateway`; POST /v2/query."""
        body = query_body(self._credentials, app_trans_id)
        try:
            reply = await self._transport.ask(QUERY_PATH, body)
        except NotSentError as error:
            return Answer(AnswerClass.UNUSABLE, fault=error.cause.value)
        return read_answer(Call.QUERY, reply)

    async def close(self) -> None:
        """See `Gateway`."""
        await self._transport.close()

    def _quick_pay_body(self, order: Order, code: bytes) -> bytes:
        try:
            return quick_pay_body(self._credentials, order, code)
        except CodeTooLongError:
            raise NotSentError(NotSentCause.KEY) from None
