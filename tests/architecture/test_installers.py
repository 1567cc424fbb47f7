"""What the installers are made of, held to the sources. That they work is told by `packaging/linux/test_deb.sh`."""

import ast
import configparser
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

import pos_app
from pos_app.cli.say import Say
from pos_app.cli.self_check import CHECKS, BrokenError, run_checks
from pos_app.receipts.typeface import Face
from pos_app.resources import font_file
from pos_app.scanning import readers as scanning_readers
from pos_app.settings import Settings
from pos_app.ui.theme import _FILES
from pos_app.words import Text

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
WRITTEN = sorted(
    path
    for folder in (PACKAGING, ROOT / ".github")
    for path in folder.rglob("*")
    if path.is_file() and path.suffix not in {".png", ".pyc"}
)
HOSTS = {"www.qt.io"}
"""Whom a file of the packaging may name."""


def pins(lock: str) -> dict[str, set[str]]:
    """What a lock holds: a package may be there twice, for two Pythons."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==(\S+)", (PACKAGING / lock).read_text(encoding="utf-8"), re.M):
        found.setdefault(name, set()).add(version)
    return found


# --- the frozen program --------------------------------------------------------------------------------------------


class Recorded:
    """Stands for PyInstaller: keeps what the spec asks for."""

    def __init__(self, *_: Any, **asked: Any) -> None:
        self.asked = asked
        self.pure: list[Any] = []
        self.scripts: list[Any] = []
        self.binaries = [("PySide6/Qt/plugins/platforms/libqwayland.so",), ("PySide6/Qt/plugins/platforms/libqxcb.so",)]
        self.datas = [(target + "/" + Path(source).name, source) for source, target in asked.get("datas", [])]


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    path = PACKAGING / "linux" / "pos-app.spec"
    names = {"SPECPATH": str(path.parent), **dict.fromkeys(("Analysis", "PYZ", "EXE", "COLLECT"), Recorded)}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), names)
    return names


def test_what_is_asked_for_by_a_name_in_a_string_is_frozen(spec: dict[str, Any]) -> None:
    """PyInstaller follows import statements; a library that is only ever named in a string has to be listed."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "pos_app").rglob("*.py")]
    installed = {path.name.split(".")[0] for path in Path(sysconfig.get_path("purelib")).iterdir()}
    imported = {name for text in sources for name in re.findall(r"^ *(?:from|import) (\w+)", text, re.M)}
    named = {
        node.value
        for text in sources
        if re.search(r"import_module|find_spec|__import__", text)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.split(".")[0] in installed
    }
    by_string = {name for name in named if name.split(".")[0] not in imported}
    assert {"zxingcpp", "pyzbar.pyzbar", "fontpkg_ibm_plex_sans"} <= by_string
    assert by_string <= set(spec["analysis"].asked["hiddenimports"])


def test_every_module_and_every_file_of_ours_is_frozen(spec: dict[str, Any]) -> None:
    asked = spec["analysis"].asked["hiddenimports"]
    assert {"pos_app", "pos_app.cli.self_check", "pos_app.receipts.printers.system_child"} <= set(asked)
    carried = {target for target, _ in spec["analysis"].datas}
    resources = {path for path in (ROOT / "resources").rglob("*") if path.is_file() and path.suffix[:3] != ".py"}
    assert {f"pos_app/resource_files/{path.parent.name}/{path.name}" for path in resources} <= carried
    steps = {path.name for path in (ROOT / "pos_app/journal/migrations/versions").glob("v*.py")}
    assert {f"pos_app/journal/migrations/versions/{name}" for name in steps} <= carried
    assert "escpos/capabilities.json" in carried


def test_what_is_left_out_is_not_what_is_used(spec: dict[str, Any]) -> None:
    assert [name for (name,) in spec["analysis"].binaries] == ["PySide6/Qt/plugins/platforms/libqxcb.so"]
    for name in {*_FILES, *(face.file for face in Face)}:
        path = font_file(name)
        inside = "/".join(path.parts[-3:])
        assert inside in {target for target, _ in spec["analysis"].datas}
        assert not any(fnmatchcase(inside, pattern) for pattern in spec["patterns"])


