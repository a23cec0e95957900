"""What came in from outside, kept before it is acknowledged."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from storage.tables import InboxRow


def add(session: Session, row: InboxRow) -> bool:
    """False if this delivery, or this gesture under another delivery, was kept before."""
    same = col(InboxRow.event_id) == row.event_id
    if row.channel is not None and row.ts is not None:
        there = (col(InboxRow.channel) == row.channel) & (col(InboxRow.ts) == row.ts)
        same = same | ((col(InboxRow.kind) == row.kind) & there)
    if session.exec(select(InboxRow.event_id).where(same)).first() is not None:
        return False
    session.add(row)
    session.flush()
    return True


def body(session: Session, event_id: str) -> Mapping[str, object]:
    return session.exec(select(InboxRow).where(InboxRow.event_id == event_id)).one().body
