"""Orders that the customer scans: what is asked for, what is believed of the answer, and when nothing has left."""

import asyncio
import json
import ssl
from typing import Any
from urllib.parse import parse_qsl

import pytest

from pos_app.checkout.shown import code_to_show
from pos_app.clock import MachineClock
from pos_app.gateway_access import access_to, open_ways
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import Created, NotSentError, Order, PayMethod
from pos_app.gateways.transport import Reply
from pos_app.gateways.trust import built_in
from pos_app.gateways.zalopay.answers import read_created
from pos_app.gateways.zalopay.public_key import PublicKey
from pos_app.gateways.zalopay.requests import LIFE_S, METHODS, Credentials, create_body
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.sandbox.server import Sandbox
from pos_app.settings import Settings
from pos_app.vietnam_day import yymmdd
from tests.gateways.test_zalopay_refunds import client_of, nothing
from tests.gateways.test_zalopay_v2 import PAIR
from tests.gateways.tls_server import Authority, Peer, serve

PRICE = 69_000
LINK = "https://qcgateway.zalopay.vn/openinapp?order=eyJ6cCI6MX0"


def an_order(running: int, amount: int = PRICE) -> Order:
    now = MachineClock().wall_ms()
    return Order(f"{yymmdd(now)}_02-{running:06}-k7qx", amount, now, "Tạp hóa Minh Anh 02-000148")


async def created(sandbox: Sandbox, order: Order, method: PayMethod, life_s: int = 300) -> tuple[Created, Answer]:
    """What the built-in gateway makes of it, and says of it when it is asked."""
    clock = MachineClock()
    gateway = open_ways(access_to(sandbox), Settings(), clock, ClockOffset(clock)).first.gateway
    try:
        return await gateway.create(order, life_s, method, nothing), await gateway.query(order.app_trans_id)
    finally:
        await gateway.close()


@pytest.mark.parametrize("method", METHODS)
def test_the_gateway_takes_it_and_its_code_is_ours(sandbox: Sandbox, method: PayMethod) -> None:
    order = an_order(list(PayMethod).index(method) + 1)
    made, asked = asyncio.run(created(sandbox, order, method))
    assert (made.answer.meaning, asked.meaning) == (AnswerClass.PROCESSING, AnswerClass.PROCESSING)
    shown = code_to_show(made, PRICE, "vn.zalopay")
    assert shown is not None
    assert shown.text == made.qr_code
    assert made.order_url.startswith("https://")
    (record,) = (one for one in sandbox.orders() if one["app_trans_id"] == order.app_trans_id)
    assert (record["amount"], record["shown"]) == (PRICE, True)


@pytest.mark.parametrize("scenario", ["order_qr_other_amount", "order_qr_wrong_crc"])
def test_a_code_that_is_not_ours_is_not_shown(sandbox: Sandbox, scenario: str) -> None:
    sandbox.arm(scenario)
    made, _ = asyncio.run(created(sandbox, an_order(10 + len(scenario)), PayMethod.ANY))
    assert made.qr_code
    assert code_to_show(made, PRICE, "vn.zalopay") is None


def test_without_a_qr_the_link_for_the_wallet_is_shown(sandbox: Sandbox) -> None:
    sandbox.arm("order_without_qr")
    made, _ = asyncio.run(created(sandbox, an_order(50), PayMethod.ANY))
    shown = code_to_show(made, PRICE, "vn.zalopay")
    assert shown is not None
    assert (shown.text, shown.any_bank) == (made.order_url, False)


@pytest.mark.parametrize(
    ("url", "fits"),
    [(LINK, True), ("http" + LINK[5:], False), ("javascript:alert(1)", False), (LINK + "\n", False),
     (LINK + "é", False), (LINK + "x" * 1_024, False), ("", False)],
)  # fmt: skip
def test_only_a_plain_https_link_is_shown(url: str, fits: bool) -> None:
    made = Created(Answer(AnswerClass.PROCESSING), "", url)
    assert (code_to_show(made, PRICE, "vn.zalopay") is not None) == fits


