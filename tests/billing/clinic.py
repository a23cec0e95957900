"""Riverbend by the clock: the practice of `builders`, with a group on Tuesdays from 2:00 to 3:15 PM in New York.

Noa is supervised by Ravi; nobody is over Dana and Ravi. Bea does the billing.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from billing.clockwork import Kind, Pattern, Reminder, SignedNote, Unsigned, World
from billing.records import ClaimLine, ClinicianId, DraftId, LineDraft, LineId, LineState, NoteId, Schedule
from billing.reminders import due
from tests.billing.builders import DANA, DBT, LAKELAND, MARIA, a_roster

NEW_YORK = ZoneInfo("America/New_York")
TUESDAY = date(2026, 9, 15)
MEETING = "g-dbt:2026-09-15:1400"


def at(day: date, clock: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    """When the clocks of that zone show "15:45" on that day."""
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def a_world(**changes) -> World:
    """Since that Tuesday; no holiday, nobody away, nothing written, nothing sent."""
    return replace(World(roster=a_roster(), since=TUESDAY), **changes)


def led_by(*leaders: ClinicianId, **changes) -> World:
    """The same, with the Tuesday group led by others."""
    return a_world(patterns=(a_pattern(leaders=leaders),), **changes)


def a_pattern(**changes) -> Pattern:
    schedule = changes.pop("schedule", Schedule(weekdays=(1,), starts=time(14), ends=time(15, 15)))
    return replace(Pattern(group=DBT, schedule=schedule, since=date(2026, 1, 1)), **changes)


def a_note(**changes) -> SignedNote:
    whole = SignedNote(
        id=NoteId("n-1"),
        group=DBT,
        met_on=TUESDAY,
        starts=time(14, 3),
        signed_by=DANA,
        signed_at=at(TUESDAY, "15:40"),
    )
    return replace(whole, **changes)


def an_unsigned(**changes) -> Unsigned:
    whole = Unsigned(
        id=DraftId("d-1"),
        by=(DANA,),
        opened_at=at(TUESDAY, "15:20"),
        touched_at=at(TUESDAY, "15:20"),
        questions=2,
        group=DBT,
        met_on=TUESDAY,
    )
    return replace(whole, **changes)


def a_line(id: str, state: LineState, served_on: date, **changes) -> ClaimLine:
    says = LineDraft(
        client=MARIA,
        payer=LAKELAND,
        served_on=served_on,
        code="90853",
        units=1,
        place="11",
        modifiers=(),
        diagnoses=("F33.1",),
        pointers=(1,),
        minutes=75,
        charge=Decimal(60),
        member_id="LK1",
        rendering=DANA,
        rendering_npi="1234567893",
        billing_npi="1679576722",
    )
    return replace(ClaimLine(id=LineId(id), note=NoteId("n-1"), state=state, says=says), **changes)


def sent(world: World, *moments: datetime) -> World:
    """The world after the shell has sent what was due at each of these moments."""
    for now in moments:
        world = replace(world, sent=(*world.sent, *due(now, world)))
    return world


def told(now: datetime, world: World, kind: Kind = Kind.NOTES) -> list[tuple[str, str]]:
    """Who is newly told of what."""
    return [(r.to, o.id) for r in due(now, world) if r.kind is kind for o in r.new]


def lists(reminders: Iterable[Reminder]) -> list[Reminder]:
    """Without the pictures of days and weeks."""
    return [r for r in reminders if r.kind not in (Kind.DIGEST, Kind.WEEK)]
