"""The ring round the button or list that has the keys: 2 px, 2 px outside, which no style sheet can draw."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QPushButton, QWidget
from shiboken6 import isValid

from pos_app.ui.look import Look

_ROOM = 4
_RINGED = (QPushButton, QAbstractScrollArea)
"""What does not show the focus by itself."""


class FocusRing(QWidget):
    """One overlay for the whole window; it follows the focus and lets every tap through."""

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self._look = look
        self._target: QWidget | None = None
        self._watched: tuple[QWidget, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    @Slot(QWidget, QWidget)
    def _follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        for widget in filter(isValid, self._watched):  # what lay around the last button may be gone without a word
            widget.removeEventFilter(self)
        self._target = now if isinstance(now, _RINGED) and now.window() is self.window() else None
        self._watched = self._inside_out()
        for widget in self._watched:
            widget.installEventFilter(self)
        if self._target is None:
            self.hide()
        self._place()

    def _inside_out(self) -> tuple[QWidget, ...]:
        """The target and all that it lies in: each of them takes it along when it moves."""
        widgets: list[QWidget] = []
        widget: QWidget | None = self._target
        while widget is not None and widget is not self.window():
            widgets.append(widget)
            widget = widget.parentWidget()
        return tuple(widgets)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the target when it moves, and go with it when it goes."""
        if watched not in self._watched:
            return False
        if event.type() in {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show}:
            self._place()
        elif event.type() in {QEvent.Type.Hide, QEvent.Type.Destroy}:
            self._target, self._watched = None, ()
            self.hide()
        return False

    def _place(self) -> None:
        if self._target is None:
            return
        corner = self._target.mapTo(self.window(), QPoint(-_ROOM, -_ROOM))
        self.setGeometry(corner.x(), corner.y(), self._target.width() + 2 * _ROOM, self._target.height() + 2 * _ROOM)
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring."""
        if self._target is None:
            return
        token = {"on_green": "on_green", "pill_amber": "text"}.get(str(self._target.property("kind")), "accent")
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._look.colour(token)), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 14, 14)
