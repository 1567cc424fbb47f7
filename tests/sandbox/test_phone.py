"""The phone's page in a real browser, its pictures read by a real barcode reader."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from pos_app.sandbox.server import Sandbox
from tests.sandbox.browser import DRIVER, Browser, browser, soon
from tests.sandbox.shop import PAID, PROCESSING, Shop, failed, verdict

needs_browser = pytest.mark.skipif(DRIVER is None, reason="no chromedriver on this machine")


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browser() as one:
        yield one


@pytest.fixture
def real_time() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def press(address: str, body: object) -> dict[str, object]:
    request = urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        told: dict[str, object] = json.load(answer)
        return told


def test_code_is_json_for_programs(sandbox: Sandbox, shop: Shop) -> None:
    with urllib.request.urlopen(sandbox.phone_url + "/code") as answer:
        told = json.load(answer)
    assert told == {"code": told["code"], "expires_at_ms": shop.clock.wall_ms() + 60_000}
    assert verdict(shop.pay(shop.payment(code=told["code"]))) == PAID


def test_confirm_and_decline_by_call(sandbox: Sandbox, shop: Shop) -> None:
    first, second, third = (shop.payment(10_002) for _ in range(3))
    for payment in (first, second, third):
        shop.pay(payment)
    press(sandbox.phone_url + "/confirm", {"app_trans_id": second["app_trans_id"]})
    press(sandbox.phone_url + "/decline", {})  # the oldest
    told = press(sandbox.phone_url + "/confirm", {})
    assert told["waiting"] == []
    states = [verdict(shop.ask(payment["app_trans_id"])) for payment in (first, second, third)]
    assert states == [failed(-329), PAID, PAID]
    with pytest.raises(urllib.error.HTTPError) as nothing:
        press(sandbox.phone_url + "/confirm", {"app_trans_id": first["app_trans_id"]})
    assert nothing.value.code == 404
    nothing.value.close()


@needs_browser
def test_the_page_shows_one_code_as_qr_and_barcode(window: Browser, real_time: Sandbox, tmp_path: Path) -> None:
    window.open("about:blank")
    window.complaints()  # of earlier pages
    window.open(real_time.phone_url)
    soon(lambda: window.text("digits").strip() != "")
    shown = window.text("digits").replace(" ", "")
    with Image.open(window.picture(tmp_path / "phone.png")) as picture:
        read = {str(found.format): found.text for found in zxingcpp.read_barcodes(picture)}
    assert set(read.values()) == {shown}
    assert len(read) == 2, "QR and Code 128"
    with Shop(real_time) as shop:
        assert verdict(shop.pay(shop.payment(code=shown))) == PAID
    soon(lambda: window.text("digits").replace(" ", "") not in {"", shown})  # a used code is renewed
    soon(lambda: window.text("balance") == "199.931.000\u00a0₫")
    assert "Đã thanh toán" in window.text("notice")
    assert window.run("return document.documentElement.scrollWidth <= innerWidth") is True
    assert window.complaints() == []


@needs_browser
@pytest.mark.parametrize(("button", "expected"), [("confirm", PAID), ("decline", failed(-329))])
def test_a_tap_decides(window: Browser, real_time: Sandbox, button: str, expected: object) -> None:
    window.open(real_time.phone_url)
    soon(lambda: window.text("digits").strip() != "")
    window.press("asks-first")
    soon(lambda: real_time.customer.asks_first)
    with Shop(real_time) as shop:
        payment = shop.payment(125_000, description="Bánh mì <b>đặc biệt</b>")
        assert verdict(shop.pay(payment)) == PROCESSING
        soon(lambda: window.text("amount") == "125.000\u00a0₫")
        assert window.text("about") == "Bánh mì <b>đặc biệt</b>"
        assert window.text("order") == payment["app_trans_id"]
        window.press(button)
        soon(lambda: verdict(shop.ask(payment["app_trans_id"])) == expected)
    soon(lambda: window.run("return document.getElementById('veil').hidden") is True)
    assert window.text("history").startswith("Bánh mì <b>đặc biệt</b>")


@needs_browser
def test_money_that_comes_back_is_shown(window: Browser, real_time: Sandbox) -> None:
    window.open(real_time.phone_url)
    soon(lambda: window.text("digits").strip() != "")
    with Shop(real_time) as shop:
        paid = shop.pay(shop.payment(50_000))
        soon(lambda: window.text("balance") == "199.950.000\u00a0₫")
        shop.refund(shop.refund_of(paid, 20_000, refund_fee_amount=1_000, description="Trả <i>áo</i>"))
    soon(lambda: window.text("balance") == "199.969.000\u00a0₫")
    assert "Đã hoàn tiền · 19.000" in window.text("notice")
    first, *_ = window.text("history").split("\u00a0₫")
    assert first.startswith("Trả <i>áo</i>")
    assert first.endswith("+19.000")


def typed(window: Browser, text: str) -> None:
    """Paste a text where the order's link belongs, and open it."""
    window.run(f"document.getElementById('shown').value = {json.dumps(text)}")
    window.press("open-order")


