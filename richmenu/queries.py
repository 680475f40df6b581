"""Reads of the menus: what is wanted, what is live, who should have which."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from app.clock import in_tokyo
from app.definitions import Definition, newest_definitions
from app.friends.models import Friend
from app.links.queries import members_of
from app.members.placements import placed_members
from app.messaging.models import Channel, OutboxMessage, has_status
from app.messaging.rules import Carrier, OutboxStatus, Priority
from richmenu.facts import (
    Known,
    State,
)
from richmenu.models import LiveMenu, MenuSync
from richmenu.objects import TabObject, tab_objects
from richmenu.rules import MenuFacts, choose_menu
from richmenu.schema import KIND, Menu, Tab, menu_from_json


@dataclass(frozen=True)
class Wanted:
    """A tab that should be on LINE, with where it is written."""

    definition_id: int
    tab: Tab
    object: TabObject


@dataclass(frozen=True)
class Given:
    """What giving a menu to a person takes: LINE's id, and what we remember of it at the friend."""

    rich_menu_id: str
    mark: str


def wanted_tabs(session: Session) -> list[Wanted]:
    """The tabs of the newest version of every menu."""
    return [wanted for each in newest_definitions(session, KIND) for wanted in _wanted_of(each.id, each.body)]


@lru_cache(maxsize=32)
def _wanted_of(definition_id: int, body: str) -> tuple[Wanted, ...]:
    """Kept, since the worker looks every few seconds and versions never change."""
    menu = menu_from_json(body)
    made = zip(menu.tabs, tab_objects(menu), strict=True)
    return tuple(Wanted(definition_id, tab, each) for tab, each in made)


def newest_menus(session: Session) -> list[tuple[Definition, Menu]]:
    """The newest version of every menu, by name."""
    return [(each, menu_from_json(each.body)) for each in newest_definitions(session, KIND)]


def menu_versions(session: Session, name: str) -> list[Definition]:
    """All versions of a menu, the newest first."""
    query = select(Definition).where(Definition.kind == KIND, Definition.name == name)
    return list(session.scalars(query.order_by(Definition.version.desc())))


def known_tabs(session: Session, channel_id: int, left_before: datetime) -> list[Known]:
    """What is written down as being on LINE; `left_before`: who left earlier than that has surely left."""
    rows = session.scalars(select(LiveMenu).where(LiveMenu.channel_id == channel_id))
    return [
        Known(
            row.name,
            row.digest,
            State(row.state),
            row.rich_menu_id,
            row.is_first,
            is_left=row.left_at is not None and row.left_at <= left_before,
            is_emptied=row.left_at is not None,
        )
        for row in sorted(rows, key=lambda row: (row.name, row.digest))
    ]


def given_menus(session: Session, channel_id: int) -> dict[str, Given]:
    """What people of an account are given now: menu → its first tab. Empty until the first publishing."""
    query = select(LiveMenu).where(
        LiveMenu.channel_id == channel_id, LiveMenu.state == State.LIVE, LiveMenu.is_first.is_(True)
    )
    return {
        row.name.partition("/")[0]: Given(row.rich_menu_id, mark_of(row.name, row.digest))
        for row in session.scalars(query)
        if row.rich_menu_id is not None
    }


def mark_of(name: str, digest: str) -> str:
    """What a friend's row remembers of the menu that was given: `members:0123456789abcdef`."""
    return f"{name.partition('/')[0]}:{digest[:16]}"


def right_menus(session: Session, friend_ids: Sequence[int], now: datetime) -> dict[int, str]:
    """Friend → the menu that is right for them now."""
    members = members_of(session, friend_ids)
    placed = placed_members(session, list(members.values()), in_tokyo(now).date())
    return {
        id_: choose_menu(MenuFacts(is_linked=id_ in members, is_placed=members.get(id_) in placed))
        for id_ in friend_ids
    }


def is_reachable() -> ColumnElement[bool]:
    """Friends whom LINE lets have a menu of their own."""
    return and_(
        Friend.blocked_at.is_(None),
        or_(Friend.followed_at.is_not(None), Friend.imported_at.is_not(None)),
        Friend.forgotten_at.is_(None),
    )


def is_served(channel_id: int, now: datetime) -> ColumnElement[bool]:
    """Friends whom a row of their own is about to give the right menu.

    A call for many would meet it on the way, and LINE may do it last: then they see the wrong one for a minute.
    """
    row = OutboxMessage
    of_menus = select(row.recipient).where(
        row.channel_id == channel_id, row.carrier == Carrier.MENU, row.recipient.is_not(None)
    )
    waiting = of_menus.where(
        has_status(row.status, OutboxStatus.WAITING), row.priority == Priority.BACKGROUND, row.due_at <= now
    )
    sending = of_menus.where(has_status(row.status, OutboxStatus.SENDING))
    return Friend.line_user_id.in_(waiting.union_all(sending))


def has_others(session: Session, channel_id: int, given: Mapping[str, Given], now: datetime) -> bool:
    """Whether some friend was given nothing of what is live, nor is about to be. Asked every few seconds."""
    marks = sorted(each.mark for each in given.values())
    query = (
        select(Friend.id)
        .where(Friend.channel_id == channel_id, is_reachable(), ~is_served(channel_id, now))
        .limit(1)
    )
    return any(
        session.scalars(query.where(part)).first() is not None
        for part in [Friend.menu_live.is_(None), *_gaps(marks)]
    )


def _gaps(marks: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    """All other marks, range by range, as an index finds them: `NOT IN` would look at every friend.

    In whatever order the database sorts texts, a mark that is none of these lies in one of the ranges.
    """
    for low, high in pairwise([None, *marks, None]):
        yield and_(
            Friend.menu_live.not_in(marks),
            true() if low is None else Friend.menu_live > low,
            true() if high is None else Friend.menu_live < high,
        )


def sync_of(session: Session, channel_id: int) -> MenuSync | None:
    """How far an account's menus are."""
    return session.get(MenuSync, channel_id)


class MenuState(NamedTuple):
    """An account's menus, for `goen status`."""

    account: str
    live: int
    """Tabs that people are given."""
    old: int
    """Tabs of earlier versions that LINE still has."""
    problem: str | None
    repaired: str | None
    repaired_at: datetime | None


def menu_states(session: Session) -> list[MenuState]:
    """How the menus of every account stand, in the order of the accounts."""
    counted = select(LiveMenu.channel_id, LiveMenu.state, func.count()).group_by(
        LiveMenu.channel_id, LiveMenu.state
    )
    tabs = {(channel_id, state): n for channel_id, state, n in session.execute(counted)}
    query = select(Channel.id, Channel.name, MenuSync).join(MenuSync, MenuSync.channel_id == Channel.id)
    return [
        MenuState(
            name,
            tabs.get((id_, State.LIVE), 0),
            tabs.get((id_, State.OLD), 0),
            sync.problem,
            sync.repaired,
            sync.repaired_at,
        )
        for id_, name, sync in session.execute(query.order_by(Channel.id))
    ]
