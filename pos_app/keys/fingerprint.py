"""Short marks by which people tell keys apart, on screens, in the journal and on the phone. No key comes back from one.

A public key is marked by the first 64 bits of its SHA-256 (over the SubjectPublicKeyInfo), as ZaloPay's side can
compute it too. A secret is marked by the first 32 bits of a SHA-256 over its name, the account and itself, without a
salt: so the same key has the same mark at every till of a shop, which is what they are compared for. That gives nothing
away, since a gateway's key has well over a hundred random bits: nobody can go through them, and billions share a mark.
A PIN or a passphrase must never be marked like this.
"""

import hashlib

from pos_app.keys.account import Account
from pos_app.keys.held import Held

_SECRET_DIGITS = 8
_GROUP = 4


def public_mark(account: Account) -> str:
    """Of the public key: four groups of four hex digits."""
    from pos_app.gateways.zalopay.public_key import PublicKey  # noqa: PLC0415 - dear to import

    return _grouped(PublicKey(account.public_key).fingerprint)


def marks(account: Account) -> dict[str, str]:
    """Of every key, by its name."""
    found = {
        "key1": _secret_mark("key1", str(account.app_id), account.key1),
        "key2": _secret_mark("key2", str(account.app_id), account.key2),
        "public_key": public_mark(account),
    }
    if (other := account.appotapay) is not None:
        found["api_key"] = _secret_mark("api_key", other.partner_code, other.api_key)
        found["secret"] = _secret_mark("secret", other.partner_code, other.secret)
    return found


def summary(held: Held) -> str:
    """All that is held, in one line: equal when and only when the same is held. This is what the journal keeps."""
    account = held.account
    parts = [account.environment.value, f"app_id {account.app_id}", *_marked(account)]
    if account.appotapay is not None:
        parts.append(f"AppotaPay {account.appotapay.partner_code} {account.appotapay.terminal}".rstrip())
    if held.old is not None:
        parts += [f"old {one}" for one in _marked(held.old)]
        parts.append(f"until {held.old_until_ms}")
    return ", ".join(parts)


def _marked(account: Account) -> list[str]:
    return [f"{name} {mark}" for name, mark in marks(account).items()]


def _secret_mark(name: str, whose: str, secret: str) -> str:
    digits = hashlib.sha256(f"pos-app {name}\n{whose}\n{secret}".encode()).hexdigest()[:_SECRET_DIGITS]
    return _grouped(digits)


def _grouped(digits: str) -> str:
    return "-".join(digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP))
