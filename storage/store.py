"""The only door to what is kept. Every method is one unit of work: all of it happens, or nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from sqlmodel import Session

from billing.clockwork import Books, Cancelled, LedBy, OfficeHours, Snooze, World
from billing.findings import Question
from billing.office import Pair
from billing.records import (
    Background,
    ClaimLine,
    ClientId,
    Clinician,
    ClinicianId,
    Draft,
    DraftId,
    GroupId,
    GroupNote,
    Heard,
    LineState,
    Message,
    NoteId,
    Payer,
    Practice,
    Roster,
    Signature,
)
from storage import audit, books, clock, drafts, inbox, notes, office, practice, sources
from storage.audit import Anchor, Entry, Trail
from storage.durable import WorkQueue
from storage.engines import Database
from storage.handles import Asked, Card, DraftHandle, DraftState, Press
from storage.office import Kept
from storage.opening import default_key_file, open_ready
from storage.practice import OfPractice
from storage.reminders import Reminders
from storage.tables import InboxRow

_CACHED_DAYS = 32


def _now() -> datetime:
    return datetime.now(UTC)


class Store:
    """What the practice has, what was said, what was signed. Safe to use from several threads and processes."""

    def __init__(self, database: Database, trail: Trail, clock: Callable[[], datetime]) -> None:
        self.database = database
        self.work = WorkQueue(database.queue_engine)
        self._trail = trail
        self._clock = clock
        self._rosters: dict[date, tuple[int, Roster]] = {}
        self.reminders = Reminders(self._write, database.read, clock)

    @classmethod
    def open(
        cls, url: str, *, key_file: Path | None = None, create: bool = False, clock: Callable[[], datetime] = _now
    ) -> "Store":
        """Opens "sqlite:///path/to/file.db" or "postgresql+psycopg://..." with its key file.

        `create` makes what is not there yet: key file, database, tables. Raises StorageTrouble with a sentence for
        whoever starts the bot: no database, no key file, or the wrong one.
        """
        database, ring = open_ready(url, key_file or default_key_file(url), create=create)
        return cls(database, Trail(ring, clock), clock)

    def close(self) -> None:
        self.database.close()

    @contextmanager
    def _write(self) -> Iterator[Session]:
        with self.database.write() as session:
            self._trail.attend(session)
            yield session

    # ---- the practice ------------------------------------------------------------------------------------------

    def put(self, records: Iterable[OfPractice | OfficeHours], by: str) -> None:
        """Adds or changes, by natural key (an enrolment by group, client and first day, and so on).

        Office hours are replaced as a whole.
        """
        given = tuple(records)
        with self._write() as session:
            practice.put(session, [each for each in given if not isinstance(each, OfficeHours)], by)
            for hours in given:
                if isinstance(hours, OfficeHours):
                    clock.put_hours(session, hours, by)

    def put_office(
        self, records: Iterable[Kept], by: str, *, draft: DraftId | None = None, served_on: date | None = None
    ) -> None:
        """Adds what the office knows; of one group session or day only, if `draft` or `served_on` says so."""
        with self._write() as session:
            office.put(session, records, by, draft, served_on)

    def replace_pairs(self, pairs: Iterable[Pair], by: str) -> None:
        """A new quarter's table of codes that are not paid together, instead of the one before."""
        with self._write() as session:
            office.replace_pairs(session, pairs, by)

    def practice(self) -> Practice | None:
        with self.database.read() as session:
            return practice.practice(session)

    def clinician_of(self, slack_user: str) -> Clinician | None:
        with self.database.read() as session:
            return practice.clinician_of(session, slack_user)

    def payers(self) -> tuple[Payer, ...]:
        with self.database.read() as session:
            return practice.payers(session)

    def roster(self, on: date) -> Roster:
        """Everybody the practice knows, and who is enrolled on that day. Kept until something is put."""
        with self.database.read() as session:
            return self._roster(session, on)

    def background(self, draft: Draft, now: datetime) -> Background:
        """All that a rule may look at besides the draft, as it was on the date of service."""
        with self.database.read() as session:
            on = practice.day_of(session, draft, now)
            return practice.background(session, self._roster(session, on), draft, on, now)

    def _roster(self, session: Session, on: date) -> Roster:
        revision = practice.revision(session)
        kept = self._rosters.get(on)
        if kept is not None and kept[0] == revision:
            return kept[1]
        roster = practice.roster(session, on)
        if len(self._rosters) >= _CACHED_DAYS:
            self._rosters.clear()
        self._rosters[on] = (revision, roster)
        return roster

    # ---- what comes in -----------------------------------------------------------------------------------------

    def receive(
        self, event_id: str, kind: str, body: Mapping[str, object], channel: str | None, ts: str | None
    ) -> bool:
        """Keeps an event and queues its handling, in one commit. False if it, or the same gesture, came before."""
        row = InboxRow(event_id=event_id, kind=kind, channel=channel, ts=ts, body=dict(body), received_at=self._clock())
        with self._write() as session:
            if not inbox.add(session, row):
                return False
            self.work.enqueue(session.connection(), event_id, lane=channel or event_id, place=row.number or 1)
            return True

    def event(self, event_id: str) -> Mapping[str, object]:
        """The body as it was received."""
        with self.database.read() as session:
            return inbox.body(session, event_id)

    # ---- the conversation --------------------------------------------------------------------------------------

    def hear(
        self,
        message: Message,
        facts: Sequence[Heard],
        parts: Mapping[int, DraftId],
        opened: Sequence[DraftHandle] = (),
        edited_at: datetime | None = None,
    ) -> bool:
        """Keeps a message, what was heard in it, and which draft each of its parts speaks of.

        With `edited_at` a known message is read again: it keeps its place, and only what differs in it counts as
        said at that instant. False, and nothing changes, for what is known: a second delivery, an edit that
        changes no word, an edit older than the last one or than the message's withdrawal.
        """
        with self._write() as session:
            return sources.hear(session, message, facts, parts, opened=opened, edited_at=edited_at)

    def press(self, press: Press, facts: Sequence[Heard], draft: DraftId) -> bool:
        """Keeps a tap and what it says. False if it is known."""
        with self._write() as session:
            return sources.press(session, press, facts, draft)

    def withdraw_last(self, draft: DraftId, by: str, at: datetime, undoing: Message | Press) -> str | None:
        """Undo: takes back what was last said or tapped about the draft; its text or label, None if there is none.

        `undoing` is what asks for it: the same one undoes once.
        """
        with self._write() as session:
            return sources.withdraw_last(session, draft, by, at, undoing)

    def withdraw(self, source_id: str, by: str, at: datetime) -> bool:
        """Takes back one message or press. False if it is unknown or taken back already."""
        with self._write() as session:
            return sources.withdraw(session, source_id, by, at)

    def facts(self, draft: DraftId) -> tuple[Heard, ...]:
        """What stands about the draft, in the order in which it was said."""
        with self.database.read() as session:
            return sources.facts(session, draft)

    def messages(self, draft: DraftId) -> tuple[Message, ...]:
        """The messages that speak of the draft and stand, in the order in which they were posted."""
        with self.database.read() as session:
            return sources.messages(session, draft)

    def speakers(self, draft: DraftId) -> Mapping[str, ClinicianId]:
        """Who has written about the draft, by the channel they write in."""
        with self.database.read() as session:
            return sources.speakers(session, draft)

    def drafts_of(self, source_id: str) -> tuple[DraftHandle, ...]:
        """The drafts that a message or press speaks of."""
        with self.database.read() as session:
            return sources.drafts_of(session, source_id)

    def reread(self, source_id: str, facts: Sequence[Heard], parts: Mapping[int, DraftId]) -> None:
        """The same words, read in another light: replaces what was heard in them."""
        with self._write() as session:
            sources.reread(session, source_id, facts, parts)

    # ---- drafts ------------------------------------------------------------------------------------------------

    def drafts(
        self,
        *,
        author: ClinicianId | None = None,
        group: GroupId | None = None,
        met_on: date | None = None,
        state: DraftState | None = DraftState.OPEN,
    ) -> tuple[DraftHandle, ...]:
        """Drafts that fit all that is given, the oldest first. `author` opened it."""
        with self.database.read() as session:
            return drafts.find(session, author, group, met_on, state)

    def draft_in(self, channel: str, thread: str) -> tuple[DraftHandle, ...]:
        """Drafts that this thread speaks of, open or signed."""
        with self.database.read() as session:
            return drafts.in_thread(session, channel, thread)

    def handle(self, draft: DraftId) -> DraftHandle | None:
        """The draft of that id, or the one that it was merged into."""
        with self.database.read() as session:
            return drafts.handle(session, draft)

    def settle(self, draft: DraftId, group: GroupId, met_on: date) -> None:
        """Remembers which group session the draft stands for, so that another leader's draft can find it."""
        with self._write() as session:
            drafts.settle(session, draft, group, met_on)

    def merge(self, source: DraftId, into: DraftId, by: str) -> None:
        """Two drafts were about one group session: all that was said about `source` now counts for `into`."""
        with self._write() as session:
            drafts.merge(session, source, into, by)

    def drop(self, draft: DraftId, by: str, why_kind: str) -> None:
        """It was not a group note; or, with "cancelled", its meeting did not take place and its note is not owed."""
        with self._write() as session:
            drafts.drop(session, draft, by, why_kind)
            dropped = drafts.handle(session, draft)
            if why_kind == "cancelled" and dropped and dropped.group and dropped.met_on:
                clock.cancel(session, Cancelled(group=dropped.group, met_on=dropped.met_on), by, self._clock())

    def ask(self, draft: DraftId, questions: Sequence[Question], at: datetime) -> Asked:
        """Remembers the bundle that is put; the same bundle again is the one that stands."""
        with self._write() as session:
            return drafts.ask(session, draft, questions, at)

    def asked(self, draft: DraftId, before: datetime | None = None) -> Asked | None:
        """The last bundle put about the draft, or the last one before that instant."""
        with self.database.read() as session:
            return drafts.asked(session, draft, before)

    def asked_by_id(self, id: str) -> Asked | None:
        with self.database.read() as session:
            return drafts.asked_by_id(session, id)

    def card(self, draft: DraftId, channel: str) -> Card | None:
        with self.database.read() as session:
            return drafts.card(session, draft, channel)

    def cards(self, draft: DraftId) -> tuple[Card, ...]:
        """Everywhere the draft's card stands."""
        with self.database.read() as session:
            return drafts.cards(session, draft)

    def save_card(self, card: Card) -> None:
        with self._write() as session:
            drafts.save_card(session, card)

    # ---- what was signed ---------------------------------------------------------------------------------------

    def sign(self, note: GroupNote, lines: Sequence[ClaimLine]) -> bool:
        """Keeps a note, its lines and its signature. False, and nothing changes, if the draft or the same group
        session was signed before.
        """
        with self._write() as session:
            return notes.sign(session, note, lines)

    def cosign(self, note_id: NoteId, signature: Signature) -> bool:
        """False if it is co-signed already."""
        with self._write() as session:
            return notes.cosign(session, note_id, signature)

    def note(self, note_id: NoteId) -> GroupNote | None:
        with self.database.read() as session:
            return notes.by_id(session, note_id)

    def note_of(self, draft: DraftId) -> GroupNote | None:
        with self.database.read() as session:
            return notes.of_draft(session, draft)

    def notes(
        self, *, group: GroupId | None = None, met_on: date | None = None, since: date | None = None
    ) -> tuple[GroupNote, ...]:
        """Notes of that group, of that day, of days from `since` on; by date of service."""
        with self.database.read() as session:
            return notes.find(session, group, met_on, since)

    def lines(
        self,
        *,
        note: NoteId | None = None,
        client: ClientId | None = None,
        state: LineState | None = None,
        served_on: date | None = None,
    ) -> tuple[ClaimLine, ...]:
        """Claim lines that fit all that is given, by date of service."""
        with self.database.read() as session:
            return notes.lines(session, note, client, state, served_on)

    def save_lines(self, lines: Iterable[ClaimLine], by: str = "circlenote") -> None:
        """Keeps the new state, reasons and words of lines. Raises LineIsOut, and nothing changes, if one that has
        left the house would be held or ready again.
        """
        with self._write() as session:
            notes.save_lines(session, lines, by)

    # ---- the clock ---------------------------------------------------------------------------------------------

    def world(self, now: datetime) -> World:
        """All that may be looked at to say who is to be told what, in a fixed number of queries."""
        with self.database.read() as session:
            return clock.world(session, self._roster(session, practice.today(session, now)), now)

    def books(self, now: datetime) -> Books:
        """What the biller's day is made of."""
        with self.database.read() as session:
            return books.books(session, now)

    def cancel_meeting(self, meeting: Cancelled, by: ClinicianId) -> bool:
        """It did not take place: its note is not owed. False if that was known."""
        with self._write() as session:
            return clock.cancel(session, meeting, by, self._clock())

    def restore_meeting(self, meeting: Cancelled, by: ClinicianId) -> bool:
        """It did take place after all. False if nobody had said that it did not."""
        with self._write() as session:
            return clock.restore(session, meeting, by)

    def say_who_led(self, led: LedBy, press: str, by: ClinicianId) -> bool:
        """Somebody else led a meeting and owes its note. False if this press counted before."""
        with self._write() as session:
            return clock.say_who_led(session, led, press, by, self._clock())

    def snooze(self, snooze: Snooze, press: str) -> bool:
        """Somebody wants to hear nothing of a thing until then. False if this press counted before."""
        with self._write() as session:
            return clock.snooze(session, snooze, press)

    # ---- who did what ------------------------------------------------------------------------------------------

    def witness(self, entry: Entry) -> None:
        """Adds to the audit what no other method tells of: who read what, who was refused."""
        with self._write() as session:
            audit.write(session, entry)

    def verify_audit(self, anchor: Anchor | None = None) -> tuple[str, ...]:
        """What is wrong with the audit trail; empty when it is whole and holds the anchored entry."""
        with self.database.read() as session:
            return self._trail.verify(session, anchor)

    def audit_anchor(self) -> Anchor:
        """The end of the trail, to be kept outside the database (in a digest, in a backup's name)."""
        with self.database.read() as session:
            return self._trail.anchor(session)
