"""How to reach the gateways, and with what: the accounts' facts, and the one place that knows which gateways there are.

A new gateway is named here, once: what it shows, and how its client is made.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pos_app.checkout.ways import Way, Ways
from pos_app.clock import Clock
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import Gateway, PayMethod
from pos_app.keys.account import Account, AppotaPayKeys
from pos_app.keys.errors import NoGatewayError
from pos_app.payments import gateway_names as names
from pos_app.payments.environment import Environment
from pos_app.settings import Settings
from pos_app.words import Text

if TYPE_CHECKING:
    from pos_app.gateways.appotapay.account import AppotaPayAccount
    from pos_app.gateways.trust import Site
    from pos_app.gateways.zalopay.agreement import Agreements
    from pos_app.gateways.zalopay.requests import Credentials
    from pos_app.keys.held import Held
    from pos_app.keys.keystore import Keystore
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
class GatewayAccess:
    """How to reach the gateways, and with what.

    Attributes:
        environment: which gateways; with BUILT_IN, the built-in one plays all of them.
        app_id, key1, key2, public_key: the ZaloPay account; never shown.
        appotapay: the AppotaPay account, None for none.
        marks: the keys as the journal knows them (`keys.fingerprint.summary`), "" for the built-in gateway.
        old: the same with the keys before, for as long as `old_until_ms` has not come.
        old_until_ms: wall clock.
        url, ca_pem: of the built-in gateway, and who vouches for it; the hosts of the others are compiled in.
        phone_url: the demo customer's phone, "" for none.
    """

    environment: Environment
    app_id: int
    key1: str = field(repr=False)
    key2: str = field(repr=False)
    public_key: str = field(repr=False)
    appotapay: AppotaPayKeys | None = None
    marks: str = ""
    old: "GatewayAccess | None" = None
    old_until_ms: int = 0
    url: str = ""
    ca_pem: str = field(default="", repr=False)
    phone_url: str = ""

    def old_counts(self, now_ms: int) -> bool:
        """Whether the keys before are accepted at that moment."""
        return self.old is not None and now_ms < self.old_until_ms

    @property
    def demo(self) -> bool:
        """Whether the built-in gateway plays all of them."""
        return self.environment is Environment.BUILT_IN


class KeyedAccess(NamedTuple):
    """What a till with keys is made with.

    Attributes:
        access: how to reach the gateways.
        keystore: where its other secrets are kept.
    """

    access: GatewayAccess
    keystore: "Keystore"


def open_keys(folder: Path, passphrase: str = "") -> KeyedAccess:
    """The keys of a data folder. Blocks: a keychain may ask somebody to unlock it.

    Raises:
        KeysError: there are none, or they do not open; `PassphraseNeededError`: with the right passphrase they do.
    """
    from pos_app.keys.held import held_in  # noqa: PLC0415 - dear to import, and a demo has none
    from pos_app.keys.keystore import open_keystore  # noqa: PLC0415

    keystore = open_keystore(folder, passphrase=passphrase)
    return KeyedAccess(access_with(held_in(keystore)), keystore)


def access_with(held: "Held") -> GatewayAccess:
    """The way to the gateways with these keys."""
    from pos_app.keys.fingerprint import summary  # noqa: PLC0415 - dear to import

    old = _access_of(held.old) if held.old is not None else None
    return replace(_access_of(held.account), marks=summary(held), old=old, old_until_ms=held.old_until_ms)


def _access_of(account: Account) -> GatewayAccess:
    return GatewayAccess(
        account.environment, account.app_id, account.key1, account.key2, account.public_key, account.appotapay
    )


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
        Environment.BUILT_IN,
        app_id=int(about["app_id"]),
        key1=about["key1"],
        key2=about["key2"],
        public_key=about["public_key"],
        appotapay=appotapay,
        url=about["url"],
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
    if access.old is not None:
        before = _Opening(access.old, settings, clock, offset)
        gateways = _with_old(gateways, (*before.zalopay(), *before.appotapay()), access, offset)
    watched = (replace(way, gateway=watch(way.name, way.gateway)) for way in gateways)
    return Ways(*watched, *opening.own_vietqr())


def _with_old(
    new: tuple[Way, ...], old: tuple[Way, ...], access: GatewayAccess, offset: ClockOffset
) -> tuple[Way, ...]:
    """The ways with the new keys, each backed by the same way with the old ones."""
    from pos_app.gateways.rotating import WhileKeysChange  # noqa: PLC0415 - rarely

    def counts() -> bool:
        return access.old_counts(offset.corrected_ms())

    same = {(way.name, way.app_id): way.gateway for way in old}
    backed = ((way, same.get((way.name, way.app_id))) for way in new)
    return tuple(
        replace(way, gateway=WhileKeysChange(way.gateway, before, counts)) if before else way for way, before in backed
    )


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
        return names.in_environment(name, self._access.environment)

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
                keys.number,
                shows if api == chosen else frozenset(),
                amounts=client.amounts,
                active=api == chosen,
            )
            for api, name, client, shows in kinds
            if api != "pos"
            or self._access.environment is not Environment.LIVE  # no live host of the POS API is documented
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
        if self._access.demo:  # a transfer to the shop's would be real here too
            bank, account = _DEMO_BANK, _DEMO_ACCOUNT
        if not (bank and account) or self._access.environment is Environment.SANDBOX:  # a transfer there would be real
            return ()
        own = OwnVietQr(Receiver(bank, account))
        return (Way(self._name(names.OWN_VIETQR), own, 0, frozenset({PayMethod.OWN_VIETQR})),)

    def _built_in(self) -> "Site | None":
        from urllib.parse import urlsplit  # noqa: PLC0415 - with its neighbours

        from pos_app.gateways.trust import built_in  # noqa: PLC0415 - dear to import

        return built_in(urlsplit(self._access.url).port or 0, self._access.ca_pem) if self._access.demo else None

    def _site(self, *, v1: bool = False) -> "Site":
        from pos_app.gateways.trust import LIVE, LIVE_V1, SANDBOX, SANDBOX_V1  # noqa: PLC0415 - dear to import

        sites = {Environment.LIVE: (LIVE, LIVE_V1), Environment.SANDBOX: (SANDBOX, SANDBOX_V1)}
        return self._built_in() or sites[self._access.environment][v1]

    def _appotapay_site(self, api: str) -> "Site":
        from pos_app.gateways.trust import (  # noqa: PLC0415 - dear to import
            APPOTAPAY_LIVE,
            APPOTAPAY_POS_SANDBOX,
            APPOTAPAY_SANDBOX,
        )

        if self._access.environment is Environment.LIVE:
            return APPOTAPAY_LIVE
        return self._built_in() or (APPOTAPAY_POS_SANDBOX if api == "pos" else APPOTAPAY_SANDBOX)


class NoSandboxError(NoGatewayError):
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
