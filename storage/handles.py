"""What storage knows about drafts, presses, questions and cards, besides the facts.

A `Draft` itself is assembled from facts on every turn and never stored; its handle is.
"""

from datetime import date, datetime
from enum import StrEnum

from billing.findings import Question
from billing.record import record
from billing.records import ClinicianId, DraftId, GroupId, SourceId


class DraftState(StrEnum):
    """OPEN until it is signed, merged into another draft of the same group session, or found not to be a note."""

    OPEN = "open"
    SIGNED = "signed"
    MERGED = "merged"
    DROPPED = "dropped"


@record
class DraftHandle:
    """Where a draft was opened and, once it is known, which group session it stands for."""

    id: DraftId
    opened_by: ClinicianId
    opened_at: datetime
    channel: str
    thread: str
    group: GroupId | None = None
    met_on: date | None = None
    state: DraftState = DraftState.OPEN


@record
class Press:
    """A clinician's tap on a button, or a modal sent. `id` is unique for ever; `label` is what the button said."""

    id: SourceId
    author: ClinicianId
    at: datetime
    label: str


@record
class Asked:
    """One bundle of questions as it was put. An answer is read under the bundle that it answers."""

    id: str
    draft: DraftId
    questions: tuple[Question, ...]
    at: datetime


@record
class Card:
    """Where a draft's card stands in a channel, and the digest of the draft that it shows."""

    draft: DraftId
    channel: str
    thread: str
    ts: str
    digest: str
