"""The head of a chosen payment: its amount at the left, its sign in a pill at the right."""

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from pos_app.checkout.views import PaymentView
from pos_app.money import with_sign
from pos_app.ui.look import Look
from pos_app.ui.signs import Sign, sign_of
from pos_app.ui.theme import Role
from pos_app.ui.widgets.label import Frame, IconLabel, Label


class AmountAndSign(QWidget):
    """Amount and pill in one line."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._amount = Label(look, Role.FIGURE_TITLE)
        self._pill = _SignPill(look)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._amount, 1)
        row.addWidget(self._pill)

    def show_payment(self, view: PaymentView) -> None:
        """Show how a payment stands."""
        self._amount.show_text(with_sign(view.amount))
        self._pill.show_sign(sign_of(view))


class _SignPill(Frame):
    def __init__(self, look: Look) -> None:
        super().__init__("pill_none")
        self.setFixedHeight(30)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(6)
        self._icon = IconLabel(look, "tick", "text2", 18)
        self._word = Label(look, Role.LABEL)
        row.addWidget(self._icon)
        row.addWidget(self._word)

    def show_sign(self, sign: Sign) -> None:
        self.wear(sign.pill)
        self._icon.show_icon(sign.icon, sign.token)
        self._word.show_text(sign.word)
        self._word.set_ink(sign.token)
        self.updateGeometry()
