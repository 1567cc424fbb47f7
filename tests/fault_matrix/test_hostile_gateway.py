"""T7: a hostile gateway against each of our calls, over real TLS: every behaviour ends in its row's result, in time,
in little memory; never paid that is not proven, never "not paid" that is not so.
"""

import asyncio
import gzip
import socket
import ssl
import threading
import tracemalloc
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

import httpx
import pytest

from pos_app.clock import MachineClock
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import Order
from pos_app.gateways.transport import Limits
from pos_app.gateways.trust import built_in
from pos_app.gateways.zalopay.public_key import PublicKey
from pos_app.gateways.zalopay.requests import Credentials
from pos_app.gateways.zalopay.v2 import ZaloPayV2
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment import Attempt, Evidence, Source, State, fold
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.refund import Refund, RefundState, fold_refund
from tests.fault_matrix.behaviours import BEHAVIOURS, GOOD, LIE, Behaviour
from tests.fault_matrix.gateway import AMOUNT
from tests.gateways.test_zalopay_v2 import PAIR
from tests.gateways.tls_server import Authority, Peer, serve
from tests.payments.attempts import SENDING

IMPATIENT = Limits(connect_ms=5_000, first_byte_ms=500, answer_ms=900)
"""For what never ends, a sixteenth of the till's own. What comes to an end has the time that a busy machine takes."""
AT_ONCE = 12
ORDER = Order("251122_02-000148-k7qx", AMOUNT, 1_763_773_200_000, "T7")


T0 = ORDER.app_time_ms
REFUND = Refund(
    "251122_2553_02k7qx000149", "02-000149", ORDER.app_trans_id, "251122000000123", AMOUNT, 2553, T0, "press", "T7"
)  # fmt: skip
ATTEMPT = Attempt(
    ORDER.app_trans_id, "sale", 1, "02-000148", AMOUNT, 2553, T0, T0 + 420_000, T0, "camera", "", "demo"
)  # fmt: skip
PROCESSING_BODY = b'{"return_code":3,"sub_return_code":3,"is_processing":true}'
BOMB = gzip.compress(bytes(20_000_000))


def answer_head(headers: str) -> bytes:
    return f"HTTP/1.1 200 OK\r\n{headers}\r\n".encode()


async def nothing() -> None:
    pass


CALLS: dict[str, Callable[[ZaloPayV2], Awaitable[Answer]]] = {
    "quick_pay": lambda gateway: gateway.submit(ORDER, PaymentCode("282512345678901234"), nothing),
    "query": lambda gateway: gateway.query(ORDER.app_trans_id),
    "cancel": lambda gateway: gateway.cancel(ORDER.app_trans_id),
    "refund": lambda gateway: gateway.refund(REFUND, nothing),
    "query_refund": lambda gateway: gateway.query_refund(REFUND.m_refund_id),
}


@dataclass(frozen=True)
class Outcome:
    """What one call made of one behaviour."""

    answer: Answer
    posts: int


def client(port: int, authority: Authority, limits: Limits = Limits()) -> ZaloPayV2:  # noqa: B008 - it is frozen
    clock = MachineClock()
    credentials = Credentials(2553, "key", PublicKey(PAIR["public_spki_base64"]), "quay-02")
    return ZaloPayV2(built_in(port, authority.pem), credentials, clock=clock, offset=ClockOffset(clock), limits=limits)


@pytest.fixture(scope="module")
def outcomes(authority: Authority, good_tls: ssl.SSLContext) -> dict[tuple[str, str], Outcome]:
    """Every behaviour to every call, some at a time."""
    room = asyncio.Semaphore(AT_ONCE)

    async def play(behaviour: Behaviour, call: str) -> tuple[tuple[str, str], Outcome]:
        async with room, serve(good_tls, behaviour.manners) as server:
            gateway = client(server.port, authority, IMPATIENT if behaviour.expected == "timeout" else Limits())
            async with asyncio.timeout(60):  # whatever is sent without end
                answer = await CALLS[call](gateway)
            await gateway.close()
            return (behaviour.name, call), Outcome(answer, server.posts)

    async def all_of_them() -> dict[tuple[str, str], Outcome]:
        return dict(await asyncio.gather(*(play(one, call) for one in BEHAVIOURS for call in CALLS)))

    return asyncio.run(all_of_them())


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda one: one.name)
def test_f19_to_f27_each_behaviour_ends_in_its_row(
    outcomes: dict[tuple[str, str], Outcome], behaviour: Behaviour, call: str
) -> None:
    outcome = outcomes[behaviour.name, call]
    answer = outcome.answer
    good = behaviour.expected == "paid"
    assert (answer.fault or answer.meaning.value) == behaviour.expected
    assert answer.meaning is (AnswerClass.PAID if good else AnswerClass.UNUSABLE)
    assert outcome.posts == 1, "sent once, whatever came back"
    assert answer.body_size <= 64 * 1024
    if call in ("quick_pay", "query"):
        assert state_with(call, answer) in ({State.PAID, State.PROCESSING} if good else {State.UNKNOWN})
    elif call != "cancel":  # of a cancel nothing is concluded but by a query
        expected = {RefundState.DONE, RefundState.PROCESSING} if good else {RefundState.UNKNOWN}
        assert fold_refund(REFUND, evidence_of(call, answer)).state in expected


