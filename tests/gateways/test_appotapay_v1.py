"""AppotaPay v1 against the built-in gateway over TLS, and against answers that no honest gateway gives."""

import asyncio
import logging
import ssl
from dataclasses import replace
from typing import Any

import pytest

from pos_app.clock import MachineClock
from pos_app.gateways.appotapay.codes import KINDS, Kind, classify
from pos_app.gateways.appotapay.signing import signature
from pos_app.gateways.appotapay.v1 import AppotaPayV1
from pos_app.gateways.appotapay.v1_answers import read_created, read_refund, read_status
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import Gateway, NotSentError, Order, PayMethod
from pos_app.gateways.transport import Reply
from pos_app.gateways.trust import (
    APPOTAPAY_LIVE,
    APPOTAPAY_POS_SANDBOX,
    APPOTAPAY_SANDBOX,
    Site,
    built_in,
)
from pos_app.payments.answer import Answer, AnswerClass, Call
from pos_app.payments.environment import Environment
from pos_app.payments.payment_code import CodeUsedError, PaymentCode
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
    made: Gateway = client_of(AppotaPayV1, site_of(sandbox))
    asyncio.run(made.close())


def test_the_hosts_are_appotapays() -> None:
    assert APPOTAPAY_LIVE.url == "https://gateway.appotapay.com"
    assert APPOTAPAY_SANDBOX.url == "https://gateway.dev.appotapay.com"
    assert APPOTAPAY_POS_SANDBOX.url == "https://pos-gw.dev.appotapay.com"
    for site in (APPOTAPAY_LIVE, APPOTAPAY_SANDBOX, APPOTAPAY_POS_SANDBOX):
        assert site.allowed
    assert not Site(Environment.LIVE, "payment.dev.appotapay.com").allowed


# --- the built-in gateway -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", [PayMethod.BANK_ATM, PayMethod.BANK_CARD, PayMethod.WALLET])
def test_an_order_for_the_page_is_paid_there(sandbox: Sandbox, method: PayMethod) -> None:
    order = an_order()

    async def steps(client: AppotaPayV1) -> None:
        made = await client.create(order, 900, method, nothing)
        waiting = await client.query(order.app_trans_id)
        assert sandbox.pay_order(order.app_trans_id)
        paid = await client.query(order.app_trans_id)
        assert (made.answer.meaning, made.answer.zp_trans_id, made.qr_code) == (A.PROCESSING, "", "")
        assert made.order_url.startswith(sandbox.phone_url)
        assert (waiting.meaning, waiting.return_code) == (A.PROCESSING, 35)
        assert (paid.meaning, paid.amount, paid.app_trans_id) == (A.PAID, PRICE, order.app_trans_id)
        assert paid.zp_trans_id == recorded(sandbox, order)["zp_trans_id"]

    asyncio.run(talk(AppotaPayV1, sandbox, steps))
    assert recorded(sandbox, order)["creates"] == 1


@pytest.mark.parametrize("method", [PayMethod.VIETQR, PayMethod.ANY, PayMethod.BANK_QR])
def test_an_order_for_a_qr(sandbox: Sandbox, method: PayMethod) -> None:
    order = an_order()

    async def steps(client: AppotaPayV1) -> None:
        made = await client.create(order, 900, method, nothing)
        asked = await client.query(order.app_trans_id)
        assert made.qr_code.startswith("000201")
        assert made.order_url.startswith(sandbox.phone_url)
        assert made.answer.zp_trans_id == asked.zp_trans_id != ""

    asyncio.run(talk(AppotaPayV1, sandbox, steps))


