"""おすすめ: the vacancies that the last batch chose for a person, as far as they are still right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from pydantic import Field, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.endpoint import Call, Reading
from app.api.friends import LineUserId
from app.api.offers import Offer, offers_of
from app.api.problems import not_found
from app.api.references import find_friend, member_in_path
from app.api.values import Key, Query, Shown
from app.encryption import Encryption
from app.jobs.conditions import is_newest_twin
from app.jobs.models import Job
from app.jobs.rules import JobFacts, JobWishes, reasons, unmet_conditions
from app.jobs.searching import open_jobs
from app.messaging.channels import DEFAULT_CHANNEL
from app.people.persons import Person, person_of
from app.people.queries import profile_of
from app.rankings.onlookers import Onlooker, unrefused_ids
from app.recommend.models import Recommendation
from app.recommend.popular import RELAXATIONS, popular_picks
from app.recommend.ports import Seeker
from app.site_keys.scopes import Scope
from surveys.wishes import job_wishes


class Source(StrEnum):
    """Where a list comes from."""

    BATCH = "batch"
    POPULAR = "popular"


class RecommendationQuery(Query):
    """Whom it is for: a member, or a LINE user."""

    member: Key | None = Field(None, description="The member's key.")
    line_user_id: LineUserId | None = Field(None, description="On the account `channel`.")
    channel: Key = Field(DEFAULT_CHANNEL, description="The name of the official account.")
    limit: int = Field(10, ge=1, le=30, description="How many at most.")

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.member is None) == (self.line_user_id is None):
            raise ValueError("give either member or line_user_id")
        return self


class Recommended(Shown):
    """Vacancies for one person, the best first."""

    items: list[Offer]
    source: Source = Field(
        description="popular: nothing was chosen for this person yet, or none of it is left."
    )
    model_version: str | None = Field(description="Of the model that chose; null: chosen by popularity.")
    made_at: datetime | None = Field(description="When it was chosen; null: just now.")


@dataclass(frozen=True)
class _Listed:
    """A list before it is looked at again."""

    job_ids: list[int] = field(default_factory=list)
    source: Source = Source.POPULAR
    model_version: str | None = None
    made_at: datetime | None = None


def get_recommendations(session: Session, call: Call[RecommendationQuery]) -> Recommended:
    """What the last batch chose for this person. None of it is closed, hidden, applied to, or against what they
    never want; where nothing is left, what is popular among what fits."""
    person = _person(session, call.given)
    wishes = _wishes(session, call.door.encryption, person)
    listed = _stored(session, person)
    jobs = _right_now(session, listed, person, wishes, call.now)
    if not jobs:
        listed = _popular(session, wishes, call.now)
        jobs = _right_now(session, listed, person, wishes, call.now)
    shown = jobs[: call.given.limit]
    return Recommended(
        items=offers_of(session, [job.id for job in shown], {job.id: reasons(job, wishes) for job in shown}),
        source=listed.source,
        model_version=listed.model_version,
        made_at=listed.made_at,
    )


def _person(session: Session, given: RecommendationQuery) -> Person:
    if given.member is not None:
        return person_of(session, (member_in_path(session, given.member),), ())
    friend = find_friend(session, given.channel, str(given.line_user_id))
    if friend is None:
        raise not_found("friend")
    return person_of(session, (), (friend.id,))


def _wishes(session: Session, sealing: Encryption, person: Person) -> JobWishes:
    stated = profile_of(session, sealing, person)
    return job_wishes({name: each.value for name, each in stated.items()})


def _stored(session: Session, person: Person) -> _Listed:
    """The newest of this person's friends."""
    query = select(Recommendation).where(Recommendation.friend_id.in_(person.friend_ids))
    row = session.scalars(query.order_by(Recommendation.made_at.desc()).limit(1)).first()
    if row is None:
        return _Listed()
    ids = [_job_of(each) for each in row.jobs]
    return _Listed([id_ for id_ in ids if id_ is not None], Source.BATCH, row.model_version, row.made_at)


def _job_of(pick: Mapping[str, Any]) -> int | None:
    job_id = pick.get("job")
    return job_id if isinstance(job_id, int) else None


def _popular(session: Session, wishes: JobWishes, now: datetime) -> _Listed:
    picks = popular_picks(session, Seeker(wishes), MOST_POPULAR, now)
    return _Listed([pick.job_id for pick in picks])


MOST_POPULAR = 30


def _right_now(
    session: Session, listed: _Listed, person: Person, wishes: JobWishes, now: datetime
) -> list[JobFacts]:
    """Those that are open, are no older twin, were not refused, and break nothing but what may be widened."""
    newest = select(Job.id).where(Job.id.in_(listed.job_ids), is_newest_twin(now))
    kept = set(session.scalars(newest)) & unrefused_ids(
        session, listed.job_ids, Onlooker(person.friend_ids, person.member_ids)
    )
    jobs = open_jobs(session, [id_ for id_ in listed.job_ids if id_ in kept], now)
    return [job for job in jobs if all(each in RELAXATIONS for each in unmet_conditions(job, wishes))]


ENDPOINTS = (
    Reading(
        method="GET",
        path="/recommendations",
        scope=Scope.RECOMMENDATIONS_READ,
        summary="Vacancies for one person",
        given=RecommendationQuery,
        answer=Recommended,
        run=get_recommendations,
    ),
)
