"""What was said and tapped, and the facts heard in it. Facts are never edited: a source is read again, or withdrawn."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from billing.records import ClinicianId, DraftId, Heard, Message, SourceId, SourceKind
from storage.audit import Entry, write
from storage.drafts import living, open_draft
from storage.handles import DraftHandle, Press
from storage.rows import fact_row, heard, record_of
from storage.tables import FactRow, LinkRow, SourceRow


def hear(
    session: Session,
    message: Message,
    facts: Sequence[Heard],
    parts: Mapping[int, DraftId],
    *,
    opened: Sequence[DraftHandle],
    edited_at: datetime | None,
) -> bool:
    """Adds a message, or reads an edited one again. False if there is nothing new in it."""
    if not {fact.part for fact in facts} <= parts.keys():
        raise ValueError("a part of the message that says something has no draft")
    known = _source(session, message.id)
    if known is not None and not _is_news(known, message, edited_at):
        return False
    for handle in opened:
        open_draft(session, handle)
    if known is None:
        row = _add(session, message, edited_at)
        _keep(session, row, facts, parts)
        action = "hear"
    else:
        row = known
        _reread(session, row, message, facts, edited_at or row.at)
        _link(session, row, parts)
        action = "hear_edit"
    write(session, Entry(actor=message.author, action=action, object_type="message", object_id=message.id))
    return True


def press(session: Session, press: Press, facts: Sequence[Heard], draft: DraftId) -> bool:
    """Adds a press of a button. False if it is known."""
    if _source(session, press.id) is not None:
        return False
    home = living(session, draft)
    row = SourceRow(
        id=press.id,
        kind=SourceKind.PRESS,
        author=press.author,
        channel=home.channel,
        thread=home.thread,
        text=press.label,
        at=press.at,
    )
    session.add(row)
    session.flush()
    _keep(session, row, [replace(fact, part=0) for fact in facts], {0: draft})
    write(session, Entry(actor=press.author, action="press", object_type="press", object_id=press.id, detail=home.id))
    return True


def facts(session: Session, draft: DraftId) -> tuple[Heard, ...]:
    """All facts that point to the draft and stand, in the order in which they were said."""
    query = (
        select(FactRow, SourceRow.author)
        .join(SourceRow, col(SourceRow.id) == col(FactRow.source))
        .join(LinkRow, (col(LinkRow.source) == col(FactRow.source)) & (col(LinkRow.part) == col(FactRow.part)))
        .where(LinkRow.draft == living(session, draft).id, col(SourceRow.withdrawn_at).is_(None))
        .order_by(col(FactRow.at), col(SourceRow.number), col(FactRow.seq))
    )
    return tuple(heard(row, author) for row, author in session.exec(query))


# ---- taking back -----------------------------------------------------------------------------------------------


def withdraw_last(session: Session, draft: DraftId, by: str, at: datetime, undoing: Message | Press) -> str | None:
    """Undo: withdraws what was last said or tapped about the draft, and returns its text or label.

    `undoing` is the message or press that asks for it: kept as a source that says nothing, so that it undoes once.
    """
    if _source(session, undoing.id) is not None:
        return None
    row = session.exec(
        select(SourceRow)
        .join(LinkRow, col(LinkRow.source) == col(SourceRow.id))
        .where(LinkRow.draft == living(session, draft).id, col(SourceRow.withdrawn_at).is_(None))
        .order_by(col(SourceRow.at).desc(), col(SourceRow.number).desc())
        .limit(1)
    ).first()
    _keep_undoing(session, undoing, draft, at)
    if row is None:
        return None
    _withdraw(session, row, by, at)
    return row.text


def _keep_undoing(session: Session, undoing: Message | Press, draft: DraftId, at: datetime) -> None:
    home = living(session, draft)
    if isinstance(undoing, Message):
        kind, place, words = SourceKind.MESSAGE, (undoing.channel, undoing.thread), undoing.text
    else:
        kind, place, words = SourceKind.PRESS, (home.channel, home.thread), undoing.label
    row = SourceRow(
        id=undoing.id,
        kind=kind,
        author=undoing.author,
        channel=place[0],
        thread=place[1],
        text=words,
        at=at,
        withdrawn_at=at,
    )
    session.add(row)
    session.flush()
    _link(session, row, {0: draft})


def withdraw(session: Session, id: str, by: str, at: datetime) -> bool:
    """Takes back one source, such as a message that was deleted. False if it is unknown or withdrawn already."""
    row = _source(session, id)
    if row is None or row.withdrawn_at is not None:
        return False
    _withdraw(session, row, by, at)
    return True


def _withdraw(session: Session, row: SourceRow, by: str, at: datetime) -> None:
    row.withdrawn_at = at
    write(session, Entry(actor=by, action="withdraw", object_type=row.kind.value, object_id=row.id))


# ---- what a draft was told by whom -----------------------------------------------------------------------------


def messages(session: Session, draft: DraftId) -> tuple[Message, ...]:
    """The messages that speak of the draft and stand, in the order in which they were posted."""
    rows = session.exec(_told(draft, session).where(col(SourceRow.withdrawn_at).is_(None)))
    return tuple(
        Message(
            id=SourceId(row.id),
            channel=row.channel,
            thread=row.thread,
            author=ClinicianId(row.author),
            text=row.text,
            posted_at=row.at,
        )
        for row in rows
    )


def speakers(session: Session, draft: DraftId) -> dict[str, ClinicianId]:
    """Who has written about the draft, by the channel they write in; also those whose messages were taken back."""
    return {row.channel: ClinicianId(row.author) for row in session.exec(_told(draft, session))}


def _told(draft: DraftId, session: Session) -> SelectOfScalar[SourceRow]:
    return (
        select(SourceRow)
        .join(LinkRow, col(LinkRow.source) == col(SourceRow.id))
        .where(LinkRow.draft == living(session, draft).id, SourceRow.kind == SourceKind.MESSAGE)
        .order_by(col(SourceRow.at), col(SourceRow.number))
        .distinct()
    )


def drafts_of(session: Session, id: str) -> tuple[DraftHandle, ...]:
    """The drafts that a source speaks of."""
    links = session.exec(select(LinkRow).where(LinkRow.source == id).order_by(col(LinkRow.part)))
    return tuple(record_of(living(session, link.draft), DraftHandle) for link in links)


def reread(session: Session, id: str, facts: Sequence[Heard], parts: Mapping[int, DraftId]) -> None:
    """The same words read in another light: what was heard in them before is replaced, at its old place in time."""
    row = _source(session, id)
    if row is None:
        raise ValueError("unknown source")
    session.exec(delete(FactRow).where(col(FactRow.source) == row.id))
    _keep(session, row, facts, parts)
    write(session, Entry(actor=row.author, action="reread", object_type="message", object_id=row.id))


# ---- keeping ---------------------------------------------------------------------------------------------------


def _source(session: Session, id: str) -> SourceRow | None:
    return session.exec(select(SourceRow).where(SourceRow.id == id)).first()


def _is_news(row: SourceRow, message: Message, edited_at: datetime | None) -> bool:
    """Only an edit later than all that is known of the message is news: deliveries may repeat and overtake."""
    if edited_at is None or row.text == message.text:
        return False
    seen = [instant for instant in (row.edited_at, row.withdrawn_at) if instant is not None]
    return all(instant < edited_at for instant in seen)


def _add(session: Session, message: Message, edited_at: datetime | None) -> SourceRow:
    row = SourceRow(
        id=message.id,
        kind=SourceKind.MESSAGE,
        author=message.author,
        channel=message.channel,
        thread=message.thread,
        text=message.text,
        at=message.posted_at,
        edited_at=edited_at,
    )
    session.add(row)
    session.flush()
    return row


def _keep(session: Session, row: SourceRow, facts: Iterable[Heard], parts: Mapping[int, DraftId]) -> None:
    _link(session, row, parts)
    session.add_all(fact_row(fact, row, seq) for seq, fact in enumerate(facts))


def _link(session: Session, row: SourceRow, parts: Mapping[int, DraftId]) -> None:
    session.exec(delete(LinkRow).where(col(LinkRow.source) == row.id))
    for part, draft in parts.items():
        session.add(LinkRow(source=row.id, part=part, draft=living(session, draft).id))
    session.flush()


def _reread(session: Session, row: SourceRow, message: Message, facts: Iterable[Heard], edited_at: datetime) -> None:
    """What was heard before keeps its instant, so that only what the edit changed can override a later press."""
    before = defaultdict(list)
    for old in session.exec(select(FactRow).where(FactRow.source == row.id).order_by(col(FactRow.seq))):
        before[_said(heard(old, row.author))].append(old.at)
    session.exec(delete(FactRow).where(col(FactRow.source) == row.id))
    row.text, row.edited_at, row.withdrawn_at = message.text, edited_at, None
    for seq, fact in enumerate(facts):
        kept = before[_said(fact)]
        session.add(fact_row(replace(fact, at=kept.pop(0) if kept else edited_at), row, seq))


def _said(fact: Heard) -> tuple[object, ...]:
    return fact.about, type(fact.value), fact.value, fact.retracts
