"""Schedules → the meetings to expect, and which days are working days.

Wall-clock times become instants by the practice's zone. An hour that the clocks skip in spring counts as the hour
after it (2:30 is 3:30); of an hour that comes twice in autumn the first is meant.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from billing.clockwork import Expected, Leave, Pattern, World
from billing.records import ClinicianId, Roster, minutes_between

DAY = timedelta(days=1)
A_YEAR = 366
"""As far ahead, in days, as a working day is looked for: somebody may be away without a known end."""


# ---- the clock on the wall ---------------------------------------------------------------------------------------


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the clocks of that zone show `at` on that day, in UTC.

    >>> instant(date(2027, 3, 14), time(2, 30), ZoneInfo("America/New_York"))  # skipped: 3:30 daylight time
    datetime.datetime(2027, 3, 14, 7, 30, tzinfo=datetime.timezone.utc)
    """
    return datetime.combine(day, at, zone).astimezone(UTC)


def practice_zone(roster: Roster) -> ZoneInfo:
    return ZoneInfo(roster.practice.timezone)


def practice_day(at: datetime, roster: Roster) -> date:
    """The day it is at the practice."""
    return at.astimezone(practice_zone(roster)).date()


def meeting_times(day: date, starts: time, ends: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when to when. If `ends` is not after `starts` on the clock, it is on the next day."""
    begun = instant(day, starts, zone)
    over = instant(day if ends > starts else day + DAY, ends, zone)
    if over <= begun:  # it begins in the hour that is skipped
        over = begun + timedelta(minutes=minutes_between(starts, ends))
    return begun, over


# ---- working days ------------------------------------------------------------------------------------------------


def is_working_day(day: date, world: World) -> bool:
    """Whether the practice is open."""
    return day.weekday() in world.reminding.working_days and not is_holiday(day, world)


def is_holiday(day: date, world: World) -> bool:
    return any(h.on == day for h in world.holidays)


def on_leave(who: ClinicianId, day: date, world: World) -> bool:
    return _away(who, day, world.leaves)


def _away(who: ClinicianId, day: date, leaves: tuple[Leave, ...]) -> bool:
    theirs = (leave for leave in leaves if leave.clinician == who)
    return any(leave.since <= day and (leave.until is None or day <= leave.until) for leave in theirs)


def working_day_after(day: date, count: int, world: World) -> date | None:
    """The practice's `count`th working day after `day`; None if there is none within a year."""
    ahead = (day + n * DAY for n in range(1, A_YEAR))
    working = (each for each in ahead if is_working_day(each, world))
    return next((each for n, each in enumerate(working, start=1) if n == count), None)


def age(since: date, on: date, world: World) -> int:
    """How many working days old something is: those after `since`, up to and with `on`."""
    days = (since + n * DAY for n in range(1, (on - since).days + 1))
    return sum(is_working_day(day, world) for day in days)


# ---- the meetings to expect --------------------------------------------------------------------------------------


def expected(world: World, until: date) -> tuple[Expected, ...]:
    """Every meeting from `world.since` to `until`, both included, earliest first.

    None is expected on a holiday, none that was cancelled, and none of which every leader was on leave, unless it was
    said who led it instead.
    """
    all_found = (m for pattern in patterns(world) for m in _meetings(pattern, world, until))
    found = {(m.group, m.met_on, m.starts): m for m in all_found}
    return tuple(sorted(found.values(), key=lambda m: (m.starts_at, m.group)))


def patterns(world: World) -> tuple[Pattern, ...]:
    """How each group meets: by its patterns if it has any, else by its own schedule for as long as it stands."""
    with_patterns = {p.group for p in world.patterns}
    plain = (
        Pattern(group=g.id, schedule=g.schedule, since=world.since)
        for g in world.roster.groups
        if g.schedule and g.id not in with_patterns
    )
    return (*world.patterns, *plain)


def _meetings(pattern: Pattern, world: World, until: date) -> Iterator[Expected]:
    zone, at = practice_zone(world.roster), pattern.schedule
    cancelled = {(c.met_on, c.starts) for c in world.cancelled if c.group == pattern.group}
    led_by = {(led.met_on, led.starts): led.leader for led in world.led_by if led.group == pattern.group}
    usual = _usual_leaders(pattern, world)
    leaves = tuple(away for away in world.leaves if away.clinician in usual)
    for day in _days(pattern, world, until):
        said = led_by.get((day, at.starts)) or led_by.get((day, None))
        leaders = (said,) if said else tuple(who for who in usual if not _away(who, day, leaves))
        if leaders and (day, at.starts) not in cancelled and (day, None) not in cancelled:
            begun, over = meeting_times(day, at.starts, at.ends, zone)
            yield Expected(
                group=pattern.group,
                met_on=day,
                starts=at.starts,
                ends=at.ends,
                starts_at=begun,
                ends_at=over,
                leaders=leaders,
            )


def _usual_leaders(pattern: Pattern, world: World) -> tuple[ClinicianId, ...]:
    group = world.roster.group(pattern.group)
    return tuple(dict.fromkeys(pattern.leaders or (group.leader, *group.co_leaders)))


def _days(pattern: Pattern, world: World, until: date) -> Iterator[date]:
    """The days on which the pattern lets a group meet and the practice is not closed, weekday by weekday."""
    first = max(pattern.since, world.since)
    last = min(pattern.until, until) if pattern.until else until
    closed = {h.on for h in world.holidays}
    for weekday in pattern.schedule.weekdays:
        day = first + (weekday - first.weekday()) % 7 * DAY
        while day <= last:
            if _its_week(pattern, day) and day not in closed:
                yield day
            day += 7 * DAY


def _its_week(pattern: Pattern, day: date) -> bool:
    """Whether it meets in the week of this day. Weeks begin on Monday."""
    if pattern.every_other_week_from is None:
        return True
    return (monday(day) - monday(pattern.every_other_week_from)).days // 7 % 2 == 0


def monday(day: date) -> date:
    """The Monday of that day's week."""
    return day - day.weekday() * DAY
