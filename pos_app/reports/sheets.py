"""A report as tables: what F7 shows, and what stands in files."""

from pos_app.payments.acts import REASON_WORDS, Act, Reason
from pos_app.reports.facts import Part
from pos_app.reports.report import DayTimed, Money, Report
from pos_app.reports.table import Column, Row, Shape, Table
from pos_app.words import Text, same

_TOTAL = Text("Cộng", "Total")
_NOBODY = Text("Không ghi tên", "No name noted")
_MONEY = (
    Column(Text("Giao dịch", "Payments"), Shape.COUNT, 9),
    Column(Text("Đã thu, ₫", "Received, ₫"), Shape.DONG, 14),
    Column(Text("Hoàn, ₫", "Refunds, ₫"), Shape.DONG, 11),
    Column(Text("Thực thu, ₫", "Net, ₫"), Shape.DONG, 14),
)
ACT_WORDS = {
    Act.RELEASE: Text("Cho đơn đi tiếp", "Let the sale go on"),
    Act.DECIDE_PAID: Text("Xác nhận đã trả", "Decided paid"),
    Act.DECIDE_UNPAID: Text("Xác nhận chưa trả", "Decided unpaid"),
    Act.REFUND: Text("Hoàn tiền", "Refund"),
    Act.KEEP: Text("Giữ tiền về muộn", "Kept late money"),
}


def sheets(report: Report) -> tuple[Table, ...]:
    """All tables of a report, the summary first; one of cash where there was some."""
    return (
        summary(report),
        by_day(report),
        by_hour(report),
        by_method(report),
        by_cashier(report),
        by_till(report),
        declined(report),
        refunds(report),
        people(report),
        acts(report),
        timed(report),
        *((cash(report),) if report.cash != Money() else ()),
    )


def _money(first: Column, name: Text, rows: list[tuple[Row, Money]], total: Money) -> Table:
    told = [(*key, *_figures(money)) for key, money in rows]
    return Table(name, (first, *_MONEY), told, (_TOTAL, *_figures(total)))


def _figures(money: Money) -> Row:
    return money.count, money.amount, money.refunded, money.net


def summary(report: Report) -> Table:
    """The figures at a glance."""
    seconds = Text("{n} giây", "{n} s")
    rows: list[Row] = [
        (Text("Thực thu", "Net"), None, report.total.net),
        (Text("Cổng xác nhận đã thu", "Confirmed by a gateway"), report.total.count, report.total.amount),
        (Text("Đã hoàn", "Refunded"), report.total.refunds, report.total.refunded),
        (Text("Quản lý xác nhận, không qua cổng", "Decided by a manager, no gateway’s word"),
         report.decided.count, report.decided.amount),
        (Text("Chưa thu được", "Declined"), report.refused.count, report.refused.amount),
        (Text("Chưa rõ", "Not known yet"), report.open.count, report.open.amount),
    ]  # fmt: skip
    if report.cash != Money():
        sold, back = (report.cash.count, report.cash.amount), (report.cash.refunds, report.cash.refunded)
        rows += [
            (Text("Thu tiền mặt, không qua cổng", "Taken in cash, no gateway"), *sold),
            (Text("Hoàn tiền mặt", "Refunded in cash"), *back),
        ]
    for name, value in (
        (Text("Từ quét đến trả, một nửa nhanh hơn {s}", "Scan to paid, half are faster than {s}"), report.median_s),
        (Text("Từ quét đến trả, 95% nhanh hơn {s}", "Scan to paid, 95% are faster than {s}"), report.p95_s),
    ):
        if value is not None:
            rows.append((name.fill(s=seconds.fill(n=value)), None, None))
    columns = (
        Column(report.days.words, Shape.TEXT, 30),
        Column(Text("Số lượng", "Count"), Shape.COUNT, 9),
        Column(Text("Số tiền, ₫", "Amount, ₫"), Shape.DONG, 14),
    )
    return Table(Text("Tổng quan", "Summary"), columns, rows)


def cash(report: Report) -> Table:
    """What was taken and given back in cash, by day: no gateway's money."""
    rows: list[tuple[Row, Money]] = [((day,), money) for day, money in report.cash_by_day]
    return _money(Column(Text("Ngày", "Day"), Shape.DAY, 14), Text("Tiền mặt", "Cash"), rows, report.cash)


def by_day(report: Report) -> Table:
    """Each day."""
    rows: list[tuple[Row, Money]] = [((day,), money) for day, money in report.by_day]
    return _money(Column(Text("Ngày", "Day"), Shape.DAY, 14), Text("Theo ngày", "By day"), rows, report.total)


def by_hour(report: Report) -> Table:
    """Each hour of the clock in which money moved."""
    rows: list[tuple[Row, Money]] = [
        ((same(f"{hour}:00 – {hour}:59"),), money) for hour, money in report.by_hour if money != Money()
    ]
    return _money(Column(Text("Giờ", "Hour"), Shape.TEXT, 14), Text("Theo giờ", "By hour"), rows, report.total)


def by_method(report: Report) -> Table:
    """Each way to pay."""
    rows: list[tuple[Row, Money]] = [((method,), money) for method, money in report.by_method]
    return _money(Column(Text("Cách trả", "Paid by"), Shape.TEXT, 18), Text("Cách trả", "Methods"), rows, report.total)


def by_cashier(report: Report) -> Table:
    """Each cashier."""
    rows: list[tuple[Row, Money]] = [((name or _NOBODY,), money) for name, money in report.by_cashier]
    return _money(Column(Text("Thu ngân", "Cashier"), Shape.TEXT, 16), Text("Thu ngân", "Cashiers"), rows, report.total)


