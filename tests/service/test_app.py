"""What gateways and browsers are answered, over real connections."""

import asyncio
import contextlib
import logging
import random
from pathlib import Path

import pytest

from pos_app.gateways.notification import Rejected, Taken
from pos_app.service.accounts import Accounts, AppotaPayListener, ZaloPayListener
from pos_app.service.counts import PAGES, TROUBLE, Refused
from pos_app.service.limits import Limits
from pos_app.service.page import PageFacts, PageState
from tests.service.listening import ACCOUNTS, listening
from tests.service.messages import (
    APPOTA_BACK,
    APPOTA_POS,
    APPOTA_V1,
    APPOTA_V2,
    KEY1,
    KEY2,
    SECRET,
    ZALOPAY_BACK,
    ZALOPAY_V1,
    ZALOPAY_V2,
    Message,
    valid,
)

TOLD = (ZALOPAY_V2, ZALOPAY_V1, APPOTA_V1, APPOTA_V2, APPOTA_POS)
RIGHT = {
    ZALOPAY_V2: {"return_code": 1, "return_message": "success"},
    ZALOPAY_V1: {"returncode": 1, "returnmessage": "success"},
    APPOTA_V1: {"status": "ok"},
    APPOTA_V2: {"status": "ok"},
    APPOTA_POS: {"status": "ok"},
}
WRONG = {
    ZALOPAY_V2: (200, b'{"return_code": 2, "return_message": "invalid"}'),
    ZALOPAY_V1: (200, b'{"returncode": 2, "returnmessage": "invalid"}'),
    APPOTA_V1: (400, b""),
    APPOTA_V2: (400, b""),
    APPOTA_POS: (400, b""),
}
AGAIN = {
    ZALOPAY_V2: (200, b'{"return_code": 0, "return_message": "try again"}'),
    ZALOPAY_V1: (200, b'{"returncode": 0, "returnmessage": "try again"}'),
    APPOTA_V1: (500, b""),
    APPOTA_V2: (500, b""),
    APPOTA_POS: (500, b""),
}


def message(address: str, seed: int = 1) -> Message:
    return valid(random.Random(seed), address)


@pytest.mark.parametrize("address", TOLD)
def test_new_repeated_and_orphaned_are_acknowledged_alike(tmp_path: Path, address: str) -> None:
    ours, other = message(address), message(address, 2)

    async def tell() -> None:
        async with listening(tmp_path, ours.bill.app_trans_id) as till:
            for one in (ours, ours, other, ours):
                heard = await till.send(one)
                assert (heard.status, heard.json) == (200, RIGHT[address])
                assert heard.headers["content-type"] == "application/json"
            assert till.counts.of == {Taken.NEW: 1, Taken.REPEATED: 2, Taken.ORPHAN: 1}
            assert till.counts.accepted == 4
            assert len(till.book.lines()) == 2

    asyncio.run(tell())


@pytest.mark.parametrize("address", TOLD)
def test_what_is_not_rightly_signed_never_reaches_the_till(tmp_path: Path, address: str) -> None:
    right = message(address)
    signature = b'"mac":"' if "zalopay" in address else b'"signature":"'
    place = right.body.index(signature) + len(signature)
    forged = right.body[:place] + (b"1" if right.body[place : place + 1] == b"0" else b"0") + right.body[place + 1 :]

    async def tell() -> None:
        async with listening(tmp_path, right.bill.app_trans_id) as till:
            for body in (forged, b"", b"{}", b"\xff\0"):
                heard = await till.post(address, body)
                assert (heard.status, heard.body) == WRONG[address]
            assert till.book.calls == 0
            assert till.counts.of == {Rejected.WRONG_SIGNATURE: 1, Rejected.MALFORMED: 3}
            assert till.counts.rejected == 4

    asyncio.run(tell())


@pytest.mark.parametrize("address", TOLD)
def test_trouble_of_ours_asks_for_it_again(tmp_path: Path, address: str, caplog: pytest.LogCaptureFixture) -> None:
    right = message(address)

    async def tell() -> None:
        async with listening(tmp_path, limits=Limits(take_s=0.1)) as till:
            till.book.trouble = OSError(f"disk full while writing {right.bill.app_trans_id} {KEY2}")
            heard = await till.send(right)
            assert (heard.status, heard.body) == AGAIN[address]
            till.book.trouble = None
            till.book.may_store.clear()
            heard = await till.send(right)
            assert (heard.status, heard.body) == AGAIN[address], "too slow"
            assert till.counts.of == {TROUBLE: 2}
            till.book.may_store.set()
            async with asyncio.timeout(60):  # what is being stored is never broken off
                while not till.book.lines() or not till.book.seen:
                    await asyncio.sleep(0.01)
            assert len(till.book.lines()) == 1
            assert (await till.send(right)).json == RIGHT[address]
            assert till.counts.of == {TROUBLE: 2, Taken.REPEATED: 1}

    with caplog.at_level(logging.DEBUG):
        asyncio.run(tell())
    assert "OSError" in caplog.text
    assert not any(secret in caplog.text for secret in (KEY1, KEY2, SECRET, right.bill.app_trans_id, "disk full"))


