"""What a day's payments come to, told to other programs."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.checkout.records import payments_json
from pos_app.journal.store import Journal
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment import Source
from tests.journal.stories import AMOUNT, NOW, an_attempt, answered, failed, journal_in, paid, tell

DAY = datetime.date(2026, 11, 22)


def a_day(journal: Journal) -> None:
    """One payment each: paid, declined, and three that nobody knows."""
    for story in (paid, failed):
        attempt = an_attempt(journal)
        tell(journal, attempt, *story(attempt))
    tell(journal, an_attempt(journal))
    for source, answer in (
        (Source.CREATE, Answer(AnswerClass.UNUSABLE, fault="timeout")),
        (Source.QUERY, Answer(AnswerClass.PAID, 1, 1, "zp-other", AMOUNT - 1)),
    ):
        attempt = an_attempt(journal)
        tell(journal, attempt, answered(attempt, source, answer, 1_000))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with journal_in(tmp_path) as made:
        a_day(made)
        yield made


def test_a_days_total_holds_only_what_is_sure(journal: Journal) -> None:
    told = payments_json(journal.between(NOW - 1, NOW + 60_000).result(), DAY, NOW)
    assert [one["state"] for one in told["payments"]] == ["paid", "failed", "sending", "unknown", "mismatch"]
    assert (told["paid_count"], told["paid_total"], told["open_count"]) == (1, AMOUNT, 3)
