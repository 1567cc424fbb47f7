"""The one window: head, the screen that is open, foot. What the till tells comes by `arrivals`.

Which screens there are is in `all_screens`; a new one has one line more in `_keys`.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.checkout.standing import RefundStage
from pos_app.clock import Clock
from pos_app.ui.all_screens import Screens
from pos_app.ui.approvals import Approvals
from pos_app.ui.arrivals import Arrivals
from pos_app.ui.bridge import Bridge
from pos_app.ui.look import Look
from pos_app.ui.on_duty import OnDuty
from pos_app.ui.place import Place
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.sale import SaleScreen
from pos_app.ui.sounds import Sounds
from pos_app.ui.theme import colour_window
from pos_app.ui.widgets.focus_ring import FocusRing
from pos_app.ui.widgets.foot import Foot, FootKey
from pos_app.ui.widgets.head import Head
from pos_app.words import Text

if TYPE_CHECKING:
    from pos_app.checkout.events import Ready
    from pos_app.checkout.views import PaymentView
    from pos_app.scanning.source import Scan
    from pos_app.ui.closing import ClosingCover
    from pos_app.ui.commands import Commands
    from pos_app.ui.customer_window import CustomerDisplay
    from pos_app.ui.speech import Speech

_SIGNED = ("approval", "permit", "manager_pin", "lock")
WIDTH_MIN, HEIGHT_MIN = 1024, 768


class MainWindow(QWidget):
    """The till's window. Works without commands (the till is still being built) and then with them (`obey`).

    Attributes:
        place: where this till stands.
        arrivals: what the till has told, and tells.
        opens_settings: it was closed to change the settings.
        screens: all screens, one of them shown.
        sale: the one that is there first.
    """

    def __init__(
        self, bridge: Bridge, look: Look, clock: Clock, place: Place, sounds: Sounds, *,
        speech: "Speech | None" = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._look, self.place = look, place
        self._commands: Commands | None = None
        self._clock = clock
        self.approvals = Approvals(self)
        self.on_duty = OnDuty(self)
        self.arrivals = Arrivals(self, sounds)
        self._helped = "sale"
        self.opens_settings = False
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
        self.sale.turned.connect(self.refresh)
        self._dress()
        self.refresh()
        self.sale.card.box.setFocus()
        bridge.arrived.connect(self.arrivals.receive)

    def on(self, name: str) -> bool:
        """Whether the screen of that name is the one that is shown."""
        return self.screens.on(name)

    def _keys(self) -> tuple[FootKey, ...]:
        key = Qt.Key
        return (
            FootKey(key.Key_F1, "F1", Text("Trợ giúp", "Help"), self._show_help, lambda: True,
                    lambda: self.on("help")),
            FootKey(key.Key_F2, "F2", Text("Khách quét QR", "Customer scans"), self.sale.tender.show_code,
                    lambda: self.on("sale") and (self.sale.now.can_show_code or self.sale.now.can_show_instead)),
            FootKey(key.Key_F2, "F2", Text("Cách trả khác", "Other ways"), self.sale.tender.choose_way,
                    lambda: self.on("sale") and self.sale.now.can_change_way, lambda: self.sale.now.choosing),
            FootKey(key.Key_F3, "F3", Text("Giao dịch", "Payments"), self._show_payments, lambda: True,
                    lambda: self.on("payments")),
            FootKey(key.Key_F4, "F4", Text("Hoàn tiền", "Refund"), self._show_refund, lambda: True,
                    lambda: self.on("refund")),
            FootKey(key.Key_F5, "F5", Text("Đã trả chưa?", "Is it paid?"), self._show_is_it_paid, lambda: True,
                    lambda: self.on("is_it_paid")),
            FootKey(key.Key_F6, "F6", Text("Ca", "Shift"), self._show_shift, lambda: True, lambda: self.on("shift"),
                    shown=self._has_time),
            FootKey(key.Key_F7, "F7", Text("Tiền mặt", "Cash"), self.sale.tender.take_cash,
                    lambda: self.on("sale") and self.sale.now.can_take_cash, lambda: self.sale.now.is_taking_cash),
            FootKey(key.Key_F7, "F7", Text("Báo cáo", "Reports"), self.on_duty.asking_for_reports, lambda: True,
                    lambda: self.on("reports"), shown=self._has_time),
            FootKey(key.Key_F8, "F8", Text("Khách mẫu đưa mã", "Demo customer"), self.sale.demo_customer_pays,
                    lambda: self.place.demo and self.on("sale") and self.sale.now.awaits_code),
            FootKey(key.Key_F8, "F8", Text("Khách mẫu quét", "Demo scans"), self.sale.demo_customer_scans,
                    lambda: self.on("sale") and self.sale.demo_can_scan),
            FootKey(key.Key_F8, "F8", Text("Khách mẫu đồng ý", "Demo agrees"), self._demo_agrees,
                    self._customer_agrees),
            FootKey(key.Key_F8, "F8", Text("Cài đặt", "Settings"), self.on_duty.asking_for_settings,
                    lambda: self.on("help") and self.on_duty.can_open_settings,
                    shown=lambda: self.on("help") and not self._look.size.narrow),
            FootKey(key.Key_F9, "F9", Text("Kiểm tra máy", "Doctor"), self._show_doctor,
                    lambda: self.on("help") or self.on("doctor"), lambda: self.on("doctor")),
            FootKey(key.Key_F9, "F9", Text("In lại", "Reprint"), self.show_slip, lambda: bool(self._slip_id()),
                    shown=lambda: not (self.on("help") or self.on("doctor"))),
            FootKey(key.Key_F10, "F10", Text("Nhân viên", "Staff"), self.on_duty.show_staff,
                    lambda: self.on("help") or self.on("staff"), lambda: self.on("staff")),
            FootKey(key.Key_F10, "F10", Text("Khóa máy", "Lock"), self.on_duty.lock,
                    lambda: self.on_duty.can_lock and not (self.on("help") or self.on("staff"))),
            FootKey(key.Key_F11, "F11", Text("Toàn màn hình", "Full screen"), self._full_screen, lambda: True,
                    self.isFullScreen,
                    lambda: not (self.on("sale") or (self.on("help") and self._look.size.narrow))),
            FootKey(key.Key_F12, "F12", Text("Màn hình khách", "Customer screen"), self._toggle_customer_display,
                    lambda: self.on("help"),
                    lambda: self._customer_display is not None and self._customer_display.is_open),
            FootKey(key.Key_F12, "F12", Text("Khách quen", "Regulars"), self._show_regulars,
                    lambda: not self.on("help"), lambda: self.on("regulars")),
            FootKey(key.Key_Escape, "Esc", Text("Hủy", "Cancel"), self.sale.tender.cancel,
                    lambda: self.on("sale") and self.sale.now.can_cancel),
            FootKey(key.Key_Escape, "Esc", Text("Quay lại", "Back"), self.back,
                    lambda: not self.on("sale") or self.sale.now.can_go_back),
        )  # fmt: skip

    def _has_time(self) -> bool:
        """Nobody is being served: what can wait has room in the foot. Its keys work all the same."""
        return not (self.on("sale") and self.sale.now.serves) and not self._customer_agrees()

    def _customer_agrees(self) -> bool:
        return self.on("regulars") and self.screens.regulars.demo_can_agree

    def obey(self, commands: "Commands") -> None:
        """The till is built: acts go to it from now on."""
        self._commands = commands
        self.screens.obey(commands)
        self.on_duty.obey(commands)
        self.arrivals.obey(commands)
        self.refresh()
        QTimer.singleShot(0, self, self._open_customer_display)

    def be_ready(self, ready: "Ready") -> None:
        """The till can be used."""
        self.place = self.place._replace(phone_address=ready.phone_address)
        self.sale.now.methods = ready.methods

    def leave_for_settings(self) -> None:
        """Whoever stands here may change the settings: the till closes for it."""
        self.opens_settings = True
        self.close()

    @Slot(object)
    def take_scan(self, scan: "Scan") -> None:
        """The hand-held scanner read something: the till says what it is."""
        if self._commands is not None:
            self._commands.scanned(scan.text, scan.scanned_monotonic_ns)

    def refresh(self) -> None:
        """Other keys may work now."""
        if hasattr(self, "foot") and not (self.on("sale") and self.sale.waits_to_show):
            self.foot.refresh()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The foot's keys first, then the screen's own."""
        if self.head.close_popover() and event.key() == Qt.Key.Key_Escape:
            return
        if event.isAutoRepeat() and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_F2 and shifted and self.on("sale"):
            self.sale.tender.choose_way()
            return
        if self.foot.press(Qt.Key(event.key())):
            return
        screen = self.screens.currentWidget()
        if not (isinstance(screen, SaleScreen | OtherScreen) and screen.press(event)):
            super().keyPressEvent(event)

    def _opens(self, name: str) -> bool:
        """Show the screen of that name, or the sale where it is shown already. Whether it begins anew."""
        if self.on(name):
            self.turn_to(self.sale)
            return False
        self.turn_to(getattr(self.screens, name))
        return self.on(name)

    def _show_doctor(self) -> None:
        if self._opens("doctor"):
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
        if not self.on("payments") and self._commands is not None:
            self._commands.recent()
        if self._opens("payments"):
            self.screens.payments.begin()

    @Slot(str)
    def find_payment(self, payment_id: str) -> None:
        """Show one payment in the list, of whatever day it is."""
        self.turn_to(self.screens.payments)
        self.screens.payments.look_for(payment_id)

    def show_reports(self) -> None:
        """Reports (F7), once they may be seen."""
        if self._opens("reports"):
            self.screens.reports.begin()

    def _show_open(self) -> None:
        if not self.on("open_payments"):
            self.turn_to(self.screens.open_payments)

    def _manage(self, payment_id: str) -> None:
        """Show a payment where a manager can decide about it."""
        self._show_open()
        self.screens.open_payments.choose(payment_id)

    def _show_shift(self) -> None:
        if self._opens("shift"):
            from pos_app.staff.permissions import Right  # noqa: PLC0415 - the window comes up without it

            may_sign = self.on_duty.who_has(Right.SIGN_OFF)
            self.screens.shift.begin(may_sign, pin_is_set=self.approvals.pin_is_set)

    def _show_is_it_paid(self) -> None:
        if self._opens("is_it_paid"):
            self.screens.is_it_paid.ask()

    def _show_refund(self) -> None:
        chosen = self.screens.payments.chosen_refundable if self.on("payments") else None
        if not self._opens("refund"):
            return
        if chosen is not None:
            self.screens.refund.begin_with(chosen)
        else:
            self.screens.refund.begin()

    def _show_regulars(self) -> None:
        if self._opens("regulars"):
            self.screens.regulars.begin()

    def _demo_agrees(self) -> None:
        self.screens.regulars.demo_customer_agrees()

    @Slot(str)
    def charge_customer(self, number: str) -> None:
        """Charge the wallet of the regular customer of that number: on the sale screen, as any payment."""
        if self.sale.tender.charge_customer(number):
            self.turn_to(self.sale)

    def _slip_id(self) -> str:
        if self._commands is None:
            return ""
        for name in ("payments", "open_payments", "is_it_paid"):
            if self.on(name):
                chosen: str = getattr(self.screens, name).chosen_id
                return chosen
        return self.sale.now.payment_id or self.arrivals.last_id

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
        colour_window(self, self._look.tokens)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing stops the till first, behind a window that stays alive and says so; then it closes for good."""
        if event.spontaneous() and self._warns_of_open():
            event.ignore()
            return
        commands, self._commands = self._commands, None
        self.arrivals.obey(None)
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
        if self._commands is None or going_down or self.on_duty.locked or not self.arrivals.watched():
            return False
        if self.on("open_payments") and self.screens.open_payments.warns:
            return False
        self.screens.open_payments.show_open(self.arrivals.watched())
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
