"""Several ways to pay at once, and one after the settings have changed: each payment stays with its own gateway."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.checkout.events import Ready
from pos_app.checkout.views import PaymentView, Stage
from pos_app.gateways.gateway import PayMethod
from pos_app.payments.payment import State
from pos_app.sandbox.server import Sandbox
from pos_app.settings import AppotaPaySettings, GatewaySettings, Settings
from tests.clocks import FastClock
from tests.end_to_end.world import let_pass
from tests.fault_matrix.callbacks import until
from tests.fault_matrix.world import BuiltIn, on_disk, the_one, till_at

V1, V2 = (Settings(gateway=GatewaySettings(api=api)) for api in ("v1", "v2"))
APPOTA_V1, APPOTA_V2 = (Settings(appotapay=AppotaPaySettings(api=api)) for api in ("v1", "v2"))
RATE = 20


@pytest.fixture(scope="module")
def gateway() -> Iterator[BuiltIn]:
    clock = FastClock(RATE)
    with Sandbox(clock=clock) as sandbox:
        yield sandbox, clock


def test_a_link_is_paid_from_afar_while_the_counter_takes_another(gateway: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = gateway
    with till_at(sandbox, tmp_path, clock=clock) as till:
        till.till.link(amount=70_000, note="Giao tận nhà")
        link = till.until_stage(Stage.SHOWN)
        assert link.shown is not None
        assert link.shown.link.startswith("https://")
        till.scan(30_000)
        at_counter = till.until_stage(Stage.PAID)
        assert at_counter.amount == 30_000, "a link holds no counter"
        till.till.show(amount=40_000, note="", method=PayMethod.ANY)
        shown = till.until(lambda told: isinstance(told, PaymentView) and told.amount == 40_000 and bool(told.shown))
        assert isinstance(shown, PaymentView)
        assert sandbox.pay_order(link.payment_id)
        far = till.until_stage(Stage.PAID, of=link)
        assert (far.amount, far.work) == (70_000, None), "what came is what was asked for, in its time"
        assert sandbox.pay_order(shown.payment_id)
        till.until_stage(Stage.PAID, of=shown)
        ledgers = [(one.state, one.ledger) for one in on_disk(tmp_path)]
        assert ledgers == [
            (State.PAID, {"wallet": dong, "sales_due": -dong}) for dong in (70_000, 30_000, 40_000)
        ]  # fmt: skip


def test_a_link_that_nobody_pays_holds_up_nobody_and_ends(gateway: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = gateway
    with till_at(sandbox, tmp_path, clock=clock) as till:
        till.till.link(amount=71_000, note="", life_s=600)
        link = till.until_stage(Stage.SHOWN)
    with till_at(sandbox, tmp_path, clock=clock) as till:
        till.scan(30_000)
        assert till.until_stage(Stage.PAID).amount == 30_000
        let_pass(clock, 600, 8 * 60_000)
        clock.run(100)
        assert till.until_stage(Stage.DECLINED, of=link).state == State.EXPIRED
        clock.run(RATE)


@pytest.mark.parametrize(
    ("began", "now", "begun_as", "unpaid"),
    [
        (V1, V2, (PayMethod.WALLET, "demo_zalopay_v1"), "not_found"),
        (V2, V1, (PayMethod.WALLET, "demo"), "processing"),
        (APPOTA_V1, APPOTA_V2, (PayMethod.BANK_QR, "demo_appotapay_v1"), "processing"),
        (APPOTA_V2, APPOTA_V1, (PayMethod.BANK_ATM, "demo_appotapay_v2"), "processing"),
    ],
    ids=["v1_then_v2", "v2_then_v1", "appotapay_v1_then_v2", "appotapay_v2_then_v1"],
)
def test_a_payment_is_followed_where_it_was_begun_whatever_is_set_since(
    gateway: BuiltIn, tmp_path: Path, began: Settings, now: Settings, begun_as: tuple[PayMethod, str], unpaid: str
) -> None:
    (sandbox, clock), (method, name) = gateway, begun_as
    with till_at(sandbox, tmp_path, clock=clock, settings=began) as till:
        till.till.show(amount=50_000, note="", method=method)
        shown = till.until_stage(Stage.SHOWN)
    before = len(the_one(tmp_path).of("query"))
    with till_at(sandbox, tmp_path, clock=clock, settings=now) as till:
        until(lambda: len(the_one(tmp_path).of("query")) > before)
        assert the_one(tmp_path).meanings("query")[-1] == unpaid, "each API says it in its own way"
        assert sandbox.pay_order(shown.payment_id)
        assert till.ask_until(shown.payment_id, Stage.PAID).amount == 50_000
        kept = the_one(tmp_path)
        assert (kept.state, kept.facts["gateway"]) == (State.PAID, name)


@pytest.mark.parametrize(
    ("settings", "methods"),
    [
        (V2, {"any", "wallet", "vietqr", "bank_atm", "bank_card", "bank_qr", "own_vietqr"}),
        (V1, {"any", "wallet", "bank_atm", "bank_card", "bank_qr", "own_vietqr"}),
        (Settings(appotapay=AppotaPaySettings(api="pos")), {"any", "wallet", "vietqr", "bank_qr", "own_vietqr"}),
    ],
    ids=["v2", "v1", "pos"],
)
def test_what_can_be_shown_is_what_the_shop_has(
    gateway: BuiltIn, tmp_path: Path, settings: Settings, methods: set[str]
) -> None:
    with till_at(gateway[0], tmp_path, clock=gateway[1], settings=settings) as till:
        ready = till.until(lambda told: isinstance(told, Ready))
        assert isinstance(ready, Ready)
        assert set(ready.methods) == methods
        before = len(gateway[0].orders())
        for method in set(PayMethod) - set(ready.methods):
            till.till.show(amount=50_000, note="", method=method)
            assert till.until_refused().title.en == "This shop does not take that yet"
        assert len(gateway[0].orders()) == before


@pytest.mark.usefixtures("quick_limits")
def test_a_code_charged_by_v1_is_not_given_up_before_its_order_is(gateway: BuiltIn, tmp_path: Path) -> None:
    """v1 says "no information" of an order that still waits: believed only when nobody can pay it any more."""
    sandbox, clock = gateway
    with till_at(sandbox, tmp_path, clock=clock, settings=V1) as till:
        sandbox.arm("never_arrived")
        till.scan(50_000)
        lost = till.until_stage(Stage.UNKNOWN)
        facts = the_one(tmp_path).facts
        assert facts["fence_at_ms"] - facts["app_time_ms"] == (5 + 15 + 2) * 60_000
        let_pass(clock, 600, 15 * 60_000)
        assert the_one(tmp_path).state == State.UNKNOWN
        clock.run(600)
        assert till.until_stage(Stage.DECLINED, of=lost).state == State.NOT_CREATED
        clock.run(RATE)