def by_till(report: Report) -> Table:
    """Each till."""
    rows: list[tuple[Row, Money]] = [((name,), money) for name, money in report.by_till]
    return _money(Column(Text("Quầy", "Till"), Shape.ID, 10), Text("Quầy", "Tills"), rows, report.total)


def declined(report: Report) -> Table:
    """Why payments did not come about."""
    columns = (
        Column(Text("Lý do", "Cause"), Shape.TEXT, 28),
        Column(Text("Số lần", "Count"), Shape.COUNT, 9),
        Column(Text("Tỷ lệ", "Share"), Shape.PERMILLE, 8),
        Column(Text("Số tiền, ₫", "Amount, ₫"), Shape.DONG, 14),
    )
    rows: list[Row] = [(one.cause, one.counted.count, one.permille, one.counted.amount) for one in report.declined]
    total: Row = (_TOTAL, report.refused.count, 1000 if rows else 0, report.refused.amount)
    return Table(Text("Chưa thu được", "Declined"), columns, rows, total)


def refunds(report: Report) -> Table:
    """Each refund."""
    columns = (
        Column(Text("Lúc", "At"), Shape.MOMENT, 16),
        Column(Text("Phiếu hoàn", "Refund slip"), Shape.ID, 11),
        Column(Text("Của phiếu", "Of slip"), Shape.ID, 11),
        Column(Text("Số tiền, ₫", "Amount, ₫"), Shape.DONG, 12),
        Column(Text("Người duyệt", "Approver"), Shape.TEXT, 13),
        Column(Text("Lý do", "Reason"), Shape.TEXT, 18),
    )
    rows: list[Row] = [
        (one.at_ms, one.slip_number, one.payment_slip, one.amount, one.by, _reason(one.reason))
        for one in report.refunds
    ]
    total: Row = (_TOTAL, None, None, report.total.refunded, None, None)
    return Table(Text("Hoàn tiền", "Refunds"), columns, rows, total)


def people(report: Report) -> Table:
    """What each manager allowed."""
    columns = (
        Column(Text("Người duyệt", "Approver"), Shape.TEXT, 16),
        Column(Text("Hoàn", "Refunds"), Shape.COUNT, 7),
        Column(Text("Hoàn, ₫", "Refunded, ₫"), Shape.DONG, 12),
        Column(Text("Ghi đã trả", "Paid"), Shape.COUNT, 9),
        Column(Text("Ghi đã trả, ₫", "Paid, ₫"), Shape.DONG, 12),
        Column(Text("Ghi chưa trả", "Unpaid"), Shape.COUNT, 10),
        Column(Text("Cho đi tiếp", "Released"), Shape.COUNT, 10),
        Column(Text("Giữ tiền", "Kept"), Shape.COUNT, 8),
    )
    rows: list[Row] = [
        (
            one.name, one.refunds.count, one.refunds.amount, one.paid.count, one.paid.amount, one.unpaid.count,
            one.released.count, one.kept.count,
        )
        for one in report.people
    ]  # fmt: skip
    return Table(Text("Người duyệt", "Approvers"), columns, rows)


def acts(report: Report) -> Table:
    """Each thing that a manager decided, refunds left out."""
    columns = (
        Column(Text("Lúc", "At"), Shape.MOMENT, 16),
        Column(Text("Phiếu", "Slip"), Shape.ID, 11),
        Column(Text("Việc", "Act"), Shape.TEXT, 16),
        Column(Text("Người duyệt", "Approver"), Shape.TEXT, 13),
        Column(Text("Lý do", "Reason"), Shape.TEXT, 20),
        Column(Text("Ghi chú", "Note"), Shape.TEXT, 18),
        Column(Text("Số tiền, ₫", "Amount, ₫"), Shape.DONG, 12),
    )
    rows: list[Row] = [
        (one.at_ms, one.payment_slip, ACT_WORDS[one.act], one.by, _reason(one.reason), one.note, one.amount)
        for one in report.acts
    ]
    return Table(Text("Quản lý quyết định", "Manager decisions"), columns, rows)


def timed(report: Report) -> Table:
    """How long gestures took, each day at each till, in ms: half of them, and 95 of a hundred, were as fast or faster.

    From the scan until it was sent; from there until the gateway answered; from the proof until it was shown.
    """
    columns = (
        Column(Text("Ngày", "Day"), Shape.DAY, 12),
        Column(Text("Quầy", "Till"), Shape.ID, 7),
        Column(Text("Lượt", "Scans"), Shape.COUNT, 7),
        *(Column(name, Shape.COUNT, 8) for half in _PART_WORDS.values() for name in (half, same("95%"))),
    )
    rows: list[Row] = [(one.day, one.till, one.count, *_paces(one)) for one in report.timed]
    return Table(Text("Tốc độ", "Speed"), columns, rows, empty=Text("Chưa quét mã nào.", "No code was scanned."))


def _paces(one: DayTimed) -> Row:
    pairs = ((pace.median_ms, pace.p95_ms) if (pace := one.parts.get(span)) else (None, None) for span in Part)
    return tuple(value for pair in pairs for value in pair)


_PART_WORDS = {
    Part.SENT: Text("Gửi, ms", "Sent, ms"),
    Part.ANSWERED: Text("Trả lời, ms", "Answer, ms"),
    Part.SHOWN: Text("Hiện, ms", "Shown, ms"),
}


def _reason(word: str) -> Text:
    return REASON_WORDS[Reason(word)] if word in set(Reason) else same(word)
