"""How to reach a gateway, and with what: the account's facts, and the one place that knows which gateways there are."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pos_app.clock import Clock
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import Gateway
from pos_app.words import Text

if TYPE_CHECKING:
    from pos_app.sandbox.server import Sandbox


@dataclass(frozen=True, slots=True)
class GatewayAccess:
    """How to reach a gateway, and with what.

    Attributes:
        name: what the journal calls it ("zalopay_v2", "demo").
        url: scheme and host.
        app_id, key1, public_key: the account; never shown.
        ca_pem: certificate authority of the built-in gateway, "" for the system's.
        phone_url: the demo customer's phone, "" for none.
    """

    name: str
    url: str
    app_id: int
    key1: str = field(repr=False)
    public_key: str = field(repr=False)
    ca_pem: str = field(default="", repr=False)
    phone_url: str = ""


def access_to(sandbox: "Sandbox") -> GatewayAccess:
    """The way to a built-in gateway of this process."""
    return GatewayAccess(
        "demo",
        sandbox.url,
        sandbox.app_id,
        sandbox.key1,
        sandbox.public_key,
        sandbox.ca_pem,
        sandbox.phone_url,
    )


def open_gateway(access: GatewayAccess, clock: Clock, offset: ClockOffset) -> Gateway:
    """The gateway behind an access. The built-in one is believed by its own certificate authority."""
    from urllib.parse import urlsplit  # noqa: PLC0415 - with its neighbours

    from pos_app.gateways.trust import LIVE, SANDBOX, built_in  # noqa: PLC0415 - dear to import
    from pos_app.gateways.zalopay.public_key import PublicKey  # noqa: PLC0415
    from pos_app.gateways.zalopay.requests import Credentials  # noqa: PLC0415
    from pos_app.gateways.zalopay.v2 import ZaloPayV2  # noqa: PLC0415

    credentials = Credentials(access.app_id, access.key1, PublicKey(access.public_key), app_user="pos_app")
    if access.name == "demo":
        site = built_in(urlsplit(access.url).port or 0, access.ca_pem)
    else:
        site = {LIVE.url: LIVE, SANDBOX.url: SANDBOX}[access.url]
    return ZaloPayV2(site, credentials, clock=clock, offset=offset)


class NoSandboxError(Exception):
    """No built-in gateway answers at the address, or what answers is something else."""

    title = Text("Không thấy cổng giả lập", "The built-in gateway was not found")
    advice = Text(
        "Chạy `pos-app sandbox` và dùng địa chỉ nó in ra.", "Run `pos-app sandbox` and use the URL it prints."
    )


def sandbox_access(url: str) -> GatewayAccess:
    """How to reach a running `pos-app sandbox`, by its own word; only one on this machine is believed.

    Raises:
        NoSandboxError: none answers there.
    """
    import json  # noqa: PLC0415 - only for a demo
    import ssl  # noqa: PLC0415
    from urllib.parse import urlsplit  # noqa: PLC0415
    from urllib.request import HTTPSHandler, ProxyHandler, build_opener  # noqa: PLC0415

    if urlsplit(url).scheme not in ("http", "https") or urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1"):
        raise NoSandboxError
    # The certificate authority itself comes with this first answer; it is believed for loopback only.
    first = ssl.create_default_context()
    first.check_hostname = False
    first.verify_mode = ssl.CERT_NONE
    opener = build_opener(ProxyHandler({}), HTTPSHandler(context=first))
    try:
        with opener.open(f"{url.rstrip('/')}/sandbox/about", timeout=5) as answer:
            about = json.load(answer)
        return GatewayAccess(
            "demo",
            about["url"],
            int(about["app_id"]),
            about["key1"],
            about["public_key"],
            about["ca_pem"],
            about["phone_url"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoSandboxError from error
