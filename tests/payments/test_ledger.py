"""The ledger: even postings, suspense that resolves once, totals that do not depend on the way."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.payments.ledger import Account, Standing, balance, posting
from pos_app.payments.payment import DECIDED, LIVE, NEGATIVE, TRANSITIONS, State

AMOUNT = 125_000
STANDINGS = st.builds(
    Standing,
    amount=st.just(AMOUNT),
    state=st.sampled_from(State),
    late=st.booleans(),
    kept=st.booleans(),
    refunded=st.integers(0, AMOUNT),
)


@settings(max_examples=300)
@given(STANDINGS, STANDINGS)
def test_every_posting_is_even(before: Standing, now: Standing) -> None:
    moved = posting(before, now)
    assert sum(moved.values()) == 0
    assert all(amount != 0 for amount in moved.values())


@settings(max_examples=300)
@given(st.lists(STANDINGS, min_size=2, max_size=8))
def test_the_way_does_not_matter(way: list[Standing]) -> None:
    total: Counter[Account] = Counter()
    for before, now in pairwise([Standing(AMOUNT), *way]):
        total.update(posting(before, now))
    assert {account: amount for account, amount in total.items() if amount} == balance_without_zeros(way[-1])


def balance_without_zeros(standing: Standing) -> dict[Account, int]:
    return {account: amount for account, amount in balance(standing).items() if amount}


@pytest.mark.parametrize("state", State)
def test_what_nobody_knows_stands_in_suspense_and_nowhere_else(state: State) -> None:
    waits = state in LIVE - {State.PREPARED}
    assert balance(Standing(AMOUNT, state)).get(Account.SUSPENSE, 0) == (AMOUNT if waits else 0)


@pytest.mark.parametrize("state", sorted(NEGATIVE | {State.PREPARED, State.MANUAL_UNPAID}))
def test_not_paid_leaves_nothing_in_any_account(state: State) -> None:
    assert balance(Standing(AMOUNT, state)) == {}


def test_paid_is_what_zalopay_owes_us_and_a_managers_word_is_not() -> None:
    assert balance(Standing(AMOUNT, State.PAID)) == {Account.WALLET: AMOUNT, Account.SALES_DUE: -AMOUNT}
    assert balance(Standing(AMOUNT, State.MANUAL_PAID)) == {Account.MANUAL: AMOUNT, Account.SALES_DUE: -AMOUNT}
    only_paid = [state for state in State if balance(Standing(AMOUNT, state)).get(Account.WALLET)]
    assert only_paid == [State.PAID]


def test_late_money_is_owed_back_until_it_is_kept_or_refunded() -> None:
    late = Standing(AMOUNT, State.PAID, late=True)
    assert balance(late)[Account.SURPLUS] == -AMOUNT
    assert balance(Standing(AMOUNT, State.PAID, late=True, kept=True)).get(Account.SURPLUS, 0) == 0
    back = posting(late, Standing(AMOUNT, State.PAID, late=True, refunded=AMOUNT))
    assert back == {Account.SURPLUS: AMOUNT, Account.WALLET: -AMOUNT}


def test_a_done_refund_takes_from_the_wallet_what_the_sale_got() -> None:
    moved = posting(Standing(AMOUNT, State.PAID), Standing(AMOUNT, State.PAID, refunded=25_000))
    assert moved == {Account.SALES_DUE: 25_000, Account.WALLET: -25_000}


@pytest.mark.parametrize("state", sorted(DECIDED))
def test_the_gateways_later_word_takes_a_decision_over(state: State) -> None:
    assert State.PAID in TRANSITIONS[state]
    moved = posting(Standing(AMOUNT, state), Standing(AMOUNT, State.PAID, late=state is State.MANUAL_UNPAID))
    assert moved[Account.WALLET] == AMOUNT
    assert moved.get(Account.MANUAL, 0) == (-AMOUNT if state is State.MANUAL_PAID else 0)
