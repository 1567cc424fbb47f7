"""Ports for those who must know theirs before they listen at it, such as a till whose settings name one."""

import itertools
import os
import socket
from contextlib import suppress

_FIRST, _EACH = 16_000, 2_000
"""Below those that systems give to connections by themselves: none is taken between the choice and its use."""
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8
_NEXT = itertools.cycle(range(os.getpid() % _EACH, os.getpid() % _EACH + _EACH))


def free_port() -> int:
    """One that nobody listens at, and that no other test is given soon."""
    for step in itertools.islice(_NEXT, _EACH):
        port = _FIRST + _WORKER * _EACH + step % _EACH
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("every port is taken")
