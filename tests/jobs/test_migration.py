"""The frozen migration made exactly what the models of jobs say, on both databases."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.db import Base, Database
from app.jobs.models import Activity, Impression, Job, JobArea

TABLES = {model.__tablename__ for model in (Job, JobArea, Activity, Impression)}


def _is_ours(thing: Any, _name: str, kind: str, _reflected: bool, _other: Any) -> bool:
    return thing.name in TABLES if kind == "table" else True


def test_the_migration_makes_what_the_models_say(database: Database) -> None:
    with database.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_ours})
        assert compare_metadata(context, Base.metadata) == []
