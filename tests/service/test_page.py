"""The customer's page in a real browser of a phone's size."""

import asyncio
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.service.page import PageFacts, PageState, page, page_about_nothing
from tests.sandbox.browser import DRIVER, Browser, browser
from tests.service.listening import Listening, listening
from tests.service.messages import ZALOPAY_BACK, valid

pytestmark = pytest.mark.skipif(DRIVER is None, reason="no chromedriver on this machine")

CAME = valid(random.Random(3), ZALOPAY_BACK)


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browser() as one:
        yield one


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Listening]:
    """A server on a thread of its own, as in the till."""
    loop, stop, ready = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
    running: list[Listening] = []

    async def serve() -> None:
        async with listening(tmp_path) as one:
            running.append(one)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(60)
    yield running[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


def shows(window: Browser) -> str:
    return str(window.run("return document.body.innerText"))


def is_whole(window: Browser) -> bool:
    """Nothing sticks out at the side or is cut there, and the style was let through by the policy."""
    found = window.run(
        "const room = document.querySelector('main').getBoundingClientRect().right - 20;"
        "const out = [...document.querySelectorAll('main *')].filter(one => one.children.length == 0"
        " && (one.getBoundingClientRect().right > room || one.scrollWidth > one.clientWidth + 1 && one.clientWidth));"
        "return [document.documentElement.scrollWidth, getComputedStyle(document.querySelector('main')).borderRadius,"
        " out.map(one => one.innerHTML)]"
    )
    return found == [390, "16px", []]


def test_each_state_as_a_phone_shows_it(window: Browser, till: Listening) -> None:
    address = f"http://127.0.0.1:{till.server.port}{CAME.address}"
    words = {
        PageState.PAID: "Đã thanh toán\nPaid", PageState.NOT_PAID: "Chưa thanh toán\nNot paid",
        PageState.NOT_KNOWN: "Chưa rõ kết quả\nNot known yet",
    }  # fmt: skip
    for state, word in words.items():
        till.book.facts = PageFacts(state, 999_999_999)
        window.open(f"{address}?{CAME.body.decode()}")
        assert word in shows(window)
        assert "999.999.999\u00a0₫" in shows(window)
        assert is_whole(window)
    till.book.facts = PageFacts(PageState.PAID, 69_000)
    window.run("document.querySelector('a').click()")
    assert "Đã thanh toán" in shows(window), "look again asks again"
    assert window.run("return document.querySelectorAll('a').length") == 0
    window.open(f"{address}?{CAME.body.decode()}0")
    assert "Hãy hỏi thu\u00a0ngân" in shows(window)
    assert is_whole(window)
    favicon = "/favicon.ico"
    assert [one for one in window.complaints() if favicon not in str(one) and "400" not in str(one)] == []  # type: ignore[attr-defined]


def test_what_is_put_in_stays_text() -> None:
    text = page("<img src=x>", PageFacts(PageState.PAID, 1), '<b>"Minh" & Anh</b>')
    assert "<img" not in text
    assert "<b>" not in text
    assert "&lt;b&gt;&quot;Minh&quot; &amp; Anh&lt;/b&gt;" in text


@pytest.mark.parametrize("state", list(PageState))
def test_only_what_is_not_known_can_be_looked_at_again(state: PageState) -> None:
    assert ("Xem lại" in page("1", PageFacts(state), "")) == (state is PageState.NOT_KNOWN)
    assert "Số tiền" not in page("1", PageFacts(state), "")
    assert "footer>" not in page("1", PageFacts(state), "") + page_about_nothing()
