"""The list of banks: what is asked, on which host, what is believed, and what is said when there is none."""

import asyncio
import json
import ssl
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.clock import MachineClock
from pos_app.gateways.banks import Bank, BankListError
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.transport import Limits, Reply
from pos_app.gateways.trust import LIVE, LIVE_V1, SANDBOX, SANDBOX_V1, bank_site, built_in
from pos_app.gateways.zalopay.bank_list import BANKS_PATH, banks_body, read_banks
from pos_app.gateways.zalopay.public_key import PublicKey
from pos_app.gateways.zalopay.requests import Credentials
from pos_app.gateways.zalopay.v1 import ZaloPayV1
from pos_app.gateways.zalopay.v2 import ZaloPayV2
from pos_app.payments.environment import Environment
from pos_app.sandbox.server import Sandbox
from tests.gateways.test_zalopay_formats import HMACS, key_of
from tests.gateways.test_zalopay_v2 import PAIR
from tests.gateways.tls_server import Authority, Peer, serve

Client = type[ZaloPayV1] | type[ZaloPayV2]
BOTH = pytest.mark.parametrize("client", [ZaloPayV1, ZaloPayV2])
KEY = PublicKey(PAIR["public_spki_base64"])

ACB: dict[str, Any] = {
    "bankcode": "ACB", "name": "ACB – Á Châu", "displayorder": 8, "pmcid": 39, "minamount": 10_000,
    "maxamount": 500_000_000,
}  # fmt: skip
WALLET = {**ACB, "bankcode": "zalopayapp", "name": "ZaloPay", "displayorder": 5, "pmcid": 38, "minamount": 0}


def list_of(*banks: dict[str, Any], channel: str = "39") -> dict[str, Any]:
    return {"returncode": 1, "returnmessage": "ok", "banks": {channel: list(banks)}}


def read(told: object) -> tuple[Bank, ...]:
    return read_banks(Reply(200, json.dumps(told).encode()))


def fault_of(reply: Reply) -> tuple[str, int | None]:
    with pytest.raises(BankListError) as caught:
        read_banks(reply)
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    return caught.value.fault, caught.value.code


# --- the question ------------------------------------------------------------------------------------------------


def test_the_question_is_signed() -> None:
    vector = HMACS["c-banklist-1"]
    form = banks_body(Credentials(2553, key_of(vector), KEY, "u"), vector["fields"]["reqtime"])
    assert dict(parse_qsl(form.decode())) == {"appid": "2553", "reqtime": "1763773200000", "mac": vector["expected"]}


def test_each_environment_has_its_own_host() -> None:
    for site, host in ((LIVE, "gateway.zalopay.vn"), (LIVE_V1, "gateway.zalopay.vn"),
                       (SANDBOX, "sbgateway.zalopay.vn"), (SANDBOX_V1, "sbgateway.zalopay.vn")):  # fmt: skip
        there = bank_site(site)
        assert (there.environment, there.host, there.port) == (site.environment, host, 443)
        assert there.allowed
    here = built_in(8443, "a CA")
    assert here.environment is Environment.BUILT_IN
    assert bank_site(here) is here


# --- the answer --------------------------------------------------------------------------------------------------


def test_banks_come_in_the_order_in_which_they_are_shown() -> None:
    told = list_of(ACB)
    told["banks"]["38"] = [WALLET]
    told["more"] = [1.5]
    wallet = Bank("zalopayapp", "ZaloPay", 38, 0, 500_000_000, 5)
    assert read(told) == (wallet, Bank("ACB", "ACB – Á Châu", 39, 10_000, 500_000_000, 8))
    assert read(list_of()) == ()


def test_the_channel_may_be_told_by_the_list_alone() -> None:
    misspelled = {**{name: value for name, value in ACB.items() if name != "pmcid"}, "pcmid": 39}
    assert read(list_of(misspelled))[0].channel == 39


ODD_TEXTS: tuple[Any, ...] = (None, 5, "", [], "x" * 101)
ODD_NUMBERS: tuple[Any, ...] = (None, "39", 39.0, True, -1, [])
ODD_CODES: tuple[Any, ...] = ("1", 1.0, True, None, [])
ODD_CHANNELS: tuple[Any, ...] = (None, {}, ACB, "x")
ODD_LISTS: tuple[Any, ...] = (None, [], [ACB], "x", 5)


@pytest.mark.parametrize(
    "wrong",
    [
        *({**ACB, name: value} for name in ("bankcode", "name") for value in ODD_TEXTS),
        *({**ACB, "bankcode": value} for value in ("A B", "<b>", "ư", "x" * 21)),
        *({**ACB, "name": value} for value in (" ", "A\nB", "A\x1b[31m")),
        *(
            {**ACB, name: value}
            for name in ("displayorder", "pmcid", "minamount", "maxamount")
            for value in ODD_NUMBERS
        ),
        *({name: value for name, value in ACB.items() if name != left} for left in ACB if left != "pmcid"),
        {**ACB, "pmcid": 38}, {**ACB, "minamount": 500_000_001}, {**ACB, "minamount": 1e3}, {}, [], None, 5,
    ],
    ids=str,
)  # fmt: skip
def test_one_odd_bank_and_nothing_of_the_list_is_believed(wrong: Any) -> None:
    assert fault_of(Reply(200, json.dumps(list_of(wrong)).encode())) == ("wrong_list", None)
    assert fault_of(Reply(200, json.dumps(list_of(ACB, wrong)).encode())) == ("wrong_list", None)


