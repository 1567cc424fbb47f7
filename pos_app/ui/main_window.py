"""The one window: head, the screen that is open, foot. Hands events to the screens and keys to the foot.

A new screen is one property beside `payments` and one line in `_keys`.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from pos_app.checkout.views import HealthView, PaymentView, Stage
from pos_app.clock import Clock
from pos_app.payments.payment_code import PaymentCode
from pos_app.scanning.source import Scan
from pos_app.ui.bridge import (
    Bridge,
    CameraView,
    OpenCount,
    PrintView,
    Ready,
    RecentView,
    Refused,
    Seen,
    SlipView,
    StoryView,
)  # fmt: skip
from pos_app.ui.commands import Commands
from pos_app.ui.look import Look
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.sale import SaleScreen
from pos_app.ui.sounds import Sound, Sounds
from pos_app.ui.theme import style_sheet
from pos_app.ui.widgets.focus_ring import FocusRing
from pos_app.ui.widgets.foot import Foot, FootKey
from pos_app.ui.widgets.head import Head
from pos_app.words import Text

if TYPE_CHECKING:
    from pos_app.ui.screens.help import HelpScreen
    from pos_app.ui.screens.payments import PaymentsScreen
    from pos_app.ui.screens.slip import SlipScreen

_Screen = TypeVar("_Screen", bound=OtherScreen)
WIDTH_MIN, HEIGHT_MIN = 1024, 768
_SETTLED = {Stage.PAID: Sound.PAID, Stage.DECLINED: Sound.DECLINED, Stage.NOT_SENT: Sound.DECLINED,
            Stage.MISMATCH: Sound.UNKNOWN}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where this till stands, as the head and the help show it.

    Attributes:
        store, till, cashier: as the shop wrote them; "" leaves one out.
        demo: the built-in gateway takes no real money.
        phone_address: where the demo customer's phone is to be opened, "" for none.
    """

    store: str
    till: str = ""
    cashier: str = ""
    demo: bool = False
    phone_address: str = ""


