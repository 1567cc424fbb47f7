"""The two-step send, proved by what a real TLS server received: nothing, or exactly one request."""

import asyncio
import gzip
import json
import socket
import ssl
import time
import warnings
from collections.abc import Awaitable, Callable
from contextlib import suppress
from email.utils import formatdate
from pathlib import Path

import pytest

from pos_app.clock import MachineClock
from pos_app.gateways import trust
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import NotSentCause, NotSentError
from pos_app.gateways.transport import BODY_BYTES_MAX, Limits, Reply, Transport
from pos_app.gateways.trust import Site, built_in
from pos_app.payments.environment import Environment
from tests.gateways.tls_server import DAY, NOW, Authority, Manners, Peer, Server, new_authority, serve, server_tls

FORM = b"payment_code=x"
IMPATIENT = Limits(connect_ms=5_000, first_byte_ms=400, answer_ms=600)
"""For whoever says nothing any more; whatever comes has the time that a busy machine takes."""
PATIENT = Limits(keep_ms=60_000)


class Step:
    """An `about_to_send` that counts, and can look or refuse."""

    def __init__(self, then: Callable[[], Awaitable[None]] | None = None) -> None:
        self.calls = 0
        self._then = then

    async def __call__(self) -> None:
        self.calls += 1
        if self._then is not None:
            await self._then()


def transport(site: Site, limits: Limits = PATIENT, offset: ClockOffset | None = None) -> Transport:
    clock = MachineClock()
    return Transport(site, clock=clock, offset=offset or ClockOffset(clock), limits=limits)


async def good_manners(peer: Peer) -> None:
    await peer.answer(b"{}")


# --- the good case -----------------------------------------------------------------------------------------------


def test_the_connection_stands_and_no_byte_has_left_when_the_step_is_asked(
    authority: Authority, good_tls: ssl.SSLContext
) -> None:
    async def run() -> None:
        async with serve(good_tls, good_manners) as server:

            async def look() -> None:
                await asyncio.sleep(0.05)
                assert server.handshakes == 1
                assert server.received == b""

            step = Step(look)
            client = transport(built_in(server.port, authority.pem))
            reply = await client.charge("/v2/quick_pay", FORM, step)
            await client.close()
            assert reply == Reply(200, b"{}")
            assert (step.calls, server.posts) == (1, 1)
            request = server.requests[0].lower()
            assert b"accept-encoding: identity\r\n" in request
            assert b"content-type: application/x-www-form-urlencoded\r\n" in request
            assert b"cookie" not in request

    asyncio.run(run())


