"""The sealed file: what was put comes back, and nothing else does; no secret lies on the disk in the clear."""

import os
import sys
from pathlib import Path

import pytest

from pos_app.keys import keystore
from pos_app.keys.errors import (
    CannotKeepError,
    KeysDamagedError,
    KeysError,
    NoKeychainError,
    NoKeysError,
    OtherComputerError,
    PassphraseNeededError,
    ShortPassphraseError,
    WrongPassphraseError,
)
from pos_app.keys.keychain import Keychain
from pos_app.keys.keystore import SealedBy, make_keystore, open_keystore, sealed_by
from pos_app.settings import KEYS_NAME
from tests.end_to_end.world import leaks
from tests.keys.shop_keys import KEY1, KEY2

PASSPHRASE = "một mật khẩu dài"


class NoKeychain(Keychain):
    """A computer without one; the real ones are tried in `test_keychain`."""

    def get(self, name: str) -> str | None:
        raise NoKeychainError

    def put(self, name: str, secret: str) -> None:
        raise NoKeychainError


NONE = NoKeychain()


def test_without_a_keychain_a_file_seals(tmp_path: Path) -> None:
    assert sealed_by(tmp_path) is None
    with pytest.raises(NoKeysError):
        open_keystore(tmp_path, keychain=NONE)
    made = make_keystore(tmp_path, {"a": KEY1}, keychain=NONE)
    made.put("b", KEY2)
    opened = open_keystore(tmp_path, keychain=NONE)
    assert (opened.get("a"), opened.get("b"), opened.get("c")) == (KEY1, KEY2, None)
    assert opened.sealed_by is sealed_by(tmp_path) is SealedBy.FILE
    opened.remove("b")
    opened.remove("never there")
    assert open_keystore(tmp_path, keychain=NONE).all() == {"a": KEY1}
    assert leaks([KEY1, KEY2], tmp_path, repr(opened)) == []
    if sys.platform != "win32":
        assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_passphrase_seals(tmp_path: Path) -> None:
    with pytest.raises(ShortPassphraseError):
        make_keystore(tmp_path, {"a": KEY1}, passphrase="short")
    make_keystore(tmp_path, {"a": KEY1}, passphrase=PASSPHRASE)
    assert sealed_by(tmp_path) is SealedBy.PASSPHRASE
    with pytest.raises(PassphraseNeededError):
        open_keystore(tmp_path)
    with pytest.raises(WrongPassphraseError):
        open_keystore(tmp_path, passphrase=PASSPHRASE + "!")
    opened = open_keystore(tmp_path, passphrase=PASSPHRASE)
    assert opened.get("a") == KEY1
    assert leaks([KEY1, PASSPHRASE], tmp_path, repr(opened)) == []


def test_a_changed_bit_anywhere_is_refused_or_means_the_same(tmp_path: Path) -> None:
    make_keystore(tmp_path, {"a": KEY1}, keychain=NONE)
    path = tmp_path / KEYS_NAME
    good = path.read_bytes()
    for place in range(len(good)):
        for bit in (0, 3, 7):
            path.write_bytes(good[:place] + bytes([good[place] ^ 1 << bit]) + good[place + 1 :])
            with pytest.raises(KeysError):
                open_keystore(tmp_path, keychain=NONE)
    for length in range(len(good)):
        path.write_bytes(good[:length])
        with pytest.raises(KeysDamagedError):
            open_keystore(tmp_path, keychain=NONE)
    path.write_bytes(good)
    assert open_keystore(tmp_path, keychain=NONE).get("a") == KEY1


def test_a_copy_of_the_folder_does_not_open_on_another_computer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_keystore(tmp_path, {"a": KEY1}, keychain=NONE)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(keystore, "machine_id", lambda: "another computer")
        with pytest.raises(OtherComputerError):
            open_keystore(tmp_path, keychain=NONE)
    (tmp_path / keystore.FILE_KEY_NAME).unlink()
    with pytest.raises(OtherComputerError):
        open_keystore(tmp_path, keychain=NONE)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="a folder that cannot be written is made with POSIX rights")
def test_what_the_disk_does_not_take_leaves_the_old(tmp_path: Path) -> None:
    made = make_keystore(tmp_path, {"a": KEY1}, keychain=NONE)
    (tmp_path / f"{KEYS_NAME}.new").mkdir()
    with pytest.raises(CannotKeepError):
        made.put("a", KEY2)
    assert made.get("a") == open_keystore(tmp_path, keychain=NONE).get("a") == KEY1
