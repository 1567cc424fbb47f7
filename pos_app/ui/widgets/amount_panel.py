"""The left card of what is not a sale: a locked amount in figures and words, its rows, and one note below."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.amount_box import AmountBox
from pos_app.ui.widgets.amount_words import AmountWords
from pos_app.ui.widgets.details import Details, Row
from pos_app.ui.widgets.label import Frame, IconLabel, Label
from pos_app.words import NOTHING, Text


class AmountPanel(Frame):
    """Amount, words, rows, note. As wide as the sale's left card, so that the amount never moves."""

    def __init__(self, look: Look) -> None:
        super().__init__("card")
        self._look = look
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._title = Label(look, Role.LABEL, ink="text2")
        self._title.setFixedHeight(30)
        self.box = AmountBox(look)
        self.box.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._words = AmountWords(look)
        self._rows = Details(look)
        self._note_box = Frame("box")
        note = QHBoxLayout(self._note_box)
        note.setContentsMargins(16, 12, 16, 12)
        note.setSpacing(12)
        self._note_icon = IconLabel(look, "info", "text2", 20)
        self._note = Label(look, Role.BODY, ink="text2", wrap=True)
        note.addWidget(self._note_icon, alignment=Qt.AlignmentFlag.AlignTop)
        note.addWidget(self._note, 1)
        self._column.addWidget(self._title)
        self._column.addWidget(self.box)
        self._column.addSpacing(6)
        self._column.addWidget(self._words)
        self._column.addWidget(self._rows)
        self._column.addStretch(1)
        self._column.addWidget(self._note_box)
        look.changed.connect(self._dress)
        self._dress()

    def show_amount(
        self, title: Text, amount: int, rows: tuple[Row, ...], note: Text = NOTHING, icon: str = "info"
    ) -> None:
        """Show an amount with its rows; a note that is "" is left out."""
        self._title.show_text(title)
        self.box.show_amount(amount, stands=True, locked=True)
        self._words.show_amount(amount)
        self._rows.show_rows(tuple(row for row in rows if row[1]))
        self._note.show_text(note)
        self._note_icon.show_icon(icon, "text2")
        self._note_box.setVisible(bool(note.vi))

    @Slot()
    def _dress(self) -> None:
        size = self._look.size
        self.setFixedWidth(size.left)
        self._column.setContentsMargins(size.padding - 1, 15, size.padding - 1, size.padding - 1)
