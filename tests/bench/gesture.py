"""The whole gesture, frame to painted result, in the real window over the real till: what the journal's own stamps say.

A camera's pictures with a code in view, decoded on a thread of their own; the journal on a disk, with its syncs; the
built-in gateway in another process, over TLS. Beside it, in the same run, what no till can do without: decoding such a
picture, two bare commits, the encryption of the code, and one request on a connection that stands. And the resident
memory of the program as the day goes on.
"""

import gc
import json
import os
import queue
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import ProxyHandler, build_opener

import httpx
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import Connection, select

from pos_app.checkout.views import PaymentView, Stage
from pos_app.clock import MachineClock
from pos_app.gateway_access import sandbox_access
from pos_app.gateways.zalopay.public_key import PublicKey
from pos_app.journal.canonical import from_json
from pos_app.journal.entries import GestureTimed
from pos_app.journal.projections import entry
from pos_app.scanning.camera import Camera
from pos_app.scanning.decoders import FrameDecoder
from pos_app.scanning.motion import Effort
from pos_app.settings import Settings
from pos_app.till import Till
from pos_app.ui.bridge import Bridge
from pos_app.ui.look import Look
from pos_app.ui.main_window import MainWindow
from pos_app.ui.place import Place
from pos_app.ui.sounds import Sounds
from pos_app.ui.theme import Role, load_fonts
from tests.bench.figures import folder_on_disk, line
from tests.bench.frame_to_wire import picture_of
from tests.bench.program import in_use_mb, resident_mb
from tests.scanning.pictures import Picture

