"""AppotaPay's page, on the phone's server: the demo customer pays or refuses there, and goes back to the shop."""

import html
import string
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode

from pos_app.sandbox.appotapay_orders import Book, Order
from pos_app.sandbox.wire import Request, Response

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
_PAGE = string.Template("""<!doctype html>
<html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>AppotaPay – dùng thử</title>
<style>body{font:18px system-ui;max-width:24em;margin:2em auto;padding:0 1em}button{font:inherit;padding:.6em 1.4em}
b{font-size:1.6em}</style>
<p>AppotaPay – DÙNG THỬ, không có tiền thật</p><p>$info</p><p><b>$amount ₫</b></p>
$then</html>
""")
_ASKS = string.Template("""<form method="post" action="$action">
<button id="pay" name="choice" value="pay">Thanh toán</button>
<button id="refuse" name="choice" value="refuse">Hủy</button></form>
""")
_TELLS = string.Template("""<p id="result">$said</p><p><a href="$back">Về trang của tiệm</a></p>
""")
_SAID = {0: "Đã thanh toán", 35: "Đang xử lý"}


class Page:
    """Answers what the page asks, below one path. `told_of` makes what the way back to the shop says of an order."""

    def __init__(self, book: Book, told_of: Callable[[Order], dict[str, object]]) -> None:
        self._book = book
        self._told_of = told_of

    def answer(self, request: Request) -> Response:
        """The page of the order that the address names, or what came of a choice on it."""
        order = self._book.on_page(parse_qs(request.url.query).get("tran", [""])[0])
        if order is None:
            return _response("<!doctype html><title>404</title><p>Không có đơn này", status=404)
        if request.method == "POST":
            choice = parse_qs(request.body.decode("ascii", "replace")).get("choice", [""])[0]
            if choice in ("pay", "refuse"):
                (self._book.pay if choice == "pay" else self._book.refuse)(order)
            return self._shown(order, asks=False)
        return self._shown(order, asks=order.ended_ms == 0)

    def way_back(self, order: Order) -> str:
        """The shop's address with the result in its query."""
        where = order.bill.redirect_url
        return f"{where}{'&' if '?' in where else '?'}{urlencode(self._told_of(order))}"

    def _shown(self, order: Order, *, asks: bool) -> Response:
        if asks:
            then = _ASKS.substitute(action=html.escape(f"?tran={order.token}"))
        else:
            said = _SAID.get(order.code, "Không thanh toán")
            then = _TELLS.substitute(said=said, back=html.escape(self.way_back(order)))
        amount = f"{order.bill.amount:,}".replace(",", ".")
        return _response(_PAGE.substitute(info=html.escape(order.bill.info), amount=amount, then=then))


def _response(page: str, *, status: int = 200) -> Response:
    return Response(page.encode(), "text/html; charset=utf-8", status, (("Content-Security-Policy", _POLICY),))
