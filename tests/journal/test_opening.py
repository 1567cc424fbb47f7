"""Taking a folder: what is refused, in which words, and what a refusal leaves untouched."""

import os
import shutil
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from pos_app.journal import errors, projections
from pos_app.journal import folder as journal_folder
from pos_app.journal.errors import (
    AlreadyOpenError,
    CannotStoreError,
    ForeignFolderError,
    JournalDamagedError,
    JournalError,
    NewerVersionError,
)
from pos_app.journal.folder import is_remote
from pos_app.journal.installation import INSTALL_NAME
from pos_app.journal.migrations import REVISIONS
from pos_app.journal.opening import THOROUGH_EVERY_MS
from pos_app.journal.sqlite_file import APPLICATION_ID, FILE_NAME, MARKER_NAME
from pos_app.journal.store import Journal
from pos_app.payments.payment import HOUR_MS, LIVE, State
from tests.journal.stories import NOW, a_day, journal_in, opened, sqlite_in


def in_a_process(code: str, *arguments: object) -> str:
    """Run code in a process of its own; what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        timeout=60,
        check=True,
    )
    return done.stdout


OPEN_ELSEWHERE = """
    import sys, time
    from pathlib import Path
    from pos_app.journal.errors import JournalError
    from pos_app.journal.store import Journal
    begun = time.monotonic()
    try:
        Journal.open(Path(sys.argv[1]), till="02", now_ms=0, entropy=b"abcd").close()
        print("opened")
    except JournalError as error:
        print(f"{time.monotonic() - begun:.3f}|{type(error).__name__}|{error.title.vi}|{error.title.en}")
    print("alembic" in sys.modules)
