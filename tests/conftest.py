"""Fixtures that many tests share: fresh databases of both kinds, and a running stack on each."""

import gc
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from app.db import Database
from tests.chromium import open_browser
from tests.databases import KINDS, Databases, opened, quick_place
from tests.stack import Stack, running_stack

settings.register_profile("goen", deadline=None)  # a loaded machine is no fault of ours
settings.load_profile("goen")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long tests first: begun last, one worker would wait for the other."""
    items.sort(key=lambda item: item.get_closest_marker("crash") is None)


def pytest_collection_finish() -> None:
    """Half a million objects are here to stay: looking through them for garbage again and again cost a sixth.

    What tests leave behind is still collected, in larger portions.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Makes databases; its PostgreSQL server is started by the first who needs it.

    Not in pytest's own folder: whenever another session of pytest begins, that one is closed to others, and
    as root the server runs under a user of its own.
    """
    with TemporaryDirectory("", "goen-databases-", quick_place(), ignore_cleanup_errors=True) as folder:
        made = Databases(Path(folder))
        try:
            yield made
        finally:
            made.close()


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Database]:
    """A fresh database with this release's tables; each test runs on both kinds."""
    url = databases.fresh_url(request.param)
    with opened(url) as database:
        yield database
    databases.drop(url)


@pytest.fixture(scope="module", params=KINDS)
def stack(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """A running Goen with its simulated LINE, one per module and kind of database."""
    url = databases.fresh_url(request.param)
    with running_stack(url, tmp_path_factory.mktemp("stack")) as running:
        yield running
    databases.drop(url)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for each module: while it is open, no asyncio loop can run in the thread of the tests."""
    with open_browser() as opened:
        yield opened
