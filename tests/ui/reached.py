"""Whether what is really drawn can be read, and whether the keys reach all of it and show where they are."""

from collections import Counter
from itertools import islice

from PySide6.QtCore import QMargins, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from pos_app.ui.screens.other import OtherScreen
from tests.ui.seen import apart, place, seen

LARGE_PX, LARGE_BOLD_PX, BOLD = 24, 19, 600
"""By WCAG: letters so large are read with less contrast."""
_ACROSS, _DOWN = 12, 8
"""So many samples of a label's box find what is under its letters."""
_ROUND = QMargins(5, 5, 5, 5)
"""px round a widget where its focus may be drawn."""
_FEW = 12
"""Pixels that differ: a caret is more."""


def under(image: QImage, box: QRect) -> str:
    """The colour that most of a box has."""
    box = box.intersected(image.rect())
    across, down = max(1, box.width() // _ACROSS), max(1, box.height() // _DOWN)
    rows = range(box.top(), box.bottom() + 1, down)
    found = Counter(image.pixel(x, y) for x in range(box.left(), box.right() + 1, across) for y in rows)
    return QColor(found.most_common(1)[0][0]).name()


def faint_labels(window: QWidget, image: QImage) -> list[str]:
    """Words with less contrast to what was drawn under them than WCAG AA wants."""
    found = []
    for label in window.findChildren(QLabel):
        box = seen(label, window) if label.isVisible() and label.text() else QRect()
        if box.isEmpty():
            continue
        font, ink, ground = label.font(), label.palette().color(label.foregroundRole()).name(), under(image, box)
        large = font.pixelSize() >= (LARGE_BOLD_PX if font.weight() >= BOLD else LARGE_PX)
        if apart(ink, ground) < (3 if large else 4.5):
            found.append(f"faint: {label.text()}, {ink} on {ground}")
    return found


def by_tab(window: QWidget) -> list[QWidget]:
    """What Tab is to reach."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isEnabled()
        and not widget.visibleRegion().isEmpty()
        and (widget.focusPolicy() & Qt.FocusPolicy.TabFocus) == Qt.FocusPolicy.TabFocus
    ]


def lost_by_tab(window: QWidget) -> list[str]:
    """What Tab is to reach and does not; the focus ends where it began."""
    wanted, begun, reached = by_tab(window), QApplication.focusWidget(), list[QWidget]()
    for _ in range(2 * len(wanted)):
        window.focusNextPrevChild(True)
        now = QApplication.focusWidget()
        if now is None or now in reached:
            break
        reached.append(now)
    (begun or window).setFocus()
    return [f"Tab passes: {type(one).__name__} {one.accessibleName()}" for one in wanted if one not in reached]


def strays(window: QWidget) -> list[str]:
    """A screen that was opened has the keys, and Tab leads from there to something that is not on it."""
    screen, wanted = QApplication.focusWidget(), by_tab(window)
    if not isinstance(screen, OtherScreen) or not any(screen.isAncestorOf(one) for one in wanted):
        return []
    window.focusNextPrevChild(True)
    now = QApplication.focusWidget()
    screen.setFocus()
    return [] if now is not None and screen.isAncestorOf(now) else [f"Tab strays from {screen.accessibleName()}"]


def kind_of(widget: QWidget) -> tuple[str, ...]:
    """Widgets of one kind show the focus alike."""
    return type(widget).__name__, str(widget.property("kind")), str(widget.property("chosen"))


def shows_focus(widget: QWidget) -> bool:
    """Whether it looks otherwise with the focus than without, in it or round it."""
    window, before = widget.window(), QApplication.focusWidget()
    box = place(widget, window).marginsAdded(_ROUND).intersected(window.rect())
    widget.clearFocus()
    without = window.grab(box).toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    with_it = window.grab(box).toImage()
    (before or window).setFocus()
    QApplication.processEvents()
    pixels = ((x, y) for x in range(box.width()) for y in range(box.height()))
    differ = (1 for x, y in pixels if without.pixel(x, y) != with_it.pixel(x, y))
    return sum(islice(differ, _FEW)) == _FEW


def nameless(window: QWidget) -> list[str]:
    """What can be pressed or has the keys, and a screen reader has no word for."""
    there: list[QWidget] = [one for one in window.findChildren(QAbstractButton) if one.isVisible()]
    focused = QApplication.focusWidget()
    said = [(one, QAccessible.queryAccessibleInterface(one)) for one in (*there, *([focused] if focused else []))]
    return [f"nameless: {one!r}" for one, what in said if not any(map(str.isalnum, what.text(QAccessible.Text.Name)))]
