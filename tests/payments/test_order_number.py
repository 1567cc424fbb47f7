"""Order ids and slip numbers."""

import os
import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.payments.order_number import epoch_from, order_number, running_of, slip_number
from pos_app.vietnam_day import VIETNAM

MIDNIGHT_MS = int(datetime(2026, 11, 22, tzinfo=VIETNAM).timestamp()) * 1000
TILLS = st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True)


def test_as_printed_in_the_records() -> None:
    assert order_number(MIDNIGHT_MS, "02", 148, "k7qx") == "261122_02-000148-k7qx"
    assert slip_number("02", 148) == "02-000148"


def test_the_day_changes_at_midnight_in_vietnam() -> None:
    assert order_number(MIDNIGHT_MS - 1, "02", 1, "k7qx").startswith("261121_")
    assert order_number(MIDNIGHT_MS, "02", 1, "k7qx").startswith("261122_")
    assert order_number(MIDNIGHT_MS + 86_400_000 - 1, "02", 1, "k7qx").startswith("261122_")


def test_the_zone_of_the_machine_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    for zone in ("America/Los_Angeles", "Asia/Tokyo", "UTC"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert order_number(MIDNIGHT_MS, "02", 1, "k7qx").startswith("261122_")
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("till", ["1", "02", "Quay1", "ABCDEFGH", "12345678"])
def test_lawful_tills(till: str) -> None:
    assert running_of(slip_number(till, 7)) == 7
    assert order_number(MIDNIGHT_MS, till, 7, "k7qx") == f"261122_{till}-000007-k7qx"


@pytest.mark.parametrize("till", ["", "123456789", "a b", "a-b", "a_b", "Quầy", "１２", "02\n", " 02", "0/2"])
def test_unlawful_tills(till: str) -> None:
    with pytest.raises(ValueError, match="till id"):
        order_number(MIDNIGHT_MS, till, 1, "k7qx")


def test_too_long_is_refused_and_not_cut() -> None:
    with pytest.raises(ValueError, match="40"):
        order_number(MIDNIGHT_MS, "ABCDEFGH", 10**19, "k7qx")


@pytest.mark.parametrize(
    "slip", ["", "02", "02-", "02-12", "-000148", "02-000148-k7qx", "02-00014x", "02-０００１４８", "02-000148\n"]
)
def test_no_running_number_in_what_is_no_slip_number(slip: str) -> None:
    with pytest.raises(ValueError, match="slip number"):
        running_of(slip)


@given(TILLS, st.integers(1, 10**9), st.integers(0, 4_000_000_000_000), st.binary(min_size=4))
def test_fits_the_gateway_and_gives_its_number_back(till: str, running: int, at_ms: int, entropy: bytes) -> None:
    number = order_number(at_ms, till, running, epoch_from(entropy))
    assert len(number) <= 40
    assert number.isascii()
    assert number[:6].isdigit()
    assert number[6] == "_"
    assert set(number) <= set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-")
    assert running_of(slip_number(till, running)) == running


@given(TILLS, TILLS, st.integers(1, 2_000_000), st.integers(1, 2_000_000))
def test_no_two_attempts_share_an_id(till: str, other: str, running: int, another: int) -> None:
    same = (till, running) == (other, another)
    ours, theirs = order_number(0, till, running, "k7qx"), order_number(0, other, another, "k7qx")
    assert (ours == theirs) is same
    assert (slip_number(till, running) == slip_number(other, another)) is same


def test_ten_thousand_numbers_of_a_day_and_two_epochs_never_meet() -> None:
    numbers = {order_number(MIDNIGHT_MS, "02", n, epoch) for n in range(1, 10_001) for epoch in ("k7qx", "k7qz")}
    assert len(numbers) == 20_000


def test_epochs_are_short_readable_and_spread() -> None:
    epochs = {epoch_from(os.urandom(8)) for _ in range(500)}
    assert len(epochs) > 490
    assert all(len(epoch) == 4 and not set(epoch) & set("ilou") for epoch in epochs)


def test_an_epoch_needs_enough_randomness() -> None:
    with pytest.raises(ValueError, match="random"):
        epoch_from(b"abc")
