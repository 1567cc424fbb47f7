"""The ways to pay that this till has: which gateway takes a scanned code, which one makes what is shown, whom to ask.

A payment is followed at the gateway that it was begun at, whatever the settings say by now.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pos_app.checkout.refused import RefusedError
from pos_app.gateways.gateway import (
    AboutToSend,
    Created,
    Gateway,
    NotSentCause,
    NotSentError,
    Order,
    PayMethod,
)
from pos_app.money import with_sign
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment import Attempt, fence_ms, shown_fence_ms
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.refund import Refund
from pos_app.words import Text


@dataclass(frozen=True, slots=True)
class Way:
    """One account at one gateway.

    Attributes:
        name: what the journal calls it; see `payments.gateway_names`.
        gateway: where its requests go.
        app_id: our number there; where it has none, one that tells this account from another.
        shows: what it can make for a customer to scan.
        wallet: how its codes name its own wallet, "" for codes of a bank account alone.
        life_s: how long what it shows can be paid, where the gateway leaves no choice.
        amounts: what it takes, in dong; None for any.
        wallets: customers link their wallets here.
        active: the shop uses it now; else it is there for what was begun at it.
    """

    name: str
    gateway: Gateway
    app_id: int
    shows: frozenset[PayMethod] = field(default_factory=frozenset)
    wallet: str = ""
    life_s: int | None = None
    amounts: range | None = None
    wallets: bool = False
    active: bool = True

    def refuse_amount(self, amount: int) -> None:
        """Hold an amount to what the gateway takes.

        Raises:
            RefusedError: it would turn it away.
        """
        if self.amounts is not None and amount not in self.amounts:
            raise RefusedError(
                Text("Cách trả này không nhận số tiền đó", "This way does not take that amount"),
                Text("Nhận từ {least} đến {most}.", "It takes {least} to {most}.").fill(
                    least=with_sign(self.amounts[0]), most=with_sign(self.amounts[-1])
                ),
            )

    def fence_ms(self, app_time_ms: int, code_life_ms: int) -> int:
        """From when on "no such order" means that a scanned code was not charged, on the corrected wall clock.

        A gateway whose orders live on, unpaid, says the same of those that are not paid yet (ZaloPay v1: -49).
        """
        if self.life_s is None:
            return fence_ms(app_time_ms, code_life_ms)
        return shown_fence_ms(app_time_ms + code_life_ms + self.life_s * 1000)


class Ways:
    """All of them. The first one takes the scanned codes.

    Args:
        ways: with distinct names.
    """

    def __init__(self, *ways: Way) -> None:
        self.first = ways[0]
        self._by_name = {way.name: way for way in ways}

    def __iter__(self) -> Iterator[Way]:
        return iter(self._by_name.values())

    @property
    def methods(self) -> tuple[PayMethod, ...]:
        """What can be shown, in the order of `PayMethod`."""
        return tuple(one for one in PayMethod if any(one in way.shows for way in self._by_name.values()))

    def showing(self, method: PayMethod) -> Way:
        """The way that makes what is shown.

        Raises:
            RefusedError: this shop has none for it.
        """
        for way in self._by_name.values():
            if method in way.shows:
                return way
        raise RefusedError(
            Text("Tiệm chưa nhận cách trả này", "This shop does not take that yet"),
            Text("Chọn cách khác, hoặc bật trong cài đặt.", "Choose another way, or turn it on in the settings."),
        )

    @property
    def wallets(self) -> Way | None:
        """The way whose wallets customers link, None where there is none."""
        return next((way for way in self._by_name.values() if way.wallets), None)

    def way(self, attempt: Attempt) -> Way | None:
        """The way that a payment was begun at; None when that account is gone, or is another one by now."""
        way = self._by_name.get(attempt.gateway)
        return way if way is not None and way.app_id == attempt.app_id else None

    def gateway(self, attempt: Attempt) -> Gateway:
        """Whom to ask about a payment; nobody answers when the account that it was begun at is gone."""
        way = self.way(attempt)
        return way.gateway if way is not None else _NOBODY

    async def close(self) -> None:
        """Let go of all connections."""
        for way in self._by_name.values():
            await way.gateway.close()


class _Nobody:
    """An account that this till no longer has: nothing is sent, nothing is known."""

    async def open_ahead(self) -> None:
        pass

    async def submit(self, order: Order, code: PaymentCode, about_to_send: AboutToSend) -> Answer:
        raise NotSentError(NotSentCause.NOT_OFFERED)

    async def create(self, order: Order, life_s: int, method: PayMethod, about_to_send: AboutToSend) -> Created:
        raise NotSentError(NotSentCause.NOT_OFFERED)

    async def query(self, app_trans_id: str) -> Answer:
        return _GONE

    async def cancel(self, app_trans_id: str) -> Answer:
        return _GONE

    async def refund(self, refund: Refund, about_to_send: AboutToSend) -> Answer:
        raise NotSentError(NotSentCause.NOT_OFFERED)

    async def query_refund(self, m_refund_id: str) -> Answer:
        return _GONE

    async def close(self) -> None:
        pass


_GONE = Answer(AnswerClass.UNUSABLE, fault="no_account")
_NOBODY: Gateway = _Nobody()
