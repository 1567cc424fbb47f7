"""Camera, scanner and printer: chosen, and tried out as they stand on the counter."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from pos_app.checkout.events import CameraView
from pos_app.scanning.cameras import cameras
from pos_app.scanning.source import SourceHealth, SourceState, bare, open_camera
from pos_app.setting_up import pages
from pos_app.setting_up.fields import YES, Field, Kind, shown
from pos_app.setting_up.trials import Told, printers_there, tell_scan, try_printer
from pos_app.settings import ANY_CAMERA, Settings, data_folder
from pos_app.ui.bridge import Bridge
from pos_app.ui.look import Look
from pos_app.ui.setting_up.background import Background
from pos_app.ui.setting_up.form import Form
from pos_app.ui.setting_up.page import Draft, SetUpPage
from pos_app.ui.setting_up.trial import Trial
from pos_app.ui.theme import Role
from pos_app.ui.widgets.camera_view import CameraPicture
from pos_app.ui.widgets.label import Label
from pos_app.words import Text, same

if TYPE_CHECKING:
    from pos_app.scanning.camera import Camera, CameraFrame
    from pos_app.scanning.hand_held import HandHeld

_AUTO, _NONE, _OTHER = ANY_CAMERA, "", "other"
_CAMERAS = {
    _AUTO: Text("Tự chọn camera đầu tiên", "The first camera"), _NONE: Text("Không dùng camera", "None"),
    _OTHER: Text("Camera mạng hoặc tệp video", "A network camera or a video file"),
}  # fmt: skip
_ADDRESS = Field("address", Text("Địa chỉ MJPEG hoặc tên tệp", "MJPEG address or file name"), needed=True)
_MIRROR = "scanning.mirror"
_CAMERA_FIELDS = (Field("camera", same("Camera"), Kind.CHOICE, _CAMERAS), _ADDRESS, *pages.CAMERA.fields[1:])
_NO_ADDRESS = Text("Cần địa chỉ hoặc tên tệp.", "An address or a file is needed.")
_OPENING = Text("Đang mở camera…", "Opening the camera…")
_HOLD_OUT = Text("Giơ một mã bất kỳ trước camera", "Hold any code before the camera")
_NOT_USED = Told.good(
    Text("Không dùng camera", "No camera is used"),
    Text("Mã của khách được đọc bằng máy quét cầm tay.", "Codes are read by the hand-held scanner."),
)


class CameraPage(SetUpPage):
    """Which camera, its live picture, and a code read."""

    def __init__(self, look: Look, draft: Draft) -> None:
        super().__init__(look, pages.CAMERA, draft)
        self._picture = CameraPicture(look)
        self._bridge = Bridge()
        self._bridge.arrived.connect(self._arrived)
        self._camera: Camera | None = None
        self._fields = Form(look, _CAMERA_FIELDS)
        self._fill(self._fields, Trial(look, pages.CAMERA.test, self.test, self._picture))

    def begin(self) -> None:
        """Show the camera of the settings."""
        scanning = self._draft.settings.scanning
        there = _CAMERAS | {one.id: same(one.name) for one in cameras()}
        known = scanning.camera in there
        self._fields.offer("camera", there)
        self._fields.show_values({
            "camera": scanning.camera if known else _OTHER, "address": "" if known else scanning.camera,
            _MIRROR: shown(self._draft.settings, _MIRROR),
        })  # fmt: skip
        self._show_fields()
        self._fields.begin()

    def _show_fields(self) -> None:
        chosen = self._fields.value("camera")
        fields = {_OTHER: ["camera", "address", _MIRROR], _NONE: ["camera"]}
        self._fields.show_only(fields.get(chosen, ["camera", _MIRROR]))

    def _changed(self) -> None:
        super()._changed()
        self._stop()
        self._show_fields()

    @property
    def _setting(self) -> str:
        chosen = self._fields.value("camera")
        return self._fields.value("address") if chosen == _OTHER else chosen

    def take(self) -> bool:
        """The camera as it is chosen."""
        missing = self._fields.value("camera") == _OTHER and not self._setting
        self._fields.show_mistakes({"address": _NO_ADDRESS} if missing else {})
        if not missing:
            settings = self._draft.settings
            mirror = self._fields.value(_MIRROR) == YES
            scanning = settings.scanning._replace(camera=self._setting, mirror=mirror)
            self._draft.settings = settings._replace(scanning=scanning)
        return not missing

    def test(self) -> None:
        """Open it; it goes on until the page is left."""
        self._stop()
        if self.trial is None or not self.take():
            return
        if not self._setting:
            self.trial.tell(_NOT_USED)
            return
        self.trial.note(_OPENING)
        mirror = self._draft.settings.scanning.mirror
        self._camera = open_camera(self._setting, on_frame=self._frame, on_health=self._bridge.post, mirror=mirror)
        self._camera.preview(on=True)
        self._camera.start()

    def _frame(self, frame: "CameraFrame") -> None:
        """On the capture thread."""
        if frame.width:
            outline = frame.outlines[0] if frame.outlines else ()
            self._bridge.post(CameraView(frame.rgb, frame.width, frame.height, outline))
        for decoded in frame.decoded:
            self._bridge.post(tell_scan(decoded.text))

    @Slot(object)
    def _arrived(self, event: object) -> None:
        if self.trial is None or self._camera is None:
            return
        if isinstance(event, CameraView):
            self._picture.show_frame(event)
            if self.trial.told is None:
                self.trial.note(_HOLD_OUT)
        elif isinstance(event, Told):
            self.trial.tell(event)
        else:
            self._tell_health(event)

    def _tell_health(self, health: object) -> None:
        if self.trial is not None and isinstance(health, SourceHealth) and health.state is SourceState.TROUBLE:
            self._picture.show_frame(CameraView(b"", 0, 0, ready=False))
            self.trial.tell(_trouble(health))

    def leave(self) -> None:
        """Let go of the camera."""
        self._stop()
        if self.trial is not None:
            self.trial.clear()

    def _stop(self) -> None:
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.stop()
            self._picture.show_frame(CameraView(b"", 0, 0, ready=False))


def _trouble(health: SourceHealth) -> Told:
    what, remedy = health.trouble
    return Told.bad(Text(what.vi.capitalize(), what.en.capitalize()), remedy)


_SCAN_ANY = Text("Quét một mã bất kỳ: gói hàng, điện thoại, phiếu.", "Scan anything: a product, a phone, a slip.")
_WAITS = Text("Đang chờ máy quét", "Waiting for the scanner")
_HOW = Text(
    "Máy quét kiểu bàn phím, qua USB hoặc Bluetooth, dùng được ngay. Ô nhập nào đang mở cũng không bị mã chen vào.",
    "Scanners that type, by USB or Bluetooth, work at once. A code never lands in a field, whichever has the focus.",
)


class ScannerPage(SetUpPage):
    """Scan anything: what came is said, and never shown."""

    def __init__(self, look: Look, draft: Draft) -> None:
        super().__init__(look, pages.SCANNER, draft)
        self._bridge = Bridge()
        self._bridge.arrived.connect(self._arrived)
        self._serial: HandHeld | None = None
        how = Label(look, Role.BODY, _HOW, wrap=True)
        self._fill(Form(look, pages.SCANNER.fields, columns=2), Trial(look, pages.SCANNER.test, self.test), how)

    def begin(self) -> None:
        """It listens at once."""
        super().begin()
        self.test()
        self.setFocus()

    def test(self) -> None:
        """Listen: to a scanner that types, and to the serial one that is named."""
        self._stop()
        if self.trial is None or not self.take():
            return
        self.trial.clear()
        self.trial.note(_WAITS, _SCAN_ANY)
        port = self._draft.settings.scanning.serial
        if port:
            from pos_app.scanning.serial import serial_scanner  # noqa: PLC0415 - rarely there

            self._serial = serial_scanner(
                port, self._draft.settings.scanning.baud, on_code=self._code, on_health=self._bridge.post
            )
            self._serial.start()

    def _code(self, text: str, _at_ns: int) -> None:
        """On the scanner's thread."""
        self._bridge.post(self._told(text))

    def _told(self, text: str) -> Told:
        scanning = self._draft.settings.scanning
        return tell_scan(bare(text, prefix=scanning.prefix, suffix=scanning.suffix), code_pattern=scanning.code_pattern)

    @Slot(object)
    def _arrived(self, event: object) -> None:
        if self.trial is None or self._serial is None:
            return
        if isinstance(event, Told):
            self.trial.tell(event)
        elif isinstance(event, SourceHealth) and event.state is SourceState.TROUBLE:
            self.trial.tell(_trouble(event))

    def _changed(self) -> None:
        super()._changed()
        self._stop()

    def leave(self) -> None:
        """Let go of a serial scanner."""
        self._stop()

    def _stop(self) -> None:
        scanner, self._serial = self._serial, None
        if scanner is not None:
            scanner.stop()

    def scanned(self, text: str) -> None:
        """Something came by the keyboard."""
        if self.trial is not None:
            self.trial.tell(self._told(text))


