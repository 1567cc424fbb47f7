"""The rules of the one-gesture payment, as tables, and for all orders of events."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.checkout.gesture import CODE_LIFE_MS, TYPING_MS, Charge, Outcome, SaleGesture, Waits
from pos_app.checkout.views import ScanSource
from pos_app.money import AMOUNT_MAX
from pos_app.payments.payment_code import PaymentCode

CAMERA, SCANNER = ScanSource.CAMERA, ScanSource.SCANNER


def code() -> PaymentCode:
    return PaymentCode("0000111122223333")


def scan(gesture: SaleGesture, source: ScanSource, now_ms: int, scanned: PaymentCode | None = None) -> Outcome:
    return gesture.scan(scanned or code(), source, scanned_at_ns=now_ms * 1_000_000, now_ms=now_ms)


def typed(digits: str, now_ms: int = 0) -> SaleGesture:
    gesture = SaleGesture()
    for digit in digits:
        gesture.type_digits(digit, now_ms=now_ms)
    return gesture


@pytest.mark.parametrize(
    ("source", "stands", "since_digit_ms", "outcome"),
    [
        (SCANNER, False, TYPING_MS, Charge),
        (SCANNER, False, TYPING_MS - 1, Waits.ENTER),
        (SCANNER, False, 0, Waits.ENTER),
        (SCANNER, True, 0, Charge),
        (CAMERA, False, 0, Waits.ENTER),
        (CAMERA, False, TYPING_MS, Waits.ENTER),
        (CAMERA, False, 3_600_000, Waits.ENTER),
        (CAMERA, True, 0, Charge),
        (ScanSource.DEMO, False, TYPING_MS, Charge),
    ],
)
def test_a_scan_with_an_amount(source: ScanSource, *, stands: bool, since_digit_ms: int, outcome: type | Waits) -> None:
    gesture = typed("185000", now_ms=1000)
    if stands:
        assert gesture.enter(now_ms=1000) is Waits.CODE
    got = scan(gesture, source, 1000 + since_digit_ms)
    if isinstance(outcome, Waits):
        assert got is outcome
        assert gesture.waits(now_ms=1000 + since_digit_ms) is Waits.ENTER
    else:
        assert isinstance(got, Charge)
        assert (got.amount, got.source) == (185_000, source)


@pytest.mark.parametrize("source", list(ScanSource))
def test_no_amount_keeps_the_code_until_enter(source: ScanSource) -> None:
    gesture = SaleGesture()
    assert scan(gesture, source, 0) is Waits.AMOUNT
    gesture.type_digits("7", now_ms=10)
    gesture.type_digits("000", now_ms=20)
    got = gesture.enter(now_ms=CODE_LIFE_MS - 1)
    assert isinstance(got, Charge)
    assert (got.amount, got.source, got.scanned_at_ns) == (7000, source, 0)


def test_a_quick_amount_stands_and_takes_a_kept_code() -> None:
    gesture = SaleGesture()
    assert gesture.tap_amount(50_000, now_ms=0) is Waits.CODE
    assert gesture.stands
    gesture.clear()
    scan(gesture, CAMERA, 10)
    assert isinstance(gesture.tap_amount(20_000, now_ms=20), Charge)


def test_a_code_is_kept_no_longer_than_it_lives() -> None:
    gesture, scanned = SaleGesture(), code()
    scan(gesture, SCANNER, 0, scanned)
    assert gesture.has_code(now_ms=CODE_LIFE_MS - 1)
    assert not gesture.has_code(now_ms=CODE_LIFE_MS)
    assert scanned.used
    gesture.type_digits("5", now_ms=CODE_LIFE_MS)
    assert gesture.enter(now_ms=CODE_LIFE_MS) is Waits.CODE


def test_a_newer_code_overwrites_the_older() -> None:
    gesture, first, second = SaleGesture(), code(), code()
    scan(gesture, CAMERA, 0, first)
    scan(gesture, CAMERA, 1, second)
    assert first.used
    assert not second.used


CHANGES: dict[str, Callable[[SaleGesture], object]] = {
    "digit": lambda gesture: gesture.type_digits("1", now_ms=0),
    "delete": lambda gesture: gesture.delete(now_ms=0),
    "clear": lambda gesture: gesture.clear(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_makes_it_not_standing(change: str) -> None:
    gesture = typed("42")
    gesture.enter(now_ms=0)
    CHANGES[change](gesture)
    assert not gesture.stands
    assert not isinstance(scan(gesture, CAMERA, 10_000), Charge)


def test_enter_without_amount_and_amounts_too_large() -> None:
    assert SaleGesture().enter(now_ms=0) is Waits.AMOUNT
    gesture = typed(str(AMOUNT_MAX))
    assert not gesture.type_digits("0", now_ms=0)
    assert gesture.amount == AMOUNT_MAX


def test_deleting_a_digit_counts_as_typing() -> None:
    gesture = typed("1850")
    gesture.delete(now_ms=5000)
    assert scan(gesture, SCANNER, 5000 + TYPING_MS - 1) is Waits.ENTER


@given(
    st.lists(
        st.tuples(st.sampled_from([*"0123456789", "000", "delete", "clear"]), st.integers(0, 120_000)), max_size=30
    )
)
def test_a_code_in_view_during_all_of_the_typing_submits_nothing_until_enter(
    acts: list[tuple[str, int]],
) -> None:
    gesture, now_ms = SaleGesture(), 0
    for act, pause_ms in acts:
        assert not isinstance(scan(gesture, CAMERA, now_ms), Charge)
        if act == "delete":
            gesture.delete(now_ms=now_ms)
        elif act == "clear":
            gesture.clear()
        else:
            gesture.type_digits(act, now_ms=now_ms)
        now_ms += pause_ms
        assert not isinstance(scan(gesture, CAMERA, now_ms), Charge)
        gesture.has_code(now_ms=now_ms)
    outcome = gesture.enter(now_ms=now_ms)
    if gesture.amount == 0:
        assert outcome is Waits.AMOUNT
        return
    charge = outcome if isinstance(outcome, Charge) else scan(gesture, CAMERA, now_ms)
    assert isinstance(charge, Charge)
    assert charge.amount == gesture.amount


EVENTS = st.one_of(
    st.tuples(st.just("type"), st.sampled_from([*"0123456789", "000"])),
    st.tuples(st.just("scan"), st.sampled_from(list(ScanSource))),
    st.tuples(st.sampled_from(["enter", "delete", "clear", "look"]), st.none()),
    st.tuples(st.just("quick"), st.sampled_from([20_000, 50_000])),
)


@settings(max_examples=200)
@given(st.lists(st.tuples(EVENTS, st.integers(0, 70_000)), max_size=40))
def test_a_charge_always_has_its_reason(events: list[tuple[tuple[str, object], int]]) -> None:
    """Enter, a quick amount, or a scan: nothing else charges; the amount is the one shown; each code goes once."""
    gesture, now_ms, taken = SaleGesture(), 0, 0
    for (kind, what), pause_ms in events:
        shown, stood = gesture.amount, gesture.stands
        outcome: Outcome | None = None
        match kind, what:
            case "type", str(digits):
                gesture.type_digits(digits, now_ms=now_ms)
            case "scan", ScanSource() as source:
                outcome = scan(gesture, source, now_ms)
                if isinstance(outcome, Charge) and source is CAMERA:
                    assert stood
            case "enter", _:
                outcome = gesture.enter(now_ms=now_ms)
            case "quick", int(amount):
                shown = amount
                outcome = gesture.tap_amount(amount, now_ms=now_ms)
            case "delete", _:
                gesture.delete(now_ms=now_ms)
            case "clear", _:
                gesture.clear()
            case _:
                gesture.has_code(now_ms=now_ms)
        if isinstance(outcome, Charge):
            assert outcome.amount == shown > 0
            assert now_ms - outcome.scanned_at_ns // 1_000_000 < CODE_LIFE_MS
            outcome.code.take()
            taken += 1
            gesture = SaleGesture()
        now_ms += pause_ms
