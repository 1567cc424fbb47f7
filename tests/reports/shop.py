"""An invented shop: its payments, the gateway's statement of them, and differences planted in that, each of a kind."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Literal

from pos_app.payments.payment import State
from pos_app.reports.ranges import Days
from pos_app.reports.reconcile import Kind, OurPayment, OurRefund
from pos_app.reports.statement import Field, Form, heading
from pos_app.vietnam_day import day_bounds_ms, local_time

HEADS = {
    Field.ORDER_ID: "Mã đơn hàng", Field.NUMBER: "Mã giao dịch ZaloPay", Field.AMOUNT: "Số tiền (VNĐ)",
    Field.TIME: "Thời gian", Field.KIND: "Loại", Field.STATUS: "Trạng thái", Field.REFUND_ID: "Mã hoàn",
}  # fmt: skip
FORM = Form({field: heading(name) for field, name in HEADS.items()}, "ZaloPay")
COLUMNS = tuple(HEADS)


@dataclass(frozen=True, slots=True)
class There:
    """A line as the gateway has it."""

    order_id: str
    number: str
    amount: int
    at_ms: int
    refund_id: str = ""

    @property
    def is_refund(self) -> bool:
        return self.refund_id != ""


@dataclass(frozen=True, slots=True)
class Planted:
    """A difference that was planted: what kind, which order, and what it moves."""

    kind: Kind
    order_id: str
    ours: int
    theirs: int


@dataclass
class Shop:
    """Both sides, and what was planted."""

    days: Days
    ours: list[OurPayment]
    theirs: list[There]
    planted: list[Planted]


def shop(days: Days, per_day: int, differences: int, seed: int) -> Shop:
    """A shop of so many days, with so many planted differences of all kinds in equal parts."""
    chance = Random(seed)
    made = Shop(days, [], [], [])
    running = 0
    for day in days:
        start_ms = day_bounds_ms(day)[0]
        for _ in range(per_day):
            running += 1
            at_ms = start_ms + chance.randrange(8 * 3_600_000, 21 * 3_600_000, 1000)
            number = str(240_000_000_000_000 + running * 7_919)
            order_id = f"{day:%y%m%d}_02-{running:06d}-k7qx"
            amount = 1_000 * chance.randint(5, 900)
            refunds: tuple[OurRefund, ...] = ()
            if chance.random() < 0.05:
                refunds = (OurRefund(f"{running}77", f"{day:%y%m%d}_r{running}", amount // 2, at_ms + 600_000),)
            made.ours.append(OurPayment(order_id, f"02-{running:06d}", number, amount, State.PAID, at_ms, refunds))
    places = chance.sample(range(len(made.ours)), differences)
    kinds = dict(zip(places, (PLANTS[n % len(PLANTS)] for n in range(differences)), strict=True))
    for place, one in enumerate(made.ours):
        lines = [There(one.payment_id, one.number, one.amount, one.at_ms)]
        lines += [There(one.payment_id, one.number, back.amount, back.at_ms, back.refund_id) for back in one.refunds]
        if place in kinds:
            kinds[place](made, place, lines)
        made.theirs += lines
    chance.shuffle(made.theirs)
    return made


def _without_refunds(made: Shop, place: int, lines: list[There]) -> OurPayment:
    made.ours[place] = one = replace(made.ours[place], refunds=())
    del lines[1:]
    return one


def _missing_there(made: Shop, place: int, lines: list[There]) -> None:
    one = _without_refunds(made, place, lines)
    lines.clear()
    made.planted.append(Planted(Kind.MISSING_THERE, one.payment_id, one.amount, 0))


def _missing_here(made: Shop, place: int, lines: list[There]) -> None:
    one = _without_refunds(made, place, lines)
    lines[0] = replace(lines[0], order_id=f"{one.payment_id}-lost", number=f"{one.number}9")
    lines.append(There(one.payment_id, one.number, one.amount, one.at_ms))
    made.planted.append(Planted(Kind.MISSING_HERE, lines[0].order_id, 0, one.amount))


def _state(state: State, kind: Kind) -> "Plant":
    def plant(made: Shop, place: int, lines: list[There]) -> None:
        one = _without_refunds(made, place, lines)
        made.ours[place] = replace(one, state=state, number="" if state is not State.PAID else one.number)
        made.planted.append(Planted(kind, one.payment_id, 0, one.amount))

    return plant


def _decided_missing(made: Shop, place: int, lines: list[There]) -> None:
    one = _without_refunds(made, place, lines)
    made.ours[place] = replace(one, state=State.MANUAL_PAID, number="")
    lines.clear()
    made.planted.append(Planted(Kind.DECIDED_MISSING, one.payment_id, 0, 0))


def _amount(made: Shop, place: int, lines: list[There]) -> None:
    one = _without_refunds(made, place, lines)
    lines[0] = replace(lines[0], amount=one.amount + 1)
    made.planted.append(Planted(Kind.AMOUNT, one.payment_id, one.amount, one.amount + 1))


def _number(made: Shop, place: int, lines: list[There]) -> None:
    one = _without_refunds(made, place, lines)
    lines[0] = replace(lines[0], number=f"{one.number[:-1]}x")
    made.planted.append(Planted(Kind.NUMBER, one.payment_id, one.amount, one.amount))


def _other_day(made: Shop, place: int, lines: list[There]) -> None:
    """Paid just before midnight here, just after there."""
    one = _without_refunds(made, place, lines)
    midnight = day_bounds_ms(local_time(one.at_ms).date())[1]
    last = midnight == made.days.bounds_ms[1]
    here, there = (midnight - 2_000, midnight + 1_000) if not last else (midnight - 86_400_000, midnight - 86_401_000)
    made.ours[place] = replace(one, at_ms=here)
    lines[0] = replace(lines[0], at_ms=there)
    made.planted.append(Planted(Kind.OTHER_DAY, one.payment_id, one.amount, one.amount))


def _twice(made: Shop, place: int, lines: list[There]) -> None:
    one = _without_refunds(made, place, lines)
    lines.append(lines[0])
    made.planted.append(Planted(Kind.TWICE, one.payment_id, 0, one.amount))


def _refund(made: Shop, place: int) -> OurRefund:
    one = made.ours[place]
    refund = OurRefund(f"{one.number}5", f"r{one.number}", one.amount // 4, one.at_ms + 900_000)
    made.ours[place] = replace(one, refunds=(refund,))
    return refund


def _refund_missing_there(made: Shop, place: int, lines: list[There]) -> None:
    one = _without_refunds(made, place, lines)
    refund = _refund(made, place)
    made.planted.append(Planted(Kind.REFUND_MISSING_THERE, one.payment_id, -refund.amount, 0))


def _refund_missing_here(made: Shop, place: int, lines: list[There]) -> None:
    one = _without_refunds(made, place, lines)
    lines.append(replace(lines[0], amount=5_000, refund_id=f"{one.number}6"))
    made.planted.append(Planted(Kind.REFUND_MISSING_HERE, one.payment_id, 0, -5_000))


def _refund_amount(made: Shop, place: int, lines: list[There]) -> None:
    one = _without_refunds(made, place, lines)
    refund = _refund(made, place)
    lines.append(replace(lines[0], amount=refund.amount + 1_000, refund_id=refund.refund_id))
    made.planted.append(Planted(Kind.REFUND_AMOUNT, one.payment_id, -refund.amount, -refund.amount - 1_000))


Plant = Callable[[Shop, int, list[There]], None]
PLANTS: tuple[Plant, ...] = (
    _missing_there,
    _missing_here,
    _state(State.FAILED, Kind.NOT_PAID_HERE),
    _state(State.UNKNOWN, Kind.OPEN_HERE),
    _state(State.MANUAL_PAID, Kind.DECIDED_PAID),
    _state(State.MANUAL_UNPAID, Kind.DECIDED_UNPAID),
    _decided_missing,
    _amount,
    _number,
    _other_day,
    _twice,
    _refund_missing_there,
    _refund_missing_here,
    _refund_amount,
)


# --- files as portals write them -----------------------------------------------------------------------------------


def amount_as(amount: int, way: int) -> str:
    dots = f"{amount:,}".replace(",", ".")
    return (str(amount), dots, f"{amount:,}", f"{dots} ₫", f"{amount:,}.00", f"{dots},00 VND")[way % 6]


def time_as(at_ms: int, way: int) -> str:
    moment = local_time(at_ms)
    half = "SA" if moment.hour < 12 else "CH"
    return (
        moment.strftime("%d/%m/%Y %H:%M:%S"), moment.strftime("%Y-%m-%d %H:%M:%S"), moment.isoformat(),
        moment.strftime("%H:%M:%S %d/%m/%Y"), moment.strftime(f"%d-%m-%Y %I:%M:%S {half}"), str(at_ms),
    )[way % 6]  # fmt: skip


def rows_as(theirs: list[There], way: int) -> Iterator[list[str]]:
    """The lines as text; refunds by their word, or by their sign."""
    for one in theirs:
        sign = "-" if one.is_refund and way % 2 else ""
        kind = ("Hoàn tiền" if way % 2 == 0 else "Điều chỉnh") if one.is_refund else "Thanh toán"
        done = ("Thành công", "SUCCESS", "Hoàn tất")[way % 3]
        yield [one.order_id, one.number, sign + amount_as(one.amount, way), time_as(one.at_ms, way), kind, done,
               one.refund_id]  # fmt: skip


def csv_file(path: Path, theirs: list[There], way: int) -> Path:
    """A CSV with its own delimiter, line ends, quotes, mark and encoding; lines that tell of no money among them."""
    delimiter = ",;\t|"[way % 4]
    text = io.StringIO()
    quoting: Literal[0, 1] = 1 if way % 2 else 0
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=("\n", "\r\n")[way % 2])
    writer.writerow(["Sao kê giao dịch, “Tạp hóa”"])
    writer.writerow([])
    writer.writerow([HEADS[field] for field in COLUMNS])
    for number, row in enumerate(rows_as(theirs, way)):
        writer.writerow(row)
        if number % 997 == 5:
            writer.writerow(["261122_xx", "999", "1.000", "22/11/2026 10:00", "Thanh toán", "Thất bại", ""])
        if number % 991 == 7:
            writer.writerow([])
    writer.writerow(["Tổng cộng", "", "123.456", "", "", "", ""])
    path.write_bytes(text.getvalue().encode(("utf-8-sig", "utf-8", "utf-16")[way % 3]))
    return path


def xlsx_file(path: Path, theirs: list[There]) -> Path:
    """A workbook with numbers and days as cells of their own."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to load

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Giao dịch")
    sheet.append(["Sao kê"])
    sheet.append([HEADS[field] for field in COLUMNS])
    for one in theirs:
        moment = local_time(one.at_ms).replace(tzinfo=None)
        number = int(one.number) if one.number.isdecimal() else one.number
        kind = "Hoàn tiền" if one.is_refund else "Thanh toán"
        sheet.append([one.order_id, number, one.amount, moment, kind, "Thành công", one.refund_id])
    book.save(path)
    return path
