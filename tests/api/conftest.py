"""The job site, on each kind of database: one of its own for a test, or one that a module's tests share."""

from collections.abc import Iterator

import pytest

from app.db import Database
from tests.api.site import Site, open_site
from tests.databases import KINDS, Databases, opened


@pytest.fixture
def site(database: Database) -> Iterator[Site]:
    with open_site(database) as opened_site:
        yield opened_site


@pytest.fixture(scope="module", params=KINDS)
def shared(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Site]:
    """For tests that leave nothing behind, or nothing that another test could meet."""
    url = databases.fresh_url(request.param)
    with opened(url) as database, open_site(database) as opened_site:
        yield opened_site
    databases.drop(url)
