"""What stands beside a PIN that was handed over: checked, refused, waited for. The PIN itself is not known here."""

from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from pos_app.clock import Clock
from pos_app.ui.time_left import seconds_left
from pos_app.words import Text

_CHECKING = Text("Đang kiểm PIN.", "Checking the PIN.")
_WAIT = Text("{title}. Chờ {s} giây rồi nhập lại.", "{title}. Wait {s} s, then enter it again.")
_AGAIN = Text("{title}. Nhập lại PIN.", "{title}. Enter the PIN again.")
_SAID = Text("{title}. {advice}", "{title}. {advice}")


class No(Protocol):
    """A refusal as the till tells it."""

    @property
    def title(self) -> Text:
        """What was refused."""
        ...

    @property
    def advice(self) -> Text:
        """What to do now."""
        ...


class PinWait(QObject):
    """Counts down what a wrong PIN has to wait.

    Signals:
        changed: another second, or the end of it.
    """

    changed = Signal()

    def __init__(self, clock: Clock, owner: QObject) -> None:
        super().__init__(owner)
        self._clock = clock
        self._checking = False
        self._refused: No | None = None
        self._until_ms = 0
        self._timer = QTimer(self)
        self._timer.setInterval(250)
        self._timer.timeout.connect(self.tick)

    @property
    def waits_s(self) -> int:
        """Seconds that are left."""
        return seconds_left(self._until_ms, self._clock.monotonic_ms())

    @property
    def closed(self) -> bool:
        """Whether no digit is taken now."""
        return self._checking or bool(self.waits_s)

    @property
    def checking(self) -> bool:
        """Whether a PIN was handed over and not answered yet."""
        return self._checking

    def check(self) -> None:
        """A PIN was handed over."""
        self._checking, self._refused = True, None
        self.changed.emit()

    def refuse(self, refused: No, wait_s: int = 0) -> None:
        """It was refused; it can be tried again after `wait_s` seconds."""
        self._checking, self._refused = False, refused
        self._until_ms = self._clock.monotonic_ms() + wait_s * 1000 if wait_s else 0
        self._timer.start()
        self.tick()

    def forget(self) -> None:
        """Nothing was handed over; a wait goes on all the same, and is counted by the till."""
        self._checking = False
        if not self.waits_s:
            self._refused, self._until_ms = None, 0

    def words(self, usual: Text) -> tuple[Text, bool]:
        """What to say, `usual` when there is nothing of a PIN, and whether something is wrong."""
        refused, waits = self._refused, self.waits_s
        if self._checking:
            return _CHECKING, False
        if refused is None:
            return usual, False
        if waits:
            return _WAIT.fill(title=refused.title, s=waits), True
        if self._until_ms:  # the wait is over: its words are too
            return _AGAIN.fill(title=refused.title), True
        return _SAID.fill(title=refused.title, advice=refused.advice), True

    @Slot()
    def tick(self) -> None:
        """Another moment."""
        if not self.waits_s:
            self._timer.stop()
        self.changed.emit()