def state_with(call: str, answer: Answer) -> State:
    """What the payment stands at when this answer is all there is, or comes after an answer that was lost."""
    return fold(ATTEMPT, evidence_of(call, answer)).state


def evidence_of(call: str, answer: Answer) -> list[Evidence]:
    source = Source.CREATE if call in ("quick_pay", "refund") else Source.QUERY
    return [Evidence(Source.SENDING, T0, T0), Evidence(source, T0 + 6_000, T0 + 6_100, answer)]


def test_f19_the_result_is_there_in_sixteen_seconds() -> None:
    """What the table plays a sixteenth as long, the till's own limits allow no longer than the row does."""
    limits = Limits()
    assert 2 * limits.connect_ms <= 10_000
    assert limits.answer_ms <= 16_000


# --- memory ----------------------------------------------------------------------------------------------------------

FLOODS = {
    "body without end": (answer_head("Transfer-Encoding: chunked\r\n"), b"1000\r\n" + bytes(4096) + b"\r\n"),
    "body of 1 GB": (answer_head("Content-Length: 1000000000\r\n"), b" " * 16_384),
    "bomb": (answer_head("Content-Encoding: gzip\r\nContent-Length: 60000\r\n"), BOMB),
    "headers without end": (b"HTTP/1.1 200 OK\r\n", b"X: yyyyyyyy\r\n" * 500),
    "one header without end": (b"HTTP/1.1 200 OK\r\nX: ", b"y" * 16_384),
    "1xx without end": (b"", b"HTTP/1.1 103 Hints\r\nX: y\r\n\r\n" * 500),
    "depth of 60,000": (answer_head("Content-Length: 60000\r\n"), b"[" * 60_000),
}


ENDS_BY_TIME = "1xx without end"
"""What no size ends."""


@pytest.mark.parametrize("flood", FLOODS)
def test_f23_no_body_takes_more_than_a_mebibyte(flood: str, authority: Authority, good_tls: ssl.SSLContext) -> None:
    begin, more = FLOODS[flood]

    async def ask(port: int) -> Answer:
        gateway = client(port, authority, IMPATIENT if flood == ENDS_BY_TIME else Limits())
        answer = await CALLS["query"](gateway)
        await gateway.close()
        return answer

    with Flood(good_tls, b"", b"") as nothing_much:
        asyncio.run(ask(nothing_much.port))  # what is imported and kept on first use is no matter of the body
    with Flood(good_tls, begin, more) as server:
        tracemalloc.start()
        try:
            answer = asyncio.run(ask(server.port))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert answer.meaning is AnswerClass.UNUSABLE
        assert peak < 1_048_576
        if flood != "bomb" and not flood.startswith("depth"):
            assert server.sent > 50_000, "it did flood"


def test_the_search_for_memory_finds_it(good_tls: ssl.SSLContext, authority: Authority) -> None:
    """The control: a client that unpacks and reads to the end is far over the limit."""

    async def ask(port: int) -> int:
        async with httpx.AsyncClient(verify=trusting(authority)) as careless:
            return len((await careless.get(f"https://127.0.0.1:{port}/")).content)

    with Flood(good_tls, answer_head(f"Content-Encoding: gzip\r\nContent-Length: {len(BOMB)}\r\n"), BOMB) as server:
        tracemalloc.start()
        try:
            size = asyncio.run(ask(server.port))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert size == 20_000_000
    assert peak > 10_000_000


