"""ZaloPay's API v1: its forms against the vectors, its one code, and what may not be concluded from its answers.

What it does like every gateway is in `test_contract.py`.
"""

import asyncio
import json
import ssl
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pos_app.clock import MachineClock
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import Gateway, NotSentCause, NotSentError, Order, PayMethod
from pos_app.gateways.transport import Limits, Reply
from pos_app.gateways.trust import built_in
from pos_app.gateways.zalopay.public_key import PublicKey
from pos_app.gateways.zalopay.requests import Credentials
from pos_app.gateways.zalopay.v1 import ZaloPayV1
from pos_app.gateways.zalopay.v1_answers import read_answer, read_created, two_codes
from pos_app.gateways.zalopay.v1_requests import (
    LIFE_S,
    METHODS,
    create_body,
    query_body,
    query_refund_body,
    quick_pay_body,
    refund_body,
)
from pos_app.payments.answer import Answer, AnswerClass, Call
from pos_app.payments.payment_code import PaymentCode
from tests.gateways.test_zalopay_formats import HMACS, VECTORS, a_refund, key_of
from tests.gateways.test_zalopay_v2 import CODE, ORDER, PAIR, nothing, opened
from tests.gateways.tls_server import Authority, Peer, serve

KEY = PublicKey(PAIR["public_spki_base64"])
APP_553 = Credentials(553, VECTORS["sandbox_credentials"]["553"]["key1"], KEY, "user123")
LINK = "https://sbgateway.zalopay.vn/openinapp?order=eyJ6cCI6MX0"

PAID, PROCESSING, NEGATIVE = AnswerClass.PAID, AnswerClass.PROCESSING, AnswerClass.NEGATIVE
REFUSED, DUPLICATE = AnswerClass.REFUSED, AnswerClass.DUPLICATE
NOT_FOUND, UNUSABLE = AnswerClass.NOT_FOUND, AnswerClass.UNUSABLE


def fields(form: bytes) -> dict[str, str]:
    return dict(parse_qsl(form.decode("ascii"), keep_blank_values=True, strict_parsing=True))


def as_sent(vector: dict[str, Any]) -> dict[str, str]:
    return {**{name: str(value) for name, value in vector["fields"].items()}, "mac": vector["expected"]}


# --- forms -------------------------------------------------------------------------------------------------------


def test_create_is_the_published_order_of_app_553() -> None:
    vector = HMACS["v1-createorder-1"]
    sent = vector["fields"]
    order = Order(sent["apptransid"], sent["amount"], sent["apptime"], sent["description"])
    assert (vector["kind"], vector["verified"]) == ("published", True)
    assert fields(create_body(APP_553, order, 900, PayMethod.WALLET)) == as_sent(vector)


def test_quick_pay_is_signed_with_the_raw_code() -> None:
    vector = HMACS["c-v1-quickpay-1"]
    sent = vector["fields"]
    credentials = Credentials(553, key_of(vector), KEY, sent["appuser"])
    order = Order(sent["apptransid"], sent["amount"], sent["apptime"], "Cà phê")
    form = fields(quick_pay_body(credentials, order, CODE.encode()))
    assert opened(form.pop("paymentcode")) == CODE == vector["hmac_input"].split("|")[-1]
    assert form == {
        "appid": "553", "apptransid": "251122_000003", "appuser": "pos-01", "amount": "50000",
        "apptime": "1763773200000", "embeddata": "{}", "item": "[]", "description": "Cà phê",
        "mac": vector["expected"],
    }  # fmt: skip


def test_query_is_signed_with_the_key_inside() -> None:
    vector = HMACS["c-v1-query-1"]
    credentials = Credentials(554, key_of(vector), KEY, "u")
    app_trans_id = vector["hmac_input"].split("|")[1]
    form = fields(query_body(credentials, app_trans_id))
    assert form == {"appid": "554", "apptransid": app_trans_id, "mac": vector["expected"]}


def test_refunds_are_signed_like_v2s_and_named_as_in_v1() -> None:
    vector, asked = HMACS["c-v2-refund-1"], HMACS["c-v2-query-refund-1"]
    credentials, sent = Credentials(2553, key_of(vector), KEY, "u"), vector["fields"]
    refund = a_refund(
        m_refund_id=sent["m_refund_id"], zp_trans_id=sent["zp_trans_id"], amount=sent["amount"],
        requested_at_ms=sent["timestamp"], description=sent["description"],
    )  # fmt: skip
    assert fields(refund_body(credentials, refund)) == {
        "appid": "2553", "mrefundid": sent["m_refund_id"], "zptransid": sent["zp_trans_id"],
        "amount": str(sent["amount"]), "timestamp": str(sent["timestamp"]), "description": sent["description"],
        "mac": vector["expected"],
    }  # fmt: skip
    named = asked["fields"]
    assert fields(query_refund_body(credentials, named["m_refund_id"], named["timestamp"])) == {
        "appid": "2553", "mrefundid": named["m_refund_id"], "timestamp": str(named["timestamp"]),
        "mac": asked["expected"],
    }  # fmt: skip


