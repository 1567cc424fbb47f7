"""A shop whose whole day is played: two cashiers, a manager, real parts, and notes of what was really done.

The notes are a person's with a pencil: who stood there, what the customer did. What a figure must be is reckoned from
them and from the gateway's own books (`tests.end_to_end.reckoning`), never from the journal.
"""

import io
import json
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pos_app.checkout.events import (
    ActDone,
    ActRefused,
    BindingView,
    CustomersView,
    DutyView,
    PrintState,
    PrintView,
    Refused,
    StaffDone,
)
from pos_app.checkout.staffing import StaffWish, Wish
from pos_app.checkout.views import PaymentView, RefundStage, RefundView, Stage
from pos_app.cli import main
from pos_app.gateways.gateway import PayMethod
from pos_app.payments.acts import Act
from pos_app.receipts.blocks import Block, Box, Centred, Row, Total
from pos_app.receipts.document import Document
from pos_app.receipts.spool import Job
from pos_app.sandbox.server import Sandbox
from pos_app.settings import Settings
from pos_app.staff.pin import Pins
from pos_app.staff.roles import Role
from tests.fault_matrix.world import Cable, FaultCounter, WrongClock
from tests.receipts.network_printer import NetworkPrinterPeer
from tests.staff.doors import CHEAP

OWNER, MANAGER, FIRST, SECOND = "Minh Anh", "Ngọc Lan", "Thu Hà", "Quốc Bảo"
PINS = {OWNER: "482915", MANAGER: "271938", FIRST: "604715", SECOND: "839264"}
VIETNAM = timezone(timedelta(hours=7))
WAITING = 30
"""How many times as fast the shop's time goes by while somebody waits for an answer; else it stands still."""
LONG = 1_200
ENDED = (Stage.PAID, Stage.DECLINED, Stage.NOT_SENT, Stage.MISMATCH)
OPEN_REFUNDS = (RefundStage.SENDING, RefundStage.PROCESSING, RefundStage.UNKNOWN)


@dataclass
class Sale:
    """What really happened at the counter.

    Attributes:
        number, slip: its ids.
        amount: dong.
        who, how: whose money, by which gesture, as papers tell them apart.
        cashier, shift: who stood there, in which shift.
        declined: why it was not paid (state and code), None where it was, or nobody knows.
        decided: what a manager took it for: "paid", "unpaid", or "".
        scanned: by the customer's code, so that there is a time from the scan on.
    """

    number: str
    slip: str
    amount: int
    who: str
    how: str
    cashier: str
    shift: int
    declined: tuple[str, str] | None = None
    decided: str = ""
    scanned: bool = False


@dataclass(frozen=True)
class Decision:
    """A manager's act, by its payment."""

    act: str
    number: str
    amount: int
    shift: int


