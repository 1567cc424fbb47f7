"""How what any gateway sends us is read, before it is known who signed it and what it means: bounded and strict."""

import re
from urllib.parse import parse_qsl

from pos_app.gateways.notification import MESSAGE_BYTES_MAX
from pos_app.gateways.strict_json import NotStrictJsonError, read_object

QUERY_LENGTH_MAX = 4096
_QUERY_FIELDS_MAX = 32
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""An id of ours, or of the gateway."""


class UnreadableError(ValueError):
    """A member has a type or value that the API does not give it."""


def read_message(body: bytes) -> dict[str, object] | None:
    """The JSON object of a message; None when it is too long, or none."""
    if len(body) > MESSAGE_BYTES_MAX:
        return None
    try:
        return read_object(body)
    except NotStrictJsonError:
        return None


def read_query(query: str) -> dict[str, str] | None:
    """The decoded fields of a query string; None when it is too long, holds a name twice, or is none."""
    if len(query) > QUERY_LENGTH_MAX or not query.isascii():
        return None
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=_QUERY_FIELDS_MAX
        )
    except ValueError:
        return None
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else None


def read_id(value: object) -> str:
    """A member that is an id.

    Raises:
        UnreadableError: it is something else.
    """
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise UnreadableError
    return value
