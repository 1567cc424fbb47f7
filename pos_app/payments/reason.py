"""A reason in somebody's own words, wherever one is written down: when it is enough, and when too much.

What is stored already is never measured again.
"""

from pos_app.words import Text

REASON_LENGTH_MIN, REASON_LENGTH_MAX = 5, 200
"""Characters of a reason that somebody else understands later, and that paper has room for."""
NO_REASON = (
    Text("Còn thiếu lý do", "A reason is missing"),
    Text("Ghi ít nhất {n} ký tự.", "Write at least {n} characters.").fill(n=REASON_LENGTH_MIN),
)
TOO_LONG = (
    Text("Lý do quá dài", "The reason is too long"),
    Text("Nhiều nhất {n} ký tự.", "{n} characters at most.").fill(n=REASON_LENGTH_MAX),
)


def is_too_short(reason: str) -> bool:
    """Whether nobody will understand it later."""
    return len(reason.strip()) < REASON_LENGTH_MIN


def is_too_long(reason: str) -> bool:
    """Whether paper has no room for it."""
    return len(reason.strip()) > REASON_LENGTH_MAX
