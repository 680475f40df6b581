"""Giving many friends the menu that is right for them, 500 in a call; and one friend, when something changed."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.line.menus import MOST_AT_ONCE, link_body
from richmenu.facts import (
    State,
)
from richmenu.models import LiveMenu
from richmenu.queries import Given, given_menus, is_reachable, is_served, right_menus

Link = Callable[[Mapping[str, Any]], None]
"""A bulk call; raises when LINE does not take it."""
Person = tuple[int, str, str | None]
"""A friend: id, LINE's user id, and the mark of the menu they were given last."""


def give_to_others(
    database: Database, clock: Clock, channel_id: int, link: Link
) -> Iterator[tuple[int, int]]:
    """Walk over all friends in the order of their ids and give each the right menu who has another or none.

    Yields how many have been looked at, and how many given another, so far. Each batch is written down after LINE
    took it: a run that dies is done again from there, and giving the same again changes nothing.
    Whose own row is on its way is left to it.
    """
    last, looked_at, changed = 0, 0, 0
    while True:
        with reading(database) as session:
            given = given_menus(session, channel_id)
            now = clock.now()
            friends = _after(session, channel_id, last, now)
            wrong = _wrongly_given(session, friends, given, now)
        if not friends:
            return
        for menu, people in wrong.items():
            link(link_body(given[menu].rich_menu_id, [user_id for _, user_id, _ in people]))
            with transaction(database) as session:
                _mark(session, people, given[menu].mark)
            changed += len(people)
        last, looked_at = friends[-1][0], looked_at + len(friends)
        yield looked_at, changed


def right_body(
    session: Session, friend_id: int, now: datetime, *, is_sure: bool = True
) -> dict[str, Any] | None:
    """What to ask of LINE for one friend; None when nothing is live yet, or they have the right one already.

    `is_sure`: whether what is written down of them counts; without it they are given the right one again.
    """
    friend = session.get(Friend, friend_id)
    if friend is None or not _is_reachable(friend):
        return None
    given = given_menus(session, friend.channel_id).get(right_menus(session, [friend_id], now)[friend_id])
    if given is None or (is_sure and friend.menu_live == given.mark):
        return None
    return {"rich_menu_id": given.rich_menu_id, "mark": given.mark, "seen": friend.menu_live}


def keep_given(session: Session, friend_id: int, body: Mapping[str, Any]) -> bool:
    """LINE has given this friend the menu of a body; False when they may have another one all the same.

    If somebody else has given them a menu meanwhile, nobody knows which of the two came last.
    """
    friend = session.get(Friend, friend_id)
    if friend is None or not _is_reachable(friend):
        return True
    is_sure = friend.menu_live in {body.get("seen"), body["mark"]}
    friend.menu_live = body["mark"] if is_sure else None
    return is_sure


def is_live(session: Session, rich_menu_id: str) -> bool:
    """Whether people are still given it."""
    query = select(LiveMenu.name).where(LiveMenu.rich_menu_id == rich_menu_id, LiveMenu.state == State.LIVE)
    return session.scalars(query).first() is not None


def _is_reachable(friend: Friend) -> bool:
    """The same as the condition of that name, for a row at hand."""
    is_friend = friend.blocked_at is None and (friend.followed_at or friend.imported_at) is not None
    return is_friend and friend.forgotten_at is None


def _after(session: Session, channel_id: int, last: int, now: datetime) -> Sequence[Person]:
    query = select(Friend.id, Friend.line_user_id, Friend.menu_live).where(
        # Plus nothing, or an index by account is taken, and all its people are sorted for each five hundred.
        Friend.channel_id + 0 == channel_id,
        Friend.id > last,
        is_reachable(),
        ~is_served(channel_id, now),
    )
    rows = session.execute(query.order_by(Friend.id).limit(MOST_AT_ONCE))
    return [(id_, user_id, mark) for id_, user_id, mark in rows]


def _wrongly_given(
    session: Session,
    friends: Sequence[Person],
    given: Mapping[str, Given],
    now: datetime,
) -> dict[str, list[Person]]:
    """Menu → who should have it and does not."""
    right = right_menus(session, [id_ for id_, _, _ in friends], now)
    wrong: dict[str, list[Person]] = defaultdict(list)
    for id_, user_id, mark in friends:
        menu = right[id_]
        if menu in given and given[menu].mark != mark:
            wrong[menu].append((id_, user_id, mark))
    return wrong


def _mark(session: Session, people: Sequence[Person], mark: str) -> None:
    """Who has been given another meanwhile, by a row of their own, is looked at again: which came last?"""
    by_seen: dict[str | None, list[int]] = defaultdict(list)
    for id_, _, seen in people:
        by_seen[seen].append(id_)
    for seen, ids in by_seen.items():
        is_sure = Friend.menu_live.is_not_distinct_from(seen) | (Friend.menu_live == mark)
        theirs = update(Friend).where(Friend.id.in_(ids))
        session.execute(
            theirs.values(menu_live=case((is_sure, mark), else_=None)).execution_options(
                synchronize_session=False
            )
        )
