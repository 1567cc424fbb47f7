"""An amount in words under its figures, in a height that never changes."""

from PySide6.QtCore import Qt, Slot

from pos_app.money import in_words
from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.label import Label
from pos_app.words import NOTHING, Text


class AmountWords(Label):
    """The words of the left card's amount; `nothing` stands there for no amount."""

    def __init__(self, look: Look, nothing: Text = NOTHING) -> None:
        self._nothing = nothing
        super().__init__(look, Role.BODY, nothing, ink="text2", wrap=True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def show_amount(self, amount: int) -> None:
        """Say `amount` dong."""
        self.show_text(in_words(amount) if amount else self._nothing)
        self._fit()

    @Slot()
    def dress(self) -> None:
        """Follow the look."""
        super().dress()
        self.setFixedHeight(self._look.size.words)
        self._fit()

    def _fit(self) -> None:
        """The largest amounts need three lines, which fit in the smallest size."""
        size = self._look.size
        self.setFont(size.font(Role.BODY))
        if self.heightForWidth(size.left - 2 * size.padding) > size.words:
            self.setFont(size.font(Role.SMALL))
