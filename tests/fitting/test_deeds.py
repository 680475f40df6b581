"""What fitting reads from the database: who did what with which job, and what the process makes of it."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import insert, select

from app.children import ChildFailed, end_children, run_child
from app.db import Database, reading, transaction
from app.jobs.models import Activity, ActivityKind, Job
from app.links.models import Link
from app.members.models import Member
from app.recommend.fitting import deeds
from app.recommend.fitting.__main__ import fit_and_store
from app.recommend.fitting.catalogue import read_material
from app.recommend.fitting.deeds import Deeds, read_deeds
from app.recommend.nightly import ENOUGH_EVENTS, fit_when_due, is_older_than_the_night
from app.recommend.signal_file import load
from app.recommend.store import copy_of, live_model
from tests.factories import make_friend
from tests.jobs.factories import make_row, store_jobs

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def make_jobs(database: Database, count: int, **changes: str) -> list[int]:
    """Open jobs; their ids."""
    names = [f"J-{number}" for number in range(count)]
    store_jobs(database, *(make_row(external_id=name, title=f"{name}の看護師", **changes) for name in names))
    with reading(database) as session:
        found = session.execute(select(Job.external_id, Job.id).where(Job.external_id.in_(names)))
        ids = {row.external_id: row.id for row in found}
    return [ids[name] for name in names]


def make_member(database: Database, name: str) -> int:
    with transaction(database) as session:
        member = Member(external_id=name, facts={}, created_at=NOW, updated_at=NOW)
        session.add(member)
        session.flush()
        return member.id


def tell(database: Database, *rows: tuple[str, int, ActivityKind, int, float]) -> None:
    """(friend or member, its id, kind, job, days ago)."""
    values = [
        {
            "friend_id": id_ if side == "friend" else None,
            "member_id": id_ if side == "member" else None,
            "kind": kind,
            "job_id": job,
            "at": NOW - ago * DAY,
            "source": "site",
        }
        for side, id_, kind, job, ago in rows
    ]
    with transaction(database) as session:
        session.execute(insert(Activity), values)


def said(found: Deeds) -> list[tuple[int, float, float]]:
    """(job id, strength, days ago) of each event."""
    ago = deeds.days_since_epoch(NOW) - found.events.days
    ids = found.job_ids[found.events.jobs]
    return [
        (int(job), float(strength), round(float(days), 6))
        for job, strength, days in zip(ids, found.events.strengths, ago, strict=True)
    ]


def test_every_kind_has_its_strength_and_old_ones_are_left_out(database: Database) -> None:
    (job,) = make_jobs(database, 1)
    friend = make_friend(database, NOW).id
    kinds = (ActivityKind.VIEW, ActivityKind.CLICK, ActivityKind.SAVE, ActivityKind.APPLY)
    tell(database, *(("friend", friend, kind, job, 1) for kind in kinds))
    tell(
        database,
        ("friend", friend, ActivityKind.APPLY, job, 181),
        ("friend", friend, ActivityKind.VIEW, job, 179),
    )
    assert said(read_deeds(database, NOW)) == [
        (job, 1, 1),
        (job, 2, 1),
        (job, 3, 1),
        (job, 8, 1),
        (job, 1, 179),
    ]


def test_an_event_from_the_future_counts_as_of_now(database: Database) -> None:
    (job,) = make_jobs(database, 1)
    tell(database, ("friend", make_friend(database, NOW).id, ActivityKind.VIEW, job, -30))
    assert said(read_deeds(database, NOW)) == [(job, 1, 0)]


V, S, U, H, R = (
    ActivityKind.VIEW,
    ActivityKind.SAVE,
    ActivityKind.UNSAVE,
    ActivityKind.HIDE,
    ActivityKind.UNHIDE,
)


@pytest.mark.parametrize(
    ("told", "strengths"),
    [
        pytest.param([(S, 3), (U, 2)], [], id="saved and let go"),
        pytest.param([(S, 3), (U, 2), (S, 1)], [3, 3], id="saved again"),
        pytest.param([(S, 2), (U, 2)], [], id="at the same moment the later told counts"),
        pytest.param([(V, 3), (S, 2), (U, 1)], [1], id="the view stays"),
        pytest.param([(V, 3), (S, 2), (H, 1)], [], id="hidden: nothing counts"),
        pytest.param([(V, 3), (H, 2), (R, 1)], [1], id="no longer hidden"),
        pytest.param([(U, 3), (R, 2)], [], id="undoing nothing says nothing"),
    ],
)
def test_what_was_undone_or_hidden_does_not_count(
    database: Database, told: list[tuple[ActivityKind, float]], strengths: list[float]
) -> None:
    job, other = make_jobs(database, 2)
    friend, bystander = (make_friend(database, NOW).id for _ in range(2))
    tell(database, *(("friend", friend, kind, job, ago) for kind, ago in told))
    tell(database, ("friend", bystander, V, job, 1), ("friend", friend, V, other, 1))
    found = [strength for id_, strength, _ in said(read_deeds(database, NOW)) if id_ == job]
    assert sorted(found) == sorted([*strengths, 1])  # the bystander's own


def test_a_linked_friend_and_member_are_one_person(database: Database) -> None:
    jobs = make_jobs(database, 3)
    member, stranger = make_member(database, "M-1"), make_member(database, "M-2")
    linked, former = (make_friend(database, NOW) for _ in range(2))
    with transaction(database) as session:
        for friend, ended in ((linked, None), (former, NOW)):
            session.add(
                Link(
                    member_id=member,
                    friend_id=friend.id,
                    channel_id=friend.channel_id,
                    how="code",
                    at=NOW,
                    ended_at=ended,
                )
            )
    tell(
        database,
        ("member", member, V, jobs[0], 1),
        ("friend", linked.id, V, jobs[1], 1),
        ("friend", former.id, V, jobs[2], 1),
        ("member", stranger, V, jobs[2], 1),
    )
    found = read_deeds(database, NOW)
    assert found.persons == 3
    assert found.events.persons[0] == found.events.persons[1]
    assert len(set(found.events.persons.tolist())) == 3


def test_a_log_is_read_in_blocks(database: Database) -> None:
    jobs = make_jobs(database, 5)
    friend = make_friend(database, NOW).id
    tell(database, *(("friend", friend, V, job, 1) for job in jobs for _ in range(2)))
    found = read_deeds(database, NOW, block=3)
    assert len(found.events) == 10
    assert read_material(database, found, NOW, block=2).job_ids.tolist() == sorted(jobs)


def test_closed_jobs_stay_where_somebody_did_something_with_them(database: Database) -> None:
    open_, touched, closed = make_jobs(database, 3)
    with transaction(database) as session:
        for job in (touched, closed):
            session.get_one(Job, job).closed_at = NOW - DAY
    friend = make_friend(database, NOW).id
    tell(database, ("friend", friend, V, touched, 1), ("friend", friend, V, open_, 15))
    material = read_material(database, read_deeds(database, NOW), NOW)
    assert material.job_ids.tolist() == sorted([open_, touched])
    assert material.words.shape[0] == 2
    assert material.pairs.jobs.tolist() == [0, 1]
    np.testing.assert_allclose(material.pairs.strengths, [0.5 ** (15 / 14), 0.5 ** (1 / 14)])
    assert material.today - material.opened[0] == pytest.approx(19.125)


def fill(database: Database, people: int, jobs: int) -> None:
    """People who each look at four of these jobs."""
    ids = make_jobs(database, jobs)
    friends = [make_friend(database, NOW).id for _ in range(people)]
    random = np.random.default_rng(1)
    rows = [
        ("friend", friend, V, ids[int(job)], float(random.integers(1, 20)))
        for friend in friends
        for job in random.choice(jobs, 4, replace=False)
    ]
    tell(database, *rows)


def test_a_fit_is_stored_live_and_can_be_used(database: Database, tmp_path: Path) -> None:
    fill(database, 90, 20)
    version = fit_and_store(database, NOW)
    with reading(database) as session:
        found = live_model(session)
    assert found is not None
    assert found.version == version
    assert found.figures["jobs"] == 20
    assert found.figures["people"] == 90
    signals = load(copy_of(database, found, tmp_path))
    assert len(signals) == 20
    assert signals.factors.shape == (20, 128)


def test_nobody_has_done_anything_so_there_is_no_model(database: Database) -> None:
    make_jobs(database, 2)
    assert fit_and_store(database, NOW) is None
    with reading(database) as session:
        assert live_model(session) is None


def test_the_first_model_is_made_once_there_is_enough_then_one_a_night(database: Database) -> None:
    assert fit_when_due(database, NOW) == 0
    fill(database, ENOUGH_EVENTS // 4, 20)
    assert fit_when_due(database, NOW) == 1
    with reading(database) as session:
        first = live_model(session)
    assert first is not None
    assert first.made_at == NOW
    assert fit_when_due(database, NOW + timedelta(hours=13)) == 0  # 1 o'clock in Tokyo
    assert fit_when_due(database, NOW + timedelta(hours=15)) == 1
    with reading(database) as session:
        second = live_model(session)
    assert second is not None
    assert second.version != first.version


def test_too_few_events_are_no_reason_to_fit(database: Database) -> None:
    (job,) = make_jobs(database, 1)
    friend = make_friend(database, NOW).id
    tell(database, *(("friend", friend, V, job, 1) for _ in range(ENOUGH_EVENTS - 1)))
    tell(database, ("friend", friend, H, job, 1))
    assert fit_when_due(database, NOW) == 0


@pytest.mark.parametrize(
    ("made", "now", "is_older"),
    [
        pytest.param("2026-11-21 16:59", "2026-11-21 17:00", True, id="2 o'clock has come"),
        pytest.param("2026-11-21 16:58", "2026-11-21 16:59", False, id="not yet 2 o'clock"),
        pytest.param("2026-11-21 17:00", "2026-11-22 16:59", False, id="made this night"),
        pytest.param("2026-11-21 16:00", "2026-11-21 23:00", True, id="missed at night, done in the morning"),
        pytest.param("2026-11-19 18:00", "2026-11-21 12:00", True, id="days old"),
    ],
)
def test_a_model_is_renewed_every_night(made: str, now: str, is_older: bool) -> None:
    times = [datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (made, now)]
    assert is_older_than_the_night(*times) == is_older


def test_children_end_with_the_worker() -> None:
    failures: list[str] = []

    def run() -> None:
        try:
            run_child("tests.fitting.asleep", [], {}, patience_seconds=60)
        except ChildFailed as error:
            failures.append(str(error))

    waiting = threading.Thread(target=run)
    waiting.start()
    while waiting.is_alive():
        end_children()
        waiting.join(0.05)
    assert failures == ["tests.fitting.asleep ended with -9"]


def test_a_child_that_fails_says_how() -> None:
    with pytest.raises(ChildFailed, match=r"app.recommend.fitting ended with 1: .*IndexError"):
        run_child("app.recommend.fitting", [], {}, patience_seconds=60)
    with pytest.raises(ChildFailed, match="not done within 0 s"):
        run_child("app.recommend.fitting", [NOW.isoformat()], {}, patience_seconds=0.01)
