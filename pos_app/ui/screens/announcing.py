"""What a screen reader is told: the words of the stage that matter, in their order, once each time they change."""

from PySide6.QtWidgets import QWidget

from pos_app.ui.theme import Role
from pos_app.ui.widgets.amount_box import BigAmount
from pos_app.ui.widgets.announced import announce
from pos_app.ui.widgets.label import Label

_SPOKEN = {Role.BAND, Role.DO_NOT, Role.SENTENCE, Role.TITLE, Role.DETAIL, Role.DETAIL_STRONG}


class Announcer:
    """Remembers what was said last.

    Args:
        opens_with_window: its first words are on screen when the window opens, which is told as a whole.
    """

    def __init__(self, *, opens_with_window: bool = False) -> None:
        self._said = ""
        self._opens_with_window = opens_with_window

    def forget(self) -> None:
        """Somebody else is served: the same words are news again."""
        self._said = ""

    def announce(self, stage: QWidget) -> None:
        """Tell what the stage says now."""
        said = ". ".join(words.rstrip(".") for words in _spoken(stage))
        if said == self._said:
            return
        first, self._said = not self._said, said
        stage.setAccessibleName(said)
        if not (first and self._opens_with_window):
            announce(stage, said)


def _spoken(stage: QWidget) -> list[str]:
    words = []
    for widget in stage.findChildren(QWidget):
        if not widget.isVisibleTo(stage):
            continue
        if isinstance(widget, Label) and widget.role in _SPOKEN and widget.text():
            words.append(widget.text())
        elif isinstance(widget, BigAmount):
            words.append(widget.accessibleName())
    return words
