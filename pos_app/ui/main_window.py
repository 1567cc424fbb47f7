"""The one window: head, the screen that is open, foot. Hands events to the screens and keys to the foot.

A new screen is one property beside `payments` and one line in `_keys`.
"""

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.checkout.views import HealthView, PaymentView, RefundStage, Stage
from pos_app.clock import Clock
from pos_app.payments.payment_code import PaymentCode
from pos_app.ui.approvals import Approvals
from pos_app.ui.bridge import Bridge
from pos_app.ui.look import Look
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.sale import SaleScreen
from pos_app.ui.sounds import Sound, Sounds
from pos_app.ui.theme import style_sheet
from pos_app.ui.widgets.focus_ring import FocusRing
from pos_app.ui.widgets.foot import Foot, FootKey
from pos_app.ui.widgets.head import Head
from pos_app.ui.widgets.pages import Pages
from pos_app.words import Text

if TYPE_CHECKING:
    from pos_app.checkout.events import Seen
    from pos_app.scanning.source import Scan
    from pos_app.ui.closing import ClosingCover
    from pos_app.ui.commands import Commands
    from pos_app.ui.customer_window import CustomerDisplay
    from pos_app.ui.screens.approval import ApprovalScreen
    from pos_app.ui.screens.help import HelpScreen
    from pos_app.ui.screens.is_it_paid import IsItPaidScreen
    from pos_app.ui.screens.manager_pin import ManagerPinScreen
    from pos_app.ui.screens.open_payments import OpenPaymentsScreen
    from pos_app.ui.screens.payments import PaymentsScreen
    from pos_app.ui.screens.refund import RefundScreen
    from pos_app.ui.screens.slip import SlipScreen
    from pos_app.ui.speech import Speech

_Screen = TypeVar("_Screen", bound=OtherScreen)
WIDTH_MIN, HEIGHT_MIN = 1024, 768
_OTHERS = ("payments", "help", "slip", "open_payments", "is_it_paid", "refund", "approval", "manager_pin")
_RUNNING = {Stage.SENDING, Stage.PROCESSING, Stage.SHOWN}
_SETTLED = {Stage.PAID: Sound.PAID, Stage.DECLINED: Sound.DECLINED, Stage.NOT_SENT: Sound.DECLINED,
            Stage.MISMATCH: Sound.UNKNOWN}  # fmt: skip


class Place(NamedTuple):
    """Where this till stands, as the head and the help show it.

    Attributes:
        store, till, cashier: as the shop wrote them; "" leaves one out.
        demo: the built-in gateway takes no real money.
        phone_address: where the demo customer's phone is to be opened, "" for none.
        customer_screen, customer_words: the customer display, see `settings.DisplaySettings`.
    """

    store: str
    till: str = ""
    cashier: str = ""
    demo: bool = False
    phone_address: str = ""
    customer_screen: str = "auto"
    customer_words: str = "vi_en"


