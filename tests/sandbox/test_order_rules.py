"""Orders that the shop shows: every check of a create request, what is answered, and the order's life."""

import base64
import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pos_app.sandbox.order_code import Ticket, crc, qr_code, read_shown
from pos_app.sandbox.server import Sandbox
from tests.sandbox.shop import PAID, PROCESSING, FixedClock, Members, Shop, failed, said, sign, verdict

VECTORS = json.loads((Path(__file__).parent.parent / "data" / "zalopay-vectors.json").read_text("utf-8"))
MINUTE_MS = 60_000
START = 200_000_000
CREATED = (1, 1)
ALL_METHODS = ["domestic_card", "account", "vietqr", "zalopay_wallet", "international_card", "applepay", "bnpl"]


def objects(text: str) -> dict[str, str]:
    """EMV objects, read apart from the gateway's own code."""
    found: dict[str, str] = {}
    while text:
        name, length = text[:2], int(text[2:4])
        found[name], text = text[4 : 4 + length], text[4 + length :]
    return found


@pytest.mark.parametrize("form", [False, True], ids=["json", "form"])
def test_an_order_is_answered_with_what_can_be_shown(shop: Shop, form: bool) -> None:
    answer = shop.create(shop.order(69_000, expire_duration_seconds=300, bank_code="zalopayapp"), form=form)
    assert said(answer) == CREATED
    assert set(answer) == {
        "return_code", "return_message", "sub_return_code", "sub_return_message", "order_url", "zp_trans_token",
        "order_token", "qr_code",
    }  # fmt: skip
    link = urlsplit(str(answer["order_url"]))
    assert (link.scheme, link.hostname, link.path) == ("https", "qcgateway.zalopay.vn", "/openinapp")
    order = json.loads(base64.b64decode(link.query.removeprefix("order=")))
    assert order == {"zptranstoken": answer["zp_trans_token"], "appid": 2553}
    assert len(str(answer["zp_trans_token"])) == 24
    assert answer["order_token"]


def test_the_qr_text_is_a_payment_of_the_amount(shop: Shop) -> None:
    text = str(shop.create(shop.order(1_234_000))["qr_code"])
    assert crc(text[:-4]) == text[-4:]
    told = objects(text)
    assert list(told) == ["00", "01", "26", "38", "52", "53", "54", "58", "62", "63"]
    fixed = {"00": "01", "01": "12", "52": "7399", "53": "704", "54": "1234000", "58": "VN"}
    assert fixed.items() <= told.items()
    wallet, bank, more = (objects(told[name]) for name in ("26", "38", "62"))
    assert wallet == {"00": "vn.zalopay", "02": "001", "01": "270005", "03": more["08"]}
    assert (bank["00"], bank["02"], objects(bank["01"])["00"]) == ("A000000727", "QRIBFTTA", "970454")
    assert len(more["08"]) == 17
    assert len(objects(bank["01"])["01"]) == 18


def test_the_published_qr_texts_are_built_letter_for_letter() -> None:
    for vector in VECTORS["qr"]:
        told = {name: value for name, _, value in vector["tlv"]}
        account = {name: value for name, _, value in vector["tlv_38_01"]}["01"]
        ticket = Ticket(token="", order_token="", reference=objects(told["62"])["08"], account=account)
        assert qr_code(ticket, int(told["54"])) == vector["qr_code"]
        assert read_shown(vector["qr_code"]) == (ticket.reference, 69_000)
    assert read_shown(VECTORS["qr_negative"][0]["qr_code"]) is None


def test_the_published_signatures_are_the_ones_it_wants() -> None:
    by_id = {vector["id"]: vector for vector in VECTORS["hmac"]}
    for name in ("c-v2-create-1", "c-v2-create-2-utf8"):
        vector = by_id[name]
        members = {**vector["fields"], "description": "x", "mac": vector["expected"]}
        with Sandbox(tls=False, clock=FixedClock(members["app_time"])) as sandbox, Shop(sandbox) as shop:
            assert said(shop.create({**members, "amount": members["amount"] + 1})) == (2, -402)
            assert said(shop.create(members)) == CREATED
    banks = by_id["c-banklist-1"]
    with Sandbox(tls=False, clock=FixedClock(banks["fields"]["reqtime"])) as sandbox, Shop(sandbox) as shop:
        members = {**banks["fields"], "mac": banks["expected"]}
        assert shop.post("/api/getlistmerchantbanks", members, form=True)["returncode"] == 1


