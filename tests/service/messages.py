"""Messages as gateways send them, made by the documented formulas with no code of the program; and a book of orders."""

import base64
import hashlib
import hmac
import json
import random
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

APP_ID = 2553
KEY1 = "PcY4iZIKFCIdgZvA6ueMcMHHUbRLYjPL"
KEY2 = "kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz"
OTHER_KEY2 = "trMrHtvjo6myautxDUiAcYsVtaeQ8nhf"
PARTNER = "APPOTAPAY"
API_KEY = "FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8"
SECRET = "XAonJgy14YhtePEITXhyBS2unjfJLAV3"

ZALOPAY_V2, ZALOPAY_V1, ZALOPAY_BACK = "/zalopay/v2/callback", "/zalopay/v1/callback", "/zalopay/redirect"
APPOTA_V1, APPOTA_V2, APPOTA_BACK = "/appotapay/v1/ipn", "/appotapay/v2/ipn", "/appotapay/redirect"
APPOTA_POS = "/appotapay/pos/ipn"
REDIRECT_NAMES = ("appid", "apptransid", "pmcid", "bankcode", "amount", "discountamount", "status")
IPN_NAMES = (
    "amount", "apiKey", "appotapayTransId", "bankCode", "currency", "errorCode", "extraData", "message", "orderId",
    "partnerCode", "paymentMethod", "paymentType", "transactionTs",
)  # fmt: skip
Members = dict[str, object]


@dataclass(frozen=True)
class Bill:
    """An order as the till knows it."""

    app_trans_id: str
    amount: int
    app_id: int | None


@dataclass(frozen=True)
class Message:
    """What came to an address: a body, or of a redirect its query. `bill` is what it is about."""

    address: str
    body: bytes
    bill: Bill

    def core(self) -> object:
        """What a receiver must not overlook: two messages with one core say the same. None for what is unreadable."""
        pairs: list[tuple[str, object]]
        try:
            if self.address.endswith("redirect"):
                pairs = [*parse_qsl(self.body.decode("ascii"), keep_blank_values=True, strict_parsing=True)]
            else:
                told = json.loads(self.body.decode(), object_pairs_hook=list)
                pairs = told if isinstance(told, list) else [told]
        except (ValueError, RecursionError):
            return None
        if not all(isinstance(pair, tuple) for pair in pairs):
            return None
        if self.address == ZALOPAY_V1 and "type" not in dict(pairs):
            pairs.append(("type", 1))  # which it is about when it does not say so
        return sorted((pair for pair in pairs if pair[0] in self.names()), key=lambda pair: str(pair[0]))

    def names(self) -> tuple[str, ...]:
        """The members that count; the others are not signed and not looked at."""
        return {
            ZALOPAY_BACK: (*REDIRECT_NAMES, "checksum"),
            APPOTA_V1: (*IPN_NAMES, "signature"),
            APPOTA_V2: ("data", "signature"),
            APPOTA_POS: ("data", "signature"),
            APPOTA_BACK: (*IPN_NAMES, "signature", "data"),
        }.get(self.address, ("data", "mac", "type"))

    def with_body(self, body: bytes) -> "Message":
        return replace(self, body=body)


def hmac_hex(key: str, text: str | bytes, kind: str = "sha256") -> str:
    return hmac.new(key.encode(), text if isinstance(text, bytes) else text.encode(), kind).hexdigest()


def compact(members: object) -> str:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"))


def zalopay_data(bill: Bill, chance: random.Random, *, v1: bool = False) -> Members:
    members: Members = {
        "app_id": bill.app_id, "app_trans_id": bill.app_trans_id, "app_time": 1_763_780_000_000, "app_user": "quay-01",
        "amount": bill.amount, "embed_data": '{"columninfo":"{}"}', "item": '[{"itemname":"Cà phê sữa đá"}]',
        "zp_trans_id": chance.randrange(251_122_000_000_001, 251_122_999_999_999), "server_time": 1_763_780_001_000,
        "channel": 38, "merchant_user_id": "demo", "user_fee_amount": 0, "discount_amount": 0,
    }  # fmt: skip
    if v1:
        return {name.replace("_", ""): value for name, value in members.items()}
    return members


def zalopay(data: str, mac: object = None, about: object = 1) -> bytes:
    return compact({"data": data, "mac": hmac_hex(KEY2, data) if mac is None else mac, "type": about}).encode()


