"""A file of keys: lines `name: value`, and a PEM block as the public key. Nothing here is kept or put into an error."""

from collections.abc import Iterable
from pathlib import Path

from pos_app.private_file import read_within
from pos_app.words import Text

FIELDS = ("app_id", "key1", "key2", "public_key", "partner_code", "api_key", "secret", "terminal")
_BYTES_MAX = 32 * 1024


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
        text = (read_within(path, _BYTES_MAX) or b"").decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise NotKeysError from None
    return fields_of(text.splitlines())


def fields_of(lines: Iterable[str]) -> dict[str, str]:
    """The fields in these lines.

    Raises:
        NotKeysError: they are none of this form.
    """
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
