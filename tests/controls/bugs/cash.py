"""Bugs of the cash drawer."""

from tests.controls.bug import Bug

RULES = "pos_app/payments/cash.py"
FOLD = "pos_app/shifts/cash.py"
DESK = "pos_app/checkout/cash.py"
PURE = "tests/payments/test_cash.py"
DRAWER = "tests/shifts/test_cash.py"
JOURNAL = "tests/journal/test_cash.py"
DAY = "tests/end_to_end/test_cash.py"
KEYS = "tests/ui/test_cash.py"
REPORT = "tests/reports/test_drawer.py"

BUGS = (
    Bug(
        "change_computed_wrong",
        "The change is rounded to whole thousands.",
        "cash",
        RULES,
        "    return given - amount\n",
        "    return (given - amount) // 1_000 * 1_000\n",
        (f"{PURE}::test_change", f"{PURE}::test_what_is_given_is_the_amount_and_the_change"),
    ),
    Bug(
        "too_little_is_taken",
        "A customer who gives too little has paid.",
        "cash",
        RULES,
        "    if given < amount:\n",
        "    if given < 0:\n",
        (
            f"{PURE}::test_what_cannot_be_taken_is_said_clearly",
            f"{JOURNAL}::test_what_contradicts_the_rules_is_not_stored",
        ),
    ),
    Bug(
        "cash_in_the_gateways_total",
        "A cash sale is counted among what the gateways confirmed.",
        "cash, 0.2",
        "pos_app/shifts/totals.py",
        "        self._cash.add(one)\n",
        "        self._cash.add(one)\n"
        '        self._confirmed.setdefault(Method("zalopay", ""), Counter()).update(count=1, amount=one.amount)\n',
        (f"{DRAWER}::test_no_gateway_gets_a_dong_of_it",),
    ),
    Bug(
        "cash_in_the_reports_total",
        "A report adds cash to what gateways confirmed.",
        "cash, 0.2",
        "pos_app/reports/report.py",
        "        cash_by_day[day_of_hour(sold.hour)] += money\n",
        "        by_hour[sold.hour % 24] += money\n",
        (f"{DAY}::test_lists_reports_and_files_tell_cash_apart",),
    ),
    Bug(
        "refund_of_cash_without_a_cap",
        "More cash goes back than was taken.",
        "cash, I12",
        "pos_app/journal/cash_rows.py",
        "            checked_refund(one.amount, _left(connection, one.of_slip))\n",
        "            checked_refund(one.amount, one.amount)\n",
        (f"{JOURNAL}::test_what_contradicts_the_rules_is_not_stored",),
    ),
    Bug(
        "short_without_a_reason",
        "A drawer that is short is closed without a word.",
        "cash",
        "pos_app/shifts/shift.py",
        "            cash.over != 0 and len(difference_reason.strip()) < REASON_LENGTH_MIN,\n",
        "            cash.over > 0 and len(difference_reason.strip()) < REASON_LENGTH_MIN,\n",
        (f"{DRAWER}::test_a_drawer_is_counted_and_what_differs_is_explained",),
    ),
    Bug(
        "short_without_a_reason_stored",
        "The journal takes a closing whose cash differs and is explained by nobody.",
        "cash",
        "pos_app/journal/shift_rows.py",
        " or (totals.cash.over and not closed.difference_reason):\n",
        ":\n",
        (f"{JOURNAL}::test_a_shift_whose_cash_differs_is_not_closed_without_a_word",),
    ),
    Bug(
        "expected_shown_before_the_count",
        "The report tells what must be in the drawer before it was counted.",
        "cash",
        "pos_app/checkout/shift_report.py",
        "    if cash.counted is None:\n",
        "    if cash.counted is None and not cash.sales:\n",
        (f"{DAY}::test_a_day_with_cash",),
    ),
    Bug(
        "figures_stand_beside_the_count",
        "The figures of the shift stay on the screen while the drawer is counted.",
        "cash",
        "pos_app/ui/screens/shift.py",
        "        self.figures.setVisible(not on)\n",
        "",
        (f"{KEYS}::test_the_count_is_blind_and_comes_before_the_closing",),
    ),
    Bug(
        "old_count_closes",
        "A count still holds when money moved after it.",
        "cash",
        FOLD,
        "        if dong and self._counts:\n",
        "        if dong > 10**12 and self._counts:\n",
        (f"{DRAWER}::test_a_count_holds_until_money_moves",),
    ),
    Bug(
        "one_press_taken_twice",
        "A sale that is asked for again under the same press of the button is taken twice.",
        "cash",
        DESK,
        "            done = await self._done_before(intent, kind=CashKind.SALE, amount=amount, given=given)\n",
        "            done = None\n",
        (f"{DAY}::test_what_cannot_be_taken",),
    ),
    Bug(
        "one_press_moves_twice",
        "Money that is moved again under the same press of the button is moved twice.",
        "cash",
        DESK,
        "            await self._store(CashMoved(what, dong, why, by, by_id, *self._cashier(), intent))\n",
        "            await self._store(CashMoved(what, dong, why, by, by_id, *self._cashier()))\n",
        (f"{DAY}::test_one_press_moves_once_and_another_wish_under_it_is_refused",),
    ),
    Bug(
        "another_wish_under_one_press",
        "Another amount under the same press of the button is answered as if it had been moved.",
        "cash",
        DESK,
        "any(getattr(done, name) != value for name, value in wanted.items()):\n",
        'done.kind != wanted["kind"]:\n',
        (f"{DAY}::test_one_press_moves_once_and_another_wish_under_it_is_refused",),
    ),
    Bug(
        "short_left_out_of_the_report",
        "The report tells what was over in the drawer, and not what was short.",
        "cash",
        "pos_app/reports/drawer.py",
        "    return DrawerSums(over=one.over)\n",
        "    return DrawerSums(over=max(0, one.over))\n",
        (f"{REPORT}::test_the_drawer_in_a_report",),
    ),
    Bug(
        "pay_out_put_in",
        "The report counts what was taken out of the drawer as put in.",
        "cash",
        "pos_app/reports/drawer.py",
        "            return DrawerSums(paid_out=one.amount)\n",
        "            return DrawerSums(paid_in=one.amount)\n",
        (f"{REPORT}::test_the_drawer_in_a_report",),
    ),
    Bug(
        "drawer_opens_unwritten",
        "The drawer opens for another program and nothing of it is written down.",
        "cash",
        DESK,
        "        if self.enabled:\n            await self._store(CashMoved(CashKind.OPENED",
        "        if not self.enabled:\n            await self._store(CashMoved(CashKind.OPENED",
        (f"{DAY}::test_the_drawer_opens_before_the_slip_and_is_counted_when_nothing_is_sold",),
    ),
    Bug(
        "report_printed_again_unmarked",
        "A second print of the same Z looks like the first.",
        "section 2 (C5), F64",
        "pos_app/receipts/shift_slip.py",
        "    if copy:\n",
        "    if copy < 0:\n",
        ("tests/receipts/test_shift_slip.py::test_a_copy_of_a_report_says_so",),
    ),
    Bug(
        "cash_table_believed",
        "The check of the journal does not look at the table of cash.",
        "I7",
        "pos_app/journal/cash_faults.py",
        "    if row is None or dict(row) != due:\n",
        "    if row is None:\n",
        (f"{JOURNAL}::test_what_is_changed_in_the_tables_is_found",),
    ),
)
