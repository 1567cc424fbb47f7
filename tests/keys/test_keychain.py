"""The system's keychain: a real one in a session of its own, one that is not there, one that never answers."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pos_app.keys.errors import NoKeychainError, OtherComputerError
from pos_app.keys.keychain import Keychain
from pos_app.keys.keystore import SealedBy, make_keystore, open_keystore
from tests.end_to_end.world import leaks
from tests.keys.plain_backend import Plain
from tests.keys.shop_keys import KEY1

_ABSENT = [name for name in ("dbus-run-session", "gnome-keyring-daemon") if shutil.which(name) is None]
_SECRET_SERVICE = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these have a keychain of their own")
_IN_SESSION = """
import sys
from pathlib import Path
from pos_app.keys.keystore import make_keystore, open_keystore
from tests.keys.shop_keys import KEY1, KEY2
one, other = Path(sys.argv[1]), Path(sys.argv[2])
made = make_keystore(one, {"a": KEY1})
make_keystore(other, {"a": KEY2})
made.put("b", KEY2)
print(made.sealed_by.value)
opened = open_keystore(one)
assert opened.all() == {"a": KEY1, "b": KEY2}, "what was put comes back"
assert open_keystore(other).all() == {"a": KEY2}, "each folder has its own"
before = (one / "keys.sealed").read_bytes()
make_keystore(one, {"a": KEY1})
now = (one / "keys.sealed").read_bytes()
(one / "keys.sealed").write_bytes(before)
try:
    open_keystore(one)
except Exception as error:
    print(type(error).__name__)
"""


@_SECRET_SERVICE
@pytest.mark.skipif(bool(_ABSENT), reason=f"not installed here: {', '.join(_ABSENT)}")
def test_a_real_keychain_keeps_the_key_of_the_file(tmp_path: Path) -> None:
    room, one, other = tmp_path / "session", tmp_path / "one", tmp_path / "other"
    for folder in (room, one, other):
        folder.mkdir(mode=0o700)
    daemon = "printf 'pw\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1"
    ran = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", f'{daemon}; exec "$0" -c "$1" "$2" "$3"', sys.executable, _IN_SESSION,
         str(one), str(other)],
        env={**os.environ, "HOME": str(room), "XDG_RUNTIME_DIR": str(room)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == [SealedBy.KEYCHAIN.value, OtherComputerError.__name__], "a new seal ends the old one"
    assert leaks([KEY1], one, ran.stdout, ran.stderr) == []
    with pytest.raises((NoKeychainError, OtherComputerError)):  # the session is over, and its keychain with it
        open_keystore(one, keychain=Keychain(5))


@_SECRET_SERVICE
def test_where_there_is_none_a_file_seals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")
    with pytest.raises(NoKeychainError) as caught:
        Keychain().put("a", KEY1)
    assert KEY1 not in repr(caught.value)
    assert not Keychain().works
    assert make_keystore(tmp_path / "data", {"a": KEY1}).sealed_by is SealedBy.FILE


@_SECRET_SERVICE
def test_one_that_never_answers_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(tmp_path / "bus"))
        mute.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
        before = time.monotonic()
        with pytest.raises(NoKeychainError):
            Keychain(wait_s=0.2).get("a")
        assert time.monotonic() - before < 60, "not for ever"


@_SECRET_SERVICE
def test_a_backend_that_the_environment_names_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.keys.plain_backend.Plain")
    assert not Keychain().works
    assert not Plain.kept
