import os
import stat
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from storage.engines import durability_pragmas, has_sound_wal
from storage.keys import add_key, make_keys, read_keys
from storage.rotation import rotate_keys
from storage.store import Store
from storage.tables import CanaryRow
from storage.trouble import StorageTrouble
from tests.storage.riverbend import DAY, LINE, MARIA, MARIA_CAME, NOTE, handle, message


def test_a_new_database_and_its_key_are_for_their_owner_only(sqlite_home, tmp_path):
    url = f"sqlite:///{tmp_path}/var/new.db"
    keys = tmp_path / "elsewhere" / "keys"
    Store.open(url, key_file=keys, create=True).close()
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "var" / "new.db").stat().st_mode) == 0o600
    Store.open(url, key_file=keys, create=True).close()  # set-up run twice
    Store.open(url, key_file=keys).close()


def test_without_a_database_there_is_one_sentence_and_nothing_is_made(tmp_path):
    with pytest.raises(StorageTrouble, match="no Circlenote database"):
        Store.open(f"sqlite:///{tmp_path}/x.db", key_file=tmp_path / "keys")
    assert list(tmp_path.iterdir()) == []


def test_a_set_up_that_was_cut_short_is_refused_and_can_be_finished(home):
    url, keys = home
    store = Store.open(url, key_file=keys)
    with store.database.write() as session:
        session.delete(session.get_one(CanaryRow, 1))
    store.close()
    with pytest.raises(StorageTrouble, match="not finished"):
        Store.open(url, key_file=keys)
    Store.open(url, key_file=keys, create=True).close()
    Store.open(url, key_file=keys).close()


def test_a_missing_key_file_is_never_replaced_by_a_new_one(home):
    url, keys = home
    aside = keys.rename(keys.with_name("aside"))
    try:
        for create in (False, True):
            with pytest.raises(StorageTrouble, match=r"key file .* is missing"):
                Store.open(url, key_file=keys, create=create)
        assert not keys.exists()
    finally:
        aside.rename(keys)


def test_the_key_of_another_database_is_refused_in_one_sentence(home, tmp_path):
    url, _ = home
    make_keys(tmp_path / "other")
    with pytest.raises(StorageTrouble, match="right key file"):
        Store.open(url, key_file=tmp_path / "other")


def test_a_key_file_that_others_may_read_is_refused(sqlite_home):
    url, keys = sqlite_home
    keys.chmod(0o640)
    with pytest.raises(StorageTrouble, match="chmod 600"):
        Store.open(url, key_file=keys)


@pytest.mark.parametrize("text", ["", "k1:short", "hello", "k1:" + "A" * 43])
def test_a_damaged_key_file_is_refused(tmp_path, text):
    keys = tmp_path / "keys"
    keys.write_text(text)
    keys.chmod(0o600)
    with pytest.raises(StorageTrouble, match="not a key file"):
        read_keys(keys)


def test_a_key_ring_does_not_print_its_keys(tmp_path):
    make_keys(tmp_path / "keys")
    assert repr(read_keys(tmp_path / "keys")) == "KeyRing('k1',)"


def test_a_server_that_is_away_is_one_sentence_without_the_password(tmp_path):
    make_keys(tmp_path / "keys")
    with pytest.raises(StorageTrouble, match="does not answer") as caught:
        Store.open("postgresql+psycopg://me:secret@127.0.0.1:1/none", key_file=tmp_path / "keys")
    assert "secret" not in str(caught.value)


# ---- rotation --------------------------------------------------------------------------------------------------


def test_after_a_rotation_nothing_is_under_the_old_key(sqlite_home):
    url, keys = sqlite_home
    store = Store.open(url, key_file=keys)
    store.hear(message(), (MARIA_CAME,), {0: "d1"}, opened=(handle(),))
    store.sign(NOTE, (LINE,))
    store.close()
    old = keys.read_text()
    assert rotate_keys(url, keys, by="admin") == "k2"
    keys.write_text(keys.read_text().replace(old, ""))  # the old key is gone
    store = Store.open(url, key_file=keys)
    assert store.note("n1") == NOTE
    assert store.lines() == (LINE,)
    assert store.roster(DAY).client("c1") == MARIA
    assert store.facts("d1")[0].value is MARIA_CAME.value
    with pytest.raises(StorageTrouble, match="no key 'k1'"):
        store.verify_audit()  # its older entries need the older key, which is why rings keep them
    store.close()


def test_a_rotation_works_on_both_databases_and_keeps_the_audit_trail_whole(home):
    url, keys = home
    original = keys.read_text()
    try:
        rotate_keys(url, keys, by="admin")
        store = Store.open(url, key_file=keys)
        assert store.roster(DAY).client("c1") == MARIA
        assert store.verify_audit() == ()
        store.close()
    finally:
        keys.write_text(original)


def test_a_rotation_is_refused_while_the_bot_runs(home, store):
    url, keys = home
    before = keys.read_text()
    store.practice()
    with pytest.raises(StorageTrouble, match="Stop the bot"):
        rotate_keys(url, keys, by="admin")
    assert keys.read_text() == before
    assert store.roster(DAY).client("c1") == MARIA


def test_a_rotation_that_was_cut_short_after_the_new_key_still_opens(sqlite_home):
    url, keys = sqlite_home
    add_key(keys)
    store = Store.open(url, key_file=keys)
    assert store.roster(DAY).client("c1") == MARIA
    store.close()
    assert rotate_keys(url, keys, by="admin") == "k3"
    Store.open(url, key_file=keys).close()


# ---- the SQLite library ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 9), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_write_ahead_logging_is_used_only_where_it_keeps_every_row(version, sound):
    assert has_sound_wal(version) is sound
    assert ("WAL" in durability_pragmas(version)[0]) is sound
    assert durability_pragmas(version)[1].endswith("FULL" if sound else "EXTRA")


def test_this_library_runs_with_full_durability(sqlite_home):
    url, keys = sqlite_home
    store = Store.open(url, key_file=keys)
    for engine in (store.database.engine, store.database.queue_engine):
        with engine.connect() as connection:
            settings = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
        assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}
    store.close()


def test_an_unreadable_file_is_not_mistaken_for_a_wrong_key(sqlite_home):
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    url, keys = sqlite_home
    Path(url.removeprefix("sqlite:///")).chmod(0)
    with pytest.raises(OperationalError):
        Store.open(url, key_file=keys)
