"""A camera at work: pictures in, codes out, on threads of its own.

One thread grabs and keeps only the newest picture, so a slow moment never makes a queue. The capture thread decodes
it, prepares the small preview when somebody looks, and calls `on_frame`. What a code means is not decided here.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from pos_app.scanning.capture import Capture, Picture, is_live, is_plugged_in, open_capture
from pos_app.scanning.decoders import Corners, Decoded, FrameDecoder, NoDecoderError
from pos_app.scanning.motion import Effort, MotionGate
from pos_app.scanning.opencv import cv2
from pos_app.scanning.seen import SeenCodes
from pos_app.scanning.source import HealthListener, SourceHealth, SourceState
from pos_app.scanning.trouble import CAMERA_BROKE, CAMERA_SILENT, NO_READER, WELL, Trouble, camera_trouble, note_fault

PREVIEW_WIDTH_MAX = 640
SILENT_NS_MAX = 2_000_000_000
"""A live camera that gives no picture for this long is in trouble."""
RECONNECT_S_FIRST, RECONNECT_S_MAX = 0.5, 8.0

_LOOK_AROUND_S = 0.25
GIVE_WAY_S = 0.05
"""How long the picture of a code that came into view waits for the charge that may begin with it: as painting keeps
the till's other threads from the interpreter, the request would leave later."""


@dataclass(frozen=True, slots=True)
class CameraFrame:
    """What one look of the camera gave.

    Attributes:
        rgb: the preview, RGB, row by row, width * 3 bytes a row; b"" when nobody looks.
        width, height: of the preview, pixels; 0 when nobody looks.
        outlines: the corners of each code in view, in pixels of the preview.
        decoded: codes that came into view with this picture (not again while they stay there).
        captured_ns: when the picture was grabbed, by the monotonic clock.
    """

    rgb: bytes = field(repr=False)
    width: int
    height: int
    outlines: tuple[Corners, ...]
    decoded: tuple[Decoded, ...]
    captured_ns: int


FrameListener = Callable[[CameraFrame], None]


