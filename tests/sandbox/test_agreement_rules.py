"""Agreements as any shop might use them: what is refused, what a token pays, and what the customer can end."""

import json
import urllib.error
import urllib.request

import pytest

from pos_app.sandbox.server import Sandbox
from tests.sandbox.browser import browser, soon
from tests.sandbox.shop import FixedClock, Members, Shop, failed, said, sign, verdict
from tests.sandbox.test_callbacks import ShopServer, is_right, own
from tests.sandbox.test_phone import needs_browser

__all__ = ["own"]

PRICE = 50_000
BIND = ("app_id", "app_trans_id", "binding_data", "binding_type", "identifier", "max_amount", "req_date")
SIGNED = {
    "query": ("app_id", "app_trans_id", "req_date"),
    "balance": ("app_id", "pay_token", "identifier", "amount", "req_date"),
    "pay": ("app_id", "identifier", "zp_trans_token", "pay_token", "req_date"),
    "query_user": ("app_id", "access_token", "req_date"),
    "unbind": ("app_id", "identifier", "binding_id", "req_date"),
    "bind": BIND,
}
CLOSED, NOT_NOW, EXPIRED, NO_SUCH_TOKEN = (2, -54), (2, -7217), (2, -1007), (2, -7202)


class Regular:
    """A shop that binds one customer."""

    def __init__(self, shop: Shop, *, max_amount: int = 0, callback_url: str = "", identifier: str = "kh-1") -> None:
        self.shop = shop
        self.identifier = identifier
        self.wish = self.asked("bind", app_trans_id=shop.new_id(), binding_data="{}", binding_type="WALLET",
                               identifier=identifier, max_amount=max_amount, callback_url=callback_url)  # fmt: skip
        self.id = str(self.wish["app_trans_id"])

    def asked(self, call: str, key: object = "", **members: object) -> Members:
        """A right request; members are signed as they stand."""
        whole = {"app_id": self.shop.sandbox.app_id, "req_date": self.shop.clock.wall_ms(), **members}
        return {**whole, "mac": sign(str(key or self.shop.sandbox.key1), *(whole[name] for name in SIGNED[call]))}

    def post(self, call: str, members: Members, *, form: bool = False) -> Members:
        return self.shop.post(f"/v2/agreement/{call}", members, form=form)

    def ask(self, call: str, **members: object) -> Members:
        return self.post(call, self.asked(call, **members))

    def bind(self) -> Members:
        return self.post("bind", self.wish)

    def query(self) -> Members:
        return self.ask("query", app_trans_id=self.id)

    @property
    def data(self) -> Members:
        told = self.query()["data"]
        assert isinstance(told, dict)
        return told

    @property
    def token(self) -> str:
        return str(self.data["pay_token"])

    def confirmed(self) -> "Regular":
        assert said(self.bind()) == (1, 1)
        assert self.shop.sandbox.confirm_binding(self.id)
        return self

    def order(self, amount: int = PRICE, **other: object) -> Members:
        return self.shop.order(amount, product_code="AGREEMENT", bank_code="zalopayapp", **other)

    def charge(self, amount: int = PRICE, *, token: str = "", identifier: str = "") -> tuple[Members, str]:
        """The answer to the charge of a new order, and the order's id."""
        order = self.order(amount)
        made = self.shop.create(order)
        assert said(made) == (1, 1)
        answer = self.ask("pay", identifier=identifier or self.identifier, pay_token=token or self.token,
                          zp_trans_token=made["zp_trans_token"])  # fmt: skip
        return answer, str(order["app_trans_id"])


@pytest.fixture
def regular(shop: Shop) -> Regular:
    return Regular(shop)


# --- binding ------------------------------------------------------------------------------------------------------


