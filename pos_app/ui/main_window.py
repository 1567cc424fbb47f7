"""The one window: head, the screen that is open, foot. Hands events to the screens and keys to the foot.

Which screens there are is in `all_screens`; a new one has one line more in `_keys`.
"""

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.checkout.standing import HealthView, RefundStage, ScanSource, Stage
from pos_app.clock import Clock
from pos_app.payments.environment import Environment
from pos_app.ui.all_screens import Screens
from pos_app.ui.approvals import Approvals
from pos_app.ui.at_the_counter import CHARGING
from pos_app.ui.bridge import Bridge
from pos_app.ui.look import Look
from pos_app.ui.on_duty import OnDuty
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.sale import SaleScreen
from pos_app.ui.sounds import Sound, Sounds
from pos_app.ui.theme import style_sheet
from pos_app.ui.widgets.focus_ring import FocusRing
from pos_app.ui.widgets.foot import Foot, FootKey
from pos_app.ui.widgets.head import Head
from pos_app.words import Text

if TYPE_CHECKING:
    from pos_app.checkout.events import BindingView, CustomersView, Refused, Seen
    from pos_app.checkout.report_views import OfReports
    from pos_app.checkout.views import PaymentView
    from pos_app.scanning.source import Scan
    from pos_app.ui.closing import ClosingCover
    from pos_app.ui.commands import Commands
    from pos_app.ui.customer_window import CustomerDisplay
    from pos_app.ui.speech import Speech

_SIGNED = ("approval", "permit", "manager_pin", "lock")
WIDTH_MIN, HEIGHT_MIN = 1024, 768
_SETTLED = {Stage.PAID: Sound.PAID, Stage.DECLINED: Sound.DECLINED, Stage.NOT_SENT: Sound.DECLINED,
            Stage.MISMATCH: Sound.UNKNOWN}  # fmt: skip


RECENT_AFTER_MS = 200
"""The list of the newest payments is read once a payment's views have come, and not between answer and picture."""


class Place(NamedTuple):
    """Where this till stands, as the head and the help show it.

    Attributes:
        store, till, cashier: as the shop wrote them; "" leaves one out.
        demo: the built-in gateway takes no real money.
        sandbox: the gateways' test hosts take none.
        phone_address: where the demo customer's phone is to be opened, "" for none.
        customer_screen, customer_words: the customer display, see `settings.DisplaySettings`.
        lock_after_min: see `settings.StaffSettings`.
        takes_cash: see `settings.CashSettings`.
    """

    store: str
    till: str = ""
    cashier: str = ""
    demo: bool = False
    phone_address: str = ""
    customer_screen: str = "auto"
    customer_words: str = "vi_en"
    lock_after_min: int = 5
    sandbox: bool = False
    takes_cash: bool = False

    @property
    def environment(self) -> Environment:
        """Whose money moves here."""
        if self.demo:
            return Environment.BUILT_IN
        return Environment.SANDBOX if self.sandbox else Environment.LIVE

    @property
    def note(self) -> Text | None:
        """What the customer display says where no real money moves."""
        return self.environment.note


