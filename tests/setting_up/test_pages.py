"""The pages as data: every setting has its place, what is typed becomes it, and a mistake changes nothing."""

import pytest

from pos_app.payments.payment_code import SLIP_PREFIX
from pos_app.setting_up import pages
from pos_app.setting_up.fields import Kind, shown, taken
from pos_app.setting_up.trials import tell_scan
from pos_app.settings import Settings, fits, load, save

ALL = (pages.STORE, pages.KEYS, pages.CAMERA, pages.SCANNER, pages.PRINTER, pages.PIN, pages.HABITS, pages.WAYS)
FIELDS = {field.name: field for page in ALL for field in page.fields}


def test_every_setting_has_one_place() -> None:
    every = {f"{section}.{key}" for section, values in Settings()._asdict().items() for key in values._asdict()}
    on_pages = [field.name for page in ALL for field in page.fields]
    assert len(on_pages) == len(set(on_pages))
    assert set(on_pages) | pages.ON_A_PAGE_BY_ITSELF | pages.IN_THE_FILE_ONLY == every
    assert not set(on_pages) & pages.IN_THE_FILE_ONLY


@pytest.mark.parametrize("name", [name for name, field in FIELDS.items() if field.kind is Kind.CHOICE])
def test_every_choice_can_be_chosen(name: str) -> None:
    field = FIELDS[name]
    for value in field.choices or {}:
        found = taken(Settings(), [field], {name: value})
        assert found.mistakes == {}
        assert shown(found.settings, name) == value
    assert shown(Settings(), name) in (field.choices or {})


def test_what_is_typed_is_what_is_read_back(tmp_path: object) -> None:
    from pathlib import Path  # noqa: PLC0415 - for the type alone

    assert isinstance(tmp_path, Path)
    typed = {"shop.store": ' Tiệm "Bà Tư" ', "shop.till": "B7", "shop.amount_max": "2.000.000", "printer.port": "9101",
             "scanning.prefix": " ]Q",
             "scanning.suffix": "\t ", "look.speak": "true",
             "own_vietqr.bank": "970436", "own_vietqr.account": "0071000123456"}  # fmt: skip
    found = taken(Settings(), FIELDS.values(), typed)
    assert found.mistakes == {}
    save(found.settings, tmp_path)
    kept = load(tmp_path)
    assert (kept.scanning.prefix, kept.scanning.suffix) == (" ]Q", "\t "), "blanks are what the scanner sends"
    assert (kept.shop.store, kept.shop.till, kept.shop.amount_max) == ('Tiệm "Bà Tư"', "B7", 2_000_000)
    assert (kept.printer.port, kept.look.speak, kept.own_vietqr.account) == (9101, True, "0071000123456")


@pytest.mark.parametrize(
    ("name", "text"),
    [("shop.store", " "), ("shop.till", "quầy 1"), ("shop.amount_max", "0"), ("shop.amount_max", "nhiều"),
     ("printer.port", "70000"), ("printer.port", ""), ("staff.lock_after_min", "-1"), ("own_vietqr.bank", "VCB"),
     ("links.life_min", "4"), ("look.theme", "pink"), ("look.speak", "maybe"),
     ("shop.address", "half a \ud83d"), ("appotapay.terminal", "POS 01"),
     ("look.language", "fr")],
)  # fmt: skip
def test_a_mistake_is_said_and_changes_nothing(name: str, text: str) -> None:
    found = taken(Settings(), FIELDS.values(), {name: text})
    assert set(found.mistakes) == {name}
    assert found.settings == Settings()


def test_what_fits_is_what_the_file_takes() -> None:
    assert fits("printer", "kind", "usb")
    assert not fits("printer", "kind", "fax")
    assert fits("shop", "store", "")


@pytest.mark.parametrize(
    ("text", "well", "what"),
    [("281234567890123456", True, "a payment code"), ("8934563138165", True, "a product"),
     (f"{SLIP_PREFIX}261121_02_000148", True, "on a slip"), ("28123\x0145", False, "odd")],
)  # fmt: skip
def test_a_scan_is_told_and_not_shown(text: str, well: bool, what: str) -> None:
    told = tell_scan(text)
    assert told.well is well
    assert what in told.said.en
    assert text not in repr(told)