def test_a_disk_that_hangs_cannot_fill_the_memory(tmp_path: Path) -> None:
    async def tell() -> None:
        async with listening(tmp_path, limits=Limits(take_s=0.001, burst=1_000)) as till:
            till.book.may_store.clear()
            for seed in range(100):
                assert (await till.send(message(ZALOPAY_V2, seed))).body == AGAIN[ZALOPAY_V2][1]
            assert till.book.calls == 64
            till.book.may_store.set()

    asyncio.run(tell())


def test_acknowledged_only_after_it_is_stored(tmp_path: Path) -> None:
    right = message(ZALOPAY_V2)

    async def tell() -> None:
        async with listening(tmp_path, right.bill.app_trans_id) as till:
            till.book.may_store.clear()
            reader, writer = await till.connect()
            writer.write(
                f"POST {right.address} HTTP/1.1\r\nHost: t\r\nContent-Length: {len(right.body)}\r\n\r\n".encode()
            )
            writer.write(right.body)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.4):
                    await reader.read(1)
            assert till.book.calls == 1
            assert till.book.lines() == []
            till.book.may_store.set()
            assert b'{"return_code": 1,' in await reader.read()
            assert len(till.book.lines()) == 1
            writer.close()

    asyncio.run(tell())


def test_killed_between_storing_and_acknowledging(tmp_path: Path) -> None:
    """The server goes away while it stores: the gateway hears nothing, tells again, and it is a repeat."""
    right = message(ZALOPAY_V2)

    async def tell() -> None:
        async with listening(tmp_path, right.bill.app_trans_id) as till:
            till.book.may_store.clear()
            telling = asyncio.ensure_future(till.send(right))
            while till.book.calls == 0:
                await asyncio.sleep(0.01)
            await till.server.stop()
            with pytest.raises(ConnectionResetError):
                await telling
            till.book.may_store.set()
            await asyncio.sleep(0)
            assert len(till.book.lines()) == 1
            await till.server.start()
            assert (await till.send(right)).json == RIGHT[ZALOPAY_V2]
            assert till.counts.of[Taken.REPEATED] == 1

    asyncio.run(tell())


def test_two_at_once(tmp_path: Path) -> None:
    one, other = message(ZALOPAY_V2, 1), message(APPOTA_V2, 2)

    async def tell() -> None:
        async with listening(tmp_path, one.bill.app_trans_id, other.bill.app_trans_id) as till:
            till.book.may_store.clear()
            both = asyncio.gather(till.send(one), till.send(other))
            while till.book.calls < 2:
                await asyncio.sleep(0.01)
            till.book.may_store.set()
            assert [heard.json for heard in await both] == [RIGHT[ZALOPAY_V2], RIGHT[APPOTA_V2]]
            assert till.counts.of == {Taken.NEW: 2}

    asyncio.run(tell())


def test_a_thousand_replays_change_nothing(tmp_path: Path) -> None:
    right = message(ZALOPAY_V2)

    async def tell() -> None:
        async with listening(tmp_path, right.bill.app_trans_id) as till:
            for _ in range(100):
                for heard in await asyncio.gather(*(till.send(right) for _ in range(10))):
                    assert heard.json == RIGHT[ZALOPAY_V2]
            assert till.counts.of == {Taken.NEW: 1, Taken.REPEATED: 999}
            assert len(till.book.lines()) == 1

    asyncio.run(tell())


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [("GET", "/", 404), ("GET", "/zalopay/v2/callback", 405), ("PUT", "/zalopay/v2/callback", 405),
     ("GET", "/zalopay/v2/callback/", 404), ("GET", "/zalopay/redirect/", 404), ("POST", "/zalopay/redirect", 405),
     ("GET", "/zalopay/v3/callback", 404), ("DELETE", "/appotapay/v1/ipn", 405), ("GET", "//zalopay/redirect", 404),
     ("OPTIONS", "*", 404), ("GET", "/%2e%2e/etc/passwd", 404), ("BREW", "/appotapay/redirect", 405)],
)  # fmt: skip
def test_everything_else_is_nothing(tmp_path: Path, method: str, target: str, status: int) -> None:
    async def come() -> None:
        async with listening(tmp_path) as till:
            heard = await till.get(target, method)
            assert (heard.status, heard.body) == (status, b"")
            assert not {"server", "date", "location", "allow"} & set(heard.headers) - {"allow"}
            assert heard.headers["connection"] == "close"
            assert till.book.calls == 0

    asyncio.run(come())


