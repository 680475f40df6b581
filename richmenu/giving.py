"""Giving many friends the menu that is right for them, 500 in a call; and one friend, when something changed."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.line.menus import MOST_AT_ONCE, link_body
from richmenu.models import LiveMenu
from richmenu.plan import State
from richmenu.queries import Given, given_menus, is_reachable, right_menus

Link = Callable[[Mapping[str, Any]], None]
"""A bulk call; raises when LINE does not take it."""


def give_to_others(
    database: Database, clock: Clock, channel_id: int, link: Link
) -> Iterator[tuple[int, int]]:
    """Walk over all friends in the order of their ids and give each the right menu who has another or none.

    Yields how many have been looked at, and how many given another, so far. Each batch is written down after LINE
    took it: a run that dies is done again from there, and giving the same again changes nothing.
    """
    last, looked_at, changed = 0, 0, 0
    while True:
        with reading(database) as session:
            given = given_menus(session, channel_id)
            friends = _after(session, channel_id, last)
            wrong = _wrongly_given(session, friends, given, clock.now())
        if not friends:
            return
        for menu, people in wrong.items():
            link(link_body(given[menu].rich_menu_id, [user_id for _, user_id in people]))
            with transaction(database) as session:
                _mark(session, [id_ for id_, _ in people], given[menu].mark)
            changed += len(people)
        last, looked_at = friends[-1][0], looked_at + len(friends)
        yield looked_at, changed


def right_body(session: Session, friend_id: int, now: datetime) -> dict[str, Any] | None:
    """What to ask of LINE for one friend; None when nothing is live yet, or they have the right one already."""
    friend = session.get(Friend, friend_id)
    if friend is None or not _is_reachable(friend):
        return None
    given = given_menus(session, friend.channel_id).get(right_menus(session, [friend_id], now)[friend_id])
    if given is None or friend.menu_live == given.mark:
        return None
    return {"rich_menu_id": given.rich_menu_id, "mark": given.mark}


def keep_given(session: Session, friend_id: int, mark: str) -> None:
    """LINE has given this friend a menu."""
    friend = session.get(Friend, friend_id)
    if friend is not None and _is_reachable(friend):
        friend.menu_live = mark


def is_live(session: Session, rich_menu_id: str) -> bool:
    """Whether people are still given it."""
    query = select(LiveMenu.name).where(LiveMenu.rich_menu_id == rich_menu_id, LiveMenu.state == State.LIVE)
    return session.scalars(query).first() is not None


def _is_reachable(friend: Friend) -> bool:
    """The same as the condition of that name, for a row at hand."""
    return friend.blocked_at is None and (friend.followed_at or friend.imported_at) is not None


def _after(session: Session, channel_id: int, last: int) -> Sequence[tuple[int, str, str | None]]:
    query = select(Friend.id, Friend.line_user_id, Friend.menu_live).where(
        Friend.channel_id == channel_id, Friend.id > last, is_reachable()
    )
    rows = session.execute(query.order_by(Friend.id).limit(MOST_AT_ONCE))
    return [(id_, user_id, mark) for id_, user_id, mark in rows]


def _wrongly_given(
    session: Session,
    friends: Sequence[tuple[int, str, str | None]],
    given: Mapping[str, Given],
    now: datetime,
) -> dict[str, list[tuple[int, str]]]:
    """Menu → who should have it and does not."""
    right = right_menus(session, [id_ for id_, _, _ in friends], now)
    wrong: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for id_, user_id, mark in friends:
        menu = right[id_]
        if menu in given and given[menu].mark != mark:
            wrong[menu].append((id_, user_id))
    return wrong


def _mark(session: Session, friend_ids: Sequence[int], mark: str) -> None:
    theirs = update(Friend).where(Friend.id.in_(friend_ids)).values(menu_live=mark)
    session.execute(theirs.execution_options(synchronize_session=False))
