"""What each worker's scoring does, for `goen status`: written when it changes."""

import os
import socket
from datetime import datetime
from typing import NamedTuple

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.db import Database, reading, transaction
from app.inserting import insert_replacing
from app.recommend.models import ScoringState

log = structlog.get_logger(__name__)


class WorkerScoring(NamedTuple):
    """One worker's scoring; without a model the popular jobs are what it answers with."""

    worker: str
    model_version: str | None
    why: str | None
    since: datetime


def say_state(database: Database, model_version: str | None, why: str | None, now: datetime) -> None:
    """Note what answers in this process, if it has changed; rows of dead processes of this host go."""
    me = worker_name()
    try:
        with reading(database) as session:
            rows = {row.worker: row for row in scoring_states(session)}
        mine = rows.get(me)
        if mine is not None and (mine.model_version, mine.why) == (model_version, why):
            return
        with transaction(database) as session:
            session.execute(delete(ScoringState).where(ScoringState.worker.in_(filter(_is_dead, rows))))
            values = {"worker": me, "model_version": model_version, "why": why and why[:200], "since": now}
            session.execute(insert_replacing(session, ScoringState, "worker").values(values))
    except SQLAlchemyError as error:  # it is only told; the next change is told again
        log.error("scoring_state_not_written", error=type(error).__name__)


def forget_state(database: Database) -> None:
    """This process answers no more."""
    try:
        with transaction(database) as session:
            session.execute(delete(ScoringState).where(ScoringState.worker == worker_name()))
    except SQLAlchemyError as error:
        log.error("scoring_state_not_written", error=type(error).__name__)


def scoring_states(session: Session) -> list[WorkerScoring]:
    """Every worker's, by name."""
    columns = (ScoringState.worker, ScoringState.model_version, ScoringState.why, ScoringState.since)
    return [
        WorkerScoring._make(row) for row in session.execute(select(*columns).order_by(ScoringState.worker))
    ]


def worker_name() -> str:
    """This process among all hosts."""
    return f"{socket.gethostname()[:80]}:{os.getpid()}"


def _is_dead(worker: str) -> bool:
    """Whether it was a process of this host that is no more."""
    host, _, number = worker.rpartition(":")
    if host != socket.gethostname()[:80]:
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
