"""What a group note must say to be a true and complete one."""

from collections.abc import Iterator

from billing.findings import Asks, Case, Choice, Lack, Severity, Stops, rule
from billing.privacy import names_left, without_names
from billing.records import (
    About,
    AttendanceDraft,
    ClientId,
    Presence,
    Progress,
    Risk,
    RiskStatus,
    Words,
)
from billing.rules.looking import all_settled, heads, listed, name_of

NONE_RAISED = Choice(label="None raised", value=Risk(kind=None, status=RiskStatus.NONE_RAISED))
LEVELS = tuple(Choice(label=p.value.capitalize(), value=p) for p in Progress)
BARE = frozenset({*(p.value for p in Progress), *(p.value.replace("_", " ") for p in Presence)})
"""Words that say no more than a button would."""


@rule(severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def the_focus_is_stated(case: Case) -> Iterator[Lack]:
    """The note says what the group worked on, or what was done with it; unless nobody came.

    Source: OIG, On-Site Psychological Services (2020) (therapeutic manoeuvre not specified)
    """
    nobody_came = all_settled(case) and not heads(case)
    if not (case.draft.topic or case.draft.interventions or nobody_came):
        yield Lack(
            about=About(slot="topic"),
            says="It is not said what the group worked on",
            question="What did you work on?",
        )


@rule("G033", severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def every_client_has_words_of_their_own(case: Case) -> Iterator[Lack]:
    """Each client who attended has at least one statement of their own on how they took part.

    What was said of everybody alike is not their own, and neither is a bare level.
    Source: N.H. Admin. Rule He-M 426.08
    """
    shared = _said_of_everybody(case)
    for attendance in case.draft.attended:
        if not _told(attendance) - shared - BARE:
            yield Lack(
                about=About(slot="words", subject=attendance.client),
                says=f"Nothing is said of {name_of(case, attendance.client)} alone",
                question="Tell me a few words about {names}.",
                together=True,
            )


def _told(attendance: AttendanceDraft) -> frozenset[str]:
    """What was said of a client, told apart by its letters only."""
    plain = (" ".join(w.text.casefold().split()).strip(" .,;!") for w in attendance.words)
    return frozenset(text for text in plain if any(letter.isalpha() for letter in text))


def _said_of_everybody(case: Case) -> frozenset[str]:
    """What was said alike of each client; nothing if only one attended."""
    told = [_told(a) for a in case.draft.attended]
    return frozenset.intersection(*told) if len(told) > 1 else frozenset()


@rule("G039", severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def risk_is_answered_for_everybody(case: Case) -> Iterator[Lack]:
    """Of each client who attended it is said whether there was a safety concern.

    It is never assumed that there was none: that is a tap.
    Source: Clinical Note AI, group therapy documentation; Circlenote's own rule: safety is never assumed
    """
    for attendance in case.draft.attended:
        if not attendance.risk:
            yield Lack(
                about=About(slot="risk", subject=attendance.client),
                says=f"Nothing is said of {name_of(case, attendance.client)}'s safety",
                question="Any safety concern for {names}?",
                choices=(NONE_RAISED,),
                together=True,
            )


@rule("G039", severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def a_risk_that_was_endorsed_was_acted_on(case: Case) -> Iterator[Lack]:
    """Where a client endorsed a risk, the note says what was done about it.

    Source: Clinical Note AI, group therapy documentation; Circlenote's own rule: safety is never assumed
    """
    for attendance in case.draft.attended:
        kinds = [str(r.kind) for r in attendance.risk if r.status is RiskStatus.ENDORSED and r.kind]
        if kinds and not attendance.safety_action:
            name = name_of(case, attendance.client)
            yield Lack(
                about=About(slot="safety_action", subject=attendance.client),
                says=f"{name} endorsed {listed(kinds)}; it is not said what was done",
                question=f"What did you do about {listed(kinds)}, for {name}?",
                choices=DONE,
            )


DONE = tuple(
    Choice(label=what, value=what)
    for what in ("Made or went over a safety plan", "Gave a crisis contact", "Consulted a colleague or supervisor")
)
"""What is done most; anything else is typed."""


@rule("G035", severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def progress_is_known_for_everybody(case: Case) -> Iterator[Lack]:
    """Of each client who attended it is said how they are doing with their goal.

    Source: OIG, On-Site Psychological Services (2020); N.H. Admin. Rule He-M 426.08
    """
    for attendance in case.draft.attended:
        if attendance.progress is None:
            yield Lack(
                about=About(slot="progress", subject=attendance.client),
                says=f"Nothing is said of {name_of(case, attendance.client)}'s progress",
                question="How are they doing with their goals: {names}?",
                choices=LEVELS,
                together=True,
            )


@rule("G038", severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def nobody_else_is_named_in_a_chart(case: Case) -> Iterator[Lack]:
    """What goes into a client's chart identifies no other client, once those of the group are "a peer" there.

    Source: UC Santa Cruz Student Health, policy III.F
    """
    for attendance in case.draft.attended:
        for slot, words in _charted(attendance):
            if names := _strangers(case, words, attendance.client):
                name = name_of(case, attendance.client)
                yield _named(About(slot=slot, subject=attendance.client), names, f"what you wrote about {name}")
    whole = (("topic", case.draft.topic), ("interventions", case.draft.interventions))
    for slot, words in (*whole, ("group_words", case.draft.group_words)):
        if names := _strangers(case, words, ClientId("")):
            yield _named(About(slot=slot), names, "what goes into everybody's chart")


def _named(about: About, names: tuple[str, ...], where: str) -> Lack:
    return Lack(
        about=about,
        says=f"{listed(names)} is named in {where}",
        question=f"{listed(names)} is named in {where}. How shall I put it instead?",
    )


def _charted(attendance: AttendanceDraft) -> tuple[tuple[str, tuple[Words, ...]], ...]:
    """The words of a client that the note shows, by slot."""
    return (
        ("words", attendance.words),
        ("progress_words", attendance.progress_words),
        ("risk_words", attendance.risk_words),
        ("safety_action", attendance.safety_action),
    )


def _strangers(case: Case, words: tuple[Words, ...], own: ClientId) -> tuple[str, ...]:
    """Names that stand in the words even after those of this group were replaced, each once."""
    roster, present = case.background.roster, tuple(a.client for a in case.draft.attendance)
    texts = (without_names(w.text, own, roster, present) for w in words)
    return tuple(dict.fromkeys(name for text in texts for name in names_left(text, own, roster)))
