"""Callbacks as a shop's own server gets them: a real server on loopback, signatures checked by the documented rule."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pos_app.sandbox.server import Sandbox
from tests.sandbox.browser import soon
from tests.sandbox.shop import PAID, PROCESSING, FixedClock, Members, Shop, sign, verdict


class ShopServer:
    """Keeps what was posted to it; answers with `answers` in turn, then accepts."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, Members]] = []
        self.answers: list[bytes] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.posted.append((self.path, json.loads(body)))
                answer = outer.answers.pop(0) if outer.answers else b'{"return_code":1,"return_message":"ok"}'
                self.send_response(500 if answer == b"500" else 200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_request(self, code: object = "-", size: object = "-") -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/callback?till=01"

    def told(self) -> list[Members]:
        """The data of each callback whose signature is right."""
        return [json.loads(str(body["data"])) for _, body in list(self.posted) if is_right(body)]


def is_right(body: Members) -> bool:
    return body["mac"] == sign("kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz", body["data"])


@pytest.fixture
def own() -> Iterator[ShopServer]:
    running = ShopServer()
    thread = threading.Thread(target=running.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield running
    running.server.shutdown()
    thread.join()
    running.server.server_close()


def callbacks(sandbox: Sandbox) -> list[object]:
    """What the gateway heard, of the newest order."""
    told = sandbox.orders()[-1]["callbacks"]
    assert isinstance(told, list)
    return [one["return_code"] for one in told]


def stays(own: ShopServer, count: int) -> None:
    """No more than `count` callbacks come, looked at for longer than the gateway's own pace."""
    soon(lambda: len(own.posted) >= count)
    time.sleep(0.25)
    assert len(own.posted) == count


def test_a_paid_order_is_told_to_the_shop(shop: Shop, own: ShopServer) -> None:
    items = '[{"itemname":"Cà phê"}]'
    asked = shop.order(69_000, callback_url=own.url, item=items, embed_data='{"columninfo":"{}"}')
    shop.create(asked)
    stays(own, 0)
    shop.sandbox.pay_order(str(asked["app_trans_id"]))
    soon(lambda: callbacks(shop.sandbox) == [1])
    ((path, body),) = own.posted
    assert path == "/callback?till=01"
    assert (set(body), body["type"]) == ({"data", "mac", "type"}, 1)
    (told,) = own.told()
    assert told == {
        "app_id": 2553, "app_trans_id": asked["app_trans_id"], "app_time": asked["app_time"], "app_user": "quay-01",
        "amount": 69_000, "embed_data": '{"columninfo":"{}"}', "item": items,
        "zp_trans_id": shop.ask(asked["app_trans_id"])["zp_trans_id"], "server_time": shop.clock.wall_ms(),
        "channel": 38, "merchant_user_id": "quay-01", "zp_user_id": "demo", "user_fee_amount": 0, "discount_amount": 0,
    }  # fmt: skip
    stays(own, 1)


def test_a_charged_payment_is_told_too(shop: Shop, own: ShopServer) -> None:
    payment = shop.payment(50_000, callback_url=own.url)
    shop.pay(payment)
    soon(lambda: [one["app_trans_id"] for one in own.told()] == [payment["app_trans_id"]])
    shop.pay(shop.payment(10_290, callback_url=own.url))  # declined
    stays(own, 1)


@pytest.mark.parametrize(
    ("answer", "heard", "again"),
    [
        (b'{"return_code":0}', 0, True), (b"500", None, True), (b"nonsense", None, True), (b"[1]", None, True),
        (b'{"return_code":"1"}', None, True), (b"[" * 9_000, None, True), (b"x" * 20_000, None, True),
        (b'{"return_code":1}' + b" " * 20_000, None, True),
        (b'{"return_code":1}', 1, False), (b'{"return_code":2}', 2, False), (b'{"return_code":-1}', -1, False),
    ],
)  # fmt: skip
def test_it_comes_again_when_the_shop_asks_so_or_says_nothing(
    shop: Shop, own: ShopServer, clock: FixedClock, answer: bytes, heard: int | None, again: bool
) -> None:
    own.answers = [answer]
    shop.create(shop.order(13_001, callback_url=own.url))
    soon(lambda: callbacks(shop.sandbox) == [heard])
    clock.now_ms += 9_999
    stays(own, 1)
    clock.now_ms += 1
    if again:
        soon(lambda: callbacks(shop.sandbox) == [heard, 1])
        assert own.posted[0] == own.posted[1]
    else:
        stays(own, 1)


def test_it_comes_again_three_times_at_most(shop: Shop, own: ShopServer, clock: FixedClock) -> None:
    own.answers = [b'{"return_code":0}'] * 9
    shop.create(shop.order(13_001, callback_url=own.url))
    for count in (1, 2, 3, 4):
        soon(lambda count=count: len(callbacks(shop.sandbox)) == count)  # type: ignore[misc]
        clock.now_ms += 10_000
    stays(own, 4)


def test_a_shop_that_is_not_there_is_called_again(shop: Shop, clock: FixedClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    asked = shop.order(13_001, callback_url=f"http://127.0.0.1:{port}/")
    shop.create(asked)
    soon(lambda: callbacks(shop.sandbox) == [None])
    clock.now_ms += 10_000
    soon(lambda: callbacks(shop.sandbox) == [None, None])
    assert verdict(shop.ask(asked["app_trans_id"])) == PAID


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1:{port}/", "http://192.0.2.1:{port}/", "http://gateway.invalid/", "http://a@127.0.0.1:{port}/",
            "http://0.0.0.0:{port}/", "http://127.0.0.1:{port}/a b", "http://2130706433:{port}/"],
)  # fmt: skip
def test_it_goes_to_this_machine_only_and_plainly(shop: Shop, own: ShopServer, url: str) -> None:
    address = url.replace("{port}", str(own.server.server_port))
    asked = shop.order(13_001, callback_url=address)
    assert shop.create(asked)["return_code"] == 1
    stays(own, 0)
    assert callbacks(shop.sandbox) == []
    assert verdict(shop.ask(asked["app_trans_id"])) == PAID


def test_localhost_is_this_machine(shop: Shop, own: ShopServer) -> None:
    shop.create(shop.order(13_001, callback_url=f"http://localhost:{own.server.server_port}"))
    soon(lambda: [path for path, _ in own.posted] == ["/"])


def test_lost_doubled_and_late(shop: Shop, own: ShopServer, clock: FixedClock) -> None:
    shop.create(shop.order(13_901, callback_url=own.url))
    stays(own, 0)
    shop.create(shop.order(13_902, callback_url=own.url))
    soon(lambda: len(own.posted) == 1)
    clock.now_ms += 1_000
    soon(lambda: callbacks(shop.sandbox) == [1, 1])
    assert own.posted[0] == own.posted[1]
    shop.create(shop.order(13_903, callback_url=own.url))
    clock.now_ms += 9_999
    stays(own, 2)
    clock.now_ms += 1
    soon(lambda: [one["amount"] for one in own.told()] == [13_902, 13_902, 13_903])


def test_forged_and_untrue(shop: Shop, own: ShopServer) -> None:
    forged = shop.order(13_904, callback_url=own.url)
    shop.create(forged)
    soon(lambda: len(own.posted) == 1)
    assert own.told() == []
    assert verdict(shop.ask(forged["app_trans_id"])) == PROCESSING
    shop.sandbox.pay_order(str(forged["app_trans_id"]))
    soon(lambda: [one["amount"] for one in own.told()] == [13_904])
    wrong = shop.order(13_905, callback_url=own.url)
    shop.create(wrong)
    soon(lambda: len(own.posted) == 3)
    assert len(own.told()) == 1
    assert verdict(shop.ask(wrong["app_trans_id"])) == PAID
    other = shop.order(13_906, callback_url=own.url)
    shop.create(other)
    soon(lambda: [one["amount"] for one in own.told()] == [13_904, 14_906])
    assert shop.ask(other["app_trans_id"])["amount"] == 13_906


def test_paid_late_and_paid_too_little_are_told(shop: Shop, own: ShopServer, clock: FixedClock) -> None:
    shop.create(shop.order(13_006, callback_url=own.url))
    shop.create(shop.order(13_011, callback_url=own.url))
    clock.now_ms += 5_000
    soon(lambda: [one["amount"] for one in own.told()] == [8_011])
    clock.now_ms += 5_000
    soon(lambda: [one["amount"] for one in own.told()] == [8_011, 13_006])


def test_stop_waits_for_no_shop() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        sandbox = Sandbox(tls=False).start()
        with Shop(sandbox) as shop:
            shop.create(shop.order(13_001, callback_url=f"http://127.0.0.1:{silent.getsockname()[1]}/"))
        line, _ = silent.accept()
        with line:
            sandbox.stop()  # it would wait for ever: the shop says nothing
    assert not [thread for thread in threading.enumerate() if thread.name == "sandbox"]
