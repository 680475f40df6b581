"""What a survey says (pure): a question as it stands for one person, the summary, and the words in between.

Ways to answer stand in quick replies while they fit beside the controls; longer lists stand on a card. The
words always say that typing works too: LINE for computers shows no quick replies.
"""

from collections.abc import Sequence

from app.line.limits import MAX_QUICK_REPLIES, Message
from app.line.messages import (
    GREEN,
    GREY,
    Action,
    Component,
    box,
    bubble,
    button,
    buttons_message,
    confirm_message,
    flex_message,
    flex_text,
    separator,
    text_message,
    with_choices,
)
from app.line.text import clip_words, grapheme_length
from surveys.area_menu import Page, area_choices
from surveys.buttons import (
    again_button,
    answer_button,
    control_buttons,
    date_button,
    done_button,
    edit_button,
    resume_button,
    stop_button,
    toggle_button,
)
from surveys.faults import MAX_SHOWN
from surveys.rules import AREA_TYPES, Sheet, SummaryRow, answer_text, progress, shown_options, summary_rows
from surveys.schema import Question, QuestionType

SHORT_LABEL = 7
"""Two buttons of a card stand side by side up to this many characters, the ✓ included."""


def question_message(
    sheet: Sheet, question: Question, *, lead: str = "", page: Page | None = None
) -> Message:
    """One question with its progress, hint, ways to answer and controls.

    `lead` is said first (what was understood, why it is asked again); `page` turns the place menu.
    """
    controls = control_buttons(sheet, question)
    if question.type is QuestionType.MULTI:
        controls = [done_button(sheet, question), *controls] if sheet.draft else controls
    choices = _ways_to_answer(sheet, question, page or Page())
    words = _question_words(sheet, question, lead, page or Page())
    if len(choices) + len(controls) <= MAX_QUICK_REPLIES:
        return text_message(words, choices=[*choices, *controls])
    return with_choices(_card(words, choices[:MAX_SHOWN]), controls)


def _ways_to_answer(sheet: Sheet, question: Question, page: Page) -> list[Action]:
    if question.type in AREA_TYPES:
        return area_choices(sheet, question, page)
    if question.type is QuestionType.DATE:
        return [date_button(sheet, question)]
    options = shown_options(question, sheet.answers)
    if question.type is QuestionType.MULTI:
        return [toggle_button(sheet, question, option) for option in options]
    return [answer_button(sheet, question, option.value, option.label) for option in options]


def _question_words(sheet: Sheet, question: Question, lead: str, page: Page) -> str:
    number, count = progress(sheet.survey, sheet.answers, question.key)
    lines = [
        lead,
        f"【{number}/{count}】{question.text}",
        page.words(),
        _chosen(sheet, question),
        question.hint,
    ]
    return "\n".join(line for line in lines if line)


def _chosen(sheet: Sheet, question: Question) -> str:
    if question.type is QuestionType.MULTI and sheet.draft:
        return f"選択中：{answer_text(question, list(sheet.draft))}"
    before = answer_text(question, sheet.answers.get(question.key))
    return f"いまの回答：{clip_words(before, 60)}" if before else ""


def _card(words: str, choices: Sequence[Action]) -> Message:
    body = box("vertical", [flex_text(words), *(_card_row(row) for row in _rows(choices))], spacing="sm")
    return flex_message(clip_words(words, 300), bubble(body=body))


def _rows(choices: Sequence[Action]) -> list[list[Action]]:
    """Short labels stand two in a row, long ones alone."""
    rows: list[list[Action]] = []
    for choice in choices:
        last = rows[-1] if rows else []
        if len(last) == 1 and all(grapheme_length(each["label"]) <= SHORT_LABEL for each in (*last, choice)):
            last.append(choice)
        else:
            rows.append([choice])
    return rows


def _card_row(choices: Sequence[Action]) -> Component:
    buttons = [button(choice, style="secondary", flex=1, adjustMode="shrink-to-fit") for choice in choices]
    return box("horizontal", buttons, spacing="sm")


def asked_back_message(
    sheet: Sheet, question: Question, choices: Sequence[tuple[str, str]], offers: Sequence[Action] = ()
) -> Message:
    """どれでしょうか: the readings of what was typed, as (value, label); `offers` as in `hint_message`."""
    return _with_offers(_asked_back(sheet, question, choices), offers)