class MainWindow(QWidget):
    """The till's window. Works without commands (the till is still being built) and then with them (`obey`)."""

    def __init__(self, bridge: Bridge, look: Look, clock: Clock, place: Place, sounds: Sounds) -> None:
        super().__init__()
        self._look, self._place, self._sounds = look, place, sounds
        self._commands: Commands | None = None
        self._stages: dict[str, Stage] = {}
        self._last_id = ""
        self._recent: tuple[PaymentView, ...] = ()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(WIDTH_MIN, HEIGHT_MIN)
        self.setWindowTitle(place.store)
        self.screens = QStackedWidget()
        self.head = Head(look, (place.store, place.till, place.cashier), demo=place.demo, show_open=self._show_open)
        self.sale = SaleScreen(look, clock, sounds, demo=place.demo, changed=self.refresh)
        self.screens.addWidget(self.sale)
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

        screen = self._add(PaymentsScreen(self._look, slip=self._slip))
        screen.show_list(self._recent)
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
        self.screens.addWidget(screen)
        if self._commands is not None:
            screen.obey(self._commands)
        return screen

    def _made(self, name: str) -> bool:
        return name in self.__dict__

    def _on(self, name: str) -> bool:
        return self._made(name) and self.screens.currentWidget() is getattr(self, name)

    def _keys(self) -> tuple[FootKey, ...]:
        key = Qt.Key
        return (
            FootKey(key.Key_F1, "F1", Text("Trợ giúp", "Help"), self._show_help, lambda: True,
                    lambda: self._on("help")),
            FootKey(key.Key_F3, "F3", Text("Giao dịch", "Payments"), self._show_payments, lambda: True,
                    lambda: self._on("payments")),
            FootKey(key.Key_F8, "F8", Text("Khách mẫu đưa mã", "Demo customer"), self.sale.demo_customer_pays,
                    lambda: self._place.demo and self._on("sale") and self.sale.awaits_code),
            FootKey(key.Key_F9, "F9", Text("In lại", "Reprint"), self._slip, lambda: bool(self._slip_id())),
            FootKey(key.Key_F11, "F11", Text("Toàn màn hình", "Full screen"), self._full_screen, lambda: True,
                    self.isFullScreen),
            FootKey(key.Key_Escape, "Esc", Text("Quay lại", "Back"), self._back,
                    lambda: not self._on("sale") or self.sale.can_go_back),
        )  # fmt: skip

    def obey(self, commands: Commands) -> None:
        """The till is built: acts go to it from now on."""
        self._commands = commands
        self.sale.obey(commands)
        for name in ("payments", "help", "slip"):
            if self._made(name):
                getattr(self, name).obey(commands)
        commands.recent()
        self.refresh()

    @Slot(object)
    def receive(self, event: object) -> None:  # noqa: C901, PLR0912 - one line per kind of event
        """Hand an event of the till to the screen it is for."""
        match event:
            case PaymentView():
                self._show_payment(event)
            case Seen():
                self._show_scan(event)
            case CameraView():
                self.sale.show_camera(event)
            case HealthView():
                self.head.show_health(event)
            case Refused():
                self.sale.show_refused(event)
            case PrintView():
                self.sale.show_print(event)
                if self._made("slip"):
                    self.slip.show_print(event)
            case OpenCount():
                self.head.show_open(len(event.views))
            case RecentView():
                self._recent = event.payments
                self.sale.ready.show_recent(event.payments)
                if self._made("payments"):
                    self.payments.show_list(event.payments)
                self._last_id = event.payments[0].payment_id if event.payments else self._last_id
            case StoryView():
                self.payments.show_story(event)
            case SlipView():
                self.slip.show_slip(event)
            case Ready():
                self._place = replace(self._place, phone_address=event.phone_address)
            case _:
                message = f"no screen for {type(event).__name__}"
                raise TypeError(message)
        self.refresh()

    @Slot(object)
    def take_scan(self, scan: Scan) -> None:
        """The hand-held scanner read something: the till says what it is."""
        if self._commands is not None:
            self._commands.scanned(scan.text, scan.scanned_monotonic_ns)

    def refresh(self) -> None:
        """Other keys may work now."""
        if hasattr(self, "foot"):
            self.foot.refresh()

    def _show_payment(self, view: PaymentView) -> None:
        self.sale.show_payment(view)
        if self._made("payments"):
            self.payments.show_payment(view)
        if view.stage is not Stage.SENDING:
            self._last_id = view.payment_id
        if view.late and view.stage in _SETTLED:
            self.head.show_news(view)
            self._sounds.play(_SETTLED[view.stage])
        news = self._stages.get(view.payment_id) is not view.stage
        self._stages[view.payment_id] = view.stage
        if self._commands is not None and news and view.stage is not Stage.SENDING:
            self._commands.recent()

    def _show_scan(self, seen: Seen) -> None:
        """A code is taken only where the cashier sees what becomes of it."""
        if self._on("sale"):
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
        self._turn_to(self.sale if self._on("help") else self.help)

    def _turn_to(self, screen: QWidget) -> None:
        self.screens.setCurrentWidget(screen)
        self.sale.be_seen(seen=screen is self.sale)
        (self.sale.card.box if screen is self.sale else screen).setFocus()
        self.refresh()

    def _back(self) -> None:
        if self._on("sale"):
            self.sale.back()
        else:
            self._turn_to(self.sale)

    def _show_payments(self) -> None:
        if self._on("payments"):
            self._turn_to(self.sale)
            return
        if self._commands is not None:
            self._commands.recent()
        self._turn_to(self.payments)

    def _show_open(self) -> None:
        self.payments.choose_open()
        if not self._on("payments"):
            self._show_payments()

    def _slip_id(self) -> str:
        if self._commands is None:
            return ""
        if self._on("payments"):
            return self.payments.chosen_id
        return self.sale.last_payment_id or self._last_id

    def _slip(self) -> None:
        if self._on("slip"):
            self.slip.print_again()
            return
        wanted = self._slip_id()
        self._turn_to(self.slip)
        self.slip.ask(wanted)

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
        super().resizeEvent(event)

    @Slot()
    def _dress(self) -> None:
        self.setStyleSheet(style_sheet(self._look.tokens))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing stops the till first."""
        if self._commands is not None:
            self._commands.stop()
            self._commands = None
        super().closeEvent(event)
