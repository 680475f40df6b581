"""A friend in each fresh database."""

import pytest

from app.db import Database
from app.friends.models import Friend
from tests.factories import make_friend
from tests.jobs.factories import NOW


@pytest.fixture
def friend(database: Database) -> Friend:
    return make_friend(database, NOW)
