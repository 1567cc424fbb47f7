"""B (F12–F18): no connection that can be believed. Nothing leaves, "not sent" is said, a retry is free.

With it T18: every server that must not be trusted gets 0 bytes of any request, and would have got some from a client
that does not look.
"""

import asyncio
import json
import os
import socket
import ssl
import subprocess
import sys
import warnings
from contextlib import suppress
from pathlib import Path

import pytest

from pos_app.checkout.views import Health, Light, PaymentView, Stage
from pos_app.clock import MachineClock
from pos_app.gateways import trust
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import NotSentError
from pos_app.gateways.transport import Limits, Transport
from pos_app.gateways.trust import Site
from pos_app.payments.environment import Environment
from tests.end_to_end.conftest import QUICK, set_limits
from tests.fault_matrix.bad_tls import CERTIFICATES, PLAIN, BadTls, RawServer, not_yet_valid, unknown_ca
from tests.fault_matrix.gateway import AMOUNT, MakeGateway, ScriptedGateway, paid
from tests.fault_matrix.world import Cable, FaultCounter, on_disk, quiet, the_one, till_at
from tests.gateways.tls_server import Authority, Peer, serve

NOT_TRUSTED = "Kết nối không tin cậy"


def not_sent(till: FaultCounter, folder: Path, cause: str, words: str) -> PaymentView:
    """M5 or M13: nothing left, provably; on the disk as such; the light says why; the cashier may go on at once."""
    till.scan(AMOUNT)
    view = till.until_stage(Stage.NOT_SENT, Stage.UNKNOWN, Stage.PAID, Stage.DECLINED)
    assert (view.stage, view.cause.vi) == (Stage.NOT_SENT, words)
    assert view.sent_at_ms is None
    kept = on_disk(folder)[-1]
    assert (kept.state, kept.settled) == ("not_sent", ("not_sent",))
    assert [(one["source"], one["cause"]) for one in kept.evidence] == [("not_sent", cause)]
    light = till.light(Light.GATEWAY)
    assert (light.health, light.cause.vi, light.remedy.vi) == (Health.BAD, words, view.advice.vi)
    return view


def and_later_it_works(gateway: ScriptedGateway, folder: Path, first: PaymentView) -> None:
    """After a restart it is still "not sent", nobody is asked about it, and a retry of the sale is charged once."""
    with till_at(gateway, folder) as till:
        assert till.open_ids() == []
        assert gateway.asked == 0
        till.scan(AMOUNT, retry_of=first.payment_id)
        assert till.until_stage(Stage.PAID).attempt == 2
        assert [one.state for one in on_disk(folder)] == ["not_sent", "paid"]
        assert len(gateway.creates) == 1


def test_f12_cable_out(scripted: MakeGateway, tmp_path: Path) -> None:
    with scripted(paid(), paid()) as gateway:
        with Cable(gateway.server.port) as cable, till_at(gateway, tmp_path, url=cable.url) as till:
            cable.cut()
            quiet(0.05)
            first = not_sent(till, tmp_path, "refused", "ZaloPay không nhận kết nối")
            assert first.advice.vi == "Kiểm tra mạng, rồi quét lại."
            assert gateway.creates == []
        and_later_it_works(gateway, tmp_path, first)


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or subprocess.run(["unshare", "-n", "true"], check=False).returncode != 0,
    reason="a machine without a network needs Linux and its namespaces",
)
def test_f12_no_network_at_all(scripted: MakeGateway, tmp_path: Path) -> None:
    """A process whose machine has no network up, not even its own loopback: the system says "unreachable"."""
    with scripted(paid(), paid()) as gateway:
        access = gateway.credentials()
        done = subprocess.run(
            ["unshare", "-n", sys.executable, "-m", "tests.fault_matrix.no_network_till", str(tmp_path / "data")],
            input=json.dumps({"access": access, "code": gateway.customer.fresh_code()}),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )
        last = json.loads(done.stdout.splitlines()[-1])
        assert last == {"stage": "not_sent", "cause": "Mất mạng", "advice": "Kiểm tra mạng, rồi quét lại."}
        kept = the_one(tmp_path / "data")
        assert (kept.state, kept.evidence[0]["cause"]) == ("not_sent", "no_network")
        assert gateway.server.received == b""


