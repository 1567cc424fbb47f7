"""The wheel carries every package and every resource."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_package_is_named() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    there = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "pos_app").rglob("*.py")}
    assert set(build["packages"]) == there | {"pos_app.resource_files"}


def test_every_resource_is_carried() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    patterns = build["package-data"]["pos_app.resource_files"]
    carried = {path for pattern in patterns for path in (ROOT / "resources").glob(pattern)}
    used = {path for path in (ROOT / "resources").rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}}
    assert used <= carried
