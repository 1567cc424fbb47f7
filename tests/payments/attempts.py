"""One attempt and short spellings of what can happen to it, for the tests of the rules."""

from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment import HOUR_MS, MINUTE_MS, Attempt, Evidence, Source, fence_ms

T0 = 1_795_300_000_000
"""When the charge was sent."""
S = 1_000
ID = "261122_02-000148-k7qx"
AMOUNT = 125_000
APP_ID = 2553
ATTEMPT = Attempt(
    app_trans_id=ID,
    sale_id="sale-1",
    attempt=1,
    slip_number="02-000148",
    amount=AMOUNT,
    app_id=APP_ID,
    app_time_ms=T0,
    fence_at_ms=fence_ms(T0, 5 * MINUTE_MS),
    scanned_at_ms=T0 - 200,
    source="camera",
    note="",
    gateway="demo",
)
FENCE = ATTEMPT.fence_at_ms - T0
DAYS_2 = 48 * HOUR_MS
SENDING = Evidence(Source.SENDING, T0, T0)
NOT_SENT = Evidence(Source.NOT_SENT, T0, T0, cause="refused")


def paid_answer(
    zp: str = "z1", amount: int | None = AMOUNT, app_trans_id: str = ID, app_id: int | None = APP_ID
) -> Answer:
    return Answer(AnswerClass.PAID, 1, 1, zp, amount, app_trans_id, app_id)


def create(
    meaning: AnswerClass | None, *, zp: str = "", asked: int = 0, received: int = 300, sub: int | None = None
) -> Evidence:
    """The create answer; None for none that came back."""
    answer = Answer(meaning, sub_return_code=sub, zp_trans_id=zp) if meaning else None
    return Evidence(Source.CREATE, T0 + asked, T0 + received, answer)


def query(meaning: AnswerClass | Answer, asked: int, received: int | None = None) -> Evidence:
    """A query's answer, asked and received so many ms after the charge."""
    answer = meaning if isinstance(meaning, Answer) else Answer(meaning)
    return Evidence(Source.QUERY, T0 + asked, T0 + (asked + 100 if received is None else received), answer)


def cancel(meaning: AnswerClass, asked: int) -> Evidence:
    """The answer to a cancel, asked so many ms after the charge."""
    return Evidence(Source.CANCEL, T0 + asked, T0 + asked + 100, Answer(meaning))


def notified(at: int, *, zp: str = "z1", amount: int = AMOUNT, app_id: int | None = APP_ID) -> Evidence:
    """The gateway tells by itself that it was paid, so many ms after the charge."""
    return Evidence(Source.NOTIFIED, T0 + at, T0 + at, paid_answer(zp, amount, app_id=app_id))


def decided(*, paid: bool, at: int = 5 * MINUTE_MS) -> Evidence:
    """A manager's decision, so many ms after the charge."""
    return Evidence(Source.DECIDED_PAID if paid else Source.DECIDED_UNPAID, T0 + at, T0 + at)
