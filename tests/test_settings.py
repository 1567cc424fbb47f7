"""The settings file: what is saved comes back, and what cannot be used is named."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_app.money import AMOUNT_MAX
from pos_app.settings import (
    FILE_NAME,
    VERSION,
    LookSettings,
    PrinterSettings,
    ScanningSettings,
    Settings,
    SettingsError,
    ShopSettings,
    data_folder,
    keep_look,
    load,
    save,
)
from pos_app.words import Language

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
any_settings = st.builds(
    Settings()._replace,  # the other sections stay as they are
    shop=st.builds(
        ShopSettings,
        store=words,
        address=words,
        phone=words,
        tax_code=words,
        till=st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True),
        cashier=words,
        amount_max=st.integers(1, AMOUNT_MAX),
    ),
    look=st.builds(
        LookSettings,
        language=st.sampled_from(Language),
        theme=st.sampled_from(["light", "dark", "contrast"]),
        text=st.sampled_from([100, 125, 150]),
    ),
    scanning=st.builds(
        ScanningSettings,
        camera=words,
        baud=st.sampled_from([9600, 115200]),
        prefix=words,
        code_pattern=st.sampled_from(["", r"28\d{16}", '"\\\\"', "[\x7f-\x9f]"]),
        code_life_s=st.integers(60, 900),
    ),
    printer=st.builds(
        PrinterSettings,
        kind=st.sampled_from(["auto", "network", "usb", "serial", "file", "system", "pdf"]),
        host=words,
        port=st.integers(1, 65535),
        device=words,
        baud=st.sampled_from([9600, 19200, 38400, 57600, 115200]),
        paper=st.sampled_from(["58", "80", "80-512", "A5"]),
        cutter=st.booleans(),
        drawer=st.sampled_from([0, 2, 5]),
        folder=words,
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(wanted=any_settings)
def test_what_is_saved_comes_back(tmp_path: Path, wanted: Settings) -> None:
    save(wanted, tmp_path)
    assert load(tmp_path) == wanted
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load(tmp_path) == Settings()
    assert load(tmp_path / "nowhere") == Settings()


def test_a_file_holds_only_what_differs(tmp_path: Path) -> None:
    save(Settings(shop=ShopSettings(store="Quán Mai")), tmp_path / "new")
    written = (tmp_path / "new" / FILE_NAME).read_text(encoding="utf-8")
    assert written == f'version = {VERSION}\n\n[shop]\nstore = "Quán Mai"\n'


BAD = {
    "no TOML": ("store = \nx = 1", "line 1"),
    "half a string": ('version = 1\n[shop]\nstore = "Quán\nphone = ""', "line 3"),
    "unknown section": ("[shops]\nstore = 'x'", "unknown section shops"),
    "a key outside of a section": ("store = 'x'", "unknown section store"),
    "unknown name": ("[shop]\nstor = 'x'", "[shop] does not know 'stor'"),
    "no section": ("shop = 5", "[shop] must be a section"),
    "text for a number": ("[shop]\namount_max = '5'", "[shop] amount_max = '5'"),
    "number for a text": ("[shop]\nstore = 5", "[shop] store = 5"),
    "truth for a number": ("[printer]\nport = true", "[printer] port = True"),
    "broken number": ("[shop]\namount_max = 5.5", "[shop] amount_max = 5.5"),
    "list": ("[shop]\nstore = ['x']", "[shop] store"),
    "no amount": ("[shop]\namount_max = 0", "[shop] amount_max = 0"),
    "too much": (f"[shop]\namount_max = {AMOUNT_MAX + 1}", "[shop] amount_max"),
    "long till": ("[shop]\ntill = '123456789'", "[shop] till"),
    "till with a dash": ("[shop]\ntill = 'a-b'", "[shop] till"),
    "unknown language": ("[look]\nlanguage = 'fr'", "[look] language = 'fr'"),
    "language as a list": ("[look]\nlanguage = []", "[look] language"),
    "unknown theme": ("[look]\ntheme = 'blue'", "[look] theme"),
    "broken pattern": ("[scanning]\ncode_pattern = '('", "[scanning] code_pattern"),
    "short life": ("[scanning]\ncode_life_s = 59", "[scanning] code_life_s = 59"),
    "port 0": ("[printer]\nport = 0", "[printer] port = 0"),
    "unknown printer": ("[printer]\nkind = 'fax'", "[printer] kind = 'fax'"),
    "unknown speed": ("[printer]\nbaud = 300", "[printer] baud = 300"),
    "unknown pin": ("[printer]\ndrawer = 3", "[printer] drawer = 3"),
    "unknown paper": ("[printer]\npaper = '81'", "[printer] paper = '81'"),
    "newer": (f"version = {VERSION + 1}", "newer program"),
    "version 0": ("version = 0", "version = 0"),
    "version −1": ("version = -1", "version = -1"),
    "version true": ("version = true", "version = True"),
    "version in words": ("version = 'one'", "version = 'one'"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_named_with_its_place(tmp_path: Path, name: str) -> None:
    content, place = BAD[name]
    (tmp_path / FILE_NAME).write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape(place)) as refused:
        load(tmp_path)
    assert str(tmp_path / FILE_NAME) in str(refused.value)


def test_no_text_and_no_file(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="utf-8"):
        load(tmp_path)
    (tmp_path / "folder" / FILE_NAME).mkdir(parents=True)
    with pytest.raises(SettingsError, match=re.escape(FILE_NAME)):
        load(tmp_path / "folder")


def test_a_home_that_may_not_be_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    monkeypatch.setenv("POS_APP_HOME", str(closed / "home"))
    closed.chmod(0)
    if os.access(closed, os.X_OK):
        pytest.skip("whoever runs this may look everywhere")
    try:
        with pytest.raises(SettingsError, match="Permission denied"):
            load(data_folder())
    finally:
        closed.chmod(0o700)


def test_a_save_that_fails_leaves_the_old_file_whole(tmp_path: Path) -> None:
    save(Settings(shop=ShopSettings(store="Quán Mai")), tmp_path)
    cannot_be_written = Settings(shop=ShopSettings(store="\ud800"))
    with pytest.raises(UnicodeEncodeError):
        save(cannot_be_written, tmp_path)
    assert load(tmp_path).shop.store == "Quán Mai"
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_another_look_leaves_what_somebody_else_changed(tmp_path: Path) -> None:
    save(Settings(shop=ShopSettings(store="Tiệm"), look=LookSettings(speak=True)), tmp_path)
    keep_look(tmp_path, language=Language.EN, theme="dark", text=125)
    kept = load(tmp_path)
    assert (kept.shop.store, kept.look) == ("Tiệm", LookSettings(Language.EN, "dark", 125, speak=True))
    (tmp_path / FILE_NAME).write_text("[shop", encoding="utf-8")
    with pytest.raises(SettingsError):
        keep_look(tmp_path, language=Language.VI, theme="light", text=100)
    assert (tmp_path / FILE_NAME).read_text(encoding="utf-8") == "[shop"


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    """The name always stands on a whole file: the new one is another file, put in place of the old one."""
    save(Settings(shop=ShopSettings(store="một")), tmp_path)
    with (tmp_path / FILE_NAME).open(encoding="utf-8") as old:
        save(Settings(shop=ShopSettings(store="hai")), tmp_path)
        assert 'store = "một"' in old.read()
    assert load(tmp_path).shop.store == "hai"


def test_the_data_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_APP_HOME", str(tmp_path))
    assert data_folder() == tmp_path
    monkeypatch.delenv("POS_APP_HOME")
    assert data_folder().name == "pos-app"
