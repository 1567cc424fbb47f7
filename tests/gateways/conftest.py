"""What the gateway tests share: a CA, a good server's TLS, and the built-in gateway."""

import ssl
from collections.abc import Iterator

import pytest

from pos_app.sandbox.server import Sandbox
from tests.gateways.tls_server import Authority, new_authority, server_tls


@pytest.fixture(scope="session")
def authority() -> Authority:
    return new_authority()


@pytest.fixture(scope="session")
def good_tls(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    return server_tls(tmp_path_factory.mktemp("tls"), authority)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running
