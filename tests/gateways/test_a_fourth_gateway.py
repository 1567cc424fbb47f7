"""Another gateway is one module and one line: `FastPay` keeps the contract and takes payments at a till."""

import ast
import asyncio
import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pos_app.checkout.events import ActRefused
from pos_app.checkout.views import PaymentView, RefundStage, Stage
from pos_app.checkout.ways import Way, Ways
from pos_app.gateway_access import open_ways
from pos_app.gateways.gateway import Gateway, PayMethod
from pos_app.payments.acts import Act
from pos_app.payments.payment import State
from pos_app.sandbox.server import Sandbox
from pos_app.till import parts as composition
from tests.clocks import FastClock
from tests.fault_matrix.world import PIN, FaultCounter, set_pin, the_one, till_at
from tests.gateways import fourth_gateway, test_contract
from tests.gateways import ways as contract
from tests.gateways.fourth_gateway import NEW, PAID, Bank, FastPay
from tests.gateways.test_contract import Counter, Story, Tell
from tests.sandbox.shop import FixedClock

# --- the contract ----------------------------------------------------------------------------------------------------


class AsSandbox:
    """What the contract's stories ask of a gateway's own side."""

    app_id = 0

    def __init__(self) -> None:
        self._clock, self.bank, self._codes = FixedClock(), Bank(), 0
        self.customer = self.gateway = self

    def orders(self) -> list[dict[str, object]]:
        def back(order_id: str) -> int:
            return sum(dong for number, dong in self.bank.refunds.values() if number == f"F{order_id}")

        return [
            {"app_trans_id": one, "creates": 1, "paid": dong if state is PAID else 0, "zp_trans_id": f"F{one}",
             "refunded": back(one)}
            for one, (dong, state) in self.bank.orders.items()
        ]  # fmt: skip

    @property
    def balance(self) -> int:
        return sum(dong for _, dong in self.bank.refunds.values()) - sum(
            dong for dong, state in self.bank.orders.values() if state is PAID
        )

    def fresh_code(self) -> str:
        self._codes += 1
        return f"28{self._codes:016}"

    def open_order(self, link: str) -> bool:
        return link.rpartition("/")[2] in self.bank.orders

    def pay_order(self, order_id: str) -> bool:
        amount, state = self.bank.orders[order_id]
        if state is NEW:
            self.bank.orders[order_id] = (amount, PAID)
        return state is NEW

    confirm = pay_order


@pytest.fixture
def tell() -> Tell:
    def run(story: Story) -> None:
        side: Any = AsSandbox()
        way = contract.Way("fast_pay", lambda _sandbox, _clock, _port: FastPay(side.bank))
        asyncio.run(story(_Counter(way, side)))  # type: ignore[arg-type]

    return run


class _Counter(Counter):
    def __init__(self, way: contract.Way, side: Any) -> None:
        self.way, self.sandbox, self.clock, self._refunds = way, side, side._clock, 0
        self.gateway: Gateway = FastPay(side.bank)


STORIES: tuple[Callable[[Tell], None], ...] = (
    test_contract.test_paid_is_confirmed_with_amount_and_number,
    test_contract.test_an_order_that_nobody_sent_is_not_found,
    test_contract.test_the_same_order_twice_is_a_duplicate_and_charged_once,
    test_contract.test_a_used_code_sends_nothing,
    test_contract.test_what_could_not_be_written_down_never_leaves,
    test_contract.test_an_order_is_shown_and_paid_once,
    test_contract.test_a_cancel_that_is_taken_ends_the_order_and_any_other_promises_nothing,
    test_contract.test_the_whole_of_it,
    test_contract.test_in_parts_up_to_the_rest_and_the_same_one_only_once,
)
"""All of the contract but what is about ZaloPay's own codes and scenarios."""


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_it_keeps_the_contract(tell: Tell, story: Callable[[Tell], None]) -> None:
    story(tell)


def test_it_is_small() -> None:
    code = inspect.getsource(fourth_gateway)
    client = next(one for one in ast.parse(code).body if isinstance(one, ast.ClassDef) and one.name == "FastPay")
    assert client.end_lineno is not None
    assert client.end_lineno - client.lineno < 60


# --- at a till -------------------------------------------------------------------------------------------------------


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    """The one line: a fourth way beside the others, in the place that knows them all."""
    made = Bank()

    def with_a_fourth(access: Any, *rest: Any) -> Ways:
        fourth = Way("fast_pay", FastPay(made), 0, frozenset({PayMethod.BANK_QR}), life_s=300)
        return Ways(*open_ways(replace(access, appotapay=None), *rest), fourth)

    monkeypatch.setattr(composition, "open_ways", with_a_fourth)
    return made


@pytest.fixture(scope="module")
def sandbox() -> Iterator[tuple[Sandbox, FastClock]]:
    clock = FastClock(20)
    with Sandbox(clock=clock) as running:
        yield running, clock


def shown_at(till: FaultCounter) -> PaymentView:
    till.till.show(amount=69_000, note="Bàn 5", method=PayMethod.BANK_QR)
    view = till.until_stage(Stage.SHOWN)
    assert view.shown is not None
    assert view.shown.text == f"https://fast.example/{view.payment_id}"
    return view


def test_it_takes_a_payment_is_asked_after_a_restart_and_gives_back(
    sandbox: tuple[Sandbox, FastClock], tmp_path: Path, bank: Bank
) -> None:
    set_pin(tmp_path)
    with till_at(sandbox[0], tmp_path, clock=sandbox[1]) as till:
        shown = shown_at(till)
    bank.orders[shown.payment_id] = (69_000, PAID)
    with till_at(sandbox[0], tmp_path, clock=sandbox[1]) as till:
        assert till.until_stage(Stage.PAID).payment_id == shown.payment_id
        approval = {"pin": PIN, "by": "Chị Hằng", "reason": "goods_returned"}
        till.till.act(Act.REFUND, shown.payment_id, **approval, amount=20_000, intent="1")
        till.until(
            lambda one: isinstance(one, PaymentView) and [two.stage for two in one.refunds] == [RefundStage.DONE]
        )
        till.till.act(Act.REFUND, shown.payment_id, **approval, amount=49_001, intent="2")
        assert isinstance(till.until(lambda one: isinstance(one, ActRefused)), ActRefused)
        kept = the_one(tmp_path)
        assert (kept.state, kept.facts["gateway"], kept.zp_trans_id) == (
            State.PAID, "fast_pay", f"F{shown.payment_id}"
        )  # fmt: skip
        assert kept.ledger == {"wallet": 49_000, "sales_due": -49_000}
        assert [dong for _, dong in bank.refunds.values()] == [20_000]
    assert sandbox[0].orders() == [], "nobody else heard of it"


def test_it_is_cancelled_and_a_wrong_amount_is_no_payment(
    sandbox: tuple[Sandbox, FastClock], tmp_path: Path, bank: Bank
) -> None:
    with till_at(sandbox[0], tmp_path, clock=sandbox[1]) as till:
        first = shown_at(till)
        till.till.cancel(first.payment_id)
        assert till.until_stage(Stage.DECLINED).state == State.CANCELLED
        second = shown_at(till)
        bank.orders[second.payment_id] = (68_000, PAID)
        assert till.ask_until(second.payment_id, Stage.MISMATCH).stage is Stage.MISMATCH
