# ruff: noqa: INP001 - a script, not a package
"""The frozen program's way in: what `python -m pos_app` is in a checkout.

The program starts parts of itself with `-m MODULE`; a frozen one has no Python to ask, so it answers that itself.
"""

import ctypes.util
import os
import runpy
import sys
from multiprocessing import freeze_support
from pathlib import Path


def _give_the_system_its_libraries_back() -> None:
    """Programs of the system that we start (sounds, voices, printing) must not load ours.

    Ourselves, started again, we look for them anew.
    """
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before:
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"  # PyInstaller's word for "do not rely on what your parent set"


def _bring_zbar() -> None:
    """Pyzbar asks the system where zbar is; it is here."""
    brought = Path(sys._MEIPASS, "libzbar.so.0")  # type: ignore[attr-defined] # noqa: SLF001 - PyInstaller's word for here
    ask_the_system = ctypes.util.find_library

    def find_library(name: str) -> str | None:
        return str(brought) if name == "zbar" and brought.exists() else ask_the_system(name)

    ctypes.util.find_library = find_library


freeze_support()
_give_the_system_its_libraries_back()
_bring_zbar()
match sys.argv[1:]:
    case ["-m", module, *words] if module.split(".")[0] == "pos_app":
        sys.argv[1:] = words
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    case _:
        from pos_app.cli import main

        sys.exit(main())
