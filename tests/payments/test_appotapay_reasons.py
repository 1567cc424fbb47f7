"""Every code of AppotaPay has words: short, complete in both languages, in the till's tone, and never too much."""

import re

import pytest

from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.appotapay_reasons import TABLES, Api, explain, reason
from pos_app.payments.reasons import Reason, ReasonKind

CODES = (
    {0, 1, 2, 11, 13, 14, 15, 401, 21, 22, 39, 30, 31, 32, 33, 61, 79, 82, 34, 35, 36, 37, 38, 40, 41, 132, 51, 52}
    | {140, 141, 62, *range(63, 73), 76, 80, 73, 74, 75, 84, 77, 78, 91, 94, 99, 500, 90, 92}
    | {102, 103, 106, 110, 125, 129, 135}
)
POS_CODES = {12, 13, 22, 31, 37, 40, 42, 67, 93, 95, 139, 207, 250, 251, 252, 253, 3140}
FAULTS = ("timeout", "reset", "cut", "redirect", "bad_signature", "other_order", "http_502", "not_json", "")
ALL = [
    *(said for table in TABLES.values() for said in table.values()),
    *(explain(api, Answer(AnswerClass.UNUSABLE, fault=fault)) for fault in FAULTS for api in Api),
    *(explain(api, Answer(meaning, 777)) for meaning in AnswerClass for api in Api),
    *(reason(api, None) for api in Api),
]


def test_every_documented_code_has_its_words() -> None:
    assert TABLES[Api.PAYMENT].keys() >= CODES
    assert TABLES[Api.REFUND].keys() >= CODES
    assert TABLES[Api.POS].keys() >= CODES | POS_CODES


@pytest.mark.parametrize("said", ALL, ids=lambda said: said.title.en)
def test_words_are_short_and_in_tone(said: Reason) -> None:
    assert len(said.title.vi.split()) <= 7
    assert len(said.title.en.split()) <= 7
    assert not said.title.vi.endswith(".")
    for text in (*said.title, *said.advice):
        assert text == text.strip()
        assert text[0].isupper()
        assert "ZaloPay" not in text
        assert not re.search(
            r"(?i)vui lòng|!|thất bại|lỗi hệ thống|timeout|pending|\bapi\b|please|giao dịch treo", text
        )
    assert said.advice.vi.endswith(".")
    assert said.advice.en.endswith(".")
    assert said.title.vi != said.title.en


def test_not_known_always_forbids_a_second_charge_or_refund() -> None:
    for api, table in TABLES.items():
        for said in (*table.values(), reason(api, 777)):
            if said.kind is ReasonKind.UNKNOWN:
                vi, en = ("Chưa hoàn thêm", "Do not refund") if api is Api.REFUND else ("ĐỪNG thu lại", "Do NOT charge")
                assert said.advice.vi.startswith(vi)
                assert said.advice.en.startswith(en)


@pytest.mark.parametrize("api", Api)
@pytest.mark.parametrize("code", [*sorted(CODES | POS_CODES), 777, None])
def test_words_never_say_more_than_the_answer(api: Api, code: int | None) -> None:
    for meaning in AnswerClass:
        said = explain(api, Answer(meaning, code))
        assert (said.kind is ReasonKind.PAID) == (meaning is AnswerClass.PAID)
        assert (said.kind is ReasonKind.IN_PROGRESS) == (meaning is AnswerClass.PROCESSING)
        known = meaning in (AnswerClass.NEGATIVE, AnswerClass.REFUSED, AnswerClass.PAID, AnswerClass.PROCESSING)
        assert (said.kind is ReasonKind.UNKNOWN) == (not known)


def test_one_number_has_different_words_in_different_calls() -> None:
    assert reason(Api.PAYMENT, 36).title != reason(Api.REFUND, 36).title
    assert reason(Api.PAYMENT, 31).kind is ReasonKind.UNKNOWN
    assert reason(Api.POS, 31).kind is ReasonKind.OTHER_MEANS
    assert reason(Api.POS, 67).title != reason(Api.PAYMENT, 67).title
    assert reason(Api.POS, 75) == reason(Api.PAYMENT, 75)


@pytest.mark.parametrize(
    ("code", "title"),
    [(75, "Số dư không đủ"), (38, "Khách đã hủy"), (37, "Chưa rõ kết quả"), (401, "Khóa AppotaPay chưa đúng")],
)
def test_reasons_of_a_payment(code: int, title: str) -> None:
    assert reason(Api.PAYMENT, code).title.vi == title
