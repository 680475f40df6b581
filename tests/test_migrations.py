"""Migrations on both databases: an empty one goes up, equals the models, and goes down again."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from app.db import Base, Database
from app.schema import MIGRATIONS, downgrade, is_current, upgrade
from tests.databases import KINDS, Databases, opened


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Database]:
    with opened(databases.empty_url(request.param)) as database:
        yield database


def test_an_empty_database_goes_up_equals_the_models_and_goes_down(empty: Database) -> None:
    assert not is_current(empty)
    upgrade(empty)
    assert is_current(empty)
    with empty.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    downgrade(empty, "base")
    with empty.reader.connect() as connection:
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}


def test_going_up_twice_changes_nothing(empty: Database) -> None:
    upgrade(empty)
    upgrade(empty)
    assert is_current(empty)


@pytest.mark.parametrize("path", sorted((MIGRATIONS / "versions").glob("*.py")), ids=lambda path: path.stem)
def test_a_migration_is_frozen_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"^\s*(from|import) (app|surveys|handlers|richmenu)\b", text, re.MULTILINE)
