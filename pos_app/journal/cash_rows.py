"""The tables of the cash drawer: what its entries come to, and how they are read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, RowMapping, Text, func, insert, literal_column, select

from pos_app.journal.canonical import from_json
from pos_app.journal.cash_entries import CashCounted, CashEntry, CashGivenBack, CashMoved, CashSlipPrinted, CashTaken
from pos_app.journal.entries import ReportPrinted
from pos_app.journal.errors import LawlessCashError, LawlessEntryError
from pos_app.journal.plain_text import plain
from pos_app.journal.projections import cash, cash_posting, entry
from pos_app.payments.cash import (
    CashError,
    CashFact,
    CashKind,
    change,
    checked_amount,
    checked_reason,
    checked_refund,
    posting,
)
from pos_app.payments.order_number import running_of

_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class CashRefundRecord:
    """One refund in cash; `copies` is how many slips of it came out."""

    slip_number: str
    amount: int
    at_ms: int
    by: str
    reason: str
    note: str
    cashier: str
    shift: int
    intent: str
    copies: int


@dataclass(frozen=True, slots=True)
class CashRecord:
    """A cash sale as the journal knows it.

    Attributes:
        slip_number, running: its number.
        amount, given: dong.
        at_ms: wall clock.
        shift: the one it was taken in.
        note, cashier, cashier_id: as of a payment.
        refunds: oldest first.
        printed: when each slip of it came out, with the number on it and where.
        refunds_printed: the same of its refunds' slips, by their number.
    """

    slip_number: str
    running: int
    amount: int
    given: int
    at_ms: int
    shift: int
    note: str
    cashier: str
    cashier_id: str
    refunds: tuple[CashRefundRecord, ...]
    printed: tuple[tuple[int, CashSlipPrinted], ...]


class Done(NamedTuple):
    """What a press of the button came to: of `CashKind`, in dong; "" and 0 for what it has not."""

    kind: str
    amount: int
    given: int
    slip_number: str
    of_slip: str
    reason: str


def row_of(one: CashEntry, n: int, shift: int, at_ms: int) -> dict[str, Any]:
    """The row that an entry comes to.

    Raises:
        LawlessEntryError: it contradicts the rules.
    """
    row: dict[str, Any] = dict.fromkeys(("given", "slip_number", "running", "of_slip", "intent"))
    row |= {"n": n, "at_ms": at_ms, "shift": shift, "cashier": one.cashier, "cashier_id": one.cashier_id}
    row |= {"allowed_by": "", "reason": "", "note": ""}
    try:
        row |= _particulars(one)
    except CashError as error:
        raise LawlessCashError(error.title, error.advice) from None
    except ValueError as error:
        raise LawlessEntryError(str(error)) from None
    row["plain_note"] = plain(row["note"])
    return row


def _particulars(one: CashEntry) -> dict[str, Any]:
    match one:
        case CashTaken():
            change(one.amount, one.given)
            row = {"kind": CashKind.SALE.value, "amount": one.amount, "given": one.given, "intent": one.intent}
            return row | {"slip_number": one.slip_number, "running": running_of(one.slip_number), "note": one.note}
        case CashGivenBack():
            row = {"kind": CashKind.REFUND.value, "amount": checked_amount(one.amount), "of_slip": one.of_slip}
            row |= {"slip_number": one.slip_number, "running": running_of(one.slip_number), "intent": one.intent}
            return row | {"allowed_by": one.by, "reason": one.reason, "note": one.note}
        case CashMoved():
            if one.what is CashKind.OPENED and one.amount:
                message = "money moved by a drawer that was only opened"
                raise LawlessEntryError(message)
            if one.what is not CashKind.OPENED:
                checked_amount(one.amount)
            if one.what not in (CashKind.PAY_IN, CashKind.PAY_OUT, CashKind.OPENED):
                message = "no such move of cash"
                raise LawlessEntryError(message)
            reason = checked_reason(one.reason)
            row = {"kind": one.what.value, "amount": one.amount, "intent": one.intent or None}
            return row | {"allowed_by": one.by, "reason": reason}
        case CashCounted():
            if one.counted:
                checked_amount(one.counted)
            return {"kind": CashKind.COUNTED.value, "amount": one.counted}


def fact_of(row: RowMapping | dict[str, Any]) -> CashFact:
    """What a row says happened."""
    slips = (row["slip_number"] or "", row["of_slip"] or "")
    return CashFact(CashKind(row["kind"]), row["amount"], *slips, row["allowed_by"], row["reason"])


def take_in(connection: Connection, one: CashEntry, n: int, shift: int, at_ms: int) -> None:
    """Bring the tables up to date with an entry that is about to be stored under the number `n`.

    Raises:
        LawlessEntryError: it contradicts the rules, or gives back more than is left.
        sqlalchemy.exc.IntegrityError: a constraint of the table is broken.
    """
    row = row_of(one, n, shift, at_ms)
    if isinstance(one, CashGivenBack):
        try:
            checked_refund(one.amount, _left(connection, one.of_slip))
        except CashError as error:
            raise LawlessCashError(error.title, error.advice) from None
    connection.execute(insert(cash).values(row))
    for line in postings_of(row):
        connection.execute(insert(cash_posting).values(line))


def postings_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    """What a row moves between the accounts."""
    lines = posting(CashKind(row["kind"]), row["amount"])
    return [{"n": row["n"], "account": it.value, "shift": row["shift"], "amount": dong} for it, dong in lines.items()]


def _left(connection: Connection, slip_number: str) -> int:
    sold = select(cash.c.amount).where(cash.c.slip_number == slip_number, cash.c.kind == CashKind.SALE.value)
    back = select(func.coalesce(func.sum(cash.c.amount), 0)).where(cash.c.of_slip == slip_number)
    return int((connection.execute(sold).scalar() or 0) - connection.execute(back).scalar_one())


# --- reading -------------------------------------------------------------------------------------------------------


def facts(connection: Connection, shift: int) -> Iterator[CashFact]:
    """What happened at the drawer in a shift, in its order."""
    for row in connection.execute(select(cash).where(cash.c.shift == shift).order_by(cash.c.n)).mappings():
        yield fact_of(row)


def moved(connection: Connection, shift: int) -> dict[str, int]:
    """By how many dong cash moved each account in a shift."""
    sums = select(cash_posting.c.account, func.sum(cash_posting.c.amount)).where(cash_posting.c.shift == shift)
    return {row[0]: row[1] for row in connection.execute(sums.group_by(cash_posting.c.account))}


def sale(connection: Connection, slip_number: str) -> CashRecord | None:
    """The cash sale of that slip, None when there is none."""
    return next(iter(sales(connection, cash.c.slip_number == slip_number)), None)


def with_intent(connection: Connection, intent: str) -> Done | None:
    """What a press of the button came to, None for nothing."""
    row = connection.execute(select(cash).where(cash.c.intent == intent)).mappings().first()
    if row is None:
        return None
    slips = row["slip_number"] or "", row["of_slip"] or ""
    return Done(row["kind"], row["amount"], row["given"] or 0, *slips, row["reason"])


def sales(connection: Connection, *where: ColumnElement[bool], count: int | None = None) -> tuple[CashRecord, ...]:
    """The cash sales that fit, newest first, each with its refunds and slips."""
    chosen = select(cash).where(cash.c.kind == CashKind.SALE.value, *where).order_by(cash.c.running.desc())
    rows = connection.execute(chosen if count is None else chosen.limit(count)).mappings().all()
    slips = [row["slip_number"] for row in rows]
    refunds: dict[str, list[RowMapping]] = {slip: [] for slip in slips}
    for some in _slices(slips):
        back = select(cash).where(cash.c.of_slip.in_(some)).order_by(cash.c.n)
        for row in connection.execute(back).mappings():
            refunds[row["of_slip"]].append(row)
    printed = _printed(connection, [*slips, *(one["slip_number"] for some in refunds.values() for one in some)])
    return tuple(_record(row, refunds[row["slip_number"]], printed) for row in rows)


def sold_between(connection: Connection, start_ms: int, end_ms: int) -> tuple[CashRecord, ...]:
    """The cash sales from `start_ms` on and before `end_ms`, newest first."""
    return sales(connection, cash.c.at_ms >= start_ms, cash.c.at_ms < end_ms)


def _slices(slips: Sequence[str]) -> Iterator[Sequence[str]]:
    """One statement holds only so many values."""
    return (slips[start : start + _AT_ONCE] for start in range(0, len(slips), _AT_ONCE))


def _printed(connection: Connection, slips: Sequence[str]) -> dict[str, list[tuple[int, CashSlipPrinted]]]:
    """When each of these slips came out, by its number."""
    found: dict[str, list[tuple[int, CashSlipPrinted]]] = {}
    for some in _slices(slips):
        chosen = select(entry.c.at_ms, entry.c.payload).where(_IS_SLIP, _SLIP.in_(some)).order_by(entry.c.n)
        for at_ms, payload in connection.execute(chosen):
            one = from_json(payload)
            if isinstance(one, CashSlipPrinted):
                found.setdefault(one.slip_number, []).append((at_ms, one))
    return found


# Written out as their index has them.
_IS_SLIP: ColumnElement[bool] = literal_column(f"entry.kind = '{CashSlipPrinted.kind}'")
_SLIP: ColumnElement[str] = literal_column(
    "substr(entry.payload, instr(entry.payload, '\"slip_number\"') + 15, "
    'instr(entry.payload, \'","version"\') - instr(entry.payload, \'"slip_number"\') - 15)',
    Text,
)


def _of_none(kind: str) -> ColumnElement[bool]:
    return entry.c.app_trans_id.is_(None) & (entry.c.kind == kind)


def _record(
    row: RowMapping, refunds: list[RowMapping], printed: dict[str, list[tuple[int, CashSlipPrinted]]]
) -> CashRecord:
    slips = [row["slip_number"], *(one["slip_number"] for one in refunds)]
    return CashRecord(
        slip_number=row["slip_number"],
        running=row["running"],
        amount=row["amount"],
        given=row["given"],
        at_ms=row["at_ms"],
        shift=row["shift"],
        note=row["note"],
        cashier=row["cashier"],
        cashier_id=row["cashier_id"],
        refunds=tuple(
            CashRefundRecord(
                one["slip_number"],
                one["amount"],
                one["at_ms"],
                one["allowed_by"],
                one["reason"],
                one["note"],
                one["cashier"],
                one["shift"],
                one["intent"],
                len(printed.get(one["slip_number"], ())),
            )
            for one in refunds
        ),
        printed=tuple(sorted((one for slip in slips for one in printed.get(slip, ())), key=lambda it: it[0])),
    )


def copies(connection: Connection, first_n: ColumnElement[bool], last_n: ColumnElement[bool]) -> int:
    """How many slips of cash, and reports, came out again in this range of entries."""
    kinds = (CashSlipPrinted.kind, ReportPrinted.kind)
    chosen = select(entry.c.payload).where(entry.c.app_trans_id.is_(None), entry.c.kind.in_(kinds), first_n, last_n)
    found = (from_json(payload) for payload in connection.execute(chosen).scalars())
    return sum(isinstance(one, CashSlipPrinted | ReportPrinted) and one.copy > 0 for one in found)


def reports_printed(connection: Connection, report: str, figures: str) -> int:
    """How often the report of that name came out with the same figures."""
    chosen = select(entry.c.payload).where(_of_none(ReportPrinted.kind))
    found = (from_json(payload) for payload in connection.execute(chosen).scalars())
    return sum(isinstance(one, ReportPrinted) and (one.report, one.figures) == (report, figures) for one in found)
