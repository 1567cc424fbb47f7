"""What happened on the day: who came to the counter, in which order, and what was looked at in between."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pos_app.checkout.events import Refused
from pos_app.checkout.report_views import ReportShown
from pos_app.checkout.views import PaymentView, RefundStage, Stage, Work
from pos_app.gateways.gateway import PayMethod
from pos_app.payments.acts import Act
from pos_app.reports.ranges import Days
from pos_app.reports.report import EVERYTHING
from pos_app.settings import AppotaPaySettings, GatewaySettings, LinkSettings, PrinterSettings, Settings, ShopSettings
from pos_app.staff.permissions import Right
from tests.end_to_end.reckoning import COLUMNS, Books, day_number, write_statement
from tests.end_to_end.shop_day import FIRST, LONG, MANAGER, PINS, SECOND, STUCK, WAITING, Sale, ShopDay, ms

DAY, NEXT = datetime(2026, 11, 23), datetime(2026, 11, 24)  # noqa: DTZ001 - on Vietnam's clocks
PAYMENTS = 200
ONE_DONG, HALF_A_BILLION = 1, 500_000_000
WHY = "khách vội, chờ ZaloPay trả lời"
PAID_IN_THE_END = (10_001, 10_001, 10_501, 10_503, 10_603, 10_606, 10_618, 10_068, 10_101, 10_505)
"""Late, lost, cut and doubled answers, of payments that were made all the same."""
NOT_PAID = (
    (10_063, "-63"), (10_063, "-63"), (10_063, "-63"), (10_329, "-329"), (10_329, "-329"), (10_322, "-322"),
    (10_065, "-65"), (10_059, "-59"), (10_244, "-244"), (10_036, "-36"), (10_043, "-43"), (10_290, "-290"),
    (10_007, "-59"), (10_401, "-401"),
)  # fmt: skip

LATER_NOT_PAID = ((10_063, "-63"), (10_329, "-329"), (10_322, "-322"), (10_059, "-59"), (10_244, "-244"))


@dataclass
class Looked:
    """What was taken down in the middle of the day.

    Attributes:
        books: the gateway's own, at that moment.
        x: the report for programs.
        sales: how many there were.
        acts: how many a manager had done.
    """

    books: Books
    x: dict[str, Any]
    sales: int
    acts: int
    reprints: int


@dataclass
class TheDay:
    """All that happened.

    Attributes:
        shop: with its notes.
        x, z1, x2, z2: as they were looked at, at that moment.
        open_at_close: what nobody knew when the first shift was closed.
        refund_at_close: what was on its way back then.
        in_place: the report on the screen that a manager allowed a cashier.
        unsigned: what closing without a signature was answered.
        settled_after, late, taken: stuck payments by what became of them: settled in the next shift; when its sale no
            longer waited; never, but a manager took it for paid.
        reports, files: as asked for and exported in the office; by their range, by their kind.
        compared: the gateways' statements held against the journal.
        verified: what the check of the journal said.
    """

    shop: ShopDay
    looked: dict[str, Looked] = field(default_factory=dict)
    open_at_close: list[Sale] = field(default_factory=list)
    refund_at_close: str = ""
    settled_after: list[Sale] = field(default_factory=list)
    late: list[Sale] = field(default_factory=list)
    last_second: Sale | None = None
    first_second: Sale | None = None
    in_place: ReportShown | None = None
    unsigned: tuple[int, dict[str, Any]] = (0, {})
    taken: list[Sale] = field(default_factory=list)
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    compared: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    verified: tuple[int, dict[str, Any]] = (0, {})
    regular: str = ""
    price: int = 40_486

    def next_price(self) -> int:
        """No two ordinary payments have one amount."""
        self.price += 517
        return self.price

    def look(self, name: str, *words: str) -> Looked:
        """An X, or a Z that is there."""
        shop = self.shop
        shop.all_slips_out()
        code, told = shop.command("shift", "x", *words)
        assert code == 0, told
        found = Looked(
            Books(shop.sandbox.orders()), told, len(shop.sales), len(shop.decisions), shop.reprints[shop.shift]
        )
        self.looked[name] = found
        return found


def settings(port: int, *, second: bool) -> Settings:
    """The first cashier's till, and the second's: other paper, older and newer ways to pay."""
    return Settings(
        shop=ShopSettings(store="Tạp hóa Nguyễn Thị Thuỷ", amount_max=HALF_A_BILLION),
        printer=PrinterSettings(kind="network", host="127.0.0.1", port=port, paper="80" if second else "58"),
        gateway=GatewaySettings(api="v1" if second else "v2"),
        appotapay=AppotaPaySettings(api="v2" if second else "v1"),
        links=LinkSettings(life_min=15),
    )


def play(shop: ShopDay) -> TheDay:
    """The whole day."""
    day = TheDay(shop)
    shop.open_till(settings(shop.printer.port, second=False))
    shop.people_come()
    shop.stands(FIRST)
    _morning(day)
    _what_customers_scan(day)
    _refunds_and_trouble(day)
    _first_close(day)
    shop.close_till()
    shop.open_till(settings(shop.printer.port, second=True))
    shop.shift = 2
    shop.stands(SECOND)
    assert shop.command("shift", "open")[0] == 0
    _what_settles_after(day)
    _afternoon(day)
    _midnight(day)
    _in_the_office(day)
    return day


def _morning(day: TheDay) -> None:
    """Codes that customers hold out."""
    shop = day.shop
    for amount in (ONE_DONG, HALF_A_BILLION):
        shop.paid(shop.scan(amount))
    for _ in range(28):
        shop.paid(shop.scan(day.next_price()))
    for amount in PAID_IN_THE_END:
        shop.paid(shop.scan(amount, rate=WAITING))
    shop.cable.cut()
    never_left = shop.scan(day.next_price(), rate=WAITING)
    shop.declined(never_left, "not_sent", "refused")
    shop.cable.mend()
    shop.paid(shop.scan(never_left.amount, retry_of=never_left.payment_id))
    for amount, code in NOT_PAID:
        shop.declined(shop.scan(amount, rate=WAITING), "failed", code)
    shop.until_time(DAY.replace(hour=12, minute=20))


def _what_customers_scan(day: TheDay) -> None:
    """Codes that customers scan, links, linked wallets, AppotaPay's pages, the shop's own account."""
    shop = day.shop
    for method, count in ((PayMethod.ANY, 12), (PayMethod.VIETQR, 3), (PayMethod.BANK_QR, 5), (PayMethod.BANK_ATM, 3)):
        for _ in range(count):
            shop.pays(shop.show(day.next_price(), method))
    for _ in range(2):
        shop.pays(shop.link(day.next_price()))
    number = day.regular = shop.regular()
    for _ in range(4):
        shop.paid(shop.charge_regular(number, day.next_price()))
    for _ in range(3):
        transfer = shop.show(day.next_price(), PayMethod.OWN_VIETQR)
        shop.act(Act.DECIDE_PAID, shop.sales[transfer.payment_id], "seen_in_bank")
    away = shop.show(day.next_price(), PayMethod.OWN_VIETQR)
    shop.act(Act.DECIDE_UNPAID, shop.sales[away.payment_id], "customer_left")
    for method in (PayMethod.ANY, PayMethod.ANY, PayMethod.OWN_VIETQR):
        unwanted = shop.show(day.next_price(), method)
        shop.till.cancel(unwanted.payment_id)
        shop.declined(shop.told_of(unwanted.payment_id, Stage.DECLINED), "cancelled")
    shop.declined(shop.show(30_001, PayMethod.BANK_ATM), "failed", "1")
    shop.declined(shop.show(30_082, PayMethod.BANK_QR), "expired", rate=LONG)
    day.look("x")
    shop.till.print_shift()
    shop.printed_out("02-x-000001")
    never_paid = [shop.link(day.next_price()), shop.show(day.next_price())]
    for one in never_paid:
        shop.declined(one, "expired", rate=LONG)
    shop.until_time(DAY.replace(hour=16, minute=5))


def _refunds_and_trouble(day: TheDay) -> None:
    """Money back in all ways, copies, and what a manager has to decide."""
    shop = day.shop
    by_way = _paid_by_way(shop)
    scanned, shown, wallet = (by_way["zalopay", how] for how in ("scanned", "shown", "regular"))
    for sale in (*scanned[2:4], shown[0]):
        shop.refund(sale, sale.amount)
    for sale in (scanned[4], shown[1], wallet[0], by_way["appotapay", "shown"][0]):
        shop.refund(sale, 5_003)
    shop.refund(scanned[5], 20_000)
    shop.refund(scanned[5], scanned[5].amount - 20_000)
    shop.refund(scanned[6], 12_001)
    shop.refund(scanned[7], 12_009, ends=RefundStage.DECLINED)
    shop.refund(scanned[8], 12_007, ends=RefundStage.DECLINED)
    shop.reprint(scanned[9])
    shop.reprint(scanned[9])
    shop.reprint(scanned[4], refund=_first_refund(shop, scanned[4]))
    _in_place(day)
    stuck = [_stuck(shop) for _ in range(5)]
    unknown, let_go, taken, overruled, left = stuck
    shop.act(Act.RELEASE, let_go, "paid_another_way")
    shop.paid(shop.scan(day.next_price()))
    shop.pass_time(180_000)
    for sale in (taken, overruled):
        shop.act(Act.DECIDE_PAID, sale, "portal_says_so", "thấy trên trang ZaloPay lúc 16 giờ")
    shop.act(Act.DECIDE_UNPAID, left, "customer_left", "khách bỏ đi, không lấy hàng")
    day.open_at_close += [unknown, let_go]
    day.settled_after += [unknown, let_go, overruled]
    day.late.append(let_go)
    day.taken.append(taken)


def _stuck(shop: ShopDay) -> Sale:
    """The gateway does not come to an end; the counter goes on after a minute."""
    view = shop.scan(STUCK)
    shop.turns_to_the_next(view)
    return shop.sales[view.payment_id]


def _in_place(day: TheDay) -> None:
    """The cashier may not see the shop's figures; the manager lets her look once."""
    shop, today = day.shop, Days(DAY.date(), DAY.date())
    shop.till.report(today, EVERYTHING)
    shop.until(lambda told: isinstance(told, Refused))
    shop.till.permit(Right.REPORTS, by=MANAGER, pin=PINS[MANAGER])
    shop.until(lambda told: type(told).__name__ == "Permitted")
    shop.till.report(today, EVERYTHING)
    day.in_place = shop.until(lambda told: isinstance(told, ReportShown))
    day.looked["in_place"] = Looked(Books(shop.sandbox.orders()), {}, len(shop.sales), len(shop.decisions), 0)
    shop.till.give_back()