@needs_browser
def test_an_order_that_is_shown_is_opened_and_paid(window: Browser, real_time: Sandbox) -> None:
    window.open(real_time.phone_url)
    soon(lambda: window.text("digits").strip() != "")
    with Shop(real_time) as shop:
        asked = shop.order(88_000, description="Hai tô <b>phở</b>")
        answer = shop.create(asked)
        typed(window, "https://shop.example/menu")
        soon(lambda: "Không có đơn nào" in window.text("notice"))
        assert window.run("return document.getElementById('veil').hidden") is True
        for shown, button in (("qr_code", "decline"), ("order_url", "confirm")):
            typed(window, str(answer[shown]))
            soon(lambda: window.text("amount") == "88.000\u00a0₫")
            assert window.text("about") == "Hai tô <b>phở</b>"
            assert verdict(shop.ask(asked["app_trans_id"])) == PROCESSING
            window.press(button)
            soon(lambda: window.run("return document.getElementById('veil').hidden") is True)
        soon(lambda: verdict(shop.ask(asked["app_trans_id"])) == PAID)
    soon(lambda: window.text("balance") == "199.912.000\u00a0₫")
    assert window.text("history").startswith("Hai tô <b>phở</b>")
    assert window.run("return document.documentElement.scrollWidth <= innerWidth") is True


@needs_browser
def test_both_languages_are_complete(window: Browser, real_time: Sandbox) -> None:
    window.open(real_time.phone_url)
    soon(lambda: window.text("digits").strip() != "")
    window.press("vi")
    assert window.run("return Object.keys(TEXTS.vi).sort().join() === Object.keys(TEXTS.en).sort().join()") is True
    assert window.run("return document.title") == "Ví mẫu"
    assert "Mã thanh toán" in str(window.run("return document.body.innerText"))
    window.press("en")
    assert window.run("return document.title + document.documentElement.lang") == "Demo walleten"
    page = str(window.run("return document.body.innerText"))
    assert "Payment code" in page
    assert not {"Mã", "Ví", "Số"} & set(page.split())
    window.open(real_time.phone_url)
    assert window.run("return document.title") == "Demo wallet"  # remembered
    window.press("vi")


@needs_browser
def test_the_page_loads_nothing_from_elsewhere(window: Browser, real_time: Sandbox) -> None:
    window.open(real_time.phone_url)
    soon(lambda: window.text("digits").strip() != "")
    names = window.run("return performance.getEntriesByType('resource').map(entry => entry.name)")
    assert isinstance(names, list)
    assert names
    assert all(str(name).startswith((real_time.phone_url, "data:")) for name in names)


@needs_browser
def test_the_page_says_when_the_gateway_is_gone(window: Browser) -> None:
    with Sandbox(tls=False) as sandbox:
        window.open(sandbox.phone_url)
        soon(lambda: window.text("digits").strip() != "")
    soon(lambda: "Mất kết nối" in window.text("notice"))
