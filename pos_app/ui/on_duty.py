"""Who stands at the till, as the window shows it: the lock and the way in, the name in the head, the lock by itself.

What anybody may do is held by the till (`checkout.duty`); here a locked till shows nothing but the way in.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from pos_app.ui.at_the_counter import CHARGING

if TYPE_CHECKING:
    from pos_app.checkout.events import DutyView, OfDuty
    from pos_app.payments.acts import Act
    from pos_app.staff.permissions import Right
    from pos_app.staff.roster import Person
    from pos_app.ui.commands import Commands
    from pos_app.ui.main_window import MainWindow
    from pos_app.ui.widgets.foot import FootKey

_MINUTE_MS = 60_000
_FULL_SCREEN, _BACK = "F11", "Esc"


class OnDuty(QObject):
    """Shows the lock when nobody is signed in, and what was open before when somebody is.

    Attributes:
        view: who stands at the till, as the till told it last; None before it did.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._commands: Commands | None = None
        self.view: DutyView | None = None
        self._watched: QObject | None = None
        self._then: Callable[[], None] | None = None
        self._holds: QWidget | None = None
        self._idle = QTimer(self, singleShot=True, interval=window.place.lock_after_min * _MINUTE_MS)
        self._idle.timeout.connect(self._nobody_is_there)

    # --- who it is -------------------------------------------------------------------------------------------------

    @property
    def locked(self) -> bool:
        """Whether the till waits for somebody to sign in."""
        return self.view is not None and self.view.locked

    @property
    def can_lock(self) -> bool:
        """Whether there is somebody to be signed out."""
        return self.view is not None and self.view.person is not None

    @property
    def person_id(self) -> str:
        """Who is signed in, "" for nobody."""
        return self.view.person.id if self.view is not None and self.view.person is not None else ""

    def who_may(self, act: "Act") -> "tuple[Person, ...]":
        """Who can approve an act; nobody where there are no names to choose from."""
        from pos_app.staff.permissions import OF_ACT  # noqa: PLC0415 - the window comes up without it

        return self.who_has(OF_ACT[act])

    def who_has(self, right: "Right") -> "tuple[Person, ...]":
        """Who has a right; nobody where there are no names to choose from."""
        if self.view is None or not self.view.signs_in:
            return ()
        return tuple(one for one in self.view.people if one.may(right))

    # --- what is let through ---------------------------------------------------------------------------------------

    def leaves_open(self, key: "FootKey") -> bool:
        """Whether a key of the foot may do something now."""
        if self._window.on("manager_pin") and self._window.screens.manager_pin.holds_a_code:
            return key.cap == _FULL_SCREEN
        on_the_way_in = key.cap == _BACK and self._window.on("manager_pin")
        return not self.locked or key.cap == _FULL_SCREEN or on_the_way_in

    def lets_show(self, screen: QWidget) -> bool:
        """Whether a screen may be shown now: while the till is locked only the way in."""
        return not self.locked or screen in self._window.screens.opened("lock", "manager_pin")

    # --- what happens ----------------------------------------------------------------------------------------------

    def obey(self, commands: "Commands") -> None:
        """The till is built."""
        self._commands = commands
        self._watched = self._window.windowHandle()
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def receive(self, event: "OfDuty") -> None:
        """What the till says of who is there, and of who works here."""
        from pos_app.checkout import events  # noqa: PLC0415 - the window comes up without them

        screens = self._window.screens
        match event:
            case events.DutyView():
                self._show(event)
            case events.SignInRefused():
                screens.lock.show_sign_in_refused(event)
            case events.Permitted():
                self._permitted()
            case events.PermitRefused():
                screens.permit.show_refused(event)
            case events.StaffDone():
                screens.staff.show_done(event)
            case events.StaffRefused():
                screens.staff.show_staff_refused(event)

    def _show(self, view: "DutyView") -> None:
        before, self.view = self.view, view
        window = self._window
        name = window.place.cashier if not view.signs_in else ""
        window.head.show_cashier(view.person.words if view.person is not None else name)
        for staff in window.screens.opened("staff"):
            staff.show_duty(view)
        if view.locked:
            window.screens.lock.show_people(view.people, pin_is_set=window.approvals.pin_is_set)
            if not window.on("manager_pin"):
                window.turn_to(window.screens.lock)
        elif before is not None and before.locked:
            window.turn_to(window.sale)
        self._be_awake()

    @Slot()
    def lock(self) -> None:
        """F10, or nobody was there for a while."""
        if self.can_lock and self._commands is not None:
            self._commands.lock()

    def show_staff(self) -> None:
        """Who works here."""
        window = self._window
        if window.on("staff"):
            window.turn_to(window.sale)
            return
        window.turn_to(window.screens.staff)
        if self.view is not None:
            window.screens.staff.begin(self.view, pin_is_set=window.approvals.pin_is_set)

    # --- what somebody else allows for once ------------------------------------------------------------------------

    def asking_for_reports(self) -> None:
        """F7."""
        from pos_app.staff.permissions import Right  # noqa: PLC0415 - the window comes up without it

        if self._window.on("reports"):
            self._window.show_reports()
        else:
            self.ask_for(Right.REPORTS, self._window.show_reports)

    @Slot()
    def asking_for_export(self) -> None:
        """The list of payments as a file."""
        from pos_app.staff.permissions import Right  # noqa: PLC0415 - the window comes up without it

        payments = self._window.screens.payments

        def export() -> None:
            self._window.turn_to(payments)
            payments.export_list()

        self.ask_for(Right.EXPORT, export)

    @Slot()
    def asking_for_support(self) -> None:
        """The report for support as a file."""
        from pos_app.staff.permissions import Right  # noqa: PLC0415 - the window comes up without it

        doctor = self._window.screens.doctor

        def save() -> None:
            self._window.turn_to(doctor)
            doctor.save()

        self.ask_for(Right.EXPORT, save)

    @Slot()
    def asking_for_settings(self) -> None:
        """F8 of the help. Nothing that is being charged at the counter is left for it."""
        from pos_app.staff.permissions import Right  # noqa: PLC0415 - the window comes up without it

        def ask_till() -> None:
            if self._commands is not None:
                self._commands.open_settings()

        if self.can_open_settings:
            self.ask_for(Right.SETTINGS, ask_till)

    @property
    def can_open_settings(self) -> bool:
        """Whether the till can be closed for a moment."""
        return self._commands is not None and not any(one.stage in CHARGING for one in self._window.arrivals.watched())

    def ask_for(self, right: "Right", then: "Callable[[], None]") -> None:
        """Do it, if whoever stands here may; else once somebody who may has typed the PIN."""
        if self._may(right):
            then()
            return
        people = self.view.people if self.view is not None else ()
        self._then = then
        self._window.screens.permit.ask(right, tuple(one for one in people if one.may(right)))
        self._window.turn_to(self._window.screens.permit)

    def _may(self, right: "Right") -> bool:
        """As the till will see it; what it does not allow it refuses all the same."""
        if self.view is None or not self.view.signs_in:
            return not self._window.approvals.pin_is_set
        return self.view.person is not None and self.view.person.may(right)

    def _permitted(self) -> None:
        then, self._then = self._then, None
        if then is not None and self._window.on("permit"):
            then()
            self._holds = self._window.screens.currentWidget()
        elif self._commands is not None:  # given up while the PIN was checked
            self._commands.give_back()

    def turned_to(self, screen: QWidget) -> None:
        """What was allowed for once ends with the screen that it was for."""
        if self._holds is not None and screen is not self._holds:
            self._holds = None
            if self._commands is not None:
                self._commands.give_back()

    # --- the lock by itself ----------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Every key and tap says that somebody is there."""
        if event.type() in {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin}:
            self._be_awake()
        return False

    def _be_awake(self) -> None:
        if self.can_lock and self._idle.interval():
            self._idle.start()
        else:
            self._idle.stop()

    @Slot()
    def _nobody_is_there(self) -> None:
        """A payment that is being charged keeps the till open: its end is to be seen."""
        charging = any(view.stage in CHARGING for view in self._window.arrivals.watched())
        if charging:
            self._be_awake()
        else:
            self.lock()
