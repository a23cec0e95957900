"""One of several bots on one database that tick every second by a clock that stands still, for some seconds."""

import sys
import time
from datetime import datetime
from pathlib import Path

from slack_sdk import WebClient

from bot.delivery import Delivery
from bot.jobs import Jobs
from storage.durable import Durable
from storage.store import Store


def main(home: str, slack_url: str, token: str, now: str, name: str) -> None:
    instant = datetime.fromisoformat(now)
    store = Store.open(f"sqlite:///{home}/circlenote.db", key_file=Path(home) / "key", clock=lambda: instant)
    slack = WebClient(token=token, base_url=slack_url)
    jobs = Jobs(store, Delivery(slack, store), lambda: instant)
    durable = Durable(store, print, executor=name, on_tick=jobs.tick, every="* * * * * *")
    durable.start()
    until = time.monotonic() + 4
    while time.monotonic() < until:
        jobs.tick()  # besides the schedule, so that both often tick at once
    durable.stop()
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
