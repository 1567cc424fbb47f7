"""The canonical form of entries: one spelling, strict reading."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.journal.canonical import from_json, to_json
from pos_app.journal.entries import (
    Entry,
    EvidenceAdded,
    GestureTimed,
    JournalOpened,
    PaymentPrepared,
    PaymentSettled,
    SlipPrinted,
)
from pos_app.journal.errors import JournalDamagedError
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment import Attempt, Evidence, Source

EVIDENCE = EvidenceAdded(
    "261122_02-000148-k7qx",
    Evidence(Source.QUERY, 1_000, 1_050, Answer(AnswerClass.PAID, 1, 1, "240101", 125_000, "", 2553)),
)
PLAIN = json.loads(to_json(EVIDENCE))

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
ENTRIES: st.SearchStrategy[Entry] = st.one_of(
    st.builds(JournalOpened, TEXTS, TEXTS, TEXTS),
    st.builds(
        PaymentPrepared, st.builds(Attempt, *[TEXTS, TEXTS, st.integers(), TEXTS] + [st.integers()] * 5 + [TEXTS] * 3)
    ),
    st.from_type(EvidenceAdded),
    st.from_type(PaymentSettled),
    st.from_type(SlipPrinted),
    st.from_type(GestureTimed),
)


@given(ENTRIES)
def test_reads_back_the_same(entry: Entry) -> None:
    try:
        text = to_json(entry)
    except ValueError:
        assert "\\ud" in ascii(entry), "only a text that is no Unicode is refused"
        return
    assert from_json(text) == entry
    assert to_json(from_json(text)) == text


def test_the_form_is_fixed() -> None:
    assert to_json(SlipPrinted("261122_02-1", 1, "máy in")) == (
        '{"app_trans_id":"261122_02-1","copy":1,"kind":"slip_printed","version":1,"where":"máy in"}'
    )
    assert to_json(SlipPrinted("261122_02-1", 0, "file", "r-1")) == (
        '{"app_trans_id":"261122_02-1","copy":0,"kind":"slip_printed","m_refund_id":"r-1","version":1,"where":"file"}'
    )


def test_a_step_that_was_not_taken_is_not_written() -> None:
    assert to_json(GestureTimed("261122_02-1", c1_us=5_000, sent_us=9_000)) == (
        '{"app_trans_id":"261122_02-1","c1_us":5000,"kind":"gesture_timed","sent_us":9000,"version":1}'
    )


def changed(path: str, value: Any) -> str:
    plain = json.loads(json.dumps(PLAIN))
    *way, last = path.split(".")
    inner = plain
    for step in way:
        inner = inner[step]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return spelled(plain)


def spelled(plain: Any) -> str:
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize(
    "text",
    [
        changed("kind", "something_else"),
        changed("kind", ...),
        changed("kind", 1),
        changed("version", 2),
        changed("version", "1"),
        changed("version", True),
        changed("version", ...),
        changed("more", 1),
        changed("app_trans_id", 1),
        changed("app_trans_id", None),
        changed("evidence", None),
        changed("evidence", "x"),
        changed("evidence.source", "rumour"),
        changed("evidence.asked_at_ms", 1.0),
        changed("evidence.asked_at_ms", True),
        changed("evidence.asked_at_ms", "1000"),
        changed("evidence.asked_at_ms", ...),
        changed("evidence.answer.meaning", "maybe"),
        changed("evidence.answer.amount", 125_000.0),
        changed("evidence.answer.surprise", ""),
        "",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        json.dumps(PLAIN),
        spelled(PLAIN) + " ",
        spelled(PLAIN).replace('"version":1', '"version":1,"version":1'),
        spelled(PLAIN).replace('"kind"', '"k\\u0069nd"'),
    ],
)
def test_whatever_we_would_not_have_written_is_damage(text: str) -> None:
    with pytest.raises(JournalDamagedError):
        from_json(text)


def test_the_untouched_text_is_read() -> None:
    assert from_json(spelled(PLAIN)) == EVIDENCE


@pytest.mark.parametrize("wrong", [1.5, True, None])
def test_a_wrong_type_is_not_written(wrong: Any) -> None:
    with pytest.raises(ValueError, match="type"):
        to_json(SlipPrinted("261122_02-1", wrong, "58 mm"))
