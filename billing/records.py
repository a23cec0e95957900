"""The nouns of the trade, immutable. docs/glossary.md has each in one sentence.

Dates and times are local to the practice, whose zone is named once in `Practice.timezone`; instants
(`posted_at`, `signed_at`, ...) are aware and in UTC. Money is `Decimal`, US dollars. Ids are opaque strings.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from billing import ids
from billing.office import Office
from billing.record import record

ClientId = ids.ClientId
ClinicianId = ids.ClinicianId
GroupId = ids.GroupId
PayerId = ids.PayerId
SourceId = ids.SourceId
DraftId = ids.DraftId
NoteId = ids.NoteId
LineId = ids.LineId


# ---- words that a fact may carry -------------------------------------------------------------------------------


class Presence(StrEnum):
    """Whether a client came. ABSENT is "did not come, and we do not know yet how": the clinician is asked which."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    ABSENT = "absent"

    @property
    def attended(self) -> bool:
        return self in (Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY)


class Mode(StrEnum):
    """How a client took part."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    AUDIO = "audio"

    @property
    def telehealth(self) -> bool:
        return self is not Mode.IN_PERSON


class ServiceKind(StrEnum):
    """What the hour was. Only PSYCHOTHERAPY is billed as 90853."""

    PSYCHOTHERAPY = "psychotherapy"
    CLASS = "class"
    ACTIVITY = "activity"
    PEER = "peer"
    MULTIPLE_FAMILY = "multiple_family"
    PER_DIEM = "per_diem"


class Progress(StrEnum):
    """Movement toward the client's treatment goal, as the clinician judges it."""

    PROGRESSING = "progressing"
    SAME = "about the same"
    SETBACK = "setback"
    MET = "goal met"


class RiskKind(StrEnum):
    """What kind of safety concern. AOD is alcohol and other drugs."""

    SI = "SI"
    HI = "HI"
    SH = "SH"
    AOD = "AOD"
    ABUSE = "abuse"
    PSYCHOSIS = "psychosis"


class RiskStatus(StrEnum):
    """What the client, or the clinician, said of it."""

    DENIED = "denied"
    ENDORSED = "endorsed"
    HISTORICAL = "historical"
    NONE_RAISED = "none raised"


@record
class Risk:
    """One risk statement. `kind` is None only for NONE_RAISED: the clinician says that nothing came up."""

    kind: RiskKind | None
    status: RiskStatus


class Name(StrEnum):
    """What a spoken name can turn out to be, besides one of our clients."""

    UNKNOWN = "unknown"  # described as attending or expected, on no list of the practice
    VISITOR = "visitor"  # was in the room, is nobody's client: counts as a head, has no note
    NOBODY = "nobody"  # was not in the room: an outsider who was only spoken of


@record
class OneOf:
    """A value that was heard but could mean several things. Never settled by guessing."""

    options: tuple[str, ...]


Value = str | int | bool | date | time | Presence | Mode | ServiceKind | Progress | Risk | Name | OneOf


# ---- facts -----------------------------------------------------------------------------------------------------

WHOLE = ""
"""The subject of what concerns the whole group session."""


def spoken(name: str) -> str:
    """The subject for a name that is not settled yet: what is said about it waits there until it is.

    >>> spoken("Maria  G")
    '~maria g'
    """
    return "~" + " ".join(name.casefold().split())


def is_spoken(subject: str) -> bool:
    return subject.startswith("~")


@record
class About:
    """The address of one blank: a fact fills it, a finding points at it, a question asks for it, a button answers it.

    `slot` is a name of `billing.slots.SLOTS`. `subject` is WHOLE, a client's id, or `spoken(name)`.
    """

    slot: str
    subject: str = WHOLE


@record
class Heard:
    """One fact, with the words it was heard in.

    `span` is where `quote` stands in the message ([start, end) in characters), None for a press.
    `part` tells the group sessions apart that one message speaks of: 0, 1, ...
    `retracts`: what the fact says is taken back ("Tom, not Bob").
    `why` says how the reader came to it, for people who check the reader.
    `source`, `author` and `at` are blank in the reader's hands and filled by the store.
    """

    about: About
    value: Value
    quote: str
    span: tuple[int, int] | None = None
    part: int = 0
    retracts: bool = False
    why: str = ""
    source: SourceId = SourceId("")
    author: ClinicianId = ClinicianId("")
    at: datetime | None = None


