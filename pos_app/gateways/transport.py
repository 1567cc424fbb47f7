"""Carries one request to a gateway and brings back what came, within hard limits. Knows HTTP and TLS, no gateway.

The two-step send: the connection stands, TLS included, before `about_to_send` is awaited; only after it has returned
does the first byte of the request leave. So a failure before is provably "not sent", and everything after it is a
`Reply`, if need be one that says what went wrong. Nothing is ever sent twice, followed elsewhere, or unpacked.
"""

import asyncio
import ssl
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import httpx

from pos_app.clock import Clock
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import AboutToSend, NotSentError
from pos_app.gateways.trust import Site, cause_of, strict_tls
from pos_app.payments.answer import NotSentCause

# The HTTP library looks for this module several times in each request, all over the disk where it is not installed,
# only to learn whether asyncio is at work: it is.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]  # Python's own way to say "there is none"

HEADERS_BYTES_MAX = 16 * 1024
BODY_BYTES_MAX = 64 * 1024
CONNECTIONS_MAX = 8
_CONNECTED, _ENCRYPTED = "connection.connect_tcp.complete", "connection.start_tls.complete"
_STARTED, _LEFT = "http11.send_request_headers.started", "http11.send_request_headers.complete"
_ANSWERED = "http11.receive_response_headers.complete"
_SWITCHING = 101
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each step may take, in ms.

    Attributes:
        connect_ms: finding the name and the TCP connection; the TLS handshake has as long again.
        first_byte_ms: any single wait for bytes.
        answer_ms: from the first byte out to the last byte in: a slow drip ends here.
        keep_ms: how old a connection opened ahead may be and still carry a request.
    """

    connect_ms: int = 5_000
    first_byte_ms: int = 10_000
    answer_ms: int = 15_000
    keep_ms: int = 3_000


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Attributes:
        status: HTTP status, 0 when there was none.
        body: the bytes as they came, at most 64 KiB.
        fault: "" when the reply is whole, else what went wrong after sending, in one fixed word.
    """

    status: int = 0
    body: bytes = b""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class _Message:
    """What is asked for; `headers` come beside our own, and in place of those of the same name."""

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


class _TooLargeError(Exception):
    """The reply is larger than its limit."""


class _Sending:
    """How far one request has come."""

    def __init__(
        self, about_to_send: AboutToSend | None, deadline: asyncio.Timeout, *, clock: Clock, limits: Limits
    ) -> None:
        self._about_to_send = about_to_send
        self._deadline = deadline
        self._clock = clock
        self._limits = limits
        self.may_have_left = False
        self.answered = False
        self.refused = False
        self.sent_wall_ms = 0
        self.sent_mono_ms = 0
        self._half_open: Any = None
        self._told_left: Callable[[], None] | None = None

    async def trace(self, event: str, info: dict[str, Any]) -> None:
        """Called by the HTTP library at each of its steps; raising at `_STARTED` sends nothing."""
        if event == _CONNECTED:
            self._half_open = info["return_value"]
        elif event == _ENCRYPTED:
            self._half_open = None
        elif event == _STARTED:
            await self._start()
        elif event == _LEFT and self._told_left is not None:
            self._told_left()
        elif event == _ANSWERED:
            self.answered = True

    async def let_go(self) -> None:
        """Close a connection whose handshake was broken off by a stop: the HTTP library forgets it."""
        if self._half_open is not None:
            await self._half_open.aclose()

    async def _start(self) -> None:
        if self.may_have_left:
            message = "a request is never sent twice"
            raise RuntimeError(message)
        if self._deadline.expired():
            raise TimeoutError
        self._deadline.reschedule(None)  # the journal takes the time that it needs
        if self._about_to_send is not None:
            try:
                self._told_left = await self._about_to_send()
            except BaseException:
                self.refused = True
                raise
        self.may_have_left = True
        self.sent_wall_ms, self.sent_mono_ms = self._clock.wall_ms(), self._clock.monotonic_ms()
        self._deadline.reschedule(asyncio.get_running_loop().time() + self._limits.answer_ms / 1000)


