"""`pos-app update`: a release is laid ready, never while a payment or a shift is open, and never without a word."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import disk_usage
from typing import Any

import pytest

from pos_app.cli import main
from pos_app.journal.entries import ShiftOpened
from pos_app.updates.taking import FOLDER
from tests.end_to_end.test_manager_commands import unheard_of
from tests.journal.stories import journal_in
from tests.updates.releases import Maker


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Maker:
    """Whose key this build has; the till's data folder is `home`."""
    made = Maker()
    monkeypatch.setattr("pos_app.cli.update.release_keys", lambda: (made.public,))
    monkeypatch.setattr("pos_app.cli.update.system", lambda: "linux-portable")
    monkeypatch.setenv("POS_APP_HOME", str(tmp_path / "home"))
    return made


def test_a_release_is_laid_ready(maker: Maker, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["update", str(maker.release(tmp_path / "new"))]) == 0
    file = tmp_path / "home" / FOLDER / "pos-app-9.1.0.run"
    assert file.exists()
    said = capsys.readouterr().out
    assert f"Cài: sh {file} --to {Path(sys.executable).parents[2]}\n" in said, "where the data lie that it goes on with"
    assert "KHÔNG quay lại" not in said


def test_no_way_back_is_said_before(maker: Maker, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release = str(maker.release(tmp_path / "new", schema="9999"))
    assert main(["update", release]) == 2
    told = capsys.readouterr()
    assert ("KHÔNG quay lại bản cũ được" in told.out, "Thêm --yes" in told.err) == (True, True)
    assert not (tmp_path / "home" / FOLDER / "pos-app-9.1.0.run").exists()
    assert main(["update", release, "--yes"]) == 0
    assert (tmp_path / "home" / FOLDER / "pos-app-9.1.0.run").exists()


def test_room_for_the_journals_copy_is_asked_for_before(
    maker: Maker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with journal_in(tmp_path / "home" / "live"):
        pass
    large = tmp_path / "home" / "sandbox" / "journal.sqlite3"
    large.parent.mkdir()
    try:
        with large.open("wb") as file:
            file.truncate(2 * disk_usage(tmp_path).free)  # of holes: it takes no room itself
        assert main(["update", str(maker.release(tmp_path / "new", schema="9999")), "--yes"]) == 2
        assert "không đủ chỗ" in capsys.readouterr().err
        assert main(["update", str(maker.release(tmp_path / "new"))]) == 0, "no new form, no copy"
    finally:
        large.unlink()  # nobody reads that much


def open_payment(home: Path) -> str:
    unheard_of(home)
    return "Còn 2 khoản chưa rõ kết quả"


def open_shift(home: Path) -> str:
    with journal_in(home) as journal:
        journal.write(ShiftOpened(1, "Thu Hà", "", 0), at_ms=1_795_000_000_000).result()
    return "Ca đang mở"


@pytest.mark.parametrize("what", [open_payment, open_shift])
def test_not_while_something_is_open(
    maker: Maker, tmp_path: Path, capsys: pytest.CaptureFixture[str], what: Any
) -> None:
    because = what(tmp_path / "home")
    assert main(["update", str(maker.release(tmp_path / "new"))]) == 2
    assert because in capsys.readouterr().err
    assert not (tmp_path / "home" / FOLDER / "pos-app-9.1.0.run").exists()


def test_this_very_build_takes_none(tmp_path: Path) -> None:
    """As it is shipped here: nobody's key is in it."""
    release = Maker().release(tmp_path / "new")
    command = [sys.executable, "-m", "pos_app", "update", str(release)]
    env = {**os.environ, "POS_APP_HOME": str(tmp_path / "home")}
    told = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert (told.returncode, "Bản này không nhận cập nhật" in told.stderr) == (2, True)
