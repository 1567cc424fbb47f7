"""`pos-app scan`: what the decoders see in pictures and videos."""

import argparse
from pathlib import Path
from typing import Any

from pos_app.cli.say import DONE, FOUND_WRONG, Say
from pos_app.payments.payment_code import WrongCode, read_scan
from pos_app.scanning.decoders import NoDecoderError
from pos_app.scanning.source import UnreadableFileError, decode_file
from pos_app.settings import Settings
from pos_app.words import Text, same


def add_scan(parser: argparse.ArgumentParser) -> None:
    """The arguments of `scan`."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.set_defaults(command=_scan)


def _scan(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    found: list[dict[str, Any]] = []
    for path in options.files:
        if not path.exists():
            return say.refuse(
                Text("Không có tệp {path}", "There is no file {path}").fill(path=path),
                Text("Kiểm tra tên tệp.", "Check its name."),
            )
        say.progress(same(f"{path}…"))
        try:
            codes = decode_file(path)
        except (UnreadableFileError, NoDecoderError) as error:
            return say.refuse(error.words, same(str(path)))
        for seen in codes:
            read = read_scan(seen.text, code_pattern=settings.scanning.code_pattern)
            what = read.title if isinstance(read, WrongCode) else Text("Mã thanh toán", "Payment code")
            kind = read.what.value if isinstance(read, WrongCode) else "payment_code"
            masked = f"•••• ({len(seen.text)})"
            found.append(
                {"file": str(path), "format": seen.format, "what": kind, "length": len(seen.text), "text": masked}
            )
            say.line(f"{path}: {seen.format} {masked} {say.words(what)}")
    say.result({"found": found})
    if not found:
        say.line(Text("Không thấy mã nào.", "No code was found."))
    return DONE if found else FOUND_WRONG
