"""Reading rankings: the one that suits a person, and the ranks of some jobs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from app.clock import today_in_tokyo
from app.jobs.conditions import is_newest_twin, is_open_now
from app.jobs.models import Job
from app.jobs.rules import JobFacts, JobWishes
from app.jobs.searching import open_jobs
from app.rankings.models import Ranking
from app.rankings.onlookers import Onlooker, unrefused_ids
from app.rankings.rules import (
    SHOWN,
    WINDOW_DAYS,
    Cell,
    Chosen,
    CountedList,
    Place,
    cells_for,
    choose_list,
    ladder,
)


@dataclass(frozen=True)
class RankedJob:
    """An open job with its place among the open jobs of a ranking; None: a near one that comes first."""

    job: JobFacts
    rank: int | None


@dataclass(frozen=True)
class ShownRanking:
    """What a person is shown: near jobs first, then the ranking's best."""

    area: int
    occupation: str
    """Empty: of all occupations."""
    since: date
    """The first day that counts."""
    jobs: tuple[RankedJob, ...]


def ranking_for(
    session: Session,
    wishes: JobWishes,
    onlooker: Onlooker,
    now: datetime,
    *,
    keep: Callable[[JobFacts], bool] | None = None,
    limit: int = SHOWN,
) -> ShownRanking | None:
    """The ranking of the first place and occupation that are wished, or the next wider one with enough people.

    `keep` leaves out jobs that this person must not be shown. None: nobody has looked at enough jobs yet.
    """
    areas, occupation = ladder(wishes.cities, wishes.prefectures), next(iter(wishes.occupations), None)
    chosen = choose_list(stored_lists(session, cells_for(areas, occupation), now))
    if chosen is None:
        return None
    ranked = _shown_jobs(session, chosen, onlooker, now)
    kept = [each for each in ranked if keep is None or keep(each.job)][:limit]
    since = today_in_tokyo(now) - timedelta(days=WINDOW_DAYS)
    found = ShownRanking(chosen.ranking.area, chosen.ranking.occupation, since, tuple(kept))
    return found if kept else None


def stored_lists(session: Session, cells: Sequence[Cell], now: datetime) -> list[CountedList]:
    """The lists of these cells in the same order, without jobs that have closed since they were counted."""
    of_cells = tuple_(Ranking.area, Ranking.occupation).in_(cells)
    query = _PLACES.join(Job, Job.id == Ranking.job_id).where(of_cells, is_open_now(now), is_newest_twin(now))
    found = _lists(session, query)
    return [found.get(cell, CountedList(*cell, (), is_thin=True)) for cell in cells]


def all_lists(session: Session) -> dict[Cell, CountedList]:
    """Every list as it was counted last, closed jobs too."""
    return _lists(session, _PLACES)


_PLACES = select(
    Ranking.area, Ranking.occupation, Ranking.job_id, Ranking.score, Ranking.people, Ranking.is_thin
).order_by(Ranking.rank)


def _lists(session: Session, query: Select[int, str, int, float, int, bool]) -> dict[Cell, CountedList]:
    places: dict[Cell, list[Place]] = {}
    thin: dict[Cell, bool] = {}
    for area, occupation, job_id, score, people, is_thin in session.execute(query):
        places.setdefault((area, occupation), []).append(Place(job_id, score, people))
        thin[(area, occupation)] = is_thin
    return {cell: CountedList(*cell, tuple(found), thin[cell]) for cell, found in places.items()}


def _shown_jobs(session: Session, chosen: Chosen, onlooker: Onlooker, now: datetime) -> list[RankedJob]:
    ranks = {place.job_id: rank for rank, place in enumerate(chosen.ranking.places, start=1)}
    ids = list(dict.fromkeys([*chosen.near, *ranks]))
    kept = unrefused_ids(session, ids, onlooker)
    jobs = open_jobs(session, [id_ for id_ in ids if id_ in kept], now)
    return [RankedJob(job, None if job.id in chosen.near else ranks[job.id]) for job in jobs]
