"""What gateways send us, against the published vectors and against everything that only looks like them."""

import json
import random
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from pos_app.gateways.appotapay import notifications as appotapay
from pos_app.gateways.notification import Kind, Notification, Redirect, Rejected
from pos_app.gateways.zalopay.notifications import V1, is_signed, read_callback, read_redirect
from tests.service.messages import (
    APP_ID,
    IPN_NAMES,
    KEY1,
    KEY2,
    OTHER_KEY2,
    PARTNER,
    REDIRECT_NAMES,
    SECRET,
    Bill,
    Members,
    appota_data,
    appota_v1,
    appota_v2,
    compact,
    hmac_hex,
    in_base64,
    ipn_fields,
    ipn_signature,
    pos_data,
    zalopay,
    zalopay_data,
)

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "zalopay-vectors.json").read_text("utf-8"))
HMACS: dict[str, dict[str, Any]] = {vector["id"]: vector for vector in VECTORS["hmac"]}
REDIRECTS = [vector for name, vector in HMACS.items() if "redirect" in name]
FULL_WIDTH = {digit: digit + 0xFEE0 for digit in range(48, 58)}
BILL = Bill("251122_02000042", 69_000, APP_ID)
CHANCE = random.Random(7)


def key2_of(vector: dict[str, Any]) -> str:
    return str(VECTORS["sandbox_credentials"][str(vector["app_id"])]["key2"])


def callback(**other: object) -> bytes:
    """A right callback, save for what is given."""
    return zalopay(compact({**zalopay_data(BILL, CHANCE), "zp_trans_id": 251122000000389, **other}))


def heard(body: bytes, *keys: str) -> Notification | Rejected:
    return read_callback(body, keys or (KEY2,), (APP_ID,))


# --- ZaloPay's callback --------------------------------------------------------------------------------------------


def test_the_published_callback() -> None:
    vector = HMACS["v2-callback-1"]
    body = zalopay(vector["fields"]["data"], vector["expected"])
    told = read_callback(body, [key2_of(vector)], [2553])
    assert told == Notification("zalopay", "200904_2553_1598435687208", "200904000000389", 10_000, 2553, Kind.ORDER)
    assert isinstance(told, Notification)
    assert told.says_paid is None
    assert told.agrees_with("200904_2553_1598435687208", 10_000, 2553)
    assert not told.agrees_with("200904_2553_1598435687208", 10_001, 2553)
    assert not told.agrees_with("200904_2553_1598435687208", 10_000, 2554)
    assert not told.agrees_with("200904_2553_1598435687209", 10_000, 2553)


def test_a_published_callback_whose_data_was_abridged_is_refused() -> None:
    vector = HMACS["third-party-callback-bad"]
    body = zalopay(vector["fields"]["data"], vector["expected"])
    assert read_callback(body, [key2_of(vector)], [2554]) is Rejected.WRONG_SIGNATURE


def test_the_names_of_v1_with_and_without_a_type() -> None:
    data = compact(zalopay_data(BILL, random.Random(1), v1=True))
    told = read_callback(zalopay(data), [KEY2], [APP_ID], V1)
    assert isinstance(told, Notification)
    assert told.agrees_with(BILL.app_trans_id, BILL.amount, APP_ID)
    bare = compact({"data": data, "mac": hmac_hex(KEY2, data)}).encode()
    assert read_callback(bare, [KEY2], [APP_ID], V1) == told
    assert heard(bare) is Rejected.MALFORMED
    assert heard(zalopay(data)) is Rejected.UNREADABLE
    assert read_callback(callback(), [KEY2], [APP_ID], V1) is Rejected.UNREADABLE


def test_the_mac_is_over_the_text_that_came() -> None:
    data = (
        '{ "app_trans_id" : "251122_1", "amount":1000 ,"app_id":2553, "zp_trans_id":"0251122", "note":"\\u00e0 1\\/2"}'
    )
    told = heard(zalopay(data))
    assert told == Notification("zalopay", "251122_1", "0251122", 1_000, 2553, Kind.ORDER)
    again = compact(json.loads(data))
    assert heard(zalopay(again, hmac_hex(KEY2, data))) is Rejected.WRONG_SIGNATURE
    assert heard(zalopay(data, hmac_hex(KEY2, again))) is Rejected.WRONG_SIGNATURE


