"""A shop that takes cash: a day of it at the real till, killed in the act, by commands, and a shop that takes none."""

import asyncio
import csv
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pos_app.checkout.events import (
    ActDone,
    ActRefused,
    CashDone,
    CashRefused,
    DrawerMoved,
    FoundView,
    PrintState,
    PrintView,
    ShiftRefused,
    ShiftView,
    SlipView,
    StoryView,
)
from pos_app.checkout.report_views import PaymentsListed
from pos_app.checkout.reporting import export_found, report_for
from pos_app.checkout.views import PaymentView, Stage
from pos_app.clock import MachineClock
from pos_app.journal import cash_finding, cash_rows
from pos_app.journal.cash_entries import CashGivenBack, CashMoved, CashTaken
from pos_app.journal.errors import CannotStoreError, IntentTakenError, LawlessEntryError
from pos_app.journal.held import held_between
from pos_app.journal.wanted import Wanted
from pos_app.payments.acts import Act
from pos_app.payments.cash import CashKind
from pos_app.reports.ranges import Days
from pos_app.sandbox.server import Sandbox
from pos_app.settings import CashSettings, PrinterSettings, Settings, ShopSettings
from pos_app.staff.pin import Pins
from pos_app.vietnam_day import day_of
from pos_app.words import Language
from tests.end_to_end.programs import Shop
from tests.end_to_end.world import _ONE_MIGRATION_AT_A_TIME, Counter
from tests.receipts.network_printer import NetworkPrinterPeer
from tests.staff.doors import CHEAP

PIN, WHY = "582931", "thối nhầm cho khách"
NOTHING_MORE = f" {IntentTakenError.advice.en}"
CASH = Settings(shop=ShopSettings(cashier="Thu Hà"), cash=CashSettings(enabled=True))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@contextmanager
def till(sandbox: Sandbox, folder: Path, settings: Settings = CASH) -> Iterator[Counter]:
    made = Counter(sandbox, folder, settings=settings)
    made.till.pins = Pins(folder, MachineClock(), secrets.token_bytes, CHEAP)
    with _ONE_MIGRATION_AT_A_TIME:
        made.till.start()
    if not made.till.pins.is_set:
        made.till.pins.set_first(PIN)
    try:
        yield made
        assert [one.en for one in made.till.journal.verify().result().problems] == []
    finally:
        made.till.stop()


def told(at: Counter, *kinds: type) -> Any:
    return at.until(lambda one: isinstance(one, kinds))


def shift(at: Counter) -> ShiftView:
    view = told(at, ShiftView, ShiftRefused)
    assert isinstance(view, ShiftView), view
    return view


def refused(at: Counter) -> str:
    view = told(at, ShiftView, ShiftRefused)
    assert isinstance(view, ShiftRefused), view
    return str(view.advice.en)


def sell(at: Counter, amount: int, given: int, intent: str = "") -> PaymentView:
    at.till.take_cash(amount=amount, given=given, note="Bàn 5", intent=intent or secrets.token_hex(4))
    done = told(at, CashDone, CashRefused)
    assert isinstance(done, CashDone), done
    return done.sale


def give_back(at: Counter, sale: PaymentView, amount: int, pin: str = PIN) -> Any:
    at.till.act(
        Act.REFUND, sale.payment_id, pin=pin, by="Lan", reason="goods_returned", amount=amount,
        intent=secrets.token_hex(4),
    )  # fmt: skip
    return told(at, ActDone, ActRefused)


@contextmanager
def answers_lost(at: Counter) -> Iterator[None]:
    """Whatever another program has the till do is done, and the answer never comes."""
    door = at.till._door
    answer = door._answer

    def lose(question: str, given: dict[str, Any]) -> Any:
        answer(question, given)
        raise ConnectionResetError

    door._answer = lose
    try:
        yield
    finally:
        door._answer = answer


@contextmanager
def unreadable_once_written(at: Counter) -> Iterator[None]:
    """From the next entry of cash on the journal cannot be read, until this is over."""
    journal = at.till.journal
    write, read = journal.write, journal.read

    def fails(_work: Any) -> Future[Any]:
        made: Future[Any] = Future()
        made.set_exception(CannotStoreError("the disk does not answer"))
        return made

    def then_unreadable(*entries: Any, at_ms: int) -> Future[None]:
        written = write(*entries, at_ms=at_ms)
        if isinstance(entries[0], CashTaken | CashGivenBack | CashMoved):
            journal.read = fails  # type: ignore[method-assign,assignment]
        return written

    journal.write = then_unreadable  # type: ignore[method-assign]
    try:
        yield
    finally:
        journal.write, journal.read = write, read  # type: ignore[method-assign]


