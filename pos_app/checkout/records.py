"""What the journal keeps of a payment, told to people and to programs."""

from dataclasses import asdict, replace
from datetime import date
from functools import partial
from typing import Any

from pos_app.checkout.cash_views import cash_story, cash_view
from pos_app.checkout.refund_story import acted_line, refund_line, refund_views
from pos_app.checkout.story import Progress, view_of
from pos_app.checkout.story_lines import evidence_line, printed_line, scanned_line, settled_line, timed_line
from pos_app.checkout.views import PaymentView, RefundView, StoryLine
from pos_app.journal.cash_rows import CashRecord, sold_between
from pos_app.journal.entries import (
    CancelWished,
    EvidenceAdded,
    GestureTimed,
    ManagerActed,
    OrphanNotified,
    PaymentSettled,
    RefundEvidenceAdded,
    RefundRequested,
    RefundSettled,
    SlipPrinted,
)
from pos_app.journal.projections import PaymentRecord
from pos_app.journal.store import Journal
from pos_app.journal.verify import VerifyReport
from pos_app.payments.acts import Act
from pos_app.payments.gateway_names import named
from pos_app.payments.payment import LIVE, State
from pos_app.payments.refund import RefundState
from pos_app.vietnam_day import clock_time, day_bounds_ms, day_of, day_text
from pos_app.words import Text


def record_view(record: PaymentRecord) -> PaymentView:
    """The payment as the journal alone knows it. What is open and older than this run counts as long waited for."""
    progress = Progress(
        settled_at_ms=record.settled_at_ms,
        copies=record.copies,
        waited_long=True,
        cancel_wished=record.cancel_wished,
        released=record.let_go,
        late_money=record.late and not record.kept,
        refunds=refund_views(record.entries),
        cashier=record.cashier,
        shift=record.shift,
    )
    return view_of(record.attempt, record.evidence, progress)


def decided_by(record: PaymentRecord) -> str:
    """The manager who took it for paid last, "" for nobody."""
    acts = (entry for _, entry in reversed(record.entries) if isinstance(entry, ManagerActed))
    return next((one.by for one in acts if one.act is Act.DECIDE_PAID), "")


def record_story(record: PaymentRecord) -> tuple[StoryLine, ...]:
    """The payment's time line, oldest line first. Questions that brought the same answer again are told once."""
    lines = [scanned_line(record.attempt, record.cashier)]
    refund_slips = {one.refund.m_refund_id: one.refund.slip_number for one in record.refunds}
    for at_ms, entry in record.entries:
        match entry:
            case EvidenceAdded():
                line = evidence_line(record.attempt, entry.evidence)
            case PaymentSettled():
                line = settled_line(at_ms, State(entry.state), entry.zp_trans_id)
            case SlipPrinted():
                slip = refund_slips.get(entry.m_refund_id, "")
                line = printed_line(at_ms, entry.copy, entry.where, refund_slip=slip)
            case ManagerActed():
                line = acted_line(at_ms, entry)
            case CancelWished():
                line = StoryLine(at_ms, "person", Text("Thu ngân muốn hủy", "The cashier wishes to cancel"))
            case RefundRequested() | RefundEvidenceAdded() | RefundSettled():
                line = refund_line(at_ms, entry, record.attempt.gateway)
            case GestureTimed() if (timed := timed_line(at_ms, entry)) is not None:
                line = timed
            case _:
                continue
        line = replace(line, text=named(line.text, record.attempt.gateway))
        if (line.icon, line.text) != (lines[-1].icon, lines[-1].text):
            lines.append(line)
    return tuple(lines)


