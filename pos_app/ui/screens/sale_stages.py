"""The stages of a sale: each made when it is first shown, and which one shows a payment."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from pos_app.checkout.standing import ScanSource, Stage
from pos_app.clock import Clock
from pos_app.payments.gateway_names import asks_nobody
from pos_app.ui.at_the_counter import is_charging, is_without_money, looks_paid
from pos_app.ui.look import Look
from pos_app.ui.screens.stages import ReadyStage
from pos_app.ui.widgets.camera_view import SEEN, SEEN_ENTER
from pos_app.ui.widgets.pages import Pages
from pos_app.ui.widgets.text_room import TextRoom

if TYPE_CHECKING:
    from pos_app.checkout.events import CameraView, PrintState
    from pos_app.checkout.views import PaymentView
    from pos_app.ui.screens.cash import CashStage, CashTakenStage
    from pos_app.ui.screens.customer_scans import CodeOverStage, CustomerScansStage
    from pos_app.ui.screens.link import LinkStage
    from pos_app.ui.screens.own_account import OwnAccountStage, SeenMoneyStage
    from pos_app.ui.screens.results import DeclinedStage, PaidStage, ProcessingStage
    from pos_app.ui.screens.sale import SaleScreen
    from pos_app.ui.screens.stages import WaitingStage, WrongStage
    from pos_app.ui.screens.unknown import UnknownStage
    from pos_app.ui.screens.ways import WaysStage
    from pos_app.ui.widgets.way_choice import WayChoice

_TIMED = ("processing", "customer_scans", "own_account", "link", "paid", "unknown")
"""Stages with a clock that runs only while they are shown."""


class SaleStages(Pages):
    """All stages, one of them shown: the first at once, the others when they are wanted, so that the window is fast.

    Args:
        sale: what their buttons lead to.
    """

    def __init__(self, look: Look, clock: Clock, sale: "SaleScreen", *, demo: bool) -> None:
        super().__init__(look.beside())
        look, self._room = self._look, TextRoom(self, self._look)
        self._clock, self._sale, self._demo = clock, sale, demo
        self._camera_ready = True
        self.ready = ReadyStage(look)

    @cached_property
    def waiting(self) -> "WaitingStage":
        """An amount is there, a code is awaited."""
        from pos_app.ui.screens.stages import WaitingStage  # noqa: PLC0415 - see above

        sale = self._sale
        pays = sale.demo_customer_pays if self._demo else None
        waiting = WaitingStage(self._look, enter=sale.enter, demo=pays, other=sale.tender.choose_way)
        waiting.show_ready(ready=self._camera_ready)
        return waiting

    @cached_property
    def wrong(self) -> "WrongStage":
        """What was shown is no payment code."""
        from pos_app.ui.screens.stages import WrongStage  # noqa: PLC0415 - see above

        return WrongStage(self._look, back=self._sale.back)

    @cached_property
    def ways(self) -> "WaysStage":
        """All ways to pay, before anything is shown."""
        from pos_app.ui.screens.ways import WaysStage  # noqa: PLC0415 - see above

        return WaysStage(self._look, choose=self._sale.tender.pay_by, back=self._sale.back)

    @cached_property
    def processing(self) -> "ProcessingStage":
        """The money is on its way."""
        from pos_app.ui.screens.results import ProcessingStage  # noqa: PLC0415 - see above

        return ProcessingStage(self._look, self._clock, ask=self._sale.ask_now, cancel=self._sale.tender.cancel)

    @cached_property
    def customer_scans(self) -> "CustomerScansStage":
        """Our code, for the customer to scan."""
        from pos_app.ui.screens.customer_scans import CustomerScansStage  # noqa: PLC0415 - see above

        sale = self._sale
        scans = sale.demo_customer_scans if self._demo else None
        return CustomerScansStage(
            self._look, self._clock, cancel=sale.tender.cancel, demo=scans, choose=sale.tender.pay_by, keep=sale.back,
            over=sale.turned.emit,
        )  # fmt: skip

    @cached_property
    def own_account(self) -> "OwnAccountStage":
        """The code of the shop's own bank account: a manager looks whether the money came."""
        from pos_app.ui.screens.own_account import OwnAccountStage  # noqa: PLC0415 - see above

        sale = self._sale
        return OwnAccountStage(
            self._look, self._clock, seen=sale.money_is_seen, cancel=sale.tender.cancel, choose=sale.tender.pay_by,
            keep=sale.back, demo=sale.demo_customer_scans if self._demo else None, over=sale.turned.emit,
        )  # fmt: skip

    @cached_property
    def seen_money(self) -> "SeenMoneyStage":
        """A manager saw the money in the shop's account."""
        from pos_app.ui.screens.own_account import SeenMoneyStage  # noqa: PLC0415 - see above

        return SeenMoneyStage(self._look, done=self._sale.next_customer)

    @cached_property
    def link(self) -> "LinkStage":
        """A link for a customer who is not at the counter."""
        from pos_app.ui.screens.link import LinkStage  # noqa: PLC0415 - see above

        sale = self._sale
        return LinkStage(
            self._look, self._clock, done=sale.next_customer, demo=sale.demo_customer_scans if self._demo else None
        )

    @cached_property
    def code_over(self) -> "CodeOverStage":
        """Nothing was paid with our code."""
        from pos_app.ui.screens.customer_scans import CodeOverStage  # noqa: PLC0415 - see above

        return CodeOverStage(self._look, retry=self._sale.retry, back=self._sale.back)

    @cached_property
    def paid(self) -> "PaidStage":
        """The money is there."""
        from pos_app.ui.screens.results import PaidStage  # noqa: PLC0415 - see above

        return PaidStage(self._look, done=self._sale.next_customer)

    @cached_property
    def cash(self) -> "CashStage":
        """What the customer gives in cash."""
        from pos_app.ui.screens.cash import CashStage  # noqa: PLC0415 - see above

        sale = self._sale
        return CashStage(self._look, take=sale.enter, back=sale.back, changed=sale.turned.emit)

    @cached_property
    def cash_taken(self) -> "CashTakenStage":
        """It is in the journal: the change."""
        from pos_app.ui.screens.cash import CashTakenStage  # noqa: PLC0415 - see above

        return CashTakenStage(self._look, done=self._sale.next_customer)

    @cached_property
    def declined(self) -> "DeclinedStage":
        """Nothing was charged, for sure."""
        from pos_app.ui.screens.results import DeclinedStage  # noqa: PLC0415 - see above

        return DeclinedStage(self._look, retry=self._sale.retry, back=self._sale.back)

    @cached_property
    def unknown(self) -> "UnknownStage":
        """Whether the money came is not known yet."""
        from pos_app.ui.screens.unknown import UnknownStage  # noqa: PLC0415 - see above

        sale = self._sale
        return UnknownStage(
            self._look, self._clock, done=sale.next_customer, manage=sale.manage_this, seen=sale.money_is_seen,
            again=sale.again,
        )  # fmt: skip

    def prepare(self) -> None:
        """Make what the next payment shows now, so that nothing is imported or built on its way to the gateway."""
        for stage in (self.waiting, self.processing, self.paid, self.customer_scans):
            self.join(stage)

    def made(self, name: str) -> bool:
        """Whether the stage of that name was shown before."""
        return name in self.__dict__

    def on(self, name: str) -> bool:
        """Whether the stage of that name is the one that is shown."""
        return self.made(name) and self.currentWidget() is getattr(self, name)

    @property
    def name(self) -> str:
        """The name of the stage that is shown."""
        return next(name for name, page in self.__dict__.items() if page is self.currentWidget())

    def turn_to(self, page: QWidget, *, at_once: bool = False) -> None:
        """Show a stage, a result at once; the clocks of the others stand still."""
        for name in _TIMED:
            if self.made(name) and getattr(self, name) is not page:
                getattr(self, name).stop()
        self._room.begin()
        super().turn_to(page, at_once=at_once)

    @property
    def looks_for_codes(self) -> bool:
        """Whether the camera's picture is shown."""
        return self.on("ready") or self.on("waiting")

    def show_camera(self, frame: "CameraView") -> None:
        """The newest frame, where one is looked at, and whether there is a camera that works."""
        self._camera_ready = frame.ready
        if self.made("waiting"):
            self.waiting.show_ready(ready=frame.ready)
        if self.looks_for_codes:
            (self.ready if self.on("ready") else self.waiting).camera.show_frame(frame)

    @property
    def code_stage(self) -> "CustomerScansStage | OwnAccountStage | None":
        """The stage of our own code if it is the one that is shown."""
        if self.on("customer_scans"):
            return self.customer_scans
        return self.own_account if self.on("own_account") else None

    @property
    def choice(self) -> "WayChoice":
        """The ways to choose from, on the stage that is shown."""
        return (self.code_stage or self.ways).choice

    def stage_for_entry(self, amount: int, *, stands: bool, has_code: bool) -> QWidget:
        """The stage on which a code is awaited, showing how far it is.

        Args:
            amount: dong as entered.
            stands: the amount was confirmed.
            has_code: a code is there already, and waits for the amount or for Enter.
        """
        self.ready.show_code(seen=has_code)
        self.ready.camera.show_note(SEEN if has_code else None)
        if amount or self.made("waiting"):
            self.waiting.show_amount(stands=stands)
            self.waiting.camera.show_note(SEEN_ENTER if has_code else None)
        return self.waiting if amount else self.ready

    def stage_for(self, view: "PaymentView", printing: "PrintState", until_ms: int, method: str, then: str) -> QWidget:
        """The stage of a payment, showing it.

        Args:
            view: the payment.
            printing: how far its slip is.
            until_ms: until when its code can be scanned, monotonic.
            method: how it is meant to be paid, where a code is shown.
            then: the way that is wanted when this code is cancelled, "" for none.
        """
        shown, own = view.source is ScanSource.SHOWN, asks_nobody(view.gateway)
        if is_charging(view) and (not shown or view.stage is Stage.SENDING):
            self.processing.show_payment(view, then)
            return self.processing
        if is_charging(view):
            if own:
                self.own_account.show_payment(view, until_ms, then)
            else:
                self.customer_scans.show_payment(view, until_ms, method, then)
            return self.own_account if own else self.customer_scans
        if looks_paid(view):
            self.paid.show_payment(view, printing)
            return self.paid
        if is_without_money(view):
            stage = self.code_over if shown else self.declined
            stage.show_payment(view)
            return stage
        if view.stage is Stage.CASH or (own and view.stage is Stage.DECIDED_PAID):
            done = self.cash_taken if view.stage is Stage.CASH else self.seen_money
            done.show_payment(view, printing)
            return done
        self.unknown.show_payment(view, printing)
        return self.unknown
