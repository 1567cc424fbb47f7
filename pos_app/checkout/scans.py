"""What camera and hand-held scanners see: each code told as a scan, the picture told to the screen, how they are."""

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from pos_app.checkout.events import CameraView, Seen, SlipSeen
from pos_app.checkout.lights import ScannerLight
from pos_app.checkout.views import Health, HealthView, Light, PaymentView, ScanSource, Stage
from pos_app.payments.payment_code import SLIP_PREFIX, NotACode, PaymentCode, WrongCode, of_one_picture, read_scan
from pos_app.scanning.hand_held import CodeListener, HandHeld
from pos_app.scanning.source import SourceHealth, SourceState, bare, open_camera
from pos_app.settings import ANY_CAMERA, ScanningSettings

if TYPE_CHECKING:
    from pos_app.scanning.camera import Camera, CameraFrame

ALONE_NS = 1_500_000_000
"""After two payment codes were seen at once, one counts when it was the only one for this long: a single picture may
miss the other."""
SAID_AGAIN_NS = 5_000_000_000
"""How long two codes stay in view until that is said once more."""


class Scans:
    """Judges what is read, by the shop's settings.

    Args:
        settings: the camera, the scanners, and what a code of this shop looks like.
        tell: gets each view, on any thread.

    Attributes:
        scanner_seen_ns: when the hand-held scanner read something last, by the monotonic clock; None for never.
    """

    def __init__(self, settings: ScanningSettings, tell: Callable[[object], None]) -> None:
        self._settings = settings
        self._tell = tell
        self._light = ScannerLight(tell)
        self._camera: Camera | None = None
        self._camera_ran = False
        self.scanner_seen_ns: int | None = None
        self._hand_held: list[HandHeld] = []
        self._two_seen_ns: int | None = None
        self._two_said_ns: int | None = None

    def start(self, *, wanted: bool, scanned: CodeListener) -> None:
        """Open what the settings name; where there is nothing, or nothing is wanted, none is missed.

        Args:
            wanted: whether this till has devices of its own.
            scanned: gets each code of a hand-held scanner, on the scanner's thread.
        """
        if not wanted:
            self._tell(HealthView(Light.SCANNER, Health.OK))
            return
        self._hand_held = self._hand_held_scanners(scanned)
        for scanner in self._hand_held:
            scanner.start()
        if not self._settings.camera:
            self._light.show("camera", SourceHealth(SourceState.RUNNING))
            return
        self._camera = open_camera(
            self._settings.camera,
            on_frame=self.frame,
            on_health=self._camera_health,
            mirror=self._settings.mirror,
        )
        self._camera.start()

    def _hand_held_scanners(self, scanned: CodeListener) -> list[HandHeld]:
        """Those with a line of their own; one that plays keyboard comes in by the window."""
        settings, scanners = self._settings, []
        if settings.serial:
            from pos_app.scanning.serial import serial_scanner  # noqa: PLC0415 - rarely there

            health = partial(self._light.show, "serial")
            scanners.append(serial_scanner(settings.serial, settings.baud, on_code=scanned, on_health=health))
        if settings.exclusive:
            from pos_app.scanning.exclusive import exclusive_scanner  # noqa: PLC0415 - rarely there

            health = partial(self._light.show, "exclusive")
            scanners.append(exclusive_scanner(settings.exclusive, on_code=scanned, on_health=health))
        return scanners

    def stop(self) -> None:
        """Let go of them."""
        for scanner in self._hand_held:
            scanner.stop()
        if self._camera is not None:
            self._camera.stop()

    def look_at_camera(self, *, on: bool, awaited: bool = False) -> None:
        """Whether the screen shows the camera's picture now, and whether there is an amount that awaits a code."""
        if self._camera is not None:
            self._camera.preview(on=on)
            self._camera.await_code(awaited=awaited)

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
        self._light.show("camera", health if missed else SourceHealth(health.state))
        if not well:
            self._tell(CameraView(b"", 0, 0, ready=False))

    def see(self, text: str, source: ScanSource, seen_at_ns: int) -> None:
        """Tell what was read, judged; a slip of ours too as the payment that it is of."""
        if source is ScanSource.SCANNER:
            self.scanner_seen_ns = seen_at_ns
            text = bare(text, prefix=self._settings.prefix, suffix=self._settings.suffix)
        self._tell(Seen(self.read(text), source, seen_at_ns, time.monotonic_ns()))
        self._see_slip(text)

    def _see_slip(self, text: str) -> None:
        if text.strip().startswith(SLIP_PREFIX):
            self._tell(SlipSeen(text.strip().removeprefix(SLIP_PREFIX)))

    def read(self, text: str) -> PaymentCode | WrongCode:
        """What a scanned text is, by the shop's settings."""
        return read_scan(text, code_pattern=self._settings.code_pattern)
