"""The keys that a till holds: an account, and for a while after a rotation the keys that it had before."""

import json
from dataclasses import dataclass, replace

from pos_app.keys.account import Account, account_from, account_json
from pos_app.keys.errors import KeysDamagedError, NoKeysError, OtherAccountError
from pos_app.keys.keystore import Keystore

_NAME = "account"


@dataclass(frozen=True, slots=True)
class Held:
    """What the keystore holds of the gateways.

    Attributes:
        account: signs everything that is sent.
        old: the keys before; until they are dropped, what is signed with them is believed too, and a question that
            the new ones cannot ask is asked with them. Never anything that moves money.
        old_until_ms: wall clock from which on they count no more, whether they were dropped or not.
    """

    account: Account
    old: Account | None = None
    old_until_ms: int = 0

    def rotated(self, account: Account, until_ms: int) -> "Held":
        """The same account with new keys; those of now are the old ones.

        Raises:
            OtherAccountError: another app id, environment or AppotaPay partner.
        """
        now, new = self.account, account.or_appotapay_of(self.account)
        if (new.app_id, new.environment) != (now.app_id, now.environment) or _other_partner(now, new):
            raise OtherAccountError
        return Held(new, now, until_ms)

    def without_old(self) -> "Held":
        """Only the new keys."""
        return replace(self, old=None, old_until_ms=0)


def _other_partner(now: Account, new: Account) -> bool:
    """Whether both have an account at AppotaPay, and not the same."""
    before, after = now.appotapay, new.appotapay
    return bool(before and after and before.partner_code != after.partner_code)


def held_in(keystore: Keystore) -> Held:
    """What is held.

    Raises:
        NoKeysError: no account.
        KeysDamagedError: none that can be read.
    """
    kept = keystore.get(_NAME)
    if kept is None:
        raise NoKeysError
    try:
        found = json.loads(kept)
        old = account_from(found["old"]) if found["old"] else None
        return Held(account_from(found["account"]), old, int(found["old_until_ms"]))
    except (ValueError, KeyError, TypeError):
        pass
    raise KeysDamagedError  # outside of the handler: an error of the parser holds what it read


def secrets_of(held: Held) -> dict[str, str]:
    """What the keystore is given."""
    old = account_json(held.old) if held.old else None
    told = {"account": account_json(held.account), "old": old, "old_until_ms": held.old_until_ms}
    return {_NAME: json.dumps(told, sort_keys=True)}
