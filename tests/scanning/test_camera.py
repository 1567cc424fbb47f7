"""A camera at work: video files, images, an MJPEG address that stalls and drops, and no camera at all."""

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import pytest

from pos_app.scanning import camera, motion, seen
from pos_app.scanning.camera import Camera, CameraFrame
from pos_app.scanning.capture import Capture, Picture, _Video
from pos_app.scanning.mjpeg import MjpegStream, NotThisKindError
from pos_app.scanning.source import SourceHealth, SourceState, UnreadableFileError, decode_file, open_camera
from pos_app.scanning.trouble import CAMERA_BROKE, CAMERA_GONE, CAMERA_SILENT, NO_SUCH_FILE
from tests.scanning.pictures import code128, in_view, qr

CODE = "281234567890123456"
OTHER = "289876543210987654"
STALLS_S = 60
"""How long an address stalls, at least."""
NOTHING = np.full((360, 640), 150, np.uint8)


def view(text: str) -> Picture:
    return in_view(qr(text, module_px=5), size=(640, 360))


def write_video(path: Path, pictures: list[Picture], *, frames_per_second: float = 15) -> Path:
    height, width = pictures[0].shape
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), frames_per_second, (width, height))
    assert writer.isOpened()
    for picture in pictures:
        writer.write(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))
    writer.release()
    return path


