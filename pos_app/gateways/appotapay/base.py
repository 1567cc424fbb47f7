"""What AppotaPay's three versions do alike: they sign each request anew, charge no scanned code, and cancel nothing."""

from pos_app.clock import Clock
from pos_app.gateways.appotapay.account import AppotaPayAccount
from pos_app.gateways.appotapay.requests import V1_AMOUNTS
from pos_app.gateways.appotapay.token import HEADER, sign_token
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import AboutToSend, NotSentError, Order
from pos_app.gateways.transport import Limits, Reply, Transport
from pos_app.gateways.trust import Site
from pos_app.payments.answer import Answer, AnswerClass, NotSentCause
from pos_app.payments.payment_code import PaymentCode


class AppotaPay:
    """The part of a `Gateway` that is the same in all versions. Belongs to the event loop that first uses it.

    Args:
        site: live, sandbox, or the built-in gateway.
        account: what the shop got from AppotaPay.
        clock: this machine's clocks.
        offset: where measurements of the gateway's clock go, and where tokens take their time from.
        limits: how long each step may take.
    """

    amounts = V1_AMOUNTS
    """Dong that an order may be about; others are refused with `ValueError` before anything is sent."""
    bearer = False
    """Whether `Bearer` stands before the token, unless the account says otherwise."""

    def __init__(
        self, site: Site, account: AppotaPayAccount, *, clock: Clock, offset: ClockOffset, limits: Limits | None = None
    ) -> None:
        self._account = account
        self._offset = offset
        self._transport = Transport(site, clock=clock, offset=offset, limits=limits)

    async def open_ahead(self) -> None:
        """See `Gateway`."""
        await self._transport.open_ahead()

    async def submit(self, order: Order, code: PaymentCode, about_to_send: AboutToSend) -> Answer:
        """AppotaPay charges no scanned code: it is used up here, and nothing is ever sent.

        Raises:
            NotSentError: always.
            CodeUsedError: the code was used before.
        """
        code.take()
        raise NotSentError(NotSentCause.NOT_OFFERED)

    async def cancel(self, app_trans_id: str) -> Answer:
        """AppotaPay has no such call: nothing is asked, and nothing promised."""
        return Answer(AnswerClass.UNUSABLE, fault="no_such_call")

    async def close(self) -> None:
        """See `Gateway`."""
        await self._transport.close()

    async def _charge(self, path: str, body: bytes, about_to_send: AboutToSend) -> Reply:
        return await self._transport.charge(path, body, about_to_send, self._headers(path, body))

    async def _ask(self, path: str, body: bytes = b"") -> Reply:
        """POST a question, or GET when there is no body; a fault of the reply says when it never left."""
        headers = self._headers(path, body)
        try:
            if body:
                return await self._transport.ask(path, body, headers)
            return await self._transport.fetch(path, headers)
        except NotSentError as error:
            return Reply(fault=error.cause.value)

    def _headers(self, path: str, body: bytes) -> dict[str, str]:
        """The headers of one request, with a token of its own."""
        account, now_s = self._account, self._offset.corrected_ms() // 1000
        token = sign_token(account.partner_code, account.api_key, account.secret, now_s=now_s)
        bearer = self.bearer if account.bearer is None else account.bearer
        return {HEADER: f"Bearer {token}" if bearer else token, "Content-Type": "application/json"}
