"""When to ask next: dense while a customer stands at the counter, then ever rarer, and an end.

Ages are milliseconds of monotonic time since the charge was sent; a jump of the wall clock moves nothing here.
"""

from pos_app.payments.payment import CLOCK_MARGIN_MS, GATEWAY_WINDOW_MS, HOUR_MS, MINUTE_MS

FIRST_ASK_MS = 1_000
ASK_UNTIL_MS = 48 * HOUR_MS
"""The gateway answers no longer than this; what is open then needs the merchant portal."""
CUSTOMER_WAITS_MS = 60_000
"""After this the till serves the next customer and the payment goes on by itself."""
WATCH_EVERY_MS = 30_000
"""How often what is closed is still asked about in the background."""
AROUND_FENCE_MS = 2 * MINUTE_MS
AT_COUNTER_MS = 15 * MINUTE_MS
"""What is shown longer than this went to a customer who is not at the counter."""
AWAY_OFTEN_MS = 30 * MINUTE_MS
JITTER_PERMILLE = 200

_PLAN = ((MINUTE_MS, 2_000), (3 * MINUTE_MS, 5_000))
"""(until this age, ask every …)."""


def next_ask_in_ms(
    age_ms: int, *, fence_age_ms: int, jitter_permille: int, pushed_back: int = 0, shown_for_ms: int = 0
) -> int | None:
    """How long to wait before the next question, in ms; None when the gateway would not answer any more.

    Args:
        age_ms: monotonic age of the charge.
        fence_age_ms: age at which the fence stands; around it we ask often enough to close the payment.
        jitter_permille: −200 … 200, so that the tills of a shop do not ask in step.
        shown_for_ms: how long a shown order lives: till then somebody may pay at any moment.
        pushed_back: how many answers in a row were "too many requests": each doubles the wait.
    """
    if age_ms >= ASK_UNTIL_MS:
        return None
    # Earlier than any jitter lets the first question be: one asked already must not be asked again and again till then.
    if age_ms < FIRST_ASK_MS - FIRST_ASK_MS * JITTER_PERMILLE // 1000:
        wait = FIRST_ASK_MS - age_ms
    else:
        wait = next((every for until, every in _PLAN if age_ms < until), 30_000)
        if age_ms < shown_for_ms <= AT_COUNTER_MS:
            wait = min(wait, _PLAN[-1][1])
        if age_ms >= AWAY_OFTEN_MS and fence_age_ms - age_ms > AROUND_FENCE_MS:  # a link that lives for hours
            wait = 2 * MINUTE_MS
        elif age_ms >= max(fence_age_ms + AROUND_FENCE_MS, _PLAN[-1][0]):
            wait = 10 * MINUTE_MS
    wait = min(wait << min(pushed_back, 8), 10 * MINUTE_MS)
    return wait + wait * jitter_permille // 1000


def next_watch_in_ms(age_ms: int) -> int:
    """How long to wait before the next question about what is closed, in ms; rarer when nobody has answered by then."""
    return WATCH_EVERY_MS if age_ms < GATEWAY_WINDOW_MS + CLOCK_MARGIN_MS else 10 * MINUTE_MS


_REFUND_PLAN = ((MINUTE_MS, 3_000), (20 * MINUTE_MS, 30_000), (ASK_UNTIL_MS, 10 * MINUTE_MS))
REFUND_LATER_MS = 24 * HOUR_MS
"""A refund to a bank card takes days: then once a day, without an end."""


def next_refund_ask_in_ms(age_ms: int, *, jitter_permille: int) -> int:
    """How long to wait before the next question about a refund, in ms; it is asked until it has its result."""
    wait = next((every for until, every in _REFUND_PLAN if age_ms < until), REFUND_LATER_MS)
    return wait + wait * jitter_permille // 1000
