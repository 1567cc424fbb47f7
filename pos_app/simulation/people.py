"""The people of a virtual shop: a cashier who is often in a hurry, customers with wallets, a manager with a PIN.

They see what the screen tells them and press what a till lets them press, at the wrong moment too.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from pos_app.checkout.desk import Desk
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.shop import Approval, Charge, Show
from pos_app.checkout.views import PaymentView, ScanSource, Stage
from pos_app.journal.errors import JournalError
from pos_app.payments.acts import DECIDE_AFTER_MS, Act, Reason
from pos_app.payments.payment import HOUR_MS, LIVE, MINUTE_MS, TAKEN, State
from pos_app.payments.payment_code import PaymentCode
from pos_app.simulation.bank import Bank
from pos_app.simulation.checks import Checks
from pos_app.simulation.customs import Customs
from pos_app.simulation.faults import Fault, Faults
from pos_app.simulation.store import Store
from pos_app.simulation.virtual_time import VirtualTime

_OPEN = frozenset({Stage.SENDING, Stage.PROCESSING, Stage.SHOWN, Stage.UNKNOWN})
_NOT_PAID = frozenset({Stage.DECLINED, Stage.NOT_SENT})
_TRIES_MAX = 3
_WHEN_IT_HURTS = 30
"""How much likelier trouble is while a payment has no result."""


class Shop(Protocol):
    """Where they work."""

    time: VirtualTime
    faults: Faults
    chance: Random
    bank: Bank
    store: Store
    checks: Checks
    customs: Customs
    code_life_ms: int

    async def desk(self) -> Desk:
        """The desk of the running program; waits while there is none."""
        ...

    async def charge_wallet(self, request: Charge) -> None:
        """The running program charges the wallet of a regular customer."""
        ...

    async def wait(self, ms: int) -> None:
        """Let true time pass."""
        ...

    async def trouble(self, *, likely: int) -> None:
        """What may befall the computer now."""
        ...

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Somebody else does it meanwhile."""
        ...


@dataclass(frozen=True, slots=True)
class _HeldOut:
    """A payment code, and the run of the program that saw it."""

    text: str
    to: Desk


@dataclass(slots=True)
class _Waiting:
    payment: str
    done: asyncio.Future[None]


