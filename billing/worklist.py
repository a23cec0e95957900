"""What is owed by whom: notes that are missing or unsigned, co-signatures, held lines, deadlines for filing.

Nothing of this is stored: it is read off the schedules, drafts, notes and lines as they are now. What is done is not
on it any more.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from billing.calendar import expected, instant, practice_day, practice_zone
from billing.clockwork import Books, Expected, Owed, Owing, SignedNote, Unsigned, World
from billing.policy import in_force
from billing.record import record
from billing.records import ClaimLine, ClinicianId, DraftId, LineState, Policy, Role, Roster
from billing.rules.timeliness import LATE_IN_THE_WINDOW

Report = SignedNote | Unsigned


# ---- what clinicians and supervisors owe -------------------------------------------------------------------------


def owed(now: datetime, world: World) -> tuple[Owed, ...]:
    """Everything that is not done: by group session, oldest first, then what waits for a co-signature.

    A meeting is owed from its end on. A draft is owed by those who spoke of it; a meeting that nobody has written
    about, by every leader who was there: either can settle it.
    """
    so_far = written(now, world)
    open_things = [_unbegun(m) for m in so_far.unbegun if m.ends_at <= now]
    begun = [_begun(d, so_far.meeting_of(d)) for d in world.drafts]
    return (*sorted([*open_things, *begun], key=lambda o: (o.since, o.id)), *_cosignatures(world))


def owed_by(who: ClinicianId, things: Iterable[Owed]) -> tuple[Owed, ...]:
    """What this person can settle."""
    return tuple(o for o in things if who in o.by)


def supervisors_of(who: ClinicianId, roster: Roster) -> tuple[ClinicianId, ...]:
    """Who hears of the notes that this person owes: their own supervisor, or else every supervisor but themselves."""
    own = next((c.supervisor for c in roster.clinicians if c.id == who), None)
    if own:
        return (own,)
    return tuple(c.id for c in roster.clinicians if Role.SUPERVISOR in c.roles and c.id != who)


def _unbegun(meeting: Expected) -> Owed:
    return Owed(
        kind=Owing.NOTE,
        id=meeting.id,
        by=meeting.leaders,
        since=meeting.ends_at,
        rests_since=meeting.ends_at,
        group=meeting.group,
        met_on=meeting.met_on,
    )


def _begun(draft: Unsigned, meeting: Expected | None) -> Owed:
    """Owed since the meeting's end if it speaks of one, else since it was begun. It rests since it was last touched."""
    since = meeting.ends_at if meeting else draft.opened_at
    return Owed(
        kind=Owing.DRAFT,
        id=meeting.id if meeting else draft.id,
        by=draft.by,
        since=since,
        rests_since=max(since, draft.touched_at),
        group=draft.group,
        met_on=meeting.met_on if meeting else draft.met_on,
        draft=draft.id,
        questions=draft.questions,
    )


def _cosignatures(world: World) -> Iterator[Owed]:
    for note in sorted(world.notes, key=lambda n: (n.signed_at, n.id)):
        if note.cosigner and note.cosigned_at is None:
            yield Owed(
                kind=Owing.COSIGNATURE,
                id=note.id,
                by=(note.cosigner,),
                since=note.signed_at,
                rests_since=note.signed_at,
                group=note.group,
                met_on=note.met_on,
                note=note.id,
            )


# ---- which note or draft speaks of which meeting -----------------------------------------------------------------


@record
class Written:
    """Each meeting that has begun with what was written about it, and those of which nothing was."""

    noted: tuple[tuple[Expected, SignedNote], ...]
    drafted: tuple[tuple[Expected, DraftId], ...]
    unbegun: tuple[Expected, ...]

    def meeting_of(self, draft: Unsigned) -> Expected | None:
        return next((m for m, id in self.drafted if id == draft.id), None)


