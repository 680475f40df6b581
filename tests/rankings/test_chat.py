"""人気ランキング in chat: by text and by button, its words, and what LINE takes."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.db import Database, reading
from app.friends.models import Friend
from app.jobs.card_messages import JobCard, job_carousel
from app.jobs.models import Impression
from app.jobs.rules import JobFacts
from app.line.limits import Message, check_messages
from app.rankings.counting import count_rankings
from app.rankings.messages import no_ranking, rank_badge, ranking_heading, ranking_title
from handlers.dispatch import POSTBACK_ACTIONS
from tests.jobs.factories import NOW, make_facts
from tests.jobs.tapping import Phone
from tests.jobs.test_job_messages import JOBS, WILD
from tests.rankings.world import World, fill


@pytest.mark.parametrize(
    ("area", "occupation", "title"),
    [
        pytest.param(14, "看護師", "神奈川県・看護師の人気求人ランキング", id="a prefecture's occupation"),
        pytest.param(14104, "", "横浜市中区の人気求人ランキング", id="all of a ward"),
        pytest.param(0, "看護師", "全国・看護師の人気求人ランキング", id="an occupation everywhere"),
        pytest.param(0, "", "全国の人気求人ランキング", id="everything"),
        pytest.param(99999, "", "お近くの人気求人ランキング", id="a place that is no more"),
    ],
)
def test_the_title_says_place_and_occupation(area: int, occupation: str, title: str) -> None:
    assert ranking_title(area, occupation) == title


def test_the_heading_says_since_when_and_what_has_no_rank() -> None:
    heading = ranking_heading("神奈川県の人気求人ランキング", date(2026, 10, 23), has_near=True)
    assert heading["text"].startswith("神奈川県の人気求人ランキングです。\n10月23日から")
    assert "順位のない求人は、お近くで" in heading["text"]
    assert "順位のない" not in ranking_heading("全国", date(2026, 10, 23), has_near=False)["text"]


def test_the_cards_say_their_rank() -> None:
    cards = [JobCard(make_facts(id=n), badge=rank_badge(rank)) for n, rank in enumerate((None, 1, 2, 3, 4))]
    assert badges(job_carousel(cards)) == ["お近くの求人", "1位", "2位", "3位", "4位"]


def badges(carousel: Message) -> list[str]:
    """What stands first on each card."""
    return [
        bubble["body"]["contents"][0]["contents"][0]["contents"][0]["text"]
        for bubble in carousel["contents"]["contents"]
    ]


@settings(max_examples=30, deadline=None)
@given(jobs=st.lists(JOBS, min_size=1, max_size=12), occupation=WILD)
def test_any_ranking_makes_messages_that_line_takes(jobs: list[JobFacts], occupation: str) -> None:
    title = ranking_title(13, occupation)
    cards = [JobCard(job, badge=rank_badge(rank)) for rank, job in enumerate(jobs, start=1)]
    heading = ranking_heading(title, date(2026, 1, 1), has_near=True)
    check_messages([heading, job_carousel(cards, heading=title), no_ranking()])


@pytest.fixture
def phone(database: Database, friend: Friend) -> Phone:
    world = World(database)
    fill(world)
    count_rankings(database, NOW)
    return Phone(database, friend)


def test_the_button_under_a_list_shows_the_ranking_and_notes_it(phone: Phone, friend: Friend) -> None:
    actions = [item["action"] for item in job_carousel([JobCard(make_facts())])["quickReply"]["items"]]
    [data] = [action["data"] for action in actions if action["label"] == "人気ランキング"]
    assert data.removeprefix("v1:") in POSTBACK_ACTIONS
    heading, carousel = phone.tap(data)
    assert heading["text"].startswith("全国の人気求人ランキングです。")
    assert badges(carousel) == ["1位", "2位", "3位", "4位"]
    with reading(phone.database) as session:
        shown = session.scalars(
            select(Impression).where(Impression.friend_id == friend.id).order_by(Impression.position)
        ).all()
    assert [row.parts["ranking"]["rank"] for row in shown] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "text", ["ランキング", "看護師のランキングを見たい", "人気の求人", "人気があるお仕事は?"]
)
def test_the_ranking_may_be_asked_for_in_words(phone: Phone, text: str) -> None:
    heading, _ = phone.write(text)
    assert "人気求人ランキング" in heading["text"]


def test_a_job_that_is_saved_says_so_in_the_ranking(phone: Phone) -> None:
    phone.tap("v1:ranking.show")
    assert "保存を取消" not in phone.buttons()
    phone.press("保存")
    phone.tap("v1:ranking.show")
    assert "保存を取消" in phone.buttons()
