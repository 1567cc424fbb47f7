"""Payment by bound token: what is sent, what is believed, and that nothing of a charge leaves before it may."""

import asyncio
import json
import logging
import ssl
import sys
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest

from pos_app.clock import MachineClock
from pos_app.gateways.agreement import (
    AgreementGateway,
    BindingStatus,
    BindWish,
    Bound,
    Channel,
    NoOrderError,
)
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import NotSentError, Order
from pos_app.gateways.transport import Limits, Reply
from pos_app.gateways.trust import Site, built_in
from pos_app.gateways.zalopay.agreement import Agreements
from pos_app.gateways.zalopay.agreement_answers import (
    read_balance,
    read_binding,
    read_bound,
    read_order_token,
    read_owner,
)
from pos_app.gateways.zalopay.agreement_requests import (
    balance_body,
    bind_body,
    binding_body,
    query_user_body,
    token_order_body,
    token_pay_body,
    unbind_body,
)
from pos_app.gateways.zalopay.hybrid import Hybrid, HybridMac, hybrid_body
from pos_app.gateways.zalopay.public_key import PublicKey
from pos_app.gateways.zalopay.requests import Credentials
from pos_app.gateways.zalopay.v2 import ZaloPayV2
from pos_app.payments.answer import Answer, AnswerClass, NotSentCause
from pos_app.payments.pay_token import PayToken
from pos_app.sandbox.server import Sandbox
from pos_app.vietnam_day import yymmdd
from tests.gateways.test_zalopay_v2 import PAIR, VECTORS
from tests.gateways.tls_server import Authority, Peer, Server, serve

PRICE = 50_000
AT = 1_763_773_200_000
TEXT = "NJLHNTRLZDETZGQYZI0ZNTBKLTGWZJKTMTKXYJHLMWI5NTFI"
TOKEN = PayToken(TEXT)
KEY1 = VECTORS["sandbox_credentials"]["2554"]["key1"]
SHOP = Credentials(2554, KEY1, PublicKey(PAIR["public_spki_base64"]), "pos-01")
ORDER = Order("251122_000011", PRICE, AT, "x")
LIMITS = Limits(connect_ms=5_000, first_byte_ms=1_200, answer_ms=1_600)
PAID, PROCESSING, NEGATIVE = AnswerClass.PAID, AnswerClass.PROCESSING, AnswerClass.NEGATIVE
REFUSED, DUPLICATE, UNUSABLE = AnswerClass.REFUSED, AnswerClass.DUPLICATE, AnswerClass.UNUSABLE


def vector(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in VECTORS["hmac"] if one["id"] == name)
    return found


def sent(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode(), strict_parsing=True, keep_blank_values=True))


# --- what is sent -------------------------------------------------------------------------------------------------

WISH = BindWish("251122_000010", "user-1", AT)
PAYING = "ACWH4QMH_wQUF_PxXGs4X4pg"
BODIES = {
    "c-agr-bind-1": bind_body(SHOP, WISH),
    "c-agr-query-1": binding_body(SHOP, "251122_000010", AT),
    "c-agr-balance-1": balance_body(SHOP, TOKEN, "user-1", PRICE, AT),
    "c-agr-pay-1": token_pay_body(SHOP, PAYING, "84900000000", TOKEN, 1_680_848_533_635),
    "c-agr-unbind-1": unbind_body(SHOP, "user-1", "230407qQe7vGnqp0agyforLAy0D2b1x3", AT),
    "c-agr-queryuser-1": query_user_body(SHOP, TOKEN, AT),
}


@pytest.mark.parametrize("name", BODIES)
def test_each_body_has_the_fields_and_the_mac_of_its_vector(name: str) -> None:
    wanted = {key: str(value) for key, value in vector(name)["fields"].items()}
    assert sent(BODIES[name]) == {**wanted, "mac": vector(name)["expected"]}


@pytest.mark.parametrize(
    ("mac", "name"), [(HybridMac.ORDER, "c-hybrid-variant-a"), (HybridMac.TOKEN, "c-hybrid-variant-b")]
)
def test_a_hybrid_body_is_ours_and_unconfirmed(mac: HybridMac, name: str) -> None:
    body = hybrid_body(SHOP, Hybrid("/v2/somewhere", mac), ORDER, "user-1", TOKEN)
    wanted = {key: str(value) for key, value in vector(name)["fields"].items()}
    assert sent(body) == {**wanted, "mac": vector(name)["expected"]}


