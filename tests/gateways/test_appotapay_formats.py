"""AppotaPay's tokens and signatures, against what stands on its own pages and in public code.

Four more printed signatures (X1: the seed's bank request, X2: the v1 refund, X3 and X4: v2 samples) are no tests: they
verify with neither published account, and X4 repeats another page's value. Samples of a second account (P2 to P5) are
none either: its secret was never published by AppotaPay; the same shapes stand here signed with the published one.
"""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from pos_app.gateways.appotapay.account import AppotaPayAccount
from pos_app.gateways.appotapay.pos_api import AppotaPayPos
from pos_app.gateways.appotapay.requests import (
    pos_detail_path,
    pos_order,
    v1_order,
    v1_refund,
    v1_refund_path,
    v1_status,
    v2_order,
    v2_refund,
    v2_refund_path,
    v2_status_path,
)
from pos_app.gateways.appotapay.signing import body_signature, same_signature, signature, signed_text
from pos_app.gateways.appotapay.token import sign_token
from pos_app.gateways.appotapay.v1 import AppotaPayV1
from pos_app.gateways.appotapay.v2 import AppotaPayV2
from pos_app.gateways.gateway import Order, PayMethod
from tests.gateways.appotapay_shop import ACCOUNT, SECRET, VECTORS, a_refund, an_order

KEYS = VECTORS["account"]
FIELDS = [(name, one) for part in ("published", "computed") for name, one in VECTORS[part].items() if "fields" in one]
RAW = [(name, one) for name, one in VECTORS["computed"].items() if "raw" in one]


@pytest.mark.parametrize(("name", "vector"), FIELDS)
def test_v1_signs_as_published(name: str, vector: dict[str, Any]) -> None:
    backwards = dict(reversed(vector["fields"].items()))
    assert signature(SECRET, vector["fields"]) == signature(SECRET, backwards) == vector["hex"]


@pytest.mark.parametrize(("name", "vector"), RAW)
def test_a_body_is_signed_as_it_is(name: str, vector: dict[str, Any]) -> None:
    assert body_signature(SECRET, vector["raw"].encode()) == vector["hex"]
    assert body_signature(SECRET, vector["raw"].encode() + b" ") != vector["hex"]


def test_the_published_token() -> None:
    vector = VECTORS["published"]["J1"]
    assert sign_token(**KEYS, now_s=vector["now_s"], life_s=vector["life_s"]) == vector["token"]


def test_a_token_of_five_minutes() -> None:
    vector = VECTORS["computed"]["C9"]
    token = sign_token(**KEYS, now_s=vector["now_s"])
    head, claims, mark = token.split(".")
    assert mark == vector["mark"]
    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {
        "typ": "JWT", "alg": "HS256", "cty": "appotapay-api;v=1",
    }  # fmt: skip
    told = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert told["exp"] - vector["now_s"] == 300
    assert "=" not in token


def test_the_signed_text_keeps_empty_fields_and_escapes_nothing() -> None:
    assert signed_text({"b": "x y&z=ệ", "a": "", "C": 7}) == "C=7&a=&b=x y&z=ệ"


@pytest.mark.parametrize("received", ["", "C1AD", "é", "\ud800"])
def test_only_the_exact_hex_is_the_signature(received: str) -> None:
    right = signature(SECRET, {"orderId": "1"})
    assert same_signature(right, right)
    assert not same_signature(right, received)
    assert not same_signature(right, right.upper())


# --- requests -----------------------------------------------------------------------------------------------------


def sent(body: bytes) -> dict[str, Any]:
    members = json.loads(body)
    assert isinstance(members, dict)
    return members


@pytest.mark.parametrize(
    ("method", "path", "chosen"),
    [
        (PayMethod.BANK_ATM, "/api/v1/orders/payment/bank", "ATM"),
        (PayMethod.BANK_CARD, "/api/v1/orders/payment/bank", "CC"),
        (PayMethod.WALLET, "/api/v1/orders/payment/bank", "EWALLET"),
        (PayMethod.BANK_QR, "/api/v1/orders/payment/qr", None),
        (PayMethod.VIETQR, "/api/v1/orders/payment/qr", None),
        (PayMethod.ANY, "/api/v1/orders/payment/qr", None),
    ],
)
def test_a_v1_order_is_sent_as_it_is_signed(method: PayMethod, path: str, chosen: str | None) -> None:
    order = an_order()
    went_to, body = v1_order(ACCOUNT, order, method)
    members = sent(body)
    signed = {name: value for name, value in members.items() if name != "signature"}
    assert went_to == path
    assert members["signature"] == signature(SECRET, signed)
    assert (members["orderId"], members["amount"], members["extraData"]) == (order.app_trans_id, order.amount, "")
    assert members.get("paymentMethod") == chosen
    assert ("bankCode" in members) == (chosen is not None)
    assert "Tạp hóa".encode() in body
    assert SECRET.encode() not in body


def test_questions_and_refunds() -> None:
    order = an_order()
    refund = a_refund(order, "AP200910014125B", 10_000)
    assert sent(v1_status(ACCOUNT, "5f61cf4f41e2b"))["signature"] == VECTORS["computed"]["C3"]["hex"]
    told = sent(v1_refund(ACCOUNT, refund))
    assert told.pop("signature") == signature(SECRET, told)
    assert told["refundId"] == refund.m_refund_id
    assert v1_refund_path(refund.m_refund_id) == f"/api/v1/transaction/refund/{refund.m_refund_id}"
    plain = refund.m_refund_id.replace("_", "")
    assert v2_refund_path(refund.m_refund_id) == f"/api/v2/transaction/refund/{plain}?type=PARTNER_ORDER_ID"
    assert sent(v2_refund(refund))["partnerRefId"] == plain
    assert v2_status_path("a_b-c") == "/api/v2/orders/transaction?referenceId=a_b-c&type=PARTNER_ORDER_ID"
    assert pos_detail_path("a_b-c") == "/api/v2/partner/orders/transaction/a_b-c"


