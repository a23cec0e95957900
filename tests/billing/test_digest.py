"""The biller's day and the supervisor's week: right sums, and nobody's name."""

from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from billing.checking import check
from billing.claims import line_drafts, settled
from billing.clockwork import Books, Cancelled, Moved, World
from billing.digest import BillersDay, Deadline, Reason, Total, billers_day, nameless
from billing.records import (
    ClaimLine,
    ClientId,
    Coverage,
    Group,
    GroupId,
    LineId,
    LineState,
    NoteId,
    Schedule,
)
from billing.week import SupervisorsWeek, Timeliness, supervisors_week
from tests.billing.builders import (
    CLIENTS,
    CLINICIANS,
    DANA,
    DBT,
    KAY,
    LAKELAND,
    MARIA,
    NOA,
    PRIYA,
    RAVI,
    TOM,
    WILL,
    a_background,
    a_draft,
    a_policy,
    a_roster,
)
from tests.billing.clinic import TUESDAY, a_line, a_note, a_pattern, a_world, an_unsigned, at, led_by

WEDNESDAY = date(2026, 9, 16)
SIXTY = Decimal(60)


def of_client(client: ClientId, *held_by: str, id: str = "l-1", served_on: date = TUESDAY) -> ClaimLine:
    line = a_line(id, LineState.HELD, served_on, held_by=held_by)
    return replace(line, says=replace(line.says, client=client))


def day(*lines: ClaimLine, moves: tuple[Moved, ...] = (), on: date = WEDNESDAY, **changes) -> BillersDay:
    return billers_day(on, Books(lines=lines, moves=moves, policies=(a_policy(filing_days=90),)), a_world(**changes))


# ---- counts and money --------------------------------------------------------------------------------------------


def test_ready_and_held_are_counted_with_their_dollars() -> None:
    unpriced = a_line("l-4", LineState.READY, TUESDAY)
    digest = day(
        a_line("l-1", LineState.READY, TUESDAY),
        a_line("l-2", LineState.READY, TUESDAY),
        a_line("l-3", LineState.HELD, TUESDAY),
        replace(unpriced, says=replace(unpriced.says, charge=None)),
    )

    assert digest.ready == Total(count=3, dollars=Decimal(120), unpriced=1)
    assert digest.held == Total(count=1, dollars=SIXTY)


def test_what_moved_since_the_last_digest_is_told_and_nothing_else() -> None:
    states = (LineState.EXPORTED, LineState.REJECTED, LineState.PAID, LineState.DENIED)
    lines = tuple(a_line(f"l-{state}", state, TUESDAY) for state in states)
    hours = (at(TUESDAY, "08:00"), at(TUESDAY, "08:01"), at(WEDNESDAY, "08:00"), at(WEDNESDAY, "08:01"))
    told = [
        day(*lines, moves=tuple(Moved(line=line.id, state=line.state, at=hour) for line in lines)) for hour in hours
    ]

    counts = [(d.exported.count, d.rejected.count, d.paid.count, d.denied.count) for d in told]
    assert counts == [(0, 0, 0, 0), (1, 1, 1, 1), (1, 1, 1, 1), (0, 0, 0, 0)]


def test_a_mondays_digest_goes_back_to_fridays_and_over_a_holiday() -> None:
    digest = day(on=date(2026, 9, 21))

    assert (digest.since, digest.until) == (at(date(2026, 9, 18), "08:00"), at(date(2026, 9, 21), "08:00"))


def test_digests_join_without_a_gap_over_the_end_of_daylight_time() -> None:
    days = [date(2026, 10, 29) + timedelta(days=n) for n in range(7)]
    digests = [day(on=each) for each in days if each.weekday() < 5]

    assert [d.since for d in digests[1:]] == [d.until for d in digests[:-1]]
    assert digests[2].until - digests[2].since == timedelta(days=3, hours=1)


def test_a_payment_counts_what_the_payer_paid_and_a_line_once() -> None:
    line = a_line("l-1", LineState.PAID, TUESDAY)
    noon = at(TUESDAY, "12:00")
    twice = tuple(Moved(line=line.id, state=LineState.PAID, at=noon, amount=Decimal(sum_)) for sum_ in ("10", "41.50"))

    assert day(line, moves=twice).paid == Total(count=1, dollars=Decimal("41.50"))
    assert day(moves=twice).paid == Total(count=0, dollars=Decimal(0))


