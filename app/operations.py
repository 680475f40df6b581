"""For operators: is the process alive, is it ready, and what waits. Metrics come from the database."""

import hmac
from dataclasses import dataclass, field

import structlog
from flask import Blueprint, Response, abort, current_app, jsonify, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from app.clock import Clock
from app.db import Database, reading
from app.messaging.queries import COUNTED_AT_MOST, QueueFigures, queue_figures
from app.schema import is_current
from app.this_machine import is_from_this_machine

bp = Blueprint("operations", __name__)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Operations:
    """What these pages need, put together in factory.py."""

    database: Database
    clock: Clock
    metrics_token: str | None = field(repr=False)


@bp.get("/healthz")
def healthz() -> Response:
    """The process lives."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def readyz() -> tuple[Response, int]:
    """The database answers and has the tables of this release."""
    try:
        current = is_current(_operations().database)
    except SQLAlchemyError as error:
        log.error("not_ready", error=type(error).__name__)
        return jsonify(ready=False, why="the database does not answer"), 503
    if not current:
        return jsonify(ready=False, why="run `goen migrate`: the tables are of another release"), 503
    return jsonify(ready=True), 200


@bp.get("/metrics")
def metrics() -> Response:
    """Prometheus text; computed from the database, so that it is right in any process."""
    operations = _operations()
    if not _may_read_metrics(operations.metrics_token):
        abort(403)
    try:
        with reading(operations.database) as session:
            figures = queue_figures(session, operations.clock.now())
    except SQLAlchemyError as error:
        log.error("not_counted", error=type(error).__name__)
        abort(503)
    return Response(generate_latest(_registry(figures)), mimetype="text/plain; version=0.0.4")


def _operations() -> Operations:
    operations: Operations = current_app.extensions["goen.operations"]
    return operations


def _may_read_metrics(token: str | None) -> bool:
    if token is None:
        return is_from_this_machine(request)
    given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
    return hmac.compare_digest(given, f"Bearer {token}".encode())


def _registry(figures: QueueFigures) -> CollectorRegistry:
    registry = CollectorRegistry()
    gauges = {
        "goen_work_due": ("Events and outbox rows that are due or in flight", figures.work_due),
        "goen_inbox_due": ("Events that wait for their handler", figures.inbox_due),
        "goen_inbox_dead": ("Events that wait for a person", figures.inbox_dead),
        "goen_inbox_oldest_seconds": ("Age of the oldest due event", _seconds(figures.inbox_oldest)),
        "goen_outbox_due": ("Outbox rows whose turn it is", figures.outbox_due),
        "goen_outbox_sending": ("Outbox rows in flight", figures.outbox_sending),
        "goen_outbox_oldest_seconds": ("Age of the oldest due outbox row", _seconds(figures.outbox_oldest)),
        "goen_outbox_unknown": (
            "Outbox rows of which nobody knows whether they arrived",
            figures.outbox_unknown,
        ),
        "goen_outbox_failed": ("Outbox rows that LINE refused", figures.outbox_failed),
    }
    for name, (text, value) in gauges.items():
        unit = "" if name.endswith("_seconds") else f" (each queue is counted up to {COUNTED_AT_MOST})"
        Gauge(name, text + unit, registry=registry).set(value)
    return registry


def _seconds(age: object) -> float:
    return getattr(age, "total_seconds", lambda: 0.0)()
