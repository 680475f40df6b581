"""`goen simulate`: an invented catalogue and invented friends, marked as such, the same for the same seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy.orm import Session

from app.clock import Clock, today_in_tokyo
from app.db import Database, reading, transaction
from app.encryption import Encryption
from app.friends.actions import keep_profile, known_friend, welcome_friend
from app.friends.messages import GREETING_VERSION
from app.invented_activity import friend_key, invent_activity, invent_members
from app.jobs.actions import upsert_jobs
from app.jobs.invented import InventedPerson, invented_jobs, invented_people
from app.jobs.invented_taste import Board
from app.messaging.channels import DEFAULT_CHANNEL, read_channels
from app.rankings.counting import count_rankings
from app.routes.actions import RouteDraft, add_route
from app.routes.queries import find_route
from app.routes.rules import Method
from app.settings import Settings
from app.setup import set_up
from surveys.actions import record_answer, start_survey
from surveys.wishes import PREFERENCES

BATCH = 200
ROUTES = {
    "seminar": RouteDraft(
        "横浜セミナーのQR（架空）",
        Method.CODE,
        "相談会の日程と、会場への行き方をお届けします。その場で担当者にも相談できます。",
    ),
    "flyer": RouteDraft("駅前のちらし（架空）", Method.NONE, "希望に合う求人を、LINEでお届けします。"),
    "register": RouteDraft(
        "会員登録フォーム（架空）", Method.LOGIN, "ログインも友だち追加も、一度で終わります。"
    ),
}
"""Invented ways to come."""


@dataclass(frozen=True)
class Invented:
    """How many rows were new."""

    jobs: int
    friends: int
    members: int
    deeds: int


def invent(
    settings: Settings, database: Database, *, jobs: int, people: int, seed: int, members: int = 0
) -> Invented:
    """Write jobs, friends, members, and what these people did; again with the same seed it changes nothing old.

    Friends belong to the default account, so that one must be configured when any are asked for.
    """
    encryption, now = Encryption(settings.require_secret_keys()), Clock(settings.clock_file).now()
    set_up(settings, database, encryption, now)
    added, board = _invent_jobs(database, seed, jobs, now)
    _invent_routes(database, encryption, now)
    friends = _invent_friends(database, encryption, invented_people(seed, people), seed, now)
    joined = invent_members(database, encryption, seed, members, now)
    deeds = invent_activity(database, board, seed, (people, members), now)
    count_rankings(database, now)
    return Invented(added, friends, joined, deeds)


def _invent_jobs(database: Database, seed: int, count: int, now: datetime) -> tuple[int, Board]:
    """How many were new, and what people choose from."""
    added, board = 0, Board(seed)
    rows = invented_jobs(seed, count, today=today_in_tokyo(now))
    while batch := list(islice(rows, BATCH)):
        board.add(batch)
        with transaction(database) as session:
            added += upsert_jobs(session, batch, now).inserted
    return added, board


def _invent_friends(
    database: Database, encryption: Encryption, people: Iterator[InventedPerson], seed: int, now: datetime
) -> int:
    added = number = 0
    while batch := list(islice(people, BATCH)):
        with transaction(database) as session:
            channels = [c for c in read_channels(session, encryption) if c.name == DEFAULT_CHANNEL]
            for person in batch if channels else ():
                number += 1
                added += _invent_friend(session, channels[0].id, friend_key(seed, number), person, now)
    return added


def _invent_routes(database: Database, encryption: Encryption, now: datetime) -> None:
    """A route of each kind, so that a demo has links to try; those that are there stay as they are."""
    with reading(database) as session:
        channels = [each for each in read_channels(session, encryption) if each.name == DEFAULT_CHANNEL]
        missing = [name for name in ROUTES if find_route(session, name) is None]
    for channel in channels:
        for name in missing:
            draft = ROUTES[name]
            if draft.method is not Method.LOGIN or channel.login_channel_id is not None:
                with transaction(database) as session:
                    add_route(session, channel.id, name, draft, now)


def _invent_friend(
    session: Session, channel_id: int, user_id: str, person: InventedPerson, now: datetime
) -> bool:
    friend = known_friend(session, channel_id, user_id, now)
    if friend.followed_at is not None:
        return False
    welcome_friend(friend, now - timedelta(days=90), GREETING_VERSION, is_new=True)
    keep_profile(friend, {"displayName": person.name}, now)
    sheet = start_survey(session, friend.id, PREFERENCES, now)
    if sheet is not None:
        sheet = record_answer(session, sheet, "occupation", person.occupation, now)
        record_answer(session, sheet, "area", [person.city], now)
    return True
