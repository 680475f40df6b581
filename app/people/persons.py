"""Whom a command means: one person with all that they are here, found by whatever names them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.errors import AppError
from app.friends.models import Friend
from app.links.models import Link
from app.members.models import Member

_LINE_USER_ID = re.compile(r"U[0-9a-f]{32}")
_FRIEND = re.compile(r"friend:([0-9]{1,18})")
MEMBER_PREFIX = "member:"


class UnknownPerson(AppError):
    """Nobody is known by this name."""

    status = 404
    message = "該当する人が見つかりません。"


@dataclass(frozen=True)
class Person:
    """Everything here that is one human being: members and friends joined by links, by our ids."""

    member_ids: tuple[int, ...]
    friend_ids: tuple[int, ...]


def find_person(session: Session, named: str) -> Person:
    """By a member's external id, `friend:ID` or a LINE user id; `member:…` for an id that looks like those.

    Whoever is linked to them, and the same LINE user at another account, is the same person.
    Errors: UnknownPerson.
    """
    members, friends = _named(session, named.strip())
    if not members and not friends:
        raise UnknownPerson
    return person_of(session, members, friends)


def person_of(session: Session, member_ids: Iterable[int], friend_ids: Iterable[int]) -> Person:
    """The person that these are parts of."""
    members, friends = set(member_ids), set(friend_ids)
    while True:
        is_theirs = Link.member_id.in_(members) | Link.friend_id.in_(friends)
        links = session.execute(
            select(Link.member_id, Link.friend_id).where(is_theirs, Link.ended_at.is_(None))
        )
        found = [tuple(row) for row in links]
        same_user = select(Friend.line_user_id).where(Friend.id.in_(friends | {each[1] for each in found}))
        accounts = session.scalars(select(Friend.id).where(Friend.line_user_id.in_(same_user)))
        grown = members | {each[0] for each in found}, friends | set(accounts)
        if grown == (members, friends):
            return Person(tuple(sorted(members)), tuple(sorted(friends)))
        members, friends = grown


def _named(session: Session, named: str) -> tuple[list[int], list[int]]:
    """Members and friends of exactly this name."""
    if match := _FRIEND.fullmatch(named):
        return [], _friends(session, Friend.id == int(match[1]))
    if _LINE_USER_ID.fullmatch(named):
        return [], _friends(session, Friend.line_user_id == named)
    external_id = named.removeprefix(MEMBER_PREFIX)
    query = select(Member.id).where(Member.external_id == external_id, Member.forgotten_at.is_(None))
    return list(session.scalars(query)), []


def _friends(session: Session, is_it: ColumnElement[bool]) -> list[int]:
    return list(session.scalars(select(Friend.id).where(is_it, Friend.forgotten_at.is_(None))))
