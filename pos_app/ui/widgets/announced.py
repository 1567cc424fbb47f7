"""What a screen reader says at once, whatever it is reading just then."""

from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, said: str) -> None:
    """Tell it, where a screen reader listens."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # noqa: PLC0415 - not before the window

    if said and QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(widget, said)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)
