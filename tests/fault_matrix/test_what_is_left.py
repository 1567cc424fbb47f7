"""F84 and T14: everything that a run leaves, and all that is seen of it from outside, is searched for canaries."""

import base64
import contextlib
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PIL import Image, PngImagePlugin
from PySide6.QtWidgets import QApplication, QLabel

from pos_app.checkout.records import record_story
from pos_app.journal.backup import back_up
from pos_app.journal.store import Journal
from pos_app.receipts.content import slip_document
from pos_app.receipts.layout import PAPERS
from pos_app.receipts.printers.file import FilePrinter
from pos_app.words import Language
from tests.end_to_end.world import leaks
from tests.fault_matrix.gateway import MakeGateway, ScriptedGateway, paid, says, silent
from tests.gateways.tls_server import Manners, Peer
from tests.receipts.slips import PAID as PAID_SLIP


@dataclass
class Run:
    """What one program left, and what can be seen of it from outside while it runs."""

    folder: Path
    texts: dict[str, str] = field(default_factory=dict)

    def seen_from_outside(self, program: subprocess.Popen[str]) -> None:
        for name in ("cmdline", "environ", "comm", "status"):
            self.texts[name] = Path(f"/proc/{program.pid}/{name}").read_bytes().decode("utf-8", "replace")

    def hits(self, secrets: list[str]) -> list[str]:
        """Where any secret was found."""
        found = [
            name
            for name, text in self.texts.items()
            if [one for one in leaks(secrets, NOWHERE, text) if one == "text 0"]
        ]
        found += [one for one in leaks(secrets, self.folder) if "looks like" not in one]
        for pdf in self.folder.rglob("*.pdf"):  # what stands in a PDF stands there packed
            words = "\n".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages)
            found += [f"{pdf} read" for _ in leaks(secrets, NOWHERE, words)[:1]]
        for png in self.folder.rglob("*.png"):
            with Image.open(png) as picture:
                told = json.dumps({str(key): str(value) for key, value in picture.info.items()})
            found += [f"{png} told" for _ in leaks(secrets, NOWHERE, told)[:1]]
        return found


NOWHERE = Path(__file__).parent / "no such folder"


