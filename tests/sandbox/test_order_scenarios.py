"""Each scenario of shown orders as a client meets it, and what is true in the end."""

import http.client
import json

import pytest

from pos_app.sandbox.faults import describe_scenarios
from pos_app.sandbox.order_code import crc
from pos_app.sandbox.order_faults import ORDER_SCENARIOS
from pos_app.sandbox.scenario import Scenario, Truth, Waits, Wire
from pos_app.sandbox.server import Sandbox
from tests.sandbox.shop import PAID, PROCESSING, FixedClock, Members, Shop, failed, said, verdict

START = 200_000_000
LAG_MS = 60_000
"""After this each scenario has come to its end, or never will."""


def test_the_table_is_complete_and_its_amounts_are_no_ordinary_prices() -> None:
    rows = describe_scenarios("orders")
    assert len(rows) == len(ORDER_SCENARIOS)
    amounts = [amount for amount, _, _ in rows if amount]
    assert len(set(amounts)) == len(amounts) == len(ORDER_SCENARIOS) - 1
    assert all(13_000 < amount < 14_000 and amount % 100 for amount in amounts)
    assert all(text.vi and text.en and text.vi != text.en for _, _, text in rows)


@pytest.mark.parametrize("scenario", ORDER_SCENARIOS.values(), ids=lambda scenario: scenario.name)
def test_it_ends_in_its_true_state(clock: FixedClock, scenario: Scenario) -> None:
    with Sandbox(tls=False, clock=clock) as sandbox, Shop(sandbox, timeout_s=0.2) as shop:
        asked = shop.order(scenario.amount or 69_000)
        send(shop, asked)
        clock.now_ms += LAG_MS
        paid = scenario.amount + scenario.off_by
        late = scenario.late_ms > 0
        ends: dict[Truth, tuple[str, int, object]] = {
            Truth.DONE: ("paid", paid, PAID),
            Truth.FAILED: ("paid", paid, PAID) if late else ("failed", 0, failed(scenario.code)),
            Truth.WAITING: ("processing", 0, PROCESSING),
            Truth.STUCK: ("processing", 0, PROCESSING),
            Truth.UNRECORDED: ("refused", 0, failed(-101)),
        }
        state, money, answer = ends[scenario.truth]
        told = shop.ask(asked["app_trans_id"])
        assert verdict(told) == answer
        assert told["amount"] == (money - 1_000 if scenario.name == "order_query_lies" else money)
        (order,) = sandbox.orders()
        assert (order["state"], order["paid"], sandbox.customer.balance) == (state, money, START - money)


def send(shop: Shop, asked: Members) -> bytes:
    """The body of the answer, b"" when none came; the connection is not used again."""
    try:
        return shop.raw("POST", "/v2/create", json.dumps(asked), Content_Type="application/json")[1]
    except (OSError, http.client.HTTPException):
        return b""
    finally:
        shop.connection.close()


@pytest.mark.parametrize(
    "scenario", [one for one in ORDER_SCENARIOS.values() if one.wire not in {Wire.PLAIN, Wire.TWICE}],
    ids=lambda scenario: scenario.name,
)  # fmt: skip
def test_a_spoiled_answer_shows_no_order(scenario: Scenario) -> None:
    with Sandbox(tls=False) as sandbox, Shop(sandbox, timeout_s=0.2) as shop:
        asked = shop.order(scenario.amount)
        told = send(shop, asked)
        if scenario.wire is Wire.WRONG_TYPES:
            assert isinstance(json.loads(told)["return_code"], str)
        elif scenario.wire is Wire.DUPLICATE_KEYS:
            assert told.count(b'"return_code"') == 2
        else:
            assert b"order_url" not in told or not told.endswith(b"}")
        there = scenario.truth is Truth.WAITING
        assert sandbox.pay_order(str(asked["app_trans_id"])) is there


@pytest.mark.parametrize(
    "scenario", [one for one in ORDER_SCENARIOS.values() if one.wait_ms and one.waits is Waits.TRUTH],
    ids=lambda scenario: scenario.name,
)  # fmt: skip
def test_it_is_unpaid_until_then(shop: Shop, clock: FixedClock, scenario: Scenario) -> None:
    asked = shop.order(scenario.amount)
    assert said(shop.create(asked)) == (1, 1)
    clock.now_ms += scenario.wait_ms - 1
    waiting = (3, 3, False) if scenario.name == "order_unpaid_not_processing" else PROCESSING
    assert verdict(shop.ask(asked["app_trans_id"])) == waiting
    clock.now_ms += 1
    assert verdict(shop.ask(asked["app_trans_id"])) == (PAID if scenario.truth is Truth.DONE else failed(scenario.code))


