"""What the clock goes by: when groups meet, who is away, what is written and signed, what was already said to whom.

Days and times of day are local to the practice; a person's quiet hours are local to that person. Instants are aware
and in UTC. Nothing here names a client or holds a word of a message.
"""

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from billing.record import record
from billing.records import (
    ClaimLine,
    ClinicianId,
    DraftId,
    GroupId,
    LineId,
    LineState,
    NoteId,
    Policy,
    Roster,
    Schedule,
)

# ---- when groups meet ------------------------------------------------------------------------------------------


@record
class Pattern:
    """A stretch of time in which a group meets by one schedule. A group may have several, one after or beside another.

    `since` and `until` are its first and last day (None while it lasts). `every_other_week_from` is any day of a week
    in which it meets, for a group that meets in every second week only. `leaders` are those who lead these meetings,
    if they are not the group's own.
    """

    group: GroupId
    schedule: Schedule
    since: date
    until: date | None = None
    every_other_week_from: date | None = None
    leaders: tuple[ClinicianId, ...] = ()


@record
class Holiday:
    """A day on which the practice is closed: no group is expected and nobody is told anything in the morning."""

    on: date
    name: str = ""


@record
class Leave:
    """Whole days on which a clinician does not work. `until` is the last of them, None while it is not known."""

    clinician: ClinicianId
    since: date
    until: date | None = None


@record
class Cancelled:
    """A meeting that did not take place: said with a button, or by a draft whose `held` is False.

    Without `starts`, every meeting of the group on that day.
    """

    group: GroupId
    met_on: date
    starts: time | None = None


@record
class LedBy:
    """Somebody else led a meeting, and owes its note. Without `starts`, every meeting of the group on that day.

    Of several that say the same, the last one counts.
    """

    group: GroupId
    met_on: date
    leader: ClinicianId
    starts: time | None = None


@record
class Expected:
    """One meeting that a group's schedule lets expect. `starts` and `ends` are scheduled, not actual.

    Any of `leaders` can write its note; who was on leave that day is not among them, and there is at least one.
    """

    group: GroupId
    met_on: date
    starts: time
    ends: time
    starts_at: datetime
    ends_at: datetime
    leaders: tuple[ClinicianId, ...]

    @property
    def id(self) -> str:
        """The same for ever, and of no meaning to a stranger."""
        return f"{self.group}:{self.met_on}:{self.starts:%H%M}"


# ---- what is written, and what is said about it ------------------------------------------------------------------


@record
class Unsigned:
    """An open draft. `by` are all who spoke of it: any of them can finish it. `questions` left: 0 is ready to sign.

    `group`, `met_on` and `starts` are blank while they are. `touched_at` is when anything was last said or pressed.
    """

    id: DraftId
    by: tuple[ClinicianId, ...]
    opened_at: datetime
    touched_at: datetime
    questions: int
    group: GroupId | None = None
    met_on: date | None = None
    starts: time | None = None


@record
class SignedNote:
    """A signed note. `cosigner` is whoever must co-sign, None if nobody must. `starts` is the actual time."""

    id: NoteId
    group: GroupId
    met_on: date
    starts: time
    signed_by: ClinicianId
    signed_at: datetime
    cosigner: ClinicianId | None = None
    cosigned_at: datetime | None = None
    attended: int = 0
    absent: int = 0


class Owing(StrEnum):
    """What is owed."""

    NOTE = "note"  # the group met, and nobody has begun to write
    DRAFT = "draft"  # begun: questions are left, or only the signature is
    COSIGNATURE = "cosignature"
    LINE = "line"  # a claim line is held
    FILING = "filing"  # the time for filing a line is running out


@record
class Owed:
    """One thing that somebody owes. Any of `by` can settle it ("either of you").

    `id` is the meeting's as long as there is one, so that a note that was missing and is now begun stays one thing;
    else it is that of the draft, note or line. `since` is when it came to be owed, `rests_since` when anybody last
    did something about it. `last_day` is the last day on which it helps, where there is one.
    """

    kind: Owing
    id: str
    by: tuple[ClinicianId, ...]
    since: datetime
    rests_since: datetime
    group: GroupId | None = None
    met_on: date | None = None
    draft: DraftId | None = None
    note: NoteId | None = None
    questions: int = 0
    last_day: date | None = None


