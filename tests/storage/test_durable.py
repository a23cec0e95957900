import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from dbos import DBOS

from storage.durable import Durable
from storage.store import Store
from tests.storage.victim import on_event

VICTIM = Path(__file__).with_name("victim.py")
TICKER = Path(__file__).with_name("ticker.py")


def receive(store, event_id, channel="D1", ts=None):
    return store.receive(event_id, "message", {"text": event_id}, channel, ts or event_id)


def handled_by(store, on_event, **settings):
    durable = Durable(store, on_event, pause=0.01, **settings)
    durable.start()
    assert durable.idle(30)
    return durable


def test_an_event_is_kept_with_its_body_and_handled(store):
    assert receive(store, "e1")
    assert store.event("e1") == {"text": "e1"}
    seen = []
    handled_by(store, seen.append).stop()
    assert seen == ["e1"]


def test_an_event_delivered_twice_is_handled_once(store):
    assert receive(store, "e1", ts="5.5")
    assert not receive(store, "e1", ts="5.5")
    assert not receive(store, "e2", ts="5.5")  # the same gesture under another delivery
    assert store.receive("e3", "app_mention", {}, "D1", "5.5")  # another kind of thing at the same place
    assert store.receive("e4", "home", {}, None, None)
    assert store.receive("e5", "home", {}, None, None)
    seen = []
    durable = handled_by(store, seen.append)
    assert not receive(store, "e1", ts="5.5")
    durable.stop()
    assert sorted(seen) == ["e1", "e3", "e4", "e5"]


def test_an_event_that_could_not_be_queued_is_not_kept_either(store, monkeypatch):
    def away(*_args, **_more):
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(store.work, "enqueue", away)
        with pytest.raises(ConnectionError):
            receive(store, "e1")
    assert receive(store, "e1")


def test_the_events_of_one_conversation_are_handled_in_turn(store):
    for number in range(6):
        receive(store, f"e{9 - number}", channel="D1")
        receive(store, f"f{9 - number}", channel="D2")
    busy, seen, together = set(), [], []

    def on_event(event_id):
        together.append(event_id[0] in busy)
        busy.add(event_id[0])
        time.sleep(0.02)
        seen.append(event_id)
        busy.discard(event_id[0])

    handled_by(store, on_event).stop()
    assert [each for each in seen if each[0] == "e"] == ["e9", "e8", "e7", "e6", "e5", "e4"]
    assert [each for each in seen if each[0] == "f"] == ["f9", "f8", "f7", "f6", "f5", "f4"]
    assert not any(together)


def test_what_fails_is_tried_again_and_then_shown(store):
    receive(store, "e1")
    receive(store, "e2", channel="D2")
    tries = []

    def on_event(event_id):
        tries.append(event_id)
        if event_id == "e1" or tries.count("e2") < 2:
            raise ValueError

    durable = handled_by(store, on_event, attempts=3)
    assert sorted(tries) == ["e1", "e1", "e1", "e2", "e2"]
    assert durable.failed() == ("e1",)
    durable.stop()

    durable = Durable(store, tries.append, pause=0.01)
    durable.retry("e1")
    durable.start()
    assert durable.idle(30)
    assert durable.failed() == ()
    durable.stop()
    assert tries.count("e1") == 4


def kill_in(moment, url, keys):
    """Another process receives an event and dies before or during its handling."""
    victim = subprocess.Popen([sys.executable, VICTIM, url, keys, moment], stdout=subprocess.PIPE, text=True)
    assert victim.stdout.readline().strip() == "now"
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    victim.stdout.close()


def test_work_that_a_dead_machine_holds_is_taken_over(home, store):
    kill_in("elsewhere", *home)
    durable = Durable(store, on_event(store), pause=0.01)
    durable.start()
    assert not durable.idle(0.5)
    assert store.work.take_over(timedelta(minutes=10)) == 0
    assert store.work.take_over(timedelta(0)) == 1
    assert durable.idle(30)
    durable.stop()
    assert [each.value for each in store.facts("d1")] == ["e1"]


@pytest.mark.parametrize("moment", ["before", "during"])
def test_killed_between_receiving_and_handling_it_is_handled_after_the_restart_once(home, moment):
    url, keys = home
    kill_in(moment, url, keys)
    store = Store.open(url, key_file=keys)
    handled_by(store, on_event(store)).stop()
    assert [each.value for each in store.facts("d1")] == ["e1"]
    assert store.work.failed() == ()
    assert store.work.unfinished() == ()
    handled_by(store, on_event(store)).stop()
    assert [each.value for each in store.facts("d1")] == ["e1"]
    assert store.verify_audit() == ()
    store.close()


def test_a_schedule_ticks_and_a_failing_tick_does_not_stop_it(store):
    ticks = []

    def on_tick():
        ticks.append(time.monotonic())
        if len(ticks) == 1:
            raise ValueError("Gonzalez")

    durable = Durable(store, print, on_tick=on_tick, every="* * * * * *", pause=0.01)
    durable.start()
    until = time.monotonic() + 30
    while len(ticks) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    durable.stop()
    assert len(ticks) >= 3
    assert durable.failed() == ()


def test_where_nothing_ticks_no_schedule_is_left(store):
    durable = Durable(store, print, on_tick=lambda: None, pause=0.01)
    durable.start()
    assert [each["schedule_name"] for each in DBOS.list_schedules()] == ["tick"]
    durable.stop()
    durable = Durable(store, print, pause=0.01)
    durable.start()
    assert DBOS.list_schedules() == []
    durable.stop()


def test_of_two_processes_one_ticks_at_a_time_that_is_due(home):
    """Each says in which second it ticked."""
    arguments = [sys.executable, TICKER, *map(str, home)]
    both = [subprocess.Popen([*arguments, name], stdout=subprocess.PIPE, text=True) for name in ("first", "second")]
    ticked = [line.split() for each in both for line in each.communicate(timeout=60)[0].splitlines()]
    assert len(ticked) >= 3
    assert len({at for at, _ in ticked}) == len(ticked)
