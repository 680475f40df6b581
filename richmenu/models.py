"""What of our rich menus is live on LINE, and how often things were tapped."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UtcDateTime


class LiveMenu(Base):
    """One menu of one account as it is, or is becoming, on LINE."""

    __tablename__ = "live_menu"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    """Our name of it; LINE's is `rich_menu_id`."""
    definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    """Of data and image: the same again changes nothing."""
    rich_menu_id: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(12))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
