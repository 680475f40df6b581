"""Search and recommendations for the site: what is found, in parts, and only what is still right."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.clock import Clock
from app.db import reading, transaction
from app.friends.models import Friend
from app.jobs.actions import close_job
from app.jobs.models import Activity, ActivityKind, Job
from app.links.models import Link
from app.members.models import Member
from app.recommend.models import Recommendation
from app.recommend.ports import Pick
from app.site_keys.scopes import Scope
from tests.api.site import Site, fields_of, member_body
from tests.factories import make_channel, make_friend
from tests.jobs.factories import make_row, store_jobs

PLACES = (("東京都", "新宿区"), ("神奈川県", "横浜市中区"), ("大阪府", None))


def fill(site: Site) -> dict[str, int]:
    """A-1 … A-9: three nurses' jobs in each of three prefectures, the last number opened last."""
    store_jobs(
        site.database,
        *(
            make_row(
                external_id=f"A-{n}",
                employer=f"第{n}病院(架空)",
                prefecture=PLACES[n % 3][0],
                city=PLACES[n % 3][1],
                opened_on=f"2026-11-{n:02}",
                flags="夜勤なし" if n % 2 else "夜勤あり",
                wage_min=str(250_000 + 10_000 * n),
            )
            for n in range(1, 10)
        ),
    )
    with reading(site.database) as session:
        return dict(session.execute(select(Job.external_id, Job.id)).all())


def found(site: Site, **query: Any) -> list[str]:
    answer = site.get("/search", **query)
    assert answer.status_code == 200, answer.text
    return [item["job"]["external_id"] for item in answer.get_json()["items"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param({}, [9, 8, 7, 6, 5, 4, 3, 2, 1], id="everything, the newest first"),
        pytest.param({"q": "横浜 看護師 夜勤なし"}, [7, 1], id="a sentence"),
        pytest.param({"q": "東京以外の看護師 月31万以上"}, [8, 7], id="a sentence that excludes"),
        pytest.param({"pref": "13,14"}, [9, 7, 6, 4, 3, 1], id="prefectures"),
        pytest.param({"city": "14100"}, [7, 4, 1], id="a city with its wards"),
        pytest.param({"exclude_area": "13,27"}, [7, 4, 1], id="areas excluded"),
        pytest.param({"flags": "no_night", "pref": "14"}, [7, 1], id="flags"),
        pytest.param({"salary_min": 330000}, [9, 8], id="pay is by the month if not said"),
        pytest.param(
            {"salary_min": 1000, "salary_unit": "year", "salary_max": 3_200_000}, [1], id="pay by the year"
        ),
        pytest.param(
            {"occupation": "ナース,経理", "employment": "full_time,part_time", "pref": "27"},
            [8, 5, 2],
            id="words are read",
        ),
        pytest.param({"exclude_occupation": "看護師"}, [], id="nothing is left"),
        pytest.param({"pref": "99"}, [], id="a prefecture that there is not"),
    ],
)
def test_search_finds(site: Site, query: dict[str, Any], expected: list[int]) -> None:
    fill(site)
    assert found(site, **query) == [f"A-{n}" for n in expected]


def test_search_says_what_it_understood_and_why(site: Site) -> None:
    fill(site)
    answer = site.get("/search", q="横浜 看護師 夜勤なし").get_json()
    assert answer["query"] == {"city": [14100], "flags": ["no_night"], "occupation": ["看護師"]}
    assert answer["items"][0]["reasons"][:2] == ["希望の横浜市", "夜勤なし"]


def test_search_goes_on_where_it_ended_whatever_opened_meanwhile(site: Site) -> None:
    fill(site)
    first = site.get("/search", limit=4).get_json()
    store_jobs(site.database, make_row(external_id="newer", opened_on="2026-11-19"))
    second = site.get("/search", limit=4, cursor=first["next"]).get_json()
    third = site.get("/search", limit=4, cursor=second["next"]).get_json()
    keys = [item["job"]["external_id"] for page in (first, second, third) for item in page["items"]]
    assert keys == [f"A-{n}" for n in range(9, 0, -1)]
    assert third["next"] is None


