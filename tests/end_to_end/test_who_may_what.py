"""Every act × every role, through the real till and its door: 100 % of the cells. The table is written here once more.

A cell is "yes", "no" or "pin": there it is done by whoever signs it, whatever the person at the till may.
"""

import inspect
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from pos_app.checkout.duty import RIGHT_OF, SIGNED_THEMSELVES, needs
from pos_app.checkout.events import (
    ActDone,
    ActRefused,
    DutyView,
    Refused,
    StaffDone,
    StaffRefused,
)
from pos_app.checkout.staffing import StaffWish, Wish
from pos_app.checkout.views import PaymentView, ScanSource, Stage
from pos_app.clock import MachineClock
from pos_app.door import NotAnsweredError, ask
from pos_app.gateways.gateway import PayMethod
from pos_app.journal import projections
from pos_app.journal.canonical import from_json
from pos_app.journal.entries import ManagerActed, SignedIn, SignedOut, StaffChanged
from pos_app.journal.people import staff_changes
from pos_app.payments.acts import REASONS, Act
from pos_app.payments.payment_code import PaymentCode
from pos_app.sandbox.server import Sandbox
from pos_app.staff.errors import WaitError
from pos_app.staff.permissions import NEEDS, Right
from pos_app.staff.pin import Pins
from pos_app.staff.roles import Role
from pos_app.staff.roster import OWNER_ID
from pos_app.till import Till
from pos_app.ui.commands import Commands
from tests.end_to_end.world import _ONE_MIGRATION_AT_A_TIME, Counter
from tests.staff.doors import CHEAP

PINS = {"owner": "482915", "manager": "271938", "cashier": "604715"}
NAMES = {"owner": "Minh Anh", "manager": "Ngọc Lan", "cashier": "Thu Hà"}
ROLES = ("nobody", "cashier", "manager", "owner")

YES, NO, PIN = "yes", "no", "pin"
ALL, SIGNED_IN, MANAGERS = (YES, YES, YES, YES), (NO, YES, YES, YES), (NO, NO, YES, YES)

COMMANDS: dict[str, tuple[tuple[str, str, str, str], Callable[[Any], dict[str, Any]]]] = {
    "charge": (SIGNED_IN, lambda it: {"amount": 20_000, "note": "", "code": PaymentCode("281234567890123456"),
                                      "source": ScanSource.SCANNER, "scanned_at_ns": 1, "retry_of": ""}),
    "scanned": (SIGNED_IN, lambda it: {"text": "8934563138165", "scanned_at_ns": 1}),
    "show": (SIGNED_IN, lambda it: {"amount": 20_000, "note": "", "method": PayMethod.ANY, "retry_of": ""}),
    "link": (SIGNED_IN, lambda it: {"amount": 20_000, "note": ""}),
    "customers": (SIGNED_IN, lambda it: {}),
    "bind": (SIGNED_IN, lambda it: {"name": "Chị Mai"}),
    "drop_binding": (SIGNED_IN, lambda it: {"binding_id": "x"}),
    "charge_customer": (SIGNED_IN, lambda it: {"number": "kh-1", "amount": 20_000, "note": ""}),
    "unbind": (SIGNED_IN, lambda it: {"number": "kh-1"}),
    "cancel": (SIGNED_IN, lambda it: {"payment_id": it.paid}),
    "ask_now": (ALL, lambda it: {"payment_id": it.paid}),
    "recent": (ALL, lambda it: {}),
    "latest": (ALL, lambda it: {}),
    "find": (ALL, lambda it: {"text": "000001"}),
    "story": (ALL, lambda it: {"payment_id": it.paid}),
    "slip": (ALL, lambda it: {"payment_id": it.paid}),
    "examine": (ALL, lambda it: {}),
    "write_support_report": (ALL, lambda it: {}),
    "back_up": (ALL, lambda it: {"path": it.folder / "a.posbackup", "passphrase": "mat khau cua tiem"}),
    "save_support_report": (MANAGERS, lambda it: {"path": it.folder / "a.txt"}),
    "list_payments": (ALL, lambda it: {"wanted": None}),
    "reprint": (SIGNED_IN, lambda it: {"payment_id": it.paid}),
    "look_at_shift": (SIGNED_IN, lambda it: {}),
    "print_shift": (SIGNED_IN, lambda it: {}),
    "save_shift": (SIGNED_IN, lambda it: {}),
    "open_shift": (SIGNED_IN, lambda it: {}),
    "close_shift": (SIGNED_IN, lambda it: {"number": 1, "seen": (), "reason": "", "by": "", "pin": ""}),
    "take_cash": (SIGNED_IN, lambda it: {"amount": 20_000, "given": 20_000, "note": "", "intent": "x"}),
    "count_cash": (SIGNED_IN, lambda it: {"counted": 0}),
    "export_payments": (MANAGERS, lambda it: {"path": it.folder / "a.csv", "wanted": None}),
    "report": (MANAGERS, lambda it: {"days": None, "choice": None}),
    "export_report": (MANAGERS, lambda it: {"path": it.folder / "a.csv", "days": None, "choice": None}),
    "open_settings": (MANAGERS, lambda it: {}),
    "open_statement": (MANAGERS, lambda it: {"path": it.folder / "a.csv"}),
    "reconcile": (MANAGERS, lambda it: {"path": it.folder / "a.csv", "form": None}),
}  # fmt: skip
"""What the window may send, who may have it done, and something to send."""