@pytest.mark.parametrize("life_s", [0, 300, 899, 901, 2_592_000])
def test_an_order_of_v1_lives_a_quarter_of_an_hour(life_s: int) -> None:
    assert LIFE_S == 900
    with pytest.raises(ValueError, match="15 minutes"):
        create_body(APP_553, ORDER, life_s, PayMethod.ANY)


@pytest.mark.parametrize("method", PayMethod)
def test_it_is_shown_for_the_wallet_only(method: PayMethod) -> None:
    if method in METHODS:
        form = fields(create_body(APP_553, ORDER, 900, method))
        assert form["bankcode"] == ("zalopayapp" if method is PayMethod.WALLET else "")
        assert "expiredurationseconds" not in form
    else:
        with pytest.raises(ValueError, match="way to pay"):
            create_body(APP_553, ORDER, 900, method)


# --- answers -----------------------------------------------------------------------------------------------------


def said(call: Call, body: str | bytes) -> Answer:
    return read_answer(call, Reply(200, body.encode() if isinstance(body, str) else body))


@pytest.mark.parametrize(
    ("code", "two"),
    [(1, (1, None)), (2, (3, 2)), (3, (3, 3)), (10, (3, 10)), (16, (3, 16)), (406, (2, 406)), (0, (2, 0)),
     (-1, (2, -1)), (-63, (2, -63)), (-402, (2, -402)), (-1330, (2, -1330))],
)  # fmt: skip
def test_one_code_is_two_of_v2(code: int, two: tuple[int, int | None]) -> None:
    assert two_codes(code) == two


ALL_CALLS = (Call.CREATE, Call.QUERY, Call.REFUND, Call.QUERY_REFUND)


@pytest.mark.parametrize(
    ("code", "meanings"),
    [
        # one for each of ALL_CALLS
        (1, (PAID, PAID, PAID, PAID)),
        (2, (PROCESSING, PROCESSING, PROCESSING, PROCESSING)),
        (3, (PROCESSING, PROCESSING, PROCESSING, PROCESSING)),
        (10, (PROCESSING, PROCESSING, PROCESSING, PROCESSING)),
        (23, (PROCESSING, PROCESSING, PROCESSING, PROCESSING)),
        (0, (UNUSABLE, UNUSABLE, NEGATIVE, NEGATIVE)),
        (-1, (NEGATIVE, UNUSABLE, PROCESSING, PROCESSING)),
        (-14, (NEGATIVE, UNUSABLE, NEGATIVE, NEGATIVE)),
        (-21, (NEGATIVE, NEGATIVE, NEGATIVE, NOT_FOUND)),
        (-23, (NEGATIVE, NEGATIVE, DUPLICATE, DUPLICATE)),
        (-49, (NEGATIVE, NOT_FOUND, NEGATIVE, NEGATIVE)),
        (-53, (NEGATIVE, UNUSABLE, NEGATIVE, NEGATIVE)),
        (-63, (NEGATIVE, NEGATIVE, NEGATIVE, NEGATIVE)),
        (-68, (DUPLICATE, UNUSABLE, NEGATIVE, NEGATIVE)),
        (-100, (NEGATIVE, UNUSABLE, NEGATIVE, UNUSABLE)),
        (-101, (NEGATIVE, NOT_FOUND, UNUSABLE, UNUSABLE)),
        (-102, (NEGATIVE, NEGATIVE, NEGATIVE, NEGATIVE)),
        (-401, (REFUSED, UNUSABLE, REFUSED, UNUSABLE)),
        (-402, (REFUSED, UNUSABLE, REFUSED, UNUSABLE)),
        (406, (REFUSED, UNUSABLE, REFUSED, UNUSABLE)),
        (-429, (NEGATIVE, UNUSABLE, UNUSABLE, UNUSABLE)),
        (-500, (NEGATIVE, UNUSABLE, UNUSABLE, UNUSABLE)),
        (-777, (NEGATIVE, NEGATIVE, NEGATIVE, NEGATIVE)),
    ],
)
def test_what_each_code_means(code: int, meanings: tuple[AnswerClass, ...]) -> None:
    body = json.dumps({"returncode": code, "zptransid": 5, "amount": 1})
    read = [said(call, body) for call in ALL_CALLS]
    assert tuple(one.meaning for one in read) == meanings
    assert {one.sub_return_code for one in read} == {None if code == 1 else code}, "the code itself is kept"


