"""AppotaPay v2 against the built-in gateway over TLS, and against answers that no honest gateway gives."""

import asyncio
import ssl
from dataclasses import replace
from typing import Any

import pytest

from pos_app.gateways.appotapay.v2 import AppotaPayV2
from pos_app.gateways.appotapay.v2_answers import read_created, read_refund, read_status
from pos_app.gateways.gateway import Gateway, NotSentError, Order, PayMethod
from pos_app.gateways.transport import Reply
from pos_app.gateways.trust import built_in
from pos_app.payments.answer import Answer, AnswerClass, Call
from pos_app.payments.payment_code import PaymentCode
from pos_app.sandbox.server import Sandbox
from tests.gateways.appotapay_shop import (
    ACCOUNT,
    PRICE,
    SECRET,
    a_refund,
    an_order,
    client_of,
    nothing,
    outcome,
    pay,
    recorded,
    reply_of,
    site_of,
    talk,
)
from tests.gateways.tls_server import Authority, Peer, serve

A = AnswerClass


def test_it_is_a_gateway(sandbox: Sandbox) -> None:
    made: Gateway = client_of(AppotaPayV2, site_of(sandbox))
    asyncio.run(made.close())


@pytest.mark.parametrize("method", [one for one in PayMethod if one is not PayMethod.OWN_VIETQR])
def test_an_order_is_shown_and_paid(sandbox: Sandbox, method: PayMethod) -> None:
    order = an_order()

    async def steps(client: AppotaPayV2) -> None:
        made = await client.create(order, 900, method, nothing)
        waiting = await client.query(order.app_trans_id)
        assert sandbox.pay_order(order.app_trans_id)
        paid = await client.query(order.app_trans_id)
        assert (made.answer.meaning, made.answer.return_code) == (A.PROCESSING, 35)
        assert made.order_url.startswith(sandbox.phone_url)
        assert made.qr_code.startswith("000201") == (method in (PayMethod.VIETQR, PayMethod.BANK_QR))
        assert (waiting.meaning, waiting.return_code) == (A.PROCESSING, 35)
        assert (paid.meaning, paid.amount, paid.app_trans_id) == (A.PAID, PRICE, order.app_trans_id)
        assert paid.zp_trans_id == made.answer.zp_trans_id == recorded(sandbox, order)["zp_trans_id"]

    asyncio.run(talk(AppotaPayV2, sandbox, steps))


@pytest.mark.parametrize(
    ("amount", "created", "asked"),
    [
        (31_001, A.PROCESSING, A.PAID),
        (31_003, A.PROCESSING, A.PROCESSING),
        (30_037, A.PROCESSING, A.UNUSABLE),
        (30_073, A.PROCESSING, A.UNUSABLE),
        (30_001, A.REFUSED, A.NOT_FOUND),
        (30_030, A.DUPLICATE, A.NOT_FOUND),
        (30_032, A.REFUSED, A.NOT_FOUND),
        (30_091, A.UNUSABLE, A.NOT_FOUND),
        (30_140, A.REFUSED, A.NOT_FOUND),
        (30_500, A.UNUSABLE, A.NOT_FOUND),
        (30_777, A.UNUSABLE, A.NOT_FOUND),
        (30_606, A.UNUSABLE, A.PROCESSING),
        (30_601, A.UNUSABLE, A.PROCESSING),
        (31_703, A.UNUSABLE, A.PROCESSING),
        (31_704, A.UNUSABLE, A.PROCESSING),
        (31_714, A.PROCESSING, A.UNUSABLE),
    ],
)
def test_what_becomes_of_orders(sandbox: Sandbox, amount: int, created: AnswerClass, asked: AnswerClass) -> None:
    answers = outcome(AppotaPayV2, sandbox, amount, PayMethod.BANK_QR)
    assert [answer.meaning for answer in answers] == [created, asked]


@pytest.mark.parametrize("name", ["failed", "cancelled", "balance_too_low"])
def test_what_the_customer_could_not_pay(sandbox: Sandbox, name: str) -> None:
    sandbox.arm(f"appota_{name}", seconds=0)
    created, asked = outcome(AppotaPayV2, sandbox, PRICE, PayMethod.BANK_QR)
    assert (created.meaning, asked.meaning) == (A.PROCESSING, A.NEGATIVE)


def test_the_bill_counts_not_what_the_customer_paid_with_the_fee(sandbox: Sandbox) -> None:
    _, asked = outcome(AppotaPayV2, sandbox, 31_713, PayMethod.BANK_QR)
    assert (asked.meaning, asked.amount) == (A.PAID, 31_713 + 1_000)


@pytest.mark.parametrize(
    ("account", "meaning"),
    [
        (replace(ACCOUNT, secret="another"), A.REFUSED),
        (replace(ACCOUNT, bearer=True), A.PROCESSING),
    ],
)
def test_the_token_opens_the_door(sandbox: Sandbox, account: Any, meaning: AnswerClass) -> None:
    async def steps(client: AppotaPayV2) -> None:
        assert (await client.create(an_order(), 900, PayMethod.ANY, nothing)).answer.meaning is meaning

    asyncio.run(talk(AppotaPayV2, sandbox, steps, account))


