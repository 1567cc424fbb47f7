"""`pos-app backup` and `pos-app restore`: the journal into one sealed file, and back in place of a lost one."""

import argparse
from pathlib import Path
from typing import Any

from pos_app.checkout.errands import save_backup
from pos_app.checkout.refused import RefusedError
from pos_app.cli.approval import wait_for_pin
from pos_app.cli.hidden import Hidden, NotTypedError
from pos_app.cli.journal_reading import ask_or_read
from pos_app.cli.own_till import add_gateway, add_wait, own_till
from pos_app.cli.reach import Waiting, refused, undisturbed
from pos_app.cli.say import DONE, NOT_KNOWN, Say
from pos_app.clock import MachineClock
from pos_app.door import NobodyHomeError, NotAnsweredError
from pos_app.journal.backup import Backup
from pos_app.journal.errors import JournalError
from pos_app.journal.store import Journal
from pos_app.keys.errors import NoGatewayError
from pos_app.keys.start import what_to_start
from pos_app.payments.environment import Environment
from pos_app.setting_up.restoring import begin_restore, owners_pins, put_back, restored_words
from pos_app.settings import Settings
from pos_app.staff.errors import PinError, WaitError
from pos_app.words import Text

CATCH_UP_SECONDS = 60
_OWNERS_PIN = Text("PIN chủ tiệm", "Owner's PIN")
_PASSPHRASE = Text("Mật khẩu của bản sao lưu", "Passphrase of the backup")


def add_backup(parser: argparse.ArgumentParser) -> None:
    """The arguments of `backup`."""
    _add_file(parser, "the backup; what stands there is replaced")
    parser.set_defaults(command=_backup)


def add_restore(parser: argparse.ArgumentParser) -> None:
    """The arguments of `restore`."""
    _add_file(parser, "a backup")
    add_wait(parser, CATCH_UP_SECONDS)
    add_gateway(parser)
    parser.set_defaults(command=_restore)


def _add_file(parser: argparse.ArgumentParser, about: str) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=about)
    parser.add_argument("--passphrase-stdin", action="store_true",
                        help="read the passphrase from standard input; to restore, then the owner's PIN")  # fmt: skip


def _hidden(options: argparse.Namespace, say: Say) -> Hidden:
    return Hidden(say, option="--passphrase-stdin", from_stdin=options.passphrase_stdin)


# --- backup --------------------------------------------------------------------------------------------------------


def _backup(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    try:
        passphrase = _hidden(options, say).get_new(_PASSPHRASE)
        given = {"path": str(options.file.absolute()), "passphrase": passphrase}
        say.progress(Text("Đang sao lưu…", "Backing up…"))

        def save(journal: Journal) -> dict[str, Any]:
            return save_backup(journal, given, MachineClock().wall_ms())

        answer = ask_or_read("backup", settings, save, **given)
    except (JournalError, NotTypedError) as error:
        return say.refuse(error.title, error.advice)
    except (NobodyHomeError, NotAnsweredError):
        return say.cannot_answer()
    if "refused" in answer:
        return refused(answer, say)
    say.result({**answer, "file": given["path"], "exit_code": DONE})
    said = Text("Đã sao lưu {n} mục của quầy {till} vào {file}", "Backed up {n} entries of till {till} into {file}")
    say.line(said.fill(n=answer["entries"], till=answer["till"], file=given["path"]))
    say.line(Text("Không có mật khẩu thì không khôi phục được.", "Without the passphrase it cannot be restored."))
    return DONE


# --- restore -------------------------------------------------------------------------------------------------------


def _restore(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    try:
        backup = begin_restore(options.file, till=settings.shop.till)
        hidden = _hidden(options, say)
        passphrase = hidden.get(_PASSPHRASE)
        _let_the_owner_agree(hidden, say)
        say.progress(Text("Đang kiểm tra và khôi phục…", "Checking and restoring…"))
        put_back(options.file, passphrase, MachineClock())
        return _catch_up(backup, options, settings, say)
    except (JournalError, NotTypedError, NoGatewayError, PinError, RefusedError) as error:
        return say.refuse(error.title, error.advice)


def _let_the_owner_agree(hidden: Hidden, say: Say) -> None:
    """Another journal takes the place of this till's: with the owner's PIN, where one is set on this machine.

    Raises:
        PinError: it is not the owner's PIN.
        NotTypedError: it was not given.
    """
    pins = owners_pins(MachineClock())
    pin = hidden.get(_OWNERS_PIN) if pins.is_set else ""
    while pin:
        try:
            pins.check(pin)
            break
        except WaitError as error:
            wait_for_pin(error.wait_s, say)


def _catch_up(backup: Backup, options: argparse.Namespace, settings: Settings, say: Say) -> int:
    """Open the till once: it asks the gateway for what the restored journal does not know."""
    if backup.environment is not Environment.BUILT_IN and not what_to_start().set_up:
        return _tell_restored(backup, say, epoch="", caught_up=False, still_open=0)
    with own_till(settings, options, say, lambda _told: None) as till:
        journal = till.journal
        say.progress(Text("Đang hỏi lại về các khoản cũ…", "Asking about the payments…"))
        try:
            Waiting(say, options.wait).look_until(lambda: True if journal.restored_at_ms is None else None)
        except KeyboardInterrupt:
            say.stopped_waiting()
        with undisturbed():
            caught_up, still_open = journal.restored_at_ms is None, len(journal.live().result())
            return _tell_restored(backup, say, epoch=journal.epoch, caught_up=caught_up, still_open=still_open)


def _tell_restored(backup: Backup, say: Say, *, epoch: str, caught_up: bool, still_open: int) -> int:
    code = DONE if caught_up else NOT_KNOWN
    say.result(
        {
            "till": backup.till, "entries": backup.entries, "backed_up_at_ms": backup.made_at_ms,
            "epoch_before": backup.epoch, "epoch": epoch, "caught_up": caught_up, "open_count": still_open,
            "exit_code": code,
        }
    )  # fmt: skip
    say.line(restored_words(backup))
    if not caught_up:
        say.line(
            Text(
                "Chưa hỏi được hết; máy hỏi tiếp khi mở.",
                "Not everything was asked about yet; the till goes on when it is opened.",
            )
        )
    if still_open:
        words = Text("Chưa rõ: {n} khoản. ĐỪNG thu lại.", "Not known yet: {n}. Do NOT charge again.")
        say.line(words.fill(n=still_open))
    say.line(Text("Đặt lại PIN quản lý: `pos-app pin set`.", "Set the manager's PIN again: `pos-app pin set`."))
    if not epoch:
        keys = Text("Nhập lại khóa, không có trong bản sao lưu: `{command}`, rồi mở máy.",
                    "Enter the keys again, no backup holds them: `{command}`. Then open the till.")  # fmt: skip
        sandbox = " --sandbox" if backup.environment is Environment.SANDBOX else ""
        say.line(keys.fill(command=f"pos-app keys set{sandbox}"))
    return code
