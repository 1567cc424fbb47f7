"""What an answer's members say that is not so. The true answers come from `orders` and `refunds`."""

from pos_app.sandbox.scenario import Twist


def twisted(
    twist: Twist, answer: dict[str, object], *, queries: int, app_id: int, app_trans_id: str
) -> dict[str, object]:
    """The answer with the scenario's untruth in it.

    Args:
        twist: which untruth.
        answer: the true answer.
        queries: which query this answers, from 1; 0 for the answer to the payment itself.
        app_id: the shop's app.
        app_trans_id: the order that was asked for.
    """
    lie: dict[str, object] = {}
    number, amount = answer.get("zp_trans_id"), answer.get("amount")
    paid, processing = answer["return_code"] == 1, answer["return_code"] == 3  # noqa: PLR2004 - documented codes
    if twist is Twist.CODE_AS_RETURN_CODE and answer["return_code"] == 2:  # noqa: PLR2004
        lie = {"return_code": answer["sub_return_code"]}
    elif twist is Twist.PAID_YET_PROCESSING and processing:
        lie = {"return_code": 1}
    elif twist is Twist.FAILED_YET_PROCESSING and processing:
        lie = {"return_code": 2, "sub_return_code": -217}
    elif twist is Twist.UNPAID_NOT_PROCESSING and processing:
        lie = {"is_processing": False}
    elif twist is Twist.QUERY_LIMIT and 1 <= queries <= 3:  # noqa: PLR2004 - the first three
        lie = {"return_code": 2, "sub_return_code": -429, "is_processing": False, "amount": 0, "zp_trans_id": 0}
    elif twist is Twist.NO_NUMBER and paid and not queries:
        return {member: value for member, value in answer.items() if member != "zp_trans_id"}
    elif twist is Twist.ZERO_NUMBER and paid and not queries:
        lie = {"zp_trans_id": 0}
    elif queries and paid:
        lie = _lie_of_query(twist, number=number, amount=amount, queries=queries, named=(app_id, app_trans_id))
    return {**answer, **lie}


def _lie_of_query(
    twist: Twist, *, number: object, amount: object, queries: int, named: tuple[int, str]
) -> dict[str, object]:
    app_id, app_trans_id = named
    lies: dict[Twist, dict[str, object]] = {
        Twist.OTHER_AMOUNT: {"amount": amount - 1_000 if isinstance(amount, int) else 0},
        Twist.OTHER_NUMBER: {"zp_trans_id": number + queries if isinstance(number, int) else 0},
        Twist.OTHER_ORDER: {"app_id": app_id, "app_trans_id": f"{app_trans_id[:39]}X"},
        Twist.OTHER_APP: {"app_id": app_id + 1, "app_trans_id": app_trans_id},
    }
    if twist is Twist.PAID_THEN_FAILED and queries > 1:
        return {"return_code": 2, "sub_return_code": -59, "amount": 0, "zp_trans_id": 0}
    return lies.get(twist, {})


def twisted_order(twist: Twist, answer: dict[str, object], *, other_qr: str) -> dict[str, object]:
    """The answer to the creation of an order with the scenario's untruth in it; `other_qr` is for another amount."""
    right = str(answer.get("qr_code", ""))
    if twist is Twist.CODE_AS_RETURN_CODE:
        return {**answer, "return_code": answer["sub_return_code"]}
    lies = {
        Twist.QR_OTHER_AMOUNT: other_qr,
        Twist.QR_WRONG_CRC: right[:-4] + f"{int(right[-4:], 16) ^ 1:04X}" if right else "",
        Twist.NO_QR: "",
    }
    return {**answer, "qr_code": lies[twist]} if right and twist in lies else answer


def twisted_refund(twist: Twist, answer: dict[str, object], *, queries: int) -> dict[str, object]:
    """The answer about a refund with the scenario's untruth in it; `queries` as for `twisted`."""
    lie: dict[str, object] = {}
    done = answer["return_code"] == 1
    if twist is Twist.CODE_AS_RETURN_CODE and answer["return_code"] == 2:  # noqa: PLR2004 - documented code
        lie = {"return_code": answer["sub_return_code"]}
    elif twist is Twist.QUERY_LIMIT and 1 <= queries <= 3:  # noqa: PLR2004 - the first three
        lie = {"return_code": 2, "sub_return_code": -429}
    elif twist is Twist.NO_NUMBER:
        return {member: value for member, value in answer.items() if member != "refund_id"}
    elif twist is Twist.ZERO_NUMBER and "refund_id" in answer:
        lie = {"refund_id": 0}
    elif twist is Twist.PAID_THEN_FAILED and done and queries > 1:
        lie = {"return_code": 2, "sub_return_code": 0}
    return {**answer, **lie}
