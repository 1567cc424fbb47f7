"""Order ids and slip numbers: readable, dated in Vietnam, and never given twice.

`261122_02-000148-k7qx`: the Vietnamese day that ZaloPay asks for, the till, the journal's running number, and the
journal's epoch, a random part made with the journal. Running numbers never repeat within an epoch; a restored or
cloned journal takes a new one.
"""

import re

from pos_app.vietnam_day import yymmdd

ORDER_ID_LENGTH_MAX = 40
EPOCH_LENGTH = 4
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_TILL = re.compile(r"[A-Za-z0-9]{1,8}")
_ORDER = re.compile(rf"[0-9]{{6}}_[A-Za-z0-9]{{1,8}}-[0-9]{{6,}}-([{_ALPHABET}]{{4}})")
_SLIP = re.compile(r"[A-Za-z0-9]{1,8}-([0-9]{6,})")


def epoch_from(entropy: bytes) -> str:
    """The random part of a journal's order ids, from at least four random bytes.

    Raises:
        ValueError: fewer bytes.
    """
    if len(entropy) < EPOCH_LENGTH:
        message = "an epoch needs four random bytes"
        raise ValueError(message)
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in entropy[:EPOCH_LENGTH])


def slip_number(till: str, running: int) -> str:
    """`02-000148`: the number printed on the slip."""
    return f"{till}-{running:06d}"


def order_number(app_time_ms: int, till: str, running: int, epoch: str) -> str:
    """The `app_trans_id` of an attempt.

    Args:
        app_time_ms: the same instant that is sent as `app_time`, so that day and time cannot disagree at midnight.
        till: the till's id, 1 to 8 letters or digits.
        running: the journal's running number of this attempt.
        epoch: the journal's random part.

    Raises:
        ValueError: a till id that cannot stand in an order id.
    """
    if not _TILL.fullmatch(till):
        message = "a till id is 1 to 8 letters or digits"
        raise ValueError(message)
    number = f"{yymmdd(app_time_ms)}_{slip_number(till, running)}-{epoch}"
    if len(number) > ORDER_ID_LENGTH_MAX:
        message = "the order id is longer than 40 characters"
        raise ValueError(message)
    return number


def running_of(slip_number: str) -> int:
    """The running number in a slip number.

    Raises:
        ValueError: not a slip number.
    """
    found = _SLIP.fullmatch(slip_number)
    if found is None:
        message = "not a slip number"
        raise ValueError(message)
    return int(found[1])


def epoch_of(app_trans_id: str) -> str:
    """The journal's random part in an order id.

    Raises:
        ValueError: not an order id of ours.
    """
    found = _ORDER.fullmatch(app_trans_id)
    if found is None:
        message = "not an order id of a till"
        raise ValueError(message)
    return found[1]
