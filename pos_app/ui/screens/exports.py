"""Where exported files go, and what is said of them."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, QStorageInfo

from pos_app.checkout.report_views import Exported, Exporting, ReportRefused
from pos_app.money import grouped
from pos_app.vietnam_day import local_time
from pos_app.words import Text

_WHERE_STICKS_ARE = ("/media/", "/run/media/", "/Volumes/")
_WRITING = Text("Đang xuất: {n} dòng", "Exporting: {n} rows")
_DONE = Text("Đã ghi {file}", "Wrote {file}")
_LISTED = Text("Đã ghi {n} giao dịch: {file}", "Wrote {n} payments: {file}")
_WITH_CASH = Text("Đã ghi {n} giao dịch, {cash} dòng tiền mặt: {file}", "Wrote {n} payments, {cash} cash rows: {file}")
_REFUSED = Text("{title}. {advice}", "{title}. {advice}")


def export_path(name: str, suffix: str, now_ms: int) -> Path:
    """A new file in the user's own documents: `bao-cao 2026-11-22 14.32.05.xlsx`."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    made = local_time(now_ms).strftime("%Y-%m-%d %H.%M.%S")
    return Path(documents or Path.home()) / f"{name} {made}{suffix}"


def backup_path(name: str, suffix: str, now_ms: int) -> Path:
    """A new file on a stick that is plugged in; without one among the user's documents, if need be at home."""
    made = export_path(name, suffix, now_ms)
    volumes = (one for one in QStorageInfo.mountedVolumes() if one.isReady() and not one.isReadOnly())
    sticks = (
        one.rootPath() for one in volumes if is_stick(one.rootPath(), bytes(one.fileSystemType().data()).decode())
    )
    folder = next(map(Path, sticks), made.parent)
    return (folder if folder.is_dir() else Path.home()) / made.name


def is_stick(root: str, file_system: str) -> bool:
    """Whether what is mounted there can be pulled out: told by its place, on Windows by its format."""
    if root.startswith(_WHERE_STICKS_ARE):
        return True
    return root[1:2] == ":" and root[0].upper() != "C" and "FAT" in file_system.upper()


def export_words(event: Exporting | Exported | ReportRefused) -> Text:
    """How it goes, in a line."""
    match event:
        case Exporting():
            return _WRITING.fill(n=grouped(event.done))
        case Exported():
            words = _WITH_CASH if event.cash else _LISTED if event.payments else _DONE
            return words.fill(n=grouped(event.payments), cash=grouped(event.cash), file=event.path)
        case _:
            return _REFUSED.fill(title=event.title, advice=event.advice)