def test_a_customer_binds_the_wallet(regular: Regular) -> None:
    made = regular.bind()
    assert said(made) == (1, 1)
    assert str(made["short_link"]).endswith(str(made["binding_token"]))
    assert said(regular.query()) == (3, 3)
    assert regular.shop.sandbox.confirm_binding(regular.id)
    told = regular.query()
    assert (said(told), regular.data["status"]) == ((1, 1), 1)
    assert regular.data["expiry_timestamp_in_ms"] == -62_135_596_800_000
    assert len(regular.token) == 48
    assert regular.ask("query_user", access_token=regular.token)["phone"] == regular.data["masked_user_phone"]
    assert not regular.shop.sandbox.confirm_binding(regular.id)
    assert not regular.shop.sandbox.confirm_binding("251122_nobody")


def test_it_can_be_declined_and_ends_by_itself(shop: Shop, clock: FixedClock) -> None:
    declined, late = Regular(shop), Regular(shop)
    declined.bind()
    late.bind()
    assert shop.sandbox.gateway.answer_binding(declined.id, confirmed=False)
    assert declined.data["status"] == 3
    assert "pay_token" not in declined.data
    clock.now_ms += 15 * 60_000
    assert not shop.sandbox.confirm_binding(late.id)
    assert said(late.query()) == CLOSED


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("identifier", None, -401), ("max_amount", "much", -401), ("binding_data", "[]", -401),
        ("binding_type", "CARD", -401), ("app_id", 1, -402), ("req_date", 1, -4), ("app_trans_id", "990101_1", -92),
        ("identifier", " ", -57), ("identifier", "x" * 51, -57), ("max_amount", -1, -5),
    ],
)  # fmt: skip
def test_a_wrong_wish_is_refused(regular: Regular, member: str, value: object, code: int) -> None:
    assert said(regular.post("bind", regular.asked("bind", **{**regular.wish, member: value}))) == (2, code)
    assert said(regular.query()) == (2, -101)


def test_an_id_binds_once(regular: Regular) -> None:
    assert [said(regular.bind()) for _ in range(2)] == [(1, 1), (2, -68)]


@pytest.mark.parametrize("call", SIGNED)
def test_every_call_checks_signature_time_and_members(shop: Shop, clock: FixedClock, call: str) -> None:
    regular = Regular(shop).confirmed()
    made = shop.create(regular.order())
    members: Members = {
        "app_trans_id": regular.id, "identifier": regular.identifier, "pay_token": regular.token, "amount": PRICE,
        "zp_trans_token": made["zp_trans_token"], "access_token": regular.token, "max_amount": 0,
        "binding_id": regular.data["binding_id"], "binding_data": "{}", "binding_type": "WALLET",
    }  # fmt: skip
    if call == "bind":
        members["app_trans_id"] = shop.new_id()
    asked = regular.asked(call, **members)
    assert said(regular.post(call, {**asked, "mac": str(asked["mac"]).upper()})) == (2, -402)
    assert said(regular.post(call, regular.asked(call, key=shop.sandbox.key2, **members))) == (2, -402)
    assert said(regular.post(call, regular.asked(call, **members, req_date=clock.now_ms - 16 * 60_000))) == (2, -4)
    for member in SIGNED[call]:
        if member not in {"max_amount", "binding_data", "binding_type"}:
            assert said(regular.post(call, {k: v for k, v in asked.items() if k != member})) == (2, -401), member
        altered = {**asked, member: f"{asked[member]}1" if isinstance(asked[member], str) else 7}
        assert said(regular.post(call, altered)) == (2, -402), member
    assert said(regular.post(call, asked, form=True))[0] in (1, 3)


# --- what a token pays --------------------------------------------------------------------------------------------


def test_a_token_pays_and_the_order_book_knows_it(shop: Shop, regular: Regular) -> None:
    regular.confirmed()
    answer, order_id = regular.charge()
    assert (said(answer), answer["app_trans_id"]) == ((3, 3), order_id)
    told = shop.ask(order_id)
    assert (told["return_code"], told["amount"], told["zp_trans_id"]) == (1, PRICE, answer["zp_trans_id"])
    assert shop.sandbox.customer.balance == 200_000_000 - PRICE
    assert said(shop.refund(shop.refund_of(told, 20_000))) == (1, 1)
    assert shop.sandbox.customer.balance == 200_000_000 - 30_000


