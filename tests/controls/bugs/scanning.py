"""Bugs of scanning: what is taken for a code."""

from tests.controls.bug import Bug

KEYBOARD = "pos_app/scanning/keyboard.py"
DECODERS = "pos_app/scanning/decoders.py"
KEYS = "tests/scanning/test_keyboard.py"
PICTURES = "tests/scanning/test_decoders.py"

BUGS = (
    Bug(
        "code_128_believed_at_once",
        "A barcode misread by one digit is charged: nobody reads it a second time.",
        "F02",
        DECODERS,
        '    if found is None or found.format == "QRCode" or confirmed(grey, found):\n        return found\n',
        "    if found is not None:\n        return found\n",
        (f"{PICTURES}::test_a_wrong_reading_that_passes_the_check_digit_is_not_reported",),
    ),
    Bug(
        "any_second_reading_confirms",
        "A second reading that says something else counts as agreement.",
        "F02",
        DECODERS,
        '    return again is not None and again.format == "Code128" and again.text == found.text\n',
        "    return again is not None\n",
        (f"{PICTURES}::test_a_reading_that_another_one_contradicts_is_not_confirmed",),
    ),
    Bug(
        "typing_taken_for_a_scan",
        "Digits typed briskly are charged as a payment code.",
        "F03",
        KEYBOARD,
        "GAP_MS_MAX = 50\n",
        "GAP_MS_MAX = 75\n",
        (f"{KEYS}::test_typing_at_a_persons_pace_arrives_whole",),
    ),
    Bug(
        "pin_taken_for_a_scan",
        "A PIN that is rolled over the keys is read as a code and charged.",
        "F03",
        KEYBOARD,
        "GAP_MS_SHORT = 38\n",
        "GAP_MS_SHORT = 70\n",
        (f"{KEYS}::test_a_person_however_fast_is_no_scanner",),
    ),
    Bug(
        "typing_tools_letters_taken_for_a_code",
        "What a Vietnamese typing tool made of a scan is guessed at, and charged.",
        "F03",
        KEYBOARD,
        '        return text if _DIGITS.fullmatch(text) else ""\n',
        "        return text\n",
        ("tests/scanning/test_typing_tool.py::test_letters_that_a_tool_made_are_never_a_payment_code",),
    ),
    Bug(
        "serial_scan_while_locked",
        "A serial scanner's code is told without asking who is signed in.",
        "F03",
        "pos_app/checkout/scans.py",
        "settings.baud, on_code=scanned,",
        "settings.baud, on_code=lambda text, at_ns: self.see(text, ScanSource.SCANNER, at_ns),",
        ("tests/checkout/test_scans.py::test_a_scanner_that_another_permits_is_handed_on_and_not_told_here",),
    ),
    Bug(
        "scanners_enter_confirms_the_amount",
        "The Enter that a scanner sends late presses the button that has the focus.",
        "F03",
        KEYBOARD,
        "        if not self._held and self._is_late_end(time_ms):\n            return Verdict(fate=Fate.SWALLOW)\n",
        "",
        (f"{KEYS}::test_a_late_enter_of_the_scanner_confirms_nothing",),
    ),
    Bug(
        "verdict_shows_the_code",
        "The scanned code stands in the repr of the scanner's verdict.",
        "I21",
        KEYBOARD,
        "scan={'…' if self.scan else None}",
        "scan={self.scan}",
        (f"{KEYS}::test_a_verdict_does_not_show_the_code",),
    ),
    Bug(
        "scan_shows_the_code",
        "The scanned code stands in the repr of the event that carries it.",
        "I21",
        "pos_app/scanning/source.py",
        "    text: str = field(repr=False)\n",
        "    text: str\n",
        ("tests/scanning/test_source.py::test_a_scan_does_not_show_its_text",),
    ),
    Bug(
        "code_in_view_reported_again",
        "A code that stays before the camera is reported with every frame.",
        "F01",
        "pos_app/scanning/seen.py",
        "        self._last_seen[code] = now_ns\n",
        "",
        ("tests/scanning/test_seen.py::test_a_code_is_new_once_while_it_stays_in_view",),
    ),
)
