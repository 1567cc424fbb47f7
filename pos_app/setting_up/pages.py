"""The pages of the set-up, in their order: what each asks, and what its test button is called. Data only."""

from enum import StrEnum
from typing import NamedTuple

from pos_app.setting_up.fields import Field, Kind, switch
from pos_app.words import NOTHING, Text, same


class PageId(StrEnum):
    """A page."""

    STORE = "store"
    KEYS = "keys"
    CAMERA = "camera"
    SCANNER = "scanner"
    PRINTER = "printer"
    PIN = "pin"
    HABITS = "habits"
    WAYS = "ways"


class Page(NamedTuple):
    """What a page asks.

    Attributes:
        id: which one.
        word: its name in the strip.
        title, about: what stands at its top.
        fields: its settings; pages of devices and of keys have more than these.
        test: what its test button says, empty for none.
        later: whether it may be left for later.
    """

    id: PageId
    word: Text
    title: Text
    about: Text
    fields: tuple[Field, ...] = ()
    test: Text = NOTHING
    later: bool = True


_PORT = Text("Cổng là số từ 1 đến 65535.", "A port is a number from 1 to 65535.")
_BIN = Text("Mã ngân hàng (BIN) có 6 chữ số.", "A bank’s code (BIN) has 6 digits.")
_MINUTES = Text("Số phút, nhiều nhất một ngày.", "Minutes, a day at most.")