@pytest.mark.parametrize(
    ("amount", "created", "asked"),
    [
        (31_001, A.PROCESSING, A.PAID),
        (31_003, A.PROCESSING, A.PROCESSING),
        (30_037, A.PROCESSING, A.UNUSABLE),
        (30_073, A.PROCESSING, A.UNUSABLE),
        (30_001, A.REFUSED, A.NOT_FOUND),
        (30_002, A.REFUSED, A.NOT_FOUND),
        (30_030, A.DUPLICATE, A.NOT_FOUND),
        (30_032, A.REFUSED, A.NOT_FOUND),
        (30_091, A.UNUSABLE, A.NOT_FOUND),
        (30_092, A.REFUSED, A.NOT_FOUND),
        (30_140, A.REFUSED, A.NOT_FOUND),
        (30_401, A.REFUSED, A.NOT_FOUND),
        (30_500, A.UNUSABLE, A.NOT_FOUND),
        (30_777, A.UNUSABLE, A.NOT_FOUND),
    ],
)
def test_what_becomes_of_orders(sandbox: Sandbox, amount: int, created: AnswerClass, asked: AnswerClass) -> None:
    answers = outcome(AppotaPayV1, sandbox, amount, PayMethod.BANK_ATM)
    assert [answer.meaning for answer in answers] == [created, asked]


@pytest.mark.parametrize("name", ["wrong_otp", "failed", "cancelled", "balance_too_low", "timed_out", "declined"])
def test_what_the_customer_could_not_pay(sandbox: Sandbox, name: str) -> None:
    sandbox.arm(f"appota_{name}", seconds=0)
    created, asked = outcome(AppotaPayV1, sandbox, PRICE, PayMethod.BANK_ATM)
    assert (created.meaning, asked.meaning) == (A.PROCESSING, A.NEGATIVE)
    assert KINDS[asked.return_code or 0] is Kind.FAILED


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("answer_lost", "timeout"), ("answer_reset", "reset"), ("answer_cut", "cut"), ("answer_garbage", "not_json"),
        ("answer_html", "not_json"), ("answer_empty", "not_json"), ("answer_closed", "reset"),
        ("answer_http_500", "http_500"), ("answer_http_503", "http_503"), ("answer_drip", "timeout"),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_leaves_an_order_that_can_be_asked_about(
    sandbox: Sandbox, name: str, fault: str
) -> None:
    sandbox.arm(f"appota_{name}")
    created, asked = outcome(AppotaPayV1, sandbox, PRICE, PayMethod.BANK_ATM)
    assert (created.meaning, created.fault) == (A.UNUSABLE, fault)
    assert asked.meaning is A.PROCESSING


@pytest.mark.parametrize("name", ["answer_lost", "answer_garbage", "answer_http_503", "answer_reset"])
def test_a_question_without_an_answer_says_nothing(sandbox: Sandbox, name: str) -> None:
    order = an_order()

    async def steps(client: AppotaPayV1) -> None:
        await client.create(order, 900, PayMethod.BANK_ATM, nothing)
        sandbox.pay_order(order.app_trans_id)
        sandbox.arm(f"appota_{name}", on="query")
        assert (await client.query(order.app_trans_id)).meaning is A.UNUSABLE
        assert (await client.query(order.app_trans_id)).meaning is A.PAID

    asyncio.run(talk(AppotaPayV1, sandbox, steps))


@pytest.mark.parametrize("method", [PayMethod.BANK_ATM, PayMethod.VIETQR])
@pytest.mark.parametrize(
    ("amount", "fault"),
    [(31_701, "bad_signature"), (31_702, "bad_signature"), (31_703, "other_order"), (31_704, "other_order")],
)
def test_nothing_is_shown_of_an_order_that_is_not_ours(
    sandbox: Sandbox, amount: int, fault: str, method: PayMethod
) -> None:
    created, asked = outcome(AppotaPayV1, sandbox, amount, method)
    assert (created.meaning, created.fault) == (A.UNUSABLE, fault)
    assert asked.meaning is A.PROCESSING


@pytest.mark.parametrize(
    ("amount", "fault"), [(31_711, "bad_signature"), (31_712, "bad_signature"), (31_714, "other_order")]
)
def test_paid_is_believed_only_signed_and_of_our_order(sandbox: Sandbox, amount: int, fault: str) -> None:
    _, asked = outcome(AppotaPayV1, sandbox, amount, PayMethod.BANK_ATM)
    assert (asked.meaning, asked.fault) == (A.UNUSABLE, fault)


def test_another_amount_is_told_as_it_is(sandbox: Sandbox) -> None:
    _, asked = outcome(AppotaPayV1, sandbox, 31_713, PayMethod.BANK_ATM)
    assert (asked.meaning, asked.amount) == (A.PAID, 31_713 + 1_000)


