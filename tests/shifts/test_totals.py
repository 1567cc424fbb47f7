"""The figures of a shift: the same for any order of the facts, every dong in one place, one spelling."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.payments.ledger import Account, Standing, balance
from pos_app.payments.payment import LIVE, NEGATIVE, State
from pos_app.shifts.shift import Shift, forbidden_to_close
from pos_app.shifts.spelling import read, spelled
from pos_app.shifts.totals import Open, PaymentFact, RefundFact, Tally, Totals, method_of

GATEWAYS = ("demo", "zalopay_v2", "demo_appotapay_v1", "own_vietqr")
SOURCES = ("camera", "scanner", "shown", "link", "regular", "restored")
AMOUNTS = st.integers(1, 500_000_000)


@st.composite
def facts(draw: st.DrawFn) -> list[Any]:
    """Payments of shift 5 and of earlier ones, refunds, what is open."""
    told: list[Any] = []
    for running in range(1, draw(st.integers(1, 12))):
        amount, begun = draw(AMOUNTS), draw(st.integers(3, 5))
        late = draw(st.booleans())
        before = None if begun == 5 else Standing(amount, draw(st.sampled_from(sorted(LIVE | NEGATIVE))), late)
        now = Standing(amount, draw(st.sampled_from(sorted(State))), late)
        gateway, source = draw(st.sampled_from(GATEWAYS)), draw(st.sampled_from(SOURCES))
        cause = "-63" if now.state is State.FAILED else ""
        told.append(PaymentFact(f"02-{running:06}", running, gateway, source, begun, before, now, cause))
    for running in range(20, 20 + draw(st.integers(0, 4))):
        asked = draw(st.integers(3, 5))
        done = draw(st.booleans())
        slip = f"02-{running:06}"
        told.append(RefundFact(slip, running, "02-000001", "demo", "camera", asked, draw(AMOUNTS), "Lan", done))
    told += [Open(f"id{one}", f"02-{one:06}", draw(AMOUNTS), 4) for one in range(draw(st.integers(0, 3)))]
    return told


def tallied(told: list[Any]) -> Totals:
    tally = Tally(5)
    for one in told:
        match one:
            case PaymentFact():
                tally.payment(one)
            case RefundFact():
                tally.refund(one)
            case _:
                tally.open(one)
    return tally.totals(7, 3)


@given(told=facts(), shuffled=st.randoms(use_true_random=False))
def test_the_order_of_the_facts_is_nothing(told: list[Any], shuffled: Any) -> None:
    once = tallied(told)
    shuffled.shuffle(told)
    assert tallied(told) == once


@given(told=facts())
def test_one_spelling_that_reads_back(told: list[Any]) -> None:
    totals = tallied(told)
    text = spelled(totals)
    assert read(text) == totals
    assert "." not in "".join(char for char in text if char in "0123456789.") or "0." not in text
    with pytest.raises(ValueError, match="not the totals"):
        read(text.replace(":", ": ", 1))


@given(told=facts())
def test_every_dong_stands_in_one_place(told: list[Any]) -> None:
    """Held against the ledger's own table, fact by fact."""
    totals = tallied(told)
    payments = [one for one in told if isinstance(one, PaymentFact)]
    refunded = sum(one.amount for one in told if isinstance(one, RefundFact) and one.done)

    def moved(account: Account) -> int:
        nothing = Standing(0)
        shares = ((balance(one.now), balance(one.before or nothing)) for one in payments)
        return sum(now.get(account, 0) - was.get(account, 0) for now, was in shares)

    assert totals.moves.wallet == moved(Account.WALLET) - refunded == totals.net
    assert totals.moves.manual == moved(Account.MANUAL) == totals.decided
    assert totals.moves.suspense == moved(Account.SUSPENSE)
    assert totals.moves.surplus == moved(Account.SURPLUS)
    assert totals.count == sum(one.now.state is State.PAID and _turned(one) for one in payments)
    assert (totals.grand_total, totals.grand_by_hand) == (7 + totals.net, 3 + totals.decided)
    assert totals.open_amount == sum(one.amount for one in told if isinstance(one, Open))


def _turned(one: PaymentFact) -> bool:
    return one.before is None or one.before.state is not State.PAID


@given(told=facts())
def test_what_is_of_an_earlier_shift_names_it(told: list[Any]) -> None:
    adjusted = {one.slip_number: one.shift for one in tallied(told).adjustments}
    payments = [one for one in told if isinstance(one, PaymentFact) and one.before is not None]
    changed = {one.slip_number: one.shift for one in payments if one.before and one.before.state is not one.now.state}
    refunds = {one.slip_number: one.shift for one in told if isinstance(one, RefundFact) and one.done and one.shift < 5}
    assert adjusted == changed | refunds


@pytest.mark.parametrize(
    ("gateway", "source", "method"),
    [
        ("zalopay_v2", "scanner", ("zalopay", "scanned")),
        ("zalopay_v1", "camera", ("zalopay", "scanned")),
        ("demo", "shown", ("zalopay", "shown")),
        ("zalopay_v2", "link", ("zalopay", "link")),
        ("appotapay_pos", "shown", ("appotapay", "shown")),
        ("demo_own_vietqr", "shown", ("own_vietqr", "")),
    ],
)
def test_methods_are_told_apart_by_who_and_how(gateway: str, source: str, method: tuple[str, str]) -> None:
    assert method_of(gateway, source) == method


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"shift":1}', json.dumps({"shift": 1.5})])
def test_other_texts_are_no_totals(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - JSON's own error is one too
        read(text)


def test_what_forbids_closing() -> None:
    now = Shift(3, None, 1, "An", None, "", tallied([]), {})
    one_open = replace(now, totals=tallied([Open("id", "02-000001", 5, 3)]))
    assert forbidden_to_close(now, number=3, sending=False, reason="") is None
    assert forbidden_to_close(now, number=2, sending=False, reason="") is not None
    assert forbidden_to_close(now, number=3, sending=True, reason="") is not None
    assert forbidden_to_close(one_open, number=3, sending=False, reason="  x ") is not None
    assert forbidden_to_close(one_open, number=3, sending=False, reason="khách đợi") is None
    assert forbidden_to_close(one_open, number=3, sending=False, reason=f" {'x' * 200} ") is None
    told = forbidden_to_close(one_open, number=3, sending=False, reason="x" * 201)
    assert told is not None
    assert "200" in told.vi
    assert forbidden_to_close(now, number=3, sending=False, reason="x" * 201) is None, "nothing is signed for"


def test_a_difference_to_the_ledger_is_named() -> None:
    fact = PaymentFact("02-000001", 1, "demo", "camera", 5, None, Standing(500, State.PAID), "")
    shift = Shift(5, None, 1, "An", None, "", tallied([fact]), {"wallet": 499})
    assert shift.disagreements == {Account.WALLET: (500, 499)}
    assert replace(shift, ledger={"wallet": 500}).disagreements == {}
