"""`show`, `link` and `customer` as processes: exit codes, words and JSON, with a till open and with none."""

import json
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pos_app.cli import main
from pos_app.journal import ballast
from pos_app.sandbox.server import Sandbox
from tests.end_to_end.programs import Shop, open_shop
from tests.end_to_end.world import counter, leaks, truth


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with open_shop(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture
def shop(gateway: Shop, tmp_path: Path) -> Iterator[Shop]:
    """A new data folder at the one built-in gateway."""
    made = Shop(tmp_path, gateway.sandbox)
    yield made
    (tmp_path / ballast.NAME).unlink(missing_ok=True)
    assert leaks([gateway.sandbox.key1, gateway.sandbox.key2], tmp_path, *made.printed) == []


def demo(shop: Shop) -> tuple[str, str]:
    return "--demo-url", shop.sandbox.url


def wait_until(found: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + 60
    while not (got := found()):
        assert time.monotonic() < deadline, what
        time.sleep(0.05)
    return got


def new_order(sandbox: Sandbox, known: set[str]) -> str:
    """The order that a command is making now."""

    def found() -> str:
        return next((str(one["app_trans_id"]) for one in sandbox.orders() if one["app_trans_id"] not in known), "")

    return str(wait_until(found, "no order came"))


def begin(shop: Shop, *command: str) -> tuple[subprocess.Popen[str], str]:
    """A command that shows something, and the order that it shows."""
    known = {str(one["app_trans_id"]) for one in shop.sandbox.orders()}
    started = shop.begin(*command)
    return started, new_order(shop.sandbox, known)


def test_shown_and_paid(shop: Shop) -> None:
    begun, order_id = begin(shop, "show", "--amount", "50.000", "--method", "bank_qr", "--json", *demo(shop))
    assert shop.sandbox.pay_order(order_id)
    code, out, err = shop.end(begun)
    assert (code, "Traceback" in err) == (0, False)
    told = json.loads(out)
    assert (told["order_id"], told["stage"], told["amount"], told["exit_code"]) == (order_id, "paid", 50_000, 0)
    assert told["gateway"] == "demo_appotapay_v1"
    assert truth(shop.sandbox, order_id) == "paid"


def test_in_words_what_to_scan_stands_first(shop: Shop) -> None:
    begun, order_id = begin(shop, "show", "--amount", "50000", "--method", "vietqr", *demo(shop))
    assert begun.stdout
    first = begun.stdout.readline().strip()
    assert first.startswith(("00020101", "https://"))
    assert re.match(r"Trả được đến \d\d:\d\d", begun.stdout.readline())
    assert shop.sandbox.pay_order(order_id)
    code, out, err = shop.end(begun)
    assert (code, "Traceback" in err) == (0, False)
    assert "Đã thanh toán" in out


def test_a_bank_transfer_to_the_shop_is_not_known_until_a_person_says_so(shop: Shop) -> None:
    code, told = shop.json("show", "--amount", "50000", "--method", "own_vietqr", "--wait", "0", *demo(shop))
    assert (code, told["exit_code"], told["link"]) == (11, 11, "")
    assert told["qr"].startswith("00020101")
    code, told = shop.json("cancel", "--payment", told["order_id"], *demo(shop))
    assert (code, told["stage"]) == (0, "declined"), "nobody will wait for it any more"


def test_a_link_is_given_at_once_and_followed_by_whoever_comes_next(shop: Shop) -> None:
    code, link = shop.json("link", "--amount", "70000", "--life", "60", "--note", "Giao tận nhà", *demo(shop))
    assert (code, link["exit_code"], link["note"]) == (11, 11, "Giao tận nhà")
    assert link["link"].startswith("https://")
    assert 59 * 60_000 < link["expires_at_ms"] - link["scanned_at_ms"] <= 60 * 60_000
    assert shop.sandbox.pay_order(link["order_id"])
    code, paid = shop.json("ask", "--payment", link["order_id"], *demo(shop))
    assert (code, paid["stage"], paid["order_id"]) == (0, "paid", link["order_id"])
    assert shop.json("verify")[1]["ok"]


def test_ctrl_c_leaves_it_open_says_so_and_the_next_one_cancels_it(shop: Shop) -> None:
    begun, order_id = begin(shop, "show", "--amount", "50000", *demo(shop))
    assert begun.stdout
    begun.stdout.readline()
    begun.send_signal(signal.SIGINT)
    code, out, err = shop.end(begun)
    assert (code, "Traceback" in err) == (11, False)
    assert "ĐỪNG thu lại" in out
    assert order_id in out
    code, told = shop.json("cancel", "--payment", order_id, *demo(shop))
    assert (code, told["stage"], told["state"]) == (0, "declined", "cancelled")
    assert truth(shop.sandbox, order_id) == "cancelled"


@pytest.mark.parametrize(
    "words",
    [
        ("show", "--amount", "12,5"),
        ("show", "--amount", "50000", "--method", "gold"),
        ("show",),
        ("link", "--amount", "-1"),
        ("link", "--amount", "50000", "--life", "soon"),
        ("customer", "pay", "--amount", "50000"),
        ("customer", "bind"),
        ("customer", "unbind"),
        ("customer", "marry"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_refused_and_nothing_is_begun(
    shop: Shop, words: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_APP_HOME", str(shop.home))
    known = len(shop.sandbox.orders())
    assert main([*words, "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert (told["exit_code"], bool(told["error"]["vi"])) == (2, True)
    assert len(shop.sandbox.orders()) == known
    assert list(shop.home.iterdir()) == [], "no till was opened for it"


def test_a_regular_customer_is_bound_listed_charged_and_let_go(shop: Shop) -> None:
    with counter(shop.sandbox, shop.home):  # all of it by the till that is open
        known = {one.id for one in shop.sandbox.gateway.wishes_to_bind()}
        begun = shop.begin("customer", "bind", "--name", "Chị Lan", "--json")
        asked = wait_until(
            lambda: [one for one in shop.sandbox.gateway.wishes_to_bind() if one.id not in known], "asked"
        )
        (wish,) = asked
        assert shop.sandbox.confirm_binding(wish.asked.app_trans_id)
        code, out, err = shop.end(begun)
        number = json.loads(out)["customer"]
        assert (code, "Traceback" in err) == (0, False)
        code, listed = shop.json("customer", "list")
        assert [(one["number"], one["name"]) for one in listed["customers"]] == [(number, "Chị Lan")]
        for amount, wanted in (("30000", (0, True)), ("300000000", (10, False))):
            code, told = shop.json("customer", "balance", "--customer", number, "--amount", amount)
            assert (code, told["payable"]) == wanted
        code, paid = shop.json("customer", "pay", "--customer", number, "--amount", "30000", "--note", "Như mọi khi")
        assert (code, paid["stage"], paid["note"]) == (0, "paid", "Như mọi khi")
        assert truth(shop.sandbox, paid["order_id"]) == "paid"
        code, declined = shop.json("customer", "pay", "--customer", number, "--amount", "10063")
        assert (code, declined["stage"]) == (10, "declined")
        code, refused = shop.json("customer", "pay", "--customer", "kh-nobody", "--amount", "30000")
        assert (code, refused["error"]["en"]) == (12, "No such regular customer")
        assert shop.json("customer", "unbind", "--customer", number)[0] == 0
        code, out, _ = shop.run("customer", "list")
        assert (code, "Chưa có khách quen" in out) == (0, True)
    token = wish.pay_token
    (shop.home / ballast.NAME).unlink(missing_ok=True)
    assert leaks([token], shop.home, *shop.printed) == []


def test_a_customer_who_never_answers_is_not_linked(shop: Shop) -> None:
    code, told = shop.json("customer", "bind", "--name", "Anh Tú", "--wait", "0.5", *demo(shop))
    assert (code, told["error"]["en"]) == (10, "The customer has not agreed")