def test_a_picture_is_no_qr_text(sandbox: Sandbox) -> None:
    order = an_order(31_705)

    async def steps(client: AppotaPayV1) -> None:
        made = await client.create(order, 900, PayMethod.VIETQR, nothing)
        assert (made.answer.meaning, made.qr_code) == (A.PROCESSING, "")
        assert made.order_url

    asyncio.run(talk(AppotaPayV1, sandbox, steps))


def test_paid_after_an_error(sandbox: Sandbox) -> None:
    sandbox.arm("appota_failed_then_paid", seconds=0)
    order = an_order()

    async def steps(client: AppotaPayV1) -> None:
        await client.create(order, 900, PayMethod.BANK_ATM, nothing)
        first = await client.query(order.app_trans_id)
        sandbox.pay_later(order.app_trans_id)
        second = await client.query(order.app_trans_id)
        assert (first.meaning, second.meaning) == (A.NEGATIVE, A.PAID)

    asyncio.run(talk(AppotaPayV1, sandbox, steps))


@pytest.mark.parametrize(
    ("account", "meaning"),
    [
        (replace(ACCOUNT, secret="another"), A.REFUSED),
        (replace(ACCOUNT, api_key="another"), A.REFUSED),
        (replace(ACCOUNT, partner_code="ANOTHER"), A.REFUSED),
        (replace(ACCOUNT, bearer=False), A.PROCESSING),
    ],
)
def test_wrong_keys_are_refused(sandbox: Sandbox, account: Any, meaning: AnswerClass) -> None:
    order = an_order()

    async def steps(client: AppotaPayV1) -> None:
        made = await client.create(order, 900, PayMethod.BANK_ATM, nothing)
        asked = await client.query(order.app_trans_id)
        assert made.answer.meaning is meaning
        if meaning is A.REFUSED:
            assert (made.answer.return_code, asked.meaning, asked.return_code) == (401, A.UNUSABLE, 401)

    asyncio.run(talk(AppotaPayV1, sandbox, steps, account))


def test_the_token_has_the_gateways_time(sandbox: Sandbox) -> None:
    """A machine whose clock is an hour slow is refused once; the answer's own date sets it right."""

    class Slow(MachineClock):
        def wall_ms(self) -> int:
            return super().wall_ms() - 3_600_000

    clock = Slow()
    order = an_order()

    async def run() -> None:
        client = AppotaPayV1(site_of(sandbox), ACCOUNT, clock=clock, offset=ClockOffset(clock))
        try:
            first = await client.query(order.app_trans_id)
            second = await client.query(order.app_trans_id)
        finally:
            await client.close()
        assert (first.return_code, second.return_code) == (401, 36)
        assert second.meaning is A.NOT_FOUND

    asyncio.run(run())


# --- refunds ------------------------------------------------------------------------------------------------------


def refunded(sandbox: Sandbox, amount: int, *, name: str = "", seconds: float | None = None) -> tuple[Answer, Answer]:
    answers: list[Answer] = []
    order = an_order(50_000)

    async def steps(client: AppotaPayV1) -> None:
        number = await pay(client, sandbox, order)
        if name:
            sandbox.arm(name, seconds=seconds)
        refund = a_refund(order, number, amount)
        answers.append(await client.refund(refund, nothing))
        answers.append(await client.query_refund(refund.m_refund_id))

    asyncio.run(talk(AppotaPayV1, sandbox, steps))
    return answers[0], answers[1]


@pytest.mark.parametrize(
    ("amount", "given", "asked"),
    [
        (20_000, A.PAID, A.PAID),
        (32_001, A.PROCESSING, A.PROCESSING),
        (32_003, A.PROCESSING, A.PROCESSING),
        (32_102, A.NEGATIVE, A.NOT_FOUND),
        (32_106, A.NEGATIVE, A.NOT_FOUND),
        (32_129, A.NEGATIVE, A.NOT_FOUND),
        (32_099, A.UNUSABLE, A.NOT_FOUND),
        (32_601, A.UNUSABLE, A.PAID),
        (50_001, A.NEGATIVE, A.NOT_FOUND),
    ],
)
def test_what_becomes_of_refunds(sandbox: Sandbox, amount: int, given: AnswerClass, asked: AnswerClass) -> None:
    answers = refunded(sandbox, amount)
    assert [answer.meaning for answer in answers] == [given, asked]
    if asked is A.PAID:
        assert (answers[1].amount, answers[1].zp_trans_id[:2]) == (amount, "RF")


