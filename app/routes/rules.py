"""Rules of routes (pure): what a name may be, which link leads where, what proves a route, who is new."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.clock import today_in_tokyo
from app.line.addresses import add_link, chat_link

CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0 and O, 1 and I, which people mistake for each other."""
CODE_LENGTH = 8
ONE_SITTING = timedelta(hours=1)
"""Whoever proves a route this soon after we first heard of them came to know us by it."""
LONGEST_PROMISE = 600
LONGEST_TITLE = 100


class Method(StrEnum):
    """How a route proves that somebody came by it."""

    LOGIN = "login"
    """LINE Login with the offer to befriend the account: LINE says who it is."""
    CODE = "code"
    """The chat opens with a code that the person sends."""
    NONE = "none"
    """A plain add link: clicks are counted, nobody is known by it."""


@dataclass(frozen=True)
class Route:
    """流入経路, as its page, its code and its numbers need it."""

    id: int
    channel_id: int
    name: str
    title: str
    method: Method
    code: str
    promise: str | None
    created_at: datetime
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it still invites people."""
        return self.ended_at is None


@dataclass(frozen=True)
class Account:
    """What links of LINE's need to know about an official account."""

    title: str
    basic_id: str | None
    """With its @. None: not learnt yet, no link can be made."""
    has_login: bool


_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_HYPHENS = "-‐‑–—−ーｰ"
"""As keyboards for Japanese write it."""
_CODE = re.compile(rf"(?<![A-Z0-9])R[{_HYPHENS}]([{CODE_LETTERS}]{{{CODE_LENGTH}}})(?![A-Z0-9])")


def is_route_name(text: str) -> bool:
    """Small letters, digits and inner hyphens, 40 at most: it is typed, printed and read aloud."""
    return _NAME.fullmatch(text) is not None


def prefilled_text(code: str) -> str:
    """What the chat opens with; the person sees it before sending it."""
    return f"ご案内を見ました。受付コード R-{code}"


def read_code(text: str) -> str | None:
    """The route code in a message, however it is written and whatever stands around it; None without one."""
    found = _CODE.search(unicodedata.normalize("NFKC", text).upper())
    return found.group(1) if found else None


def working_method(route: Route, account: Account) -> Method:
    """How it proves itself now: an account without a login channel asks for the code instead."""
    if route.method is Method.LOGIN and not account.has_login:
        return Method.CODE
    return route.method


def line_link(route: Route, account: Account, line_base_url: str) -> str | None:
    """LINE's own link behind the button and the direct QR code; None while the account's id is not known.

    For `login` there is none: that way begins at our own /login/line.
    """
    method = working_method(route, account)
    if account.basic_id is None or method is Method.LOGIN:
        return None
    if method is Method.NONE:
        return add_link(line_base_url, account.basic_id)
    return chat_link(line_base_url, account.basic_id, prefilled_text(route.code))


@dataclass(frozen=True)
class Acquaintance:
    """What we know of a friend at the moment a route is proven."""

    known_since: datetime
    followed_at: datetime | None
    first_followed_on: date | None
    is_imported: bool
    has_origin: bool
    """An earlier proof already says by which route they came."""


def came_to_know_us(friend: Acquaintance, now: datetime, *, friendship_changed: bool | None = None) -> bool:
    """Whether the proven visit is how this person came to know us, so that the route won a new friend.

    `friendship_changed` is LINE Login's word: whether this very login made the friendship; None: not said.
    Somebody who was there before, or is back after a block, visits the route and is no new friend of it.
    """
    if friend.has_origin or friend.is_imported:
        return False
    if friend.followed_at is None:  # the follow is still on its way, or never comes and is never counted
        return friendship_changed is True or now - friend.known_since <= ONE_SITTING
    if friendship_changed is False:
        return False
    is_first_follow = friend.first_followed_on == today_in_tokyo(friend.followed_at)
    return is_first_follow and now - friend.followed_at <= ONE_SITTING
