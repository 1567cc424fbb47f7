"""Slips and the printer they come out of: one that is stuck, empty or gone, and what is marked as a copy after it."""

import asyncio
from collections import deque
from pathlib import Path

from pos_app.checkout.events import PrintState, PrintView
from pos_app.checkout.records import record_story
from pos_app.checkout.slips import OWED_FOR_MS, WATCH_AFTER_MS, WATCH_EVERY_MS, Slips
from pos_app.checkout.views import Health, HealthView, Stage
from pos_app.journal.entries import SlipPrinted
from pos_app.receipts.printers.escpos import EscPosPrinter
from pos_app.receipts.printers.printer import Printer
from pos_app.receipts.printers.wires import NetworkWire
from pos_app.receipts.spool import FILE_NAME, SlipLedger
from tests.checkout.scripted import World, counter, on_a_loop, paid
from tests.checkout.test_refunds import REFUNDED
from tests.checkout.test_slips import a_paid_one, at_nobodys_port, slips_of, stored_view, to_files
from tests.receipts.network_printer import OFFLINE, PAPER_GONE, READY, NetworkPrinterPeer

OFF_AND_EMPTY = (OFFLINE, READY, PAPER_GONE)


def at(peer: NetworkPrinterPeer) -> Printer:
    return EscPosPrinter(NetworkWire("127.0.0.1", peer.port, timeout_seconds=1), timeout_seconds=1)


async def copies_on_paper(world: World, payment_id: str, refund: str = "") -> list[int]:
    """The number on each slip that came out, by the journal."""
    record = await asyncio.wrap_future(world.journal.payment(payment_id))
    assert record is not None
    return [one.copy for _, one in record.entries if isinstance(one, SlipPrinted) and one.m_refund_id == refund]


def lights(told: list[object]) -> list[Health]:
    return [one.health for one in told if isinstance(one, HealthView)]


async def in_thread(event: object) -> None:
    assert await asyncio.to_thread(event.wait, 30)  # type: ignore[attr-defined]


@on_a_loop
async def test_a_stuck_printer_holds_up_no_payment(tmp_path: Path) -> None:
    async with counter(tmp_path / "data", paid(), paid()) as world:
        with NetworkPrinterPeer(reads=False) as peer:
            slips = slips_of(world, at(peer), [], tmp_path)
            first = await a_paid_one(world)
            printing = asyncio.ensure_future(slips.print(first))
            await in_thread(peer.reached)
            world.gateway.create = paid(number="zp2")
            world.gateway.queries[0] = paid(number="zp2")
            second = await a_paid_one(world)
            assert (second.stage, printing.done()) == (Stage.PAID, False)
            assert await printing is PrintState.WAITING
        assert await world.states() == ["paid", "paid"]


@on_a_loop
async def test_what_may_be_on_paper_makes_the_next_one_a_copy(tmp_path: Path) -> None:
    """The roll ends within the slip: it is owed still, and what comes out of the next roll says "copy 1"."""
    async with counter(tmp_path / "data", paid(), paid()) as world:
        with NetworkPrinterPeer(answers_after=OFF_AND_EMPTY) as peer:
            slips = slips_of(world, at(peer), [], tmp_path)
            view = await a_paid_one(world)
            assert await slips.print(view) is PrintState.WAITING
            assert await copies_on_paper(world, view.payment_id) == []
            peer.answers_after = None
            for expected in ([1], [1, 2]):
                assert await slips.print(await stored_view(world, view.payment_id)) is PrintState.PRINTED
                assert await copies_on_paper(world, view.payment_id) == expected
        again = slips_of(world, to_files(tmp_path / "slips"), [], tmp_path)
        assert await again.print(await stored_view(world, view.payment_id)) is PrintState.SAVED
        assert await copies_on_paper(world, view.payment_id) == [1, 2, 3], "also after a restart"
        assert (tmp_path / "slips" / f"{view.slip_number}-copy-3.pdf").exists()


