"""A release's files: what is installed later is what was checked."""

import re
from pathlib import Path
from shutil import disk_usage

import pytest

from pos_app.updates.manifest import UpdateError
from pos_app.updates.taking import FOLDER, SEEN_NAME, offered, refuse_no_room, take
from tests.journal.small_disk import disk_of
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


def test_a_folder_that_lies_there_is_in_nobodys_way(maker: Maker, tmp_path: Path) -> None:
    mine = tmp_path / "home" / FOLDER / "photos"
    mine.mkdir(parents=True)
    assert takes(maker, maker.release(tmp_path / "a"), tmp_path / "home").read_bytes() == PACKAGE
    assert mine.is_dir()


@pytest.mark.parametrize("name", ["pos-app-9.1.0.run", "pos-app-9.1.0.run.new"])
def test_what_cannot_be_written_is_not_told_as_no_room(maker: Maker, tmp_path: Path, name: str) -> None:
    in_the_way = tmp_path / "home" / FOLDER / name
    in_the_way.mkdir(parents=True)
    with pytest.raises(UpdateError, match=r"cannot be copied into .*updates"):
        takes(maker, maker.release(tmp_path / "a"), tmp_path / "home")
    assert [one for one in in_the_way.parent.iterdir() if one.is_file() and one.name != SEEN_NAME] == []


def test_a_release_that_lies_in_the_tills_own_folder_is_taken_from_there(maker: Maker, tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    manifest = maker.release(folder / FOLDER)
    assert takes(maker, manifest, folder).read_bytes() == PACKAGE
    assert manifest.exists()


def test_a_disk_that_is_full_is_told_and_left_as_it_was(maker: Maker, tmp_path: Path) -> None:
    with disk_of(tmp_path / "home", "16k") as folder:
        with pytest.raises(UpdateError, match="no room"):
            takes(maker, maker.release(tmp_path / "a"), folder)
        assert [one.name for one in (folder / FOLDER).iterdir()] == [SEEN_NAME]


@pytest.mark.parametrize(("older", "there"), [("pos-app-9.0.0.run", True), ("../film", False)])
def test_what_goes_first_counts_as_room(maker: Maker, tmp_path: Path, older: str, *, there: bool) -> None:
    """The last package is deleted before this one is copied; whatever else fills the disk is not."""
    manifest = maker.release(tmp_path / "a")
    with disk_of(tmp_path / "home", "160k") as folder:
        (folder / FOLDER).mkdir()
        (folder / FOLDER / older).write_bytes(bytes(140_000))
        found = offered(manifest, folder, installed="0.1.0", keys=(maker.public,))
        if not there:
            with pytest.raises(UpdateError, match="no room"):
                refuse_no_room(found, manifest.parent, folder, for_system=SYSTEM, more=0)
            return
        refuse_no_room(found, manifest.parent, folder, for_system=SYSTEM, more=0)
        assert takes(maker, manifest, folder).read_bytes() == PACKAGE
        beside = folder / FOLDER
        assert disk_usage(folder).free + len(PACKAGE) > 100_000, "the older one is gone"
        film = folder / "film"
        film.write_bytes(bytes(100_000))
        with pytest.raises(UpdateError, match="no room"):  # taken from where it lies, nothing goes first
            refuse_no_room(found, beside, folder, for_system=SYSTEM, more=0)


def test_a_portable_one_is_unpacked_beside_the_data(maker: Maker, tmp_path: Path) -> None:
    with disk_of(tmp_path / "home", "96k") as folder:
        for system, enough in (("linux-portable", False), ("linux-deb", True)):
            manifest = maker.release(tmp_path / system, system=system)
            found = offered(manifest, folder, installed="0.1.0", keys=(maker.public,))
            if enough:
                refuse_no_room(found, manifest.parent, folder, for_system=system, more=0)
                continue
            with pytest.raises(UpdateError, match="no room"):
                refuse_no_room(found, manifest.parent, folder, for_system=system, more=0)


def test_room_is_asked_for_before_anything_is_written(maker: Maker, tmp_path: Path) -> None:
    found = offered(maker.release(tmp_path / "a"), tmp_path / "home", installed="0.1.0", keys=(maker.public,))
    refuse_no_room(found, tmp_path / "a", tmp_path / "not there yet", for_system=SYSTEM, more=0)
    with pytest.raises(UpdateError, match="no room") as caught:
        refuse_no_room(found, tmp_path / "a", tmp_path / "home", for_system=SYSTEM, more=10**18)
    assert "MB" in caught.value.advice.vi
