"""The tables. Row classes name their columns after the fields of the records in billing.records.

Whatever identifies a client or tells of them is `Encrypted`; ids, states, dates and counts are not. Rows print
nothing of what they hold. This module must not use `from __future__ import annotations`: SQLModel reads the types.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Column, LargeBinary, UniqueConstraint
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from billing.records import (
    Address,
    GroupNote,
    LineDraft,
    LineState,
    Mode,
    Policy,
    Role,
    Schedule,
    ServiceKind,
    Signature,
    SourceKind,
)
from storage.columns import Instant, Json, Money, one_of
from storage.crypto import Encrypted
from storage.handles import DraftState

_Names = tuple[str, ...]


def _sealed(place: str, of: Any = str, *, blank: bool = False) -> Any:
    return Field(sa_column=Column(Encrypted(place, of), nullable=blank), repr=False)


def _json(of: Any, *, blank: bool = False) -> Any:
    return Field(sa_column=Column(Json(of), nullable=blank))


def _instant(*, blank: bool = False) -> Any:
    return Field(default=None if blank else ..., sa_column=Column(Instant, nullable=blank))


class Row(SQLModel):
    """Prints nothing of what it holds, so that no log line can."""

    def __repr_args__(self) -> Sequence[tuple[str | None, Any]]:
        return ()


class VersionedRow(Row):
    """A row that two people may change at once: the one who read it before the other's change is refused."""

    version: int = Field(default=None, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 SQLAlchemy passes the class
        table = getattr(cls, "__table__", None)
        return {} if table is None else {"version_id_col": table.c.version}


# ---- the practice ----------------------------------------------------------------------------------------------


class PracticeRow(Row, table=True):
    """One row: a deployment is one practice. `revision` grows with each change of who and what the practice has."""

    __tablename__ = "practice"
    __table_args__ = (CheckConstraint("id = 1", name="one_practice"),)

    id: int = Field(default=1, primary_key=True)
    name: str
    timezone: str
    npi: str | None = None
    tax_id: str | None = None
    address: Address | None = _json(Address, blank=True)
    fictional: bool = False


class RevisionRow(Row, table=True):
    """Counts changes to what a roster is made of, so that a process knows when its copy is stale."""

    __tablename__ = "revision"

    id: int = Field(default=1, primary_key=True)
    number: int = 0


class ClinicianRow(VersionedRow, table=True):
    __tablename__ = "clinician"

    id: str = Field(primary_key=True)
    name: str = _sealed("clinician.name")
    credential: str = ""
    npi: str | None = None
    taxonomy: str | None = None
    licensed: bool = True
    supervisor: str | None = None
    roles: tuple[Role, ...] = _json(tuple[Role, ...])
    slack_user: str | None = Field(default=None, unique=True)


class ClientRow(VersionedRow, table=True):
    __tablename__ = "client"

    id: str = Field(primary_key=True)
    first: str = _sealed("client.first")
    last: str = _sealed("client.last")
    preferred: str | None = _sealed("client.preferred", blank=True)
    also_called: _Names = _sealed("client.also_called", _Names)
    pronouns: str | None = _sealed("client.pronouns", blank=True)
    born_on: date | None = _sealed("client.born_on", date, blank=True)
    sex: str | None = _sealed("client.sex", blank=True)
    address: Address | None = _sealed("client.address", Address, blank=True)


class GroupRow(VersionedRow, table=True):
    __tablename__ = "standing_group"

    id: str = Field(primary_key=True)
    name: str
    leader: str = Field(foreign_key="clinician.id")
    also_called: _Names = _json(_Names)
    co_leaders: _Names = _json(_Names)
    schedule: Schedule | None = _json(Schedule, blank=True)
    modality: str = ""
    service: ServiceKind = Field(sa_column=Column(one_of(ServiceKind, "group_service"), nullable=False))
    mode: Mode = Field(sa_column=Column(one_of(Mode, "group_mode"), nullable=False))
    place: str


class EnrolmentRow(Row, table=True):
    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("group", "client", "since", name="enrolment_once"),)

    number: int | None = Field(default=None, primary_key=True)
    group: str = Field(foreign_key="standing_group.id")
    client: str = Field(foreign_key="client.id", index=True)
    since: date
    until: date | None = None


class PayerRow(Row, table=True):
    __tablename__ = "payer"

    id: str = Field(primary_key=True)
    name: str
    electronic_id: str | None = None


class CoverageRow(Row, table=True):
    __tablename__ = "coverage"
    __table_args__ = (UniqueConstraint("client", "payer", "since", name="coverage_once"),)

    number: int | None = Field(default=None, primary_key=True)
    client: str = Field(foreign_key="client.id")
    payer: str = Field(foreign_key="payer.id")
    since: date
    until: date | None = None
    member_id: str | None = _sealed("coverage.member_id", blank=True)


class DiagnosisRow(Row, table=True):
    __tablename__ = "diagnosis"

    number: int | None = Field(default=None, primary_key=True)
    client: str = Field(foreign_key="client.id", index=True)
    code: str = _sealed("diagnosis.code")
    rank: int
    since: date
    until: date | None = None


class GoalRow(Row, table=True):
    __tablename__ = "goal"

    number: int | None = Field(default=None, primary_key=True)
    client: str = Field(foreign_key="client.id", index=True)
    text: str = _sealed("goal.text")
    since: date
    until: date | None = None


class FeeRow(Row, table=True):
    __tablename__ = "fee"
    __table_args__ = (UniqueConstraint("code", "since", name="fee_once"),)

    number: int | None = Field(default=None, primary_key=True)
    code: str
    amount: Decimal = Field(sa_column=Column(Money, nullable=False))
    since: date
    until: date | None = None


