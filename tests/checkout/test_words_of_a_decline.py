"""What a declined payment advises: never at once "not paid" and "do not charge again"."""

import pytest

from pos_app.checkout.story import Progress, view_of
from pos_app.checkout.views import Stage
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment import Evidence, Source
from tests.payments.attempts import ATTEMPT, SENDING, T0, query


@pytest.mark.parametrize("code", [-500, -301, -63, -49])
def test_a_proven_decline_never_says_do_not_charge(code: int) -> None:
    create = Evidence(Source.CREATE, T0, T0 + 300, Answer(AnswerClass.NEGATIVE, 2, code))
    view = view_of(ATTEMPT, [SENDING, create, query(AnswerClass.NEGATIVE, 1_000)], Progress())
    assert view.stage is Stage.DECLINED
    assert "ĐỪNG thu" not in view.advice.vi
    assert "NOT charge" not in view.advice.en
