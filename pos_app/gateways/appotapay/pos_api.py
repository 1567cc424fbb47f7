"""AppotaPay's POS API as a `Gateway`: an order with a QR for bank apps, without a page. It gives nothing back."""

import hashlib
import uuid

from pos_app.gateways.appotapay.base import AppotaPay
from pos_app.gateways.appotapay.pos_answers import read_created, read_detail
from pos_app.gateways.appotapay.requests import POS_AMOUNTS, POS_CREATE_PATH, QR_METHODS, pos_detail_path, pos_order
from pos_app.gateways.appotapay.signing import body_signature
from pos_app.gateways.gateway import AboutToSend, Created, NotSentError, Order, PayMethod
from pos_app.payments.answer import Answer, AnswerClass, NotSentCause
from pos_app.payments.refund import Refund


class AppotaPayPos(AppotaPay):
    """A `Gateway`; see `AppotaPay`. Without a terminal in the account it makes no orders, only asks about old ones."""

    amounts = POS_AMOUNTS

    async def create(self, order: Order, life_s: int, method: PayMethod, about_to_send: AboutToSend) -> Created:
        """See `Gateway`; POST /partner/orders/payment/create. AppotaPay ends no order after `life_s`.

        Raises:
            NotSentError: no byte has left, or the account names no terminal.
            ValueError: the order breaks a rule of the API, or it is not for a QR; nothing was sent.
        """
        if not self._account.terminal_id:
            raise NotSentError(NotSentCause.KEY)
        if method not in QR_METHODS:
            raise ValueError("the till asks the POS API for QRs only")
        body = pos_order(self._account, order)
        return read_created(await self._charge(POS_CREATE_PATH, body, about_to_send), order)

    async def query(self, app_trans_id: str) -> Answer:
        """See `Gateway`; GET /partner/orders/transaction/{partner_ref_id}."""
        return read_detail(await self._ask(pos_detail_path(app_trans_id)))

    async def refund(self, refund: Refund, about_to_send: AboutToSend) -> Answer:
        """The POS API gives nothing back: nothing is sent.

        Raises:
            NotSentError: always.
        """
        raise NotSentError(NotSentCause.NOT_OFFERED)

    async def query_refund(self, m_refund_id: str) -> Answer:
        """The POS API has no such call: nothing is asked."""
        return Answer(AnswerClass.UNUSABLE, fault="no_such_call")

    def _headers(self, path: str, body: bytes) -> dict[str, str]:
        """As everywhere, with the signature of the body and an id of the request in the form of a random UUID."""
        headers = super()._headers(path, body)
        now_ms = self._offset.corrected_ms()
        told = hashlib.sha256(f"{self._account.api_key} {path} {now_ms} ".encode() + body).digest()
        headers["X-Request-Id"] = str(uuid.UUID(bytes=told[:16], version=4))
        if body:
            headers["X-Signature"] = body_signature(self._account.secret, body)
        return headers