def _first_close(day: TheDay) -> None:
    """A refund is on its way, two payments are not known: signed off."""
    shop = day.shop
    shop.until_time(DAY.replace(hour=16, minute=50))
    asked = shop.refund(_paid_by_way(shop)["zalopay", "scanned"][10], 12_004, ends=RefundStage.PROCESSING)
    day.refund_at_close = asked.m_refund_id
    shop.all_slips_out()
    day.unsigned = shop.command("shift", "close")
    code, told = shop.command("shift", "close", "--by", MANAGER, "--reason", WHY, pin_of=MANAGER)
    assert code == 0, told
    day.look("z1", "--number", "1")
    shop.till.print_shift(1)
    shop.printed_out("02-z-000001")


def _what_settles_after(day: TheDay) -> None:
    """The other shift's: two payments and a refund settle, a manager is overruled, late money goes back."""
    shop = day.shop
    for sale in day.settled_after:
        assert shop.sandbox.pay_later(sale.number)
        shop.till.ask_now(sale.number)
        view = shop.told_of(sale.number, Stage.PAID)
        assert (view.work is Work.LATE_MONEY) is (sale in day.late)
        sale.decided = ""
    (let_go,) = day.late
    shop.refund(let_go, let_go.amount)
    shop.until(lambda _: _is_done(shop, day.refund_at_close), WAITING)


