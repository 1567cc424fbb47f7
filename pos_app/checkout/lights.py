"""The health lights: what is well is quiet, what is not says its cause and its remedy."""

from collections.abc import Callable

from pos_app.checkout.views import Health, HealthView, Light
from pos_app.gateways.gateway import AboutToSend, Gateway, NotSentError, Order
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.reasons import reason_not_sent, reason_unusable
from pos_app.words import Text

SLOW = Text("chậm", "slow")
SLOW_REMEDY = Text("ZaloPay trả lời chậm. Cứ đợi, đừng quét lại.", "ZaloPay answers slowly. Wait, do not scan again.")
SLOW_MS = 5_000
"""An answer that took longer makes the light warn."""


class LitGateway:
    """A gateway that shows on a light how it is. Passes everything through unchanged.

    Args:
        gateway: the gateway.
        tell: gets a `HealthView` when the light changes.
        monotonic_ms: for the time that answers take.
    """

    def __init__(self, gateway: Gateway, tell: Callable[[HealthView], None], monotonic_ms: Callable[[], int]) -> None:
        self._gateway = gateway
        self._tell = tell
        self._monotonic_ms = monotonic_ms
        self._last: HealthView | None = None

    async def open_ahead(self) -> None:
        """See `Gateway`."""
        await self._gateway.open_ahead()

    async def submit(self, order: Order, code: PaymentCode, about_to_send: AboutToSend) -> Answer:
        """See `Gateway`."""
        started = self._monotonic_ms()
        try:
            answer = await self._gateway.submit(order, code, about_to_send)
        except NotSentError as error:
            why = reason_not_sent(error.cause)
            self._light(HealthView(Light.GATEWAY, Health.BAD, why.title, why.advice))
            raise
        self._answered(answer, started)
        return answer

    async def query(self, app_trans_id: str) -> Answer:
        """See `Gateway`."""
        started = self._monotonic_ms()
        answer = await self._gateway.query(app_trans_id)
        self._answered(answer, started)
        return answer

    async def close(self) -> None:
        """See `Gateway`."""
        await self._gateway.close()

    def _answered(self, answer: Answer, started_ms: int) -> None:
        if answer.meaning is AnswerClass.UNUSABLE and answer.return_code is None:
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