def test_hybrid_is_off_until_somebody_names_a_path() -> None:
    assert not Hybrid().on
    with pytest.raises(ValueError, match="off"):
        hybrid_body(SHOP, Hybrid(), ORDER, "user-1", TOKEN)


def test_the_order_is_for_the_token_alone_and_lives_shortly() -> None:
    form = sent(token_order_body(SHOP, ORDER))
    names = ("product_code", "bank_code", "expire_duration_seconds", "amount", "app_trans_id")
    assert [form[name] for name in names] == ["AGREEMENT", "zalopayapp", "300", "50000", "251122_000011"]


def test_a_wish_may_name_a_callback() -> None:
    wish = replace(WISH, callback_url="https://shop.example/zalopay?a=1&b=2", max_amount=200_000)
    form = sent(bind_body(SHOP, wish))
    assert (form["callback_url"], form["max_amount"]) == (wish.callback_url, "200000")


@pytest.mark.parametrize(
    "wrong",
    [
        {"identifier": ""}, {"identifier": "a|b"}, {"identifier": "x" * 51}, {"max_amount": -1},
        {"app_trans_id": "251121_000010"}, {"app_trans_id": "251122_" + "x" * 40},
    ],
)  # fmt: skip
def test_a_wish_that_zalopay_does_not_take_is_our_bug(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"a customer's number|order id|the most"):
        bind_body(SHOP, replace(WISH, **wrong))
    if "identifier" in wrong:
        with pytest.raises(ValueError, match="a customer's number"):
            unbind_body(SHOP, wrong["identifier"], "b", AT)
        with pytest.raises(ValueError, match="a customer's number"):
            hybrid_body(SHOP, Hybrid("/x"), ORDER, wrong["identifier"], TOKEN)
    with pytest.raises(ValueError, match="binding's id"):
        unbind_body(SHOP, "user-1", "a|b", AT)


# --- what is believed ---------------------------------------------------------------------------------------------


def reply(body: object) -> Reply:
    return Reply(200, json.dumps(body).encode())


SHORT, QR = (
    "https://zlpmcagp.zalopay.vn/oauthbe/agreement/220428X",
    "https://sbbinding.zalopay.vn?binding_token=220428X",
)
DEEP = "zalopay://launch/app/730?view=authorize&b=220428X"


@pytest.mark.parametrize(
    ("members", "meaning", "link", "deep_link", "token"),
    [
        ({"binding_token": "220428X", "deep_link": DEEP, "binding_qr_link": QR, "short_link": SHORT},
         PROCESSING, SHORT, DEEP, "220428X"),
        ({"binding_id": "230407q", "binding_url": SHORT}, PROCESSING, SHORT, "", "230407q"),
        ({"binding_token": "220428X", "binding_qr_link": QR}, PROCESSING, QR, "", "220428X"),
        ({"binding_token": "a|b", "deep_link": DEEP}, PROCESSING, DEEP, DEEP, ""),
        ({"binding_token": 7, "short_link": ["x"], "deep_link": 7}, UNUSABLE, "", "", ""),
        ({"short_link": "http" + SHORT[5:]}, UNUSABLE, "", "", ""),
        ({"short_link": SHORT + "\n", "deep_link": "javascript:alert(1)"}, UNUSABLE, "", "", ""),
        ({"short_link": SHORT + "x" * 1_024, "binding_qr_link": SHORT + "é"}, UNUSABLE, "", "", ""),
        ({"return_code": 2, "sub_return_code": -402, "short_link": SHORT}, REFUSED, "", "", ""),
        ({"return_code": 2, "sub_return_code": -68}, DUPLICATE, "", "", ""),
        ({"return_code": 2, "sub_return_code": -1800}, NEGATIVE, "", "", ""),
        ({"return_code": "1", "short_link": SHORT}, UNUSABLE, "", "", ""),
    ],
)  # fmt: skip
def test_what_the_customer_is_shown(
    members: dict[str, Any], meaning: AnswerClass, link: str, deep_link: str, token: str
) -> None:
    bound = read_bound(reply({"return_code": 1, "sub_return_code": 1, **members}))
    assert (bound.answer.meaning, bound.link, bound.deep_link, bound.binding_token) == (meaning, link, deep_link, token)
    assert SHORT not in repr(bound)


