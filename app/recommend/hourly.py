"""The hourly lists, from the worker's side: when they are due, and the child that makes them."""

from datetime import datetime

import structlog

from app.children import run_child
from app.db import Database, reading
from app.json_text import from_bytes
from app.recommend.store import live_model

PATIENCE_SECONDS = 840.0
"""Less than a task run's lease (app/tasks.py), so that no second worker begins meanwhile."""
log = structlog.get_logger(__name__)


def refresh_lists(database: Database, now: datetime) -> int:
    """A fresh list for every friend; how many. None while there is no model: then lists are made when asked for.

    Errors: ChildFailed.
    """
    with reading(database) as session:
        if live_model(session) is None:
            return 0
    url = database.writer.url.render_as_string(hide_password=False)
    variables = {"DATABASE_URL": url, "OPENBLAS_NUM_THREADS": "1"}
    output = run_child("app.recommend.batch", [now.isoformat()], variables, patience_seconds=PATIENCE_SECONDS)
    done = from_bytes(output)
    log.info("lists_refreshed", friends=done["friends"], model=done["model_version"])
    return int(done["friends"])
