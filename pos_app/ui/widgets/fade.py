"""How one page fades into the next: a picture of the old one lies over the new one, and vanishes."""

from PySide6.QtCore import QEasingCurve, Qt, QVariantAnimation, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

FADE_MS = 120


class Fade(QWidget):
    """A picture that vanishes; lets every tap through."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._picture = QPixmap()
        self._course = QVariantAnimation(self)
        self._course.setStartValue(1.0)
        self._course.setEndValue(0.0)
        self._course.setDuration(FADE_MS)
        self._course.setEasingCurve(QEasingCurve.Type.Linear)
        self._course.valueChanged.connect(self._paint_on)
        self._course.finished.connect(self._gone)
        self.hide()

    def begin(self, picture: QPixmap) -> None:
        """Lie over everything with `picture`, and vanish."""
        self._picture = picture
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()
        self._course.stop()
        self._course.start()

    def end(self) -> None:
        """Be gone now."""
        self._course.stop()
        self._gone()

    @Slot()
    def _paint_on(self) -> None:
        self.update()

    @Slot()
    def _gone(self) -> None:
        self.hide()
        self._picture = QPixmap()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is left of the picture."""
        painter = QPainter(self)
        painter.setOpacity(float(self._course.currentValue()))
        painter.drawPixmap(0, 0, self._picture)
