"""The server itself: its strict reader, many clients at once, what it answers to whom, start and stop."""

import contextlib
import gc
import json
import socket
import ssl
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from pos_app.sandbox.server import Sandbox
from tests.sandbox.shop import PAID, Shop, verdict


def exchange(address: str, sent: bytes) -> bytes:
    """Send bytes, end the sending side, and read all that comes."""
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port), timeout=60) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while more := line.recv(65_536):
            answer += more
        return answer


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


QUESTION = b"POST /v2/query HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"nonsense\r\n\r\n", 400), (b"GET / HTTP/1.0\r\n\r\n", 400), (b"GET  / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400), (b"GET / HTTP/1.1\r\nA: 1\r\na: 2\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400), (b"GET / HTTP/1.1\r\nA: \xff\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * 17_000 + b"\r\n\r\n", 431),
        (QUESTION + b"Content-Length: -1\r\n\r\n", 400), (QUESTION + b"Content-Length: 1x\r\n\r\n", 400),
        (QUESTION + b"Content-Length: 65537\r\n\r\n", 413), (QUESTION + b"Transfer-Encoding: gzip\r\n\r\n", 400),
        (QUESTION + b"Transfer-Encoding: chunked\r\n\r\nz\r\n", 400),
        (QUESTION + b"Transfer-Encoding: chunked\r\n\r\nfffff\r\n", 413),
        (QUESTION + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx", 400),
        (QUESTION + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 200),
        (b"GET /v2/query HTTP/1.1\r\nHost: x\r\n\r\n", 405), (b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    ],
)  # fmt: skip
def test_the_reader_is_strict(sandbox: Sandbox, sent: bytes, expected: int) -> None:
    assert status(exchange(sandbox.url, sent)) == expected


def test_the_answer_to_head_has_no_body(sandbox: Sandbox) -> None:
    """So that a client may learn the gateway's time, and the connection goes on in step."""
    asked = b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\nHEAD /v2/query HTTP/1.1\r\nHost: x\r\n\r\n"
    first, second, rest = exchange(sandbox.url, asked).split(b"\r\n\r\n")
    assert (status(first), status(second), rest) == (404, 405, b"")
    assert b"\r\nDate: " in first


def test_a_cut_request_changes_nothing_and_hurts_nobody(sandbox: Sandbox, shop: Shop) -> None:
    body = json.dumps(shop.payment()).encode()
    head = b"POST /v2/quick_pay HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    assert exchange(sandbox.url, head + b"Content-Length: %d\r\n\r\n" % len(body) + body[:-1]) == b""
    assert exchange(sandbox.url, head) == b""
    assert exchange(sandbox.url, b"") == b""
    assert sandbox.orders() == []
    assert verdict(shop.pay(shop.payment())) == PAID


def test_many_clients_at_once(sandbox: Sandbox) -> None:
    def buy(till: int) -> bool:
        with Shop(sandbox) as shop:
            ids = [f"{shop.new_id()[:6]}_{till}_{number}" for number in range(10)]
            return all(
                verdict(shop.pay(shop.payment(1_000, app_trans_id=app_trans_id))) == PAID for app_trans_id in ids
            )

    with ThreadPoolExecutor(8) as tills:
        assert all(tills.map(buy, range(8)))
    assert len({order["zp_trans_id"] for order in sandbox.orders()}) == 80
    assert sandbox.customer.balance == 200_000_000 - 80_000


def test_about_tells_all_that_a_client_needs() -> None:
    with Sandbox() as sandbox, Shop(sandbox) as shop:
        about = json.loads(shop.raw("GET", "/sandbox/about")[1])
        assert about == sandbox.credentials()
        assert about["ca_pem"].startswith("-----BEGIN CERTIFICATE-----")
        assert (about["url"], about["phone_url"]) == (sandbox.url, sandbox.phone_url)
        assert "PRIVATE" not in json.dumps(about)
    with Sandbox(tls=False) as plain:
        assert (plain.ca_pem, plain.url[:17]) == ("", "http://127.0.0.1:")


def test_other_web_pages_cannot_press_its_buttons(sandbox: Sandbox, shop: Shop) -> None:
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert shop.raw("GET", "/sandbox/about", **headers)[0] == 403
        request = urllib.request.Request(sandbox.phone_url + "/code", headers=headers)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        assert refused.value.code == 403
        refused.value.close()
    assert shop.raw("GET", "/sandbox/about", Origin=sandbox.url)[0] == 200


def test_the_api_answers_to_any_host_name(shop: Shop) -> None:
    status_code, body = shop.raw(
        "POST",
        "/v2/quick_pay",
        json.dumps(shop.payment()),
        Host="sb-openapi.zalopay.vn",
        Content_Type="application/json",
    )
    assert (status_code, json.loads(body)["return_code"]) == (200, 1)


def test_phones_on_the_network_see_the_wallet_and_nothing_else() -> None:
    with Sandbox(tls=False, lan=True) as sandbox:
        phone = urlsplit(sandbox.phone_url)
        assert len(phone.path) > len("/phone-")
        with urllib.request.urlopen(sandbox.phone_url + "/code") as answer:
            assert json.load(answer)["code"].startswith("28")
        base = f"http://{phone.hostname}:{phone.port}"
        asked = f"GET %s HTTP/1.1\r\nHost: {phone.netloc}\r\n\r\n"
        for path in ("/phone/code", "/sandbox/about", "/v2/query", "/"):
            assert status(exchange(base, (asked % path).encode())) == 404
        if phone.hostname != "127.0.0.1":
            with pytest.raises(OSError, match="refused"):
                socket.create_connection((phone.hostname, urlsplit(sandbox.url).port), timeout=3)


def test_a_chosen_port_is_taken_and_given_back() -> None:
    with Sandbox(tls=False) as first:
        port = urlsplit(first.url).port
        assert port
        with pytest.raises(OSError, match="in use"):
            Sandbox(port, tls=False).start()
    with Sandbox(port, tls=False) as second, Shop(second) as shop:
        assert verdict(shop.pay(shop.payment())) == PAID


def test_stop_cuts_open_connections_and_leaves_no_thread() -> None:
    sandbox = Sandbox().start()
    with Shop(sandbox, timeout_s=5) as shop:
        shop.pay(shop.payment())
        kind = {"Content-Type": "application/json"}
        shop.connection.request("POST", "/v2/quick_pay", json.dumps(shop.payment(10_601)), kind)
        sandbox.stop()
        with pytest.raises((ConnectionError, ssl.SSLError)):
            shop.connection.getresponse()
    sandbox.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "sandbox"]


def test_stop_waits_for_no_handshake() -> None:
    sandbox = Sandbox().start()
    where = urlsplit(sandbox.url)
    with socket.create_connection((where.hostname, where.port), timeout=60) as silent:
        time.sleep(0.1)
        sandbox.stop()
        with contextlib.suppress(ConnectionResetError):
            assert silent.recv(1) == b""
    gc.collect()


def test_a_seed_fixes_codes() -> None:
    assert Sandbox(tls=False, seed=1).customer.fresh_code() == Sandbox(tls=False, seed=1).customer.fresh_code()
    assert Sandbox(tls=False).customer.fresh_code() != Sandbox(tls=False).customer.fresh_code()
