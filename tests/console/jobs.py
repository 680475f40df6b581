"""Jobs for the console's pages, with people who looked at them."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from app.clock import Clock
from app.db import Database, reading, transaction
from app.jobs.actions import Shown, record_impressions, upsert_jobs
from app.jobs.models import Activity, ActivityKind, Job
from app.members.models import Application
from app.rankings.counting import count_rankings
from tests.console.people import People
from tests.jobs.factories import make_row


@dataclass(frozen=True)
class Jobs:
    """Ids by external id."""

    ids: dict[str, int]


def make_jobs(database: Database, people: People) -> Jobs:
    """A-1 … A-60, one of them closed, one told twice; 花子 was shown some and did things with A-1."""
    now = Clock().now()
    opened = (now - timedelta(days=20)).date().isoformat()
    rows = [
        make_row(
            external_id=f"A-{n}",
            employer=f"第{n}病院(架空)",
            prefecture="東京都" if n % 2 else "神奈川県",
            city=None,
            opened_on=opened,
            text="病棟の仕事です。\n※この求人は架空のものです。",
            url="https://example.com/jobs/1",
            flags="夜勤なし",
        )
        for n in range(1, 61)
    ]
    rows.append(make_row(external_id="shut", title="終わった求人", opened_on=opened, closed_at=opened))
    for number in (1, 2):
        rows.append(make_row(external_id=f"twin-{number}", title="二度の求人", opened_on=opened))
    with transaction(database) as session:
        upsert_jobs(session, rows, now)
    with reading(database) as session:
        ids = dict(session.execute(select(Job.external_id, Job.id)).all())
    with transaction(database) as session:
        for kind in (ActivityKind.VIEW, ActivityKind.SAVE, ActivityKind.APPLY):
            session.add(
                Activity(
                    friend_id=people.hanako,
                    kind=kind,
                    job_id=ids["A-1"],
                    at=now - timedelta(days=1),
                    source="line",
                )
            )
        session.add(
            Application(
                external_id="X-1",
                member_id=people.member,
                job_id=ids["A-1"],
                stage="applied",
                stage_at=now,
                updated_at=now,
            )
        )
        parts = {
            "conditions": ["place", "night"],
            "parts": {"knn": 0.4, "fresh": 0.1},
            "because": ids["A-2"],
            "relaxed": ["wage"],
        }
        shown = [
            Shown(ids["A-1"], parts, 0.1),
            Shown(ids["A-1"], {"ranking": {"area": 13, "occupation": "看護師", "rank": 2}}),
            Shown(ids["A-1"], {}),
        ]
        record_impressions(session, people.hanako, shown, now - timedelta(hours=2))
    count_rankings(database, now)
    return Jobs(ids)
