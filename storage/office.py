"""What the office keeps besides who pays, and what earlier notes and lines say of the clients of a group session."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter
from sqlalchemy import or_
from sqlmodel import Session, col, delete, select

from billing.claims import GROUP_PSYCHOTHERAPY
from billing.office import (
    Acknowledgement,
    Authorisation,
    Consent,
    ControlNumbers,
    Correction,
    Credentialing,
    Eligibility,
    LastNote,
    Licence,
    Office,
    OtherCoverage,
    Pair,
    Plan,
    Referral,
    Register,
    Service,
    SubstanceUseGroup,
    Visits,
)
from billing.records import ClientId, Draft, DraftId, LineState, PayerId
from storage.audit import Entry, write
from storage.office_tables import OfficeRow
from storage.tables import LineRow, NoteRow

Kept = (
    Licence
    | Credentialing
    | Eligibility
    | OtherCoverage
    | Authorisation
    | Consent
    | Plan
    | SubstanceUseGroup
    | Referral
    | Service
    | Pair
    | Correction
    | ControlNumbers
    | Acknowledgement
)
K = TypeVar("K", bound=Kept)

_KINDS: dict[str, type] = {kind.__name__: kind for kind in get_args(Kept)}
_REGISTERS = {
    Licence: Register.LICENCES,
    Credentialing: Register.CREDENTIALING,
    Eligibility: Register.ELIGIBILITY,
    OtherCoverage: Register.OTHER_COVERAGE,
    Consent: Register.CONSENTS,
    Plan: Register.PLANS,
}
_GONE = (LineState.VOIDED, LineState.REPLACED, LineState.DENIED)
"""Lines in these states are billed for nothing."""


def put(session: Session, records: Iterable[Kept], by: str, draft: DraftId | None, served_on: date | None) -> None:
    """Adds what is not there yet. `draft` or `served_on` say which group session or day it is about, if only one."""
    for record in records:
        row = OfficeRow(
            kind=type(record).__name__,
            client=getattr(record, "client", None),
            draft=draft,
            served_on=served_on,
            says=TypeAdapter(type(record)).dump_python(record, mode="json"),
        )
        alike = select(OfficeRow).where(
            OfficeRow.kind == row.kind,
            OfficeRow.client == row.client,
            OfficeRow.draft == row.draft,
            OfficeRow.served_on == row.served_on,
        )
        if any(known.says == row.says for known in session.exec(alike)):
            continue
        session.add(row)
        session.flush()
        kind = row.kind.lower()
        write(session, Entry(actor=by, action="create", object_type=kind, object_id=str(row.number)))


def replace_pairs(session: Session, pairs: Iterable[Pair], by: str) -> None:
    """This quarter's table instead of the last one."""
    session.exec(delete(OfficeRow).where(col(OfficeRow.kind) == Pair.__name__))
    put(session, pairs, by, None, None)


def of_session(session: Session, draft: Draft, clients: Collection[ClientId], on: date) -> Office:
    """Everything that concerns this group session, in a fixed number of queries."""
    kept = _kept(session, draft, clients, on)
    billed = _billed(session, draft, clients)
    return Office(
        keeps=_registers(session),
        licences=_of(Licence, kept),
        credentialing=_of(Credentialing, kept),
        eligibility=_of(Eligibility, kept),
        other_coverage=_of(OtherCoverage, kept),
        authorisations=_of(Authorisation, kept),
        consents=_of(Consent, kept),
        plans=_of(Plan, kept),
        referrals=_of(Referral, kept),
        services=(*_of(Service, kept), *_groups_that_day(billed, on)),
        pairs=_of(Pair, kept),
        corrections=_of(Correction, kept),
        numbers=_of(ControlNumbers, kept),
        visits=_visits(billed),
        last_notes=_last_notes(session, draft, on),
        substance_use_groups=_of(SubstanceUseGroup, kept),
        acknowledged=_of(Acknowledgement, kept),
    )


# ---- what was entered ------------------------------------------------------------------------------------------


def _kept(session: Session, draft: Draft, clients: Collection[ClientId], on: date) -> tuple[Any, ...]:
    query = (
        select(OfficeRow)
        .where(
            or_(col(OfficeRow.client).is_(None), col(OfficeRow.client).in_(clients)),
            or_(col(OfficeRow.draft).is_(None), col(OfficeRow.draft) == draft.id),
            or_(col(OfficeRow.served_on).is_(None), col(OfficeRow.served_on) == on),
        )
        .order_by(col(OfficeRow.number))
    )
    return tuple(TypeAdapter(_KINDS[row.kind]).validate_python(row.says) for row in session.exec(query))


def _of(kind: type[K], kept: Iterable[Any]) -> tuple[K, ...]:
    return tuple(record for record in kept if isinstance(record, kind))


def _registers(session: Session) -> tuple[Register, ...]:
    """A list is kept if there is anything in it, of whomever."""
    there = set(session.exec(select(OfficeRow.kind).distinct()))
    return tuple(register for kind, register in _REGISTERS.items() if kind.__name__ in there)


# ---- what follows from notes and lines -------------------------------------------------------------------------


def _billed(session: Session, draft: Draft, clients: Collection[ClientId]) -> tuple[tuple[str, str, date], ...]:
    """Client, payer and day of their group lines from other notes, unless they are billed for nothing."""
    query = (
        select(col(LineRow.client), col(LineRow.payer), col(LineRow.served_on))
        .join(NoteRow, col(NoteRow.id) == col(LineRow.note))
        .where(
            col(LineRow.client).in_(clients),
            LineRow.code == GROUP_PSYCHOTHERAPY,
            col(LineRow.state).not_in(_GONE),
            NoteRow.draft != draft.id,
        )
        .order_by(col(LineRow.served_on), col(LineRow.id))
    )
    return tuple(session.exec(query))


def _groups_that_day(billed: Iterable[tuple[str, str, date]], on: date) -> tuple[Service, ...]:
    there = (client for client, _, day in billed if day == on)
    return tuple(Service(client=ClientId(client), code=GROUP_PSYCHOTHERAPY, documented=True) for client in there)


def _visits(billed: Iterable[tuple[str, str, date]]) -> tuple[Visits, ...]:
    days: dict[tuple[str, str], list[date]] = defaultdict(list)
    for client, payer, day in billed:
        days[client, payer].append(day)
    return tuple(
        Visits(client=ClientId(client), payer=PayerId(payer), days=tuple(of)) for (client, payer), of in days.items()
    )


def _last_notes(session: Session, draft: Draft, on: date) -> tuple[LastNote, ...]:
    """Everybody's part of the note of this group's meeting before."""
    group = draft.group if isinstance(draft.group, str) else None
    query = (
        select(NoteRow)
        .where(NoteRow.group == group, col(NoteRow.met_on) < on)
        .order_by(col(NoteRow.met_on).desc(), col(NoteRow.starts).desc())
        .limit(1)
    )
    return tuple(
        LastNote(client=note.attendance.client, met_on=last.met_on, words=note.words)
        for last in session.exec(query)
        for note in last.says.notes
    )
