"""What a scenario is: what becomes of an order or a refund, and what its answers look like on the wire.

The lists stand in `faults` (payments), `refund_faults` and `order_faults`; here is what their lines are made of, and
how the next one is chosen: armed by name, else by the amount.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic, NamedTuple, Protocol, TypeVar

from pos_app.words import Text


class Truth(StrEnum):
    """What really becomes of an order or a refund."""

    DONE = "done"
    """Paid, or the money is back."""
    FAILED = "failed"
    WAITING = "waiting"
    """The customer's phone asks; confirm or decline decides."""
    STUCK = "stuck"
    """In processing for ever."""
    UNRECORDED = "unrecorded"
    """It never comes to exist."""


class Waits(StrEnum):
    """What a scenario's waiting time is for."""

    TRUTH = "truth"
    """It is in processing until then."""
    ANSWER = "answer"
    """The answer leaves only then (for a drip: the time between two bytes)."""
    FOUND = "found"
    """Queries do not find it until then."""
    CALLBACK = "callback"
    """The callback leaves only then."""


class Wire(StrEnum):
    """How the answer leaves the gateway."""

    PLAIN = "plain"
    LOST = "lost"
    LATE = "late"
    CLOSED = "closed"
    RESET = "reset"
    CUT = "cut"
    DRIP = "drip"
    TWICE = "twice"
    EMPTY = "empty"
    GARBAGE = "garbage"
    HTML = "html"
    HUGE = "huge"
    BOMB = "bomb"
    REDIRECT = "redirect"
    WRONG_TYPES = "wrong_types"
    DUPLICATE_KEYS = "duplicate_keys"
    NOT_A_NUMBER = "not_a_number"
    DEEP = "deep"
    HTTP_500 = "http_500"
    HTTP_502 = "http_502"
    HTTP_503 = "http_503"
    HTTP_504 = "http_504"


class Twist(StrEnum):
    """What an answer's members say that is not so."""

    NONE = "none"
    OTHER_AMOUNT = "other_amount"
    OTHER_NUMBER = "other_number"
    OTHER_ORDER = "other_order"
    OTHER_APP = "other_app"
    NO_NUMBER = "no_number"
    ZERO_NUMBER = "zero_number"
    PAID_YET_PROCESSING = "paid_yet_processing"
    FAILED_YET_PROCESSING = "failed_yet_processing"
    PAID_THEN_FAILED = "paid_then_failed"
    CODE_AS_RETURN_CODE = "code_as_return_code"
    QUERY_LIMIT = "query_limit"
    UNPAID_NOT_PROCESSING = "unpaid_not_processing"
    QR_OTHER_AMOUNT = "qr_other_amount"
    QR_WRONG_CRC = "qr_wrong_crc"
    NO_QR = "no_qr"


