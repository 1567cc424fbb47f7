"""The shop's own VietQR: nobody can be asked, so only a person with the PIN says that money came."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.checkout.events import ActDone, ActRefused
from pos_app.checkout.views import PaymentView, Stage
from pos_app.gateways.gateway import PayMethod
from pos_app.payments.acts import Act
from pos_app.payments.payment import State
from pos_app.qr.vietqr import read_vietqr
from pos_app.sandbox.server import Sandbox
from pos_app.settings import OwnVietQrSettings, Settings
from tests.clocks import FastClock
from tests.end_to_end.world import let_pass
from tests.fault_matrix.world import PIN, BuiltIn, FaultCounter, quiet, set_pin, the_one, till_at

SETTINGS = Settings(own_vietqr=OwnVietQrSettings(bank="970436", account="0071000123456"))
PRICE, RATE = 69_000, 20


@pytest.fixture(scope="module")
def gateway() -> Iterator[BuiltIn]:
    clock = FastClock(RATE)
    with Sandbox(clock=clock) as sandbox:
        yield sandbox, clock


def shown_at(till: FaultCounter) -> PaymentView:
    till.till.show(amount=PRICE, note="Bàn 5", method=PayMethod.OWN_VIETQR)
    view = till.until_stage(Stage.SHOWN)
    assert view.shown is not None
    return view


def decide(till: FaultCounter, act: Act, payment: PaymentView, *, pin: str = PIN, by: str = "Chị Hằng") -> object:
    reason = "seen_in_bank" if act is Act.DECIDE_PAID else "customer_left"
    till.till.act(act, payment.payment_id, pin=pin, by=by, reason=reason)
    return till.until(lambda told: isinstance(told, ActDone | ActRefused))


def test_paid_when_a_manager_saw_the_money_and_never_sooner(gateway: BuiltIn, tmp_path: Path) -> None:
    set_pin(tmp_path)
    with till_at(gateway[0], tmp_path, clock=gateway[1], settings=SETTINGS) as till:
        shown = shown_at(till)
        assert shown.shown is not None
        code = read_vietqr(shown.shown.text)
        assert (code.amount, code.receiver.account) == (PRICE, "0071000123456")
        let_pass(gateway[1], 3_000, 130 * 60_000)
        gateway[1].run(RATE)
        assert Stage.PAID not in till.stages()
        assert the_one(tmp_path).state == State.PROCESSING
        assert isinstance(decide(till, Act.DECIDE_PAID, shown, by="  "), ActRefused)
        assert isinstance(decide(till, Act.DECIDE_PAID, shown, pin="118207"), ActRefused)
        assert the_one(tmp_path).state == State.PROCESSING
        quiet()  # a wrong PIN makes the next one wait
        assert isinstance(decide(till, Act.DECIDE_PAID, shown), ActDone)
        assert Stage.DECIDED_PAID in till.stages()
        kept = the_one(tmp_path)
        assert (kept.state, kept.acts, kept.ledger) == (
            State.MANUAL_PAID, ("decide_paid",), {"manual": PRICE, "sales_due": -PRICE}
        )  # fmt: skip
        assert kept.of("query") == []
        till.scan(50_000)
        assert till.until_stage(Stage.PAID).amount == 50_000, "the counter is free"
    assert [one["amount"] for one in gateway[0].orders()] == [50_000], "no gateway ever heard of it"


def test_cancelled_and_the_counter_is_free(gateway: BuiltIn, tmp_path: Path) -> None:
    with till_at(gateway[0], tmp_path, clock=gateway[1], settings=SETTINGS) as till:
        shown = shown_at(till)
        till.till.cancel(shown.payment_id)
        cancelled = till.until_stage(Stage.DECLINED)
        assert (cancelled.state, cancelled.shown) == (State.CANCELLED, None)
        assert "nobody confirmed" in cancelled.cause.en
        assert (the_one(tmp_path).state, the_one(tmp_path).ledger) == (State.CANCELLED, {})
        shown_at(till)


def test_a_restart_in_between_waits_on_for_the_same_person(gateway: BuiltIn, tmp_path: Path) -> None:
    set_pin(tmp_path)
    with till_at(gateway[0], tmp_path, clock=gateway[1], settings=SETTINGS) as till:
        shown = shown_at(till)
    assert the_one(tmp_path).state == State.PROCESSING
    with till_at(gateway[0], tmp_path, clock=gateway[1], settings=SETTINGS) as till:
        taken_up = till.until_stage(Stage.UNKNOWN)
        assert (taken_up.payment_id, taken_up.shown) == (shown.payment_id, None)
        assert till.open_ids() == [shown.payment_id]
        assert isinstance(decide(till, Act.DECIDE_UNPAID, shown), ActDone)
        assert the_one(tmp_path).state == State.MANUAL_UNPAID


def test_what_it_took_is_given_back_by_the_bank_and_not_here(gateway: BuiltIn, tmp_path: Path) -> None:
    set_pin(tmp_path)
    with till_at(gateway[0], tmp_path, clock=gateway[1], settings=SETTINGS) as till:
        shown = shown_at(till)
        decide(till, Act.DECIDE_PAID, shown)
        till.till.act(
            Act.REFUND, shown.payment_id, pin=PIN, by="Chị Hằng", reason="goods_returned", amount=PRICE, intent="1"
        )
        assert isinstance(till.until(lambda told: isinstance(told, ActRefused)), ActRefused)
        assert the_one(tmp_path).refunds == ()
