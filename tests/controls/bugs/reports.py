"""Bugs of the reports: what is counted, written into files, and held against a statement."""

from tests.controls.bug import Bug

RECONCILE = "pos_app/reports/reconcile.py"
FIGURES = "pos_app/journal/figures.py"
FINDING = "pos_app/journal/finding.py"
T13 = "tests/reports/test_reconcile.py::test_all_that_was_planted_is_found_and_nothing_else"
COUNTED = "tests/journal/test_found_and_counted.py"

BUGS = (
    Bug(
        "a_doubled_line_is_passed_over",
        "A payment that the statement has twice counts as matched.",
        "T13, F77",
        RECONCILE,
        "        for again in lines[1:]:\n            self._differs(Kind.TWICE, mine, again, 0, again.amount)\n",
        "",
        (T13,),
    ),
    Bug(
        "another_amount_matches",
        "A payment matches whatever amount the statement has.",
        "T13, F77, I14",
        RECONCILE,
        "        if line.amount != mine.amount:\n",
        "        if line.amount < mine.amount:\n",
        (T13,),
    ),
    Bug(
        "a_line_that_cannot_be_read_is_dropped",
        "A line with an amount that cannot be read is left out without a word.",
        "T13, F77",
        RECONCILE,
        "    for one in unread:\n",
        "    for one in ():\n",
        ("tests/reports/test_reconcile.py::test_a_line_that_cannot_be_read_is_told_and_never_dropped",),
    ),
    Bug(
        "never_is_a_day",
        'A line that says 31/12/9999 for "never" has millions of days looked through, and ends in a fault.',
        "T13, hostile input",
        "pos_app/reports/statement.py",
        "    if not _FIRST_MS <= at_ms < _END_MS:\n",
        "    if at_ms < 0:\n",
        ("tests/reports/test_statement.py::test_what_cannot_be_read_says_why",),
    ),
    Bug(
        "a_note_runs_in_excel",
        "A note that begins with an equals sign is a formula in the exported file.",
        "hostile input",
        "pos_app/reports/csv_file.py",
        '_RUNS = ("=", ',
        "_RUNS = (",
        ("tests/reports/test_files.py::test_no_note_becomes_a_formula",),
    ),
    Bug(
        "a_bill_number_loses_its_zeros",
        "A note such as 0123 is a number in the spreadsheet that opens the exported list, and 1/2 a day in February.",
        "hostile input",
        "pos_app/reports/csv_file.py",
        "        return f'=\"{text}\"' if _LOOKS_LIKE_A_NUMBER",
        "        return f'=\"{text}\"' if shape is Shape.ID and _LOOKS_LIKE_A_NUMBER",
        ("tests/reports/test_files.py::test_a_note_that_looks_like_a_number_stays_as_it_was_typed",),
    ),
    Bug(
        "a_report_counts_by_utc",
        "The hours and days of a report are those of London.",
        "F63",
        FIGURES,
        "(payment.counts_at_ms + 25200000) / 3600000",
        "(payment.counts_at_ms + 0) / 3600000",
        (f"{COUNTED}::test_what_the_database_counts_is_what_the_entries_come_to",),
    ),
    Bug(
        "decided_counts_as_taken",
        "What a manager took for paid is counted as a gateway's money.",
        "I13",
        "pos_app/reports/report.py",
        "        if cell.state is State.PAID:\n            yield",
        "        if cell.state in (State.PAID, State.MANUAL_PAID):\n            yield",
        ("tests/reports/test_report.py::test_every_table_comes_to_the_same",),
    ),
    Bug(
        "refunds_are_nobodys",
        "What a cashier gave back is not taken off that cashier's sum.",
        "I14",
        "pos_app/reports/report.py",
        "        places[one.till, one.cashier, one.method] += money\n",
        "        places[one.till, one.cashier, one.method] += Money(money.count, money.amount)\n",
        ("tests/reports/test_report.py::test_every_table_comes_to_the_same",),
    ),
    Bug(
        "the_end_of_an_id_finds_half",
        "A search by the last digits looks at slips only, not at the gateway's numbers.",
        "screens.md, F3",
        FINDING,
        "    if len(key) >= _NUMBER_END:\n",
        "    if len(key) > 40:\n",
        (f"{COUNTED}::test_what_is_found_is_what_is_there",),
    ),
)
