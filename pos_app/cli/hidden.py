"""PINs, recovery codes and passphrases: typed without an echo, or read from standard input. Never an argument."""

import getpass
import sys
import warnings

from pos_app.cli.say import Say
from pos_app.words import Text


class NotTypedError(Exception):
    """Nothing came, or there is no keyboard to type it on."""

    title = Text("Chưa nhập gì", "Nothing was typed")

    def __init__(self, option: str) -> None:
        super().__init__(option)
        self.advice = Text("Không có bàn phím thì dùng {option}.", "Where there is no keyboard, use {option}.").fill(
            option=option
        )


class DifferentError(NotTypedError):
    """A new secret was typed twice, and not the same."""

    title = Text("Hai lần nhập khác nhau", "It was typed differently the second time")


class Hidden:
    """Where a command gets what must not be seen.

    Args:
        say: asks for it.
        option: the name of the option that says "from standard input".
        from_stdin: whether it was given: then each is the next line there, without a question.
    """

    def __init__(self, say: Say, *, option: str, from_stdin: bool) -> None:
        self._say = say
        self._option = option
        self._from_stdin = from_stdin

    def get(self, asked: Text) -> str:
        """One secret.

        Raises:
            NotTypedError: none came.
        """
        secret = sys.stdin.readline().rstrip("\r\n") if self._from_stdin else self._typed(asked)
        if not secret:
            raise NotTypedError(self._option)
        return secret

    def get_new(self, asked: Text) -> str:
        """A new secret: typed twice, since nobody sees it.

        Raises:
            NotTypedError: none came. `DifferentError`: it was not the same.
        """
        secret = self.get(asked)
        if not self._from_stdin and self.get(Text("{asked}, lần nữa", "{asked}, again").fill(asked=asked)) != secret:
            raise DifferentError(self._option)
        return secret

    def _typed(self, asked: Text) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would be seen
            try:
                return getpass.getpass(f"{self._say.words(asked)}: ", stream=sys.stderr)
            except (EOFError, OSError, getpass.GetPassWarning):
                raise NotTypedError(self._option) from None
