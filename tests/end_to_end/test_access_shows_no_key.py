"""The account of a gateway, as the till is handed it, never shows its keys."""

from pos_app.gateway_access import GatewayAccess
from pos_app.keys.account import AppotaPayKeys
from pos_app.payments.environment import Environment


def test_access_shows_no_key() -> None:
    keys = AppotaPayKeys("APPOTAPAY", "secret-api-key", "secret")
    access = GatewayAccess(
        Environment.BUILT_IN, url="https://127.0.0.1:1", app_id=2553, key1="secret-key-1", key2="secret-key-2",
        public_key="secret-public", appotapay=keys, ca_pem="secret-ca",
    )  # fmt: skip
    assert "secret" not in f"{access!r} {access}"
    assert "2553" in repr(access)
