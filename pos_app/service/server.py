"""The listening server, on the till's own loop: uvicorn without its signals, its log and its lifespan.

What the HTTP library leaves open is closed here: a connection carries one request, which must have come whole within
its time, and one source holds only so many.
"""

import asyncio
import errno
import logging
import socket
from typing import ClassVar

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from pos_app.words import Text

READ_S = 5
"""From the connection to the last byte of its request."""
ANSWER_S = 20
"""From there to the end of the answer."""
HEAD_BYTES_MAX = 16 * 1024
CONNECTIONS_MAX, PER_SOURCE_MAX = 128, 16
STOP_S = 2
"""How long a stop waits for what is being stored."""
_PORTS = range(65_536)
_PROXIES = ["127.0.0.1", "::1"]
"""Who may say for whom it asks: a proxy or tunnel on this machine."""


class ListenError(Exception):
    """The server cannot listen there; nothing runs."""

    title: ClassVar[Text] = Text("Không nhận được thông báo của cổng", "Notifications cannot be received")
    advice: ClassVar[Text] = Text(
        "Sửa địa chỉ và cổng nghe trong cài đặt. Máy vẫn thu tiền và tự hỏi kết quả.",
        "Correct the address and port in the settings. The till charges and asks for results all the same.",
    )


class PortTakenError(ListenError):
    """Another program listens there."""

    title = Text("Cổng nghe thông báo đang bận", "The port for notifications is taken")
    advice = Text(
        "Chọn cổng nghe khác, hoặc tắt chương trình đang dùng cổng đó. Máy vẫn thu tiền và tự hỏi kết quả.",
        "Choose another port, or close the program that uses it. The till charges and asks for results all the same.",
    )


class _Connection(H11Protocol):
    """One connection, for one request, within its time."""

    _end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See `asyncio.Protocol`."""
        super().connection_made(transport)
        host = self.host
        same = sum(isinstance(one, _Connection) and one.host == host for one in self.connections)
        if len(self.connections) > CONNECTIONS_MAX or same > PER_SOURCE_MAX:
            transport.abort()
            return
        self._end = self.loop.call_later(READ_S, self._read_by_now)

    @property
    def host(self) -> str:
        """Where it comes from."""
        return self.client[0] if self.client else ""

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        if self._end is not None:
            self._end.cancel()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """The server stops: a request that has not come whole will not be waited for."""
        if self._is_reading():
            self.transport.abort()
        else:
            super().shutdown()

    def _is_reading(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # None until the head has come
        return cycle is None or cycle.more_body

    def _read_by_now(self) -> None:
        if self._is_reading():
            self.transport.abort()
        else:
            self._end = self.loop.call_later(ANSWER_S, self.transport.abort)


class NotificationServer:
    """Serves the app on the loop that calls `start`.

    Args:
        app: see `notification_app`.
        host: an address of this machine.
        port: 0 takes a free one.
    """

    def __init__(self, app: Starlette, host: str = "127.0.0.1", port: int = 0) -> None:
        self._app = app
        self._host = host
        self.port = port
        self._server: uvicorn.Server | None = None
        self._listening: list[socket.socket] = []

    async def start(self) -> None:
        """Listen; `port` is then the one that it is.

        Raises:
            PortTakenError: another program listens there.
            ListenError: it is no address of this machine, or the system forbids it.
        """
        listening = _listen(self._host, self.port)
        config = uvicorn.Config(
            self._app,
            http=_Connection,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level=logging.CRITICAL + 1,  # it would put what it was sent onto standard error
            access_log=False,
            proxy_headers=True,
            forwarded_allow_ips=_PROXIES,
            server_header=False,
            date_header=False,
            backlog=CONNECTIONS_MAX,
            timeout_keep_alive=1,
            timeout_graceful_shutdown=STOP_S,
            h11_max_incomplete_event_size=HEAD_BYTES_MAX,
            workers=1,
        )
        server = uvicorn.Server(config)
        config.load()
        server.lifespan = config.lifespan_class(config)
        await server.startup(sockets=[listening])
        self._server, self._listening = server, [listening]
        self.port = listening.getsockname()[1]

    async def stop(self) -> None:
        """Listen no more; what is being stored is waited for, but not for long. Never raises for a second stop."""
        server, self._server = self._server, None
        if server is None:
            return
        await server.shutdown(sockets=self._listening)
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if port not in _PORTS:
        raise ListenError(f"{port} is no port")
    try:
        return socket.create_server((host, port), family=family, backlog=CONNECTIONS_MAX)
    except (OSError, UnicodeError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        raise (PortTakenError if taken else ListenError)(f"cannot listen on {host} port {port}") from None
