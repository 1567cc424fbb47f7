"""A till of the real parts and the built-in gateway, for tests that live through whole payments."""

import base64
import queue
import re
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pos_app.checkout.events import Refused
from pos_app.checkout.views import PaymentView, ScanSource, Stage
from pos_app.clock import Clock
from pos_app.gateway_access import GatewayAccess, access_to
from pos_app.payments.payment_code import PaymentCode
from pos_app.sandbox.server import Sandbox
from pos_app.settings import Settings
from pos_app.till import Till
from tests.clocks import FastClock

_ONE_MIGRATION_AT_A_TIME = threading.Lock()
"""Alembic's migration context is global to a process; a real process opens one journal."""

FINAL = {Stage.PAID, Stage.DECLINED, Stage.NOT_SENT, Stage.MISMATCH}


class Counter:
    """What happens at the counter: charges, and everything that the till tells, in order."""

    def __init__(
        self,
        sandbox: Sandbox,
        folder: Path,
        clock: Clock | None = None,
        *,
        settings: Settings | None = None,
        access: GatewayAccess | None = None,
    ) -> None:
        self.told: queue.SimpleQueue[object] = queue.SimpleQueue()
        self.views: list[PaymentView] = []
        self.sandbox = sandbox
        self.folder = folder
        access = access or access_to(sandbox)
        self.till = Till(settings or Settings(), folder, self._hear, access=access, camera=False, clock=clock)

    def _hear(self, told: object) -> None:
        self.told.put(told)

    def scan(self, amount: int, *, retry_of: str = "", code: PaymentCode | None = None) -> None:
        self.till.charge(
            amount=amount,
            note="Bàn 5",
            code=code or PaymentCode(self.sandbox.customer.fresh_code()),
            source=ScanSource.SCANNER,
            scanned_at_ns=time.monotonic_ns(),
            retry_of=retry_of,
        )

    def until(self, wanted: Callable[[object], bool], seconds: float = 60) -> object:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                view = self.told.get(timeout=0.2)
            except queue.Empty:
                view = None  # nothing new was told; what is wanted may be so all the same
            if isinstance(view, PaymentView):
                self.views.append(view)
            if wanted(view):
                return view
        raise AssertionError(f"not told in {seconds} s; last: {self.views[-1:]}")

    def until_stage(self, *stages: Stage, of: PaymentView | None = None, seconds: float = 60) -> PaymentView:
        """Until a payment stands so; with `of`, that payment."""

        def stands(view: object) -> bool:
            if not isinstance(view, PaymentView) or view.stage not in stages:
                return False
            return of is None or view.payment_id == of.payment_id

        view = self.until(stands, seconds)
        assert isinstance(view, PaymentView)
        return view

    def until_final(self, seconds: float = 60) -> PaymentView:
        return self.until_stage(*FINAL, seconds=seconds)

    def until_refused(self) -> Refused:
        view = self.until(lambda view: isinstance(view, Refused))
        assert isinstance(view, Refused)
        return view

    def gateway_order(self, order_id: str) -> dict[str, object]:
        return next(order for order in self.sandbox.orders() if order["app_trans_id"] == order_id)


@contextmanager
def counter(sandbox: Sandbox, folder: Path, clock: Clock | None = None) -> Iterator[Counter]:
    made = Counter(sandbox, folder, clock)
    with _ONE_MIGRATION_AT_A_TIME:
        made.till.start()
    try:
        yield made
    finally:
        made.till.stop()


def truth(sandbox: Sandbox, order_id: str) -> str:
    """The state by the gateway's own record; "none" when it never had the order."""
    return next((str(one["state"]) for one in sandbox.orders() if one["app_trans_id"] == order_id), "none")


def let_pass(clock: FastClock, rate: int, ms: int) -> None:
    """Let so much of the shop's time pass and no more, `rate` times as fast."""
    until_ms = clock.monotonic_ms() + ms
    clock.run(rate, for_ms=ms)
    while clock.monotonic_ms() < until_ms:
        time.sleep(0.01)


def traces_of(secret: str) -> list[bytes]:
    """A secret in the forms in which it could lie about."""
    raw = secret.encode()
    shifted = [base64.b64encode(b"\0" * phase + raw)[4:-4] for phase in range(3)]
    return [
        raw,
        raw[::-1],
        raw.hex().encode(),
        urllib.parse.quote(secret, safe="").encode(),
        secret.encode("utf-16-le"),
        secret.encode("utf-16-be"),
        *(trace for trace in shifted if len(trace) > 8),
    ]


def leaks(secrets: list[str], folder: Path, *texts: str) -> list[str]:
    """Where any of the secrets was found: in a file below the folder, in a file's name, or in a text."""
    found = []
    files = ((path, path.read_bytes()) for path in folder.rglob("*") if path.is_file())
    contents = {str(path): content for path, content in files if content.strip(b"\0")}  # not the ballast
    contents |= {f"text {n}": text.encode() for n, text in enumerate(texts)}
    contents["names"] = "\n".join(str(path) for path in folder.rglob("*")).encode()
    for place, content in contents.items():
        if any(trace in content for secret in secrets for trace in traces_of(secret)):
            found.append(place)
        # a payment code of the built-in gateway: 18 digits beginning with 28, and no part of a hash
        if place != "names" and re.search(rb"(?<![0-9a-f])28\d{16}(?![0-9a-f])", content):
            found.append(f"{place}: looks like a payment code")
    return found
