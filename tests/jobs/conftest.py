"""A friend in each fresh database."""

import pytest

from app.db import Database
from app.friends.models import Friend
from tests.jobs.factories import make_friend


@pytest.fixture
def friend(database: Database) -> Friend:
    return make_friend(database, 1)
