"""Backups: made while payments go on, sealed, restored whole or not at all, and never the start of two equal ids."""

import random
import shutil
import signal
import sqlite3
import sys
import threading
import time
import unicodedata
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from pos_app.journal import sealed_file, sqlite_file
from pos_app.journal.backup import LAST_NAME, back_up, describe, last_backup_at_ms, restore
from pos_app.journal.entries import EpochBegun, PaymentPrepared
from pos_app.journal.errors import (
    BackupError,
    BackupNotWrittenError,
    ForeignFolderError,
    JournalError,
    JournalThereError,
    NewerVersionError,
    OtherBackupFormatError,
    WrongPassphraseError,
)
from pos_app.journal.projections import PaymentRecord
from pos_app.payments.payment import HOUR_MS, Attempt, State
from tests.journal.stories import (
    NOW,
    a_day,
    an_attempt,
    failed,
    journal_in,
    opened,
    paid,
    payments_of_all_kinds,
    sqlite_in,
    tell,
)

PASSPHRASE = "mật khẩu của tiệm"
LATER = NOW + HOUR_MS
DAYS = 30


def restored(file: Path, folder: Path) -> None:
    restore(file, PASSPHRASE, folder, now_ms=LATER, entropy=b"\x01\x02\x03\x04")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[PaymentRecord, ...]]:
    """A backup of a journal with payments of every kind, and what it held."""
    place = tmp_path_factory.mktemp("shop")
    with journal_in(place / "journal") as journal:
        for entries, at_ms in payments_of_all_kinds(journal):
            journal.write(*entries, at_ms=at_ms).result()
        back_up(journal, place / "backup", PASSPHRASE, made_at_ms=NOW)
        held = journal.recent(99).result()
    return place / "backup", held


def test_a_restored_journal_holds_the_same_and_takes_other_ids(
    shop: tuple[Path, tuple[PaymentRecord, ...]], tmp_path: Path
) -> None:
    file, held = shop
    said = describe(file)
    restored(file, tmp_path / "new")
    with journal_in(tmp_path / "new", now_ms=LATER) as journal:
        assert journal.recent(99).result() == held
        assert journal.verify().result().ok
        assert (journal.till, said.till) == ("02", "02")
        assert journal.epoch != said.epoch
        numbers = {one.attempt.slip_number for one in held}
        fresh = an_attempt(journal)
        assert fresh.slip_number not in numbers
        assert fresh.slip_number == "02-010001", "far from the numbers that were given after the backup"
        tell(journal, fresh, *paid(fresh))
        begun = journal._in_transaction(
            lambda it: (
                it.exec_driver_sql("SELECT payload FROM entry WHERE kind = ?", (EpochBegun.kind,)).scalars().all()
            )
        ).result()
        assert len(begun) == 1
        assert "restored" in begun[0]
    with journal_in(tmp_path / "new", now_ms=LATER) as journal:
        assert journal.next_running() == 10_002, "also after the next start"


def test_a_restored_journal_says_what_must_be_asked_again(tmp_path: Path) -> None:
    with journal_in(tmp_path / "journal") as journal:
        done, open_, denied = an_attempt(journal), an_attempt(journal), an_attempt(journal)
        tell(journal, done, *paid(done))
        tell(journal, open_)
        tell(journal, denied, *failed(denied))
        assert journal.to_ask_again().result() == (), "an ordinary one asks by its own plan"
        back_up(journal, tmp_path / "backup", PASSPHRASE, made_at_ms=NOW + 2_000)
        journal.write(*paid(open_), at_ms=NOW + 9_000).result()
    restored(tmp_path / "backup", tmp_path / "new")
    with journal_in(tmp_path / "new", now_ms=LATER) as journal:
        assert (journal.restored_at_ms, journal.backed_up_at_ms) == (LATER, NOW + 2_000)
        asked = [one.attempt for one in journal.to_ask_again().result()]
        assert asked == [open_, denied], "whatever could have become paid since"
        journal.write(*paid(open_), at_ms=LATER).result()  # the gateway's word, asked again
        assert journal.payment(open_.app_trans_id).result().state is State.PAID  # type: ignore[union-attr]
        journal.caught_up().result()
        assert (journal.restored_at_ms, journal.to_ask_again().result()) == (None, ())
    with journal_in(tmp_path / "new", now_ms=LATER) as journal:
        assert journal.restored_at_ms is None