class Transport:
    """The connections to one gateway: those that charge and those that ask never share one."""

    def __init__(self, site: Site, *, clock: Clock, offset: ClockOffset, limits: Limits | None = None) -> None:
        self._site = site
        self._clock = clock
        self._offset = offset
        self._limits = limits or Limits()

    async def charge(
        self, path: str, body: bytes, about_to_send: AboutToSend, headers: Mapping[str, str] = _FORM
    ) -> Reply:
        """POST what may move money, on the connection opened ahead or a fresh one.

        Raises:
            NotSentError: no byte has left.
        """
        return await self._exchange(self._charging, _Message("POST", path, headers, body), about_to_send)

    async def ask(self, path: str, body: bytes, headers: Mapping[str, str] = _FORM) -> Reply:
        """POST a question.

        Raises:
            NotSentError: no byte has left.
        """
        return await self._exchange(self._asking, _Message("POST", path, headers, body), None)

    async def fetch(self, path: str, headers: Mapping[str, str]) -> Reply:
        """GET an answer.

        Raises:
            NotSentError: no byte has left.
        """
        return await self._exchange(self._asking, _Message("GET", path, headers), None)

    async def open_ahead(self) -> None:
        """Make a connection stand for the next `charge`, and measure the clock on the way. Never raises."""
        try:
            await self._exchange(self._charging, _Message("HEAD", "/", {}), None)
        except NotSentError:
            return

    async def close(self) -> None:
        """Close all connections."""
        for name in ("_charging", "_asking"):
            if name in self.__dict__:
                await getattr(self, name).aclose()

    # Made when first used: a till knows more gateways than it talks to.

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return strict_tls(self._site)

    @cached_property
    def _charging(self) -> httpx.AsyncHTTPTransport:
        return self._pool(self._tls)

    @cached_property
    def _asking(self) -> httpx.AsyncHTTPTransport:
        return self._pool(self._tls)

    def _pool(self, tls: ssl.SSLContext) -> httpx.AsyncHTTPTransport:
        """Bare connections: no cookies, no redirects, no proxy or CA from the environment, no retries."""
        return httpx.AsyncHTTPTransport(
            verify=tls,
            trust_env=False,
            http1=True,
            http2=False,
            retries=0,
            limits=httpx.Limits(
                max_connections=CONNECTIONS_MAX,
                max_keepalive_connections=CONNECTIONS_MAX,
                keepalive_expiry=self._limits.keep_ms / 1000,
            ),
        )

    async def _exchange(
        self, pool: httpx.AsyncHTTPTransport, message: _Message, about_to_send: AboutToSend | None
    ) -> Reply:
        if not self._site.allowed:
            raise NotSentError(NotSentCause.HOST_NOT_ALLOWED)
        deadline = asyncio.timeout(2 * self._limits.connect_ms / 1000)
        sending = _Sending(about_to_send, deadline, clock=self._clock, limits=self._limits)
        try:
            async with deadline:
                try:
                    return await self._send(pool, self._request(message, sending), sending)
                except asyncio.CancelledError:
                    await sending.let_go()
                    raise
        except Exception as error:
            if sending.refused:
                raise
            trouble = error
        # After the first byte nothing, not even a bug, may pass for "not sent".
        # And raised outside of the handler: the library's errors hold the request, and nothing shall carry it along.
        if sending.may_have_left:
            return Reply(fault=_fault_of(trouble, answered=sending.answered))
        if isinstance(trouble, (httpx.HTTPError, OSError)):
            raise NotSentError(cause_of(trouble, self._offset))
        raise trouble

    def _request(self, message: _Message, sending: _Sending) -> httpx.Request:
        headers = {"Accept": "application/json", "User-Agent": "pos-app", **message.headers}
        headers["Accept-Encoding"] = "identity"
        if message.method != "HEAD":
            # An answer that came twice must not be taken for the next one's: a connection carries one request.
            headers["Connection"] = "close"
        limits = self._limits
        timeouts = {
            "connect": limits.connect_ms / 1000,
            "read": limits.first_byte_ms / 1000,
            "write": limits.first_byte_ms / 1000,
            "pool": limits.connect_ms / 1000,
        }
        extensions = {"timeout": timeouts, "trace": sending.trace}
        url = self._site.url + message.path
        return httpx.Request(message.method, url, headers=headers, content=message.body, extensions=extensions)

    async def _send(self, pool: httpx.AsyncHTTPTransport, request: httpx.Request, sending: _Sending) -> Reply:
        response = await pool.handle_async_request(request)
        try:
            self._measure_clock(response, sending)
            if sum(len(name) + len(value) + 4 for name, value in response.headers.raw) > HEADERS_BYTES_MAX:
                raise _TooLargeError
            return Reply(response.status_code, await _body(response))
        finally:
            await response.aclose()

    def _measure_clock(self, response: httpx.Response, sending: _Sending) -> None:
        self._offset.measure(
            response.headers.get("date", ""),
            sent_wall_ms=sending.sent_wall_ms,
            round_trip_ms=self._clock.monotonic_ms() - sending.sent_mono_ms,
        )


async def _body(response: httpx.Response) -> bytes:
    """The body as it came, never unpacked.

    Raises:
        _TooLargeError: it is over 64 KiB; no more than that is ever read.
    """
    if response.status_code == _SWITCHING:
        return b""
    body = bytearray()
    stream = response.stream
    assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - for the type checker
    async for part in stream:
        body += part
        if len(body) > BODY_BYTES_MAX:
            raise _TooLargeError
    return bytes(body)


def _fault_of(error: Exception, *, answered: bool) -> str:
    """What went wrong after sending, in one word."""
    if isinstance(error, _TooLargeError) or "buffer too long" in str(error):
        return "too_large"
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return "timeout"
    if isinstance(error, httpx.RemoteProtocolError) and not answered and "disconnected" not in str(error):
        return "not_http"
    if isinstance(error, (httpx.NetworkError, httpx.RemoteProtocolError, OSError)):
        return "cut" if answered else "reset"
    return "broken"
