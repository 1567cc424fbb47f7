"""What may be asked of the printer: how it is, what became of the last slips, a test page, the drawer."""

import asyncio
from enum import StrEnum
from typing import Any

from pos_app.receipts.layout import PAPERS
from pos_app.receipts.printers.printer import PrinterError, PrinterState, PrinterStatus
from pos_app.receipts.spool import Job, JobState, Spool
from pos_app.receipts.trial_page import trial_page
from pos_app.settings import Settings
from pos_app.words import Text

TRIAL = "test page"
_TOLD = {
    "ready": Text("Sẵn sàng", "Ready"),
    JobState.PRINTED.value: Text("Đã in, máy in xác nhận", "Printed, the printer says so"),
    JobState.SENT.value: Text("Đã gửi máy in; máy in không xác nhận", "Sent to the printer, which does not confirm"),
    JobState.SAVED.value: Text("Đã lưu thành tệp", "Saved to a file"),
    JobState.QUEUED.value: Text("Đang chờ", "Waiting"),
    JobState.SENDING.value: Text("Đang in", "Printing"),
}


class PrinterErrand(StrEnum):
    """What may be asked."""

    STATUS = "status"
    TEST = "test"
    DRAWER = "drawer"


async def run(wanted: PrinterErrand, spool: Spool, settings: Settings) -> dict[str, Any]:
    """Do it, and say what became of it; trouble is an answer too."""
    return {"printer": spool.printer_name, **await _done(wanted, spool, settings)}


async def _done(wanted: PrinterErrand, spool: Spool, settings: Settings) -> dict[str, Any]:
    match wanted:
        case PrinterErrand.STATUS:
            status = await asyncio.wrap_future(spool.status())
            jobs = [job_json(one) for one in spool.jobs()]
            return {**_status_json(status), "owed": len(spool.ledger.owed()), "jobs": jobs}
        case PrinterErrand.TEST:
            page = trial_page(spool.printer_name, PAPERS[settings.printer.paper], settings.look.language)
            job = await asyncio.wrap_future(spool.print(TRIAL, page))
            await asyncio.to_thread(spool.ledger.done, TRIAL)
            return job_json(job)
        case PrinterErrand.DRAWER:
            return _status_json(await _open_drawer(spool))


async def _open_drawer(spool: Spool) -> PrinterStatus:
    try:
        await asyncio.wrap_future(spool.open_drawer())
    except PrinterError as error:
        return PrinterStatus(PrinterState.TROUBLE, error.cause, error.remedy)
    return PrinterStatus(PrinterState.READY)


def job_json(job: Job) -> dict[str, Any]:
    """One job for other programs."""
    return {
        "title": job.title,
        "state": job.state.value,
        "cause": job.cause._asdict(),
        "remedy": job.remedy._asdict(),
        "begun": job.begun,
    }


def _status_json(status: PrinterStatus) -> dict[str, Any]:
    return {"state": status.state.value, "cause": status.cause._asdict(), "remedy": status.remedy._asdict()}


def has_failed(answer: dict[str, Any]) -> bool:
    """Whether an answer of `run` is trouble."""
    return answer["state"] in (PrinterState.TROUBLE.value, JobState.FAILED.value)


def answer_words(answer: dict[str, Any]) -> Text:
    """An answer of `run`, or one of its jobs, in words."""
    if answer["cause"]["en"]:
        return Text("{cause}. {remedy}", "{cause}. {remedy}").fill(
            cause=Text(**answer["cause"]), remedy=Text(**answer["remedy"])
        )
    return _TOLD[answer["state"]]
