"""Who hears of what happens here: the addresses that outgoing webhooks go to. A delivery is an outbox row."""

from datetime import datetime

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigInt, UtcDateTime


class WebhookEndpoint(Base):
    """One address of the job site, and which kinds of announcements it wants."""

    __tablename__ = "webhook_endpoint"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    secrets: Mapped[str] = mapped_column(Text)
    """Encrypted; comma-separated, newest first: during a rotation two sign each delivery."""
    kinds: Mapped[list[str]] = mapped_column(JSON)
    """Empty: all kinds."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[str | None] = mapped_column(String(200))
    """What went wrong last, for staff; None when all is well."""
