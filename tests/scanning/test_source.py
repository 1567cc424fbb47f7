"""What every source of codes hands on."""

from pos_app.scanning.source import Scan


def test_a_scan_does_not_show_its_text() -> None:
    scan = Scan("281234567890123456", "scanner", 1)
    assert "281234567890123456" not in f"{scan!r} {scan}"
    assert "scanner" in repr(scan)
