"""Who and what the practice has, and what of it was valid on a given day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from billing.record import record
from billing.records import (
    Background,
    Client,
    ClientId,
    Clinician,
    Coverage,
    Diagnosis,
    Draft,
    Enrolment,
    Fee,
    Goal,
    Group,
    Payer,
    PayerId,
    Policy,
    Practice,
    Roster,
)
from storage import codes, notes, office
from storage.audit import Entry, write
from storage.rows import record_of
from storage.tables import (
    ClientRow,
    ClinicianRow,
    CoverageRow,
    DiagnosisRow,
    EnrolmentRow,
    FeeRow,
    GoalRow,
    GroupRow,
    PayerRow,
    PolicyRow,
    PracticeRow,
    RevisionRow,
    Row,
)
from storage.trouble import StorageTrouble

OfPractice = Practice | Clinician | Client | Group | Enrolment | Coverage | Diagnosis | Goal | Payer | Fee | Policy

A = TypeVar("A", Clinician, Group, Client, Payer)
R = TypeVar("R", Coverage, Diagnosis, Goal)


@record
class _Shelf:
    """Where records of one kind are kept. `key` names what makes one the same as before; `sealed` is the part of
    the key that is encrypted, which the database cannot search for.
    """

    rows: type[Row]
    key: tuple[str, ...]
    sealed: tuple[str, ...] = ()


_SHELVES: dict[type, _Shelf] = {  # in an order in which each may refer to those before it
    Practice: _Shelf(rows=PracticeRow, key=()),
    Clinician: _Shelf(rows=ClinicianRow, key=("id",)),
    Client: _Shelf(rows=ClientRow, key=("id",)),
    Group: _Shelf(rows=GroupRow, key=("id",)),
    Payer: _Shelf(rows=PayerRow, key=("id",)),
    Enrolment: _Shelf(rows=EnrolmentRow, key=("group", "client", "since")),
    Coverage: _Shelf(rows=CoverageRow, key=("client", "payer", "since")),
    Diagnosis: _Shelf(rows=DiagnosisRow, key=("client", "since"), sealed=("code",)),
    Goal: _Shelf(rows=GoalRow, key=("client", "since"), sealed=("text",)),
    Fee: _Shelf(rows=FeeRow, key=("code", "since")),
    Policy: _Shelf(rows=PolicyRow, key=("payer", "since")),
}


# ---- putting ---------------------------------------------------------------------------------------------------


def put(session: Session, records: Iterable[OfPractice], by: str) -> None:
    """Adds what is new and changes what is known, by its natural key. What is equal already is left alone."""
    order = list(_SHELVES)
    changed = [_put(session, each, by) for each in sorted(records, key=lambda each: order.index(type(each)))]
    if any(changed):
        revision = session.get(RevisionRow, 1) or RevisionRow()
        revision.number += 1
        session.add(revision)


def _put(session: Session, record: OfPractice, by: str) -> bool:
    shelf = _SHELVES[type(record)]
    fresh = _columns(record)
    row = _known(session, shelf, fresh)
    changes = [name for name, value in fresh.items() if row is None or getattr(row, name) != value]
    if not changes:
        return False
    action = "change" if row else "create"
    row = row or shelf.rows()
    for name in changes:
        setattr(row, name, fresh[name])
    session.add(row)
    session.flush()
    kind = type(record).__name__.lower()
    write(
        session,
        Entry(actor=by, action=action, object_type=kind, object_id=_audit_id(shelf, fresh), detail=" ".join(changes)),
    )
    return True


def _columns(record: OfPractice) -> dict[str, Any]:
    if isinstance(record, Policy):
        return {"payer": record.payer, "since": record.since, "until": record.until, "says": record}
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _known(session: Session, shelf: _Shelf, fresh: Mapping[str, Any]) -> Any:
    matches = [getattr(shelf.rows, name) == fresh[name] for name in shelf.key]
    rows = session.exec(select(shelf.rows).where(*matches)).all()
    return next((row for row in rows if all(getattr(row, name) == fresh[name] for name in shelf.sealed)), None)


def _audit_id(shelf: _Shelf, fresh: Mapping[str, Any]) -> str:
    return " ".join(str(fresh[name]) for name in shelf.key) or "practice"


# ---- looking up ------------------------------------------------------------------------------------------------


def practice(session: Session) -> Practice | None:
    row = session.get(PracticeRow, 1)
    return record_of(row, Practice) if row else None


def clinician_of(session: Session, slack_user: str) -> Clinician | None:
    row = session.exec(select(ClinicianRow).where(ClinicianRow.slack_user == slack_user)).first()
    return record_of(row, Clinician) if row else None


def payers(session: Session) -> tuple[Payer, ...]:
    return _all(session, PayerRow, Payer)


def revision(session: Session) -> int:
    """Grows with each change of what a roster is made of."""
    return session.exec(select(RevisionRow.number)).first() or 0


def roster(session: Session, on: date) -> Roster:
    """Everybody the practice knows, and the enrolments valid on that day in the order they were made."""
    enrolments = select(EnrolmentRow).where(_valid(EnrolmentRow, on)).order_by(col(EnrolmentRow.number))
    return Roster(
        practice=_ours(session),
        clinicians=_all(session, ClinicianRow, Clinician),
        groups=_all(session, GroupRow, Group),
        clients=_all(session, ClientRow, Client),
        enrolments=tuple(record_of(row, Enrolment) for row in session.exec(enrolments)),
    )


def _ours(session: Session) -> Practice:
    ours = practice(session)
    if ours is None:
        raise StorageTrouble("The practice is not set up yet. Run the set-up first.")
    return ours


def _all(session: Session, rows: Any, kind: type[A]) -> tuple[A, ...]:
    return tuple(record_of(row, kind) for row in session.exec(select(rows).order_by(rows.id)))


def _valid(rows: Any, on: date) -> ColumnElement[bool]:
    open_ended: ColumnElement[bool] = or_(col(rows.until).is_(None), col(rows.until) >= on)
    return (col(rows.since) <= on) & open_ended


# ---- what a rule may look at -----------------------------------------------------------------------------------


def background(session: Session, known: Roster, draft: Draft, on: date, now: datetime) -> Background:
    """Everything valid on `on` for the clients of the draft and of its group, in a fixed number of queries."""
    clients = _concerned(known, draft, on)
    diagnoses = _by_client(session, DiagnosisRow, Diagnosis, clients, on)
    signed = notes.of_draft(session, draft.id)
    return Background(
        now=now,
        roster=known,
        coverage=_by_client(session, CoverageRow, Coverage, clients, on),
        diagnoses={client: tuple(sorted(of, key=lambda each: each.rank)) for client, of in diagnoses.items()},
        goals=_by_client(session, GoalRow, Goal, clients, on),
        payers={payer.id: payer for payer in payers(session)},
        policies=_policies(session, on),
        fees={row.code: row.amount for row in _latest(session, FeeRow, on)},
        codes=codes.statuses(session, (each.code for of in diagnoses.values() for each in of)),
        signed=signed.signature if signed else None,
        cosigned=signed.cosignature if signed else None,
        others_that_day=notes.same_session(session, draft),
        office=office.of_session(session, draft, clients, on),
    )


def day_of(session: Session, draft: Draft, now: datetime) -> date:
    """The date of service, or today while nobody has said it."""
    return draft.met_on or today(session, now)


def today(session: Session, now: datetime) -> date:
    """The day it is where the practice is."""
    return now.astimezone(ZoneInfo(_ours(session).timezone)).date()


def _concerned(known: Roster, draft: Draft, on: date) -> set[ClientId]:
    """Whom the draft may turn out to be about: named, enrolled, or possibly meant."""
    enrolled = known.enrolled(draft.group, on) if isinstance(draft.group, str) else ()
    meant = (ClientId(option) for unclear in draft.unclear for option in unclear.options)
    return {*enrolled, *meant, *(attendance.client for attendance in draft.attendance)}


def _by_client(
    session: Session, rows: Any, kind: type[R], clients: Collection[ClientId], on: date
) -> dict[ClientId, tuple[R, ...]]:
    found: dict[ClientId, list[R]] = defaultdict(list)
    query = select(rows).where(col(rows.client).in_(clients), _valid(rows, on)).order_by(rows.since, rows.number)
    for row in session.exec(query):
        found[row.client].append(record_of(row, kind))
    return {client: tuple(records) for client, records in found.items()}


def _latest(session: Session, rows: Any, on: date) -> Iterable[Any]:
    """Rows valid on that day; where two overlap, the later one comes later."""
    return session.exec(select(rows).where(_valid(rows, on)).order_by(rows.since))


def _policies(session: Session, on: date) -> dict[PayerId, Policy]:
    return {PayerId(row.payer): row.says for row in _latest(session, PolicyRow, on)}
