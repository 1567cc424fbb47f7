"""AppotaPay's signatures: lower-case hex of HMAC-SHA256 with the secret, over fields (v1) or a body as it is (POS)."""

import hmac
from collections.abc import Mapping


def signed_text(fields: Mapping[str, str | int]) -> str:
    """What v1 signs: `key=value`, sorted by key, joined by `&`; values as they are, an empty one as `key=`."""
    return "&".join(f"{name}={fields[name]}" for name in sorted(fields))


def signature(secret: str, fields: Mapping[str, str | int]) -> str:
    """The `signature` of a v1 message with these fields."""
    return body_signature(secret, signed_text(fields).encode("utf-8", "surrogatepass"))


def body_signature(secret: str, body: bytes) -> str:
    """The `X-Signature` of a body of the POS API; also how v2 signs the `data` of its notifications."""
    return hmac.new(secret.encode(), body, "sha256").hexdigest()


def same_signature(expected: str, received: str) -> bool:
    """Compare in constant time; anything but the exact lower-case hex is different."""
    return hmac.compare_digest(expected.encode(), received.encode("utf-8", "surrogatepass"))