@pytest.mark.parametrize("code", [1, 10, -49, -63, -777])
def test_while_it_is_processing_nothing_is_over(code: int) -> None:
    body = json.dumps({"returncode": code, "isprocessing": True, "zptransid": 5, "amount": 1})
    assert [said(call, body).meaning for call in (Call.CREATE, Call.QUERY)] == [PROCESSING] * 2


def test_a_whole_answer_is_read() -> None:
    body = (
        '{"returncode":1,"returnmessage":"ok","isprocessing":false,"amount":69000,"discountamount":0,'
        '"zptransid":190719000001129,"appid":553,"apptransid":"251122_1","userfeeamount":0,"rate":1.5}'
    )
    read = said(Call.QUERY, body)
    assert (read.meaning, read.return_code, read.sub_return_code) == (PAID, 1, None)
    assert (read.zp_trans_id, read.amount, read.app_trans_id, read.app_id) == (
        "190719000001129",
        69000,
        "251122_1",
        553,
    )
    assert (read.fault, read.body_size, len(read.body_hash)) == ("", len(body), 16)
    assert said(Call.REFUND, '{"returncode":1,"refundid":190719000001130}').zp_trans_id == "190719000001130"


@pytest.mark.parametrize(
    ("call", "body", "fault"),
    [
        (Call.CREATE, '{"returncode":1,"isprocessing":false}', "no_zp_trans_id"),
        (Call.CREATE, '{"returncode":1,"zptransid":0}', "no_zp_trans_id"),
        (Call.QUERY, '{"returncode":1,"zptransid":5}', "no_amount"),
        (Call.QUERY, '{"returncode":1,"zptransid":"0","amount":1}', "no_zp_trans_id"),
        *((call, '{"return_code":1,"zp_trans_id":5,"amount":1}', "no_verdict") for call in ALL_CALLS),
        (Call.QUERY, '{"returncode":1,"zp_trans_id":5,"amount":1}', "no_zp_trans_id"),
        *((call, '{"returncode":2,"returncode":1,"zptransid":5,"amount":1}', "not_json") for call in ALL_CALLS),
        *((call, body, "not_json") for call in ALL_CALLS for body in ("", "<html>", "[]", '{"returncode":NaN}')),
        *(
            (call, f'{{"returncode":{value},"zptransid":5,"amount":1}}', "wrong_type")
            for call in ALL_CALLS
            for value in ('"1"', "1.0", "true", "null", "[1]", "9223372036854775808", "-9223372036854775809")
        ),
        *(
            (call, f'{{"returncode":1,"isprocessing":{value},"zptransid":5,"amount":1}}', "wrong_type")
            for call in ALL_CALLS
            for value in ('"false"', "0", "null")
        ),
        *(
            (Call.QUERY, f'{{"returncode":1,"zptransid":{value},"amount":1}}', "wrong_type")
            for value in ("5.0", "true", "-5", '"<b>"', '"ư"')
        ),
        *(
            (Call.QUERY, f'{{"returncode":1,"zptransid":5,"amount":{value}}}', "wrong_type")
            for value in ('"1"', "1.0", "true", "null")
        ),
    ],
)
def test_hostile_answers_are_unusable(call: Call, body: str, fault: str) -> None:
    read = said(call, body)
    assert (read.meaning, read.fault) == (UNUSABLE, fault)


@pytest.mark.parametrize(
    ("reply", "fault"),
    [(Reply(302), "redirect"), (Reply(502, b'{"returncode":-217}'), "http_502"), (Reply(fault="timeout"), "timeout")],
)
def test_replies_that_are_no_answer(reply: Reply, fault: str) -> None:
    read = read_answer(Call.CREATE, reply)
    assert (read.meaning, read.fault, read.return_code) == (UNUSABLE, fault, None)


LEAVES = st.none() | st.booleans() | st.integers(-500, 500) | st.integers() | st.floats() | st.text(max_size=20)
NAMES = st.sampled_from(("returncode", "isprocessing", "zptransid", "refundid", "amount", "apptransid", "return_code"))


