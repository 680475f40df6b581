"""会員: people known to the job site, what they agreed to, and what became of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigInt, UtcDateTime

EXTERNAL_ID_LENGTH = 100


class Member(Base):
    """A person registered on the job site, linked to a friend or not."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    external_id: Mapped[str] = mapped_column(String(EXTERNAL_ID_LENGTH), unique=True)
    """The job site's own key."""
    name: Mapped[str | None] = mapped_column(Text)
    """Encrypted, as are phone and mail."""
    phone: Mapped[str | None] = mapped_column(Text)
    """Encrypted E.164."""
    phone_key: Mapped[str | None] = mapped_column(String(64), index=True)
    """Keyed hash: finds a number without storing it readable."""
    mail: Mapped[str | None] = mapped_column(Text)
    mail_key: Mapped[str | None] = mapped_column(String(64), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the site knows, by field: `{"value": …, "at": ISO 8601 UTC}`; the newer of site and chat counts."""
    recruiter_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    last_visit_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    forgotten_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Erased: only this row's key and what the law makes the agency keep are left."""


class MemberName(Base):
    """What a member is found by besides their keys: their whole name and each part of it, as keyed hashes."""

    __tablename__ = "member_name"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)


class Consent(Base):
    """A yes or a no to one use of one channel, given to a version of a text. Append only; the newest counts."""

    __tablename__ = "consent"
    __table_args__ = (
        Index("ix_consent_member_id_kind", "member_id", "kind"),
        Index("ix_consent_friend_id_kind", "friend_id", "kind"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    friend_id: Mapped[int | None] = mapped_column(ForeignKey("friend.id"))
    kind: Mapped[str] = mapped_column(String(10))
    """line, sms, mail or service."""
    given: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(String(20))
    """Where it was said: chat, site, console, import."""
    text_version: Mapped[str] = mapped_column(String(40))


class Application(Base):
    """応募: a member's way through one vacancy."""

    __tablename__ = "application"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    external_id: Mapped[str] = mapped_column(String(EXTERNAL_ID_LENGTH), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True)
    stage: Mapped[str] = mapped_column(String(12))
    stage_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Placement(Base):
    """入社・就業決定: what the two-year rule looks at. Never deleted, also when the person has left the job."""

    __tablename__ = "placement"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    external_id: Mapped[str] = mapped_column(String(EXTERNAL_ID_LENGTH), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    start_on: Mapped[date] = mapped_column(Date)
    contract: Mapped[str] = mapped_column(String(10))
    """permanent, fixed, dispatch or unknown; unknown counts as permanent."""
    by_us: Mapped[bool]
    left_on: Mapped[date | None] = mapped_column(Date)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Appointment(Base):
    """予定: a consultation with us, an interview with an employer, a seminar."""

    __tablename__ = "appointment"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(EXTERNAL_ID_LENGTH), unique=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    friend_id: Mapped[int | None] = mapped_column(ForeignKey("friend.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    """consultation, interview or seminar."""
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(server_default="1")
    """Counts up with each change of time or place, so that reminders of the old one end."""
    state: Mapped[str] = mapped_column(String(10))
    """planned, confirmed, cancelled or done."""
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Suppression(Base):
    """Who must be left alone although they were erased: keyed hashes of what named them."""

    __tablename__ = "suppression"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of a LINE user id, phone, mail or external id."""
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    """placed or opted_out."""
    key_name: Mapped[str] = mapped_column(String(8))
    """Of the secret key that hashed: nobody can hash anew what was erased, so this key must be kept."""
    until: Mapped[date | None] = mapped_column(Date)
    """The last day it holds; None: for good."""