def test_closed_jobs_and_older_twins_are_not_found(site: Site) -> None:
    fill(site)
    store_jobs(
        site.database,
        make_row(external_id="old", title="同じ", prefecture="沖縄県", city=None, opened_on="2026-11-01"),
        make_row(external_id="new", title="同じ", prefecture="沖縄県", city=None, opened_on="2026-11-02"),
    )
    assert found(site, pref="47") == ["new"]
    with transaction(site.database) as session:
        close_job(session, "new", Clock().now())
    assert found(site, pref="47") == ["old"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        pytest.param({"q": "看護師", "pref": "13"}, "", id="both ways at once"),
        pytest.param({"pref": "東京"}, "pref", id="no code"),
        pytest.param({"flags": "nonsense"}, "flags", id="no flag"),
        pytest.param({"salary_min": "0"}, "salary_min", id="no pay"),
        pytest.param({"cursor": "nonsense"}, "cursor", id="no cursor"),
        pytest.param({"limit": "101"}, "limit", id="too many"),
        pytest.param({"sort": "new"}, "sort", id="an unknown parameter"),
    ],
)
def test_search_refuses(shared: Site, query: dict[str, Any], field: str) -> None:
    answer = shared.get("/search", **query)
    assert answer.status_code == 422
    assert fields_of(answer) == [field]


def recommend(site: Site, friend: Friend, keys: list[int], version: str | None = "v1") -> None:
    with transaction(site.database) as session:
        jobs = [Pick(key, {"als": 1.0}).as_json() for key in keys]
        session.add(
            Recommendation(friend_id=friend.id, jobs=jobs, model_version=version, made_at=Clock().now())
        )


def recommended(site: Site, **query: Any) -> tuple[str, list[str]]:
    answer = site.get("/recommendations", **query)
    assert answer.status_code == 200, answer.text
    told = answer.get_json()
    return told["source"], [item["job"]["external_id"] for item in told["items"]]


@pytest.fixture
def friend(site: Site) -> Friend:
    return make_friend(site.database, Clock().now(), make_channel(site.database, "default"))


def did(site: Site, job_id: int, kind: ActivityKind, **who: int) -> None:
    with transaction(site.database) as session:
        session.add(
            Activity(kind=kind, job_id=job_id, at=Clock().now() - timedelta(minutes=1), source="site", **who)
        )


def test_the_stored_list_is_told_in_its_order(site: Site, friend: Friend) -> None:
    jobs = fill(site)
    recommend(site, friend, [jobs["A-3"], jobs["A-9"], jobs["A-1"], 999_999])
    assert recommended(site, line_user_id=friend.line_user_id) == ("batch", ["A-3", "A-9", "A-1"])
    assert recommended(site, line_user_id=friend.line_user_id, limit=1) == ("batch", ["A-3"])
    told = site.get("/recommendations", line_user_id=friend.line_user_id).get_json()
    assert told["model_version"] == "v1"
    assert told["made_at"] is not None


def test_what_is_true_no_more_is_left_out(site: Site, friend: Friend) -> None:
    jobs = fill(site)
    recommend(site, friend, [jobs[f"A-{n}"] for n in (1, 2, 3, 4)])
    with transaction(site.database) as session:
        close_job(session, "A-1", Clock().now())
    did(site, jobs["A-2"], ActivityKind.HIDE, friend_id=friend.id)
    did(site, jobs["A-3"], ActivityKind.APPLY, friend_id=friend.id)
    assert recommended(site, line_user_id=friend.line_user_id) == ("batch", ["A-4"])


