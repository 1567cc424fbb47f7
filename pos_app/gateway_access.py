"""How to reach the gateways, and with what: the accounts' facts, and the one place that knows which gateways there are.

A new gateway is named here, once: what it shows, and how its client is made.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from zlib import crc32

from pos_app.checkout.ways import Way, Ways
from pos_app.clock import Clock
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import Gateway, PayMethod
from pos_app.payments import gateway_names as names
from pos_app.settings import Settings
from pos_app.words import Text

if TYPE_CHECKING:
    from pos_app.gateways.appotapay.account import AppotaPayAccount
    from pos_app.gateways.trust import Site
    from pos_app.gateways.zalopay.agreement import Agreements
    from pos_app.gateways.zalopay.requests import Credentials
    from pos_app.sandbox.server import Sandbox

ZALOPAY_WALLET = "vn.zalopay"
_DEMO_BANK, _DEMO_ACCOUNT = "970436", "0071000123456"
"""Where nobody's money goes: the built-in gateway's shop."""
NOBODY_LISTENS = "https://pos-app.invalid/"
"""AppotaPay takes no order without an address to tell; the till asks all the same."""
_V1_LIFE_S = 900
_QR = frozenset({PayMethod.ANY, PayMethod.WALLET, PayMethod.VIETQR})
_CARDS = frozenset({PayMethod.BANK_ATM, PayMethod.BANK_CARD})


@dataclass(frozen=True, slots=True)
class AppotaPayKeys:
    """What the shop got from AppotaPay; never shown. `terminal` is for its POS API alone."""

    partner_code: str
    api_key: str = field(repr=False)
    secret: str = field(repr=False)
    terminal: str = ""


@dataclass(frozen=True, slots=True)
class GatewayAccess:
    """How to reach the gateways, and with what.

    Attributes:
        demo: the built-in gateway plays all of them.
        url: scheme and host.
        app_id, key1, key2, public_key: the ZaloPay account; never shown.
        appotapay: the AppotaPay account, None for none.
        ca_pem: certificate authority of the built-in gateway, "" for the system's.
        phone_url: the demo customer's phone, "" for none.
    """

    demo: bool
    url: str
    app_id: int
    key1: str = field(repr=False)
    key2: str = field(repr=False)
    public_key: str = field(repr=False)
    appotapay: AppotaPayKeys | None = None
    ca_pem: str = field(default="", repr=False)
    phone_url: str = ""


def access_to(sandbox: "Sandbox") -> GatewayAccess:
    """The way to a built-in gateway of this process."""
    return access_from(sandbox.credentials())


def access_from(about: Mapping[str, Any]) -> GatewayAccess:
    """What a built-in gateway says of itself.

    Raises:
        KeyError, TypeError, ValueError: it is not one of ours.
    """
    keys = about["appotapay"]
    appotapay = AppotaPayKeys(keys["partner_code"], keys["api_key"], keys["secret"], keys["terminal_id"])
    return GatewayAccess(
        demo=True,
        url=about["url"],
        app_id=int(about["app_id"]),
        key1=about["key1"],
        key2=about["key2"],
        public_key=about["public_key"],
        appotapay=appotapay,
        ca_pem=about["ca_pem"],
        phone_url=about["phone_url"],
    )


def open_ways(
    access: GatewayAccess,
    settings: Settings,
    clock: Clock,
    offset: ClockOffset,
    watch: Callable[[str, Gateway], Gateway] = lambda _name, gateway: gateway,
) -> Ways:
    """All the ways to pay of this till; `watch` is put before each gateway, with its name.

    A gateway that the settings no longer use is there too, showing nothing: for the payments that were begun at it.
    """
    opening = _Opening(access, settings, clock, offset)
    gateways = (*opening.zalopay(), *opening.appotapay())
    watched = (replace(way, gateway=watch(way.name, way.gateway)) for way in gateways)
    return Ways(*watched, *opening.own_vietqr())


def public_url(settings: Settings) -> str:
    """Where the world reaches this till's service of notifications, "" where it does not."""
    told = settings.notifications
    return told.public_url.rstrip("/") if told.on else ""


