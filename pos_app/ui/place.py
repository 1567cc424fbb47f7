"""Where a till stands: what the window and the customer display say of it."""

from typing import NamedTuple

from pos_app.payments.environment import Environment
from pos_app.words import Text


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