class PolicyRow(Row, table=True):
    """`says` is the whole policy; payer and dates stand beside it to be searched by."""

    __tablename__ = "policy"
    __table_args__ = (UniqueConstraint("payer", "since", name="policy_once"),)

    number: int | None = Field(default=None, primary_key=True)
    payer: str
    since: date
    until: date | None = None
    says: Policy = _json(Policy)


class CodeRow(Row, table=True):
    """One ICD-10-CM code, with its dot, of the release loaded when the database was made."""

    __tablename__ = "icd_code"

    code: str = Field(primary_key=True)
    billable: bool


# ---- the conversation ------------------------------------------------------------------------------------------


class InboxRow(Row, table=True):
    """What came in, once, whatever is delivered again: `channel` and `ts` name one gesture, `event_id` one delivery.

    `number` is the order of arrival, in which the events of one conversation are handled.
    """

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("kind", "channel", "ts", name="gesture_once"),)

    number: int | None = Field(default=None, primary_key=True)
    event_id: str = Field(unique=True)
    kind: str
    channel: str | None = None
    ts: str | None = None
    body: dict[str, Any] = _sealed("inbox.body", dict[str, Any])
    received_at: datetime = _instant()


class DraftRow(VersionedRow, table=True):
    __tablename__ = "draft"

    id: str = Field(primary_key=True)
    opened_by: str = Field(index=True)
    opened_at: datetime = _instant()
    channel: str
    thread: str
    group: str | None = Field(default=None, foreign_key="standing_group.id", index=True)
    met_on: date | None = None
    state: DraftState = Field(sa_column=Column(one_of(DraftState, "draft_state"), nullable=False, index=True))
    merged_into: str | None = Field(default=None, foreign_key="draft.id")


class SourceRow(Row, table=True):
    """A message, or the press of a button. `number` is the order in which sources were first heard."""

    __tablename__ = "source"

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    kind: SourceKind = Field(sa_column=Column(one_of(SourceKind, "source_kind"), nullable=False))
    author: str
    channel: str
    thread: str = Field(index=True)
    text: str = _sealed("source.text")
    at: datetime = _instant()
    edited_at: datetime | None = _instant(blank=True)
    withdrawn_at: datetime | None = _instant(blank=True)


class LinkRow(Row, table=True):
    """Which draft a part of a source speaks of. A merge moves links; facts stay where they were heard."""

    __tablename__ = "link"

    source: str = Field(foreign_key="source.id", primary_key=True)
    part: int = Field(primary_key=True)
    draft: str = Field(foreign_key="draft.id", index=True)


class FactRow(Row, table=True):
    __tablename__ = "fact"
    __table_args__ = (UniqueConstraint("source", "seq", name="fact_once"),)

    number: int | None = Field(default=None, primary_key=True)
    source: str = Field(foreign_key="source.id")
    part: int
    seq: int
    slot: str
    subject: str = _sealed("fact.subject")
    value: str = _sealed("fact.value")
    quote: str = _sealed("fact.quote")
    span: tuple[int, int] | None = _json(tuple[int, int], blank=True)
    retracts: bool
    why: str = _sealed("fact.why")
    at: datetime = _instant()


class AskedRow(Row, table=True):
    __tablename__ = "asked"

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    draft: str = Field(foreign_key="draft.id", index=True)
    questions: str = _sealed("asked.questions")
    at: datetime = _instant()


class CardRow(Row, table=True):
    __tablename__ = "card"

    draft: str = Field(foreign_key="draft.id", primary_key=True)
    channel: str = Field(primary_key=True)
    thread: str
    ts: str
    digest: str


# ---- what was signed -------------------------------------------------------------------------------------------


class NoteRow(VersionedRow, table=True):
    """A signed group note. `says` is never changed; the co-signature is set once."""

    __tablename__ = "note"
    __table_args__ = (UniqueConstraint("group", "met_on", "starts", name="group_session_once"),)

    id: str = Field(primary_key=True)
    draft: str = Field(foreign_key="draft.id", unique=True)
    group: str = Field(foreign_key="standing_group.id")
    met_on: date = Field(index=True)
    starts: time
    signed_by: str
    signed_at: datetime = _instant()
    cosigned_by: str | None = None
    says: GroupNote = _sealed("note.says", GroupNote)
    cosignature: Signature | None = _sealed("note.cosignature", Signature, blank=True)


class LineRow(VersionedRow, table=True):
    """A claim line. `says` and `held_by` may name a client; what is searched for stands beside them."""

    __tablename__ = "line"
    __table_args__ = (UniqueConstraint("note", "client", "code", name="service_once"),)

    id: str = Field(primary_key=True)
    note: str = Field(foreign_key="note.id")
    client: str = Field(foreign_key="client.id", index=True)
    payer: str = Field(foreign_key="payer.id")
    code: str
    served_on: date = Field(index=True)
    state: LineState = Field(sa_column=Column(one_of(LineState, "line_state"), nullable=False, index=True))
    says: LineDraft = _sealed("line.says", LineDraft)
    held_by: _Names = _sealed("line.held_by", _Names)


# ---- who did what, and whether the key fits --------------------------------------------------------------------


class AuditRow(Row, table=True):
    """Append-only: triggers refuse changes, and each `mac` covers the one before it. Ids and field names only."""

    __tablename__ = "audit"

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = _instant()
    actor: str
    action: str
    object_type: str
    object_id: str = Field(index=True)
    outcome: str
    detail: str
    key_id: str
    mac: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class CanaryRow(Row, table=True):
    """A known text, encrypted: it opens at the start, or the wrong key file was given."""

    __tablename__ = "canary"

    id: int = Field(default=1, primary_key=True)
    says: str = _sealed("canary.says")
