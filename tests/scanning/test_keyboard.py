"""The times of keys: what is a scanner, what is a person, and that typing is never lost, reordered or scanned."""

from dataclasses import dataclass, field
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.scanning.keyboard import GAP_MS_MAX, GAP_MS_SHORT, LONG, SILENCE_MS, Fate, KeyKind, WedgeDetector

CODE = "281234567890123456"


@dataclass
class Field:
    """A field behind a detector, as the screen would have it: what arrives in it, and what was scanned."""

    detector: WedgeDetector = field(default_factory=WedgeDetector)
    held: list[str] = field(default_factory=list)
    text: str = ""
    scans: list[str] = field(default_factory=list)
    now_ms: int = 1_000

    def key(self, key: str, gap_ms: int, *, repeats: bool = False) -> None:
        if self.detector.holding and gap_ms > SILENCE_MS:
            self.rest()
        self.now_ms += gap_ms
        kind = {
            "\n": KeyKind.END,
            "<": KeyKind.OTHER,
            "^": KeyKind.BESIDE,
            "\x02": KeyKind.PREFIX,
            "\b": KeyKind.BACKSPACE,
        }.get(key, KeyKind.CHARACTER)
        verdict = self.detector.press(kind, key if kind is KeyKind.CHARACTER else "", self.now_ms, repeats=repeats)
        self._carry_out(verdict.release, verdict.scan)
        if verdict.fate is Fate.HOLD:
            self.held.append(key)
        elif verdict.fate is Fate.PASS and kind is not KeyKind.BESIDE:
            self.text += key

    def rest(self) -> None:
        verdict = self.detector.silence()
        self._carry_out(verdict.release, verdict.scan)

    def _carry_out(self, release: int, scan: str | None) -> None:
        self.text += "".join(self.held[:release])
        self.held = self.held[release:]
        if scan is not None:
            self.scans.append(scan)
            self.held = []

    def keys(self, keys: str, gap_ms: int) -> "Field":
        for key in keys:
            self.key(key, gap_ms)
        return self

    def end(self) -> tuple[str, list[str]]:
        self.rest()
        return self.text, self.scans


@pytest.mark.parametrize("gap_ms", [0, 1, 3, 5, 12, 20, 38, 45, 50])
def test_a_scan_never_reaches_the_field(gap_ms: int) -> None:
    assert Field().keys(CODE + "\n", gap_ms).end() == ("", [CODE])


@pytest.mark.parametrize("gap_ms", [51, 62, 80, 81, 150, 1_000])
def test_typing_at_a_persons_pace_arrives_whole(gap_ms: int) -> None:
    assert Field().keys(CODE + "\n", gap_ms).end() == (CODE + "\n", [])


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("12\n", ("12\n", [])),
        ("12345\n", ("12345\n", [])),
        ("123456\n", ("", ["123456"])),
        ("123456789", ("123456789", [])),
        ("1234567890", ("", ["1234567890"])),
        ("000000000000\n", ("000000000000\n", [])),
        ("12<3456789\n", ("12<", ["3456789"])),
        ("\x02" + CODE + "\n", ("", [CODE])),
        ("\x02", ("\x02", [])),
        ("^A^Bcdef1\n", ("", ["ABcdef1"])),
        ("]Q1" + CODE + "\n", ("", ["]Q1" + CODE])),
        (CODE + "\n\n", ("", [CODE])),
    ],
)
def test_quick_keys(keys: str, expected: tuple[str, list[str]]) -> None:
    assert Field().keys(keys, 5).end() == expected


PERSONS = {
    # name: (keys, gaps in ms before each but the first, of the fastest that were measured or can be thought of)
    "a PIN, as fast as anybody": ("831642\n", [62, 58, 66, 60, 71, 80]),
    "a PIN rolled over the number row": ("123456\n", [31, 28, 35, 44, 29, 60]),
    "a PIN of twelve digits": ("831642907351\n", [55, 60, 52, 70, 58, 61, 66, 54, 72, 59, 63, 90]),
    "an amount on the numeric pad": ("150000\n", [90, 75, 70, 68, 66, 85]),
    "000 and Enter rolled": ("50000\n", [60, 33, 70, 31, 40]),
    "two hands at once": ("4185296\n", [20, 70, 22, 75, 25, 68, 90]),
    "a phone number": ("0912345678\n", [70, 40, 45, 40, 42, 39, 44, 40, 41, 70]),
    "a word": ("nguyen\n", [55, 61, 48, 66, 58, 95]),
}
SCANNERS_MS = (1, 2, 4, 8, 12, 16, 20, 30, 38, 45)


@pytest.mark.parametrize("name", PERSONS)
def test_a_person_however_fast_is_no_scanner(name: str) -> None:
    keys, gaps = PERSONS[name]
    screen = Field()
    screen.key(keys[0], 500)
    for key, gap_ms in zip(keys[1:], gaps, strict=True):
        screen.key(key, gap_ms)
    assert screen.end() == (keys, [])
    limit = GAP_MS_MAX if len(keys) - 1 >= LONG else GAP_MS_SHORT
    held_to = median(gaps[:-1]) if len(keys) - 1 >= LONG else max(gaps)
    print(f"{name}: {held_to:.0f} ms, a scan up to {limit} ms: {held_to - limit:.0f} ms to spare")


