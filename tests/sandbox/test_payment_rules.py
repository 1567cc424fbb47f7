"""Every check of a payment request and of a query, over real HTTP, signed from the documented formulas."""

import base64
import http.client
import json
import ssl
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key

from pos_app.sandbox.payment_key import PaymentKey
from pos_app.sandbox.server import Sandbox
from tests.sandbox.shop import PAID, PROCESSING, FixedClock, Members, Shop, encrypt, failed, sign, verdict

VECTORS = json.loads((Path(__file__).parent.parent / "data" / "zalopay-vectors.json").read_text("utf-8"))
MINUTE_MS = 60_000


@pytest.mark.parametrize("form", [False, True], ids=["json", "form"])
def test_an_ordinary_amount_is_paid_at_once(shop: Shop, form: bool) -> None:
    payment = shop.payment(69_000)
    answer = shop.pay(payment, form=form)
    assert verdict(answer) == PAID
    told = shop.post("/v2/query", shop.question(str(payment["app_trans_id"])), form=form)
    assert verdict(told) == PAID
    assert told["amount"] == 69_000
    assert told["zp_trans_id"] == answer["zp_trans_id"] != 0
    assert isinstance(told["zp_trans_id"], int)
    assert told["server_time"] == shop.clock.wall_ms()


def test_members_in_the_address_work_like_a_form(shop: Shop) -> None:
    payment = shop.payment()
    address = httpx.URL(
        shop.sandbox.url + "/v2/quick_pay", params={name: str(value) for name, value in payment.items()}
    )
    with httpx.Client(trust_env=False) as client:
        assert verdict(client.post(address).json()) == PAID


def test_over_tls_only_the_handed_out_authority_is_needed() -> None:
    with Sandbox() as sandbox, Shop(sandbox) as shop:
        assert sandbox.url.startswith("https://127.0.0.1:")
        assert verdict(shop.pay(shop.payment())) == PAID
        assert verdict(shop.pay(shop.payment())) == PAID  # the same connection
        trust = ssl.create_default_context(cadata=sandbox.ca_pem)
        with httpx.Client(verify=trust, trust_env=False, base_url=sandbox.url) as client:
            assert verdict(client.post("/v2/quick_pay", json=shop.payment()).json()) == PAID
        stranger = http.client.HTTPSConnection("127.0.0.1", int(sandbox.url.rsplit(":", 1)[1]), timeout=60)
        with pytest.raises(ssl.SSLCertVerificationError):
            stranger.request("POST", "/v2/query")
        stranger.close()


def test_the_published_signatures_are_the_ones_it_wants() -> None:
    """The vectors' own signatures, presented to the gateway at the vectors' own time."""
    by_id = {vector["id"]: vector for vector in VECTORS["hmac"]}
    pay, query = by_id["c-v2-quickpay-1"], by_id["c-v2-query-1"]
    members = dict(pay["fields"])
    raw = members.pop("payment_code_raw")
    with Sandbox(tls=False, clock=FixedClock(members["app_time"])) as sandbox, Shop(sandbox) as shop:
        members |= {"mac": pay["expected"], "payment_code": encrypt(sandbox.public_key, raw)}
        assert verdict(shop.pay(members)) == failed(-292)  # signature right, code not of this wallet
        assert verdict(shop.pay(members | {"amount": 50_001})) == failed(-402)
        question = {name: query["fields"][name] for name in ("app_id", "app_trans_id")} | {"mac": query["expected"]}
        assert verdict(shop.post("/v2/query", question)) == failed(-101)
        assert verdict(shop.post("/v2/query", question | {"app_trans_id": "251122_000009"})) == failed(-402)


def test_utf8_in_items_and_embedded_data_is_signed_as_sent(shop: Shop) -> None:
    items = '[{"itemid":"sku-1","itemname":"Cà phê sữa đá","itemprice":25000,"itemquantity":2}]'
    payment = shop.payment(item=items, embed_data='{"columninfo":"{\\"store_id\\":\\"CH123\\"}"}')
    assert verdict(shop.pay(payment)) == PAID
    spaced = shop.payment(item=items)
    assert verdict(shop.pay({**spaced, "item": items.replace(":", ": ")})) == failed(-402)


