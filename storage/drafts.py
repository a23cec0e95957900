"""Drafts in the making: handles, questions asked, cards shown. What a draft says is in its facts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from billing.findings import Question
from billing.records import ClinicianId, DraftId, GroupId
from storage.audit import Entry, write
from storage.handles import Asked, Card, DraftHandle, DraftState
from storage.ids import new_id
from storage.rows import questions_from_json, questions_to_json, record_of, row_of
from storage.tables import AskedRow, CardRow, DraftRow, LinkRow, SourceRow

_GONE = (DraftState.MERGED, DraftState.DROPPED)


def find(
    session: Session,
    author: ClinicianId | None,
    group: GroupId | None,
    met_on: date | None,
    state: DraftState | None,
) -> tuple[DraftHandle, ...]:
    given = {"opened_by": author, "group": group, "met_on": met_on, "state": state}
    wanted = [getattr(DraftRow, name) == value for name, value in given.items() if value is not None]
    return _handles(session, *wanted)


def in_thread(session: Session, channel: str, thread: str) -> tuple[DraftHandle, ...]:
    """Drafts that were opened in this thread or that something said in it speaks of, without those given up."""
    said = (
        select(LinkRow.draft)
        .join(SourceRow, col(SourceRow.id) == col(LinkRow.source))
        .where(SourceRow.channel == channel, SourceRow.thread == thread)
    )
    here = (col(DraftRow.channel) == channel) & (col(DraftRow.thread) == thread)
    return _handles(session, here | col(DraftRow.id).in_(said), col(DraftRow.state).not_in(_GONE))


def _handles(session: Session, *wanted: Any) -> tuple[DraftHandle, ...]:
    rows = session.exec(select(DraftRow).where(*wanted).order_by(col(DraftRow.opened_at), col(DraftRow.id)))
    return tuple(record_of(row, DraftHandle) for row in rows)


def handle(session: Session, id: DraftId) -> DraftHandle | None:
    """The draft of that id, or the one that it was merged into."""
    known = session.get(DraftRow, id)
    return record_of(living(session, id), DraftHandle) if known else None


def open_draft(session: Session, handle: DraftHandle) -> None:
    session.add(row_of(handle, DraftRow))
    session.flush()
    write(session, Entry(actor=handle.opened_by, action="open", object_type="draft", object_id=handle.id))


def living(session: Session, id: str) -> DraftRow:
    """The draft, or the one that it was merged into."""
    row = session.get_one(DraftRow, id)
    return living(session, row.merged_into) if row.merged_into else row


# ---- what becomes of a draft -----------------------------------------------------------------------------------


def settle(session: Session, id: DraftId, group: GroupId, met_on: date) -> None:
    row = living(session, id)
    row.group, row.met_on = group, met_on


def merge(session: Session, source: DraftId, into: DraftId, by: str) -> None:
    """Moves all that was said about `source` to `into`. A second time changes nothing."""
    gone, kept = session.get_one(DraftRow, source), living(session, into)
    if gone.id == kept.id or gone.state is DraftState.MERGED:
        return
    if gone.state is not DraftState.OPEN or kept.state is not DraftState.OPEN:
        raise ValueError("only open drafts can be merged")
    for link in session.exec(select(LinkRow).where(LinkRow.draft == gone.id)):
        link.draft = kept.id
    gone.state, gone.merged_into = DraftState.MERGED, kept.id
    write(session, Entry(actor=by, action="merge", object_type="draft", object_id=source, detail=kept.id))


def drop(session: Session, id: DraftId, by: str, why_kind: str) -> None:
    """Gives a draft up: it was not about a group. `why_kind` is a word from the code, never from a message."""
    row = living(session, id)
    if row.state is DraftState.SIGNED:
        raise ValueError("a signed draft cannot be dropped")
    if row.state is not DraftState.DROPPED:
        row.state = DraftState.DROPPED
        write(session, Entry(actor=by, action="drop", object_type="draft", object_id=row.id, detail=why_kind))


# ---- what was asked, and where it is shown ---------------------------------------------------------------------


def ask(session: Session, id: DraftId, questions: Sequence[Question], at: datetime) -> Asked:
    """Remembers a bundle; the same bundle asked again is the one that stands."""
    draft = DraftId(living(session, id).id)
    last = asked(session, draft)
    if last is not None and last.questions == tuple(questions):
        return last
    fresh = Asked(id=new_id(), draft=draft, questions=tuple(questions), at=at)
    session.add(AskedRow(id=fresh.id, draft=draft, questions=questions_to_json(fresh.questions), at=at))
    return fresh


def asked(session: Session, id: DraftId, before: datetime | None = None) -> Asked | None:
    """The last bundle put about this draft, or the last one put before that instant."""
    query = select(AskedRow).where(AskedRow.draft == id).order_by(col(AskedRow.number).desc()).limit(1)
    if before is not None:
        query = query.where(col(AskedRow.at) < before)
    return _asked(session.exec(query).first())


def asked_by_id(session: Session, id: str) -> Asked | None:
    return _asked(session.exec(select(AskedRow).where(AskedRow.id == id)).first())


def _asked(row: AskedRow | None) -> Asked | None:
    if row is None:
        return None
    return Asked(id=row.id, draft=DraftId(row.draft), questions=questions_from_json(row.questions), at=row.at)


def card(session: Session, draft: DraftId, channel: str) -> Card | None:
    row = session.get(CardRow, (draft, channel))
    return record_of(row, Card) if row else None


def save_card(session: Session, card: Card) -> None:
    session.merge(row_of(card, CardRow))


def cards(session: Session, draft: DraftId) -> tuple[Card, ...]:
    """Everywhere the draft's card stands: one place for each person who speaks of it."""
    rows = session.exec(select(CardRow).where(CardRow.draft == draft).order_by(col(CardRow.channel)))
    return tuple(record_of(row, Card) for row in rows)
