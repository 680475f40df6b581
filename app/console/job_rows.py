"""Jobs for the console: a page of the list, one with what happened to it, and who was shown it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.clock import today_in_tokyo
from app.console.job_words import because_ids, masked_name, why_words
from app.friends.models import Friend
from app.jobs.conditions import is_newest_twin, is_open_now
from app.jobs.models import Activity, ActivityKind, Impression, Job, JobArea
from app.jobs.queries import job_titles
from app.jobs.vocabulary import EmploymentType, WageType
from app.members.models import Application
from app.rankings.counting import days_since
from app.rankings.models import Ranking
from app.rankings.rules import WINDOW_DAYS

DRAWN = {
    ActivityKind.VIEW: "閲覧",
    ActivityKind.CLICK: "クリック",
    ActivityKind.SAVE: "保存",
    ActivityKind.APPLY: "応募",
}


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; None and empty: not at all."""

    text: str = ""
    state: str | None = None
    """open or closed."""
    occupation: str = ""
    prefecture: int | None = None


@dataclass(frozen=True)
class JobLine:
    """A job in the list."""

    id: int
    title: str
    employer: str
    occupation: str
    employment: EmploymentType
    prefecture: int
    city: int | None
    wage_type: WageType
    wage_min: int
    wage_max: int | None
    opened_on: date
    closed_at: datetime | None


@dataclass(frozen=True)
class Series:
    """How often something was done, day by day, today last."""

    title: str
    days: tuple[int, ...]

    @property
    def total(self) -> int:
        """In all these days."""
        return sum(self.days)

    @property
    def most(self) -> int:
        """On the best day; 1 at least, so that a bar can be drawn."""
        return max(1, *self.days)


@dataclass(frozen=True)
class Happenings:
    """What became of a job lately."""

    series: tuple[Series, ...]
    first_day: date
    shown: int
    """How often it was shown in LINE."""
    people: int
    """To how many friends."""
    clicked: int
    applications: int
    """On the site, ever."""
    ranks: tuple[tuple[int, str, int], ...]
    """Area, occupation, rank."""
    twins: tuple[int, ...]
    """Other open jobs that are this one again."""
    is_listed: bool
    """Whether lists show this one of its twins."""


@dataclass(frozen=True)
class Showing:
    """A time that the job was shown to somebody."""

    id: int
    friend_id: int
    name: str
    at: datetime
    position: int
    why: Sequence[str]
    clicked_at: datetime | None


def job_lines(
    session: Session, wanted: Wanted, now: datetime, *, before: int | None, limit: int
) -> list[JobLine]:
    """The last ones to come first, from below the id `before`."""
    columns = (getattr(Job, name) for name in JobLine.__dataclass_fields__)
    query = select(*columns).where(*_conditions(wanted, now)).order_by(Job.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Job.id < before)
    return [JobLine(*row) for row in session.execute(query)]


def occupations_there(session: Session) -> list[str]:
    """Every occupation that some job has."""
    return list(session.scalars(select(Job.occupation).distinct().order_by(Job.occupation)))


def prefectures_of(session: Session, job: Job) -> list[int]:
    """All where it can be worked."""
    further = session.scalars(select(JobArea.prefecture).where(JobArea.job_id == job.id))
    return sorted([job.prefecture, *further])


def happenings(session: Session, job: Job, now: datetime) -> Happenings:
    """Counts of the last four weeks, today among them."""
    shown = select(
        func.count(), func.count(Impression.friend_id.distinct()), func.count(Impression.clicked_at)
    ).where(Impression.job_id == job.id)
    times, people, clicked = session.execute(shown).one()
    applications = select(func.count()).select_from(Application).where(Application.job_id == job.id)
    ranks = select(Ranking.area, Ranking.occupation, Ranking.rank).where(
        Ranking.job_id == job.id, Ranking.is_thin.is_(False)
    )
    twin = select(Job.id).where(Job.fold_key == job.fold_key, Job.id != job.id, is_open_now(now))
    listed = select(Job.id).where(Job.id == job.id, is_open_now(now), is_newest_twin(now))
    return Happenings(
        series=tuple(_series(session, job.id, now)),
        first_day=today_in_tokyo(now) - timedelta(days=WINDOW_DAYS - 1),
        shown=times,
        people=people,
        clicked=clicked,
        applications=session.scalars(applications).one(),
        ranks=tuple(
            (area, occupation, rank)
            for area, occupation, rank in session.execute(ranks.order_by(Ranking.rank).limit(5))
        ),
        twins=tuple(session.scalars(twin)),
        is_listed=session.scalars(listed).first() is not None,
    )


def showings(session: Session, job_id: int, *, before: int | None, limit: int) -> list[Showing]:
    """To whom it was shown and why, the newest first; names are masked."""
    query = (
        select(
            Impression.id,
            Impression.friend_id,
            Friend.display_name,
            Impression.at,
            Impression.position,
            Impression.parts,
            Impression.propensity,
            Impression.clicked_at,
        )
        .join(Friend, Friend.id == Impression.friend_id)
        .where(Impression.job_id == job_id, Friend.forgotten_at.is_(None))
        .order_by(Impression.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Impression.id < before)
    rows = session.execute(query).all()
    titles = job_titles(session, [id_ for row in rows for id_ in because_ids(row.parts)])
    return [_showing(row, titles) for row in rows]


def _showing(row: Any, titles: Mapping[int, str]) -> Showing:
    why = why_words(row.parts, row.propensity, titles)
    name = masked_name(row.display_name)
    return Showing(row.id, row.friend_id, name, row.at, row.position, why, row.clicked_at)


def _series(session: Session, job_id: int, now: datetime) -> list[Series]:
    ago = days_since(Activity.at, now)
    query = (
        select(Activity.kind, ago, func.count())
        .where(Activity.job_id == job_id, Activity.kind.in_(DRAWN))
        .where(Activity.at > now - timedelta(days=WINDOW_DAYS + 1))
        .group_by(Activity.kind, ago)
    )
    counted = {(kind, days): count for kind, days, count in session.execute(query)}
    span = range(WINDOW_DAYS - 1, -1, -1)
    return [
        Series(title, tuple(counted.get((kind, days), 0) for days in span)) for kind, title in DRAWN.items()
    ]


def _conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        conditions.append(is_open_now(now) if wanted.state == "open" else ~is_open_now(now))
    if wanted.occupation:
        conditions.append(Job.occupation == wanted.occupation)
    if wanted.prefecture is not None:
        area = aliased(JobArea)
        further = select(area.job_id).where(area.prefecture == wanted.prefecture)
        conditions.append(or_(Job.prefecture == wanted.prefecture, Job.id.in_(further)))
    for word in wanted.text.split():
        columns = (Job.title, Job.employer, Job.external_id, Job.worksite)
        conditions.append(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return conditions
