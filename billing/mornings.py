"""When a person may be told something: never in their quiet hours, never on leave, else on a working morning."""

from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from billing.calendar import A_YEAR, DAY, instant, is_working_day, on_leave, practice_zone
from billing.clockwork import World
from billing.records import ClinicianId


def zone_of(who: ClinicianId, world: World) -> ZoneInfo:
    """By whose clock this person lives: their own, where that was said, else the practice's."""
    elsewhere = (w.timezone for w in world.whereabouts if w.clinician == who)
    own = next(elsewhere, None)
    return ZoneInfo(own) if own else practice_zone(world.roster)


def day_of(who: ClinicianId, at: datetime, world: World) -> date:
    """The day it is where this person is."""
    return at.astimezone(zone_of(who, world)).date()


def is_away(who: ClinicianId, at: datetime, world: World) -> bool:
    return on_leave(who, day_of(who, at, world), world)


def works(who: ClinicianId, day: date, world: World) -> bool:
    """Whether the practice is open and this person is not on leave."""
    return is_working_day(day, world) and not on_leave(who, day, world)


def is_quiet(who: ClinicianId, at: datetime, world: World) -> bool:
    """Whether it is in this person's quiet hours. The moment at which they end is not."""
    begin, end = world.reminding.quiet_from, world.reminding.quiet_until
    shown = at.astimezone(zone_of(who, world)).time()
    return _within(shown, begin, end)


def _within(shown: time, begin: time, end: time) -> bool:
    if begin <= end:
        return begin <= shown < end
    return shown >= begin or shown < end


def morning(who: ClinicianId, day: date, world: World) -> datetime:
    """When this person's quiet hours end on that day."""
    return instant(day, world.reminding.quiet_until, zone_of(who, world))


def mornings(who: ClinicianId, after: datetime, world: World) -> Iterator[datetime]:
    """The mornings of this person's working days after that instant or at it, for a year."""
    first = day_of(who, after, world)
    for n in range(A_YEAR):
        day = first + n * DAY
        if works(who, day, world) and (at := morning(who, day, world)) >= after:
            yield at


def when_told(who: ClinicianId, at: datetime, world: World) -> datetime | None:
    """That instant, or, if they are quiet or away then, the next working morning; None if there is none in a year."""
    if is_quiet(who, at, world) or is_away(who, at, world):
        return next(mornings(who, at, world), None)
    return at
