"""ZaloPay's formats against the published vectors: MACs, public keys, order ids, and strict reading of answers."""

import base64
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)
from hypothesis import example, given
from hypothesis import strategies as st

from pos_app.gateways.gateway import Order
from pos_app.gateways.strict_json import NotAnInteger, NotStrictJsonError, read_object
from pos_app.gateways.transport import Reply
from pos_app.gateways.zalopay.answers import read_answer
from pos_app.gateways.zalopay.public_key import CodeTooLongError, PublicKey, PublicKeyError
from pos_app.gateways.zalopay.requests import Credentials, check_order, check_refund, quick_pay_body, refund_body
from pos_app.gateways.zalopay.signing import (
    SignedOrder,
    callback_mac,
    create_mac,
    query_mac,
    query_refund_mac,
    quick_pay_mac,
    refund_mac,
    same_mac,
)
from pos_app.payments.answer import Answer, AnswerClass, Call
from pos_app.payments.refund import Refund
from pos_app.vietnam_day import yymmdd
from tests.gateways.tls_server import new_authority

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "zalopay-vectors.json").read_text("utf-8"))
HMACS = {vector["id"]: vector for vector in VECTORS["hmac"]}
PAIRS = VECTORS["rsa_test_pairs"]


def key_of(vector: dict[str, Any]) -> str:
    return str(VECTORS["sandbox_credentials"][str(vector["app_id"])][vector["key_name"]])


def by_api(*apis: str) -> list[Any]:
    found = [vector for vector in VECTORS["hmac"] if vector["api"] in apis and vector["hmac_input"]]
    assert {vector["api"] for vector in found} == set(apis)
    return [pytest.param(vector, id=vector["id"]) for vector in found]


def signed(fields: dict[str, Any]) -> SignedOrder:
    """The order of a vector, whichever era's names it has."""
    values: list[Any] = [fields.get(name, fields.get(name.replace("_", ""))) for name in SIGNED]
    return SignedOrder(*values)


SIGNED = ("app_id", "app_trans_id", "app_user", "amount", "app_time", "embed_data", "item")


# --- MACs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", by_api("v1 createorder / QR of a small order", "v2 create"))
def test_create(vector: dict[str, Any]) -> None:
    assert create_mac(key_of(vector), signed(vector["fields"])) == vector["expected"]


@pytest.mark.parametrize("vector", by_api("v2 quick_pay", "v1 submitqrcodepay"))
def test_quick_pay(vector: dict[str, Any]) -> None:
    code = vector["hmac_input"].split("|")[-1]
    assert quick_pay_mac(key_of(vector), signed(vector["fields"]), code.encode()) == vector["expected"]


@pytest.mark.parametrize("vector", by_api("v2 refund"))
def test_refund(vector: dict[str, Any]) -> None:
    names = ("app_id", "zp_trans_id", "amount", "description", "timestamp")
    assert refund_mac(key_of(vector), *(vector["fields"][name] for name in names)) == vector["expected"]


@pytest.mark.parametrize("vector", by_api("v2 query_refund"))
def test_query_refund(vector: dict[str, Any]) -> None:
    names = ("app_id", "m_refund_id", "timestamp")
    assert query_refund_mac(key_of(vector), *(vector["fields"][name] for name in names)) == vector["expected"]


@pytest.mark.parametrize("vector", by_api("v2 query", "v2 cancel", "v1 getstatusbyapptransid"))
def test_query(vector: dict[str, Any]) -> None:
    fields = vector["fields"]
    app_trans_id = fields.get("app_trans_id") or fields["apptransid"]
    assert query_mac(key_of(vector), vector["app_id"], app_trans_id) == vector["expected"]


def test_callback() -> None:
    published, altered = HMACS["v2-callback-1"], HMACS["third-party-callback-bad"]
    assert same_mac(callback_mac(key_of(published), published["hmac_input"]), published["expected"])
    assert not same_mac(callback_mac(key_of(altered), altered["hmac_input"]), altered["expected"])


@pytest.mark.parametrize(
    "change", [str.upper, lambda mac: mac + " ", lambda mac: mac[:-1], lambda _: "", lambda _: "ư"]
)
def test_only_the_exact_mac_is_the_same(change: Any) -> None:
    mac = create_mac("key", SignedOrder(1, "a", "b", 2, 3))
    assert same_mac(mac, mac)
    assert not same_mac(mac, change(mac))


