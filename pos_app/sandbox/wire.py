"""HTTP/1.1 byte by byte: a small strict reader, and a sender that can misbehave in every way a network can.

No rule of the API stands here, and no scenario is chosen here.
"""

import asyncio
import gzip
import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

from pos_app.sandbox.scenario import Wire

HEAD_SIZE_MAX = 16 * 1024
BODY_SIZE_MAX = 64 * 1024
IDLE_S = 60
HUGE_SIZE = 8 * 1024 * 1024
_DEPTH = 10_000
_HTML = b"<!doctype html><title>WiFi</title><h1>Welcome to free WiFi</h1><a href='/login'>Log in</a>"
_GARBAGE = bytes(range(256))
_STATUS_OF = {
    Wire.HTTP_500: 500, Wire.HTTP_502: 502, Wire.HTTP_503: 503, Wire.HTTP_504: 504, Wire.REDIRECT: 307,
}  # fmt: skip
_REDIRECT_TO = "https://gateway.invalid/v2/query"


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Header names are lower case."""

    method: str
    url: SplitResult
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def keeps_alive(self) -> bool:
        """Whether the client wants another request on this connection."""
        return self.headers.get("connection", "").lower() != "close"


@dataclass(frozen=True, slots=True)
class Response:
    """One ordinary answer."""

    body: bytes
    content_type: str = "application/json; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class BadRequestError(Exception):
    """Not a request this server reads; `status` says what to answer before closing."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def json_response(value: object, *, status: int = 200) -> Response:
    """The value as a JSON answer."""
    return Response(_json_bytes(value), status=status)


