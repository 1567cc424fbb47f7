"""A damaged, foreign or unreadable file is a trouble to name, never "no PIN set"; a sync comes before judgement."""

import json
import os
import sys
from pathlib import Path

import pytest

from pos_app.staff import pin as pin_module
from pos_app.staff.errors import (
    AlreadySetError,
    NewerPinFileError,
    PinFileError,
    PinFileReadError,
    PinFileWriteError,
    WrongPinError,
)
from pos_app.staff.pin import Pins
from pos_app.staff.pin_file import FILE_NAME, PinFile, PinRecord
from tests.staff.doors import OTHER, RIGHT, WRONG, make, make_set


def refuses(manager: Pins, kind: type[PinFileError] = PinFileError) -> None:
    assert manager.is_set
    for act in (
        lambda: manager.check(RIGHT),
        lambda: manager.change(RIGHT, OTHER),
        lambda: manager.reset("1" * 20, OTHER),
        manager.fingerprint,
    ):
        with pytest.raises(kind):
            act()
    with pytest.raises(AlreadySetError):
        manager.set_first(OTHER)


def test_every_flipped_bit_and_every_cut_is_seen(tmp_path: Path) -> None:
    make_set(tmp_path)
    whole = (tmp_path / FILE_NAME).read_bytes()
    for bit in range(len(whole) * 8):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(PinFileError):
            PinFile(Path())._decoded(bytes(flipped))
    for length in range(len(whole)):
        with pytest.raises(PinFileError):
            PinFile(Path())._decoded(whole[:length])
    assert PinFile(Path())._decoded(whole).misses == 0


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\0" * 300, b"[]", b"{}", b"null", b"\xff\xfe", b"[" * 4000, b'{"misses":' + b"9" * 3000 + b"}",
        b"x" * 2_000_000, b"482915\n", b"\x7fELF\x02\x01\x01",
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_not_ours_is_refused_in_plain_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    refuses(make(tmp_path))
    assert (tmp_path / FILE_NAME).read_bytes() == content, "and left as it is"


GOOD = "$argon2id$v=19$m=8,t=1,p=1$" + "A" * 22 + "$" + "A" * 43


@pytest.mark.parametrize(
    "bad",
    [
        "", GOOD.replace("m=8", "m=9999999"), GOOD.replace("t=1", "t=999"), GOOD.replace("argon2id", "argon2i"),
        GOOD.replace("A" * 22, "AAAA"), GOOD + "\n", GOOD[:-1],
    ],
)  # fmt: skip
def test_a_right_sum_does_not_make_a_right_record(tmp_path: Path, bad: str) -> None:
    """A cost of ten gigabytes must not bring the till down, even where the sum fits."""
    path = tmp_path / FILE_NAME
    path.write_bytes(PinFile(Path())._encoded(PinRecord(GOOD, GOOD)))
    assert PinFile(tmp_path).read() == PinRecord(GOOD, GOOD)
    for record in (PinRecord(bad, GOOD), PinRecord(GOOD, bad)):
        path.write_bytes(PinFile(Path())._encoded(record))
        refuses(make(tmp_path))


@pytest.mark.parametrize("misses", [-1, 11, True, 1.0, "1", None])
def test_nor_does_a_strange_count(tmp_path: Path, misses: object) -> None:
    make_set(tmp_path)
    record = PinFile(tmp_path).read()
    (tmp_path / FILE_NAME).write_bytes(PinFile(Path())._encoded(PinRecord(record.pin, record.recovery, misses)))  # type: ignore[arg-type]
    refuses(make(tmp_path))


def test_a_newer_programs_file_asks_for_an_update(tmp_path: Path) -> None:
    make_set(tmp_path)
    path = tmp_path / FILE_NAME
    path.write_bytes(json.dumps({**json.loads(path.read_bytes()), "version": 2}).encode())
    refuses(make(tmp_path), NewerPinFileError)


def test_a_folder_a_dead_link_or_a_pipe_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.mkdir()
    refuses(make(tmp_path), PinFileReadError)
    path.rmdir()
    if sys.platform != "win32":
        path.symlink_to(tmp_path / "nowhere")
        refuses(make(tmp_path), PinFileReadError)
        path.unlink()
        os.mkfifo(path)
        refuses(make(tmp_path), PinFileReadError)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_no_right_to_read_is_not_no_pin(tmp_path: Path) -> None:
    manager = make_set(tmp_path)
    (tmp_path / FILE_NAME).chmod(0)
    refuses(manager, PinFileReadError)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    manager = make(tmp_path / "file")
    with pytest.raises((PinFileWriteError, AlreadySetError)):
        manager.set_first(RIGHT)
    with pytest.raises(PinFileError):
        manager.check(RIGHT)


@pytest.mark.skipif(sys.platform == "win32", reason="links of Unix")
def test_what_a_stranger_left_under_the_working_name_is_not_followed(tmp_path: Path) -> None:
    manager = make_set(tmp_path)
    (tmp_path / "elsewhere").write_bytes(b"as it was")
    (tmp_path / (FILE_NAME + ".new")).symlink_to(tmp_path / "elsewhere")
    manager.check(RIGHT)
    assert (tmp_path / "elsewhere").read_bytes() == b"as it was"


def test_the_guess_is_on_the_disk_before_it_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manager = make_set(tmp_path)
    order: list[object] = []
    sync, judge = os.fsync, pin_module._matches

    def watched_sync(descriptor: int) -> None:
        sync(descriptor)
        order.append("sync")

    def watched_judge(secret: str, stored: str) -> bool:
        order.append(PinFile(tmp_path).read().misses)
        return judge(secret, stored)

    monkeypatch.setattr(os, "fsync", watched_sync)
    monkeypatch.setattr(pin_module, "_matches", watched_judge)
    with pytest.raises(WrongPinError):
        manager.check(WRONG)
    synced = ["sync"] if sys.platform == "win32" else ["sync", "sync"]  # the file, and the folder with its name
    assert order == [*synced, 1]
