"""What is done to a right message: bytes, signatures, shapes, and contents that are rightly signed and yet untrue."""

import base64
import gzip
import hashlib
import json
import random
import re
import unicodedata
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urlencode

from tests.service.messages import (
    API_KEY,
    APPOTA_BACK,
    APPOTA_POS,
    APPOTA_V1,
    APPOTA_V2,
    IPN_NAMES,
    KEY1,
    KEY2,
    OTHER_KEY2,
    REDIRECT_NAMES,
    SECRET,
    ZALOPAY_BACK,
    Members,
    Message,
    appota_v2,
    compact,
    hmac_hex,
    ipn_signature,
    sha256_hex,
    valid,
    zalopay,
)

Alteration = Callable[[Message, random.Random], Message]
FULL_WIDTH = {digit: digit + 0xFEE0 for digit in range(48, 58)}


# --- bytes -----------------------------------------------------------------------------------------------------------


def flipped(body: bytes, bit: int) -> bytes:
    place, of = divmod(bit, 8)
    return body[:place] + bytes((body[place] ^ (1 << of),)) + body[place + 1 :]


def _flip(message: Message, chance: random.Random) -> Message:
    return message.with_body(flipped(message.body, chance.randrange(len(message.body) * 8)))


def _cut(message: Message, chance: random.Random) -> Message:
    return message.with_body(message.body[: chance.randrange(len(message.body))])


def _drop(message: Message, chance: random.Random) -> Message:
    place = chance.randrange(len(message.body))
    return message.with_body(message.body[:place] + message.body[place + 1 :])


def _insert(message: Message, chance: random.Random) -> Message:
    place = chance.randrange(len(message.body) + 1)
    return message.with_body(message.body[:place] + bytes((chance.randrange(256),)) + message.body[place:])


def _swap(message: Message, chance: random.Random) -> Message:
    one, other = sorted(chance.sample(range(len(message.body)), 2))
    body = bytearray(message.body)
    body[one], body[other] = body[other], body[one]
    return message.with_body(bytes(body))


def _splice(message: Message, chance: random.Random) -> Message:
    """The first part of one message, the rest of another."""
    other = valid(chance, message.address).body
    place = chance.randrange(1, min(len(other), len(message.body)))
    return message.with_body(message.body[:place] + other[place:])


def _encode(message: Message, chance: random.Random) -> Message:
    body = message.body
    text = body.decode()
    return message.with_body(chance.choice([
        b"", b"\xef\xbb\xbf" + body, body + b"\0", b"\0" + body, gzip.compress(body), text.encode("utf-16"),
        text.encode("utf-32"), body + b"\xff", base64.b64encode(body), body + body, body + b" " * 70_000,
        b" " * 70_000 + body, body + b"," * 70_000, b"[" + body + b"]", b"[]", b"null", b'""', b"0", b"[" * 5_000,
        b'{"a":' * 5_000, body.replace(b":", b"="), body.replace(b'"', b"'"), quote(text).encode(), b"data=" + body,
        b"x=1&" * 40 + body, body + b"&" + body,
    ]))  # fmt: skip


# --- signatures ------------------------------------------------------------------------------------------------------


def _members(message: Message) -> Members:
    if message.address.endswith("redirect"):
        return dict(parse_qsl(message.body.decode(), keep_blank_values=True))
    members = json.loads(message.body)
    assert isinstance(members, dict)
    return members


def _with_members(message: Message, members: Members) -> Message:
    if message.address.endswith("redirect"):
        return message.with_body(urlencode(members, errors="surrogatepass").encode())
    return message.with_body(compact(members).encode("utf-8", "surrogatepass"))


def _name(message: Message) -> str:
    if message.address == ZALOPAY_BACK:
        return "checksum"
    return "mac" if message.address.startswith("/zalopay") else "signature"


def _text(members: Members) -> str:
    """What is signed."""
    if "data" in members:
        return str(members["data"])
    if "checksum" in members:
        return "|".join(str(members[name]) for name in REDIRECT_NAMES)
    return "&".join(f"{name}={members[name]}" for name in IPN_NAMES)


