"""What the clock goes by: office hours, meetings that went otherwise, snoozes, and what is written; as one `World`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from billing.calendar import practice_day
from billing.clockwork import Cancelled, LedBy, OfficeHours, Reminder, SignedNote, Snooze, Unsigned, World
from billing.drafting import assemble
from billing.records import ClinicianId, Draft, DraftId, GroupId, GroupNote, Heard, NoteId, Roster, SourceKind
from storage.audit import Entry, write
from storage.clock_tables import CancelledRow, LedByRow, OfficeHoursRow, ReminderRow, SnoozeRow
from storage.handles import DraftState
from storage.rows import heard, questions_from_json, record_of
from storage.tables import AskedRow, AuditRow, DraftRow, FactRow, LinkRow, NoteRow, SourceRow

LOOKED_BACK = timedelta(days=60)
"""So far back meetings count; what is older and still missing is no longer a matter of reminding."""


# ---- what is said ----------------------------------------------------------------------------------------------


def put_hours(session: Session, hours: OfficeHours, by: str) -> None:
    """Takes over the whole of it. What is equal already is left alone."""
    row = session.get(OfficeHoursRow, 1) or OfficeHoursRow(says=OfficeHours())
    changes = [f.name for f in fields(OfficeHours) if getattr(row.says, f.name) != getattr(hours, f.name)]
    if changes:
        row.says = hours
        session.add(row)
        detail = " ".join(changes)
        write(session, Entry(actor=by, action="change", object_type="hours", object_id="practice", detail=detail))


def cancel(session: Session, meeting: Cancelled, by: str, at: datetime) -> bool:
    """The meeting did not take place. False if that was known."""
    if _cancelled(session, meeting) is not None:
        return False
    session.add(CancelledRow(group=meeting.group, met_on=meeting.met_on, starts=meeting.starts, by=by, at=at))
    write(session, Entry(actor=by, action="cancel", object_type="meeting", object_id=_name(meeting)))
    return True


def restore(session: Session, meeting: Cancelled, by: str) -> bool:
    """It did take place after all. False if nobody had said that it did not."""
    row = _cancelled(session, meeting)
    if row is None:
        return False
    session.delete(row)
    write(session, Entry(actor=by, action="restore", object_type="meeting", object_id=_name(meeting)))
    return True


def say_who_led(session: Session, led: LedBy, press: str, by: str, at: datetime) -> bool:
    """Somebody else led the meeting and owes its note. False if this tap counted before."""
    if session.exec(select(LedByRow).where(LedByRow.press == press)).first() is not None:
        return False
    row = LedByRow(press=press, group=led.group, met_on=led.met_on, starts=led.starts, leader=led.leader, by=by, at=at)
    session.add(row)
    write(session, Entry(actor=by, action="led_by", object_type="meeting", object_id=_name(led), detail=led.leader))
    return True


def snooze(session: Session, snooze: Snooze, press: str) -> bool:
    """False if this tap counted before."""
    if session.exec(select(SnoozeRow).where(SnoozeRow.press == press)).first() is not None:
        return False
    session.add(SnoozeRow(press=press, by=snooze.by, about=snooze.about, until=snooze.until))
    write(session, Entry(actor=snooze.by, action="snooze", object_type="owed", object_id=snooze.about))
    return True


def _cancelled(session: Session, meeting: Cancelled) -> CancelledRow | None:
    same = (CancelledRow.group == meeting.group, CancelledRow.met_on == meeting.met_on)
    return session.exec(select(CancelledRow).where(*same, col(CancelledRow.starts) == meeting.starts)).first()


def _name(meeting: Cancelled | LedBy) -> str:
    return f"{meeting.group}:{meeting.met_on}" + (f":{meeting.starts:%H%M}" if meeting.starts else "")


# ---- the world -------------------------------------------------------------------------------------------------


def world(session: Session, roster: Roster, now: datetime) -> World:
    """All that may be looked at to say who is to be told what, in a fixed number of queries.

    It begins 60 days ago, or on the day on which the practice was set up: what was not written with us is not owed.
    """
    since = _begins(session, roster, now)
    hours = office_hours(session)
    drafts = _open_drafts(session, roster)
    not_held = tuple(_as_cancelled(d, hours, roster) for d, _ in drafts if _is_cancelled(d))
    return World(
        roster=roster,
        since=since,
        reminding=hours.reminding,
        patterns=hours.patterns,
        holidays=hours.holidays,
        leaves=hours.leaves,
        cancelled=(*_all(session, CancelledRow, Cancelled, since), *not_held),
        led_by=_all(session, LedByRow, LedBy, since),
        whereabouts=hours.whereabouts,
        drafts=tuple(unsigned for d, unsigned in drafts if not _is_cancelled(d)),
        notes=tuple(_signed(session, roster, since)),
        snoozes=_snoozes(session, now),
        sent=last_sent(session),
    )


def office_hours(session: Session) -> OfficeHours:
    row = session.get(OfficeHoursRow, 1)
    return row.says if row else OfficeHours()


def last_sent(session: Session) -> tuple[Reminder, ...]:
    """The last reminder of each kind to each person."""
    last = select(func.max(ReminderRow.number)).group_by(col(ReminderRow.kind), col(ReminderRow.to))
    rows = session.exec(select(ReminderRow).where(col(ReminderRow.number).in_(last)).order_by(col(ReminderRow.number)))
    return tuple(row.says for row in rows)


def _begins(session: Session, roster: Roster, now: datetime) -> date:
    today = practice_day(now, roster)
    first = session.exec(select(AuditRow.at).order_by(col(AuditRow.seq)).limit(1)).first()
    return max(today - LOOKED_BACK, practice_day(first, roster) if first else today)


def _all(session: Session, rows: Any, kind: type[Any], since: date) -> tuple[Any, ...]:
    return tuple(
        record_of(row, kind) for row in session.exec(select(rows).where(rows.met_on >= since).order_by("number"))
    )


def _snoozes(session: Session, now: datetime) -> tuple[Snooze, ...]:
    rows = select(SnoozeRow).where(col(SnoozeRow.until) >= now - LOOKED_BACK).order_by(col(SnoozeRow.number))
    return tuple(record_of(row, Snooze) for row in session.exec(rows))


# ---- what is signed --------------------------------------------------------------------------------------------


def _signed(session: Session, roster: Roster, since: date) -> Iterator[SignedNote]:
    above = {c.id: c.supervisor for c in roster.clinicians}
    rows = select(NoteRow).where(col(NoteRow.met_on) >= since).order_by(col(NoteRow.signed_at))
    for row in session.exec(rows):
        says: GroupNote = row.says
        yield SignedNote(
            id=NoteId(row.id),
            group=GroupId(row.group),
            met_on=row.met_on,
            starts=row.starts,
            signed_by=ClinicianId(row.signed_by),
            signed_at=row.signed_at,
            cosigner=above.get(ClinicianId(row.signed_by)),
            cosigned_at=row.cosignature.at if row.cosignature else None,
            attended=len(says.notes),
            absent=len(says.absent),
        )


# ---- what is begun ---------------------------------------------------------------------------------------------


def _open_drafts(session: Session, roster: Roster) -> tuple[tuple[Draft, Unsigned], ...]:
    """Each open draft as its facts have it, and as something that is owed."""
    rows = session.exec(
        select(DraftRow).where(DraftRow.state == DraftState.OPEN).order_by(col(DraftRow.opened_at), col(DraftRow.id))
    ).all()
    told, facts, asked = _told(session), _facts(session), _asked(session)
    drafts = [(row, assemble(DraftId(row.id), facts[row.id], roster)) for row in rows]
    return tuple((draft, _unsigned(row, draft, told[row.id], asked.get(row.id, 0))) for row, draft in drafts)


def _unsigned(row: DraftRow, draft: Draft, told: Iterable[SourceRow], questions: int) -> Unsigned:
    told = tuple(told)
    by = [row.opened_by, *(s.author for s in told if s.kind is SourceKind.MESSAGE)]
    touched = [at for s in told for at in (s.at, s.edited_at, s.withdrawn_at) if at]
    return Unsigned(
        id=DraftId(row.id),
        by=tuple(ClinicianId(who) for who in dict.fromkeys(by)),
        opened_at=row.opened_at,
        touched_at=max([row.opened_at, *touched]),
        questions=questions,
        group=draft.group if isinstance(draft.group, str) else None,
        met_on=draft.met_on,
        starts=draft.starts,
    )


def _told(session: Session) -> dict[str, list[SourceRow]]:
    """What was said and tapped about each open draft."""
    query = (
        select(LinkRow.draft, SourceRow)
        .join(SourceRow, col(SourceRow.id) == col(LinkRow.source))
        .join(DraftRow, col(DraftRow.id) == col(LinkRow.draft))
        .where(DraftRow.state == DraftState.OPEN)
        .order_by(col(SourceRow.at), col(SourceRow.number))
    )
    return _by_draft(session.exec(query))


def _facts(session: Session) -> dict[str, list[Heard]]:
    """What stands about each open draft, in the order in which it was said."""
    query = (
        select(LinkRow.draft, FactRow, SourceRow.author)
        .join(FactRow, (col(LinkRow.source) == col(FactRow.source)) & (col(LinkRow.part) == col(FactRow.part)))
        .join(SourceRow, col(SourceRow.id) == col(FactRow.source))
        .join(DraftRow, col(DraftRow.id) == col(LinkRow.draft))
        .where(DraftRow.state == DraftState.OPEN, col(SourceRow.withdrawn_at).is_(None))
        .order_by(col(FactRow.at), col(SourceRow.number), col(FactRow.seq))
    )
    return _by_draft((draft, heard(row, author)) for draft, row, author in session.exec(query))


def _asked(session: Session) -> dict[str, int]:
    """How many questions each open draft was left with."""
    last = (
        select(func.max(AskedRow.number))
        .join(DraftRow, col(DraftRow.id) == col(AskedRow.draft))
        .where(DraftRow.state == DraftState.OPEN)
        .group_by(col(AskedRow.draft))
    )
    rows = session.exec(select(AskedRow).where(col(AskedRow.number).in_(last)))
    return {row.draft: len(questions_from_json(row.questions)) for row in rows}


def _by_draft(pairs: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for draft, thing in pairs:
        found[draft].append(thing)
    return found


# ---- a draft that says that nothing took place -----------------------------------------------------------------


def _is_cancelled(draft: Draft) -> bool:
    return draft.held is False and isinstance(draft.group, str) and draft.met_on is not None


def _as_cancelled(draft: Draft, hours: OfficeHours, roster: Roster) -> Cancelled:
    """One of several meetings of a day only if its time was said as the schedule has it."""
    assert isinstance(draft.group, str)
    assert draft.met_on
    usual = draft.starts if draft.starts in _usual_starts(draft.group, hours, roster) else None
    return Cancelled(group=GroupId(draft.group), met_on=draft.met_on, starts=usual)


def _usual_starts(group: str, hours: OfficeHours, roster: Roster) -> set[time]:
    own = roster.group(group).schedule
    return {p.schedule.starts for p in hours.patterns if p.group == group} | ({own.starts} if own else set())
