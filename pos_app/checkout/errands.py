"""What another program of the same user may have the till do: acts with the manager's PIN, cancel, ask, back up.

Questions and answers are plain values, for the door and for commands alike. A refusal is an answer too, in words. How
they travel is not known here; nothing here keeps a PIN or a passphrase, or lets one out.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pos_app.checkout.cash import CashDesk
from pos_app.checkout.cash_views import cash_story, cash_view
from pos_app.checkout.desk import Desk
from pos_app.checkout.manager_acts import ManagerActs
from pos_app.checkout.records import payment_json, record_story, record_view
from pos_app.checkout.refused import RefusedError, refusal
from pos_app.checkout.regulars import Regulars
from pos_app.checkout.shift_errands import ShiftErrands
from pos_app.checkout.shop import Approval, Show
from pos_app.checkout.staff_errands import StaffErrands
from pos_app.gateways.banks import Bank, BankListError
from pos_app.gateways.gateway import PayMethod
from pos_app.journal.backup import back_up
from pos_app.journal.cash_rows import sale
from pos_app.journal.errors import JournalError
from pos_app.journal.projections import PaymentRecord
from pos_app.journal.store import Journal
from pos_app.payments.acts import Act
from pos_app.payments.payment import LIVE
from pos_app.staff.errors import PinError, WaitError
from pos_app.words import Text

Given = dict[str, Any]

_NONE_SUCH = Text("Không thấy giao dịch", "No such payment")
_LOOK = Text("Xem mã đơn bằng `pos-app payments`.", "See the order ids with `pos-app payments`.")


def cash_told(journal: Journal, wanted: str) -> dict[str, Any] | None:
    """A cash sale with its time line, None when no slip of one has that number. Blocks.

    Raises:
        JournalError: the journal cannot be read.
    """
    record = journal.read(lambda connection: sale(connection, wanted)).result()
    if record is None:
        return None
    answer = payment_json(cash_view(record, demo=False), cash_story(record))
    for refund, one in zip(answer["refunds"], record.refunds, strict=True):
        refund["intent"] = one.intent
    return answer


def find_payment(journal: Journal, wanted: str) -> PaymentRecord:
    """The payment of an order id or a slip number. Blocks.

    Raises:
        RefusedError: there is none.
        JournalError: the journal cannot be read.
    """
    record = journal.payment(wanted).result() or journal.with_slip(wanted).result()
    if record is None:
        raise RefusedError(_NONE_SUCH, _LOOK)
    return record


def told(journal: Journal, wanted: str) -> dict[str, Any]:
    """A payment with its time line, each refund with its intent; or a refusal. Blocks.

    Raises:
        JournalError: the journal cannot be read.
    """
    cash = cash_told(journal, wanted)
    if cash is not None:
        return cash
    try:
        record = find_payment(journal, wanted)
    except RefusedError as error:
        return refusal(error)
    answer = payment_json(record_view(record), record_story(record))
    for refund, one in zip(answer["refunds"], record.refunds, strict=True):
        refund["intent"] = one.refund.intent
    return answer


def save_backup(journal: Journal, given: Given, now_ms: int) -> dict[str, Any]:
    """Back the journal up into a file. Blocks; payments go on meanwhile."""
    try:
        made = back_up(journal, Path(given["path"]), str(given["passphrase"]), made_at_ms=now_ms)
    except JournalError as error:
        return refusal(error)
    except ValueError:
        short = Text("Mật khẩu quá ngắn", "The passphrase is too short")
        return refusal(RefusedError(short, Text("Dùng ít nhất 8 ký tự.", "Use at least 8 characters.")))
    return {"till": made.till, "entries": made.entries, "head": made.head, "made_at_ms": made.made_at_ms}


class Errands:
    """Runs the errands that move something. Lives on the desk's loop.

    Args:
        desk: does the work.
        regulars: the regular customers.
        acts: what a manager allows with the PIN.
        staff: who works here.
        banks: asks the gateway for the banks whose form an order can open with.
        shifts: opens and closes them.
        cash: takes cash.
    """

    def __init__(  # noqa: PLR0913 - the composition root names each part once
        self,
        desk: Desk,
        regulars: Regulars,
        *,
        acts: ManagerActs,
        staff: StaffErrands,
        banks: Callable[[], Awaitable[tuple[Bank, ...]]],
        shifts: ShiftErrands,
        cash: CashDesk,
    ) -> None:
        self._desk = desk
        self._acts = acts
        self._cash = cash
        self._regulars = regulars
        self._list_banks = banks
        self._errands: dict[str, Callable[[Given], Any]] = {
            "act": self._act,
            "cancel": self._cancel,
            "ask": self._ask,
            "show": self._show,
            "banks": self._banks,
            "customers": self._customers,
            "bind": self._bind,
            "balance": self._balance,
            "charge_customer": self._charge_customer,
            "unbind": self._unbind,
            "staff": staff.answer_change,
            "staff_list": staff.answer_list,
            "shift": lambda given: shifts.answer({**given, "what": "look"}),
            "shift_open": lambda given: shifts.answer({**given, "what": "open"}),
            "shift_close": lambda given: shifts.answer({**given, "what": "close"}),
            "cash": self._take_cash,
            "cash_count": lambda given: shifts.answer({**given, "what": "count"}),
            "cash_move": lambda given: shifts.answer({**given, "what": "move"}),
        }

    async def run(self, errand: str, given: Given) -> dict[str, Any]:
        """Do it. Returns what there is to say of it, or a refusal: then nothing was changed and nothing was sent.

        A refusal with `again` was too early for the PIN to be looked at: the same may be tried after `wait_s`.

        Raises:
            ValueError, KeyError, TypeError: there is no such errand, or it lacks something.
        """
        if errand not in self._errands:
            raise ValueError(errand)
        try:
            return await self._errands[errand](given) or {}
        except PinError as error:
            return refusal(error, again=isinstance(error, WaitError))
        except (RefusedError, JournalError) as error:
            return refusal(error)

    async def _take_cash(self, given: Given) -> dict[str, Any]:
        note, intent = str(given.get("note", "")), str(given["intent"])
        if not intent:
            raise ValueError(intent)
        return payment_json(await self._cash.take(_dong(given), _dong({"amount": given["given"]}), note, intent))

    async def _act(self, given: Given) -> None:
        act, payment_id = Act(given["act"]), str(given["payment"])
        approval = Approval(*(str(given.get(name, "")) for name in ("by", "reason", "note", "number")))
        amount, intent = given.get("amount", 0), str(given.get("intent", ""))
        if act is Act.REFUND and not (type(amount) is int and intent):
            raise ValueError(act)
        await self._acts.allow(act, payment_id, str(given["pin"]), approval, amount=amount, intent=intent)
        if act is Act.REFUND:
            self._desk.refunds.ask_now(payment_id)  # nothing, where it was cash

    async def _cancel(self, given: Given) -> None:
        payment_id = str(given["payment"])
        if not any(view.payment_id == payment_id for view in self._desk.open_views()):
            raise RefusedError(
                Text("Khoản này đã có kết quả", "This payment has its result"),
                Text("Không còn gì để hủy.", "There is nothing left to cancel."),
            )
        await self._desk.cancel(payment_id)

    async def _show(self, given: Given) -> dict[str, Any]:
        """What a customer is to scan, or a link to send."""
        life_s = given.get("life_s")
        if not (life_s is None or type(life_s) is int):
            raise ValueError(life_s)
        wanted = Show(
            _dong(given),
            str(given.get("note", "")),
            PayMethod(given.get("method", PayMethod.ANY)),
            str(given.get("retry_of", "")),
            link=bool(given.get("link")),
            life_s=life_s,
            bank_code=str(given.get("bank_code", "")),
        )
        return payment_json(await self._desk.show(wanted))

    async def _banks(self, _given: Given) -> dict[str, Any]:
        try:
            return {"banks": [asdict(one) for one in await self._list_banks()]}
        except BankListError as error:
            raise RefusedError(error.title, error.advice) from error

    async def _customers(self, _given: Given) -> dict[str, Any]:
        return {"customers": [asdict(one) for one in await self._regulars.customers()]}

    async def _bind(self, given: Given) -> dict[str, Any]:
        bound = await self._regulars.bind(str(given["name"]), int(given.get("max_amount", 0)))
        return {"binding": bound.binding_id, "number": bound.number, "name": bound.name, "link": bound.link}

    async def _balance(self, given: Given) -> dict[str, Any]:
        return {"payable": await self._regulars.payable(str(given["number"]), _dong(given))}

    async def _charge_customer(self, given: Given) -> dict[str, Any]:
        note = str(given.get("note", ""))
        view = await self._regulars.charge(str(given["number"]), amount=_dong(given), note=note)
        return payment_json(view)

    async def _unbind(self, given: Given) -> None:
        await self._regulars.unbind(str(given["number"]))

    async def _ask(self, given: Given) -> None:
        payment_id = str(given["payment"])
        self._desk.ask_now(payment_id)
        self._desk.refunds.ask_now(payment_id)


def _dong(given: Given) -> int:
    amount = given["amount"]
    if type(amount) is not int:
        raise ValueError(amount)
    return amount


def is_open(payment: dict[str, Any]) -> bool:
    """Whether the result of a payment that was `told` is open."""
    return payment["state"] in {state.value for state in LIVE}