CREDENTIALS = Credentials(2553, "a key of the shop", PublicKey(PAIR["public_spki_base64"]), app_user="pos_app")


@pytest.mark.parametrize(
    ("method", "bank_code", "embed_data"),
    [
        (PayMethod.ANY, "", {}),
        (PayMethod.WALLET, "zalopayapp", {}),
        (PayMethod.VIETQR, "", {"preferred_payment_method": ["vietqr"]}),
        (PayMethod.BANK_ATM, "", {"preferred_payment_method": ["domestic_card", "account"]}),
        (PayMethod.BANK_CARD, "", {"preferred_payment_method": ["international_card"]}),
    ],
)
def test_what_the_apps_are_told(method: PayMethod, bank_code: str, embed_data: dict[str, Any]) -> None:
    form = create_body(CREDENTIALS, an_order(1), 900, method).decode()
    sent = dict(parse_qsl(form, strict_parsing=True, keep_blank_values=True))
    assert (sent["bank_code"], json.loads(sent["embed_data"])) == (bank_code, embed_data)
    assert sent["expire_duration_seconds"] == "900"
    assert "payment_code" not in sent


@pytest.mark.parametrize("method", [one for one in PayMethod if one not in METHODS])
def test_a_way_to_pay_that_zalopay_does_not_have_is_our_bug(method: PayMethod) -> None:
    with pytest.raises(ValueError, match="way to pay"):
        create_body(CREDENTIALS, an_order(1), 900, method)


@pytest.mark.parametrize("life_s", [0, 299, 2_592_001])
def test_a_life_that_zalopay_does_not_take_is_our_bug(life_s: int) -> None:
    assert life_s not in LIFE_S
    with pytest.raises(ValueError, match="300 s"):
        create_body(CREDENTIALS, an_order(1), life_s, PayMethod.ANY)


@pytest.mark.parametrize(
    ("body", "meaning", "qr_code", "order_url"),
    [
        ({"return_code": 1, "qr_code": "0002", "order_url": LINK}, AnswerClass.PROCESSING, "0002", LINK),
        ({"return_code": 1, "qr_code": 7, "order_url": ["x"]}, AnswerClass.PROCESSING, "", ""),
        ({"return_code": 1}, AnswerClass.PROCESSING, "", ""),
        ({"return_code": 2, "sub_return_code": -33, "qr_code": "0002"}, AnswerClass.NEGATIVE, "", ""),
        ({"return_code": 2, "sub_return_code": -402}, AnswerClass.REFUSED, "", ""),
        ({"return_code": 2, "sub_return_code": -68}, AnswerClass.DUPLICATE, "", ""),
        ({"return_code": "1"}, AnswerClass.UNUSABLE, "", ""),
    ],
)
def test_created_is_not_paid(body: dict[str, Any], meaning: AnswerClass, qr_code: str, order_url: str) -> None:
    made = read_created(Reply(200, json.dumps(body).encode()))
    assert (made.answer.meaning, made.qr_code, made.order_url) == (meaning, qr_code, order_url)


def test_it_leaves_only_when_it_may_and_not_sent_is_proven(authority: Authority, good_tls: ssl.SSLContext) -> None:
    class DiskFullError(Exception):
        pass

    async def refuse() -> None:
        raise DiskFullError

    async def run() -> None:
        nobody = client_of(built_in(1, authority.pem))
        with pytest.raises(NotSentError):
            await nobody.create(an_order(1), 300, PayMethod.ANY, nothing)
        await nobody.close()
        async with serve(good_tls, Peer.answer_nothing) as server:
            client = client_of(built_in(server.port, authority.pem))
            with pytest.raises(DiskFullError):
                await client.create(an_order(1), 300, PayMethod.ANY, refuse)
            assert server.posts == 0
            made = await client.create(an_order(1), 300, PayMethod.ANY, nothing)
            assert (made.answer.meaning, server.posts) == (AnswerClass.UNUSABLE, 1)
            await client.close()

    asyncio.run(run())
