"""A fourth gateway as a newcomer would write it, by the README's recipe. Its bank is a book in memory."""

from dataclasses import dataclass, field

from pos_app.gateways.gateway import AboutToSend, Created, Order, PayMethod
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.refund import Refund

NEW, PAID, OVER = AnswerClass.PROCESSING, AnswerClass.PAID, AnswerClass.NEGATIVE


@dataclass
class Bank:
    """Orders by id: what it costs, how it stands. Refunds by id: of which payment, how much, 0 when refused."""

    orders: dict[str, tuple[int, AnswerClass]] = field(default_factory=dict)
    refunds: dict[str, tuple[str, int]] = field(default_factory=dict)


class FastPay:
    """A `Gateway`."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    async def open_ahead(self) -> None:
        pass

    async def submit(self, order: Order, code: PaymentCode, about_to_send: AboutToSend) -> Answer:
        code.take()
        return await self._enter(order, PAID, about_to_send)

    async def create(self, order: Order, life_s: int, method: PayMethod, about_to_send: AboutToSend) -> Created:
        answer = await self._enter(order, NEW, about_to_send)
        return Created(answer, order_url=f"https://fast.example/{order.app_trans_id}" if answer.meaning is NEW else "")

    async def _enter(self, order: Order, state: AnswerClass, about_to_send: AboutToSend) -> Answer:
        await about_to_send()
        if order.app_trans_id in self._bank.orders:
            return Answer(AnswerClass.DUPLICATE)
        self._bank.orders[order.app_trans_id] = (order.amount, state)
        return await self.query(order.app_trans_id)

    async def query(self, app_trans_id: str) -> Answer:
        amount, state = self._bank.orders.get(app_trans_id, (0, AnswerClass.NOT_FOUND))
        return Answer(state, zp_trans_id=f"F{app_trans_id}", amount=amount) if state is PAID else Answer(state)

    async def cancel(self, app_trans_id: str) -> Answer:
        amount, state = self._bank.orders[app_trans_id]
        self._bank.orders[app_trans_id] = (amount, state if state is PAID else OVER)
        return Answer(AnswerClass.UNUSABLE if state is PAID else PAID)

    async def refund(self, refund: Refund, about_to_send: AboutToSend) -> Answer:
        await about_to_send()
        if refund.m_refund_id in self._bank.refunds:
            return Answer(AnswerClass.DUPLICATE)
        back = sum(dong for number, dong in self._bank.refunds.values() if number == refund.zp_trans_id)
        fits = back + refund.amount <= self._bank.orders[refund.zp_trans_id[1:]][0]
        self._bank.refunds[refund.m_refund_id] = (refund.zp_trans_id, refund.amount if fits else 0)
        return await self.query_refund(refund.m_refund_id)

    async def query_refund(self, m_refund_id: str) -> Answer:
        _, amount = self._bank.refunds.get(m_refund_id, ("", None))
        if not amount:
            return Answer(AnswerClass.NOT_FOUND if amount is None else OVER)
        return Answer(PAID, zp_trans_id=f"R{m_refund_id}")

    async def close(self) -> None:
        pass
