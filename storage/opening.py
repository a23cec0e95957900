"""From an address and a key file to a database that is known to be ours, complete and readable."""

from pathlib import Path

from sqlalchemy import inspect, make_url
from sqlmodel import select

from storage.codes import load_codes
from storage.durable import WorkQueue
from storage.engines import Database, make_sqlite_file, open_database, postgresql_engine, sqlite_path
from storage.keys import KeyRing, make_keys, read_keys
from storage.migrations import upgrade
from storage.tables import CanaryRow
from storage.trouble import StorageTrouble

_CANARY = "This opens with the right key."


def default_key_file(url: str) -> Path:
    """In the user's configuration, not beside the database: who copies the one should not hold the other."""
    name = Path(make_url(url).database or "circlenote").stem
    return Path.home() / ".config" / "circlenote" / f"{name}.keys"


def open_ready(url: str, key_file: Path, *, create: bool) -> tuple[Database, KeyRing]:
    """The database, checked and brought up to date, and the keys it opens with; made first if `create` says so.

    A key file is made only together with a new database: a new key beside old data would hide that the right one
    is missing.
    """
    new = _is_new(url)
    if new and not create:
        raise StorageTrouble("There is no Circlenote database at this address. Run the set-up first, or correct it.")
    if new:
        make_keys(key_file)
    ring = read_keys(key_file)
    if new and make_url(url).get_backend_name() == "sqlite":
        make_sqlite_file(sqlite_path(make_url(url)))
    database = open_database(url, ring)
    try:
        _check(database, fill=create)
    except BaseException:
        database.close()
        raise
    return database, ring


def _is_new(url: str) -> bool:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = sqlite_path(parsed)
        return not path.exists() or path.stat().st_size == 0
    engine = postgresql_engine(parsed)
    try:
        return not inspect(engine).has_table("canary")
    finally:
        engine.dispose()


def _check(database: Database, *, fill: bool) -> None:
    upgrade(database.engine)
    if fill:
        WorkQueue(database.queue_engine).make_ready()
        _fill(database)
    with database.read() as session:
        canary = session.exec(select(CanaryRow)).first()
        if canary is None or canary.says != _CANARY:
            raise StorageTrouble("The set-up of this database was not finished. Run the set-up again.")


def _fill(database: Database) -> None:
    with database.write() as session:
        load_codes(session)
        if session.get(CanaryRow, 1) is None:
            session.add(CanaryRow(says=_CANARY))