@given(
    st.sampled_from(ALL_CALLS),
    st.binary(max_size=200) | st.dictionaries(NAMES, LEAVES | st.just(1)).map(lambda value: json.dumps(value).encode()),
)
@example(Call.CREATE, b"[" * 60_000)
def test_no_body_raises_and_paid_always_has_its_proof(call: Call, body: bytes) -> None:
    read = said(call, body)
    assert (read.meaning is UNUSABLE) == bool(read.fault)
    if read.meaning is PAID:
        assert read.return_code == 1
        assert call not in (Call.CREATE, Call.QUERY) or read.zp_trans_id.strip("0")
        assert call is not Call.QUERY or type(read.amount) is int


@pytest.mark.parametrize(
    ("body", "meaning", "order_url"),
    [
        ({"returncode": 1, "orderurl": LINK, "zptranstoken": "190719000001129n9Z6V9O"}, PROCESSING, LINK),
        ({"returncode": 1, "order_url": LINK, "qr_code": "0002", "qrcode": "0002"}, PROCESSING, ""),
        ({"returncode": 1, "orderurl": ["x"]}, PROCESSING, ""),
        ({"returncode": -33, "orderurl": LINK}, NEGATIVE, ""),
        ({"returncode": -402}, REFUSED, ""),
        ({"returncode": -68}, DUPLICATE, ""),
        ({"returncode": 0}, UNUSABLE, ""),
        ({"returncode": "1", "orderurl": LINK}, UNUSABLE, ""),
    ],
)
def test_created_is_not_paid_and_only_a_link(body: dict[str, Any], meaning: AnswerClass, order_url: str) -> None:
    made = read_created(Reply(200, json.dumps(body).encode()))
    assert (made.answer.meaning, made.qr_code, made.order_url) == (meaning, "", order_url)


# --- on the wire -------------------------------------------------------------------------------------------------


def client(port: int, authority: Authority) -> ZaloPayV1:
    clock, limits = MachineClock(), Limits(connect_ms=5_000, first_byte_ms=1_200, answer_ms=1_600)
    credentials = Credentials(2553, "a key of the shop", KEY, "quay-02")
    return ZaloPayV1(built_in(port, authority.pem), credentials, clock=clock, offset=ClockOffset(clock), limits=limits)


def test_each_call_is_one_form_at_its_own_path_and_a_cancel_is_none(
    authority: Authority, good_tls: ssl.SSLContext
) -> None:
    async def gives_way(peer: Peer) -> None:
        await peer.answer(b'{"returncode":10,"isprocessing":true}')

    async def run() -> None:
        async with serve(good_tls, gives_way) as server:
            v1 = client(server.port, authority)
            gateway: Gateway = v1
            answers = [
                await gateway.submit(ORDER, PaymentCode(CODE), nothing),
                (await gateway.create(ORDER, 900, PayMethod.ANY, nothing)).answer,
                await gateway.query(ORDER.app_trans_id),
                await gateway.refund(a_refund(), nothing),
                await gateway.query_refund(a_refund().m_refund_id),
            ]
            cancelled = await gateway.cancel(ORDER.app_trans_id)
            await gateway.close()
            assert [answer.meaning for answer in answers] == [PROCESSING] * 5
            assert (cancelled.meaning, cancelled.fault) == (UNUSABLE, "no_such_call")
            assert [request.split(b" ")[1].decode() for request in server.requests] == [
                "/v001/tpe/submitqrcodepay", "/v001/tpe/createorder", "/v001/tpe/getstatusbyapptransid",
                "/v001/tpe/partialrefund", "/v001/tpe/getpartialrefundstatus",
            ]  # fmt: skip
            for request in server.requests:
                assert b"Content-Type: application/x-www-form-urlencoded\r\n" in request
                assert not any("_" in name for name in fields(request.partition(b"\r\n\r\n")[2]))
            assert CODE.encode() not in server.received

    asyncio.run(run())


class TooLong(PaymentCode):
    """A code for which this key has too few bits."""

    def take(self) -> bytes:
        return super().take() * 3


def test_a_code_that_does_not_fit_the_key_is_not_sent(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def run() -> None:
        async with serve(good_tls, Peer.answer_nothing) as server:
            v1 = client(server.port, authority)
            with pytest.raises(NotSentError) as caught:
                await v1.submit(ORDER, TooLong(CODE), nothing)
            await v1.close()
            assert (caught.value.cause, server.posts) == (NotSentCause.KEY, 0)

    asyncio.run(run())
