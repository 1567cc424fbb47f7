"""The manager's PIN, backup and restore, and the simulation, as processes of their own."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pos_app.checkout.views import PaymentView, Stage
from pos_app.clock import MachineClock
from pos_app.journal import ballast
from pos_app.journal.backup import describe
from pos_app.payments.order_number import epoch_of
from pos_app.staff.errors import WrongPinError
from pos_app.staff.pin import Pins
from tests.end_to_end.programs import Shop, open_shop
from tests.end_to_end.world import Counter, counter, leaks

PIN, OTHER_PIN = "582931", "907346"
PASSPHRASE = "mật khẩu của tiệm"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with open_shop(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture
def shop(gateway: Shop, tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path / "home", gateway.sandbox)
    yield made
    for room in tmp_path.rglob(ballast.NAME):
        room.unlink()  # nothing but room; the searches are shorter without it
    assert leaks([PIN, OTHER_PIN, PASSPHRASE, gateway.sandbox.key1], tmp_path, *made.printed) == []


# --- the PIN -------------------------------------------------------------------------------------------------------


def pin(shop: Shop, what: str, *lines: str) -> tuple[int, dict[str, Any]]:
    return shop.json("pin", what, "--stdin", given="".join(f"{line}\n" for line in lines))


def is_pin(shop: Shop, guess: str) -> bool:
    try:
        Pins(shop.home, MachineClock(), secrets.token_bytes).check(guess)
    except WrongPinError:
        return False
    return True


def test_a_pin_is_set_once_changed_and_reset_by_the_code_shown_once(shop: Shop) -> None:
    code, weak = pin(shop, "set", "123456")
    assert (code, weak["error"]["en"]) == (2, "This PIN cannot be used")
    code, first = pin(shop, "set", PIN)
    assert (code, len(first["recovery_code"].replace(" ", ""))) == (0, 20)
    assert is_pin(shop, PIN)
    code, again = pin(shop, "set", OTHER_PIN)
    assert (code, again["error"]["en"]) == (2, "A manager PIN is already set")
    code, nothing = pin(shop, "change", PIN)
    assert (code, nothing["error"]["en"]) == (2, "Nothing was typed")
    code, changed = pin(shop, "change", PIN, OTHER_PIN)
    assert (code, changed["recovery_code"]) == (0, "")
    assert is_pin(shop, OTHER_PIN)
    code, reset = pin(shop, "reset", first["recovery_code"].replace(" ", "-"), PIN)
    assert (code, reset["recovery_code"] not in ("", first["recovery_code"])) == (0, True)
    assert is_pin(shop, PIN)


def test_while_the_till_is_open_it_changes_the_pin_and_keeps_the_count(shop: Shop) -> None:
    with counter(shop.sandbox, shop.home):
        assert pin(shop, "set", PIN)[0] == 0
        code, wrong = pin(shop, "change", "118207", OTHER_PIN)
        assert (code, wrong["error"]["en"], wrong["wait_s"]) == (2, "Wrong PIN", 1)
        code, out, err = shop.run("pin", "change", "--stdin", given=f"{PIN}\n{OTHER_PIN}\n")
        assert (code, "Đã đặt PIN quản lý" in out, "Traceback" in err) == (0, True, False)
    assert is_pin(shop, OTHER_PIN)


# --- backup and restore --------------------------------------------------------------------------------------------


def backup(shop: Shop, file: Path, passphrase: str = PASSPHRASE) -> tuple[int, dict[str, Any]]:
    return shop.json("backup", str(file), "--passphrase-stdin", given=f"{passphrase}\n")


def restore(shop: Shop, file: Path, home: Path, passphrase: str = PASSPHRASE) -> tuple[int, dict[str, Any]]:
    demo = ("--demo-url", shop.sandbox.url)
    return shop.json("restore", str(file), "--passphrase-stdin", *demo, given=f"{passphrase}\n", home=home)


def paid_of(at: Counter, amount: int) -> PaymentView:
    view = at.until(lambda told: isinstance(told, PaymentView) and (told.amount, told.stage) == (amount, Stage.PAID))
    assert isinstance(view, PaymentView)
    return view


def test_a_lost_till_goes_on_elsewhere_and_knows_what_came_after_the_backup(shop: Shop, tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "till.backup", tmp_path / "elsewhere"
    with counter(shop.sandbox, shop.home) as at:
        at.scan(10_002)
        waiting = at.until_stage(Stage.PROCESSING)
        code, made = backup(shop, file)
        assert (code, made["till"], made["entries"] > 3) == (0, "02", True)
        at.till.next_customer()
        shop.sandbox.customer.confirm(waiting.payment_id)
        paid_of(at, 10_002)
        at.scan(70_000)
        after = paid_of(at, 70_000)
    code, back = restore(shop, file, elsewhere)
    assert (code, back["caught_up"], back["open_count"]) == (0, True, 0)
    assert back["epoch"] != back["epoch_before"] == epoch_of(waiting.payment_id)
    code, day = shop.json("payments", home=elsewhere)
    assert {(one["order_id"], one["state"]) for one in day["payments"]} == {
        (waiting.payment_id, "paid"), (after.payment_id, "paid"),
    }  # fmt: skip
    code, new = shop.json("pay", "--amount", "50000", "--demo-url", shop.sandbox.url, home=elsewhere)
    assert (code, epoch_of(new["order_id"])) == (0, back["epoch"])
    code, report = shop.json("verify", home=elsewhere)
    assert (code, report["ok"], report["payments"]) == (0, True, 3)


def test_what_cannot_be_restored_is_said_and_nothing_is_written(shop: Shop, tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "till.backup", tmp_path / "elsewhere"
    code, short = backup(shop, file, "kurz")
    assert (code, short["error"]["en"], file.exists()) == (2, "The passphrase is too short", False)
    code, made = backup(shop, file)
    assert (code, describe(file).head) == (0, made["head"])
    code, told = restore(shop, file, elsewhere, "mật khẩu khác")
    assert (code, told["error"]["en"]) == (2, "Wrong passphrase for this backup")
    code, told = restore(shop, tmp_path / "none", elsewhere)
    assert (code, told["error"]["en"]) == (2, "The backup cannot be used")
    code, told = restore(shop, file, shop.home)
    assert (code, told["error"]["en"]) == (2, "The folder already has a journal")
    elsewhere.mkdir(exist_ok=True)
    (elsewhere / "settings.toml").write_text('[shop]\ntill = "05"\n[look]\nlanguage = "en"\n')
    code, _, err = shop.run("restore", str(file), "--passphrase-stdin", given=f"{PASSPHRASE}\n", home=elsewhere)
    assert (code, err) == (2, 'The backup is of till 02. Set till = "02" in settings.toml.\n')
    assert [path.name for path in elsewhere.iterdir()] == ["settings.toml"]


# --- the simulation ------------------------------------------------------------------------------------------------


def test_a_simulation_says_what_it_did_and_the_seed_repeats_it(shop: Shop) -> None:
    runs = [shop.json("simulate", "--payments", "60", "--seed", "7") for _ in range(2)]
    assert [code for code, _ in runs] == [0, 0]
    (_, first), (_, second) = runs
    assert (first["payments"] >= 60, first["seed"], first["violations"]) == (True, 7, {})
    assert {**first, "seconds": 0} == {**second, "seconds": 0}
    code, told = shop.json("simulate", "--payments", "0")
    assert (code, "error" in told) == (2, True)
