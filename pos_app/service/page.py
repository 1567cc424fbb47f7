"""The page of a customer who comes back from a gateway: one HTML text without anything from elsewhere.

It shows the state that the gateway told the till. Vietnamese first, English beneath; light or dark as the phone is.
"""

import base64
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from pos_app.money import with_sign
from pos_app.words import Text


class PageState(StrEnum):
    """How an order is, by the gateway's own word."""

    PAID = "paid"
    NOT_PAID = "not_paid"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the till knows of an order.

    Attributes:
        state: NOT_KNOWN too when it is no order of this till.
        amount: dong, None when it is not known.
    """

    state: PageState
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class _Face:
    """How a state looks: its colours by name, its sign, its words."""

    look: str
    sign: str
    title: Text
    advice: Text


_FACES = {
    PageState.PAID: _Face(
        "paid",
        "M4 12.8l5.2 5.2L20 6.8",
        Text("Đã thanh toán", "Paid"),
        Text("Cảm ơn quý khách!", "Thank you!"),
    ),
    PageState.NOT_PAID: _Face(
        "declined",
        "M6 6l12 12M18 6L6 18",
        Text("Chưa thanh toán", "Not paid"),
        Text("Quý khách hỏi thu\u00a0ngân để thanh\u00a0toán\u00a0lại.", "Ask the cashier to pay again."),
    ),
    PageState.NOT_KNOWN: _Face(
        "unknown",
        "M6 3h12M6 21h12M8 3v4.5L12 12l4-4.5V3M8 21v-4.5L12 12l4 4.5V21",
        Text("Chưa rõ kết quả", "Not known yet"),
        Text(
            "Quý khách ĐỪNG thanh\u00a0toán\u00a0lại, hãy chờ thu\u00a0ngân.", "Do NOT pay again. Wait for the cashier."
        ),
    ),
}
_NOTHING = _Face(
    "neutral",
    "M4 4.5h16v12h-9l-4.5 4v-4H4z",
    Text("Hãy hỏi thu\u00a0ngân", "Ask the cashier"),
    Text("Địa chỉ này không cho biết gì về thanh\u00a0toán.", "This address tells nothing about a payment."),
)
_AMOUNT, _ORDER, _AGAIN = Text("Số tiền", "Amount"), Text("Mã đơn", "Order ID"), Text("Xem lại", "Look again")

_STYLE = """
:root{color-scheme:light dark;--bg:#ECEFF2;--surface:#FFF;--line:#D6DBE2;--text:#141A22;--text2:#4C5665;
--green:#0B7544;--amber:#F4B42C;--onAmber:#2A1C00;--amberSoft:#FFF4DB;--amberText:#855000;--red:#B91C2B;
--redSoft:#FDEBEC;--redText:#A81826;--accent:#2347C5;--onAccent:#FFF;--accentSoft:#E7ECFC}
@media(prefers-color-scheme:dark){:root{--bg:#0F1318;--surface:#181E26;--line:#333D4A;--text:#F2F5F9;--text2:#B4BECB;
--green:#0D7445;--amberSoft:#35290F;--amberText:#F7C456;--red:#D23845;--redSoft:#3B1B1F;--redText:#FF979C;
--accent:#8FA7FF;--onAccent:#0B1231;--accentSoft:#232E55}}
*{box-sizing:border-box;margin:0}
html{-webkit-text-size-adjust:100%}
body{background:var(--bg);color:var(--text);font:400 17px/1.5 "Be Vietnam Pro",system-ui,-apple-system,"Segoe UI",
Roboto,"Noto Sans",sans-serif;min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;
align-items:center;justify-content:center;gap:16px;padding:16px}
main{width:100%;max-width:440px;background:var(--surface);border:2px solid var(--line);border-radius:16px;
overflow:hidden}
.state{padding:40px 24px 32px;text-align:center}
.disc{width:112px;height:112px;margin:0 auto 24px;border-radius:50%;display:grid;place-items:center}
svg{width:72px;height:72px;fill:none;stroke:currentColor;stroke-width:2.6;stroke-linecap:round;stroke-linejoin:round}
h1{font-size:32px;line-height:1.3;font-weight:700;text-wrap:balance}
.en{font-size:.82em;font-weight:400;display:block}
h1 .en{font-size:20px;margin-top:2px}
.advice .en{font-size:15px}
.advice{margin-top:20px;font-size:18px;text-wrap:balance}
.paid .state{background:var(--green);color:#FFF}
.paid .disc{background:#FFF;color:var(--green)}
.declined{border-color:var(--red)}
.declined .state{background:var(--redSoft)}
.declined .disc{background:var(--red);color:#FFF}
.declined h1{color:var(--redText)}
.unknown{border-color:var(--amber)}
.unknown .state{background:var(--amberSoft)}
.unknown .disc{background:var(--amber);color:var(--onAmber)}
.unknown h1{color:var(--amberText)}
.neutral .disc{background:var(--accentSoft);color:var(--accent)}
.state .en{opacity:.9}
dl{padding:8px 24px}
dl div{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:4px 16px;padding:12px 0}
dl div+div{border-top:1px solid var(--line)}
dt{color:var(--text2);font-size:15px;line-height:1.3;white-space:nowrap}
dt .en{font-size:13px}
dd{margin-left:auto;text-align:right;font-weight:600;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.amount{font-size:26px;line-height:1.3;white-space:nowrap}
.again{padding:8px 24px 24px}
a{display:block;min-height:56px;padding:14px;border-radius:12px;background:var(--accent);color:var(--onAccent);
text-align:center;text-decoration:none;font-weight:600}
a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
a .en{display:inline}
footer{color:var(--text2);font-size:15px;text-align:center;overflow-wrap:anywhere;max-width:440px}
@media(max-width:360px){h1{font-size:28px}.amount{font-size:22px}}
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
PAGE_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Content-Language": "vi, en",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def page(app_trans_id: str, facts: PageFacts, store: str) -> str:
    """How the order is.

    Args:
        app_trans_id: of a redirect that was rightly signed.
        facts: the gateway's word.
        store: the shop's name, "" for none.
    """
    rows = [(_ORDER, "order", app_trans_id)]
    if facts.amount is not None:
        rows.insert(0, (_AMOUNT, "amount", with_sign(facts.amount)))
    listed = "".join(
        f'<div><dt>{_both(name)}</dt><dd class="{kind}">{escape(value)}</dd></div>' for name, kind, value in rows
    )
    again = f'<p class="again"><a href="">{_inline(_AGAIN)}</a></p>' if facts.state is PageState.NOT_KNOWN else ""
    return _html(_FACES[facts.state], f"<dl>{listed}</dl>{again}", store)


def page_about_nothing() -> str:
    """What anybody sees whose address is not rightly signed: no order, no shop, no state."""
    return _html(_NOTHING, "", "")


def _html(face: _Face, rest: str, store: str) -> str:
    foot = f"<footer>{escape(store)}</footer>" if store else ""
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{face.title.vi}</title><style>{_STYLE}</style></head><body>"
        f'<main class="{face.look}"><div class="state"><div class="disc" aria-hidden="true">'
        f'<svg viewBox="0 0 24 24"><path d="{face.sign}"/></svg></div>'
        f'<h1>{_both(face.title)}</h1><p class="advice">{_both(face.advice)}</p></div>{rest}</main>{foot}</body></html>'
    )


def _both(text: Text) -> str:
    """Vietnamese, English beneath."""
    return f'{text.vi}<span class="en" lang="en">{text.en}</span>'


def _inline(text: Text) -> str:
    return f'{text.vi} · <span class="en" lang="en">{text.en}</span>'
