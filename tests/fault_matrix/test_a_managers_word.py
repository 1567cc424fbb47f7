"""The rows in which a person decides (F07, F08, F34, F46, F83), and the journal that came from a backup (F59)."""

import secrets
import shutil
from pathlib import Path

import pytest

from pos_app.checkout.events import ActDone, ActRefused, RecentView
from pos_app.checkout.views import PaymentView, Stage, Work
from pos_app.journal.backup import back_up, restore
from pos_app.journal.errors import MovedJournalError
from pos_app.journal.store import Journal
from pos_app.payments.acts import Act
from pos_app.payments.payment import MINUTE_MS
from pos_app.sandbox.server import Sandbox
from tests.clocks import FastClock
from tests.end_to_end.world import let_pass
from tests.fault_matrix.gateway import (
    AMOUNT,
    CANCEL,
    PROCESSING,
    REFUND,
    REFUNDED,
    Held,
    MakeGateway,
    failed,
    paid,
    silent,
)
from tests.fault_matrix.world import (
    DO_NOT_CHARGE,
    NOT_PAID,
    PIN,
    BuiltIn,
    FaultCounter,
    on_disk,
    quiet,
    set_pin,
    the_one,
    till_at,
)


def act(till: FaultCounter, what: Act, payment_id: str, *, pin: str = PIN, reason: str = "paid_another_way") -> object:
    """Do it; what was answered."""
    note = "Đã xem trên trang của tiệm"
    till.till.act(what, payment_id, pin=pin, by="Chị Hằng", reason=reason, note=note)
    return till.until(lambda told: isinstance(told, ActDone | ActRefused))


@pytest.mark.parametrize("truth", ["paid", "cancelled"])
def test_f07_a_cancel_is_wished_while_it_is_sent(scripted: MakeGateway, tmp_path: Path, truth: str) -> None:
    """Noted, kept, told to the gateway; what becomes of it is still the gateway's word alone."""
    answer = Held(PROCESSING)
    with scripted(answer, PROCESSING) as gateway:
        with till_at(gateway, tmp_path) as till:
            till.scan(AMOUNT)
            payment_id = till.until_stage(Stage.SENDING).payment_id
            assert answer.asked.wait(60)
            till.till.cancel(payment_id)
            till.until(lambda told: isinstance(told, PaymentView) and told.cancel_wished)
            assert not till.stages() & {Stage.PAID, *NOT_PAID}
            answer.let_go()
            while not gateway.forms(CANCEL):
                till.till.ask_now(payment_id)
                quiet(0.05)
            assert the_one(tmp_path).settled == ()
            assert not till.stages() & {Stage.PAID, *NOT_PAID}
        gateway.says_now(paid() if truth == "paid" else failed(-54))
        with till_at(gateway, tmp_path) as again:
            ended = again.ask_until(payment_id, Stage.PAID, *NOT_PAID)
            assert ended.cancel_wished, "the wish came through the restart"
            assert ended.stage is (Stage.PAID if truth == "paid" else Stage.DECLINED)
            assert len(gateway.forms(CANCEL)) == 1
            assert len(gateway.creates) == 1


@pytest.mark.usefixtures("quick_limits")
def test_f08_a_manager_lets_the_sale_go_on(scripted: MakeGateway, tmp_path: Path) -> None:
    with scripted(silent, PROCESSING) as gateway:
        with till_at(gateway, tmp_path) as till:
            set_pin(tmp_path)
            till.scan(AMOUNT)
            first = till.until_stage(Stage.UNKNOWN, *NOT_PAID)
            told = act(till, Act.RELEASE, first.payment_id, pin="602915")
            assert isinstance(told, ActRefused)
            assert the_one(tmp_path).acts == ()
            quiet(told.wait_s + 0.3)
            till.scan(AMOUNT, retry_of=first.payment_id)
            assert DO_NOT_CHARGE in till.until_refused().advice.vi, "not without the manager"
            assert isinstance(act(till, Act.RELEASE, first.payment_id), ActDone)
            assert the_one(tmp_path).acts == ("release",)
            assert the_one(tmp_path).state in ("unknown", "processing"), "a release proves nothing"
            till.scan(AMOUNT, retry_of=first.payment_id)
            till.until(lambda _: len(gateway.creates) == 2)
        states = [one.state for one in on_disk(tmp_path)]
        assert len(states) == 2
        assert not set(states) & {"paid", "failed", "not_sent", "not_created"}
        with till_at(gateway, tmp_path) as again:
            again.until(lambda _: set(again.open_ids()) == set(gateway.creates))  # both are asked about still


