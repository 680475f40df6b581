"""What is kept about erasures: enough to go on after a crash and to prove what was done, and nobody's name."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigInt, UtcDateTime


class Erasure(Base):
    """One person's erasure. Its number is the certificate's."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    member_ids: Mapped[list[int]] = mapped_column(JSON)
    friend_ids: Mapped[list[int]] = mapped_column(JSON)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None: under way, or left by a process that died; the nightly task goes on with it."""
    erased: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Rows by table, counted in the transaction that erased them."""
    left_alone: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Kind of suppression → its last day (ISO), or null for good."""
