"""A journal of any size, filled fast and honestly: the same rows that the program would have written.

    python -m tests.bench.filled FOLDER PAYMENTS

A few payments of each kind are written by the program itself. Their rows in all tables are then repeated with other
numbers, times, amounts, names and notes, chained entry by entry as `journal.chain` wants it. `tests/bench/test_filled`
lets the journal's own check go over such a journal: chain, states, refunds, ledger.
"""

import itertools
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, text

from pos_app.journal import append, own_row, shift_facts, shift_rows
from pos_app.journal.chain import link_hash
from pos_app.journal.entries import (
    Entry,
    EvidenceAdded,
    GestureTimed,
    ManagerActed,
    PaymentPrepared,
    PaymentSettled,
    ShiftClosed,
    ShiftOpened,
    SlipPrinted,
)
from pos_app.journal.plain_text import plain
from pos_app.journal.store import Journal
from pos_app.payments.acts import Act
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.order_number import order_number, slip_number
from pos_app.payments.payment import CLOCK_MARGIN_MS, GATEWAY_WINDOW_MS, Attempt, Evidence, Source, State
from pos_app.shifts.spelling import spelled
from pos_app.vietnam_day import day_bounds_ms, day_of
from tests.journal.stories import a_refund, an_attempt, answered, number_of, opened, paid, tell

AMOUNT, HALF = 222_444_660, 111_222_330
BASE = 1_795_300_000_000
DAY_MS = 86_400_000
OPENS_MS, CLOSES_MS = 7 * 3_600_000, 21 * 3_600_000
CASHIERS = ("Thu Hà", "Ngọc Lan", "Minh Đức", "Bảo Châu")
CODES = (-63, -63, -54, -332, -1006)
_NOTE, _CASHIER = "@note@", "@cashier@"
_CODE = -6_666_666


TIMED = GestureTimed("", 4_100, 7_300, 8_100, 10_900, 11_211, 412_413, 9_400_000, 9_409_419)
"""Three of its figures stand nowhere else: each repetition has its own."""


def _paid(journal: Journal, attempt: Attempt) -> None:
    tell(journal, attempt, at_ms=BASE)
    journal.write(answered(attempt, Source.CREATE, Answer(AnswerClass.PROCESSING), 300), at_ms=BASE + 300).result()
    journal.write(*paid(attempt), at_ms=BASE + 9_400).result()
    journal.write(SlipPrinted(attempt.app_trans_id, 1, "58 mm"), at_ms=BASE + 10_000).result()
    if attempt.source != "shown":
        journal.write(replace(TIMED, app_trans_id=attempt.app_trans_id), at_ms=BASE + 9_410).result()


def _declined(journal: Journal, attempt: Attempt) -> None:
    no = Answer(AnswerClass.NEGATIVE, 2, _CODE)
    told = (answered(attempt, Source.CREATE, no, 300), answered(attempt, Source.QUERY, no, 1_000))
    tell(journal, attempt, *told, PaymentSettled(attempt.app_trans_id, State.FAILED, ""), at_ms=BASE)
    # The last question, when the gateway cannot take it any more: from then on nobody asks, and no start looks at it.
    over = max(attempt.fence_at_ms - BASE, GATEWAY_WINDOW_MS + CLOCK_MARGIN_MS) + 1_000
    journal.write(answered(attempt, Source.QUERY, no, over), at_ms=BASE + over).result()


def _not_sent(journal: Journal, attempt: Attempt) -> None:
    journal.write(PaymentPrepared(attempt, _CASHIER), at_ms=BASE).result()
    gone = EvidenceAdded(attempt.app_trans_id, Evidence(Source.NOT_SENT, BASE, BASE, cause="refused"))
    journal.write(gone, PaymentSettled(attempt.app_trans_id, State.NOT_SENT, ""), at_ms=BASE + 20).result()


def _refunded(journal: Journal, attempt: Attempt) -> None:
    _paid(journal, attempt)
    for entries, at_ms in a_refund(journal, attempt):
        journal.write(*entries, at_ms=at_ms).result()


