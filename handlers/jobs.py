"""Jobs for the person who asks: from their own answers, or near a place they sent."""

from dataclasses import replace

from app.areas import city_of, find_cities_in_address
from app.jobs.messages import no_fitting_jobs
from app.jobs.queries import fitting_jobs
from app.jobs.rules import JobWishes
from app.line.messages import text_message
from app.line.postback import Command
from handlers.cards import fitting, show_cards
from handlers.context import Answer, Context
from handlers.events import Postback
from handlers.wishes import wishes_of

SHOWN_AT_ONCE = 3


def jobs_for_friend(ctx: Context) -> Answer:
    """The first fitting jobs by what this person wants; where nothing is known the newest of all."""
    return first_jobs(ctx, wishes_of(ctx))


def jobs_near(ctx: Context, address: str | None) -> Answer:
    """The first fitting jobs in the city of an address, not in its ward only, whatever place was wished before."""
    found = find_cities_in_address(address or "")
    cities = {city.parent or city.code for code in found if (city := city_of(code))}
    if not cities:
        text = (
            "場所を受け取りましたが、市区町村を読み取れませんでした。「横浜市」のように文字で送ってください。"
        )
        return [text_message(text)]
    return first_jobs(ctx, replace(wishes_of(ctx), cities=tuple(sorted(cities)), prefectures=()))


def first_jobs(ctx: Context, wishes: JobWishes, *, count: int = SHOWN_AT_ONCE) -> Answer:
    """The newest jobs that meet every wish, each with its reasons; or how to go on when there are none."""
    jobs = fitting_jobs(ctx.session, wishes, friend_id=ctx.friend.id, limit=count, now=ctx.now)
    if not jobs:
        return [no_fitting_jobs()]
    return [show_cards(ctx, [fitting(job, wishes) for job in jobs], heading="条件に合う求人")]


def on_job_first(event: Postback, command: Command, ctx: Context) -> Answer:
    """The button 求人を探す."""
    return jobs_for_friend(ctx)
