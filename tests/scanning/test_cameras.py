"""Which cameras there are, by a folder laid out as Linux lays it out, and which one a setting means."""

import subprocess
import sys
from pathlib import Path

import pytest

from pos_app.scanning.cameras import camera_number, cameras
from pos_app.scanning.trouble import who_uses

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells names")

WEBCAM, BUILT_IN = "HD Pro Webcam C920", "Integrated Camera: Integrated C"


def plug_in(place: Path, number: int, name: str, port: str, *, index: int = 0) -> None:
    device = place / "devices" / port / f"{port}:1.0"
    device.mkdir(parents=True, exist_ok=True)
    node = place / f"video{number}"
    node.mkdir(parents=True)
    (node / "name").write_text(f"{name}\n", encoding="utf-8")
    (node / "index").write_text(f"{index}\n", encoding="ascii")
    (node / "device").symlink_to(device)


def test_cameras_have_names_and_what_gives_no_pictures_is_left_out(tmp_path: Path) -> None:
    plug_in(tmp_path, 10, WEBCAM, "1-1.2")
    plug_in(tmp_path, 1, BUILT_IN, "1-8", index=1)
    plug_in(tmp_path, 0, BUILT_IN, "1-8")
    (tmp_path / "video7").mkdir()

    assert [tuple(one) for one in cameras(tmp_path)] == [
        (f"name:{BUILT_IN}@1-8", BUILT_IN, 0),
        (f"name:{WEBCAM}@1-1.2", WEBCAM, 10),
    ]
    assert cameras(tmp_path / "none") == ()


def test_a_camera_stays_the_same_one_when_numbers_and_ports_change(tmp_path: Path) -> None:
    before, after, moved = tmp_path / "before", tmp_path / "after", tmp_path / "moved"
    plug_in(before, 0, BUILT_IN, "1-8")
    plug_in(before, 2, WEBCAM, "1-1.2")
    chosen = cameras(before)[1].id
    plug_in(after, 0, WEBCAM, "1-1.2")
    plug_in(after, 2, BUILT_IN, "1-8")
    plug_in(moved, 0, BUILT_IN, "1-8")
    plug_in(moved, 5, WEBCAM, "2-3")

    assert [camera_number(chosen, place) for place in (before, after, moved)] == [2, 0, 5]
    assert camera_number(f"name:{WEBCAM}", after) == 0
    assert camera_number("auto", moved) == 0
    assert camera_number("4", moved) == 4


def test_twins_are_told_apart_by_their_port_and_never_guessed(tmp_path: Path) -> None:
    plug_in(tmp_path, 0, WEBCAM, "1-1.1")
    plug_in(tmp_path, 2, WEBCAM, "1-1.2")

    assert camera_number(f"name:{WEBCAM}@1-1.2", tmp_path) == 2
    assert camera_number(f"name:{WEBCAM}@1-9", tmp_path) is None
    assert camera_number(f"name:{BUILT_IN}@1-8", tmp_path) is None


def test_the_program_that_holds_a_device_is_named(tmp_path: Path) -> None:
    device = tmp_path / "video0"
    device.touch()
    assert who_uses(device) == ""
    with device.open() as opened, subprocess.Popen(["sleep", "60"], stdin=opened) as holder:
        try:
            assert who_uses(device) == "sleep"
        finally:
            holder.kill()
