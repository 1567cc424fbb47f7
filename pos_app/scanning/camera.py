"""A camera at work: pictures in, codes out, on threads of its own.

One thread grabs and keeps only the newest picture, so a slow moment never makes a queue. The capture thread decodes
it, prepares the small preview when somebody looks, and calls `on_frame`. What a code means is not decided here.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

import numpy as np

from pos_app.scanning.capture import Capture, Picture, is_live, open_capture
from pos_app.scanning.decoders import Corners, Decoded, FrameDecoder, NoDecoderError
from pos_app.scanning.opencv import cv2
from pos_app.scanning.seen import SeenCodes
from pos_app.scanning.source import NO_TROUBLE, HealthListener, SourceHealth, SourceState
from pos_app.words import Text

FRAMES_PER_SECOND_MAX = 15
PREVIEW_WIDTH_MAX = 640
SILENT_NS_MAX = 2_000_000_000
"""A live camera that gives no picture for this long is in trouble."""
RECONNECT_S_FIRST, RECONNECT_S_MAX = 0.5, 8.0

_LOOK_AROUND_S = 0.25
_FAST_AT_REST_EVERY, _HARDER_AT_REST_EVERY = 3, 15
_HARDER_AFTER_A_STIR_FRAMES = 16
_STIR_LEVELS = 12
"""Grey levels by which a part of the picture must change; a cheap sensor's noise stays well below."""

CANNOT_OPEN = Text("Không mở được camera", "The camera cannot be opened")
CANNOT_OPEN_FILE = Text("Không mở được tệp hình", "The picture file cannot be opened")
WENT_SILENT = Text("Camera ngừng gửi hình", "The camera stopped sending pictures")


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


class _Effort(Enum):
    """How much a picture is worth."""

    NONE = auto()
    FAST = auto()
    HARDER = auto()


class Camera:
    """A camera, video, image or MJPEG address that is being watched for codes.

    Args:
        source: a camera's number, a path, a `frames_%03d.png` pattern, or an `http` address.
        on_frame: called on the capture thread, for each picture in which something moved while a preview is wanted
            (at rest now and then), and before that, without a preview, when a code comes into view.
        on_health: called on the capture thread whenever the state changes.
        loop: play a file again and again.
    """

    def __init__(
        self, source: int | str, *, on_frame: FrameListener, on_health: HealthListener | None = None, loop: bool = False
    ) -> None:
        self._source = source
        self._on_frame = on_frame
        self._on_health = on_health
        self._preview_wanted = False
        self._loop = loop
        self._newest = _Newest()
        self._stopping = threading.Event()
        self._paused = threading.Event()
        self._decoder = FrameDecoder()
        self._stir = _Stir()
        self._found: list[Decoded] = []
        self._seen = SeenCodes()
        self._seen_lock = threading.Lock()
        self._times: deque[int] = deque(maxlen=30)
        self._trouble: Text | None = None
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
        self._preview_wanted = on

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
        trouble = self._trouble or (WENT_SILENT if silent and is_live(self._source) else None)
        rate = 0.0 if silent or len(times) <= 1 else (len(times) - 1) * 1e9 / max(times[-1] - times[0], 1)
        return SourceHealth(self._state(trouble, last), round(rate, 1), last, trouble or NO_TROUBLE)

    def _state(self, trouble: Text | None, last: int | None) -> SourceState:
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
            capture = open_capture(self._source)
            frames = 0
            if capture is not None:
                try:
                    frames = self._play(capture)
                finally:
                    capture.release()
            if not live and (frames == 0 or not self._loop):
                self._trouble = None if frames else CANNOT_OPEN_FILE
                self._newest.close()
                return
            if live:
                self._trouble = WENT_SILENT if frames or self._times else CANNOT_OPEN
                wait_s = RECONNECT_S_FIRST if frames else min(wait_s * 2, RECONNECT_S_MAX)
                self._stopping.wait(wait_s)

    def _play(self, capture: Capture) -> int:
        """Grab until the source ends or `stop`; how many pictures there were."""
        frames, taken_ns, start_ns = 0, 0, time.monotonic_ns()
        gap_ns = 1_000_000_000 // FRAMES_PER_SECOND_MAX
        while not self._stopping.is_set() and capture.grab():
            if capture.frames_per_second:
                due_ns = start_ns + round(frames * 1_000_000_000 / capture.frames_per_second)
                self._stopping.wait(max(due_ns - time.monotonic_ns(), 0) / 1e9)
            frames += 1
            now_ns = time.monotonic_ns()
            if now_ns - taken_ns < gap_ns * 3 // 4:  # a faster camera: not even unpacked
                continue
            picture = capture.retrieve()
            if picture is None:
                break
            taken_ns = now_ns
            self._trouble = None
            self._newest.put(picture, now_ns)
        return frames

    # ------------------------------------------------------------------ the capture thread

    def _watch(self) -> None:
        told: SourceHealth | None = None
        while not self._stopping.is_set():
            taken = self._newest.take(timeout_s=_LOOK_AROUND_S)
            if taken is not None:
                self._look(*taken)
            self._ended = taken is None and self._newest.closed
            health = self.health()
            if told is None or (told.state, told.trouble) != (health.state, health.trouble):
                told = health
                if self._on_health is not None and not self._stopping.is_set():
                    self._on_health(health)
            if self._ended:
                return

    def _look(self, picture: Picture, captured_ns: int) -> None:
        self._times.append(captured_ns)
        effort = _Effort.NONE if self._paused.is_set() else self._stir.effort(picture)
        in_view = [] if self._paused.is_set() else self._decode(picture, effort)
        # A picture in which nothing moved need not be shown again either.
        preview = self._preview_wanted and (effort is not _Effort.NONE or self._paused.is_set())
        with self._seen_lock:
            new = tuple(code for code in in_view if self._seen.is_new(code.text, now_ns=captured_ns))
        if self._paused.is_set():
            new = ()
        if self._stopping.is_set():
            return
        if new:  # the code first: a customer waits for it, the picture can wait
            self._on_frame(_frame(picture, in_view, new, captured_ns, preview=False))
        if preview:
            self._on_frame(_frame(picture, in_view, (), captured_ns, preview=True))

    def _decode(self, picture: Picture, effort: _Effort) -> list[Decoded]:
        if effort is _Effort.NONE and not self._found:
            return []
        try:
            self._found = self._decoder.decode(picture, try_harder=effort is _Effort.HARDER)
        except NoDecoderError as error:
            self._trouble = error.words
        return self._found