"""


def test_a_new_journal(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "journal"
    with journal_in(folder) as journal:
        assert (journal.till, len(journal.epoch)) == ("02", 4)
        if os.name == "posix":
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        pragmas = {
            name: journal._writer.do(lambda name=name: journal._file.pragma(name)).result()[0][0]  # type: ignore[misc]
            for name in (
                "journal_mode",
                "synchronous",
                "locking_mode",
                "foreign_keys",
                "busy_timeout",
                "trusted_schema",
            )
        }
        epoch = journal.epoch
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "locking_mode": "exclusive",
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "trusted_schema": 0,
    }
    again = Journal.open(folder, till="02", now_ms=NOW, entropy=b"other bytes")
    again.close()
    assert again.epoch == epoch, "the epoch stays with the journal"


def test_a_second_instance_is_refused_quickly_in_plain_words(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal, 1)
        seconds, kind, vi, en = in_a_process(OPEN_ELSEWHERE, tmp_path).splitlines()[0].split("|")
        assert (kind, vi, en) == ("AlreadyOpenError", "Chương trình đã mở", "The till is already open")
        assert float(seconds) < 5, "the time that it waits for a lock"
        with pytest.raises(AlreadyOpenError):
            opened(tmp_path)
        a_day(journal, 1)
        assert journal.verify().result().ok, "the first one goes on untouched"
    assert in_a_process(OPEN_ELSEWHERE, tmp_path).splitlines() == ["opened", "False"], "and alembic was not needed"


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("a letter")
    for folder in (tmp_path / "journal", tmp_path / "journal" / "inside"):
        with pytest.raises(ForeignFolderError):
            opened(folder)
    assert (tmp_path / "journal").read_text() == "a letter"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ForeignFolderError):
        opened(tmp_path)
    tmp_path.chmod(0o700)


@pytest.mark.parametrize("name", ["OneDrive", "OneDrive - Cửa hàng", "Dropbox", "iCloud Drive"])
def test_a_synced_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ForeignFolderError):
        opened(tmp_path / name / "till")
    assert not (tmp_path / name).exists()


def test_a_network_share(tmp_path: Path) -> None:
    with pytest.raises(ForeignFolderError):
        opened(Path("//server/share"))
    assert list(tmp_path.iterdir()) == []


def test_the_file_of_another_program(tmp_path: Path) -> None:
    with sqlite_in(tmp_path) as tool:
        tool.execute("CREATE TABLE song (title TEXT)")
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(ForeignFolderError):
        opened(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_the_journal_of_another_till(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal)
    with pytest.raises(ForeignFolderError, match="another till"):
        opened(tmp_path, till="03")
    with journal_in(tmp_path) as journal:
        assert len(journal.recent(9).result()) == 3


def test_a_newer_schema_is_left_alone(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal)
    with sqlite_in(tmp_path) as tool:
        tool.execute("UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(NewerVersionError) as caught:
        opened(tmp_path)
    assert "phiên bản mới hơn" in caught.value.title.vi
    with sqlite_in(tmp_path) as tool:
        assert tool.execute("SELECT version_num FROM alembic_version").fetchall() == [("0999",)]
        tool.execute("UPDATE alembic_version SET version_num = ?", [REVISIONS[-1]])
    with journal_in(tmp_path) as journal:
        assert len(journal.recent(9).result()) == 3


MOUNTS = """\
/dev/vda2 / ext4 rw,relatime 0 0
tmpfs /run tmpfs rw 0 0
server:/export {place}/nfs nfs4 rw 0 0
//server/share {place}/cifs cifs rw 0 0
//server/share {place}/smb smb3 rw 0 0
user@host: {place}/ssh fuse.sshfs rw 0 0
share {place}/plan9 9p rw 0 0
/dev/sdb1 {place}/with\\040blank ext4 rw 0 0
server:/export {place}/with\\040blank/below nfs rw 0 0
/dev/sdc1 {place}/nfs/local xfs rw 0 0
server:/export {place}/twice nfs rw 0 0
/dev/sdd1 {place}/twice ext4 rw 0 0
/dev/sde1 {place}/ntfs fuseblk rw 0 0
"""


@pytest.mark.skipif(sys.platform == "win32", reason="another way there")
@pytest.mark.parametrize(
    ("where", "remote"),
    [
        ("", False),
        ("nfs", True),
        ("nfs/deep/inside", True),
        ("nfs/local/till", False),
        ("nfs2", False),
        ("cifs/till", True),
        ("smb", True),
        ("ssh/till", True),
        ("plan9", True),
        ("with blank/till", False),
        ("with blank/below/till", True),
        ("twice/till", False),
        ("ntfs/till", False),
    ],
)
def test_a_disk_of_another_computer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, *, remote: bool
) -> None:
    (tmp_path / "mounts").write_text(MOUNTS.format(place=tmp_path), encoding="utf-8")
    assert is_remote(tmp_path / where, mounts=tmp_path / "mounts") is remote
    monkeypatch.setattr(journal_folder, "_MOUNTS", tmp_path / "mounts")
    folder = tmp_path / where / "journal"
    if remote:
        with pytest.raises(ForeignFolderError):
            opened(folder)
        assert not folder.exists()
    else:
        opened(folder).close()


def test_the_table_of_mounts_may_be_missing(tmp_path: Path) -> None:
    assert not is_remote(tmp_path, mounts=tmp_path / "no table")


# --- damage and loss: never an empty journal in silence --------------------------------------------------------------


def lose_file(folder: Path) -> None:
    (folder / FILE_NAME).unlink()


def empty_file(folder: Path) -> None:
    (folder / FILE_NAME).write_bytes(b"")


def garbage(folder: Path) -> None:
    (folder / FILE_NAME).write_bytes(b"no database at all " * 1000)


def torn_head(folder: Path) -> None:
    with (folder / FILE_NAME).open("r+b") as file:
        file.write(bytes(100))


def torn_page(folder: Path) -> None:
    with (folder / FILE_NAME).open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(4096 * 3))


def cut_short(folder: Path) -> None:
    size = (folder / FILE_NAME).stat().st_size
    os.truncate(folder / FILE_NAME, size // 2)


def lose_own_row(folder: Path) -> None:
    with sqlite_in(folder) as tool:
        tool.execute("DELETE FROM journal")


def lose_revision(folder: Path) -> None:
    with sqlite_in(folder) as tool:
        tool.execute("DELETE FROM alembic_version")


@pytest.mark.parametrize(
    "harm",
    [lose_file, empty_file, garbage, torn_head, torn_page, cut_short, lose_own_row, lose_revision],
)
def test_a_damaged_or_missing_file_is_refused_every_time(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal, 20)
    harm(tmp_path)
    for _ in range(2):
        with pytest.raises(JournalDamagedError):
            opened(tmp_path)


def test_a_missing_file_with_its_log_is_refused(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        copied(tmp_path, tmp_path / "copy")
        a_day(journal, 1)
    lose_file(tmp_path / "copy")
    (tmp_path / "copy" / MARKER_NAME).unlink()
    with pytest.raises(JournalDamagedError):
        opened(tmp_path / "copy")


def copied(folder: Path, to: Path) -> None:
    """What a power cut would leave at this moment: the files as they are, of a journal that is open."""
    to.mkdir()
    for name in (FILE_NAME, f"{FILE_NAME}-wal", MARKER_NAME, INSTALL_NAME):
        shutil.copy(folder / name, to / name)


def test_a_lost_log_is_noticed_after_an_unclean_stop(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal)
        copied(tmp_path, tmp_path / "whole")
        copied(tmp_path, tmp_path / "without")
    (tmp_path / "without" / f"{FILE_NAME}-wal").unlink()
    for _ in range(2):
        with pytest.raises(JournalDamagedError, match="log"):
            opened(tmp_path / "without")
    with journal_in(tmp_path / "whole") as journal:
        assert len(journal.recent(9).result()) == 3


def test_a_refused_opening_does_not_look_like_a_lost_log(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal)
        copied(tmp_path, tmp_path / "copy")
    for _ in range(2):
        with pytest.raises(ForeignFolderError, match="another till"):
            opened(tmp_path / "copy", till="03")
    with journal_in(tmp_path / "copy") as journal:
        assert len(journal.recent(9).result()) == 3


def test_a_clean_stop_that_could_not_be_noted_is_no_lost_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = opened(tmp_path)
    a_day(journal)
    monkeypatch.setattr(journal, "_note_clean_stop", lambda: False)
    journal.close()
    with journal_in(tmp_path) as again:
        assert len(again.recent(9).result()) == 3


def test_a_lost_mark_is_renewed(tmp_path: Path) -> None:
    with journal_in(tmp_path):
        pass
    (tmp_path / MARKER_NAME).unlink()
    with journal_in(tmp_path):
        assert (tmp_path / MARKER_NAME).exists()


# --- when everything is checked ------------------------------------------------------------------------------------


def tamper(folder: Path) -> None:
    with sqlite_in(folder) as tool:
        tool.execute("UPDATE payment SET zp_trans_id = 'zp-other' WHERE running = 1")


@pytest.mark.parametrize("later_ms", [THOROUGH_EVERY_MS, 99 * THOROUGH_EVERY_MS, -HOUR_MS])
def test_a_weekly_check_also_when_the_clock_was_set_back(tmp_path: Path, later_ms: int) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal)
    tamper(tmp_path)
    opened(tmp_path, now_ms=NOW + HOUR_MS).close()
    with pytest.raises(JournalDamagedError):
        opened(tmp_path, now_ms=NOW + later_ms)


def test_a_check_after_an_unclean_stop(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        a_day(journal)
        copied(tmp_path, tmp_path / "copy")
    copied_again = tmp_path / "copy"
    with journal_in(copied_again):
        pass
    tamper(copied_again)
    with sqlite_in(copied_again) as tool:
        tool.execute("UPDATE journal SET clean_stop = 0")
    (copied_again / f"{FILE_NAME}-wal").touch()
    with pytest.raises(JournalDamagedError, match="evidence proves"):
        opened(copied_again)


# --- the schema says what the code says ------------------------------------------------------------------------------


def test_the_steps_are_those_of_alembic() -> None:
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - slow to load

    from pos_app.journal import migrations  # noqa: PLC0415 - for its place
    from pos_app.journal.migrations.versions import v0001_entries_and_payments as first  # noqa: PLC0415

    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert tuple(step.revision for step in script.walk_revisions())[::-1] == REVISIONS
    assert first.APPLICATION_ID == APPLICATION_ID
    with pytest.raises(NotImplementedError):
        first.downgrade()


def test_the_tables_are_those_of_the_steps(tmp_path: Path) -> None:
    with journal_in(tmp_path):
        pass
    with sqlite_in(tmp_path) as tool:
        for table in (projections.journal, projections.entry, projections.payment):
            columns = [row[1] for row in tool.execute(f"PRAGMA table_xinfo({table.name})")]
            assert columns == [column.name for column in table.columns]
        strict = dict(tool.execute("SELECT name, strict FROM pragma_table_list"))
        assert all(strict[name] for name in ("journal", "entry", "payment"))
        states = tool.execute("SELECT sql FROM sqlite_master WHERE name = 'payment'").fetchone()[0]
        live = tool.execute("SELECT sql FROM sqlite_master WHERE name = 'one_live_attempt'").fetchone()[0]
    assert all(f"'{state}'" in states for state in State)
    assert {state for state in State if f"'{state}'" in live} == LIVE


def test_an_interrupted_step_leaves_the_old_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    from alembic.runtime.migration import HeadMaintainer  # noqa: PLC0415 - slow to load

    with monkeypatch.context() as patch:
        patch.setattr(HeadMaintainer, "update_to_step", stop)  # the tables are made, the version is not noted
        with pytest.raises(KeyboardInterrupt):
            opened(tmp_path)
    with sqlite_in(tmp_path) as tool:
        assert tool.execute("SELECT name FROM sqlite_master").fetchall() == []
    with journal_in(tmp_path) as journal:
        a_day(journal)
        assert journal.verify().result().ok


def test_importing_the_journal_does_not_load_alembic() -> None:
    assert in_a_process("import sys, pos_app.journal.store; print('alembic' in sys.modules)") == "False\n"


@pytest.mark.parametrize(
    "kind", [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, JournalError)]
)
def test_every_error_speaks_both_languages(kind: type[JournalError]) -> None:
    for text in (kind.title, kind.advice):
        assert text.vi
        assert text.en
        assert text.vi != text.en


def test_a_disk_that_fails_is_named_by_kind_only(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(CannotStoreError, match="SQLITE_CANTOPEN") as caught:
        opened(tmp_path)
    assert str(tmp_path) not in str(caught.value)
