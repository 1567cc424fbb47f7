"""A damaged journal can be looked into; its files stay as they are, and nothing is written (F58)."""

import os
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pos_app.journal.backup import back_up, restore
from pos_app.journal.entries import PaymentPrepared
from pos_app.journal.errors import AlreadyOpenError, BackupError, JournalDamagedError, JournalError, ReadOnlyError
from pos_app.journal.sqlite_file import FILE_NAME
from pos_app.journal.store import Journal
from tests.journal.power_cut import Image, files_of
from tests.journal.stories import NOW, a_day, an_attempt, journal_in, opened, sqlite_in, tell
from tests.journal.test_opening import in_a_process

LOG = f"{FILE_NAME}-wal"


def lose_log(folder: Path) -> None:
    (folder / LOG).unlink()


def scribble(folder: Path) -> None:
    """Over an index, of a journal whose log is empty."""
    with sqlite_in(folder) as tool:
        page = tool.execute("SELECT rootpage FROM sqlite_master WHERE name = 'posting_by_time'").fetchone()[0]
    (folder / LOG).touch()
    with (folder / FILE_NAME).open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(range(256)) * 16)


def rewrite(folder: Path) -> None:
    with sqlite_in(folder) as tool:
        tool.execute("UPDATE payment SET zp_trans_id = 'another' WHERE running = 1")
        tool.execute("UPDATE journal SET clean_stop = 0")
    (folder / LOG).touch()


@pytest.fixture(params=[lose_log, scribble, rewrite])
def damaged(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A journal that was running, and is refused now."""
    harm: Callable[[Path], None] = request.param
    folder = tmp_path / "journal"
    with journal_in(folder) as journal:
        a_day(journal, 12)
    journal = opened(folder)
    a_day(journal, 1)
    copy = tmp_path / "damaged"
    copy.mkdir()
    for name, content in files_of(folder).items():
        (copy / name).write_bytes(content)
    journal.close()
    harm(copy)
    with pytest.raises(JournalDamagedError):
        opened(copy)
    return copy


def test_what_is_left_can_be_read_and_nothing_is_touched(damaged: Path, tmp_path: Path) -> None:
    before: Image = files_of(damaged)
    copies = set(Path(tempfile.gettempdir()).glob("journal-copy-*"))
    journal = Journal.open_read_only(damaged)
    assert journal.read_only
    assert (journal.till, len(journal.epoch)) == ("02", 4)
    assert len(journal.recent(99).result()) >= 12
    assert not journal.room_left(0)
    assert journal.verify().result().lines
    error = journal.write(PaymentPrepared(an_attempt(journal)), at_ms=NOW).exception()
    assert isinstance(error, ReadOnlyError)
    assert error.title.vi == "Sổ giao dịch chỉ đọc – tạm dừng thu"
    back_up(journal, tmp_path / "backup", "mật khẩu của tiệm", made_at_ms=NOW)
    journal.close()
    journal.close()
    assert files_of(damaged) == before, "the damaged files are never changed"
    assert set(Path(tempfile.gettempdir()).glob("journal-copy-*")) <= copies
    with pytest.raises(JournalDamagedError):
        opened(damaged)


def test_only_a_sound_backup_of_it_can_be_restored(damaged: Path, tmp_path: Path) -> None:
    journal = Journal.open_read_only(damaged)
    damage = journal._writer.do(lambda: journal._file.find_damage(thorough=True)).exception()
    sound = damage is None and journal.verify().result().ok
    back_up(journal, tmp_path / "backup", "mật khẩu của tiệm", made_at_ms=NOW)
    journal.close()
    try:
        restore(tmp_path / "backup", "mật khẩu của tiệm", tmp_path / "new", now_ms=NOW, entropy=bytes(4))
    except (BackupError, JournalDamagedError):
        assert not sound
    else:
        assert sound


def test_the_audit_says_what_is_wrong(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal, 1)
    rewrite(tmp_path)
    journal = Journal.open_read_only(tmp_path)
    assert "evidence proves" in journal.verify().result().problems[0].en
    journal.close()


@pytest.mark.parametrize("content", [b"", b"no database " * 999])
def test_what_cannot_be_read_at_all_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(JournalError) as caught:
        Journal.open_read_only(tmp_path)
    assert caught.value.title.vi
    assert (tmp_path / FILE_NAME).read_bytes() == content
    with pytest.raises(JournalDamagedError):
        Journal.open_read_only(tmp_path / "nothing")


LOOK = """
    import sys
    from pathlib import Path
    from pos_app.journal.errors import JournalError
    from pos_app.journal.store import Journal
    try:
        Journal.open_read_only(Path(sys.argv[1])).close()
        print("opened")
    except JournalError as error:
        print(type(error).__name__)
"""


@pytest.mark.skipif(os.name != "posix", reason="locks are the system's own affair there")
def test_not_while_the_till_runs(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        tell(journal, an_attempt(journal))
        assert in_a_process(LOOK, tmp_path) == f"{AlreadyOpenError.__name__}\n"
        tell(journal, an_attempt(journal))
        with pytest.raises(sqlite3.OperationalError, match="locked"), sqlite_in(tmp_path) as tool:
            tool.execute("SELECT * FROM entry")
    assert in_a_process(LOOK, tmp_path) == "opened\n"


def unreadable_evidence(tool: sqlite3.Connection, app_trans_id: str) -> None:
    tool.execute("UPDATE entry SET payload = '{' WHERE app_trans_id = ? AND kind = 'evidence_added'", (app_trans_id,))


def no_beginning(tool: sqlite3.Connection, app_trans_id: str) -> None:
    tool.execute("UPDATE entry SET app_trans_id = NULL WHERE app_trans_id = ? AND kind = 'payment_prepared'",
                 (app_trans_id,))  # fmt: skip


def unknown_state(tool: sqlite3.Connection, app_trans_id: str) -> None:
    tool.execute("PRAGMA ignore_check_constraints = ON")
    tool.execute("UPDATE payment SET state = 'odd' WHERE app_trans_id = ?", (app_trans_id,))


@pytest.mark.parametrize("harm", [unreadable_evidence, no_beginning, unknown_state])
def test_one_unreadable_payment_leaves_the_others_readable(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, harm: Callable[[sqlite3.Connection, str], None]
) -> None:
    with journal_in(tmp_path) as journal:
        first, harmed, last = (one.app_trans_id for one in a_day(journal))
    with sqlite_in(tmp_path) as tool:
        tool.execute("DROP TRIGGER entry_never_changes")
        harm(tool, harmed)
    journal = Journal.open_read_only(tmp_path)
    try:
        assert [one.attempt.app_trans_id for one in journal.recent(10).result()] == [last, first]
        assert journal.payment(harmed).result() is None
        assert any(harmed in line.en for line in journal.verify().result().problems), "it is told which"
        assert "1 of 3 payments cannot be read" in caplog.text
    finally:
        journal.close()
    with pytest.raises(JournalDamagedError), journal_in(tmp_path) as working:  # the till works on with nothing hidden
        working.recent(10).result()
