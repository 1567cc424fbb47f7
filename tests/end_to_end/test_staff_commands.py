"""`pos-app staff`, and every command that has to say whose doing it is, at an open till and without one."""

import json
import secrets
from collections.abc import Iterator
from contextlib import nullcontext
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from pos_app.checkout.events import DutyView
from pos_app.cli import main
from pos_app.clock import MachineClock
from pos_app.sandbox.server import Sandbox
from pos_app.staff.pin import Pins
from tests.end_to_end.world import Counter, counter, leaks
from tests.staff.doors import CHEAP

OWNER, LAN, HA, NEW = "482915", "271938", "604715", "839264"


class Home:
    """A data folder, and commands in it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._monkeypatch, self._capsys = folder, monkeypatch, capsys
        monkeypatch.setenv("POS_APP_HOME", str(folder))
        self.said = ""

    def run(self, *words: str, stdin: str = "") -> tuple[int, dict[str, Any]]:
        self._monkeypatch.setattr("sys.stdin", StringIO(stdin))
        code = main([*words, "--json"])
        out, err = self._capsys.readouterr()
        self.said += out + err
        lines = [line for line in out.splitlines() if line.startswith("{")]
        return code, json.loads(lines[-1]) if lines else {}

    def staff(self, *words: str, pins: str = "") -> tuple[int, dict[str, Any]]:
        return self.run("staff", *words, *(["--pin-stdin"] if pins else []), stdin=pins)

    def begin(self) -> None:
        """An owner, a manager, a cashier."""
        Pins(self.folder, MachineClock(), secrets.token_bytes, CHEAP).set_first(OWNER)
        for name, role, pin in (("Ngọc Lan", "manager", LAN), ("Thu Hà", "cashier", HA)):
            code, _ = self.staff("add", "--name", name, "--role", role, "--by", "Minh Anh", pins=f"{OWNER}\n{pin}\n")
            assert code == 0


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Home]:
    monkeypatch.setattr("pos_app.staff.pin.COST", CHEAP)
    monkeypatch.setattr(Pins.__init__, "__defaults__", (CHEAP,))
    made = Home(tmp_path / "home", monkeypatch, capsys)
    yield made
    assert leaks([OWNER, LAN, HA, NEW], tmp_path, made.said) == []


def names(answer: dict[str, Any]) -> list[tuple[str, str, bool]]:
    return [(one["name"], one["role"], one["active"]) for one in answer["people"]]


def test_people_come_change_and_go(home: Home) -> None:
    home.begin()
    _, answer = home.staff("list")
    assert names(answer) == [
        ("Minh Anh", "owner", True), ("Ngọc Lan", "manager", True), ("Thu Hà", "cashier", True),
    ]  # fmt: skip
    assert answer["signs_in"]
    assert home.staff("change", "--person", "thu hà", "--role", "manager", "--by", "owner", pins=f"{OWNER}\n")[0] == 0
    assert home.staff("change", "--person", "p2", "--name", "Hà Thu", "--by", "Minh Anh", pins=f"{OWNER}\n")[0] == 0
    assert home.staff("change", "--person", "Hà Thu", "--off", "--by", "Minh Anh", pins=f"{OWNER}\n")[0] == 0
    assert names(home.staff("list")[1])[2] == ("Hà Thu", "manager", False)
    assert home.staff("change", "--person", "Hà Thu", "--on", "--by", "Minh Anh", pins=f"{OWNER}\n")[0] == 0
    assert home.staff("pin", "--person", "Hà Thu", "--by", "Hà Thu", pins=f"{HA}\n{NEW}\n")[0] == 0
    code, answer = home.staff("pin", "--person", "Hà Thu", "--by", "Ngọc Lan", pins=f"{LAN}\n{HA}\n")
    assert (code, answer["error"]["en"]) == (2, "Ngọc Lan may not set a PIN for Hà Thu"), "not one of those below"


def test_what_cannot_be_says_why(home: Home) -> None:
    home.begin()
    cases: tuple[tuple[tuple[str, ...], str, str], ...] = (
        (("add", "--name", "ngọc lan", "--by", "Minh Anh"), f"{OWNER}\n{NEW}\n", "This cannot be changed"),
        (("add", "--name", "Bảo", "--by", "Ngọc Lan"), f"{LAN}\n{NEW}\n", "Ngọc Lan may not do this"),
        (("add", "--name", "Bảo", "--by", "Minh Anh"), f"{OWNER}\n111111\n", "This PIN cannot be used"),
        (("change", "--person", "owner", "--off", "--by", "Minh Anh"), f"{OWNER}\n", "This cannot be changed"),
        (("change", "--person", "Nobody", "--off", "--by", "Minh Anh"), f"{OWNER}\n", "There is no such person"),
        (
            ("pin", "--person", "owner", "--by", "Ngọc Lan"),
            f"{LAN}\n{NEW}\n",
            "Ngọc Lan may not set a PIN for Minh Anh",
        ),
        (("add", "--name", "Bảo"), "", "Missing: --by"),
    )
    for words, pins, said in cases:
        code, answer = home.staff(*words, pins=pins)
        assert (code, answer["error"]["en"]) == (2, said), words
    assert len(home.staff("list")[1]["people"]) == 3


def test_the_open_till_changes_them_and_locks(home: Home, sandbox: Sandbox) -> None:
    Pins(home.folder, MachineClock(), secrets.token_bytes, CHEAP).set_first(OWNER)
    with counter(sandbox, home.folder) as shop:
        assert home.staff("add", "--name", "Thu Hà", "--by", "Minh Anh", pins=f"{OWNER}\n{HA}\n")[0] == 0
        view = shop.until(lambda told: isinstance(told, DutyView) and told.signs_in)
        assert isinstance(view, DutyView)
        assert view.locked
        shop.till.sign_in("Thu Hà", pin=HA)
        shop.until(lambda told: isinstance(told, DutyView) and told.person is not None)
        assert home.staff("change", "--person", "Thu Hà", "--off", "--by", "Minh Anh", pins=f"{OWNER}\n")[0] == 0
        shop.until(lambda told: isinstance(told, DutyView) and told.person is None)
        assert names(home.staff("list")[1])[1] == ("Thu Hà", "cashier", False)


def paid_by(shop: Counter, order_id: str) -> tuple[str, str]:
    record = shop.till.journal.payment(order_id).result()
    assert record is not None
    return record.cashier, record.cashier_id


def test_a_payment_without_a_window_bears_a_name_too(home: Home, sandbox: Sandbox) -> None:
    home.begin()
    pay = ["pay", "--demo-url", sandbox.url, "--amount", "20000"]
    code, answer = home.run(*pay)
    assert (code, answer["error"]["en"]) == (2, "The till is locked")
    assert "--by" in answer["advice"]["en"]
    _, answer = home.run(*pay, "--by", "Thu Hà", "--pin-stdin", stdin=f"{HA}\n")
    assert answer["stage"] == "paid"
    lines = [line["text"]["vi"] for line in answer["story"]] if answer.get("story") else []
    _, day = home.run("payments")
    lines += [line["text"]["vi"] for line in day["payments"][0]["story"]]
    assert "Khách mẫu đưa mã – Thu Hà" in lines
    assert home.run("verify")[0] == 0
    _, answer = home.run(*pay, "--by", "Thu Hà", "--pin-stdin", stdin="739106\n")
    assert answer["error"]["en"] == "Wrong PIN"
    _, answer = home.run(*pay, "--by", "Ngọc Lan", "--pin-stdin", stdin=f"{LAN}\n")
    assert answer["error"]["en"] == "Too early to enter the PIN again", "a restart begins the wait anew"


def test_what_an_open_till_is_asked_to_do_is_somebodys_doing(home: Home, sandbox: Sandbox) -> None:
    home.begin()
    with counter(sandbox, home.folder) as shop:
        show = ["show", "--amount", "20000", "--wait", "0"]
        assert home.run(*show)[1]["error"]["en"] == "The till is locked"
        _, shown = home.run(*show, "--by", "thu hà", "--pin-stdin", stdin=f"{HA}\n")
        assert paid_by(shop, shown["order_id"]) == ("Thu Hà", "p2")
        assert (
            home.run("cancel", "--payment", shown["order_id"], "--wait", "0")[1]["error"]["en"] == "The till is locked"
        )
        shop.till.sign_in("Ngọc Lan", pin=LAN)
        shop.until(lambda told: isinstance(told, DutyView) and told.person is not None)
        home.run("cancel", "--payment", shown["order_id"], "--wait", "0")
        _, shown = home.run("link", "--amount", "20000")
        assert paid_by(shop, shown["order_id"]) == ("Ngọc Lan", "p1"), "whoever stands at the till"
        code, _ = home.run("backup", str(home.folder.parent / "b"), "--passphrase-stdin", stdin="long enough 1\n")
        shop.till.lock()
        shop.until(lambda told: isinstance(told, DutyView) and told.person is None)
        again, _ = home.run("backup", str(home.folder.parent / "c"), "--passphrase-stdin", stdin="long enough 1\n")
        assert code == again == 0, "a backup at night needs nobody"


@pytest.mark.parametrize("is_open", [False, True])
def test_the_figures_are_not_everybodys(home: Home, sandbox: Sandbox, tmp_path: Path, is_open: bool) -> None:
    """An open till's door asks who it is; closing the till opens nothing."""
    home.begin()
    files = ["--csv", str(tmp_path / "a"), "--xlsx", str(tmp_path / "b")]
    a_manager, a_cashier = ("--by", "Ngọc Lan", "--pin-stdin"), ("--by", "Thu Hà", "--pin-stdin")
    with counter(sandbox, home.folder) if is_open else nullcontext():
        for words in (["report", *files], ["reconcile", str(tmp_path / "none.csv")], ["shift", "x"]):
            code, answer = home.run(*words)
            assert (code, answer["error"]["en"]) == (2, "The till is locked"), words
            assert "--by" in answer["advice"]["en"]
        code, answer = home.run("report", *files, *a_cashier, stdin=f"{HA}\n")
        assert (code, answer["error"]["en"]) == (2, "Thu Hà may not do this")
        assert not list(tmp_path.glob("?.*s*"))
        assert home.run("shift", "x", *a_cashier, stdin=f"{HA}\n")[0] == 0
        code, answer = home.run("report", *files, *a_manager, stdin=f"{LAN}\n")
        assert (code, sorted(Path(one).name for one in answer["files"])) == (0, ["a.csv", "b.xlsx"]), "one PIN for both"
        assert home.run("payments")[0] == home.run("verify")[0] == 0, "what needs nobody"
        _, answer = home.run("report", *a_manager, stdin="739106\n")
        assert answer["error"]["en"] == "Wrong PIN"


