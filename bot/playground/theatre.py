"""Sets the stage: the fictional practice in an own database, and a conversation on it."""

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from billing.records import Group
from bot.conversation import Conversation
from bot.playground.stage import Stage
from bot.practice_file import records_in
from nlp.reader import Reader
from storage.ids import new_id
from storage.store import Store

EXAMPLE = (
    "DBT 2-3:15, TIPP + ice water. Maria, Kay, Tom, Bob, Will there, Priya 15 late. Ana called out sick. "
    "Tom irritable at check in, redirected x2, came round. Kay tearful, denied SI. Priya did her diary card. "
    "Maria practiced opp action w/ her mom. Will quiet but tracking, Bob led the closing mindfulness"
)


class NotOurs(Exception):
    """The folder holds something else than a fictional practice: it is neither used nor deleted."""


def open_practice(folder: Path, text: str, *, fresh: bool = False) -> Store:
    """The database of a fictional practice in `folder`, its key beside it: nothing in it is anybody's."""
    database = folder / "circlenote.db"
    if folder.exists() and any(folder.iterdir()) and not database.exists():
        raise NotOurs(f"{folder} holds something else: choose an empty folder.")
    store = _fictional(_opened(folder, text), folder)
    if not fresh:
        return store
    store.close()
    shutil.rmtree(folder)
    return _opened(folder, text)


def _opened(folder: Path, text: str) -> Store:
    database = folder / "circlenote.db"
    store = Store.open(f"sqlite:///{database}", key_file=folder / "key", create=not database.exists())
    if store.practice() is None:
        store.put(records_in(text), by="setup")
    return store


def _fictional(store: Store, folder: Path) -> Store:
    practice = store.practice()
    if practice is None or not practice.fictional:
        store.close()
        raise NotOurs(f"{folder} holds a real practice: choose an empty folder to play in.")
    return store


def set_stage(store: Store, reader: Reader, at: datetime | None, who: str = "dana") -> Stage:
    """A stage whose clock starts at `at` (local time of the practice), or when `who` would write after group."""
    practice = store.practice()
    assert practice is not None
    zone = ZoneInfo(practice.timezone)
    now = datetime.now(zone)
    stage = Stage(store, (at or after_group(who, store.roster(now.date()).groups, now)).replace(tzinfo=zone))
    stage.conversation = Conversation(store, reader, stage.clock, new_id)
    return stage


def after_group(who: str, groups: Sequence[Group], now: datetime) -> datetime:
    """Twenty-five minutes after the last meeting, before `now`, of the first group that this person leads."""
    schedule = next((g.schedule for g in groups if g.leader == who and g.schedule), None)
    if schedule is None:
        return now
    ends = (datetime.combine(now.date() - timedelta(days=back), schedule.ends, now.tzinfo) for back in range(8))
    return next(e for e in ends if e.weekday() in schedule.weekdays and e + WRITES_AFTER <= now) + WRITES_AFTER


WRITES_AFTER = timedelta(minutes=25)