def test_f34_a_release_is_offered_while_it_is_processed(scripted: MakeGateway, tmp_path: Path) -> None:
    """After three minutes a manager can decide too, not sooner; the asking goes on in any case."""
    clock = FastClock()
    with scripted(PROCESSING, PROCESSING) as gateway, till_at(gateway, tmp_path, clock=clock) as till:
        set_pin(tmp_path)
        till.scan(AMOUNT)
        payment_id = till.until_stage(Stage.PROCESSING).payment_id
        told = act(till, Act.DECIDE_UNPAID, payment_id, reason="portal_says_so")
        assert isinstance(told, ActRefused)
        assert "3 phút" in told.advice.vi
        let_pass(clock, 300, 4 * MINUTE_MS)
        assert isinstance(act(till, Act.DECIDE_UNPAID, payment_id, reason="portal_says_so"), ActDone)
        assert any(isinstance(view, PaymentView) and view.stage is Stage.DECIDED_UNPAID for view in till.all)
        assert (the_one(tmp_path).state, the_one(tmp_path).acts) == ("manual_unpaid", ("decide_unpaid",))
        asked = gateway.asked
        while gateway.asked == asked:
            till.till.ask_now(payment_id)
            quiet(0.05)
        gateway.says_now(paid())
        late = till.ask_until(payment_id, Stage.PAID)
        assert late.work is Work.LATE_MONEY, "the gateway's word beats the person's, and is told"


def test_f46_paid_hours_after_the_sale_was_closed_otherwise(scripted: MakeGateway, tmp_path: Path) -> None:
    clock = FastClock()
    with scripted(PROCESSING, PROCESSING) as gateway:
        with till_at(gateway, tmp_path, clock=clock) as till:
            set_pin(tmp_path)
            till.scan(AMOUNT)
            payment_id = till.until_stage(Stage.PROCESSING).payment_id
            assert isinstance(act(till, Act.RELEASE, payment_id), ActDone)  # the customer paid in cash
            let_pass(clock, 6_000, 180 * MINUTE_MS)
            gateway.says_now(paid())
            late = till.ask_until(payment_id, Stage.PAID)
            assert (late.late, late.work) == (True, Work.LATE_MONEY)
            kept = the_one(tmp_path)
            assert (kept.state, kept.settled, kept.acts) == ("paid", ("paid",), ("release",))
        with till_at(gateway, tmp_path, clock=clock) as again:
            again.till.recent()
            shown = again.until(lambda told: isinstance(told, RecentView))
            assert isinstance(shown, RecentView)
            assert shown.payments[0].work is Work.LATE_MONEY, "still work to do after a restart"
            clock.run(10)
            gateway.refunds_say(REFUNDED, REFUNDED)
            again.till.act(
                Act.REFUND, payment_id, pin=PIN, by="Chị Hằng", reason="paid_twice", amount=AMOUNT, intent="x"
            )  # fmt: skip
            again.until(lambda _: [one.state for one in the_one(tmp_path).refunds] == ["done"])
            assert not [account for account, dong in the_one(tmp_path).ledger.items() if dong], "nothing is left over"
        assert len(gateway.forms(REFUND)) == 1


@pytest.mark.usefixtures("quick_limits")
def test_f83_a_pin_is_guessed(scripted: MakeGateway, tmp_path: Path) -> None:
    """Through the till: each miss waits longer, also after a restart. The whole of it: tests/staff/test_pin_attack."""
    with scripted(silent, PROCESSING) as gateway:
        with till_at(gateway, tmp_path) as till:
            set_pin(tmp_path)
            till.scan(AMOUNT)
            payment_id = till.until_stage(Stage.UNKNOWN, *NOT_PAID).payment_id
            waits = []
            for guess in ("111222", "333444", "555666"):
                told = act(till, Act.RELEASE, payment_id, pin=guess)
                assert isinstance(told, ActRefused)
                waits.append(told.wait_s)
        with till_at(gateway, tmp_path) as again:
            told = act(again, Act.RELEASE, payment_id)
            assert isinstance(told, ActRefused), "the right one too has to wait after a restart"
            assert max(waits) >= 1
            assert told.wait_s >= 1
        assert the_one(tmp_path).acts == ()


# --- F59 --------------------------------------------------------------------------------------------------------------

WORDS = "một hai ba bốn năm"


