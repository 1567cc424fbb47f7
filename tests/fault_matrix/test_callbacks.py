"""D (F44–F53): what gateways tell by themselves. A reason to ask, never a proof; stored before it is acknowledged."""

import random
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import httpx
import pytest

from pos_app.checkout.events import BindingState, BindingView, CustomersView
from pos_app.checkout.views import PaymentView, Stage, Work
from pos_app.gateways.gateway import PayMethod
from pos_app.gateways.notification import Kind, Notification, Taken
from pos_app.journal.entries import EvidenceAdded, OrphanNotified
from pos_app.journal.errors import CannotStoreError
from pos_app.payments.payment import Source, State
from pos_app.sandbox.server import Sandbox
from pos_app.settings import AppotaPaySettings, GatewaySettings, Settings
from tests.clocks import FastClock
from tests.end_to_end.world import counter, let_pass
from tests.fault_matrix.callbacks import (
    AGAIN,
    NUMBER,
    STORED,
    WRONG,
    listening,
    noted,
    post,
    shown_at,
    told_paid,
    until,
)
from tests.fault_matrix.gateway import AMOUNT, NOT_FOUND, PROCESSING, Held, MakeGateway, failed, paid
from tests.fault_matrix.world import (
    BuiltIn,
    FaultCounter,
    journal_of,
    quiet,
    the_one,
    till_at,
)
from tests.service.messages import (
    APP_ID,
    APPOTA_V1,
    KEY1,
    KEY2,
    PARTNER,
    SECRET,
    ZALOPAY_BACK,
    ZALOPAY_V1,
    Bill,
    appota_v1,
    compact,
    hmac_hex,
    ipn_fields,
    zalopay,
    zalopay_back,
    zalopay_data,
)
from tests.warm import Warm

RATE = 20


@pytest.fixture(scope="module")
def world() -> Iterator[BuiltIn]:
    clock = FastClock()
    with Sandbox(clock=clock) as sandbox:
        yield sandbox, clock


@pytest.fixture
def gateway(world: BuiltIn) -> BuiltIn:
    """At the pace of a real day: an order lives as long as any test needs."""
    world[1].run(1)
    return world


@pytest.fixture
def till(gateway: BuiltIn, tmp_path: Path) -> Iterator[FaultCounter]:
    """A till that listens, and that its gateway does not call by itself."""
    with till_at(gateway[0], tmp_path, clock=gateway[1], settings=listening()) as made:
        yield made


# --- F44, F53: it came, whenever it came -----------------------------------------------------------------------------


def test_f44_told_before_the_charge_is_answered(scripted: MakeGateway, tmp_path: Path) -> None:
    """The customer's money is faster than the answer to us: paid once, by the question that follows."""
    first = Held(paid())
    with scripted(first, paid()) as gateway, till_at(gateway, tmp_path, settings=listening()) as till:
        till.scan(AMOUNT)
        assert first.asked.wait(60)
        sending = the_one(tmp_path)
        assert sending.state == State.SENDING
        order_id = sending.facts["app_trans_id"]
        assert post(till, told_paid(order_id, AMOUNT, key=gateway.key2)) == STORED
        assert the_one(tmp_path).state in (State.PROCESSING, State.PAID)
        first.let_go()
        assert till.until_stage(Stage.PAID).amount == AMOUNT
        kept = the_one(tmp_path)
        assert (kept.settled, kept.ledger) == (("paid",), {"wallet": AMOUNT, "sales_due": -AMOUNT})
        assert len(kept.of("notified")) == 1


def test_f53_told_and_the_gateway_does_not_say_so(till: FaultCounter) -> None:
    """On arrival alone nothing is paid, however well it is signed."""
    shown = shown_at(till, 50_001)
    assert post(till, told_paid(shown.payment_id, 50_001)) == STORED
    asked = len(the_one(till.folder).of("query"))
    till.ask_until_so(shown.payment_id, lambda: len(the_one(till.folder).of("query")) > asked)
    assert the_one(till.folder).state == State.PROCESSING
    assert Stage.PAID not in till.stages()
    assert till.sandbox.pay_order(shown.payment_id)


