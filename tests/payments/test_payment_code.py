"""What a scan is taken for, and that a payment code is given out once and shown never."""

import copy
import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.payments.payment_code import (
    CODE_LENGTH_MAX,
    SLIP_PREFIX,
    WRONG_CODES,
    CodeUsedError,
    NotACode,
    PaymentCode,
    WrongCode,
    of_one_picture,
    read_scan,
)

CODE = "282512345678901234"


@pytest.mark.parametrize(
    "text",
    [CODE, f" {CODE}\r\n", f"\x02{CODE}\x03", f"\t\x02 {CODE} \x03\r", f"\ufeff{CODE}", "a", "~" * CODE_LENGTH_MAX,
     "ZP:AB-12/34", "9" * 18, "1234567", "9006381333932"],
)  # fmt: skip
def test_what_may_be_a_payment_code_is_taken_as_one(text: str) -> None:
    scan = read_scan(text)
    assert isinstance(scan, PaymentCode)
    assert scan.take().decode() == text.strip(" \t\r\n\x02\x03\ufeff")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", NotACode.EMPTY),
        (" \r\n\x00", NotACode.EMPTY),
        ("4006381333931", NotACode.PRODUCT),
        ("96385074", NotACode.PRODUCT),
        ("036000291452", NotACode.PRODUCT),
        ("00012345600012", NotACode.PRODUCT),
        ("00020101021138570010A00000072701270006970436", NotACode.VIETQR),
        ("00020101021226520010vn.zalopay0203001", NotACode.ZALOPAY_ORDER),
        ("https://qcgateway.zalopay.vn/openinapp?order=abc", NotACode.ZALOPAY_ORDER),
        ("https://zalopay.com.vn/x", NotACode.ZALOPAY_ORDER),
        ("2|99|0900000000|", NotACode.OTHER_WALLET),
        ("MM0123456789012345", NotACode.OTHER_WALLET),
        ("wxp://f2f0abc", NotACode.OTHER_WALLET),
        ("https://example.com", NotACode.LINK),
        ("HTTP://EXAMPLE.COM", NotACode.LINK),
        ("www.example.com", NotACode.LINK),
        ("WIFI:S:quan;T:WPA;P:12345678;;", NotACode.LINK),
        ("tel:0900000000", NotACode.LINK),
        ("4111111111111111", NotACode.CARD),
        ("5500005555555559", NotACode.CARD),
        ("340000000000009", NotACode.CARD),
        (f"{SLIP_PREFIX}261122_02-000148-k7qx", NotACode.SLIP),
        ("mã của tôi", NotACode.UNREADABLE),
        ("two words", NotACode.UNREADABLE),
        ("a\x00b", NotACode.UNREADABLE),
        ("٣" * 13, NotACode.UNREADABLE),
        ("x" * (CODE_LENGTH_MAX + 1), NotACode.UNREADABLE),
    ],
)
def test_what_is_surely_something_else_is_named(text: str, what: NotACode) -> None:
    scan = read_scan(text)
    assert isinstance(scan, WrongCode)
    assert scan.what is what


def test_the_shop_can_say_what_its_codes_look_like() -> None:
    assert isinstance(read_scan(CODE, code_pattern=r"\d{18}"), PaymentCode)
    refused = read_scan(CODE + "1", code_pattern=r"\d{18}")
    assert isinstance(refused, WrongCode)
    assert refused.what is NotACode.UNREADABLE


def test_every_wrong_code_has_its_words() -> None:
    assert WRONG_CODES.keys() == set(NotACode)
    for wrong in WRONG_CODES.values():
        for text in (*wrong.title, *wrong.shown):
            assert text
            assert not re.search(r"(?i)vui lòng|!|thất bại", text)


@given(st.text(max_size=200) | st.from_regex(r"[\x21-\x7e]{1,60}", fullmatch=True))
def test_no_scan_breaks_it_and_nothing_repeats_the_scan(text: str) -> None:
    scan = read_scan(text)
    if isinstance(scan, PaymentCode):
        taken = scan.take()
        assert 1 <= len(taken) <= CODE_LENGTH_MAX
        assert taken.decode("ascii") in text
    else:
        assert scan is WRONG_CODES[scan.what]


def test_of_one_picture_one_payment_code_counts_whatever_lies_beside_it_and_two_are_refused_and_forgotten() -> None:
    code, other, link = (read_scan(text) for text in ("281234567890123456", "289876543210987654", "https://example.vn"))

    assert of_one_picture([]) is None
    assert of_one_picture([link]) is link
    assert of_one_picture([link, code]) is code
    assert of_one_picture([code, link, other]) is WRONG_CODES[NotACode.TWO_CODES]
    assert isinstance(code, PaymentCode)
    assert isinstance(other, PaymentCode)
    assert code.used
    assert other.used


def test_a_code_is_given_out_once() -> None:
    code = PaymentCode(CODE)
    before = code.used
    assert code.take() == CODE.encode()
    assert (before, code.used) == (False, True)
    with pytest.raises(CodeUsedError):
        code.take()


def test_a_forgotten_code_is_overwritten() -> None:
    code = PaymentCode(CODE)
    kept = code._bytes
    code.forget()
    code.forget()
    assert kept is not None
    assert bytes(kept) == bytes(len(CODE))
    with pytest.raises(CodeUsedError):
        code.take()


@pytest.mark.parametrize("leak", [repr, str, "{}".format, "{0!r}".format, lambda code: f"{code!s}"])
def test_a_code_is_never_shown(leak: object) -> None:
    assert callable(leak)
    assert CODE not in leak(PaymentCode(CODE))


@pytest.mark.parametrize("copier", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_code_is_never_copied_or_stored(copier: object) -> None:
    assert callable(copier)
    with pytest.raises(TypeError):
        copier(PaymentCode(CODE))


@pytest.mark.parametrize("text", ["", "mã", "a b", "x" * (CODE_LENGTH_MAX + 1)])
def test_what_cannot_be_a_code_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII") as caught:
        PaymentCode(text)
    assert caught.value.__context__ is None


def test_a_fingerprint_tells_codes_apart_without_using_them_up() -> None:
    code, same, other = PaymentCode(CODE), PaymentCode(CODE), PaymentCode(CODE + "1")
    assert code.fingerprint(b"key") == same.fingerprint(b"key")
    assert code.fingerprint(b"key") != other.fingerprint(b"key")
    assert code.fingerprint(b"key") != code.fingerprint(b"kez")
    assert CODE.encode() not in code.fingerprint(b"key")
    assert code.take() == CODE.encode()
    with pytest.raises(CodeUsedError):
        code.fingerprint(b"key")
