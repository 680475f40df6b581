"""A whole catalogue: what it no longer names is closed, and what it names twice is listed once."""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.importing.files import ImportRefused
from app.jobs.actions import Tap, close_job, hide_job, record_activity, save_job
from app.jobs.closing import close_missing_jobs
from app.jobs.folding import fold_key
from app.jobs.imports import FoundKeys, import_jobs
from app.jobs.models import ActivityKind, Job
from app.jobs.queries import saved_jobs
from app.jobs.rules import JobWishes
from app.jobs.searching import search_jobs
from app.recommend.seekers import seeker_of
from tests.jobs.factories import NOW, make_row, row_values, store_jobs

LATER = NOW + timedelta(hours=1)


def write(path: Path, keys: Sequence[str], **changes: Any) -> Path:
    rows = [row_values(external_id=key, title=key, **changes) for key in keys]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def imported(database: Database, path: Path, *, many: bool = False) -> int:
    found = FoundKeys()
    import_jobs(database, path, now=LATER, found=found)
    return close_missing_jobs(database, found, LATER, many=many)


def open_keys(database: Database) -> set[str]:
    with reading(database) as session:
        is_open = Job.closed_at.is_(None) | (Job.closed_at > LATER)
        return set(session.scalars(select(Job.external_id).where(is_open)))


@pytest.fixture
def path(tmp_path: Path, database: Database) -> Path:
    path = write(tmp_path / "jobs.jsonl", list("abcde"))
    import_jobs(database, path, now=NOW)
    return path


def test_what_is_gone_is_closed_and_opens_again_with_the_same_row(database: Database, path: Path) -> None:
    assert imported(database, write(path, list("abcd"))) == 1
    assert open_keys(database) == set("abcd")
    assert imported(database, write(path, list("abcd"))) == 0
    assert imported(database, write(path, list("abcde"))) == 0
    assert open_keys(database) == set("abcde")


def test_a_job_that_will_open_or_that_will_close_is_closed_too(database: Database, path: Path) -> None:
    store_jobs(
        database,
        make_row(external_id="soon", opened_on="2026-12-01"),
        make_row(external_id="till", closed_at="2026-12-01"),
        make_row(external_id="shut", closed_at="2026-11-01"),
    )
    assert imported(database, path) == 2
    assert open_keys(database) == set("abcde")


def test_half_may_go_and_more_than_half_only_when_it_is_meant(database: Database, path: Path) -> None:
    store_jobs(database, make_row(external_id="f"))
    assert imported(database, write(path, list("abc"))) == 3
    with pytest.raises(ImportRefused, match=r"3件のうち2件.*--yes-close-many"):
        imported(database, write(path, list("a")))
    assert open_keys(database) == set("abc")
    assert imported(database, write(path, list("a")), many=True) == 2
    assert open_keys(database) == {"a"}


def test_a_rejected_row_is_not_gone(database: Database, path: Path) -> None:
    write(path, list("abcd"))
    with path.open("a") as file:
        file.write(json.dumps(row_values(external_id=" e ", wage_min="a lot")) + "\n")
    assert imported(database, path) == 0
    assert open_keys(database) == set("abcde")


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("{nonsense}", id="not JSON"),
        pytest.param(json.dumps(row_values(external_id=None)), id="an empty number"),
        pytest.param(json.dumps(row_values(external_id="  ")), id="a blank number"),
        pytest.param(json.dumps(row_values(external_id=["e"])), id="a list for a number"),
        pytest.param(json.dumps(row_values(external_id=True)), id="a truth for a number"),
        pytest.param(json.dumps(row_values(external_id="e\u200b")), id="a number with a letter nobody sees"),
    ],
)
def test_with_a_row_that_nobody_can_read_nothing_is_closed(database: Database, path: Path, line: str) -> None:
    write(path, list("abcd"))
    with path.open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(ImportRefused, match="1行"):
        imported(database, path, many=True)
    assert open_keys(database) == set("abcde")


def test_closing_goes_in_batches(database: Database, path: Path) -> None:
    import_jobs(database, write(path, [f"n{n}" for n in range(450)]), now=NOW)
    assert imported(database, write(path, list("abcde")), many=True) == 450
    assert open_keys(database) == set("abcde")


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        pytest.param(
            {"external_id": "A-2", "wage_min": "300000", "opened_on": "2026-11-10"}, True, id="posted anew"
        ),
        pytest.param(
            {"title": "病棟の　看護師", "employer": "みなと台総合病院（架空）"}, True, id="width and spaces"
        ),
        pytest.param({"title": "外来の看護師"}, False, id="another title"),
        pytest.param({"employer": "甲病院"}, False, id="another employer"),
        pytest.param({"city": "横浜市西区"}, False, id="another place"),
        pytest.param({"worksite": "二号館"}, False, id="another worksite"),
        pytest.param({"employment": "パート"}, False, id="another employment"),
    ],
)
def test_twins_share_a_key(changes: dict[str, Any], same: bool) -> None:
    assert (fold_key(make_row(**{"title": "病棟の看護師"} | changes)) == fold_key(make_row())) is same


def listed(database: Database, friend: Friend, **wishes: Any) -> list[str]:
    with reading(database) as session:
        done_with = seeker_of(session, friend.id, NOW).excluded
        jobs = search_jobs(session, JobWishes(**wishes), done_with, NOW, count=10).jobs
    return [job.external_id for job in jobs]


@pytest.fixture
def twins(database: Database) -> Database:
    """Three times the same, the newest in the middle of the numbers; the last opens tomorrow."""
    store_jobs(
        database,
        make_row(external_id="old", title="同じ", opened_on="2026-11-01"),
        make_row(external_id="new", title="同じ", opened_on="2026-11-10", wage_min="200000"),
        make_row(external_id="mid", title="同　じ", opened_on="2026-11-05"),
        make_row(external_id="next", title="同じ", opened_on="2026-12-01"),
    )
    return database


def test_only_the_newest_open_twin_is_listed(twins: Database, friend: Friend) -> None:
    assert listed(twins, friend) == ["new"]
    with transaction(twins) as session:
        close_job(session, "new", NOW)
    assert listed(twins, friend) == ["mid"]


def test_an_older_twin_that_promises_more_is_not_shown_instead(twins: Database, friend: Friend) -> None:
    assert listed(twins, friend, wage_type="month", wage_min=250_000) == []


def test_saved_twins_are_listed_once(twins: Database, friend: Friend) -> None:
    with transaction(twins) as session:
        ids = dict(session.execute(select(Job.external_id, Job.id)).all())
        for number, key in enumerate(("old", "new", "mid")):
            tap = Tap(friend_id=friend.id, at=NOW + timedelta(seconds=number), event_id=key)
            save_job(session, tap, ids[key])
    with reading(twins) as session:
        saved = saved_jobs(session, friend.id, limit=10, now=NOW)
    assert [job.external_id for job in saved] == ["mid"]


@pytest.mark.parametrize("kind", [ActivityKind.HIDE, ActivityKind.APPLY])
def test_what_was_done_with_one_twin_counts_for_all(
    twins: Database, friend: Friend, kind: ActivityKind
) -> None:
    with transaction(twins) as session:
        old = session.scalars(select(Job.id).where(Job.external_id == "old")).one()
        tap = Tap(friend_id=friend.id, at=NOW, event_id="e")
        if kind is ActivityKind.HIDE:
            hide_job(session, tap, old)
        else:
            record_activity(session, tap, kind, old)
    assert listed(twins, friend) == []
