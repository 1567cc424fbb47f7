"""The demo customer pays whatever a till shows: by each way, with the phone alone, through pictures and decoders."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.checkout.views import Stage
from pos_app.gateways.gateway import PayMethod
from pos_app.sandbox.server import Sandbox
from pos_app.settings import AppotaPaySettings, GatewaySettings, Settings
from tests.end_to_end.world import _ONE_MIGRATION_AT_A_TIME, Counter

TILLS: dict[str, tuple[Settings, list[PayMethod]]] = {
    "new": (Settings(), [method for method in PayMethod if method is not PayMethod.OWN_VIETQR]),
    "old": (
        Settings(gateway=GatewaySettings(api="v1"), appotapay=AppotaPaySettings(api="v2")),
        [PayMethod.ANY, PayMethod.WALLET, PayMethod.BANK_ATM, PayMethod.BANK_QR],
    ),
    "terminal": (Settings(appotapay=AppotaPaySettings(api="pos")), [PayMethod.BANK_QR]),
}
"""By the generation of its gateways: the settings, and what it shows that a gateway hears of."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.mark.parametrize("generation", TILLS)
def test_the_demo_customer_pays_what_is_shown(sandbox: Sandbox, tmp_path: Path, generation: str) -> None:
    """One till lives through all of its ways, one after the other; then through a link."""
    settings, methods = TILLS[generation]
    counter = Counter(sandbox, tmp_path, settings=settings)
    with _ONE_MIGRATION_AT_A_TIME:
        counter.till.start()
    try:
        for method in methods:
            counter.till.show(amount=50_000, note="", method=method)
            shown = counter.until_stage(Stage.SHOWN)
            counter.till.demo_customer_scans(shown.payment_id)
            counter.until_stage(Stage.PAID, of=shown)
            assert counter.gateway_order(shown.payment_id)["state"] == "paid", method
            counter.till.next_customer()
        counter.till.link(amount=70_000, note="")
        link = counter.until_stage(Stage.SHOWN)
        counter.till.demo_customer_scans(link.payment_id)
        counter.until_stage(Stage.PAID, of=link)
    finally:
        counter.till.stop()
