"""The buttons of a survey (pure): each names session, question and version, and is not believed later."""

from app.line.messages import Action, date_picker_action, postback_action
from app.line.postback import pack
from surveys.rules import Sheet, previous_question
from surveys.schema import Option, Question, QuestionType

BACK, SKIP, STOP, DONE, KEEP, RESUME = "もどる", "スキップ", "やめる", "決定", "このままにする", "つづける"


def again_button(sheet: Sheet) -> Action:
    """Begins a finished or stopped survey afresh."""
    return postback_action("最初から答え直す", pack("survey.start", name=sheet.survey.name, again=1))


def resume_button(sheet: Sheet) -> Action:
    """Goes on where the run stopped."""
    return _button(RESUME, "survey.resume", sheet, sheet.question_key or "")


def stop_button(sheet: Sheet) -> Action:
    """Stops the run and keeps the answers."""
    return _button(STOP, "survey.stop", sheet, sheet.question_key or "")


def edit_button(sheet: Sheet, key: str, label: str = "修正") -> Action:
    """Asks one question again."""
    question = sheet.survey.question(key)
    said = f"{question.label if question else ''}を修正"
    return _button(label, "survey.edit", sheet, key, said=said)


def answer_button(sheet: Sheet, question: Question, value: str, label: str) -> Action:
    """Answers with one value; in a multi question it chooses that value."""
    if question.type is QuestionType.MULTI:
        data = _data("survey.toggle", sheet, question.key, v=value, on=1)
        return postback_action(label, data)
    return postback_action(label, _data("survey.answer", sheet, question.key, v=value))


def toggle_button(sheet: Sheet, question: Question, option: Option) -> Action:
    """Chooses an option or takes it back. It carries where to, so that a second tap changes nothing."""
    is_chosen = option.value in sheet.draft
    data = _data("survey.toggle", sheet, question.key, v=option.value, on=0 if is_chosen else 1)
    said = f"{option.label}を{'外す' if is_chosen else '選ぶ'}"
    return postback_action(f"✓{option.label}" if is_chosen else option.label, data, display_text=said)


def done_button(sheet: Sheet, question: Question) -> Action:
    """Ends a multi question with what has been chosen."""
    return _button(DONE, "survey.done", sheet, question.key)


def date_button(sheet: Sheet, question: Question) -> Action:
    """Opens LINE's date picker; the day comes back in the postback's params."""
    return date_picker_action("日付を選ぶ", _data("survey.answer", sheet, question.key))


def area_button(sheet: Sheet, question: Question, label: str, **to: int) -> Action:
    """Turns to another page of the place menu: `region` (index), `pref` (code) and `page`."""
    return postback_action(label, _data("survey.area", sheet, question.key, **to))


def control_buttons(sheet: Sheet, question: Question) -> list[Action]:
    """このままにする, もどる, スキップ, やめる, as far as they make sense here: at most four."""
    controls = []
    if sheet.answers.get(question.key) is not None:
        controls.append(_button(KEEP, "survey.keep", sheet, question.key))
    if previous_question(sheet.survey, sheet.answers, question.key) is not None:
        controls.append(_button(BACK, "survey.back", sheet, question.key))
    if not question.required:
        controls.append(_button(SKIP, "survey.skip", sheet, question.key))
    return [*controls, stop_button(sheet)]


def _button(label: str, action: str, sheet: Sheet, key: str, *, said: str | None = None) -> Action:
    return postback_action(label, _data(action, sheet, key), display_text=said)


def _data(action: str, sheet: Sheet, key: str, **more: str | int) -> str:
    return pack(action, s=sheet.session_id, q=key, n=sheet.version, **more)