PAYMENTS = int(os.environ.get("POS_APP_BENCH_GESTURES", "500"))
DAY = int(os.environ.get("POS_APP_BENCH_DAY", "2000"))
"""How many payments are timed, and how many the program does in all while its memory is looked at."""
WARM_UP = 10
MEMORY_AFTER = (DAY // 10, DAY // 2, DAY)
PATIENCE_S = 60
BETWEEN_MS = 200
"""From the amount that stands to the frame: the connection is opened ahead meanwhile, as a customer takes longer."""
BARE = 100


def run() -> list[str]:
    """The lines of the table: measured in a process of its own, since memory is looked at too."""
    with folder_on_disk() as place:
        sandbox = [sys.executable, "-m", "pos_app", "sandbox", "--json"]
        with subprocess.Popen(sandbox, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as gateway:
            assert gateway.stdout
            about = json.loads(gateway.stdout.readline())
            try:
                shop = [sys.executable, "-m", "tests.bench.gesture", place, about["url"]]
                told = json.loads(subprocess.run(shop, stdout=subprocess.PIPE, text=True, check=True).stdout)
            finally:
                gateway.terminate()
    return lines(told)


def lines(told: dict[str, Any]) -> list[str]:
    """What was measured, as a table."""
    bare: dict[str, list[float]] = told["bare"]
    parts = sum(median(values) for values in bare.values())
    steps = [GestureTimed("", **one) for one in told["steps"]]
    said = ", ".join(f"{name} {median(values):.2f}" for name, values in bare.items())

    def ms(began: str, ended: str) -> list[float]:
        pairs = ((getattr(one, began) if began else 0, getattr(one, ended)) for one in steps)
        return [(end - start) / 1e3 for start, end in pairs if start is not None and end is not None]

    sent = ms("", "sent_us")
    return [
        f"the bare parts of a gesture          sum    {parts:8.2f} ms   ({said})",
        line("gesture: frame to first byte", sent, "ms", beside=("the bare parts", [parts]), aim="≤ 1.5 ×, ≤ 33 ms"),
        line("  frame to decoded", ms("", "decoded_us"), "ms"),
        line("  decoded to C1 durable", ms("decoded_us", "c1_us"), "ms"),
        line("  C1 to connected", ms("c1_us", "connected_us"), "ms"),
        line("  connected to C2 durable", ms("connected_us", "c2_us"), "ms"),
        line("  C2 to first byte", ms("c2_us", "sent_us"), "ms"),
        line("gesture: first byte to answer", ms("sent_us", "answered_us"), "ms"),
        line("gesture: proof to shown", ms("known_us", "shown_us"), "ms", aim="≤ 16 ms"),
        *(
            f"resident memory after {count:>5} payments {mb:8.1f} MB   "
            f"(in use {used:.1f} MB beside Python's {blocks:,} small blocks)"
            for count, mb, used, blocks in told["memory"]
        ),
    ]


# --- the shop, in a process of its own -------------------------------------------------------------------------------


class Eye:
    """The camera's capture thread: looks at one picture after the other, as they are caught."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._pictures: queue.SimpleQueue[Picture | None] = queue.SimpleQueue()
        threading.Thread(target=self._watch, name="capture", daemon=True).start()

    def see(self, picture: Picture | None) -> None:
        self._pictures.put(picture)

    def _watch(self) -> None:
        while (picture := self._pictures.get()) is not None:
            self._camera._look(picture, Effort.HARDER, time.monotonic_ns())


class Shop:
    """The window and the till behind it, as `pos_app.ui.app` puts them together."""

    def __init__(self, folder: Path, url: str) -> None:
        self.bridge = Bridge()
        look = Look(motion=True)
        look.fit(1366)
        QApplication.setFont(look.size.font(Role.BODY))
        self.window = MainWindow(self.bridge, look, MachineClock(), Place("Tạp hóa", "02", demo=True), Sounds(on=False))
        self.window.resize(1366, 768)
        self.window.show()
        self.till = Till(Settings(), folder, self.bridge.post, access=sandbox_access(url), camera=False).start()
        self.window.obey(self.till)
        camera = Camera("", on_frame=self.till._scans.frame)
        self.till._scans._camera = camera
        camera.preview(on=True)
        self.eye = Eye(camera)
        self.paid: set[str] = set()
        self.bridge.arrived.connect(self._arrived)

    def _arrived(self, event: object) -> None:
        if isinstance(event, PaymentView) and event.stage is Stage.PAID:
            self.paid.add(event.payment_id)

    def sell(self, number: int, picture: Picture) -> None:
        """One customer: the amount, the code, the result, and on."""
        for key in ("5", "0", "0", "0", "0", Qt.Key.Key_Return):
            pressed = key if isinstance(key, Qt.Key) else Qt.Key(ord(key))
            QTest.keyClick(self.focused(), pressed)
        wait(BETWEEN_MS)
        self.eye.see(picture)
        until(lambda: len(self.paid) > number and not self.till.parts.desk.timed._waiting)
        wait(BETWEEN_MS)
        QTest.keyClick(self.focused(), Qt.Key.Key_Return)

    def focused(self) -> QWidget:
        focused: QWidget | None = self.window.focusWidget()
        return focused if focused is not None else self.window

    def close(self) -> None:
        self.eye.see(None)
        self.till.stop()


def wait(ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def until(true: Callable[[], bool]) -> None:
    loop, look, ends = QEventLoop(), QTimer(), time.monotonic() + PATIENCE_S
    look.timeout.connect(lambda: loop.quit() if true() or time.monotonic() > ends else None)
    look.start(5)
    loop.exec()
    if not true():
        raise TimeoutError


def day(folder: Path, url: str) -> dict[str, Any]:
    app = QApplication(sys.argv[:1])
    load_fonts()
    access = sandbox_access(url)
    phone = build_opener(ProxyHandler({}))
    shop = Shop(folder, url)
    memory: list[tuple[int, float, float, int]] = []
    pictures: list[Picture] = []
    for number in range(max(PAYMENTS, DAY)):
        with phone.open(f"{access.phone_url}/code", timeout=5) as answer:
            picture = picture_of(json.load(answer)["code"])
        shop.sell(number, picture)
        pictures = [*pictures[-9:], picture]
        if number + 1 in MEMORY_AFTER:
            gc.collect()
            memory.append((number + 1, resident_mb(os.getpid()), in_use_mb(), sys.getallocatedblocks()))
        if number % 100 == 0:
            print(f"  payment {number} of {max(PAYMENTS, DAY)}", file=sys.stderr, flush=True)
    steps = [us_of(one) for one in shop.till.journal.read(timed).result()]
    shop.close()
    bare = bare_parts(folder, access.url, access.public_key, access.ca_pem, pictures)
    shop.window.close()
    app.quit()
    return {"steps": steps[WARM_UP:PAYMENTS], "memory": memory, "bare": bare}


def timed(connection: Connection) -> list[GestureTimed]:
    """What the journal has."""
    chosen = select(entry.c.payload).where(entry.c.kind == GestureTimed.kind).order_by(entry.c.n)
    return [one for text in connection.execute(chosen).scalars() if isinstance(one := from_json(text), GestureTimed)]


def us_of(one: GestureTimed) -> dict[str, int]:
    found = {name: getattr(one, name) for name in GestureTimed.__slots__ if name != "app_trans_id"}
    return {name: us for name, us in found.items() if us is not None}


# --- what no till can do without -------------------------------------------------------------------------------------


def bare_parts(folder: Path, url: str, key: str, ca_pem: str, pictures: list[Picture]) -> dict[str, list[float]]:
    """Each part alone, ms: nothing else runs in this process by now."""
    decoder, public_key = FrameDecoder(), PublicKey(key)
    with closing(sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)) as journal:
        for pragma in ("locking_mode = EXCLUSIVE", "synchronous = FULL", "journal_mode = WAL"):
            journal.execute(f"PRAGMA {pragma}")
        journal.execute("CREATE TABLE entry (n INTEGER PRIMARY KEY, payload TEXT) STRICT")

        def commit_twice() -> None:
            for _ in range(2):
                journal.execute("BEGIN IMMEDIATE")
                journal.execute("INSERT INTO entry (payload) VALUES (?)", ("x" * 600,))
                journal.execute("COMMIT")

        tls = ssl.create_default_context(cadata=ca_pem)
        with httpx.Client(verify=tls, trust_env=False) as client:
            turns = iter(range(10**6))
            return {
                "decode": times(lambda: decoder.decode(pictures[next(turns) % len(pictures)])),
                "two commits": times(commit_twice),
                "RSA": times(lambda: public_key.encrypt(b"281234567890123456")),
                "kept HTTPS request": times(lambda: client.head(url)),
            }


def times(work: Callable[[], object]) -> list[float]:
    took = []
    for turn in range(BARE + WARM_UP):
        began = time.perf_counter_ns()
        work()
        if turn >= WARM_UP:
            took.append((time.perf_counter_ns() - began) / 1e6)
    return took


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(day(Path(sys.argv[1]) / "till", sys.argv[2])))
    else:
        print("\n".join(run()))
