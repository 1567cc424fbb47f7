"""Keys as a command gets them: typed without an echo, or lines `name: value` on standard input (`keys.keys_file`).

Nothing here is kept, printed or put into an error.
"""

import sys
from collections.abc import Iterator

from pos_app.cli.hidden import Hidden, NotTypedError
from pos_app.cli.say import Say
from pos_app.keys.keys_file import fields_of
from pos_app.words import Text, same

_LINES_MAX = 200
_PUBLIC_KEY = Text("Khóa công khai: dán cả khối, rồi một dòng trống", "Public key: paste all of it, then an empty line")
_KEEP = Text("Enter để giữ khóa đang dùng.", "Enter keeps the one in use.")


def keys_of_stdin() -> dict[str, str]:
    """The fields on standard input, up to an empty line.

    Raises:
        NotKeysError: they are none of this form.
    """
    return fields_of(_lines())


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
