"""Nothing a client said or is called may stand anywhere in plain text: not in the file, its log, or the queue."""

import subprocess
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, MetaData, select
from sqlalchemy.exc import IntegrityError

from storage.crypto import Encrypted, seal, unseal
from storage.durable import Durable
from storage.keys import make_keys, read_keys
from storage.store import Store
from storage.tables import ClientRow, Row
from storage.trouble import StorageTrouble
from tests.storage.riverbend import (
    KAY_TEARFUL,
    LINE,
    MARIA,
    MARIA_CAME,
    NOTE,
    QUESTIONS,
    at,
    fact,
    handle,
    message,
    press,
)

SECRETS = (
    *(
        "Gonzalez",
        "Kayleigh",
        "O'Brien",
        "Becker",
        "Mari",
        "maria",
        "Maz",
        "1990-02-03",
        "Alder Way",
        "NEW222",
        "OLD111",
    ),
    *("tearful", "opp action", "self-criticism", "denied SI", "sick", "F60.3", "F33.1", "~kay", "wasn't mentioned"),
    *("presence-secret", "inbox-secret", "press-secret", "error-secret"),
)


def live_an_evening(store: Store) -> None:
    """A little of everything, and a handler that fails with a client's name in its error."""

    def fail(event_id: str) -> None:
        words = store.event(event_id)["text"]
        raise KeyError(f"Gonzalez error-secret {words}") from ValueError("Maria")

    store.receive("e1", "message", {"text": "Maria Gonzalez inbox-secret"}, "Ddana", "100.1")
    store.hear(message(), (MARIA_CAME, KAY_TEARFUL, fact("who", "c3", "~kay")), {0: "d1"}, opened=(handle(),))
    store.hear(message("Kayleigh presence-secret"), (MARIA_CAME,), {0: "d1"}, edited_at=at(3))
    store.press(press(label="press-secret"), (fact("absence_reason", "sick", "c3"),), "d1")
    store.ask("d1", QUESTIONS, at(4))
    store.sign(NOTE, (LINE,))
    durable = Durable(store, fail, attempts=2, pause=0.01)
    durable.start()
    assert durable.idle(20)
    assert durable.failed() == ("e1",)
    durable.stop()


def plain_rows(store: Store) -> str:
    """Every column of every table, the queue's too, as somebody sees them who has the database but not the keys
    of the columns. A Latin-1 view of bytes keeps any plain text in them readable."""
    engine = store.database.queue_engine
    tables = MetaData()
    tables.reflect(engine)
    if engine.dialect.name == "postgresql":
        tables.reflect(engine, schema="dbos")
    seen = []
    with engine.connect() as connection:
        for table in tables.sorted_tables:
            for row in connection.execute(select(table)):
                seen += [cell.decode("latin-1") if isinstance(cell, bytes) else str(cell) for cell in row]
    assert len(seen) > 1000
    return "\n".join(seen)


def test_no_column_of_any_table_shows_a_client(store, caplog, capfd):
    live_an_evening(store)
    seen = plain_rows(store)
    assert "workflow" in seen or "handle_event" in seen  # the queue's tables are among them
    seen = "\n".join(line for line in seen.splitlines() if not line.startswith(("F33", "F60")))  # the code set
    logged = caplog.text + "".join(capfd.readouterr())
    assert "KeyError at test_secrecy.py" in logged
    for secret in SECRETS:
        assert secret not in seen, secret
        assert secret not in logged, secret


def test_the_file_and_its_log_show_nothing_at_all(sqlite_home):
    url, keys = sqlite_home
    store = Store.open(url, key_file=keys)
    live_an_evening(store)
    folder = Path(url.removeprefix("sqlite:///")).parent
    files = [path for path in folder.iterdir() if path.suffix in (".db", ".db-wal")]
    assert {path.suffix for path in files} == {".db", ".db-wal"}
    for path in files:
        raw = path.read_bytes()
        for secret in (*SECRETS, "SQLite format", "CREATE TABLE", "Riverbend", "handle_event"):
            assert secret.encode() not in raw, (path.suffix, secret)
    store.close()


def test_an_ordinary_sqlite_cannot_read_the_file(sqlite_home):
    path = sqlite_home[0].removeprefix("sqlite:///")
    script = f"import sqlite3; sqlite3.connect({path!r}).execute('select * from client')"
    done = subprocess.run(["python3", "-c", script], capture_output=True, text=True, check=False)
    assert "not a database" in done.stderr


def test_a_value_moved_to_another_column_does_not_open(tmp_path):
    make_keys(tmp_path / "keys")
    ring = read_keys(tmp_path / "keys")
    sealed = seal(ring, b"Maria", "client.first")
    assert unseal(ring, sealed, "client.first") == b"Maria"
    with pytest.raises(StorageTrouble, match="does not open") as caught:
        unseal(ring, sealed, "client.last")
    assert "Maria" not in str(caught.value)


@pytest.mark.parametrize("position", [0, 1, 2, 3, 5, 20, -1])
def test_an_altered_value_does_not_open(tmp_path, position):
    make_keys(tmp_path / "keys")
    ring = read_keys(tmp_path / "keys")
    sealed = bytearray(seal(ring, b"Maria", "client.first"))
    sealed[position] ^= 1
    with pytest.raises(StorageTrouble):
        unseal(ring, bytes(sealed), "client.first")


def test_the_same_name_looks_different_each_time(tmp_path):
    make_keys(tmp_path / "keys")
    ring = read_keys(tmp_path / "keys")
    assert seal(ring, b"Maria", "client.first") != seal(ring, b"Maria", "client.first")


def test_rows_and_database_errors_print_nothing_of_what_they_hold(store):
    row = ClientRow(id="c9", first="Zebulon", last="Q", also_called=())
    assert "Zebulon" not in repr(row) + str(row)
    with pytest.raises(IntegrityError) as caught, store.database.write() as session:
        session.add(ClientRow(id=MARIA.id, first="Zebulon", last="Q", also_called=()))
    assert "Zebulon" not in str(caught.value)


def test_every_bytes_column_that_holds_words_names_its_own_place():
    places = {
        f"{table.name}.{column.name}": column.type.place
        for table in Row.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Encrypted)
    }
    assert places == {name: name for name in places}
    plain = [
        f"{table.name}.{column.name}"
        for table in Row.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    ]
    assert plain == ["audit.mac"]
