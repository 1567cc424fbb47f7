"""The window with the real till and the built-in gateway behind it, used with keys and taps as people use it."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from pos_app.checkout.events import Seen
from pos_app.checkout.views import PaymentView, ScanSource, Stage
from pos_app.gateway_access import access_to
from pos_app.journal.entries import ManagerActed
from pos_app.journal.projections import PaymentRecord
from pos_app.payments.payment_code import PaymentCode
from pos_app.sandbox.server import Sandbox
from pos_app.settings import CashSettings, Settings
from pos_app.staff.pin import Cost, Pins
from pos_app.till import Till
from pos_app.ui.bridge import Bridge
from pos_app.ui.look import Look
from pos_app.ui.main_window import MainWindow
from pos_app.ui.sounds import Sounds
from tests.clocks import FastClock
from tests.end_to_end.world import _ONE_MIGRATION_AT_A_TIME
from tests.ui import samples

_Event = TypeVar("_Event")
PIN = "831642"
CHEAP = Cost(64, 1, 1)
"""A PIN that costs nothing to check: its strength is tested where it belongs."""


class RealShop:
    """One till at work."""

    def __init__(self, sandbox: Sandbox, folder: Path, clock: FastClock, *, cash: bool = False) -> None:
        self.sandbox, self.folder, self.clock = sandbox, folder, clock
        self.views: dict[str, PaymentView] = {}
        self.events: list[object] = []
        self.bridge, look = Bridge(), Look(motion=False)
        self.window = MainWindow(self.bridge, look, clock, samples.PLACE._replace(takes_cash=cash), Sounds(on=False))
        self.bridge.arrived.connect(self._note)  # after the window: what is noted here, it has been told
        self.window.resize(1366, 768)
        self.window.show()
        settings = Settings(cash=CashSettings(enabled=cash))
        self.till = Till(settings, folder, self.bridge.post, access=access_to(sandbox), camera=False, clock=clock)
        self.till.pins = Pins(folder, clock, secrets.token_bytes, CHEAP)
        with _ONE_MIGRATION_AT_A_TIME:
            self.till.start()
        self.window.obey(self.till)

    def _note(self, event: object) -> None:
        self.events.append(event)
        if isinstance(event, PaymentView):
            self.views[event.payment_id] = event

    # What people do

    def press(self, *keys: Qt.Key | str) -> None:
        """Keys where the focus is."""
        for key in keys:
            pressed = key if isinstance(key, Qt.Key) else Qt.Key(ord(key))
            focused: QWidget | None = self.window.focusWidget()
            QTest.keyClick(focused if focused is not None else self.window, pressed)

    def tap(self, name: str) -> None:
        """Press the button of that name."""
        self.until(lambda: bool(self._buttons(name)), f"no button {name}")
        QTest.mouseClick(self._buttons(name)[0], Qt.MouseButton.LeftButton)

    def _buttons(self, name: str) -> list[QPushButton]:
        buttons = self.window.findChildren(QPushButton)
        return [one for one in buttons if one.isVisible() and one.isEnabled() and one.accessibleName() == name]

    def can_tap(self, name: str) -> bool:
        """Whether there is such a button now."""
        return bool(self._buttons(name))

    def scan(self) -> None:
        """The customer's code is scanned."""
        code = PaymentCode(self.sandbox.customer.fresh_code())
        self.bridge.post(Seen(code, ScanSource.SCANNER, time.monotonic_ns()))

    def charge(self, amount: int, *stages: Stage) -> PaymentView:
        """Type the amount, scan, and wait for one of the stages."""
        before = set(self.views)
        self.press(*str(amount), Qt.Key.Key_Return)
        self.scan()
        self.until(lambda: any(one not in before for one in self.views), "no payment began")
        payment_id = next(one for one in self.views if one not in before)
        return self.until_stage(payment_id, *stages)

    def approve(self, pin: str = PIN, *, note: str = "", number: str = "") -> None:
        """What the manager types in the approval, by keyboard alone."""
        approval = self.window.screens.approval
        self.until(lambda: self.window.on("approval"), "nobody asks for an approval")
        if not approval.who.text:
            approval.who.setFocus()
            QTest.keyClicks(approval.who.edit, "Ngoc Lan")
            self.press(Qt.Key.Key_Return)
        self.press(Qt.Key.Key_Down)
        if number:
            approval.number.setFocus()
            QTest.keyClicks(approval.number.edit, number)
        if note:
            approval.note.setFocus()
            QTest.keyClicks(approval.note.edit, note)
        approval.pin.setFocus()
        self.press(*pin, Qt.Key.Key_Return)

    def set_first_pin(self) -> str:
        """The manager's first PIN, typed twice; the recovery code as it is shown."""
        self.until(lambda: self.window.on("manager_pin"), "nobody asks for a PIN")
        self.press(*PIN, Qt.Key.Key_Return, *PIN, Qt.Key.Key_Return)
        self.until(lambda: self.window.screens.manager_pin.holds_a_code, "no recovery code")
        code = self.window.screens.manager_pin._code.text()
        self.press(Qt.Key.Key_Return)
        return code

    # What there is to see

    def until(self, there: Callable[[], bool], why: str, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not there():
            assert time.monotonic() < deadline, why
            QApplication.processEvents()
            time.sleep(0.01)

    def until_stage(self, payment_id: str, *stages: Stage) -> PaymentView:
        self.until(lambda: self.views[payment_id].stage in stages, f"not {stages}: {payment_id}")
        return self.views[payment_id]

    def told(self, kind: type[_Event]) -> _Event:
        """The next event of a kind that was not yet read."""
        self.until(lambda: any(isinstance(one, kind) for one in self.events), f"no {kind.__name__}")
        found = next(one for one in self.events if isinstance(one, kind))
        self.events = self.events[self.events.index(found) + 1 :]
        return found

    def sees(self, *words: str) -> None:
        """These come to be seen: one change may be told by several events, and a new label shows a turn later."""
        self.until(lambda: set(words) <= self.words(), f"not to be seen: {words}")

    def words(self) -> set[str]:
        QApplication.processEvents()
        return {label.text() for label in self.window.findChildren(QLabel) if label.isVisible()}

    def record(self, payment_id: str) -> PaymentRecord:
        record = self.till.journal.payment(payment_id).result()
        assert record is not None
        return record

    def acted(self, payment_id: str) -> list[ManagerActed]:
        """What managers did, as the journal has it."""
        return [entry for _, entry in self.record(payment_id).entries if isinstance(entry, ManagerActed)]

    def close(self) -> None:
        self.window.close()
        self.until(lambda: not self.window.isVisible(), "the window does not close")
        self.bridge.arrived.disconnect(self._note)
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))


@contextmanager
def real_shop(sandbox: Sandbox, folder: Path, clock: FastClock, *, cash: bool = False) -> Iterator[RealShop]:
    shop = RealShop(sandbox, folder, clock, cash=cash)
    try:
        yield shop
    finally:
        shop.close()
