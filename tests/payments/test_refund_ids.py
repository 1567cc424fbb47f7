"""Refund ids are never given twice: not by two payments, not by a restored or cloned journal."""

from pos_app.payments.refund import refund_number
from tests.payments.attempts import APP_ID, T0


def test_a_thousand_numbers_of_two_tills_and_two_epochs_never_meet() -> None:
    given = [
        refund_number(T0, APP_ID, till, running, epoch)
        for till in ("2", "02")
        for epoch in ("k7qx", "0k7q")
        for running in range(1, 1_001)
    ]
    assert len(set(given)) == len(given)
