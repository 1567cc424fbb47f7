"""Fixed sample figures: a report of a week, a statement, a list; made by the real folds from invented facts."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

from pos_app.checkout.report_views import Compared, PaymentsListed, ReportShown, StatementOpened
from pos_app.checkout.reporting import WORDING
from pos_app.checkout.views import PaymentView
from pos_app.journal.wanted import Choices, Sums, Wanted
from pos_app.payments.acts import Act
from pos_app.payments.cash import CashKind
from pos_app.payments.payment import State
from pos_app.reports.facts import (
    ActFact,
    CashCell,
    Cell,
    DrawerClosed,
    DrawerMoved,
    Facts,
    Method,
    Part,
    RefundFact,
    Timed,
    Wait,
    hour_of,
)
from pos_app.reports.ranges import Days
from pos_app.reports.reconcile import OurPayment, OurRefund, reconcile
from pos_app.reports.report import Choice, report_of
from pos_app.reports.statement import Form, Line, Unread, heading
from pos_app.reports.statement_file import guess
from pos_app.vietnam_day import day_bounds_ms, day_of
from pos_app.words import Text
from tests.ui import samples

SCAN, SHOWN = Method("zalopay_v2", "camera"), Method("zalopay_v2", "shown")
CARD = Method("appotapay_v1", "shown")
CASHIERS = ("Thu Hà", "Ngọc Lan", "Nguyễn Thị Minh Khai")
CAUSES = ("-63", "-63", "-63", "-54", "-1006")


def facts(days: Days, now_ms: int) -> Facts:
    """Some hundred payments a day, up to now."""
    chance = Random(7)
    cells, waits, refunds, acts, timed = [], [], [], [], []
    for day in days:
        start_ms = day_bounds_ms(day)[0]
        for hour in range(7, 22):
            at_ms = start_ms + hour * 3_600_000
            if at_ms > now_ms:
                continue
            for cashier in CASHIERS:
                for method, most in ((SCAN, 5), (SHOWN, 2), (CARD, 1)):
                    count = chance.randint(0, most)
                    amount = sum(500 * chance.randint(20, 600) for _ in range(count))
                    place = hour_of(at_ms), "02", cashier, method
                    if count:
                        cells.append(Cell(*place, State.PAID, "", count, amount))
                        waits.append(Wait(chance.randint(5, 30), "02", cashier, method, count))
                    if count and method is SCAN:
                        counted = hour_of(at_ms) // 24
                        timed += [
                            Timed(counted, span, "02", cashier, method, (ms,) * count)
                            for span, ms in (
                                (Part.SENT, 11 + count),
                                (Part.ANSWERED, 230 + 97 * count),
                                (Part.SHOWN, 9),
                            )
                        ]
            if hour % 4 == 0:
                place = hour_of(at_ms), "02", CASHIERS[0], SCAN
                cells.append(Cell(*place, State.FAILED, chance.choice(CAUSES), 1, 47_000))
        refunds.append(
            RefundFact(
                start_ms + 40_000_000, f"02-000{day:%d}9", f"02-000{day:%d}1", f"{day:%y%m%d}_02-000{day:%d}1-k7qx",
                f"r{day}", 45_000, "Ngọc Lan", "goods_returned", "02", CASHIERS[0], SCAN,
            )
        )  # fmt: skip
    at_ms = days.bounds_ms[0] + 50_000_000
    cells.append(Cell(hour_of(at_ms), "02", CASHIERS[0], SCAN, State.MANUAL_PAID, "", 1, 120_000))
    acts.append(
        ActFact(at_ms, Act.DECIDE_PAID, "Ngọc Lan", "portal_says_so", "đã xem trên trang", "o9", "02-000140", 120_000,
                "02", CASHIERS[0], SCAN)
    )  # fmt: skip
    return Facts(tuple(cells), tuple(waits), tuple(refunds), tuple(acts), tuple(timed))


def with_cash(told: Facts, days: Days) -> Facts:
    """The same in a shop that takes cash: two shifts a day, one of them short, and what moved without a sale."""
    sold: list[CashCell] = []
    log: list[DrawerMoved | DrawerClosed] = []
    for number, day in enumerate(days):
        start_ms = day_bounds_ms(day)[0]
        for half, cashier in enumerate(CASHIERS[1:]):
            shift, at_ms = 40 + 2 * number + half, start_ms + (9 + 6 * half) * 3_600_000
            sold.append(CashCell(hour_of(at_ms), "02", shift, cashier, False, 14, 2_590_000 + 31_500 * number))
            log.append(DrawerClosed(at_ms + 18_000_000, "02", shift, cashier, 2_670_000, 2_670_000, ""))
        at_ms, shift = start_ms + 16 * 3_600_000, 41 + 2 * number
        sold.append(CashCell(hour_of(at_ms), "02", shift, CASHIERS[0], True, 1, 45_000))
        why = "mua đá và ly nhựa"
        log.append(DrawerMoved(at_ms, "02", shift, CASHIERS[2], CashKind.PAY_OUT, 400_000, "Ngọc Lan", why))
    log[0] = DrawerClosed(log[0].at_ms, "02", 40, CASHIERS[1], 2_670_000, 2_640_000, "thối nhầm cho khách")
    at_ms = days.bounds_ms[0] + 40_000_000
    log.append(DrawerMoved(at_ms, "02", 40, CASHIERS[1], CashKind.PAY_IN, 500_000, "Ngọc Lan", "thêm tiền lẻ"))
    log.append(DrawerMoved(at_ms + 90_000, "02", 40, CASHIERS[1], CashKind.OPENED, 0, "Ngọc Lan", "khách đổi tiền"))
    return replace(told, cash=tuple(sold), drawer=tuple(log))


def shown(days: Days, now_ms: int, *, cash: bool = False) -> ReportShown:
    told = facts(days, now_ms)
    told = with_cash(told, days) if cash else told
    return ReportShown(
        report_of(told, days, WORDING), Choice(), 85_777_000, ("02",), CASHIERS,
        tuple(WORDING.method(one) for one in (SCAN, SHOWN, CARD)), now_ms,
    )  # fmt: skip


NAMES = ("STT", "Mã đơn hàng", "Mã giao dịch ZaloPay", "Số tiền (VNĐ)", "Thời gian giao dịch", "Loại giao dịch",
         "Trạng thái", "Mã hoàn tiền", "Phí")  # fmt: skip
PATH = Path("/home/thu/Documents/sao-ke-zalopay-11-2026.xlsx")
OPENED = StatementOpened(PATH, NAMES, Form(guess(NAMES), "ZaloPay"), before=())
FORM = Form({field: heading(name) for field, name in guess(NAMES).items()}, "ZaloPay")

_AT = samples.at("10:00:00")


def _ours(number: int, state: State = State.PAID, refunds: tuple[OurRefund, ...] = ()) -> OurPayment:
    return OurPayment(f"261121_02-000{number}-k7qx", f"02-000{number}", f"2611210000{number}", 58_000 + number * 500,
                      state, _AT + number * 20_000, refunds)  # fmt: skip


def _line(one: OurPayment, place: int) -> Line:
    return Line(place, one.payment_id, one.number, one.amount, one.at_ms)


def _compared() -> Compared:
    ours = [_ours(number) for number in range(110, 160)]
    ours[3] = _ours(113, refunds=(OurRefund("r113", "m113", 45_000, _AT),))
    ours[8], ours[9] = replace(ours[8], state=State.UNKNOWN), replace(ours[9], state=State.MANUAL_PAID)
    lines = [_line(one, place) for place, one in enumerate(ours, start=4)]
    lines[5] = replace(lines[5], amount=lines[5].amount + 10_000)
    del lines[12]
    lines.append(Line(99, "261121_07-000002-zzzz", "261121000999", 75_000, _AT))
    lines.append(lines[20])
    day = Days(*(2 * [samples_day()]))
    unread = (Unread(61, Text("Số tiền không đọc được", "The amount cannot be read"), "12,5x"),)
    return Compared(PATH, reconcile(lines, unread, ours, day), FORM)


def samples_day() -> date:
    return day_of(_AT)


COMPARED = _compared()


def listed(wanted: Wanted, payments: tuple[PaymentView, ...]) -> PaymentsListed:
    choices = Choices(("Ngọc Lan", "Thu Hà"), (("zalopay_v2", "camera"), ("zalopay_v2", "shown")), (3, 2, 1))
    return PaymentsListed(wanted, payments, Sums(23, 3_240_500, 45_000, 0, 68_000), choices, more=False)
