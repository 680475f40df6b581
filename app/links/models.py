"""ID連携: which friend is which member, and the one-time tickets that prove it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigInt, UtcDateTime
from app.messaging.models import JsonText


class Link(Base):
    """One member is one friend of an account, until it is ended; ended ones stay as history."""

    __tablename__ = "link"
    __table_args__ = (
        Index(
            "uq_link_member",
            "member_id",
            "channel_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_link_friend",
            "friend_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_link_member_id", "member_id"),
        Index("ix_link_friend_id", "friend_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    friend_id: Mapped[int] = mapped_column(ForeignKey("friend.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    how: Mapped[str] = mapped_column(String(10))
    """login, account or code."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(20))
    """chat, menu, site, console, relinked or forgotten."""
    reason: Mapped[str | None] = mapped_column(String(200))


class LinkTicket(Base):
    """Something short-lived that proves one side of a link once; only its hash is stored."""

    __tablename__ = "link_ticket"
    __table_args__ = (Index("ix_link_ticket_expires_at", "expires_at"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    """session, state, account, nonce, code or handover; tries counts a friend's wrong codes (app/links/rules.py)."""
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    friend_id: Mapped[int | None] = mapped_column(ForeignKey("friend.id"), index=True)
    body: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    """What the step needs later, such as where to return to; nothing personal."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(server_default="0")