class SourceKind(StrEnum):
    MESSAGE = "message"
    PRESS = "press"


@record
class Message:
    """What a clinician posted, in whatever shell. `id` is unique for ever (Slack: channel and timestamp)."""

    id: SourceId
    channel: str
    thread: str
    author: ClinicianId
    text: str
    posted_at: datetime


# ---- who and what the practice has -----------------------------------------------------------------------------


class Role(StrEnum):
    CLINICIAN = "clinician"
    SUPERVISOR = "supervisor"
    BILLER = "biller"
    ADMIN = "admin"


@record
class Clinician:
    """Staff of the practice. Who leads groups has a credential and an NPI; a biller has neither."""

    id: ClinicianId
    name: str
    credential: str = ""
    npi: str | None = None
    taxonomy: str | None = None
    licensed: bool = True
    supervisor: ClinicianId | None = None
    roles: tuple[Role, ...] = (Role.CLINICIAN,)
    slack_user: str | None = None

    @property
    def signature(self) -> str:
        return f"{self.name}, {self.credential}" if self.credential else self.name


@record
class Client:
    """A person treated in a group."""

    id: ClientId
    first: str
    last: str
    preferred: str | None = None
    also_called: tuple[str, ...] = ()
    pronouns: str | None = None
    born_on: date | None = None
    sex: str | None = None
    address: "Address | None" = None

    @property
    def name(self) -> str:
        return f"{self.preferred or self.first} {self.last}"


@record
class Address:
    street: str
    city: str
    state: str
    zip: str


@record
class Schedule:
    """When a group usually meets. `weekdays`: 0 is Monday. Local times."""

    weekdays: tuple[int, ...]
    starts: time
    ends: time


@record
class Group:
    """A standing group. `place` is the two-digit place of service of its room; `mode` its usual way of meeting."""

    id: GroupId
    name: str
    leader: ClinicianId
    also_called: tuple[str, ...] = ()
    co_leaders: tuple[ClinicianId, ...] = ()
    schedule: Schedule | None = None
    modality: str = ""
    service: ServiceKind = ServiceKind.PSYCHOTHERAPY
    mode: Mode = Mode.IN_PERSON
    place: str = "11"


@record
class Enrolment:
    """A client's place in a group. `until` is the last day, None while it lasts."""

    group: GroupId
    client: ClientId
    since: date
    until: date | None = None


@record
class Coverage:
    """Who pays for a client, from when until when. A client without coverage pays privately or not at all."""

    client: ClientId
    payer: PayerId
    since: date
    until: date | None = None
    member_id: str | None = None


@record
class Diagnosis:
    """One ICD-10-CM code, with its dot, as the treatment plan has it. `rank` 1 is the principal one."""

    client: ClientId
    code: str
    rank: int
    since: date
    until: date | None = None


@record
class Goal:
    """A goal of the client's treatment plan."""

    client: ClientId
    text: str
    since: date
    until: date | None = None


@record
class Payer:
    id: PayerId
    name: str
    electronic_id: str | None = None


@record
class Fee:
    """What the practice charges for a code, the same for every payer."""

    code: str
    amount: Decimal
    since: date
    until: date | None = None


@record
class Practice:
    """Who bills, and whom it treats. `timezone` is an IANA name."""

    name: str
    timezone: str
    npi: str | None = None
    tax_id: str | None = None
    address: Address | None = None
    fictional: bool = False


@record
class Roster:
    """Everything a reader needs to know people and groups by: what the practice has on a given day."""

    practice: Practice
    clinicians: tuple[Clinician, ...]
    groups: tuple[Group, ...]
    clients: tuple[Client, ...]
    enrolments: tuple[Enrolment, ...]

    def enrolled(self, group: str, on: date) -> tuple[ClientId, ...]:
        """The clients enrolled in `group` on that day, in roster order."""
        return tuple(
            e.client
            for e in self.enrolments
            if e.group == group and e.since <= on and (e.until is None or on <= e.until)
        )

    def client(self, id: str) -> Client:
        return next(c for c in self.clients if c.id == id)

    def group(self, id: str) -> Group:
        return next(g for g in self.groups if g.id == id)

    def clinician(self, id: str) -> Clinician:
        return next(c for c in self.clinicians if c.id == id)


