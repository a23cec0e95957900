"""Changes to the tables, in order (Alembic). `upgrade` brings any older database up to what the code expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from storage.trouble import StorageTrouble


def config_for(connection: Connection) -> Config:
    """An Alembic configuration for an open connection, for `upgrade` here and `alembic check` in the tests."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Applies what is missing, in one transaction that only one process can hold. Twice is harmless.

    Raises StorageTrouble if a newer Circlenote has already changed the tables.
    """
    with engine.begin() as connection:
        config = config_for(connection)
        scripts = ScriptDirectory.from_config(config)
        current = MigrationContext.configure(connection).get_current_revision()
        if current == scripts.get_current_head():
            return
        if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
            raise StorageTrouble(
                "This database was last used by a newer version of Circlenote. Install that version again, or restore "
                "a backup from before the update."
            )
        command.upgrade(config, "head")
