"""A search in words: what was understood, the jobs page by page, what to ask back, and ways on from nothing."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from app.areas import area_name, is_area
from app.jobs.actions import Tap, record_activity
from app.jobs.models import ActivityKind
from app.jobs.queries import known_occupations
from app.jobs.rules import JobWishes, without_avoided
from app.jobs.searching import Bookmark, Found, counts_of_jobs, search_jobs
from app.line.limits import Message
from app.line.messages import Action, text_message
from app.line.postback import Command
from app.recommend.seekers import seeker_of
from app.search.bookmarks import read_bookmark
from app.search.messages import SEARCH, ask_which_place, did_you_mean, search_action
from app.search.nearest import is_known_title, nearest_titles
from app.search.packing import packed, unpack
from app.search.query import JobQuery
from app.search.reading import read_request
from app.search.relaxing import Way, wider_queries
from app.search.replies import (
    ask_to_save,
    end_of_list,
    found_text,
    more_action,
    nothing_found,
    old_search,
    save_action,
)
from app.search.rules import is_request
from app.search.wishes import ambiguities, describe, kept_of
from app.search.wishes import job_wishes as wishes_in
from handlers.cards import Choice, fitting, show_cards
from handlers.context import Answer, Context, PostbackHandler
from handlers.events import Postback, Text
from handlers.wishes import replace_wishes

SHOWN_AT_ONCE = 5
MOST_WAYS = 4


def answer_by_text(event: Text, ctx: Context) -> Answer | None:
    """The answer to a text that asks for jobs; None for any other."""
    query = read_request(event.text)
    if not is_request(query, event.text):
        return None
    tap = Tap(friend_id=ctx.friend.id, at=event.at, event_id=event.webhook_event_id)
    record_activity(ctx.session, tap, ActivityKind.SEARCH, None)
    return search(ctx, query)


def search_offers(text: str) -> Sequence[Action]:
    """The button 検索する for a text that asks for jobs while something else was asked."""
    query = read_request(text)
    if not is_request(query, text):
        return ()
    return (search_action("検索する", query, said=f"「{describe(query)[:100]}」を検索する"),)


def search(ctx: Context, query: JobQuery, after: Bookmark | None = None) -> Answer:
    """The page of jobs after this one; first of all what cannot be searched for without asking back."""
    asked = _asked_back(ctx, query)
    if asked is not None:
        return [asked]
    seeker = seeker_of(ctx.session, ctx.friend.id, ctx.now)
    wishes = without_avoided(wishes_in(query), seeker.wishes)
    done_with = seeker.excluded - seeker.shown
    found = search_jobs(ctx.session, wishes, done_with, ctx.now, after=after, count=SHOWN_AT_ONCE)
    if not found.jobs:
        return [end_of_list(query) if after else nothing_found(query, _ways_on(ctx, query, seeker.wishes))]
    cards = _cards(ctx, query, wishes, found)
    if after is None:
        excluded = _avoided_words(wishes_in(query), wishes)
        return [text_message(found_text(query, found.total, excluded)), cards]
    return [cards] if found.next else [cards, end_of_list(query)]


def on_search(event: Postback, command: Command, ctx: Context) -> Answer:
    """A button that searches: a refined query, or もっと見る."""
    query = unpack(command.values.get("q", ""))
    after = read_bookmark(command.values.get("after", ""), ctx.now)
    return [old_search()] if query is None else search(ctx, query, after)


def on_search_save(event: Postback, command: Command, ctx: Context) -> Answer:
    """この条件で保存."""
    query = unpack(command.values.get("q", ""))
    return [old_search() if query is None else ask_to_save(query)]


def on_search_keep(event: Postback, command: Command, ctx: Context) -> Answer:
    """はい: the conditions of this search are the wishes from now on."""
    query = unpack(command.values.get("q", ""))
    if query is None:
        return [old_search()]
    kept = kept_of(query)
    if kept == JobQuery():
        return [ask_to_save(query)]
    return [replace_wishes(ctx, wishes_in(kept), describe(kept))]


SEARCH_ACTIONS: dict[str, PostbackHandler] = {
    SEARCH: on_search,
    "search.save": on_search_save,
    "search.keep": on_search_keep,
}


def _asked_back(ctx: Context, query: JobQuery) -> Message | None:
    """Which place was meant, or which occupation by a title that no job has."""
    for ambiguity in ambiguities(query):
        return ask_which_place(query, ambiguity)
    unknown = [title for title in query.occupation if not is_known_title(title)]
    if not unknown:
        return None
    offered = known_occupations(ctx.session)
    for title in unknown:
        if title not in offered:
            return did_you_mean(query, title, nearest_titles(title, sorted(offered)))
    return None


def _cards(ctx: Context, query: JobQuery, wishes: JobWishes, found: Found) -> Message:
    search = packed(query)
    choices = [_choice(fitting(job, wishes), search) for job in found.jobs]
    more = None if found.next is None else more_action(query, found.next)
    heading = f"「{describe(query)[:60]}」の求人"
    return show_cards(ctx, choices, heading=heading, more=more, choices=[save_action(query)])


def _choice(choice: Choice, search: str) -> Choice:
    return replace(choice, parts={**choice.parts, "search": search})


def _ways_on(ctx: Context, query: JobQuery, known: JobWishes) -> list[tuple[Way, int]]:
    """The first wider queries that find something, with how many jobs each finds."""
    ways = wider_queries(query)
    wishes = (without_avoided(wishes_in(way.query), known) for way in ways)
    counted = zip(ways, counts_of_jobs(ctx.session, wishes, ctx.now), strict=True)
    return list(islice(((way, count) for way, count in counted if count), MOST_WAYS))


def _avoided_words(asked: JobWishes, used: JobWishes) -> str:
    more = (code for code in used.excluded_areas if code not in asked.excluded_areas)
    areas = [area_name(code) for code in more if is_area(code)]  # of long ago: municipalities merge
    titles = [title for title in used.excluded_occupations if title not in asked.excluded_occupations]
    return "、".join([*areas, *titles])
