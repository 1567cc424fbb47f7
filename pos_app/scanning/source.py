"""What every source of codes has in common, and how to open one from a setting.

OpenCV is only loaded when a camera or a file is opened.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pos_app.scanning.trouble import WELL, Trouble
from pos_app.words import Text

if TYPE_CHECKING:
    from pos_app.scanning.camera import Camera, FrameListener
    from pos_app.scanning.decoders import Decoded


@dataclass(frozen=True, slots=True)
class Scan:
    """One code that came in. Its text never shows in a repr.

    Attributes:
        text: what was read; not yet judged.
        source: "camera", "scanner" or "file".
        scanned_monotonic_ns: when, by the monotonic clock.
    """

    text: str = field(repr=False)
    source: str
    scanned_monotonic_ns: int


class SourceState(StrEnum):
    """How a source is."""

    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    TROUBLE = "trouble"
    ENDED = "ended"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """The health of a source at one moment.

    Attributes:
        state: how it is. ENDED: a file was played to its end.
        frames_per_second: pictures a second of late; 0 when none come.
        last_frame_monotonic_ns: when the last picture came, None before the first.
        trouble: in plain words what is wrong and what to do, empty texts when nothing is.
    """

    state: SourceState
    frames_per_second: float = 0.0
    last_frame_monotonic_ns: int | None = None
    trouble: Trouble = WELL


HealthListener = Callable[[SourceHealth], None]


class CodeSource(Protocol):
    """What can be done with any source of codes."""

    def pause(self) -> None:
        """Read no code until `resume`: a payment runs."""
        ...

    def resume(self) -> None:
        """Read codes again. A code that was in view before the pause is not new by that."""
        ...

    def forget(self) -> None:
        """Report a code that is still in view once more."""
        ...

    def health(self) -> SourceHealth:
        """How the source is now."""
        ...

    def stop(self) -> None:
        """End within a second; nothing is reported after this returns."""
        ...


_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
"""What some scanners put before a code to name its kind (ISO/IEC 15424), such as "]Q1"."""


def bare(text: str, *, prefix: str = "", suffix: str = "") -> str:
    """The code alone, without what a scanner is set to send around it: prefix, suffix, and the kind."""
    text = _SYMBOLOGY.sub("", text).removeprefix(prefix)
    return _SYMBOLOGY.sub("", text).removesuffix(suffix)


class UnreadableFileError(Exception):
    """A file holds no picture and no video we can open.

    Attributes:
        words: what to tell the person who named it.
    """

    words = Text("Không mở được tệp ảnh hoặc video này", "This image or video file cannot be opened")

    def __init__(self) -> None:
        super().__init__(self.words.en)


def open_camera(
    setting: str,
    *,
    on_frame: "FrameListener",
    on_health: HealthListener | None = None,
    loop: bool = False,
    mirror: bool = False,
) -> "Camera":
    """The camera a setting names; it runs after its `start`. See `Camera` for who is called when.

    Args:
        setting: "auto", a camera's number or "name:…" (see `cameras`), the path of a video or image, a
            `frames_%03d.png` pattern, or the `http` address of an MJPEG stream.
        on_frame: gets what the camera sees, on the capture thread.
        on_health: gets every change of the camera's state, on the capture thread.
        loop: play a file again and again.
        mirror: turn the preview like a mirror; codes are read from the picture as it is.
    """
    from pos_app.scanning.camera import Camera  # noqa: PLC0415 - OpenCV is heavy: not before the window is shown

    return Camera(setting.strip(), on_frame=on_frame, on_health=on_health, loop=loop, mirror=mirror)


def decode_file(path: Path) -> list["Decoded"]:
    """All codes in an image or in any frame of a video, each once, in the order of their appearance.

    Raises:
        UnreadableFileError: the file is missing, or neither an image nor a video.
        NoDecoderError: no decoder library is installed.
    """
    from pos_app.scanning.capture import open_capture, read_image  # noqa: PLC0415 - OpenCV is heavy
    from pos_app.scanning.decoders import FrameDecoder, decode  # noqa: PLC0415 - OpenCV is heavy

    image = read_image(path)
    if image is not None:
        return decode(image)
    video = open_capture(str(path)) if path.is_file() else None
    if video is None:
        raise UnreadableFileError
    found: dict[tuple[str, str], Decoded] = {}
    decoder = FrameDecoder()
    try:
        while video.grab():
            frame = video.retrieve()
            for code in [] if frame is None else decoder.decode(frame):
                found.setdefault((code.format, code.text), code)
    finally:
        video.release()
    return list(found.values())
