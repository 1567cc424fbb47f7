"""A gateway's statement, line by line: what the columns mean, and how people write amounts, days and words in them.

No public format exists for these files: the user says once which column holds what (`Form`). Amounts and times are
read strictly: what can be two things is refused with its line, never guessed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from unicodedata import combining, normalize

from pos_app.vietnam_day import VIETNAM, day_bounds_ms
from pos_app.words import Text

Cell = str | int | float | datetime | date | time | bool | None
"""What a cell of a table file can hold."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS_DIGITS = 13
_DONG_MAX = 10**15
_FIRST_MS, _END_MS = (day_bounds_ms(date(year, 1, 1))[0] for year in (2000, 2100))
"""Such as 31/12/9999 for "never": the days between would all be held against the statement."""


class Field(StrEnum):
    """What a column can hold."""

    ORDER_ID = "order_id"
    NUMBER = "number"
    AMOUNT = "amount"
    TIME = "time"
    KIND = "kind"
    STATUS = "status"
    REFUND_ID = "refund_id"
    REFUNDED = "refunded"


FIELD_WORDS = {
    Field.ORDER_ID: Text("Mã đơn", "Order ID"),
    Field.NUMBER: Text("Mã giao dịch", "Transaction ID"),
    Field.AMOUNT: Text("Số tiền", "Amount"),
    Field.TIME: Text("Thời gian", "Time"),
    Field.KIND: Text("Loại (thu, hoàn)", "Kind (payment, refund)"),
    Field.STATUS: Text("Trạng thái", "State"),
    Field.REFUND_ID: Text("Mã hoàn tiền", "Refund ID"),
    Field.REFUNDED: Text("Số tiền đã hoàn", "Amount refunded"),
}


@dataclass(frozen=True, slots=True)
class Form:
    """Which column of a kind of file holds what.

    Attributes:
        columns: the column's head, as `heading` writes it, by what it holds.
        brand: whose statement it is: "ZaloPay" or "AppotaPay".
    """

    columns: Mapping[Field, str]
    brand: str

    @property
    def missing(self) -> tuple[Field, ...]:
        """What it cannot do without: an amount, and one of the two ids (told as the order id)."""
        missing = [] if Field.AMOUNT in self.columns else [Field.AMOUNT]
        if not {Field.ORDER_ID, Field.NUMBER} & self.columns.keys():
            missing.append(Field.ORDER_ID)
        return tuple(missing)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement that tells of money.

    Attributes:
        place: its number in the file, from 1.
        order_id, number: the shop's id and the gateway's, "" where it has none.
        amount: dong, always positive.
        at_ms: when, None where the file does not say. Of a day without a time: its noon, with `whole_day`.
        whole_day: only the day is known.
        is_refund: it tells of money given back.
        refund_id: the refund's own id, "" where it has none.
    """

    place: int
    order_id: str
    number: str
    amount: int
    at_ms: int | None
    whole_day: bool = False
    is_refund: bool = False
    refund_id: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that cannot be read, with what is wrong with it and what stands there."""

    place: int
    why: Text
    said: str


_AMOUNT = Text("Số tiền không đọc được", "The amount cannot be read")
_TIME = Text("Thời gian không đọc được", "The time cannot be read")
_STATUS = Text("Trạng thái không hiểu được", "The state is not understood")
_NO_ID = Text("Dòng không có mã", "The line has no id")
_BROKEN_ID = Text("Mã bị bảng tính làm hỏng", "A spreadsheet damaged the id")

_GOOD = ("thanh cong", "success", "hoan tat", "hoan thanh", "complete", "paid", "da thanh toan", "settled", "approved",
         "da hoan", "refunded")  # fmt: skip
_NOT_DONE = ("khong thanh cong", "that bai", "fail", "unsuccess", "huy", "cancel", "cho ", "pending", "processing",
             "dang xu ly", "expired", "het han", "declined", "tu choi", "unpaid", "chua ")  # fmt: skip
_TOTALS = ("tong", "cong", "total", "sum")


def heading(text: object) -> str:
    """A column's head as it is compared: no marks, no capitals, one blank between words."""
    bare = "".join(letter for letter in normalize("NFD", str(text or "")) if not combining(letter))
    return " ".join(bare.replace("đ", "d").replace("Đ", "d").casefold().split())


