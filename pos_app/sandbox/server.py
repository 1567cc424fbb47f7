"""The servers of the built-in gateway: its API over TLS on loopback, the phone's page beside it.

Both run on one asyncio loop in a thread of their own. What the API means stands in `zalopay`.
"""

import asyncio
import contextlib
import json
import random
import secrets
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from types import TracebackType
from typing import Self

from pos_app.clock import Clock, MachineClock
from pos_app.sandbox.answers import Reply
from pos_app.sandbox.appotapay import PAGE, AppotaPay
from pos_app.sandbox.appotapay_faults import PREFIX
from pos_app.sandbox.appotapay_notices import Notice, post_notice
from pos_app.sandbox.callbacks import Posting, post
from pos_app.sandbox.certificate import server_tls
from pos_app.sandbox.customer import Customer
from pos_app.sandbox.payment_key import PaymentKey
from pos_app.sandbox.phone import Phone
from pos_app.sandbox.requests import APP_ID, KEY1, KEY2, Fields, read_fields
from pos_app.sandbox.scenario import Wire
from pos_app.sandbox.wire import (
    HEAD_SIZE_MAX,
    BadRequestError,
    Request,
    Response,
    json_response,
    misbehave,
    read_request,
    send_plain,
)
from pos_app.sandbox.zalopay import ZaloPay
from pos_app.sandbox.zalopay_v1 import ZaloPayV1

LOOPBACK = "127.0.0.1"
_CALLBACKS_EVERY_S = 0.1
_TROUBLE = (ConnectionError, asyncio.IncompleteReadError, TimeoutError, ssl.SSLError)

Route = Callable[[Request], Response | Reply]


