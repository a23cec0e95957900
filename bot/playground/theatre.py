"""Sets the stage: the fictional practice in an own database, and a conversation on it."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

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


def open_practice(folder: Path, text: str, *, fresh: bool = False) -> Store:
    """The database of a fictional practice in `folder`, its key beside it: nothing in it is anybody's."""
    if fresh and folder.exists():
        shutil.rmtree(folder)
    database = folder / "circlenote.db"
    store = Store.open(f"sqlite:///{database}", key_file=folder / "key", create=not database.exists())
    if store.practice() is None:
        store.put(records_in(text), by="setup")
    return store


def set_stage(store: Store, reader: Reader, at: datetime | None) -> Stage:
    """A stage whose clock starts at `at` (local time of the practice), or at the last scheduled group's end."""
    practice = store.practice()
    assert practice is not None
    zone = ZoneInfo(practice.timezone)
    stage = Stage(store, (at or just_after_group(zone)).replace(tzinfo=zone))
    stage.conversation = Conversation(store, reader, stage.clock, new_id)
    return stage


def just_after_group(zone: ZoneInfo) -> datetime:
    """The last Tuesday at 3:40 PM: when the example message would be typed."""
    now = datetime.now(zone)
    tuesday = now - timedelta(days=(now.weekday() - 1) % 7)
    last = tuesday.replace(hour=15, minute=40, second=0, microsecond=0)
    return last if last <= now else last - timedelta(days=7)
