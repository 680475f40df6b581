"""Jobs and people who look at them."""

from datetime import timedelta
from itertools import count

from sqlalchemy import select

from app.db import Database, reading, transaction
from app.jobs.actions import Shown, record_impressions
from app.jobs.models import Activity, ActivityKind, Job
from app.jobs.rules import JobWishes
from app.links.models import Link
from app.members.models import Member
from app.rankings.counting import count_rankings, counted_lists
from app.rankings.onlookers import Onlooker
from app.rankings.queries import ShownRanking, ranking_for
from app.rankings.rules import JAPAN, Place
from tests.factories import make_channel, make_friend
from tests.jobs.factories import NOW, make_row, store_jobs

_numbers = count(1)
NOBODY = Onlooker()
NURSE = JobWishes(prefectures=(14,), occupations=("看護師",))


class World:
    """Jobs A-1 … A-6 of nurses in Yokohama, and people."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.channel = make_channel(database)
        store_jobs(
            database, *(make_row(external_id=f"A-{n}", employer=f"{n}病院(架空)") for n in range(1, 7))
        )
        self.name_jobs()

    def name_jobs(self) -> None:
        with reading(self.database) as session:
            self.jobs = dict(session.execute(select(Job.external_id, Job.id)).all())

    def member(self) -> int:
        with transaction(self.database) as session:
            row = Member(external_id=f"M-{next(_numbers)}", facts={}, created_at=NOW, updated_at=NOW)
            session.add(row)
            session.flush()
            return row.id

    def friend(self) -> int:
        return make_friend(self.database, NOW, self.channel).id

    def link(self, member_id: int, friend_id: int) -> None:
        with transaction(self.database) as session:
            session.add(
                Link(member_id=member_id, friend_id=friend_id, channel_id=self.channel, how="login", at=NOW)
            )

    def act(
        self,
        job: str,
        *,
        member: int | None = None,
        friend: int | None = None,
        kind: ActivityKind = ActivityKind.VIEW,
        days: float = 0,
    ) -> None:
        with transaction(self.database) as session:
            session.add(
                Activity(
                    external_id=f"x{next(_numbers)}",
                    member_id=member,
                    friend_id=friend,
                    kind=kind,
                    job_id=self.jobs[job],
                    at=NOW - timedelta(days=days),
                    source="site",
                )
            )

    def views(self, job: str, people: int, *, days: float = 0) -> None:
        for _ in range(people):
            self.act(job, member=self.member(), days=days)

    def show(self, job: str, friend: int, *, days: float = 0) -> None:
        with transaction(self.database) as session:
            record_impressions(session, friend, [Shown(self.jobs[job], {})], NOW - timedelta(days=days))

    def nation(self) -> dict[str, Place]:
        """The list of all jobs, by external id."""
        names = {id_: name for name, id_ in self.jobs.items()}
        lists = counted_lists(self.database, NOW)
        found = next((each for each in lists if (each.area, each.occupation) == (JAPAN, "")), None)
        return {names[place.job_id]: place for place in found.places} if found else {}

    def ranking(self, wishes: JobWishes = NURSE, onlooker: Onlooker = NOBODY) -> ShownRanking | None:
        count_rankings(self.database, NOW)
        with reading(self.database) as session:
            return ranking_for(session, wishes, onlooker, NOW)


def fill(world: World) -> None:
    """Four nurses' jobs in Yokohama that 6, 5, 4 and 3 people looked at."""
    for place, name in enumerate(("A-3", "A-1", "A-2", "A-4")):
        world.views(name, 6 - place)
