"""`pos-app doctor` as people type it: with a till and without, and the report for support."""

import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.checkout.events import StaffDone
from pos_app.checkout.staffing import StaffWish, Wish
from pos_app.clock import MachineClock
from pos_app.door import ask
from pos_app.settings import ScanningSettings, Settings, save
from pos_app.staff.pin import Pins
from pos_app.staff.roles import Role
from tests.end_to_end.programs import Shop, open_shop
from tests.end_to_end.world import _ONE_MIGRATION_AT_A_TIME, Counter
from tests.staff.doors import CHEAP

PIN, CASHIERS = "482915", "604715"
NO_CAMERA = Settings(scanning=ScanningSettings(camera=""))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with open_shop(tmp_path_factory.mktemp("shop") / "home") as made:
        save(NO_CAMERA, made.home)
        yield made


def test_without_a_till_it_looks_by_itself_and_leaves_nothing(shop: Shop) -> None:
    before = sorted(path.name for path in shop.home.iterdir())
    code, out, err = shop.run("doctor", "--demo-url", shop.sandbox.url)
    assert (code, err) == (0, "Đang kiểm tra…\n")
    first, *lines = out.splitlines()
    assert first == "Mọi thứ đều tốt"
    assert len(lines) == 11
    assert (
        lines[0]
        == "Chưa biết  Máy quét: Máy chưa mở. Chưa biết máy quét có chạy không. Mở máy rồi quét thử một mã bất kỳ."
    )
    assert "Tốt        Sổ giao dịch: Chưa có sổ." in lines
    assert re.search(
        r"^Tốt        Cổng thanh toán: \w+ dùng thử trả lời sau \d+ ms\. Thu tiền được\.$", out, re.MULTILINE
    )
    assert sorted(path.name for path in shop.home.iterdir()) == before
    assert shop.sandbox.orders() == [], "no check charges anything"


def test_the_report_is_shown_and_saved_with_a_yes(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "support.txt"
    asked = ("doctor", "--bundle", str(file), "--demo-url", shop.sandbox.url)
    code, out, err = shop.run(*asked, given="không\n")
    assert (code, file.exists()) == (2, False)
    assert err.endswith("Chưa lưu gì. Trả lời “c”, hoặc thêm --yes.\n")
    code, out, _ = shop.run(*asked, given="c\n")
    assert code == 0
    assert out == f"{file.read_text()}\nĐã lưu {file}\n"
    assert file.read_text().startswith("pos-app support report\n")
    assert file.stat().st_mode & 0o777 == 0o600


def test_it_runs_without_qt_and_names_what_to_install(shop: Shop) -> None:
    """Qt cannot even be imported, and a library of the system is missing."""
    program = (
        "import sys; sys.modules['PySide6'] = None; from pos_app.ui import start_check as c; "
        "c._LIBRARIES['libno-such.so.9'] = 'libno-such9'; from pos_app.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "doctor", "--json", "--demo-url", shop.sandbox.url], capture_output=True,
        text=True, check=False, timeout=100, env={**os.environ, "POS_APP_HOME": str(shop.home)},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    told = json.loads(done.stdout)
    display = next(one for one in told["checks"] if one["check"] == "display")
    assert (done.returncode, told["exit_code"], display["verdict"]) == (1, 1, "bad")
    assert display["seen"]["vi"] == "Thiếu thư viện"
    assert display["remedy"]["en"] == "Install them: sudo apt-get install libno-such9"


class Staffed(Counter):
    """A till where people sign in."""

    def begin(self) -> None:
        self.till.pins = Pins(self.folder, MachineClock(), secrets.token_bytes, CHEAP)
        with _ONE_MIGRATION_AT_A_TIME:
            self.till.start()
        self.till.pins.set_first(PIN)
        wish = StaffWish(Wish.ADD, name="Thu Hà", role=Role.CASHIER, new_pin=CASHIERS)
        self.till.change_staff(wish, by="Minh Anh", pin=PIN)
        self.until(lambda told: isinstance(told, StaffDone))


def test_the_open_till_is_asked_and_a_manager_saves(shop: Shop, tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "support.txt"
    save(NO_CAMERA, home)
    made = Staffed(shop.sandbox, home, settings=NO_CAMERA)
    made.begin()
    try:
        assert {one["check"] for one in ask(home, "doctor")} == {
            "gateway", "clock", "keys", "camera", "decoder", "scanner", "printer", "disk", "journal", "backup",
        }  # fmt: skip
        code, told = shop.json("doctor", home=home)
        assert (code, told["summary"]["en"]) == (0, "Everything is fine"), "nobody is signed in, and may look"
        refused(shop, home, file)
        saves = ("doctor", "--bundle", str(file), "--yes", "--by", "Minh Anh", "--pin-stdin")
        code, _ = shop.json(*saves, given=f"{PIN}\n", home=home)
        assert code == 0
        assert "till_open = true" in file.read_text()
        file.unlink()
    finally:
        made.till.stop()
    refused(shop, home, file)  # closing the till opens nothing
    code, _ = shop.json(*saves, "--demo-url", shop.sandbox.url, given=f"{PIN}\n", home=home)
    assert code == 0
    assert "till_open = false" in file.read_text()


def refused(shop: Shop, home: Path, file: Path) -> None:
    asked = ("doctor", "--bundle", str(file), "--yes", "--demo-url", shop.sandbox.url)
    code, told = shop.json(*asked, home=home)
    assert (code, told["error"]["en"]) == (2, "The till is locked")
    code, told = shop.json(*asked, "--by", "Thu Hà", "--pin-stdin", given=f"{CASHIERS}\n", home=home)
    assert (code, told["error"]["en"]) == (2, "Thu Hà may not do this")
    assert not file.exists()