DATA = {
    "app_id": 2554, "app_trans_id": "251122_000010", "binding_id": "230407qQe7vGnqp0agyforLAy0D2b1x3",
    "pay_token": TEXT, "server_time": 1_680_849_004, "merchant_user_id": "user-1", "status": 1, "msg_type": 1,
    "zp_user_id": "Bs8KJXf2GKyfVv_fnxG7IwG5VbQ8H", "masked_user_phone": "****3801",
    "expiry_timestamp_in_ms": -62_135_596_800_000,
}  # fmt: skip


def binding_of(body: dict[str, Any]) -> Any:
    return read_binding(reply({"return_code": 1, **body}), app_id=2554, app_trans_id="251122_000010")


def test_a_confirmed_binding() -> None:
    found = binding_of({"data": DATA})
    assert (found.status, found.pay_token, found.phone) == (BindingStatus.CONFIRMED, TOKEN, "****3801")
    assert (found.binding_id, found.expires_at_ms) == ("230407qQe7vGnqp0agyforLAy0D2b1x3", None)
    assert TEXT not in repr(found)
    ends = binding_of({"data": {**DATA, "expiry_timestamp_in_ms": AT}})
    assert ends.expires_at_ms == AT
    odd = binding_of({"data": {**DATA, "masked_user_phone": "<b>3801</b>"}})
    assert (odd.status, odd.phone) == (BindingStatus.CONFIRMED, "")


@pytest.mark.parametrize(
    ("body", "status", "fault"),
    [
        ({"data": {**DATA, "status": 0}}, BindingStatus.WAITING, ""),
        ({"data": {**DATA, "status": 2}}, BindingStatus.WAITING, ""),
        ({"return_code": 3}, BindingStatus.WAITING, ""),
        ({"data": {**DATA, "status": 3}}, BindingStatus.CANCELLED, ""),
        ({"data": {**DATA, "status": 4}}, BindingStatus.DISABLED, ""),
        ({"return_code": 2, "sub_return_code": -101}, BindingStatus.UNKNOWN, ""),
        ({"return_code": 2, "sub_return_code": -402, "data": DATA}, BindingStatus.UNKNOWN, ""),
        ({}, BindingStatus.UNKNOWN, "no_data"),
        ({"data": [DATA]}, BindingStatus.UNKNOWN, "no_data"),
        ({"data": {**DATA, "app_trans_id": "251122_000099"}}, BindingStatus.UNKNOWN, "other_binding"),
        ({"data": {**DATA, "app_id": 2553}}, BindingStatus.UNKNOWN, "other_binding"),
        ({"data": {**DATA, "status": 3, "app_id": 2553}}, BindingStatus.UNKNOWN, "other_binding"),
        ({"data": {**DATA, "status": "1"}}, BindingStatus.UNKNOWN, "wrong_type"),
        ({"data": {**DATA, "status": True}}, BindingStatus.UNKNOWN, "wrong_type"),
        ({"data": {**DATA, "expiry_timestamp_in_ms": "never"}}, BindingStatus.UNKNOWN, "wrong_type"),
        ({"data": {**DATA, "pay_token": ""}}, BindingStatus.UNKNOWN, "no_token"),
        ({"data": {**DATA, "pay_token": "a|b"}}, BindingStatus.UNKNOWN, "no_token"),
        ({"data": {**DATA, "pay_token": 7}}, BindingStatus.UNKNOWN, "no_token"),
        ({"data": {key: value for key, value in DATA.items() if key != "binding_id"}},
         BindingStatus.UNKNOWN, "no_token"),
    ],
)  # fmt: skip
def test_only_a_whole_binding_of_ours_gives_a_token(body: dict[str, Any], status: BindingStatus, fault: str) -> None:
    found = binding_of(body)
    assert (found.status, found.answer.fault, found.pay_token) == (status, fault, None)


WALLET = {"channel": 38, "payable": True, "bank_code": "zp_app"}


