"""おすすめ: the vacancies that the last batch chose for a person, as far as they are still right."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

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
from app.jobs.rules import JobFacts, JobWishes
from app.jobs.searching import open_jobs
from app.messaging.channels import DEFAULT_CHANNEL
from app.people.persons import Person, person_of
from app.people.queries import profile_of
from app.rankings.onlookers import Onlooker, unrefused_ids
from app.recommend.models import Recommendation as Stored
from app.recommend.popular import may_be_shown, popular_picks, relaxed_for
from app.recommend.ports import Pick, Seeker
from app.recommend.reasons import pick_reasons, relaxed_words
from app.recommend.telling import telling_of
from app.recommend.wire import pick_from_json
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


class Recommendation(Offer):
    """A vacancy for one person."""

    instead: list[str] = Field(
        description="In Japanese: where it is not what was wished, because too few vacancies were."
    )


class Recommended(Shown):
    """Vacancies for one person, the best first."""

    items: list[Recommendation]
    source: Source = Field(
        description="popular: nothing was chosen for this person yet, or none of it is left."
    )
    model_version: str | None = Field(description="Of the model that chose; null: chosen by popularity.")
    made_at: datetime | None = Field(description="When it was chosen; null: just now.")


@dataclass(frozen=True)
class _Listed:
    """A list before it is looked at again."""

    picks: list[Pick] = field(default_factory=list)
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
    return Recommended(
        items=_items(session, listed, jobs[: call.given.limit], wishes, call.now),
        source=listed.source,
        model_version=listed.model_version,
        made_at=listed.made_at,
    )


def _items(
    session: Session, listed: _Listed, jobs: Sequence[JobFacts], wishes: JobWishes, now: datetime
) -> list[Recommendation]:
    """With what is true of each job and these wishes now, whatever was true when it was chosen."""
    chosen = {pick.job_id: pick for pick in listed.picks}
    picks = {job.id: replace(chosen[job.id], relaxed=relaxed_for(job, wishes)) for job in jobs}
    telling = telling_of(session, list(picks.values()), now)
    why = {job.id: pick_reasons(picks[job.id], job, wishes, telling) for job in jobs}
    offers = offers_of(session, [job.id for job in jobs], why)
    return [
        Recommendation(**dict(offer), instead=list(relaxed_words(picks[job.id], job, wishes)))
        for offer, job in zip(offers, jobs, strict=True)
    ]


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
    query = select(Stored).where(Stored.friend_id.in_(person.friend_ids))
    row = session.scalars(query.order_by(Stored.made_at.desc()).limit(1)).first()
    if row is None:
        return _Listed()
    picks = [pick_from_json(each) for each in row.jobs]
    return _Listed(picks, Source.BATCH, row.model_version, row.made_at)


def _popular(session: Session, wishes: JobWishes, now: datetime) -> _Listed:
    return _Listed(list(popular_picks(session, Seeker(wishes), MOST_POPULAR, now)))


MOST_POPULAR = 30


def _right_now(
    session: Session, listed: _Listed, person: Person, wishes: JobWishes, now: datetime
) -> list[JobFacts]:
    """Those that are open, are no older twin, were not refused, and break nothing but what may be widened."""
    ids = [pick.job_id for pick in listed.picks]
    kept = unrefused_ids(session, ids, Onlooker(person.friend_ids, person.member_ids))
    jobs = open_jobs(session, [id_ for id_ in ids if id_ in kept], now)
    return [job for job in jobs if may_be_shown(job, wishes)]


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
