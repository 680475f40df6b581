"""Jobs for the person who asks: from their own answers, or near a place they sent."""

from dataclasses import replace

from app.areas import city_of, find_cities_in_address
from app.line.messages import text_message
from app.line.postback import Command
from handlers.context import Answer, Context
from handlers.events import Postback
from handlers.recommend import recommended
from handlers.wishes import wishes_of

SHOWN_AT_FIRST = 3


def jobs_for_friend(ctx: Context) -> Answer:
    """The first fitting jobs by what this person wants; where nothing is known the most popular of all."""
    return recommended(ctx, count=SHOWN_AT_FIRST)


def jobs_near(ctx: Context, address: str | None) -> Answer:
    """The first fitting jobs in the city of an address, not in its ward only, whatever place was wished before."""
    found = find_cities_in_address(address or "")
    cities = {city.parent or city.code for code in found if (city := city_of(code))}
    if not cities:
        text = (
            "場所を受け取りましたが、市区町村を読み取れませんでした。「横浜市」のように文字で送ってください。"
        )
        return [text_message(text)]
    return recommended(ctx, replace(wishes_of(ctx), cities=tuple(sorted(cities)), prefectures=()))


def on_job_first(event: Postback, command: Command, ctx: Context) -> Answer:
    """The buttons おすすめ, 求人を探す and もっと見る."""
    return recommended(ctx)
