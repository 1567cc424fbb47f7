"""What Qt says by itself is Vietnamese where the window is, and its boxes wear the theme."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QLabel, QLineEdit, QMessageBox, QPushButton

from pos_app.journal.errors import AlreadyOpenError
from pos_app.ui.cannot_start import CannotStart
from pos_app.ui.look import Look
from pos_app.ui.qt_words import WORDS, QtWords
from pos_app.ui.theme import Theme
from pos_app.words import Language
from tests.ui.conftest import OpenScene

OURS = {"QGuiApplication", "QShortcut"}
"""Contexts that nobody reads: the direction of writing, names of keys."""


class Heard(QtWords):
    """Notes all that Qt wants said."""

    def __init__(self, look: Look) -> None:
        self.sources = set[str]()
        super().__init__(look)

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        if context not in OURS and not source.startswith("Alt+"):
            self.sources.add(source)
        return super().translate(context, source, disambiguation, n)


@pytest.fixture
def heard(qapp: QApplication) -> Iterator[Heard]:
    words = Heard(Look(Language.VI))
    yield words
    QCoreApplication.removeTranslator(words)


def file_dialog() -> QFileDialog:
    dialog = QFileDialog(None, "")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return dialog


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_nothing_that_qt_says_is_left_in_english(heard: Heard) -> None:
    for accept in QFileDialog.AcceptMode:
        dialog = file_dialog()
        dialog.setAcceptMode(accept)
        dialog.show()
        words = {label.text() for label in dialog.findChildren(QLabel)}
        words |= {button.text() for button in dialog.findChildren(QPushButton)}
        assert {"Tìm trong:", "Tên tệp:", "Loại tệp:", "Thôi"} <= words
        dialog.close()
    asked = QInputDialog()
    asked.show()
    asked.close()
    QLineEdit("x").createStandardContextMenu()
    box = QMessageBox()
    box.setStandardButtons(QMessageBox.StandardButton.Ok | QMessageBox.StandardButton.Cancel)
    box.show()
    box.close()
    assert heard.sources - WORDS.keys() == set()
    heard._look.speak(Language.EN)
    assert file_dialog().labelText(QFileDialog.DialogLabel.FileName) == "File &name:"


@pytest.mark.qt_log_ignore("propagateSizeHints")
@pytest.mark.parametrize("theme", Theme)
def test_a_box_can_be_read_in_every_theme(open_scene: OpenScene, theme: Theme) -> None:
    """Its words have the theme's ink: on a ground of the system's own nobody could read why no till opens."""
    scene = open_scene(theme=theme)
    said = CannotStart(scene.window, Language.VI, closed=lambda: None, go_on=None)
    said.say(AlreadyOpenError.title, AlreadyOpenError.advice)
    QApplication.processEvents()
    assert said._box.grab().toImage().pixelColor(3, 3) == QColor(scene.look.colour("surface"))
    said._box.close()
