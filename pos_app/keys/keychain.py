"""The keychain of this computer's system: GNOME's or KDE's secret service, Windows' credentials, macOS' keychain.

The library's backends are named here one by one: its own search would take whatever a variable or a file of the
environment names, a plain text file among them. Every call is bounded: a locked keychain asks a person, who may not be
there.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any, TypeVar

from pos_app.keys.errors import NoKeychainError

WAIT_S = 60.0
"""How long a person has to unlock it."""
_PROBE_S = 10.0
_SERVICE = "pos-app"

Found = TypeVar("Found")


class Keychain:
    """Keeps named secrets for this user of this computer.

    Args:
        wait_s: how long it may take to answer.
    """

    def __init__(self, wait_s: float = WAIT_S) -> None:
        self._wait_s = wait_s

    @property
    def works(self) -> bool:
        """Whether there is one that gives back what it was given. May ask somebody to unlock it."""
        try:
            self.put("probe", "works")
            works = self.get("probe") == "works"
            self.remove("probe")
        except NoKeychainError:
            return False
        return works

    def get(self, name: str) -> str | None:
        """A secret, None when there is none of that name.

        Raises:
            NoKeychainError: there is no keychain, or it does not open.
        """
        found: str | None = self._bounded(lambda backend: backend.get_password(_SERVICE, name))
        return found

    def put(self, name: str, secret: str) -> None:
        """Keep a secret, in place of an older one of that name.

        Raises:
            NoKeychainError: as `get`.
        """
        self._bounded(lambda backend: backend.set_password(_SERVICE, name, secret))

    def remove(self, name: str) -> None:
        """Forget a secret; none of that name is fine.

        Raises:
            NoKeychainError: as `get`.
        """

        def delete(backend: Any) -> None:
            if backend.get_password(_SERVICE, name) is not None:
                backend.delete_password(_SERVICE, name)

        self._bounded(delete)

    def _bounded(self, work: Callable[[Any], Found]) -> Found:
        done: list[Found] = []

        def run() -> None:
            # Whatever a backend raises means the same: this keychain cannot be used. It may hold what it was given.
            with suppress(Exception):
                done.append(work(_backend()))

        thread = Thread(target=run, name="keychain", daemon=True)
        thread.start()
        thread.join(self._wait_s)
        if not done:
            raise NoKeychainError
        return done[0]


def probing() -> Keychain:
    """A keychain that is only asked whether it works."""
    return Keychain(_PROBE_S)


def _backend() -> Any:
    """The system's own; raises ImportError, or an error of the library's, where there is none."""
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring  # noqa: PLC0415 - dear to import, and only there

        return WinVaultKeyring()
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as MacKeyring  # noqa: PLC0415 - the same

        return MacKeyring()
    from keyring.backends.SecretService import Keyring  # noqa: PLC0415 - the same

    _ = Keyring.priority  # raises where no service is there to be asked
    return Keyring()  # type: ignore[no-untyped-call]
