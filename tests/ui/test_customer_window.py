"""The customer display: what it may show, when it shows it, that it reads, fits, and keeps to its monitor."""

import gc
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageGrab
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pos_app.checkout.events import OpenCount, Refused
from pos_app.checkout.views import PaymentView, Stage
from pos_app.door import NobodyHomeError, ask
from pos_app.sandbox.server import Sandbox
from pos_app.scanning.decoders import decode
from pos_app.settings import DisplaySettings, Settings, SettingsError, load, save
from pos_app.ui.customer_window import RESULT_MS, CustomerWindow
from pos_app.ui.facing import NOBODY, Page, facing
from pos_app.ui.screens.customer_pages import ScanPage
from pos_app.ui.theme import TOKENS, Theme
from pos_app.ui.widgets.phone import Phone
from pos_app.ui.widgets.shown_code import ShownQr
from pos_app.words import Text
from tests.ui import samples
from tests.ui.conftest import OpenScene
from tests.ui.gallery import CUSTOMER, CUSTOMER_SIZES, Scene, customer_window
from tests.ui.seen import cut, place, widgets_there

BESIDE = samples.PLACE._replace(customer_screen="window")
VI_MARKS = set("ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹàáãèéìíòóùúýõũ")

OpenDisplay = Callable[..., CustomerWindow]


@pytest.fixture
def open_display(qapp: QApplication) -> Iterator[OpenDisplay]:
    made: list[CustomerWindow] = []

    def open_one(
        size: tuple[int, int] = (1024, 768), *, words: str = "vi_en", theme: Theme = Theme.LIGHT
    ) -> CustomerWindow:
        made.append(customer_window(size, words=words, theme=theme, place=samples.DEMO))
        qapp.processEvents()
        return made[-1]

    yield open_one
    for window in made:
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))


def labels(widget: QWidget) -> list[QLabel]:
    return [label for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]


def words(widget: QWidget) -> str:
    """Every word that stands there, for eyes and for screen readers."""
    named = [one.accessibleName() for one in widget.findChildren(QWidget) if one.isVisible()]
    return "\n".join([label.text() for label in labels(widget)] + named)


def beside(scene: Scene) -> CustomerWindow:
    """The display of a till without a second monitor, turned on by its setting."""
    QApplication.processEvents()
    display = scene.window._customer_display
    assert display is not None
    assert display.window is not None
    return display.window


def page_of(window: CustomerWindow) -> Page:
    return window.shown.page


@pytest.fixture
def scene(open_scene: OpenScene) -> Scene:
    return open_scene(place=BESIDE)


# What it may show


def test_nothing_of_the_cashiers_stands_there(scene: Scene) -> None:
    """Each state of a payment, told with everything that the cashier sees."""
    window = beside(scene)
    scene.bridge.post(OpenCount(samples.OPEN))
    seen = set()
    for shows, stage in [(False, stage) for stage in Stage] + [(True, stage) for stage in Stage]:
        scene.window.sale.next_customer()
        number = f"261121_02_{'S' if shows else 'C'}{stage}"
        view = replace(
            samples.SHOWN if shows else samples.DECLINED, payment_id=number, stage=stage, note="Bàn 5",
            settled_at_ms=samples.at("14:32:18"), slip_number="02-000148", zp_trans_id="261121000004821",
            cause=Text("Số dư không đủ", "Not enough money"), advice=Text("Nguồn tiền khác", "Other source"),
            cause_code="−63", demo=True,
        )  # fmt: skip
        begin = scene.show if shows else scene.charge
        begin(replace(view, stage=Stage.SENDING))
        scene.window.sale.now.payment = view
        scene.window.sale._show_stage()
        QApplication.processEvents()
        said = words(window)
        seen.add(window.shown.page)
        assert "185.000" in said
        for secret in (
            "Bàn 5",
            "không đủ",
            "Nguồn tiền",
            "63",
            "02-000148",
            number,
            "26112100000",
            "Thu Hà",
            "57.000",
            "96.000",
        ):
            assert secret not in said, (stage, secret)
    assert seen >= {Page.PAID, Page.NOT_PAID, Page.NOT_KNOWN, Page.MANAGER, Page.SCAN, Page.CONFIRM}


def test_each_stage_has_a_page() -> None:
    for stage in Stage:
        for view in (samples.PROCESSING, samples.SHOWN):
            assert facing(0, replace(view, stage=stage), 0).page is not Page.IDLE


