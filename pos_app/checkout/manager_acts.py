"""What only a manager allows: the word is complete, the PIN proves whose it is, and only then the act is done.

Which acts there are, when the rules permit them, and for which reasons, stands in `payments.acts`.
"""

from collections.abc import Callable
from dataclasses import astuple, replace

from pos_app.checkout.cash import CashDesk
from pos_app.checkout.desk import Desk
from pos_app.checkout.duty import Duty
from pos_app.checkout.events import ActDone, ActRefused
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.shop import Approval
from pos_app.checkout.staffing import Signature
from pos_app.payments.acts import NOTE_LENGTH_MIN, Act, reasons, wants_proof
from pos_app.payments.gateway_names import CASH, named
from pos_app.payments.reason import TOO_LONG, is_too_long
from pos_app.staff.errors import PinError
from pos_app.staff.permissions import OF_ACT
from pos_app.words import Text, same


class ManagerActs:
    """Does what a manager allows, at the desk or at the drawer. Lives on the desk's loop.

    Args:
        desk: acts on payments, and refunds them.
        cash: gives cash back.
        duty: knows by the PIN who it is.
        tell: gets `ActDone` and `ActRefused`.
        tell_open: says anew what is not over.
    """

    def __init__(
        self,
        desk: Desk,
        cash: CashDesk,
        duty: Duty,
        tell: Callable[[object], None],
        tell_open: Callable[[], None],
    ) -> None:
        self._desk, self._cash, self._duty = desk, cash, duty
        self._tell, self._tell_open = tell, tell_open

    async def allow(self, act: Act, payment_id: str, pin: str, approval: Approval, *, amount: int, intent: str) -> None:
        """Do it, under the name that the PIN proves.

        Raises:
            PinError: not the PIN.
            RefusedError: the rules forbid it, something of the manager's word is missing, or nobody of that name may.
        """
        of_cash = act is Act.REFUND and await self._cash.record(payment_id) is not None
        gateway = CASH if of_cash else (await self._desk.find(payment_id)).attempt.gateway
        approval = _held_to_the_rule(act, gateway, approval)
        by, by_id = await self._duty.approve(OF_ACT[act], Signature(approval.by, pin))
        approval = replace(approval, by=by, by_id=by_id)
        if of_cash:
            await self._cash.give_back(payment_id, amount, intent, approval)
        elif act is Act.REFUND:
            await self._desk.refunds.refund(payment_id, amount, intent, approval)
        else:
            await self._desk.act(act, payment_id, approval)

    async def run(self, act: Act, payment_id: str, pin: str, approval: Approval, *, amount: int, intent: str) -> None:
        """Do it for a screen. Told as `ActDone` or `ActRefused`, and the payment's views."""
        try:
            await self.allow(act, payment_id, pin, approval, amount=amount, intent=intent)
        except (PinError, RefusedError) as error:
            self._tell(ActRefused(act, payment_id, error.title, error.advice, getattr(error, "wait_s", 0)))
            return
        self._tell(ActDone(act, payment_id))
        if await self._cash.record(payment_id) is not None:  # the screen of the refund follows it from here on
            self._tell(await self._cash.view(payment_id))
        self._tell_open()


def _held_to_the_rule(act: Act, gateway: str, approval: Approval) -> Approval:
    """The manager's word: who, why and on what proof.

    Raises:
        RefusedError: something is missing.
    """
    by, reason, note, number = (one.strip() for one in astuple(approval)[:4])
    if not by:
        raise RefusedError(
            Text("Thiếu tên quản lý", "The manager's name is missing"), Text("Ghi ai cho phép.", "Say who allows it.")
        )
    if reason not in reasons(act, gateway):
        title = Text("Lý do không có trong danh sách", "The reason is not on the list")
        raise RefusedError(title, same(", ".join(reasons(act, gateway))))
    if wants_proof(act, gateway) and len(note) < NOTE_LENGTH_MIN:
        title = Text("Cần ghi chú", "A note is needed")
        advice = Text("Ghi ít nhất {n} ký tự: đã xem ở đâu.", "Write at least {n} characters: where it was seen.")
        raise RefusedError(title, advice.fill(n=NOTE_LENGTH_MIN))
    if is_too_long(note):
        raise RefusedError(*TOO_LONG)
    if act is Act.DECIDE_PAID and wants_proof(act, gateway) and not number:
        title = Text("Thiếu mã giao dịch ZaloPay", "ZaloPay's transaction number is missing")
        advice = Text("Chép từ trang ZaloPay của tiệm.", "Copy it from the shop's ZaloPay portal.")
        raise RefusedError(named(title, gateway), named(advice, gateway))
    return Approval(by, reason, note, number)
