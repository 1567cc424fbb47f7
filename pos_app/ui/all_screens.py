"""Which screens there are: the sale at once, the others when they are first opened, so that the window comes up fast.

A new screen is one property here, and one key in the window's foot.
"""

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtWidgets import QWidget

from pos_app.clock import Clock
from pos_app.ui.look import Look
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.screens.sale import SaleScreen
from pos_app.ui.widgets.pages import Pages
from pos_app.ui.widgets.text_room import TextRoom

if TYPE_CHECKING:
    from pos_app.ui.commands import Commands
    from pos_app.ui.main_window import MainWindow
    from pos_app.ui.screens.approval import ApprovalScreen
    from pos_app.ui.screens.doctor import DoctorScreen
    from pos_app.ui.screens.help import HelpScreen
    from pos_app.ui.screens.is_it_paid import IsItPaidScreen
    from pos_app.ui.screens.lock import LockScreen
    from pos_app.ui.screens.manager_pin import ManagerPinScreen
    from pos_app.ui.screens.open_payments import OpenPaymentsScreen
    from pos_app.ui.screens.payments import PaymentsScreen
    from pos_app.ui.screens.permit import PermitScreen
    from pos_app.ui.screens.refund import RefundScreen
    from pos_app.ui.screens.regulars import RegularsScreen
    from pos_app.ui.screens.reports import ReportsScreen
    from pos_app.ui.screens.shift import ShiftScreen
    from pos_app.ui.screens.slip import SlipScreen
    from pos_app.ui.screens.staff import StaffScreen

_Screen = TypeVar("_Screen", bound=OtherScreen)
_OTHERS = ("payments", "help", "slip", "open_payments", "is_it_paid", "refund", "approval", "manager_pin",
           "regulars", "reports", "lock", "permit", "staff", "shift",
           "doctor")  # fmt: skip


