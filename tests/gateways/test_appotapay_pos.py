"""AppotaPay's POS API against the built-in gateway over TLS, and against answers that no honest gateway gives."""

import asyncio
import hmac
import re
import ssl
from dataclasses import replace
from typing import Any

import pytest

from pos_app.gateways.appotapay.codes import KINDS, POS_KINDS, Kind, classify
from pos_app.gateways.appotapay.pos_answers import read_created, read_detail
from pos_app.gateways.appotapay.pos_api import AppotaPayPos
from pos_app.gateways.gateway import Gateway, NotSentCause, NotSentError, Order, PayMethod
from pos_app.gateways.transport import Reply
from pos_app.gateways.trust import built_in
from pos_app.payments.answer import AnswerClass, Call
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
    recorded,
    reply_of,
    site_of,
    talk,
)
from tests.gateways.tls_server import Authority, Peer, serve

A = AnswerClass
SAMPLE_QR = (
    "00020101021238630010A000000727013300069704320119MQQ0759866wrYqzPLw70208QRIBFTTA5204549953037045405120005802VN"
    "5916QRPAYMENT UAT 216011HO CHI MINH62430109wrYqzPLw70708Q07598660814AP26146183702063042A9D"
)


def test_it_is_a_gateway(sandbox: Sandbox) -> None:
    made: Gateway = client_of(AppotaPayPos, site_of(sandbox))
    asyncio.run(made.close())


@pytest.mark.parametrize("method", [PayMethod.VIETQR, PayMethod.ANY, PayMethod.BANK_QR])
def test_an_order_is_shown_and_paid(sandbox: Sandbox, method: PayMethod) -> None:
    order = an_order()

    async def steps(client: AppotaPayPos) -> None:
        made = await client.create(order, 900, method, nothing)
        waiting = await client.query(order.app_trans_id)
        assert sandbox.pay_order(order.app_trans_id)
        paid = await client.query(order.app_trans_id)
        assert (made.answer.meaning, made.answer.return_code, made.order_url) == (A.PROCESSING, 34, "")
        assert made.qr_code.startswith("000201")
        assert waiting.meaning is A.PROCESSING
        assert (paid.meaning, paid.amount, paid.return_code, paid.app_trans_id) == (A.PAID, PRICE, 0, "")
        assert paid.zp_trans_id == made.answer.zp_trans_id == recorded(sandbox, order)["zp_trans_id"]

    asyncio.run(talk(AppotaPayPos, sandbox, steps))


@pytest.mark.parametrize(
    ("amount", "created", "asked"),
    [
        (31_001, A.PROCESSING, A.PAID),
        (31_003, A.PROCESSING, A.PROCESSING),
        (30_037, A.PROCESSING, A.UNUSABLE),
        (30_001, A.REFUSED, A.NOT_FOUND),
        (30_002, A.REFUSED, A.NOT_FOUND),
        (30_030, A.DUPLICATE, A.NOT_FOUND),
        (30_500, A.UNUSABLE, A.NOT_FOUND),
        (30_606, A.UNUSABLE, A.PROCESSING),
        (30_601, A.UNUSABLE, A.PROCESSING),
        (31_703, A.UNUSABLE, A.PROCESSING),
        (31_704, A.UNUSABLE, A.PROCESSING),
    ],
)
def test_what_becomes_of_orders(sandbox: Sandbox, amount: int, created: AnswerClass, asked: AnswerClass) -> None:
    answers = outcome(AppotaPayPos, sandbox, amount, PayMethod.BANK_QR)
    assert [answer.meaning for answer in answers] == [created, asked]


@pytest.mark.parametrize("name", ["failed", "cancelled", "balance_too_low"])
def test_what_the_customer_could_not_pay(sandbox: Sandbox, name: str) -> None:
    sandbox.arm(f"appota_{name}", seconds=0)
    _, asked = outcome(AppotaPayPos, sandbox, PRICE, PayMethod.BANK_QR)
    assert asked.meaning is A.NEGATIVE


