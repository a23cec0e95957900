"""Who did what, when, to what: an append-only chain, written in the same transaction as what it tells of.

Each entry's MAC covers the entry and the MAC before it, with a key that is not in the database. Altered, removed
and swapped entries are found; entries cut off at the end are found against an anchor kept elsewhere.
"""

import hmac
import json
from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from billing.record import record
from storage.keys import KeyRing
from storage.tables import AuditRow

_TRAIL = "audit_trail"
_LAST = "audit_last"


@record
class Entry:
    """One thing done or refused. `object_id` is never a name; `detail` holds field names and ids only."""

    actor: str
    action: str
    object_type: str
    object_id: str
    outcome: str = "done"
    detail: str = ""


@record
class Anchor:
    """The end of the chain at some time, to be kept outside the database."""

    seq: int
    mac: str


class Trail:
    """Writes and checks the chain. One for each open store; `clock` gives aware instants."""

    def __init__(self, ring: KeyRing, clock: Callable[[], datetime]) -> None:
        self._ring = ring
        self._clock = clock

    def attend(self, session: Session) -> None:
        """From here on `write` in this unit of work goes to this trail."""
        session.info[_TRAIL] = self

    def append(self, session: Session, entry: Entry) -> None:
        seq, before = session.info.get(_LAST) or _last(session)
        row = AuditRow(
            seq=seq + 1,
            at=self._clock(),
            actor=entry.actor,
            action=entry.action,
            object_type=entry.object_type,
            object_id=entry.object_id,
            outcome=entry.outcome,
            detail=entry.detail,
            key_id=self._ring.writing,
            mac=b"",
        )
        row.mac = self._mac(row, before)
        session.add(row)
        session.flush([row])
        session.info[_LAST] = (row.seq, row.mac)

    def verify(self, session: Session, anchor: Anchor | None = None) -> tuple[str, ...]:
        """What is wrong with the chain, one sentence each; empty when it is whole."""
        wrong: list[str] = []
        seq, before = 0, b""
        anchored = anchor is None
        for row in session.exec(select(AuditRow).order_by(col(AuditRow.seq)).execution_options(yield_per=500)):
            if row.seq != seq + 1:
                wrong.append(f"entries {seq + 1} to {row.seq - 1} are missing")
            elif not hmac.compare_digest(row.mac, self._mac(row, before)):
                wrong.append(f"entry {row.seq} was altered, or the one before it")
            anchored = anchored or (anchor is not None and _anchor(row) == anchor)
            seq, before = row.seq, row.mac
        if not anchored:
            wrong.append("the entry that was anchored is not there: the end of the chain was cut off")
        return tuple(wrong)

    def anchor(self, session: Session) -> Anchor:
        seq, mac = _last(session)
        return Anchor(seq=seq, mac=mac.hex()[:16])

    def _mac(self, row: AuditRow, before: bytes) -> bytes:
        fields = (row.seq, row.at.isoformat(), row.actor, row.action, row.object_type, row.object_id, row.outcome)
        said = json.dumps([*fields, row.detail, row.key_id]).encode()
        return hmac.digest(self._ring.audit(row.key_id), before + said, "sha256")


def write(session: Session, entry: Entry) -> None:
    """Appends to the trail that attends this unit of work."""
    trail: Trail = session.info[_TRAIL]
    trail.append(session, entry)


def _last(session: Session) -> tuple[int, bytes]:
    row = session.exec(select(AuditRow).order_by(col(AuditRow.seq).desc()).limit(1)).first()
    return (row.seq, row.mac) if row else (0, b"")


def _anchor(row: AuditRow) -> Anchor:
    return Anchor(seq=row.seq, mac=row.mac.hex()[:16])
