"""Accounts, what came in, what goes out, and what was said."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from app.db import Base, BigInt, UtcDateTime
from app.json_text import from_bytes, to_text


class JsonText(TypeDecorator[dict[str, Any]]):
    """A JSON object as text: what a sender posts is what was stored, byte for byte, on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:
        """To text."""
        return None if value is None else to_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any] | None:
        """Back to data."""
        return None if value is None else from_bytes(value)


class Channel(Base):
    """An official account's credentials. The one of the environment is written here at start."""

    __tablename__ = "channel"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    name: Mapped[str] = mapped_column(String(50), unique=True)
    bot_user_id: Mapped[str | None] = mapped_column(String(33), unique=True)
    """The account's own user id, learnt from the first verified body (`destination`)."""
    secrets: Mapped[str] = mapped_column(Text)
    """Encrypted; comma-separated, newest first: two are valid during a rotation."""
    access_token: Mapped[str | None] = mapped_column(Text)
    """Encrypted. None: this account receives and cannot send."""
    title: Mapped[str | None] = mapped_column(String(100))
    """What people call the account: what staff gave, else its name on LINE; None until that is learnt."""
    basic_id: Mapped[str | None] = mapped_column(String(33))
    """With its @: in links that add the account or open its chat. None until learnt from LINE."""
    login_channel_id: Mapped[str | None] = mapped_column(String(20))
    """The LINE Login channel of the same provider. None: linking by LINE Login is off."""
    login_secret: Mapped[str | None] = mapped_column(Text)
    """Encrypted."""
    site_url: Mapped[str | None] = mapped_column(Text)
    """The job site's page where a member signs in to be linked from the chat. None: that way is off."""
    promotions_stopped_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Set when LINE says that the month's messages are spent."""
    problem: Mapped[str | None] = mapped_column(String(200))
    """Why sending stands still (401, 403, monthly limit), for `goen status`; None when all is well."""


