"""Slips: every one counted when it came out, none that holds up a payment, none that looks paid when it is not."""

import asyncio
from collections import deque
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.checkout.events import PrintState, PrintView
from pos_app.checkout.records import record_story, record_view
from pos_app.checkout.slips import SlipHead, Slips, is_owed, refund_slip_of, slip_of
from pos_app.checkout.views import Health, HealthView, PaymentView, ScanSource, Stage
from pos_app.gateways.gateway import NotSentError
from pos_app.gateways.own_vietqr import reference_of
from pos_app.payments.answer import NotSentCause
from pos_app.receipts.content import SlipKind
from pos_app.receipts.layout import PAPERS
from pos_app.receipts.printers.escpos import EscPosPrinter
from pos_app.receipts.printers.file import FilePrinter
from pos_app.receipts.printers.printer import Printer
from pos_app.receipts.printers.wires import NetworkWire
from pos_app.receipts.spool import FILE_NAME, SlipLedger, Spool
from pos_app.words import Language
from tests.checkout.scripted import NEGATIVE, UNUSABLE, World, counter, paid

HEAD = SlipHead("Tạp hóa Minh Anh", "12 Lê Lợi", "", "", "02", "Thu Hà")


def to_files(folder: Path) -> Printer:
    return FilePrinter(folder, paper=PAPERS["80"])


def at_nobodys_port() -> Printer:
    return EscPosPrinter(NetworkWire("127.0.0.1", 1), paper=PAPERS["80"])


def slips_of(world: World, printer: Printer, told: list[object], ledger: Path) -> Slips:
    spool = Spool(printer, SlipLedger(ledger / FILE_NAME))
    return Slips(spool, journal=world.journal, clock=world.clock, head=HEAD, language=Language.VI, tell=told.append)


async def stored_view(world: World, payment_id: str) -> PaymentView:
    record = await asyncio.wrap_future(world.journal.payment(payment_id))
    assert record is not None
    return record_view(record)


async def a_paid_one(world: World) -> PaymentView:
    view = await world.charge()
    await world.clock.move(0)
    assert world.views[-1].stage is Stage.PAID
    return await stored_view(world, view.payment_id)


def test_each_slip_is_counted_and_later_ones_are_copies(tmp_path: Path) -> None:
    async def run() -> None:
        async with counter(tmp_path / "data", paid(), paid()) as world:
            told: list[object] = []
            slips = slips_of(world, to_files(tmp_path / "slips"), told, tmp_path)
            view = await a_paid_one(world)
            for copies in range(3):
                view = await stored_view(world, view.payment_id)
                assert (view.copies, slip_of(view, HEAD).copy_number) == (copies, copies)
                assert await slips.print(view) is PrintState.SAVED
            states = [one.state for one in told if isinstance(one, PrintView)]
            assert states == [PrintState.PRINTING, PrintState.SAVED] * 3
            assert list((tmp_path / "slips").glob("*.pdf"))

    asyncio.run(run())


def test_the_slips_of_a_refund_are_counted_for_themselves_and_told_by_their_number(tmp_path: Path) -> None:
    async def run() -> None:
        async with counter(tmp_path / "data", paid(), paid()) as world:
            slips = slips_of(world, to_files(tmp_path / "slips"), [], tmp_path)
            view = await a_paid_one(world)
            assert await slips.print(view) is PrintState.SAVED
            world.gateway.refund_lines = deque([paid()])
            for amount in (20_000, 30_000):
                await world.refund(view.payment_id, amount, f"press {amount}")
                await world.clock.move(5_000)
            view = await stored_view(world, view.payment_id)
            first, second = view.refunds
            for refund in (first, second, second):  # twice at once: what somebody looked at is older than the first
                assert await slips.print_refund(view, refund) is PrintState.SAVED
            record = await world.record(view.payment_id)
            view = record_view(record)
            assert (view.copies, [one.copies for one in view.refunds]) == (1, [1, 2])
            assert refund_slip_of(view, view.refunds[1], HEAD).copy_number == 2
            told = [line.text.en for line in record_story(record) if line.icon == "printer"]
            one, two = first.slip_number, second.slip_number
            assert told == [
                "Slip saved to a file",
                f"Refund slip {one} saved to a file",
                f"Refund slip {two} saved to a file",
                f"Refund slip {two}, copy 1 saved",
            ]
            assert (await asyncio.wrap_future(world.journal.verify())).ok

    asyncio.run(run())


def test_a_printer_in_trouble_is_told_and_nothing_is_counted(tmp_path: Path) -> None:
    async def run() -> None:
        async with counter(tmp_path / "data", paid(), paid()) as world:
            told: list[object] = []
            view = await a_paid_one(world)
            assert await slips_of(world, at_nobodys_port(), told, tmp_path).print(view) is PrintState.WAITING
            light = next(one for one in told if isinstance(one, HealthView))
            assert light.health is Health.BAD
            assert light.cause.vi
            assert light.remedy.vi
            assert (await stored_view(world, view.payment_id)).copies == 0
            assert await world.states() == ["paid"]
            assert await slips_of(world, to_files(tmp_path / "slips"), told, tmp_path).print(view) is PrintState.SAVED

    asyncio.run(run())


