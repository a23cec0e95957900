"""What is owed by whom, and that what is done is not owed."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from billing.clockwork import Books, Cancelled, Leave, LedBy, Owed, Owing, World
from billing.records import (
    ClinicianId,
    DraftId,
    GroupId,
    LineState,
    NoteId,
    Role,
    Schedule,
)
from billing.worklist import last_day, owed, owed_by, owed_by_the_office, running_out, supervisors_of
from tests.billing.builders import BEA, CLINICIANS, DANA, DBT, NOA, RAVI, a_policy, a_roster
from tests.billing.clinic import MEETING, TUESDAY, a_line, a_note, a_pattern, a_world, an_unsigned, at, led_by

AFTER = at(TUESDAY, "15:15")
TWICE = (a_pattern(), a_pattern(schedule=Schedule(weekdays=(1,), starts=time(18), ends=time(19))))


def owing(world: World, now=AFTER) -> list[tuple[Owing, str]]:
    return [(o.kind, o.id) for o in owed(now, world)]


def only(world: World, now=AFTER) -> Owed:
    (thing,) = owed(now, world)
    return thing


# ---- notes -------------------------------------------------------------------------------------------------------


def test_a_note_is_owed_from_the_end_of_the_meeting_on() -> None:
    assert owing(a_world(), AFTER - timedelta(seconds=1)) == []
    assert only(a_world()) == Owed(
        kind=Owing.NOTE, id=MEETING, by=(DANA,), since=AFTER, rests_since=AFTER, group=DBT, met_on=TUESDAY
    )


def test_a_signed_note_settles_the_meeting_at_whatever_time_it_really_was() -> None:
    assert owing(a_world(notes=(a_note(),))) == []
    assert owing(a_world(notes=(a_note(starts=time(9)),))) == []


def test_a_note_of_another_day_or_group_settles_nothing() -> None:
    other_day, other_group = a_note(met_on=date(2026, 9, 14)), a_note(group=GroupId("g-grief"))

    assert owing(a_world(notes=(other_day, other_group))) == [(Owing.NOTE, MEETING)]


def test_a_note_settles_the_nearer_of_two_meetings() -> None:
    evening = at(TUESDAY, "19:00")

    assert owing(a_world(patterns=TWICE, notes=(a_note(starts=time(17, 50)),)), evening) == [(Owing.NOTE, MEETING)]
    assert owing(a_world(patterns=TWICE, notes=(a_note(), a_note(id=NoteId("n-2"), starts=time(15)))), evening) == []


def test_a_cancelled_meeting_is_owed_by_nobody() -> None:
    assert owing(a_world(cancelled=(Cancelled(group=DBT, met_on=TUESDAY),))) == []


def test_either_leader_owes_a_note_and_whoever_led_instead_owes_it_alone() -> None:
    assert only(led_by(DANA, NOA)).by == (DANA, NOA)
    assert only(led_by(DANA, NOA, led_by=(LedBy(group=DBT, met_on=TUESDAY, leader=RAVI),))).by == (RAVI,)
    assert only(led_by(DANA, NOA, leaves=(Leave(clinician=DANA, since=TUESDAY),))).by == (NOA,)


# ---- drafts ------------------------------------------------------------------------------------------------------


def test_a_draft_is_the_same_thing_as_the_note_that_was_missing() -> None:
    draft = an_unsigned(touched_at=at(TUESDAY, "15:50"))

    assert only(a_world(drafts=(draft,))) == Owed(
        kind=Owing.DRAFT,
        id=MEETING,
        by=(DANA,),
        since=AFTER,
        rests_since=at(TUESDAY, "15:50"),
        group=DBT,
        met_on=TUESDAY,
        draft=DraftId("d-1"),
        questions=2,
    )


def test_a_draft_begun_in_the_meeting_rests_from_its_end_on() -> None:
    early = an_unsigned(opened_at=at(TUESDAY, "14:30"), touched_at=at(TUESDAY, "14:30"))

    thing = only(a_world(drafts=(early,)), at(TUESDAY, "14:40"))

    assert (thing.id, thing.rests_since) == (MEETING, AFTER)


def test_a_draft_that_lacks_its_day_is_of_the_day_on_which_it_was_begun() -> None:
    assert owing(a_world(drafts=(an_unsigned(met_on=None),))) == [(Owing.DRAFT, MEETING)]


def test_a_draft_without_a_time_is_of_the_meeting_nearest_to_when_it_was_begun() -> None:
    late = an_unsigned(opened_at=at(TUESDAY, "19:05"))

    assert owing(a_world(patterns=TWICE, drafts=(late,)), at(TUESDAY, "19:10")) == [
        (Owing.NOTE, MEETING),
        (Owing.DRAFT, "g-dbt:2026-09-15:1800"),
    ]


@pytest.mark.parametrize("changes", [{"group": None}, {"met_on": date(2026, 9, 14)}])
def test_a_draft_that_fits_no_meeting_stands_for_itself(changes) -> None:
    world = a_world(drafts=(an_unsigned(**changes),))

    assert owing(world) == [(Owing.NOTE, MEETING), (Owing.DRAFT, "d-1")]


def test_a_second_draft_of_a_signed_meeting_is_still_somebodys_to_finish_or_drop() -> None:
    assert owing(a_world(notes=(a_note(),), drafts=(an_unsigned(),))) == [(Owing.DRAFT, "d-1")]


# ---- co-signatures -----------------------------------------------------------------------------------------------


def test_a_cosignature_is_owed_by_who_must_give_it_until_they_have() -> None:
    world = a_world(notes=(a_note(signed_by=NOA, cosigner=RAVI),))
    done = a_world(notes=(a_note(signed_by=NOA, cosigner=RAVI, cosigned_at=at(TUESDAY, "16:00")),))

    assert [(o.kind, o.by, o.note) for o in owed(AFTER, world)] == [(Owing.COSIGNATURE, (RAVI,), NoteId("n-1"))]
    assert owing(done) == []


def test_a_persons_list_has_what_they_can_settle() -> None:
    things = owed(AFTER, led_by(DANA, NOA, notes=(a_note(group=GroupId("g-grief"), cosigner=RAVI),)))

    assert [o.kind for o in owed_by(NOA, things)] == [Owing.NOTE]
    assert [o.kind for o in owed_by(RAVI, things)] == [Owing.COSIGNATURE]


def test_without_a_supervisor_of_ones_own_every_supervisor_but_oneself_hears_of_it() -> None:
    bosses = tuple(replace(c, roles=(Role.CLINICIAN, Role.SUPERVISOR)) if c.id != NOA else c for c in CLINICIANS[:3])
    roster = a_roster(clinicians=bosses)

    assert supervisors_of(NOA, roster) == (RAVI,)
    assert supervisors_of(DANA, roster) == (RAVI,)
    assert supervisors_of(ClinicianId("gone"), roster) == (DANA, RAVI)


# ---- the office --------------------------------------------------------------------------------------------------


def test_the_office_owes_held_lines_oldest_first() -> None:
    lines = (
        a_line("l-1", LineState.HELD, date(2026, 9, 15)),
        a_line("l-2", LineState.READY, date(2026, 9, 1)),
        a_line("l-3", LineState.HELD, date(2026, 9, 8)),
    )

    things = owed_by_the_office(TUESDAY, Books(lines=lines), a_roster())

    assert [(o.kind, o.id, o.by) for o in things] == [(Owing.LINE, "l-3", (BEA,)), (Owing.LINE, "l-1", (BEA,))]


@pytest.mark.parametrize(("today", "near"), [(66, False), (67, True), (90, True), (91, False)])
def test_a_deadline_is_near_in_the_last_quarter_and_on_the_last_day(today: int, near: bool) -> None:
    served_on = date(2026, 9, 1)
    books = Books(lines=(a_line("l-1", LineState.READY, served_on),), policies=(a_policy(filing_days=90),))

    found = running_out(served_on + timedelta(days=today), books)

    assert [(line.id, last) for line, last in found] == ([("l-1", date(2026, 11, 30))] if near else [])


def test_a_line_that_the_payer_has_runs_out_of_no_time() -> None:
    lines = tuple(a_line(f"l-{state}", state, date(2026, 9, 1)) for state in LineState)

    near = running_out(date(2026, 11, 30), Books(lines=lines, policies=(a_policy(filing_days=90),)))

    assert {line.state for line, _ in near} == {LineState.HELD, LineState.READY, LineState.REJECTED}


def test_the_time_for_filing_is_that_of_the_date_of_service() -> None:
    policies = (
        a_policy(filing_days=365, until=date(2026, 9, 30)),
        a_policy(filing_days=90, since=date(2026, 10, 1)),
    )

    assert last_day(a_line("l-1", LineState.READY, date(2026, 9, 30)), policies) == date(2027, 9, 30)
    assert last_day(a_line("l-1", LineState.READY, date(2026, 10, 1)), policies) == date(2026, 12, 30)
    assert last_day(a_line("l-1", LineState.READY, date(2026, 10, 1)), ()) is None
