"""The facts the journal stores: one frozen dataclass each, and its one canonical JSON.

Canonical means: sorted keys, no spaces, no floats, UTF-8, and every entry names its kind and version; one fact has one
spelling, so it can be hashed. Loading is strict: a stored text that is not what we would have written is damage.
No database and no rules here. An entry never holds a payment code or a key.
"""

import json
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache, lru_cache
from types import NoneType
from typing import Any, ClassVar, get_args, get_type_hints

from pos_app.journal.errors import JournalDamagedError
from pos_app.payments.payment import Attempt, Evidence, State


@dataclass(frozen=True, slots=True)
class JournalOpened:
    """The program took the journal.

    Attributes:
        till: the till's id.
        epoch: the journal's random part of order ids.
        app_version: the version of the program.
    """

    kind: ClassVar[str] = "journal_opened"
    till: str
    epoch: str
    app_version: str


@dataclass(frozen=True, slots=True)
class PaymentPrepared:
    """An attempt was fixed; nothing has been sent."""

    kind: ClassVar[str] = "payment_prepared"
    attempt: Attempt

    @property
    def app_trans_id(self) -> str:
        """The order id of the payment this entry belongs to."""
        return self.attempt.app_trans_id


@dataclass(frozen=True, slots=True)
class EvidenceAdded:
    """Something happened to an attempt."""

    kind: ClassVar[str] = "evidence_added"
    app_trans_id: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class PaymentSettled:
    """An attempt reached a final state; stored in one transaction with the evidence that proves it."""

    kind: ClassVar[str] = "payment_settled"
    app_trans_id: str
    state: State
    zp_trans_id: str


@dataclass(frozen=True, slots=True)
class SlipPrinted:
    """A slip was printed or saved.

    Attributes:
        app_trans_id: the payment's order id.
        copy: 1 for the first one.
        where: the printer, or the kind of file.
    """

    kind: ClassVar[str] = "slip_printed"
    app_trans_id: str
    copy: int
    where: str


Entry = JournalOpened | PaymentPrepared | EvidenceAdded | PaymentSettled | SlipPrinted
VERSION = 1
_KINDS: dict[str, type[Entry]] = {kind.kind: kind for kind in get_args(Entry)}


def payment_of(entry: Entry) -> str | None:
    """The order id of the payment an entry belongs to; None for what concerns the journal itself."""
    return None if isinstance(entry, JournalOpened) else entry.app_trans_id


def to_json(entry: Entry) -> str:
    """The entry's canonical text.

    Raises:
        ValueError: a value of the wrong type, or a text that is not valid Unicode.
    """
    text = _canonical(entry)
    text.encode()
    _read(text)  # refuses what could not be read back
    return text


@lru_cache(maxsize=4096)  # a payment that is asked about for days is folded anew with every answer
def from_json(text: str) -> Entry:
    """The entry of a canonical text.

    Raises:
        JournalDamagedError: unknown kind, version or shape, or not canonical.
    """
    try:
        entry = _read(text)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = f"a stored entry cannot be read ({type(error).__name__})"
        raise JournalDamagedError(message) from None
    if _canonical(entry) != text:
        message = "a stored entry is not in the form it was written in"
        raise JournalDamagedError(message)
    return entry


def _canonical(entry: Entry) -> str:
    plain = {**_plain(entry), "kind": entry.kind, "version": VERSION}
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return value


def _read(text: str) -> Entry:
    found = json.loads(text)
    kind = _KINDS[found.pop("kind")]
    version = found.pop("version")
    if type(version) is not int or version != VERSION:
        message = "an unknown version of an entry"
        raise ValueError(message)
    entry: Entry = _made(kind, found)
    return entry


@cache
def _shape(kind: Any) -> dict[str, tuple[type, ...]]:
    """The fields of a dataclass with the types each may have."""
    hints = get_type_hints(kind)
    return {one.name: get_args(hints[one.name]) or (hints[one.name],) for one in fields(kind)}


def _made(kind: Any, found: dict[str, Any]) -> Any:
    shape = _shape(kind)
    if found.keys() != shape.keys():
        message = f"a {kind.__name__} has other fields"
        raise ValueError(message)
    return kind(**{name: _value(shape[name], value) for name, value in found.items()})


def _value(allowed: tuple[type, ...], value: Any) -> Any:
    if type(value) in allowed and type(value) in (int, str, NoneType):  # exactly: a bool is no int
        return value
    for kind in allowed:
        if is_dataclass(kind) and isinstance(value, dict):
            return _made(kind, value)
        if issubclass(kind, StrEnum) and type(value) is str:
            return kind(value)
    message = "a value of the wrong type"
    raise ValueError(message)
