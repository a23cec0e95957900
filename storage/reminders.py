"""Reminders: each is kept, under its key and edition, before it is said; so two processes cannot both say it.

Whoever keeps it has taken it, and says afterwards where it stands. What a process took and did not say is taken over
by another after a while, which looks in Slack whether it stands there already.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from billing.clockwork import Reminder
from billing.record import record
from billing.records import ClinicianId
from billing.reminders import LISTS
from storage.audit import Entry, write
from storage.clock_tables import ReminderRow, ReminderState
from storage.ids import new_id

UnitOfWork = Callable[[], AbstractContextManager[Session]]

LEASE = timedelta(minutes=5)
"""Saying it takes seconds; who has it longer is dead, or Slack did not answer."""
USEFUL = timedelta(days=1)
"""What could not be said for so long is given up."""


@record
class Place:
    """Where a message stands in Slack."""

    channel: str
    ts: str


@record
class Taken:
    """A reminder that is now ours to say. `stands` is the message that it takes the place of, if there is one."""

    id: str
    says: Reminder
    stands: Place | None = None


@record
class Kept:
    """A reminder as it was kept, for people who want to know what ran."""

    says: Reminder
    state: ReminderState


class Reminders:
    """Safe to use from several threads and processes. `clock` gives aware instants."""

    def __init__(self, write: UnitOfWork, read: UnitOfWork, clock: Callable[[], datetime]) -> None:
        self._write = write
        self._read = read
        self._clock = clock

    def take(self, reminder: Reminder) -> Taken | None:
        """Keeps it, to be said by the caller. None if this edition is kept already."""
        with self._write() as session:
            if session.exec(select(ReminderRow.id).where(*_same(reminder))).first() is not None:
                return None
            _overtake(session, reminder)
            row = _row(reminder, self._clock())
            session.add(row)
            session.flush()
            detail = f"{reminder.key}:{reminder.edition}"
            entry = Entry(actor="circlenote", action="remind", object_type="reminder", object_id=row.id, detail=detail)
            write(session, entry)
            return _taken(session, row)

    def take_over(self) -> tuple[Taken, ...]:
        """What somebody took and did not say: ours now, unless it is too late for it."""
        now = self._clock()
        with self._write() as session:
            stale = (ReminderRow.state == ReminderState.TAKEN, col(ReminderRow.taken_at) <= now - LEASE)
            rows = session.exec(select(ReminderRow).where(*stale).order_by(col(ReminderRow.number))).all()
            for row in rows:
                row.taken_at = now
                if row.says.at < now - USEFUL:
                    row.state = ReminderState.GIVEN_UP
            return tuple(_taken(session, row) for row in rows if row.state is ReminderState.TAKEN)

    def said(self, id: str, place: Place | None) -> bool:
        """It stands there (None: there was nothing to say). False if a later one has taken its place meanwhile."""
        with self._write() as session:
            row = _by_id(session, id)
            if row.state is ReminderState.OVERTAKEN:
                return False
            row.state = ReminderState.SAID
            row.channel, row.ts = (place.channel, place.ts) if place else (None, None)
            return True

    def give_up(self, id: str) -> None:
        """It cannot be said to this person."""
        with self._write() as session:
            _by_id(session, id).state = ReminderState.GIVEN_UP

    def find(self, id: str) -> Reminder | None:
        """The edition whose buttons carry this id."""
        with self._read() as session:
            row = session.exec(select(ReminderRow).where(ReminderRow.id == id)).first()
            return row.says if row else None

    def last(self, count: int = 20, to: ClinicianId | None = None) -> tuple[Kept, ...]:
        """The last reminders that were kept, newest first."""
        wanted = [] if to is None else [ReminderRow.to == to]
        with self._read() as session:
            rows = session.exec(
                select(ReminderRow).where(*wanted).order_by(col(ReminderRow.number).desc()).limit(count)
            )
            return tuple(Kept(says=row.says, state=row.state) for row in rows)


def _same(reminder: Reminder) -> tuple[ColumnElement[bool], ...]:
    return (col(ReminderRow.key) == reminder.key, col(ReminderRow.edition) == reminder.edition)


def _overtake(session: Session, reminder: Reminder) -> None:
    """A list says all that is open: one that was not said before it need not be said any more."""
    if reminder.kind not in LISTS:
        return
    waiting = (ReminderRow.kind == reminder.kind, ReminderRow.to == reminder.to)
    for row in session.exec(select(ReminderRow).where(*waiting, ReminderRow.state == ReminderState.TAKEN)):
        row.state = ReminderState.OVERTAKEN


def _row(reminder: Reminder, now: datetime) -> ReminderRow:
    return ReminderRow(
        id=new_id(),
        key=reminder.key,
        edition=reminder.edition,
        kind=reminder.kind,
        to=reminder.to,
        says=reminder,
        state=ReminderState.TAKEN,
        taken_at=now,
    )


def _taken(session: Session, row: ReminderRow) -> Taken:
    return Taken(id=row.id, says=row.says, stands=_standing(session, row))


def _standing(session: Session, row: ReminderRow) -> Place | None:
    """Of lists the last one to that person; a picture of a day or week takes no other's place."""
    earlier = (
        ReminderRow.kind == row.kind,
        ReminderRow.to == row.to,
        col(ReminderRow.number) < row.number,
        col(ReminderRow.ts).is_not(None),
    )
    if row.says.kind not in LISTS:
        return None
    last = session.exec(select(ReminderRow).where(*earlier).order_by(col(ReminderRow.number).desc()).limit(1)).first()
    return Place(channel=last.channel, ts=last.ts) if last and last.channel and last.ts else None


def _by_id(session: Session, id: str) -> ReminderRow:
    return session.exec(select(ReminderRow).where(ReminderRow.id == id)).one()
