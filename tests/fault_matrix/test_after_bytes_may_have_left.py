"""C, first half (F19–F33): whatever comes back for the charge, nobody is told more than is known.

Each row: what the cashier sees, what lies on the disk, what a restart makes of it, and what must never be.
"""

import asyncio
import gzip
import time
from itertools import pairwise
from pathlib import Path

import pytest

from pos_app.checkout.events import RecentView
from pos_app.checkout.views import Health, Light, PaymentView, Stage
from pos_app.gateways.transport import Limits
from pos_app.payments.schedule import JITTER_PERMILLE
from tests.clocks import FastClock
from tests.end_to_end.conftest import set_limits
from tests.fault_matrix.gateway import (
    AMOUNT,
    NOT_FOUND,
    NUMBER,
    PROCESSING,
    MakeGateway,
    ScriptedGateway,
    failed,
    hang_up,
    paid,
    raw,
    reset,
    says,
    says_bytes,
    silent,
)
from tests.fault_matrix.world import DO_NOT_CHARGE, NOT_PAID, BuiltIn, FaultCounter, on_disk, quiet, the_one, till_at
from tests.gateways.tls_server import Manners, Peer


def is_unknown(view: PaymentView) -> None:
    """M3: not known yet, do not charge again, the till is asking."""
    assert (view.stage, view.cause.vi, view.cause_code) == (Stage.UNKNOWN, "Chưa rõ kết quả", "")
    assert DO_NOT_CHARGE in view.advice.vi
    assert "Do NOT charge again" in view.advice.en


def never_said_not_paid(*tills: FaultCounter) -> None:
    assert not any(till.stages() & NOT_PAID for till in tills)


def unknown_then_paid_after_a_restart(gateway: ScriptedGateway, folder: Path, fault: str) -> None:
    """M3 → UNKNOWN with its class → restart, same id asked → PAID; one charge ever, never "not paid"."""
    with till_at(gateway, folder) as till:
        till.scan(AMOUNT)
        is_unknown(till.until_stage(Stage.UNKNOWN, Stage.PAID, *NOT_PAID))
        kept = the_one(folder)
        assert (kept.state, kept.settled, kept.fault()) == ("unknown", (), fault)
        till.scan(AMOUNT)
        assert DO_NOT_CHARGE in till.until_refused().advice.vi
    assert the_one(folder).state in ("unknown", "processing")
    gateway.says_now(paid())
    with till_at(gateway, folder) as again:
        view = again.until_stage(Stage.PAID, *NOT_PAID)
        assert (view.stage, view.zp_trans_id) == (Stage.PAID, NUMBER)
        kept = the_one(folder)
        assert (kept.state, kept.zp_trans_id, kept.settled) == ("paid", NUMBER, ("paid",))
        assert {form["app_trans_id"] for form in gateway.forms("/v2/query")} == set(gateway.creates)
        never_said_not_paid(till, again)
    assert len(gateway.creates) == 1


DRIP_S = 180


async def drip(peer: Peer) -> None:
    await peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n")
    for _ in range(9000):
        await peer.say(b" ")
        await asyncio.sleep(DRIP_S / 9000)


BOMB = gzip.compress(bytes(20_000_000))
PAID_JSON = b'{"return_code":1,"is_processing":false,"zp_trans_id":261122000004821}'
DEEP = b'{"return_code":1,"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}"


@pytest.mark.usefixtures("quick_limits")
def test_f19_no_answer(scripted: MakeGateway, tmp_path: Path) -> None:
    with scripted(silent, silent) as gateway:
        unknown_then_paid_after_a_restart(gateway, tmp_path, "timeout")


@pytest.mark.parametrize("manners", [reset, hang_up], ids=["reset", "closed"])
def test_f20_reset_after_sending(scripted: MakeGateway, tmp_path: Path, manners: Manners) -> None:
    with scripted(manners, manners) as gateway:
        unknown_then_paid_after_a_restart(gateway, tmp_path, "reset")


@pytest.mark.usefixtures("quick_limits")
@pytest.mark.parametrize("cut_at", [1, 30, len(PAID_JSON) - 1])
def test_f21_answer_cut_in_the_middle(scripted: MakeGateway, tmp_path: Path, cut_at: int) -> None:
    """Also cut where what came is nearly whole: no part of it is used."""
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(PAID_JSON)}\r\n\r\n".encode()
    with scripted(raw(head + PAID_JSON[:cut_at]), silent) as gateway:
        unknown_then_paid_after_a_restart(gateway, tmp_path, "cut")
    answer = the_one(tmp_path).of("create")[0]["answer"]
    assert (answer["return_code"], answer["zp_trans_id"]) == (None, "")


