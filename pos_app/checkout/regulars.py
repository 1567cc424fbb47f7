"""Regular customers: a wallet is bound once, then charged by its token while the customer stands at the counter.

The customer agrees on the own phone; until then the wish is kept, so that a restart goes on waiting. Tokens are in the
sealed store and on their way to the gateway, nowhere else.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from pos_app.checkout.asking import Tasks
from pos_app.checkout.desk import Desk
from pos_app.checkout.durable import wait
from pos_app.checkout.events import BindingState, BindingView, CustomersView
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.shop import Charge
from pos_app.checkout.views import PaymentView, ScanSource
from pos_app.checkout.ways import Way
from pos_app.clock import Clock
from pos_app.customers.customer import BindingUnderWay, RegularCustomer
from pos_app.customers.errors import CustomersError
from pos_app.customers.store import CustomerStore
from pos_app.gateways.agreement import BIND_LIFE_MS, AgreementGateway, Binding, BindingStatus, BindWish
from pos_app.payments.answer import AnswerClass
from pos_app.payments.payment import Evidence, Source
from pos_app.vietnam_day import yymmdd
from pos_app.words import NOTHING, Text

log = logging.getLogger(__name__)

ASK_EVERY_MS = 3_000
ASK_RARELY_MS = 60_000
_ENDED = (BindingStatus.CANCELLED, BindingStatus.DISABLED)
_Read = TypeVar("_Read")
_NOBODY = Text("Không thấy khách quen này", "No such regular customer")
_NOT_BOUND = Text("Chưa liên kết được", "Not linked")


def _turned_away(one: Evidence) -> bool:
    return one.answer is not None and one.answer.meaning in (AnswerClass.NEGATIVE, AnswerClass.REFUSED)


class Regulars:
    """Knows the regular customers of one till.

    Args:
        store: where they are kept.
        gateway: whose wallets they have.
        way: what their payments are begun at.
        desk: charges them.
        clock: for the waits.
        chance: random bytes, for the ids of the wishes.
        tell: called with `CustomersView` and `BindingView`.
        callback_url: where the gateway tells of a binding, "" for nowhere.
    """

    def __init__(  # noqa: PLR0913 - the composition root names each part once
        self,
        store: CustomerStore,
        gateway: AgreementGateway,
        way: Way,
        desk: Desk,
        *,
        clock: Clock,
        chance: Callable[[int], bytes],
        tell: Callable[[object], None],
        callback_url: str = "",
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._way = way
        self._desk = desk
        self._clock = clock
        self._chance = chance
        self._tell = tell
        self._callback_url = callback_url
        self._tasks = Tasks()
        self._wake: dict[str, asyncio.Event] = {}
        self._dropped: set[str] = set()

    async def take_up(self) -> None:
        """At start: go on waiting for those who were asked."""
        for wish in await self._kept(self._store.under_way):
            if wish.dropped:
                self._dropped.add(wish.app_trans_id)
            self._said(wish, BindingState.WAITING)
            self._tasks.spawn(self._follow(wish))

    async def stop(self) -> None:
        """End the waiting; the wishes are kept."""
        await self._tasks.stop()
        await self._gateway.close()

    def told(self, app_trans_id: str) -> None:
        """The gateway said that something happened to a binding: ask now."""
        if app_trans_id in self._wake:
            self._wake[app_trans_id].set()

    async def customers(self) -> tuple[RegularCustomer, ...]:
        """Who they are, by name."""
        return await self._kept(self._store.customers)

    async def tell_customers(self) -> None:
        """Tell who they are."""
        self._tell(CustomersView(await self.customers()))

    # --- binding -----------------------------------------------------------------------------------------------------

    async def bind(self, name: str, max_amount: int = 0) -> BindingView:
        """Ask a customer to bind the wallet; the view says what to show, later ones what came of it.

        Raises:
            RefusedError: it cannot be kept, or the gateway gave nothing to show.
        """
        self._tasks.refuse_when_stopping()
        name = " ".join(name.split())
        now = self._desk.now_ms()
        number = await self._kept(self._store.new_number)
        wish = BindingUnderWay(f"{yymmdd(now)}_b{self._chance(8).hex()}", number, name, max_amount, now)
        await self._keep_wish(wish)
        bound = await self._gateway.bind(BindWish(wish.app_trans_id, number, now, max_amount, self._callback_url))
        if bound.answer.meaning is not AnswerClass.PROCESSING or not bound.link:
            await self._kept(lambda: self._store.drop(wish.app_trans_id))
            raise RefusedError(_NOT_BOUND, Text("Thử lại sau, hoặc thu bằng mã.", "Try later, or scan a code."))
        wish = replace(wish, link=bound.link)
        await self._keep_wish(wish)
        self._tasks.spawn(self._follow(wish))
        return self._said(wish, BindingState.WAITING)

    async def drop(self, app_trans_id: str) -> None:
        """Nobody waits for that customer any more. It is asked about till its end: what was agreed is ended again.

        Raises:
            RefusedError: it cannot be kept: the next start would wait for the customer again.
        """
        self._dropped.add(app_trans_id)
        self.told(app_trans_id)
        await self._kept(lambda: self._store.wait_no_more(app_trans_id))

    async def _keep_wish(self, wish: BindingUnderWay) -> None:
        try:
            await self._kept(lambda: self._store.begin(wish))
        except ValueError:
            raise RefusedError(
                Text("Cần tên khách", "The customer's name is needed"),
                Text("Ghi tên, tối đa 60 ký tự.", "Type a name of at most 60 characters."),
            ) from None

    async def _follow(self, wish: BindingUnderWay) -> None:
        """Ask until the customer has answered, or the gateway says after the end that nobody did."""
        wake = self._wake.setdefault(wish.app_trans_id, asyncio.Event())
        end_ms = wish.asked_at_ms + BIND_LIFE_MS + ASK_EVERY_MS
        try:
            while True:
                wake.clear()
                over = self._desk.now_ms() >= end_ms
                binding = await self._gateway.binding(wish.app_trans_id)
                if await self._is_over(wish, binding, nobody_came=over):
                    return
                await wait(self._clock, ASK_RARELY_MS if over else ASK_EVERY_MS, wake)
        finally:
            del self._wake[wish.app_trans_id]

    async def _is_over(self, wish: BindingUnderWay, binding: Binding, *, nobody_came: bool) -> bool:
        """Keep what came of it; whether that is done. What cannot be kept now is asked for again."""
        try:
            if binding.status is BindingStatus.CONFIRMED or binding.status in _ENDED:
                return await self._ended(wish, binding)
            if nobody_came and binding.answer.meaning is not AnswerClass.UNUSABLE:
                await self._kept(lambda: self._store.drop(wish.app_trans_id))
                self._said(wish, BindingState.OVER)
                return True
        except RefusedError:
            log.exception("a binding could not be kept", extra={"binding": wish.app_trans_id})
        return False

    async def _ended(self, wish: BindingUnderWay, binding: Binding) -> bool:
        """The customer has answered; whether there is nothing left to do about it."""
        token = binding.pay_token
        if wish.app_trans_id in self._dropped and binding.status is BindingStatus.CONFIRMED:
            ended = await self._gateway.unbind(wish.number, binding.binding_id)
            if ended.meaning is not AnswerClass.PAID:
                return False  # the next question tells whether it is ended
            await self._kept(lambda: self._store.drop(wish.app_trans_id))
        elif binding.status is BindingStatus.CONFIRMED and token is not None:
            customer = RegularCustomer(
                wish.number, wish.name, binding.phone, binding.binding_id, self._desk.now_ms(), wish.max_amount,
                binding.expires_at_ms,
            )  # fmt: skip
            await self._kept(lambda: self._store.keep(customer, token, bound_by=wish.app_trans_id))
            self._said(wish, BindingState.BOUND)
            await self.tell_customers()
        else:
            await self._kept(lambda: self._store.drop(wish.app_trans_id))
            self._said(wish, BindingState.REFUSED)
        return True

    def _said(self, wish: BindingUnderWay, state: BindingState) -> BindingView:
        view = BindingView(
            wish.app_trans_id, wish.number, wish.name, state, wish.link if state is BindingState.WAITING else ""
        )
        if wish.app_trans_id not in self._dropped:
            self._tell(view)
        return view

    # --- paying, and letting go ------------------------------------------------------------------------------------

    async def charge(self, number: str, *, amount: int, note: str, retry_of: str = "") -> PaymentView:
        """Charge the wallet of a customer who stands at the counter; see `Desk.charge`.

        Raises:
            RefusedError: nothing was written and nothing was sent.
        """
        customer, token = await self._known(number), await self._kept(lambda: self._store.token(number))
        if token is None:
            raise RefusedError(_NOBODY, Text("Thu bằng mã của khách.", "Scan the customer's code."))
        if customer.max_amount and amount > customer.max_amount:
            raise RefusedError(
                Text("Quá mức khách đã đồng ý", "More than the customer agreed to"),
                Text("Thu bằng mã của khách.", "Scan the customer's code."),
            )
        request = Charge(amount, note, ScanSource.REGULAR, self._desk.now_ms(), retry_of)
        view = await self._desk.charge_by(
            self._way, request, lambda order, about_to_send: self._gateway.charge(order, number, token, about_to_send)
        )
        charged = await self._desk.find(view.payment_id)
        if charged.live and any(one.source is Source.CREATE and _turned_away(one) for one in charged.evidence):
            await self._desk.cancel(view.payment_id)  # the wallet was not charged, but its order is there and open
        return view

    async def payable(self, number: str, amount: int) -> bool | None:
        """Whether the wallet can pay `amount` dong now; None when nobody knows.

        Raises:
            RefusedError: there is no such customer.
        """
        await self._known(number)
        token = await self._kept(lambda: self._store.token(number))
        if token is None:
            return False
        balance = await self._gateway.balance(token, number, amount)
        return balance.payable if balance.answer.meaning is AnswerClass.PROCESSING else None

    async def unbind(self, number: str) -> None:
        """Let a customer go: the token is forgotten only when the gateway has ended the binding.

        Raises:
            RefusedError: it is not known to be ended; nothing was forgotten.
        """
        customer = await self._known(number)
        answer = await self._gateway.unbind(number, customer.binding_id)
        if answer.meaning is not AnswerClass.PAID:
            raise RefusedError(
                Text("Chưa hủy được liên kết", "Not unlinked"),
                Text("Thử lại khi có mạng.", "Try again when there is a network."),
            )
        await self._kept(lambda: self._store.forget(number))
        await self.tell_customers()

    async def _known(self, number: str) -> RegularCustomer:
        customer = await self._kept(lambda: self._store.customer(number))
        if customer is None:
            raise RefusedError(_NOBODY, NOTHING)
        return customer

    async def _kept(self, work: Callable[[], _Read]) -> _Read:
        """The disk is not for the loop to wait on; its trouble is said in words."""
        try:
            return await asyncio.to_thread(work)
        except CustomersError as error:
            raise RefusedError(error.title, error.advice) from error
