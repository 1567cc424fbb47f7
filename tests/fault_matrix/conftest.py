"""What the tests of the matrix need, and what holds for each of them: nothing secret is left anywhere (T14)."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.sandbox.server import Sandbox
from tests.clocks import FastClock
from tests.end_to_end.conftest import nothing_leaks as nothing_leaks  # noqa: PLC0414 - found here by pytest
from tests.end_to_end.conftest import quick_limits as quick_limits  # noqa: PLC0414 - found here by pytest
from tests.end_to_end.world import leaks
from tests.fault_matrix.gateway import MakeGateway, ScriptedGateway
from tests.fault_matrix.world import BuiltIn
from tests.gateways.tls_server import Authority, Manners, new_authority, server_tls


@pytest.fixture(scope="session")
def authority() -> Authority:
    return new_authority()


@pytest.fixture(scope="session")
def good_tls(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    return server_tls(tmp_path_factory.mktemp("tls"), authority)


@pytest.fixture
def scripted(
    authority: Authority,
    good_tls: ssl.SSLContext,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Iterator[MakeGateway]:
    """Makes gateways that say what a test wants; their keys and codes are searched for when it ends."""
    made: list[ScriptedGateway] = []

    def make(
        create: Manners, *queries: Manners, tls: ssl.SSLContext | None = good_tls, ahead: Manners | None = None
    ) -> ScriptedGateway:
        made.append(ScriptedGateway(tls, authority.pem, create, *queries, ahead=ahead))
        return made[-1]

    caplog.set_level("DEBUG")
    yield make
    out, err = capfd.readouterr()
    secrets = [secret for one in made for secret in (one.key1, one.key2, *one.customer.codes)]
    assert leaks(secrets, tmp_path, out, err, caplog.text) == []


@pytest.fixture(scope="module")
def built_in() -> Iterator[BuiltIn]:
    """The built-in gateway on a clock that a test can make run."""
    clock = FastClock()
    with Sandbox(clock=clock) as sandbox:
        yield sandbox, clock
        clock.run(1)
