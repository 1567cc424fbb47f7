"""`pos-app update FILE`: checks a release and lays it ready. Never while a payment or a shift is open."""

import argparse
import sys
from pathlib import Path
from shlex import quote

from pos_app import __version__
from pos_app.cli.journal_reading import open_journal
from pos_app.cli.say import DONE, Say
from pos_app.clock import MachineClock
from pos_app.door import somebody_home
from pos_app.journal.errors import JournalError
from pos_app.journal.migrations import REVISIONS
from pos_app.journal.shift_facts import running
from pos_app.journal.sqlite_file import change_bytes
from pos_app.journal.store import RESERVE_BYTES
from pos_app.payments.environment import Environment
from pos_app.settings import Settings, data_folder, folder_of
from pos_app.updates.manifest import UpdateError, cannot_go_back, spelled
from pos_app.updates.taking import PORTABLE, offered, refuse_no_room, release_keys, system, take
from pos_app.words import Text

_TILL_OPEN = (
    Text("Máy đang mở", "The till is open"),
    Text("Đóng chương trình rồi cập nhật.", "Close the program, then update."),
)
_PAYMENTS_OPEN = (
    Text("Còn {n} khoản chưa rõ kết quả", "{n} payments are not known yet"),
    Text("Đợi có kết quả rồi cập nhật.", "Update once they are known."),
)
_SHIFT_OPEN = (
    Text("Ca đang mở", "A shift is open"),
    Text("Đóng ca (F6) rồi cập nhật.", "Close the shift (F6), then update."),
)
_NO_WAY_BACK = Text(
    "Sau bản {version}, sổ giao dịch có dạng mới: KHÔNG quay lại bản cũ được. Sổ hiện nay được chép lại trước.",
    "After {version} the journal has a new form: there is NO way back. It is copied as it is now before that.",
)
_AGREE = Text("Gõ {yes} để tiếp tục: ", "Type {yes} to go on: ")
_YES = Text("có", "yes")
_NOT_AGREED = (
    Text("Chưa cập nhật", "Not updated"),
    Text("Thêm --yes nếu đã hiểu.", "Add --yes once that is understood."),
)
_READY = Text("Bản {version} đúng là của nhà phát hành, để tại {file}", "{version} is genuine, and lies in {file}")
_INSTALL = {
    "linux-deb": Text("Cài: sudo apt install {file}", "Install it: sudo apt install {file}"),
    PORTABLE: Text("Cài: sh {file} --to {to}", "Install it: sh {file} --to {to}"),
    "windows": Text("Cài: mở tệp đó", "Install it: open that file"),
}


def add_update(parser: argparse.ArgumentParser) -> None:
    """The arguments of `update`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="pos-app-update.json; signature and package beside it")
    parser.add_argument("--yes", action="store_true", help="that there is no way back is understood")
    parser.set_defaults(command=_update)


def _update(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    folder = data_folder()
    try:
        manifest = offered(options.file, folder, installed=__version__, keys=release_keys())
        not_now = _not_now(settings)
        if not_now is not None:
            return say.refuse(*not_now)
        version, no_way_back = spelled(manifest.version), cannot_go_back(manifest, REVISIONS)
        change = sum(change_bytes(folder_of(one)) for one in Environment) if no_way_back else 0
        beside = options.file.parent
        refuse_no_room(manifest, beside, folder, for_system=system(), more=change + RESERVE_BYTES)
        if no_way_back:
            say.line(_NO_WAY_BACK.fill(version=version))
            if not (options.yes or _agreed(say)):
                return say.refuse(*_NOT_AGREED, no_way_back=True)
        file = take(manifest, beside, folder, for_system=system())
    except (UpdateError, JournalError) as error:
        return say.refuse(error.title, error.advice)
    say.result({"version": version, "file": str(file), "no_way_back": no_way_back, "exit_code": DONE})
    say.line(_READY.fill(version=version, file=file))
    # A portable one goes where this one lies, with the data beside it; by itself it would begin anew.
    say.line(_INSTALL[system()].fill(file=quote(str(file)), to=quote(str(Path(sys.executable).parents[2]))))
    return DONE


def _not_now(settings: Settings) -> tuple[Text, Text] | None:
    """Why this is no time for it.

    Raises:
        JournalError: the journal cannot be read: then nothing is changed either.
    """
    if somebody_home(data_folder()):
        return _TILL_OPEN
    with open_journal(settings) as journal:
        payments = journal.live().result()
        refunds = journal.open_refunds(MachineClock().wall_ms()).result()
        if payments or refunds:
            title, advice = _PAYMENTS_OPEN
            return title.fill(n=len(payments) + len(refunds)), advice
        shift = journal.read(running).result()
    return _SHIFT_OPEN if shift.opened_at_ms is not None else None


def _agreed(say: Say) -> bool:
    """Whether somebody at the keyboard says yes."""
    if say.as_json or not sys.stdin.isatty():
        return False
    yes = say.words(_YES)
    return input(say.words(_AGREE.fill(yes=yes))).strip().lower() == yes
