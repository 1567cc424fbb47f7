"""What the camera and the hand-held scanner see: each code told as a scan, the picture told to the screen."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from pos_app.checkout.events import CameraView, Seen, SlipSeen
from pos_app.checkout.views import Health, HealthView, Light, PaymentView, ScanSource, Stage
from pos_app.payments.payment_code import SLIP_PREFIX, NotACode, PaymentCode, WrongCode, of_one_picture, read_scan
from pos_app.scanning.source import SourceHealth, SourceState, open_camera
from pos_app.settings import ANY_CAMERA, ScanningSettings
from pos_app.words import NOTHING, Text

if TYPE_CHECKING:
    from pos_app.scanning.camera import Camera, CameraFrame

NO_CAMERA = Text("không có camera", "no camera")
ALONE_NS = 1_500_000_000
"""After two payment codes were seen at once, one counts when it was the only one for this long: a single picture may
miss the other."""
SAID_AGAIN_NS = 5_000_000_000
"""How long two codes stay in view until that is said once more."""


class Scans:
    """Judges what is read, by the shop's settings.

    Args:
        settings: the camera, and what a code of this shop looks like.
        tell: gets each view, on any thread.

    Attributes:
        scanner_seen_ns: when the hand-held scanner read something last, by the monotonic clock; None for never.
    """

    def __init__(self, settings: ScanningSettings, tell: Callable[[object], None]) -> None:
        self._settings = settings
        self._tell = tell
        self._camera: Camera | None = None
        self._camera_ran = False
        self.scanner_seen_ns: int | None = None
        self._two_seen_ns: int | None = None
        self._two_said_ns: int | None = None

    def start_camera(self, *, wanted: bool) -> None:
        """Open the camera of the settings; where there is none, or none is wanted, none is missed."""
        setting = self._settings.camera
        if not (wanted and setting):
            self._tell(HealthView(Light.SCANNER, Health.OK))
            return
        self._camera = open_camera(
            "0" if setting == ANY_CAMERA else setting, on_frame=self.frame, on_health=self._camera_health
        )
        self._camera.start()

    def stop_camera(self) -> None:
        """Let go of it."""
        if self._camera is not None:
            self._camera.stop()

    def look_at_camera(self, *, on: bool) -> None:
        """Whether the screen shows the camera's picture now."""
        if self._camera is not None:
            self._camera.preview(on=on)

    def camera_health(self) -> SourceHealth | None:
        """How the camera is now, None where none is used."""
        return self._camera.health() if self._camera is not None else None

    def rest_camera(self, payment: PaymentView) -> None:
        """No code is looked for while one is being charged: the customer still holds the phone there."""
        if self._camera is None or payment.late or payment.source is ScanSource.LINK:
            return
        if payment.stage in (Stage.SENDING, Stage.PROCESSING):
            self._camera.pause()
        else:
            self._camera.resume()

    def frame(self, frame: "CameraFrame") -> None:
        """On the capture thread: the picture to the screen, each code as a scan."""
        outline = frame.outlines[0] if frame.outlines else ()
        if frame.width:
            self._tell(CameraView(frame.rgb, frame.width, frame.height, outline))
        for decoded in frame.decoded:
            self._see_slip(decoded.text)
        read = of_one_picture(self.read(decoded.text) for decoded in frame.decoded)
        if read is not None and self._of_one_customer(read, frame.captured_ns):
            self._tell(Seen(read, ScanSource.CAMERA, frame.captured_ns, time.monotonic_ns()))

    def _of_one_customer(self, read: PaymentCode | WrongCode, seen_at_ns: int) -> bool:
        """Whether it is told: no payment code just after two were seen at once, and of two not with every picture."""
        if isinstance(read, WrongCode) and read.what is NotACode.TWO_CODES:
            self._look_anew()
            new = self._two_seen_ns is None or seen_at_ns - self._two_seen_ns >= ALONE_NS
            self._two_seen_ns = seen_at_ns
            if not new and self._two_said_ns is not None and seen_at_ns - self._two_said_ns < SAID_AGAIN_NS:
                return False
            self._two_said_ns = seen_at_ns
        elif isinstance(read, PaymentCode) and self._two_seen_ns is not None:
            if seen_at_ns - self._two_seen_ns < ALONE_NS:
                read.forget()
                self._look_anew()
                return False
            self._two_seen_ns = None
        return True

    def _look_anew(self) -> None:
        """What is in view is reported with the next picture again, as it is then."""
        if self._camera is not None:
            self._camera.forget()

    def _camera_health(self, health: SourceHealth) -> None:
        """On the capture thread: a camera in trouble is no end of selling, there is the hand-held scanner too."""
        well = health.state is not SourceState.TROUBLE
        self._camera_ran = self._camera_ran or health.state is SourceState.RUNNING
        missed = self._camera_ran or self._settings.camera != ANY_CAMERA
        light = Health.WARN if missed and not well else Health.OK
        self._tell(HealthView(Light.SCANNER, light, NO_CAMERA if light is Health.WARN else NOTHING, health.trouble))
        if not well:
            self._tell(CameraView(b"", 0, 0, ready=False))

    def see(self, text: str, source: ScanSource, seen_at_ns: int) -> None:
        """Tell what was read, judged; a slip of ours too as the payment that it is of."""
        if source is ScanSource.SCANNER:
            self.scanner_seen_ns = seen_at_ns
        self._tell(Seen(self.read(text), source, seen_at_ns, time.monotonic_ns()))
        self._see_slip(text)

    def _see_slip(self, text: str) -> None:
        if text.strip().startswith(SLIP_PREFIX):
            self._tell(SlipSeen(text.strip().removeprefix(SLIP_PREFIX)))

    def read(self, text: str) -> PaymentCode | WrongCode:
        """What a scanned text is, by the shop's settings."""
        return read_scan(text, code_pattern=self._settings.code_pattern)
