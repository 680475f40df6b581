"""Vacancies, where they can be worked, what people did with them and where they were shown.

Flags and required licences are bits in one integer (app/jobs/vocabulary.py has their order):
`licences & ~held = 0` is the same test on SQLite and PostgreSQL, without JSON functions.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    Enum,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigInt, UtcDateTime
from app.jobs.vocabulary import EmploymentType, WageType

EXTERNAL_ID_LENGTH = 100


class ActivityKind(StrEnum):
    """What a person did; `hide` and `unhide`, `save` and `unsave` undo each other: the newest counts."""

    VIEW = "view"
    SAVE = "save"
    UNSAVE = "unsave"
    HIDE = "hide"
    UNHIDE = "unhide"
    APPLY = "apply"
    CLICK = "click"
    VISIT = "visit"
    SEARCH = "search"


def _words(kind: type[StrEnum], length: int) -> Enum:
    return Enum(kind, native_enum=False, length=length, values_callable=lambda e: [m.value for m in e])


_CONDITIONS = (
    *("closed_at", "employment", "prefecture", "city", "wage_type", "wage_min", "flags", "licences"),
    *("employer", "fold_key"),
)


class Job(Base):
    """求人: a vacancy as the job site last described it."""

    __tablename__ = "job"
    __table_args__ = (
        # Newest first, with every column that a hard condition reads: a search walks only one of these indexes.
        Index("ix_job_newest", "opened_on", "id", "occupation", *_CONDITIONS),
        Index("ix_job_occupation_newest", "occupation", "opened_on", "id", *_CONDITIONS),
        # Whether a newer twin is open is asked of each job that a list is about to show.
        Index("ix_job_fold_key", "fold_key", "opened_on", "id", "closed_at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    external_id: Mapped[str] = mapped_column(String(EXTERNAL_ID_LENGTH), unique=True)
    title: Mapped[str] = mapped_column(Text)
    employer: Mapped[str] = mapped_column(Text)
    occupation: Mapped[str] = mapped_column(String(100))
    """A canonical name, or what the site wrote when it is none of them."""
    employment: Mapped[EmploymentType] = mapped_column(_words(EmploymentType, 20))
    prefecture: Mapped[int] = mapped_column(Integer)
    """The main place; further ones are in job_area."""
    city: Mapped[int | None] = mapped_column(Integer)
    worksite: Mapped[str | None] = mapped_column(Text)
    lat: Mapped[float | None] = mapped_column(Float)
    lng: Mapped[float | None] = mapped_column(Float)
    wage_type: Mapped[WageType] = mapped_column(_words(WageType, 10))
    wage_min: Mapped[int] = mapped_column(Integer)
    wage_max: Mapped[int | None] = mapped_column(Integer)
    hours: Mapped[str | None] = mapped_column(Text)
    holidays: Mapped[str | None] = mapped_column(Text)
    flags: Mapped[int] = mapped_column(BigInteger)
    licences: Mapped[int] = mapped_column(BigInteger)
    """All of them are required."""
    text: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    image_url: Mapped[str | None] = mapped_column(Text)
    opened_on: Mapped[date] = mapped_column(Date)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """May lie ahead: open until then."""
    digest: Mapped[str] = mapped_column(String(64))
    """Of the row as imported: the same row again changes nothing. Empty: any row changes it."""
    fold_key: Mapped[str] = mapped_column(String(32), server_default=sql("''"))
    """Of twins (app/jobs/folding.py): only the newest open one is listed."""
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class JobArea(Base):
    """A further prefecture where a job can be worked, besides its own: work from home, changing places."""

    __tablename__ = "job_area"
    __table_args__ = (Index("ix_job_area_prefecture_job_id", "prefecture", "job_id"),)

    job_id: Mapped[int] = mapped_column(BigInt, ForeignKey("job.id"), primary_key=True)
    prefecture: Mapped[int] = mapped_column(Integer, primary_key=True)


class Activity(Base):
    """Something a person did with a job or on the site; rows are only ever added."""

    __tablename__ = "activity"
    __table_args__ = (
        Index("ix_activity_friend_id_job_id", "friend_id", "job_id"),
        Index("ix_activity_member_id_job_id", "member_id", "job_id"),
        Index("ix_activity_job_id", "job_id"),
        Index("ix_activity_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(EXTERNAL_ID_LENGTH), unique=True)
    """The site's id, or one made from the LINE event: told twice, it is kept once."""
    friend_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("friend.id"))
    member_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("member.id"))
    """Told by the site of a member; either this or `friend_id` is set."""
    kind: Mapped[ActivityKind] = mapped_column(_words(ActivityKind, 10))
    job_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("job.id"))
    reason: Mapped[str | None] = mapped_column(String(20))
    """Why a job was hidden."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(String(20))
    """Where it happened: line, site."""


class Impression(Base):
    """A job that was shown to a friend, at a position counted from 1."""

    __tablename__ = "impression"
    __table_args__ = (
        Index("ix_impression_friend_id_job_id", "friend_id", "job_id"),
        Index("ix_impression_job_id", "job_id"),
        Index("ix_impression_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    friend_id: Mapped[int] = mapped_column(BigInt, ForeignKey("friend.id"))
    job_id: Mapped[int] = mapped_column(BigInt, ForeignKey("job.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    position: Mapped[int] = mapped_column(Integer)
    parts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the choice was made of, such as the met conditions."""
    propensity: Mapped[float | None] = mapped_column(Float)
    """How likely it was to be shown; None: not drawn by chance."""
    clicked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
