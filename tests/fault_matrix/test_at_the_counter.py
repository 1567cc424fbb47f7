"""A (F01–F11): what people do at the counter. One scan is one payment at most, and nobody's typing becomes a code."""

import logging
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pos_app.checkout.events import Seen, StoryView
from pos_app.checkout.records import payments_json
from pos_app.checkout.views import Stage
from pos_app.money import AMOUNT_MAX
from pos_app.payments.payment_code import PaymentCode
from pos_app.vietnam_day import day_bounds_ms, day_of
from tests.end_to_end.world import leaks, let_pass, traces_of
from tests.fault_matrix.gateway import AMOUNT, PROCESSING, Held, MakeGateway, paid, says, silent
from tests.fault_matrix.window import window_at
from tests.fault_matrix.world import DO_NOT_CHARGE, NOT_PAID, BuiltIn, on_disk, quiet, the_one, till_at


def test_f01_the_scanner_fires_twice(scripted: MakeGateway, tmp_path: Path, qapp: QApplication) -> None:
    with scripted(PROCESSING, PROCESSING) as gateway, window_at(gateway, tmp_path) as window:
        code = gateway.customer.fresh_code()
        window.amount(str(AMOUNT))
        window.scan(code)
        window.scan(code)
        window.until_shown("Chờ khách xác nhận")
        window.scan(code)
        quiet(0.1)
        assert window.stage is window.window.sale.stage.processing, "M1, and it stays"
        assert len(gateway.creates) == 1
        assert len(on_disk(tmp_path)) == 1


def test_f01_at_the_same_moment_past_the_window(scripted: MakeGateway, tmp_path: Path) -> None:
    with scripted(paid(), paid()) as gateway, till_at(gateway, tmp_path) as till:
        code = gateway.customer.fresh_code()
        till.scan(AMOUNT, code=PaymentCode(code))
        till.scan(AMOUNT, code=PaymentCode(code))
        assert till.until_refused().advice.vi
        till.until(lambda _: Stage.PAID in till.stages())
        till.till.next_customer()
        till.scan(AMOUNT, code=PaymentCode(code))
        assert till.until_refused().title.vi == "Mã này vừa dùng rồi"
        assert (len(gateway.creates), len(on_disk(tmp_path))) == (1, 1)


