"""Who is to be told what, now. Looks at nothing but its two arguments; the shell sends what comes out and keeps it.

The rules, with the practice's settings in `Reminding`:

- A note that is missing, or a draft that rests, rings with whoever can settle it 30 minutes after the group's end (or
  after the draft was last touched), and again on the next working morning.
- The supervisor hears of it on the mornings on which it is 1 and 2 working days old; of a co-signature likewise.
- What falls into somebody's quiet hours, or into their leave, waits for their next working morning. If that is a
  morning on which they hear of it anyway, they hear of it once.
- "Remind me in…" silences one thing for one person until then, and rings then. It does not silence the supervisor.
- One message for each kind, person and day. It lists all that they were told of and that is still open, so that what
  is done leaves it by itself, and a note that is begun turns from "missing" into "two questions left".
- A machine that was down makes up for what it missed once: on the same day, else on a working day.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from billing.calendar import (
    DAY,
    instant,
    is_working_day,
    practice_day,
    practice_zone,
    working_day_after,
)
from billing.clockwork import Kind, Mention, Owed, Owing, Reminder, World
from billing.mornings import day_of, is_away, is_quiet, morning, mornings, when_told, works
from billing.record import record
from billing.records import ClinicianId, Role, Roster
from billing.worklist import owed, supervisors_of

LISTS = (Kind.NOTES, Kind.COSIGN, Kind.OVERDUE)
"""Kinds of message that say what is open; the others are a picture of a day or a week."""

LOOKED_BACK = 15
"""Days. A picture that was missed for longer than two weeks is not made up for."""


def due(now: datetime, world: World) -> tuple[Reminder, ...]:
    """What is to be posted or brought up to date now. Empty as soon as it is in `world.sent`.

    Each is to be kept under its `key` and `edition`: the same world gives the same ones, whichever process asks.
    """
    nudges = tuple(nudges_for(owed(now, world), world))
    about = dict.fromkeys([(n.kind, n.to) for n in nudges] + [(s.kind, s.to) for s in world.sent if s.kind in LISTS])
    lists = (_list(kind, who, [n for n in nudges if (n.kind, n.to) == (kind, who)], now, world) for kind, who in about)
    return (*(each for each in lists if each), *_digests(now, world), *_weeks(now, world))


# ---- when anybody is to be told of anything ----------------------------------------------------------------------


@record
class Nudge:
    """One person is to be told of one thing, at each of these instants as long as it is owed; earliest first.

    Until `silent_until` they want to hear nothing of it.
    """

    kind: Kind
    to: ClinicianId
    of: Owed
    at: tuple[datetime, ...]
    silent_until: datetime | None = None

    def last(self, now: datetime) -> datetime | None:
        """The last of them that has come."""
        return max((at for at in self.at if at <= now), default=None)


def nudges_for(things: Iterable[Owed], world: World) -> Iterator[Nudge]:
    """Who is to be told of each of these, and when."""
    for thing in things:
        if thing.kind is Owing.COSIGNATURE:
            yield from (_nudge(Kind.COSIGN, who, thing, _by_age(who, thing, world), world) for who in thing.by)
        else:
            yield from (_nudge(Kind.NOTES, who, thing, _after_rest(who, thing, world), world) for who in thing.by)
            above = dict.fromkeys(s for who in thing.by for s in supervisors_of(who, world.roster))
            for who in above:
                if who not in thing.by:
                    yield _nudge(Kind.OVERDUE, who, thing, _by_age(who, thing, world), world)


def _after_rest(who: ClinicianId, thing: Owed, world: World) -> Iterator[datetime | None]:
    """Some minutes after anybody last did something about it, and on the working mornings that follow."""
    first = thing.rests_since + timedelta(minutes=world.reminding.minutes_after)
    yield when_told(who, first, world)
    following = (m for m in mornings(who, first, world) if m > first)
    yield from islice(following, world.reminding.mornings)


def _by_age(who: ClinicianId, thing: Owed, world: World) -> Iterator[datetime | None]:
    """On the mornings on which it is so many of the practice's working days old."""
    since = practice_day(thing.since, world.roster)
    for days in world.reminding.supervisor_ages:
        if day := working_day_after(since, days, world):
            yield when_told(who, morning(who, day, world), world)


def _nudge(kind: Kind, who: ClinicianId, thing: Owed, at: Iterable[datetime | None], world: World) -> Nudge:
    """Snoozed, it rings when the snooze is over and whenever it would have rung after that."""
    wanted = {each for each in at if each}
    until = next((s.until for s in reversed(world.snoozes) if (s.by, s.about) == (who, thing.id)), None)
    if until:
        again = when_told(who, until, world)
        wanted = {each for each in wanted if each > until} | ({again} if again else set())
    return Nudge(kind=kind, to=who, of=thing, at=tuple(sorted(wanted)), silent_until=until)


# ---- the one message of a kind to a person -----------------------------------------------------------------------


