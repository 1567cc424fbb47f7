"""Nobody else on the machine reads the journal, even when the data folder was made for all to see."""

import os
import sys
from pathlib import Path

import pytest

from pos_app.journal.store import Journal


@pytest.mark.skipif(sys.platform == "win32", reason="rights are not bits there")
def test_journal_and_log_are_for_their_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    before = os.umask(0o022)
    try:
        journal = Journal.open(home, till="02", now_ms=1_795_300_000_000, entropy=bytes(16))
        rights = {path.name: path.stat().st_mode & 0o077 for path in home.glob("journal.sqlite3*")}
        journal.close()
    finally:
        os.umask(before)
    assert len(rights) == 2  # the file and its write-ahead log
    assert not any(rights.values())
