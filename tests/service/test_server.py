"""The server itself: where it listens, how it ends, and connections that only want to keep it busy."""

import asyncio
import contextlib
import logging
import random
import signal
import socket
import time
from pathlib import Path

import pytest

from pos_app.service.server import (
    ANSWER_S,
    CONNECTIONS_MAX,
    PER_SOURCE_MAX,
    READ_S,
    STOP_S,
    ListenError,
    NotificationServer,
    PortTakenError,
)
from tests.service.listening import Listening, answer, listening
from tests.service.messages import ZALOPAY_V2, valid

RIGHT = valid(random.Random(5), ZALOPAY_V2)


async def cut_after(reader: asyncio.StreamReader) -> float:
    """In how many seconds the server ended the connection, without a word."""
    started = time.monotonic()
    async with asyncio.timeout(60):
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
    return time.monotonic() - started


def test_a_drip_a_stalled_head_and_a_silent_connection_end_after_five_seconds(tmp_path: Path) -> None:
    async def come() -> None:
        async with listening(tmp_path) as till:

            async def drip(first: bytes) -> float:
                reader, writer = await till.connect()
                writer.write(first)

                async def on() -> None:
                    with contextlib.suppress(ConnectionError):
                        while True:
                            writer.write(b"x")
                            await writer.drain()
                            await asyncio.sleep(0.2)

                dripping = asyncio.ensure_future(on())
                try:
                    return await cut_after(reader)
                finally:
                    dripping.cancel()
                    writer.close()

            async def silent() -> float:
                reader, writer = await till.connect()
                try:
                    return await cut_after(reader)
                finally:
                    writer.close()

            body = b"POST /zalopay/v2/callback HTTP/1.1\r\nHost: t\r\nContent-Length: 60000\r\n\r\n"
            took = asyncio.gather(drip(body), drip(b"POST /zalopay/v2/callback HTTP/1.1\r\nX: "), silent())
            await asyncio.sleep(1)
            assert (await till.send(RIGHT)).status == 200, "others are served meanwhile"
            for seconds in await took:
                assert READ_S * 0.9 < seconds < READ_S + ANSWER_S, "not sooner, nor with the time of an answer"
            assert till.counts.of["cut_off"] == 1
            assert till.book.calls == 1

    asyncio.run(come())


