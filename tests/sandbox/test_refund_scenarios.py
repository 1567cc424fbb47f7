"""Each refund scenario as a client meets it, and what is true in the end: to the dong."""

import http.client
import json
from random import Random

import pytest

from pos_app.sandbox.faults import describe_scenarios
from pos_app.sandbox.refund_faults import REFUND_SCENARIOS
from pos_app.sandbox.scenario import Scenario, Truth, Waits, Wire
from pos_app.sandbox.server import Sandbox
from tests.sandbox.shop import PAID, FixedClock, Members, Shop, said, verdict

PRICE = 50_000
START = 200_000_000
DONE, PROCESSING, FOR_APPROVAL = (1, 1), (3, 2), (3, -1)
LAG_MS = 60_000
"""After this each scenario has come to its end, or never will."""
SENT = {Wire.PLAIN, Wire.TWICE}


def truth(sandbox: Sandbox) -> tuple[list[object], int]:
    """The states of all refunds in the gateway's record, and what came back into the wallet."""
    (order,) = sandbox.orders()
    told = order["refunds"]
    assert isinstance(told, list)
    return [one["state"] for one in told], sandbox.customer.balance - (START - PRICE)


def paid_and_asked(shop: Shop, amount: int) -> tuple[Members, Members]:
    """A payment's answer, and a right request to give back `amount` of it."""
    paid = shop.pay(shop.payment(PRICE))
    assert verdict(paid) == PAID
    return paid, shop.refund_of(paid, amount)


def test_the_table_is_complete_and_its_amounts_are_no_ordinary_prices() -> None:
    rows = describe_scenarios("refunds")
    assert len(rows) == len(REFUND_SCENARIOS)
    amounts = [amount for amount, _, _ in rows if amount]
    assert len(set(amounts)) == len(amounts) == len(REFUND_SCENARIOS) - 1
    assert all(12_000 < amount < 13_000 and amount % 100 for amount in amounts)
    assert all(text.vi and text.en and text.vi != text.en for _, _, text in rows)


@pytest.mark.parametrize("scenario", REFUND_SCENARIOS.values(), ids=lambda scenario: scenario.name)
def test_it_ends_in_its_true_state(clock: FixedClock, scenario: Scenario) -> None:
    """Whatever came back first: asked for long enough, the gateway's record, the wallet and the query agree."""
    with Sandbox(tls=False, clock=clock) as sandbox, Shop(sandbox, timeout_s=0.2) as shop:
        amount = scenario.amount or 20_000
        _, asked = paid_and_asked(shop, amount)
        if scenario.wire in SENT:
            shop.refund(asked)
        else:
            send_and_lose(shop, asked)
        clock.now_ms += LAG_MS
        ends: dict[Truth, tuple[str, int, tuple[int, int]]] = {
            Truth.DONE: ("refunded", amount, DONE),
            Truth.FAILED: ("failed", 0, (2, scenario.code)),
            Truth.STUCK: ("processing", 0, (3, scenario.meanwhile or 2)),
            Truth.UNRECORDED: ("refused", 0, (2, -101)),
        }
        state, back, told = ends[scenario.truth]
        assert truth(sandbox) == ([state], back)
        answers = [said(shop.ask_refund(asked["m_refund_id"])) for _ in range(4)]
        untrue = {"refund_query_limit": [(2, -429)] * 3 + [DONE], "refund_done_then_failed": [DONE] + [(2, 0)] * 3}
        assert answers == untrue.get(scenario.name, [told] * 4)
        assert truth(sandbox) == ([state], back)
        if state in {"refunded", "failed"}:
            assert ended_ms(sandbox) == clock.now_ms - LAG_MS + waited_ms(scenario)


def ended_ms(sandbox: Sandbox) -> object:
    (order,) = sandbox.orders()
    told = order["refunds"]
    assert isinstance(told, list)
    return told[0]["ended_ms"]


def waited_ms(scenario: Scenario) -> int:
    return scenario.wait_ms if scenario.waits is Waits.TRUTH else 0


