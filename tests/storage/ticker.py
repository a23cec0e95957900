"""One of several bots that tick every second, for some seconds; prints which scheduled second it ticked in."""

import sys
import time
from pathlib import Path

from dbos import DBOS

from storage.durable import Durable
from storage.store import Store


def main(url: str, keys: str, name: str) -> None:
    store = Store.open(url, key_file=Path(keys))
    on_tick = lambda: print(DBOS.workflow_id, name, flush=True)
    durable = Durable(store, print, executor=name, on_tick=on_tick, every="* * * * * *")
    durable.start()
    time.sleep(6)
    durable.stop()
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
