"""Rankings from activity, on both databases: who counts, for what, and which list a person is shown."""

from collections import defaultdict
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select, update

from app.clock import today_in_tokyo
from app.db import Database, reading, transaction
from app.jobs.actions import close_job
from app.jobs.models import Activity, ActivityKind, Job
from app.jobs.rules import JobWishes
from app.links.models import Link
from app.messaging.models import TaskRun
from app.rankings.counting import COUNTED, count_rankings
from app.rankings.hourly import SCHEDULE, refresh_rankings
from app.rankings.models import Ranking
from app.rankings.onlookers import Onlooker
from app.rankings.queries import ShownRanking, ranking_for
from app.rankings.rules import JAPAN, SHOWN, WINDOW_DAYS, Place, weight
from tests.databases import counted_statements
from tests.jobs.factories import NOW, make_row, store_jobs
from tests.rankings.world import NURSE, World, fill


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def shown(ranking: ShownRanking | None) -> list[tuple[str, int | None]]:
    assert ranking is not None
    return [(each.job.external_id, each.rank) for each in ranking.jobs]


def test_people_are_counted_once_whatever_they_did(world: World) -> None:
    member = world.member()
    for kind in COUNTED:
        world.act("A-1", member=member, kind=kind, days=3)
    world.act("A-1", member=member, days=7)
    assert world.nation()["A-1"] == Place(world.jobs["A-1"], round(weight(3), 6), 1)


@pytest.mark.parametrize("kind", [kind for kind in ActivityKind if kind not in COUNTED], ids=str)
def test_other_deeds_say_nothing(world: World, kind: ActivityKind) -> None:
    world.act("A-1", member=world.member(), kind=kind)
    assert world.nation() == {}


@pytest.mark.parametrize(("days", "counts"), [(WINDOW_DAYS - 0.01, True), (WINDOW_DAYS + 0.01, False)])
def test_what_is_older_than_four_weeks_counts_no_more(world: World, days: float, counts: bool) -> None:
    world.act("A-1", member=world.member(), days=days)
    assert bool(world.nation()) is counts


def test_a_linked_friend_and_the_member_are_one_person(world: World) -> None:
    member, friend, second = world.member(), world.friend(), world.friend()
    world.link(member, friend)
    world.act("A-1", member=member)
    world.act("A-1", friend=friend)
    world.act("A-1", friend=second)
    assert world.nation()["A-1"].people == 2


def test_an_ended_link_joins_nobody(world: World) -> None:
    member, friend = world.member(), world.friend()
    world.link(member, friend)
    with transaction(world.database) as session:
        session.execute(update(Link).values(ended_at=NOW, ended_by="chat"))
    world.act("A-1", member=member)
    world.act("A-1", friend=friend)
    assert world.nation()["A-1"].people == 2


def test_what_we_sent_to_many_counts_less_for_those_who_got_it(world: World) -> None:
    friends = [world.friend() for _ in range(10)]
    for friend in friends:
        world.show("A-1", friend, days=1)
    for friend in friends[:2]:
        world.show("A-2", friend, days=1)
    for friend in friends[:4]:
        world.act("A-1", friend=friend)
    for friend in friends[:2]:
        world.act("A-2", friend=friend)
    places = world.nation()
    assert places["A-1"].score == pytest.approx(4 * 6 / 10)
    assert places["A-2"].score == pytest.approx(2)


def test_who_found_a_job_alone_counts_whole(world: World) -> None:
    first, second, linked = world.friend(), world.friend(), world.friend()
    member = world.member()
    world.link(member, linked)
    for friend in (first, second, linked):
        world.show("A-1", friend, days=1)
    world.show("A-2", first, days=1)
    world.act("A-1", friend=first, days=2)  # before it was shown
    world.act("A-1", friend=first)
    world.act("A-1", member=member)  # on the site, after the link got it
    places = world.nation()
    assert places["A-1"].score == pytest.approx(1 + 2 / 3)


def test_a_twin_hands_its_people_on_to_the_newest(world: World) -> None:
    store_jobs(
        world.database,
        make_row(external_id="old", title="同じ", opened_on="2026-10-01"),
        make_row(external_id="new", title="同じ", opened_on="2026-11-10"),
    )
    world.name_jobs()
    member = world.member()
    world.act("old", member=member)
    world.act("new", member=member)
    world.views("old", 2)
    assert {name: place.people for name, place in world.nation().items()} == {"new": 3}


def test_closed_jobs_are_not_counted(world: World) -> None:
    world.views("A-1", 1)
    with transaction(world.database) as session:
        close_job(session, "A-1", NOW)
    assert world.nation() == {}


def test_a_person_is_shown_the_ranking_of_their_place_and_occupation(world: World) -> None:
    fill(world)
    ranking = world.ranking()
    assert shown(ranking) == [("A-3", 1), ("A-1", 2), ("A-2", 3), ("A-4", 4)]
    assert ranking is not None
    assert (ranking.area, ranking.occupation) == (14, "看護師")
    assert ranking.since == today_in_tokyo(NOW) - timedelta(days=WINDOW_DAYS)


