"""Our web process with SQLite's `synchronous = NORMAL`: only to measure what full durability costs."""

from dataclasses import replace

from app.db import open_database
from app.factory import WEBHOOK_DATABASE_PATIENCE_SECONDS, create_app
from app.logs import configure_logs
from app.memory import keep_what_is_loaded
from app.messaging.inbox_writer import InboxWriter
from app.settings import Settings

settings = Settings.from_env()
configure_logs(settings.log_format)
application = create_app(settings)
door = application.extensions["goen.webhook"]
relaxed = open_database(
    settings.database_url, patience_seconds=WEBHOOK_DATABASE_PATIENCE_SECONDS, synchronous="NORMAL"
)
application.extensions["goen.webhook"] = replace(door, writer=InboxWriter(relaxed))
keep_what_is_loaded()
