"""AppotaPay's twin held to AppotaPay's rules: by a client of its own, with signatures from the documented formulas."""

import base64
import hashlib
import hmac
import html
import http.client
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from pos_app.qr.vietqr import read_vietqr
from pos_app.sandbox.appotapay_faults import COURSES, REFUND_COURSES
from pos_app.sandbox.appotapay_notices import RESEND_AFTER_MS, RESENDS_MAX
from pos_app.sandbox.server import Sandbox
from tests.sandbox.browser import DRIVER, browser, soon
from tests.sandbox.shop import FixedClock

Members = dict[str, Any]
BANK, QR = "/api/v1/orders/payment/bank", "/api/v1/orders/payment/qr"
STATUS, REFUND = "/api/v1/orders/transaction/bank/status", "/api/v1/transaction/refund"
CREATE_V2, STATUS_V2, REFUND_V2 = "/api/v2/orders/payment", "/api/v2/orders/transaction", "/api/v2/transaction/refund"
CREATE_POS, DETAIL_POS = "/api/v2/partner/orders/payment/create", "/api/v2/partner/orders/transaction"
REQUEST_ID = "8a5c2f04-3e1b-4c7d-9f60-0123456789ab"


def hmac_hex(secret: str, text: str | bytes) -> str:
    return hmac.new(secret.encode(), text.encode() if isinstance(text, str) else text, hashlib.sha256).hexdigest()


def joined(members: Members) -> str:
    return "&".join(f"{name}={members[name]}" for name in sorted(members) if name != "signature")