# --- public keys -------------------------------------------------------------------------------------------------


def written(pair: dict[str, Any]) -> list[str]:
    """The same key in every way that shops receive it."""
    bare = pair["public_spki_base64"]
    key = load_der_public_key(base64.b64decode(bare))
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return [
        bare, pem, f"\ufeff{pem}", pem.replace("\n", "\r\n"), pem.replace("\n", " "), f"  {bare[:20]} {bare[20:]}\r\n",
        "\n".join(bare[at : at + 64] for at in range(0, len(bare), 64)),
    ]  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["id"])
def test_a_key_is_read_in_every_writing_and_encrypts_what_the_private_key_reads(pair: dict[str, Any]) -> None:
    private = load_der_private_key(
        base64.b64decode(pair["private_pkcs8_base64"]), None, unsafe_skip_rsa_key_validation=True
    )
    assert isinstance(private, RSAPrivateKey)
    vector = pair["decrypt_vector"]
    assert private.decrypt(base64.b64decode(vector["ciphertext_base64"]), PKCS1v15()).decode() == vector["plaintext"]
    prints = set()
    for text in written(pair):
        key = PublicKey(text)
        prints.add(key.fingerprint)
        assert (key.bits, key.code_bytes_max, key.weak) == (
            pair["bits"],
            pair["max_plaintext_bytes"],
            pair["bits"] < 2048,
        )
        encrypted = key.encrypt(vector["plaintext"].encode())
        assert len(encrypted) == vector["base64_chars"]
        assert encrypted != key.encrypt(vector["plaintext"].encode())
        assert private.decrypt(base64.b64decode(encrypted), PKCS1v15()).decode() == vector["plaintext"]
    assert len(prints) == 1


@pytest.mark.parametrize("published", VECTORS["rsa_public_keys"], ids=lambda key: key["id"])
def test_the_published_keys_work(published: dict[str, Any]) -> None:
    key = PublicKey(published["spki_base64"])
    assert key.bits == published["bits"]
    assert len(base64.b64decode(key.encrypt(b"1" * key.code_bytes_max))) == 64


def test_a_certificate_is_read_as_its_key() -> None:
    from cryptography import x509  # noqa: PLC0415 - for this test only
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as new_rsa  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    key, authority = new_rsa(65537, 1024), new_authority()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(authority.certificate.subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(authority.certificate.not_valid_before_utc)
        .not_valid_after(authority.certificate.not_valid_after_utc)
        .sign(authority.key, SHA256())
    )
    pem = certificate.public_bytes(Encoding.PEM).decode()
    bare = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
    for text in (pem, bare, bare[:50] + "\n " + bare[50:]):
        assert key.decrypt(base64.b64decode(PublicKey(text).encrypt(b"123")), PKCS1v15()) == b"123"


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["id"])
def test_a_code_too_long_for_the_key_is_refused(pair: dict[str, Any]) -> None:
    key = PublicKey(pair["public_spki_base64"])
    key.encrypt(b"1" * key.code_bytes_max)
    with pytest.raises(CodeTooLongError):
        key.encrypt(b"1" * (key.code_bytes_max + 1))


def _ec_key() -> str:
    spki = generate_private_key(SECP256R1()).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(spki).decode()


def _private_pem() -> str:
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize(
    "text",
    ["", "  ", "not a key!", "QUJD", PAIRS[0]["public_spki_base64"][:-8], PAIRS[0]["private_pkcs8_base64"],
     _ec_key(), _private_pem(), "khóa"],
)  # fmt: skip
def test_anything_else_is_no_key_and_is_not_repeated(text: str) -> None:
    with pytest.raises(PublicKeyError) as caught:
        PublicKey(text)
    assert len(text.strip()) < 4 or text.strip() not in str(caught.value)


@given(st.text(max_size=300) | st.binary(max_size=200).map(lambda raw: base64.b64encode(raw).decode()))
def test_no_text_breaks_the_reading_of_keys(text: str) -> None:
    try:
        PublicKey(text)
    except PublicKeyError:
        return


