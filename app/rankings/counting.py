"""Counting rankings from what people did: read part by part, so that neither memory nor a read grows with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    case,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session, aliased

from app.clock import TOKYO, today_in_tokyo
from app.db import Database, reading
from app.jobs.conditions import is_newest_twin, is_open_now
from app.jobs.models import Activity, ActivityKind, Impression, Job, JobArea
from app.links.models import Link
from app.rankings.actions import replace_rankings
from app.rankings.rules import WINDOW_DAYS, CountedList, ListedJob, Tally, weight

COUNTED = (ActivityKind.VIEW, ActivityKind.CLICK, ActivityKind.SAVE, ActivityKind.APPLY)
A_DAY = timedelta(days=1)
PARTS = "0123456789abcdef"
"""First letters of fold keys: one read each."""


def count_rankings(database: Database, now: datetime) -> int:
    """Count every list anew and write those that changed; how many did."""
    return replace_rankings(database, counted_lists(database, now), now)


def counted_lists(database: Database, now: datetime) -> list[CountedList]:
    """Every list that somebody looked at a job of, from the activity of the last 28 days."""
    tally = Tally()
    shown: dict[int, int] = {}
    midnight = datetime.combine(today_in_tokyo(now), time(), TOKYO)
    weights = [weight(days) for days in range(WINDOW_DAYS + 2)]
    for part in PARTS:
        with reading(database) as session:
            jobs = _listed_jobs(session, part, now)
            first_shown = _first_shown(session, part, now)
            deeds = _deeds(session, part, now, first_shown)
        for fold_key, _ in first_shown:
            if (job := jobs.get(fold_key)) is not None:
                shown[job.id] = shown.get(job.id, 0) + 1
        for (fold_key, person), deed in deeds.items():
            if (job := jobs.get(fold_key)) is not None:
                days = max(0, -((deed.last - midnight) // A_DAY))
                tally.add(job, person, weights[days], was_shown=deed.was_shown)
    return tally.lists(shown)


@dataclass
class _Deed:
    """What one person did with a job and its twins."""

    first: datetime
    last: datetime
    shown_at: datetime | None
    """When we first showed it to them, on any account."""

    @property
    def was_shown(self) -> bool:
        """Who did anything with a job before we showed it to them has found it alone."""
        return self.shown_at is not None and self.shown_at <= self.first


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


def _deeds(
    session: Session, part: str, now: datetime, first_shown: Mapping[tuple[str, int], datetime]
) -> dict[tuple[str, int], _Deed]:
    """By fold key and person; a member and the friends who are linked to them are one."""
    by_member, by_friend = aliased(Link), aliased(Link)
    query = (
        select(
            Job.fold_key,
            func.coalesce(Activity.member_id, by_friend.member_id),
            func.coalesce(Activity.friend_id, by_member.friend_id),
            Activity.at,
        )
        .select_from(Job)
        .join(Activity, Activity.job_id == Job.id)
        .outerjoin(by_member, and_(by_member.member_id == Activity.member_id, by_member.ended_at.is_(None)))
        .outerjoin(by_friend, and_(by_friend.friend_id == Activity.friend_id, by_friend.ended_at.is_(None)))
        .where(_is_in(part, Job.fold_key), Activity.kind.in_(COUNTED), Activity.at > _since(now))
    )
    deeds: dict[tuple[str, int], _Deed] = {}
    rows: Any = session.execute(query)  # either of member and friend may be missing
    for fold_key, member, friend, at in rows:
        person = friend * 2 + 1 if member is None else member * 2
        shown_at = first_shown.get((fold_key, friend))
        known = deeds.setdefault((fold_key, person), _Deed(at, at, shown_at))
        known.first, known.last = min(known.first, at), max(known.last, at)
        if shown_at is not None:
            known.shown_at = min(shown_at, known.shown_at or shown_at)
    return deeds


def _first_shown(session: Session, part: str, now: datetime) -> dict[tuple[str, int], datetime]:
    """By fold key and friend, when the job or a twin was first shown to them lately."""
    query = (
        select(Job.fold_key, Impression.friend_id, func.min(Impression.at))
        .select_from(Job)
        .join(Impression, Impression.job_id == Job.id)
        .where(_is_in(part, Job.fold_key), Impression.at > _since(now))
        .group_by(Job.fold_key, Impression.friend_id)
    )
    return {(fold_key, friend_id): at for fold_key, friend_id, at in session.execute(query)}


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
