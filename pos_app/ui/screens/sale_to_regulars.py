"""The sale screen of a shop with regular customers: a sale is paid by a wallet that was bound before."""

from pos_app.checkout.views import ScanSource
from pos_app.ui.screens.sale import SaleScreen


class SaleToRegularsScreen(SaleScreen):
    """As the sale screen; a charge can also begin at the list of regular customers."""

    @property
    def standing(self) -> int:
        """The amount (dong) that a wallet can be charged now: one stands and nothing is open; else 0."""
        return self.facts()[0] if self.can_show_code else 0

    def charge_customer(self, number: str) -> bool:
        """Charge the wallet of the regular customer of that number; False when nothing can be charged now."""
        amount = self.standing
        if self._commands is None or not amount:
            return False
        self._leave_for_retry()
        self._gesture.forget_code()
        self._way, self._choosing = "", False
        note = self._begin(amount, ScanSource.REGULAR)
        self._commands.charge_customer(number, amount=amount, note=note, retry_of=self._retry_of)
        self._show_stage()
        return True
