"""The web process, wired by hand: engines, the webhook's writer thread, blueprints, error mapping."""

from secrets import token_hex

from flask import Flask, Response, jsonify, redirect
from structlog.contextvars import bind_contextvars, clear_contextvars

from app import agenda, operations, webhook
from app.adding import pages as adding
from app.adding.seen import SeenToday
from app.api import blueprint as api
from app.api.door import PATIENCE_SECONDS as API_PATIENCE_SECONDS
from app.api.door import ApiDoor
from app.clock import Clock
from app.console.desk import Desk
from app.console.door import open_console
from app.db import open_database
from app.encryption import Encryption
from app.errors import AppError
from app.line.few_at_once import FewAtOnce
from app.line.login import LineLogin
from app.linking import pages
from app.linking.clicks import ClickWriter
from app.linking.cookie import AttemptCookie
from app.linking.door import LinkingDoor
from app.linking.patience import Patience
from app.messaging.channels import KnownChannels
from app.messaging.inbox_writer import InboxWriter
from app.settings import Settings
from app.tables import every_table
from app.tracking.links import TrackedLinks
from app.webhook import WebhookDoor

WEBHOOK_DATABASE_PATIENCE_SECONDS = 1.0
MOST_BODY_BYTES = 256 * 1024
"""What a form of a page may hold, read before anybody is known. Doors that take more say so themselves."""
PAGE_PATIENCE_SECONDS = 3.0
ADDING_PATIENCE_SECONDS = 1.0
CONSOLE_PATIENCE_SECONDS = 5.0
"""A page that takes longer is given up: it holds a thread that webhooks may need."""


def create_app(settings: Settings) -> Flask:
    """Build the web application.

    Nothing is connected and no thread runs yet: gunicorn may fork after this.
    Errors: SettingsError when a needed variable is missing.
    """
    every_table()
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BODY_BYTES
    clock = Clock(settings.clock_file)
    encryption = Encryption(settings.require_secret_keys())
    # Engines that give up after a second, and hold few connections: a hanging database must become a 503,
    # and whoever looks whether we are ready must not hold the threads that webhooks need.
    impatient = open_database(settings.database_url, patience_seconds=WEBHOOK_DATABASE_PATIENCE_SECONDS)
    channels = KnownChannels(impatient, encryption)
    app.extensions["goen.webhook"] = WebhookDoor(InboxWriter(impatient), channels, clock)
    app.extensions["goen.database"] = impatient
    app.extensions["goen.operations"] = operations.Operations(impatient, clock, settings.metrics_token)
    app.extensions["goen.api"] = _api_door(settings, encryption, clock)
    app.extensions["goen.linking"] = _linking_door(settings, channels, encryption, clock)
    app.extensions["goen.adding"] = _adding_door(settings, clock)
    app.before_request(name_request)
    app.register_blueprint(webhook.bp)
    app.register_blueprint(operations.bp)
    app.register_blueprint(adding.bp)
    app.register_blueprint(api.bp)
    app.register_blueprint(pages.bp)
    if settings.clock_file is not None:
        app.extensions["goen.agenda"] = agenda.Agenda(impatient, clock)
        app.register_blueprint(agenda.bp)
    open_console(app, _desk(settings, encryption, clock))
    app.add_url_rule("/", "start", lambda: redirect("/console/"))
    app.register_error_handler(AppError, render_app_error)
    return app


def _api_door(settings: Settings, encryption: Encryption, clock: Clock) -> ApiDoor:
    """Engines of its own: what the job site sends in bulk uses none of the webhook's connections."""
    database = open_database(
        settings.database_url,
        patience_seconds=API_PATIENCE_SECONDS,
        lock_patience_seconds=API_PATIENCE_SECONDS,
    )
    return ApiDoor(database, encryption, clock, settings)


def _linking_door(
    settings: Settings, channels: KnownChannels, encryption: Encryption, clock: Clock
) -> LinkingDoor:
    """Engines of its own too: whoever opens pages again and again uses none of the webhook's connections."""
    database = open_database(
        settings.database_url,
        patience_seconds=PAGE_PATIENCE_SECONDS,
        lock_patience_seconds=PAGE_PATIENCE_SECONDS,
    )
    return LinkingDoor(
        database=database,
        channels=channels,
        clock=clock,
        encryption=encryption,
        line=LineLogin(settings.line_api_base_url, settings.line_login_base_url),
        few=FewAtOnce(),
        patience=Patience(),
        cookie=AttemptCookie(
            settings.require_secret_keys(), is_secure=settings.base_url.startswith("https://")
        ),
        tracked=TrackedLinks(encryption, settings.base_url),
        clicks=ClickWriter(database),
        base_url=settings.base_url,
        line_link_base_url=settings.line_link_base_url,
    )


def _adding_door(settings: Settings, clock: Clock) -> adding.AddingDoor:
    """Engines of its own as well: anybody may open these pages, as often as they like, and none waits for long."""
    database = open_database(
        settings.database_url,
        patience_seconds=ADDING_PATIENCE_SECONDS,
        lock_patience_seconds=ADDING_PATIENCE_SECONDS,
    )
    seen = SeenToday(settings.secret_keys)
    return adding.AddingDoor(database, clock, seen, settings.base_url, settings.line_link_base_url)


def _desk(settings: Settings, encryption: Encryption, clock: Clock) -> Desk:
    """Engines of its own, too: a slow page takes none of the webhook's connections."""
    database = open_database(
        settings.database_url,
        patience_seconds=CONSOLE_PATIENCE_SECONDS,
        lock_patience_seconds=CONSOLE_PATIENCE_SECONDS,
    )
    return Desk(database, clock, encryption, settings.require_secret_keys(), settings.base_url)


def name_request() -> None:
    """Give the request an id that every log entry about it carries."""
    clear_contextvars()
    bind_contextvars(request=token_hex(6))


def close_app(app: Flask) -> None:
    """End the application's threads and close its connections; for those who make several in one process."""
    door: WebhookDoor = app.extensions["goen.webhook"]
    door.writer.close()
    door.channels.close()
    app.extensions["goen.linking"].clicks.close()
    app.extensions["goen.database"].dispose()
    for name in ("goen.adding", "goen.api", "goen.console", "goen.linking"):
        app.extensions[name].database.dispose()


def render_app_error(error: AppError) -> tuple[Response, int]:
    """The one mapping from our errors to an answer."""
    return jsonify(message=error.message), error.status
