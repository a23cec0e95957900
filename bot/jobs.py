"""The clock's hand: every few minutes it asks `billing` what is due, and says it.

Nothing is decided here. What is due is kept before it is said, so that of several processes one says it, and a later
tick finishes what a dead one left.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from billing.clockwork import Kind, Reminder, World
from billing.digest import billers_day
from billing.records import GroupNote, NoteId
from billing.reminders import due
from billing.week import supervisors_week
from bot.delivery import Delivery
from bot.outbox import Out
from bot.views.blocks import View
from bot.views.digest import digest, week
from bot.views.reminder import Telling, reminder
from storage.reminders import Place, Taken
from storage.store import Store

log = logging.getLogger(__name__)
A_WEEK = timedelta(days=7)


class Pictures:
    """Lays out what is to be said. Reads, and touches nothing else."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self, of: Reminder, id: str, world: World) -> View:
        """The message as it is to stand; `id` is what its buttons carry."""
        if of.kind is Kind.DIGEST:
            return self.digest(of.business_date, of.at, world, late=of.late)
        if of.kind is Kind.WEEK:
            return self.week(of, world)
        return reminder(Telling(of=of, id=id, roster=world.roster, notes=self._notes(of)))

    def digest(self, day: date, now: datetime, world: World, *, late: bool = False) -> View:
        """The same for every biller."""
        payers = {payer.id: payer.name for payer in self._store.payers()}
        return digest(billers_day(day, self._store.books(now), world), payers, late=late)

    def week(self, of: Reminder, world: World) -> View:
        """Of the week before the one in which it is told."""
        last = of.business_date - A_WEEK
        return week(supervisors_week(of.to, last, of.at, world), world.roster, late=of.late)

    def _notes(self, of: Reminder) -> dict[NoteId, GroupNote]:
        wanted = [m.of.note for m in of.about if m.of.note]
        return {id: note for id in wanted if (note := self._store.note(id))}


class Jobs:
    """`clock` gives the present instant, in UTC."""

    def __init__(self, store: Store, delivery: Delivery, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._delivery = delivery
        self._clock = clock
        self._pictures = Pictures(store)

    def tick(self) -> None:
        """Says everything that is due now, and what somebody else set out to say and did not."""
        now = self._clock()
        world = self._store.world(now)
        self._say_all(due(now, world), world)
        for taken in self._store.reminders.take_over():
            self._say_safely(taken, world)

    def send(self, reminders: Iterable[Reminder]) -> int:
        """Says these, unless they were said before; returns how many it said."""
        return self._say_all(reminders, self._store.world(self._clock()))

    def _say_all(self, reminders: Iterable[Reminder], world: World) -> int:
        ours = [taken for each in reminders if (taken := self._store.reminders.take(each))]
        return sum(self._say_safely(taken, world) for taken in ours)

    def _say_safely(self, taken: Taken, world: World) -> bool:
        """One that cannot be said now does not keep the others waiting: a later tick takes it over."""
        try:
            self._say(taken, world)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
            log.warning("reminder %s could not be said: %s", taken.id, type(error).__name__)
            return False
        return True

    def _say(self, taken: Taken, world: World) -> None:
        if not world.roster.clinician(taken.says.to).slack_user:
            self._store.reminders.give_up(taken.id)
            return
        view = self._pictures.view(taken.says, taken.id, world)
        quietly = None if taken.says.rings else self._in_place(taken, view)
        if quietly or not _worth_a_message(taken.says):
            self._store.reminders.said(taken.id, quietly)
            return
        self._say_anew(taken, view)

    def _in_place(self, taken: Taken, view: View) -> Place | None:
        return taken.stands if taken.stands and self._delivery.change(taken.stands, view) else None

    def _say_anew(self, taken: Taken, view: View) -> None:
        """A new message, so that the person notices; the one before goes."""
        says = taken.says
        place = self._delivery.post(Out(to=says.to, view=view, key=f"{says.key}:{says.edition}"))
        if taken.stands and taken.stands != place:
            self._delivery.remove(taken.stands)
        if not self._store.reminders.said(taken.id, place):
            self._delivery.remove(place)


def _worth_a_message(says: Reminder) -> bool:
    """A list of which everything is done is not posted anew, if the message that it would have changed is gone."""
    return says.rings or bool(says.about)
