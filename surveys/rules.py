"""The course of a survey: what is asked next, what an old button means, what the answers amount to (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from app.areas import area_name, is_area
from surveys.schema import Condition, Option, Question, QuestionType, Survey

Value = str | int | list[str] | list[int] | None
"""A stored answer; its shape follows the question's type. None: skipped."""

OLD_AFTER = timedelta(days=1)
"""From then on a text that is no answer is met with つづける / やめる instead of a hint."""
FORGOTTEN_AFTER = timedelta(days=30)
"""From then on texts are no longer taken for answers; buttons still go on."""
AREA_TYPES = frozenset({QuestionType.PREFECTURE, QuestionType.MUNICIPALITY})


class State(StrEnum):
    """Of one survey session."""

    ASKING = "asking"
    FINISHED = "finished"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Sheet:
    """One friend's run through one version of a survey, as facts."""

    session_id: int
    friend_id: int
    version: int
    survey: Survey
    state: State
    question_key: str | None
    """What is being asked, or was when it stopped; None when finished."""
    answers: Mapping[str, Value] = field(repr=False)
    """Newest answer per question of this session; a skipped one is there as None."""
    draft: tuple[str, ...] = field(repr=False)
    """Options tapped so far in the multi question being asked."""
    last_at: datetime
    is_newest: bool = True
    """False: the friend has begun the same survey again since."""

    @property
    def question(self) -> Question | None:
        """The question being asked."""
        return self.survey.question(self.question_key)


class Tap(StrEnum):
    """What a tapped button is about, seen from where the person stands now."""

    CURRENT = "current"
    ELSEWHERE = "elsewhere"
    """Another question of the same running session."""
    FINISHED = "finished"
    STOPPED = "stopped"
    OUTDATED = "outdated"
    """A run that a newer one has replaced."""
    UNKNOWN = "unknown"
    """Not this person's, not this version's, or never made by us."""


def tap_on(sheet: Sheet | None, key: str, version: int | None) -> Tap:
    """Judge a button that names a question and a version; `sheet` is the tapping friend's own or None."""
    if sheet is None or version != sheet.version or sheet.survey.question(key) is None:
        return Tap.UNKNOWN
    if not sheet.is_newest:
        return Tap.OUTDATED
    if sheet.state is State.FINISHED:
        return Tap.FINISHED
    if sheet.state is State.STOPPED:
        return Tap.STOPPED
    return Tap.CURRENT if key == sheet.question_key else Tap.ELSEWHERE


def is_old(sheet: Sheet, now: datetime) -> bool:
    """True when the last touch is more than a day ago."""
    return now - sheet.last_at > OLD_AFTER


def is_forgotten(sheet: Sheet, now: datetime) -> bool:
    """True when it has lain so long that a text is hardly meant for it."""
    return now - sheet.last_at > FORGOTTEN_AFTER


def holds(conditions: Sequence[Condition], answers: Mapping[str, Value]) -> bool:
    """True when every condition is met by these answers; a skipped or missing answer meets none."""
    return all(_given(answers.get(each.question)) & set(each.values) for each in conditions)


def _given(value: Value) -> set[str]:
    if value is None:
        return set()
    return {str(item) for item in value} if isinstance(value, list) else {str(value)}


def applicable_questions(survey: Survey, answers: Mapping[str, Value]) -> list[Question]:
    """Questions that are asked of someone with these answers, in order.

    An answer to a question that is itself not applicable counts for nothing, so a branch closes with its
    whole subtree.
    """
    asked: list[Question] = []
    counting: dict[str, Value] = {}
    for question in survey.questions:
        if holds(question.only_if, counting):
            asked.append(question)
            counting[question.key] = answers.get(question.key)
    return asked


def counting_answers(survey: Survey, answers: Mapping[str, Value]) -> dict[str, Value]:
    """The answers without those whose branch has closed since."""
    keys = [question.key for question in applicable_questions(survey, answers)]
    return {key: answers[key] for key in keys if key in answers}


def next_question(survey: Survey, answers: Mapping[str, Value]) -> Question | None:
    """First question that applies and has no answer, skipped ones included; None when complete."""
    return next((q for q in applicable_questions(survey, answers) if q.key not in answers), None)


def previous_question(survey: Survey, answers: Mapping[str, Value], key: str) -> Question | None:
    """The question before this one among those that apply; None at the first one."""
    asked = [question.key for question in applicable_questions(survey, answers)]
    position = asked.index(key) if key in asked else 0
    return survey.question(asked[position - 1]) if position else None


