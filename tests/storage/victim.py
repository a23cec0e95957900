"""A bot that says when it is time to kill it: with an event received, or half handled, perhaps on another machine."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from storage.durable import Durable
from storage.store import Store
from tests.storage.riverbend import fact, handle, message


def on_event(store: Store) -> Callable[[str], None]:
    def handle_event(event_id: str) -> None:
        store.hear(message(id=event_id), (fact("topic", event_id),), {0: "d1"}, opened=(handle(),))

    return handle_event


def main(url: str, keys: str, moment: str) -> None:
    store = Store.open(url, key_file=Path(keys))
    store.receive("e1", "message", {}, "D1", "1.1")

    def die(event_id: str) -> None:
        on_event(store)(event_id)
        print("now", flush=True)
        time.sleep(60)

    if moment != "before":
        Durable(store, die, executor="another" if moment == "elsewhere" else "first").start()
    else:
        print("now", flush=True)
    time.sleep(60)


if __name__ == "__main__":
    main(*sys.argv[1:])