def test_pos_bodies_are_compact() -> None:
    order = Order("igVSoghODYwBgJEbQdTj", 12_000, 1, "Appota test")
    assert pos_order(ACCOUNT, order).decode() == VECTORS["computed"]["C8"]["raw"]


def test_v2_asks_for_dong_and_names_the_method() -> None:
    order = an_order()
    methods = {method: sent(v2_order(ACCOUNT, order, method))["transaction"] for method in PayMethod if _sold(method)}
    assert {one["paymentMethod"] for one in methods.values()} == {"ATM", "CC", "EWALLET", "VA", "ALL"}
    assert all((one["currency"], one["action"], one["amount"]) == ("VND", "PAY", order.amount)
               for one in methods.values())  # fmt: skip


def _sold(method: PayMethod) -> bool:
    return method is not PayMethod.OWN_VIETQR


LONG = Order("x" * 51, 69_000, 1, "x")


@pytest.mark.parametrize(
    ("order", "version"),
    [
        (LONG, "v1"), (LONG, "v2"), (replace(LONG, app_trans_id="x" * 27), "pos"),
        (Order("", 69_000, 1, "x"), "v1"), (Order("a b", 69_000, 1, "x"), "v2"), (Order("ệ", 69_000, 1, "x"), "pos"),
        (an_order(0), "v1"), (an_order(999), "v2"), (an_order(9_999), "pos"), (an_order(500_000_001), "v1"),
    ],
)  # fmt: skip
def test_what_appotapay_does_not_take_is_never_made(order: Order, version: str) -> None:
    with pytest.raises(ValueError, match=r"order id|AppotaPay takes"):
        _made(order, version)


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_way_that_appotapay_does_not_have(version: str) -> None:
    with pytest.raises(ValueError, match="no such way"):
        _made(an_order(), version, PayMethod.OWN_VIETQR)


def _made(order: Order, version: str, method: PayMethod = PayMethod.BANK_ATM) -> object:
    if version == "v1":
        return v1_order(ACCOUNT, order, method)
    return v2_order(ACCOUNT, order, method) if version == "v2" else pos_order(ACCOUNT, order)


def test_a_bank_is_named_where_one_is_chosen() -> None:
    order = replace(an_order(), bank_code="VCB")
    assert sent(v1_order(ACCOUNT, order, PayMethod.BANK_ATM)[1])["bankCode"] == "VCB"
    assert "bankCode" not in sent(v1_order(ACCOUNT, order, PayMethod.BANK_QR)[1])
    assert sent(v2_order(ACCOUNT, order, PayMethod.BANK_ATM))["transaction"]["bankCode"] == "VCB"
    assert "bankCode" not in sent(v2_order(ACCOUNT, an_order(), PayMethod.BANK_ATM))["transaction"]
    with pytest.raises(ValueError, match="bank code"):
        v1_order(ACCOUNT, replace(order, bank_code="V&B=C"), PayMethod.BANK_ATM)


def test_the_gateways_tell_what_amounts_they_take() -> None:
    for kind, least in ((AppotaPayV1, 1), (AppotaPayV2, 1_000), (AppotaPayPos, 10_000)):
        assert (kind.amounts[0], kind.amounts[-1]) == (least, 500_000_000)


def test_long_texts_are_cut() -> None:
    order = replace(an_order(), description="ă" * 200)
    assert len(sent(v1_order(ACCOUNT, order, PayMethod.ANY)[1])["orderInfo"]) == 150
    assert len(sent(pos_order(ACCOUNT, order))["order_info"]) == 100


@pytest.mark.parametrize(
    "refund",
    [
        replace(a_refund(an_order(), "AP1", 5_000), m_refund_id="x" * 51),
        replace(a_refund(an_order(), "AP1", 5_000), m_refund_id="a b"),
        a_refund(an_order(), "", 5_000),
        a_refund(an_order(), "AP1", 0),
    ],
)
def test_a_refund_that_appotapay_does_not_take_is_never_made(refund: Any) -> None:
    with pytest.raises(ValueError, match="a refund"):
        v1_refund(ACCOUNT, refund)
    with pytest.raises(ValueError, match="a refund"):
        v2_refund(refund)


# --- the account --------------------------------------------------------------------------------------------------


def test_the_account_shows_no_key() -> None:
    assert SECRET not in repr(ACCOUNT)
    assert KEYS["api_key"] not in repr(ACCOUNT)
    assert "APPOTAPAY" in repr(ACCOUNT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"partner_code": ""}, {"api_key": " "}, {"secret": "mật khẩu"}, {"notify_url": ""}, {"notify_url": "shop.vn"},
        {"redirect_url": "ftp://shop.vn"}, {"redirect_url": "https://"}, {"notify_url": "https://shop.vn/" + "x" * 99},
        {"client_ip": "shop"}, {"terminal_id": "x" * 21}, {"redirect_url": "https://[shop"},
    ],
)  # fmt: skip
def test_an_account_that_cannot_work(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - its words are looked at
        replace(ACCOUNT, **wrong)
    assert isinstance(replace(ACCOUNT), AppotaPayAccount)
    assert SECRET not in str(caught.value)
    assert "mật khẩu" not in str(caught.value)
