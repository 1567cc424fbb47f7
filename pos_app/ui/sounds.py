"""The sounds of the states, played by a program of the system: the till needs no multimedia library.

Never blocks, never fails: where nothing can play, it is silent or beeps.
"""

import contextlib
import shutil
import sys
from enum import StrEnum
from functools import cache

from pos_app.resources import resource


class Sound(StrEnum):
    """Which sound; its file is `resources/sounds/<value>.wav`."""

    SUBMIT = "submit"
    PAID = "paid"
    DECLINED = "declined"
    UNKNOWN = "unknown"
    WRONG_CODE = "wrong_code"


_PLAYERS = (("pw-play", ()), ("paplay", ()), ("aplay", ("-q",)), ("afplay", ()))


@cache
def player_of_the_system() -> tuple[str, tuple[str, ...]] | None:
    """The program that plays a WAV file, with its arguments in front of the file's name; None for none.

    Looked for when first needed: nothing sounds before the window is there.
    """
    found = ((shutil.which(program), arguments) for program, arguments in _PLAYERS)
    return next(((path, arguments) for path, arguments in found if path is not None), None)


class Sounds:
    """Plays sounds; `on=False` keeps still."""

    def __init__(self, *, on: bool) -> None:
        self._on = on

    def play(self, sound: Sound) -> None:
        """Play it and return at once."""
        if not self._on:
            return
        file = str(resource("sounds", f"{sound.value}.wav"))
        if sys.platform == "win32":
            import winsound  # noqa: PLC0415 - exists on Windows only

            with contextlib.suppress(RuntimeError):  # nothing there can play
                winsound.PlaySound(file, winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
        elif (player := player_of_the_system()) is not None:
            from PySide6.QtCore import QProcess  # noqa: PLC0415 - the window comes up without it

            program, arguments = player
            QProcess.startDetached(program, [*arguments, file])
        else:
            from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - as above

            QApplication.beep()
