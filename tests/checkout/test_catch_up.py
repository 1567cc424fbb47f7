"""An old backup is put back: what was paid after it is found again at the gateway, and nothing is believed unasked."""

import asyncio
from dataclasses import replace
from pathlib import Path

from pos_app.checkout.catch_up import NOBODYS_MAX
from pos_app.checkout.desk import Desk
from pos_app.checkout.views import ScanSource, Stage
from pos_app.journal.backup import back_up, restore
from pos_app.payments.answer import Answer
from pos_app.payments.payment import State
from pos_app.vietnam_day import day_bounds_ms, day_of
from tests.checkout.scripted import NEGATIVE, NOT_FOUND, PROCESSING, T0, UNUSABLE, World, paid, ways_of

PASSPHRASE = "mật khẩu của tiệm"
DAY_MS = 86_400_000


class Ledgered:
    """The queries of a gateway that knows its orders; everything else goes to the scripted one."""

    def __init__(self, world: World, known: dict[str, list[Answer]]) -> None:
        self.world = world
        self.known = known
        self.asked: list[str] = []
        self.known_refunds: dict[str, Answer] = {}
        self.refunds_asked: list[str] = []

    async def query(self, app_trans_id: str) -> Answer:
        self.asked.append(app_trans_id)
        lines = self.known.get(app_trans_id, [NOT_FOUND])
        return lines.pop(0) if len(lines) > 1 else lines[0]

    async def query_refund(self, m_refund_id: str) -> Answer:
        self.refunds_asked.append(m_refund_id)
        return self.known_refunds.get(m_refund_id, NOT_FOUND)

    def __getattr__(self, name: str) -> object:
        return getattr(self.world.gateway, name)


async def a_day_that_is_lost(tmp_path: Path) -> list[str]:
    """One payment before the backup, three after it; returns the four order ids."""
    world = World(tmp_path / "old", PROCESSING, paid())
    world.open()
    ids = []
    for number in range(4):
        world.gateway.queries.clear()
        world.gateway.queries.append(paid(number=f"zp{number}"))
        view = await world.charge()
        await world.clock.move(3_000)
        ids.append(view.payment_id)
        if number == 0:
            await backed_up(world, tmp_path)
    await put_back(world, tmp_path)
    return ids


async def backed_up(world: World, tmp_path: Path) -> None:
    await asyncio.to_thread(back_up, world.journal, tmp_path / "backup", PASSPHRASE, made_at_ms=world.clock.wall_ms())


async def put_back(world: World, tmp_path: Path) -> None:
    """The till ends, and its backup is put back into another folder."""
    await world.desk.stop()
    world.journal.close()
    await asyncio.to_thread(
        restore, tmp_path / "backup", PASSPHRASE, tmp_path / "new", now_ms=T0 + 60_000, entropy=b"other"
    )


def opened_again(tmp_path: Path, known: dict[str, list[Answer]], *, after_ms: int = 60_000) -> tuple[World, Ledgered]:
    world = World(tmp_path / "new")
    world.clock.now = after_ms
    gateway = Ledgered(world, known)
    world.gateway.orders.clear()
    world.open()
    world.desk = desk_of(world, gateway)
    return world, gateway


def desk_of(world: World, gateway: object) -> Desk:
    old = world.desk
    return Desk(
        ways=ways_of(gateway),
        journal=world.journal,
        clock=world.clock,
        now_ms=world.clock.wall_ms,
        shop=old._shop,
        tell=world._told,
        chance=lambda count: bytes([127]) * count,
    )


def test_what_was_paid_after_the_backup_is_found_again(tmp_path: Path) -> None:
    async def story() -> None:
        ids = await a_day_that_is_lost(tmp_path)
        known = {
            ids[1]: [paid(75_000, "zp1")],
            ids[2]: [replace(NEGATIVE, sub_return_code=-63)],
            ids[3]: [UNUSABLE, paid(20_000, "zp3")],
        }
        world, gateway = opened_again(tmp_path, known)
        await world.desk.recover()
        await world.clock.move(120_000)

        records = {one.attempt.app_trans_id: one for one in await asyncio.wrap_future(world.journal.recent(10))}
        assert set(records) == {ids[0], ids[1], ids[3]}
        assert [records[one].state for one in (ids[0], ids[1], ids[3])] == [State.PAID] * 3
        assert [records[one].attempt.amount for one in (ids[1], ids[3])] == [75_000, 20_000]
        assert records[ids[1]].attempt.source == ScanSource.RESTORED
        told = {view.payment_id: view for view in world.views}
        assert told[ids[1]].stage is Stage.PAID
        assert told[ids[1]].late, "news for the head counter"
        assert world.journal.restored_at_ms is None, "an ordinary journal from here on"
        assert (await asyncio.wrap_future(world.journal.verify())).ok
        assert len(set(gateway.asked)) >= 3 + NOBODYS_MAX
        await world.desk.stop()
        world.journal.close()

    asyncio.run(story())


