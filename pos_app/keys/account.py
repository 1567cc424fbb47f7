"""An account at the gateways as a shop gets it: read from what was typed or pasted, each mistake in one plain sentence.

What is wrong is said without repeating it. Nothing here is stored or sent.
"""

from dataclasses import dataclass, field, replace
from typing import Any
from zlib import crc32

from pos_app.payments.environment import Environment
from pos_app.words import Text

KEY_LENGTH_MIN, KEY_LENGTH_MAX = 16, 128
_KEY_LENGTH_PROBABLE = 64
"""What is longer and stands where key1 belongs is a public key."""
_APP_ID_DIGITS_MAX = 9
_PUBLIC_TEST_APPS = {553, 554, 2553, 2554}
"""Apps whose keys ZaloPay prints for everybody (its developer pages)."""


@dataclass(frozen=True, slots=True)
class AppotaPayKeys:
    """What the shop got from AppotaPay; never shown. `terminal` is for its POS API alone."""

    partner_code: str
    api_key: str = field(repr=False)
    secret: str = field(repr=False)
    terminal: str = ""

    @property
    def number(self) -> int:
        """What payments keep of the account, to be told from those of another one."""
        return crc32(self.partner_code.encode()) & 0x7FFF_FFFF


@dataclass(frozen=True, slots=True)
class Account:
    """A shop's keys, found well-formed.

    Attributes:
        environment: LIVE or SANDBOX; the hosts follow from it and from nothing else.
        app_id: the shop's number at ZaloPay.
        key1: signs what we send.
        key2: verifies what ZaloPay sends us.
        public_key: encrypts payment codes; bare base64.
        appotapay: the account there, None for none.
    """

    environment: Environment
    app_id: int
    key1: str = field(repr=False)
    key2: str = field(repr=False)
    public_key: str = field(repr=False)
    appotapay: AppotaPayKeys | None = field(default=None, repr=False)

    def or_appotapay_of(self, before: "Account") -> "Account":
        """With the AppotaPay account of before, where none was entered: its keys are not lost by entering ZaloPay's."""
        return self if self.appotapay else replace(self, appotapay=before.appotapay)


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of an account as a person typed or pasted them."""

    environment: Environment
    app_id: str = ""
    key1: str = field(default="", repr=False)
    key2: str = field(default="", repr=False)
    public_key: str = field(default="", repr=False)
    partner_code: str = ""
    api_key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    terminal: str = ""


class AccountError(Exception):
    """What was typed is no account.

    Attributes:
        mistakes: by the name of the field in `Typed`.
        title, advice: the first of them, for those who show one.
    """

    title = Text("Khóa chưa đúng", "The keys are not right")

    def __init__(self, mistakes: dict[str, Text]) -> None:
        super().__init__(", ".join(mistakes))
        self.mistakes = mistakes
        self.advice = next(iter(mistakes.values()))


def account_of(typed: Typed) -> Account:
    """The account that was typed; blanks and line ends from pasting are stripped.

    Raises:
        AccountError: it is none.
        ValueError: the built-in gateway needs no keys.
    """
    if typed.environment is Environment.BUILT_IN:
        raise ValueError(typed.environment)
    if mistakes := find_mistakes(typed):
        raise AccountError(mistakes)
    from pos_app.gateways.zalopay.public_key import PublicKey  # noqa: PLC0415 - dear to import

    appotapay = None
    if any(_appotapay_fields(typed).values()):
        appotapay = AppotaPayKeys(
            _bare(typed.partner_code), _bare(typed.api_key), _bare(typed.secret), _bare(typed.terminal)
        )
    return Account(
        typed.environment,
        int(_bare(typed.app_id)),
        _bare(typed.key1),
        _bare(typed.key2),
        PublicKey(typed.public_key).text,
        appotapay,
    )


def find_mistakes(typed: Typed) -> dict[str, Text]:
    """What is wrong, by field, in the order in which they are typed; empty when all is well-formed."""
    found = {
        "app_id": _wrong_app_id(typed),
        "key1": _wrong_key(typed.key1, "key1"),
        "key2": _wrong_key(typed.key2, "key2"),
        "public_key": _wrong_public_key(typed.public_key),
        **_wrong_appotapay(typed),
    }
    if found["key1"] is None and _bare(typed.key1) == _bare(typed.key2):
        found["key2"] = _TWICE
    return {name: mistake for name, mistake in found.items() if mistake is not None}


_NO_APP_ID = Text("app_id là số ZaloPay cấp, chỉ gồm chữ số.", "app_id is the number from ZaloPay, digits only.")
_TEST_APP = Text(
    "app_id này là của tài khoản thử công khai, không dùng để thu tiền thật.",
    "This app_id is ZaloPay's public test account: no real money can be taken with it.",
)
_MISSING = Text("Chưa nhập {name}.", "{name} is missing.")
_TWICE = Text(
    "key2 giống hệt key1: một khóa đã dán hai lần.", "key2 is the same as key1: one of them was pasted twice."
)
_PUBLIC_AS_KEY = Text("Đây là khóa công khai, không phải {name}.", "This is a public key, not {name}.")
_CUT = Text(
    "{name} có {n} ký tự, cần ít nhất {least}: có lẽ bị cắt khi dán.",
    "{name} has {n} characters and needs at least {least}: it was probably cut when pasted.",
)
_ODD = Text("{name} có ký tự lạ ở giữa: dán lại cho đúng.", "{name} has odd characters in it: paste it again.")
_PRIVATE = Text(
    "Đây là khóa riêng. Cần khóa công khai của ZaloPay (RSA public key).",
    "This is a private key. ZaloPay's public key (RSA) is needed.",
)
_SMALL = Text("Khóa công khai quá ngắn (dưới 512 bit).", "The public key is too short (under 512 bits).")
_NO_PUBLIC = Text(
    "Không đọc được khóa công khai: dán đủ từ BEGIN đến END, hoặc cả dòng base64.",
    "The public key cannot be read: paste all of it, from BEGIN to END, or the whole line of base64.",
)


def _wrong_app_id(typed: Typed) -> Text | None:
    text = _bare(typed.app_id)
    if not (text.isascii() and text.isdigit() and len(text) <= _APP_ID_DIGITS_MAX and int(text) > 0):
        return _NO_APP_ID
    return _TEST_APP if typed.environment is Environment.LIVE and int(text) in _PUBLIC_TEST_APPS else None


def _wrong_key(typed: str, name: str) -> Text | None:
    key = _bare(typed)
    if not key:
        return _MISSING.fill(name=name)
    if "BEGIN" in key or len(key) > _KEY_LENGTH_PROBABLE:
        return _PUBLIC_AS_KEY.fill(name=name)
    if not _is_word(key):
        return _ODD.fill(name=name)
    return _CUT.fill(name=name, n=len(key), least=KEY_LENGTH_MIN) if len(key) < KEY_LENGTH_MIN else None


def _wrong_public_key(typed: str) -> Text | None:
    from pos_app.gateways.zalopay.public_key import (  # noqa: PLC0415 - dear to import
        PrivateKeyError,
        PublicKey,
        PublicKeyError,
        SmallKeyError,
    )

    if not typed.strip():
        return _MISSING.fill(name="public key")
    try:
        PublicKey(typed)
    except PrivateKeyError:
        return _PRIVATE
    except SmallKeyError:
        return _SMALL
    except PublicKeyError:
        return _NO_PUBLIC
    return None


def _appotapay_fields(typed: Typed) -> dict[str, str]:
    return {name: _bare(getattr(typed, name)) for name in ("partner_code", "api_key", "secret", "terminal")}


def _wrong_appotapay(typed: Typed) -> dict[str, Text | None]:
    """Nothing is fine, half of it is not."""
    fields = _appotapay_fields(typed)
    if not any(fields.values()):
        return {}
    return {name: _wrong_word(text, name) for name, text in fields.items() if text or name != "terminal"}


def _wrong_word(text: str, name: str) -> Text | None:
    if not text:
        return _MISSING.fill(name=f"AppotaPay {name}")
    return None if _is_word(text) and len(text) <= KEY_LENGTH_MAX else _ODD.fill(name=f"AppotaPay {name}")


def _bare(typed: str) -> str:
    """Without what pasting leaves around it: blanks, line ends, a byte order mark, marks that cannot be seen."""
    return typed.strip().strip("\ufeff\u200b\u00a0 \t\r\n")


def _is_word(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def account_json(account: Account) -> dict[str, Any]:
    """The account as it is sealed. It holds the keys: for the sealed store only."""
    other = account.appotapay
    return {
        "environment": account.environment.value, "app_id": account.app_id, "key1": account.key1,
        "key2": account.key2, "public_key": account.public_key,
        "appotapay": None if other is None else [other.partner_code, other.api_key, other.secret, other.terminal],
    }  # fmt: skip


def account_from(found: dict[str, Any]) -> Account:
    """What `account_json` wrote.

    Raises:
        ValueError, KeyError, TypeError: it is something else.
    """
    other = found["appotapay"]
    return Account(
        Environment(found["environment"]), int(found["app_id"]), str(found["key1"]), str(found["key2"]),
        str(found["public_key"]), None if other is None else AppotaPayKeys(*(str(one) for one in other)),
    )  # fmt: skip