class _Newest:
    """Room for one picture: a newer one replaces it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._picture: tuple[Picture, int] | None = None
        self.closed = False

    def put(self, picture: Picture, captured_ns: int) -> None:
        with self._changed:
            self._picture = (picture, captured_ns)
            self._changed.notify()

    def take(self, *, timeout_s: float) -> tuple[Picture, int] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._picture is not None or self.closed, timeout_s)
            picture, self._picture = self._picture, None
            return picture

    def close(self) -> None:
        with self._changed:
            self.closed = True
            self._changed.notify()


class _Stir:
    """Spares the processor while nothing moves: then only some pictures are looked at, and few with a dearer try."""

    def __init__(self) -> None:
        self._before = np.zeros((36, 64), dtype=np.int16)
        self._frames = 0
        self._stirred_at = 0

    def effort(self, picture: Picture) -> _Effort:
        """What this picture is worth; one that differs from the last, and those soon after it, all there is."""
        green = picture[::4, ::4, 1]
        small = cv2.resize(np.ascontiguousarray(green), (64, 36), interpolation=cv2.INTER_AREA).astype(np.int16)
        self._frames += 1
        if int(np.abs(small - self._before).max()) > _STIR_LEVELS:
            self._stirred_at = self._frames
        self._before = small
        if self._frames - self._stirred_at <= _HARDER_AFTER_A_STIR_FRAMES or self._frames % _HARDER_AT_REST_EVERY == 0:
            return _Effort.HARDER
        return _Effort.FAST if self._frames % _FAST_AT_REST_EVERY == 0 else _Effort.NONE


def _frame(
    picture: Picture, in_view: list[Decoded], new: tuple[Decoded, ...], captured_ns: int, *, preview: bool
) -> CameraFrame:
    if not preview:
        return CameraFrame(b"", 0, 0, (), new, captured_ns)
    height, width = picture.shape[:2]
    scale = min(1.0, PREVIEW_WIDTH_MAX / width)
    width, height = max(round(width * scale), 1), max(round(height * scale), 1)
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA) if scale < 1 else picture
    rgb = cv2.cvtColor(small, cv2.COLOR_BGR2RGB).tobytes()
    outlines = tuple(tuple((round(x * scale), round(y * scale)) for x, y in code.corners) for code in in_view)
    return CameraFrame(rgb, width, height, outlines, new, captured_ns)
