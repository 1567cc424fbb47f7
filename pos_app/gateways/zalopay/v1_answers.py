"""From a reply of ZaloPay's API v1 to an `Answer`: its one code becomes the two of v2, and v2's reading does the rest.

v1 has one code (ZaloPay API v1, "error codes"): 1 is success, other positive numbers are pending, 0 and below are
failures, whose numbers are those of v2's `sub_return_code`. So the class tables of `payments.answer` serve both, and
none is written twice. Only what v1 gives another meaning stands here.
"""

from dataclasses import replace

from pos_app.gateways.gateway import Created
from pos_app.gateways.transport import Reply
from pos_app.gateways.zalopay import answers
from pos_app.payments.answer import FAILURE, IN_PROGRESS, REQUEST_REFUSED, SUCCESS, Answer, AnswerClass, Call

_NAMES = {
    "returncode": "return_code",
    "isprocessing": "is_processing",
    "zptransid": "zp_trans_id",
    "refundid": "refund_id",
    "amount": "amount",
    "apptransid": "app_trans_id",
    "appid": "app_id",
    "orderurl": "order_url",
}

_ABOUT_THE_QUESTION = {-79, -99, -100, -106}
"""The question was malformed, its app unknown or not permitted, its signature wrong."""
_OWN_TROUBLE = {-1, -13, -14, -15}
"""ZaloPay's own books and caches were out of reach."""
_REFUNDED = {-101}
"""In v1's list "refunded", in v2's "no such refund": nothing may be concluded from it."""
_SAYS_NOTHING: dict[Call, set[int]] = {
    Call.QUERY: _ABOUT_THE_QUESTION | _OWN_TROUBLE,
    Call.REFUND: _REFUNDED,
    Call.QUERY_REFUND: _ABOUT_THE_QUESTION | _REFUNDED,
}


def read_answer(call: Call, reply: Reply) -> Answer:
    """What the gateway answered to `call`, as evidence; its codes as v2 would have told them.

    -49 to a query ("no information": not paid yet, just being paid, or older than 48 hours) is NOT_FOUND, which proves
    nothing before the order's time is over.
    """
    answer = answers.read_answer(call, reply, _in_v2_words)
    if answer.sub_return_code in _SAYS_NOTHING.get(call, ()):
        return replace(answer, meaning=AnswerClass.UNUSABLE, fault="no_verdict")
    return answer


def read_created(reply: Reply) -> Created:
    """What the gateway answered to an order that the customer shall scan: a link for the wallet, never a code."""
    return answers.read_created(reply, _in_v2_words)


def _in_v2_words(members: dict[str, object]) -> dict[str, object]:
    """The members that we know, named as in v2; a name of v2 means nothing here."""
    told = {v2: members[v1] for v1, v2 in _NAMES.items() if v1 in members}
    code = told.get("return_code")
    if type(code) is int:
        told["return_code"], sub_return_code = two_codes(code)
        if sub_return_code is not None:
            told["sub_return_code"] = sub_return_code
    return told


def two_codes(code: int) -> tuple[int, int | None]:
    """v1's one code as `return_code` and `sub_return_code` of v2."""
    if code == SUCCESS:
        return SUCCESS, None
    pending = code > 0 and code not in REQUEST_REFUSED
    return (IN_PROGRESS if pending else FAILURE), code
