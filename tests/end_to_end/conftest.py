"""What every whole-payment test leaves behind is searched for payment codes and keys (T14); Ctrl-C is heard."""

import signal
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest

from pos_app.gateways import transport
from pos_app.gateways.transport import Limits
from pos_app.sandbox.server import Sandbox
from tests.end_to_end.world import leaks

QUICK = Limits(connect_ms=5_000, first_byte_ms=1_000, answer_ms=1_500)
"""For a gateway that takes the connection and then is silent; on a busy machine a connection itself takes its time."""


@pytest.fixture(autouse=True)
def nothing_leaks(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    yield
    if request.node.get_closest_marker("leaks_on_purpose") is None:
        assert leaks([Sandbox.key1, Sandbox.key2], tmp_path) == []


@pytest.fixture(autouse=True)
def ctrl_c_is_heard() -> Iterator[None]:
    """Also when a shell started the tests beside itself (`make test &`): what it ignores, its children ignore."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def quick_limits(monkeypatch: pytest.MonkeyPatch) -> Limits:
    """The till's own limits on the wire, made short for those who say nothing: a second and a half for an answer."""
    set_limits(monkeypatch, QUICK)
    return QUICK


def set_limits(patch: pytest.MonkeyPatch, limits: Limits) -> None:
    """Let every till that is opened from now on have these limits on the wire."""
    for client in (
        "zalopay.v1",
        "zalopay.v2",
        "zalopay.agreement",
        "appotapay.v1",
        "appotapay.v2",
        "appotapay.pos_api",
    ):
        import_module(f"pos_app.gateways.{client}")  # a till imports it late: its annotations want the class itself
    patch.setattr(transport, "Limits", partial(Limits, limits.connect_ms, limits.first_byte_ms, limits.answer_ms))
