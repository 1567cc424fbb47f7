"""The health lights: what is well is quiet, what is not says its cause and its remedy."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from pos_app.checkout.views import Health, HealthView, Light
from pos_app.clock import Clock
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import AboutToSend, Created, Gateway, NotSentError, Order, PayMethod
from pos_app.payments.answer import REQUEST_REFUSED, Answer, AnswerClass, deciding_code
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.reasons import Api, reason, reason_not_sent, reason_unusable
from pos_app.payments.refund import Refund
from pos_app.words import Text

SLOW = Text("chậm", "slow")
SLOW_REMEDY = Text("ZaloPay trả lời chậm. Cứ đợi, đừng quét lại.", "ZaloPay answers slowly. Wait, do not scan again.")
SLOW_MS = 5_000
"""An answer that took longer makes the light warn."""
UNREACHED = Text("chưa kết nối được", "not connected")
UNREACHED_REMEDY = Text("Kiểm tra mạng. Máy tự nối lại khi bạn nhập số tiền.",
                        "Check the network. The till connects again when you enter an amount.")  # fmt: skip

_Said = TypeVar("_Said", bound=Answer | Created)


class AnswerCount(ClockOffset):
    """The gateway's clock, which every answer of any kind tells, and how many answers there were."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.answers = 0

    def measure(self, date_header: str, *, sent_wall_ms: int, round_trip_ms: int) -> None:
        """See `ClockOffset`."""
        self.answers += 1
        super().measure(date_header, sent_wall_ms=sent_wall_ms, round_trip_ms=round_trip_ms)


class LitGateway:
    """A gateway that shows on a light how it is. Passes everything through unchanged.

    Args:
        gateway: the gateway.
        tell: gets a `HealthView` when the light changes.
        monotonic_ms: for the time that answers take.
        heard: counts the gateway's answers: opening ahead never says by itself what came of it.
    """

    def __init__(
        self,
        gateway: Gateway,
        tell: Callable[[HealthView], None],
        monotonic_ms: Callable[[], int],
        heard: AnswerCount,
    ) -> None:
        self._heard = heard
        self._gateway = gateway
        self._tell = tell
        self._monotonic_ms = monotonic_ms
        self._last: HealthView | None = None

    async def open_ahead(self) -> None:
        """See `Gateway`."""
        before = self._heard.answers
        await self._gateway.open_ahead()
        if self._heard.answers == before:
            self._light(HealthView(Light.GATEWAY, Health.BAD, UNREACHED, UNREACHED_REMEDY))
        else:
            self._light(HealthView(Light.GATEWAY, Health.OK))

    async def submit(self, order: Order, code: PaymentCode, about_to_send: AboutToSend) -> Answer:
        """See `Gateway`."""
        return await self._timed(self._gateway.submit(order, code, about_to_send))

    async def create(self, order: Order, life_s: int, method: PayMethod, about_to_send: AboutToSend) -> Created:
        """See `Gateway`."""
        return await self._timed(self._gateway.create(order, life_s, method, about_to_send))

    async def query(self, app_trans_id: str) -> Answer:
        """See `Gateway`."""
        return await self._timed(self._gateway.query(app_trans_id))

    async def cancel(self, app_trans_id: str) -> Answer:
        """See `Gateway`."""
        return await self._timed(self._gateway.cancel(app_trans_id))

    async def refund(self, refund: Refund, about_to_send: AboutToSend) -> Answer:
        """See `Gateway`."""
        return await self._timed(self._gateway.refund(refund, about_to_send))

    async def query_refund(self, m_refund_id: str) -> Answer:
        """See `Gateway`."""
        return await self._timed(self._gateway.query_refund(m_refund_id))

    async def close(self) -> None:
        """See `Gateway`."""
        await self._gateway.close()

    async def _timed(self, call: Awaitable[_Said]) -> _Said:
        started = self._monotonic_ms()
        try:
            said = await call
        except NotSentError as error:
            why = reason_not_sent(error.cause)
            self._light(HealthView(Light.GATEWAY, Health.BAD, why.title, why.advice))
            raise
        self._answered(said.answer if isinstance(said, Created) else said, started)
        return said

    def _answered(self, answer: Answer, started_ms: int) -> None:
        if deciding_code(answer.return_code, answer.sub_return_code) in REQUEST_REFUSED:
            # The keys or the app id: every next charge will fare no better.
            why = reason(Api.PAYMENT, answer.return_code, answer.sub_return_code)
            self._light(HealthView(Light.GATEWAY, Health.BAD, why.title, why.advice))
        elif answer.meaning is AnswerClass.UNUSABLE and answer.return_code is None:
            why = reason_unusable(answer.fault)
            self._light(HealthView(Light.GATEWAY, Health.BAD, why.title, why.advice))
        elif self._monotonic_ms() - started_ms > SLOW_MS:
            self._light(HealthView(Light.GATEWAY, Health.WARN, SLOW, SLOW_REMEDY))
        else:
            self._light(HealthView(Light.GATEWAY, Health.OK))

    def _light(self, view: HealthView) -> None:
        if view != self._last:
            self._last = view
            self._tell(view)
