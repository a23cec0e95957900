"""Connections to the one database: an encrypted SQLite file, or PostgreSQL.

Units of work are explicit. A writing unit takes the write lock before it reads (BEGIN IMMEDIATE on SQLite, an
advisory lock on PostgreSQL), so that writers never act on something another writer is about to change; they are
short, and nothing outside the database is called within one.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import sqlcipher3
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from storage.crypto import use_keys
from storage.keys import KeyRing
from storage.trouble import StorageTrouble

_log = logging.getLogger(__name__)

_READING = "circlenote_reading"
_WRITE_LOCK = 0x43495243  # "CIRC"; any number that nothing else in this database uses
_FIXED_WAL = (3, 51, 3)
_FIXED_WAL_BRANCHES = {(3, 50): 7, (3, 44): 6}


def has_sound_wal(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite keeps every acknowledged row in WAL mode with several connections.

    3.7.0 to 3.51.2 may skip committed pages when a write that resets the log meets a second checkpoint; it was
    repaired in 3.51.3, 3.50.7 and 3.44.6.
    """
    return version >= _FIXED_WAL or version[2] >= _FIXED_WAL_BRANCHES.get(version[:2], version[2] + 1)


def durability_pragmas(version: tuple[int, int, int]) -> tuple[str, str]:
    """How to keep the promise "no message is lost" on this version of SQLite."""
    if has_sound_wal(version):
        return "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"
    return "PRAGMA journal_mode=DELETE", "PRAGMA synchronous=EXTRA"


class Database:
    """Two engines on one database: `engine` for our tables, `queue_engine` for the durable queue's own."""

    def __init__(self, engine: Engine, queue_engine: Engine, ring: KeyRing) -> None:
        self.engine = engine
        self.queue_engine = queue_engine
        postgresql = engine.dialect.name == "postgresql"  # SQLite looks at one instant anyway
        instant = {"isolation_level": "REPEATABLE READ"} if postgresql else {}
        self._reading = engine.execution_options(**{_READING: True, **instant})
        use_keys(engine, ring)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One writing unit, all or nothing. Objects stay readable after the commit."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent look."""
        with Session(self._reading, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        self.engine.dispose()
        self.queue_engine.dispose()


def open_database(url: str, ring: KeyRing) -> Database:
    """Connects. Raises StorageTrouble if there is no such database, or the key does not open it."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(sqlite_path(parsed), ring)
    return _open_postgresql(parsed, ring)


def sqlite_path(url: URL) -> Path:
    if not url.database or url.database == ":memory:":
        raise StorageTrouble("The database address names no file. Write it as sqlite:///path/to/circlenote.db")
    return Path(url.database)


def require_alone(url: str, ring: KeyRing) -> None:
    """Raises StorageTrouble if another program has the database open."""
    parsed = make_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    if not (_is_alone_on_file(sqlite_path(parsed), ring) if sqlite else _is_alone_on_server(parsed)):
        raise StorageTrouble("The database is in use. Stop the bot, then run this again. Nothing was changed.")


# ---- SQLite ----------------------------------------------------------------------------------------------------


def make_sqlite_file(path: Path) -> None:
    """An empty file that only its owner may read; SQLite gives its log files the same rights."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _open_sqlite(path: Path, ring: KeyRing) -> Database:
    connect = partial(_connect, path, _key_that_opens(path, ring))
    engine = _sqlite_engine(partial(connect, isolation_level=None))
    event.listen(engine, "begin", _begin_sqlite)
    return Database(engine, _sqlite_engine(partial(connect, isolation_level="IMMEDIATE")), ring)


def _sqlite_engine(connect: Callable[[], Any]) -> Engine:
    return create_engine(
        "sqlite://",
        module=sqlcipher3.dbapi2,
        creator=connect,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=24,
        hide_parameters=True,
    )


def _connect(path: Path, key: bytes, *, isolation_level: str | None) -> Any:
    connection = sqlcipher3.dbapi2.connect(str(path), check_same_thread=False, isolation_level=isolation_level)
    major, minor, patch = (int(part) for part in sqlcipher3.dbapi2.sqlite_version.split("."))
    try:
        for pragma in (
            "PRAGMA cipher_log_level = NONE",
            f"PRAGMA key = \"x'{key.hex()}'\"",
            "PRAGMA busy_timeout=30000",
            "PRAGMA foreign_keys=ON",
            *durability_pragmas((major, minor, patch)),
        ):
            connection.execute(pragma).fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _key_that_opens(path: Path, ring: KeyRing) -> bytes:
    """After a rotation that was cut short the file may still be under an older key of the ring."""
    if not path.is_file():
        raise StorageTrouble(f"There is no database at {path}. Run the set-up first, or correct the address.")
    for key in ring.file_keys():
        try:
            _connect(path, key, isolation_level=None).close()
        except sqlcipher3.dbapi2.DatabaseError as error:
            if "not a database" not in str(error):
                raise
        else:
            return key
    raise StorageTrouble(
        f"The database {path} does not open with this key file: it belongs to another database, or the database "
        "file is damaged. Put the right key file in place, or restore the last good backup. Nothing was changed."
    )


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(_READING)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _is_alone_on_file(path: Path, ring: KeyRing) -> bool:
    """Whoever has the file open holds a shared lock on its log, also between transactions."""
    connection = _connect(path, _key_that_opens(path, ring), isolation_level=None)
    try:
        for statement in ("PRAGMA busy_timeout=500", "PRAGMA locking_mode=EXCLUSIVE", "BEGIN EXCLUSIVE", "COMMIT"):
            connection.execute(statement).fetchall()
    except sqlcipher3.dbapi2.OperationalError:
        return False
    finally:
        connection.close()
    return True


def change_file_key(path: Path, ring: KeyRing) -> None:
    """Re-encrypts the whole file under the ring's first key. Nobody else may have it open."""
    connection = _connect(path, _key_that_opens(path, ring), isolation_level=None)
    connection.execute(f"PRAGMA rekey = \"x'{ring.file_keys()[0].hex()}'\"").fetchall()
    connection.close()


# ---- PostgreSQL ------------------------------------------------------------------------------------------------


def postgresql_engine(url: URL) -> Engine:
    """An engine on a server that answers. Raises StorageTrouble, without the password, if it does not."""
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
    try:
        with engine.connect():
            pass
    except OperationalError:
        raise StorageTrouble(
            f"The database at {url.render_as_string()} does not answer. Check that it runs and that the address, "
            "the user and the password are right."
        ) from None
    return engine


def _open_postgresql(url: URL, ring: KeyRing) -> Database:
    engine = postgresql_engine(url)
    event.listen(engine, "begin", _begin_postgresql)
    return Database(engine, postgresql_engine(url), ring)


def _begin_postgresql(connection: Connection) -> None:
    if not connection.get_execution_options().get(_READING):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")


def _is_alone_on_server(url: URL) -> bool:
    engine = postgresql_engine(url)
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with engine.connect() as connection:
        alone = bool(connection.exec_driver_sql(others).scalar_one() == 0)
    engine.dispose()
    return alone