@pytest.mark.usefixtures("quick_limits")
def test_f22_one_byte_after_the_other(scripted: MakeGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        set_limits(patch, Limits(5_000, 1_000, 3_000))
        with scripted(drip, silent) as gateway, till_at(gateway, tmp_path / "first") as till:
            till.scan(AMOUNT)
            till.until_stage(Stage.SENDING)
            till.till.recent()  # the till goes on listening meanwhile
            till.until(lambda view: isinstance(view, RecentView))
            assert not till.stages() & {Stage.UNKNOWN}
            begun = time.monotonic()
            is_unknown(till.until_stage(Stage.UNKNOWN))
            assert time.monotonic() - begun < DRIP_S / 2, "the total deadline counts, not the time between two bytes"
    with scripted(drip, silent) as gateway:
        unknown_then_paid_after_a_restart(gateway, tmp_path / "second", "timeout")


@pytest.mark.parametrize(
    ("manners", "fault"),
    [
        (says_bytes(b" " * 8_000_000 + PAID_JSON), "too_large"),
        (says_bytes(BOMB, headers="Content-Encoding: gzip\r\nContent-Type: application/json\r\n"), "not_json"),
    ],
    ids=["huge", "bomb"],
)
def test_f23_huge_or_packed_body(scripted: MakeGateway, tmp_path: Path, manners: Manners, fault: str) -> None:
    """What it does to memory stands in `test_hostile_gateway`."""
    with scripted(manners, manners) as gateway:
        unknown_then_paid_after_a_restart(gateway, tmp_path, fault)
    assert the_one(tmp_path).of("create")[0]["answer"]["body_size"] <= 64 * 1024


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        ("200 OK", "not_json"),
        ("500 Internal Server Error", "http_500"),
        ("502 Bad Gateway", "http_502"),
        ("503 Service Unavailable", "http_503"),
        ("504 Gateway Timeout", "http_504"),
    ],
)
def test_f24_html_or_a_5xx(scripted: MakeGateway, tmp_path: Path, status: str, fault: str) -> None:
    page = says_bytes(b"<html>bad gateway</html>", status=status, headers="Content-Type: text/html\r\n")
    with scripted(page, page) as gateway:
        unknown_then_paid_after_a_restart(gateway, tmp_path, fault)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 Other", "307 Temporary", "308 Permanent"])