def test_expired_and_paid_late_all_the_same(shop: Shop, clock: FixedClock) -> None:
    asked = shop.order(13_006)
    shop.create(asked)
    for wait_ms, expected in ((4_999, PROCESSING), (1, failed(-54)), (4_999, failed(-54)), (1, PAID)):
        clock.now_ms += wait_ms
        assert verdict(shop.ask(asked["app_trans_id"])) == expected
    unasked = shop.order(13_006)
    shop.create(unasked)
    clock.now_ms += 10_000
    assert verdict(shop.ask(unasked["app_trans_id"])) == PAID


def test_cancelled_and_paid_late_all_the_same(shop: Shop, clock: FixedClock) -> None:
    asked = shop.order(13_006)
    shop.create(asked)
    shop.sandbox.arm("answer_http_500", on="cancel")
    question = shop.question(str(asked["app_trans_id"]))
    assert shop.raw("POST", "/v2/cancel", json.dumps(question), Content_Type="application/json")[0] == 500
    clock.now_ms += 4_999
    assert verdict(shop.ask(asked["app_trans_id"])) == failed(-54)
    clock.now_ms += 1
    assert verdict(shop.ask(asked["app_trans_id"])) == PAID
    assert verdict(shop.post("/v2/cancel", question)) == failed(406)


@pytest.mark.parametrize(("amount", "paid"), [(13_011, 8_011), (13_012, 18_012)])
def test_the_customer_pays_another_amount(shop: Shop, clock: FixedClock, amount: int, paid: int) -> None:
    asked = shop.order(amount)
    shop.create(asked)
    clock.now_ms += 2_000
    told = shop.ask(asked["app_trans_id"])
    assert (verdict(told), told["amount"]) == (PAID, paid)
    assert shop.sandbox.customer.balance == START - paid
    assert said(shop.refund(shop.refund_of(told, paid + 1))) == (2, -14)
    assert said(shop.refund(shop.refund_of(told, paid))) == (1, 1)


def test_a_qr_text_for_another_amount_is_paid_as_it_says(shop: Shop) -> None:
    asked = shop.order(13_711)
    text = str(shop.create(asked)["qr_code"])
    assert "540514711" in text
    assert crc(text[:-4]) == text[-4:]
    assert shop.sandbox.gateway.open_order(text)
    shop.sandbox.customer.confirm(str(asked["app_trans_id"]))
    told = shop.ask(asked["app_trans_id"])
    assert (verdict(told), told["amount"]) == (PAID, 14_711)


def test_a_qr_text_with_a_wrong_crc_and_none_at_all(shop: Shop) -> None:
    answer = shop.create(shop.order(13_712))
    text = str(answer["qr_code"])
    assert "540513712" in text
    assert crc(text[:-4]) != text[-4:]
    assert not shop.sandbox.gateway.open_order(text)
    assert shop.sandbox.gateway.open_order(str(answer["order_url"]))
    assert shop.create(shop.order(13_713))["qr_code"] == ""


def test_claims_and_codes(shop: Shop) -> None:
    for amount, code in ((13_033, -33), (13_068, -68), (13_402, -402), (13_505, -500)):
        answer = shop.create(shop.order(amount))
        assert (said(answer), "order_url" in answer) == ((2, code), False)
    assert said(shop.create(shop.order(13_801))) == (-402, -402)
    assert said(shop.create(shop.order(13_615))) == (2, -68)
    assert [order["creates"] for order in shop.sandbox.orders()] == [1, 1, 1, 1, 1, 2]


def test_a_lagging_query_finds_it_after_five_seconds(shop: Shop, clock: FixedClock) -> None:
    asked = shop.order(13_101)
    shop.create(asked)
    assert verdict(shop.ask(asked["app_trans_id"])) == failed(-101)
    clock.now_ms += 5_000
    assert verdict(shop.ask(asked["app_trans_id"])) == PROCESSING


def test_the_control_call_arms_the_next_shown_orders(shop: Shop, clock: FixedClock) -> None:
    body = json.dumps({"scenario": "order_paid_later", "seconds": 1.5})
    assert shop.raw("POST", "/sandbox/scenario", body)[0] == 200
    assert verdict(shop.pay(shop.payment())) == PAID  # a payment does not use it up
    first, second = shop.order(), shop.order()
    shop.create(first)
    shop.create(second)
    clock.now_ms += 1_500
    assert verdict(shop.ask(first["app_trans_id"])) == PAID
    assert verdict(shop.ask(second["app_trans_id"])) == PROCESSING