def test_another_place_or_occupation_is_shown_the_next_wider_one(world: World) -> None:
    fill(world)
    far = world.ranking(JobWishes(prefectures=(47,), occupations=("看護師",)))
    other = world.ranking(JobWishes(prefectures=(14,), occupations=("経理",)))
    assert far is not None
    assert other is not None
    assert (far.area, far.occupation) == (JAPAN, "看護師")
    assert (other.area, other.occupation) == (14, "")


def test_near_jobs_of_a_thin_list_come_first_without_a_rank(world: World) -> None:
    names = [f"B-{n}" for n in range(SHOWN)]
    near = make_row(external_id="near", prefecture="沖縄県", city="那覇市")
    store_jobs(
        world.database, near, *(make_row(external_id=name, employer=f"{name}(架空)") for name in names)
    )
    world.name_jobs()
    for name in names:
        world.views(name, 3)
    world.views("near", 1)
    ranking = world.ranking(JobWishes(cities=(47201,), occupations=("看護師",)))
    assert shown(ranking) == [("near", None), *((name, n) for n, name in enumerate(names[:9], start=1))]


def test_a_job_closed_since_and_one_hidden_are_left_out(world: World) -> None:
    fill(world)
    friend = world.friend()
    world.act("A-1", friend=friend, kind=ActivityKind.HIDE)
    world.act("A-2", friend=friend, kind=ActivityKind.APPLY, days=30)
    count_rankings(world.database, NOW)
    with transaction(world.database) as session:
        close_job(session, "A-3", NOW)
    with reading(world.database) as session:
        found = ranking_for(session, NURSE, Onlooker((friend,)), NOW)
    assert shown(found) == [("A-4", 3)]


def test_nobody_has_looked_at_anything(world: World) -> None:
    assert world.ranking() is None


def test_counting_again_writes_nothing_and_what_is_gone_goes(world: World) -> None:
    fill(world)
    assert count_rankings(world.database, NOW) > 0
    with counted_statements(world.database, world.database.writer) as statements:
        assert count_rankings(world.database, NOW) == 0
    assert statements == []
    count_rankings(world.database, NOW + timedelta(days=WINDOW_DAYS + 1))
    with reading(world.database) as session:
        assert session.scalars(select(func.count()).select_from(Ranking)).one() == 0


def test_the_database_counts_what_the_rules_say(world: World) -> None:
    """300 random deeds of members, counted in Python too."""
    random = Random(5)
    members = [world.member() for _ in range(12)]
    newest: dict[tuple[str, int], float] = {}
    rows = []
    for _ in range(300):
        name, member = random.choice(sorted(world.jobs)), random.choice(members)
        days = random.uniform(0, WINDOW_DAYS + 5)
        kind = random.choice(list(ActivityKind))
        rows.append((name, member, kind, days))
        if kind in COUNTED and days < WINDOW_DAYS:
            newest[name, member] = min(days, newest.get((name, member), 99))
    with transaction(world.database) as session:
        session.add_all(
            Activity(member_id=m, kind=k, job_id=world.jobs[n], at=NOW - timedelta(days=d), source="site")
            for n, m, k, d in rows
        )
    scores: dict[str, float] = defaultdict(float)
    today = today_in_tokyo(NOW)
    for (name, _), days in newest.items():
        scores[name] += weight((today - today_in_tokyo(NOW - timedelta(days=days))).days)
    found = world.nation()
    assert {name: place.score for name, place in found.items()} == pytest.approx(scores, abs=1e-5)
    assert list(found) == sorted(found, key=lambda name: (-found[name].score, found[name].job_id))


def test_lists_are_replaced_as_a_whole(world: World) -> None:
    fill(world)
    count_rankings(world.database, NOW)
    world.views("A-6", 9)
    count_rankings(world.database, NOW)
    with reading(world.database) as session:
        rows = session.execute(
            select(Ranking.rank, Ranking.job_id)
            .where(Ranking.area == 14104, Ranking.occupation == "看護師")
            .order_by(Ranking.rank)
        ).all()
    names = {id_: name for name, id_ in world.jobs.items()}
    assert [(rank, names[id_]) for rank, id_ in rows] == [
        (1, "A-6"),
        (2, "A-3"),
        (3, "A-1"),
        (4, "A-2"),
        (5, "A-4"),
    ]


def test_the_hourly_task_counts_in_a_process_of_its_own(world: World) -> None:
    fill(world)
    changed = refresh_rankings(world.database, NOW)
    assert changed > 0
    assert shown(world.ranking())[0] == ("A-3", 1)
    assert refresh_rankings(world.database, NOW) == 0


def test_the_hourly_task_counts_again_only_on_another_day_or_after_something_happened(world: World) -> None:
    assert refresh_rankings(world.database, NOW) == 0
    fill(world)
    with transaction(world.database) as session:
        session.execute(update(Job).values(updated_at=NOW - timedelta(days=9)))
        at = NOW + timedelta(minutes=30)
        session.add(TaskRun(schedule=SCHEDULE, fire_at=at, status="done", attempts=1, due_at=at))
    later = NOW + timedelta(hours=1)
    assert refresh_rankings(world.database, later) == 0
    assert refresh_rankings(world.database, NOW + timedelta(days=1)) > 0
    world.act("A-6", member=world.member(), days=-0.75 / 24)
    assert refresh_rankings(world.database, later) > 0
