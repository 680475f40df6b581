"""Alembic's entry: runs migrations on the database that `app/schema.py` hands over."""

from alembic import context

from app.db import Database, open_database
from app.settings import Settings
from app.tables import every_table


def run() -> None:
    """Run in one transaction; a revision is all there or not at all."""
    database: Database | None = context.config.attributes.get("database")
    if database is None:
        database = open_database(Settings.from_env().database_url)
    with database.writer.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=every_table(),
            render_as_batch=database.is_sqlite,
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
