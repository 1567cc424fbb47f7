"""EMVCo merchant-presented QR text: a row of objects (ID, length, value) closed by a checksum. Meanings are not here.

The rules are those of the EMVCo and NAPAS texts as VietQR codes in the field follow them: lengths count characters, the
checksum is taken over UTF-8. Reading is strict, because a till must not show or believe a code it half understands.
"""

import binascii
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pos_app.words import Text

FORMAT_ID, FORMAT = "00", "01"
CRC_ID = "63"
VALUE_LENGTH_MAX = 99
TEXT_LENGTH_MAX = 2331
"""Characters in the largest QR code that we draw (error correction M); a longer text is no code's."""

_NO_CHARACTER = re.compile("[\ud800-\udfff]")
"""Halves of characters, which JSON can carry and no code can."""
_HEAD = re.compile(r"([0-9]{2})([0-9]{2})")
_CRC_LENGTH = 4


class QrError(Exception):
    """A text is no code that the till shows or believes. `title` says what is wrong with it, `advice` what to do."""

    advice = Text("Không dùng mã này. Tạo mã QR mới.", "Do not use this code. Make a new QR code.")

    def __init__(self, title: Text) -> None:
        super().__init__(title.en)
        self.title = title


TOO_LONG = Text("Mã QR quá dài", "The QR code is too long")
NOT_EMV = Text("Đây không phải mã QR thanh toán", "This is not a payment QR code")
BROKEN = Text("Mã QR bị cắt hoặc bị hỏng", "The QR code is cut off or damaged")
NO_CHECKSUM = Text("Mã QR thiếu mã kiểm tra ở cuối", "The QR code does not end with its checksum")
WRONG_CHECKSUM = Text("Mã kiểm tra của mã QR không khớp", "The QR code's checksum does not match")
TWICE = Text("Mã QR ghi hai lần cùng một mục ({id})", "The QR code states the same item twice ({id})")
CANNOT_WRITE = Text("Mục {id} của mã QR trống hoặc quá dài", "Item {id} of the QR code is empty or too long")


class DataObject(NamedTuple):
    """One object. `id` is two digits; `value` 1 to 99 characters, which may be a row of objects itself."""

    id: str
    value: str


def checksum(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 1021, from FFFF) over the text's UTF-8, as four capital hex digits."""
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def read_objects(row: str) -> tuple[DataObject, ...]:
    """The objects of a row, in its order.

    Raises:
        QrError: the row does not end exactly with an object, an object is empty, or an ID comes twice.
    """
    objects = tuple(_objects(row))
    seen: set[str] = set()
    for one in objects:
        if one.id in seen:
            raise QrError(TWICE.fill(id=one.id))
        seen.add(one.id)
    return objects


def read_text(text: str) -> tuple[DataObject, ...]:
    """The objects of a whole code without its checksum, once that is found right.

    White space at the ends does not count: scanners add it. The checksum may be in small letters: a bank's app prints
    it so.

    Raises:
        QrError: it is not a whole, undamaged code.
    """
    code = text.strip()
    if len(code) > TEXT_LENGTH_MAX:
        raise QrError(TOO_LONG)
    if not code.startswith(FORMAT_ID + "02" + FORMAT):
        raise QrError(NOT_EMV)
    if _NO_CHARACTER.search(code):
        raise QrError(BROKEN)
    objects = read_objects(code)
    last = objects[-1]
    if last.id != CRC_ID or len(last.value) != _CRC_LENGTH:
        raise QrError(NO_CHECKSUM)
    if last.value.upper() != checksum(code[:-_CRC_LENGTH]):
        raise QrError(WRONG_CHECKSUM)
    return objects[:-1]


def write_objects(objects: Iterable[DataObject]) -> str:
    """The row of these objects, in this order.

    Raises:
        QrError: a value is empty or has more than 99 characters.
        ValueError: an ID is not two digits, a fault of the program.
    """
    return "".join(_write_object(one) for one in objects)


def write_text(objects: Iterable[DataObject]) -> str:
    """A whole code of these objects: the format in front of them, the checksum behind.

    Raises:
        QrError: as `write_objects`, and when it would be too long for a QR code.
    """
    row = write_objects([DataObject(FORMAT_ID, FORMAT), *objects]) + f"{CRC_ID}{_CRC_LENGTH:02}"
    code = row + checksum(row)
    if len(code) > TEXT_LENGTH_MAX:
        raise QrError(TOO_LONG)
    return code


def _objects(row: str) -> Iterator[DataObject]:
    start = 0
    while start < len(row):
        # Not isdigit: it takes other scripts' digits, and so does int.
        head = _HEAD.match(row, start)
        if head is None:
            raise QrError(BROKEN)
        length = int(head[2])
        value = row[head.end() : head.end() + length]
        if not value or len(value) < length:
            raise QrError(BROKEN)
        yield DataObject(head[1], value)
        start = head.end() + length


def _write_object(one: DataObject) -> str:
    if not re.fullmatch(r"[0-9]{2}", one.id):
        message = "an object's ID is two digits"
        raise ValueError(message)
    if not 1 <= len(one.value) <= VALUE_LENGTH_MAX:
        raise QrError(CANNOT_WRITE.fill(id=one.id))
    return f"{one.id}{len(one.value):02}{one.value}"


def find(objects: Iterable[DataObject], id_: str) -> str | None:
    """The value of the object with this ID, None when there is none."""
    return next((one.value for one in objects if one.id == id_), None)
