"""The hash chain, by itself."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.journal.chain import GENESIS, Link, broken_at, link_hash


def a_chain(payloads: list[str], *, after: int = 0, previous: bytes = GENESIS) -> list[Link]:
    links = []
    for n, payload in enumerate(payloads, start=after + 1):
        previous = link_hash(n, previous, 1_000 * n, payload)
        links.append(Link(n, 1_000 * n, payload, previous))
    return links


CHAIN = a_chain(["a", "b", "c", "d", "e"])


def test_the_hash_is_made_as_written_down() -> None:
    head = b"\x01" + bytes(7) + b"\x01" + bytes(32) + bytes(6) + b"\x03\xe8"
    assert CHAIN[0].hash == hashlib.sha256(head + b"a").digest()


def renumbered(links: list[Link]) -> list[Link]:
    return [replace(link, n=n) for n, link in enumerate(links, start=1)]


TAMPERINGS: dict[str, tuple[Callable[[list[Link]], list[Link]], int]] = {
    "edited payload": (lambda it: [*it[:2], replace(it[2], payload="x"), *it[3:]], 3),
    "edited time": (lambda it: [*it[:2], replace(it[2], at_ms=1), *it[3:]], 3),
    "edited hash": (lambda it: [*it[:2], replace(it[2], hash=bytes(32)), *it[3:]], 3),
    "edited and rehashed": (
        lambda it: [*it[:2], replace(it[2], payload="x", hash=link_hash(3, it[1].hash, 3_000, "x")), *it[3:]],
        4,
    ),
    "deleted": (lambda it: it[:2] + it[3:], 3),
    "deleted and renumbered": (lambda it: renumbered(it[:2] + it[3:]), 3),
    "first deleted": (lambda it: renumbered(it[1:]), 1),
    "moved": (lambda it: [*it[:1], it[2], it[1], *it[3:]], 2),
    "moved and renumbered": (lambda it: renumbered([*it[:1], it[2], it[1], *it[3:]]), 2),
    "inserted": (lambda it: renumbered([*it[:2], it[0], *it[2:]]), 3),
    "inserted and rehashed": (
        lambda it: renumbered([*it[:2], *a_chain(["x"], after=2, previous=it[1].hash), *it[2:]]),
        4,
    ),
    "doubled": (lambda it: [*it[:3], it[2], *it[3:]], 4),
}


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_tampering_inside_is_found_where_it_is(kind: str) -> None:
    tampered, place = TAMPERINGS[kind]
    assert broken_at(tampered(CHAIN)) == place


def test_an_untouched_chain_holds_also_from_an_anchor() -> None:
    assert broken_at(CHAIN) is None
    assert broken_at([]) is None
    assert broken_at(CHAIN[2:], after=2, previous=CHAIN[1].hash) is None
    assert broken_at(CHAIN[2:], after=2, previous=CHAIN[0].hash) == 3


def test_a_cut_tail_is_not_found_without_an_anchor() -> None:
    assert broken_at(CHAIN[:3]) is None, "by its nature: only a head noted elsewhere shows it"
    assert CHAIN[:3][-1].hash != CHAIN[-1].hash


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=8), st.data())
def test_any_edit_breaks_it(payloads: list[str], data: st.DataObject) -> None:
    links = a_chain(payloads)
    place = data.draw(st.integers(0, len(links) - 1))
    other = data.draw(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: text != payloads[place]))
    links[place] = replace(links[place], payload=other)
    assert broken_at(links) == place + 1
