"""The one bridge between threads: one signal that carries frozen views and events into the GUI thread.

The events themselves are in `pos_app.checkout.views` and `pos_app.checkout.events`, which know nothing of Qt.
"""

from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from pos_app.checkout.events import CameraView


class Bridge(QObject):
    """Carries events from any thread to slots in the GUI thread. Receivers are `@Slot(object)` methods."""

    arrived = Signal(object)
    _frame_waits = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._frame: CameraView | None = None
        self._frame_waits.connect(self._deliver_frame)

    def post(self, view: object) -> None:
        """Send a view to the screens, from any thread. Of camera frames only the newest is kept."""
        from pos_app.checkout.events import CameraView  # noqa: PLC0415 - the window comes up without it

        if not isinstance(view, CameraView):
            self.arrived.emit(view)
            return
        with self._lock:
            waiting, self._frame = self._frame is not None, view
        if not waiting:
            self._frame_waits.emit()

    @Slot()
    def _deliver_frame(self) -> None:
        with self._lock:
            frame, self._frame = self._frame, None
        self.arrived.emit(frame)