def by_and_by(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def printed(at: Counter, name: str) -> None:
    at.until(lambda one: isinstance(one, PrintView) and (one.payment_id, one.state) == (name, PrintState.SAVED))


def lines(view: ShiftView) -> dict[str, str]:
    return {one.label.en: one.value.en.replace("\xa0", " ") for part in view.report.sections for one in part.lines}


def test_a_day_with_cash(sandbox: Sandbox, tmp_path: Path) -> None:  # noqa: PLR0915 - one day, step by step
    orders = len(sandbox.orders())
    with till(sandbox, tmp_path) as at:
        at.till.open_shift(float_dong=500_000)
        shift(at)
        at.scan(50_000)
        paid = at.until_stage(Stage.PAID)
        sale = sell(at, 185_000, 200_000)
        assert (sale.stage, sale.given - sale.amount, sale.refundable) == (Stage.CASH, 15_000, 185_000)
        assert int(sale.slip_number[-6:]) == int(paid.slip_number[-6:]) + 1, "one running number for all slips"
        printed(at, sale.slip_number)

        assert isinstance(give_back(at, sale, 45_000), ActDone)
        assert isinstance(give_back(at, sale, 140_001), ActRefused), "more than is left"
        assert isinstance(give_back(at, sale, 140_000), ActDone)
        at.till.story(sale.payment_id)
        story = at.until(lambda one: isinstance(one, StoryView) and len(one.payment.refunds) == 2)
        assert isinstance(story, StoryView)
        assert story.payment.refundable == 0
        assert "Lan allowed a refund: Goods returned" in {one.text.en for one in story.lines}
        sell(at, 70_000, 70_000)
        at.till.move_cash(CashKind.PAY_OUT, 30_000, reason="mua đá lạnh", intent="ice", by="Lan", pin=PIN)
        shift(at)
        at.till.move_cash(CashKind.OPENED, 0, reason="khách đổi tiền", intent="opened", by="Lan", pin=PIN)

        x = shift(at)
        assert "540.000" not in json.dumps(lines(x)), "what must be there is not told"
        assert (lines(x)["Must be in the drawer"], x.report.keeps_cash) == ("after the count", True)
        at.till.close_shift(1, (), reason="", by="", pin="")
        assert refused(at) == "Count the cash drawer before closing."
        at.till.count_cash(530_000)
        counted = lines(shift(at))
        assert (counted["Must be in the drawer"], counted["Short"]) == ("540.000 ₫", "10.000 ₫")
        at.till.close_shift(1, (), reason="", by="", pin="", difference_reason="  x ")
        assert refused(at) == "The cash is over or short: say why."
        sell(at, 20_000, 20_000)
        at.till.close_shift(1, (), reason="", by="", pin="", difference_reason=WHY)
        assert refused(at) == "Count the cash drawer before closing.", "money moved after the count"
        at.till.count_cash(550_000)
        shift(at)
        at.till.close_shift(1, (), reason="", by="", pin="", difference_reason=WHY)
        z = shift(at)
        cash, totals = z.shift.totals.cash, z.shift.totals
        assert (cash.expected, cash.counted, cash.over, cash.counts) == (560_000, 550_000, -10_000, (530_000, 550_000))
        assert (totals.net, totals.amount, totals.count, totals.refunded) == (50_000, 50_000, 1, 0), "the gateway's"
        assert (z.shift.ledger["wallet"], z.shift.ledger["cash"], z.shift.disagreements) == (50_000, 60_000, {})
        assert (z.shift.difference_reason, lines(z)["Reason"]) == (WHY, WHY)
        assert totals.last_slip == at.till.journal.read(cash_rows.sales).result()[0].slip_number
    assert len(sandbox.orders()) == orders + 1, "no gateway heard of cash"


def test_lists_reports_and_files_tell_cash_apart(sandbox: Sandbox, tmp_path: Path) -> None:
    with till(sandbox, tmp_path) as at:
        at.scan(50_000)
        at.until_stage(Stage.PAID)
        sale = sell(at, 185_000, 200_000)
        give_back(at, sale, 45_000)
        journal, now_ms = at.till.journal, at.till._clock.wall_ms()
        days = Days(day_of(now_ms) - timedelta(days=1), day_of(now_ms))
        report = report_for(journal, days)
        assert (report.total.count, report.total.net, report.total.refunded) == (1, 50_000, 0)
        assert (report.cash.count, report.cash.amount, report.cash.refunded) == (1, 185_000, 45_000)
        assert [name.en for name, _ in report.by_method] == ["ZaloPay, customer's code"]

        at.till.list_payments(Wanted())
        listed = told(at, PaymentsListed)
        assert {one.stage for one in listed.payments} == {Stage.CASH, Stage.PAID}  # of one second: in either order
        assert cash_finding.METHOD in listed.choices.methods
        at.till.list_payments(Wanted(shift=1))
        sums = told(at, PaymentsListed).sums
        assert (sums.paid, sums.refunded, sums.cash_sales, sums.cash) == (50_000, 0, 1, 140_000)
        for wanted, found in ((Wanted(methods=(cash_finding.METHOD,)), 1), (Wanted(text="ban 5"), 2),
                              (Wanted(text=sale.refunds[0].slip_number if sale.refunds else "185.000"), 1),
                              (Wanted(amount=1), 0), (Wanted(refunded=True), 1)):  # fmt: skip
            at.till.list_payments(wanted)
            assert len(told(at, PaymentsListed).payments) == found, wanted
        at.till.find(sale.slip_number)
        assert [one.payment_id for one in told(at, FoundView).payments] == [sale.payment_id]
        at.till.slip(sale.payment_id)
        assert told(at, SlipView).png[:4] == b"\x89PNG"

        path = tmp_path / "list.csv"
        export_found(journal, path, Wanted(), Language.EN, progress=lambda *_: None)
        rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
        (row,) = (one for one in rows if "Paid in cash" in one)
        assert {"Cash", "185000", "45000"} <= {one.replace(".", "") for one in row}
        held = journal.read(lambda connection: held_between(connection, 0, now_ms * 2)).result()
        assert [one.amount for one in held] == [50_000], "a statement is never held against cash"


def test_a_second_print_of_the_same_report_is_a_copy(sandbox: Sandbox, tmp_path: Path) -> None:
    with till(sandbox, tmp_path) as at:
        sale = sell(at, 70_000, 100_000)
        printed(at, sale.slip_number)
        for number in (None, None):
            at.till.print_shift(number)
            printed(at, "02-x-000001")
        at.till.reprint(sale.payment_id)
        printed(at, sale.slip_number)
        sell(at, 5_000, 5_000)
        at.till.print_shift()
        printed(at, "02-x-000001")
        at.till.count_cash(75_000)
        shift(at)
        at.till.close_shift(1, (), reason="", by="", pin="")
        assert shift(at).shift.totals.reprints == 2, "the copy of the slip, and of the first X"
        for _ in range(2):
            at.till.print_shift(1)
            printed(at, "02-z-000001")
    with till(sandbox, tmp_path) as at:
        at.till.print_shift(1)
        printed(at, "02-z-000001")
        at.till.look_at_shift()
        assert shift(at).shift.totals.reprints == 2, "counted in the shift they were printed in, after a restart too"
    names = {one.name for one in (tmp_path / "slips").glob("*.pdf")}
    assert {"02-x-000001-copy-1.pdf", "02-z-000001.pdf", "02-z-000001-copy-1.pdf", "02-z-000001-copy-2.pdf"} <= names


def test_the_drawer_opens_before_the_slip_and_is_counted_when_nothing_is_sold(sandbox: Sandbox, tmp_path: Path) -> None:
    with NetworkPrinterPeer() as peer:
        printer = PrinterSettings(kind="network", host="127.0.0.1", port=peer.port, drawer=2)
        with till(sandbox, tmp_path, CASH._replace(printer=printer)) as at:
            sale = sell(at, 70_000, 100_000)
            at.until(lambda one: isinstance(one, PrintView) and one.state is PrintState.PRINTED)
            assert [one.split()[0] for one in peer.paper.happened][:1] == ["drawer"]
            assert peer.paper.rows, "the slip came out behind it"
            assert at.till.answer("drawer", {"who": {"by": "Lan", "pin": PIN}})["state"] == "ready"
            at.till.look_at_shift()
            cash = shift(at).shift.totals.cash
            assert (len(cash.openings), cash.sold, sale.copies) == (1, 70_000, 0)
            assert sum(one.startswith("drawer") for one in peer.paper.happened) == 2


def test_what_is_written_is_done_whatever_is_read_after_it(sandbox: Sandbox, tmp_path: Path) -> None:
    """The drawer opens, the slip comes out, nobody is told that it was refused; asked anew, it is not done twice."""
    with NetworkPrinterPeer() as peer:
        printer = PrinterSettings(kind="network", host="127.0.0.1", port=peer.port, drawer=2)
        with till(sandbox, tmp_path, CASH._replace(printer=printer)) as at:
            with unreadable_once_written(at):
                sale = sell(at, 185_000, 200_000)
                at.until(lambda one: isinstance(one, PrintView) and one.state is PrintState.PRINTED)
            assert (sale.amount, sale.given, sale.slip_number) == (185_000, 200_000, sale.payment_id)
            with unreadable_once_written(at):
                assert isinstance(give_back(at, sale, 45_000), ActDone)
                at.until(lambda one: isinstance(one, PrintView) and one.state is PrintState.PRINTED)
            with unreadable_once_written(at):
                at.till.move_cash(CashKind.PAY_OUT, 30_000, reason=WHY, intent="out", by="Lan", pin=PIN)
                assert told(at, DrawerMoved, ShiftRefused) == DrawerMoved("out")
                unseen = told(at, ShiftView, ShiftRefused)
                assert unseen.title.en == "It is done, but the shift's figures cannot be read"
                assert unseen.advice.en.startswith("Do NOT do it again.")
            by_and_by(lambda: sum(one.startswith("drawer") for one in peer.paper.happened) == 3)
            at.till.move_cash(CashKind.PAY_OUT, 30_000, reason=WHY, intent="out", by="Lan", pin=PIN)
            cash = shift(at).shift.totals.cash
            assert (cash.sales, cash.sold, cash.refunded, cash.paid_out) == (1, 185_000, 45_000, 30_000)
            (read,) = at.till.journal.read(cash_rows.sales).result()
            assert [one.amount for one in read.refunds] == [45_000]
            assert len(read.printed) == 2, "the slip of the sale, and of the refund"


@pytest.mark.parametrize("stops", [1, 2])
def test_a_stop_while_it_is_written_parts_nobody(sandbox: Sandbox, tmp_path: Path, stops: int) -> None:
    """What the journal takes is taken: the drawer opens for it, also when the till is being closed meanwhile."""
    with NetworkPrinterPeer() as peer:
        printer = PrinterSettings(kind="network", host="127.0.0.1", port=peer.port, drawer=2)
        with till(sandbox, tmp_path, CASH._replace(printer=printer)) as at:
            desk = at.till.parts.cash
            held, go_on = threading.Event(), threading.Event()

            def hold(_: Any) -> None:
                held.set()
                go_on.wait(60)

            def writes(entry: Any, take_in: Any = lambda: None) -> Any:
                at.till.journal.read(hold)
                return store(entry, take_in)

            store, desk._store = desk._store, writes  # type: ignore[method-assign]

            async def take() -> None:
                taking = asyncio.ensure_future(desk.take(70_000, 70_000, "", "once"))
                await asyncio.to_thread(held.wait, 60)
                for _ in range(stops):
                    await asyncio.sleep(0)
                    taking.cancel()
                await asyncio.sleep(0)
                assert not taking.done(), "the journal still has it in hand"
                go_on.set()
                await asyncio.wait((taking,))
                assert taking.cancelled()

            at.till._thread.run(take()).result(60)
            by_and_by(lambda: any(one.startswith("drawer") for one in peer.paper.happened))
            assert [one.amount for one in at.till.journal.read(cash_rows.sales).result()] == [70_000]


def test_what_cannot_be_taken(sandbox: Sandbox, tmp_path: Path) -> None:
    with till(sandbox, tmp_path) as at:
        for amount, given, why in (
            (185_000, 184_999, "1\u00a0₫ is missing."),
            (50_000_001, 60_000_000, "50.000.000\u00a0₫ at most for one sale."),
            (1, 10**30, "999.999.999\u00a0₫ at most. Look at the figures again."),
        ):  # fmt: skip
            at.till.take_cash(amount=amount, given=given, note="", intent="x")
            assert told(at, CashRefused).advice.en == why
        at.till.move_cash(CashKind.PAY_IN, 5, reason="x" * 201, intent="long", by="Lan", pin=PIN)
        assert refused(at) == "200 characters at most."
        first = sell(at, 1_000, 1_000, intent="twice")
        assert sell(at, 1_000, 1_000, intent="twice").payment_id == first.payment_id
        assert isinstance(give_back(at, first, 1_000, pin="019283"), ActRefused)
        (only,) = at.till.journal.read(cash_rows.sales).result()
        assert only.refunds == ()


def test_one_press_moves_once_and_another_wish_under_it_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    def move(at: Counter, what: CashKind, amount: int, why: str, intent: str) -> Any:
        at.till.move_cash(what, amount, reason=why, intent=intent, by="Lan", pin=PIN)
        return told(at, ShiftView, ShiftRefused)

    for start in range(2):  # the second time after a restart
        with till(sandbox, tmp_path) as at:
            sale = sell(at, 185_000, 200_000, intent="sold")
            for _ in range(2):
                for what, amount, intent in (
                    (CashKind.PAY_OUT, 30_000, "out"), (CashKind.PAY_IN, 5_000, "in"), (CashKind.OPENED, 0, "opened"),
                ):  # fmt: skip
                    assert isinstance(move(at, what, amount, WHY, intent), ShiftView), (start, what)
            for what, amount, why, intent, said in (
                (CashKind.PAY_OUT, 30_001, WHY, "out", f"30.000\u00a0₫ was paid out: {WHY}."),
                (CashKind.PAY_IN, 30_000, WHY, "out", f"30.000\u00a0₫ was paid out: {WHY}."),
                (CashKind.PAY_OUT, 30_000, "mua đá lạnh", "out", f"30.000\u00a0₫ was paid out: {WHY}."),
                (CashKind.OPENED, 0, WHY, "in", f"5.000\u00a0₫ was paid in: {WHY}."),
                (CashKind.PAY_IN, 5_000, WHY, "opened", f"The drawer was opened: {WHY}."),
                (CashKind.PAY_IN, 185_000, WHY, "sold", f"185.000\u00a0₫ was taken, slip {sale.slip_number}."),
            ):
                view = move(at, what, amount, why, intent)
                assert isinstance(view, ShiftRefused), (what, amount, why)
                assert (view.title, view.advice.en) == (IntentTakenError.title, said + NOTHING_MORE)
            for amount, given in ((185_000, 185_000), (100_000, 200_000)):
                at.till.take_cash(amount=amount, given=given, note="", intent="sold")
                taken = f"185.000\u00a0₫ was taken, slip {sale.slip_number}."
                assert told(at, CashRefused).advice.en == taken + NOTHING_MORE
            at.till.look_at_shift()
            cash = shift(at).shift.totals.cash
            assert (cash.sales, [one.amount for one in cash.moves], len(cash.openings)) == (1, [-30_000, 5_000], 1)


def test_a_refusal_of_the_journal_says_what_it_is(sandbox: Sandbox, tmp_path: Path) -> None:
    """Not every one is about a refund that is too large."""
    with till(sandbox, tmp_path) as at:
        sale = sell(at, 185_000, 200_000)
        refused_back = give_back(at, sale, 185_001)
        assert (refused_back.title.en, refused_back.advice.en) == (
            "Not more than is left can be given back", "Only 185.000\u00a0₫ can be refunded.",
        )  # fmt: skip
        at.till.parts.cash._next_slip = lambda: sale.slip_number  # type: ignore[method-assign]
        at.till.take_cash(amount=1_000, given=1_000, note="", intent="new")
        twice = told(at, CashRefused)
        assert (twice.title, twice.advice) == (LawlessEntryError.title, LawlessEntryError.advice)


def test_a_shop_without_cash_has_none_of_it(sandbox: Sandbox, tmp_path: Path) -> None:
    with till(sandbox, tmp_path, Settings()) as at:
        at.till.take_cash(amount=1_000, given=1_000, note="", intent="x")
        assert told(at, CashRefused).title.en == "This till takes no cash"
        at.till.count_cash(5)
        assert isinstance(told(at, ShiftView, ShiftRefused), ShiftRefused)
        at.till.open_shift(float_dong=5)
        assert isinstance(told(at, ShiftView, ShiftRefused), ShiftRefused)
        at.till.move_cash(CashKind.PAY_IN, 5, reason=WHY, intent="x", by="", pin=PIN)
        assert isinstance(told(at, ShiftView, ShiftRefused), ShiftRefused)
        at.scan(50_000)
        at.until_stage(Stage.PAID)
        at.till.close_shift(1, (), reason="", by="", pin="")
        z = shift(at)
        assert (z.report.keeps_cash, z.shift.ledger.keys() & {"cash", "cash_moved"}) == (False, set())
        assert not any("CASH" in part.title.en for part in z.report.sections)
        assert "cash" not in at.till.answer("payments", {})


def test_cash_that_was_switched_off_is_counted_all_the_same(sandbox: Sandbox, tmp_path: Path) -> None:
    with till(sandbox, tmp_path) as at:
        sell(at, 185_000, 200_000)
    with till(sandbox, tmp_path, Settings()) as at:
        at.till.count_cash(185_000)
        assert isinstance(told(at, ShiftView, ShiftRefused), ShiftView)
        at.till.close_shift(1, (), reason="", by="", pin="")
        assert shift(at).shift.totals.cash.over == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="kills are things of Unix")
