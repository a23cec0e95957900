"""Which meetings the schedules let expect, and when they are by the clock on the wall."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from billing.calendar import age, expected, instant, meeting_times, working_day_after
from billing.clockwork import Cancelled, Holiday, Leave, LedBy, Reminding, World
from billing.records import Schedule
from tests.billing.builders import DANA, DBT, GROUPS, NOA, RAVI, a_roster
from tests.billing.clinic import NEW_YORK, TUESDAY, a_pattern, a_world, at

LONDON = ZoneInfo("Europe/London")
SPRING, AUTUMN = date(2027, 3, 14), date(2026, 11, 1)  # a Sunday each


def days(world: World, until: date) -> list[date]:
    return [m.met_on for m in expected(world, until)]


def test_a_group_with_a_plain_schedule_is_expected_from_the_first_day_that_counts() -> None:
    assert days(a_world(), date(2026, 9, 30)) == [date(2026, 9, 15), date(2026, 9, 22), date(2026, 9, 29)]


def test_a_meeting_has_its_leaders_and_is_in_utc() -> None:
    (meeting,) = expected(a_world(), TUESDAY)

    assert (meeting.group, meeting.leaders) == (DBT, (DANA,))
    assert (meeting.starts_at, meeting.ends_at) == (
        datetime(2026, 9, 15, 18, 0, tzinfo=UTC),
        datetime(2026, 9, 15, 19, 15, tzinfo=UTC),
    )


def test_a_group_may_meet_on_several_days_until_it_ends() -> None:
    several = a_pattern(schedule=Schedule(weekdays=(0, 3), starts=time(9), ends=time(10)), until=date(2026, 9, 24))

    assert days(a_world(patterns=(several,)), date(2026, 10, 30)) == [
        date(2026, 9, 17),
        date(2026, 9, 21),
        date(2026, 9, 24),
    ]


def test_two_patterns_follow_each_other_and_take_the_place_of_the_plain_schedule() -> None:
    summer = a_pattern(until=date(2026, 9, 20))
    autumn = a_pattern(since=date(2026, 9, 21), schedule=Schedule(weekdays=(2,), starts=time(17), ends=time(18)))

    found = expected(a_world(patterns=(summer, autumn)), date(2026, 9, 24))

    assert [(m.met_on, m.starts) for m in found] == [(date(2026, 9, 15), time(14)), (date(2026, 9, 23), time(17))]


def test_a_meeting_that_two_patterns_speak_of_is_expected_once() -> None:
    assert len(expected(a_world(patterns=(a_pattern(), a_pattern())), TUESDAY)) == 1


@pytest.mark.parametrize(("anchor", "first"), [(TUESDAY, 15), (date(2026, 9, 20), 15), (date(2026, 9, 21), 22)])
def test_every_other_week_is_counted_from_monday_to_sunday(anchor: date, first: int) -> None:
    found = days(a_world(patterns=(a_pattern(every_other_week_from=anchor),)), date(2026, 10, 31))

    assert found[0] == date(2026, 9, first)
    assert {b - a for a, b in pairwise(found)} == {timedelta(weeks=2)}


def test_every_other_week_goes_on_over_new_year_and_backwards_from_its_anchor() -> None:
    world = a_world(patterns=(a_pattern(every_other_week_from=date(2027, 6, 1)),))
    found = days(world, date(2027, 6, 1))

    assert found[-1] == date(2027, 6, 1)
    assert {b - a for a, b in pairwise(found)} == {timedelta(weeks=2)}


def test_nothing_is_expected_on_a_holiday_and_nothing_that_was_cancelled() -> None:
    world = a_world(
        holidays=(Holiday(on=TUESDAY),), cancelled=(Cancelled(group=DBT, met_on=date(2026, 9, 22), starts=None),)
    )

    assert days(world, date(2026, 9, 30)) == [date(2026, 9, 29)]


def test_only_the_meeting_that_was_meant_is_cancelled() -> None:
    evening = a_pattern(schedule=Schedule(weekdays=(1,), starts=time(18), ends=time(19)))
    world = a_world(patterns=(a_pattern(), evening), cancelled=(Cancelled(group=DBT, met_on=TUESDAY, starts=time(14)),))

    assert [m.starts for m in expected(world, TUESDAY)] == [time(18)]


def test_a_leader_on_leave_is_not_asked_and_without_any_leader_no_meeting_is_expected() -> None:
    away = Leave(clinician=DANA, since=TUESDAY, until=date(2026, 9, 22))
    together = a_pattern(leaders=(DANA, NOA))

    assert [m.leaders for m in expected(a_world(patterns=(together,), leaves=(away,)), TUESDAY)] == [(NOA,)]
    assert days(a_world(leaves=(away,)), date(2026, 9, 30)) == [date(2026, 9, 29)]


def test_leave_without_an_end_lasts() -> None:
    assert days(a_world(leaves=(Leave(clinician=DANA, since=date(2026, 9, 16)),)), date(2027, 9, 1)) == [TUESDAY]


def test_whoever_led_instead_is_the_one_to_write_even_with_the_leader_on_leave() -> None:
    said = (LedBy(group=DBT, met_on=TUESDAY, leader=NOA), LedBy(group=DBT, met_on=TUESDAY, leader=RAVI))
    world = a_world(leaves=(Leave(clinician=DANA, since=TUESDAY),), led_by=said)

    assert [m.leaders for m in expected(world, TUESDAY)] == [(RAVI,)]


def test_somebody_else_may_have_led_only_one_of_two_meetings() -> None:
    evening = a_pattern(schedule=Schedule(weekdays=(1,), starts=time(18), ends=time(19)))
    said = (LedBy(group=DBT, met_on=TUESDAY, leader=RAVI, starts=time(18)),)

    found = expected(a_world(patterns=(a_pattern(), evening), led_by=said), TUESDAY)

    assert [m.leaders for m in found] == [(DANA,), (RAVI,)]


def test_co_leaders_of_the_group_lead_together() -> None:
    together = tuple(replace(g, co_leaders=(NOA, DANA)) for g in GROUPS)

    assert [m.leaders for m in expected(a_world(roster=a_roster(groups=together)), TUESDAY)] == [(DANA, NOA)]


# ---- clocks ------------------------------------------------------------------------------------------------------


def test_the_wall_clock_stays_when_the_hours_change() -> None:
    sunday = a_pattern(schedule=Schedule(weekdays=(6,), starts=time(14), ends=time(15)))
    found = expected(a_world(patterns=(sunday,)), AUTUMN)

    assert [m.starts_at.hour for m in found[-2:]] == [18, 19]
    assert {m.starts_at.astimezone(NEW_YORK).hour for m in found} == {14}


def test_an_hour_that_does_not_exist_is_the_hour_after_it() -> None:
    assert instant(SPRING, time(2, 30), NEW_YORK) == at(SPRING, "03:30")


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    assert instant(AUTUMN, time(1, 30), NEW_YORK) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize("starts", [time(1, 30), time(2), time(2, 30), time(2, 59)])
@pytest.mark.parametrize("ends", [time(2, 15), time(3), time(3, 20)])
def test_a_meeting_in_a_skipped_hour_still_ends_after_it_began(starts: time, ends: time) -> None:
    if ends > starts:
        begun, over = meeting_times(SPRING, starts, ends, NEW_YORK)

        assert timedelta(0) < over - begun <= timedelta(hours=2)


def test_a_group_past_midnight_ends_on_the_next_day_by_the_wall_clock() -> None:
    begun, over = meeting_times(AUTUMN - timedelta(days=1), time(23, 30), time(2, 30), NEW_YORK)

    assert over.astimezone(NEW_YORK).date() == AUTUMN
    assert over - begun == timedelta(hours=4)  # an hour comes twice in between
    assert meeting_times(TUESDAY, time(23, 30), time(0, 45), LONDON)[1] == at(date(2026, 9, 16), "00:45", LONDON)


# ---- working days ------------------------------------------------------------------------------------------------


def test_working_days_leave_out_weekends_and_holidays() -> None:
    world = a_world(holidays=(Holiday(on=date(2026, 9, 7), name="Labor Day"),))

    assert working_day_after(date(2026, 9, 4), 1, world) == date(2026, 9, 8)
    assert working_day_after(date(2026, 9, 4), 2, world) == date(2026, 9, 9)
    assert age(date(2026, 9, 4), date(2026, 9, 9), world) == 2
    assert age(date(2026, 9, 4), date(2026, 9, 7), world) == 0


def test_a_practice_that_never_works_has_no_working_day() -> None:
    assert working_day_after(TUESDAY, 1, a_world(reminding=Reminding(working_days=()))) is None
