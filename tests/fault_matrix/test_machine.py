"""E (F54–F66): the machine under the till fails. What was acknowledged is there, and nothing is said that is not so."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from pos_app.checkout.events import PrintState, PrintView
from pos_app.checkout.views import Health, Light, Stage
from pos_app.journal.entries import EvidenceAdded, PaymentPrepared, PaymentSettled, SlipPrinted
from pos_app.journal.errors import CannotStoreError, JournalDamagedError, JournalError
from pos_app.journal.store import Journal
from pos_app.payments.payment import Source
from pos_app.settings import PrinterSettings, Settings
from tests.end_to_end.programs import run
from tests.end_to_end.test_kill import run_and_die
from tests.fault_matrix.gateway import AMOUNT, PROCESSING, MakeGateway, paid
from tests.fault_matrix.window import window_at
from tests.fault_matrix.world import (
    NOT_PAID,
    BuiltIn,
    FaultCounter,
    on_disk,
    quiet,
    the_one,
    till_at,
)
from tests.receipts.network_printer import OFFLINE, PAPER_GONE, READY, NetworkPrinterPeer

# --- F54: killed. The states after each of the ten moments: tests/end_to_end/test_kill; here what the next start says.


@pytest.mark.parametrize(
    ("moment", "number", "state_on_disk", "listed"),
    [
        ("after", 1, "prepared", False),
        ("before", 3, "sending", True),
        ("after", 3, "processing", True),
    ],
    ids=["C1-C2", "write-C3", "C3-C5"],
)
def test_f54_the_next_start_lists_what_is_open(
    built_in: BuiltIn, tmp_path: Path, moment: str, number: int, state_on_disk: str, *, listed: bool
) -> None:
    sandbox, clock = built_in
    run_and_die(sandbox, tmp_path, moment, number, amount=10_003)  # stuck in processing
    before = the_one(tmp_path)
    assert before.state == state_on_disk
    with till_at(sandbox, tmp_path, clock=clock) as till:
        after = the_one(tmp_path)
        assert after.evidence[: len(before.evidence)] == before.evidence, "I23: nothing is taken back"
        if listed:
            till.until(lambda _: len(till.open_ids()) == 1)
            till.until(lambda _: the_one(tmp_path).state == "processing")
            order = till.gateway_order(after.facts["app_trans_id"])
            assert (order["creates"], order["code_presented"]) == (1, 1)
        else:
            assert (after.state, after.settled) == ("not_sent", ("not_sent",))
            assert till.open_ids() == []


def test_f54_killed_after_the_result_before_the_slip(built_in: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = built_in
    run_and_die(sandbox, tmp_path, "before", 5, amount=AMOUNT)
    assert (the_one(tmp_path).state, the_one(tmp_path).settled) == ("paid", ("paid",))
    with till_at(sandbox, tmp_path, clock=clock) as till:
        light = till.light(Light.PRINTER)
        assert (light.health, light.cause.vi) == (Health.WARN, "1 phiếu chưa in")
        assert light.remedy.vi.startswith("F3, chọn giao dịch")
        assert till.open_ids() == []
        till.till.reprint(the_one(tmp_path).facts["app_trans_id"])
        till.until(lambda view: isinstance(view, PrintView) and view.state is PrintState.SAVED)
    with till_at(sandbox, tmp_path, clock=clock) as again:
        assert again.light(Light.PRINTER).health is Health.OK


# --- F56, F57: the disk takes nothing --------------------------------------------------------------------------------


@contextmanager
def journal_refuses(till: FaultCounter, *, at: str) -> Iterator[threading.Event]:
    """From now on the journal cannot store what carries `at`; the event says that it was tried."""
    real, tried = till.till.journal.write, threading.Event()

    def carries(one: Any) -> str:
        match one:
            case PaymentPrepared():
                return "C1"
            case EvidenceAdded() if one.evidence.source is Source.SENDING:
                return "C2"
            case EvidenceAdded():
                return "C3"
            case PaymentSettled():
                return "C5"
            case _:
                return ""

    def write(*entries: Any, at_ms: int) -> Future[None]:
        if at in {carries(one) for one in entries}:
            tried.set()
            refused: Future[None] = Future()
            refused.set_exception(CannotStoreError("SQLITE_BUSY"))
            return refused
        return real(*entries, at_ms=at_ms)

    till.till.journal.write = write  # type: ignore[method-assign]
    try:
        yield tried
    finally:
        till.till.journal.write = real  # type: ignore[method-assign]


@pytest.mark.parametrize("at", ["C1", "C2"])
def test_f57_held_by_another_program_before_anything_left(scripted: MakeGateway, tmp_path: Path, at: str) -> None:
    with scripted(paid(), paid()) as gateway, till_at(gateway, tmp_path) as till:
        with journal_refuses(till, at=at) as tried:
            till.scan(AMOUNT)
            refused = till.until_refused()
            assert refused.title.vi == "Không lưu được – tạm dừng thu"
            assert "diệt vi-rút" in refused.advice.vi
            assert tried.is_set()
            assert gateway.creates == []
            assert not till.stages() & {Stage.PAID, Stage.DECLINED}
        assert [one.state for one in on_disk(tmp_path)] == ([] if at == "C1" else ["not_sent"])
        till.scan(AMOUNT)  # the other program let go
        till.until(lambda _: Stage.PAID in till.stages())
        assert len(gateway.creates) == 1


@pytest.mark.parametrize("at", ["C3", "C5"])
def test_f56_f57_held_after_it_left(scripted: MakeGateway, tmp_path: Path, at: str) -> None:
    """Asked on, and never shown as paid before it is stored."""
    with scripted(paid(), paid()) as gateway, till_at(gateway, tmp_path) as till:
        with journal_refuses(till, at=at) as tried:
            till.scan(AMOUNT)
            assert tried.wait(60)
            till.until(lambda _: gateway.asked >= 1)  # questions go on
            quiet(0.1)
            assert not till.stages() & {Stage.PAID, *NOT_PAID}
            assert the_one(tmp_path).settled == ()
        payment_id = gateway.creates[0]
        assert till.ask_until(payment_id, Stage.PAID, *NOT_PAID).stage is Stage.PAID
        assert the_one(tmp_path).settled == ("paid",)
        assert gateway.creates == [payment_id]


def test_f57_a_lock_that_goes_away_is_waited_for(built_in: BuiltIn, tmp_path: Path) -> None:
    """A backup program holds the file as the till opens: it waits for a moment, and opens."""
    sandbox, clock = built_in
    with till_at(sandbox, tmp_path, clock=clock):
        pass
    with closing(sqlite3.connect(tmp_path / "journal.sqlite3", isolation_level=None, check_same_thread=False)) as tool:
        tool.execute("BEGIN EXCLUSIVE")
        gone = threading.Event()

        def let_go() -> None:
            gone.set()
            tool.close()

        holding = threading.Timer(0.3, let_go)
        holding.start()
        with till_at(sandbox, tmp_path, clock=clock) as till:
            assert gone.is_set(), "it did wait"
            till.scan(AMOUNT)
            assert till.until_final().stage is Stage.PAID
        holding.join()


# --- F58 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("harm", ["gone", "torn"])
def test_f58_a_damaged_journal_begins_no_new_one(built_in: BuiltIn, tmp_path: Path, harm: str) -> None:
    """What the journal refuses in detail: tests/journal/test_opening."""
    sandbox, clock = built_in
    folder = tmp_path / "data"
    with till_at(sandbox, folder, clock=clock) as till:
        till.scan(AMOUNT)
        till.until_final()
    file = folder / "journal.sqlite3"
    if harm == "gone":
        file.unlink()
    else:
        with file.open("r+b") as torn:
            torn.seek(4096)
            torn.write(bytes(8192))
    left = {path.name: path.read_bytes() for path in folder.iterdir() if path.name.startswith("journal.")}
    broken = FaultCounter(sandbox, folder, clock=clock)
    with pytest.raises(JournalDamagedError) as caught:
        broken.start()
    assert caught.value.title.vi == "Sổ giao dịch bị hỏng hoặc bị mất"
    assert "Không thu tiền trên máy này" in caught.value.advice.vi
    now = {path.name: path.read_bytes() for path in folder.iterdir() if path.name in left}
    assert now == left, "left as it was, for those who restore it"


def test_f58_what_can_be_read_is_read_from_a_copy(built_in: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = built_in
    with till_at(sandbox, tmp_path, clock=clock) as till:
        till.scan(AMOUNT)
        payment_id = till.until_final().payment_id
    with closing(sqlite3.connect(f"file:{tmp_path / 'journal.sqlite3'}?mode=ro", uri=True)) as whole:
        (page,) = whole.execute("SELECT rootpage FROM sqlite_master WHERE name = 'posting'").fetchone()
    with (tmp_path / "journal.sqlite3").open("r+b") as torn:
        torn.seek((page - 1) * 4096)
        torn.write(bytes(4096))
    left = {path: path.read_bytes() for path in tmp_path.glob("journal.sqlite3*")}
    looked = Journal.open_read_only(tmp_path)
    try:
        assert looked.read_only
        assert not looked.room_left(), "no payment is begun on it"
        with suppress(JournalError):  # as far as the damage lets it be read
            assert [one.attempt.app_trans_id for one in looked.recent(9).result()] == [payment_id]
        with pytest.raises(JournalError):
            looked.write(SlipPrinted(payment_id, 9, "pdf"), at_ms=clock.wall_ms()).result()
    finally:
        looked.close()
    assert {path: path.read_bytes() for path in tmp_path.glob("journal.sqlite3*")} == left


# --- F60 -------------------------------------------------------------------------------------------------------------


def test_f60_a_second_instance(built_in: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = built_in
    with till_at(sandbox, tmp_path, clock=clock) as till:
        till.scan(AMOUNT)
        first = till.until_final()
        code, out, err = run(tmp_path, "pay", "--demo-url", sandbox.url, "--amount", "50000", "--wait", "5")
        assert "Chương trình đã mở" in out + err
        assert code not in (0, 10, 11)
        assert len(on_disk(tmp_path)) == 1
        till.till.next_customer()
        till.scan(20_000)
        till.until_stage(Stage.PAID)
        assert [one.state for one in on_disk(tmp_path)] == ["paid", "paid"]
        assert on_disk(tmp_path)[0].facts["app_trans_id"] == first.payment_id


# --- F64 -------------------------------------------------------------------------------------------------------------


def test_f64_the_printer_is_gone(scripted: MakeGateway, tmp_path: Path) -> None:
    with NetworkPrinterPeer() as printer:
        port = printer.port
    settings = Settings(printer=PrinterSettings(host="127.0.0.1", port=port))
    with scripted(paid(), paid()) as gateway:
        with till_at(gateway, tmp_path, settings=settings) as till:
            till.scan(AMOUNT)
            view = till.until_final()
            assert view.stage is Stage.PAID, "M2 all the same"
            till.until(lambda told: isinstance(told, PrintView) and told.state is PrintState.WAITING)
            assert till.light(Light.PRINTER).health is Health.BAD
            assert till.light(Light.PRINTER).remedy.vi
            assert the_one(tmp_path).settled == ("paid",)
        with till_at(gateway, tmp_path, settings=settings) as again:
            assert again.light(Light.PRINTER).cause.vi == "1 phiếu chưa in", "offered at the start"
        with NetworkPrinterPeer() as found:
            settings = settings._replace(printer=PrinterSettings(host="127.0.0.1", port=found.port))
            with till_at(gateway, tmp_path, settings=settings) as again:
                for _ in range(2):
                    again.till.reprint(view.payment_id)
                    again.until(lambda told: isinstance(told, PrintView) and told.state is PrintState.PRINTED)
                record = again.till.journal.payment(view.payment_id).result()
                assert record is not None
                assert record.copies == 2, "the second one is marked as a copy"
            assert found.paper.happened.count("picture") >= 2
        assert len(gateway.creates) == 1, "no second payment for the sake of paper"


def test_f64_the_printer_is_stuck_while_the_next_customer_pays(built_in: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = built_in
    with NetworkPrinterPeer(reads=False) as printer:
        settings = Settings()._replace(printer=PrinterSettings(host="127.0.0.1", port=printer.port))
        with till_at(sandbox, tmp_path, clock=clock, settings=settings) as till:
            till.scan(AMOUNT)
            first = till.until_stage(Stage.PAID)
            assert printer.reached.wait(20), "the slip is on its way, and stays there"
            till.scan(AMOUNT + 1)
            second = till.until_final()
            assert (second.stage, second.amount) == (Stage.PAID, AMOUNT + 1)
            till.until(lambda _: PrintView(first.payment_id, PrintState.WAITING) in till.all)
            assert till.light(Light.PRINTER).health is Health.BAD
        assert [one.state for one in on_disk(tmp_path)] == ["paid", "paid"]


def test_f64_the_roll_ends_within_the_slip(scripted: MakeGateway, tmp_path: Path) -> None:
    """Half a slip is in somebody's hand: whatever comes out of the next roll is a copy, also after a stop."""
    with NetworkPrinterPeer(answers_after=(OFFLINE, READY, PAPER_GONE)) as printer, scripted(paid(), paid()) as gateway:
        settings = Settings()._replace(printer=PrinterSettings(host="127.0.0.1", port=printer.port))
        with till_at(gateway, tmp_path, settings=settings) as till:
            till.scan(AMOUNT)
            view = till.until_stage(Stage.PAID)
            till.until(lambda told: told == PrintView(view.payment_id, PrintState.WAITING))
            assert till.light(Light.PRINTER).cause.vi == "Hết giấy"
        printer.answers_after = None
        with till_at(gateway, tmp_path, settings=settings) as again:
            assert again.light(Light.PRINTER).cause.vi == "1 phiếu chưa in"
            again.till.reprint(view.payment_id)
            again.until(lambda told: told == PrintView(view.payment_id, PrintState.PRINTED))
            assert again.light(Light.PRINTER).health is Health.OK
            record = again.till.journal.payment(view.payment_id).result()
            assert record is not None
            assert [one.copy for _, one in record.entries if isinstance(one, SlipPrinted)] == [1]