@record
class Snooze:
    """Somebody's "remind me in…": they hear nothing of this thing until then. Of several, the last one counts."""

    by: ClinicianId
    about: str
    until: datetime


class Kind(StrEnum):
    """Which message. A person has at most one of each kind on one day."""

    NOTES = "notes"  # to clinicians: the notes that they owe
    COSIGN = "cosign"  # to supervisors: what waits for their co-signature
    OVERDUE = "overdue"  # to supervisors: notes that others owe, by age
    DIGEST = "digest"  # to billers: the day
    WEEK = "week"  # to supervisors: the week


@record
class Mention:
    """One thing in a reminder. `told_at` is when this person was last notified of it."""

    of: Owed
    told_at: datetime


@record
class Reminder:
    """A message as it is to stand. The first edition of a key is posted, a later one takes its place.

    `business_date` is the practice's day, `edition` counts from 1 under one key. Nothing in `about`: all that was
    owed is done. `late`: it should have gone out well before.
    """

    kind: Kind
    to: ClinicianId
    business_date: date
    at: datetime
    edition: int = 1
    about: tuple[Mention, ...] = ()
    late: bool = False

    @property
    def key(self) -> str:
        """Names the message, whatever its edition."""
        return f"{self.kind}:{self.to}:{self.business_date}"

    @property
    def new(self) -> tuple[Owed, ...]:
        """What this person is now notified of, for the first time or once again."""
        return tuple(m.of for m in self.about if m.told_at == self.at)

    @property
    def rings(self) -> bool:
        """Whether the person must notice. If not, the message that stands is only made true again, in place."""
        return self.kind in (Kind.DIGEST, Kind.WEEK) or bool(self.new)


# ---- how the practice wants it ---------------------------------------------------------------------------------


@record
class Reminding:
    """When people are to be told something, by their own clock.

    Clinicians: `minutes_after` the end of the group, and again on so many working `mornings`. Supervisors: on the
    mornings on which a note, or a note to be co-signed, is one of `supervisor_ages` working days old. A morning begins
    when the quiet hours end. `digest_at` is local to the practice. Days are numbered from 0, Monday.
    """

    minutes_after: int = 30
    mornings: int = 1
    supervisor_ages: tuple[int, ...] = (1, 2)
    quiet_from: time = time(21, 30)
    quiet_until: time = time(7, 30)
    working_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    digest_at: time = time(8)
    week_on: int = 0
    late_after_minutes: int = 60


@record
class Whereabouts:
    """A person who does not live by the practice's clock. `timezone` is an IANA name."""

    clinician: ClinicianId
    timezone: str


@record
class OfficeHours:
    """When the practice works and how it wants to be told, as its file says: the whole of it, each time."""

    reminding: Reminding = Reminding()
    patterns: tuple[Pattern, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    leaves: tuple[Leave, ...] = ()
    whereabouts: tuple[Whereabouts, ...] = ()


@record
class World:
    """All that may be looked at to say what is owed and who is to be told.

    `since` is the first day whose meetings count; notes and drafts must reach back as far. `sent` needs no more than
    the last reminder of each kind and person: it carries along what was said before.
    """

    roster: Roster
    since: date
    reminding: Reminding = Reminding()
    patterns: tuple[Pattern, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    leaves: tuple[Leave, ...] = ()
    cancelled: tuple[Cancelled, ...] = ()
    led_by: tuple[LedBy, ...] = ()
    whereabouts: tuple[Whereabouts, ...] = ()
    drafts: tuple[Unsigned, ...] = ()
    notes: tuple[SignedNote, ...] = ()
    snoozes: tuple[Snooze, ...] = ()
    sent: tuple[Reminder, ...] = ()


@record
class Moved:
    """A claim line came into a state. `amount` is what the payer paid, where it is a payment and they said so."""

    line: LineId
    state: LineState
    at: datetime
    amount: Decimal | None = None


@record
class Books:
    """What the biller's day is made of: all lines that are not long settled, their moves, and all policies by date."""

    lines: tuple[ClaimLine, ...]
    moves: tuple[Moved, ...] = ()
    policies: tuple[Policy, ...] = ()
