"""What of our rich menus is live on LINE, what it cost of LINE's hourly limits, and what editors work on."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigInt, UtcDateTime
from app.messaging.models import JsonText


class LiveMenu(Base):
    """One tab of a menu, in one version, as it is or is becoming on LINE: two versions live side by side
    while everybody moves from one to the other."""

    __tablename__ = "live_menu"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    """Menu and tab, `members/main`; LINE's name of it is `rich_menu_id`."""
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of data and picture: the same again changes nothing."""
    definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id"), index=True)
    """The version that first had it so."""
    rich_menu_id: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(12))
    """wanted, created, ready, live or old; see richmenu/plan.py."""
    is_first: Mapped[bool]
    """The tab that people are given; the others are reached from it."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Machine time: since when nobody should have this old one any more."""


class MenuCall(Base):
    """One call that LINE counts by the hour, or does a while after it has answered; written down before it is made."""

    __tablename__ = "menu_call"
    __table_args__ = (Index("ix_menu_call_channel_id_kind_at", "channel_id", "kind", "at"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    kind: Mapped[str] = mapped_column(String(10))
    """create, delete, unalias, batch, progress or bulk."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Machine time."""


class MenuSync(Base):
    """How far an account's menus are: one row for each account that ever had any."""

    __tablename__ = "menu_sync"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    batch_id: Mapped[str | None] = mapped_column(String(60))
    """LINE's id of the batch that is moving people from old to new; None: none is under way."""
    batch_moves: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    """Whom it moves: `{"moves": [[from, to], …]}` of rich menu ids."""
    live_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Machine time: when what is live went live."""
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When LINE's side was last compared with ours; None: look as soon as possible."""
    problem: Mapped[str | None] = mapped_column(String(300))
    """Why it does not go on, for `goen status`; None when all is well."""
    repaired: Mapped[str | None] = mapped_column(Text)
    """What the last comparison found different and mended."""
    repaired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MenuPicture(Base):
    """A picture that was uploaded for a tab; versions name it by its digest."""

    __tablename__ = "menu_picture"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    mime: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column("bytes", LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MenuDraft(Base):
    """What an editor is working on: one draft for each menu, published now or at its time."""

    __tablename__ = "menu_draft"

    name: Mapped[str] = mapped_column(String(15), primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JsonText)
    """As the editor has it; it need not be without faults."""
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(BigInt)
    publish_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Business time; None: when somebody says so."""
