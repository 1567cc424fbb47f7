"""A till that hears from its gateways, and what comes to it over the open internet: right, altered, old, a flood.

Messages are made as the gateways make them, by `tests.service.messages`: no code of the program signs them.
"""

import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from pos_app.checkout.views import PaymentView
from pos_app.gateways.gateway import PayMethod
from pos_app.settings import NotificationSettings, Settings
from tests.fault_matrix.world import FaultCounter, journal_of
from tests.ports import free_port
from tests.service.messages import APP_ID, KEY2, ZALOPAY_V2, Bill, compact, hmac_hex, zalopay, zalopay_data

STORED, AGAIN, WRONG = 1, 0, 2
"""What ZaloPay is answered."""
NUMBER = 261_122_000_004_821


def listening(base: Settings | None = None, *, known: bool = False) -> Settings:
    """Settings of a till that listens on a free port; `known` to its gateway, which then calls back by itself."""
    port = free_port()
    told = NotificationSettings(on=True, listen_port=port, public_url=f"http://127.0.0.1:{port}" if known else "")
    return (base or Settings())._replace(notifications=told)


def told_paid(order_id: str, amount: int, /, *, key: str = KEY2, about: int = 1, **other: object) -> bytes:
    """ZaloPay's callback about a payment; `other` members of its data as a test wants them."""
    data = zalopay_data(Bill(order_id, amount, APP_ID), random.Random(1))
    text = compact({**data, "zp_trans_id": NUMBER, **other})
    return zalopay(text, hmac_hex(key, text), about)


def post(till: FaultCounter, body: bytes, path: str = ZALOPAY_V2) -> int:
    """Tell the till; the code it answers, or its HTTP status when that is not 200."""
    answer = httpx.post(f"{till.till.parts.listening.url}{path}", content=body, timeout=60, trust_env=False)
    if answer.status_code != 200 or not path.startswith("/zalopay"):
        return answer.status_code
    told: dict[str, Any] = json.loads(answer.content)
    return int(told["return_code"] if "return_code" in told else told["returncode"])


def shown_at(till: FaultCounter, amount: int, method: PayMethod = PayMethod.ANY) -> PaymentView:
    """An order that waits for its customer."""
    till.till.show(amount=amount, note="", method=method)
    view = till.until(lambda one: isinstance(one, PaymentView) and one.amount == amount and one.shown is not None)
    assert isinstance(view, PaymentView)
    return view


def until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    """Look at the disk, or at the gateway's own record, until it is so: the till need not say anything of it."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not so in {seconds} s"
        time.sleep(0.02)


def noted(folder: Path) -> list[dict[str, Any]]:
    """What gateways told by themselves and the journal has, oldest first: evidence of payments, and orphans."""
    return [
        entry
        for entry in journal_of(folder)
        if entry["kind"] == "orphan_notified" or entry.get("evidence", {}).get("source") == "notified"
    ]
