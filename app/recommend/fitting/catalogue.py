"""The jobs that a model is about, read in blocks: those that are open, and those that people did something with."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import Row, select

from app.db import Database, reading
from app.jobs.models import Job
from app.recommend.contents import word_matrix
from app.recommend.fitting.content import BUCKETS
from app.recommend.fitting.deeds import Deeds, days_since_epoch
from app.recommend.fitting.fit import Material
from app.recommend.fitting.pairs import Events, pairs_of
from app.recommend.wording import WORDING_COLUMNS, Fields, JobWording, job_fields

BLOCK = 2_000
_EPOCH = date(1970, 1, 1).toordinal()


def read_material(database: Database, deeds: Deeds, now: datetime, *, block: int = BLOCK) -> Material:
    """Jobs with their words, and pairs of people and these jobs; `block`: rows that are read at once."""
    ids: list[int] = []
    opened: list[float] = []

    def fields() -> Iterator[Fields]:
        touched = set(deeds.job_ids.tolist())
        for row in _rows(database, block):
            if row.closed_at is None or row.closed_at > now or row.id in touched:
                ids.append(row.id)
                opened.append(float(row.opened_on.toordinal() - _EPOCH))
                yield job_fields(JobWording._make(row[3:]))

    words = word_matrix(fields(), BUCKETS)
    job_ids = np.array(ids, np.int64)
    known = np.isin(deeds.job_ids, job_ids)  # a job may be gone since its events were read
    rows = np.searchsorted(job_ids, deeds.job_ids)
    events = deeds.events.among(known[deeds.events.jobs])
    placed = Events(events.persons, rows[events.jobs], events.strengths, events.days)
    today = days_since_epoch(now)
    pairs = pairs_of(placed, today, (deeds.persons, len(job_ids)))
    return Material(job_ids, words, np.array(opened), pairs, today)


def _rows(database: Database, block: int) -> Iterator[Row[Any]]:
    columns = select(Job.id, Job.closed_at, Job.opened_on, *WORDING_COLUMNS).order_by(Job.id).limit(block)
    last = 0
    while True:
        with reading(database) as session:
            rows = session.execute(columns.where(Job.id > last)).all()
        yield from rows
        if len(rows) < block:
            return
        last = rows[-1].id
