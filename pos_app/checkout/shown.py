"""What the customer scans: the gateway's code, if it is what we asked for, and nothing made up."""

import logging

from pos_app.checkout.views import ShownCode
from pos_app.gateways.gateway import Created
from pos_app.qr.emv import QrError
from pos_app.qr.vietqr import check_gateway_code

log = logging.getLogger(__name__)

_LINK_LENGTH_MAX = 1_024


def code_to_show(created: Created, amount: int, wallet: str, *, page: bool = False) -> ShownCode | None:
    """The code for the customer, byte for byte as it came; None when there is none that anybody may scan.

    With `page` the customer's phone opens the gateway's page, whatever code came with it.

    `wallet` is how the gateway's codes name its own wallet, "" where they are for bank apps alone.

    With a code that names another amount, currency or receiver, or that does not add up, nothing is shown, the link for
    the wallet neither: then the whole answer is not to be trusted.
    """
    link = created.order_url if _is_link(created.order_url) else ""
    if created.qr_code and not page:
        try:
            check_gateway_code(created.qr_code, amount=amount, wallet=wallet)
        except QrError as error:
            log.warning("the gateway's code is not shown", extra={"why": error.title.en})
        else:
            return ShownCode(created.qr_code, any_bank=True, link=link)
        return None
    return ShownCode(link, any_bank=False, link=link) if link else None


def _is_link(text: str) -> bool:
    # The built-in gateway's pages are on this machine, without TLS: any browser of it opens them.
    return (
        text.startswith(("https://", "http://127.0.0.1:"))
        and text.isascii()
        and text.isprintable()
        and len(text) <= _LINK_LENGTH_MAX
    )
