"""F11 and F78: a shift is closed while something is not known: listed, signed for, asked about on, never lost."""

import time
from pathlib import Path
from typing import Any

from pos_app.checkout.events import ShiftRefused, ShiftView
from pos_app.checkout.views import Stage
from pos_app.shifts.shift import Shift
from tests.fault_matrix.gateway import AMOUNT, PROCESSING, Held, MakeGateway, paid
from tests.fault_matrix.world import PIN, FaultCounter, set_pin, the_one, till_at

WHY = "khách đã về, cổng chưa trả lời"
WRONG_PIN = "019283"


def look(till: FaultCounter, number: int | None = None) -> Shift:
    """X, or a Z again, as the screen gets it."""
    till.all.clear()
    till.till.look_at_shift(number)
    view = till.until(lambda one: isinstance(one, ShiftView))
    assert isinstance(view, ShiftView)
    return view.shift


def close(till: FaultCounter, shift: Shift, *, by: str = "", pin: str = "", reason: str = "") -> Shift | ShiftRefused:
    """F6, Enter; once more when the wait after a wrong PIN is over."""
    told: object = None
    while told is None or (isinstance(told, ShiftRefused) and told.wait_s):
        time.sleep(told.wait_s if isinstance(told, ShiftRefused) else 0)
        till.till.close_shift(shift.number, shift.totals.open, reason=reason, by=by, pin=pin)
        told = till.until(lambda one: isinstance(one, ShiftView | ShiftRefused))
        if pin == WRONG_PIN:
            break
    return told.shift if isinstance(told, ShiftView) else told  # type: ignore[return-value]


def test_f78_closed_with_an_unknown_that_settles_afterwards(scripted: MakeGateway, tmp_path: Path) -> None:
    with scripted(PROCESSING, PROCESSING) as gateway, till_at(gateway, tmp_path) as till:
        set_pin(tmp_path)
        till.scan(AMOUNT)
        payment_id = till.until_stage(Stage.PROCESSING).payment_id
        now = look(till)
        assert [(one.number, one.amount) for one in now.totals.open] == [(payment_id, AMOUNT)]
        assert (now.totals.net, now.totals.open_amount) == (0, AMOUNT), "apart from what is sure, and not lost"
        for given in ({}, {"by": "Lan", "pin": PIN}, {"by": "Lan", "pin": WRONG_PIN, "reason": WHY}):
            assert isinstance(close(till, now, **given), ShiftRefused)
            assert look(till).number == 1
        report = close(till, now, by="Lan", pin=PIN, reason=WHY)
        assert isinstance(report, Shift)
        assert report.signed_off is not None
        assert (report.z_number, report.signed_off.by, report.signed_off.reason) == (1, "Lan", WHY)
        asked = gateway.asked
        till.ask_until_so(payment_id, lambda: gateway.asked > asked)  # it is followed on
        gateway.says_now(paid())
        till.ask_until(payment_id, Stage.PAID)
        after = look(till)
        (told,) = after.totals.adjustments
        assert (told.shift, told.was, told.now, told.amount) == (1, "processing", "paid", AMOUNT)
        assert (after.number, after.totals.net, after.totals.open, after.disagreements) == (2, AMOUNT, (), {})
        again = look(till, 1)
        assert (again.totals, again.closed_at_ms) == (report.totals, report.closed_at_ms), (
            "no closed report is rewritten"
        )
    assert the_one(tmp_path).settled == ("paid",)


def test_f11_a_shift_is_closed_with_a_live_payment_and_the_till_ends(scripted: MakeGateway, tmp_path: Path) -> None:
    with scripted(PROCESSING, PROCESSING) as gateway:
        with till_at(gateway, tmp_path) as till:
            set_pin(tmp_path)
            till.scan(AMOUNT)
            payment_id = till.until_stage(Stage.PROCESSING).payment_id
            assert isinstance(close(till, look(till), by="Lan", pin=PIN, reason=WHY), Shift)
        with till_at(gateway, tmp_path) as again:
            again.until(lambda _: payment_id in again.open_ids())
            assert [one.shift for one in look(again).totals.open] == [1], "the next shift lists it too"
            gateway.says_now(paid())
            assert again.ask_until(payment_id, Stage.PAID).stage is Stage.PAID
            assert look(again).totals.net == AMOUNT


def test_f78_no_shift_is_closed_in_the_second_of_sending(scripted: MakeGateway, tmp_path: Path) -> None:
    """For that second only, and in plain words; what was seen before it is not signed for what came since."""
    answer = Held(PROCESSING)
    with scripted(answer, PROCESSING) as gateway, till_at(gateway, tmp_path) as till:
        set_pin(tmp_path)
        before = look(till)
        till.scan(AMOUNT)
        assert answer.asked.wait(30)
        told: Any = close(till, before)
        assert isinstance(told, ShiftRefused)
        assert "being sent" in told.advice.en
        answer.let_go()
        till.until_stage(Stage.PROCESSING)
        told = close(till, before, reason=WHY)  # nothing was open when it was looked at
        assert isinstance(told, ShiftRefused)
        assert "not signed off" in told.advice.en
        assert isinstance(close(till, look(till), by="Lan", pin=PIN, reason=WHY), Shift)
