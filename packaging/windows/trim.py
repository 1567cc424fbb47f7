# ruff: noqa: INP001 - a script, not a package
"""Takes out of a folder of packages what the program never opens, as `unused-parts.txt` says: `trim.py FOLDER`."""

import sys
from fnmatch import fnmatchcase
from pathlib import Path

folder = Path(sys.argv[1])
lines = (Path(__file__).parents[1] / "unused-parts.txt").read_text(encoding="utf-8").splitlines()
patterns = [line for line in lines if line and not line.startswith("#")]
for path in sorted(folder.rglob("*"), reverse=True):
    if path.is_dir():
        if not any(path.iterdir()):
            path.rmdir()
    elif any(fnmatchcase(path.relative_to(folder).as_posix(), pattern) for pattern in patterns):
        path.unlink()