def read_line(place: int, cells: Mapping[Field, Cell], first: str = "") -> tuple[Line, ...] | Unread:
    """What a row says: nothing (blank, a total, not done), a payment, a refund, or both; or why it cannot be read.

    Args:
        place: the row's number in the file.
        cells: its cells, by what they hold.
        first: its first cell that is not empty, to know totals by.
    """
    try:
        return tuple(_lines(place, cells, first))
    except _UnreadError as error:
        return Unread(place, error.why, error.said)


class _UnreadError(Exception):
    def __init__(self, why: Text, said: Cell) -> None:
        super().__init__(why.en)
        self.why, self.said = why, str(said)


def _lines(place: int, cells: Mapping[Field, Cell], first: str) -> list[Line]:
    if all(cell in (None, "") for cell in cells.values()) or _is_total(first, cells):
        return []
    ids = {field: _id(cells.get(field)) for field in (Field.ORDER_ID, Field.NUMBER, Field.REFUND_ID)}
    if not any(ids.values()):
        raise _UnreadError(_NO_ID, first)
    if not _is_done(cells.get(Field.STATUS)):
        return []
    amount = _amount(cells.get(Field.AMOUNT))
    at_ms, whole_day = _time(cells.get(Field.TIME))
    kind = heading(cells.get(Field.KIND))
    is_refund = amount < 0 or "hoan" in kind.split() or "refund" in kind or "hoan tien" in kind
    one = Line(place, ids[Field.ORDER_ID], ids[Field.NUMBER], abs(amount), at_ms, whole_day, is_refund,
               ids[Field.REFUND_ID] if is_refund else "")  # fmt: skip
    back = cells.get(Field.REFUNDED)
    refunded = 0 if back in (None, "", "-") else abs(_amount(back))
    if refunded and not is_refund:
        return [one, Line(place, one.order_id, one.number, refunded, None, False, True, ids[Field.REFUND_ID])]  # noqa: FBT003
    return [one]


def _is_total(first: str, cells: Mapping[Field, Cell]) -> bool:
    """`Tổng cộng: 12 giao dịch`, in whichever column; a line of money has a time where there is a column for it."""
    said = heading(first).split()
    return bool(said) and said[0].rstrip(":") in _TOTALS and cells.get(Field.TIME) in (None, "")


def _id(cell: Cell) -> str:
    if isinstance(cell, bool) or cell is None:
        return ""
    if isinstance(cell, float):
        if not cell.is_integer() or abs(cell) >= 2**53:
            raise _UnreadError(_BROKEN_ID, cell)
        return str(int(cell))
    text = str(cell).strip().lstrip("'").strip()
    if text.startswith('="') and text.endswith('"'):  # how Excel is made to keep an id as text
        text = text[2:-1].strip()
    if re.fullmatch(r"[0-9][.,][0-9]+[eE]\+?[0-9]+", text):
        raise _UnreadError(_BROKEN_ID, text)
    return "" if text in ("-", "–") else text


def _is_done(cell: Cell) -> bool:
    said = heading(cell)
    if said in ("", "1"):
        return True
    if any(word in f"{said} " for word in _NOT_DONE):
        return False
    if any(word in said for word in _GOOD):
        return True
    raise _UnreadError(_STATUS, cell)


def _amount(cell: Cell) -> int:
    try:
        amount = dong(cell)
    except ValueError:
        raise _UnreadError(_AMOUNT, cell) from None
    if abs(amount) > _DONG_MAX:
        raise _UnreadError(_AMOUNT, cell)
    return amount


def _time(cell: Cell) -> tuple[int | None, bool]:
    if cell in (None, ""):
        return None, False
    try:
        at_ms, whole_day = instant(cell)
    except ValueError:
        raise _UnreadError(_TIME, cell) from None
    if not _FIRST_MS <= at_ms < _END_MS:
        raise _UnreadError(_TIME, cell)
    return at_ms, whole_day


