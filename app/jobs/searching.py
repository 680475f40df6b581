"""Reads: the jobs of a typed search, a page at a time, and jobs like one that was looked at."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from app.jobs.conditions import WAS_LISTED, conditions, is_newest_twin, is_open_now, moment
from app.jobs.models import Job
from app.jobs.queries import PER_EMPLOYER, facts_of
from app.jobs.rules import JobFacts, JobWishes
from app.jobs.vocabulary import WageType

MOST_FOUND = 1000
"""Nobody turns more pages than that: a search that fits half of all jobs is cut off there."""

VERY_MANY = 100
"""Jobs of one employer among the newest that fit: whoever has so many must not keep all others off the list."""
MOST_READ_ON = 4
"""How often it is read on behind such employers: where all have very many, that is the whole catalogue."""
MOST_COUNTED = 100
"""So many are enough to say that a condition less would help."""

_Row = Row[int, date, str, str, int | None, WageType, int]


class Place(NamedTuple):
    """Where in a list a job stands: before those with a greater round, then before older ones."""

    round: int
    """Each round has two jobs of each employer at most."""
    opened_on: date
    job_id: int

    @property
    def order(self) -> tuple[int, int, int]:
        """Sorts the list."""
        return self.round, -self.opened_on.toordinal(), -self.job_id


class Standing(NamedTuple):
    """Which jobs a list is made of: those that were there and open at a moment."""

    at: datetime
    newest_id: int
    """The greatest id of a job that was there."""


class Bookmark(NamedTuple):
    """The last job of a page, in the list as it stood when its first page was shown.

    Rounds depend on an employer's other jobs. Were they counted anew for each page, a job that was opened or
    closed meanwhile would move others over the edge of a page: shown twice, or never.
    """

    place: Place
    standing: Standing


@dataclass(frozen=True)
class Found:
    """One page of a search."""

    jobs: list[JobFacts]
    total: int
    """Of all pages; at most MOST_FOUND."""
    next: Bookmark | None
    """Where another page follows."""


def search_jobs(
    session: Session,
    wishes: JobWishes,
    without: Collection[int],
    now: datetime,
    *,
    after: Bookmark | None = None,
    count: int,
) -> Found:
    """Open jobs that meet every wish, each once, none of `without` or its twins: the newest first.

    An employer's third job comes after two of every other. Further pages are of the same list, whatever is
    opened or closed meanwhile, but what has closed is not shown.
    """
    standing = _standing(session, now) if after is None else after.standing
    rows = _varied(session, wishes, standing)
    unwanted = _fold_keys(session, without)
    wanted = (place for place, row in zip(_places(rows), rows, strict=True) if row.fold_key not in unwanted)
    places = sorted(wanted, key=lambda place: place.order)[:MOST_FOUND]
    rest = places if after is None else _rest(session, places, after.place, now)
    page = rest[:count]
    jobs = facts_of(session, [place.job_id for place in page])
    return Found(jobs, len(places), Bookmark(page[-1], standing) if len(rest) > count else None)


def counts_of_jobs(session: Session, several: Iterable[JobWishes], now: datetime) -> Iterator[int]:
    """How many open jobs meet every wish, each once; MOST_COUNTED at most. One after the other, as asked for."""
    standing = _standing(session, now)
    for wishes in several:
        yield len(_fitting(session, wishes, standing, MOST_COUNTED))


def open_jobs(session: Session, ids: Sequence[int], now: datetime) -> list[JobFacts]:
    """Those of these jobs that a list may show: open now, and no older twin of another; in the same order."""
    still = _listed(session, ids, now)
    return facts_of(session, [id_ for id_ in ids if id_ in still])


def similar_jobs(
    session: Session, job: JobFacts, wishes: JobWishes, without: Collection[int], now: datetime, *, count: int
) -> list[JobFacts]:
    """Open jobs of the same occupation in the same prefecture, those with like pay and of other employers first.

    Of the wishes those count that are never broken: licences, what must be offered, what is excluded.
    """
    alike = JobWishes(
        occupations=(job.occupation,),
        prefectures=(job.prefecture,),
        excluded_areas=wishes.excluded_areas,
        licences=wishes.licences,
        flags=wishes.flags,
    )
    rows = _fitting(session, alike, _standing(session, now), MOST_FOUND)
    unwanted = _fold_keys(session, {job.id, *without})
    likely = sorted(
        (row for row in rows if row.fold_key not in unwanted), key=lambda row: _distance(job, row)
    )
    return facts_of(session, [row.id for row in likely[:count]])


def _distance(job: JobFacts, row: _Row) -> tuple[bool, bool, bool]:
    """How far a job is from another; of equally far ones the newest comes first, as the rows do."""
    is_like_paid = row.wage_type is job.wage_type and abs(row.wage_min - job.wage_min) <= 0.2 * job.wage_min
    return row.employer == job.employer, not is_like_paid, row.city != job.city


def _standing(session: Session, now: datetime) -> Standing:
    return Standing(now, session.scalars(select(func.max(Job.id))).one() or 0)


def _rest(session: Session, places: Sequence[Place], after: Place, now: datetime) -> list[Place]:
    """What comes after this job and may still be shown."""
    rest = [place for place in places if place.order > after.order]
    still = _listed(session, [place.job_id for place in rest], now)
    return [place for place in rest if place.job_id in still]


def _listed(session: Session, ids: Sequence[int], now: datetime) -> set[int]:
    listed = select(Job.id).where(Job.id.in_(ids), is_open_now(now), is_newest_twin(now))
    return set(session.scalars(listed))


def _varied(session: Session, wishes: JobWishes, standing: Standing) -> list[_Row]:
    """The newest fitting jobs. Where they are cut off, those of employers behind one that has very many come too."""
    rows = page = list(_fitting(session, wishes, standing, MOST_FOUND))
    flooding: list[str] = []
    for _ in range(MOST_READ_ON):
        counts = Counter(row.employer for row in rows)
        many = [employer for employer, count in counts.items() if count >= VERY_MANY]
        if len(page) < MOST_FOUND or len(many) == len(flooding):
            break
        flooding = many
        page = list(_fitting(session, wishes, standing, MOST_FOUND, flooding))
        known = {row.id for row in rows}
        rows = [*rows, *(row for row in page if row.id not in known)]
    return rows


def _fitting(
    session: Session,
    wishes: JobWishes,
    standing: Standing,
    most: int,
    without_employers: Sequence[str] = (),
) -> Sequence[_Row]:
    found = _LISTED.where(*conditions(wishes))
    if without_employers:
        found = found.where(Job.employer.not_in(without_employers))
    return session.execute(found, moment(*standing) | {"most": most}).all()


_LISTED = (
    select(Job.id, Job.opened_on, Job.employer, Job.fold_key, Job.city, Job.wage_type, Job.wage_min)
    .where(WAS_LISTED)
    .order_by(Job.opened_on.desc(), Job.id.desc())
    .limit(bindparam("most"))
)


def _places(rows: Sequence[_Row]) -> list[Place]:
    seen: Counter[str] = Counter()
    places = []
    for row in rows:
        places.append(Place(seen[row.employer] // PER_EMPLOYER, row.opened_on, row.id))
        seen[row.employer] += 1
    return places


def _fold_keys(session: Session, job_ids: Collection[int]) -> frozenset[str]:
    return (
        frozenset(session.scalars(select(Job.fold_key).where(Job.id.in_(job_ids))))
        if job_ids
        else frozenset()
    )
