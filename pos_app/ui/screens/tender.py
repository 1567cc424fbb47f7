"""How the customer pays, as the cashier chooses it: our code in one of its ways, a linked wallet, cash, or not at all.

Never two codes of one sale at a time. The customer's own code needs no choice: it is scanned (`screens.sale`).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from pos_app.checkout.standing import Stage
from pos_app.payments.gateway_names import asks_nobody
from pos_app.ui.at_the_counter import is_without_money
from pos_app.ui.current_sale import CurrentSale, Mode
from pos_app.ui.screens.announcing import Announcer
from pos_app.ui.screens.sale_stages import SaleStages
from pos_app.ui.signs import SIGNS
from pos_app.ui.sounds import Sound, Sounds
from pos_app.ui.widgets.amount_card import AmountCard

if TYPE_CHECKING:
    from pos_app.checkout.events import CashDone, CashRefused
    from pos_app.checkout.views import PaymentView
    from pos_app.words import Text


class Tender:
    """The keys F2, Shift+F2, F7 and Esc of the sale, and the buttons that mean the same.

    Args:
        now: the sale.
        card: the amount.
        stage: where ways are offered and cash is counted.
        sounds: that something begins, or does not.
        announcer: for who cannot see the stage.
        show: shows the payment on the stage.
        show_entry: shows the amount, and that a code is awaited.
        turn_to: shows a stage.
    """

    def __init__(  # noqa: PLR0913 - what it needs of the screen, by keyword
        self, now: CurrentSale, card: AmountCard, stage: SaleStages, *, sounds: Sounds, announcer: Announcer,
        show: Callable[[], None], show_entry: Callable[[], None], turn_to: Callable[[QWidget], None],
    ) -> None:  # fmt: skip
        self._now, self._card, self._stage = now, card, stage
        self._sounds, self._announcer = sounds, announcer
        self._show, self._show_entry, self._turn_to = show, show_entry, turn_to
        self._warned_of = ""

    # --- our code --------------------------------------------------------------------------------------------------

    def show_code(self) -> None:
        """F2: an order of the amount that stands, for the customer to scan, by the way that most can pay."""
        now = self._now
        way = now.methods[0].value if now.methods else "any"
        if now.can_show_instead and now.payment is not None:
            self._go_over_to(way, now.payment)
        elif now.commands is not None and now.can_show_code:
            self.pay(way)

    def choose_way(self) -> None:
        """Offer the ways to pay; while a code is shown, beside it."""
        now, stage = self._now, self._stage
        if now.choosing:
            self.end_choosing()
        elif now.commands is not None and now.can_choose_way:
            from pos_app.ui.ways_to_pay import WAYS, offered  # noqa: PLC0415 - the window comes up without it

            code = stage.code_stage
            ways = {way: WAYS[way] for way in offered(now.methods, now.way if code is not None else "")}
            now.choosing = True
            (code or stage.ways).choice.offer(ways)
            if code is not None:
                code.show_choice(on=True)
            self._turn_to(code or stage.ways)

    def end_choosing(self) -> None:
        """It stays as it was."""
        if self._card.isVisible():  # before the ways go: with them the keys would go on to some button
            self._card.box.setFocus()
        self._now.choosing = False
        code = self._stage.code_stage
        if code is not None:
            code.show_choice(on=False)
        if self._now.mode is Mode.PAYMENT:
            self._show()
        else:
            self._show_entry()

    def pay_by(self, way: str) -> None:
        """A way was chosen: at once, or when the code that is shown has ended."""
        now, view = self._now, self._now.paying
        if now.commands is None or not now.choosing:
            return
        if view is None or is_without_money(view):
            self.pay(way)
        elif now.can_be_dropped:
            self.end_choosing()
            self._go_over_to(way, view)

    def _go_over_to(self, way: str, view: "PaymentView") -> None:
        """The code that may still be paid must have ended before the next is made."""
        from pos_app.ui.ways_to_pay import cannot_be_cancelled  # noqa: PLC0415 - there since the choice

        if (cannot_be_cancelled(view) or asks_nobody(view.gateway)) and self._warns(view):
            return
        self._now.then = way
        self.cancel()

    def pay(self, way: str) -> None:
        """Make a code of ours, or a link, now."""
        if self._now.pay(way):
            self._begun()

    def charge_customer(self, number: str) -> bool:
        """Charge the wallet of the regular customer of that number; False when nothing can be charged now."""
        charged = self._now.charge_customer(number)
        if charged:
            self._begun()
        return charged

    def _begun(self) -> None:
        self._sounds.play(Sound.SUBMIT)
        self._show()

    def cancel(self) -> None:
        """It is not wanted any more: noted; it stays on the stage until the gateway has decided."""
        from pos_app.ui.ways_to_pay import cannot_be_cancelled  # noqa: PLC0415 - the window comes up without it

        now, view = self._now, self._now.payment
        if now.commands is None or view is None or not now.can_cancel:
            return
        if not (cannot_be_cancelled(view) and self._warns(view)):
            now.commands.cancel(view.payment_id)

    def _warns(self, view: "PaymentView") -> bool:
        """Once for each code that may be paid all the same when it is put away; True while that is just being said."""
        code = self._stage.code_stage
        if code is None or self._warned_of == view.payment_id:
            return False
        self._warned_of = view.payment_id
        code.warn(view)
        self._announcer.announce(code)
        return True

    # --- cash ------------------------------------------------------------------------------------------------------

    def take_cash(self) -> None:
        """F7: what does the customer give? Once more: exactly the amount."""
        now, stage = self._now, self._stage
        if now.is_taking_cash:
            stage.cash.give_exactly()
        elif now.commands is not None and now.can_take_cash:
            now.ask_for_cash()
            stage.cash.ask(now.amount)
            self._card.show_payment(now.amount, SIGNS[Stage.CASH], ())
            self._turn_to(stage.cash)

    def confirm_cash(self) -> None:
        """The money is in the cashier's hand."""
        now, cash = self._now, self._stage.cash
        if now.commands is not None and not now.writes_cash and cash.is_enough:
            cash.wait()
            now.take_cash(cash.given)

    def show_cash(self, told: "CashDone | CashRefused") -> None:
        """It is in the journal, or nothing was taken."""
        from pos_app.checkout.events import CashRefused  # noqa: PLC0415 - there since the till is

        if not self._now.takes_cash_told(told):
            return
        if isinstance(told, CashRefused):
            self.refuse_cash(told.title, told.advice)
        else:
            self._begun()

    def refuse_cash(self, title: "Text", advice: "Text") -> None:
        """Nothing was taken, and why."""
        self._sounds.play(Sound.DECLINED)
        self._stage.cash.refuse(title, advice)
        self._announcer.announce(self._stage.cash)
