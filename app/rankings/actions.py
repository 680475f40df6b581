"""Writing counted lists: only those that changed, a few at a time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, tuple_
from sqlalchemy.orm import Session

from app.bulk import insert_rows
from app.db import Base, Database, reading, transaction
from app.rankings.models import Ranking
from app.rankings.queries import all_lists
from app.rankings.rules import Cell, CountedList

BATCH_ROWS = 500
"""Rows deleted or written in one transaction: well under 50 ms on SQLite."""


def replace_rankings(database: Database, lists: Sequence[CountedList], now: datetime) -> int:
    """Make these the stored lists; how many changed. A list is replaced as a whole or not at all."""
    with reading(database) as session:
        stored = all_lists(session)
    counted = {(each.area, each.occupation): each for each in lists}
    changed = [cell for cell, each in counted.items() if stored.get(cell) != each]
    changed += [cell for cell in stored if cell not in counted]
    for cells in _batches(changed, counted, stored):
        with transaction(database) as session:
            _replace(session, cells, counted, now)
    return len(changed)


def _batches(
    cells: Sequence[Cell], counted: Mapping[Cell, CountedList], stored: Mapping[Cell, CountedList]
) -> Iterator[list[Cell]]:
    batch: list[Cell] = []
    rows = 0
    for cell in cells:
        batch.append(cell)
        rows += sum(len(lists[cell].places) for lists in (counted, stored) if cell in lists)
        if rows >= BATCH_ROWS:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def _replace(
    session: Session, cells: Sequence[Cell], counted: Mapping[Cell, CountedList], now: datetime
) -> None:
    gone = delete(Ranking).where(tuple_(Ranking.area, Ranking.occupation).in_(cells))
    session.execute(gone.execution_options(synchronize_session=False))
    rows = [row for cell in cells if cell in counted for row in _rows(counted[cell], now)]
    insert_rows(session.connection(), Base.metadata.tables[Ranking.__tablename__], rows)


def _rows(counted: CountedList, now: datetime) -> Iterator[dict[str, Any]]:
    for rank, place in enumerate(counted.places, start=1):
        yield {
            "area": counted.area,
            "occupation": counted.occupation,
            "rank": rank,
            "job_id": place.job_id,
            "score": place.score,
            "people": place.people,
            "is_thin": counted.is_thin,
            "made_at": now,
        }