@on_a_loop
async def test_what_never_reached_the_printer_is_no_copy(tmp_path: Path) -> None:
    async with counter(tmp_path / "data", paid(), paid()) as world:
        told: list[object] = []
        view = await a_paid_one(world)
        assert await slips_of(world, at_nobodys_port(), told, tmp_path).print(view) is PrintState.WAITING
        with NetworkPrinterPeer(OFF_AND_EMPTY) as empty:
            assert await slips_of(world, at(empty), told, tmp_path).print(view) is PrintState.WAITING
        assert lights(told) == [Health.BAD, Health.BAD]
        assert await slips_of(world, to_files(tmp_path / "slips"), told, tmp_path).print(view) is PrintState.SAVED
        assert await copies_on_paper(world, view.payment_id) == [0]


@on_a_loop
async def test_a_stop_between_paper_and_journal_is_offered_and_marked(tmp_path: Path) -> None:
    """It came out, and the journal could not take it: nobody knows after a restart."""
    async with counter(tmp_path / "data", paid(), paid()) as world:
        view = await a_paid_one(world)
        world.failing = lambda entries: any(isinstance(one, SlipPrinted) for one in entries)
        slips = slips_of(world, to_files(tmp_path / "slips"), [], tmp_path)
        assert await slips.print(view) is PrintState.SAVED
        world.failing = lambda _entries: False
        told: list[object] = []
        again = slips_of(world, to_files(tmp_path / "slips"), told, tmp_path)
        await again.owe([])
        assert lights(told) == [Health.WARN], "owed by the ledger alone"
        assert await again.print(await stored_view(world, view.payment_id)) is PrintState.SAVED
        assert await copies_on_paper(world, view.payment_id) == [1]
        assert lights(told)[-1] is Health.OK


@on_a_loop
async def test_a_stop_between_journal_and_ledger_is_settled_at_the_start(tmp_path: Path) -> None:
    async with counter(tmp_path / "data", paid(), paid()) as world:
        view = await a_paid_one(world)
        slips = slips_of(world, to_files(tmp_path / "slips"), [], tmp_path)
        await slips.print(view)
        ledger = SlipLedger(tmp_path / FILE_NAME)
        for key in (view.payment_id, "261122_02-of-another-journal"):
            ledger.owe(key)
            ledger.begin(key)
        told: list[object] = []
        again = slips_of(world, to_files(tmp_path / "slips"), told, tmp_path)
        await again.owe([])
        assert lights(told) == [Health.OK]
        await again.print(await stored_view(world, view.payment_id))
        assert await copies_on_paper(world, view.payment_id) == [0, 1]


@on_a_loop
async def test_after_a_day_nobody_waits_for_paper(tmp_path: Path) -> None:
    async with counter(tmp_path / "data", paid(), paid()) as world:
        view = await a_paid_one(world)
        await slips_of(world, at_nobodys_port(), [], tmp_path).print(view)
        for move_ms, health in ((OWED_FOR_MS - 60_000, Health.WARN), (120_000, Health.OK)):
            await world.clock.move(move_ms)
            told: list[object] = []
            await slips_of(world, at_nobodys_port(), told, tmp_path).owe([view.payment_id])
            assert lights(told) == [health]


@on_a_loop
async def test_pressing_again_while_it_prints_adds_nothing(tmp_path: Path) -> None:
    async with counter(tmp_path / "data", paid(), paid()) as world:
        with NetworkPrinterPeer() as peer:
            slips = slips_of(world, at(peer), [], tmp_path)
            view = await a_paid_one(world)
            ended = await asyncio.gather(*(slips.print(view) for _ in range(10)))
        assert ended == [PrintState.PRINTED, *[PrintState.PRINTING] * 9]
        assert peer.paper.happened.count("cut 66 0") == 1
        assert await copies_on_paper(world, view.payment_id) == [0]


@on_a_loop
async def test_an_older_picture_of_a_payment_makes_no_second_original(tmp_path: Path) -> None:
    async with counter(tmp_path / "data", paid(), paid()) as world:
        slips = slips_of(world, to_files(tmp_path / "slips"), [], tmp_path)
        view = await a_paid_one(world)
        for _ in range(3):
            await slips.print(view)
        assert await copies_on_paper(world, view.payment_id) == [0, 1, 2]


