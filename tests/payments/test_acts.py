"""What a manager may do, act by act and state by state."""

from dataclasses import replace

import pytest

from pos_app.payments.acts import DECIDE_AFTER_MS, REASON_WORDS, REASONS, Act, Reason, forbidden, reasons, wants_proof
from pos_app.payments.payment import LIVE, State
from tests.payments.attempts import ATTEMPT, T0

LATER = T0 + DECIDE_AFTER_MS
ALLOWED = {
    Act.RELEASE: LIVE,
    Act.DECIDE_PAID: LIVE - {State.PREPARED},
    Act.DECIDE_UNPAID: LIVE - {State.PREPARED},
    Act.REFUND: {State.PAID},
    Act.KEEP: {State.PAID},
}


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("state", State)
def test_each_act_in_each_state(act: Act, state: State) -> None:
    why = forbidden(act, ATTEMPT, state, released=False, late=True, now_ms=LATER)
    assert (why is None) == (state in ALLOWED[act])
    if why is not None:
        assert why.vi
        assert why.en


@pytest.mark.parametrize("act", [Act.DECIDE_PAID, Act.DECIDE_UNPAID])
def test_a_person_decides_only_after_the_gateway_had_its_time(act: Act) -> None:
    def too_soon(state: State, now_ms: int) -> bool:
        return forbidden(act, ATTEMPT, state, released=False, late=False, now_ms=now_ms) is not None

    assert too_soon(State.UNKNOWN, LATER - 1)
    assert not too_soon(State.UNKNOWN, LATER)
    assert not too_soon(State.MISMATCH, T0), "wrong money is a manager's case at once"


def test_released_once_and_kept_only_when_late() -> None:
    assert forbidden(Act.RELEASE, ATTEMPT, State.UNKNOWN, released=True, late=False, now_ms=LATER)
    assert forbidden(Act.KEEP, ATTEMPT, State.PAID, released=True, late=False, now_ms=LATER)


def test_every_act_has_reasons_and_every_reason_words() -> None:
    assert REASONS.keys() == set(Act)
    assert REASON_WORDS.keys() == set(Reason)
    offered = {reason for act in Act for gateway in ("demo", "own_vietqr") for reason in reasons(act, gateway)}
    assert offered == set(Reason)


def test_where_there_is_no_gateway_a_person_decides_at_once_by_what_the_bank_shows() -> None:
    own = replace(ATTEMPT, gateway="own_vietqr")
    assert forbidden(Act.DECIDE_PAID, own, State.PROCESSING, released=False, late=False, now_ms=T0) is None
    assert reasons(Act.DECIDE_PAID, "own_vietqr") == (Reason.SEEN_IN_BANK,)
    assert Reason.SEEN_IN_BANK not in reasons(Act.DECIDE_PAID, "demo"), "no gateway's payment is closed by that"
    assert wants_proof(Act.DECIDE_PAID, "demo")
    assert not wants_proof(Act.DECIDE_PAID, "own_vietqr")
    assert not wants_proof(Act.RELEASE, "demo")
