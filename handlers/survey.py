"""The conversation of a survey: taps, typed answers, and what is said to each.

Old messages keep their buttons for ever, so every tap is judged anew: the run must be this friend's, the
version the one begun with, and a button of another question changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from app.clock import today_in_tokyo
from app.line.messages import Action, postback_action, with_choices
from app.line.postback import Command, pack
from handlers.context import Answer, Context
from handlers.events import Postback, Text
from handlers.jobs import jobs_for_friend
from surveys.actions import (
    edit_answer,
    go_back,
    keep_answer,
    record_answer,
    resume_survey,
    skip_question,
    start_survey,
    stop_survey,
    toggle_option,
)
from surveys.area_menu import Page
from surveys.buttons import BACK, DONE, KEEP, RESUME, SKIP, STOP
from surveys.messages import (
    already_answered_message,
    already_finished_messages,
    asked_back_message,
    finished_messages,
    hint_message,
    question_message,
    resume_offer,
    stopped_message,
    unknown_button_message,
    unknown_survey_message,
)
from surveys.queries import find_newest_sheet, find_open_sheet, find_sheet
from surveys.reading import Accepted, Ambiguous, Reading, read_answer, read_tap
from surveys.rules import (
    AREA_TYPES,
    Sheet,
    State,
    Tap,
    Value,
    answer_text,
    applicable_questions,
    is_forgotten,
    is_old,
    tap_on,
)
from surveys.schema import Question, QuestionType
from surveys.wishes import NEWCOMER, PREFERENCES


class PostbackHandler(Protocol):
    """Answers one postback action; an empty answer says nothing."""

    def __call__(self, event: Postback, command: Command, ctx: Context) -> Answer: ...


def start(ctx: Context, name: str, *, again: bool = False) -> Answer:
    """Begin a survey, or go on where it was; after its end the summary, unless it is to begin `again`."""
    sheet = find_newest_sheet(ctx.session, ctx.friend.id, name)
    if sheet is None or (again and sheet.state is not State.ASKING):
        begun = start_survey(ctx.session, ctx.friend.id, name, ctx.now)
        return [unknown_survey_message()] if begun is None else _asking(ctx, begun, begun.survey.greeting)
    if sheet.state is State.FINISHED:
        return already_finished_messages(sheet)
    return _asking(ctx, resume_survey(ctx.session, sheet, ctx.now), "続きからお伺いします。")


def finished(ctx: Context, sheet: Sheet) -> Answer:
    """What is said after the last answer: thanks and the summary; after the 希望条件 fitting jobs too."""
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


def answer_by_text(event: Text, ctx: Context, *, offers: Sequence[Action] = ()) -> Answer | None:
    """Take a text as the answer to the open question; None when no question is open.

    `offers`: up to three buttons for what else the text may have meant (検索する), for when it is no answer.
    """
    sheet = find_open_sheet(ctx.session, ctx.friend.id)
    if sheet is None or sheet.question is None or is_forgotten(sheet, ctx.now):
        return None
    control = _CONTROL_WORDS.get(event.text.strip())
    if control is not None:
        return control(ctx, sheet, sheet.question)
    reading = read_answer(sheet.question, event.text, today_in_tokyo(ctx.now))
    if is_old(sheet, ctx.now) and not _is_plainly_an_answer(sheet.question, reading):
        return [resume_offer(sheet, offers)]
    return _read(ctx, sheet, sheet.question, reading, offers)


def _is_plainly_an_answer(question: Question, reading: Reading) -> bool:
    """After days any words would do as free text, so they are not taken for it."""
    return isinstance(reading, Accepted | Ambiguous) and question.type is not QuestionType.TEXT


def _read(
    ctx: Context, sheet: Sheet, question: Question, reading: Reading, offers: Sequence[Action]
) -> Answer:
    if isinstance(reading, Accepted):
        return _record(ctx, sheet, question, _with_draft(sheet, question, reading.value))
    if isinstance(reading, Ambiguous):
        choices = [(value, _choice_label(question, value)) for value in reading.choices]
        return [asked_back_message(sheet, question, choices)]
    return [hint_message(sheet, question, reading.hint, offers)]


def _with_draft(sheet: Sheet, question: Question, value: Value) -> Value:
    """Typed options join those tapped before; one that stands alone does not."""
    if question.type is not QuestionType.MULTI or not isinstance(value, list):
        return value
    options = [option for option in question.options if option.value in value]
    if any(option.exclusive for option in options):
        return value
    tapped = [o.value for o in question.options if o.value in sheet.draft and not o.exclusive]
    chosen = {option.value for option in options} | set(tapped)
    return [option.value for option in question.options if option.value in chosen]


def _choice_label(question: Question, value: str) -> str:
    if question.type in AREA_TYPES:
        return answer_text(question, [int(value)])
    option = question.option(value)
    return option.label if option is not None else value


def _record(ctx: Context, sheet: Sheet, question: Question, value: Value) -> Answer:
    after = record_answer(ctx.session, sheet, question.key, value, ctx.now)
    return _asking(ctx, after, f"{question.label}：{answer_text(question, value)[:100]}")


def _asking(ctx: Context, sheet: Sheet, lead: str = "") -> Answer:
    """The question where the sheet now stands, or the end."""
    if sheet.question is None:
        return finished(ctx, sheet)
    return [question_message(sheet, sheet.question, lead=lead)]


def _done(ctx: Context, sheet: Sheet, question: Question) -> Answer:
    if question.type is not QuestionType.MULTI:
        return _asking(ctx, sheet)
    if not sheet.draft:
        return [hint_message(sheet, question, "一つ以上選んでから「決定」を押してください。")]
    return _record(ctx, sheet, question, list(sheet.draft))


def _keep(ctx: Context, sheet: Sheet, question: Question) -> Answer:
    if sheet.answers.get(question.key) is None:
        return _asking(ctx, sheet)
    return _asking(ctx, keep_answer(ctx.session, sheet, ctx.now))


def _back(ctx: Context, sheet: Sheet, _question: Question) -> Answer:
    return _asking(ctx, go_back(ctx.session, sheet, ctx.now))


def _skip(ctx: Context, sheet: Sheet, question: Question) -> Answer:
    if question.required:
        return [hint_message(sheet, question, f"{question.label}は必ずお答えください。")]
    return _asking(ctx, skip_question(ctx.session, sheet, question, ctx.now))


def _stop(ctx: Context, sheet: Sheet, _question: Question) -> Answer:
    return [stopped_message(stop_survey(ctx.session, sheet, ctx.now))]


def _resume(ctx: Context, sheet: Sheet, _question: Question) -> Answer:
    return _asking(ctx, resume_survey(ctx.session, sheet, ctx.now))


Step = Callable[[Context, Sheet, Question], Answer]
"""Something done at the question that is being asked."""

_CONTROL_WORDS: Mapping[str, Step] = {
    DONE: _done,
    KEEP: _keep,
    BACK: _back,
    "戻る": _back,
    SKIP: _skip,
    STOP: _stop,
    RESUME: _resume,
    "続ける": _resume,
}


def _on_tap(command: Command, ctx: Context, step: Step) -> Answer:
    """Do a step if the button is of the question being asked; else say how things stand."""
    sheet = find_sheet(ctx.session, ctx.friend.id, command.integer("s"))
    tap = tap_on(sheet, command.values.get("q", ""), command.integer("n"))
    if sheet is None or tap is Tap.UNKNOWN:
        return [unknown_button_message()]
    if tap is Tap.CURRENT and sheet.question is not None:
        return step(ctx, sheet, sheet.question)
    return _at_another_place(ctx, sheet, tap, command.values.get("q", ""))


def _at_another_place(ctx: Context, sheet: Sheet, tap: Tap, key: str) -> Answer:
    """An old button: nothing changes, and the person hears where they stand."""
    if tap is Tap.OUTDATED:
        return start(ctx, sheet.survey.name)
    if tap is Tap.FINISHED:
        return already_finished_messages(sheet)
    if tap is Tap.STOPPED:
        return [stopped_message(sheet)]
    question = sheet.survey.question(key)
    is_answered = question is not None and sheet.answers.get(key) is not None
    before = [already_answered_message(sheet, question)] if question is not None and is_answered else []
    return [*before, *_asking(ctx, sheet)]


def on_start(event: Postback, command: Command, ctx: Context) -> Answer:
    """A button that begins a survey."""
    return start(ctx, command.values.get("name", ""), again=command.values.get("again") == "1")


def on_answer(event: Postback, command: Command, ctx: Context) -> Answer:
    """A tapped answer, or a day from the date picker."""
    tapped = event.params.get("date") or command.values.get("v", "")

    def step(ctx: Context, sheet: Sheet, question: Question) -> Answer:
        value = read_tap(question, tapped)
        return [unknown_button_message()] if value is None else _record(ctx, sheet, question, value)

    return _on_tap(command, ctx, step)


def on_toggle(event: Postback, command: Command, ctx: Context) -> Answer:
    """An option of a multi question, chosen or taken back."""
    value, is_on = command.values.get("v", ""), command.values.get("on") == "1"

    def step(ctx: Context, sheet: Sheet, question: Question) -> Answer:
        if question.type is not QuestionType.MULTI or question.option(value) is None:
            return [unknown_button_message()]
        return _asking(ctx, toggle_option(ctx.session, sheet, value, ctx.now, is_on=is_on))

    return _on_tap(command, ctx, step)


def on_area(event: Postback, command: Command, ctx: Context) -> Answer:
    """Another page of the place menu; nothing is stored."""
    page = Page(command.integer("region"), command.integer("pref"), command.integer("page") or 0)

    def step(_ctx: Context, sheet: Sheet, question: Question) -> Answer:
        return [question_message(sheet, question, page=page)]

    return _on_tap(command, ctx, step)


def on_edit(event: Postback, command: Command, ctx: Context) -> Answer:
    """修正: ask one question again, also after the end."""
    sheet = find_sheet(ctx.session, ctx.friend.id, command.integer("s"))
    key = command.values.get("q", "")
    tap = tap_on(sheet, key, command.integer("n"))
    if sheet is None or tap is Tap.UNKNOWN:
        return [unknown_button_message()]
    question = next((q for q in applicable_questions(sheet.survey, sheet.answers) if q.key == key), None)
    if tap is Tap.OUTDATED or question is None:
        return start(ctx, sheet.survey.name)
    return _asking(ctx, edit_answer(ctx.session, sheet, question, ctx.now))


def on_stop(event: Postback, command: Command, ctx: Context) -> Answer:
    """やめる, on whichever question of the running survey the button stood."""
    sheet = find_sheet(ctx.session, ctx.friend.id, command.integer("s"))
    tap = tap_on(sheet, command.values.get("q", ""), command.integer("n"))
    if sheet is not None and sheet.question is not None and tap in (Tap.CURRENT, Tap.ELSEWHERE):
        return _stop(ctx, sheet, sheet.question)
    return _on_tap(command, ctx, _stop)


def on_resume(event: Postback, command: Command, ctx: Context) -> Answer:
    """つづける: ask the waiting question again, of a stopped run too."""
    sheet = find_sheet(ctx.session, ctx.friend.id, command.integer("s"))
    tap = tap_on(sheet, command.values.get("q", ""), command.integer("n"))
    if sheet is None or tap is Tap.UNKNOWN:
        return [unknown_button_message()]
    return start(ctx, sheet.survey.name)


def _at_current(step: Step) -> PostbackHandler:
    """The handler of an action that needs nothing but the question being asked."""

    def handle(event: Postback, command: Command, ctx: Context) -> Answer:
        return _on_tap(command, ctx, step)

    return handle


SURVEY_ACTIONS: dict[str, PostbackHandler] = {
    "survey.start": on_start,
    "survey.answer": on_answer,
    "survey.toggle": on_toggle,
    "survey.area": on_area,
    "survey.edit": on_edit,
    "survey.resume": on_resume,
    "survey.stop": on_stop,
    "survey.done": _at_current(_done),
    "survey.keep": _at_current(_keep),
    "survey.back": _at_current(_back),
    "survey.skip": _at_current(_skip),
}