def test_an_order_is_paid_once(shop: Shop, regular: Regular) -> None:
    regular.confirmed()
    made = shop.create(regular.order())
    asked = regular.asked("pay", identifier="kh-1", pay_token=regular.token, zp_trans_token=made["zp_trans_token"])
    assert [said(regular.post("pay", asked)) for _ in range(2)] == [(3, 3), (2, -68)]
    assert shop.sandbox.customer.balance == 200_000_000 - PRICE


def test_until_it_is_charged_nothing_is_paid(shop: Shop, clock: FixedClock, regular: Regular) -> None:
    regular.confirmed()
    order = regular.order(expire_duration_seconds=300)
    made = shop.create(order)
    assert "qr_code" not in made
    assert not shop.sandbox.gateway.open_order(str(made["order_url"]))
    assert verdict(shop.ask(order["app_trans_id"]))[0] == 3
    clock.now_ms += 300_000
    asked = {"identifier": "kh-1", "pay_token": regular.token, "zp_trans_token": made["zp_trans_token"]}
    assert said(regular.ask("pay", **asked)) == CLOSED
    assert verdict(shop.ask(order["app_trans_id"])) == failed(-54)
    assert said(regular.ask("pay", **{**asked, "zp_trans_token": "ACnobody"})) == (2, -101)
    assert shop.sandbox.customer.balance == 200_000_000


def test_a_token_that_is_no_good(shop: Shop, clock: FixedClock, regular: Regular) -> None:
    regular.confirmed()
    token, binding_id = regular.token, regular.data["binding_id"]
    gateway = shop.sandbox.gateway

    def refused(**other: str) -> tuple[object, object]:
        answer, order_id = regular.charge(**{"token": token, **other})  # type: ignore[arg-type]
        assert verdict(shop.ask(order_id))[0] == 3, "it stays unpaid"
        balance = regular.ask("balance", pay_token=other.get("token", token), amount=PRICE,
                              identifier=other.get("identifier", "kh-1"))  # fmt: skip
        assert said(balance) == said(answer)
        return said(answer)

    assert refused(token="X" * 48) == NO_SUCH_TOKEN
    assert refused(identifier="kh-2") == NO_SUCH_TOKEN
    assert said(regular.ask("query_user", access_token="")) == (2, -7041)
    gateway.expire_binding(regular.id, at_ms=clock.now_ms)
    assert refused() == EXPIRED
    gateway.expire_binding(regular.id, at_ms=clock.now_ms + 1)
    assert said(regular.ask("unbind", identifier="kh-2", binding_id=binding_id)) == (2, -101)
    assert said(regular.ask("unbind", identifier="kh-1", binding_id=binding_id)) == (1, 1)
    assert refused() == NOT_NOW
    assert said(regular.ask("unbind", identifier="kh-1", binding_id=binding_id)) == NOT_NOW
    again = Regular(shop).confirmed()
    token = again.token
    assert gateway.end_binding(again.id, disabled=True)
    assert refused() == NOT_NOW
    assert not gateway.end_binding(again.id)
    waiting = Regular(shop)
    waiting.bind()
    token = gateway.wishes_to_bind()[0].pay_token
    assert refused() == NO_SUCH_TOKEN
    assert shop.sandbox.customer.balance == 200_000_000


def test_no_more_than_the_customer_agreed_to_and_has(shop: Shop) -> None:
    regular = Regular(shop, max_amount=PRICE).confirmed()

    def payable(amount: int) -> object:
        told = regular.ask("balance", identifier="kh-1", pay_token=regular.token, amount=amount)["data"]
        assert isinstance(told, list)
        return told[0]["payable"]

    assert (payable(PRICE), payable(PRICE + 1)) == (True, False)
    assert said(regular.charge(PRICE + 1)[0]) == (2, -36)
    assert said(regular.charge(PRICE)[0]) == (3, 3)
    shop.sandbox.customer.pay(shop.sandbox.customer.balance)
    assert payable(1_000) is False
    answer, order_id = regular.charge(1_000)
    assert (said(answer), verdict(shop.ask(order_id))) == ((2, -63), failed(-63))