@pytest.mark.parametrize(
    ("body", "channels", "discount", "payable"),
    [
        ({"data": [WALLET], "discount_amount": 5_000}, [(38, True)], 5_000, True),
        ({"data": [{**WALLET, "payable": False}, {"channel": 37, "payable": True}]},
         [(38, False), (37, True)], 0, True),
        ({"data": [{**WALLET, "payable": False}]}, [(38, False)], 0, False),
        ({"data": []}, [], 0, False),
        ({"data": [{**WALLET, "payable": "true"}]}, [], 0, False),
        ({"data": [{**WALLET, "payable": 1}]}, [], 0, False),
        ({"data": [WALLET, 7]}, [], 0, False),
        ({"data": WALLET}, [], 0, False),
        ({"data": [WALLET], "discount_amount": -1}, [], 0, False),
        ({"data": [WALLET], "discount_amount": 1.5}, [], 0, False),
        ({"return_code": 2, "sub_return_code": -1007, "data": [WALLET]}, [], 0, False),
    ],
)  # fmt: skip
def test_whether_it_can_pay(body: dict[str, Any], channels: list[Any], discount: int, payable: bool) -> None:
    found = read_balance(reply({"return_code": 1, **body}))
    assert [(one.number, one.payable) for one in found.channels] == channels
    assert (found.discount_amount, found.payable) == (discount, payable)


def test_whose_wallet_it_is() -> None:
    assert read_owner(reply({"return_code": 1, "phone": "****2606"})).phone == "****2606"
    for phone in (7, "<script>", "", "*" * 25):
        assert read_owner(reply({"return_code": 1, "phone": phone})).phone == ""
    assert read_owner(reply({"return_code": 2, "sub_return_code": -7202, "phone": "****2606"})).phone == ""


HOSTILE = [
    b"", b"{", b"[]", b"null", b'{"return_code":1,"return_code":1}', b'{"return_code":NaN}', b"\xff" * 40,
    b'{"return_code":1,"data":' + b"[" * 10_000, b'{"return_code":1' + b"0" * 40 + b"}", b"<html></html>",
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE)
def test_nothing_odd_raises_or_counts(body: bytes) -> None:
    for answer in (Reply(200, body), Reply(503, body), Reply(302, body), Reply(fault="timeout")):
        found = read_binding(answer, app_id=2554, app_trans_id="x")
        assert (found.status, found.pay_token) == (BindingStatus.UNKNOWN, None)
        assert read_bound(answer) == Bound(found.answer)
        assert (read_balance(answer).channels, read_owner(answer).phone) == ((), "")
        assert read_order_token(answer) == (found.answer, "")
        assert found.answer.meaning is UNUSABLE


# --- with the built-in gateway ------------------------------------------------------------------------------------


async def nothing() -> None:
    pass


class Counter:
    """A till's two clients of one gateway, and order ids that are never used twice."""

    running = 0

    def __init__(self, sandbox: Sandbox, *, key1: str = "") -> None:
        clock, self.sandbox = MachineClock(), sandbox
        site = built_in(int(sandbox.url.rsplit(":", 1)[1]), sandbox.ca_pem)
        shop = Credentials(sandbox.app_id, key1 or sandbox.key1, PublicKey(sandbox.public_key), "pos_app")
        offset = ClockOffset(clock)
        self.tokens: AgreementGateway = Agreements(site, shop, clock=clock, offset=offset, limits=LIMITS)
        self.orders = ZaloPayV2(site, shop, clock=clock, offset=offset, limits=LIMITS)
        self.clock = clock

    def order(self, amount: int = PRICE) -> Order:
        Counter.running += 1
        now = self.clock.wall_ms()
        return Order(f"{yymmdd(now)}_02-{Counter.running:06}-agre", amount, now, "Tạp hóa Minh Anh")

    def wish(self, max_amount: int = 0) -> BindWish:
        made = self.order()
        return BindWish(made.app_trans_id, f"kh-{Counter.running}", made.app_time_ms, max_amount)

    async def bound(self, max_amount: int = 0) -> tuple[BindWish, PayToken]:
        wish = self.wish(max_amount)
        assert (await self.tokens.bind(wish)).answer.meaning is PROCESSING
        assert self.sandbox.confirm_binding(wish.app_trans_id)
        token = (await self.tokens.binding(wish.app_trans_id)).pay_token
        assert token is not None
        return wish, token

    async def charged(self, wish: BindWish, token: PayToken, amount: int = PRICE) -> tuple[Answer, Order]:
        order = self.order(amount)
        return await self.tokens.charge(order, wish.identifier, token, nothing), order

    async def close(self) -> None:
        await self.tokens.close()
        await self.orders.close()


def at_the_counter(sandbox: Sandbox, what: Callable[[Counter], Awaitable[None]], *, key1: str = "") -> None:
    async def run() -> None:
        counter = Counter(sandbox, key1=key1)
        try:
            await what(counter)
        finally:
            await counter.close()

    asyncio.run(run())


