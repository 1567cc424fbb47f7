"""What a hostile gateway does (T7): one line each, with the one thing that may be made of it.

The expectation is a word: the fault of an unusable answer, or the meaning of one that is good. The same behaviour is
played to every call. The truth behind all of them is PAID: whatever says "not paid" here lies, in a broken form.
"""

import asyncio
import gzip
import json
import zlib
from dataclasses import dataclass

from tests.fault_matrix.gateway import AMOUNT, NUMBER, hang_up, raw, reset, says_bytes, silent
from tests.gateways.tls_server import Manners, Peer

PAID = {
    "return_code": 1,
    "sub_return_code": 1,
    "is_processing": False,
    "amount": AMOUNT,
    "refund_id": int(NUMBER),
    "zp_trans_id": int(NUMBER),
}
NOT_PAID = {"return_code": 2, "sub_return_code": -63, "is_processing": False, "amount": 0, "zp_trans_id": 0}
GOOD, LIE = json.dumps(PAID).encode(), json.dumps(NOT_PAID).encode()


@dataclass(frozen=True)
class Behaviour:
    """A name, what the server does with a request, and what a client may make of it."""

    name: str
    manners: Manners
    expected: str


def with_member(name: str, json_value: str) -> bytes:
    """The good answer with one member in other words; of its number in both names, a payment's and a refund's."""
    names = ("zp_trans_id", "refund_id") if name == "zp_trans_id" else (name,)
    rest = {key: value for key, value in PAID.items() if key not in names}
    return json.dumps(rest)[:-1].encode() + "".join(f',"{one}":{json_value}' for one in names).encode() + b"}"


def answer(head: str, body: bytes = GOOD) -> bytes:
    return f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + body


def chunked(*chunks: bytes) -> bytes:
    return answer(
        "Transfer-Encoding: chunked\r\n", b"".join(f"{len(one):x}\r\n".encode() + one + b"\r\n" for one in chunks)
    )


def endlessly(first: bytes, more: bytes, *, every_s: float = 0) -> Manners:
    async def go_on(peer: Peer) -> None:
        await peer.say(first)
        while not peer.writer.transport.is_closing():
            await peer.say(more)
            await asyncio.sleep(every_s)

    return go_on


def slowly(data: bytes, every_s: float = 0.02) -> Manners:
    async def drip(peer: Peer) -> None:
        for byte in data:
            await peer.say(bytes([byte]))
            await asyncio.sleep(every_s)

    return drip


def packed(body: bytes, how: str = "gzip") -> Manners:
    return says_bytes(body, headers=f"Content-Encoding: {how}\r\n")


async def reset_in_the_body(peer: Peer) -> None:
    await peer.say(answer("Content-Length: 500\r\n", GOOD[:40]))
    await asyncio.sleep(0.05)
    peer.reset()


CHUNKED = answer("Transfer-Encoding: chunked\r\n", b"")


def _status(line: str, expected: str, body: bytes = GOOD, headers: str = "") -> Behaviour:
    return Behaviour(f"status {line}", says_bytes(body, status=line, headers=headers), expected)