@pytest.mark.parametrize(
    "name", ["app_id", "app_user", "app_time", "amount", "app_trans_id", "embed_data", "item", "mac", "description"]
)
def test_a_missing_member_is_refused(shop: Shop, name: str) -> None:
    asked = shop.order()
    del asked[name]
    assert said(shop.create(asked)) == said(shop.create(asked, form=True)) == (2, -401)
    assert shop.sandbox.orders() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("description", "x" * 257), ("description", " "), ("description", 5), ("title", "x" * 257),
        ("device_info", "x" * 257), ("bank_code", "x" * 21), ("sub_app_id", "x" * 51), ("phone", "1" * 51),
        ("email", "x" * 101), ("address", "x" * 1_025), ("currency", "USD"), ("currency", 704),
        ("expire_duration_seconds", 299), ("expire_duration_seconds", 2_592_001), ("expire_duration_seconds", "300"),
        ("expire_duration_seconds", True), ("callback_url", "shop.example/callback"), ("callback_url", "ftp://x"),
        ("callback_url", "http://[x"), ("redirect_url", "x"), ("amount", 69_000.0), ("app_user", None),
    ],
)  # fmt: skip
def test_a_member_of_a_wrong_type_length_or_value_is_refused(shop: Shop, name: str, value: object) -> None:
    assert said(shop.create({**shop.order(), name: value})) == (2, -401)
    assert shop.sandbox.orders() == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("app_trans_id", "{day}", -92), ("app_trans_id", "{day}_" + "9" * 34, -92), ("app_trans_id", "261122_1", -92),
        ("app_user", "", -57), ("app_user", "x" * 51, -57), ("amount", 0, -5), ("amount", 2**53 + 1, -5),
        ("item", "{}", -52), ("item", "[" + " " * 2_047 + "]", -52), ("embed_data", "[]", -401),
        ("embed_data", "{" + " " * 2_047 + "}", -401),
        ("embed_data", '{"preferred_payment_method":["cash"]}', -401),
        ("embed_data", '{"preferred_payment_method":[["vietqr"]]}', -401),
        ("embed_data", '{"preferred_payment_method":"vietqr"}', -401), ("app_id", 2554, -402),
    ],
)  # fmt: skip
def test_each_signed_value_has_its_code(shop: Shop, name: str, value: object, code: int) -> None:
    wrong = value.replace("{day}", shop.new_id()[:6]) if isinstance(value, str) else value
    asked = shop.order()
    asked[name] = wrong
    members = ("app_id", "app_trans_id", "app_user", "amount", "app_time", "embed_data", "item")
    asked["mac"] = sign(shop.sandbox.key1, *(asked[member] for member in members))
    assert said(shop.create(asked)) == (2, code)
    assert verdict(shop.ask(asked["app_trans_id"])) == failed(-101)


@pytest.mark.parametrize(
    "other",
    [
        {"description": "ề" * 256}, {"expire_duration_seconds": 300}, {"expire_duration_seconds": 2_592_000},
        {"bank_code": ""}, {"bank_code": "CC"}, {"bank_code": "VCB"}, {"currency": "VND"},
        {"callback_url": "https://shop.example/callback"}, {"redirect_url": "https://shop.example/"},
        {"embed_data": json.dumps({"preferred_payment_method": ALL_METHODS})},
        {"embed_data": '{"preferred_payment_method":[]}'}, {"embed_data": "{" + " " * 2_046 + "}"},
        {"item": "[" + " " * 2_046 + "]"}, {"title": "x" * 256, "phone": "0", "email": "x@x", "address": "x" * 1_024},
    ],
)  # fmt: skip
def test_each_right_value_is_taken(shop: Shop, other: Members) -> None:
    assert said(shop.create(shop.order(69_000, **other))) == CREATED


