"""A payment is judged by the rules it was begun under, whatever later ones say."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from random import Random

import pytest

from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment import (
    GATEWAY_WINDOW_MS,
    MINUTE_MS,
    RULES_VERSION,
    Attempt,
    Evidence,
    Source,
    State,
    fold,
    shown_fence_ms,
)
from tests.payments.attempts import AMOUNT, ATTEMPT, SENDING, T0, S, cancel, create, query

END = T0 + 5 * MINUTE_MS
SHOWN = replace(ATTEMPT, expires_at_ms=END, fence_at_ms=shown_fence_ms(END))
SILENT = Answer(AnswerClass.NOT_FOUND, -49)
CERTAIN = SHOWN.fence_at_ms + GATEWAY_WINDOW_MS - T0

JUDGED = {
    1: "7b4cbdbf0d2053ab",
    2: "fad5f7096761a4be",
}
"""What each version makes of some 20,000 stories."""


@pytest.mark.parametrize(
    ("attempt", "came", "first", "now"),
    [
        (
            ATTEMPT,
            [create(AnswerClass.PROCESSING), cancel(AnswerClass.PAID, 2 * S), query(AnswerClass.NOT_FOUND, 3 * S)],
            State.CANCELLED,
            State.PROCESSING,
        ),
        (
            SHOWN,
            [create(AnswerClass.PROCESSING), query(SILENT, CERTAIN), query(SILENT, CERTAIN + 30 * S)],
            State.PROCESSING,
            State.EXPIRED,
        ),
    ],
)
def test_what_was_begun_under_older_rules_keeps_its_result(
    attempt: Attempt, came: list[Evidence], first: State, now: State
) -> None:
    assert fold(replace(attempt, rules=1), [SENDING, *came]).state is first
    assert fold(attempt, [SENDING, *came]).state is now


def stories() -> Iterator[tuple[Attempt, list[Evidence]]]:
    """All kinds of things in all kinds of order; the same ones for ever."""
    chance = Random("what the rules make of it")
    fence, shown_fence = ATTEMPT.fence_at_ms - T0, SHOWN.fence_at_ms - T0
    moments = [0, S, 4 * S, 9 * S, MINUTE_MS, END - T0, END - T0 + 6 * S, fence, shown_fence]
    moments += [CERTAIN, CERTAIN, CERTAIN + MINUTE_MS, 40 * MINUTE_MS]
    codes: list[int | None] = [None]
    numbers, amounts = ["z1", "z1", "", "z2"], [AMOUNT, AMOUNT, AMOUNT, None, 1]
    sources = [Source.QUERY] * 9 + [Source.CANCEL] * 2 + list(Source)
    for first, second in product(moments, repeat=2):
        yield SHOWN, [SENDING, create(AnswerClass.PROCESSING), query(SILENT, first), query(SILENT, second)]
    for _ in range(20_000):
        came = [SENDING, create(chance.choice(list(AnswerClass)), sub=chance.choice(codes), zp=chance.choice(numbers))]
        meanings = [chance.choice(list(AnswerClass)) for _ in range(2)]  # gateways repeat themselves
        codes = [chance.choice([None, -49, -63, -402, -500, -101]) for _ in range(2)]
        for _ in range(chance.randrange(0, 6)):
            source, asked = chance.choice(sources), T0 + chance.choice(moments) + chance.randrange(0, 40) * S
            answer = Answer(
                AnswerClass.PAID if source is Source.CANCEL else chance.choice(meanings),
                sub_return_code=chance.choice(codes),
                zp_trans_id=chance.choice(numbers),
                amount=chance.choice(amounts),
            )
            came.append(Evidence(source, asked, asked + chance.choice([80, 9 * S]), answer))
        yield chance.choice([ATTEMPT, SHOWN]), came


@pytest.mark.parametrize("version", range(1, RULES_VERSION + 1))
def test_no_version_judges_otherwise_than_it_did(version: int) -> None:
    """Where this fails, count `RULES_VERSION` up, keep the older judgement, and add the new one's line here."""
    told = hashlib.sha256()
    for attempt, came in stories():
        verdict = fold(replace(attempt, rules=version), came)
        told.update(f"{verdict.state.value} {verdict.zp_trans_id} {verdict.conflict}\n".encode())
    assert told.hexdigest()[:16] == JUDGED[version]
