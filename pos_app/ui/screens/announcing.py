"""What a screen reader is told: the words of the stage that matter, in their order, once each time they change."""

from PySide6.QtWidgets import QWidget

from pos_app.ui.theme import Role
from pos_app.ui.widgets.amount_box import BigAmount
from pos_app.ui.widgets.label import Label

_SPOKEN = {Role.BAND, Role.DO_NOT, Role.SENTENCE, Role.TITLE, Role.DETAIL}


class Announcer:
    """Remembers what was said last."""

    def __init__(self) -> None:
        self._said = ""

    def announce(self, stage: QWidget) -> None:
        """Tell what the stage says now."""
        said = " ".join(_spoken(stage))
        if said == self._said:
            return
        first, self._said = not self._said, said
        stage.setAccessibleName(said)
        if first:
            return  # the window itself is told when it opens
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # noqa: PLC0415 - not before the window

        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(stage, said))


def _spoken(stage: QWidget) -> list[str]:
    words = []
    for widget in stage.findChildren(QWidget):
        if isinstance(widget, Label) and widget.role in _SPOKEN and widget.text():
            words.append(widget.text())
        elif isinstance(widget, BigAmount):
            words.append(widget.accessibleName())
    return words
