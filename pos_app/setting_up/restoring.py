"""A backup put back as this computer's journal: what it says of itself, who may, and what happens then.

It goes where it came from: real payments never among the demo's. No till may be open there.
"""

import secrets
from pathlib import Path

from pos_app.checkout.refused import RefusedError
from pos_app.clock import Clock
from pos_app.door import somebody_home
from pos_app.journal.backup import Backup, describe, restore
from pos_app.journal.errors import AlreadyOpenError
from pos_app.settings import data_folder, use_environment
from pos_app.staff.pin import Pins
from pos_app.vietnam_day import clock_time, day_text
from pos_app.words import Text

_CLOSE_FIRST = Text("Đóng máy rồi khôi phục.", "Close the till, then restore.")
_OTHER_TILL = Text("Bản sao lưu của quầy {till}", "The backup is of till {till}")
_NAME_IT = Text('Đặt till = "{till}" trong settings.toml.', 'Set till = "{till}" in settings.toml.')


def begin_restore(file: Path, *, till: str = "") -> Backup:
    """What a backup says of itself; from here on this process works with the data of its environment.

    Args:
        file: the backup.
        till: whose it has to be, "" for anybody's: the settings follow then.

    Raises:
        BackupError: it cannot be used.
        RefusedError: it is another till's, or a till is open where it would go.
    """
    backup = describe(file)
    use_environment(backup.environment)
    if till and backup.till != till:
        raise RefusedError(_OTHER_TILL.fill(till=backup.till), _NAME_IT.fill(till=backup.till))
    if somebody_home(data_folder()):
        raise RefusedError(AlreadyOpenError.title, _CLOSE_FIRST)
    return backup


def owners_pins(clock: Clock) -> Pins:
    """The PINs of where it goes: where the owner's is set, the owner has to agree."""
    return Pins(data_folder(), clock, secrets.token_bytes)


def put_back(file: Path, passphrase: str, clock: Clock) -> Backup:
    """Check everything in the backup, and put it in place. Blocks.

    Raises:
        JournalError: nothing was written; see `journal.backup.restore`.
    """
    now_ms, entropy = clock.wall_ms(), secrets.token_bytes(16)
    return restore(file, passphrase, data_folder(), now_ms=now_ms, entropy=entropy)


def restored_words(backup: Backup) -> Text:
    """What was put back."""
    made = f"{clock_time(backup.made_at_ms)} {day_text(backup.made_at_ms)}"
    said = Text("Đã khôi phục {n} mục, sao lưu lúc {made}.", "Restored {n} entries, backed up at {made}.")
    return said.fill(n=backup.entries, made=made)
