"""Which codes were in view a moment ago, so that one code held to the camera is reported once. Keeps no code."""

import hashlib
import secrets

OUT_OF_VIEW_NS = 1_500_000_000
"""A code counts as gone when it was not read for this long: a hand trembles, a single frame misses."""


class SeenCodes:
    """Remembers keyed hashes of codes; the key lives and dies with this object, so a hash tells nobody anything."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._last_seen: dict[bytes, int] = {}
        self._came_ns: int | None = None

    def is_new(self, text: str, *, now_ns: int) -> bool:
        """Whether `text` comes into view at `now_ns` (monotonic), and note that it is in view.

        One that is in view already counts as new again beside one that comes, where that was asked first for the same
        picture: whoever is told of the one must know of the other.
        """
        self._last_seen = {code: at for code, at in self._last_seen.items() if now_ns - at < OUT_OF_VIEW_NS}
        code = hashlib.blake2b(text.encode(), key=self._key, digest_size=16).digest()
        new = code not in self._last_seen
        self._last_seen[code] = now_ns
        if new:
            self._came_ns = now_ns
        return self._came_ns == now_ns

    def still_in_view(self, *, now_ns: int) -> None:
        """Nobody looked until `now_ns`: what was in view before counts as in view until now."""
        self._last_seen = dict.fromkeys(self._last_seen, now_ns)

    def forget(self) -> None:
        """Report every code anew."""
        self._last_seen, self._came_ns = {}, None