class InboxEvent(Base):
    """One webhook event as LINE sent it, waiting for its handler or handled."""

    __tablename__ = "inbox_event"
    __table_args__ = (
        UniqueConstraint("channel_id", "webhook_event_id"),
        Index(
            "ix_inbox_event_waiting",
            "event_at",
            "id",
            "lane",  # other drains' lanes are passed over without a look at their rows
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index(
            "ix_inbox_event_dead",
            "id",
            sqlite_where=text("status = 'dead'"),
            postgresql_where=text("status = 'dead'"),
        ),
        Index(
            "ix_inbox_event_payload",
            "handled_at",
            sqlite_where=text("payload IS NOT NULL AND handled_at IS NOT NULL"),
            postgresql_where=text("payload IS NOT NULL AND handled_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    webhook_event_id: Mapped[str] = mapped_column(String(80))
    """LINE's ULID; an event without one gets `sha256:…` of its content."""
    lane: Mapped[int] = mapped_column(SmallInteger)
    """0–63 from channel and person: within a lane, oldest event first."""
    line_user_id: Mapped[str | None] = mapped_column(String(33))
    event_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it happened, never later than `received_at`."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    payload: Mapped[str | None] = mapped_column(Text)
    """The event as JSON text; emptied when it is old, unsent, or from a group."""
    status: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(String(500))


class InboxLane(Base):
    """What a lane's drain has in hand: found by the next one, if this one dies with it (app/messaging/in_hand.py)."""

    __tablename__ = "inbox_lane"

    lane: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    event_ids: Mapped[str] = mapped_column(Text)
    """Ids of `inbox_event` as a JSON list; `[]` when there is nothing in hand."""


class OutboxMessage(Base):
    """One thing that leaves this machine: a message, or a call to LINE that nobody waits for."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index(
            "ix_outbox_message_waiting",
            "channel_id",
            "priority",
            "due_at",
            "id",
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index(
            "ix_outbox_message_sending",
            "friend_id",
            sqlite_where=text("status = 'sending'"),
            postgresql_where=text("status = 'sending'"),
        ),
        Index(
            "ix_outbox_message_trouble",
            "status",
            sqlite_where=text("status IN ('unknown', 'failed')"),
            postgresql_where=text("status IN ('unknown', 'failed')"),
        ),
        Index("ix_outbox_message_friend_id", "friend_id", "id"),
        Index(
            "ix_outbox_message_deliveries",
            "recipient",
            "due_at",
            "id",
            sqlite_where=text("status = 'waiting' AND carrier = 'webhook'"),
            postgresql_where=text("status = 'waiting' AND carrier = 'webhook'"),
        ),
        Index(
            "ix_outbox_message_preview",
            "ended_at",
            sqlite_where=text("preview IS NOT NULL AND ended_at IS NOT NULL"),
            postgresql_where=text("preview IS NOT NULL AND ended_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    carrier: Mapped[str] = mapped_column(String(12))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    friend_id: Mapped[int | None] = mapped_column(ForeignKey("friend.id"))
    recipient: Mapped[str | None] = mapped_column(String(33))
    """Whom LINE is asked to reach: a user, group or room id; None where the body names several. Of an outgoing
    webhook: its endpoint."""
    purpose: Mapped[str] = mapped_column(String(12))
    priority: Mapped[int] = mapped_column(SmallInteger)
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    """Made from its cause: a second row for the same cause is silently nothing."""
    retry_key: Mapped[str] = mapped_column(String(36))
    body: Mapped[dict[str, Any]] = mapped_column(JsonText)
    """`{"messages": […]}`, or `{"build": name, "values": {…}}` to be rendered at the first attempt."""
    frozen: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    """What a built row was rendered to at its first attempt: a retry must be identical."""
    preview: Mapped[str | None] = mapped_column(String(200))
    reply_token: Mapped[str | None] = mapped_column(String(200))
    reply_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    content_key: Mapped[str | None] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(500))
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    unsure: Mapped[bool] = mapped_column(server_default=text("false"))
    """An earlier attempt may have arrived."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Machine time: whoever claimed the row must have an outcome by then."""
    first_tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Machine time: LINE remembers a retry key for 24 hours from here."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    request_id: Mapped[str | None] = mapped_column(String(40))
    """LINE's `X-Line-Request-Id` of the attempt that decided."""


class Message(Base):
    """What a person wrote or sent; our own side of a thread is in the outbox."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_friend_id_at", "friend_id", "at"),
        Index(
            "ix_message_text",
            "at",
            sqlite_where=text("text IS NOT NULL"),
            postgresql_where=text("text IS NOT NULL"),
        ),
        Index(
            "ix_message_attachment_id",
            "attachment_id",
            sqlite_where=text("attachment_id IS NOT NULL"),
            postgresql_where=text("attachment_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    friend_id: Mapped[int] = mapped_column(ForeignKey("friend.id"))
    kind: Mapped[str] = mapped_column(String(20))
    line_message_id: Mapped[str | None] = mapped_column(String(40), unique=True)
    text: Mapped[str | None] = mapped_column(Text)
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    inbox_event_id: Mapped[int | None] = mapped_column(BigInt)
    """The event it came by, whose payload is emptied when the person takes the message back."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    unsent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The person took it back: text and attachment are gone."""


class Attachment(Base):
    """A file that a person sent, kept in the database because hosts share no disk."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    mime: Mapped[str] = mapped_column(String(100))
    """Sniffed from the bytes, never believed from the sender."""
    size: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[bytes] = mapped_column("bytes", LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DailyCount(Base):
    """How often something happened on a day in Tokyo: reports read this, never a million rows."""

    __tablename__ = "daily_count"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    label: Mapped[str] = mapped_column(String(80), primary_key=True)
    n: Mapped[int] = mapped_column(server_default="0")


class TaskRun(Base):
    """One due run of a schedule; the primary key makes a second one impossible."""

    __tablename__ = "task_run"

    schedule: Mapped[str] = mapped_column(String(50), primary_key=True)
    fire_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    status: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Business time of a run that waits; machine time, the end of its lease, of one that is running."""
    error: Mapped[str | None] = mapped_column(String(500))


def has_status(status: Any, wanted: str) -> ColumnElement[bool]:
    """With the value in the statement: no partial index serves a statement prepared for any status."""
    condition: ColumnElement[bool] = status == bindparam(None, str(wanted), literal_execute=True)
    return condition
