"""Nothing but paid looks paid: not in a list, not in the head, not in a panel."""

import pytest

from pos_app.checkout.views import Stage
from pos_app.ui.signs import SIGNS

PAID = SIGNS[Stage.PAID]


def test_every_stage_has_its_sign() -> None:
    assert set(SIGNS) == set(Stage)


@pytest.mark.parametrize("stage", [stage for stage in SIGNS if stage is not Stage.PAID])
def test_only_paid_looks_paid(stage: Stage) -> None:
    sign = SIGNS[stage]
    assert sign.icon != PAID.icon
    assert "green" not in sign.token + sign.pill
    for word in (sign.word, sign.tally):
        assert word not in (PAID.word, PAID.tally)


def test_not_known_and_not_paid_look_different() -> None:
    unknown, declined = SIGNS[Stage.UNKNOWN], SIGNS[Stage.DECLINED]
    assert unknown.icon != declined.icon
    assert unknown.pill != declined.pill
    assert unknown.tally != declined.tally
