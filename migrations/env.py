"""Alembic's entry: runs migrations on the database that `app/schema.py` hands over."""

from alembic import context

from app.db import Base, Database, open_database
from app.friends import models as friends_models
from app.jobs import models as jobs_models
from app.messaging import models as messaging_models
from app.settings import Settings
from surveys import models as surveys_models

ALL_MODELS = (friends_models, jobs_models, messaging_models, surveys_models)
"""Imported so that Base.metadata knows every table."""


def run() -> None:
    """Run in one transaction; a revision is all there or not at all."""
    database: Database | None = context.config.attributes.get("database")
    if database is None:
        database = open_database(Settings.from_env().database_url)
    with database.writer.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=database.is_sqlite,
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