class Screens(Pages):
    """All screens of the window, one of them shown.

    Args:
        window: what their signals lead to.
        sale: the screen that is there first.
    """

    def __init__(self, look: Look, clock: Clock, window: "MainWindow", sale: SaleScreen) -> None:
        super().__init__(look.beside())
        self._room = TextRoom(self, self._look)
        self._clock, self._window = clock, window
        self._commands: Commands | None = None
        self.sale = sale
        self.turn_to(sale)

    @cached_property
    def payments(self) -> "PaymentsScreen":
        """Payments (F3)."""
        from pos_app.ui.screens.payments import PaymentsScreen  # noqa: PLC0415 - see above

        window = self._window
        screen = self._add(
            PaymentsScreen(self._look, slip=window.show_slip, act=window.approvals.want, clock=self._clock)
        )
        screen.show_list(window.arrivals.recent)
        screen.wants_export.connect(window.on_duty.asking_for_export)
        screen.wants_slip.connect(window.show_refund_slip)
        return screen

    @cached_property
    def reports(self) -> "ReportsScreen":
        """Reports (F7)."""
        from pos_app.ui.screens.reports import ReportsScreen  # noqa: PLC0415 - see above

        screen = self._add(ReportsScreen(self._look, self._clock, takes_cash=self._window.place.takes_cash))
        screen.opens.connect(self._window.find_payment)
        return screen

    @cached_property
    def open_payments(self) -> "OpenPaymentsScreen":
        """What is not over (the counter in the head)."""
        from pos_app.ui.screens.open_payments import OpenPaymentsScreen  # noqa: PLC0415 - see above

        window = self._window
        screen = self._add(OpenPaymentsScreen(self._look, self._clock))
        screen.asks_manager.connect(window.approvals.want)
        screen.tries_again.connect(window.try_again)
        screen.leaves.connect(window.close)
        screen.stays.connect(window.back)
        screen.show_open(window.arrivals.watched())
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
        screen.show_recent(self._window.arrivals.recent)
        screen.asks_manager.connect(self._window.approvals.ask)
        screen.wants_slip.connect(self._window.show_refund_slip)
        return screen

    @cached_property
    def approval(self) -> "ApprovalScreen":
        """A manager approves."""
        from pos_app.ui.screens.approval import ApprovalScreen  # noqa: PLC0415 - see above

        screen = self._add(ApprovalScreen(self._look, self._clock))
        screen.declines.connect(self._window.back)
        screen.forgot.connect(self._window.approvals.recover_pin)
        return screen

    @cached_property
    def manager_pin(self) -> "ManagerPinScreen":
        """The manager's PIN is set."""
        from pos_app.ui.screens.manager_pin import ManagerPinScreen  # noqa: PLC0415 - see above

        screen = self._add(ManagerPinScreen(self._look))
        screen.done.connect(self._window.approvals.pin_done)
        screen.given_up.connect(self._window.back)
        return screen

    @cached_property
    def lock(self) -> "LockScreen":
        """Nobody is signed in."""
        from pos_app.ui.screens.lock import LockScreen  # noqa: PLC0415 - see above

        screen = self._add(LockScreen(self._look, self._clock))
        screen.forgot.connect(self._window.approvals.recover_pin)
        screen.wants_first_pin.connect(self._window.approvals.set_first_pin)
        return screen

    @cached_property
    def permit(self) -> "PermitScreen":
        """Somebody who may allows something for once."""
        from pos_app.ui.screens.permit import PermitScreen  # noqa: PLC0415 - see above

        screen = self._add(PermitScreen(self._look, self._clock))
        screen.declines.connect(self._window.back)
        return screen

    @cached_property
    def staff(self) -> "StaffScreen":
        """Who works here (F10 of the help)."""
        from pos_app.ui.screens.staff import StaffScreen  # noqa: PLC0415 - see above

        screen = self._add(StaffScreen(self._look, self._clock))
        screen.wants_first_pin.connect(self._window.approvals.set_first_pin)
        return screen

    @cached_property
    def shift(self) -> "ShiftScreen":
        """The shift (F6)."""
        from pos_app.ui.screens.shift import ShiftScreen  # noqa: PLC0415 - see above

        screen = self._add(ShiftScreen(self._look, self._clock, takes_cash=self._window.place.takes_cash))
        screen.wants_first_pin.connect(self._window.approvals.set_first_pin)
        return screen

    @cached_property
    def regulars(self) -> "RegularsScreen":
        """Regular customers (F12)."""
        from pos_app.ui.screens.regulars import RegularsScreen  # noqa: PLC0415 - see above

        window = self._window
        screen = self._add(
            RegularsScreen(self._look, self._clock, standing=lambda: window.sale.now.standing, demo=window.place.demo)
        )
        screen.charges.connect(window.charge_customer)
        return screen

    @cached_property
    def help(self) -> "HelpScreen":
        """Help (F1)."""
        from pos_app.ui.screens.help import HelpScreen  # noqa: PLC0415 - see above

        window = self._window
        address = window.place.phone_address
        return self._add(
            HelpScreen(
                self._look,
                self._clock,
                phone_address=address,
                prefer=window.prefer,
                back=window.leave_help,
                settings=window.on_duty.asking_for_settings,
            )
        )

    @cached_property
    def doctor(self) -> "DoctorScreen":
        """The doctor (a light in the head, or F9 of the help)."""
        from pos_app.ui.screens.doctor import DoctorScreen  # noqa: PLC0415 - see above

        screen = self._add(DoctorScreen(self._look, self._clock))
        screen.asks_to_save.connect(self._window.on_duty.asking_for_support)
        return screen

    @cached_property
    def slip(self) -> "SlipScreen":
        """The picture of a slip (F9)."""
        from pos_app.ui.screens.slip import SlipScreen  # noqa: PLC0415 - see above

        return self._add(SlipScreen(self._look))

    def _add(self, screen: _Screen) -> _Screen:
        if self._commands is not None:
            screen.obey(self._commands)
        return screen

    def opened(self, *names: str) -> list[Any]:
        """Those of these screens that were opened before: the others need no news."""
        return [getattr(self, name) for name in names if name in self.__dict__]

    def on(self, name: str) -> bool:
        """Whether the screen of that name is the one that is shown."""
        return self.currentWidget() in self.opened(name)

    def turn_to(self, page: QWidget, *, at_once: bool = False) -> None:
        """Show a screen."""
        self._room.begin()
        super().turn_to(page, at_once=at_once)
        if page is not self.sale:  # which says what it shows
            from pos_app.ui.screens.help_topics import SCREENS  # noqa: PLC0415 - the window comes up without it

            topic = SCREENS.get(self.name)
            page.setAccessibleName(self._look.say(topic.title) if topic is not None else "")

    @property
    def name(self) -> str:
        """The name of the screen that is shown."""
        return next((name for name in _OTHERS if self.on(name)), "sale")

    def obey(self, commands: "Commands | None") -> None:
        """The till is there: acts go to it from now on, also those of screens to come; None when it ends."""
        self._commands = commands
        for screen in (self.sale, *self.opened(*_OTHERS)):
            screen.obey(commands)
