"""友だち: the people who talk to our official accounts."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigInt, UtcDateTime

REACHABLE = "blocked_at IS NULL AND (followed_at IS NOT NULL OR imported_at IS NOT NULL)"
"""Whom LINE lets have a menu of their own, for the index of who was given which."""


class Friend(Base):
    """A LINE user of one of our official accounts, linked to a member or not."""

    __tablename__ = "friend"
    __table_args__ = (
        UniqueConstraint("channel_id", "line_user_id"),
        Index(
            "ix_friend_nameless",
            "channel_id",
            "id",
            sqlite_where=text("imported_at IS NOT NULL AND profile_at IS NULL"),
            postgresql_where=text("imported_at IS NOT NULL AND profile_at IS NULL"),
        ),
        Index(
            "ix_friend_menu_live",
            "channel_id",
            "menu_live",
            sqlite_where=text(REACHABLE),
            postgresql_where=text(REACHABLE),
        ),
        Index("ix_friend_first_followed_on", "first_followed_on", "channel_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    line_user_id: Mapped[str] = mapped_column(String(33))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    followed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Set by follow. None: wrote without following, or was imported."""
    first_followed_on: Mapped[date | None] = mapped_column(Date)
    """The day in Tokyo on which this person became a new friend. None: has not followed, was imported, or
    came back from before we knew them."""
    imported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Was a friend before Goen: may be pushed to, and is not new."""
    blocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Set by unfollow, cleared by follow. We may push when followed or imported, and not blocked."""
    greeting_version: Mapped[str | None] = mapped_column(String(20))
    """Which greeting was given at the follow: following is the consent, this is the text consented to."""
    display_name: Mapped[str | None] = mapped_column(String(100))
    picture_url: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(20))
    profile_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When name and picture were last read, or found to be unreadable."""
    last_wrote_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The last message: LINE delivers pushes for 7 days after it, even without a follow."""
    last_reaction_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The last message, tap or click on a tracked link, or visit of the site by the member they are."""
    not_understood: Mapped[int] = mapped_column(server_default="0")
    """Messages in a row that the bot could not answer."""
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """お休み: no promotion before this."""
    menu_live: Mapped[str | None] = mapped_column(String(50))
    """Which of our menus this person was last given."""
    opted_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """配信停止: no promotion until 再開."""
    forgotten_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Erased: only this row's number is left; who writes again is somebody new."""
