"""Keys as a command gets them: typed without an echo, or lines `name: value` of a file or of standard input.

A PEM block counts as the public key. Nothing here is kept, printed or put into an error.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from pos_app.cli.hidden import Hidden, NotTypedError
from pos_app.cli.say import Say
from pos_app.private_file import read_within
from pos_app.words import Text, same

FIELDS = ("app_id", "key1", "key2", "public_key", "partner_code", "api_key", "secret", "terminal")
_FILE_BYTES_MAX = 32 * 1024
_LINES_MAX = 200
_PUBLIC_KEY = Text("Khóa công khai: dán cả khối, rồi một dòng trống", "Public key: paste all of it, then an empty line")
_KEEP = Text("Enter để giữ khóa đang dùng.", "Enter keeps the one in use.")


class NotKeysError(Exception):
    """A file or an input that does not say what it holds."""

    title = Text("Không đọc được tệp khóa", "The keys cannot be read")
    advice = Text("Mỗi dòng một mục, ví dụ key1: …; xem --help.", "One line for each, such as key1: …; see --help.")


def keys_of_file(path: Path) -> dict[str, str]:
    """The fields in a file.

    Raises:
        NotKeysError: it is none of this form.
    """
    try:
        text = (read_within(path, _FILE_BYTES_MAX) or b"").decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise NotKeysError from None
    return _fields_of(text.splitlines())


def keys_of_stdin() -> dict[str, str]:
    """The fields on standard input, up to an empty line.

    Raises:
        NotKeysError: they are none of this form.
    """
    return _fields_of(_lines())


def keys_typed(say: Say, *, keep: bool) -> dict[str, str]:
    """The fields of ZaloPay's account, asked for one by one.

    Args:
        say: asks.
        keep: an empty answer keeps what is in use.

    Raises:
        NotTypedError: there is no keyboard.
    """
    hidden = Hidden(say, option="--stdin", from_stdin=False)
    if keep:
        say.progress(_KEEP)
    typed = {} if keep else {"app_id": _seen(say, same("app_id"))}
    for name in ("key1", "key2"):
        try:
            typed[name] = hidden.get(same(name))
        except NotTypedError:
            if not keep:
                raise
    say.progress(_PUBLIC_KEY)
    typed["public_key"] = "\n".join(_lines())
    return {name: value for name, value in typed.items() if value.strip()}


def _seen(say: Say, asked: Text) -> str:
    """What may be seen while it is typed."""
    print(f"{say.words(asked)}: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline()


def _lines() -> Iterator[str]:
    """Up to an empty line, the end of a key, or the end of the input."""
    for _ in range(_LINES_MAX):
        line = sys.stdin.readline()
        if not line.strip():
            return
        yield line.rstrip("\r\n")


def _fields_of(lines: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    block: list[str] = []
    for line in lines:
        if block or line.strip().startswith("-----BEGIN"):
            block.append(line)
            if line.strip().startswith("-----END"):
                found["public_key"], block = "\n".join(block), []
        elif line.strip() and not line.lstrip().startswith("#"):
            name, colon, value = line.partition(":")
            if not colon or name.strip() not in FIELDS:
                raise NotKeysError
            found[name.strip()] = value.strip()
    if block:
        raise NotKeysError
    return found
