"""Figures that a long run wants told: noted by the test that found them, written down by `tests.soak`."""

import json
import os
from pathlib import Path


def note(what: str, **figures: int | float | str) -> None:
    """Keep figures of this run where `POS_APP_FIGURES` says; nowhere in a plain `make test`."""
    target = os.environ.get("POS_APP_FIGURES")
    if target:
        with Path(target).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"what": what, **figures}) + "\n")
