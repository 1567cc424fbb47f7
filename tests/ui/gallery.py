"""Every state of the screens as a picture: `python -m tests.ui.gallery OUTDIR`."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QEvent, QIODevice, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pos_app.checkout.views import PaymentView, ScanSource
from pos_app.payments.payment_code import WRONG_CODES, NotACode, PaymentCode
from pos_app.ui.bridge import (
    Bridge,
    CameraView,
    OpenCount,
    PrintState,
    PrintView,
    RecentView,
    Refused,
    Seen,
    SlipView,
    StoryView,
)  # fmt: skip
from pos_app.ui.look import Look
from pos_app.ui.main_window import MainWindow, Place
from pos_app.ui.sounds import Sounds
from pos_app.ui.theme import WORDS, Role, Theme, load_fonts, make_font
from pos_app.ui.widgets.button import Button
from pos_app.words import Language, Text
from tests.ui import samples

SIZES = ((1024, 768), (1366, 768), (1920, 1080))


class Scene:
    """A window with a written-down till behind it."""

    def __init__(
        self, size: tuple[int, int] = SIZES[1], *, language: Language = Language.VI, theme: Theme = Theme.LIGHT,
        place: Place = samples.PLACE,
    ) -> None:  # fmt: skip
        self.clock = samples.FixedClock()
        self.bridge, self.look, self.till = Bridge(), Look(language, theme), samples.WrittenDown()
        self.window = MainWindow(self.bridge, self.look, self.clock, place, Sounds(on=False))
        self.window.resize(*size)
        self.window.show()
        self.window.obey(self.till)
        for view in samples.HEALTHY:
            self.bridge.post(view)
        self.bridge.post(RecentView(samples.RECENT))
        self.bridge.post(CameraView(b"", 0, 0))

    def keys(self, text: str) -> None:
        for letter in text:
            QTest.keyClick(self.window, Qt.Key(ord(letter)))
        self.clock.ticks_ms += 1000

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.window, key)

    def scan(self, source: ScanSource = ScanSource.SCANNER) -> None:
        self.bridge.post(Seen(PaymentCode(samples.CODE), source, 1))

    def charge(self, view: PaymentView) -> None:
        self.window.sale.card.note.edit.setText("Bàn 5")
        self.keys("185000")
        self.scan()
        self.bridge.post(samples.SENDING)
        self.bridge.post(view)

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))


def _waiting(scene: Scene) -> None:
    scene.window.sale.card.note.edit.setText("Bàn 5")
    scene.keys("185000")
    scene.bridge.post(video())


def _standing(scene: Scene) -> None:
    _waiting(scene)
    scene.press(Qt.Key.Key_Return)


def _long(scene: Scene) -> None:
    scene.keys("999999999")
    scene.scan(ScanSource.CAMERA)


def _seen_no_amount(scene: Scene) -> None:
    scene.scan(ScanSource.SCANNER)


def _wrong(scene: Scene) -> None:
    scene.keys("185000")
    scene.bridge.post(Seen(WRONG_CODES[NotACode.VIETQR], ScanSource.SCANNER, 1))


def _wrong_long(scene: Scene) -> None:
    scene.keys("185000")
    scene.bridge.post(Seen(WRONG_CODES[NotACode.ZALOPAY_ORDER], ScanSource.SCANNER, 1))


def _paid(scene: Scene) -> None:
    scene.charge(samples.PAID)
    scene.bridge.post(PrintView(samples.PAID.payment_id, PrintState.PRINTING))
    scene.window.sale.paid.hold(0.72)


def _unknown(scene: Scene) -> None:
    scene.clock.now_ms = samples.at("14:33:10")
    scene.charge(samples.UNKNOWN)
    scene.bridge.post(OpenCount((samples.UNKNOWN,)))
    scene.bridge.post(samples.SLOW)


def _refused(scene: Scene) -> None:
    scene.keys("185000")
    scene.scan()
    title = Text("Không ghi được sổ giao dịch", "The journal cannot be written")
    advice = Text("Dừng bán bằng mã, gọi người cài đặt.", "Stop selling by code and call the installer.")
    scene.bridge.post(Refused(title, advice))


def _payments(scene: Scene) -> None:
    scene.bridge.post(RecentView(samples.TODAY))
    scene.bridge.post(OpenCount((samples.UNKNOWN,)))
    scene.press(Qt.Key.Key_F3)
    scene.window.payments.rows.setCurrentIndex(scene.window.payments._model.index(5))
    scene.bridge.post(StoryView(samples.PAID, samples.STORY))


def _slip(scene: Scene) -> None:
    scene.charge(samples.PAID)
    scene.window.sale.paid.hold(1)
    scene.press(Qt.Key.Key_F9)
    scene.bridge.post(SlipView(samples.PAID.payment_id, paper()))


def _trouble(scene: Scene) -> None:
    scene.bridge.post(samples.SLOW)
    scene.bridge.post(samples.NO_PAPER)
    scene.bridge.post(OpenCount((samples.UNKNOWN, samples.UNKNOWN)))


def _popover(scene: Scene) -> None:
    scene.bridge.post(samples.NO_PAPER)
    next(each for each in scene.window.head.findChildren(Button) if each.property("kind") == "bad").click()
    scene.window.sale.card.box.setFocus()
    scene.press(Qt.Key.Key_Tab)


def _focus(scene: Scene) -> None:
    scene.charge(samples.DECLINED)
    for _ in range(2):
        scene.press(Qt.Key.Key_Tab)


def _saved(scene: Scene) -> None:
    scene.charge(samples.PAID)
    scene.bridge.post(PrintView(samples.PAID.payment_id, PrintState.SAVED))
    scene.window.sale.paid.hold(0.4)


def _no_camera(scene: Scene) -> None:
    scene.keys("185000")
    scene.bridge.post(CameraView(b"", 0, 0, ready=False))


def _news(scene: Scene) -> None:
    scene.bridge.post(OpenCount((samples.UNKNOWN,)))
    scene.bridge.post(replace(samples.PAID, late=True))


def _no_payments(scene: Scene) -> None:
    scene.bridge.post(RecentView(()))
    scene.press(Qt.Key.Key_F3)


SCENES: dict[str, Callable[[Scene], None]] = {
    "01-ready": lambda scene: None,
    "01b-ready-code": _seen_no_amount,
    "02-waiting": _waiting,
    "02b-standing": _standing,
    "02c-long": _long,
    "02d-no-camera": _no_camera,
    "03-sending": lambda scene: scene.charge(samples.SENDING),
    "03b-processing": lambda scene: scene.charge(samples.PROCESSING),
    "04-paid": _paid,
    "04b-saved": _saved,
    "05-declined": lambda scene: scene.charge(samples.DECLINED),
    "05b-not-sent": lambda scene: scene.charge(samples.NOT_SENT),
    "05c-refused": _refused,
    "06-unknown": _unknown,
    "06b-mismatch": lambda scene: scene.charge(samples.MISMATCH),
    "12-payments": _payments,
    "12d-none": _no_payments,
    "12b-help": lambda scene: scene.press(Qt.Key.Key_F1),
    "12c-slip": _slip,
    "13-trouble": _trouble,
    "13b-popover": _popover,
    "13c-focus": _focus,
    "13d-news": _news,
    "19-wrong": _wrong,
    "19b-wrong": _wrong_long,
}


def video() -> CameraView:
    """A frame with a code in it."""
    image = QImage(640, 480, QImage.Format.Format_RGB888)
    image.fill(QColor("#55606B"))
    painter = QPainter(image)
    painter.fillRect(230, 130, 180, 300, QColor("#11161C"))
    painter.fillRect(240, 150, 160, 260, QColor("#FFFFFF"))
    painter.fillRect(260, 190, 120, 120, QColor("#8A949E"))
    painter.end()
    rgb = bytes(image.constBits())
    return CameraView(rgb, 640, 480, ((255, 185), (385, 188), (384, 315), (254, 313)))


def paper() -> bytes:
    """A picture in place of a slip."""
    image = QImage(576, 900, QImage.Format.Format_RGB888)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    painter.setFont(make_font(WORDS, 30, 500))
    for line, text in enumerate(("Tạp hóa Minh Anh", "PHIẾU THANH TOÁN", "185.000 ₫", "Bàn 5")):
        painter.drawText(40, 80 + 60 * line, text)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def main(out: Path, *wanted: str) -> None:
    """Write all pictures, or those whose names contain one of `wanted`."""
    app = QApplication([])
    load_fonts()
    app.setFont(Look().size.font(Role.BODY))
    out.mkdir(parents=True, exist_ok=True)
    for language in Language:
        for theme in Theme:
            for size in SIZES:
                for name, play in SCENES.items():
                    full = f"{name}-{size[0]}-{theme}-{language}"
                    if wanted and not any(all(part in full for part in want.split("+")) for want in wanted):
                        continue
                    demo = language is Language.EN
                    scene = Scene(size, language=language, theme=theme, place=samples.DEMO if demo else samples.PLACE)
                    play(scene)
                    app.processEvents()
                    scene.window.grab().save(str(out / f"{full}.png"))
                    scene.close()
                    app.processEvents()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
