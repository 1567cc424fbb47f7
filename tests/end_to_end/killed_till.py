"""A till that dies at a given moment of a payment: run as a process of its own by `test_kill`.

It is the real till with one change: when the journal has done its n-th write ("after"), or is about to do it
("before"), the process is killed by the operating system, with no chance to say goodbye.

    python -m tests.end_to_end.killed_till SANDBOX_URL FOLDER before|after|careless N     (N = 0: never)

"careless" is the control: a till that does not wait for SENDING to be stored, and dies with the bytes on their way.

The payment code comes in on standard input. On the end of a payment its id and stage are printed.
"""

import os
import queue
import signal
import sys
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from pos_app.checkout.views import PaymentView, ScanSource, Stage
from pos_app.gateway_access import sandbox_access
from pos_app.journal.store import Journal
from pos_app.payments.payment_code import PaymentCode
from pos_app.settings import Settings
from pos_app.till import Till

SENDING_IS_THE_WRITE = 2
FINAL = {Stage.PAID, Stage.DECLINED, Stage.NOT_SENT, Stage.MISMATCH}


def die(_done: object = None) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(journal: Journal, moment: str, number: int) -> None:
    """Kill at the n-th write from now on."""
    real, count = journal.write, 0

    def write(*entries: Any, at_ms: int) -> Future[None]:
        nonlocal count
        count += 1
        if moment == "careless" and count == SENDING_IS_THE_WRITE:
            stored: Future[None] = Future()
            stored.set_result(None)  # a lie: nothing was written
            return stored
        if count == number and moment in ("before", "careless"):
            die()
        done = real(*entries, at_ms=at_ms)
        if count == number:
            done.add_done_callback(die)
        return done

    journal.write = write  # type: ignore[method-assign]


def main() -> None:
    url, folder, moment, number = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    told: queue.SimpleQueue[object] = queue.SimpleQueue()
    till = Till(Settings(), folder, told.put, access=sandbox_access(url), camera=False).start()
    deadly(till.journal, moment, number)
    code = PaymentCode(sys.stdin.readline().strip())
    print("scanning", flush=True)
    till.charge(
        amount=int(sys.stdin.readline()),
        note="",
        code=code,
        source=ScanSource.STDIN,
        scanned_at_ns=time.monotonic_ns(),
        retry_of="",
    )
    while True:
        view = told.get(timeout=60)
        if isinstance(view, PaymentView) and view.stage in FINAL:
            print(view.payment_id, view.stage.value, flush=True)
            time.sleep(1)  # the slip is being printed: a good moment to die too
            till.stop()
            return


if __name__ == "__main__":
    main()
