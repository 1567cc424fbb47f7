"""Hearing from the gateways: the service of notifications, wired to the desk. Off unless the settings turn it on."""

import asyncio
from typing import TYPE_CHECKING

from pos_app.checkout.desk import Desk
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.views import Stage
from pos_app.clock import Clock
from pos_app.gateway_access import GatewayAccess
from pos_app.payments.payment import State
from pos_app.service.counts import Counters
from pos_app.settings import Settings

if TYPE_CHECKING:
    from pos_app.service.accounts import OldKey
    from pos_app.service.page import PageFacts
    from pos_app.service.server import NotificationServer

_LOOK_EVERY_S = 0.1
_ASK_S = 4


class Listening:
    """Listens while the till runs.

    Args:
        desk: takes what is told, and knows how an order is.
        access: whose keys verify it.
        settings: where to listen.
        clock: for the limits.

    Attributes:
        counters: what came, and what became of it.
    """

    def __init__(self, desk: Desk, access: GatewayAccess, settings: Settings, clock: Clock) -> None:
        self._desk = desk
        self._access = access
        self._settings = settings
        self._clock = clock
        self._server: NotificationServer | None = None
        self.counters = Counters()

    @property
    def url(self) -> str:
        """Where it listens on this machine, "" while it does not."""
        return f"http://{self._settings.notifications.host}:{self._server.port}" if self._server else ""

    async def start(self) -> None:
        """Listen.

        Raises:
            ListenError: it cannot; the till goes on without.
        """
        from pos_app.service.accounts import Accounts, AppotaPayListener, ZaloPayListener  # noqa: PLC0415 - off mostly
        from pos_app.service.app import notification_app  # noqa: PLC0415
        from pos_app.service.server import NotificationServer  # noqa: PLC0415

        access, keys, where = self._access, self._access.appotapay, self._settings.notifications
        old_keys = access.old.appotapay if access.old else None
        accounts = Accounts(
            ZaloPayListener(
                frozenset({access.app_id}), (access.key2,), self._old(access.old.key2 if access.old else None)
            )
            if access.key2
            else None,
            AppotaPayListener(keys.partner_code, (keys.secret,), self._old(old_keys.secret if old_keys else None))
            if keys
            else None,
        )
        app = notification_app(
            accounts,
            self._desk.notified.take,
            self._how_it_is,
            counters=self.counters,
            clock=self._clock,
            store=self._settings.shop.store,
        )
        server = NotificationServer(app, where.host, where.listen_port)
        await server.start()
        self._server = server

    def _old(self, key: str | None) -> "OldKey | None":
        """A key before the last rotation, for as long as it counts by the till's corrected clock."""
        from pos_app.service.accounts import OldKey  # noqa: PLC0415 - with its neighbours

        access, now_ms = self._access, self._desk.now_ms
        return OldKey(key, lambda: access.old_counts(now_ms())) if key else None

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            await self._server.stop()

    async def _how_it_is(self, order_id: str) -> "PageFacts":
        """An order as its gateway says now: asked anew unless it is paid, for its customer comes from paying."""
        from pos_app.service.page import PageFacts, PageState  # noqa: PLC0415 - with its neighbours

        try:
            payment = await self._desk.find(order_id)
        except RefusedError:
            return PageFacts(PageState.NOT_KNOWN)
        known = len(payment.evidence)
        if payment.state not in (State.PAID, State.PREPARED, State.NOT_SENT):
            self._desk.ask_again(payment)
            for _ in range(round(_ASK_S / _LOOK_EVERY_S)):
                if len(payment.evidence) > known:
                    break
                await asyncio.sleep(_LOOK_EVERY_S)
        stages = {Stage.PAID: PageState.PAID, Stage.DECLINED: PageState.NOT_PAID, Stage.NOT_SENT: PageState.NOT_PAID}
        return PageFacts(stages.get(payment.view().stage, PageState.NOT_KNOWN), payment.attempt.amount)
