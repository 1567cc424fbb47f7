"""The lights say what is so: the gateway's follows what the connection found, the printer's counts what is owed."""

import asyncio
import queue
import socket
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pos_app.checkout.events import Ready
from pos_app.checkout.lights import (
    FORGET_AFTER_MS,
    SLOW,
    SLOW_REMEDY,
    UNREACHED,
    UNREACHED_REMEDY,
    AnswerCount,
    GatewayLight,
    LitGateway,
)
from pos_app.checkout.views import Health, HealthView, Light, PaymentView
from pos_app.gateway_access import GatewayAccess, access_to
from pos_app.gateways.gateway import PayMethod
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.gateway_names import brand
from pos_app.sandbox.server import Sandbox
from pos_app.settings import Settings
from pos_app.till import Till
from tests.checkout.scripted import HandClock, ScriptedGateway, World, counter, paid
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


# Several gateways, one light


class Spoken:
    """What the light told, and a clock for it."""

    def __init__(self) -> None:
        self.ms = 0
        self.told: list[HealthView] = []
        self.light = GatewayLight(self.told.append, lambda: self.ms)

    @property
    def now(self) -> tuple[str, Health]:
        return self.told[-1].who.vi, self.told[-1].health


def test_of_several_gateways_the_worst_is_shown_by_its_name() -> None:
    spoken = Spoken()
    spoken.light.show("zalopay_v2", Health.OK)
    spoken.light.show("appotapay_v1", Health.WARN, SLOW, SLOW_REMEDY)
    assert spoken.now == ("AppotaPay", Health.WARN)
    assert spoken.told[-1].remedy.en == "AppotaPay answers slowly. Wait, do not scan again."
    spoken.light.show("zalopay_v2", Health.OK)
    assert spoken.now == ("AppotaPay", Health.WARN), "another's health is not its own"
    spoken.light.show("demo", Health.BAD, UNREACHED, UNREACHED_REMEDY)
    assert spoken.now == ("ZaloPay", Health.BAD)
    spoken.light.show("zalopay_v1", Health.OK)
    assert spoken.now == ("AppotaPay", Health.WARN)
    spoken.light.show("appotapay_v1", Health.OK)
    assert spoken.now == ("ZaloPay", Health.OK)
    assert len(spoken.told) == 5, "told when it changes, and then only"


def test_trouble_that_nobody_has_met_again_does_not_stay_for_ever() -> None:
    spoken = Spoken()
    spoken.light.show("zalopay_v2", Health.OK)
    spoken.light.show("appotapay_v1", Health.BAD, UNREACHED, UNREACHED_REMEDY)
    spoken.ms = FORGET_AFTER_MS - 1
    spoken.light.show("zalopay_v2", Health.OK)
    assert spoken.now == ("AppotaPay", Health.BAD)
    spoken.ms = FORGET_AFTER_MS
    spoken.light.show("zalopay_v2", Health.OK)
    assert spoken.now == ("ZaloPay", Health.OK)


@pytest.mark.parametrize(
    ("gateway", "answer", "cause"),
    [
        ("zalopay_v2", Answer(AnswerClass.UNUSABLE, fault="timeout"), "ZaloPay chưa trả lời"),
        ("demo_appotapay_v1", Answer(AnswerClass.UNUSABLE, fault="timeout"), "AppotaPay chưa trả lời"),
        ("zalopay_v2", Answer(AnswerClass.REFUSED, 2, -402), "Khóa ZaloPay chưa đúng"),
        ("appotapay_v2", Answer(AnswerClass.REFUSED, 11), "AppotaPay chưa biết tiệm này"),
    ],
)
def test_the_light_says_whose_trouble_it_is_and_what(gateway: str, answer: Answer, cause: str) -> None:
    spoken = Spoken()

    class Troubled(ScriptedGateway):
        async def query(self, app_trans_id: str) -> Answer:
            return answer

    troubled: Any = Troubled([], None)
    lit = LitGateway(gateway, troubled, spoken.light, lambda: 0, AnswerCount(HandClock()))
    assert asyncio.run(lit.query("261121_1")) is answer
    assert spoken.now == (brand(gateway).vi, Health.BAD)
    assert spoken.told[-1].cause.vi == cause
    assert brand(gateway).en in spoken.told[-1].remedy.en


def test_each_gateway_of_the_till_has_a_part_in_the_light(tmp_path: Path) -> None:
    """AppotaPay does not answer while ZaloPay does: the head names AppotaPay."""
    told: queue.SimpleQueue[object] = queue.SimpleQueue()
    with Sandbox() as sandbox:
        till = Till(Settings(), tmp_path, told.put, access=access_to(sandbox), camera=False).start()
        try:
            sandbox.arm("appota_answer_cut")
            till.show(amount=50_000, note="", method=PayMethod.BANK_CARD)
            while True:
                one = told.get(timeout=20)
                if isinstance(one, HealthView) and one.light is Light.GATEWAY and one.health is not Health.OK:
                    break
            assert one.who.vi == "AppotaPay"
        finally:
            till.stop()


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
