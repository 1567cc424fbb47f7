"""The table of answer classes, row by row, and what must hold for every triple of fields."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.payments.answer import AnswerClass, Call, classify, deciding_code

A = AnswerClass
BOTH = (Call.CREATE, Call.QUERY)


@pytest.mark.parametrize(
    ("return_code", "is_processing", "sub", "create", "query"),
    [
        (1, False, 1, A.PAID, A.PAID),
        (1, None, None, A.PAID, A.PAID),
        (1, True, 1, A.PROCESSING, A.PROCESSING),
        (1, False, -63, A.PROCESSING, A.PROCESSING),
        (3, False, None, A.PROCESSING, A.PROCESSING),
        (3, True, -49, A.PROCESSING, A.PROCESSING),
        (2, True, -63, A.PROCESSING, A.PROCESSING),
        (2, False, -63, A.NEGATIVE, A.NEGATIVE),
        (2, False, None, A.NEGATIVE, A.NEGATIVE),
        (2, None, -329, A.NEGATIVE, A.NEGATIVE),
        (2, False, -77777, A.NEGATIVE, A.NEGATIVE),
        (-63, False, None, A.NEGATIVE, A.NEGATIVE),
        (-63, None, -63, A.NEGATIVE, A.NEGATIVE),
        (2, False, 10, A.PROCESSING, A.PROCESSING),
        (2, False, 36, A.PROCESSING, A.PROCESSING),
        (2, False, 0, A.UNUSABLE, A.UNUSABLE),
        *((2, False, code, A.REFUSED, A.UNUSABLE) for code in (-401, -402, -403, -405, 406)),
        *((code, False, None, A.REFUSED, A.UNUSABLE) for code in (-401, -402, -403, -405, 406)),
        *((2, False, code, A.DUPLICATE, A.UNUSABLE) for code in (-68, -70, -89)),
        (-68, False, None, A.DUPLICATE, A.UNUSABLE),
        *((2, False, code, A.NEGATIVE, A.UNUSABLE) for code in (-429, -500, -503, -999, -301, -2, -53)),
        *((code, False, None, A.NEGATIVE, A.UNUSABLE) for code in (-429, -500, -503, -999, -301)),
        *((2, False, code, A.NEGATIVE, A.NOT_FOUND) for code in (-101, -49)),
        (-101, None, None, A.NEGATIVE, A.NOT_FOUND),
        (None, False, -63, A.UNUSABLE, A.UNUSABLE),
        (None, None, None, A.UNUSABLE, A.UNUSABLE),
        (0, False, None, A.UNUSABLE, A.UNUSABLE),
        (4, True, None, A.UNUSABLE, A.UNUSABLE),
        (2**40, False, 1, A.UNUSABLE, A.UNUSABLE),
    ],
)
def test_the_table(
    return_code: int | None, is_processing: bool | None, sub: int | None, create: AnswerClass, query: AnswerClass
) -> None:
    assert classify(Call.CREATE, return_code, is_processing, sub) is create
    assert classify(Call.QUERY, return_code, is_processing, sub) is query


CODES = st.none() | st.integers(-1400, 450) | st.sampled_from((-401, -402, -68, -101, -49, 1, 2, 3, 0))


@given(st.sampled_from(BOTH), CODES, st.none() | st.booleans(), CODES)
def test_what_must_always_hold(
    call: Call, return_code: int | None, is_processing: bool | None, sub: int | None
) -> None:
    meaning = classify(call, return_code, is_processing, sub)
    if meaning is A.PAID:
        assert return_code == 1
        assert not is_processing
        assert (sub or 0) >= 0
    if meaning in {A.NEGATIVE, A.REFUSED, A.DUPLICATE, A.NOT_FOUND}:
        assert return_code not in {None, 1, 3}
        assert not is_processing
    if meaning is A.NOT_FOUND:
        assert call is Call.QUERY
    if meaning in {A.REFUSED, A.DUPLICATE}:
        assert call is Call.CREATE


@given(st.integers(-1400, -1), st.sampled_from(BOTH))
def test_a_code_means_the_same_in_either_field(code: int, call: Call) -> None:
    assert classify(call, 2, False, code) is classify(call, code, False, None)
    assert deciding_code(2, code) == deciding_code(code, None) == code
