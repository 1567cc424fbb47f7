"""H (F79–F86): people who want something that is not theirs."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pos_app.checkout.views import Stage
from pos_app.settings import SettingsError, load
from pos_app.till import Till
from tests.end_to_end.programs import run
from tests.fault_matrix.gateway import AMOUNT, PROCESSING, MakeGateway, paid
from tests.fault_matrix.window import window_at
from tests.fault_matrix.world import DO_NOT_CHARGE, NOT_PAID, quiet, the_one, till_at

# --- F79 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        '[gateway]\nurl = "{url}"\n',
        '[shop]\nbase_url = "{url}"\n',
        '[shop]\nhost = "{url}"\n',
        'gateway = "{url}"\n',
    ],
)
def test_f79_the_settings_name_another_gateway(scripted: MakeGateway, tmp_path: Path, lines: str) -> None:
    with scripted(paid()) as elsewhere:
        (tmp_path / "settings.toml").write_text(f"version = 1\n{lines.format(url=elsewhere.url)}", encoding="utf-8")
        with pytest.raises(SettingsError):
            load(tmp_path)
        code, out, err = run(tmp_path, "pay", "--demo", "--amount", "50000", "--wait", "5")
        assert code not in (0, 10, 11)
        assert "settings.toml" in out + err, "refused, with the place"
        assert elsewhere.server.handshakes == 0
        assert not (tmp_path / "journal.sqlite3").exists()


@pytest.mark.parametrize("address", ["https://evil.example", "https://192.0.2.1", "ftp://127.0.0.1"])
def test_f79_a_demo_gateway_is_on_this_machine_only(tmp_path: Path, address: str) -> None:
    code, out, err = run(tmp_path, "pay", "--demo-url", address, "--amount", "50000", "--wait", "5")
    assert code not in (0, 10, 11)
    assert "Không thấy cổng giả lập" in out + err


# --- F86 -------------------------------------------------------------------------------------------------------------


def test_f86_a_screenshot_that_says_paid(scripted: MakeGateway, tmp_path: Path, qapp: QApplication) -> None:
    """Whatever the customer shows, the till shows M1 until the gateway says more; no key makes it paid."""
    with scripted(PROCESSING, PROCESSING) as gateway, window_at(gateway, tmp_path) as window:
        window.amount(str(AMOUNT))
        window.scan(gateway.customer.fresh_code())
        window.until_shown("Chờ khách xác nhận")
        for number in range(1, 13):
            window.press(getattr(Qt.Key, f"Key_F{number}"))
            window.press(Qt.Key.Key_Escape)
        window.keys("0123456789")
        quiet(0.1)
        assert "ĐÃ THANH TOÁN" not in window.words().upper()
        assert (the_one(tmp_path).state, the_one(tmp_path).settled) == ("processing", ())
    commands = {name for name in vars(Till) if not name.startswith("_")}
    assert not [name for name in commands if "paid" in name or name.startswith(("mark", "force", "settle"))]


@pytest.mark.parametrize("sent", [200, 20_000, 2_000_000])
def test_f86_another_amount_was_sent(scripted: MakeGateway, tmp_path: Path, sent: int) -> None:
    """200 đ for 200.000 đ."""
    with scripted(PROCESSING, paid(sent)) as gateway, till_at(gateway, tmp_path) as till:
        till.scan(200_000)
        view = till.until_stage(Stage.MISMATCH, Stage.PAID, *NOT_PAID)
        assert view.stage is Stage.MISMATCH
        assert "Đừng giao hàng" in view.advice.vi
        assert DO_NOT_CHARGE in view.advice.vi
        till.till.ask_now(view.payment_id)
        quiet(0.2)
        assert not till.stages() & {Stage.PAID, *NOT_PAID}
        assert the_one(tmp_path).settled == ()
        assert not list((tmp_path / "slips").glob("*.pdf"))
