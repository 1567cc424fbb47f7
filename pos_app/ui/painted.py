"""Tells when something is on the screen: not when it was asked for, but when it has been painted."""

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

_DONE = QEvent.Type(QEvent.registerEventType())


class Painted(QObject):
    """Watches for the next painting of one widget at a time; one that is never painted is never told.

    Args:
        told: gets what was waited for, and the monotonic time (ns) at which it was painted.
    """

    def __init__(self, parent: QObject, told: Callable[[str, int], None]) -> None:
        super().__init__(parent)
        self._told = told
        self._watched: QWidget | None = None
        self._what = ""

    @property
    def waits(self) -> bool:
        """Whether something is about to be painted."""
        return self._watched is not None

    def wait_for(self, widget: QWidget, what: str) -> None:
        """Tell `what` once `widget` has been painted; what was waited for before is not told any more."""
        if self._watched is not None:
            self._watched.removeEventFilter(self)
        self._watched, self._what = widget, what
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The painting begins: it is done when the loop comes round again, before it does anything else."""
        if event.type() is QEvent.Type.Paint and watched is self._watched:
            watched.removeEventFilter(self)
            self._watched = None
            QCoreApplication.postEvent(self, QEvent(_DONE), Qt.EventPriority.HighEventPriority.value)
        return False

    def event(self, event: QEvent) -> bool:
        """The loop has come round."""
        if event.type() != _DONE:
            return super().event(event)
        painted_at_ns = time.monotonic_ns()
        if self._watched is None:  # else something newer is about to be painted, and tells of itself
            what, self._what = self._what, ""
            if what:
                self._told(what, painted_at_ns)
        return True