def test_while_one_key_replaces_another_both_count() -> None:
    data = compact(zalopay_data(BILL, CHANCE))
    for key in (KEY2, OTHER_KEY2):
        assert isinstance(heard(zalopay(data, hmac_hex(key, data)), KEY2, OTHER_KEY2), Notification)
    assert heard(zalopay(data, hmac_hex(OTHER_KEY2, data)), KEY2) is Rejected.WRONG_SIGNATURE
    assert heard(zalopay(data, hmac_hex(KEY1, data)), KEY2, OTHER_KEY2) is Rejected.WRONG_SIGNATURE


def test_an_empty_key_is_our_own_mistake_and_signs_nothing() -> None:
    data = compact(zalopay_data(BILL, CHANCE))
    with pytest.raises(ValueError, match="empty key"):
        heard(zalopay(data, hmac_hex("", data)), KEY2, "")
    with pytest.raises(ValueError, match="empty key"):
        appotapay.read_ipn_v2(appota_v2("AAAA", hmac_hex("", "AAAA")), [""], PARTNER)
    assert not is_signed("", "", [])
    assert read_callback(callback(), [], [APP_ID]) is Rejected.WRONG_SIGNATURE


@pytest.mark.parametrize(
    "change", [str.upper, lambda mac: f"{mac} ", lambda mac: mac[:-1], lambda mac: "", lambda mac: f"{mac}\ud800",
               lambda mac: mac + "0", lambda mac: mac.translate(FULL_WIDTH)],
)  # fmt: skip
def test_a_mac_is_exactly_64_small_hex_digits(change: Any) -> None:
    data = compact(zalopay_data(BILL, CHANCE))
    body = json.dumps({"data": data, "mac": change(hmac_hex(KEY2, data)), "type": 1}).encode()
    assert heard(body) is Rejected.WRONG_SIGNATURE


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{}", b'{"data":"{}","mac":"","type":1,"type":1}', b'{"data":{},"mac":"0","type":1}',
             b'{"data":"{}","mac":0,"type":1}', b'{"data":"{}","mac":"0","type":"1"}',
             b'{"data":"{}","mac":"0","type":true}',
             b'{"data":"{}","mac":"0","type":3}', b'{"data":"{}","mac":"0"}', b'{"data":"\\ud800","mac":"0","type":1}',
             b'{"data":"{}","mac":"0","type":1,"more":1}', b"[" * 9_000, b'{"data":"\xff","mac":"0","type":1}',
             callback() + b" " * 65_536],
)  # fmt: skip
def test_what_is_no_callback_is_malformed(body: bytes) -> None:
    assert heard(body) is Rejected.MALFORMED


@pytest.mark.parametrize(
    "wrong", [{"amount": 0}, {"amount": -1}, {"amount": "69000"}, {"amount": True}, {"amount": 69000.0},
              {"amount": 2**63},
              {"amount": None}, {"zp_trans_id": 0}, {"zp_trans_id": "0"}, {"zp_trans_id": ""}, {"zp_trans_id": -5},
              {"app_trans_id": ""}, {"app_trans_id": 251122}, {"app_trans_id": "a|b"}, {"app_trans_id": "a\n"},
              {"app_trans_id": "1" * 65}, {"app_id": "2553"}, {"app_id": 0}],
)  # fmt: skip
def test_what_is_signed_and_yet_not_as_documented_is_unreadable(wrong: Members) -> None:
    assert heard(callback(**wrong)) is Rejected.UNREADABLE


@pytest.mark.parametrize(
    "data", ["", "null", "[1]", '{"app_id":2553', '{"amount":1,"amount":2}', '{"a":NaN}', "[" * 9_000,
             '{"app_id":2553}'],
)  # fmt: skip
def test_signed_data_is_read_strictly(data: str) -> None:
    assert heard(zalopay(data)) is Rejected.UNREADABLE


def test_another_app_is_not_ours() -> None:
    assert heard(callback(app_id=2554)) is Rejected.OTHER_ACCOUNT
    assert isinstance(read_callback(callback(app_id=2554), [KEY2], [2553, 2554]), Notification)


