"""The list of regular customers, two lines each: the name, and below it the masked phone or what is waited for."""

import unicodedata

from pos_app.checkout.events import BindingView
from pos_app.customers.customer import RegularCustomer
from pos_app.money import with_sign
from pos_app.ui.look import Look
from pos_app.ui.widgets.row_list import RowList, TwoLinePainter, TwoLines
from pos_app.words import Text

ROW_PX = 60
Regular = RegularCustomer | BindingView
"""Who is bound, or was asked and has not answered yet."""
WAITS = Text("Đang chờ khách đồng ý", "Waiting for the customer to agree")
_NO_PHONE = Text("Ví ZaloPay", "ZaloPay wallet")
_LIMIT = Text("{who} · mỗi lần tối đa {limit}", "{who} · at most {limit} each time")


def below(one: Regular) -> Text:
    """The second line of a row."""
    if isinstance(one, BindingView):
        return WAITS
    who = Text(one.phone, one.phone) if one.phone else _NO_PHONE
    return _LIMIT.fill(who=who, limit=with_sign(one.max_amount)) if one.max_amount else who


def fits(one: Regular, typed: str) -> bool:
    """Whether each word typed is in the name, with or without its accents, or in the digits of the phone."""
    phone = one.phone if isinstance(one, RegularCustomer) else ""
    known = f"{one.name.casefold()} {_bare(one.name)} {phone}"
    return all(word in known for word in typed.casefold().split())


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _lines(one: Regular) -> TwoLines:
    return TwoLines("hourglass" if isinstance(one, BindingView) else "person", one.name, below(one))


class CustomerList(RowList[Regular]):
    """Shows customers."""

    def __init__(self, look: Look, name: Text) -> None:
        super().__init__(look, name, lambda one: f"{one.name}, {look.say(below(one))}")
        self.setItemDelegate(TwoLinePainter(look, self, ROW_PX, _lines))

    @property
    def rows(self) -> tuple[Regular, ...]:
        """What is shown."""
        return self._model.rows

    def show_rows(self, rows: tuple[Regular, ...], *, wanted: str = "") -> None:
        """Show these and choose the one of the number `wanted`, or the one that was chosen, or the first."""
        self._show_and_choose(rows, lambda one: one.number, wanted)
        if not rows:
            self.chosen.emit(None)
