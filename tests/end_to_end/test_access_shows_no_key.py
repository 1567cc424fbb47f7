"""The account of a gateway, as the till is handed it, never shows its keys."""

from pos_app.gateway_access import GatewayAccess


def test_access_shows_no_key() -> None:
    access = GatewayAccess("demo", "https://127.0.0.1:1", 2553, "secret-key-1", "secret-key-2", "secret-ca")
    assert "secret" not in f"{access!r} {access}"
    assert "2553" in repr(access)
