"""Regular customers: a wallet is linked once, charged by its token, and let go; and the token is nowhere to be seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.checkout.events import BindingState, BindingView, CustomersView, Refused
from pos_app.checkout.views import PaymentView, RefundStage, Stage
from pos_app.customers.customer import RegularCustomer
from pos_app.payments.acts import Act
from pos_app.sandbox.server import Sandbox
from pos_app.settings import GatewaySettings, Settings
from tests.clocks import FastClock
from tests.end_to_end.world import leaks, let_pass
from tests.fault_matrix.world import PIN, BuiltIn, FaultCounter, on_disk, set_pin, till_at, without_ballast

RATE = 20


@pytest.fixture(scope="module")
def gateway() -> Iterator[BuiltIn]:
    clock = FastClock(RATE)
    with Sandbox(clock=clock) as sandbox:
        yield sandbox, clock


def customers_told(till: FaultCounter) -> tuple[RegularCustomer, ...]:
    view = till.until(lambda told: isinstance(told, CustomersView))
    assert isinstance(view, CustomersView)
    return view.customers


def ask(till: FaultCounter, name: str = "Chị Lan", *, max_amount: int = 0) -> BindingView:
    till.till.bind(name=name, max_amount=max_amount)
    view = till.until(lambda told: isinstance(told, BindingView) and told.state is BindingState.WAITING)
    assert isinstance(view, BindingView)
    return view


def bound(till: FaultCounter, *, max_amount: int = 0) -> RegularCustomer:
    waiting = ask(till, max_amount=max_amount)
    assert till.sandbox.confirm_binding(waiting.binding_id)
    (customer,) = customers_told(till)
    return customer


def pay_token(till: FaultCounter, customer: RegularCustomer) -> str:
    """As the gateway gave it out."""
    bindings = till.sandbox.gateway._agreements
    return next(one.pay_token for one in bindings._bindings.values() if one.id == customer.binding_id)


def test_bound_charged_refunded_and_let_go(gateway: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = gateway
    set_pin(tmp_path)
    with till_at(sandbox, tmp_path, clock=clock) as till:
        waiting = ask(till)
        assert waiting.link.startswith("https://")
        assert sandbox.confirm_binding(waiting.binding_id)
        (customer,) = customers_told(till)
        assert (customer.name, customer.number) == ("Chị Lan", waiting.number)
        token = pay_token(till, customer)
        till.till.charge_customer(customer.number, amount=30_000, note="Như mọi khi")
        paid = till.until_stage(Stage.PAID)
        order = till.gateway_order(paid.payment_id)
        assert (order["paid"], order["state"], str(order["zp_trans_id"])) == (30_000, "paid", paid.zp_trans_id)
        till.till.act(
            Act.REFUND, paid.payment_id, pin=PIN, by="Chị Hằng", reason="goods_returned", amount=30_000, intent="1"
        )
        till.until(
            lambda one: isinstance(one, PaymentView) and any(two.stage is RefundStage.DONE for two in one.refunds)
        )
        assert till.gateway_order(paid.payment_id)["refunded"] == 30_000
        till.till.unbind(customer.number)
        assert customers_told(till) == ()
        till.till.charge_customer(customer.number, amount=30_000, note="")
        assert till.until_refused().title.en == "No such regular customer"
        shown = [view for view in till.all if isinstance(view, CustomersView | BindingView | PaymentView)]
    without_ballast(tmp_path)
    assert leaks([token], tmp_path, repr(shown), repr(vars(till.till))) == []


@pytest.mark.parametrize(("amount", "there"), [(10_063, "failed"), (10_036, "failed"), (10_401, "cancelled")])
def test_a_wallet_that_refuses_is_not_paid_and_its_order_is_not_left_open(
    gateway: BuiltIn, tmp_path: Path, amount: int, there: str
) -> None:
    """Declined, over a limit, and turned away before anything was begun: there the order would live on."""
    sandbox, clock = gateway
    with till_at(sandbox, tmp_path, clock=clock) as till:
        customer = bound(till)
        till.till.charge_customer(customer.number, amount=amount, note="")
        ended = till.until_stage(Stage.PAID, Stage.DECLINED, Stage.MISMATCH)
        order = till.gateway_order(ended.payment_id)
        assert (ended.stage, order["paid"], order["state"]) == (Stage.DECLINED, 0, there)
        assert not sandbox.pay_order(ended.payment_id), "nobody can pay it any more"
        till.till.charge_customer(customer.number, amount=30_000, note="", retry_of=ended.payment_id)
        assert till.until_stage(Stage.PAID).attempt == 2


def test_more_than_the_customer_agreed_to_is_not_even_sent(gateway: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = gateway
    with till_at(sandbox, tmp_path, clock=clock) as till:
        customer, before = bound(till, max_amount=100_000), len(sandbox.orders())
        till.till.charge_customer(customer.number, amount=100_001, note="")
        assert till.until_refused().title.en == "More than the customer agreed to"
        assert (len(sandbox.orders()), on_disk(tmp_path)) == (before, [])


def test_a_wish_to_bind_outlives_a_restart_and_ends_by_itself(gateway: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = gateway
    with till_at(sandbox, tmp_path, clock=clock) as till:
        first, second = ask(till, "Anh Tú"), ask(till, "Chị Mai")
    with till_at(sandbox, tmp_path, clock=clock) as till:
        assert sandbox.confirm_binding(first.binding_id)
        assert [one.name for one in customers_told(till)] == ["Anh Tú"]
        let_pass(clock, 600, 16 * 60_000)
        clock.run(RATE)
        over = till.until(lambda told: isinstance(told, BindingView) and told.name == "Chị Mai")
        assert isinstance(over, BindingView)
        assert (over.binding_id, over.state) == (second.binding_id, BindingState.OVER)


def test_nobody_is_let_go_while_the_gateway_does_not_say_so(gateway: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = gateway
    with till_at(sandbox, tmp_path, clock=clock) as till:
        customer = bound(till)
        sandbox.arm("answer_http_500", on="unbind")
        till.till.unbind(customer.number)
        refused = till.until(lambda told: isinstance(told, Refused))
        assert isinstance(refused, Refused)
        assert refused.title.en == "Not unlinked"
        till.till.customers()
        assert customers_told(till) == (customer,)


def test_a_shop_on_v1_asks_for_the_payment_where_it_was_begun(gateway: BuiltIn, tmp_path: Path) -> None:
    """Bound wallets are v2's, whatever the codes of the counter are charged with."""
    sandbox, clock = gateway
    with till_at(sandbox, tmp_path, clock=clock, settings=Settings(gateway=GatewaySettings(api="v1"))) as till:
        customer = bound(till)
        till.till.charge_customer(customer.number, amount=30_000, note="")
        assert till.until_stage(Stage.PAID).amount == 30_000
        assert on_disk(tmp_path)[0].facts["gateway"] == "demo"
