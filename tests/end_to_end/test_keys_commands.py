"""`pos-app keys`: nothing that is secret is an argument, printed, or left anywhere."""

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pos_app.cli import main
from pos_app.journal import ballast
from pos_app.settings import use_environment
from tests.end_to_end.world import leaks
from tests.keys.shop_keys import CANARIES, KEY1, KEY2, NEW_KEY1, PUBLIC_PEM

PIN, PASSPHRASE = "582931", "một mật khẩu dài"
KEYS = f"app_id: 98765\nkey1: {KEY1}\nkey2: {KEY2}\n{PUBLIC_PEM}\n"


class Typing:
    """Commands in this process, with what is typed into them, and all that was ever printed."""

    def __init__(self, home: Path, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.printed = home, list[str]()
        self._patch, self._capsys = patch, capsys
        patch.setenv("POS_APP_HOME", str(home))

    def run(self, *arguments: str, given: str = "") -> tuple[int, str]:
        self._patch.setattr("sys.stdin", io.StringIO(given))
        code = main(list(arguments))
        out, err = self._capsys.readouterr()
        self.printed += [out, err]
        return code, out

    def json(self, *arguments: str, given: str = "") -> tuple[int, dict[str, Any]]:
        code, out = self.run(*arguments, "--json", given=given)
        return code, json.loads(out.splitlines()[-1])


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Typing]:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")  # no keychain
    made = Typing(tmp_path / "home", monkeypatch, capsys)
    yield made
    use_environment(None)
    for room in tmp_path.rglob(ballast.NAME):
        room.unlink()
    assert leaks([*CANARIES, PIN, PASSPHRASE], tmp_path, *made.printed) == []


def test_a_shop_sets_its_keys_up_and_changes_them(shop: Typing) -> None:
    code, none = shop.json("keys", "show")
    assert (code, none["error"]["en"]) == (2, "No ZaloPay keys are set up")
    code, cut = shop.json("keys", "set", "--stdin", given=KEYS.replace(KEY1, KEY1[:9]))
    assert (code, list(cut["mistakes"])) == (2, ["key1"])
    code, made = shop.json("keys", "set", "--stdin", given=KEYS)
    assert (code, made["environment"], made["app_id"], made["sealed_by"]) == (0, "live", 98765, "file")
    assert "openapi.zalopay.vn" in made["hosts"]
    assert not (shop.home / "journal.sqlite3").exists(), "live data have a folder of their own"
    code, unguarded = shop.json("keys", "rotate", "--stdin", given=f"key1: {NEW_KEY1}\n\n")
    assert (code, unguarded["error"]["en"]) == (2, "The owner needs a PIN first")
    assert shop.json("pin", "set", "--stdin", given=f"{PIN}\n")[0] == 0
    code, wrong = shop.json("keys", "rotate", "--stdin", "--pin-stdin", given=f"key1: {NEW_KEY1}\n\n907346\n")
    assert (code, wrong["error"]["en"]) == (2, "Wrong PIN")
    code, new = shop.json("keys", "rotate", "--stdin", "--pin-stdin", given=f"key1: {NEW_KEY1}\n\n{PIN}\n")
    assert (code, new["old_marks"]) == (0, made["marks"])
    assert new["marks"]["key1"] != made["marks"]["key1"]
    assert new["marks"]["key2"] == made["marks"]["key2"], "what is left out stays"
    code, told = shop.run("keys", "show")
    assert (code, new["marks"]["key1"] in told, made["marks"]["key1"] in told) == (0, True, True)
    code, dropped = shop.json("keys", "drop", "--pin-stdin", given=f"{PIN}\n")
    assert (code, dropped["old_marks"], dropped["marks"]) == (0, None, new["marks"])


def test_keys_from_a_file_sealed_by_a_passphrase(shop: Typing, tmp_path: Path) -> None:
    file = tmp_path / "keys.txt"
    file.write_text(KEYS, encoding="utf-8")
    asked = ("keys", "set", "--sandbox", "--from", str(file), "--passphrase", "--keys-stdin")
    code, made = shop.json(*asked, given=f"{PASSPHRASE}\n")
    assert (code, made["environment"], made["sealed_by"]) == (0, "sandbox", "passphrase")
    file.unlink()
    code, wrong = shop.json("keys", "show", "--keys-stdin", given="something else\n")
    assert (code, wrong["error"]["en"]) == (2, "Wrong passphrase for the keys")
    code, right = shop.json("keys", "show", "--keys-stdin", given=f"{PASSPHRASE}\n")
    assert (code, right["marks"]) == (0, made["marks"])
    code, locked = shop.json("pay", "--amount", "1000", "--code-stdin", given="")
    assert (code, locked["error"]["en"]) == (2, "Nothing was typed"), "no till without the passphrase"


