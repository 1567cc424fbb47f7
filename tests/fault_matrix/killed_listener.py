"""A till that dies while it stores a notification: run as a process of its own by `test_callbacks`.

    python -m tests.fault_matrix.killed_listener SANDBOX_URL FOLDER before|after

It shows an order, prints its id and where it listens, and is killed by the operating system when the first notification
is about to be written ("before"), or is written and not yet acknowledged ("after").
"""

import queue
import sys
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from pos_app.checkout.views import PaymentView
from pos_app.gateway_access import sandbox_access
from pos_app.journal.entries import EvidenceAdded
from pos_app.journal.store import Journal
from pos_app.payments.payment import Source
from pos_app.till import Till
from tests.end_to_end.killed_till import die
from tests.fault_matrix.callbacks import listening

AMOUNT = 50_000


def deadly(journal: Journal, moment: str) -> None:
    real = journal.write

    def write(*entries: Any, at_ms: int) -> Future[None]:
        told = any(isinstance(one, EvidenceAdded) and one.evidence.source is Source.NOTIFIED for one in entries)
        if told and moment == "before":
            die()
        done = real(*entries, at_ms=at_ms)
        if told:
            done.add_done_callback(die)
        return done

    journal.write = write  # type: ignore[method-assign]


def main() -> None:
    url, folder, moment = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    told: queue.SimpleQueue[object] = queue.SimpleQueue()
    till = Till(listening(), folder, told.put, access=sandbox_access(url), camera=False).start()
    deadly(till.journal, moment)
    till.show(amount=AMOUNT, note="")
    while True:
        view = told.get(timeout=60)
        if isinstance(view, PaymentView) and view.shown is not None:
            print(view.payment_id, till.parts.listening.url, flush=True)
            break
    while True:
        told.get(timeout=60)


if __name__ == "__main__":
    main()
