"""The shop's own server, as the gateway sees it: where callbacks and notifications are posted to, and what it answers.

Posted to loopback addresses only, without TLS: this gateway talks to nobody else.
"""

import asyncio
import contextlib
import json
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

_ANSWER_S, _ANSWER_SIZE_MAX = 5, 16 * 1024


def on_this_machine(url: str) -> SplitResult | None:
    """The parts of an address on loopback, None for all others."""
    try:
        where = urlsplit(url)
        host = "127.0.0.1" if where.hostname == "localhost" else where.hostname or ""
        near = ip_address(host).is_loopback and where.port != 0
    except ValueError:
        return None
    plain = url.isascii() and url.isprintable() and " " not in url
    return where if near and plain and where.scheme == "http" and not where.username else None


async def post_json(where: SplitResult, body: bytes) -> dict[str, object]:
    """Send it; the members of an answer that says 200 and JSON, none when there is none that can be read."""
    host = "127.0.0.1" if where.hostname == "localhost" else where.hostname
    with contextlib.suppress(OSError, TimeoutError, ValueError, RecursionError):
        async with asyncio.timeout(_ANSWER_S):
            reader, writer = await asyncio.open_connection(host, where.port or 80, limit=_ANSWER_SIZE_MAX)
            try:
                writer.write(_request_bytes(where, body))
                await writer.drain()
                answer = b""
                while more := await reader.read(_ANSWER_SIZE_MAX):
                    answer += more
                    if len(answer) > _ANSWER_SIZE_MAX:
                        return {}
                return _members(answer)
            finally:
                writer.transport.abort()
    return {}


def _request_bytes(where: SplitResult, body: bytes) -> bytes:
    target = (where.path or "/") + (f"?{where.query}" if where.query else "")
    lines = [
        f"POST {target} HTTP/1.1", f"Host: {where.netloc}", "Content-Type: application/json; charset=utf-8",
        f"Content-Length: {len(body)}", "Connection: close",
    ]  # fmt: skip
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body


def _members(answer: bytes) -> dict[str, object]:
    """What the shop's server said, if it said 200.

    Raises:
        ValueError: it is no JSON.
    """
    head, _, body = answer.partition(b"\r\n\r\n")
    if head.split(b" ", 2)[1:2] != [b"200"]:
        return {}
    told = json.loads(body)
    return told if isinstance(told, dict) else {}