def _statuses() -> list[Behaviour]:
    redirects = [300, 301, 302, 303, 305, 307, 308]
    errors = [400, 401, 403, 404, 407, 408, 409, 418, 421, 429, 451, 500, 501, 502, 503, 504, 511, 599]
    there = "Location: https://127.0.0.1:1/else\r\n"
    return [
        *(_status(f"{code} There", "redirect", LIE, there) for code in redirects),
        *(_status(f"{code} No", f"http_{code}", LIE) for code in errors),
        *(_status(f"{code} Fine", f"http_{code}") for code in (201, 202, 203, 206, 226)),
        Behaviour("status 204", raw(b"HTTP/1.1 204 None\r\n\r\n"), "http_204"),
        Behaviour("status 304", raw(b"HTTP/1.1 304 Same\r\n\r\n"), "redirect"),
        Behaviour("status 101", raw(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n" + GOOD), "not_http"),
        Behaviour("status 1000", raw(b"HTTP/1.1 1000 OK\r\n\r\n" + LIE), "not_http"),
        Behaviour("status 99", raw(b"HTTP/1.1 99 OK\r\n\r\n" + LIE), "not_http"),
        Behaviour("status -200", raw(b"HTTP/1.1 -200 OK\r\n\r\n" + LIE), "not_http"),
        Behaviour("HTTP/0.9", raw(LIE), "reset"),
        Behaviour("another protocol", raw(b"220 mail.example ESMTP\r\n"), "reset"),
        Behaviour("another protocol that waits", raw(b"220 mail.example ESMTP\r\n", then_close=False), "timeout"),
        Behaviour(
            "100 once", raw(b"HTTP/1.1 100 Continue\r\n\r\n" + answer(f"Content-Length: {len(GOOD)}\r\n")), "paid"
        ),
        Behaviour(
            "103 once",
            raw(b"HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" + answer(f"Content-Length: {len(GOOD)}\r\n")),
            "paid",
        ),
        Behaviour("100 without end", endlessly(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "timeout"),
        Behaviour("103 without end", endlessly(b"", b"HTTP/1.1 103 Hints\r\nX: y\r\n\r\n" * 20), "timeout"),
    ]


def _headers() -> list[Behaviour]:
    long = f"Content-Length: {len(LIE)}\r\n"
    return [
        Behaviour("header of 20 KB", says_bytes(LIE, headers=f"X: {'a' * 20_000}\r\n"), "too_large"),
        Behaviour("header of 1 MB", says_bytes(LIE, headers=f"X: {'a' * 1_000_000}\r\n"), "too_large"),
        Behaviour("5,000 headers", says_bytes(LIE, headers="X: y\r\n" * 5_000), "too_large"),
        Behaviour("headers without end", endlessly(b"HTTP/1.1 200 OK\r\n", b"X: yyyyyyyy\r\n" * 2_000), "too_large"),
        Behaviour("one header without end", endlessly(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 4096), "too_large"),
        Behaviour("folded header", says_bytes(GOOD, headers="X: a\r\n folded\r\n"), "paid"),
        Behaviour("two lengths that differ", raw(answer(f"{long}Content-Length: 5\r\n", LIE)), "not_http"),
        Behaviour("negative length", raw(answer("Content-Length: -1\r\n", LIE)), "not_http"),
        Behaviour("length in words", raw(answer("Content-Length: many\r\n", LIE)), "not_http"),
        Behaviour("length of 2^70", raw(answer(f"Content-Length: {2**70}\r\n", LIE)), "not_http"),
        Behaviour("length too long", raw(answer("Content-Length: 900\r\n", LIE), then_close=False), "timeout"),
        Behaviour("length too long, then gone", raw(answer("Content-Length: 900\r\n", LIE)), "cut"),
        Behaviour("length too short", raw(answer(f"Content-Length: {len(GOOD) - 30}\r\n")), "not_json"),
        Behaviour("chunk that lies", raw(answer("Transfer-Encoding: chunked\r\n", b"fff\r\n" + LIE)), "cut"),
        Behaviour("chunk in no hex", raw(answer("Transfer-Encoding: chunked\r\n", b"xyz\r\n" + LIE)), "cut"),
        Behaviour("chunk of 2^80", raw(answer("Transfer-Encoding: chunked\r\n", b"f" * 21 + b"\r\n" + LIE)), "cut"),
        Behaviour("chunks without an end", raw(chunked(LIE)), "cut"),
        Behaviour("many small chunks", raw(chunked(*(bytes([one]) for one in GOOD), b"")), "paid"),
        Behaviour("an unknown transfer coding", raw(answer("Transfer-Encoding: gzip\r\n", LIE)), "not_http"),
        Behaviour("header without a colon", raw(answer(f"{long}what is this\r\n", LIE)), "not_http"),
        Behaviour("header with a zero byte", raw(answer(f"{long}X: \0\r\n", LIE)), "not_http"),
        Behaviour("no length, no end", raw(answer("", LIE), then_close=False), "timeout"),
        Behaviour("half of the status line", raw(b"HTTP/1.1 2"), "reset"),
        Behaviour("half of the headers", raw(b"HTTP/1.1 200 OK\r\nContent-"), "reset"),
        Behaviour("gzip that was not asked for", packed(gzip.compress(LIE)), "not_json"),
        Behaviour("deflate that was not asked for", packed(zlib.compress(LIE), "deflate"), "not_json"),
    ]  # fmt: skip


def _bodies() -> list[Behaviour]:
    texts: list[tuple[str, bytes, str]] = [
        ("empty", b"", "not_json"),
        ("blank", b" \r\n\t ", "not_json"),
        ("html", b"<!doctype html><title>paid</title>", "not_json"),
        ("xml", b"<return_code>2</return_code>", "not_json"),
        ("jsonp", b"callback(" + LIE + b")", "not_json"),
        ("comment", LIE[:-1] + b"/* no */}", "not_json"),
        ("trailing comma", LIE[:-1] + b",}", "not_json"),
        ("single quotes", LIE.replace(b'"', b"'"), "not_json"),
        ("two documents", LIE + GOOD, "not_json"),
        ("garbage after", LIE + b"garbage", "not_json"),
        ("zero bytes after", LIE + bytes(10), "not_json"),
        ("array", b"[" + LIE + b"]", "not_json"),
        ("string", json.dumps(LIE.decode()).encode(), "not_json"),
        ("number", b"2", "not_json"),
        ("null", b"null", "not_json"),
        ("BOM", b"\xef\xbb\xbf" + LIE, "not_json"),
        ("UTF-16", LIE.decode().encode("utf-16"), "not_json"),
        ("UTF-16 without BOM", LIE.decode().encode("utf-16-le"), "not_json"),
        ("UTF-32", LIE.decode().encode("utf-32"), "not_json"),
        ("Latin-1", LIE[:-1] + ',"m":"không"}'.encode("cp1258"), "not_json"),
        ("overlong UTF-8", LIE[:-1] + b',"m":"\xc0\xaf"}', "not_json"),
        ("lone surrogate", LIE[:-1] + b',"m":"\xed\xa0\x80"}', "not_json"),
        ("NaN", with_member("amount", "NaN"), "not_json"),
        ("Infinity", with_member("amount", "-Infinity"), "not_json"),
        ("a key twice", LIE[:-1] + b',"return_code":1}', "not_json"),
        ("an escaped key twice", LIE[:-1] + b',"return\\u005fcode":1}', "not_json"),
        ("depth 10,000", LIE[:-1] + b',"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "not_json"),
        ("depth 10,000, never closed", b'{"x":' * 10_000, "not_json"),
        ("depth 9", LIE[:-1] + b',"x":' + b"[" * 9 + b"]" * 9 + b"}", "not_json"),
        ("a number of 5,000 digits", with_member("amount", "9" * 5_000), "not_json"),
        ("64 KiB of keys", b"{" + b",".join(b'"%d":0' % one for one in range(9_000)) + b"}", "too_large"),
        ("amount 2^63", with_member("amount", str(2**63)), "wrong_type"),
        ("amount 2^64 + ours", with_member("amount", str(2**64 + AMOUNT)), "not_json"),
        ("amount as a text", with_member("amount", f'"{AMOUNT}"'), "wrong_type"),
        ("amount with a point", with_member("amount", f"{AMOUNT}.0"), "wrong_type"),
        ("amount with an exponent", with_member("amount", "5e4"), "wrong_type"),
        ("amount null", with_member("amount", "null"), "wrong_type"),
        ("amount in a list", with_member("amount", f"[{AMOUNT}]"), "wrong_type"),
        ("return_code as a text", with_member("return_code", '"1"'), "wrong_type"),
        ("return_code true", with_member("return_code", "true"), "wrong_type"),
        ("return_code 1.0", with_member("return_code", "1.0"), "wrong_type"),
        ("return_code null", with_member("return_code", "null"), "wrong_type"),
        ("return_code missing", json.dumps({"ok": True}).encode(), "no_verdict"),
        ("return_code deeper", b'{"data":' + LIE + b"}", "no_verdict"),
        ("other capitals", LIE.replace(b"return_code", b"Return_Code"), "no_verdict"),
        ("is_processing 0", with_member("is_processing", "0"), "wrong_type"),
        ("is_processing as a text", with_member("is_processing", '"false"'), "wrong_type"),
        ("zp_trans_id negative", with_member("zp_trans_id", "-5"), "wrong_type"),
        ("zp_trans_id with a point", with_member("zp_trans_id", "2.6e14"), "wrong_type"),
        ("zp_trans_id of 65 letters", with_member("zp_trans_id", f'"{"7" * 65}"'), "wrong_type"),
        ("zp_trans_id with a zero byte", with_member("zp_trans_id", '"26\\u0000"'), "wrong_type"),
        ("zp_trans_id in other digits", with_member("zp_trans_id", '"٢٦١"'), "wrong_type"),
        ("keys that nobody knows", GOOD[:-1] + b',"new":{"a":[1,2.5,null]}}', "paid"),
    ]  # fmt: skip
    return [
        *(Behaviour(f"body: {name}", says_bytes(body), expected) for name, body, expected in texts),
        Behaviour("body of 8 MB", says_bytes(b" " * 8_000_000 + GOOD), "too_large"),
        Behaviour("body without end", endlessly(CHUNKED, b"1000\r\n" + bytes(4096) + b"\r\n"), "too_large"),
        Behaviour("bomb", packed(gzip.compress(bytes(20_000_000))), "not_json"),
    ]  # fmt: skip


def _time() -> list[Behaviour]:
    whole = answer(f"Content-Length: {len(GOOD)}\r\n")
    return [
        Behaviour("silence", silent, "timeout"),
        Behaviour("hangs up", hang_up, "reset"),
        Behaviour("resets", reset, "reset"),
        Behaviour("resets in the body", reset_in_the_body, "cut"),
        Behaviour("a byte now and then", slowly(whole), "timeout"),
        Behaviour("a body now and then a byte", slowly(answer("Content-Length: 9000\r\n", b" " * 9000)), "timeout"),
        Behaviour("two answers at once", raw(whole + answer(f"Content-Length: {len(LIE)}\r\n", LIE)), "paid"),
        Behaviour("garbage after the answer", raw(whole + b"\0garbage"), "paid"),
    ]  # fmt: skip


BEHAVIOURS = (*_statuses(), *_headers(), *_bodies(), *_time())