def _decided(journal: Journal, attempt: Attempt) -> None:
    tell(journal, attempt, at_ms=BASE)
    acted = ManagerActed(attempt.app_trans_id, Act.DECIDE_PAID, "Chị Lan", "portal_says_so", "xem trên trang", "77")
    at_ms = BASE + 400_000
    decision = EvidenceAdded(attempt.app_trans_id, Evidence(Source.DECIDED_PAID, at_ms, at_ms))
    settled = PaymentSettled(attempt.app_trans_id, State.MANUAL_PAID, "")
    journal.write(acted, decision, settled, at_ms=at_ms).result()


_KINDS: tuple[tuple[Callable[[Journal, Attempt], None], str, str, int], ...] = (
    (_paid, "demo", "camera", 560),
    (_paid, "demo", "scanner", 250),
    (_paid, "demo", "shown", 80),
    (_paid, "demo_appotapay_v1", "shown", 30),
    (_declined, "demo", "camera", 50),
    (_not_sent, "demo", "camera", 7),
    (_refunded, "demo", "camera", 18),
    (_decided, "demo", "camera", 5),
)
"""What is written, by which gateway and source, and of 1000 payments how many are so."""


@dataclass(frozen=True, slots=True)
class _Given:
    """What one repetition has of its own."""

    running: int
    amount: int
    at_ms: int
    note: str
    cashier: str
    code: int
    epoch: str
    till: str

    @property
    def sent_us(self) -> int:
        """From the scan on."""
        return 6_000 + self.running * 7_919 % 23_000

    @property
    def answered_us(self) -> int:
        """From the sending on."""
        return 180_000 + self.running * 104_729 % 900_000

    @property
    def shown_us(self) -> int:
        """From the proof on."""
        return 5_000 + self.running * 3_571 % 11_000

    def of(self, token: str) -> str:
        """What stands for a token of a text."""
        if token in _TOKENS:
            return _TOKENS[token](self)
        return str(self.at_ms + int(token))


