"""Every check of a refund and of a question about one, over real HTTP, signed from the documented formulas."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from pos_app.sandbox.server import Sandbox
from tests.sandbox.shop import FixedClock, Members, Shop, said, sign

VECTORS = json.loads((Path(__file__).parent.parent / "data" / "zalopay-vectors.json").read_text("utf-8"))
MINUTE_MS = 60_000
START = 200_000_000
DONE = (1, 1)


@pytest.fixture
def paid(shop: Shop) -> Members:
    """The answer to a payment of 50.000 dong."""
    return shop.pay(shop.payment(50_000))


def balance(shop: Shop) -> int:
    return shop.sandbox.customer.balance


def refunds(shop: Shop) -> list[Members]:
    """The gateway's own record of the first order."""
    (order,) = json.loads(shop.raw("GET", "/sandbox/orders")[1])["orders"]
    told: list[Members] = order["refunds"]
    return told


@pytest.mark.parametrize("form", [False, True], ids=["json", "form"])
@pytest.mark.parametrize("fee", [{}, {"refund_fee_amount": 1_000}, {"refund_fee_amount": 0}], ids=["", "fee", "no fee"])
def test_a_part_comes_back(shop: Shop, paid: Members, form: bool, fee: Members) -> None:
    asked = shop.refund_of(paid, 20_000, **fee)
    answer = shop.refund(asked, form=form)
    assert said(answer) == DONE
    assert isinstance(answer["refund_id"], int)
    assert set(answer) == {"return_code", "return_message", "sub_return_code", "sub_return_message", "refund_id"}
    told = shop.post("/v2/query_refund", shop.refund_question(asked["m_refund_id"]), form=form)
    assert said(told) == DONE
    assert set(told) == set(answer) - {"refund_id"}
    kept = int(str(fee.get("refund_fee_amount", 0)))
    assert balance(shop) == START - 50_000 + 20_000 - kept
    (record,) = refunds(shop)
    assert (record["amount"], record["fee"], record["state"]) == (20_000, kept, "refunded")
    assert (record["m_refund_id"], record["refund_id"]) == (asked["m_refund_id"], answer["refund_id"])
    assert [order["refunded"] for order in shop.sandbox.orders()] == [20_000]


def test_parts_add_up_to_what_was_paid_and_no_more(shop: Shop, paid: Members) -> None:
    assert said(shop.refund(shop.refund_of(paid, 50_001))) == (2, -14)
    assert said(shop.refund(shop.refund_of(paid, 30_000))) == DONE
    assert said(shop.refund(shop.refund_of(paid, 20_001))) == (2, -14)
    shop.sandbox.arm("refund_stuck")
    assert said(shop.refund(shop.refund_of(paid, 15_000))) == (3, 2)
    assert said(shop.refund(shop.refund_of(paid, 5_001))) == (2, -14)  # what is in processing counts
    shop.sandbox.arm("refund_over_time")
    assert said(shop.refund(shop.refund_of(paid, 5_000))) == (2, -31)  # what failed does not
    assert said(shop.refund(shop.refund_of(paid, 5_000))) == DONE
    assert balance(shop) == START - 15_000
    assert [(one["amount"], one["state"]) for one in refunds(shop)] == [
        (50_001, "failed"), (30_000, "refunded"), (20_001, "failed"), (15_000, "processing"), (5_001, "failed"),
        (5_000, "failed"), (5_000, "refunded"),
    ]  # fmt: skip


def test_many_refunds_at_once_give_back_no_more_than_was_paid(sandbox: Sandbox, shop: Shop, paid: Members) -> None:
    def refund(number: int) -> object:
        with Shop(sandbox) as another:
            asked = another.refund_of(paid, 10_000, m_refund_id=f"{shop.new_id()[:6]}_2553_{number}")
            return said(another.refund(asked))

    with ThreadPoolExecutor(8) as tills:
        answers = list(tills.map(refund, range(16)))
    assert sorted(answers, key=str) == [DONE] * 5 + [(2, -11)] * 11
    assert balance(shop) == START


def test_what_is_wholly_refunded_is_refunded(shop: Shop, paid: Members) -> None:
    assert said(shop.refund(shop.refund_of(paid, 50_000))) == DONE
    assert said(shop.refund(shop.refund_of(paid, 1))) == (2, -11)
    assert balance(shop) == START


def test_the_published_signatures_are_the_ones_it_wants() -> None:
    """The vectors' own signatures, presented to the gateway at the vectors' own time."""
    by_id = {vector["id"]: vector for vector in VECTORS["hmac"]}
    for name, path in (("refund-1", "refund"), ("refund-2-fee", "refund"), ("query-refund-1", "query_refund")):
        vector = by_id[f"c-v2-{name}"]
        members = {**vector["fields"], "mac": vector["expected"]}
        with Sandbox(tls=False, clock=FixedClock(members["timestamp"])) as sandbox, Shop(sandbox) as shop:
            assert said(shop.post(f"/v2/{path}", members)) == (2, -101)  # right, and of a payment unknown here
            assert said(shop.post(f"/v2/{path}", {**members, "timestamp": members["timestamp"] + 1})) == (2, -402)


