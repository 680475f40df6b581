"""流入経路: the ways by which people befriend an account, and what proves that they came by one."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigInt, UtcDateTime


class AddRoute(Base):
    """One link and QR code that is given out somewhere."""

    __tablename__ = "add_route"
    __table_args__ = (UniqueConstraint("channel_id", "name"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    name: Mapped[str] = mapped_column(String(40))
    """In the address `/add/<name>`: small letters, digits and hyphens."""
    title: Mapped[str] = mapped_column(String(100))
    """What staff call it: 横浜セミナーのQR."""
    method: Mapped[str] = mapped_column(String(10))
    """How it proves itself: login, code or none."""
    promise: Mapped[str | None] = mapped_column(Text)
    """What one gets for adding the account, in the words of the page."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RouteVisit(Base):
    """Somebody came by a route: a bare click, or a friend with the proof that it was they."""

    __tablename__ = "route_visit"
    __table_args__ = (
        Index("ix_route_visit_route_id_at", "route_id", "at"),
        Index("ix_route_visit_friend_id", "friend_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    route_id: Mapped[int] = mapped_column(ForeignKey("add_route.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    friend_id: Mapped[int | None] = mapped_column(ForeignKey("friend.id"))
    """None: a click, which is never joined to a person."""
    proof: Mapped[str] = mapped_column(String(10))
    """login, code or none."""
