"""One line of the doctor's page: a sign, what is checked, what was seen, what it means and what to do."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pos_app.doctor.checks import TABLE, Check, Finding, Verdict
from pos_app.ui.look import Look
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import Divider, Frame, Label
from pos_app.words import NOTHING, Text

if TYPE_CHECKING:
    from pos_app.checkout.events import CameraView

CHECKING = Text("Đang kiểm tra", "Checking")
_SIGN_COLUMN = 56
_LARGE, _SMALL = 40, 28
_GLIMPSE = 64, 36
_BETWEEN, _ROW_MIN = 6, 42
_SIGNS = {
    None: ("clock", "sunk", "text2", "page", "text2"),
    Verdict.OK: ("tick", "green_soft", "green_text", "page", "text"),
    Verdict.UNKNOWN: ("info", "sunk", "text2", "page", "text"),
    Verdict.WARN: ("triangle", "amber", "on_amber", "pill_amber", "amber_text"),
    Verdict.BAD: ("cross", "red", "on_red", "pill_red", "red_text"),
}
"""Icon, fill and ink of the disc; the row's rule in the style sheet; the ink of what was seen."""


def columns(look: Look) -> tuple[int, int]:
    """How wide the columns of the name and of what was seen are."""
    return (148, 196) if look.size.narrow else (332, 420) if look.size.wide else (236, 270)


class CheckRow(QWidget):
    """The line of one check."""

    def __init__(self, look: Look, check: Check) -> None:
        super().__init__()
        self._look = look
        self.finding: Finding | None = None
        self._disc = Disc(look, _SMALL, "sunk", "text2", icon="clock")
        self._name = Label(look, Role.BODY_STRONG, TABLE[check].name, wrap=True)
        self._seen = Label(look, Role.BODY, CHECKING, wrap=True)
        self._meaning = Label(look, Role.BODY, ink="text2", wrap=True)
        self._remedy = Label(look, Role.BODY_STRONG, wrap=True)
        self._glimpse = QLabel()
        self._glimpse.hide()
        self._box = Frame("page")
        row = QHBoxLayout(self._box)
        row.setSpacing(12)
        self._row = row
        sign = QHBoxLayout()
        sign.addWidget(self._disc)
        place = QWidget()
        place.setFixedWidth(_SIGN_COLUMN)
        place.setLayout(sign)
        sign.setContentsMargins(0, 0, 0, 0)
        row.addWidget(place)
        row.addWidget(self._name)
        row.addWidget(self._seen)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._meaning)
        words.addWidget(self._remedy)
        row.addLayout(words, 1)
        row.addWidget(self._glimpse, alignment=Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._box)
        self._line = Divider()
        column.addWidget(self._line)
        self._column = column
        look.changed.connect(self._dress)
        self._dress()
        self.show_finding(None)

    def show_finding(self, finding: Finding | None) -> None:
        """Show what was found; None while it is being looked at."""
        self.finding = finding
        verdict = finding.verdict if finding is not None else None
        icon, fill, disc_ink, box, ink = _SIGNS[verdict]
        wrong = finding is not None and finding.to_do
        self._disc.resize_to(_LARGE if wrong else _SMALL)
        self._disc.show_sign(fill=fill, ink=disc_ink, icon=icon)
        self._box.wear(box)
        self._row.setContentsMargins(0, *((11, 16, 11) if wrong else (3, 16, 3)))
        self._box.setMinimumHeight(0 if wrong else _ROW_MIN)
        self._column.setContentsMargins(0, 0, 0, _BETWEEN if wrong else 0)
        self._seen.show_text(finding.seen if finding is not None else CHECKING)
        self._seen.set_ink(ink)
        self._seen.play(Role.BODY_STRONG if wrong else Role.BODY)
        self._meaning.show_text(finding.meaning if finding is not None else NOTHING)
        self._meaning.set_ink("text" if wrong else "text2")
        remedy = finding.remedy if finding is not None else NOTHING
        self._remedy.show_text(remedy)
        self._remedy.play(Role.BODY_STRONG if wrong else Role.BODY)
        self._remedy.setVisible(bool(remedy.vi))
        self._line.setVisible(not wrong)
        self._speak()

    def offer(self, button: Button) -> None:
        """What can be done about it from here."""
        self._row.addWidget(button, alignment=Qt.AlignmentFlag.AlignVCenter)

    def show_frame(self, frame: "CameraView") -> None:
        """What the camera sees, small; none while nothing comes."""
        if frame.rgb:
            image = QImage(frame.rgb, frame.width, frame.height, 3 * frame.width, QImage.Format.Format_RGB888)
            small = image.scaled(
                *_GLIMPSE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self._glimpse.setPixmap(QPixmap.fromImage(small))
        self._glimpse.setVisible(bool(frame.rgb))

    def _speak(self) -> None:
        said = [self._name, self._seen, self._meaning, self._remedy]
        self.setAccessibleName(". ".join(label.text() for label in said if label.text()))

    @Slot()
    def _dress(self) -> None:
        name, seen = columns(self._look)
        self._name.setFixedWidth(name)
        self._seen.setFixedWidth(seen)
        self._speak()
