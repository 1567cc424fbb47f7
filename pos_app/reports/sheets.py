"""A report as tables: what F7 shows, and what stands in files."""

from pos_app.money import with_sign
from pos_app.payments.acts import REASON_WORDS, Act, Reason
from pos_app.payments.cash import MOVE_WORDS, CashKind
from pos_app.reports.drawer import NO_DRAWER, DrawerSums
from pos_app.reports.facts import DrawerClosed, DrawerMoved, Part
from pos_app.reports.report import DayTimed, Money, Report
from pos_app.reports.table import Column, Row, Shape, Table
from pos_app.words import NOTHING, Text, same

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
        *((cash(report), drawer(report), drawer_log(report)) if report.drawer != NO_DRAWER else ()),
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
    if report.drawer != NO_DRAWER:
        total = report.drawer.total
        rows += [
            (Text("Thu tiền mặt, không qua cổng", "Taken in cash, no gateway"), total.sales, total.sold),
            (Text("Hoàn tiền mặt", "Refunded in cash"), total.refunds, total.refunded),
            (Text("Nộp tiền vào ngăn kéo", "Paid into the drawer"), None, total.paid_in),
            (Text("Rút tiền khỏi ngăn kéo", "Paid out of the drawer"), None, total.paid_out),
        ]
        if total.over is not None:
            rows.append((Text("Tiền mặt thừa, thiếu khi chốt ca", "Cash over, short at closing"), None, total.over))
    for name, value in (
        (Text("Từ quét đến trả, một nửa nhanh hơn {s}", "Scan to paid, half are faster than {s}"), report.median_s),
        (Text("Từ quét đến trả, 95% nhanh hơn {s}", "Scan to paid, 95% are faster than {s}"), report.p95_s),
    ):
        if value is not None:
            rows.append((name.fill(s=seconds.fill(n=value)), None, None))
    columns = (
        Column(_which(report), Shape.TEXT, 30),
        Column(Text("Số lượng", "Count"), Shape.COUNT, 9),
        Column(Text("Số tiền, ₫", "Amount, ₫"), Shape.DONG, 14),
    )
    return Table(Text("Tổng quan", "Summary"), columns, rows)


def _which(report: Report) -> Text:
    """Which days, and which part of them: a part must not look like all."""
    choice, nobody = report.choice, _NOBODY
    cashier = NOTHING if choice.cashier is None else same(choice.cashier) if choice.cashier else nobody
    parts = [one for one in (report.days.words, same(choice.till), cashier, choice.method or NOTHING) if one.vi]
    return Text(" · ".join(one.vi for one in parts), " · ".join(one.en for one in parts))


def cash(report: Report) -> Table:
    """What was taken and given back in cash, by day: no gateway's money."""
    rows: list[tuple[Row, Money]] = [((day,), money) for day, money in report.cash_by_day]
    return _money(Column(Text("Ngày", "Day"), Shape.DAY, 14), Text("Tiền mặt", "Cash"), rows, report.cash)


def drawer(report: Report) -> Table:
    """What each person moved in each shift, and what was over or short: theirs who closed it."""
    columns = (
        Column(Text("Ca", "Shift"), Shape.ID, 7),
        Column(Text("Thu ngân", "Cashier"), Shape.TEXT, 14),
        *(
            Column(name, Shape.DONG, 11)
            for name in (
                Text("Bán, ₫", "Sold, ₫"), Text("Hoàn, ₫", "Refunds, ₫"), Text("Nộp vào, ₫", "In, ₫"),
                Text("Rút ra, ₫", "Out, ₫"), Text("Thừa, thiếu, ₫", "Over, short, ₫"),
            )
        ),
    )  # fmt: skip
    several = len({one.till for one in report.drawer.lines}) > 1
    rows: list[Row] = [
        (
            f"{one.till} · {one.shift}" if several else str(one.shift),
            one.cashier or _NOBODY,
            *_drawer_figures(one.sums),
        )
        for one in report.drawer.lines
    ]
    total: Row = (_TOTAL, None, *_drawer_figures(report.drawer.total))
    return Table(Text("Tiền mặt theo ca", "Cash by shift"), columns, rows, total)


