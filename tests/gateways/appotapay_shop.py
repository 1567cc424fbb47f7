"""What the tests of AppotaPay share: the account, orders, and clients of the built-in gateway."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pos_app.clock import MachineClock
from pos_app.gateways.appotapay.account import AppotaPayAccount
from pos_app.gateways.appotapay.pos_api import AppotaPayPos
from pos_app.gateways.appotapay.v1 import AppotaPayV1
from pos_app.gateways.appotapay.v2 import AppotaPayV2
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import Order, PayMethod
from pos_app.gateways.transport import Limits, Reply
from pos_app.gateways.trust import Site, built_in
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.refund import Refund
from pos_app.sandbox.server import Sandbox
from pos_app.vietnam_day import yymmdd

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "appotapay-vectors.json").read_text("utf-8"))
SECRET: str = VECTORS["account"]["secret"]
ACCOUNT = AppotaPayAccount(
    **VECTORS["account"],
    notify_url="https://shop.example/ipn",
    redirect_url="https://shop.example/back",
    terminal_id="TID-5094322012",
)
PRICE = 69_000
_running = itertools.count(1)
Client = TypeVar("Client", AppotaPayV1, AppotaPayV2, AppotaPayPos)


async def nothing() -> None:
    pass


def an_order(amount: int = PRICE) -> Order:
    now = MachineClock().wall_ms()
    return Order(f"{yymmdd(now)}_02-{next(_running):06}-k7qx", amount, now, "Tạp hóa Minh Anh 02-000148")


def a_refund(order: Order, zp_trans_id: str, amount: int) -> Refund:
    now = MachineClock().wall_ms()
    refund_id = f"{yymmdd(now)}_2553_02k7qx{next(_running):06}"
    return Refund(
        refund_id, "H-1", order.app_trans_id, zp_trans_id, amount, 2553, now, "an intent", "Khách trả lại hàng"
    )


def site_of(sandbox: Sandbox) -> Site:
    return built_in(urlsplit(sandbox.url).port or 0, sandbox.ca_pem)


def client_of(kind: type[Client], site: Site, account: AppotaPayAccount = ACCOUNT) -> Client:
    clock = MachineClock()
    limits = Limits(connect_ms=5_000, first_byte_ms=1_200, answer_ms=1_600)
    return kind(site, account, clock=clock, offset=ClockOffset(clock), limits=limits)


async def talk(
    kind: type[Client], sandbox: Sandbox, steps: Callable[[Client], Awaitable[None]],
    account: AppotaPayAccount = ACCOUNT,
) -> None:  # fmt: skip
    """Let a client of the built-in gateway do the steps."""
    client = client_of(kind, site_of(sandbox), account)
    try:
        await steps(client)
    finally:
        await client.close()


def outcome(kind: type[Client], sandbox: Sandbox, amount: int, method: PayMethod) -> tuple[Answer, Answer]:
    """What the creation of an order of that amount is answered with, and what a question about it."""
    answers: list[Answer] = []
    order = an_order(amount)

    async def steps(client: Client) -> None:
        made = await client.create(order, 900, method, nothing)
        if made.answer.meaning is not AnswerClass.PROCESSING:
            assert (made.qr_code, made.order_url) == ("", "")
        answers.extend([made.answer, await client.query(order.app_trans_id)])

    asyncio.run(talk(kind, sandbox, steps))
    return answers[0], answers[1]


async def pay(client: AppotaPayV1 | AppotaPayV2, sandbox: Sandbox, order: Order) -> str:
    """Let the order be made and paid; AppotaPay's number of it."""
    await client.create(order, 900, PayMethod.BANK_ATM, nothing)
    sandbox.pay_order(order.app_trans_id)
    return (await client.query(order.app_trans_id)).zp_trans_id


def reply_of(members: dict[str, Any] | list[Any] | str, status: int = 200) -> Reply:
    return Reply(status, json.dumps(members, ensure_ascii=False).encode())


def recorded(sandbox: Sandbox, order: Order) -> dict[str, Any]:
    (record,) = (one for one in sandbox.orders() if one["app_trans_id"] == order.app_trans_id)
    return record