def test_credentials_show_no_secret() -> None:
    credentials = Credentials(2553, "the-key-one", PublicKey(PAIRS[0]["public_spki_base64"]), "quay-01")
    assert "the-key-one" not in repr(credentials)
    assert PAIRS[0]["public_spki_base64"][:20] not in repr(credentials.public_key)
    for app_id, key1, app_user in ((0, "k", "u"), (1, "", "u"), (1, "k", ""), (1, "k", "u" * 51)):
        with pytest.raises(ValueError, match=r"needed|app_user"):
            Credentials(app_id, key1, credentials.public_key, app_user)


# --- order ids ---------------------------------------------------------------------------------------------------


def instant_ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize("app_trans_id", VECTORS["app_trans_id"]["valid"])
def test_good_order_ids(app_trans_id: str) -> None:
    check_order(Order(app_trans_id, 1, instant_ms("2025-11-22T01:00:00+00:00"), ""))


@pytest.mark.parametrize(
    ("app_trans_id", "amount"),
    [(case["value"], 1) for case in VECTORS["app_trans_id"]["invalid"]]
    + [("251121_1", 1), ("251122_é", 1), ("251122|1", 1), ("251122_1", 0), ("251122_1", -1), ("251122", 1)],
)
def test_bad_orders_never_leave(app_trans_id: str, amount: int) -> None:
    credentials = Credentials(2553, "k", PublicKey(PAIRS[0]["public_spki_base64"]), "u")
    order = Order(app_trans_id, amount, instant_ms("2025-11-22T01:00:00+00:00"), "")
    with pytest.raises(ValueError, match=r"order id|amount"):
        quick_pay_body(credentials, order, b"1")


@pytest.mark.parametrize("case", VECTORS["app_trans_id"]["gmt7_cases"], ids=lambda case: case["utc"])
def test_the_day_of_an_order_is_vietnams(case: dict[str, str]) -> None:
    at_ms = instant_ms(case["utc"].replace("Z", "+00:00"))
    assert yymmdd(at_ms) == case["prefix"]
    check_order(Order(f"{case['prefix']}_1", 1, at_ms, ""))


# --- refund ids --------------------------------------------------------------------------------------------------


def a_refund(**other: Any) -> Refund:
    at_ms = instant_ms("2025-11-22T01:00:00+00:00")
    right = Refund(
        "251122_2553_02k7qx000001", "02-000001", "251122_1", "251122000000389", 20_000, 2553, at_ms, "i", "r"
    )
    return replace(right, **other)


def test_a_right_refund_is_signed_as_it_is_sent() -> None:
    (vector,) = (one for one in VECTORS["hmac"] if one["api"] == "v2 refund")
    sent = vector["fields"]
    key = PublicKey(PAIRS[0]["public_spki_base64"])
    refund = a_refund(
        m_refund_id=sent["m_refund_id"], zp_trans_id=sent["zp_trans_id"], amount=sent["amount"],
        requested_at_ms=sent["timestamp"], description=sent["description"],
    )  # fmt: skip
    form = dict(parse_qsl(refund_body(Credentials(2553, key_of(vector), key, "u"), refund).decode()))
    assert form == {**{name: str(value) for name, value in sent.items()}, "mac": vector["expected"]}


@pytest.mark.parametrize(
    "wrong",
    [{"m_refund_id": "251121_2553_1"}, {"m_refund_id": "251122_2554_1"}, {"m_refund_id": "251122-2553-1"},
     {"m_refund_id": "251122_2553_" + "1" * 34}, {"zp_trans_id": ""}, {"amount": 0}, {"amount": -1}, {"app_id": 1}],
    ids=str,
)  # fmt: skip
def test_bad_refunds_never_leave(wrong: dict[str, Any]) -> None:
    check_refund(a_refund())
    check_refund(a_refund(m_refund_id="251122_2553_" + "1" * 33))
    with pytest.raises(ValueError, match="refund"):
        check_refund(a_refund(**wrong))


