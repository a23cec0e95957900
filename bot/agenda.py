"""What will run when, and what ran: for whoever keeps the bot running, as plain text."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from billing.calendar import DAY, instant, is_working_day, practice_day, practice_zone, working_day_after
from billing.clockwork import Kind, Reminder, World
from billing.mornings import when_told
from billing.record import record
from billing.records import ClinicianId, Role
from billing.reminders import due, nudges_for, supervisors
from billing.worklist import owed
from bot.delivery import Delivery
from bot.jobs import Jobs, Pictures
from bot.run import RunTrouble, open_store, web_client
from bot.settings import Settings
from bot.views.plain import as_text
from bot.views.reminder import session_name
from storage.reminders import Kept
from storage.store import Store

AHEAD = timedelta(days=15)
"""So far ahead a digest or a week is looked for."""


@record
class Coming:
    """One thing that will be said, if nothing changes until then."""

    at: datetime
    kind: Kind
    to: ClinicianId
    about: str = ""


def coming(now: datetime, world: World) -> tuple[Coming, ...]:
    """What is ahead, soonest first: of each thing that is owed when somebody is told next, and the next pictures."""
    return tuple(sorted((*_nudges(now, world), *_pictures(now, world)), key=lambda c: (c.at, c.kind, c.to, c.about)))


def _nudges(now: datetime, world: World) -> Iterator[Coming]:
    for nudge in nudges_for(owed(now, world), world):
        ahead = [at for at in nudge.at if at > now]
        if ahead:
            yield Coming(at=min(ahead), kind=nudge.kind, to=nudge.to, about=session_name(nudge.of, world.roster))


def _pictures(now: datetime, world: World) -> Iterator[Coming]:
    today = practice_day(now, world.roster)
    days = [today + n * DAY for n in range(AHEAD.days)]
    digests = [day for day in days if is_working_day(day, world)]
    opened = (working_day_after(day - DAY, 1, world) for day in days if day.weekday() == world.reminding.week_on)
    weeks = [day for day in opened if day]
    for kind, people, turns in ((Kind.DIGEST, billers(world), digests), (Kind.WEEK, supervisors(world.roster), weeks)):
        for who in people:
            told = (_told(who, day, world) for day in turns)
            at = next((each for each in told if each and each > now), None)
            if at:
                yield Coming(at=at, kind=kind, to=who)


def _told(who: ClinicianId, day: date, world: World) -> datetime | None:
    return when_told(who, instant(day, world.reminding.digest_at, practice_zone(world.roster)), world)


def billers(world: World) -> tuple[ClinicianId, ...]:
    return tuple(c.id for c in world.roster.clinicians if Role.BILLER in c.roles)


# ---- one job by itself -------------------------------------------------------------------------------------------


def reminders_of(kind: Kind, day: date, now: datetime, world: World) -> tuple[Reminder, ...]:
    """What that job says. Pictures are made of any day; lists are always those that are due now."""
    if kind is Kind.DIGEST:
        return tuple(Reminder(kind=kind, to=who, business_date=day, at=now) for who in billers(world))
    if kind is Kind.WEEK:
        return tuple(Reminder(kind=kind, to=who, business_date=day, at=now) for who in supervisors(world.roster))
    return tuple(each for each in due(now, world) if each.kind is kind)


def shown(reminders: Iterable[Reminder], store: Store, world: World) -> str:
    """What would be said, to whom. Nothing is said and nothing kept."""
    pictures = Pictures(store)
    texts = [f"to {each.to}:\n{as_text(pictures.view(each, '', world).blocks)}" for each in reminders]
    return "\n\n".join(texts) or "Nothing."


# ---- as text -----------------------------------------------------------------------------------------------------


def listing(ran: Iterable[Kept], ahead: Iterable[Coming], world: World) -> str:
    """Both as columns, by the practice's clock."""
    zone = practice_zone(world.roster)

    def when(at: datetime) -> str:
        return f"{at.astimezone(zone):%a %b %d %H:%M}"

    rows = [f"  {when(k.says.at)}  {k.says.kind:<8} {k.says.to:<12} {_came_of(k)}" for k in ran]
    plans = [f"  {when(c.at)}  {c.kind:<8} {c.to:<12} {c.about}".rstrip() for c in ahead]
    return "\n".join(("What ran", *(rows or ["  nothing yet"]), "What will run", *(plans or ["  nothing"])))


def _came_of(kept: Kept) -> str:
    rest = f"edition {kept.says.edition}, {len(kept.says.about)} open" if kept.says.about else ""
    late = "late" if kept.says.late else ""
    return ", ".join(part for part in (str(kept.state).replace("_", " "), rest, late) if part)


# ---- for the command line ----------------------------------------------------------------------------------------


def jobs_text(settings: Settings) -> str:
    """What ran and what will run."""
    store = open_store(settings)
    try:
        now = datetime.now(UTC)
        world = store.world(now)
        return listing(store.reminders.last(), coming(now, world), world)
    finally:
        store.close()


def run_one(settings: Settings, kind: Kind, day: date | None, *, dry_run: bool) -> str:
    """Says one job now, or shows what it would say. RunTrouble if there is no Slack to say it in."""
    if not dry_run and settings.slack_bot_token is None:
        raise RunTrouble("Missing in the environment: SLACK_BOT_TOKEN. With --dry-run it is only shown.")
    store = open_store(settings)
    try:
        now = datetime.now(UTC)
        world = store.world(now)
        reminders = reminders_of(kind, day or practice_day(now, world.roster), now, world)
        if dry_run:
            return shown(reminders, store, world)
        said = Jobs(store, Delivery(web_client(settings), store), lambda: datetime.now(UTC)).send(reminders)
        return f"Said {said} of {len(reminders)}; the rest was said before, or will be tried again."
    finally:
        store.close()


def digest_text(settings: Settings, day: date | None) -> str:
    """The biller's day, as it would be sent."""
    store = open_store(settings)
    try:
        now = datetime.now(UTC)
        world = store.world(now)
        on = day or practice_day(now, world.roster)
        return as_text(Pictures(store).digest(on, now, world).blocks)
    finally:
        store.close()
