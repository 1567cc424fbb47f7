"""What the tests of the matrix share: a till of real parts, and what lies on its disk, read past the program."""

import json
import queue
import secrets
import shutil
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self, cast

from pos_app.checkout.events import OpenCount
from pos_app.checkout.views import Health, HealthView, Light, PaymentView, Stage
from pos_app.clock import Clock, MachineClock
from pos_app.gateway_access import access_to
from pos_app.sandbox.server import Sandbox
from pos_app.settings import Settings
from pos_app.staff.pin import Pins
from tests.clocks import FastClock
from tests.end_to_end.world import _ONE_MIGRATION_AT_A_TIME, Counter
from tests.fault_matrix.gateway import ScriptedGateway
from tests.staff.doors import CHEAP

NOT_PAID = {Stage.DECLINED, Stage.NOT_SENT}
DO_NOT_CHARGE = "ĐỪNG thu lại"
PIN = "493817"
BuiltIn = tuple[Sandbox, FastClock]
"""The built-in gateway, on a clock that a test can make run."""


class FaultCounter(Counter):
    """A counter at any gateway, with any settings; it remembers all that it was told."""

    def __init__(
        self,
        gateway: Sandbox | ScriptedGateway,
        folder: Path,
        *,
        clock: Clock | None = None,
        settings: Settings | None = None,
        url: str = "",
    ) -> None:
        self.all: list[object] = []
        access = access_to(cast(Sandbox, gateway))
        access = replace(access, url=url or access.url)
        super().__init__(cast(Sandbox, gateway), folder, clock, settings=settings, access=access)

    def start(self) -> None:
        try:
            with _ONE_MIGRATION_AT_A_TIME:
                self.till.start()
        except BaseException:
            loop = getattr(self.till, "_loop", None)
            if loop is not None and not loop.is_running():
                loop.close()  # a program would end now
            raise

    def _hear(self, told: object) -> None:
        self.all.append(told)
        super()._hear(told)

    def stages(self) -> set[Stage]:
        """Every stage that the cashier was shown so far."""
        return {view.stage for view in list(self.all) if isinstance(view, PaymentView)}

    def light(self, light: Light) -> HealthView:
        """How a light stands."""
        told = [view for view in list(self.all) if isinstance(view, HealthView) and view.light is light]
        return told[-1] if told else HealthView(light, Health.OK)

    def open_ids(self) -> list[str]:
        """The payments that the head's counter counts now."""
        counts = [view for view in list(self.all) if isinstance(view, OpenCount)]
        return [view.payment_id for view in counts[-1].views] if counts else []

    def ask_until(self, payment_id: str, *stages: Stage, seconds: float = 60) -> PaymentView:
        """Press "ask now" until it stands so."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.till.ask_now(payment_id)
            try:
                view = self.told.get(timeout=0.05)
            except queue.Empty:
                continue
            if isinstance(view, PaymentView) and view.payment_id == payment_id and view.stage in stages:
                return view
        raise AssertionError(
            f"never {stages}; last: {[view for view in self.all if isinstance(view, PaymentView)][-1:]}"
        )

    def ask_until_so(self, payment_id: str, is_so: Callable[[], bool], seconds: float = 60) -> None:
        """Press "ask now" until that is so: for what no view tells, such as a question about what is closed."""
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, "never so"
            self.till.ask_now(payment_id)
            time.sleep(0.05)


@contextmanager
def till_at(
    gateway: Sandbox | ScriptedGateway,
    folder: Path,
    *,
    clock: Clock | None = None,
    settings: Settings | None = None,
    url: str = "",
) -> Iterator[FaultCounter]:
    """A till, open as long as the block runs; its journal is sound at the end.

    Args:
        gateway: what it charges at.
        folder: its data.
        clock: its clocks; the machine's for None.
        settings: its settings.
        url: another address than the gateway's own: a cable, or where nobody is.
    """
    made = FaultCounter(gateway, folder, clock=clock, settings=settings, url=url)
    made.start()
    try:
        yield made
        report = made.till.journal.verify().result()
        assert report.ok, report.problems
    finally:
        made.till.stop()
        without_ballast(folder)


def without_ballast(folder: Path) -> None:
    """Take the ballast away, so that 16 MB of nothing need not be searched after each test."""
    ballast = folder / "journal.ballast"
    if ballast.exists():
        assert not ballast.read_bytes().strip(b"\0")
        ballast.unlink()


# --- what is on the disk ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KeptRefund:
    """One refund as it lies on the disk: as `Kept`."""

    m_refund_id: str
    amount: int
    state: str
    evidence: tuple[dict[str, Any], ...]
    settled: tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """One payment as it lies on the disk.

    Attributes:
        state: in the table of payments.
        evidence: every piece, as JSON: source, asked_at_ms, received_at_ms, answer, cause.
        settled: the states it was settled with, in order.
        facts: what was fixed before anything left.
        acts: what a manager allowed, in order.
        refunds: what was to be given back, oldest first.
        ledger: what stands on each account for it, in dong.
    """

    state: str
    zp_trans_id: str
    evidence: tuple[dict[str, Any], ...]
    settled: tuple[str, ...]
    facts: dict[str, Any]
    acts: tuple[str, ...]
    refunds: tuple[KeptRefund, ...]
    ledger: dict[str, int]

    def of(self, source: str) -> list[dict[str, Any]]:
        return [one for one in self.evidence if one["source"] == source]

    def meanings(self, source: str) -> list[str]:
        """What the answers of a source meant, in order."""
        return [one["answer"]["meaning"] for one in self.of(source)]

    def fault(self) -> str:
        """What was wrong with the answer to the charge."""
        return str(self.of("create")[-1]["answer"]["fault"])


def journal_of(folder: Path) -> list[dict[str, Any]]:
    """Every entry that a power cut at this moment would leave, oldest first."""
    with copy_of(folder) as copy:
        return [json.loads(text) for (text,) in copy.execute("SELECT payload FROM entry ORDER BY n")]


@contextmanager
def copy_of(folder: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the journal's files as they lie on the disk now, read by SQLite."""
    with TemporaryDirectory() as place:
        for file in folder.glob("journal.sqlite3*"):
            shutil.copy(file, place)
        with closing(sqlite3.connect(Path(place) / "journal.sqlite3")) as copy:
            yield copy


