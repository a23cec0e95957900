"""What was signed: group notes, which never change, and the claim lines made from them, which move on."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from billing.records import (
    ClaimLine,
    ClientId,
    Draft,
    DraftId,
    GroupId,
    GroupNote,
    LineId,
    LineState,
    NoteId,
    Signature,
)
from storage.audit import Entry, write
from storage.handles import DraftState
from storage.rows import line_row, record_of
from storage.tables import DraftRow, LineRow, NoteRow
from storage.trouble import LineIsOut

_AT_HOME = (LineState.HELD, LineState.READY)


# ---- signing ---------------------------------------------------------------------------------------------------


def sign(session: Session, note: GroupNote, lines: Sequence[ClaimLine]) -> bool:
    """False, and nothing changes, if this draft or this group session has been signed before."""
    draft = session.get_one(DraftRow, note.draft)
    if draft.state is not DraftState.OPEN or _is_signed(session, note):
        return False
    session.add(_note_row(note))
    draft.state = DraftState.SIGNED
    draft.group, draft.met_on = note.session.group, note.session.met_on
    session.flush()
    session.add_all(line_row(line) for line in lines)
    by = note.signature.clinician
    write(session, Entry(actor=by, action="sign", object_type="note", object_id=note.id, detail=note.draft))
    for line in lines:
        write(session, Entry(actor=by, action="create", object_type="line", object_id=line.id, detail=line.state.value))
    return True


def cosign(session: Session, id: NoteId, signature: Signature) -> bool:
    """False if it is co-signed already."""
    row = session.get_one(NoteRow, id)
    if row.cosignature is not None:
        return False
    row.cosignature, row.cosigned_by = signature, signature.clinician
    write(session, Entry(actor=signature.clinician, action="cosign", object_type="note", object_id=id))
    return True


def _is_signed(session: Session, note: GroupNote) -> bool:
    at = note.session
    same_session = (NoteRow.group == at.group) & (NoteRow.met_on == at.met_on) & (NoteRow.starts == at.starts)
    same = (NoteRow.draft == note.draft) | same_session
    return session.exec(select(NoteRow.id).where(same)).first() is not None


def _note_row(note: GroupNote) -> NoteRow:
    return NoteRow(
        id=note.id,
        draft=note.draft,
        group=note.session.group,
        met_on=note.session.met_on,
        starts=note.session.starts,
        signed_by=note.signature.clinician,
        signed_at=note.signature.at,
        cosigned_by=note.cosignature.clinician if note.cosignature else None,
        says=replace(note, cosignature=None),
        cosignature=note.cosignature,
    )


# ---- notes -----------------------------------------------------------------------------------------------------


def by_id(session: Session, id: NoteId) -> GroupNote | None:
    row = session.get(NoteRow, id)
    return _note(row) if row else None


def of_draft(session: Session, draft: DraftId) -> GroupNote | None:
    row = session.exec(select(NoteRow).where(NoteRow.draft == draft)).first()
    return _note(row) if row else None


def find(session: Session, group: GroupId | None, met_on: date | None, since: date | None) -> tuple[GroupNote, ...]:
    wanted: list[Any] = []
    if group is not None:
        wanted.append(NoteRow.group == group)
    if met_on is not None:
        wanted.append(NoteRow.met_on == met_on)
    if since is not None:
        wanted.append(col(NoteRow.met_on) >= since)
    rows = session.exec(select(NoteRow).where(*wanted).order_by(col(NoteRow.met_on), col(NoteRow.starts)))
    return tuple(_note(row) for row in rows)


def same_session(session: Session, draft: Draft) -> tuple[NoteId, ...]:
    """Signed notes, not of this draft, of the same group, day and start."""
    group = draft.group if isinstance(draft.group, str) else None
    same = (NoteRow.group == group, NoteRow.met_on == draft.met_on, NoteRow.starts == draft.starts)
    rows = session.exec(select(NoteRow.id).where(*same, NoteRow.draft != draft.id).order_by(NoteRow.id))
    return tuple(NoteId(each) for each in rows)


def _note(row: NoteRow) -> GroupNote:
    return replace(row.says, cosignature=row.cosignature)


# ---- lines -----------------------------------------------------------------------------------------------------


def lines(
    session: Session,
    note: NoteId | None,
    client: ClientId | None,
    state: LineState | None,
    served_on: date | None,
) -> tuple[ClaimLine, ...]:
    given = {"note": note, "client": client, "state": state, "served_on": served_on}
    wanted = [getattr(LineRow, name) == value for name, value in given.items() if value is not None]
    rows = session.exec(select(LineRow).where(*wanted).order_by(col(LineRow.served_on), col(LineRow.id)))
    return tuple(record_of(row, ClaimLine) for row in rows)


def save_lines(session: Session, changed: Iterable[ClaimLine], by: str) -> None:
    """Keeps the new state, reasons and words of lines that exist. Raises LineIsOut if one would come back home."""
    for line in changed:
        row = session.get_one(LineRow, line.id)
        if record_of(row, ClaimLine) != line:
            _save_line(session, row, line, by)


def _save_line(session: Session, row: LineRow, line: ClaimLine, by: str) -> None:
    if row.state not in _AT_HOME and line.state in _AT_HOME:
        raise LineIsOut(f"Claim line {line.id} is {row.state.value}; void or replace it instead of holding it.")
    move = f"{row.state.value} -> {line.state.value}"
    fresh = line_row(line)
    for name in ("state", "says", "held_by", "payer", "code", "served_on"):
        setattr(row, name, getattr(fresh, name))
    session.flush()
    write(session, Entry(actor=by, action="change", object_type="line", object_id=LineId(row.id), detail=move))
