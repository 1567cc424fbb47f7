"""The window is on screen before the till is built; what keeps it from opening is said in one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pos_app.ui.start_check import missing

HEAVY = ("cv2", "numpy", "httpx", "sqlalchemy", "escpos", "reportlab", "PIL", "zxingcpp", "asyncio")


OPEN = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pos_app.ui.app import run
from pos_app.checkout.events import Ready
from pos_app.ui.main_window import MainWindow
from tests.ui import samples

till = samples.WrittenDown()

def windows():
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow) and each.isVisible()]

def make(bridge):
    print("windows", len(windows()))
    bridge.post(Ready())
    {then}
    return till

print("code", run(make, samples.PLACE, sound=False))
print(till.calls)
"""


def open_window(then: str) -> subprocess.CompletedProcess[str]:
    """A program of its own: after one quit Qt's event loop in this process would stay quit."""
    return subprocess.run([sys.executable, "-c", OPEN.replace("{then}", then)], capture_output=True, text=True,
                          check=False, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, timeout=60)  # fmt: skip


def test_the_window_comes_first() -> None:
    close = "QTimer.singleShot(0, QApplication.instance(), lambda: QTimer.singleShot(300, windows()[0].close))"
    done = open_window(close)
    assert done.stderr == ""
    assert done.stdout.splitlines()[:2] == ["windows 1", "code 0"]
    assert "'recent'" in done.stdout
    assert done.stdout.rstrip().endswith("'stop']")


@pytest.mark.parametrize(("wished", "code"), [(False, -1), (True, 0)])
def test_the_systems_wish_to_end_goes_before_the_settings(*, wished: bool, code: int) -> None:
    then = f"""
    import gc, os, signal, time
    from pos_app.checkout.events import SettingsAllowed
    from pos_app.ui.closing import EndingOnSignals
    signals = next(one for one in gc.get_objects() if isinstance(one, EndingOnSignals))
    recent, stop = till.recent, till.stop
    def obeyed(*told, **more):
        bridge.post(SettingsAllowed())
        return recent(*told, **more)
    def slowly():
        if {wished}:  # while the window still says that it closes
            os.kill(os.getpid(), signal.SIGTERM)
            while not signals.came:
                time.sleep(0.01)
        stop()
    till.recent, till.stop = obeyed, slowly"""
    done = open_window(then)
    assert f"code {code}" in done.stdout.splitlines(), done.stderr


def test_a_till_that_cannot_be_built_says_so() -> None:
    done = open_window("raise OSError('the journal cannot be opened')")
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith("OSError: the journal cannot be opened")


def test_a_second_till_says_so_in_words_and_ends() -> None:
    """The journal's words reach the person who clicked the icon, and the program ends with 2."""
    then = """
    from pos_app.journal.errors import AlreadyOpenError
    from PySide6.QtWidgets import QMessageBox
    def read():
        boxes = [each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox)]
        boxes += windows()[0].findChildren(QMessageBox)
        print("box", boxes[0].text(), "|", boxes[0].informativeText(), "|", boxes[0].buttons()[0].text())
        boxes[0].buttons()[0].click()
    QTimer.singleShot(0, QApplication.instance(), lambda: QTimer.singleShot(500, read))
    raise AlreadyOpenError()"""
    done = open_window(then)
    assert "box Chương trình đã mở | Dùng cửa sổ đang mở." in done.stdout
    assert "| Đóng" in done.stdout
    assert "code 2" in done.stdout


MOVED = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QInputDialog, QMessageBox
from pos_app.checkout.events import Ready
from pos_app.journal.errors import MovedJournalError
from pos_app.ui.app import run
from tests.ui import samples

till = samples.WrittenDown()
step = [0]

def found(kind):
    return [box for box in QApplication.allWidgets() if isinstance(box, kind) and box.isVisible()]

def look():
    if found(QInputDialog):
        (asked,) = found(QInputDialog)
        print("echo", asked.textEchoMode().name)
        asked.setTextValue("135792")
        asked.accept()
        return
    if found(QMessageBox):
        (box,) = found(QMessageBox)
        print(box.text(), [button.text() for button in box.buttons()])
        next(button for button in box.buttons() if button.text().startswith({button!r})).click()

def make(bridge):
    raise MovedJournalError("copied")

def take_over(bridge, pin):
    print("taken over with", pin)
    bridge.post(Ready())
    QTimer.singleShot(0, QApplication.instance(), lambda: QTimer.singleShot(200, QApplication.quit))
    return till