class People:
    """Cashier, customers and manager.

    Attributes:
        cash: dong that were paid another way, by sale.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._stages: dict[str, Stage] = {}
        self._newest = ""
        self._seen: set[str] = set()
        self._waiting: _Waiting | None = None
        self._intents = 0
        self.cash: dict[str, int] = {}

    def told(self, view: PaymentView) -> None:
        """The screen shows something."""
        payment, stage = view.payment_id, view.stage
        if payment not in self._stages:
            self._newest = payment
            if self._shop.faults.strikes(Fault.CANCEL_AT_ONCE):
                self._later(self._shop.faults.between(0, 3_000), lambda: self._cancel(payment))
        self._stages[payment] = stage
        if view.shown is not None and payment not in self._seen:
            self._seen.add(payment)
            self._look_at_code(view)
        waiting = self._waiting
        if waiting is not None and waiting.payment == payment and stage not in _OPEN:
            _over(waiting.done)

    # --- at the counter ----------------------------------------------------------------------------------------------

    async def serve(self) -> None:
        """One customer."""
        await self._take_money(1000 * self._shop.faults.between(1, 500), retry_of="", tries=1)

    async def _take_money(self, amount: int, *, retry_of: str, tries: int) -> None:
        """By a code that the customer holds out, by one that the till shows, or by a wallet that is linked."""
        if self._has_cash(retry_of):
            return
        if self._shop.customs.regulars and not self._shop.faults.between(0, 8):
            await self._charge_regular(amount, retry_of=retry_of, tries=tries)
            return
        if self._shop.faults.strikes(Fault.SHOWN):
            await self._show(amount, retry_of=retry_of, tries=tries)
        else:
            await self._charge(amount, retry_of=retry_of, tries=tries)

    async def _charge(self, amount: int, *, retry_of: str, tries: int) -> None:
        shop = self._shop
        code = shop.bank.new_code(shop.code_life_ms)
        desk = await shop.desk()
        if shop.faults.strikes(Fault.DOUBLE_SCAN):
            shop.spawn(self._scan_again(amount, _HeldOut(code, desk)))
        self._newest = ""
        if not await self._do(lambda desk: desk.charge(self._request(desk, amount, retry_of), PaymentCode(code))):
            await shop.wait(1_000)
        if self._newest:
            await self._see_it_through(self._newest, _HeldOut(code, desk), tries)

    async def _charge_regular(self, amount: int, *, retry_of: str, tries: int) -> None:
        shop = self._shop
        self._newest = ""

        def press(desk: Desk) -> Coroutine[Any, Any, None]:
            return shop.charge_wallet(Charge(amount, "", ScanSource.REGULAR, desk.now_ms(), retry_of))

        if not await self._do(press):
            await shop.wait(1_000)
        if self._newest:
            await self._see_it_through(self._newest, None, tries)

    def _request(self, desk: Desk, amount: int, retry_of: str) -> Charge:
        return Charge(amount, "", ScanSource.CAMERA, desk.now_ms(), retry_of)

    async def _see_it_through(self, payment: str, code: _HeldOut | None, tries: int) -> None:
        amount = self._shop.store.payments[payment].account.attempt.amount
        stage = await self._watch(payment, self._shop.faults.between(20_000, 100_000))
        if stage in _OPEN:
            stage = await self._lose_patience(payment, amount, code, tries)
        if stage is Stage.PAID:
            self._maybe_refund(payment)
        elif stage in _NOT_PAID and tries < _TRIES_MAX:
            if self._shop.faults.between(0, 2):
                await self._take_money(amount, retry_of=payment, tries=tries + 1)
            else:
                self._pay_cash(payment, amount)
        elif stage is Stage.MISMATCH:  # a manager's case; others wait at the counter
            (await self._shop.desk()).next_customer()

    async def _watch(self, payment: str, patience_ms: int) -> Stage:
        """Look at the screen until it says something final, or patience is over."""
        if self._stages[payment] in _OPEN:
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting = _Waiting(payment, done)
            self._shop.time.at(self._shop.time.now_ms + patience_ms, lambda: _over(done))
            await done
            self._waiting = None
        return self._stages[payment]

    async def _lose_patience(self, payment: str, amount: int, code: _HeldOut | None, tries: int) -> Stage:
        faults = self._shop.faults
        await self._shop.trouble(likely=_WHEN_IT_HURTS)
        if faults.strikes(Fault.CANCEL, 3 if code is None else 1):
            await self._cancel(payment)
        if faults.strikes(Fault.ASK_NOW):
            (await self._shop.desk()).ask_now(payment)
        if code is not None and faults.strikes(Fault.RESCAN_SAME_CODE):
            await self._scan_again(amount, code)
        if faults.strikes(Fault.SCAN_WHILE_UNKNOWN):
            await self._take_money(amount, retry_of=payment, tries=_TRIES_MAX)
        if faults.strikes(Fault.DECISION_TOO_SOON):
            await self._decide(payment, too_soon=True)
        if faults.strikes(Fault.RELEASE):
            await self._release(payment, amount, tries)
        if faults.strikes(Fault.DECISION):
            self._later(faults.between(3 * MINUTE_MS, 30 * MINUTE_MS), lambda: self._decide(payment))
        await self._watch(payment, faults.between(1_000, 60_000))
        desk = await self._shop.desk()
        desk.next_customer()
        return self._stages[payment]

    async def _scan_again(self, amount: int, code: _HeldOut) -> None:
        """The code that was just used is held out once more."""
        if code.to is await self._shop.desk():  # another run of the program does not know it; the gateway does
            await self._do(lambda desk: desk.charge(self._request(desk, amount, ""), PaymentCode(code.text)))

    # --- what the customer scans -------------------------------------------------------------------------------------

    async def _show(self, amount: int, *, retry_of: str, tries: int) -> None:
        shop = self._shop
        link = shop.faults.strikes(Fault.LINK)
        life_s = shop.faults.between(20, 180) * 60 if link else None
        self._newest = ""
        wanted = Show(amount, "", retry_of=retry_of, link=link, life_s=life_s)
        if not await self._do(lambda desk: desk.show(wanted)):
            await shop.wait(1_000)
        payment = self._newest
        if payment and link:
            self._later(shop.faults.between(MINUTE_MS, 4 * HOUR_MS), lambda: self._end_link(payment, amount))
        elif payment:
            await self._see_it_through(payment, None, tries)

    async def _end_link(self, payment: str, amount: int) -> None:
        """The customer who got a link comes to the counter instead, or is not coming at all."""
        if self._stages[payment] in _OPEN:
            await self._cancel(payment)
            await self._take_money(amount, retry_of=payment, tries=_TRIES_MAX)

    async def _cancel(self, payment: str) -> None:
        await self._do(lambda desk: desk.cancel(payment))
        if payment in self._seen and self._shop.faults.strikes(Fault.SCANS_OLD_CODE):
            self._scan_in(self._shop.faults.between(0, 3 * MINUTE_MS), payment)

    def _look_at_code(self, view: PaymentView) -> None:
        """A customer sees it, and scans it soon, late, at the last second, or not at all."""
        order, faults = self._shop.bank.orders.get(view.payment_id), self._shop.faults
        if order is None or order.expires_at_ms is None:
            return
        order.seen = True
        left_ms = max(0, order.expires_at_ms - self._shop.time.now_ms)
        if faults.strikes(Fault.NOBODY_SCANS):
            return
        after_ms = faults.between(1_500, 20_000)
        if faults.strikes(Fault.SCANS_LATE):
            at_the_end = faults.between(0, 2)
            after_ms = left_ms - faults.between(-500, 2_000) if at_the_end else faults.between(0, left_ms + MINUTE_MS)
        elif view.source is ScanSource.LINK:
            after_ms = faults.between(0, left_ms)
        self._scan_in(after_ms, view.payment_id)

    def _scan_in(self, ms: int, payment: str) -> None:
        shop = self._shop

        def scan() -> None:
            if not shop.bank.scan(payment):
                self._scan_in(shop.faults.between(5_000, 40_000), payment)

        shop.time.at(shop.time.now_ms + ms, scan)

    # --- the money comes another way ---------------------------------------------------------------------------------

    def _pay_cash(self, payment: str, amount: int) -> None:
        """The customer pays another way, unless the screen says that another try has the money, or may have it."""
        store = self._shop.store
        sale = store.payments[payment].account.attempt.sale_id
        tries = [store.payments[one] for one in store.sales[sale]]
        if not any(one.blocks or one.account.verdict.state in TAKEN for one in tries):
            self.cash[sale] = amount

    def _has_cash(self, payment: str) -> bool:
        return bool(payment) and self._shop.store.payments[payment].account.attempt.sale_id in self.cash

    # --- the manager -------------------------------------------------------------------------------------------------

    async def _release(self, payment: str, amount: int, tries: int) -> None:
        if not await self._act(Act.RELEASE, payment, Reason.PAID_ANOTHER_WAY):
            return
        if tries < _TRIES_MAX and self._shop.faults.between(0, 2):
            await self._take_money(amount, retry_of=payment, tries=tries + 1)
        else:
            self._pay_cash(payment, amount)

    async def _decide(self, payment: str, *, too_soon: bool = False) -> None:
        """The manager looks into the gateway's portal."""
        shop = self._shop
        row = shop.store.payments[payment]
        order, account = shop.bank.orders.get(payment), row.account
        paid = order is not None and order.paid(shop.time.now_ms)
        if paid and account.released_at_ms is not None:
            return  # it will be late money
        desk = await shop.desk()
        early = desk.now_ms() < account.attempt.app_time_ms + DECIDE_AFTER_MS
        was = account.verdict.state
        done = await self._act(Act.DECIDE_PAID if paid else Act.DECIDE_UNPAID, payment, Reason.PORTAL_SAYS_SO)
        wrong = done and too_soon and early and was in LIVE and was is not State.MISMATCH
        shop.checks.expect(not wrong, "3.6", payment, "decided before the three minutes were over")

    async def settle_work(self) -> None:
        """In the evening: late money is kept or given back, what the gateway does not answer for is decided."""
        for payment, row in self._shop.store.payments.items():
            account = row.account
            if account.verdict.state is State.PAID and account.late and not account.kept and not account.refunds:
                if self._shop.faults.between(0, 2):
                    await self._act(Act.KEEP, payment, Reason.ON_TRUST)
                else:
                    await self._give_back(payment, account.attempt.amount, self._intent())

    async def _act(self, act: Act, payment: str, reason: Reason) -> bool:
        approval = Approval("Quản lý", reason.value, "seen in the portal, number noted")
        return await self._do(lambda desk: desk.act(act, payment, approval))

    # --- refunds -----------------------------------------------------------------------------------------------------

    def _maybe_refund(self, payment: str) -> None:
        if self._shop.faults.strikes(Fault.REFUND):
            self._later(self._shop.faults.between(1_000, 60 * MINUTE_MS), lambda: self._refund(payment))

    async def _refund(self, payment: str) -> None:
        faults, whole = self._shop.faults, self._shop.store.payments[payment].account.attempt.amount
        amount = whole if faults.between(0, 2) else max(1, whole * faults.between(1, 10) // 10)
        intent = self._intent()
        if faults.strikes(Fault.REFUND_PRESSED_TWICE):
            self._shop.spawn(self._give_back(payment, amount, intent))
        if faults.strikes(Fault.REFUND_OVER_THE_REST):
            self._shop.spawn(self._give_back(payment, whole - amount + 1, self._intent()))
        await self._give_back(payment, amount, intent)

    async def _give_back(self, payment: str, amount: int, intent: str) -> None:
        approval = Approval("Quản lý", Reason.GOODS_RETURNED.value)
        await self._do(lambda desk: desk.refunds.refund(payment, amount, intent, approval))

    def _intent(self) -> str:
        self._intents += 1
        return f"press {self._intents}"

    # --- pressing keys -----------------------------------------------------------------------------------------------

    async def _do(self, press: Callable[[Desk], Coroutine[Any, Any, object]]) -> bool:
        """Whether the till did it; it may refuse, or die meanwhile."""
        desk = await self._shop.desk()
        try:
            await press(desk)
        except (RefusedError, JournalError, asyncio.CancelledError):
            return False
        return True

    def _later(self, ms: int, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        time = self._shop.time
        time.at(time.now_ms + ms, lambda: self._shop.spawn(work()))


def _over(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_result(None)
