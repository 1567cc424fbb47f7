"""What the doctor finds on some days, for the pictures of its page."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from pos_app.checkout.events import CameraView, PinState
from pos_app.checkout.wording import DISK_NEARLY_FULL
from pos_app.doctor import gateway_probe
from pos_app.doctor import machine_probes as probes
from pos_app.doctor.checks import Cause, Check, Finding, Verdict, well, wrong
from pos_app.doctor.support import Gathered, support_text
from pos_app.doctor.views import AllChecked, BackedUp, BackupRefused, Checked, SupportSaved, SupportShown
from pos_app.journal.errors import BackupNotWrittenError
from pos_app.journal.tally import Tally
from pos_app.payments.payment import State
from pos_app.scanning.source import SourceHealth, SourceState
from pos_app.scanning.trouble import CAMERA_GONE
from pos_app.settings import Settings
from pos_app.words import Text
from tests.ui import samples

if TYPE_CHECKING:
    from tests.ui.gallery import Scene

MINUTE_MS = 60_000
NOW_MS = samples.at("15:06:40")
_STICK = Path("/media/tiem/USB/sao-luu 2026-11-21 15.06.52.posbackup")
PRINTER_GONE = wrong(
    Check.PRINTER, Cause.TROUBLE, Text("Không thấy máy in", "Printer not found"),
    Text("Bật máy in, kiểm tra dây mạng và địa chỉ máy in.",
         "Switch the printer on; check its network cable and its address."),
)  # fmt: skip
CLOCK_OFF = wrong(
    Check.CLOCK, Cause.WRONG_TIME, Text("Nhanh hơn ZaloPay 2 phút", "2 min ahead of ZaloPay"), verdict=Verdict.WARN
)
TALLY = Tally(18_204, {State.PAID: 5_120, State.FAILED: 83, State.UNKNOWN: 1}, 0)
FINE = (
    well(Check.GATEWAY, Text("ZaloPay trả lời sau 180 ms", "ZaloPay answers in 180 ms"), facts={"ms": 180}),
    well(Check.CLOCK, Text("Lệch dưới 1 phút", "Less than a minute off"), facts={"ms": -320}),
    well(
        Check.KEYS,
        gateway_probe.SINCE.fill(
            seen=Text("Lệnh thử được trả lời", "A signed question is answered"),
            by="Nguyễn Thị Minh Anh",
            at="09:12",
            day="21/11/2026",
        ),
    ),
    probes.look_at_camera("0", SourceHealth(SourceState.RUNNING, 24.0, 1)),
    well(Check.DECODER, Text("9 ms mỗi mã", "9 ms a code"), facts={"ms": 9}),
    probes.look_at_scanner(samples.at("15:02:11")),
    well(Check.PRINTER, Text("Sẵn sàng", "Ready")),
    well(Check.DISK, Text("Còn 42 GB", "42 GB free"), facts={"free_mb": 42_000}),
    well(Check.JOURNAL, Text("18.204 dòng, nguyên vẹn", "18.204 entries, intact"), facts={"entries": 18_204}),
    probes.look_at_backup(samples.at("07:10:00"), NOW_MS, TALLY),
)
TROUBLES = (
    wrong(Check.GATEWAY, Cause.NO_ANSWER, Text("Không tìm thấy ZaloPay", "ZaloPay was not found")),
    wrong(Check.KEYS, Cause.REFUSED, Text("Khóa ZaloPay chưa đúng", "The ZaloPay keys are wrong"),
          Text("Nhờ quản lý kiểm tra khóa ZaloPay.", "Ask the manager to check the ZaloPay keys.")),
    CLOCK_OFF,
    probes.look_at_camera("auto", SourceHealth(SourceState.TROUBLE, trouble=CAMERA_GONE)),
    wrong(Check.DECODER, Cause.NOT_INSTALLED, Text("Đọc sai mã mẫu", "The sample code is read wrongly")),
    probes.look_at_scanner(None),
    PRINTER_GONE,
    wrong(Check.DISK, Cause.NEARLY_FULL, DISK_NEARLY_FULL),
    wrong(Check.JOURNAL, Cause.DAMAGED, Text("Có 3 điểm sai", "3 things are wrong")),
    probes.look_at_backup(None, NOW_MS, TALLY),
)  # fmt: skip


def _open(scene: "Scene") -> None:
    scene.clock.now_ms = NOW_MS
    scene.press(Qt.Key.Key_F1)
    scene.press(Qt.Key.Key_F9)


def _found(findings: tuple[Finding, ...]) -> Callable[["Scene"], None]:
    def play(scene: "Scene") -> None:
        _open(scene)
        for finding in findings:
            scene.bridge.post(Checked(finding))
        scene.bridge.post(AllChecked(NOW_MS, 3_000))
        if all(not one.to_do for one in findings if one.check is Check.CAMERA):
            scene.bridge.post(CameraView(bytes((85, 96, 107)) * (64 * 48), 64, 48))

    return play


def _some() -> tuple[Finding, ...]:
    other = {PRINTER_GONE.check: PRINTER_GONE, CLOCK_OFF.check: CLOCK_OFF}
    return tuple(other.get(one.check, one) for one in FINE)


def _checking(scene: "Scene") -> None:
    _open(scene)
    for finding in FINE[1:6]:
        scene.bridge.post(Checked(finding))


def _report(scene: "Scene") -> None:
    _found(_some())(scene)
    scene.bridge.post(PinState(is_set=False))
    scene.window.screens.doctor._write_report()
    text = support_text(Gathered(NOW_MS, Settings(), demo=False, till_open=True, findings=_some(), tally=TALLY))
    scene.bridge.post(SupportShown(text))


def _saved(scene: "Scene") -> None:
    _report(scene)
    scene.bridge.post(SupportSaved(Path("/home/tiem/Documents/ho-tro 2026-11-21 15.06.52.txt")))


def _asked_where(scene: "Scene") -> None:
    _found(_some())(scene)
    scene.bridge.post(PinState(is_set=False))
    scene.window.screens.doctor._ask_where()
    scene.window.screens.doctor.back_up.form.show_values({"file": str(_STICK)})


def _wrongly_filled_in(scene: "Scene") -> None:
    _asked_where(scene)
    scene.window.screens.doctor.back_up.form.show_values({"file": "/khong-co/so.posbackup", "passphrase": "ngan"})
    scene.window.screens.doctor.back_up.go_on()


def _backed_up(scene: "Scene") -> None:
    _asked_where(scene)
    scene.bridge.post(BackedUp(_STICK, 16_204, here=False))


def _backed_up_here(scene: "Scene") -> None:
    _asked_where(scene)
    scene.bridge.post(BackedUp(Path("/home/tiem/Documents") / _STICK.name, 16_204, here=True))


def _not_backed_up(scene: "Scene") -> None:
    _asked_where(scene)
    scene.bridge.post(BackupRefused(BackupNotWrittenError.title, BackupNotWrittenError.advice))


def _copied_unchecked(scene: "Scene") -> None:
    _asked_where(scene)
    scene.bridge.post(BackedUp(_STICK, 0, here=False, checked=False))


SCENES: dict[str, Callable[["Scene"], None]] = {
    "26-doctor": _found(_some()),
    "26b-doctor-fine": _found(FINE),
    "26c-doctor-checking": _checking,
    "26d-doctor-troubles": _found(TROUBLES),
    "26e-support-report": _report,
    "26f-support-saved": _saved,
    "26g-back-up": _asked_where,
    "26h-back-up-wrong": _wrongly_filled_in,
    "26i-backed-up": _backed_up,
    "26j-backed-up-here": _backed_up_here,
    "26k-not-backed-up": _not_backed_up,
    "26l-copied-unchecked": _copied_unchecked,
}
