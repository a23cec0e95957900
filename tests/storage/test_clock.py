"""What the clock goes by is kept, comes back as it was, and is kept once."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from billing.clockwork import (
    Cancelled,
    Holiday,
    Kind,
    Leave,
    LedBy,
    Mention,
    OfficeHours,
    Owed,
    Owing,
    Pattern,
    Reminder,
    Reminding,
    Snooze,
    Whereabouts,
)
from billing.records import LineState, Schedule
from storage.clock_tables import ReminderState
from storage.reminders import LEASE, USEFUL, Place, Reminders
from tests.storage.riverbend import COSIGNED, LINE, LUIS, NOTE, QUESTIONS, fact, handle, message

NOW = datetime.now(UTC)  # the practice was set up a moment ago, and nothing before that day is owed
TODAY = NOW.astimezone(ZoneInfo("America/Los_Angeles")).date()
HOURS = OfficeHours(
    reminding=Reminding(minutes_after=45, supervisor_ages=(1, 3), quiet_until=time(8)),
    patterns=(
        Pattern(
            group="dbt",
            schedule=Schedule(weekdays=(1, 3), starts=time(14), ends=time(15)),
            since=date(2026, 1, 1),
            every_other_week_from=date(2026, 1, 6),
            leaders=("luis",),
        ),
    ),
    holidays=(Holiday(on=date(2026, 12, 25), name="Christmas"),),
    leaves=(Leave(clinician="luis", since=date(2026, 8, 1), until=date(2026, 8, 14)),),
    whereabouts=(Whereabouts(clinician="bea", timezone="America/Denver"),),
)
THING = Owed(kind=Owing.NOTE, id="dbt:x", by=("dana",), since=NOW, rests_since=NOW, group="dbt", met_on=TODAY)
REMINDER = Reminder(kind=Kind.NOTES, to="dana", business_date=TODAY, at=NOW, about=(Mention(of=THING, told_at=NOW),))


def reminders_at(store, now):
    """The same shelf by another clock."""
    return Reminders(store._write, store.database.read, lambda: now)


def today_note(**changes):
    return replace(NOTE, session=replace(NOTE.session, met_on=TODAY), **changes)


# ---- office hours ----------------------------------------------------------------------------------------------


def test_office_hours_come_back_as_they_were_put(store):
    store.put((HOURS,), by="admin")
    world = store.world(NOW)
    assert [getattr(world, f.name) for f in fields(HOURS)] == [getattr(HOURS, f.name) for f in fields(HOURS)]


def test_the_same_office_hours_again_change_nothing_and_others_replace_them(store):
    store.put((HOURS,), by="admin")
    before = store.audit_anchor()
    store.put((HOURS,), by="admin")
    assert store.audit_anchor() == before
    store.put((OfficeHours(),), by="admin")
    assert store.world(NOW).leaves == ()
    assert store.audit_anchor().seq == before.seq + 1


# ---- meetings that went otherwise, and snoozes -----------------------------------------------------------------


def test_a_meeting_is_cancelled_once_and_restored_once(store):
    meeting = Cancelled(group="dbt", met_on=TODAY, starts=time(14))
    assert store.cancel_meeting(meeting, "dana")
    assert not store.cancel_meeting(meeting, "dana")
    assert store.cancel_meeting(replace(meeting, starts=None), "dana")
    assert store.world(NOW).cancelled == (meeting, replace(meeting, starts=None))
    assert store.restore_meeting(meeting, "dana")
    assert not store.restore_meeting(meeting, "dana")
    assert store.world(NOW).cancelled == (replace(meeting, starts=None),)
    assert store.verify_audit() == ()


def test_a_tap_counts_once(store):
    led = LedBy(group="dbt", met_on=TODAY, leader="luis", starts=time(14))
    nap = Snooze(by="dana", about="dbt:x", until=NOW + timedelta(hours=1))
    assert [store.say_who_led(led, "p1", "dana"), store.say_who_led(led, "p1", "dana")] == [True, False]
    assert [store.snooze(nap, "p2"), store.snooze(nap, "p2")] == [True, False]
    world = store.world(NOW)
    assert (world.led_by, world.snoozes) == ((led,), (nap,))


def test_a_draft_that_is_confirmed_as_cancelled_cancels_its_meeting(store, draft):
    store.settle(draft, "dbt", TODAY)
    store.drop(draft, "dana", "cancelled")
    assert store.world(NOW).cancelled == (Cancelled(group="dbt", met_on=TODAY),)


def test_a_draft_that_was_no_note_cancels_nothing(store, draft):
    store.settle(draft, "dbt", TODAY)
    store.drop(draft, "dana", "not_a_note")
    assert store.world(NOW).cancelled == ()


# ---- drafts and notes ------------------------------------------------------------------------------------------


def test_an_open_draft_is_what_its_facts_say_and_lacks_what_was_asked_last(store):
    facts = (fact("group", "dbt"), fact("met_on", TODAY), fact("starts", time(14, 5)))
    store.hear(message(), facts, {0: "d1"}, opened=(handle(),))
    store.ask("d1", QUESTIONS, message(minute=1).posted_at)
    store.ask("d1", QUESTIONS[:1], message(minute=2).posted_at)
    (unsigned,) = store.world(NOW).drafts
    assert (unsigned.group, unsigned.met_on, unsigned.starts) == ("dbt", TODAY, time(14, 5))
    assert (unsigned.questions, unsigned.by, unsigned.touched_at) == (1, ("dana",), message().posted_at)


def test_what_was_taken_back_is_no_longer_in_it_but_touched_it(store):
    store.hear(message(), (fact("group", "dbt"),), {0: "d1"}, opened=(handle(),))
    store.withdraw(message().id, "dana", message(minute=9).posted_at)
    (unsigned,) = store.world(NOW).drafts
    assert (unsigned.group, unsigned.touched_at) == (None, message(minute=9).posted_at)


def test_a_draft_that_says_that_it_did_not_take_place_is_not_owed(store):
    facts = (fact("group", "dbt"), fact("met_on", TODAY), fact("held", False))
    store.hear(message(), facts, {0: "d1"}, opened=(handle(),))
    world = store.world(NOW)
    assert (world.drafts, world.cancelled) == ((), (Cancelled(group="dbt", met_on=TODAY),))


def test_a_signed_note_waits_for_the_supervisor_of_who_signed_it(store, draft):
    by_luis = replace(NOTE.signature, clinician=LUIS.id)
    store.sign(today_note(signature=by_luis), ())
    (note,) = store.world(NOW).notes
    assert (note.cosigner, note.cosigned_at, note.attended, note.absent) == ("dana", None, 1, 1)
    store.cosign("n1", COSIGNED)
    assert store.world(NOW).notes[0].cosigned_at == COSIGNED.at
    assert store.world(NOW).drafts == ()


def test_the_world_takes_the_same_number_of_queries_however_much_there_is(store):
    def counted():
        seen = []
        listener = event.listens_for(store.database.engine, "before_cursor_execute")
        count = listener(lambda *args: seen.append(args[2]))
        store.world(NOW)
        event.remove(store.database.engine, "before_cursor_execute", count)
        return len(seen)

    store.world(NOW)  # the roster is kept from here on
    few = counted()
    for n in range(5):
        opened = handle(id=f"d{n}", thread=f"{n}.1")
        store.hear(message(id=f"Ddana:{n}.1"), (fact("group", "dbt"),), {0: f"d{n}"}, opened=(opened,))
        store.ask(f"d{n}", QUESTIONS, NOW)
    assert counted() == few


# ---- reminders -------------------------------------------------------------------------------------------------


def test_a_reminder_comes_back_whole_and_is_taken_once(store):
    taken = store.reminders.take(REMINDER)
    assert taken.says == REMINDER
    assert store.reminders.find(taken.id) == REMINDER
    assert store.reminders.take(replace(REMINDER, late=True)) is None
    assert store.world(NOW).sent == (REMINDER,)


def test_only_the_last_of_each_kind_and_person_is_looked_at(store):
    second, other = replace(REMINDER, edition=2), replace(REMINDER, to="luis")
    for each in (REMINDER, second, other):
        store.reminders.take(each)
    assert store.world(NOW).sent == (second, other)


def test_what_somebody_took_and_did_not_say_is_taken_over_once_they_are_surely_dead(store):
    taken = reminders_at(store, NOW).take(REMINDER)
    assert reminders_at(store, NOW).take_over() == ()
    later = reminders_at(store, NOW + LEASE + timedelta(minutes=1))
    assert [t.id for t in later.take_over()] == [taken.id]
    assert later.take_over() == ()
    store.reminders.said(taken.id, Place(channel="D1", ts="1.1"))
    assert reminders_at(store, NOW + 2 * LEASE + timedelta(hours=1)).take_over() == ()


def test_what_could_not_be_said_for_a_day_is_given_up(store):
    store.reminders.take(REMINDER)
    assert reminders_at(store, NOW + USEFUL + timedelta(hours=1)).take_over() == ()
    assert store.reminders.last()[0].state is ReminderState.GIVEN_UP


def test_a_later_list_takes_the_place_of_the_one_before(store):
    first = store.reminders.take(REMINDER)
    assert store.reminders.said(first.id, Place(channel="D1", ts="1.1"))
    second = store.reminders.take(replace(REMINDER, edition=2))
    third = store.reminders.take(replace(REMINDER, edition=3))
    assert (second.stands, third.stands) == (Place(channel="D1", ts="1.1"),) * 2
    assert not store.reminders.said(second.id, Place(channel="D1", ts="2.2"))
    assert reminders_at(store, NOW + timedelta(hours=1)).take_over()[0].id == third.id


def test_a_digest_takes_no_other_digests_place(store):
    digest = replace(REMINDER, kind=Kind.DIGEST, about=())
    first = store.reminders.take(digest)
    store.reminders.said(first.id, Place(channel="D1", ts="1.1"))
    second = store.reminders.take(replace(digest, business_date=TODAY + timedelta(days=1)))
    assert second.stands is None


# ---- the books -------------------------------------------------------------------------------------------------


def test_the_books_tell_how_a_line_moved(store, draft):
    store.sign(today_note(), (replace(LINE, says=replace(LINE.says, served_on=TODAY)),))
    line = store.lines()[0]
    store.save_lines([replace(line, held_by=("Another reason.",))])
    store.save_lines([replace(line, state=LineState.READY, held_by=())])
    books = store.books(datetime.now(UTC))
    assert [(m.line, m.state) for m in books.moves] == [("l1", LineState.READY)]
    assert [line.id for line in books.lines] == ["l1"]
    assert {p.payer for p in books.policies} == {"ohp"}


@pytest.mark.parametrize("days", [61, 400])
def test_meetings_of_long_ago_are_not_looked_at(store, days):
    assert store.world(NOW + timedelta(days=days)).since == TODAY + timedelta(days=days - 60)