def test_a_linked_member_is_the_same_person(site: Site, friend: Friend) -> None:
    jobs = fill(site)
    recommend(site, friend, [jobs["A-5"], jobs["A-6"]])
    site.put("/members/M-1", member_body(facts={}))
    with transaction(site.database) as session:
        member = session.scalars(select(Member)).one()
        session.add(
            Link(
                member_id=member.id,
                friend_id=friend.id,
                channel_id=friend.channel_id,
                how="code",
                at=Clock().now(),
            )
        )
    did(site, jobs["A-6"], ActivityKind.APPLY, member_id=member.id)
    assert recommended(site, member="M-1") == ("batch", ["A-5"])


def test_reasons_and_what_differs_are_of_now(site: Site, friend: Friend) -> None:
    jobs = fill(site)
    with transaction(site.database) as session:
        stored = [Pick(jobs[key], {"knn": 0.7}, jobs["A-2"]).as_json() for key in ("A-3", "A-1")]
        session.add(
            Recommendation(friend_id=friend.id, jobs=stored, model_version="v1", made_at=Clock().now())
        )
    site.put("/members/M-1", member_body(facts={"area": [13]}))
    with transaction(site.database) as session:
        member = session.scalars(select(Member)).one()
        session.add(
            Link(
                member_id=member.id,
                friend_id=friend.id,
                channel_id=friend.channel_id,
                how="code",
                at=Clock().now(),
            )
        )
    in_tokyo, in_yokohama = site.get("/recommendations", member="M-1").get_json()["items"]
    assert in_tokyo["reasons"] == ["『病棟の看護師 A-2』を見た方に人気", "希望の東京都"]
    assert in_tokyo["instead"] == []
    assert in_yokohama["reasons"] == ["『病棟の看護師 A-2』を見た方に人気"]
    assert in_yokohama["instead"] == ["勤務地は神奈川県横浜市中区(希望の東京都の隣)"]


def test_wishes_that_are_never_widened_hold_for_an_older_list(site: Site, friend: Friend) -> None:
    jobs = fill(site)
    recommend(site, friend, [jobs["A-4"], jobs["A-7"]])
    site.put("/members/M-1", member_body(facts={"night": "none", "area": [13]}))
    with transaction(site.database) as session:
        member = session.scalars(select(Member)).one()
        session.add(
            Link(
                member_id=member.id,
                friend_id=friend.id,
                channel_id=friend.channel_id,
                how="code",
                at=Clock().now(),
            )
        )
    assert recommended(site, member="M-1") == ("batch", ["A-7"])


def test_without_a_list_popular_jobs_that_fit_are_told(site: Site, friend: Friend) -> None:
    fill(site)
    site.put("/members/M-1", member_body(facts={"area": [14], "occupation": "看護師"}))
    source, keys = recommended(site, member="M-1")
    assert source == "popular"
    assert keys[:3] == ["A-7", "A-4", "A-1"]
    assert recommended(site, line_user_id=friend.line_user_id)[0] == "popular"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        pytest.param({}, 422, id="nobody"),
        pytest.param({"member": "M-1", "line_user_id": "U" + "0" * 32}, 422, id="two at once"),
        pytest.param({"line_user_id": "someone"}, 422, id="no LINE user id"),
        pytest.param({"line_user_id": "U" + "0" * 32}, 404, id="an unknown friend"),
        pytest.param({"line_user_id": "U" + "0" * 32, "channel": "other"}, 404, id="an unknown account"),
        pytest.param({"member": "nobody"}, 404, id="an unknown member"),
    ],
)
def test_recommendations_refuse(shared: Site, query: dict[str, str], status: int) -> None:
    assert shared.get("/recommendations", **query).status_code == status


def test_each_needs_its_scope(shared: Site) -> None:
    assert shared.with_key(Scope.JOBS_READ).get("/search").status_code == 200
    assert shared.with_key(Scope.JOBS_READ).get("/recommendations", member="M-1").status_code == 403
    assert shared.with_key(Scope.RECOMMENDATIONS_READ).get("/search").status_code == 403
