"""Slips to test with: an ordinary one of each kind, and one where every text is as long as shops make them."""

from dataclasses import replace

from pos_app.receipts.blocks import Block
from pos_app.receipts.content import Item, Slip, SlipKind, slip_document
from pos_app.receipts.document import Document
from pos_app.words import Language, Text

PAID = Slip(
    kind=SlipKind.PAID,
    store_name="TẠP HÓA MINH ANH",
    store_address="12 Đường Mẫu, phường Bến Thành, TP. HCM",
    store_phone="028 0000 0000",
    tax_code="0123456789",
    slip_number="02-000148",
    at_ms=1_795_246_338_000,
    till="2",
    shift="1",
    cashier="Thu Hà",
    note="Bàn 5",
    amount=185_000,
    method=Text("ZaloPay, quét mã khách", "ZaloPay, customer's code"),
    zp_trans_id="261121000004821",
    app_trans_id="261121_02-000148",
)
WAITING = replace(PAID, kind=SlipKind.WAITING, zp_trans_id="")
DECLINED = replace(PAID, kind=SlipKind.DECLINED)
REFUND = replace(
    PAID,
    kind=SlipKind.REFUND,
    slip_number="02-000149",
    original="02-000148",
    amount=45_000,
    left=140_000,
    refund_id="261121000007712",
    reason=Text("Khách trả lại hàng", "Goods returned"),
    approved_by="Ngọc Lan",
)
OWN_VIETQR = replace(
    PAID,
    kind=SlipKind.BY_HAND,
    method=Text("Chuyển khoản, VietQR của tiệm", "Bank transfer, shop's own VietQR"),
    gateway="own_vietqr",
    zp_trans_id="",
    reference="02 000148 K7QX",
    approved_by="Ngọc Lan",
)
APPOTAPAY_REFUND = replace(
    REFUND, method=Text("AppotaPay, khách quét mã", "AppotaPay, code shown"), gateway="appotapay_v2",
    zp_trans_id="AP261122000000017", refund_id="AP261122000000018",
)  # fmt: skip
REFUNDED = replace(PAID, refunded=45_000, copy_number=1)
DEMO_COPY = replace(PAID, demo=True, copy_number=2)
ITEMS = replace(
    PAID,
    items=(
        Item("Dầu ăn 1 lít", 45_000, 1),
        Item("Sữa tươi 1 lít", 34_000, 2),
        Item("Mì gói chua cay", 4_500, 10),
        Item("Trứng gà, vỉ 10 quả", 27_000, 1),
    ),
)
LONG = replace(
    PAID,
    store_name="CỬA HÀNG TIỆN LỢI VÀ ẨM THỰC NGUYỄN THỊ MINH KHAI CHI NHÁNH QUẬN BÌNH THẠNH",
    note="Giao tầng 12, gọi trước khi lên, không lấy ống hút, thêm đá riêng, khách quen của chị Hằng",
    amount=999_999_999,
    app_trans_id="261121_" + "9" * 33,
    items=(Item("Ẩm thực đặc biệt Ẵ Ỗ Ặ nghìn năm văn hiến, phần lớn cho cả gia đình", 999_999_999, 1),),
    copy_number=12,
    demo=True,
)
ONE_DONG = replace(PAID, amount=1)
HALF_A_BILLION = replace(PAID, amount=500_000_000)
GOODS = ("Sữa tươi tiệt trùng có đường 1 lít", "Mì gói chua cay", "Nước mắm cá cơm 40 độ đạm, chai thủy tinh 500 ml")
HUNDRED = replace(
    PAID,
    items=tuple(Item(f"{number}. {GOODS[number % 3]}", 4_500 * number, number % 9 + 1) for number in range(1, 101)),
    amount=sum(4_500 * number * (number % 9 + 1) for number in range(1, 101)),
)
CASH = replace(
    PAID,
    kind=SlipKind.CASH,
    amount=185_000,
    given=200_000,
    method=Text("Tiền mặt", "Cash"),
    app_trans_id="02-000148",
    zp_trans_id="",
    gateway="cash",
)
SLIPS = {
    "paid": PAID,
    "waiting": WAITING,
    "declined": DECLINED,
    "refund": REFUND,
    "refunded": REFUNDED,
    "own vietqr": OWN_VIETQR,
    "appotapay refund": APPOTAPAY_REFUND,
    "demo copy": DEMO_COPY,
    "cash": CASH,
    "cash refund": replace(
        REFUND, gateway="cash", method=CASH.method, app_trans_id="02-000148", zp_trans_id="", refund_id=""
    ),
    "items": ITEMS,
    "long": LONG,
}


def texts(blocks: tuple[Block, ...]) -> list[str]:
    """Every text in the blocks, the QR's included."""
    names = ("text", "label", "value", "price", "quantity", "amount", "heading", "sentence")
    return [getattr(block, name) for block in blocks for name in names if hasattr(block, name)]


def paper_of(slip: Slip, language: Language = Language.VI) -> Document:
    """The slip as printers take it."""
    return slip_document(slip, language)
