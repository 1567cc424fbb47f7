"""`pos-app printer` as a process of its own: with and without a till that is open, at a printer that is well or not."""

import json
from pathlib import Path

from pos_app.receipts.spool import FILE_NAME
from pos_app.sandbox.server import Sandbox
from pos_app.settings import PrinterSettings, Settings, save
from tests.end_to_end.programs import run
from tests.fault_matrix.world import till_at
from tests.receipts.network_printer import OFFLINE, PAPER_GONE, READY, NetworkPrinterPeer

PULSE = "drawer 0 25 250"


def set_up(home: Path, port: int) -> Settings:
    settings = Settings(printer=PrinterSettings(kind="network", host="127.0.0.1", port=port, drawer=2))
    save(settings, home)
    return settings


def test_without_a_till(tmp_path: Path) -> None:
    with NetworkPrinterPeer() as peer:
        set_up(tmp_path, peer.port)
        code, out, err = run(tmp_path, "printer", "status", "--json")
        told = json.loads(out)
        assert (code, err, told["state"], told["owed"], told["jobs"]) == (0, "", "ready", 0, [])
        assert told["printer"] == f"127.0.0.1:{peer.port}"
        assert peer.paper.happened == []
        code, out, _ = run(tmp_path, "printer", "test")
        assert (code, out) == (0, f"127.0.0.1:{peer.port}  Đã in, máy in xác nhận\n")
        assert peer.paper.happened[-1] == "cut 66 0"
        code, _, err = run(tmp_path, "printer", "drawer")
        assert (code, err.split(".")[0]) == (2, "Chưa mở máy"), "nobody is there to say who may"
        assert PULSE not in peer.paper.happened
        peer.answers = (OFFLINE, READY, PAPER_GONE)
        for what in ("status", "test"):
            code, out, _ = run(tmp_path, "printer", what)
            assert (code, out) == (1, f"127.0.0.1:{peer.port}  Hết giấy. Thay cuộn giấy rồi in lại.\n")
    assert not (tmp_path / "journal.sqlite3").exists(), "no journal is touched"


def test_the_open_till_does_it(tmp_path: Path) -> None:
    with NetworkPrinterPeer() as peer, Sandbox() as sandbox:
        settings = set_up(tmp_path, peer.port)
        with till_at(sandbox, tmp_path, settings=settings):
            code, out, _ = run(tmp_path, "printer", "test", "--json")
            assert (code, json.loads(out)["state"]) == (0, "printed")
            code, out, _ = run(tmp_path, "printer", "status", "--json")
            told = json.loads(out)
            assert (code, told["state"]) == (0, "ready")
            assert [(one["title"], one["state"]) for one in told["jobs"]] == [("TRANG IN THỬ", "printed")]
            code, out, _ = run(tmp_path, "printer", "drawer", "--json")
            assert (code, json.loads(out)["state"]) == (0, "ready"), "nobody was entered: nobody signs in"
            assert peer.paper.happened.count(PULSE) == 1
    assert peer.paper.happened.count("cut 66 0") == 1
    assert json.loads((tmp_path / FILE_NAME).read_text(encoding="utf-8")) == {"slips-1": {}}


def test_the_list_names_what_is_in_use(tmp_path: Path) -> None:
    set_up(tmp_path, 9100)
    code, out, _ = run(tmp_path, "printer", "list", "--json")
    told = json.loads(out)
    assert (code, told["chosen"]) == (0, "127.0.0.1:9100")
    assert {one["kind"] for one in told["found"]} <= {"usb", "serial", "system"}
    code, out, _ = run(tmp_path, "printer", "list")
    assert code == 0
    assert out.startswith("Đang dùng: 127.0.0.1:9100\n")