FREE = {
    "amount_stands", "next_customer", "look_at_camera", "preferences", "stop", "demo_customer_pays",
    "demo_customer_scans", "demo_customer_agrees", "result_shown",
}  # fmt: skip
"""What moves nothing and tells nothing: the camera's picture, the look, the demo customer's own doing."""
BY_PIN = {"act", "move_cash", "sign_in", "lock", "permit", "give_back", "change_staff", "set_first_pin", "recover_pin"}
"""Each brings its own PIN or code, or shuts the till."""

QUESTIONS: dict[str, tuple[tuple[str, str, str, str], Callable[[Any], dict[str, Any]]]] = {
    "payments": (ALL, lambda it: {}),
    "payment": (ALL, lambda it: {"payment": it.paid}),
    "find": (ALL, lambda it: {"text": "x"}),
    "verify": (ALL, lambda it: {}),
    "staff_list": (ALL, lambda it: {}),
    "printer": (ALL, lambda it: {"what": "status"}),
    "doctor": (ALL, lambda it: {}),
    "support": (MANAGERS, lambda it: {}),
    "drawer": (MANAGERS, lambda it: {}),
    "backup": (ALL, lambda it: {"path": str(it.folder / f"b{time.monotonic_ns()}"), "passphrase": "a long one 123"}),
    "ask": (ALL, lambda it: {"payment": it.paid}),
    "shift": (SIGNED_IN, lambda it: {}),
    "shift_open": (SIGNED_IN, lambda it: {}),
    "shift_close": (SIGNED_IN, lambda it: {}),
    "cash": (SIGNED_IN, lambda it: {"amount": 1, "given": 0, "intent": "x"}),
    "cash_count": (SIGNED_IN, lambda it: {"counted": -1}),
    "cancel": (SIGNED_IN, lambda it: {"payment": it.paid}),
    "show": (SIGNED_IN, lambda it: {"amount": 0}),
    "banks": (SIGNED_IN, lambda it: {}),
    "customers": (SIGNED_IN, lambda it: {}),
    "balance": (SIGNED_IN, lambda it: {"number": "kh-1", "amount": 1}),
    "charge_customer": (SIGNED_IN, lambda it: {"number": "kh-1", "amount": 1}),
    "bind": (SIGNED_IN, lambda it: {"name": ""}),
    "unbind": (SIGNED_IN, lambda it: {"number": "kh-1"}),
    "report": (MANAGERS, lambda it: {}),
    "reconcile": (MANAGERS, lambda it: {}),
}
LOCKED, NEEDS_A_MANAGER = "The till is locked", "This needs: Manager"


