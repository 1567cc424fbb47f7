"""The audit of a running till reads in slices: payments go on meanwhile. The weekly one begins where the last ended."""

import threading
import time
from concurrent.futures import Future
from pathlib import Path

import pytest

from pos_app.journal import verify
from pos_app.journal.chain import Anchor
from pos_app.journal.entries import SlipPrinted
from pos_app.journal.errors import CannotStoreError, JournalDamagedError
from pos_app.journal.opening import THOROUGH_EVERY_MS
from pos_app.journal.store import Journal
from pos_app.journal.writer import Writer
from tests.journal.stories import NOW, a_day, an_attempt, failed, journal_in, opened, paid, sqlite_in, tell
from tests.journal.test_verify import without_guards


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "ENTRIES_PER_SLICE", 4)
    monkeypatch.setattr(verify, "PAYMENTS_PER_SLICE", 2)


def test_payments_are_written_between_the_slices(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal, 10)
        attempt = an_attempt(journal)
        tell(journal, attempt)
        writes: list[Future[None]] = []
        stored_while: list[int] = []

        def progress(done: int, of: int) -> None:
            assert of == before
            stored_while.append(sum(one.done() for one in writes))
            if done == 4:
                writes.append(journal.write(*failed(attempt), at_ms=NOW))
            if done == 12:
                writes.append(journal.write(*paid(attempt), at_ms=NOW + 60_000))

        before = journal.verify().result().entries
        report = journal.verify(progress).result()
        assert report.ok, report.problems
        assert report.entries == before, "up to the entry that was last when it began"
        assert stored_while[:4] == [0, 1, 1, 2], "each is stored before the next slice is read"
        assert journal.verify().result().entries == before + 5


def test_a_long_audit_does_not_hold_up_a_payment(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        attempts = a_day(journal, 12)
        slow = journal.verify(lambda *_: time.sleep(0.02))
        begun = time.monotonic()
        journal.write(SlipPrinted(attempts[0].app_trans_id, 2, "pdf"), at_ms=NOW).result()
        waited = time.monotonic() - begun
        assert not slow.done()
        assert slow.result().ok
        assert waited < time.monotonic() - begun


def test_closing_ends_an_audit_that_runs(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    a_day(journal, 10)
    reading = threading.Event()
    audit = journal.verify(lambda *_: reading.set())
    assert reading.wait(60)
    journal.close()
    assert audit.done()
    if (error := audit.exception()) is not None:
        assert isinstance(error, CannotStoreError)
    with journal_in(tmp_path) as again:
        assert again.verify().result().ok


def test_sliced_work_takes_turns() -> None:
    writer, order = Writer("turns", CannotStoreError("closed")), []
    hold = threading.Event()
    writer.do(hold.wait)

    def work(name: str):  # type: ignore[no-untyped-def]
        for n in range(3):
            order.append(f"{name}{n}")
            yield
        return name

    one, two = writer.do_in_slices(work("a")), writer.do_in_slices(work("b"))
    hold.set()
    assert (one.result(), two.result()) == ("a", "b")
    assert order == ["a0", "b0", "a1", "b1", "a2", "b2"]
    writer.stop()
    with pytest.raises(CannotStoreError):
        writer.do_in_slices(work("c")).result()


# --- the weekly check ------------------------------------------------------------------------------------------------


def kept_anchor(folder: Path) -> Anchor:
    with sqlite_in(folder) as tool:
        return Anchor(*tool.execute("SELECT checked_n, checked_hash FROM journal").fetchone())


def read_by_the_check(folder: Path, monkeypatch: pytest.MonkeyPatch, weeks: int) -> tuple[int, int]:
    """Open it weeks later; how many entries and payments the check read."""
    seen: list[verify.VerifyReport] = []
    real = verify._Findings.report

    def report(self: verify._Findings) -> verify.VerifyReport:
        seen.append(real(self))
        return seen[-1]

    with monkeypatch.context() as patch:
        patch.setattr(verify._Findings, "report", report)
        opened(folder, now_ms=NOW + weeks * THOROUGH_EVERY_MS).close()
    (only,) = seen
    return only.entries, only.payments


def test_the_weekly_check_begins_where_the_last_one_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal, 6)
    assert read_by_the_check(tmp_path, monkeypatch, 1) == (31, 6)
    assert kept_anchor(tmp_path).n == 31
    assert read_by_the_check(tmp_path, monkeypatch, 2) == (1, 0)
    with journal_in(tmp_path, now_ms=NOW + 2 * THOROUGH_EVERY_MS) as journal:
        tell(journal, an_attempt(journal))
        old = journal.recent(9).result()[-1].attempt
        journal.write(SlipPrinted(old.app_trans_id, 2, "pdf"), at_ms=NOW).result()
    assert read_by_the_check(tmp_path, monkeypatch, 3) == (5, 2), "the new payment, and the old one that had a slip"


def test_an_audit_by_hand_moves_the_anchor_too(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal, 2)
        report = journal.verify().result()
        assert report.anchor.hash.hex().startswith(report.head)
    assert kept_anchor(tmp_path) == report.anchor


def harm_new(folder: Path) -> None:
    with sqlite_in(folder) as tool:
        without_guards(tool, lambda it: it.execute("UPDATE entry SET at_ms = 1 WHERE n = (SELECT max(n) FROM entry)"))


def harm_anchor(folder: Path) -> None:
    with sqlite_in(folder) as tool:
        n = tool.execute("SELECT checked_n FROM journal").fetchone()[0]
        without_guards(tool, lambda it: it.execute("UPDATE entry SET hash = zeroblob(32) WHERE n = ?", (n,)))


def cut_below_anchor(folder: Path) -> None:
    with sqlite_in(folder) as tool:
        without_guards(
            tool, lambda it: it.execute("DELETE FROM entry WHERE n >= (SELECT checked_n FROM journal) AND n > 1")
        )


@pytest.mark.parametrize("harm", [harm_new, harm_anchor, cut_below_anchor])
def test_the_weekly_check_finds(tmp_path: Path, harm: object) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal, 2)
        journal.verify().result()
        a_day(journal, 1)
    harm(tmp_path)  # type: ignore[operator]
    with pytest.raises(JournalDamagedError):
        opened(tmp_path, now_ms=NOW + THOROUGH_EVERY_MS)


def test_after_an_unclean_stop_everything_is_checked(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal, 2)
        journal.verify().result()
    with sqlite_in(tmp_path) as tool:
        tool.execute("UPDATE payment SET zp_trans_id = 'another' WHERE running = 1")
    Journal.open(tmp_path, till="02", now_ms=NOW + THOROUGH_EVERY_MS, entropy=bytes(4)).close()  # old: not read again
    with sqlite_in(tmp_path) as tool:
        tool.execute("UPDATE journal SET clean_stop = 0")
    (tmp_path / "journal.sqlite3-wal").touch()
    with pytest.raises(JournalDamagedError, match="evidence proves"):
        opened(tmp_path)