class Partner:
    """A shop that talks to the twin over one connection."""

    def __init__(self, sandbox: Sandbox, clock: FixedClock) -> None:
        self.sandbox, self.clock = sandbox, clock
        about = sandbox.credentials()["appotapay"]
        assert isinstance(about, dict)
        self.code, self.api_key, self.secret = about["partner_code"], about["api_key"], about["secret"]
        self.terminal_id = about["terminal_id"]
        self._count = 0

    def token(self, *, secret: str = "", head: Members | None = None, **claims: Any) -> str:
        now_s = self.clock.now_ms // 1000
        told = {"iss": self.code, "jti": f"{self.api_key}-{now_s}", "api_key": self.api_key, "exp": now_s + 60}
        parts = [head or {"typ": "JWT", "alg": "HS256", "cty": "appotapay-api;v=1"}, {**told, **claims}]
        signed = ".".join(_url_base64(json.dumps(part).encode()) for part in parts)
        mark = hmac.new((secret or self.secret).encode(), signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{_url_base64(mark)}"

    def call(
        self, method: str, path: str, body: Members | bytes | None = None, *, token: str | None = None,
        **headers: str,
    ) -> tuple[int, Members]:  # fmt: skip
        sent = json.dumps(body, ensure_ascii=False).encode() if isinstance(body, dict) else body
        named = {"X-APPOTAPAY-AUTH": f"Bearer {self.token()}" if token is None else token, **headers}
        named = {name.replace("_", "-"): value for name, value in named.items()}
        address = urlsplit(self.sandbox.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        try:
            connection.request(method, path, sent, named)
            answer = connection.getresponse()
            told = json.loads(answer.read())
        finally:
            connection.close()
        assert isinstance(told, dict)
        return answer.status, told

    def signed(self, members: Members) -> Members:
        return {**members, "signature": hmac_hex(self.secret, joined(members))}

    def new_id(self) -> str:
        self._count += 1
        return f"HD-{self._count:06}"

    def order(self, amount: int = 69_000, **other: Any) -> Members:
        return {
            "orderId": self.new_id(), "orderInfo": "Hai tô phở", "amount": amount, "clientIp": "127.0.0.1",
            "notifyUrl": "http://shop.example/ipn", "redirectUrl": "http://shop.example/back?x=1", "extraData": "",
            **other,
        }  # fmt: skip

    def bank(self, amount: int = 69_000, **other: Any) -> Members:
        return self.signed({**self.order(amount), "bankCode": "", "paymentMethod": "ATM", **other})

    def created(self, amount: int = 69_000, **other: Any) -> tuple[Members, Members]:
        asked = self.bank(amount, **other)
        status, answer = self.call("POST", BANK, asked)
        assert status == 200, answer
        return asked, answer

    def ask(self, order_id: str) -> Members:
        return self.call("POST", STATUS, self.signed({"orderId": order_id}))[1]

    def order_v2(self, amount: int = 69_000, **transaction: Any) -> Members:
        return {
            "transaction": {"amount": amount, "currency": "VND", "paymentMethod": "VA", "action": "PAY", **transaction},
            "partnerReference": {
                "order": {"id": self.new_id(), "info": "Hai tô phở", "extraData": ""},
                "notificationConfig": {"notifyUrl": "http://shop.example/ipn", "redirectUrl": "http://shop.example/b"},
            },
        }

    def pos(self, members: Members, **headers: str) -> tuple[int, Members]:
        body = json.dumps(members).encode()
        named = {"X_Request_Id": REQUEST_ID, "X_Signature": hmac_hex(self.secret, body), **headers}
        return self.call("POST", CREATE_POS, body, **named)

    def order_pos(self, amount: int = 69_000, **other: Any) -> Members:
        return {
            "partner_ref_id": self.new_id(), "order_info": "Hai to pho", "terminal_id": self.terminal_id,
            "payment_method": "QR", "amount": amount, **other,
        }  # fmt: skip


def _url_base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.fixture
def partner(sandbox: Sandbox, clock: FixedClock) -> Partner:
    return Partner(sandbox, clock)


# --- who may ask --------------------------------------------------------------------------------------------------


def test_a_good_token_opens_the_door_with_bearer_and_without(partner: Partner) -> None:
    for token in (f"Bearer {partner.token()}", partner.token()):
        assert partner.call("POST", BANK, partner.bank(), token=token)[0] == 200


@pytest.mark.parametrize(
    "spoil",
    [
        lambda shop: "", lambda shop: "Bearer ", lambda shop: "a.b.c", lambda shop: "..",
        lambda shop: shop.token(secret="another"),
        lambda shop: shop.token(iss="ANOTHER"),
        lambda shop: shop.token(api_key="another"),
        lambda shop: shop.token(jti="another-1"),
        lambda shop: shop.token(exp=shop.clock.now_ms // 1000),
        lambda shop: shop.token(exp="9999999999"),
        lambda shop: shop.token(exp=None),
        lambda shop: shop.token(head={"typ": "JWT", "alg": "none", "cty": "appotapay-api;v=1"}),
        lambda shop: shop.token(head={"typ": "JWT", "alg": "HS256"}),
        lambda shop: shop.token().rpartition(".")[0] + ".",
        lambda shop: shop.token()[:-2] + "xx",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", [BANK, CREATE_V2, CREATE_POS])
def test_nobody_else_comes_in(partner: Partner, spoil: Any, path: str) -> None:
    status, answer = partner.call("POST", path, partner.bank(), token=spoil(partner))
    assert status == 401
    assert answer.get("errorCode", answer.get("error_code")) in (401, "401")
    assert partner.sandbox.orders() == []


# --- v1 -----------------------------------------------------------------------------------------------------------


def test_a_v1_order_from_creation_to_refund(partner: Partner) -> None:
    asked, answer = partner.created(extraData="quầy 2")
    assert answer["signature"] == hmac_hex(partner.secret, joined(answer))
    assert (answer["errorCode"], answer["orderId"], answer["amount"]) == (0, asked["orderId"], 69_000)
    waiting = partner.ask(asked["orderId"])
    assert partner.sandbox.pay_order(asked["orderId"])
    paid = partner.ask(asked["orderId"])
    card = paid.pop("cardInfo")
    assert (waiting["errorCode"], paid["errorCode"], paid["extraData"]) == (35, 0, "quầy 2")
    assert paid["signature"] == hmac_hex(partner.secret, joined(paid))
    assert set(card) == {"cardNumber", "cardDate", "cardName", "countryCode"}
    back = {"refundId": "H-1", "appotapayTransId": paid["appotapayTransId"], "amount": 9_000, "reason": "Trả hàng"}
    status, refunded = partner.call("POST", REFUND, partner.signed(back))
    assert (status, refunded["status"], refunded["amount"]) == (200, "success", 9_000)
    assert refunded["signature"] == hmac_hex(partner.secret, joined(refunded))
    assert partner.call("GET", f"{REFUND}/H-1")[1] == refunded
    assert partner.call("GET", f"{REFUND}/H-2")[0] == 404
    assert partner.call("POST", REFUND, partner.signed(back))[1]["errorCode"] == 31
    more = partner.signed({**back, "refundId": "H-3", "amount": 60_001})
    assert partner.call("POST", REFUND, more)[1]["errorCode"] == 103
    (record,) = partner.sandbox.orders()
    assert (record["gateway"], record["state"], record["paid"], record["refunded"]) == (
        "appotapay", "paid", 69_000, 9_000,
    )  # fmt: skip


def test_a_v1_qr_is_a_code_for_bank_apps(partner: Partner) -> None:
    status, answer = partner.call("POST", QR, partner.signed(partner.order()))
    shown = answer.pop("qrData")
    assert status == 200
    assert answer["signature"] == hmac_hex(partner.secret, joined({**answer, **shown}))
    code = read_vietqr(shown["qrCodeUrl"])
    assert code.amount == 69_000
    assert answer["appotapayTransId"].startswith("AP")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"orderId": ""}, 1), ({"orderId": "x" * 51}, 1), ({"orderInfo": "x" * 151}, 1), ({"orderInfo": ""}, 1),
        ({"clientIp": "shop"}, 1), ({"notifyUrl": ""}, 1), ({"notifyUrl": "shop.vn"}, 1), ({"redirectUrl": ""}, 1),
        ({"amount": "69000"}, 1), ({"amount": 0}, 32), ({"amount": -1}, 32), ({"amount": 500_000_001}, 32),
        ({"paymentMethod": "VISA"}, 52), ({"amount": True}, 1),
    ],
)  # fmt: skip
def test_v1_fields_are_looked_at(partner: Partner, change: Members, code: int) -> None:
    status, answer = partner.call("POST", BANK, partner.bank(**change))
    assert (status, answer["errorCode"]) == (400, code)
    assert partner.sandbox.orders() == []


@pytest.mark.parametrize("path", [BANK, QR, STATUS, REFUND])
@pytest.mark.parametrize("spoil", ["changed", "none", "upper", "number"])
def test_v1_signatures_are_looked_at(partner: Partner, path: str, spoil: str) -> None:
    asked = partner.bank()
    wrong = {"changed": "0" * 64, "none": None, "upper": asked["signature"].upper(), "number": 7}[spoil]
    status, answer = partner.call("POST", path, {**asked, "signature": wrong})
    assert (status, answer["errorCode"]) == (400, 2)


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"\xff", b"[" * 9_000])
@pytest.mark.parametrize("path", [BANK, STATUS, CREATE_V2, REFUND_V2])
def test_what_is_no_json_is_refused(partner: Partner, body: bytes, path: str) -> None:
    assert partner.call("POST", path, body)[1]["errorCode"] == 1


