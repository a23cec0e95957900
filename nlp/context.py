"""What the reader may know besides the message."""

from datetime import datetime

from billing.findings import Question
from billing.record import record
from billing.records import ClinicianId, Draft, Roster


@record
class Context:
    """`now`: when the message was sent, aware, in the practice's time zone. `asked`: what the bot last asked in this
    thread. `draft`: the group session that the thread is about, None for a first message.
    """

    now: datetime
    author: ClinicianId
    roster: Roster
    asked: tuple[Question, ...] = ()
    draft: Draft | None = None
