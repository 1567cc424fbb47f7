"""A cash sale told to people: its picture and its time line. Made from the journal's facts, and of no gateway."""

from pos_app.checkout.refund_story import reason_words
from pos_app.checkout.story_lines import printed_line
from pos_app.checkout.views import PaymentView, RefundStage, RefundView, ScanSource, Stage, StoryLine
from pos_app.journal.cash_rows import CashRecord, CashRefundRecord
from pos_app.money import with_sign
from pos_app.payments.cash import left_to_give_back
from pos_app.payments.gateway_names import CASH
from pos_app.words import Text

TAKEN = Text("Đã thu tiền mặt", "Paid in cash")
_GIVEN_BACK = Text("Đã trả tiền mặt cho khách", "Cash was given back")
_HAND_OVER = Text("Đưa phiếu hoàn cho khách.", "Hand over the refund slip.")


def cash_view(record: CashRecord, *, demo: bool) -> PaymentView:
    """The sale as screens show it. Its slip's number is its id; `demo` says that no real money moves."""
    refunds = tuple(_refund_view(one, record) for one in record.refunds)
    change = with_sign(record.given - record.amount)
    return PaymentView(
        payment_id=record.slip_number,
        slip_number=record.slip_number,
        amount=record.amount,
        note=record.note,
        source=ScanSource.CASH,
        stage=Stage.CASH,
        state=Stage.CASH.value,
        cause=TAKEN,
        advice=Text("Thối lại {change}.", "Change {change}.").fill(change=change),
        cause_code="",
        scanned_at_ms=record.at_ms,
        sent_at_ms=None,
        accepted_at_ms=None,
        settled_at_ms=record.at_ms,
        zp_trans_id="",
        asked=0,
        last_asked_at_ms=None,
        next_ask_at_ms=None,
        known_by_ms=None,
        attempt=1,
        demo=demo,
        copies=sum(one.slip_number == record.slip_number for _, one in record.printed),
        refunds=refunds,
        refundable=left_to_give_back(record.amount, (one.amount for one in record.refunds)),
        gateway=CASH,
        cashier=record.cashier,
        shift=record.shift,
        given=record.given,
    )


def _refund_view(one: CashRefundRecord, of: CashRecord) -> RefundView:
    return RefundView(
        m_refund_id=one.slip_number,
        payment_id=of.slip_number,
        slip_number=one.slip_number,
        amount=one.amount,
        stage=RefundStage.DONE,
        state=RefundStage.DONE.value,
        cause=_GIVEN_BACK,
        advice=_HAND_OVER,
        cause_code="",
        refund_id="",
        by=one.by,
        reason=reason_words(one.reason),
        requested_at_ms=one.at_ms,
        settled_at_ms=one.at_ms,
        copies=one.copies,
        cashier=one.cashier,
    )


def cash_story(record: CashRecord) -> tuple[StoryLine, ...]:
    """Its time line, oldest line first."""
    by = f" – {record.cashier}" if record.cashier else ""
    taken = Text("Khách đưa {given}, thối lại {change}", "{given} given, change {change}")
    taken = taken.fill(given=with_sign(record.given), change=with_sign(record.given - record.amount))
    lines = [
        StoryLine(record.at_ms, "money", Text(taken.vi + by, taken.en + by)),
        StoryLine(record.at_ms, "tick", TAKEN, strong=True),
    ]
    for one in record.refunds:
        allowed = Text("{by} cho hoàn tiền: {why}", "{by} allowed a refund: {why}")
        lines.append(StoryLine(one.at_ms, "lock", allowed.fill(by=one.by or "–", why=reason_words(one.reason))))
        back = Text("Trả tiền mặt {amount}", "{amount} given back in cash").fill(amount=with_sign(one.amount))
        lines.append(StoryLine(one.at_ms, "refund", back, strong=True))
    for at_ms, slip in record.printed:
        refund = slip.slip_number if slip.slip_number != record.slip_number else ""
        lines.append(printed_line(at_ms, slip.copy, slip.where, refund_slip=refund))
    return tuple(sorted(lines, key=lambda line: line.at_ms))
