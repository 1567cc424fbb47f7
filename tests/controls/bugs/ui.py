"""Bugs of the screen."""

from tests.controls.bug import Bug

WINDOW = "pos_app/ui/main_window.py"

BUGS = (
    Bug(
        "open_payment_not_counted",
        "The head does not say that a result is still open.",
        "section 3.1, I8",
        WINDOW,
        "self.head.show_open(len(counted)",
        "self.head.show_open(0",
        ("tests/ui/test_payments.py::test_the_counter_opens_the_unknown_payment_which_can_be_asked",),
    ),
    Bug(
        "late_result_untold",
        "A result that comes after the cashier went on is not shown.",
        "3.6, F46",
        WINDOW,
        "            self.head.show_news(view)\n",
        "            self.head.show_news(None)\n",
        ("tests/ui/test_sale.py::test_unknown_frees_the_cashier_and_comes_back_as_news",),
    ),
    Bug(
        "late_result_silent",
        "A result that comes after the cashier went on makes no sound.",
        "3.6, F46",
        WINDOW,
        "            self._sounds.play(_SETTLED[view.stage] if view.work is None else Sound.UNKNOWN)\n",
        "",
        ("tests/ui/test_late_result_is_heard.py",),
    ),
    Bug(
        "code_taken_behind_another_screen",
        "A code is taken while the cashier looks at another screen.",
        "F03",
        WINDOW,
        '        if self.on("sale"):\n            self.sale.show_scan(seen)\n',
        "        if self.sale.isEnabled():\n            self.sale.show_scan(seen)\n",
        ("tests/ui/test_sale.py::test_no_code_is_taken_behind_another_screen",),
    ),
    Bug(
        "open_money_shown_as_received",
        "The sum of what came in holds what is not known.",
        "0.2, I13",
        "pos_app/ui/screens/payments.py",
        "        paid = sum(view.amount for view in views if view.stage is Stage.PAID)\n",
        "        paid = sum(view.amount for view in views if view.stage in (Stage.PAID, Stage.UNKNOWN))\n",
        ("tests/ui/test_payments.py::test_sums_count_only_what_is_sure",),
    ),
    Bug(
        "wallet_charged_without_an_amount_that_stands",
        "A regular customer's wallet is charged the digits typed so far, or while another payment is open.",
        "F06",
        "pos_app/ui/screens/sale.py",
        "        return self._gesture.amount if self.can_show_code else 0\n",
        "        return self._gesture.amount\n",
        ("tests/ui/test_regulars.py",),
    ),
    Bug(
        "wallet_charged_above_its_limit",
        "A regular customer is charged more than was agreed to.",
        "F06",
        "pos_app/ui/screens/regular_pages.py",
        "    if one.max_amount and amount > one.max_amount:\n",
        "    if one.max_amount and amount < one.max_amount:\n",
        ("tests/ui/test_regulars.py::test_no_more_than_the_customer_agreed_to",),
    ),
    Bug(
        "held_key_charges_a_wallet",
        "A key that is still held down charges the customer who happens to be chosen.",
        "F02",
        "pos_app/ui/widgets/text_field.py",
        "            if not event.isAutoRepeat():  # a key that is held down enters once\n",
        "            if event is not None:\n",
        ("tests/ui/test_regulars.py::test_a_key_that_is_held_down_charges_nothing",),
    ),
    Bug(
        "unknown_looks_paid",
        "In lists a payment that is not known has the green tick.",
        "0.2, I16",
        "pos_app/ui/signs.py",
        '    Stage.UNKNOWN: Sign("hourglass", "amber_text", "pill_amber", ',
        '    Stage.UNKNOWN: Sign("tick", "green_text", "pill_green", ',
        ("tests/ui/test_signs.py::test_only_paid_looks_paid",),
    ),
)
