"""The sealed store: what goes in comes out, whoever reads the disk learns nothing, and nothing damaged is believed."""

import logging
import os
import pickle
import signal
import stat
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.customers.customer import BindingUnderWay, RegularCustomer
from pos_app.customers.errors import (
    CustomersDamagedError,
    CustomersError,
    CustomersReadError,
    CustomersWriteError,
    NewerCustomersError,
    NoSealError,
    OtherSealError,
    TooManyCustomersError,
)
from pos_app.customers.store import FILE_NAME, CustomerStore
from pos_app.payments.pay_token import PayToken

TEXT = "NJLHNTRLZDETZGQYZI0ZNTBKLTGWZJKTMTKXYJHLMWI5NTFI"
TOKEN = PayToken(TEXT)
LAN = RegularCustomer("kh-7", "Cô Lan bún bò", "****3801", "230407qQe7vGnqp0agyforLAy0D2b1x3", 1_782_600_000_000)
TU = RegularCustomer("kh-8", "anh Tú", "****6938", "230408x", 1_782_600_000_000, 500_000, 1_999_999_999_999)
WAITS = BindingUnderWay("261122_02-000148-k7qx", "kh-9", "Bà Năm", 0, 1_782_600_000_000, "https://zlp.example/agr/7")
KEY_NAME = "seal.key"


@pytest.fixture
def store(tmp_path: Path) -> CustomerStore:
    return CustomerStore(tmp_path, os.urandom)


def filled(folder: Path) -> CustomerStore:
    made = CustomerStore(folder, os.urandom)
    made.keep(LAN, TOKEN)
    made.begin(WAITS)
    return made


def test_it_is_empty_until_something_is_kept(store: CustomerStore, tmp_path: Path) -> None:
    assert (store.customers(), store.under_way(), store.token("kh-7"), store.customer("kh-7")) == ((), (), None, None)
    assert list(tmp_path.iterdir()) == []


def test_what_is_kept_is_there_after_a_restart(store: CustomerStore, tmp_path: Path) -> None:
    store.keep(LAN, TOKEN)
    store.keep(TU, PayToken("another"))
    store.begin(WAITS)
    again = CustomerStore(tmp_path, os.urandom)
    assert again.customers() == (TU, LAN)
    assert (again.customer("kh-8"), again.token("kh-7"), again.token("kh-8")) == (TU, TOKEN, PayToken("another"))
    assert again.under_way() == (WAITS,)


def test_a_binding_becomes_a_customer_in_one_step(store: CustomerStore) -> None:
    store.begin(replace(WAITS, link=""))
    store.begin(WAITS)
    assert store.under_way() == (WAITS,)
    store.keep(LAN, TOKEN, bound_by=WAITS.app_trans_id)
    assert (store.under_way(), store.customers()) == ((), (LAN,))
    store.begin(WAITS)
    store.drop(WAITS.app_trans_id)
    store.drop("nobody")
    store.wait_no_more(WAITS.app_trans_id)
    assert (store.under_way(), store.customers()) == ((), (LAN,)), "what is over does not begin again"


