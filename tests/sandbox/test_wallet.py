"""The customer's wallet: codes live a minute and work once; balance; confirm and decline."""

import re

import pytest

from pos_app.sandbox.server import Sandbox
from tests.sandbox.shop import PAID, PROCESSING, FixedClock, Shop, failed, verdict


def test_a_code_is_18_digits_beginning_with_28_and_never_the_same(sandbox: Sandbox) -> None:
    codes = [sandbox.customer.fresh_code() for _ in range(500)]
    assert all(re.fullmatch(r"28\d{16}", code) for code in codes)
    assert len(set(codes)) == 500


def test_a_code_works_once(shop: Shop) -> None:
    code = shop.sandbox.customer.fresh_code()
    first, second = shop.payment(code=code), shop.payment(code=code)
    assert verdict(shop.pay(first)) == PAID
    assert verdict(shop.pay(second)) == failed(-290)
    assert verdict(shop.ask(second["app_trans_id"])) == failed(-290)
    assert [order["code_presented"] for order in shop.sandbox.orders()] == [2, 2]


@pytest.mark.parametrize(("age_ms", "expected"), [(59_999, PAID), (60_000, failed(-322))])
def test_a_code_lives_a_minute(shop: Shop, clock: FixedClock, age_ms: int, expected: object) -> None:
    code = shop.sandbox.customer.fresh_code()
    clock.now_ms += age_ms
    payment = shop.payment(code=code)
    assert verdict(shop.pay(payment)) == expected
    assert verdict(shop.ask(payment["app_trans_id"])) == expected


def test_a_code_of_no_wallet_is_invalid(shop: Shop) -> None:
    assert verdict(shop.pay(shop.payment(code="281111111111111111"))) == failed(-292)


def test_a_refused_request_does_not_use_the_code_up(shop: Shop) -> None:
    code = shop.sandbox.customer.fresh_code()
    assert verdict(shop.pay({**shop.payment(code=code), "mac": "0"})) == failed(-402)
    assert verdict(shop.pay(shop.payment(code=code))) == PAID


def test_an_empty_wallet_cannot_pay(shop: Shop) -> None:
    balance = shop.sandbox.customer.balance
    payment = shop.payment(balance + 1)
    assert verdict(shop.pay(payment)) == failed(-63)
    assert verdict(shop.ask(payment["app_trans_id"])) == failed(-63)
    shop.sandbox.customer.top_up(1)
    assert verdict(shop.pay(shop.payment(balance + 1))) == PAID
    assert shop.sandbox.customer.balance == 0


def test_confirm_pays_and_decline_does_not(shop: Shop) -> None:
    customer = shop.sandbox.customer
    yes, no = shop.payment(10_002), shop.payment(10_002)
    assert verdict(shop.pay(yes)) == verdict(shop.pay(no)) == PROCESSING
    assert [question.app_trans_id for question in customer.questions()] == [yes["app_trans_id"], no["app_trans_id"]]
    assert customer.confirm(str(yes["app_trans_id"]))
    assert customer.decline(str(no["app_trans_id"]))
    assert not customer.confirm(str(no["app_trans_id"]))
    told = shop.ask(yes["app_trans_id"])
    assert (verdict(told), told["amount"]) == (PAID, 10_002)
    assert verdict(shop.ask(no["app_trans_id"])) == failed(-329)
    assert customer.balance == 200_000_000 - 10_002
    assert not customer.confirm("261122_unknown")


def test_a_careful_customer_is_asked_every_time(shop: Shop) -> None:
    shop.sandbox.customer.asks_first = True
    payment = shop.payment(69_000)
    assert verdict(shop.pay(payment)) == PROCESSING
    shop.sandbox.customer.confirm(str(payment["app_trans_id"]))
    assert verdict(shop.ask(payment["app_trans_id"])) == PAID


def test_pay_later_pays_even_what_was_declined(shop: Shop) -> None:
    payment = shop.payment(10_217)
    shop.pay(payment)
    app_trans_id = str(payment["app_trans_id"])
    assert shop.sandbox.pay_later(app_trans_id)
    assert verdict(shop.ask(app_trans_id)) == PAID
    assert not shop.sandbox.pay_later(app_trans_id)
    assert not shop.sandbox.pay_later("261122_unknown")