def test_a_refund_that_fails(sandbox: Sandbox) -> None:
    _, asked = refunded(sandbox, 20_000, name="appota_refund_fails", seconds=0)
    assert asked.meaning is A.NEGATIVE


def test_a_refund_is_made_once(sandbox: Sandbox) -> None:
    order = an_order(50_000)

    async def steps(client: AppotaPayV1) -> None:
        refund = a_refund(order, await pay(client, sandbox, order), 20_000)
        assert (await client.refund(refund, nothing)).meaning is A.PAID
        assert (await client.refund(refund, nothing)).meaning is A.DUPLICATE

    asyncio.run(talk(AppotaPayV1, sandbox, steps))
    assert recorded(sandbox, order)["refunded"] == 20_000


# --- what it does not do ------------------------------------------------------------------------------------------


def test_a_scanned_code_is_never_sent_and_nothing_can_be_cancelled(
    authority: Authority, good_tls: ssl.SSLContext
) -> None:
    async def asked() -> None:
        raise AssertionError("nothing is about to be sent")

    async def run() -> None:
        async with serve(good_tls, Peer.answer_nothing) as server:
            client = client_of(AppotaPayV1, built_in(server.port, authority.pem))
            code = PaymentCode("282512345678901234")
            with pytest.raises(NotSentError):
                await client.submit(an_order(), code, asked)
            with pytest.raises(CodeUsedError):
                await client.submit(an_order(), code, asked)
            cancelled = await client.cancel("261122_1")
            await client.close()
            assert (cancelled.meaning, cancelled.fault) == (A.UNUSABLE, "no_such_call")
            assert (server.handshakes, bytes(server.received)) == (0, b"")

    asyncio.run(run())


# --- before and after the first byte ------------------------------------------------------------------------------


def test_it_leaves_only_when_it_may(authority: Authority, good_tls: ssl.SSLContext) -> None:
    class DiskFullError(Exception):
        pass

    async def refuse() -> None:
        raise DiskFullError

    async def run() -> None:
        nobody = client_of(AppotaPayV1, built_in(1, authority.pem))
        with pytest.raises(NotSentError):
            await nobody.create(an_order(), 900, PayMethod.ANY, nothing)
        assert (await nobody.query("261122_1")).fault == "refused"
        assert (await nobody.query_refund("261122_1")).fault == "refused"
        await nobody.close()
        async with serve(good_tls, Peer.answer_nothing) as server:
            client = client_of(AppotaPayV1, built_in(server.port, authority.pem))
            with pytest.raises(DiskFullError):
                await client.create(an_order(), 900, PayMethod.ANY, refuse)
            with pytest.raises(DiskFullError):
                await client.refund(a_refund(an_order(), "AP1", 5_000), refuse)
            assert server.posts == 0
            made = await client.create(an_order(), 900, PayMethod.ANY, nothing)
            assert (made.answer.fault, server.posts) == ("timeout", 1)
            await client.close()

    asyncio.run(run())


