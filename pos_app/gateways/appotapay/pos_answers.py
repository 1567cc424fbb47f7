"""AppotaPay's POS API: what its answers say. They carry no signature, and codes come as texts ("34", "00")."""

from pos_app.gateways.appotapay.answers import (
    Members,
    Told,
    UnusableError,
    claim,
    emv_code,
    judged,
    name_of,
    number,
    part,
    proven,
    text,
)
from pos_app.gateways.appotapay.codes import STATUSES, classify, classify_status
from pos_app.gateways.gateway import Created, Order
from pos_app.gateways.transport import Reply
from pos_app.payments.answer import Answer, AnswerClass, Call


def read_created(reply: Reply, order: Order) -> Created:
    """What AppotaPay answered to an order that is shown; its QR text as it came."""
    shown: list[str] = []

    def judge(told: Told) -> Answer:
        answer = _about_order(Call.CREATE_ORDER, told, part(told.members, "transaction"))
        if answer.meaning is not AnswerClass.PROCESSING:
            return proven(answer)
        if (answer.app_trans_id, answer.amount) != (order.app_trans_id, order.amount):
            raise UnusableError("other_order")
        payment = part(told.members, "payment_info")
        shown.extend([emv_code(text(payment, "qr_content")), text(payment, "qr_url")])
        return answer

    answer = judged(reply, judge)
    return Created(answer, *shown) if answer.meaning is AnswerClass.PROCESSING else Created(answer)


def read_detail(reply: Reply) -> Answer:
    """What AppotaPay says of an order; the answer does not name our id."""
    return judged(reply, lambda told: proven(_about_order(Call.QUERY, told, told.members)))


def _about_order(call: Call, told: Told, transaction: Members) -> Answer:
    status = STATUSES.get(text(transaction, "status"))
    error = number(transaction, "error_code")
    if status is None or told.refused:
        return _refused(call, told)
    return Answer(
        classify_status(call, status, error, pos=True),
        return_code=error,
        zp_trans_id=name_of(transaction, "transaction_id"),
        amount=number(transaction, "amount"),
        app_trans_id=name_of(transaction, "partner_ref_id"),
    )


def _refused(call: Call, told: Told) -> Answer:
    """An answer that holds a code and nothing else: never good news."""
    error = number(told.members, "error_code")
    if error is None:
        raise UnusableError("no_code")
    meaning = claim(classify(call, error, pos=True), Told(told.members, refused=True))
    return proven(Answer(meaning, return_code=error))
