"""The amount in the largest type: typed (caret), standing (tick) or locked. It never moves and never wraps."""

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.money import DONG, grouped
from pos_app.ui.icons import icon
from pos_app.ui.look import Look
from pos_app.ui.theme import FIGURES, Role, make_font
from pos_app.ui.widgets.announced import announce

_STEPS = (1.0, 0.857, 0.714, 0.6)
_DONG_PART = 0.6


class AmountBox(QWidget):
    """The field with the amount."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._amount = 0
        self._stands = False
        self._locked = False
        self._elsewhere = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._dress)
        self._dress()

    def show_amount(self, amount: int, *, stands: bool, locked: bool) -> None:
        """Show `amount` dong; locked when it cannot be changed any more."""
        begins_to_stand = stands and not locked and not self._stands
        self._amount, self._stands, self._locked = amount, stands, locked
        self.setAccessibleName(f"{grouped(amount)} {DONG}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if locked else Qt.FocusPolicy.StrongFocus)
        if begins_to_stand:
            announce(self, self.accessibleName())
        self.update()

    def show_elsewhere(self, *, elsewhere: bool) -> None:
        """Whether digits now go to another field: then the caret is not here."""
        self._elsewhere = elsewhere
        self.update()

    @Slot()
    def _dress(self) -> None:
        self.setFixedHeight(self._look.size.amount_box)
        self.update()

    def sizeHint(self) -> QSize:
        """Its height is given by the size in force."""
        return QSize(200, self._look.size.amount_box)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint box, figures, caret or tick, and the sign of the dong."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._look.colour
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setBrush(QColor(colour("sunk" if self._locked else "surface")))
        active = not self._locked and (self.hasFocus() or not self.window().isActiveWindow())
        painter.setPen(Qt.PenStyle.NoPen if self._locked else
                       QPen(QColor(colour("accent" if active else "edge")), 2 if active else 1))  # fmt: skip
        painter.drawRoundedRect(box, 12, 12)
        self._paint_figures(painter, typed=not self._locked and not self._stands and not self._elsewhere)
        if self._stands and not self._locked:
            side = 32
            at = QPointF(self.width() - side - 18, (self.height() - side) / 2)
            painter.drawPixmap(at, icon("tick", colour("accent"), side, self.devicePixelRatioF(), bold=True))

    def _paint_figures(self, painter: QPainter, *, typed: bool) -> None:
        colour = self._look.colour
        figures = grouped(self._amount)
        px = self._pixels(figures)
        big, small = make_font(FIGURES, px, 600), make_font(FIGURES, round(px * _DONG_PART), 600)
        width = QFontMetricsF(big).horizontalAdvance(figures)
        cap = QFontMetricsF(big).capHeight()
        base = (self.height() + cap) / 2
        x = 21.0
        empty = self._amount == 0
        if typed and empty:
            self._paint_caret(painter, x)
            x += 6
        painter.setFont(big)
        painter.setPen(QColor(colour("edge" if empty else "text")))
        painter.drawText(QPointF(x, base), figures)
        x += width
        if typed and not empty:
            self._paint_caret(painter, x + 4)
            x += 6
        painter.setFont(small)
        painter.setPen(QColor(colour("text2")))
        painter.drawText(QPointF(x + px * 0.26, base), DONG)

    def _paint_caret(self, painter: QPainter, x: float) -> None:
        pen = QPen(QColor(self._look.colour("accent")), 3)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        half = self.height() * 0.28
        painter.drawLine(QLineF(x, self.height() / 2 - half, x, self.height() / 2 + half))

    def _pixels(self, figures: str) -> int:
        """The largest step at which figures, caret, tick and sign fit into the box."""
        full = self._look.size.fonts[Role.AMOUNT][1]
        px = full
        for step in _STEPS:
            px = round(full * step)
            width = QFontMetricsF(make_font(FIGURES, px, 600)).horizontalAdvance(figures)
            if width + px * (0.26 + _DONG_PART * 0.7) + 2 * 21 + 44 <= self.width():
                break
        return px


class BigAmount(QWidget):
    """The amount where it is read from afar: white on green and centred, or in another ink from the left."""

    def __init__(self, look: Look, role: Role = Role.PAID_AMOUNT, *, ink: str = "on_green", left: bool = False) -> None:
        super().__init__()
        self._look, self._role, self._ink, self._left = look, role, ink, left
        self._amount = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._dress)
        self._dress()

    def show_amount(self, amount: int) -> None:
        """Show `amount` dong."""
        self._amount = amount
        self.setAccessibleName(f"{grouped(amount)} {DONG}")
        self.update()

    @Slot()
    def _dress(self) -> None:
        self.setFixedHeight(round(self._look.size.fonts[self._role][1] * 1.25))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint figures and sign on one base line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self._look.colour(self._ink)))
        figures = grouped(self._amount)
        full = self._look.size.fonts[self._role][1]
        for step in _STEPS:
            px = round(full * step)
            big, small = make_font(FIGURES, px, 600), make_font(FIGURES, round(px * _DONG_PART), 500)
            width = QFontMetricsF(big).horizontalAdvance(figures)
            total = width + px * 0.2 + QFontMetricsF(small).horizontalAdvance(DONG)
            x = 0.0 if self._left else (self.width() - total) / 2
            base = (self.height() + QFontMetricsF(big).capHeight()) / 2
            if total <= self.width() or step == _STEPS[-1]:
                painter.setFont(big)
                painter.drawText(QPointF(x, base), figures)
                painter.setFont(small)
                painter.drawText(QPointF(x + width + px * 0.2, base), DONG)
                return