def test_an_agreement_and_its_unsigned_type() -> None:
    members: Members = {"app_id": APP_ID, "app_trans_id": "251122_1", "binding_id": "B-77", "pay_token": "never kept",
                        "server_time": 1763780000, "merchant_user_id": "u", "status": 1, "msg_type": 1}  # fmt: skip
    data = compact(members)
    told = heard(zalopay(data, about=2))
    assert told == Notification("zalopay", "251122_1", "B-77", 0, APP_ID, Kind.AGREEMENT, says_paid=True)
    assert "never kept" not in repr(told)
    cancelled = heard(zalopay(compact({**members, "status": 3}), about=2))
    assert isinstance(cancelled, Notification)
    assert cancelled.says_paid is False
    assert heard(zalopay(compact({**members, "status": 2}), about=2)) is Rejected.UNREADABLE
    assert heard(zalopay(data, about=1)) is Rejected.UNREADABLE, "the type is not signed: nobody may turn it"
    assert heard(zalopay(compact(zalopay_data(BILL, CHANCE)), about=2)) is Rejected.UNREADABLE


# --- ZaloPay's redirect --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", REDIRECTS, ids=lambda vector: str(vector["id"]))
def test_recorded_redirects(vector: dict[str, Any]) -> None:
    fields = {**vector["fields"], "checksum": vector["expected"]}
    app_id, keys = vector["app_id"], [key2_of(vector)]
    told = Redirect("zalopay", fields["apptransid"])
    assert read_redirect(urlencode(fields), keys, [app_id]) == told
    backwards = dict(reversed(list(fields.items())))
    assert read_redirect(urlencode({"till": "01", **backwards}), keys, [app_id]) == told
    assert read_redirect(urlencode(fields), keys, [1]) is Rejected.OTHER_ACCOUNT
    assert read_redirect(urlencode(fields), ["another"], [app_id]) is Rejected.WRONG_SIGNATURE
    for name in REDIRECT_NAMES:
        changed = urlencode({**fields, name: f"{fields[name]}1"})
        assert read_redirect(changed, keys, [app_id]) is Rejected.WRONG_SIGNATURE
    assert len(REDIRECTS) == 7


def test_what_is_no_redirect() -> None:
    vector = HMACS["redirect-1"]
    fields = {**vector["fields"], "checksum": vector["expected"]}
    query, keys = urlencode(fields), [key2_of(vector)]
    broken = ["", "a", query + "&status=1", query + "&checksum=", query + "&x" * 40, query + "&n=" + "1" * 5_000,
              query.replace("bankcode=&", ""), query.replace("checksum", "mac"), query + "&v=%ff",
              query + "&v=é"]  # fmt: skip
    for one in broken:
        assert read_redirect(one, keys, [2553]) is Rejected.MALFORMED, one
    assert read_redirect(query.replace(vector["expected"], vector["expected"].upper()), keys, [2553]) is (
        Rejected.WRONG_SIGNATURE
    )


def test_a_signed_text_cannot_be_cut_into_other_fields() -> None:
    """`2553|…_1|38||5|0|1`: no field may hold the bar, or one order's checksum would be another's."""
    fields: Members = {"appid": 2553, "apptransid": "251122_1", "pmcid": 38, "bankcode": "", "amount": 5,
                       "discountamount": 0, "status": 1}  # fmt: skip
    checksum = hmac_hex(KEY2, "|".join(str(fields[name]) for name in REDIRECT_NAMES))
    assert read_redirect(urlencode({**fields, "checksum": checksum}), [KEY2], [2553]) == Redirect("zalopay", "251122_1")
    for moved in ({"apptransid": "251122_1|38", "pmcid": "", "bankcode": "5", "amount": 0, "discountamount": 1,
                   "status": ""},
                  {"pmcid": "38|", "bankcode": 5, "amount": 0, "discountamount": 1, "status": ""}):  # fmt: skip
        assert read_redirect(urlencode({**fields, **moved, "checksum": checksum}), [KEY2], [2553]) is Rejected.MALFORMED


# --- AppotaPay -----------------------------------------------------------------------------------------------------

