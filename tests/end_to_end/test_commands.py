"""The commands as processes of their own: exit codes, words, JSON, and that no code and no key is left anywhere."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pypdf
import pytest

from pos_app import __version__
from pos_app.sandbox.server import Sandbox
from tests.end_to_end.programs import Shop, open_shop, type_line, wait_for
from tests.end_to_end.world import leaks, truth
from tests.scanning.pictures import ean13, qr

EAN = "8934563138165"
VIETQR = "00020101021138540010A00000072701240006970436011012345678900208QRIBFTTA53037045802VN6304ABCD"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with open_shop(tmp_path_factory.mktemp("home")) as made:
        yield made


def test_a_whole_demo_payment_leaves_payment_slip_and_a_sound_journal(shop: Shop, tmp_path: Path) -> None:
    code, paid = shop.json("pay", "--demo", "--amount", "50.000", "--note", "Bàn 5", home=tmp_path)
    assert (code, paid["stage"], paid["amount"], paid["exit_code"]) == (0, "paid", 50_000, 0)
    code, day = shop.json("payments", home=tmp_path)
    assert (code, day["paid_count"], day["paid_total"]) == (0, 1, 50_000)
    assert [(one["order_id"], one["state"], one["note"]) for one in day["payments"]] == [
        (paid["order_id"], "paid", "Bàn 5")
    ]
    assert any(line["result"] for line in day["payments"][0]["story"])
    slip = pypdf.PdfReader(tmp_path / "slips" / f"{paid['slip_number']}.pdf")
    assert "50.000" in slip.pages[0].extract_text()
    code, report = shop.json("verify", home=tmp_path)
    assert (code, report["ok"], report["payments"], report["problems"]) == (0, True, 1, [])


def test_a_code_from_a_picture_and_one_from_standard_input(shop: Shop, tmp_path: Path) -> None:
    picture = tmp_path / "phone.png"
    cv2.imwrite(str(picture), qr(shop.sandbox.customer.fresh_code()))
    code, paid = shop.json("pay", "--demo-url", shop.sandbox.url, "--amount", "50000", "--code-image", str(picture))
    assert (code, paid["source"], truth(shop.sandbox, paid["order_id"])) == (0, "file", "paid")
    picture.unlink()  # it shows a code; the search for leaks is about what we write
    given = f"{shop.sandbox.customer.fresh_code()}\n"
    code, declined = shop.json("pay", "--demo-url", shop.sandbox.url, "--amount", "10063", "--code-stdin", given=given)
    assert (code, declined["stage"], declined["cause_code"]) == (10, "declined", "−63")
    # The declined one is taken up at the next start; it must not pass for the payment of this call.
    code, again = shop.json("pay", "--demo-url", shop.sandbox.url, "--amount", "60000")
    assert (code, again["stage"], again["amount"], again["source"]) == (0, "paid", 60_000, "demo")


def test_a_wrong_code_sends_nothing(shop: Shop, tmp_path: Path) -> None:
    before = [one["app_trans_id"] for one in shop.sandbox.orders()]
    cv2.imwrite(str(tmp_path / "milk.png"), ean13(EAN[:12]))
    (tmp_path / "words.png").write_text("no picture")
    both = np.hstack([qr(shop.sandbox.customer.fresh_code()), qr("289876543210987654")])
    cv2.imwrite(str(tmp_path / "both.png"), both)
    pay = ("pay", "--demo-url", shop.sandbox.url, "--amount", "50000")
    for name, words in (("milk", "product barcode"), ("words", "cannot be opened"), ("both", "show only one")):
        code, told = shop.json(*pay, "--code-image", str(tmp_path / f"{name}.png"))
        assert (code, told["exit_code"]) == (12, 12)
        assert words in told["error"]["en"]
    (tmp_path / "both.png").unlink()
    for given, words in ((VIETQR, "VietQR"), ("", "could not be read")):
        code, told = shop.json(*pay, "--code-stdin", given=given)
        assert code == 12
        assert words in told["error"]["en"]
    assert [one["app_trans_id"] for one in shop.sandbox.orders()] == before


def test_stopped_while_waiting_says_what_is_open_and_the_next_start_resolves_it(shop: Shop, tmp_path: Path) -> None:
    waiting = shop.begin("pay", "--demo-url", shop.sandbox.url, "--amount", "10002", home=tmp_path)
    wait_for(waiting, "Chờ khách xác nhận")
    waiting.send_signal(signal.SIGINT)
    code, out, err = shop.end(waiting)
    assert code == 11
    assert "ĐỪNG thu lại" in out
    assert "Traceback" not in err
    order_id = re.findall(r"\d{6}_\S+", out)[0]
    _, day = shop.json("payments", home=tmp_path)
    assert [(one["order_id"], one["state"]) for one in day["payments"]] == [(order_id, "processing")]
    assert shop.sandbox.customer.confirm(order_id)
    code, later = shop.json("pay", "--demo-url", shop.sandbox.url, "--amount", "70000", home=tmp_path)
    assert (code, later["amount"]) == (0, 70_000)
    _, day = shop.json("payments", home=tmp_path)
    assert [one["state"] for one in day["payments"]] == ["paid", "paid"]


def test_no_result_in_time_is_not_known(shop: Shop, tmp_path: Path) -> None:
    code, told = shop.json("pay", "--demo-url", shop.sandbox.url, "--amount", "10003", "--wait", "2", home=tmp_path)
    assert (code, told["exit_code"]) == (11, 11)
    assert told["stage"] in ("processing", "unknown")


def test_an_address_without_a_built_in_gateway_is_refused(shop: Shop, tmp_path: Path) -> None:
    code, told = shop.json("pay", "--demo-url", "https://127.0.0.1:1", "--amount", "50000", home=tmp_path)
    assert (code, "built-in gateway" in told["error"]["en"]) == (2, True)
    code, told = shop.json("pay", "--demo-url", "https://openapi.zalopay.vn", "--amount", "50000", home=tmp_path)
    assert code == 2


def test_a_gateway_that_goes_away_before_the_code_means_not_sent(shop: Shop, tmp_path: Path) -> None:
    with Sandbox() as gone:
        waiting = shop.begin("pay", "--demo-url", gone.url, "--amount", "50000", "--code-stdin", home=tmp_path)
        wait_for(waiting, "Đang mở máy")
    code, out, _ = shop.end(waiting, f"{gone.customer.fresh_code()}\n")
    assert code == 12
    assert "50.000" in out
    assert gone.orders() == []


def test_commands_while_a_till_is_open_ask_it(shop: Shop, tmp_path: Path) -> None:
    till = shop.begin("pay", "--demo-url", shop.sandbox.url, "--amount", "10002", "--code-stdin", home=tmp_path)
    shown = shop.sandbox.customer.fresh_code()
    type_line(till, shown)
    wait_for(till, "Chờ khách xác nhận")
    proc = Path("/proc") / str(till.pid)
    if proc.exists():
        what_others_see = (proc / "cmdline").read_bytes() + (proc / "environ").read_bytes()
        assert not leaks([shown, shop.sandbox.key1], tmp_path / "nowhere", what_others_see.decode(errors="replace"))
    code, day = shop.json("payments", home=tmp_path)
    assert (code, day["open_count"], day["payments"][0]["state"]) == (0, 1, "processing")
    assert shop.json("verify", home=tmp_path)[1]["ok"]
    code, told = shop.json("payments", "--day", "22/11/2026", home=tmp_path)
    assert (code, told["error"]["en"]) == (2, "The day is not valid")
    code, told = shop.json("pay", "--demo-url", shop.sandbox.url, "--amount", "50000", home=tmp_path)
    assert (code, told["error"]["en"]) == (2, "The till is already open")
    shop.sandbox.customer.confirm(day["payments"][0]["order_id"])
    assert shop.end(till)[0] == 0
    assert not leaks([shown, shop.sandbox.key1], tmp_path, *shop.printed)


def test_what_is_not_understood_is_refused_in_one_json_object(shop: Shop, tmp_path: Path) -> None:
    for amount in ("0", "-5", "5.5", "abc", "99999999999999"):
        code, told = shop.json("pay", f"--amount={amount}", "--demo-url", shop.sandbox.url)
        assert (code in (2, 12), "error" in told) == (True, True), amount
    for wrong in (("pay",), ("scan",), ("payments", "--day"), ("scan", str(tmp_path / "none.png")), ("nothing",)):
        code, told = shop.json(*wrong)
        assert (code, "error" in told) == (2, True), wrong
    (tmp_path / "settings.toml").write_text("[shop]\nstor = 'x'")
    code, told = shop.json("verify", home=tmp_path)
    assert (code, "does not know 'stor'" in told["error"]["en"]) == (2, True)


def test_scan_masks_what_it_sees(shop: Shop, tmp_path: Path) -> None:
    shown = shop.sandbox.customer.fresh_code()
    picture, milk = tmp_path / "a.png", tmp_path / "b.png"
    cv2.imwrite(str(picture), qr(shown))
    cv2.imwrite(str(milk), ean13(EAN[:12]))
    code, told = shop.json("scan", str(picture), str(milk))
    assert code == 0
    assert [(one["what"], one["length"]) for one in told["found"]] == [("payment_code", 18), ("product", 13)]
    code, out, err = shop.run("scan", str(picture))
    assert code == 0
    assert not leaks([shown], tmp_path / "nowhere", out, err, json.dumps(told))


def test_the_sandbox_prints_how_to_reach_it(shop: Shop, tmp_path: Path) -> None:
    running = shop.begin("sandbox", "--json")
    assert running.stdout
    about = json.loads(running.stdout.readline())
    code, paid = shop.json("pay", "--demo-url", about["url"], "--amount", "50000", home=tmp_path)
    assert (code, paid["stage"]) == (0, "paid")
    port = about["url"].rpartition(":")[2]
    code, told = shop.json("sandbox", "--port", port)
    assert (code, "is taken" in told["error"]["en"]) == (2, True)
    running.send_signal(signal.SIGINT)
    assert shop.end(running)[0] == 0


def test_started_cold_a_command_says_what_it_says_warm(shop: Shop) -> None:
    """The commands of these tests are forked from an interpreter that has imported them; see `tests.warm`."""
    cold = subprocess.run(
        [sys.executable, "-m", "pos_app", "payments", "--json"],
        env={**os.environ, "POS_APP_HOME": str(shop.home)}, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert (cold.returncode, cold.stdout, cold.stderr) == shop.run("payments", "--json")


def test_the_console_script_knows_its_version() -> None:
    script = Path(sys.executable).with_name("pos-app")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout == f"pos-app {__version__}\n"