def send_and_lose(shop: Shop, asked: Members) -> None:
    """A request whose answer is of no use; the connection is not used again."""
    body, kind = json.dumps(asked), {"Content-Type": "application/json"}
    try:
        shop.connection.request("POST", "/v2/refund", body, kind)
        spoiled = shop.connection.getresponse()
        told = spoiled.read().decode("latin-1")
    except (OSError, http.client.HTTPException):
        pass
    else:
        assert spoiled.status != 200 or not plain(told), "it was to be spoiled"
    finally:
        shop.connection.close()


def plain(told: str) -> bool:
    try:
        answer = json.loads(told)
    except ValueError:
        return False
    return isinstance(answer, dict) and type(answer.get("return_code")) is int and told.count('"return_code"') == 1


@pytest.mark.parametrize(
    "scenario", [one for one in REFUND_SCENARIOS.values() if one.wait_ms and one.waits is Waits.TRUTH],
    ids=lambda scenario: scenario.name,
)  # fmt: skip
def test_it_is_in_processing_until_then(shop: Shop, clock: FixedClock, scenario: Scenario) -> None:
    _, asked = paid_and_asked(shop, scenario.amount)
    claimed = {0: (3, scenario.meanwhile or 2), 1: DONE}.get(scenario.claim, (2, scenario.claim))
    assert said(shop.refund(asked)) == claimed
    clock.now_ms += scenario.wait_ms - 1
    limited = scenario.name == "refund_query_limit"
    assert said(shop.ask_refund(asked["m_refund_id"])) == ((2, -429) if limited else (3, scenario.meanwhile or 2))
    assert truth(shop.sandbox) == (["processing"], 0)
    clock.now_ms += 1
    assert truth(shop.sandbox)[0] != ["processing"]


def test_success_may_only_mean_accepted(shop: Shop, clock: FixedClock) -> None:
    _, asked = paid_and_asked(shop, 12_052)
    answer = shop.refund(asked)
    assert (said(answer), answer["refund_id"] != 0) == (DONE, True)
    assert said(shop.ask_refund(asked["m_refund_id"])) == PROCESSING
    clock.now_ms += 3_000
    assert said(shop.ask_refund(asked["m_refund_id"])) == (2, 0)
    assert truth(shop.sandbox) == (["failed"], 0)


def test_an_approval_comes_or_not(shop: Shop, clock: FixedClock) -> None:
    paid, asked = paid_and_asked(shop, 12_053)
    other = shop.refund_of(paid, 12_054)
    assert said(shop.refund(asked)) == said(shop.refund(other)) == FOR_APPROVAL
    assert said(shop.ask_refund(asked["m_refund_id"])) == FOR_APPROVAL
    clock.now_ms += 5_000
    assert said(shop.ask_refund(asked["m_refund_id"])) == DONE
    assert said(shop.ask_refund(other["m_refund_id"])) == (2, -18)
    assert truth(shop.sandbox) == (["refunded", "failed"], 12_053)


@pytest.mark.parametrize(("name", "wait_ms"), [("refund_not_found_at_first", 5_000), ("refund_arrives_late", 8_000)])
def test_a_lagging_query_finds_it_after_a_while(clock: FixedClock, name: str, wait_ms: int) -> None:
    with Sandbox(tls=False, clock=clock) as sandbox, Shop(sandbox, timeout_s=0.2) as shop:
        _, asked = paid_and_asked(shop, REFUND_SCENARIOS[name].amount)
        send_and_lose(shop, asked) if name == "refund_arrives_late" else shop.refund(asked)
        clock.now_ms += wait_ms - 1
        assert said(shop.ask_refund(asked["m_refund_id"])) == (2, -101)
        clock.now_ms += 1
        assert said(shop.ask_refund(asked["m_refund_id"])) == DONE


