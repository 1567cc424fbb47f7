"""Bugs of the built-in gateway: a judge that must not be lax."""

from tests.controls.bug import Bug

SANDBOX_REQUESTS = "pos_app/sandbox/requests.py"
WALLET = "pos_app/sandbox/customer.py"
ORDER_BOOK = "pos_app/sandbox/zalopay.py"
RULES = "tests/sandbox/test_payment_rules.py"

BUGS = (
    Bug(
        "sandbox_signature_not_checked",
        "The built-in gateway takes a request with any signature.",
        "T7",
        SANDBOX_REQUESTS,
        '    if not hmac.compare_digest(right.encode(), mac.encode("utf-8", "surrogatepass")):\n',
        "    if len(mac) != len(right):\n",
        (f"{RULES}::test_another_app_or_key_or_an_altered_request_is_refused",),
    ),
    Bug(
        "sandbox_code_works_twice",
        "The demo wallet pays twice with one code.",
        "F09",
        WALLET,
        "            code.used = True\n",
        "",
        ("tests/sandbox/test_wallet.py::test_a_code_works_once",),
    ),
    Bug(
        "sandbox_charges_an_id_twice",
        "The built-in gateway charges again for an order id that it knows.",
        "F28, F39",
        "pos_app/sandbox/orders.py",
        "        if known is not None and known.state is not OrderState.REFUSED:\n",
        "        if known is not None and known.state is OrderState.REFUSED:\n",
        (f"{RULES}::test_an_order_id_works_once_and_a_duplicate_keeps_the_first",),
    ),
    Bug(
        "sandbox_takes_any_time",
        "The built-in gateway takes an order an hour old: the fence holds nowhere.",
        "section 1",
        SANDBOX_REQUESTS,
        "    if ahead_ms < -CLOCK_WINDOW_MS:\n",
        "    if ahead_ms < -24 * CLOCK_WINDOW_MS:\n",
        (f"{RULES}::test_the_clock_may_be_fifteen_minutes_off",),
    ),
    Bug(
        "sandbox_shows_an_amount_for_the_unpaid",
        "A query tells an amount for an order that is not paid.",
        "section 1",
        ORDER_BOOK,
        '        more["amount"] = order.paid\n',
        '        more["amount"] = order.amount\n',
        ("tests/sandbox/test_scenarios.py::test_paid_after_a_while",),
    ),
)