# --- strict JSON -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"1", b"[]", b'"x"', b"{", b"{}{}", b"{} x", b'{"a":NaN}', b'{"a":Infinity}', b'{"a":-Infinity}',
     b'{"a":1,"a":1}', b'{"b":{"a":1,"a":2}}', b"\xef\xbb\xbf{}", '{"a":"ư"}'.encode("utf-16"), b'{"a":"\xff"}',
     b'{"a":"\xed\xa0\x80"}', b'{"a":01}', b'{"a":+1}', b'{"a":"\n"}', b"{'a':1}", b'{"a":1,}', b"\x00{}",
     b'{"a":' + b"9" * 20 + b"}", b'{"a":' + b"9" * 60_000 + b"}", b'{"a":' * 9 + b"1" + b"}" * 9,
     b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}", b"[" * 65_536, b'{"a":"' + b'\\"' * 32_000],
)  # fmt: skip
def test_what_is_not_strict_json(body: bytes) -> None:
    with pytest.raises(NotStrictJsonError) as caught:
        read_object(body)
    assert caught.value.__cause__ is None


def test_what_is_strict_json() -> None:
    assert read_object(b' {"a":1,"b":"[[[[[[[[[[","c":[{}],"d":"\xc6\xb0","e":-9223372036854775808} \n') == {
        "a": 1, "b": "[[[[[[[[[[", "c": [{}], "d": "ư", "e": -(2**63),
    }  # fmt: skip
    assert read_object(b'{"a":' * 8 + b"1" + b"}" * 8)
    assert isinstance(read_object(b'{"a":1.0}')["a"], NotAnInteger)
    assert isinstance(read_object(b'{"a":1e3}')["a"], NotAnInteger)


# --- answers -----------------------------------------------------------------------------------------------------


def number_of(call: Call) -> str:
    """The member in which an answer names the gateway's number."""
    return "refund_id" if call in (Call.REFUND, Call.QUERY_REFUND) else "zp_trans_id"


def answer(call: Call, body: str | bytes) -> Answer:
    return read_answer(call, Reply(200, body.encode() if isinstance(body, str) else body))


def test_a_whole_answer_is_read() -> None:
    body = (
        '{"return_code":1,"return_message":"ok","sub_return_code":1,"sub_return_message":"ok","is_processing":false,'
        '"amount":69000,"zp_trans_id":251122000000123,"discount_amount":0,"server_time":1763773200000,"rate":1.5}'
    )
    read = answer(Call.QUERY, body)
    assert (read.meaning, read.return_code, read.sub_return_code) == (AnswerClass.PAID, 1, 1)
    assert (read.zp_trans_id, read.amount, read.app_trans_id, read.app_id) == ("251122000000123", 69000, "", None)
    assert (read.fault, read.body_size, len(read.body_hash)) == ("", len(body), 16)


