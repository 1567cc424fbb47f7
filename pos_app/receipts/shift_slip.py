"""What stands on a shift's report on paper, from top to bottom. The figures and words come ready-made."""

from pos_app.money import with_sign
from pos_app.receipts.blocks import Band, Block, Centred, Plain, Row, Rule, Style, Total
from pos_app.receipts.content import DEMO, SANDBOX, printable, shop_numbers
from pos_app.receipts.document import Document, file_name
from pos_app.shifts.report import Line, Section, ShiftReport
from pos_app.words import Language, Text

_NET = Text("THỰC THU", "NET")
_RUNNING = Text("– xem giữa ca, chưa chốt –", "– a look at the running shift –")
_FINAL = Text("– không sửa được nữa –", "– final –")
_COPY = Text("BẢN SAO {n}", "COPY {n}")
_SIGNATURES = (Text("Thu ngân", "Cashier"), Text("Quản lý", "Manager"))
_NO_E_INVOICE = Text("Báo cáo này không thay thế hóa đơn điện tử.", "This report does not replace e-invoices.")


def shift_document(report: ShiftReport, language: Language, copy: int = 0) -> Document:
    """The report as a piece of paper; `copy` is 0 for the original, n for its n-th copy."""
    name = file_name(report.name, f"copy-{copy}" if copy else "")
    return Document(name, report.title.say(language), shift_blocks(report, language, copy), language)


def shift_blocks(report: ShiftReport, language: Language, copy: int = 0) -> tuple[Block, ...]:
    """The report's content in `language`."""
    marks = [mark for mark, here in ((DEMO, report.demo), (SANDBOX, report.sandbox)) if here]
    told: list[Block] = [Band(mark.say(language)) for mark in marks]
    told.append(Centred(printable(report.store_name), Style.STORE))
    head = (printable(report.store_address), shop_numbers(report.store_phone, report.tax_code, language))
    told += [Centred(line, Style.ADDRESS) for line in head if line]
    told += [Rule(), Centred(report.title.say(language), Style.TITLE)]
    told.append(Centred((_FINAL if report.is_final else _RUNNING).say(language), Style.SUBTITLE))
    if copy:
        told.append(Centred(_COPY.fill(n=copy).say(language), Style.SUBTITLE))
    told.append(Rule())
    for place, section in enumerate(report.sections):
        told += _section(section, language)
        if place == 0:
            told.append(Total(_NET.say(language), with_sign(report.net)))
    told.append(Rule())
    for label, name in zip(_SIGNATURES, (report.cashier, report.manager), strict=True):
        told += [Row(label.say(language), printable(name) or " ", whole=True), *[Plain(" ", Style.BODY)] * 2]
    told += [Rule(), Centred(_NO_E_INVOICE.say(language), Style.FOOT)]
    return tuple(told)


def _section(section: Section, language: Language) -> list[Block]:
    title: list[Block] = [Rule(dashed=True), Plain(section.title.say(language), Style.ITEM)] if section.title.vi else []
    return [*title, *(_line(line, language) for line in section.lines)]


def _line(line: Line, language: Language) -> Block:
    label, value = printable(line.label.say(language)), printable(line.value.say(language))
    if line.bad:
        return Band(f"{label}: {value}")
    return Row(label, value, whole=True)
