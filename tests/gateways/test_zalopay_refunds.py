"""Refunds and cancels: what each code means, when a refund has left, and the whole way with the built-in gateway."""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest

from pos_app.clock import Clock, MachineClock
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import NotSentError, Order
from pos_app.gateways.transport import Limits, Reply
from pos_app.gateways.trust import Site, built_in
from pos_app.gateways.zalopay.answers import read_answer
from pos_app.gateways.zalopay.public_key import PublicKey
from pos_app.gateways.zalopay.requests import Credentials
from pos_app.gateways.zalopay.v2 import ZaloPayV2
from pos_app.payments.answer import Answer, AnswerClass, Call, NotSentCause
from pos_app.payments.payment import Evidence, Source
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.refund import Refund, RefundState, fold_refund, refund_fence_ms, refund_number
from pos_app.sandbox.refund_faults import REFUND_SCENARIOS
from pos_app.sandbox.scenario import Scenario, Truth, Wire
from pos_app.sandbox.server import Sandbox
from pos_app.vietnam_day import yymmdd
from tests.gateways.test_zalopay_formats import a_refund
from tests.gateways.tls_server import Authority, Peer, serve
from tests.payments.test_refund import CODES
from tests.sandbox.shop import FixedClock

PRICE = 50_000
REFUND = a_refund()
LIMITS = Limits(connect_ms=5_000, first_byte_ms=1_200, answer_ms=1_600)

PAID, PROCESSING, NEGATIVE = AnswerClass.PAID, AnswerClass.PROCESSING, AnswerClass.NEGATIVE
REFUSED, DUPLICATE = AnswerClass.REFUSED, AnswerClass.DUPLICATE
NOT_FOUND, UNUSABLE = AnswerClass.NOT_FOUND, AnswerClass.UNUSABLE


# --- what each code means ----------------------------------------------------------------------------------------

OF_REFUNDS = [row for row in CODES if row[0] is not None]
"""(sub_return_code, said to `refund`, said to `query_refund`)"""


def said(call: Call, return_code: int | None, sub_return_code: int | None = None) -> AnswerClass:
    members = {"return_code": return_code, "sub_return_code": sub_return_code}
    body = json.dumps({name: code for name, code in members.items() if code is not None})
    return read_answer(call, Reply(200, body.encode())).meaning


@pytest.mark.parametrize(("code", "to_refund", "to_question"), OF_REFUNDS)
def test_a_refund_that_failed(code: int, to_refund: AnswerClass, to_question: AnswerClass) -> None:
    assert said(Call.REFUND, 2, code) is to_refund
    assert said(Call.QUERY_REFUND, 2, code) is to_question
    if code < -2:  # the request-level codes are seen in `return_code` itself as well
        assert said(Call.REFUND, code) is to_refund
        assert said(Call.QUERY_REFUND, code) is to_question


@pytest.mark.parametrize("call", [Call.REFUND, Call.QUERY_REFUND])
@pytest.mark.parametrize(
    ("return_code", "sub_return_code", "meaning"),
    [(1, None, PAID), (1, 1, PAID), (1, 0, PAID), (1, 2, PROCESSING), (1, -1, PROCESSING), (1, -14, PROCESSING),
     (3, None, PROCESSING), (3, 2, PROCESSING), (3, -1, PROCESSING), (3, 1, PROCESSING), (3, -14, PROCESSING),
     (2, None, NEGATIVE), (0, None, UNUSABLE), (4, None, UNUSABLE), (0, 1, UNUSABLE), (None, 1, UNUSABLE),
     (None, None, UNUSABLE)],
)  # fmt: skip
def test_the_two_codes_together(
    call: Call, return_code: int | None, sub_return_code: int | None, meaning: AnswerClass
) -> None:
    assert said(call, return_code, sub_return_code) is meaning


def test_an_illegal_status_is_a_positive_code() -> None:
    assert (said(Call.REFUND, 406), said(Call.QUERY_REFUND, 406)) == (REFUSED, UNUSABLE)
    assert (said(Call.REFUND, 2, 406), said(Call.QUERY_REFUND, 2, 406)) == (REFUSED, UNUSABLE)


@pytest.mark.parametrize("return_code", [1, 2, 3, 0, 4, 406, -68, -101, -402, -500, -999, None])
@pytest.mark.parametrize("sub_return_code", [None, 1, 0, -54, -68, -101, -402, -999])
def test_only_a_clean_yes_says_that_a_cancel_was_taken(return_code: int | None, sub_return_code: int | None) -> None:
    """Everything else promises nothing: the order may be paid yet."""
    taken = return_code == 1 and sub_return_code in (None, 0, 1)
    assert said(Call.CANCEL, return_code, sub_return_code) is (PAID if taken else UNUSABLE)


# --- when it has left: a server that keeps every byte ------------------------------------------------------------


def client_of(site: Site, *, key1: str = "key", clock: Clock | None = None, key: str = "") -> ZaloPayV2:
    clock = clock or MachineClock()
    credentials = Credentials(2553, key1, PublicKey(key or Sandbox(tls=False).public_key), "quay-02")
    return ZaloPayV2(site, credentials, clock=clock, offset=ClockOffset(clock), limits=LIMITS)


