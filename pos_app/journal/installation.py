"""Which installation a journal belongs to: by this a journal that was copied, moved or put back is known.

The mark lies beside the journal's file and not in it; the journal's own row keeps a hash of it and of the machine.
"""

import hashlib
import json
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from pos_app.journal.errors import CannotStoreError, JournalDamagedError
from pos_app.journal.projections import entry
from pos_app.private_file import put_in_place

INSTALL_NAME = "journal.install"


@dataclass(frozen=True, slots=True)
class Installation:
    """What stands beside the journal and not in it: by this a copy is known.

    Attributes:
        id: random, made with the folder's journal.
        n: how many entries the journal had when it was last opened here; 0 before the first time.
        hash: the hash of that entry, as hex digits.
    """

    id: str
    n: int = 0
    hash: str = ""

    def here(self) -> str:
        """This installation on this machine: a hash that tells neither."""
        return hashlib.sha256(f"{self.id}\n{machine_id()}".encode()).hexdigest()


def installation_of(folder: Path) -> Installation | None:
    """The folder's installation; None when it has none, or none that can be read."""
    try:
        found = json.loads((folder / INSTALL_NAME).read_bytes())
        return Installation(str(found["id"]), int(found["n"]), str(found["hash"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_moved(connection: Connection, installed_on: str, here: Installation | None) -> str:
    """Why the journal is no longer the one that was used here; "" when it is.

    Args:
        connection: to the journal.
        installed_on: what its own row says; "" in a journal that does not know its installation yet.
        here: what lies beside it.

    Raises:
        JournalDamagedError: it is neither the same nor an older one.
    """
    if not installed_on:
        return ""
    if here is None or here.here() != installed_on:
        return "the journal belongs to another installation"
    known = connection.execute(select(entry.c.hash).where(entry.c.n == here.n)).scalar()
    if known is not None and known.hex() != here.hash:
        message = "the entry that was noted beside the journal was changed"
        raise JournalDamagedError(message)
    last = connection.execute(select(func.max(entry.c.n))).scalar() or 0
    return "the journal is older than when it was last opened here" if last < here.n else ""


def new_installation() -> Installation:
    """An installation that nobody has."""
    return Installation(secrets.token_hex(16))


def keep_installation(folder: Path, it: Installation) -> None:
    """Put it beside the journal.

    Raises:
        CannotStoreError: the disk did not take it.
    """
    text = json.dumps({"hash": it.hash, "id": it.id, "n": it.n}, sort_keys=True)
    try:
        put_in_place(text.encode(), folder / INSTALL_NAME)
    except OSError as error:
        message = f"the installation's mark cannot be written ({type(error).__name__})"
        raise CannotStoreError(message) from None


def machine_id() -> str:
    """What the system calls this machine; "" where it has no name for it."""
    if sys.platform == "win32":  # pragma: no cover - the other systems have a file
        import winreg  # noqa: PLC0415 - only there

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
                return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        except OSError:
            return ""
    for path in (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id")):
        try:
            return path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeError):
            continue
    return ""