C5: Members = {
    "amount": 10_000, "apiKey": "FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8", "appotapayTransId": "AP200910014125B",
    "bankCode": "VCB", "currency": "VND", "errorCode": 0, "extraData": "", "message": "Thành công",
    "orderId": "5f61cf4f41e2b", "partnerCode": "APPOTAPAY", "paymentMethod": "ATM", "paymentType": "WEB",
    "transactionTs": 1_599_817_433, "signature": "d38cb76a5a48dd182e2457c557108c034c620e78020888a9ba65563893fd83a8",
}  # fmt: skip
C6_DATA = (
    "eyJ0cmFuc2FjdGlvbiI6eyJ0cmFuc2FjdGlvbklkIjoiQVAyNDE0NTMyMTM3NCIsInN0YXR1cyI6InN1Y2Nlc3MiLCJlcnJvckNvZGUiOjAsIm9yZGVyQ"
    "W1vdW50IjoxMDAwMCwiYW1vdW50IjoxMDAwMCwiY3VycmVuY3kiOiJWTkQifSwicGFydG5lclJlZmVyZW5jZSI6eyJvcmRlciI6eyJpZCI6IkhEMSIsImlu"
    "Zm8iOiJ0ZXN0IiwiZXh0cmFEYXRhIjoiIn19fQ=="
)
C6_SIGNATURE = "0708cb48313df11db0ff5083fb1e5b588f41bf410a0858c101d5227a10aae645"
P3: Members = {  # as published; the partner's secret is not
    "errorCode": 0, "message": "Thành công", "partnerCode": "TEST", "apiKey": "oMhJpkz7K6HDcR6S", "amount": 50_000,
    "currency": "VND", "orderId": "5f5b46cb73fd0", "bankCode": "SHB", "paymentMethod": "ATM", "paymentType": "WEB",
    "appotapayTransId": "AP200910014125B", "transactionTs": 1_599_817_433, "extraData": "test test",
    "signature": "d6ff2d38c2b1167c6d17b9dbb1380347b24c1bf912dc442dbd018b2e1ed74f3d",
}  # fmt: skip
P5 = ("partnerCode=TEST&apiKey=oMhJpkz7K6HDcR6S&amount=50000&currency=VND&orderId=5f61d06311019&bankCode=SHB"
      "&paymentMethod=ATM&paymentType=WEB&appotapayTransId=AP200910016654B&errorCode=0&message=Th%C3%A0nh+c%C3%B4ng&transactionTs=1600246241"
      "&extraData=test+test&signature=")  # fmt: skip


def ipn_v1(members: Members, *secrets: str, partner: str = PARTNER) -> Notification | Rejected:
    return appotapay.read_ipn_v1(compact(members).encode(), secrets or (SECRET,), partner)


def ipn_v2(data: str, signature: object = None) -> Notification | Rejected:
    return appotapay.read_ipn_v2(appota_v2(data, signature), (SECRET,), PARTNER)


def back(query: str, partner: str = PARTNER) -> Redirect | Rejected:
    return appotapay.read_redirect(query, (SECRET,), partner)


def test_the_computed_notifications_of_v1_and_v2() -> None:
    told = Notification("appotapay", "5f61cf4f41e2b", "AP200910014125B", 10_000, None, Kind.ORDER, says_paid=True)
    assert ipn_v1(C5) == told
    assert ipn_v1(C5, "old", SECRET) == told
    assert ipn_v2(C6_DATA, C6_SIGNATURE) == Notification(
        "appotapay", "HD1", "AP24145321374", 10_000, None, Kind.ORDER, says_paid=True
    )


def test_the_published_messages_in_shape() -> None:
    """Their secret was never published: signed anew with the sandbox's, they are read as they are meant."""
    assert ipn_v1(P3, partner="TEST") is Rejected.WRONG_SIGNATURE
    told = ipn_v1({**P3, "signature": ipn_signature(P3)}, partner="TEST")
    assert told == Notification(
        "appotapay", "5f5b46cb73fd0", "AP200910014125B", 50_000, None, Kind.ORDER, says_paid=True
    )
    decoded: Members = {
        **P3,
        "orderId": "5f61d06311019",
        "appotapayTransId": "AP200910016654B",
        "transactionTs": 1600246241,
    }
    assert back(P5 + ipn_signature(decoded), "TEST") == Redirect("appotapay", "5f61d06311019")
    encoded = {**decoded, "message": "Thành+công", "extraData": "test+test"}
    assert back(P5 + ipn_signature(encoded), "TEST") is Rejected.WRONG_SIGNATURE


