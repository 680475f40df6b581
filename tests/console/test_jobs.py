"""求人: the list and what narrows it, one job with its weeks, who was shown it and why, and who may look."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from app.console.job_words import masked_name, why_words
from app.db import Database, reading
from app.search.packing import packed
from app.search.query import JobQuery
from app.staff.models import Audit
from app.staff.rules import Role
from tests.console.conftest import SignIn
from tests.console.jobs import Jobs, make_jobs
from tests.console.people import People, make_people
from tests.console.visiting import Visitor, words_of


@pytest.fixture
def people(database: Database) -> People:
    return make_people(database)


@pytest.fixture
def jobs(database: Database, people: People) -> Jobs:
    return make_jobs(database, people)


def titles(visitor: Visitor, query: str) -> list[str]:
    page = visitor.get(f"/console/jobs{query}").text
    return re.findall(r'class="rowlink"[^>]*>([^<]+)<', page)


@pytest.mark.parametrize(
    ("query", "count", "first"),
    [
        pytest.param("", 50, "二度の求人", id="open ones, the last to come first"),
        pytest.param("?state=all", 50, "二度の求人", id="all"),
        pytest.param("?state=closed", 1, "終わった求人", id="closed"),
        pytest.param("?q=A-42", 1, "病棟の看護師 A-42", id="by number"),
        pytest.param("?q=第7病院 病棟", 1, "病棟の看護師 A-7", id="by two words"),
        pytest.param("?q=%25", 0, "", id="a sign of LIKE is a sign"),
        pytest.param("?prefecture=13", 30, "病棟の看護師 A-59", id="by prefecture"),
        pytest.param("?occupation=経理", 0, "", id="by an occupation that nobody offers"),
        pytest.param(
            "?prefecture=99&state=nonsense&after=nonsense", 50, "二度の求人", id="nonsense is left out"
        ),
    ],
)
def test_jobs_are_found(admin: Visitor, jobs: Jobs, query: str, count: int, first: str) -> None:
    found = titles(admin, query)
    assert (len(found), next(iter(found), "")) == (count, first)


def test_the_list_goes_on_where_it_ended(admin: Visitor, jobs: Jobs) -> None:
    address, seen = "/console/jobs?state=all", []
    while address:
        page = admin.get(address).text
        seen += re.findall(r"/console/jobs/(\d+)\"", page)
        more = re.search(r'href="([^"]+)" rel="next"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert [int(id_) for id_ in seen] == sorted(jobs.ids.values(), reverse=True)


def test_one_job_is_told_with_what_happened_to_it(admin: Visitor, jobs: Jobs) -> None:
    page = words_of(admin.get(f"/console/jobs/{jobs.ids['A-1']}"))
    for words in ("病棟の看護師 A-1", "募集中", "月給 27万円〜", "夜勤なし", "第1病院(架空)"):
        assert words in page
    assert "3 1人に表示し、0回開かれました。" in page
    assert "サイトでの応募 1" in page
    assert "どのランキングにも入っていません" in page
    assert "終了" in words_of(admin.get(f"/console/jobs/{jobs.ids['shut']}"))
    admin.get("/console/jobs/999999", 404)


def test_a_job_told_twice_says_which_one_is_listed(admin: Visitor, jobs: Jobs) -> None:
    older, newer = jobs.ids["twin-1"], jobs.ids["twin-2"]
    page = admin.get(f"/console/jobs/{older}").text
    assert "同じ求人の新しい掲載があります" in page
    assert f'href="/console/jobs/{newer}"' in page
    assert "この掲載だけが出ます" in admin.get(f"/console/jobs/{newer}").text


def test_who_saw_it_is_masked_and_kept_in_the_audit(
    admin: Visitor, jobs: Jobs, people: People, database: Database
) -> None:
    address = f"/console/jobs/{jobs.ids['A-1']}/people"
    for _ in range(2):
        page = admin.get(address)
    assert "架空 花子" not in page.text
    assert f"/console/people/friends/{people.hanako}" in page.text
    said = words_of(page)
    assert "架＊＊" in said
    assert "東京都・看護師の人気求人ランキングの2位" in said
    assert "合う希望: 勤務地・夜勤" in said
    assert "『病棟の看護師 A-2』を見たため" in said
    assert "見た求人と一緒に見られている +0.40、新着 +0.10" in said
    assert "条件を広げた: 給与" in said
    assert "選ばれる割合 10.0%" in said
    assert "記録なし" in said
    with reading(database) as session:
        kept = session.scalars(select(Audit.subject).where(Audit.action == "job.people_shown")).all()
    assert kept == [f"job:{jobs.ids['A-1']}"]
    assert "求人を見た方の一覧を開いた" in words_of(admin.get("/console/audit"))
    admin.get("/console/jobs/999999/people", 404)


def test_an_editor_sees_jobs_and_not_people(jobs: Jobs, signed_in_as: SignIn) -> None:
    editor = signed_in_as(Role.EDITOR)
    page = editor.get(f"/console/jobs/{jobs.ids['A-1']}").text
    assert "見た方と理由" not in page
    editor.get(f"/console/jobs/{jobs.ids['A-1']}/people", 403)


@pytest.mark.parametrize(
    ("parts", "propensity", "expected"),
    [
        pytest.param({}, None, [], id="nothing was kept"),
        pytest.param(
            {"conditions": ["flags", "new one"]},
            None,
            ["合う希望: こだわり・new one"],
            id="an unknown word stands",
        ),
        pytest.param(
            {"parts": {"fresh": 0.2, "als": -0.5, "knn": 0}},
            None,
            ["好みの近い方が見ている -0.50、新着 +0.20"],
            id="the strongest first",
        ),
        pytest.param(
            {"ranking": {"area": 0, "occupation": "", "rank": None}},
            None,
            ["全国の人気求人ランキング(お近くの求人)"],
            id="near",
        ),
        pytest.param({"because": 8}, None, [], id="a job without a title"),
        pytest.param({"because": 7}, None, ["『外来の看護師』を見たため"], id="looked at together"),
        pytest.param({"similar_to": 7}, None, ["『外来の看護師』に似た求人"], id="like another"),
        pytest.param(
            {"search": packed(JobQuery(pref=(14,), occupation=("看護師",))), "conditions": ["place"]},
            None,
            ["「神奈川県・看護師」の検索", "合う希望: 勤務地"],
            id="searched for in words",
        ),
        pytest.param({"search": "rubbish"}, None, [], id="a search that cannot be read"),
        pytest.param(
            {"ranking": 5, "parts": [], "relaxed": {}},
            0.02,
            ["新しい求人を試す枠(選ばれる割合 2.0%)"],
            id="odd parts",
        ),
    ],
)
def test_why_a_job_was_shown(parts: dict[str, Any], propensity: float | None, expected: list[str]) -> None:
    assert why_words(parts, propensity, {7: "外来の看護師"}) == expected


def test_a_masked_name_shows_one_sign() -> None:
    assert masked_name("山田 花子") == "山＊＊"
    assert masked_name(None) == "お名前未取得"