def test_what_could_not_be_read_again_is_not_written(
    store: CustomerStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.keep(LAN, TOKEN)
    monkeypatch.setattr("pos_app.customers.store._SIZE_MAX", (tmp_path / FILE_NAME).stat().st_size + 50)
    with pytest.raises(TooManyCustomersError):
        store.keep(TU, TOKEN)
    assert store.customers() == (LAN,)
    store.forget("kh-7")
    store.keep(TU, TOKEN)


def test_that_nobody_waits_any_more_is_kept(store: CustomerStore, tmp_path: Path) -> None:
    store.begin(WAITS)
    store.wait_no_more(WAITS.app_trans_id)
    assert CustomerStore(tmp_path, os.urandom).under_way() == (replace(WAITS, dropped=True),)


def test_a_customer_is_changed_and_forgotten(store: CustomerStore, tmp_path: Path) -> None:
    store.keep(LAN, TOKEN)
    store.keep(replace(LAN, name="Lan"), PayToken("new"))
    assert (store.customers()[0].name, store.token("kh-7")) == ("Lan", PayToken("new"))
    store.forget("kh-7")
    assert (store.customers(), CustomerStore(tmp_path, os.urandom).token("kh-7")) == ((), None)


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_a_customer_has_a_name(store: CustomerStore, name: str) -> None:
    with pytest.raises(ValueError, match="a name has"):
        store.keep(replace(LAN, name=name), TOKEN)
    with pytest.raises(ValueError, match="a name has"):
        store.begin(replace(WAITS, name=name))


def test_numbers_are_never_given_twice(tmp_path: Path) -> None:
    drawn = iter([b"0" * 10, b"0" * 10, b"0" * 10, b"1" * 10])
    store = CustomerStore(tmp_path, lambda count: next(drawn) if count == 10 else os.urandom(count))
    first = store.new_number()
    store.keep(replace(LAN, number=first), TOKEN)
    second = store.new_number()
    assert first != second
    assert len(second) == 13


# --- on the disk --------------------------------------------------------------------------------------------------


def test_nothing_stands_in_clear_on_the_disk(store: CustomerStore, tmp_path: Path) -> None:
    store.keep(LAN, TOKEN)
    store.begin(WAITS)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    clear = (TEXT, LAN.name, "Lan", LAN.phone, "3801", LAN.binding_id, LAN.number, WAITS.name, WAITS.link, "pay_token")
    assert [word for word in clear if word.encode() in written] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE_NAME, KEY_NAME]


def test_the_same_content_never_looks_the_same(store: CustomerStore, tmp_path: Path) -> None:
    store.keep(LAN, TOKEN)
    first = (tmp_path / FILE_NAME).read_bytes()
    store.keep(LAN, TOKEN)
    second = (tmp_path / FILE_NAME).read_bytes()
    assert len(first) == len(second)
    assert first[17:] != second[17:]


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        filled(tmp_path / "new")
    finally:
        os.umask(old)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").iterdir()}
    assert modes == {FILE_NAME: 0o600, KEY_NAME: 0o600}


def test_every_damaged_byte_is_found(tmp_path: Path) -> None:
    filled(tmp_path)
    path = tmp_path / FILE_NAME
    right = path.read_bytes()
    store = CustomerStore(tmp_path, os.urandom)
    for place in range(len(right)):
        path.write_bytes(right[:place] + bytes([right[place] ^ 1]) + right[place + 1 :])
        with pytest.raises((CustomersDamagedError, OtherSealError, NewerCustomersError)):
            store.customers()
    for length in range(len(right)):
        path.write_bytes(right[:length])
        with pytest.raises(CustomersDamagedError):
            store.token("kh-7")
    for foreign in (right + b"\0", b"\0" * len(right), b"PK\3\4" + right, os.urandom(9 * 1024 * 1024)):
        path.write_bytes(foreign)
        with pytest.raises(CustomersDamagedError):
            store.under_way()
    path.write_bytes(right)
    assert store.customers() == (LAN,)


