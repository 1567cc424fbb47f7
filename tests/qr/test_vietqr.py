"""VietQR against the vectors, the shop's own code, and the check of a gateway's code before it is shown."""

import json
import time
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.qr import emv, vietqr
from pos_app.qr.banks import BANKS
from pos_app.qr.emv import DataObject, QrError, find, read_objects, read_text, write_objects, write_text
from pos_app.qr.vietqr import (
    OtherSchemeError,
    Receiver,
    Service,
    VietQr,
    check_gateway_code,
    plain,
    read_vietqr,
    write_vietqr,
)
from pos_app.words import Text

DATA = Path(__file__).parents[1] / "data"
VECTORS = {one["id"]: one for one in json.loads((DATA / "vietqr-vectors.json").read_text("utf-8"))["vectors"]}
ORDERS = json.loads((DATA / "zalopay-vectors.json").read_text("utf-8"))
GATEWAY_CODE = ORDERS["qr"][0]["qr_code"]

REJECTED = {
    "V05b": (emv.BROKEN, ""),
    "V12": (emv.WRONG_CHECKSUM, ""),
    "V13": (emv.BROKEN, ""),
    "V14": (emv.NO_CHECKSUM, ""),
    "V15": (vietqr.NOT_VIETNAM, "VietQR: 58 is VN"),
    "V16": (vietqr.NOT_DONG, "VietQR: 53 is 704"),
    "V17": (emv.TWICE.fill(id="54"), "EMVCo: each ID at most once"),
    "V21": (vietqr.WRONG_TIP, "EMVCo: 55 = 02 goes with 56"),
    "V22": (vietqr.OTHER_SCHEME, "ours: another owner's template is another scheme"),
    "V23": (emv.BROKEN, ""),
    "V24": (emv.BROKEN, ""),
    "V25": (emv.NOT_EMV, "EMVCo: 00 comes first"),
    "V26": (emv.NO_CHECKSUM, ""),
    "V27": (vietqr.WRONG_AMOUNT, "ours: dong have no decimals, though EMVCo allows a point"),
    "V29": (emv.BROKEN, "EMVCo: a length is 01 to 99"),
}
"""Why each is refused; for those that no other reader we know refuses, whose rule that is."""

FIELDS = {
    "amount": "amount", "purpose": "purpose", "purpose_nfc": "purpose", "mcc": "category", "merchant_name": "name",
    "merchant_city": "city", "postal_code": "postcode", "bill": "bill", "reference": "reference",
    "terminal": "terminal", "tip_indicator": "tip", "fee_fixed": "fee_fixed", "fee_percent": "fee_percent",
}  # fmt: skip


def said(code: VietQr, field: str) -> object:
    """What the code says, under the vectors' name for it."""
    match field:
        case "init":
            return "12" if code.one_payment else "11"
        case "bin" | "account" | "service":
            return getattr(code.receiver, field)
        case "currency":
            return find(code.objects, "53")
        case "country":
            return find(code.objects, "58")
        case "template26":
            return dict(read_objects(find(code.objects, "26") or ""))
        case _:
            return getattr(code, FIELDS[field])


@pytest.mark.parametrize("name", [name for name, one in VECTORS.items() if one["expect"] == "accept"])
def test_what_is_taken_is_read_whole(name: str) -> None:
    code = read_vietqr(VECTORS[name]["payload"])
    wanted: dict[str, Any] = VECTORS[name]["parse"]
    assert {field: said(code, field) for field in wanted} == {
        field: unicodedata.normalize("NFC", value) if isinstance(value, str) else value
        for field, value in wanted.items()
    }


@pytest.mark.parametrize("name", [name for name, one in VECTORS.items() if one["expect"] == "reject"])
def test_what_is_refused_says_why(name: str) -> None:
    title, whose = REJECTED[name]
    with pytest.raises(QrError) as refused:
        read_vietqr(VECTORS[name]["payload"])
    assert refused.value.title == title
    assert isinstance(refused.value, OtherSchemeError) == (name == "V22")
    nobody_else = not VECTORS[name]["peers_agreeing"]
    assert bool(whose) == nobody_else, "a rule that no peer has is marked with whose rule it is"


def test_every_vector_is_tried() -> None:
    assert len(VECTORS) == 33
    assert set(REJECTED) == {name for name, one in VECTORS.items() if one["expect"] == "reject"}