def progress(survey: Survey, answers: Mapping[str, Value], key: str) -> tuple[int, int]:
    """(n, m) for 「n/m」; m grows when an answer opens a branch."""
    asked = [question.key for question in applicable_questions(survey, answers)]
    return (asked.index(key) + 1 if key in asked else len(asked)), len(asked)


def answered(sheet: Sheet, key: str, value: Value) -> Sheet:
    """The sheet after this answer: at the next open question, or finished."""
    return moved_on(replace(sheet, answers={**sheet.answers, key: value}))


def moved_on(sheet: Sheet) -> Sheet:
    """The sheet at its first open question, or finished when there is none."""
    question = next_question(sheet.survey, sheet.answers)
    if question is None:
        return replace(sheet, state=State.FINISHED, question_key=None, draft=())
    return opened_at(sheet, question)


def opened_at(sheet: Sheet, question: Question) -> Sheet:
    """The sheet asking this question; an earlier answer to a multi question is where its taps begin."""
    value = sheet.answers.get(question.key) if question.type is QuestionType.MULTI else None
    draft = tuple(str(item) for item in value) if isinstance(value, list) else ()
    return replace(sheet, state=State.ASKING, question_key=question.key, draft=draft)


def toggled(question: Question, draft: Sequence[str], value: str, *, is_on: bool) -> tuple[str, ...]:
    """The chosen values with this one on or off, in the order of the options; a repeated tap changes nothing.

    An exclusive option stands alone.
    """
    option = question.option(value)
    if option is None or not is_on:
        return tuple(each for each in draft if each != value)
    kept = set() if option.exclusive else {each for each in draft if not _is_exclusive(question, each)}
    return tuple(each.value for each in question.options if each.value in kept | {value})


def typed_with_tapped(sheet: Sheet, question: Question, value: Value) -> Value:
    """A typed answer together with the options of a multi question that were tapped before it.

    An exclusive option stands alone, and taps that only show the earlier answer are not taps.
    """
    if question.type is not QuestionType.MULTI or not isinstance(value, list):
        return value
    if list(sheet.draft) == sheet.answers.get(question.key):
        return value
    chosen: tuple[str, ...] = sheet.draft
    for each in value:
        chosen = toggled(question, chosen, str(each), is_on=True)
    return list(chosen)


def _is_exclusive(question: Question, value: str) -> bool:
    option = question.option(value)
    return option is not None and option.exclusive


def shown_options(question: Question, answers: Mapping[str, Value]) -> list[Option]:
    """Options that get a button for someone with these answers."""
    return [each for each in question.options if not each.typed_only and holds(each.only_if, answers)]


@dataclass(frozen=True)
class SummaryRow:
    """One line of the summary."""

    key: str
    label: str
    text: str
    """The answer in words; empty when skipped."""


def summary_rows(survey: Survey, answers: Mapping[str, Value]) -> list[SummaryRow]:
    """Every question that applies and was asked, in order."""
    asked = [question for question in applicable_questions(survey, answers) if question.key in answers]
    return [SummaryRow(q.key, q.label, answer_text(q, answers[q.key])) for q in asked]


def answer_text(question: Question, value: Value) -> str:
    """An answer as people say it; empty when skipped. Values that no longer fit are shown as they are."""
    if value is None:
        return ""
    if question.type in AREA_TYPES and isinstance(value, list):
        return "、".join(_place(code) for code in value)
    if isinstance(value, list):
        return "、".join(_label(question, item) for item in value)
    if question.type is QuestionType.NUMBER and isinstance(value, int):
        return amount_text(value, question.unit)
    if question.type is QuestionType.DATE:
        return _day(str(value))
    return _label(question, value)


def report_of(sheet: Sheet) -> dict[str, Any]:
    """A run as the job site reads it: each question that counts, its stored answer, and the same in words."""
    return {
        "survey": sheet.survey.name,
        "title": sheet.survey.title,
        "version": sheet.version,
        "session": sheet.session_id,
        "answers": [
            {
                "key": question.key,
                "label": question.label,
                "value": sheet.answers.get(question.key),
                "text": answer_text(question, sheet.answers.get(question.key)),
            }
            for question in applicable_questions(sheet.survey, sheet.answers)
        ],
    }


def amount_text(amount: int, unit: str) -> str:
    """25万円, 1,500円, 3年."""
    if amount >= 10_000 and amount % 1_000 == 0:
        tens = amount / 10_000
        return f"{tens:,.1f}".removesuffix(".0") + f"万{unit}"
    return f"{amount:,}{unit}"


def _label(question: Question, value: str | int) -> str:
    option = question.option(value)
    return option.label if option is not None else str(value)


def _place(code: str | int) -> str:
    return area_name(code, full=True) if isinstance(code, int) and is_area(code) else str(code)


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日"
