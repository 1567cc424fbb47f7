"""Refund, cancel, ask and a manager's acts as processes of their own, with a till open and with none."""

import json
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pos_app.checkout.views import PaymentView, RefundStage, Stage
from pos_app.clock import MachineClock
from pos_app.journal import ballast
from pos_app.journal.entries import EvidenceAdded, PaymentPrepared
from pos_app.journal.errors import IntentTakenError
from pos_app.journal.store import Journal
from pos_app.payments.order_number import order_number, slip_number
from pos_app.payments.payment import MINUTE_MS, Attempt, Evidence, Source, fence_ms
from pos_app.staff.pin import Pins
from tests.end_to_end.programs import Shop, open_shop, type_line, wait_for
from tests.end_to_end.world import Counter, counter, leaks
from tests.staff.doors import CHEAP

PIN = "582931"
RETURN = {"reason": "goods_returned", "by": "Chị Hoa"}
RETURNED = ("--reason", "goods_returned", "--by", "Chị Hoa")
ON_TRUST = ("--reason", "on_trust", "--by", "Chị Hoa")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with open_shop(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture
def shop(gateway: Shop, tmp_path: Path) -> Iterator[Shop]:
    """A new data folder with a manager's PIN, at the one built-in gateway."""
    made = Shop(tmp_path, gateway.sandbox)
    Pins(tmp_path, MachineClock(), secrets.token_bytes, CHEAP).set_first(PIN)  # to check it costs as much
    yield made
    (tmp_path / ballast.NAME).unlink()  # nothing but room; the searches are shorter without it
    assert leaks([PIN, gateway.sandbox.key1], tmp_path, *made.printed) == []


def refund(shop: Shop, payment: str, *more: str, pin: str = PIN) -> tuple[int, dict[str, Any]]:
    demo = ("--demo-url", shop.sandbox.url)
    return shop.json("refund", "--payment", payment, *RETURNED, *more, *demo, "--pin-stdin", given=f"{pin}\n")


def begin_refund(shop: Shop, paid: PaymentView, amount: str, *more: str) -> subprocess.Popen[str]:
    """A refund that has reached the gateway, and has no answer yet."""
    command = ("refund", "--payment", paid.slip_number, "--amount", amount, *RETURNED, "--pin-stdin", "--json")
    begun = shop.begin(*command, *more)
    type_line(begun, PIN)
    deadline = time.monotonic() + 60
    while not shop.refunds_at_the_gateway(paid.payment_id):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return begun


def manager(shop: Shop, act: str, payment: str, *more: str, pin: str = PIN) -> tuple[int, dict[str, Any]]:
    demo = ("--demo-url", shop.sandbox.url)
    return shop.json("manager", act, "--payment", payment, *more, *demo, "--pin-stdin", given=f"{pin}\n")


def day(shop: Shop, of: str) -> dict[str, Any]:
    """All of the day that this payment's number names: minutes ago may have been yesterday."""
    code, told = shop.json("payments", "--day", f"20{of[:2]}-{of[2:4]}-{of[4:6]}")
    assert code == 0
    return told


def charged(shop: Shop, amount: int, stage: Stage = Stage.PAID) -> PaymentView:
    """A payment of an earlier day at the counter: the till is closed again."""
    with counter(shop.sandbox, shop.home) as at:
        at.scan(amount)
        return at.until_stage(stage)


# --- no till is open -----------------------------------------------------------------------------------------------


def test_a_refund_in_parts_over_the_cap_and_the_rest(shop: Shop) -> None:
    paid = charged(shop, 50_000)
    code, part = refund(shop, paid.slip_number, "--amount", "20.000", "--note", "Trả một ly")
    assert (code, part["stage"], part["amount"], part["by"], part["exit_code"]) == (0, "done", 20_000, "Chị Hoa", 0)
    assert (part["order_id"], bool(part["refund_id"])) == (paid.payment_id, True)
    code, over = refund(shop, paid.payment_id, "--amount", "30001")
    assert (code, over["error"]["en"]) == (2, "The refund amount is not valid")
    assert over["advice"]["en"].startswith("30.000\xa0₫")
    code, rest = refund(shop, paid.payment_id, "--all")
    assert (code, rest["stage"], rest["amount"]) == (0, "done", 30_000)
    code, nothing = refund(shop, paid.payment_id, "--all")
    assert (code, nothing["error"]["en"]) == (2, "There is nothing to refund")
    assert shop.refunds_at_the_gateway(paid.payment_id) == [(20_000, "refunded"), (30_000, "refunded")]
    code, out, _ = shop.run("payments")
    assert (code, "Đã hoàn 50.000\xa0₫" in out) == (0, True)
    assert f"{part['slip_number']}  hoàn 20.000\xa0₫: Đã hoàn tiền (Chị Hoa: Khách trả lại hàng)" in out
    assert shop.json("verify")[1]["ok"]


def test_a_wrong_pin_counts_and_the_next_one_waits(shop: Shop) -> None:
    paid = charged(shop, 50_000)
    code, wrong = refund(shop, paid.slip_number, "--all", pin="118207")
    assert (code, wrong["error"]["en"], wrong["wait_s"]) == (2, "Wrong PIN", 1)
    assert "Tries left: 9" in wrong["advice"]["en"]
    assert shop.refunds_at_the_gateway(paid.payment_id) == []
    begun = shop.begin("refund", "--payment", paid.slip_number, "--all", *RETURNED, "--pin-stdin",
                       "--demo-url", shop.sandbox.url)  # fmt: skip
    type_line(begun, PIN)
    code, out, err = shop.end(begun)
    assert code == 0
    assert "Đã hoàn tiền: 50.000\xa0₫" in out
    assert "Traceback" not in err


def test_an_answer_that_is_lost_is_not_known_and_the_next_start_knows(shop: Shop) -> None:
    paid = charged(shop, 50_000)
    asking = begin_refund(shop, paid, "12601", "--demo-url", shop.sandbox.url)
    asking.send_signal(signal.SIGINT)
    code, out, err = shop.end(asking)
    lost = json.loads(out)
    assert (code, lost["stage"], lost["exit_code"], "Traceback" in err) == (11, "unknown", 11, False)
    (before,) = day(shop, paid.payment_id)["payments"]
    assert [(one["refund"], one["state"]) for one in before["refunds"]] == [(lost["refund"], "unknown")]
    assert before["refundable"] == 50_000 - 12_601, "what may have left stays reserved"
    code, asked = shop.json("ask", "--payment", paid.slip_number, "--wait", "40", "--demo-url", shop.sandbox.url)
    assert (code, [one["state"] for one in asked["refunds"]]) == (0, ["done"])
    assert shop.refunds_at_the_gateway(paid.payment_id) == [(12_601, "refunded")]


def test_ctrl_c_says_what_is_open(shop: Shop) -> None:
    paid = charged(shop, 50_000)
    command = ("refund", "--payment", paid.slip_number, *RETURNED, "--pin-stdin", "--demo-url", shop.sandbox.url)
    asking = shop.begin(*command, "--all")
    wait_for(asking, "Hoàn 50.000")  # now it waits for the PIN
    asking.send_signal(signal.SIGINT)
    code, _, err = shop.end(asking)
    assert (code, "Chưa gửi gì" in err, "Traceback" in err) == (130, True, False)
    assert day(shop, paid.payment_id)["payments"][0]["refunds"] == []
    waiting = shop.begin(*command, "--amount", "12003")  # stuck
    type_line(waiting, PIN)
    wait_for(waiting, "ZaloPay đang hoàn tiền")
    waiting.send_signal(signal.SIGINT)
    code, out, err = shop.end(waiting)
    assert (code, "ĐỪNG hoàn lại" in out, "Traceback" in err) == (11, True, False)
    assert shop.refunds_at_the_gateway(paid.payment_id) == [(12_003, "processing")]


def test_the_till_dies_over_a_refund(shop: Shop) -> None:
    paid = charged(shop, 50_000)
    till = shop.begin("pay", "--amount", "10002", "--demo-url", shop.sandbox.url)
    wait_for(till, "Chờ khách xác nhận")
    refunding = begin_refund(shop, paid, "12602")  # its answer comes after 20 seconds
    till.kill()
    shop.end(till)
    code, out, err = shop.end(refunding)
    assert (code, json.loads(out)["exit_code"], "Traceback" in err) == (11, 11, False)
    code, asked = shop.json("ask", "--payment", paid.slip_number, "--wait", "40", "--demo-url", shop.sandbox.url)
    assert (code, [one["state"] for one in asked["refunds"]]) == (0, ["done"])
    assert shop.refunds_at_the_gateway(paid.payment_id) == [(12_602, "refunded")]


def test_a_release_lets_the_sale_be_tried_again(shop: Shop) -> None:
    stuck = charged(shop, 10_003, Stage.PROCESSING)
    again = ("pay", "--amount", "50000", "--retry-of", stuck.slip_number, "--demo-url", shop.sandbox.url)
    code, refused = shop.json(*again)
    assert (code, refused["error"]["en"]) == (12, "The last try is not finished")
    code, released = manager(shop, "release", stuck.slip_number, "--reason", "paid_another_way", "--by", "Chị Hoa")
    assert (code, released["released"], released["state"]) == (0, True, "processing")
    code, paid = shop.json(*again)
    assert (code, paid["stage"], paid["attempt"]) == (0, "paid", 2)
    code, out, _ = shop.run("payments")
    assert (code, "Quản lý đã cho đơn đi tiếp" in out) == (0, True)
    code, unknown = shop.json("pay", "--amount", "1", "--retry-of", "02-999999", "--demo-url", shop.sandbox.url)
    assert (code, unknown["error"]["en"]) == (2, "No such payment")


# --- a till is open: through its door ------------------------------------------------------------------------------


@pytest.fixture
def till(shop: Shop) -> Iterator[Counter]:
    with counter(shop.sandbox, shop.home) as at:
        yield at


def test_a_refund_by_the_open_till(shop: Shop, till: Counter) -> None:
    till.scan(50_000)
    paid = till.until_final()
    code, done = refund(shop, paid.slip_number, "--amount", "20000", "--intent", "counter-7")
    assert (code, done["stage"], done["intent"]) == (0, "done", "counter-7")
    seen = till.until(lambda told: isinstance(told, PaymentView) and told.refundable == 30_000)
    assert isinstance(seen, PaymentView)
    assert seen.refunds
    till.until(lambda told: isinstance(told, PaymentView) and [it.stage for it in told.refunds] == [RefundStage.DONE])
    # The same press again: the same refund, and no PIN is looked at.
    code, again = refund(shop, paid.slip_number, "--amount", "20000", "--intent", "counter-7", pin="000000")
    assert (code, again["refund"]) == (0, done["refund"])
    code, other = refund(shop, paid.slip_number, "--amount", "10000", "--intent", "counter-7")
    assert (code, other["error"]["en"]) == (2, IntentTakenError.title.en)
    code, wrong = refund(shop, paid.slip_number, "--all", pin="118207")
    assert (code, wrong["error"]["en"], wrong["wait_s"]) == (2, "Wrong PIN", 1)
    assert shop.refunds_at_the_gateway(paid.payment_id) == [(20_000, "refunded")]


def test_two_presses_at_once_are_one_refund(shop: Shop, till: Counter) -> None:
    till.scan(50_000)
    paid = till.until_final()
    command = ("refund", "--payment", paid.slip_number, "--amount", "20000", "--intent", "one press", *RETURNED)
    both = [shop.begin(*command, "--pin-stdin", "--json") for _ in range(2)]
    ends = [shop.end(one, f"{PIN}\n")[0] for one in both]
    assert ends == [0, 0]
    assert shop.refunds_at_the_gateway(paid.payment_id) == [(20_000, "refunded")]


@pytest.mark.parametrize(
    ("amount", "code", "stage", "state"),
    [(12_014, 10, "declined", "failed"), (12_051, 0, "done", "refunded")],
    ids=["declined", "accepted, later done"],
)
def test_the_gateways_word_is_the_exit_code(
    shop: Shop, till: Counter, amount: int, code: int, stage: str, state: str
) -> None:
    till.scan(50_000)
    paid = till.until_final()
    ended, told = refund(shop, paid.slip_number, "--amount", str(amount))
    assert (ended, told["stage"], told["amount"]) == (code, stage, amount)
    assert shop.refunds_at_the_gateway(paid.payment_id) == [(amount, state)]


def test_a_cancel_in_time_and_too_late(shop: Shop, till: Counter) -> None:
    till.scan(10_002)
    waiting = till.until_stage(Stage.PROCESSING)
    code, told = shop.json("cancel", "--payment", waiting.slip_number)
    assert (code, told["stage"], told["state"]) == (0, "declined", "cancelled")
    assert not shop.sandbox.customer.confirm(waiting.payment_id)
    till.scan(50_000)
    paid = till.until_stage(Stage.PAID)
    code, told = shop.json("cancel", "--payment", paid.payment_id)
    assert (code, told["stage"]) == (10, "paid")


def test_asking_now(shop: Shop, till: Counter) -> None:
    till.scan(10_002)
    waiting = till.until_stage(Stage.PROCESSING)
    code, told = shop.json("ask", "--payment", waiting.slip_number)
    assert (code, told["state"]) == (11, "processing")
    shop.sandbox.customer.confirm(waiting.payment_id)
    code, told = shop.json("ask", "--payment", waiting.slip_number)
    assert (code, told["state"]) == (0, "paid")
    code, told = shop.json("ask", "--payment", "02-999999")
    assert (code, told["error"]["en"]) == (2, "No such payment")


def test_late_money_is_work_until_it_is_kept_or_given_back(shop: Shop, till: Counter) -> None:
    till.scan(10_002)
    waiting = till.until_stage(Stage.PROCESSING)
    code, early = manager(shop, "keep", waiting.slip_number, *ON_TRUST)
    assert (code, early["advice"]["en"]) == (2, "This is no late money.")
    assert manager(shop, "release", waiting.slip_number, *ON_TRUST)[0] == 0
    shop.sandbox.customer.confirm(waiting.payment_id)
    till.until_stage(Stage.PAID)
    code, out, _ = shop.run("payments")
    assert (code, "Việc cần làm: tiền về muộn" in out) == (0, True)
    code, kept = manager(shop, "keep", waiting.slip_number, *ON_TRUST)
    assert (code, kept["work"], kept["state"]) == (0, None, "paid")
    assert day(shop, waiting.payment_id)["payments"][0]["work"] is None


def test_what_a_manager_must_say(shop: Shop, till: Counter) -> None:
    till.scan(10_003)
    stuck = till.until_stage(Stage.PROCESSING)
    who = {"by": "Chị Hoa", "reason": "portal_says_so", "number": "261122000000001"}
    seen = {**who, "note": "Trang ZaloPay ghi đã thu lúc 9 giờ"}
    cases: tuple[tuple[str, dict[str, str], str], ...] = (
        ("release", {**who, "reason": "goods_returned"}, "The reason is not on the list"),
        ("release", {**who, "reason": "other", "by": " "}, "The manager's name is missing"),
        ("decide_unpaid", {**who, "note": "ngắn"}, "A note is needed"),
        ("decide_paid", {**seen, "number": ""}, "ZaloPay's transaction number is missing"),
        ("decide_paid", seen, "This cannot be done"),  # the gateway is still asked
    )
    for act, said, words in cases:
        told = till.till.answer("act", {"act": act, "payment": stuck.payment_id, "pin": PIN, **said})
        assert told["refused"]["title"]["en"] == words
    code, told = manager(shop, "release", stuck.slip_number, "--reason", "goods_returned", "--by", "Chị Hoa")
    assert (code, told["error"]["en"]) == (2, "The reason is not on the list")
    code, told = manager(shop, "release", stuck.slip_number, *ON_TRUST, pin="")
    assert (code, told["error"]["en"]) == (2, "Nothing was typed")
    for question in ("act", "cancel", "ask", "pin", "payment", "backup", "no such thing"):
        with pytest.raises((ValueError, KeyError)):
            till.till.answer(question, {})
    with pytest.raises(ValueError, match="refund"):
        till.till.answer("act", {"act": "refund", "payment": "x", "pin": PIN, **RETURN, "amount": 1.5, "intent": "i"})


# --- decisions about what the gateway does not know ----------------------------------------------------------------


def unheard_of(folder: Path) -> tuple[str, ...]:
    """Two payments that were sent five minutes ago, and that no gateway ever saw."""
    now_ms = MachineClock().wall_ms()
    journal = Journal.open(folder, till="02", now_ms=now_ms, entropy=b"some random bytes")
    sent_ms, ids = now_ms - 5 * MINUTE_MS, []
    for _ in range(2):
        running = journal.next_running()
        slip = slip_number("02", running)
        attempt = Attempt(
            app_trans_id=order_number(sent_ms, "02", running, journal.epoch), sale_id=slip, attempt=1,
            slip_number=slip, amount=50_000, app_id=2553, app_time_ms=sent_ms,
            fence_at_ms=fence_ms(sent_ms, 300_000), scanned_at_ms=sent_ms, source="scanner", note="", gateway="demo",
        )  # fmt: skip
        sending = EvidenceAdded(attempt.app_trans_id, Evidence(Source.SENDING, sent_ms, sent_ms))
        journal.write(PaymentPrepared(attempt), sending, at_ms=sent_ms).result()
        ids.append(attempt.app_trans_id)
    journal.close()
    return tuple(ids)


def test_a_manager_decides(shop: Shop) -> None:
    first, second = unheard_of(shop.home)
    looked = ("--by", "Chị Hoa", "--reason", "portal_says_so", "--note", "Đã xem trên trang ZaloPay của tiệm")
    with counter(shop.sandbox, shop.home):
        code, paid = manager(shop, "paid", first, *looked, "--number", "261122000000001")
        assert (code, paid["stage"], paid["state"]) == (0, "decided_paid", "manual_paid")
        code, told = refund(shop, first, "--all")
        assert (code, told["error"]["en"]) == (2, "There is nothing to refund"), "only what ZaloPay confirms"
    code, unpaid = manager(shop, "unpaid", second, *looked)
    assert (code, unpaid["stage"], unpaid["state"]) == (0, "decided_unpaid", "manual_unpaid")
    told = day(shop, first)
    assert (told["paid_count"], told["open_count"]) == (0, 0)
    lines = [line["text"]["en"] for line in told["payments"][0]["story"]]
    assert any("Chị Hoa" in line for line in lines)