def test_f25_redirect_to_another_host(scripted: MakeGateway, tmp_path: Path, status: str) -> None:
    with scripted(silent) as elsewhere:
        away = says_bytes(b"", status=status, headers=f"Location: {elsewhere.url}/v2/quick_pay\r\n")
        with scripted(away, away) as gateway, till_at(gateway, tmp_path / "light") as till:
            till.scan(AMOUNT)
            is_unknown(till.until_stage(Stage.UNKNOWN))
            light = till.light(Light.GATEWAY)
            assert (light.health, light.cause.vi) == (Health.BAD, "Mạng đổi hướng kết nối")
            assert DO_NOT_CHARGE in light.remedy.vi
        with scripted(away, away) as gateway:
            unknown_then_paid_after_a_restart(gateway, tmp_path / "whole", "redirect")
        assert elsewhere.server.connections == elsewhere.server.handshakes == 0
        assert elsewhere.server.received == b""


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b'{"return_code":"1","is_processing":false,"zp_trans_id":5}', "wrong_type"),
        (b'{"return_code":true,"zp_trans_id":5}', "wrong_type"),
        (b'{"return_code":1.0,"zp_trans_id":5}', "wrong_type"),
        (b'{"return_code":1,"is_processing":"false","zp_trans_id":5}', "wrong_type"),
        (b'{"return_code":1,"zp_trans_id":[5]}', "wrong_type"),
        (b'{"return_code":2,"return_code":1,"zp_trans_id":5}', "not_json"),
        (b'{"return_code":1,"amount":NaN,"zp_trans_id":5}', "not_json"),
        (DEEP, "not_json"),
    ],
    ids=["string", "bool", "float", "string for bool", "list", "twice", "NaN", "deep"],
)
def test_f26_wrong_types_and_worse(
    scripted: MakeGateway, tmp_path: Path, body: bytes, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    with scripted(says_bytes(body), says_bytes(body)) as gateway:
        unknown_then_paid_after_a_restart(gateway, tmp_path, fault)
    assert not [record for record in caplog.records if record.exc_info], "no exception, to nobody"


@pytest.mark.parametrize("number", [{}, {"zp_trans_id": 0}, {"zp_trans_id": "0"}, {"zp_trans_id": ""}], ids=str)
def test_f27_success_without_a_number(scripted: MakeGateway, tmp_path: Path, number: dict[str, object]) -> None:
    lame = says(return_code=1, sub_return_code=1, is_processing=False, amount=AMOUNT, **number)
    with scripted(lame, lame) as gateway:
        unknown_then_paid_after_a_restart(gateway, tmp_path, "no_zp_trans_id")


def test_f28_duplicate_id(scripted: MakeGateway, tmp_path: Path) -> None:
    with scripted(failed(-68), PROCESSING) as gateway:
        with till_at(gateway, tmp_path) as till:
            till.scan(AMOUNT)
            view = till.until_stage(Stage.PROCESSING, Stage.UNKNOWN, *NOT_PAID)
            assert view.stage in (Stage.PROCESSING, Stage.UNKNOWN)
            assert (the_one(tmp_path).state, the_one(tmp_path).meanings("create")) == ("processing", ["duplicate"])
            till.scan(AMOUNT)
            assert DO_NOT_CHARGE in till.until_refused().advice.vi, "no new id for this sale"
            till.ask_until(view.payment_id, Stage.PROCESSING)
        gateway.says_now(paid())
        with till_at(gateway, tmp_path) as again:
            assert again.until_stage(Stage.PAID, *NOT_PAID).stage is Stage.PAID
            assert the_one(tmp_path).settled == ("paid",)
            never_said_not_paid(till, again)
        assert len(gateway.creates) == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (-401, "Yêu cầu chưa đúng mẫu"),
        (-402, "Khóa ZaloPay chưa đúng"),
        (-403, "Khóa ZaloPay chưa đúng"),
        (-405, "ZaloPay chưa nhận tiệm này"),
    ],
)
def test_f29_refused_before_anything_was_done(scripted: MakeGateway, tmp_path: Path, code: int, words: str) -> None:
    clock = FastClock(10)
    with scripted(failed(code), NOT_FOUND) as gateway:
        with till_at(gateway, tmp_path, clock=clock) as till:
            till.scan(AMOUNT)
            view = till.until_stage(*NOT_PAID, Stage.PAID)
            clock.run(1)
            assert (view.stage, view.cause.vi, view.cause_code) == (Stage.DECLINED, words, f"−{-code}")
            kept = the_one(tmp_path)
            assert (kept.state, kept.settled, kept.meanings("create")) == ("failed", ("failed",), ["refused"])
            assert till.till.journal.watched(clock.wall_ms()).result(), "still asked about until the fence"
            quiet(0.2)
            assert len(gateway.creates) == 1, "never tried again by itself"
        before = gateway.asked
        with till_at(gateway, tmp_path, clock=clock) as again:
            again.ask_until_so(view.payment_id, lambda: gateway.asked > before)  # watched also after a restart
            assert the_one(tmp_path).state == "failed"
        gateway.says_now(paid())
        with till_at(gateway, tmp_path, clock=clock) as again:
            assert again.ask_until(view.payment_id, Stage.PAID).late, "should money come after all, it is told"


def test_f29_the_head_of_the_screen_says_so_too(scripted: MakeGateway, tmp_path: Path) -> None:
    """Wrong keys are no matter of one customer: every payment at this till will fail."""
    with scripted(failed(-402), failed(-402)) as gateway, till_at(gateway, tmp_path) as till:
        till.scan(AMOUNT)
        till.until_stage(Stage.DECLINED)
        light = till.light(Light.GATEWAY)
        assert (light.health, light.cause.vi) == (Health.BAD, "Khóa ZaloPay chưa đúng")


def test_f30_too_many_requests(built_in: BuiltIn, tmp_path: Path) -> None:
    sandbox, clock = built_in
    sandbox.arm("too_many_requests")
    with till_at(sandbox, tmp_path, clock=clock) as till:
        till.scan(AMOUNT)
        first = till.until_stage(Stage.PROCESSING, *NOT_PAID)
        assert first.stage is Stage.PROCESSING, "one answer is no proof"
        assert the_one(tmp_path).state == "processing"
        clock.run(10)
        view = till.until_stage(*NOT_PAID, Stage.PAID)
        clock.run(1)
        assert (view.stage, view.cause.vi) == (Stage.DECLINED, "ZaloPay đang bận")
        kept = the_one(tmp_path)
        assert (kept.state, kept.meanings("create"), kept.meanings("query")[-1]) == (
            "failed",
            ["negative"],
            "not_found",
        )
        assert till.gateway_order(view.payment_id)["creates"] == 1


@pytest.mark.usefixtures("quick_limits")
def test_f30_questions_are_not_hammered(scripted: MakeGateway, tmp_path: Path) -> None:
    """Each "too many requests" doubles the wait; how much longer a busy machine makes it is no matter."""
    clock = FastClock(30)
    with scripted(silent, failed(-429)) as gateway, till_at(gateway, tmp_path, clock=clock) as till:
        till.scan(AMOUNT)
        till.until_stage(Stage.UNKNOWN)
        till.until(lambda _: len(the_one(tmp_path).of("query")) >= 4)
        asked = [one["asked_at_ms"] for one in the_one(tmp_path).of("query")]
        gaps = [later - earlier for earlier, later in pairwise(asked)]
        every_ms = 2_000 - 2_000 * JITTER_PERMILLE // 1000
        assert all(gap >= every_ms << answered for answered, gap in enumerate(gaps, start=1)), gaps
        assert till.stages() <= {Stage.SENDING, Stage.UNKNOWN}


