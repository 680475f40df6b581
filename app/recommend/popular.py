"""Jobs without a model: what is popular where the person looks, then the newest; by SQL alone.

What answers while there is no model, when it is broken, and when the scoring process is not there in time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.bulk import among
from app.db import Database, reading
from app.jobs.conditions import conditions, is_newest_twin, is_open_now
from app.jobs.models import Job
from app.jobs.rules import Condition, JobFacts, JobWishes, unmet_conditions
from app.jobs.searching import open_jobs
from app.rankings.models import Ranking
from app.recommend.ports import Pick, Picks, Seeker, Signal
from app.recommend.rules import PER_EMPLOYER, Relaxation, widened

_LOOKED_AT = 200
"""Newest candidates that are read at once; of one employer two of them count."""
RELAXATIONS = {
    Condition.PLACE: Relaxation.PLACE,
    Condition.OCCUPATION: Relaxation.OCCUPATION,
    Condition.WAGE: Relaxation.WAGE,
    Condition.EMPLOYMENT: Relaxation.EMPLOYMENT,
}
"""The conditions that may be widened; all others are never broken."""


@dataclass(frozen=True)
class PopularRecommender:
    """A Recommender over the tables."""

    database: Database

    def recommend(self, seeker: Seeker, count: int, now: datetime) -> Picks:
        """See Recommender."""
        with reading(self.database) as session:
            return Picks(tuple(popular_picks(session, seeker, count, now)), None)


class _Candidate(NamedTuple):
    job_id: int
    employer: str
    fold_key: str


@dataclass
class _Basket:
    """What has been chosen so far."""

    count: int
    signals: dict[int, Signal] = field(default_factory=dict)
    employers: Counter[str] = field(default_factory=Counter)
    folds: set[str] = field(default_factory=set)

    @property
    def is_full(self) -> bool:
        return len(self.signals) >= self.count

    @property
    def full_employers(self) -> list[str]:
        """Those of whom there are enough."""
        return [employer for employer, number in self.employers.items() if number >= PER_EMPLOYER]

    def take(self, candidates: Iterable[_Candidate], signal: Signal) -> None:
        """Those that are neither too many of an employer nor there already."""
        for each in candidates:
            if self.is_full or each.fold_key in self.folds or self.employers[each.employer] >= PER_EMPLOYER:
                continue
            if each.job_id not in self.signals:
                self.signals[each.job_id] = signal
                self.employers[each.employer] += 1
                self.folds.add(each.fold_key)


def popular_picks(session: Session, seeker: Seeker, count: int, now: datetime) -> Iterator[Pick]:
    """At most `count` jobs that meet the wishes, then ones that meet wider wishes."""
    basket = _Basket(count)
    for wishes in (seeker.wishes, *widened(seeker.wishes)):
        if basket.is_full:
            break
        fitting = _fitting(session, seeker, wishes, now)
        basket.take(_ranked(session, fitting, wishes), Signal.POPULAR)
        _take_newest(session, fitting, basket)
    facts = {job.id: job for job in open_jobs(session, list(basket.signals), now)}
    for job_id, signal in basket.signals.items():
        if job_id in facts:
            yield Pick(job_id, {signal.value: 1.0}, relaxed=relaxed_for(facts[job_id], seeker.wishes))


def relaxed_for(job: JobFacts, wishes: JobWishes) -> tuple[Relaxation, ...]:
    """The wishes that a chosen job does not meet."""
    unmet = {RELAXATIONS.get(condition) for condition in unmet_conditions(job, wishes)}
    return tuple(each for each in Relaxation if each in unmet)


def may_be_shown(job: JobFacts, wishes: JobWishes) -> bool:
    """Whether it breaks no condition but those that may be widened."""
    return all(condition in RELAXATIONS for condition in unmet_conditions(job, wishes))


def _fitting(session: Session, seeker: Seeker, wishes: JobWishes, now: datetime) -> Select[int, str, str]:
    query = select(Job.id, Job.employer, Job.fold_key)
    query = query.where(is_open_now(now), is_newest_twin(now), *conditions(wishes))
    if not seeker.excluded:
        return query
    excluded = list(seeker.excluded)
    theirs = select(Job.fold_key).where(among(session.connection(), Job.id, excluded))
    return query.where(~among(session.connection(), Job.id, excluded), Job.fold_key.not_in(theirs))


def _take_newest(session: Session, fitting: Select[int, str, str], basket: _Basket) -> None:
    """The newest, read again without employers that have enough: the others' jobs may stand behind theirs."""
    newest = fitting.order_by(Job.opened_on.desc(), Job.id.desc()).limit(_LOOKED_AT)
    before, read = -1, _LOOKED_AT
    while before < len(basket.signals) < basket.count and read == _LOOKED_AT:
        before = len(basket.signals)
        found = _candidates(session, newest.where(Job.employer.not_in(basket.full_employers)))
        basket.take(found, Signal.FRESH)
        read = len(found)


def _ranked(session: Session, fitting: Select[int, str, str], wishes: JobWishes) -> list[_Candidate]:
    """Those of the lists of the person's places and occupations, the narrowest place first."""
    places = [wishes.cities, wishes.prefectures, (0,)]
    occupations = wishes.occupations or ("",)
    areas = {area: depth for depth, codes in enumerate(places) for area in codes}
    ranked = select(Ranking.job_id, Ranking.area, Ranking.rank)
    ranked = ranked.where(
        Ranking.area.in_(areas), Ranking.occupation.in_(occupations), Ranking.is_thin.is_(False)
    )
    order: dict[int, tuple[int, int]] = {}
    for job_id, area, rank in session.execute(ranked):
        place = (areas[area], rank)
        order[job_id] = min(place, order.get(job_id, place))
    if not order:
        return []
    found = _candidates(session, fitting.where(Job.id.in_(order)))
    return sorted(found, key=lambda each: (*order[each.job_id], each.job_id))


def _candidates(session: Session, query: Select[int, str, str]) -> Sequence[_Candidate]:
    return [_Candidate(*row) for row in session.execute(query)]