def test_any_of_thirty_backups_catches_up_to_the_same_totals(quick_key: None, tmp_path: Path) -> None:
    """T21: restore any day's backup, give back what the gateway knows, and the sum of what was paid is the same."""
    lost: list[list[Attempt]] = []
    with journal_in(tmp_path / "journal") as journal:
        for day in range(DAYS):
            back_up(journal, tmp_path / f"{day}", PASSPHRASE, made_at_ms=NOW + day)
            lost.append(a_day(journal, 1))
        truth = sum(one.attempt.amount for one in journal.recent(999).result() if one.state is State.PAID)
    for day in [0, *random.Random(1).sample(range(DAYS), 4), DAYS - 1]:
        folder = tmp_path / f"restored {day}"
        restored(tmp_path / f"{day}", folder)
        with journal_in(folder, now_ms=LATER) as journal:
            for attempts in lost[day:]:  # the owner reads them off the gateway's list
                for attempt in attempts:
                    tell(journal, attempt, *paid(attempt))
            found = journal.recent(999).result()
            assert sum(one.attempt.amount for one in found if one.state is State.PAID) == truth
            assert journal.verify().result().ok


# --- while payments go on ------------------------------------------------------------------------------------------


def test_payments_go_on_while_the_copy_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "_PAGES_PER_STEP", 1)
    with journal_in(tmp_path / "journal") as journal:
        a_day(journal, 20)
        real, between = journal._writer.let_others_in, 0
        writes: list[Future[None]] = []

        def let_others_in() -> None:
            nonlocal between
            between += 1
            if len(writes) < 10:
                writes.append(journal.write(PaymentPrepared(an_attempt(journal)), at_ms=NOW))
            real()
            assert all(one.done() for one in writes), "they do not wait for the copy"

        monkeypatch.setattr(journal._writer, "let_others_in", let_others_in)
        said = back_up(journal, tmp_path / "backup", PASSPHRASE, made_at_ms=NOW)
        assert between > 20
        assert all(one.exception() is None for one in writes)
        assert said.entries == journal.verify().result().entries
    restored(tmp_path / "backup", tmp_path / "new")
    with journal_in(tmp_path / "new", now_ms=LATER) as journal:
        assert len(journal.recent(99).result()) == 30


def test_closing_does_not_wait_for_the_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "_PAGES_PER_STEP", 1)
    journal = opened(tmp_path / "journal")
    a_day(journal, 5)
    real, closing = journal._writer.let_others_in, threading.Thread(target=journal.close)

    def close_meanwhile() -> None:
        if not closing.is_alive():
            closing.start()
        while not journal._writer._closed:
            time.sleep(0.001)
        real()

    monkeypatch.setattr(journal._writer, "let_others_in", close_meanwhile)
    with pytest.raises(JournalError, match="closed"):
        journal.copy_to(tmp_path / "copy").result()
    closing.join()
    with journal_in(tmp_path / "journal") as again:
        assert len(again.recent(9).result()) == 5


