import shutil
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import make_transient

from storage.audit import Anchor, Entry
from storage.store import Store
from storage.tables import AuditRow
from tests.storage.riverbend import MARIA_CAME, NOTE, handle, message, press


@pytest.fixture
def trail(store):
    store.hear(message(), (MARIA_CAME,), {0: "d1"}, opened=(handle(),))
    store.press(press(), (), "d1")
    store.witness(Entry(actor="bea", action="read", object_type="note", object_id="n1", outcome="denied"))
    return store


def attack(store, *statements):
    """As somebody would who has the file and the database's password, but not the key of the chain."""
    with store.database.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for name in ("audit_no_update", "audit_no_delete", "audit_in_order"):
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        for statement in statements:
            connection.execute(text(statement))


def last(store):
    return store.audit_anchor().seq


def test_each_change_is_told_in_the_same_transaction(trail):
    with trail.database.read() as session:
        rows = session.connection().execute(text("SELECT actor, action, object_id FROM audit ORDER BY seq")).all()
    assert rows[-4:] == [
        ("dana", "open", "d1"),
        ("dana", "hear", "Ddana:100.1"),
        ("dana", "press", "p1"),
        ("bea", "read", "n1"),
    ]
    assert trail.verify_audit() == ()


def test_the_audit_never_says_a_name(trail):
    trail.sign(NOTE, ())
    with trail.database.read() as session:
        rows = session.connection().execute(text("SELECT * FROM audit")).all()
    assert not any(name in str(rows) for name in ("Maria", "Gonzalez", "self-criticism", "Alder"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'x'",
        "DELETE FROM audit",
        "INSERT INTO audit SELECT 5 + max(seq), at, actor, action, object_type, object_id, '', '', '', mac FROM audit",
    ],
)
def test_the_database_refuses_changes(trail, statement):
    if "INSERT" in statement and trail.database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE to guard against")
    with pytest.raises(DBAPIError, match="append-only"), trail.database.engine.begin() as connection:
        connection.execute(text(statement))


def test_replacing_an_entry_is_refused(sqlite_home):
    store = Store.open(sqlite_home[0], key_file=sqlite_home[1])
    with pytest.raises(DBAPIError, match="append-only"), store.database.engine.begin() as connection:
        connection.execute(text("INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 1"))
    store.close()


def test_truncating_is_refused(postgresql_home):
    store = Store.open(postgresql_home[0], key_file=postgresql_home[1])
    with pytest.raises(DBAPIError, match="append-only"), store.database.engine.begin() as connection:
        connection.execute(text("TRUNCATE audit"))
    store.close()


def test_an_altered_entry_is_found(trail):
    attack(trail, "UPDATE audit SET actor = 'luis' WHERE seq = 3")
    assert "entry 3 was altered" in trail.verify_audit()[0]


def test_a_removed_entry_is_found(trail):
    attack(trail, "DELETE FROM audit WHERE seq = 3")
    assert trail.verify_audit()[0] == "entries 3 to 3 are missing"


def test_swapped_entries_are_found(trail):
    attack(
        trail,
        "UPDATE audit SET seq = 9999 WHERE seq = 3",
        "UPDATE audit SET seq = 3 WHERE seq = 4",
        "UPDATE audit SET seq = 4 WHERE seq = 9999",
    )
    assert len(trail.verify_audit()) >= 2


def test_an_entry_from_another_history_of_the_same_database_is_found(sqlite_home, tmp_path):
    """As after a restored backup: both entries were written with the right key, at the same place."""
    url, keys = sqlite_home
    folder = Path(url.removeprefix("sqlite:///")).parent
    shutil.copytree(folder, tmp_path / "other")
    ours = Store.open(url, key_file=keys)
    theirs = Store.open(f"sqlite:///{tmp_path}/other/circlenote.db", key_file=keys)
    for store, who in ((ours, "bea"), (theirs, "luis")):
        for _ in range(2):
            store.witness(Entry(actor=who, action="read", object_type="note", object_id="n1"))
    assert ours.audit_anchor().seq == theirs.audit_anchor().seq
    with theirs.database.read() as session:
        foreign = session.get_one(AuditRow, theirs.audit_anchor().seq - 1)
    attack(ours, f"DELETE FROM audit WHERE seq = {foreign.seq}")
    with ours.database.write() as session:
        make_transient(foreign)
        session.add(foreign)
    assert ours.verify_audit() == (f"entry {foreign.seq + 1} was altered, or the one before it",)
    ours.close()
    theirs.close()


def test_a_cut_off_end_is_found_against_an_anchor(trail):
    anchor = trail.audit_anchor()
    trail.witness(Entry(actor="bea", action="read", object_type="note", object_id="n2"))
    assert trail.verify_audit(anchor) == ()
    attack(trail, f"DELETE FROM audit WHERE seq >= {anchor.seq}")
    assert trail.verify_audit() == ()
    assert "cut off" in trail.verify_audit(anchor)[0]


def test_an_empty_trail_is_whole(trail):
    assert trail.verify_audit(Anchor(seq=0, mac="")) != ()
    assert last(trail) > 0