def _json_bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection, None when the client is done.

    Raises:
        BadRequestError: too large, or not HTTP/1.1.
        TimeoutError, ConnectionError, asyncio.IncompleteReadError: it never came whole.
    """
    async with asyncio.timeout(IDLE_S):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            raise BadRequestError(431) from None
        except asyncio.IncompleteReadError as cut:
            if cut.partial:
                raise
            return None
        method, url, headers = _read_head(head)
        return Request(method, url, headers, await _read_body(reader, headers))


def _read_head(head: bytes) -> tuple[str, SplitResult, dict[str, str]]:
    try:
        first, *lines = head.decode("ascii").removesuffix("\r\n\r\n").split("\r\n")
        method, target, version = first.split(" ")
        url = urlsplit(target)
        pairs = [line.split(":", 1) for line in lines]
        headers = {name.lower(): value.strip() for name, value in pairs}
    except ValueError:
        raise BadRequestError(400) from None
    names_clean = all(name and name == name.strip() for name, _ in pairs)
    if version != "HTTP/1.1" or len(headers) != len(pairs) or not names_clean:
        raise BadRequestError(400)
    return method, url, headers


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if "transfer-encoding" in headers:
        if headers["transfer-encoding"].lower() != "chunked" or "content-length" in headers:
            raise BadRequestError(400)
        return await _read_chunks(reader)
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdecimal()):
        raise BadRequestError(400)
    if int(length) > BODY_SIZE_MAX:
        raise BadRequestError(413)
    return await reader.readexactly(int(length))


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while True:
        try:
            size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
        except (ValueError, asyncio.LimitOverrunError):
            raise BadRequestError(400) from None
        if not 0 <= size <= BODY_SIZE_MAX - len(body):
            raise BadRequestError(413)
        chunk = await reader.readexactly(size + 2)
        if not chunk.endswith(b"\r\n"):
            raise BadRequestError(400)
        if size == 0:
            return body
        body += chunk[:-2]


def response_bytes(response: Response, *, now_ms: int, keeps_alive: bool = False) -> bytes:
    """The answer as it goes over the wire; `now_ms` is the `Date` it tells."""
    headers = [
        ("Date", formatdate(now_ms / 1000, usegmt=True)),
        ("Content-Type", response.content_type),
        ("Content-Length", str(len(response.body))),
        ("Cache-Control", "no-store"),
        ("Connection", "keep-alive" if keeps_alive else "close"),
        *response.headers,
    ]
    lines = [f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + response.body


async def send_plain(
    writer: asyncio.StreamWriter, response: Response, *, now_ms: int, keeps_alive: bool, head_only: bool = False
) -> bool:
    """Send an ordinary answer, of a HEAD request without its body; tells whether the connection goes on."""
    whole = response_bytes(response, now_ms=now_ms, keeps_alive=keeps_alive)
    writer.write(whole.removesuffix(response.body) if head_only else whole)
    await writer.drain()
    return keeps_alive


async def misbehave(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: dict[str, object], wire: Wire,
    *, wait_ms: int, now_ms: int,
) -> None:  # fmt: skip
    """Send `answer` the way `wire` says. The connection ends after it."""
    whole = response_bytes(spoiled(answer, wire), now_ms=now_ms)
    match wire:
        case Wire.LOST:
            await reader.read()  # until the client gives up
        case Wire.CLOSED:
            return
        case Wire.RESET:
            _reset(writer)
        case Wire.CUT:
            head, separator, body = whole.partition(b"\r\n\r\n")
            writer.write(head + separator + body[: len(body) // 2])
            await writer.drain()
        case Wire.DRIP:
            await _drip(writer, whole, wait_ms)
        case Wire.LATE:
            await asyncio.sleep(wait_ms / 1000)
            writer.write(whole)
            await writer.drain()
        case _:
            writer.write(whole)
            await writer.drain()


def spoiled(answer: dict[str, object], wire: Wire) -> Response:
    """The answer as `wire` spoils its status, headers or body; whole for the kinds that only spoil its sending."""
    if wire in _STATUS_OF:
        moved = (("Location", _REDIRECT_TO),) if wire is Wire.REDIRECT else ()
        return Response(b"<html><h1>Error</h1></html>", "text/html", _STATUS_OF[wire], moved)
    if wire is Wire.HTML:
        return Response(_HTML, "text/html")
    if wire is Wire.BOMB:
        packed = gzip.compress(_json_bytes({**answer, "more": "x" * HUGE_SIZE}))
        return Response(packed, headers=(("Content-Encoding", "gzip"),))
    return Response(_spoiled_body(answer, wire))


def _spoiled_body(answer: dict[str, object], wire: Wire) -> bytes:
    body = _json_bytes(answer)
    match wire:
        case Wire.EMPTY:
            body = b""
        case Wire.GARBAGE:
            body = _GARBAGE
        case Wire.HUGE:
            body = _json_bytes({**answer, "more": "x" * HUGE_SIZE})
        case Wire.WRONG_TYPES:
            body = _json_bytes(_wrongly_typed(answer))
        case Wire.DUPLICATE_KEYS:
            first = _json_bytes({next(iter(answer)): -217})  # the return code, whatever its name
            body = first[:-1] + b", " + body[1:]
        case Wire.NOT_A_NUMBER:
            body = _json_bytes({**answer, "zp_trans_id": float("nan"), "amount": float("nan")})
        case Wire.DEEP:
            body = body[:-1] + b', "more": ' + b"[" * _DEPTH + b"]" * _DEPTH + b"}"
        case _:
            pass
    return body


def _wrongly_typed(answer: dict[str, object]) -> dict[str, object]:
    """Numbers as text or with a fraction, booleans as text."""
    return {
        name: str(value).lower()
        if name.replace("_", "") in {"returncode", "isprocessing"}
        else float(value)
        if isinstance(value, int)
        else value
        for name, value in answer.items()
    }


async def _drip(writer: asyncio.StreamWriter, whole: bytes, wait_ms: int) -> None:
    for byte in whole:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(wait_ms / 1000)


def _reset(writer: asyncio.StreamWriter) -> None:
    """End the connection with a TCP reset."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
