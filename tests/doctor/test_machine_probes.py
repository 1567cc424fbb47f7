"""What each look at this machine says of what it saw."""

from pathlib import Path

import pytest

from pos_app.doctor import machine_probes as probes
from pos_app.doctor.checks import Cause, Check, Finding, Verdict
from pos_app.journal.errors import AlreadyOpenError, JournalDamagedError
from pos_app.journal.tally import Tally
from pos_app.payments.payment import State
from pos_app.scanning.source import SourceHealth, SourceState
from pos_app.scanning.trouble import CAMERA_SILENT
from pos_app.words import Text

NOW_MS = 1_795_000_000_000
DAY_MS = 86_400_000
SOLD = Tally(9, {State.PAID: 1}, 0)
TROUBLE = CAMERA_SILENT


@pytest.mark.parametrize(
    ("setting", "health", "verdict", "cause"),
    [
        ("", None, Verdict.OK, Cause.NOT_USED),
        ("auto", SourceHealth(SourceState.TROUBLE, trouble=TROUBLE), Verdict.WARN, Cause.NOT_FOUND),
        ("0", SourceHealth(SourceState.TROUBLE, trouble=TROUBLE), Verdict.BAD, Cause.CANNOT_OPEN),
        ("auto", SourceHealth(SourceState.TROUBLE, 0.0, 5, TROUBLE), Verdict.BAD, Cause.CANNOT_OPEN),
        ("0", SourceHealth(SourceState.STARTING), Verdict.BAD, Cause.TROUBLE),
        ("0", SourceHealth(SourceState.RUNNING, 14.6, 5), Verdict.OK, Cause.NONE),
        ("0", SourceHealth(SourceState.PAUSED, 14.6, 5), Verdict.OK, Cause.NONE),
    ],
)
def test_the_camera(setting: str, health: SourceHealth | None, verdict: Verdict, cause: Cause) -> None:
    found = probes.look_at_camera(setting, health)
    assert (found.verdict, found.cause) == (verdict, cause)
    assert found.facts == ({"frames_per_s": 15} if cause is Cause.NONE else {})


def test_the_code_readers_read_what_was_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    found = probes.look_at_decoder()
    assert found.verdict is Verdict.OK
    monkeypatch.setattr("pos_app.scanning.decoders.zxingcpp", None)
    monkeypatch.setattr("pos_app.scanning.decoders.pyzbar", None)
    found = probes.look_at_decoder()
    assert (found.verdict, found.cause) == (Verdict.BAD, Cause.NOT_INSTALLED)
    assert "zxing-cpp" in found.remedy.vi


def test_the_scanner_is_known_by_what_it_read() -> None:
    assert probes.look_at_scanner(NOW_MS).verdict is Verdict.OK
    unseen, closed = probes.look_at_scanner(None), probes.look_at_scanner(None, till_open=False)
    assert {unseen.verdict, closed.verdict} == {Verdict.UNKNOWN}
    assert unseen.remedy != closed.remedy


def status(state: str, owed: int = 0) -> dict[str, object]:
    words = {"vi": "x", "en": "x"}
    return {"state": state, "owed": owed, "cause": words, "remedy": words}


@pytest.mark.parametrize(
    ("told", "verdict", "cause"),
    [
        (status("ready"), Verdict.OK, Cause.NONE),
        (status("ready", 2), Verdict.WARN, Cause.SLIPS_OWED),
        (status("paper_low"), Verdict.WARN, Cause.PAPER_LOW),
        (status("trouble", 1), Verdict.BAD, Cause.TROUBLE),
    ],
)
def test_the_printer(told: dict[str, object], verdict: Verdict, cause: Cause) -> None:
    found = probes.look_at_printer(told, saves=False)
    assert (found.verdict, found.cause) == (verdict, cause)


def test_the_disk_is_looked_at_and_nothing_is_made(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    assert probes.look_at_disk(home).check is Check.DISK
    assert list(tmp_path.iterdir()) == []
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    for place in (in_the_way / "home", tmp_path / "OneDrive" / "home"):
        assert probes.look_at_disk(place).cause is Cause.CANNOT_WRITE


@pytest.mark.parametrize(
    ("free", "verdict"), [(150_000_000, Verdict.BAD), (900_000_000, Verdict.WARN), (5_000_000_000, Verdict.OK)]
)
def test_how_much_room_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, verdict: Verdict) -> None:
    monkeypatch.setattr("pos_app.doctor.machine_probes.shutil.disk_usage", lambda _: type("usage", (), {"free": free}))
    found = probes.look_at_disk(tmp_path)
    assert (found.verdict, found.facts) == (verdict, {"free_mb": free // 1_000_000})


@pytest.mark.parametrize(
    ("made_at_ms", "tally", "verdict", "cause"),
    [
        (None, Tally(1, {}, 0), Verdict.OK, Cause.NONE_YET),
        (None, SOLD, Verdict.WARN, Cause.NONE_YET),
        (None, None, Verdict.WARN, Cause.NONE_YET),
        (NOW_MS - 6 * DAY_MS, SOLD, Verdict.OK, Cause.NONE),
        (NOW_MS - 8 * DAY_MS, SOLD, Verdict.WARN, Cause.TOO_OLD),
        (NOW_MS + DAY_MS, SOLD, Verdict.OK, Cause.NONE),
    ],
)
def test_the_last_backup(made_at_ms: int | None, tally: Tally | None, verdict: Verdict, cause: Cause) -> None:
    found = probes.look_at_backup(made_at_ms, NOW_MS, tally)
    assert (found.verdict, found.cause) == (verdict, cause)


def test_a_journal_that_refuses() -> None:
    damaged: Finding = probes.journal_refuses(JournalDamagedError())
    assert (damaged.verdict, damaged.cause, damaged.seen) == (Verdict.BAD, Cause.DAMAGED, JournalDamagedError.title)
    used = probes.journal_refuses(AlreadyOpenError())
    assert (used.verdict, used.cause) == (Verdict.UNKNOWN, Cause.IN_USE)


def test_the_window_could_open_or_what_it_lacks() -> None:
    assert probes.look_at_display(None).verdict is Verdict.OK
    lacks = (Text("Thiếu thư viện", "Libraries are missing"), Text("Cài x", "Install x"))
    found = probes.look_at_display(lacks)
    assert (found.verdict, found.seen, found.remedy) == (Verdict.BAD, *lacks)
