"""A release's files: what is installed later is what was checked."""

import re
from pathlib import Path

import pytest

from pos_app.updates.manifest import UpdateError
from pos_app.updates.taking import FOLDER, SEEN_NAME, offered, take
from tests.updates.releases import PACKAGE, Maker

SYSTEM = "linux-portable"


@pytest.fixture
def maker() -> Maker:
    return Maker()


def takes(maker: Maker, manifest: Path, folder: Path, installed: str = "0.1.0") -> Path:
    found = offered(manifest, folder, installed=installed, keys=(maker.public,))
    return take(found, manifest.parent, folder, for_system=SYSTEM)


def test_the_package_is_copied_and_older_ones_go(maker: Maker, tmp_path: Path) -> None:
    folder = tmp_path / "home"
    first = takes(maker, maker.release(tmp_path / "a", "9.1.0"), folder)
    assert first.read_bytes() == PACKAGE
    second = takes(maker, maker.release(tmp_path / "b", "9.2.0"), folder)
    assert sorted(one.name for one in (folder / FOLDER).iterdir()) == [second.name, SEEN_NAME]
    assert takes(maker, tmp_path / "b" / "pos-app-update.json", folder) == second, "once more is no harm"


def test_an_old_release_played_back_is_refused(maker: Maker, tmp_path: Path) -> None:
    old, new = maker.release(tmp_path / "old", "9.1.0"), maker.release(tmp_path / "new", "9.2.0")
    takes(maker, new, tmp_path / "home")
    with pytest.raises(UpdateError, match=re.escape("has seen a newer one than 9.1.0")):
        takes(maker, old, tmp_path / "home")
    with pytest.raises(UpdateError, match=re.escape("9.2.0 is not newer")):
        takes(maker, new, tmp_path / "other", installed="9.2.0")


@pytest.mark.parametrize(
    "other", [PACKAGE[:-1], PACKAGE + b"x", b"X" + PACKAGE[1:], b""], ids=["short", "long", "altered", "empty"]
)
def test_another_package_is_not_kept(maker: Maker, tmp_path: Path, other: bytes) -> None:
    manifest = maker.release(tmp_path / "a")
    (tmp_path / "a" / "pos-app-9.1.0.run").write_bytes(other)
    with pytest.raises(UpdateError, match="damaged"):
        takes(maker, manifest, tmp_path / "home")
    assert not (tmp_path / "home" / FOLDER / "pos-app-9.1.0.run").exists()
    (tmp_path / "a" / "pos-app-9.1.0.run").write_bytes(PACKAGE)
    assert takes(maker, manifest, tmp_path / "home").read_bytes() == PACKAGE, "what was left of it is in nobody's way"


def test_what_is_not_there_is_named(maker: Maker, tmp_path: Path) -> None:
    manifest = maker.release(tmp_path / "a")
    (tmp_path / "a" / "pos-app-9.1.0.run").unlink()
    with pytest.raises(UpdateError, match=re.escape("pos-app-9.1.0.run cannot be read")):
        takes(maker, manifest, tmp_path / "home")
    manifest.with_name("pos-app-update.json.sig").unlink()
    with pytest.raises(UpdateError, match=re.escape("pos-app-update.json.sig cannot be read")):
        takes(maker, manifest, tmp_path / "home")
    with pytest.raises(UpdateError, match=re.escape("nothing.json cannot be read")):
        takes(maker, tmp_path / "nothing.json", tmp_path / "home")
