"""The journal's folder: whether it may hold a journal, and files in it made private and durable.

What lies in the files is not read here.
"""

import re
import sys
import tempfile
from pathlib import Path, PurePath

from pos_app.journal.errors import CannotStoreError, ForeignFolderError

_SYNCED = {"onedrive", "dropbox", "google drive", "googledrive", "icloud drive", "mobile documents"}
_NETWORK = re.compile(
    r"(nfs|nfs4|cifs|smb\w*|9p|afs|ncpfs|coda|ceph|glusterfs|lustre|ocfs2|gfs2|davfs|virtiofs|vboxsf)"
)
_NETWORK_BY_FUSE = re.compile(
    r"fuse\.(sshfs|s3fs|rclone|glusterfs|davfs2?|gvfsd-fuse|google-drive-ocamlfuse|onedriver|cephf?s?)"
)
_MOUNTS = Path("/proc/mounts")
_REMOTE_DRIVE = 4
"""What `GetDriveTypeW` calls a network drive."""


def take_folder(folder: Path) -> None:
    """Make the folder if there is none, and see that it can be written.

    Raises:
        ForeignFolderError: it cannot, or another computer changes it behind our back.
    """
    if is_elsewhere(folder):
        message = "a synced folder or a network share cannot hold the journal"
        raise ForeignFolderError(message)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        message = f"the folder cannot be written ({type(error).__name__})"
        raise ForeignFolderError(message) from None


def is_elsewhere(folder: Path) -> bool:
    """Whether another computer may change the folder behind our back; it need not exist."""
    return (
        any(part.lower().split(" - ")[0] in _SYNCED for part in folder.parts) or _is_share(folder) or is_remote(folder)
    )


def make_private(path: Path) -> None:
    """The empty file, for its owner only, also in a folder that others may read; SQLite gives its log the same rights.

    Raises:
        CannotStoreError: it cannot be made.
    """
    try:
        path.touch(mode=0o600)
        path.chmod(0o600)
    except OSError as error:
        message = f"the journal's file cannot be made ({type(error).__name__})"
        raise CannotStoreError(message) from None


# --- disks of other computers --------------------------------------------------------------------------------------


def _is_share(folder: PurePath) -> bool:
    return str(folder).startswith(("\\\\", "//"))


def is_remote(folder: Path, *, mounts: Path | None = None) -> bool:
    """Whether the folder lies on a disk of another computer, as far as the system says.

    Args:
        folder: it need not exist.
        mounts: the table of mounts; the system's own when None.
    """
    if sys.platform == "win32":  # pragma: no cover - the other systems have a table
        import ctypes  # noqa: PLC0415 - only there

        return bool(ctypes.windll.kernel32.GetDriveTypeW(folder.resolve().anchor) == _REMOTE_DRIVE)
    try:
        lines = (mounts or _MOUNTS).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    where = folder.resolve()
    kind, depth = "", -1
    for line in lines:
        _, point, kind_there, *_ = line.split(" ")
        place = Path(_spelled_out(point))
        # The last of equal ones lies on top.
        if where.is_relative_to(place) and len(place.parts) >= depth:
            kind, depth = kind_there, len(place.parts)
    return bool(_NETWORK.fullmatch(kind) or _NETWORK_BY_FUSE.fullmatch(kind))


def _spelled_out(point: str) -> str:
    """The table writes blanks and the like as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), point)
