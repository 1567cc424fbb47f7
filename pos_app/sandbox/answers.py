"""The members every answer has, the codes that stand in them, and how an answer leaves.

Codes and names are those of ZaloPay's status code pages; the same number can mean another thing in a refund.
"""

from dataclasses import dataclass

from pos_app.sandbox.scenario import Wire

SUCCESS, FAILURE, PROCESSING = 1, 2, 3

_MESSAGES = {SUCCESS: "Giao dịch thành công", FAILURE: "Giao dịch thất bại", PROCESSING: "Giao dịch đang xử lý"}
_EVERYWHERE = {
    1: "SUCCESSFUL", -401: "ILLEGAL_DATA_REQUEST", -402: "ILLEGAL_APP_OR_SIGNATURE",
    -403: "ILLEGAL_SIGNATURE_REQUEST", -405: "ILLEGAL_CLIENT_REQUEST", 406: "ILLEGAL_STATUS",
    -429: "LIMIT_REQUEST_REACH", -500: "SYSTEM_ERROR", -999: "SYSTEM_MAINTENANCE",
}  # fmt: skip
_OF_ORDERS = {
    **_EVERYWHERE,
    3: "PROCESSING", -4: "APP_TIME_INVALID", -5: "AMOUNT_INVALID", -36: "OVER_LIMIT", -33: "APP_MAINTENANCE",
    -43: "BANK_MAINTENANCE", -49: "TRANS_INFO_NOT_FOUND", -52: "ITEMS_INVALID", -54: "ORDER_EXPIRED",
    -57: "APP_USER_INVALID", -59: "ZPW_PURCHASE_FAIL", -61: "WALLET_SUSPENDED", -63: "ZPW_BALANCE_NOT_ENOUGH",
    -65: "WRONG_PIN", -68: "DUPLICATE_APP_TRANS_ID", -92: "APPTRANSID_INVALID", -101: "ORDER_NOT_EXIST",
    -217: "BANK_ERROR", -244: "FRAUD_SUSPECTED", -289: "BANK_NOT_SUPPORTED", -290: "DUPLICATE_PAYMENTCODE",
    -291: "AMOUNT_NOT_SUPPORTED", -292: "PAYMENT_CODE_INVALID", -293: "TRANS_NOT_MATCH", -296: "USER_NOT_SUBMIT_PIN",
    -322: "PAYMENT_CODE_EXPIRED", -329: "USER_CANCELLED", -332: "PROMOTION_FAILED", -1330: "OVER_DAILY_LIMIT",
    -1340: "OVER_MONTHLY_LIMIT",
}  # fmt: skip
_OF_REFUNDS = {
    **_EVERYWHERE,
    2: "REFUND_PROCESSING", 0: "REFUND_FAILED", -1: "REFUND_PENDING", -5: "TRANS_NOT_COMPLETE", -6: "TRANS_FAILED",
    -9: "TRANS_TYPE_INVALID", -11: "TRANS_REFUNDED", -13: "REFUND_TIME_INVALID", -14: "REFUND_AMOUNT_INVALID",
    -15: "REFUND_LOG_ERROR", -18: "TRANS_STATUS_INVALID", -23: "DUPLICATE_M_REFUND_ID",
    -24: "M_REFUND_ID_FORMAT_INVALID", -25: "M_REFUND_ID_DATE_INVALID", -26: "M_REFUND_ID_APP_INVALID",
    -29: "BANK_SYSTEM_MISSING", -31: "REFUND_OVER_TIME", -32: "PARTIAL_REFUND_NOT_SUPPORTED",
    -101: "REFUND_OR_TRANS_NOT_FOUND",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer, and how it leaves."""

    body: dict[str, object]
    wire: Wire = Wire.PLAIN
    wait_ms: int = 0


def order_answer(return_code: int, *, code: int = SUCCESS, zp_trans_id: int = 0) -> dict[str, object]:
    """An answer about an order: the standard four, whether it goes on, and the payment's number."""
    more = {"is_processing": return_code == PROCESSING, "zp_trans_id": zp_trans_id}
    return {**_standard(return_code, code, _OF_ORDERS), **more}


def create_answer(return_code: int, *, code: int = SUCCESS) -> dict[str, object]:
    """An answer to the creation of an order: the standard four only."""
    return _standard(return_code, code, _OF_ORDERS)


def refund_answer(return_code: int, *, code: int = SUCCESS) -> dict[str, object]:
    """An answer about a refund: the standard four only."""
    return _standard(return_code, code, _OF_REFUNDS)


def _standard(return_code: int, code: int, names: dict[int, str]) -> dict[str, object]:
    return {
        "return_code": return_code,
        "return_message": _MESSAGES[return_code],
        "sub_return_code": code,
        "sub_return_message": names.get(code, "UNKNOWN"),
    }
