"""A friend who talks to the survey handlers, in each fresh database."""

import pytest

from app.db import Database, transaction
from surveys.actions import load_shipped_surveys
from tests.factories import make_friend
from tests.surveys.talking import NOW, Talk


@pytest.fixture
def talk(database: Database) -> Talk:
    """A friend, in a database that knows the shipped surveys."""
    with transaction(database) as session:
        load_shipped_surveys(session, NOW)
    return Talk(database, make_friend(database, NOW).id)


@pytest.fixture
def stranger(talk: Talk) -> Talk:
    """Another friend in the same database."""
    return Talk(talk.database, make_friend(talk.database, NOW).id)
