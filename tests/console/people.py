"""Invented people with a history, for pages to show."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db import Database, transaction
from app.encryption import Encryption
from app.friends.models import Friend
from app.handoff.actions import open_conversation
from app.links.models import Link
from app.members.actions import record_consent, upsert_appointment, upsert_member, upsert_placement
from app.members.values import (
    AppointmentData,
    AppointmentKind,
    ConsentGiven,
    ConsentKind,
    ConsentSource,
    Contract,
    MemberData,
    PlacementData,
)
from app.messaging.event_rules import InboxStatus
from app.messaging.models import Channel, InboxEvent, Message, OutboxMessage
from app.messaging.outbox import NewOutboxMessage, enqueue
from app.messaging.rules import (
    Carrier,
    OutboxStatus,
    Purpose,
)
from tests.stack import KEY

SEALING = Encryption([KEY])
PHONE, MAIL = "+819012345678", "hanako@example.com"
A_DAY = timedelta(days=1)
_numbers = count(1)


@dataclass(frozen=True)
class People:
    """Ids of those that were made."""

    channel_id: int
    hanako: int
    """A linked friend."""
    member: int
    """The member that she is."""
    taro: int
    """A friend who has blocked us."""
    alone: int
    """A member without LINE."""


def make_people(database: Database, at: datetime | None = None) -> People:
    """花子 (linked, placed, asked for a person), 太郎 (blocked), and a member whom LINE does not know."""
    now = at or Clock().now()
    with transaction(database) as session:
        channel = Channel(name="invented", title="転職ナビ(架空)", secrets=SEALING.encrypt("s"))
        session.add(channel)
        session.flush()
        hanako, taro = (
            Friend(
                channel_id=channel.id,
                line_user_id=f"U{number:032x}",
                created_at=now - 30 * A_DAY,
                followed_at=now - 30 * A_DAY,
                first_followed_on=(now - 30 * A_DAY).date(),
                display_name=name,
                last_reaction_at=now - timedelta(hours=3),
                blocked_at=blocked_at,
            )
            for number, name, blocked_at in ((1, "架空 花子", None), (2, "架空 太郎", now - A_DAY))
        )
        session.add_all([hanako, taro])
        session.flush()
        facts = {"timing": "now", "occupation": "看護師"}
        given = MemberData(external_id="M-0001", name="架空 花子", phone=PHONE, mail=MAIL, facts=facts)
        member = upsert_member(session, SEALING, given, now - 40 * A_DAY)
        alone = upsert_member(
            session, SEALING, MemberData(external_id="M-0002", name="架空 一人"), now - A_DAY
        )
        session.add(
            Link(
                member_id=member, friend_id=hanako.id, channel_id=channel.id, how="code", at=now - 20 * A_DAY
            )
        )
        _history(session, channel.id, hanako.id, member, now)
        return People(channel.id, hanako.id, member, taro.id, alone)


def _history(session: Session, channel_id: int, friend_id: int, member_id: int, now: datetime) -> None:
    session.add_all(
        [
            Message(
                friend_id=friend_id,
                kind=kind,
                text=text,
                line_message_id=f"m{number}",
                at=now - timedelta(hours=number),
                unsent_at=now if kind == "unsent" else None,
            )
            for number, (kind, text) in enumerate(
                [("text", "夜勤のない求人はありますか"), ("image", None), ("unsent", None)], start=3
            )
        ]
    )
    rows = [
        ("reply", "sent", None, "横浜市の求人を3件ご紹介します", Purpose.REPLY),
        ("push", "refused", "placed", "週刊ランキング", Purpose.PROMOTION),
        ("push", "unknown", "no clear answer: it may have arrived", "面談のご案内", Purpose.TRANSACTION),
        ("push", "failed", "LINE refused it", "求人のお知らせ", Purpose.PROMOTION),
    ]
    for number, (carrier, _, _, preview, purpose) in enumerate(rows):
        new = NewOutboxMessage(
            Carrier(carrier),
            channel_id,
            f"invented:{number}",
            {},
            purpose,
            friend_id,
            f"U{1:032x}",
            preview=preview,
        )
        enqueue(session, [new], now - timedelta(days=number, minutes=5))
    for number, (_, status, reason, _, _) in enumerate(rows):
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.dedupe_key == f"invented:{number}")
            .values(status=OutboxStatus(status), reason=reason, ended_at=now - timedelta(days=number))
        )
    upsert_placement(
        session,
        PlacementData(
            external_id="P-1",
            member="M-0001",
            start_on=now.date() - timedelta(days=60),
            contract=Contract.PERMANENT,
        ),
        now,
    )
    upsert_appointment(
        session,
        AppointmentData(
            kind=AppointmentKind.CONSULTATION, starts_at=now + 2 * A_DAY, member="M-0001", place="横浜"
        ),
        now,
    )
    for given in (True, False):
        record_consent(
            session,
            ConsentGiven(
                kind=ConsentKind.SMS,
                given=given,
                at=now - (2 if given else 1) * A_DAY,
                source=ConsentSource.SITE,
                text_version="2026-11",
                member_id=member_id,
            ),
        )
    open_conversation(session, friend_id, "wish", now - timedelta(minutes=18))
    session.add(
        InboxEvent(
            channel_id=channel_id,
            webhook_event_id="dead-1",
            lane=0,
            line_user_id=f"U{1:032x}",
            event_at=now,
            received_at=now - timedelta(hours=2),
            payload="{}",
            status=InboxStatus.DEAD,
            attempts=5,
            due_at=now,
            error="ValueError",
        )
    )


def make_friends(database: Database, channel_id: int, how_many: int, at: datetime) -> list[int]:
    """Many friends, the last one the newest."""
    with transaction(database) as session:
        rows = [
            Friend(
                channel_id=channel_id,
                line_user_id=f"U{1000 + next(_numbers):032x}",
                created_at=at,
                followed_at=at,
                display_name=f"架空 {number}",
            )
            for number in range(how_many)
        ]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]
