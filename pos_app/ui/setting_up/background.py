"""Work that would hold up the window, on a thread of its own; what came of it is told in the window's thread."""

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

log = logging.getLogger(__name__)


class Background(QObject):
    """Does one thing after the other that is begun; of what was begun anew or forgotten, nothing is told."""

    _done = Signal(int, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._number = 0
        self._then: Callable[[Any], None] = _nothing
        self._done.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._then is not _nothing

    def begin(self, work: Callable[[], object], then: Callable[[Any], None]) -> None:
        """Do `work`, then tell what it gave; an error that has words is given as what it is."""
        self._number += 1
        self._then = then
        Thread(target=self._run, args=(self._number, work), name="set-up", daemon=True).start()

    def forget(self) -> None:
        """Nobody waits for it any more."""
        self._number += 1
        self._then = _nothing

    def _run(self, number: int, work: Callable[[], object]) -> None:
        try:
            told = work()
        except Exception as error:  # noqa: BLE001 - told in the window; what has no words is logged there
            told = error
        with suppress(RuntimeError):  # the window is gone meanwhile
            self._done.emit(number, told)

    @Slot(int, object)
    def _tell(self, number: int, told: object) -> None:
        if number == self._number:
            then, self._then = self._then, _nothing
            then(told)


def _nothing(_told: object) -> None:
    pass
