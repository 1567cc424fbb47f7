"""The audit reads the chain to its very end: an edit of the newest entry, which no later one would give away."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from pos_app.journal.sqlite_file import FILE_NAME
from pos_app.journal.verify import VerifyReport, verified
from tests.journal.stories import a_day, journal_in, sqlite_in


def audited(folder: Path) -> VerifyReport:
    """The audit of the file as it lies there: opening the journal would add an entry of its own."""
    engine = create_engine(f"sqlite:///{folder / FILE_NAME}")
    try:
        with engine.connect() as connection:
            return verified(connection, None)
    finally:
        engine.dispose()


@pytest.mark.parametrize("place", [0, 1])
def test_an_edited_newest_entry_is_found(place: int, tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal, 2)
    assert audited(tmp_path).ok
    with sqlite_in(tmp_path) as tool:
        (guard,) = tool.execute("SELECT sql FROM sqlite_master WHERE name = 'entry_never_changes'").fetchone()
        (newest,) = tool.execute("SELECT max(n) FROM entry").fetchone()
        tool.execute("DROP TRIGGER entry_never_changes")
        tool.execute("UPDATE entry SET at_ms = at_ms - 1 WHERE n = ?", (newest - place,))
        tool.execute(guard)
    report = audited(tmp_path)
    assert report.problems[0].en == f"The chain of entries was tampered with at entry {newest - place}."
