"""Immutable versions of surveys, scenarios, menus, score rules, letters and the policy.

A change is a new version with author and time; whoever has begun keeps the version begun with. What ships
with Goen is loaded at start when its digest is new, so a version that staff published later stays newest.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Base, BigInt, UtcDateTime
from app.inserting import insert_unless_there


class Definition(Base):
    """One version of one thing; never changed, never deleted."""

    __tablename__ = "definition"
    __table_args__ = (UniqueConstraint("kind", "name", "version"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    """survey, scenario, menu, score, letter or policy."""
    name: Mapped[str] = mapped_column(String(50))
    version: Mapped[int]
    """From 1, without gaps, per kind and name."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of `body`, hexadecimal."""
    body: Mapped[str] = mapped_column(Text)
    """Canonical JSON: sorted keys, escapes kept, no spaces."""
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(BigInt)
    """The staff member who published it; None: it shipped with Goen."""


def newest_definition(session: Session, kind: str, name: str) -> Definition | None:
    """The version that counts for whoever begins now."""
    query = select(Definition).where(Definition.kind == kind, Definition.name == name)
    return session.scalars(query.order_by(Definition.version.desc()).limit(1)).first()


def newest_definitions(session: Session, kind: str) -> list[Definition]:
    """The newest version of each name of a kind, by name."""
    newest = (
        select(Definition.name, func.max(Definition.version).label("version"))
        .where(Definition.kind == kind)
        .group_by(Definition.name)
        .subquery()
    )
    query = select(Definition).join(
        newest, (Definition.name == newest.c.name) & (Definition.version == newest.c.version)
    )
    return list(session.scalars(query.where(Definition.kind == kind).order_by(Definition.name)))


def publish_definition(
    session: Session, kind: str, name: str, body: Mapping[str, Any], *, now: datetime, by: int | None
) -> Definition:
    """Make `body` the newest version; the newest one itself comes back when it says the same already."""
    text = canonical_json(body)
    while True:
        newest = newest_definition(session, kind, name)
        if newest is not None and newest.digest == _digest(text):
            return newest
        inserted = insert_unless_there(
            session,
            Definition,
            kind=kind,
            name=name,
            version=newest.version + 1 if newest is not None else 1,
            digest=_digest(text),
            body=text,
            published_at=now,
            by=by,
        )
        if inserted is not None:  # else somebody published the same number meanwhile: look again
            return session.get_one(Definition, inserted)


def load_shipped_definitions(
    session: Session, kind: str, items: Mapping[str, Mapping[str, Any]], now: datetime
) -> list[Definition]:
    """Publish what is new in this release, by name → body; gives the versions made, none on a second run.

    A body that was ever a version is not new, so a release never takes back what staff published since.
    """
    made = []
    for name, body in sorted(items.items()):
        if not _was_published(session, kind, name, _digest(canonical_json(body))):
            made.append(publish_definition(session, kind, name, body, now=now, by=None))
    return made


def canonical_json(body: Mapping[str, Any]) -> str:
    """One spelling for one content: sorted keys, escapes kept, no spaces."""
    return json.dumps(body, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _was_published(session: Session, kind: str, name: str, digest: str) -> bool:
    query = select(Definition.id).where(
        Definition.kind == kind, Definition.name == name, Definition.digest == digest
    )
    return session.scalars(query.limit(1)).first() is not None