def test_an_order_id_is_used_once(partner: Partner) -> None:
    asked, _ = partner.created()
    status, answer = partner.call("POST", BANK, asked)
    assert (status, answer["errorCode"]) == (400, 30)
    assert partner.sandbox.orders()[0]["creates"] == 2


def test_unknown_orders_and_addresses(partner: Partner) -> None:
    assert partner.call("POST", STATUS, partner.signed({"orderId": "x"}))[0] == 404
    assert partner.ask("x")["errorCode"] == 36
    assert partner.call("GET", BANK)[0] == 404
    assert partner.call("POST", "/api/v1/orders/payment/other", {})[0] == 404


# --- v2 and POS ---------------------------------------------------------------------------------------------------


def test_a_v2_order_from_creation_to_refund(partner: Partner) -> None:
    asked = partner.order_v2()
    status, answer = partner.call("POST", CREATE_V2, asked)
    transaction, payment = answer["transaction"], answer["payment"]
    assert (status, transaction["status"], transaction["errorCode"]) == (200, "pending", 35)
    assert read_vietqr(payment["qrCode"]["content"]).amount == 69_000
    order_id, number = asked["partnerReference"]["order"]["id"], transaction["transactionId"]
    assert partner.sandbox.pay_order(order_id)
    for reference, kind in ((order_id, "&type=PARTNER_ORDER_ID"), (number, "&type=TRANSACTION_ID"), (number, "")):
        told = partner.call("GET", f"{STATUS_V2}?referenceId={reference}{kind}")[1]
        assert (told["transaction"]["status"], told["transaction"]["orderAmount"]) == ("success", 69_000)
        assert told["transaction"]["amount"] != 69_000
        assert told["partnerReference"]["order"]["id"] == order_id
    back = {"partnerRefId": "H1", "transactionId": number, "amount": 9_000, "currency": "VND", "reason": "Tra hang"}
    assert partner.call("POST", REFUND_V2, back)[1]["status"] == "success"
    assert partner.call("GET", f"{REFUND_V2}/H1?type=PARTNER_ORDER_ID")[1]["amount"] == 9_000
    assert partner.call("POST", REFUND_V2, {**back, "partnerRefId": "H_2"})[1]["errorCode"] == 1
    assert partner.call("POST", REFUND_V2, {**back, "partnerRefId": "H2", "amount": 999})[1]["errorCode"] == 32


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": 999}, 32), ({"amount": None}, 1), ({"currency": "USD"}, 1), ({"action": "BUY"}, 1),
        ({"paymentMethod": "VISA"}, 140), ({"paymentMethod": ""}, 1),
    ],
)  # fmt: skip
def test_v2_fields_are_looked_at(partner: Partner, change: Members, code: int) -> None:
    assert partner.call("POST", CREATE_V2, partner.order_v2(**change))[1]["errorCode"] == code


