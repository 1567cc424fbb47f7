"""Simple sums over the gateway's own books and over what people noted: what every paper and file must say.

Nothing of the journal and of the reports is read here.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from tests.end_to_end.shop_day import Sale

DAY_MS, HOUR_MS, VIETNAM_MS = 86_400_000, 3_600_000, 25_200_000


@dataclass(frozen=True)
class Sum:
    """What came and went."""

    count: int = 0
    amount: int = 0
    refunds: int = 0
    refunded: int = 0

    @property
    def net(self) -> int:
        return self.amount - self.refunded

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(
            self.count + other.count, self.amount + other.amount, self.refunds + other.refunds,
            self.refunded + other.refunded,
        )  # fmt: skip


@dataclass(frozen=True)
class Moved:
    """One thing that moved money, by the gateway's books: dong came (+), or went back (−).

    Attributes:
        key: the order's id, or the refund's.
        order: the order's id.
        dong: what moved.
        at_ms: when.
    """

    key: str
    order: str
    dong: int
    at_ms: int

    @property
    def sum(self) -> Sum:
        return Sum(1, self.dong) if self.dong > 0 else Sum(0, 0, 1, -self.dong)


class Books:
    """The gateway's own record at one moment."""

    def __init__(self, orders: list[dict[str, Any]]) -> None:
        self.orders = {str(one["app_trans_id"]): one for one in orders}

    def moved(self) -> list[Moved]:
        """All that moved so far."""
        found = []
        for number, order in self.orders.items():
            if order["paid"]:
                found.append(Moved(number, number, order["paid"], order["ended_ms"]))
            for refund in order["refunds"]:
                if refund["state"] in DONE:
                    at_ms = refund.get("ended_ms") or refund["created_ms"]
                    found.append(Moved(refund["m_refund_id"], number, -refund["amount"], at_ms))
        return found

    def since(self, earlier: "Books | None") -> list[Moved]:
        """What moved after those were read."""
        known = {one.key for one in earlier.moved()} if earlier else set()
        return [one for one in self.moved() if one.key not in known]

    @property
    def net(self) -> int:
        return sum(one.dong for one in self.moved())


DONE = ("refunded", "success", "done")


def sums(moved: Iterable[Moved], key: Callable[[Moved], Any]) -> dict[Any, Sum]:
    """What moved, by anything."""
    found: dict[Any, Sum] = defaultdict(Sum)
    for one in moved:
        found[key(one)] += one.sum
    return dict(found)


def by_way(moved: Iterable[Moved], sales: dict[str, Sale]) -> dict[tuple[str, str], Sum]:
    """The same by whose money it is and by which gesture."""
    return sums(moved, lambda one: (sales[one.order].who, sales[one.order].how))


def day_number(at_ms: int) -> int:
    """Vietnam's days, counted."""
    return (at_ms + VIETNAM_MS) // DAY_MS


def hour_number(at_ms: int) -> int:
    """The hour on Vietnam's clocks."""
    return (at_ms + VIETNAM_MS) // HOUR_MS % 24


def not_paid(sales: Iterable[Sale]) -> Counter[tuple[str, str, str]]:
    """How many were not paid, by whose, in which way and why."""
    return Counter((one.who, *one.declined) for one in sales if one.declined is not None)


# --- a statement, as a portal would write it -------------------------------------------------------------------------

COLUMNS = {
    "order_id": "Mã đơn hàng", "number": "Mã giao dịch", "amount": "Số tiền", "time": "Thời gian", "kind": "Loại",
    "status": "Trạng thái", "refund_id": "Mã hoàn",
}  # fmt: skip


def write_statement(path: Path, books: Books, brand: str, day: int | None = None) -> Path:
    """What the gateway says of a day, or of all, from its own books."""
    rows = [list(COLUMNS.values())]
    for one in books.moved():
        order = books.orders[one.order]
        if ("gateway" in order) is not (brand == "AppotaPay") or day not in (None, day_number(one.at_ms)):
            continue
        when = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=one.at_ms + VIETNAM_MS)).strftime(
            "%d/%m/%Y %H:%M:%S"
        )
        kind, refund = ("Thanh toán", "") if one.dong > 0 else ("Hoàn tiền", one.key)
        dong = f"{abs(one.dong):,}".replace(",", ".")
        rows.append([one.order, str(order["zp_trans_id"]), dong, when, kind, "Thành công", refund])
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)
    else:
        book = Workbook()
        for row in rows:
            book.active.append(row)  # type: ignore[union-attr]
        book.save(path)
    return path