def test_no_secret_reaches_a_log_or_an_error(
    authority: Authority, good_tls: ssl.SSLContext, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def run() -> None:
        async with serve(good_tls, lambda peer: peer.answer(b'{"errorCode": 36}')) as server:
            client = client_of(AppotaPayV1, built_in(server.port, authority.pem))
            await client.query("261122_1")
            await client.close()
        head = server.requests[0].decode()
        token = next(line for line in head.split("\r\n") if line.lower().startswith("x-appotapay-auth: ")).split()[-1]
        assert head.startswith("POST /api/v1/orders/transaction/bank/status HTTP/1.1\r\n")
        assert "\r\ncontent-type: application/json\r\n" in head.lower()
        assert head.lower().count("content-type") == 1
        assert SECRET not in head
        nobody = client_of(AppotaPayV1, built_in(1, authority.pem))
        with pytest.raises(NotSentError) as caught:
            await nobody.create(an_order(), 900, PayMethod.ANY, nothing)
        await nobody.close()
        assert caught.value.__context__ is None
        for told in (SECRET, ACCOUNT.api_key, token):
            assert told not in caplog.text
            assert told not in repr(caught.value)

    asyncio.run(run())


# --- answers that nobody honest gives -----------------------------------------------------------------------------

ORDER = Order("261122_02-000148-k7qx", PRICE, 1, "x")
STATUS: dict[str, Any] = {
    "errorCode": 0, "message": "Thành công", "partnerCode": "APPOTAPAY", "apiKey": ACCOUNT.api_key, "amount": PRICE,
    "currency": "VND", "orderId": ORDER.app_trans_id, "bankCode": "VCB", "paymentMethod": "ATM", "paymentType": "WEB",
    "appotapayTransId": "AP200910014125B", "transactionTs": 1_599_817_433, "extraData": "",
}  # fmt: skip
PAGE: dict[str, Any] = {
    "errorCode": 0, "message": "Thành công", "orderId": ORDER.app_trans_id, "amount": PRICE,
    "paymentUrl": "https://payment.dev.appotapay.com/bank/payment/process?tran=abc",
}  # fmt: skip
BACK: dict[str, Any] = {
    "errorCode": 0, "refundId": "261122_2553_1", "refundOriginalId": "RF1", "appotapayTransId": "AP1", "amount": 5_000,
    "reason": "x", "status": "success", "transactionTs": 1,
}  # fmt: skip


def signed(members: dict[str, Any], **other: Any) -> dict[str, Any]:
    whole = {**members, **other}
    flat = {name: "" if value is None else value for name, value in whole.items()}
    return {**whole, "signature": signature(SECRET, flat)}


def asked(members: Any, status: int = 200) -> Answer:
    return read_status(reply_of(members, status), ORDER.app_trans_id, SECRET)


def test_the_good_answers_of_this_part_are_good() -> None:
    told = asked(signed(STATUS))
    assert (told.meaning, told.zp_trans_id, told.amount) == (A.PAID, "AP200910014125B", PRICE)
    assert told.body_size
    assert read_created(reply_of(signed(PAGE)), ORDER, SECRET, qr=False).order_url == PAGE["paymentUrl"]
    assert read_refund(Call.QUERY_REFUND, reply_of(signed(BACK)), "261122_2553_1", SECRET).meaning is A.PAID


@pytest.mark.parametrize("name", sorted(STATUS))
def test_every_signed_field_counts(name: str) -> None:
    changed = {**signed(STATUS), name: STATUS[name] + 1 if isinstance(STATUS[name], int) else f"{STATUS[name]}x"}
    assert asked(changed).meaning is A.UNUSABLE


@pytest.mark.parametrize("name", ["orderId", "amount", "paymentUrl", "message", "errorCode"])
def test_every_signed_field_of_a_new_order_counts(name: str) -> None:
    changed = {**signed(PAGE), name: PAGE[name] + 1 if isinstance(PAGE[name], int) else f"{PAGE[name]}x"}
    made = read_created(reply_of(changed), ORDER, SECRET, qr=False)
    assert made.answer.meaning in (A.UNUSABLE, A.REFUSED)
    assert (made.qr_code, made.order_url) == ("", "")


@pytest.mark.parametrize("name", sorted(BACK))
def test_every_signed_field_of_a_refund_counts(name: str) -> None:
    changed = {**signed(BACK), name: BACK[name] + 1 if isinstance(BACK[name], int) else f"{BACK[name]}x"}
    told = read_refund(Call.QUERY_REFUND, reply_of(changed), "261122_2553_1", SECRET)
    assert told.meaning is A.UNUSABLE


@pytest.mark.parametrize("status", [200, 201, 204, 302, 400, 401, 403, 404, 500, 503])
def test_only_a_good_http_status_carries_good_news(status: int) -> None:
    assert (asked(signed(STATUS), status).meaning is A.PAID) == (status == 200)


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        (STATUS, "bad_signature"),
        ({**STATUS, "signature": ""}, "bad_signature"),
        ({**STATUS, "signature": None}, "bad_signature"),
        ({**STATUS, "signature": 7}, "bad_signature"),
        ({**STATUS, "signature": ["x"]}, "bad_signature"),
        (signed(STATUS, orderId="261122_02-000149-k7qx"), "other_order"),
        (signed(STATUS, orderId=""), "other_order"),
        (signed(STATUS, currency="USD"), "other_currency"),
        (signed(STATUS, appotapayTransId=""), "no_zp_trans_id"),
        (signed(STATUS, appotapayTransId="000"), "no_zp_trans_id"),
        (signed(STATUS, appotapayTransId="AP 1"), "wrong_type"),
        (signed(STATUS, amount=None), "no_amount"),
        ({**signed(STATUS), "amount": 69_000.0}, "wrong_type"),
        ({**signed(STATUS), "errorCode": True}, "wrong_type"),
        ({**signed(STATUS), "errorCode": None}, "no_code"),
        ({**signed(STATUS), "message": {"x": 1}}, "wrong_type"),
        ({"errorCode": 35, "orderId": ORDER.app_trans_id}, "bad_signature"),
        ({"errorCode": 38, "orderId": ORDER.app_trans_id}, "bad_signature"),
        (signed(STATUS, errorCode=777), "no_verdict"),
        ({}, "no_code"),
        ([], "not_json"),
    ],
)
def test_what_is_odd_says_nothing(members: Any, fault: str) -> None:
    told = asked(members)
    assert (told.meaning, told.fault) == (A.UNUSABLE, fault)


