"""A client of the v2 API as any shop might write it: http.client, and signatures from the documented formulas."""

import base64
import hashlib
import hmac
import http.client
import json
import ssl
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from pos_app.sandbox.server import Sandbox
from pos_app.vietnam_day import yymmdd

Members = dict[str, object]


class FixedClock:
    """A clock that moves only when told."""

    def __init__(self, now_ms: int = 1_782_600_000_000) -> None:
        self.now_ms = now_ms

    def wall_ms(self) -> int:
        return self.now_ms

    def monotonic_ms(self) -> int:
        return self.now_ms

    async def sleep(self, ms: int) -> None:
        raise NotImplementedError


def sign(key: str, *parts: object) -> str:
    return hmac.new(key.encode(), "|".join(map(str, parts)).encode(), hashlib.sha256).hexdigest()


def encrypt(public_key: str, code: str) -> str:
    key = load_der_public_key(base64.b64decode(public_key))
    assert isinstance(key, rsa.RSAPublicKey)
    return base64.b64encode(key.encrypt(code.encode(), padding.PKCS1v15())).decode()


class Shop:
    """One shop with one kept-alive connection to a built-in gateway."""

    def __init__(self, sandbox: Sandbox, *, timeout_s: float = 60) -> None:
        self.sandbox = sandbox
        self.clock = sandbox._clock
        self._count = 0
        address = urlsplit(sandbox.url)
        assert address.hostname
        self.connection: http.client.HTTPConnection
        if sandbox.ca_pem:
            trust = ssl.create_default_context(cadata=sandbox.ca_pem)
            self.connection = http.client.HTTPSConnection(
                address.hostname, address.port, timeout=timeout_s, context=trust
            )
        else:
            self.connection = http.client.HTTPConnection(address.hostname, address.port, timeout=timeout_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def new_id(self) -> str:
        self._count += 1
        return f"{yymmdd(self.clock.wall_ms())}_{self._count:06}"

    def payment(
        self, amount: int = 69_000, *, code: str | None = None, key: str | None = None, **other: object
    ) -> Members:
        """A right QuickPay request for a code of the demo wallet; `other` members are signed as they stand."""
        return self.signed({"amount": amount, **other}, code=code, key=key)

    def signed(self, other: Members, *, code: str | None = None, key: str | None = None) -> Members:
        """As `payment`, with any member given by name."""
        raw = code if code is not None else self.sandbox.customer.fresh_code()
        members: Members = {
            "app_id": self.sandbox.app_id,
            "app_trans_id": self.new_id(),
            "app_user": "quay-01",
            "amount": 69_000,
            "app_time": self.clock.wall_ms(),
            "embed_data": "{}",
            "item": "[]",
            "description": "Cà phê sữa đá",
            **other,
        }
        names = ("app_id", "app_trans_id", "app_user", "amount", "app_time", "embed_data", "item")
        members["mac"] = sign(key or self.sandbox.key1, *(members[name] for name in names), raw)
        members.setdefault("payment_code", encrypt(self.sandbox.public_key, raw))
        return members

    def question(self, app_trans_id: str) -> Members:
        app_id, key = self.sandbox.app_id, self.sandbox.key1
        return {"app_id": app_id, "app_trans_id": app_trans_id, "mac": sign(key, app_id, app_trans_id, key)}

    def order(self, amount: int = 69_000, **other: object) -> Members:
        """A right request for an order to show; `other` members are signed as they stand."""
        members: Members = {
            "app_id": self.sandbox.app_id,
            "app_trans_id": self.new_id(),
            "app_user": "quay-01",
            "amount": amount,
            "app_time": self.clock.wall_ms(),
            "embed_data": "{}",
            "item": "[]",
            "description": "Hai tô phở",
            **other,
        }
        names = ("app_id", "app_trans_id", "app_user", "amount", "app_time", "embed_data", "item")
        return {**members, "mac": sign(self.sandbox.key1, *(members[name] for name in names))}

    def new_refund_id(self) -> str:
        self._count += 1
        return f"{yymmdd(self.clock.wall_ms())}_{self.sandbox.app_id}_{self._count:010}"

    def refund_of(self, paid: Members, amount: int, **other: object) -> Members:
        """A right refund request for what an answer says was paid; `other` members are signed as they stand."""
        members: Members = {
            "app_id": self.sandbox.app_id,
            "m_refund_id": self.new_refund_id(),
            "zp_trans_id": str(paid["zp_trans_id"]),
            "amount": amount,
            "timestamp": self.clock.wall_ms(),
            "description": "Khách trả lại hàng",
            **other,
        }
        names = ["app_id", "zp_trans_id", "amount", "description", "timestamp"]
        if "refund_fee_amount" in members:
            names.insert(3, "refund_fee_amount")
        return {**members, "mac": sign(self.sandbox.key1, *(members[name] for name in names))}

    def refund_question(self, m_refund_id: object, **other: object) -> Members:
        members: Members = {
            "app_id": self.sandbox.app_id, "m_refund_id": m_refund_id, "timestamp": self.clock.wall_ms(), **other,
        }  # fmt: skip
        signed = (members[name] for name in ("app_id", "m_refund_id", "timestamp"))
        return {**members, "mac": sign(self.sandbox.key1, *signed)}

    def raw(self, method: str, path: str, body: bytes | str = b"", **headers: str) -> tuple[int, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, path, body, named)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def post(self, path: str, members: Members, *, form: bool = False) -> Members:
        if form:
            body, kind = urlencode(members), "application/x-www-form-urlencoded"
        else:
            body, kind = json.dumps(members), "application/json; charset=utf-8"
        status, answer = self.raw("POST", path, body, Content_Type=kind)
        assert status == 200
        told = json.loads(answer)
        assert isinstance(told, dict)
        return told

    def pay(self, members: Members, *, form: bool = False) -> Members:
        return self.post("/v2/quick_pay", members, form=form)

    def ask(self, app_trans_id: object) -> Members:
        assert isinstance(app_trans_id, str)
        return self.post("/v2/query", self.question(app_trans_id))

    def create(self, members: Members, *, form: bool = False) -> Members:
        return self.post("/v2/create", members, form=form)

    def refund(self, members: Members, *, form: bool = False) -> Members:
        return self.post("/v2/refund", members, form=form)

    def ask_refund(self, m_refund_id: object) -> Members:
        return self.post("/v2/query_refund", self.refund_question(m_refund_id))


def said(answer: Members) -> tuple[object, object]:
    """What an answer about a refund or a creation says: return_code, sub_return_code."""
    return answer["return_code"], answer["sub_return_code"]


def verdict(answer: Members) -> tuple[object, object, object]:
    """What an answer says, without its numbers: return_code, sub_return_code, is_processing."""
    return answer["return_code"], answer["sub_return_code"], answer["is_processing"]


PAID = (1, 1, False)
PROCESSING = (3, 3, True)


def failed(code: int) -> tuple[int, int, bool]:
    return 2, code, False
