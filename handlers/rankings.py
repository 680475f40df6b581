"""人気ランキング: by text, and by the button under lists of jobs."""

import re
from dataclasses import replace

from app.jobs.rules import JobFacts, JobWishes, unmet_conditions
from app.line.postback import Command
from app.people.persons import person_of
from app.rankings.messages import no_ranking, rank_badge, ranking_heading, ranking_title
from app.rankings.onlookers import Onlooker
from app.rankings.queries import RankedJob, ShownRanking, ranking_for
from app.rankings.rules import RANKING_COMMAND
from handlers.cards import Choice, show_cards
from handlers.context import Answer, Context, PostbackHandler
from handlers.events import Event, Postback, Text
from handlers.wishes import wishes_of

_RANKING = re.compile(r"ランキング|人気(?:の|が?ある|が?高い|な)?(?:お?仕事|求人)(?!サイト)")


def answer_by_text(event: Text, ctx: Context) -> Answer | None:
    """人気ランキング, 看護師のランキングを見たい, 人気の求人, …; None for anything else."""
    return show_ranking(event, ctx) if _RANKING.search(event.text) else None


def show_ranking(_event: Event, ctx: Context) -> Answer:
    """The ranking of this friend's place and occupation, or the next wider one; what is shown is noted."""
    wishes = wishes_of(ctx)
    person = person_of(ctx.session, (), (ctx.friend.id,))
    never = _without_widened(wishes)

    def keep(job: JobFacts) -> bool:
        return not unmet_conditions(job, never)

    onlooker = Onlooker(person.friend_ids, person.member_ids)
    found = ranking_for(ctx.session, wishes, onlooker, ctx.now, keep=keep)
    if found is None:
        return [no_ranking()]
    title = ranking_title(found.area, found.occupation)
    has_near = any(each.rank is None for each in found.jobs)
    cards = show_cards(ctx, [_choice(found, each) for each in found.jobs], heading=title)
    return [ranking_heading(title, found.since, has_near=has_near), cards]


def on_ranking(event: Postback, _command: Command, ctx: Context) -> Answer:
    """The button 人気ランキング."""
    return show_ranking(event, ctx)


RANKING_ACTIONS: dict[str, PostbackHandler] = {RANKING_COMMAND: on_ranking}


def _without_widened(wishes: JobWishes) -> JobWishes:
    """What stays hard in a ranking: licences, demanded flags, exclusions. The rest is the list's own."""
    return replace(
        wishes,
        occupations=(),
        prefectures=(),
        cities=(),
        employment_types=(),
        wage_type=None,
        wage_min=None,
        wage_max=None,
    )


def _choice(found: ShownRanking, each: RankedJob) -> Choice:
    parts = {"ranking": {"area": found.area, "occupation": found.occupation, "rank": each.rank}}
    return Choice(each.job, parts=parts, badge=rank_badge(each.rank))
