"""What the customer scans or is sent, when something goes wrong: only this order's own money is proof of this sale."""

from pathlib import Path

import pytest

from pos_app.checkout.views import PaymentView, RefundStage, Stage, Work
from pos_app.gateways.gateway import PayMethod
from pos_app.payments.payment import State
from pos_app.settings import AppotaPaySettings, GatewaySettings, Settings
from tests.end_to_end.world import let_pass
from tests.fault_matrix.callbacks import shown_at
from tests.fault_matrix.test_refund_and_close import refund, the_refund, until_refund
from tests.fault_matrix.world import BuiltIn, on_disk, set_pin, the_one, till_at

RATE, FASTER = 20, 600


def test_f85_the_money_of_another_code_pays_nothing_here(built_in: BuiltIn, tmp_path: Path) -> None:
    """A sticker over ours, or a link of another sale: paid is paid there, and this sale stays open and then unpaid."""
    sandbox, clock = built_in
    clock.run(RATE)
    with (
        till_at(sandbox, tmp_path / "thief", clock=clock) as other,
        till_at(sandbox, tmp_path / "us", clock=clock) as us,
    ):
        theirs, ours = shown_at(other, 60_000), shown_at(us, 60_000)
        assert sandbox.pay_order(theirs.payment_id)
        other.until_stage(Stage.PAID)
        assert the_one(tmp_path / "us").state == State.PROCESSING
        clock.run(FASTER)
        assert us.until_stage(Stage.PAID, Stage.DECLINED, of=ours).state == State.EXPIRED
        clock.run(1)
        assert Stage.PAID not in us.stages()
        assert the_one(tmp_path / "us").ledger == {}


def test_f46_a_shown_order_is_paid_after_its_time(built_in: BuiltIn, tmp_path: Path) -> None:
    """Its code was photographed and paid when the till had given it up: late money, for a manager to settle."""
    sandbox, clock = built_in
    clock.run(RATE)
    with till_at(sandbox, tmp_path, clock=clock) as till:
        shown = shown_at(till, 60_001)
        clock.run(FASTER)
        assert till.until_stage(Stage.DECLINED, Stage.PAID, of=shown).state == State.EXPIRED
        clock.run(1)
        assert sandbox.pay_later(shown.payment_id)
        till.till.ask_now(shown.payment_id)
        late = till.until_stage(Stage.PAID, of=shown)
        assert late.work is Work.LATE_MONEY
        assert the_one(tmp_path).ledger == {"wallet": 60_001, "surplus": -60_001}


def test_f11_a_link_outlives_the_till(built_in: BuiltIn, tmp_path: Path) -> None:
    """It is paid while the till is closed; the next start says so, and holds up nobody meanwhile."""
    sandbox, clock = built_in
    clock.run(RATE)
    with till_at(sandbox, tmp_path, clock=clock) as till:
        till.till.link(amount=60_002, note="Giao tận nhà")
        link = till.until_stage(Stage.SHOWN)
    assert sandbox.pay_order(link.payment_id)
    let_pass(clock, FASTER, 5 * 60_000)
    with till_at(sandbox, tmp_path, clock=clock) as till:
        assert till.until_stage(Stage.PAID, of=link).work is None
        till.scan(50_000)
        till.until(lambda one: isinstance(one, PaymentView) and (one.amount, one.stage) == (50_000, Stage.PAID))
        assert [one.state for one in on_disk(tmp_path)] == [State.PAID, State.PAID]


V1 = Settings(gateway=GatewaySettings(api="v1"))
AP1, AP2 = (Settings(appotapay=AppotaPaySettings(api=api)) for api in ("v1", "v2"))


def test_f34_what_v1_tells_nothing_of_ends_when_nobody_can_be_paying(built_in: BuiltIn, tmp_path: Path) -> None:
    """-49 before its end and after it: no result for two days, were silence not counted when it is certain."""
    sandbox, clock = built_in
    clock.run(RATE)
    with till_at(sandbox, tmp_path, clock=clock, settings=V1) as till:
        shown = shown_at(till, 13_003)  # which the gateway leaves open for ever
        clock.run(FASTER)
        over = till.until_stage(Stage.DECLINED, Stage.PAID, of=shown)
        assert over.state == State.EXPIRED
        assert over.expires_at_ms is not None
        assert over.settled_at_ms is not None
        assert over.settled_at_ms >= over.expires_at_ms + 17 * 60_000
        assert the_one(tmp_path).ledger == {}


@pytest.mark.usefixtures("quick_limits")
@pytest.mark.parametrize(
    ("settings", "method", "lost"),
    [
        (Settings(), PayMethod.VIETQR, "refund_answer_lost"),
        (V1, PayMethod.WALLET, "refund_answer_lost"),
        (AP1, PayMethod.BANK_QR, "appota_refund_answer_lost"),
        (AP2, PayMethod.BANK_ATM, "appota_refund_answer_lost"),
    ],
    ids=["zalopay_v2", "zalopay_v1", "appotapay_v1", "appotapay_v2"],
)
def test_f72_the_answer_to_a_refund_is_lost_by_each_way(
    built_in: BuiltIn, tmp_path: Path, settings: Settings, method: PayMethod, lost: str
) -> None:
    sandbox, clock = built_in
    clock.run(RATE)
    set_pin(tmp_path)
    with till_at(sandbox, tmp_path, clock=clock, settings=settings) as till:
        shown = shown_at(till, 60_003, method)
        assert sandbox.pay_order(shown.payment_id)
        till.until_stage(Stage.PAID)
        sandbox.arm(lost)
        refund(till, shown.payment_id, 20_000)
        done = until_refund(till, RefundStage.DONE, RefundStage.DECLINED, RefundStage.NOT_SENT)
        assert done.stage is RefundStage.DONE
        assert the_refund(tmp_path).settled == ("done",)
        back = till.gateway_order(shown.payment_id)["refunds"]
        assert isinstance(back, list)
        assert len(back) == 1, "sent once"
        assert the_one(tmp_path).ledger == {"wallet": 40_003, "sales_due": -40_003}
