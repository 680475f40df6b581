"""Rules of ID連携 (pure): what a ticket is worth, one-time codes, return addresses, masked names.

A ticket is something short-lived that proves one side of a link once. Whatever is wrong with it has a reason
here, which is stored or returned; what the person reads is in messages.py and in the pages of app/linking.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import regex

_GRAPHEME = regex.compile(r"\X")


class How(StrEnum):
    """Which of the three ways made a link."""

    LOGIN = "login"
    ACCOUNT = "account"
    CODE = "code"


class EndedBy(StrEnum):
    """Who or what ended a link."""

    CHAT = "chat"
    MENU = "menu"
    SITE = "site"
    CONSOLE = "console"
    RELINKED = "relinked"
    FORGOTTEN = "forgotten"


class TicketKind(StrEnum):
    """What a ticket is for."""

    SESSION = "session"
    """The site hands its signed-in member's browser to us: proves the member."""
    STATE = "state"
    """A browser is on its way through LINE Login: carries the member of the session that it came from."""
    ACCOUNT = "account"
    """A button in a friend's chat: proves the friend's wish, and nothing until LINE has confirmed the person."""
    NONCE = "nonce"
    """An account link that LINE is asked to confirm: friend and member, waiting for the signed event."""
    CODE = "code"
    """The one-time code on a member's page."""
    HANDOVER = "handover"
    """A log-in by LINE on its way back to the site."""
    TRIES = "tries"
    """No ticket: counts a friend's wrong codes."""


LIFE: Mapping[TicketKind, timedelta] = {
    TicketKind.SESSION: timedelta(minutes=10),
    TicketKind.STATE: timedelta(minutes=10),
    TicketKind.ACCOUNT: timedelta(minutes=10),
    TicketKind.NONCE: timedelta(minutes=10),
    TicketKind.CODE: timedelta(minutes=10),
    TicketKind.HANDOVER: timedelta(minutes=1),
}


class Refusal(StrEnum):
    """Why an attempt to link or to log in came to nothing; the full list."""

    UNKNOWN = "unknown"
    """Never given out, mistyped, or forged."""
    EXPIRED = "expired"
    USED = "used"
    OTHER_CHANNEL = "other_channel"
    """Given out for another official account."""
    OTHER_FRIEND = "other_friend"
    """Somebody else's LINE came back with it."""
    OTHER_BROWSER = "other_browser"
    """The browser that comes back is not the one that began."""
    PAUSED = "paused"
    """Too many wrong codes from this friend."""
    MEMBER_GONE = "member_gone"
    """The member is unknown here or was erased."""
    NOT_A_FRIEND = "not_a_friend"
    """LINE gives no link token for somebody who is not a friend of the account."""
    NOT_LINKED = "not_linked"
    """A log-in by a LINE that is no member."""
    CANCELLED = "cancelled"
    """The person said no on LINE's page."""
    LINE_REFUSED = "line_refused"
    """LINE did not accept the code, or what it answered proves nothing."""
    LINE_UNREACHABLE = "line_unreachable"
    TOO_MANY = "too_many"
    """LINE has refused so much from this network address that it is not asked again for some minutes."""
    RETURN_ADDRESS = "return_address"
    """The address to return to is not the job site's."""
    OFF = "off"
    """This account has no login channel, or no site to return to."""


@dataclass(frozen=True)
class TicketFacts:
    """A stored ticket."""

    kind: TicketKind
    channel_id: int | None
    member_id: int | None
    friend_id: int | None
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Presented:
    """How a ticket comes back. None where this step has nothing to compare."""

    kind: TicketKind
    channel_id: int | None = None
    friend_id: int | None = None


