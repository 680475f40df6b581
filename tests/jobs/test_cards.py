"""What of a list is noted as shown, on both databases."""

import pytest
from sqlalchemy import select

from app.db import Database, transaction
from app.friends.models import Friend
from app.jobs.card_messages import JobCard, fitted_carousel
from app.jobs.models import Impression, Job
from app.jobs.queries import facts_of
from app.jobs.rows import JobRow
from app.line.limits import CAROUSEL_BYTES, MAX_BUBBLES, Message, check_messages, json_bytes
from app.line.messages import postback_action
from handlers.cards import Choice, show_cards
from handlers.context import Context
from tests.jobs.factories import NOW, make_facts, make_row, store_jobs

MORE = postback_action("もっと見る", "v1:job.first")
LONG = "長い説明" * 15
BIG = make_facts(title="長" * 100, worksite="長" * 80, image_url="https://example.com/" + "b" * 979)


def show(database: Database, friend: Friend, rows: list[JobRow], *said: str) -> tuple[Message, list[int]]:
    """The message about these jobs, and the places in it that were noted."""
    store_jobs(database, *rows)
    with transaction(database) as session:
        jobs = facts_of(session, session.scalars(select(Job.id).order_by(Job.id)).all())
        choices = [Choice(job, reasons=said, provisos=said) for job in jobs]
        message = show_cards(Context(session, NOW, friend), choices, heading="求人", more=MORE)
        noted = select(Impression.job_id, Impression.position).order_by(Impression.position)
        shown, places = zip(*session.execute(noted), strict=True)
    assert list(shown) == [job.id for job in jobs[: len(shown)]]
    check_messages([message])
    return message, list(places)


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        pytest.param(3, 3, id="few"),
        pytest.param(11, 11, id="all cards of a carousel, the last of which leads on"),
        pytest.param(12, 11, id="one more"),
    ],
)
def test_what_is_shown_is_noted(database: Database, friend: Friend, count: int, shown: int) -> None:
    message, noted = show(database, friend, [make_row(external_id=f"j{n}") for n in range(count)])
    assert len(message["contents"]["contents"]) == shown + 1
    assert noted == [*range(1, shown + 1)]


def test_what_is_cut_off_for_its_size_is_not_noted(database: Database, friend: Friend) -> None:
    large = {"worksite": "長" * 80, "image_url": f"https://example.com/{'b' * 979}"}
    rows = [make_row(external_id=f"j{n}", **large | {"title": f"{n}{'長' * 98}"}) for n in range(11)]
    message, noted = show(database, friend, rows, *[LONG] * 4)
    shown = len(message["contents"]["contents"]) - 1
    assert 1 < shown < 11
    assert noted == [*range(1, shown + 1)]
    assert message["altText"].startswith(f"求人{shown}件")


def test_as_many_cards_as_fit_are_shown_and_not_one_more() -> None:
    cards = [JobCard(BIG, (LONG,) * 4, (LONG,) * 4)] * MAX_BUBBLES
    message, count = fitted_carousel(cards, heading="求人", more=MORE, choices=())
    contents = message["contents"]
    assert len(contents["contents"]) == count + 1
    card = json_bytes(contents["contents"][0]) + 1
    assert CAROUSEL_BYTES - card < json_bytes(contents) <= CAROUSEL_BYTES
