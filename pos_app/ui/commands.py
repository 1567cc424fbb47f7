"""What a screen may ask the till to do.

Every call returns at once and may come from any thread; answers arrive as events on the bridge
(see `pos_app.ui.bridge`).
"""

from typing import TYPE_CHECKING, Protocol

from pos_app.checkout.views import ScanSource
from pos_app.payments.payment_code import PaymentCode

if TYPE_CHECKING:
    from pathlib import Path

    from pos_app.checkout.staffing import StaffWish
    from pos_app.gateways.gateway import PayMethod
    from pos_app.journal.wanted import Wanted
    from pos_app.payments.acts import Act
    from pos_app.payments.cash import CashKind
    from pos_app.reports.ranges import Days
    from pos_app.reports.report import Choice
    from pos_app.reports.statement import Form
    from pos_app.shifts.totals import Open
    from pos_app.staff.permissions import Right


class Commands(Protocol):
    """The till as the screens see it."""

    def amount_stands(self, amount: int) -> None:
        """An amount (dong) stands and a code is awaited: the connection may be opened ahead."""
        ...

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
        """Charge `amount` dong to the code. Answered by `PaymentView` (first SENDING) or `Refused`.

        Args:
            amount: dong.
            note: what the cashier typed, "" for nothing.
            code: used up by this call, whatever becomes of it.
            source: where the code came from.
            scanned_at_ns: when the code was seen, monotonic nanoseconds.
            retry_of: id of the payment that this one tries again, "" for a new sale.
            decoded_at_ns: when the code was read, monotonic; 0 for a code that had to wait for its amount.
        """
        ...

    def result_shown(self, payment_id: str, *, shown_at_ns: int) -> None:
        """The result of a payment was painted, at this monotonic time: told once, for whoever asks how long it took."""
        ...

    def show(self, *, amount: int, note: str, method: "PayMethod", retry_of: str) -> None:
        """Make an order for the customer to scan. Answered by `PaymentView` (first SENDING) or `Refused`.

        Args:
            amount: dong.
            note: what the cashier typed, "" for nothing.
            method: how the customer pays it; `Ready.methods` says which there are.
            retry_of: id of the payment that this one tries again, "" for a new sale.
        """
        ...

    def link(self, *, amount: int, note: str) -> None:
        """Make a link for a customer who is not at the counter, which stays free. Answered as `show`."""
        ...

    def customers(self) -> None:
        """Wants the regular customers. Answered by `CustomersView`."""
        ...

    def bind(self, *, name: str, max_amount: int = 0) -> None:
        """Ask a customer to link the wallet to the shop. Answered by `BindingView`s, or `Refused`.

        Args:
            name: as the cashier calls the customer, at most 60 characters.
            max_amount: the most of one payment in dong, 0 for no limit.
        """
        ...

    def drop_binding(self, binding_id: str) -> None:
        """Wait for that customer's answer no more."""
        ...

    def charge_customer(self, number: str, *, amount: int, note: str, retry_of: str = "") -> None:
        """Charge the wallet of a regular customer. Answered by `PaymentView` (first SENDING) or `Refused`."""
        ...

    def unbind(self, number: str) -> None:
        """Let a regular customer go. Answered by `CustomersView`, or `Refused`: then nothing was forgotten."""
        ...

    def ask_now(self, payment_id: str) -> None:
        """Ask the gateway at once what became of a payment."""
        ...

    def cancel(self, payment_id: str) -> None:
        """It is not wanted any more: noted, and told to the gateway, which decides. Answered by `PaymentView`."""
        ...

    def act(  # noqa: PLR0913 - what the manager types in one dialog
        self,
        act: "Act",
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
        """Do what a manager allows with the PIN. Answered by `ActDone` or `ActRefused`, and by `PaymentView`s.

        Args:
            act: what is allowed.
            payment_id: the payment.
            pin: the manager's PIN; forgotten at once.
            by: who.
            reason: a word of `REASONS[act]`.
            note: in the manager's own words.
            number: the gateway's number that the manager read elsewhere.
            amount: dong, for a refund.
            intent: for a refund, one for each press of the button.
        """
        ...

    def sign_in(self, person_id: str, *, pin: str) -> None:
        """This person stands at the till from now on. Answered by `DutyView` or `SignInRefused`."""
        ...

    def lock(self) -> None:
        """Nobody stands at the till any more; running payments go on. Answered by `DutyView`."""
        ...

    def permit(self, right: "Right", *, by: str, pin: str) -> None:
        """Let whoever stands at the till do this for once. Answered by `Permitted` or `PermitRefused`.

        Args:
            right: to what.
            by: who allows it: the person's id.
            pin: that person's; forgotten at once.
        """
        ...

    def give_back(self) -> None:
        """What was permitted for once is over."""
        ...

    def change_staff(self, wish: "StaffWish", *, by: str, pin: str) -> None:
        """Change who works here. Answered by `DutyView` and `StaffDone`, or `StaffRefused`.

        Args:
            wish: what is to become of whom.
            by: who signs it: the person's id, or the owner's name where nobody was entered yet.
            pin: of who signs it; forgotten at once.
        """
        ...

    def list_payments(self, wanted: "Wanted") -> None:
        """Wants the newest payments that fit. Answered by `PaymentsListed`."""
        ...

    def export_payments(self, path: "Path", wanted: "Wanted") -> None:
        """Wants every payment that fits in a `.csv` or `.xlsx` file. Answered by `Exporting`, then `Exported`."""
        ...

    def report(self, days: "Days", choice: "Choice") -> None:
        """Wants the report of these days. Answered by `ReportShown`."""
        ...

    def export_report(self, path: "Path", days: "Days", choice: "Choice") -> None:
        """Wants the report in a `.csv`, `.xlsx` or `.pdf` file. Answered by `Exporting`, then `Exported`."""
        ...

    def open_statement(self, path: "Path") -> None:
        """Wants to know the columns of a statement file. Answered by `StatementOpened` or `ReportRefused`."""
        ...

    def reconcile(self, path: "Path", form: "Form", days: "Days | None" = None) -> None:
        """Wants a statement held against the journal. Answered by `Comparing`, then `Compared` or `ReportRefused`."""
        ...

    def look_at_shift(self, number: int | None = None) -> None:
        """Wants the running shift, or the report of that number. Answered by `ShiftView` or `ShiftRefused`."""
        ...

    def open_shift(self, *, float_dong: int = 0) -> None:
        """Open the shift, with so much cash in the drawer. Answered by `ShiftView` or `ShiftRefused`."""
        ...

    def close_shift(
        self, number: int, seen: "tuple[Open, ...]", *, reason: str, by: str, pin: str, difference_reason: str = ""
    ) -> None:
        """Close that shift for good. Answered by `ShiftView` or `ShiftRefused`.

        Args:
            number: the shift that was looked at.
            seen: its payments without a result, which the manager answers for.
            reason: why they are left open, "" where there are none.
            by: the manager, "" where there are none.
            pin: the manager's; forgotten at once.
            difference_reason: why the cash that was counted is not what must be there, "" where it is.
        """
        ...

    def print_shift(self, number: int | None = None) -> None:
        """Print the report of a shift. Answered by `PrintView` under its name."""
        ...

    def save_shift(self, number: int | None = None) -> None:
        """Save the report of a shift as PDF. Answered by `ShiftSaved` or `ShiftRefused`."""
        ...

    def examine(self) -> None:
        """Check everything that is needed to sell. Answered by `Checked`, one by one, then `AllChecked`."""
        ...

    def write_support_report(self) -> None:
        """Wants the report for support. Answered by `SupportShown`."""
        ...

    def back_up(self, path: "Path", passphrase: str) -> None:
        """Back the journal up into a sealed file. Answered by `BackedUp` or `BackupRefused`."""
        ...

    def save_support_report(self, path: "Path") -> None:
        """Save the very text that was shown. Answered by `SupportSaved` or `SupportRefused`."""
        ...

    def take_cash(self, *, amount: int, given: int, note: str, intent: str) -> None:
        """Take a sale in cash. Answered by `CashDone` or `CashRefused`.

        Args:
            amount: dong.
            given: dong that the customer gave.
            note: what the cashier typed, "" for nothing.
            intent: one for each press of the button: it is taken once.
        """
        ...

    def count_cash(self, counted: int) -> None:
        """The drawer was counted: so many dong. Answered by `ShiftView` or `ShiftRefused`."""
        ...

    def move_cash(self, what: "CashKind", amount: int, *, reason: str, intent: str, by: str, pin: str) -> None:
        """Cash goes in or out without a sale, or the drawer only opens. Answered by `ShiftView` or `ShiftRefused`.

        Args:
            what: PAY_IN, PAY_OUT or OPENED.
            amount: dong; of no meaning where it is only opened.
            reason: in the manager's own words.
            intent: one for each press of the button: it moves once.
            by: who allows it: the person's id.
            pin: that person's; forgotten at once.
        """
        ...

    def set_first_pin(self, pin: str) -> None:
        """Set the manager's first PIN. Answered by `PinChanged` or `PinRefused`."""
        ...

    def recover_pin(self, recovery_code: str, pin: str) -> None:
        """Set a new PIN by the owner's recovery code. Answered by `PinChanged` or `PinRefused`."""
        ...

    def latest(self) -> None:
        """Wants the newest ten payments with their stories, from the journal alone. Answered by `LatestView`."""
        ...

    def find(self, text: str) -> None:
        """Wants the payments of the last month that fit what was typed. Answered by `FoundView`."""
        ...

    def next_customer(self) -> None:
        """The cashier is free: the payment on the stage goes on in the background if it is still open."""
        ...

    def slip(self, payment_id: str, *, refund: str = "") -> None:
        """Wants the picture of a payment's slip, or of its refund of that id. Answered by `SlipView`."""
        ...

    def reprint(self, payment_id: str, *, refund: str = "") -> None:
        """Print the slip of a payment, or of its refund of that id, once more, marked as a copy.

        Answered by `PrintView`.
        """
        ...

    def scanned(self, text: str, scanned_at_ns: int) -> None:
        """The hand-held scanner read `text` (monotonic nanoseconds). Answered by `Seen`, judged."""
        ...

    def demo_customer_pays(self) -> None:
        """Demo only: the demo customer holds out the phone; the code arrives as a scan (`Seen`)."""
        ...

    def demo_customer_scans(self, payment_id: str) -> None:
        """Demo only: the demo customer scans the order that is shown, and pays it."""
        ...

    def demo_customer_agrees(self, binding_id: str) -> None:
        """Demo only: the demo customer agrees to be a regular one. Answered by `BindingView`."""
        ...

    def recent(self) -> None:
        """Wants today's payments. Answered by `RecentView`."""
        ...

    def story(self, payment_id: str) -> None:
        """Wants a payment's time line. Answered by `StoryView`."""
        ...

    def look_at_camera(self, *, on: bool, awaited: bool = False) -> None:
        """Whether the screen shows the camera's picture now, and whether there is an amount that awaits a code."""
        ...

    def open_settings(self) -> None:
        """Wants to change the settings, for which the till closes. Answered by `SettingsAllowed`."""
        ...

    def preferences(self, *, language: str, theme: str, text: int) -> None:
        """The cashier chose another look, see `settings.LookSettings`: to be remembered."""
        ...

    def stop(self) -> None:
        """The window is closing: no new commands; a running payment is journalled. May take a moment."""
        ...