OWNERS_PIN = Field("pin", Text("PIN chủ tiệm", "Owner’s PIN"))
"""On a page that changes where the money goes; it is no setting."""
STORE = Page(
    PageId.STORE,
    Text("Cửa hàng", "Store"),
    Text("Cửa hàng và quầy", "Store and till"),
    Text("Hiện trên màn hình và in trên mỗi phiếu.", "Shown on the screens and printed on every slip."),
    (
        Field("shop.store", Text("Tên cửa hàng", "Name of the store"), needed=True),
        Field("shop.address", Text("Địa chỉ", "Address")),
        Field("shop.phone", Text("Điện thoại", "Phone")),
        Field("shop.tax_code", Text("Mã số thuế", "Tax code")),
        Field("shop.till", Text("Số quầy", "Number of the till"), needed=True,
              wrong=Text("1 đến 8 chữ cái không dấu hoặc chữ số.", "1 to 8 plain letters or digits.")),
        Field("shop.cashier", Text("Thu ngân, khi chưa có danh sách nhân viên", "Cashier, while nobody signs in")),
    ),
    Text("Xem thử phiếu", "Preview a slip"),
    later=False,
)  # fmt: skip
KEYS = Page(
    PageId.KEYS,
    Text("Khóa ZaloPay", "ZaloPay keys"),
    Text("Khóa ZaloPay", "ZaloPay keys"),
    Text("Dán từ trang ZaloPay cấp cho cửa hàng, hoặc lấy từ tệp. Gõ gì cũng không hiện ra.",
         "Paste them from the page that ZaloPay gave the store, or load a file. They are never shown."),
    test=Text("Hỏi thử ZaloPay", "Ask ZaloPay"),
)  # fmt: skip
CAMERA = Page(
    PageId.CAMERA,
    same("Camera"),
    same("Camera"),
    Text("Đọc mã trên điện thoại của khách. Chỉ có máy quét cầm tay thì chọn “Không dùng”.",
         "Reads the code on the customer’s phone. With a hand-held scanner only, choose “None”."),
    (Field("scanning.camera", same("Camera")), switch("scanning.mirror", Text("Hình như soi gương", "Like a mirror"))),
    Text("Xem hình và đọc thử", "Show the picture, read a code"),
)  # fmt: skip
SCANNER = Page(
    PageId.SCANNER,
    Text("Máy quét", "Scanner"),
    Text("Máy quét cầm tay", "Hand-held scanner"),
    Text("Cắm vào là dùng được: máy quét gõ như bàn phím. Không có thì để sau.",
         "Plug it in: a scanner that types needs no setting. Without one, go on."),
    (
        Field("scanning.serial", Text("Cổng nối tiếp (COM), trống là không", "Serial port (COM), empty for none")),
        Field("scanning.baud", Text("Tốc độ cổng", "Speed of the port"), Kind.CHOICE,
              {speed: same(speed) for speed in ("9600", "19200", "38400", "57600", "115200")}),
        Field("scanning.prefix", Text("Máy quét thêm phía trước", "Sent before a code"), blanks=True),
        Field("scanning.suffix", Text("Máy quét thêm phía sau", "Sent after a code"), blanks=True),
    ),
    test=Text("Bắt đầu quét thử", "Begin to try it"),
)  # fmt: skip
PRINTER = Page(
    PageId.PRINTER,
    Text("Máy in", "Printer"),
    Text("Máy in phiếu", "Slip printer"),
    Text("Không có máy in thì phiếu lưu thành tệp PDF.", "Without a printer, slips are saved as PDF."),
    (
        Field("printer.host", Text("Địa chỉ máy in mạng", "Address of the network printer")),
        Field("printer.port", Text("Cổng", "Port"), Kind.NUMBER, wrong=_PORT),
        Field("printer.device", Text("Thiết bị", "Device")),
        Field("printer.baud", Text("Tốc độ", "Speed"), Kind.CHOICE,
              {speed: same(speed) for speed in ("9600", "19200", "38400", "57600", "115200")}),
        Field("printer.paper", Text("Giấy", "Paper"), Kind.CHOICE,
              {"58": same("58 mm"), "80": same("80 mm"), "80-512": Text("80 mm, 512 chấm", "80 mm, 512 dots"),
               "A5": same("A5")}),
        switch("printer.cutter", Text("Tự cắt giấy", "Cuts the paper")),
        Field("printer.drawer", Text("Két tiền", "Cash drawer"), Kind.CHOICE,
              {"0": Text("Không có", "None"), "2": Text("Chân 2", "Pin 2"), "5": Text("Chân 5", "Pin 5")}),
    ),
    Text("In thử một trang", "Print a test page"),
)  # fmt: skip
PIN = Page(
    PageId.PIN,
    Text("PIN chủ tiệm", "Owner’s PIN"),
    Text("PIN chủ tiệm", "Owner’s PIN"),
    NOTHING,
)
HABITS = Page(
    PageId.HABITS,
    Text("Giao diện và thói quen", "Look and habits"),
    Text("Giao diện và thói quen", "Look and habits"),
    Text("Có sẵn giá trị thường dùng.", "These are the usual ones."),
    (
        Field("look.language", Text("Ngôn ngữ", "Language"), Kind.CHOICE,
              {"vi": same("Tiếng Việt"), "en": same("English")}),
        Field("look.theme", Text("Nền", "Theme"), Kind.CHOICE,
              {"light": Text("Sáng", "Light"), "dark": Text("Tối", "Dark"),
               "contrast": Text("Tương phản cao", "High contrast")}),
        switch("look.reduce_motion", Text("Tắt chuyển động", "No motion")),
        switch("look.speak", Text("Đọc số tiền đã thu", "Say a paid amount aloud")),
        Field("display.screen", Text("Màn hình khách", "Customer display"), Kind.CHOICE,
              {"auto": Text("Màn hình thứ hai, nếu có", "On a second screen, if any"),
               "window": Text("Cửa sổ riêng", "In a window"), "off": Text("Không dùng", "None")}),
        Field("display.words", Text("Chữ cho khách", "Its language"), Kind.CHOICE,
              {"vi_en": Text("Tiếng Việt và Anh", "Vietnamese and English"), "vi": same("Tiếng Việt"),
               "en": same("English")}),
        Field("staff.lock_after_min", Text("Tự khóa máy sau (phút), 0 là không", "Locks after (min), 0 never"),
              Kind.NUMBER, wrong=_MINUTES),
        switch("cash.enabled", Text("Thu cả tiền mặt ở quầy này", "This till takes cash too")),
        switch("shift.required", Text("Phải mở ca trước khi bán", "A shift is opened before selling")),
        Field("shop.amount_max", Text("Số tiền lớn nhất một lần (₫)", "Largest single payment (₫)"), Kind.NUMBER,
              wrong=Text("Từ 1 đến 999.999.999 ₫.", "From 1 to 999,999,999 ₫.")),
    ),
)  # fmt: skip
WAYS = Page(
    PageId.WAYS,
    Text("Cách thu khác", "Other ways to pay"),
    Text("Cách thu khác", "Other ways to pay"),
    Text("Tài khoản ngân hàng của tiệm, AppotaPay, đường dẫn.", "The shop’s bank account, AppotaPay, links."),
    (
        Field("own_vietqr.bank", Text("Ngân hàng của tiệm (BIN)", "The shop’s bank (BIN)"), wrong=_BIN),
        Field("own_vietqr.account", Text("Số tài khoản", "Account"),
              wrong=Text("Tối đa 19 chữ số hoặc chữ cái.", "19 digits or letters at most.")),
        Field("gateway.api", Text("Hợp đồng ZaloPay", "ZaloPay contract"), Kind.CHOICE,
              {"v2": Text("v2, thường dùng", "v2, the usual one"), "v1": Text("v1, đời cũ", "v1, of older shops")}),
        Field("appotapay.api", Text("Hợp đồng AppotaPay", "AppotaPay contract"), Kind.CHOICE,
              {"": Text("Không dùng", "None"), "v1": same("v1"), "v2": same("v2"), "pos": same("POS")}),
        Field("appotapay.terminal", Text("Số quầy ở AppotaPay", "This till’s number at AppotaPay")),
        Field("links.life_min", Text("Đường dẫn trả được trong (phút)", "A link can be paid for (min)"), Kind.NUMBER,
              wrong=Text("Từ 5 phút đến một ngày.", "From 5 minutes to a day.")),
    ),
)  # fmt: skip

FIRST = (STORE, KEYS, CAMERA, SCANNER, PRINTER, PIN)
"""At the first start."""
RESTORED = (STORE, PIN, KEYS, CAMERA, SCANNER, PRINTER)
"""After a restore: what was sold before is there, so keys need the owner's PIN."""
AFTERWARDS = (STORE, KEYS, CAMERA, SCANNER, PRINTER, HABITS, WAYS)
"""In the settings, afterwards. PINs have their own place, at who works here."""

ON_A_PAGE_BY_ITSELF = frozenset({"printer.kind", "look.text"})
"""Chosen with the printer, and under the help (F1)."""
IN_THE_FILE_ONLY = frozenset({
    "scanning.exclusive", "scanning.code_pattern", "scanning.code_life_s",
    "printer.folder", "gateway.hybrid_path", "gateway.hybrid_mac",
    "appotapay.notify_url", "appotapay.redirect_url", "appotapay.client_ip", "notifications.on", "notifications.host",
    "notifications.listen_port", "notifications.public_url",
})  # fmt: skip
"""For those who set up a server, or settle something with a gateway."""