def zalopay_back(bill: Bill, chance: random.Random, **other: object) -> bytes:
    fields: Members = {
        "appid": bill.app_id, "apptransid": bill.app_trans_id, "pmcid": 38,
        "bankcode": chance.choice(["", "SCB", "zalopayapp"]), "amount": bill.amount, "discountamount": 0,
        "status": chance.choice([1, -59, -217]), **other,
    }  # fmt: skip
    checksum = hmac_hex(KEY2, "|".join(str(fields[name]) for name in REDIRECT_NAMES))
    return urlencode({**fields, "checksum": checksum}).encode()


def ipn_fields(bill: Bill, chance: random.Random) -> Members:
    return {
        "amount": bill.amount, "apiKey": API_KEY, "appotapayTransId": f"AP{chance.randrange(10**12)}",
        "bankCode": chance.choice(["VCB", "ZALOPAY", ""]), "currency": "VND", "errorCode": 0,
        "extraData": chance.choice(["", "test test", "a&b=c"]), "message": "Thành công",
        "orderId": bill.app_trans_id, "partnerCode": PARTNER, "paymentMethod": "ATM", "paymentType": "WEB",
        "transactionTs": 1_599_817_433,
    }  # fmt: skip


def ipn_signature(fields: Members, secret: str = SECRET) -> str:
    return hmac_hex(secret, "&".join(f"{name}={fields[name]}" for name in IPN_NAMES))


def appota_v1(fields: Members) -> bytes:
    return compact({**fields, "signature": ipn_signature(fields)}).encode()


def appota_data(bill: Bill, chance: random.Random) -> Members:
    return {
        "transaction": {
            "transactionId": f"AP{chance.randrange(10**12)}", "reconciliationId": "R1", "partnerCode": PARTNER,
            "status": "success", "errorCode": 0, "errorMessage": "Thành công", "orderAmount": bill.amount,
            "amount": bill.amount + chance.choice([0, 1100]), "discountAmount": 0, "currency": "VND",
            "fee": {"customer_fee": 0},
        },
        "partnerReference": {"order": {"id": bill.app_trans_id, "info": "Hai tô phở", "extraData": ""}},
    }  # fmt: skip


def pos_data(bill: Bill, chance: random.Random) -> Members:
    return {
        "transaction": {
            "transaction_id": f"01KXYP0X3YH18V0HB{chance.randrange(10**9)}", "order_id": "676979536619700224",
            "partner_ref_id": bill.app_trans_id, "order_info": "Hai tô phở", "status": "success",
            "amount": bill.amount, "bank_code": "APPOTA", "bank_type": "EWALLET", "payment_method": "QR",
            "created_at": "2026-07-20T09:34:59", "paid_at": "2026-07-20T09:43:33",
        },
        "version": "1.0", "Time": "2026-07-20T09:43:33",
    }  # fmt: skip


def in_base64(members: object) -> str:
    return base64.b64encode(json.dumps(members).encode()).decode()


def appota_v2(data: str, signature: object = None) -> bytes:
    signed = hmac_hex(SECRET, data) if signature is None else signature
    return compact({"data": data, "signature": signed, "time": "1716373953"}).encode()


def appota_back(bill: Bill, chance: random.Random) -> bytes:
    if chance.random() < 0.5:
        data = in_base64(appota_data(bill, chance))
        return urlencode({"data": data, "signature": hmac_hex(SECRET, data), "time": "1716373953"}).encode()
    fields = ipn_fields(bill, chance)
    return urlencode({**fields, "signature": ipn_signature(fields)}).encode()


def bill(chance: random.Random, address: str) -> Bill:
    app_id = APP_ID if address.startswith("/zalopay") else None
    return Bill(f"251122_02{chance.randrange(10**6):06}", chance.randrange(1_000, 5_000_000), app_id)


def valid(chance: random.Random, address: str | None = None) -> Message:
    """A right message, of any kind or of one."""
    address = address or chance.choice(
        (ZALOPAY_V2, ZALOPAY_V2, ZALOPAY_V1, ZALOPAY_BACK, APPOTA_V1, APPOTA_V2, APPOTA_BACK, APPOTA_POS)
    )
    one = bill(chance, address)
    bodies = {
        ZALOPAY_V2: lambda: zalopay(compact(zalopay_data(one, chance))),
        ZALOPAY_V1: lambda: zalopay(compact(zalopay_data(one, chance, v1=True))),
        ZALOPAY_BACK: lambda: zalopay_back(one, chance),
        APPOTA_V1: lambda: appota_v1(ipn_fields(one, chance)),
        APPOTA_V2: lambda: appota_v2(in_base64(appota_data(one, chance))),
        APPOTA_BACK: lambda: appota_back(one, chance),
        APPOTA_POS: lambda: appota_v2(in_base64(pos_data(one, chance))),
    }
    return Message(address, bodies[address](), one)


def sha256_hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