def test_a_slip_of_an_open_payment_never_looks_paid_and_makes_no_copy(tmp_path: Path) -> None:
    async def run() -> None:
        async with counter(tmp_path / "data", UNUSABLE, UNUSABLE) as world:
            view = await world.charge()
            assert slip_of(view, HEAD).kind is SlipKind.WAITING
            assert await slips_of(world, to_files(tmp_path / "slips"), [], tmp_path).print(view) is PrintState.SAVED
            assert (await stored_view(world, view.payment_id)).copies == 0

    asyncio.run(run())


@pytest.mark.parametrize(
    ("create", "kind"),
    [
        (paid(), SlipKind.PAID),
        (NEGATIVE, SlipKind.DECLINED),
        (NotSentError(NotSentCause.NO_NETWORK), SlipKind.DECLINED),
    ],
)
def test_the_kind_of_slip_is_the_result(tmp_path: Path, create: object, kind: SlipKind) -> None:
    async def run() -> None:
        async with counter(tmp_path, create, paid() if kind is SlipKind.PAID else NEGATIVE) as world:
            view = await world.charge()
            await world.clock.move(0)
            assert slip_of(await stored_view(world, view.payment_id), HEAD).kind is kind

    asyncio.run(run())


def test_every_stage_but_paid_is_no_paid_slip(tmp_path: Path) -> None:
    async def run() -> None:
        async with counter(tmp_path, paid(), paid()) as world:
            view = await a_paid_one(world)
            looks_paid = {stage for stage in Stage if slip_of(replace(view, stage=stage), HEAD).kind is SlipKind.PAID}
            assert looks_paid == {Stage.PAID}

    asyncio.run(run())


@pytest.mark.parametrize("gateway", ["own_vietqr", "demo_own_vietqr", "demo", "zalopay_v2", "appotapay_v2"])
def test_a_managers_word_makes_a_slip_only_where_no_gateway_could_be_asked(tmp_path: Path, gateway: str) -> None:
    async def run() -> None:
        async with counter(tmp_path, paid(), paid()) as world:
            view = replace(await a_paid_one(world), stage=Stage.DECIDED_PAID, gateway=gateway, zp_trans_id="")
            slip = slip_of(view, HEAD, decided_by="Ngọc Lan")
            if gateway.endswith("own_vietqr"):
                assert (slip.kind, slip.approved_by) == (SlipKind.BY_HAND, "Ngọc Lan")
                assert slip.reference == reference_of(view.payment_id)
            else:
                assert (slip.kind, slip.approved_by, slip.reference) == (SlipKind.WAITING, "", "")

    asyncio.run(run())


def test_the_slip_of_a_transfer_that_was_seen_is_counted(tmp_path: Path) -> None:
    async def run() -> None:
        async with counter(tmp_path / "data", paid(), paid()) as world:
            view = await a_paid_one(world)
            seen = replace(view, stage=Stage.DECIDED_PAID, gateway="own_vietqr")
            slips = slips_of(world, to_files(tmp_path / "slips"), [], tmp_path)
            assert await slips.print(seen, decided_by="Ngọc Lan") is PrintState.SAVED
            assert (await stored_view(world, view.payment_id)).copies == 1
            asked = replace(seen, gateway="zalopay_v2")
            assert await slips.print(asked, decided_by="Ngọc Lan") is PrintState.SAVED
            assert (await stored_view(world, view.payment_id)).copies == 1

    asyncio.run(run())


@pytest.mark.parametrize(
    ("gateway", "source", "said"),
    [
        ("demo", ScanSource.CAMERA, "ZaloPay, quét mã khách"),
        ("zalopay_v1", ScanSource.SHOWN, "ZaloPay, khách quét mã"),
        ("zalopay_v2", ScanSource.LINK, "ZaloPay, qua liên kết"),
        ("zalopay_v2", ScanSource.REGULAR, "ZaloPay, khách quen"),
        ("zalopay_v2", ScanSource.RESTORED, "ZaloPay"),
        ("appotapay_v2", ScanSource.SHOWN, "AppotaPay, khách quét mã"),
        ("own_vietqr", ScanSource.SHOWN, "Chuyển khoản, VietQR của tiệm"),
    ],
)
def test_a_slip_says_who_took_the_money_and_how(tmp_path: Path, gateway: str, source: ScanSource, said: str) -> None:
    async def run() -> None:
        async with counter(tmp_path, paid(), paid()) as world:
            view = replace(await a_paid_one(world), gateway=gateway, source=source)
            slip = slip_of(view, HEAD)
            assert (slip.method.vi, slip.gateway) == (said, gateway)
            assert slip.method.en

    asyncio.run(run())


def test_the_customer_is_owed_the_slip_of_what_was_paid_until_it_came_out(tmp_path: Path) -> None:
    async def run() -> None:
        async with counter(tmp_path, paid(), paid()) as world:
            view = await a_paid_one(world)
            owed = {stage for stage in Stage if is_owed(replace(view, stage=stage))}
            assert owed == {Stage.PAID}
            own = replace(view, gateway="own_vietqr")
            assert {stage for stage in Stage if is_owed(replace(own, stage=stage))} == {Stage.PAID, Stage.DECIDED_PAID}
            assert not any(is_owed(replace(own, stage=stage, copies=1)) for stage in Stage)

    asyncio.run(run())