def test_deadlines_are_told_by_payer_and_day() -> None:
    old, older = date(2026, 7, 1), date(2026, 6, 25)
    digest = day(
        a_line("l-1", LineState.READY, old),
        a_line("l-2", LineState.HELD, old),
        a_line("l-3", LineState.READY, older),
        a_line("l-4", LineState.READY, TUESDAY),
    )

    assert digest.deadlines == (
        Deadline(
            last_day=date(2026, 9, 23), payer=LAKELAND, total=Total(count=1, dollars=SIXTY), lines=(LineId("l-3"),)
        ),
        Deadline(
            last_day=date(2026, 9, 29),
            payer=LAKELAND,
            total=Total(count=2, dollars=SIXTY * 2),
            lines=(LineId("l-1"), LineId("l-2")),
        ),
    )


def test_the_weeks_lines_are_there_day_by_day() -> None:
    digest = day(
        a_line("l-1", LineState.READY, TUESDAY),
        a_line("l-2", LineState.HELD, TUESDAY),
        a_line("l-3", LineState.HELD, TUESDAY),
        a_line("l-4", LineState.PAID, date(2026, 9, 9)),
        a_line("l-5", LineState.PAID, date(2026, 9, 8)),
        a_line("l-6", LineState.HELD, WEDNESDAY),
    )

    assert [d.served_on for d in digest.week] == [date(2026, 9, n) for n in range(9, 16)]
    assert digest.week[0].states == ((LineState.PAID, 1),)
    assert digest.week[-1].states == ((LineState.HELD, 2), (LineState.READY, 1))
    assert all(not d.states for d in digest.week[1:-1])


# ---- why lines are held ------------------------------------------------------------------------------------------


def test_the_same_trouble_of_several_clients_is_one_reason_oldest_first() -> None:
    digest = day(
        of_client(KAY, "No goal is on file for Kayleigh O'Brien", id="l-1"),
        of_client(TOM, "There is no fee to charge for Tom Becker's 90853", id="l-2", served_on=date(2026, 9, 1)),
        of_client(
            MARIA,
            "No goal is on file for Maria Gonzalez",
            "There is no fee to charge for Maria Gonzalez's 90853",
            id="l-3",
        ),
    )

    assert digest.reasons == (
        Reason(
            says="There is no fee to charge for a client's 90853",
            total=Total(count=2, dollars=SIXTY * 2),
            oldest=date(2026, 9, 1),
            lines=(LineId("l-2"), LineId("l-3")),
        ),
        Reason(
            says="No goal is on file for a client",
            total=Total(count=2, dollars=SIXTY * 2),
            oldest=TUESDAY,
            lines=(LineId("l-1"), LineId("l-3")),
        ),
    )


@pytest.mark.parametrize(
    ("client", "says", "nameless_"),
    [
        (TOM, "Tom Becker's diagnosis F33.1 is not billable", "A client's diagnosis F33.1 is not billable"),
        (TOM, "It is said of Thomas and Tom", "It is said of a client and a client"),
        (KAY, "Kay and Kayleigh O'Brien are one", "A client and a client are one"),
        (MARIA, "Noa Stern's supervisor has not co-signed yet", "A clinician's supervisor has not co-signed yet"),
        (MARIA, "Will Park was not there", "A client was not there"),
        (MARIA, "Will it be paid? Maria Lindqvist asks", "Will it be paid? a client asks"),
        (MARIA, "Mariana Health pays", "Mariana Health pays"),
    ],
)
def test_names_become_a_client_and_a_clinician(client: ClientId, says: str, nameless_: str) -> None:
    assert nameless(says, client, a_roster()) == nameless_


def test_a_practice_without_people_has_no_names_to_hide() -> None:
    assert nameless("nobody is here", MARIA, a_roster(clients=(), clinicians=())) == "Nobody is here"


def test_no_name_is_left_whatever_holds_the_lines() -> None:
    everybody = {c.id: (Coverage(client=c.id, payer=LAKELAND, since=date(2026, 1, 1)),) for c in CLIENTS}
    background = a_background(
        coverage=everybody, diagnoses={}, goals={}, fees={}, policies={}, signed=None, payers={}, codes={}
    )
    digests = []
    for leader in (DANA, NOA):
        draft = a_draft(leader=leader)
        findings = check(draft, background)
        lines = [settled(of_client(d.client, id=f"l-{d.client}"), d, findings) for d in line_drafts(draft, background)]
        assert {line.says.client for line in lines} == {MARIA, TOM, KAY, PRIYA}
        digests.append(day(*lines))

    assert all(len(d.reasons) > 4 for d in digests)
    assert not _names() & set(_texts(digests))


def _names() -> set[str]:
    own = {part for c in CLIENTS for part in (c.first, c.last, c.preferred, *c.also_called) if part}
    return own | {part for c in CLINICIANS for part in c.name.split()}