def test_a_gateway_without_an_account_has_no_addresses(tmp_path: Path) -> None:
    only = Accounts(zalopay=ACCOUNTS.zalopay)

    async def come() -> None:
        async with listening(tmp_path, accounts=only) as till:
            assert (await till.send(message(APPOTA_V1))).status == 404
            assert (await till.send(message(APPOTA_BACK))).status == 404
            assert (await till.send(message(ZALOPAY_V1))).status == 200
        async with listening(tmp_path, accounts=Accounts()) as till:
            assert (await till.send(message(ZALOPAY_V2))).status == 404

    asyncio.run(come())


def test_accounts_show_no_key_and_take_no_empty_one() -> None:
    assert not any(secret in repr(ACCOUNTS) for secret in (KEY2, SECRET))
    for broken in (lambda: ZaloPayListener(frozenset({1}), ("",)), lambda: ZaloPayListener(frozenset(), ("k",)),
                   lambda: ZaloPayListener(frozenset({1}), ()), lambda: AppotaPayListener("P", ("k", "")),
                   lambda: AppotaPayListener("", ("k",)), lambda: AppotaPayListener("P", ())):  # fmt: skip
        with pytest.raises(ValueError, match="needed"):
            broken()


# --- the page of a customer who comes back -------------------------------------------------------------------------


@pytest.mark.parametrize("address", [ZALOPAY_BACK, APPOTA_BACK])
def test_the_page_shows_what_the_gateway_says_not_what_its_address_says(tmp_path: Path, address: str) -> None:
    """Each redirect claims an amount, and success or failure: none of it may appear."""

    async def come() -> None:
        async with listening(tmp_path) as till:
            for seed in range(6):
                came = message(address, seed)
                for state, word in (
                    (PageState.PAID, "Đã thanh toán"), (PageState.NOT_PAID, "Chưa thanh toán"),
                    (PageState.NOT_KNOWN, "Chưa rõ kết quả"),
                ):  # fmt: skip
                    till.book.facts = PageFacts(state, 12_345)
                    heard = await till.send(came)
                    text = heard.body.decode()
                    assert heard.status == 200
                    assert word in text
                    assert (
                        sum(other in text for other in ("Đã thanh toán<", "Chưa thanh toán<", "Chưa rõ kết quả<")) == 1
                    )
                    assert "12.345\u00a0₫" in text
                    assert came.bill.app_trans_id in text
                    assert f"{came.bill.amount:,}".replace(",", ".") not in text
                    assert till.book.asked[-1] == came.bill.app_trans_id
            assert till.counts.of == {PAGES: 18}

    asyncio.run(come())


@pytest.mark.parametrize("address", [ZALOPAY_BACK, APPOTA_BACK])
def test_a_page_that_is_not_rightly_signed_tells_nothing(tmp_path: Path, address: str) -> None:
    came = message(address)
    name = came.bill.app_trans_id.encode()
    other = came.body.replace(name, b"251122_02999999") if name in came.body else came.body[:-1]

    async def come() -> None:
        async with listening(tmp_path) as till:
            till.book.facts = PageFacts(PageState.PAID, 12_345)
            texts = set()
            for query in (other, b"", b"a=b", came.body + b"&x" * 100, b"<script>alert(1)</script>"):
                heard = await till.get(f"{address}?{query.decode()}")
                texts.add(heard.body.decode())
                assert heard.status == 400
            (text,) = texts
            assert "Hãy hỏi thu\u00a0ngân" in text
            for told in ("251122", "12.345", "Đã thanh toán", "Minh Anh", "script"):
                assert told not in text
            assert till.book.asked == []

    asyncio.run(come())


def test_when_the_gateway_cannot_be_asked_it_is_not_known_yet(tmp_path: Path) -> None:
    came = message(ZALOPAY_BACK)

    async def come() -> None:
        async with listening(tmp_path, limits=Limits(ask_s=0.1)) as till:
            till.book.facts = PageFacts(PageState.PAID, 12_345)
            till.book.trouble = RuntimeError("no")
            assert "Chưa rõ kết quả<" in (await till.send(came)).body.decode()
            till.book.trouble = None
            till.book.may_store.clear()
            assert "Chưa rõ kết quả<" in (await till.send(came)).body.decode()
            till.book.may_store.set()

    asyncio.run(come())


