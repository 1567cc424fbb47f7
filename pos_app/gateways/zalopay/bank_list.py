"""The list of banks: asked for and read strictly. One call for v1 and v2, a form with v1's names.

Source: ZaloPay API, "list of banks".
"""

import re

from pos_app.gateways.banks import Bank, BankListError
from pos_app.gateways.strict_json import NotStrictJsonError, read_object
from pos_app.gateways.transport import Reply
from pos_app.gateways.zalopay.requests import Credentials, form
from pos_app.gateways.zalopay.signing import bank_list_mac

BANKS_PATH = "/api/getlistmerchantbanks"

_OK, _SUCCESS = 200, 1
_CHANNEL = re.compile(r"[0-9]{1,4}")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,20}")
_NAME_LENGTH_MAX = 100
_NUMBERS = range(2**63)


def banks_body(credentials: Credentials, reqtime_ms: int) -> bytes:
    """The body of `getlistmerchantbanks`; `reqtime_ms` is corrected wall clock."""
    mac = bank_list_mac(credentials.key1, credentials.app_id, reqtime_ms)
    return form({"appid": credentials.app_id, "reqtime": reqtime_ms, "mac": mac})


def read_banks(reply: Reply) -> tuple[Bank, ...]:
    """The banks in the order in which to show them.

    Raises:
        BankListError: no answer, a refusal, or a list in which anything is odd: then none of it is believed.
    """
    if reply.fault or reply.status != _OK:
        raise BankListError(reply.fault or f"http_{reply.status}")
    try:
        told = read_object(reply.body)
    except NotStrictJsonError:
        raise BankListError("not_json") from None
    code = told.get("returncode")
    if type(code) is not int:
        raise BankListError("wrong_list")
    if code != _SUCCESS:
        raise BankListError("refused", code)
    try:
        banks = _banks(told.get("banks"))
    except (KeyError, TypeError, ValueError):
        raise BankListError("wrong_list") from None
    return tuple(sorted(banks, key=lambda bank: (bank.display_order, bank.channel, bank.code)))


def _banks(by_channel: object) -> list[Bank]:
    if not isinstance(by_channel, dict):
        raise TypeError
    banks = [
        _bank(_channel(written), member) for written, listed in by_channel.items() for member in _list(listed)
    ]  # fmt: skip
    if len({(bank.channel, bank.code) for bank in banks}) != len(banks):
        raise ValueError
    return banks


def _list(listed: object) -> list[object]:
    if not isinstance(listed, list):
        raise TypeError
    return listed


def _channel(written: str) -> int:
    if not _CHANNEL.fullmatch(written):
        raise ValueError
    return int(written)


def _bank(channel: int, member: object) -> Bank:
    """One bank. Its own `pmcid` may be missing (one description misspells it), but not name another channel."""
    if not isinstance(member, dict):
        raise TypeError
    bank = Bank(
        code=_text(member["bankcode"]),
        name=_text(member["name"]),
        channel=_number(member.get("pmcid", channel)),
        amount_min=_number(member["minamount"]),
        amount_max=_number(member["maxamount"]),
        display_order=_number(member["displayorder"]),
    )
    named = bank.name.strip() and bank.name.isprintable() and len(bank.name) <= _NAME_LENGTH_MAX
    if not named or not _CODE.fullmatch(bank.code) or bank.channel != channel or bank.amount_min > bank.amount_max:
        raise ValueError
    return bank


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: object) -> int:
    if type(value) is not int or value not in _NUMBERS:
        raise TypeError
    return value