WRONG = {
    "product": ("8934588012112", "Đây là mã vạch hàng hóa"),
    "VietQR": ("00020101021238570010A00000072701270006970436011388881234567890208QRIBFTTA53037045802VN6304ABCD",
               "Đây là mã nhận tiền VietQR"),
    "link": ("https://example.com/pay?to=me", "Đây là một đường dẫn"),
    "another wallet": ("MM987654321098765432", "Đây là mã của ví khác"),
    "bank card": ("4111111111111111", "Đây giống số thẻ ngân hàng"),
    "our own slip": ("PHIEU:261122_02-000148-k7qx", "Đây là mã trên phiếu của tiệm"),
    "Vietnamese letters": ("quà tặng em nè", "Đây không phải mã thanh toán"),
    "far too long": ("7" * 600, "Đây không phải mã thanh toán"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_f02_something_else_is_scanned(
    scripted: MakeGateway, tmp_path: Path, qapp: QApplication, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    text, words = WRONG[kind]
    with scripted(paid(), paid()) as gateway:
        with window_at(gateway, tmp_path) as window:
            window.amount(str(AMOUNT))
            window.scan(text)
            window.until(lambda: window.stage is window.window.sale.stage.wrong)
            shown = window.words()
            assert words in shown
            assert "Chưa gửi gì, chưa thu tiền." in shown
            assert text not in window.every_text()
            assert (gateway.creates, on_disk(tmp_path)) == ([], [])
            window.scan(gateway.customer.fresh_code())  # the right code right after it
            window.until(lambda: len(gateway.creates) == 1)
        assert not any(trace in caplog.text.encode() for trace in traces_of(text))
        if len(text) > 8:
            found = [place for place in leaks([text], tmp_path) if "looks like" not in place]
            assert found == [], "what was scanned is written nowhere"


def test_f03_typed_slowly_or_scanned_into_the_note(scripted: MakeGateway, tmp_path: Path, qapp: QApplication) -> None:
    """The scanner's keys into a focused field: `test_scan_filter`, with real key events. Here: nothing is kept."""
    with scripted(paid(), paid()) as gateway, window_at(gateway, tmp_path) as window:
        note = window.window.sale.card.note.edit
        note.setFocus()
        code = gateway.customer.fresh_code()
        window.scan(code)
        quiet(0.1)
        assert (note.text(), note.isUndoAvailable()) == ("", False)
        assert code not in window.every_text()
        assert (gateway.creates, on_disk(tmp_path)) == ([], []), "no amount stands, nothing is charged"


def test_f04_expired_code_or_old_screenshot(built_in: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = built_in
    code = sandbox.customer.fresh_code()
    let_pass(clock, 600, 70_000)
    with till_at(sandbox, tmp_path, clock=clock) as till:
        till.scan(AMOUNT, code=PaymentCode(code))
        till.until_stage(Stage.SENDING)
        view = till.until_final()
        assert (view.stage, view.cause.vi, view.cause_code) == (Stage.DECLINED, "Mã đã hết hạn", "−322")
        assert view.advice.vi == "Mời khách mở mã mới, rồi quét lại.", "a new code, never the same again"
        kept = the_one(tmp_path)
        assert (kept.state, kept.of("create")[0]["answer"]["sub_return_code"]) == ("failed", -322)
        till.till.next_customer()
        till.scan(AMOUNT, code=PaymentCode(code), retry_of=view.payment_id)
        assert till.until_refused().title.vi == "Mã này vừa dùng rồi"
    before = len(the_one(tmp_path).of("query"))
    with till_at(sandbox, tmp_path, clock=clock) as again:
        again.ask_until_so(view.payment_id, lambda: len(the_one(tmp_path).of("query")) > before)  # watched to the fence
        assert the_one(tmp_path).state == "failed"


def test_f05_a_photo_of_somebody_elses_code(built_in: BuiltIn, tmp_path: Path) -> None:
    """It pays, and nothing on screen or slip says whose it was or that such a thing is noticed."""
    sandbox, clock = built_in
    with till_at(sandbox, tmp_path, clock=clock) as till:
        shown = till.till.demo_code()  # drawn as a picture and read from it, as from a photo
        till.scan(AMOUNT, code=PaymentCode(shown))
        view = till.until_final()
        assert view.stage is Stage.PAID
        assert (the_one(tmp_path).state, till.gateway_order(view.payment_id)["state"]) == ("paid", "paid")
        till.till.story(view.payment_id)
        told = till.until(lambda one: isinstance(one, StoryView))
        words = f"{told} {view.cause} {view.advice}".lower()
        assert not [claim for claim in ("chính chủ", "an toàn", "đã kiểm tra", "verified", "owner") if claim in words]


@pytest.mark.parametrize("amount", [0, -1, -AMOUNT, AMOUNT_MAX + 1, 2**53 + 1, 2**63, 2**70, 0.5, 50_000.5])
def test_f06_an_amount_that_is_none(scripted: MakeGateway, tmp_path: Path, amount: int) -> None:
    with scripted(paid(), paid()) as gateway:
        with till_at(gateway, tmp_path) as till:
            till.scan(amount)
            refused = till.until_refused()
            if not isinstance(amount, float):
                assert refused.title.vi == "Số tiền không hợp lệ"
                assert "Nhập từ 1" in refused.advice.vi
            assert not till.stages()
        assert (gateway.creates, on_disk(tmp_path)) == ([], [])
        with till_at(gateway, tmp_path) as again:
            assert again.open_ids() == []


def test_f06_what_is_typed_can_be_no_such_amount(scripted: MakeGateway, tmp_path: Path, qapp: QApplication) -> None:
    with scripted(paid(), paid()) as gateway, window_at(gateway, tmp_path) as window:
        for typed in ("0", "000", "-5", "1,5", "99999999999999999999"):
            window.keys(typed)
            window.press(Qt.Key.Key_Return)
            window.press(Qt.Key.Key_Escape)
            window.press(Qt.Key.Key_Escape)
        quiet(0.1)
        assert (gateway.creates, on_disk(tmp_path)) == ([], [])


def test_f07_cancel_is_pressed_while_it_is_sent(scripted: MakeGateway, tmp_path: Path, qapp: QApplication) -> None:
    """A charge on its way cannot be taken back: the key does nothing, and only the gateway's word ends it."""
    answer = Held(PROCESSING)
    with scripted(answer, paid()) as gateway, window_at(gateway, tmp_path) as window:
        window.amount(str(AMOUNT))
        window.scan(gateway.customer.fresh_code())
        keys = (Qt.Key.Key_Escape, Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Escape)
        for key in keys:  # its picture may not be there yet
            window.press(key)
        window.until(answer.asked.is_set)
        window.until(lambda: window.stage is window.window.sale.stage.processing)
        for key in keys:
            window.press(key)
            assert window.stage is window.window.sale.stage.processing
        assert "Không thành công" not in window.words()
        assert (the_one(tmp_path).state, the_one(tmp_path).settled) == ("sending", ())
        answer.let_go()
        window.until(lambda: window.stage is window.window.sale.stage.paid)
        assert the_one(tmp_path).settled == ("paid",)
        assert len(gateway.creates) == 1


@pytest.mark.usefixtures("quick_limits")
def test_f08_a_fresh_code_while_the_first_is_unknown(scripted: MakeGateway, tmp_path: Path) -> None:
    with scripted(silent, PROCESSING) as gateway:
        with till_at(gateway, tmp_path) as till:
            till.scan(AMOUNT)
            first = till.until_stage(Stage.UNKNOWN, *NOT_PAID)
            for _ in range(3):
                till.scan(AMOUNT)
                assert DO_NOT_CHARGE in till.until_refused().advice.vi
            till.scan(AMOUNT, retry_of=first.payment_id)
            assert DO_NOT_CHARGE in till.until_refused().advice.vi
            assert [one.facts["attempt"] for one in on_disk(tmp_path)] == [1]
        with till_at(gateway, tmp_path) as again:
            again.scan(AMOUNT, retry_of=first.payment_id)
            assert DO_NOT_CHARGE in again.until_refused().advice.vi, "nor after a restart"
        assert gateway.creates == [first.payment_id]


def test_f09_one_code_on_two_tills(built_in: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = built_in
    code = sandbox.customer.fresh_code()
    with (
        till_at(sandbox, tmp_path / "one", clock=clock) as one,
        till_at(sandbox, tmp_path / "two", clock=clock) as two,
    ):
        for till in (one, two):
            threading.Thread(target=till.scan, args=(AMOUNT,), kwargs={"code": PaymentCode(code)}).start()
        views = [till.until_final() for till in (one, two)]
        assert sorted(view.stage for view in views) == [Stage.DECLINED, Stage.PAID]
        assert views[0].payment_id != views[1].payment_id
        loser = next(view for view in views if view.stage is Stage.DECLINED)
        assert (loser.cause.vi, loser.cause_code) == ("Mã này đã dùng rồi", "−290")
        states = [the_one(tmp_path / name).state for name in ("one", "two")]
        assert sorted(states) == ["failed", "paid"]
        ours = [sandbox.orders()[number]["state"] for number in (-1, -2)]
        assert sorted(map(str, ours)) == ["failed", "paid"]


@pytest.mark.parametrize(
    ("scenario", "cause"),
    [
        ("balance_too_low", "Số dư không đủ"),
        ("over_payment_limit", "Khách vượt hạn mức"),
        ("over_day_limit", "Vượt hạn mức trong ngày"),
        ("wrong_pin", "PIN chưa đúng"),
    ],
)
def test_f10_no_funds_or_over_a_limit(built_in: BuiltIn, tmp_path: Path, scenario: str, cause: str) -> None:
    sandbox, clock = built_in
    sandbox.arm(scenario, seconds=1)
    with till_at(sandbox, tmp_path, clock=clock) as till:
        till.scan(AMOUNT)
        assert till.until_stage(Stage.PROCESSING, *NOT_PAID, Stage.PAID).stage is Stage.PROCESSING
        clock.run(20)
        view = till.until_stage(*NOT_PAID, Stage.PAID)
        clock.run(1)
        assert (view.stage, view.cause.vi) == (Stage.DECLINED, cause)
        assert "mã mới" in view.advice.vi
        assert (the_one(tmp_path).state, the_one(tmp_path).settled) == ("failed", ("failed",))
        assert till.gateway_order(view.payment_id)["state"] == "failed"


@pytest.mark.parametrize("confirms", [True, False])
def test_f10_the_customer_takes_ten_minutes(built_in: BuiltIn, tmp_path: Path, *, confirms: bool) -> None:
    """The till does not give up before the gateway does."""
    sandbox, clock = built_in
    sandbox.arm("waits_for_customer")
    with till_at(sandbox, tmp_path, clock=clock) as till:
        till.scan(AMOUNT)
        view = till.until_stage(Stage.PROCESSING)
        assert (view.cause.vi, view.advice.vi) == ("Chờ khách xác nhận", "Khách bấm xác nhận trên điện thoại.")
        let_pass(clock, 500, 10 * 60_000)
        assert (the_one(tmp_path).state, the_one(tmp_path).settled) == ("processing", ())
        assert not till.stages() & {Stage.PAID, *NOT_PAID}
        (sandbox.customer.confirm if confirms else sandbox.customer.decline)(view.payment_id)
        ended = till.ask_until(view.payment_id, Stage.PAID, *NOT_PAID)
        assert ended.stage is (Stage.PAID if confirms else Stage.DECLINED)
        assert the_one(tmp_path).settled == ("paid" if confirms else "failed",)


def test_f11_the_till_ends_with_a_live_payment(scripted: MakeGateway, tmp_path: Path) -> None:
    with scripted(PROCESSING, PROCESSING) as gateway:
        with till_at(gateway, tmp_path) as till:
            till.scan(AMOUNT)
            view = till.until_stage(Stage.PROCESSING)
        assert (the_one(tmp_path).state, the_one(tmp_path).settled) == ("processing", ())
        asked = gateway.asked
        with till_at(gateway, tmp_path) as again:
            again.until(lambda _: view.payment_id in again.open_ids())
            again.until(lambda _: gateway.asked > asked)
            now = int(time.time() * 1000)
            start, end = day_bounds_ms(day_of(now))
            report = payments_json(again.till.journal.between(start, end).result(), day_of(now), start)
            assert (report["open_count"], report["paid_count"]) == (1, 0), "apart from what is sure, and not lost"
            gateway.says_now(paid())
            assert again.ask_until(view.payment_id, Stage.PAID).stage is Stage.PAID


def test_f02_a_scan_is_never_in_the_log(
    scripted: MakeGateway, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with scripted(says(return_code=3)) as gateway, till_at(gateway, tmp_path) as till:
        text = gateway.customer.fresh_code()
        till.till.scanned(text, time.monotonic_ns())
        seen = till.until(lambda one: isinstance(one, Seen))
        assert isinstance(seen, Seen)
        assert isinstance(seen.read, PaymentCode)
        assert text not in repr(seen) + caplog.text
        seen.read.forget()
