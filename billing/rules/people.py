"""Who was there: every name settled, every enrolled client accounted for, the heads counted."""

from collections.abc import Iterator
from datetime import date, time

from billing.findings import Asks, Case, Choice, Lack, Severity, Stops, rule
from billing.records import WHOLE, About, AttendanceDraft, Name, OneOf, Presence, Unclear, Value
from billing.rules.looking import all_settled, capital, day_name, heads, listed, name_of, told_apart
from billing.times import DAY, clock, own_minutes

PRESENT = Choice(label="Present", value=Presence.PRESENT)
NO_SHOW = Choice(label="No-show", value=Presence.NO_SHOW)
CANCELLED = Choice(label="Cancelled", value=Presence.CANCELLED)

MINUTES = (5, 10, 15, 20, 30)
"""What is offered for being late or leaving early; anything else can be typed."""

LABELS = {Presence.LATE: "Late", Presence.LEFT_EARLY: "Left early", Presence.ABSENT: "Not there"}
LABELS |= {p: c.label for c in (PRESENT, NO_SHOW, CANCELLED) for p in Presence if c.value is p}

DISPUTED = {"met_on": "the date", "starts": "the start", "ends": "the end", "presence": "attendance"}
"""How slots are called in a sentence, where their own name would not do."""


@rule(severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def every_spoken_name_is_settled(case: Case) -> Iterator[Lack]:
    """Every name that was spoken is one client, a visitor, or somebody who was not there.

    Two clients whom a name fits are asked about, however much likelier one of them is: the wrong person on a claim
    is the worst error there can be.
    Source: Circlenote's own rule: a value is never invented
    """
    for unclear in case.draft.unclear:
        yield _which(case, unclear) if unclear.options else _who(unclear)


def _which(case: Case, unclear: Unclear) -> Lack:
    clients = tuple(case.background.roster.client(option) for option in unclear.options)
    labels = told_apart(clients)
    fitting = tuple(Choice(label=label, value=c.id) for label, c in zip(labels, clients, strict=True))
    return Lack(
        about=About(slot="who", subject=unclear.subject),
        says=f"{_spelled(unclear)} could be {listed(labels, 'or')}",
        question=f"Which {_spelled(unclear)}: {listed(labels, 'or')}?",
        choices=(*fitting, Choice(label="Somebody else", value=Name.UNKNOWN)),
    )


def _who(unclear: Unclear) -> Lack:
    stranger = f"{_spelled(unclear)} is on no list of the practice"
    return Lack(
        about=About(slot="who", subject=unclear.subject),
        says=stranger,
        question=f"{stranger}. Who is that?",
        choices=(
            Choice(label="A visitor", value=Name.VISITOR),
            Choice(label="Was not there", value=Name.NOBODY),
        ),
    )


def _spelled(unclear: Unclear) -> str:
    """As it was typed, but with capitals if there were none."""
    return unclear.name.title() if unclear.name.islower() else unclear.name


@rule(severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def the_leaders_agree(case: Case) -> Iterator[Lack]:
    """Where two leaders wrote about the same group, they say the same.

    Source: Circlenote's own rule: a record that contradicts itself is not signed
    """
    for conflict in case.draft.conflicts:
        about = conflict.about
        what = DISPUTED.get(about.slot, about.slot.replace("_", " "))
        whose = what if about.subject == WHOLE else f"{_subject(case, about)}'s {what}"
        yield Lack(
            about=about,
            says=f"The leaders do not agree on {whose}",
            question=f"You and your co-leader do not agree on {whose}. What is right?",
            choices=tuple(Choice(label=_label(case, value), value=value) for value in conflict.values),
        )


def _subject(case: Case, about: About) -> str:
    """Whom an address is about: one of our clients, or a name as it was spoken."""
    known = any(c.id == about.subject for c in case.background.roster.clients)
    return name_of(case, about.subject) if known else about.subject.removeprefix("~").title()


def _label(case: Case, value: Value) -> str:
    """A value as a person would say it."""
    if isinstance(value, Presence):
        return LABELS[value]
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, time):
        return clock(value)
    if isinstance(value, date):
        return day_name(value)
    names: dict[str, str] = {g.id: g.name for g in case.background.roster.groups}
    names |= {c.id: c.name for c in case.background.roster.clinicians}
    return names.get(str(value), capital(str(value).replace("_", " ")))


@rule(severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def everybody_is_accounted_for(case: Case) -> Iterator[Lack]:
    """Of every enrolled client, and of everybody else who came up, it is known whether they came.

    Silence is never taken for presence. While nothing at all is known, everybody is asked about at once.
    Source: Regs. Conn. State Agencies 17b-262-822; Carelon Pennsylvania, provider manual, group therapy
    """
    everybody = case.draft.attendance
    if len(everybody) > 1 and all(a.presence is None and not a.words for a in everybody):
        yield from (_who_was_there(case, a) for a in everybody)
    else:
        yield from (_was_there(case, a) for a in everybody if not isinstance(a.presence, Presence))


def _who_was_there(case: Case, a: AttendanceDraft) -> Lack:
    return Lack(
        about=About(slot="presence", subject=a.client),
        says=f"It is open whether {name_of(case, a.client)} came",
        question="Who was there: {names}?",
        choices=(Choice(label="Everybody", value=Presence.PRESENT),),
        together=True,
    )


def _was_there(case: Case, a: AttendanceDraft) -> Lack:
    name = name_of(case, a.client)
    question = f"Was {name} there?" if a.words or not a.enrolled else f"{name} wasn't mentioned."
    choices: tuple[Choice, ...] = (PRESENT, NO_SHOW, CANCELLED)
    if isinstance(a.presence, OneOf):
        choices = tuple(_as_choice(option) for option in a.presence.options)
        question = f"How was it with {name}: {listed([c.label.lower() for c in choices], 'or')}?"
    return Lack(
        about=About(slot="presence", subject=a.client),
        says=f"It is open whether {name} came",
        question=question,
        choices=choices,
    )


def _as_choice(option: str) -> Choice:
    presence = Presence(option)
    return Choice(label=LABELS[presence], value=presence)


@rule(severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def every_absence_is_a_no_show_or_a_cancellation(case: Case) -> Iterator[Lack]:
    """Of each client who did not come it is known whether they had cancelled.

    Source: Circlenote's own rule: a no-show and a cancellation are two things in a chart
    """
    for attendance in case.draft.attendance:
        if attendance.presence is Presence.ABSENT:
            name = name_of(case, attendance.client)
            yield Lack(
                about=About(slot="presence", subject=attendance.client),
                says=f"{name} was absent; it is open whether as a no-show",
                question=f"Was it a no-show, or did {name} cancel?",
                choices=(NO_SHOW, CANCELLED),
            )


@rule(severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def the_own_times_of_late_and_early_are_known(case: Case) -> Iterator[Lack]:
    """Of who came late or left early it is known when, and it lies within the session.

    Source: Wis. Admin. Code DHS 107.13(2) (contact with the client)
    """
    for attendance in case.draft.attended:
        minutes = own_minutes(attendance, case.draft.starts, case.draft.ends)
        if not _own_times_known(attendance):
            yield _own_time(case, attendance)
        elif minutes is not None and minutes > DAY // 2:
            name = name_of(case, attendance.client)
            slot = "left" if attendance.presence is Presence.LEFT_EARLY else "arrived"
            question = f"When did {name} come and leave? What I have is outside the time of the group."
            yield Lack(
                about=About(slot=slot, subject=attendance.client), says=f"{name} came after leaving", question=question
            )


def _own_times_known(attendance: AttendanceDraft) -> bool:
    """Who came late has an arrival, who left early a leaving."""
    if attendance.presence is Presence.LATE:
        return attendance.arrived is not None or attendance.minutes_late is not None
    if attendance.presence is Presence.LEFT_EARLY:
        return attendance.left is not None or attendance.minutes_early is not None
    return True


def _own_time(case: Case, attendance: AttendanceDraft) -> Lack:
    late = attendance.presence is Presence.LATE
    name, did = name_of(case, attendance.client), "come late" if late else "leave early"
    return Lack(
        about=About(slot="minutes_late" if late else "minutes_early", subject=attendance.client),
        says=f"It is not known by how much {name} {'came late' if late else 'left early'}",
        question=f"How many minutes did {name} {did}?",
        choices=tuple(Choice(label=f"{minutes} min", value=minutes) for minutes in MINUTES),
    )


@rule("G005", severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def the_headcount_is_who_attended(case: Case) -> Iterator[Lack]:
    """The number in the room, if it was said, is the number of those who attended, visitors included.

    It is compared once everybody is settled: until then the difference is what is being asked already.
    Source: Regs. Conn. State Agencies 17b-262-822; Carelon Pennsylvania, group therapy; NGS LCD L33632
    """
    said, counted = case.draft.headcount, heads(case)
    if said is None or said == counted or not all_settled(case):
        return
    names = [*(name_of(case, a.client) for a in case.draft.attended), *case.draft.visitors]
    yield Lack(
        about=About(slot="headcount"),
        says=f"{said} were said to be in the room, {counted} are known",
        question=f"You said {said} in the room. I count {counted}: {listed(names)}. Who is missing, or not right?",
        choices=(Choice(label=f"{counted} is right", value=counted),),
    )
