"""What operators see of recommending, on both databases."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from app.cli import main
from app.db import Database
from app.friends.models import Friend
from app.jobs.models import ActivityKind
from app.recommend.hourly import refresh_lists
from app.recommend.serving_state import forget_state, say_state
from tests.people.factories import make_member
from tests.recommend.doing import do, make_jobs
from tests.recommend.test_serving import give_model, url_of
from tests.recommend.world import NOW
from tests.stack import environment_for


def goen(database: Database, *arguments: str) -> Result:
    env = environment_for(url_of(database), "http://127.0.0.1:9")
    return CliRunner().invoke(main, arguments, env=env, catch_exceptions=False)


def test_recommend_tells_jobs_and_reasons_with_a_model_and_without(
    database: Database, friend: Friend, tmp_path: Path
) -> None:
    jobs = make_jobs(database, *(f"J{n}" for n in range(6)))
    without = json.loads(goen(database, "recommend", f"friend:{friend.id}", "--json").output)
    assert without["model"] is None
    assert len(without["jobs"]) == 6
    do(database, ActivityKind.VIEW, jobs[0], friend_id=friend.id)
    version = give_model(database, tmp_path, jobs)
    told = json.loads(goen(database, "recommend", f"friend:{friend.id}", "--json").output)
    assert told["model"] == version
    assert {job["job"] for job in told["jobs"]} == {f"J{n}" for n in range(6)}
    assert any("『架空の求人 J0』を見た方に人気" in job["reasons"] for job in told["jobs"])
    assert "架空の求人" in goen(database, "recommend", f"friend:{friend.id}", "--count", "3").output


def test_nobody_on_line_is_recommended_nothing(database: Database) -> None:
    make_member(database, external_id="M-alone")
    result = goen(database, "recommend", "M-alone")
    assert (result.exit_code, "nobody on LINE" in result.output) == (1, True)


def test_status_says_which_recommender_answers(database: Database, friend: Friend, tmp_path: Path) -> None:
    assert "popular jobs, there is no model yet" in goen(database, "status").output
    say_state(database, None, "no model", NOW)
    version = give_model(database, tmp_path, make_jobs(database, "a", "b"))
    assert refresh_lists(database, NOW) == 1
    found = json.loads(goen(database, "status", "--json").output)
    assert found["recommender"]["model"] == version
    assert found["recommender"]["lists_made_at"].startswith("2026-11-20")
    assert [state["why"] for state in found["scoring"]] == ["no model"]
    say_state(database, version, None, NOW)
    found = json.loads(goen(database, "status", "--json").output)
    assert [state["model_version"] for state in found["scoring"]] == [version]
    assert f"model {version}" in goen(database, "status").output
    forget_state(database)
