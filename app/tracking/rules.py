"""What a tracked link says, how it is written into an address, and when it ends (pure).

A link says who it was given to, for which job and in which showing of it: never where it leads. The way is
the job's own address at the moment of the click.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

LIFE = timedelta(days=30)
LONGEST = 80
"""Characters of a token; ours have about forty."""
_HOUR = 3600


@dataclass(frozen=True)
class TrackedLink:
    """A button that was given to one friend."""

    friend_id: int
    job_id: int
    impression_id: int | None
    """The showing in which it stood; None: it stood in no list."""
    until: datetime
    """A whole hour."""


class Refusal(StrEnum):
    """Why a link leads nowhere."""

    UNKNOWN = "unknown"
    """Cut off, made up, or about something that is no more: nothing is said about it."""
    EXPIRED = "expired"
    CLOSED = "closed"
    """The job takes no applications any more."""
    NO_PAGE = "no_page"
    """The job is open, and has no page of its own."""


def end_of(made_at: datetime) -> datetime:
    """When a link that is made now ends: after 30 days, at the next full hour."""
    hours = -(-int((made_at + LIFE).timestamp()) // _HOUR)
    return datetime.fromtimestamp(hours * _HOUR, UTC)


def written(link: TrackedLink) -> str:
    """The link in letters of an address, as short as its numbers allow."""
    hours = int(link.until.timestamp()) // _HOUR
    numbers = (link.friend_id, link.job_id, link.impression_id or 0, hours)
    return urlsafe_b64encode(b"".join(map(_packed, numbers))).rstrip(b"=").decode()


def read(text: str) -> TrackedLink | None:
    """The link that is written so; None for anything that `written` never gives."""
    try:
        packed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        friend_id, job_id, impression_id, hours = _unpacked(packed)
        link = TrackedLink(
            friend_id, job_id, impression_id or None, datetime.fromtimestamp(hours * _HOUR, UTC)
        )
    except (ValueError, OverflowError, OSError):
        return None
    return link if written(link) == text else None


def _packed(number: int) -> bytes:
    """Seven bits a byte, the lowest first; all but the last byte have their highest bit set."""
    packed = bytearray()
    while number >= 0x80:
        packed.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*packed, number])


def _unpacked(packed: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in packed:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield number
            number = shift = 0
