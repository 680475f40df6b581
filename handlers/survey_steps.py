"""What one step of a survey does and says, however it was asked for: by a tap or by a word."""

from collections.abc import Callable

from app.announcements.rules import Kind
from app.line.messages import Action, postback_action, with_choices
from app.line.postback import pack
from app.line.text import clip_words
from handlers.announcements import tell_site
from handlers.context import Answer, Context
from handlers.jobs import jobs_for_friend
from surveys.actions import (
    go_back,
    keep_answer,
    record_answer,
    resume_survey,
    skip_question,
    start_survey,
    stop_survey,
)
from surveys.messages import (
    already_finished_messages,
    finished_messages,
    hint_message,
    question_message,
    stopped_message,
    unknown_survey_message,
)
from surveys.queries import find_newest_sheet
from surveys.rules import Sheet, State, Value, answer_text, report_of
from surveys.schema import Question, QuestionType
from surveys.wishes import NEWCOMER, PREFERENCES

Step = Callable[[Context, Sheet, Question], Answer]
"""Something done at the question that is being asked."""


def start(ctx: Context, name: str, *, again: bool = False) -> Answer:
    """Begin a survey, or go on where it was; after its end the summary, unless it is to begin `again`."""
    sheet = find_newest_sheet(ctx.session, ctx.friend.id, name)
    if sheet is None or (again and sheet.state is not State.ASKING):
        begun = start_survey(ctx.session, ctx.friend.id, name, ctx.now)
        return [unknown_survey_message()] if begun is None else ask_on(ctx, begun, begun.survey.greeting)
    if sheet.state is State.FINISHED:
        return already_finished_messages(sheet)
    return ask_on(ctx, resume_survey(ctx.session, sheet, ctx.now), "続きからお伺いします。")


def finished(ctx: Context, sheet: Sheet) -> Answer:
    """What is said after the last answer: thanks and the summary; after the 希望条件 fitting jobs too.

    The job site hears of all answers, and again when one is changed afterwards.
    """
    tell_site(ctx, Kind.SURVEY_ANSWERED, report_of(sheet))
    messages = list(finished_messages(sheet))
    if sheet.survey.name != PREFERENCES:
        return messages
    *before, last = jobs_for_friend(ctx)
    return [*messages, *before, with_choices(last, _after_preferences())]


def _after_preferences() -> list[Action]:
    return [
        postback_action("もう少し詳しく伝える", pack("survey.start", name=NEWCOMER)),
        postback_action("担当者に相談", pack("staff.ask")),
        postback_action("保存した求人", pack("job.saved")),
    ]


def take_answer(
    ctx: Context, sheet: Sheet, question: Question, value: Value, line_message_id: str | None = None
) -> Answer:
    """Keep an answer, with the message that it came by if it was written, and ask on."""
    after = record_answer(ctx.session, sheet, question.key, value, ctx.now, line_message_id)
    return ask_on(ctx, after, f"{question.label}：{clip_words(answer_text(question, value), 60)}")


def ask_on(ctx: Context, sheet: Sheet, lead: str = "") -> Answer:
    """The question where the sheet now stands, or the end."""
    if sheet.question is None:
        return finished(ctx, sheet)
    return [question_message(sheet, sheet.question, lead=lead)]


def finish_choosing(ctx: Context, sheet: Sheet, question: Question) -> Answer:
    """決定: what has been tapped is the answer."""
    if question.type is not QuestionType.MULTI:
        return ask_on(ctx, sheet)
    if not sheet.draft:
        return [hint_message(sheet, question, "一つ以上選んでから「決定」を押してください。")]
    return take_answer(ctx, sheet, question, list(sheet.draft))


def keep(ctx: Context, sheet: Sheet, question: Question) -> Answer:
    """このままにする: the earlier answer stands."""
    if sheet.answers.get(question.key) is None:
        return ask_on(ctx, sheet)
    return ask_on(ctx, keep_answer(ctx.session, sheet, ctx.now))


def back(ctx: Context, sheet: Sheet, _question: Question) -> Answer:
    """もどる: the question before this one again."""
    return ask_on(ctx, go_back(ctx.session, sheet, ctx.now))


def skip(ctx: Context, sheet: Sheet, question: Question) -> Answer:
    """スキップ: on without an answer."""
    if question.required:
        return [hint_message(sheet, question, f"{question.label}は必ずお答えください。")]
    return ask_on(ctx, skip_question(ctx.session, sheet, question, ctx.now))


def stop(ctx: Context, sheet: Sheet, _question: Question) -> Answer:
    """やめる: what was answered is kept."""
    return [stopped_message(stop_survey(ctx.session, sheet, ctx.now))]


def resume(ctx: Context, sheet: Sheet, _question: Question) -> Answer:
    """つづける: the waiting question again."""
    return ask_on(ctx, resume_survey(ctx.session, sheet, ctx.now))
