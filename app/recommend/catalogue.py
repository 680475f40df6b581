"""Reads the open jobs and lays them out with a model: a board as of now."""

from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, and_, exists, not_, select
from sqlalchemy.orm import Session, aliased

from app.bulk import among
from app.clock import today_in_tokyo
from app.jobs.conditions import is_newest_twin, is_open_now
from app.jobs.models import Job, JobArea
from app.recommend.board import Board, Floats
from app.recommend.contents import content_of
from app.recommend.folding import folding_in
from app.recommend.layout import Fitted, board_of
from app.recommend.openings import OpeningRow, Openings, openings_of
from app.recommend.points import Scorer, scorer_of
from app.recommend.signals import Signals
from app.recommend.wording import WORDING_COLUMNS, JobWording, job_fields

_COLUMNS = tuple(getattr(Job, name) for name in OpeningRow._fields)


def read_scorer(session: Session, signals: Signals, now: datetime) -> Scorer:
    """All that is open now, ready for scoring."""
    return scorer_of(read_board(session, signals, now), folding_in(signals))


def read_board(session: Session, signals: Signals, now: datetime) -> Board:
    """The open jobs with what the model says of them; of those newer than it, what it says of their words."""
    openings = read_openings(session, now)
    content = _content(session, signals, openings)
    return board_of(openings, Fitted(signals, content), today_in_tokyo(now).toordinal())


def read_openings(session: Session, now: datetime) -> Openings:
    """The open jobs as columns, of twins the newest only."""
    is_listed = and_(is_open_now(now), is_newest_twin(now))
    rows = [
        OpeningRow._make(row) for row in session.execute(select(*_COLUMNS).where(is_listed).order_by(Job.id))
    ]
    areas = session.execute(select(JobArea.job_id, JobArea.prefecture).join(Job).where(is_listed))
    former = select(Job.id, Job.fold_key).where(not_(is_listed), _is_open_again(now))
    return openings_of(rows, _pairs(areas), _pairs(session.execute(former)))


def _is_open_again(now: datetime) -> ColumnElement[bool]:
    twin = aliased(Job)
    return exists().where(twin.fold_key == Job.fold_key, is_open_now(now, twin))


def _pairs(rows: Any) -> list[tuple[Any, Any]]:
    return [(first, second) for first, second in rows]


def _content(session: Session, signals: Signals, openings: Openings) -> Floats:
    known = signals.rows_of(openings.job_ids)
    content = np.zeros((len(openings), signals.content.shape[1]), np.float32)
    content[known >= 0] = signals.content[known[known >= 0]]
    new = np.flatnonzero(known < 0)
    if len(new) and content.shape[1]:
        ids = openings.job_ids[new].tolist()
        are_new = among(session.connection(), Job.id, ids)
        words = session.execute(select(*WORDING_COLUMNS).where(are_new).order_by(Job.id))
        content[new] = content_of(signals, (job_fields(JobWording(*row)) for row in words))
    return content
