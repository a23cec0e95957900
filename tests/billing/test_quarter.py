"""Time travel: a clinic's autumn, and a March, tick by tick.

Everybody hears of exactly what the rules say, at the tick at which they say it, and nobody of what is done. What is
to be heard is worked out in `on_paper`, which shares nothing with the code; the story is told in `quarter`.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from billing.clockwork import Cancelled, Kind, LedBy, Reminder, SignedNote, Snooze, Unsigned, World
from billing.records import ClinicianId, DraftId, GroupId, NoteId
from billing.reminders import due
from tests.billing.on_paper import Heard, everything_to_hear
from tests.billing.quarter import (
    Almanac,
    Life,
    lives,
    the_holidays,
    the_leaves,
    the_patterns,
    the_roster,
    the_whereabouts,
)

LOOKS_BACK = timedelta(days=15)
"""What is older need not be loaded: every meeting of the story is settled by then."""


class Shell:
    """What the bot keeps between two ticks: the last message of each kind to each person, and who heard of what."""

    def __init__(self, almanac: Almanac, story: list[Life]) -> None:
        self.almanac, self.story = almanac, story
        self.roster, self.patterns = the_roster(), the_patterns()
        self.last: dict[tuple[Kind, str], Reminder] = {}
        self.heard: list[Heard] = []
        self.names: list[tuple[str, int]] = []
        self.happens = {tick for life in story for tick in ticks_of(life)}
        self.known = self.what_is_known(0)
        self.open: set[str] = set()

    def tick(self, tick: int) -> None:
        now, world = self.almanac.instant(tick), self.world(tick)
        for reminder in due(now, world) if tick not in self.almanac.down else ():
            assert not self.almanac.away(reminder.to, tick), reminder
            assert {m.of.id for m in reminder.about} <= self.open, reminder
            self.last[reminder.kind, reminder.to] = reminder
            self.names.append((reminder.key, reminder.edition))
            if reminder.rings:
                assert self.almanac.awake(reminder.to, tick), reminder
            self.heard += [(tick, str(reminder.kind), reminder.to, o.id) for o in reminder.new]
            if reminder.kind in (Kind.DIGEST, Kind.WEEK):
                self.heard.append((tick, str(reminder.kind), reminder.to, ""))

    def world(self, tick: int) -> World:
        """What is known at that tick; told anew only if anything has happened or a day has begun."""
        if tick in self.happens or self.almanac.clock("", tick)[1] == "00:00":
            self.known = self.what_is_known(tick)
            self.open = {id for life in self.story for id in open_ids(life, tick)}
        return replace(self.known, sent=tuple(self.last.values()))

    def what_is_known(self, tick: int) -> World:
        today = self.almanac.clock("", tick)[0]
        since = max(self.almanac.first, today - LOOKS_BACK)
        known = [life for life in self.story if life.day >= since]
        done = [life for life in known if life.settled <= tick]
        return World(
            roster=self.roster,
            since=since,
            patterns=self.patterns,
            holidays=the_holidays(),
            leaves=the_leaves(),
            whereabouts=the_whereabouts(),
            cancelled=tuple(cancelled(life) for life in done if life.cancelled),
            led_by=tuple(led_by(life) for life in known if life.handed_at is not None and life.handed_at <= tick),
            notes=tuple(self.note(life, tick) for life in done if not life.cancelled),
            drafts=tuple(self.draft(life, tick) for life in known if is_begun(life, tick)),
            snoozes=tuple(self.snooze(life) for life in known if life.snoozed and life.snoozed[1] <= tick),
        )

    def note(self, life: Life, tick: int) -> SignedNote:
        cosigned = life.cosigned is not None and life.cosigned <= tick
        return SignedNote(
            id=NoteId(life.note),
            group=GroupId(life.row.id),
            met_on=life.day,
            starts=time.fromisoformat(life.row.starts),
            signed_by=ClinicianId(life.signer),
            signed_at=self.almanac.instant(life.settled),
            cosigner=ClinicianId(life.cosigner) if life.cosigner else None,
            cosigned_at=self.almanac.instant(life.cosigned or 0) if cosigned else None,
        )

    def draft(self, life: Life, tick: int) -> Unsigned:
        last = max(t for t in life.touched if t <= tick)
        return Unsigned(
            id=DraftId(f"draft-{life.id}"),
            by=(ClinicianId(life.writer),),
            opened_at=self.almanac.instant(life.touched[0]),
            touched_at=self.almanac.instant(last),
            questions=life.questions[last],
            group=GroupId(life.row.id),
            met_on=life.day,
        )

    def snooze(self, life: Life) -> Snooze:
        assert life.snoozed is not None
        who, _, until = life.snoozed
        return Snooze(by=ClinicianId(who), about=life.id, until=self.almanac.instant(until))


def cancelled(life: Life) -> Cancelled:
    return Cancelled(group=GroupId(life.row.id), met_on=life.day)


def led_by(life: Life) -> LedBy:
    return LedBy(group=GroupId(life.row.id), met_on=life.day, leader=ClinicianId(life.heir))


def is_begun(life: Life, tick: int) -> bool:
    return bool(life.touched) and life.touched[0] <= tick < life.settled


def open_ids(life: Life, tick: int) -> tuple[str, ...]:
    """What of this meeting may stand in anybody's message: its note until that is signed, then its co-signature."""
    if tick < life.settled:
        return (life.id,)
    return (life.note,) if life.cosigned is not None and tick < life.cosigned else ()


def ticks_of(life: Life) -> tuple[int, ...]:
    """When anything happens that the bot gets to know."""
    some = (life.handed_at, life.cosigned, life.snoozed and life.snoozed[1])
    return (life.settled, *life.touched, *(tick for tick in some if tick is not None))


@pytest.mark.parametrize(
    ("first", "days", "down", "seed"),
    [
        (date(2026, 10, 1), 94, (), 5),
        (date(2027, 3, 3), 22, (), 8),
        (date(2026, 10, 19), 21, ((130, 150), (1100, 1400), (1630, 1760)), 3),
    ],
    ids=["an autumn, daylight time ends", "a March, daylight time begins", "a machine that is down now and then"],
)
def test_everybody_hears_of_what_they_owe_and_nobody_of_what_is_done(
    first: date, days: int, down: tuple[tuple[int, int], ...], seed: int
) -> None:
    almanac = Almanac(first, days, down)
    story = lives(almanac, seed)
    shell = Shell(almanac, story)
    for tick in almanac.ticks:
        shell.tick(tick)

    assert by_kind(set(shell.heard)) == by_kind(everything_to_hear(story, almanac))
    assert len(shell.heard) == len(set(shell.heard))
    assert len(shell.names) == len(set(shell.names))


def by_kind(heard: set[Heard]) -> dict[str, list[Heard]]:
    """Sorted, so that a difference can be read."""
    sorted_out: dict[str, list[Heard]] = defaultdict(list)
    for each in sorted(heard):
        sorted_out[each[1]].append(each)
    return dict(sorted_out)
