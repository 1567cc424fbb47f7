"""The built-in gateway as v1: its names and its one code, v2's rules, and the same books."""

import json
from urllib.parse import urlencode

import pytest

from tests.sandbox.shop import FixedClock, Members, Shop, encrypt, sign, verdict
from tests.sandbox.test_order_rules import VECTORS, control

MINUTE_MS = 60_000
SIGNED = ("appid", "apptransid", "appuser", "amount", "apptime", "embeddata", "item")
PAY, CREATE, STATUS = "submitqrcodepay", "createorder", "getstatusbyapptransid"
REFUND, REFUND_STATUS = "partialrefund", "getpartialrefundstatus"


def post(shop: Shop, call: str, members: Members) -> Members:
    return shop.post(f"/v001/tpe/{call}", members, form=True)


def code(answer: Members) -> object:
    assert not any("_" in name for name in answer), "v1's names have no underscore"
    return answer["returncode"]


def order(shop: Shop, amount: object = 69_000, **other: object) -> Members:
    """A right request for an order to show; `other` members are signed as they stand."""
    members: Members = {
        "appid": shop.sandbox.app_id, "apptransid": shop.new_id(), "appuser": "quay-01", "amount": amount,
        "apptime": shop.clock.wall_ms(), "embeddata": "{}", "item": "[]", "description": "Hai tô phở",
        "bankcode": "zalopayapp", **other,
    }  # fmt: skip
    return {**members, "mac": sign(shop.sandbox.key1, *(members[name] for name in SIGNED))}


def payment(shop: Shop, amount: object = 69_000, **other: object) -> Members:
    """A right request to charge a code of the demo wallet."""
    members, raw = order(shop, amount, **other), shop.sandbox.customer.fresh_code()
    del members["bankcode"]
    mac = sign(shop.sandbox.key1, *(members[name] for name in SIGNED), raw)
    return {**members, "paymentcode": encrypt(shop.sandbox.public_key, raw), "mac": mac}


def question(shop: Shop, app_trans_id: object) -> Members:
    app_id, key = shop.sandbox.app_id, shop.sandbox.key1
    return {"appid": app_id, "apptransid": app_trans_id, "mac": sign(key, app_id, app_trans_id, key)}


def ask(shop: Shop, asked: Members) -> Members:
    return post(shop, STATUS, question(shop, asked["apptransid"]))


def refund_of(shop: Shop, paid: Members, amount: int, **other: object) -> Members:
    members: Members = {
        "appid": shop.sandbox.app_id, "mrefundid": shop.new_refund_id(), "zptransid": paid["zptransid"],
        "amount": amount, "timestamp": shop.clock.wall_ms(), "description": "Khách trả lại hàng", **other,
    }  # fmt: skip
    signed = ("appid", "zptransid", "amount", "description", "timestamp")
    return {**members, "mac": sign(shop.sandbox.key1, *(members[name] for name in signed))}


def ask_refund(shop: Shop, m_refund_id: object) -> Members:
    members: Members = {"appid": shop.sandbox.app_id, "mrefundid": m_refund_id, "timestamp": shop.clock.wall_ms()}
    return post(shop, REFUND_STATUS, {**members, "mac": sign(shop.sandbox.key1, *members.values())})


# Names and signatures


def test_paid_has_v1s_names(shop: Shop) -> None:
    asked = payment(shop)
    told = post(shop, PAY, asked)
    assert set(told) == {"returncode", "returnmessage", "isprocessing", "zptransid"}
    assert (code(told), told["isprocessing"]) == (1, False)
    status = ask(shop, asked)
    assert set(status) == set(told) | {"amount", "discountamount", "servertime"}
    assert (code(status), status["amount"], status["zptransid"]) == (1, 69_000, told["zptransid"])


def test_created_has_a_link_and_no_qr(shop: Shop) -> None:
    told = post(shop, CREATE, order(shop))
    assert set(told) == {"returncode", "returnmessage", "orderurl", "zptranstoken"}
    assert code(told) == 1
    assert shop.sandbox.gateway.open_order(str(told["orderurl"]))


def test_the_published_order_is_signed_as_it_wants() -> None:
    vector = next(vector for vector in VECTORS["hmac"] if vector["id"] == "v1-createorder-1")
    names = [str(vector["fields"][name]) for name in SIGNED]
    assert sign(VECTORS["sandbox_credentials"]["553"]["key1"], *names) == vector["expected"]