class Shop(Counter):
    """A till with an owner, a manager and a cashier, and one paid payment."""

    def begin(self) -> None:
        self.till.pins = Pins(self.folder, MachineClock(), secrets.token_bytes, CHEAP)
        with _ONE_MIGRATION_AT_A_TIME:
            self.till.start()
        self.scan(20_000)
        self.paid = self.until_final().payment_id
        self.till.pins.set_first(PINS["owner"])
        for role in (Role.MANAGER, Role.CASHIER):
            wish = StaffWish(Wish.ADD, name=NAMES[role], role=role, new_pin=PINS[role])
            self.till.change_staff(wish, by=NAMES["owner"], pin=PINS["owner"])
            self.until(lambda told: isinstance(told, StaffDone))

    def stand(self, role: str) -> None:
        """Have this one at the till."""
        if role == "nobody":
            self.till.lock()
        else:
            self.till.sign_in(NAMES[role], pin=PINS[role])
        self.until(lambda told: isinstance(told, DutyView)
                   and (told.person.name if told.person else None) == NAMES.get(role))  # fmt: skip

    def entries(self, *kinds: type) -> list[Any]:
        """What the journal has of these kinds, of no payment."""

        def read(connection: Any) -> list[Any]:
            table = projections.entry.c
            return [from_json(one) for one in connection.scalars(select(table.payload).order_by(table.n))]

        return [one for one in self.till.journal.read(read).result() if isinstance(one, kinds)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    sandbox = Sandbox()
    sandbox.start()
    made = Shop(sandbox, tmp_path_factory.mktemp("shop"))
    made.begin()
    yield made
    made.till.stop()
    sandbox.stop()


@pytest.fixture(autouse=True)
def nobody_missed(shop: Shop) -> None:
    """What another test typed wrong makes nobody wait here: the owner's right PIN takes it back."""
    while True:
        try:
            return shop.till.pins.check(PINS["owner"], forgives=(OWNER_ID, "p1", "p2"))
        except WaitError as error:
            time.sleep(error.wait_s)


def test_nothing_is_left_out() -> None:
    """A new command or question has to say who may, here too."""
    commands = {name for name, _ in inspect.getmembers(Commands, inspect.isfunction) if not name.startswith("_")}
    assert set(COMMANDS) == commands - FREE - BY_PIN
    assert set(QUESTIONS) == set(RIGHT_OF)
    used = {getattr(Till, name).needs for name in COMMANDS} | set(RIGHT_OF.values())
    signed = {Right.RELEASE, Right.DECIDE, Right.REFUND, Right.KEEP, Right.SIGN_OFF, Right.STAFF, Right.RESET_PIN,
              Right.OWN_PIN, Right.RESTORE, Right.KEYS, Right.MOVE_CASH}  # fmt: skip
    assert set(NEEDS) == set(Right)
    assert used | signed == set(Right), "a right that nothing asks for"


def went_through(shop: Shop, name: str, given: dict[str, Any]) -> bool:
    """Send a command to the real till. What it would do is caught at the door to the till's thread."""
    refused: list[Refused] = []
    begun: list[str] = []
    till = shop.till
    post, thread, scans, doctor = till._post, till._thread, till._scans, till.parts.doctor

    def hear(told: object) -> None:
        if isinstance(told, Refused):
            refused.append(told)

    def close(work: Any) -> None:
        work.close()
        begun.append(name)

    till._post = hear
    till._thread = SimpleNamespace(do=close, call=lambda *_: begun.append(name))  # type: ignore[assignment]
    till._unless_refused = lambda command: command  # type: ignore[method-assign, assignment, return-value]
    till._scans = SimpleNamespace(see=lambda *_: begun.append(name))  # type: ignore[assignment]
    till.parts.doctor = SimpleNamespace(  # type: ignore[assignment]
        begin=lambda: begun.append(name),
        begin_report=lambda: begun.append(name),
        save_report=doctor.save_report,
        begin_backup=lambda *_: begun.append(name),
    )
    try:
        getattr(till, name)(**given)
    finally:
        till._post, till._thread, till._scans, till.parts.doctor = post, thread, scans, doctor
        del till._unless_refused
    assert bool(begun) is not bool(refused), f"{name}: neither done nor refused, or both"
    assert all(one.title.en in (LOCKED, NEEDS_A_MANAGER) for one in refused)
    return bool(begun)


@pytest.mark.parametrize("place", range(4), ids=ROLES)
def test_every_command(shop: Shop, place: int) -> None:
    shop.stand(ROLES[place])
    got = {name: YES if went_through(shop, name, given(shop)) else NO for name, (_, given) in COMMANDS.items()}
    assert got == {name: cells[place] for name, (cells, _) in COMMANDS.items()}


def asked(shop: Shop, question: str, **given: Any) -> str:
    """Ask through the real door."""
    try:
        answer = ask(shop.folder, question, **given)
    except NotAnsweredError:
        return YES  # it was let in, and what it lacks is said by the kind of its trouble
    title = answer.get("refused", {}).get("title", {}).get("en", "") if isinstance(answer, dict) else ""
    return NO if title in (LOCKED, NEEDS_A_MANAGER) else YES


@pytest.mark.parametrize("place", range(4), ids=ROLES)
def test_every_question_at_the_door(shop: Shop, place: int) -> None:
    shop.stand(ROLES[place])
    got = {name: asked(shop, name, **given(shop)) for name, (_, given) in QUESTIONS.items() if name != "shift_close"}
    assert got == {name: cells[place] for name, (cells, _) in QUESTIONS.items() if name != "shift_close"}


def test_a_name_with_a_pin_does_it_at_a_locked_till(shop: Shop) -> None:
    shop.stand("nobody")
    assert asked(shop, "customers") == NO
    cashier = {"by": NAMES["cashier"], "pin": PINS["cashier"]}
    assert asked(shop, "customers", who=cashier) == YES
    answer = ask(shop.folder, "report", who=cashier)
    assert answer["refused"]["title"]["en"] == f"{NAMES['cashier']} may not do this"
    wrong = ask(shop.folder, "customers", who={"by": NAMES["manager"], "pin": "739106"})
    assert wrong["refused"]["title"]["en"] == "Wrong PIN"
    time.sleep(wrong["wait_s"] + 0.1)  # the wait after a miss


def test_no_other_question_opens_the_drawer(shop: Shop) -> None:
    shop.stand("nobody")
    with pytest.raises(NotAnsweredError):
        ask(shop.folder, "printer", what="drawer")


ACT_CELLS = dict.fromkeys(Act, (NO, NO, YES, YES))


@pytest.mark.parametrize("place", range(1, 4), ids=ROLES[1:])
@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("at_the_till", ["nobody", "cashier", "owner"])
def test_every_act_is_its_signers(shop: Shop, act: Act, place: int, at_the_till: str) -> None:
    """Whoever stands at the till: the PIN decides, each time."""
    shop.stand(at_the_till)
    role = ROLES[place]
    given = {"act": act.value, "payment": shop.paid, "reason": REASONS[act][0].value, "note": "seen in the portal",
             "number": "1", "amount": 1, "intent": secrets.token_hex(4)}  # fmt: skip
    answer = ask(shop.folder, "act", by=NAMES[role], pin=PINS[role], **given)
    title = answer.get("refused", {}).get("title", {}).get("en", "")
    assert (title == f"{NAMES[role]} may not do this") is (ACT_CELLS[act][place] == NO), answer
    if ACT_CELLS[act][place] == YES:
        assert title == ("" if act is Act.REFUND else "This cannot be done")  # it is paid: the rule has the last word


def test_an_act_is_noted_under_the_name_that_the_pin_proves(shop: Shop) -> None:
    shop.stand("cashier")
    shop.till.act(Act.REFUND, shop.paid, pin=PINS["manager"], by="ngọc lan", reason="goods_returned", amount=1,
                  intent=secrets.token_hex(4))  # fmt: skip
    shop.until(lambda told: isinstance(told, ActDone))
    record = shop.till.journal.payment(shop.paid).result()
    assert record is not None
    acted = [one for _, one in record.entries if isinstance(one, ManagerActed)]
    assert (acted[-1].by, acted[-1].by_id) == (NAMES["manager"], "p1")
    shop.till.act(Act.KEEP, shop.paid, pin=PINS["manager"], by="Nobody Else", reason="on_trust")
    refused = shop.until(lambda told: isinstance(told, ActRefused))
    assert isinstance(refused, ActRefused)
    assert refused.title.en == "There is no such person"


STAFF_CELLS = {
    "add": (NO, NO, YES), "rename": (NO, NO, YES), "role": (NO, NO, YES), "end": (NO, NO, YES),
    "a cashier's pin": (NO, YES, YES), "a manager's pin": (NO, NO, YES), "the owner's pin": (NO, NO, YES),
}  # fmt: skip


@pytest.mark.parametrize("place", range(3), ids=ROLES[1:])
@pytest.mark.parametrize("what", list(STAFF_CELLS))
def test_every_change_of_the_staff(shop: Shop, what: str, place: int) -> None:
    shop.stand("cashier")
    role = ROLES[place + 1]
    people = {one.name: one.id for one in shop.till.duty.staffing.roster.active}
    cashier, manager = people[NAMES["cashier"]], people[NAMES["manager"]]
    by, pin = (f"Bảo {what} {role}"[:40], f"7{place}3{len(what)}95"[:6].ljust(6, "1"))
    wishes = {
        "add": StaffWish(Wish.ADD, name=by, role=Role.CASHIER, new_pin="920473"),
        "rename": StaffWish(Wish.CHANGE, cashier, name=NAMES["cashier"]),
        "role": StaffWish(Wish.CHANGE, cashier, role=Role.CASHIER),
        "end": StaffWish(
            Wish.CHANGE, next((i for n, i in people.items() if n.startswith("Bảo")), cashier), active=True
        ),
        "a cashier's pin": StaffWish(Wish.PIN, cashier, new_pin=PINS["cashier"]),
        "a manager's pin": StaffWish(Wish.PIN, manager, new_pin=PINS["manager"]),
        "the owner's pin": StaffWish(Wish.PIN, OWNER_ID, new_pin=PINS["owner"]),
    }
    own = (what, role) in {("a cashier's pin", "cashier"), ("a manager's pin", "manager"), ("the owner's pin", "owner")}
    shop.till.change_staff(wishes[what], by=NAMES[role], pin=PINS[role])
    told = shop.until(lambda told: isinstance(told, StaffDone | StaffRefused))
    may = own or STAFF_CELLS[what][place] == YES
    assert isinstance(told, StaffDone) is may, told
    assert pin


def test_who_stood_there_is_noted_with_every_change_and_payment(shop: Shop) -> None:
    shop.stand("nobody")
    shop.stand("cashier")
    shop.stand("manager")
    noted = shop.entries(SignedIn, SignedOut)[-3:]
    assert noted == [SignedIn("p2", NAMES["cashier"]), SignedOut("p2"), SignedIn("p1", NAMES["manager"])]
    first = shop.till.journal.read(staff_changes).result()[:3]
    assert [(one.person_id, one.name, one.role, one.by, one.by_id) for one in first] == [
        (OWNER_ID, NAMES["owner"], "owner", NAMES["owner"], OWNER_ID),
        ("p1", NAMES["manager"], "manager", NAMES["owner"], OWNER_ID),
        ("p2", NAMES["cashier"], "cashier", NAMES["owner"], OWNER_ID),
    ]
    assert all(len(one.pin) == 8 for one in first[1:])


def test_a_payment_is_whose_it_was_asked_for(shop: Shop) -> None:
    """Somebody else signs in before its first entry is written: the till's thread is kept busy meanwhile."""
    shop.stand("manager")
    shop.stand("cashier")
    busy, go_on = threading.Event(), threading.Event()

    def be_busy() -> None:
        busy.set()
        go_on.wait(20)

    shop.till._thread.call(be_busy)
    assert busy.wait(20)
    before = len(shop.views)
    duty = shop.till.duty
    shop.scan(30_000)
    duty._signed_in = duty.staffing.find("Ngọc Lan")
    go_on.set()
    view = shop.until(lambda told: isinstance(told, PaymentView) and told.stage is Stage.PAID and told.amount == 30_000)
    assert isinstance(view, PaymentView)
    assert len(shop.views) > before
    record = shop.till.journal.payment(view.payment_id).result()
    assert record is not None
    assert (view.cashier, record.cashier, record.cashier_id) == (NAMES["cashier"], NAMES["cashier"], "p2")
    assert shop.till.journal.payment(shop.paid).result().cashier_id == ""  # type: ignore[union-attr]


def test_control_a_gate_that_stands_open(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk is no formality: with one command beside the gate it fails."""
    monkeypatch.setattr(Till, "report", Till.report.__wrapped__)  # type: ignore[attr-defined]
    shop.stand("cashier")
    assert went_through(shop, "report", COMMANDS["report"][1](shop))
    monkeypatch.setattr(Till, "report", needs(Right.REPORTS)(Till.report))
    assert not went_through(shop, "report", COMMANDS["report"][1](shop))


def test_the_last_question_closes_the_shift(shop: Shop) -> None:
    """Apart, since it changes what the others see."""
    cells = QUESTIONS["shift_close"][0]
    for role, cell in zip(ROLES, cells, strict=True):
        shop.stand(role)
        assert asked(shop, "shift_close", **QUESTIONS["shift_close"][1](shop)) == cell
    assert StaffChanged.kind
    assert {"act", "pin", "staff", "cash_move"} == SIGNED_THEMSELVES