@on_a_loop
async def test_the_slip_of_a_refund_is_counted_apart(tmp_path: Path) -> None:
    async with counter(tmp_path / "data") as world:
        payment = await world.paid_one()
        await world.clock.move(2 * OWED_FOR_MS)
        world.gateway.refund_lines = deque([REFUNDED])
        await world.refund(payment.payment_id, 20_000)
        await world.clock.move(3_000)
        told: list[object] = []
        slips = slips_of(world, at_nobodys_port(), told, tmp_path)
        view = await stored_view(world, payment.payment_id)
        (refund,) = view.refunds
        assert await slips.print_refund(view, refund) is PrintState.WAITING
        slips = slips_of(world, to_files(tmp_path / "slips"), told, tmp_path)
        await slips.owe([])
        assert lights(told)[-1] is Health.WARN, "owed also after a restart"
        for _ in range(3):
            view = await stored_view(world, payment.payment_id)
            assert await slips.print_refund(view, view.refunds[0]) is PrintState.SAVED
        assert await copies_on_paper(world, payment.payment_id, refund.m_refund_id) == [0, 1, 2]
        assert view.copies == 0, "the payment's own slip is another"
        assert [one.payment_id for one in told if isinstance(one, PrintView)][-1] == refund.m_refund_id
        record = await asyncio.wrap_future(world.journal.payment(payment.payment_id))
        assert record is not None
        assert [line.text.vi for line in record_story(record)][-3:] == [
            f"Lưu phiếu hoàn {refund.slip_number} thành tệp",
            *(f"Lưu bản sao phiếu hoàn {refund.slip_number} lần {n}" for n in (1, 2)),
        ]


@on_a_loop
async def test_the_slip_of_a_refund_is_owed_until_it_came_out_whatever_became_of_the_payments(tmp_path: Path) -> None:
    async with counter(tmp_path / "data") as world:
        payment = await world.paid_one()
        world.gateway.refund_lines = deque([REFUNDED])
        await world.refund(payment.payment_id, 20_000)
        await world.clock.move(3_000)
        view = await stored_view(world, payment.payment_id)
        await slips_of(world, to_files(tmp_path / "slips"), [], tmp_path).print(view)
        assert await copies_on_paper(world, view.payment_id) == [0]
        for printer, health in ((at_nobodys_port(), Health.WARN), (to_files(tmp_path / "slips"), Health.OK)):
            await slips_of(world, printer, [], tmp_path).print_refund(view, view.refunds[0])
            told: list[object] = []
            await slips_of(world, printer, told, tmp_path).owe([])
            assert lights(told) == [health]


@on_a_loop
async def test_a_printer_that_rests_is_watched(tmp_path: Path) -> None:
    async with counter(tmp_path / "data", paid(), paid()) as world:
        told: list[object] = []
        with NetworkPrinterPeer() as peer:
            slips = slips_of(world, at(peer), told, tmp_path)
            watching = asyncio.ensure_future(slips.watch())
            for answers, health, wait_ms in (
                ((READY, READY, READY), Health.OK, WATCH_AFTER_MS),
                (OFF_AND_EMPTY, Health.BAD, WATCH_EVERY_MS),
                ((READY, READY, 0x1E), Health.WARN, WATCH_EVERY_MS),
                ((READY, READY, READY), Health.OK, WATCH_EVERY_MS),
            ):
                peer.answers = answers
                told.clear()
                await world.clock.move(wait_ms)
                while not told:
                    await asyncio.sleep(0.01)
                assert lights(told) == [health]
            watching.cancel()


@on_a_loop
async def test_the_end_waits_for_the_slip_that_is_being_printed(tmp_path: Path) -> None:
    async with counter(tmp_path / "data", paid(), paid()) as world:
        slips: Slips = slips_of(world, to_files(tmp_path / "slips"), [], tmp_path)
        view = await a_paid_one(world)
        printing = asyncio.ensure_future(slips.print(view))
        await asyncio.sleep(0)
        await slips.stop()
        assert printing.done()
        assert await copies_on_paper(world, view.payment_id) == [0]