@pytest.mark.parametrize("name", ["V01", "V02", "V03", "V05d", "V09", "V11"])
def test_the_shops_own_code_is_byte_for_byte_what_others_build(name: str) -> None:
    one = read_vietqr(VECTORS[name]["payload"])
    assert write_vietqr(one.receiver, amount=one.amount, reference=one.purpose or "") == VECTORS[name]["payload"]


# ---------------------------------------------------------------------- the shop's own

RECEIVERS = st.builds(
    Receiver,
    bin=st.sampled_from(sorted(BANKS)) | st.text("0123456789", min_size=6, max_size=6),
    account=st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcxyz", min_size=1, max_size=19),
    service=st.sampled_from(Service),
)
AMOUNTS = st.none() | st.integers(1, 10**13 - 1)
REFERENCES = st.text(max_size=40).map(plain)


@settings(deadline=None)
@given(RECEIVERS, AMOUNTS, REFERENCES)
def test_what_is_written_is_read_back(receiver: Receiver, amount: int | None, reference: str) -> None:
    code = read_vietqr(write_vietqr(receiver, amount=amount, reference=reference))
    assert (code.receiver, code.amount, code.purpose or "") == (receiver, amount, reference)
    assert code.one_payment == (amount is not None)
    assert (code.tip, code.bill, code.name) == (None, None, None)


SHOP = Receiver("970436", "0123456789")


@pytest.mark.parametrize(
    ("receiver", "amount", "reference", "title"),
    [
        (Receiver("97043", "1"), None, "", vietqr.WRONG_RECEIVER),
        (Receiver("٩٧٠٤٣٦", "1"), None, "", vietqr.WRONG_RECEIVER),
        (Receiver("970436", ""), None, "", vietqr.WRONG_RECEIVER),
        (Receiver("970436", "1" * 20), None, "", vietqr.WRONG_RECEIVER),
        (Receiver("970436", "012 345"), None, "", vietqr.WRONG_RECEIVER),
        (Receiver("970436", "1", None), None, "", vietqr.WRONG_RECEIVER),
        (SHOP, 0, "", vietqr.WRONG_AMOUNT),
        (SHOP, -5, "", vietqr.WRONG_AMOUNT),
        (SHOP, 10**13, "", vietqr.WRONG_AMOUNT),
        (SHOP, True, "", vietqr.WRONG_AMOUNT),
        (SHOP, 1, "Đơn 12", vietqr.WRONG_REFERENCE),
        (SHOP, 1, " DH12", vietqr.WRONG_REFERENCE),
        (SHOP, 1, "DH12\n", vietqr.WRONG_REFERENCE),
        (SHOP, 1, "DH-12", vietqr.WRONG_REFERENCE),
        (SHOP, 1, "D" * 26, vietqr.WRONG_REFERENCE),
    ],
)
def test_what_does_not_fit_is_not_written(receiver: Receiver, amount: int | None, reference: str, title: Text) -> None:
    with pytest.raises(QrError) as refused:
        write_vietqr(receiver, amount=amount, reference=reference)
    assert refused.value.title == title


def test_plain_text_for_banks() -> None:
    assert plain("Thanh toán đơn hàng số 12") == "Thanh toan don hang so 12"
    assert plain(unicodedata.normalize("NFD", "Thanh toán đơn hàng số 12")) == "Thanh toan don hang so 12"
    assert plain("  ĐƠN\t#12/3 \n") == "DON 12 3"
    assert plain("A" * 24 + " B") == "A" * 24
    assert plain("☕ 咖啡") == ""


