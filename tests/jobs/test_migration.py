"""The frozen migration makes exactly what the models say, on both databases."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import inspect

from app.db import Base, Database
from app.jobs.models import Activity, Impression, Job, JobArea

TABLES = {model.__tablename__ for model in (Job, JobArea, Activity, Impression)}
FILE = Path(__file__).parents[2] / "migrations" / "versions" / "20261120_0002_create_jobs.py"


def _migration() -> ModuleType:
    spec = spec_from_file_location("create_jobs", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _is_ours(thing: Any, _name: str, kind: str, _reflected: bool, _other: Any) -> bool:
    return thing.name in TABLES if kind == "table" else True


def test_the_migration_makes_what_the_models_say(database: Database) -> None:
    ours = [Base.metadata.tables[name] for name in TABLES]
    Base.metadata.drop_all(database.writer, tables=ours)
    migration = _migration()
    with database.writer.begin() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_ours})
        with Operations.context(context):
            migration.upgrade()
        assert compare_metadata(context, Base.metadata) == []
        with Operations.context(context):
            migration.downgrade()
        assert not TABLES & set(inspect(connection).get_table_names())
