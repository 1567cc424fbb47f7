"""The hash chain over the journal's entries, and its verification: needs nothing but the rows.

It shows that an entry inside was changed, removed, added or moved, and where. It cannot show that an entry was true
when it was written, nor that the *tail* was cut: for that, note `head` somewhere else and compare.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

VERSION = 1
GENESIS = bytes(32)
"""What stands before the first entry."""


@dataclass(frozen=True, slots=True)
class Link:
    """One stored entry as the chain sees it: its place from 1, its time, its canonical text, its hash."""

    n: int
    at_ms: int
    payload: str
    hash: bytes


@dataclass(frozen=True, slots=True)
class Anchor:
    """An entry noted once: its place and its hash. Whoever has it can tell whether it is still there."""

    n: int = 0
    hash: bytes = GENESIS


START = Anchor()
"""Before the first entry."""


def link_hash(n: int, previous: bytes, at_ms: int, payload: str) -> bytes:
    """SHA-256(version ‖ n ‖ previous ‖ at_ms ‖ payload): numbers big-endian of fixed width, so nothing can shift."""
    head = VERSION.to_bytes(1) + n.to_bytes(8) + previous + at_ms.to_bytes(8, signed=True)
    return hashlib.sha256(head + payload.encode()).digest()


def broken_at(links: Iterable[Link], *, after: int = 0, previous: bytes = GENESIS) -> int | None:
    """The place of the first entry that does not follow from the one before it; None when the chain holds.

    Args:
        links: the entries in order.
        after: how many entries came before, when the check starts from an anchor.
        previous: the anchor's hash.
    """
    for place, link in enumerate(links, start=after + 1):
        if link.n != place or link.hash != link_hash(place, previous, link.at_ms, link.payload):
            return place
        previous = link.hash
    return None
