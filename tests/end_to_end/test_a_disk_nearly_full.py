"""With less room than it takes to finish what runs, no payment is begun, and the cashier is told why."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.sandbox.server import Sandbox
from tests.end_to_end.world import counter


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk with room for a journal, and less than the reserve."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(place)]
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("a disk of its own needs Linux and root")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_nothing_is_begun_without_the_reserve(small_disk: Path) -> None:
    with Sandbox() as sandbox, counter(sandbox, small_disk / "data") as at_counter:
        at_counter.scan(50_000)
        refused = at_counter.until_refused()
        assert refused.title.en == "The disk is nearly full – charging is paused"
        assert sandbox.orders() == []
        assert at_counter.till.journal.recent(1).result() == ()
