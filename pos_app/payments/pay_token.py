"""The token that stands for a customer's wallet: whoever has it, and our keys, can charge that wallet.

Where it is kept sealed belongs to `customers`, what is sent with it to `gateways`.
"""

import hmac
import re

TOKEN_LENGTH_MAX = 512
_TOKEN = re.compile(r"[\x21-\x7b\x7d\x7e]+")
"""Printable ASCII without `|`, which parts the fields of a signed text."""


class PayToken:
    """A customer's `pay_token` (ZaloPay API: agreement): used for many payments, shown nowhere.

    `reveal` is for the request that carries it and for the sealed store, and for nothing else.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Keep the token.

        Raises:
            ValueError: it is not 1 to 512 printable ASCII characters, or has a `|`. The words do not repeat it.
        """
        if not _TOKEN.fullmatch(text) or len(text) > TOKEN_LENGTH_MAX:
            message = "a pay token is 1 to 512 printable ASCII characters without |"
            raise ValueError(message)
        self._text = text

    def reveal(self) -> str:
        """The token itself."""
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PayToken) and hmac.compare_digest(self._text, other._text)

    def __hash__(self) -> int:
        return hash(PayToken)  # equal for all, so that no trace of the token leaves

    def __repr__(self) -> str:
        return "PayToken(…)"

    def __reduce__(self) -> str:
        message = "a pay token is never copied or stored but by the sealed store"
        raise TypeError(message)
