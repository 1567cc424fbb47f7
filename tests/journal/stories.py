"""Payments to tell the journal about, and a process that can be killed while it tells."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from pos_app.journal import ballast
from pos_app.journal.entries import (
    Entry,
    EvidenceAdded,
    ManagerActed,
    PaymentPrepared,
    PaymentSettled,
    RefundEvidenceAdded,
    RefundRequested,
    RefundSettled,
    SlipPrinted,
)
from pos_app.journal.sqlite_file import FILE_NAME
from pos_app.journal.store import Journal
from pos_app.payments.acts import Act
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.order_number import order_number, slip_number
from pos_app.payments.payment import Attempt, Evidence, Source, State, fence_ms
from pos_app.payments.refund import Refund, RefundState, refund_number

ballast.BYTES = 64 * 1024  # thousands of journals are opened here, many of them in memory
NOW = 1_795_300_000_000
TILL = "02"
AMOUNT = 125_000


def opened(folder: Path, *, now_ms: int = NOW, till: str = TILL) -> Journal:
    return Journal.open(folder, till=till, now_ms=now_ms, entropy=b"some random bytes")


@contextmanager
def journal_in(folder: Path, *, now_ms: int = NOW) -> Iterator[Journal]:
    journal = opened(folder, now_ms=now_ms)
    try:
        yield journal
    finally:
        journal.close()


@contextmanager
def sqlite_in(folder: Path) -> Iterator[sqlite3.Connection]:
    """The file under a database tool."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as tool:
        yield tool
        tool.commit()


def an_attempt(journal: Journal, *, sale: str = "", at_ms: int = NOW, amount: int = AMOUNT) -> Attempt:
    running = journal.next_running()
    return Attempt(
        app_trans_id=order_number(at_ms, journal.till, running, journal.epoch),
        sale_id=sale or f"sale-{running}",
        attempt=1,
        slip_number=slip_number(journal.till, running),
        amount=amount,
        app_id=2553,
        app_time_ms=at_ms,
        fence_at_ms=fence_ms(at_ms, 300_000),
        scanned_at_ms=at_ms - 200,
        source="camera",
        note="bàn 5 “é”\n\0",
        gateway="demo",
    )


def sending(attempt: Attempt) -> EvidenceAdded:
    return EvidenceAdded(attempt.app_trans_id, Evidence(Source.SENDING, attempt.app_time_ms, attempt.app_time_ms))


def answered(attempt: Attempt, source: Source, answer: Answer | None, after_ms: int) -> EvidenceAdded:
    asked = attempt.app_time_ms + (0 if source is Source.CREATE else after_ms)
    return EvidenceAdded(attempt.app_trans_id, Evidence(source, asked, attempt.app_time_ms + after_ms + 50, answer))


def number_of(attempt: Attempt) -> str:
    return f"zp{attempt.slip_number}"


def paid_answer(attempt: Attempt) -> Answer:
    return Answer(AnswerClass.PAID, 1, 1, number_of(attempt), attempt.amount, attempt.app_trans_id, attempt.app_id)


def paid(attempt: Attempt) -> tuple[Entry, ...]:
    """The proof and its settling: what is stored in one transaction."""
    return (
        answered(attempt, Source.QUERY, paid_answer(attempt), 1_000),
        PaymentSettled(attempt.app_trans_id, State.PAID, number_of(attempt)),
    )


def failed(attempt: Attempt) -> tuple[Entry, ...]:
    no = Answer(AnswerClass.NEGATIVE, 2, sub_return_code=-63)
    return (
        answered(attempt, Source.CREATE, no, 300),
        answered(attempt, Source.QUERY, no, 1_000),
        PaymentSettled(attempt.app_trans_id, State.FAILED, ""),
    )


def tell(journal: Journal, attempt: Attempt, *more: Entry, at_ms: int = NOW) -> None:
    """Prepared, sending, and then what is given: one transaction each, as the till does it."""
    journal.write(PaymentPrepared(attempt), at_ms=at_ms).result()
    journal.write(sending(attempt), at_ms=at_ms + 100).result()
    if more:
        journal.write(*more, at_ms=at_ms + 1_100).result()