def test_from_the_wish_to_the_last_payment(sandbox: Sandbox) -> None:
    async def story(counter: Counter) -> None:
        tokens, wish = counter.tokens, counter.wish()
        bound = await tokens.bind(wish)
        assert bound.link.endswith(bound.binding_token)
        assert (await tokens.binding(wish.app_trans_id)).status is BindingStatus.WAITING
        assert (await tokens.bind(wish)).answer.meaning is DUPLICATE
        assert sandbox.confirm_binding(wish.app_trans_id)
        binding = await tokens.binding(wish.app_trans_id)
        assert (binding.status, binding.phone, binding.expires_at_ms) == (BindingStatus.CONFIRMED, "****6938", None)
        token = binding.pay_token
        assert token is not None
        assert (await tokens.customer(token)).phone == "****6938"
        balance = await tokens.balance(token, wish.identifier, PRICE)
        assert (balance.channels, balance.payable) == ((Channel(38, payable=True, bank_code="zp_app"),), True)
        await tokens.open_ahead()
        answer, order = await counter.charged(wish, token)
        assert (answer.meaning, answer.app_trans_id) == (PROCESSING, order.app_trans_id)
        asked = await counter.orders.query(order.app_trans_id)
        assert (asked.meaning, asked.amount, asked.zp_trans_id) == (PAID, PRICE, answer.zp_trans_id)
        assert (await tokens.unbind(wish.identifier, binding.binding_id)).meaning is PAID
        assert (await tokens.binding(wish.app_trans_id)).status is BindingStatus.CANCELLED
        refused, order = await counter.charged(wish, token)
        assert (refused.meaning, refused.sub_return_code) == (NEGATIVE, -7217)
        assert (await counter.orders.query(order.app_trans_id)).meaning is PROCESSING
        assert (await counter.orders.cancel(order.app_trans_id)).meaning is PAID
        assert (await counter.orders.query(order.app_trans_id)).meaning is NEGATIVE
        assert (await tokens.unbind(wish.identifier, binding.binding_id)).meaning is UNUSABLE

    at_the_counter(sandbox, story)


def test_every_refusal_of_a_charge_is_an_answer(sandbox: Sandbox) -> None:
    async def story(counter: Counter) -> None:
        wish, token = await counter.bound(PRICE)
        gateway, said = sandbox.gateway, {}
        for name, who, what, amount in (
            ("another customer", replace(wish, identifier="kh-0"), token, PRICE),
            ("another token", wish, TOKEN, PRICE),
            ("over the limit", wish, token, PRICE + 1),
        ):
            answer, _ = await counter.charged(who, what, amount)
            said[name] = (answer.meaning, answer.sub_return_code)
        gateway.expire_binding(wish.app_trans_id, at_ms=1)
        assert (await counter.tokens.binding(wish.app_trans_id)).expires_at_ms == 1
        answer, _ = await counter.charged(wish, token)
        said["expired"] = (answer.meaning, answer.sub_return_code)
        gateway.expire_binding(wish.app_trans_id, at_ms=AT * 2)
        assert gateway.end_binding(wish.app_trans_id, disabled=True)
        assert (await counter.tokens.binding(wish.app_trans_id)).status is BindingStatus.DISABLED
        answer, _ = await counter.charged(wish, token)
        said["disabled"] = (answer.meaning, answer.sub_return_code)
        assert said == {
            "another customer": (NEGATIVE, -7202), "another token": (NEGATIVE, -7202),
            "over the limit": (NEGATIVE, -36), "expired": (NEGATIVE, -1007), "disabled": (NEGATIVE, -7217),
        }  # fmt: skip
        assert not (await counter.tokens.balance(token, wish.identifier, PRICE)).payable

    at_the_counter(sandbox, story)


