"""What the job site tells us of a member, as plain values that were checked before.

A field that is `UNSET` was not said and stays as it is; one that is None was said to be empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Final

FactValue = str | int | bool | list[str] | list[int] | None


class Unset(Enum):
    """The type of what was not said."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


class Stage(StrEnum):
    """選考段階 of an application."""

    APPLIED = "applied"
    SCREENING = "screening"
    INTERVIEW = "interview"
    OFFER = "offer"
    PLACED = "placed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Contract(StrEnum):
    """What a placement's contract is; unknown counts as permanent."""

    PERMANENT = "permanent"
    FIXED = "fixed"
    DISPATCH = "dispatch"
    UNKNOWN = "unknown"


class ConsentKind(StrEnum):
    """What a consent is for: promotion by LINE, SMS or mail, or messages about the service itself by SMS."""

    LINE = "line"
    SMS = "sms"
    MAIL = "mail"
    SERVICE = "service"


class ConsentSource(StrEnum):
    """Where it was said."""

    FOLLOW = "follow"
    """Adding the account, which is a consent to promotion by LINE."""
    CHAT = "chat"
    SITE = "site"
    CONSOLE = "console"
    IMPORT = "import"


class AppointmentKind(StrEnum):
    """面談 with us, 面接 with an employer, or a seminar."""

    CONSULTATION = "consultation"
    INTERVIEW = "interview"
    SEMINAR = "seminar"


class AppointmentState(StrEnum):
    """What is known of an appointment."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class MemberData:
    """会員: who they are and what the site knows. `read_phone` and `read_mail` make what is stored."""

    external_id: str
    name: str | Unset | None = field(default=UNSET, repr=False)
    phone: str | Unset | None = field(default=UNSET, repr=False)
    """E.164."""
    mail: str | Unset | None = field(default=UNSET, repr=False)
    """Folded to small letters."""
    facts: Mapping[str, FactValue] = field(default_factory=dict, repr=False)
    """By name (app/members/facts.py); names that are absent stay as they are, None empties."""
    facts_at: datetime | None = None
    """When the site learnt them; None: now. A fact that does not change keeps its own time."""
    recruiter_id: int | Unset | None = UNSET


@dataclass(frozen=True, kw_only=True)
class ConsentGiven:
    """A yes or a no of a member or a friend (one of the two) to a version of a text."""

    kind: ConsentKind
    given: bool
    at: datetime
    source: ConsentSource
    text_version: str
    member_id: int | None = None
    friend_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ApplicationData:
    """応募. `member` is the site's id of the member, `job_id` ours of the vacancy, None where we lack it."""

    external_id: str
    member: str
    stage: Stage
    stage_at: datetime
    job_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class PlacementData:
    """入社・就業決定."""

    external_id: str
    member: str
    start_on: date
    contract: Contract = Contract.UNKNOWN
    by_us: bool = True
    left_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class AppointmentData:
    """予定 of a member (the site's id) or a friend (our id), one of the two."""

    kind: AppointmentKind
    starts_at: datetime
    external_id: str | None = None
    member: str | None = None
    friend_id: int | None = None
    place: str | None = None
    state: AppointmentState = AppointmentState.PLANNED