@pytest.mark.parametrize(
    ("amount", "given", "asked"),
    [
        (20_000, A.PAID, A.PAID),
        (32_001, A.PROCESSING, A.PROCESSING),
        (32_003, A.PROCESSING, A.PROCESSING),
        (32_129, A.NEGATIVE, A.NOT_FOUND),
        (32_135, A.NEGATIVE, A.NOT_FOUND),
        (32_099, A.UNUSABLE, A.NOT_FOUND),
        (32_601, A.UNUSABLE, A.PAID),
        (50_001, A.NEGATIVE, A.NOT_FOUND),
    ],
)
def test_what_becomes_of_refunds(sandbox: Sandbox, amount: int, given: AnswerClass, asked: AnswerClass) -> None:
    order = an_order(50_000)

    async def steps(client: AppotaPayV2) -> None:
        refund = a_refund(order, await pay(client, sandbox, order), amount)
        first = await client.refund(refund, nothing)
        second = await client.query_refund(refund.m_refund_id)
        assert [first.meaning, second.meaning] == [given, asked]
        if asked is A.PAID:
            assert (second.amount, second.zp_trans_id[:2]) == (amount, "RF")
            assert (await client.refund(refund, nothing)).meaning is A.DUPLICATE

    asyncio.run(talk(AppotaPayV2, sandbox, steps))