def test_f59_an_old_backup_is_restored(built_in: BuiltIn, tmp_path: Path) -> None:
    """What happened after the backup is asked for; no id is given twice."""
    sandbox, clock = built_in
    with till_at(sandbox, tmp_path / "lost", clock=clock) as till:
        till.scan(20_000)
        till.until_final()
        back_up(till.till.journal, tmp_path / "backup", WORDS, made_at_ms=clock.wall_ms())
        till.till.next_customer()
        till.scan(30_000)
        till.until(lambda told: isinstance(told, PaymentView) and told.stage is Stage.PAID and told.amount == 30_000)
        before = [one.facts["app_trans_id"] for one in on_disk(tmp_path / "lost")]
        epoch = till.till.journal.epoch
    restored = restore(
        tmp_path / "backup", WORDS, tmp_path / "new", now_ms=clock.wall_ms(), entropy=secrets.token_bytes(16)
    )
    assert restored.epoch == epoch
    with till_at(sandbox, tmp_path / "new", clock=clock) as till:
        assert till.till.journal.epoch != epoch
        till.until(lambda _: [one.state for one in on_disk(tmp_path / "new")] == ["paid", "paid"])
        kept = on_disk(tmp_path / "new")
        assert [(one.facts["amount"], one.state) for one in kept] == [(20_000, "paid"), (30_000, "paid")]
        assert [one.facts["app_trans_id"] for one in kept] == before, "found again under their own ids"
        till.scan(40_000)
        till.until(lambda told: isinstance(told, PaymentView) and told.stage is Stage.PAID and told.amount == 40_000)
        ids = [one.facts["app_trans_id"] for one in on_disk(tmp_path / "new")]
        assert len(set(ids)) == 3
        assert all(one["creates"] == 1 for one in sandbox.orders() if one["app_trans_id"] in ids)


def test_f59_a_cloned_disk(built_in: BuiltIn, tmp_path: Path) -> None:
    """The same folder, once more, on another machine: its journal takes other ids."""
    sandbox, clock = built_in
    with till_at(sandbox, tmp_path / "one", clock=clock) as till:
        till.scan(20_000)
        till.until_final()
        epoch = till.till.journal.epoch
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    (tmp_path / "two" / "journal.install").unlink()  # what another machine's own mark amounts to
    refused(sandbox, tmp_path / "two")
    taken_over(tmp_path / "two", clock)
    ids = []
    for name in ("one", "two"):
        with till_at(sandbox, tmp_path / name, clock=clock) as till:
            till.scan(30_000)
            view = till.until_stage(Stage.PAID)
            ids.append(view.payment_id)
            assert (till.till.journal.epoch == epoch) == (name == "one")
    assert ids[0] != ids[1]


def test_f59_an_old_state_is_put_back_by_hand(built_in: BuiltIn, tmp_path: Path) -> None:
    """The file of this morning over that of this evening: known as what it is, and what is missing is not forgotten."""
    sandbox, clock = built_in
    folder = tmp_path / "data"
    with till_at(sandbox, folder, clock=clock) as till:
        till.scan(20_000)
        till.until_final()
    morning = {path: path.read_bytes() for path in folder.glob("journal.sqlite3*")}
    with till_at(sandbox, folder, clock=clock) as till:
        till.scan(30_000)
        paid_later = till.until_stage(Stage.PAID)
        epoch = till.till.journal.epoch
    for path in folder.glob("journal.sqlite3*"):
        path.unlink()
    for path, content in morning.items():
        path.write_bytes(content)
    refused(sandbox, folder)
    taken_over(folder, clock)
    with till_at(sandbox, folder, clock=clock) as till:
        assert till.till.journal.epoch != epoch
        till.scan(40_000)
        till.until(lambda told: isinstance(told, PaymentView) and told.stage is Stage.PAID and told.amount == 40_000)
        ids = [one.facts["app_trans_id"] for one in on_disk(folder)]
        assert ids[-1] != paid_later.payment_id, "the lost payment's number is not given again"
        assert all(one["creates"] == 1 for one in sandbox.orders() if one["app_trans_id"] in ids)


def refused(sandbox: Sandbox, folder: Path) -> None:
    """Not without a manager: said in words, and nothing is changed."""
    with pytest.raises(MovedJournalError) as caught:
        FaultCounter(sandbox, folder).start()
    assert caught.value.title.vi == "Sổ giao dịch là bản chép"
    assert "quản lý xác nhận" in caught.value.advice.vi


def taken_over(folder: Path, clock: FastClock) -> None:
    """The manager said that it goes on here."""
    Journal.open(folder, till="02", now_ms=clock.wall_ms(), entropy=secrets.token_bytes(16), take_over=True).close()
