"""Seconds that run down, as every screen counts them: the last one is 1, and 0 is over."""


def seconds_left(until_ms: int, now_ms: int) -> int:
    """How many seconds are left, a begun one for a whole one; both times of the same clock."""
    return max(0, -((now_ms - until_ms) // 1000))