def test_what_it_does_not_do_and_what_it_sends(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def run() -> None:
        async with serve(good_tls, lambda peer: peer.answer(b'{"errorCode": 36}', status="404 Not Found")) as server:
            client = client_of(AppotaPayV2, built_in(server.port, authority.pem))
            with pytest.raises(NotSentError):
                await client.submit(an_order(), PaymentCode("282512345678901234"), nothing)
            assert (await client.cancel("1")).fault == "no_such_call"
            assert server.handshakes == 0
            assert (await client.query("261122_1")).meaning is A.NOT_FOUND
            await client.close()
            head = server.requests[0].decode()
            assert head.startswith("GET /api/v2/orders/transaction?referenceId=261122_1&type=PARTNER_ORDER_ID HTTP/1.1")
            assert "bearer" not in head.lower()
            assert "\r\nconnection: close\r\n" in head.lower()
            assert SECRET not in head

    asyncio.run(run())


def test_a_lost_answer_is_unknown(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def run() -> None:
        async with serve(good_tls, Peer.answer_nothing) as server:
            client = client_of(AppotaPayV2, built_in(server.port, authority.pem))
            assert (await client.query("261122_1")).fault == "timeout"
            await client.close()

    asyncio.run(run())


# --- answers that nobody honest gives -----------------------------------------------------------------------------

ORDER = Order("261122_02-000148-k7qx", PRICE, 1, "x")
PAID: dict[str, Any] = {
    "transactionId": "AP241453209745", "status": "success", "errorCode": 0, "orderAmount": PRICE,
    "amount": PRICE + 1_100, "currency": "VND",
}  # fmt: skip
NAMED = {"order": {"id": ORDER.app_trans_id, "info": "x", "extraData": ""}}


def asked(change: dict[str, Any], *, named: Any = NAMED, status: int = 200) -> Answer:
    members = {"transaction": {**PAID, **change}, "partnerReference": named}
    return read_status(reply_of(members, status), ORDER.app_trans_id)


@pytest.mark.parametrize(
    ("change", "meaning", "fault"),
    [
        ({}, A.PAID, ""),
        ({"amount": 1}, A.PAID, ""),
        ({"status": "success", "errorCode": 35}, A.UNUSABLE, "no_verdict"),
        ({"status": "success", "errorCode": 37}, A.UNUSABLE, "no_verdict"),
        ({"status": "pending", "errorCode": 0}, A.PROCESSING, ""),
        ({"status": "processing", "errorCode": 38}, A.PROCESSING, ""),
        ({"status": "error", "errorCode": 38}, A.NEGATIVE, ""),
        ({"status": "error", "errorCode": 0}, A.UNUSABLE, "no_verdict"),
        ({"status": "error", "errorCode": 35}, A.UNUSABLE, "no_verdict"),
        ({"status": "error", "errorCode": 91}, A.UNUSABLE, "no_verdict"),
        ({"status": "error", "errorCode": 777}, A.UNUSABLE, "no_verdict"),
        ({"status": "SUCCESS"}, A.UNUSABLE, "no_status"),
        ({"status": None}, A.UNUSABLE, "no_status"),
        ({"status": 1}, A.UNUSABLE, "wrong_type"),
        ({"errorCode": None}, A.UNUSABLE, "no_code"),
        ({"errorCode": False}, A.UNUSABLE, "wrong_type"),
        ({"transactionId": ""}, A.UNUSABLE, "no_zp_trans_id"),
        ({"orderAmount": None}, A.UNUSABLE, "no_amount"),
        ({"orderAmount": 69_000.0}, A.UNUSABLE, "wrong_type"),
        ({"currency": "USD"}, A.UNUSABLE, "other_currency"),
    ],
)
def test_what_is_believed_of_an_order(change: dict[str, Any], meaning: AnswerClass, fault: str) -> None:
    told = asked(change)
    assert (told.meaning, told.fault) == (meaning, fault)


@pytest.mark.parametrize("named", [None, {}, {"order": None}, {"order": {"id": "another"}}, {"order": {"id": ""}}])
def test_an_answer_about_another_order_says_nothing(named: Any) -> None:
    assert asked({}, named=named).fault == "other_order"


@pytest.mark.parametrize("status", [201, 302, 400, 404, 500])
def test_only_a_good_http_status_carries_good_news(status: int) -> None:
    assert asked({}, status=status).meaning is A.UNUSABLE


@pytest.mark.parametrize("members", [{"transaction": []}, {"transaction": "x"}, {}, {"errorCode": "x"}, []])
def test_what_is_no_answer(members: Any) -> None:
    assert read_status(reply_of(members), "1").meaning is A.UNUSABLE


@pytest.mark.parametrize("code", [0, 34, 35])
def test_a_bare_code_is_never_good_news(code: int) -> None:
    for read in (
        read_status(reply_of({"errorCode": code}), "1"),
        read_refund(Call.REFUND, reply_of({"errorCode": code}), "1"),
    ):
        assert read.meaning is A.UNUSABLE


def created(transaction: dict[str, Any], payment: Any, named: Any = NAMED) -> Any:
    whole = {**PAID, "status": "pending", "errorCode": 35, **transaction}
    return read_created(reply_of({"transaction": whole, "payment": payment, "partnerReference": named}), ORDER)


def test_what_is_shown_of_a_new_order() -> None:
    payment = {"url": "https://payment.dev.appotapay.com/x", "qrCode": {"content": "000201-x"}, "deepLinkUrl": ""}
    made = created({}, payment)
    assert (made.qr_code, made.order_url) == ("000201-x", payment["url"])
    assert created({}, {**payment, "qrCode": None}).qr_code == ""
    assert created({}, {**payment, "qrCode": {"content": "data:image/png;base64,AAAA"}}).qr_code == ""
    assert created({}, payment, named=None).answer.meaning is A.PROCESSING
    assert created({}, None).order_url == ""


@pytest.mark.parametrize(
    ("transaction", "payment", "named"),
    [
        ({"orderAmount": 1}, {}, NAMED), ({"orderAmount": None}, {}, NAMED), ({}, {}, {"order": {"id": "another"}}),
        ({"status": "success", "errorCode": 0}, {"url": "https://x"}, NAMED), ({}, {"url": 7}, NAMED),
        ({}, {"qrCode": "000201"}, NAMED), ({}, [], NAMED), ({"currency": "USD"}, {}, NAMED),
    ],
)  # fmt: skip
def test_nothing_is_shown_of_what_is_odd(transaction: dict[str, Any], payment: Any, named: Any) -> None:
    made = created(transaction, payment, named)
    assert (made.answer.meaning, made.qr_code, made.order_url) == (A.UNUSABLE, "", "")


REFUND = {
    "refundId": "f28a4ac3-e407-45f1-902b-bc05c6c50dfa", "transactionId": "AP1", "partnerRefId": "2611222553",
    "amount": 5_000, "currency": "VND", "reason": "x", "status": "success",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "status", "meaning"),
    [
        ({}, 200, A.PAID), ({"status": "pending"}, 200, A.PROCESSING), ({"status": "processing"}, 200, A.PROCESSING),
        ({"status": "error"}, 200, A.NEGATIVE), ({"status": "error", "errorCode": 99}, 200, A.UNUSABLE),
        ({"errorCode": 35}, 200, A.UNUSABLE), ({"status": "done"}, 200, A.UNUSABLE), ({}, 400, A.UNUSABLE),
        ({"partnerRefId": "another"}, 200, A.UNUSABLE), ({"currency": "USD"}, 200, A.UNUSABLE),
        ({"refundId": ""}, 200, A.UNUSABLE), ({"amount": "x"}, 200, A.UNUSABLE),
    ],
)  # fmt: skip
def test_what_is_believed_of_a_refund(change: dict[str, Any], status: int, meaning: AnswerClass) -> None:
    for call in (Call.REFUND, Call.QUERY_REFUND):
        assert read_refund(call, reply_of({**REFUND, **change}, status), "2611222553").meaning is meaning


@pytest.mark.parametrize("body", [b"", b"null", b"\xff", b'{"errorCode":0,"errorCode":1}'])
def test_no_json_is_no_answer(body: bytes) -> None:
    for status, fault in ((200, "not_json"), (400, "http_400")):
        assert read_status(Reply(status, body), "1").fault == fault
        assert read_created(Reply(status, body), ORDER).answer.fault == fault
        assert read_refund(Call.REFUND, Reply(status, body), "1").fault == fault
