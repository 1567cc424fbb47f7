"""Each scenario as a client meets it: what the answers say, what the bytes do, and what is true in the end."""

import contextlib
import gzip
import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from pos_app.sandbox.faults import SCENARIOS, describe_scenarios
from pos_app.sandbox.order_faults import ORDER_SCENARIOS
from pos_app.sandbox.refund_faults import REFUND_SCENARIOS
from pos_app.sandbox.scenario import Scenario, Truth, Twist, Wire
from pos_app.sandbox.server import Sandbox
from tests.sandbox.shop import PAID, PROCESSING, FixedClock, Members, Shop, failed, verdict

DECLINES = [scenario for scenario in SCENARIOS.values() if scenario.truth is Truth.FAILED]
SPOILED = {
    "answer_http_500": 500, "answer_http_502": 502, "answer_http_503": 503, "answer_http_504": 504,
    "answer_redirect": 307, "answer_garbage": 200, "answer_html": 200, "answer_huge": 200, "answer_bomb": 200,
    "answer_wrong_types": 200, "answer_duplicate_keys": 200, "answer_not_a_number": 200, "answer_deep": 200,
    "answer_empty": 200,
}  # fmt: skip
UNSENT = ["answer_lost", "answer_reset", "answer_closed", "answer_cut", "answer_drip", "answer_late"]


def paid_in_truth(shop: Shop, payment: Members) -> bool:
    told = shop.ask(payment["app_trans_id"])
    return verdict(told) == PAID and told["amount"] == payment["amount"]


def read_all(line: socket.socket) -> None:
    while line.recv(65_536):
        pass


def raw_answer(shop: Shop, payment: Members) -> http.client.HTTPResponse:
    shop.connection.request("POST", "/v2/quick_pay", json.dumps(payment), {"Content-Type": "application/json"})
    return shop.connection.getresponse()


def test_the_table_is_complete_and_its_amounts_are_no_ordinary_prices() -> None:
    rows = describe_scenarios()
    assert len(rows) == len(SCENARIOS)
    amounts = [amount for amount, _, _ in rows if amount]
    assert len(set(amounts)) == len(amounts) == len(SCENARIOS) - 1
    assert all(10_000 < amount < 12_000 and amount % 100 for amount in amounts)
    assert all(text.vi and text.en and text.vi != text.en for _, _, text in rows)
    assert {scenario.wire for scenario in SCENARIOS.values()} == set(Wire)
    everywhere = [*SCENARIOS.values(), *REFUND_SCENARIOS.values(), *ORDER_SCENARIOS.values()]
    assert {scenario.twist for scenario in everywhere} == set(Twist)
    assert len({scenario.amount for scenario in everywhere}) == len(everywhere) - 2, "amounts choose one thing only"
    assert len({scenario.name for scenario in everywhere}) == len(everywhere), "a control call arms by name"


def test_the_lists_are_in_the_same_order_each_time() -> None:
    """So that tests drawn from them are the same in each process, whatever texts hash to."""
    program = "from pos_app.sandbox.faults import *; print([*SCENARIOS, *REFUND_SCENARIOS, *ORDER_SCENARIOS])"
    told = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1


@pytest.mark.parametrize(("amount", "wait_ms"), [(10_001, 3_000), (10_004, 30_000)])
def test_paid_after_a_while(shop: Shop, clock: FixedClock, amount: int, wait_ms: int) -> None:
    payment = shop.payment(amount)
    answer = shop.pay(payment)
    assert (verdict(answer), answer["zp_trans_id"]) == (PROCESSING, 0)
    clock.now_ms += wait_ms - 1
    told = shop.ask(payment["app_trans_id"])
    assert (verdict(told), told["amount"], told["zp_trans_id"]) == (PROCESSING, 0, 0)
    clock.now_ms += 1
    assert paid_in_truth(shop, payment)


def test_stuck_stays_in_processing(shop: Shop, clock: FixedClock) -> None:
    payment = shop.payment(10_003)
    assert verdict(shop.pay(payment)) == PROCESSING
    clock.now_ms += 47 * 3_600_000
    assert verdict(shop.ask(payment["app_trans_id"])) == PROCESSING