class Callback(StrEnum):
    """What becomes of the callback of a paid order."""

    RIGHT = "right"
    LOST = "lost"
    TWICE = "twice"
    FORGED = "forged"
    """It comes although nothing is paid, and its signature is wrong."""
    WRONG_MAC = "wrong_mac"
    OTHER_AMOUNT = "other_amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One way an order or a refund can go.

    Attributes:
        name: how a control call names it.
        text: what it does, for people.
        amount: the dong of the payment, refund or shown order that choose it, 0 when only a control call does.
        truth: what becomes of it.
        code: the `sub_return_code` of a failure, negative or 406.
        claim: the `sub_return_code` that the first answer claims, whatever the truth is: 1 success, others a failure,
            0 for none.
        meanwhile: the `sub_return_code` while a refund is in processing, 0 for the usual one.
        waits: what `wait_ms` is for.
        wire: how the answer to the first call leaves.
        twist: what the answers say that is not so.
        late_ms: an order that expired or was cancelled is paid that much later all the same; 0 for never.
        off_by: how many dong more than asked for the customer pays.
        callback: what becomes of the callback.
    """

    name: str
    text: Text
    amount: int = 0
    truth: Truth = Truth.DONE
    code: int = 0
    claim: int = 0
    meanwhile: int = 0
    waits: Waits = Waits.TRUTH
    wait_ms: int = 0
    wire: Wire = Wire.PLAIN
    twist: Twist = Twist.NONE
    late_ms: int = 0
    off_by: int = 0
    callback: Callback = Callback.RIGHT

    def lasting(self, wait_ms: int | None) -> "Scenario":
        """The same scenario with another waiting time, or itself for None."""
        return self if wait_ms is None else replace(self, wait_ms=wait_ms)


_WIRES = {
    Wire.HTTP_500: (501, Text("trả lời là HTTP 500", "the answer is HTTP 500")),
    Wire.HTTP_502: (502, Text("trả lời là HTTP 502", "the answer is HTTP 502")),
    Wire.HTTP_503: (503, Text("trả lời là HTTP 503", "the answer is HTTP 503")),
    Wire.HTTP_504: (504, Text("trả lời là HTTP 504", "the answer is HTTP 504")),
    Wire.LOST: (601, Text("trả lời bị mất", "the answer is lost")),
    Wire.LATE: (602, Text("20 giây sau mới trả lời", "answered after 20 seconds")),
    Wire.RESET: (603, Text("đường truyền đứt đột ngột", "the connection is reset")),
    Wire.CUT: (604, Text("trả lời chỉ có một nửa", "half an answer")),
    Wire.DRIP: (605, Text("mỗi giây một byte", "one byte per second")),
    Wire.GARBAGE: (606, Text("trả lời vô nghĩa", "the answer is garbage")),
    Wire.HTML: (607, Text("trả lời là trang web", "the answer is a web page")),
    Wire.HUGE: (608, Text("trả lời 8 MiB", "an answer of 8 MiB")),
    Wire.BOMB: (609, Text("trả lời nén phình ra 8 MiB", "a packed answer that unfolds to 8 MiB")),
    Wire.REDIRECT: (610, Text("bị chuyển sang nơi khác", "redirected to another host")),
    Wire.WRONG_TYPES: (611, Text("kiểu dữ liệu sai", "members of wrong types")),
    Wire.DUPLICATE_KEYS: (612, Text("tên bị lặp", "members named twice")),
    Wire.NOT_A_NUMBER: (613, Text("có NaN", "with NaN in the answer")),
    Wire.DEEP: (614, Text("lồng 10.000 tầng", "nested 10,000 deep")),
    Wire.EMPTY: (618, Text("trả lời trống", "an empty answer")),
    Wire.CLOSED: (619, Text("đóng kết nối không trả lời", "closed without an answer")),
}
"""What each wire adds to the amount that chooses it, and what it does."""


SOME_WIRES = (
    Wire.HTTP_500, Wire.HTTP_503, Wire.LOST, Wire.LATE, Wire.RESET, Wire.CUT, Wire.DRIP, Wire.GARBAGE, Wire.HTML,
    Wire.WRONG_TYPES, Wire.DUPLICATE_KEYS, Wire.EMPTY, Wire.CLOSED,
)  # fmt: skip
"""Enough for a call of which no worse answer is read than of a payment."""


class Family(NamedTuple):
    """What the scenarios of one call have in common.

    Attributes:
        prefix: how their names begin.
        base: dong; to it each adds its code, or the number of its wire, for the amount that chooses it.
    """

    prefix: str
    base: int

    def declined(self, code: int, name: str, vi: str, en: str, *, after_ms: int = 0) -> Scenario:
        """It fails with `code`."""
        return self._with_code(
            Scenario(name=name, text=Text(vi, en), truth=Truth.FAILED, code=code, wait_ms=after_ms), code
        )

    def refused(self, code: int, name: str, vi: str, en: str) -> Scenario:
        """The request is not accepted: nothing comes to exist."""
        return self._with_code(Scenario(name=name, text=Text(vi, en), truth=Truth.UNRECORDED, claim=code), code)

    def _with_code(self, it: Scenario, code: int) -> Scenario:
        text = Text(f"{it.text.vi} ({code})", f"{it.text.en} ({code})")
        return replace(it, name=f"{self.prefix}{it.name}", amount=self.base + abs(code), text=text)

    def spoiled(self, wires: Iterable[Wire], *, done: Text, truth: Truth = Truth.DONE) -> tuple[Scenario, ...]:
        """One for each wire: all goes well, and the answer leaves that way."""
        return tuple(
            Scenario(
                name=f"{self.prefix}answer_{wire.value}", amount=self.base + _WIRES[wire][0], waits=Waits.ANSWER,
                text=Text(f"{done.vi}, {_WIRES[wire][1].vi}", f"{done.en}, {_WIRES[wire][1].en}"),
                wait_ms={Wire.LATE: 20_000, Wire.DRIP: 1_000}.get(wire, 0), wire=wire, truth=truth,
            )
            for wire in wires
        )  # fmt: skip


class Chosen(Protocol):
    """What can be armed by name or chosen by an amount, 0 for none: a `Scenario`, and AppotaPay's courses."""

    @property
    def name(self) -> str:
        """How a control call names it."""
        ...

    @property
    def amount(self) -> int:
        """The dong that choose it."""
        ...


Kind = TypeVar("Kind", bound=Chosen)


class Repertoire(Generic[Kind]):
    """The scenarios of one call: armed ones first, in their order, then by amount."""

    def __init__(self, scenarios: Iterable[Kind]) -> None:
        self._named = {scenario.name: scenario for scenario in scenarios}
        self._by_amount = {scenario.amount: scenario for scenario in self._named.values() if scenario.amount}
        self._armed: deque[Kind] = deque()

    def named(self, name: str) -> Kind | None:
        """The scenario with that name, if it is one of these."""
        return self._named.get(name)

    def arm(self, scenario: Kind, *, times: int) -> None:
        """Let the next `times` follow the scenario."""
        self._armed.extend([scenario] * times)

    def next(self, amount: int, *, usual: Kind) -> Kind:
        """The scenario that comes now; `usual` when nothing is armed and the amount chooses none."""
        return self._armed.popleft() if self._armed else self._by_amount.get(amount, usual)