@pytest.mark.parametrize("gap_ms", SCANNERS_MS)
@pytest.mark.parametrize("end", ["\n", ""])
def test_a_scanner_of_any_pace_is_one(gap_ms: int, end: str) -> None:
    assert Field().keys(CODE + end, gap_ms).end() == ("", [CODE])
    print(f"a scanner at {gap_ms} ms: {GAP_MS_MAX - gap_ms} ms to spare")


def test_a_busy_machine_stretches_single_gaps_only() -> None:
    gaps = [4, 5, 3, 70, 4, 5, 60, 3, 4, 4, 66, 5, 3, 4, 5, 4, 3, 4]
    screen = Field()
    for digit, gap_ms in zip(CODE, gaps, strict=True):
        screen.key(digit, gap_ms)
    screen.key("\n", 38)

    assert screen.end() == ("", [CODE])


def test_what_was_typed_before_a_scan_stays_and_is_no_part_of_it() -> None:
    screen = Field().keys("150", 120)
    screen.key(CODE[0], 60)
    screen.keys(CODE[1:] + "\n", 4)

    assert screen.end() == ("150", [CODE])


def test_a_late_enter_of_the_scanner_confirms_nothing() -> None:
    screen = Field().keys(CODE, 5)
    screen.key("\n", 200)

    assert screen.end() == ("", [CODE])


def test_an_enter_pressed_by_a_person_after_a_scan_counts() -> None:
    screen = Field().keys(CODE + "\n", 5)
    screen.key("\n", 400)

    assert screen.end() == ("\n", [CODE])


def test_a_key_held_down_is_a_persons() -> None:
    screen = Field()
    screen.key("1", 500)
    screen.key("5", 500)
    for _ in range(30):
        screen.key("5", 33, repeats=True)

    assert screen.end() == ("15" + "5" * 30, [])


def test_two_equal_digits_within_a_millisecond_are_no_repeat() -> None:
    screen = Field()
    for place, digit in enumerate(CODE.replace("2", "1") + "\n"):
        screen.key(digit, 1, repeats=place == 2)

    assert screen.end() == ("", [CODE.replace("2", "1")])


def test_times_that_jump_back_end_a_burst() -> None:
    """X times are 32 bits and begin anew after 49.7 days."""
    screen = Field().keys("12", 5)
    screen.now_ms = 0
    screen.rest()
    screen.keys(CODE + "\n", 5)

    assert screen.end() == ("12", [CODE])


def test_an_endless_burst_stays_bounded() -> None:
    screen = Field().keys("12" * 2_000, 1)

    assert len(screen.held) <= 512
    assert screen.end()[0][:1_000] == ("12" * 500)


def test_a_verdict_does_not_show_the_code() -> None:
    detector = WedgeDetector()
    for place, digit in enumerate(CODE):
        detector.press(KeyKind.CHARACTER, digit, place)

    assert CODE not in repr(detector.press(KeyKind.END, "", len(CODE)))


typed_keys = st.lists(st.tuples(st.sampled_from("0123456789abc\n<^"), st.integers(51, 2_000)), min_size=1, max_size=60)


@given(typed_keys)
def test_typing_is_never_a_scan_never_lost_never_reordered(typed: list[tuple[str, int]]) -> None:
    screen = Field()
    for key, gap_ms in typed:
        screen.key(key, gap_ms)

    assert screen.end() == ("".join(key for key, _ in typed if key != "^"), [])


rolled_keys = st.lists(
    st.tuples(st.text("0123456789", min_size=1, max_size=3), st.integers(5, 38), st.integers(81, 900)), max_size=25
)


@given(rolled_keys)
def test_rolling_two_or_three_keys_loses_nothing(typed: list[tuple[str, int, int]]) -> None:
    screen = Field()
    for keys, quick_ms, pause_ms in typed:
        screen.key(keys[0], pause_ms)
        screen.keys(keys[1:], quick_ms)
    screen.key("\n", 120)

    assert screen.end() == ("".join(keys for keys, _, _ in typed) + "\n", [])


@given(
    st.text("0123456789ABCDEF", min_size=6, max_size=53).filter(lambda text: len(set(text)) > 1),
    st.lists(st.integers(0, 38), min_size=53, max_size=53),
    st.text("0123456789", max_size=6),
)
def test_a_scan_after_typing_is_whole_and_the_typing_stays(code: str, gaps: list[int], typed: str) -> None:
    screen = Field().keys(typed, 130)
    screen.key(code[0], 130)
    for character, gap_ms in zip(code[1:], gaps, strict=False):
        screen.key(character, gap_ms)
    screen.key("\n", 20)

    assert screen.end() == (typed, [code])