_PDF, _NETWORK = "pdf ", "network "
_PRINTERS = {_PDF: Text("Không in, lưu tệp PDF", "None: save PDF files"),
             _NETWORK: Text("Máy in mạng (ESC/POS)", "A network printer (ESC/POS)")}  # fmt: skip
_WHICH = Field("which", Text("Máy in", "Printer"), Kind.CHOICE, _PRINTERS)
_ROLL = ("printer.paper", "printer.cutter", "printer.drawer")
_SHOWN = {
    "pdf": (), "system": ("printer.paper",), "network": ("printer.host", "printer.port", *_ROLL),
    "usb": _ROLL, "serial": ("printer.baud", *_ROLL), "file": _ROLL,
}  # fmt: skip
_NO_HOST = Text("Cần địa chỉ, ví dụ 192.168.1.50.", "An address is needed, such as 192.168.1.50.")
_SEARCHING = Text("Đang tìm máy in của máy này…", "Looking for this computer’s printers…")


class PrinterPage(SetUpPage):
    """Which printer, and a test page from it."""

    look_for = staticmethod(printers_there)

    def __init__(self, look: Look, draft: Draft) -> None:
        super().__init__(look, pages.PRINTER, draft)
        self._search = Background(self)
        self._found: dict[str, str] | None = None
        self._fields = Form(look, (_WHICH, *pages.PRINTER.fields), columns=2)
        self._fill(self._fields, Trial(look, pages.PRINTER.test, self.test))

    def begin(self) -> None:
        """Show the printer of the settings, and look which others there are."""
        super().begin()
        self._offer(self._found or {})
        self._fields.show_values({"which": _which(self._draft.settings)})
        self._show_fields()
        self._fields.begin()
        if self._found is None and not self._search.busy and self.trial is not None:
            self.trial.note(_SEARCHING)
            self._search.begin(self.look_for, self._there)

    def _there(self, found: object) -> None:
        self._found = found if isinstance(found, dict) else {}
        self._offer(self._found)
        if self.trial is not None and self.trial.told is None:
            self.trial.clear()

    def _offer(self, found: dict[str, str]) -> None:
        now = _which(self._draft.settings)
        known = _PRINTERS | {value: same(name) for value, name in found.items()}
        if now not in known:
            known[now] = same(now.partition(" ")[2] or now.strip())
        self._fields.offer("which", known)

    def _show_fields(self) -> None:
        self._fields.show_only(["which", *_SHOWN[self._fields.value("which").partition(" ")[0] or "pdf"]])

    def _changed(self) -> None:
        super()._changed()
        self._show_fields()

    def take(self) -> bool:
        """The printer as it is chosen."""
        kind, _, device = self._fields.value("which").partition(" ")
        before = self._draft.settings
        chosen = before.printer._replace(kind=kind, device=device or before.printer.device)
        self._draft.settings = before._replace(printer=chosen)
        if kind == "network" and not self._fields.value("printer.host"):
            self._fields.show_mistakes({"printer.host": _NO_HOST})
            self._draft.settings = before
            return False
        if super().take():
            return True
        self._draft.settings = before
        return False

    def test(self) -> None:
        """Print a page."""
        if self.trial is not None and self.take():
            self._search.forget()
            self.trial.begin(partial(try_printer, self._draft.settings, data_folder()))

    def leave(self) -> None:
        """Nobody waits for what is looked for."""
        self._search.forget()
        if self.trial is not None:
            self.trial.clear()


def _which(settings: Settings) -> str:
    """The choice that the settings mean."""
    chosen = settings.printer
    if chosen.kind == "auto":
        return _NETWORK if chosen.host else _PDF
    device = chosen.device if chosen.kind in ("usb", "serial", "system", "file") else ""
    return f"{chosen.kind} {device}"
