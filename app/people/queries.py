"""A person's profile, read from both sides over the links that hold."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.bulk import among
from app.encryption import Encryption
from app.friends.models import Friend
from app.jobs.vocabulary import licence_named, occupation_named
from app.links.queries import Linked, linked_people
from app.members.models import Member
from app.members.queries import opened
from app.people.persons import Person
from app.people.rules import Side, Stated, Statements, derive_profile
from surveys.models import Answer
from surveys.queries import Given, answers_of, answers_of_many

_SITE_WORDS: Mapping[str, Callable[[Any], Any]] = {
    "occupation": occupation_named,
    "licence": lambda words: [name for word in words if (name := licence_named(word)) is not None],
}
"""How the site's own words become those of surveys and jobs."""


def wishes_profile(session: Session, friend_id: int, survey_names: Sequence[str]) -> dict[str, Any]:
    """What this friend wants, by question key: the answers to these surveys, and what the site knows if linked."""
    linked = linked_people(session, [friend_id])
    return wishes_profiles(session, [friend_id], linked, survey_names)[friend_id]


def wishes_profiles(
    session: Session, friend_ids: Collection[int], linked: Linked, survey_names: Sequence[str]
) -> dict[int, dict[str, Any]]:
    """The same for many friends, in a handful of statements however many they are."""
    members, friends = linked
    asked = {*friend_ids, *(each for group in friends.values() for each in group)}
    answers = answers_of_many(session, asked, survey_names)
    facts = _facts_of_many(session, set(members.values()))
    profiles = {}
    for friend_id in friend_ids:
        member_id = members.get(friend_id)
        if member_id is None:
            given = [answers.get((friend_id, name), {}) for name in survey_names]
            profiles[friend_id] = {key: each.value for one in given for key, each in one.items()}
        else:
            given = [answers.get((each, name), {}) for each in friends[member_id] for name in survey_names]
            profiles[friend_id] = _joined(facts[member_id], given)
    return profiles


def _joined(facts: Statements, given: Sequence[Mapping[str, Given]]) -> dict[str, Any]:
    said = [{key: Stated(each.value, each.at, Side.CHAT) for key, each in one.items()} for one in given]
    return {name: stated.value for name, stated in derive_profile([facts, *said]).items()}


def profile_of(session: Session, sealing: Encryption, person: Person) -> dict[str, Stated]:
    """All that is known of a person, by field; whoever shows it to people writes the audit."""
    sides: list[Statements] = []
    for member in session.scalars(select(Member).where(Member.id.in_(person.member_ids)).order_by(Member.id)):
        sides += [_site_facts(session, member.id), _site_contacts(member, sealing)]
    for friend in session.scalars(select(Friend).where(Friend.id.in_(person.friend_ids)).order_by(Friend.id)):
        sides += [_answers(session, friend.id, None), _display_name(friend)]
    return derive_profile(sides)


def _site_facts(session: Session, member_id: int) -> Statements:
    return _facts_of_many(session, [member_id])[member_id]


def _facts_of_many(session: Session, member_ids: Collection[int]) -> dict[int, Statements]:
    """What the site says of members."""
    if not member_ids:
        return {}
    known = select(Member.id, Member.facts).where(among(session.connection(), Member.id, list(member_ids)))
    return {
        member_id: {
            name: Stated(_in_our_words(name, fact["value"]), datetime.fromisoformat(fact["at"]), Side.SITE)
            for name, fact in facts.items()
        }
        for member_id, facts in session.execute(known)
    }


def _in_our_words(name: str, value: Any) -> Any:
    return value if value is None or name not in _SITE_WORDS else _SITE_WORDS[name](value)


def _site_contacts(member: Member, sealing: Encryption) -> Statements:
    contacts = {name: opened(getattr(member, name), sealing) for name in ("name", "phone", "mail")}
    return {name: Stated(text, member.updated_at, Side.SITE) for name, text in contacts.items()}


def _answers(session: Session, friend_id: int, survey_name: str | None) -> Statements:
    """The answers that count, each with the time of the newest one to its question."""
    values = answers_of(session, friend_id, survey_name)
    times = dict(
        session.execute(
            select(Answer.question_key, func.max(Answer.at))
            .where(Answer.friend_id == friend_id)
            .group_by(Answer.question_key)
        ).all()
    )
    return {name: Stated(value, times[name], Side.CHAT) for name, value in values.items()}


def _display_name(friend: Friend) -> Statements:
    """The name on LINE is what they call themselves: better than none."""
    at = friend.profile_at or friend.created_at
    return {"name": Stated(friend.display_name, at, Side.CHAT)}