def test_a_fee_is_signed_where_it_stands(shop: Shop, paid: Members) -> None:
    with_fee, without = shop.refund_of(paid, 20_000, refund_fee_amount=0), shop.refund_of(paid, 20_000)
    assert said(shop.refund({**without, "refund_fee_amount": 0})) == (2, -402)
    assert said(shop.refund({name: with_fee[name] for name in with_fee if name != "refund_fee_amount"})) == (2, -402)
    names = ("app_id", "zp_trans_id", "refund_fee_amount", "amount", "description", "timestamp")
    swapped = shop.refund_of(paid, 20_000, refund_fee_amount=500)
    swapped["mac"] = sign(shop.sandbox.key1, *(swapped[name] for name in names))
    assert said(shop.refund(swapped)) == (2, -402)


@pytest.mark.parametrize(
    "name", ["app_id", "m_refund_id", "zp_trans_id", "amount", "timestamp", "description", "mac"]
)  # fmt: skip
def test_a_missing_member_is_refused(shop: Shop, paid: Members, name: str) -> None:
    asked = shop.refund_of(paid, 20_000)
    del asked[name]
    assert said(shop.refund(asked)) == said(shop.refund(asked, form=True)) == (2, -401)
    assert refunds(shop) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", "20000"), ("amount", 20_000.0), ("amount", True), ("timestamp", "now"), ("app_id", "2553"),
        ("m_refund_id", 1), ("zp_trans_id", 1.5), ("zp_trans_id", True), ("zp_trans_id", "1" * 16),
        ("refund_fee_amount", "0"), ("description", None), ("description", "x" * 101), ("mac", 1),
    ],
)  # fmt: skip
def test_a_member_of_a_wrong_type_or_length_is_refused(shop: Shop, paid: Members, name: str, value: object) -> None:
    assert said(shop.refund({**shop.refund_of(paid, 20_000), name: value})) == (2, -401)


def test_another_app_or_key_or_an_altered_request_is_refused(shop: Shop, paid: Members) -> None:
    assert said(shop.refund(shop.refund_of(paid, 20_000, app_id=2554))) == (2, -402)
    asked = shop.refund_of(paid, 20_000)
    signed = [asked[name] for name in ("app_id", "zp_trans_id", "amount", "description", "timestamp")]
    assert asked["mac"] == sign(shop.sandbox.key1, *signed)
    assert said(shop.refund({**asked, "mac": sign(shop.sandbox.key2, *signed)})) == (2, -402)
    for name, value in (("amount", 1), ("description", "x"), ("zp_trans_id", "1"), ("timestamp", 1)):
        assert said(shop.refund({**asked, name: value})) == (2, -402)
    assert said(shop.refund({**asked, "mac": str(asked["mac"]).upper()})) == (2, -402)
    assert refunds(shop) == []
    assert said(shop.refund(asked)) == DONE


@pytest.mark.parametrize(
    ("m_refund_id", "code"),
    [
        ("", -24), ("{day}", -24), ("{day}_2553", -24), ("{day}_2553_", -24), ("{day}-2553-0000000001", -24),
        ("{day}_2553_é", -24), ("{day}_2553_1\n", -24), ("{day}_2553_" + "0" * 33, 1), ("{day}_2553_" + "0" * 34, -24),
        ("261122_2553_0000000001", -25), ("2026{day}_2553_1", -24), ("{day}_2554_0000000001", -26),
    ],
)  # fmt: skip
def test_a_refund_id_has_day_and_app(shop: Shop, paid: Members, m_refund_id: str, code: int) -> None:
    named = m_refund_id.replace("{day}", shop.new_id()[:6])
    answer = shop.refund(shop.refund_of(paid, 20_000, m_refund_id=named))
    assert said(answer) == (DONE if code == 1 else (2, code))
    assert said(shop.ask_refund(named)) == (DONE if code == 1 else (2, -101))


def test_the_refund_id_begins_with_vietnams_day() -> None:
    for case in VECTORS["app_trans_id"]["gmt7_cases"]:
        now_ms = int(datetime.fromisoformat(case["utc"]).timestamp()) * 1000
        with Sandbox(tls=False, clock=FixedClock(now_ms)) as sandbox, Shop(sandbox) as shop:
            paid = shop.pay(shop.payment(50_000))
            other = {"251122": "251121", "251121": "251122"}[case["prefix"]]
            for day, verdict in ((other, (2, -25)), (case["prefix"], DONE)):
                asked = shop.refund_of(paid, 1_000, m_refund_id=f"{day}_2553_1")
                assert said(shop.refund(asked)) == verdict


@pytest.mark.parametrize(
    ("off_ms", "right"),
    [(-15 * MINUTE_MS, True), (15 * MINUTE_MS, True), (-15 * MINUTE_MS - 1, False), (15 * MINUTE_MS + 1, False)],
)
def test_the_clock_may_be_fifteen_minutes_off(shop: Shop, paid: Members, off_ms: int, right: bool) -> None:
    then = shop.clock.wall_ms() + off_ms
    asked = shop.refund_of(paid, 20_000, timestamp=then)
    assert said(shop.refund(asked)) == (DONE if right else (2, -13))
    assert said(shop.ask_refund(asked["m_refund_id"])) == (DONE if right else (2, -101))
    late = shop.refund_question(asked["m_refund_id"], timestamp=then)
    assert said(shop.post("/v2/query_refund", late)) == (DONE if right else (2, -13))


