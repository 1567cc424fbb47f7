"""What must be on a slip, and what must never be."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.payments.environment import Environment
from pos_app.payments.gateway_names import ZALOPAY_V2, in_environment
from pos_app.payments.payment_code import SLIP_PREFIX, NotACode, WrongCode, read_scan
from pos_app.receipts.blocks import Band, Box, Centred, Code, Columns, Plain, Row, Sign, Style, Total
from pos_app.receipts.content import SANDBOX, Slip, SlipKind, printable, slip_blocks
from pos_app.words import Language
from tests.receipts.slips import (
    APPOTAPAY_REFUND,
    DEMO_COPY,
    ITEMS,
    OWN_VIETQR,
    PAID,
    REFUND,
    REFUNDED,
    SLIPS,
    WAITING,
    texts,
)

EVERY = pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS.keys())
BOTH = pytest.mark.parametrize("language", Language)


@EVERY
@BOTH
def test_no_slip_calls_itself_an_invoice(slip: Slip, language: Language) -> None:
    blocks = slip_blocks(slip, language)
    titles = [block.text.casefold() for block in blocks if isinstance(block, Centred) and block.style is Style.TITLE]
    assert len(titles) == 1
    assert "hóa đơn" not in titles[0]
    assert "invoice" not in titles[0]
    said = {
        Language.VI: ("– không phải hóa đơn –", "Phiếu này không thay thế hóa đơn điện tử."),
        Language.EN: ("– not an invoice –", "This slip does not replace an e-invoice."),
    }
    assert set(said[language]) <= set(texts(blocks))
    named = [text for text in texts(blocks) if "hóa đơn" in text.casefold() or "invoice" in text.casefold()]
    assert set(named) == set(said[language])


@pytest.mark.parametrize("kind", [SlipKind.WAITING, SlipKind.DECLINED])
@BOTH
def test_a_slip_that_is_not_paid_never_looks_paid(kind: SlipKind, language: Language) -> None:
    blocks = slip_blocks(replace(ITEMS, kind=kind), language)
    for text in texts(blocks):
        assert "đã thanh toán" not in text.casefold()
        assert "paid" not in text.casefold()
        assert "phiếu thanh toán" not in text.casefold()
    boxes = [block for block in blocks if isinstance(block, Box)]
    assert [box.filled for box in boxes] == [True]
    assert boxes[0].sign is not Sign.TICK


def test_a_waiting_slip_says_that_nothing_is_confirmed() -> None:
    assert Box("CHƯA XÁC NHẬN", Sign.HOURGLASS, filled=True) in slip_blocks(WAITING, Language.VI)
    assert Centred("PHIẾU CHỜ", Style.TITLE) in slip_blocks(WAITING, Language.VI)
    assert Box("NOT CONFIRMED", Sign.HOURGLASS, filled=True) in slip_blocks(WAITING, Language.EN)


@BOTH
def test_a_refund_slip_never_looks_paid(language: Language) -> None:
    blocks = slip_blocks(REFUND, language)
    for text in texts(blocks):
        assert "đã thanh toán" not in text.casefold()
        assert "phiếu thanh toán" not in text.casefold()
        assert text.casefold() != "paid"
    boxes = [block for block in blocks if isinstance(block, Box)]
    assert [(box.sign, box.filled) for box in boxes] == [(Sign.BACK, True)]


def test_a_refund_slip_says_what_went_back_of_what_and_why() -> None:
    blocks = slip_blocks(REFUND, Language.VI)
    assert Centred("PHIẾU HOÀN TIỀN", Style.TITLE) in blocks
    assert Total("SỐ TIỀN HOÀN", "45.000\u00a0₫") in blocks
    assert Plain("Bằng chữ: Bốn mươi lăm nghìn đồng", Style.BODY) in blocks
    rows = {block.label: block.value for block in blocks if isinstance(block, Row)}
    assert rows == {
        "Số phiếu": "02-000149",
        "Ngày giờ": "21/11/2026 14:32:18",
        "Phiếu gốc": "02-000148",
        "Quầy": "2",
        "Ca": "1",
        "Thu ngân": "Thu Hà",
        "Ghi chú": "Bàn 5",
        "Còn lại sau khi hoàn": "140.000\u00a0₫",
        "Lý do": "Khách trả lại hàng",
        "Người duyệt": "Ngọc Lan",
        "Hình thức": "ZaloPay, quét mã khách",
        "Mã giao dịch ZaloPay": "261121000004821",
        "Mã hoàn ZaloPay": "261121000007712",
        "Mã đơn": "261121_02-000148",
    }


def test_a_copy_of_a_slip_says_what_went_back_since() -> None:
    rows = {block.label: block.value for block in slip_blocks(REFUNDED, Language.VI) if isinstance(block, Row)}
    assert rows["Đã hoàn lại"] == "45.000\u00a0₫"
    assert "Đã hoàn lại" not in {block.label for block in slip_blocks(PAID, Language.VI) if isinstance(block, Row)}


def test_a_paid_slip_reads_as_the_shop_expects() -> None:
    blocks = slip_blocks(PAID, Language.VI)
    assert Centred("PHIẾU THANH TOÁN", Style.TITLE) in blocks
    assert Box("ĐÃ THANH TOÁN", Sign.TICK) in blocks
    assert Plain("Bằng chữ: Một trăm tám mươi lăm nghìn đồng", Style.BODY) in blocks
    rows = {block.label: block.value for block in blocks if isinstance(block, Row)}
    assert rows == {
        "Số phiếu": "02-000148",
        "Ngày giờ": "21/11/2026 14:32:18",
        "Quầy": "2",
        "Ca": "1",
        "Thu ngân": "Thu Hà",
        "Ghi chú": "Bàn 5",
        "Hình thức": "ZaloPay, quét mã khách",
        "Mã giao dịch ZaloPay": "261121000004821",
        "Mã đơn": "261121_02-000148",
    }


def test_an_english_slip_is_english_throughout() -> None:
    slip = replace(PAID, store_name="A", store_address="B", cashier="C", note="D")
    assert all(text.isascii() for text in texts(slip_blocks(slip, Language.EN)) if "₫" not in text and "·" not in text
               and "–" not in text)  # fmt: skip
    rows = {block.label for block in slip_blocks(slip, Language.EN) if isinstance(block, Row)}
    assert {"Slip no.", "Date", "Till", "Shift", "Cashier", "Note", "Method", "Order ID"} <= rows


@EVERY
def test_ids_are_whole_and_marked_as_such(slip: Slip) -> None:
    rows = [block for block in slip_blocks(slip, Language.VI) if isinstance(block, Row)]
    whole = {row.value for row in rows if row.whole}
    assert {slip.slip_number, slip.app_trans_id} | ({slip.zp_trans_id} - {""}) <= whole


@EVERY
@BOTH
def test_the_code_finds_the_payment_and_cannot_be_paid(slip: Slip, language: Language) -> None:
    codes = [block.text for block in slip_blocks(slip, language) if isinstance(block, Code)]
    assert codes == [SLIP_PREFIX + slip.app_trans_id]
    scanned = read_scan(codes[0])
    assert isinstance(scanned, WrongCode)
    assert scanned.what is NotACode.SLIP


@BOTH
def test_copies_and_demo_are_marked(language: Language) -> None:
    said = texts(slip_blocks(DEMO_COPY, language))
    assert {Language.VI: "IN LẠI lần 2", Language.EN: "REPRINT no. 2"}[language] in said
    bands = [block.text for block in slip_blocks(DEMO_COPY, language) if isinstance(block, Band)]
    demo = {Language.VI: "DEMO – KHÔNG CÓ TIỀN THẬT", Language.EN: "DEMO – NO REAL MONEY"}[language]
    assert bands == [demo, demo]
    original = texts(slip_blocks(PAID, language))
    assert not any("IN LẠI" in text or "REPRINT" in text or "DEMO" in text for text in original)


@BOTH
def test_the_gateways_test_hosts_are_marked(language: Language) -> None:
    slip = replace(PAID, gateway=in_environment(ZALOPAY_V2, Environment.SANDBOX))
    bands = [block.text for block in slip_blocks(slip, language) if isinstance(block, Band)]
    assert bands == [SANDBOX.say(language)] * 2


def test_the_goods_stand_in_two_rows_each() -> None:
    blocks = slip_blocks(ITEMS, Language.VI)
    at = blocks.index(Plain("Sữa tươi 1 lít", Style.ITEM))
    assert blocks[at + 1] == Columns("34.000", "× 2", "68.000")
    assert Columns("Đơn giá", "SL", "Thành tiền", strong=False) in blocks


def test_what_is_not_known_leaves_no_empty_label() -> None:
    slip = replace(PAID, store_address="", store_phone="", tax_code="", till="", shift="", cashier="", note=" ",
                   zp_trans_id="")  # fmt: skip
    labels = [block.label for block in slip_blocks(slip, Language.VI) if isinstance(block, Row)]
    assert labels == ["Số phiếu", "Ngày giờ", "Hình thức", "Mã đơn"]
    assert all(texts(slip_blocks(slip, Language.VI)))


def test_text_is_made_fit_for_paper() -> None:
    decomposed = unicodedata.normalize("NFD", "Phở bò")
    assert printable(f"  {decomposed}\n\ttái\u00a0chín ") == "Phở bò tái chín"
    assert printable("bánh 🥖 日 \x07!") == "bánh ? ? ?!"


@given(st.text())
def test_printable_text_stays_as_it_is(text: str) -> None:
    once = printable(text)
    assert printable(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    ("language", "said"),
    [(Language.VI, "KHÔNG ĐƯỢC CỔNG THANH TOÁN XÁC NHẬN"), (Language.EN, "NOT CONFIRMED BY A GATEWAY")],
)
def test_a_transfer_that_the_shop_saw_is_marked_as_confirmed_by_nobody_else(language: Language, said: str) -> None:
    blocks = slip_blocks(OWN_VIETQR, language)
    assert Band(said) in blocks
    boxes = [block for block in blocks if isinstance(block, Box)]
    assert [(box.sign, box.filled) for box in boxes] == [(Sign.PERSON, True)]
    rows = {block.label: block.value for block in blocks if isinstance(block, Row)}
    assert "Ngọc Lan" in rows.values()
    assert OWN_VIETQR.reference in rows.values()
    for text in texts(blocks):
        assert "ZaloPay" not in text
        assert "đã thanh toán" not in text.casefold()
        assert text.casefold() != "paid"
        assert "payment slip" not in text.casefold()


@EVERY
@BOTH
def test_only_a_slip_of_the_shops_own_account_has_that_mark(slip: Slip, language: Language) -> None:
    marks = [block for block in slip_blocks(slip, language) if isinstance(block, Band) and "DEMO" not in block.text]
    assert len(marks) == (slip.kind is SlipKind.BY_HAND)


@pytest.mark.parametrize("kind", SlipKind)
@BOTH
def test_no_slip_of_another_gateway_names_zalopay(kind: SlipKind, language: Language) -> None:
    for gateway in ("appotapay_v1", "demo_appotapay_v2", "own_vietqr"):
        slip = replace(APPOTAPAY_REFUND, kind=kind, gateway=gateway)
        assert not [text for text in texts(slip_blocks(slip, language)) if "ZaloPay" in text]
        assert [text for text in texts(slip_blocks(replace(slip, gateway="zalopay_v2"), language)) if "ZaloPay" in text]


@BOTH
def test_a_cash_slip_tells_given_and_change_and_names_no_gateway(language: Language) -> None:
    cash, back = (texts(slip_blocks(SLIPS[name], language)) for name in ("cash", "cash refund"))
    assert not [text for text in (*cash, *back) if "ZaloPay" in text]
    assert {"VI": "Tiền mặt", "EN": "Cash"}[language.name] in {*cash} & {*back}
    assert {"185.000\xa0₫", "200.000\xa0₫", "15.000\xa0₫"} <= set(cash)
    assert not {"ĐÃ THANH TOÁN", "PAID"} & set(cash), "that is a gateway's word"
    assert {"VI": "Tiệm đã trả lại tiền mặt", "EN": "The shop gave the cash back"}[language.name] in back
