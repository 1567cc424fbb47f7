"""Which payment has the stage, and what the customer is waited for: the rules alone."""

from dataclasses import replace

import pytest

from pos_app.checkout.views import PaymentView, ScanSource, Stage
from pos_app.ui.at_the_counter import JUST_NOW_MS, is_charging, is_same, is_without_money, looks_paid
from tests.ui import samples

BEGUN = replace(samples.SENDING, payment_id="")
LONG_AGO = BEGUN.scanned_at_ms - JUST_NOW_MS


@pytest.mark.parametrize(
    ("view", "same"),
    [
        (samples.SENDING, True),
        (samples.PAID, True),
        (replace(samples.SENDING, scanned_at_ms=LONG_AGO), True),  # only what begins now is sending
        (replace(samples.PAID, scanned_at_ms=LONG_AGO), False),
        (replace(samples.PAID, scanned_at_ms=LONG_AGO + 1), True),
        (replace(samples.PAID, late=True), False),
        (replace(samples.SENDING, late=True), False),
        (replace(samples.SENDING, amount=185_001), False),
        (replace(samples.SENDING, source=ScanSource.SHOWN), False),
        (replace(samples.SENDING, source=ScanSource.SCANNER), True),
    ],
)
def test_before_it_has_a_number_it_is_the_one_that_just_began(view: PaymentView, same: bool) -> None:
    assert is_same(view, BEGUN) is same


def test_with_a_number_only_the_number_counts() -> None:
    assert is_same(replace(samples.PAID, amount=1, late=True), samples.SENDING)
    assert not is_same(replace(samples.SENDING, payment_id="261121_02_000149"), samples.SENDING)


def test_each_stage_is_waited_for_or_paid_or_without_money_or_none_of_them() -> None:
    kinds = {stage: [kind(replace(samples.PAID, stage=stage)) for kind in (is_charging, looks_paid, is_without_money)]
             for stage in Stage}  # fmt: skip
    assert all(sum(kind) <= 1 for kind in kinds.values())
    assert {stage for stage, kind in kinds.items() if not any(kind)} == {
        Stage.UNKNOWN, Stage.MISMATCH, Stage.DECIDED_PAID, Stage.DECIDED_UNPAID, Stage.CASH}  # fmt: skip


def test_what_was_let_go_on_is_not_waited_for_and_late_money_is_no_sale() -> None:
    assert not is_charging(replace(samples.PROCESSING, released=True))
    assert not looks_paid(samples.LATE_MONEY)
