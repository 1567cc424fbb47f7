"""The door of the open till: who may ask, what is refused, and that nobody can keep others out."""

import contextlib
import json
import pickle
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import Any

import pytest

from pos_app import door
from pos_app.door import FILE_NAME, CutOffError, Door, NobodyHomeError, NotAnsweredError, ask, somebody_home


def answer(question: str, arguments: dict[str, Any]) -> Any:
    if question == "slow":
        time.sleep(0.3)
    if question == "trouble":
        raise RuntimeError("the disk is gone")
    if question == "no disk":
        raise OSError("the disk is gone")
    if question == "strange":
        return object()
    return {"asked": question, **arguments}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    opened = Door(tmp_path, answer)
    yield tmp_path
    opened.close()


def way_in(home: Path) -> tuple[int, bytes]:
    written = json.loads((home / FILE_NAME).read_text())
    return int(written["port"]), bytes.fromhex(written["key"])


def let_in(home: Path) -> Connection:
    port, key = way_in(home)
    return Client(("127.0.0.1", port), authkey=key)


def answer_to(home: Path, sent: bytes) -> Any:
    """What is said to bytes that came from who knows the key."""
    with let_in(home) as connection:
        connection.send_bytes(sent)
        return json.loads(door._unsealed(way_in(home)[1], door._ANSWER, connection.recv_bytes()))


def sealed(home: Path, said: bytes) -> bytes:
    return door._sealed(way_in(home)[1], door._QUESTION, said)


def test_who_can_read_the_key_is_answered(home: Path) -> None:
    assert ask(home, "payments", day="2026-11-22") == {"asked": "payments", "day": "2026-11-22"}
    assert ask(home, "tiếng Việt") == {"asked": "tiếng Việt"}
    assert somebody_home(home)


@pytest.mark.skipif(sys.platform == "win32", reason="there a folder's own rights protect the file")
def test_only_the_owner_can_read_the_key(home: Path) -> None:
    assert stat.S_IMODE((home / FILE_NAME).stat().st_mode) == 0o600


