"""The health lights of gateways and scanners: well is quiet, trouble says whose it is, its cause and its remedy."""

import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pos_app.checkout.views import Health, HealthView, Light
from pos_app.checkout.wording import explained
from pos_app.clock import Clock
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import AboutToSend, Created, Gateway, NotSentError, Order, PayMethod
from pos_app.payments import appotapay_reasons, reasons
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.gateway_names import brand, is_appotapay, named
from pos_app.payments.payment import Evidence, Source, refused_request
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.reasons import Reason, reason_not_sent
from pos_app.payments.refund import Refund
from pos_app.scanning.source import SourceHealth
from pos_app.scanning.trouble import Trouble
from pos_app.words import NOTHING, Text

SLOW = Text("chậm", "slow")
SLOW_REMEDY = Text("ZaloPay trả lời chậm. Cứ đợi, đừng quét lại.", "ZaloPay answers slowly. Wait, do not scan again.")
SLOW_MS = 5_000
"""An answer that took longer makes the light warn."""
UNREACHED = Text("chưa kết nối được", "not connected")
UNREACHED_REMEDY = Text("Kiểm tra mạng. Máy tự nối lại khi bạn nhập số tiền.",
                        "Check the network. The till connects again when you enter an amount.")  # fmt: skip

FORGET_AFTER_MS = 600_000
"""Trouble of a gateway that nobody has used since says nothing about now."""
_HOW_BAD = {Health.OK: 0, Health.WARN: 1, Health.BAD: 2}

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


class GatewayLight:
    """The one light that all gateways share: it shows the worst of them, by its name.

    Args:
        tell: gets a `HealthView` when the light changes.
        monotonic_ms: for how old the trouble is.
    """

    def __init__(self, tell: Callable[[HealthView], None], monotonic_ms: Callable[[], int]) -> None:
        self._tell = tell
        self._monotonic_ms = monotonic_ms
        self._seen: dict[Text, tuple[HealthView, int]] = {}
        self._last: HealthView | None = None

    def show(self, gateway: str, health: Health, cause: Text = NOTHING, remedy: Text = NOTHING) -> None:
        """How the gateway of that name is; of several the worst one counts, of equals the one that was seen first."""
        who, now_ms = brand(gateway), self._monotonic_ms()
        view = HealthView(Light.GATEWAY, health, named(cause, gateway), named(remedy, gateway), who)
        self._seen[who] = view, now_ms
        shown = [
            one for one, at_ms in self._seen.values() if not _HOW_BAD[one.health] or now_ms - at_ms < FORGET_AFTER_MS
        ]
        worst = max(shown, key=lambda one: _HOW_BAD[one.health])
        if worst != self._last:
            self._last = worst
            self._tell(worst)


class ScannerLight:
    """The one light that camera and hand-held scanners share: it warns while any of them is in trouble.

    Args:
        tell: gets a `HealthView` when the light changes, on the thread that says so.
    """

    def __init__(self, tell: Callable[[HealthView], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._trouble: dict[str, Trouble] = {}
        self._last: HealthView | None = None

    def show(self, scanner: str, health: SourceHealth) -> None:
        """How the scanner of that name is; selling goes on with the others, so it is never more than a warning."""
        with self._lock:
            self._trouble[scanner] = health.trouble
            worst = next((trouble for trouble in self._trouble.values() if trouble.what != NOTHING), None)
            view = HealthView(Light.SCANNER, Health.WARN, *worst) if worst else HealthView(Light.SCANNER, Health.OK)
            if view != self._last:
                self._last = view
                self._tell(view)


class LitGateway:
    """A gateway that shows on the light how it is. Passes everything through unchanged.

    Args:
        name: see `payments.gateway_names`.
        gateway: the gateway.
        light: where it shows.
        monotonic_ms: for the time that answers take.
        heard: counts the gateway's answers: opening ahead never says by itself what came of it.
    """

    def __init__(
        self,
        name: str,
        gateway: Gateway,
        light: GatewayLight,
        monotonic_ms: Callable[[], int],
        heard: AnswerCount,
    ) -> None:
        self._name = name
        self._heard = heard
        self._gateway = gateway
        self._light = light
        self._monotonic_ms = monotonic_ms

    async def open_ahead(self) -> None:
        """See `Gateway`."""
        before = self._heard.answers
        await self._gateway.open_ahead()
        if self._heard.answers == before:
            self._light.show(self._name, Health.BAD, UNREACHED, UNREACHED_REMEDY)
        else:
            self._light.show(self._name, Health.OK)

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
            self._light.show(self._name, Health.BAD, why.title, why.advice)
            raise
        self._answered(said.answer if isinstance(said, Created) else said, started)
        return said

    def _answered(self, answer: Answer, started_ms: int) -> None:
        why = lasting_trouble(self._name, answer)
        if why is not None:
            self._light.show(self._name, Health.BAD, why.title, why.advice)
        elif self._monotonic_ms() - started_ms > SLOW_MS:
            self._light.show(self._name, Health.WARN, SLOW, SLOW_REMEDY)
        else:
            self._light.show(self._name, Health.OK)


def lasting_trouble(gateway: str, answer: Answer) -> Reason | None:
    """What stands against every next request too: the keys, the account, the way there; None for nothing."""
    if refused_request(Evidence(Source.QUERY, 0, 0, answer)):
        if is_appotapay(gateway):
            return appotapay_reasons.reason(appotapay_reasons.Api.PAYMENT, answer.return_code)
        return reasons.reason(reasons.Api.PAYMENT, answer.return_code, answer.sub_return_code)
    unanswered = answer.meaning is AnswerClass.UNUSABLE and answer.return_code is None
    return explained(gateway, answer) if unanswered else None
