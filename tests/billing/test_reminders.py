"""Who is told what, when; and above all who is not."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from billing.clockwork import (
    Cancelled,
    Holiday,
    Kind,
    Leave,
    LedBy,
    Mention,
    Owing,
    Reminder,
    Reminding,
    Snooze,
    Whereabouts,
    World,
)
from billing.mornings import is_quiet
from billing.records import DraftId, Role, Schedule
from billing.reminders import due, nudges_for
from billing.worklist import owed
from tests.billing.builders import BEA, CLINICIANS, DANA, DBT, NOA, RAVI, a_roster
from tests.billing.clinic import (
    MEETING,
    TUESDAY,
    a_note,
    a_pattern,
    a_world,
    an_unsigned,
    at,
    led_by,
    lists,
    sent,
    told,
)

WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = (TUESDAY + timedelta(days=n) for n in (1, 2, 3, 4))
MONDAY = TUESDAY + timedelta(days=6)
FIRST = at(TUESDAY, "15:45")
AGAIN = at(WEDNESDAY, "07:30")
A_MINUTE = timedelta(minutes=1)


def on(day: date, starts: str, ends: str, **changes) -> World:
    """The group meets on that weekday, at that time."""
    begin, end = at(day, starts), at(day, ends)
    shown = [moment.astimezone(ZoneInfo("America/New_York")).time() for moment in (begin, end)]
    schedule = Schedule(weekdays=(day.weekday(),), starts=shown[0], ends=shown[1])
    return a_world(patterns=(a_pattern(schedule=schedule),), since=day, **changes)


# ---- the clinician -----------------------------------------------------------------------------------------------


def test_half_an_hour_after_the_group_the_clinician_hears_of_it_and_not_before() -> None:
    assert lists(due(FIRST - A_MINUTE, a_world())) == []

    (reminder,) = lists(due(FIRST, a_world()))

    assert (reminder.kind, reminder.to, reminder.key) == (Kind.NOTES, DANA, "notes:c-dana:2026-09-15")
    assert reminder.rings
    assert [(m.of.id, m.of.kind) for m in reminder.about] == [(MEETING, Owing.NOTE)]


def test_what_was_sent_is_not_due_again_until_the_next_working_morning() -> None:
    world = sent(a_world(), FIRST)

    assert lists(due(FIRST + A_MINUTE, world)) == []
    assert lists(due(AGAIN - A_MINUTE, world)) == []
    assert told(AGAIN, world) == [(DANA, MEETING)]
    assert lists(due(at(THURSDAY, "07:30"), sent(world, AGAIN))) == []


def test_a_practice_may_want_more_mornings_and_another_delay() -> None:
    wants = Reminding(minutes_after=60, mornings=2)
    world = a_world(reminding=wants)

    assert told(at(TUESDAY, "16:14"), world) == []
    assert told(at(TUESDAY, "16:15"), world) == [(DANA, MEETING)]
    assert told(at(THURSDAY, "07:30"), sent(world, at(TUESDAY, "16:15"), AGAIN)) == [(DANA, MEETING)]


def test_a_late_tick_makes_up_for_it_once() -> None:
    tick = at(WEDNESDAY, "09:10")

    assert told(tick, a_world()) == [(DANA, MEETING)]
    assert lists(due(tick + A_MINUTE, sent(a_world(), tick))) == []


def test_the_note_stops_it_and_the_message_that_stands_is_made_true() -> None:
    world = replace(sent(a_world(), FIRST), notes=(a_note(),))

    (update,) = lists(due(FIRST + A_MINUTE, world))

    assert (update.key, update.edition, update.about, update.rings) == ("notes:c-dana:2026-09-15", 2, (), False)
    assert lists(due(AGAIN, sent(world, FIRST + A_MINUTE))) == []


def test_a_note_that_came_in_time_or_a_cancelled_group_is_never_spoken_of() -> None:
    for done in ({"notes": (a_note(),)}, {"cancelled": (Cancelled(group=DBT, met_on=TUESDAY),)}):
        world = a_world(**done)
        assert [lists(due(now, world)) for now in (FIRST, AGAIN, at(THURSDAY, "07:30"))] == [[], [], []]


def test_a_second_group_of_the_day_rings_in_the_same_message() -> None:
    evening = a_pattern(schedule=Schedule(weekdays=(1,), starts=time(17), ends=time(18)))
    world = sent(a_world(patterns=(a_pattern(), evening)), FIRST)

    (reminder,) = lists(due(at(TUESDAY, "18:30"), world))

    assert (reminder.key, reminder.edition) == ("notes:c-dana:2026-09-15", 2)
    assert [m.of.id for m in reminder.about] == [MEETING, "g-dbt:2026-09-15:1700"]
    assert [o.id for o in reminder.new] == ["g-dbt:2026-09-15:1700"]


def test_a_new_day_is_a_new_message_with_everything_that_is_open() -> None:
    world = sent(a_world(), FIRST, AGAIN)

    (reminder,) = lists(due(at(TUESDAY + timedelta(days=7), "15:45"), world))

    assert (reminder.business_date, reminder.edition) == (date(2026, 9, 22), 1)
    assert [m.of.met_on for m in reminder.about] == [TUESDAY, date(2026, 9, 22)]
    assert [o.met_on for o in reminder.new] == [date(2026, 9, 22)]


def test_co_leaders_are_both_told_until_one_of_them_begins() -> None:
    world = led_by(DANA, NOA)
    assert told(FIRST, world) == [(DANA, MEETING), (NOA, MEETING)]

    begun = replace(sent(world, FIRST), drafts=(an_unsigned(by=(NOA,), touched_at=FIRST),))

    assert [(r.to, [m.of.kind for m in r.about]) for r in lists(due(FIRST + A_MINUTE, begun))] == [
        (NOA, [Owing.DRAFT]),
        (DANA, []),
    ]


def test_when_someone_else_led_they_are_told_instead() -> None:
    world = replace(sent(a_world(), FIRST), led_by=(LedBy(group=DBT, met_on=TUESDAY, leader=RAVI),))

    first, second = lists(due(FIRST + A_MINUTE, world))

    assert (first.to, [o.id for o in first.new]) == (RAVI, [MEETING])
    assert (second.to, second.about, second.rings) == (DANA, (), False)


# ---- drafts ------------------------------------------------------------------------------------------------------


def test_a_draft_in_hand_is_left_alone_until_it_has_rested() -> None:
    world = a_world(drafts=(an_unsigned(touched_at=at(TUESDAY, "15:40")),))

    assert told(at(TUESDAY, "16:09"), world) == []
    (reminder,) = lists(due(at(TUESDAY, "16:10"), world))
    assert [(m.of.draft, m.of.questions) for m in reminder.about] == [(DraftId("d-1"), 2)]


def test_a_draft_that_is_ready_to_sign_changes_what_the_message_says() -> None:
    now = at(TUESDAY, "15:50")
    world = replace(sent(a_world(drafts=(an_unsigned(),)), now), drafts=(an_unsigned(questions=0),))

    (update,) = lists(due(now + A_MINUTE, world))

    assert not update.rings
    assert [m.of.questions for m in update.about] == [0]


def test_a_draft_that_was_touched_and_lacks_as_much_as_before_reads_the_same() -> None:
    touched = an_unsigned(touched_at=at(TUESDAY, "15:55"))
    world = replace(sent(a_world(drafts=(an_unsigned(),)), at(TUESDAY, "15:50")), drafts=(touched,))

    assert lists(due(at(TUESDAY, "15:56"), world)) == []
    assert told(at(TUESDAY, "16:25"), world) == [(DANA, MEETING)]


def test_a_draft_of_no_meeting_is_nudged_by_itself() -> None:
    world = a_world(since=WEDNESDAY, drafts=(an_unsigned(group=None, met_on=None),))

    assert told(at(TUESDAY, "15:50"), world) == [(DANA, "d-1")]


# ---- quiet hours, leave, holidays --------------------------------------------------------------------------------


def test_what_falls_into_quiet_hours_waits_for_the_morning_and_rings_once() -> None:
    world = on(THURSDAY, "20:00", "21:00")
    late = on(THURSDAY, "20:00", "20:59")

    assert told(at(THURSDAY, "21:29"), late) != []  # 21:30 is quiet, 21:29 is not
    assert [told(at(THURSDAY, clock), world) for clock in ("21:30", "23:00")] == [[], []]
    assert told(at(FRIDAY, "07:29"), world) == []
    assert len(told(at(FRIDAY, "07:30"), world)) == 1
    assert lists(due(at(MONDAY, "07:30"), sent(world, at(FRIDAY, "07:30")))) == []


def test_a_friday_night_waits_for_monday_and_a_holiday_for_the_day_after() -> None:
    world = on(FRIDAY, "20:15", "21:30")
    closed = replace(world, holidays=(Holiday(on=MONDAY),))

    assert told(at(SATURDAY, "07:30"), world) == []
    assert len(told(at(MONDAY, "07:30"), world)) == 1
    assert told(at(MONDAY, "07:30"), closed) == []
    assert len(told(at(MONDAY + timedelta(days=1), "07:30"), closed)) == 1


def test_a_saturday_group_rings_on_saturday_and_again_on_monday() -> None:
    world = on(SATURDAY, "10:00", "11:00")
    now = at(SATURDAY, "11:30")

    assert len(told(now, world)) == 1
    assert len(told(at(MONDAY, "07:30"), sent(world, now))) == 1


def test_a_group_past_midnight_is_spoken_of_in_the_morning() -> None:
    world = on(WEDNESDAY, "23:30", "00:45")

    assert told(at(THURSDAY, "01:15"), world) == []
    assert [id for _, id in told(at(THURSDAY, "07:30"), world)] == ["g-dbt:2026-09-16:2330"]


def test_quiet_hours_are_those_of_the_persons_own_clock() -> None:
    honolulu = Whereabouts(clinician=DANA, timezone="Pacific/Honolulu")
    world = on(TUESDAY, "10:00", "11:00", whereabouts=(honolulu,))

    assert told(at(TUESDAY, "11:30"), world) == []  # 5:30 in the morning there
    assert told(at(TUESDAY, "13:29"), world) == []
    assert len(told(at(TUESDAY, "13:30"), world)) == 1


def test_a_machine_that_wakes_at_night_or_on_a_weekend_waits_for_a_working_morning() -> None:
    world = on(FRIDAY, "14:00", "15:00")

    assert told(at(FRIDAY, "23:00"), world) == []
    assert told(at(SATURDAY, "10:00"), world) == []
    assert len(told(at(MONDAY, "07:30"), world)) == 1


def test_nobody_on_leave_hears_anything_not_even_that_it_is_done() -> None:
    away = Leave(clinician=DANA, since=WEDNESDAY, until=FRIDAY)
    world = sent(a_world(leaves=(away,)), FIRST)

    assert [lists(due(at(day, "07:30"), world)) for day in (WEDNESDAY, FRIDAY)] == [[], []]
    assert lists(due(at(THURSDAY, "12:00"), replace(world, notes=(a_note(),)))) == []
    assert told(at(SATURDAY, "07:30"), world) == []
    assert told(at(MONDAY, "07:30"), world) == [(DANA, MEETING)]


def test_somebody_away_without_a_known_end_is_never_told_and_stops_nobody_else() -> None:
    world = led_by(DANA, NOA, leaves=(Leave(clinician=DANA, since=WEDNESDAY),))

    assert told(AGAIN, sent(world, FIRST)) == [(NOA, MEETING)]


def rings(world: World, kind: Kind, who: str) -> list[datetime]:
    """All the instants at which this person is to be told of what is owed on Tuesday evening."""
    nudges = nudges_for(owed(at(TUESDAY, "20:00"), world), world)
    return [moment for n in nudges if (n.kind, n.to) == (kind, who) for moment in n.at]


def test_a_group_that_is_over_at_seven_rings_at_half_past_and_the_next_morning() -> None:
    world = on(TUESDAY, "06:00", "07:00")

    assert rings(world, Kind.NOTES, DANA) == [at(TUESDAY, "07:30"), AGAIN]


def test_mornings_and_ages_are_counted_in_days_on_which_the_person_works() -> None:
    away = Leave(clinician=NOA, since=WEDNESDAY, until=WEDNESDAY)
    boss_away = Leave(clinician=RAVI, since=THURSDAY, until=FRIDAY)
    world = led_by(NOA, leaves=(away, boss_away), reminding=Reminding(mornings=2))

    assert rings(world, Kind.NOTES, NOA) == [FIRST, at(THURSDAY, "07:30"), at(FRIDAY, "07:30")]
    assert rings(world, Kind.OVERDUE, RAVI) == [AGAIN, at(MONDAY, "07:30")]


def test_what_falls_into_leave_waits_for_the_first_working_morning_after_it() -> None:
    world = led_by(NOA, led_by=(LedBy(group=DBT, met_on=TUESDAY, leader=DANA),))
    away = replace(world, leaves=(Leave(clinician=DANA, since=TUESDAY, until=FRIDAY),))

    assert rings(away, Kind.NOTES, DANA) == [at(MONDAY, "07:30")]


def test_a_snooze_takes_the_place_of_what_was_to_come_before_its_end() -> None:
    world = a_world(snoozes=(Snooze(by=DANA, about=MEETING, until=at(TUESDAY, "22:00")),))
    longer = a_world(snoozes=(Snooze(by=DANA, about=MEETING, until=at(WEDNESDAY, "12:00")),))

    assert rings(world, Kind.NOTES, DANA) == [AGAIN]
    assert rings(longer, Kind.NOTES, DANA) == [at(WEDNESDAY, "12:00")]


@pytest.mark.parametrize(
    ("begin", "end", "quiet"),
    [
        ("00:00", "07:00", {"00:00", "06:59"}),
        ("21:30", "07:30", {"00:00", "06:59", "07:00", "21:30", "23:59"}),
        ("07:00", "07:00", set()),
    ],
)
def test_quiet_hours_begin_sharp_and_end_sharp(begin: str, end: str, quiet: set[str]) -> None:
    hours = Reminding(quiet_from=time.fromisoformat(begin), quiet_until=time.fromisoformat(end))
    shown = ("00:00", "06:59", "07:00", "07:30", "21:29", "21:30", "23:59")

    assert {clock for clock in shown if is_quiet(DANA, at(TUESDAY, clock), a_world(reminding=hours))} == quiet


# ---- snooze ------------------------------------------------------------------------------------------------------


def test_a_snoozed_note_leaves_the_message_and_rings_when_it_was_asked_to() -> None:
    later = Snooze(by=DANA, about=MEETING, until=at(TUESDAY, "17:45"))
    world = replace(sent(a_world(), FIRST), snoozes=(later,))

    (update,) = lists(due(FIRST + A_MINUTE, world))
    world = sent(world, FIRST + A_MINUTE)

    assert (update.about, update.rings) == ((), False)
    assert told(at(TUESDAY, "17:44"), world) == []
    assert told(at(TUESDAY, "17:45"), world) == [(DANA, MEETING)]
    assert told(AGAIN, sent(world, at(TUESDAY, "17:45"))) == [(DANA, MEETING)]


def test_a_snooze_past_the_morning_takes_its_place() -> None:
    noon = Snooze(by=DANA, about=MEETING, until=at(WEDNESDAY, "12:00"))
    world = sent(a_world(snoozes=(noon,)), FIRST)

    assert told(AGAIN, world) == []
    assert told(at(WEDNESDAY, "12:00"), world) == [(DANA, MEETING)]
    assert lists(due(at(THURSDAY, "07:30"), sent(world, at(WEDNESDAY, "12:00")))) == []


def test_the_last_snooze_counts_and_one_that_ends_at_night_ends_in_the_morning() -> None:
    noon, night = (Snooze(by=DANA, about=MEETING, until=at(TUESDAY, clock)) for clock in ("17:00", "22:00"))
    world = sent(a_world(snoozes=(noon, night)), FIRST)

    assert told(at(TUESDAY, "17:00"), world) == []
    assert told(at(TUESDAY, "22:00"), world) == []
    assert told(AGAIN, world) == [(DANA, MEETING)]


def test_one_leaders_snooze_silences_neither_the_other_nor_the_supervisor() -> None:
    long = Snooze(by=NOA, about=MEETING, until=at(FRIDAY, "12:00"))
    world = led_by(NOA, DANA, snoozes=(long,))

    assert told(FIRST, world) == [(DANA, MEETING)]
    assert told(AGAIN, world, Kind.OVERDUE) == [(RAVI, MEETING)]


# ---- the supervisor ----------------------------------------------------------------------------------------------


def test_the_supervisor_hears_of_a_note_that_is_one_and_two_working_days_old() -> None:
    world = led_by(NOA)
    second = at(THURSDAY, "07:30")

    assert told(at(TUESDAY, "20:00"), world, Kind.OVERDUE) == []
    assert told(AGAIN, world, Kind.OVERDUE) == [(RAVI, MEETING)]
    world = sent(world, AGAIN)
    assert told(second - A_MINUTE, world, Kind.OVERDUE) == []
    assert told(second, world, Kind.OVERDUE) == [(RAVI, MEETING)]
    assert told(at(FRIDAY, "07:30"), sent(world, second), Kind.OVERDUE) == []


def test_the_supervisors_ages_are_the_practices_to_choose() -> None:
    world = led_by(NOA, reminding=Reminding(supervisor_ages=(3,)))

    assert told(at(THURSDAY, "07:30"), world, Kind.OVERDUE) == []
    assert told(at(FRIDAY, "07:30"), world, Kind.OVERDUE) == [(RAVI, MEETING)]


def test_age_is_in_working_days() -> None:
    schedule = Schedule(weekdays=(4,), starts=time(14), ends=time(15))
    world = a_world(patterns=(a_pattern(schedule=schedule, leaders=(NOA,)),), holidays=(Holiday(on=MONDAY),))

    assert told(at(MONDAY, "09:00"), world, Kind.OVERDUE) == []
    assert len(told(at(MONDAY + timedelta(days=1), "07:30"), world, Kind.OVERDUE)) == 1


def test_the_supervisor_has_one_message_that_follows_what_happens() -> None:
    world = sent(led_by(NOA), AGAIN)
    begun = replace(world, drafts=(an_unsigned(by=(NOA,), questions=0),))

    (update,) = [r for r in due(AGAIN + A_MINUTE, begun) if r.kind is Kind.OVERDUE]

    assert (update.key, update.edition, update.rings) == ("overdue:c-ravi:2026-09-16", 2, False)
    assert [(m.of.kind, m.of.questions) for m in update.about] == [(Owing.DRAFT, 0)]


def test_a_draft_that_is_touched_again_grows_no_younger_for_the_supervisor() -> None:
    draft = an_unsigned(by=(NOA,), touched_at=at(WEDNESDAY, "18:00"))

    assert rings(led_by(NOA, drafts=(draft,)), Kind.OVERDUE, RAVI) == [AGAIN, at(THURSDAY, "07:30")]


def test_a_supervisor_on_leave_hears_of_it_when_they_are_back() -> None:
    world = led_by(NOA, leaves=(Leave(clinician=RAVI, since=WEDNESDAY, until=THURSDAY),))

    assert told(at(THURSDAY, "07:30"), world, Kind.OVERDUE) == []
    assert told(at(FRIDAY, "07:30"), world, Kind.OVERDUE) == [(RAVI, MEETING)]


def test_a_supervisor_who_led_as_well_is_told_as_a_leader_only() -> None:
    assert told(AGAIN, led_by(NOA, RAVI), Kind.OVERDUE) == []
    assert (RAVI, MEETING) in told(AGAIN, led_by(NOA, RAVI))


def test_a_cosignature_is_asked_for_when_it_is_one_and_two_working_days_old() -> None:
    note = a_note(signed_by=NOA, cosigner=RAVI, signed_at=at(TUESDAY, "22:00"))
    world = a_world(notes=(note,))

    assert told(at(TUESDAY, "22:30"), world, Kind.COSIGN) == []
    assert told(AGAIN, world, Kind.COSIGN) == [(RAVI, "n-1")]
    assert told(at(THURSDAY, "07:30"), sent(world, AGAIN), Kind.COSIGN) == [(RAVI, "n-1")]
    done = replace(sent(world, AGAIN), notes=(replace(note, cosigned_at=at(WEDNESDAY, "08:00")),))
    assert [r.about for r in due(at(WEDNESDAY, "08:05"), done) if r.kind is Kind.COSIGN] == [()]


# ---- the digest and the week -------------------------------------------------------------------------------------

BOSS = tuple(replace(c, roles=(Role.CLINICIAN, Role.SUPERVISOR)) if c.id == RAVI else c for c in CLINICIANS)


def pictures(now, world: World, kind: Kind) -> list[tuple[str, date, bool]]:
    return [(r.to, r.business_date, r.late) for r in due(now, world) if r.kind is kind]


def test_the_digest_goes_out_once_at_the_practices_hour() -> None:
    hour = at(WEDNESDAY, "08:00")
    world = sent(a_world(notes=(a_note(),)), at(TUESDAY, "08:00"))

    assert pictures(hour - A_MINUTE, world, Kind.DIGEST) == []
    assert pictures(hour, world, Kind.DIGEST) == [(BEA, WEDNESDAY, False)]
    assert pictures(hour + A_MINUTE, sent(world, hour), Kind.DIGEST) == []


def test_a_digest_that_was_missed_is_caught_up_once_and_says_that_it_is_late() -> None:
    world = a_world(sent=(Reminder(kind=Kind.DIGEST, to=BEA, business_date=TUESDAY, at=at(TUESDAY, "08:00")),))

    assert pictures(at(WEDNESDAY, "09:00"), world, Kind.DIGEST) == [(BEA, WEDNESDAY, False)]
    assert pictures(at(WEDNESDAY, "09:01"), world, Kind.DIGEST) == [(BEA, WEDNESDAY, True)]
    assert pictures(at(THURSDAY, "07:59"), world, Kind.DIGEST) == [(BEA, WEDNESDAY, True)]
    assert pictures(at(FRIDAY, "10:00"), world, Kind.DIGEST) == [(BEA, FRIDAY, True)]
    assert pictures(at(FRIDAY, "22:00"), world, Kind.DIGEST) == []


def test_no_digest_on_a_day_off_nor_to_a_biller_who_was_away() -> None:
    world = sent(a_world(since=MONDAY - timedelta(days=7)), at(FRIDAY, "08:00"))
    away = replace(world, leaves=(Leave(clinician=BEA, since=MONDAY, until=MONDAY),))

    assert pictures(at(SATURDAY, "08:00"), world, Kind.DIGEST) == []
    assert pictures(at(MONDAY, "08:00"), away, Kind.DIGEST) == []
    assert pictures(at(MONDAY + timedelta(days=1), "07:45"), away, Kind.DIGEST) == []
    assert pictures(at(MONDAY + timedelta(days=1), "08:00"), away, Kind.DIGEST) == [(BEA, date(2026, 9, 22), False)]


def test_a_missed_digest_does_not_follow_the_biller_into_their_leave() -> None:
    world = a_world(leaves=(Leave(clinician=BEA, since=THURSDAY),))

    assert pictures(at(WEDNESDAY, "12:00"), world, Kind.DIGEST) == [(BEA, WEDNESDAY, True)]
    assert pictures(at(THURSDAY, "07:45"), world, Kind.DIGEST) == []


def test_a_week_that_was_missed_is_made_up_for_until_the_next_one() -> None:
    world = a_world(roster=a_roster(clinicians=BOSS))

    assert pictures(at(MONDAY + timedelta(days=6), "12:00"), world, Kind.WEEK) == [(RAVI, MONDAY, True)]


def test_the_digest_waits_for_the_billers_own_morning() -> None:
    denver = Whereabouts(clinician=BEA, timezone="America/Denver")
    world = a_world(whereabouts=(denver,))

    assert pictures(at(TUESDAY, "08:00"), world, Kind.DIGEST) == []
    assert pictures(at(TUESDAY, "09:30"), world, Kind.DIGEST) == [(BEA, TUESDAY, False)]


def test_the_week_goes_to_supervisors_on_monday_or_the_working_day_after() -> None:
    world = a_world(roster=a_roster(clinicians=BOSS))
    closed = replace(world, holidays=(Holiday(on=MONDAY),))

    assert pictures(at(MONDAY, "07:59"), world, Kind.WEEK) == []
    assert pictures(at(MONDAY, "08:00"), world, Kind.WEEK) == [(RAVI, MONDAY, False)]
    assert pictures(at(MONDAY, "08:05"), sent(world, at(MONDAY, "08:00")), Kind.WEEK) == []
    assert pictures(at(MONDAY, "09:30"), closed, Kind.WEEK) == []
    assert pictures(at(MONDAY + timedelta(days=1), "08:00"), closed, Kind.WEEK) == [(RAVI, MONDAY, False)]


# ---- the same for everybody who asks -----------------------------------------------------------------------------


@pytest.mark.parametrize("now", [FIRST, AGAIN, at(WEDNESDAY, "08:00"), at(THURSDAY, "07:30")])
def test_two_processes_say_the_same_and_afterwards_nothing(now) -> None:
    world = led_by(NOA, DANA, notes=(a_note(met_on=date(2026, 9, 14), cosigner=RAVI),))

    assert due(now, world) == due(now, replace(world))
    assert due(now, sent(world, now)) == ()


def test_keys_and_editions_name_a_message_once() -> None:
    moments = [at(TUESDAY, "08:00") + timedelta(minutes=20 * n) for n in range(24 * 3 * 4)]
    world = sent(led_by(NOA, DANA), *moments)

    names = [(r.key, r.edition) for r in world.sent]
    assert len(names) == len(set(names))
    assert len(names) > 8


def test_what_was_told_is_carried_along_so_that_the_last_message_is_enough() -> None:
    world = sent(led_by(NOA), FIRST, AGAIN)
    last = {(r.kind, r.to): r for r in world.sent}
    kept = replace(world, sent=tuple(last.values()))

    assert isinstance(kept.sent[0].about[0], Mention)
    assert due(at(WEDNESDAY, "07:45"), kept) == due(at(WEDNESDAY, "07:45"), world) == ()
    assert due(at(THURSDAY, "07:30"), kept) == due(at(THURSDAY, "07:30"), world) != ()
