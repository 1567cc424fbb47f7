"""The phone's page: what it shows, as JSON and pictures, and what a tap does."""

import json
from collections.abc import Callable
from functools import partial

from pos_app.resources import resource
from pos_app.sandbox.appotapay import AppotaPay
from pos_app.sandbox.customer import CODE_LIFE_MS, Customer, Question, WalletCode
from pos_app.sandbox.orders import OrderState
from pos_app.sandbox.refunds import RefundState
from pos_app.sandbox.wire import Request, Response, json_response
from pos_app.sandbox.zalopay import ZaloPay

TOP_UP = 10_000_000
_HISTORY_MAX = 20
_QR_QUIET, _BAR_QUIET, _BAR_HEIGHT = 4, 10, 40
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; connect-src 'self'"


class Phone:
    """Answers what the page asks, below one path. A bank's app and a browser are on the phone too, for AppotaPay's."""

    def __init__(self, customer: Customer, gateway: ZaloPay, appotapay: AppotaPay) -> None:
        self._customer = customer
        self._gateway = gateway
        self._appotapay = appotapay
        self._routes: dict[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", ""): self._page,
            ("GET", "/"): self._page,
            ("GET", "/code"): self._code,
            ("GET", "/card"): self._card,
            ("GET", "/wallet"): self._wallet,
            ("POST", "/confirm"): self._confirm,
            ("POST", "/decline"): self._decline,
            ("POST", "/confirm_binding"): lambda request: self._answered_binding(request, confirmed=True),
            ("POST", "/decline_binding"): lambda request: self._answered_binding(request, confirmed=False),
            ("POST", "/open_order"): self._open_order,
            ("POST", "/top_up"): self._top_up,
            ("POST", "/asks_first"): self._asks_first,
        }

    def answer(self, path: str, request: Request) -> Response:
        """The answer to a request for `path` below the phone's own."""
        route = self._routes.get((request.method, path))
        return route(request) if route else json_response({"error": "not found"}, status=404)

    def _page(self, _request: Request) -> Response:
        page = resource("phone", "phone.html").read_bytes()
        return Response(page, "text/html; charset=utf-8", headers=(("Content-Security-Policy", _POLICY),))

    def _code(self, _request: Request) -> Response:
        return json_response(_as_json(self._customer.new_code()))

    def _card(self, _request: Request) -> Response:
        code = self._customer.new_code()
        pictures = {"qr": qr_svg(code.text), "barcode": code128_svg(code.text)}
        return json_response({**_as_json(code), "life_ms": CODE_LIFE_MS, **pictures})

    def _wallet(self, _request: Request) -> Response:
        history = self._history()  # first, since looking lets happen what is due
        return json_response({
            "balance": self._customer.balance,
            "asks_first": self._customer.asks_first,
            "spent": self._customer.spent,
            "waiting": [
                {"app_trans_id": asked.app_trans_id, "amount": asked.amount, "description": asked.description}
                for asked in self._questions()
            ],
            "bindings": [
                {"app_trans_id": wish.asked.app_trans_id, "identifier": wish.asked.identifier,
                 "max_amount": wish.asked.max_amount}
                for wish in self._gateway.wishes_to_bind()
            ],
            "history": history,
        })  # fmt: skip

    def _history(self) -> list[dict[str, object]]:
        """What happened to the wallet, newest first: payments that ended, and money that came back."""
        shown = {OrderState.PAID, OrderState.FAILED, OrderState.CANCELLED}
        rows: list[tuple[int, dict[str, object]]] = [
            (order.ended_ms, {"amount": order.paid or order.amount, "state": order.state.value,
                              "ended_ms": order.ended_ms, "description": order.description,
                              "zp_trans_id": order.zp_trans_id})
            for order in self._gateway.orders() if order.state in shown
        ]  # fmt: skip
        rows += [
            (refund.ended_ms, {"amount": refund.asked.amount - refund.asked.fee, "state": refund.state.value,
                               "ended_ms": refund.ended_ms, "description": refund.asked.description,
                               "zp_trans_id": refund.refund_id})
            for _, refund in self._gateway.refunds() if refund.state is RefundState.REFUNDED
        ]  # fmt: skip
        rows.sort(key=lambda row: row[0], reverse=True)
        return [row for _, row in rows[:_HISTORY_MAX]]

    def _questions(self) -> list[Question]:
        return [*self._customer.questions(), *self._appotapay.questions()]

    def _confirm(self, request: Request) -> Response:
        return self._answered_order(request, self._customer.confirm, self._appotapay.pay_order)

    def _decline(self, request: Request) -> Response:
        return self._answered_order(request, self._customer.decline, self._appotapay.refuse_order)

    def _answered_order(
        self, request: Request, wallet: Callable[[str], bool], other: Callable[[str], bool]
    ) -> Response:
        waiting = [question.app_trans_id for question in self._questions()]
        return self._tapped(request, waiting, lambda named: wallet(named) or (named in waiting and other(named)))

    def _answered_binding(self, request: Request, *, confirmed: bool) -> Response:
        waiting = [wish.asked.app_trans_id for wish in self._gateway.wishes_to_bind()]
        return self._tapped(request, waiting, partial(self._gateway.answer_binding, confirmed=confirmed))

    def _tapped(self, request: Request, waiting: list[str], tap: Callable[[str], bool]) -> Response:
        """Tap on what the body names, or on the oldest that waits."""
        named = _asked(request).get("app_trans_id")
        if not tap(named if isinstance(named, str) else next(iter(waiting), "")):
            return json_response({"error": "nothing waits"}, status=404)
        return self._wallet(request)

    def _open_order(self, request: Request) -> Response:
        """Read a link or QR text that was pasted in place of the camera's picture."""
        shown = _asked(request).get("shown")
        if not isinstance(shown, str) or not (self._gateway.open_order(shown) or self._appotapay.open_order(shown)):
            return json_response({"error": "no order to pay"}, status=404)
        return self._wallet(request)

    def _top_up(self, request: Request) -> Response:
        self._customer.top_up(TOP_UP)
        return self._wallet(request)

    def _asks_first(self, request: Request) -> Response:
        self._customer.asks_first = _asked(request).get("asks_first") is True
        return self._wallet(request)


def _as_json(code: WalletCode) -> dict[str, object]:
    return {"code": code.text, "expires_at_ms": code.expires_at_ms}


def _asked(request: Request) -> dict[str, object]:
    try:
        asked = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return asked if isinstance(asked, dict) else {}


def qr_svg(text: str) -> str:
    """The text as a QR code, one path of squares with its quiet zone."""
    import qrcode  # noqa: PLC0415 - only when a phone is shown

    code = qrcode.QRCode(border=_QR_QUIET)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return _svg(len(rows), len(rows), dark)


def code128_svg(text: str) -> str:
    """The text as a Code 128 barcode, one path of bars with its quiet zone."""
    from barcode.codex import Code128  # noqa: PLC0415 - only when a phone is shown

    modules = Code128(text).build()[0]
    bars = "".join(f"M{x + _BAR_QUIET} 0h1v{_BAR_HEIGHT}h-1z" for x, module in enumerate(modules) if module == "1")
    return _svg(len(modules) + 2 * _BAR_QUIET, _BAR_HEIGHT, bars)


def _svg(width: int, height: int, path: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" preserveAspectRatio="none" '
        f'shape-rendering="crispEdges"><path d="{path}"/></svg>'
    )