@pytest.mark.parametrize("scenario", DECLINES, ids=lambda scenario: scenario.name)
def test_each_decline(shop: Shop, clock: FixedClock, scenario: Scenario) -> None:
    payment = shop.payment(scenario.amount)
    answer = shop.pay(payment)
    if scenario.wait_ms:
        assert verdict(answer) == PROCESSING
        clock.now_ms += scenario.wait_ms
        answer = shop.ask(payment["app_trans_id"])
    assert verdict(answer) == failed(scenario.code)
    assert verdict(shop.ask(payment["app_trans_id"])) == failed(scenario.code)
    assert shop.sandbox.customer.balance == 200_000_000


def test_a_decline_has_the_amount_ten_thousand_plus_its_code() -> None:
    documented = {-63: 10_063, -290: 10_290, -292: 10_292, -296: 10_296, -322: 10_322, -329: 10_329, -1330: 11_330}
    by_code = {scenario.code: scenario.amount for scenario in DECLINES}
    assert documented.items() <= by_code.items()


@pytest.mark.parametrize("code", [-401, -402, -403, -405, 406, -429, -999])
def test_a_refused_request_leaves_no_order(shop: Shop, code: int) -> None:
    payment = shop.payment(10_000 + abs(code))
    assert verdict(shop.pay(payment)) == failed(code)
    assert verdict(shop.ask(payment["app_trans_id"])) == failed(-101)
    assert [order["state"] for order in shop.sandbox.orders()] == ["refused"]


@pytest.mark.parametrize(("amount", "code"), [(10_801, -402), (10_802, -999)])
def test_a_code_may_stand_in_return_code(shop: Shop, amount: int, code: int) -> None:
    payment = shop.payment(amount)
    assert verdict(shop.pay(payment)) == (code, code, False)
    assert verdict(shop.ask(payment["app_trans_id"])) == failed(-101)


@pytest.mark.parametrize(
    ("amount", "claim", "wait_ms"), [(10_706, -217, 3_000), (10_505, -500, 2_000), (10_068, -68, 0)]
)
def test_a_claimed_failure_that_is_paid(shop: Shop, clock: FixedClock, amount: int, claim: int, wait_ms: int) -> None:
    payment = shop.payment(amount)
    assert verdict(shop.pay(payment)) == failed(claim)
    if wait_ms:
        assert verdict(shop.ask(payment["app_trans_id"])) == PROCESSING
    clock.now_ms += wait_ms
    assert paid_in_truth(shop, payment)


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_answer_hides_a_payment(shop: Shop, name: str) -> None:
    payment = shop.payment(SCENARIOS[name].amount)
    answer = raw_answer(shop, payment)
    body = answer.read()
    assert answer.status == SPOILED[name]
    text = body.decode("latin-1")
    signs: dict[str, Callable[[], bool]] = {
        "answer_redirect": lambda: (answer.headers["Location"] or "").startswith("https://gateway.invalid/"),
        "answer_garbage": lambda: body == bytes(range(256)),
        "answer_html": lambda: "<h1>" in text,
        "answer_huge": lambda: len(body) > 8_000_000,
        "answer_bomb": lambda: len(body) < 64_000 and len(gzip.decompress(body)) > 8_000_000,
        "answer_wrong_types": lambda: isinstance(json.loads(body)["return_code"], str),
        "answer_duplicate_keys": lambda: text.count('"return_code"') == 2,
        "answer_not_a_number": lambda: "NaN" in text,
        "answer_deep": lambda: text.count("[") == 10_000,
        "answer_empty": lambda: not body,
    }
    seen = signs.get(name, lambda: "return_code" not in text)
    assert seen()
    assert paid_in_truth(shop, payment)


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("name", UNSENT)
def test_an_answer_that_does_not_come_whole(name: str, tls: bool) -> None:
    with Sandbox(tls=tls) as sandbox, Shop(sandbox, timeout_s=0.4) as shop:
        payment = shop.payment(SCENARIOS[name].amount)
        with pytest.raises((OSError, http.client.HTTPException)) as trouble:
            raw_answer(shop, payment).read()
        expected: dict[str, type[Exception]] = {
            "answer_lost": TimeoutError, "answer_drip": TimeoutError, "answer_late": TimeoutError,
            "answer_reset": ConnectionResetError, "answer_cut": http.client.IncompleteRead,
            "answer_closed": http.client.RemoteDisconnected,
        }  # fmt: skip
        # Python's ssl module tells a reset as an end of file
        told_otherwise = tls and name == "answer_reset" and trouble.type is http.client.RemoteDisconnected
        assert trouble.type is expected[name] or told_otherwise
        shop.connection.close()
        assert paid_in_truth(shop, payment)
        (order,) = sandbox.orders()
        assert (order["creates"], order["code_presented"]) == (1, 1)


