"""What the tests of answers share: an invented group, the questions that the rules ask, and tables that one can read.

A table has blocks. `asked ...` says what the bot asked, each line under it `what was typed -> what was heard`, with
`left "..."` for what is not part of the answer and `nothing` where nothing may be heard.
"""

from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from billing.findings import Choice, Question
from billing.record import record
from billing.records import (
    About,
    AttendanceDraft,
    Client,
    ClientId,
    Clinician,
    ClinicianId,
    Draft,
    DraftId,
    Enrolment,
    Group,
    GroupId,
    Heard,
    Name,
    OneOf,
    Practice,
    Presence,
    Risk,
    Roster,
    Schedule,
    SourceId,
    Unclear,
    Value,
    Words,
)
from billing.rules.note import LEVELS, NONE_RAISED
from billing.rules.people import CANCELLED, NO_SHOW, PRESENT
from nlp.answers import Answered, answers
from nlp.context import Context
from nlp.people import people_of
from nlp.pipeline import Pipeline

DANA = ClinicianId("dana")
EVENING = datetime(2026, 9, 15, 15, 40, tzinfo=ZoneInfo("America/New_York"))
SCHEDULE = Schedule(weekdays=(1,), starts=time(14), ends=time(15, 15))
PIPELINE = Pipeline()


def _client(id: str, first: str, last: str, preferred: str | None = None, pronouns: str | None = None) -> Client:
    return Client(id=ClientId(id), first=first, last=last, preferred=preferred, pronouns=pronouns)


CLIENTS = (
    _client("maria-g", "Maria", "Gonzalez"),
    _client("maria-l", "Maria", "Lindqvist"),
    _client("deshawn", "Deshawn", "Carter"),
    _client("kay", "Kayleigh", "O'Brien", "Kay"),
    _client("tom", "Thomas", "Becker", "Tom"),
    _client("bob", "Robert", "Haines", "Bob"),
    _client("will", "William", "Park", "Will"),
    _client("ana", "Ana", "Ferreira"),
    _client("lee", "Lee", "Wong"),
    _client("sam", "Sam", "Ortiz"),
    _client("river", "River", "Stone", pronouns="they/them"),
    _client("michelle", "Michelle", "Dubois", "Shelly"),
)
GROUPS = (
    Group(id=GroupId("dbt"), name="DBT Skills", leader=DANA, also_called=("skills group",), schedule=SCHEDULE),
    Group(id=GroupId("process"), name="Thursday Process Group", leader=DANA, also_called=("process",)),
)
ROSTER = Roster(
    practice=Practice(name="Riverbend", timezone="America/New_York", fictional=True),
    clinicians=(Clinician(id=DANA, name="Dana Whitfield"), Clinician(id=ClinicianId("luis"), name="Luis Ortega")),
    groups=GROUPS,
    clients=CLIENTS,
    enrolments=tuple(Enrolment(group=GroupId("dbt"), client=c.id, since=date(2026, 1, 1)) for c in CLIENTS[:-1]),
)
NAMES = {c.id: c.name for c in CLIENTS}


def said_so_far(*attendance: AttendanceDraft, unclear: tuple[Unclear, ...] = ()) -> Draft:
    """The draft of today's DBT group, 2:00 to 3:15, with these clients."""
    return Draft(
        id=DraftId("today"),
        group=GroupId("dbt"),
        met_on=date(2026, 9, 15),
        starts=time(14),
        ends=time(15, 15),
        attendance=attendance,
        unclear=unclear,
    )


def at(client: str, presence: Presence | None = None, *words: str) -> AttendanceDraft:
    told = tuple(Words(text=w, source=SourceId("first")) for w in words)
    return AttendanceDraft(client=ClientId(client), presence=presence, words=told)


def answered(typed: str, asked: tuple[Question, ...], draft: Draft | None = None) -> Answered:
    context = Context(now=EVENING, author=DANA, roster=ROSTER, asked=asked, draft=draft)
    people = people_of(ROSTER, PIPELINE.known_words)
    return answers(PIPELINE.text(typed, people.names.words), context, people)


# ---- questions, as the rules ask them ---------------------------------------------------------------------------