def test_a_key_file_that_lay_open_is_closed_before_the_key_is_in_it(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch(mode=0o666)
    (tmp_path / FILE_NAME).chmod(0o666)
    opened = Door(tmp_path, answer)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    opened.close()


def test_a_wrong_key_is_turned_away(home: Path) -> None:
    port, _ = way_in(home)
    with pytest.raises(AuthenticationError):
        Client(("127.0.0.1", port), authkey=b"guessed").close()
    assert ask(home, "still open") == {"asked": "still open"}


def test_a_door_file_with_a_wrong_key_means_nobody_home(home: Path) -> None:
    port, _ = way_in(home)
    (home / FILE_NAME).write_text(json.dumps({"port": port, "key": "00" * 32}))
    with pytest.raises(NobodyHomeError):
        ask(home, "payments")


@pytest.mark.parametrize(
    "sent",
    [b"", b"\xff" * 64, b"[1, 2]", b'{"ask": "x"}', b"null", b'"ask"', b"[" * 30_000],
    ids=["empty", "bytes", "list", "half", "null", "text", "deep"],
)
def test_garbage_is_refused_in_words(home: Path, sent: bytes) -> None:
    assert "refused" in answer_to(home, sent)
    assert "refused" in answer_to(home, sealed(home, sent))
    assert ask(home, "still open") == {"asked": "still open"}


def test_only_what_was_sealed_as_a_question_is_answered(home: Path) -> None:
    asked = b'{"ask": "payments", "with": {}}'
    assert answer_to(home, sealed(home, asked)) == {"answer": {"asked": "payments"}}
    assert answer_to(home, asked) == {"refused": "InvalidTag"}
    assert answer_to(home, door._sealed(way_in(home)[1], door._ANSWER, asked)) == {"refused": "InvalidTag"}
    assert answer_to(home, door._sealed(b"another key", door._QUESTION, asked)) == {"refused": "InvalidTag"}
    flipped = bytearray(sealed(home, asked))
    flipped[-20] ^= 1
    assert answer_to(home, bytes(flipped)) == {"refused": "InvalidTag"}


@contextlib.contextmanager
def relay(home: Path) -> Iterator[bytearray]:
    """Someone between the asker and the till; keeps all that goes to and fro."""
    heard, (port, key) = bytearray(), way_in(home)

    def pass_on(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                heard.extend(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def listen() -> None:
        asker, _ = middle.accept()
        with asker, socket.create_connection(("127.0.0.1", port)) as till:
            back = threading.Thread(target=pass_on, args=(till, asker))
            back.start()
            pass_on(asker, till)
            back.join(60)

    with socket.create_server(("127.0.0.1", 0)) as middle:
        listener = threading.Thread(target=listen)
        listener.start()
        (home / FILE_NAME).write_text(json.dumps({"port": middle.getsockname()[1], "key": key.hex()}))
        yield heard
        listener.join(60)


def test_who_listens_between_hears_no_pin(home: Path) -> None:
    with relay(home) as heard:
        assert ask(home, "act", pin="582931") == {"asked": "act", "pin": "582931"}
    assert len(heard) > 100
    assert not any(plain in bytes(heard) for plain in (b"582931", b"act", b"asked"))


DIES = """
import os, sys, time
from pathlib import Path
from pos_app.door import Door
Door(Path(sys.argv[1]), lambda question, arguments: os._exit(0))
time.sleep(30)
"""


def test_a_till_that_dies_before_the_answer_may_have_done_it(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", DIES, str(tmp_path)]) as till:
        deadline = time.monotonic() + 60
        while not (tmp_path / FILE_NAME).exists() or not (tmp_path / FILE_NAME).read_text():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        with pytest.raises(CutOffError):
            ask(tmp_path, "act")
        assert till.wait(60) == 0


class Trap:
    """Unpickling it touches a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


def test_nothing_is_unpickled(home: Path, tmp_path: Path) -> None:
    trap = pickle.dumps(Trap(tmp_path / "sprung"))
    pickle.loads(trap)
    (tmp_path / "sprung").unlink()  # the trap works
    assert "refused" in answer_to(home, trap)
    assert "refused" in answer_to(home, sealed(home, trap))
    assert not (tmp_path / "sprung").exists()


def test_garbage_instead_of_the_handshake(home: Path) -> None:
    port, _ = way_in(home)
    for rubbish in (b"GET / HTTP/1.1\r\n\r\n", b"\xff\xff\xff\xff" * 8, b"\0\0\0\x05hello", b""):
        with socket.create_connection(("127.0.0.1", port), timeout=60) as stranger:
            stranger.sendall(rubbish)
    assert ask(home, "still open") == {"asked": "still open"}


def test_who_says_nothing_keeps_nobody_waiting(home: Path) -> None:
    port, _ = way_in(home)
    with socket.create_connection(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port)):
        assert ask(home, "payments") == {"asked": "payments"}  # whoever waited for them would wait for ever


def test_two_ask_at_the_same_time(home: Path) -> None:
    with ThreadPoolExecutor(4) as askers:
        answers = list(askers.map(lambda n: ask(home, "slow", n=n), range(4)))
    assert [one["n"] for one in answers] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("question", "kind"), [("trouble", "RuntimeError"), ("strange", "TypeError"), ("no disk", "OSError")]
)
def test_trouble_behind_the_door_is_told_and_the_door_lives(home: Path, question: str, kind: str) -> None:
    with pytest.raises(NotAnsweredError, match=kind):
        ask(home, question)
    assert ask(home, "still open") == {"asked": "still open"}


def test_no_door_a_closed_one_and_a_broken_file_mean_nobody_home(tmp_path: Path) -> None:
    assert not somebody_home(tmp_path)
    with pytest.raises(NobodyHomeError):
        ask(tmp_path, "payments")
    opened = Door(tmp_path, answer)
    left_behind = (tmp_path / FILE_NAME).read_text()
    opened.close()
    assert not (tmp_path / FILE_NAME).exists()
    for written in (left_behind, "", "{}", "[]", '{"port": "x", "key": "00"}', '{"port": 1, "key": "zz"}'):
        (tmp_path / FILE_NAME).write_text(written)
        with pytest.raises(NobodyHomeError):
            ask(tmp_path, "payments")


@pytest.mark.parametrize("greeting", [None, b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0\0\0\x05hello"])
def test_another_program_on_a_dead_tills_port_is_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, greeting: bytes | None
) -> None:
    monkeypatch.setattr(door, "SILENCE_S_MAX", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as other:
        (tmp_path / FILE_NAME).write_text(json.dumps({"port": other.getsockname()[1], "key": "00" * 32}))

        def greet() -> None:
            connection, _ = other.accept()
            with connection, contextlib.suppress(ConnectionError):
                if greeting:
                    connection.sendall(greeting)
                connection.recv(1)

        greeter = threading.Thread(target=greet)
        greeter.start()
        with pytest.raises(NobodyHomeError):
            ask(tmp_path, "payments")
        greeter.join(60)
        assert not greeter.is_alive()


def test_an_answer_that_is_too_large_is_told_as_none(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it looked as if the till had gone away, and as if what was asked for may have been done."""
    monkeypatch.setattr(door, "ANSWER_BYTES_MAX", 2_000)
    assert ask(home, "payments", text="x" * 1_900)["text"] == "x" * 1_900
    with pytest.raises(NotAnsweredError, match="OverflowError"):
        ask(home, "payments", text="x" * 1_990)
