"""C, second half (F34–F43): the charge is out there; time, lies and silence until its result is proven."""

from pathlib import Path

import pytest

from pos_app.checkout.events import RecentView
from pos_app.checkout.views import Health, Light, Stage
from pos_app.payments.payment import MINUTE_MS, NOT_FOUND_APART_MS
from tests.clocks import FastClock
from tests.end_to_end.world import let_pass
from tests.fault_matrix.gateway import (
    AMOUNT,
    NOT_FOUND,
    NUMBER,
    PROCESSING,
    Held,
    MakeGateway,
    failed,
    hang_up,
    paid,
    says,
    silent,
)
from tests.fault_matrix.world import (
    DO_NOT_CHARGE,
    NOT_PAID,
    BuiltIn,
    Cable,
    FaultCounter,
    Kept,
    on_disk,
    quiet,
    the_one,
    till_at,
)


def asked_after(kept: Kept, ms: int) -> list[int]:
    """When the questions were asked that came so long after the charge, from the charge on."""
    began = kept.facts["app_time_ms"]
    return [one["asked_at_ms"] - began for one in kept.of("query") if one["asked_at_ms"] - began >= ms]


def test_f34_in_processing_past_fifteen_minutes(scripted: MakeGateway, tmp_path: Path) -> None:
    clock = FastClock()
    with scripted(PROCESSING, PROCESSING) as gateway, till_at(gateway, tmp_path, clock=clock) as till:
        till.scan(AMOUNT)
        assert till.until_stage(Stage.PROCESSING, *NOT_PAID).advice.vi == "Khách bấm xác nhận trên điện thoại."
        let_pass(clock, 300, 90_000)
        payment = till.until_stage(Stage.UNKNOWN, *NOT_PAID)
        assert DO_NOT_CHARGE in payment.advice.vi
        till.until(lambda _: payment.payment_id in till.open_ids())  # the head counter holds it
        let_pass(clock, 600, 30 * MINUTE_MS)
        clock.run(60)
        till.until(lambda _: asked_after(the_one(tmp_path), 17 * MINUTE_MS) != [])  # on past the gateway's window
        clock.run(1)
        kept = the_one(tmp_path)
        assert (kept.state, kept.settled) == ("processing", ()), "our clock alone ends nothing"
        assert not till.stages() & {Stage.PAID, *NOT_PAID}
    gateway_now = scripted(PROCESSING, paid())
    with gateway_now as gateway, till_at(gateway, tmp_path, clock=clock) as again:
        assert again.until_stage(Stage.PAID, *NOT_PAID).stage is Stage.PAID, "after a restart too"
        assert gateway.creates == []


@pytest.mark.parametrize("create", [hang_up, PROCESSING], ids=["lost", "processing"])
def test_f35_not_found_just_after_the_charge(scripted: MakeGateway, tmp_path: Path, create: object) -> None:
    with scripted(create, NOT_FOUND) as gateway:
        with till_at(gateway, tmp_path) as till:
            till.scan(AMOUNT)
            payment = till.until_stage(Stage.UNKNOWN, Stage.PROCESSING, *NOT_PAID)
            while len(the_one(tmp_path).of("query")) < 4:
                till.till.ask_now(payment.payment_id)
                quiet(0.05)
            kept = the_one(tmp_path)
            assert set(kept.meanings("query")) == {"not_found"}
            assert kept.state in ("unknown", "processing")
            assert not till.stages() & NOT_PAID
        gateway.says_now(NOT_FOUND, paid())
        with till_at(gateway, tmp_path) as again:
            assert again.ask_until(payment.payment_id, Stage.PAID, *NOT_PAID).stage is Stage.PAID
            assert not again.stages() & NOT_PAID