@pytest.mark.parametrize(
    "name",
    ["app_id", "app_user", "app_time", "amount", "app_trans_id", "embed_data", "item", "mac", "payment_code"],
)
def test_a_missing_member_is_refused(shop: Shop, name: str) -> None:
    payment = shop.payment()
    del payment[name]
    assert verdict(shop.pay(payment)) == failed(-401)
    assert verdict(shop.pay(payment, form=True)) == failed(-401)
    assert shop.sandbox.orders() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", "69000"), ("amount", 69000.0), ("amount", True), ("amount", None), ("app_time", "now"),
        ("app_id", "2553"), ("app_user", 7), ("item", []), ("embed_data", {}), ("mac", 1), ("app_trans_id", 1),
        ("description", "x" * 101), ("description", 5), ("device_info", "x" * 257),
    ],
)  # fmt: skip
def test_a_member_of_a_wrong_type_or_length_is_refused(shop: Shop, name: str, value: object) -> None:
    assert verdict(shop.pay({**shop.payment(), name: value})) == failed(-401)


@pytest.mark.parametrize(
    "text", ["69000.0", "6.9e4", "+69000", "069000", " 69000", "69_000", "６９０００", "9" * 5_000]
)
def test_a_form_number_is_plain_decimal(shop: Shop, text: str) -> None:
    assert verdict(shop.pay({**shop.payment(), "amount": text}, form=True)) == failed(-401)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("{", "application/json"), ("[]", "application/json"), ("[" * 60_000, "application/json"),
        ('{"app_id":2553,"app_id":2553}', "application/json"), (b"\xff\xfe", "application/json"),
        ('{"app_id":2553,"app_trans_id":"\\ud800","mac":"\\ud800"}', "application/json"),
        ("app_id=2553&app_id=2553", "application/x-www-form-urlencoded"),
        (b"app_user=%ff", "application/x-www-form-urlencoded"),
        ("<xml/>", "application/xml"), ("", "application/json"),
    ],
)  # fmt: skip
def test_an_unreadable_body_is_an_answer_not_a_crash(shop: Shop, body: str | bytes, kind: str) -> None:
    for path in ("/v2/quick_pay", "/v2/query", "/v2/cancel"):
        status, answer = shop.raw("POST", path, body, Content_Type=kind)
        assert status == 200
        assert json.loads(answer)["return_code"] == 2
        assert json.loads(answer)["sub_return_code"] in {-401, -402}


def test_another_app_or_key_or_an_altered_request_is_refused(shop: Shop) -> None:
    assert verdict(shop.pay(shop.payment(app_id=2554))) == failed(-402)
    assert verdict(shop.pay(shop.payment(key=shop.sandbox.key2))) == failed(-402)
    payment = shop.payment()
    for name, value in (("amount", 1), ("app_user", "x"), ("embed_data", "{ }"), ("item", "[ ]")):
        assert verdict(shop.pay({**payment, name: value})) == failed(-402)
    assert verdict(shop.pay({**payment, "mac": str(payment["mac"]).upper()})) == failed(-402)
    assert shop.sandbox.orders() == []
    assert verdict(shop.pay(payment)) == PAID


def test_signing_the_encrypted_code_is_wrong(shop: Shop) -> None:
    payment = shop.payment()
    signed = [
        payment[name] for name in ("app_id", "app_trans_id", "app_user", "amount", "app_time", "embed_data", "item")
    ]
    mac = sign(shop.sandbox.key1, *signed, payment["payment_code"])
    assert verdict(shop.pay({**payment, "mac": mac})) == failed(-402)