def test_nothing_is_left_lying_about(tmp_path: Path) -> None:
    with journal_in(tmp_path / "journal") as journal:
        a_day(journal, 1)
        before = sorted(path.name for path in (tmp_path / "journal").iterdir())
        (tmp_path / "journal" / "journal.passing-of-a-stopped-one").mkdir()
        back_up(journal, tmp_path / "backup", PASSPHRASE, made_at_ms=NOW)
        assert sorted(path.name for path in (tmp_path / "journal").iterdir()) == sorted([*before, LAST_NAME])
        assert last_backup_at_ms(tmp_path / "journal") == NOW
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "journal"]
    if sys.platform != "win32":
        assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600
    raw = (tmp_path / "backup").read_bytes()
    assert b"SQLite" not in raw
    assert b"payment_prepared" not in raw
    restored(tmp_path / "backup", tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["journal.sqlite3"]


def test_a_backup_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    with journal_in(tmp_path / "journal") as journal:
        a_day(journal, 1)
        back_up(journal, tmp_path / "backup", PASSPHRASE, made_at_ms=NOW)
        before = (tmp_path / "backup").read_bytes()
        with pytest.raises(ValueError, match="8 characters"):
            back_up(journal, tmp_path / "backup", "short", made_at_ms=NOW)
        with pytest.raises(BackupNotWrittenError):
            back_up(journal, tmp_path / "no such folder" / "backup", PASSPHRASE, made_at_ms=NOW)
        assert (tmp_path / "backup").read_bytes() == before


def test_it_never_takes_the_place_of_the_journal(tmp_path: Path) -> None:
    with journal_in(tmp_path / "journal") as journal:
        a_day(journal, 1)
        (tmp_path / "other").mkdir()
        for name in ("journal.sqlite3", "journal.sqlite3-wal", "a-backup"):
            with pytest.raises(BackupNotWrittenError):
                back_up(journal, tmp_path / "other" / ".." / "journal" / name, PASSPHRASE, made_at_ms=NOW)
        assert not (tmp_path / "journal" / "a-backup").exists()
        assert journal.verify().result().ok


def test_two_at_once_do_not_sweep_each_other_away(quick_key: None, tmp_path: Path) -> None:
    with journal_in(tmp_path / "journal") as journal, ThreadPoolExecutor() as hands:
        a_day(journal, 1)
        made = [
            hands.submit(back_up, journal, tmp_path / f"backup-{n}", PASSPHRASE, made_at_ms=NOW + n) for n in range(4)
        ]
        assert len({one.result().head for one in made}) == 1
        for n in range(4):
            restored(tmp_path / f"backup-{n}", tmp_path / f"new-{n}")


# --- refused: nothing is written -----------------------------------------------------------------------------------


def refused(file: Path, folder: Path, passphrase: str = PASSPHRASE) -> JournalError:
    before = sorted(folder.iterdir()) if folder.exists() else []
    with pytest.raises(JournalError) as caught:
        restore(file, passphrase, folder, now_ms=LATER, entropy=bytes(4))
    assert (sorted(folder.iterdir()) if folder.exists() else []) == before, "nothing was written"
    assert caught.value.title.vi
    assert caught.value.advice.en
    return caught.value


def test_a_wrong_passphrase(shop: tuple[Path, tuple[PaymentRecord, ...]], tmp_path: Path) -> None:
    for other in ("", "mật khẩu của tiệm ", "mat khau cua tiem", "x" * 5000):
        assert isinstance(refused(shop[0], tmp_path, other), WrongPassphraseError)


def test_the_same_letters_typed_otherwise_are_the_same_passphrase(
    shop: tuple[Path, tuple[PaymentRecord, ...]], tmp_path: Path
) -> None:
    typed = unicodedata.normalize("NFD", PASSPHRASE)
    assert typed != PASSPHRASE
    restore(shop[0], typed, tmp_path, now_ms=LATER, entropy=bytes(4))


def test_a_folder_that_has_a_journal(shop: tuple[Path, tuple[PaymentRecord, ...]], tmp_path: Path) -> None:
    opened(tmp_path).close()
    assert isinstance(refused(shop[0], tmp_path), JournalThereError)
    (tmp_path / "journal.sqlite3").unlink()
    assert isinstance(refused(shop[0], tmp_path), JournalThereError), "the mark says that there was one"
    assert isinstance(refused(shop[0], tmp_path / "Dropbox"), ForeignFolderError)


def test_no_backup_at_all(tmp_path: Path) -> None:
    for content in (b"", b"POSAPP", b"no backup", bytes(9999), b"POSAPPBK\x01" + b"\xff" * 999):
        (tmp_path / "file").write_bytes(content)
        assert isinstance(refused(tmp_path / "file", tmp_path / "new"), BackupError)
    assert isinstance(refused(tmp_path / "missing", tmp_path / "new"), BackupError)


def test_another_format(shop: tuple[Path, tuple[PaymentRecord, ...]], tmp_path: Path) -> None:
    raw = bytearray(shop[0].read_bytes())
    for number in (0, 2, 255):
        raw[8] = number
        (tmp_path / "file").write_bytes(raw)
        assert isinstance(refused(tmp_path / "file", tmp_path / "new"), OtherBackupFormatError)


@pytest.fixture
def quick_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key's own cost is not the matter here."""
    monkeypatch.setattr(sealed_file, "_MEMORY_KIB", 32)
    monkeypatch.setattr(sealed_file, "_PASSES", 1)


@pytest.fixture
def quick_backup(quick_key: None, tmp_path: Path) -> Path:
    with journal_in(tmp_path / "journal") as journal:
        a_day(journal, 1)
        back_up(journal, tmp_path / "backup", PASSPHRASE, made_at_ms=NOW)
    return tmp_path / "backup"


def places(length: int, head: int) -> list[int]:
    """Every byte of the head, some of the content, every byte of the end."""
    inside = random.Random(4).sample(range(head, length - 20), 60)
    return [*range(head), *inside, *range(length - 20, length)]


def test_a_flipped_bit_anywhere(quick_backup: Path, tmp_path: Path) -> None:
    raw = quick_backup.read_bytes()
    chance = random.Random(3)
    for place in places(len(raw), len(sealed_file.read_head(quick_backup).head)):
        changed = bytearray(raw)
        changed[place] ^= 1 << chance.randrange(8)
        (tmp_path / "file").write_bytes(changed)
        error = refused(tmp_path / "file", tmp_path / "new")
        assert isinstance(error, BackupError), place
        assert not isinstance(error, WrongPassphraseError), "damage is not blamed on the person"


def test_cut_or_grown(quick_backup: Path, tmp_path: Path) -> None:
    raw = quick_backup.read_bytes()
    for length in places(len(raw), len(sealed_file.read_head(quick_backup).head))[::3]:
        (tmp_path / "file").write_bytes(raw[:length])
        assert isinstance(refused(tmp_path / "file", tmp_path / "new"), BackupError), length
    (tmp_path / "file").write_bytes(raw + b"\0")
    assert isinstance(refused(tmp_path / "file", tmp_path / "new"), BackupError)


def test_a_head_that_asks_for_all_memory_is_refused_at_once(
    shop: tuple[Path, tuple[PaymentRecord, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, journal_in(tmp_path / "journal") as journal:
        patch.setattr(sealed_file, "_MEMORY_KIB", 64)
        back_up(journal, tmp_path / "weak", PASSPHRASE, made_at_ms=NOW)
    assert isinstance(refused(tmp_path / "weak", tmp_path / "new"), OtherBackupFormatError)


def sealed_again(folder: Path, tmp_path: Path) -> Path:
    """A backup in perfect form of a journal that is not sound: as only a fault of the program could make it."""
    with sqlite_in(folder) as tool:
        till, epoch = tool.execute("SELECT till, epoch FROM journal").fetchone()
        n, head = tool.execute("SELECT n, hash FROM entry ORDER BY n DESC").fetchone()
    facts = {"till": till, "epoch": epoch, "entries": n, "head": head.hex(), "made_at_ms": NOW}
    sealed_file.seal(folder / "journal.sqlite3", tmp_path / "sealed", PASSPHRASE, facts)
    return tmp_path / "sealed"


def test_what_is_not_sound_is_not_restored(quick_key: None, tmp_path: Path) -> None:
    with journal_in(tmp_path / "journal") as journal:
        a_day(journal, 1)
    with sqlite_in(tmp_path / "journal") as tool:
        tool.execute("UPDATE payment SET zp_trans_id = 'another'")
    error = refused(sealed_again(tmp_path / "journal", tmp_path), tmp_path / "new")
    assert isinstance(error, BackupError)
    assert "evidence proves" in str(error)
    with sqlite_in(tmp_path / "journal") as tool:
        tool.execute("UPDATE alembic_version SET version_num = '0999'")
    assert isinstance(refused(sealed_again(tmp_path / "journal", tmp_path), tmp_path / "new"), NewerVersionError)


def test_a_backup_that_holds_something_else_than_it_says(quick_key: None, tmp_path: Path) -> None:
    with journal_in(tmp_path / "journal") as journal:
        a_day(journal, 1)
    file = sealed_again(tmp_path / "journal", tmp_path)
    facts = dict(sealed_file.read_head(file).facts)
    for name, value in (("till", "03"), ("epoch", "zzzz"), ("entries", 1), ("head", "00")):
        sealed_file.seal(tmp_path / "journal" / "journal.sqlite3", file, PASSPHRASE, {**facts, name: value})
        assert isinstance(refused(file, tmp_path / "new"), BackupError)


def test_a_backup_of_the_first_schema_is_brought_up_to_date(quick_key: None, tmp_path: Path) -> None:
    source = Path(__file__).parent / "first_schema.sql"
    with sqlite_in_new(tmp_path / "old") as tool:
        tool.executescript(source.read_text(encoding="utf-8"))
    restored(sealed_again(tmp_path / "old", tmp_path), tmp_path / "new")
    with journal_in(tmp_path / "new", now_ms=LATER) as journal:
        assert journal.verify().result().ok
        assert [one.state for one in journal.recent(9).result()].count(State.PAID) == 2


def sqlite_in_new(folder: Path) -> AbstractContextManager[sqlite3.Connection]:
    folder.mkdir()
    return sqlite_in(folder)


def test_a_journal_that_outgrows_its_disk_is_not_half_restored(
    shop: tuple[Path, tuple[PaymentRecord, ...]], tmp_path: Path
) -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(JournalError):
            restored(shop[0], tmp_path / "new")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert list((tmp_path / "new").iterdir()) == []
    shutil.rmtree(tmp_path / "new")
    restored(shop[0], tmp_path / "new")
