"""What a person answers to a reminder: not now, it was cancelled, somebody else led.

A button counts only for whom the reminder was sent to, and only while it is theirs to settle: both are looked at
when it is pressed.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from billing.clockwork import Cancelled, Expected, LedBy, Owed, Owing, Snooze, World
from billing.mornings import day_of, mornings, when_told, zone_of
from billing.record import record
from billing.records import Clinician, ClinicianId, Role
from billing.worklist import owed, written
from bot.outbox import Out, Reply
from bot.views import reminder as says
from bot.views.blocks import View
from storage.audit import Entry
from storage.handles import Press
from storage.store import Store

AN_HOUR = timedelta(hours=1)


@record
class Meant:
    """What a button was about: the thing as it was told, where it stood in the reminder, and the world now."""

    thing: Owed
    place: int
    reminder: str
    world: World

    @property
    def session(self) -> str:
        return says.session_name(self.thing, self.world.roster)


class Reminded:
    """`clock` gives the present instant, in UTC."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    # ---- not now -------------------------------------------------------------------------------------------------

    def in_an_hour(self, press: Press, reminder: str, place: str) -> tuple[Reply, ...]:
        return self._snoozed(press, reminder, place, lambda _world: press.at + AN_HOUR)

    def tomorrow_morning(self, press: Press, reminder: str, place: str) -> tuple[Reply, ...]:
        """The next morning on which this person works."""
        return self._snoozed(press, reminder, place, lambda world: _tomorrow(press.author, press.at, world))

    def _snoozed(
        self, press: Press, reminder: str, place: str, until: Callable[[World], datetime]
    ) -> tuple[Reply, ...]:
        meant = self._meant(press, reminder, place)
        if meant is None:
            return self._refused(press, reminder)
        if not self._is_open(meant):
            return _to(press, says.settled())
        at = until(meant.world)
        self._store.snooze(Snooze(by=press.author, about=meant.thing.id, until=at), press.id)
        told = when_told(press.author, at, meant.world) or at
        return _to(press, says.snoozed(told.astimezone(zone_of(press.author, meant.world))))

    # ---- it was otherwise ----------------------------------------------------------------------------------------

    def was_cancelled(self, press: Press, reminder: str, place: str) -> tuple[Reply, ...]:
        """The group did not meet, so no note is owed."""
        meant = self._meant(press, reminder, place)
        if meant is None:
            return self._refused(press, reminder)
        meeting = self._meeting(meant, press.author)
        if meeting is None:
            return _to(press, says.settled())
        self._store.cancel_meeting(_as_cancelled(meeting), press.author)
        return _to(press, says.cancelled(meant.session, meant.place, reminder))

    def took_place(self, press: Press, reminder: str, place: str) -> tuple[Reply, ...]:
        """Takes "it was cancelled" back."""
        meant = self._meant(press, reminder, place)
        if meant is None:
            return self._refused(press, reminder)
        meeting = self._meeting(meant, press.author)
        if meeting is None:
            return _to(press, says.settled())
        self._store.restore_meeting(_as_cancelled(meeting), press.author)
        return _to(press, says.took_place(meant.session))

    def who_led(self, press: Press, reminder: str, place: str) -> tuple[Reply, ...]:
        """Asks who led instead: any other clinician may have."""
        meant = self._meant(press, reminder, place)
        if meant is None:
            return self._refused(press, reminder)
        meeting = self._meeting(meant, press.author)
        if meeting is None:
            return _to(press, says.settled())
        others = [c for c in _clinicians(meant.world) if c.id not in meeting.leaders]
        return _to(press, says.who_led(meant.session, meant.place, reminder, others))

    def led(self, press: Press, value: str, place: str) -> tuple[Reply, ...]:
        """Somebody else led, and owes the note. `value` is the reminder's id and that person's."""
        reminder, _, leader = value.partition(":")
        meant = self._meant(press, reminder, place.partition(".")[0])
        who = next((c for c in _clinicians(meant.world) if c.id == leader), None) if meant else None
        if meant is None or who is None:
            return self._refused(press, reminder)
        meeting = self._meeting(meant, press.author)
        if meeting is None:
            return _to(press, says.settled())
        led = LedBy(group=meeting.group, met_on=meeting.met_on, leader=who.id, starts=meeting.starts)
        self._store.say_who_led(led, press.id, press.author)
        return _to(press, says.led_instead(meant.session, who))

    # ---- whether it counts ---------------------------------------------------------------------------------------

    def _meant(self, press: Press, reminder: str, place: str) -> Meant | None:
        """None if there is no such reminder, or it was sent to somebody else."""
        of = self._store.reminders.find(reminder)
        if of is None or of.to != press.author or not place.isdecimal() or int(place) >= len(of.about):
            return None
        world = self._store.world(self._clock())
        return Meant(thing=of.about[int(place)].of, place=int(place), reminder=reminder, world=world)

    def _is_open(self, meant: Meant) -> bool:
        return meant.thing.id in {o.id for o in owed(self._clock(), meant.world)}

    def _meeting(self, meant: Meant, who: ClinicianId) -> Expected | None:
        """The meeting, cancelled or not. None if it is written about by now, or not this person's any more."""
        if meant.thing.kind is not Owing.NOTE:
            return None
        unbegun = written(self._clock(), replace(meant.world, cancelled=())).unbegun
        return next((m for m in unbegun if m.id == meant.thing.id and who in m.leaders), None)

    def _refused(self, press: Press, reminder: str) -> tuple[Reply, ...]:
        entry = Entry(actor=press.author, action="press", object_type="reminder", object_id=reminder, outcome="refused")
        self._store.witness(entry)
        return _to(press, says.for_somebody_else())


def _tomorrow(who: ClinicianId, now: datetime, world: World) -> datetime:
    """Somebody who does not work for a year is asked again in a day."""
    today = day_of(who, now, world)
    return next((m for m in mornings(who, now, world) if day_of(who, m, world) > today), now + timedelta(days=1))


def _clinicians(world: World) -> tuple[Clinician, ...]:
    return tuple(c for c in world.roster.clinicians if Role.CLINICIAN in c.roles)


def _as_cancelled(meeting: Expected) -> Cancelled:
    return Cancelled(group=meeting.group, met_on=meeting.met_on, starts=meeting.starts)


def _to(press: Press, view: View) -> tuple[Reply, ...]:
    return (Out(to=press.author, view=view, key=f"say:{press.id}"),)
