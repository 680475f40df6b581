"""The people who talk to the official accounts."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigInt, UtcDateTime


class Friend(Base):
    """A LINE user of one of our official accounts."""

    __tablename__ = "friend"
    __table_args__ = (UniqueConstraint("channel_id", "line_user_id"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    channel_id: Mapped[int] = mapped_column(BigInt)
    line_user_id: Mapped[str] = mapped_column(String(33))
    followed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    blocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    display_name: Mapped[str | None] = mapped_column(String(100))
