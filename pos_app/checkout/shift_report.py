"""A shift's report in words: every figure with its label, for screens, paper and commands; and as JSON for programs."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from pos_app.checkout.how_paid import method_words
from pos_app.checkout.views import ScanSource
from pos_app.checkout.wording import closed_words
from pos_app.money import with_sign
from pos_app.payments.acts import Act
from pos_app.payments.gateway_names import brand
from pos_app.payments.ledger import Account
from pos_app.payments.payment import State
from pos_app.payments.refund import RefundState
from pos_app.shifts.cash import NO_CASH
from pos_app.shifts.report import Line, Section, ShiftReport
from pos_app.shifts.shift import Shift
from pos_app.shifts.totals import SCANNED, Adjustment, Declined, Method, Open, Totals
from pos_app.vietnam_day import clock_time, day_text
from pos_app.words import NOTHING, Text, same

X_TITLE = Text("BÁO CÁO GIỮA CA (X)", "X REPORT")
Z_TITLE = Text("BÁO CÁO CHỐT CA Z SỐ {z}", "Z REPORT NO. {z}")
NOT_OPENED = Text("chưa mở", "not opened yet")
BEFORE_SHIFTS = Text("trước khi có ca", "before there were shifts")
_SHIFT = Text("ca {n}", "shift {n}")
_COUNT_AND_SUM = Text("{count} · {sum}", "{count} · {sum}")
_STATES = {
    State.PREPARED.value: Text("đang gửi", "being sent"),
    State.SENDING.value: Text("chưa rõ", "not known"),
    State.UNKNOWN.value: Text("chưa rõ", "not known"),
    State.PROCESSING.value: Text("chưa rõ", "not known"),
    State.MISMATCH.value: Text("không khớp", "mismatch"),
    State.PAID.value: Text("đã thu", "paid"),
    State.MANUAL_PAID.value: Text("quản lý nhận đã trả", "decided paid"),
    State.MANUAL_UNPAID.value: Text("quản lý nhận chưa trả", "decided unpaid"),
    State.CANCELLED.value: Text("đã hủy", "cancelled"),
    State.EXPIRED.value: Text("hết giờ", "timed out"),
    RefundState.REQUESTED.value: Text("đang hoàn", "being refunded"),
    RefundState.DONE.value: Text("đã hoàn", "refunded"),
}
_UNPAID = Text("không thu được", "not paid")
_ACTS = {
    Act.RELEASE.value: Text("{by}: cho đơn đi tiếp", "{by}: let sales go on"),
    Act.DECIDE_PAID.value: Text("{by}: nhận đã trả", "{by}: took for paid"),
    Act.DECIDE_UNPAID.value: Text("{by}: nhận chưa trả", "{by}: took for not paid"),
    Act.KEEP.value: Text("{by}: giữ tiền cho đơn", "{by}: kept for the sale"),
}
ACCOUNT_WORDS = {
    Account.WALLET: Text("Cổng thanh toán", "Gateways"),
    Account.MANUAL: Text("Quản lý xác nhận", "Decided by managers"),
    Account.SUSPENSE: Text("Chưa rõ", "Not known"),
    Account.SURPLUS: Text("Tiền về muộn", "Late money"),
    Account.CASH: Text("Tiền mặt", "Cash"),
}


@dataclass(frozen=True, slots=True)
class ReportHead:
    """What every report of the shop says of the shop.

    Attributes:
        store, address, phone, tax_code, till: as slips have them.
        demo, sandbox: no real money moves.
    """

    store: str
    address: str
    phone: str
    tax_code: str
    till: str
    demo: bool
    sandbox: bool = False


def shift_report(shift: Shift, head: ReportHead, now_ms: int) -> ShiftReport:
    """The report of a shift as it stands."""
    totals = shift.totals
    sections = (
        Section(NOTHING, tuple(_facts(shift, head, now_ms))),
        Section(Text("CỔNG THANH TOÁN XÁC NHẬN", "CONFIRMED BY GATEWAYS"), tuple(_confirmed(totals))),
        Section(Text("TIỀN MẶT, KHÔNG QUA CỔNG", "CASH, NO GATEWAY"), tuple(_cash(shift))),
        Section(Text("QUẢN LÝ XÁC NHẬN, KHÔNG QUA CỔNG", "DECIDED BY MANAGERS, NO GATEWAY"), tuple(_by_hand(totals))),
        Section(Text("CHƯA RÕ KẾT QUẢ", "NOT KNOWN YET"), tuple(_open(shift))),
        Section(Text("HOÀN TIỀN", "REFUNDS"), tuple(_refunds(totals))),
        Section(Text("ĐIỀU CHỈNH CỦA CA TRƯỚC", "ADJUSTMENTS OF EARLIER SHIFTS"), tuple(_adjustments(totals))),
        Section(Text("KHÔNG THU ĐƯỢC", "NOT PAID"), tuple(_declined(totals))),
        Section(Text("QUẢN LÝ DUYỆT", "BY MANAGERS"), tuple(_acts(totals))),
        Section(Text("SỔ", "BOOKS"), tuple(_books(shift))),
    )
    z = shift.z_number
    name = f"z-{z:06}" if z is not None else f"x-{shift.number:06}"
    return ShiftReport(
        title=X_TITLE if z is None else Z_TITLE.fill(z=z),
        name=f"{head.till}-{name}",
        store_name=head.store,
        store_address=head.address,
        store_phone=head.phone,
        tax_code=head.tax_code,
        net=totals.net,
        sections=tuple(one for one in sections if one.lines),
        is_final=z is not None,
        agrees=not shift.disagreements,
        demo=head.demo,
        sandbox=head.sandbox,
        cashier=shift.closed_by or shift.opened_by,
        manager=shift.signed_off.by if shift.signed_off else "",
    )


def shift_json(shift: Shift) -> dict[str, Any]:
    """The same for other programs: numbers as numbers, times as milliseconds."""
    signed = shift.signed_off
    return {
        "shift": shift.number,
        "z_number": shift.z_number,
        "opened_at_ms": shift.opened_at_ms,
        "opened_by": shift.opened_by,
        "closed_at_ms": shift.closed_at_ms,
        "closed_by": shift.closed_by,
        "count": shift.totals.count,
        "amount": shift.totals.amount,
        "refunded": shift.totals.refunded,
        "net": shift.totals.net,
        "decided": shift.totals.decided,
        "open_amount": shift.totals.open_amount,
        "totals": _plain_totals(shift.totals),
        "ledger": dict(shift.ledger),
        "cash": _cash_json(shift),
        "agrees": not shift.disagreements,
        "signed_off_by": signed.by if signed else "",
        "reason": signed.reason if signed else "",
    }


def _cash_json(shift: Shift) -> dict[str, Any]:
    """What must be in the drawer is told only beside what was counted."""
    cash = shift.totals.cash
    told: dict[str, Any] = {"float": cash.float_dong, "sales": cash.sales, "sold": cash.sold, "refunded": cash.refunded}
    told |= {"paid_in": cash.paid_in, "paid_out": cash.paid_out, "opened": len(cash.openings)}
    lines = asdict(cash)
    told |= {name: lines[name] for name in ("refunds", "moves", "openings")}
    known = cash.counted is not None
    return {
        **told,
        "counts": len(cash.counts),
        "counted": cash.counted,
        "expected": cash.expected if known else None,
        "over": cash.over if known else None,
        "reason": shift.difference_reason,
    }


def _plain_totals(totals: Totals) -> dict[str, Any]:
    plain = asdict(totals)
    del plain["cash"]  # told apart, and not before it was counted
    for line in (*plain["confirmed"], *plain["by_hand"]):
        line["method"] = dict(zip(Method._fields, line["method"], strict=True))
    return plain


# --- sections ------------------------------------------------------------------------------------------------------


def _facts(shift: Shift, head: ReportHead, now_ms: int) -> Iterator[Line]:
    yield Line(Text("Quầy", "Till"), same(head.till))
    yield Line(Text("Ca số", "Shift no."), same(str(shift.number)))
    opened = _when(shift.opened_at_ms) if shift.opened_at_ms is not None else NOT_OPENED
    yield Line(Text("Mở ca", "Opened"), opened)
    if shift.opened_by:
        yield Line(Text("Người mở", "Opened by"), same(shift.opened_by))
    until = shift.closed_at_ms
    yield Line(Text("Chốt ca", "Closed") if until is not None else Text("Xem lúc", "As of"), _when(until or now_ms))
    if shift.closed_by:
        yield Line(Text("Người chốt", "Closed by"), same(shift.closed_by))
    if shift.totals.first_slip:
        yield Line(Text("Phiếu đầu", "First slip"), same(shift.totals.first_slip))
        yield Line(Text("Phiếu cuối", "Last slip"), same(shift.totals.last_slip))


def method_label(method: Method) -> Text:
    """`ZaloPay, quét mã khách`."""
    how = method.how if method.how not in (SCANNED, "") else ScanSource.CAMERA
    return method_words(method.who, ScanSource(how))


def _confirmed(totals: Totals) -> Iterator[Line]:
    for one in totals.confirmed:
        yield Line(method_label(one.method), _sum(one.count, one.amount))
        if one.refunds:
            yield Line(Text("· hoàn", "· refunded"), _sum(one.refunds, -one.refunded))
            yield Line(Text("· còn", "· net"), same(with_sign(one.net)))
    yield Line(Text("Thu", "Taken"), _sum(totals.count, totals.amount), strong=True)
    yield Line(Text("Hoàn", "Refunded"), _sum(len(totals.refunds), -totals.refunded), strong=True)
    yield Line(Text("Thực thu", "Net"), same(with_sign(totals.net)), strong=True)
    if totals.late_count:
        late = Text("Trong đó tiền về muộn", "Late money among it")
        yield Line(late, _sum(totals.late_count, totals.late_amount))


def _cash(shift: Shift) -> Iterator[Line]:
    """What must be in the drawer is told only beside what was counted."""
    cash = shift.totals.cash
    if cash == NO_CASH:
        return
    yield Line(Text("Tiền đầu ca", "Float"), same(with_sign(cash.float_dong)))
    yield Line(Text("Bán thu tiền mặt", "Sales in cash"), _sum(cash.sales, cash.sold), strong=True)
    yield Line(Text("Hoàn tiền mặt", "Refunds in cash"), _sum(len(cash.refunds), -cash.refunded), strong=True)
    for one in cash.refunds:
        said = Text("· {slip} của {of}, {by} duyệt", "· {slip} of {of}, by {by}")
        yield Line(said.fill(slip=one.slip_number, of=one.of_slip, by=one.by or "–"), same(with_sign(-one.amount)))
    for move in cash.moves:
        said = Text("Nộp vào, {by}: {why}", "Pay-in, {by}: {why}")
        if move.amount < 0:
            said = Text("Rút ra, {by}: {why}", "Pay-out, {by}: {why}")
        yield Line(said.fill(by=move.by or "–", why=move.reason), same(with_sign(move.amount)))
    for move in cash.openings:
        said = Text("Mở ngăn kéo không bán, {by}: {why}", "Drawer opened without a sale, {by}: {why}")
        yield Line(said.fill(by=move.by or "–", why=move.reason), same("1"))
    yield from _counted(shift)


def _counted(shift: Shift) -> Iterator[Line]:
    cash = shift.totals.cash
    if cash.counted is None:
        yield Line(
            Text("Phải có trong ngăn kéo", "Must be in the drawer"), Text("đếm xong mới hiện", "after the count")
        )
        return
    yield Line(Text("Phải có trong ngăn kéo", "Must be in the drawer"), same(with_sign(cash.expected)))
    label = Text("Đếm được", "Counted")
    if len(cash.counts) > 1:
        label = Text("Đếm được, lần đếm thứ {n}", "Counted, count no. {n}").fill(n=len(cash.counts))
    yield Line(label, same(with_sign(cash.counted)), strong=True)
    for n, counted in enumerate(cash.counts[:-1], start=1):
        yield Line(Text("· lần đếm {n}", "· count no. {n}").fill(n=n), same(with_sign(counted)))
    over = Text("Thừa", "Over") if cash.over > 0 else Text("Thiếu", "Short")
    if cash.over:
        yield Line(over, same(with_sign(abs(cash.over))), bad=True)
    else:
        yield Line(Text("Thừa, thiếu", "Over, short"), same(with_sign(0)))
    if shift.difference_reason:
        yield Line(Text("Lý do", "Reason"), same(shift.difference_reason))


def _by_hand(totals: Totals) -> Iterator[Line]:
    for one in totals.by_hand:
        yield Line(method_label(one.method), _sum(one.count, one.amount))


def _open(shift: Shift) -> Iterator[Line]:
    totals = shift.totals
    for one in totals.open:
        yield Line(_of_shift(one, shift.number), same(with_sign(one.amount)))
    for one in totals.open_refunds:
        label = Text("Hoàn {what}", "Refund {what}").fill(what=_of_shift(one, shift.number))
        yield Line(label, same(with_sign(one.amount)))
    if totals.open:
        label = Text("Cộng, không tính vào thực thu", "Sum, in no total")
        yield Line(label, _sum(len(totals.open), totals.open_amount), strong=True)
    if shift.signed_off is not None and shift.signed_off.by:
        yield Line(Text("Quản lý ký", "Signed by"), same(shift.signed_off.by))
        yield Line(Text("Lý do", "Reason"), same(shift.signed_off.reason))


def _of_shift(one: Open, running: int) -> Text:
    if one.shift == running:
        return same(one.slip_number)
    return Text("{slip}, {shift}", "{slip}, {shift}").fill(slip=one.slip_number, shift=_shift(one.shift))


def _shift(number: int) -> Text:
    return _SHIFT.fill(n=number) if number else BEFORE_SHIFTS


def _refunds(totals: Totals) -> Iterator[Line]:
    for one in totals.refunds:
        said = Text("{slip} của {of}, {by} duyệt", "{slip} of {of}, by {by}")
        yield Line(said.fill(slip=one.slip_number, of=one.of_slip, by=one.by or "–"), same(with_sign(-one.amount)))


def _adjustments(totals: Totals) -> Iterator[Line]:
    for one in totals.adjustments:
        yield Line(_adjusted(one), same(with_sign(one.amount)))


def _adjusted(one: Adjustment) -> Text:
    said = Text("{shift}, {slip}: {was}, nay {now}", "{shift}, {slip}: {was}, now {now}")
    was, now = (_STATES.get(state, _UNPAID) for state in (one.was, one.now))
    return said.fill(shift=_shift(one.shift), slip=one.slip_number, was=was, now=now)


def _declined(totals: Totals) -> Iterator[Line]:
    for one in totals.declined:
        yield Line(_why(one), same(str(one.count)))


def _why(one: Declined) -> Text:
    said = Text("{who}: {why}", "{who}: {why}")
    return said.fill(who=brand(one.who), why=closed_words(one.who, State(one.state), one.cause))


def _acts(totals: Totals) -> Iterator[Line]:
    for one in totals.acts:
        yield Line(_ACTS[one.act].fill(by=one.by), _sum(one.count, one.amount))


def _books(shift: Shift) -> Iterator[Line]:
    totals = shift.totals
    yield Line(Text("Số phiếu in lại", "Reprints"), same(str(totals.reprints)))
    for account, (figures, ledger) in shift.disagreements.items():
        said = Text("{what} lệch sổ cái", "{what}: the ledger differs").fill(what=ACCOUNT_WORDS[account])
        yield Line(said, same(with_sign(figures - ledger)), bad=True)
    if not shift.disagreements:
        yield Line(Text("Sổ cái", "Ledger"), Text("khớp", "agrees"))
    yield Line(Text("Tổng từ khi cài máy", "Total since installation"), same(with_sign(totals.grand_total)))
    if totals.grand_by_hand:
        label = Text("Quản lý xác nhận từ khi cài máy", "Decided since installation")
        yield Line(label, same(with_sign(totals.grand_by_hand)))


def _sum(count: int, amount: int) -> Text:
    return _COUNT_AND_SUM.fill(count=count, sum=with_sign(amount))


def _when(at_ms: int) -> Text:
    return same(f"{day_text(at_ms)} {clock_time(at_ms, seconds=False)}")