def _is_done(shop: ShopDay, m_refund_id: str) -> bool:
    """As it was told last."""
    told = [view for view in list(shop.at.all) if isinstance(view, PaymentView)]
    ends = [one for view in told for one in view.refunds if one.m_refund_id == m_refund_id]
    if ends:
        shop.refunds[m_refund_id] = ends[-1]
    return shop.refunds[m_refund_id].stage is RefundStage.DONE


def _afternoon(day: TheDay) -> None:
    """The same shop on ZaloPay's older API."""
    shop = day.shop
    for _ in range(3):
        shop.pays(shop.show(day.next_price(), PayMethod.WALLET))
    for method, count in ((PayMethod.BANK_ATM, 2), (PayMethod.BANK_QR, 2)):
        for _ in range(count):
            shop.pays(shop.show(day.next_price(), method))
    for _ in range(2):
        shop.paid(shop.charge_regular(day.regular, day.next_price()))
    transfer = shop.show(day.next_price(), PayMethod.OWN_VIETQR)
    shop.act(Act.DECIDE_PAID, shop.sales[transfer.payment_id], "seen_in_bank")
    left = PAYMENTS - len(shop.sales) - len(LATER_NOT_PAID) - 11
    for _ in range(left):
        shop.paid(shop.scan(day.next_price()))
    for amount, code in LATER_NOT_PAID:
        shop.declined(shop.scan(amount, rate=WAITING), "failed", code)
    of_the_first = _paid_by_way(shop)["zalopay", "scanned"][11]
    shop.refund(of_the_first, 7_001)
    mine = [one for one in _paid_by_way(shop)["zalopay", "scanned"] if one.shift == 2]
    shop.refund(mine[0], mine[0].amount)
    shop.refund(mine[1], 9_009)
    shop.reprint(mine[2])
    day.look("x2")


