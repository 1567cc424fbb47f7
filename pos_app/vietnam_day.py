"""Vietnam's day: UTC+7 without daylight saving. Order numbers, days and receipts go by it, whatever the PC's zone says.

An instant is an `int` of milliseconds since 1970 in UTC (`…_ms`); a `datetime` here always carries its zone.
"""

from datetime import UTC, date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def local_time(instant_ms: int) -> datetime:
    """The instant on a Vietnamese clock."""
    return (_EPOCH + timedelta(milliseconds=instant_ms)).astimezone(VIETNAM)


def yymmdd(instant_ms: int) -> str:
    """The day as order numbers begin with it (GMT+7)."""
    return local_time(instant_ms).strftime("%y%m%d")


def clock_time(instant_ms: int, *, seconds: bool = True) -> str:
    """`14:32:05`, or `14:32`."""
    return local_time(instant_ms).strftime("%H:%M:%S" if seconds else "%H:%M")


def day_text(instant_ms: int) -> str:
    """`28/06/2026`."""
    return local_time(instant_ms).strftime("%d/%m/%Y")


def day_of(instant_ms: int) -> date:
    """The Vietnamese calendar day of an instant."""
    return local_time(instant_ms).date()


def day_bounds_ms(day: date) -> tuple[int, int]:
    """First instant of the Vietnamese day, and first instant of the next one."""
    start = datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    start_ms = (start - _EPOCH) // timedelta(milliseconds=1)
    return start_ms, start_ms + 86_400_000
