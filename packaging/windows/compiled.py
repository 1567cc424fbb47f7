# ruff: noqa: INP001 - a script, not a package
"""Compiles a folder of packages, valid whatever the files' times: `compiled.py FOLDER`, by a Python of its version."""

import compileall
import py_compile
import sys

if sys.version_info[:2] != (3, 11):
    sys.exit("this must be the Python that runtime.txt names: 3.11")
# Templates and files for other Pythons may not compile; nobody imports them.
compileall.compile_dir(
    sys.argv[1], quiet=2, stripdir=sys.argv[1], invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
)
