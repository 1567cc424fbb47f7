"""Bugs of scanning: what is taken for a code."""

from tests.controls.bug import Bug

KEYBOARD = "pos_app/scanning/keyboard.py"
DECODERS = "pos_app/scanning/decoders.py"
BARS = "pos_app/scanning/bars.py"
SOFT_BARS = "pos_app/scanning/soft_bars.py"
SOFT = "tests/scanning/test_soft_bars.py"
COUNTER = "tests/scanning/test_counter_top.py"
KEYS = "tests/scanning/test_keyboard.py"
PICTURES = "tests/scanning/test_decoders.py"

BUGS = (
    Bug(
        "code_128_believed_at_once",
        "A barcode misread by one digit is charged: nobody reads it a second time.",
        "F02",
        DECODERS,
        '    if found is None or found.format == "QRCode" or found.text in proven or confirmed(grey, found):\n'
        "        return found\n",
        "    if found is not None:\n        return found\n",
        (f"{PICTURES}::test_a_wrong_reading_that_passes_the_check_digit_is_not_reported",),
    ),
    Bug(
        "any_second_reading_confirms",
        "A second reading that says something else counts as agreement.",
        "F02",
        BARS,
        "    return again is not None and again == found.text and _rows_say(level, found.text)\n",
        "    return again is not None\n",
        (f"{PICTURES}::test_a_reading_that_another_one_contradicts_is_not_confirmed",),
    ),
    Bug(
        "fitted_bars_believed_at_once",
        "A number read from a strip that was laid level counts though nothing else reads it so.",
        "F02",
        BARS,
        "            return first if again == first and _rows_say(_flipped(fine) if flip else fine, first) else None\n"
        "    return None\n",
        "            return first\n    return first\n",
        (f"{COUNTER}::test_bars_count_only_when_another_reading_says_the_same",),
    ),
    Bug(
        "scratch_forges_a_number",
        "A scratch through the bars makes another number, and every reading that averages over it agrees.",
        "F02",
        BARS,
        "    return said.count(text) >= 2 and {*said} <= {text, None}",
        "    return text in said",
        (f"{COUNTER}::test_a_scratch_through_bars_forges_no_number",),
    ),
    Bug(
        "soft_bars_say_whatever_fits_best",
        "Of bars that have run into each other the number is taken that fits best, though another fits nearly as well.",
        "F02",
        SOFT_BARS,
        "        return check == self.path[-1] and self.apart() >= apart_min\n",
        "        return check == self.path[-1]\n",
        (f"{SOFT}::test_a_number_that_another_one_comes_near_is_none",),
    ),
    Bug(
        "dirt_along_bars_makes_another_number",
        "Dirt over two pairs, at every height, comes to another check digit: that number is charged.",
        "F02",
        SOFT_BARS,
        "        if max(around) > _UNEVEN_MAX * np.median(around):\n",
        "        if max(around) < 0:\n",
        (f"{SOFT}::test_dirt_along_the_bars_makes_no_other_number",),
    ),
    Bug(
        "soft_bars_without_check_digit",
        "The check digit of bars that have run into each other is not asked.",
        "F02",
        SOFT_BARS,
        "        return check == self.path[-1] and self.apart()",
        "        return check >= 0 and self.apart()",
        (f"{SOFT}::test_a_number_needs_its_check_digit",),
    ),
    Bug(
        "soft_bars_of_one_height",
        "What one height of the bars says is a number: a scratch can forge that.",
        "F02",
        SOFT_BARS,
        "    if agree < 2 or any(",
        "    if agree < 1 or any(",
        (f"{SOFT}::test_a_number_at_one_height_of_the_bars_is_none",),
    ),
    Bug(
        "proof_of_a_code_128_outlives_it",
        "A number that was proven once is believed ever after, whatever was in view meanwhile.",
        "F02",
        DECODERS,
        "        found = _first_try(grey, proven={code.text for code in self._in_view})\n",
        "        self._proven = getattr(self, '_proven', set()) | {code.text for code in self._in_view}\n"
        "        found = _first_try(grey, proven=self._proven)\n",
        (f"{SOFT}::test_a_number_proven_by_the_picture_before_is_not_proven_again",),
    ),
    Bug(
        "bars_are_softened_first",
        "A Code 128 is looked for in a picture whose bars were blurred into each other.",
        "F02",
        DECODERS,
        "    return read_with_zxing(picture(cv2.GaussianBlur(grey, (0, 0), 2)), formats=_QR)\n",
        "    return read_with_zxing(picture(cv2.GaussianBlur(grey, (0, 0), 2)))\n",
        (f"{COUNTER}::test_nothing_is_blurred_or_sharpened_across_bars_before_they_are_read",),
    ),
    Bug(
        "second_phone_not_looked_for",
        "Two customers hold out their phones; whichever code the reader names first is charged.",
        "F02",
        DECODERS,
        "    for other in read_all_with_zxing(_half(grey), formats=_QR):\n",
        "    for other in ():\n",
        (f"{COUNTER}::test_two_phones_are_two_codes_and_one_phone_with_two_codes_is_one",),
    ),
    Bug(
        "first_of_two_phones_is_charged",
        "Two payment codes in one picture: the first one pays.",
        "F02",
        "pos_app/payments/payment_code.py",
        "    if len(codes) > 1:\n",
        "    if len(codes) > 2:\n",
        (
            (
                "tests/payments/test_payment_code.py::"
                "test_of_one_picture_one_payment_code_counts_whatever_lies_beside_it_and_two_are_refused_and_forgotten"
            ),
        ),
    ),
    Bug(
        "one_of_two_phones_counts_at_once",
        "Just after two codes were seen, a picture that misses one of them charges the other.",
        "F02",
        "pos_app/checkout/scans.py",
        "            if seen_at_ns - self._two_seen_ns < ALONE_NS:\n",
        "            if seen_at_ns < self._two_seen_ns:\n",
        (
            (
                "tests/checkout/test_scans.py::"
                "test_two_payment_codes_in_one_picture_are_refused_and_one_counts_again_when_it_was_alone_for_a_while"
            ),
        ),
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
