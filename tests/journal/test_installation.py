"""A journal that was copied, moved, or put back by hand is known, and goes on with other order ids only (F59)."""

import shutil
from pathlib import Path

import pytest

from pos_app.journal import installation
from pos_app.journal.entries import EpochBegun
from pos_app.journal.errors import JournalDamagedError, MovedJournalError
from pos_app.journal.installation import INSTALL_NAME, installation_of
from pos_app.journal.opening import Opening
from pos_app.journal.sqlite_file import FILE_NAME, MARKER_NAME
from pos_app.journal.store import Journal
from tests.journal.stories import NOW, TILL, a_day, an_attempt, journal_in, opened, paid, sqlite_in, tell


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A journal of some days, stopped."""
    for _ in range(2):
        with journal_in(tmp_path / "shop") as journal:
            a_day(journal, 2)
    return tmp_path / "shop"


def taken_over(folder: Path) -> Journal:
    return Journal.open(folder, till=TILL, now_ms=NOW, entropy=b"\x05\x06\x07\x08", take_over=True)


def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "machine_id", lambda: "another machine")


def file_alone(shop: Path, _: pytest.MonkeyPatch) -> Path:
    copy = shop.parent / "copy"
    copy.mkdir()
    shutil.copy(shop / FILE_NAME, copy)
    return copy


def whole_folder_elsewhere(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(shop, shop.parent / "copy")
    elsewhere(monkeypatch)
    return shop.parent / "copy"


def beside_another(shop: Path, _: pytest.MonkeyPatch) -> Path:
    opened(shop.parent / "copy").close()
    shutil.copy(shop / FILE_NAME, shop.parent / "copy")
    return shop.parent / "copy"


def older_state(shop: Path, _: pytest.MonkeyPatch) -> Path:
    shutil.copy(shop / FILE_NAME, shop.parent / "older")
    with journal_in(shop) as journal:
        a_day(journal, 1)
    shutil.copy(shop.parent / "older", shop / FILE_NAME)
    return shop


def mark_unreadable(shop: Path, _: pytest.MonkeyPatch) -> Path:
    (shop / INSTALL_NAME).write_bytes(b"\xff")
    return shop


@pytest.mark.parametrize("moved", [file_alone, whole_folder_elsewhere, beside_another, older_state, mark_unreadable])
def test_a_moved_journal_needs_a_manager_and_gets_another_epoch(
    shop: Path, monkeypatch: pytest.MonkeyPatch, moved: object
) -> None:
    folder = moved(shop, monkeypatch)  # type: ignore[operator]
    before = (folder / FILE_NAME).read_bytes()
    for _ in range(2):
        with pytest.raises(MovedJournalError) as caught:
            opened(folder)
        assert caught.value.title.vi == "Sổ giao dịch là bản chép"
    if not (folder / MARKER_NAME).exists():
        assert (folder / FILE_NAME).read_bytes() == before
    journal = taken_over(folder)
    stored = journal.recent(99).result()
    numbers = {one.attempt.slip_number for one in stored}
    attempt = an_attempt(journal)
    assert attempt.slip_number not in numbers
    assert attempt.slip_number == "02-010001"
    assert not any(one.attempt.app_trans_id.endswith(journal.epoch) for one in stored)
    tell(journal, attempt, *paid(attempt))
    kinds = journal._in_transaction(
        lambda it: it.exec_driver_sql("SELECT count(*) FROM entry WHERE kind = ?", (EpochBegun.kind,)).scalar()
    ).result()
    assert kinds == 1
    assert journal.verify().result().ok
    journal.close()
    with journal_in(folder) as again:
        assert again.epoch == journal.epoch, "and from then on it is at home"


def test_consent_changes_nothing_where_none_is_needed(shop: Path) -> None:
    with journal_in(shop) as journal:
        epoch = journal.epoch
    journal = taken_over(shop)
    assert journal.epoch == epoch
    journal.close()


def test_a_crash_before_it_is_taken_over_asks_again(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = whole_folder_elsewhere(shop, monkeypatch)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Opening, "_begin", stop)
        with pytest.raises(KeyboardInterrupt):
            taken_over(folder)
    with pytest.raises(MovedJournalError):
        opened(folder)
    taken_over(folder).close()


def test_a_noted_entry_that_was_changed_is_damage(shop: Path) -> None:
    noted = installation_of(shop)
    assert noted
    with sqlite_in(shop) as tool:
        tool.execute("DROP TRIGGER entry_never_changes")
        tool.execute("UPDATE entry SET hash = zeroblob(32) WHERE n = ?", (noted.n,))
    with pytest.raises(JournalDamagedError, match="beside the journal"):
        opened(shop)


def test_neither_machine_nor_installation_can_be_read_from_the_journal(shop: Path) -> None:
    raw = (shop / FILE_NAME).read_bytes()
    noted = installation_of(shop)
    assert noted
    assert noted.here().encode() in raw
    assert noted.id.encode() not in raw
    machine = installation.machine_id()
    assert not machine or machine.encode() not in raw + (shop / INSTALL_NAME).read_bytes()
    assert noted.here() == noted.here()
    assert noted.here() != installation.new_installation().here()