@given(st.text(max_size=60))
def test_plain_stays_plain(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert len(plain(text)) <= 25
    assert plain(text).replace(" ", "").isascii()


# ---------------------------------------------------------------------- a gateway's


def changed(code: str, changes: dict[str, str | None]) -> str:
    """The code with objects changed or, for None, left out, and a right checksum."""
    objects = [DataObject(one.id, changes.get(one.id, one.value) or "") for one in read_text(code)[1:]]
    known = {one.id for one in objects}
    objects += [DataObject(id_, value) for id_, value in changes.items() if value and id_ not in known]
    return write_text(one for one in objects if one.value)


@pytest.mark.parametrize("published", ORDERS["qr"], ids=lambda one: one["id"])
def test_published_order_codes_may_be_shown(published: dict[str, Any]) -> None:
    text = published["qr_code"]
    amount = int(next(value for id_, _, value, *_ in published["tlv"] if id_ == "54"))
    code = check_gateway_code(text, amount=amount)
    assert code.one_payment
    assert code.receiver.bin == "970454"
    assert [[one.id, len(one.value), one.value] for one in code.objects] == [row[:3] for row in published["tlv"][:-1]]
    with pytest.raises(QrError) as refused:
        check_gateway_code(text, amount=amount + 1)
    assert f"{amount:,}".replace(",", ".") in refused.value.title.vi


def test_a_changed_order_code_is_not_shown() -> None:
    with pytest.raises(QrError) as refused:
        check_gateway_code(ORDERS["qr_negative"][0]["qr_code"], amount=69_001)
    assert refused.value.title == emv.WRONG_CHECKSUM


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"54": None}, vietqr.NO_AMOUNT),
        ({"54": "690000"}, vietqr.OTHER_AMOUNT.fill(stated="690.000\u00a0₫", wanted="69.000\u00a0₫")),
        ({"54": "069000"}, vietqr.WRONG_AMOUNT),
        ({"54": "69000.00"}, vietqr.WRONG_AMOUNT),
        ({"54": "٦٩٠٠٠"}, vietqr.WRONG_AMOUNT),
        ({"53": "840"}, vietqr.NOT_DONG),
        ({"53": None}, vietqr.NOT_DONG),
        ({"58": None}, vietqr.NOT_VIETNAM),
        ({"01": "22"}, vietqr.WRONG_KIND),
        ({"55": "01"}, vietqr.EXTRA_FEE),
        ({"55": "02", "56": "5000"}, vietqr.EXTRA_FEE),
        ({"56": "5000"}, vietqr.WRONG_TIP),
        ({"55": "03", "57": "100"}, vietqr.WRONG_TIP),
        ({"55": "03", "57": "00.00"}, vietqr.WRONG_TIP),
        ({"55": "03", "56": "5000"}, vietqr.WRONG_TIP),
        ({"55": "04"}, vietqr.WRONG_TIP),
        ({"26": None}, vietqr.OTHER_WALLET.fill(wallet="vn.zalopay")),
        ({"26": "0010vn.zal0pay"}, vietqr.OTHER_WALLET.fill(wallet="vn.zalopay")),
        ({"26": "vn.zalopay"}, vietqr.OTHER_WALLET.fill(wallet="vn.zalopay")),
        ({"26": None, "60": "0010vn.zalopay"}, vietqr.OTHER_WALLET.fill(wallet="vn.zalopay")),
        ({"38": None}, vietqr.OTHER_SCHEME),
        ({"38": "0010A000000727"}, vietqr.WRONG_RECEIVER),
        ({"38": "0010A0000007270114000697045401000"}, emv.BROKEN),
        ({"38": "0010A00000072701190006970454010579 23"}, vietqr.WRONG_RECEIVER),
        ({"62": "08051234"}, emv.BROKEN),
    ],
)
def test_an_order_code_that_must_not_be_shown(changes: dict[str, str | None], title: Text) -> None:
    with pytest.raises(QrError) as refused:
        check_gateway_code(changed(GATEWAY_CODE, changes), amount=69_000)
    assert refused.value.title == title
    assert "{" not in refused.value.title.vi + refused.value.title.en


def test_what_else_a_gateway_adds_does_not_matter() -> None:
    check_gateway_code(changed(GATEWAY_CODE, {"59": "TIEM", "60": "HCM", "01": None, "80": "0003abc"}), amount=69_000)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([one["payload"].strip() for one in VECTORS.values()] + [GATEWAY_CODE]), st.data())
def test_no_mutated_code_brings_it_down(code: str, data: st.DataObject) -> None:
    """Cut, doubled, spliced and overwritten, with the checksum made right again so that the rest is reached."""
    start = data.draw(st.integers(6, len(code) - 8))
    stop = data.draw(st.integers(start, min(start + 6, len(code) - 8)))
    body = code[:start] + data.draw(st.text(max_size=8)) + code[stop:-4]
    found, before = None, time.thread_time()
    with suppress(QrError):
        found = read_vietqr(body + emv.checksum(body))
    assert time.thread_time() - before < 0.05
    if found is not None:
        assert found.amount is None or found.amount > 0
        assert write_objects(found.objects) + "6304" == body.strip()


def test_texts_fit_a_line() -> None:
    texts = [value for room in (emv, vietqr) for value in vars(room).values() if isinstance(value, Text)]
    assert len(texts) > 15
    assert [text for text in texts if not text.vi or not text.en or "!" in text.vi] == []