def _forged(message: Message, chance: random.Random) -> object:
    """Another signature for the same text."""
    members = _members(message)
    text, right = _text(members), str(members[_name(message)])
    key = KEY2 if message.address.startswith("/zalopay") else SECRET
    place = chance.randrange(64)
    return chance.choice([
        f"{chance.getrandbits(256):064x}", right.upper(), right.capitalize() + "A", f" {right}", f"{right} ",
        f"{right}\n", f"{right}\0", f"0x{right}", f"{right}=", right[:-1], right[1:], right * 2, right[::-1], "", "0",
        "0" * 64, None, 0, 1, True, [right], {"mac": right}, int(right, 16),
        base64.b64encode(bytes.fromhex(right)).decode(), right.translate(FULL_WIDTH),
        right.replace("a", "а").replace("c", "с") + "е", right[:place] + "\ud800" + right[place + 1 :],
        right[:place] + f"{int(right[place], 16) ^ 1:x}" + right[place + 1 :], f"{right[:32]}\u200b{right[32:]}",
        hmac_hex(KEY1, text), hmac_hex(OTHER_KEY2, text), hmac_hex(API_KEY, text), hmac_hex("", text),
        hmac_hex(key + "\n", text), hmac_hex(key.lower(), text), hmac_hex(key, text + "\n"), hmac_hex(key, f"|{text}"),
        hmac_hex(text, key), hmac_hex(key, text, "md5"), hmac_hex(key, text, "sha1"), hmac_hex(key, text, "sha512"),
        hmac_hex(key, text, "sha512")[:64], hmac_hex(key, text, "sha3_256"), sha256_hex(text), sha256_hex(key + text),
        sha256_hex(text + key), hashlib.md5(text.encode()).hexdigest(), hmac_hex(key, hmac_hex(key, text)),
        hmac_hex(key, text.encode("utf-16")),
    ])  # fmt: skip


def _sign_otherwise(message: Message, chance: random.Random) -> Message:
    members = _members(message)
    forged = _forged(message, chance)
    if message.address.endswith("redirect"):
        forged = str(forged)
    return _with_members(message, {**members, _name(message): forged})


def _shape(message: Message, chance: random.Random) -> Message:
    """Members that are missing, of another type, in another place, or there twice."""
    members, name = _members(message), _name(message)
    several = list(members)
    one = chance.choice(sorted(set(several) & set(message.names())))
    if message.address.endswith("redirect"):
        chosen: Members = {other: value for other, value in members.items() if other != one}
        other = urlencode({one: members[one] if chance.random() < 0.5 else "1"})
        whole = urlencode(chosen)
        return message.with_body(
            chance.choice([whole, f"{message.body.decode()}&{other}", f"{other}&{other}&{whole}"]).encode()
        )
    twice = compact({one: chance.choice([members[one], "", 1, None])})[1:-1]
    whole = message.body.decode()
    data = members.get("data")
    changes: list[Members] = [
        {other: value for other, value in members.items() if other != one},
        {other.upper() if other == one else other: value for other, value in members.items()},
        {**members, one: [members[one]]},
        {**members, one: {"": members[one]}},
        {**members, one: None},
        {**members, name: members.get("data"), "data": members[name]},
        {**members, one: chance.choice([True, False, 1.0, 0, -1, 3, 2**70, "", "1", [], {}])},
    ]
    if isinstance(data, str) and message.address not in (APPOTA_V2, APPOTA_POS):
        changes += [{**members, "data": json.loads(data)}, {**members, "type": "1"}, {**members, "type": 1.0},
                    {**members, "type": 3}, {**members, "type": True}, {**members, "type": 2},
                    {**members, "key": KEY1}]  # fmt: skip
    doubled = [f"{{{twice},{whole[1:]}", f"{whole[:-1]},{twice}}}"]
    if chance.random() < 0.3:
        return message.with_body(chance.choice(doubled).encode())
    return _with_members(message, chance.choice(changes))


