"""The gateway's side of a virtual world, with the truth: which orders exist, who paid, what was refunded.

It answers in the codes of ZaloPay's API; what a code means is the real classification's word.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pos_app.gateways.gateway import Created, Order
from pos_app.payments.answer import (
    FAILURE,
    IN_PROGRESS,
    SUCCESS,
    Answer,
    AnswerClass,
    Call,
    classify,
    classify_cancel,
    classify_created,
    classify_refund,
)
from pos_app.payments.payment import GATEWAY_WINDOW_MS, HOUR_MS, MINUTE_MS, STATUS_VALID_MS
from pos_app.payments.refund import Refund
from pos_app.qr.emv import DataObject, write_objects, write_text
from pos_app.simulation.customs import Customs
from pos_app.simulation.faults import Fault, Faults

_TOO_OLD, _TOO_NEW, _CODE_DEAD, _CODE_USED, _ID_KNOWN, _BAD_SIGNATURE = -54, -4, -322, -290, -68, -402
_NO_MONEY, _CANCELLED, _NO_ORDER, _SYSTEM_ERROR, _BUSY, _NO_INFORMATION = -63, -329, -101, -500, -429, -49
WALLET = "vn.zalopay"
"""How its codes name its own wallet."""
_REFUND_ID_KNOWN, _REFUND_TOO_OLD, _REFUND_TOO_MUCH, _NO_REFUND, _REFUND_FAILED = -23, -13, -14, -101, -11


@dataclass(slots=True, eq=False)
class Accepted:
    """An order that the gateway took.

    Attributes:
        order: as it arrived.
        zp_trans_id: its number here.
        at_ms: when it was taken.
        pays_at_ms: when the money moves; None for never.
        fails_at_ms: when it fails; None for never.
        seen_from_ms: before that, questions do not find it.
        lies_until_ms: before that, it is said to have failed.
        lied: something false was said about it.
        took: dong that are taken.
        said: dong that are told, while that differs.
        expires_at_ms: until when a customer can scan it; None for one whose code was scanned by the till.
        code: what is right to show for it, "" for nothing.
        seen: a customer has that before the eyes.
        told_as: who tells of it by itself.
    """

    order: Order
    zp_trans_id: str
    at_ms: int
    took: int
    said: int
    pays_at_ms: int | None = None
    fails_at_ms: int | None = None
    seen_from_ms: int = 0
    lies_until_ms: int = 0
    lied: bool = False
    expires_at_ms: int | None = None
    code: str = ""
    seen: bool = False
    told_as: str = "zalopay"

    def paid(self, now_ms: int) -> bool:
        """Whether the money has moved."""
        return self.pays_at_ms is not None and self.pays_at_ms <= now_ms

    def failed(self, now_ms: int) -> bool:
        """Whether it will never be paid any more."""
        return self.fails_at_ms is not None and self.fails_at_ms <= now_ms

    def waits(self, now_ms: int) -> bool:
        """Whether a customer can pay it at any moment, and nobody has begun to."""
        begun = self.fails_at_ms is None or self.pays_at_ms is not None
        return self.seen and self.expires_at_ms is not None and not begun and not self.failed(now_ms)


@dataclass(slots=True, eq=False)
class TakenRefund:
    """A refund that the gateway took; `done_at_ms` None when it will be declined at `fails_at_ms`."""

    refund: Refund
    done_at_ms: int | None
    fails_at_ms: int | None

    def done(self, now_ms: int) -> bool:
        """Whether the money went back."""
        return self.done_at_ms is not None and self.done_at_ms <= now_ms


@cache
def _answer(call: Call, return_code: int, sub_return_code: int | None) -> Answer:
    if call in (Call.REFUND, Call.QUERY_REFUND):
        meaning = classify_refund(call, return_code, sub_return_code)
    elif call is Call.CANCEL:
        meaning = classify_cancel(return_code, sub_return_code)
    elif call is Call.CREATE_ORDER:
        meaning = classify_created(return_code, sub_return_code)
    else:
        meaning = classify(call, return_code, return_code == IN_PROGRESS, sub_return_code)
    return Answer(meaning, return_code, sub_return_code)


class Bank:
    """The gateway.

    Args:
        now_ms: the true time.
        faults: what goes wrong.
        accepted: told of each order that is taken.
        decided: told of each order when it is decided what becomes of it.
        customs: the ways of this world's gateways.

    Attributes:
        orders: by order id.
        refunds: by refund id.
        codes: until when each payment code that was handed out lives; a used one is gone.
    """

    def __init__(
        self,
        now_ms: Callable[[], int],
        faults: Faults,
        accepted: Callable[[Accepted], None],
        decided: Callable[[Accepted], None],
        customs: Customs,
    ) -> None:
        self._now_ms = now_ms
        self._faults = faults
        self._accepted = accepted
        self._decided = decided
        self._customs = customs
        self.orders: dict[str, Accepted] = {}
        self.refunds: dict[str, TakenRefund] = {}
        self.codes: dict[bytes, int] = {}
        self._turned_away: dict[str, int] = {}

    def new_code(self, life_ms: int) -> str:
        """A customer opens the wallet."""
        code = f"28{len(self.codes):016}"
        self.codes[code.encode()] = self._now_ms() + life_ms
        return code

    # --- orders ------------------------------------------------------------------------------------------------------

    def create(self, order: Order, code: bytes) -> Answer:
        """A charge arrives."""
        refused, now = self._refuse(order), self._now_ms()
        if refused is not None:
            return refused
        if self.codes.get(code, 0) <= now:
            return self._turn_away(order, _CODE_DEAD if code in self.codes else _CODE_USED)
        self.codes[code] = 0
        return self._accept(order, now)

    def charge_wallet(self, order: Order) -> Answer:
        """A charge of a wallet that is linked arrives."""
        return self._refuse(order) or self._accept(order, self._now_ms())

    def _refuse(self, order: Order) -> Answer | None:
        now, known = self._now_ms(), order.app_trans_id in self.orders
        if self._turned_away.get(order.app_trans_id) == _BAD_SIGNATURE or (
            not known and self._faults.strikes(Fault.REQUEST_REFUSED)
        ):
            return self._turn_away(order, _BAD_SIGNATURE)
        ahead = order.app_time_ms - now
        if abs(ahead) > GATEWAY_WINDOW_MS:
            return self._turn_away(order, _TOO_NEW if ahead > 0 else _TOO_OLD)
        return _answer(Call.CREATE, FAILURE, _ID_KNOWN) if known else None

    def _turn_away(self, order: Order, why: int) -> Answer:
        self._turned_away.setdefault(order.app_trans_id, why)
        return _answer(Call.CREATE, FAILURE, why)

    def _enter(self, order: Order, now: int) -> Accepted:
        number = f"zp{len(self.orders)}"
        taken = Accepted(order, number, now, order.amount, order.amount, lied=order.app_trans_id in self._turned_away)
        self.orders[order.app_trans_id] = taken
        if self._faults.strikes(Fault.LAGGING_READ):
            taken.seen_from_ms = now + self._faults.between(500, 90_000)
        return taken

    def _accept(self, order: Order, now: int) -> Answer:
        taken = self._enter(order, now)
        sub = self._fate(taken, now)
        self._accepted(taken)
        self._decided(taken)
        if sub is not None:
            return _answer(Call.CREATE, FAILURE, sub)
        if taken.paid(now):
            return Answer(AnswerClass.PAID, SUCCESS, 1, taken.zp_trans_id, None, order.app_trans_id)
        return _answer(Call.CREATE, IN_PROGRESS, None)

    def _fate(self, it: Accepted, now: int) -> int | None:
        """What becomes of the order; gives the code of a refusal that is said at once."""
        faults = self._faults
        if faults.strikes(Fault.DECLINED):
            it.fails_at_ms = now
            return _NO_MONEY
        if faults.strikes(Fault.STUCK):
            it.fails_at_ms = None if faults.between(0, 2) else now + 15 * MINUTE_MS
            return None
        if faults.strikes(Fault.SLOW_CUSTOMER):
            pays = faults.between(0, 10) > 1
            when = now + faults.between(5_000, 10 * MINUTE_MS if faults.between(0, 4) == 0 else MINUTE_MS)
            it.pays_at_ms, it.fails_at_ms = (when, None) if pays else (None, when)
            return None
        return self._pay(it, now)

    def _pay(self, it: Accepted, now: int) -> int | None:
        faults = self._faults
        it.fails_at_ms = None
        it.pays_at_ms = now + faults.between(0, 10_000) * (faults.between(0, 5) == 0)
        if faults.strikes(Fault.OTHER_AMOUNT):
            it.said = it.took + 1000
            it.took += 1000 * faults.between(0, 2)
        if faults.strikes(Fault.FALSE_FAIL):
            it.lied, it.lies_until_ms = True, now + faults.between(1_000, 2 * MINUTE_MS)
            it.pays_at_ms = it.lies_until_ms
            return _NO_MONEY
        return _SYSTEM_ERROR if faults.strikes(Fault.SYSTEM_ERROR) else None

    # --- what the customer scans -------------------------------------------------------------------------------------

    def show(self, order: Order, life_s: int) -> Created:
        """An order to be shown arrives; its life is counted from now."""
        refused, now = self._refuse(order), self._now_ms()
        if refused is not None:
            return Created(refused)
        it = self._enter(order, now)
        it.expires_at_ms = it.fails_at_ms = now + (self._customs.page_life_ms or life_s * 1000)
        it.told_as = self._customs.tells_as
        self._accepted(it)
        if self._faults.strikes(Fault.SYSTEM_ERROR):
            return Created(_answer(Call.CREATE, FAILURE, _SYSTEM_ERROR))
        created = _answer(Call.CREATE_ORDER, SUCCESS, 1)
        if self._faults.strikes(Fault.WRONG_CODE):
            return Created(created, _qr_code(it.zp_trans_id, order.amount + 1000))
        it.code = _qr_code(it.zp_trans_id, order.amount)
        return Created(created, it.code)

    def scan(self, app_trans_id: str) -> bool:
        """A customer scans what is, or was, shown; whether another try would change nothing."""
        now, it, faults = self._now_ms(), self.orders[app_trans_id], self._faults
        if not it.waits(now):
            return True
        if self._customs.page_life_ms:
            return self._pay_on_the_page(it, now)
        if faults.strikes(Fault.FIRST_TRY_FAILS):
            it.lied, it.lies_until_ms = True, now + faults.between(1_000, 20_000)
            return False
        if faults.strikes(Fault.STUCK):
            it.fails_at_ms = None
        else:
            self._pay(it, now)
            if self._customs.silent and not it.lies_until_ms and faults.strikes(Fault.SLOW_CUSTOMER):
                it.pays_at_ms = now + faults.between(0, 10 * MINUTE_MS)  # a bank at work
        self._decided(it)
        return True

    def _pay_on_the_page(self, it: Accepted, now: int) -> bool:
        """One try, good or bad: it ends the order."""
        if self._faults.strikes(Fault.FIRST_TRY_FAILS):
            it.fails_at_ms = now
        else:
            it.pays_at_ms, it.fails_at_ms = now + self._faults.between(0, 20_000), None
        self._decided(it)
        return True

    # --- questions ---------------------------------------------------------------------------------------------------

    def query(self, app_trans_id: str) -> Answer:
        """A question about an order arrives."""
        now = self._now_ms()
        it = self.orders.get(app_trans_id)
        if self._faults.strikes(Fault.TOO_MANY_REQUESTS):
            return _answer(Call.QUERY, FAILURE, _BUSY)
        if it is None or now < it.seen_from_ms or now > it.at_ms + STATUS_VALID_MS:
            return _answer(Call.QUERY, FAILURE, _NO_ORDER)
        if it.expires_at_ms is not None and now >= it.lies_until_ms and self._is_silent(it, now):
            return _answer(Call.QUERY, _NO_INFORMATION, None)
        if now < it.lies_until_ms or it.failed(now):
            return _answer(Call.QUERY, FAILURE, _NO_MONEY)
        if not it.paid(now):
            return _answer(Call.QUERY, IN_PROGRESS, None)
        # One copy of the books may be wrong for a while.
        said = it.said if it.said == it.took or now < it.at_ms + MINUTE_MS else it.took
        return Answer(AnswerClass.PAID, SUCCESS, 1, it.zp_trans_id, said, app_trans_id)

    def _is_silent(self, it: Accepted, now: int) -> bool:
        """Of some it says that somebody is paying; of the others nobody can tell until they are paid."""
        paying = it.pays_at_ms is not None and it.order.amount // 1000 % 2
        return self._customs.silent and not it.paid(now) and not paying

    def cancel(self, app_trans_id: str) -> Answer:
        """Somebody wants an order not to be paid."""
        now = self._now_ms()
        it = self.orders.get(app_trans_id)
        if it is None or it.paid(now) or it.failed(now) or self._faults.strikes(Fault.NO_CANCEL):
            return _answer(Call.CANCEL, FAILURE, _CANCELLED)
        if self._faults.strikes(Fault.CANCEL_NOT_KEPT):
            return _answer(Call.CANCEL, SUCCESS, 1)
        it.pays_at_ms, it.fails_at_ms, it.lies_until_ms = None, now, 0
        return _answer(Call.CANCEL, SUCCESS, 1)

    # --- refunds -----------------------------------------------------------------------------------------------------

    def refund(self, wanted: Refund) -> Answer:
        """A refund arrives."""
        now = self._now_ms()
        if wanted.m_refund_id in self.refunds:
            return _answer(Call.REFUND, FAILURE, _REFUND_ID_KNOWN)
        if abs(wanted.requested_at_ms - now) > GATEWAY_WINDOW_MS:
            return _answer(Call.REFUND, FAILURE, _REFUND_TOO_OLD)
        order = self.orders.get(wanted.app_trans_id)
        if order is None or not order.paid(now) or wanted.amount > order.took - self.given_back(wanted.app_trans_id):
            return _answer(Call.REFUND, FAILURE, _REFUND_TOO_MUCH)
        slow = self._faults.strikes(Fault.REFUND_SLOW)
        when = now + self._faults.between(0, 6 * HOUR_MS if slow else 8_000)
        declined = self._faults.strikes(Fault.REFUND_DECLINED)
        self.refunds[wanted.m_refund_id] = TakenRefund(wanted, None if declined else when, when if declined else None)
        return _answer(Call.REFUND, SUCCESS if when == now else IN_PROGRESS, None)

    def query_refund(self, m_refund_id: str) -> Answer:
        """A question about a refund arrives."""
        now = self._now_ms()
        it = self.refunds.get(m_refund_id)
        if self._faults.strikes(Fault.TOO_MANY_REQUESTS):
            return _answer(Call.QUERY_REFUND, FAILURE, _BUSY)
        if it is None:
            return _answer(Call.QUERY_REFUND, FAILURE, _NO_REFUND)
        if it.fails_at_ms is not None and it.fails_at_ms <= now:
            return _answer(Call.QUERY_REFUND, FAILURE, _REFUND_FAILED)
        return _answer(Call.QUERY_REFUND, SUCCESS if it.done(now) else IN_PROGRESS, None)

    def given_back(self, app_trans_id: str) -> int:
        """Dong of an order that went back, or will."""
        taken = (it for it in self.refunds.values() if it.refund.app_trans_id == app_trans_id)
        return sum(it.refund.amount for it in taken if it.fails_at_ms is None)


def _qr_code(reference: str, amount: int) -> str:
    """What ZaloPay's codes look like: a block for the wallet, one for bank apps."""
    bank = write_objects([DataObject("00", "970454"), DataObject("01", "99ZP0")])
    blocks = [DataObject("00", "A000000727"), DataObject("01", bank), DataObject("02", "QRIBFTTA")]
    return write_text(
        [
            DataObject("01", "12"),
            DataObject("26", write_objects([DataObject("00", WALLET), DataObject("03", reference)])),
            DataObject("38", write_objects(blocks)),
            DataObject("53", "704"),
            DataObject("54", str(amount)),
            DataObject("58", "VN"),
        ]
    )
