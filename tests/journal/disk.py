"""SQLite's disk under a magnifying glass: what it writes is recorded, and may fail or tell lies on request.

A shim over the default VFS of the SQLite library that Python's own module is linked with. It notes each create, write,
truncate, sync and delete below one folder in the order they happen, and what the program does there without SQLite
(marks, ballast, install id). Nothing here knows a journal. Two shims at a time cannot be.
"""

import _sqlite3
import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SQLITE_OK = 0
SWALLOW = -1
"""What a fault may return: say that it went well, and do nothing."""
LIBRARY = ctypes.CDLL(getattr(_sqlite3, "__file__", None)) if sys.platform != "win32" else None

_Code = ctypes.c_int
# The path goes on as the pointer that came: SQLite keeps it.
_OPEN = ctypes.CFUNCTYPE(_Code, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, _Code, ctypes.c_void_p)
_DELETE = ctypes.CFUNCTYPE(_Code, ctypes.c_void_p, ctypes.c_char_p, _Code)
_WRITE = ctypes.CFUNCTYPE(_Code, ctypes.c_void_p, ctypes.c_void_p, _Code, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(_Code, ctypes.c_void_p, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(_Code, ctypes.c_void_p, _Code)
_SET_CALL = ctypes.CFUNCTYPE(_Code, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
_GET_CALL = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)
_OPEN_DIRECTORY = ctypes.CFUNCTYPE(_Code, ctypes.c_char_p, ctypes.POINTER(_Code))


class _Vfs(ctypes.Structure):
    _fields_ = (
        ("version", _Code),
        ("file_size", _Code),
        ("path_max", _Code),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("app_data", ctypes.c_void_p),
        ("open", ctypes.c_void_p),
        ("delete", ctypes.c_void_p),
        *((f"other_{n}", ctypes.c_void_p) for n in range(11)),
        ("set_call", ctypes.c_void_p),
        ("get_call", ctypes.c_void_p),
        ("next_call", ctypes.c_void_p),
    )


class _Methods(ctypes.Structure):
    _fields_ = (
        ("version", _Code),
        ("close", ctypes.c_void_p),
        ("read", ctypes.c_void_p),
        ("write", ctypes.c_void_p),
        ("truncate", ctypes.c_void_p),
        ("sync", ctypes.c_void_p),
        *((f"other_{n}", ctypes.c_void_p) for n in range(13)),
    )


@dataclass(frozen=True, slots=True)
class Op:
    """One thing done to the disk.

    Attributes:
        kind: "create", "write", "truncate", "sync", "failed sync", "delete", "rename", "sync folder"; or a note.
        name: the file in the folder.
        at: offset of a write, size of a truncate, number of a note.
        data: what is written; the new name of a rename.
    """

    kind: str
    name: str = ""
    at: int = 0
    data: bytes = b""


Fault = Callable[[str, str], int]
"""Asked before each operation with its kind ("open", "write" …) and file: SQLITE_OK, an error code, or `SWALLOW`."""


def _no_fault(_kind: str, _name: str) -> int:
    return SQLITE_OK


class Shim:
    """The recorded folder. `log` is what was done there so far; `fault` may be set at any time."""

    def __init__(self, folder: Path, fault: Fault = _no_fault) -> None:
        self.folder = folder.resolve()
        self.fault = fault
        self.log: list[Op] = []
        self._names: dict[int, str] = {}
        self._tables: dict[int, _Methods] = {}
        self._kept: list[Any] = []
        self._folder_opened = False

    def note(self, kind: str, number: int) -> None:
        """A mark of the test's own between the operations."""
        self.log.append(Op(kind, at=number))

    def inside(self, path: object) -> str:
        """The name of a file of the folder; "" for any other."""
        if not isinstance(path, str | bytes | os.PathLike):
            return ""
        head, name = os.path.split(os.fsdecode(path))
        return name if head == str(self.folder) else ""

    # --- the VFS ---------------------------------------------------------------------------------------------------

    def register(self) -> None:
        assert LIBRARY is not None
        LIBRARY.sqlite3_vfs_find.restype = ctypes.c_void_p
        self._real_at = LIBRARY.sqlite3_vfs_find(None)
        real = _Vfs.from_address(self._real_at)
        self._real_open, self._real_delete = _OPEN(real.open), _DELETE(real.delete)
        self._vfs = _Vfs.from_buffer_copy(real)
        self._vfs.name = b"shim"
        self._vfs.open = self._address(_OPEN(self._open))
        self._vfs.delete = self._address(_DELETE(self._delete))
        # SQLite syncs a folder by opening it: that call is the only trace of it.
        at = _GET_CALL(real.get_call)(self._real_at, b"openDirectory")
        self._real_open_directory = _OPEN_DIRECTORY(at)
        self._set_call = _SET_CALL(real.set_call)
        self._set_call(self._real_at, b"openDirectory", self._address(_OPEN_DIRECTORY(self._open_directory)))
        assert LIBRARY.sqlite3_vfs_register(ctypes.byref(self._vfs), 1) == SQLITE_OK

    def unregister(self) -> None:
        assert LIBRARY is not None
        LIBRARY.sqlite3_vfs_unregister(ctypes.byref(self._vfs))
        self._set_call(self._real_at, b"openDirectory", None)

    def _address(self, callback: Any) -> int | None:
        self._kept.append(callback)
        return ctypes.cast(callback, ctypes.c_void_p).value

    def _open(self, vfs: int, path: int | None, file: int, flags: int, out: int | None) -> int:
        name = self.inside(ctypes.string_at(path)) if path else ""
        if name and (code := self.fault("open", name)) > 0:
            ctypes.c_void_p.from_address(file).value = None  # SQLite closes only what has methods
            return code
        existed = not name or (self.folder / name).exists()
        done = int(self._real_open(vfs, path, file, flags, out))
        if name and done == SQLITE_OK:
            if not existed:
                self.log.append(Op("create", name))
            self._names[file] = name
            methods = ctypes.c_void_p.from_address(file)
            assert methods.value
            methods.value = ctypes.addressof(self._table(methods.value))
        return done

    def _table(self, real_at: int) -> _Methods:
        if real_at not in self._tables:
            real = _Methods.from_address(real_at)
            mine = _Methods.from_buffer_copy(real)
            write, truncate, sync = _WRITE(real.write), _TRUNCATE(real.truncate), _SYNC(real.sync)

            def on_write(file: int, data: int, count: int, offset: int) -> int:
                name = self._names[file]
                if code := self.fault("write", name):
                    return max(code, SQLITE_OK)
                self.log.append(Op("write", name, offset, ctypes.string_at(data, count)))
                return int(write(file, data, count, offset))

            def on_truncate(file: int, size: int) -> int:
                name = self._names[file]
                if code := self.fault("truncate", name):
                    return max(code, SQLITE_OK)
                self.log.append(Op("truncate", name, size))
                return int(truncate(file, size))

            def on_sync(file: int, flags: int) -> int:
                name = self._names[file]
                if code := self.fault("sync", name):
                    self.log.append(Op("failed sync", name))
                    return max(code, SQLITE_OK)
                self._folder_opened = False
                done = int(sync(file, flags))
                self.log.append(Op("sync", name))
                self._note_folder_sync()
                return done

            mine.write, mine.truncate = self._address(_WRITE(on_write)), self._address(_TRUNCATE(on_truncate))
            mine.sync = self._address(_SYNC(on_sync))
            self._tables[real_at] = mine
        return self._tables[real_at]

    def _delete(self, vfs: int, path: bytes, sync_folder: int) -> int:
        name = self.inside(path)
        if name and (code := self.fault("delete", name)):
            return max(code, SQLITE_OK)
        self._folder_opened = False
        existed = (self.folder / name).exists()
        done = int(self._real_delete(vfs, path, sync_folder))
        if name and existed:
            self.log.append(Op("delete", name))
            self._note_folder_sync()
        return done

    def _open_directory(self, path: bytes, out: Any) -> int:
        self._folder_opened = True
        return int(self._real_open_directory(path, out))

    def _note_folder_sync(self) -> None:
        if self._folder_opened:
            self.log.append(Op("sync folder"))
        self._folder_opened = False

    # --- what Python itself does in the folder -----------------------------------------------------------------------

    def heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if (name := self.inside(path)) and flags & os.O_CREAT and not (self.folder / name).exists():
                self.log.append(Op("create", name))
        elif event == "os.remove" and (name := self.inside(arguments[0])):
            self.log.append(Op("delete", name))
        elif event == "os.rename" and (name := self.inside(arguments[0])):
            self.log.append(Op("rename", name, data=self.inside(arguments[1]).encode()))

    def synced(self, descriptor: int) -> None:
        path = str(Path(f"/proc/self/fd/{descriptor}").readlink())
        if path == str(self.folder):
            self.log.append(Op("sync folder"))
        elif name := self.inside(path):
            self.log += [Op("write", name, 0, Path(path).read_bytes()), Op("sync", name)]


_listening: Shim | None = None
_hooked = False


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _listening is not None and event in ("open", "os.remove", "os.rename"):
        _listening.heard(event, arguments)


@contextmanager
def shimmed(folder: Path, fault: Fault = _no_fault) -> Iterator[Shim]:
    """Record what happens in the folder. Opens that reach SQLite meanwhile go through the shim."""
    global _listening, _hooked  # noqa: PLW0603 - an audit hook cannot be taken out again, and the VFS is one for all
    assert _listening is None
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked = True
    shim = Shim(folder, fault)
    real_fsync = os.fsync

    def fsync(descriptor: Any) -> None:
        real_fsync(descriptor)
        shim.synced(descriptor)

    shim.register()
    _listening = shim
    setattr(os, "fsync", fsync)  # noqa: B010 - its argument has another name
    try:
        yield shim
    finally:
        _listening, os.fsync = None, real_fsync
        shim.unregister()