@pytest.mark.parametrize(
    ("call", "name"),
    [*((PAY, name) for name in (*SIGNED, "mac", "paymentcode")), *((CREATE, name) for name in (*SIGNED, "mac"))],
)
def test_a_member_that_is_missing_or_has_v2s_name_is_none(shop: Shop, call: str, name: str) -> None:
    asked = payment(shop) if call == PAY else order(shop)
    left_out = {member: value for member, value in asked.items() if member != name}
    v2 = {"appid": "app_id", "apptransid": "app_trans_id", "appuser": "app_user", "apptime": "app_time",
          "embeddata": "embed_data", "paymentcode": "payment_code"}.get(name, f"{name}_")  # fmt: skip
    assert code(post(shop, call, left_out)) == code(post(shop, call, {**left_out, v2: asked[name]})) == -401
    assert shop.sandbox.orders() == []


@pytest.mark.parametrize("call", [PAY, CREATE, STATUS, REFUND, REFUND_STATUS])
def test_a_wrong_signature_or_app_and_json_are_refused(shop: Shop, call: str) -> None:
    paid = payment(shop)
    told = post(shop, PAY, paid)
    right = {
        PAY: payment(shop), CREATE: order(shop), STATUS: question(shop, paid["apptransid"]),
        REFUND: refund_of(shop, told, 1_000),
        REFUND_STATUS: {"appid": 2553, "mrefundid": "260628_2553_1", "timestamp": shop.clock.wall_ms(), "mac": "x"},
    }[call]  # fmt: skip
    assert code(post(shop, call, {**right, "mac": "0" * 64})) == -402
    assert code(post(shop, call, {**right, "appid": 2554})) == -402
    status, answer = shop.raw("POST", f"/v001/tpe/{call}", json.dumps(right), Content_Type="application/json")
    assert (status, json.loads(answer)["returncode"]) == (200, -401), "it takes forms only"
    assert len(shop.sandbox.orders()) == 1
    assert shop.raw("GET", f"/v001/tpe/{call}")[0] == 405


@pytest.mark.parametrize("call", [PAY, CREATE])
@pytest.mark.parametrize(
    ("off_ms", "expected"),
    [(-15 * MINUTE_MS, 1), (15 * MINUTE_MS, 1), (-15 * MINUTE_MS - 1, -54), (15 * MINUTE_MS + 1, -4)],
)
def test_the_clock_may_be_fifteen_minutes_off(shop: Shop, call: str, off_ms: int, expected: int) -> None:
    make = payment if call == PAY else order
    assert code(post(shop, call, make(shop, apptime=shop.clock.wall_ms() + off_ms))) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [("amount", 0, -5), ("appuser", "", -57), ("item", "{}", -52), ("apptransid", "261122_1", -92),
     ("apptime", "soon", -401), ("amount", "69000.0", -401), ("embeddata", "[]", -401)],
)  # fmt: skip
def test_each_value_has_its_code(shop: Shop, name: str, value: object, expected: int) -> None:
    assert code(post(shop, CREATE, order(shop, **{name: value}))) == expected


# One code


def test_what_is_in_processing_is_a_positive_code(shop: Shop) -> None:
    asked = payment(shop, 10_002)
    told = post(shop, PAY, asked)
    assert (code(told), told["isprocessing"]) == (10, True)
    assert (code(ask(shop, asked)), ask(shop, asked)["amount"]) == (10, 0)
    assert shop.sandbox.customer.decline(str(asked["apptransid"]))
    told = ask(shop, asked)
    assert (code(told), told["isprocessing"]) == (-329, False)


def test_a_failure_is_its_own_number(shop: Shop, clock: FixedClock) -> None:
    asked = payment(shop, 10_217)
    assert code(post(shop, PAY, asked)) == 10
    clock.now_ms += 1_000
    assert code(ask(shop, asked)) == -217
    assert code(post(shop, PAY, payment(shop, 10_406))) == 406


def test_no_information_is_49(shop: Shop, clock: FixedClock) -> None:
    """An order that nobody knows, one that nobody has paid yet, one that is too old."""
    assert code(post(shop, STATUS, question(shop, "260628_nobody"))) == -49
    asked = order(shop)
    post(shop, CREATE, asked)
    told = ask(shop, asked)
    assert (code(told), told["isprocessing"], told["amount"]) == (-49, False, 0)
    assert control(shop, "pay-order", app_trans_id=asked["apptransid"]) == 200
    assert (code(ask(shop, asked)), ask(shop, asked)["amount"]) == (1, 69_000)
    clock.now_ms += 48 * 60 * MINUTE_MS + 1
    assert code(ask(shop, asked)) == -49