def test_what_is_signed_is_what_the_text_says_once() -> None:
    """An `&` in free text must not become a border: only its two neighbours may hold one."""
    crafty: Members = {**C5, "extraData": "x&message=y&orderId=VICTIM&partnerCode=APPOTAPAY", "message": "Thành công"}
    told = ipn_v1({**crafty, "signature": ipn_signature(crafty)})
    assert isinstance(told, Notification)
    assert told.app_trans_id == "5f61cf4f41e2b"
    split = {**crafty, "extraData": "x", "message": "y", "orderId": "VICTIM",
             "partnerCode": "APPOTAPAY&message=Thành công&orderId=5f61cf4f41e2b&partnerCode=APPOTAPAY"}  # fmt: skip
    assert "&".join(f"{name}={split[name]}" for name in IPN_NAMES) == "&".join(
        f"{name}={crafty[name]}" for name in IPN_NAMES
    )
    assert ipn_v1({**split, "signature": ipn_signature(crafty)}) is Rejected.MALFORMED


@pytest.mark.parametrize("name", [*IPN_NAMES, "signature"])
def test_each_member_of_v1_counts(name: str) -> None:
    value = C5[name]
    other = value + 1 if isinstance(value, int) else f"{value}0"
    assert ipn_v1({**C5, name: other}) is Rejected.WRONG_SIGNATURE
    assert ipn_v1({other: kept for other, kept in C5.items() if other != name}) is Rejected.MALFORMED
    for wrong in (None, [value], str(value) if isinstance(value, int) else 0, True, 1.0):
        assert ipn_v1({**C5, name: wrong}) is Rejected.MALFORMED


@pytest.mark.parametrize(
    ("change", "why"),
    [({"partnerCode": "OTHER"}, Rejected.OTHER_ACCOUNT), ({"currency": "USD"}, Rejected.UNREADABLE),
     ({"amount": 0}, Rejected.UNREADABLE), ({"amount": -5}, Rejected.UNREADABLE),
     ({"orderId": "a b"}, Rejected.MALFORMED),
     ({"appotapayTransId": "0"}, Rejected.UNREADABLE), ({"orderId": ""}, Rejected.MALFORMED)],
)  # fmt: skip
def test_signed_by_v1_and_yet_not_ours(change: Members, why: Rejected) -> None:
    members = {**C5, **change}
    assert ipn_v1({**members, "signature": ipn_signature(members)}) is why


def test_an_error_does_not_say_paid() -> None:
    members: Members = {**C5, "errorCode": 34}
    told = ipn_v1({**members, "signature": ipn_signature(members)})
    assert isinstance(told, Notification)
    assert told.says_paid is False


def test_v2_is_signed_as_text_and_bills_by_the_order() -> None:
    bill = Bill("HD1", 10_000, None)
    members = appota_data(bill, CHANCE)
    transaction = members["transaction"]
    assert isinstance(transaction, dict)
    transaction["amount"] = 11_100
    told = ipn_v2(in_base64(members))
    assert isinstance(told, Notification)
    assert told.agrees_with("HD1", 10_000, None)
    data = in_base64(members)
    assert (
        ipn_v2(in_base64(json.loads(json.dumps(members)) | {"x": 1}), hmac_hex(SECRET, data))
        is Rejected.WRONG_SIGNATURE
    )
    assert ipn_v2(data, hmac_hex(SECRET, data).upper()) is Rejected.WRONG_SIGNATURE
    assert ipn_v2(data, 5) is Rejected.MALFORMED
    for status, error in (("error", 0), ("success", 33), ("pending", 35), ("processing", 34)):
        transaction.update(status=status, errorCode=error)
        read = ipn_v2(in_base64(members))
        assert isinstance(read, Notification)
        assert read.says_paid is False


@pytest.mark.parametrize(
    "change", [{"orderAmount": "10000"}, {"orderAmount": 0}, {"orderAmount": 1.5}, {"errorCode": "0"}, {"status": None},
               {"transactionId": ""}, {"transactionId": 5}, {"currency": "USD"}],
)  # fmt: skip
def test_signed_by_v2_and_unreadable(change: Members) -> None:
    members = appota_data(Bill("HD1", 10_000, None), CHANCE)
    transaction = members["transaction"]
    assert isinstance(transaction, dict)
    transaction.update(change)
    assert ipn_v2(in_base64(members)) is Rejected.UNREADABLE


