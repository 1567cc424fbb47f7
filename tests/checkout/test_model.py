"""A long life at random against a small model (T9): what the desk says, allows and posts is what the model expects.

The model knows the gateway's truth, and of the shop what was told, what was let go on, what was given back.
It shares no rule with the program. `make test` lives a few lives; POS_APP_SOAK=1 lives 20,000 of 60 steps, which takes
hours; POS_APP_LIVES says another number.
"""

import asyncio
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pos_app.checkout.refused import RefusedError
from pos_app.gateways.gateway import AboutToSend, NotSentError
from pos_app.gateways.gateway import Order as Sent
from pos_app.payments.acts import Act
from pos_app.payments.answer import Answer, AnswerClass, NotSentCause
from pos_app.payments.payment import HOUR_MS, MINUTE_MS, State
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.refund import Refund, RefundState
from tests.checkout.quick import QuickWorld, at_once
from tests.checkout.scripted import NEGATIVE, NOT_FOUND, PROCESSING, UNUSABLE, paid
from tests.journal.power_cut import MEMORY

SOAK = bool(os.environ.get("POS_APP_SOAK"))
LIVES = int(os.environ.get("POS_APP_LIVES", "20000" if SOAK else "12"))
CODE_LIFE_MS = 5 * MINUTE_MS
DECIDE_AFTER_MS = 3 * MINUTE_MS
STATUS_LIFE_MS = 48 * HOUR_MS
BROKE_DOWN = Answer(AnswerClass.NEGATIVE, 2, -500)
REFUSED = Answer(AnswerClass.REFUSED, 2, -402)
DONE = Answer(AnswerClass.PAID, 1)
Result = TypeVar("Result")


# --- the model -------------------------------------------------------------------------------------------------------


@dataclass
class Given:
    """A refund: what became of it there, and what the shop knows."""

    amount: int
    intent: str
    truth: str = "absent"
    known: str = "open"


@dataclass
class Order:
    """A payment: what became of it there, and what the shop knows."""

    id: str
    amount: int
    sale: int
    at_ms: int
    truth: str = "absent"
    coming: bool = False
    known: str = "open"
    released: bool = False
    late: bool = False
    kept: bool = False
    given: dict[str, Given] = field(default_factory=dict)

    @property
    def live(self) -> bool:
        return self.known in ("open", "mismatch")

    @property
    def left(self) -> int:
        return self.amount - sum(one.amount for one in self.given.values() if one.known != "no")

    def may_still_arrive(self, now_ms: int) -> bool:
        return self.coming and self.truth == "absent" and now_ms < self.at_ms + CODE_LIFE_MS

    def surely_unpaid(self, now_ms: int) -> bool:
        return self.truth == "no" or (self.truth == "absent" and not self.may_still_arrive(now_ms))

    def told(self) -> None:
        """The gateway's answer to a question reached the shop's books."""
        if self.truth == "paid" and self.known != "paid":
            # A sale that was let go on may have been paid another way since, whatever a manager decided after that.
            self.late = self.released or not (self.live or self.known == "manual_paid")
            self.known = "paid"
        elif self.truth == "wrong" and self.known == "open":
            self.known = "mismatch"

    def share(self) -> Counter[str]:
        """Its share of the accounts."""
        back = sum(one.amount for one in self.given.values() if one.known == "done")
        owed = "surplus" if self.late and not self.kept else "sales_due"
        if self.known == "paid":
            return Counter({"wallet": self.amount - back, owed: back - self.amount})
        held = {"open": "suspense", "mismatch": "suspense", "manual_paid": "manual"}.get(self.known)
        return Counter({held: self.amount, "sales_due": -self.amount}) if held else Counter()


