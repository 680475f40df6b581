"""The webhook door: verify the signature, store the events, answer 200. It knows no handler and no SDK.

A request waits at most 1.2 s for its rows to be committed, then answers 503 and LINE delivers again; a late
write is then a no-op. Never a 200 for something that is not stored.
"""

import time
from dataclasses import dataclass

import structlog
from flask import Blueprint, Response, abort, current_app, request
from werkzeug.exceptions import HTTPException

from app.clock import Clock
from app.line.signature import is_signed
from app.messaging.channels import ChannelKeys, KnownChannels, channel_for
from app.messaging.inbox_writer import InboxWriter
from app.messaging.intake import NotEvents, inbox_rows, is_user_id, read_body

MAX_BODY_BYTES = 4 * 1024 * 1024
PATIENCE_SECONDS = 1.2
log = structlog.get_logger(__name__)
bp = Blueprint("webhook", __name__)


@dataclass(frozen=True)
class WebhookDoor:
    """What the door's one view needs, put together in factory.py."""

    writer: InboxWriter
    channels: KnownChannels
    clock: Clock


@bp.post("/line/webhook")
@bp.post("/line/webhook/<name>")
def receive(name: str | None = None) -> Response:
    """Store the events of one delivery. 401: not signed by this account; 400: not events; 503: not stored."""
    arrived = time.monotonic()
    door: WebhookDoor = current_app.extensions["goen.webhook"]
    body = _whole_body()
    channel = _signing_channel(door.channels.current(), name, body)
    try:
        value = read_body(body)
        rows = inbox_rows(channel.id, value["events"], door.clock.now())
    except NotEvents:
        abort(400, "the body is not JSON with a list of events")
    learnt = _learnt(channel, value.get("destination"))
    patience = PATIENCE_SECONDS - (time.monotonic() - arrived)
    if rows and not door.writer.store(rows, learnt, patience):
        abort(503, "not stored: please deliver again")
    if learnt and not rows:
        door.writer.store(rows, learnt, 0)  # useful some time; no reason to make LINE wait or come again
    return Response("", 200, mimetype="text/plain")


@bp.errorhandler(HTTPException)
def say_briefly(error: HTTPException) -> Response:
    """LINE reads the status only; the sentence is for whoever looks at its statistics or tries by hand."""
    log.warning("webhook_refused", status=error.code, why=error.description, sender=request.remote_addr)
    return Response(f"{error.description}\n", error.code, mimetype="text/plain")


def _whole_body() -> bytes:
    """The raw bytes, exactly what was signed; over 4 MiB 413. A chunked body is read to its end, never cut."""
    request.max_content_length = MAX_BODY_BYTES
    if request.content_length is None:
        return b"".join(iter(lambda: request.stream.read(65536), b""))
    return request.get_data(cache=False)


def _signing_channel(channels: list[ChannelKeys], name: str | None, body: bytes) -> ChannelKeys:
    """The account that this request is for, once its own secrets have proven the body."""
    needs_destination = name is None and len(channels) > 1
    channel = channel_for(channels, name, _unproven_destination(body) if needs_destination else None)
    if channel is None:
        # Before the accounts could be read at all, nobody knows which are here: LINE shall come again.
        abort(404 if name is not None and channels else 503, "no such account here")
    if not is_signed(body, request.headers.get("X-Line-Signature", ""), channel.secrets):
        abort(401, "the signature is missing or wrong")
    return channel


def _unproven_destination(body: bytes) -> str | None:
    try:
        destination = read_body(body).get("destination")
    except NotEvents:
        return None
    return destination if isinstance(destination, str) else None


def _learnt(channel: ChannelKeys, destination: object) -> tuple[int, str] | None:
    """What a verified body teaches: the account's own user id, while it is not known."""
    if channel.bot_user_id is not None or not is_user_id(destination):
        return None
    return channel.id, destination