class Flood:
    """Sends `more` again and again, from a thread that keeps nothing, so that what is measured is the client."""

    def __init__(self, tls: ssl.SSLContext, begin: bytes, more: bytes) -> None:
        self._tls, self._begin, self._more = tls, begin, more
        self.sent = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(60)
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            accepted, _ = self._listener.accept()
            with self._tls.wrap_socket(accepted, server_side=True) as connection:
                connection.settimeout(60)
                connection.recv(65536)
                connection.sendall(self._begin)
                while self._more:
                    connection.sendall(self._more)
                    self.sent += len(self._more)


def test_f17_a_stop_in_mid_handshake_lets_go_of_the_connection(authority: Authority) -> None:
    async def run(mute: socket.socket) -> bytes:
        gateway = client(mute.getsockname()[1], authority)
        asking = asyncio.ensure_future(gateway.query(ORDER.app_trans_id))
        taken, _ = await asyncio.to_thread(mute.accept)
        with taken:
            taken.settimeout(60)
            assert await asyncio.to_thread(taken.recv, 65536), "the handshake has begun"
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            ended = await asyncio.to_thread(taken.recv, 65536)
        await gateway.close()
        return ended

    with socket.create_server(("127.0.0.1", 0)) as mute:
        assert asyncio.run(run(mute)) == b""


# --- an answer to nobody's question ----------------------------------------------------------------------------------


@pytest.mark.parametrize("call", [CALLS["quick_pay"], CALLS["query"]], ids=["quick_pay", "query"])
def test_f39_an_answer_that_comes_twice_answers_no_other_question(
    authority: Authority, good_tls: ssl.SSLContext, call: Callable[[ZaloPayV2], Awaitable[Answer]]
) -> None:
    """A proxy repeats an answer on the same connection: the next question must not take it for its own."""

    async def repeating(peer: Peer) -> None:
        body = LIE if len(asked) == 0 else PROCESSING_BODY
        asked.append(peer.request)
        await peer.say(whole(body) + whole(LIE))

    asked: list[bytes] = []

    async def run() -> None:
        async with serve(good_tls, repeating) as server:
            gateway = client(server.port, authority)
            meanings = [(await call(gateway)).meaning for _ in range(3)]
            await gateway.close()
            assert meanings == [AnswerClass.NEGATIVE, AnswerClass.PROCESSING, AnswerClass.PROCESSING]

    asyncio.run(run())


def test_f39_an_answer_that_lay_ready_before_the_charge_proves_nothing(
    authority: Authority, good_tls: ssl.SSLContext
) -> None:
    async def hasty(peer: Peer) -> None:
        refused = b'{"return_code":2,"sub_return_code":-402,"is_processing":false}'
        await peer.say(whole(b"") + whole(refused) if peer.request.startswith(b"HEAD") else whole(GOOD))

    async def run() -> None:
        async with serve(good_tls, hasty) as server:
            gateway = client(server.port, authority)
            await gateway.open_ahead()
            answer = await CALLS["quick_pay"](gateway)
            await gateway.close()
            came = Evidence(Source.CREATE, T0, T0, answer)
            assert fold(ATTEMPT, [SENDING, came]).state is State.PROCESSING, "it takes a question to believe it"

    asyncio.run(run())


def whole(body: bytes) -> bytes:
    return answer_head(f"Content-Length: {len(body)}\r\n") + body


# --- the control -----------------------------------------------------------------------------------------------------


def test_a_client_with_default_settings_believes_lies(authority: Authority, good_tls: ssl.SSLContext) -> None:
    """What a client concludes that reads `return_code` from whatever came: at least five rows end wrong."""

    async def concludes(behaviour: Behaviour) -> str:
        async with serve(good_tls, behaviour.manners) as server:
            try:
                async with httpx.AsyncClient(verify=trusting(authority), timeout=1) as careless:
                    said = (await careless.post(f"https://127.0.0.1:{server.port}/v2/query", data={"a": "b"})).json()
                return {1: "paid", 2: "not paid"}.get(said["return_code"], "")
            except Exception:  # noqa: BLE001 - whatever it was, it concluded nothing
                return ""

    async def run() -> list[str]:
        return [one.name for one in BEHAVIOURS[::2] if one.expected not in ("paid", "timeout") and await concludes(one)]

    wrong = asyncio.run(run())
    assert len(wrong) >= 5, wrong


def trusting(authority: Authority) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=authority.pem)
    context.check_hostname = False
    return context