def written(now: datetime, world: World) -> Written:
    """A note or draft speaks of a meeting of its group on its day; where there are several, of the nearest in time
    that nothing signed speaks of yet. One that fits no meeting stands for itself.
    """
    free: dict[object, list[Expected]] = {}
    for meeting in expected(world, practice_day(now, world.roster)):
        if meeting.starts_at <= now:
            free.setdefault((meeting.group, meeting.met_on), []).append(meeting)
    notes = sorted(world.notes, key=lambda n: (n.met_on, n.starts))
    noted = tuple((m, n) for n in notes if (m := _taken(n, n.signed_at, free, world)))
    drafts = sorted(world.drafts, key=lambda d: d.opened_at)
    drafted = tuple((m, d.id) for d in drafts if (m := _taken(d, d.opened_at, free, world)))
    left = sorted((m for day in free.values() for m in day), key=lambda m: m.ends_at)
    return Written(noted=noted, drafted=drafted, unbegun=tuple(left))


def _taken(report: Report, written_at: datetime, free: dict[object, list[Expected]], world: World) -> Expected | None:
    """Takes the meeting that this report speaks of out of `free`. A draft without a day is of the day it was begun."""
    day = report.met_on or practice_day(written_at, world.roster)
    meetings = free.get((report.group, day))
    if not meetings:
        return None
    if len(meetings) == 1:
        return meetings.pop()
    zone = practice_zone(world.roster)
    began = instant(day, report.starts, zone) if report.starts else written_at
    nearest = min(meetings, key=lambda m: abs(m.starts_at - began))
    meetings.remove(nearest)
    return nearest


# ---- what the office owes ----------------------------------------------------------------------------------------

UNFILED = (LineState.HELD, LineState.READY, LineState.REJECTED)
"""The payer has not taken these: the time for filing runs."""


def owed_by_the_office(today: date, books: Books, roster: Roster) -> tuple[Owed, ...]:
    """Held lines, oldest first, then lines whose time for filing is running out, most urgent first. Any biller can."""
    billers = tuple(c.id for c in roster.clinicians if Role.BILLER in c.roles)
    held = sorted((line for line in books.lines if line.state is LineState.HELD), key=lambda line: line.says.served_on)
    near = running_out(today, books)
    return (
        *(_line(Owing.LINE, line, billers, roster, last_day(line, books.policies)) for line in held),
        *(_line(Owing.FILING, line, billers, roster, last) for line, last in near),
    )


def running_out(today: date, books: Books) -> tuple[tuple[ClaimLine, date], ...]:
    """Unfiled lines of which three quarters of the payer's time for filing are gone, with the last day; soonest first.

    What ran out is not among them any more: it is a reason on the line.
    """
    unfiled = [line for line in books.lines if line.state in UNFILED]
    ending = [(line, last) for line in unfiled if (last := last_day(line, books.policies))]
    near = [(line, last) for line, last in ending if _late_in_the_window(line.says.served_on, last) <= today <= last]
    return tuple(sorted(near, key=lambda pair: (pair[1], pair[0].id)))


def last_day(line: ClaimLine, policies: Sequence[Policy]) -> date | None:
    """The last day on which the payer takes this line, by its policy on the date of service; None if it has none."""
    policy = in_force(policies, line.says.served_on).get(line.says.payer)
    days = policy.filing_days if policy else None
    return None if days is None else line.says.served_on + timedelta(days=days)


def _late_in_the_window(served_on: date, last: date) -> date:
    return served_on + (last - served_on) * LATE_IN_THE_WINDOW


def _line(kind: Owing, line: ClaimLine, billers: tuple[ClinicianId, ...], roster: Roster, last: date | None) -> Owed:
    served = instant(line.says.served_on, datetime.min.time(), practice_zone(roster))
    return Owed(
        kind=kind,
        id=line.id,
        by=billers,
        since=served,
        rests_since=served,
        met_on=line.says.served_on,
        note=line.note,
        last_day=last,
    )