_TOKENS: dict[str, Callable[[_Given], str]] = {
    "id": lambda one: order_number(one.at_ms, one.till, one.running, one.epoch),
    "slip": lambda one: slip_number(one.till, one.running),
    "number": lambda one: str(240_000_000_000_000 + one.running * 7_919),
    "sale": lambda one: f"sale-{one.running}",
    "refund": lambda one: f"{order_number(one.at_ms, one.till, one.running + 1, one.epoch)}-r",
    "refund_slip": lambda one: slip_number(one.till, one.running + 1),
    "press": lambda one: f"press {one.running + 1}",
    "refund_id": lambda one: f"r{one.running + 1}",
    "amount": lambda one: str(one.amount),
    "half": lambda one: str(one.amount // 2),
    "note": lambda one: one.note,
    "plain": lambda one: plain(one.note),
    "cashier": lambda one: one.cashier,
    "code": lambda one: str(one.code),
    "running": lambda one: str(one.running),
    "refund_running": lambda one: str(one.running + 1),
    "sent_at": lambda one: str(one.sent_us),
    "answered_at": lambda one: str(one.sent_us + one.answered_us),
    "shown_at": lambda one: str((TIMED.known_us or 0) + one.shown_us),
    "sent_us": lambda one: str(one.sent_us),
    "answered_us": lambda one: str(one.answered_us),
    "shown_us": lambda one: str(one.shown_us),
}


class _Kind:
    """The rows of one payment of a kind, with tokens where another one differs."""

    def __init__(self, write: Callable[[Journal, Attempt], None], gateway: str, source: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            journal = opened(Path(folder), now_ms=BASE)
            journal.write = _with_cashier(journal.write)  # type: ignore[method-assign]
            life = BASE + 900_000 if source == "shown" else None
            attempt = replace(
                an_attempt(journal, at_ms=BASE, amount=AMOUNT), gateway=gateway, source=source, note=_NOTE,
                expires_at_ms=life,
            )  # fmt: skip
            write(journal, attempt)
            self.has_refund = write is _refunded
            self._tokens = {
                attempt.app_trans_id: "id", attempt.slip_number: "slip", attempt.sale_id: "sale",
                number_of(attempt): "number", _NOTE: "note", _CASHIER: "cashier", str(_CODE): "code",
                str(AMOUNT): "amount", str(HALF): "half", str(TIMED.sent_us): "sent_at",
                str(TIMED.answered_us): "answered_at", str(TIMED.shown_us): "shown_at",
            }  # fmt: skip
            if self.has_refund:
                asked = journal.payment(attempt.app_trans_id).result()
                assert asked is not None
                wanted = asked.refunds[0].refund
                self._tokens |= {
                    wanted.m_refund_id: "refund", wanted.slip_number: "refund_slip", wanted.intent: "press",
                    asked.refunds[0].refund_id: "refund_id",
                }  # fmt: skip
            self._split = re.compile(
                "|".join([*sorted(map(re.escape, self._tokens), key=len, reverse=True), r"\b1795[23]\d{8}\b"])
            )
            own = attempt.app_trans_id
            self.rows = {name: journal.read(_rows_of(name, own)).result() for name in _TABLES}
            journal.close()
        self.entries = [(row["at_ms"] - BASE, row["kind"], self._parts(row["payload"])) for row in self.rows["entry"]]
        self.others = {
            name: [self._row(name, row) for row in self.rows[name]] for name in _TABLES if name != "entry"
        }  # fmt: skip

    def _parts(self, told: str) -> list[tuple[str, str]]:
        """(text, "") and ("", token) in turn."""
        parts: list[tuple[str, str]] = []
        place = 0
        for found in self._split.finditer(told):
            parts.append((told[place : found.start()], self._tokens.get(found[0]) or str(int(found[0]) - BASE)))
            place = found.end()
        return [*parts, (told[place:], "")]

    def _row(self, name: str, row: dict[str, Any]) -> dict[str, Any]:
        cells: dict[str, Any] = {}
        for column, value in row.items():
            if column in ("shift", "in_shift", "settled_shift", "counts_at_ms", "id"):
                continue
            if column == "running":
                cells[column] = (int, [("", "refund_running" if name == "refund" else "running")])
            elif column in ("sent_us", "answered_us", "shown_us"):
                cells[column] = (int, [("", column)])
            elif column == "plain_note":
                cells[column] = (str, [("", "plain")])
            elif isinstance(value, str):
                cells[column] = (str, self._parts(value))
            elif isinstance(value, int) and abs(value) in (AMOUNT, HALF, 3 * HALF):
                cells[column] = (
                    int,
                    [("-" if value < 0 else "", "amount" if abs(value) == AMOUNT else "half"), ("", "")],
                )
            elif isinstance(value, int) and value > BASE - DAY_MS:
                cells[column] = (int, [("", str(value - BASE))])
            else:
                cells[column] = value
        return cells


_OF_SHIFTS = {
    "payment": ("shift", "in_shift"), "refund": ("shift", "settled_shift"), "posting": ("shift",), "gesture": (),
}  # fmt: skip
_TABLES = ("entry", "payment", "refund", "posting", "gesture")


def _rows_of(table: str, own: str) -> Callable[[Connection], list[dict[str, Any]]]:
    order = {"entry": "n", "gesture": "at_ms"}.get(table, "rowid")
    chosen = text(f"SELECT * FROM {table} WHERE app_trans_id = :own ORDER BY {order}")
    return lambda connection: [dict(row) for row in connection.execute(chosen, {"own": own}).mappings()]


def _with_cashier(write: Any) -> Any:
    def written(*entries: Entry, at_ms: int) -> Any:
        named = (replace(one, cashier=_CASHIER) if isinstance(one, PaymentPrepared) else one for one in entries)
        return write(*named, at_ms=at_ms)

    return written


def _said(parts: list[tuple[str, str]], given: _Given, known: dict[str, str]) -> str:
    told = []
    for plain_part, token in parts:
        told.append(plain_part)
        if token:
            if token not in known:
                known[token] = given.of(token)
            told.append(known[token])
    return "".join(told)


def day_of_payments(
    connection: Connection, kinds: list[_Kind], numbers: "itertools.count[int]", day_ms: int, count: int,
    chance: Random,
    *, till: str, epoch: str, shift: int,
) -> None:  # fmt: skip
    """Write one day's payments, all of one shift, at the end of what is there."""
    last = append.head(connection)
    n, previous = last.n, last.hash
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
    times = sorted(day_ms + chance.randrange(OPENS_MS, CLOSES_MS) for _ in range(count))
    weights = list(itertools.accumulate(weight for *_, weight in _KINDS))
    for at_ms in times:
        kind = chance.choices(kinds, cum_weights=weights)[0]
        running = next(numbers)
        if kind.has_refund:
            next(numbers)
        note = f"Bàn {chance.randint(1, 60)}" if chance.random() < 0.4 else ""
        if chance.random() < 1e-4:
            note = f"Anh Đỗ {running}"
        given = _Given(
            running, 1_000 * chance.randint(5, 900), at_ms, note, chance.choice(CASHIERS), chance.choice(CODES),
            epoch, till,
        )  # fmt: skip
        known: dict[str, str] = {}
        own = known["id"] = given.of("id")
        for offset, name, parts in kind.entries:
            payload = _said(parts, given, known)
            n += 1
            previous = link_hash(n, previous, at_ms + offset, payload)
            rows["entry"].append(
                {"n": n, "at_ms": at_ms + offset, "kind": name, "app_trans_id": own, "payload": payload,
                 "hash": previous}
            )  # fmt: skip
        for table, templates in kind.others.items():
            for template in templates:
                row = {
                    column: cell[0](_said(cell[1], given, known)) if isinstance(cell, tuple) else cell
                    for column, cell in template.items()
                }
                row |= dict.fromkeys(_OF_SHIFTS[table], shift)
                rows[table].append(row)
    for table in ("payment", "entry", "refund", "posting", "gesture"):
        _insert(connection, table, rows[table])


def _insert(connection: Connection, table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        columns = list(rows[0])
        marks = ", ".join("?" for _ in columns)
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
        connection.exec_driver_sql(statement, [tuple(row.values()) for row in rows])


def fill(folder: Path, payments: int, *, days: int = 365, until_ms: int = BASE, seed: int = 1) -> None:
    """A journal of so many payments, the last of them on the day of `until_ms`; a shift a day, the last open."""
    chance = Random(seed)
    kinds = [_Kind(write, gateway, source) for write, gateway, source, _ in _KINDS]
    journal = Journal.open(folder, till="02", now_ms=until_ms - days * DAY_MS, entropy=b"some random bytes")
    numbers = itertools.count(1)
    per_day, rest = divmod(payments, days)
    last_day = day_bounds_ms(day_of(until_ms))[0]
    try:
        for day in range(days):
            count = per_day + (day < rest)
            day_ms = last_day - (days - 1 - day) * DAY_MS

            def work(connection: Connection, day_ms: int = day_ms, count: int = count, day: int = day) -> None:
                shift = _opened(connection, day_ms + OPENS_MS)
                day_of_payments(
                    connection, kinds, numbers, day_ms, count, chance, till=journal.till, epoch=journal.epoch,
                    shift=shift.number,
                )  # fmt: skip
                if day < days - 1:
                    _close(connection, shift, day_ms + CLOSES_MS + 3_600_000)

            journal.read(work).result()
            if day == days - 1:
                journal.read(partial(_note_checked, at_ms=until_ms)).result()
            if day % 50 == 0:
                print(f"  day {day} of {days}", file=sys.stderr, flush=True)
    finally:
        journal.close()


def _opened(connection: Connection, at_ms: int) -> shift_rows.RunningShift:
    """The running shift, opened as a person does it."""
    now = shift_rows.running(connection)
    append.append(connection, (ShiftOpened(now.number, CASHIERS[0], "", 0),), at_ms)
    return shift_rows.running(connection)


def _close(connection: Connection, shift: shift_rows.RunningShift, at_ms: int) -> None:
    """Its report, as the program makes it: it is refused where it is not what the books say."""
    totals = shift_facts.totals(connection, shift.number)
    by = CASHIERS[0], ""
    closed = ShiftClosed(shift.number, shift.number, *by, (), *by, None, "", spelled(totals))
    append.append(connection, (closed,), at_ms)


def _note_checked(connection: Connection, at_ms: int) -> None:
    """What the weekly check leaves behind: it is not what is measured."""
    own_row.note_checked(connection, append.head(connection))
    own_row.change_own_row(connection, checked_at_ms=at_ms)


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]))
