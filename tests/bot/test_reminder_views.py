"""Reminders, digests and weeks stay within Slack's limits, with one thing and with a hundred."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from billing.clockwork import Kind, Mention, Owed, Owing, Reminder
from billing.digest import BillersDay, Deadline, Reason, Total
from billing.records import Clinician, ClinicianId, GroupId, LineId, PayerId, Roster
from billing.week import SupervisorsWeek, Timeliness, Trend, Turnout
from bot.playground import limits
from bot.views.blocks import View
from bot.views.digest import MOST_REASONS, bar, digest, week
from bot.views.plain import as_text, button_labels
from bot.views.reminder import MOST_THINGS, Telling, reminder, who_led
from tests.riverbend import roster

NOW = datetime(2026, 9, 15, 19, 45, tzinfo=UTC)
DANA, SAM = ClinicianId("dana"), ClinicianId("sam")
NOTHING = Total(count=0, dollars=Decimal(0))


def a_thing(n: int, **changes: object) -> Owed:
    whole = Owed(
        kind=Owing.NOTE,
        id=f"dbt:{n}",
        by=(DANA,),
        since=NOW,
        rests_since=NOW,
        group=GroupId("dbt"),
        met_on=date(2026, 9, 15) - timedelta(days=n),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def told(*things: Owed, kind: Kind = Kind.NOTES, to: ClinicianId = DANA, known: Roster | None = None) -> View:
    about = tuple(Mention(of=thing, told_at=NOW) for thing in things)
    of = Reminder(kind=kind, to=to, business_date=NOW.date(), at=NOW, about=about)
    return reminder(Telling(of=of, id="r" * 32, roster=known or roster(), notes={}))


def fits(view: View) -> bool:
    return limits.message_limits({"text": view.text, "blocks": list(view.blocks)}) == []


def a_day(**changes: object) -> BillersDay:
    whole = BillersDay(
        day=date(2026, 9, 16),
        since=NOW,
        until=NOW,
        ready=NOTHING,
        held=NOTHING,
        reasons=(),
        exported=NOTHING,
        rejected=NOTHING,
        paid=NOTHING,
        denied=NOTHING,
        deadlines=(),
        week=(),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def long_named() -> Roster:
    known = roster()
    return replace(known, groups=tuple(replace(g, name="<&> Long Name " * 20) for g in known.groups))


@pytest.mark.parametrize("n", [1, 2, MOST_THINGS, 100])
@pytest.mark.parametrize("kind", [Kind.NOTES, Kind.OVERDUE, Kind.COSIGN])
def test_a_reminder_fits_however_much_is_owed(n: int, kind: Kind) -> None:
    view = told(*(a_thing(i) for i in range(n)), kind=kind, known=long_named())
    assert fits(view)
    assert ("more after these" in as_text(view.blocks)) == (n > MOST_THINGS)


def test_every_state_of_a_thing_reads_as_a_person_would_say_it() -> None:
    view = told(
        a_thing(0, by=(DANA, SAM)),
        a_thing(1, kind=Owing.DRAFT, questions=0),
        a_thing(2, kind=Owing.DRAFT, questions=1),
        a_thing(3, kind=Owing.DRAFT, questions=3),
        a_thing(4, kind=Owing.DRAFT, questions=2, group=None, met_on=None),
    )
    lines = [line for line in as_text(view.blocks).split("\n") if " · " in line]
    assert lines == [
        "DBT Skills · Tue Sep 15 · no note yet · you or Sam Ellery",
        "DBT Skills · Mon Sep 14 · ready to sign",
        "DBT Skills · Sun Sep 13 · one question left",
        "DBT Skills · Sat Sep 12 · 3 questions left",
        "A group not named yet · 2 questions left",
    ]


def test_a_supervisor_sees_whose_note_it_is_and_cannot_say_how_it_was() -> None:
    view = told(a_thing(0, by=(SAM,)), kind=Kind.OVERDUE)
    assert "no note yet · Sam Ellery" in as_text(view.blocks)
    assert button_labels(view.blocks) == ("Remind me in 1 hour", "Tomorrow morning")


def test_asking_who_led_fits_for_a_large_practice() -> None:
    staff = [Clinician(id=ClinicianId(f"c{i}"), name=f"Clinician {'N' * 80} {i}") for i in range(90)]
    view = who_led("DBT Skills · Tue Sep 15", 0, "r" * 32, staff)
    assert fits(view)
    assert len(button_labels(view.blocks)) == 90


def test_a_digest_fits_however_many_reasons_there_are() -> None:
    total = Total(count=3, dollars=Decimal("195.00"), unpriced=1)
    reasons = tuple(
        Reason(says=f"A client has <no> member ID {i} {'x' * 300}.", total=total, oldest=NOW.date(), lines=())
        for i in range(80)
    )
    deadline = Deadline(last_day=NOW.date(), payer=PayerId("p"), total=total, lines=(LineId("l"),))
    view = digest(a_day(reasons=reasons, deadlines=(deadline,) * 30), {PayerId("p"): "Payer & Sons"}, late=True)
    text = as_text(view.blocks)
    assert fits(view)
    assert "Late:" in text
    assert f"and {80 - MOST_REASONS} more reasons" in text
    assert "Payer & Sons takes 3 lines ($195.00, 1 without a fee) until Sep 15" in text


def test_what_moved_is_told_and_nothing_else() -> None:
    moved = a_day(exported=Total(count=2, dollars=Decimal(130)), denied=Total(count=1, dollars=Decimal(65)))
    assert "Since the last digest: 2 lines ($130.00) sent, 1 line ($65.00) denied" in as_text(digest(moved, {}).blocks)


def test_a_week_tells_how_timely_notes_were_and_how_turnout_changed() -> None:
    timely = Timeliness(of="sam", met=4, same_day=2, next_day=1, later=0, missing=1, median_hours=2.5)
    turnout = Turnout(week_of=date(2026, 9, 14), meetings=1, attended=6, absent=2)
    of = SupervisorsWeek(
        week_of=date(2026, 9, 14),
        by_clinician=(timely,),
        by_group=(replace(timely, of="process"),),
        trends=(Trend(group=GroupId("process"), weeks=(turnout,), change=-0.1),),
    )
    assert as_text(week(of, roster()).blocks) == (
        "Your groups in the week of September 14\n"
        "Notes signed within a day, by clinician\n"
        "████████░░  Sam Ellery: 3 of 4 (1 missing, half of them within 2.5 h)\n"
        "Notes signed within a day, by group\n"
        "████████░░  Thursday Process Group: 3 of 4 (1 missing, half of them within 2.5 h)\n"
        "Clients who came, over eight weeks\n"
        "████████░░  Thursday Process Group: 75 %, 10 points fewer than before"
    )


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(0, 4, "░" * 10), (4, 4, "█" * 10), (1, 2, "█" * 5 + "░" * 5), (0, 0, "░" * 10)],
)
def test_a_bar_is_as_long_as_the_share(part: int, whole: int, shown: str) -> None:
    assert bar(part, whole) == shown
