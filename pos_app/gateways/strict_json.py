"""JSON from outside, read strictly: UTF-8 only, no key twice, no NaN, no bottomless nesting, no giant numbers.

Numbers with a point or an exponent come out as `NotAnInteger`, so that no float ever stands where money is counted.
"""

import json
import re
from typing import Never

DEPTH_MAX = 8
_DIGITS_MAX = 19
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)
"""A string, closed or not (so that a hostile text costs no second look), or one bracket."""


class NotStrictJsonError(ValueError):
    """The bytes are not JSON as we accept it."""


class NotAnInteger:
    """Stands where JSON had a number with a point or an exponent."""


_NOT_AN_INTEGER = NotAnInteger()


def read_object(body: bytes) -> dict[str, object]:
    """The JSON object in `body`.

    Raises:
        NotStrictJsonError: it is something else. Its words never repeat the body.
    """
    try:
        text = body.decode("utf-8")
        _check_depth(text)
        value = json.loads(
            text,
            object_pairs_hook=_each_key_once,
            parse_constant=_refuse_constant,
            parse_float=lambda _: _NOT_AN_INTEGER,
            parse_int=_bounded,
        )
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise NotStrictJsonError("not a strict JSON object")
    return value


def _check_depth(text: str) -> None:
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        mark = found[0][0]
        depth += (mark in "[{") - (mark in "]}")
        if depth > DEPTH_MAX:
            raise NotStrictJsonError("nested too deeply")


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotStrictJsonError("a key stands twice")
    return members


def _refuse_constant(_: str) -> Never:
    raise NotStrictJsonError("NaN and Infinity are not JSON")


def _bounded(digits: str) -> int:
    if len(digits.lstrip("-")) > _DIGITS_MAX:
        raise NotStrictJsonError("a number is too long")
    return int(digits)
