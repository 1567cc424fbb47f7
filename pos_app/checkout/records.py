"""What the journal keeps of a payment, told to people and to programs."""

from datetime import date
from typing import Any

from pos_app.checkout.story import Progress, evidence_line, printed_line, scanned_line, settled_line, view_of
from pos_app.checkout.views import PaymentView, StoryLine
from pos_app.journal.entries import EvidenceAdded, PaymentSettled, SlipPrinted
from pos_app.journal.projections import PaymentRecord
from pos_app.journal.verify import VerifyReport
from pos_app.payments.payment import State
from pos_app.vietnam_day import clock_time, day_text


def record_view(record: PaymentRecord) -> PaymentView:
    """The payment as the journal alone knows it. What is open and older than this run counts as long waited for."""
    progress = Progress(settled_at_ms=record.settled_at_ms, copies=record.copies, waited_long=True)
    return view_of(record.attempt, record.evidence, progress)


def record_story(record: PaymentRecord) -> tuple[StoryLine, ...]:
    """The payment's time line, oldest line first. Questions that brought the same answer again are told once."""
    lines = [scanned_line(record.attempt)]
    for at_ms, entry in record.entries:
        match entry:
            case EvidenceAdded():
                line = evidence_line(record.attempt, entry.evidence)
            case PaymentSettled():
                line = settled_line(at_ms, State(entry.state), entry.zp_trans_id)
            case SlipPrinted():
                line = printed_line(at_ms, entry.copy)
            case _:
                continue
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
        "scanned_at_ms": payment.scanned_at_ms,
        "sent_at_ms": payment.sent_at_ms,
        "settled_at_ms": payment.settled_at_ms,
        "asked": payment.asked,
        "copies": payment.copies,
        "story": [
            {"at_ms": line.at_ms, "time": clock_time(line.at_ms), "text": line.text._asdict(), "result": line.strong}
            for line in lines
        ],
    }


def payments_json(records: tuple[PaymentRecord, ...], day: date, day_start_ms: int) -> dict[str, Any]:
    """A day's payments with their time lines, oldest first, and what they come to."""
    told = [payment_json(record_view(record), record_story(record)) for record in records]
    return {
        "day": day.isoformat(),
        "day_text": day_text(day_start_ms),
        "payments": told,
        "paid_count": sum(one["state"] == State.PAID for one in told),
        "paid_total": sum(one["amount"] for one in told if one["state"] == State.PAID),
        "open_count": sum(record.settled_at_ms is None for record in records),
    }


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
