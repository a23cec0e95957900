"""The blanks that a fact can fill: the one list of slots, with the type of each value.

The reader fills them by name, findings and questions point at them, and storage takes the types from here to read
facts back.
"""

from datetime import date, time

from billing.record import record
from billing.records import Mode, Name, OneOf, Presence, Progress, Risk, ServiceKind


@record
class Slot:
    """`types`: what a value may be. `collects`: facts add up instead of the later replacing the earlier."""

    name: str
    types: tuple[type, ...]
    collects: bool = False
    means: str = ""


_SESSION = (
    Slot(name="group", types=(str, OneOf), means="which standing group it was"),
    Slot(name="met_on", types=(date,), means="the date of service"),
    Slot(name="day_confirmed", types=(bool,), means="it was that day, though the group does not usually meet on it"),
    Slot(name="starts", types=(time,), means="when it actually started, local"),
    Slot(name="ends", types=(time,), means="when it actually ended, local"),
    Slot(name="minutes", types=(int,), means="how long it lasted, if that is how it was said"),
    Slot(name="as_scheduled", types=(bool,), means="it started and ended as the group's schedule says"),
    Slot(name="held", types=(bool,), means="False: the group did not take place"),
    Slot(name="leader", types=(str,), means="who led it, a clinician's id"),
    Slot(name="co_leader", types=(str,), collects=True, means="who led it as well, a clinician's id"),
    Slot(name="service", types=(ServiceKind,), means="what kind of hour it was"),
    Slot(name="headcount", types=(int,), means="everybody in the room who was treated, whoever pays"),
    Slot(name="two_groups", types=(bool,), means="over a payer's maximum: was it really two groups"),
    Slot(name="topic", types=(str,), collects=True, means="what the session was about"),
    Slot(name="interventions", types=(str,), collects=True, means="what was done with the group"),
    Slot(name="group_words", types=(str,), collects=True, means="what was said about the group as a whole"),
    Slot(name="process_notes", types=(bool,), means="words that belong into psychotherapy notes, not here"),
    Slot(name="place", types=(str,), means="two-digit place of service, of the room or of one client"),
)
_CLIENT = (
    Slot(name="presence", types=(Presence, OneOf), means="whether the client came"),
    Slot(name="minutes_late", types=(int,), means="minutes after the start"),
    Slot(name="minutes_early", types=(int,), means="minutes before the end"),
    Slot(name="arrived", types=(time,), means="when the client came, local"),
    Slot(name="left", types=(time,), means="when the client left, local"),
    Slot(name="mode", types=(Mode,), means="in person, video or audio; of one client or of the whole session"),
    Slot(name="absence_reason", types=(str,), means="why the client was not there; never part of a note"),
    Slot(name="words", types=(str,), collects=True, means="what the client did and how they responded"),
    Slot(name="progress", types=(Progress,), means="movement toward the goal"),
    Slot(name="progress_words", types=(str,), collects=True, means="progress in the clinician's own words"),
    Slot(name="risk", types=(Risk,), collects=True, means="one risk statement"),
    Slot(name="risk_words", types=(str,), collects=True, means="the words a risk statement was heard in"),
    Slot(name="safety_action", types=(str,), collects=True, means="what was done about a risk"),
    Slot(name="goal", types=(str,), means="which goal of the plan was worked on"),
)
_NAME = (
    Slot(name="who", types=(str, OneOf, Name), means="which client a spoken name is"),
    Slot(name="instead", types=(str,), means="everything said of this client was meant for that one"),
    Slot(name="addendum", types=(str,), collects=True, means="something to be added to a signed note"),
)

SLOTS: dict[str, Slot] = {s.name: s for s in (*_SESSION, *_CLIENT, *_NAME)}
