"""What people did with jobs, read from the database in blocks: a linked friend and member are one person."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Row, select

from app.db import Database, reading
from app.jobs.models import Activity, ActivityKind
from app.links.models import Link
from app.recommend.fitting.pairs import Events
from app.recommend.signals import Floats, Integers
from app.recommend.strengths import STRENGTHS, WINDOW_DAYS

BLOCK = 20_000
_KINDS = (*STRENGTHS, ActivityKind.UNSAVE, ActivityKind.HIDE, ActivityKind.UNHIDE)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
_STRENGTHS = np.array([STRENGTHS.get(kind, 0.0) for kind in _KINDS])
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, eq=False)
class Deeds:
    """Events whose jobs are rows of `job_ids`."""

    events: Events
    persons: int
    job_ids: Integers
    """Of every job that somebody did something with, rising."""


def days_since_epoch(at: datetime) -> float:
    """Days since 1970 in UTC."""
    return (at - _EPOCH).total_seconds() / 86_400


def read_deeds(database: Database, now: datetime, *, block: int = BLOCK) -> Deeds:
    """Everything of the last half year that says that a job is wanted; what was undone or hidden is left out.

    `block`: rows that are read at once.
    """
    told: tuple[array[Any], ...] = (
        array("q"),
        array("q"),
        array("b"),
        array("d"),
    )  # a tenth of the memory of Python's own numbers
    for row in _rows(database, now, block):
        for column, value in zip(told, row, strict=True):
            column.append(value)
    people, persons = np.unique(np.array(told[0]), return_inverse=True)
    job_ids, jobs = np.unique(np.array(told[1]), return_inverse=True)
    kinds, days = np.array(told[2]), np.array(told[3])
    standing = _standing(persons * len(job_ids) + jobs, kinds, days)
    events = Events(persons, jobs, _STRENGTHS[kinds], days).among(standing & (_STRENGTHS[kinds] > 0))
    return Deeds(events, len(people), job_ids)


def _standing(pairs: Integers, kinds: Integers, days: Floats) -> npt.NDArray[np.bool_]:
    """What was not undone since, and not of a job that the person has hidden."""
    saves = (ActivityKind.SAVE, ActivityKind.UNSAVE)
    hides = (ActivityKind.HIDE, ActivityKind.UNHIDE)
    unsaved = _ended_as(ActivityKind.UNSAVE, saves, pairs, kinds, days)
    hidden = _ended_as(ActivityKind.HIDE, hides, pairs, kinds, days)
    is_undone = (kinds == _NUMBERS[ActivityKind.SAVE]) & np.isin(pairs, unsaved)
    return np.asarray(~is_undone & ~np.isin(pairs, hidden))


def _ended_as(
    last: ActivityKind, switch: Sequence[ActivityKind], pairs: Integers, kinds: Integers, days: Floats
) -> Integers:
    """The pairs whose newest event of a switch is `last`; rows are in the order in which they were told."""
    among = np.nonzero(np.isin(kinds, [_NUMBERS[kind] for kind in switch]))[0]
    order = among[np.lexsort((among, days[among], pairs[among]))]
    is_newest = np.append(pairs[order][1:] != pairs[order][:-1], np.ones(min(len(order), 1), bool))
    newest = order[is_newest]
    return np.asarray(pairs[newest][kinds[newest] == _NUMBERS[last]])


def _rows(database: Database, now: datetime, block: int) -> Iterator[tuple[int, int, int, float]]:
    """(person, job id, kind, day); persons are even numbers for members and odd ones for friends."""
    members = _members_of_friends(database)
    for row in _blocks(database, now - timedelta(days=WINDOW_DAYS), block):
        member = row.member_id if row.member_id is not None else members.get(row.friend_id)
        person = 2 * member if member is not None else 2 * row.friend_id + 1
        yield person, row.job_id, _NUMBERS[row.kind], days_since_epoch(min(row.at, now))


def _blocks(database: Database, since: datetime, block: int) -> Iterator[Row[*tuple[Any, ...]]]:
    columns: tuple[Any, ...] = (
        Activity.id,
        Activity.friend_id,
        Activity.member_id,
        Activity.job_id,
        Activity.kind,
        Activity.at,
    )
    wanted = select(*columns).where(
        Activity.at >= since, Activity.kind.in_(_KINDS), Activity.job_id.is_not(None)
    )
    last = 0
    while True:
        with reading(database) as session:
            rows = session.execute(wanted.where(Activity.id > last).order_by(Activity.id).limit(block)).all()
        yield from rows
        if len(rows) < block:
            return
        last = rows[-1].id


def _members_of_friends(database: Database) -> dict[int, int]:
    with reading(database) as session:
        links = select(Link.friend_id, Link.member_id).where(Link.ended_at.is_(None))
        return {row.friend_id: row.member_id for row in session.execute(links)}