@pytest.mark.parametrize(
    "account", [replace(ACCOUNT, secret="another"), replace(ACCOUNT, terminal_id="TID-1")], ids=["secret", "terminal"]
)
def test_wrong_keys_and_terminals_are_refused(sandbox: Sandbox, account: Any) -> None:
    async def steps(client: AppotaPayPos) -> None:
        assert (await client.create(an_order(), 900, PayMethod.ANY, nothing)).answer.meaning is A.REFUSED

    asyncio.run(talk(AppotaPayPos, sandbox, steps, account))


def test_what_it_does_not_do() -> None:
    async def run() -> None:
        client = client_of(AppotaPayPos, built_in(1, ""))
        for method in (PayMethod.BANK_ATM, PayMethod.BANK_CARD, PayMethod.WALLET, PayMethod.OWN_VIETQR):
            with pytest.raises(ValueError, match="QRs only"):
                await client.create(an_order(), 900, method, nothing)
        with pytest.raises(NotSentError):
            await client.submit(an_order(), PaymentCode("282512345678901234"), nothing)
        with pytest.raises(NotSentError):
            await client.refund(a_refund(an_order(), "AP1", 5_000), nothing)
        assert (await client.query_refund("1")).fault == "no_such_call"
        assert (await client.cancel("1")).fault == "no_such_call"
        await client.close()

    asyncio.run(run())


def test_without_a_terminal_old_orders_can_still_be_asked_about(sandbox: Sandbox) -> None:
    async def steps(client: AppotaPayPos) -> None:
        with pytest.raises(NotSentError) as caught:
            await client.create(an_order(), 900, PayMethod.BANK_QR, nothing)
        assert caught.value.cause is NotSentCause.KEY
        assert (await client.query("261122_1")).meaning is A.NOT_FOUND

    asyncio.run(talk(AppotaPayPos, sandbox, steps, replace(ACCOUNT, terminal_id="")))


def test_the_raw_body_is_signed_and_each_request_has_an_id(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def run() -> None:
        async with serve(good_tls, lambda peer: peer.answer(b"{}")) as server:
            client = client_of(AppotaPayPos, built_in(server.port, authority.pem))
            await client.create(an_order(), 900, PayMethod.ANY, nothing)
            await client.create(an_order(), 900, PayMethod.ANY, nothing)
            await client.query("261122_1")
            await client.close()
        ids = set[str]()
        for request in server.requests:
            head, _, body = request.partition(b"\r\n\r\n")
            headers = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:])
            ids.add(headers["x-request-id"])
            assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", [*ids][-1])
            right = hmac.new(SECRET.encode(), body, "sha256").hexdigest()
            assert headers.get("x-signature") == (right if body else None)
        assert len(ids) == 3
        assert server.requests[2].startswith(b"GET /api/v2/partner/orders/transaction/261122_1 HTTP/1.1\r\n")

    asyncio.run(run())


