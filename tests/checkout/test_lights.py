"""The lights say what is so: the gateway's follows what the connection found, the printer's counts what is owed."""

import asyncio
import queue
import socket
import time
from dataclasses import replace
from pathlib import Path

from pos_app.checkout.events import Ready
from pos_app.checkout.views import Health, HealthView, Light, PaymentView
from pos_app.gateway_access import GatewayAccess, access_to
from pos_app.sandbox.server import Sandbox
from pos_app.settings import Settings
from pos_app.till import Till
from tests.checkout.scripted import World, counter, paid
from tests.checkout.test_slips import a_paid_one, at_nobodys_port, slips_of, to_files


def lights_of_a_start(folder: Path, access: GatewayAccess, *, then_amount: bool = False) -> list[Health]:
    """What the gateway's light shows, in order, until the till is ready and an amount was entered."""
    told: queue.SimpleQueue[object] = queue.SimpleQueue()
    till = Till(Settings(), folder, told.put, access=access, camera=False).start()
    try:
        if then_amount:
            till.amount_stands(1000)
            time.sleep(0.5)
    finally:
        till.stop()
    seen = [told.get() for _ in range(told.qsize())]
    assert any(isinstance(one, Ready) for one in seen)
    return [one.health for one in seen if isinstance(one, HealthView) and one.light is Light.GATEWAY]


def test_a_gateway_that_nobody_reaches_is_never_shown_as_well(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and never listening: every connection is refused
        with Sandbox() as sandbox:
            access = access_to(sandbox)
        dead = replace(access, url=f"https://127.0.0.1:{taken.getsockname()[1]}")
        assert lights_of_a_start(tmp_path, dead, then_amount=True) == [Health.BAD]


def test_a_gateway_that_answers_is_shown_as_well(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        assert lights_of_a_start(tmp_path, access_to(sandbox), then_amount=True) == [Health.OK]


async def another_paid_one(world: World) -> PaymentView:
    world.gateway.create = paid(number="zp2")
    world.gateway.queries[0] = paid(number="zp2")
    return await a_paid_one(world)


def test_the_printer_light_counts_until_each_slip_is_there(tmp_path: Path) -> None:
    async def run() -> None:
        async with counter(tmp_path / "data", paid(), paid()) as world:
            told: list[object] = []
            slips = slips_of(world, to_files(tmp_path / "slips"), told, tmp_path)
            first, second = await a_paid_one(world), await another_paid_one(world)
            await slips.owe([first.payment_id, second.payment_id])
            await slips.print(first)
            await slips.print(second)
            lights = [one for one in told if isinstance(one, HealthView)]
            assert [one.health for one in lights] == [Health.WARN, Health.WARN, Health.OK]
            assert [one.cause.vi for one in lights] == ["2 phiếu chưa in", "1 phiếu chưa in", ""]

    asyncio.run(run())


def test_a_slip_that_failed_is_owed(tmp_path: Path) -> None:
    async def run() -> None:
        async with counter(tmp_path / "data", paid(), paid()) as world:
            told: list[object] = []
            slips = slips_of(world, at_nobodys_port(), told, tmp_path)
            first, second = await a_paid_one(world), await another_paid_one(world)
            await slips.print(first)
            slips = slips_of(world, to_files(tmp_path / "slips"), told, tmp_path)
            await slips.print(second)
            lights = [one for one in told if isinstance(one, HealthView)]
            assert [one.health for one in lights] == [Health.BAD, Health.WARN], "one came out, the other still did not"
            await slips.print(first)
            assert isinstance(told[-2], HealthView)
            assert told[-2].health is Health.OK

    asyncio.run(run())
