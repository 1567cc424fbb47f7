"""What the gateway tests share: a CA, and a good server's TLS."""

import ssl

import pytest

from tests.gateways.tls_server import Authority, new_authority, server_tls


@pytest.fixture(scope="session")
def authority() -> Authority:
    return new_authority()


@pytest.fixture(scope="session")
def good_tls(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    return server_tls(tmp_path_factory.mktemp("tls"), authority)
