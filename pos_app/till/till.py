"""One till: how it is opened and closed, and everything that a screen can have it do.

A till works on a thread of its own. Its commands may be called from any thread and return at once; what happens is
told through `post`, as frozen views and events. What it is made of is in `till.parts`.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_app import settings as settings_file
from pos_app.checkout.duty import Duty, acting, needs
from pos_app.checkout.events import CashDone, CashRefused, PinState, Ready, Refused, SettingsAllowed
from pos_app.checkout.moments import Moments
from pos_app.checkout.refused import RefusedError, refusal
from pos_app.checkout.scans import Scans
from pos_app.checkout.shop import Approval, Charge, Show
from pos_app.checkout.staffing import Signature, StaffWish
from pos_app.checkout.views import ScanSource
from pos_app.clock import Clock, MachineClock
from pos_app.door import Door
from pos_app.gateway_access import GatewayAccess, access_to
from pos_app.gateways.gateway import PayMethod
from pos_app.journal.errors import JournalDamagedError
from pos_app.payments.acts import Act
from pos_app.payments.cash import CashKind
from pos_app.payments.payment_code import PaymentCode, WrongCode
from pos_app.settings import Settings
from pos_app.shifts.totals import Open
from pos_app.staff.errors import PinError, WaitError
from pos_app.staff.permissions import Right
from pos_app.staff.pin import Pins
from pos_app.till.own_journal import open_journal
from pos_app.till.parts import Parts
from pos_app.till.questions import Questions
from pos_app.till.thread import TillThread
from pos_app.words import Language

if TYPE_CHECKING:
    from pos_app.journal.wanted import Wanted
    from pos_app.keys.keystore import Keystore
    from pos_app.reports.ranges import Days
    from pos_app.reports.report import Choice
    from pos_app.reports.statement import Form

Post = Callable[[object], None]

STOP_SECONDS_MAX = 20
BACKUP_SECONDS_MAX = 30
"""How long the end of the program waits for a backup that is being made."""
PRINTER_SECONDS_MAX = 1
"""How long the end of the program waits for a printer that is stuck."""


class Till:
    """One till. It is also what screens know as their `Commands`, and what the door answers with.

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

    Attributes:
        pins: of who works here.
        journal, parts: once it was started.
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
        self.pins = Pins(folder, self._clock, secrets.token_bytes)
        self._sandbox: Any = None
        self._scans = Scans(settings.scanning, post)
        self._thread: TillThread

    # --- life ------------------------------------------------------------------------------------------------------

    def start(self) -> "Till":
        """Build everything and take up what was open; blocks for a moment.

        Raises:
            JournalError: the journal cannot be used; nothing was started.
        """
        self.journal = open_journal(
            self._folder,
            self._settings,
            self._access,
            now_ms=self._clock.wall_ms(),
            take_over=self._take_over,
            look_when_damaged=self._look_when_damaged,
        )
        access = self._access or self._built_in_gateway()
        self._thread = TillThread()
        self._thread.start()
        self._thread.run(self._build(access)).result()
        self._door = Door(self._folder, self.answer)
        self._scans.start(wanted=self._use_camera, scanned=self.scanned)
        self._post(PinState(self.pins.is_set))
        self.duty.tell()
        self._post(Ready(access.phone_url, self.parts.ways.methods))
        self._thread.do(self.parts.watch_on())
        if self.journal.read_only:
            self._post(Refused(JournalDamagedError.title, JournalDamagedError.advice))
        return self

    def _built_in_gateway(self) -> GatewayAccess:
        from pos_app.sandbox.server import Sandbox  # noqa: PLC0415 - only a demo needs it

        self._sandbox = Sandbox()
        self._sandbox.start()
        return access_to(self._sandbox)

    async def _build(self, access: GatewayAccess) -> None:
        self.parts = Parts(
            self._settings,
            self._folder,
            journal=self.journal,
            access=access,
            keystore=self._keystore,
            pins=self.pins,
            scans=self._scans,
            clock=self._clock,
            thread=self._thread,
            post=self._post,
        )
        self._questions = Questions(self.parts, self._thread, self._clock.wall_ms)
        await self.parts.take_up()

    @property
    def duty(self) -> Duty:
        """Who stands here, and the gate that every command goes through."""
        return self.parts.duty

    def stop(self) -> None:
        """End in order: no new commands, running payments journalled, connections, journal. May be called again."""
        if not self._thread.take_no_more():
            return
        self._scans.stop()
        self._door.close()
        self.parts.doctor.end()
        self._thread.end(self.parts.close(), seconds_max=STOP_SECONDS_MAX)
        self.parts.spool.close(PRINTER_SECONDS_MAX)
        self.parts.doctor.wait_for_backup(BACKUP_SECONDS_MAX)
        self.journal.close()
        if self._sandbox is not None:
            self._sandbox.stop()

    # --- the door: other programs of the same user -------------------------------------------------------------------

    def answer(self, question: str, arguments: dict[str, Any]) -> Any:
        """What another program of the same user asks, or has the till do; see `till.questions`. Blocks.

        `who` says whose doing it is, with the PIN: `{"by": NAME, "pin": PIN}`; else it is whoever stands at the till.

        Raises:
            ValueError, KeyError, TypeError: the question is not understood.
        """
        try:
            person = self.duty.admit(question, **arguments.pop("who", {}))
        except (PinError, RefusedError) as error:
            return refusal(error, again=isinstance(error, WaitError))
        with acting(person):
            return self._questions.answer(question, arguments)

    # --- commands --------------------------------------------------------------------------------------------------

    def amount_stands(self, amount: int) -> None:
        """An amount stands and a code is awaited: have the connection ready."""
        self._thread.do(self.parts.desk.open_ahead())

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
        request = Charge(amount, note, source, self.parts.desk.now_ms() - age_ms, retry_of, moments)
        self._try(self.parts.desk.charge(request, code))

    @needs(Right.SHOW)
    def show(
        self, *, amount: int, note: str, method: PayMethod = PayMethod.ANY, retry_of: str = "", bank_code: str = ""
    ) -> None:
        """Make an order of `amount` dong for the customer to scan. Told as `PaymentView`s, or `Refused`."""
        wanted = Show(amount, note, method, retry_of, bank_code=bank_code)
        self._try(self.parts.desk.show(wanted))

    @needs(Right.LINK)
    def link(self, *, amount: int, note: str, life_s: int = 0) -> None:
        """Make a link for a customer who is not at the counter. Told as `PaymentView`s, or `Refused`."""
        life_s = life_s or self.parts.settings.links.life_min * 60
        wanted = Show(amount, note, PayMethod.WALLET, link=True, life_s=life_s)
        self._try(self.parts.desk.show(wanted))

    @needs(Right.CHARGE_REGULAR)
    def customers(self) -> None:
        """Wants the regular customers. Told as `CustomersView`."""
        self._try(self.parts.regulars.tell_customers())

    @needs(Right.BIND_REGULAR)
    def bind(self, *, name: str, max_amount: int = 0) -> None:
        """Ask a customer to link the wallet to the shop. Told as `BindingView`s, or `Refused`."""
        self._try(self.parts.regulars.bind(name, max_amount))

    @needs(Right.BIND_REGULAR)
    def drop_binding(self, binding_id: str) -> None:
        """Wait for that customer no more."""
        self._try(self.parts.regulars.drop(binding_id))

    @needs(Right.CHARGE_REGULAR)
    def charge_customer(self, number: str, *, amount: int, note: str, retry_of: str = "") -> None:
        """Charge the wallet of a regular customer. Told as `PaymentView`s, or `Refused`."""
        self._try(self.parts.regulars.charge(number, amount=amount, note=note, retry_of=retry_of))

    @needs(Right.UNBIND_REGULAR)
    def unbind(self, number: str) -> None:
        """Let a regular customer go. Told as `CustomersView`, or `Refused`."""
        self._try(self.parts.regulars.unbind(number))

    @needs(Right.ASK_NOW)
    def ask_now(self, payment_id: str) -> None:
        """Ask the gateway at once what became of a payment."""
        self._thread.call(self.parts.desk.ask_now, payment_id)
        self._thread.call(self.parts.desk.refunds.ask_now, payment_id)

    @needs(Right.CANCEL)
    def cancel(self, payment_id: str) -> None:
        """The cashier or the customer wants it not to happen; it stays open until the gateway has said so."""
        self._try(self.parts.desk.cancel(payment_id))

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
        """Do what a manager allows with the PIN. Told as `ActDone` or `ActRefused`, and the payment's views."""
        approval = Approval(by, reason, note, number)
        self._thread.do(self.parts.acts.run(act, payment_id, pin, approval, amount=amount, intent=intent))

    def next_customer(self) -> None:
        """The cashier turns to the next customer; an open payment goes on in the background."""
        self._thread.call(self.parts.desk.next_customer)

    def result_shown(self, payment_id: str, *, shown_at_ns: int) -> None:
        """The result of a payment was painted (monotonic ns): what its steps took can be written down."""
        self._thread.do(self.parts.desk.timed.shown(payment_id, shown_at_ns))

    def demo_customer_pays(self) -> None:
        """Demo only: the demo customer holds out the phone; the code comes back through a picture and the decoders."""
        self._thread.do(self.parts.demo_customer.pay())

    def demo_code(self) -> str:
        """A fresh code of the demo customer, read from its picture; takes a moment.

        Raises:
            OSError: the demo phone does not answer.
        """
        return self.parts.demo_customer.code()

    def demo_customer_scans(self, payment_id: str) -> None:
        """Demo only: the demo customer scans the order that is shown, and pays it. Told as `PaymentView`s."""
        self._thread.do(self.parts.demo_customer.scan(payment_id))

    def demo_customer_agrees(self, binding_id: str) -> None:
        """Demo only: the demo customer agrees to be a regular one. Told as `BindingView`."""
        self._thread.do(self.parts.demo_customer.agree(binding_id))

    @needs(Right.TAKE_CASH)
    def take_cash(self, *, amount: int, given: int, note: str, intent: str) -> None:
        """Take `amount` dong in cash of the `given` ones. Told as `CashDone` or `CashRefused`."""
        self._thread.do(self._take_cash(amount, given, note, intent))

    async def _take_cash(self, amount: int, given: int, note: str, intent: str) -> None:
        try:
            sale = await self.parts.cash.take(amount, given, note, intent)
        except RefusedError as error:
            self._post(CashRefused(intent, error.title, error.advice))
        else:
            self._post(CashDone(intent, sale))

    @needs(Right.TAKE_CASH)
    def count_cash(self, counted: int) -> None:
        """The drawer was counted. Told as `ShiftView`, or `ShiftRefused`."""
        self._thread.do(self.parts.shifts.count_cash(counted))

    def move_cash(self, what: CashKind, amount: int, *, reason: str, intent: str, by: str, pin: str) -> None:
        """Cash goes in or out without a sale, or the drawer only opens. Told as `ShiftView`, or `ShiftRefused`."""
        self._thread.do(self.parts.shifts.move_cash(what, amount, reason=reason, intent=intent, by=by, pin=pin))

    @needs(Right.LOOK_UP)
    def recent(self) -> None:
        """Wants the newest payments. Told as `RecentView`."""
        self._thread.do(self.parts.tell_recent())

    @needs(Right.LOOK_UP)
    def story(self, payment_id: str) -> None:
        """Wants a payment's time line. Told as `StoryView`."""
        self._thread.do(self.parts.lookup.story(payment_id))

    @needs(Right.LOOK_UP)
    def slip(self, payment_id: str, *, refund: str = "") -> None:
        """Wants the picture of a payment's slip, or of its refund of that id. Told as `SlipView`."""
        self._thread.do(self.parts.slip_desk.show(payment_id, refund))

    @needs(Right.REPRINT)
    def reprint(self, payment_id: str, *, refund: str = "") -> None:
        """Print the slip of a payment, or of its refund of that id, once more, as a copy. Told as `PrintView`."""
        self._thread.do(self.parts.slip_desk.print(payment_id, refund))

    @needs(Right.LOOK_UP)
    def latest(self) -> None:
        """Wants the newest payments with their stories, from the journal alone. Told as `LatestView`."""
        self._thread.do(self.parts.lookup.latest())

    @needs(Right.LOOK_UP)
    def find(self, text: str) -> None:
        """Wants the payments of the last month that fit what was typed. Told as `FoundView`."""
        self._thread.do(self.parts.lookup.find(text))

    @needs(Right.X_REPORT)
    def look_at_shift(self, number: int | None = None) -> None:
        """Wants the running shift, or the report of that number. Told as `ShiftView`, or `ShiftRefused`."""
        self._thread.do(self.parts.shifts.show(number))

    @needs(Right.OPEN_SHIFT)
    def open_shift(self, *, float_dong: int = 0) -> None:
        """Open the shift, with so much cash. Told as `ShiftView`, or `ShiftRefused`."""
        self._thread.do(self.parts.shifts.open(float_dong))

    @needs(Right.CLOSE_SHIFT)
    def close_shift(
        self, number: int, seen: tuple[Open, ...], *, reason: str, by: str, pin: str, difference_reason: str = ""
    ) -> None:
        """Close that shift for good. Told as `ShiftView`, or `ShiftRefused`."""
        work = self.parts.shifts.close(number, seen, reason=reason, by=by, pin=pin, difference_reason=difference_reason)
        self._thread.do(work)

    @needs(Right.X_REPORT)
    def print_shift(self, number: int | None = None) -> None:
        """Print the report of a shift. Told as `PrintView` under its name."""
        self._thread.do(self.parts.shifts.print(number))

    @needs(Right.X_REPORT)
    def save_shift(self, number: int | None = None) -> None:
        """Save the report of a shift as PDF. Told as `ShiftSaved`, or `ShiftRefused`."""
        self._thread.do(self.parts.shifts.save(number))

    def sign_in(self, person_id: str, *, pin: str) -> None:
        """This person stands at the till from now on. Told as `DutyView`, or `SignInRefused`."""
        self._thread.do(self.parts.staff.sign_in(person_id, pin))

    def lock(self) -> None:
        """Nobody stands at the till any more; running payments go on. Told as `DutyView`."""
        self._thread.do(self.duty.lock())

    def permit(self, right: Right, *, by: str, pin: str) -> None:
        """Somebody lets whoever stands here do this for once. Told as `Permitted`, or `PermitRefused`."""
        self._thread.do(self.parts.staff.permit(right, Signature(by, pin)))

    def give_back(self) -> None:
        """What was permitted for once is over."""
        self.duty.give_back()

    def change_staff(self, wish: StaffWish, *, by: str, pin: str) -> None:
        """Change who works here, signed by somebody who may. Told as `DutyView` and `StaffDone`, or `StaffRefused`."""
        self._thread.do(self.parts.staff.change(wish, Signature(by, pin)))

    @needs(Right.LOOK_UP)
    def list_payments(self, wanted: "Wanted") -> None:
        """Wants the newest payments that fit. Told as `PaymentsListed`."""
        self._thread.do(self.parts.reports.list(wanted))

    @needs(Right.EXPORT)
    def export_payments(self, path: Path, wanted: "Wanted") -> None:
        """Wants every payment that fits in a file. Told as `Exporting`, then `Exported`."""
        self._thread.do(self.parts.reports.export_list(path, wanted))

    @needs(Right.REPORTS)
    def report(self, days: "Days", choice: "Choice") -> None:
        """Wants the report of these days. Told as `ReportShown`."""
        self._thread.do(self.parts.reports.report(days, choice))

    @needs(Right.EXPORT)
    def export_report(self, path: Path, days: "Days", choice: "Choice") -> None:
        """Wants the report of these days in a file. Told as `Exporting`, then `Exported`."""
        self._thread.do(self.parts.reports.export(path, days, choice))

    @needs(Right.RECONCILE)
    def open_statement(self, path: Path) -> None:
        """Wants to know the columns of a statement file. Told as `StatementOpened`."""
        self._thread.do(self.parts.reports.open_statement(path))

    @needs(Right.RECONCILE)
    def reconcile(self, path: Path, form: "Form", days: "Days | None" = None) -> None:
        """Wants a statement held against the journal. Told as `Comparing`, then `Compared`."""
        self._thread.do(self.parts.reports.reconcile(path, form, days))

    @needs(Right.LOOK_UP)
    def examine(self) -> None:
        """Check everything that is needed to sell. Told as `Checked`, one by one, then `AllChecked`."""
        self.parts.doctor.begin()

    @needs(Right.LOOK_UP)
    def write_support_report(self) -> None:
        """Wants the report for support. Told as `SupportShown`."""
        self.parts.doctor.begin_report()

    @needs(Right.BACK_UP)
    def back_up(self, path: Path, passphrase: str) -> None:
        """Back the journal up into a sealed file. Told as `BackedUp` or `BackupRefused`."""
        self.parts.doctor.begin_backup(path, passphrase)

    @needs(Right.EXPORT)
    def save_support_report(self, path: Path) -> None:
        """Save the very text that was shown. Told as `SupportSaved` or `SupportRefused`."""
        self._thread.do(asyncio.to_thread(self.parts.doctor.save_report, path))

    def set_first_pin(self, pin: str) -> None:
        """Set the manager's first PIN. Told as `PinChanged`, with the recovery code, or `PinRefused`."""
        self._thread.do(self.parts.staff.set_first_pin(pin))

    def recover_pin(self, recovery_code: str, pin: str) -> None:
        """Set a new PIN by the owner's recovery code. Told as `PinChanged` with the next code, or `PinRefused`."""
        self._thread.do(self.parts.staff.recover_pin(recovery_code, pin))

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
        self._thread.do(self._allow_settings())

    async def _allow_settings(self) -> None:
        self._post(SettingsAllowed())

    def preferences(self, *, language: str, theme: str, text: int) -> None:
        """Remember another look."""
        before = self.parts.settings
        look = before.look._replace(language=Language(language), theme=theme, text=text)
        self.parts.settings, where = before._replace(look=look), self._settings_folder
        keep = asyncio.to_thread(settings_file.keep_look, where, language=look.language, theme=theme, text=text)
        self._thread.do(keep)

    # --- how they end ----------------------------------------------------------------------------------------------

    def _try(self, command: Coroutine[Any, Any, object]) -> None:
        self._thread.do(self._unless_refused(command))

    async def _unless_refused(self, command: Coroutine[Any, Any, object]) -> None:
        try:
            await command
        except RefusedError as error:
            self.refuse(error)

    def refuse(self, error: RefusedError) -> None:
        """Say that a command was not done."""
        self._post(Refused(error.title, error.advice))
