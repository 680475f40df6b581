"""The nightly task: LINE's side is compared with ours again. Small, since the web process knows every task."""

from datetime import datetime

from sqlalchemy import update

from app.db import Database, transaction
from richmenu.models import MenuSync


def look_again(database: Database, now: datetime) -> int:
    """Have the worker compare, for every account; how many there are. `now` plays no part."""
    query = update(MenuSync).values(looked_at=None).returning(MenuSync.channel_id)
    with transaction(database) as session:
        return len(session.scalars(query.execution_options(synchronize_session=False)).all())