def on_disk(folder: Path) -> list[Kept]:
    """The payments that a power cut at this moment would leave, oldest first."""
    with copy_of(folder) as copy:
        rows = copy.execute("SELECT app_trans_id, state, zp_trans_id FROM payment ORDER BY running").fetchall()
        told = [json.loads(text) for (text,) in copy.execute("SELECT payload FROM entry ORDER BY n")]
        refunds = copy.execute("SELECT app_trans_id, m_refund_id, amount, state FROM refund ORDER BY running")
        back = [(payment, _kept_refund(told, *row)) for payment, *row in refunds]
        sums = copy.execute("SELECT app_trans_id, account, sum(amount) FROM posting GROUP BY 1, 2").fetchall()
    return [_kept(told, back, sums, *row) for row in rows]


def _kept_refund(told: list[dict[str, Any]], m_refund_id: str, amount: int, state: str) -> KeptRefund:
    own = [one for one in told if one.get("m_refund_id") == m_refund_id]
    evidence = tuple(one["evidence"] for one in own if one["kind"] == "refund_evidence_added")
    settled = tuple(one["state"] for one in own if one["kind"] == "refund_settled")
    return KeptRefund(m_refund_id, amount, state, evidence, settled)


def _kept(
    told: list[dict[str, Any]],
    back: list[tuple[str, KeptRefund]],
    sums: list[tuple[str, str, int]],
    payment_id: str,
    state: str,
    zp_trans_id: str,
) -> Kept:
    own = [one for one in told if one.get("app_trans_id") == payment_id]
    return Kept(
        state,
        zp_trans_id,
        evidence=tuple(one["evidence"] for one in own if one["kind"] == "evidence_added"),
        settled=tuple(one["state"] for one in own if one["kind"] == "payment_settled"),
        facts=next(
            one["attempt"]
            for one in told
            if one["kind"] == "payment_prepared" and one["attempt"]["app_trans_id"] == payment_id
        ),
        acts=tuple(one["act"] for one in own if one["kind"] == "manager_acted"),
        refunds=tuple(refund for payment, refund in back if payment == payment_id),
        ledger={account: dong for payment, account, dong in sums if payment == payment_id and dong},
    )


def the_one(folder: Path) -> Kept:
    """The only payment on the disk."""
    (kept,) = on_disk(folder)
    return kept


# --- clocks and cables -----------------------------------------------------------------------------------------------


class WrongClock(FastClock):
    """A machine's clock whose wall clock somebody sets, or that sleeps: then the wall clock alone goes on."""

    def __init__(self, rate: int = 1, *, off_ms: int = 0) -> None:
        super().__init__(rate)
        self.off_ms = off_ms

    def wall_ms(self) -> int:
        return super().wall_ms() + self.off_ms

    def set_to(self, wall_ms: int) -> None:
        self.off_ms += wall_ms - self.wall_ms()


class Cable:
    """A network cable between till and gateway that can be pulled out and put back: a relay on a port of its own."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._listen()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Every connection ends, and no new one comes to stand."""
        for one in (self._listener, *self._sockets):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._sockets.clear()

    def mend(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._listen()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    def _listen(self) -> None:
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._sockets += [near, far]
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=pair, daemon=True).start()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)


def set_pin(folder: Path) -> None:
    """A manager comes, with a PIN that costs nothing to check: its strength is tested in tests/staff."""
    Pins(folder, MachineClock(), secrets.token_bytes, CHEAP).set_first(PIN)


def quiet(seconds: float = 0.3) -> None:
    """Let whatever still wants to happen happen."""
    threading.Event().wait(seconds)