def test_digits_in_a_text_are_a_number() -> None:
    told = asked(signed(STATUS, amount=str(PRICE), errorCode="0"))
    assert (told.meaning, told.amount) == (A.PAID, PRICE)


def test_no_such_order_needs_no_signature_but_may_not_have_a_wrong_one() -> None:
    assert asked({"errorCode": 36, "message": "x"}, 404).meaning is A.NOT_FOUND
    assert asked({"errorCode": 36, "message": "x", "signature": "00"}, 404).fault == "bad_signature"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"orderId": "another"}, "other_order"),
        ({"amount": PRICE - 1}, "other_order"),
        ({"amount": None}, "other_order"),
    ],
)
def test_a_new_order_is_ours_or_nothing(change: dict[str, Any], fault: str) -> None:
    made = read_created(reply_of(signed(PAGE, **change)), ORDER, SECRET, qr=False)
    assert (made.answer.meaning, made.answer.fault, made.order_url) == (A.UNUSABLE, fault, "")


def test_members_of_the_qr_are_signed_too() -> None:
    code = {"qrCodeUrl": "000201-right", "qrCodeExpiryIn": 900}
    flat = {**PAGE, "appotapayTransId": "AP1", **code}
    whole = {**PAGE, "appotapayTransId": "AP1", "qrData": code, "signature": signature(SECRET, flat)}
    assert read_created(reply_of(whole), ORDER, SECRET, qr=True).qr_code == "000201-right"
    other = {**whole, "qrData": {**code, "qrCodeUrl": "000201-wrong"}}
    made = read_created(reply_of(other), ORDER, SECRET, qr=True)
    assert (made.answer.fault, made.qr_code) == ("bad_signature", "")
    unsigned_link = read_created(reply_of({**signed(PAGE), "qrCodeUrl": "000201-x"}), ORDER, SECRET, qr=False)
    assert unsigned_link.qr_code == ""


