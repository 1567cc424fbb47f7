"""The one canonical JSON of each entry.

Canonical means: sorted keys, no spaces, no floats, UTF-8, and every entry names its kind and version; one fact has one
spelling, so it can be hashed. Loading is strict: a stored text that is not what we would have written is damage.
"""

import json
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache, lru_cache
from types import NoneType
from typing import Any, get_args, get_type_hints

from pos_app.journal.cash_entries import CashMoved
from pos_app.journal.entries import (
    Entry,
    GestureTimed,
    KeysChanged,
    ManagerActed,
    PaymentPrepared,
    RefundRequested,
    ShiftClosed,
    SlipPrinted,
)
from pos_app.journal.errors import JournalDamagedError
from pos_app.payments.payment import Attempt

VERSION = 1
_LATER: dict[type, dict[str, Any]] = {
    Attempt: {"expires_at_ms": None, "rules": 1},
    PaymentPrepared: {"cashier": "", "cashier_id": ""},
    RefundRequested: {"cashier": "", "cashier_id": ""},
    ManagerActed: {"by_id": ""},
    SlipPrinted: {"m_refund_id": ""},
    GestureTimed: dict.fromkeys(
        ("decoded_us", "c1_us", "connected_us", "c2_us", "sent_us", "answered_us", "known_us", "shown_us")
    ),
    ShiftClosed: {"difference_reason": ""},
    KeysChanged: {"own_account": ""},
    CashMoved: {"intent": ""},
}
"""Fields that came after an entry's first form, or are often empty, with the value they have where they are left out:
written down only where they differ, so that what was stored before keeps its one spelling."""
_KINDS: dict[str, type[Entry]] = {kind.kind: kind for kind in get_args(Entry)}


def to_json(entry: Entry) -> str:
    """The entry's canonical text.

    Raises:
        ValueError: a value of the wrong type, or a text that is not valid Unicode.
    """
    text = _canonical(entry)
    text.encode()
    _read(text)  # refuses what could not be read back
    return text


@lru_cache(maxsize=1024)  # a payment that is asked about for days is folded anew with every answer
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
        later = _LATER.get(type(value), {})
        plain = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        return {name: it for name, it in plain.items() if name not in later or it != later[name]}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


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
def _shape(kind: Any) -> dict[str, tuple[Any, ...]]:
    """The fields of a dataclass with the types each may have."""
    hints = get_type_hints(kind)
    return {one.name: get_args(hints[one.name]) or (hints[one.name],) for one in fields(kind)}


def _made(kind: Any, found: dict[str, Any]) -> Any:
    shape = _shape(kind)
    found = {**_LATER.get(kind, {}), **found}
    if found.keys() != shape.keys():
        message = f"a {kind.__name__} has other fields"
        raise ValueError(message)
    return kind(**{name: _value(shape[name], value) for name, value in found.items()})


def _value(allowed: tuple[Any, ...], value: Any) -> Any:
    if type(value) in allowed and type(value) in (int, str, bool, NoneType):  # exactly: a bool is no int
        return value
    if allowed[-1] is Ellipsis and isinstance(value, list):
        return tuple(_value(allowed[:1], one) for one in value)
    for kind in allowed:
        if is_dataclass(kind) and isinstance(value, dict):
            return _made(kind, value)
        if issubclass(kind, StrEnum) and type(value) is str:
            return kind(value)
    message = "a value of the wrong type"
    raise ValueError(message)
