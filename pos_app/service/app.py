"""The addresses that gateways and customers' browsers come to, and what each is answered.

A notification is acknowledged only after `take` has made it durable. What a customer's page shows is what `ask` got
from the gateway itself, never what the address of the page claims. No message, key or trouble is answered or logged.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from pos_app.clock import Clock
from pos_app.gateways.appotapay import notifications as appotapay
from pos_app.gateways.notification import Notification, Redirect, Rejected, Taken
from pos_app.gateways.zalopay import notifications as zalopay
from pos_app.gateways.zalopay.requests import CALLBACK_PATH, REDIRECT_PATH
from pos_app.service.accounts import Accounts, AppotaPayListener, ZaloPayListener
from pos_app.service.counts import PAGES, TROUBLE, Counters, Refused
from pos_app.service.limits import Gate, Limits, Sources
from pos_app.service.page import PAGE_HEADERS, PageFacts, PageState, page, page_about_nothing

log = logging.getLogger(__name__)

Take = Callable[[Notification], Awaitable[Taken]]
Ask = Callable[[str], Awaitable[PageFacts]]
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_TAKING_MAX = 64
"""Notifications that are being stored for longer than their gateway waits."""


@dataclass(frozen=True, slots=True)
class _Answers:
    """What a gateway wants to hear."""

    stored: Response
    again: Response
    wrong: Response


def _zalopay_answers(code: str, message: str) -> _Answers:
    """ZaloPay reads a code, always under HTTP 200. Codes that ask for a refund or mean nothing are never sent."""

    def say(number: int, words: str) -> Response:
        return Response(json.dumps({code: number, message: words}), 200, _HEADERS, "application/json")

    return _Answers(stored=say(1, "success"), again=say(0, "try again"), wrong=say(2, "invalid"))


def _appotapay_answers() -> _Answers:
    """AppotaPay reads the HTTP status."""
    ok = Response('{"status":"ok"}', 200, _HEADERS, "application/json")
    return _Answers(
        stored=ok, again=Response(status_code=500, headers=_HEADERS), wrong=Response(status_code=400, headers=_HEADERS)
    )


def notification_app(  # noqa: PLR0913 - what can be chosen, by keyword
    accounts: Accounts,
    take: Take,
    ask: Ask,
    *,
    counters: Counters,
    clock: Clock,
    store: str = "",
    limits: Limits | None = None,
) -> Starlette:
    """The whole app.

    Args:
        accounts: whose messages are listened to.
        take: makes a verified notification durable, and may be called for the same one again and again. It runs to its
            end even when the gateway has stopped waiting. Raising means: not stored.
        ask: how an order is, by the gateway's own word; gets the order's id. Cancelled when it takes too long.
        counters: counts what happens.
        clock: for the limits.
        store: the shop's name, on the customer's page.
        limits: what is let in.
    """
    limits = limits or Limits()
    desk = _Listener(take, ask, counters, store, limits)
    gate = Middleware(Gate, limits, Sources(limits, clock), counters)
    nothing = {404: _nothing, 405: _nothing, 500: _nothing}
    app = Starlette(routes=_routes(accounts, desk), middleware=[gate], exception_handlers=nothing)
    app.router.redirect_slashes = False
    return app


async def _nothing(_request: Request, error: Exception) -> Response:
    """No words about what went wrong."""
    return Response(status_code=getattr(error, "status_code", 500), headers=_HEADERS)


def _routes(accounts: Accounts, desk: "_Listener") -> list[Route]:
    routes = []
    if accounts.zalopay:
        routes += _zalopay_routes(accounts.zalopay, desk)
    if accounts.appotapay:
        routes += _appotapay_routes(accounts.appotapay, desk)
    return routes


def _zalopay_routes(ours: ZaloPayListener, desk: "_Listener") -> list[Route]:
    keys, app_ids = ours.accepted, ours.app_ids

    async def v2(request: Request) -> Response:
        answers = _zalopay_answers("return_code", "return_message")
        return await desk.hear(request, lambda body: zalopay.read_callback(body, keys(), app_ids), answers)

    async def v1(request: Request) -> Response:
        answers = _zalopay_answers("returncode", "returnmessage")
        return await desk.hear(request, lambda body: zalopay.read_callback(body, keys(), app_ids, zalopay.V1), answers)

    async def back(request: Request) -> Response:
        return await desk.show(request, lambda query: zalopay.read_redirect(query, keys(), app_ids))

    return [
        Route(CALLBACK_PATH, v2, methods=["POST"]),
        Route("/zalopay/v1/callback", v1, methods=["POST"]),
        Route(REDIRECT_PATH, back, methods=["GET"]),
    ]


def _appotapay_routes(ours: AppotaPayListener, desk: "_Listener") -> list[Route]:
    secrets, partner = ours.accepted, ours.partner_code

    async def v1(request: Request) -> Response:
        return await desk.hear(
            request, lambda body: appotapay.read_ipn_v1(body, secrets(), partner), _appotapay_answers()
        )

    async def v2(request: Request) -> Response:
        return await desk.hear(
            request, lambda body: appotapay.read_ipn_v2(body, secrets(), partner), _appotapay_answers()
        )

    async def pos(request: Request) -> Response:
        return await desk.hear(request, lambda body: appotapay.read_ipn_pos(body, secrets()), _appotapay_answers())

    async def back(request: Request) -> Response:
        return await desk.show(request, lambda query: appotapay.read_redirect(query, secrets(), partner))

    return [
        Route("/appotapay/v1/ipn", v1, methods=["POST"]),
        Route("/appotapay/v2/ipn", v2, methods=["POST"]),
        Route("/appotapay/pos/ipn", pos, methods=["POST"]),
        Route("/appotapay/redirect", back, methods=["GET"]),
    ]


class _Listener:
    """What is done with each message."""

    def __init__(self, take: Take, ask: Ask, counters: Counters, store: str, limits: Limits) -> None:
        self._take = take
        self._ask = ask
        self._counters = counters
        self._store = store
        self._limits = limits
        self._one_at_a_time = asyncio.Lock()
        self._taking: set[asyncio.Future[Taken]] = set()

    async def hear(
        self, request: Request, read: Callable[[bytes], Notification | Rejected], answers: _Answers
    ) -> Response:
        """A gateway tells something: verify it, make it durable, and only then say so."""
        try:
            body = await self._body(request)
        except ClientDisconnect:
            self._counters.add(Refused.CUT_OFF)
            return Response(status_code=408)
        if body is None:
            self._counters.add(Refused.TOO_LARGE)
            return Response(status_code=413)
        async with self._one_at_a_time:
            told = read(body)
            await asyncio.sleep(0)  # a flood of bodies that are hard to read must leave the till its turn after each
        if isinstance(told, Rejected):
            self._counters.add(told)
            return answers.wrong
        taken = await self._taken(told)
        self._counters.add(taken or TROUBLE)
        return answers.stored if taken else answers.again

    async def _body(self, request: Request) -> bytes | None:
        """The body, None as soon as it is known to be too large, whatever length it claims."""
        claimed = request.headers.get("content-length", "0")
        if claimed.isdecimal() and int(claimed[:20]) > self._limits.body_bytes:
            return None
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > self._limits.body_bytes:
                return None
        return bytes(body)

    async def _taken(self, told: Notification) -> Taken | None:
        """What became of it; None when it is not known to be stored. Storing is never broken off halfway."""
        if len(self._taking) >= _TAKING_MAX:
            return None
        taking = asyncio.ensure_future(self._take(told))
        self._taking.add(taking)
        taking.add_done_callback(self._taking.discard)
        taking.add_done_callback(_note_trouble)
        await asyncio.wait((taking,), timeout=self._limits.take_s)
        if not taking.done() or taking.cancelled() or taking.exception() is not None:
            return None
        return taking.result()

    async def show(self, request: Request, read: Callable[[str], Redirect | Rejected]) -> Response:
        """A customer comes back from the gateway: show how the order is."""
        came = read(request.scope["query_string"].decode("latin-1"))
        if isinstance(came, Rejected):
            self._counters.add(came)
            return Response(page_about_nothing(), 400, PAGE_HEADERS, "text/html")
        self._counters.add(PAGES)
        facts = PageFacts(PageState.NOT_KNOWN)
        try:
            async with asyncio.timeout(self._limits.ask_s):
                facts = await self._ask(came.app_trans_id)
        except Exception as error:  # noqa: BLE001 - whatever it was, the customer is told that it is not known yet
            log.warning("how an order is could not be found out: %s", type(error).__name__)
        return Response(page(came.app_trans_id, facts, self._store), 200, PAGE_HEADERS, "text/html")


def _note_trouble(taking: asyncio.Future[Taken]) -> None:
    if not taking.cancelled() and (error := taking.exception()) is not None:
        log.error("a notification could not be stored: %s", type(error).__name__)