@pytest.mark.parametrize(
    ("scenario", "meaning", "asked"),
    [
        ("wallet_locked", NEGATIVE, NEGATIVE), ("stuck", PROCESSING, PROCESSING), ("answer_lost", UNUSABLE, PAID),
        ("answer_reset", UNUSABLE, PAID), ("answer_cut", UNUSABLE, PAID), ("answer_http_502", UNUSABLE, PAID),
        ("answer_wrong_types", UNUSABLE, PAID), ("answer_duplicate_keys", UNUSABLE, PAID),
        ("answer_redirect", UNUSABLE, PAID), ("answer_twice", DUPLICATE, PAID), ("never_arrived", UNUSABLE, PROCESSING),
        ("signature_refused", REFUSED, PROCESSING), ("maintenance", NEGATIVE, PROCESSING),
        ("code_as_return_code", REFUSED, PROCESSING), ("paid_later", PROCESSING, PROCESSING),
        ("other_amount", PROCESSING, PAID), ("system_error", NEGATIVE, PROCESSING),
    ],
)  # fmt: skip
def test_bad_days_of_a_charge(sandbox: Sandbox, scenario: str, meaning: AnswerClass, asked: AnswerClass) -> None:
    async def story(counter: Counter) -> None:
        wish, token = await counter.bound()
        sandbox.arm(scenario)
        answer, order = await counter.charged(wish, token)
        assert answer.meaning is meaning
        assert (await counter.orders.query(order.app_trans_id)).meaning is asked

    at_the_counter(sandbox, story)


@pytest.mark.parametrize(
    ("scenario", "cause", "meaning"),
    [
        ("order_app_in_maintenance", NotSentCause.NO_ORDER, NEGATIVE),
        ("order_request_refused", NotSentCause.NO_ORDER, REFUSED),
        ("order_signature_refused", NotSentCause.KEY, REFUSED),
        ("order_code_as_return_code", NotSentCause.KEY, REFUSED),
        ("order_answer_twice", NotSentCause.NO_ORDER, DUPLICATE),
        ("order_answer_lost", NotSentCause.TIMEOUT, UNUSABLE),
        ("order_answer_reset", NotSentCause.NO_NETWORK, UNUSABLE),
        ("order_answer_cut", NotSentCause.NO_NETWORK, UNUSABLE),
        ("order_answer_http_503", NotSentCause.NO_ORDER, UNUSABLE),
        ("order_answer_garbage", NotSentCause.NO_ORDER, UNUSABLE),
        ("order_answer_wrong_types", NotSentCause.NO_ORDER, UNUSABLE),
        ("order_never_arrived", NotSentCause.TIMEOUT, UNUSABLE),
    ],
)
def test_without_an_order_nothing_is_charged(
    sandbox: Sandbox, scenario: str, cause: NotSentCause, meaning: AnswerClass
) -> None:
    async def story(counter: Counter) -> None:
        wish, token = await counter.bound()
        before = sandbox.customer.balance
        asked_to_send: list[str] = []

        async def about_to_send() -> None:
            asked_to_send.append("sent")

        sandbox.arm(scenario)
        with pytest.raises(NoOrderError) as caught:
            await counter.tokens.charge(counter.order(), wish.identifier, token, about_to_send)
        assert (caught.value.cause, caught.value.answer.meaning) == (cause, meaning)
        assert (asked_to_send, sandbox.customer.balance) == ([], before)

    at_the_counter(sandbox, story)


def test_a_wrong_key_is_said_by_every_call(sandbox: Sandbox) -> None:
    async def story(counter: Counter) -> None:
        tokens, wish = counter.tokens, counter.wish()
        answers = [
            (await tokens.bind(wish)).answer,
            (await tokens.binding(wish.app_trans_id)).answer,
            (await tokens.balance(TOKEN, "kh-1", 1_000)).answer,
            (await tokens.customer(TOKEN)).answer,
        ]
        assert [(one.meaning, one.sub_return_code) for one in answers] == [(REFUSED, -402)] * 4
        assert (await tokens.unbind("kh-1", "b")).sub_return_code == -402
        with pytest.raises(NoOrderError) as caught:
            await tokens.charge(counter.order(), "kh-1", TOKEN, nothing)
        assert caught.value.cause is NotSentCause.KEY

    at_the_counter(sandbox, story, key1="wrong")


@pytest.mark.parametrize("scenario", ["answer_http_503", "answer_cut", "answer_garbage", "answer_lost"])
def test_a_question_never_raises(sandbox: Sandbox, scenario: str) -> None:
    async def story(counter: Counter) -> None:
        wish, token = await counter.bound()
        for on in ("bind", "binding", "balance", "query_user", "unbind"):
            sandbox.arm(scenario, on=on)
        binding, balance, owner, unbound, bound = await asyncio.gather(
            counter.tokens.binding(wish.app_trans_id),
            counter.tokens.balance(token, wish.identifier, PRICE),
            counter.tokens.customer(token),
            counter.tokens.unbind(wish.identifier, "b"),
            counter.tokens.bind(counter.wish()),
        )
        assert {one.meaning for one in (binding.answer, balance.answer, owner.answer, unbound, bound.answer)} == {
            UNUSABLE
        }
        assert (binding.status, binding.pay_token) == (BindingStatus.UNKNOWN, None)
        assert (await counter.tokens.binding(wish.app_trans_id)).status is BindingStatus.CONFIRMED

    at_the_counter(sandbox, story)