def test_f36_not_found_twice_after_the_fence(scripted: MakeGateway, tmp_path: Path) -> None:
    clock = FastClock()
    with scripted(hang_up, NOT_FOUND) as gateway:
        with till_at(gateway, tmp_path, clock=clock) as till:
            till.scan(AMOUNT)
            till.until_stage(Stage.UNKNOWN, *NOT_PAID)
            till.until(lambda _: the_one(tmp_path).of("query") != [])  # before the fence too, and that closes nothing
            clock.run(200)
            view = till.until_final()
            clock.run(1)
            assert (view.stage, view.cause.vi) == (Stage.DECLINED, "ZaloPay không có đơn này")
            assert view.advice.vi == "Chưa thu tiền. Mời khách đưa mã mới."
            kept = the_one(tmp_path)
            assert (kept.state, kept.settled) == ("not_created", ("not_created",))
            fence = kept.facts["fence_at_ms"]
            proof = [one["asked_at_ms"] for one in kept.of("query") if one["asked_at_ms"] >= fence]
            assert kept.of("query")[0]["asked_at_ms"] < fence
            assert proof[-1] - proof[0] >= NOT_FOUND_APART_MS
            till.till.next_customer()
            till.scan(AMOUNT, retry_of=view.payment_id)
            assert till.until_stage(Stage.UNKNOWN, Stage.NOT_SENT).attempt == 2, "a new code is taken"
        assert [one.state for one in on_disk(tmp_path)] == ["not_created", "unknown"]


@pytest.mark.usefixtures("quick_limits")
def test_f37_an_old_not_found_comes_after_the_fence(scripted: MakeGateway, tmp_path: Path) -> None:
    """It counts as of when it was asked. With one fresh "not found" beside it the payment stays open, and is paid."""
    clock = FastClock()
    old = Held(NOT_FOUND)
    with scripted(hang_up, old, NOT_FOUND, silent) as gateway, till_at(gateway, tmp_path, clock=clock) as till:
        till.scan(AMOUNT)
        payment = till.until_stage(Stage.UNKNOWN, *NOT_PAID)
        assert old.asked.wait(60)
        let_pass(clock, 3000, 10 * MINUTE_MS)
        old.let_go()
        while len(the_one(tmp_path).of("query")) < 2:
            till.till.ask_now(payment.payment_id)
            quiet(0.05)
        kept = the_one(tmp_path)
        stale, fresh = kept.of("query")[:2]
        fence = kept.facts["fence_at_ms"]
        assert stale["asked_at_ms"] < fence <= stale["received_at_ms"]
        assert fresh["asked_at_ms"] >= fence
        assert fresh["asked_at_ms"] - stale["asked_at_ms"] > NOT_FOUND_APART_MS
        assert (kept.state, kept.settled) == ("unknown", ())
        assert not till.stages() & NOT_PAID
        gateway.says_now(paid())
        assert till.ask_until(payment.payment_id, Stage.PAID, *NOT_PAID).stage is Stage.PAID


