"""What holds whatever is said: computed from the facts alone, never with the code under test."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

from hypothesis import given, settings
from hypothesis import strategies as st

from billing.checking import check, next_questions
from billing.claims import claim_lines, line_drafts
from billing.drafting import assemble
from billing.findings import Question
from billing.notes import chart_text, finish, reopened
from billing.records import (
    About,
    ClaimLine,
    ClientId,
    ClinicianId,
    Coverage,
    Draft,
    DraftId,
    Enrolment,
    Heard,
    LineId,
    LineState,
    NoteId,
    Presence,
    SourceId,
    Value,
)
from tests.riverbend import DBT, EVENING, all_of, background, roster

CAME = {Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY}
COVERED = {c.client for c in all_of(Coverage)}


def said(slot: str, value: Value, subject: str = "", source: str = "m1") -> Heard:
    return Heard(
        about=About(slot=slot, subject=subject),
        value=value,
        quote=f"{slot} {subject}",
        span=(0, 1),
        source=SourceId(source),
        author=ClinicianId("dana"),
    )


SESSION = (
    said("group", "dbt"),
    said("met_on", date(2026, 9, 15)),
    said("starts", time(14)),
    said("ends", time(15, 15)),
    said("topic", "wise mind"),
)
presences = st.builds(
    lambda who, how: said("presence", how, who), st.sampled_from(DBT), st.sampled_from(list(Presence))
)
words = st.builds(lambda who, n: said("words", f"practised number {n}", who), st.sampled_from(DBT), st.integers(1, 99))
evenings = st.lists(st.one_of(presences, words), max_size=30)


def answers_to(question: Question, pick: int, turn: int) -> list[Heard]:
    """Somebody answers: a tap on one of the choices, or words of their own for each whom it is about."""
    if question.choices:
        chosen = question.choices[pick % len(question.choices)]
        about = chosen.fills or question.about
        return [replace(said(a.slot, chosen.value, a.subject, f"p{turn}"), span=None) for a in about]
    return [replace(said(a.slot, _typed(a), a.subject, f"a{turn}"), span=None) for a in question.about]


def _typed(about: About) -> Value:
    return {"minutes_late": 10, "minutes_early": 10, "starts": time(14), "ends": time(15)}.get(
        about.slot, f"own words about {about.subject}"
    )


def played_out(facts: Sequence[Heard], picks: Sequence[int]) -> tuple[list[Heard], Draft]:
    """Answers whatever is asked until nothing stops signing; the picks decide the taps."""
    facts = list(facts)
    for turn in range(40):
        draft = assemble(DraftId("d"), facts, roster())
        questions = next_questions(check(draft, background()), roster())
        if not questions or draft.held is False:
            return facts, draft
        for i, q in enumerate(questions):
            facts += answers_to(q, picks[(turn + i) % len(picks)], turn)
    raise AssertionError(f"the questions never end: {questions}")


def lines_of(draft: Draft) -> tuple[ClaimLine, ...]:
    note = finish(draft, background(), NoteId("n"), roster().clinician("dana"), EVENING)
    again, after = reopened(note), replace(background(), signed=note.signature)
    ids = iter(range(99))
    return claim_lines(note, line_drafts(again, after), check(again, after), lambda: LineId(str(next(ids))))


def last_said(facts: Sequence[Heard]) -> dict[str, Presence]:
    return {f.about.subject: f.value for f in facts if f.about.slot == "presence"}  # type: ignore[misc]


@given(evenings)
@settings(max_examples=60, deadline=None)
def test_saying_everything_twice_changes_nothing(facts: list[Heard]) -> None:
    once = assemble(DraftId("d"), (*SESSION, *facts), roster())

    assert assemble(DraftId("d"), (*SESSION, *facts, *SESSION, *facts), roster()) == once


@given(evenings, st.lists(st.integers(0, 5), min_size=5, max_size=5))
@settings(max_examples=60, deadline=None)
def test_answering_every_question_ends_in_a_note_or_in_a_cancelled_group(facts: list[Heard], picks: list[int]) -> None:
    _, draft = played_out((*SESSION, *facts), picks)

    assert draft.held is False or lines_of(draft) is not None


@given(evenings, st.lists(st.integers(0, 5), min_size=5, max_size=5))
@settings(max_examples=60, deadline=None)
def test_each_covered_client_last_heard_present_is_billed_once_and_nobody_else(
    facts: list[Heard], picks: list[int]
) -> None:
    everything, draft = played_out((*SESSION, *facts), picks)
    if draft.held is False:
        return
    came = {who for who, how in last_said(everything).items() if how in CAME}

    billed = [line.says.client for line in lines_of(draft)]

    assert sorted(billed) == sorted(came & COVERED)


@given(evenings, st.lists(st.integers(0, 5), min_size=5, max_size=5))
@settings(max_examples=60, deadline=None)
def test_no_ready_line_lacks_what_a_payer_needs(facts: list[Heard], picks: list[int]) -> None:
    _, draft = played_out((*SESSION, *facts), picks)
    if draft.held is False:
        return
    there = sum(a.attended for a in draft.attendance)

    for line in lines_of(draft):
        if line.state is LineState.READY:
            says = line.says
            assert all((says.member_id, says.charge, says.units == 1, says.diagnoses))
            assert there >= 2
            assert says.payer != "harbor"
            assert says.payer != "lakeshore" or (there <= 7 and (says.minutes or 0) >= 60)


@given(evenings, st.lists(st.integers(0, 5), min_size=5, max_size=5))
@settings(max_examples=40, deadline=None)
def test_nobody_is_asked_about_who_was_absent(facts: list[Heard], picks: list[int]) -> None:
    everything, draft = played_out((*SESSION, *facts), picks)
    absent = {who for who, how in last_said(everything).items() if how in (Presence.NO_SHOW, Presence.CANCELLED)}

    asked = {a.subject for q in next_questions(check(draft, background()), roster()) for a in q.about}

    assert not asked & absent


@given(st.sets(st.sampled_from(DBT), min_size=2, max_size=6))
@settings(max_examples=30, deadline=None)
def test_no_chart_names_another_client_who_was_there(came: set[str]) -> None:
    names = {c.id: (c.preferred or c.first) for c in roster().clients}
    gossip = [said("words", f"sat with {names[ClientId(other)]} and laughed", who) for who in came for other in came]
    facts = [said("presence", Presence.PRESENT if who in came else Presence.CANCELLED, who) for who in DBT]
    _, draft = played_out((*SESSION, *facts, *gossip), [0, 0, 0, 0, 0])
    note = finish(draft, background(), NoteId("n"), roster().clinician("dana"), EVENING)

    for own in note.notes:
        text = chart_text(note, own, roster()).split("\n", 1)[1]
        others = [names[ClientId(c)] for c in came if c != own.attendance.client]
        assert not [name for name in others if f" {name} " in text]


def test_everybody_enrolled_is_somebody_of_the_practice() -> None:
    assert {e.client for e in all_of(Enrolment)} <= {c.id for c in roster().clients}