def _list(kind: Kind, who: ClinicianId, nudges: Sequence[Nudge], now: datetime, world: World) -> Reminder | None:
    """The message as it is to stand, None if it stands so already or they are away."""
    if is_away(who, now, world):
        return None
    standing = _standing(kind, who, world)
    told = {m.of.id: m.told_at for m in standing.about} if standing else {}
    about = tuple(m for n in nudges if (m := _mention(n, told.get(n.of.id), now, world)))
    if any(m.told_at != told.get(m.of.id) for m in about):
        day = practice_day(now, world.roster)
        same = standing is not None and standing.business_date == day
        edition = standing.edition + 1 if standing and same else 1
        return Reminder(kind=kind, to=who, business_date=day, at=now, edition=edition, about=about)
    if standing and _reads(about) != _reads(standing.about):
        day, edition = standing.business_date, standing.edition + 1
        return Reminder(kind=kind, to=who, business_date=day, at=now, edition=edition, about=about)
    return None


def _mention(nudge: Nudge, told_at: datetime | None, now: datetime, world: World) -> Mention | None:
    """What is listed: what rings now, and what they were told of before. None before that, and while it is snoozed."""
    if nudge.silent_until and now < nudge.silent_until:
        return None
    last = nudge.last(now)
    if last and (told_at is None or told_at < last) and _may_ring(nudge.to, last, now, world):
        told_at = now
    return Mention(of=nudge.of, told_at=told_at) if told_at else None


def _may_ring(who: ClinicianId, wanted: datetime, now: datetime, world: World) -> bool:
    """Out of quiet hours; and what is made up for on a later day than it was wanted, only on a working day."""
    today = day_of(who, now, world)
    in_time = day_of(who, wanted, world) == today or works(who, today, world)
    return in_time and not is_quiet(who, now, world)


def _standing(kind: Kind, who: ClinicianId, world: World) -> Reminder | None:
    """The last message of that kind to that person."""
    theirs = (s for s in world.sent if (s.kind, s.to) == (kind, who))
    return max(theirs, key=lambda s: (s.business_date, s.edition), default=None)


def _reads(about: Iterable[Mention]) -> tuple[object, ...]:
    """What a person would see: a draft that was touched and lacks as much as before reads the same."""
    return tuple((m.of.kind, m.of.id, m.of.by, m.of.questions) for m in about)


# ---- the day and the week ----------------------------------------------------------------------------------------


@record
class Turn:
    """A day or week whose picture is due, and since when."""

    of: date
    at: datetime


def _digests(now: datetime, world: World) -> Iterator[Reminder]:
    """Each biller's digest, on every working day at the practice's hour."""
    billers = [c.id for c in world.roster.clinicians if Role.BILLER in c.roles]
    turns = (_turn(day, day, world) for day in _back(now, world) if is_working_day(day, world))
    return _pictures(Kind.DIGEST, billers, turns, now, world)


def _weeks(now: datetime, world: World) -> Iterator[Reminder]:
    """Each supervisor's week, at the same hour on its day or, if that is none, on the next working day."""
    days = [day for day in _back(now, world) if day.weekday() == world.reminding.week_on]
    opened = ((day, working_day_after(day - DAY, 1, world)) for day in days)
    turns = (_turn(day, on, world) for day, on in opened if on)
    return _pictures(Kind.WEEK, supervisors(world.roster), turns, now, world)


def supervisors(roster: Roster) -> tuple[ClinicianId, ...]:
    """Whoever is a supervisor by role, or somebody's."""
    named = {c.supervisor for c in roster.clinicians}
    return tuple(c.id for c in roster.clinicians if Role.SUPERVISOR in c.roles or c.id in named)


def _back(now: datetime, world: World) -> Iterator[date]:
    """Today, and so many days back as may have been missed, latest first."""
    today = practice_day(now, world.roster)
    return (day for n in range(LOOKED_BACK) if (day := today - n * DAY) >= world.since)


def _turn(of: date, on: date, world: World) -> Turn:
    return Turn(of=of, at=instant(on, world.reminding.digest_at, practice_zone(world.roster)))


def _pictures(
    kind: Kind, people: Iterable[ClinicianId], turns: Iterable[Turn], now: datetime, world: World
) -> Iterator[Reminder]:
    """The last one that was due, to each who does not have it yet: of several that were missed, only that one."""
    turn = next((t for t in turns if t.at <= now), None)
    if turn is None:
        return
    for who in people:
        wanted = when_told(who, turn.at, world)
        if wanted and wanted <= now and _can_have(kind, who, turn, now, world):
            late = now - wanted > timedelta(minutes=world.reminding.late_after_minutes)
            yield Reminder(kind=kind, to=who, business_date=turn.of, at=now, late=late)


def _can_have(kind: Kind, who: ClinicianId, turn: Turn, now: datetime, world: World) -> bool:
    """Whether they are there and awake, were there when it was due, and do not have it yet."""
    last = _standing(kind, who, world)
    if last and last.business_date >= turn.of:
        return False
    return not (is_away(who, turn.at, world) or is_away(who, now, world) or is_quiet(who, now, world))
