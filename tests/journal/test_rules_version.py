"""An update that changes the rules changes no stored result, and an older program does not judge a newer journal."""

from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.journal.canonical import to_json
from pos_app.journal.entries import PaymentPrepared, PaymentSettled
from pos_app.journal.errors import LawlessEntryError, NewerVersionError
from pos_app.journal.store import Journal
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment import RULES_VERSION, Attempt, Source, State
from tests.journal.stories import NOW, an_attempt, answered, journal_in, opened, sending, tell


def cancelled(journal: Journal, rules: int) -> Attempt:
    """Found by no question, cancelled, then "no such order": enough of a proof in the first rules only."""
    attempt = replace(an_attempt(journal), rules=rules)
    made = answered(attempt, Source.CREATE, Answer(AnswerClass.PROCESSING, 3), 300)
    tell(journal, attempt, made, answered(attempt, Source.CANCEL, Answer(AnswerClass.PAID, 1), 1_000))
    gone = answered(attempt, Source.QUERY, Answer(AnswerClass.NOT_FOUND, 2, -101), 2_000)
    journal.write(gone, PaymentSettled(attempt.app_trans_id, State.CANCELLED, ""), at_ms=NOW + 3_000).result()
    return attempt


def test_a_journal_of_older_rules_is_sound_and_says_what_it_said(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        old = cancelled(journal, rules=1)
        with pytest.raises(LawlessEntryError):
            cancelled(journal, rules=RULES_VERSION)
    with journal_in(tmp_path) as journal:
        report = journal.verify().result()
        assert report.ok, report.problems
        record = journal.payment(old.app_trans_id).result()
        assert record is not None
        assert (record.state, record.attempt.rules) == (State.CANCELLED, 1)


def test_a_payment_of_the_first_rules_has_its_one_spelling(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        attempt = an_attempt(journal)
    assert "rules" not in to_json(PaymentPrepared(replace(attempt, rules=1)))
    assert f'"rules":{RULES_VERSION}' in to_json(PaymentPrepared(attempt))


def test_a_journal_of_newer_rules_is_left_alone(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        attempt = replace(an_attempt(journal), rules=RULES_VERSION + 1)
        journal.write(PaymentPrepared(attempt), sending(attempt), at_ms=NOW).result()
    with pytest.raises(NewerVersionError):
        opened(tmp_path)
