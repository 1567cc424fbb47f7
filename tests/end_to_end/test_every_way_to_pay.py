"""Every way to pay, through the real till: each ends in its true state, and the gateway's own record says the same.

One till for each way lives through all stories, one after the other, as in a shop.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count

import pytest

from pos_app.checkout.events import ActRefused
from pos_app.checkout.views import PaymentView, RefundStage, RefundView, Stage, Work
from pos_app.gateway_access import access_to
from pos_app.gateways.gateway import PayMethod
from pos_app.payments.acts import Act
from pos_app.payments.payment import State
from pos_app.sandbox.server import Sandbox
from pos_app.settings import AppotaPaySettings, GatewaySettings, LinkSettings, Settings
from tests.clocks import FastClock
from tests.end_to_end.world import Counter, leaks
from tests.fault_matrix.world import PIN, FaultCounter, on_disk, set_pin, without_ballast

RATE, RATE_OF_WAITING = 60, 600
PRICES = count(50_000)
"""No two payments of this file have one amount."""
ENDED = (Stage.PAID, Stage.DECLINED, Stage.MISMATCH, Stage.NOT_SENT)


@dataclass(frozen=True)
class Pays:
    """One way to pay.

    Attributes:
        name: as in the tests' names.
        method: what is asked for; None is a code that the customer holds out, or a link.
        gateway: what the journal must call it.
        settings: of the till.
        cancels: whether its gateway takes a cancel.
        refunds: whether money goes back by it.
        appotapay: whether the shop has an account there.
    """

    name: str
    method: PayMethod | None
    gateway: str
    settings: Settings = field(default_factory=Settings)
    cancels: bool = True
    refunds: bool = True
    appotapay: bool = True

    @property
    def is_appotapay(self) -> bool:
        return "appotapay" in self.gateway


V1 = Settings(gateway=GatewaySettings(api="v1"))
APPOTA_V1, APPOTA_V2, APPOTA_POS = (Settings(appotapay=AppotaPaySettings(api=api)) for api in ("v1", "v2", "pos"))
V2, AP1, AP2, POS = "demo", "demo_appotapay_v1", "demo_appotapay_v2", "demo_appotapay_pos"
WAYS = (
    Pays("v2_any", PayMethod.ANY, V2),
    Pays("v2_vietqr", PayMethod.VIETQR, V2),
    Pays("v2_card", PayMethod.BANK_CARD, V2, appotapay=False),
    Pays("v1_wallet", PayMethod.WALLET, "demo_zalopay_v1", V1, cancels=False),
    Pays("link", None, V2, Settings(links=LinkSettings(life_min=5))),
    Pays("appotapay_v1_qr", PayMethod.BANK_QR, AP1, APPOTA_V1, cancels=False),
    Pays("appotapay_v2_atm", PayMethod.BANK_ATM, AP2, APPOTA_V2, cancels=False),
    Pays("appotapay_pos_qr", PayMethod.BANK_QR, POS, APPOTA_POS, cancels=False, refunds=False),
)


Wanted = Callable[[PaymentView], bool]


class Shop:
    """A till set to one way to pay, and the built-in gateway on the same clock."""

    def __init__(self, way: Pays, sandbox: Sandbox, clock: FastClock, till: FaultCounter) -> None:
        self.way, self.sandbox, self.clock, self.at = way, sandbox, clock, till

    def show(self, scenario: str = "") -> PaymentView:
        """A payment that waits for its customer; its gateway befalls `scenario`."""
        if scenario:
            self.sandbox.arm(scenario)
        amount = next(PRICES)
        if self.way.method is None:
            self.at.till.link(amount=amount, note="Giao tận nhà")
        else:
            self.at.till.show(amount=amount, note="Bàn 5", method=self.way.method)
        return self.until_it(lambda one: one.amount == amount and one.stage in (Stage.SHOWN, *ENDED))

    def until(self, payment: PaymentView, *stages: Stage) -> PaymentView:
        return self.until_it(lambda one: one.payment_id == payment.payment_id and one.stage in stages)

    def until_it(self, wanted: Wanted) -> PaymentView:
        view = self.at.until(lambda one: isinstance(one, PaymentView) and wanted(one))
        assert isinstance(view, PaymentView)
        return view

    def let_time_pass_until(self, payment: PaymentView, *stages: Stage) -> PaymentView:
        self.clock.run(RATE_OF_WAITING)
        try:
            return self.until(payment, *stages)
        finally:
            self.clock.run(1)

    def refused_by_the_customer(self, payment: PaymentView) -> None:
        """Where a customer can say no at all."""
        if self.way.is_appotapay:
            assert self.sandbox.appotapay.refuse_order(payment.payment_id)

    def agrees(self, payment: PaymentView, state: State, *, paid: int = 0, back: int = 0, late: bool = False) -> None:
        """Journal, ledger and the gateway's own record say the same of it."""
        (kept,) = (one for one in on_disk(self.at.folder) if one.facts["app_trans_id"] == payment.payment_id)
        order = self.at.gateway_order(payment.payment_id)
        assert (kept.state, kept.facts["gateway"], order["creates"]) == (state, self.way.gateway, 1)
        assert (order["paid"], order["refunded"]) == (paid, back)
        assert (order["state"] == "paid") is (paid > 0)
        owed_to = "surplus" if late else "sales_due"
        assert kept.ledger == ({"wallet": paid - back, owed_to: back - paid} if paid != back else {})
        if paid:
            assert kept.zp_trans_id == str(order["zp_trans_id"])

    def refund(self, payment: PaymentView, amount: int) -> RefundView:
        self.at.till.act(
            Act.REFUND, payment.payment_id, pin=PIN, by="Chị Hằng", reason="goods_returned", amount=amount,
            intent=f"{payment.payment_id} {amount} {next(PRICES)}",
        )  # fmt: skip

        def given_back(told: object) -> RefundView | None:
            if not isinstance(told, PaymentView) or told.payment_id != payment.payment_id or not told.refunds:
                return None
            last = told.refunds[-1]
            open_ones = (RefundStage.SENDING, RefundStage.PROCESSING, RefundStage.UNKNOWN)
            return last if last.amount == amount and last.stage not in open_ones else None

        ended = given_back(self.at.until(lambda told: given_back(told) is not None))
        assert ended is not None
        return ended