def _rewrite(message: Message, chance: random.Random) -> Message:
    """The content written anew, or changed, under the signature of the old one."""
    members = _members(message)
    if "data" not in members:
        one = chance.choice([name for name in message.names() if name in members and name != _name(message)])
        value = members[one]
        other = (
            value + chance.choice([-1, 1, 10])
            if isinstance(value, int)
            else f"{value}{chance.choice(['', '0', ' ', '&', '|'])}0"
        )
        return _with_members(message, {**members, one: other})
    data, coded = str(members["data"]), message.address.startswith("/appotapay")
    text = base64.b64decode(data).decode() if coded else data
    told = json.loads(text)
    changed = chance.choice([
        json.dumps(told), json.dumps(told, sort_keys=True, separators=(",", ":")),
        json.dumps(told, indent=1, ensure_ascii=False),
        text + " ", " " + text, text + "\n", "\ufeff" + text, text.replace(":", ": "), text.replace('"', '\\"'),
        unicodedata.normalize("NFD", text) + " ", text.replace("{", "{\t", 1),
        re.sub(r'("(?:order)?[aA]mount":)\s*\d+', r"\g<1>1", text),
        re.sub(r'("app_?id":)\s*\d+', r"\g<1>1", text) + " ",
        text.replace(message.bill.app_trans_id, "251122_02999999x"), text[:-1] + ',"amount":1}', text[:-1] + "}",
        text.upper(), text[:-1] + ',"\ud800":1}', text.replace("Cà", "C\ud800"), text + "\0",
    ])  # fmt: skip
    if coded:
        padded = base64.b64encode(changed.encode("utf-8", "surrogatepass")).decode()
        changed = chance.choice([padded, data.rstrip("=") + "====", data + "\n", data.swapcase(),
                                 data + "AAAA", base64.urlsafe_b64encode(b"\xff\xfe" + text.encode()).decode(),
                                 data[4:], text])  # fmt: skip
    if changed == data:
        changed += " "
    return _with_members(message, {**members, "data": changed})


# --- rightly signed, and yet not for this order ----------------------------------------------------------------------

_AMOUNTS = (*("{less}", "{more}") * 4, '"{amount}"', "{amount}.0", "1e4", "true", "null", "-{amount}", "0",
            "9223372036854775808", "1" * 30, "NaN", "Infinity", "[{amount}]", "{{}}", "{amount}e0")  # fmt: skip
_IDS = ('"{id}0"', '""', '"{id}|1"', '"{id} "', '"{id}\\u0000"', '"{id}\\n"', '["{id}"]', "1", "null", '"\\ud800"',
        '"２{id}"', '"' + "1" * 65 + '"', '"../{id}"', '"251122_02999999x"')  # fmt: skip
_APPS = (*("2554",) * 4, '"2553"', "2553.0", "true", "0", "-2553", "null", "[2553]", "25530")
_NUMBERS = ("0", '""', '"0"', "-1", "null", "true", "1.0", '"a b"', "[1]", "9" * 25)
_DEEP = "[" * 20 + "]" * 20


def _untrue_text(message: Message, text: str, chance: random.Random) -> str:
    """The content with one thing in it that makes it another order's, or nobody's."""
    bill = message.bill
    amount = chance.choice(_AMOUNTS).format(amount=bill.amount, less=bill.amount - 1, more=bill.amount + 1_000)
    order = chance.choice(_IDS).format(id=bill.app_trans_id)
    app, number = chance.choice(_APPS), chance.choice(_NUMBERS)
    changes: list[tuple[str, str]] = [
        (r'"(orderAmount)":\s*\d+' if '"orderAmount"' in text else r'"(amount)":\s*\d+', amount),
        (rf'"([^"]+)":\s*"{bill.app_trans_id}"', order),
        (r'"(zp_?trans_?id|transaction_?[iI]d|appotapayTransId)":\s*("[^"]*"|\d+)', number),
    ]
    if message.address.startswith("/zalopay"):
        changes.append((r'"(app_?id)":\s*\d+', app))
    elif message.address != APPOTA_POS:  # which names neither
        changes += [(r'"(partnerCode)":\s*"[^"]*"', chance.choice(['"OTHER"', "1", "null", '"appotapay"'])),
                    (r'"(currency)":\s*"VND"', chance.choice(['"USD"', "1", "null", '"vnd"']))]  # fmt: skip
    pattern, value = chance.choice(changes)
    found = re.search(pattern, text)
    assert found, (pattern, text)
    whole, name = found[0], found[1]
    how = chance.randrange(4)
    if how == 0:
        return text.replace(whole, f'{whole},"{name}":{value}')  # there twice
    if how == 1 and name != "partnerCode":  # which may be left out
        return text.replace(whole, f'"_{name}":1')  # not there
    return text.replace(whole, f'"{name}":{value}')


