"""`python -m app.recommend.batch TIME`: a fresh list of jobs for every friend, behind all else on this machine.

Friends are walked in blocks, so that memory does not grow with their number; each block is a handful of
statements, one go of scoring, and many small commits. Two processes share the blocks: they are forked when the
board is laid out, and have its memory in common. All end when whoever started them is gone.
"""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import NamedTuple

from sqlalchemy import or_, select

from app.children import NICENESS, answer_parent, end_with_parent
from app.db import Database, open_database, reading, transaction
from app.friends.models import Friend
from app.inserting import insert_replacing
from app.json_text import to_text
from app.recommend.answers import picks_of
from app.recommend.models import Recommendation
from app.recommend.points import Scorer
from app.recommend.ports import Pick, Seeker
from app.recommend.rules import LIST_LENGTH
from app.recommend.scoring import choose
from app.recommend.seekers import seekers_of
from app.recommend.serving import scorer_of_live_model
from app.settings import Settings

BLOCK = 50_000
"""Friends that are scored together."""
READ_AT_ONCE = 2_000
COMMITTED_AT_ONCE = 50
"""Lists in one transaction: well under 50 ms on SQLite, where everybody else waits meanwhile."""
SHARES = 2


class Work(NamedTuple):
    """What one process does: every n-th block."""

    url: str
    scorer: Scorer
    version: str
    now: datetime
    share: int
    shares: int


def main() -> None:
    """Say as JSON what was done; exit code 1 when a share of it was not."""
    os.nice(NICENESS)
    url, now, parent = Settings.from_env().database_url, datetime.fromisoformat(sys.argv[1]), os.dup(0)
    database = open_database(url)
    scorer, version = scorer_of_live_model(database, now)
    database.dispose()
    gc.collect()
    gc.freeze()
    shares = min(SHARES, os.cpu_count() or 1)
    works = [Work(url, scorer, version, now, share, shares) for share in range(shares)]
    counts = _in_processes(works, parent)
    answer_parent(to_text({"friends": sum(filter(None, counts)), "model_version": version}))
    sys.exit(None in counts)


def _in_processes(works: Sequence[Work], parent: int) -> list[int | None]:
    """Do each in a process of its own; how many friends each served, None where one failed."""
    context = get_context("fork")
    pipes = [context.Pipe(duplex=False) for _ in works]
    processes = [
        context.Process(target=_work, args=(work, parent, sending), daemon=True)
        for work, (_, sending) in zip(works, pipes, strict=True)
    ]
    for process in processes:
        process.start()
    end_with_parent(parent)
    for process in processes:
        process.join()
    return [receiving.recv() if receiving.poll() else None for receiving, _ in pipes]


def _work(work: Work, parent: int, sending: Connection) -> None:
    end_with_parent(parent)
    database = open_database(work.url)
    sending.send(refresh(database, work))
    database.dispose()


def refresh(database: Database, work: Work) -> int:
    """A fresh list for each friend of this share; how many."""
    done = 0
    for ids in islice(_blocks(database), work.share, None, work.shares):
        seekers = _read(database, ids, work.now)
        chosen = picks_of(work.scorer.board, choose(work.scorer, seekers, LIST_LENGTH))
        _write(database, ids, chosen, work)
        done += len(ids)
    return done


def _blocks(database: Database) -> Iterator[list[int]]:
    """The friends that can be written to, by id."""
    last = 0
    is_there = or_(Friend.followed_at.is_not(None), Friend.imported_at.is_not(None))
    query = select(Friend.id).where(is_there, Friend.blocked_at.is_(None), Friend.forgotten_at.is_(None))
    while True:
        with reading(database) as session:
            ids = list(session.scalars(query.where(Friend.id > last).order_by(Friend.id).limit(BLOCK)))
        if not ids:
            return
        yield ids
        last = ids[-1]


def _read(database: Database, ids: Sequence[int], now: datetime) -> list[Seeker]:
    seekers: list[Seeker] = []
    for at in range(0, len(ids), READ_AT_ONCE):
        with reading(database) as session:
            seekers += seekers_of(session, ids[at : at + READ_AT_ONCE], now).values()
    return seekers


def _write(database: Database, ids: Sequence[int], lists: Iterator[tuple[Pick, ...]], work: Work) -> None:
    rows = (
        {
            "friend_id": friend_id,
            "jobs": [pick.as_json() for pick in picks],
            "model_version": work.version,
            "made_at": work.now,
        }
        for friend_id, picks in zip(ids, lists, strict=True)
    )
    while some := list(islice(rows, COMMITTED_AT_ONCE)):
        with transaction(database) as session:
            session.connection().execute(insert_replacing(session, Recommendation, "friend_id"), some)


if __name__ == "__main__":
    main()