# --- F65 -------------------------------------------------------------------------------------------------------------


def test_f65_a_screen_that_breaks(scripted: MakeGateway, tmp_path: Path) -> None:
    """Whoever is told may break: the payment goes on, is asked about and stored."""
    with scripted(PROCESSING, PROCESSING) as gateway, till_at(gateway, tmp_path) as till:
        till.scan(AMOUNT)
        view = till.until_stage(Stage.PROCESSING)

        def broken(_: object) -> None:
            raise RuntimeError("the screen is gone")

        till.till.parts._post = broken
        asked = gateway.asked
        deadline = time.monotonic() + 60
        while gateway.asked < asked + 2:
            till.till.ask_now(view.payment_id)
            quiet(0.05)
            assert time.monotonic() < deadline
        gateway.says_now(paid())
        till.till.ask_now(view.payment_id)
        while the_one(tmp_path).state != "paid":
            quiet(0.05)
            assert time.monotonic() < deadline


def test_f65_a_window_that_hangs(scripted: MakeGateway, tmp_path: Path, qapp: QApplication) -> None:
    """The window's thread stands still in the middle of a payment: it is asked about, paid and stored meanwhile."""
    with scripted(PROCESSING, PROCESSING, paid()) as gateway, window_at(gateway, tmp_path) as window:
        window.amount(str(AMOUNT))
        window.scan(gateway.customer.fresh_code())
        window.until_shown("Chờ khách xác nhận")
        deadline = time.monotonic() + 60
        while the_one(tmp_path).state != "paid":  # no event of Qt is worked on here
            time.sleep(0.05)
            assert time.monotonic() < deadline
        assert window.stage is window.window.sale.stage.processing, "the control: the window did stand still"
        window.until(lambda: window.stage is window.window.sale.stage.paid)
        assert len(gateway.creates) == 1
