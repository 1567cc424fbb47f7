"""A pytest plugin for the copies: notes the tests that failed, and refuses to test any program but the copy."""

from pathlib import Path

import pytest

import pos_app

NOTE = "failures"
"""The file in the root of the copy that names the tests, one a line, the first one first; missing when all passed."""


def pytest_configure(config: pytest.Config) -> None:
    root, tested = config.rootpath.resolve(), Path(pos_app.__file__).resolve()
    if root not in tested.parents:
        raise pytest.UsageError(f"{tested} would be tested instead of the copy in {root}")
    if not hasattr(config, "workerinput"):  # of several processes only the first hears of every test, and once
        config.pluginmanager.register(_Witness(root / NOTE))


class _Witness:
    def __init__(self, note: Path) -> None:
        self._note = note

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            with self._note.open("a", encoding="utf-8") as note:
                note.write(report.nodeid.replace("\n", " ") + "\n")