class PagePrinter(NetworkPrinterPeer):
    """A printer that keeps each piece of paper as it was cut off."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[Image.Image] = []

    def _do(self, command: bytes) -> bytes:
        said = super()._do(command)
        if command[:2] == b"\x1dV":
            self.pages.append(self.paper.picture)
            self.paper.rows = b""
        return said


@dataclass
class Printed:
    """A piece of paper: what stands on it, and what of that was drawn: all, or of a kind seen before one line."""

    key: str
    document: Document
    drawn: Document
    job: Job
    dots: str

    @property
    def is_whole(self) -> bool:
        return self.drawn == self.document


def kind_of(document: Document, dots: str) -> tuple[object, ...]:
    """What a piece of paper looks like, whatever figures and ids stand in it."""
    return (dots, *(_shape(block) for block in document.blocks))


def _shape(block: Block) -> tuple[object, ...]:
    match block:
        case Row(label):
            return Row, label
        case Total(label, amount):
            return Total, label, len(amount)
        case Box(text, sign):
            return Box, text, sign
        case Centred(text, style):
            return Centred, style, text if "IN LẠI" in text else ""
        case _:
            return (type(block),)


class ShopDay:
    """The shop. Time stands still unless somebody waits."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, begins: datetime) -> None:
        patch.setenv("POS_APP_HOME", str(folder))
        patch.setattr("pos_app.staff.pin.COST", CHEAP)
        patch.setattr(Pins.__init__, "__defaults__", (CHEAP,))
        self.folder, self._patch = folder, patch
        self.clock = WrongClock(0)
        self.clock.set_to(ms(begins))
        self.sandbox = Sandbox(clock=self.clock)
        self.printer = PagePrinter()
        self.sales: dict[str, Sale] = {}
        self.decisions: list[Decision] = []
        self.refunds: dict[str, RefundView] = {}
        self.refund_by: dict[str, int] = {}
        """In which shift each refund was asked for."""
        self.printed: list[Printed] = []
        self._kinds: set[tuple[object, ...]] = set()
        self.said = ""
        self.last_views: dict[str, PaymentView] = {}
        """Each payment as it was told last."""
        self.shift = 1
        self.cashier = ""
        self.reprints = {1: 0, 2: 0}

    # --- life --------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        self.sandbox.start()
        self.sandbox.customer.top_up(3_000_000_000)
        self.printer.__enter__()
        self.cable = Cable(int(self.sandbox.url.rpartition(":")[2]))

    def open_till(self, settings: Settings) -> None:
        self.at = FaultCounter(self.sandbox, self.folder, clock=self.clock, settings=settings, url=self.cable.url)
        self.at.start()
        self.till = self.at.till
        print_it = self.till.parts.spool.print

        def noted(key: str, document: Document) -> Any:
            """Drawing is dear: the first of each kind is drawn whole, of the others a line that names them."""
            dots = settings.printer.paper
            kind = kind_of(document, dots)
            drawn = replace(document, blocks=(Row("Phiếu", key),)) if kind in self._kinds else document
            self._kinds.add(kind)
            coming = print_it(key, drawn)
            coming.add_done_callback(
                lambda done: self.printed.append(Printed(key, document, drawn, done.result(), dots))
            )
            return coming

        self._patch.setattr(self.till.parts.spool, "print", noted)

    def close_till(self) -> None:
        self.at.till.stop()
        self.last_views |= {view.payment_id: view for view in self.at.all if isinstance(view, PaymentView)}

    def end(self) -> None:
        self.clock.run(1)
        if hasattr(self, "at"):
            self.at.till.stop()
        if hasattr(self, "cable"):
            self.cable.cut()
        self.printer.__exit__()
        self.sandbox.stop()

    # --- time --------------------------------------------------------------------------------------------------------

    def until_time(self, wall: datetime, rate: int = 100_000) -> None:
        """Nobody comes for a while."""
        left = ms(wall) - self.clock.wall_ms()
        assert left >= 0, f"it is later than {wall} already"
        self.pass_time(left, rate)

    def pass_time(self, time_ms: int, rate: int = LONG) -> None:
        until_ms = self.clock.monotonic_ms() + time_ms
        self.clock.run(rate, for_ms=time_ms, then=0)
        while self.clock.monotonic_ms() < until_ms:
            time.sleep(0.002)

    def until(self, wanted: Callable[[Any], bool], rate: int = 0) -> Any:
        """Until the till tells that; with a rate, the shop's time goes by meanwhile."""
        self.clock.run(rate)
        try:
            return self.at.until(wanted)
        finally:
            self.clock.run(0)

    def told_of(self, number: str, *stages: Stage, rate: int = WAITING) -> PaymentView:
        """Until a payment stands so; it may have come to that a while ago."""

        def last() -> PaymentView | None:
            told = (one for one in reversed(self.at.all) if isinstance(one, PaymentView) and one.payment_id == number)
            return next(told, None)

        def stands() -> bool:
            view = last()
            return view is not None and view.stage in stages

        if not stands():
            self.until(lambda _: stands(), rate)
        view = last()
        assert view is not None
        return view

    # --- people ------------------------------------------------------------------------------------------------------

    def people_come(self) -> None:
        self.till.pins.set_first(PINS[OWNER])
        for name, role in ((MANAGER, Role.MANAGER), (FIRST, Role.CASHIER), (SECOND, Role.CASHIER)):
            wish = StaffWish(Wish.ADD, name=name, role=role, new_pin=PINS[name])
            self.till.change_staff(wish, by=OWNER, pin=PINS[OWNER])
            self.until(lambda told: isinstance(told, StaffDone))

    def stands(self, name: str) -> None:
        """This one signs in."""
        self.till.sign_in(name, pin=PINS[name])
        self.until(lambda it: isinstance(it, DutyView) and it.person is not None and it.person.name == name)
        self.cashier = name

    # --- payments ----------------------------------------------------------------------------------------------------

    def scan(self, amount: int, *, retry_of: str = "", rate: int = 0) -> PaymentView:
        """A customer holds out a code; what is answered at once needs no time."""
        self.at.scan(amount, retry_of=retry_of)
        return self._begun(amount, "zalopay", "scanned", ENDED, rate=rate, scanned=True)

    def show(self, amount: int, method: PayMethod = PayMethod.ANY) -> PaymentView:
        """A code is shown; a customer may pay it now."""
        who = {PayMethod.OWN_VIETQR: "own_vietqr", PayMethod.BANK_QR: "appotapay", PayMethod.BANK_ATM: "appotapay"}
        self.till.show(amount=amount, note="Bàn 5", method=method)
        how = "" if method is PayMethod.OWN_VIETQR else "shown"
        return self._begun(amount, who.get(method, "zalopay"), how, (Stage.SHOWN, *ENDED))

    def link(self, amount: int) -> PaymentView:
        self.till.link(amount=amount, note="Giao tận nhà")
        return self._begun(amount, "zalopay", "link", (Stage.SHOWN, *ENDED))

    def regular(self, name: str = "Chị Lan") -> str:
        """A customer links the wallet; gives the number."""
        self.till.bind(name=name)
        waiting = self.until(lambda told: isinstance(told, BindingView), WAITING)
        assert self.sandbox.confirm_binding(waiting.binding_id)
        told = self.until(lambda told: isinstance(told, CustomersView), WAITING)
        return str(told.customers[-1].number)

    def charge_regular(self, number: str, amount: int) -> PaymentView:
        self.till.charge_customer(number, amount=amount, note="Như mọi khi")
        return self._begun(amount, "zalopay", "regular", ENDED)

    def _begun(
        self, amount: int, who: str, how: str, stages: tuple[Stage, ...], *, rate: int = WAITING, scanned: bool = False
    ) -> PaymentView:
        """The payment that was just begun, once it stands so; a stage in between is looked at too."""

        def stands(told: Any) -> bool:
            assert not isinstance(told, Refused), told
            if not isinstance(told, PaymentView) or told.amount != amount or told.payment_id in earlier:
                return False
            self._note(told, who, how, scanned)
            return told.stage in stages or (scanned and self._goes_on(told))

        earlier = set(self.sales)
        view = self.until(stands, rate)
        assert isinstance(view, PaymentView)
        return view

    @staticmethod
    def _goes_on(told: PaymentView) -> bool:
        """Stuck at the gateway: it will not end by itself."""
        return told.amount == STUCK and told.stage is Stage.PROCESSING

    def _note(self, view: PaymentView, who: str, how: str, scanned: bool) -> None:
        self.sales.setdefault(
            view.payment_id,
            Sale(view.payment_id, view.slip_number, view.amount, who, how, self.cashier, self.shift, scanned=scanned),
        )

    def paid(self, view: PaymentView) -> Sale:
        """It was paid, at once or by now."""
        ended = view if view.stage in ENDED else self.told_of(view.payment_id, *ENDED)
        assert ended.stage is Stage.PAID, ended
        return self.sales[view.payment_id]

    def pays(self, view: PaymentView) -> Sale:
        """The customer pays what is shown."""
        assert view.stage is Stage.SHOWN, view
        assert self.sandbox.pay_order(view.payment_id)
        return self.paid(view)

    def declined(self, view: PaymentView, state: str, code: str = "", *, rate: int = WAITING) -> Sale:
        """It was not paid."""
        ended = view if view.stage in ENDED else self.told_of(view.payment_id, *ENDED, rate=rate)
        assert ended.stage in (Stage.DECLINED, Stage.NOT_SENT), ended
        sale = self.sales[view.payment_id]
        sale.declined = (state, code)
        return sale

    def turns_to_the_next(self, view: PaymentView) -> None:
        """The customer waited a minute; the counter is free again, the payment stays open."""
        self.told_of(view.payment_id, Stage.UNKNOWN, rate=LONG)
        self.till.next_customer()

    # --- managers ----------------------------------------------------------------------------------------------------

    def act(self, act: Act, sale: Sale, reason: str, note: str = "") -> None:
        """The manager comes and types the PIN at the cashier's till; a decision names the number in the portal."""
        in_portal = str(self.at.gateway_order(sale.number)["zp_trans_id"]) if note else ""
        self.till.act(act, sale.number, pin=PINS[MANAGER], by=MANAGER, reason=reason, note=note, number=in_portal)
        done = self.until(lambda told: isinstance(told, ActDone | ActRefused))
        assert isinstance(done, ActDone), done
        self.decisions.append(Decision(act.value, sale.number, sale.amount, self.shift))
        if act in (Act.DECIDE_PAID, Act.DECIDE_UNPAID):
            sale.decided = act.value.removeprefix("decide_")

    def refund(self, sale: Sale, amount: int, *, ends: RefundStage = RefundStage.DONE) -> RefundView:
        """Money goes back, wholly or in part."""
        known = set(self.refunds)

        def stands(told: Any) -> bool:
            assert not isinstance(told, ActRefused), told
            return (
                isinstance(told, PaymentView)
                and told.payment_id == sale.number
                and any(
                    one.m_refund_id not in known and one.amount == amount and one.stage is ends for one in told.refunds
                )
            )

        self.till.act(
            Act.REFUND, sale.number, pin=PINS[MANAGER], by=MANAGER, reason="goods_returned", amount=amount,
            intent=f"{sale.number} {len(known)}",
        )  # fmt: skip
        view = self.until(stands, WAITING)
        refund: RefundView = next(one for one in view.refunds if one.m_refund_id not in known)
        self.refunds[refund.m_refund_id] = refund
        self.refund_by[refund.m_refund_id] = self.shift
        return refund

    def reprint(self, sale: Sale, *, refund: str = "") -> None:
        self.all_slips_out()
        while not self.at.told.empty():
            self.at.told.get()
        self.till.reprint(sale.number, refund=refund)
        self.printed_out(refund or sale.number)
        self.reprints[self.shift] += 1

    def printed_out(self, key: str) -> None:
        out = (PrintState.PRINTED, PrintState.SENT, PrintState.SAVED)
        self.until(lambda it: isinstance(it, PrintView) and it.payment_id == key and it.state in out)

    def all_slips_out(self) -> None:
        """Wait for the printer."""
        deadline = time.monotonic() + 100
        while self.till.parts._slips._under_way:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    # --- commands ----------------------------------------------------------------------------------------------------

    def command(self, *words: str, pin_of: str = "") -> tuple[int, dict[str, Any]]:
        """A command beside the open till, with its answer for programs."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setattr("sys.stdin", io.StringIO(f"{PINS[pin_of]}\n" if pin_of else ""))
            code = main([*words, *(["--pin-stdin"] if pin_of else []), "--json"])
        self.said += out.getvalue() + err.getvalue()
        lines = [line for line in out.getvalue().splitlines() if line.startswith("{")]
        return code, json.loads(lines[-1]) if lines else {}

    def of_the_manager(self, *words: str) -> tuple[int, dict[str, Any]]:
        return self.command(*words, "--by", MANAGER, pin_of=MANAGER)


STUCK = 10_003


def ms(wall: datetime) -> int:
    """Milliseconds since 1970 of a Vietnamese wall clock."""
    return round(wall.replace(tzinfo=VIETNAM).timestamp() * 1000)
