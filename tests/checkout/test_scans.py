"""What the camera and the hand-held scanner see, as it is told: judged codes, our own slips, the scanner's health."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.checkout.events import CameraView, Seen, SlipSeen
from pos_app.checkout.scans import ALONE_NS, SAID_AGAIN_NS, Scans
from pos_app.checkout.story import Progress, view_of
from pos_app.checkout.views import Health, HealthView, Light, ScanSource, Stage
from pos_app.payments.payment_code import SLIP_PREFIX, NotACode, PaymentCode, WrongCode
from pos_app.scanning.camera import CameraFrame
from pos_app.scanning.decoders import Decoded
from pos_app.scanning.source import SourceState
from pos_app.scanning.trouble import NO_SUCH_FILE, SCANNER_GONE
from pos_app.settings import ANY_CAMERA, ScanningSettings
from tests.payments.attempts import ATTEMPT, SENDING
from tests.scanning.counter_top import two_phones
from tests.scanning.test_camera import CODE, NOTHING, OTHER, view, write_video
from tests.scanning.test_hand_held import Port

CHARGED = view_of(ATTEMPT, [SENDING], Progress())


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def looking(
    camera: str, *, wanted: bool = True, settings: ScanningSettings | None = None
) -> Iterator[tuple[Scans, list[object]]]:
    told: list[object] = []
    scans = Scans((settings or ScanningSettings())._replace(camera=camera), told.append)
    scans.start(wanted=wanted, scanned=lambda text, at_ns: scans.see(text, ScanSource.SCANNER, at_ns))
    try:
        yield scans, told
    finally:
        scans.stop()


def lights(told: list[object]) -> list[HealthView]:
    return [one for one in told if isinstance(one, HealthView) and one.light is Light.SCANNER]


def test_a_code_held_to_the_camera_is_told_judged_and_the_picture_where_somebody_looks(tmp_path: Path) -> None:
    video = write_video(tmp_path / "till.avi", [view(CODE)] * 15)
    with looking(str(video)) as (scans, told):
        scans.look_at_camera(on=True, awaited=True)
        until(lambda: any(isinstance(one, Seen) for one in told))
        until(lambda: any(isinstance(one, CameraView) and one.width > 0 for one in told))
    seen = next(one for one in told if isinstance(one, Seen))
    assert (seen.source, type(seen.read)) == (ScanSource.CAMERA, PaymentCode)
    assert CODE not in repr(told)


def test_the_camera_rests_while_a_code_is_charged_but_not_for_a_link_or_old_news(tmp_path: Path) -> None:
    video = write_video(tmp_path / "till.avi", [NOTHING] * 150)
    with looking(str(video)) as (scans, _):
        camera = scans._camera
        assert camera is not None
        until(lambda: camera.health().state is SourceState.RUNNING)
        for payment, state in (
            (replace(CHARGED, source=ScanSource.LINK), SourceState.RUNNING),
            (replace(CHARGED, late=True), SourceState.RUNNING),
            (CHARGED, SourceState.PAUSED),
            (replace(CHARGED, source=ScanSource.LINK, stage=Stage.PAID), SourceState.PAUSED),
            (replace(CHARGED, stage=Stage.PROCESSING), SourceState.PAUSED),
            (replace(CHARGED, stage=Stage.UNKNOWN), SourceState.RUNNING),
        ):
            scans.rest_camera(payment)
            assert camera.health().state is state


def test_a_camera_that_was_set_and_is_not_there_is_missed(tmp_path: Path) -> None:
    with looking(str(tmp_path / "none.avi")) as (_, told):
        until(lambda: any(one.health is Health.WARN and one.cause == NO_SUCH_FILE.what for one in lights(told)))
        until(lambda: any(isinstance(one, CameraView) and not one.ready for one in told))


@pytest.mark.parametrize(("camera", "wanted"), [("", True), ("none.avi", False), (ANY_CAMERA, True)])
def test_none_is_missed_where_none_was_set(camera: str, *, wanted: bool) -> None:
    with looking(camera, wanted=wanted) as (scans, told):
        until(lambda: bool(lights(told)))
        scans.look_at_camera(on=True, awaited=True)
        scans.rest_camera(CHARGED)
        assert {one.health for one in lights(told)} == {Health.OK}


def test_the_hand_held_scanner_reads_codes_other_things_and_our_own_slips() -> None:
    with looking("") as (scans, told):
        told.clear()
        for text in (CODE, "8934563138165", f" {SLIP_PREFIX}261122_02000148k7qx\n"):
            scans.see(text, ScanSource.SCANNER, 1)
    kinds = [type(one.read) for one in told if isinstance(one, Seen)]
    assert kinds == [PaymentCode, WrongCode, WrongCode]
    assert [one for one in told if isinstance(one, SlipSeen)] == [SlipSeen("261122_02000148k7qx")]


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals")
def test_a_serial_scanner_is_told_like_any_other_and_missed_while_it_is_gone(tmp_path: Path) -> None:
    port = Port(tmp_path / "scanner")
    settings = ScanningSettings(serial=str(port.link), prefix="A+", suffix="##")
    with looking("", settings=settings) as (scans, told):
        until(lambda: scans._hand_held[0].health().state is SourceState.RUNNING)
        port.send(f"A+]Q1{CODE}##\r".encode())
        until(lambda: any(isinstance(one, Seen) for one in told))
        seen = next(one for one in told if isinstance(one, Seen))
        assert (seen.source, type(seen.read)) == (ScanSource.SCANNER, PaymentCode)
        assert isinstance(seen.read, PaymentCode)
        assert seen.read.take() == CODE.encode()
        port.unplug()
        until(lambda: lights(told)[-1].cause == SCANNER_GONE.what)
        assert lights(told)[-1].health is Health.WARN
    assert CODE not in repr(told)


def test_a_scanner_that_another_permits_is_handed_on_and_not_told_here(tmp_path: Path) -> None:
    """Who may scan is the till's to say: codes of hand-held scanners go through its own command."""
    port, told, handed = Port(tmp_path / "scanner"), list[object](), list[str]()
    scans = Scans(ScanningSettings(camera="", serial=str(port.link)), told.append)
    scans.start(wanted=True, scanned=lambda text, _: handed.append(text))
    until(lambda: scans._hand_held[0].health().state is SourceState.RUNNING)
    port.send(f"{CODE}\r".encode())
    until(lambda: bool(handed or [one for one in told if isinstance(one, Seen)]))
    scans.stop()
    port.unplug()
    assert (handed, [one for one in told if isinstance(one, Seen)]) == ([CODE], [])