def test_f53_told_paid_and_answered_failed_is_a_persons_to_settle(scripted: MakeGateway, tmp_path: Path) -> None:
    """Two agreeing negatives would close it; with the gateway's own "paid" against them nothing closes as not paid."""
    clock = FastClock(RATE)
    with (
        scripted(PROCESSING, PROCESSING) as gateway,
        till_at(gateway, tmp_path, clock=clock, settings=listening()) as till,
    ):
        till.scan(AMOUNT)
        order_id = till.until_stage(Stage.PROCESSING).payment_id
        assert post(till, told_paid(order_id, AMOUNT, key=gateway.key2)) == STORED
        gateway.says_now(failed(-59))
        till.ask_until_so(order_id, lambda: the_one(tmp_path).meanings("query").count("negative") > 1)
        let_pass(clock, RATE, 15_000)  # long enough for two of them to agree
        assert the_one(tmp_path).state == State.PROCESSING
        gateway.says_now(NOT_FOUND)
        let_pass(clock, 600, 20 * 60_000)
        assert the_one(tmp_path).state == State.PROCESSING


def test_f53_a_message_that_says_failed_is_asked_about(gateway: BuiltIn, tmp_path: Path) -> None:
    """AppotaPay's says whether it was paid; "failed" in it closes nothing either."""
    sandbox, clock = gateway
    settings = listening(Settings(appotapay=AppotaPaySettings(api="v1")))
    with till_at(sandbox, tmp_path, clock=clock, settings=settings) as till:
        shown = shown_at(till, 50_002, PayMethod.BANK_QR)
        fields = {**ipn_fields(Bill(shown.payment_id, 50_002, None), random.Random(1)), "errorCode": 38}
        assert post(till, appota_v1(fields), APPOTA_V1) == 200
        assert the_one(tmp_path).meanings("notified") == ["negative"]
        assert the_one(tmp_path).state == State.PROCESSING
        assert sandbox.pay_order(shown.payment_id)
        assert till.ask_until(shown.payment_id, Stage.PAID).amount == 50_002


# --- the gateway's own callbacks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "method", "scenario"),
    [
        (Settings(), PayMethod.ANY, ""),
        (Settings(), PayMethod.ANY, "order_callback_twice"),
        (Settings(appotapay=AppotaPaySettings(api="v1")), PayMethod.BANK_QR, ""),
        (Settings(appotapay=AppotaPaySettings(api="v2")), PayMethod.BANK_CARD, ""),
        (Settings(appotapay=AppotaPaySettings(api="pos")), PayMethod.BANK_QR, ""),
    ],
    ids=["zalopay", "zalopay_twice", "appotapay_v1", "appotapay_v2", "appotapay_pos"],
)
def test_f45_the_gateway_calls_back_and_it_is_paid_at_once(
    gateway: BuiltIn, tmp_path: Path, settings: Settings, method: PayMethod, scenario: str
) -> None:
    sandbox, clock = gateway
    settings = listening(settings, known=True)
    sandbox.appotapay.pos.ipn_url = f"{settings.notifications.public_url}/appotapay/pos/ipn"
    with till_at(sandbox, tmp_path, clock=clock, settings=settings) as till:
        if scenario:
            sandbox.arm(scenario)
            clock.run(RATE)
        shown = shown_at(till, 50_003, method) if not scenario else None
        if shown is None:
            till.till.show(amount=50_003, note="", method=method)
        else:
            assert sandbox.pay_order(shown.payment_id)
        order_id = till.until_stage(Stage.PAID).payment_id
        wanted = 2 if scenario else 1
        until(lambda: len(calls(till, order_id)) == wanted)
        assert calls(till, order_id) == [True] * wanted, "each was acknowledged"
        assert len(noted(tmp_path)) == 1, "and stored once"
        assert the_one(tmp_path).settled == ("paid",)


def calls(till: FaultCounter, order_id: str) -> list[bool]:
    """Which of the callbacks that left were taken."""
    told = till.gateway_order(order_id)["callbacks"]
    assert isinstance(told, list)
    return [bool(one.get("return_code") == STORED or one.get("taken")) for one in told]


