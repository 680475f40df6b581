"""Invented members and what invented people did: so that rankings and recommendations have something to show.

Members act on the job site, friends tap in LINE. Every key begins with INVENTED-.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bulk import insert_rows
from app.db import Base, Database, reading, transaction
from app.encryption import Encryption
from app.friends.models import Friend
from app.jobs.invented import InventedPerson, invented_people
from app.jobs.invented_taste import Board, invented_deeds
from app.jobs.models import Activity, Job
from app.members.actions import upsert_members
from app.members.models import Member
from app.members.values import MemberData

BATCH = 100
MEMBERS_SEED = 1_000_003
"""Added to a seed: members are other people than friends."""


def friend_key(seed: int, number: int) -> str:
    """The LINE user id of an invented friend."""
    return f"U{sha256(f'invented {seed} {number}'.encode()).hexdigest()[:32]}"


def member_key(seed: int, number: int) -> str:
    """The site's id of an invented member."""
    return f"INVENTED-{seed}-{number:05}"


def invent_members(database: Database, encryption: Encryption, seed: int, count: int, now: datetime) -> int:
    """Members with a name, an occupation and a place; how many were new."""
    with reading(database) as session:
        known = set(session.scalars(select(Member.external_id).where(Member.external_id.like("INVENTED-%"))))
    people = invented_people(seed + MEMBERS_SEED, count)
    new = (
        MemberData(
            external_id=key,
            name=person.name,
            facts={"occupation": person.occupation, "area": [person.city]},
        )
        for number, person in enumerate(people, start=1)
        if (key := member_key(seed, number)) not in known
    )
    added = 0
    while batch := list(islice(new, BATCH)):
        with transaction(database) as session:
            upsert_members(session, encryption, batch, now - timedelta(days=60))
        added += len(batch)
    return added


def invent_activity(
    database: Database, board: Board, seed: int, counts: tuple[int, int], now: datetime
) -> int:
    """What `counts` friends and members did with the board's jobs; how many rows were written for new people.

    Who has done anything before is left alone, so that running it again changes nothing.
    """
    friends, members = counts
    with reading(database) as session:
        ids = _ids(session)
    deeds = [
        *_rows(board, seed, invented_people(seed, friends), ids, now, kind="friend"),
        *_rows(board, seed, invented_people(seed + MEMBERS_SEED, members), ids, now, kind="member"),
    ]
    for start in range(0, len(deeds), BATCH * 5):
        with transaction(database) as session:
            insert_rows(
                session.connection(),
                Base.metadata.tables[Activity.__tablename__],
                deeds[start : start + BATCH * 5],
            )
    return len(deeds)


def _ids(session: Session) -> dict[str, int]:
    """Our ids of invented jobs, friends who are here and members, by their keys, less those who acted before."""
    jobs = session.execute(select(Job.external_id, Job.id).where(Job.external_id.like("INVENTED-%")))
    friends = session.execute(
        select(Friend.line_user_id, Friend.id).where(
            Friend.id.not_in(select(Activity.friend_id).where(Activity.friend_id.is_not(None)))
        )
    )
    members = session.execute(
        select(Member.external_id, Member.id).where(
            Member.external_id.like("INVENTED-%"),
            Member.id.not_in(select(Activity.member_id).where(Activity.member_id.is_not(None))),
        )
    )
    return {
        **{f"job:{key}": id_ for key, id_ in jobs},
        **{f"friend:{key}": id_ for key, id_ in friends},
        **{f"member:{key}": id_ for key, id_ in members},
    }


def _rows(
    board: Board,
    seed: int,
    people: Iterator[InventedPerson],
    ids: dict[str, int],
    now: datetime,
    *,
    kind: str,
) -> Iterator[dict[str, Any]]:
    key_of = friend_key if kind == "friend" else member_key
    for number, person in enumerate(people, start=1):
        who = ids.get(f"{kind}:{key_of(seed, number)}")
        random = Random(f"deeds {kind} {seed} {number}")  # noqa: S311 - repeatable on purpose
        for deed in invented_deeds(random, person, board, now) if who is not None else ():
            yield {
                "external_id": f"INVENTED-{seed}-{kind}-{number}-{deed.number}",
                "friend_id": who if kind == "friend" else None,
                "member_id": who if kind == "member" else None,
                "kind": deed.kind,
                "job_id": ids.get(f"job:{deed.job}"),
                "at": deed.at,
                "source": "line" if kind == "friend" else "site",
            }