@pytest.mark.parametrize(("moment", "sales"), [("before", 0), ("after", 1)])
def test_killed_at_the_commit_it_is_taken_or_it_is_not(
    sandbox: Sandbox, tmp_path: Path, moment: str, sales: int
) -> None:
    command = [sys.executable, "-m", "tests.end_to_end.killed_cash", str(tmp_path), moment]
    done = subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, timeout=100, check=False)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "taking\n"), done.stderr
    with till(sandbox, tmp_path) as at:
        found = at.till.journal.read(cash_rows.sales).result()
        assert [(one.amount, one.given) for one in found] == [(185_000, 200_000)] * sales
        again = sell(at, 185_000, 200_000, intent="once")
        assert len(at.till.journal.read(cash_rows.sales).result()) == 1, "pressed again after a crash: still one"
        assert again.given == 200_000


def test_commands(sandbox: Sandbox, tmp_path: Path) -> None:
    """Beside an open till, as processes of their own."""
    shop = Shop(tmp_path, sandbox)
    (tmp_path / "settings.toml").write_text("version = 1\n[cash]\nenabled = true\n", encoding="utf-8")
    with till(sandbox, tmp_path) as at:
        url = ("--demo-url", sandbox.url)
        signed = ("--by", "Lan", "--pin-stdin")
        assert shop.json("shift", "open", "--float", "500.000", *url)[0] == 0
        code, sold = shop.json("cash", "--amount", "185000", "--given", "200.000", *url)
        assert (code, sold["state"], sold["change"]) == (0, "cash", 15_000)
        assert shop.json("cash", "--amount", "185000", "--given", "100000", *url)[0] == 2
        out = ("shift", "pay-out", "--amount", "30000", "--reason", "mua đá lạnh", *signed, *url)
        with answers_lost(at):
            code, lost = shop.json(*out, given=f"{PIN}\n")
        assert (code, lost["error"]["en"]) == (11, "Not known whether it was written down")
        code, moved = shop.json(*out, "--intent", lost["intent"], given=f"{PIN}\n")
        assert (code, moved["cash"]["paid_out"], moved["cash"]["expected"]) == (0, 30_000, None), "once"
        code, other = shop.json(*out, "--intent", lost["intent"], "--amount", "3000", given=f"{PIN}\n")
        assert (code, other["error"]["en"]) == (2, IntentTakenError.title.en)
        back = ("refund", "--payment", sold["slip_number"], "--amount", "85000", "--reason", "goods_returned")
        code, refund = shop.json(*back, *signed, *url, given=f"{PIN}\n")
        assert (code, refund["amount"], refund["stage"]) == (0, 85_000, "done")
        code, differs = shop.json("shift", "close", "--counted", "500000", *url)
        assert (code, differs["cash"]["expected"], differs["cash"]["over"]) == (2, 570_000, -70_000)
        code, z = shop.json("shift", "close", "--reason", WHY, *url)
        assert (code, z["z_number"], z["cash"]["over"], z["cash"]["reason"]) == (0, 1, -70_000, WHY)
        assert (z["net"], z["ledger"]["cash"]) == (0, 70_000)
        code, day = shop.json("payments", "--day", day_of(sold["scanned_at_ms"]).isoformat())
        assert (day["paid_total"], day["cash_total"], day["cash_refunded_total"]) == (0, 185_000, 85_000)
        assert at.till.journal.verify().result().ok
