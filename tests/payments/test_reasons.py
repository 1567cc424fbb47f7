"""Every code of every API has words: short, complete in both languages, and in the till's own tone."""

import re

import pytest

from pos_app.payments.answer import Answer, AnswerClass, Call, NotSentCause, classify
from pos_app.payments.reasons import (
    NOT_SENT,
    TABLES,
    Api,
    Reason,
    ReasonKind,
    explain,
    reason,
    reason_not_sent,
    reason_unusable,
    shown_code,
)

PAYMENT_CODES = (
    {0, 1, 2, 3, 4, 5, 9, 10, *range(12, 20), *range(26, 30), 46, 47, 48, 16, 17, 23, 24, 35, 36}
    | {-401, -402, -403, -405, 406, -429, -500, -503, -999}
    | {-2, -3, -32, -33, -4, -54, -5, -94, -291, -9, -10, -34, -35, -289, -36, -133, -165, -166, -43, -88, -135}
    | {-49, -52, -53, -57, -59, -61, -124, -62, -66, -63, -65, -117, -122, -125, -161, -68, -70, -89, -92, -101}
    | {-217, -244, -290, -292, -293, -296, -301, -322, -329, -332, -333}
    | set(range(-1333, -1329))
    | set(range(-1343, -1339))
)
REFUND_CODES = {-1, 2, 0, *range(-32, -1), -101} - {-7}
AGREEMENT_CODES = {-1007, -1009, -1011, -7041, -7202, -7217}
FAULTS = ("timeout", "reset", "cut", "redirect", "http_502", "not_json", "no_verdict", "", "anything")
ALL = [
    *(known for table in TABLES.values() for known in table.values()),
    *NOT_SENT.values(),
    *(reason_unusable(fault) for fault in FAULTS),
    reason(Api.PAYMENT, 2, -77777),
    reason(Api.REFUND, 2, -77777),
    reason(Api.PAYMENT, None, None),
]


@pytest.mark.parametrize(
    ("api", "codes"),
    [
        (Api.PAYMENT, PAYMENT_CODES),
        (Api.REFUND, REFUND_CODES),
        (Api.REFUND_STATUS, REFUND_CODES),
        (Api.AGREEMENT, AGREEMENT_CODES),
    ],
)
def test_every_documented_code_has_its_words(api: Api, codes: set[int]) -> None:
    assert codes <= TABLES[api].keys()


@pytest.mark.parametrize("said", ALL, ids=lambda said: said.title.en)
def test_words_are_short_and_in_tone(said: Reason) -> None:
    assert len(said.title.vi.split()) <= 7
    assert len(said.title.en.split()) <= 7
    assert not said.title.vi.endswith(".")
    for text in (*said.title, *said.advice):
        assert text == text.strip()
        assert text[0].isupper()
        assert not re.search(
            r"(?i)vui lòng|!|thất bại|lỗi hệ thống|timeout|pending|\bapi\b|please|giao dịch treo", text
        )
    assert said.advice.vi.endswith(".")
    assert said.advice.en.endswith(".")
    assert said.title.vi != said.title.en


def test_not_known_always_forbids_a_second_charge() -> None:
    for said in ALL:
        if said.kind is ReasonKind.UNKNOWN and "hoàn" not in said.advice.vi:
            assert said.advice.vi.startswith("ĐỪNG thu lại")
            assert said.advice.en.startswith("Do NOT charge again")


@pytest.mark.parametrize(
    ("return_code", "sub", "title"),
    [
        (2, -63, "Số dư không đủ"),
        (-63, None, "Số dư không đủ"),
        (2, -290, "Mã này đã dùng rồi"),
        (2, -77777, "ZaloPay không chấp nhận"),
        (2, None, "ZaloPay không chấp nhận"),
        (1, None, "Đã thanh toán"),
        (3, -63, "ZaloPay đang xử lý"),
        (3, 36, "Chờ khách xác nhận"),
        (77, None, "Chưa rõ kết quả"),
        (None, None, "Chưa rõ kết quả"),
    ],
)
def test_reasons_of_a_payment(return_code: int | None, sub: int | None, title: str) -> None:
    assert reason(Api.PAYMENT, return_code, sub).title.vi == title


def test_one_number_has_different_words_in_different_calls() -> None:
    assert reason(Api.PAYMENT, 2, -13).title != reason(Api.REFUND, 2, -13).title
    assert reason(Api.REFUND, 2, -13).kind is ReasonKind.CLOCK
    assert reason(Api.REFUND_STATUS, 2, -13).kind is ReasonKind.SHOP
    assert reason(Api.REFUND, 2, -101).title != reason(Api.PAYMENT, 2, -101).title


def test_only_a_paid_answer_is_explained_as_paid() -> None:
    for call in Call:
        for return_code in (*range(-5, 5), -101, None):
            for is_processing in (True, False, None):
                for sub in (1, -63, 0, None):
                    meaning = classify(call, return_code, is_processing, sub)
                    said = explain(Answer(meaning, return_code, sub))
                    assert (said.kind is ReasonKind.PAID) == (meaning is AnswerClass.PAID)


def test_every_cause_of_not_sent_has_words() -> None:
    assert NOT_SENT.keys() == set(NotSentCause)
    assert reason_not_sent(NotSentCause.CLOCK).kind is ReasonKind.CLOCK


@pytest.mark.parametrize(
    ("return_code", "sub", "shown"),
    [(2, -63, "−63"), (-63, None, "−63"), (2, 406, "406"), (2, None, ""), (1, 1, ""), (3, 5, ""), (None, None, "")],
)
def test_codes_are_shown_with_a_true_minus(return_code: int | None, sub: int | None, shown: str) -> None:
    assert shown_code(return_code, sub) == shown
