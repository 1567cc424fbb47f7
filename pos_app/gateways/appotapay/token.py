"""The token that every request to AppotaPay carries: a JWT (RFC 7519), signed afresh each time with HS256.

Made by hand: one algorithm, one direction. Tokens of others are never read here.
"""

import base64
import hmac
import json
from collections.abc import Mapping

HEADER = "X-APPOTAPAY-AUTH"
LIFE_S = 300
"""How long a token is good; AppotaPay's pages give no limit, its own samples take five minutes."""


def sign_token(partner_code: str, api_key: str, secret: str, *, now_s: int, life_s: int = LIFE_S) -> str:
    """The token of one request (AppotaPay API: "security").

    Args:
        partner_code: who asks.
        api_key: which key signs.
        secret: that key, taken as text.
        now_s: seconds since 1970 by AppotaPay's clock.
        life_s: for how many seconds it is good.
    """
    head = {"typ": "JWT", "alg": "HS256", "cty": "appotapay-api;v=1"}
    claims: dict[str, str | int] = {
        "iss": partner_code,
        "jti": f"{api_key}-{now_s}",
        "api_key": api_key,
        "exp": now_s + life_s,
    }
    signed = f"{_part(head)}.{_part(claims)}"
    return f"{signed}.{_base64(hmac.digest(secret.encode(), signed.encode(), 'sha256'))}"


def _part(members: Mapping[str, str | int]) -> str:
    return _base64(json.dumps(members, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
