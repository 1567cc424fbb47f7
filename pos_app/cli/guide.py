"""`pos-app guide`: the two pages for a new cashier, as a PDF to print."""

import argparse
from pathlib import Path

from pos_app.cli.say import DONE, Say
from pos_app.settings import Settings
from pos_app.words import Language, Text

_WROTE = Text("Đã ghi {file}", "Wrote {file}")
_NOT_WRITTEN = Text("Không ghi được {file}", "{file} could not be written")
_ELSEWHERE = Text(
    "Chọn thư mục khác, hoặc xem ổ đĩa còn chỗ không.", "Choose another folder, or see whether the disk is full."
)


def add_guide(parser: argparse.ArgumentParser) -> None:
    """The arguments of `guide`."""
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="where the PDF goes")
    parser.add_argument("--language", choices=[one.value for one in Language], help="else that of the settings")
    parser.set_defaults(command=_guide)


def _guide(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    from pos_app.reports.guide import guide  # noqa: PLC0415 - only where it is made

    language = Language(options.language or settings.look.language)
    try:
        options.out.write_bytes(guide(language))
    except OSError:
        return say.refuse(_NOT_WRITTEN.fill(file=options.out), _ELSEWHERE)
    say.result({"file": str(options.out), "language": language.value, "exit_code": DONE})
    say.line(_WROTE.fill(file=options.out))
    return DONE
