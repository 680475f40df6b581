"""Databases for measurements: this release's tables with the account in them, written as a release would."""

from datetime import timedelta

from sqlalchemy import insert

from app.clock import Clock
from app.db import Database, open_database, transaction
from app.encryption import Encryption
from app.friends.models import Friend
from app.setup import set_up
from tests.databases import Databases
from tests.stack import settings_for


def prepared_url(databases: Databases, kind: str) -> str:
    """The address of a fresh database with the default account."""
    url = databases.fresh_url(kind)
    settings = settings_for(url, "http://127.0.0.1:9")
    database = open_database(url)
    set_up(settings, database, Encryption(settings.require_secret_keys()), Clock().now())
    database.dispose()
    return url


def add_friends(database: Database, user_ids: list[str]) -> None:
    """People who have followed the default account, numbered from 1 in this order."""
    at = Clock().now() - timedelta(days=1)
    rows = [
        {"id": id_, "channel_id": 1, "line_user_id": user_id, "created_at": at, "followed_at": at}
        for id_, user_id in enumerate(user_ids, 1)
    ]
    with transaction(database) as session:
        session.execute(insert(Friend), rows)