def test_f13_the_name_is_not_found(
    scripted: MakeGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authority: Authority
) -> None:
    def no_such_name(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with scripted(paid(), paid()) as gateway:
        with monkeypatch.context() as patch:
            patch.setitem(trust.HOSTS, Environment.BUILT_IN, frozenset({"gateway.test"}))
            patch.setattr(trust, "built_in", lambda port, pem: Site(Environment.BUILT_IN, "gateway.test", port, pem))
            patch.setattr(socket, "getaddrinfo", no_such_name)
            with till_at(gateway, tmp_path) as till:
                first = not_sent(till, tmp_path, "name_not_found", "Không tìm thấy ZaloPay")
            assert gateway.server.received == b""
        and_later_it_works(gateway, tmp_path, first)


def test_f13_a_lying_name_server(
    scripted: MakeGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authority: Authority
) -> None:
    """It sends us to somebody else's machine, who answers plain HTTP too: neither gets a byte."""
    real = socket.getaddrinfo

    def liar(_: object, *rest: object, **more: object) -> object:
        return real("127.0.0.1", *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setitem(trust.HOSTS, Environment.BUILT_IN, frozenset({"gateway.test"}))
    monkeypatch.setattr(trust, "built_in", lambda port, pem: Site(Environment.BUILT_IN, "gateway.test", port, pem))
    with scripted(paid(), paid(), tls=unknown_ca(tmp_path, authority)) as elsewhere:
        monkeypatch.setattr(socket, "getaddrinfo", liar)
        with till_at(elsewhere, tmp_path / "data") as till:
            not_sent(till, tmp_path / "data", "not_trusted", NOT_TRUSTED)
        assert elsewhere.server.received == b""


@pytest.mark.parametrize("speaks", sorted(PLAIN))
def test_f14_captive_portal_that_speaks_no_tls(scripted: MakeGateway, tmp_path: Path, speaks: str) -> None:
    with scripted(paid(), paid()) as gateway:
        with RawServer(PLAIN[speaks]) as portal, till_at(gateway, tmp_path, url=portal.url) as till:
            till.scan(AMOUNT)
            first = till.until_stage(Stage.NOT_SENT, Stage.UNKNOWN, Stage.PAID, Stage.DECLINED)
            assert first.stage is Stage.NOT_SENT
            if portal.reply.startswith(b"HTTP"):
                assert first.cause.vi == NOT_TRUSTED
                assert first.advice.vi == "Kiểm tra xem mạng có cần đăng nhập không."
            assert (the_one(tmp_path).state, the_one(tmp_path).of("create")) == ("not_sent", [])
            _no_request_in(bytes(portal.received), gateway)
            assert portal.connections
        and_later_it_works(gateway, tmp_path, first)


def _no_request_in(received: bytes, gateway: ScriptedGateway) -> None:
    secrets = [gateway.key1, *gateway.customer.codes, "POST", "HEAD", "payment_code", "app_trans_id", "/v2/"]
    assert not [one for one in secrets if one.encode() in received]


def test_f14_captive_portal_with_a_certificate_of_its_own(
    scripted: MakeGateway, tmp_path: Path, authority: Authority
) -> None:
    with scripted(paid(), paid(), tls=unknown_ca(tmp_path, authority)) as portal, till_at(portal, tmp_path) as till:
        view = not_sent(till, tmp_path, "not_trusted", NOT_TRUSTED)
        assert view.advice.vi == "Kiểm tra xem mạng có cần đăng nhập không."
        assert portal.server.received == b""


@pytest.mark.parametrize("bad", CERTIFICATES, ids=lambda bad: bad.__name__)
def test_f15_f16_a_certificate_that_must_not_be_believed(
    scripted: MakeGateway, tmp_path: Path, authority: Authority, bad: BadTls
) -> None:
    """Through the whole till: also the connection opened ahead says nothing to such a server."""
    with scripted(paid(), paid(), tls=bad(tmp_path, authority)) as gateway, till_at(gateway, tmp_path) as till:
        if bad is not_yet_valid:
            first = not_sent(till, tmp_path, "clock", "Giờ máy sai")
        else:
            first = not_sent(till, tmp_path, "not_trusted", NOT_TRUSTED)
        till.till.ask_now(first.payment_id)
        quiet(0.05)
        assert gateway.server.received == b""
    with scripted(paid(), paid()) as good:
        and_later_it_works(good, tmp_path, first)


def test_f17_refused(scripted: MakeGateway, tmp_path: Path) -> None:
    with socket.socket() as taken, scripted(paid(), paid()) as gateway:
        taken.bind(("127.0.0.1", 0))
        nobody = f"https://127.0.0.1:{taken.getsockname()[1]}"
        with till_at(gateway, tmp_path, url=nobody) as till:
            first = not_sent(till, tmp_path, "refused", "ZaloPay không nhận kết nối")
        and_later_it_works(gateway, tmp_path, first)


def test_f17_never_taken_up(scripted: MakeGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_limits(monkeypatch, Limits(connect_ms=400))
    with socket.socket() as full, socket.socket() as first_in, socket.socket() as second, scripted(paid()) as gateway:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for filler in (first_in, second):
            filler.setblocking(False)
            with suppress(BlockingIOError):
                filler.connect(full.getsockname())
        with till_at(gateway, tmp_path, url=f"https://127.0.0.1:{full.getsockname()[1]}") as till:
            not_sent(till, tmp_path, "timeout", "Mạng quá chậm")
        assert gateway.creates == []


def test_f17_nothing_is_tried_again_by_itself(scripted: MakeGateway, tmp_path: Path) -> None:
    with scripted(paid()) as gateway, RawServer(b"") as deaf, till_at(gateway, tmp_path, url=deaf.url) as till:
        till.scan(AMOUNT)
        assert till.until_stage(Stage.NOT_SENT, Stage.UNKNOWN).stage is Stage.NOT_SENT
        before = deaf.connections
        quiet(1.3)  # longer than the first question of a live payment would wait
        assert deaf.connections == before
        assert len(on_disk(tmp_path)) == 1


def test_f18_the_clock_makes_the_certificate_invalid(
    scripted: MakeGateway, tmp_path: Path, authority: Authority
) -> None:
    """A clock that stands in the past: the good certificate is "not yet valid". Said as what it is, and not ignored."""
    bad = not_yet_valid(tmp_path, authority)
    with scripted(paid(), paid(), tls=bad) as gateway, till_at(gateway, tmp_path) as till:
        first = not_sent(till, tmp_path, "clock", "Giờ máy sai")
        assert first.advice.vi == "Chỉnh giờ máy cho đúng, rồi thử lại."
        assert gateway.server.received == b""
    with scripted(paid(), paid()) as good:  # the clock is right again
        and_later_it_works(good, tmp_path, first)


# --- T18, at each of our calls and by both names ---------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("bad", CERTIFICATES, ids=lambda bad: bad.__name__)
def test_f15_no_call_of_ours_says_a_byte(bad: BadTls, host: str, authority: Authority, tmp_path: Path) -> None:
    async def run() -> None:
        async with serve(bad(tmp_path, authority), good_manners) as server:
            clock = MachineClock()
            site = Site(Environment.BUILT_IN, host, server.port, authority.pem)
            transport = Transport(site, clock=clock, offset=ClockOffset(clock), limits=QUICK)
            await transport.open_ahead()
            for call in (transport.charge("/v2/quick_pay", b"x", never), transport.ask("/v2/query", b"x")):
                with pytest.raises(NotSentError):
                    await call
            await transport.close()
            assert server.received == b""
            assert await careless_client(server.port), "the control: who does not look does send"
            assert server.received

    asyncio.run(run())


async def good_manners(peer: Peer) -> None:
    await peer.answer(b"{}")


async def never() -> None:
    raise AssertionError("the connection must not come to stand")


async def careless_client(port: int) -> bool:
    """A client as ours, but with every check off."""
    careless = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    careless.check_hostname = False
    careless.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        careless.minimum_version = ssl.TLSVersion.TLSv1
    careless.set_ciphers("DEFAULT:@SECLEVEL=0")
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=careless)
    writer.write(b"HEAD / HTTP/1.1\r\n\r\n")
    answered = (await reader.readline()).startswith(b"HTTP/1.1 200")
    writer.transport.abort()
    return answered
