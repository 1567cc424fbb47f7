"""`pos-app printer list | status | test | drawer`: which printers there are, how the chosen one is, a page to try it.

The till that is open does it, since a printer serves one at a time; where none is, this command does. No payment and no
journal is touched. The drawer is opened by an open till only, which knows who may.
"""

import argparse
import asyncio
from typing import Any

from pos_app.cli.hidden import NotTypedError
from pos_app.cli.person import add_person, who_does_it
from pos_app.cli.reach import refused
from pos_app.cli.say import DONE, FOUND_WRONG, Say
from pos_app.door import NobodyHomeError, NotAnsweredError, ask
from pos_app.receipts.spool import UNPRINTED
from pos_app.settings import PrinterSettings, Settings, data_folder
from pos_app.words import Text

_SECONDS_AT_THE_END = 5
_NO_TILL = Text("Chưa mở máy", "No till is open")
_OPEN_ONE = Text("Mở máy rồi thử lại: máy biết ai được mở két.", "Open it and try again: it knows who may.")
_NONE = Text("Không thấy máy in nào.", "No printer was found.")


def add_printer(parser: argparse.ArgumentParser) -> None:
    """The arguments of `printer`."""
    about = "which there are; how it is; print a test page; open the cash drawer"
    parser.add_argument("what", choices=("list", "status", "test", "drawer"), help=about)
    add_person(parser)
    parser.set_defaults(command=_printer)


def _printer(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    if options.what == "list":
        return _list(settings.printer, say)
    try:
        answer = _asked(options, settings, say)
    except NotTypedError as error:
        return say.refuse(error.title, error.advice)
    except NotAnsweredError:
        return say.cannot_answer()
    except NobodyHomeError:
        return say.refuse(_NO_TILL, _OPEN_ONE)
    if "refused" in answer:
        return refused(answer, say)
    return _tell(answer, say)


def _asked(options: argparse.Namespace, settings: Settings, say: Say) -> dict[str, Any]:
    is_drawer = options.what == "drawer"
    question = "drawer" if is_drawer else "printer"
    who = who_does_it(options, say) if is_drawer else {}
    try:
        answer: dict[str, Any] = ask(data_folder(), question, what=options.what, **({"who": who} if who else {}))
    except NobodyHomeError:
        if is_drawer:
            raise
        return _done_here(settings, options.what)
    return answer


def _done_here(settings: Settings, what: str) -> dict[str, Any]:
    from pos_app.checkout.printing import PrinterErrand, run  # noqa: PLC0415 - dear to import
    from pos_app.receipts.printers.choice import chosen_spool  # noqa: PLC0415

    spool = chosen_spool(settings.printer, data_folder())
    try:
        return asyncio.run(run(PrinterErrand(what), spool, settings))
    finally:
        spool.close(_SECONDS_AT_THE_END)


def _tell(answer: dict[str, Any], say: Say) -> int:
    from pos_app.checkout.printing import answer_words, has_failed  # noqa: PLC0415 - dear to import

    code = FOUND_WRONG if has_failed(answer) else DONE
    say.result({**answer, "exit_code": code})
    say.line(f"{answer['printer']}  {say.words(answer_words(answer))}")
    if answer.get("owed"):
        say.line(UNPRINTED.fill(n=answer["owed"]))
    for job in answer.get("jobs", ()):
        say.line(f"  {job['title']}  {say.words(answer_words(job))}")
    return code


def _list(chosen: PrinterSettings, say: Say) -> int:
    from pos_app.receipts.printers.choice import chosen_printer, usb_printers  # noqa: PLC0415 - dear to import
    from pos_app.receipts.printers.system import system_printers  # noqa: PLC0415

    found = [
        *({"kind": "usb", "device": path} for path in usb_printers()),
        *({"kind": "serial", "device": path} for path in _serial_ports()),
        *({"kind": "system", "device": name} for name in system_printers()),
    ]
    name = chosen_printer(chosen, data_folder()).name
    say.result({"chosen": name, "found": found, "exit_code": DONE})
    say.line(Text("Đang dùng: {name}", "In use: {name}").fill(name=name))
    for one in found:
        say.line(f'  kind = "{one["kind"]}"  device = "{one["device"]}"')
    if not found:
        say.line(_NONE)
    return DONE


def _serial_ports() -> list[str]:
    from serial.tools.list_ports import comports  # noqa: PLC0415 - only here

    return sorted(port.device for port in comports())
