"""`pos-app scanners`: what is plugged in, by the words of the settings."""

import json
from pathlib import Path

import pytest

from pos_app.cli import main
from pos_app.scanning import cameras, exclusive
from tests.scanning.test_cameras import plug_in


@pytest.fixture
def plugged_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This computer's devices, laid out in a folder as Linux lays them out."""
    plug_in(tmp_path / "cameras", 2, "HD Webcam", "1-2")
    (tmp_path / "keyboards").mkdir()
    (tmp_path / "keyboards" / "usb-Newland_HR11-event-kbd").touch()
    monkeypatch.setattr(cameras.cameras, "__defaults__", (tmp_path / "cameras",))
    monkeypatch.setattr(exclusive.keyboards, "__defaults__", (tmp_path / "keyboards",))
    monkeypatch.setenv("POS_APP_HOME", str(tmp_path))
    (tmp_path / "settings.toml").write_text('[scanning]\ncamera = "name:HD Webcam@1-2"\n', encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("plugged_in")
def test_cameras_and_scanners_are_listed_as_the_settings_call_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scanners", "--json"]) == 0
    found = {one["setting"]: one for one in json.loads(capsys.readouterr().out)["found"] if one["setting"] != "serial"}
    assert found["camera"] == {"setting": "camera", "value": "name:HD Webcam@1-2", "name": "HD Webcam", "chosen": True}
    assert (found["exclusive"]["name"], found["exclusive"]["chosen"]) == ("Newland HR11", False)

    assert main(["scanners"]) == 0
    assert '* camera = "name:HD Webcam@1-2"  HD Webcam' in capsys.readouterr().out
