"""The conversation of a survey: taps, typed answers, and what is said to each.

Old messages keep their buttons for ever, so every tap is judged anew: the run must be this friend's, the
version the one begun with, and a button of another question changes nothing.
"""

from collections.abc import Mapping, Sequence

from app.clock import today_in_tokyo
from app.line.limits import Message
from app.line.messages import Action
from app.line.postback import Command
from app.line.text import clean_text
from handlers.context import Answer, Context, PostbackHandler
from handlers.events import Postback, Text
from handlers.survey_steps import (
    Step,
    ask_on,
    back,
    finish_choosing,
    keep,
    resume,
    skip,
    start,
    stop,
    take_answer,
)
from surveys.actions import edit_answer, toggle_option
from surveys.area_menu import Page
from surveys.buttons import BACK, DONE, KEEP, RESUME, SKIP, STOP
from surveys.messages import (
    already_answered_message,
    already_finished_messages,
    asked_back_message,
    hint_message,
    question_message,
    resume_offer,
    stopped_message,
    unknown_button_message,
)
from surveys.queries import find_open_sheet, find_sheet
from surveys.reading import Accepted, Ambiguous, Reading, Refused, read_answer, read_tap
from surveys.rules import (
    AREA_TYPES,
    Sheet,
    Tap,
    answer_text,
    applicable_questions,
    is_forgotten,
    is_old,
    tap_on,
    typed_with_tapped,
)
from surveys.schema import Question, QuestionType


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
    if isinstance(reading, Accepted):
        value = typed_with_tapped(sheet, sheet.question, reading.value)
        return take_answer(ctx, sheet, sheet.question, value, event.message_id)
    return [_said_to_no_answer(sheet, sheet.question, reading, offers)]


def _is_plainly_an_answer(question: Question, reading: Reading) -> bool:
    """After days any words would do as free text, so they are not taken for it."""
    return isinstance(reading, Accepted | Ambiguous) and question.type is not QuestionType.TEXT


def _said_to_no_answer(
    sheet: Sheet, question: Question, reading: Ambiguous | Refused, offers: Sequence[Action]
) -> Message:
    if isinstance(reading, Ambiguous):
        choices = [(value, _choice_label(question, value)) for value in reading.choices]
        return asked_back_message(sheet, question, choices, offers)
    return hint_message(sheet, question, reading.hint, offers)


def _choice_label(question: Question, value: str) -> str:
    if question.type in AREA_TYPES:
        return answer_text(question, [int(value)])
    option = question.option(value)
    return option.label if option is not None else value


_CONTROL_WORDS: Mapping[str, Step] = {
    DONE: finish_choosing,
    KEEP: keep,
    BACK: back,
    "戻る": back,
    SKIP: skip,
    STOP: stop,
    RESUME: resume,
    "続ける": resume,
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
    return [*before, *ask_on(ctx, sheet)]


def on_start(event: Postback, command: Command, ctx: Context) -> Answer:
    """A button that begins a survey."""
    return start(ctx, clean_text(command.values.get("name", "")), again=command.values.get("again") == "1")


def on_answer(event: Postback, command: Command, ctx: Context) -> Answer:
    """A tapped answer, or a day from the date picker."""
    tapped = event.params.get("date") or command.values.get("v", "")

    def step(ctx: Context, sheet: Sheet, question: Question) -> Answer:
        value = read_tap(question, tapped)
        return [unknown_button_message()] if value is None else take_answer(ctx, sheet, question, value)

    return _on_tap(command, ctx, step)


def on_toggle(event: Postback, command: Command, ctx: Context) -> Answer:
    """An option of a multi question, chosen or taken back."""
    value, is_on = command.values.get("v", ""), command.values.get("on") == "1"

    def step(ctx: Context, sheet: Sheet, question: Question) -> Answer:
        if question.type is not QuestionType.MULTI or question.option(value) is None:
            return [unknown_button_message()]
        return ask_on(ctx, toggle_option(ctx.session, sheet, value, ctx.now, is_on=is_on))

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
    return ask_on(ctx, edit_answer(ctx.session, sheet, question, ctx.now))


def on_stop(event: Postback, command: Command, ctx: Context) -> Answer:
    """やめる, on whichever question of the running survey the button stood."""
    sheet = find_sheet(ctx.session, ctx.friend.id, command.integer("s"))
    tap = tap_on(sheet, command.values.get("q", ""), command.integer("n"))
    if sheet is not None and sheet.question is not None and tap in (Tap.CURRENT, Tap.ELSEWHERE):
        return stop(ctx, sheet, sheet.question)
    return _on_tap(command, ctx, stop)


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
    "survey.done": _at_current(finish_choosing),
    "survey.keep": _at_current(keep),
    "survey.back": _at_current(back),
    "survey.skip": _at_current(skip),
}