def _texts(value: object):
    """Every word of every text in it, however deep."""
    if isinstance(value, str):
        yield from value.replace("'s", "").replace(",", " ").split()
    elif is_dataclass(value):
        for each in fields(value):
            yield from _texts(getattr(value, each.name))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _texts(each)


# ---- the supervisor's week ---------------------------------------------------------------------------------------

SUNDAY = at(date(2026, 9, 20), "20:00")
NEXT = date(2026, 9, 22)


def week(world: World, who=RAVI, now: datetime = SUNDAY, of: date = TUESDAY) -> SupervisorsWeek:
    return supervisors_week(who, of, now, world)


def noa(met_on: date, signed: datetime, **changes):
    return a_note(id=NoteId(f"n-{met_on}"), met_on=met_on, signed_by=NOA, signed_at=signed, **changes)


def daily(*leaders) -> World:
    """The group meets every working day."""
    schedule = Schedule(weekdays=(0, 1, 2, 3, 4), starts=time(14), ends=time(15))
    return a_world(since=date(2026, 9, 14), patterns=(a_pattern(schedule=schedule, leaders=leaders),))


def test_timeliness_counts_working_days_from_the_meetings_end() -> None:
    monday, tuesday, thursday, friday = (date(2026, 9, n) for n in (14, 15, 17, 18))
    notes = (
        noa(monday, at(monday, "17:00")),
        noa(tuesday, at(date(2026, 9, 16), "09:00")),
        noa(thursday, at(date(2026, 9, 21), "15:00")),
        noa(friday, at(date(2026, 9, 21), "15:00")),
    )
    picture = week(replace(daily(NOA), notes=notes), now=at(date(2026, 9, 21), "16:00"))

    assert picture.week_of == monday
    assert picture.by_clinician == (
        Timeliness(of=NOA, met=5, same_day=1, next_day=2, later=1, missing=1, median_hours=45.0),
    )
    assert picture.by_group[0].of == DBT
    assert replace(picture.by_group[0], of=NOA) == picture.by_clinician[0]


def test_a_meeting_that_is_missing_counts_for_each_who_could_write_and_a_draft_is_not_a_note() -> None:
    world = led_by(NOA, DANA, drafts=(an_unsigned(by=(NOA,)),))
    picture = week(world)

    assert [(t.of, t.met, t.missing, t.median_hours) for t in picture.by_clinician] == [
        (NOA, 1, 1, None),
        (DANA, 1, 1, None),
    ]


def test_a_note_that_is_signed_counts_for_who_signed_it() -> None:
    world = led_by(DANA, NOA, notes=(noa(TUESDAY, at(TUESDAY, "16:00")),))

    assert [(t.of, t.same_day) for t in week(world).by_clinician] == [(NOA, 1)]


def test_a_supervisor_sees_only_those_whose_notes_they_hear_of() -> None:
    assert week(a_world()) == SupervisorsWeek(week_of=date(2026, 9, 14), by_clinician=(), by_group=(), trends=())
    assert [t.of for t in week(led_by(NOA)).by_clinician] == [NOA]


def test_what_was_cancelled_or_is_still_to_come_does_not_count() -> None:
    world = led_by(NOA, cancelled=(Cancelled(group=DBT, met_on=TUESDAY),))

    assert week(world).by_clinician == ()
    assert week(led_by(NOA), now=at(TUESDAY, "15:00")).by_clinician == ()


def test_a_trend_compares_the_last_four_weeks_with_the_four_before() -> None:
    weeks = [date(2026, 7, 28) + timedelta(weeks=n) for n in range(8)]
    attended = (8, 8, 8, 8, 6, 6, 6, 6)
    notes = tuple(
        noa(each, at(each, "16:00"), attended=came, absent=8 - came) for each, came in zip(weeks, attended, strict=True)
    )
    picture = week(replace(led_by(NOA), since=weeks[0], notes=notes))

    (trend,) = picture.trends
    assert [(t.week_of, t.meetings, t.attended, t.absent) for t in trend.weeks][-1] == (date(2026, 9, 14), 1, 6, 2)
    assert (len(trend.weeks), trend.change) == (8, -0.25)
    assert week(replace(led_by(NOA), notes=notes[4:])).trends[0].change is None


def test_a_group_of_two_names_is_told_by_its_id_alone() -> None:
    other = Group(
        id=GroupId("g-2"), name="Evening", leader=NOA, schedule=Schedule(weekdays=(1,), starts=time(17), ends=time(18))
    )
    world = a_world(roster=a_roster(groups=(other,)))

    assert {WILL, "Evening", "Noa", "Stern"}.isdisjoint(_texts(week(world)))
    assert [t.of for t in week(world).by_group] == ["g-2"]
    assert week(world, of=NEXT).by_group == ()