@pytest.mark.parametrize("query", ["", "?referenceId=", "?referenceId=x&type=OTHER"])
def test_v2_questions_are_looked_at(partner: Partner, query: str) -> None:
    assert partner.call("GET", f"{STATUS_V2}{query}")[1]["errorCode"] == 1
    assert partner.call("GET", f"{STATUS_V2}?referenceId=x")[0] == 404


def test_a_pos_order(partner: Partner) -> None:
    asked = partner.order_pos()
    status, answer = partner.pos(asked)
    assert (status, answer["transaction"]["error_code"]) == (200, "34")
    assert read_vietqr(answer["payment_info"]["qr_content"]).amount == 69_000
    assert partner.sandbox.pay_order(asked["partner_ref_id"])
    path = f"{DETAIL_POS}/{asked['partner_ref_id']}"
    told = partner.call("GET", path, X_Request_Id=REQUEST_ID)[1]
    assert (told["status"], told["error_code"], told["is_sett"]) == ("success", "00", True)
    assert asked["partner_ref_id"] not in told.values()
    assert partner.call("GET", path)[1]["error_code"] == "1"
    assert partner.call("GET", f"{DETAIL_POS}/x", X_Request_Id=REQUEST_ID)[0] == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": 9_999}, "32"), ({"partner_ref_id": "x" * 27}, "1"), ({"partner_ref_id": "a b"}, "1"),
        ({"terminal_id": "TID-1"}, "1"), ({"payment_method": "POS"}, "40"), ({"order_info": "x" * 101}, "1"),
    ],
)  # fmt: skip
def test_pos_fields_are_looked_at(partner: Partner, change: Members, code: str) -> None:
    assert partner.pos(partner.order_pos(**change))[1]["error_code"] == code


