"""The hand-held scanner that plays keyboard, caught before any field sees it. What a code means is not decided here.

The filter sits on the window that has the focus, below all widgets, so each key is seen once, wherever the focus is.
`WedgeDetector` decides by the window system's key times; here keys are held, given back, or dropped.

A scanner presses the keys of a US keyboard, whatever layout the system has. So the number row gives digits by the place
of its keys (AZERTY and the X layout "vn" make other signs of them), and a letter is large by Shift alone: caps lock is
the person's. Letters of other layouts stay as they come; payment codes are digits.

What a typing tool does to keys (UniKey and the like) is undone by the detector. An input method (IBus) works before
any window: it leaves codes of digits alone, but VNI may turn a digit after a vowel into an accent. Fields that never
need words should switch input methods off (`Qt.WidgetAttribute.WA_InputMethodEnabled`).
"""

import sys
import time

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow

from pos_app.scanning.keyboard import SILENCE_MS, Fate, KeyKind, Verdict, WedgeDetector
from pos_app.scanning.source import Scan

_STX = "\x02"
_NUMBER_ROW_SCAN_CODE = 10 if sys.platform.startswith("linux") else 2
"""What the key "1" of the number row sends on X11, or else on Windows; "2" to "9" and "0" follow."""

_DIGITS = "1234567890"
"""As they stand in the number row."""

_END_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab})
_BESIDE_KEYS = frozenset({
    Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
})  # fmt: skip
_COMMAND_MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class ScanFilter(QObject):
    """Turns a scanner's key presses anywhere in the program into `scanned`, and leaves a person's typing alone.

    Args:
        application: the program; every window that gets the focus is watched.
        prefix_key: the function key that the scanner is set to send before a code, if it is. It belongs to the
            scanner then: no shortcut may use it.
    """

    scanned = Signal(object)
    """Carries a `Scan`."""

    def __init__(self, application: QGuiApplication, *, prefix_key: Qt.Key | None = None) -> None:
        super().__init__(application)
        self._prefix_key = prefix_key
        self._detector = WedgeDetector()
        self._held: list[QKeyEvent] = []
        self._giving_back = False
        self._silence = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._silence.timeout.connect(self._on_silence)
        # Keys that arrived while the program was busy come before the verdict of silence.
        self._second_look = QTimer(self, singleShot=True, interval=0)
        self._second_look.timeout.connect(self._on_second_look)
        application.focusWindowChanged.connect(self._watch)
        self._watch(application.focusWindow())

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold, pass or swallow a key press; keep releases in order with the presses that are held."""
        if self._giving_back or not isinstance(event, QKeyEvent):
            return False
        match event.type():
            case QEvent.Type.ShortcutOverride:
                return self._keep_from_shortcuts(event)
            case QEvent.Type.KeyPress:
                return self._on_press(event)
            case QEvent.Type.KeyRelease:
                return self._on_release(event)
            case _:
                return False

    def _keep_from_shortcuts(self, event: QKeyEvent) -> bool:
        """Shortcuts are tried before a key is pressed: the ones a scanner may send come as presses instead."""
        kind, _ = self._kind(event)
        scanners = (
            kind in (KeyKind.CHARACTER, KeyKind.PREFIX)
            or (kind is KeyKind.END and self._detector.would_end_scan(_time_ms(event)))
        )  # fmt: skip
        if scanners:
            event.accept()
        return scanners

    def _on_press(self, event: QKeyEvent) -> bool:
        kind, character = self._kind(event)
        verdict = self._detector.press(kind, character, _time_ms(event), repeats=event.isAutoRepeat())
        self._carry_out(verdict)
        if verdict.fate is Fate.HOLD:
            self._held.append(_copy(event))
            self._silence.start(SILENCE_MS)
        return verdict.fate is not Fate.PASS

    def _on_release(self, event: QKeyEvent) -> bool:
        pressed = any(held.key() == event.key() for held in self._held)
        if pressed:
            self._held.append(_copy(event))
        return pressed

    def _on_silence(self) -> None:
        self._second_look.start()

    def _on_second_look(self) -> None:
        if self._detector.holding and not self._silence.isActive():
            self._carry_out(self._detector.silence())

    def _carry_out(self, verdict: Verdict) -> None:
        if verdict.release:
            self._give_back(verdict.release)
        if verdict.scan is not None:
            self._held.clear()
            self._silence.stop()
            self.scanned.emit(Scan(verdict.scan, "scanner", time.monotonic_ns()))

    def _give_back(self, presses: int) -> None:
        """Deliver the oldest held presses, with the releases that came before the next one, as if just typed."""
        due: list[QKeyEvent] = []
        while self._held:
            if self._held[0].type() == QEvent.Type.KeyPress:
                if presses == 0:
                    break
                presses -= 1
            due.append(self._held.pop(0))
        self._giving_back = True
        try:
            for event in due:
                window = QGuiApplication.focusWindow()
                if window is not None:
                    QCoreApplication.sendEvent(window, event)
        finally:
            self._giving_back = False

    def _kind(self, event: QKeyEvent) -> tuple[KeyKind, str]:
        key, text = event.key(), event.text()
        if key in _BESIDE_KEYS:
            return KeyKind.BESIDE, ""
        if text == _STX or (self._prefix_key is not None and key == self._prefix_key):
            return KeyKind.PREFIX, ""
        if event.modifiers() & _COMMAND_MODIFIERS:
            return KeyKind.OTHER, ""
        if key in _END_KEYS:
            return KeyKind.END, ""
        if key == Qt.Key.Key_Backspace:
            return KeyKind.BACKSPACE, ""
        character = _character(event)
        return (KeyKind.CHARACTER, character) if character else (KeyKind.OTHER, "")


def _character(event: QKeyEvent) -> str:
    """The character that a scanner meant by a key, "" when there is none."""
    text, key = event.text(), event.key()
    shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    place = event.nativeScanCode() - _NUMBER_ROW_SCAN_CODE
    if text and text in _DIGITS:
        return text
    if event.nativeScanCode() and 0 <= place < len(_DIGITS) and not shifted:
        return _DIGITS[place]
    if len(text) == 1 and text.isprintable() and text != " ":
        if text.isascii() and text.isalpha():
            return text.upper() if shifted else text.lower()
        return text
    return chr(key) if Qt.Key.Key_0 <= key <= Qt.Key.Key_9 else ""


def _time_ms(event: QKeyEvent) -> int:
    return event.timestamp() or time.monotonic_ns() // 1_000_000


def _copy(event: QKeyEvent) -> QKeyEvent:
    copied = QKeyEvent(
        event.type(), event.key(), event.modifiers(), event.nativeScanCode(), event.nativeVirtualKey(),
        event.nativeModifiers(), event.text(), event.isAutoRepeat(), event.count(),
    )  # fmt: skip
    copied.setTimestamp(event.timestamp())
    return copied