# --- what leaves when ---------------------------------------------------------------------------------------------


def client(site: Site) -> Agreements:
    clock = MachineClock()
    return Agreements(site, SHOP, clock=clock, offset=ClockOffset(clock), limits=LIMITS)


def pays(server: Server) -> int:
    return bytes(server.received).count(b"POST /v2/agreement/pay ")


async def manners(peer: Peer) -> None:
    """Makes every order, and says nothing to a charge."""
    if b"POST /v2/create " in peer.request:
        await peer.answer(json.dumps({"return_code": 1, "zp_trans_token": PAYING}).encode())
    else:
        await peer.answer_nothing()


def test_nothing_of_a_charge_leaves_before_it_may(authority: Authority, good_tls: ssl.SSLContext) -> None:
    class DiskFullError(Exception):
        pass

    async def run() -> None:
        async with serve(good_tls, manners) as server:
            tokens = client(built_in(server.port, authority.pem))
            seen: list[tuple[int, int, int, bool]] = []

            async def look() -> None:
                await asyncio.sleep(0.1)  # whatever is on its way would be there by now
                seen.append((server.posts, server.handshakes, pays(server), TEXT.encode() in server.received))

            async def refuse() -> None:
                await look()
                raise DiskFullError

            with pytest.raises(DiskFullError):
                await tokens.charge(ORDER, "user-1", TOKEN, refuse)
            await asyncio.sleep(0.1)
            assert (pays(server), TEXT.encode() in server.received) == (0, False)
            answer = await tokens.charge(ORDER, "user-1", TOKEN, look)
            # The order went before, the connection of the charge stands, and of the charge there is not a byte.
            assert seen == [(1, 2, 0, False), (2, 4, 0, False)]
            assert (answer.meaning, answer.fault, pays(server)) == (UNUSABLE, "timeout", 1)
            form = sent(server.requests[-1].partition(b"\r\n\r\n")[2])
            assert (form["zp_trans_token"], form["pay_token"], form["identifier"]) == (PAYING, TEXT, "user-1")
            await tokens.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (b'{"return_code":1}', NotSentCause.NO_ORDER),
        (b'{"return_code":1,"zp_trans_token":""}', NotSentCause.NO_ORDER),
        (b'{"return_code":1,"zp_trans_token":7}', NotSentCause.NO_ORDER),
        (b'{"return_code":1,"zp_trans_token":"a|b"}', NotSentCause.NO_ORDER),
        (b'{"return_code":2,"sub_return_code":-54,"zp_trans_token":"abc"}', NotSentCause.CLOCK),
        (b'{"return_code":2,"sub_return_code":-403}', NotSentCause.KEY),
        (b"", NotSentCause.NO_ORDER),
    ],
)
def test_an_order_without_its_token_is_none(
    authority: Authority, good_tls: ssl.SSLContext, answer: bytes, cause: NotSentCause
) -> None:
    async def run() -> None:
        async with serve(good_tls, lambda peer: peer.answer(answer)) as server:
            tokens = client(built_in(server.port, authority.pem))
            with pytest.raises(NoOrderError) as caught:
                await tokens.charge(ORDER, "user-1", TOKEN, nothing)
            await tokens.close()
            assert (caught.value.cause, server.posts, pays(server)) == (cause, 1, 0)

    asyncio.run(run())


