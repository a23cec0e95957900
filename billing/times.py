"""Wall-clock arithmetic. A group may run past midnight; nobody's group lasts a day."""

from datetime import time

from billing.records import AttendanceDraft, minutes_between

DAY = 24 * 60


def plus_minutes(at: time, minutes: int) -> time:
    """The wall clock `minutes` later (or earlier, if negative).

    >>> plus_minutes(time(23, 50), 15)
    datetime.time(0, 5)
    """
    total = (at.hour * 60 + at.minute + minutes) % DAY
    return time(total // 60, total % 60)


def own_times(a: AttendanceDraft, starts: time | None, ends: time | None) -> tuple[time | None, time | None]:
    """When this client came and left: their own times if said, else those of the session (None while unknown)."""
    arrived = a.arrived or (plus_minutes(starts, a.minutes_late) if starts and a.minutes_late else starts)
    left = a.left or (plus_minutes(ends, -a.minutes_early) if ends and a.minutes_early else ends)
    return arrived, left


def own_minutes(a: AttendanceDraft, starts: time | None, ends: time | None) -> int | None:
    """How long this client was there, by the clock; None while a time is unknown."""
    arrived, left = own_times(a, starts, ends)
    return minutes_between(arrived, left) if arrived and left else None


def clock(at: time) -> str:
    """As people write it.

    >>> clock(time(14, 5))
    '2:05 PM'
    """
    return f"{at.hour % 12 or 12}:{at.minute:02} {'AM' if at.hour < 12 else 'PM'}"


def span(starts: time, ends: time) -> str:
    """From when to when, with AM or PM once where once is enough.

    >>> span(time(14), time(15, 15))
    '2:00–3:15 PM'
    >>> span(time(11, 30), time(12, 30))
    '11:30 AM–12:30 PM'
    """
    first = clock(starts)
    return f"{first[:-3] if first[-2:] == clock(ends)[-2:] else first}–{clock(ends)}"