_CURRENCY = re.compile(r"\s*(?:đồng|vnđ|vnd|₫|đ)\.?\s*", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([., '\u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})*")
_CENTS = re.compile(r"(.*[0-9])([.,])(0{1,2})")


def dong(cell: Cell) -> int:
    """Whole dong as statements write them: `1.250.000`, `1,250,000.00`, `1 250 000 ₫`, `-50.000`, `(50.000)`.

    Raises:
        ValueError: no number, or not a whole one.
    """
    if isinstance(cell, bool) or cell is None or isinstance(cell, datetime | date | time):
        raise ValueError(cell)
    if isinstance(cell, int):
        return cell
    if isinstance(cell, float):
        if not cell.is_integer() or abs(cell) >= 2**53:
            raise ValueError(cell)
        return int(cell)
    text = _CURRENCY.sub("", normalize("NFC", cell)).strip().lstrip("'").strip()
    negative = False
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1].strip()
    if text[:1] in ("-", "−", "–", "+"):
        negative, text = negative != (text[0] != "+"), text[1:].strip()
    cents = _CENTS.fullmatch(text)
    if cents and cents[2] not in re.sub(r"[0-9]", "", cents[1]):  # the sign of cents is not that of thousands
        text = cents[1]
    if not (_PLAIN_NUMBER.fullmatch(text) or _GROUPED.fullmatch(text)):
        raise ValueError(cell)
    amount = int(re.sub(r"[^0-9]", "", text))
    return -amount if negative else amount


_DAY = r"(?P<day>[0-9]{1,2})[/.-](?P<month>[0-9]{1,2})[/.-](?P<year>[0-9]{4}|[0-9]{2})"
_CLOCK = (
    r"(?P<hour>[0-9]{1,2})[:hH](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?\s*(?P<half>SA|CH|AM|PM)?"
)
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (rf"{_DAY}", rf"{_DAY}[ ,T]+{_CLOCK}", rf"{_CLOCK}[ ,]+(?:ngày )?{_DAY}")
)
_AFTERNOON = ("CH", "PM")
_NOON = 12


def instant(cell: Cell) -> tuple[int, bool]:
    """When, in ms, and whether only the day is known: then its noon. What has no zone is Vietnam's time.

    `22/11/2026 14:32:05`, `14:32 22/11/26`, `22-11-2026 2:32 CH`, ISO 8601, a cell of a spreadsheet, ms since 1970.

    Raises:
        ValueError: none of these.
    """
    if isinstance(cell, datetime):
        return _ms(cell), False
    if isinstance(cell, date):
        return _ms(datetime(cell.year, cell.month, cell.day, _NOON, tzinfo=VIETNAM)), True
    if isinstance(cell, bool) or not isinstance(cell, str | int):
        raise ValueError(cell)  # noqa: TRY004 - whatever is wrong with it, it is no time
    text = " ".join(str(cell).strip().lstrip("'").split())
    if text.isascii() and text.isdecimal() and len(text) == _MS_DIGITS:
        return int(text), False
    for form in _FORMS:
        found = form.fullmatch(text)
        if found:
            return _from_parts(found.groupdict())
    if not re.match(r"[0-9]{4}-", text):
        raise ValueError(cell)
    whole_day = len(text) == len("2026-11-22")
    moment = datetime.fromisoformat(text)
    return _ms(moment.replace(hour=_NOON) if whole_day else moment), whole_day


def _from_parts(parts: dict[str, str | None]) -> tuple[int, bool]:
    year = int(parts["year"] or 0)
    day = date(year if year > 99 else 2000 + year, int(parts["month"] or 0), int(parts["day"] or 0))  # noqa: PLR2004
    said_hour = parts.get("hour")
    if said_hour is None:
        return _ms(datetime.combine(day, time(_NOON))), True
    hour, half = int(said_hour), (parts["half"] or "").upper()
    if half:
        if not 1 <= hour <= _NOON:
            raise ValueError(said_hour)
        hour = hour % _NOON + (_NOON if half in _AFTERNOON else 0)
    return _ms(datetime.combine(day, time(hour, int(parts["minute"] or 0), int(parts["second"] or 0)))), False


def _ms(moment: datetime) -> int:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
    return (aware - _EPOCH) // timedelta(milliseconds=1)