def callback_url(settings: Settings) -> str:
    """Where ZaloPay tells of what happened, "" for nowhere."""
    from pos_app.gateways.zalopay.requests import CALLBACK_PATH  # noqa: PLC0415 - with its neighbours

    where = public_url(settings)
    return where + CALLBACK_PATH if where else ""


def open_agreements(access: GatewayAccess, settings: Settings, clock: Clock, offset: ClockOffset) -> "Agreements":
    """The wallets of regular customers; they are ZaloPay v2's, and so is its list of banks."""
    return _Opening(access, settings, clock, offset).agreements()


class _Opening:
    """Makes the clients, each where it is first needed: their libraries are dear to import."""

    def __init__(self, access: GatewayAccess, settings: Settings, clock: Clock, offset: ClockOffset) -> None:
        self._access = access
        self._settings = settings
        self._clock = clock
        self._offset = offset

    def _name(self, name: str) -> str:
        return names.in_demo(name) if self._access.demo else name

    def zalopay(self) -> tuple[Way, Way]:
        """The API that the settings choose, and the other one."""
        from pos_app.gateways.zalopay.v1 import ZaloPayV1  # noqa: PLC0415 - dear to import
        from pos_app.gateways.zalopay.v2 import ZaloPayV2  # noqa: PLC0415

        access, credentials = self._access, self._credentials()
        shows = _QR if access.appotapay else _QR | _CARDS
        chosen = self._settings.gateway.api == "v2"
        v2 = ZaloPayV2(self._site(), credentials, clock=self._clock, offset=self._offset)
        v1 = ZaloPayV1(self._site(v1=True), credentials, clock=self._clock, offset=self._offset)
        new = Way(
            self._name(names.ZALOPAY_V2),
            v2,
            access.app_id,
            shows if chosen else frozenset(),
            ZALOPAY_WALLET,
            wallets=True,
            active=chosen,
        )
        old = Way(
            self._name(names.ZALOPAY_V1),
            v1,
            access.app_id,
            frozenset() if chosen else frozenset({PayMethod.ANY, PayMethod.WALLET}),
            ZALOPAY_WALLET,
            _V1_LIFE_S,
            active=not chosen,
        )
        return (new, old) if chosen else (old, new)

    def agreements(self) -> "Agreements":
        """Payment by bound token."""
        from pos_app.gateways.zalopay.agreement import Agreements  # noqa: PLC0415 - dear to import
        from pos_app.gateways.zalopay.hybrid import Hybrid, HybridMac  # noqa: PLC0415 - with it

        agreements = Agreements(self._site(), self._credentials(), clock=self._clock, offset=self._offset)
        setting = self._settings.gateway
        agreements.hybrid = Hybrid(setting.hybrid_path, HybridMac(setting.hybrid_mac))
        return agreements

    def _credentials(self) -> "Credentials":
        from pos_app.gateways.zalopay.public_key import PublicKey  # noqa: PLC0415 - with its neighbours
        from pos_app.gateways.zalopay.requests import Credentials  # noqa: PLC0415

        access = self._access
        return Credentials(
            access.app_id, access.key1, PublicKey(access.public_key), "pos_app", public_url(self._settings)
        )

    def appotapay(self) -> tuple[Way, ...]:
        """All its generations; only the one that the settings choose shows anything."""
        from pos_app.gateways.appotapay.pos_api import AppotaPayPos  # noqa: PLC0415
        from pos_app.gateways.appotapay.v1 import AppotaPayV1  # noqa: PLC0415
        from pos_app.gateways.appotapay.v2 import AppotaPayV2  # noqa: PLC0415
        from pos_app.gateways.trust import LIVE  # noqa: PLC0415

        keys, wanted = self._access.appotapay, self._settings.appotapay
        if keys is None:
            return ()
        chosen = wanted.api or ("v1" if self._access.demo else "")
        offset = ClockOffset(self._clock)  # its clock is not ZaloPay's
        kinds = (
            ("v1", names.APPOTAPAY_V1, AppotaPayV1, _CARDS | {PayMethod.BANK_QR}),
            ("v2", names.APPOTAPAY_V2, AppotaPayV2, _CARDS | {PayMethod.BANK_QR}),
            ("pos", names.APPOTAPAY_POS, AppotaPayPos, frozenset({PayMethod.BANK_QR})),
        )
        return tuple(
            Way(
                self._name(name),
                client(
                    self._appotapay_site(api),
                    self._appotapay_account(keys, api),
                    clock=self._clock,
                    offset=offset,
                ),
                crc32(keys.partner_code.encode()) & 0x7FFF_FFFF,  # tells the account from another one
                shows if api == chosen else frozenset(),
                amounts=client.amounts,
                active=api == chosen,
            )
            for api, name, client, shows in kinds
            if api != "pos" or self._access.url != LIVE.url  # no live host of the POS API is documented
        )

    def _appotapay_account(self, keys: AppotaPayKeys, api: str) -> "AppotaPayAccount":
        from pos_app.gateways.appotapay.account import AppotaPayAccount  # noqa: PLC0415 - with its neighbours

        wanted, here = self._settings.appotapay, public_url(self._settings)
        told = f"{here}/appotapay/{'v1' if api == 'v1' else 'v2'}/ipn" if here else NOBODY_LISTENS
        back = f"{here}/appotapay/redirect" if here else NOBODY_LISTENS
        return AppotaPayAccount(
            keys.partner_code,
            keys.api_key,
            keys.secret,
            notify_url=wanted.notify_url or told,
            redirect_url=wanted.redirect_url or back,
            client_ip=wanted.client_ip,
            terminal_id=wanted.terminal or keys.terminal,
        )

    def own_vietqr(self) -> tuple[Way, ...]:
        """The shop's own account, if it has one."""
        from pos_app.gateways.own_vietqr import OwnVietQr  # noqa: PLC0415 - with its neighbours
        from pos_app.qr.vietqr import Receiver  # noqa: PLC0415

        bank, account = self._settings.own_vietqr.bank, self._settings.own_vietqr.account
        if self._access.demo and not account:
            bank, account = _DEMO_BANK, _DEMO_ACCOUNT
        if not (bank and account):
            return ()
        own = OwnVietQr(Receiver(bank, account))
        return (Way(self._name(names.OWN_VIETQR), own, 0, frozenset({PayMethod.OWN_VIETQR})),)

    def _built_in(self) -> "Site | None":
        from urllib.parse import urlsplit  # noqa: PLC0415 - with its neighbours

        from pos_app.gateways.trust import built_in  # noqa: PLC0415 - dear to import

        return built_in(urlsplit(self._access.url).port or 0, self._access.ca_pem) if self._access.demo else None

    def _site(self, *, v1: bool = False) -> "Site":
        from pos_app.gateways.trust import LIVE, LIVE_V1, SANDBOX, SANDBOX_V1  # noqa: PLC0415 - dear to import

        sites = {LIVE.url: (LIVE, LIVE_V1), SANDBOX.url: (SANDBOX, SANDBOX_V1)}
        return self._built_in() or sites[self._access.url][v1]

    def _appotapay_site(self, api: str) -> "Site":
        from pos_app.gateways.trust import (  # noqa: PLC0415 - dear to import
            APPOTAPAY_LIVE,
            APPOTAPAY_POS_SANDBOX,
            APPOTAPAY_SANDBOX,
            LIVE,
        )

        if self._access.url == LIVE.url:
            return APPOTAPAY_LIVE
        return self._built_in() or (APPOTAPAY_POS_SANDBOX if api == "pos" else APPOTAPAY_SANDBOX)


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
        return access_from(about)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoSandboxError from error