def test_a_code_for_another_key_or_padding_does_not_open(shop: Shop) -> None:
    other = rsa.generate_private_key(65_537, 1024).public_key()
    foreign = base64.b64encode(other.encrypt(b"28123", padding.PKCS1v15())).decode()
    pair = base64.b64decode(VECTORS["rsa_test_pairs"][0]["private_pkcs8_base64"])
    own = load_der_private_key(pair, None)
    assert isinstance(own, rsa.RSAPrivateKey)
    numbers = own.public_key().public_numbers()
    code = shop.sandbox.customer.fresh_code().encode()
    blocks = (
        code.rjust(64, b"\x00"),  # no padding
        b"\x00\x01" + b"\xff" * (61 - len(code)) + b"\x00" + code,  # the padding of signatures
        b"\x00\x02" + b"\xff" * 7 + b"\x00" + code.ljust(54, b" "),  # too little padding
        b"\x00\x02" + b"\xff" * 62,  # no end of padding
        b"\x00\x02" + b"\xff" * 61 + b"\x00",  # no code
    )
    padded = [base64.b64encode(pow(int.from_bytes(one), numbers.e, numbers.n).to_bytes(64)).decode() for one in blocks]
    for wrong in (foreign, *padded, "", "?", "AAAA", base64.b64encode(bytes(64)).decode()):
        assert verdict(shop.pay({**shop.payment(), "payment_code": wrong})) == failed(-292)


@pytest.mark.parametrize("bits", [1024, 2048])
def test_a_longer_key_works_too(bits: int) -> None:
    key = PaymentKey(bits=bits)
    assert key.open_code(encrypt(key.public_key, "282512345678901234")) == "282512345678901234"


def test_the_published_pair_and_ciphertext_open() -> None:
    pair = VECTORS["rsa_test_pairs"][0]
    key = PaymentKey()
    assert key.public_key == pair["public_spki_base64"]
    assert key.open_code(pair["decrypt_vector"]["ciphertext_base64"]) == pair["decrypt_vector"]["plaintext"]
    private = load_der_private_key(base64.b64decode(pair["private_pkcs8_base64"]), None)
    spki = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert key.public_key == base64.b64encode(spki).decode()


@pytest.mark.parametrize(
    ("off_ms", "expected"),
    [
        (-15 * MINUTE_MS, PAID), (15 * MINUTE_MS, PAID), (-15 * MINUTE_MS - 1, failed(-54)),
        (15 * MINUTE_MS + 1, failed(-4)),
    ],
)  # fmt: skip
def test_the_clock_may_be_fifteen_minutes_off(shop: Shop, off_ms: int, expected: object) -> None:
    assert verdict(shop.pay(shop.payment(app_time=shop.clock.wall_ms() + off_ms))) == expected


def test_the_order_id_begins_with_vietnams_day() -> None:
    for case in VECTORS["app_trans_id"]["gmt7_cases"]:
        now_ms = int(datetime.fromisoformat(case["utc"]).timestamp()) * 1000
        with Sandbox(tls=False, clock=FixedClock(now_ms)) as sandbox, Shop(sandbox) as shop:
            assert verdict(shop.pay(shop.payment(app_trans_id=f"{case['prefix']}_1"))) == PAID
            other = {"251122": "251121", "251121": "251122"}[case["prefix"]]
            assert verdict(shop.pay(shop.payment(app_trans_id=f"{other}_2"))) == failed(-92)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("app_trans_id", "{day}", -92), ("app_trans_id", "{day}_" + "9" * 34, -92), ("app_trans_id", "{day}_é", -92),
        ("app_trans_id", "{day}_1\n", -92), ("app_user", "", -57), ("app_user", " ", -57),
        ("app_user", "x" * 51, -57), ("amount", 0, -5), ("amount", -1, -5), ("amount", 2**53 + 1, -5),
        ("item", "", -52), ("item", "{}", -52), ("item", "[", -52), ("item", "[" + " " * 1_023 + "]", -52),
        ("embed_data", "", -401), ("embed_data", "[]", -401), ("embed_data", "{" + " " * 1_023 + "}", -401),
    ],
)  # fmt: skip
def test_each_value_has_its_code(shop: Shop, name: str, value: object, code: int) -> None:
    day = shop.new_id()[:6]
    wrong = value.replace("{day}", day) if isinstance(value, str) else value
    payment = shop.signed({name: wrong})
    assert verdict(shop.pay(payment)) == failed(code)
    assert verdict(shop.ask(payment["app_trans_id"])) == failed(-101)


