"""Whom we talk to and whom we believe: the fixed hosts, strict TLS, and what a failed connection means.

Answers of the gateway carry no MAC: they are as true as this connection.
"""

import errno
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

import certifi

from pos_app.gateways.clock_offset import ClockHealth, ClockOffset
from pos_app.payments.answer import NotSentCause
from pos_app.payments.environment import Environment

_NOT_YET_VALID, _EXPIRED = 9, 10
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED."""

_NO_NETWORK = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}


HOSTS = {
    Environment.LIVE: frozenset(
        {"openapi.zalopay.vn", "zalopay.com.vn", "gateway.zalopay.vn", "gateway.appotapay.com"}
    ),
    Environment.SANDBOX: frozenset(
        {
            "sb-openapi.zalopay.vn",
            "sandbox.zalopay.com.vn",
            "sbgateway.zalopay.vn",
            "gateway.dev.appotapay.com",
            "pos-gw.dev.appotapay.com",
        }
    ),
    Environment.BUILT_IN: frozenset({"127.0.0.1", "localhost", "::1"}),
}
_HTTPS_PORT = 443


@dataclass(frozen=True, slots=True)
class Site:
    """Where a gateway answers.

    Attributes:
        environment: which gateway it is.
        host: its name.
        port: 443, but for the built-in gateway.
        ca_pem: the built-in gateway's own CA; the others are believed by public CAs only.
    """

    environment: Environment
    host: str
    port: int = _HTTPS_PORT
    ca_pem: str = ""

    @property
    def allowed(self) -> bool:
        """Whether it is one of the addresses that this program may talk to."""
        if self.host not in HOSTS[self.environment]:
            return False
        return self.environment is Environment.BUILT_IN or (self.port == _HTTPS_PORT and not self.ca_pem)

    @property
    def url(self) -> str:
        """`https://host`, with the port where it is not 443, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"https://{host}" if self.port == _HTTPS_PORT else f"https://{host}:{self.port}"


LIVE = Site(Environment.LIVE, "openapi.zalopay.vn")
SANDBOX = Site(Environment.SANDBOX, "sb-openapi.zalopay.vn")
"""ZaloPay's API v2."""
LIVE_V1 = Site(Environment.LIVE, "zalopay.com.vn")
SANDBOX_V1 = Site(Environment.SANDBOX, "sandbox.zalopay.com.vn")
"""ZaloPay's API v1."""
_BANKS = {
    Environment.LIVE: Site(Environment.LIVE, "gateway.zalopay.vn"),
    Environment.SANDBOX: Site(Environment.SANDBOX, "sbgateway.zalopay.vn"),
}
APPOTAPAY_LIVE = Site(Environment.LIVE, "gateway.appotapay.com")
APPOTAPAY_SANDBOX = Site(Environment.SANDBOX, "gateway.dev.appotapay.com")
APPOTAPAY_POS_SANDBOX = Site(Environment.SANDBOX, "pos-gw.dev.appotapay.com")
"""Of the POS API no live host is documented."""


def built_in(port: int, ca_pem: str) -> Site:
    """The built-in gateway on this machine, believed by its own CA and no other."""
    return Site(Environment.BUILT_IN, "127.0.0.1", port, ca_pem)


def bank_site(site: Site) -> Site:
    """Where the list of banks of the same environment is; the built-in gateway has it itself."""
    return _BANKS.get(site.environment, site)


def strict_tls(site: Site) -> ssl.SSLContext:
    """TLS 1.2 or newer, certificate and host name checked; nothing can be switched off.

    The public gateways are believed by the system's CAs and the bundled ones, so that neither a bare system nor an
    old program stops the shop.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = True
    context.hostname_checks_common_name = False  # a name counts where certificates say what they are for, nowhere else
    context.verify_mode = ssl.CERT_REQUIRED
    if site.environment is Environment.BUILT_IN:
        if site.ca_pem:
            context.load_verify_locations(cadata=site.ca_pem)
        return context
    context.load_default_certs()
    context.load_verify_locations(cafile=certifi.where())
    return context


def cause_of(error: BaseException, offset: ClockOffset) -> NotSentCause:
    """Why no connection came to stand, from what was raised and everything behind it."""
    chain = list(_behind(error))
    for link in chain:
        if isinstance(link, ssl.SSLCertVerificationError):
            return _cause_of_certificate(link, offset)
    found = (_cause_of_link(link) for link in chain)
    return next((cause for cause in found if cause is not None), NotSentCause.NO_NETWORK)


def _cause_of_link(link: BaseException) -> NotSentCause | None:
    number = link.errno if isinstance(link, OSError) else None
    rows = (
        # "try again" is what a name look-up says when there is no network at all
        (isinstance(link, socket.gaierror) and number != socket.EAI_AGAIN, NotSentCause.NAME_NOT_FOUND),
        (isinstance(link, ssl.SSLError), NotSentCause.NOT_TRUSTED),
        (isinstance(link, ConnectionRefusedError), NotSentCause.REFUSED),
        (isinstance(link, TimeoutError), NotSentCause.TIMEOUT),
        (isinstance(link, socket.gaierror) or number in _NO_NETWORK, NotSentCause.NO_NETWORK),
    )
    return next((cause for fits, cause in rows if fits), None)


def _cause_of_certificate(error: ssl.SSLCertVerificationError, offset: ClockOffset) -> NotSentCause:
    """A certificate "not yet valid" nearly always means a slow clock; "expired" only when we know that ours is off."""
    clock_is_right = offset.fresh and offset.health() is ClockHealth.OK
    if error.verify_code == _NOT_YET_VALID and not clock_is_right:
        return NotSentCause.CLOCK
    known_off = offset.health() not in {ClockHealth.UNMEASURED, ClockHealth.OK}
    if error.verify_code == _EXPIRED and (known_off or offset.jumped):
        return NotSentCause.CLOCK
    return NotSentCause.NOT_TRUSTED


def _behind(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it came from, groups included; each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        link = waiting.pop(0)
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        waiting += [other for other in (link.__cause__, link.__context__) if other is not None]
        if isinstance(link, BaseExceptionGroup):
            waiting += link.exceptions
