"""What the biller's day is made of: lines, how they moved, and every policy by date."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from billing.clockwork import Books, Moved
from billing.records import ClaimLine, LineId, LineState
from storage.rows import record_of
from storage.tables import AuditRow, LineRow, PolicyRow

SETTLED = (LineState.PAID, LineState.DENIED, LineState.VOIDED, LineState.REPLACED)
LOOKED_BACK = timedelta(days=60)
"""So long a line that is settled is still looked at, and so far back its moves."""
ARROW = " -> "


def books(session: Session, now: datetime) -> Books:
    """The books as they are now, in three queries."""
    since = now - LOOKED_BACK
    recent = or_(col(LineRow.state).not_in(SETTLED), col(LineRow.served_on) >= since.date())
    rows = session.exec(select(LineRow).where(recent).order_by(col(LineRow.served_on), col(LineRow.id)))
    policies = session.exec(select(PolicyRow).order_by(col(PolicyRow.payer), col(PolicyRow.since)))
    return Books(
        lines=tuple(record_of(row, ClaimLine) for row in rows),
        moves=tuple(_moves(session, since)),
        policies=tuple(row.says for row in policies),
    )


def _moves(session: Session, since: datetime) -> Iterator[Moved]:
    """Read off the audit trail, which has each change of a line's state as "held -> ready"."""
    changed = (AuditRow.object_type == "line", AuditRow.action == "change", col(AuditRow.at) >= since)
    for row in session.exec(select(AuditRow).where(*changed).order_by(col(AuditRow.seq))):
        before, arrow, after = row.detail.partition(ARROW)
        if arrow and before != after:
            yield Moved(line=LineId(row.object_id), state=LineState(after), at=row.at)
