"""A gateway whose every byte a test chooses: the real TLS server of the gateway tests, in a thread of its own.

It has the names by which a `Counter` knows the built-in gateway, so that a whole till can be set at it. Its key and
its payment codes are unlike anything else in the world: what is found of them anywhere has leaked (T14).
"""

import asyncio
import json
import secrets
import ssl
import threading
from collections.abc import Callable
from typing import Self
from urllib.parse import parse_qsl

from tests.gateways.test_zalopay_v2 import PAIR
from tests.gateways.tls_server import Manners, Peer, Server, serve

AMOUNT = 50_000
NUMBER = "261122000004821"
QUICK_PAY, QUERY = "/v2/quick_pay", "/v2/query"
REFUND, QUERY_REFUND, CANCEL = "/v2/refund", "/v2/query_refund", "/v2/cancel"


def says(**members: object) -> Manners:
    """Answers 200 with this JSON object."""
    return says_bytes(json.dumps(members).encode())


def says_bytes(body: bytes, *, status: str = "200 OK", headers: str = "") -> Manners:
    async def answer(peer: Peer) -> None:
        await peer.answer(body, status=status, headers=headers)

    return answer


def raw(data: bytes, *, then_close: bool = True) -> Manners:
    """Sends exactly these bytes."""

    async def answer(peer: Peer) -> None:
        await peer.say(data)
        if then_close:
            peer.writer.close()

    return answer


def paid(amount: int = AMOUNT, number: str = NUMBER) -> Manners:
    return says(return_code=1, sub_return_code=1, is_processing=False, amount=amount, zp_trans_id=int(number))


def failed(code: int) -> Manners:
    return says(return_code=2, sub_return_code=code, is_processing=False, amount=0, zp_trans_id=0)


PROCESSING = says(return_code=3, sub_return_code=3, is_processing=True, amount=0, zp_trans_id=0)
NOT_FOUND = failed(-101)
REFUNDING = says(return_code=3, sub_return_code=2, refund_id=0)
CANCEL_TAKEN = says(return_code=1, sub_return_code=1)
REFUNDED = says(return_code=1, sub_return_code=1, refund_id=261122000000099)


async def silent(_: Peer) -> None:
    await asyncio.sleep(600)


async def hang_up(peer: Peer) -> None:
    peer.writer.close()


async def reset(peer: Peer) -> None:
    peer.reset()


class Held:
    """An answer that waits until the test lets it go."""

    def __init__(self, answer: Manners) -> None:
        self.asked, self._free, self._answer = threading.Event(), threading.Event(), answer

    async def __call__(self, peer: Peer) -> None:
        self.asked.set()
        while not self._free.is_set():
            await asyncio.sleep(0.005)
        await self._answer(peer)

    def let_go(self) -> None:
        self._free.set()


class Customer:
    """Gives out payment codes that no test gives out twice."""

    def __init__(self) -> None:
        self.codes: list[str] = []

    def fresh_code(self) -> str:
        self.codes.append(f"28{secrets.randbelow(10**16):016}")
        return self.codes[-1]


class ScriptedGateway:
    """Answers the charge with `create` and questions with `queries` in turn, the last for ever.

    Args:
        tls: how it shows itself.
        ca_pem: whom its clients believe.
        create: its manners for a charge.
        queries: its manners for questions; `says_now` changes them.
        ahead: its manners for the connection that is opened ahead.
    """

    app_id = 2553
    public_key: str = PAIR["public_spki_base64"]
    phone_url = ""

    def __init__(
        self, tls: ssl.SSLContext | None, ca_pem: str, create: Manners, *queries: Manners, ahead: Manners | None = None
    ) -> None:
        self.key1, self.key2 = (f"canary{secrets.token_hex(13)}" for _ in range(2))
        self.customer = Customer()
        self.ca_pem = ca_pem
        self.server = Server()
        self._tls = tls
        self._ahead = ahead or says()
        self._create, self._queries = create, list(queries) or [PROCESSING]
        self._refund, self._refund_queries = REFUNDING, [REFUNDING]
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scripted-gateway", daemon=True)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.server.port}"

    def credentials(self) -> dict[str, object]:
        """As the built-in gateway tells them."""
        appotapay = {"partner_code": "APPOTAPAY", "api_key": self.key1, "secret": self.key1, "terminal_id": "DEMO"}
        return {
            "url": self.url, "phone_url": self.phone_url, "app_id": self.app_id, "key1": self.key1, "key2": self.key2,
            "public_key": self.public_key, "ca_pem": self.ca_pem, "appotapay": appotapay,
        }  # fmt: skip

    def says_now(self, *queries: Manners) -> None:
        """From now on questions are answered so."""
        self._queries = list(queries)

    def refunds_say(self, refund: Manners, *queries: Manners) -> None:
        """From now on a refund is answered so, and questions about it."""
        self._refund, self._refund_queries = refund, list(queries) or [REFUNDING]

    def forms(self, path: str) -> list[dict[str, str]]:
        """What was posted there, in order."""
        begin = f"POST {path} ".encode()
        posted = [one.partition(b"\r\n\r\n")[2].decode() for one in self.server.requests if one.startswith(begin)]
        return [dict(parse_qsl(form, keep_blank_values=True)) for form in posted]

    @property
    def creates(self) -> list[str]:
        """The order ids of all charges that arrived."""
        return [form["app_trans_id"] for form in self.forms(QUICK_PAY)]

    @property
    def asked(self) -> int:
        return len(self.forms(QUERY))

    def orders(self) -> list[dict[str, object]]:
        """As the built-in gateway's record, as far as this one knows."""
        ids = self.creates
        return [{"app_trans_id": one, "creates": ids.count(one)} for one in dict.fromkeys(ids)]

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(60)
        self._loop.close()
        # whatever a test is about: no charge is ever sent twice
        assert len(self.creates) == len(set(self.creates))

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        async with serve(self._tls, self._answer) as server:
            self.server = server
            self._ready.set()
            await self._stopping.wait()

    async def _answer(self, peer: Peer) -> None:
        if peer.request.startswith(f"POST {QUICK_PAY} ".encode()):
            await self._create(peer)
        elif peer.request.startswith(f"POST {QUERY} ".encode()):
            await _next(self._queries)(peer)
        elif peer.request.startswith(f"POST {REFUND} ".encode()):
            await self._refund(peer)
        elif peer.request.startswith(f"POST {QUERY_REFUND} ".encode()):
            await _next(self._refund_queries)(peer)
        elif peer.request.startswith(f"POST {CANCEL} ".encode()):
            await CANCEL_TAKEN(peer)
        else:
            await self._ahead(peer)


def _next(lines: list[Manners]) -> Manners:
    return lines.pop(0) if len(lines) > 1 else lines[0]


MakeGateway = Callable[..., ScriptedGateway]
