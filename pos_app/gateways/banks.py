"""The banks that an order can name, as a gateway lists them. Types only: whoever shows them needs no library for it."""

from dataclasses import dataclass

from pos_app.words import Text


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank, or another source of money, that an order can name.

    Attributes:
        code: what an order's `bank_code` names it by.
        name: for people.
        channel: ZaloPay's payment channel (`pmcid`): 36 cards, 37 bank account, 38 wallet, 39 domestic card.
        amount_min: the smallest order, in dong.
        amount_max: the largest order, in dong.
        display_order: small numbers come first.
    """

    code: str
    name: str
    channel: int
    amount_min: int
    amount_max: int
    display_order: int


class BankListError(Exception):
    """There is no list of banks that can be used.

    Attributes:
        fault: why, as a short fixed word: of `NotSentCause`, of `Reply.fault`, or "refused", "not_json", "wrong_list".
        code: what ZaloPay said instead (`returncode`), None when it said nothing that can be read.
    """

    title = Text("Chưa lấy được danh sách ngân hàng", "The list of banks did not come")
    advice = Text("Kiểm tra mạng rồi thử lại sau.", "Check the network and try again later.")

    def __init__(self, fault: str, code: int | None = None) -> None:
        super().__init__(fault if code is None else f"{fault} ({code})")
        self.fault = fault
        self.code = code