def test_pos_signatures_and_ids_are_looked_at(partner: Partner) -> None:
    assert partner.pos(partner.order_pos(), X_Signature="0" * 64)[1]["error_code"] == "2"
    assert partner.pos(partner.order_pos(), X_Request_Id="1")[1]["error_code"] == "1"


# --- the page -----------------------------------------------------------------------------------------------------


def page(url: str, choice: str = "", **headers: str) -> tuple[int, str]:
    """What a browser sees, or what it sees after a choice."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    target = f"{address.path}?{address.query}"
    kind = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    try:
        connection.request(*(("POST", target, urlencode({"choice": choice}), kind) if choice else ("GET", target)))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def way_back(shown: str) -> tuple[str, Members]:
    found = re.search(r'<a href="([^"]+)"', shown)
    assert found
    address = urlsplit(html.unescape(found[1]))
    return address.hostname or "", dict(parse_qsl(address.query, keep_blank_values=True, strict_parsing=True))


@pytest.mark.parametrize(("choice", "code"), [("pay", 0), ("refuse", 38)])
def test_the_customer_chooses_on_the_page(partner: Partner, choice: str, code: int) -> None:
    asked, answer = partner.created(orderInfo="<b>Phở & chả</b>")
    status, shown = page(answer["paymentUrl"])
    assert status == 200
    assert "69.000 ₫" in shown
    assert "&lt;b&gt;Phở &amp; chả&lt;/b&gt;" in shown
    assert 'value="pay"' in shown
    host, told = way_back(page(answer["paymentUrl"], choice)[1])
    assert (host, told.pop("x"), told["errorCode"]) == ("shop.example", "1", str(code))
    assert told["signature"] == hmac_hex(partner.secret, joined(told))
    assert partner.ask(asked["orderId"])["errorCode"] == code
    again = page(answer["paymentUrl"], "pay")[1]
    assert 'value="pay"' not in page(answer["paymentUrl"])[1]
    assert way_back(again)[1]["errorCode"] == str(code)


def test_the_way_back_of_v2_carries_data(partner: Partner) -> None:
    answer = partner.call("POST", CREATE_V2, partner.order_v2())[1]
    _, told = way_back(page(answer["payment"]["url"], "pay")[1])
    assert set(told) == {"data", "signature", "time"}
    assert told["signature"] == hmac_hex(partner.secret, told["data"])
    assert json.loads(base64.b64decode(told["data"]))["transaction"]["status"] == "success"


def test_the_page_is_for_its_order_and_its_own_buttons_only(partner: Partner) -> None:
    asked, answer = partner.created()
    assert page(answer["paymentUrl"][:-4] + "0000")[0] == 404
    assert page(answer["paymentUrl"], "pay", Origin="http://evil.example")[0] == 403
    assert page(answer["paymentUrl"], "steal")[0] == 200
    assert partner.ask(asked["orderId"])["errorCode"] == 35


@pytest.mark.skipif(DRIVER is None, reason="no chromedriver on this machine")
def test_a_person_pays_in_a_real_browser(partner: Partner) -> None:
    asked, answer = partner.created()
    with browser() as window:
        window.open(answer["paymentUrl"])
        window.press("pay")
        told = "return document.getElementById('result')?.innerText ?? ''"  # the next page, once it is there
        soon(lambda: window.run(told) == "Đã thanh toán")
        assert window.complaints() == []
    assert partner.ask(asked["orderId"])["errorCode"] == 0


def tapped(partner: Partner, what: str, told: Members) -> tuple[int, Members]:
    """What the demo customer's phone answers to a tap."""
    address = urlsplit(partner.sandbox.phone_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    try:
        connection.request("POST", f"{address.path}/{what}", json.dumps(told).encode())
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


@pytest.mark.parametrize(("tap", "code"), [("confirm", 0), ("decline", 38)])
@pytest.mark.parametrize("path", [BANK, QR])
def test_the_phone_reads_what_the_shop_shows_and_its_owner_decides(
    partner: Partner, path: str, tap: str, code: int
) -> None:
    """The camera opens a page, a bank's app reads a QR; only what was read there can be answered there."""
    asked = partner.bank() if path == BANK else partner.signed(partner.order())
    answer = partner.call("POST", path, asked)[1]
    named = {"app_trans_id": asked["orderId"]}
    assert tapped(partner, tap, named)[0] == 404, "nobody has read it"
    assert tapped(partner, "open_order", {"shown": "https://shop.example/another"})[0] == 404
    shown = answer["paymentUrl"] if path == BANK else answer["qrData"]["qrCodeUrl"]
    for _ in range(2):  # read twice, asked once
        status, told = tapped(partner, "open_order", {"shown": shown})
        assert status == 200
        assert told["waiting"] == [{**named, "amount": 69_000, "description": "Hai tô phở"}]
    status, told = tapped(partner, tap, named)
    assert (status, told["waiting"]) == (200, [])
    assert partner.ask(asked["orderId"])["errorCode"] == code
    assert tapped(partner, tap, named)[0] == 404, "it is over"
    assert tapped(partner, "open_order", {"shown": shown})[0] == 404


def test_a_stuck_order_cannot_be_paid(partner: Partner) -> None:
    asked, answer = partner.created(31_003)
    page(answer["paymentUrl"], "pay")
    assert not partner.sandbox.pay_order(asked["orderId"])
    assert partner.ask(asked["orderId"])["errorCode"] == 35


# --- notifications ------------------------------------------------------------------------------------------------


@contextmanager
def listening(answer: bytes, status: int = 200) -> Iterator[tuple[str, list[bytes]]]:
    """A shop's server on loopback, and what was posted to it."""
    posted: list[bytes] = []

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Taker) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/ipn?shop=1", posted
        finally:
            server.shutdown()
            thread.join()