def test_an_unknown_bank_is_not_supported(shop: Shop) -> None:
    assert said(shop.create(shop.order(bank_code="NOBANK"))) == (2, -289)


@pytest.mark.parametrize(
    ("off_ms", "expected"),
    [(-15 * MINUTE_MS, CREATED), (15 * MINUTE_MS, CREATED), (-15 * MINUTE_MS - 1, (2, -54)),
     (15 * MINUTE_MS + 1, (2, -4))],
)  # fmt: skip
def test_the_clock_may_be_fifteen_minutes_off(shop: Shop, off_ms: int, expected: object) -> None:
    assert said(shop.create(shop.order(app_time=shop.clock.wall_ms() + off_ms))) == expected


def test_an_order_id_works_once_for_both_kinds(shop: Shop) -> None:
    shown, charged = shop.order(50_000), shop.payment(60_000)
    assert said(shop.create(shown)) == CREATED
    assert said(shop.create(shown)) == (2, -68)
    assert verdict(shop.pay(shop.payment(app_trans_id=shown["app_trans_id"]))) == failed(-68)
    shop.pay(charged)
    assert said(shop.create(shop.order(app_trans_id=charged["app_trans_id"]))) == (2, -68)
    assert verdict(shop.ask(shown["app_trans_id"])) == PROCESSING
    assert [(order["shown"], order["creates"]) for order in shop.sandbox.orders()] == [(True, 3), (False, 2)]


# The order's life


def control(shop: Shop, path: str, **asked: object) -> int:
    return shop.raw("POST", f"/sandbox/{path}", json.dumps(asked))[0]


def test_unpaid_and_then_paid(shop: Shop) -> None:
    asked = shop.order(69_000)
    shop.create(asked)
    told = shop.ask(asked["app_trans_id"])
    assert (verdict(told), told["amount"], told["zp_trans_id"]) == (PROCESSING, 0, 0)
    assert control(shop, "pay-order", app_trans_id=asked["app_trans_id"]) == 200
    told = shop.ask(asked["app_trans_id"])
    assert (verdict(told), told["amount"]) == (PAID, 69_000)
    assert told["zp_trans_id"] != 0
    assert shop.sandbox.customer.balance == START - 69_000
    assert control(shop, "pay-order", app_trans_id=asked["app_trans_id"]) == 404  # once only
    assert control(shop, "pay-order", app_trans_id="261122_404") == control(shop, "pay-order") == 404
    assert said(shop.refund(shop.refund_of(told, 69_000))) == (1, 1)
    assert shop.sandbox.customer.balance == START


@pytest.mark.parametrize(("life", "life_ms"), [({}, 15 * MINUTE_MS), ({"expire_duration_seconds": 300}, 300_000)])
def test_an_order_expires(shop: Shop, clock: FixedClock, life: Members, life_ms: int) -> None:
    asked = shop.order(69_000, **life)
    shop.create(asked)
    clock.now_ms += life_ms - 1
    assert verdict(shop.ask(asked["app_trans_id"])) == PROCESSING
    clock.now_ms += 1
    assert verdict(shop.ask(asked["app_trans_id"])) == failed(-54)
    assert control(shop, "pay-order", app_trans_id=asked["app_trans_id"]) == 404
    clock.now_ms += 48 * 60 * MINUTE_MS
    assert verdict(shop.ask(asked["app_trans_id"])) == failed(-49)


def test_a_cancelled_order_cannot_be_paid(shop: Shop) -> None:
    asked, paid = shop.order(), shop.order()
    answers = [shop.create(asked), shop.create(paid)]
    assert shop.sandbox.gateway.open_order(str(answers[0]["qr_code"]))
    assert shop.post("/v2/cancel", shop.question(str(asked["app_trans_id"])))["return_code"] == 1
    assert shop.sandbox.customer.questions() == []
    assert verdict(shop.ask(asked["app_trans_id"])) == failed(-54)
    assert control(shop, "pay-order", app_trans_id=asked["app_trans_id"]) == 404
    assert not shop.sandbox.gateway.open_order(str(answers[0]["qr_code"]))
    control(shop, "pay-order", app_trans_id=paid["app_trans_id"])
    assert verdict(shop.post("/v2/cancel", shop.question(str(paid["app_trans_id"])))) == failed(406)