def payment_json(payment: PaymentView, lines: tuple[StoryLine, ...] = ()) -> dict[str, Any]:
    """One payment for other programs: numbers as numbers, times as milliseconds, words in both languages."""
    return {
        "order_id": payment.payment_id,
        "slip_number": payment.slip_number,
        "amount": payment.amount,
        "state": payment.state,
        "stage": payment.stage.value,
        "cause": payment.cause._asdict(),
        "advice": payment.advice._asdict(),
        "cause_code": payment.cause_code,
        "zp_trans_id": payment.zp_trans_id,
        "note": payment.note,
        "source": payment.source.value,
        "attempt": payment.attempt,
        "demo": payment.demo,
        "gateway": payment.gateway,
        "link": payment.shown.link if payment.shown else "",
        "qr": payment.shown.text if payment.shown else "",
        "expires_at_ms": payment.expires_at_ms,
        "scanned_at_ms": payment.scanned_at_ms,
        "sent_at_ms": payment.sent_at_ms,
        "settled_at_ms": payment.settled_at_ms,
        **({"given": payment.given, "change": payment.given - payment.amount} if payment.given else {}),
        "asked": payment.asked,
        "copies": payment.copies,
        "released": payment.released,
        "refundable": payment.refundable,
        "work": payment.work.value if payment.work else None,
        "to_customer": payment.to_customer._asdict(),
        "refunds": [refund_json(one) for one in payment.refunds],
        "story": [
            {"at_ms": line.at_ms, "time": clock_time(line.at_ms), "text": line.text._asdict(), "result": line.strong}
            for line in lines
        ],
    }


def refund_json(refund: RefundView) -> dict[str, Any]:
    """One refund for other programs."""
    return {
        "refund": refund.m_refund_id,
        "slip_number": refund.slip_number,
        "amount": refund.amount,
        "state": refund.state,
        "stage": refund.stage.value,
        "cause": refund.cause._asdict(),
        "advice": refund.advice._asdict(),
        "cause_code": refund.cause_code,
        "refund_id": refund.refund_id,
        "by": refund.by,
        "reason": refund.reason._asdict(),
        "requested_at_ms": refund.requested_at_ms,
        "settled_at_ms": refund.settled_at_ms,
        "copies": refund.copies,
    }


def payments_json(
    records: tuple[PaymentRecord, ...],
    day: date,
    day_start_ms: int,
    orphans: tuple[tuple[int, OrphanNotified], ...] = (),
) -> dict[str, Any]:
    """A day's payments with their time lines, oldest first, and what they come to: each kind of proof apart."""
    told = [payment_json(record_view(record), record_story(record)) for record in records]
    decided = [one for one in told if one["state"] == State.MANUAL_PAID]
    return {
        "day": day.isoformat(),
        "day_text": day_text(day_start_ms),
        "payments": told,
        "paid_count": sum(one["state"] == State.PAID for one in told),
        "paid_total": sum(one["amount"] for one in told if one["state"] == State.PAID),
        "decided_count": len(decided),
        "decided_total": sum(one["amount"] for one in decided),
        "orphans": [{"at_ms": at_ms, **asdict(one)} for at_ms, one in orphans],
        "open_count": sum(record.state in LIVE for record in records),
        "refunded_total": sum(
            refund["amount"] for one in told for refund in one["refunds"] if refund["state"] == RefundState.DONE
        ),
    }


def payments_of(journal: Journal, day: str, now_ms: int) -> dict[str, Any]:
    """A Vietnamese day's payments with their time lines; today for "". Blocks.

    Raises:
        ValueError: `day` is not `YYYY-MM-DD`.
    """
    wanted = date.fromisoformat(day) if day else day_of(now_ms)
    start_ms, end_ms = day_bounds_ms(wanted)
    records, orphans = journal.between(start_ms, end_ms).result(), journal.orphans(start_ms, end_ms).result()
    sold = journal.read(partial(sold_between, start_ms=start_ms, end_ms=end_ms)).result()
    return payments_json(records, wanted, start_ms, orphans) | _cash_json(tuple(reversed(sold)))


def _cash_json(sold: tuple[CashRecord, ...]) -> dict[str, Any]:
    """The day's sales in cash, apart from all payments; nothing where there are none."""
    if not sold:
        return {}
    told = [payment_json(cash_view(one, demo=False), cash_story(one)) for one in sold]
    back = sum(refund.amount for one in sold for refund in one.refunds)
    return {"cash": told, "cash_total": sum(one.amount for one in sold), "cash_refunded_total": back}


def report_json(report: VerifyReport) -> dict[str, Any]:
    """The journal's own check for other programs, in words of both languages."""
    return {
        "ok": report.ok,
        "entries": report.entries,
        "payments": report.payments,
        "head": report.head,
        "lines": [line._asdict() for line in report.lines],
        "problems": [line._asdict() for line in report.problems],
    }
