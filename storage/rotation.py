"""A new master key: everything is encrypted again with it. Run while the bot is stopped.

It may be cut short at any moment: the key file holds old and new keys, each value says which one it is under, and
the file is tried with all of them. The old keys stay in the ring, for backups and for the audit trail.
"""

from pathlib import Path

from sqlalchemy import Table, bindparam, make_url, select, update
from sqlmodel import Session

from storage.audit import Entry
from storage.crypto import Encrypted
from storage.engines import change_file_key, require_alone, sqlite_path
from storage.keys import add_key, read_keys
from storage.store import Store
from storage.tables import Row


def rotate_keys(url: str, key_file: Path, by: str) -> str:
    """Adds a key to the key file, puts all values under it in one transaction, then the file. Returns its id."""
    Store.open(url, key_file=key_file).close()  # a wrong or missing key is refused before anything is changed
    require_alone(url, read_keys(key_file))
    fresh = add_key(key_file)
    store = Store.open(url, key_file=key_file)
    try:
        with store.database.write() as session:
            for table in Row.metadata.sorted_tables:
                _encrypt_anew(session, table)
        store.witness(Entry(actor=by, action="rotate", object_type="key", object_id=fresh))
    finally:
        store.close()
    if make_url(url).get_backend_name() == "sqlite":
        change_file_key(sqlite_path(make_url(url)), read_keys(key_file))
    return fresh


def _encrypt_anew(session: Session, table: Table) -> None:
    """Reads with whichever key a value is under, writes with the new one. Row versions stay: nothing was edited."""
    sealed = [column for column in table.columns if isinstance(column.type, Encrypted)]
    if not sealed:
        return
    keys = list(table.primary_key.columns)
    names = {column: f"{index}_{column.name}" for index, column in enumerate([*keys, *sealed])}
    rows = (
        session.connection().execute(select(*(column.label(name) for column, name in names.items()))).mappings().all()
    )
    change = (
        update(table)
        .where(*(column == bindparam(names[column]) for column in keys))
        .values({column: bindparam(names[column], type_=column.type) for column in sealed})
    )
    if rows:
        session.connection().execute(change, [dict(row) for row in rows])