@pytest.mark.parametrize("late", [samples.PAID, samples.DECLINED, samples.MISMATCH], ids=lambda view: view.stage)
def test_a_late_result_of_an_earlier_payment_never_appears(scene: Scene, late: PaymentView) -> None:
    window = beside(scene)
    scene.charge(samples.UNKNOWN)
    assert page_of(window) is Page.NOT_KNOWN
    scene.press(Qt.Key.Key_Return)
    assert window.shown == NOBODY
    late = replace(late, late=True)
    scene.bridge.post(late)  # nobody at the counter
    assert window.shown == NOBODY
    scene.keys("1000")
    scene.bridge.post(late)  # the next customer, before the charge
    assert (window.shown.page, window.shown.amount) == (Page.AMOUNT, 1000)
    scene.scan()
    scene.bridge.post(replace(late, settled_at_ms=samples.at("14:40:00")))  # while it is charged
    scene.bridge.post(replace(late, payment_id="261120_02_000007"))  # of yesterday
    assert (window.shown.page, window.shown.amount) == (Page.SENDING, 1000)
    next_one = replace(samples.SENDING, payment_id="261121_02_000149", amount=1000)
    scene.bridge.post(next_one)
    scene.bridge.post(replace(samples.PAID, payment_id="261121_02_000149", amount=1000))
    scene.bridge.post(replace(late, settled_at_ms=samples.at("14:41:00")))  # after the result of the next one
    assert (window.shown.page, window.shown.amount) == (Page.PAID, 1000)
    assert "185.000" not in words(window)


def test_a_late_result_of_the_same_amount_is_not_taken_for_the_next(scene: Scene) -> None:
    window = beside(scene)
    begun = samples.at("14:32:16")
    scene.charge(replace(samples.UNKNOWN, scanned_at_ms=begun))
    scene.press(Qt.Key.Key_Return)
    scene.keys("185000")
    scene.scan()
    scene.bridge.post(replace(samples.PAID, scanned_at_ms=begun))
    assert page_of(window) is Page.SENDING


# When


def test_from_the_amount_to_the_result_and_back(scene: Scene, qtbot: QtBot) -> None:
    window = beside(scene)
    assert window.shown == NOBODY
    assert "Tạp hóa Minh Anh" in words(window)
    scene.keys("185000")
    assert page_of(window) is Page.AMOUNT
    assert "Mã thanh toán" in words(window)
    scene.press(Qt.Key.Key_Return)
    scene.scan()
    assert page_of(window) is Page.SENDING
    scene.bridge.post(samples.SENDING)
    scene.bridge.post(samples.PROCESSING)
    assert page_of(window) is Page.CONFIRM
    window._rest_timer.setInterval(300)
    scene.bridge.post(samples.PAID)
    assert page_of(window) is Page.PAID
    assert "…4821" in words(window)
    scene.window.sale.next_customer()
    assert page_of(window) is Page.PAID, "the cashier is quicker than the customer reads"
    qtbot.waitUntil(lambda: window.shown == NOBODY, timeout=3000)
    assert RESULT_MS == 5000


def test_a_result_goes_though_the_cashier_stays(scene: Scene, qtbot: QtBot) -> None:
    window = beside(scene)
    window._rest_timer.setInterval(200)
    scene.charge(replace(samples.PAID, zp_trans_id=""))
    assert page_of(window) is Page.PAID
    qtbot.waitUntil(lambda: window.shown == NOBODY, timeout=3000)
    scene.bridge.post(samples.PAID)
    assert window.shown == NOBODY, "told again is no new result"
    scene.window.sale.next_customer()
    scene.charge(replace(samples.DECLINED, payment_id="261121_02_000149", scanned_at_ms=samples.at("14:32:16")))
    assert page_of(window) is Page.NOT_PAID
    qtbot.waitUntil(lambda: window.shown == NOBODY, timeout=3000)
    scene.press(Qt.Key.Key_Return)
    assert page_of(window) is Page.AMOUNT


def test_the_next_sale_takes_the_place_of_a_result_at_once(scene: Scene) -> None:
    window = beside(scene)
    scene.charge(samples.PAID)
    scene.keys("92000")
    assert (window.shown.page, window.shown.amount) == (Page.AMOUNT, 92_000)
    assert not window._rest_timer.isActive()


