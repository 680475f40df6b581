"""The database's tables and the migrations that make them."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.db import Database, write_lock

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def migration_config(database: Database | None = None) -> Config:
    """Alembic's configuration; with a database, its commands work on that one."""
    config = Config(toml_file=str(MIGRATIONS.parent / "pyproject.toml"))
    config.set_main_option("script_location", str(MIGRATIONS))
    if database is not None:
        config.attributes["database"] = database
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the tables to a revision; run once per release, before the processes."""
    with write_lock(database.lock_path):
        command.upgrade(migration_config(database), revision)


def downgrade(database: Database, revision: str) -> None:
    """Go back to a revision (`base`: no tables)."""
    with write_lock(database.lock_path):
        command.downgrade(migration_config(database), revision)


def is_current(database: Database) -> bool:
    """True when the tables are of this release."""
    head = ScriptDirectory.from_config(migration_config()).get_current_head()
    with database.reader.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
