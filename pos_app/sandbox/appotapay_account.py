"""AppotaPay's account of the demo shop: who may ask, and what is signed how.

Written from AppotaPay's documentation ("security", "payment", "POS").
"""

import base64
import binascii
import hashlib
import hmac
import json
import re

PARTNER_CODE = "APPOTAPAY"
API_KEY = "FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8"
SECRET = "XAonJgy14YhtePEITXhyBS2unjfJLAV3"  # noqa: S105 - see below
"""The account that AppotaPay's own pages print for everyone's tests, for the sandbox only."""
TERMINAL_ID = "TID-5094322012"

_JTI = re.compile(rf"{API_KEY}-[0-9]{{1,12}}")


def is_ours(header: str, *, now_ms: int) -> bool:
    """Whether the `X-APPOTAPAY-AUTH` header, with `Bearer` or without, holds a good token of the account."""
    token = header.removeprefix("Bearer ")
    try:
        head, claims, mark = token.split(".")
        told_head, told = _opened(head), _opened(claims)
    except ValueError:
        return False
    right = _url_base64(hmac.new(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest())
    return (
        hmac.compare_digest(right.encode(), mark.encode())
        and (told_head.get("alg"), told_head.get("typ")) == ("HS256", "JWT")
        and told_head.get("cty") == "appotapay-api;v=1"
        and (told.get("iss"), told.get("api_key")) == (PARTNER_CODE, API_KEY)
        and _JTI.fullmatch(str(told.get("jti"))) is not None
        and isinstance(end := told.get("exp"), int)
        and end * 1000 > now_ms
    )


def sign(members: dict[str, object], names: tuple[str, ...]) -> str:
    """The signature of v1: `name=value` of these members by name, joined by `&`; a missing one counts as empty."""
    pairs = [f"{name}={members.get(name, '')}" for name in sorted(names)]
    return sign_bytes("&".join(pairs).encode("utf-8", "surrogatepass"))


def sign_bytes(data: bytes) -> str:
    """Lower-case hex of HMAC-SHA256 with the secret."""
    return hmac.new(SECRET.encode(), data, hashlib.sha256).hexdigest()


def sealed_data(data: dict[str, object], time_s: int) -> dict[str, object]:
    """v2's form of telling a result: the data as base64 of JSON, its signature, and the time, which is not signed."""
    packed = base64.b64encode(json.dumps(data).encode()).decode()
    return {"data": packed, "signature": sign_bytes(packed.encode()), "time": time_s}


def is_signature(right: str, told: object) -> bool:
    """Whether a member or header is exactly this signature."""
    return isinstance(told, str) and hmac.compare_digest(right.encode(), told.encode("utf-8", "surrogatepass"))


def _opened(part: str) -> dict[str, object]:
    """The members of one part of a token; none when it is another kind of JSON.

    Raises:
        ValueError: it is no base64 of JSON.
    """
    try:
        members = json.loads(base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, RecursionError) as error:
        raise ValueError("no part of a token") from error
    return dict(members) if isinstance(members, dict) else {}


def _url_base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
