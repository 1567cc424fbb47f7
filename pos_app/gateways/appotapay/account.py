"""What a shop has at AppotaPay: its keys, and the addresses that AppotaPay wants named with each order."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

URL_LENGTH_MAX = 100
"""Of `notifyUrl` and `redirectUrl`; AppotaPay's pages name 100 and 500, so the shorter one holds."""
_TERMINAL_LENGTH_MAX = 20


@dataclass(frozen=True, slots=True)
class AppotaPayAccount:
    """What the shop got from AppotaPay, and what it says of itself.

    Attributes:
        partner_code: the shop's name there.
        api_key: names the key; in memory only.
        secret: signs everything; in memory only.
        notify_url: where AppotaPay tells the shop's own server of payments. AppotaPay takes no order without one: a
            shop without such a server gives an address of its choosing. The till asks all the same.
        redirect_url: where the payment page leads to when it is done; needed in the same way.
        client_ip: the address that counts as the payer's.
        bearer: whether the token is sent with `Bearer` before it; None for what the version's own pages show.
        terminal_id: the terminal that AppotaPay gave the shop (POS API only).
    """

    partner_code: str
    api_key: str = field(repr=False)
    secret: str = field(repr=False)
    notify_url: str
    redirect_url: str
    client_ip: str = "127.0.0.1"
    bearer: bool | None = None
    terminal_id: str = ""

    def __post_init__(self) -> None:
        if not all(_is_word(text) for text in (self.partner_code, self.api_key, self.secret)):
            raise ValueError("partner code, API key and secret are needed, in plain letters without blanks")
        if not _is_url(self.notify_url) or not _is_url(self.redirect_url):
            raise ValueError("notify_url and redirect_url are web addresses of at most 100 characters")
        if self.terminal_id and (not _is_word(self.terminal_id) or len(self.terminal_id) > _TERMINAL_LENGTH_MAX):
            raise ValueError("a terminal id has at most 20 plain characters")
        ip_address(self.client_ip)


def _is_word(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return _is_word(text) and len(text) <= URL_LENGTH_MAX and parts.scheme in ("http", "https") and bool(parts.hostname)