timer = QTimer()
timer.timeout.connect(look)
app = QApplication([])
timer.start(100)
print("code", run(make, samples.PLACE, sound=False, take_over=take_over))
"""


@pytest.mark.parametrize(("button", "code"), [("Quản lý", 0), ("Đóng", 2)])
def test_a_copied_journal_goes_on_only_with_a_manager(button: str, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MOVED.replace("{button!r}", repr(button))], capture_output=True, text=True,
        check=False, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, timeout=60,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "Sổ giao dịch là bản chép" in done.stdout
    assert done.stdout.rstrip().endswith(f"code {code}")
    assert ("taken over with 135792" in done.stdout) == (code == 0)
    assert ("echo Password" in done.stdout) == (code == 0)


LOCKED = (
    (
        MOVED.replace("MovedJournalError", "PassphraseNeededError").replace(
            "pos_app.journal.errors", "pos_app.keys.errors"
        )
    )
    .replace("take_over", "unlock")
    .replace('raise PassphraseNeededError("copied")', "raise PassphraseNeededError")
)


@pytest.mark.parametrize(("button", "code"), [("Nhập", 0), ("Đóng", 2)])
def test_sealed_keys_are_opened_by_who_knows_their_passphrase(button: str, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOCKED.replace("{button!r}", repr(button))], capture_output=True, text=True,
        check=False, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, timeout=60,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert "Cần mật khẩu của khóa" in done.stdout
    assert done.stdout.rstrip().endswith(f"code {code}")
    assert ("taken over with 135792" in done.stdout) == (code == 0)
    assert ("echo Password" in done.stdout) == (code == 0)


STRANGE = (
    MOVED.replace("MovedJournalError", "UnconfirmedAccountError")
    .replace("take_over", "agree")
    .replace('"copied"', '"970422 9999888877"')
)


@pytest.mark.parametrize(("button", "code"), [("Chủ tiệm", 0), ("Đóng", 2)])
def test_another_bank_account_is_used_only_with_the_owners_word(button: str, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STRANGE.replace("{button!r}", repr(button))], capture_output=True, text=True,
        check=False, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, timeout=60,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert "Chủ tiệm chưa xác nhận tài khoản ngân hàng này" in done.stdout
    assert done.stdout.rstrip().endswith(f"code {code}")
    assert ("taken over with 135792" in done.stdout) == (code == 0)
    assert ("echo Password" in done.stdout) == (code == 0)


WAITED = (
    MOVED.replace(
        '    print("taken over with", pin)\n',
        """    tries.append(pin)
    if len(tries) == 1:
        raise WrongPinError(2, 9)
    if len(tries) == 2:
        raise WaitError(3)
    print("taken over with", *tries)
""",
    )
    .replace("step = [0]", "from pos_app.staff.errors import WaitError, WrongPinError\ntries, said = [], set()")
    .replace(
        "        (box,) = found(QMessageBox)\n",
        """        (box,) = found(QMessageBox)
        if box.informativeText() not in said:
            said.add(box.informativeText())
            print(box.informativeText())
        if len(tries) == 2:
            return
""",
    )
)


def test_after_a_wrong_pin_the_window_says_how_long_the_next_one_waits() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WAITED.replace("{button!r}", repr("Quản lý"))], capture_output=True, text=True,
        check=False, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, timeout=60,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    lines = done.stdout.splitlines()
    assert "Chờ 2 giây rồi nhập lại. Còn 9 lần." in lines, "a wrong one is not the end of it"
    assert any(line.startswith("Chưa đến lúc nhập lại PIN") for line in lines) is False
    counted = [line for line in lines if "giây nữa máy tự thử PIN vừa nhập" in line]
    assert [f"Còn {n} giây" in line for n, line in zip((3, 2, 1), counted, strict=True)] == [True] * 3
    assert "taken over with 135792 135792 135792" in lines, "the one that was typed is tried by itself"
    assert lines[-1] == "code 0"


def test_nothing_heavy_is_imported_before_the_window() -> None:
    program = f"import sys, pos_app.ui.app; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_is_imported_for_the_window_is_not_read_twice() -> None:
    """PySide reads the source of each module that is imported by its own `import`; Python keeps what was read."""
    program = "import linecache, pos_app.ui.app; print([name for name in linecache.cache if 'widgets' in name])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_start_check_needs_no_qt() -> None:
    program = "import sys, pos_app.ui.start_check as c; print('PySide6' in sys.modules, c.missing())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True,
                          env={"QT_QPA_PLATFORM": "offscreen"}, cwd=Path(__file__).parents[2])  # fmt: skip
    assert done.stdout.strip() == "False None"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt brings its libraries")
def test_start_check_names_a_missing_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setattr("pos_app.ui.start_check._loads", lambda library: library != "libxcb-cursor.so.0")
    lacks = missing()
    assert lacks is not None
    assert [said.split(": ")[-1] for said in lacks[1]] == ["sudo apt-get install libxcb-cursor0"] * 2
    monkeypatch.setattr("pos_app.ui.start_check._loads", lambda library: True)
    lacks = missing()
    assert lacks is not None
    assert lacks[0].en == "There is no display"
