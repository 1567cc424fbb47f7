"""A till on a machine without any network, run as a process of its own in an empty network namespace.

Reads how to reach a gateway and a payment code as JSON from standard input; prints each payment's view as it is told.
"""

import json
import queue
import sys
import time
from pathlib import Path

from pos_app.checkout.views import PaymentView, ScanSource, Stage
from pos_app.gateway_access import access_from
from pos_app.payments.payment_code import PaymentCode
from pos_app.settings import Settings
from pos_app.till import Till


def main() -> None:
    told: queue.SimpleQueue[object] = queue.SimpleQueue()
    asked = json.loads(sys.stdin.readline())
    till = Till(Settings(), Path(sys.argv[1]), told.put, access=access_from(asked["access"]), camera=False)
    till.start()
    till.charge(
        amount=50_000,
        note="",
        code=PaymentCode(asked["code"]),
        source=ScanSource.STDIN,
        scanned_at_ns=time.monotonic_ns(),
        retry_of="",
    )
    while True:
        view = told.get(timeout=30)
        if isinstance(view, PaymentView):
            print(json.dumps({"stage": view.stage, "cause": view.cause.vi, "advice": view.advice.vi}), flush=True)
            if view.stage is not Stage.SENDING:
                break
    till.stop()


if __name__ == "__main__":
    main()