def a_day(journal: Journal, payments: int = 3) -> list[Attempt]:
    """Paid payments with their slips."""
    attempts = [an_attempt(journal) for _ in range(payments)]
    for attempt in attempts:
        tell(journal, attempt, *paid(attempt))
        journal.write(SlipPrinted(attempt.app_trans_id, 1, "58 mm"), at_ms=NOW + 2_000).result()
    return attempts


def write_until_killed(folder: Path, told: Connection, *, tell_too_early: bool) -> None:
    """What the killed process does: `told` gets each id with its step, when it is durable (or before: the control)."""
    journal = opened(folder)
    while True:
        attempt = an_attempt(journal)
        steps: list[tuple[Entry, ...]] = [(PaymentPrepared(attempt),), (sending(attempt),), paid(attempt)]
        for step, entries in enumerate(steps):
            if tell_too_early:
                told.send((attempt.app_trans_id, step))
                time.sleep(0)
            journal.write(*entries, at_ms=NOW + step).result()
            if not tell_too_early:
                told.send((attempt.app_trans_id, step))


def a_refund(journal: Journal, attempt: Attempt) -> Iterator[tuple[tuple[Entry, ...], int]]:
    """The writes that give half of a paid payment back."""
    at_ms, running, paid_to = NOW + 30_000, journal.next_running(), attempt.app_trans_id
    number = refund_number(at_ms, attempt.app_id, journal.till, running, journal.epoch)
    refund = Refund(
        m_refund_id=number,
        slip_number=slip_number(journal.till, running),
        app_trans_id=paid_to,
        zp_trans_id=number_of(attempt),
        amount=attempt.amount // 2,
        app_id=attempt.app_id,
        requested_at_ms=at_ms,
        intent=f"press {running}",
        description="hoàn",
    )
    allowed = ManagerActed(paid_to, Act.REFUND, "Lan", "goods_returned", "", number)
    done = Answer(AnswerClass.PAID, zp_trans_id=f"r{running}")
    yield (allowed, RefundRequested(refund)), at_ms
    yield (RefundEvidenceAdded(paid_to, number, Evidence(Source.SENDING, at_ms, at_ms)),), at_ms
    yield (
        (
            RefundEvidenceAdded(paid_to, number, Evidence(Source.QUERY, at_ms, at_ms + 50, done)),
            RefundSettled(paid_to, number, RefundState.DONE, f"r{running}"),
        ),
        at_ms + 1_000,
    )


def payments_of_all_kinds(journal: Journal) -> Iterator[tuple[tuple[Entry, ...], int]]:
    """The writes of a handful of payments, each with its time: paid with slip, refunded, late, not sent, left open."""
    at_ms = NOW

    def begun(attempt: Attempt) -> Iterator[tuple[tuple[Entry, ...], int]]:
        yield (PaymentPrepared(attempt),), at_ms
        yield (sending(attempt),), at_ms + 100

    for _ in range(2):
        attempt = an_attempt(journal)
        yield from begun(attempt)
        yield (answered(attempt, Source.CREATE, Answer(AnswerClass.PROCESSING), 300),), at_ms + 300
        yield paid(attempt), at_ms + 1_100
        yield (SlipPrinted(attempt.app_trans_id, 1, "58 mm"),), at_ms + 2_000
        yield from a_refund(journal, attempt)
    late = an_attempt(journal)
    yield from begun(late)
    yield failed(late), at_ms + 1_100
    yield paid(late), at_ms + 60_000
    not_sent = an_attempt(journal)
    yield (PaymentPrepared(not_sent),), at_ms
    yield (EvidenceAdded(not_sent.app_trans_id, Evidence(Source.NOT_SENT, at_ms, at_ms, cause="refused")),), at_ms
    yield from begun(an_attempt(journal))
