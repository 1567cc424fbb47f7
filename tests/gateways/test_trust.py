"""Addresses, and what a failed connection means, from the errors that the system really raises."""

import errno
import os
import socket
import ssl

import pytest

from pos_app.clock import MachineClock
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import NotSentCause
from pos_app.gateways.trust import (
    LIVE,
    LIVE_V1,
    SANDBOX,
    SANDBOX_V1,
    Site,
    bank_site,
    built_in,
    cause_of,
    strict_tls,
)
from pos_app.payments.environment import Environment


def test_the_addresses() -> None:
    assert (LIVE.url, SANDBOX.url) == ("https://openapi.zalopay.vn", "https://sb-openapi.zalopay.vn")
    assert built_in(8443, "").url == "https://127.0.0.1:8443"
    assert Site(Environment.BUILT_IN, "::1", 8443).url == "https://[::1]:8443"
    assert (LIVE_V1.url, SANDBOX_V1.url) == ("https://zalopay.com.vn", "https://sandbox.zalopay.com.vn")
    assert bank_site(LIVE_V1).url == bank_site(LIVE).url == "https://gateway.zalopay.vn"
    assert bank_site(SANDBOX_V1).url == bank_site(SANDBOX).url == "https://sbgateway.zalopay.vn"


ZALOPAY = (LIVE, LIVE_V1, bank_site(LIVE), SANDBOX, SANDBOX_V1, bank_site(SANDBOX))


@pytest.mark.parametrize("site", ZALOPAY, ids=lambda site: site.host)
def test_an_address_is_allowed_in_its_own_environment_only(site: Site) -> None:
    assert site.allowed
    assert not Site(site.environment, site.host, 8443).allowed
    assert not Site(site.environment, site.host, ca_pem="a CA").allowed
    for other in set(Environment) - {site.environment}:
        assert not Site(other, site.host).allowed


@pytest.mark.parametrize("site", [LIVE, SANDBOX, built_in(1, "")])
def test_tls_is_strict_everywhere(site: Site) -> None:
    context = strict_tls(site)
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert bool(context.get_ca_certs()) == (site.environment is not Environment.BUILT_IN)


def raised(*errors: BaseException) -> BaseException:
    """The last error, come from the one before, and so on."""
    for error, origin in zip(errors[1:], errors, strict=False):
        error.__context__ = origin
    return errors[-1]


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), NotSentCause.NAME_NOT_FOUND),
        (socket.gaierror(socket.EAI_AGAIN, "x"), NotSentCause.NO_NETWORK),
        (OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH)), NotSentCause.NO_NETWORK),
        (OSError(errno.EHOSTUNREACH, "x"), NotSentCause.NO_NETWORK),
        (OSError(errno.ETIMEDOUT, "x"), NotSentCause.TIMEOUT),
        (OSError(errno.ECONNREFUSED, "x"), NotSentCause.REFUSED),
        (ssl.SSLError(1, "x"), NotSentCause.NOT_TRUSTED),
        (ExceptionGroup("all", [ConnectionRefusedError(), OSError(errno.ENETUNREACH, "x")]), NotSentCause.REFUSED),
        (RuntimeError("x"), NotSentCause.NO_NETWORK),
    ],
)  # fmt: skip
def test_causes(error: Exception, cause: NotSentCause) -> None:
    offset = ClockOffset(MachineClock())
    assert cause_of(error, offset) is cause
    assert cause_of(raised(error, OSError("All connection attempts failed"), ValueError()), offset) is cause


def test_a_circle_of_errors_ends() -> None:
    first, second = OSError(), OSError()
    first.__context__, second.__context__ = second, first
    assert cause_of(first, ClockOffset(MachineClock())) is NotSentCause.NO_NETWORK