def test_f45_a_binding_that_is_told_is_asked_about_at_once(gateway: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = gateway
    with till_at(sandbox, tmp_path, clock=clock, settings=listening(known=True)) as till:
        till.till.bind(name="Chị Lan")
        waiting = till.until(lambda one: isinstance(one, BindingView) and one.state is BindingState.WAITING)
        assert isinstance(waiting, BindingView)
        clock.run(0)  # by itself it would ask every three seconds
        assert sandbox.confirm_binding(waiting.binding_id)
        till.until(lambda one: isinstance(one, CustomersView) and len(one.customers) == 1)
        assert noted(tmp_path) == [], "no money, no evidence"


def test_f45_told_after_it_was_known_is_nothing_new(till: FaultCounter) -> None:
    """The till asked before it was told: no late money, no second slip, nothing for a manager."""
    shown = shown_at(till, 50_018)
    assert till.sandbox.pay_order(shown.payment_id)
    till.ask_until(shown.payment_id, Stage.PAID)
    until_slip(till)
    before = len(till.all)
    assert post(till, told_paid(shown.payment_id, 50_018, zp_trans_id=number_of(till, shown))) == STORED
    quiet()
    assert [one.work for one in till.all[before:] if isinstance(one, PaymentView)] in ([], [None])
    assert till.open_ids() == []
    kept = the_one(till.folder)
    assert (kept.settled, kept.ledger) == (("paid",), {"wallet": 50_018, "sales_due": -50_018})
    assert len(kept.of("notified")) == 1


def until_slip(till: FaultCounter) -> None:
    """The last that a payment writes: its slip is there."""
    until(lambda: any(one["kind"] == "slip_printed" for one in journal_of(till.folder)))


# --- F45, F50: again and again ---------------------------------------------------------------------------------------


def test_f45_the_same_one_again_and_again_changes_nothing(till: FaultCounter) -> None:
    """Ten thousand times while it waits, and over the wire when it is paid: fewer than a source may send at once."""
    shown = shown_at(till, 50_004)
    body = told_paid(shown.payment_id, 50_004, zp_trans_id=number_of(till, shown))
    assert post(till, body) == STORED
    one = Notification("zalopay", shown.payment_id, str(number_of(till, shown)), 50_004, APP_ID, Kind.ORDER)

    async def told_again() -> list[Taken]:
        return [await till.till.parts.desk.notified.take(one) for _ in range(10_000)]

    assert set(till.till._thread.run(told_again()).result(60)) == {Taken.REPEATED}
    assert len(noted(till.folder)) == 1
    assert till.sandbox.pay_order(shown.payment_id)
    till.ask_until(shown.payment_id, Stage.PAID)
    until_slip(till)
    before = journal_of(till.folder)
    assert {post(till, body) for _ in range(50)} == {STORED}
    assert journal_of(till.folder) == before
    assert (the_one(till.folder).settled, the_one(till.folder).ledger["wallet"]) == (("paid",), 50_004)


def test_f50_an_old_one_is_replayed_after_a_restart(gateway: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = gateway
    settings = listening()
    with till_at(sandbox, tmp_path, clock=clock, settings=settings) as till:
        shown = shown_at(till, 50_005)
        assert sandbox.pay_order(shown.payment_id)
        body = told_paid(shown.payment_id, 50_005, zp_trans_id=number_of(till, shown))
        assert post(till, body) == STORED
        till.until_stage(Stage.PAID)
        until_slip(till)
    with till_at(sandbox, tmp_path, clock=clock, settings=settings) as till:
        before = [one for one in journal_of(tmp_path) if one["kind"] != "journal_opened"]
        for _ in range(20):
            assert post(till, body) == STORED
        quiet()
        assert [one for one in journal_of(tmp_path) if one["kind"] != "journal_opened"] == before


# --- F46: late -------------------------------------------------------------------------------------------------------


def test_f46_told_hours_after_the_sale_was_closed(gateway: BuiltIn, tmp_path: Path) -> None:
    """Nobody watches it any more: only the gateway's own call tells of the late money."""
    sandbox, clock = gateway
    with till_at(sandbox, tmp_path, clock=clock, settings=listening(known=True)) as till:
        shown = shown_at(till, 50_006)
        till.till.cancel(shown.payment_id)
        assert till.until_stage(Stage.DECLINED).state == State.CANCELLED
        let_pass(clock, 3_000, 2 * 60 * 60_000)

        def the_watch_is_over() -> bool:
            asked = len(the_one(tmp_path).of("query"))
            let_pass(clock, 3_000, 20 * 60_000)
            return len(the_one(tmp_path).of("query")) == asked

        until(the_watch_is_over)
        assert sandbox.pay_later(shown.payment_id)
        late = till.until_stage(Stage.PAID)
        assert (late.work, late.payment_id) == (Work.LATE_MONEY, shown.payment_id)
        assert the_one(tmp_path).ledger == {"wallet": 50_006, "surplus": -50_006}


def test_f46_a_customer_comes_back_from_paying_what_was_closed(till: FaultCounter) -> None:
    """The gateway does not call; that its customer comes back is reason enough to ask."""
    shown = shown_at(till, 50_008)
    till.till.cancel(shown.payment_id)
    assert till.until_stage(Stage.DECLINED).state == State.CANCELLED
    assert till.sandbox.pay_later(shown.payment_id)
    back = zalopay_back(Bill(shown.payment_id, 50_008, APP_ID), random.Random(1)).decode()
    page = httpx.get(f"{till.till.parts.listening.url}{ZALOPAY_BACK}?{back}", timeout=60, trust_env=False)
    assert "Đã thanh toán" in page.text
    assert till.until_stage(Stage.PAID).work is Work.LATE_MONEY


# --- F47, F48, F49: not what it seems --------------------------------------------------------------------------------


def forgeries(order_id: str, amount: int) -> dict[str, bytes]:
    data = zalopay_data(Bill(order_id, amount, APP_ID), random.Random(1))
    text = compact(data)
    right, spaced = hmac_hex(KEY2, text), hmac_hex(KEY2, text.replace(",", ", "))
    return {
        "wrong MAC": zalopay(text, "0" * 64),
        "key1's MAC": zalopay(text, hmac_hex(KEY1, text)),
        "the MAC of the text written anew": zalopay(text, spaced),
        "upper case": zalopay(text, right.upper()),
        "padded": zalopay(text, f" {right}"),
        "no MAC": zalopay(text, ""),
        "another amount under the old MAC": zalopay(compact({**data, "amount": 1}), right),
        "type 2 with an order's data": zalopay(text, right, 2),
        "another app": told_paid(order_id, amount, app_id=999),
        "no amount": told_paid(order_id, amount, amount=0),
        "an amount that is a text": told_paid(order_id, amount, amount=str(amount)),
    }


@pytest.mark.parametrize("kind", forgeries("261122_1", 1))
def test_f47_f49_what_is_not_rightly_signed_or_not_ours_leaves_no_trace(till: FaultCounter, kind: str) -> None:
    shown = shown_at(till, 50_007)
    assert post(till, forgeries(shown.payment_id, 50_007)[kind]) == WRONG
    assert noted(till.folder) == []
    assert the_one(till.folder).state == State.PROCESSING


@pytest.mark.parametrize("scenario", ["order_callback_forged", "order_callback_wrong_mac"])
def test_f47_the_gateways_forged_and_wrongly_signed_ones(gateway: BuiltIn, tmp_path: Path, scenario: str) -> None:
    sandbox, clock = gateway
    with till_at(sandbox, tmp_path, clock=clock, settings=listening(known=True)) as till:
        sandbox.arm(scenario)
        clock.run(RATE)
        till.till.show(amount=50_008, note="")
        if scenario == "order_callback_forged":
            shown = till.until_stage(Stage.SHOWN)
            until(lambda: bool(calls(till, shown.payment_id)))
            assert sandbox.pay_order(shown.payment_id)
        ended = till.until_stage(Stage.PAID)
        until(lambda: bool(calls(till, ended.payment_id)))
        assert calls(till, ended.payment_id)[0] is False
        assert all(one["evidence"]["answer"]["meaning"] == "paid" for one in noted(tmp_path)), "the right one, later"


def test_f48_signed_and_of_no_order_of_ours_is_kept_for_a_person(till: FaultCounter) -> None:
    body = told_paid("261122_03-000001-zzzz", 70_000)
    assert [post(till, body) for _ in range(5)] == [STORED] * 5
    (orphan,) = noted(till.folder)
    assert (orphan["order_id"], orphan["amount"], orphan["zp_trans_id"]) == (
        "261122_03-000001-zzzz", 70_000, str(NUMBER)
    )  # fmt: skip
    assert till.until_refused().title.en == "Money of an order that is not here"
    (told,) = till.till.answer("payments", {})["orphans"]
    assert (told["order_id"], told["amount"]) == ("261122_03-000001-zzzz", 70_000)


def test_f48_an_order_that_never_left_here_is_not_paid_by_a_message(gateway: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = gateway
    settings = listening()
    with till_at(sandbox, tmp_path, clock=clock, settings=settings, url="https://127.0.0.1:1") as till:
        till.scan(50_009)
        payment = till.until_stage(Stage.NOT_SENT)
        assert post(till, told_paid(payment.payment_id, 50_009)) == STORED
        assert (the_one(tmp_path).state, the_one(tmp_path).of("notified")) == (State.NOT_SENT, [])
        assert [one["kind"] for one in noted(tmp_path)] == ["orphan_notified"]


def test_f49_another_amount_is_a_managers_case_and_never_paid(till: FaultCounter) -> None:
    shown = shown_at(till, 50_010)
    assert post(till, told_paid(shown.payment_id, 50_011)) == STORED
    assert till.until_stage(Stage.MISMATCH).work is Work.MISMATCH
    assert the_one(till.folder).state == State.MISMATCH
    assert Stage.PAID not in till.stages()


@pytest.mark.parametrize("first", ["told", "asked"])
def test_f49_the_gateway_tells_another_amount_than_it_answers(till: FaultCounter, first: str) -> None:
    """Its answer counts, and somebody is told to look, in whichever order they come."""
    shown = shown_at(till, 50_012)
    if first == "asked":
        assert till.sandbox.pay_order(shown.payment_id)
        till.ask_until(shown.payment_id, Stage.PAID)
    assert post(till, told_paid(shown.payment_id, 50_011, zp_trans_id=number_of(till, shown))) == STORED
    if first == "told":
        till.until_stage(Stage.MISMATCH)
        assert till.sandbox.pay_order(shown.payment_id)
        till.till.ask_now(shown.payment_id)
    till.until(lambda one: isinstance(one, PaymentView) and (one.stage, one.work) == (Stage.PAID, Work.CONFLICT))
    assert the_one(till.folder).ledger == {"wallet": 50_012, "sales_due": -50_012}


def number_of(till: FaultCounter, payment: PaymentView) -> object:
    return till.gateway_order(payment.payment_id)["zp_trans_id"]


def test_f49_of_another_gateway_about_our_order(till: FaultCounter) -> None:
    """Signed by AppotaPay, about an order that ZaloPay has: none of its business."""
    shown = shown_at(till, 50_013)
    body = appota_v1(ipn_fields(Bill(shown.payment_id, 50_013, None), random.Random(1)))
    assert post(till, body, APPOTA_V1) == 200
    assert [one["kind"] for one in noted(till.folder)] == ["orphan_notified"]
    assert the_one(till.folder).of("notified") == []
    assert ("APPOTAPAY", till.sandbox.appotapay.credentials()["secret"]) == (PARTNER, SECRET)


def test_f49_v1_speaks_to_its_own_address(gateway: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = gateway
    settings = listening(Settings(gateway=GatewaySettings(api="v1")))
    with till_at(sandbox, tmp_path, clock=clock, settings=settings) as till:
        shown = shown_at(till, 50_014)
        data = compact(zalopay_data(Bill(shown.payment_id, 50_014, APP_ID), random.Random(1), v1=True))
        assert post(till, zalopay(data)) == WRONG, "v1's names say nothing in v2"
        assert post(till, zalopay(data), ZALOPAY_V1) == STORED
        assert len(the_one(tmp_path).of("notified")) == 1


# --- F51, F52: when it cannot be taken -------------------------------------------------------------------------------


def test_f51_a_flood_holds_up_no_payment(gateway: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = gateway
    stop = threading.Event()
    sent: list[int] = []

    def flood(url: str) -> None:
        junk = [b"x" * 70_000, b"{", told_paid("261122_1", 1, key="wrong"), b""]
        with httpx.Client(trust_env=False, timeout=60) as client:
            while not stop.is_set():
                try:
                    sent.append(client.post(url, content=junk[len(sent) % len(junk)]).status_code)
                except httpx.HTTPError:
                    sent.append(0)

    with till_at(sandbox, tmp_path, clock=clock, settings=listening()) as till:
        url = f"{till.till.parts.listening.url}/zalopay/v2/callback"
        floods = [threading.Thread(target=flood, args=(url,), daemon=True) for _ in range(4)]
        for one in floods:
            one.start()
        try:
            while len(sent) < 50:
                time.sleep(0.01)
            till.scan(50_015)
            till.until_stage(Stage.PAID)
            so_far = len(sent)
            until(lambda: len(sent) > so_far)  # it went on all the while
        finally:
            stop.set()
            for one in floods:
                one.join(60)
        assert noted(tmp_path) == []
        assert 413 in sent


def test_f52_what_cannot_be_stored_is_not_acknowledged(till: FaultCounter) -> None:
    shown = shown_at(till, 50_016)
    body = told_paid(shown.payment_id, 50_016)
    real = till.till.journal.write

    def full(*entries: Any, at_ms: int) -> Future[None]:
        told = (isinstance(one, EvidenceAdded) and one.evidence.source is Source.NOTIFIED for one in entries)
        if any(told) or any(isinstance(one, OrphanNotified) for one in entries):
            refused: Future[None] = Future()
            refused.set_exception(CannotStoreError("SQLITE_FULL"))
            return refused
        return real(*entries, at_ms=at_ms)

    till.till.journal.write = full  # type: ignore[method-assign]
    assert post(till, body) == AGAIN
    assert post(till, told_paid("261122_nobodys", 1_000)) == AGAIN
    till.till.journal.write = real  # type: ignore[method-assign]
    assert noted(till.folder) == []
    assert post(till, body) == STORED, "told again, it is taken"
    assert post(till, told_paid("261122_nobodys", 1_000)) == STORED
    assert len(noted(till.folder)) == 2


@pytest.mark.parametrize(("moment", "stored"), [("before", 0), ("after", 1)])
def test_f52_killed_before_it_is_acknowledged(gateway: BuiltIn, tmp_path: Path, moment: str, stored: int) -> None:
    """I18: whoever got an acknowledgement, its evidence is on the disk; whoever got none tells it again."""
    sandbox, clock = gateway
    arguments = ("tests.fault_matrix.killed_listener", sandbox.url, str(tmp_path), moment)
    with Warm(*arguments, stdout=subprocess.PIPE) as child:
        assert child.stdout
        order_id, url = child.stdout.readline().split()
        assert sandbox.pay_order(order_id)
        number = next(one["zp_trans_id"] for one in sandbox.orders() if one["app_trans_id"] == order_id)
        body = told_paid(order_id, 50_000, zp_trans_id=number)
        with pytest.raises(httpx.HTTPError):
            httpx.post(f"{url}/zalopay/v2/callback", content=body, timeout=60, trust_env=False)
        assert child.wait(60) == -9
    assert len(noted(tmp_path)) == stored
    with till_at(sandbox, tmp_path, clock=clock, settings=listening()) as till:
        assert post(till, body) == STORED
        till.ask_until(order_id, Stage.PAID)
        assert len(noted(tmp_path)) == 1
        assert the_one(tmp_path).settled == ("paid",)


def test_f51_a_port_that_is_taken_stops_no_selling(gateway: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = gateway
    settings = listening()
    with till_at(sandbox, tmp_path / "1", clock=clock, settings=settings):
        with counter(sandbox, tmp_path / "2", clock) as plain:
            assert plain.till.parts.listening.url == ""
        with till_at(sandbox, tmp_path / "3", clock=clock, settings=settings) as second:
            assert second.until_refused().title.en == "The port for notifications is taken"
            second.scan(50_017)
            assert second.until_stage(Stage.PAID).amount == 50_017
