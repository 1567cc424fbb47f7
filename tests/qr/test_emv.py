"""The row of objects and its checksum: written, read, and refused. The published example is EMVCo's own."""

import time
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pos_app.qr import emv
from pos_app.qr.emv import DataObject, QrError, checksum, find, read_objects, read_text, write_objects, write_text
from pos_app.words import Text

WORKED_EXAMPLE = (
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN"
    "5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***"
    "0708A60086670902ME91320016A0112233449988770708123456786304A13A"
)
"""EMVCo merchant-presented specification 1.1, annex B.7: 244 characters, 256 bytes."""

VALUES = st.text(min_size=1, max_size=99)
ROWS = st.dictionaries(st.integers(1, 62).map("{:02}".format), VALUES, max_size=12).map(
    lambda items: tuple(DataObject(*item) for item in items.items())
)


@pytest.mark.parametrize(
    ("text", "crc"),
    [("", "FFFF"), ("123456789", "29B1"), ("A", "B915")],
)
def test_the_catalogued_check_values(text: str, crc: str) -> None:
    """CRC-16/CCITT-FALSE is catalogued with 29B1 for "123456789"."""
    assert checksum(text) == crc


@given(st.text(max_size=60))
def test_the_checksum_is_the_polynomial_division(text: str) -> None:
    register = 0xFFFF
    for byte in text.encode():
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1 ^ (0x1021 if register & 0x8000 else 0)) & 0xFFFF
    assert checksum(text) == f"{register:04X}"


def test_the_published_example() -> None:
    objects = read_text(WORKED_EXAMPLE)
    assert find(objects, "59") == "BEST TRANSPORT"
    assert find(read_objects(find(objects, "64") or ""), "01") == "最佳运输"
    assert write_text(objects[1:]) == WORKED_EXAMPLE
    assert find(objects, "60") == "BEIJING"
    assert find(objects, "61") is None


@settings(deadline=None)
@given(ROWS)
def test_what_is_written_is_read_back(row: tuple[DataObject, ...]) -> None:
    assert read_objects(write_objects(row)) == row
    assert read_text(f"\r\n {write_text(row)}\t\r\n") == (DataObject("00", "01"), *row)


@settings(deadline=None)
@given(ROWS, st.data())
def test_no_single_change_goes_unnoticed(row: tuple[DataObject, ...], data: st.DataObject) -> None:
    """A 16-bit checksum sees every change of up to 16 bits in a row, so of any one character below U+0100."""
    code = write_text(tuple(one for one in row if one.value.isascii()))
    place = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.characters(min_codepoint=33, max_codepoint=126).filter(lambda char: char != code[place]))
    if other.upper() == code[place] and place >= len(code) - 4:
        return  # a checksum in small letters is the same
    with pytest.raises(QrError):
        read_text(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", emv.NOT_EMV),
        ("000201", emv.NO_CHECKSUM),
        ("000202", emv.NOT_EMV),
        ("https://example.com", emv.NOT_EMV),
        ("00020163041D3F", emv.WRONG_CHECKSUM),
        ("0002010102116304", emv.BROKEN),
        ("000201010", emv.BROKEN),
        ("00020101001263040000", emv.BROKEN),
        ("000201٠١0211", emv.BROKEN),
        ("00020101٠211", emv.BROKEN),
        ("0002010002016304", emv.BROKEN),
        ("000201000201", emv.TWICE.fill(id="00")),
        ("000201" + "x" * 3000, emv.TOO_LONG),
        ("0002015901\ud80063040000", emv.BROKEN),
    ],
)
def test_what_is_refused_and_why(text: str, title: Text) -> None:
    with pytest.raises(QrError) as refused:
        read_text(text)
    assert refused.value.title == title
    assert refused.value.advice.vi
    if text:
        assert text not in str(refused.value)


@pytest.mark.parametrize("value", ["", "x" * 100])
def test_a_value_that_has_no_length_is_not_written(value: str) -> None:
    with pytest.raises(QrError) as refused:
        write_objects([DataObject("59", value)])
    assert "59" in refused.value.title.vi


@pytest.mark.parametrize("id_", ["", "5", "١٢", "0x", "012"])
def test_an_id_is_two_digits(id_: str) -> None:
    with pytest.raises(ValueError, match="two digits"):
        write_objects([DataObject(id_, "x")])


def test_a_code_that_no_qr_holds_is_not_written() -> None:
    with pytest.raises(QrError):
        write_text([DataObject(f"{number:02}", "x" * 99) for number in range(1, 60)])


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.text(max_size=400), st.text("0123456789", max_size=400), st.text(max_size=50).map("000201".__add__))
)
@example("\ud800")
@example("000201" + "0001x" * 460)
@example("0" * 2331)
@example("000201" + "9999" * 580)
@example("000201" + "".join(f"{number:02}01x" for number in range(1, 99)))
def test_no_text_brings_it_down(text: str) -> None:
    before = time.thread_time()
    with suppress(QrError):
        read_text(text)
    assert time.thread_time() - before < 0.05