def test_the_frozen_program_stands_for_python_where_it_starts_itself() -> None:
    frozen = f"runpy.run_path({str(PACKAGING / 'linux/frozen.py')!r}, run_name='__main__')"
    start = f"""import os, sys, runpy
sys._MEIPASS = '/nowhere'
sys.argv = ['pos-app', *sys.argv[1:]]
try:
    {frozen}
except SystemExit:
    print(os.environ['LD_LIBRARY_PATH'], os.environ['PYINSTALLER_RESET_ENVIRONMENT'])
"""
    environment = {**os.environ, "LD_LIBRARY_PATH": "/bundle", "LD_LIBRARY_PATH_ORIG": "/before"}
    for words in (["--version"], ["-m", "pos_app", "--version"]):
        done = subprocess.run(
            [sys.executable, "-c", start, *words], env=environment, capture_output=True, text=True, check=True
        )
        # What it starts finds its own libraries: the system's programs the system's, itself the ones it brought.
        assert done.stdout.splitlines() == [f"pos-app {pos_app.__version__}", "/before 1"]


# --- one version, one lock -----------------------------------------------------------------------------------------


def test_the_version_stands_in_one_place() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", pos_app.__version__)
    holders = [path for path in (ROOT / "pyproject.toml", ROOT / "Makefile", *WRITTEN) if path.suffix != ".txt"]
    assert [path for path in holders if f'"{pos_app.__version__}"' in path.read_text(encoding="utf-8")] == []
    assert f"## [{pos_app.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_what_is_frozen_is_what_is_tested() -> None:
    frozen = pins("requirements-build.txt")
    assert {name: frozen.get(name) for name in pins("requirements.txt")} == pins("requirements.txt")


def test_every_locked_package_has_its_hashes() -> None:
    for path in (*PACKAGING.glob("requirements*.txt"), PACKAGING / "windows/runtime.txt"):
        for entry in re.split(r"^(?=[a-z])", path.read_text(encoding="utf-8"), flags=re.M):
            assert "--hash=sha256:" in entry or entry.startswith("#") or not entry.strip(), f"{path.name}: {entry[:40]}"


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_no_package_index_and_no_folder_of_this_machine_is_named(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"https?://([^/\s\"';,)]+)", text)) <= HOSTS
    assert not re.search(r"--(extra-)?index-url|--find[-]links|--trusted-host", text)
    assert not re.search(r"(?<![\w$}.])/(work|root|home/(?!shop))\b", text)


# --- what the system is told ---------------------------------------------------------------------------------------


def test_the_menu_entry() -> None:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(PACKAGING / "linux/pos-app.desktop", encoding="utf-8")
    entry = parser["Desktop Entry"]
    assert entry["Type"] == "Application"
    assert (entry["Exec"], entry["Icon"], entry["Terminal"]) == ("pos-app", "pos-app", "false")
    assert (ROOT / "resources/app" / f"{entry['Icon']}.svg").is_file()
    for key in ("Name", "GenericName", "Comment"):
        assert entry[key] != entry[f"{key}[vi]"] != ""
    for key in ("Categories", "Keywords"):
        assert entry[key].endswith(";")


def test_the_package_of_debian() -> None:
    text = (PACKAGING / "linux/control").read_text(encoding="utf-8")
    fields = dict(re.findall(r"^([A-Z][A-Za-z-]+): (.*)$", text, re.M))
    assert fields["Package"] == "pos-app"
    assert (fields["Version"], fields["Architecture"]) == ("@VERSION@", "amd64")
    needed = {name.split()[0] for name in fields["Depends"].split(", ")}
    assert needed == {"libc6", "libgl1", "libegl1", "fontconfig-config"}
    assert text.endswith("\n")
    assert len(fields["Description"]) <= 80
    # Nothing of ours runs when it comes or goes: so nothing of the shop's can be lost by it.
    assert not {"postinst", "preinst", "prerm", "postrm"} & {path.name for path in PACKAGING.rglob("*")}


def test_the_windows_installer_removes_only_its_own_folders() -> None:
    script = (PACKAGING / "windows/pos-app.nsi").read_text(encoding="utf-8")
    assert set(re.findall(r"RMDir /r \"([^\"]+)\"", script)) == {
        rf"$INSTDIR\{folder}" for folder in ("python", "site", "licences")
    }
    assert not re.search(r"^\s*(RMDir|Delete).*APPDATA", script, re.M)


@pytest.mark.parametrize("script", [path for path in WRITTEN if path.suffix == ".sh"], ids=lambda path: path.name)
def test_every_script_can_be_read_and_run(script: Path) -> None:
    subprocess.run(["sh", "-n", str(script)], check=True)
    assert os.access(script, os.X_OK) or script.name == "portable-head.sh"


# --- the portable archive ------------------------------------------------------------------------------------------


