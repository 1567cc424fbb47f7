"""The doctor's page with the real till behind it: opened from a light, filled in, and the report as it is saved."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QStandardPaths, QStorageInfo, Qt
from PySide6.QtWidgets import QApplication

from pos_app.checkout.events import CameraView, Permitted, PinState, Refused, Seen
from pos_app.checkout.views import ScanSource, Stage
from pos_app.doctor import at_the_till
from pos_app.doctor.checks import Check, Verdict
from pos_app.doctor.views import AllChecked, BackedUp, BackupRefused, Checked, SupportSaved, SupportShown
from pos_app.journal.backup import Backup, back_up, describe
from pos_app.payments.payment_code import CodeUsedError, PaymentCode
from pos_app.sandbox.server import Sandbox
from pos_app.staff.permissions import Right
from pos_app.ui.screens import exports
from pos_app.ui.screens.exports import backup_path, is_stick
from pos_app.words import Text
from tests.clocks import FastClock
from tests.ui import findings, people, samples
from tests.ui.conftest import OpenScene
from tests.ui.gallery import SCENES
from tests.ui.real_till import RealShop, real_shop


@pytest.fixture
def shop(qapp: QApplication, tmp_path: Path) -> Iterator[RealShop]:
    clock = FastClock()
    with Sandbox(clock=clock) as sandbox, real_shop(sandbox, tmp_path / "data", clock) as made:
        yield made


def test_from_a_light_to_the_saved_report(shop: RealShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = str(tmp_path / "documents")
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: place)
    shop.tap("ZaloPay")
    shop.tap("Kiểm tra máy")
    doctor = shop.window.screens.doctor
    shop.until(lambda: doctor._title.text() == "Mọi thứ đều tốt", "it does not end")
    verdicts = {check: row.finding.verdict for check, row in doctor.rows.items() if row.finding is not None}
    assert verdicts == {check: Verdict.OK for check in Check if check not in (Check.SCANNER, Check.DISPLAY)} | {
        Check.SCANNER: Verdict.UNKNOWN
    }
    assert {"Lệnh thử được trả lời", "Khóa được chấp nhận", "Đọc được mã mẫu"} <= shop.words()
    shop.till.scanned("8934563138165", 1)
    shop.until(lambda: any(word.startswith("Đã quét lúc") for word in shop.words()), "the scan is not seen")

    shop.tap("Báo cáo hỗ trợ")
    shown = shop.told(SupportShown).text
    shop.until(lambda: doctor._text.text() == shown, "it is not shown")
    assert not list(tmp_path.glob("documents/*")), "nothing is saved before somebody says so"
    shop.press(Qt.Key.Key_Return)
    saved = shop.told(SupportSaved).path
    assert saved.read_text() == shown
    assert saved.parent == Path(place)
    shop.until(lambda: f"Đã lưu {saved}" in shop.words(), "it is not said")
    shop.press(Qt.Key.Key_Escape)
    assert shop.window.on("doctor"), "one step back is the list"
    shop.press(Qt.Key.Key_Escape)
    assert shop.window.on("sale")


def test_the_journal_is_backed_up_by_keys(
    shop: RealShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path / "none"))
    stick = tmp_path / "stick"
    stick.mkdir()
    shop.charge(50_000, Stage.PAID)
    shop.press(Qt.Key.Key_F1, Qt.Key.Key_F9)
    doctor = shop.window.screens.doctor
    shop.until(lambda: doctor.rows[Check.BACKUP].finding is not None, "it is not looked at")
    assert doctor.rows[Check.BACKUP].finding.verdict is Verdict.WARN  # type: ignore[union-attr]
    shop.until(lambda: bool(doctor._when.text()), "it is not summed up")
    to_do = doctor._title.text()
    shop.tap("Sao lưu")
    form = doctor.back_up.form
    form.show_values({"file": str(tmp_path / "none" / "so.posbackup")})
    shop.press(*"1234", Qt.Key.Key_Return, Qt.Key.Key_Return)
    shop.sees("Không có thư mục này. Cắm ổ USB, rồi chọn chỗ.", "Dùng ít nhất 8 ký tự.")
    form.show_values({"file": "so.posbackup"})
    doctor.back_up.go_on()
    shop.sees("Chọn chỗ để tệp.")
    form.show_values({"file": str(stick / "so.posbackup")})
    form.turn_to("passphrase")
    shop.press(*"5678", Qt.Key.Key_Return, *"12345679", Qt.Key.Key_Return)
    shop.sees("Hai lần nhập không giống nhau.")
    form.show_values({"again": ""})
    shop.press(*"12345678", Qt.Key.Key_Return)
    told = shop.told(BackedUp)
    assert (told.path, told.here) == (stick / "so.posbackup", True)
    assert describe(told.path).entries == told.entries
    shop.sees(f"Đã sao lưu {told.entries} mục: {told.path}", "Tệp còn trên ổ đĩa của máy này: chép thêm ra ổ USB.")
    assert form.value("passphrase") == form.value("again") == ""
    assert "12345678" not in caplog.text
    shop.press(Qt.Key.Key_Return)
    shop.until(lambda: not doctor.can_go_back, "Enter does not go back")
    shop.until(lambda: doctor.rows[Check.BACKUP].finding.verdict is Verdict.OK, "its line is not new")  # type: ignore[union-attr]
    assert doctor._title.text() != to_do, "one of what was to do is done"


def test_a_place_that_does_not_take_the_backup(shop: RealShop, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    shop.press(Qt.Key.Key_F1, Qt.Key.Key_F9)
    shop.tap("Sao lưu")
    form = shop.window.screens.doctor.back_up.form
    form.show_values({"file": str(tmp_path / "taken"), "passphrase": "x" * 8, "again": "x" * 8})
    shop.press(Qt.Key.Key_Return, Qt.Key.Key_Return)
    shop.told(BackupRefused)
    shop.sees("Không ghi được bản sao lưu. Chọn chỗ khác hoặc ổ USB còn trống, rồi thử lại. Sổ giao dịch vẫn nguyên.")
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == []


@pytest.mark.parametrize(
    ("root", "file_system", "is_one"),
    [
        ("/media/tiem/USB", "vfat", True),
        ("/run/media/tiem/TIEM", "ext4", True),
        ("/", "ext4", False),
        ("/boot/efi", "vfat", False),
        ("/home", "exfat", False),
        ("E:/", "FAT32", True),
        ("E:/", "exFAT", True),
        ("D:/", "NTFS", False),
        ("C:/", "FAT32", False),
    ],
)
def test_what_can_be_pulled_out(root: str, file_system: str, is_one: bool) -> None:
    assert is_stick(root, file_system) is is_one


def test_a_backup_is_meant_for_a_folder_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path / "none"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(QStorageInfo, "mountedVolumes", list)
    assert backup_path("sao-luu", ".posbackup", samples.at("15:06:52")).parent == tmp_path
    (tmp_path / "none").mkdir()
    assert backup_path("sao-luu", ".posbackup", samples.at("15:06:52")) == (
        tmp_path / "none" / "sao-luu 2026-11-21 15.06.52.posbackup"
    )
    stick = tmp_path / "media" / "stick"
    stick.mkdir(parents=True)
    monkeypatch.setattr(exports, "_WHERE_STICKS_ARE", f"{tmp_path}/media/")

    class Plugged(QStorageInfo):
        def rootPath(self) -> str:  # noqa: N802 - Qt’s name
            return str(stick)

    monkeypatch.setattr(QStorageInfo, "mountedVolumes", lambda: [QStorageInfo("/"), Plugged(str(tmp_path))])
    assert backup_path("sao-luu", ".posbackup", 0).parent == stick


def test_what_is_to_be_done_comes_on_top_and_is_read_aloud(open_scene: OpenScene, qapp: QApplication) -> None:
    scene = open_scene()
    SCENES["26-doctor"](scene)
    qapp.processEvents()
    rows = scene.window.screens.doctor.rows
    assert rows[Check.PRINTER].y() < rows[Check.CLOCK].y() < rows[Check.GATEWAY].y() < rows[Check.BACKUP].y()
    said = rows[Check.PRINTER].accessibleName()
    assert said == (
        "Máy in. Không thấy máy in. Vẫn thu tiền được; phiếu được giữ lại để in sau.. "
        "Bật máy in, kiểm tra dây mạng và địa chỉ máy in."
    )


def test_it_looks_once_at_a_time_and_again_when_wanted(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.press(Qt.Key.Key_F1)
    scene.press(Qt.Key.Key_F9)
    scene.press(Qt.Key.Key_Return)
    assert scene.till.calls.count("examines") == 1
    for finding in findings.FINE:
        scene.bridge.post(Checked(finding))
    scene.bridge.post(AllChecked(0, 1))
    scene.press(Qt.Key.Key_Return)
    assert scene.till.calls.count("examines") == 2
    assert all(row.finding is None for row in scene.window.screens.doctor.rows.values())


def test_the_camera_is_looked_through_only_here(open_scene: OpenScene, qapp: QApplication) -> None:
    scene = open_scene()
    SCENES["26-doctor"](scene)
    glimpse = scene.window.screens.doctor.rows[Check.CAMERA]._glimpse
    scene.bridge.post(CameraView(bytes((1, 2, 3)) * (64 * 48), 64, 48))
    assert glimpse.isVisible()
    scene.bridge.post(CameraView(b"", 0, 0, ready=False))
    assert not glimpse.isVisible()
    assert scene.till.calls[-1] != "camera False"
    scene.press(Qt.Key.Key_F3)
    assert [call for call in scene.till.calls if "camera" in call][-1].endswith("False")


def test_a_payment_code_that_is_scanned_here_is_forgotten(open_scene: OpenScene) -> None:
    scene = open_scene()
    SCENES["26c-doctor-checking"](scene)
    code = PaymentCode(samples.CODE)
    scene.bridge.post(Seen(code, ScanSource.SCANNER, 1))
    assert samples.CODE not in repr(vars(scene.window.screens.doctor))
    with pytest.raises(CodeUsedError):
        code.take()


def test_a_passphrase_is_not_left_on_a_page_that_is_left(open_scene: OpenScene) -> None:
    scene = open_scene()
    SCENES["26g-back-up"](scene)
    form = scene.window.screens.doctor.back_up.form
    form.show_values({"passphrase": "mat khau cua tiem"})
    scene.press(Qt.Key.Key_F3)
    assert scene.window.on("payments")
    assert form.value("passphrase") == ""


def test_what_came_of_a_backup_waits_to_be_read(open_scene: OpenScene) -> None:
    scene = open_scene()
    SCENES["26g-back-up"](scene)
    page = scene.window.screens.doctor.back_up
    page.form.show_values({"file": "/so.posbackup", "passphrase": "x" * 8, "again": "x" * 8})
    page.go_on()
    assert page.busy
    scene.press(Qt.Key.Key_F3)
    scene.bridge.post(BackupRefused(Text("Đầy", "Full"), Text("Chọn ổ khác.", "Choose another.")))
    for there in (True, False):
        scene.press(Qt.Key.Key_F1)
        scene.press(Qt.Key.Key_F9)
        scene.window.screens.doctor._ask_where()
        assert ("Đầy. Chọn ổ khác." in scene.words()) is there
        assert page.form.value("file")
        scene.press(Qt.Key.Key_F3)


def test_another_place_is_another_backup(open_scene: OpenScene) -> None:
    scene = open_scene()
    SCENES["26j-backed-up-here"](scene)
    page = scene.window.screens.doctor.back_up
    page._choose_this("/so.posbackup")
    page.go_on()
    assert scene.window.screens.doctor.can_go_back, "it closed as if that one were made too"
    assert "Dùng ít nhất 8 ký tự." in scene.words()


def test_what_else_is_refused_is_not_what_came_of_the_backup(open_scene: OpenScene) -> None:
    scene = open_scene()
    SCENES["26g-back-up"](scene)
    page = scene.window.screens.doctor.back_up
    page.form.show_values({"file": "/so.posbackup", "passphrase": "x" * 8, "again": "x" * 8})
    page.go_on()
    scene.bridge.post(Refused(Text("Đơn lạ", "Strange"), Text("Gọi quản lý.", "Call.")))
    assert "Đơn lạ. Gọi quản lý." not in scene.words()
    assert page.busy, "it goes on"


def test_the_till_ends_after_its_backup(shop: RealShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    def slowly(*given: Any, **named: Any) -> Backup:
        begun.set()
        time.sleep(0.5)
        return back_up(*given, **named)

    monkeypatch.setattr(at_the_till, "back_up", slowly)
    shop.charge(50_000, Stage.PAID)
    shop.till.back_up(tmp_path / "so.posbackup", "mat khau cua tiem")
    assert begun.wait(30)
    shop.till.stop()
    assert describe(tmp_path / "so.posbackup").entries > 0


def test_a_manager_says_that_the_report_may_be_saved(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.bridge.post(PinState(is_set=True))
    scene.bridge.post(people.HA_IS_HERE)
    SCENES["26e-support-report"](scene)
    scene.bridge.post(PinState(is_set=True))
    scene.press(Qt.Key.Key_Return)
    assert (scene.window.on("permit"), scene.till.exports) == (True, [])
    scene.bridge.post(Permitted(Right.EXPORT))
    assert scene.window.on("doctor")
    ((path,),) = scene.till.exports
    assert str(path).endswith("ho-tro 2026-11-21 15.06.40.txt")
    refused = Refused(Text("Việc này cần Quản lý duyệt", "This needs: Manager"), Text("Mời người khác.", "Ask."))
    scene.bridge.post(refused)
    assert "Việc này cần Quản lý duyệt. Mời người khác." in scene.words()
