"""The shop's own VietQR as a `Gateway`: a code for its bank account, and nobody who could be asked.

Only a person with the manager's PIN says that money came. What is answered here is our own word: the code stands, and
after a cancel nobody has confirmed it.
"""

from pos_app.gateways.gateway import AboutToSend, Created, NotSentCause, NotSentError, Order, PayMethod
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment_code import PaymentCode
from pos_app.payments.refund import Refund
from pos_app.qr.vietqr import Receiver, plain, write_vietqr

_STANDS = Answer(AnswerClass.PROCESSING)
_TAKEN_BACK = Answer(AnswerClass.PAID)
_NOBODY_CONFIRMED = Answer(AnswerClass.NEGATIVE)


class OwnVietQr:
    """A `Gateway` that only shows.

    Args:
        receiver: the shop's account.
    """

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    async def open_ahead(self) -> None:
        """See `Gateway`: there is nobody to connect to."""

    async def submit(self, order: Order, code: PaymentCode, about_to_send: AboutToSend) -> Answer:
        """See `Gateway`.

        Raises:
            NotSentError: always; a bank account takes no code.
        """
        raise NotSentError(NotSentCause.NOT_OFFERED)

    async def create(self, order: Order, life_s: int, method: PayMethod, about_to_send: AboutToSend) -> Created:
        """See `Gateway`; the transfer's reference is the slip's number at the end of the description."""
        code = write_vietqr(self._receiver, amount=order.amount, reference=reference_of(order.app_trans_id))
        await about_to_send()
        return Created(_STANDS, qr_code=code)

    async def query(self, app_trans_id: str) -> Answer:
        """See `Gateway`; asked only when it was taken back."""
        return _NOBODY_CONFIRMED

    async def cancel(self, app_trans_id: str) -> Answer:
        """See `Gateway`: the code is no longer shown."""
        return _TAKEN_BACK

    async def refund(self, refund: Refund, about_to_send: AboutToSend) -> Answer:
        """See `Gateway`.

        Raises:
            NotSentError: always; the shop transfers back by its own bank.
        """
        raise NotSentError(NotSentCause.NOT_OFFERED)

    async def query_refund(self, m_refund_id: str) -> Answer:
        """See `Gateway`."""
        return Answer(AnswerClass.UNUSABLE, fault="no_such_call")

    async def close(self) -> None:
        """See `Gateway`."""


def reference_of(app_trans_id: str) -> str:
    """What the bank's statement shows: the order's number without its day, in capitals, at most 19 characters."""
    return plain(app_trans_id.partition("_")[2].upper())[:19].rstrip()
