"""担当者: who works in the console, their sign-in, and what they did."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigInt, UtcDateTime


class Team(Base):
    """A group of recruiters that shares an inbox."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    name: Mapped[str] = mapped_column(String(50), unique=True)


class Staff(Base):
    """A console account."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Folded to small letters: what one signs in with."""
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str] = mapped_column(Text)
    """argon2id."""
    role: Mapped[str] = mapped_column(String(10))
    """admin, recruiter or editor."""
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    is_lead: Mapped[bool] = mapped_column(server_default=text("false"))
    photo: Mapped[bytes | None] = mapped_column(LargeBinary)
    shifts: Mapped[dict[str, Any]] = mapped_column(JSON)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Own settings of the console: which key sends, whether shortcuts are on."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_on: Mapped[date | None] = mapped_column(Date)


class StaffSession(Base):
    """A signed-in browser; only the hash of its token is stored, and a new sign-in makes a new one."""

    __tablename__ = "staff_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Machine time, as is `began_at`: travel in the demo's time signs nobody out."""


class SignInTry(Base):
    """A failed sign-in: too many for one name or one address are slowed down, in any process."""

    __tablename__ = "sign_in_try"
    __table_args__ = (Index("ix_sign_in_try_subject_at", "subject", "at"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    """Keyed hash of the mail address tried, or of the network address it came from."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Audit(Base):
    """監査記録: who did what to whom. Append only."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_at", "at"),
        Index("ix_audit_subject", "subject", "id"),
        Index("ix_audit_staff_id", "staff_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    api_key_id: Mapped[int | None] = mapped_column(ForeignKey("api_key.id"), index=True)
    action: Mapped[str] = mapped_column(String(40))
    """Such as person.viewed, phone.shown, link.ended, menu.published."""
    subject: Mapped[str] = mapped_column(String(60))
    """Such as friend:12, member:7, menu:members."""
    change: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What changed; nothing personal."""
    once_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    """Set for views: one row per staff, person and hour."""