def test_a_forgotten_passphrase(shop: Typing) -> None:
    given = f"{PASSPHRASE}\n{KEYS}"
    assert shop.json("keys", "set", "--stdin", "--passphrase", "--keys-stdin", given=given)[0] == 0
    assert shop.json("pin", "set", "--stdin", given=f"{PIN}\n")[0] == 0
    anew = ("keys", "set", "--forget", "--stdin", "--pin-stdin")
    code, made = shop.json(*anew, given=f"{KEYS}{PIN}\n")
    assert (code, made["sealed_by"]) == (0, "file")
    assert any("cannot be read any more" in text or "không đọc lại được nữa" in text for text in shop.printed)


def test_the_owner_confirms_the_shops_own_account(shop: Typing) -> None:
    assert shop.json("keys", "set", "--stdin", given=KEYS)[0] == 0
    assert shop.json("pin", "set", "--stdin", given=f"{PIN}\n")[0] == 0
    own = '[own_vietqr]\nbank = "970436"\naccount = "0071000123456"\n'
    (shop.home / "settings.toml").write_text(f"version = 1\n{own}", encoding="utf-8")
    code, refused = shop.json("pay", "--amount", "1000", "--code-stdin", given="281234567890123456\n")
    assert (code, refused["error"]["en"]) == (2, "The owner has not agreed to this bank account")
    assert "970436 0071000123456" in refused["advice"]["vi"]
    code, told = shop.run("keys", "confirm", "--pin-stdin", given=f"{PIN}\n")
    assert (code, "970436 0071000123456" in told) == (0, True)


def test_the_first_account_is_confirmed_before_there_is_a_pin(shop: Typing) -> None:
    """As in the till's window: nothing that a PIN guards is changed by it."""
    assert shop.json("keys", "set", "--stdin", given=KEYS)[0] == 0
    own = 'version = 1\n[own_vietqr]\nbank = "970436"\naccount = "{}"\n'
    (shop.home / "settings.toml").write_text(own.format("0071000123456"), encoding="utf-8")
    code, told = shop.json("keys", "confirm")
    assert (code, told.get("own_account")) == (0, "970436 0071000123456")
    (shop.home / "settings.toml").write_text(own.format("9999888877"), encoding="utf-8")
    code, refused = shop.json("keys", "confirm")
    assert (code, refused["error"]["en"]) == (2, "The owner needs a PIN first")


def test_what_is_no_list_of_keys_is_refused_without_repeating_it(shop: Typing, tmp_path: Path) -> None:
    file = tmp_path / "keys.txt"
    file.write_bytes(b"\xff\xfe\x00")
    assert shop.json("keys", "set", "--from", str(file))[1]["error"]["en"] == "The keys cannot be read"
    code, told = shop.json("keys", "set", "--stdin", given=f"{KEY1}\n\n")
    assert (code, told["error"]["en"]) == (2, "The keys cannot be read")


def test_a_restored_till_gets_its_keys_anew(shop: Typing, tmp_path: Path) -> None:
    assert shop.json("keys", "set", "--stdin", given=KEYS)[0] == 0
    file = tmp_path / "backup.pos"
    assert shop.json("backup", str(file), "--passphrase-stdin", given=f"{PASSPHRASE}\n")[0] == 0
    shutil.rmtree(shop.home)
    code, told = shop.json("restore", str(file), "--passphrase-stdin", given=f"{PASSPHRASE}\n")
    assert (code, told["caught_up"]) == (11, False), "nobody can be asked without keys"
    assert (shop.home / "live" / "journal.sqlite3").exists(), "back where real payments belong"
    code, none = shop.json("pay", "--amount", "1000", "--code-stdin")
    assert (code, none["error"]["en"]) == (2, "No ZaloPay keys are set up"), "and not the demo instead"
    assert shop.json("keys", "set", "--stdin", given=KEYS)[1]["error"]["en"] == "The owner needs a PIN first"
    assert shop.json("pin", "set", "--stdin", given=f"{PIN}\n")[0] == 0
    assert shop.json("keys", "set", "--stdin", "--pin-stdin", given=f"{KEYS}{PIN}\n")[0] == 0
