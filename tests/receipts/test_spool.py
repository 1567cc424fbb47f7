"""The spool: each job with its own truth, nothing owed is forgotten, nothing comes out twice without a mark."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from pos_app.receipts.document import Document
from pos_app.receipts.printers.escpos import EscPosPrinter
from pos_app.receipts.printers.file import FilePrinter
from pos_app.receipts.printers.printer import Outcome, Printer, PrinterError, PrinterState, PrinterStatus
from pos_app.receipts.printers.wires import NetworkWire
from pos_app.receipts.spool import Job, JobState, SlipLedger, Spool
from tests.receipts.network_printer import OFFLINE, PAPER_GONE, READY, NetworkPrinterPeer
from tests.receipts.slips import PAID, WAITING, paper_of

SLIP = paper_of(PAID)
SECONDS = 30


def at(port: int) -> Printer:
    return EscPosPrinter(NetworkWire("127.0.0.1", port, timeout_seconds=1), timeout_seconds=1)


def spool_of(printer: Printer, folder: Path, told: list[Job] | None = None) -> Spool:
    return Spool(printer, SlipLedger(folder / "slips.json"), (lambda _: None) if told is None else told.append)


def test_each_job_says_how_far_it_is(tmp_path: Path) -> None:
    told: list[Job] = []
    spool = spool_of(FilePrinter(tmp_path / "slips"), tmp_path, told)
    job = spool.print("one", SLIP).result(SECONDS)
    assert (job.key, job.title, job.state, job.came_out) == ("one", "02-000148", JobState.SAVED, True)
    assert [one.state for one in told] == [JobState.QUEUED, JobState.SENDING, JobState.SAVED]
    assert spool.jobs() == (job,)
    assert spool.status().result(SECONDS).state is PrinterState.READY
    spool.close(SECONDS)


@pytest.mark.parametrize(("peer", "state"), [({}, JobState.PRINTED), ({"answers": None}, JobState.SENT)])
def test_printed_is_the_printers_word_only(tmp_path: Path, peer: dict[str, Any], state: JobState) -> None:
    with NetworkPrinterPeer(**peer) as printer:
        spool = spool_of(at(printer.port), tmp_path)
        assert spool.print("one", SLIP).result(SECONDS).state is state
        spool.close(SECONDS)


def test_a_job_that_fails_says_why_and_blocks_no_other(tmp_path: Path) -> None:
    with NetworkPrinterPeer((OFFLINE, READY, PAPER_GONE)) as peer:
        spool = spool_of(at(peer.port), tmp_path)
        failed = spool.print("one", SLIP).result(SECONDS)
        assert (failed.state, failed.cause.en, failed.begun) == (JobState.FAILED, "Out of paper", False)
        assert all(failed.remedy)
        peer.answers = (READY, READY, READY)
        assert spool.print("two", SLIP).result(SECONDS).state is JobState.PRINTED
        assert [one.state for one in spool.jobs()] == [JobState.FAILED, JobState.PRINTED]
        spool.close(SECONDS)


def test_whoever_prints_waits_for_no_printer(tmp_path: Path) -> None:
    with NetworkPrinterPeer(reads=False) as peer:
        spool = spool_of(at(peer.port), tmp_path)
        stuck, waits = spool.print("one", SLIP), spool.print("two", SLIP)
        assert peer.reached.wait(SECONDS), "the first is being sent"
        assert not stuck.done()
        assert [one.state for one in spool.jobs()] == [JobState.QUEUED, JobState.SENDING]
        assert stuck.result(SECONDS).cause.en == "Printer takes no data"
        peer.reads = True
        peer.released.set()
        assert waits.result(SECONDS).state is JobState.PRINTED
        spool.close(SECONDS)


def test_what_waits_at_the_end_is_not_begun_and_stays_owed(tmp_path: Path) -> None:
    with NetworkPrinterPeer(reads=False) as peer:
        spool = spool_of(at(peer.port), tmp_path)
        for key in ("one", "two"):
            spool.ledger.owe(key)
        stuck, waits = spool.print("one", SLIP), spool.print("two", SLIP)
        assert peer.reached.wait(SECONDS)
        spool.close(SECONDS)
        assert stuck.result(SECONDS).state is JobState.FAILED
        assert waits.cancelled()
    again = SlipLedger(tmp_path / "slips.json")
    assert again.owed() == ("one", "two")
    assert (again.tries("one"), again.tries("two")) == (1, 0), "only the first may be on paper"


class Fallible(FilePrinter):
    """A printer with a fault in its own program."""

    def print(self, document: Document) -> Outcome:
        raise ZeroDivisionError

    def status(self) -> PrinterStatus:
        raise ZeroDivisionError


def test_a_fault_in_a_printers_own_program_is_a_failed_job(tmp_path: Path) -> None:
    spool = spool_of(Fallible(tmp_path), tmp_path)
    job = spool.print("one", SLIP).result(SECONDS)
    assert (job.state, job.begun, job.cause.en) == (JobState.FAILED, True, "The printer failed")
    with pytest.raises(ZeroDivisionError):
        spool.status().result(SECONDS)
    with pytest.raises(PrinterError):
        spool.open_drawer().result(SECONDS)
    spool.close(SECONDS)


# --- what survives ---------------------------------------------------------------------------------------------------


def test_a_try_is_written_down_before_its_first_byte(tmp_path: Path) -> None:
    seen: list[int] = []

    class Looking(FilePrinter):
        def print(self, document: Document) -> Outcome:
            seen.append(SlipLedger(tmp_path / "slips.json").tries("one"))
            return super().print(document)

    spool = spool_of(Looking(tmp_path / "slips"), tmp_path)
    spool.print("one", SLIP).result(SECONDS)
    assert seen == [1]
    assert spool.ledger.tries("one") == 1, "until the journal has it"
    spool.ledger.done("one")
    assert SlipLedger(tmp_path / "slips.json").tries("one") == 0
    spool.close(SECONDS)


def test_only_what_may_be_on_paper_counts_as_a_try(tmp_path: Path) -> None:
    with NetworkPrinterPeer((OFFLINE, READY, PAPER_GONE)) as peer:
        spool = spool_of(at(peer.port), tmp_path)
        spool.print("one", SLIP).result(SECONDS)
        assert spool.ledger.tries("one") == 0
        peer.answers, peer.answers_after = (READY, READY, READY), (OFFLINE, READY, PAPER_GONE)
        spool.print("one", SLIP).result(SECONDS)
        assert spool.ledger.tries("one") == 1
        spool.close(SECONDS)


def test_what_is_owed_is_there_after_a_restart_and_gone_once_it_came_out(tmp_path: Path) -> None:
    path = tmp_path / "slips.json"
    ledger = SlipLedger(path)
    for key in ("one", "two", "three"):
        ledger.owe(key)
    ledger.begin("two")
    ledger.done("two")
    ledger.drop("three")
    assert SlipLedger(path).owed() == ("one",)
    ledger.begin("one")
    ledger.begin("one")
    ledger.done("one")
    assert SlipLedger(path).owed() == ()
    assert SlipLedger(path).tries("one") == 1, "the other try may be on paper for ever"


KILLED = """
import os, sys, threading
from pathlib import Path
from pos_app.receipts.printers.escpos import EscPosPrinter
from pos_app.receipts.printers.wires import NetworkWire
from pos_app.receipts.spool import SlipLedger, Spool
from tests.receipts.slips import PAID, paper_of
ledger = SlipLedger(Path(sys.argv[1]) / "slips.json")
ledger.owe("one"); ledger.owe("two")
spool = Spool(EscPosPrinter(NetworkWire("127.0.0.1", int(sys.argv[2]))), ledger)
spool.print("one", paper_of(PAID)); spool.print("two", paper_of(PAID))
threading.Event().wait(60)
"""


def test_killed_while_it_prints(tmp_path: Path) -> None:
    """kill -9 in the middle of a slip: both are owed still, and only the one that was begun is a copy next time."""
    with NetworkPrinterPeer(reads=False) as peer:
        child = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path), str(peer.port)])
        assert peer.reached.wait(SECONDS)
        os.kill(child.pid, signal.SIGKILL)
        child.wait(SECONDS)
    after = SlipLedger(tmp_path / "slips.json")
    assert after.owed() == ("one", "two")
    assert [after.tries(key) for key in ("one", "two")] == [1, 0]


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"slips-1": []}', '{"slips-1": {"one": 5}}', "\x00"])
def test_a_ledger_that_cannot_be_read_is_set_aside(tmp_path: Path, content: str) -> None:
    path = tmp_path / "slips.json"
    path.write_text(content, encoding="utf-8")
    ledger = SlipLedger(path)
    assert ledger.owed() == ()
    assert (tmp_path / "slips.json.damaged").read_text(encoding="utf-8") == content
    ledger.owe("one")
    assert SlipLedger(path).owed() == ("one",)


def test_a_disk_that_takes_nothing_keeps_no_slip_from_the_customer(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be", encoding="utf-8")
    spool = Spool(FilePrinter(tmp_path / "slips"), SlipLedger(tmp_path / "taken" / "slips.json"))
    spool.ledger.owe("one")
    assert spool.print("one", SLIP).result(SECONDS).state is JobState.SAVED
    assert spool.ledger.owed() == ("one",), "known for as long as it runs"
    spool.close(SECONDS)


def test_the_ledger_does_not_grow_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "slips.json"
    many = {f"copy {number}": [False, 1] for number in range(2000)}
    path.write_text(json.dumps({"slips-1": {"owed": [True, 0], **many}}), encoding="utf-8")
    ledger = SlipLedger(path)
    ledger.owe("new")
    assert ledger.owed() == ("owed", "new")
    assert (ledger.tries("copy 0"), ledger.tries("copy 1")) == (0, 0)
    assert ledger.tries("copy 2") == 1
    for number in range(20):
        ledger.owe(f"slip {number}")
        ledger.begin(f"slip {number}")
        ledger.done(f"slip {number}")
    assert len(json.loads(path.read_text(encoding="utf-8"))["slips-1"]) <= 2000


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    spool = spool_of(FilePrinter(tmp_path / "slips"), tmp_path)
    threads = [threading.Thread(target=spool.ledger.owe, args=(f"{number}",)) for number in range(16)]
    for one in threads:
        one.start()
    jobs = [spool.print(f"{number}", paper_of(WAITING)) for number in range(4)]
    for one in threads:
        one.join()
    assert {job.result(SECONDS).state for job in jobs} == {JobState.SAVED}
    assert set(SlipLedger(tmp_path / "slips.json").owed()) == {f"{number}" for number in range(16)}
    spool.close(SECONDS)
