"""Counting rankings from what people did: read part by part, so that neither memory nor a read grows with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from app.clock import TOKYO, today_in_tokyo
from app.db import Database, reading
from app.jobs.conditions import is_newest_twin, is_open_now
from app.jobs.models import Activity, ActivityKind, Impression, Job, JobArea
from app.links.models import Link
from app.rankings.actions import replace_rankings
from app.rankings.rules import WINDOW_DAYS, CountedList, ListedJob, Tally, shares, weight

COUNTED = (ActivityKind.VIEW, ActivityKind.CLICK, ActivityKind.SAVE, ActivityKind.APPLY)
PARTS = "0123456789abcdef"
"""First letters of fold keys: one read each."""


@dataclass(frozen=True)
class _Pair:
    """A person with a job."""

    fold_key: str
    person: int
    days: int
    was_shown: bool


def count_rankings(database: Database, now: datetime) -> int:
    """Count every list anew and write those that changed; how many did."""
    return replace_rankings(database, counted_lists(database, now), now)


def counted_lists(database: Database, now: datetime) -> list[CountedList]:
    """Every list that somebody looked at a job of, from the activity of the last 28 days."""
    tally, share = Tally(), {}
    with reading(database) as session:
        share = shares(dict(session.execute(_shown_to(now)).all()))
    for part in PARTS:
        with reading(database) as session:
            jobs = _listed_jobs(session, part, now)
            for pair in _pairs(session, part, now):
                if (job := jobs.get(pair.fold_key)) is not None:
                    counts = share.get(pair.fold_key, 1.0) if pair.was_shown else 1.0
                    tally.add(job, pair.person, weight(pair.days, counts))
    return tally.lists()


def _listed_jobs(session: Session, part: str, now: datetime) -> dict[str, ListedJob]:
    """By fold key the one open job that stands for all its twins."""
    chosen = select(Job.id, Job.fold_key, Job.prefecture, Job.city, Job.occupation).where(
        _is_in(part, Job.fold_key), is_open_now(now), is_newest_twin(now)
    )
    rows = session.execute(chosen).all()
    further: dict[int, list[int]] = {}
    areas = select(JobArea.job_id, JobArea.prefecture).join(Job, Job.id == JobArea.job_id)
    for job_id, prefecture in session.execute(areas.where(_is_in(part, Job.fold_key))):
        further.setdefault(job_id, []).append(prefecture)
    return {
        fold_key: ListedJob(id_, tuple(sorted([prefecture, *further.get(id_, ())])), city, occupation)
        for id_, fold_key, prefecture, city, occupation in rows
    }


def _pairs(session: Session, part: str, now: datetime) -> Iterator[_Pair]:
    """Each person once with each job and its twins, by what they did last.

    A member and the friend who is linked to them are one. Who did anything with a job before we showed it to
    them has found it alone.
    """
    by_member, by_friend = aliased(Link), aliased(Link)
    member = func.coalesce(Activity.member_id, by_friend.member_id)
    friend = func.coalesce(Activity.friend_id, by_member.friend_id)
    person = case((member.is_not(None), member * 2), else_=friend * 2 + 1)
    shown = exists().where(
        Impression.friend_id == friend,
        Impression.job_id == Activity.job_id,
        Impression.at <= Activity.at,
        Impression.at > _since(now),
    )
    query = (
        select(
            Job.fold_key, person, func.min(days_since(Activity.at, now)), func.min(case((shown, 1), else_=0))
        )
        .select_from(Job)
        .join(Activity, Activity.job_id == Job.id)
        .outerjoin(by_member, and_(by_member.member_id == Activity.member_id, by_member.ended_at.is_(None)))
        .outerjoin(by_friend, and_(by_friend.friend_id == Activity.friend_id, by_friend.ended_at.is_(None)))
        .where(_is_in(part, Job.fold_key), Activity.kind.in_(COUNTED), Activity.at > _since(now))
        .where(or_(member.is_not(None), friend.is_not(None)))
        .group_by(Job.fold_key, person)
    )
    for fold_key, who, days, was_shown in session.execute(query):
        yield _Pair(fold_key, who, days, bool(was_shown))


def _shown_to(now: datetime) -> Select[str, int]:
    """To how many people each job was shown."""
    return (
        select(Job.fold_key, func.count(Impression.friend_id.distinct()))
        .join(Job, Job.id == Impression.job_id)
        .where(Impression.at > _since(now))
        .group_by(Job.fold_key)
    )


def days_since(at: SQLColumnExpression[datetime], now: datetime) -> ColumnElement[int]:
    """Days in Tokyo since then, as a chain of comparisons that both databases understand."""
    midnight = datetime.combine(today_in_tokyo(now), time(), TOKYO)
    steps = [(at >= midnight - timedelta(days=days), days) for days in range(WINDOW_DAYS)]
    return case(*steps, else_=literal(WINDOW_DAYS))


def _since(now: datetime) -> datetime:
    return now - timedelta(days=WINDOW_DAYS)


def _is_in(part: str, fold_key: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """As a range, which an index can use in any collation of hexadecimal digits."""
    following = PARTS[PARTS.index(part) + 1] if part != PARTS[-1] else "g"
    return and_(fold_key >= part, fold_key < following)
