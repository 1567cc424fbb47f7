"""What one till is made of: every part by its name, and who tells whom. All of it lives on the till's thread.

The only room that knows the concrete parts on both sides. Screens and programs give their commands elsewhere
(`till.till`, `till.questions`).
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.checkout.cash import CashDesk
from pos_app.checkout.demo_customer import DemoCustomer
from pos_app.checkout.desk import Desk
from pos_app.checkout.duty import Duty
from pos_app.checkout.errands import Errands
from pos_app.checkout.events import OpenCount, Refused
from pos_app.checkout.fitness import Fitness
from pos_app.checkout.in_sight import InSight
from pos_app.checkout.lights import AnswerCount, GatewayLight, LitGateway
from pos_app.checkout.lookup import Lookup
from pos_app.checkout.manager_acts import ManagerActs
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.regulars import Regulars
from pos_app.checkout.report_desk import ReportDesk
from pos_app.checkout.scans import Scans
from pos_app.checkout.shift_errands import ShiftErrands
from pos_app.checkout.shift_report import ReportHead
from pos_app.checkout.shifts import Shifts
from pos_app.checkout.shop import Shop
from pos_app.checkout.slip_desk import SlipDesk
from pos_app.checkout.slips import SlipHead, Slips
from pos_app.checkout.staff_errands import StaffErrands
from pos_app.checkout.staffing import Staffing
from pos_app.checkout.views import PaymentView, Stage
from pos_app.clock import Clock
from pos_app.customers.store import CustomerStore
from pos_app.doctor import at_the_till
from pos_app.gateway_access import GatewayAccess, callback_url, open_agreements, open_ways
from pos_app.gateways.gateway import Gateway
from pos_app.journal.entries import OrphanNotified
from pos_app.journal.store import Journal
from pos_app.listening import Listening
from pos_app.money import with_sign
from pos_app.payments.environment import Environment
from pos_app.receipts.spool import Spool
from pos_app.settings import Settings
from pos_app.staff.pin import Pins
from pos_app.till.thread import TillThread
from pos_app.words import Language, Text

if TYPE_CHECKING:
    from pos_app.customers.seal_key import SealKey
    from pos_app.keys.keystore import Keystore

log = logging.getLogger(__name__)


class Parts:
    """The parts of one till.

    Args:
        settings: the till's.
        folder: its data folder.
        journal: open.
        access: the gateways.
        keystore: where secrets are kept; None for a demo's.
        pins: of who works here.
        scans: camera and scanners.
        clock: where time comes from.
        thread: where all this lives.
        post: gets every view and event.

    Attributes:
        settings: as they are now; the look may change meanwhile.
    """

    def __init__(  # noqa: PLR0913 - what a till stands on, by keyword
        self,
        settings: Settings,
        folder: Path,
        *,
        journal: Journal,
        access: GatewayAccess,
        keystore: "Keystore | None",
        pins: Pins,
        scans: Scans,
        clock: Clock,
        thread: TillThread,
        post: Callable[[object], None],
    ) -> None:
        self.settings, self.folder, self.journal = settings, folder, journal
        self._clock, self._thread, self._post, self._scans = clock, thread, post, scans
        self._offset = AnswerCount(clock)
        self._in_sight = InSight()
        self.duty = Duty(
            Staffing(journal, pins, clock.wall_ms),
            journal,
            now_ms=clock.wall_ms,
            tell=post,
            unnamed=settings.shop.cashier,
        )
        self.fitness = Fitness(journal, clock, self._offset, post)
        self.ways = open_ways(access, settings, clock, self._offset, self._lit())
        self.desk = self._made_desk()
        agreements = open_agreements(access, settings, clock, self._offset)
        self.regulars = Regulars(
            CustomerStore(folder, secrets.token_bytes, key=_customers_seal(keystore)),
            agreements,
            self.ways.wallets or self.ways.first,
            self.desk,
            clock=clock,
            chance=secrets.token_bytes,
            tell=post,
            callback_url=callback_url(settings),
        )
        self.desk.notified.binding_told = self.regulars.told
        self.listening = Listening(self.desk, access, settings, clock)
        self.spool = self._chosen_spool()
        self._slips = self._made_slips()
        self.cash = self._made_cash(demo=access.environment is not Environment.LIVE)
        self.slip_desk = SlipDesk(journal, self.cash, self._slips, head=self._head, language=self._language, tell=post)
        self.lookup = Lookup(journal, self.desk, post)
        self.reports = self._made_reports()
        self.lookup.cash = self.reports.cash = self.cash
        self.shifts = self._made_shifts(access)
        self.doctor = self._made_doctor()
        self.staff = StaffErrands(self.duty, post)
        self.acts = ManagerActs(self.desk, self.cash, self.duty, post, self.tell_open)
        self.errands = Errands(
            self.desk,
            self.regulars,
            acts=self.acts,
            staff=self.staff,
            banks=agreements.banks,
            shifts=self.shifts,
            cash=self.cash,
        )
        self.demo_customer = DemoCustomer(access.phone_url, self.desk, self.regulars, scans, post)

    # --- what they are made of -------------------------------------------------------------------------------------

    def _language(self) -> Language:
        return self.settings.look.language

    @property
    def _head(self) -> SlipHead:
        shop = self.settings.shop
        return SlipHead(shop.store, shop.address, shop.phone, shop.tax_code, shop.till, shop.cashier)

    def _lit(self) -> Callable[[str, Gateway], Gateway]:
        light = GatewayLight(self._post, self._clock.monotonic_ms)
        return lambda name, gateway: LitGateway(name, gateway, light, self._clock.monotonic_ms, self._offset)

    def _made_desk(self) -> Desk:
        shop = self.settings.shop
        return Desk(
            ways=self.ways,
            journal=self.journal,
            clock=self._clock,
            now_ms=self._offset.corrected_ms,
            shop=Shop(
                description=shop.store,
                amount_max=shop.amount_max,
                code_life_ms=self.settings.scanning.code_life_s * 1000,
            ),
            tell=self._tell,
            chance=secrets.token_bytes,
            may_start=self._refuse_when_unfit,
            clock_doubtful=lambda: self._offset.doubtful,
            alarm=self._tell_orphan,
            cashier=self.duty.cashier,
        )

    def _chosen_spool(self) -> Spool:
        from pos_app.receipts.printers.choice import chosen_spool  # noqa: PLC0415 - dear to import

        return chosen_spool(self.settings.printer, self.folder)

    def _made_slips(self) -> Slips:
        return Slips(
            self.spool,
            journal=self.journal,
            clock=self._clock,
            head=self._head,
            language=self.settings.look.language,
            tell=self._post,
        )

    def _made_cash(self, *, demo: bool) -> CashDesk:
        return CashDesk(
            self.journal,
            now_ms=self.desk.now_ms,
            enabled=self.settings.cash.enabled,
            amount_max=self.settings.shop.amount_max,
            demo=demo,
            may_start=self._refuse_when_unfit,
            cashier=self.duty.cashier,
            tell=self._tell_cash,
            open_drawer=self._open_drawer if self.settings.printer.drawer else None,
            prints=self._slips.print_cash,
        )

    def _made_reports(self) -> ReportDesk:
        return ReportDesk(
            self.journal,
            self.desk,
            folder=self.folder,
            store=self.settings.shop.store,
            language=self._language,
            now_ms=self._clock.wall_ms,
            tell=self._post,
        )

    def _made_shifts(self, access: GatewayAccess) -> ShiftErrands:
        shop, takes_cash = self.settings.shop, self.settings.cash.enabled
        head = ReportHead(
            shop.store, shop.address, shop.phone, shop.tax_code, shop.till,
            demo=access.demo, sandbox=access.environment is Environment.SANDBOX,
        )  # fmt: skip
        return ShiftErrands(
            Shifts(self.journal, self.desk.now_ms, required=self.settings.shift.required, takes_cash=takes_cash),
            self.duty,
            cash=self.cash,
            head=head,
            now_ms=self.desk.now_ms,
            tell=self._post,
            prints=self._slips.print_report,
            language=self.settings.look.language,
            folder=self.folder,
        )

    def _made_doctor(self) -> at_the_till.TillDoctor:
        looked_at = at_the_till.Parts(
            self.settings, self.folder, self._clock, self._offset, self.ways, self.journal, self.spool, self._scans,
            self._thread.run,
        )  # fmt: skip
        return at_the_till.TillDoctor(looked_at, self._post)

    # --- life ------------------------------------------------------------------------------------------------------

    async def take_up(self) -> None:
        """What was open when the till was closed, or cut off, goes on; a damaged journal is only looked at."""
        if not self.journal.read_only:
            await self.shifts.tell_state()
            await self.slip_desk.owe()
            await self._in_sight.take_up(self.journal, self.desk.now_ms())
            await self.desk.recover()
            await self._take_up_regulars()
            await self._listen()
            self._thread.do(self.fitness.audit_daily())
            self._thread.do(self._slips.watch())
            self._thread.do(self.fitness.watch_clock(self.desk.open_ahead))
        await self.desk.open_ahead()
        self.fitness.tell_clock()
        self.tell_open()

    async def watch_on(self) -> None:
        """When the counter is ready: what the first customer need not wait for is taken up."""
        if not self.journal.read_only:
            self.desk.watch_on()

    async def _take_up_regulars(self) -> None:
        """Trouble with the regular customers is no trouble of the counter."""
        try:
            await self.regulars.take_up()
        except RefusedError as error:
            log.exception("the regular customers cannot be read")
            self._post(Refused(error.title, error.advice))

    async def tell_recent(self) -> None:
        """The newest payments, and what is not over."""
        await self.lookup.recent()
        self.tell_open()

    async def _listen(self) -> None:
        """A port that is taken stops no selling: the till asks by itself."""
        if not self.settings.notifications.on:
            return
        from pos_app.service.server import ListenError  # noqa: PLC0415 - off mostly

        try:
            await self.listening.start()
        except ListenError as error:
            log.exception("notifications cannot be received")
            self._post(Refused(error.title, error.advice))

    async def close(self) -> None:
        """End in order: nothing comes in, running payments are journalled, what was begun is let go, connections."""
        await self.listening.stop()
        await self.regulars.stop()
        await self.desk.stop()
        await self.cash.stop()
        await self._slips.stop()
        commands = asyncio.all_tasks() - {asyncio.current_task()}
        for command in commands:
            command.cancel()
        await asyncio.gather(*commands, return_exceptions=True)
        await self.ways.close()

    # --- who tells whom --------------------------------------------------------------------------------------------

    def _refuse_when_unfit(self) -> None:
        self.fitness.refuse_when_unfit()
        self.shifts.refuse_when_closed()

    def _tell(self, payment: PaymentView) -> None:
        self._scans.rest_camera(payment)
        self._post(payment)
        slips = self._in_sight.see(payment)
        if payment.stage is Stage.SENDING:
            return  # a request is about to leave: what stands beside it is told with its answer
        self.tell_open()
        self._thread.do(self.shifts.payment_told())
        self.fitness.tell_clock()
        for m_refund_id in slips:
            self._thread.do(self.slip_desk.print(payment.payment_id, m_refund_id))

    def _tell_cash(self, told: object) -> None:
        self._post(told)
        if isinstance(told, PaymentView):
            self._thread.do(self.shifts.payment_told())

    def _tell_orphan(self, orphan: OrphanNotified) -> None:
        title = Text("Có tiền không rõ của đơn nào", "Money of an order that is not here")
        said = Text("{amount}, đơn {id}. Báo quản lý.", "{amount}, order {id}. Tell a manager.")
        self._post(Refused(title, said.fill(amount=with_sign(orphan.amount), id=orphan.order_id or "?")))

    def tell_open(self) -> None:
        """The counter in the head: what nobody knows yet, what a manager has to settle, refunds on their way."""
        self._post(OpenCount(self._in_sight.views(self.desk.open_views())))

    async def _open_drawer(self) -> None:
        await asyncio.wrap_future(self.spool.open_drawer())


def _customers_seal(keystore: "Keystore | None") -> "SealKey | None":
    """Where the regular customers' key is: with the other secrets; a demo's lies beside its store."""
    if keystore is None:
        return None
    from pos_app.keys.customers_seal import SealInKeystore  # noqa: PLC0415 - a demo has none

    return SealInKeystore(keystore, secrets.token_bytes)