@pytest.mark.parametrize(
    ("change", "call", "meaning"),
    [
        ({"status": "pending"}, Call.REFUND, A.PROCESSING),
        ({"status": "processing"}, Call.QUERY_REFUND, A.PROCESSING),
        ({"status": ""}, Call.REFUND, A.PROCESSING),
        ({"status": "done"}, Call.QUERY_REFUND, A.PROCESSING),
        ({"status": "error"}, Call.QUERY_REFUND, A.NEGATIVE),
        ({"status": "success", "errorCode": 35}, Call.QUERY_REFUND, A.PROCESSING),
        ({"status": "success", "errorCode": 99}, Call.QUERY_REFUND, A.UNUSABLE),
        ({"status": "success", "errorCode": 33}, Call.QUERY_REFUND, A.NEGATIVE),
        ({"refundId": "RF1", "refundOriginalId": "261122_2553_1"}, Call.QUERY_REFUND, A.PAID),
        ({"refundId": "RF1", "refundOriginalId": "RF2"}, Call.QUERY_REFUND, A.UNUSABLE),
    ],
)
def test_a_refund_goes_by_its_status(change: dict[str, Any], call: Call, meaning: AnswerClass) -> None:
    told = read_refund(call, reply_of(signed(BACK, **change)), "261122_2553_1", SECRET)
    assert told.meaning is meaning
    if meaning is A.PAID:
        assert told.zp_trans_id == "RF1"


@pytest.mark.parametrize("call", [Call.REFUND, Call.QUERY_REFUND])
def test_a_refund_needs_its_signature(call: Call) -> None:
    for status in ("success", "processing"):
        assert read_refund(call, reply_of({**BACK, "status": status}), "261122_2553_1", SECRET).fault == "bad_signature"
    unsigned_no = read_refund(call, reply_of({"errorCode": 135}, 400), "261122_2553_1", SECRET)
    assert (unsigned_no.meaning is A.NEGATIVE) == (call is Call.REFUND)


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[1]", b"\xff", b'{"errorCode":0,"errorCode":1}', b'{"errorCode":NaN}']
)
def test_no_json_is_no_answer(body: bytes) -> None:
    for status, fault in ((200, "not_json"), (400, "http_400")):
        assert read_status(Reply(status, body), "1", SECRET).fault == fault
        assert read_created(Reply(status, body), ORDER, SECRET, qr=True).answer.fault == fault
        assert read_refund(Call.REFUND, Reply(status, body), "1", SECRET).fault == fault


# --- the table of codes -------------------------------------------------------------------------------------------

TABLE = {
    Kind.DONE: {0},
    Kind.WAITING: {34, 35},
    Kind.REQUEST: {1, 2, 11, 13, 14, 15, 90, 92, 401},
    Kind.ORDER: {32, 51, 52, 140, 141},
    Kind.KNOWN: {30, 31, 41, 132},
    Kind.MISSING: {36},
    Kind.OPEN: {37, 73, 91, 94, 99, 500},
    Kind.FAILED: {21, 22, 33, 38, 39, 61, 62, 74, 75, 77, 78, 79, 82, 84, *range(63, 73), 76, 80},
    Kind.GIVEN_BACK: {40},
    Kind.NOT_REFUNDABLE: {102, 103, 106, 110, 125, 129, 135},
}


def test_every_documented_code_has_its_kind() -> None:
    assert {code: kind for kind, codes in TABLE.items() for code in codes} == KINDS


@pytest.mark.parametrize("call", [Call.CREATE_ORDER, Call.QUERY, Call.REFUND, Call.QUERY_REFUND])
def test_what_nobody_knows_is_never_a_verdict(call: Call) -> None:
    for code in (*TABLE[Kind.OPEN], 777, -1, 10**9):
        assert classify(call, code) is A.UNUSABLE


def test_only_zero_is_success_and_creation_never_is() -> None:
    for code in (*KINDS, *range(-10, 600)):
        assert classify(Call.CREATE_ORDER, code) is not A.PAID
        for call in (Call.QUERY, Call.REFUND, Call.QUERY_REFUND):
            assert (classify(call, code) is A.PAID) == (code == 0)
    assert {classify(Call.QUERY, code) for code in TABLE[Kind.WAITING]} == {A.PROCESSING}
    assert {classify(Call.QUERY, code) for code in TABLE[Kind.FAILED]} == {A.NEGATIVE}
    assert {classify(Call.QUERY, code) for code in TABLE[Kind.REQUEST] | TABLE[Kind.KNOWN]} == {A.UNUSABLE}
    assert classify(Call.CREATE, 0) is classify(Call.CANCEL, 0) is A.UNUSABLE
