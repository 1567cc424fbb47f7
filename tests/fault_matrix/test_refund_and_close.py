"""G (F72–F76): giving money back. One press is one refund, under one id, and done only by the gateway's word."""

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.checkout.events import ActDone, ActRefused, RecentView
from pos_app.checkout.views import PaymentView, RefundStage, RefundView, Stage
from pos_app.payments.acts import Act
from tests.clocks import FastClock
from tests.end_to_end.world import let_pass
from tests.fault_matrix.gateway import (
    AMOUNT,
    PROCESSING,
    QUERY_REFUND,
    REFUND,
    REFUNDED,
    REFUNDING,
    Held,
    MakeGateway,
    ScriptedGateway,
    failed,
    paid,
    silent,
)
from tests.fault_matrix.world import NOT_PAID, PIN, FaultCounter, KeptRefund, quiet, set_pin, the_one, till_at


def a_paid_one(till: FaultCounter) -> str:
    set_pin(till.folder)
    till.scan(AMOUNT)
    return till.until_stage(Stage.PAID, *NOT_PAID).payment_id


def refund(till: FaultCounter, payment_id: str, amount: int, *, intent: str = "press 1", by: str = "Chị Hằng") -> None:
    till.till.act(Act.REFUND, payment_id, pin=PIN, by=by, reason="goods_returned", amount=amount, intent=intent)


def until_refund(till: FaultCounter, *stages: RefundStage, seconds: float = 60) -> RefundView:
    def newest(told: object) -> RefundView | None:
        return told.refunds[-1] if isinstance(told, PaymentView) and told.refunds else None

    def fits(told: object) -> bool:
        one = newest(told)
        return one is not None and one.stage in stages

    view = newest(till.until(fits, seconds))
    assert view is not None
    return view


def the_refund(folder: Path) -> KeptRefund:
    (kept,) = the_one(folder).refunds
    return kept


def ids(gateway: ScriptedGateway, path: str) -> list[str]:
    return [form["m_refund_id"] for form in gateway.forms(path)]


@pytest.mark.usefixtures("quick_limits")
def test_f72_the_answer_to_a_refund_is_lost(scripted: MakeGateway, tmp_path: Path) -> None:
    with scripted(paid(), paid()) as gateway:
        gateway.refunds_say(silent, silent)
        with till_at(gateway, tmp_path) as till:
            payment_id = a_paid_one(till)
            refund(till, payment_id, 20_000)
            view = until_refund(till, RefundStage.UNKNOWN, RefundStage.DONE, RefundStage.DECLINED)
            assert view.stage is RefundStage.UNKNOWN
            assert "hoàn" in view.advice.vi.lower()
            kept = the_refund(tmp_path)
            assert (kept.state, kept.settled, kept.amount) == ("unknown", (), 20_000)
            assert the_one(tmp_path).ledger == {"wallet": AMOUNT, "sales_due": -AMOUNT}, "not moved before it is done"
            refund(till, payment_id, 40_000, intent="press 2")
            told = till.until(lambda one: isinstance(one, ActRefused))
            assert isinstance(told, ActRefused)
            assert "30.000" in told.advice.vi, "what may have been given back is reserved"
        gateway.refunds_say(silent, REFUNDED)
        with till_at(gateway, tmp_path) as again:
            view = until_refund(again, RefundStage.DONE, RefundStage.DECLINED)
            assert (view.stage, view.m_refund_id) == (RefundStage.DONE, kept.m_refund_id)
            assert the_refund(tmp_path).settled == ("done",)
            assert sum(the_one(tmp_path).ledger.values()) == 0
            assert the_one(tmp_path).ledger["wallet"] == AMOUNT - 20_000
        assert ids(gateway, REFUND) == [kept.m_refund_id], "sent once"
        assert set(ids(gateway, QUERY_REFUND)) == {kept.m_refund_id}, "asked under the same id"


@pytest.mark.parametrize("by", [("Chị Hằng", "Chị Hằng"), ("Chị Hằng", "Anh Nam")], ids=["one", "two managers"])
def test_f73_refund_is_pressed_twice(scripted: MakeGateway, tmp_path: Path, by: tuple[str, str]) -> None:
    answer = Held(REFUNDING)
    with scripted(paid(), paid()) as gateway:
        gateway.refunds_say(answer, REFUNDED)
        with till_at(gateway, tmp_path, clock=FastClock(10)) as till:
            payment_id = a_paid_one(till)
            presses = [
                threading.Thread(target=refund, args=(till, payment_id, AMOUNT), kwargs={"by": who}) for who in by
            ]
            for press in presses:
                press.start()
            assert answer.asked.wait(60)
            quiet(0.5)
            answer.let_go()
            assert until_refund(till, RefundStage.DONE).stage is RefundStage.DONE
            done = [one for one in till.all if isinstance(one, ActDone)]
            assert done, "who pressed is answered"
            refund(till, payment_id, AMOUNT, intent="a third, later press")
            till.until(lambda one: isinstance(one, ActRefused))
            assert len(the_one(tmp_path).refunds) == 1
            assert the_one(tmp_path).ledger.get("wallet", 0) == 0
        assert len(ids(gateway, REFUND)) == 1


