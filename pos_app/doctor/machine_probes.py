"""What this machine has: camera, code readers, scanner, printer, disk, journal, backup. Each check says what it saw.

Nothing here knows whether a till is open: `at_the_till` and `alone` hand over what there is to look at.
"""

import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pos_app.checkout.wording import DISK_NEARLY_FULL
from pos_app.doctor.checks import TABLE, Cause, Check, Finding, Verdict, not_checked, well, wrong
from pos_app.journal.errors import AlreadyOpenError, ForeignFolderError, JournalDamagedError, JournalError
from pos_app.journal.folder import is_elsewhere
from pos_app.journal.store import RESERVE_BYTES
from pos_app.journal.tally import Tally
from pos_app.journal.verify import VerifyReport
from pos_app.money import grouped
from pos_app.private_file import refuse_unwritable
from pos_app.receipts.printers.printer import PrinterState
from pos_app.receipts.spool import UNPRINTED
from pos_app.resources import font_file
from pos_app.scanning.source import SourceHealth, SourceState
from pos_app.settings import ANY_CAMERA
from pos_app.vietnam_day import clock_time, day_text
from pos_app.words import Text

BACKUP_AGE_MS_MAX = 7 * 24 * 60 * 60_000
ROOM_BYTES_MIN = 1_000_000_000
"""With less free than this there is room for today, and it should be looked at."""
SAMPLE = "pos-app"
"""What the code readers are tried on; surely no payment code."""
_NO_CAMERA_USED = Text("Không dùng camera", "No camera in use")
_NO_CAMERA = Text("Không thấy camera", "No camera was found")
_PLUG_IN = Text(
    "Cắm camera. Chỉ dùng máy quét thì vào F1, “Cài đặt”, chọn không dùng camera.",
    "Plug a camera in. With a scanner only, choose no camera under F1, “Settings”.",
)
_FRAMES = Text("{n} hình mỗi giây", "{n} pictures a second")
_NO_FRAMES = Text("Không có hình", "No pictures come")
_READS = Text("{ms} ms mỗi mã", "{ms} ms a code")
_READS_WRONG = Text("Đọc sai mã mẫu", "The sample code is read wrongly")
_SCANNED = Text("Đã quét lúc {at}", "Scanned at {at}")
_NOT_SCANNED = Text("Chưa quét mã nào từ lúc mở máy", "Nothing was scanned since the till was opened")
_NO_TILL = Text("Máy chưa mở", "No till is open")
_OPEN_AND_SCAN = Text("Mở máy rồi quét thử một mã bất kỳ.", "Open the till, then scan any code.")
_SAVES = Text("Lưu phiếu thành tệp PDF", "Slips are saved as PDF")
_READY = Text("Sẵn sàng", "Ready")
_FREE = Text("Còn {n} GB", "{n} GB free")
_FREE_MB = Text("Còn {n} MB", "{n} MB free")
_ENTRIES = Text("{n} dòng, nguyên vẹn", "{n} entries, intact")
_WRONG = Text("Có {n} điểm sai", "{n} things are wrong")
_NO_JOURNAL = Text("Chưa có sổ", "There is none yet")
_NEVER = Text("Chưa sao lưu lần nào", "Never backed up")
_ALL_THERE = Text("Có đủ", "All is there")
_NO_FONTS = Text("Thiếu phông chữ", "The fonts are missing")
_NOTHING_YET = Text("Chưa có gì để sao lưu", "Nothing to back up yet")


def look_at_camera(setting: str, health: SourceHealth | None) -> Finding:
    """The camera of that setting, as it is now; None where none runs."""
    if health is None:
        return well(Check.CAMERA, _NO_CAMERA_USED, Cause.NOT_USED)
    came = health.last_frame_monotonic_ns is not None
    if health.state is SourceState.TROUBLE:
        if setting == ANY_CAMERA and not came:
            return wrong(Check.CAMERA, Cause.NOT_FOUND, _NO_CAMERA, _PLUG_IN, verdict=Verdict.WARN)
        return wrong(Check.CAMERA, Cause.CANNOT_OPEN, _begun_large(health.trouble.what), health.trouble.remedy)
    if not came:
        return wrong(Check.CAMERA, Cause.TROUBLE, _NO_FRAMES)
    rate = round(health.frames_per_second)
    return well(Check.CAMERA, _FRAMES.fill(n=rate), facts={"frames_per_s": rate})


def _begun_large(text: Text) -> Text:
    """The words of a light, which follow its name there, as a line of their own."""
    return Text(text.vi[:1].upper() + text.vi[1:], text.en[:1].upper() + text.en[1:])


def look_at_decoder() -> Finding:
    """Draw a code and read it."""
    from pos_app.scanning.decoders import NoDecoderError  # noqa: PLC0415 - OpenCV is heavy
    from pos_app.scanning.demo import read_drawn  # noqa: PLC0415 - the same

    try:
        read_drawn(SAMPLE)  # the first time the libraries wake up
        began_ns = time.monotonic_ns()
        read = read_drawn(SAMPLE)
        ms = (time.monotonic_ns() - began_ns) // 1_000_000
    except NoDecoderError as error:
        return wrong(Check.DECODER, Cause.NOT_INSTALLED, TABLE[Check.DECODER].matters, error.words)
    except ValueError:
        read, ms = "", 0
    if read != SAMPLE:
        return wrong(Check.DECODER, Cause.TROUBLE, _READS_WRONG)
    return well(Check.DECODER, _READS.fill(ms=ms), facts={"ms": ms})


