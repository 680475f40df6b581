"""Who answers a message: the first match wins, in the order of `_answer_text`."""

from collections.abc import Mapping
from functools import partial

from app.friends.actions import record_reaction
from app.friends.commands import plain, read_command
from app.friends.messages import (
    not_understood,
    small_talk,
    thanks_for,
)
from app.handoff.queries import is_waiting_for_person
from app.messaging.outbox import NewOutboxMessage
from app.messaging.rules import Carrier
from app.messaging.thread import NewMessage, store_message
from handlers import keywords, linking, rankings, search, survey
from handlers.chips import typed_tap
from handlers.context import Answer, Context, PostbackHandler
from handlers.events import Event, File, Location, MessageEvent, Text
from handlers.follow import fetch_profile
from handlers.handoff import ask_for_person
from handlers.jobs import jobs_near
from handlers.postback import answer_postback
from handlers.recommend import recommended
from handlers.routes import answer_route_code
from handlers.settings import obey

MISSES = 2
FILE_NAMES = {"image": "画像", "video": "動画", "audio": "音声", "file": "ファイル"}
PERSON_WORDS = (
    "担当者",
    "オペレーター",
    "人と話し",
    "電話して",
    "苦情",
    "クレーム",
    "訴え",
    "ひどい",
    "返金",
)
JOB_WORDS = ("求人", "おすすめ", "仕事を探", "仕事探し", "お仕事")


def answer_message(event: Event, ctx: Context, actions: Mapping[str, PostbackHandler]) -> Answer:
    """Keep the message, then let the first that can answer do so; one that was taken back gets no answer."""
    if not isinstance(event, MessageEvent):
        return not_understood() if event.reply_token else []
    record_reaction(ctx.friend, event.at, wrote=True)
    if ctx.friend.profile_at is None:
        ctx.background.append(fetch_profile(ctx, f"friend:{ctx.friend.id}:{event.at:%Y%m%d}"))
    if not _keep(event, ctx):
        return []
    if isinstance(event, Text):
        return _answer_text(event, ctx, actions)
    return _answer_other(event, ctx)


def _answer_other(event: MessageEvent, ctx: Context) -> Answer:
    if isinstance(event, File):
        _fetch_content(event, ctx)
    if is_waiting_for_person(ctx.session, ctx.friend.id):
        return []
    match event:
        case File():
            return thanks_for(FILE_NAMES[event.message_kind])
        case Location():
            return jobs_near(ctx, event.address)
    return small_talk() if event.message_kind == "sticker" else not_understood()


def _keep(event: MessageEvent, ctx: Context) -> bool:
    id_ = event.message_id
    message = NewMessage(ctx.friend.id, event.message_kind, id_, ctx.inbox_event_id, event.at, _words(event))
    return store_message(ctx.session, message)


def _words(event: MessageEvent) -> str | None:
    match event:
        case Text():
            return event.text
        case File():
            return event.file_name
        case Location():
            return event.address
    return None


def _answer_text(event: Text, ctx: Context, actions: Mapping[str, PostbackHandler]) -> Answer:
    for respond in (
        _command,
        linking.answer_by_text,
        answer_route_code,
        _wish_for_person,
        _left_to_person,
        partial(_typed_tap, actions),
        _survey_answer,
        keywords.answer_by_text,
        rankings.answer_by_text,
        search.answer_by_text,
        _job_request,
        keywords.survey_by_text,
    ):
        answer = respond(event, ctx)
        if answer is not None:
            ctx.friend.not_understood = 0
            return answer
    return _not_understood(ctx)


def _not_understood(ctx: Context) -> Answer:
    """The second miss in a row is one too many: a person takes over."""
    ctx.friend.not_understood += 1
    if ctx.friend.not_understood < MISSES:
        return not_understood()
    ctx.friend.not_understood = 0
    return ask_for_person(ctx, why="not_understood")


def _command(event: Text, ctx: Context) -> Answer | None:
    word = read_command(event.text)
    return None if word is None else obey(word, ctx)


def _wish_for_person(event: Text, ctx: Context) -> Answer | None:
    words = plain(event.text)
    return ask_for_person(ctx) if any(word in words for word in PERSON_WORDS) else None


def _left_to_person(event: Text, ctx: Context) -> Answer | None:
    """While somebody waits for a person, what they write is for that person, and the bot is silent."""
    return [] if is_waiting_for_person(ctx.session, ctx.friend.id) else None


def _typed_tap(actions: Mapping[str, PostbackHandler], event: Text, ctx: Context) -> Answer | None:
    tap = typed_tap(event, ctx)
    return None if tap is None else answer_postback(tap, ctx, actions)


def _survey_answer(event: Text, ctx: Context) -> Answer | None:
    """What is no answer may have been a search."""
    return survey.answer_by_text(event, ctx, offers=search.search_offers(event.text))


def _job_request(event: Text, ctx: Context) -> Answer | None:
    words = plain(event.text)
    return recommended(ctx) if any(word in words for word in JOB_WORDS) else None


def _fetch_content(event: File, ctx: Context) -> None:
    """In the background, but soon: LINE keeps it only for a while."""
    if event.at_line:
        ctx.background.append(
            NewOutboxMessage(
                carrier=Carrier.CONTENT,
                channel_id=ctx.friend.channel_id,
                dedupe_key=f"{ctx.cause}:content",
                body={"message_id": event.message_id},
            )
        )