# --- scenarios ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "first", "states", "after_ms"),
    [
        (10_001, (3, 3), (3, 1), 3_000),  # processing, paid after 3 seconds
        (10_003, (3, 3), (3, 3), 3_600_000),  # stuck
        (10_217, (3, 3), (3, 2), 1_000),  # the bank declines
        (10_061, (2, -61), (2, 2), 0),  # declined at once
        (10_402, (2, -402), (3, 3), 0),  # not accepted: the order stays unpaid
        (10_706, (2, -217), (3, 1), 3_000),  # claims a decline, paid all the same
        (10_801, (-402, -402), (3, 3), 0),
    ],
)
def test_scenarios_of_payments_befall_the_charge(
    shop: Shop, clock: FixedClock, amount: int, first: object, states: tuple[int, int], after_ms: int
) -> None:
    regular = Regular(shop)
    regular.confirmed()
    answer, order_id = regular.charge(amount)
    assert (said(answer), verdict(shop.ask(order_id))[0]) == (first, states[0])
    clock.now_ms += after_ms
    assert verdict(shop.ask(order_id))[0] == states[1]


def test_the_customer_can_be_asked(shop: Shop, regular: Regular) -> None:
    regular.confirmed()
    for tap, code in ((shop.sandbox.customer.confirm, 1), (shop.sandbox.customer.decline, 2)):
        answer, order_id = regular.charge(10_002)
        assert said(answer) == (3, 3)
        tap(order_id)
        assert verdict(shop.ask(order_id))[0] == code


@pytest.mark.parametrize(("name", "code"), [("answer_lost", 1), ("never_arrived", 3), ("answer_reset", 1)])
def test_a_lost_answer_says_nothing(clock: FixedClock, name: str, code: int) -> None:
    with Sandbox(tls=False, clock=clock, seed=7) as sandbox, Shop(sandbox, timeout_s=0.4) as shop:
        regular = Regular(shop).confirmed()
        order = regular.order()
        made = shop.create(order)
        sandbox.arm(name)
        with pytest.raises((OSError, AssertionError)):
            regular.ask("pay", identifier="kh-1", pay_token=regular.token, zp_trans_token=made["zp_trans_token"])
    with Shop(sandbox.start()) as again:
        assert verdict(again.ask(order["app_trans_id"]))[0] == code
    sandbox.stop()


def test_a_charge_delivered_twice_charges_once(shop: Shop, regular: Regular) -> None:
    regular.confirmed()
    answer, order_id = regular.charge(10_615)
    assert (said(answer), verdict(shop.ask(order_id))[0]) == ((2, -68), 1)
    assert shop.sandbox.customer.balance == 200_000_000 - 10_615


@pytest.mark.parametrize(
    ("amount", "answered", "there"),
    [(13_033, (2, -33), False), (13_402, (2, -402), False), (13_505, (2, -500), True), (13_615, (2, -68), True),
     (13_001, (1, 1), True)],
)  # fmt: skip
def test_scenarios_of_shown_orders_befall_the_creation(
    shop: Shop, regular: Regular, amount: int, answered: object, there: bool
) -> None:
    order = regular.confirmed().order(amount)
    assert said(shop.create(order)) == answered
    assert verdict(shop.ask(order["app_trans_id"]))[0] == (3 if there else 2)
    assert shop.sandbox.customer.balance == 200_000_000


@pytest.mark.parametrize("on", ["bind", "binding", "balance", "query_user", "unbind"])
def test_answers_to_questions_can_be_spoiled(shop: Shop, on: str) -> None:
    regular = Regular(shop)
    members = {"app_trans_id": regular.id, "identifier": "kh-1", "pay_token": "x", "access_token": "x", "amount": 1,
               "binding_id": "x", "binding_data": "{}", "binding_type": "WALLET", "max_amount": 0}  # fmt: skip
    call = {"binding": "query"}.get(on, on)
    shop.sandbox.arm("answer_http_503", on=on)
    body = json.dumps(regular.asked(call, **members))
    assert shop.raw("POST", f"/v2/agreement/{call}", body, Content_Type="application/json")[0] == 503


