"""What a transaction's entries come to: each payment's row, its refunds' rows, and the postings to the ledger.

Nothing sets a state here: it is always what the fold says about the stored evidence. A move that the rules do not list
is refused, and the whole transaction with it; so is a paid that is not settled, and whatever lacks its manager.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, insert, literal_column, select, update

from pos_app.journal import cash_rows, gestures, shift_rows
from pos_app.journal.cash_entries import CashEntry
from pos_app.journal.entries import (
    Entry,
    EvidenceAdded,
    GestureTimed,
    ManagerActed,
    PaymentPrepared,
    PaymentSettled,
    RefundEvidenceAdded,
    RefundRequested,
    RefundSettled,
    ShiftClosed,
    ShiftOpened,
    payment_of,
)
from pos_app.journal.errors import LawlessEntryError
from pos_app.journal.fixed import Fixed
from pos_app.journal.plain_text import plain
from pos_app.journal.projections import payment, posting, read_payment, refund
from pos_app.journal.shift_rows import RunningShift
from pos_app.payments.acts import Act, seen_after_all
from pos_app.payments.cause import cause_of
from pos_app.payments.ledger import Standing
from pos_app.payments.ledger import posting as moved
from pos_app.payments.order_number import running_of
from pos_app.payments.payment import (
    LIVE,
    TRANSITIONS,
    Attempt,
    Evidence,
    Source,
    State,
    Verdict,
    came_late,
    fold,
    freed,
)
from pos_app.payments.refund import OPEN, REFUND_TRANSITIONS, Refund, RefundState, RefundVerdict, fold_refund


class NumberTakenError(LawlessEntryError):
    """Paid by a number that another payment has: whose money it is, a person has to find out."""


@dataclass(slots=True)
class RefundAccount:
    """A refund while a transaction adds to it."""

    refund: Refund
    evidence: list[Evidence]
    verdict: RefundVerdict
    settled_at_ms: int | None = None
    unsettled: bool = False
    settles_now: bool = False

    def add(self, evidence: Evidence) -> None:
        """Take in what happened, if the rules know such a move."""
        self.evidence.append(evidence)
        before, self.verdict = self.verdict.state, fold_refund(self.refund, self.evidence)
        now = self.verdict.state
        if now is before:
            return
        if now not in REFUND_TRANSITIONS[before]:
            message = f"a refund that is {before} cannot become {now}"
            raise LawlessEntryError(message)
        self.unsettled = now is RefundState.DONE

    def settle(self, settled: RefundSettled, at_ms: int) -> None:
        """Take in the end, if that is what the evidence proves."""
        proven = self.verdict
        if settled.state in OPEN or (settled.state, settled.refund_id) != (proven.state, proven.refund_id):
            message = f"a refund settled as {settled.state}, but the evidence proves {proven.state}"
            raise LawlessEntryError(message)
        self.settled_at_ms = at_ms
        self.unsettled = False
        self.settles_now = True


@dataclass(slots=True)
class PaymentAccount:
    """A payment while a transaction adds to it."""

    attempt: Attempt
    evidence: list[Evidence]
    verdict: Verdict
    settled_at_ms: int | None = None
    released_at_ms: int | None = None
    late: bool = False
    kept: bool = False
    refunds: dict[str, RefundAccount] = field(default_factory=dict)
    unsettled: bool = False
    allowed: set[Act] = field(default_factory=set)
    in_shift: int = 0
    stood: Standing = field(init=False)

    def __post_init__(self) -> None:
        self.stood = self.standing()

    def standing(self) -> Standing:
        """What the ledger must know of it now."""
        refunded = 0
        for one in self.refunds.values():
            if one.verdict.state is RefundState.DONE:
                refunded += one.refund.amount
        return Standing(self.attempt.amount, self.verdict.state, self.late, self.kept, refunded)

    @property
    def in_conflict(self) -> bool:
        """Whether something speaks against its result, or more was given back than was paid."""
        return self.verdict.conflict or self.standing().refunded > self.attempt.amount

    def take_in(self, one: Entry, at_ms: int) -> None:
        """Take in any entry but the first."""
        match one:
            case EvidenceAdded(_, evidence):
                self.add(evidence, at_ms)
            case PaymentSettled():
                self.settle(one, at_ms)
            case ManagerActed():
                self.allow(one, at_ms)
            case RefundEvidenceAdded(_, m_refund_id, evidence):
                self.refund(m_refund_id).add(evidence)
            case RefundSettled(_, m_refund_id):
                self.refund(m_refund_id).settle(one, at_ms)
            case _:
                pass  # told in the time line, changes no state

    def add(self, evidence: Evidence, at_ms: int) -> None:
        """Take in what happened, if the rules know such a move; a decision needs its manager."""
        wanted = _DECISIONS.get(evidence.source)
        if wanted is not None and wanted not in self.allowed:
            message = "a decision without the manager who made it"
            raise LawlessEntryError(message)
        self.evidence.append(evidence)
        before, self.verdict = self.verdict.state, fold(self.attempt, self.evidence)
        now = self.verdict.state
        if now is before:
            return
        if now not in TRANSITIONS[before]:
            message = f"{before} cannot become {now}"
            raise LawlessEntryError(message)
        self.late = self.late or came_late(before, now, released=self.released_at_ms is not None)
        if freed(before, now):
            # The sale may have a new attempt by now: the late turn must be stored all the same.
            self.released_at_ms = at_ms
        self.unsettled = now is State.PAID

    def settle(self, settled: PaymentSettled, at_ms: int) -> None:
        """Take in the end, if that is what the evidence proves."""
        proven = self.verdict
        if settled.state in LIVE or (settled.state, settled.zp_trans_id) != (proven.state, proven.zp_trans_id):
            message = f"settled as {settled.state}, but the evidence proves {proven.state}"
            raise LawlessEntryError(message)
        self.settled_at_ms = at_ms
        self.unsettled = False

    def allow(self, acted: ManagerActed, at_ms: int) -> None:
        """Take in what a manager allowed."""
        self.allowed.add(acted.act)
        match acted.act:
            case Act.RELEASE if self.verdict.state not in LIVE:
                message = "released, but it has its result"
                raise LawlessEntryError(message)
            case Act.RELEASE:
                self.released_at_ms = at_ms
            case Act.DECIDE_PAID if seen_after_all(acted.act, self.attempt, self.verdict.state):
                pass
            case Act.DECIDE_PAID | Act.DECIDE_UNPAID if self.verdict.state not in LIVE:
                message = "decided, but it has its result"
                raise LawlessEntryError(message)
            case Act.KEEP if not self.late:
                message = "kept, but it is no late money"
                raise LawlessEntryError(message)
            case Act.KEEP:
                self.kept = True
            case _:
                pass

    def request(self, wanted: Refund) -> None:
        """Take in a refund, if a manager allowed it and there is something to give back."""
        if Act.REFUND not in self.allowed:
            message = "a refund without the manager who allowed it"
            raise LawlessEntryError(message)
        if wanted.zp_trans_id != self.verdict.zp_trans_id or self.verdict.state is not State.PAID:
            message = "a refund of something that is not paid"
            raise LawlessEntryError(message)
        self.refunds[wanted.m_refund_id] = RefundAccount(wanted, [], fold_refund(wanted, ()))

    def refund(self, m_refund_id: str) -> RefundAccount:
        """The refund of that id."""
        if m_refund_id not in self.refunds:
            message = "an entry for a refund that was never asked for"
            raise LawlessEntryError(message)
        return self.refunds[m_refund_id]


_PAYMENT = Fixed(
    insert(payment),
    *("app_trans_id", "sale_id", "slip_number", "running", "amount", "state", "zp_trans_id", "prepared_at_ms", "late"),
    *("kept", "shift", "in_shift", "gateway", "source", "scanned_at_ms", "cashier", "cashier_id", "plain_note"),
)
_CHANGED = Fixed(
    update(payment).where(payment.c.app_trans_id == bindparam("own")),
    *("in_shift", "cause", "state", "zp_trans_id", "settled_at_ms", "released_at_ms", "late", "kept", "conflict"),
)
_POSTING = Fixed(insert(posting), "app_trans_id", "at_ms", "shift", "account", "amount")
_DECISIONS = {Source.DECIDED_PAID: Act.DECIDE_PAID, Source.DECIDED_UNPAID: Act.DECIDE_UNPAID}


def replayed(story: Iterable[tuple[int, Entry]]) -> PaymentAccount:
    """The account that a payment's entries come to, each with its wall clock, in the order they were stored.

    The ends of the transactions are not known any more: what must stand in one is not seen here.

    Raises:
        LawlessEntryError: an entry contradicts the rules.
    """
    account = None
    for at_ms, one in story:
        match one:
            case PaymentPrepared(attempt) if account is None:
                account = PaymentAccount(attempt, [], fold(attempt, ()))
            case _ if account is None:
                break
            case RefundRequested(wanted):
                account.request(wanted)
            case _:
                account.take_in(one, at_ms)
    if account is None:
        message = "an entry for a payment that was never prepared"
        raise LawlessEntryError(message)
    return account


def project(connection: Connection, entries: Iterable[Entry], at_ms: int) -> None:
    """Bring the payments up to date with entries that are about to be stored in the same transaction.

    Raises:
        LawlessEntryError: an entry contradicts the rules or what is stored.
        NumberTakenError: paid by a number that another payment has.
        sqlite3.IntegrityError: a constraint of the table is broken.
    """
    accounts: dict[str, PaymentAccount] = {}
    entries = tuple(entries)
    shift = shift_rows.running(connection)
    allowed: dict[str, ManagerActed] = {}
    for place, one in enumerate(entries):
        match one:
            case ShiftOpened() | ShiftClosed():
                shift = _turn(connection, shift, one, at_ms, alone=len(entries) == 1)
            case PaymentPrepared(attempt):
                shift = shift_rows.open_by_itself(connection, shift, one, at_ms)
                _insert(connection, one, shift, at_ms)
                account = PaymentAccount(attempt, [], fold(attempt, ()), in_shift=shift.number)
                accounts[attempt.app_trans_id] = account
            case RefundRequested(wanted):
                shift = shift_rows.open_by_itself(connection, shift, one, at_ms)
                _account(connection, accounts, one.app_trans_id).request(wanted)
                _insert_refund(connection, one, allowed.get(wanted.m_refund_id), shift, at_ms)
            case GestureTimed():
                gestures.keep(connection, one, at_ms)
            case _ if (number := payment_of(one)) is not None:
                _account(connection, accounts, number).take_in(one, at_ms)
                if isinstance(one, ManagerActed):
                    allowed[one.number] = one
            case _ if isinstance(one, CashEntry):
                shift = shift_rows.open_by_itself(connection, shift, one, at_ms)
                n = shift_rows.last_n(connection) + 1 + place
                cash_rows.take_in(connection, one, n, shift.number, at_ms)
            case _:
                pass
    for account in accounts.values():
        _update(connection, account, shift, at_ms)


def _turn(
    connection: Connection, shift: shift_rows.RunningShift, entry: ShiftOpened | ShiftClosed, at_ms: int, *, alone: bool
) -> shift_rows.RunningShift:
    if isinstance(entry, ShiftOpened):
        return shift_rows.open_by_hand(connection, shift, entry, at_ms)
    shift_rows.close(connection, shift, entry, at_ms, alone=alone)
    return shift


def _account(connection: Connection, accounts: dict[str, PaymentAccount], app_trans_id: str) -> PaymentAccount:
    if app_trans_id not in accounts:
        record = read_payment(connection, app_trans_id)
        if record is None:
            message = "an entry for a payment that was never prepared"
            raise LawlessEntryError(message)
        accounts[app_trans_id] = PaymentAccount(
            record.attempt,
            list(record.evidence),
            fold(record.attempt, record.evidence),
            settled_at_ms=record.settled_at_ms,
            released_at_ms=record.released_at_ms,
            late=record.late,
            kept=record.kept,
            in_shift=record.in_shift,
            refunds={
                one.refund.m_refund_id: RefundAccount(
                    one.refund, list(one.evidence), fold_refund(one.refund, one.evidence), one.settled_at_ms
                )
                for one in record.refunds
            },
        )
    return accounts[app_trans_id]


def _running(slip_number: str) -> int:
    try:
        return running_of(slip_number)
    except ValueError as error:
        raise LawlessEntryError(str(error)) from None


def _insert(connection: Connection, prepared: PaymentPrepared, shift: RunningShift, at_ms: int) -> None:
    attempt = prepared.attempt
    row = {
        "app_trans_id": attempt.app_trans_id,
        "sale_id": attempt.sale_id,
        "slip_number": attempt.slip_number,
        "running": _running(attempt.slip_number),
        "amount": attempt.amount,
        "state": State.PREPARED.value,
        "zp_trans_id": "",
        "prepared_at_ms": at_ms,
        "late": 0,
        "kept": 0,
        "shift": shift.number,
        "in_shift": shift.number,
        "gateway": attempt.gateway,
        "source": attempt.source,
        "scanned_at_ms": attempt.scanned_at_ms,
        "cashier": prepared.cashier,
        "cashier_id": prepared.cashier_id,
        "plain_note": plain(attempt.note),
    }
    _PAYMENT.carry_out(connection, [row])


def _insert_refund(
    connection: Connection, asked: RefundRequested, allowed: ManagerActed | None, shift: RunningShift, at_ms: int
) -> None:
    wanted = asked.refund
    connection.execute(
        insert(refund).values(
            m_refund_id=wanted.m_refund_id,
            app_trans_id=wanted.app_trans_id,
            intent=wanted.intent,
            slip_number=wanted.slip_number,
            running=_running(wanted.slip_number),
            amount=wanted.amount,
            state=RefundState.REQUESTED.value,
            refund_id="",
            requested_at_ms=at_ms,
            shift=shift.number,
            cashier=asked.cashier,
            cashier_id=asked.cashier_id,
            allowed_by=allowed.by if allowed else "",
            allowed_by_id=allowed.by_id if allowed else "",
        )
    )


def _update(connection: Connection, account: PaymentAccount, shift: RunningShift, at_ms: int) -> None:
    if account.unsettled or any(one.unsettled for one in account.refunds.values()):
        message = "paid or refunded without the settling entry in the same transaction"
        raise LawlessEntryError(message)
    stands = account.standing()
    changed = stands != account.stood
    if changed and account.in_shift < shift.number:
        shift_rows.carry(connection, shift, account.attempt.app_trans_id, account.stood)
    row = {
        "own": account.attempt.app_trans_id,
        "in_shift": shift.number if changed else account.in_shift,
        "cause": cause_of(account.verdict, account.evidence),
        "state": account.verdict.state.value,
        "zp_trans_id": _own_number(connection, account),
        "settled_at_ms": account.settled_at_ms,
        "released_at_ms": account.released_at_ms,
        "late": int(account.late),
        "kept": int(account.kept),
        "conflict": int(account.in_conflict),
    }
    _CHANGED.carry_out(connection, [row])
    for one in account.refunds.values():
        connection.execute(
            update(refund)
            .where(refund.c.m_refund_id == one.refund.m_refund_id)
            .values(state=one.verdict.state.value, refund_id=one.verdict.refund_id, settled_at_ms=one.settled_at_ms)
        )
        if one.settles_now:
            own = refund.c.m_refund_id == one.refund.m_refund_id
            connection.execute(update(refund).where(own).values(settled_shift=shift.number))
    line = {"app_trans_id": account.attempt.app_trans_id, "at_ms": at_ms, "shift": shift.number}
    if lines := [line | {"account": name.value, "amount": it} for name, it in moved(account.stood, stands).items()]:
        _POSTING.carry_out(connection, lines)


def _own_number(connection: Connection, account: PaymentAccount) -> str:
    """The gateway's number, "" for one that another payment has: that it was named is kept in the evidence only."""
    number, app_trans_id = account.verdict.zp_trans_id, account.attempt.app_trans_id
    if not number:
        return ""
    indexed = payment.c.zp_trans_id != literal_column("''")  # as the index has it: else every payment is looked at
    same = select(payment.c.app_trans_id).where(payment.c.zp_trans_id == number, indexed)
    if connection.execute(same.where(payment.c.app_trans_id != app_trans_id)).first() is None:
        return number
    if account.verdict.state is State.PAID:
        message = "paid by a number that another payment has"
        raise NumberTakenError(message)
    return ""
