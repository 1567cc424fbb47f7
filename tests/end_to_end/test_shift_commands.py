"""`pos-app shift` as a process of its own, beside an open till and without one."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pos_app.checkout.views import Stage
from pos_app.clock import MachineClock
from pos_app.journal import ballast
from pos_app.staff.pin import Pins
from tests.end_to_end.programs import Shop, open_shop
from tests.end_to_end.world import counter, leaks
from tests.staff.doors import CHEAP

PIN = "582931"
STUCK = 10_003
WHY = "khách đã về"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with open_shop(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture
def shop(gateway: Shop, tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path, gateway.sandbox)
    Pins(tmp_path, MachineClock(), secrets.token_bytes, CHEAP).set_first(PIN)
    yield made
    (tmp_path / ballast.NAME).unlink()
    assert leaks([PIN, gateway.sandbox.key1], tmp_path, *made.printed) == []


def shift(shop: Shop, what: str, *more: str, given: str = "") -> tuple[int, dict[str, Any]]:
    demo = () if what == "x" else ("--demo-url", shop.sandbox.url)
    return shop.json("shift", what, *more, *demo, given=given)


def test_look_and_close_without_a_till(shop: Shop) -> None:
    with counter(shop.sandbox, shop.home) as at:
        at.scan(50_000)
        at.until_stage(Stage.PAID)
    code, looked = shift(shop, "x")
    assert (code, looked["shift"], looked["z_number"], looked["net"], looked["agrees"]) == (0, 1, None, 50_000, True)
    code, z = shift(shop, "close")
    assert (code, z["z_number"], z["net"], z["closed_by"] != "") == (0, 1, 50_000, True)
    assert z["totals"] == looked["totals"]
    code, again = shift(shop, "x", "--number", "1")
    assert (code, again["totals"], again["closed_at_ms"]) == (0, z["totals"], z["closed_at_ms"])
    code, opened = shift(shop, "open")
    assert (code, opened["shift"], opened["z_number"], opened["opened_by"]) == (0, 2, None, z["closed_by"])
    assert shift(shop, "open")[0] == 2, "it is open"
    assert shift(shop, "x", "--number", "7")[0] == 2, "there is none"
    code, out, _ = shop.run("shift", "x", "--number", "1")
    assert code == 0
    assert "50.000" in out
    assert shop.json("verify")[1]["ok"]


def test_what_is_not_known_is_signed_for_beside_an_open_till(shop: Shop) -> None:
    with counter(shop.sandbox, shop.home) as at:
        at.scan(STUCK)
        payment = at.until_stage(Stage.PROCESSING)
        code, told = shift(shop, "close")
        assert (code, [one["slip_number"] for one in told["open"]]) == (2, [payment.slip_number])
        code, z = shift(shop, "close", "--by", "Lan", "--reason", WHY, "--pin-stdin", given=f"{PIN}\n")
        assert (code, z["z_number"], z["signed_off_by"], z["reason"]) == (0, 1, "Lan", WHY)
        assert [one["amount"] for one in z["totals"]["open"]] == [STUCK]
        code, now = shift(shop, "x")
        assert (code, now["shift"], [one["shift"] for one in now["totals"]["open"]]) == (0, 2, [1])


def test_a_wrong_pin_closes_nothing(shop: Shop) -> None:
    with counter(shop.sandbox, shop.home) as at:
        at.scan(STUCK)
        at.until_stage(Stage.PROCESSING)
        more = ("--by", "Lan", "--reason", WHY, "--pin-stdin")
        assert shift(shop, "close", *more, given="019283\n")[0] == 2
        assert shift(shop, "x")[1]["shift"] == 1