@pytest.mark.parametrize("shown", ["order_url", "qr_code", "no padding"])
def test_the_phone_opens_what_is_shown(shop: Shop, shown: str) -> None:
    customer, gateway = shop.sandbox.customer, shop.sandbox.gateway
    asked = shop.order(70_000)
    answer = shop.create(asked)
    link = str(answer.get(shown, answer["order_url"]))
    link = link.rstrip("=") if shown == "no padding" else f" {link}\n"
    assert gateway.open_order(link)
    (question,) = customer.questions()
    assert (question.app_trans_id, question.amount, question.description) == (
        asked["app_trans_id"], 70_000, "Hai tô phở",
    )  # fmt: skip
    assert verdict(shop.ask(asked["app_trans_id"])) == PROCESSING
    assert customer.decline(str(asked["app_trans_id"]))
    assert verdict(shop.ask(asked["app_trans_id"])) == PROCESSING  # only closed: it can be opened again
    assert gateway.open_order(link)
    assert customer.confirm(str(asked["app_trans_id"]))
    assert verdict(shop.ask(asked["app_trans_id"])) == PAID
    assert not gateway.open_order(link)


def test_the_phone_opens_nothing_else(shop: Shop) -> None:
    answer = shop.create(shop.order(69_000))
    order = json.dumps({"zptranstoken": answer["zp_trans_token"], "appid": 553})
    url, text = str(answer["order_url"]), str(answer["qr_code"])
    for wrong in (
        "", "x", url[:-6], text[:-1], text.replace("540569000", "540569001"), VECTORS["qr"][0]["qr_code"],
        "https://qcgateway.zalopay.vn/openinapp", VECTORS["order_url"][0]["order_url"], "000201", "http://[x?order=e30",
        f"https://qcgateway.zalopay.vn/openinapp?order={base64.b64encode(order.encode()).decode()}",
        "https://x/?order=" + base64.b64encode(b"[" * 30_000).decode(), "https://x/?order=bnVsbA==",
    ):  # fmt: skip
        assert not shop.sandbox.gateway.open_order(wrong)
    assert shop.sandbox.customer.questions() == []


def test_a_wallet_with_too_little_leaves_the_order_open(shop: Shop) -> None:
    asked = shop.order(START + 1)
    shop.create(asked)
    assert control(shop, "pay-order", app_trans_id=asked["app_trans_id"]) == 404
    assert verdict(shop.ask(asked["app_trans_id"])) == PROCESSING
    shop.sandbox.customer.top_up(1)
    assert control(shop, "pay-order", app_trans_id=asked["app_trans_id"]) == 200


# The list of banks


def test_the_list_of_banks_has_v1s_names(shop: Shop) -> None:
    def ask(**other: object) -> Members:
        now = shop.clock.wall_ms()
        members = {"appid": 2553, "reqtime": now, "mac": sign(shop.sandbox.key1, 2553, now), **other}
        return shop.post("/api/getlistmerchantbanks", members, form=True)

    told = ask()
    assert set(told) == {"returncode", "returnmessage", "banks"}
    banks = told["banks"]
    assert isinstance(banks, dict)
    assert {"36", "38", "39"} <= set(banks)
    for pmcid, listed in banks.items():
        for bank in listed:
            assert set(bank) == {"bankcode", "name", "displayorder", "pmcid", "minamount", "maxamount"}
            assert bank["pmcid"] == int(pmcid)
            assert said(shop.create(shop.order(bank_code=bank["bankcode"]))) == CREATED
    assert ask(mac="0")["returncode"] == ask(appid=2554)["returncode"] == -402
    assert ask(reqtime="now")["returncode"] == -401
    then = shop.clock.wall_ms() - 15 * MINUTE_MS - 1
    assert ask(reqtime=then, mac=sign(shop.sandbox.key1, 2553, then))["returncode"] == -4
    now = shop.clock.wall_ms()
    in_json = {"appid": 2553, "reqtime": now, "mac": sign(shop.sandbox.key1, 2553, now)}
    assert shop.post("/api/getlistmerchantbanks", in_json)["returncode"] == -401, "it takes forms only"
