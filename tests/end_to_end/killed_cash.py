"""A till that dies as it takes cash: run as a process of its own by `test_cash`.

    python -m tests.end_to_end.killed_cash FOLDER before|after

The process is killed when the journal is about to write the sale ("before"), or has just written it ("after").
"""

import queue
import sys
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from pos_app.journal.cash_entries import CashTaken
from pos_app.settings import CashSettings, Settings
from pos_app.till import Till
from tests.end_to_end.killed_till import die


def main() -> None:
    folder, moment = Path(sys.argv[1]), sys.argv[2]
    told: queue.SimpleQueue[object] = queue.SimpleQueue()
    till = Till(Settings(cash=CashSettings(enabled=True)), folder, told.put, camera=False).start()
    real = till.journal.write

    def write(*entries: Any, at_ms: int) -> Future[None]:
        ours = any(isinstance(one, CashTaken) for one in entries)
        if ours and moment == "before":
            die()
        done = real(*entries, at_ms=at_ms)
        if ours:
            done.add_done_callback(die)
        return done

    till.journal.write = write  # type: ignore[method-assign]
    print("taking", flush=True)
    till.take_cash(amount=185_000, given=200_000, note="", intent="once")
    while True:
        told.get(timeout=60)


if __name__ == "__main__":
    main()
