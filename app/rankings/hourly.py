"""The hourly count, from the worker's side: in a child process, so that sending never waits for it."""

from datetime import datetime

from app.children import run_child
from app.db import Database

PATIENCE_SECONDS = 840.0
"""Less than a task run's lease (app/tasks.py), so that no second worker begins meanwhile."""


def refresh_rankings(database: Database, now: datetime) -> int:
    """Count all rankings anew; how many lists changed. Errors: ChildFailed."""
    url = database.writer.url.render_as_string(hide_password=False)
    arguments, variables = [now.isoformat()], {"DATABASE_URL": url}
    return int(run_child("app.rankings.process", arguments, variables, patience_seconds=PATIENCE_SECONDS))