async def nothing() -> None:
    pass


Manners = Callable[[Peer], Awaitable[None]]


def test_it_leaves_once_it_was_told_and_not_before(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def refunds(peer: Peer) -> None:
        await peer.answer(b'{"return_code":1,"sub_return_code":1,"refund_id":251122000000001}')

    async def run() -> None:
        async with serve(good_tls, refunds) as server:
            client = client_of(built_in(server.port, authority.pem))
            seen: list[tuple[int, int]] = []

            async def about_to_send() -> None:
                await asyncio.sleep(0.05)  # whatever was on its way would have come
                seen.append((server.handshakes, server.posts))

            answer = await client.refund(REFUND, about_to_send)
            await client.close()
            assert seen == [(1, 0)]
            assert server.posts == 1
            assert (answer.meaning, answer.zp_trans_id) == (PAID, "251122000000001")
            head, _, form = server.requests[0].partition(b"\r\n\r\n")
            assert head.startswith(b"POST /v2/refund HTTP/1.1\r\n")
            sent = dict(parse_qsl(form.decode(), strict_parsing=True))
            assert (sent["m_refund_id"], sent["zp_trans_id"]) == (REFUND.m_refund_id, REFUND.zp_trans_id)
            assert (sent["amount"], sent["timestamp"]) == ("20000", str(REFUND.requested_at_ms))

    asyncio.run(run())


def test_what_could_not_be_written_down_never_leaves(authority: Authority, good_tls: ssl.SSLContext) -> None:
    class DiskFullError(Exception):
        pass

    async def refuse() -> None:
        raise DiskFullError

    async def run() -> None:
        async with serve(good_tls, Peer.answer_nothing) as server:
            client = client_of(built_in(server.port, authority.pem))
            with pytest.raises(DiskFullError):
                await client.refund(REFUND, refuse)
            await client.close()
            await asyncio.sleep(0.05)
            assert server.posts == 0

    asyncio.run(run())


def test_not_sent_is_proven_and_a_wrong_refund_is_our_bug(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def run() -> None:
        told: list[str] = []

        async def about_to_send() -> None:
            told.append("about to send")

        nobody = client_of(built_in(1, authority.pem))
        with pytest.raises(NotSentError) as caught:
            await nobody.refund(REFUND, about_to_send)
        assert caught.value.cause is NotSentCause.REFUSED
        assert (await nobody.query_refund(REFUND.m_refund_id)).fault == "refused"
        assert (await nobody.cancel("251122_1")).fault == "refused"
        await nobody.close()
        async with serve(good_tls, Peer.answer_nothing) as server:
            client = client_of(built_in(server.port, authority.pem))
            with pytest.raises(ValueError, match="refund"):
                await client.refund(replace(REFUND, amount=0), about_to_send)
            await client.close()
            assert server.posts == 0
        assert told == []

    asyncio.run(run())


async def cut(peer: Peer) -> None:
    await peer.say(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"return_code":1')
    peer.reset()


async def hang_up(peer: Peer) -> None:
    peer.reset()


@pytest.mark.parametrize("manners", [Peer.answer_nothing, cut, hang_up], ids=["silence", "cut", "reset"])
def test_once_it_left_nothing_says_not_sent(authority: Authority, good_tls: ssl.SSLContext, manners: Manners) -> None:
    async def run() -> None:
        async with serve(good_tls, manners) as server:
            client = client_of(built_in(server.port, authority.pem))
            answers = [
                await client.refund(REFUND, nothing),
                await client.query_refund(REFUND.m_refund_id),
                await client.cancel("251122_1"),
            ]
            await client.close()
            assert [answer.meaning for answer in answers] == [UNUSABLE] * 3
            paths = [request.split(b" ")[1] for request in server.requests]
            assert paths == [b"/v2/refund", b"/v2/query_refund", b"/v2/cancel"], "each once"

    asyncio.run(run())


# --- the whole way with the built-in gateway ---------------------------------------------------------------------


class Till:
    """A paid order at a built-in gateway whose clock stands still until a test moves it, and what was heard of it."""

    def __init__(self, sandbox: Sandbox) -> None:
        assert isinstance(sandbox._clock, FixedClock)
        self.sandbox, self.clock = sandbox, sandbox._clock
        port = int(sandbox.url.rpartition(":")[2])
        self.client = client_of(
            built_in(port, sandbox.ca_pem), key1=sandbox.key1, clock=self.clock, key=sandbox.public_key
        )
        self.evidence: list[Evidence] = []

    async def pays(self, amount: int = PRICE) -> str:
        """The order id of a new payment."""
        now = self.clock.wall_ms()
        self._count = len(self.sandbox.orders()) + 1
        self.order = Order(f"{yymmdd(now)}_02-{self._count:06}-k7qx", amount, now, "Quán Sớm")
        await self.client.submit(self.order, PaymentCode(self.sandbox.customer.fresh_code()), nothing)
        self.number = (await self.client.query(self.order.app_trans_id)).zp_trans_id
        return self.order.app_trans_id

    def refund_of(self, amount: int, number: int = 1) -> Refund:
        now = self.clock.wall_ms()
        m_refund_id = refund_number(now, 2553, "02", 100 * self._count + number, "k7qx")
        return Refund(
            m_refund_id, "02-000002", self.order.app_trans_id, self.number, amount, 2553, now, "i", "Trả hàng"
        )

    async def refunds(self, refund: Refund) -> Answer:
        now = self.clock.wall_ms()
        self.evidence.append(Evidence(Source.SENDING, now, now))
        answer = await self.client.refund(refund, nothing)
        self.evidence.append(Evidence(Source.CREATE, now, now, answer))
        return answer

    async def asks(self, refund: Refund) -> Answer:
        now = self.clock.wall_ms()
        answer = await self.client.query_refund(refund.m_refund_id)
        self.evidence.append(Evidence(Source.QUERY, now, now, answer))
        return answer


WithTill = Callable[[Callable[[Till], Awaitable[None]]], None]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(clock=FixedClock(), seed=7) as running:
        yield running


@pytest.fixture
def with_till(sandbox: Sandbox) -> WithTill:
    """Runs a story that begins with a till that has charged nothing."""

    def run(story: Callable[[Till], Awaitable[None]]) -> None:
        async def all_of_it() -> None:
            till = Till(sandbox)
            try:
                await story(till)
            finally:
                await till.client.close()

        asyncio.run(all_of_it())

    return run


def given_back(till: Till) -> int:
    """Dong that the gateway's own record says went back."""
    (order,) = (one for one in till.sandbox.orders() if one["app_trans_id"] == till.order.app_trans_id)
    told = order["refunds"]
    assert isinstance(told, list)
    return sum(one["amount"] for one in told if one["state"] == "refunded")


@pytest.mark.parametrize("scenario", REFUND_SCENARIOS.values(), ids=lambda scenario: scenario.name)
def test_asked_for_long_enough_it_ends_in_its_true_state(with_till: WithTill, scenario: Scenario) -> None:
    async def story(till: Till) -> None:
        await till.pays()
        refund = till.refund_of(scenario.amount or 20_000)
        first = await till.refunds(refund)
        if scenario.wire not in (Wire.PLAIN, Wire.TWICE):
            assert (first.meaning, first.return_code) == (UNUSABLE, None)
        assert fold_refund(refund, till.evidence).state is not RefundState.DONE, "only a question's answer is proof"
        for wait_ms in (1_000, 60_000, 60_000, refund_fence_ms(refund) - refund.requested_at_ms, 60_000, 60_000):
            till.clock.now_ms += wait_ms
            await till.asks(refund)
            if fold_refund(refund, till.evidence).state is RefundState.DONE:
                assert given_back(till) == refund.amount
        state = fold_refund(refund, till.evidence).state
        ends = {
            Truth.DONE: {RefundState.DONE},
            Truth.FAILED: {RefundState.FAILED},
            Truth.STUCK: {RefundState.PROCESSING},
            Truth.UNRECORDED: {RefundState.FAILED, RefundState.NOT_CREATED},
        }
        assert state in ends[scenario.truth]
        assert given_back(till) == (refund.amount if scenario.truth is Truth.DONE else 0)

    with_till(story)


def test_in_parts_up_to_the_rest_and_the_same_one_only_once(with_till: WithTill) -> None:
    async def story(till: Till) -> None:
        await till.pays()
        part, rest = till.refund_of(20_000), till.refund_of(30_000, number=2)
        assert (await till.asks(part)).meaning is NOT_FOUND
        first = await till.refunds(part)
        assert (first.meaning, (await till.asks(part)).meaning) == (PAID, PAID)
        assert first.zp_trans_id
        assert (await till.refunds(part)).meaning is DUPLICATE
        too_much = till.refund_of(30_001, number=3)
        assert [(await till.refunds(too_much)).meaning, (await till.asks(too_much)).meaning] == [NEGATIVE, NEGATIVE]
        assert (await till.refunds(rest)).meaning is PAID
        assert given_back(till) == PRICE

    with_till(story)


def test_a_cancel_before_and_after_the_money(with_till: WithTill) -> None:
    async def story(till: Till) -> None:
        waiting = await till.pays(10_002)  # waits for the customer's tap
        assert (await till.client.query(waiting)).meaning is PROCESSING
        assert (await till.client.cancel(waiting)).meaning is PAID
        assert (await till.client.query(waiting)).meaning is NEGATIVE
        assert not till.sandbox.customer.confirm(waiting)

    async def too_late(till: Till) -> None:
        paid = await till.pays()
        assert (await till.client.cancel(paid)).meaning is UNUSABLE
        assert (await till.client.query(paid)).meaning is PAID
        assert (await till.client.cancel("260628_nobody")).meaning is UNUSABLE

    with_till(story)
    with_till(too_late)