@pytest.mark.parametrize(
    ("told", "fault", "code"),
    [
        ({"returncode": -402}, "refused", -402),
        ({"returncode": 0, "banks": {}}, "refused", 0),
        ({"returncode": 2, "banks": {"39": [ACB]}}, "refused", 2),
        *(({"returncode": value, "banks": {}}, "wrong_list", None) for value in ODD_CODES),
        ({"banks": {"39": [ACB]}}, "wrong_list", None),
        ({"return_code": 1, "banks": {"39": [ACB]}}, "wrong_list", None),
        ({"returncode": 1}, "wrong_list", None),
        *(({"returncode": 1, "banks": value}, "wrong_list", None) for value in ODD_LISTS),
        *(({"returncode": 1, "banks": {"39": value}}, "wrong_list", None) for value in ODD_CHANNELS),
        *((list_of(ACB, channel=value), "wrong_list", None) for value in ("", "x", "-39", "39 ", "٣٩", "39000", "38")),
        (list_of(ACB, ACB), "wrong_list", None),
        ([], "not_json", None),
    ],
)
def test_no_list_says_why(told: object, fault: str, code: int | None) -> None:
    assert fault_of(Reply(200, json.dumps(told).encode())) == (fault, code)


@pytest.mark.parametrize(
    ("reply", "fault"),
    [(Reply(fault="timeout"), "timeout"), (Reply(500, b"{}"), "http_500"), (Reply(302), "http_302"),
     (Reply(200), "not_json"), (Reply(200, b'{"returncode":1,"returncode":1,"banks":{}}'), "not_json"),
     (Reply(200, b"<html>"), "not_json")],
)  # fmt: skip
def test_no_answer_says_why(reply: Reply, fault: str) -> None:
    assert fault_of(reply) == (fault, None)


def test_the_error_speaks_both_languages_and_never_repeats_the_answer() -> None:
    with pytest.raises(BankListError) as caught:
        read({**list_of(), "banks": "a secret"})
    assert "secret" not in repr(caught.value)
    assert all((caught.value.title.vi, caught.value.title.en, caught.value.advice.vi, caught.value.advice.en))


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("39", "banks", "bankcode", "name", "pmcid", "minamount")), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.binary(max_size=200) | JSONISH.map(lambda banks: json.dumps({"returncode": 1, "banks": banks}).encode()))
def test_no_body_does_anything_else(body: bytes) -> None:
    try:
        banks = read_banks(Reply(200, body))
    except BankListError:
        return
    assert all(0 <= bank.amount_min <= bank.amount_max for bank in banks)


# --- the whole way -----------------------------------------------------------------------------------------------


def banks_of(client: Client, port: int, ca_pem: str, *, key1: str) -> tuple[Bank, ...]:
    async def run() -> tuple[Bank, ...]:
        clock = MachineClock()
        limits = Limits(connect_ms=5_000, first_byte_ms=1_200, answer_ms=1_600)
        made = client(
            built_in(port, ca_pem), Credentials(2553, key1, KEY, "u"), clock=clock, offset=ClockOffset(clock),
            limits=limits,
        )  # fmt: skip
        try:
            return await made.banks()
        finally:
            await made.close()

    return asyncio.run(run())


@BOTH
def test_the_built_in_gateway_tells_its_banks(sandbox: Sandbox, client: Client) -> None:
    port = int(sandbox.url.rpartition(":")[2])
    banks = banks_of(client, port, sandbox.ca_pem, key1=sandbox.key1)
    assert {"CC", "VCB", "zalopayapp"} <= {bank.code for bank in banks}
    assert {36, 38, 39} <= {bank.channel for bank in banks}
    assert [bank.display_order for bank in banks] == sorted(bank.display_order for bank in banks)
    with pytest.raises(BankListError) as caught:
        banks_of(client, port, sandbox.ca_pem, key1="another key")
    assert (caught.value.fault, caught.value.code) == ("refused", -402)


@BOTH
def test_where_nobody_listens_the_list_is_missing(authority: Authority, client: Client) -> None:
    with pytest.raises(BankListError) as caught:
        banks_of(client, 1, authority.pem, key1="key")
    assert (caught.value.fault, caught.value.__suppress_context__) == ("refused", True)


def test_it_is_asked_once_and_its_host_does_not_set_our_clock(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def an_hour_ahead(peer: Peer) -> None:
        await peer.answer(json.dumps(list_of(ACB)).encode(), headers="Date: Mon, 06 Jul 2099 10:00:00 GMT\r\n")

    async def run() -> None:
        async with serve(good_tls, an_hour_ahead) as server:
            clock = MachineClock()
            offset = ClockOffset(clock)
            v2 = ZaloPayV2(
                built_in(server.port, authority.pem), Credentials(2553, "key", KEY, "u"), clock=clock, offset=offset
            )
            assert [bank.code for bank in await v2.banks()] == ["ACB"]
            await v2.close()
            assert not offset.fresh
            assert [request.split(b" ")[1] for request in server.requests] == [BANKS_PATH.encode()]

    asyncio.run(run())
