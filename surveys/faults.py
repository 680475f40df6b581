"""What is wrong with a survey as a whole, in words for those who wrote it (pure)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.line.postback import pack
from app.line.text import grapheme_length
from surveys.reading import folded
from surveys.rules import Value, shown_options
from surveys.schema import Condition, Option, Question, QuestionType, Survey
from surveys.words import forbidden_words

Location = tuple[str | int, ...]

MAX_LABEL = 20
MAX_SHOWN = 30
MAX_WORDS = 300
CONTROL_WORDS = frozenset({"もどる", "スキップ", "やめる", "決定", "つづける", "このままにする"})
CHOOSING = frozenset({QuestionType.SINGLE, QuestionType.MULTI})


@dataclass(frozen=True)
class SurveyFault:
    """One fault and the path to it inside the survey."""

    where: Location
    what: str


def survey_faults(survey: Survey) -> list[SurveyFault]:
    """Everything that is wrong with a survey whose fields are each well-formed; empty when it may go live."""
    faults = [*_word_faults(("greeting",), survey.greeting, 1000)]
    faults += _word_faults(("closing",), survey.closing, 1000)
    faults += _word_faults(("title",), survey.title, MAX_LABEL)
    for index, question in enumerate(survey.questions):
        where: Location = ("questions", index)
        earlier = survey.questions[:index]
        if any(question.key == other.key for other in earlier):
            faults.append(SurveyFault((*where, "key"), f"「{question.key}」は前の質問で使われています"))
        faults += _text_faults(where, question)
        faults += _range_faults(where, question)
        faults += _option_list_faults(where, question, survey)
        faults += _branch_faults(where, question, survey)
    return faults


def _text_faults(where: Location, question: Question) -> Iterator[SurveyFault]:
    yield from _word_faults((*where, "text"), question.text, MAX_WORDS)
    yield from _word_faults((*where, "label"), question.label, MAX_LABEL)
    yield from _word_faults((*where, "hint"), question.hint, MAX_WORDS)
    yield from _word_faults((*where, "unit"), question.unit, 10)


def _word_faults(where: Location, words: str, most: int) -> Iterator[SurveyFault]:
    if grapheme_length(words) > most:
        yield SurveyFault(where, f"長すぎます（{grapheme_length(words)}文字、{most}文字まで）")
    yield from (SurveyFault(where, fault) for fault in forbidden_words(words))


def _range_faults(where: Location, question: Question) -> Iterator[SurveyFault]:
    if question.least is not None and question.most is not None and question.least > question.most:
        yield SurveyFault((*where, "least"), "least が most より大きくなっています")
    if question.bare_unit < 1:
        yield SurveyFault((*where, "bare_unit"), "1 以上の整数にしてください")


def _option_list_faults(where: Location, question: Question, survey: Survey) -> Iterator[SurveyFault]:
    options = question.options
    if question.type in CHOOSING and not options:
        yield SurveyFault((*where, "options"), "選択肢がありません")
    if options and question.type not in CHOOSING | {QuestionType.NUMBER}:
        yield SurveyFault((*where, "options"), f"{question.type.value} の質問に選択肢は付けられません")
    shown = _most_shown(question, survey)
    if shown > MAX_SHOWN:
        yield SurveyFault((*where, "options"), f"ボタンが多すぎます（{shown}個、{MAX_SHOWN}個まで）")
    for index, option in enumerate(options):
        yield from _option_faults((*where, "options", index), question, option)
    yield from _clash_faults((*where, "options"), options)


def _most_shown(question: Question, survey: Survey) -> int:
    """The largest number of buttons that any one answer to an earlier question brings up."""
    targets = {condition.question for option in question.options for condition in option.only_if}
    answers: list[dict[str, Value]] = [{}]
    for target in (survey.question(key) for key in targets):
        answers += [{target.key: option.value} for option in target.options] if target else []
    return max(len(shown_options(question, each)) for each in answers)


def _option_faults(where: Location, question: Question, option: Option) -> Iterator[SurveyFault]:
    yield from _word_faults((*where, "label"), option.label, MAX_LABEL)
    for index, alias in enumerate(option.aliases):
        yield from _word_faults((*where, "aliases", index), alias, MAX_LABEL)
    if option.label in CONTROL_WORDS:
        yield SurveyFault((*where, "label"), f"「{option.label}」は操作のボタンと同じ言葉です")
    if question.type is QuestionType.NUMBER and not (option.value.isascii() and option.value.isdigit()):
        yield SurveyFault((*where, "value"), "number の選択肢は整数にしてください")
    try:
        pack("survey.toggle", s=10**18, q=question.key, v=option.value, n=9999, on=1)
    except ValueError:
        yield SurveyFault((*where, "value"), "長すぎて、ボタンのデータに入りません")


def _clash_faults(where: Location, options: Sequence[Option]) -> Iterator[SurveyFault]:
    values = Counter(option.value for option in options)
    for value in (value for value, count in values.items() if count > 1):
        yield SurveyFault(where, f"値「{value}」が二度使われています")
    spelt = [{folded(name) for name in (each.label, each.value, *each.aliases)} for each in options]
    names = Counter(name for spellings in spelt for name in spellings)
    for name in (name for name, count in names.items() if count > 1):
        yield SurveyFault(where, f"「{name}」が複数の選択肢で使われています")


def _branch_faults(where: Location, question: Question, survey: Survey) -> Iterator[SurveyFault]:
    position = survey.questions.index(question)
    for index, condition in enumerate(question.only_if):
        yield from _condition_faults((*where, "only_if", index), condition, position, survey)
    for number, option in enumerate(question.options):
        for index, condition in enumerate(option.only_if):
            place = (*where, "options", number, "only_if", index)
            yield from _condition_faults(place, condition, position, survey)


def _condition_faults(
    where: Location, condition: Condition, position: int, survey: Survey
) -> Iterator[SurveyFault]:
    target = survey.question(condition.question)
    if target is None:
        yield SurveyFault((*where, "question"), f"「{condition.question}」という質問はありません")
        return
    if survey.questions.index(target) >= position:
        yield SurveyFault((*where, "question"), f"「{condition.question}」はこの質問より前にありません")
    if target.type not in CHOOSING:
        yield SurveyFault((*where, "question"), "分岐の条件にできるのは single と multi の質問だけです")
        return
    if not condition.values:
        yield SurveyFault(where, "is または any_of が必要です")
    for value in condition.values:
        if target.option(value) is None:
            yield SurveyFault(where, f"「{value}」は {condition.question} の選択肢にありません")
