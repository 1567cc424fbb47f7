"""The composition root: settings → one running till. The only room that knows the concrete parts on both sides.

The till lives on one I/O thread with one asyncio loop. Its commands may be called from any thread and return at
once; what happens is told through `post`, as frozen views and events.
"""

import asyncio
import logging
import secrets
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_app import settings as settings_file
from pos_app.checkout import errands
from pos_app.checkout.cash import CashDesk
from pos_app.checkout.desk import Desk
from pos_app.checkout.duty import Duty, acting, needs
from pos_app.checkout.events import (
    ActDone,
    ActRefused,
    CashDone,
    CashRefused,
    OpenCount,
    PermitRefused,
    Permitted,
    PinChanged,
    PinRefused,
    PinState,
    Ready,
    Refused,
    Seen,
    SettingsAllowed,
    SignInRefused,
    SlipView,
    StaffDone,
    StaffRefused,
)
from pos_app.checkout.fitness import Fitness
from pos_app.checkout.in_sight import InSight
from pos_app.checkout.lights import AnswerCount, GatewayLight, LitGateway
from pos_app.checkout.lookup import RECENT_COUNT, Lookup
from pos_app.checkout.moments import Moments
from pos_app.checkout.records import decided_by, payments_of, record_view, report_json
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.regulars import Regulars
from pos_app.checkout.report_desk import ReportDesk
from pos_app.checkout.scans import Scans
from pos_app.checkout.shift_errands import ShiftErrands
from pos_app.checkout.shift_report import ReportHead
from pos_app.checkout.shifts import Shifts
from pos_app.checkout.shop import Approval, Charge, Shop, Show
from pos_app.checkout.slips import SlipHead, Slips, is_owed, refund_slip_of, slip_of
from pos_app.checkout.staffing import Signature, Staffing, StaffWish
from pos_app.checkout.views import PaymentView, RefundStage, RefundView, ScanSource
from pos_app.clock import Clock, MachineClock
from pos_app.customers.store import CustomerStore
from pos_app.doctor.at_the_till import Parts, TillDoctor
from pos_app.doctor.checks import as_json
from pos_app.door import Door
from pos_app.gateway_access import GatewayAccess, access_to, callback_url, open_agreements, open_ways
from pos_app.gateways.gateway import Gateway, PayMethod
from pos_app.journal.entries import OrphanNotified
from pos_app.journal.errors import JournalDamagedError
from pos_app.journal.store import Journal
from pos_app.keys.home_check import refuse_strangers
from pos_app.listening import Listening
from pos_app.money import with_sign
from pos_app.payments.acts import Act
from pos_app.payments.cash import CashKind
from pos_app.payments.environment import Environment
from pos_app.payments.payment_code import PaymentCode, WrongCode
from pos_app.receipts.content import Slip
from pos_app.settings import Settings
from pos_app.shifts.totals import Open
from pos_app.staff.errors import PinError, WaitError
from pos_app.staff.permissions import Right
from pos_app.staff.pin import Pins
from pos_app.words import Language, Text

if TYPE_CHECKING:
    from pos_app.customers.seal_key import SealKey
    from pos_app.journal.wanted import Wanted
    from pos_app.keys.keystore import Keystore
    from pos_app.reports.ranges import Days
    from pos_app.reports.report import Choice
    from pos_app.reports.statement import Form

log = logging.getLogger(__name__)

Post = Callable[[object], None]

STOP_SECONDS_MAX = 20
SWITCH_S = 0.000_5
"""After how long a thread of Python gives way to the one that waits."""
PRINTER_SECONDS_MAX = 1
"""How long the end of the program waits for a printer that is stuck."""