# ---------------------------------------------------------------------- more than one code in the picture

PRODUCT = "8934563138165"


def shown(scans: Scans, at_ns: int, *texts: str) -> None:
    scans.frame(CameraFrame(b"", 0, 0, (), tuple(Decoded("QRCode", text) for text in texts), at_ns))


def reads(told: list[object]) -> list[NotACode | None]:
    """What was told of each picture since the last time: None for a payment code."""
    what = [one.read.what if isinstance(one.read, WrongCode) else None for one in told if isinstance(one, Seen)]
    told.clear()
    return what


def test_two_payment_codes_in_one_picture_are_refused_and_one_counts_again_when_it_was_alone_for_a_while() -> None:
    with looking("") as (scans, told):
        shown(scans, 0, CODE, OTHER)
        assert reads(told) == [NotACode.TWO_CODES]
        shown(scans, ALONE_NS - 1, CODE)
        assert reads(told) == [], "this picture may only have missed the other"
        shown(scans, ALONE_NS, CODE)
        assert reads(told) == [None]
        shown(scans, ALONE_NS + 1, OTHER)
        assert reads(told) == [None]


def test_two_that_stay_are_said_now_and_again_and_not_with_every_picture() -> None:
    with looking("") as (scans, told):
        for at_ns in range(0, SAID_AGAIN_NS + 1, ALONE_NS // 5):
            shown(scans, at_ns, CODE, OTHER)
        shown(scans, SAID_AGAIN_NS, CODE, OTHER)
        assert reads(told) == [NotACode.TWO_CODES] * 2
        shown(scans, SAID_AGAIN_NS + ALONE_NS, CODE, OTHER)
        assert reads(told) == [NotACode.TWO_CODES], "they were gone meanwhile"


def test_what_else_lies_on_the_counter_does_not_hide_a_payment_code() -> None:
    with looking("") as (scans, told):
        shown(scans, 0, PRODUCT, CODE, f"{SLIP_PREFIX}261122_02000148k7qx")
        assert [one for one in told if isinstance(one, SlipSeen)]
        assert reads(told) == [None]
        shown(scans, 1, PRODUCT)
        assert reads(told) == [NotACode.PRODUCT]


def test_two_phones_before_a_camera_charge_nobody_until_one_is_gone(tmp_path: Path) -> None:
    both, *texts = two_phones(84)
    left = both.copy()
    left[:, 640:] = 128
    video = write_video(tmp_path / "till.avi", [both[:, :, 1]] * 20 + [left[:, :, 1]] * 40)
    with looking(str(video)) as (scans, told):
        camera = scans._camera
        assert camera is not None
        until(lambda: camera.health().state is SourceState.ENDED)
    seen = [one.read for one in told if isinstance(one, Seen)]
    kinds = [read.what if isinstance(read, WrongCode) else None for read in seen]
    assert (kinds[0], kinds[-1], kinds.count(None)) == (NotACode.TWO_CODES, None, 1)
    assert isinstance(seen[-1], PaymentCode)
    assert seen[-1].take().decode() == texts[0]