@pytest.fixture(scope="module", params=WAYS, ids=lambda way: way.name)
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    way, clock, folder = request.param, FastClock(RATE), tmp_path_factory.mktemp("till")
    set_pin(folder)
    with Sandbox(clock=clock) as sandbox:
        at = FaultCounter(sandbox, folder, clock=clock, settings=way.settings)
        if not way.appotapay:
            access = replace(access_to(sandbox), appotapay=None)
            at.till = Counter(sandbox, folder, clock, settings=way.settings, access=access).till
            at.till._post = at._hear
        at.start()
        try:
            yield Shop(way, sandbox, clock, at)
            report = at.till.journal.verify().result()
            assert report.ok, report.problems
        finally:
            clock.run(1)
            at.till.stop()
        without_ballast(folder)
        keys = sandbox.appotapay.credentials()
        assert leaks([sandbox.key1, sandbox.key2, str(keys["api_key"]), str(keys["secret"])], folder) == []


@pytest.fixture(autouse=True)
def at_its_pace(shop: Shop) -> None:
    shop.clock.run(RATE)


def test_paid_and_refunded_in_part_and_then_the_rest(shop: Shop) -> None:
    shown = shop.show()
    assert (shown.stage, shown.shown is not None) == (Stage.SHOWN, True)
    assert shop.sandbox.pay_order(shown.payment_id)
    paid = shop.until(shown, *ENDED)
    assert (paid.stage, paid.work, paid.refundable) == (Stage.PAID, None, paid.amount)
    shop.agrees(paid, State.PAID, paid=paid.amount)
    if not shop.way.refunds:
        assert shop.refund(paid, 20_000).stage is RefundStage.NOT_SENT
        shop.agrees(paid, State.PAID, paid=paid.amount)
        return
    assert shop.refund(paid, 20_000).stage is RefundStage.DONE
    shop.agrees(paid, State.PAID, paid=paid.amount, back=20_000)
    assert shop.refund(paid, paid.amount - 20_000).stage is RefundStage.DONE
    shop.agrees(paid, State.PAID, paid=paid.amount, back=paid.amount)
    shop.at.till.act(Act.REFUND, paid.payment_id, pin=PIN, by="Chị Hằng", reason="goods_returned", amount=1, intent="x")
    assert isinstance(shop.at.until(lambda told: isinstance(told, ActRefused)), ActRefused)