@pytest.mark.parametrize(
    ("amount", "other", "code"),
    [
        (0, {}, -14), (-1, {}, -14), (2**53 + 1, {}, -14), (20_000, {"refund_fee_amount": -1}, -14),
        (20_000, {"refund_fee_amount": 20_000}, -14), (20_000, {"description": " "}, -401),
    ],
)  # fmt: skip
def test_each_value_has_its_code(shop: Shop, paid: Members, amount: int, other: Members, code: int) -> None:
    asked = shop.refund_of(paid, amount, **other)
    assert said(shop.refund(asked)) == (2, code)
    assert said(shop.ask_refund(asked["m_refund_id"])) == (2, -101)


def test_one_hundred_letters_say_why(shop: Shop, paid: Members) -> None:
    assert said(shop.refund(shop.refund_of(paid, 20_000, description="ề" * 100))) == DONE


def test_the_payments_number_may_be_a_number(shop: Shop, paid: Members) -> None:
    assert said(shop.refund(shop.refund_of(paid, 20_000, zp_trans_id=paid["zp_trans_id"]))) == DONE


def test_a_refund_id_works_once_and_a_duplicate_keeps_the_first(shop: Shop, paid: Members) -> None:
    asked = shop.refund_of(paid, 20_000)
    assert said(shop.refund(asked)) == DONE
    assert said(shop.refund(asked)) == (2, -23)
    assert said(shop.refund(shop.refund_of(paid, 10_000, m_refund_id=asked["m_refund_id"]))) == (2, -23)
    assert said(shop.ask_refund(asked["m_refund_id"])) == DONE
    assert [(one["amount"], one["creates"], one["queries"]) for one in refunds(shop)] == [(20_000, 3, 1)]
    assert balance(shop) == START - 30_000
    too_much = shop.refund_of(paid, 30_001)
    assert said(shop.refund(too_much)) == (2, -14)
    again = shop.refund_of(paid, 30_000, m_refund_id=too_much["m_refund_id"])
    assert said(shop.refund(again)) == (2, -23)  # one that failed is used up too
    assert said(shop.ask_refund(again["m_refund_id"])) == (2, -14)


def test_an_unknown_payment_or_refund(shop: Shop, paid: Members) -> None:
    asked = shop.refund_of(paid, 20_000, zp_trans_id="999")
    assert said(shop.refund(asked)) == (2, -101)
    assert said(shop.ask_refund(asked["m_refund_id"])) == (2, -101)
    assert said(shop.refund(shop.refund_of(paid, 20_000, m_refund_id=asked["m_refund_id"]))) == DONE


@pytest.mark.parametrize(("amount", "code"), [(10_003, -5), (10_217, -6), (10_402, -101)])
def test_a_payment_that_is_not_paid(shop: Shop, clock: FixedClock, amount: int, code: int) -> None:
    """Its number is known to the gateway alone; a shop could only guess it."""
    shop.pay(shop.payment(amount))
    clock.now_ms += 5_000
    (order,) = shop.sandbox.orders()
    assert said(shop.refund(shop.refund_of(order, 1_000))) == (2, code)
    assert balance(shop) == START


def test_what_was_paid_late_can_be_refunded(shop: Shop) -> None:
    payment = shop.payment(10_217)
    shop.pay(payment)
    shop.sandbox.pay_later(str(payment["app_trans_id"]))
    assert said(shop.refund(shop.refund_of(shop.ask(payment["app_trans_id"]), 10_217))) == DONE
    assert balance(shop) == START


def test_a_question_checks_app_and_signature(shop: Shop, paid: Members) -> None:
    asked = shop.refund_of(paid, 20_000)
    shop.refund(asked)
    right = shop.refund_question(asked["m_refund_id"])

    def answer(**other: object) -> object:
        return said(shop.post("/v2/query_refund", {**right, **other}))

    assert answer() == DONE
    assert answer(mac="0" * 64) == answer(app_id=1) == answer(timestamp=1) == (2, -402)
    assert answer(app_id="2553") == answer(m_refund_id=1) == answer(timestamp="1") == (2, -401)
    for name in right:
        assert said(shop.post("/v2/query_refund", {key: right[key] for key in right if key != name})) == (2, -401)


@pytest.mark.parametrize("path", ["/v2/refund", "/v2/query_refund"])
def test_an_unreadable_body_is_an_answer_not_a_crash(shop: Shop, path: str) -> None:
    for body, kind in (("{", "application/json"), ("[]", "application/json"), ("<xml/>", "application/xml"), ("", "")):
        status, answer = shop.raw("POST", path, body, Content_Type=kind)
        assert (status, said(json.loads(answer))) == (200, (2, -401))
