"""What nightly fitting leaves behind: models of the job side in pieces, and each friend's list of jobs."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigInt, UtcDateTime


class ModelKind(StrEnum):
    """What a model file holds."""

    SIGNALS = "signals"
    """What fitting found about jobs: factors, neighbours, contents."""


class ModelFile(Base):
    """A fitted model; members are not in it, they are folded in from their activity."""

    __tablename__ = "model_file"
    __table_args__ = (
        Index(
            "ux_model_file_live",
            "kind",
            unique=True,
            sqlite_where=text("is_live"),
            postgresql_where=text("is_live"),
        ),
        Index("ux_model_file_kind_version", "kind", "version", unique=True),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    kind: Mapped[ModelKind] = mapped_column(
        Enum(ModelKind, native_enum=False, length=20, values_callable=lambda e: [m.value for m in e])
    )
    version: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of all its bytes: a copy with another one is not used."""
    size: Mapped[int] = mapped_column(BigInt)
    is_live: Mapped[bool]
    """At most one per kind; set once all its chunks are there."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    """How it was made: counts of jobs, people and events, seconds, weights."""


class ModelChunk(Base):
    """At most 1 MB of a model's bytes, so that no transaction holds up others."""

    __tablename__ = "model_chunk"

    model_id: Mapped[int] = mapped_column(BigInt, ForeignKey("model_file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    """Counted from 0."""
    bytes: Mapped[bytes] = mapped_column(LargeBinary)


class Recommendation(Base):
    """The jobs that the last batch chose for a friend; whoever shows them looks again at what is true now."""

    __tablename__ = "recommendation"

    friend_id: Mapped[int] = mapped_column(BigInt, ForeignKey("friend.id"), primary_key=True)
    jobs: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Best first: `{"job": id, "parts": {signal: points}, "because": job or null, "relaxed": […],
    "propensity": number or null}`."""
    model_version: Mapped[str | None] = mapped_column(String(40))
    """None: chosen by popularity, without a model."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class ScoringState(Base):
    """What answers in a worker: its model, or why the popular jobs do. Gone with the worker."""

    __tablename__ = "scoring_state"

    worker: Mapped[str] = mapped_column(String(100), primary_key=True)
    """Host and process."""
    model_version: Mapped[str | None] = mapped_column(String(40))
    why: Mapped[str | None] = mapped_column(String(200))
    """Why there is no model."""
    since: Mapped[datetime] = mapped_column(UtcDateTime)
