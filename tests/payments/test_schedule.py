"""When the next question is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.payments.payment import HOUR_MS, MINUTE_MS
from pos_app.payments.schedule import AROUND_FENCE_MS, ASK_UNTIL_MS, JITTER_PERMILLE, next_ask_in_ms

FENCE_AGE = 7 * MINUTE_MS


@pytest.mark.parametrize(
    ("age_ms", "wait_ms"),
    [
        (0, 1_000),
        (400, 600),
        (799, 201),
        (800, 2_000),
        (1_000, 2_000),
        (MINUTE_MS - 1, 2_000),
        (MINUTE_MS, 5_000),
        (3 * MINUTE_MS - 1, 5_000),
        (3 * MINUTE_MS, 30_000),
        (FENCE_AGE, 30_000),
        (FENCE_AGE + AROUND_FENCE_MS - 1, 30_000),
        (FENCE_AGE + AROUND_FENCE_MS, 10 * MINUTE_MS),
        (47 * HOUR_MS, 10 * MINUTE_MS),
        (ASK_UNTIL_MS - 1, 10 * MINUTE_MS),
        (ASK_UNTIL_MS, None),
        (ASK_UNTIL_MS * 2, None),
    ],
)
def test_the_plan(age_ms: int, wait_ms: int | None) -> None:
    assert next_ask_in_ms(age_ms, fence_age_ms=FENCE_AGE, jitter_permille=0) == wait_ms


def test_a_near_fence_does_not_thin_out_the_dense_part() -> None:
    assert next_ask_in_ms(2 * MINUTE_MS, fence_age_ms=0, jitter_permille=0) == 5_000


@pytest.mark.parametrize(("pushed_back", "wait_ms"), [(0, 2_000), (1, 4_000), (3, 16_000), (8, 512_000), (99, 512_000)])
def test_too_many_requests_doubles_the_wait(pushed_back: int, wait_ms: int) -> None:
    assert next_ask_in_ms(5_000, fence_age_ms=FENCE_AGE, jitter_permille=0, pushed_back=pushed_back) == wait_ms


@given(
    st.integers(0, ASK_UNTIL_MS - 1),
    st.integers(0, 20 * MINUTE_MS),
    st.integers(-JITTER_PERMILLE, JITTER_PERMILLE),
    st.integers(0, 100),
)
def test_always_a_next_question_never_at_once_never_too_late(age: int, fence: int, jitter: int, pushed: int) -> None:
    wait = next_ask_in_ms(age, fence_age_ms=fence, jitter_permille=jitter, pushed_back=pushed)
    plain = next_ask_in_ms(age, fence_age_ms=fence, jitter_permille=0, pushed_back=pushed)
    assert wait is not None
    assert plain is not None
    assert 0 <= wait <= 12 * MINUTE_MS
    assert abs(wait - plain) <= plain * JITTER_PERMILLE // 1000 + 1
    assert age + wait >= 800, "never in the first moments of a charge"


@given(st.integers(2 * MINUTE_MS, 17 * MINUTE_MS), st.integers(-JITTER_PERMILLE, JITTER_PERMILLE))
def test_two_questions_far_enough_apart_fall_soon_after_the_fence(fence: int, jitter: int) -> None:
    age, asked = 0, []
    while age < fence + AROUND_FENCE_MS:
        wait = next_ask_in_ms(age, fence_age_ms=fence, jitter_permille=jitter)
        assert wait is not None
        age += max(wait, 1)
        asked += [age] if age >= fence else []
    assert asked[-1] - asked[0] >= 30_000


@pytest.mark.parametrize("jitter", range(-200, 201, 10))
def test_no_jitter_makes_it_ask_in_a_rush(jitter: int) -> None:
    """Asked a little early, the first question must not be followed by ever shorter waits up to its planned time."""
    age_ms, asked = 0, 0
    while age_ms < MINUTE_MS:
        wait_ms = next_ask_in_ms(age_ms, fence_age_ms=FENCE_AGE, jitter_permille=jitter)
        assert wait_ms is not None
        assert wait_ms >= 800
        age_ms, asked = age_ms + wait_ms, asked + 1
    assert asked <= 40
