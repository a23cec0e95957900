"""Several threads and processes write to one database: nothing is lost, nothing is double."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy.orm.exc import StaleDataError

from storage.store import Store
from storage.tables import DraftRow
from tests.storage.riverbend import NOTE, fact, handle, message, press

WRITERS, EACH = 3, 12


def _write(url, keys, writer):
    store = Store.open(url, key_file=keys)
    for number in range(EACH):
        id = f"{writer}-{number}"
        store.hear(message(id=id), (fact("topic", id),), {0: "d1"})
        store.hear(message(id=f"shared-{number}"), (fact("topic", f"shared-{number}"),), {0: "d1"})
        store.receive(id, "message", {}, "D1", f"shared-{number}")
    store.close()


def test_processes_writing_at_once_lose_nothing_and_double_nothing(home, store, draft):
    url, keys = home
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_write, args=(url, keys, each)) for each in range(WRITERS)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(120)
    assert [each.exitcode for each in writers] == [0] * WRITERS
    own = {f"{writer}-{number}" for writer in range(WRITERS) for number in range(EACH)}
    shared = {f"shared-{number}" for number in range(EACH)}
    heard = [each.value for each in store.facts("d1")]
    assert sorted(heard) == sorted(own | shared)
    assert len(store.work.unfinished()) == EACH
    assert store.verify_audit() == ()


def test_of_many_who_sign_at_once_one_does(store, draft):
    def sign(number):
        return store.sign(replace(NOTE, id=f"n{number}"), ())

    with ThreadPoolExecutor(6) as people:
        outcomes = list(people.map(sign, range(6)))
    assert sorted(outcomes) == [False] * 5 + [True]
    assert len(store.notes()) == 1


def test_a_button_pressed_many_times_at_once_counts_once(store, draft):
    def tap(_):
        return store.press(press(), (fact("held", value=True),), "d1")

    with ThreadPoolExecutor(6) as people:
        assert sorted(people.map(tap, range(6))) == [False] * 5 + [True]
    assert len(store.facts("d1")) == 1


def test_who_read_a_row_before_another_changed_it_is_refused(store, draft):
    with store.database.read() as session:
        stale = session.get_one(DraftRow, "d1")
    store.settle("d1", "dbt", NOTE.session.met_on)
    stale.channel = "elsewhere"
    with pytest.raises(StaleDataError), store.database.write() as session:
        session.add(stale)
    assert store.drafts()[0].channel == handle().channel