def _midnight(day: TheDay) -> None:
    """The last second of the day, the first of the next; then money back of a shift that is closed."""
    shop = day.shop
    shop.until_time(DAY.replace(hour=23, minute=59, second=50, microsecond=500_000))
    for _ in range(3):  # the gateway tells its time to the second, in each answer: half a second is the middle
        shop.paid(shop.scan(day.next_price()))
    shop.until_time(DAY.replace(hour=23, minute=59, second=59, microsecond=400_000))
    day.last_second = shop.paid(shop.scan(day.next_price()))
    shop.until_time(NEXT.replace(microsecond=600_000))
    day.first_second = shop.paid(shop.scan(day.next_price()))
    shop.until_time(NEXT.replace(hour=0, minute=5))
    for _ in range(6):
        shop.paid(shop.scan(day.next_price()))
    of_the_first = [one for one in _paid_by_way(shop)["zalopay", "scanned"] if one.shift == 1]
    shop.refund(of_the_first[12], of_the_first[12].amount)
    shop.until_time(NEXT.replace(hour=0, minute=30))
    shop.all_slips_out()
    code, told = shop.command("shift", "close")
    assert code == 0, told
    day.look("z2", "--number", "2")
    shop.till.print_shift(2)
    shop.printed_out("02-z-000002")


def _in_the_office(day: TheDay) -> None:
    """The manager looks at the figures, takes them home, and holds the gateways' statements against them."""
    shop, folder = day.shop, day.shop.folder / "office"
    folder.mkdir()
    days = (DAY.date().isoformat(), NEXT.date().isoformat())
    both = "..".join(days)
    for name in (*days, both):
        code, day.reports[name] = shop.of_the_manager("report", "--range", name)
        assert code == 0
    day.files = {kind: folder / f"ngay.{kind}" for kind in ("csv", "xlsx", "pdf")}
    written = [word for kind, path in day.files.items() for word in (f"--{kind}", str(path))]
    code, told = shop.of_the_manager("report", "--range", both, *written)
    assert (code, told["total"]) == (0, day.reports[both]["total"])
    books = Books(shop.sandbox.orders())
    for brand, suffix in (("ZaloPay", "csv"), ("AppotaPay", "xlsx")):
        path = write_statement(folder / f"{brand}.{suffix}", books, brand)
        columns = [word for field, name in COLUMNS.items() for word in ("--column", f"{field}={name}")]
        day.compared[brand] = shop.of_the_manager("reconcile", str(path), "--range", both, "--brand", brand, *columns)
    path = write_statement(folder / "sang.csv", books, "ZaloPay", day_number(ms(NEXT)))
    day.compared["next"] = shop.of_the_manager("reconcile", str(path), "--range", days[1], "--brand", "ZaloPay")
    day.verified = shop.command("verify")


def _paid_by_way(shop: ShopDay) -> dict[tuple[str, str], list[Sale]]:
    """What was paid so far by the gateway's own books, by way, oldest first."""
    paid = {str(one["app_trans_id"]) for one in shop.sandbox.orders() if one["paid"]}
    found: dict[tuple[str, str], list[Sale]] = {}
    for sale in shop.sales.values():
        if sale.number in paid:
            found.setdefault((sale.who, sale.how), []).append(sale)
    return found


def _first_refund(shop: ShopDay, sale: Sale) -> str:
    return next(one.m_refund_id for one in shop.refunds.values() if one.payment_id == sale.number)
