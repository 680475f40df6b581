"""What is known of people who look for jobs, read for one in chat or for many in the batch.

A person is a friend and, where a link holds, the member and their friends at other accounts: what they did and
said anywhere counts everywhere. However many are asked for, it is a handful of statements.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.bulk import among
from app.clock import today_in_tokyo
from app.jobs.models import Activity, ActivityKind, Impression, Job
from app.jobs.rules import HideReason, JobWishes
from app.jobs.vocabulary import JobFlag
from app.links.queries import Linked, linked_people
from app.members.models import Application
from app.people.queries import wishes_profiles
from app.recommend.ports import Feedback, Seeker, Seen
from app.recommend.rules import HISTORY, LEANING, MOST_HIDDEN, SHOWN_LATELY
from app.recommend.strengths import MOST, STRENGTHS, WINDOW_DAYS, strength
from surveys.wishes import WISH_SURVEYS, job_wishes

_SWITCHES = (ActivityKind.HIDE, ActivityKind.UNHIDE)
_SAVING = (ActivityKind.SAVE, ActivityKind.UNSAVE)
_ALWAYS = (*_SWITCHES, ActivityKind.APPLY)
"""What counts however long ago it was."""


def seeker_of(session: Session, friend_id: int, now: datetime, wishes: JobWishes | None = None) -> Seeker:
    """A friend as one who looks for jobs; `wishes`: asked for just now, instead of those known."""
    seeker = seekers_of(session, [friend_id], now)[friend_id]
    return seeker if wishes is None else replace(seeker, wishes=wishes)


def seekers_of(session: Session, friend_ids: Sequence[int], now: datetime) -> dict[int, Seeker]:
    """Many friends; the order is theirs."""
    linked = linked_people(session, friend_ids)
    people = _people(linked, friend_ids)
    profiles = wishes_profiles(session, friend_ids, linked, WISH_SURVEYS)
    deeds = _deeds(session, people, now)
    shown = _shown(session, people, now)
    hidden = _hidden_jobs(session, deeds.values())
    return {
        friend_id: _seeker(friend_id, profiles[friend_id], deeds[friend_id], shown[friend_id], hidden, now)
        for friend_id in friend_ids
    }


class Deed(NamedTuple):
    """Something that a person did with a job."""

    at: datetime
    id: int
    kind: ActivityKind
    job_id: int
    reason: str | None


class HiddenJob(NamedTuple):
    """What speaks against others like it."""

    employer: str
    occupation: str
    prefecture: int
    city: int | None


class _People(NamedTuple):
    """Whose rows belong to which of the friends that were asked for."""

    by_friend: Mapping[int, Sequence[int]]
    by_member: Mapping[int, Sequence[int]]


def _people(linked: Linked, friend_ids: Sequence[int]) -> _People:
    members, friends = linked
    by_friend: dict[int, list[int]] = defaultdict(list)
    by_member: dict[int, list[int]] = defaultdict(list)
    for friend_id in friend_ids:
        member_id = members.get(friend_id)
        for each in (friend_id,) if member_id is None else friends[member_id]:
            by_friend[each].append(friend_id)
        if member_id is not None:
            by_member[member_id].append(friend_id)
    return _People(by_friend, by_member)


def _deeds(session: Session, people: _People, now: datetime) -> Mapping[int, list[Deed]]:
    """By friend, in no order."""
    counts = and_(Activity.job_id.is_not(None), _counts(now))
    deeds: dict[int, list[Deed]] = defaultdict(list)
    for whose, owners in ((Activity.friend_id, people.by_friend), (Activity.member_id, people.by_member)):
        if owners:
            is_theirs = among(session.connection(), whose, list(owners))
            for row in session.execute(select(whose, *_DEED).where(is_theirs, counts)):
                for friend_id in owners[row[0] or 0]:
                    deeds[friend_id].append(Deed._make(row[1:]))
    for member_id, job_id, at in _applications(session, people.by_member):
        for friend_id in people.by_member[member_id]:
            deeds[friend_id].append(Deed(at, 0, ActivityKind.APPLY, job_id, None))
    return deeds


_DEED = (Activity.at, Activity.id, Activity.kind, Activity.job_id, Activity.reason)


def _counts(now: datetime) -> ColumnElement[bool]:
    return or_(Activity.kind.in_(_ALWAYS), Activity.at >= now - timedelta(days=WINDOW_DAYS))


def _applications(session: Session, members: Collection[int]) -> Iterable[Any]:
    """応募 that the site tells of without an activity."""
    if not members:
        return ()
    is_theirs = among(session.connection(), Application.member_id, list(members))
    applied = select(Application.member_id, Application.job_id, Application.stage_at)
    return session.execute(applied.where(is_theirs, Application.job_id.is_not(None))).all()


def _shown(session: Session, people: _People, now: datetime) -> Mapping[int, set[int]]:
    """The jobs that each was shown lately."""
    is_theirs = among(session.connection(), Impression.friend_id, list(people.by_friend))
    lately = select(Impression.friend_id, Impression.job_id).where(
        is_theirs, Impression.at >= now - SHOWN_LATELY
    )
    shown: dict[int, set[int]] = defaultdict(set)
    for owner, job_id in session.execute(lately):
        for friend_id in people.by_friend[owner]:
            shown[friend_id].add(job_id)
    return shown


def _hidden_jobs(session: Session, deeds: Iterable[list[Deed]]) -> Mapping[int, HiddenJob]:
    ids = {deed.job_id for each in deeds for deed in each if deed.kind is ActivityKind.HIDE}
    if not ids:
        return {}
    columns = (Job.id, Job.employer, Job.occupation, Job.prefecture, Job.city)
    rows = session.execute(select(*columns).where(among(session.connection(), Job.id, list(ids))))
    return {row[0]: HiddenJob._make(row[1:]) for row in rows}


def _seeker(
    friend_id: int,
    profile: Mapping[str, Any],
    deeds: Sequence[Deed],
    shown: set[int],
    hidden_jobs: Mapping[int, HiddenJob],
    now: datetime,
) -> Seeker:
    hidden = hidden_now(deeds)
    applied = {deed.job_id for deed in deeds if deed.kind is ActivityKind.APPLY}
    refused = {deed.job_id for deed in hidden}
    never = applied | refused
    return Seeker(
        wishes=job_wishes(profile),
        history=history_of([deed for deed in deeds if deed.job_id not in refused], now),
        excluded=frozenset(never | shown),
        shown=frozenset(shown - never),
        leanings=leanings_of(profile),
        feedback=feedback_of(hidden, hidden_jobs),
        seed=friend_id * 1_000_003 + today_in_tokyo(now).toordinal(),
    )


def hidden_now(deeds: Iterable[Deed]) -> list[Deed]:
    """The newest 興味なし of each job that is hidden, the last one first; one that was taken back is none."""
    newest: dict[int, Deed] = {}
    reasons: dict[int, Deed] = {}
    for deed in sorted(deed for deed in deeds if deed.kind in _SWITCHES):
        newest[deed.job_id] = deed
        if deed.reason is not None:
            reasons[deed.job_id] = deed
    hidden = [deed for deed in newest.values() if deed.kind is ActivityKind.HIDE]
    return sorted((reasons.get(deed.job_id, deed) for deed in hidden), reverse=True)


def history_of(deeds: Iterable[Deed], now: datetime) -> tuple[Seen, ...]:
    """The last jobs that a person did something with, each with all that they did with it.

    What was saved and taken back was not saved.
    """
    deeds = list(deeds)
    saving = {deed.job_id: deed.kind for deed in sorted(deed for deed in deeds if deed.kind in _SAVING)}
    last: dict[int, datetime] = {}
    strengths: dict[int, float] = defaultdict(float)
    for deed in deeds:
        is_taken_back = deed.kind is ActivityKind.SAVE and saving[deed.job_id] is ActivityKind.UNSAVE
        if deed.kind in STRENGTHS and not is_taken_back:
            age_days = (now - deed.at).total_seconds() / 86_400
            strengths[deed.job_id] += strength(deed.kind, age_days)
            last[deed.job_id] = max(deed.at, last.get(deed.job_id, deed.at))
    newest = sorted(last, key=lambda job_id: (last[job_id], job_id), reverse=True)[:HISTORY]
    return tuple(Seen(job_id, min(strengths[job_id], MOST)) for job_id in newest if strengths[job_id] > 0)


def feedback_of(hidden: Sequence[Deed], jobs: Mapping[int, HiddenJob]) -> Feedback:
    """What the newest hidden jobs say against others: `hidden` has the last one first."""
    known = [(deed.reason, jobs[deed.job_id]) for deed in hidden[:MOST_HIDDEN] if deed.job_id in jobs]
    return Feedback(
        employers=tuple(job.employer for _, job in known),
        occupations=tuple(job.occupation for reason, job in known if reason == HideReason.WORK),
        cities=tuple(job.city or job.prefecture for reason, job in known if reason == HideReason.PLACE),
    )


def leanings_of(profile: Mapping[str, Any]) -> Mapping[JobFlag, float]:
    """Points from answers that are no hard conditions: who can work at night is glad of it being said."""
    return _NIGHTS.get(str(profile.get("night")), {})


_NIGHTS: Mapping[str, Mapping[JobFlag, float]] = {
    "ok": {JobFlag.NIGHT_OK: LEANING},
    "only": {JobFlag.NIGHT_ONLY: 2 * LEANING, JobFlag.NIGHT_OK: LEANING},
}
