"""A gateway that broke down over a charge may still finish it: "not found" right after that is no second opinion."""

import pytest

from pos_app.payments.answer import Answer, AnswerClass, Call, classify
from pos_app.payments.payment import NOT_FOUND_APART_MS, Evidence, Source, State, fold
from tests.payments.attempts import ATTEMPT, FENCE, SENDING, T0, S, query


def create_said(code: int) -> Evidence:
    return Evidence(Source.CREATE, T0, T0 + 300, Answer(classify(Call.CREATE, 2, False, code), 2, code))


@pytest.mark.parametrize(
    ("code", "state"),
    [(-500, State.PROCESSING), (-301, State.PROCESSING), (-63, State.FAILED), (-999, State.FAILED)],
)
def test_not_found_agrees_only_with_a_charge_that_was_turned_away(code: int, state: State) -> None:
    evidence = [SENDING, create_said(code), query(AnswerClass.NOT_FOUND, 6 * S)]
    assert fold(ATTEMPT, evidence).state is state


def test_after_the_fence_a_system_error_is_closed_all_the_same() -> None:
    asked = (FENCE, FENCE + NOT_FOUND_APART_MS)
    evidence = [SENDING, create_said(-500), *(query(AnswerClass.NOT_FOUND, at) for at in asked)]
    assert fold(ATTEMPT, evidence).state is State.NOT_CREATED


def test_a_query_that_says_failed_still_agrees() -> None:
    evidence = [SENDING, create_said(-500), query(AnswerClass.NEGATIVE, 1 * S)]
    assert fold(ATTEMPT, evidence).state is State.FAILED
