"""What a practice file says of the clock."""

from datetime import date, time

import pytest

from billing.clockwork import Holiday, Leave, OfficeHours, Pattern, Reminding, Whereabouts
from billing.records import ClinicianId, GroupId, Schedule
from bot.practice_file import PracticeFileTrouble, records_in

START = """
[practice]
name = "A"
timezone = "America/New_York"
[[clinician]]
id = "dana"
name = "Dana"
timezone = "America/Denver"
"""
CLOCK = """
[reminders]
minutes_after = 45
supervisor_ages = [1, 3]
digest_at = 09:00:00
[[holiday]]
on = 2026-12-25
name = "Christmas"
[[leave]]
clinician = "dana"
since = 2026-08-01
[[group]]
id = "g"
name = "G"
leader = "dana"
meets = [{ weekdays = [3], starts = 18:00:00, ends = 19:30:00, until = 2026-12-31, every_other_week_from = 2026-09-03 }]
"""


def office_hours(text: str) -> OfficeHours:
    (hours,) = [r for r in records_in(text) if isinstance(r, OfficeHours)]
    return hours


def test_the_clock_of_a_practice_is_read() -> None:
    assert office_hours(START + CLOCK) == OfficeHours(
        reminding=Reminding(minutes_after=45, supervisor_ages=(1, 3), digest_at=time(9)),
        holidays=(Holiday(on=date(2026, 12, 25), name="Christmas"),),
        leaves=(Leave(clinician=ClinicianId("dana"), since=date(2026, 8, 1)),),
        whereabouts=(Whereabouts(clinician=ClinicianId("dana"), timezone="America/Denver"),),
        patterns=(
            Pattern(
                group=GroupId("g"),
                schedule=Schedule(weekdays=(3,), starts=time(18), ends=time(19, 30)),
                since=date(2000, 1, 1),
                until=date(2026, 12, 31),
                every_other_week_from=date(2026, 9, 3),
            ),
        ),
    )


def test_a_file_that_says_nothing_of_it_means_the_usual() -> None:
    without = START.replace('timezone = "America/Denver"\n', "")
    assert office_hours(without) == OfficeHours()


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("America/Denver", "Mars/Base", "no time zone “Mars/Base”"),
        ("America/New_York", "EasternTime", "no time zone “EasternTime”"),
        ("weekdays = [3]", "weekdays = [7]", "numbered from 0"),
        ("weekdays = [3], ", "", "weekdays: field required"),
        ('clinician = "dana"', 'clinician = "nobody"', "“nobody” leads or is on leave"),
        ("minutes_after", "minuets_after", "“minuets_after”"),
        ("since = 2026-08-01", "since = 3", "[[leave]] number 1, since"),
    ],
)
def test_what_cannot_be_is_said(before: str, after: str, says: str) -> None:
    text = START + CLOCK
    assert before in text
    with pytest.raises(PracticeFileTrouble) as trouble:
        records_in(text.replace(before, after))
    assert says in str(trouble.value)