# ---- a group session: first with blanks, then without ----------------------------------------------------------


@record
class Words:
    """A stretch of the clinician's own words, and the source it stands in."""

    text: str
    source: SourceId


@record
class AttendanceDraft:
    """All that is known so far about one client at one group session. Everything but `client` may be blank."""

    client: ClientId
    enrolled: bool = True
    presence: Presence | OneOf | None = None
    minutes_late: int | None = None
    minutes_early: int | None = None
    arrived: time | None = None
    left: time | None = None
    mode: Mode | None = None
    place: str | None = None
    absence_reason: str | None = None
    words: tuple[Words, ...] = ()
    progress: Progress | None = None
    progress_words: tuple[Words, ...] = ()
    risk: tuple[Risk, ...] = ()
    risk_words: tuple[Words, ...] = ()
    safety_action: tuple[Words, ...] = ()

    @property
    def attended(self) -> bool:
        return isinstance(self.presence, Presence) and self.presence.attended


@record
class Unclear:
    """A spoken name that is not settled: `options` are the clients it fits (none: unknown).

    `said` holds what waits to be given to whoever it turns out to be.
    """

    name: str
    subject: str
    options: tuple[str, ...]
    said: tuple[Words, ...] = ()


@record
class Conflict:
    """Two leaders said different things of the same blank. It stays blank until one of them says which it was."""

    about: About
    values: tuple[Value, ...]


