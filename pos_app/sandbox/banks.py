"""The banks of the demo gateway: those whose form an order can open with, as the list of banks tells them."""

from pos_app.sandbox.answers import SUCCESS

_CARD, _ACCOUNT, _WALLET, _ATM = 36, 37, 38, 39
_MIN, _MAX = 10_000, 500_000_000
_BANKS = (
    (_CARD, "CC", "Visa, Mastercard, JCB"), (_ACCOUNT, "BIDV", "BIDV"), (_ACCOUNT, "VCB", "Vietcombank"),
    (_ACCOUNT, "VTB", "VietinBank"), (_WALLET, "zalopayapp", "ZaloPay"), (_ATM, "ACB", "ACB"), (_ATM, "MB", "MB"),
    (_ATM, "SCB", "Sacombank"), (_ATM, "TPB", "TPBank"), (_ATM, "VARB", "Agribank"), (_ATM, "VPB", "VPBank"),
)  # fmt: skip

BANK_CODES = frozenset(code for _, code, _ in _BANKS)


def bank_list() -> dict[str, object]:
    """The right answer to `getlistmerchantbanks`, in v1's names: banks by payment channel."""
    banks: dict[str, list[dict[str, object]]] = {}
    for order, (pmcid, code, name) in enumerate(_BANKS, start=1):
        banks.setdefault(str(pmcid), []).append({
            "bankcode": code, "name": name, "displayorder": order, "pmcid": pmcid, "minamount": _MIN,
            "maxamount": _MAX,
        })  # fmt: skip
    return {"returncode": SUCCESS, "returnmessage": "Thành công", "banks": banks}