def test_f74_parts_that_are_more_than_the_whole(scripted: MakeGateway, tmp_path: Path) -> None:
    with scripted(paid(), paid()) as gateway:
        gateway.refunds_say(REFUNDED, REFUNDED)
        with till_at(gateway, tmp_path, clock=FastClock(10)) as till:
            payment_id = a_paid_one(till)
            refund(till, payment_id, 30_000, intent="a")
            until_refund(till, RefundStage.DONE)
            for amount, intent in ((30_000, "b"), (20_001, "c"), (0, "d"), (-1, "e"), (2**53, "f")):
                before = len(till.all)
                refund(till, payment_id, amount, intent=intent)
                till.until(lambda one: isinstance(one, ActRefused))
                told = [one for one in till.all[before:] if isinstance(one, ActRefused)]
                assert told[-1].title.vi == "Số tiền hoàn không hợp lệ"
            assert [one.amount for one in the_one(tmp_path).refunds] == [30_000], "nothing is kept of what was refused"
            refund(till, payment_id, 20_000, intent="g")
            till.until(lambda _: [one.state for one in the_one(tmp_path).refunds] == ["done", "done"])
            assert the_one(tmp_path).ledger.get("wallet", 0) == 0
        assert [int(form["amount"]) for form in gateway.forms(REFUND)] == [30_000, 20_000]
    with (
        closing(sqlite3.connect(tmp_path / "journal.sqlite3")) as tool,
        pytest.raises(sqlite3.IntegrityError, match="over"),
    ):
        tool.execute(
            "INSERT INTO refund (m_refund_id, app_trans_id, intent, slip_number, running, amount, state, refund_id,"
            " requested_at_ms) VALUES ('x', ?, 'i', 's', 99, 1, 'requested', '', 0)",
            [payment_id],
        )  # the file itself refuses it too


def asked_for_ms(folder: Path) -> int:
    asked = [one["asked_at_ms"] for one in the_refund(folder).evidence if one["source"] == "query"]
    return int(asked[-1] - asked[0]) if asked else 0


@pytest.mark.usefixtures("quick_limits")
def test_f75_a_refund_that_takes_days(scripted: MakeGateway, tmp_path: Path) -> None:
    clock = FastClock()
    with scripted(paid(), paid()) as gateway:
        gateway.refunds_say(REFUNDING, REFUNDING)
        with till_at(gateway, tmp_path, clock=clock) as till:
            payment_id = a_paid_one(till)
            refund(till, payment_id, AMOUNT)
            assert until_refund(till, RefundStage.PROCESSING, RefundStage.DONE).stage is RefundStage.PROCESSING
            let_pass(clock, 100_000, 3 * 86_400_000)
            clock.run(10_000)
            till.until(lambda _: asked_for_ms(tmp_path) > 86_400_000)
            clock.run(1)
            kept = the_refund(tmp_path)
            assert (kept.state, kept.settled) == ("processing", ())
            assert the_one(tmp_path).ledger == {"wallet": AMOUNT, "sales_due": -AMOUNT}, "not counted as done"
            till.till.recent()
            shown = till.until(lambda one: isinstance(one, RecentView))
            assert isinstance(shown, RecentView)
            (listed,) = shown.payments[0].refunds
            assert listed.stage is RefundStage.PROCESSING
            assert clock.wall_ms() - listed.requested_at_ms > 2 * 86_400_000, "with its age"
        gateway.refunds_say(silent, REFUNDED)
        with till_at(gateway, tmp_path, clock=clock) as again:
            until_refund(again, RefundStage.DONE)
            assert the_refund(tmp_path).settled == ("done",)
        assert len(ids(gateway, REFUND)) == 1


def test_f76_what_only_a_manager_took_for_paid(scripted: MakeGateway, tmp_path: Path) -> None:
    clock = FastClock()
    with scripted(PROCESSING, PROCESSING) as gateway:
        with till_at(gateway, tmp_path, clock=clock) as till:
            set_pin(tmp_path)
            till.scan(AMOUNT)
            payment_id = till.until_stage(Stage.PROCESSING).payment_id
            let_pass(clock, 200, 200_000)
            till.till.act(
                Act.DECIDE_PAID, payment_id, pin=PIN, by="Chị Hằng", reason="portal_says_so",
                note="Đã xem trên trang của tiệm", number="261122000000001",
            )  # fmt: skip
            assert till.until_stage(Stage.DECIDED_PAID, Stage.PAID).stage is Stage.DECIDED_PAID
            assert (the_one(tmp_path).state, the_one(tmp_path).acts) == ("manual_paid", ("decide_paid",))
            refund(till, payment_id, AMOUNT)
            told = till.until(lambda one: isinstance(one, ActRefused))
            assert isinstance(told, ActRefused)
            assert "ZaloPay xác nhận" in told.advice.vi
            assert the_one(tmp_path).refunds == ()
        with till_at(gateway, tmp_path, clock=clock) as again:
            refund(again, payment_id, AMOUNT)
            again.until(lambda one: isinstance(one, ActRefused))
            gateway.says_now(paid())
            again.ask_until(payment_id, Stage.PAID)  # the gateway confirms it after all
            gateway.refunds_say(REFUNDED, REFUNDED)
            clock.run(10)
            refund(again, payment_id, AMOUNT, intent="press 2")
            until_refund(again, RefundStage.DONE)
        assert len(ids(gateway, REFUND)) == 1


@pytest.mark.parametrize("said", [failed(-14), failed(-9)], ids=["amount", "source"])
def test_f72_one_negative_frees_nothing(scripted: MakeGateway, tmp_path: Path, said: object) -> None:
    """A "no" to the request alone leaves the amount reserved until a question says the same."""
    with scripted(paid(), paid()) as gateway:
        gateway.refunds_say(said, silent)  # type: ignore[arg-type]
        with till_at(gateway, tmp_path) as till:
            payment_id = a_paid_one(till)
            refund(till, payment_id, AMOUNT)
            until_refund(till, RefundStage.PROCESSING, RefundStage.UNKNOWN, RefundStage.DECLINED)
            begun = time.monotonic()
            while time.monotonic() - begun < 1:
                assert the_refund(tmp_path).settled == ()
                quiet(0.2)
        assert len(ids(gateway, REFUND)) == 1
