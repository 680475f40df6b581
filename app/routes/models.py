"""流入経路: the ways by which people befriend an account, and what proves that they came by one."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigInt, UtcDateTime


class AddRoute(Base):
    """One link and QR code that is given out somewhere."""

    __tablename__ = "add_route"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"), index=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    """In the address `/add/<name>`: small letters, digits and hyphens. Unique over all accounts, so that a
    printed link never comes to mean something else."""
    title: Mapped[str] = mapped_column(String(100))
    """What staff call it: 横浜セミナーのQR. Never shown to the public."""
    method: Mapped[str] = mapped_column(String(10))
    """How it proves itself: login, code or none."""
    code: Mapped[str] = mapped_column(String(8), unique=True)
    """Random: what a person sends to prove that they came by this route. It says nothing about the person."""
    promise: Mapped[str | None] = mapped_column(Text)
    """What one gets for adding the account, in the words of the page."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RouteVisit(Base):
    """Somebody came by a route: a bare click, or a friend with the proof that it was they."""

    __tablename__ = "route_visit"
    __table_args__ = (
        UniqueConstraint("route_id", "friend_id", "visited_on"),  # clicks have no friend and are not limited
        Index("ix_route_visit_visited_on", "visited_on", "route_id"),
        Index("ix_route_visit_friend_id", "friend_id"),
        Index(
            "uq_route_visit_origin",
            "friend_id",
            unique=True,
            sqlite_where=text("is_new"),
            postgresql_where=text("is_new"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    route_id: Mapped[int] = mapped_column(ForeignKey("add_route.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    visited_on: Mapped[date] = mapped_column(Date)
    """The day in Tokyo."""
    friend_id: Mapped[int | None] = mapped_column(ForeignKey("friend.id"))
    """None: a click, which is never joined to a person."""
    proof: Mapped[str] = mapped_column(String(10))
    """login, code or none."""
    is_new: Mapped[bool] = mapped_column(server_default=text("false"))
    """This visit is how the friend came to know us; once for each friend at most."""