def test_a_reset_is_a_reset_under_tls_too() -> None:
    with Sandbox() as sandbox, Shop(sandbox) as shop:
        body = json.dumps(shop.payment(10_603)).encode()
        head = b"POST /v2/quick_pay HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        coming, going = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = ssl.create_default_context(cadata=sandbox.ca_pem).wrap_bio(coming, going, server_hostname="127.0.0.1")
        with socket.create_connection(("127.0.0.1", int(sandbox.url.rsplit(":", 1)[1])), timeout=60) as line:
            while tls.version() is None or going.pending:
                with contextlib.suppress(ssl.SSLWantReadError):
                    tls.do_handshake()
                line.sendall(going.read())
                if tls.version() is None:
                    coming.write(line.recv(65_536))
            tls.write(head % len(body) + body)
            line.sendall(going.read())
            with pytest.raises(ConnectionResetError):
                read_all(line)
        shop.connection.close()


def test_a_late_answer_is_the_right_answer(shop: Shop) -> None:
    shop.sandbox.arm("answer_late", seconds=0.3)
    start = time.monotonic()
    assert verdict(shop.pay(shop.payment())) == PAID
    assert time.monotonic() - start >= 0.3


def test_a_drip_comes_byte_by_byte_and_whole(shop: Shop) -> None:
    shop.sandbox.arm("answer_drip", seconds=0.001)
    assert verdict(shop.pay(shop.payment())) == PAID