def _asked_back(sheet: Sheet, question: Question, choices: Sequence[tuple[str, str]]) -> Message:
    words = "どれのことでしょうか？" if len(choices) > 1 else "こちらでよろしいですか？"
    buttons = [answer_button(sheet, question, value, label) for value, label in choices]
    controls = control_buttons(sheet, question)
    if len(buttons) + len(controls) <= MAX_QUICK_REPLIES:
        listed = "\n".join(f"・{label}" for _, label in choices)
        return text_message(f"{words}\n{listed}", choices=[*buttons, *controls])
    return with_choices(_card(words, buttons), controls)


def summary_message(sheet: Sheet) -> Message:
    """All answers so far on one card, each with 修正, and a button to begin afresh."""
    rows = [_summary_row(sheet, row) for row in summary_rows(sheet.survey, sheet.answers)]
    title = flex_text(sheet.survey.title, weight="bold", size="lg", color=GREEN)
    body = box("vertical", [title, separator(margin="sm"), *rows], spacing="md")
    footer = box("vertical", [button(again_button(sheet))])
    return flex_message(f"{sheet.survey.title}のまとめ", bubble(body=body, footer=footer))


def _summary_row(sheet: Sheet, row: SummaryRow) -> Component:
    words = [
        flex_text(row.label, size="xs", color=GREY),
        flex_text(clip_words(row.text, 60) if row.text else "未回答", size="md"),
    ]
    edit = button(edit_button(sheet, row.key), flex=0)
    return box("horizontal", [box("vertical", words, flex=1), edit], alignItems="center", spacing="sm")


def finished_messages(sheet: Sheet) -> list[Message]:
    """Thanks and the summary, right after the last answer."""
    return [text_message(sheet.survey.closing), summary_message(sheet)]


def already_finished_messages(sheet: Sheet) -> list[Message]:
    """For a tap or a start after the end: nothing is lost, and each answer can be changed."""
    words = f"「{sheet.survey.title}」の回答は保存しています。変えたいところは「修正」を押してください。"
    return [text_message(words), summary_message(sheet)]


def stopped_message(sheet: Sheet) -> Message:
    """After やめる, and for taps on a stopped run."""
    words = "ここまでの回答は保存しました。続きからいつでも再開できます。"
    return text_message(words, choices=[resume_button(sheet)])


def resume_offer(sheet: Sheet, offers: Sequence[Action] = ()) -> Message:
    """つづける / やめる for someone who comes back after days and writes of something else.

    With `offers` (what else the words may have meant) these stand in front as quick replies.
    """
    number, count = progress(sheet.survey, sheet.answers, sheet.question_key or "")
    words = f"「{sheet.survey.title}」が途中です（{number}/{count}）。続けますか？"
    if offers:
        return text_message(words, choices=[*offers, resume_button(sheet), stop_button(sheet)])
    return confirm_message(words, resume_button(sheet), stop_button(sheet))


def hint_message(sheet: Sheet, question: Question, hint: str, offers: Sequence[Action] = ()) -> Message:
    """The hint and the question again; `offers` is what else the words may have meant, as quick replies."""
    lead = "すみません、うまく読み取れませんでした。" if hint == question.hint else hint
    return _with_offers(question_message(sheet, question, lead=lead), offers)


def _with_offers(message: Message, offers: Sequence[Action]) -> Message:
    if not offers:
        return message
    actions = [item["action"] for item in message["quickReply"]["items"]]
    return with_choices(message, [*offers, *actions][:MAX_QUICK_REPLIES])


def already_answered_message(sheet: Sheet, question: Question) -> Message:
    """For a tap on an old button of the same run, with 修正; the current question follows."""
    words = f"「{question.label}」は回答をいただいています。変えるときは「修正する」を押してください。"
    return buttons_message(words, [edit_button(sheet, question.key, "修正する")])


def unknown_button_message() -> Message:
    """For a button that is not this person's, or of a version they never began: says nothing about it."""
    return text_message(
        "申し訳ありません。このボタンは使えなくなりました。メニューからもう一度お試しください。"
    )


def unknown_survey_message() -> Message:
    """For a survey that is not there (any more)."""
    return text_message("申し訳ありません。このアンケートは終了しました。")