def until(happened: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


def notices(sandbox: Sandbox, order_id: str) -> list[Members]:
    (record,) = (one for one in sandbox.orders() if one["app_trans_id"] == order_id)
    told = record["callbacks"]
    assert isinstance(told, list)
    return told


def test_the_shop_is_told_when_it_is_paid(partner: Partner) -> None:
    with listening(b'{"status":"ok"}') as (url, posted):
        asked, _ = partner.created(notifyUrl=url)
        time.sleep(0.3)
        assert posted == []
        partner.sandbox.pay_order(asked["orderId"])
        until(lambda: posted)
        told = json.loads(posted[0])
        assert (told["errorCode"], told["orderId"], told["amount"]) == (0, asked["orderId"], 69_000)
        assert told["signature"] == hmac_hex(partner.secret, joined(told))
        until(lambda: notices(partner.sandbox, asked["orderId"]))
        partner.clock.now_ms += RESEND_AFTER_MS
        time.sleep(0.4)
        assert len(posted) == 1
        assert [one["taken"] for one in notices(partner.sandbox, asked["orderId"])] == [True]


def test_v2_tells_with_data(partner: Partner) -> None:
    with listening(b'{"status":"ok"}') as (url, posted):
        asked = partner.order_v2()
        asked["partnerReference"]["notificationConfig"]["notifyUrl"] = url
        partner.call("POST", CREATE_V2, asked)
        partner.sandbox.pay_order(asked["partnerReference"]["order"]["id"])
        until(lambda: posted)
        told = json.loads(posted[0])
        assert set(told) == {"data", "signature", "time"}
        assert told["signature"] == hmac_hex(partner.secret, told["data"])
        assert b"\\u" in base64.b64decode(told["data"])


@pytest.mark.parametrize(("answer", "status"), [(b"", 200), (b'{"status":"no"}', 200), (b'{"status":"ok"}', 500)])
def test_it_is_told_again_when_nobody_took_it(partner: Partner, answer: bytes, status: int) -> None:
    with listening(answer, status) as (url, posted):
        asked, _ = partner.created(notifyUrl=url)
        partner.sandbox.pay_order(asked["orderId"])
        for count in range(1, RESENDS_MAX + 2):
            until(lambda count=count: len(notices(partner.sandbox, asked["orderId"])) == count)  # type: ignore[misc]
            partner.clock.now_ms += RESEND_AFTER_MS
        time.sleep(0.4)
        assert len(set(posted)) == 1
        assert len(posted) == 1 + RESENDS_MAX


def test_a_failure_is_not_told_and_nobody_far_away_is(partner: Partner) -> None:
    with listening(b'{"status":"ok"}') as (url, posted):
        _, answer = partner.created(notifyUrl=url)
        page(answer["paymentUrl"], "refuse")
        time.sleep(0.3)
        assert posted == []
    far, _ = partner.created(notifyUrl="http://192.0.2.1/ipn")
    partner.sandbox.pay_order(far["orderId"])
    assert notices(partner.sandbox, far["orderId"]) == []


# --- scenarios and controls ---------------------------------------------------------------------------------------


def test_every_course_has_its_own_name_and_amount() -> None:
    for courses in (COURSES, REFUND_COURSES):
        amounts = [course.amount for course in courses.values() if course.amount]
        assert len(amounts) == len(set(amounts))
        for name, course in courses.items():
            assert name == course.name
            assert name.startswith("appota_")
            assert course.text.vi != course.text.en
    assert not COURSES.keys() & REFUND_COURSES.keys()


@pytest.mark.parametrize("name", sorted(name for name, course in COURSES.items() if course.refused))
def test_what_is_turned_away_leaves_no_order(partner: Partner, name: str) -> None:
    partner.sandbox.arm(name)
    asked = partner.bank()
    status, answer = partner.call("POST", BANK, asked)
    assert status != 200
    assert answer["errorCode"] == COURSES[name].refused
    assert "signature" not in answer
    assert partner.ask(asked["orderId"])["errorCode"] == 36
    assert partner.call("POST", BANK, asked)[0] == 200


def test_time_lets_things_happen(partner: Partner) -> None:
    orders = {amount: partner.created(amount)[0]["orderId"] for amount in (31_002, 30_038, 31_037, 31_033)}
    assert [partner.ask(one)["errorCode"] for one in orders.values()] == [35, 35, 37, 33]
    partner.clock.now_ms += 3_000
    assert [partner.ask(one)["errorCode"] for one in orders.values()] == [0, 38, 0, 0]


@pytest.mark.parametrize(
    ("name", "times", "on"),
    [("appota_nothing", 1, "create"), ("appota_paid", 0, "create"), ("appota_paid", 1, "query"),
     ("appota_paid", 1, "cancel")],
)  # fmt: skip
def test_what_cannot_be_armed(sandbox: Sandbox, name: str, times: int, on: str) -> None:
    with pytest.raises(ValueError, match=r"no such scenario|does not change"):
        sandbox.arm(name, times=times, on=on)


def test_the_control_calls_know_appotapays_orders(partner: Partner) -> None:
    asked, _ = partner.created()
    body = json.dumps({"app_trans_id": asked["orderId"]}).encode()
    assert partner.call("POST", "/sandbox/pay-order", body)[1] == {"paid": True}
    assert partner.call("POST", "/sandbox/pay-order", body)[0] == 404
    assert partner.call("GET", "/sandbox/orders")[1]["orders"][0]["state"] == "paid"
    refused, _ = partner.created(30_038)
    partner.clock.now_ms += 1_000
    assert partner.ask(refused["orderId"])["errorCode"] == 38
    assert partner.sandbox.pay_later(refused["orderId"])
    assert partner.ask(refused["orderId"])["errorCode"] == 0
    assert not partner.sandbox.pay_later("unknown")
    cancelled, _ = partner.created()
    assert partner.sandbox.appotapay.refuse_order(cancelled["orderId"])
    assert not partner.sandbox.appotapay.refuse_order(cancelled["orderId"])
    assert partner.ask(cancelled["orderId"])["errorCode"] == 38
    about = partner.call("GET", "/sandbox/about")[1]["appotapay"]
    assert about["partner_code"] == "APPOTAPAY"