def test_what_is_not_known_stays(scene: Scene, qtbot: QtBot) -> None:
    window = beside(scene)
    window._rest_timer.setInterval(50)
    scene.charge(samples.UNKNOWN)
    qtbot.wait(200)
    assert page_of(window) is Page.NOT_KNOWN
    assert "ĐỪNG trả lần nữa" in words(window)


def test_the_till_refuses(scene: Scene) -> None:
    window = beside(scene)
    scene.keys("1000")
    scene.press(Qt.Key.Key_Return)
    scene.press(Qt.Key.Key_F2)
    assert page_of(window) is Page.MAKING
    scene.bridge.post(Refused(Text("Ổ đĩa gần đầy", "The disk is nearly full"), Text("Dọn chỗ", "Free space")))
    assert page_of(window) is Page.AMOUNT
    assert "Ổ đĩa" not in words(window)


# The code


def shown_texts(widget: QWidget, scaled: float = 1.0) -> list[str]:
    QApplication.processEvents()
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    image = image.scaledToWidth(round(image.width() * scaled), Qt.TransformationMode.SmoothTransformation)
    lines = np.frombuffer(bytes(image.constBits()), np.uint8).reshape(image.height(), image.bytesPerLine())
    return [seen.text for seen in decode(lines[:, : image.width()].copy())]


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize("size", CUSTOMER_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_code_is_read_from_it(open_display: OpenDisplay, size: tuple[int, int], theme: Theme) -> None:
    window = open_display(size, theme=theme)
    window.face(CUSTOMER["10c-scan"])
    assert shown_texts(window) == [samples.ORDER]
    assert shown_texts(window, 0.45) == [samples.ORDER], "from two metres"


def test_no_drawing_of_ours_is_read_as_a_code(open_display: OpenDisplay) -> None:
    window = open_display()
    window.face(CUSTOMER["10a-amount"])
    assert window.findChildren(Phone)
    assert shown_texts(window) == []


@pytest.mark.parametrize("view", [samples.STOPPING, samples.NO_CODE, samples.CANCELLED, samples.TIMED_OUT,
                                  replace(samples.SHOWN, released=True)])  # fmt: skip
def test_a_code_that_is_over_is_off_the_screen(scene: Scene, view: PaymentView) -> None:
    window = beside(scene)
    scene.show(samples.SHOWN)
    assert shown_texts(window) == [samples.ORDER]
    scene.bridge.post(view)
    assert shown_texts(window) == []
    assert not any(code.readable for code in window.findChildren(ShownQr)), "nor is it kept behind another page"


def test_both_screens_show_the_same_time(scene: Scene) -> None:
    window = beside(scene)
    scene.show(samples.SHOWN)
    assert "3:52" in words(window)
    assert scene.window.sale.stage.customer_scans.left.words == "3:52"
    scene.clock.ticks_ms += 232_000
    page = window.pages.currentWidget()
    assert isinstance(page, ScanPage)
    page._tick()
    assert shown_texts(window) == []
    assert "Mã đã hết giờ" in words(window)


# Look


@pytest.mark.parametrize("said", ["vi_en", "vi", "en"])
@pytest.mark.parametrize("size", CUSTOMER_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_everything_fits(open_display: OpenDisplay, qapp: QApplication, size: tuple[int, int], said: str) -> None:
    window = open_display(size, words=said)
    for name, seen in CUSTOMER.items():
        window.face(seen)
        qapp.processEvents()
        assert window.size() == QSize(*size), name
        there = labels(window)
        assert there, name
        assert [label.text() for label in there if cut(label)] == [], name
        boxes = [place(label, window) for label in there]
        assert all(window.rect().contains(box) for box in boxes), name
        overlapping = [(there[a].text(), there[b].text()) for a in range(len(there)) for b in range(a)
                       if boxes[a].intersects(boxes[b])]  # fmt: skip
        assert overlapping == [], name


@pytest.mark.parametrize("name", CUSTOMER)
def test_nobody_is_asked_to_pay_what_is_over_or_must_not_be_paid(
    open_display: OpenDisplay, qapp: QApplication, name: str
) -> None:
    shown = open_display(words="en")
    shown.face(CUSTOMER["10b-making"])
    shown.face(CUSTOMER[name])
    qapp.processEvents()
    pays = {Page.AMOUNT, Page.SENDING, Page.MAKING, Page.WALLET, Page.CONFIRM, Page.SCAN}
    assert ("Please pay here" in words(shown)) == (CUSTOMER[name].page in pays)


def test_one_language_or_both_and_never_half(open_display: OpenDisplay, qapp: QApplication) -> None:
    both, vi, en = (open_display(words=said) for said in ("vi_en", "vi", "en"))
    for name, seen in CUSTOMER.items():
        for window in (both, vi, en):
            window.face(seen)
        qapp.processEvents()
        in_vi, in_en = ({label.text() for label in labels(window)} - {"Tạp hóa Minh Anh"} for window in (vi, en))
        assert not [text for text in in_en if set(text.lower()) & VI_MARKS], name
        alike = {text for text in in_vi & in_en if any(letter.isalpha() for letter in text)}
        assert alike == set(), name
        missing = in_vi - {label.text() for label in labels(both)}
        assert missing == set(), name
        assert len(labels(both)) > len(labels(vi)), name


def test_it_follows_the_theme_and_not_the_cashiers_language(scene: Scene) -> None:
    window = beside(scene)
    scene.keys("1000")
    before = words(window)
    scene.press(Qt.Key.Key_F1)
    scene.look.wear(Theme.DARK)
    scene.look.speak(list(type(scene.look.language))[1])
    assert TOKENS[Theme.DARK].bg in window.styleSheet()
    assert words(window) == before


# Where


def test_without_a_second_monitor_there_is_none_until_it_is_turned_on(
    open_scene: OpenScene, qapp: QApplication
) -> None:
    scene = open_scene()
    qapp.processEvents()
    display = scene.window._customer_display
    assert display is not None
    assert display.window is None
    scene.press(Qt.Key.Key_F1)
    opened = []
    for _ in range(2):
        scene.press(Qt.Key.Key_F12)
        opened.append(display.is_open)
    assert opened == [True, False]


def test_off_is_off(open_scene: OpenScene, qapp: QApplication) -> None:
    scene = open_scene(place=samples.PLACE._replace(customer_screen="off"))
    qapp.processEvents()
    assert scene.window._customer_display is not None
    assert not scene.window._customer_display.is_open


def test_it_takes_no_focus_and_ends_with_the_till(scene: Scene, qapp: QApplication) -> None:
    window = beside(scene)
    flags = window.windowFlags()
    assert flags & Qt.WindowType.WindowDoesNotAcceptFocus
    assert window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert not window.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
    assert window.findChildren(QPushButton) == []
    assert not [one for one in window.findChildren(QWidget) if one.focusPolicy() != Qt.FocusPolicy.NoFocus]
    scene.window.close()
    while scene.window.isVisible():
        qapp.processEvents()
    assert not [one for one in qapp.topLevelWidgets() if isinstance(one, CustomerWindow) and one.isVisible()]


def test_nothing_of_it_outlives_the_till(qapp: QApplication) -> None:
    """What is left would be destroyed later, in whatever thread collects it."""
    gc.disable()
    try:
        before = widgets_there()
        scene = Scene(place=BESIDE)
        window = beside(scene)
        for seen in CUSTOMER.values():
            window.face(seen)
        scene.close()
        qapp.processEvents()
        left = [kind for address, kind in widgets_there().items() if address not in before]
    finally:
        gc.enable()
    assert left == []


def test_the_setting_is_kept_and_checked(tmp_path: Path) -> None:
    wanted = Settings(display=DisplaySettings(screen="window", words="en"))
    save(wanted, tmp_path)
    assert load(tmp_path) == wanted
    for wrong in ('screen = "both"', 'words = "fr"'):
        (tmp_path / "settings.toml").write_text(f"[display]\n{wrong}\n", encoding="utf-8")
        with pytest.raises(SettingsError, match="display"):
            load(tmp_path)


LATE = (
    "qrcode",
    "pos_app.ui.customer_window",
    "pos_app.ui.screens.customer_pages",
    "pos_app.ui.screens.customer_scans",
)


def test_nothing_of_it_is_imported_before_the_first_window() -> None:
    program = f"import sys, pos_app.ui.app; print([name for name in {LATE!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# Two monitors of a real X server, that come and go


TILL, CUSTOMERS = (0, 0, 1366, 768), (1366, 0, 1366 + 1024, 600)
PAID_GREEN, BACKGROUND = (0x0B, 0x75, 0x44), (0xEC, 0xEF, 0xF2)


class Monitors:
    """An X server whose one screen is cut into monitors, as the system does with real ones."""

    def __init__(self, display: str) -> None:
        self.environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        self._display = display

    def run(self, *command: str) -> str:
        done = subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True)
        return done.stdout

    def plug(self, name: str, place: str, output: str = "none") -> None:
        self.run("xrandr", "--setmonitor", name, place, output)

    def unplug(self, name: str) -> None:
        self.run("xrandr", "--delmonitor", name)

    def picture(self, box: tuple[int, int, int, int]) -> Image.Image:
        return ImageGrab.grab(xdisplay=self._display).crop(box)

    def until(self, true: Callable[[], bool], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def shows(self, colour: tuple[int, int, int]) -> bool:
        """Whether the customer's monitor has this colour at its edge."""
        return self.picture(CUSTOMERS).getpixel((512, 596)) == colour

    def code(self, box: tuple[int, int, int, int]) -> list[str]:
        return [seen.text for seen in decode(np.array(self.picture(box).convert("L")))]


@pytest.fixture
def monitors() -> Iterator[Monitors]:
    reading, writing = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-screen", "0", "2390x768x24", "-noreset"],
                              pass_fds=[writing], stderr=subprocess.DEVNULL)  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as numbers:
        made = Monitors(f":{numbers.readline().strip()}")
    made.plug("till", "1366/361x768/203+0+0", "screen")
    yield made
    server.terminate()
    server.wait()


@pytest.mark.xvfb
@pytest.mark.skipif(shutil.which("xrandr") is None, reason="xrandr cuts the screen into monitors")
def test_two_monitors_that_come_and_go(monitors: Monitors, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.toml").write_text('[scanning]\ncamera = ""\n', encoding="utf-8")
    environment = {**monitors.environment, "POS_APP_HOME": str(home)}
    with Sandbox() as sandbox, (tmp_path / "output.log").open("w+", encoding="utf-8") as log:
        program = subprocess.Popen([sys.executable, "-m", "pos_app", "run", "--demo-url", sandbox.url],
                                   env=environment, stdout=log, stderr=log)  # fmt: skip
        try:
            monitors.until(lambda: answers(home))
            windows = monitors.run("xdotool", "search", "--onlyvisible", "--pid", str(program.pid)).split()
            monitors.run("xdotool", "windowfocus", windows[-1])
            assert monitors.shows((0, 0, 0)), "one monitor, no display"

            focus = monitors.run("xdotool", "getwindowfocus")
            monitors.plug("customer", "1024/270x600/158+1366+0")
            monitors.until(lambda: monitors.shows(BACKGROUND))
            assert monitors.run("xdotool", "getwindowfocus") == focus
            # No focus was taken: what is typed goes to the till.
            monitors.run("xdotool", "key", "--delay", "120", *"69000", "Return", "F2")
            monitors.until(lambda: bool(sandbox.orders()))
            monitors.until(lambda: len(monitors.code(CUSTOMERS)) == 1)
            assert monitors.code(TILL) == monitors.code(CUSTOMERS)

            monitors.unplug("customer")
            monitors.until(lambda: monitors.shows((0, 0, 0)))
            assert len(monitors.code(TILL)) == 1, "the till keeps its place"
            monitors.plug("customer", "1024/270x600/158+1366+0")
            monitors.until(lambda: len(monitors.code(CUSTOMERS)) == 1)

            assert sandbox.pay_order(str(sandbox.orders()[0]["app_trans_id"]))
            monitors.until(lambda: monitors.shows(PAID_GREEN))
            monitors.until(lambda: monitors.shows(BACKGROUND))

            monitors.unplug("customer")
            monitors.plug("mirror", "1024/270x600/158+100+0")
            time.sleep(1)
            assert monitors.picture(TILL).getpixel((600, 10)) == (0xFF, 0xFF, 0xFF), "a mirror would hide the till"
            assert monitors.shows((0, 0, 0))
        finally:
            program.terminate()
            assert program.wait(60) == 0, (tmp_path / "output.log").read_text()


def answers(home: Path) -> bool:
    try:
        ask(home, "payments", day="")
    except NobodyHomeError:
        return False
    return True