def refusal_of_ticket(ticket: TicketFacts, presented: Presented, now: datetime) -> Refusal | None:
    """Why this ticket proves nothing here; None: it does.

    A ticket of another kind is unknown: a door takes only its own. Whose it is comes before its age, so that
    nobody learns from another's ticket whether it would still be good.
    """
    if ticket.kind is not presented.kind:
        return Refusal.UNKNOWN
    if presented.channel_id is not None and ticket.channel_id != presented.channel_id:
        return Refusal.OTHER_CHANNEL
    if presented.friend_id is not None and ticket.friend_id not in {None, presented.friend_id}:
        return Refusal.OTHER_FRIEND
    if ticket.used_at is not None:
        return Refusal.USED
    return Refusal.EXPIRED if now >= ticket.expires_at else None


CODE_LETTERS = "BCDFGHJKMNPQRSTVWXYZ"
"""No vowels, so that no code is a word, and no I, L, O, which are taken for 1 and 0."""
CODE_DIGITS = "23456789"
CODE_LENGTH = 8
_CODE_CHARACTERS = frozenset(CODE_LETTERS + CODE_DIGITS)


def is_code(text: str) -> bool:
    """Whether codes look so: 8 characters of ours, letters and digits mixed (no word, date or phone number)."""
    mixed = any(each in CODE_DIGITS for each in text) and any(each in CODE_LETTERS for each in text)
    return len(text) == CODE_LENGTH and mixed and _CODE_CHARACTERS.issuperset(text)


def read_code(text: str) -> str | None:
    """The code in a message: in any width and case, with spaces or a hyphen; None when it is no code."""
    if len(text) > 4 * CODE_LENGTH:
        return None
    folded = unicodedata.normalize("NFKC", text).upper()
    code = "".join(each for each in folded if not each.isspace() and each not in "-‐‑–—ー−")
    return code if is_code(code) else None


MOST_TRIES = 5
TRIES_WINDOW = timedelta(minutes=10)
PAUSE = timedelta(minutes=30)


@dataclass(frozen=True)
class Tries:
    """A friend's wrong codes so far, and until when they count."""

    count: int
    until: datetime


def is_paused(tries: Tries | None, now: datetime) -> bool:
    """Whether this friend has to wait before another code is looked at."""
    return tries is not None and tries.count >= MOST_TRIES and now < tries.until


def after_wrong_code(tries: Tries | None, now: datetime) -> Tries:
    """One more wrong code; the fifth within ten minutes begins a pause of half an hour."""
    if tries is None or now >= tries.until:
        return Tries(1, now + TRIES_WINDOW)
    count = tries.count + 1
    return Tries(count, now + PAUSE if count >= MOST_TRIES else tries.until)


def masked_name(name: str) -> str:
    """Enough to know oneself by: the first character of each part (や** は**)."""
    firsts = (_GRAPHEME.match(part) for part in name.split())
    return " ".join(f"{first.group()}**" for first in firsts if first is not None)


MAX_RETURN_ADDRESS = 1000


def is_return_address(address: str, site_url: str | None) -> bool:
    """Whether a browser may be sent there: on the very origin of the job site's page, and nothing odd in it."""
    if site_url is None or len(address) > MAX_RETURN_ADDRESS:
        return False
    if not address.isascii() or any(each <= " " or each in "\\\x7f" for each in address):
        return False
    origin = _origin(address)
    return origin is not None and origin == _origin(site_url)


def _origin(address: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for what is no web address, and for one with a name or password in it."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80)


def with_query(address: str, **values: str) -> str:
    """The address with these values in its query; what it had of the same names is replaced."""
    parts = urlsplit(address)
    kept = [
        (key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key not in values
    ]
    return urlunsplit(parts._replace(query=urlencode([*kept, *values.items()])))


@dataclass(frozen=True)
class BeforeFollow:
    """How a friend stood when a follow arrived."""

    followed_at: datetime | None
    blocked_at: datetime | None
    imported_at: datetime | None


def has_missed_the_news(before: BeforeFollow, linked_at: datetime) -> bool:
    """Whether the link was made while no push could arrive, so that the answer to the follow must tell of it."""
    if before.blocked_at is not None:
        return linked_at >= before.blocked_at
    return before.followed_at is None and before.imported_at is None