def test_an_order_lives_a_quarter_of_an_hour_whatever_is_asked_for(shop: Shop, clock: FixedClock) -> None:
    asked = order(shop, expiredurationseconds=3_000)
    assert code(post(shop, CREATE, asked)) == 1
    clock.now_ms += 15 * MINUTE_MS - 1
    assert code(ask(shop, asked)) == -49
    clock.now_ms += 1
    assert code(ask(shop, asked)) == -54
    assert control(shop, "pay-order", app_trans_id=asked["apptransid"]) == 404


# The same books


def test_both_versions_speak_of_the_same_orders(shop: Shop) -> None:
    asked = payment(shop)
    assert code(post(shop, PAY, asked)) == 1
    assert verdict(shop.ask(asked["apptransid"])) == (1, 1, False)
    assert verdict(shop.pay(shop.payment(app_trans_id=asked["apptransid"])))[:2] == (2, -68)
    waiting = shop.order()
    shop.create(waiting)
    assert code(post(shop, STATUS, question(shop, waiting["app_trans_id"]))) == -49
    assert code(post(shop, CREATE, order(shop, apptransid=waiting["app_trans_id"]))) == -68


def test_money_back_in_parts(shop: Shop) -> None:
    asked = payment(shop, 50_000)
    paid = post(shop, PAY, asked)
    part = refund_of(shop, paid, 20_000)
    told = post(shop, REFUND, part)
    assert set(told) == {"returncode", "returnmessage", "refundid"}
    assert code(told) == 1
    assert code(ask_refund(shop, part["mrefundid"])) == 1
    assert code(post(shop, REFUND, part)) == -23
    assert code(post(shop, REFUND, refund_of(shop, paid, 30_001))) == -14
    assert code(post(shop, REFUND, refund_of(shop, paid, 30_000))) == 1
    assert shop.sandbox.orders()[0]["refunded"] == 50_000


def test_a_refund_in_processing_and_one_that_nobody_knows(shop: Shop, clock: FixedClock) -> None:
    """Its own -101 means "refunded" in v1's list: what is not there is never told so."""
    paid = post(shop, PAY, payment(shop, 50_000))
    assert code(ask_refund(shop, "260628_2553_1")) == -21
    assert code(post(shop, REFUND, refund_of(shop, {"zptransid": "260628000000001"}, 1_000))) == -21
    later = refund_of(shop, paid, 12_001)
    assert code(post(shop, REFUND, later)) == 2
    assert code(ask_refund(shop, later["mrefundid"])) == 2
    clock.now_ms += 3_000
    assert code(ask_refund(shop, later["mrefundid"])) == 1


# Scenarios


@pytest.mark.parametrize(
    ("scenario", "first", "then"),
    [
        ("failed_then_paid", -217, 1), ("duplicate_claimed", -68, 1), ("system_error", -500, 1),
        ("code_as_return_code", -402, -49), ("too_many_requests", -429, -49), ("answer_twice", -68, 1),
        ("not_found_at_first", 1, 1), ("query_limit", 10, -429), ("undocumented_code", -1777, -1777),
    ],
)  # fmt: skip
def test_scenarios_befall_v1_too(shop: Shop, clock: FixedClock, scenario: str, first: int, then: int) -> None:
    shop.sandbox.arm(scenario)
    asked = payment(shop)
    assert code(post(shop, PAY, asked)) == first
    clock.now_ms += 6_000
    assert code(ask(shop, asked)) == then


def test_contradictions_are_told_in_v1s_words(shop: Shop) -> None:
    for scenario, told in (("paid_yet_processing", (1, True)), ("failed_yet_processing", (-217, True))):
        shop.sandbox.arm(scenario)
        asked = payment(shop)
        answer = post(shop, PAY, asked)
        assert (code(answer), answer["isprocessing"]) == told
    shop.sandbox.arm("other_app_trans_id")
    asked = payment(shop)
    post(shop, PAY, asked)
    assert ask(shop, asked)["apptransid"] != asked["apptransid"]


@pytest.mark.parametrize(
    ("scenario", "spoiled"),
    [
        ("answer_wrong_types", b'"returncode": "1"'),
        ("answer_duplicate_keys", b'"returncode": -217, "returncode": 1'),
        ("answer_not_a_number", b"NaN"),
        ("answer_http_502", b"<h1>Error</h1>"),
    ],
)
def test_spoiled_answers_are_spoiled_in_v1s_names(shop: Shop, scenario: str, spoiled: bytes) -> None:
    shop.sandbox.arm(scenario)
    form = urlencode(payment(shop))
    status, body = shop.raw("POST", f"/v001/tpe/{PAY}", form, Content_Type="application/x-www-form-urlencoded")
    assert status == (502 if scenario.endswith("502") else 200)
    assert spoiled in body
    assert shop.sandbox.orders()[0]["paid"] == 69_000