@pytest.mark.usefixtures("quick_limits")
def test_f38_the_charge_is_delivered_minutes_late(built_in: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = built_in
    sandbox.arm("arrives_late", seconds=300)
    with till_at(sandbox, tmp_path, clock=clock) as till:
        till.scan(AMOUNT)
        till.until_stage(Stage.UNKNOWN, *NOT_PAID)
        let_pass(clock, 100, 4 * MINUTE_MS)
        kept = the_one(tmp_path)
        assert (kept.state, set(kept.meanings("query"))) == ("unknown", {"not_found"})
        assert not till.stages() & NOT_PAID, "not before the fence"
        clock.run(100)
        view = till.until_final()
        clock.run(1)
        assert view.stage is Stage.PAID
        assert till.gateway_order(view.payment_id)["creates"] == 1
        assert the_one(tmp_path).settled == ("paid",)


def test_f39_a_proxy_delivers_the_charge_twice(built_in: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = built_in
    sandbox.arm("answer_twice")
    with till_at(sandbox, tmp_path, clock=clock) as till:
        till.scan(AMOUNT)
        view = till.until_final()
        assert view.stage is Stage.PAID
        assert not till.stages() & NOT_PAID
        order = till.gateway_order(view.payment_id)
        assert (order["creates"], order["state"]) == (2, "paid"), "the fault did happen"
        kept = the_one(tmp_path)
        assert (kept.meanings("create"), kept.settled) == (["duplicate"], ("paid",))


def mismatch(till: FaultCounter, folder: Path) -> str:
    view = till.until_stage(Stage.MISMATCH, Stage.PAID, *NOT_PAID)
    assert (view.stage, view.cause.vi) == (Stage.MISMATCH, "Cần quản lý xem")
    assert "số tiền hoặc mã không khớp" in view.advice.vi
    assert DO_NOT_CHARGE in view.advice.vi
    assert (the_one(folder).state, the_one(folder).settled) == ("mismatch", ())
    return view.payment_id


def stays_a_mismatch(gateway_says: str, till: FaultCounter, folder: Path) -> None:
    """After a restart it is still on the list, and still no business of the cashier's."""
    assert till.open_ids() == [gateway_says]
    assert the_one(folder).state == "mismatch"
    assert not till.stages() & {Stage.PAID, *NOT_PAID}


@pytest.mark.parametrize("amount", [AMOUNT - 1_000, AMOUNT + 1, 0])
def test_f40_paid_with_another_amount(scripted: MakeGateway, tmp_path: Path, amount: int) -> None:
    with scripted(PROCESSING, paid(amount)) as gateway:
        with till_at(gateway, tmp_path) as till:
            till.scan(AMOUNT)
            payment_id = mismatch(till, tmp_path)
            assert the_one(tmp_path).of("query")[-1]["answer"]["amount"] == amount
            till.scan(AMOUNT, retry_of=payment_id)
            assert DO_NOT_CHARGE in till.until_refused().advice.vi
        with till_at(gateway, tmp_path) as again:
            stays_a_mismatch(payment_id, again, tmp_path)
            assert not list((tmp_path / "slips").glob("*")), "and no slip says paid"


@pytest.mark.parametrize(
    "lie",
    [
        {"zp_trans_id": int(NUMBER) + 1},
        {"zp_trans_id": int(NUMBER), "app_trans_id": "261122_99-000001-other"},
        {"zp_trans_id": int(NUMBER), "app_id": 9999},
    ],
    ids=["number", "order", "app"],
)
def test_f41_ids_that_differ(scripted: MakeGateway, tmp_path: Path, lie: dict[str, object]) -> None:
    members = {"return_code": 1, "sub_return_code": 1, "is_processing": False, "amount": AMOUNT}
    with scripted(paid(), says(**members, **lie)) as gateway:
        with till_at(gateway, tmp_path) as till:
            till.scan(AMOUNT)
            payment_id = mismatch(till, tmp_path)
            answers = [one["answer"]["zp_trans_id"] for one in the_one(tmp_path).evidence if one["answer"]]
            assert {NUMBER, str(lie["zp_trans_id"])} <= set(answers), "both stand in the journal, neither overwritten"
        with till_at(gateway, tmp_path) as again:
            stays_a_mismatch(payment_id, again, tmp_path)


def test_f42_paid_then_said_to_have_failed(scripted: MakeGateway, tmp_path: Path) -> None:
    """What is proven paid is not asked again, so nothing can undo it; what the fold makes of a conflict: payments."""
    with scripted(PROCESSING, paid(), failed(-217)) as gateway:
        with till_at(gateway, tmp_path) as till:
            till.scan(AMOUNT)
            view = till.until_final()
            asked = gateway.asked
            till.till.ask_now(view.payment_id)
            quiet(0.1)
        with till_at(gateway, tmp_path) as again:
            again.till.ask_now(view.payment_id)
            quiet(0.1)
            kept = the_one(tmp_path)
            assert (kept.state, kept.zp_trans_id, kept.settled) == ("paid", NUMBER, ("paid",))
            again.till.recent()
            shown = again.until(lambda told: isinstance(told, RecentView))
            assert isinstance(shown, RecentView)
            assert shown.payments[0].stage is Stage.PAID
        assert gateway.asked == asked


def test_f43_no_gateway_for_hours(scripted: MakeGateway, tmp_path: Path) -> None:
    clock = FastClock()
    with (
        scripted(PROCESSING, PROCESSING) as gateway,
        Cable(gateway.server.port) as cable,
        till_at(gateway, tmp_path, clock=clock, url=cable.url) as till,
    ):
        till.scan(AMOUNT)
        payment = till.until_stage(Stage.PROCESSING, *NOT_PAID)
        cable.cut()
        let_pass(clock, 3000, 180 * MINUTE_MS)
        till.until(lambda _: till.light(Light.GATEWAY).health is Health.BAD)
        assert till.light(Light.GATEWAY).cause.vi
        assert payment.payment_id in till.open_ids()
        till.till.next_customer()
        for _ in range(3):
            till.scan(30_000)
            refused = till.until_stage(Stage.NOT_SENT)
            assert refused.cause.vi == "ZaloPay không nhận kết nối"
            till.till.next_customer()
        assert [one.state for one in on_disk(tmp_path)] == ["processing", *["not_sent"] * 3]
        cable.mend()
        gateway.says_now(paid())
        assert till.ask_until(payment.payment_id, Stage.PAID, *NOT_PAID).late
        quiet()
        assert gateway.creates == [payment.payment_id], "no code was kept for later"
        assert till.light(Light.GATEWAY).health is Health.OK