@record
class Draft:
    """All that is known about one group session so far. Never edited and never stored: assembled anew each turn."""

    id: DraftId
    leader: ClinicianId | None = None
    co_leaders: tuple[ClinicianId, ...] = ()
    group: GroupId | OneOf | None = None
    held: bool | None = None
    met_on: date | None = None
    day_confirmed: bool | None = None
    starts: time | None = None
    ends: time | None = None
    mode: Mode | None = None
    place: str | None = None
    service: ServiceKind | None = None
    headcount: int | None = None
    two_groups: bool | None = None
    topic: tuple[Words, ...] = ()
    interventions: tuple[Words, ...] = ()
    group_words: tuple[Words, ...] = ()
    attendance: tuple[AttendanceDraft, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    visitors: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()

    @property
    def attended(self) -> tuple[AttendanceDraft, ...]:
        return tuple(a for a in self.attendance if a.attended)


@record
class GroupSession:
    """One meeting of a group. Nothing may be blank. `ends` before `starts` means the next day."""

    group: GroupId
    leader: ClinicianId
    co_leaders: tuple[ClinicianId, ...]
    met_on: date
    starts: time
    ends: time
    mode: Mode
    place: str
    service: ServiceKind
    headcount: int

    @property
    def minutes(self) -> int:
        return minutes_between(self.starts, self.ends)


def minutes_between(starts: time, ends: time) -> int:
    """Whole minutes by the wall clock; past midnight if `ends` is not after `starts`.

    >>> minutes_between(time(23, 30), time(0, 15))
    45
    """
    minutes = (ends.hour * 60 + ends.minute) - (starts.hour * 60 + starts.minute)
    return minutes if minutes > 0 else minutes + 24 * 60


@record
class Attendance:
    """One client at one group session; `arrived` and `left` are the client's own times, if they differ."""

    client: ClientId
    presence: Presence
    arrived: time | None = None
    left: time | None = None
    mode: Mode = Mode.IN_PERSON
    place: str | None = None
    reason: str | None = None


@record
class ProgressNote:
    """One client's part of a group note. `diagnoses` and `goal` are those of the plan on the date of service.

    `words` are the clinician's own, with other clients' names replaced by "a peer"; `minutes` are the client's own.
    """

    attendance: Attendance
    minutes: int
    words: tuple[str, ...]
    progress: Progress
    progress_words: tuple[str, ...]
    risk: tuple[Risk, ...]
    risk_words: tuple[str, ...]
    safety_action: tuple[str, ...]
    diagnoses: tuple[str, ...]
    goal: str | None


@record
class Signature:
    """Who says that the note is true, and when. `digest` is of exactly what was signed."""

    clinician: ClinicianId
    name: str
    credential: str
    at: datetime
    digest: str


@record
class GroupNote:
    """The signed whole. Nothing in it may be blank, and it is never changed."""

    id: NoteId
    draft: DraftId
    session: GroupSession
    topic: tuple[str, ...]
    interventions: tuple[str, ...]
    group_words: tuple[str, ...]
    notes: tuple[ProgressNote, ...]
    absent: tuple[Attendance, ...]
    signature: Signature
    cosignature: Signature | None = None


class LineState(StrEnum):
    HELD = "held"
    READY = "ready"
    EXPORTED = "exported"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PAID = "paid"
    DENIED = "denied"
    VOIDED = "voided"
    REPLACED = "replaced"


@record
class LineDraft:
    """What a claim line for one client would say. Whatever is None, only the office can supply."""

    client: ClientId
    payer: PayerId
    served_on: date
    code: str
    units: int
    place: str | None
    modifiers: tuple[str, ...]
    diagnoses: tuple[str, ...]
    pointers: tuple[int, ...]
    minutes: int | None
    charge: Decimal | None
    member_id: str | None
    rendering: ClinicianId | None
    rendering_npi: str | None
    billing_npi: str | None
    supervising_npi: str | None = None


@record
class ClaimLine:
    """One line of one claim: one client, one group session, one code. Made from a signed note only.

    `held_by` says in one sentence each what keeps it from being released; it is empty unless the state is HELD.
    """

    id: LineId
    note: NoteId
    state: LineState
    says: LineDraft
    held_by: tuple[str, ...] = ()


# ---- what a rule may look at -----------------------------------------------------------------------------------


@record
class CodeStatus:
    """What the code set in force says of one code: a billable leaf, a header, or not in it at all.

    `likely` are leaves below a header, for buttons. `release_ends` is the last day the loaded release is known for.
    """

    code: str
    known: bool
    billable: bool
    likely: tuple[str, ...] = ()
    release_ends: date | None = None


@record
class Background:
    """Everything a rule may look at besides the draft, gathered beforehand, valid on the date of service."""

    now: datetime
    roster: Roster
    coverage: Mapping[ClientId, tuple[Coverage, ...]]
    diagnoses: Mapping[ClientId, tuple[Diagnosis, ...]]
    goals: Mapping[ClientId, tuple[Goal, ...]]
    payers: Mapping[PayerId, Payer]
    policies: "Mapping[PayerId, Policy]"
    fees: Mapping[str, Decimal]
    codes: Mapping[str, CodeStatus]
    signed: Signature | None = None
    cosigned: Signature | None = None
    others_that_day: tuple[NoteId, ...] = ()  # signed notes of the same group, day and start
    office: Office = Office()


@record
class Policy:
    """What a payer demands on a given day. None: the payer has no such rule that anybody found, or the practice has
    not set it. `confirmed_on` is when somebody at the practice said that this is what their contract says.
    """

    payer: PayerId
    since: date
    until: date | None = None
    min_size: int | None = None
    max_size: int | None = None
    min_minutes: int | None = None
    covered: bool | None = None
    telehealth: bool | None = None
    audio_only: bool | None = None
    telehealth_modifier: str | None = None
    audio_modifier: str | None = None
    telehealth_places: tuple[str, ...] = ("02", "10")
    places: tuple[str, ...] = ()
    group_modifier: str | None = None
    credential_modifiers: tuple[tuple[str, str], ...] = ()
    member_id_pattern: str | None = None
    cosign_required: bool | None = None
    supervised_billing: str | None = None  # "no" | "supervisor" | "own"
    note_due_hours: int | None = None
    filing_days: int | None = None
    corrected_claim_days: int | None = None
    max_size_alone: int | None = None  # with one leader; with two, max_size
    two_leaders_explained: bool | None = None  # the record must say why there were two
    contact_fraction: str | None = None  # "5/6": the least share of the session that a client must have been there
    frequency_caps: tuple[tuple[int, int], ...] = ()  # most sessions in so many days, the last one included
    same_day_individual: str | None = None  # "allow" | "59" | "XE" | "deny"
    requires_auth: bool | None = None
    referral_required: bool | None = None
    plan_signed_after: int | None = None  # visits, after which a physician has to sign the plan
    allowed_credentials: tuple[str, ...] = ()
    needs_taxonomy: bool | None = None
    primary_diagnoses: tuple[str, ...] = ()  # beginnings of codes outside chapter F that may stand first
    pays_last: bool | None = None
    source: str = ""
    evidence: str = ""
    confirmed_on: date | None = None
    confirmed_by: ClinicianId | None = None
