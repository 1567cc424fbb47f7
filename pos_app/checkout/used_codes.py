"""The payment codes that were used here lately: a wallet's code works once, and a scanner may fire twice."""

from pos_app.checkout.refused import RefusedError
from pos_app.clock import Clock
from pos_app.payments.payment_code import PaymentCode
from pos_app.words import Text

SEEN_MS = 5 * 60_000
"""How long a code that was used is recognised again."""


class UsedCodes:
    """Knows them by fingerprints that mean nothing elsewhere.

    Args:
        clock: the monotonic clock.
        key: random bytes of this run.
    """

    def __init__(self, clock: Clock, key: bytes) -> None:
        self._clock, self._key = clock, key
        self._seen_at_ms: dict[bytes, int] = {}

    def use(self, code: PaymentCode) -> None:
        """It is used from now on.

        Raises:
            RefusedError: it was used before; it must not look like a second customer.
        """
        now = self._clock.monotonic_ms()
        self._seen_at_ms = {seen: at for seen, at in self._seen_at_ms.items() if now - at < SEEN_MS}
        fingerprint = code.fingerprint(self._key)
        if fingerprint in self._seen_at_ms:
            raise RefusedError(
                Text("Mã này vừa dùng rồi", "This code was just used"),
                Text("Mời khách đưa mã mới.", "Ask the customer for a new code."),
            )
        self._seen_at_ms[fingerprint] = now