def look_at_scanner(scanned_at_ms: int | None, *, till_open: bool = True) -> Finding:
    """Whether anything came from the hand-held scanner: it is a keyboard, nobody can ask it."""
    if scanned_at_ms is not None:
        return well(Check.SCANNER, _SCANNED.fill(at=clock_time(scanned_at_ms)))
    if not till_open:
        return not_checked(Check.SCANNER, Cause.NOT_SEEN, _NO_TILL, _OPEN_AND_SCAN)
    return not_checked(Check.SCANNER, Cause.NOT_SEEN, _NOT_SCANNED)


def look_at_printer(status: Mapping[str, Any], *, saves: bool) -> Finding:
    """The printer.

    Args:
        status: as `checkout.printing` answers.
        saves: slips are saved as files.
    """
    owed = int(status["owed"])
    if status["state"] == PrinterState.TROUBLE.value:
        cause = Cause.CANNOT_WRITE if saves else Cause.TROUBLE
        return wrong(Check.PRINTER, cause, Text(**status["cause"]), Text(**status["remedy"]), facts={"owed": owed})
    if status["state"] == PrinterState.PAPER_LOW.value:
        return wrong(Check.PRINTER, Cause.PAPER_LOW, Text(**status["cause"]), Text(**status["remedy"]),
                     verdict=Verdict.WARN, facts={"owed": owed})  # fmt: skip
    if owed:
        reprint = Text("Bấm F9 để in lại.", "Press F9 to print them.")
        return wrong(Check.PRINTER, Cause.SLIPS_OWED, UNPRINTED.fill(n=owed), reprint, verdict=Verdict.WARN,
                     facts={"owed": owed})  # fmt: skip
    return well(Check.PRINTER, _SAVES if saves else _READY)


def look_at_disk(folder: Path) -> Finding:
    """Whether the data folder can be written, and how much room there is. Makes nothing."""
    cannot_write = wrong(Check.DISK, Cause.CANNOT_WRITE, ForeignFolderError.title, ForeignFolderError.advice)
    if is_elsewhere(folder):
        return cannot_write
    try:
        refuse_unwritable(folder)
        place = next(one for one in (folder, *folder.absolute().parents) if one.exists())
        free = shutil.disk_usage(place).free
    except OSError:
        return cannot_write
    facts = {"free_mb": free // 1_000_000}
    if free < RESERVE_BYTES:
        return wrong(Check.DISK, Cause.NEARLY_FULL, DISK_NEARLY_FULL, facts=facts)
    if free < ROOM_BYTES_MIN:
        said = _FREE_MB.fill(n=free // 1_000_000)
        return wrong(Check.DISK, Cause.NEARLY_FULL, said, verdict=Verdict.WARN, facts=facts)
    return well(Check.DISK, _FREE.fill(n=free // 1_000_000_000), facts=facts)


def look_at_journal(report: VerifyReport) -> Finding:
    """What its own audit found."""
    facts = {"entries": report.entries, "payments": report.payments, "problems": len(report.problems)}
    if report.ok:
        return well(Check.JOURNAL, _ENTRIES.fill(n=grouped(report.entries)), facts=facts)
    said = _WRONG.fill(n=len(report.problems))
    return wrong(Check.JOURNAL, Cause.DAMAGED, said, JournalDamagedError.advice, facts=facts)


def no_journal_yet() -> Finding:
    """The till was never opened here."""
    return well(Check.JOURNAL, _NO_JOURNAL, Cause.NONE_YET)


def journal_refuses(error: JournalError) -> Finding:
    """It cannot be read."""
    if isinstance(error, AlreadyOpenError):
        return not_checked(Check.JOURNAL, Cause.IN_USE, error.title, error.advice)
    cause = Cause.DAMAGED if isinstance(error, JournalDamagedError) else Cause.TROUBLE
    return wrong(Check.JOURNAL, cause, error.title, error.advice)


def look_at_backup(made_at_ms: int | None, now_ms: int, tally: Tally | None) -> Finding:
    """When the journal was backed up last; one without a payment need not be."""
    if made_at_ms is None:
        if tally is not None and not tally.payments:
            return well(Check.BACKUP, _NOTHING_YET, Cause.NONE_YET)
        return wrong(Check.BACKUP, Cause.NONE_YET, _NEVER, verdict=Verdict.WARN)
    said = Text("{day} {at}", "{day} {at}").fill(day=day_text(made_at_ms), at=clock_time(made_at_ms, seconds=False))
    days = max(0, now_ms - made_at_ms) // (24 * 60 * 60_000)
    if now_ms - made_at_ms > BACKUP_AGE_MS_MAX:
        return wrong(Check.BACKUP, Cause.TOO_OLD, said, verdict=Verdict.WARN, facts={"days": days})
    return well(Check.BACKUP, said, facts={"days": days})


def look_at_display(missing: tuple[Text, Text] | None) -> Finding:
    """Whether the window could open.

    Args:
        missing: what keeps it from opening, and what to do; None for nothing.
    """
    if missing is not None:
        return wrong(Check.DISPLAY, Cause.NOT_INSTALLED, *missing)
    try:
        fonts = all(font_file(name).is_file() for name in ("BeVietnamPro-Regular", "IBMPlexSans"))
    except FileNotFoundError:
        fonts = False
    return well(Check.DISPLAY, _ALL_THERE) if fonts else wrong(Check.DISPLAY, Cause.NOT_INSTALLED, _NO_FONTS)
