"""The tables beside the entries, and how payments are read from them.

The `payment` and `refund` tables hold what the entries come to (`bookkeeping` writes them, in the same transaction);
the facts and the time line are always read from the entries themselves.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    func,
    literal_column,
    select,
)

from pos_app.journal.canonical import from_json
from pos_app.journal.entries import (
    CancelWished,
    Entry,
    EvidenceAdded,
    ManagerActed,
    PaymentPrepared,
    RefundEvidenceAdded,
    RefundRequested,
    RefundSettled,
    SlipPrinted,
)
from pos_app.journal.errors import JournalDamagedError
from pos_app.journal.fixed import Fixed
from pos_app.journal.read_only import is_copy
from pos_app.payments.acts import Act
from pos_app.payments.payment import (
    Attempt,
    Evidence,
    State,
)
from pos_app.payments.refund import (
    Refund,
    RefundState,
    fold_refund,
)

log = logging.getLogger(__name__)
_schema = MetaData()
journal = Table(
    "journal",
    _schema,
    Column("one", Integer, primary_key=True),
    Column("till", Text),
    Column("epoch", Text),
    Column("clean_stop", Integer),
    Column("checked_at_ms", Integer),
    Column("checked_n", Integer),
    Column("checked_hash", LargeBinary),
    Column("installed_on", Text),
    Column("running_from", Integer),
    Column("restored_at_ms", Integer),
    Column("backed_up_at_ms", Integer),
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
    Column("late", Integer),
    Column("kept", Integer),
    Column("conflict", Integer),
    Column("shift", Integer),
    Column("in_shift", Integer),
    Column("gateway", Text),
    Column("source", Text),
    Column("scanned_at_ms", Integer),
    Column("cashier", Text),
    Column("cashier_id", Text),
    Column("cause", Text),
    Column("plain_note", Text),
    Column("counts_at_ms", Integer),
)
refund = Table(
    "refund",
    _schema,
    Column("m_refund_id", Text, primary_key=True),
    Column("app_trans_id", Text),
    Column("intent", Text),
    Column("slip_number", Text),
    Column("running", Integer),
    Column("amount", Integer),
    Column("state", Text),
    Column("refund_id", Text),
    Column("requested_at_ms", Integer),
    Column("settled_at_ms", Integer),
    Column("shift", Integer),
    Column("settled_shift", Integer),
    Column("cashier", Text),
    Column("cashier_id", Text),
    Column("allowed_by", Text),
    Column("allowed_by_id", Text),
)
posting = Table(
    "posting",
    _schema,
    Column("id", Integer, primary_key=True),
    Column("app_trans_id", Text),
    Column("at_ms", Integer),
    Column("account", Text),
    Column("amount", Integer),
    Column("shift", Integer),
)
shift = Table(
    "shift",
    _schema,
    Column("number", Integer, primary_key=True),
    Column("from_n", Integer),
    Column("opened_at_ms", Integer),
    Column("opened_by", Text),
    Column("opened_by_id", Text),
    Column("float_dong", Integer),
    Column("to_n", Integer),
    Column("closed_at_ms", Integer),
    Column("z_number", Integer),
    Column("grand_total", Integer),
    Column("grand_by_hand", Integer),
)
carried = Table(
    "carried",
    _schema,
    Column("shift", Integer, primary_key=True),
    Column("app_trans_id", Text, primary_key=True),
    Column("state", Text),
    Column("late", Integer),
    Column("kept", Integer),
    Column("refunded", Integer),
)

cash = Table(
    "cash",
    _schema,
    Column("n", Integer, primary_key=True),
    Column("kind", Text),
    Column("at_ms", Integer),
    Column("shift", Integer),
    Column("amount", Integer),
    Column("given", Integer),
    Column("slip_number", Text),
    Column("running", Integer),
    Column("of_slip", Text),
    Column("intent", Text),
    Column("cashier", Text),
    Column("cashier_id", Text),
    Column("allowed_by", Text),
    Column("reason", Text),
    Column("note", Text),
    Column("plain_note", Text),
)
cash_posting = Table(
    "cash_posting",
    _schema,
    Column("n", Integer, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("shift", Integer),
    Column("amount", Integer),
)


@dataclass(frozen=True, slots=True)
class RefundRecord:
    """All the journal knows about one refund.

    Attributes:
        refund: its facts.
        evidence: what happened, in the order it was stored.
        state: what that proves.
        refund_id: the gateway's number, "" while unknown.
        settled_at_ms: wall clock of the last settling, None before.
        copies: how many slips of it were printed or saved.
    """

    refund: Refund
    evidence: tuple[Evidence, ...]
    state: RefundState
    refund_id: str
    settled_at_ms: int | None
    copies: int = 0


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """All the journal knows about one payment.

    Attributes:
        attempt: its facts.
        evidence: what happened, in the order it was stored.
        state: what that proves.
        zp_trans_id: the gateway's number, "" while unknown, or where another payment has it.
        settled_at_ms: wall clock of the last settling, None before.
        copies: how many slips of the payment itself were printed or saved.
        entries: every entry with its wall clock, in the order stored: the time line.
        released_at_ms: when the sale was let go on without a result, None when it was not.
        late: it was paid when the sale no longer waited for it.
        kept: a manager said that such money belongs to the sale.
        refunds: oldest first.
        shift: the one it was begun in; 0 for before there were shifts.
        in_shift: the one in which what it stands at changed last.
        cashier: who began it, as slips name the person; "" for nobody in particular.
        cashier_id: the person's id.
    """

    attempt: Attempt
    evidence: tuple[Evidence, ...]
    state: State
    zp_trans_id: str
    settled_at_ms: int | None
    copies: int
    entries: tuple[tuple[int, Entry], ...]
    released_at_ms: int | None = None
    late: bool = False
    kept: bool = False
    refunds: tuple[RefundRecord, ...] = ()
    shift: int = 0
    in_shift: int = 0
    cashier: str = ""
    cashier_id: str = ""

    @property
    def let_go(self) -> bool:
        """Whether a manager let the sale go on; `released_at_ms` stands too where it was over and is open again."""
        return any(isinstance(one, ManagerActed) and one.act is Act.RELEASE for _, one in self.entries)

    @property
    def cancel_wished(self) -> bool:
        """Whether somebody wanted it not to happen."""
        return any(isinstance(one, CancelWished) for _, one in self.entries)


class PaymentKeys(NamedTuple):
    """What a payment can be found by; named as in the picture of a payment."""

    payment_id: str
    slip_number: str
    zp_trans_id: str
    amount: int


unindexed_state: ColumnElement[str] = literal_column("+payment.state", Text)
"""A payment's state as a condition beside others, never SQLite's way in: a common state has most of the payments."""


# --- reading -------------------------------------------------------------------------------------------------------

_ENTRIES = select(entry.c.app_trans_id, entry.c.at_ms, entry.c.payload).order_by(entry.c.n)
# Every write looks at its payment.
_ONE = Fixed(select(payment).where(payment.c.app_trans_id == bindparam("own")))
_ITS_ENTRIES = Fixed(_ENTRIES.where(entry.c.app_trans_id == bindparam("own")))
# The running number breaks ties: it grows with every attempt. The plus sorts what was found: without it SQLite would
# rather go through all payments in this order than take the index of the few that are looked for.
_BY_TIME: tuple[ColumnElement[int], ...] = (payment.c.prepared_at_ms, payment.c.running)
_SORTED_BY_TIME: tuple[ColumnElement[int], ...] = tuple(literal_column(f"+{one}", Integer) for one in _BY_TIME)


def read_payments(
    connection: Connection, *where: ColumnElement[bool], newest_first: bool = False, count: int | None = None
) -> tuple[PaymentRecord, ...]:
    """The payments that fit, by the time they were prepared: two queries, however many there are.

    In a damaged journal's copy those that cannot be read are left out; `verify` tells them.

    Raises:
        JournalDamagedError: one of them cannot be read, and the till works with this journal.
    """
    order = _BY_TIME if count is not None else _SORTED_BY_TIME
    chosen = select(payment).where(*where).order_by(*((one.desc() for one in order) if newest_first else order))
    if count is not None:
        chosen = chosen.limit(count)
    ids = chosen.with_only_columns(payment.c.app_trans_id)
    rows = connection.execute(chosen).mappings().all()
    return _records(connection, rows, connection.execute(_ENTRIES.where(entry.c.app_trans_id.in_(ids))))


def _records(
    connection: Connection, rows: Sequence[Mapping[Any, Any]], texts: Iterable[Sequence[Any]]
) -> tuple[PaymentRecord, ...]:
    told: dict[str, list[tuple[int, str]]] = {row["app_trans_id"]: [] for row in rows}
    for app_trans_id, at_ms, payload in texts:
        told[app_trans_id].append((at_ms, payload))
    records = []
    for row in rows:
        try:
            records.append(_record(row, [(at_ms, from_json(text)) for at_ms, text in told[row["app_trans_id"]]]))
        except JournalDamagedError:
            if not is_copy(connection):
                raise
    if len(records) < len(rows):
        log.warning("%d of %d payments cannot be read", len(rows) - len(records), len(rows))
    return tuple(records)


def read_keys(connection: Connection, *where: ColumnElement[bool]) -> Iterator[PaymentKeys]:
    """What the payments that fit can be found by, newest first; their entries are not read."""
    columns = select(payment.c.app_trans_id, payment.c.slip_number, payment.c.zp_trans_id, payment.c.amount)
    for row in connection.execute(columns.where(*where).order_by(payment.c.prepared_at_ms.desc())):
        yield PaymentKeys(*row)


def read_payment(connection: Connection, app_trans_id: str) -> PaymentRecord | None:
    """One payment, None when there is none of that id."""
    own = {"own": app_trans_id}
    rows = [dict(zip(payment.c.keys(), row, strict=True)) for row in _ONE.rows(connection, own)]
    return next(iter(_records(connection, rows, _ITS_ENTRIES.rows(connection, own))), None)


def last_running(connection: Connection) -> int:
    """The highest running number given to a stored payment, refund, or slip of cash; 0 in a new journal."""
    highest = (connection.execute(select(func.max(table.c.running))).scalar_one() for table in (payment, refund, cash))
    return max(number or 0 for number in highest)


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


def refunds_of(entries: Iterable[tuple[int, Entry]]) -> tuple[RefundRecord, ...]:
    """The refunds in a payment's entries, each folded from its evidence.

    Raises:
        JournalDamagedError: an entry for a refund that was never asked for.
    """
    asked: dict[str, Refund] = {}
    evidence: dict[str, list[Evidence]] = {}
    settled: dict[str, int] = {}
    printed = Counter[str]()
    for at_ms, one in entries:
        match one:
            case RefundRequested(it):
                asked[it.m_refund_id], evidence[it.m_refund_id] = it, []
            case RefundEvidenceAdded(_, m_refund_id, it) if m_refund_id in asked:
                evidence[m_refund_id].append(it)
            case RefundSettled(_, m_refund_id) if m_refund_id in asked:
                settled[m_refund_id] = at_ms
            case SlipPrinted(_, _, _, m_refund_id):
                printed[m_refund_id] += 1
            case RefundEvidenceAdded() | RefundSettled():
                message = "an entry for a refund that was never asked for"
                raise JournalDamagedError(message)
            case _:
                pass
    verdicts = {number: fold_refund(it, evidence[number]) for number, it in asked.items()}
    return tuple(
        RefundRecord(
            it,
            tuple(evidence[number]),
            state=verdicts[number].state,
            refund_id=verdicts[number].refund_id,
            settled_at_ms=settled.get(number),
            copies=printed[number],
        )
        for number, it in asked.items()
    )


def _record(row: Mapping[Any, Any], story: list[tuple[int, Entry]]) -> PaymentRecord:
    attempt, evidence = attempt_and_evidence(one for _, one in story)
    try:
        state = State(row["state"])
    except ValueError:
        message = "a payment in a state that there is not"
        raise JournalDamagedError(message) from None
    return PaymentRecord(
        attempt,
        evidence,
        state=state,
        zp_trans_id=row["zp_trans_id"],
        settled_at_ms=row["settled_at_ms"],
        copies=sum(isinstance(one, SlipPrinted) and not one.m_refund_id for _, one in story),
        entries=tuple(story),
        released_at_ms=row["released_at_ms"],
        late=bool(row["late"]),
        kept=bool(row["kept"]),
        refunds=refunds_of(story),
        shift=row["shift"],
        in_shift=row["in_shift"],
        cashier=row["cashier"],
        cashier_id=row["cashier_id"],
    )