@pytest.mark.parametrize(
    ("call", "body", "meaning", "fault"),
    [
        (Call.CREATE, '{"return_code":1,"is_processing":false,"zp_trans_id":5}', "paid", ""),
        (Call.CREATE, '{"return_code":1,"is_processing":false,"zp_trans_id":"2511-5"}', "paid", ""),
        (Call.CREATE, '{"return_code":1,"is_processing":false}', "unusable", "no_zp_trans_id"),
        (Call.CREATE, '{"return_code":1,"is_processing":false,"zp_trans_id":0}', "unusable", "no_zp_trans_id"),
        (Call.CREATE, '{"return_code":1,"is_processing":false,"zp_trans_id":"0"}', "unusable", "no_zp_trans_id"),
        (Call.CREATE, '{"return_code":1,"is_processing":false,"zp_trans_id":""}', "unusable", "no_zp_trans_id"),
        (Call.CREATE, '{"return_code":1,"is_processing":true,"zp_trans_id":5}', "processing", ""),
        (Call.QUERY, '{"return_code":1,"zp_trans_id":5,"amount":1}', "paid", ""),
        (Call.QUERY, '{"return_code":1,"zp_trans_id":5}', "unusable", "no_amount"),
        (Call.QUERY, '{"return_code":1,"zp_trans_id":0,"amount":1}', "unusable", "no_zp_trans_id"),
        (Call.QUERY, '{"return_code":3,"amount":0,"zp_trans_id":0}', "processing", ""),
        (Call.QUERY, '{"return_code":2,"sub_return_code":-101}', "not_found", ""),
        (Call.QUERY, '{"return_code":-429}', "unusable", "no_verdict"),
        (Call.CREATE, '{"return_code":2,"sub_return_code":-68,"is_processing":false}', "duplicate", ""),
        (Call.CREATE, '{"return_code":-401}', "refused", ""),
        (Call.CREATE, "{}", "unusable", "no_verdict"),
        (Call.CREATE, '{"sub_return_code":-63,"is_processing":false}', "unusable", "no_verdict"),
        *(
            (call, f'{{"return_code":{value},"zp_trans_id":5,"amount":1}}', "unusable", "wrong_type")
            for call in Call
            for value in ('"1"', "1.0", "1e0", "true", "null", "[1]", "{}", "9223372036854775808")
        ),
        *(
            (call, f'{{"return_code":1,"is_processing":{value},"zp_trans_id":5,"amount":1}}', "unusable", "wrong_type")
            for call in Call
            for value in ('"false"', "0", "null", "[]")
        ),
        *(
            (call, f'{{"return_code":1,"{number_of(call)}":{value},"amount":1}}', "unusable", "wrong_type")
            for call in Call
            for value in ("5.0", "true", "null", "-5", '"5 "', '"<b>"', '"ư"', '"\\ud800"', "[]", f'"{"5" * 65}"')
        ),
        *(
            (Call.QUERY, f'{{"return_code":1,"zp_trans_id":5,"amount":{value}}}', "unusable", "wrong_type")
            for value in ('"1"', "1.0", "1e3", "true", "null")
        ),
        *(
            (call, f'{{"return_code":1,{number}"sub_return_code":1}}', "paid", "")
            for call in (Call.REFUND, Call.QUERY_REFUND)
            for number in ("", '"refund_id":5,', '"refund_id":"2511-5",', '"refund_id":0,', '"zp_trans_id":5.0,')
        ),
        (Call.CANCEL, '{"return_code":1,"sub_return_code":1}', "paid", ""),
        (Call.CANCEL, '{"return_code":2,"sub_return_code":-101}', "unusable", "no_verdict"),
        (Call.CREATE, '{"return_code":2,"return_code":1,"zp_trans_id":5}', "unusable", "not_json"),
        (Call.CREATE, "<html>", "unusable", "not_json"),
        (Call.CREATE, "", "unusable", "not_json"),
    ],
)  # fmt: skip
def test_answers(call: Call, body: str, meaning: str, fault: str) -> None:
    read = answer(call, body)
    assert (read.meaning, read.fault) == (AnswerClass(meaning), fault)


@pytest.mark.parametrize(
    ("reply", "fault"),
    [(Reply(302), "redirect"), (Reply(502, b'{"return_code":2}'), "http_502"), (Reply(204), "http_204"),
     (Reply(fault="timeout"), "timeout"), (Reply(fault="cut"), "cut")],
)  # fmt: skip
def test_replies_that_are_no_answer(reply: Reply, fault: str) -> None:
    read = read_answer(Call.CREATE, reply)
    assert (read.meaning, read.fault, read.return_code) == (AnswerClass.UNUSABLE, fault, None)


LEAVES = st.none() | st.booleans() | st.integers(-500, 500) | st.integers() | st.floats() | st.text(max_size=20)
KEYS = st.sampled_from(
    (
        "return_code",
        "sub_return_code",
        "is_processing",
        "zp_trans_id",
        "refund_id",
        "amount",
        "app_trans_id",
        "app_id",
        "x",
    )
)
JSONISH = st.dictionaries(KEYS, LEAVES | st.sampled_from((1, 2, 3)), max_size=8).map(
    lambda value: json.dumps(value).encode()
)


@given(st.sampled_from(list(Call)), st.binary(max_size=300) | JSONISH)
@example(Call.CREATE, b"[" * 60_000)
@example(Call.QUERY, b'{"a":"' + b"\\" * 60_001)
def test_no_body_raises_and_paid_always_has_its_proof(call: Call, body: bytes) -> None:
    read = answer(call, body)
    assert (read.meaning is AnswerClass.UNUSABLE) == bool(read.fault)
    if read.meaning is AnswerClass.PAID:
        assert read.return_code == 1
        assert call not in (Call.CREATE, Call.QUERY) or read.zp_trans_id.strip("0")
        assert call is not Call.QUERY or type(read.amount) is int