def test_a_shift_is_opened_and_closed_in_somebodys_name(home: Home, sandbox: Sandbox) -> None:
    home.begin()
    for what, by in (("open", "opened_by"), ("close", "closed_by")):
        shift = ["shift", what, "--demo-url", sandbox.url]
        assert home.run(*shift)[1]["error"]["en"] == "The till is locked"
        code, answer = home.run(*shift, "--by", "thu hà", "--pin-stdin", stdin=f"{HA}\n")
        assert (code, answer[by]) == (0, "Thu Hà")


def test_a_restore_wants_the_owners_pin_where_there_is_one(home: Home, sandbox: Sandbox) -> None:
    home.begin()
    phrase, file = "long enough 1", home.folder.parent / "b"
    assert home.run("backup", str(file), "--passphrase-stdin", stdin=f"{phrase}\n")[0] == 0
    restore = ["restore", str(file), "--passphrase-stdin", "--demo-url", sandbox.url, "--wait", "0"]
    (home.folder / "lost").mkdir()
    for path in home.folder.glob("journal*"):
        path.rename(home.folder / "lost" / path.name)
    assert home.run(*restore, stdin=f"{phrase}\n")[1]["error"]["en"] == "Nothing was typed"
    assert home.run(*restore, stdin=f"{phrase}\n{LAN}\n")[1]["error"]["en"] == "Wrong PIN"
    assert list(home.folder.glob("journal*")) == []
    _, answer = home.run(*restore, stdin=f"{phrase}\n{OWNER}\n")
    assert answer.get("entries"), answer
    assert len(home.staff("list")[1]["people"]) == 3
