"""Rows of facts: a disc with an icon, a strong line, a line of detail."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.screens.situation import Fact
from pos_app.ui.theme import Role
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import Label
from pos_app.ui.widgets.layouts import empty

_URGENT = {"hourglass", "triangle"}


class Facts(QWidget):
    """Shows facts one below the other; only what differs from before is built anew."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._shown: tuple[Fact, ...] = ()
        self._rows: list[tuple[Label, Label]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(16)

    def show_facts(self, facts: tuple[Fact, ...]) -> None:
        """Show these."""
        if facts == self._shown:
            return
        if [fact.icon for fact in facts] != [fact.icon for fact in self._shown]:
            self._build(facts)
        self._shown = facts
        for (title, detail), fact in zip(self._rows, facts, strict=True):
            title.show_text(fact.title)
            detail.show_text(fact.detail)

    def _build(self, facts: tuple[Fact, ...]) -> None:
        empty(self._column)
        self._rows = []
        for fact in facts:
            self._column.addWidget(self._row(fact))

    def _row(self, fact: Fact) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        fill, ink = ("amber", "on_amber") if fact.icon in _URGENT else ("sunk", "text2")
        row.addWidget(Disc(self._look, 40, fill, ink, icon=fact.icon), alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        title = Label(self._look, Role.BODY_STRONG, wrap=True)
        detail = Label(self._look, Role.BODY, ink="text2", wrap=True)
        words.addWidget(title)
        words.addWidget(detail)
        row.addLayout(words, 1)
        self._rows.append((title, detail))
        return box