class Till:
    """One till: journal, gateway, desk, camera, printer, and the thread they live on.

    Args:
        settings: its settings.
        folder: its data folder.
        post: gets every view and event, on any thread.
        access: the gateways; None starts the built-in one.
        settings_folder: where changed settings are kept, if not in `folder`.
        keystore: where secrets are kept, with `access` from `gateway_access.open_keys`; a demo has none.
        camera: whether camera and scanners of the settings are used.
        clock: where time comes from.
        look_when_damaged: with a damaged journal, start all the same and let people read what is left of it.
        take_over: a manager said that a journal that was copied here goes on here.
    """

    def __init__(  # noqa: PLR0913 - what can be chosen, by keyword
        self,
        settings: Settings,
        folder: Path,
        post: Post,
        *,
        access: GatewayAccess | None = None,
        keystore: "Keystore | None" = None,
        settings_folder: Path | None = None,
        camera: bool = True,
        clock: Clock | None = None,
        look_when_damaged: bool = False,
        take_over: bool = False,
    ) -> None:
        self._look_when_damaged = look_when_damaged
        self._take_over = take_over
        self._settings = settings
        self._folder = folder
        self._post = post
        self._access = access
        self._keystore = keystore
        self._settings_folder = settings_folder or folder
        self._use_camera = camera
        self._clock = clock or MachineClock()
        self._offset = AnswerCount(self._clock)
        self.pins = Pins(folder, self._clock, secrets.token_bytes)
        self._loop: asyncio.AbstractEventLoop
        self._thread: threading.Thread
        self._sandbox: Any = None
        self._scans = Scans(settings.scanning, post)
        self._stopped = False
        self._in_sight = InSight()

    # --- life ------------------------------------------------------------------------------------------------------

    def start(self) -> "Till":
        """Build everything and take up what was open; blocks for a moment.

        Raises:
            JournalError: the journal cannot be used; nothing was started.
        """
        self.journal = self._open_own_journal()
        # The thread that sends must not stand behind the one that paints for 5 ms at each of its steps.
        sys.setswitchinterval(SWITCH_S)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="till", daemon=True)
        access = self._access or self._built_in_gateway()
        self._phone_url = access.phone_url
        self._thread.start()
        self._run(self._build(access)).result()
        self._door = Door(self._folder, self.answer)
        self._scans.start(wanted=self._use_camera, scanned=self.scanned)
        self._post(PinState(self.pins.is_set))
        self.duty.tell()
        self._post(Ready(self._phone_url, self._ways.methods))
        if self.journal.read_only:
            self._post(Refused(JournalDamagedError.title, JournalDamagedError.advice))
        return self

    def _open_own_journal(self) -> Journal:
        """The journal, once it is known to go with the gateways and their keys.

        Raises:
            JournalError: it cannot be used, or is of another environment, or the owner did not agree to these keys.
        """
        journal = self._open_journal()
        access = self._access
        try:
            if not journal.read_only:
                refuse_strangers(
                    journal, access.environment if access else Environment.BUILT_IN, access.marks if access else ""
                )
        except BaseException:
            journal.close()
            raise
        return journal

    def _open_journal(self) -> Journal:
        """The journal; a damaged one for reading only, where that is wanted: its files stay untouched.

        Raises:
            JournalError: it cannot be used.
        """
        try:
            return Journal.open(
                self._folder,
                till=self._settings.shop.till,
                now_ms=self._clock.wall_ms(),
                entropy=secrets.token_bytes(16),
                take_over=self._take_over,
            )
        except JournalDamagedError:
            if not self._look_when_damaged:
                raise
            log.exception("the journal is damaged; it is opened for reading only")
            return Journal.open_read_only(self._folder)

    def _built_in_gateway(self) -> GatewayAccess:
        from pos_app.sandbox.server import Sandbox  # noqa: PLC0415 - only a demo needs it

        self._sandbox = Sandbox()
        self._sandbox.start()
        return access_to(self._sandbox)

    async def _build(self, access: GatewayAccess) -> None:
        light = GatewayLight(self._post, self._clock.monotonic_ms)

        def lit(name: str, gateway: Gateway) -> Gateway:
            return LitGateway(name, gateway, light, self._clock.monotonic_ms, self._offset)

        shop = self._settings.shop
        self.duty = Duty(
            Staffing(self.journal, self.pins, self._clock.wall_ms),
            self.journal,
            now_ms=self._clock.wall_ms,
            tell=self._post,
            unnamed=shop.cashier,
        )
        self._ways = open_ways(access, self._settings, self._clock, self._offset, lit)
        self._fitness = Fitness(self.journal, self._clock, self._offset, self._post)
        self._desk = Desk(
            ways=self._ways,
            journal=self.journal,
            clock=self._clock,
            now_ms=self._offset.corrected_ms,
            shop=Shop(
                description=shop.store,
                amount_max=shop.amount_max,
                code_life_ms=self._settings.scanning.code_life_s * 1000,
            ),
            tell=self._tell,
            chance=secrets.token_bytes,
            may_start=self._refuse_when_unfit,
            clock_doubtful=lambda: self._offset.doubtful,
            alarm=self._tell_orphan,
            cashier=self.duty.cashier,
        )
        agreements = open_agreements(access, self._settings, self._clock, self._offset)
        self._regulars = Regulars(
            CustomerStore(self._folder, secrets.token_bytes, key=self._customers_seal()),
            agreements,
            self._ways.wallets or self._ways.first,
            self._desk,
            clock=self._clock,
            chance=secrets.token_bytes,
            tell=self._post,
            callback_url=callback_url(self._settings),
        )
        self._desk.notified.binding_told = self._regulars.told
        self._lookup = Lookup(self.journal, self._desk, self._post)
        self._reports = ReportDesk(
            self.journal,
            self._desk,
            folder=self._folder,
            store=shop.store,
            language=lambda: self._settings.look.language,
            now_ms=self._clock.wall_ms,
            tell=self._post,
        )
        self._listening = Listening(self._desk, access, self._settings, self._clock)
        self._head = SlipHead(shop.store, shop.address, shop.phone, shop.tax_code, shop.till, shop.cashier)
        from pos_app.receipts.printers.choice import chosen_spool  # noqa: PLC0415 - dear to import

        self._spool = chosen_spool(self._settings.printer, self._folder)
        self._slips = Slips(
            self._spool,
            journal=self.journal,
            clock=self._clock,
            head=self._head,
            language=self._settings.look.language,
            tell=self._post,
        )
        self._cash = CashDesk(
            self.journal,
            now_ms=self._desk.now_ms,
            enabled=self._settings.cash.enabled,
            amount_max=shop.amount_max,
            demo=access.environment is not Environment.LIVE,
            may_start=self._refuse_when_unfit,
            cashier=self.duty.cashier,
            tell=self._tell_cash,
            open_drawer=self._open_drawer if self._settings.printer.drawer else None,
            prints=self._slips.print_cash,
        )
        self._lookup.cash = self._reports.cash = self._cash
        self._shifts = ShiftErrands(
            Shifts(
                self.journal,
                self._desk.now_ms,
                required=self._settings.shift.required,
                takes_cash=self._settings.cash.enabled,
            ),
            self.duty,
            cash=self._cash,
            head=ReportHead(
                shop.store,
                shop.address,
                shop.phone,
                shop.tax_code,
                shop.till,
                demo=access.demo,
                sandbox=access.environment is Environment.SANDBOX,
            ),
            now_ms=self._desk.now_ms,
            tell=self._post,
            prints=self._slips.print_report,
            language=self._settings.look.language,
            folder=self._folder,
        )
        self._doctor = TillDoctor(
            Parts(
                self._settings, self._folder, self._clock, self._offset, self._ways, self.journal, self._spool,
                self._scans, self._run,
            ),
            self._post,
        )  # fmt: skip
        self._errands = errands.Errands(
            self._desk, self.duty, self._regulars, agreements.banks, self._shifts, self._cash
        )
        if not self.journal.read_only:
            await self._shifts.tell_state()
            await self._tell_unprinted()
            await self._in_sight.take_up(self.journal, self._desk.now_ms())
            await self._desk.recover()
            await self._regulars_taken_up()
            await self._listen()
            self._do(self._fitness.audit_daily())
            self._do(self._slips.watch())
            self._do(self._fitness.watch_clock(self._desk.open_ahead))
        await self._desk.open_ahead()
        self._fitness.tell_clock()
        await self._tell_recent()

    def _customers_seal(self) -> "SealKey | None":
        """Where the regular customers' key is: with the other secrets; a demo's lies beside its store."""
        if self._keystore is None:
            return None
        from pos_app.keys.customers_seal import SealInKeystore  # noqa: PLC0415 - a demo has none

        return SealInKeystore(self._keystore, secrets.token_bytes)

    def _refuse_when_unfit(self) -> None:
        self._fitness.refuse_when_unfit()
        self._shifts.refuse_when_closed()

    async def _regulars_taken_up(self) -> None:
        """Trouble with the regular customers is no trouble of the counter."""
        try:
            await self._regulars.take_up()
        except RefusedError as error:
            log.exception("the regular customers cannot be read")
            self._post(Refused(error.title, error.advice))

    async def _listen(self) -> None:
        """A port that is taken stops no selling: the till asks by itself."""
        if not self._settings.notifications.on:
            return
        from pos_app.service.server import ListenError  # noqa: PLC0415 - off mostly

        try:
            await self._listening.start()
        except ListenError as error:
            log.exception("notifications cannot be received")
            self._post(Refused(error.title, error.advice))

    async def _tell_unprinted(self) -> None:
        """A stop between the result and its slip: offered, not printed by itself, since it may have come out."""
        records = await asyncio.wrap_future(self.journal.recent(RECENT_COUNT))
        views = (record_view(record) for record in records if record.copies == 0)
        await self._slips.owe(view.payment_id for view in views if is_owed(view))

    def stop(self) -> None:
        """End in order: no new commands, running payments journalled, connections, journal. May be called again."""
        if self._stopped:
            return
        self._stopped = True
        self._scans.stop()
        if self._thread.is_alive():
            self._door.close()
            self._doctor.end()
            self._run(self._shut()).result(STOP_SECONDS_MAX)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(STOP_SECONDS_MAX)
            self._spool.close(PRINTER_SECONDS_MAX)
        self._loop.close()
        self.journal.close()
        if self._sandbox is not None:
            self._sandbox.stop()

    async def _shut(self) -> None:
        await self._listening.stop()
        await self._regulars.stop()
        await self._desk.stop()
        await self._cash.stop()
        await self._slips.stop()
        commands = asyncio.all_tasks() - {asyncio.current_task()}
        for command in commands:
            command.cancel()
        await asyncio.gather(*commands, return_exceptions=True)
        await self._ways.close()

    # --- commands --------------------------------------------------------------------------------------------------

    def amount_stands(self, amount: int) -> None:
        """An amount stands and a code is awaited: have the connection ready."""
        self._do(self._desk.open_ahead())

    @needs(Right.CHARGE)
    def charge(  # noqa: PLR0913 - what a scan is, by keyword
        self,
        *,
        amount: int,
        note: str,
        code: PaymentCode,
        source: ScanSource,
        scanned_at_ns: int,
        retry_of: str,
        decoded_at_ns: int = 0,
    ) -> None:
        """Charge `amount` dong to the code. Told as `PaymentView`s, or `Refused`."""
        age_ms = max(0, time.monotonic_ns() - scanned_at_ns) // 1_000_000
        moments = Moments(time.monotonic_ns, scanned_at_ns=scanned_at_ns, decoded_at_ns=decoded_at_ns)
        request = Charge(amount, note, source, self._desk.now_ms() - age_ms, retry_of, moments)
        self._do(self._unless_refused(self._desk.charge(request, code)))

    async def _unless_refused(self, command: Coroutine[Any, Any, object]) -> None:
        try:
            await command
        except RefusedError as error:
            self.refuse(error)

    def refuse(self, error: RefusedError) -> None:
        """Say that a command was not done."""
        self._post(Refused(error.title, error.advice))

    @needs(Right.SHOW)
    def show(
        self, *, amount: int, note: str, method: PayMethod = PayMethod.ANY, retry_of: str = "", bank_code: str = ""
    ) -> None:
        """Make an order of `amount` dong for the customer to scan. Told as `PaymentView`s, or `Refused`."""
        wanted = Show(amount, note, method, retry_of, bank_code=bank_code)
        self._do(self._unless_refused(self._desk.show(wanted)))

    @needs(Right.LINK)
    def link(self, *, amount: int, note: str, life_s: int = 0) -> None:
        """Make a link for a customer who is not at the counter. Told as `PaymentView`s, or `Refused`."""
        life_s = life_s or self._settings.links.life_min * 60
        wanted = Show(amount, note, PayMethod.WALLET, link=True, life_s=life_s)
        self._do(self._unless_refused(self._desk.show(wanted)))

    @needs(Right.CHARGE_REGULAR)
    def customers(self) -> None:
        """Wants the regular customers. Told as `CustomersView`."""
        self._do(self._unless_refused(self._regulars.tell_customers()))

    @needs(Right.BIND_REGULAR)
    def bind(self, *, name: str, max_amount: int = 0) -> None:
        """Ask a customer to link the wallet to the shop. Told as `BindingView`s, or `Refused`."""
        self._do(self._unless_refused(self._regulars.bind(name, max_amount)))

    @needs(Right.BIND_REGULAR)
    def drop_binding(self, binding_id: str) -> None:
        """Wait for that customer no more."""
        self._do(self._unless_refused(self._regulars.drop(binding_id)))

    @needs(Right.CHARGE_REGULAR)
    def charge_customer(self, number: str, *, amount: int, note: str, retry_of: str = "") -> None:
        """Charge the wallet of a regular customer. Told as `PaymentView`s, or `Refused`."""
        self._do(self._unless_refused(self._regulars.charge(number, amount=amount, note=note, retry_of=retry_of)))

    @needs(Right.UNBIND_REGULAR)
    def unbind(self, number: str) -> None:
        """Let a regular customer go. Told as `CustomersView`, or `Refused`."""
        self._do(self._unless_refused(self._regulars.unbind(number)))

    @needs(Right.ASK_NOW)
    def ask_now(self, payment_id: str) -> None:
        """Ask the gateway at once what became of a payment."""
        self._loop.call_soon_threadsafe(self._desk.ask_now, payment_id)
        self._loop.call_soon_threadsafe(self._desk.refunds.ask_now, payment_id)

    @needs(Right.CANCEL)
    def cancel(self, payment_id: str) -> None:
        """The cashier or the customer wants it not to happen; it stays open until the gateway has said so."""
        self._do(self._unless_refused(self._desk.cancel(payment_id)))

    def act(  # noqa: PLR0913 - what the manager types in one dialog
        self,
        act: Act,
        payment_id: str,
        *,
        pin: str,
        by: str,
        reason: str,
        note: str = "",
        number: str = "",
        amount: int = 0,
        intent: str = "",
    ) -> None:
        """Do what a manager allows with the PIN. Told as `ActDone` or `ActRefused`, and the payment's views.

        Args:
            act: what is allowed.
            payment_id: the payment.
            pin: the manager's PIN; forgotten at once.
            by: who.
            reason: a word of `payments.acts.REASONS[act]`.
            note: in the manager's own words.
            number: the gateway's number that the manager read elsewhere.
            amount: dong, for a refund.
            intent: for a refund, one for each press of the button.
        """
        approval = Approval(by, reason, note, number)
        self._do(self._act(act, payment_id, pin, approval, amount, intent))

    async def _act(self, act: Act, payment_id: str, pin: str, approval: Approval, amount: int, intent: str) -> None:
        try:
            await self._errands.allow(act, payment_id, pin, approval, amount=amount, intent=intent)
        except PinError as error:
            wait_s = getattr(error, "wait_s", 0)
            self._post(ActRefused(act, payment_id, error.title, error.advice, wait_s))
        except RefusedError as error:
            self._post(ActRefused(act, payment_id, error.title, error.advice))
        else:
            self._post(ActDone(act, payment_id))
            if await self._cash.record(payment_id) is not None:  # the screen of the refund follows it from here on
                self._post(await self._cash.view(payment_id))
            self._tell_open()

    def next_customer(self) -> None:
        """The cashier turns to the next customer; an open payment goes on in the background."""
        self._loop.call_soon_threadsafe(self._desk.next_customer)

    def result_shown(self, payment_id: str, *, shown_at_ns: int) -> None:
        """The result of a payment was painted (monotonic ns): what its steps took can be written down."""
        self._do(self._desk.timed.shown(payment_id, shown_at_ns))

    def demo_customer_pays(self) -> None:
        """Demo only: the demo customer holds out the phone; the code comes back through a picture and the decoders."""
        self._do(asyncio.to_thread(self._hold_out_the_phone))

    def _hold_out_the_phone(self) -> None:
        self._post(Seen(self.read(self.demo_code()), ScanSource.DEMO, time.monotonic_ns()))

    def demo_code(self) -> str:
        """A fresh code of the demo customer, read from its picture; takes a moment.

        Raises:
            OSError: the demo phone does not answer.
        """
        from pos_app.scanning.demo import seen_on_the_demo_phone  # noqa: PLC0415 - only a demo needs it

        return seen_on_the_demo_phone(self._phone_url)

    def demo_customer_scans(self, payment_id: str) -> None:
        """Demo only: the demo customer scans the order that is shown, and pays it. Told as `PaymentView`s."""
        self._do(self._let_scan(payment_id))

    async def _let_scan(self, payment_id: str) -> None:
        view = next((one for one in self._desk.open_views() if one.payment_id == payment_id), None)
        if self._phone_url and view is not None and view.shown is not None:
            from pos_app.scanning.demo import scan_and_pay  # noqa: PLC0415 - only a demo needs it

            shown = view.shown.link if view.source is ScanSource.LINK else view.shown.text
            await asyncio.to_thread(scan_and_pay, self._phone_url, shown, payment_id)
            self._desk.ask_now(payment_id)

    def demo_customer_agrees(self, binding_id: str) -> None:
        """Demo only: the demo customer agrees to be a regular one. Told as `BindingView`."""
        self._do(self._let_agree(binding_id))

    async def _let_agree(self, binding_id: str) -> None:
        if self._phone_url:
            from pos_app.scanning.demo import agree  # noqa: PLC0415 - only a demo needs it

            await asyncio.to_thread(agree, self._phone_url, binding_id)
            self._regulars.told(binding_id)

    @needs(Right.TAKE_CASH)
    def take_cash(self, *, amount: int, given: int, note: str, intent: str) -> None:
        """Take `amount` dong in cash of the `given` ones. Told as `CashDone` or `CashRefused`."""
        self._do(self._take_cash(amount, given, note, intent))

    async def _take_cash(self, amount: int, given: int, note: str, intent: str) -> None:
        try:
            sale = await self._cash.take(amount, given, note, intent)
        except RefusedError as error:
            self._post(CashRefused(intent, error.title, error.advice))
        else:
            self._post(CashDone(intent, sale))

    def _tell_cash(self, told: object) -> None:
        self._post(told)
        if isinstance(told, PaymentView):
            self._do(self._shifts.payment_told())

    async def _open_drawer(self) -> None:
        await asyncio.wrap_future(self._spool.open_drawer())

    @needs(Right.TAKE_CASH)
    def count_cash(self, counted: int) -> None:
        """The drawer was counted. Told as `ShiftView`, or `ShiftRefused`."""
        self._do(self._shifts.count_cash(counted))

    def move_cash(self, what: CashKind, amount: int, *, reason: str, by: str, pin: str) -> None:
        """Cash goes in or out without a sale, or the drawer only opens. Told as `ShiftView`, or `ShiftRefused`."""
        self._do(self._shifts.move_cash(what, amount, reason=reason, by=by, pin=pin))

    @needs(Right.LOOK_UP)
    def recent(self) -> None:
        """Wants the newest payments. Told as `RecentView`."""
        self._do(self._tell_recent())

    async def _tell_recent(self) -> None:
        await self._lookup.recent()
        self._tell_open()

    @needs(Right.LOOK_UP)
    def story(self, payment_id: str) -> None:
        """Wants a payment's time line. Told as `StoryView`."""
        self._do(self._lookup.story(payment_id))

    @needs(Right.LOOK_UP)
    def slip(self, payment_id: str, *, refund: str = "") -> None:
        """Wants the picture of a payment's slip, or of its refund of that id. Told as `SlipView`."""
        self._do(self._tell_slip(payment_id, refund))

    async def _tell_slip(self, payment_id: str, m_refund_id: str) -> None:
        record = await asyncio.wrap_future(self.journal.payment(payment_id))
        if record is None and await self._cash.record(payment_id) is None:
            return
        view = record_view(record) if record is not None else await self._cash.view(payment_id)
        refund = _refund_of(view, m_refund_id)
        if refund:
            slip = refund_slip_of(view, replace(refund, copies=0), self._head)
        else:
            slip = slip_of(view, self._head, decided_by=decided_by(record) if record is not None else "")
        self._post(SlipView(m_refund_id or payment_id, await asyncio.to_thread(slip_png, slip, self._settings)))

    @needs(Right.REPRINT)
    def reprint(self, payment_id: str, *, refund: str = "") -> None:
        """Print the slip of a payment, or of its refund of that id, once more, as a copy. Told as `PrintView`."""
        self._do(self._print(payment_id, refund))

    async def _print(self, payment_id: str, m_refund_id: str = "") -> None:
        record = await asyncio.wrap_future(self.journal.payment(payment_id))
        if record is None:
            if await self._cash.record(payment_id) is not None:
                sale = await self._cash.view(payment_id)
                await self._slips.print_cash(sale, _refund_of(sale, m_refund_id))
            return
        view = record_view(record)
        if not m_refund_id:
            await self._slips.print(view, decided_by=decided_by(record))
        elif refund := _refund_of(view, m_refund_id):
            await self._slips.print_refund(view, refund)

    @needs(Right.LOOK_UP)
    def latest(self) -> None:
        """Wants the newest payments with their stories, from the journal alone. Told as `LatestView`."""
        self._do(self._lookup.latest())

    @needs(Right.LOOK_UP)
    def find(self, text: str) -> None:
        """Wants the payments of the last month that fit what was typed. Told as `FoundView`."""
        self._do(self._lookup.find(text))

    @needs(Right.X_REPORT)
    def look_at_shift(self, number: int | None = None) -> None:
        """Wants the running shift, or the report of that number. Told as `ShiftView`, or `ShiftRefused`."""
        self._do(self._shifts.show(number))

    @needs(Right.OPEN_SHIFT)
    def open_shift(self, *, float_dong: int = 0) -> None:
        """Open the shift, with so much cash. Told as `ShiftView`, or `ShiftRefused`."""
        self._do(self._shifts.open(float_dong))

    @needs(Right.CLOSE_SHIFT)
    def close_shift(
        self, number: int, seen: tuple[Open, ...], *, reason: str, by: str, pin: str, difference_reason: str = ""
    ) -> None:
        """Close that shift for good. Told as `ShiftView`, or `ShiftRefused`."""
        work = self._shifts.close(number, seen, reason=reason, by=by, pin=pin, difference_reason=difference_reason)
        self._do(work)

    @needs(Right.X_REPORT)
    def print_shift(self, number: int | None = None) -> None:
        """Print the report of a shift. Told as `PrintView` under its name."""
        self._do(self._shifts.print(number))

    @needs(Right.X_REPORT)
    def save_shift(self, number: int | None = None) -> None:
        """Save the report of a shift as PDF. Told as `ShiftSaved`, or `ShiftRefused`."""
        self._do(self._shifts.save(number))

    def sign_in(self, person_id: str, *, pin: str) -> None:
        """This person stands at the till from now on. Told as `DutyView`, or `SignInRefused`."""
        self._do(self._sign_in(person_id, pin))

    async def _sign_in(self, person_id: str, pin: str) -> None:
        try:
            await self.duty.sign_in(person_id, pin)
        except (PinError, RefusedError) as error:
            self._post(SignInRefused(error.title, error.advice, getattr(error, "wait_s", 0)))

    def lock(self) -> None:
        """Nobody stands at the till any more; running payments go on. Told as `DutyView`."""
        self._do(self.duty.lock())

    def permit(self, right: Right, *, by: str, pin: str) -> None:
        """Somebody lets whoever stands here do this for once. Told as `Permitted`, or `PermitRefused`."""
        self._do(self._permit(right, Signature(by, pin)))

    async def _permit(self, right: Right, signature: Signature) -> None:
        try:
            await self.duty.permit(right, signature)
        except (PinError, RefusedError) as error:
            self._post(PermitRefused(error.title, error.advice, getattr(error, "wait_s", 0)))
        else:
            self._post(Permitted(right))

    def give_back(self) -> None:
        """What was permitted for once is over."""
        self.duty.give_back()

    def change_staff(self, wish: StaffWish, *, by: str, pin: str) -> None:
        """Change who works here, signed by somebody who may. Told as `DutyView` and `StaffDone`, or `StaffRefused`."""
        self._do(self._change_staff(wish, Signature(by, pin)))

    async def _change_staff(self, wish: StaffWish, signature: Signature) -> None:
        try:
            person = await self.duty.change(wish, signature)
        except (PinError, RefusedError) as error:
            self._post(StaffRefused(error.title, error.advice, getattr(error, "wait_s", 0)))
        else:
            self._post(StaffDone(person))

    @needs(Right.LOOK_UP)
    def list_payments(self, wanted: "Wanted") -> None:
        """Wants the newest payments that fit. Told as `PaymentsListed`."""
        self._do(self._reports.list(wanted))

    @needs(Right.EXPORT)
    def export_payments(self, path: Path, wanted: "Wanted") -> None:
        """Wants every payment that fits in a file. Told as `Exporting`, then `Exported`."""
        self._do(self._reports.export_list(path, wanted))

    @needs(Right.REPORTS)
    def report(self, days: "Days", choice: "Choice") -> None:
        """Wants the report of these days. Told as `ReportShown`."""
        self._do(self._reports.report(days, choice))

    @needs(Right.EXPORT)
    def export_report(self, path: Path, days: "Days", choice: "Choice") -> None:
        """Wants the report of these days in a file. Told as `Exporting`, then `Exported`."""
        self._do(self._reports.export(path, days, choice))

    @needs(Right.RECONCILE)
    def open_statement(self, path: Path) -> None:
        """Wants to know the columns of a statement file. Told as `StatementOpened`."""
        self._do(self._reports.open_statement(path))

    @needs(Right.RECONCILE)
    def reconcile(self, path: Path, form: "Form", days: "Days | None" = None) -> None:
        """Wants a statement held against the journal. Told as `Comparing`, then `Compared`."""
        self._do(self._reports.reconcile(path, form, days))

    @needs(Right.LOOK_UP)
    def examine(self) -> None:
        """Check everything that is needed to sell. Told as `Checked`, one by one, then `AllChecked`."""
        self._doctor.begin()

    @needs(Right.LOOK_UP)
    def write_support_report(self) -> None:
        """Wants the report for support. Told as `SupportShown`."""
        self._doctor.begin_report()

    @needs(Right.EXPORT)
    def save_support_report(self, path: Path) -> None:
        """Save the very text that was shown. Told as `SupportSaved` or `SupportRefused`."""
        self._do(asyncio.to_thread(self._doctor.save_report, path))

    def set_first_pin(self, pin: str) -> None:
        """Set the manager's first PIN. Told as `PinChanged`, with the recovery code, or `PinRefused`."""
        self._do(self._change_pin(lambda: self.pins.set_first(pin)))

    def recover_pin(self, recovery_code: str, pin: str) -> None:
        """Set a new PIN by the owner's recovery code. Told as `PinChanged` with the next code, or `PinRefused`."""
        self._do(self._change_pin(lambda: self.pins.reset(recovery_code, pin)))

    async def _change_pin(self, change: Callable[[], str]) -> None:
        try:
            recovery_code = await asyncio.to_thread(change)
        except PinError as error:
            self._post(PinRefused(error.title, error.advice))
        else:
            self._post(PinState(is_set=True))
            self._post(PinChanged(recovery_code))

    @needs(Right.CHARGE)
    def scanned(self, text: str, scanned_at_ns: int) -> None:
        """The hand-held scanner read something. Told as `Seen`."""
        self._scans.see(text, ScanSource.SCANNER, scanned_at_ns)

    def read(self, text: str) -> PaymentCode | WrongCode:
        """What a scanned text is, by the shop's settings."""
        return self._scans.read(text)

    def look_at_camera(self, *, on: bool, awaited: bool = False) -> None:
        """Whether the screen shows the camera's picture now, and whether there is an amount that awaits a code."""
        self._scans.look_at_camera(on=on, awaited=awaited)

    @needs(Right.SETTINGS)
    def open_settings(self) -> None:
        """Wants to change the settings, for which the till closes. Told as `SettingsAllowed`."""
        self._do(self._allow_settings())

    async def _allow_settings(self) -> None:
        self._post(SettingsAllowed())

    def preferences(self, *, language: str, theme: str, text: int) -> None:
        """Remember another look."""
        look = self._settings.look._replace(language=Language(language), theme=theme, text=text)
        self._settings = self._settings._replace(look=look)
        self._do(asyncio.to_thread(settings_file.save, self._settings, self._settings_folder))

    # --- what is told ----------------------------------------------------------------------------------------------

    def _tell(self, payment: PaymentView) -> None:
        self._scans.rest_camera(payment)
        self._post(payment)
        slips = self._in_sight.see(payment)
        self._tell_open()
        self._do(self._shifts.payment_told())
        self._fitness.tell_clock()
        for m_refund_id in slips:
            self._do(self._print(payment.payment_id, m_refund_id))

    def _tell_orphan(self, orphan: OrphanNotified) -> None:
        title = Text("Có tiền không rõ của đơn nào", "Money of an order that is not here")
        said = Text("{amount}, đơn {id}. Báo quản lý.", "{amount}, order {id}. Tell a manager.")
        self._post(Refused(title, said.fill(amount=with_sign(orphan.amount), id=orphan.order_id or "?")))

    def _tell_open(self) -> None:
        """The counter in the head: what nobody knows yet, what a manager has to settle, refunds on their way."""
        self._post(OpenCount(self._in_sight.views(self._desk.open_views())))

    # --- the door: other programs of the same user -------------------------------------------------------------------

    def answer(self, question: str, arguments: dict[str, Any]) -> Any:
        """What another program of the same user asks, or has the till do; see `checkout.errands`. Blocks.

        `who` says whose doing it is, with the PIN: `{"by": NAME, "pin": PIN}`; else it is whoever stands at the till.

        Raises:
            ValueError, KeyError, TypeError: the question is not understood.
        """
        try:
            person = self.duty.admit(question, **arguments.pop("who", {}))
        except (PinError, RefusedError) as error:
            return errands.refusal(error, again=isinstance(error, WaitError))
        with acting(person):
            return self._answer(question, arguments)

    def _answer(self, question: str, arguments: dict[str, Any]) -> Any:  # noqa: C901, PLR0911 - one line for each question
        match question:
            case "payments":
                return payments_of(self.journal, str(arguments.get("day", "")), self._clock.wall_ms())
            case "payment":
                return errands.told(self.journal, str(arguments["payment"]))
            case "find" | "report" | "reconcile":
                return self._answer_of_figures(question, arguments)
            case "verify":
                return report_json(self.journal.verify().result())
            case "printer" | "drawer":
                from pos_app.checkout import printing  # noqa: PLC0415 - dear to import

                wanted = printing.PrinterErrand(arguments.get("what", question))
                if (wanted is printing.PrinterErrand.DRAWER) is not (question == "drawer"):
                    raise ValueError(wanted)  # the drawer needs a right of its own
                if question == "drawer":
                    self._run(self._shifts.drawer_opened()).result()
                return self._run(printing.run(wanted, self._spool, self._settings)).result()
            case "backup":
                return errands.save_backup(self.journal, arguments, self._clock.wall_ms())
            case "doctor":
                return [as_json(finding) for finding in self._doctor.examine()]
            case "support":
                return {"text": self._doctor.report()}
            case "pin":
                changed = errands.change_pin(self.pins, arguments)
                self._post(PinState(self.pins.is_set))
                return changed
            case _:
                return self._run(self._errands.run(question, arguments)).result()

    def _answer_of_figures(self, question: str, arguments: dict[str, Any]) -> Any:
        from pos_app.checkout import report_answers as answers  # noqa: PLC0415 - rarely wanted
        from pos_app.checkout.reporting import made_for  # noqa: PLC0415 - the same

        now_ms, shop = self._clock.wall_ms(), self._settings.shop
        match question:
            case "find":
                return answers.find_answer(self.journal, arguments, now_ms=now_ms)
            case "reconcile":
                return answers.reconcile_answer(self.journal, arguments, folder=self._folder, now_ms=now_ms)
            case _:
                about, language = made_for(shop.store, shop.till, now_ms), self._settings.look.language
                return answers.report_answer(self.journal, arguments, now_ms=now_ms, language=language, about=about)

    # --- threads ---------------------------------------------------------------------------------------------------

    def _run(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _do(self, work: Coroutine[Any, Any, Any]) -> None:
        """Let the till's thread do it; a fault is logged, never lost."""
        if self._stopped:
            work.close()
            return
        self._run(work).add_done_callback(_log_fault)


def _refund_of(payment: PaymentView, m_refund_id: str) -> RefundView | None:
    """A refund that has a slip: one that is done."""
    done = (one for one in payment.refunds if one.stage is RefundStage.DONE)
    return next((one for one in done if one.m_refund_id == m_refund_id), None)


def _log_fault(done: Future[Any]) -> None:
    if not done.cancelled() and done.exception() is not None:
        log.error("a command ended by a fault", exc_info=done.exception())


def slip_png(slip: Slip, settings: Settings) -> bytes:
    """A slip as the screen shows it."""
    from pos_app.receipts.content import slip_blocks  # noqa: PLC0415 - dear to import
    from pos_app.receipts.layout import PAPERS, lay_out  # noqa: PLC0415
    from pos_app.receipts.raster import png  # noqa: PLC0415

    return png(lay_out(slip_blocks(slip, settings.look.language), PAPERS["80"]))
