"""The bridge carries thousands of events from another thread; of camera frames only the newest."""

from collections.abc import Sequence
from threading import Thread

from PySide6.QtCore import QObject, QThread, Slot
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.checkout.events import CameraView, OpenCount, Seen
from pos_app.checkout.views import ScanSource
from pos_app.payments.payment_code import PaymentCode
from pos_app.ui.bridge import Bridge
from tests.ui import samples
from tests.ui.conftest import OpenScene

EVENTS = 5_000


class Receiver(QObject):
    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.got: list[object] = []
        self.own_thread = True
        bridge.arrived.connect(self.take)

    @Slot(object)
    def take(self, event: object) -> None:
        self.own_thread = self.own_thread and QThread.currentThread() is self.thread()
        self.got.append(event)


def post_all(bridge: Bridge, events: Sequence[object]) -> None:
    for event in events:
        bridge.post(event)


def test_five_thousand_events_from_another_thread(qtbot: QtBot) -> None:
    bridge = Bridge()
    receiver = Receiver(bridge)
    events = [OpenCount(()) for _ in range(EVENTS)]
    thread = Thread(target=post_all, args=(bridge, events))
    thread.start()
    qtbot.waitUntil(lambda: len(receiver.got) == EVENTS, timeout=60_000)
    thread.join()
    assert all(got is event for got, event in zip(receiver.got, events, strict=True))
    assert receiver.own_thread


def test_of_frames_only_the_newest_arrives(qapp: QApplication) -> None:
    bridge = Bridge()
    receiver = Receiver(bridge)
    frames = [CameraView(b"", number, 0) for number in range(100)]
    thread = Thread(target=post_all, args=(bridge, frames))
    thread.start()
    thread.join()
    qapp.processEvents()
    assert receiver.got == [frames[-1]]


def test_no_event_shows_a_code() -> None:
    assert samples.CODE not in repr(Seen(PaymentCode(samples.CODE), ScanSource.CAMERA, 1))


def test_many_payments_through_the_window(open_scene: OpenScene) -> None:
    scene = open_scene()
    for _ in range(10):
        scene.charge(samples.PAID)
        scene.window.sale.next_customer()
        scene.window.sale.now._earlier.clear()
    assert len(scene.till.charges) == 10