class Sandbox:
    """The built-in gateway. Start it, point a client at `url`, show codes of `customer`.

    Args:
        port: of the API; 0 takes a free one.
        tls: serve the API over TLS with a certificate made at start.
        lan: let phones on the shop's network open the demo wallet. The API stays on loopback.
        clock: its wall clock is the gateway's.
        seed: fixes codes and numbers, for tests.

    Attributes:
        customer: the demo wallet.
        gateway: the order book.
        appotapay: AppotaPay's, beside it.
        ca_pem: the authority to trust for `url`, "" without TLS.
    """

    def __init__(
        self, port: int = 0, *, tls: bool = True, lan: bool = False, clock: Clock | None = None,
        seed: int | None = None,
    ) -> None:  # fmt: skip
        self._clock = clock or MachineClock()
        chance = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311 - a seed is for tests
        self.customer = Customer(clock=self._clock, random=chance)
        self.gateway = ZaloPay(clock=self._clock, random=chance, customer=self.customer, key=PaymentKey())
        self.appotapay = AppotaPay(clock=self._clock, random=chance, phone_url=lambda: self.phone_url)
        self._tls: ssl.SSLContext | None = None
        self.ca_pem = ""
        if tls:
            self._tls, self.ca_pem = server_tls()
        self._lan = lan
        self._phone = Phone(self.customer, self.gateway, self.appotapay)
        self._phone_path = f"/phone-{secrets.token_hex(4)}" if lan else "/phone"
        self._phone_host = _lan_address() if lan else LOOPBACK
        self._port, self._phone_port = port, 0
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._talks: set[asyncio.Task[None]] = set()
        self._routes: dict[tuple[str, str], Route] = {
            ("POST", "/v2/quick_pay"): lambda request: self._call(self.gateway.quick_pay, request),
            ("POST", "/v2/create"): lambda request: self._call(self.gateway.create, request),
            ("POST", "/v2/query"): lambda request: self._call(self.gateway.query, request),
            ("POST", "/v2/cancel"): lambda request: self._call(self.gateway.cancel, request),
            ("POST", "/v2/refund"): lambda request: self._call(self.gateway.refund, request),
            ("POST", "/v2/query_refund"): lambda request: self._call(self.gateway.query_refund, request),
            ("POST", "/api/getlistmerchantbanks"): lambda request: self._call(
                self.gateway.banks, request, json_too=False
            ),
            **{
                ("POST", path): partial(self._call, call, json_too=False)
                for path, call in ZaloPayV1(self.gateway).calls.items()
            },
            ("POST", "/v2/agreement/bind"): lambda request: self._call(self.gateway.bind, request),
            ("POST", "/v2/agreement/query"): lambda request: self._call(self.gateway.query_binding, request),
            ("POST", "/v2/agreement/balance"): lambda request: self._call(self.gateway.balance, request),
            ("POST", "/v2/agreement/pay"): lambda request: self._call(self.gateway.pay_by_token, request),
            ("POST", "/v2/agreement/query_user"): lambda request: self._call(self.gateway.query_user, request),
            ("POST", "/v2/agreement/unbind"): lambda request: self._call(self.gateway.unbind, request),
            ("GET", "/sandbox/orders"): lambda _request: json_response({"orders": self.orders()}),
            ("GET", "/sandbox/about"): lambda _request: json_response(self.credentials()),
            ("POST", "/sandbox/scenario"): self._armed,
            ("POST", "/sandbox/pay_later"): lambda request: self._paid(self.pay_later, request),
            ("POST", "/sandbox/pay-order"): lambda request: self._paid(self.pay_order, request),
            ("POST", "/sandbox/confirm-binding"): lambda request: self._paid(self.confirm_binding, request),
        }

    # What a user of it needs to know

    app_id = APP_ID
    key1 = KEY1
    key2 = KEY2

    @property
    def url(self) -> str:
        """Where the API is, to put in place of the real host."""
        return f"{'https' if self._tls else 'http'}://{LOOPBACK}:{self._port}"

    @property
    def phone_url(self) -> str:
        """Where any browser opens the demo wallet; its `/code` gives payment codes as JSON."""
        return f"http://{self._phone_host}:{self._phone_port}{self._phone_path}"

    @property
    def public_key(self) -> str:
        """The key to encrypt payment codes with: bare base64 of an X.509 SPKI."""
        return self.gateway.key.public_key

    def credentials(self) -> dict[str, object]:
        """All a client needs to use this gateway. Published demo keys, no secret."""
        return {
            "url": self.url, "phone_url": self.phone_url, "app_id": APP_ID, "key1": KEY1, "key2": KEY2,
            "public_key": self.public_key, "ca_pem": self.ca_pem, "appotapay": self.appotapay.credentials(),
        }  # fmt: skip

    # What tests and demos do

    def arm(self, name: str, *, seconds: float | None = None, times: int = 1, on: str = "create") -> None:
        """Let the next `times` orders or refunds, or with `on` answers to queries, follow a scenario: `ZaloPay.arm`.

        Raises:
            ValueError: no such scenario.
        """
        wait_ms = None if seconds is None else round(seconds * 1000)
        arm = self.appotapay.arm if name.startswith(PREFIX) else self.gateway.arm
        arm(name, wait_ms=wait_ms, times=times, on=on)

    def orders(self) -> list[dict[str, object]]:
        """The gateway's own record, oldest first."""
        return self.gateway.record() + self.appotapay.record()

    def pay_later(self, app_trans_id: str) -> bool:
        """Make an order paid, whatever was answered before. False when it is unknown or paid already."""
        return self.gateway.pay_later(app_trans_id) or self.appotapay.pay_later(app_trans_id)

    def pay_order(self, app_trans_id: str) -> bool:
        """Pay a shown order as its customer. False when it is unknown, has ended, or the wallet holds too little."""
        return self.gateway.pay_order(app_trans_id) or self.appotapay.pay_order(app_trans_id)

    def confirm_binding(self, app_trans_id: str) -> bool:
        """Agree to a wish to bind as its customer. False when no such wish waits."""
        return self.gateway.answer_binding(app_trans_id, confirmed=True)

    # Life

    def start(self) -> Self:
        """Serve; returns when both servers listen.

        Raises:
            OSError: the port is taken.
        """
        sockets = (_listening(LOOPBACK, self._port), _listening("0.0.0.0" if self._lan else LOOPBACK, 0))  # noqa: S104 - asked for
        self._port, self._phone_port = (listening.getsockname()[1] for listening in sockets)
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(sockets, ready)), name="sandbox", daemon=True
        )
        self._thread.start()
        ready.wait()
        return self

    def stop(self) -> None:
        """Cut every connection and end."""
        if self._thread is None or self._loop is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._thread = self._loop = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def _serve(self, sockets: tuple[socket.socket, socket.socket], ready: threading.Event) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        gateway = await asyncio.start_server(
            self._talker(self._gateway_answer), sock=sockets[0], ssl=self._tls, limit=HEAD_SIZE_MAX
        )
        phone = await asyncio.start_server(self._talker(self._phone_answer), sock=sockets[1], limit=HEAD_SIZE_MAX)
        async with gateway, phone, asyncio.TaskGroup() as tasks:
            calling = tasks.create_task(self._call_back())
            ready.set()
            await self._stopping.wait()
            calling.cancel()
            for talk in self._talks:
                talk.cancel()
            await asyncio.gather(*self._talks, return_exceptions=True)

    async def _call_back(self) -> None:
        """Post callbacks as they become due, each beside the others."""
        async with asyncio.TaskGroup() as posts:
            while True:
                for posting in self.gateway.callbacks_due():
                    posts.create_task(self._post(posting))
                for notice in self.appotapay.notices_due():
                    posts.create_task(self._notify(notice))
                await asyncio.sleep(_CALLBACKS_EVERY_S)

    async def _notify(self, notice: Notice) -> None:
        self.appotapay.notice_answered(notice, taken=await post_notice(notice))

    async def _post(self, posting: Posting) -> None:
        self.gateway.callback_answered(posting, await post(posting))

    # Connections

    def _talker(self, answer: Route) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            if task is not None:
                self._talks.add(task)
                task.add_done_callback(self._talks.discard)
            try:
                while await self._one_answer(reader, writer, answer):
                    pass
                writer.close()
                await writer.wait_closed()
            except _TROUBLE:
                pass  # the client went away, or we cut it off
            except asyncio.CancelledError:
                if not self._stopping.is_set():
                    raise
            finally:
                writer.transport.abort()

        return talk

    async def _one_answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Route) -> bool:
        try:
            request = await read_request(reader)
            if request is None:
                return False
            keeps_alive, head_only, reply = request.keeps_alive, request.method == "HEAD", answer(request)
        except BadRequestError as bad:
            keeps_alive, head_only, reply = False, False, json_response({"error": "bad request"}, status=bad.status)
        now_ms = self._clock.wall_ms()
        if isinstance(reply, Reply):
            if reply.wire is not Wire.PLAIN:
                await misbehave(reader, writer, reply.body, reply.wire, wait_ms=reply.wait_ms, now_ms=now_ms)
                return False
            reply = json_response(reply.body)
        return await send_plain(writer, reply, now_ms=now_ms, keeps_alive=keeps_alive, head_only=head_only)

    # Routes

    def _gateway_answer(self, request: Request) -> Response | Reply:
        path = request.url.path
        if path.startswith("/sandbox/") and not self._is_ours(request):
            return json_response({"error": "not from here"}, status=403)
        route = self._routes.get((request.method, path))
        if route:
            return route(request)
        if self.appotapay.serves(request):
            return self.appotapay.answer(request)
        known = any(path == known_path for _, known_path in self._routes)
        return json_response({"error": "not found"}, status=405 if known else 404)

    def _phone_answer(self, request: Request) -> Response:
        path = request.url.path
        if not self._is_ours(request):
            return json_response({"error": "not from here"}, status=403)
        if path != self._phone_path and not path.startswith(f"{self._phone_path}/"):
            return json_response({"error": "not found"}, status=404)
        if path == f"{self._phone_path}{PAGE}" and request.method in ("GET", "POST"):
            return self.appotapay.page(request)
        return self._phone.answer(path.removeprefix(self._phone_path), request)

    def _is_ours(self, request: Request) -> bool:
        """Whether the client meant this server, so that no other web page can press its buttons."""
        ports = (self._port, self._phone_port)
        hosts = {f"{host}:{port}" for host in (LOOPBACK, "localhost", self._phone_host) for port in ports}
        origin = request.headers.get("origin", "")
        return request.headers.get("host") in hosts and (not origin or origin.partition("://")[2] in hosts)

    def _call(
        self, call: Callable[[Fields], Reply], request: Request, *, json_too: bool = True
    ) -> Response | Reply:  # fmt: skip
        kind = request.headers.get("content-type", "") if json_too else ""
        try:
            fields = read_fields(kind, request.body, request.url.query)
        except (ValueError, RecursionError):
            fields = {}  # every call then lacks its first member: -401
        return call(fields)

    def _armed(self, request: Request) -> Response:
        try:
            asked = json.loads(request.body)
            self.arm(
                str(asked["scenario"]), seconds=asked.get("seconds"), times=int(asked.get("times", 1)),
                on=str(asked.get("on", "create")),
            )  # fmt: skip
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            return json_response({"error": "no such scenario"}, status=400)
        return json_response({"armed": asked["scenario"]})

    def _paid(self, pay: Callable[[str], bool], request: Request) -> Response:
        with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
            if pay(str(json.loads(request.body)["app_trans_id"])):
                return json_response({"paid": True})
        return json_response({"error": "no such order"}, status=404)


def _listening(host: str, port: int) -> socket.socket:
    listening = socket.create_server((host, port))
    listening.settimeout(0)
    return listening


def _lan_address() -> str:
    """This machine's address on its network; loopback when there is none. Sends nothing."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return LOOPBACK
        return str(probe.getsockname()[0])
