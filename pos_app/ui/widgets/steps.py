"""The four steps of a payment under way, with their times."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.checkout.views import PaymentView, ScanSource
from pos_app.payments.gateway_names import named
from pos_app.ui.look import Look
from pos_app.ui.theme import FIGURES, Role, make_font
from pos_app.ui.widgets.disc import Disc
from pos_app.ui.widgets.label import Frame, Label
from pos_app.ui.widgets.layouts import empty
from pos_app.vietnam_day import clock_time
from pos_app.words import Text

_WAITING = Text("đang chờ", "waiting")
_SENDING = Text("đang gửi", "sending")
_WORDS = (
    Text("Đã quét mã", "Code scanned"),
    Text("ZaloPay đã nhận", "ZaloPay has it"),
    Text("Khách xác nhận", "Customer confirms"),
    Text("Kết quả", "Result"),
)
_WORDS_SHOWN = (
    Text("Chốt số tiền", "Amount set"),
    Text("ZaloPay tạo mã", "ZaloPay makes the code"),
    Text("Khách quét mã", "Customer scans"),
    Text("Kết quả", "Result"),
)
_WORDS_REGULAR = (
    Text("Bấm thu", "Charged"),
    Text("ZaloPay đã nhận", "ZaloPay has it"),
    Text("Trừ ví đã liên kết", "Linked wallet pays"),
    Text("Kết quả", "Result"),
)
_BY_SOURCE = {
    ScanSource.SHOWN: _WORDS_SHOWN,
    ScanSource.LINK: _WORDS_SHOWN,
    ScanSource.REGULAR: _WORDS_REGULAR,
}


class Steps(QWidget):
    """Scanned, accepted, confirmed, result: done ones filled, the one under way with a dot."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._view: PaymentView | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        look.changed.connect(self._build)

    def show_payment(self, view: PaymentView) -> None:
        """Show how far a payment is."""
        if view != self._view:
            self._view = view
            self._build()

    @Slot()
    def _build(self) -> None:
        if self._view is None:
            return
        empty(self._row)
        beside = not self._look.size.narrow
        self._row.setSpacing(12 if beside else 8)
        times = (self._view.scanned_at_ms, self._view.accepted_at_ms, None, None)
        done = sum(time is not None for time in times) + self._view.told_paid
        if beside:
            self._row.addStretch(1)
        words = _BY_SOURCE.get(self._view.source, _WORDS)
        for place, (word, time) in enumerate(zip(words, times, strict=True)):
            if place and beside:
                self._row.addWidget(self._joint(done=place <= done))
            detail: Text | str = clock_time(time) if time is not None else ""
            if place == done:
                detail = _SENDING if place == 1 else _WAITING
            said = named(word, self._view.gateway)
            self._row.addWidget(self._step(said, detail, done=place < done, now=place == done), 0 if beside else 1)
        if beside:
            self._row.addStretch(1)

    def _joint(self, *, done: bool) -> QWidget:
        line = Frame("divider")
        line.setFixedSize(28, 2)
        if done:
            line.setStyleSheet(f"background: {self._look.colour('accent')};")
        return line

    def _step(self, word: Text, detail: Text | str, *, done: bool, now: bool) -> QWidget:
        beside = not self._look.size.narrow
        disc = Disc(self._look, 32, "", "")
        if done:
            disc.show_sign(fill="accent", ink="on_accent", icon="tick")
        else:
            disc.show_sign(line="accent" if now else "edge", ink="accent" if now else "")
        title = Label(self._look, Role.BODY_STRONG if beside else Role.LABEL, word)
        figure = isinstance(detail, str)
        small = Label(self._look, Role.SMALL, detail, ink="text2")
        if figure:
            small.setFont(make_font(FIGURES, self._look.size.fonts[Role.SMALL][1], 400))
        box = QWidget()
        layout = QHBoxLayout(box) if beside else QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10 if beside else 4)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(title)
        if detail:
            words.addWidget(small)
        if beside:
            layout.addWidget(disc)
        else:
            layout.addWidget(disc, alignment=Qt.AlignmentFlag.AlignHCenter)
            title.centred()
            small.centred()
            words.addStretch()
        layout.addLayout(words)
        return box
