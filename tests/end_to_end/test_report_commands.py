"""`pos-app report`, `reconcile` and the searches of `payments`: with no till open, and asked of an open one."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from pos_app.cli import main
from pos_app.settings import Settings
from pos_app.till import Till
from pos_app.vietnam_day import local_time
from tests.bench.filled import BASE, DAY_MS, fill

RANGE = "2026-11-20..2026-11-22"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    fill(folder, 60, days=3, seed=2)
    monkeypatch.setenv("POS_APP_HOME", str(folder))
    return folder


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    code = main([*words, "--json"])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told | {"exit": code}


def test_a_report_and_its_files(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = asked(capsys, "report", "--range", RANGE, "--csv", str(tmp_path / "a.csv"), "--xlsx", str(tmp_path / "b"))
    assert told["exit"] == 0
    assert told["total"]["count"] > 30
    assert sum(one["net"] for one in told["by_day"]) == told["total"]["net"]
    assert [Path(one).name for one in told["files"]] == ["a.csv", "b.xlsx"]
    assert (tmp_path / "b.xlsx").stat().st_size > 5_000
    assert main(["report", "--range", RANGE]) == 0
    assert "Thu Hà" in capsys.readouterr().out
    assert asked(capsys, "report", "--range", "gestern")["exit"] == 2
    assert asked(capsys, "report", "--csv", str(tmp_path / "no" / "where" / "a.csv"))["exit"] == 2
    part = asked(capsys, "report", "--range", RANGE, "--cashier", "Thu Hà")
    assert 0 < part["total"]["count"] < told["total"]["count"]


def test_an_open_till_answers_the_same(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alone = asked(capsys, "report", "--range", RANGE)
    found = asked(capsys, "payments", "--text", "02-000007")
    till = Till(Settings(), place, lambda _: None, camera=False).start()
    try:
        assert asked(capsys, "report", "--range", RANGE) == alone
        assert asked(capsys, "payments", "--text", "02-000007")["payments"] == found["payments"]
        pdf = asked(capsys, "report", "--range", RANGE, "--pdf", str(tmp_path / "a.pdf"))
        assert (pdf["exit"], (tmp_path / "a.pdf").read_bytes()[:4]) == (0, b"%PDF")
    finally:
        till.stop()


def test_payments_are_searched(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    slip = asked(capsys, "payments", "--range", RANGE)["payments"][-1]["slip_number"]
    one = asked(capsys, "payments", "--text", slip)
    assert [it["slip_number"] for it in one["payments"]] == [slip]
    declined = asked(capsys, "payments", "--state", "declined", "--range", RANGE)
    assert {it["stage"] for it in declined["payments"]} <= {"declined", "not_sent"}
    assert asked(capsys, "payments", "--cashier", "Nobody")["exit"] == 1
    assert asked(capsys, "payments", "--state", "lost")["exit"] == 2
    assert asked(capsys, "payments", "--amount", "1.5")["exit"] == 2


def test_a_statement_is_reconciled_with_its_columns_named_once(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = asked(capsys, "report", "--range", RANGE, "--csv", str(tmp_path / "ours.csv"))
    with (tmp_path / "ours.csv").open(encoding="utf-8-sig", newline="") as file:
        paid = [
            row
            for row in csv.DictReader(file)
            if row["Trạng thái"] == "Đã thanh toán" and "AppotaPay" not in row["Cách trả"]
        ]
    path = tmp_path / "sao-ke.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Số HĐ", "Mã GD", "Tiền", "Lúc"])
        for row in paid[1:]:
            writer.writerow([row["Mã đơn"], row["Mã giao dịch"], row["Số tiền, ₫"], row["Có kết quả"]])
        writer.writerow(["261122_09-000001-aaaa", "99", "5.000", local_time(BASE - DAY_MS).strftime("%d/%m/%Y %H:%M")])
    unknown = asked(capsys, "reconcile", str(path), "--range", RANGE)
    assert unknown["exit"] == 2
    assert unknown["columns"] == ["Số HĐ", "Mã GD", "Tiền", "Lúc"]
    columns = ("order_id=Số HĐ", "number=Mã GD", "amount=Tiền", "time=Lúc")
    named = [word for column in columns for word in ("--column", column)]
    told = asked(capsys, "reconcile", str(path), "--range", RANGE, *named)
    assert told["exit"] == 1
    assert told["explained"]
    assert told["counts"]["missing_here"] == 1
    missing = [
        one for one in told["differences"] if one["kind"] in ("missing_there", "at_the_edge") and one["ours"] > 0
    ]
    assert [one["order_id"] for one in missing] == [paid[0]["Mã đơn"]]
    assert told["matched"] == len(paid) - 1
    assert listed["total"]["count"] >= told["matched"]
    again = asked(capsys, "reconcile", str(path), "--range", RANGE)
    assert again["differences"] == told["differences"], "the columns are remembered"
    assert asked(capsys, "reconcile", str(tmp_path / "nowhere.csv"))["exit"] == 2