class Camera:
    """A camera, video, image or MJPEG address that is being watched for codes.

    Args:
        source: "auto", a camera's number or "name:…", a path, a `frames_%03d.png` pattern, or an `http` address.
        on_frame: called on the capture thread, for each picture in which something moved while a preview is wanted
            (at rest now and then), and before that, without a preview, when a code comes into view.
        on_health: called on the capture thread whenever the state changes.
        loop: play a file again and again.
        mirror: turn the preview like a mirror.
    """

    def __init__(
        self,
        source: str,
        *,
        on_frame: FrameListener,
        on_health: HealthListener | None = None,
        loop: bool = False,
        mirror: bool = False,
    ) -> None:
        self._source = source
        self._on_frame = on_frame
        self._on_health = on_health
        self._preview_wanted = False
        self._loop = loop
        self._mirror = mirror
        self._newest = _Newest()
        self._stopping = threading.Event()
        self._paused = threading.Event()
        self._decoder = FrameDecoder()
        self._gate = MotionGate()
        self._found: list[Decoded] = []
        self._seen = SeenCodes()
        self._seen_lock = threading.Lock()
        self._times: deque[int] = deque(maxlen=10)
        self._trouble: Trouble | None = None
        self._cannot_read: Trouble | None = None
        self._broke: Trouble | None = None
        self._ended = False
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to watch; call once."""
        self._threads = [
            threading.Thread(target=self._grab, name="camera", daemon=True),
            threading.Thread(target=self._watch, name="capture", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """See `CodeSource`. A camera that hangs is left to its thread, which ends when the driver lets it go."""
        self._stopping.set()
        self._newest.close()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(timeout=0.4)

    def preview(self, *, on: bool) -> None:
        """Whether somebody looks: only then is a preview made."""
        if on and not self._preview_wanted:
            self._gate.wake(time.monotonic_ns())
        self._preview_wanted = on

    def await_code(self, *, awaited: bool) -> None:
        """Whether there is an amount that awaits a code; else the camera rests while nothing moves."""
        self._gate.awaited = awaited

    def pause(self) -> None:
        """See `CodeSource`."""
        self._paused.set()

    def resume(self) -> None:
        """See `CodeSource`."""
        with self._seen_lock:
            if self._paused.is_set():
                self._seen.still_in_view(now_ns=time.monotonic_ns())
        self._paused.clear()

    def forget(self) -> None:
        """See `CodeSource`."""
        with self._seen_lock:
            self._seen.forget()

    def health(self) -> SourceHealth:
        """See `CodeSource`."""
        times, now = list(self._times), time.monotonic_ns()
        last = times[-1] if times else None
        silent = last is not None and now - last > SILENT_NS_MAX
        trouble = (
            self._cannot_read
            or self._trouble
            or self._broke
            or (CAMERA_SILENT if silent and is_live(self._source) else None)
        )
        rate = 0.0 if silent or len(times) <= 1 else (len(times) - 1) * 1e9 / max(times[-1] - times[0], 1)
        return SourceHealth(self._state(trouble, last), round(rate, 1), last, trouble or WELL)

    def _state(self, trouble: Trouble | None, last: int | None) -> SourceState:
        states = (
            (SourceState.STOPPED, self._stopping.is_set()),
            (SourceState.TROUBLE, trouble is not None),
            (SourceState.ENDED, self._ended),
            (SourceState.STARTING, last is None),
            (SourceState.PAUSED, self._paused.is_set()),
        )
        return next((state for state, true in states if true), SourceState.RUNNING)

    # ------------------------------------------------------------------ the grabbing thread

    def _grab(self) -> None:
        wait_s = RECONNECT_S_FIRST
        live = is_live(self._source)
        while not self._stopping.is_set():
            frames, broke = 0, False
            try:
                frames = self._open_and_play()
            except Exception as error:  # noqa: BLE001 - whatever a driver does, it is opened again
                note_fault("the camera broke", error)
                broke = True
            if not live and (frames == 0 or not self._loop):
                self._trouble = None if frames else self._why(ran=False)
                self._newest.close()
                return
            if live:
                self._trouble = CAMERA_BROKE if broke else self._why(ran=bool(frames or self._times))
                wait_s = RECONNECT_S_FIRST if frames else min(wait_s * 2, RECONNECT_S_MAX)
                self._stopping.wait(wait_s)

    def _open_and_play(self) -> int:
        capture = open_capture(self._source)
        if capture is None:
            return 0
        try:
            return self._play(capture)
        finally:
            capture.release()

    def _why(self, *, ran: bool) -> Trouble:
        return camera_trouble(self._source, plugged_in=is_plugged_in(self._source), live=is_live(self._source), ran=ran)

    def _play(self, capture: Capture) -> int:
        """Grab until the source ends, gives nothing but broken pictures, or `stop`; how many pictures there were."""
        frames, taken_ns, start_ns = 0, 0, time.monotonic_ns()
        while not self._stopping.is_set() and capture.grab():
            if capture.frames_per_second:
                due_ns = start_ns + round(frames * 1_000_000_000 / capture.frames_per_second)
                self._stopping.wait(max(due_ns - time.monotonic_ns(), 0) / 1e9)
            frames += 1
            now_ns = time.monotonic_ns()
            if not self._gate.is_due(taken_ns, now_ns):  # not even unpacked
                continue
            if not self._take(capture, now_ns):
                if now_ns - max(taken_ns, start_ns) > SILENT_NS_MAX:
                    break
                continue  # a cable that was touched, a lamp switched on: the next one is whole
            taken_ns = now_ns
            self._times.append(now_ns)
            self._trouble = None
        return frames

    def _take(self, capture: Capture, now_ns: int) -> bool:
        """Hand on the picture that was grabbed, if it is worth a look; whether it is a picture at all."""
        small = capture.glance()
        effort = Effort.NONE if small is None else self._gate.effort(small, now_ns)
        if effort is Effort.NONE and not self._found:
            return small is not None
        picture = capture.retrieve()
        if picture is not None:
            self._newest.put((picture, effort, now_ns))
        return picture is not None

    # ------------------------------------------------------------------ the capture thread

    def _watch(self) -> None:
        told: SourceHealth | None = None
        while not self._stopping.is_set():
            taken = self._newest.take(timeout_s=_LOOK_AROUND_S)
            if taken is not None:
                self._try_to_look(*taken)
            self._ended = taken is None and self._newest.closed
            health = self.health()
            if told is None or (told.state, told.trouble) != (health.state, health.trouble):
                told = health
                if self._on_health is not None and not self._stopping.is_set():
                    self._on_health(health)
            if self._ended:
                return

    def _try_to_look(self, picture: Picture, effort: Effort, captured_ns: int) -> None:
        """A fault costs this picture only; it is told until one is looked at without, and written down once."""
        try:
            self._look(picture, effort, captured_ns)
        except Exception as error:  # noqa: BLE001 - whatever it was, the next picture is looked at
            if self._broke is None:
                note_fault("a picture could not be looked at", error)
            self._broke = CAMERA_BROKE
        else:
            self._broke = None

    def _look(self, picture: Picture, effort: Effort, captured_ns: int) -> None:
        in_view = [] if self._paused.is_set() else self._decode(picture, effort)
        # A picture in which nothing moved need not be shown again either.
        preview = self._preview_wanted and effort is not Effort.NONE
        with self._seen_lock:
            new = tuple(code for code in in_view if self._seen.is_new(code.text, now_ns=captured_ns))
        if self._paused.is_set():
            new = ()
        if self._stopping.is_set():
            return
        if new:  # the code first: a customer waits for it, and the picture is for nobody once it is being charged
            self._on_frame(CameraFrame(b"", 0, 0, (), new, captured_ns))
            preview = preview and not self._paused.wait(GIVE_WAY_S)
        if preview and not self._stopping.is_set():
            self._on_frame(_preview(picture, in_view, captured_ns, mirror=self._mirror))

    def _decode(self, picture: Picture, effort: Effort) -> list[Decoded]:
        if effort is Effort.NONE and not self._found:
            return []
        try:
            self._found = self._decoder.decode(picture, try_harder=effort is Effort.HARDER)
        except NoDecoderError as error:
            self._cannot_read = Trouble(NO_READER, error.words)
        return self._found


_Taken = tuple[Picture, Effort, int]
"""A picture, what it is worth, and when it was grabbed."""


class _Newest:
    """Room for one picture: a newer one replaces it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken: _Taken | None = None
        self.closed = False

    def put(self, taken: _Taken) -> None:
        with self._changed:
            self._taken = taken
            self._changed.notify()

    def take(self, *, timeout_s: float) -> _Taken | None:
        with self._changed:
            self._changed.wait_for(lambda: self._taken is not None or self.closed, timeout_s)
            taken, self._taken = self._taken, None
            return taken

    def close(self) -> None:
        with self._changed:
            self.closed = True
            self._changed.notify()


def _preview(picture: Picture, in_view: list[Decoded], captured_ns: int, *, mirror: bool) -> CameraFrame:
    height, width = picture.shape[:2]
    scale = min(1.0, PREVIEW_WIDTH_MAX / width)
    width, height = max(round(width * scale), 1), max(round(height * scale), 1)
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA) if scale < 1 else picture
    rgb = cv2.cvtColor(cv2.flip(small, 1) if mirror else small, cv2.COLOR_BGR2RGB).tobytes()

    def shown(x: int, y: int) -> tuple[int, int]:
        across = round(x * scale)
        return (width - 1 - across if mirror else across), round(y * scale)

    outlines = tuple(tuple(shown(x, y) for x, y in code.corners) for code in in_view)
    return CameraFrame(rgb, width, height, outlines, (), captured_ns)