def test_other_bodies_and_headers_and_questions_without_a_body(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def run() -> None:
        async with serve(good_tls, good_manners) as server:
            client = transport(built_in(server.port, authority.pem))
            headers = {"Content-Type": "application/json", "X-Token": "abc", "Accept-Encoding": "gzip"}
            assert (await client.charge("/pay", b"[1]", Step(), headers)).status == 200
            assert (await client.ask("/ask", b"[2]", headers)).status == 200
            assert (await client.fetch("/fetch?a=%20b", headers)).status == 200
            await client.close()
            heads, bodies = zip(*(request.split(b"\r\n\r\n", 1) for request in server.requests), strict=True)
            assert [head.split(b" HTTP")[0] for head in heads] == [b"POST /pay", b"POST /ask", b"GET /fetch?a=%20b"]
            assert bodies == (b"[1]", b"[2]", b"")
            for head in heads:
                lines = head.lower().split(b"\r\n")
                kinds = [line for line in lines if line.startswith((b"content-type:", b"x-token:"))]
                assert kinds == [b"content-type: application/json", b"x-token: abc"]
                assert b"connection: close" in lines
                assert b"accept-encoding: identity" in lines
            assert server.handshakes == 3

    asyncio.run(run())


def test_a_question_without_a_body_is_as_safe(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def moved(peer: Peer) -> None:
        await peer.answer(b"", status="302 Found", headers="Location: /elsewhere\r\n")

    async def run() -> None:
        nobody = transport(built_in(1, authority.pem))
        with pytest.raises(NotSentError):
            await nobody.fetch("/", {})
        await nobody.close()
        async with serve(good_tls, moved) as server:
            client = transport(built_in(server.port, authority.pem))
            assert (await client.fetch("/", {})).status == 302
            await client.close()
            assert len(server.requests) == 1
        async with serve(good_tls, Peer.answer_nothing) as server:
            client = transport(built_in(server.port, authority.pem), IMPATIENT)
            assert (await client.fetch("/", {})).fault == "timeout"
            await client.close()

    asyncio.run(run())


def test_a_slow_journal_does_not_eat_the_time_for_the_answer(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def run() -> None:
        async with serve(good_tls, good_manners) as server:
            client = transport(built_in(server.port, authority.pem), Limits(connect_ms=1_000))
            reply = await client.charge("/", FORM, Step(lambda: asyncio.sleep(2.2)))  # twice that is given to connect
            await client.close()
            assert reply.status == 200

    asyncio.run(run())


def test_neither_cookies_nor_the_environment_count(
    authority: Authority, good_tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such/file")

    async def manners(peer: Peer) -> None:
        await peer.answer(b"{}", headers="Set-Cookie: a=b\r\n")

    async def run() -> None:
        async with serve(good_tls, manners) as server:
            client = transport(built_in(server.port, authority.pem))
            for _ in range(2):
                assert (await client.ask("/v2/query", FORM)).status == 200
            await client.close()
            assert b"a=b" not in server.received

    asyncio.run(run())


# --- before the first byte ---------------------------------------------------------------------------------------


def _expired(folder: Path, ca: Authority) -> ssl.SSLContext:
    return server_tls(folder, ca, valid_from=NOW - 9 * DAY, valid_to=NOW - DAY)


def _not_yet(folder: Path, ca: Authority) -> ssl.SSLContext:
    return server_tls(folder, ca, valid_from=NOW + DAY, valid_to=NOW + 9 * DAY)


def _wrong_host(folder: Path, ca: Authority) -> ssl.SSLContext:
    return server_tls(folder, ca, names=("other.test",), addresses=("127.0.0.9",))


def _self_signed(folder: Path, _: Authority) -> ssl.SSLContext:
    return server_tls(folder, None)


def _other_ca(folder: Path, _: Authority) -> ssl.SSLContext:
    return server_tls(folder, new_authority())


def _old_tls(folder: Path, ca: Authority) -> ssl.SSLContext:
    context = server_tls(folder, ca)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


BAD_TLS = [
    (_expired, NotSentCause.NOT_TRUSTED),
    (_not_yet, NotSentCause.CLOCK),
    (_wrong_host, NotSentCause.NOT_TRUSTED),
    (_self_signed, NotSentCause.NOT_TRUSTED),
    (_other_ca, NotSentCause.NOT_TRUSTED),
    (_old_tls, NotSentCause.NOT_TRUSTED),
]


@pytest.mark.parametrize(("make", "cause"), BAD_TLS)
def test_a_connection_that_cannot_be_trusted_gets_no_byte(
    make: Callable[[Path, Authority], ssl.SSLContext], cause: NotSentCause, authority: Authority, tmp_path: Path
) -> None:
    async def run() -> None:
        async with serve(make(tmp_path, authority), good_manners) as server:
            step = Step()
            client = transport(built_in(server.port, authority.pem))
            with pytest.raises(NotSentError) as caught:
                await client.charge("/v2/quick_pay", FORM, step)
            with pytest.raises(NotSentError):
                await client.ask("/v2/query", FORM)
            await client.open_ahead()
            await client.close()
            assert caught.value.cause is cause
            assert caught.value.__cause__ is None
            assert caught.value.__context__ is None
            assert (step.calls, bytes(server.received)) == (0, b"")
            await _control_a_careless_client_would_have_sent(server)

    asyncio.run(run())


async def _control_a_careless_client_would_have_sent(server: Server) -> None:
    """The server works: without our checks the request reaches it."""
    careless = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    careless.check_hostname = False
    careless.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        careless.minimum_version = ssl.TLSVersion.TLSv1
    careless.set_ciphers("DEFAULT:@SECLEVEL=0")
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, ssl=careless)
    writer.write(b"HEAD / HTTP/1.1\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    writer.transport.abort()
    assert server.received


def test_expired_is_blamed_on_our_clock_once_we_know_that_it_is_off(authority: Authority, tmp_path: Path) -> None:
    async def run() -> None:
        clock = MachineClock()
        offset = ClockOffset(clock)
        offset.measure(formatdate(time.time() - 3600, usegmt=True), sent_wall_ms=clock.wall_ms(), round_trip_ms=0)
        async with serve(_expired(tmp_path, authority), good_manners) as server:
            client = transport(built_in(server.port, authority.pem), offset=offset)
            with pytest.raises(NotSentError) as caught:
                await client.charge("/", FORM, Step())
            await client.close()
            assert caught.value.cause is NotSentCause.CLOCK

    asyncio.run(run())


def test_not_yet_valid_is_not_blamed_on_a_clock_known_to_be_right(authority: Authority, tmp_path: Path) -> None:
    async def run() -> None:
        clock = MachineClock()
        offset = ClockOffset(clock)
        offset.measure(formatdate(usegmt=True), sent_wall_ms=clock.wall_ms(), round_trip_ms=0)
        async with serve(_not_yet(tmp_path, authority), good_manners) as server:
            client = transport(built_in(server.port, authority.pem), offset=offset)
            with pytest.raises(NotSentError) as caught:
                await client.charge("/", FORM, Step())
            await client.close()
            assert caught.value.cause is NotSentCause.NOT_TRUSTED

    asyncio.run(run())


async def _raises_not_sent(port: int, authority: Authority, connect_ms: int = 5_000) -> NotSentCause:
    step = Step()
    client = transport(built_in(port, authority.pem), Limits(connect_ms=connect_ms))
    try:
        with pytest.raises(NotSentError) as caught:
            await client.charge("/v2/quick_pay", FORM, step)
    finally:
        await client.close()
    assert step.calls == 0
    return caught.value.cause


def test_a_portal_that_speaks_plain_http_gets_no_request(authority: Authority) -> None:
    async def run() -> None:
        seen = bytearray()

        async def portal(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.extend(await reader.read(65536))
            writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://login/\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            writer.close()

        listening = await asyncio.start_server(portal, "127.0.0.1", 0)
        async with listening:
            cause = await _raises_not_sent(listening.sockets[0].getsockname()[1], authority)
        assert cause is NotSentCause.NOT_TRUSTED
        assert b"POST" not in seen
        assert b"payment_code" not in seen

    asyncio.run(run())


def test_a_refused_port(authority: Authority) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert asyncio.run(_raises_not_sent(port, authority)) is NotSentCause.REFUSED


def test_a_connection_that_is_cut_at_once_is_tried_once(authority: Authority) -> None:
    async def run() -> None:
        tried = 0

        def cut(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal tried
            tried += 1
            writer.close()

        async with await asyncio.start_server(cut, "127.0.0.1", 0) as listening:
            await _raises_not_sent(listening.sockets[0].getsockname()[1], authority)
        assert tried == 1

    asyncio.run(run())


def test_a_connection_that_is_never_taken_up(authority: Authority) -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            with suppress(BlockingIOError):
                filler.connect(full.getsockname())
        assert asyncio.run(_raises_not_sent(full.getsockname()[1], authority, 400)) is NotSentCause.TIMEOUT


def test_a_handshake_that_is_never_answered(authority: Authority) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(5)
        assert asyncio.run(_raises_not_sent(mute.getsockname()[1], authority, 400)) is NotSentCause.TIMEOUT


def test_a_name_that_does_not_exist(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(trust.HOSTS, Environment.BUILT_IN, frozenset({"no-such-name.invalid"}))
    site = Site(Environment.BUILT_IN, "no-such-name.invalid", 443, authority.pem)

    async def run() -> None:
        client = transport(site, Limits(connect_ms=3_000))
        with pytest.raises(NotSentError) as caught:
            await client.charge("/", FORM, Step())
        await client.close()
        assert caught.value.cause in {NotSentCause.NAME_NOT_FOUND, NotSentCause.NO_NETWORK, NotSentCause.TIMEOUT}

    asyncio.run(run())


@pytest.mark.parametrize(
    ("environment", "host"),
    [
        (Environment.LIVE, "127.0.0.1"),
        (Environment.SANDBOX, "localhost"),
        (Environment.LIVE, "sb-openapi.zalopay.vn"),
        (Environment.SANDBOX, "openapi.zalopay.vn"),
        (Environment.BUILT_IN, "example.com"),
        (Environment.LIVE, "openapi.zalopay.vn"),  # right name, but its own port and its own CA
    ],
)
def test_no_other_host_is_ever_called(
    environment: Environment, host: str, authority: Authority, good_tls: ssl.SSLContext
) -> None:
    async def run() -> None:
        async with serve(good_tls, good_manners) as server:
            client = transport(Site(environment, host, server.port, authority.pem))
            for call in (client.charge("/", FORM, Step()), client.ask("/", FORM)):
                with pytest.raises(NotSentError) as caught:
                    await call
                assert caught.value.cause is NotSentCause.HOST_NOT_ALLOWED
            await client.open_ahead()
            await client.close()
            assert server.handshakes == 0

    asyncio.run(run())


@pytest.mark.parametrize("error", [RuntimeError("x"), OSError(28, "disk full"), TimeoutError(), ValueError("y")])
def test_when_the_step_refuses_nothing_is_sent_and_its_error_comes_out(
    error: Exception, authority: Authority, good_tls: ssl.SSLContext
) -> None:
    async def refuse() -> None:
        raise error

    async def run() -> None:
        async with serve(good_tls, good_manners) as server:
            client = transport(built_in(server.port, authority.pem))
            await client.open_ahead()
            for _ in range(2):
                with pytest.raises(type(error)) as caught:
                    await client.charge("/v2/quick_pay", FORM, Step(refuse))
                assert caught.value is error
            await client.close()
            assert server.posts == 0
            assert FORM not in server.received

    asyncio.run(run())


def test_cancelled_while_the_step_is_being_committed(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def run() -> None:
        async with serve(good_tls, good_manners) as server:
            reached = asyncio.Event()

            async def hang() -> None:
                reached.set()
                await asyncio.sleep(60)

            client = transport(built_in(server.port, authority.pem))
            call = asyncio.ensure_future(client.charge("/", FORM, Step(hang)))
            await reached.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            await client.close()
            assert server.received == b""

    asyncio.run(run())


# --- after the first byte ----------------------------------------------------------------------------------------


NEVER_ENDS_S = 100


async def silence(peer: Peer) -> None:
    await asyncio.sleep(NEVER_ENDS_S)


async def reset(peer: Peer) -> None:
    peer.reset()


async def close(peer: Peer) -> None:
    peer.writer.close()


async def half_headers(peer: Peer) -> None:
    await peer.say(b"HTTP/1.1 200 OK\r\nContent-")
    peer.writer.close()


async def half_body(peer: Peer) -> None:
    await peer.say(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"return_code":1')
    peer.writer.close()


async def half_body_reset(peer: Peer) -> None:
    await peer.say(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"return_code":1')
    await asyncio.sleep(0.05)
    peer.reset()


async def half_chunk(peer: Peer) -> None:
    await peer.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}")
    peer.writer.close()


async def drip(peer: Peer) -> None:
    await peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        await peer.say(b" ")
        await asyncio.sleep(NEVER_ENDS_S / 1000)


async def huge(peer: Peer) -> None:
    await peer.answer(b"x" * 10_000_000)


async def endless(peer: Peer) -> None:
    await peer.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await peer.say(b"1000\r\n" + bytes(4096) + b"\r\n")


async def large_headers(peer: Peer) -> None:
    await peer.answer(b"{}", headers=f"X-A: {'a' * 20_000}\r\n")


async def huge_headers(peer: Peer) -> None:
    await peer.answer(b"{}", headers=f"X-A: {'a' * 1_000_000}\r\n")


async def garbage(peer: Peer) -> None:
    await peer.say(b"\x00\x01\x02 what is this\r\n\r\n")


@pytest.mark.parametrize(
    ("manners", "fault"),
    [
        (silence, "timeout"),
        (drip, "timeout"),
        (reset, "reset"),
        (close, "reset"),
        (half_headers, "reset"),
        (half_body, "cut"),
        (half_body_reset, "cut"),
        (half_chunk, "cut"),
        (huge, "too_large"),
        (endless, "too_large"),
        (large_headers, "too_large"),
        (huge_headers, "too_large"),
        (garbage, "not_http"),
    ],
)
def test_whatever_goes_wrong_after_sending_is_a_fault_and_never_a_second_request(
    manners: Manners, fault: str, authority: Authority, good_tls: ssl.SSLContext
) -> None:
    async def run() -> None:
        async with serve(good_tls, manners) as server:
            step = Step()
            limits = IMPATIENT if fault == "timeout" else PATIENT
            client = transport(built_in(server.port, authority.pem), limits)
            async with asyncio.timeout(NEVER_ENDS_S / 2):
                reply = await client.charge("/v2/quick_pay", FORM, step)
            await asyncio.sleep(0.05)
            await client.close()
            assert reply == Reply(fault=fault)
            assert (step.calls, server.posts, server.handshakes) == (1, 1, 1)

    asyncio.run(run())


@pytest.mark.parametrize("status", ["302 Found", "500 No", "502 No", "503 No", "504 No", "204 None", "307 There"])
def test_other_statuses_come_out_as_they_are_and_are_not_followed(
    status: str, authority: Authority, good_tls: ssl.SSLContext
) -> None:
    async def run() -> None:
        async def manners(peer: Peer) -> None:
            location = f"Location: https://127.0.0.1:{server.port}/else\r\n"
            body = "" if status.startswith("204") else "Content-Length: 2\r\n"
            await peer.say(f"HTTP/1.1 {status}\r\n{location}{body}\r\n{'no' if body else ''}".encode())

        async with serve(good_tls, manners) as server:
            client = transport(built_in(server.port, authority.pem))
            reply = await client.charge("/v2/quick_pay", FORM, Step())
            await asyncio.sleep(0.02)
            await client.close()
            assert reply.status == int(status[:3])
            assert len(server.requests) == 1

    asyncio.run(run())


def test_a_compressed_body_stays_as_it_is(authority: Authority, good_tls: ssl.SSLContext) -> None:
    bomb = gzip.compress(bytes(20_000_000))
    assert len(bomb) < BODY_BYTES_MAX

    async def manners(peer: Peer) -> None:
        await peer.answer(bomb, headers="Content-Encoding: gzip\r\n")

    async def run() -> None:
        async with serve(good_tls, manners) as server:
            client = transport(built_in(server.port, authority.pem))
            reply = await client.charge("/", FORM, Step())
            await client.close()
            assert reply.body == bomb

    asyncio.run(run())


@pytest.mark.parametrize(("size", "fault"), [(BODY_BYTES_MAX, ""), (BODY_BYTES_MAX + 1, "too_large")])
def test_the_limit_of_the_body_is_exact(size: int, fault: str, authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def manners(peer: Peer) -> None:
        await peer.answer(b"x" * size)

    async def run() -> None:
        async with serve(good_tls, manners) as server:
            client = transport(built_in(server.port, authority.pem))
            reply = await client.charge("/", FORM, Step())
            await client.close()
            assert reply.fault == fault

    asyncio.run(run())


def test_cancelled_after_sending(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def run() -> None:
        async with serve(good_tls, silence) as server:
            client = transport(built_in(server.port, authority.pem), Limits())
            call = asyncio.ensure_future(client.charge("/", FORM, Step()))
            while not server.requests:
                await asyncio.sleep(0.01)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            await client.close()
            assert server.posts == 1

    asyncio.run(run())


# --- the connection opened ahead ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("keep_ms", "handshakes"), [(60_000, 1), (50, 2)])
def test_a_connection_opened_ahead_is_used_while_it_is_young(
    keep_ms: int, handshakes: int, authority: Authority, good_tls: ssl.SSLContext
) -> None:
    async def run() -> None:
        async with serve(good_tls, good_manners) as server:
            client = transport(built_in(server.port, authority.pem), Limits(keep_ms=keep_ms))
            await client.open_ahead()
            await asyncio.sleep(0.15)
            assert (await client.charge("/v2/quick_pay", FORM, Step())).status == 200
            await client.close()
            assert (server.handshakes, server.posts) == (handshakes, 1)

    asyncio.run(run())


def test_a_kept_connection_that_was_closed_meanwhile_is_noticed_before_sending(
    authority: Authority, good_tls: ssl.SSLContext
) -> None:
    async def manners(peer: Peer) -> None:
        await peer.answer(b"{}")
        if peer.request.startswith(b"HEAD"):
            peer.writer.close()

    async def run() -> None:
        async with serve(good_tls, manners) as server:
            client = transport(built_in(server.port, authority.pem))
            await client.open_ahead()
            await asyncio.sleep(0.05)
            step = Step()
            assert (await client.charge("/v2/quick_pay", FORM, step)).status == 200
            await client.close()
            assert (step.calls, server.posts, server.handshakes) == (1, 1, 2)

    asyncio.run(run())


def test_a_kept_connection_that_breaks_under_the_request_is_not_replaced(
    authority: Authority, good_tls: ssl.SSLContext
) -> None:
    """The classic case in which HTTP clients send again by themselves."""

    async def manners(peer: Peer) -> None:
        if peer.request.startswith(b"POST"):
            peer.reset()
        else:
            await peer.answer(b"{}")

    async def run() -> None:
        async with serve(good_tls, manners) as server:
            client = transport(built_in(server.port, authority.pem))
            await client.open_ahead()
            step = Step()
            reply = await client.charge("/v2/quick_pay", FORM, step)
            await asyncio.sleep(0.1)
            await client.close()
            assert reply == Reply(fault="reset")
            assert (step.calls, server.posts, server.handshakes) == (1, 1, 1)

    asyncio.run(run())


def test_one_that_breaks_between_the_step_and_the_first_byte_is_not_replaced(
    authority: Authority, good_tls: ssl.SSLContext
) -> None:
    async def run() -> None:
        peers: list[Peer] = []

        async def manners(peer: Peer) -> None:
            peers.append(peer)
            await peer.answer(b"{}")

        async with serve(good_tls, manners) as server:
            client = transport(built_in(server.port, authority.pem))
            await client.open_ahead()

            async def cut_now() -> None:
                peers[0].reset()
                await asyncio.sleep(0.05)

            reply = await client.charge("/v2/quick_pay", FORM, Step(cut_now))
            await asyncio.sleep(0.1)
            await client.close()
            assert reply == Reply(fault="reset")
            assert (server.posts, server.handshakes) == (0, 1)

    asyncio.run(run())


def test_asking_never_borrows_the_connection_for_charging(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def run() -> None:
        async with serve(good_tls, good_manners) as server:
            client = transport(built_in(server.port, authority.pem))
            await client.open_ahead()
            await client.ask("/v2/query", FORM)
            assert server.handshakes == 2
            await client.close()

    asyncio.run(run())


# --- the clock ---------------------------------------------------------------------------------------------------


def test_every_answer_measures_the_clock(authority: Authority, good_tls: ssl.SSLContext) -> None:
    async def manners(peer: Peer) -> None:
        date = formatdate(time.time() + 600, usegmt=True)
        await peer.answer(json.dumps({}).encode(), headers=f"Date: {date}\r\n")

    async def run() -> None:
        offset = ClockOffset(MachineClock())
        async with serve(good_tls, manners) as server:
            client = transport(built_in(server.port, authority.pem), offset=offset)
            await client.open_ahead()
            assert abs(offset.offset_ms - 600_000) < 1_500
            await client.close()

    asyncio.run(run())