def test_the_page_needs_and_allows_nothing_from_elsewhere(tmp_path: Path) -> None:
    async def come() -> None:
        async with listening(tmp_path) as till:
            heard = await till.send(message(ZALOPAY_BACK))
            text, policy = heard.body.decode(), heard.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; style-src 'sha256-")
            assert "unsafe" not in policy
            assert heard.headers["cache-control"] == "no-store"
            assert heard.headers["referrer-policy"] == "no-referrer"
            assert heard.headers["x-content-type-options"] == "nosniff"
            assert heard.headers["content-type"] == "text/html; charset=utf-8"
            for outside in (
                "http:",
                "https:",
                "//",
                "<script",
                "src=",
                "@import",
                "url(",
                "style=",
                "onload",
                "onclick",
            ):
                assert outside not in text
            assert '<html lang="vi">' in text
            assert 'lang="en"' in text

    asyncio.run(come())


# --- limits --------------------------------------------------------------------------------------------------------


def test_a_body_that_is_too_large_is_refused_without_being_read(tmp_path: Path) -> None:
    right = message(ZALOPAY_V2)

    async def come() -> None:
        async with listening(tmp_path) as till:
            reader, writer = await till.connect()
            writer.write(
                b"POST /zalopay/v2/callback HTTP/1.1\r\nHost: t\r\nContent-Length: 1073741824\r\n\r\n" + b"x" * 1_000
            )
            assert b" 413 " in (await reader.read())
            writer.close()
            reader, writer = await till.connect()
            head = b"POST /zalopay/v2/callback HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
            writer.write(head)
            sent = 0
            with contextlib.suppress(ConnectionError):
                while sent < 64 * 1024 * 1024:
                    writer.write(b"10000\r\n" + b" " * 65_536 + b"\r\n")
                    await writer.drain()
                    sent += 65_536
                    await asyncio.sleep(0)
            assert sent < 16 * 1024 * 1024
            writer.close()
            just = right.body + b" " * (65_536 - len(right.body))
            assert (await till.post(ZALOPAY_V2, just)).json == RIGHT[ZALOPAY_V2]
            assert (await till.post(ZALOPAY_V2, just + b" ")).status == 413
            assert till.counts.of[Refused.TOO_LARGE] == 3

    asyncio.run(come())


def test_a_flood_is_limited_while_another_source_is_served(tmp_path: Path) -> None:
    flood, right = message(ZALOPAY_V2, 1), message(ZALOPAY_V2, 2)
    limits = Limits(burst=10, every_ms=60_000)

    async def come() -> None:
        async with listening(tmp_path, right.bill.app_trans_id, limits=limits) as till:
            answers = [await till.post(ZALOPAY_V2, flood.body) for _ in range(40)]
            assert [heard.status for heard in answers] == [200] * 10 + [429] * 30
            assert answers[-1].body == b""
            heard = await till.post(ZALOPAY_V2, right.body, source="127.0.0.2")
            assert heard.json == RIGHT[ZALOPAY_V2]
            assert till.counts.of[Refused.RATE_LIMITED] == 30
            assert till.book.calls == 11

    asyncio.run(come())


def test_behind_a_proxy_the_source_is_who_came_to_the_proxy(tmp_path: Path) -> None:
    right = message(ZALOPAY_V2)

    async def come() -> None:
        async with listening(tmp_path, limits=Limits(burst=2, every_ms=60_000)) as till:

            async def sent(forwarded: str, source: str = "127.0.0.1") -> int:
                return (await till.post(ZALOPAY_V2, right.body, source=source, X_Forwarded_For=forwarded)).status

            assert [await sent("203.0.113.5") for _ in range(3)] == [200, 200, 429]
            assert await sent("198.51.100.7") == 200
            assert await sent("9.9.9.9, 203.0.113.5") == 429, "what the source claims itself does not count"
            assert [await sent(f"1.1.1.{number}", "127.0.0.2") for number in range(3)] == [200, 200, 429], "not a proxy"

    asyncio.run(come())


def test_so_many_at_a_time_and_no_more(tmp_path: Path) -> None:
    async def come() -> None:
        async with listening(tmp_path, limits=Limits(at_once=3)) as till:
            till.book.may_store.clear()
            waiting = [asyncio.ensure_future(till.send(message(ZALOPAY_V2, seed))) for seed in range(3)]
            while till.book.calls < 3:
                await asyncio.sleep(0.01)
            assert (await till.send(message(ZALOPAY_V2, 9))).status == 503
            till.book.may_store.set()
            assert [heard.status for heard in await asyncio.gather(*waiting)] == [200] * 3
            assert (await till.send(message(ZALOPAY_V2, 9))).status == 200
            assert till.counts.of[Refused.BUSY] == 1

    asyncio.run(come())


def test_counts_are_a_snapshot(tmp_path: Path) -> None:
    async def come() -> None:
        async with listening(tmp_path) as till:
            before = till.counts
            await till.send(message(ZALOPAY_V2))
            assert before.of == {}
            assert till.counts.accepted == 1
            with pytest.raises(TypeError):
                till.counts.of["new"] = 5  # type: ignore[index]

    asyncio.run(come())