def test_a_gateway_that_goes_away_between_order_and_charge(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def run() -> None:
        async def makes_the_order_and_closes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            listening.close()
            body = json.dumps({"return_code": 1, "zp_trans_token": PAYING})
            writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
            await writer.drain()
            writer.transport.abort()

        listening = await asyncio.start_server(makes_the_order_and_closes, "127.0.0.1", 0, ssl=good_tls)
        tokens = client(built_in(listening.sockets[0].getsockname()[1], authority.pem))
        with pytest.raises(NotSentError) as caught:
            await tokens.charge(ORDER, "user-1", TOKEN, nothing)
        await tokens.close()
        assert (caught.value.cause, type(caught.value)) == (NotSentCause.REFUSED, NotSentError)

    asyncio.run(run())


def test_hybrid_switched_on_is_one_call_whose_bytes_wait_as_any_charge(
    authority: Authority, good_tls: ssl.SSLContext
) -> None:
    """UNCONFIRMED, as the call itself: what is held to here is our own order of things."""

    async def run() -> None:
        log: list[str] = []

        async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            log.append(head.split(" HTTP")[0])
            body = json.dumps({"return_code": 3, "zp_trans_id": 26_1122})
            writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
            await writer.drain()
            writer.close()

        async def about_to_send() -> None:
            log.append("durable")

        async with await asyncio.start_server(answers, "127.0.0.1", 0, ssl=good_tls) as listening:
            tokens = client(built_in(listening.sockets[0].getsockname()[1], authority.pem))
            tokens.hybrid = Hybrid("/v2/somewhere", HybridMac.TOKEN)
            answer = await tokens.charge(ORDER, "user-1", TOKEN, about_to_send)
            await tokens.close()
        assert log == ["durable", "POST /v2/somewhere"]
        assert (answer.meaning, answer.zp_trans_id) == (PROCESSING, "261122")

    asyncio.run(run())


def test_without_a_network_a_charge_is_not_sent_and_questions_are_unusable(authority: Authority) -> None:
    async def run() -> None:
        tokens = client(built_in(1, authority.pem))
        with pytest.raises(NotSentError) as caught:
            await tokens.charge(ORDER, "user-1", TOKEN, nothing)
        assert (caught.value.cause, type(caught.value)) == (NotSentCause.REFUSED, NotSentError)
        for answer in (
            (await tokens.bind(WISH)).answer,
            (await tokens.binding("251122_000010")).answer,
            (await tokens.balance(TOKEN, "user-1", 1)).answer,
            (await tokens.customer(TOKEN)).answer,
            await tokens.unbind("user-1", "b"),
        ):
            assert (answer.meaning, answer.fault) == (UNUSABLE, "refused")
        await tokens.open_ahead()
        await tokens.close()

    asyncio.run(run())


@pytest.mark.parametrize("wrong", [replace(ORDER, amount=0), replace(ORDER, app_trans_id="251121_1")])
def test_a_wrong_order_or_customer_sends_nothing(authority: Authority, good_tls: ssl.SSLContext, wrong: Order) -> None:
    async def run() -> None:
        async with serve(good_tls, manners) as server:
            tokens = client(built_in(server.port, authority.pem))
            for order, identifier in ((wrong, "user-1"), (ORDER, "a|b")):
                with pytest.raises(ValueError, match=r"order id|amount|customer's number"):
                    await tokens.charge(order, identifier, TOKEN, nothing)
            await tokens.close()
            assert server.posts == 0

    asyncio.run(run())


def test_no_secret_reaches_a_log_or_an_error(
    authority: Authority, good_tls: ssl.SSLContext, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def run() -> None:
        tokens = client(built_in(1, authority.pem))
        errors: list[NotSentError] = []
        for way in ("no network", "no order"):
            async with serve(good_tls, lambda peer: peer.answer(b'{"return_code":2}')) as server:
                if way == "no order":
                    tokens = client(built_in(server.port, authority.pem))
                with pytest.raises(NotSentError) as caught:
                    await tokens.charge(ORDER, "user-1", TOKEN, nothing)
                errors.append(caught.value)
                await tokens.close()
        async with serve(good_tls, manners) as server:
            tokens = client(built_in(server.port, authority.pem))
            answers = [await tokens.charge(ORDER, "user-1", TOKEN, nothing), await tokens.balance(TOKEN, "user-1", 1)]
            await tokens.close()
            assert TEXT.encode() in server.received
            assert KEY1.encode() not in server.received
        for error in errors:
            assert error.__context__ is None
            shown = repr(error) + str(error) + "".join(traceback.format_exception(error))
            assert TEXT not in shown
            assert KEY1 not in shown
        assert TEXT not in repr(answers) + repr([tokens, TOKEN])
        for secret in (TEXT, KEY1, PAYING):
            assert secret not in caplog.text

    asyncio.run(run())
    assert sys.exc_info() == (None, None, None)
