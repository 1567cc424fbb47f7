"""Our programs as processes of their own, forked from an interpreter that has imported them already.

They are real: their own process with its own arguments, environment, pipes, signals and exit code. Only the second of
importing is spared that each would spend anew. Where the start itself is looked at, or a window is shown, a program is
started cold, as `sys.executable -m …`.

    python -m tests.warm FD

Started so by `Warm`: forks a program for each request at that socket, and tells when it ended.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import random
import runpy
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any, TextIO

import pos_app

NOT_AHEAD = ("pos_app.ui", "pos_app.scanning", "pos_app.__main__", "pos_app.journal.migrations")
"""Not imported ahead: what has a screen or cameras behind it, and what can only be run."""
LIBRARIES = (
    "alembic.command",
    "anyio._backends._asyncio",
    "httpcore",
    "httpx",
    "PIL.PngImagePlugin",
    "sqlalchemy.dialects.sqlite",
)
_REQUEST_BYTES_MAX = 1 << 20
_STATUS = struct.Struct("i")


class Warm(subprocess.Popen[str]):
    """As `subprocess.Popen([sys.executable, "-m", module, …], text=True)`, with what that takes of pipes and env."""

    def __init__(self, module: str, *arguments: str, **how: Any) -> None:
        super().__init__([module, *arguments], text=True, encoding="utf-8", **how)

    def _execute_child(self, *given: Any) -> None:
        """In place of fork and exec: hand the ends of the pipes to the warm interpreter."""
        arguments, cwd, env = given[0], given[5], given[6]
        p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite = given[10:16]
        files = [own if given_fd == -1 else given_fd for own, given_fd in enumerate((p2cread, c2pwrite, errwrite))]
        self._ended, theirs = socket.socketpair()
        with theirs:
            asked = {"arguments": arguments, "cwd": str(cwd or os.getcwd()), "env": dict(env or os.environ)}  # noqa: PTH109
            with _asking:
                line = _interpreter()
                socket.send_fds(line, [json.dumps(asked).encode()], [*files, theirs.fileno()])
                (self.pid,) = _STATUS.unpack(_exactly(line, _STATUS.size))
        self._child_created = True
        self._close_pipe_fds(p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite)  # type: ignore[attr-defined]

    def _wait(self, timeout: float | None) -> int | None:
        if self.returncode is None:
            self._ended.settimeout(timeout)
            try:
                status = _exactly(self._ended, _STATUS.size)
            except TimeoutError:
                raise subprocess.TimeoutExpired(self.args, timeout or 0) from None
            self._end(status)
        return self.returncode

    def _internal_poll(self, *_: Any, **__: Any) -> int | None:
        if self.returncode is None:
            self._ended.setblocking(False)
            with suppress(BlockingIOError):
                self._end(_exactly(self._ended, _STATUS.size))
        return self.returncode

    def _end(self, status: bytes) -> None:
        (self.returncode,) = _STATUS.unpack(status)
        self._ended.close()


def _exactly(line: socket.socket, size: int) -> bytes:
    got = line.recv(size, socket.MSG_WAITALL)
    if len(got) < size:
        raise ConnectionError("the warm interpreter is gone")
    return got


_asking = threading.Lock()
_running: list[socket.socket] = []


def _interpreter() -> socket.socket:
    """The way to the warm interpreter of this process; it ends when this process does."""
    if not _running:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _REQUEST_BYTES_MAX)
        with theirs:
            command = [sys.executable, "-m", "tests.warm", str(theirs.fileno())]
            alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # what has threads cannot be forked
            started = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=alone)
        _running.append(ours)
        atexit.register(_end, ours, started)
    return _running[0]


def _end(ours: socket.socket, started: "subprocess.Popen[bytes]") -> None:
    ours.close()
    started.wait()


# --- the interpreter -------------------------------------------------------------------------------------------------


def import_ahead() -> None:
    """All that a command of ours may need."""
    for library in LIBRARIES:
        importlib.import_module(library)
    for found in pkgutil.walk_packages(pos_app.__path__, "pos_app.", onerror=lambda _: None):
        if not found.name.startswith(NOT_AHEAD):
            importlib.import_module(found.name)
    gc.collect()
    gc.freeze()  # the collector of a fork need not look at all that again
    assert len(os.listdir("/proc/self/task")) == 1, "what has threads cannot be forked"  # noqa: PTH208


def serve(line: socket.socket) -> list[str] | None:
    """Fork a program for each request until nobody is there to ask; returns in each program, with its arguments."""
    ended: dict[int, socket.socket] = {}
    woken, waking = os.pipe()
    for end in (woken, waking):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(waking)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with selectors.DefaultSelector() as waiting:
        waiting.register(line, selectors.EVENT_READ)
        waiting.register(woken, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in waiting.select()}
            if woken in ready:
                os.read(woken, 4096)
                _tell_who_ended(ended)
            if line not in ready:
                continue
            asked, files, _, _ = socket.recv_fds(line, _REQUEST_BYTES_MAX, 4)
            if not asked:
                return None
            pid = os.fork()
            if pid == 0:
                waiting.close()
                for other in (line, *ended.values()):
                    other.close()
                os.close(woken)
                return become(json.loads(asked), files)
            for file in files[:3]:
                os.close(file)
            ended[pid] = socket.socket(fileno=files[3])
            line.send(_STATUS.pack(pid))


def _tell_who_ended(ended: dict[int, socket.socket]) -> None:
    for pid in list(ended):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            with ended.pop(pid) as line, suppress(OSError):
                line.send(_STATUS.pack(os.waitstatus_to_exitcode(status)))


def become(asked: dict[str, Any], files: list[int]) -> list[str]:
    """Make this process the program that was asked for; its arguments, the module first."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for own, file in enumerate(files[:3]):
        os.dup2(file, own)
    for file in files:
        os.close(file)
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["cwd"])
    random.seed()
    sys.stdin, sys.stdout, sys.stderr = _text(0, "r"), _text(1, "w"), _text(2, "w", errors="backslashreplace")
    arguments: list[str] = asked["arguments"]
    return arguments


def _text(file: int, mode: str, *, errors: str = "strict") -> TextIO:
    return open(file, mode, encoding="utf-8", errors=errors, closefd=False, buffering=1 if file == 2 else -1)  # type: ignore[return-value]


def main() -> None:
    """Be the interpreter, or in a fork of it the program."""
    import_ahead()
    program = serve(socket.socket(fileno=int(sys.argv[1])))
    if program is not None:
        sys.argv[1:] = program[1:]
        runpy.run_module(program[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