WHOLE = {
    "times": ("starts", "What time did it actually start and end?", ()),
    "starts": ("starts", "When did it actually start?", (Choice(label="2:00", value=time(14)),)),
    "ends": ("ends", "When did it actually end?", (Choice(label="3:15", value=time(15, 15)),)),
    "group": ("group", "Which group was it?", tuple(Choice(label=g.name, value=g.id) for g in GROUPS)),
    "met_on": ("met_on", "Which day was the group?", (Choice(label="Today, Tue Sep 15", value=EVENING.date()),)),
    "headcount": (
        "headcount",
        "You said 9 in the room. I count 8. Who is missing?",
        (Choice(label="8 is right", value=8),),
    ),
    "alone": ("headcount", "Only 2 attended. Was anybody else there?", (Choice(label="No, only 2", value=2),)),
    "two_groups": (
        "two_groups",
        "14 attended; the payer allows 12. Was this really two groups?",
        (Choice(label="Two groups", value=True), Choice(label="One group", value=False)),
    ),
    "held": (
        "held",
        "Nobody seems to have come. Did the group take place?",
        (Choice(label="Yes", value=True), Choice(label="No, it was cancelled", value=False)),
    ),
    "leader": ("leader", "Who led the group?", tuple(Choice(label=c.name, value=c.id) for c in ROSTER.clinicians)),
    "topic": ("topic", "What did you work on?", ()),
}
EACH = {
    "presence": ("presence", "{name} wasn't mentioned.", (PRESENT, NO_SHOW, CANCELLED)),
    "there": ("presence", "Was {name} there?", (PRESENT, NO_SHOW, CANCELLED)),
    "absent": ("presence", "Was it a no-show, or did {name} cancel?", (NO_SHOW, CANCELLED)),
    "minutes_late": ("minutes_late", "How many minutes did {name} come late?", (Choice(label="10 min", value=10),)),
    "safety_action": ("safety_action", "What did you do about SI, for {name}?", ()),
}
TOGETHER = {
    "words": ("words", "Tell me a few words about {name}.", ()),
    "risk": ("risk", "Any safety concern for {name}?", (NONE_RAISED,)),
    "progress": ("progress", "How are they doing with their goals: {name}?", LEVELS),
}


def question(line: str) -> tuple[Question, ...]:
    """The questions of "presence deshawn, lee", "who ~maria: maria-g, maria-l" or "ends"."""
    kind, _, rest = line.partition(" ")
    if kind in WHOLE:
        slot, text, choices = WHOLE[kind]
        return (Question(rule=kind, text=text, about=(About(slot=slot),), choices=choices),)
    if kind == "who":
        return (_who(rest),)
    clients = rest.split(", ")
    if kind in TOGETHER:
        slot, text, choices = TOGETHER[kind]
        names = " and ".join(NAMES[ClientId(c)] for c in clients)
        about = tuple(About(slot=slot, subject=c) for c in clients)
        return (Question(rule=kind, text=text.format(name=names), about=about, choices=choices),)
    slot, text, choices = EACH[kind]
    return tuple(
        Question(
            rule=kind, text=text.format(name=NAMES[ClientId(c)]), about=(About(slot=slot, subject=c),), choices=choices
        )
        for c in clients
    )


def _who(rest: str) -> Question:
    spoken, _, options = rest.partition(": ")
    about = (About(slot="who", subject=spoken),)
    if not options:
        outside = (Choice(label="A visitor", value=Name.VISITOR), Choice(label="Was not there", value=Name.NOBODY))
        return Question(
            rule="who",
            text=f"{spoken[1:].title()} is on no list of the practice. Who is that?",
            about=about,
            choices=outside,
        )
    fitting = tuple(Choice(label=NAMES[ClientId(o)], value=o) for o in options.split(", "))
    return Question(
        rule="who",
        text=f"Which {spoken[1:].title()}?",
        about=about,
        choices=(*fitting, Choice(label="Somebody else", value=Name.UNKNOWN)),
    )


# ---- tables -----------------------------------------------------------------------------------------------------


@record
class Row:
    """One line of a table: what was asked, what was typed, what has to be heard, and what is left."""

    number: int
    asked: tuple[Question, ...]
    typed: str
    hears: str


def rows(path: Path) -> list[Row]:
    found: list[Row] = []
    asked: tuple[Question, ...] = ()
    before = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("asked "):
            asked = (*(asked if before.startswith("asked ") else ()), *question(line.removeprefix("asked ").strip()))
        elif " -> " in line and not line.startswith("#"):
            typed, _, hears = line.partition(" -> ")
            found.append(Row(number=number, asked=asked, typed=typed.strip(), hears=hears.strip()))
        before = line
    return found


def shown(typed: str, result: Answered) -> str:
    """What was heard, as the tables have it."""
    facts = [_shown(f) for f in result.facts]
    left = [f'left "{typed[start:end]}"' for start, end in result.rest]
    return "; ".join([*(facts or ["nothing"]), *(left if facts else [])])


def _shown(fact: Heard) -> str:
    words = ["not"] if fact.retracts else []
    words += [fact.about.slot, fact.about.subject, _value(fact.value)]
    return " ".join(w for w in words if w)


def _value(value: Value) -> str:
    if isinstance(value, Risk):
        return f"{value.kind.value} {value.status.value}" if value.kind else value.status.value
    if isinstance(value, OneOf):
        return " or ".join(value.options)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return f'"{value}"' if type(value) is str and " " in value else str(value)
