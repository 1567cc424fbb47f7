"""The list of commands and the way in: what is imported when, and what is not understood."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pos_app.checkout.views import RefundStage, Stage, Work
from pos_app.cli import _COMMANDS, _parser, main, payments
from pos_app.cli.refund import _EXIT_CODES
from pos_app.cli.say import NOT_KNOWN, USAGE
from pos_app.cli.watch import EXIT_CODES

NEEDED = {
    "cash": ["--amount", "1"],
    "pay": ["--amount", "1"],
    "show": ["--amount", "1"],
    "link": ["--amount", "1"],
    "customer": ["list"],
    "ask": ["--payment", "1"],
    "cancel": ["--payment", "1"],
    "update": ["pos-app-update.json"],
    "guide": ["--out", "guide.pdf"],
    "refund": ["--payment", "1", "--all", "--reason", "other", "--by", "Hoa"],
    "manager": ["keep", "--payment", "1", "--reason", "other", "--by", "Hoa"],
    "pin": ["set"],
    "printer": ["status"],
    "keys": ["show"],
    "shift": ["x"],
    "staff": ["list"],
    "reconcile": ["file"],
    "backup": ["file"],
    "restore": ["file"],
    "scan": ["file"],
}


@pytest.mark.parametrize("name", [command.name for command in _COMMANDS])
def test_every_command_has_its_module_and_says_json(name: str) -> None:
    words = [name, *NEEDED.get(name, []), "--json"]
    options = _parser(words).parse_args(words)
    assert options.json
    assert callable(options.command)


def test_without_a_command_it_is_the_till() -> None:
    for words in ([], ["--demo"], ["--demo-url", "https://127.0.0.1:1", "--json"]):
        options = _parser(words).parse_args(words)
        assert options.command is _parser(["run"]).parse_args(["run"]).command
        assert (options.json, options.demo) == ("--json" in words, "--demo" in words)


@pytest.mark.parametrize(
    "words",
    [["nothing"], ["pay"], ["refund", "--payment", "1", "--all"], ["manager", "steal", "--payment", "1"],
     ["refund", "--payment", "1", "--all", "--amount", "1", "--reason", "other", "--by", "Hoa"], ["pin"], ["backup"],
     ["pay", "--amount", "1", "--note", "\udcff"]],
)  # fmt: skip
def test_what_is_not_understood_is_one_json_object(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--json"]) == USAGE
    told = json.loads(capsys.readouterr().out)
    assert told["exit_code"] == USAGE
    assert told["error"]["vi"]


@pytest.mark.parametrize("secret", ["--pin", "--code", "--passphrase", "--old", "--new"])
def test_no_secret_can_be_an_argument(secret: str) -> None:
    for command in _COMMANDS:
        words = [command.name, *NEEDED.get(command.name, []), secret, "582931"]
        assert main([*words, "--json"]) == USAGE


def test_what_is_imported_before_the_window_is_shown() -> None:
    heavy = ["cv2", "httpx", "sqlalchemy", "cryptography", "asyncio", "json", "PySide6", "pos_app.till", "pos_app.door"]
    program = f"import sys, pos_app.cli.run; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


UNTIL_SHOWN = """
import os, sys
from pos_app.ui import app

def shown():
    print(*sys.modules, flush=True)
    os._exit(0)

def run(*arguments, open_window=app.run, **named):
    return open_window(*arguments, **{**named, "shown": shown})

app.run = run
from pos_app.cli import main
main(["run", "--demo"])
"""
BELOW_THE_WINDOW = {
    "pos_app.checkout.gesture", "pos_app.checkout.standing", "pos_app.clock", "pos_app.money", "pos_app.newest",
    "pos_app.payments.environment", "pos_app.payments.gateway_names", "pos_app.private_file", "pos_app.resources",
    "pos_app.setting_up", "pos_app.setting_up.standing", "pos_app.settings", "pos_app.words",
}  # fmt: skip
FIRST_SCREEN = {
    f"pos_app.ui.screens.{name}" for name in ("announcing", "other", "sale", "sale_stages", "stages", "tender")
}
WAITS = {"asyncio", "cryptography", "cv2", "dataclasses", "datetime", "hashlib", "httpx", "json", "numpy", "qrcode",
         "socket", "sqlalchemy", "pos_app.ui.ways_to_pay", "pos_app.ui.widgets.fade"}  # fmt: skip
"""What the first window does without, and each of it would be seen on the clock."""


def test_the_first_window_comes_up_with_little(tmp_path: Path) -> None:
    """By the whole program with its settings, until it is painted; what is wanted later is imported behind it."""
    done = subprocess.run(
        [sys.executable, "-c", UNTIL_SHOWN], capture_output=True, text=True, check=True, timeout=120,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "POS_APP_HOME": str(tmp_path)},
    )  # fmt: skip
    found = set(done.stdout.split())
    ours = {name for name in found if name.startswith("pos_app.") and name.split(".")[1] not in {"ui", "cli"}}
    assert ours - {"pos_app.checkout", "pos_app.payments"} == BELOW_THE_WINDOW
    assert {name for name in found if name.startswith("pos_app.ui.screens.")} == FIRST_SCREEN
    assert found & WAITS == set()


def test_the_help_imports_no_command() -> None:
    program = (
        "import sys\nfrom pos_app.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in sys.modules if name.startswith('pos_app.cli.')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "['pos_app.cli.say', 'pos_app.cli.run']"


def test_only_what_is_known_has_an_exit_code_of_its_own() -> None:
    known = {Stage.PAID: 0, Stage.DECLINED: 10, Stage.NOT_SENT: 12}
    assert {stage: EXIT_CODES.get(stage, NOT_KNOWN) for stage in Stage} == {
        stage: known.get(stage, 11) for stage in Stage
    }
    refunds = {RefundStage.DONE: 0, RefundStage.DECLINED: 10, RefundStage.NOT_SENT: 12}
    assert {stage: _EXIT_CODES.get(stage, NOT_KNOWN) for stage in RefundStage} == {
        stage: refunds.get(stage, 11) for stage in RefundStage
    }


def test_all_work_has_words() -> None:
    assert set(payments._WORK) == set(Work)