class TrueGateway:
    """Answers by the truth, when it answers; what becomes of the next request is said beforehand."""

    def __init__(self) -> None:
        self.orders: dict[str, Order] = {}
        self.next: Order | None = None
        self.fate = ""
        self.mute = False
        self.books_closed = False
        self.sent: Counter[str] = Counter()

    async def open_ahead(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def submit(self, order: Sent, code: PaymentCode, about_to_send: AboutToSend) -> Answer:
        fate, it = self.fate, self.next
        assert it is not None
        it.id, self.orders[order.app_trans_id] = order.app_trans_id, it
        if fate == "no network":
            raise NotSentError(NotSentCause.NO_NETWORK)
        await about_to_send()
        code.take()
        self.sent[order.app_trans_id] += 1
        it.truth = {"paid": "paid", "lost, paid": "paid", "wrong": "wrong", "waits": "waits", "lost, waits": "waits",
                    "declined": "no", "refused": "no"}.get(fate, "absent")  # fmt: skip
        it.coming = fate in ("lost, comes", "broke down, comes")
        answers = {"paid": paid(it.amount, self.number(it)), "waits": PROCESSING, "declined": NEGATIVE,
                   "refused": REFUSED, "wrong": PROCESSING, "broke down, comes": BROKE_DOWN}  # fmt: skip
        return answers.get(fate, UNUSABLE)

    async def query(self, app_trans_id: str) -> Answer:
        it = self.orders[app_trans_id]
        if self.mute:
            return UNUSABLE
        if not self.books_closed:
            it.told()
        answers = {"absent": NOT_FOUND, "waits": PROCESSING, "no": NEGATIVE, "paid": paid(it.amount, self.number(it)),
                   "wrong": paid(it.amount - 1, self.number(it))}  # fmt: skip
        return answers[it.truth]

    async def cancel(self, app_trans_id: str) -> Answer:
        it = self.orders[app_trans_id]
        if it.truth != "waits":
            return UNUSABLE
        it.truth = "no"
        return UNUSABLE if self.mute else DONE

    async def refund(self, refund: Refund, about_to_send: AboutToSend) -> Answer:
        fate = self.fate
        given = Given(refund.amount, refund.intent)
        self.orders[refund.app_trans_id].given[refund.m_refund_id] = given
        if fate == "no network":
            raise NotSentError(NotSentCause.NO_NETWORK)
        await about_to_send()
        self.sent[refund.m_refund_id] += 1
        given.truth = {"paid": "done", "lost, paid": "done", "waits": "waits", "lost, waits": "waits",
                       "declined": "no", "refused": "no"}.get(fate, "absent")  # fmt: skip
        answers = {"paid": DONE, "waits": PROCESSING, "declined": NEGATIVE, "refused": REFUSED}
        return answers.get(fate, UNUSABLE)

    async def query_refund(self, m_refund_id: str) -> Answer:
        given = next(it.given[m_refund_id] for it in self.orders.values() if m_refund_id in it.given)
        if self.mute:
            return UNUSABLE
        if given.truth == "done" and not self.books_closed:
            given.known = "done"
        return {"absent": NOT_FOUND, "waits": PROCESSING, "no": NEGATIVE, "done": DONE}[given.truth]

    @staticmethod
    def number(it: Order) -> str:
        return f"zp-{it.id}"


# --- its life ---------------------------------------------------------------------------------------------------------

FATES = st.sampled_from(
    ["paid", "waits", "wrong", "declined", "refused", "no network", "lost, paid", "lost, waits", "lost, comes",
     "lost", "broke down, comes"]
)  # fmt: skip
SAYS = {State.PAID: "paid", State.MISMATCH: "mismatch", State.MANUAL_PAID: "manual_paid",
        State.MANUAL_UNPAID: "manual_unpaid", State.PREPARED: "open", State.SENDING: "open", State.UNKNOWN: "open",
        State.PROCESSING: "open"}  # fmt: skip
REFUND_SAYS = {RefundState.DONE: "done", RefundState.REQUESTED: "open", RefundState.SENDING: "open",
               RefundState.UNKNOWN: "open", RefundState.PROCESSING: "open"}  # fmt: skip


class Life(RuleBasedStateMachine):
    """Whatever a counter may live through, one step after the other."""

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.place = tempfile.TemporaryDirectory(dir=MEMORY)
        self.gateway = TrueGateway()
        self.world = QuickWorld(Path(self.place.name))
        self.world.gateway = self.gateway  # type: ignore[assignment]
        self.patch = at_once()
        self.do(self._open())
        self.orders: list[Order] = []
        self.at_counter: Order | None = None
        self.sales = 0

    async def _open(self) -> None:
        self.world.open()

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        async def then_calm() -> Result:
            try:
                return await work
            finally:
                await self.world.calm()

        return self.loop.run_until_complete(then_calm())

    def allowed(self, work: Coroutine[Any, Any, Any]) -> bool:
        try:
            self.do(work)
        except RefusedError:
            return False
        return True

    @property
    def now_ms(self) -> int:
        return self.world.clock.wall_ms()

    def one(self, pick: int, liked: Callable[[Order], bool] = lambda _: False) -> Order:
        """One of the payments; mostly one of the `liked`, so that acts that are refused do not fill a life."""
        chosen = [it for it in self.orders if liked(it)] if pick % 4 else []
        return (chosen or self.orders)[pick % len(chosen or self.orders)]

    has_orders = precondition(lambda self: bool(self.orders))

    # --- customers and cashiers --------------------------------------------------------------------------------------

    def charge(self, fate: str, amount: int, tried: Order | None) -> None:
        order = Order("", amount, tried.sale if tried else self.sales, self.now_ms)
        self.gateway.fate, self.gateway.next = fate, order
        sale = [it for it in self.orders if it.sale == order.sale]
        free = self.at_counter is None or not self.at_counter.live
        again = not any(it.known in ("paid", "manual_paid") or (it.live and not it.released) for it in sale)
        done = self.allowed(self.world.charge(amount, retry_of=tried.id if tried else ""))
        assert done == (free and again)
        if done:
            self.sales += 1 if tried is None else 0
            self.at_counter = order
            self.orders.append(order)

    @rule(fate=FATES, amount=st.sampled_from([1, 50_000, 999_999]))
    def a_new_sale(self, fate: str, amount: int) -> None:
        self.charge(fate, amount, None)

    @has_orders
    @rule(fate=FATES, pick=st.integers(0, 20))
    def another_try(self, fate: str, pick: int) -> None:
        tried = self.one(pick, lambda it: it.known in ("no", "manual_paid", "manual_unpaid") or it.released)
        self.charge(fate, tried.amount, tried)

    @rule()
    def the_next_customer(self) -> None:
        if self.world.desk.next_customer():
            self.at_counter = None

    @has_orders
    @rule(pick=st.integers(0, 20))
    def cancel(self, pick: int) -> None:
        self.do(self.world.desk.cancel(self.one(pick, lambda it: it.live).id))

    @has_orders
    @rule(pick=st.integers(0, 20), paid=st.booleans())
    def the_customer_decides(self, pick: int, *, paid: bool) -> None:
        it = self.one(pick, lambda it: it.truth == "waits")
        if it.truth == "waits":
            it.truth = "paid" if paid else "no"
        for given in it.given.values():
            given.truth = ("done" if paid else "no") if given.truth == "waits" else given.truth

    @has_orders
    @rule(pick=st.integers(0, 20), paid=st.booleans())
    def a_lost_request_arrives(self, pick: int, *, paid: bool) -> None:
        it = self.one(pick, lambda it: it.coming)
        if it.may_still_arrive(self.now_ms):
            it.truth = "paid" if paid else "waits"

    # --- the manager -------------------------------------------------------------------------------------------------

    def act(self, act: Act, it: Order, *, lawful: bool) -> bool:
        assert self.allowed(self.world.act(act, it.id)) == lawful
        if lawful and act is not Act.KEEP and self.at_counter is it:
            self.at_counter = None
        return lawful

    @has_orders
    @rule(pick=st.integers(0, 20))
    def release(self, pick: int) -> None:
        it = self.one(pick, lambda it: it.live and not it.released)
        it.released |= self.act(Act.RELEASE, it, lawful=it.live and not it.released)

    @has_orders
    @rule(pick=st.integers(0, 20), paid=st.booleans())
    def decide(self, pick: int, *, paid: bool) -> None:
        it = self.one(pick, lambda it: it.live and self.now_ms >= it.at_ms + DECIDE_AFTER_MS)
        lawful = it.live and (it.known == "mismatch" or self.now_ms >= it.at_ms + DECIDE_AFTER_MS)
        if self.act(Act.DECIDE_PAID if paid else Act.DECIDE_UNPAID, it, lawful=lawful):
            it.known = "manual_paid" if paid else "manual_unpaid"

    @has_orders
    @rule(pick=st.integers(0, 20))
    def keep(self, pick: int) -> None:
        it = self.one(pick, lambda it: it.late)
        it.kept |= self.act(Act.KEEP, it, lawful=it.known == "paid" and it.late and not it.kept)

    @has_orders
    @rule(pick=st.integers(0, 20), part=st.sampled_from([1, 2, 3]), press=st.integers(0, 2), fate=FATES)
    def give_back(self, pick: int, part: int, press: int, fate: str) -> None:
        it, self.gateway.fate = self.one(pick, lambda it: it.known == "paid"), fate
        amount, intent = max(1, it.amount * part // 2), f"{it.id} {press}"
        pressed_before = any(given.intent == intent for given in it.given.values())
        before = self.gateway.sent.copy()
        lawful = it.known == "paid" and amount <= it.left
        assert self.allowed(self.world.refund(it.id, amount, intent)) == (lawful or pressed_before)
        if pressed_before or not lawful:
            assert self.gateway.sent == before

    # --- the world ---------------------------------------------------------------------------------------------------

    @rule(ms=st.sampled_from([400, 3_000, 10_000, 40_000, 190_000]))
    def time_passes(self, ms: int) -> None:
        self.do(self.world.clock.move(ms))

    @rule(mute=st.booleans())
    def the_network(self, *, mute: bool) -> None:
        self.gateway.mute = mute

    @rule(ms=st.sampled_from([1_000, 20_000]))
    def the_disk_is_full(self, ms: int) -> None:
        self.world.failing = lambda _entries: True
        self.gateway.books_closed = True
        self.do(self.world.clock.move(ms))
        self.world.failing = lambda _entries: False
        self.gateway.books_closed = False

    @rule(off_ms=st.sampled_from([0, 1_000, 4 * MINUTE_MS, HOUR_MS, 7 * HOUR_MS]))
    def a_restart(self, off_ms: int) -> None:
        self.do(self.world.desk.stop())
        self.world.journal.close()
        self.world.clock.now += off_ms
        self.at_counter = None
        self.do(self._open())
        self.do(self._recover())

    async def _recover(self) -> None:
        await self.world.desk.recover()
        self.world.desk.watch_on()

    # --- what must hold after each step ------------------------------------------------------------------------------

    @invariant()
    def the_desk_says_what_the_model_expects(self) -> None:
        records = {it.id: self.world.journal.payment(it.id).result() for it in self.orders}
        due: Counter[str] = Counter()
        for it in self.orders:
            record = records[it.id]
            assert record is not None
            said = SAYS.get(record.state, "no")
            if said == "no" and it.known == "open":
                assert it.surely_unpaid(self.now_ms), f"{record.state}, and it may still be paid"
                it.known = "no"
            assert (said, record.late, record.kept) == (it.known, it.late, it.kept)
            for refund in record.refunds:
                given = it.given[refund.refund.m_refund_id]
                told = REFUND_SAYS.get(refund.state, "no")
                if told == "no" and given.known == "open":
                    assert given.truth in ("no", "absent")
                    given.known = "no"
                assert told == given.known
            due.update(it.share())
        assert self.do(self.world.posted()) == {name: amount for name, amount in due.items() if amount}
        assert all(times == 1 for times in self.gateway.sent.values()), "nothing was sent twice"
        for it in self.orders:
            assert sum(given.amount for given in it.given.values() if given.truth == "done") <= it.amount

        listed = {view.payment_id for view in self.world.desk.open_views()}
        assert listed == {it.id for it in self.orders if it.live}

    def teardown(self) -> None:
        """Everything comes to its end once network and gateway work (I9)."""
        try:
            if hasattr(self, "orders"):
                self._comes_to_its_end()
        finally:
            if hasattr(self, "loop"):
                self.do(self.world.desk.stop())
                self.world.journal.close()
                self.patch.undo()
                self.loop.close()
                self.place.cleanup()

    def _comes_to_its_end(self) -> None:
        self.gateway.mute = False
        for it in self.orders:
            it.truth = "paid" if it.truth == "waits" else it.truth
            for given in it.given.values():
                given.truth = "done" if given.truth == "waits" else given.truth
        for off_ms in (0, 18 * MINUTE_MS, MINUTE_MS):
            self.a_restart(off_ms)
            self.time_passes(10_000)
        self.the_desk_says_what_the_model_expects()
        self.do(self.world.ledger())
        for it in self.orders:
            if self.now_ms < it.at_ms + STATUS_LIFE_MS:
                assert it.known != "open", f"{it.truth} and still open"
            assert all(given.known != "open" for given in it.given.values())


def live(examples: int, steps: int) -> None:
    settled = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Life, settings=settled)


@pytest.mark.timeout(8 * 3_600 if SOAK else 120)
def test_lives_at_random() -> None:
    live(LIVES, 60 if SOAK else 25)