def drawer_in_short(report: Report) -> Table:
    """The same where there is less room: what was put in and taken out as one figure."""
    whole = drawer(report)
    moved = Column(Text("Nộp, rút", "In, out"), Shape.DONG, 11)
    over = Column(Text("Thừa, thiếu", "Over, short"), Shape.DONG, 11)

    def shorter(row: Row, sums: DrawerSums) -> Row:
        return (*row[:4], sums.paid_in - sums.paid_out, sums.over)

    rows = [shorter(row, one.sums) for row, one in zip(whole.rows, report.drawer.lines, strict=True)]
    return Table(whole.name, (*whole.columns[:4], moved, over), rows, shorter(whole.total or (), report.drawer.total))


def _drawer_figures(sums: DrawerSums) -> Row:
    return sums.sold, sums.refunded, sums.paid_in, sums.paid_out, sums.over


def drawer_log(report: Report) -> Table:
    """Each time money moved without a sale, or the drawer was only opened, and each counted closing."""
    columns = (
        Column(Text("Lúc", "At"), Shape.MOMENT, 16),
        Column(Text("Ca", "Shift"), Shape.ID, 6),
        Column(Text("Việc", "What"), Shape.TEXT, 16),
        Column(Text("Số tiền, ₫", "Amount, ₫"), Shape.DONG, 12),
        Column(Text("Thu ngân", "Cashier"), Shape.TEXT, 13),
        Column(Text("Người duyệt", "Approver"), Shape.TEXT, 13),
        Column(Text("Lý do", "Reason"), Shape.TEXT, 24),
    )
    rows: list[Row] = [
        (one.at_ms, str(one.shift), what_happened(one), dong_moved(one), one.cashier, *_why(one))
        for one in report.drawer.log
    ]
    return Table(Text("Ngăn kéo", "Drawer"), columns, rows)


def drawer_log_in_short(report: Report) -> Table:
    """The same where there is less room: when, what, how much, who answers for it, and why."""
    columns = (
        Column(Text("Lúc", "At"), Shape.MOMENT, 16),
        Column(Text("Việc", "What"), Shape.TEXT, 8),
        Column(Text("Số tiền, ₫", "Amount, ₫"), Shape.DONG, 12),
        Column(Text("Ai", "Who"), Shape.TEXT, 14),
        Column(Text("Lý do", "Reason"), Shape.TEXT, 20),
    )
    rows: list[Row] = [
        (
            one.at_ms,
            _briefly(one),
            dong_moved(one),
            one.by or one.cashier if isinstance(one, DrawerMoved) else one.cashier,
            one.reason,
        )
        for one in report.drawer.log
    ]
    return Table(Text("Ngăn kéo", "Drawer"), columns, rows)


_BRIEFLY = {
    CashKind.PAY_IN: Text("Nộp vào", "In"),
    CashKind.PAY_OUT: Text("Rút ra", "Out"),
    CashKind.OPENED: Text("Chỉ mở", "Opened"),
}


def _briefly(one: DrawerMoved | DrawerClosed) -> Text:
    if isinstance(one, DrawerMoved):
        return _BRIEFLY[one.kind]
    if not one.over:
        return Text("Đếm đủ", "Correct")
    return Text("Thừa", "Over") if one.over > 0 else Text("Thiếu", "Short")


def what_happened(one: DrawerMoved | DrawerClosed) -> Text:
    """`Rút tiền ra`, `Thiếu khi chốt ca`."""
    if isinstance(one, DrawerMoved):
        return MOVE_WORDS[one.kind]
    if not one.over:
        return Text("Chốt ca, đủ tiền", "Closed, nothing over or short")
    return (
        Text("Thừa khi chốt ca", "Over at closing") if one.over > 0 else Text("Thiếu khi chốt ca", "Short at closing")
    )


def dong_moved(one: DrawerMoved | DrawerClosed) -> int:
    """By how many dong the drawer held more, or less, than without it."""
    if isinstance(one, DrawerClosed):
        return one.over
    return -one.amount if one.kind is CashKind.PAY_OUT else one.amount


def _why(one: DrawerMoved | DrawerClosed) -> tuple[str, Text]:
    if isinstance(one, DrawerMoved):
        return one.by, same(one.reason)
    said = Text("Đếm {counted}, phải có {expected}. {why}", "Counted {counted}, expected {expected}. {why}")
    dong = {"counted": with_sign(one.counted), "expected": with_sign(one.expected)}
    return "", said.fill(**dong, why=one.reason)


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
