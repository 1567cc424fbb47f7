"""The doctor: one line for each check, what is to be done on top; and the report for support, shown before it is saved.

The till looks, on threads of its own; lines fill in as they come. What is checked is the table in `doctor.checks`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.clock import Clock
from pos_app.doctor.checks import Check, Finding, Verdict, summary, tally, worst_first
from pos_app.doctor.machine_probes import look_at_scanner
from pos_app.doctor.views import (
    AllChecked,
    BackedUp,
    BackupRefused,
    Checked,
    OfDoctor,
    SupportRefused,
    SupportSaved,
    SupportShown,
)
from pos_app.ui.look import Look
from pos_app.ui.screens.back_up_page import SUFFIX, BackUpPage
from pos_app.ui.screens.doctor_rows import CHECKING, CheckRow, columns
from pos_app.ui.screens.exports import backup_path, export_path
from pos_app.ui.screens.other import OtherScreen
from pos_app.ui.theme import Role
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import Frame, Label
from pos_app.ui.widgets.pages import Pages
from pos_app.ui.widgets.scrolled import Scrolled
from pos_app.vietnam_day import clock_time
from pos_app.words import NOTHING, Text

if TYPE_CHECKING:
    from pos_app.checkout.events import CameraView

TITLE = Text("Kiểm tra máy", "Doctor")
_AT = Text("Kiểm tra lúc {at}, mất {s} giây · {tally}", "Checked at {at}, took {s} s · {tally}")
_HEADS = (
    Text("Kiểm tra", "Check"),
    Text("Thấy gì", "What was seen"),
    Text("Nghĩa là gì, làm gì", "What it means, what to do"),
)
_SHOWN: tuple[Check, ...] = tuple(check for check in Check if check is not Check.DISPLAY)
_DISCS = {
    None: ("accent_soft", "accent"),
    Verdict.OK: ("green_soft", "green_text"),
    Verdict.UNKNOWN: ("sunk", "text2"),
    Verdict.WARN: ("amber_soft", "amber_text"),
    Verdict.BAD: ("red_soft", "red_text"),
}
_ALL_OF_IT = Text(
    "Tệp chỉ có những dòng dưới đây: không tên, địa chỉ, số tiền, mã, PIN hay khóa nào.",
    "The file holds these lines and no more: no name, address, amount, code, PIN or key.",
)
_SAVED = Text("Đã lưu {file}", "Saved {file}")
_REFUSED = Text("{title}. {advice}", "{title}. {advice}")


class DoctorScreen(OtherScreen):
    """The checks of one till, and the report.

    Signals:
        asks_to_save: the report is to be saved; somebody who may is to say so.
    """

    asks_to_save = Signal()

    def __init__(self, look: Look, clock: Clock) -> None:
        super().__init__()
        self._look, self._clock = look, clock
        self._busy = False
        self._looked: AllChecked | None = None
        self._pages = Pages(look)
        self._checks, self._report = self._checks_page(look), self._report_page(look)
        self.back_up = BackUpPage(look)
        self.back_up.wanted.connect(self._back_up)
        self.back_up.left.connect(self.back)
        for page in (self._checks, self._report, self.back_up):
            self._pages.join(page)
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self._pages)
        look.changed.connect(self._dress)
        self._dress()

    # --- what it is made of ----------------------------------------------------------------------------------------

    def _checks_page(self, look: Look) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(20, 16, 8, 12)
        column.setSpacing(8)
        self._disc = Disc(look, 56, "accent_soft", "accent", icon="wrench")
        self._title = Label(look, Role.TITLE, TITLE)
        self._when = Label(look, Role.SMALL, ink="text2")
        self._to_report = _button(look, Text("Báo cáo hỗ trợ", "Support report"), "export", self._write_report)
        again = _button(look, Text("Kiểm tra lại", "Check again"), "refresh", self.begin, kind="primary")
        column.addLayout(_top(self._disc, (self._title, self._when), (self._to_report, again)))
        heads = QHBoxLayout()
        heads.setContentsMargins(56 + 12, 8, 0, 0)
        heads.setSpacing(12)
        self._heads = tuple(Label(look, Role.LABEL, text, ink="text2") for text in _HEADS)
        for head in self._heads:
            heads.addWidget(head)
        heads.addStretch(1)
        column.addLayout(heads)
        self.rows: dict[Check, CheckRow] = {check: CheckRow(look, check) for check in _SHOWN}
        self.rows[Check.BACKUP].offer(_button(look, Text("Sao lưu", "Back up"), "drive", self._ask_where))
        inside = QWidget()
        inside.setObjectName("page")
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 8, 0)
        self._list.setSpacing(0)
        for row in self.rows.values():
            self._list.addWidget(row)
        self._list.addStretch(1)
        self._scroll = Scrolled(look, inside)
        column.addWidget(self._scroll, 1)
        return card

    def _report_page(self, look: Look) -> QWidget:
        card = Frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(20, 16, 8, 12)
        column.setSpacing(8)
        self._said = Label(look, Role.BODY, _ALL_OF_IT, ink="text2", wrap=True)
        self._save = _button(look, Text("Lưu tệp", "Save the file"), "export", self.asks_to_save.emit, kind="primary")
        back = _button(look, Text("Quay lại", "Back"), "back", self.back)
        disc = Disc(look, 56, "accent_soft", "accent", icon="export")
        title = Label(look, Role.TITLE, Text("Báo cáo cho người hỗ trợ", "Report for support"))
        column.addLayout(_top(disc, (title, self._said), (back, self._save)))
        self._text = Label(look, Role.FIGURE, wrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inside = QWidget()
        inside.setObjectName("page")
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(56 + 12, 8, 16, 0)
        inner.addWidget(self._text)
        inner.addStretch(1)
        self._text_scroll = Scrolled(look, inside)
        column.addWidget(self._text_scroll, 1)
        return card

    # --- what is asked for -----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """It was opened, or is to look once more."""
        self._pages.turn_to(self._checks)
        if self._commands is None:
            return
        self._commands.look_at_camera(on=True)
        if self._busy:
            return
        self._busy = True
        for check, row in self.rows.items():
            row.show_finding(None)
            self._list.insertWidget(_SHOWN.index(check), row)
        self._title.show_text(CHECKING)
        self._when.show_text(NOTHING)
        self._sign(None)
        self._commands.examine()

    def _write_report(self) -> None:
        if self._commands is not None:
            self._text.show_text(Text("Đang viết…", "Writing…"))
            self._say(_ALL_OF_IT)
            self._save.setEnabled(False)
            self._pages.turn_to(self._report)
            self._commands.write_support_report()

    @Slot()
    def _ask_where(self) -> None:
        if self._commands is None:  # the till is not there yet, or no more
            return
        self._pages.turn_to(self.back_up)
        self.back_up.begin(backup_path("sao-luu", SUFFIX, self._clock.wall_ms()))

    @Slot(object, str)
    def _back_up(self, path: Path, passphrase: str) -> None:
        if self._commands is not None:
            self._commands.back_up(path, passphrase)

    def save(self) -> None:
        """Save what is shown: somebody may."""
        if self._commands is not None and self._save.isEnabled():
            self._commands.save_support_report(export_path("ho-tro", ".txt", self._clock.wall_ms()))

    def hideEvent(self, event: QHideEvent) -> None:
        """The camera's picture is wanted here no more."""
        if self._commands is not None:
            self._commands.look_at_camera(on=False)
        super().hideEvent(event)

    # --- what the till tells ---------------------------------------------------------------------------------------

    def receive(self, event: OfDoctor) -> None:
        """A check, the end of them, the report."""
        match event:
            case Checked():
                self._show_finding(event.finding)
            case AllChecked():
                self._busy, self._looked = False, event
                self._sum_up(event)
            case SupportShown():
                self._text.show_text(event.text)
                self._save.setEnabled(True)
            case SupportSaved():
                self._say(_SAVED.fill(file=event.path))
            case SupportRefused():
                self.refuse(event.title, event.advice)
            case BackedUp():
                self.back_up.show_done(event)
            case BackupRefused():
                self.back_up.refuse(event.title, event.advice)
            case _:
                pass

    def refuse(self, title: Text, advice: Text) -> None:
        """The report was not saved."""
        self._say(_REFUSED.fill(title=title, advice=advice))

    def show_frame(self, frame: "CameraView") -> None:
        """What the camera sees."""
        self.rows[Check.CAMERA].show_frame(frame)

    def scanned(self) -> None:
        """The hand-held scanner read something while this page is open."""
        self._show_finding(look_at_scanner(self._clock.wall_ms()))

    def _show_finding(self, finding: Finding) -> None:
        """On its line; what is new once all were looked at is summed up with the others."""
        self.rows[finding.check].show_finding(finding)
        if self._looked is not None and not self._busy:
            self._sum_up(self._looked)

    def _sum_up(self, told: AllChecked) -> None:
        found = [row.finding for row in self.rows.values() if row.finding is not None]
        for place, finding in enumerate(worst_first(found)):
            self._list.insertWidget(place, self.rows[finding.check])
        self._title.show_text(summary(found))
        seconds = round(told.took_ms / 1000)
        self._when.show_text(_AT.fill(at=clock_time(told.at_ms), s=seconds, tally=tally(found)))
        self._sign(next((one.verdict for one in worst_first(found) if one.to_do), Verdict.OK))

    def _sign(self, worst: Verdict | None) -> None:
        fill, ink = _DISCS[worst]
        self._disc.show_sign(fill=fill, ink=ink, icon="wrench")

    def _say(self, text: Text) -> None:
        self._said.show_text(text)

    # --- keys ------------------------------------------------------------------------------------------------------

    @property
    def can_go_back(self) -> bool:
        """See `OtherScreen`."""
        return self._pages.currentWidget() is not self._checks

    def back(self) -> None:
        """See `OtherScreen`."""
        self._pages.turn_to(self._checks)
        self.setFocus()

    def press(self, event: QKeyEvent) -> bool:
        """Enter looks again, or saves; the arrows move the lines."""
        key, reads = event.key(), self._pages.currentWidget() is self._report
        bar = (self._text_scroll if reads else self._scroll).verticalScrollBar()
        if self._pages.currentWidget() is self.back_up:
            if key not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                return False
            self.back_up.go_on()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if not reads:
                self.begin()
            elif self._save.isEnabled():
                self.asks_to_save.emit()
        elif key in {Qt.Key.Key_Down, Qt.Key.Key_PageDown}:
            bar.setValue(bar.value() + bar.pageStep() // 2)
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_PageUp}:
            bar.setValue(bar.value() - bar.pageStep() // 2)
        else:
            return False
        return True

    @Slot()
    def _dress(self) -> None:
        gap = self._look.size.gap
        self._outer.setContentsMargins(gap, gap, gap, gap)
        for head, width in zip(self._heads, columns(self._look), strict=False):
            head.setFixedWidth(width)


def _button(look: Look, text: Text, icon: str, pressed: Callable[[], None], *, kind: str = "") -> Button:
    ink = "on_accent" if kind else "text"
    return Button(look, text, pressed, kind=kind, role=Role.SMALL_BUTTON, icon=(icon, ink, 20))


def _top(disc: Disc, words: tuple[Label, ...], buttons: tuple[Button, ...]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 8, 0)
    row.setSpacing(12)
    row.addWidget(disc)
    column = QVBoxLayout()
    column.setSpacing(0)
    for word in words:
        column.addWidget(word)
    row.addLayout(column, 1)
    for button in buttons:
        row.addWidget(button)
    return row