class Watched:
    """A camera that runs, and what it told."""

    def __init__(self, setting: str, *, preview: bool = False, loop: bool = False) -> None:
        self.frames: list[CameraFrame] = []
        self.healths: list[SourceHealth] = []
        self.threads: set[str] = set()
        self.camera = open_camera(setting, on_frame=self._frame, on_health=self.healths.append, loop=loop)
        self.camera.preview(on=preview)

    def _frame(self, frame: CameraFrame) -> None:
        self.threads.add(threading.current_thread().name)
        self.frames.append(frame)

    def texts(self) -> list[str]:
        return [code.text for frame in self.frames for code in frame.decoded]

    def states(self) -> list[SourceState]:
        return [health.state for health in self.healths]

    def wait(self, until: Callable[[], bool], *, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < deadline, f"waited in vain: {self.states()}"
            time.sleep(0.01)

    def __enter__(self) -> "Watched":
        self.camera.start()
        return self

    def __exit__(self, *_: object) -> None:
        began = time.monotonic()
        self.camera.stop()
        assert time.monotonic() - began < STALLS_S / 2, "it waits for no camera that hangs"
        told = len(self.frames)
        watching = next(thread for thread in self.camera._threads if thread.name == "capture")
        watching.join(60)
        assert not watching.is_alive()
        assert len(self.frames) <= told + 1, "nothing is reported after stop, but for what was just being told"
        assert self.camera.health().state is SourceState.STOPPED


@pytest.mark.usefixtures("every_picture")
def test_a_video_is_played_at_its_own_rate_once(tmp_path: Path) -> None:
    video = write_video(tmp_path / "till.avi", [NOTHING] * 5 + [view(CODE)] * 10 + [NOTHING] * 5)

    began = time.monotonic()
    with Watched(str(video)) as watched:
        watched.wait(lambda: SourceState.ENDED in watched.states())
        took = time.monotonic() - began

    assert watched.texts() == [CODE], "held in view, reported once"
    assert watched.threads == {"capture"}
    assert took >= 19 / 15
    assert watched.states() == [SourceState.STARTING, SourceState.RUNNING, SourceState.ENDED] or watched.states() == [
        SourceState.RUNNING,
        SourceState.ENDED,
    ]


@pytest.mark.usefixtures("every_picture")
def test_a_preview_is_made_only_while_somebody_looks(tmp_path: Path) -> None:
    video = write_video(tmp_path / "till.avi", [in_view(qr(CODE, module_px=8))] * 20)

    with Watched(str(video), loop=True) as watched:
        watched.wait(lambda: len(watched.frames) == 1)
        assert watched.frames[0].rgb == b""
        watched.camera.preview(on=True)
        watched.wait(lambda: len(watched.frames) > 5)

    shown = watched.frames[-1]
    assert (shown.width, shown.height, len(shown.rgb)) == (640, 360, 640 * 360 * 3)
    ((left, top), _, (right, bottom), _) = shown.outlines[0]
    assert 0 < left < 320 < right < 640
    assert 0 < top < 180 < bottom < 360
    assert watched.texts() == [CODE]


def test_a_mirror_turns_the_preview_and_not_what_is_read(tmp_path: Path) -> None:
    picture = np.full((360, 640), 150, np.uint8)
    picture[:, :320] = in_view(qr(CODE, module_px=5), size=(320, 360))
    shown: dict[bool, CameraFrame] = {}
    for mirror in (False, True):
        frames: list[CameraFrame] = []
        video = write_video(tmp_path / f"{mirror}.avi", [picture] * 3)
        watching = open_camera(str(video), on_frame=frames.append, mirror=mirror, loop=True)
        watching.preview(on=True)
        watching.start()
        deadline = time.monotonic() + 60
        while not any(frame.outlines for frame in frames):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        watching.stop()
        shown[mirror] = next(frame for frame in frames if frame.outlines)
        assert [code.text for frame in frames for code in frame.decoded] == [CODE]

    plain, mirrored = (np.frombuffer(shown[one].rgb, np.uint8).reshape(360, 640, 3) for one in (False, True))
    assert np.array_equal(mirrored, plain[:, ::-1])
    assert max(x for x, _ in shown[False].outlines[0]) < 320 < min(x for x, _ in shown[True].outlines[0])


@pytest.mark.usefixtures("every_picture")
def test_a_code_held_into_a_view_at_rest_is_read_at_once(tmp_path: Path) -> None:
    """While nothing moves most pictures are spared; a phone coming into view ends that."""
    video = write_video(tmp_path / "till.avi", [NOTHING] * 40 + [view(CODE)] * 2 + [NOTHING] * 2)

    with Watched(str(video)) as watched:
        watched.wait(lambda: SourceState.ENDED in watched.states())

    assert watched.texts() == [CODE]


@pytest.mark.usefixtures("every_picture")
def test_forget_reports_a_code_still_in_view_again(tmp_path: Path) -> None:
    video = write_video(tmp_path / "till.avi", [view(CODE)] * 15)

    with Watched(str(video), loop=True) as watched:
        watched.wait(lambda: watched.texts() == [CODE])
        watched.camera.forget()
        watched.wait(lambda: watched.texts() == [CODE, CODE])


def test_a_pause_reads_nothing_and_does_not_make_a_code_new(tmp_path: Path) -> None:
    moving = [in_view(qr(CODE, module_px=5), size=(640, 360), angle=8 * (number % 2)) for number in range(14)]
    video = write_video(tmp_path / "till.avi", moving)

    with Watched(str(video), loop=True, preview=True) as watched:
        watched.wait(lambda: watched.texts() == [CODE])
        watched.camera.pause()
        time.sleep(0.2)
        watched.camera.forget()
        at_pause = len(watched.frames)
        watched.wait(lambda: len(watched.frames) > at_pause + 5)
        assert watched.camera.health().state is SourceState.PAUSED
        assert watched.texts() == [CODE]
        assert watched.frames[-1].outlines == ()
        watched.camera.resume()
        watched.wait(lambda: watched.texts() == [CODE, CODE])
        watched.camera.pause()
        time.sleep(1.8)
        watched.camera.resume()
        time.sleep(0.5)

    assert watched.texts() == [CODE, CODE]


@pytest.mark.parametrize("charged", [False, True])
def test_the_picture_of_a_code_waits_for_its_charge_and_is_let_go_with_it(tmp_path: Path, *, charged: bool) -> None:
    picture = tmp_path / "phone.png"
    cv2.imwrite(str(picture), view(CODE))
    watched = Watched(str(picture), preview=True)

    def told(frame: CameraFrame) -> None:
        watched._frame(frame)
        if charged:
            watched.camera.pause()

    watched.camera._on_frame = told
    with watched:
        watched.wait(lambda: SourceState.ENDED in watched.states())
    code, its_picture = (False, 1), (True, 0)
    assert [(frame.width > 0, len(frame.decoded)) for frame in watched.frames] == (
        [code] if charged else [code, its_picture]
    )


def test_an_image_is_a_film_of_one_frame(tmp_path: Path) -> None:
    picture = tmp_path / "mã 001.png"
    cv2.imencode(".png", view(CODE))[1].tofile(picture)

    with Watched(str(picture)) as watched:
        watched.wait(lambda: SourceState.ENDED in watched.states())

    assert watched.texts() == [CODE]


def test_a_row_of_images_is_played(tmp_path: Path) -> None:
    for number, picture in enumerate([NOTHING, view(CODE), view(CODE)]):
        cv2.imwrite(str(tmp_path / f"frames_{number:03d}.png"), picture)

    with Watched(str(tmp_path / "frames_%03d.png")) as watched:
        watched.wait(lambda: SourceState.ENDED in watched.states())

    assert watched.texts() == [CODE]


def test_an_absent_file_says_so(tmp_path: Path) -> None:
    with Watched(str(tmp_path / "none.avi")) as watched:
        watched.wait(lambda: SourceState.TROUBLE in watched.states())

    assert watched.healths[-1].trouble == NO_SUCH_FILE


def test_an_absent_camera_says_so_and_stops_at_once() -> None:
    with Watched("97") as watched:
        watched.wait(lambda: SourceState.TROUBLE in watched.states())

    assert watched.healths[-1].trouble == CAMERA_GONE
    assert watched.healths[-1].frames_per_second == 0


class Driver:
    """A plugged-in camera as OpenCV has it, which trips over its first pictures."""

    def __init__(self, trips: list[str]) -> None:
        self.trips = trips
        self._picture = cv2.cvtColor(view(CODE), cv2.COLOR_GRAY2BGR)

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return True

    def _trip(self, over: str) -> None:
        if self.trips and self.trips[-1] == over:
            raise cv2.error(self.trips.pop())

    def grab(self) -> bool:
        time.sleep(0.02)
        self._trip("grab")
        return True

    def retrieve(self) -> tuple[bool, Any]:
        self._trip("retrieve")
        return True, self._picture

    def release(self) -> None:
        """Nothing is held."""


def test_a_camera_that_opencv_trips_over_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    trips = ["retrieve", "grab", "retrieve", "retrieve"]

    def opened(_setting: str) -> Capture:
        return _Video(cast("Any", Driver(trips)))

    monkeypatch.setattr(camera, "open_capture", opened)
    with Watched("97") as watched:
        watched.wait(lambda: watched.texts() == [CODE])
    assert not trips


class Swaying(Driver):
    """Its picture moves; `before` each of them something may happen."""

    def __init__(self, before: Callable[[], None]) -> None:
        super().__init__([])
        self._before, self._turn = before, 0

    def retrieve(self) -> tuple[bool, Any]:
        self._before()
        self._turn += 1
        return True, np.roll(self._picture, 40 * (self._turn // 3 % 2), axis=1)


@pytest.mark.parametrize("where", ["grabbing", "looking"])
def test_a_fault_that_nobody_foresaw_is_said_and_the_camera_goes_on(
    where: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    watched = Watched("97")

    def fault(here: str) -> None:
        if here == where and CAMERA_BROKE not in [health.trouble for health in watched.healths]:
            raise RuntimeError(CODE)

    def told(frame: CameraFrame) -> None:
        watched.camera.forget()
        fault("looking")
        watched._frame(frame)

    watched.camera._on_frame = told
    driver = Swaying(lambda: fault("grabbing"))
    monkeypatch.setattr(camera, "open_capture", lambda _setting: _Video(cast("Any", driver)))
    with watched:
        watched.wait(lambda: CODE in watched.texts() and watched.states()[-1] is SourceState.RUNNING)
    assert CAMERA_BROKE in [health.trouble for health in watched.healths]
    assert "RuntimeError" in caplog.text
    assert CODE not in caplog.text


# ---------------------------------------------------------------------- an MJPEG address


class MjpegServer(ThreadingHTTPServer):
    """Pictures over HTTP, as network cameras send them: may stall, may hang up."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Pictures)
        self.picture = NOTHING
        self.stalled = threading.Event()
        self.dropped = threading.Event()
        self.refusing = threading.Event()
        self.without_lengths = threading.Event()
        self.login = ""
        self.broken: bytes | None = None
        """What comes instead of pictures."""
        self.visits = 0


class _Pictures(BaseHTTPRequestHandler):
    server: MjpegServer

    def do_GET(self) -> None:
        self.server.visits += 1
        if self.server.refusing.is_set() or self.headers.get("Authorization", "") != self.server.login:
            self.send_error(503)
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
        self.end_headers()
        while not self.server.dropped.is_set():
            if not self.server.stalled.is_set():
                packed = self.server.broken or cv2.imencode(".jpg", self.server.picture)[1].tobytes()
                length = "" if self.server.without_lengths.is_set() else f"Content-Length: {len(packed)}\r\n"
                head = f"--picture\r\nContent-Type: image/jpeg\r\n{length}\r\n"
                try:
                    self.wfile.write(head.encode() + packed + b"\r\n")
                except OSError:
                    return
            time.sleep(0.05)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        pass


@pytest.fixture
def every_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each picture is looked at, however long a busy machine takes for it: a film waits for whoever looks."""
    real = camera._Newest.put

    def put(self: camera._Newest, taken: camera._Taken) -> None:
        deadline = time.monotonic() + 60
        while self._taken is not None and not self.closed and time.monotonic() < deadline:
            time.sleep(0.001)
        real(self, taken)

    monkeypatch.setattr(camera._Newest, "put", put)
    monkeypatch.setattr(motion, "FRAMES_PER_SECOND_MAX", 100_000)
    monkeypatch.setattr(motion, "RESTING_FRAMES_PER_SECOND", 100_000)
    monkeypatch.setattr(seen, "OUT_OF_VIEW_NS", 100 * seen.OUT_OF_VIEW_NS)


@pytest.fixture
def mjpeg() -> Iterator[tuple[MjpegServer, str]]:
    server = MjpegServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server, f"http://127.0.0.1:{server.server_port}/x.mjpg"
    server.dropped.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_address_that_drops_is_opened_again(mjpeg: tuple[MjpegServer, str]) -> None:
    server, address = mjpeg
    server.picture = view(CODE)

    with Watched(address) as watched:
        watched.wait(lambda: watched.texts() == [CODE])
        assert watched.camera.health().state is SourceState.RUNNING
        server.refusing.set()
        server.dropped.set()
        watched.wait(lambda: watched.states()[-1] is SourceState.TROUBLE)
        assert watched.healths[-1].trouble == CAMERA_SILENT
        server.picture = view(OTHER)
        server.dropped.clear()
        server.refusing.clear()
        watched.wait(lambda: watched.texts() == [CODE, OTHER])
        assert watched.camera.health().state is SourceState.RUNNING

    assert server.visits <= 8, "it backs off instead of hammering"


def larger_than_any() -> bytes:
    """A picture that says it has 65,500 by 65,500 pixels."""
    packed = cv2.imencode(".jpg", NOTHING)[1].tobytes()
    at = packed.index(b"\xff\xc0") + 5
    return packed[:at] + b"\xff\xdc\xff\xdc" + packed[at + 4 :]


def test_a_picture_that_says_it_is_larger_than_any_is_broken(mjpeg: tuple[MjpegServer, str]) -> None:
    server, address = mjpeg
    server.broken = larger_than_any()
    stream = MjpegStream(address)

    assert stream.grab()
    assert stream.retrieve() is None
    stream.release()


@pytest.mark.usefixtures("every_picture")
def test_a_broken_picture_is_passed_over(mjpeg: tuple[MjpegServer, str], monkeypatch: pytest.MonkeyPatch) -> None:
    server, address = mjpeg
    server.picture = view(CODE)
    broken: list[None] = []
    real = MjpegStream.glance

    def glance(self: MjpegStream) -> Picture | None:
        small = real(self)
        broken.extend([None] if small is None else [])
        return small

    monkeypatch.setattr(MjpegStream, "glance", glance)
    monkeypatch.setattr(camera, "SILENT_NS_MAX", 120_000_000_000)
    with Watched(address) as watched:
        watched.wait(lambda: watched.texts() == [CODE])
        server.broken = b"no picture"
        watched.wait(lambda: len(broken) > 2)
        server.picture, server.broken = view(OTHER), None
        watched.wait(lambda: watched.texts() == [CODE, OTHER])

    assert server.visits == 1
    assert SourceState.TROUBLE not in watched.states()


def test_a_camera_of_which_nothing_whole_comes_is_opened_again(
    mjpeg: tuple[MjpegServer, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, address = mjpeg
    server.picture, server.broken = view(CODE), b"no picture"
    monkeypatch.setattr(camera, "SILENT_NS_MAX", 300_000_000)

    with Watched(address) as watched:
        watched.wait(lambda: server.visits > 1)
        watched.wait(lambda: SourceState.TROUBLE in watched.states())
        assert watched.healths[-1].trouble == CAMERA_SILENT
        server.broken = None
        watched.wait(lambda: watched.texts() == [CODE])


def test_a_camera_at_rest_looks_seldom_and_sees_a_phone_at_once(mjpeg: tuple[MjpegServer, str]) -> None:
    server, address = mjpeg

    with Watched(address, preview=True) as watched:
        watched.wait(lambda: 0 < watched.camera.health().frames_per_second < 8)
        server.picture = view(CODE)
        watched.wait(lambda: watched.texts() == [CODE])


def test_another_kind_of_stream_is_left_to_the_other_reader(mjpeg: tuple[MjpegServer, str]) -> None:
    server, address = mjpeg
    server.picture = view(CODE)
    server.without_lengths.set()

    with pytest.raises(NotThisKindError):
        MjpegStream(address)
    with Watched(address) as watched:
        watched.wait(lambda: watched.texts() == [CODE])


def test_a_camera_with_a_login_gets_it(mjpeg: tuple[MjpegServer, str]) -> None:
    server, address = mjpeg
    server.picture, server.login = view(CODE), "Basic dGnhu6dtOm3huq10IGto4bqpdQ=="

    with Watched(address.replace("://", "://ti%E1%BB%A7m:m%E1%BA%ADt%20kh%E1%BA%A9u@")) as watched:
        watched.wait(lambda: watched.texts() == [CODE])


def test_an_address_that_stalls_is_told_and_stops_in_time(mjpeg: tuple[MjpegServer, str]) -> None:
    server, address = mjpeg
    server.picture = view(CODE)

    with Watched(address) as watched:
        watched.wait(lambda: watched.texts() == [CODE])
        watched.wait(lambda: watched.camera.health().frames_per_second > 1)
        server.stalled.set()
        watched.wait(lambda: watched.states()[-1] is SourceState.TROUBLE)
        assert watched.camera.health().frames_per_second == 0
        # leaving the block checks that `stop` does not wait for the camera


def test_the_newest_picture_wins_over_a_slow_listener(mjpeg: tuple[MjpegServer, str]) -> None:
    server, address = mjpeg
    ages: list[float] = []

    def slow(frame: CameraFrame) -> None:
        ages.append((time.monotonic_ns() - frame.captured_ns) / 1e6)
        time.sleep(0.3)

    watching = Camera(address, on_frame=slow)
    watching.preview(on=True)
    watching.start()
    deadline = time.monotonic() + 60
    while len(ages) < 8:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    watching.stop()

    # Whoever kept the pictures in a row would show each 250 ms later than the one before.
    assert min(ages[4:]) < 4 * 200, f"milliseconds from grab to listener: {ages}"
    assert server.visits == 1


# ---------------------------------------------------------------------- files, for `pos-app scan`


def test_a_file_gives_each_code_once(tmp_path: Path) -> None:
    bars = in_view(code128(OTHER, module_px=2), size=(640, 360))
    video = write_video(tmp_path / "two.avi", [view(CODE)] * 3 + [NOTHING] * 2 + [bars] * 3 + [view(CODE)] * 2)
    image = tmp_path / "one.jpg"
    cv2.imwrite(str(image), view(CODE))

    assert [(code.format, code.text) for code in decode_file(video)] == [("QRCode", CODE), ("Code128", OTHER)]
    assert [code.text for code in decode_file(image)] == [CODE]


@pytest.mark.parametrize("content", [None, b"", b"no picture at all"], ids=["missing", "empty", "text"])
def test_a_file_that_is_no_picture_says_so(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "letter.png"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(UnreadableFileError) as refused:
        decode_file(path)
    assert str(tmp_path) not in str(refused.value)
    assert refused.value.words.vi
