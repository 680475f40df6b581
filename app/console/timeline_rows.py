"""時系列: what a person wrote, what we sent or did not send and why, and what became of links and consents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.console import reasons
from app.console.paging import Place
from app.friends.models import Friend
from app.links.models import Link
from app.members.models import Consent
from app.messaging.models import Message, OutboxMessage
from app.messaging.rules import BACKGROUND_CARRIERS, Carrier
from app.people.persons import Person

NO_MESSAGES = (*BACKGROUND_CARRIERS, Carrier.WEBHOOK, Carrier.ALERT)


class Shown(StrEnum):
    """What the timeline is narrowed to."""

    ALL = "all"
    NOT_SENT = "not_sent"
    REACTIONS = "reactions"


@dataclass(frozen=True)
class Item:
    """One line of the timeline."""

    place: Place
    what: str
    """One or two words: who did it."""
    kind: str
    """Colour of the badge."""
    words: str
    why: str = ""
    status: str = ""


def timeline(
    session: Session, person: Person, shown: Shown, *, before: Place | None, limit: int
) -> list[Item]:
    """The newest first; from each source at most `limit`, of which the newest `limit` are given."""
    sources = {
        Shown.ALL: (_messages, _outbox, _links, _consents, _friendships),
        Shown.NOT_SENT: (_refused,),
        Shown.REACTIONS: (_messages, _links, _friendships),
    }
    items: list[Item] = []
    for source in sources[shown]:
        items += source(session, person, before, limit)
    kept = [item for item in items if before is None or item.place < before]
    return sorted(kept, key=lambda item: item.place, reverse=True)[:limit]


def _messages(session: Session, person: Person, before: Place | None, limit: int) -> list[Item]:
    query = select(Message.id, Message.at, Message.kind, Message.text, Message.unsent_at).where(
        Message.friend_id.in_(person.friend_ids)
    )
    return [
        Item(Place(at, 5, id_), "ご本人", "plain", _said(kind, text, unsent_at))
        for id_, at, kind, text, unsent_at in _page(session, query, Message.at, Message.id, before, limit)
    ]


def _said(kind: str, text: str | None, unsent_at: datetime | None) -> str:
    if unsent_at is not None:
        return "(送信を取り消しました)"
    if text is None:
        return f"({reasons.KINDS.get(kind, 'メッセージ')})"
    return text if kind == "text" else f"{reasons.KINDS.get(kind, kind)}: {text}"


def _outbox(session: Session, person: Person, before: Place | None, limit: int) -> list[Item]:
    return _sendings(session, person, before, limit, OutboxMessage.carrier.not_in(NO_MESSAGES))


def _refused(session: Session, person: Person, before: Place | None, limit: int) -> list[Item]:
    condition = and_(OutboxMessage.carrier.not_in(NO_MESSAGES), OutboxMessage.status.in_(reasons.NOT_SENT))
    return _sendings(session, person, before, limit, condition)


def _sendings(
    session: Session, person: Person, before: Place | None, limit: int, condition: Any
) -> list[Item]:
    row = OutboxMessage
    query = select(row.id, row.created_at, row.carrier, row.status, row.reason, row.preview).where(
        row.friend_id.in_(person.friend_ids), condition
    )
    items = []
    for id_, at, carrier, status, reason, preview in _page(
        session, query, row.created_at, row.id, before, limit
    ):
        word, kind = reasons.STATUSES.get(status, (status, "plain"))
        why = reasons.reason_words(reason) if status != "sent" else ""
        what = reasons.CARRIERS.get(carrier, carrier)
        items.append(Item(Place(at, 4, id_), word, kind, preview or f"({what})", why, status))
    return items


def _links(session: Session, person: Person, before: Place | None, limit: int) -> list[Item]:
    items = []
    for row in session.scalars(_newest(select(Link).where(is_theirs(person, Link)), Link.id, limit)):
        how = reasons.HOWS.get(row.how, row.how)
        items.append(Item(Place(row.at, 3, row.id), "会員連携", "ok", f"{how}で連携しました"))
        if row.ended_at is not None:
            ended = reasons.ENDINGS.get(row.ended_by or "", "連携を解除")
            items.append(Item(Place(row.ended_at, 3, row.id), "連携解除", "plain", ended))
    return items


def _consents(session: Session, person: Person, before: Place | None, limit: int) -> list[Item]:
    query = _newest(select(Consent).where(is_theirs(person, Consent)), Consent.id, limit)
    return [
        Item(
            Place(row.at, 2, row.id),
            "同意" if row.given else "同意の取り消し",
            "plain",
            reasons.CONSENTS.get(row.kind, row.kind),
        )
        for row in session.scalars(query)
    ]


def _friendships(session: Session, person: Person, before: Place | None, limit: int) -> list[Item]:
    items = []
    query = select(Friend.id, Friend.followed_at, Friend.blocked_at).where(Friend.id.in_(person.friend_ids))
    for id_, followed_at, blocked_at in session.execute(query):
        if followed_at is not None:
            items.append(Item(Place(followed_at, 1, id_), "友だち", "ok", "友だちになりました"))
        if blocked_at is not None:
            items.append(Item(Place(blocked_at, 1, id_), "ブロック", "danger", "ブロックされました"))
    return items


def is_theirs(person: Person, table: Any) -> Any:
    """Rows that name one of this person's friends or members."""
    return or_(table.friend_id.in_(person.friend_ids), table.member_id.in_(person.member_ids))


def _page(session: Session, query: Any, at: Any, id_: Any, before: Place | None, limit: int) -> Sequence[Any]:
    """The newest of a source that may be long; those of the same moment are sorted out by who asked."""
    if before is not None:
        query = query.where(at <= before.at)
    return session.execute(query.order_by(at.desc(), id_.desc()).limit(limit + _SAME_MOMENT)).all()


_SAME_MOMENT = 20
"""Rows of one moment that may stand before the cursor: an answer is five messages at most."""


def _newest(query: Any, id_: Any, limit: int) -> Any:
    return query.order_by(id_.desc()).limit(max(limit, 200))
