"""What the entries come to: the `payment` table, kept in the same transaction as the entries and checked by the rules.

Nothing sets a state here: it is always what `fold` says about the stored evidence. A move that the rules do not list is
refused, and the whole transaction with it. Reads of payments live here too; opening and writing files do not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    RowMapping,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)

from pos_app.journal.entries import (
    Entry,
    EvidenceAdded,
    JournalOpened,
    PaymentPrepared,
    PaymentSettled,
    SlipPrinted,
    from_json,
)
from pos_app.journal.errors import JournalDamagedError, LawlessEntryError
from pos_app.payments.order_number import running_of
from pos_app.payments.payment import (
    LIVE,
    NEGATIVE,
    TRANSITIONS,
    Attempt,
    Evidence,
    State,
    Verdict,
    fold,
)

_schema = MetaData()
journal = Table(
    "journal",
    _schema,
    Column("one", Integer, primary_key=True),
    Column("till", Text),
    Column("epoch", Text),
    Column("clean_stop", Integer),
    Column("checked_at_ms", Integer),
)
entry = Table(
    "entry",
    _schema,
    Column("n", Integer, primary_key=True),
    Column("at_ms", Integer),
    Column("kind", Text),
    Column("app_trans_id", Text),
    Column("payload", Text),
    Column("hash", LargeBinary),
)
payment = Table(
    "payment",
    _schema,
    Column("app_trans_id", Text, primary_key=True),
    Column("sale_id", Text),
    Column("slip_number", Text),
    Column("running", Integer),
    Column("amount", Integer),
    Column("state", Text),
    Column("zp_trans_id", Text),
    Column("prepared_at_ms", Integer),
    Column("settled_at_ms", Integer),
    Column("released_at_ms", Integer),
)


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """All the journal knows about one payment.

    Attributes:
        attempt: its facts.
        evidence: what happened, in the order it was stored.
        state: what that proves.
        zp_trans_id: the gateway's number, "" while unknown.
        settled_at_ms: wall clock of the last settling, None before.
        copies: how many slips were printed or saved.
        entries: every entry with its wall clock, in the order stored: the time line.
    """

    attempt: Attempt
    evidence: tuple[Evidence, ...]
    state: State
    zp_trans_id: str
    settled_at_ms: int | None
    copies: int
    entries: tuple[tuple[int, Entry], ...]


# --- reading -------------------------------------------------------------------------------------------------------


def read_payments(
    connection: Connection, *where: ColumnElement[bool], newest_first: bool = False, count: int | None = None
) -> tuple[PaymentRecord, ...]:
    """The payments that fit, by the time they were prepared: two queries, however many there are."""
    # The running number breaks ties: it grows with every attempt.
    order = (payment.c.prepared_at_ms, payment.c.running)
    chosen = select(payment).where(*where).order_by(*((one.desc() for one in order) if newest_first else order))
    if count is not None:
        chosen = chosen.limit(count)
    rows = connection.execute(chosen).mappings().all()
    ids = chosen.with_only_columns(payment.c.app_trans_id)
    stories: dict[str, list[tuple[int, Entry]]] = {row["app_trans_id"]: [] for row in rows}
    told = select(entry.c.app_trans_id, entry.c.at_ms, entry.c.payload).where(entry.c.app_trans_id.in_(ids))
    for app_trans_id, at_ms, payload in connection.execute(told.order_by(entry.c.n)):
        stories[app_trans_id].append((at_ms, from_json(payload)))
    return tuple(_record(row, stories[row["app_trans_id"]]) for row in rows)


def read_payment(connection: Connection, app_trans_id: str) -> PaymentRecord | None:
    """One payment, None when there is none of that id."""
    return next(iter(read_payments(connection, payment.c.app_trans_id == app_trans_id)), None)


def last_running(connection: Connection) -> int:
    """The highest running number given to a stored payment; 0 in a new journal."""
    return connection.execute(select(func.max(payment.c.running))).scalar_one() or 0


def attempt_and_evidence(entries: Iterable[Entry]) -> tuple[Attempt, tuple[Evidence, ...]]:
    """The facts and the evidence of one payment's entries.

    Raises:
        JournalDamagedError: the payment was never prepared, or twice.
    """
    entries = tuple(entries)
    prepared = [one.attempt for one in entries if isinstance(one, PaymentPrepared)]
    if len(prepared) != 1:
        message = "a payment without exactly one beginning"
        raise JournalDamagedError(message)
    return prepared[0], tuple(one.evidence for one in entries if isinstance(one, EvidenceAdded))


def _record(row: RowMapping, story: list[tuple[int, Entry]]) -> PaymentRecord:
    attempt, evidence = attempt_and_evidence(one for _, one in story)
    return PaymentRecord(
        attempt,
        evidence,
        state=State(row["state"]),
        zp_trans_id=row["zp_trans_id"],
        settled_at_ms=row["settled_at_ms"],
        copies=sum(isinstance(one, SlipPrinted) for _, one in story),
        entries=tuple(story),
    )


# --- writing -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Account:
    """A payment while a transaction adds to it."""

    attempt: Attempt
    evidence: list[Evidence]
    verdict: Verdict
    settled_at_ms: int | None = None
    released_at_ms: int | None = None
    unsettled: bool = False

    def add(self, evidence: Evidence, at_ms: int) -> None:
        self.evidence.append(evidence)
        before, self.verdict = self.verdict.state, fold(self.attempt, self.evidence)
        now = self.verdict.state
        if now is before:
            return
        if now not in TRANSITIONS[before]:
            message = f"{before} cannot become {now}"
            raise LawlessEntryError(message)
        if before in NEGATIVE and now in LIVE:
            # The sale was free meanwhile and may have a new attempt: the late turn must be stored all the same.
            self.released_at_ms = at_ms
        self.unsettled = now is State.PAID

    def settle(self, settled: PaymentSettled, at_ms: int) -> None:
        proven = self.verdict
        if settled.state in LIVE or (settled.state, settled.zp_trans_id) != (proven.state, proven.zp_trans_id):
            message = f"settled as {settled.state}, but the evidence proves {proven.state}"
            raise LawlessEntryError(message)
        self.settled_at_ms = at_ms
        self.unsettled = False


def project(connection: Connection, entries: Iterable[Entry], at_ms: int) -> None:
    """Bring the payments up to date with entries that are about to be stored in the same transaction.

    Raises:
        LawlessEntryError: an entry contradicts the rules or what is stored.
        sqlalchemy.exc.IntegrityError: a constraint of the table is broken.
    """
    accounts: dict[str, _Account] = {}
    for one in entries:
        match one:
            case JournalOpened():
                pass
            case PaymentPrepared(attempt):
                _insert(connection, attempt, at_ms)
                accounts[attempt.app_trans_id] = _Account(attempt, [], fold(attempt, ()))
            case EvidenceAdded(app_trans_id, evidence):
                _account(connection, accounts, app_trans_id).add(evidence, at_ms)
            case PaymentSettled(app_trans_id):
                _account(connection, accounts, app_trans_id).settle(one, at_ms)
            case SlipPrinted(app_trans_id):
                _account(connection, accounts, app_trans_id)
    for account in accounts.values():
        _update(connection, account)


def _account(connection: Connection, accounts: dict[str, _Account], app_trans_id: str) -> _Account:
    if app_trans_id not in accounts:
        row = connection.execute(select(payment).where(payment.c.app_trans_id == app_trans_id)).mappings().first()
        if row is None:
            message = "an entry for a payment that was never prepared"
            raise LawlessEntryError(message)
        stored = select(entry.c.payload).where(entry.c.app_trans_id == app_trans_id).order_by(entry.c.n)
        attempt, evidence = attempt_and_evidence(from_json(text) for text in connection.execute(stored).scalars())
        accounts[app_trans_id] = _Account(
            attempt,
            list(evidence),
            fold(attempt, evidence),
            settled_at_ms=row["settled_at_ms"],
            released_at_ms=row["released_at_ms"],
        )
    return accounts[app_trans_id]


def _insert(connection: Connection, attempt: Attempt, at_ms: int) -> None:
    try:
        running = running_of(attempt.slip_number)
    except ValueError as error:
        raise LawlessEntryError(str(error)) from None
    connection.execute(
        insert(payment).values(
            app_trans_id=attempt.app_trans_id,
            sale_id=attempt.sale_id,
            slip_number=attempt.slip_number,
            running=running,
            amount=attempt.amount,
            state=State.PREPARED.value,
            zp_trans_id="",
            prepared_at_ms=at_ms,
        )
    )


def _update(connection: Connection, account: _Account) -> None:
    if account.unsettled:
        message = "paid without the settling entry in the same transaction"
        raise LawlessEntryError(message)
    connection.execute(
        update(payment)
        .where(payment.c.app_trans_id == account.attempt.app_trans_id)
        .values(
            state=account.verdict.state.value,
            zp_trans_id=account.verdict.zp_trans_id,
            settled_at_ms=account.settled_at_ms,
            released_at_ms=account.released_at_ms,
        )
    )
