"""The way of an act to its manager and back: the first PIN where none is set, the approval, then where it came from.

Which acts there are and who may do them is not decided here; the screens are the window's.
"""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from pos_app.checkout.events import ActDone, ActRefused, PinChanged, PinRefused, PinState
    from pos_app.checkout.views import PaymentView
    from pos_app.payments.acts import Act
    from pos_app.ui.main_window import MainWindow
    from pos_app.ui.screens.approval import Asked


class Approvals:
    """Leads through the window's screens; there is one approval at a time.

    Attributes:
        pin_is_set: whether a manager's PIN is set.
    """

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.pin_is_set = False
        self._asked: Asked | None = None
        self._came_from: QWidget | None = None

    def want(self, act: "Act", view: "PaymentView") -> None:
        """An act is wanted: a refund needs its amount first."""
        from pos_app.payments.acts import Act  # noqa: PLC0415 - the window comes up without it
        from pos_app.ui.screens.approval import Asked  # noqa: PLC0415

        if act is Act.REFUND:
            self._window.turn_to(self._window.screens.refund)
            self._window.screens.refund.begin_with(view)
        else:
            self.ask(Asked(act, view))

    def ask(self, asked: "Asked") -> None:
        """The approval in its place; the first PIN before it where none is set."""
        self._came_from = self._window.screens.currentWidget()
        self._go_to(asked)

    def _go_to(self, asked: "Asked") -> None:
        self._asked = asked
        window = self._window
        if self.pin_is_set:
            window.turn_to(window.screens.approval)
            window.screens.approval.ask(asked, window.on_duty.who_may(asked.act), window.on_duty.person_id)
        else:
            window.turn_to(window.screens.manager_pin)
            window.screens.manager_pin.begin(recovers=False)

    def set_first_pin(self) -> None:
        """There is no PIN yet, and something needs one: on to it, and back."""
        self._asked, self._came_from = None, self._window.screens.currentWidget()
        self._window.turn_to(self._window.screens.manager_pin)
        self._window.screens.manager_pin.begin(recovers=False)

    def recover_pin(self) -> None:
        """The PIN is not known any more: the owner sets a new one with the recovery code."""
        if self._asked is None:
            self._came_from = self._window.screens.currentWidget()
        self._window.turn_to(self._window.screens.manager_pin)
        self._window.screens.manager_pin.begin(recovers=True)

    def pin_done(self) -> None:
        """A PIN is set: on to what was to be approved."""
        if self._asked is not None:
            self._go_to(self._asked)
        else:
            self._window.turn_to(self._came_from or self._window.sale)

    def give_up(self) -> None:
        """It is not approved: back to where it was asked for."""
        self._window.screens.approval.finish()
        self._asked = None
        self._window.turn_to(self._came_from or self._window.sale)

    def see(self, view: "PaymentView") -> None:
        """A refund that has begun was approved: its first answer may take its time."""
        if self._window.on("approval") and self._window.screens.approval.begun(view):
            self._approved()
            self._window.screens.refund.show_payment(view)

    def receive(self, event: "ActDone | ActRefused | PinState | PinChanged | PinRefused") -> None:
        """What the till says to an approval or a PIN; what nobody waits for here any more is let go."""
        from pos_app.checkout import events  # noqa: PLC0415 - the window comes up without them

        window = self._window
        match event:
            case events.PinState():
                self.pin_is_set = event.is_set
                for screen in window.screens.opened("lock", "staff") if event.is_set else ():
                    screen.show_pin_set()
            case events.PinChanged():
                window.screens.manager_pin.show_changed(event)
                window.refresh()  # until the code is written down, no key leads away
            case events.PinRefused():
                window.screens.manager_pin.show_refused(event)
            case _:
                asked = window.screens.approval.asked if window.on("approval") else None
                if asked is None or (asked.act, asked.view.payment_id) != (event.act, event.payment_id):
                    return
                if isinstance(event, events.ActRefused):
                    window.screens.approval.show_refused(event)
                else:
                    self._approved()

    def _approved(self) -> None:
        from pos_app.payments.acts import Act  # noqa: PLC0415 - see above

        window, asked = self._window, self._window.screens.approval.asked
        window.screens.approval.finish()
        self._asked = None
        if asked is not None and asked.act is Act.REFUND:
            window.turn_to(window.screens.refund)
            window.screens.refund.approved(asked)
        else:
            window.turn_to(self._came_from or window.sale)
