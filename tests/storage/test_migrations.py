import multiprocessing
import shutil

import pytest
from alembic import command
from sqlalchemy import text

from storage.migrations import config_for, upgrade
from storage.store import Store
from storage.trouble import StorageTrouble
from tests.storage.riverbend import DAY


def test_the_migrated_tables_are_those_of_the_code(store):
    with store.database.engine.begin() as connection:
        command.check(config_for(connection))  # raises if it finds anything to do


def test_upgrading_twice_is_harmless(store):
    upgrade(store.database.engine)
    upgrade(store.database.engine)
    assert len(store.roster(DAY).clients) == 4


def test_a_database_of_a_newer_version_is_left_alone(home, store):
    with store.database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    url, keys = home
    with pytest.raises(StorageTrouble, match="newer version"):
        Store.open(url, key_file=keys)


def _set_up(url, keys, outcome):
    try:
        Store.open(url, key_file=keys, create=True).close()
        outcome.put("ok")
    except Exception as error:  # noqa: BLE001 told to the parent
        outcome.put(repr(error))


def test_two_set_ups_at_once_both_succeed(sqlite_home, tmp_path):
    _, keys = sqlite_home
    shutil.copy(keys, tmp_path / "keys")
    url = f"sqlite:///{tmp_path}/twice/new.db"
    fork = multiprocessing.get_context("spawn")
    outcome = fork.Queue()
    both = [fork.Process(target=_set_up, args=(url, tmp_path / "keys", outcome)) for _ in range(2)]
    for each in both:
        each.start()
    assert [outcome.get(timeout=60) for _ in both] == ["ok", "ok"]
    for each in both:
        each.join()