def test_v2_and_what_is_not_base64_or_not_json() -> None:
    assert ipn_v2("AAA") is Rejected.UNREADABLE
    assert ipn_v2(in_base64([1])) is Rejected.UNREADABLE
    assert ipn_v2(in_base64({"transaction": 1})) is Rejected.UNREADABLE
    assert ipn_v2("not base64!") is Rejected.MALFORMED
    assert appotapay.read_ipn_v2(b"[]", (SECRET,), PARTNER) is Rejected.MALFORMED
    members = appota_data(Bill("HD1", 10_000, None), CHANCE)
    assert appotapay.read_ipn_v2(appota_v2(in_base64(members)), (SECRET,), "OTHER") is Rejected.OTHER_ACCOUNT


def test_the_redirect_of_v2_with_its_own_names_and_a_bare_plus() -> None:
    inner: Members = {"transaction": {
        "errorCode": 0, "message": "Thành công >>> ???", "partnerCode": PARTNER, "apiKey": "k", "orderAmount": 50_000,
        "amount": 50_000, "discountAmount": 0, "feeUser": 0, "status": "success", "currency": "VND",
        "orderId": "5f5b46cb73fd0", "appotapayTransId": "AP200910014125B", "transactionTs": 1_599_817_433,
    }}  # fmt: skip
    data = in_base64(inner).replace("/", "/")
    padding = 0
    while "+" not in data:
        padding += 1
        data = in_base64({**inner, "x": ">" * padding + "~" * padding})
    signed = hmac_hex(SECRET, data)
    told = Redirect("appotapay", "5f5b46cb73fd0")
    assert back(f"data={quote(data)}&signature={signed}&time=1".replace("/", "%2F")) == told
    assert back(f"data={data}&signature={signed}&time=1") == told
    assert back(f"data={quote(data)}&signature={signed}&data=x") is Rejected.MALFORMED
    assert back(f"data={quote(data)}") is Rejected.MALFORMED
    assert back("till=1") is Rejected.MALFORMED
    assert back(f"data={quote(data)}&signature={signed}", "OTHER") is Rejected.OTHER_ACCOUNT


def test_nothing_that_is_read_shows_a_key() -> None:
    for told in (ipn_v1(C5), ipn_v2(C6_DATA, C6_SIGNATURE), heard(callback())):
        shown = repr(told)
        assert not re.search("|".join((KEY1, KEY2, SECRET)), shown)
        assert isinstance(told, Notification)
    assert appota_v1(ipn_fields(BILL, CHANCE))


def ipn_pos(members: Members, signature: object = None) -> Notification | Rejected:
    return appotapay.read_ipn_pos(appota_v2(in_base64(members), signature), (SECRET,))


def test_pos_tells_each_end_and_only_success_says_paid() -> None:
    members = pos_data(Bill("HD1", 10_000, None), CHANCE)
    told = ipn_pos(members)
    assert isinstance(told, Notification)
    assert told.agrees_with("HD1", 10_000, None)
    assert told.says_paid
    for end in ("void", "error"):
        changed = json.loads(json.dumps(members))
        changed["transaction"].update(status=end, error_code=33)
        ended = ipn_pos(changed)
        assert isinstance(ended, Notification)
        assert ended.says_paid is False
        assert ipn_pos(changed, hmac_hex(SECRET, in_base64(members))) is Rejected.WRONG_SIGNATURE
    with pytest.raises(ValueError, match="empty key"):
        appotapay.read_ipn_pos(appota_v2(in_base64(members)), ("",))


@pytest.mark.parametrize(
    "change", [{"amount": "10000"}, {"amount": 0}, {"amount": 1.5}, {"status": None}, {"status": "pending"},
               {"transaction_id": ""}, {"transaction_id": 5}, {"partner_ref_id": "a b"}, {"partner_ref_id": None}],
)  # fmt: skip
def test_signed_by_pos_and_unreadable(change: Members) -> None:
    members = pos_data(Bill("HD1", 10_000, None), CHANCE)
    transaction = members["transaction"]
    assert isinstance(transaction, dict)
    transaction.update(change)
    assert ipn_pos(members) is Rejected.UNREADABLE


def test_what_another_api_signed_is_not_read_as_the_pos_apis() -> None:
    assert ipn_pos(appota_data(Bill("HD1", 10_000, None), CHANCE)) is Rejected.UNREADABLE
    assert ipn_v2(in_base64(pos_data(Bill("HD1", 10_000, None), CHANCE))) is Rejected.UNREADABLE