def test_a_lost_answer_is_unknown(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def run() -> None:
        async with serve(good_tls, Peer.answer_nothing) as server:
            client = client_of(AppotaPayPos, built_in(server.port, authority.pem))
            made = await client.create(an_order(), 900, PayMethod.ANY, nothing)
            await client.close()
            assert (made.answer.fault, server.posts) == ("timeout", 1)

    asyncio.run(run())


# --- answers, as documented and as nobody honest gives them -------------------------------------------------------

ORDER = Order("igVSoghODYwBgJEbQdTj", 12_000, 1, "Appota test")
NEW: dict[str, Any] = {
    "transaction_id": "01KFWSXKTKA645GHJMM27DWEBT", "partner_ref_id": ORDER.app_trans_id, "status": "pending",
    "amount": 12_000, "error_code": "34", "payment_method": "QR", "paid_at": "",
}  # fmt: skip
DETAIL: dict[str, Any] = {
    "order_id": "676979536619700224", "transaction_id": "01KXYP0X3YH18V0HB313S5FR89", "payment_method": "QR",
    "amount": 12_000, "status": "success", "error_code": "00", "is_sett": True,
}  # fmt: skip


def created(change: dict[str, Any], info: Any = None) -> Any:
    shown = {"qr_content": SAMPLE_QR, "qr_url": "", "qr_type": "VIETQR"} if info is None else info
    return read_created(reply_of({"transaction": {**NEW, **change}, "payment_info": shown}), ORDER)


def test_the_documented_answers() -> None:
    made, paid = created({}), read_detail(reply_of(DETAIL))
    assert (made.answer.meaning, made.qr_code) == (A.PROCESSING, SAMPLE_QR)
    assert (paid.meaning, paid.amount, paid.zp_trans_id) == (A.PAID, 12_000, DETAIL["transaction_id"])


@pytest.mark.parametrize(
    ("change", "info"),
    [
        ({"amount": 12_001}, None), ({"partner_ref_id": "another"}, None), ({"partner_ref_id": None}, None),
        ({"status": "success", "error_code": "00"}, None), ({"status": "x"}, None), ({"error_code": "x"}, None),
        ({}, []), ({}, {"qr_content": 7}), ({"amount": 12_000.5}, None),
    ],
)  # fmt: skip
def test_nothing_is_shown_of_what_is_odd(change: dict[str, Any], info: Any) -> None:
    made = created(change, info)
    assert (made.answer.meaning, made.qr_code, made.order_url) == (A.UNUSABLE, "", "")


def test_a_picture_is_no_qr_text() -> None:
    assert created({}, {"qr_content": "data:image/png;base64,AAAA"}).qr_code == ""
    assert created({}, {}).qr_code == ""


@pytest.mark.parametrize(
    ("change", "meaning", "fault"),
    [
        ({"error_code": None}, A.PAID, ""),
        ({"error_code": 0}, A.PAID, ""),
        ({"error_code": "34"}, A.UNUSABLE, "no_verdict"),
        ({"status": "processing", "error_code": "34"}, A.PROCESSING, ""),
        ({"status": "error", "error_code": "38"}, A.NEGATIVE, ""),
        ({"status": "error", "error_code": "67"}, A.NEGATIVE, ""),
        ({"status": "error", "error_code": "95"}, A.UNUSABLE, "no_verdict"),
        ({"status": "error", "error_code": "37"}, A.UNUSABLE, "no_verdict"),
        ({"status": "error", "error_code": None}, A.NEGATIVE, ""),
        ({"status": "void", "error_code": "31"}, A.NEGATIVE, ""),
        ({"status": ""}, A.UNUSABLE, "no_verdict"),
        ({"status": "", "error_code": None}, A.UNUSABLE, "no_code"),
        ({"transaction_id": ""}, A.UNUSABLE, "no_zp_trans_id"),
        ({"amount": None}, A.UNUSABLE, "no_amount"),
        ({"error_code": "-1"}, A.UNUSABLE, "wrong_type"),
    ],
)
def test_what_is_believed_of_an_order(change: dict[str, Any], meaning: AnswerClass, fault: str) -> None:
    told = read_detail(reply_of({**DETAIL, **change}))
    assert (told.meaning, told.fault) == (meaning, fault)


@pytest.mark.parametrize("status", [201, 302, 400, 404, 500])
def test_only_a_good_http_status_carries_good_news(status: int) -> None:
    assert read_detail(reply_of(DETAIL, status)).meaning is A.UNUSABLE
    assert read_created(reply_of({"transaction": NEW}, status), ORDER).answer.meaning is A.UNUSABLE


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"status":"success","status":"error"}'])
def test_no_json_is_no_answer(body: bytes) -> None:
    assert read_detail(Reply(200, body)).fault == "not_json"
    assert read_created(Reply(200, body), ORDER).answer.fault == "not_json"


def test_codes_that_mean_something_else_here() -> None:
    differ = {code for code, kind in POS_KINDS.items() if KINDS.get(code) is not kind}
    assert differ == {12, 22, 31, 40, 42, 93, 95, 139, 207, 250, 251, 252, 253, 3140}
    assert POS_KINDS[31] is Kind.FAILED
    assert classify(Call.CREATE_ORDER, 40, pos=True) is A.REFUSED
    for code in (37, 42, 91, 93, 94, 95, 99, 500, 3_101):
        assert classify(Call.QUERY, code, pos=True) is A.UNUSABLE
