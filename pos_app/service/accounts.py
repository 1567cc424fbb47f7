"""Whose messages are listened to: our accounts at the gateways, with the keys that verify them. In memory only."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OldKey:
    """A key that was replaced, accepted for a while.

    Attributes:
        key: the key.
        counts: whether it still is.
    """

    key: str = field(repr=False)
    counts: Callable[[], bool] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.key:
            raise ValueError("an empty key signs for everybody")


def _accepted(keys: tuple[str, ...], old: OldKey | None) -> tuple[str, ...]:
    return (*keys, old.key) if old is not None and old.counts() else keys


@dataclass(frozen=True, slots=True)
class ZaloPayListener:
    """What verifies ZaloPay's messages.

    Attributes:
        app_ids: the apps that are ours.
        key2s: each key2 that is valid.
        old: the one before, None for none.
    """

    app_ids: frozenset[int]
    key2s: tuple[str, ...] = field(repr=False)
    old: OldKey | None = None

    def accepted(self) -> tuple[str, ...]:
        """Each key2 that verifies a message now."""
        return _accepted(self.key2s, self.old)

    def __post_init__(self) -> None:
        if not self.app_ids or not self.key2s or not all(self.key2s):
            raise ValueError("app_ids and key2s are needed")


@dataclass(frozen=True, slots=True)
class AppotaPayListener:
    """What verifies AppotaPay's messages.

    Attributes:
        partner_code: ours.
        secrets: each secret key that is valid.
        old: the one before, None for none.
    """

    partner_code: str
    secrets: tuple[str, ...] = field(repr=False)
    old: OldKey | None = None

    def accepted(self) -> tuple[str, ...]:
        """Each secret key that verifies a message now."""
        return _accepted(self.secrets, self.old)

    def __post_init__(self) -> None:
        if not self.partner_code or not self.secrets or not all(self.secrets):
            raise ValueError("partner_code and secrets are needed")


@dataclass(frozen=True, slots=True)
class Accounts:
    """The gateways that are listened to; of a gateway that is None, there are no addresses."""

    zalopay: ZaloPayListener | None = None
    appotapay: AppotaPayListener | None = None