@contextmanager
def canary_till(gateway: ScriptedGateway, run: Run) -> Iterator[subprocess.Popen[str]]:
    """The whole program on the data of a run; its output goes to files there."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "TMPDIR": str(run.folder / "tmp"),
        "HOME": str(run.folder / "home"),
        "PYTHONIOENCODING": "utf-8",
    }
    for name in ("tmp", "home"):
        (run.folder / name).mkdir(parents=True, exist_ok=True)

    with (run.folder / "stderr").open("a") as errors:
        program = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", "-m", "tests.fault_matrix.canary_till", str(run.folder / "data")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment,
        )  # fmt: skip
        assert program.stdin
        assert program.stdout
        program.stdin.write(json.dumps({"access": gateway.credentials()}) + "\n")
        program.stdin.flush()
        run.texts["title"] = program.stdout.readline()
        try:
            yield program
        finally:
            program.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(60)
            program.kill()
            program.wait()
            program.stdout.close()


def pays(program: subprocess.Popen[str], gateway: ScriptedGateway, run: Run, name: str) -> dict[str, Any]:
    """One payment; what the window shows then."""
    assert program.stdin
    assert program.stdout
    program.stdin.write(f"{gateway.customer.fresh_code()} {name}\n")
    program.stdin.flush()
    line = program.stdout.readline()
    run.texts[f"window {name}"] = line
    shown: dict[str, Any] = json.loads(line)
    return shown


class InTurn:
    """Answers one after the other differently, the last for ever."""

    def __init__(self, *answers: Manners) -> None:
        self._answers = list(answers)

    async def __call__(self, peer: Peer) -> None:
        await (self._answers.pop(0) if len(self._answers) > 1 else self._answers[0])(peer)


def test_f84_nothing_secret_is_left_by_a_whole_run(scripted: MakeGateway, tmp_path: Path) -> None:
    """A payment, a decline, one that is lost; killed in the middle, started again; then everything is searched."""
    run = Run(tmp_path / "run")
    run.folder.mkdir()
    refused = says(return_code=2, sub_return_code=-402, is_processing=False)
    with scripted(InTurn(paid(), refused, silent), InTurn(paid(), refused)) as gateway:
        with canary_till(gateway, run) as program:
            assert "Đã thanh toán" in pays(program, gateway, run, "paid")["words"]
            assert "Khóa ZaloPay chưa đúng" in pays(program, gateway, run, "declined")["words"]
            run.seen_from_outside(program)
            assert program.stdin
            program.stdin.write(f"{gateway.customer.fresh_code()} unknown\n")
            program.stdin.flush()
            deadline = time.monotonic() + 60
            while len(gateway.creates) < 3:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            program.send_signal(signal.SIGKILL)
            program.wait()
            assert (run.folder / "data" / "journal.sqlite3-wal").stat().st_size > 0, "the log is among what is searched"
            secrets = [gateway.key1, *gateway.customer.codes]
            assert run.hits(secrets) == []
        with canary_till(gateway, run) as program:
            run.seen_from_outside(program)
        assert run.hits(secrets) == []
        journal = Journal.open(run.folder / "data", till="02", now_ms=time.time_ns() // 1_000_000, entropy=bytes(16))
        back_up(journal, run.folder / "backup", "một hai ba bốn", made_at_ms=0)
        shown = [json.dumps(record_story(one), default=str) for one in journal.recent(9).result()]
        journal.close()
        run.texts["story"] = "\n".join(shown)
        assert len(shown) == 3
        assert run.hits(secrets) == []
        searched = {path.name for path in run.folder.rglob("*") if path.is_file()}
        assert {"journal.sqlite3", "stderr", "backup"} <= searched
        assert list((run.folder / "data" / "slips").glob("*.pdf")), "and a slip"
        assert len(secrets) == 4
        assert len(run.texts) >= 7


def test_f84_an_error_in_the_middle_shows_no_values(scripted: MakeGateway, tmp_path: Path) -> None:
    """Killed by SIGABRT, as by a broken library: what the program says of itself names no value."""
    run = Run(tmp_path / "run")
    run.folder.mkdir()
    with scripted(silent, silent) as gateway, canary_till(gateway, run) as program:
        assert program.stdin
        program.stdin.write(f"{gateway.customer.fresh_code()} unknown\n")
        program.stdin.flush()
        while not gateway.creates:
            time.sleep(0.01)
        program.send_signal(signal.SIGABRT)
        program.wait(60)
        assert (run.folder / "stderr").read_text(), "the control: it did say something"
        assert run.hits([gateway.key1, *gateway.customer.codes]) == []


@pytest.mark.skipif(resource.getrlimit(resource.RLIMIT_CORE)[1] == 0, reason="this system allows no core dump anyway")
def test_f84_a_crash_leaves_no_memory_behind(tmp_path: Path) -> None:
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    with subprocess.Popen(
        [sys.executable, "-m", "pos_app", "sandbox"], stdout=subprocess.PIPE,
        env={**os.environ, "POS_APP_HOME": str(tmp_path)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard)),  # noqa: PLW1509 - nothing else runs in the child yet
    ) as program:  # fmt: skip
        try:
            assert program.stdout
            program.stdout.readline()
            limits = Path(f"/proc/{program.pid}/limits").read_text()
            core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
            assert core.split()[4] == "0"
        finally:
            program.terminate()


# --- the control: a leak in each channel is found --------------------------------------------------------------------

CANARY = "canary5f0e71b2c64d"


def _log(run: Run) -> None:
    (run.folder / "till.log").write_text(f"INFO charged {CANARY}\n")


def _database(run: Run) -> None:
    with closing(sqlite3.connect(run.folder / "journal.sqlite3")) as tool, tool:
        tool.execute("CREATE TABLE payment (note TEXT)")
        tool.execute("INSERT INTO payment VALUES (?)", [f"{{'code':'{CANARY}'}}"])


def _wal(run: Run) -> None:
    with closing(sqlite3.connect(run.folder / "journal.sqlite3")) as tool:
        tool.execute("PRAGMA journal_mode = WAL")
        tool.execute("CREATE TABLE payment (note TEXT)")
        tool.execute("INSERT INTO payment VALUES (?)", [CANARY])
        tool.commit()
        shutil.copy(run.folder / "journal.sqlite3-wal", run.folder / "left-wal")
    (run.folder / "journal.sqlite3").unlink()


def _slip(run: Run) -> None:
    slip = replace(PAID_SLIP, note=CANARY)
    FilePrinter(run.folder / "slips", paper=PAPERS["80"]).print(slip_document(slip, Language.VI))


def _picture(run: Run) -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("made from", CANARY)
    Image.new("L", (8, 8)).save(run.folder / "slip.png", pnginfo=words)


def _settings(run: Run) -> None:
    (run.folder / "settings.toml").write_text(f'[shop]\nstore = "{CANARY}"\n')


def _temp(run: Run) -> None:
    (run.folder / "tmp").mkdir()
    (run.folder / "tmp" / "tmpx2k1").write_bytes(b"\0\1" + CANARY.encode("utf-16-le"))


def _file_name(run: Run) -> None:
    (run.folder / f"{CANARY}.pdf.part").touch()


def _output(run: Run) -> None:
    with (run.folder / "stderr").open("w") as errors:
        subprocess.run([sys.executable, "-c", f"raise ValueError('{CANARY}')"], stderr=errors, check=False)


def _seen(run: Run, *arguments: str, **more: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "input()", *arguments], stdin=subprocess.PIPE, text=True, env={**os.environ, **more}
    ) as program:
        assert program.stdin
        time.sleep(0.1)
        run.seen_from_outside(program)
        program.terminate()


def _argument(run: Run) -> None:
    _seen(run, f"--code={CANARY}")


def _environment(run: Run) -> None:
    _seen(run, KEY1=CANARY)


def _window(run: Run) -> None:
    label = QLabel(f"Mã {CANARY}")
    run.texts["window"] = json.dumps({"words": label.text()})


def _title(run: Run) -> None:
    label = QLabel()
    label.setWindowTitle(CANARY)
    run.texts["title"] = label.windowTitle()


CHANNELS = (_log, _database, _wal, _slip, _picture, _settings, _temp, _file_name, _output, _argument,
            _environment, _window, _title)  # fmt: skip


@pytest.mark.leaks_on_purpose
@pytest.mark.parametrize("channel", CHANNELS, ids=lambda one: one.__name__.strip("_"))
def test_f84_a_leak_in_each_channel_is_found(
    qapp: QApplication, tmp_path: Path, channel: Callable[[Run], None]
) -> None:
    run = Run(tmp_path / "run")
    run.folder.mkdir()
    assert run.hits([CANARY]) == []
    channel(run)
    assert run.hits([CANARY])


def _base64(text: str, *, phase: int) -> bytes:
    return base64.b64encode(b"x" * phase + text.encode())


WRITINGS: dict[str, Callable[[str], bytes]] = {
    "raw": str.encode,
    "hex": lambda text: text.encode().hex().encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "reversed": lambda text: text[::-1].encode(),
    **{f"base64 at {phase}": partial(_base64, phase=phase) for phase in range(5)},
}


@pytest.mark.leaks_on_purpose
@pytest.mark.parametrize("writing", WRITINGS)
def test_f84_a_leak_in_each_writing_is_found(tmp_path: Path, writing: str) -> None:
    (tmp_path / "dump").write_bytes(b"\x07..." + WRITINGS[writing](CANARY) + b"...")
    assert Run(tmp_path).hits([CANARY])
