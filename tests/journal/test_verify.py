"""The audit: what is tampered with under a database tool is found and told in words."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from pos_app.journal.chain import GENESIS, link_hash
from pos_app.journal.errors import JournalDamagedError
from pos_app.journal.store import Journal
from pos_app.journal.verify import VerifyReport
from tests.journal.stories import NOW, a_day, a_refund, an_attempt, failed, journal_in, opened, paid, sqlite_in, tell

Tampering = Callable[[sqlite3.Connection], object]


def a_month(journal: Journal) -> None:
    first = a_day(journal, 4)[0]
    attempt = an_attempt(journal)
    tell(journal, attempt, *failed(attempt))
    tell(journal, an_attempt(journal))
    for entries, at_ms in a_refund(journal, first):
        journal.write(*entries, at_ms=at_ms).result()
    journal.write(paid(first)[1], at_ms=NOW + 99_000).result()


def tampered(folder: Path, tampering: Tampering) -> VerifyReport:
    """Do it without the guards, put them back, and audit."""
    with journal_in(folder) as journal:
        a_month(journal)
        assert journal.verify().result().ok
    with sqlite_in(folder) as tool:
        without_guards(tool, tampering)
    with journal_in(folder) as journal:
        return journal.verify().result()


def without_guards(tool: sqlite3.Connection, tampering: Tampering) -> None:
    """Take the triggers away, do it, and put them back."""
    triggers = tool.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        tool.execute(f"DROP TRIGGER {name}")
    tampering(tool)
    for _, sql in triggers:
        tool.execute(sql)


def rehash(tool: sqlite3.Connection) -> None:
    """What somebody with time would do: make the chain fit again."""
    previous = GENESIS
    for n, at_ms, payload in tool.execute("SELECT n, at_ms, payload FROM entry ORDER BY n").fetchall():
        previous = link_hash(n, previous, at_ms, payload)
        tool.execute("UPDATE entry SET hash = ? WHERE n = ?", (previous, n))


def edit(tool: sqlite3.Connection, n: int, old: str, new: str, *, and_rehash: bool = False) -> None:
    done = tool.execute("UPDATE entry SET payload = replace(payload, ?, ?) WHERE n = ?", (old, new, n))
    assert done.rowcount == 1
    if and_rehash:
        rehash(tool)


def give_away(tool: sqlite3.Connection, to: str, n: int) -> None:
    """Make the entry one of another payment."""
    tool.execute(
        "UPDATE entry SET payload = replace(payload, app_trans_id, :to), app_trans_id = :to WHERE n = :n",
        {"to": to, "n": n},
    )
    rehash(tool)


def last(tool: sqlite3.Connection) -> int:
    return int(tool.execute("SELECT max(n) FROM entry").fetchone()[0])


def of_kind(tool: sqlite3.Connection, kind: str) -> int:
    """The last entry of that kind."""
    return int(tool.execute("SELECT max(n) FROM entry WHERE kind = ?", (kind,)).fetchone()[0])


def swap(tool: sqlite3.Connection) -> None:
    for old, new in ((3, -1), (4, 3), (-1, 4)):
        tool.execute("UPDATE entry SET n = ? WHERE n = ?", (new, old))


def insert(tool: sqlite3.Connection) -> None:
    for (n,) in tool.execute("SELECT n FROM entry WHERE n >= 4 ORDER BY n DESC").fetchall():
        tool.execute("UPDATE entry SET n = n + 1 WHERE n = ?", (n,))
    tool.execute("INSERT INTO entry SELECT 4, at_ms, kind, app_trans_id, payload, hash FROM entry WHERE n = 6")


IN_THE_CHAIN: dict[str, Tampering] = {
    "edited amount": lambda tool: edit(tool, 2, '"amount":125000', '"amount":925000'),
    "edited state": lambda tool: edit(tool, 5, '"paid"', '"failed"'),
    "edited time": lambda tool: tool.execute("UPDATE entry SET at_ms = at_ms + 1 WHERE n = 4"),
    "edited hash": lambda tool: tool.execute("UPDATE entry SET hash = zeroblob(32) WHERE n = 4"),
    "deleted": lambda tool: tool.execute("DELETE FROM entry WHERE n = 6"),
    "first deleted": lambda tool: tool.execute("DELETE FROM entry WHERE n = 1"),
    "reordered": swap,
    "inserted": insert,
}
BESIDE_THE_CHAIN: dict[str, tuple[Tampering, str]] = {
    "state": (
        lambda tool: tool.execute("UPDATE payment SET state = 'failed' WHERE running = 1"),
        "evidence proves paid",
    ),
    "number": (lambda tool: tool.execute("UPDATE payment SET zp_trans_id = 'x' WHERE running = 1"), "evidence proves"),
    "amount": (lambda tool: tool.execute("UPDATE payment SET amount = 1 WHERE running = 1"), "do not fit"),
    "sale": (lambda tool: tool.execute("UPDATE payment SET sale_id = 'x' WHERE running = 1"), "do not fit"),
    "refund state": (lambda tool: tool.execute("UPDATE refund SET state = 'failed'"), "a refund is down as"),
    "refund amount": (lambda tool: tool.execute("UPDATE refund SET amount = 1"), "a refund is down as"),
    "refund gone": (lambda tool: tool.execute("DELETE FROM refund"), "a refund is down as"),
    "posting amount": (lambda tool: tool.execute("UPDATE posting SET amount = 1 WHERE id = 1"), "the ledger"),
    "posting gone": (lambda tool: tool.execute("DELETE FROM posting WHERE id = 2"), "the ledger"),
    "posting too many": (
        lambda tool: tool.execute(
            "INSERT INTO posting SELECT 999, app_trans_id, 1, 'wallet', 5, 1 FROM payment WHERE running = 1"
        ),
        "the ledger",
    ),
    "row gone": (lambda tool: tool.execute("DELETE FROM payment WHERE running = 1"), "missing from the table"),
    "row too many": (
        lambda tool: tool.execute(
            """
            INSERT INTO payment
                (app_trans_id, sale_id, slip_number, running, amount, state, zp_trans_id, prepared_at_ms)
            VALUES ('x', 'x', 'x-000099', 99, 1, 'prepared', '', 1)
            """
        ),
        "no entries",
    ),
    "kind": (lambda tool: tool.execute("UPDATE entry SET kind = 'x' WHERE n = 4"), "cannot be read"),
    "owner": (lambda tool: tool.execute("UPDATE entry SET app_trans_id = NULL WHERE n = 6"), "cannot be read"),
    "rule dropped": (lambda tool: tool.execute("DROP INDEX one_live_attempt"), "one_live_attempt"),
    "two open attempts": (
        lambda tool: [
            tool.execute("DROP INDEX one_live_attempt"),
            tool.execute("UPDATE payment SET sale_id = 's', state = 'unknown'"),
        ],
        "two open attempts",
    ),
    "one number twice": (
        lambda tool: [
            tool.execute("DROP INDEX one_payment_per_zp_trans_id"),
            tool.execute("UPDATE payment SET zp_trans_id = 'z'"),
        ],
        "used twice",
    ),
    "proof rewritten, chain made to fit": (
        lambda tool: edit(tool, 4, '"meaning":"paid"', '"meaning":"processing"', and_rehash=True),
        "without proof",
    ),
    "proof of a refund rewritten, chain made to fit": (
        lambda tool: edit(tool, of_kind(tool, "refund_evidence_added"), '"paid"', '"processing"', and_rehash=True),
        "refunded without proof",
    ),
    "manager's act rewritten, chain made to fit": (
        lambda tool: edit(tool, of_kind(tool, "manager_acted"), '"act":"refund"', '"act":"keep"', and_rehash=True),
        "contradicts the rules",
    ),
    "unreadable, chain made to fit": (
        lambda tool: edit(tool, 4, '"version":1', '"version":9', and_rehash=True),
        "cannot be read",
    ),
    "number changed, chain made to fit": (
        lambda tool: edit(tool, last(tool), "zp02-", "other-", and_rehash=True),
        "transaction ID changed",
    ),
    "beginning gone, chain made to fit": (
        lambda tool: give_away(tool, "x", 2),
        "cannot be read",
    ),
    "settling gone, chain made to fit": (
        lambda tool: give_away(tool, "x", 10),
        "without the entry that settles it",
    ),
    "settling rewritten, chain made to fit": (
        lambda tool: edit(tool, 10, '"state":"paid"', '"state":"not_sent"', and_rehash=True),
        "settled as something else",
    ),
}


def told(report: VerifyReport) -> str:
    assert all(line.vi and line.en for line in report.lines)
    assert set(report.problems) <= set(report.lines)
    return " ".join(line.en for line in report.problems)


@pytest.mark.parametrize("kind", IN_THE_CHAIN)
def test_tampering_with_entries_is_found(tmp_path: Path, kind: str) -> None:
    report = tampered(tmp_path, IN_THE_CHAIN[kind])
    assert not report.ok
    assert "tampered with at entry" in told(report)


@pytest.mark.parametrize("kind", BESIDE_THE_CHAIN)
def test_tampering_with_the_table_of_payments_is_found(tmp_path: Path, kind: str) -> None:
    tampering, words = BESIDE_THE_CHAIN[kind]
    report = tampered(tmp_path, tampering)
    assert not report.ok
    assert words in told(report)
    assert "tampered" not in told(report)


def cut_tail(tool: sqlite3.Connection) -> None:
    tool.execute("DELETE FROM entry WHERE n = (SELECT max(n) FROM entry)")  # the last slip


def test_a_cut_tail_is_not_found_unless_the_head_was_noted(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal)
    with sqlite_in(tmp_path) as tool:
        noted = tool.execute("SELECT hash FROM entry ORDER BY n DESC").fetchone()[0]
        without_guards(tool, cut_tail)
    with journal_in(tmp_path) as journal:
        assert journal.verify().result().ok, "by its nature: nothing that is left contradicts it"
    with sqlite_in(tmp_path) as tool:
        heads = [row[0] for row in tool.execute("SELECT hash FROM entry")]
    assert noted not in heads, "but a head noted elsewhere is in no entry any more"


def test_a_tail_that_was_checked_once_cannot_be_cut(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal)
        assert journal.verify().result().ok
    with sqlite_in(tmp_path) as tool:
        without_guards(tool, cut_tail)
    with journal_in(tmp_path) as journal:
        assert "cut off or replaced" in told(journal.verify().result())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET at_ms = 1 WHERE n = 2",
        "UPDATE entry SET payload = payload",
        "DELETE FROM entry WHERE n = 2",
        "DELETE FROM entry",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE n = 2",
        "INSERT INTO entry SELECT n + 100, at_ms, kind, app_trans_id, payload, hash FROM entry WHERE n = 2",
        "DELETE FROM payment",
        "UPDATE payment SET zp_trans_id = (SELECT max(zp_trans_id) FROM payment)",
    ],
)
def test_the_guards_refuse(tmp_path: Path, statement: str) -> None:
    with journal_in(tmp_path) as journal:
        a_month(journal)
    with sqlite_in(tmp_path) as tool:
        before = tool.execute("SELECT * FROM entry").fetchall()
        with pytest.raises(sqlite3.IntegrityError, match=r"append-only|a payment stays|UNIQUE .*zp_trans_id"):
            tool.execute(statement)
        assert tool.execute("SELECT * FROM entry").fetchall() == before


@pytest.mark.parametrize(
    "name",
    [
        "entry_never_changes",
        "entry_never_goes",
        "entry_comes_last",
        "payment_never_goes",
        "posting_never_changes",
        "posting_never_goes",
        "posting_is_new",
        "refund_cap",
        "refund_never_goes",
    ],
)
def test_a_missing_guard_is_told(tmp_path: Path, name: str) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal, 1)
    with sqlite_in(tmp_path) as tool:
        tool.execute(f"DROP TRIGGER {name}")
    with journal_in(tmp_path) as journal:
        report = journal.verify().result()
    assert name in told(report)


def test_a_sound_journal_says_so_with_progress(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    with journal_in(tmp_path) as journal:
        a_month(journal)
        report = journal.verify(lambda done, of: steps.append((done, of))).result()
    assert report.ok
    assert report.problems == ()
    assert report.payments == 6
    assert steps[-1] == (report.entries, report.entries)
    assert [line.vi for line in report.lines][-1] == "Không có điểm nào sai."


def test_what_is_damaged_is_not_read_as_something_else(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        attempt = a_day(journal, 1)[0]
    with sqlite_in(tmp_path) as tool:
        tool.execute("DROP TRIGGER entry_never_changes")
        payload = json.loads(tool.execute("SELECT payload FROM entry WHERE n = 2").fetchone()[0])
        payload["attempt"]["amount"] = 1.0
        tool.execute("UPDATE entry SET payload = ? WHERE n = 2", (json.dumps(payload),))
    journal = opened(tmp_path, now_ms=NOW)
    with pytest.raises(JournalDamagedError):
        journal.payment(attempt.app_trans_id).result()
    journal.close()
