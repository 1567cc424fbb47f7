"""A real headless browser, driven through chromedriver's own HTTP protocol."""

import base64
import contextlib
import http.client
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

DRIVER = shutil.which("chromedriver")
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """One session of a phone-sized window."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        options = {
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"],
            "mobileEmulation": {"deviceMetrics": {"width": 390, "height": 844, "pixelRatio": 2.0}},
        }
        wishes = {"alwaysMatch": {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}
        told = self._call("POST", "/session", {"capabilities": wishes})
        assert isinstance(told, dict)
        self._session = f"/session/{told['sessionId']}"

    def _call(self, method: str, path: str, body: object = None) -> object:
        sent = json.dumps(body) if body is not None else None
        self._connection.request(method, path, sent, {"Content-Type": "application/json"})
        told = json.loads(self._connection.getresponse().read())["value"]
        if isinstance(told, dict) and "error" in told:
            raise AssertionError(told["message"])
        return told

    def open(self, url: str) -> None:
        self._call("POST", f"{self._session}/url", {"url": url})

    def run(self, script: str) -> object:
        return self._call("POST", f"{self._session}/execute/sync", {"script": script, "args": []})

    def text(self, element: str) -> str:
        return str(self.run(f"return document.getElementById('{element}').innerText"))

    def press(self, element: str) -> None:
        """A click as a person does it: refused when something else covers the element."""
        found = self._call("POST", f"{self._session}/element", {"using": "css selector", "value": f"#{element}"})
        assert isinstance(found, dict)
        self._call("POST", f"{self._session}/element/{found[_ELEMENT]}/click", {})

    def picture(self, path: Path) -> Path:
        shot = self._call("GET", f"{self._session}/screenshot")
        path.write_bytes(base64.b64decode(str(shot)))
        return path

    def complaints(self) -> object:
        """What the browser's console holds: errors of scripts, blocked loads."""
        return self._call("POST", f"{self._session}/se/log", {"type": "browser"})

    def close(self) -> None:
        self._call("DELETE", self._session)
        self._connection.close()


def soon(holds: Callable[[], bool], *, within_s: float = 60) -> None:
    """Wait until something holds."""
    end = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A browser of its own, closed afterwards."""
    assert DRIVER
    with subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as driver:
        try:
            assert driver.stdout
            line = ""
            while "on port " not in line or "successfully" not in line:
                line = driver.stdout.readline().decode()
                assert line, "chromedriver did not start"
            window = Browser(int(line.rsplit("on port ", 1)[1].rstrip(".\n")))
            try:
                yield window
            finally:
                window.close()
        finally:
            driver.terminate()
