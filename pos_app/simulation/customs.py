"""What the gateways of the worlds differ in, as far as a till notices: most are ZaloPay v2's, some are others'.

Not here: the shop's own VietQR. Nobody is asked about it, so there is no truth to hold the program's word against.
"""

from dataclasses import dataclass

from pos_app.checkout.views import ScanSource
from pos_app.payments import gateway_names as names
from pos_app.payments.payment import HOUR_MS, Attempt


@dataclass(frozen=True, slots=True)
class Customs:
    """The ways of one world's gateways.

    Attributes:
        shown_at: what the journal calls the one that makes what customers scan.
        tells_as: how that one names itself when it tells something.
        scanned_elsewhere: the codes that customers hold out are charged at ZaloPay v2.
        life_s: how long what is shown can be paid, where nobody can choose.
        page_life_ms: how long it can really be paid, where the gateway does not care for the till's wish; else 0.
        silent: of what is shown it says that it has no information until it is paid.
        cancels: it has such a call.
        regulars: some customers have linked their wallets.
    """

    shown_at: str = "simulation"
    tells_as: str = "zalopay"
    scanned_elsewhere: bool = False
    life_s: int | None = None
    page_life_ms: int = 0
    silent: bool = False
    cancels: bool = True
    regulars: bool = False


ZALOPAY_V2 = Customs()
WITH_REGULARS = Customs(regulars=True)
ZALOPAY_V1 = Customs(names.ZALOPAY_V1, life_s=900, silent=True, cancels=False)
APPOTAPAY = Customs(names.APPOTAPAY_V1, "appotapay", scanned_elsewhere=True, page_life_ms=4 * HOUR_MS, cancels=False)
_OTHERS = {4: ZALOPAY_V1, 6: APPOTAPAY, 8: WITH_REGULARS, 9: ZALOPAY_V1}


def customs_of(world: int) -> Customs:
    """Those of a world, by its number."""
    return _OTHERS.get(world % 10, ZALOPAY_V2)


def way_of(attempt: Attempt) -> str:
    """What a payment was begun by, for the figures."""
    how = "scanned" if attempt.expires_at_ms is None else "shown"
    return f"{attempt.gateway} {'regular' if attempt.source == ScanSource.REGULAR.value else how}"
