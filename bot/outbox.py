"""What a turn wants to be said. Deciding it touches nothing; a shell (Slack, the terminal) delivers it."""

from typing import Any

from billing.record import record
from billing.records import ClinicianId, DraftId
from bot.views.blocks import View


@record
class Out:
    """One message to one person. With `draft` it is that draft's card: updated in place where it already stands.

    `channel` and `thread` are where the person spoke; None means their own direct messages. `key` is the same
    whenever the same thing is said again after a crash. `anew`: if it stands there already, it is said anew in place.
    """

    to: ClinicianId
    view: View
    key: str
    channel: str | None = None
    thread: str | None = None
    draft: DraftId | None = None
    digest: str = ""
    anew: bool = False


@record
class Open:
    """A modal to be opened for the person who has just pressed a button."""

    to: ClinicianId
    modal: dict[str, Any]


Reply = Out | Open