class MainWindow(QWidget):
    """The till's window. Works without commands (the till is still being built) and then with them (`obey`).

    Attributes:
        place: where this till stands.
        recent: today's payments, as far as the till has told them.
        opens_settings: it was closed to change the settings.
        screens: all screens, one of them shown.
        sale: the one that is there first.
    """

    def __init__(
        self, bridge: Bridge, look: Look, clock: Clock, place: Place, sounds: Sounds, *,
        speech: "Speech | None" = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._look, self.place, self._sounds = look, place, sounds
        self._commands: Commands | None = None
        self._clock = clock
        self._told: dict[str, tuple[object, ...]] = {}
        self._wants_recent = QTimer(self, singleShot=True, interval=RECENT_AFTER_MS)
        self._wants_recent.timeout.connect(self._ask_recent)
        self._running: dict[str, PaymentView] = {}
        self._open: tuple[PaymentView, ...] = ()
        self.approvals = Approvals(self)
        self.on_duty = OnDuty(self)
        self._last_id, self._helped = "", "sale"
        self.opens_settings = False
        self.recent: tuple[PaymentView, ...] = ()
        self._cover: ClosingCover | None = None
        self._customer_display: CustomerDisplay | None = None
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(WIDTH_MIN, HEIGHT_MIN)
        self.setWindowTitle(place.store)
        who, badge = (place.store, place.till, place.cashier), place.environment.badge
        self.head = Head(look, who, badge=badge, show_open=self._show_open, examine=self._show_doctor)
        self.sale = SaleScreen(
            look, clock, sounds, demo=place.demo, changed=self.refresh, speech=speech, manage=self._manage,
            allow=self.approvals.want, cash=place.takes_cash,
        )  # fmt: skip
        self.screens = Screens(look, clock, self, self.sale)
        self.foot = Foot(look, self._keys(), open_to=self.on_duty.leaves_open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.screens, 1)
        column.addWidget(self.foot)
        self._ring = FocusRing(look, self)
        look.changed.connect(self._dress)
        self._dress()
        self.refresh()
        self.sale.card.box.setFocus()
        bridge.arrived.connect(self.receive)

    def on(self, name: str) -> bool:
        """Whether the screen of that name is the one that is shown."""
        return self.screens.on(name)

    def _keys(self) -> tuple[FootKey, ...]:
        key = Qt.Key
        return (
            FootKey(key.Key_F1, "F1", Text("Trợ giúp", "Help"), self._show_help, lambda: True,
                    lambda: self.on("help")),
            FootKey(key.Key_F2, "F2", Text("Khách quét QR", "Customer scans"), self.sale.show_code,
                    lambda: self.on("sale") and (self.sale.can_show_code or self.sale.can_show_instead)),
            FootKey(key.Key_F2, "F2", Text("Cách trả khác", "Other ways"), self.sale.choose_way,
                    lambda: self.on("sale") and self.sale.can_change_way, lambda: self.sale.chooses_way),
            FootKey(key.Key_F3, "F3", Text("Giao dịch", "Payments"), self._show_payments, lambda: True,
                    lambda: self.on("payments")),
            FootKey(key.Key_F4, "F4", Text("Hoàn tiền", "Refund"), self._show_refund, lambda: True,
                    lambda: self.on("refund")),
            FootKey(key.Key_F5, "F5", Text("Đã trả chưa?", "Is it paid?"), self._show_is_it_paid, lambda: True,
                    lambda: self.on("is_it_paid")),
            FootKey(key.Key_F6, "F6", Text("Ca", "Shift"), self._show_shift, lambda: True, lambda: self.on("shift"),
                    shown=self._has_time),
            FootKey(key.Key_F7, "F7", Text("Tiền mặt", "Cash"), self.sale.take_cash,
                    lambda: self.on("sale") and self.sale.can_take_cash, lambda: self.sale.is_taking_cash),
            FootKey(key.Key_F7, "F7", Text("Báo cáo", "Reports"), self.on_duty.asking_for_reports, lambda: True,
                    lambda: self.on("reports"), shown=self._has_time),
            FootKey(key.Key_F8, "F8", Text("Khách mẫu đưa mã", "Demo customer"), self.sale.demo_customer_pays,
                    lambda: self.place.demo and self.on("sale") and self.sale.awaits_code),
            FootKey(key.Key_F8, "F8", Text("Khách mẫu quét", "Demo scans"), self.sale.demo_customer_scans,
                    lambda: self.on("sale") and self.sale.demo_can_scan),
            FootKey(key.Key_F8, "F8", Text("Khách mẫu đồng ý", "Demo agrees"), self._demo_agrees,
                    self._customer_agrees),
            FootKey(key.Key_F8, "F8", Text("Cài đặt", "Settings"), self.on_duty.asking_for_settings,
                    lambda: self.on("help") and self.on_duty.can_open_settings,
                    shown=lambda: self.on("help") and not self._look.size.narrow),
            FootKey(key.Key_F9, "F9", Text("Kiểm tra máy", "Doctor"), self._show_doctor,
                    lambda: self.on("help") or self.on("doctor"), lambda: self.on("doctor"),
                    lambda: self.on("doctor") or not self._look.size.narrow),
            FootKey(key.Key_F9, "F9", Text("In lại", "Reprint"), self.show_slip, lambda: bool(self._slip_id()),
                    shown=lambda: not (self.on("help") or self.on("doctor"))),
            FootKey(key.Key_F10, "F10", Text("Nhân viên", "Staff"), self.on_duty.show_staff,
                    lambda: self.on("help") or self.on("staff"), lambda: self.on("staff")),
            FootKey(key.Key_F10, "F10", Text("Khóa máy", "Lock"), self.on_duty.lock,
                    lambda: self.on_duty.can_lock and not (self.on("help") or self.on("staff"))),
            FootKey(key.Key_F11, "F11", Text("Toàn màn hình", "Full screen"), self._full_screen, lambda: True,
                    self.isFullScreen, lambda: not self.on("sale")),
            FootKey(key.Key_F12, "F12", Text("Màn hình khách", "Customer screen"), self._toggle_customer_display,
                    lambda: self.on("help"),
                    lambda: self._customer_display is not None and self._customer_display.is_open),
            FootKey(key.Key_F12, "F12", Text("Khách quen", "Regulars"), self._show_regulars,
                    lambda: not self.on("help"), lambda: self.on("regulars")),
            FootKey(key.Key_Escape, "Esc", Text("Hủy", "Cancel"), self.sale.cancel,
                    lambda: self.on("sale") and self.sale.can_cancel),
            FootKey(key.Key_Escape, "Esc", Text("Quay lại", "Back"), self.back,
                    lambda: not self.on("sale") or self.sale.can_go_back),
        )  # fmt: skip

    def _has_time(self) -> bool:
        """Nobody is being served: what can wait has room in the foot. Its keys work all the same."""
        return not (self.on("sale") and self.sale.serves) and not self._customer_agrees()

    def _customer_agrees(self) -> bool:
        return self.on("regulars") and self.screens.regulars.demo_can_agree

    def obey(self, commands: "Commands") -> None:
        """The till is built: acts go to it from now on."""
        self._commands = commands
        self.screens.obey(commands)
        self.on_duty.obey(commands)
        commands.recent()
        self.refresh()
        QTimer.singleShot(0, self, self._open_customer_display)

    @Slot(object)
    def receive(self, event: object) -> None:  # noqa: C901, PLR0912, PLR0915 - one line per kind of event
        """Hand an event of the till to the screen it is for."""
        from pos_app.checkout import events, report_views, views  # noqa: PLC0415 - the window comes up without them
        from pos_app.doctor.views import OfDoctor  # noqa: PLC0415 - the same

        match event:
            case views.PaymentView():
                self._show_payment(event)
            case events.Seen():
                self._show_scan(event)
            case events.CameraView():
                self.sale.show_camera(event)
                for doctor in self.screens.opened("doctor"):
                    doctor.show_frame(event)
            case HealthView():
                self.head.show_health(event)
            case events.Refused():
                self._show_refused(event)
            case events.CustomersView() | events.BindingView():
                self._tell_regulars(event)
            case events.PrintView():
                self.sale.show_print(event)
                for screen in self.screens.opened("slip", "refund", "shift"):
                    screen.show_print(event)
            case events.ShiftState():
                self.head.show_shift(event.number, event.opened_at_ms)
            case events.ShiftView() | events.ShiftRefused() | events.ShiftSaved():
                for screen in self.screens.opened("shift"):
                    screen.receive(event)
            case events.CashDone() | events.CashRefused():
                self.sale.show_cash(event)
            case events.OpenCount():
                self._show_open_count(event.views)
            case events.RecentView():
                self._show_recent(event.payments)
            case events.StoryView():
                for screen in self.screens.opened("payments", "open_payments", "refund", "approval"):
                    screen.show_story(event)
            case events.LatestView():
                self.screens.is_it_paid.show_latest(event)
            case events.FoundView():
                self.screens.refund.show_found(event)
            case events.SlipSeen():
                if self.on("refund"):
                    self.screens.refund.take_slip(event.payment_id)
            case events.ActDone() | events.ActRefused() | events.PinState() | events.PinChanged() | events.PinRefused():
                self.approvals.receive(event)
            case _ if isinstance(event, events.OfDuty):
                self.on_duty.receive(event)
            case events.SlipView():
                self.screens.slip.show_slip(event)
            case events.Ready():
                self.place = self.place._replace(phone_address=event.phone_address)
                self.sale.methods = event.methods
            case events.SettingsAllowed():
                self.opens_settings = True
                self.close()
            case OfDoctor():
                for doctor in self.screens.opened("doctor"):
                    doctor.receive(event)
            case _ if isinstance(event, report_views.OfReports):
                self._tell_reports(event)
            case _:
                message = f"no screen for {type(event).__name__}"
                raise TypeError(message)
        self.refresh()

    @Slot(object)
    def take_scan(self, scan: "Scan") -> None:
        """The hand-held scanner read something: the till says what it is."""
        if self._commands is not None:
            self._commands.scanned(scan.text, scan.scanned_monotonic_ns)

    def refresh(self) -> None:
        """Other keys may work now."""
        if hasattr(self, "foot") and not (self.on("sale") and self.sale.waits_to_show):
            self.foot.refresh()

    def _show_payment(self, view: "PaymentView") -> None:
        self.sale.show_payment(view)
        self._keep_running(view)
        for screen in self.screens.opened("payments", "open_payments", "refund", "approval"):
            screen.show_payment(view)
        if view.stage is not Stage.SENDING:
            self._last_id = view.payment_id
        now = (view.stage, view.work, view.released, *(one.stage for one in view.refunds))
        before = self._told.get(view.payment_id)
        self._told[view.payment_id] = now
        if view.late and view.stage in _SETTLED and (before is None or before[0] is not view.stage):
            self.head.show_news(view)
            self._sounds.play(_SETTLED[view.stage] if view.work is None else Sound.UNKNOWN)
        if self._commands is not None and now != before and view.stage is not Stage.SENDING:
            self._wants_recent.start()
            if self.on("is_it_paid"):
                self.screens.is_it_paid.renew()
        self.approvals.see(view)

    @Slot()
    def _ask_recent(self) -> None:
        if self._commands is not None:
            self._commands.recent()

    def _show_recent(self, views: "tuple[PaymentView, ...]") -> None:
        self.recent = views
        self.sale.stage.ready.show_recent(views)
        for payments in self.screens.opened("payments"):
            payments.show_list(views)
        for refund in self.screens.opened("refund"):
            refund.show_recent(views)
        self._last_id = views[0].payment_id if views else self._last_id

    def _keep_running(self, view: "PaymentView") -> None:
        if view.stage in CHARGING:
            self._running[view.payment_id] = view
        else:
            self._running.pop(view.payment_id, None)

    def watched(self) -> "tuple[PaymentView, ...]":
        """All that is not over, oldest first; what is being charged at the counter too."""
        views = {view.payment_id: view for view in self._open} | self._running
        return tuple(sorted(views.values(), key=lambda view: view.scanned_at_ms))

    def _show_open_count(self, views: "tuple[PaymentView, ...]") -> None:
        from pos_app.ui.screens.situation import counts  # noqa: PLC0415 - the window comes up without it
        from pos_app.ui.signs import waits_away  # noqa: PLC0415

        self._open = views
        self.head.show_links(sum(waits_away(view) for view in self.watched()))
        counted = [view for view in views if counts(view)]
        self.head.show_open(len(counted), settle=any(view.work is not None for view in counted))
        for screen in self.screens.opened("open_payments"):
            screen.show_open(self.watched())

    def _show_scan(self, seen: "Seen") -> None:
        """A code is taken only where the cashier sees what becomes of it."""
        from pos_app.payments.payment_code import PaymentCode  # noqa: PLC0415 - there since the till is

        if self.on("doctor") and seen.source is ScanSource.SCANNER:
            self.screens.doctor.scanned()
        if self.on("sale"):
            self.sale.show_scan(seen)
        elif isinstance(seen.read, PaymentCode):
            seen.read.forget()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The foot's keys first, then the screen's own."""
        if self.head.close_popover() and event.key() == Qt.Key.Key_Escape:
            return
        if event.isAutoRepeat() and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_F2 and shifted and self.on("sale"):
            self.sale.choose_way()
            return
        if self.foot.press(Qt.Key(event.key())):
            return
        screen = self.screens.currentWidget()
        if not (isinstance(screen, SaleScreen | OtherScreen) and screen.press(event)):
            super().keyPressEvent(event)

    def _show_doctor(self) -> None:
        if self.on("doctor"):
            self.turn_to(self.sale)
            return
        self.turn_to(self.screens.doctor)
        if self.on("doctor"):
            self.screens.doctor.begin()

    def _show_help(self) -> None:
        if self.on("help"):
            self.leave_help()
            return
        from pos_app.ui.screens.help_topics import OTHER, SCREENS, STAGES  # noqa: PLC0415 - only for who asks

        self._helped = name = self.screens.name
        topic = STAGES.get(self.sale.stage.name) if name == "sale" else SCREENS.get(name)
        keys = self.foot.told()
        self.turn_to(self.screens.help)
        self.screens.help.tell(topic or OTHER, keys)

    def leave_help(self) -> None:
        """Back to where help was asked for, unless somebody has to say there anew who they are."""
        self.turn_to(self.sale if self._helped in _SIGNED else getattr(self.screens, self._helped))

    def turn_to(self, screen: QWidget) -> None:
        """Show a screen, and give it the keys; a recovery code is not left before it was written down."""
        if self.on("manager_pin") and self.screens.manager_pin.holds_a_code:
            return
        if not self.on_duty.lets_show(screen):
            return
        self.screens.turn_to(screen)
        self.on_duty.turned_to(screen)
        self.sale.be_seen(seen=screen is self.sale)
        (self.sale.card.box if screen is self.sale else screen).setFocus()
        self.refresh()

    def back(self) -> None:
        """Esc: one step back, from any screen."""
        if self.on("sale"):
            self.sale.back()
        elif self.on("manager_pin") and self.screens.manager_pin.holds_a_code:
            return
        elif self.on("approval") or self.on("manager_pin"):
            self.approvals.give_up()
        elif isinstance(screen := self.screens.currentWidget(), OtherScreen) and screen.can_go_back:
            screen.back()
        else:
            self.turn_to(self.sale)

    def _show_payments(self) -> None:
        if self.on("payments"):
            self.turn_to(self.sale)
            return
        if self._commands is not None:
            self._commands.recent()
        self.turn_to(self.screens.payments)
        self.screens.payments.begin()

    @Slot(str)
    def find_payment(self, payment_id: str) -> None:
        """Show one payment in the list, of whatever day it is."""
        self.turn_to(self.screens.payments)
        self.screens.payments.look_for(payment_id)

    def show_reports(self) -> None:
        """Reports (F7), once they may be seen."""
        if self.on("reports"):
            self.turn_to(self.sale)
            return
        self.turn_to(self.screens.reports)
        if self.on("reports"):
            self.screens.reports.begin()

    def _tell_reports(self, event: "OfReports") -> None:
        """What was looked for, to the screen that asked for it."""
        from pos_app.checkout.report_views import Exported, Exporting, PaymentsListed, ReportRefused  # noqa: PLC0415

        for screen in self.screens.opened("payments"):
            if isinstance(event, PaymentsListed):
                screen.show_listed(event)
            elif isinstance(event, Exporting | Exported | ReportRefused) and self.on("payments"):
                screen.tell(event)
        for screen in self.screens.opened("reports"):
            screen.receive(event)

    def _show_open(self) -> None:
        if not self.on("open_payments"):
            self.turn_to(self.screens.open_payments)

    def _manage(self, payment_id: str) -> None:
        """Show a payment where a manager can decide about it."""
        self._show_open()
        self.screens.open_payments.choose(payment_id)

    def _show_shift(self) -> None:
        if self.on("shift"):
            self.turn_to(self.sale)
            return
        self.turn_to(self.screens.shift)
        from pos_app.staff.permissions import Right  # noqa: PLC0415 - the window comes up without it

        self.screens.shift.begin(self.on_duty.who_has(Right.SIGN_OFF), pin_is_set=self.approvals.pin_is_set)

    def _show_is_it_paid(self) -> None:
        if self.on("is_it_paid"):
            self.turn_to(self.sale)
            return
        self.turn_to(self.screens.is_it_paid)
        self.screens.is_it_paid.ask()

    def _show_refund(self) -> None:
        if self.on("refund"):
            self.turn_to(self.sale)
            return
        chosen = self.screens.payments.chosen_refundable if self.on("payments") else None
        self.turn_to(self.screens.refund)
        if chosen is not None:
            self.screens.refund.begin_with(chosen)
        else:
            self.screens.refund.begin()

    def _show_refused(self, refused: "Refused") -> None:
        """A charge that was not begun, or what was asked for on the screen that is open."""
        if self.on_duty.locked:
            self.screens.lock.show_refused(refused)
            return
        self.sale.show_refused(refused)
        if self.on("regulars"):
            self.screens.regulars.show_refused(refused)
        elif self.on("doctor"):
            self.screens.doctor.refuse(refused.title, refused.advice)
        elif self.on("reports") or self.on("payments"):
            from pos_app.checkout.report_views import ReportRefused  # noqa: PLC0415 - the window comes up without it

            self._tell_reports(ReportRefused(refused.title, refused.advice))

    def _tell_regulars(self, event: "CustomersView | BindingView") -> None:
        """Only once the screen was opened; it asks for them itself then."""
        for screen in self.screens.opened("regulars"):
            screen.receive(event)

    def _show_regulars(self) -> None:
        if self.on("regulars"):
            self.turn_to(self.sale)
            return
        self.turn_to(self.screens.regulars)
        self.screens.regulars.begin()

    def _demo_agrees(self) -> None:
        self.screens.regulars.demo_customer_agrees()

    @Slot(str)
    def charge_customer(self, number: str) -> None:
        """Charge the wallet of the regular customer of that number: on the sale screen, as any payment."""
        if self.sale.charge_customer(number):
            self.turn_to(self.sale)

    def _slip_id(self) -> str:
        if self._commands is None:
            return ""
        for name in ("payments", "open_payments", "is_it_paid"):
            if self.on(name):
                chosen: str = getattr(self.screens, name).chosen_id
                return chosen
        return self.sale.last_payment_id or self._last_id

    def show_slip(self) -> None:
        """The slip of what is chosen, or else of the newest; once it is there, a copy is printed (F9)."""
        if self.on("slip"):
            self.screens.slip.print_again()
            return
        refund = self.screens.refund.refund if self.on("refund") else None
        if refund is not None and refund.stage is RefundStage.DONE:
            self.show_refund_slip(refund.payment_id, refund.m_refund_id)
            return
        wanted = self._slip_id()
        self.turn_to(self.screens.slip)
        self.screens.slip.ask(wanted)

    @Slot(str, str)
    def show_refund_slip(self, payment_id: str, m_refund_id: str) -> None:
        """The slip of a refund."""
        self.turn_to(self.screens.slip)
        self.screens.slip.ask(payment_id, refund=m_refund_id)

    @Slot(object)
    def try_again(self, view: "PaymentView") -> None:
        """A sale that was let go on: the same amount, a new code."""
        if self.sale.try_again(view):
            self.turn_to(self.sale)

    # The customer display

    @Slot()
    def _open_customer_display(self) -> None:
        """Late: the cashier's window is there and works before the customer's is made."""
        if self._commands is None or self._customer_display is not None:
            return
        from pos_app.ui.customer_window import open_customer_display  # noqa: PLC0415 - see above

        self._customer_display = open_customer_display(
            self, self.sale, self._look, self._clock, self.place, changed=self.refresh
        )

    def _toggle_customer_display(self) -> None:
        self._open_customer_display()
        if self._customer_display is not None:
            self._customer_display.toggle()

    def _full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self.refresh()

    # Look and life

    def prefer(self) -> None:
        """Another look was chosen: the till remembers it."""
        look = self._look
        if self._commands is not None:
            self._commands.preferences(language=look.language.value, theme=look.theme.value, text=look.text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the measures for this width."""
        self._look.fit(self.width())
        if self._cover is not None:
            self._cover.setGeometry(self.rect())
        super().resizeEvent(event)

    @Slot()
    def _dress(self) -> None:
        self.setStyleSheet(style_sheet(self._look.tokens))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing stops the till first, behind a window that stays alive and says so; then it closes for good."""
        if event.spontaneous() and self._warns_of_open():
            event.ignore()
            return
        commands, self._commands = self._commands, None
        app = QGuiApplication.instance()
        if commands is not None and isinstance(app, QGuiApplication) and app.isSavingSession():
            commands.stop()  # the system is going down: it would take a refusal for "do not"
        elif commands is not None:
            self._begin_closing(commands)
        if self._cover is None:
            super().closeEvent(event)
        else:
            event.ignore()

    def _warns_of_open(self) -> bool:
        """Somebody closes the window while not all is over: the list is shown first, and asks once more.

        A signal, or the system going down, closes at once: all of it is asked about again at the next start.
        """
        app = QGuiApplication.instance()
        going_down = isinstance(app, QGuiApplication) and app.isSavingSession()
        if self._commands is None or going_down or self.on_duty.locked or not self.watched():
            return False
        if self.on("open_payments") and self.screens.open_payments.warns:
            return False
        self.screens.open_payments.show_open(self.watched())
        self.turn_to(self.screens.open_payments)
        self.screens.open_payments.warn()
        return True

    def _begin_closing(self, commands: "Commands") -> None:
        from pos_app.ui.closing import ClosingCover, Stopping  # noqa: PLC0415 - only at the end

        self.screens.obey(None)
        if self._customer_display is not None:
            self._customer_display.close()
        self._cover = ClosingCover(self._look, self)
        Stopping(commands.stop, self._closed, self).begin()

    @Slot()
    def _closed(self) -> None:
        self._cover = None
        self.close()