def test_a_doubled_delivery_is_refunded_once(shop: Shop) -> None:
    _, asked = paid_and_asked(shop, 12_615)
    assert said(shop.refund(asked)) == (2, -23)
    assert truth(shop.sandbox) == (["refunded"], 12_615)
    (order,) = shop.sandbox.orders()
    told = order["refunds"]
    assert isinstance(told, list)
    assert told[0]["creates"] == 2


def test_a_request_that_never_arrived_can_be_sent_again(clock: FixedClock) -> None:
    with Sandbox(tls=False, clock=clock) as sandbox, Shop(sandbox, timeout_s=0.2) as shop:
        _, asked = paid_and_asked(shop, 20_000)
        sandbox.arm("refund_never_arrived")
        send_and_lose(shop, asked)
        assert said(shop.ask_refund(asked["m_refund_id"])) == (2, -101)
        assert said(shop.refund(asked)) == DONE
        assert truth(sandbox) == (["refunded"], 20_000)


def test_success_without_a_number(shop: Shop) -> None:
    paid, asked = paid_and_asked(shop, 12_703)
    answer = shop.refund(asked)
    assert (said(answer), "refund_id" in answer) == (DONE, False)
    answer = shop.refund(shop.refund_of(paid, 12_704))
    assert (said(answer), answer["refund_id"]) == (DONE, 0)


def test_a_code_may_stand_in_return_code(shop: Shop) -> None:
    _, asked = paid_and_asked(shop, 12_801)
    assert said(shop.refund(asked)) == (-402, -402)


def test_the_control_call_arms_the_next_refunds(shop: Shop, clock: FixedClock) -> None:
    def control(**asked: object) -> int:
        return shop.raw("POST", "/sandbox/scenario", json.dumps(asked))[0]

    assert control(scenario="refunded_later", seconds=1.5, times=2) == 200
    paid, first = paid_and_asked(shop, 20_000)  # a payment does not use it up
    second, third = shop.refund_of(paid, 20_000), shop.refund_of(paid, 10_000)
    assert said(shop.refund({**first, "mac": ""})) == (2, -402)  # nor does a wrong request
    assert said(shop.refund(first)) == said(shop.refund(second)) == PROCESSING
    assert said(shop.refund(third)) == DONE
    clock.now_ms += 1_499
    assert said(shop.ask_refund(first["m_refund_id"])) == PROCESSING
    clock.now_ms += 1
    assert said(shop.ask_refund(first["m_refund_id"])) == said(shop.ask_refund(second["m_refund_id"])) == DONE
    assert control(scenario="answer_http_503", on="query_refund") == 200
    question = json.dumps(shop.refund_question(first["m_refund_id"]))
    assert shop.raw("POST", "/v2/query_refund", question, Content_Type="application/json")[0] == 503
    assert said(shop.ask_refund(first["m_refund_id"])) == DONE
    for wrong in ({"scenario": "refund_stuck", "on": "query_refund"}, {"scenario": "refund_stuck", "on": "refund"}):
        assert control(**wrong) == 400


@pytest.mark.parametrize("seed", range(4))
def test_no_course_of_refunds_gives_back_more_than_was_paid(clock: FixedClock, seed: int) -> None:
    """Refunds of any scenario, size and order, with time going on between them."""
    chance = Random(seed)
    sendable = [one for one in REFUND_SCENARIOS.values() if one.wire in SENT]
    with Sandbox(tls=False, clock=clock, seed=seed) as sandbox, Shop(sandbox) as shop:
        paid = shop.pay(shop.payment(PRICE))
        for _ in range(60):
            sandbox.arm(chance.choice(sendable).name)
            shop.refund(shop.refund_of(paid, chance.choice([1_000, 5_000, 20_000, PRICE])))
            clock.now_ms += chance.choice([0, 500, 5_000])
            (order,) = sandbox.orders()
            told = order["refunds"]
            assert isinstance(told, list)
            back = sum(one["amount"] for one in told if one["state"] == "refunded")
            open_too = back + sum(one["amount"] for one in told if one["state"] == "processing")
            assert back == order["refunded"] == sandbox.customer.balance - (START - PRICE)
            assert open_too <= PRICE
