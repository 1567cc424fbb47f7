"""A shift's report as people read it, section by section: screens, paper and commands show this one content."""

from dataclasses import dataclass

from pos_app.words import Text


@dataclass(frozen=True, slots=True)
class Line:
    """A label and its figure.

    Attributes:
        label, value: both languages.
        strong: it is what people look for.
        bad: it must not be so.
    """

    label: Text
    value: Text
    strong: bool = False
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Lines that belong together; `title` is empty for the first ones."""

    title: Text
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """An X or a Z report.

    Attributes:
        title: what it is, with its number.
        name: what a file of it is called.
        store_name, store_address, store_phone, tax_code: the shop's head.
        net: what the gateways confirmed less what was given back, in dong.
        sections: all figures.
        is_final: the shift is closed; else it is a look at the running one.
        agrees: the ledger tells the same.
        demo, sandbox: no real money moved.
        cashier: who signs at the left; the manager signs at the right.
        manager: "" where nobody had to.
        keeps_cash: there is a cash drawer to be counted before it can be closed.
    """

    title: Text
    name: str
    store_name: str
    store_address: str
    store_phone: str
    tax_code: str
    net: int
    sections: tuple[Section, ...]
    is_final: bool
    agrees: bool
    demo: bool
    cashier: str = ""
    manager: str = ""
    sandbox: bool = False
    keeps_cash: bool = False