def test_a_head_without_end_and_what_is_not_http(tmp_path: Path) -> None:
    async def come() -> None:
        async with listening(tmp_path) as till:
            for sent in (b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 4_000, b"\x16\x03\x01\x02\0" * 50 + b"\r\n\r\n",
                         b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\n\r\n", b"nonsense\r\n\r\n",
                         b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                         b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: -1\r\n\r\n"):  # fmt: skip
                heard = await till.raw(sent)
                assert heard.status == 400
                assert b"Traceback" not in heard.body
            assert (await till.send(RIGHT)).status == 200

    asyncio.run(come())


def test_a_flood_of_what_is_hard_to_read_leaves_the_till_its_turn(tmp_path: Path) -> None:
    hard = b'{"data":"x","mac":"y","type":1,"z":[' + b'"",' * 21_000 + b'""]}'

    async def come() -> None:
        turns = 0

        async def take_turns() -> None:
            nonlocal turns
            while True:
                await asyncio.sleep(0)
                turns += 1

        async with listening(tmp_path) as till:
            ticking = asyncio.ensure_future(take_turns())
            sources = [f"127.0.0.{number}" for number in range(1, 9)]
            heard = await asyncio.gather(
                *(till.post(ZALOPAY_V2, hard, source=source) for source in sources for _ in range(12))
            )
            ticking.cancel()
            assert {one.status for one in heard} <= {200, 503}
            assert turns > len(heard), "the loop went round between the messages"

    asyncio.run(come())


def test_one_request_a_connection(tmp_path: Path) -> None:
    head = (
        f"POST {ZALOPAY_V2} HTTP/1.1\r\nHost: t\r\nConnection: keep-alive\r\nContent-Length: {len(RIGHT.body)}\r\n\r\n"
    )

    async def come() -> None:
        async with listening(tmp_path) as till:
            heard = await till.raw((head.encode() + RIGHT.body) * 3)
            assert heard.status == 200
            assert heard.body.count(b"return_code") == 1
            assert till.book.calls == 1
            upgrade = b"GET /zalopay/redirect HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
            assert (await till.raw(upgrade)).status == 400

    asyncio.run(come())


def test_one_source_holds_only_so_many_connections(tmp_path: Path) -> None:
    async def come() -> None:
        async with listening(tmp_path) as till:
            held = [await till.connect() for _ in range(PER_SOURCE_MAX)]
            with pytest.raises(ConnectionError):
                await till.send(RIGHT)
            assert (await till.post(ZALOPAY_V2, RIGHT.body, source="127.0.0.2")).status == 200
            held += [
                await till.connect(f"127.0.0.{number % 8 + 3}") for number in range(CONNECTIONS_MAX - PER_SOURCE_MAX)
            ]
            with pytest.raises(ConnectionError):
                await till.post(ZALOPAY_V2, RIGHT.body, source="127.0.0.2")
            for _, writer in held:
                writer.close()
            async with asyncio.timeout(60):  # until it has noticed that they are gone
                while (status := await served(till)) != 200:
                    assert status is None
                    await asyncio.sleep(0.05)

    async def served(till: Listening) -> int | None:
        try:
            return (await till.send(RIGHT)).status
        except ConnectionError:
            return None

    asyncio.run(come())


def test_a_port_that_is_taken_is_said_in_words(tmp_path: Path) -> None:
    async def come() -> None:
        async with listening(tmp_path) as till:
            other = NotificationServer(till.server._app, "127.0.0.1", till.server.port)
            with pytest.raises(PortTakenError) as caught:
                await other.start()
            assert str(till.server.port) in str(caught.value)
            assert caught.value.title.vi
            assert caught.value.advice.en
            await other.stop()
            for host, port in (("192.0.2.1", 0), ("127.0.0.1", 99_999), ("no such host", 0)):
                with pytest.raises(ListenError) as refused:
                    await NotificationServer(till.server._app, host, port).start()
                assert not isinstance(refused.value, PortTakenError)
            assert (await till.send(RIGHT)).status == 200

    asyncio.run(come())


def test_it_stops_quickly_whatever_hangs_on_it_and_starts_again(tmp_path: Path) -> None:
    async def come() -> None:
        async with listening(tmp_path) as till:
            port = till.server.port
            silent, drip = await till.connect(), await till.connect()
            drip[1].write(b"POST /zalopay/v2/callback HTTP/1.1\r\nHost: t\r\nContent-Length: 60000\r\n\r\nx")
            await asyncio.sleep(0.1)
            started = time.monotonic()
            await till.server.stop()
            assert time.monotonic() - started < STOP_S, "it waits for none of them"
            for reader, writer in (silent, drip):
                with contextlib.suppress(ConnectionError):
                    await reader.read()
                writer.close()
            with pytest.raises(ConnectionError):
                await till.connect()
            await till.server.stop()
            await till.server.start()
            assert till.server.port == port
            assert (await till.send(RIGHT)).status == 200

    asyncio.run(come())


def test_what_is_being_stored_is_waited_for_at_the_end(tmp_path: Path) -> None:
    async def come() -> None:
        async with listening(tmp_path, RIGHT.bill.app_trans_id) as till:
            till.book.may_store.clear()
            telling = asyncio.ensure_future(till.send(RIGHT))
            while till.book.calls == 0:
                await asyncio.sleep(0.01)
            stopping = asyncio.ensure_future(till.server.stop())
            await asyncio.sleep(0.3)
            till.book.may_store.set()
            assert (await telling).status == 200
            await stopping

    asyncio.run(come())


def test_it_leaves_signals_and_logging_and_tasks_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", "9")
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")

    async def come() -> None:
        before, handlers = signal.getsignal(signal.SIGINT), list(logging.getLogger().handlers)
        async with listening(tmp_path) as till:
            assert signal.getsignal(signal.SIGINT) is before
            assert logging.getLogger().handlers == handlers
            assert len(asyncio.all_tasks()) == 1, "the till's loop has nothing to do while nothing comes"
            await till.send(RIGHT)
            await till.raw(b"nonsense\r\n\r\n")
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(come())
    assert capfd.readouterr() == ("", "")


def test_an_ipv6_address_of_this_machine(tmp_path: Path) -> None:
    with contextlib.suppress(OSError), socket.create_server(("::1", 0), family=socket.AF_INET6):

        async def come() -> None:
            async with listening(tmp_path, host="::1") as till:
                reader, writer = await asyncio.open_connection("::1", till.server.port)
                writer.write(b"GET /zalopay/redirect HTTP/1.1\r\nHost: t\r\n\r\n")
                assert (await answer(reader)).status == 400
                writer.close()

        asyncio.run(come())
