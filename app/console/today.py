"""今日: the start page, with a few true numbers. Each says what it counts, and leads to the people behind it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from flask import Blueprint, url_for
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.clock import TOKYO, today_in_tokyo
from app.console import words
from app.console.access import may_open
from app.console.desk import chosen_channel_id, desk, now, signed_in
from app.console.pages import show_page
from app.db import reading
from app.friends.models import Friend
from app.handoff.models import Conversation
from app.links.models import Link
from app.messaging.queries import queue_figures

bp = Blueprint("today", __name__)
WAITING_SHOWN = 10


@dataclass(frozen=True)
class Tile:
    """A number with the sentence that explains it, and where it leads."""

    title: str
    number: str
    sentence: str
    address: str | None = None


@dataclass(frozen=True)
class Waiting:
    """Somebody who waits for a person."""

    friend_id: int
    name: str | None
    since: datetime
    waits: str


@bp.get("/")
def show_today() -> Response:
    """今日."""
    with reading(desk().database) as session:
        tiles = _tiles(session, now())
        waiting = _waiting(session, now()) if may_open(signed_in().role, "console.person.show_person") else []
    return show_page("today.html", tiles=tiles, waiting=waiting, read_at=now())


def _tiles(session: Session, at: datetime) -> list[Tile]:
    today, joined = today_in_tokyo(at), Friend.first_followed_on
    midnight = datetime.combine(today, time(), TOKYO)
    friends = _count_friends(session, *_REACHED)
    new = _count_friends(session, joined == today)
    before = _count_friends(session, joined >= today - timedelta(days=7), joined < today)
    linked = words.share_words(_count_linked(session), friends)
    blocked = _count_friends(session, Friend.blocked_at >= midnight)
    waiting, figures = _count_waiting(session), queue_figures(session, at)
    failed = figures.inbox_dead + figures.outbox_failed + figures.outbox_unknown
    return [
        Tile("いま待っている人", f"{waiting}人", "担当者の返事を待っている方です。"),
        Tile(
            "今日の新しい友だち", f"{new:,}人", f"前の7日間は合わせて{before:,}人です。", _people("followed")
        ),
        Tile("友だち", f"{friends:,}人", "いまメッセージが届く友だちです。", _people("followed")),
        Tile("会員連携", linked, "届く友だちのうち、会員と分かる方です。", _people(link="linked")),
        Tile("今日のブロック", f"{blocked:,}人", "今日ブロックした方です。"),
        Tile("対応が必要な失敗", f"{failed:,}件", _failed_sentence(failed), _failures()),
    ]


_REACHED = (
    or_(Friend.followed_at.is_not(None), Friend.imported_at.is_not(None)),
    Friend.blocked_at.is_(None),
)


def _failed_sentence(failed: int) -> str:
    return "受信と送信のうち、人の判断が必要なものです。" if failed else "対応が必要な失敗はありません。"


def _failures() -> str | None:
    endpoint = "console.failures.list_failures"
    return url_for(endpoint) if may_open(signed_in().role, endpoint) else None


def _people(state: str | None = None, link: str | None = None) -> str | None:
    endpoint = "console.people.list_friends"
    return url_for(endpoint, state=state, link=link) if may_open(signed_in().role, endpoint) else None


def _count_friends(session: Session, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Friend).where(*conditions, *_of_channel())
    return session.scalars(query).one()


def _count_linked(session: Session) -> int:
    query = (
        select(func.count())
        .select_from(Link)
        .join(Friend, Friend.id == Link.friend_id)
        .where(Link.ended_at.is_(None), *_REACHED)
    )
    return session.scalars(query.where(*_of_channel())).one()


def _count_waiting(session: Session) -> int:
    query = select(func.count()).select_from(Conversation).join(Friend, Friend.id == Conversation.friend_id)
    return session.scalars(query.where(Conversation.state == "waiting", *_of_channel())).one()


def _waiting(session: Session, at: datetime) -> list[Waiting]:
    query = (
        select(Conversation.friend_id, Friend.display_name, Conversation.waiting_since)
        .join(Friend, Friend.id == Conversation.friend_id)
        .where(Conversation.state == "waiting", *_of_channel())
        .order_by(Conversation.waiting_since)
        .limit(WAITING_SHOWN)
    )
    return [
        Waiting(friend_id, name, since, words.duration_words((at - since).total_seconds()))
        for friend_id, name, since in session.execute(query)
    ]


def _of_channel() -> list[ColumnElement[bool]]:
    channel_id = chosen_channel_id()
    return [] if channel_id is None else [Friend.channel_id == channel_id]