def _untrue(message: Message, chance: random.Random) -> Message:
    if message.address.endswith("redirect"):
        return _untrue_back(message, chance)
    members = _members(message)
    if message.address == APPOTA_V1:
        signed = {name: members[name] for name in IPN_NAMES}
        text = _untrue_text(message, compact(signed), chance)
        try:
            read_back = {**signed, **json.loads(text)}
        except ValueError:
            read_back = signed
        body = text[:-1] + f',"signature":"{_sign_v1(read_back)}"}}'
        return message.with_body(body.encode("utf-8", "surrogatepass"))
    data = str(members["data"])
    if message.address in (APPOTA_V2, APPOTA_POS):
        text = base64.b64decode(data).decode()
        if chance.random() < 0.1:
            text = chance.choice(
                [f"[{text}]", text[:-1] + f',"x":{_DEEP}}}', "null", "", text + text, '{"transaction":1}']
            )
        else:
            text = _untrue_text(message, text, chance)
        return message.with_body(appota_v2(base64.b64encode(text.encode()).decode()))
    if chance.random() < 0.1:
        text = chance.choice([f"[{data}]", data[:-1] + f',"x":{_DEEP}}}', "null", "", data + data, "{}", data[:-1]])
        return message.with_body(zalopay(text))
    if chance.random() < 0.1:
        return message.with_body(zalopay(data, about=2))
    return message.with_body(zalopay(_untrue_text(message, data, chance)))


def _sign_v1(fields: Members) -> str:
    try:
        return ipn_signature(fields)
    except UnicodeEncodeError:
        return "0" * 64


def _untrue_back(message: Message, chance: random.Random) -> Message:
    members = _members(message)
    other = chance.choice(
        ["251122_02999999x", "", f"{message.bill.app_trans_id}|38", f"{message.bill.app_trans_id}\n", "a" * 65]
    )
    if "data" in members:
        text = base64.b64decode(str(members["data"])).decode().replace(message.bill.app_trans_id, other.strip())
        data = base64.b64encode(text.encode()).decode()
        return _with_members(message, {**members, "data": data, "signature": hmac_hex(SECRET, data)})
    if message.address == APPOTA_BACK:
        changed = {**members, **chance.choice([{"orderId": other}, {"partnerCode": "OTHER"}, {"amount": "1e4"},
                                               {"amount": "٣"}, {"currency": "USD"},
                                               {"orderId": f"{other}&orderId=1"}])}  # fmt: skip
        return _with_members(message, {**changed, "signature": ipn_signature(changed)})
    changed = {**members, **chance.choice([{"apptransid": other}, {"appid": "2554"}, {"appid": "02553"}, {"appid": "٢"},
                                           {"amount": "1e4"}, {"status": "+1"}, {"bankcode": "a|b"}])}  # fmt: skip
    checksum = hmac_hex(KEY2, "|".join(str(changed[name]) for name in REDIRECT_NAMES))
    return _with_members(message, {**changed, "checksum": checksum})


ALTERATIONS: tuple[Alteration, ...] = (
    _flip, _cut, _drop, _insert, _swap, _splice, _encode, _sign_otherwise, _sign_otherwise, _shape, _rewrite, _untrue,
    _untrue,
)  # fmt: skip