def test_forty_characters_of_order_id_and_fifty_of_payer_fit(shop: Shop) -> None:
    app_trans_id = shop.new_id().ljust(40, "x")
    assert verdict(shop.pay(shop.payment(app_trans_id=app_trans_id, app_user="x" * 50))) == PAID


def test_an_order_id_works_once_and_a_duplicate_keeps_the_first(shop: Shop) -> None:
    payment = shop.payment(50_000)
    first = shop.pay(payment)
    assert verdict(shop.pay(payment)) == failed(-68)
    again = shop.payment(60_000, app_trans_id=payment["app_trans_id"])
    assert verdict(shop.pay(again)) == failed(-68)
    told = shop.ask(payment["app_trans_id"])
    assert (told["amount"], told["zp_trans_id"]) == (50_000, first["zp_trans_id"])
    record = shop.sandbox.orders()
    assert [(order["creates"], order["state"]) for order in record] == [(3, "paid")]
    assert shop.sandbox.customer.balance == 200_000_000 - 50_000


def test_query_and_cancel_check_app_and_signature(shop: Shop) -> None:
    payment = shop.payment()
    shop.pay(payment)
    right = shop.question(str(payment["app_trans_id"]))
    for path in ("/v2/query", "/v2/cancel"):
        assert verdict(shop.post(path, {**right, "mac": "0" * 64})) == failed(-402)
        assert verdict(shop.post(path, {**right, "app_id": 1})) == failed(-402)
        assert verdict(shop.post(path, {**right, "app_id": "2553"})) == failed(-401)
        assert verdict(shop.post(path, shop.question("261122_404"))) == failed(-101)
        for name in right:
            assert verdict(shop.post(path, {key: value for key, value in right.items() if key != name})) == failed(-401)


def test_an_order_can_be_asked_for_48_hours(shop: Shop, clock: FixedClock) -> None:
    payment = shop.payment()
    shop.pay(payment)
    clock.now_ms += 48 * 60 * MINUTE_MS
    assert verdict(shop.ask(payment["app_trans_id"])) == PAID
    clock.now_ms += 1
    assert verdict(shop.ask(payment["app_trans_id"])) == failed(-49)


def test_a_waiting_order_dies_after_fifteen_minutes(shop: Shop, clock: FixedClock) -> None:
    payment = shop.payment(10_002)
    assert verdict(shop.pay(payment)) == PROCESSING
    clock.now_ms += 15 * MINUTE_MS - 1
    assert verdict(shop.ask(payment["app_trans_id"])) == PROCESSING
    clock.now_ms += 1
    assert verdict(shop.ask(payment["app_trans_id"])) == failed(-54)
    assert not shop.sandbox.customer.confirm(str(payment["app_trans_id"]))


def test_cancel_ends_an_unpaid_order_only(shop: Shop) -> None:
    waiting, paid = shop.payment(10_002), shop.payment()
    shop.pay(waiting)
    shop.pay(paid)
    question = shop.question(str(waiting["app_trans_id"]))
    assert shop.post("/v2/cancel", question)["return_code"] == 1
    assert shop.post("/v2/cancel", question)["return_code"] == 1
    assert verdict(shop.ask(waiting["app_trans_id"])) == failed(-54)
    assert not shop.sandbox.customer.confirm(str(waiting["app_trans_id"]))
    assert verdict(shop.post("/v2/cancel", shop.question(str(paid["app_trans_id"])))) == failed(406)
    assert verdict(shop.ask(paid["app_trans_id"])) == PAID


def test_the_record_holds_no_payment_code(shop: Shop) -> None:
    code = shop.sandbox.customer.fresh_code()
    members: Members = shop.payment(code=code)
    shop.pay(members)
    _, record = shop.raw("GET", "/sandbox/orders")
    (order,) = json.loads(record)["orders"]
    assert order["code_presented"] == order["creates"] == 1
    assert len(order["code_hash"]) == 16
    assert code not in record.decode()
    assert code not in repr(shop.sandbox.gateway.orders()) + repr(shop.sandbox.customer.new_code())
