"""ZaloPay's API v1, spoken by the same gateway: v1's names and its one code, on the same books as v2.

Written from the documentation of ZaloPay's v1 API. Signatures, times and values are held to v2's rules, which are the
same; a member that has v2's name is none here. An order made in one version can be asked about in the other.
"""

from collections.abc import Callable

from pos_app.sandbox.answers import FAILURE, PROCESSING, Reply
from pos_app.sandbox.orders import OrderState
from pos_app.sandbox.requests import Fields
from pos_app.sandbox.zalopay import ZaloPay

_ORDER = (
    "app_id", "app_user", "app_time", "amount", "app_trans_id", "embed_data", "item", "description", "mac",
)  # fmt: skip
_QUICK_PAY = (*_ORDER, "payment_code")
_CREATE = (*_ORDER, "bank_code")
_QUERY = ("app_id", "app_trans_id", "mac")
_REFUND = ("app_id", "m_refund_id", "zp_trans_id", "amount", "timestamp", "description", "mac")
_QUERY_REFUND = ("app_id", "m_refund_id", "timestamp", "mac")

_AT_WORK, _REFUND_AT_WORK = 10, 2
"""v1's codes while a payment, and a refund, is in processing."""
_NO_INFORMATION, _NO_SUCH_REFUND, _NOT_THERE = -49, -21, -101
"""What v1 says of an order, and of a refund, that is not there; its own -101 means "refunded"."""
_ONLY_IN_V2 = {"sub_return_code", "sub_return_message", "qr_code", "order_token"}


class ZaloPayV1:
    """The calls of v1.

    Args:
        gateway: whose books they are about.

    Attributes:
        calls: each by its path; they take forms only.
    """

    def __init__(self, gateway: ZaloPay) -> None:
        self.calls = {
            "/v001/tpe/submitqrcodepay": self.submit_qr_code_pay,
            "/v001/tpe/createorder": self.create_order,
            "/v001/tpe/getstatusbyapptransid": self.get_status,
            "/v001/tpe/partialrefund": self.partial_refund,
            "/v001/tpe/getpartialrefundstatus": self.get_refund_status,
        }
        self._gateway = gateway

    def submit_qr_code_pay(self, fields: Fields) -> Reply:
        """Charge the wallet that showed the code."""
        return _told(self._gateway.quick_pay, fields, _QUICK_PAY)

    def create_order(self, fields: Fields) -> Reply:
        """An order that lives 15 minutes, with a link for the wallet and no QR text."""
        return _told(self._gateway.create, fields, _CREATE)

    def get_status(self, fields: Fields) -> Reply:
        """The order as it is now; -49 while nobody has paid what is shown."""
        reply = _told(self._gateway.query, fields, _QUERY)
        if reply.body["returncode"] == _AT_WORK and self._is_shown(fields.get("apptransid")):
            reply.body.update(returncode=_NO_INFORMATION, isprocessing=False)
        return reply

    def partial_refund(self, fields: Fields) -> Reply:
        """Money of a paid order back to the customer."""
        return _told(self._gateway.refund, fields, _REFUND, at_work=_REFUND_AT_WORK, not_there=_NO_SUCH_REFUND)

    def get_refund_status(self, fields: Fields) -> Reply:
        """The refund as it is now."""
        return _told(
            self._gateway.query_refund, fields, _QUERY_REFUND, at_work=_REFUND_AT_WORK, not_there=_NO_SUCH_REFUND
        )

    def _is_shown(self, app_trans_id: object) -> bool:
        waiting = (order for order in self._gateway.orders() if order.state is OrderState.PROCESSING)
        return any(order.ticket is not None for order in waiting if order.app_trans_id == app_trans_id)


def _told(
    call: Callable[[Fields], Reply], fields: Fields, names: tuple[str, ...], *, at_work: int = _AT_WORK,
    not_there: int = _NO_INFORMATION,
) -> Reply:  # fmt: skip
    """What v2's call says to it, in v1's words."""
    reply = call(_in_v2_names(fields, names))
    told = {_v1(name): value for name, value in reply.body.items() if name not in _ONLY_IN_V2}
    told["returncode"] = _one_code(reply.body, at_work=at_work, not_there=not_there)
    return Reply(told, reply.wire, reply.wait_ms)


def _v1(name: str) -> str:
    return name.replace("_", "")


def _in_v2_names(fields: Fields, names: tuple[str, ...]) -> Fields:
    known = {name: fields[_v1(name)] for name in names if _v1(name) in fields}
    time = known.get("app_time")
    if isinstance(time, str) and time.isascii() and time.isdecimal():
        known["app_time"] = int(time)
    return known


def _one_code(body: dict[str, object], *, at_work: int, not_there: int) -> object:
    """v1's `returncode`: 1 success, other positive numbers pending, else the failure's own number."""
    code = body["return_code"]
    if code == PROCESSING:
        return at_work
    detail = body["sub_return_code"] if code == FAILURE else code
    return not_there if detail == _NOT_THERE else detail