class MainWindow(QWidget):
    """The till's window. Works without commands (the till is still being built) and then with them (`obey`)."""

    def __init__(
        self, bridge: Bridge, look: Look, clock: Clock, place: Place, sounds: Sounds, *,
        speech: "Speech | None" = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._look, self._place, self._sounds = look, place, sounds
        self._commands: Commands | None = None
        self._clock = clock
        self._told: dict[str, tuple[object, ...]] = {}
        self._running: dict[str, PaymentView] = {}
        self._open: tuple[PaymentView, ...] = ()
        self.approvals = Approvals(self)
        self._last_id = ""
        self._recent: tuple[PaymentView, ...] = ()
        self._cover: ClosingCover | None = None
        self._customer_display: CustomerDisplay | None = None
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(WIDTH_MIN, HEIGHT_MIN)
        self.setWindowTitle(place.store)
        self.screens = Pages(look)
        self.head = Head(look, (place.store, place.till, place.cashier), demo=place.demo, show_open=self._show_open)
        self.sale = SaleScreen(
            look, clock, sounds, demo=place.demo, changed=self.refresh, speech=speech, manage=self._manage
        )
        self.screens.turn_to(self.sale)
        self.foot = Foot(look, self._keys())
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

    # The screens: the sale at once, the others when they are first opened, so that the window comes up fast.

    @cached_property
    def payments(self) -> "PaymentsScreen":
        """Payments (F3)."""
        from pos_app.ui.screens.payments import PaymentsScreen  # noqa: PLC0415 - see above

        screen = self._add(PaymentsScreen(self._look, slip=self._slip, act=self.approvals.want, clock=self._clock))
        screen.show_list(self._recent)
        screen.wants_slip.connect(self._show_refund_slip)
        return screen

    @cached_property
    def open_payments(self) -> "OpenPaymentsScreen":
        """What is not over (the counter in the head)."""
        from pos_app.ui.screens.open_payments import OpenPaymentsScreen  # noqa: PLC0415 - see above

        screen = self._add(OpenPaymentsScreen(self._look, self._clock))
        screen.asks_manager.connect(self.approvals.want)
        screen.tries_again.connect(self._try_again)
        screen.leaves.connect(self.close)
        screen.stays.connect(self._back)
        screen.show_open(self._watched())
        return screen

    @cached_property
    def is_it_paid(self) -> "IsItPaidScreen":
        """Is it paid? (F5)."""
        from pos_app.ui.screens.is_it_paid import IsItPaidScreen  # noqa: PLC0415 - see above

        return self._add(IsItPaidScreen(self._look, self._clock))

    @cached_property
    def refund(self) -> "RefundScreen":
        """Refund (F4)."""
        from pos_app.ui.screens.refund import RefundScreen  # noqa: PLC0415 - see above

        screen = self._add(RefundScreen(self._look, self._clock))
        screen.show_recent(self._recent)
        screen.asks_manager.connect(self.approvals.ask)
        screen.wants_slip.connect(self._show_refund_slip)
        return screen

    @cached_property
    def approval(self) -> "ApprovalScreen":
        """A manager approves."""
        from pos_app.ui.screens.approval import ApprovalScreen  # noqa: PLC0415 - see above

        screen = self._add(ApprovalScreen(self._look, self._clock))
        screen.declines.connect(self._back)
        screen.forgot.connect(self.approvals.recover_pin)
        return screen

    @cached_property
    def manager_pin(self) -> "ManagerPinScreen":
        """The manager's PIN is set."""
        from pos_app.ui.screens.manager_pin import ManagerPinScreen  # noqa: PLC0415 - see above

        screen = self._add(ManagerPinScreen(self._look))
        screen.done.connect(self.approvals.pin_done)
        screen.given_up.connect(self._back)
        return screen

    @cached_property
    def help(self) -> "HelpScreen":
        """Help (F1)."""
        from pos_app.ui.screens.help import HelpScreen  # noqa: PLC0415 - see above

        return self._add(HelpScreen(self._look, phone_address=self._place.phone_address, prefer=self._prefer))

    @cached_property
    def slip(self) -> "SlipScreen":
        """The picture of a slip (F9)."""
        from pos_app.ui.screens.slip import SlipScreen  # noqa: PLC0415 - see above

        return self._add(SlipScreen(self._look))

    def _add(self, screen: _Screen) -> _Screen:
        if self._commands is not None:
            screen.obey(self._commands)
        return screen

    def _made(self, name: str) -> bool:
        return name in self.__dict__

    def on(self, name: str) -> bool:
        """Whether the screen of that name is the one that is shown."""
        return self._made(name) and self.screens.currentWidget() is getattr(self, name)

    def _keys(self) -> tuple[FootKey, ...]:
        key = Qt.Key
        return (
            FootKey(key.Key_F1, "F1", Text("Trợ giúp", "Help"), self._show_help, lambda: True,
                    lambda: self.on("help")),
            FootKey(key.Key_F2, "F2", Text("Khách quét QR", "Customer scans"), self.sale.show_code,
                    lambda: self.on("sale") and self.sale.can_show_code),
            FootKey(key.Key_F3, "F3", Text("Giao dịch", "Payments"), self._show_payments, lambda: True,
                    lambda: self.on("payments")),
            FootKey(key.Key_F4, "F4", Text("Hoàn tiền", "Refund"), self._show_refund, lambda: True,
                    lambda: self.on("refund")),
            FootKey(key.Key_F5, "F5", Text("Đã trả chưa?", "Is it paid?"), self._show_is_it_paid, lambda: True,
                    lambda: self.on("is_it_paid")),
            FootKey(key.Key_F8, "F8", Text("Khách mẫu đưa mã", "Demo customer"), self.sale.demo_customer_pays,
                    lambda: self._place.demo and self.on("sale") and self.sale.awaits_code),
            FootKey(key.Key_F8, "F8", Text("Khách mẫu quét", "Demo scans"), self.sale.demo_customer_scans,
                    lambda: self._place.demo and self.on("sale") and self.sale.code_is_shown),
            FootKey(key.Key_F9, "F9", Text("In lại", "Reprint"), self._slip, lambda: bool(self._slip_id())),
            FootKey(key.Key_F11, "F11", Text("Toàn màn hình", "Full screen"), self._full_screen, lambda: True,
                    self.isFullScreen),
            FootKey(key.Key_F12, "F12", Text("Màn hình khách", "Customer screen"), self._toggle_customer_display,
                    lambda: self.on("help"),
                    lambda: self._customer_display is not None and self._customer_display.is_open),
            FootKey(key.Key_Escape, "Esc", Text("Huỷ", "Cancel"), self.sale.cancel,
                    lambda: self.on("sale") and self.sale.can_cancel),
            FootKey(key.Key_Escape, "Esc", Text("Quay lại", "Back"), self._back,
                    lambda: not self.on("sale") or self.sale.can_go_back),
        )  # fmt: skip

    def obey(self, commands: "Commands") -> None:
        """The till is built: acts go to it from now on."""
        self._commands = commands
        self.sale.obey(commands)
        for name in _OTHERS:
            if self._made(name):
                getattr(self, name).obey(commands)
        commands.recent()
        self.refresh()
        QTimer.singleShot(0, self._open_customer_display)

    @Slot(object)
    def receive(self, event: object) -> None:  # noqa: C901, PLR0912, PLR0915 - one line per kind of event
        """Hand an event of the till to the screen it is for."""
        from pos_app.checkout import events  # noqa: PLC0415 - the window comes up without them

        match event:
            case PaymentView():
                self._show_payment(event)
            case events.Seen():
                self._show_scan(event)
            case events.CameraView():
                self.sale.show_camera(event)
            case HealthView():
                self.head.show_health(event)
            case events.Refused():
                self.sale.show_refused(event)
            case events.PrintView():
                self.sale.show_print(event)
                for name in ("slip", "refund"):
                    if self._made(name):
                        getattr(self, name).show_print(event)
            case events.OpenCount():
                self._show_open_count(event.views)
            case events.RecentView():
                self._recent = event.payments
                self.sale.ready.show_recent(event.payments)
                if self._made("payments"):
                    self.payments.show_list(event.payments)
                if self._made("refund"):
                    self.refund.show_recent(event.payments)
                self._last_id = event.payments[0].payment_id if event.payments else self._last_id
            case events.StoryView():
                for name in ("payments", "open_payments", "refund", "approval"):
                    if self._made(name):
                        getattr(self, name).show_story(event)
            case events.LatestView():
                self.is_it_paid.show_latest(event)
            case events.FoundView():
                self.refund.show_found(event)
            case events.SlipSeen():
                if self.on("refund"):
                    self.refund.take_slip(event.payment_id)
            case events.ActDone() | events.ActRefused() | events.PinState() | events.PinChanged() | events.PinRefused():
                self.approvals.receive(event)
            case events.SlipView():
                self.slip.show_slip(event)
            case events.Ready():
                self._place = self._place._replace(phone_address=event.phone_address)
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
        if hasattr(self, "foot"):
            self.foot.refresh()

    def _show_payment(self, view: PaymentView) -> None:
        self.sale.show_payment(view)
        self._keep_running(view)
        for name in ("payments", "open_payments", "refund", "approval"):
            if self._made(name):
                getattr(self, name).show_payment(view)
        if view.stage is not Stage.SENDING:
            self._last_id = view.payment_id
        now = (view.stage, view.work, view.released, *(one.stage for one in view.refunds))
        before = self._told.get(view.payment_id)
        self._told[view.payment_id] = now
        if view.late and view.stage in _SETTLED and (before is None or before[0] is not view.stage):
            self.head.show_news(view)
            self._sounds.play(_SETTLED[view.stage] if view.work is None else Sound.UNKNOWN)
        if self._commands is not None and now != before and view.stage is not Stage.SENDING:
            self._commands.recent()
            if self.on("is_it_paid"):
                self.is_it_paid.renew()
        self.approvals.see(view)

    def _keep_running(self, view: PaymentView) -> None:
        if view.stage in _RUNNING:
            self._running[view.payment_id] = view
        else:
            self._running.pop(view.payment_id, None)

    def _watched(self) -> tuple[PaymentView, ...]:
        """All that is not over, oldest first; what is being charged at the counter too."""
        views = {view.payment_id: view for view in self._open} | self._running
        return tuple(sorted(views.values(), key=lambda view: view.scanned_at_ms))

    def _show_open_count(self, views: tuple[PaymentView, ...]) -> None:
        from pos_app.ui.screens.situation import counts  # noqa: PLC0415 - the window comes up without it

        self._open = views
        counted = [view for view in views if counts(view)]
        self.head.show_open(len(counted), settle=any(view.work is not None for view in counted))
        if self._made("open_payments"):
            self.open_payments.show_open(self._watched())

    def _show_scan(self, seen: "Seen") -> None:
        """A code is taken only where the cashier sees what becomes of it."""
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
        if self.foot.press(Qt.Key(event.key())):
            return
        screen = self.screens.currentWidget()
        if not (isinstance(screen, SaleScreen | OtherScreen) and screen.press(event)):
            super().keyPressEvent(event)

    def _show_help(self) -> None:
        self.turn_to(self.sale if self.on("help") else self.help)

    def turn_to(self, screen: QWidget) -> None:
        """Show a screen, and give it the keys; a recovery code is not left before it was written down."""
        if self.on("manager_pin") and self.manager_pin.holds_a_code:
            return
        self.screens.turn_to(screen)
        self.sale.be_seen(seen=screen is self.sale)
        (self.sale.card.box if screen is self.sale else screen).setFocus()
        self.refresh()

    def _back(self) -> None:
        if self.on("sale"):
            self.sale.back()
        elif self.on("manager_pin") and self.manager_pin.holds_a_code:
            return
        elif self.on("approval") or self.on("manager_pin"):
            self.approvals.give_up()
        elif self.on("refund") and self.refund.can_go_back:
            self.refund.begin()
        else:
            self.turn_to(self.sale)

    def _show_payments(self) -> None:
        if self.on("payments"):
            self.turn_to(self.sale)
            return
        if self._commands is not None:
            self._commands.recent()
        self.turn_to(self.payments)

    def _show_open(self) -> None:
        if not self.on("open_payments"):
            self.turn_to(self.open_payments)

    def _manage(self, payment_id: str) -> None:
        """Show a payment where a manager can decide about it."""
        self._show_open()
        self.open_payments.choose(payment_id)

    def _show_is_it_paid(self) -> None:
        if self.on("is_it_paid"):
            self.turn_to(self.sale)
            return
        self.turn_to(self.is_it_paid)
        self.is_it_paid.ask()

    def _show_refund(self) -> None:
        if self.on("refund"):
            self.turn_to(self.sale)
            return
        chosen = self.payments.chosen_refundable if self.on("payments") else None
        self.turn_to(self.refund)
        if chosen is not None:
            self.refund.begin_with(chosen)
        else:
            self.refund.begin()

    def _slip_id(self) -> str:
        if self._commands is None:
            return ""
        for name in ("payments", "open_payments", "is_it_paid"):
            if self.on(name):
                chosen: str = getattr(self, name).chosen_id
                return chosen
        return self.sale.last_payment_id or self._last_id

    def _slip(self) -> None:
        if self.on("slip"):
            self.slip.print_again()
            return
        if self.on("refund") and (refund := self.refund.refund) is not None and refund.stage is RefundStage.DONE:
            self._show_refund_slip(refund.payment_id, refund.m_refund_id)
            return
        wanted = self._slip_id()
        self.turn_to(self.slip)
        self.slip.ask(wanted)

    @Slot(str, str)
    def _show_refund_slip(self, payment_id: str, m_refund_id: str) -> None:
        self.turn_to(self.slip)
        self.slip.ask(payment_id, refund=m_refund_id)

    @Slot(object)
    def _try_again(self, view: PaymentView) -> None:
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
            self, self.sale, self._look, self._clock, self._place, changed=self.refresh
        )

    def _toggle_customer_display(self) -> None:
        self._open_customer_display()
        if self._customer_display is not None:
            self._customer_display.toggle()

    def _full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self.refresh()

    # Look and life

    def _prefer(self) -> None:
        if self._commands is not None:
            self._commands.preferences(language=self._look.language.value, theme=self._look.theme.value)

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
        if self._commands is None or going_down or not self._watched():
            return False
        if self.on("open_payments") and self.open_payments.warns:
            return False
        self.open_payments.show_open(self._watched())
        self.turn_to(self.open_payments)
        self.open_payments.warn()
        return True

    def _begin_closing(self, commands: "Commands") -> None:
        from pos_app.ui.closing import ClosingCover, Stopping  # noqa: PLC0415 - only at the end

        for screen in (self.sale, *(getattr(self, name) for name in _OTHERS if self._made(name))):
            screen.obey(None)
        if self._customer_display is not None:
            self._customer_display.close()
        self._cover = ClosingCover(self._look, self)
        Stopping(commands.stop, self._closed, self).begin()

    @Slot()
    def _closed(self) -> None:
        self._cover = None
        self.close()