def test_what_cannot_be_read_is_not_written_over(tmp_path: Path) -> None:
    filled(tmp_path)
    path = tmp_path / FILE_NAME
    damaged = path.read_bytes()[:-1]
    path.write_bytes(damaged)
    store = CustomerStore(tmp_path, os.urandom)
    acts: list[Callable[[], None]] = [
        lambda: store.keep(TU, TOKEN), lambda: store.forget("kh-7"), lambda: store.begin(WAITS)
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(CustomersDamagedError):
            act()
    assert path.read_bytes() == damaged


def test_the_key_decides(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    filled(here)
    filled(there)
    (there / FILE_NAME).write_bytes((here / FILE_NAME).read_bytes())
    with pytest.raises(OtherSealError):
        CustomerStore(there, os.urandom).customers()
    (there / KEY_NAME).write_bytes((here / KEY_NAME).read_bytes())
    assert CustomerStore(there, os.urandom).customers() == (LAN,)
    for key in (b"", b"x" * 31, b"x" * 33):
        (there / KEY_NAME).write_bytes(key)
        with pytest.raises(NoSealError):
            CustomerStore(there, os.urandom).customers()
    (there / KEY_NAME).unlink()
    with pytest.raises(NoSealError):
        CustomerStore(there, os.urandom).keep(TU, TOKEN)
    assert not (there / KEY_NAME).exists(), "a new key would make the old file worthless for good"


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    filled(tmp_path)
    path = tmp_path / FILE_NAME
    newer = bytearray(path.read_bytes())
    newer[8] += 1
    path.write_bytes(newer)
    with pytest.raises(NewerCustomersError):
        CustomerStore(tmp_path, os.urandom).customers()


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / FILE_NAME).unlink()
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(CustomersReadError):
        CustomerStore(tmp_path, os.urandom).customers()


def test_a_disk_that_does_not_take_it(tmp_path: Path) -> None:
    store = filled(tmp_path)
    (tmp_path / f"{FILE_NAME}.new").mkdir()
    with pytest.raises(CustomersWriteError):
        store.keep(TU, TOKEN)
    assert store.customers() == (LAN,)
    (tmp_path / "no folder").write_bytes(b"")
    with pytest.raises(CustomersReadError):
        CustomerStore(tmp_path / "no folder", os.urandom).keep(LAN, TOKEN)


KILLED = """
import os, signal, sys
from pathlib import Path
from pos_app.customers.customer import RegularCustomer
from pos_app.customers.store import CustomerStore
from pos_app.payments.pay_token import PayToken
folder, when = Path(sys.argv[1]), sys.argv[2]
number = RegularCustomer("kh-2", "Hai", "", "b2", 2)
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
if when == "before the bytes": os.fsync = die
if when == "before the name": Path.replace = die
if when == "before the folder":
    import pos_app.private_file as private_file
    private_file.sync_folder = die
CustomerStore(folder, os.urandom).keep(number, PayToken(sys.stdin.read()))
"""


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("when", ["before the bytes", "before the name", "before the folder"])
def test_killed_in_the_middle_it_is_the_old_or_the_new_one(tmp_path: Path, when: str, first: bool) -> None:
    if not first:
        filled(tmp_path)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), when], input=TEXT, text=True, check=False, timeout=30
    )
    assert killed.returncode == -signal.SIGKILL
    store = CustomerStore(tmp_path, os.urandom)
    numbers = [one.number for one in store.customers()]
    old = [] if first else ["kh-7"]
    new = sorted([*old, "kh-2"]) if when == "before the folder" and not first else old
    assert sorted(numbers) == new
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert TEXT.encode() not in left
    store.keep(TU, TOKEN)
    assert {one.number for one in CustomerStore(tmp_path, os.urandom).customers()} == {*new, "kh-8"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE_NAME, KEY_NAME]


# --- nothing is said ----------------------------------------------------------------------------------------------


def test_a_token_is_shown_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    store = filled(tmp_path)
    assert "NJL" not in repr([TOKEN, store, store.customers(), store.under_way(), store._read()]) + f"{TOKEN}"
    shown = repr([LAN, WAITS])
    assert [word for word in ("Lan", "3801", "Năm", "zlp.example") if word in shown] == []
    with pytest.raises(TypeError):
        pickle.dumps(TOKEN)
    with pytest.raises(ValueError, match="a pay token is") as wrong:
        PayToken(f"{TEXT}|")
    (tmp_path / FILE_NAME).write_bytes((tmp_path / FILE_NAME).read_bytes()[:-1])
    with pytest.raises(CustomersError) as damaged:
        store.token("kh-7")
    for caught in (wrong, damaged):
        assert TEXT not in "".join(traceback.format_exception(caught.value, chain=True))
    assert damaged.value.__context__ is None
    assert TEXT not in caplog.text


def test_errors_speak_both_languages() -> None:
    kinds: list[type[CustomersError]] = [CustomersError, *CustomersError.__subclasses__()]
    assert len(kinds) == 8
    for kind in kinds:
        assert all((*kind.title, *kind.advice))
        assert str(kind()) == kind.title.en


def test_tokens_are_equal_by_what_they_are() -> None:
    assert PayToken(TEXT) == TOKEN
    assert len({PayToken(TEXT), TOKEN}) == 1
    assert PayToken("x") != TOKEN
    assert TOKEN != TEXT
    assert TOKEN.reveal() == TEXT
    for wrong in ("", "a b", "a|b", "é", "x" * 513, "a\n"):
        with pytest.raises(ValueError, match="a pay token is"):
            PayToken(wrong)