@pytest.mark.parametrize("code", [-500, -999])
def test_f31_system_error_or_maintenance(scripted: MakeGateway, tmp_path: Path, code: int) -> None:
    with scripted(failed(code), PROCESSING) as gateway:
        with till_at(gateway, tmp_path) as till:
            till.scan(AMOUNT)
            view = till.until_stage(Stage.PROCESSING, Stage.UNKNOWN, *NOT_PAID)
            till.ask_until(view.payment_id, Stage.PROCESSING, Stage.UNKNOWN)
            assert the_one(tmp_path).state == "processing"
            assert the_one(tmp_path).of("create")[0]["answer"]["sub_return_code"] == code
            never_said_not_paid(till)
        gateway.says_now(paid())
        with till_at(gateway, tmp_path) as again:
            assert again.until_stage(Stage.PAID, *NOT_PAID).stage is Stage.PAID
            never_said_not_paid(again)
        assert len(gateway.creates) == 1


@pytest.mark.parametrize("codes", [(7, None), (0, None), (1777, 4), (3, -9999), (2, 0)], ids=str)
def test_f32_undocumented_code(scripted: MakeGateway, tmp_path: Path, codes: tuple[int, int | None]) -> None:
    code, detail = codes
    members = {"return_code": code} | ({} if detail is None else {"sub_return_code": detail})
    with scripted(says(**members, is_processing=False), says(**members)) as gateway:
        with till_at(gateway, tmp_path) as till:
            till.scan(AMOUNT)
            view = till.until_stage(Stage.UNKNOWN, Stage.PROCESSING, Stage.PAID, *NOT_PAID)
            assert view.stage in (Stage.UNKNOWN, Stage.PROCESSING)
            answer = the_one(tmp_path).of("create")[0]["answer"]
            assert (answer["return_code"], answer["sub_return_code"]) == (code, detail), "the numbers are kept"
            assert the_one(tmp_path).state in ("unknown", "processing")
        gateway.says_now(paid())
        with till_at(gateway, tmp_path) as again:
            assert again.until_stage(Stage.PAID, *NOT_PAID).stage is Stage.PAID
            never_said_not_paid(till, again)


def test_f33_one_failure_that_is_paid_in_truth(scripted: MakeGateway, tmp_path: Path) -> None:
    """Failed by the answer, paid by the first question: nobody was told "not paid"."""
    with scripted(failed(-217), paid()) as gateway, till_at(gateway, tmp_path) as till:
        till.scan(AMOUNT)
        assert till.until_final().stage is Stage.PAID
        never_said_not_paid(till)
        assert (the_one(tmp_path).meanings("create"), the_one(tmp_path).settled) == (["negative"], ("paid",))


def test_f33_a_negative_is_watched_by_itself(scripted: MakeGateway, tmp_path: Path) -> None:
    """Nobody presses anything: the till goes on asking in the background until the gateway's window is over."""
    clock = FastClock()
    with scripted(failed(-217), failed(-217)) as gateway, till_at(gateway, tmp_path, clock=clock) as till:
        till.scan(AMOUNT)
        assert till.until_final().stage is Stage.DECLINED
        till.till.next_customer()
        gateway.says_now(failed(-217), paid())
        clock.run(60)
        flipped = till.until_stage(Stage.PAID)
        assert flipped.late
        assert the_one(tmp_path).settled == ("failed", "paid")


def test_f33_two_agreeing_failures_then_paid(scripted: MakeGateway, tmp_path: Path) -> None:
    with scripted(failed(-217), failed(-217)) as gateway:
        with till_at(gateway, tmp_path) as till:
            till.scan(AMOUNT)
            declined = till.until_final()
            assert (declined.stage, declined.cause.vi) == (Stage.DECLINED, "Ngân hàng không chấp nhận")
            assert (the_one(tmp_path).state, the_one(tmp_path).settled) == ("failed", ("failed",))
            till.till.next_customer()
        gateway.says_now(paid())
        with till_at(gateway, tmp_path) as again:
            flipped = again.ask_until(declined.payment_id, Stage.PAID)
            assert flipped.late, "the head counter gets it as news"
            assert the_one(tmp_path).settled == ("failed", "paid"), "the first result stays in the records"
            again.scan(AMOUNT, retry_of=declined.payment_id)
            assert again.until_refused().title.vi == "Khoản này đã thu rồi"
        assert len(gateway.creates) == 1
    assert len(on_disk(tmp_path)) == 1
