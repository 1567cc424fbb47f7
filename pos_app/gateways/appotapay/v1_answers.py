"""AppotaPay v1: what its answers say. All that speaks of an order's money is signed; what is not is not believed."""

from dataclasses import replace

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
from pos_app.gateways.appotapay.codes import STATUSES, SUCCESS, classify, classify_status
from pos_app.gateways.appotapay.signing import same_signature, signature
from pos_app.gateways.gateway import Created, Order
from pos_app.gateways.transport import Reply
from pos_app.payments.answer import Answer, AnswerClass, Call

_PAGE_SIGNED = ("amount", "errorCode", "message", "orderId", "paymentUrl")
_QR_SIGNED = (*_PAGE_SIGNED, "appotapayTransId", "qrCodeExpiryIn", "qrCodeUrl")
_STATUS_SIGNED = (
    "amount", "apiKey", "appotapayTransId", "bankCode", "currency", "errorCode", "extraData", "message", "orderId",
    "partnerCode", "paymentMethod", "paymentType", "transactionTs",
)  # fmt: skip
_REFUND_SIGNED = (
    "amount", "appotapayTransId", "errorCode", "reason", "refundId", "refundOriginalId", "status", "transactionTs",
)  # fmt: skip

_TURNED_AWAY = frozenset({AnswerClass.REFUSED, AnswerClass.DUPLICATE, AnswerClass.NOT_FOUND, AnswerClass.UNUSABLE})
"""What says nothing of a payment may come unsigned: who sends a wrong key can get no right signature."""


def read_created(reply: Reply, order: Order, secret: str, *, qr: bool) -> Created:
    """What AppotaPay answered to an order that is shown; its QR text and the address of its page as they came."""
    signed: Members = {}

    def judge(told: Told) -> Answer:
        signed.update(told.members | part(told.members, "qrData") if qr else told.members)
        meaning = claim(classify(Call.CREATE_ORDER, code(signed, "errorCode")), told)
        may_be_unsigned = _TURNED_AWAY | {AnswerClass.NEGATIVE}  # nothing was created, so there is nothing to sign
        _check_signature(signed, _QR_SIGNED if qr else _PAGE_SIGNED, secret, needed=meaning not in may_be_unsigned)
        answer = _about_order(signed, meaning)
        if meaning is AnswerClass.PROCESSING and (answer.app_trans_id, answer.amount) != (
            order.app_trans_id,
            order.amount,
        ):
            raise UnusableError("other_order")
        return proven(answer)

    answer = judged(reply, judge)
    if answer.meaning is not AnswerClass.PROCESSING:
        return Created(answer)
    qr_code = emv_code(_shown(signed, "qrCodeUrl")) if qr else ""  # not signed, where none was asked for
    return Created(answer, qr_code, _shown(signed, "paymentUrl"))


def read_status(reply: Reply, app_trans_id: str, secret: str) -> Answer:
    """What AppotaPay says of an order."""

    def judge(told: Told) -> Answer:
        meaning = claim(classify(Call.QUERY, code(told.members, "errorCode")), told)
        _check_signature(told.members, _STATUS_SIGNED, secret, needed=meaning not in _TURNED_AWAY)
        answer = _about_order(told.members, meaning)
        if answer.app_trans_id != app_trans_id and meaning not in _TURNED_AWAY:
            raise UnusableError("other_order")
        return proven(answer)

    return judged(reply, judge)


def read_refund(call: Call, reply: Reply, m_refund_id: str, secret: str) -> Answer:
    """What AppotaPay answered to a refund, or says of one; the answer's number is that of the refund there."""

    def judge(told: Told) -> Answer:
        members = told.members
        meaning = claim(_refund_meaning(call, members), told)
        unsigned_no = {AnswerClass.NEGATIVE} if call is Call.REFUND else set[AnswerClass]()
        _check_signature(members, _REFUND_SIGNED, secret, needed=meaning not in _TURNED_AWAY | unsigned_no)
        named = [name_of(members, "refundId"), name_of(members, "refundOriginalId")]
        if m_refund_id in named:
            named.remove(m_refund_id)
        elif meaning not in _TURNED_AWAY | unsigned_no:
            raise UnusableError("other_order")
        answer = Answer(
            meaning,
            return_code=code(members, "errorCode"),
            zp_trans_id=next(filter(None, named), ""),
            amount=number(members, "amount"),
        )
        return replace(answer, fault="no_verdict") if meaning is AnswerClass.UNUSABLE else answer

    return judged(reply, judge)


def _refund_meaning(call: Call, members: Members) -> AnswerClass:
    """The code says whether the request was taken, the status how far the refund is."""
    error, status = code(members, "errorCode"), STATUSES.get(text(members, "status"))
    if error != SUCCESS:
        return classify(call, error)
    # taken, and nothing said of how far it is: it is asked about
    return AnswerClass.PROCESSING if status is None else classify_status(call, status, None)


def _about_order(members: Members, meaning: AnswerClass) -> Answer:
    check_dong(members)
    return Answer(
        meaning,
        return_code=code(members, "errorCode"),
        zp_trans_id=name_of(members, "appotapayTransId"),
        amount=number(members, "amount"),
        app_trans_id=name_of(members, "orderId"),
    )


def _check_signature(members: Members, names: tuple[str, ...], secret: str, *, needed: bool) -> None:
    received = members.get("signature")
    if received in (None, "") and not needed:
        return
    right = signature(secret, {name: _as_signed(members, name) for name in names})
    if not isinstance(received, str) or not same_signature(right, received):
        raise UnusableError("bad_signature")


def _as_signed(members: Members, name: str) -> str | int:
    value = members.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) and type(value) is not int:
        raise UnusableError("wrong_type")
    return value


def _shown(members: Members, name: str) -> str:
    value = members.get(name)
    return value if isinstance(value, str) else ""
