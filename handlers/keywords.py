"""What a few plain words ask for: the menu's own buttons, a hello, thanks. LINE on a computer shows no menu."""

import re
from collections.abc import Callable

from app.friends.commands import is_about_commands, plain
from app.friends.messages import hello, main_choices, small_talk
from app.line.messages import text_message
from handlers.context import Answer, Context
from handlers.events import Text
from handlers.guide import show_help, show_progress, show_ways
from handlers.settings import show_settings
from handlers.survey_steps import start
from surveys.wishes import PREFERENCES

HELLO = frozenset(
    {"こんにちは", "こんばんは", "おはよう", "おはようございます", "はじめまして", "初めまして", "hello"}
)
THANKS = frozenset(
    [
        "ありがとう",
        "ありがとうございます",
        "ありがとうございました",
        "よろしくお願いします",
        "了解",
        "了解です",
        "わかりました",
        "分かりました",
    ]
)
"""Words of having understood, too."""
SURVEY_WORDS = ("希望条件", "条件を変え", "条件変更", "アンケート")
_TELL_ME = re.compile(
    r"(?:を|は|が|って)?(?:教えて|おしえて|見せて|見たい|みたい|知りたい|確認したい|変えたい|変更したい|わからない|分からない)?"
    r"(?:ほしい|欲しい|(?:くだ|下)さい)?(?:の|です)?か?$"
)


def answer_by_text(event: Text, ctx: Context) -> Answer | None:
    """The answer to a text that says one of these things and nothing else; None for any other."""
    words = plain(event.text)
    if words in HELLO:
        return hello()
    if words in THANKS:
        return small_talk()
    show = _SHOWN.get(_TELL_ME.sub("", words)) or (show_settings if is_about_commands(words) else None)
    return None if show is None else show(ctx)


def survey_by_text(event: Text, ctx: Context) -> Answer | None:
    """The survey for a text that speaks of one's conditions, unless it named some to search by."""
    words = plain(event.text)
    return start(ctx, PREFERENCES) if any(word in words for word in SURVEY_WORDS) else None


def _show_menu(ctx: Context) -> Answer:
    return [text_message("こちらからお選びください。", choices=main_choices())]


_SHOWN: dict[str, Callable[[Context], Answer]] = {
    **dict.fromkeys(("メニュー", "menu"), _show_menu),
    **dict.fromkeys(
        ("使い方", "使いかた", "ヘルプ", "help", "できること", "何ができる", "なにができる"), show_help
    ),
    **dict.fromkeys(
        ("探す", "探し方", "さがし方", "求人の探し方", "仕事の探し方", "お仕事の探し方"), show_ways
    ),
    **dict.fromkeys(("応募・予定", "応募状況", "予定", "面談の予定", "面接の予定"), show_progress),
    **dict.fromkeys(("いまの設定", "今の設定", "設定"), show_settings),
}
