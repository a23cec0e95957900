"""The supervisor's week: how timely the notes were, by clinician and by group, and whether clients keep coming.

Numbers and ids, to be drawn as bars. A note is counted in the week in which its meeting ended.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from statistics import median

from billing.calendar import DAY, age, monday, practice_day
from billing.clockwork import Expected, SignedNote, World
from billing.record import record
from billing.records import ClinicianId, GroupId
from billing.worklist import supervisors_of, written

WEEKS = 8
"""So many weeks a trend goes back: four are compared with the four before."""


@record
class Timeliness:
    """Of a clinician's or a group's meetings in one week: when their notes were signed.

    `same_day` and `next_day` are working days after the day on which the meeting ended; `missing` have no signed note
    yet. `median_hours` from the meeting's end to the signature, None if nothing was signed.
    """

    of: str
    met: int
    same_day: int
    next_day: int
    later: int
    missing: int
    median_hours: float | None


@record
class Turnout:
    """All of a group's noted meetings in the week of that Monday: places taken and places left empty."""

    week_of: date
    meetings: int
    attended: int
    absent: int


@record
class Trend:
    """A group's turnout by week, oldest first, and how the share of clients who came has changed.

    `change` compares the last four weeks with the four before: 0.1 is ten points more. None if either is empty.
    """

    group: GroupId
    weeks: tuple[Turnout, ...]
    change: float | None


@record
class SupervisorsWeek:
    """The week of that Monday, of the clinicians whose notes this supervisor hears of."""

    week_of: date
    by_clinician: tuple[Timeliness, ...]
    by_group: tuple[Timeliness, ...]
    trends: tuple[Trend, ...]


Met = tuple[Expected, SignedNote | None]
"""A meeting with its note, if that is signed."""


def supervisors_week(who: ClinicianId, week_of: date, now: datetime, world: World) -> SupervisorsWeek:
    """The picture as it was known at `now`. `week_of` is any day of the week; meetings still to come do not count."""
    first = monday(week_of)
    mine = [met for met in _meetings(now, world) if _concerns(who, met, world)]
    these = [met for met in mine if monday(practice_day(met[0].ends_at, world.roster)) == first]
    clinicians = dict.fromkeys(c for met in these for c in _answerable(met))
    groups = dict.fromkeys(meeting.group for meeting, _ in mine)
    return SupervisorsWeek(
        week_of=first,
        by_clinician=tuple(_timeliness(c, [m for m in these if c in _answerable(m)], world) for c in clinicians),
        by_group=tuple(_timeliness(g, its, world) for g in groups if (its := [m for m in these if m[0].group == g])),
        trends=tuple(_trend(g, first, world) for g in groups),
    )


def _meetings(now: datetime, world: World) -> list[Met]:
    """Those that are over, earliest first."""
    so_far = written(now, world)
    unsigned = [*(m for m, _ in so_far.drafted), *so_far.unbegun]
    both: list[Met] = [*so_far.noted, *((m, None) for m in unsigned)]
    return sorted((met for met in both if met[0].ends_at <= now), key=lambda met: (met[0].ends_at, met[0].id))


def _answerable(met: Met) -> tuple[ClinicianId, ...]:
    """Who signed, or as long as nobody has, everybody who could."""
    meeting, note = met
    return (note.signed_by,) if note else meeting.leaders


def _concerns(who: ClinicianId, met: Met, world: World) -> bool:
    return any(who in supervisors_of(c, world.roster) for c in _answerable(met))


def _timeliness(of: str, meetings: Sequence[Met], world: World) -> Timeliness:
    signed = [(meeting, note) for meeting, note in meetings if note]
    ages = [_age_when_signed(meeting, note, world) for meeting, note in signed]
    hours = [(note.signed_at - meeting.ends_at).total_seconds() / 3600 for meeting, note in signed]
    return Timeliness(
        of=of,
        met=len(meetings),
        same_day=ages.count(0),
        next_day=ages.count(1),
        later=sum(days > 1 for days in ages),
        missing=len(meetings) - len(signed),
        median_hours=round(median(hours), 1) if hours else None,
    )


def _age_when_signed(meeting: Expected, note: SignedNote, world: World) -> int:
    ended, signed = (practice_day(at, world.roster) for at in (meeting.ends_at, note.signed_at))
    return age(ended, signed, world)


# ---- whether clients keep coming ---------------------------------------------------------------------------------


def _trend(group: GroupId, last: date, world: World) -> Trend:
    """From the group's signed notes, whether or not a schedule let expect the meeting."""
    mondays = [last - n * 7 * DAY for n in reversed(range(WEEKS))]
    weeks = tuple(_turnout(each, [n for n in world.notes if n.group == group]) for each in mondays)
    before, lately = _share(weeks[: WEEKS // 2]), _share(weeks[WEEKS // 2 :])
    change = None if before is None or lately is None else round(lately - before, 2)
    return Trend(group=group, weeks=weeks, change=change)


def _turnout(week_of: date, notes: Iterable[SignedNote]) -> Turnout:
    its = [n for n in notes if monday(n.met_on) == week_of]
    return Turnout(
        week_of=week_of,
        meetings=len(its),
        attended=sum(n.attended for n in its),
        absent=sum(n.absent for n in its),
    )


def _share(weeks: Sequence[Turnout]) -> float | None:
    """Of all places, those taken; None if there were none."""
    taken, empty = sum(w.attended for w in weeks), sum(w.absent for w in weeks)
    return taken / (taken + empty) if taken + empty else None
