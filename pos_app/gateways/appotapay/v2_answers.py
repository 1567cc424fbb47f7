"""AppotaPay v2: what its answers say. They carry no signature: they are as true as the connection.

What the customer pays can differ from the bill (fee, discount), so `orderAmount` counts and never `amount`.
"""

from pos_app.gateways.appotapay.answers import (
    Members,
    Told,
    UnusableError,
    check_dong,
    claim,
    code,
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
    """What AppotaPay answered to an order that is shown; its QR text and the address of its page as they came."""
    shown: list[str] = []

    def judge(told: Told) -> Answer:
        answer = _about_order(Call.CREATE_ORDER, told)
        if answer.meaning is not AnswerClass.PROCESSING:
            return proven(answer)
        if answer.amount != order.amount or answer.app_trans_id not in ("", order.app_trans_id):
            raise UnusableError("other_order")
        payment = part(told.members, "payment")
        shown.extend([emv_code(text(part(payment, "qrCode"), "content")), text(payment, "url")])
        return answer

    answer = judged(reply, judge)
    return Created(answer, *shown) if answer.meaning is AnswerClass.PROCESSING else Created(answer)


def read_status(reply: Reply, app_trans_id: str) -> Answer:
    """What AppotaPay says of an order."""

    def judge(told: Told) -> Answer:
        answer = _about_order(Call.QUERY, told)
        speaks_of_order = "transaction" in told.members
        if speaks_of_order and answer.app_trans_id != app_trans_id:
            raise UnusableError("other_order")
        return proven(answer)

    return judged(reply, judge)


def read_refund(call: Call, reply: Reply, refund_id: str) -> Answer:
    """What AppotaPay answered to a refund, or says of one; `refund_id` as it was sent."""

    def judge(told: Told) -> Answer:
        members = told.members
        status = STATUSES.get(text(members, "status"))
        if status is None or told.refused:
            return _refused(call, told)
        if name_of(members, "partnerRefId") != refund_id:
            raise UnusableError("other_order")
        check_dong(members)
        error = number(members, "errorCode")
        answer = Answer(
            classify_status(call, status, error),
            return_code=error,
            zp_trans_id=name_of(members, "refundId"),
            amount=number(members, "amount"),
        )
        return proven(answer)

    return judged(reply, judge)


def _about_order(call: Call, told: Told) -> Answer:
    transaction = part(told.members, "transaction")
    if not transaction or told.refused:
        return _refused(call, told)
    status = STATUSES.get(text(transaction, "status"))
    if status is None:
        raise UnusableError("no_status")
    check_dong(transaction)
    error = code(transaction, "errorCode")
    return Answer(
        classify_status(call, status, error),
        return_code=error,
        zp_trans_id=name_of(transaction, "transactionId"),
        amount=number(transaction, "orderAmount"),
        app_trans_id=name_of(_order(told.members), "id"),
    )


def _order(members: Members) -> Members:
    return part(part(members, "partnerReference"), "order")


def _refused(call: Call, told: Told) -> Answer:
    """An answer that holds a code and nothing else: never good news."""
    error = code(told.members, "errorCode")
    meaning = claim(classify(call, error), Told(told.members, refused=True))
    return proven(Answer(meaning, return_code=error))