def sealed(folder: Path, said: str) -> Path:
    """An archive whose program says something, and which data folder it was given."""
    program = folder / said / "pos-app"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho {said} "$POS_APP_HOME" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    archive = folder / f"{said}.tar.xz"
    with tarfile.open(archive, "w:xz") as tar:
        tar.add(program, arcname="pos-app")
    made = folder / f"{said}.run"
    subprocess.run([PACKAGING / "linux/self-extracting.sh", archive, "9.9.9", "2.36", made], check=True)
    return made


def ask(file: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "POS_APP_HOME"}
    return subprocess.run(["sh", file, *words], env=environment, capture_output=True, text=True, check=False)


def test_the_portable_archive_runs_from_anywhere_and_keeps_its_data(tmp_path: Path) -> None:
    first, second, stick = sealed(tmp_path, "first"), sealed(tmp_path, "second"), tmp_path / "a stick"
    stick.mkdir()
    assert ask(first, "--to", stick, "pay").stdout.split(" ", 1) == ["first", f"{stick}/pos-app/data pay\n"]
    (stick / "pos-app/data/journal.sqlite3").write_text("money", encoding="utf-8")
    assert ask(second, "--to", stick).stdout == f"second {stick}/pos-app/data\n"
    assert (stick / "pos-app/data/journal.sqlite3").read_text(encoding="utf-8") == "money"
    moved = stick.rename(tmp_path / "elsewhere")
    assert ask(moved / "pos-app/pos-app").stdout == f"second {moved}/pos-app/data\n"
    assert len(list(moved.glob("pos-app/program-*"))) == 2  # a till that is still open goes on with the first


def test_a_damaged_portable_archive_unpacks_nothing(tmp_path: Path) -> None:
    made = sealed(tmp_path, "whole")
    assert ask(made, "--check").returncode == 0
    damaged = bytearray(made.read_bytes())
    damaged[-9] ^= 1
    made.write_bytes(damaged)
    assert ask(made, "--check").returncode == 1
    done = ask(made)
    assert (done.returncode, done.stdout) == (1, "")
    assert "damaged" in done.stderr
    assert not (tmp_path / "pos-app").exists()


def test_where_no_program_may_run_the_portable_archive_says_so(tmp_path: Path) -> None:
    made, place = sealed(tmp_path, "whole"), tmp_path / "noexec"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "noexec", "tmpfs", str(place)]
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("a disk of its own needs Linux and root")
    try:
        done = ask(made, "--to", place)
        assert (done.returncode, done.stdout) == (1, "")
        assert "noexec" in done.stderr
        assert "--to FOLDER" in done.stderr
        assert "disk full" not in done.stderr
        assert [one.name for one in (place / "pos-app").iterdir()] == ["data"]
    finally:
        subprocess.run(["umount", str(place)], check=True)


# --- sums and their signature --------------------------------------------------------------------------------------


def test_signed_sums_are_checked_by_the_public_key_and_by_no_other(tmp_path: Path) -> None:
    def run(command: str) -> int:
        return subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, check=False).returncode

    def holds(key: str) -> bool:
        verify = "openssl pkeyutl -verify -pubin -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig"
        return run(f"{verify} -inkey {key}.pub") == 0

    (tmp_path / "pos-app.run").write_text("a program", encoding="utf-8")
    assert run("sha256sum pos-app.run >SHA256SUMS") == 0
    for key in ("ours", "another"):
        assert run(f"openssl genpkey -algorithm ed25519 -out {key}; openssl pkey -in {key} -pubout -out {key}.pub") == 0
    sign = f"DIST=. {PACKAGING / 'sign.sh'} ours"
    assert run(sign) == 0
    assert holds("ours")
    assert not holds("another")
    (tmp_path / "pos-app.run").write_text("another program", encoding="utf-8")
    assert run(sign) != 0  # what is not as the sums say is not signed


# --- the self-check ------------------------------------------------------------------------------------------------


def test_a_broken_part_is_named_and_the_others_are_still_tried(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tried: list[Path] = []

    def broken(_folder: Path) -> None:
        raise BrokenError("no such library")

    checks = {Text("Một", "One"): broken, Text("Hai", "Two"): tried.append}
    assert run_checks(checks, tmp_path, Say(Settings(), as_json=False)) == 1
    assert capsys.readouterr().out == "✗ Một: BrokenError: no such library\n✓ Hai\n"
    assert tried == [tmp_path]
    assert run_checks({Text("Hai", "Two"): tried.append}, tmp_path, Say(Settings(), as_json=False)) == 0


def test_the_self_check_sees_a_reader_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readers = CHECKS[Text("Bộ đọc mã", "Code readers")]
    readers(tmp_path)
    monkeypatch.setattr(scanning_readers, "pyzbar", None)
    with pytest.raises(BrokenError, match="zbar"):
        readers(tmp_path)