def test_without_a_network_it_is_not_caught_up_and_the_next_start_goes_on(tmp_path: Path) -> None:
    async def story() -> None:
        ids = await a_day_that_is_lost(tmp_path)

        class Dead(dict[str, list[Answer]]):
            def get(self, _key: str, _default: object = None) -> list[Answer]:
                return [UNUSABLE]

        world, _ = opened_again(tmp_path, Dead())
        await world.desk.recover()
        await world.clock.move(600_000)
        assert world.journal.restored_at_ms is not None
        await world.desk.stop()
        world.journal.close()

        world, _ = opened_again(tmp_path, {ids[2]: [paid(50_000, "zp2")]}, after_ms=700_000)
        await world.desk.recover()
        await world.clock.move(60_000)
        assert world.journal.restored_at_ms is None
        found = [one.attempt.app_trans_id for one in await asyncio.wrap_future(world.journal.recent(10))]
        assert set(found) == {ids[0], ids[2]}
        await world.desk.stop()
        world.journal.close()

    asyncio.run(story())


def test_what_is_being_paid_is_waited_for_and_wrong_numbers_are_a_managers_case(tmp_path: Path) -> None:
    async def story() -> None:
        ids = await a_day_that_is_lost(tmp_path)
        other = replace(paid(50_000, "zp2"), app_id=1)
        world, _ = opened_again(tmp_path, {ids[1]: [PROCESSING, paid(30_000, "zp1")], ids[2]: [other]})
        await world.desk.recover()
        await world.clock.move(120_000)
        records = {one.attempt.app_trans_id: one for one in await asyncio.wrap_future(world.journal.recent(10))}
        assert records[ids[1]].state is State.PAID
        assert records[ids[2]].state is State.MISMATCH
        assert [view.payment_id for view in world.desk.open_views()] == [ids[2]]
        await world.desk.stop()
        world.journal.close()

    asyncio.run(story())


def test_what_has_a_result_no_more_is_followed(tmp_path: Path) -> None:
    """Declined when the backup was made, and now the gateway speaks of money: not closed, and not watched either."""

    async def story() -> None:
        world = World(tmp_path / "old", NEGATIVE, NEGATIVE)
        world.open()
        declined = await world.charge()
        await world.clock.move(3_000)
        assert await world.states() == ["failed"]
        await backed_up(world, tmp_path)
        await put_back(world, tmp_path)
        other = replace(paid(declined.amount, "zp0"), app_id=1)
        world, gateway = opened_again(tmp_path, {declined.payment_id: [other]})
        await world.desk.recover()
        await world.clock.move(1_000)
        assert [view.payment_id for view in world.desk.open_views()] == [declined.payment_id]
        gateway.asked.clear()
        world.desk.watch_on()
        await world.clock.move(120_000)
        assert declined.payment_id in gateway.asked
        await world.desk.stop()
        world.journal.close()

    asyncio.run(story())


def test_each_day_since_the_backup_is_looked_at(tmp_path: Path) -> None:
    """The number of a lost payment is known in advance, but not its day."""

    async def story() -> None:
        ids = await a_day_that_is_lost(tmp_path)
        tomorrow = day_bounds_ms(day_of(T0))[1]
        next_day = f"{day_of(tomorrow):%y%m%d}{ids[1][6:]}"
        world, gateway = opened_again(tmp_path, {next_day: [paid(30_000, "zp1")]}, after_ms=DAY_MS)
        await world.desk.recover()
        await world.clock.move(60_000)
        assert ids[1] in gateway.asked, "the first day was asked about too"
        record = await asyncio.wrap_future(world.journal.payment(next_day))
        assert record is not None
        assert record.state is State.PAID
        await world.desk.stop()
        world.journal.close()

    asyncio.run(story())