def test_not_paid_when_the_time_is_over_and_the_late_money_is_told(shop: Shop) -> None:
    if shop.way.is_appotapay:
        shop.sandbox.arm("appota_timed_out", seconds=200)  # its orders do not end by themselves
    shown = shop.show()
    over = shop.let_time_pass_until(shown, *ENDED)
    assert (over.stage, over.state) == (Stage.DECLINED, State.EXPIRED)
    shop.agrees(over, State.EXPIRED)
    assert shop.sandbox.pay_later(over.payment_id)
    shop.at.till.ask_now(over.payment_id)
    late = shop.until(over, Stage.PAID)
    assert late.work is Work.LATE_MONEY
    shop.agrees(late, State.PAID, paid=late.amount, late=True)
    shop.at.till.act(Act.KEEP, late.payment_id, pin=PIN, by="Chị Hằng", reason="on_trust")
    kept = shop.at.until(lambda one: isinstance(one, PaymentView) and one.payment_id == late.payment_id)
    assert isinstance(kept, PaymentView)
    assert kept.work is None
    shop.agrees(kept, State.PAID, paid=late.amount)


def test_the_customer_says_no_and_it_is_not_paid_when_its_time_is_over(shop: Shop) -> None:
    shown = shop.show("" if shop.way.is_appotapay else "order_fails_later")
    shop.refused_by_the_customer(shown)
    ended = shop.let_time_pass_until(shown, *ENDED)
    assert (ended.stage, ended.state) == (Stage.DECLINED, State.EXPIRED)
    shop.agrees(ended, State.EXPIRED)


def test_cancelled_by_the_cashier(shop: Shop) -> None:
    shown = shop.show()
    shop.at.till.cancel(shown.payment_id)
    if not shop.way.cancels:
        open_still = shop.until(shown, Stage.UNKNOWN, *ENDED)
        assert (open_still.stage, open_still.shown) == (Stage.UNKNOWN, None), "not shown any more, nor called cancelled"
        assert shop.sandbox.pay_order(shown.payment_id), "its gateway has no cancel: the customer can still pay"
        paid = shop.until(shown, *ENDED)
        shop.agrees(paid, State.PAID, paid=paid.amount)
        return
    cancelled = shop.until(shown, *ENDED)
    assert (cancelled.stage, cancelled.state) == (Stage.DECLINED, State.CANCELLED)
    assert not shop.sandbox.pay_order(shown.payment_id)
    shop.agrees(cancelled, State.CANCELLED)
    assert shop.sandbox.pay_later(cancelled.payment_id), "whatever a gateway promised"
    shop.at.till.ask_now(cancelled.payment_id)
    late = shop.until(cancelled, Stage.PAID)
    assert late.work is Work.LATE_MONEY
    shop.agrees(late, State.PAID, paid=late.amount, late=True)
    assert shop.refund(late, late.amount).stage is RefundStage.DONE
    shop.agrees(late, State.PAID, paid=late.amount, back=late.amount, late=True)


def test_the_answer_to_the_order_is_lost_and_it_is_paid_all_the_same(shop: Shop) -> None:
    """Nobody could be shown a code, yet the gateway has the order: only its own word ends it."""
    shop.sandbox.arm("appota_answer_http_500" if shop.way.is_appotapay else "order_answer_http_500")
    amount = next(PRICES)
    if shop.way.method is None:
        shop.at.till.link(amount=amount, note="")
    else:
        shop.at.till.show(amount=amount, note="", method=shop.way.method)
    view = shop.until_it(lambda one: one.amount == amount and one.asked > 0)
    assert view.shown is None
    assert shop.sandbox.pay_later(view.payment_id)
    paid = shop.until(view, *ENDED)
    shop.agrees(paid, State.PAID, paid=amount)