# --- callbacks, the phone -----------------------------------------------------------------------------------------


def test_the_shop_is_told_of_confirming_and_ending(shop: Shop, own: ShopServer) -> None:
    regular = Regular(shop, callback_url=own.url).confirmed()
    soon(lambda: len(own.posted) == 1)
    assert shop.sandbox.gateway.end_binding(regular.id)
    soon(lambda: len(own.posted) == 2)
    assert [body["type"] for _, body in own.posted] == [2, 2]
    assert all(is_right(body) for _, body in own.posted)
    first, second = own.told()
    assert (first["app_trans_id"], first["status"], first["msg_type"]) == (regular.id, 1, 1)
    assert len(str(first["pay_token"])) == 48
    assert (second["status"], second["msg_type"], "pay_token" in second) == (3, 2, False)


def test_a_charge_is_told_as_any_payment(shop: Shop, own: ShopServer) -> None:
    regular = Regular(shop).confirmed()
    order = regular.order(callback_url=own.url)
    made = shop.create(order)
    regular.ask("pay", identifier="kh-1", pay_token=regular.token, zp_trans_token=made["zp_trans_token"])
    soon(lambda: [(told["app_trans_id"], told["amount"]) for told in own.told()] == [(order["app_trans_id"], PRICE)])


@pytest.fixture
def wishes(shop: Shop) -> list[Regular]:
    made = [Regular(shop, max_amount=PRICE), Regular(shop), Regular(shop)]
    for regular in made:
        regular.bind()
    return made


def press(sandbox: Sandbox, path: str, body: object) -> Members:
    request = urllib.request.Request(sandbox.phone_url + path, json.dumps(body).encode())
    with urllib.request.urlopen(request) as answer:
        told: Members = json.load(answer)
        return told


def test_the_phone_answers_wishes(sandbox: Sandbox, wishes: list[Regular]) -> None:
    first, second, third = wishes
    assert press(sandbox, "/open_order", {"shown": f"https://x/{sandbox.gateway.wishes_to_bind()[0].id}"})
    press(sandbox, "/confirm_binding", {"app_trans_id": second.id})
    left = press(sandbox, "/decline_binding", {})["bindings"]
    assert left == [{"app_trans_id": third.id, "identifier": "kh-1", "max_amount": 0}]
    assert [one.query().get("data", {}).get("status") for one in wishes] == [3, 1, None]  # type: ignore[attr-defined]
    status, _ = first.shop.raw("POST", "/sandbox/confirm-binding", json.dumps({"app_trans_id": third.id}))
    assert (status, third.data["status"]) == (200, 1)
    with pytest.raises(urllib.error.HTTPError) as nothing:
        press(sandbox, "/confirm_binding", {})
    assert nothing.value.code == 404
    nothing.value.close()


@needs_browser
def test_the_page_asks_whether_to_bind() -> None:
    with browser() as window, Sandbox() as sandbox, Shop(sandbox) as shop:
        window.open(sandbox.phone_url)
        soon(lambda: window.text("digits").strip() != "")
        first, second = Regular(shop, max_amount=PRICE), Regular(shop)
        first.bind()
        soon(lambda: window.run("return document.getElementById('binding').hidden") is False)
        assert window.text("bind-how").endswith("Tối đa mỗi lần: 50.000\u00a0₫")
        window.press("confirm-binding")
        soon(lambda: first.query().get("data") is not None)
        soon(lambda: window.text("notice") == "Đã liên kết ví")
        soon(lambda: window.run("return document.getElementById('binding').hidden") is True)
        second.bind()
        soon(lambda: window.run("return document.getElementById('binding').hidden") is False)
        assert "Tối đa" not in window.text("bind-how")
        window.press("decline-binding")
        soon(lambda: second.query().get("data") is not None)
        assert (first.data["status"], second.data["status"]) == (1, 3)
        assert window.run("return document.documentElement.scrollWidth <= innerWidth") is True
        assert window.complaints() == []
