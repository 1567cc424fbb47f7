"""UNCONFIRMED: the "hybrid payment" of one published page, one call that charges a token or leads to a payment page.

Off unless a setting names a path and a variant, for two things are published nowhere: the path, and a signature that
fits the body. The page's own formula names `zp_trans_token` and `req_date`, which the body does not have; a
transcription of a newer page signs the order's fields alone, which leaves customer and token unprotected. Ask ZaloPay
before switching it on; `agreement` does the same with two calls that three sources agree on.
"""

from dataclasses import dataclass
from enum import StrEnum

from pos_app.gateways.gateway import Order
from pos_app.gateways.zalopay.agreement_requests import check_identifier
from pos_app.gateways.zalopay.requests import Credentials, Fields, check_order, form
from pos_app.gateways.zalopay.signing import SignedOrder, create_mac, token_pay_mac
from pos_app.payments.pay_token import PayToken


class HybridMac(StrEnum):
    """Which unconfirmed signature to send."""

    ORDER = "order"
    """The seven fields of `create`."""
    TOKEN = "token"  # noqa: S105 - a name
    """The fields of `agreement/pay`, the two that the body does not have being empty."""


@dataclass(frozen=True, slots=True)
class Hybrid:
    """How a hybrid payment is asked for, all of it unconfirmed.

    Attributes:
        path: "" while it is off, which is how it starts.
        mac: which signature.
    """

    path: str = ""
    mac: HybridMac = HybridMac.ORDER

    @property
    def on(self) -> bool:
        """Whether somebody has switched it on."""
        return bool(self.path)


def hybrid_body(credentials: Credentials, hybrid: Hybrid, order: Order, identifier: str, token: PayToken) -> bytes:
    """The body of an unconfirmed hybrid payment.

    Raises:
        ValueError: it is off, or the order or the identifier breaks a rule of the API.
    """
    if not hybrid.on:
        raise ValueError("hybrid payment is off")
    check_order(order)
    check_identifier(identifier)
    signed = SignedOrder(credentials.app_id, order.app_trans_id, credentials.app_user, order.amount, order.app_time_ms)
    macs = {
        HybridMac.ORDER: create_mac(credentials.key1, signed),
        HybridMac.TOKEN: token_pay_mac(credentials.key1, signed.app_id, identifier, "", token.reveal(), None),
    }
    fields: Fields = {
        "app_id": signed.app_id,
        "identifier": identifier,
        "pay_token": token.reveal(),
        "app_user": signed.app_user,
        "app_trans_id": signed.app_trans_id,
        "app_time": signed.app_time_ms,
        "amount": signed.amount,
        "description": order.description,
        "item": signed.item,
        "embed_data": signed.embed_data,
        "mac": macs[hybrid.mac],
    }
    return form(fields)