def test_two_bytes_of_a_drip_are_a_second_apart() -> None:
    with Sandbox(tls=False) as sandbox, Shop(sandbox, timeout_s=60) as shop:
        body = json.dumps(shop.payment(10_605))
        shop.connection.connect()
        line = shop.connection.sock
        assert isinstance(line, socket.socket)
        head = (
            f"POST /v2/quick_pay HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        )
        line.sendall(f"{head}\r\n\r\n{body}".encode())
        assert line.recv(1) == b"H"
        start = time.monotonic()
        assert line.recv(100) == b"T"
        assert time.monotonic() - start > 0.8


def test_a_doubled_delivery_is_paid_once(shop: Shop) -> None:
    payment = shop.payment(10_615)
    assert verdict(shop.pay(payment)) == failed(-68)
    assert paid_in_truth(shop, payment)
    assert shop.sandbox.customer.balance == 200_000_000 - 10_615
    assert [order["creates"] for order in shop.sandbox.orders()] == [2]


def test_a_request_that_never_arrived_and_one_that_comes_late(clock: FixedClock) -> None:
    with Sandbox(tls=False, clock=clock) as sandbox, Shop(sandbox, timeout_s=0.3) as shop:
        for amount in (10_616, 10_617):
            payment = shop.payment(amount)
            with pytest.raises(TimeoutError):
                raw_answer(shop, payment)
            shop.connection.close()
            assert verdict(shop.ask(payment["app_trans_id"])) == failed(-101)
            clock.now_ms += 8_000
            assert paid_in_truth(shop, payment) is (amount == 10_617)


def test_a_lagging_query_finds_it_after_five_seconds(shop: Shop, clock: FixedClock) -> None:
    payment = shop.payment(10_101)
    assert verdict(shop.pay(payment)) == PAID
    assert verdict(shop.ask(payment["app_trans_id"])) == failed(-101)
    clock.now_ms += 5_000
    assert paid_in_truth(shop, payment)


def test_the_query_lies(shop: Shop) -> None:
    def both(amount: int) -> tuple[Members, Members]:
        payment = shop.payment(amount)
        answer = shop.pay(payment)
        assert verdict(answer) == PAID
        assert not {"amount", "app_id", "app_trans_id"} & set(answer)  # the first answer names none of them
        return answer, shop.ask(payment["app_trans_id"])

    _, told = both(10_701)
    assert (verdict(told), told["amount"]) == (PAID, 9_701)
    answer, told = both(10_702)
    assert verdict(told) == PAID
    assert told["zp_trans_id"] not in {answer["zp_trans_id"], 0}
    _, told = both(10_707)
    assert str(told["app_trans_id"]).endswith("X")
    assert told["app_id"] == 2553
    _, told = both(10_708)
    assert told["app_id"] == 2554


def test_success_without_a_number(shop: Shop) -> None:
    for amount, number in ((10_703, None), (10_704, 0)):
        payment = shop.payment(amount)
        answer = shop.pay(payment)
        assert (verdict(answer), answer.get("zp_trans_id")) == (PAID, number)
        assert shop.ask(payment["app_trans_id"])["zp_trans_id"]


@pytest.mark.parametrize(("amount", "contradiction"), [(10_709, (1, 3, True)), (10_712, (2, -217, True))])
def test_answers_that_contradict_themselves(
    shop: Shop, clock: FixedClock, amount: int, contradiction: tuple[int, int, bool]
) -> None:
    payment = shop.payment(amount)
    assert verdict(shop.pay(payment)) == contradiction
    assert verdict(shop.ask(payment["app_trans_id"])) == contradiction
    clock.now_ms += 3_000
    assert paid_in_truth(shop, payment)


def test_three_queries_hit_the_limit(shop: Shop, clock: FixedClock) -> None:
    payment = shop.payment(10_711)
    assert verdict(shop.pay(payment)) == PROCESSING
    clock.now_ms += 1_000
    assert [verdict(shop.ask(payment["app_trans_id"])) for _ in range(4)] == [failed(-429)] * 3 + [PAID]


def test_paid_and_then_failed(shop: Shop) -> None:
    payment = shop.payment(10_713)
    shop.pay(payment)
    assert verdict(shop.ask(payment["app_trans_id"])) == PAID
    assert verdict(shop.ask(payment["app_trans_id"])) == failed(-59)


def test_the_control_call_arms_the_next_orders(shop: Shop, clock: FixedClock) -> None:
    def control(**asked: object) -> int:
        return shop.raw("POST", "/sandbox/scenario", json.dumps(asked))[0]

    assert control(scenario="paid_later", seconds=1.5, times=2) == 200
    for _ in range(2):
        payment = shop.payment()
        assert verdict(shop.pay(payment)) == PROCESSING
        clock.now_ms += 1_499
        assert verdict(shop.ask(payment["app_trans_id"])) == PROCESSING
        clock.now_ms += 1
        assert paid_in_truth(shop, payment)
    assert verdict(shop.pay(shop.payment())) == PAID
    assert control(scenario="balance_too_low", seconds=0) == 200
    assert verdict(shop.pay(shop.payment(app_user=""))) == failed(-57)  # a wrong request does not use it up
    declined = shop.payment()
    assert verdict(shop.pay(declined)) == failed(-63)
    assert shop.raw("POST", "/sandbox/pay_later", json.dumps({"app_trans_id": declined["app_trans_id"]}))[0] == 200
    assert paid_in_truth(shop, declined)
    for wrong in ({"scenario": "?"}, {}, {"scenario": "paid", "times": 0}, {"scenario": "paid", "seconds": "x"},
                  {"scenario": "paid", "seconds": float("inf")}, {"scenario": "paid", "on": "query"}):  # fmt: skip
        assert control(**wrong) == 400
    assert shop.raw("POST", "/sandbox/scenario", "[" * 60_000)[0] == 400
    assert shop.raw("POST", "/sandbox/pay_later", "{}")[0] == 404


def test_a_querys_answer_can_be_spoiled_too(shop: Shop) -> None:
    payment = shop.payment()
    shop.pay(payment)
    shop.sandbox.arm("answer_http_503", on="query", times=2)
    for _ in range(2):
        assert shop.raw("POST", "/v2/query", json.dumps(shop.question(str(payment["app_trans_id"]))))[0] == 503
    assert paid_in_truth(shop, payment)
