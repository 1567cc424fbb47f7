"""The one spelling of a shift's totals: what a closed shift stores for good, and what programs read.

Cash is spelled only where there was some: a shop that takes none has the spelling of before there was cash.
"""

import json
from dataclasses import asdict, fields, is_dataclass, replace
from typing import Any, get_args, get_type_hints

from pos_app.shifts.cash import NO_CASH
from pos_app.shifts.totals import Method, Totals


def spelled(totals: Totals) -> str:
    """The canonical text: sorted keys, no spaces, no floats."""
    plain = asdict(totals)
    if totals.cash == NO_CASH:
        del plain["cash"]
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def figures_of(totals: Totals) -> str:
    """Eight hex digits that tell these figures from others; that something was printed again changes none of them."""
    from hashlib import sha256  # noqa: PLC0415 - the window comes up without it

    return sha256(spelled(replace(totals, reprints=0)).encode()).hexdigest()[:8]


def read(text: str) -> Totals:
    """The totals of a text.

    Raises:
        ValueError: it is not what `spelled` would have written.
    """
    try:
        found = json.loads(text)
        totals = _made(Totals, {"cash": asdict(NO_CASH)} | found)
        if isinstance(totals, Totals) and spelled(totals) == text:
            return totals
    except (KeyError, TypeError, AttributeError, RecursionError):
        pass
    message = "not the totals of a shift"
    raise ValueError(message)


def _made(kind: Any, found: Any) -> Any:
    if kind is Method:
        return Method(*found)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{one.name: _made(hints[one.name], found.pop(one.name)) for one in fields(kind)})
    if of := get_args(kind):
        return tuple(_made(of[0], one) for one in found)
    if type(found) is not kind:
        message = "a value of the wrong type"
        raise ValueError(message)
    return found
