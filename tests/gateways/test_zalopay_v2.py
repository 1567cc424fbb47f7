"""The ZaloPay gateway against a real TLS server that checks what it gets with its own few lines of code."""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import ssl
import sys
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from pos_app.clock import MachineClock
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import Gateway, NotSentCause, NotSentError, Order
from pos_app.gateways.transport import Limits
from pos_app.gateways.trust import Site, built_in
from pos_app.gateways.zalopay.public_key import PublicKey
from pos_app.gateways.zalopay.requests import Credentials
from pos_app.gateways.zalopay.v2 import ZaloPayV2
from pos_app.payments.answer import AnswerClass
from pos_app.payments.payment_code import CodeUsedError, PaymentCode
from tests.gateways.tls_server import Authority, Peer, serve

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "zalopay-vectors.json").read_text("utf-8"))
PAIR = VECTORS["rsa_test_pairs"][0]
KEY1 = VECTORS["sandbox_credentials"]["2553"]["key1"]
CODE = "282512345678901234"
ORDER = Order("251122_02-000148-k7qx", 69_000, 1_763_773_200_000, "Quán cà phê Sớm + 1 & 2")


def gateway(site: Site) -> ZaloPayV2:
    clock = MachineClock()
    credentials = Credentials(2553, KEY1, PublicKey(PAIR["public_spki_base64"]), "quay-02")
    limits = Limits(connect_ms=5_000, first_byte_ms=1_200, answer_ms=1_600)
    return ZaloPayV2(site, credentials, clock=clock, offset=ClockOffset(clock), limits=limits)


async def nothing() -> None:
    pass


def fields(peer: Peer) -> dict[str, str]:
    return dict(parse_qsl(peer.form.decode("ascii"), keep_blank_values=True, strict_parsing=True))


def mac_of(text: str) -> str:
    return hmac.new(KEY1.encode(), text.encode(), hashlib.sha256).hexdigest()


def opened(payment_code: str) -> str:
    private = load_der_private_key(
        base64.b64decode(PAIR["private_pkcs8_base64"]), None, unsafe_skip_rsa_key_validation=True
    )
    assert isinstance(private, RSAPrivateKey)
    return private.decrypt(base64.b64decode(payment_code, validate=True), PKCS1v15()).decode()


async def checking_manners(peer: Peer) -> None:
    sent = fields(peer)
    if peer.request.startswith(b"POST /v2/quick_pay "):
        names = ("app_id", "app_trans_id", "app_user", "amount", "app_time", "embed_data", "item")
        right = sent["mac"] == mac_of("|".join([*(sent[name] for name in names), opened(sent["payment_code"])]))
        answer: dict[str, object] = {"return_code": 1, "is_processing": False, "zp_trans_id": 251122000000123}
    else:
        right = sent["mac"] == mac_of(f"{sent['app_id']}|{sent['app_trans_id']}|{KEY1}")
        answer = {"return_code": 1, "amount": 69_000, "zp_trans_id": 251122000000123}
    await peer.answer(json.dumps(answer if right else {"return_code": -402}).encode())


def test_it_is_a_gateway(authority: Authority) -> None:
    made: Gateway = gateway(built_in(1, authority.pem))
    asyncio.run(made.close())


def test_charge_and_ask(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def run() -> None:
        async with serve(good_tls, checking_manners) as server:
            client = gateway(built_in(server.port, authority.pem))
            code = PaymentCode(CODE)
            charged = await client.submit(ORDER, code, nothing)
            asked = await client.query(ORDER.app_trans_id)
            await client.close()
            assert (charged.meaning, charged.zp_trans_id) == (AnswerClass.PAID, "251122000000123")
            assert (asked.meaning, asked.amount) == (AnswerClass.PAID, 69_000)
            assert code.used
            sent = dict(parse_qsl(server.requests[0].partition(b"\r\n\r\n")[2].decode(), keep_blank_values=True))
            assert sent["description"] == ORDER.description
            assert (sent["embed_data"], sent["item"], sent["app_user"]) == ("{}", "[]", "quay-02")
            assert CODE.encode() not in server.received
            assert KEY1.encode() not in server.received

    asyncio.run(run())


def test_a_used_code_sends_nothing(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def run() -> None:
        async with serve(good_tls, checking_manners) as server:
            client = gateway(built_in(server.port, authority.pem))
            code = PaymentCode(CODE)
            await client.submit(ORDER, code, nothing)
            with pytest.raises(CodeUsedError):
                await client.submit(ORDER, code, nothing)
            await client.close()
            assert server.posts == 1

    asyncio.run(run())


def test_not_sent_uses_the_code_up_and_a_question_is_only_unusable(authority: Authority) -> None:
    async def run() -> None:
        client = gateway(built_in(1, authority.pem))
        code = PaymentCode(CODE)
        with pytest.raises(NotSentError) as caught:
            await client.submit(ORDER, code, nothing)
        asked = await client.query(ORDER.app_trans_id)
        await client.open_ahead()
        await client.close()
        assert caught.value.cause is NotSentCause.REFUSED
        assert code.used
        assert (asked.meaning, asked.fault) == (AnswerClass.UNUSABLE, "refused")

    asyncio.run(run())


def test_no_secret_reaches_a_log_or_an_error(
    authority: Authority, good_tls: ssl.SSLContext, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def silence(_: Peer) -> None:
        await asyncio.sleep(60)

    async def run() -> None:
        async with serve(good_tls, silence) as server:
            client = gateway(built_in(server.port, authority.pem))
            answer = await client.submit(ORDER, PaymentCode(CODE), nothing)
            assert answer.fault == "timeout"
            encrypted = fields(Peer(server, server.requests[0], None))["payment_code"]  # type: ignore[arg-type]
            await client.close()
        client = gateway(built_in(1, authority.pem))
        with pytest.raises(NotSentError) as caught:
            await client.submit(ORDER, PaymentCode(CODE), nothing)
        await client.close()
        assert caught.value.__context__ is None
        for secret in (CODE, KEY1, encrypted):
            assert secret not in caplog.text
            assert secret not in repr(caught.value)

    asyncio.run(run())
    assert sys.exc_info() == (None, None, None)
